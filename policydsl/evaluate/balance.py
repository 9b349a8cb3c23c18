"""Comparisons of sums in which a fact that is not known stands more than once: what it comes to on both sides together
is reckoned before bounds are, so that ``a ＋ b ≥ a`` is ``b ≥ 0``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import AnyTerm, Apply, Read
from policydsl.domain import Possible, has_none, point
from policydsl.evaluate.scope import Scope
from policydsl.kinds import NUMBER, YESNO
from policydsl.operators import OPPOSITE, apply

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

Part = tuple[Fraction, AnyTerm]  # so many times a term
MOST_PARTS = 16
_SUMS = ("+", "-", "neg", "*")


def balanced(ev: Evaluator, term: Apply, scope: Scope) -> Possible | None:
    """What a comparison of sums comes to once each fact stands in it once; None where that decides nothing. Only what a
    sheet alone tells is taken together: what is worked out may turn out not to be computable."""
    if term.op not in OPPOSITE or not all(arg.kind.numeric for arg in term.args):
        return None
    left, right = term.args
    if not any(isinstance(side, Apply) and side.op in _SUMS for side in (left, right)):
        return None
    parts = [*_linear(ev, left, Fraction(1), scope), *_linear(ev, right, Fraction(-1), scope)]
    together: dict[tuple[str, str, int], Fraction] = {}
    rest: list[Part] = []
    for many, part in parts:
        if isinstance(part, Read) and ev.only_told(part):
            key = part.list, part.name, part.up
            together[key] = together.get(key, Fraction(0)) + many
        else:
            rest.append((many, part))
    facts = {(part.list, part.name, part.up): part for _, part in parts if isinstance(part, Read)}
    if len(together) + len(rest) == len(parts) or len(parts) > MOST_PARTS:
        return None  # each stands once
    total = point(Fraction(0))
    for many, part in (*((many, facts[key]) for key, many in together.items()), *rest):
        value = ev.value(part, scope)
        if has_none(value):
            return None
        if many:
            scaled = apply("*", [point(many), value], [NUMBER, NUMBER], NUMBER, ev.setting)
            total = apply("+", [total, scaled], [NUMBER, NUMBER], NUMBER, ev.setting)
    found = apply(term.op, [total, point(Fraction(0))], [NUMBER, NUMBER], YESNO, ev.setting)
    return found if found.known else None


def _linear(ev: Evaluator, term: AnyTerm, many: Fraction, scope: Scope) -> Iterator[Part]:
    """A sum as its parts, each so many times."""
    match term:
        case Apply(op="+" | "-") if term.kind.numeric:
            yield from _linear(ev, term.args[0], many, scope)
            yield from _linear(ev, term.args[1], many if term.op == "+" else -many, scope)
        case Apply(op="neg") if term.kind.numeric:
            yield from _linear(ev, term.args[0], -many, scope)
        case Apply(op="*") if term.kind.numeric:
            one, other = (ev.value(arg, scope) for arg in term.args)
            for known, part in ((one, term.args[1]), (other, term.args[0])):
                if known.known and isinstance(known.value, Fraction):
                    yield from _linear(ev, part, many * known.value, scope)
                    return
            yield many, term
        case _:
            yield many, term


__all__ = ["balanced"]
