"""The comparisons inside a condition, each with what is, what is asked, and the gap: nothing is cut short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from policydsl.core import AnyTerm, Apply, AtLeast, Const, InKeys, Input, Item, Noted, Over, Use
from policydsl.domain import Possible, point
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.kinds import UNLIMITED, Duration
from policydsl.operators import COMPARISONS, OPPOSITE
from policydsl.place import Span
from policydsl.verdict import Finding, Reading
from policydsl.walk import every, used

NAMED = (Input, Item, Use)
Status = Literal["yes", "no", "unknown"]


def status_of(value: Possible) -> Status:
    return "yes" if value.yes else "no" if value.no else "unknown"


def text_at(ev: Evaluator, at: Span) -> str:
    """The author's words at a place."""
    return ev.program.sources.words(at)


def findings(
    ev: Evaluator, term: AnyTerm, scope: Scope, negated: bool = False, words: str = ""
) -> Iterator[Finding]:
    """Every leaf of the condition; ``words``: the author's words for it, where they are more than its own (并非 …)."""
    match term:
        case Noted():
            yield from findings(ev, term.inner, scope, negated, words)
        case AtLeast():
            for item in term.items:
                yield from findings(ev, item, scope, negated)
        case Apply() if term.op in ("and", "or"):
            for arg in term.args:
                yield from findings(ev, arg, scope, negated)
        case Apply() if term.op == "not":
            yield from findings(ev, term.args[0], scope, not negated, words or words_of_not(ev, term, negated))
        case Apply() if term.op in ("holds", "set_aside"):
            yield from findings(ev, term.args[0], scope, negated, words)
        case Apply() if term.op in COMPARISONS:
            yield compared(ev, term, scope, negated, words)
        case Const():
            if term.value is not UNLIMITED and term.value is not True:
                yield leaf(ev, term, scope, negated, words)
        case _:
            yield leaf(ev, term, scope, negated, words)


def words_of_not(ev: Evaluator, term: Apply, negated: bool) -> str:
    """The author's words for a 并非; where the 并非 itself must not hold (``negated``), what must hold instead (empty:
    the words of the condition inside say it)."""
    inner = term.args[0]
    if isinstance(inner, Apply) and inner.op == "set_aside":
        return ""  # 除非: the line says it
    if negated and (inner.at != term.at or isinstance(inner, NAMED)):
        return ""
    text = text_at(ev, term.at)
    # 不属于 is in the words already, the cell 否 of a table is not: its words are those of what it tests
    return not_words(ev, text) if negated or inner.at == term.at and isinstance(inner, NAMED) else text


def not_words(ev: Evaluator, text: str) -> str:
    """A condition that must not hold, in words: 并非 工程师 ≥ 3人."""
    if not text:
        return ""
    return f"并非 {text}" if ev.program.header.dialect == "zh" else f"not {text}"


def flipped(status: Status, negated: bool) -> Status:
    if not negated or status == "unknown":
        return status
    return "no" if status == "yes" else "yes"


def leaf(ev: Evaluator, term: AnyTerm, scope: Scope, negated: bool, words: str) -> Finding:
    value = ev.test(term, scope)
    text = text_at(ev, term.at) or (over_words(term) if isinstance(term, Over) else name_of(term))
    said = words or (not_words(ev, text) if negated else text)
    return Finding(
        said, flipped(status_of(value), negated), "not" if negated else "", None, None, None, term.kind,
        missing_of(value),
    )


def compared(ev: Evaluator, term: Apply, scope: Scope, negated: bool, words: str) -> Finding:
    result = ev.value(term, scope)
    status = flipped(status_of(result), negated)
    actual = ev.value(term.args[0], scope)
    required = ev.value(term.args[1], scope) if len(term.args) == 2 else None
    op = OPPOSITE.get(term.op, term.op) if negated else term.op
    gap = None
    if status == "no" and required is not None and op in ("<", "<=", ">", ">=", "="):
        gap = gap_between(actual, required)
    kind = term.args[0].kind
    if required is not None and kind.base == "count" and kind.unit is None:
        kind = term.args[1].kind  # a count of records has the unit that is asked of it
    own = text_at(ev, term.at)
    text = words or (not_words(ev, own) if negated else own)
    return Finding(text, status, op, actual, required, gap, kind, missing_of(result), name_of(term.args[0]))


def gap_between(actual: Possible, required: Possible) -> Possible | None:
    """How far the value is from what is asked, in its own unit (days between dates)."""
    if not actual.known or not required.known:
        return None
    a, b = actual.value, required.value
    if isinstance(a, bool) or isinstance(b, bool):
        return None
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return point(abs(a - b))
    if isinstance(a, date) and isinstance(b, date):
        days = (plain(a) - plain(b)).days
        return point(Duration(Fraction(abs(days)), "D"))
    return None


def plain(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def missing_of(value: Possible) -> tuple[str, ...]:
    """The names of what is missing, in order; a record's field with its record."""
    out: dict[str, None] = {}
    if not value.known:
        for need in sorted(value.needs):
            out[need_name(need.name, need.list, need.record)] = None
    return tuple(out)


def need_name(name: str, list_name: str, record: str) -> str:
    shown = "全体" if name == "@population" else name
    if list_name:
        return f"{list_name}[{record}].{shown}"
    return shown


def name_of(term: AnyTerm) -> str:
    match term:
        case Input() | Item():
            return term.name
        case Use():
            return term.name.rule
        case Over() | InKeys():
            return term.list
        case _:
            return ""


def over_words(term: Over) -> str:
    """What an aggregate without words of its own is about: the rules that it asks of the records."""
    pieces = [piece for piece in (term.where, term.value) if piece is not None]
    names = dict.fromkeys(name.rule for piece in pieces for name in used(piece))
    return f"{'、'.join(names)} [{term.list}]" if names else term.list


def readings(ev: Evaluator, term: AnyTerm, scope: Scope) -> tuple[Reading, ...]:
    """The named values that a term reads directly (not those inside aggregates over other records)."""
    found: dict[str, Reading] = {}
    for here in every(term, closed=(Over,)):
        match here:
            case Input() | Item() | Use():
                name = shown_name(here)
                if name not in found and not name.startswith("@"):
                    found[name] = Reading(name, ev.value(here, scope), here.kind)
            case Over():
                text = text_at(ev, here.at)
                if text and text not in found:
                    found[text] = Reading(text, ev.value(here, scope), here.kind)
            case _:
                pass
    return tuple(found.values())


def shown_name(term: Input | Item | Use) -> str:
    """The name of a fact, or of a shared term as the author knows it."""
    if isinstance(term, Use):
        return term.name.of if term.name.part == "item" else term.name.rule
    return term.name


__all__ = [
    "compared", "findings", "gap_between", "leaf", "missing_of", "name_of", "need_name", "not_words", "over_words",
    "readings", "status_of", "text_at", "words_of_not",
]
