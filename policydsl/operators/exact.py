"""The operator table: one row an operator, read by the checker and by every evaluator.

A row gives the meaning on exact values, how 无 is treated, and in which direction each argument moves the result; what
follows for sets and intervals is in ``operators.possible``. Nothing here knows a policy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from policydsl import calendar
from policydsl.calendar import CannotCompute
from policydsl.domain import at_most, before, foremost, same
from policydsl.kinds import DAYS, NUMBER, PERCENT, Duration, Exact, Fiscal, Kind, Period, Slot
from policydsl.members import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """What operators need to know of the policy."""

    fiscal: Fiscal | None
    calendar: str | None
    month_end: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language that is one operator: a value of ``FUNC`` in the keyword table, what each of its
    arguments takes, and the kind of what it gives. ``alike``: so many of the first arguments are of one kind; where
    ``kind`` is None, that is what it gives."""

    func: str
    takes: tuple[Slot, ...]
    kind: Kind | None
    alike: int = 0


A_DAY = Slot(("date", "instant"), hint=(("period", "slot_period"),))
MEASURED = Slot(("money", "percent", "points", "count", "number", "ordinal", "duration"), name="measured")
ROUNDING = Slot(("text",), words=("half_up", "down", "up"))
GROSS = Slot(("money",), tax="incl", hint=(("money", "slot_net"),))
NET = Slot(("money",), tax="excl", hint=(("money", "slot_taxed"),))
ACCRUAL = Slot(("text",), words=tuple(calendar.ACCRUALS))
PRORATION = Slot(("text",), words=("actual", "days365", "days30"))
TAX_RATE = Slot(("percent",), share=True)


@dataclass(frozen=True, slots=True)
class Operator:
    """``exact`` on exact values; ``none``: what 无 among the arguments gives (``none``, ``no``, or ``own``: the
    function decides); ``signs``: +1/-1 per argument where the result moves with/against it, 0 where it has to be known,
    empty where no bounds follow; ``least``: what no result is below, however far down its arguments may reach;
    ``most``: the argument that no result is above, however far up the others may reach;
    ``call``: how an author calls it, where that is all there is to say."""

    name: str
    exact: Callable[[Sequence[Exact], Sequence[Kind], Setting], Exact]
    none: Literal["none", "no", "own"] = "none"
    signs: tuple[int, ...] = ()
    least: Fraction | None = None
    most: int | None = None
    call: Call | None = None


# ---------------------------------------------------------------------------------------------- exact meanings
def number(value: Exact) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise CannotCompute("not_a_number")


def day(value: Exact) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, Period):
        return value.first
    raise CannotCompute("not_a_date")


def length(value: Exact) -> Duration:
    if isinstance(value, Duration):
        return value
    raise CannotCompute("not_a_duration")


def period(value: Exact) -> Period:
    if isinstance(value, Period):
        return value
    raise CannotCompute("not_a_period")


def plain_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _add(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Duration) and isinstance(a[1], Duration):
        return calendar.together(a[0], a[1])
    return number(a[0]) + number(a[1])


def difference(one: Exact, other: Exact) -> Exact:
    if isinstance(one, Duration) and isinstance(other, Duration):
        return calendar.together(one, other, -1)
    return number(one) - number(other)


def _mul(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    for one, other in ((a[0], a[1]), (a[1], a[0])):
        if isinstance(one, Duration):
            return Duration(one.value * number(other), one.unit)
    return number(a[0]) * number(a[1])


def _div(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Duration) and isinstance(a[1], Duration):
        return calendar.ratio(a[0], a[1])
    bottom = number(a[1])
    if bottom == 0:
        raise CannotCompute("division_by_zero")
    return Duration(a[0].value / bottom, a[0].unit) if isinstance(a[0], Duration) else number(a[0]) / bottom


def _neg(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    return Duration(-a[0].value, a[0].unit) if isinstance(a[0], Duration) else -number(a[0])


def _shift(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Period):
        return calendar.shift_period(a[0], length(a[1]), s.fiscal, False)
    return calendar.shift(day(a[0]), length(a[1]), month_end=s.month_end)


def _back(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Period):
        return calendar.shift_period(a[0], length(a[1]), s.fiscal, True)
    return calendar.shift(day(a[0]), length(a[1]), True, s.month_end)


def _in_period(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    p = period(a[1])
    if isinstance(a[0], Period):
        return p.first <= a[0].first and a[0].last <= p.last
    return p.first <= plain_day(day(a[0])) <= p.last


def _drawable(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    """What an account holds that can be drawn on: 无, or less than nothing, is nothing."""
    return Fraction(0) if a[0] is None else max(Fraction(0), number(a[0]))


def _short(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    """What the second lacks of the first."""
    return max(Fraction(0), number(a[0]) - number(a[1]))


def _proportion(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    """The part of a pool that one's own weight has beside that of the others; without one's own nothing."""
    pool, own, others = (max(Fraction(0), number(each)) for each in a)
    return pool * own / (own + others) if own else Fraction(0)


def _day_count(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Fraction:
    return Fraction((plain_day(day(a[1])) - plain_day(day(a[0]))).days)


def _time_between(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Duration:
    """From one instant to the other; a date is the end of its day."""
    lasting = calendar.moment(calendar.day_end(day(a[1]))) - calendar.moment(calendar.day_end(day(a[0])))
    return Duration(Fraction(lasting.days * 86_400 + lasting.seconds), "SEC")


def _worked(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Duration:
    return Duration(Fraction(calendar.working_days(plain_day(day(a[0])), plain_day(day(a[1])))), "WD")


# How many months one of each has that is counted whole; a birthday on 29 February is the 28th in other years.
WHOLE_MONTHS = {"months_between": 1, "years_between": 12}


def whole_of(months: int, name: str) -> int:
    """Whole months, or the whole years that they are."""
    return int(Fraction(months, WHOLE_MONTHS[name]))


def _months(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Duration:
    return Duration(Fraction(calendar.whole_months(day(a[0]), day(a[1]), s.month_end)), "M")


def _years(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Duration:
    return Duration(Fraction(whole_of(calendar.whole_months(day(a[0]), day(a[1]), s.month_end), "years_between")), "Y")


def _share_of_period(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Fraction:
    return calendar.share_of_period(plain_day(day(a[0])), plain_day(day(a[1])), period(a[2]), str(a[3]))


def _accrual(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Fraction:
    return calendar.accrual(plain_day(day(a[0])), plain_day(day(a[1])), str(a[2]))


def _round(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    return rounded(number(a[0]), int(number(a[1])), str(a[2]))


def quotient(size: Exact, step: Exact) -> Fraction:
    """How often a step goes into a value. Raises CannotCompute of a step of nothing or less."""
    if (step.value if isinstance(step, Duration) else number(step)) <= 0:
        raise CannotCompute("no_step")
    if isinstance(size, Duration) and isinstance(step, Duration):
        return calendar.ratio(size, step)
    return number(size) / number(step)


def steps(step: Exact, count: Fraction) -> Exact:
    """So many steps."""
    return Duration(step.value * count, step.unit) if isinstance(step, Duration) else number(step) * count


def _whole_div(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Fraction:
    """How many whole steps a value has, cut off towards zero."""
    return rounded(quotient(a[0], a[1]), 0, "down")


def remainder(size: Exact, step: Exact) -> Exact:
    """What whole steps leave of a value."""
    return difference(size, steps(step, rounded(quotient(size, step), 0, "down")))


def _round_to(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    """The multiple of a step."""
    return steps(a[1], rounded(quotient(a[0], a[1]), 0, str(a[2])))


def _net(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    """What is left of an amount without the tax in it."""
    return _div((a[0], 1 + number(a[1])), kinds, s)


def _clamp(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Duration):
        return _largest((_smallest((a[0], a[2]), kinds, s), a[1]), kinds, s)
    return max(number(a[1]), min(number(a[0]), number(a[2])))


def _largest(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    return _best(a, kinds[0], higher=True)


def _smallest(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    return _best(a, kinds[0], higher=False)


def _best(values: Sequence[Exact], kind: Kind, higher: bool) -> Exact:
    if kind.base == "choice":
        return max(values, key=lambda v: place_of(str(v), kind) if higher else -place_of(str(v), kind))
    best = foremost(values, higher)
    if best is None:
        raise CannotCompute("lengths")
    return best


def _earliest(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    stated = [v for v in a if v is not None]
    return _smallest(stated, kinds, s) if stated else None


def _told(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    """What a row of a fact over time tells of a day."""
    if a[0] is None:
        raise CannotCompute("no_row_on", f"{a[2]} {a[1]}")
    return a[0]


def _several(value: Exact) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return (value,)
    raise CannotCompute("not_choices")


def _includes(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    have = _several(a[0])
    return all(any(same(h, w) for h in have) for w in a[1:])


def _in_order(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    have, want = _several(a[0]), list(a[1:])
    if len(have) == len(want):
        return all(same(h, w) for h, w in zip(have, want, strict=True))
    if len(have) < len(want) and all(same(h, w) for h, w in zip(have, want, strict=False)):
        raise CannotCompute("steps_outstanding", str(want[len(have)]))
    return False


def _in(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], tuple):
        return any(same(h, w) for h in a[0] for w in a[1:])
    told: CannotCompute | None = None
    for w in a[1:]:
        try:
            if equal_exact(a[0], w):
                return True
        except CannotCompute as why:
            told = why
    if told is not None:
        raise told
    return False


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """The value at the given decimal place: ``half_up`` (half away from zero), ``down`` (cut off), ``up``."""
    scale = 10**places
    scaled = abs(value) * scale
    match mode:
        case "down":
            whole_part = scaled.numerator // scaled.denominator
        case "up":
            whole_part = -(-scaled.numerator // scaled.denominator)
        case _:
            whole_part = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole_part if value >= 0 else -whole_part, scale)


def zero(kind: Kind) -> Exact:
    """The sum of nothing."""
    return Duration(Fraction(0), kind.unit or "D") if kind.base == "duration" else Fraction(0)


def equal_exact(left: Exact, right: Exact) -> bool:
    """Whether two values are equal. Raises CannotCompute of durations of which it depends on the calendar."""
    if left is None or right is None:
        return left is right
    found = same(left, right)
    lengths = isinstance(left, Duration) and isinstance(right, Duration)
    if lengths and not found and not (before(left, right) or before(right, left)):
        raise CannotCompute("lengths")
    return found


def compare_exact(op: str, left: Exact, right: Exact, kind: Kind) -> bool:
    """One comparison on exact values; ordered choices by their declared order, 无 never compares. Raises CannotCompute
    of durations of which it depends on the calendar."""
    if op == "=":
        return equal_exact(left, right)
    if op == "!=":
        return not equal_exact(left, right)
    if left is None or right is None:
        return False
    if kind.base == "choice" and isinstance(left, str) and isinstance(right, str):
        left, right = place_of(left, kind), place_of(right, kind)
    if isinstance(left, Period) and isinstance(right, date):
        left = left.first
    if isinstance(right, Period) and isinstance(left, date):
        right = right.first
    if op in (">", ">="):
        left, right = right, left
    yes, no = (before(left, right), at_most(right, left)) if op in ("<", ">") else (
        at_most(left, right), before(right, left)
    )
    if not yes and not no:
        raise CannotCompute("lengths")
    return yes


def place_of(value: str, kind: Kind) -> Fraction:
    for i, option in enumerate(kind.options):
        if same(option, value):
            return Fraction(i)
    raise CannotCompute("not_ordered", value)


def _comparison(op: str) -> Callable[[Sequence[Exact], Sequence[Kind], Setting], Exact]:
    def compared(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
        ordered = kinds[1] if kinds[1].ordered and not kinds[0].ordered else kinds[0]
        return compare_exact(op, a[0], a[1], ordered)

    return compared


# The period of each grain in which a day lies: its operator, and how an author calls it (本月 is all that there is of
# months: 月份 is the number of one).
PERIODS_OF = {
    "month": "", "quarter": "quarter", "half": "half", "year": "year", "fiscal_quarter": "fq", "fiscal_half": "fh",
    "fiscal_year": "fy",
}


def period_op(grain: str) -> str:
    """The operator that gives the period of a grain in which a day lies."""
    return f"{grain}_of" if grain != "month" else "whole_month_of"


def _containing(grain: str, func: str) -> Operator:
    call = Call(func, (A_DAY,), Kind("period", unit=grain)) if func else None
    return Operator(period_op(grain), lambda a, k, s: calendar.period_of(grain, day(a[0]), s.fiscal), call=call)


OPERATORS: dict[str, Operator] = {
    o.name: o
    for o in (
        Operator("+", _add, signs=(1, 1)),
        Operator("-", lambda a, k, s: difference(a[0], a[1]), signs=(1, -1)),
        Operator("*", _mul),
        Operator("/", _div),
        Operator("neg", _neg, signs=(-1,)),
        Operator("=", _comparison("="), none="own"),
        Operator("!=", _comparison("!="), none="own"),
        Operator("<", _comparison("<"), none="no"),
        Operator("<=", _comparison("<="), none="no"),
        Operator(">", _comparison(">"), none="no"),
        Operator(">=", _comparison(">="), none="no"),
        Operator("in", _in, none="own"),
        Operator("max", _largest, signs=(1,)),
        Operator("min", _smallest, signs=(1,)),
        Operator("latest", _largest, signs=(1,)),
        Operator("earliest", _earliest, none="own", signs=(1,)),
        Operator("clamp", _clamp, signs=(1, 1, 1)),
        Operator("shift", _shift, signs=(1, 1)),
        Operator("back", _back, signs=(1, -1)),
        Operator(
            "last_counting_first",
            lambda a, k, s: calendar.last_day_counting_first(day(a[0]), length(a[1]), s.month_end), signs=(1, 1),
        ),
        Operator("roll_forward", lambda a, k, s: calendar.roll_forward(plain_day(day(a[0]))), signs=(1,)),
        Operator(
            "days_between", lambda a, k, s: Duration(_day_count(a, k, s), "D"), signs=(-1, 1),
            call=Call("days", (A_DAY, A_DAY), DAYS),
        ),
        *(
            Operator(
                f"{name}_between", meaning, signs=(-1, 1), call=Call(name, (A_DAY, A_DAY), Kind("duration", unit=unit)),
            )
            for name, meaning, unit in (("months", _months, "M"), ("years", _years, "Y"), ("workdays", _worked, "WD"))
        ),
        Operator(
            "weekday_of", lambda a, k, s: Fraction(day(a[0]).isoweekday()), call=Call("weekday", (A_DAY,), NUMBER),
        ),
        Operator(
            "share_of_period", _share_of_period, signs=(-1, 1, 0, 0), least=Fraction(0),
            call=Call("share", (A_DAY, A_DAY, Slot(("period",)), PRORATION), PERCENT),
        ),
        Operator("time_between", _time_between, signs=(-1, 1)),
        Operator(
            "accrual", _accrual, signs=(-1, 1, 1), call=Call("accrual", (A_DAY, A_DAY, ACCRUAL), NUMBER),
        ),
        Operator("day_count", _day_count, signs=(-1, 1)),
        Operator("drawable", _drawable, none="own", signs=(1,), least=Fraction(0)),
        Operator("short", _short, signs=(1, -1), least=Fraction(0)),
        Operator("proportion", _proportion, signs=(1, 1, -1), least=Fraction(0), most=0),
        Operator("round", _round, signs=(1, 1, 1)),
        Operator("first_day", lambda a, k, s: period(a[0]).first, signs=(1,)),
        Operator("last_day", lambda a, k, s: period(a[0]).last, signs=(1,)),
        Operator("day_of", lambda a, k, s: plain_day(day(a[0])), signs=(1,)),
        Operator("day_end", lambda a, k, s: calendar.day_end(day(a[0])), signs=(1,)),
        Operator("month_start", lambda a, k, s: plain_day(day(a[0])).replace(day=1), signs=(1,)),
        *(_containing(grain, func) for grain, func in PERIODS_OF.items()),
        Operator("month_of", lambda a, k, s: Fraction(day(a[0]).month), call=Call("month", (A_DAY,), NUMBER)),
        Operator("nth_day", lambda a, k, s: calendar.nth_day(period(a[0]), int(number(a[1])), str(a[2]))),
        Operator("in_period", _in_period, none="no"),
        Operator(
            "gross", lambda a, k, s: number(a[0]) * (1 + number(a[1])),
            call=Call("gross", (NET, TAX_RATE), Kind("money", tax="incl")),
        ),
        Operator("net", _net, call=Call("net", (GROSS, TAX_RATE), Kind("money", tax="excl"))),
        Operator("whole_div", _whole_div, call=Call("div", (MEASURED, MEASURED), NUMBER, alike=2)),
        Operator("mod", lambda a, k, s: remainder(a[0], a[1]), call=Call("mod", (MEASURED, MEASURED), None, alike=2)),
        Operator("round_to", _round_to, call=Call("round", (MEASURED, MEASURED, ROUNDING), None, alike=2)),
        Operator("told", _told, none="own"),
        Operator("includes", _includes, none="no"),
        Operator("in_order", _in_order, none="no"),
    )
}
CALLS = {o.call.func: (o.name, o.call) for o in OPERATORS.values() if o.call is not None}
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "in_period", "includes", "in_order"})
MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
