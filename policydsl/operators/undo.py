"""Carrying a boundary of something computed back to the fact that it is computed from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

from policydsl import calendar
from policydsl.kinds import Duration, Exact
from policydsl.members import dataclass
from policydsl.operators.exact import MIRROR, WHOLE_MONTHS, length, quotient, steps


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to the fact on the way to the comparison: an operator, with the constant beside the fact, and what
    more it takes (``how``: the convention of an accrual, the way of rounding)."""

    op: str
    other: Exact = None
    fact_first: bool = True
    how: Exact = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A boundary carried back to the fact, with the comparison there."""

    value: Exact
    op: str


# Those of two arguments; an ``accrual`` has its convention besides, a ``round_to`` its way.
INVERSES = frozenset({
    "+", "-", "*", "/", "gross", "net", "whole_div", "round_to", "shift", "back", "days_between", "time_between",
    "months_between", "years_between", "last_counting_first", "accrual",
})


def undone(steps: tuple[Step, ...], value: Exact, op: str) -> tuple[Moved, ...]:
    """Where the fact itself crosses, when what is made of it crosses ``value``; an instant may do so several times."""
    found = [Moved(value, op)]
    for step in reversed(steps):
        found = [moved for at in found for moved in _each_back_over(step, at)]
    return tuple(found)


def _each_back_over(step: Step, at: Moved) -> list[Moved]:
    by_months = isinstance(step.other, Duration) and calendar.measure(step.other)[0] == "M"
    if isinstance(at.value, datetime) and by_months and step.op in ("shift", "back") and step.fact_first:
        return _instant_undone(step.op, at.value, step.other, at.op)
    moved = _back_over(step, at)
    return [] if moved is None else [moved]


def _instant_undone(op: str, value: datetime, by: Exact, comparison: str) -> list[Moved]:
    """Where an instant moved by months crosses: at that time of each day that is moved there, and where such a day
    begins, for the last days of a month may be moved to one; where none is, with the first that is moved further."""
    value = calendar.moment(value)
    there = value.date()
    day = calendar.shift(there, length(by), backwards=op == "shift") - timedelta(days=5)
    days = [day + timedelta(days=i) for i in range(12)]
    moved = [(d, calendar.shift(d, length(by), backwards=op == "back")) for d in days]
    onto = [d for d, to in moved if to == there]
    if not onto:
        return [Moved(next(d for d, to in moved if to > there), ">=")]
    return [
        *(Moved(datetime.combine(d, value.time()), comparison) for d in onto), *(Moved(d, ">=") for d in onto[1:]),
    ]


def _back_over(step: Step, at: Moved) -> Moved | None:
    value, other, mirrored = at.value, step.other, MIRROR.get(at.op, at.op)
    match step.op, value, other:
        case "neg", Fraction(), _:
            return Moved(-value, mirrored)
        case "+", Fraction(), Fraction():
            return Moved(value - other, at.op)
        case "-", Fraction(), Fraction():
            return Moved(value + other, at.op) if step.fact_first else Moved(other - value, mirrored)
        case "neg", Duration(), _:
            return Moved(Duration(-value.value, value.unit), mirrored)
        case "+" | "-", Duration(), Duration() if calendar.measure(value)[0] == calendar.measure(other)[0]:
            if step.op == "-" and not step.fact_first:
                return Moved(calendar.together(other, value, -1), mirrored)
            return Moved(calendar.together(value, other, -1 if step.op == "+" else 1), at.op)
        case "*", Duration(), Fraction() if other != 0:
            return Moved(Duration(value.value / other, value.unit), at.op if other > 0 else mirrored)
        case "/", Duration(), Fraction() if step.fact_first and other != 0:
            return Moved(Duration(value.value * other, value.unit), at.op if other > 0 else mirrored)
        case "/", Fraction(), Duration() if step.fact_first and other.value != 0:
            return Moved(Duration(other.value * value, other.unit), at.op if other.value > 0 else mirrored)
        case "*", Fraction(), Fraction() if other != 0:
            return Moved(value / other, at.op if other > 0 else mirrored)
        case "/", Fraction(), Fraction() if step.fact_first and other != 0:
            return Moved(value * other, at.op if other > 0 else mirrored)
        case "gross", Fraction(), Fraction() if step.fact_first and other > -1:
            return Moved(value / (1 + other), at.op)
        case "net", Fraction(), Fraction() if step.fact_first and other > -1:
            return Moved(value * (1 + other), at.op)
        case "whole_div", Fraction(), _ if step.fact_first:
            return _step_undone(value, other, "down", at.op)
        case "round_to", _, _ if step.fact_first and type(value) is type(other):
            return _step_undone(quotient(value, other), other, str(step.how), at.op)
        case "days_between", Duration(), date() if calendar.measure(value)[0] == "SEC":
            days = calendar.measure(value)[1] / 86_400
            if step.fact_first:  # from the fact to a fixed day
                return Moved(plain(other) - timedelta(ceil(days) if mirrored in ("<=", ">") else floor(days)), mirrored)
            return Moved(plain(other) + timedelta(ceil(days) if at.op in (">=", "<") else floor(days)), at.op)
        case "time_between", Duration(), date() if calendar.measure(value)[0] == "SEC":
            there, first = calendar.moment(calendar.day_end(other)), step.fact_first
            return Moved(calendar.shift(there, value, backwards=first), mirrored if first else at.op)
        case "accrual", Fraction(), date():
            return _count_undone(step, lambda a, b: calendar.accrual(a, b, str(step.how)), value, plain(other), at.op)
        case "months_between" | "years_between", Duration(), date() if calendar.measure(value)[0] == "M":
            if isinstance(other, datetime):  # by the clock too, if the fact is an instant: there is no one last day
                return None
            whole = WHOLE_MONTHS[step.op]  # months that count only all together
            return _count_undone(
                step, lambda a, b: Fraction(int(Fraction(calendar.whole_months(a, b), whole)) * whole),
                calendar.measure(value)[1], plain(other), at.op,
            )
        case "day_end", datetime(), _:
            whole = value.time() == calendar.END
            return Moved(value.date(), at.op if whole else {">": ">=", "<=": "<"}.get(at.op, at.op))
        case "roll_forward", date(), None:
            return _day_undone(step.op, value, Duration(Fraction(0), "D"), at.op)
        case "shift" | "back" | "last_counting_first", date(), Duration() if step.fact_first:
            return _day_undone(step.op, value, other, at.op)
        case _:
            return None


# Of a step, what is rounded to it at least begins with, and whether what is right there belongs to it.
BEGINS = {"down": (Fraction(0), True), "half_up": (Fraction(-1, 2), True), "up": (Fraction(-1), False)}


def _step_undone(count: Fraction, step: Exact, way: str, op: str) -> Moved | None:
    """Where a value begins that comes to so many steps (more than none), or to more than that."""
    whole = floor(count) + 1 if op in (">", "<=") else ceil(count)
    if whole <= 0:
        return None
    before, there = BEGINS[way]
    more = (">=" if there else ">") if op in (">=", ">", "=", "!=") else ("<" if there else "<=")
    return Moved(steps(step, whole + before), more)


def plain(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _day_undone(op: str, value: date, by: Duration, comparison: str) -> Moved | None:
    """The day on which a day moved by a length crosses; months have different lengths, so it is looked for."""
    if calendar.measure(by)[0] == "SEC" and isinstance(value, datetime):
        return Moved(calendar.shift(value, by, backwards=op == "shift"), comparison)
    def forward(day: date) -> date:
        if op == "last_counting_first":
            return calendar.last_day_counting_first(day, by)
        if op == "roll_forward":
            return calendar.roll_forward(day)
        return calendar.shift(day, by, backwards=op == "back")

    wanted = plain(value)
    day = calendar.shift(wanted, by, backwards=op != "back") - timedelta(days=15 if op == "roll_forward" else 5)
    strict = comparison in (">", "<=")
    for _ in range(20):
        there = forward(day)
        if there > wanted or (there == wanted and not strict):
            return Moved(day - timedelta(days=1) if strict else day, comparison)
        day += timedelta(days=1)
    return None


def _count_undone(
    step: Step, count: Callable[[date, date], Fraction], value: Fraction, other: date, comparison: str
) -> Moved | None:
    """The day to which, or from which, it is so much (of a year of interest, of whole months); it grows with the one,
    and shrinks with the other, but does not take every value."""
    strict = comparison in (">", "<=")

    def enough(day: date) -> bool:
        first, last = (day, other) if step.fact_first else (other, day)
        there = count(first, last)
        return there > value if strict else there >= value

    if step.fact_first:
        day = _first_day(lambda d: not enough(d))  # enough until the eve of this day
        if day is None:
            return None
        return Moved(day if strict else day - timedelta(days=1), MIRROR.get(comparison, comparison))
    day = _first_day(enough)
    return None if day is None else Moved(day - timedelta(days=1) if strict else day, comparison)


def _first_day(there: Callable[[date], bool]) -> date | None:
    """The first day on which something is so that stays so from then on; None where that is never or always."""
    low, high = date.min.toordinal(), date.max.toordinal()
    if there(date.min) or not there(date.max):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if there(date.fromordinal(middle)):
            high = middle
        else:
            low = middle
    return date.fromordinal(high)


def seconds(day: date) -> int:
    """The seconds of the day that have passed."""
    return day.hour * 3600 + day.minute * 60 + day.second if isinstance(day, datetime) else 0
