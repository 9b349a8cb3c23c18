"""Dates: months clamped from the original date, the two period forms, working days with make-up days.

Working days come from the published Chinese calendars (``chinesecalendar``); a day outside its data has no answer.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import accumulate, groupby

from policydsl.kinds import GRAINS, Duration, Fiscal, Period

MONTHS = {"M": 1, "Q": 3, "Y": 12}
DAYS_OF = {"D": 1, "W": 7}
SECONDS = {"H": 3600, "MIN": 60, "SEC": 1}
# Units that turn into each other exactly, and how many of the smallest one they are.
FAMILY = {
    "SEC": ("SEC", 1), "MIN": ("SEC", 60), "H": ("SEC", 3600), "D": ("SEC", 86_400), "W": ("SEC", 604_800),
    "M": ("M", 1), "Q": ("M", 3), "Y": ("M", 12), "WD": ("WD", 1),
}
CYCLE_MONTHS, CYCLE_DAYS = 4_800, 146_097  # the calendar begins anew every 400 years
FURTHEST = 400_000  # working days and days are never counted further than this
END = time.max  # 24:00, the end of a day: later than any second of it, and still that day
CHINA = 480  # minutes from UTC: the time in which a policy and its instants are meant


class CannotCompute(Exception):
    """A value cannot be computed; the message is a neutral key with its detail, for the trace. ``low``, ``high``: what
    it surely lies between all the same, where something is sure: of working days that are not published, on whatever
    calendar there will be."""

    def __init__(
        self, why: str, detail: str = "", low: date | Duration | None = None, high: date | Duration | None = None
    ) -> None:
        super().__init__(why)
        self.why = why
        self.detail = detail
        self.low, self.high = low, high

    @property
    def told(self) -> str:
        return f"{self.why}:{self.detail}" if self.detail else self.why


def instant(day: date, hour: int, minute: int, second: int, offset: int | None = None) -> datetime:
    """The instant of a clock on a day, 24:00 being the end of that day; ``offset``: the minutes from UTC of the clock,
    if it says them (it is then put in the time of the policy). Raises ValueError for none, or one out of range."""
    if (hour, minute, second) == (24, 0, 0):
        told = datetime.combine(day, END)
    else:
        told = datetime(day.year, day.month, day.day, hour, minute, second)
    if offset in (None, CHINA):
        return told
    assert offset is not None
    try:
        return moment(told) + timedelta(minutes=CHINA - offset)
    except OverflowError:
        raise ValueError("out of range") from None


def moment(value: datetime) -> datetime:
    """The instant on the clock: the end of a day is where the next begins."""
    if value.time() != END or value.date() == date.max:
        return value
    return datetime.combine(value.date() + timedelta(days=1), time.min)


def instant_text(value: datetime, between: str = " ") -> str:
    """An instant as files have it; the end of a day is 24:00:00 of that day."""
    if value.time() == END:
        return f"{value.date()}{between}24:00:00"
    return value.isoformat(between, timespec="seconds")


def day_end(day: date) -> datetime:
    """The end of a day; an instant is itself."""
    return day if isinstance(day, datetime) else datetime.combine(day, END)


def add_months(day: date, months: int, month_end: bool = False) -> date:
    """The day of the same number ``months`` later (earlier if negative), else that month's last day; ``month_end``: of
    the last day of a month it is the last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise CannotCompute("date_out_of_range")
    number, last = day.day, monthrange(year, month + 1)[1]
    ends = month_end and number == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if ends else min(number, last))


def in_months(length: Duration) -> int:
    """A duration of months, quarters or years in whole months (half a year is six)."""
    family, months = measure(length)
    if family != "M":
        raise CannotCompute("period_shift")
    if months.denominator != 1:
        raise CannotCompute("half_month")
    return int(months)


# ---------------------------------------------------------------------------------------------- how long it lasts
def measure(length: Duration) -> tuple[str, Fraction]:
    """The family of its unit, and how long it is in the smallest unit of that (``SEC``, ``M`` or ``WD``)."""
    family, many = FAMILY[length.unit]
    return family, length.value * many


def span(length: Duration) -> tuple[Fraction | None, Fraction | None]:
    """The fewest and the most days that it lasts, whenever it begins and however it is counted (None: no end).

    A part of a month is that part of one. n working days take n - 1 days at least, if the first of them is the day on
    which they begin, and at most nobody knows how many.
    """
    family, amount = measure(length)
    if amount < 0:
        low, high = span(Duration(-length.value, length.unit))
        return None if high is None else -high, None if low is None else -low
    match family:
        case "SEC":
            return amount / 86_400, amount / 86_400
        case "M":
            whole = amount.numerator // amount.denominator
            (low_, high_), (next_low, next_high), part = days_of(whole), days_of(whole + 1), amount - whole
            return low_ + part * (next_low - low_), high_ + part * (next_high - high_)
        case _:
            return max(Fraction(0), amount - 1), None if amount else Fraction(0)


@cache
def days_of(months: int) -> tuple[int, int]:
    """The fewest and the most days of so many whole months on end."""
    cycles, rest = divmod(months, CYCLE_MONTHS)
    begun = _begun()
    found = [begun[i + rest] - begun[i] for i in range(CYCLE_MONTHS)]
    return cycles * CYCLE_DAYS + min(found), cycles * CYCLE_DAYS + max(found)


@cache
def _begun() -> list[int]:
    """The days before each month of two cycles."""
    months = (monthrange(2000 + i // 12 % 400, i % 12 + 1)[1] for i in range(2 * CYCLE_MONTHS))
    return [0, *accumulate(months)]


def shorter(a: Duration, b: Duration, or_equal: bool = False) -> bool:
    """Whether one surely lasts less than the other (``or_equal``: no more), whenever they begin. Of units that turn
    into each other that is always known for one of the two; of others, neither need be."""
    (family, one), (other, two) = measure(a), measure(b)
    if family == other:
        return one <= two if or_equal else one < two
    if (one > 0) - (one < 0) != (two > 0) - (two < 0):
        return one <= 0 <= two
    high, low = span(a)[1], span(b)[0]
    return high is not None and low is not None and (high <= low if or_equal else high < low)


def alike(a: Duration, b: Duration) -> bool:
    """Whether both surely last equally long."""
    return shorter(a, b, or_equal=True) and shorter(b, a, or_equal=True)


def together(a: Duration, b: Duration, sign: int = 1) -> Duration:
    """The sum (``sign`` -1: the difference), in the smaller of both units; nothing of any unit adds nothing."""
    if FAMILY[a.unit][0] != FAMILY[b.unit][0]:
        if not b.value:
            return a
        if not a.value:
            return Duration(sign * b.value, b.unit)
        raise CannotCompute("duration_units")
    unit = finer(a.unit, b.unit)
    return Duration((measure(a)[1] + sign * measure(b)[1]) / FAMILY[unit][1], unit)


def finer(a: str, b: str) -> str:
    """The smaller of two units of one family."""
    return min(a, b, key=lambda unit: FAMILY[unit][1])


def ratio(a: Duration, b: Duration) -> Fraction:
    """How many times the second goes into the first."""
    (family, one), (other, two) = measure(a), measure(b)
    if not two:
        raise CannotCompute("division_by_zero")
    if family != other and one:
        raise CannotCompute("duration_units")
    return one / two


def shift(day: date, length: Duration, backwards: bool = False, month_end: bool = False) -> date:
    """``day ＋ length``: the last day of ``自 day 起 length``; the start day is day zero."""
    sign = -1 if backwards else 1
    unit = length.unit
    try:
        if unit in MONTHS:
            months = sign * in_months(length)
            if isinstance(day, datetime):
                return datetime.combine(add_months(day.date(), months, month_end), day.time())
            return add_months(day, months, month_end)
        if unit in DAYS_OF:
            return day + timedelta(days=int(whole_number(length.value * DAYS_OF[unit])) * sign)
        if unit == "WD":
            return add_working_days(day, int(whole_number(length.value)) * sign)
        if not isinstance(day, datetime):
            raise CannotCompute("no_time_of_day")
        return moment(day) + timedelta(seconds=int(whole_number(length.value * SECONDS[unit])) * sign)
    except OverflowError as exc:
        raise CannotCompute("date_out_of_range") from exc


def last_day_counting_first(day: date, length: Duration, month_end: bool = False) -> date:
    """The last day of ``自 day 当日起 length``: the eve of the corresponding day; where the last month has no such day,
    its last day."""
    if isinstance(day, datetime):
        day = day.date()
    if length.unit in MONTHS:
        end = add_months(day, in_months(length), month_end)
        return end if end.day < day.day else end - timedelta(days=1)
    if length.unit == "WD":
        count = int(whole_number(length.value))
        if count > 0:
            return add_working_days(day - timedelta(days=1), count)
        return day if is_working_day(day) else add_working_days(day, count)
    return shift(day, length) - timedelta(days=1)


# How many days a year of interest has, and whether its months have 30 each, by what a contract calls it.
ACCRUALS = {
    "实际/360": (360, False), "实际/365": (365, False), "30/360": (360, True),
    "actual/360": (360, False), "actual/365": (365, False),
}


def accrual(first: date, last: date, convention: str) -> Fraction:
    """The part of a year for which interest runs: from the first day to the eve of the last one."""
    if convention not in ACCRUALS:
        raise CannotCompute("no_accrual", convention)
    if last < first:
        return -accrual(last, first, convention)
    year, by_months = ACCRUALS[convention]
    return Fraction(thirty_days(first, last) if by_months else (last - first).days, year)


def thirty_days(first: date, last: date) -> int:
    """The days from one to the other where each month has 30 (bond basis): the 31st is the 30th, as the last day only
    if the first one is the 30th too. The end of February is what it is."""
    begins = min(first.day, 30)
    ends = 30 if last.day == 31 and begins == 30 else last.day
    return 360 * (last.year - first.year) + 30 * (last.month - first.month) + ends - begins


def nth_day(period: Period, number: int, what: str) -> date:
    """The n-th day of a period (beyond its end the last one), its n-th working day (``WD``), its n-th Monday (``1``) …;
    what it has not so many of cannot be computed."""
    if what == "D":
        return min(period.first + timedelta(days=number - 1), period.last)
    if what == "WD":
        try:
            found = add_working_days(period.first - timedelta(days=1), number)
        except CannotCompute as beyond:
            if isinstance(beyond.low, date) and beyond.low > period.last:
                raise CannotCompute("no_nth") from None
            raise
    else:
        ahead = (int(what) - period.first.isoweekday()) % 7
        found = period.first + timedelta(days=ahead + 7 * (number - 1))
    if found > period.last:
        raise CannotCompute("no_nth")
    return found


def period_days(period: Period, way: str) -> int:
    """The days of a period: as they are (``actual``), 365 whatever it is (``days365``), or 30 a month (``days30``)."""
    return 365 if way == "days365" else _days(period.first, period.last, way)


def share_of_period(first: date, last: date, period: Period, way: str) -> Fraction:
    """How much of a period lies between two days, both of them included."""
    begins, ends = max(first, period.first), min(last, period.last)
    return Fraction(_days(begins, ends, way) if begins <= ends else 0, period_days(period, way))


def _days(first: date, last: date, way: str) -> int:
    """The days from one to the other, both included. Where each month has 30, a 31st is no day more, and the last
    day of February stands for all up to the 30th; so the days of parts that follow each other add up to those of the
    whole."""
    after = last + timedelta(days=1)
    if way != "days30":
        return (after - first).days
    months = 12 * (after.year - first.year) + after.month - first.month
    return 30 * months + after.day - first.day


def whole_months(first: date, last: date, month_end: bool = False) -> int:
    """The most months that lie between two days: so many after the first day, the last one has come. Back from a first
    day that is the later one they are as many, less than nothing. Between two instants the time of day counts, 24:00 as
    where the next day begins."""
    if isinstance(first, datetime) and isinstance(last, datetime):
        first, last = moment(first), moment(last)
    else:
        first, last = (d.date() if isinstance(d, datetime) else d for d in (first, last))
    if last < first:
        return -whole_months(last, first, month_end)
    months = 12 * (last.year - first.year) + last.month - first.month
    return months if shift(first, Duration(Fraction(months), "M"), month_end=month_end) <= last else months - 1


def working_days(first: date, last: date) -> int:
    """The working days after the first day, up to the last one. Raises outside the calendar: then they are as many as
    are published at least, and at most those and every day that is not."""
    sign, begin, end = (1, first, last) if first <= last else (-1, last, first)
    if (end - begin).days > FURTHEST:
        raise CannotCompute("date_out_of_range")
    found, beyond = 0, list[CannotCompute]()
    for i in range((end - begin).days):
        try:
            found += is_working_day(begin + timedelta(days=i + 1))
        except CannotCompute as unpublished:
            beyond.append(unpublished)
    if beyond:
        some = sorted((sign * found, sign * (found + len(beyond))))
        least, most = (Duration(Fraction(days), "WD") for days in some)
        raise CannotCompute(beyond[0].why, beyond[0].detail, least, most)
    return sign * found


def whole_number(value: Fraction) -> Fraction:
    if value.denominator != 1 or abs(value) > FURTHEST * 86_400:
        raise CannotCompute("not_whole")
    return value


def is_working_day(day: date) -> bool:
    """Whether the day is worked by the published Chinese calendar; raises outside its data."""
    return _worked(day.date() if isinstance(day, datetime) else day)


@cache
def _worked(day: date) -> bool:
    """Remembered, since for each day that is asked for all years of the calendar are gone through."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as exc:
        raise CannotCompute("calendar_coverage", str(day.year)) from exc


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day strictly after ``day`` (before it if negative). Raises outside the calendar: at best
    every day from there on is worked."""
    if isinstance(day, datetime):
        day = day.date()
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    if left > FURTHEST:
        raise CannotCompute("date_out_of_range")
    while left:
        day += step
        try:
            left -= is_working_day(day)
        except CannotCompute as beyond:
            best = day + (left - 1) * step
            raise CannotCompute(beyond.why, beyond.detail, *((best, None) if count >= 0 else (None, best))) from None
    return day


def roll_forward(day: date) -> date:
    """The day itself if it is worked, else the next working day. Raises outside the calendar: no earlier day."""
    try:
        while not is_working_day(day):
            day += timedelta(days=1)
    except CannotCompute as beyond:
        raise CannotCompute(beyond.why, beyond.detail, day) from None
    return day


MOST_LOOKED_AT = 1_000  # days; what is not as every week is told of no longer span


def uncommon(first: date, last: date) -> tuple[list[tuple[date, date]], list[tuple[date, date]]]:
    """What the published calendar makes other than every week, from one day to another: the runs of rest days in which
    a Monday to Friday is free, and those of weekend days that are worked."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(days) > MOST_LOOKED_AT:
        return [], []
    try:
        works = {day: is_working_day(day) for day in days}
    except CannotCompute:
        return [], []
    free = [[*run] for rests, run in groupby(days, lambda day: not works[day]) if rests]
    worked = [[*run] for odd, run in groupby(days, lambda day: works[day] and day.weekday() > 4) if odd]
    return [(r[0], r[-1]) for r in free if any(d.weekday() < 5 for d in r)], [(r[0], r[-1]) for r in worked]


def make_period(grain: str, year: int, number: int, fiscal: Fiscal | None) -> Period:
    """A period of the calendar, or of fiscal years as these run."""
    if not 1 < year < 9999:
        raise CannotCompute("date_out_of_range")
    many, before = GRAINS[grain], max(number, 1) - 1
    if grain.startswith("fiscal_"):
        first, after = (_quarter_day(year, n * 4 // many, fiscal) for n in (before, before + 1))
    else:
        first = date(year, before * 12 // many + 1, 1)
        after = add_months(first, 12 // many)
    return Period(grain, year, number if many > 1 else 0, first, after - timedelta(days=1))


def _quarter_day(year: int, quarters: int, fiscal: Fiscal | None) -> date:
    """The first day of the quarter that lies so many behind the first one of a fiscal year."""
    if fiscal is None:
        raise CannotCompute("no_fiscal_year")
    if fiscal.start is not None:
        return add_months(date(year - fiscal.ahead, *fiscal.start), 3 * quarters)
    for i in range(0, len(fiscal.listed), 4):
        if _listed_year(fiscal, i) == year and i + quarters < len(fiscal.listed):
            return fiscal.listed[i + quarters]
    raise CannotCompute("year_not_listed", str(year))


def _listed_year(fiscal: Fiscal, at: int) -> int:
    """By which year the fiscal year is named that begins with this listed day."""
    first = fiscal.listed[at]
    if fiscal.by_first:
        return first.year
    if at + 4 < len(fiscal.listed):
        return (fiscal.listed[at + 4] - timedelta(days=1)).year
    short, long = ((first + timedelta(weeks=weeks, days=-1)).year for weeks in (52, 53))
    if short != long:  # when it ends is not listed, and may give it either name
        raise CannotCompute("not_listed", first.isoformat())
    return short


def period_of(grain: str, day: date, fiscal: Fiscal | None = None) -> Period:
    """The period of a grain in which a day lies."""
    day = day.date() if isinstance(day, datetime) else day
    many = GRAINS[grain]
    if not grain.startswith("fiscal_"):
        return make_period(grain, day.year, (day.month - 1) // (12 // many) + 1, None)
    if fiscal is not None and fiscal.listed:
        at = bisect_right(fiscal.listed, day) - 1
        if not 0 <= at < len(fiscal.listed) - 1:
            raise CannotCompute("not_listed", str(day))
        return make_period(grain, _listed_year(fiscal, at // 4 * 4), at % 4 // (4 // many) + 1, fiscal)
    if fiscal is None or fiscal.start is None:
        raise CannotCompute("no_fiscal_year")
    year = day.year + fiscal.ahead - (day < date(day.year, *fiscal.start))
    parts = (make_period(grain, year, n + 1, fiscal) for n in range(many))
    return next(p for p in parts if p.first <= day <= p.last)


def shift_period(period: Period, length: Duration, fiscal: Fiscal | None, backwards: bool) -> Period:
    """A period moved by whole periods of its own grain."""
    months = in_months(length) * (-1 if backwards else 1)
    if period.grain not in GRAINS:
        raise CannotCompute("period_shift")
    many = GRAINS[period.grain]
    if months % (12 // many):
        raise CannotCompute("period_shift")
    year, at = divmod(period.year * many + max(period.number, 1) - 1 + months // (12 // many), many)
    return make_period(period.grain, year, at + 1, fiscal)


MOST_PERIODS = 2_000


def periods(
    length: Duration, start: date | None, since: date | None, until: date | None, today: date,
    clipped: bool = False, back: int = 0, month_end: bool = False,
) -> list[tuple[date | None, ...]]:
    """Each period begun by ``today``: from ``start`` to the eve of its next anniversary, or (None) the calendar period
    in which ``since`` lies, or today if that is None, and those after it. Its first and last day, the first day of the
    whole of it, that of the period before, and that of the one a year before (None: no such period).

    With ``until`` the last period ends with that day: the day itself begins none, and belongs to the one before.
    ``clipped``: what lies before ``since`` or after ``until`` is in none. ``back``: so many before the first, too. With
    ``start`` and ``since`` the first is the one of those from ``start`` in which ``since`` lies.
    """
    start, since, until = (d.date() if isinstance(d, datetime) else d for d in (start, since, until))
    today = today.date() if isinstance(today, datetime) else today
    if length.value <= 0:
        raise CannotCompute("no_period")
    if clipped and since and until and until < since:
        return []
    origin = start or period_around(since or today, length)
    yearly = Fraction(12) / measure(length)[1] if length.unit in MONTHS else Fraction(1, 2)

    def begins(i: int) -> date:
        return shift(origin, Duration(length.value * i, length.unit), month_end=month_end)

    found: list[tuple[date | None, ...]] = []
    turn = 0
    while start is not None and since is not None and turn < MOST_PERIODS and begins(turn + 1) <= since:
        turn += 1
    for i in range(turn - back, turn - back + MOST_PERIODS):
        first, last = begins(i), begins(i + 1) - timedelta(days=1)
        if first > today or until is not None and (first > until if clipped or i <= turn else first >= until):
            break
        year_before = begins(i - int(yearly)) if yearly.denominator == 1 else None
        before = begins(i - 1)
        if clipped:
            shown = max(first, since or first), min(last, until or last)
        else:
            shown = first, until if until and until <= last + timedelta(days=1) else last
        found.append((*shown, first, before, year_before))
    return found


def period_around(day: date, length: Duration) -> date:
    """The first day of the calendar period in which a day lies: a week begins on Monday."""
    if length.unit in DAYS_OF:
        return day - timedelta(days=day.weekday() if length.unit == "W" else 0)
    months = in_months(length)
    return date(day.year, (day.month - 1) // months * months + 1 if months <= 12 else 1, 1)
