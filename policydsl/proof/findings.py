"""The comparisons inside a condition, each with what is, what is asked, and the gap: nothing is cut short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from fractions import Fraction

from policydsl.calendar import day_end, moment
from policydsl.core import Apply, AsOf, Const, Find, Over, Read, Use
from policydsl.domain import Possible, point, same
from policydsl.evaluate.needs import Status, missing_of, status_of
from policydsl.kinds import Duration
from policydsl.line_roles import line_role
from policydsl.operators import COMPARISONS, OPPOSITE
from policydsl.proof.prepared import Named, not_said, over_words
from policydsl.proof.steps import Step
from policydsl.verdict import Finding, Reading

NAMED = (Read, Use)


def findings(step: Step, negated: bool = False, words: str = "") -> Iterator[Finding]:
    """Every leaf of the condition; ``words``: the author's words for it, where they are more than its own (并非 …)."""
    match step.term:
        case Apply(op="and" | "or"):
            cells = step.said.cells
            if cells and any(step.at(cell).value.yes for cell in cells):  # an empty cell asks nothing
                yield leaf(step, negated, words)
                return
            for kid in step.kids:
                yield from findings(kid, negated, words if cells else "")
        case Apply(op="not"):
            yield from findings(step.kids[0], not negated, words or words_of_not(step, negated))
        case Apply(op="at_least"):
            for kid in step.kids[1:]:
                yield from findings(kid, negated)
        case Apply(op="blank"):
            return
        case Find() if step.said.in_row and step.found is not None:
            yield from findings(step.found, negated, words)
        case Apply() if step.term.op in COMPARISONS:
            yield compared(step, negated, words)
        case Const(value=value):
            if value is not True:
                yield leaf(step, negated, words)
        case _:
            yield leaf(step, negated, words)


def words_of_not(step: Step, negated: bool) -> str:
    """The author's words for a 并非; where the 并非 itself must not hold (``negated``), what must hold instead (empty:
    the words of the condition inside say it)."""
    (inner,) = step.kids
    if any(line_role(origin.label).exempts for origin in inner.term.notes):
        return ""  # 除非: the line says it
    if negated and (inner.term.at != step.term.at or isinstance(inner.term, NAMED)):
        return ""
    # 不属于 is in the words already, the cell 否 of a table is not: its words are those of what it tests
    tests_cell = inner.term.at == step.term.at and isinstance(inner.term, NAMED)
    return not_words(step) if negated or tests_cell else step.words


def not_words(step: Step, text: str | None = None) -> str:
    """A condition that must not hold, in words."""
    return not_said(step.words if text is None else text, step.dialect)


def flipped(status: Status, negated: bool) -> Status:
    if not negated or status == "unknown":
        return status
    return "no" if status == "yes" else "yes"


def leaf(step: Step, negated: bool, words: str = "") -> Finding:
    """A condition that is no comparison."""
    text = step.words or (over_words(step.term) if isinstance(step.term, Over) else step.said.subject)
    said = words or (not_words(step, text) if negated else text)
    return Finding(
        said, flipped(status_of(step.value), negated), "not" if negated else "", None, None, None, step.term.kind,
        missing_of(step.value, step.whose),
    )


def compared(step: Step, negated: bool, words: str = "") -> Finding:
    """A comparison, with its two sides and what is short."""
    assert isinstance(step.term, Apply)
    first, *rest = step.kids
    status = flipped(status_of(step.value), negated)
    required = rest[0].value if len(rest) == 1 else None
    op = OPPOSITE.get(step.term.op, step.term.op) if negated else step.term.op
    gap = None
    if status == "no" and required is not None and op in ("<", "<=", ">", ">=", "="):
        gap = gap_between(first.value, required, op)
    elif status == "no" and op == "includes":
        gap = lacking(first.value, [side.value for side in rest])
    kind = first.term.kind
    if required is not None and kind.base == "count" and kind.unit is None:
        kind = rest[0].term.kind  # a count of records has the unit that is asked of it
    text = words or (not_words(step) if negated else step.words)
    missing = missing_of(step.value, step.whose)
    return Finding(text, status, op, first.value, required, gap, kind, missing, first.said.subject)


def gap_between(actual: Possible, required: Possible, op: str) -> Possible | None:
    """How far the value is from what is asked, in its own unit: days between dates, else how long."""
    if not actual.known or not required.known:
        return None
    a, b = actual.value, required.value
    if isinstance(a, bool) or isinstance(b, bool):
        return None
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return point(abs(a - b))
    if isinstance(a, date) and isinstance(b, date):
        if isinstance(a, datetime) or isinstance(b, datetime):
            # a date is the end of its day; what is to be before it, or not before it, is held against its beginning
            begun = op in ("<", ">=") and not isinstance(b, datetime)
            apart = moment(day_end(a)) - (datetime.combine(b, time.min) if begun else moment(day_end(b)))
            return point(Duration(Fraction(abs(apart.days * 86_400 + apart.seconds)), "SEC"))
        return point(Duration(Fraction(abs((a - b).days)), "D"))
    return None


def lacking(actual: Possible, wanted: Sequence[Possible]) -> Possible | None:
    """What of several that are to be among the values is not."""
    if not actual.known or not all(p.known for p in wanted):
        return None
    have = actual.value if isinstance(actual.value, tuple) else ()
    asked = [one for p in wanted for one in (p.value if isinstance(p.value, tuple) else (p.value,))]
    missing = tuple(str(one) for one in asked if not any(same(one, mine) for mine in have))
    return point(missing) if missing else None


def readings(step: Step) -> tuple[Reading, ...]:
    """The named values that a term reads directly, as of the day on which it reads them; of a day that is not known
    nothing is read."""
    found: dict[str, Reading] = {}
    _read(step, step.said.reads, found)
    return tuple(found.values())


def _read(step: Step, named: Sequence[Named], found: dict[str, Reading]) -> None:
    for one in named:
        term = one.term
        if isinstance(term, AsOf):
            days = step.at(term).on_day
            if len(days) == 1:
                _read(days[0], one.then, found)
            continue
        key = one.name if isinstance(term, Over) else f"{one.name} {one.part}"
        if key not in found and (read := step.at(term)).there:
            found[key] = Reading(one.name, read.value, term.kind, one.part)
