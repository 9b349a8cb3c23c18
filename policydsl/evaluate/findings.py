"""The comparisons inside a condition, each with what is, what is asked, and the gap: nothing is cut short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from policydsl.core import AnyTerm, Apply, Const, Find, Over, Read, Use
from policydsl.domain import Possible, point
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.kinds import Duration
from policydsl.operators import COMPARISONS, OPPOSITE
from policydsl.place import Span
from policydsl.verdict import Finding, Reading
from policydsl.walk import children, composed, used

NAMED = (Read, Use)
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
        case Apply() if term.op in ("and", "or"):
            cells = [cell for cell in map(of_cell, term.args) if cell is not None]
            if any(ev.test(cell, scope).yes for cell in cells):  # an empty cell asks nothing
                yield leaf(ev, term, scope, negated, words)
                return
            for arg in term.args:
                yield from findings(ev, arg, scope, negated, words if cells else "")
        case Apply() if term.op == "not":
            yield from findings(ev, term.args[0], scope, not negated, words or words_of_not(ev, term, negated))
        case Apply() if term.op == "at_least":
            for item in term.args[1:]:
                yield from findings(ev, item, scope, negated)
        case Apply() if term.op == "blank":
            return
        case Find() if in_row(term):
            entry = ev.row_of(term, scope)
            if entry is None:
                yield leaf(ev, term, scope, negated, words)
            else:
                yield from findings(ev, term.value, scope.bind(entry), negated, words)
        case Apply() if term.op in COMPARISONS:
            yield compared(ev, term, scope, negated, words)
        case Const():
            if term.value is not True:
                yield leaf(ev, term, scope, negated, words)
        case _:
            yield leaf(ev, term, scope, negated, words)


def of_cell(term: AnyTerm) -> AnyTerm | None:
    """Whether a cell of a table is empty, where a condition asks nothing but that (or the opposite)."""
    inner = term.args[0] if isinstance(term, Apply) and term.op == "not" else term
    return inner if isinstance(inner, Apply) and inner.op == "blank" else None


def in_row(term: AnyTerm) -> bool:
    """Whether a look-up tests the cell that it finds."""
    value = term.value if isinstance(term, Find) else None
    return isinstance(value, Apply) and any(of_cell(a) is not None for a in value.args)


def words_of_not(ev: Evaluator, term: Apply, negated: bool) -> str:
    """The author's words for a 并非; where the 并非 itself must not hold (``negated``), what must hold instead (empty:
    the words of the condition inside say it)."""
    inner = term.args[0]
    if any(origin.label == "unless" for origin in inner.notes):
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
        case Read():
            return term.name
        case Use():
            return term.name.rule
        case Over() | Find() if isinstance(term, Over) or term.otherwise is not None:
            return term.list
        case _:
            return ""


def over_words(term: Over) -> str:
    """What an aggregate without words of its own is about: the rules that it asks of the records."""
    pieces = [piece for piece in (term.where, term.value) if piece is not None]
    names = dict.fromkeys(name.rule for piece in pieces for name in used(piece))
    return f"{'、'.join(names)} [{term.list}]" if names else term.list


def readings(ev: Evaluator, term: AnyTerm, scope: Scope) -> tuple[Reading, ...]:
    """The named values that a term reads directly (not those inside aggregates over other records, nor the cells that a
    look-up finds)."""
    found: dict[str, Reading] = {}
    stack = [(term, False)]
    while stack:
        here, inside = stack.pop(0)
        match here:
            case Read() | Use():
                if inside:  # what is asked of the others is shown as it is of the record in hand
                    here = replace(here, up=max(0, here.up - 1))
                name = shown_name(here)
                if name not in found and not name.startswith("@") and scope.record_of(here.list, here.up) is not None:
                    found[name] = Reading(name, ev.value(here, scope), here.kind)
            case Over() if not inside:
                text = text_at(ev, here.at)
                if text and text not in found:
                    found[text] = Reading(text, ev.value(here, scope), here.kind)
            case Apply(op="blank"):
                continue
            case _:
                below = children(here) if not in_row(here) else tuple(reversed(children(here)))
                stack = [*((child, inside or composed(here)) for child in below), *stack]
    return tuple(found.values())


def shown_name(term: Read | Use) -> str:
    """The name of a fact, or of a shared term as the author knows it."""
    if isinstance(term, Use):
        return term.name.of if term.name.part == "item" else term.name.rule
    return term.name


__all__ = [
    "compared", "findings", "gap_between", "in_row", "leaf", "missing_of", "name_of", "need_name", "not_words",
    "of_cell", "over_words", "readings", "status_of", "text_at", "words_of_not",
]
