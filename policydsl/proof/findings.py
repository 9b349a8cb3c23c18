"""The comparisons inside a condition, each with what is, what is asked, and the gap: nothing is cut short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction

from policydsl.calendar import day_end, moment
from policydsl.core import AnyTerm, Apply, AsOf, Const, Find, Over, Read, Use
from policydsl.domain import Possible, point, same
from policydsl.evaluate.needs import Status, missing_of, status_of
from policydsl.kinds import Duration
from policydsl.line_roles import line_role
from policydsl.operators import COMPARISONS, OPPOSITE
from policydsl.place import NOWHERE
from policydsl.proof.steps import Step
from policydsl.say import say
from policydsl.verdict import Finding, Reading
from policydsl.walk import children, composed, used

NAMED = (Read, Use)


def findings(step: Step, negated: bool = False, words: str = "") -> Iterator[Finding]:
    """Every leaf of the condition; ``words``: the author's words for it, where they are more than its own (并非 …)."""
    match step.term:
        case Apply(op="and" | "or"):
            cells = [cell for cell in map(of_cell, step.kids) if cell is not None]
            if any(cell.value.yes for cell in cells):  # an empty cell asks nothing
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
        case Find() if in_row(step.term) and step.found is not None:
            yield from findings(step.found, negated, words)
        case Apply() if step.term.op in COMPARISONS:
            yield compared(step, negated, words)
        case Const(value=value):
            if value is not True:
                yield leaf(step, negated, words)
        case _:
            yield leaf(step, negated, words)


def of_cell(step: Step) -> Step | None:
    """Whether a cell of a table is empty, where a condition asks nothing but that (or the opposite)."""
    inner = step.kids[0] if isinstance(step.term, Apply) and step.term.op == "not" else step
    return inner if asks_of_cell(inner.term) else None


def asks_of_cell(term: AnyTerm) -> bool:
    return isinstance(term, Apply) and term.op == "blank"


def in_row(term: AnyTerm) -> bool:
    """Whether a look-up tests the cell that it finds."""
    value = term.value if isinstance(term, Find) else None
    inner = value.args if isinstance(value, Apply) else ()
    return any(asks_of_cell(t) for a in inner for t in (a, *(a.args if isinstance(a, Apply) and a.op == "not" else ())))


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
    """A condition that must not hold, in words: 并非 工程师 ≥ 3人."""
    said = step.words if text is None else text
    if not said:
        return ""
    return say("verdict.not", step.dialect, condition=said)


def flipped(status: Status, negated: bool) -> Status:
    if not negated or status == "unknown":
        return status
    return "no" if status == "yes" else "yes"


def leaf(step: Step, negated: bool, words: str = "") -> Finding:
    """A condition that is no comparison."""
    text = step.words or (over_words(step.term) if isinstance(step.term, Over) else name_of(step.term))
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
    return Finding(text, status, op, first.value, required, gap, kind, missing, name_of(first.term))


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


def name_of(term: AnyTerm) -> str:
    match term:
        case Read():
            # the evaluation date has words, and no name; the days of a period have neither
            return "" if term.name.startswith("@") or term.list.endswith("@periods") else term.name
        case Use():
            return term.name.rule
        case Over() | Find() if isinstance(term, Over) or term.otherwise is not None:
            return term.list.removesuffix("@periods")
        case _:
            return ""


def over_words(term: Over) -> str:
    """What an aggregate without words of its own is about: the rules that it asks of the records."""
    names = dict.fromkeys(n.rule for piece in (term.where, term.value) if piece is not None for n in used(piece))
    return f"{'、'.join(names)} [{term.list}]" if names else term.list


def of_one_word(term: AnyTerm, whole: AnyTerm) -> str:
    """The clause of whose records a term is the total, where the author wrote one word for several (违约金合计)."""
    apart = isinstance(term, Over) and isinstance(whole, Apply) and term.at == whole.at != NOWHERE
    return shown_name(term.value) if apart and isinstance(term, Over) and isinstance(term.value, Use) else ""


def readings(step: Step) -> tuple[Reading, ...]:
    """The named values that a term reads directly (not those inside aggregates over other records, nor the cells that a
    look-up finds), as of the day on which it reads them; of a day that is not known nothing is read."""
    found: dict[str, Reading] = {}
    stack = [(step.term, False, step.term, step)]
    while stack:
        here, inside, whole, step = stack.pop(0)
        match here:
            case Read() | Use():
                if inside and here.up:  # what is asked of the others is shown as it is of the record in hand
                    here = replace(here, up=here.up - 1)
                name, part, read = shown_name(here), part_of(here), step.at(here)
                key = f"{name} {part}"
                if key not in found and not name.startswith("@") and read.entry is not None:
                    found[key] = Reading(name, read.value, here.kind, part)
            case Over() if not inside:
                aggregate = step.at(here)
                words = of_one_word(here, whole) or aggregate.words
                if words and words not in found:
                    found[words] = Reading(words, aggregate.value, here.kind)
            case Apply(op="blank"):
                continue
            case AsOf():
                days = step.at(here).on_day
                read_then = [(here.term, inside, here, days[0])] if len(days) == 1 else []
                stack = [*read_then, (here.day, inside, here, step), *stack]
            case _:
                below = children(here) if not in_row(here) else tuple(reversed(children(here)))
                stack = [*((child, inside or composed(here), here, step) for child in below), *stack]
    return tuple(found.values())


# The parts of a rule that are spoken of by a word of their own, by that word.
PARTS = {"debt": "payable", "rest": "shortage", "unpaid": "unpaid", "late_fee": "late_fee", "pay_by": "pay_by",
         "end_day": "end_day", "days_late": "days_late", "late_by": "late_by"}


def part_of(term: Read | Use) -> str:
    """Which part of a rule it is, where that is not what the rule alone stands for."""
    return PARTS.get(term.name.part, "") if isinstance(term, Use) else ""


def shown_name(term: Read | Use) -> str:
    """The name of a fact, or of a shared term as the author knows it."""
    if isinstance(term, Use):
        return term.name.of if term.name.part == "item" else term.name.rule
    return term.name
