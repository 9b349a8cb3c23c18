"""Exact values as a proof writes them, and what operators make of them: worked out here once more, from the page."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any, NamedTuple

# An exact value: None (无), bool, Fraction, str, date, datetime, Length, Period, or a tuple of texts.
Value = Any
MOST_BITS = 13_000  # of what stands above or below the line of a fraction
END = time.max  # the end of a day, 24:00: where the next begins, and still that day
MOST_DAYS = 400_000  # a step counts no further than this; all together, four times as far


class Malformed(Exception):
    """What cannot be read as a proof."""


class NoValue(Exception):
    """An operator gives no value here; ``low``, ``high``: what it is not below or above all the same."""

    def __init__(self, low: Value = None, high: Value = None) -> None:
        super().__init__()
        self.low, self.high = low, high


class OnTrust(Exception):
    """What cannot be worked out here."""


class Wrong(Exception):
    """Something does not follow: a key of ``words.FAULTS``, and what is said of it."""

    def __init__(self, what: str, **said: object) -> None:
        super().__init__(what)
        self.what, self.said = what, said


class Length(NamedTuple):
    amount: Fraction
    unit: str


class Period(NamedTuple):
    first: date
    last: date
    grain: str


NUMBERS = ("number", "percent", "money", "count", "points", "ordinal")
# What the values of each kind are.
TYPES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(NUMBERS, Fraction), "yesno": bool, "duration": Length, "date": date, "instant": date,
    "period": Period, "text": str, "choice": str, "choices": tuple, "any": object,
}
# What a unit is, and how many of it: seconds, months, or working days.
SIZE = {"SEC": ("s", 1), "MIN": ("s", 60), "H": ("s", 3600), "D": ("s", 86400), "W": ("s", 7 * 86400), "M": ("m", 1),
        "Q": ("m", 3), "Y": ("m", 12), "WD": ("w", 1)}
GRAINS = {"month": 1, "quarter": 3, "half": 6, "year": 12, "fiscal_quarter": 3, "fiscal_half": 6, "fiscal_year": 12}
_RATIO = re.compile(r"-?\d{1,2000}/[1-9]\d{0,1999}")


@dataclass
class Setting:
    """What operators need to know besides their arguments. ``worked``: whether a day is a working day, as far as a
    calendar is at hand; ``left``: how many more days are counted before they are taken on trust; ``trusted``: what was
    taken on trust, how often."""

    fiscal: tuple[int, int] | None = None
    worked: Callable[[date], bool] | None = None
    left: int = 4 * MOST_DAYS
    trusted: dict[str, int] = field(default_factory=dict)
    by_first: bool = False
    listed: tuple[date, ...] = ()
    month_end: bool = False

    def count(self) -> None:
        """One more day, or period, looked at."""
        self.left -= 1
        if self.left < 0:
            raise OnTrust("working_days", "decided")

    def trust(self, what: str) -> None:
        self.trusted[what] = self.trusted.get(what, 0) + 1


def read(data: Any) -> Value:
    """The exact value that plain data stands for. Raises Malformed."""
    if data is None or isinstance(data, bool | str):
        return data
    if isinstance(data, int):
        return Fraction(data)
    try:
        ((kind, inner),) = data.items()
        match kind:
            case "q" if _RATIO.fullmatch(inner):
                return Fraction(inner)
            case "d":
                return date.fromisoformat(inner)
            case "t":
                return datetime.fromisoformat(inner)
            case "u" if inner[1] in SIZE:
                return Length(number(read(inner[0])), inner[1])
            case "p" if inner[2] in GRAINS or inner[2] == "free":
                return Period(date.fromisoformat(inner[0]), date.fromisoformat(inner[1]), inner[2])
            case "s" if all(isinstance(text, str) for text in inner):
                return tuple(inner)
    except (AttributeError, ValueError, TypeError, LookupError, NoValue):
        pass
    raise Malformed(f"no value: {str(data)[:60]}")


def sized(value: Value) -> Value:
    """A value that is no longer than all that may stand in a proof. Raises Malformed."""
    amount = value.amount if isinstance(value, Length) else value
    if isinstance(amount, Fraction) and max(map(int.bit_length, amount.as_integer_ratio())) > MOST_BITS:
        raise Malformed("too many digits")
    return value


def number(value: Value) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise NoValue


def text_key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def day(value: Value) -> date:
    """The day of a date, an instant, or (its first) of a period."""
    if isinstance(value, Period):
        return value.first
    if not isinstance(value, date):
        raise NoValue
    return value.date() if isinstance(value, datetime) else value


def clock(value: Value) -> Value:
    """An instant on the clock: the end of a day is where the next begins."""
    if not isinstance(value, datetime) or value.time() != END or value.date() == date.max:
        return value
    return datetime.combine(value.date() + timedelta(days=1), time.min)


def instant_text(value: date) -> str:
    """A date or an instant as a verdict writes it."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return f"{value.date()}T24:00:00" if value.time() == END else value.isoformat(timespec="seconds")


def same(a: Value, b: Value) -> bool:
    """Whether two values are equal: texts whatever their width and case, an instant with the date of its day."""
    if a is None or b is None or isinstance(a, bool) != isinstance(b, bool):
        return a is b
    if isinstance(a, str) and isinstance(b, str):
        return text_key(a) == text_key(b)
    if isinstance(a, Length) and isinstance(b, Length):
        return length_order(a, b) == {"<=", ">="}
    if isinstance(a, date) and isinstance(b, date) and isinstance(a, datetime) != isinstance(b, datetime):
        return day(a) == day(b)
    return type(a) is type(b) and bool(clock(a) == clock(b))


def before(a: Value, b: Value, order: Sequence[str] = ()) -> bool:
    """Whether a value is surely less than another; texts by the order of their choice."""
    if isinstance(a, str) and isinstance(b, str):
        places = {text_key(option): i for i, option in reversed([*enumerate(order)])}
        if text_key(a) not in places or text_key(b) not in places:
            raise NoValue
        return places[text_key(a)] < places[text_key(b)]
    if isinstance(a, Length) and isinstance(b, Length):
        return "<" in length_order(a, b)
    if isinstance(a, date | Period) and isinstance(b, date | Period):
        return clock(a) < clock(b) if isinstance(a, datetime) and isinstance(b, datetime) else day(a) < day(b)
    if isinstance(a, bool) and isinstance(b, bool) or isinstance(a, Fraction) and isinstance(b, Fraction):
        return a < b
    raise NoValue


def later(value: Value, on: date) -> bool:
    """Whether it is a day, or an instant, after a day."""
    return isinstance(value, date) and before(on, value)


# ---------------------------------------------------------------------------------------------- lengths of time
def size(length: Length) -> Fraction:
    """In seconds, months or working days."""
    return length.amount * SIZE[length.unit][1]


def sort(length: Length) -> str:
    return SIZE[length.unit][0]


def lasting(length: Length) -> tuple[Fraction | None, Fraction | None]:
    """The fewest and the most days (None: no end)."""
    amount, of = size(length), sort(length)
    if amount < 0:
        least, most = lasting(Length(-length.amount, length.unit))
        return None if most is None else -most, None if least is None else -least
    if of == "s":
        return amount / 86400, amount / 86400
    if of == "w":
        return max(amount - 1, Fraction(0)), None if amount else Fraction(0)
    low, high = month_days(floor(amount))
    more_low, more_high = month_days(floor(amount) + 1)
    part = amount - floor(amount)
    return (1 - part) * low + part * more_low, (1 - part) * high + part * more_high


@lru_cache(1024)
def month_days(months: int) -> tuple[int, int]:
    """The fewest and the most days of so many months, from the first of any month of four hundred years."""
    far, near = divmod(months, 4800)
    firsts = [date(2000 + i // 12, i % 12 + 1, 1).toordinal() for i in range(4800)]
    firsts += [first + 146097 for first in firsts]
    days = {firsts[i + near] - firsts[i] for i in range(4800)}
    return far * 146097 + min(days), far * 146097 + max(days)


def length_order(a: Length, b: Length) -> set[str]:
    """Which comparisons of two lengths surely hold."""
    if sort(a) == sort(b):
        signs = {(size(a) > size(b)) - (size(a) < size(b))}
    elif (size(a) > 0) - (size(a) < 0) != (size(b) > 0) - (size(b) < 0):
        signs = {1 if size(a) > size(b) else -1}
    else:
        (a_low, a_high), (b_low, b_high) = lasting(a), lasting(b)
        holds: set[str] = set()
        if a_high is not None and b_low is not None and a_high <= b_low:
            holds |= {"<="} if a_high == b_low else {"<=", "<"}
        if a_low is not None and b_high is not None and a_low >= b_high:
            holds |= {">="} if a_low == b_high else {">=", ">"}
        return holds
    return {op for op, fits in (("<", {-1}), ("<=", {-1, 0}), (">", {1}), (">=", {1, 0})) if signs <= fits}


def compare(op: str, a: Value, b: Value, order: Sequence[str] = ()) -> bool:
    """One comparison; of lengths of time there may be no value."""
    if isinstance(a, Length) and isinstance(b, Length):
        holds = length_order(a, b)
        if op in ("=", "!="):
            alike, apart = holds == {"<=", ">="}, bool(holds & {"<", ">"})
            if not alike and not apart:
                raise NoValue
            return alike == (op == "=")
        if op in holds:
            return True
        if {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[op] in holds:
            return False
        raise NoValue
    match op:
        case "=" | "!=":
            return same(a, b) == (op == "=")
        case "<" | ">=":
            return before(a, b, order) == (op == "<")
        case _:
            return before(b, a, order) == (op == ">")


def among(value: Value, others: Sequence[Value]) -> bool:
    """Whether it is one of others; it may be one of which that cannot be told."""
    doubt = False
    for other in others:
        try:
            if compare("=", value, other):
                return True
        except NoValue:
            doubt = True
    if doubt:
        raise NoValue
    return False


# ---------------------------------------------------------------------------------------------- days
def months_later(start: date, months: int, month_end: bool = False) -> date:
    """The day of that number, or the last one of the month; an instant keeps its time. ``month_end``: from the last day
    of a month to the last day of one."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise NoValue
    last = monthrange(year, month + 1)[1]
    ends = month_end and (start.date() if isinstance(start, datetime) else start) + timedelta(days=1)
    made = date(year, month + 1, last if ends and ends.day == 1 else min(start.day, last))
    return datetime.combine(made, start.time()) if isinstance(start, datetime) else made


def units(length: Value, per: int) -> int:
    """A length in whole smaller units."""
    if not isinstance(length, Length) or (length.amount * per).denominator != 1:
        raise NoValue
    if abs(length.amount * per) > MOST_DAYS * 86_400:
        raise NoValue
    return int(length.amount * per)


def shifted(start: Value, length: Value, sign: int, s: Setting) -> Value:
    unit = length.unit if isinstance(length, Length) else ""
    if unit in ("D", "W"):
        count = sign * units(length, SIZE[unit][1] // 86400)
    else:
        count = sign * units(length, SIZE[unit][1] if unit else 0)
    if isinstance(start, Period) and unit in ("M", "Q", "Y"):
        return moved(start, count, s)
    if not isinstance(start, date):
        raise NoValue
    try:
        if unit in ("M", "Q", "Y"):
            return months_later(start, count, s.month_end)
        if unit in ("D", "W"):
            return start + timedelta(days=count)
        if unit == "WD":
            return working(day(start), count, s)
        if isinstance(start, datetime):
            return clock(start) + timedelta(seconds=count)
    except OverflowError:
        pass
    raise NoValue


def moved(period: Period, months: int, s: Setting) -> Period:
    """The period of its grain so many months away."""
    if period.grain not in GRAINS or months % GRAINS[period.grain]:
        raise NoValue
    if period.grain.startswith("fiscal_") and s.listed:
        at = s.listed.index(period.first) + months // 3 if period.first in s.listed else -1
        return listed_period(at, period.grain, s)
    if period.grain.startswith("fiscal_"):  # from the first day of its year: 31 August, 30 November, 28 February
        year = calendar_period(period.first, "fiscal_year", s).first
        return calendar_period(months_later(year, months_from(year, period.first) + months), period.grain, s)
    return calendar_period(months_later(period.first, months), period.grain, s)


def calendar_period(inside: date, grain: str, s: Setting) -> Period:
    """The period of a grain in which a day lies."""
    length = GRAINS[grain]
    first = date(inside.year, (inside.month - 1) // length * length + 1, 1)
    if grain.startswith("fiscal_"):
        if s.listed:
            return listed_period(sum(one <= inside for one in s.listed) - 1, grain, s)
        if s.fiscal is None:
            raise NoValue
        year = date(inside.year, *s.fiscal)
        year = year if year <= inside else date(inside.year - 1, *s.fiscal)
        first, after = year, months_later(year, length)
        while after <= inside:
            first, after = after, months_later(year, months_from(year, after) + length)
        if not 1 < year.year + (0 if s.by_first or s.fiscal == (1, 1) else 1) < 9999:
            raise NoValue
        return Period(first, after - timedelta(days=1), grain)
    last = months_later(first, length) - timedelta(days=1)
    if not 1 < last.year < 9999:
        raise NoValue
    return Period(first, last, grain)


def months_from(first: date, other: date) -> int:
    return 12 * (other.year - first.year) + other.month - first.month


def listed_period(at: int, grain: str, s: Setting) -> Period:
    """The period of listed quarters that the quarter of this number lies in."""
    many = GRAINS[grain] // 3
    first = at // many * many
    if at < 0 or first + many >= len(s.listed):
        raise NoValue
    begun = at // 4 * 4  # what a year is called that is not listed to its end: 52 weeks or 53
    if not s.by_first and begun + 4 >= len(s.listed):
        if len({(s.listed[begun] + timedelta(weeks=weeks, days=-1)).year for weeks in (52, 53)}) > 1:
            raise NoValue
    return Period(s.listed[first], s.listed[first + many] - timedelta(days=1), grain)


def nth(period: Value, number_: int, what: str, s: Setting) -> date:
    """The n-th day of a period, the last one if it has fewer; of its working days, or of one day of the week."""
    if not isinstance(period, Period):
        raise NoValue
    if what == "D":
        return min(period.last, period.first + timedelta(days=number_ - 1))
    if what == "WD":
        eve = period.first - timedelta(days=1)
        try:
            on = working(eve, number_, s)
        except NoValue as beyond:
            if beyond.low is not None and beyond.low > period.last:
                raise NoValue from None
            raise
        if on > period.last:
            raise NoValue
        return on
    left, on = number_, period.first
    while on <= period.last:
        left -= on.isoweekday() == int(what)
        if not left:
            return on
        on += timedelta(days=1)
    raise NoValue


def works(one: date, s: Setting) -> bool:
    s.count()
    if s.worked is None:
        raise OnTrust("working_days", "decided")
    return s.worked(one)


def working(start: date, count: int, s: Setting) -> date:
    """The working day so many after (before) a day; the day itself does not count."""
    step, left, here = timedelta(days=1 if count >= 0 else -1), abs(count), start
    if left > MOST_DAYS:
        raise NoValue
    while left:
        here += step
        try:
            left -= works(here, s)
        except NoValue:  # at best every day from here on is worked
            best = here + (left - 1) * step
            raise NoValue(*((best, None) if count >= 0 else (None, best))) from None
    return here


def rolled(here: date, s: Setting) -> date:
    try:
        while not works(here, s):
            here += timedelta(days=1)
    except NoValue:
        raise NoValue(here) from None
    return here


def counting_first(start: date, length: Value, s: Setting) -> date:
    """The last day of a span whose first day counts."""
    unit = length.unit if isinstance(length, Length) else ""
    if unit in ("M", "Q", "Y"):
        end = months_later(start, units(length, SIZE[unit][1]), s.month_end)
        return end if end.day < start.day else end - timedelta(days=1)
    if unit == "WD":
        count = units(length, 1)
        if count > 0:
            return working(start - timedelta(days=1), count, s)
        return start if works(start, s) else working(start, count, s)
    return shifted(start, length, 1, s) - timedelta(days=1)  # type: ignore[no-any-return]


# ---------------------------------------------------------------------------------------------- operators
def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """Half away from zero, down (cut off) or up, at a decimal place."""
    if not 0 <= places <= 100:
        raise NoValue
    size = abs(value) * 10**places
    half = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    whole = {"down": size.numerator // size.denominator, "up": -(-size.numerator // size.denominator)}.get(mode, half)
    return Fraction(whole if value >= 0 else -whole, 10**places)


def plus(a: Value, b: Value, sign: int = 1) -> Value:
    if isinstance(a, Length) and isinstance(b, Length):
        if sort(a) != sort(b):
            if a.amount and b.amount:
                raise NoValue
            return a if a.amount or not b.amount else Length(sign * b.amount, b.unit)
        unit = a.unit if SIZE[a.unit][1] <= SIZE[b.unit][1] else b.unit
        return Length((size(a) + sign * size(b)) / SIZE[unit][1], unit)
    return number(a) + sign * number(b)


def minus(a: Value) -> Value:
    return Length(-a.amount, a.unit) if isinstance(a, Length) else -number(a)


def times(a: Value, b: Value) -> Value:
    a, b = (b, a) if isinstance(b, Length) else (a, b)
    return Length(a.amount * number(b), a.unit) if isinstance(a, Length) else number(a) * number(b)


def over(a: Value, b: Value) -> Value:
    if isinstance(a, Length) and isinstance(b, Length):
        if not b.amount or a.amount and sort(a) != sort(b):
            raise NoValue
        return size(a) / size(b)
    if not number(b):
        raise NoValue
    return Length(a.amount / b, a.unit) if isinstance(a, Length) else number(a) / number(b)


def proportion(pool: Fraction, own: Fraction, others: Fraction) -> Fraction:
    """One's own part of a pool beside others."""
    return sized(pool * own / (own + others)) if own else Fraction(0)


def parts_of(a: Value, step: Value) -> Fraction:
    """How often a step of more than nothing goes into a value."""
    if (step.amount if isinstance(step, Length) else number(step)) <= 0:
        raise NoValue
    return over(a, step)  # type: ignore[no-any-return]


def several(value: Value) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if type(value) is tuple:
        return value
    raise NoValue


def best(values: Sequence[Value], largest: bool, order: Sequence[str]) -> Value:
    if isinstance(values[0], Length):
        return outermost(values, largest)
    found = values[0]
    for value in values[1:]:
        if before(found, value, order) if largest else before(value, found, order):
            found = value
    return found


def outermost(values: Sequence[Length], largest: bool) -> Length:
    """The length that surely none outlasts (undercuts); there may be none."""
    wanted = ">=" if largest else "<="
    candidate = values[0]
    for value in values[1:]:
        if wanted in length_order(value, candidate) and wanted not in length_order(candidate, value):
            candidate = value
    if all(wanted in length_order(candidate, value) for value in values):
        return candidate
    raise NoValue


def clamped(value: Value, least: Value, most: Value) -> Value:
    if isinstance(value, Length):
        return outermost([outermost([value, most], False), least], True)
    return max(number(least), min(number(value), number(most)))


def in_order(have: tuple[str, ...], want: Sequence[str]) -> bool:
    if len(have) < len(want) and all(map(same, have, want)):
        raise NoValue
    return len(have) == len(want) and all(map(same, have, want))


def in_period(value: Value, period: Value) -> bool:
    if not isinstance(period, Period):
        raise NoValue
    last = value.last if isinstance(value, Period) else day(value)
    return period.first <= day(value) and last <= period.last


def earliest(values: Sequence[Value], order: Sequence[str]) -> Value:
    stated = [v for v in values if v is not None]
    return best(stated, False, order) if stated else None


Operator = Callable[[Sequence[Value], Sequence[str], Setting], Value]
# By name: how 无 among the arguments is treated (it makes the result 无, makes it no, or the function says), and what
# comes out of exact arguments (``o``: the order of a choice).
def elapsed(first: Value, last: Value) -> Length:
    """How long it is from one instant to the other; a date is the end of its day."""
    start, end = (
        clock(value if isinstance(value, datetime) else datetime.combine(day(value), END)) for value in (first, last)
    )
    assert isinstance(start, datetime) and isinstance(end, datetime)
    return Length(Fraction((end - start).days * 86_400 + (end - start).seconds), "SEC")


def accrued(first: date, last: date, by: Value) -> Fraction:
    """The part of a year for which interest runs."""
    if last < first:
        return -accrued(last, first, by)
    match by:
        case "实际/360" | "actual/360":
            return Fraction((last - first).days, 360)
        case "实际/365" | "actual/365":
            return Fraction((last - first).days, 365)
        case "30/360":
            begins = 30 if first.day == 31 else first.day
            ends = 30 if last.day == 31 and begins == 30 else last.day
            months = 12 * (last.year - first.year) + last.month - first.month
            return Fraction(30 * months + ends - begins, 360)
        case _:
            raise NoValue


def months_apart(first: Value, last: Value, s: Setting) -> int:
    """The most whole months from one day on that do not go beyond the other; of two instants, by the clock too."""
    if isinstance(first, datetime) and isinstance(last, datetime):
        start, end = clock(first), clock(last)
    else:
        start, end = day(first), day(last)
    return -fitting(end, start, s) if start > end else fitting(start, end, s)


def fitting(first: date, last: date, s: Setting) -> int:
    """How many months from one on do not go beyond the other, which is no earlier."""
    found = 0
    step = 12 * (last.year - first.year) + 12
    while step:
        try:
            fits = months_later(first, found + step, s.month_end) <= last
        except NoValue:
            fits = False
        found, step = (found + step, step) if fits else (found, step // 2)
    return found


def full_years(months: int) -> Fraction:
    """The years that months fill, towards nothing."""
    return Fraction(abs(months) // 12 * (-1 if months < 0 else 1))


def share(first: date, last: date, period: Value, way: Value) -> Fraction:
    """The part of a period from one day to another, each of them counted."""
    if not isinstance(period, Period):
        raise NoValue

    def through(one: date) -> int:
        """The days up to the eve of one, counted as the way says."""
        return 360 * one.year + 30 * one.month + one.day if way == "days30" else one.toordinal()

    eve = timedelta(days=1)
    whole = 365 if way == "days365" else through(period.last + eve) - through(period.first)
    start, end = max(first, period.first), min(last, period.last)
    return Fraction(through(end + eve) - through(start) if start <= end else 0, whole)


def worked_apart(first: date, last: date, s: Setting) -> int:
    """The working days behind one day, up to the other; where some days are in no calendar, as many as are surely
    worked, and at most those with each of them."""
    sign, begin, end = (1, first, last) if first <= last else (-1, last, first)
    if (end - begin).days > MOST_DAYS:
        raise NoValue
    sure, perhaps = 0, 0
    for days in range(1, (end - begin).days + 1):
        try:
            sure += works(begin + timedelta(days=days), s)
        except NoValue:
            perhaps += 1
    if perhaps:
        raise NoValue(*(Length(Fraction(n), "WD") for n in sorted((sign * sure, sign * (sure + perhaps)))))
    return sign * sure


def containing(grain: str) -> Operator:
    """The period of a grain in which a day lies, as an operator."""
    return lambda a, o, s: calendar_period(day(a[0]), grain, s)


def told(value: Value) -> Value:
    """What a row of a fact over time tells; nothing, where none does."""
    if value is None:
        raise NoValue
    return value


OPERATORS: Mapping[str, tuple[str, Operator]] = {
    "+": ("none", lambda a, o, s: plus(a[0], a[1])),
    "-": ("none", lambda a, o, s: plus(a[0], a[1], -1)),
    "*": ("none", lambda a, o, s: times(a[0], a[1])),
    "/": ("none", lambda a, o, s: over(a[0], a[1])),
    "neg": ("none", lambda a, o, s: minus(a[0])),
    "=": ("own", lambda a, o, s: compare("=", a[0], a[1])),
    "!=": ("own", lambda a, o, s: compare("!=", a[0], a[1])),
    "<": ("no", lambda a, o, s: compare("<", a[0], a[1], o)),
    "<=": ("no", lambda a, o, s: compare("<=", a[0], a[1], o)),
    ">": ("no", lambda a, o, s: compare(">", a[0], a[1], o)),
    ">=": ("no", lambda a, o, s: compare(">=", a[0], a[1], o)),
    "in": ("own", lambda a, o, s: any(among(x, a[1:]) for x in a[0]) if type(a[0]) is tuple else among(a[0], a[1:])),
    "includes": ("no", lambda a, o, s: all(any(same(x, y) for x in several(a[0])) for y in a[1:])),
    "in_order": ("no", lambda a, o, s: in_order(several(a[0]), a[1:])),
    "nth_day": ("none", lambda a, o, s: nth(a[0], int(number(a[1])), str(a[2]), s)),
    "in_period": ("no", lambda a, o, s: in_period(a[0], a[1])),
    "max": ("none", lambda a, o, s: best(a, True, o)),
    "latest": ("none", lambda a, o, s: best(a, True, o)),
    "min": ("none", lambda a, o, s: best(a, False, o)),
    "earliest": ("own", lambda a, o, s: earliest(a, o)),
    "clamp": ("none", lambda a, o, s: clamped(a[0], a[1], a[2])),
    "told": ("own", lambda a, o, s: told(a[0])),
    "short": ("none", lambda a, o, s: max(Fraction(0), number(a[0]) - number(a[1]))),
    "proportion": ("none", lambda a, o, s: proportion(*(max(Fraction(0), number(each)) for each in a))),
    "drawable": ("own", lambda a, o, s: Fraction(0) if a[0] is None else max(Fraction(0), number(a[0]))),
    "gross": ("none", lambda a, o, s: number(a[0]) * (1 + number(a[1]))),
    "net": ("none", lambda a, o, s: over(number(a[0]), 1 + number(a[1]))),
    "whole_div": ("none", lambda a, o, s: rounded(parts_of(a[0], a[1]), 0, "down")),
    "mod": ("none", lambda a, o, s: plus(a[0], times(a[1], rounded(parts_of(a[0], a[1]), 0, "down")), -1)),
    "round_to": ("none", lambda a, o, s: times(a[1], rounded(parts_of(a[0], a[1]), 0, a[2]))),
    "round": ("none", lambda a, o, s: rounded(number(a[0]), int(number(a[1])), a[2])),
    "shift": ("none", lambda a, o, s: shifted(a[0], a[1], 1, s)),
    "back": ("none", lambda a, o, s: shifted(a[0], a[1], -1, s)),
    "last_counting_first": ("none", lambda a, o, s: counting_first(day(a[0]), a[1], s)),
    "roll_forward": ("none", lambda a, o, s: rolled(day(a[0]), s)),
    "days_between": ("none", lambda a, o, s: Length(Fraction((day(a[1]) - day(a[0])).days), "D")),
    "day_count": ("none", lambda a, o, s: Fraction((day(a[1]) - day(a[0])).days)),
    "time_between": ("none", lambda a, o, s: elapsed(a[0], a[1])),
    "accrual": ("none", lambda a, o, s: accrued(day(a[0]), day(a[1]), a[2])),
    "months_between": ("none", lambda a, o, s: Length(Fraction(months_apart(a[0], a[1], s)), "M")),
    "years_between": ("none", lambda a, o, s: Length(full_years(months_apart(a[0], a[1], s)), "Y")),
    "workdays_between": ("none", lambda a, o, s: Length(Fraction(worked_apart(day(a[0]), day(a[1]), s)), "WD")),
    "share_of_period": ("none", lambda a, o, s: share(day(a[0]), day(a[1]), a[2], a[3])),
    "weekday_of": ("none", lambda a, o, s: Fraction(day(a[0]).isoweekday())),
    "first_day": ("none", lambda a, o, s: a[0].first if isinstance(a[0], Period) else day(a[0])),
    "last_day": ("none", lambda a, o, s: a[0].last if isinstance(a[0], Period) else day(a[0])),
    "day_of": ("none", lambda a, o, s: day(a[0])),
    "day_end": ("none", lambda a, o, s: a[0] if isinstance(a[0], datetime) else datetime.combine(day(a[0]), END)),
    "month_of": ("none", lambda a, o, s: Fraction(day(a[0]).month)),
    "month_start": ("none", lambda a, o, s: date(day(a[0]).year, day(a[0]).month, 1)),
    **{f"{grain}_of": ("none", containing(grain)) for grain in GRAINS if grain != "month"},
    "whole_month_of": ("none", containing("month")),
}
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "in_period", "includes", "in_order"})
MONOTONE = OPERATORS.keys() - COMPARISONS - {
    "told", "nth_day", "month_of", "weekday_of", "whole_month_of", *(f"{grain}_of" for grain in GRAINS),
}
