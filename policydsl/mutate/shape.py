"""What a term means, without where it stands: two terms of one shape are the same to every case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policydsl import core as c
from policydsl.place import Span
from policydsl.walk import inside, is_node


def shape(thing: object) -> object:
    """A comparable form without places, origins and remarks."""
    if isinstance(thing, tuple):
        return tuple(shape(t) for t in thing)
    if not is_node(thing):
        return None if isinstance(thing, (Span, c.Origin)) else (type(thing).__name__, repr(thing))
    names = [n for n in thing.__slots__ if n not in ("at", "origin", "notes")]  # type: ignore[attr-defined]
    base = [] if not isinstance(thing, c.Term) else [repr(thing.kind)]
    return (type(thing).__name__, *base, *(shape(getattr(thing, n)) for n in names))


def whole_numbered(term: object, program: c.Program) -> bool:
    """Whether a value is a whole number, so that ``≥ 2`` and ``＞ 1`` are one."""
    match term:
        case c.Over(agg="count" | "distinct"):
            return True
        case c.Use(name=name):
            return whole_numbered(program.terms[name].term, program)
        case c.Apply(op="+" | "-" | "max" | "min", args=args):
            return all(whole_numbered(a, program) for a in args)
        case c.Apply(op="days_between" | "month_of" | "weekday_of" | "whole_div"):
            return True
        case c.Const(value=value):
            return getattr(value, "denominator", 0) == 1
        case _:
            return False


LIMITS = ("<", "<=", ">", ">=")


def edges(choose: c.Choose) -> Iterator[tuple[object, frozenset[int]]]:
    """The limits that part two rows of one subject: (a name for the limit, the comparisons and constants of it).

    ``ECR≤8%`` in one row and ``8%＜ECR`` in the next are one limit: the checker would refuse a gap or an overlap, so
    what can be written wrong is the limit as a whole.
    """
    found: dict[tuple[object, object], list[tuple[int, bool, c.Apply, c.Const]]] = {}
    for i, arm in enumerate(choose.arms):
        for term in tests(arm.when):
            for side, const in enumerate(term.args):
                if isinstance(const, c.Const) and const.at.line:
                    from_above = (term.op in ("<", "<=")) == (side == 1)
                    key = shape(term.args[1 - side]), shape(const)
                    found.setdefault(key, []).append((i, from_above, term, const))
    for key, sides in found.items():
        if len({i for i, *_ in sides}) > 1 and len({above for _, above, *_ in sides}) > 1:
            yield (choose.at, key), frozenset(id(t) for _, _, *both in sides for t in both)


def tests(term: c.AnyTerm) -> Iterable[c.Apply]:
    return [
        t for _, t in inside(term) if isinstance(t, c.Apply) and t.op in LIMITS and len(t.args) == 2
    ]
