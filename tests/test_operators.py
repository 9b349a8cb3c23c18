"""The operator table: exact meanings, 无, and sound answers on sets and intervals for every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest
from engine_support import allows
from hypothesis import assume, given
from hypothesis import strategies as st
from kind_support import options
from tries import tries

from policydsl import calendar
from policydsl.calendar import END, CannotCompute
from policydsl.cli.recheck import worked
from policydsl.domain import NO, YES, Possible, before, either, ends, interval, join, point, same, whole
from policydsl.kinds import (
    DATE,
    INSTANT,
    Fiscal,
    MONEY,
    NUMBER,
    PERCENT,
    PERIOD,
    TEXT,
    YESNO,
    Duration,
    Exact,
    Kind,
    Period,
)
from policydsl.operators.exact import PERIODS_OF, period_op
from policydsl.operators import (
    OPERATORS,
    Setting,
    apply,
    conjunction,
    disjunction,
    negation,
    rounded,
)
from policydsl.proof.plain import kind_word, possible
from policydsl.recheck import hull
from policydsl.recheck.exact import OnTrust

SETTING = Setting(Fiscal((4, 1)), "PRC")
SOME = tries(7)
ORDERED = options("高低", "低", "中", "高", ordered=True)
CHOICES = options("选", "a", "b", "c", base="choices")
DAYS = Kind("duration", unit="D")
MONTHS = Kind("duration", unit="M")
UNKNOWN = either()


def op(name: str, *args: Exact, kinds: Sequence[Kind] | None = None, result: Kind = NUMBER) -> Possible:
    return apply(name, [point(a) for a in args], kinds or [NUMBER] * len(args), result, SETTING)


def n(value: int | str) -> Fraction:
    return Fraction(value)


# ---------------------------------------------------------------------------------------------- exact meanings
@pytest.mark.parametrize(("name", "args", "expected"), [
    ("+", (n(2), n(3)), n(5)),
    ("-", (n(2), n(3)), n(-1)),
    ("*", (n("0.1"), n(3)), n("0.3")),
    ("/", (n(1), n(3)), Fraction(1, 3)),
    ("neg", (n(2),), n(-2)),
    ("max", (n(1), n(3), n(2)), n(3)),
    ("min", (n(1), n(3), n(2)), n(1)),
    ("clamp", (n(7), n(0), n(5)), n(5)),
    ("clamp", (n(-7), n(0), n(5)), n(0)),
    ("gross", (n(100), n("0.13")), n(113)),
    ("net", (n(113), n("0.13")), n(100)),
    ("told", (n(3), date(2024, 6, 30), "等级"), n(3)),
    ("whole_div", (n(196000), n(50000)), n(3)),
    ("whole_div", (n("49999.99"), n(50000)), n(0)),
    ("whole_div", (n(-120000), n(50000)), n(-2)),  # a return takes two back
    ("whole_div", (n(100), n("0.1")), n(1000)),
    ("mod", (n(196000), n(50000)), n(46000)),
    ("mod", (n(-120000), n(50000)), n(-20000)),
    *(("round_to", (n(value), n(1), way), n(made)) for value, ways in (
        ("-2.5", (-3, -2, -3)), ("2.5", (3, 2, 3)), ("2.4", (2, 2, 3)), ("-2.4", (-2, -2, -3)), ("3", (3, 3, 3)),
    ) for way, made in zip(("half_up", "down", "up"), ways, strict=True)),
    ("round_to", (n("199.995"), n("0.01"), "half_up"), n(200)),
    ("round_to", (n("7.49"), n("0.5"), "half_up"), n("7.5")),
    ("<", (n(1), n(1)), False),
    ("<=", (n(1), n(1)), True),
    (">", (n(1), n(1)), False),
    (">=", (n(1), n(1)), True),
    ("=", (n(1), n("1.0")), True),
    ("!=", (n(1), n(2)), True),
    ("in", (n(1), n(2), n(1)), True),
    ("in", (n(1), n(2), n(3)), False),
])
def test_numbers(name: str, args: tuple[Exact, ...], expected: Exact) -> None:
    assert op(name, *args) == point(expected)


@pytest.mark.parametrize(("value", "expected"), [
    ("0.005", "0.01"), ("0.0049999", "0"), ("1.005", "1.01"), ("-0.005", "-0.01"), ("-0.0049", "0"), ("2.675", "2.68"),
    ("1/3", "0.33"), ("2/3", "0.67"),
])
def test_amounts_are_rounded_half_up_at_the_fen(value: str, expected: str) -> None:
    assert rounded(Fraction(value), 2, "half_up") == Fraction(expected)


def test_division_by_zero_has_no_value() -> None:
    found = op("/", n(1), n(0))
    assert not found.known
    assert found.reasons == {"not_computable"}
    assert found.needs == frozenset()


LOST = None  # in the table below: what cannot be computed


# What comes out the same whatever the lost value were is known; what hangs on it is not.
@pytest.mark.parametrize(("name", "args", "expected"), [
    ("*", (n(0), LOST), n(0)), ("*", (LOST, n(0)), n(0)), ("*", (n(1), LOST), LOST),
    ("/", (n(0), LOST), LOST),  # it might be a zero to divide by
    ("+", (n(0), LOST), LOST), ("-", (n(0), LOST), LOST), ("neg", (LOST,), LOST),
    ("max", (n(5), LOST), LOST), ("min", (n(5), LOST), LOST), ("clamp", (LOST, n(1), n(5)), LOST),
    ("clamp", (LOST, n(5), n(5)), n(5)), ("<", (n(5), LOST), LOST), ("=", (LOST, n(5)), LOST),
    ("and", (False, LOST), False), ("and", (True, LOST), LOST), ("or", (LOST, True), True), ("or", (False, LOST), LOST),
    ("not", (LOST,), LOST), ("at_least", (n(1), LOST, True), True), ("at_least", (n(2), LOST, False), False),
    ("at_least", (n(2), LOST, True), LOST),
])
def test_what_cannot_be_computed_may_be_anything(name: str, args: tuple[Exact, ...], expected: Exact) -> None:
    logic = name in ("and", "or", "not", "at_least")
    kind, values = (YESNO, (True, False)) if logic else (NUMBER, tuple(map(n, (-3, 0, 5, 6))))
    lost = op("/", n(3), n(0)) if not logic else op("<", Duration(n(1), "M"), Duration(n(30), "D"), result=YESNO)
    assert lost.reasons == {"not_computable"}
    result = YESNO if logic or name in ("<", "=") else NUMBER
    kinds = [NUMBER if isinstance(a, Fraction) else kind for a in args]
    found = apply(name, [lost if a is LOST else point(a) for a in args], kinds, result, SETTING)
    assert found == point(expected) if expected is not LOST else not found.known
    each = [apply(name, [point(v if a is LOST else a) for a in args], kinds, result, SETTING) for v in values]
    told = [p.value for p in each if p.known]
    assert all(allows(found, v) for v in told)
    assert (expected is LOST) == (len(set(told)) > 1 or len(told) < len(each))


@pytest.mark.parametrize(("name", "other", "expected"), [("+", None, None), ("*", None, None), ("<", None, False)])
def test_none_decides_whatever_cannot_be_computed(name: str, other: Exact, expected: Exact) -> None:
    lost = op("/", n(3), n(0))
    assert apply(name, [point(other), lost], [NUMBER] * 2, YESNO if name == "<" else NUMBER, SETTING) == point(expected)


@pytest.mark.parametrize(("name", "args", "expected"), [
    ("shift", (date(2024, 1, 31), Duration(n(1), "M")), date(2024, 2, 29)),
    ("back", (date(2024, 3, 31), Duration(n(1), "M")), date(2024, 2, 29)),
    ("shift", (date(2024, 2, 29), Duration(n(1), "Y")), date(2025, 2, 28)),
    ("last_counting_first", (date(2024, 3, 10), Duration(n(1), "M")), date(2024, 4, 9)),
    ("last_counting_first", (date(2024, 1, 31), Duration(n(1), "M")), date(2024, 2, 29)),
    ("roll_forward", (date(2024, 10, 1),), date(2024, 10, 8)),
    ("days_between", (date(2024, 2, 28), date(2024, 3, 1)), Duration(n(2), "D")),
    ("earliest", (date(2024, 2, 28), None), date(2024, 2, 28)),
    ("earliest", (None, None), None),
    ("latest", (date(2024, 2, 28), date(2024, 3, 1)), date(2024, 3, 1)),
    ("latest", (date(2024, 2, 28), None), None),
    ("day_of", (datetime(2024, 2, 28, 23, 59),), date(2024, 2, 28)),
    ("month_start", (date(2024, 2, 29),), date(2024, 2, 1)),
    ("month_start", (datetime(2024, 2, 28, 9),), date(2024, 2, 1)),
    ("day_end", (date(2024, 2, 28),), datetime.combine(date(2024, 2, 28), END)),
    ("day_end", (datetime(2024, 2, 28, 9),), datetime(2024, 2, 28, 9)),
    ("<", (datetime(2024, 2, 28, 23, 59, 59), datetime.combine(date(2024, 2, 28), END)), True),
    ("=", (datetime(2024, 2, 29), datetime.combine(date(2024, 2, 28), END)), True),
    ("<=", (datetime.combine(date(2024, 2, 28), END), date(2024, 2, 28)), True),
    ("shift", (datetime.combine(date(2024, 2, 28), END), Duration(n(1), "H")), datetime(2024, 2, 29, 1)),
    ("month_of", (date(2024, 2, 28),), n(2)),
    ("year_of", (date(2024, 2, 28),), Period("year", 2024, 0, date(2024, 1, 1), date(2024, 12, 31))),
    ("=", (datetime(2024, 2, 28, 9), date(2024, 2, 28)), True),
    ("<", (datetime(2024, 2, 28, 9), date(2024, 2, 28)), False),
    ("<", (datetime(2024, 2, 28, 9), datetime(2024, 2, 28, 9, 0, 1)), True),
])
def test_dates(name: str, args: tuple[Exact, ...], expected: Exact) -> None:
    assert op(name, *args, kinds=[DATE] * len(args), result=DATE) == point(expected)


def test_an_ordered_choice_compares_by_its_own_order() -> None:
    assert op("<", "低", "高", kinds=[ORDERED, ORDERED]) == YES
    assert op(">=", "中", "高", kinds=[ORDERED, ORDERED]) == NO
    assert op("max", "低", "高", "中", kinds=[ORDERED] * 3, result=ORDERED) == point("高")
    some = Possible(("中", "高"))
    assert apply(">=", [some, point("中")], [ORDERED, ORDERED], YESNO, SETTING) == YES
    assert apply(">", [some, point("中")], [ORDERED, ORDERED], YESNO, SETTING).maybe


def test_the_highest_of_many_choices_is_one_that_the_others_may_give_way_to() -> None:
    """Ten that may each be 低 or 高, and one that is 中 or 高: never 低; the lowest is 高 only if all are."""
    many, one = [Possible(("低", "高"))] * 10, Possible(("中", "高"))
    kinds = [ORDERED] * 11
    assert set(apply("max", [*many, one], kinds, ORDERED, SETTING).values or ()) == {"中", "高"}
    assert set(apply("min", [*many, one], kinds, ORDERED, SETTING).values or ()) == {"低", "中", "高"}
    assert set(apply("min", [*many, point("中")], kinds, ORDERED, SETTING).values or ()) == {"低", "中"}
    blank = [*many, Possible(("中", None))]
    assert set(apply("max", blank, kinds, ORDERED, SETTING).values or ()) == {"中", "高", None}
    assert apply("max", [Possible(None), one], [ORDERED] * 2, ORDERED, SETTING).values == ("低", "中", "高")


def test_several_choices() -> None:
    assert op("includes", ("a", "b"), "b", "a", kinds=[CHOICES] * 3) == YES
    assert op("includes", ("a",), "b", "a", kinds=[CHOICES] * 3) == NO
    assert op("in_order", ("a", "b"), "a", "b", kinds=[CHOICES] * 3) == YES
    assert op("in_order", ("b", "a"), "a", "b", kinds=[CHOICES] * 3) == NO
    assert op("in_order", ("a", "c"), "a", "b", "c", kinds=[CHOICES] * 4) == NO
    prefix = op("in_order", ("a",), "a", "b", kinds=[CHOICES] * 3, result=YESNO)
    assert prefix.maybe
    assert prefix.notes == {"steps_outstanding:b"}


# ---------------------------------------------------------------------------------------------- 无 and 不限
UNKNOWN_DATE = Possible(None, needs=frozenset())


@pytest.mark.parametrize("name", ["<", "<=", ">", ">=", "in_period"])
def test_no_comparison_holds_of_none(name: str) -> None:
    assert apply(name, [point(None), UNKNOWN_DATE], [DATE, DATE], YESNO, SETTING) == NO
    assert op(name, None, date(2024, 1, 1), kinds=[DATE, DATE]) == NO


def test_none_equals_only_none() -> None:
    assert op("=", None, None) == YES
    assert op("=", None, n(1)) == NO
    assert op("!=", None, n(1)) == YES
    assert apply("=", [Possible(None), point(None)], [DATE, DATE], YESNO, SETTING) == NO
    assert apply("=", [Possible(None, none=True), point(None)], [DATE, DATE], YESNO, SETTING).maybe


@pytest.mark.parametrize("name", ["+", "-", "*", "/", "shift", "max", "min", "latest"])
def test_none_is_carried_whatever_the_other_is(name: str) -> None:
    assert apply(name, [point(None), Possible(None)], [NUMBER, NUMBER], NUMBER, SETTING) == point(None)
    assert apply(name, [Possible(None), point(None)], [NUMBER, NUMBER], NUMBER, SETTING) == point(None)


def test_given_and_missing() -> None:
    assert op("provided", n(1)) == YES
    assert op("provided", None) == NO
    assert op("missing", None) == YES
    assert apply("provided", [Possible(None, none=True)], [DATE], YESNO, SETTING).maybe


# ---------------------------------------------------------------------------------------------- three values
KLEENE = {"no": NO, "maybe": UNKNOWN, "yes": YES}
RANK = {"no": 0, "maybe": 1, "yes": 2}


@pytest.mark.parametrize("a", KLEENE)
@pytest.mark.parametrize("b", KLEENE)
def test_strong_kleene(a: str, b: str) -> None:
    """And is the lesser, or is the greater of no < maybe < yes."""
    lesser, greater = min(a, b, key=RANK.__getitem__), max(a, b, key=RANK.__getitem__)
    assert conjunction([KLEENE[a], KLEENE[b]]).values == KLEENE[lesser].values
    assert disjunction([KLEENE[a], KLEENE[b]]).values == KLEENE[greater].values
    assert negation(KLEENE[a]).values == KLEENE[{"no": "yes", "yes": "no", "maybe": "maybe"}[a]].values


def test_none_is_no_in_a_condition() -> None:
    assert conjunction([point(None), UNKNOWN]) == NO
    assert negation(point(None)) == YES


# ---------------------------------------------------------------------------------------------- ends of intervals
@pytest.mark.parametrize(("name", "args", "expected"), [
    # below 2, or 2 itself: the higher of the two and 1 is 2 at most, and may be 2
    ("max", [interval(None, n(2), high_open=True), point(n(1)), interval(n(0), n(2))], interval(n(1), n(2))),
    ("max", [interval(n(0), n(2)), interval(n(0), n(2), high_open=True)], interval(n(0), n(2))),
    # more than 1, so whatever the other is the higher is more than 1
    ("max", [interval(n(1), n(3)), interval(n(1), n(2), low_open=True)], interval(n(1), n(3), low_open=True)),
    ("min", [interval(n(1), None, low_open=True), point(n(2)), interval(n(1), n(2))], interval(n(1), n(2))),
    ("min", [interval(n(0), n(2)), interval(n(1), n(2), high_open=True)], interval(n(0), n(2), high_open=True)),
    # nothing, divided by any number of people, or shared out in any way, is nothing
    ("/", [point(n(0)), interval(n(0), None, low_open=True)], point(n(0))),
    ("*", [point(n(0)), interval(n(0), None, low_open=True)], point(n(0))),
    ("*", [interval(n(0), n(2)), interval(n(1), n(3), high_open=True)], interval(n(0), n(6), high_open=True)),
    # of an account that holds 1 to 2, or that there is none of, nothing to 2 can be drawn
    ("drawable", [interval(n(1), n(2), none=True)], interval(n(0), n(2))),
    ("drawable", [interval(n(1), n(2))], interval(n(1), n(2))),
])
def test_an_end_is_open_when_it_cannot_be_reached(name: str, args: list[Possible], expected: Possible) -> None:
    assert apply(name, args, [NUMBER] * len(args), NUMBER, SETTING) == expected


# ---------------------------------------------------------------------------------------------- soundness
Draw = st.DrawFn


@dataclass(frozen=True)
class Guess:
    """Something known of a value, and one value that fits it."""

    possible: Possible
    value: Exact


@st.composite
def guess(draw: Draw, values: st.SearchStrategy[Exact], ordered: bool = True, none: bool = True) -> Guess:
    """A point, a set or an interval (with open and missing ends) around a value."""
    value = draw(values)
    nothing = none and draw(st.integers(0, 5)) == 0
    member: Exact = None if nothing else value
    shape = draw(st.sampled_from(["point", "set", "interval"] if ordered else ["point", "set"]))
    if shape == "point":
        return Guess(point(member), member)
    if shape == "set":
        others = draw(st.lists(values, max_size=3))
        return Guess(join([point(member), *(point(v) for v in others)]), member)
    low, high, low_open, high_open = value, value, False, False
    if draw(st.booleans()):
        other = draw(values)
        if before(other, value):
            low, low_open = other, draw(st.booleans())
    if draw(st.booleans()):
        other = draw(values)
        if before(value, other):
            high, high_open = other, draw(st.booleans())
    lowest = None if draw(st.integers(0, 3)) == 0 else low
    highest = None if draw(st.integers(0, 3)) == 0 else high
    assume(lowest is None or highest is None or not same(lowest, highest))
    possible = Possible(
        None, lowest, low_open and lowest is not None, highest, high_open and highest is not None,
        nothing or (none and draw(st.booleans())),
    )
    return Guess(possible, member)


numbers = st.fractions(-20, 20, max_denominator=4)
amounts = st.fractions(0, 20, max_denominator=4)
below_zero = st.fractions(-20, 0, max_denominator=4)
dates = st.integers(0, 1400).map(lambda d: date(2021, 1, 1) + timedelta(days=d))
days = st.integers(0, 90).map(lambda d: Duration(Fraction(d), "D"))
months = st.integers(0, 30).map(lambda m: Duration(Fraction(m), "M"))
quarters = st.integers(0, 40).map(lambda q: calendar.period_of("quarter", calendar.add_months(date(2019, 1, 1), 3 * q)))
midnights = st.tuples(
    st.sampled_from([date(2023 + m // 12, m % 12 + 1, 1) for m in range(24)]), st.integers(-3, 2)
).map(
    lambda at: at[0] + timedelta(days=at[1])
)
month_ends = st.builds(datetime.combine, midnights, st.sampled_from([time(0), time(2), time(22), END]))
lengths = st.sampled_from([Duration(Fraction(n), unit) for n in (1, 2, 12) for unit in ("M", "Y", "D", "W", "H")])
choices = st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple)
ranks = st.sampled_from(ORDERED.options)


@dataclass(frozen=True)
class Row:
    """What an operator is tried with."""

    args: tuple[st.SearchStrategy[Guess], ...]
    kinds: tuple[Kind, ...]
    result: Kind


def row(result: Kind, *args: tuple[Kind, st.SearchStrategy[Guess]]) -> Row:
    return Row(tuple(a for _, a in args), tuple(k for k, _ in args), result)


NUM = (NUMBER, guess(numbers))
POSITIVE = (MONEY, guess(amounts))
DAY = (DATE, guess(dates))
MOMENT = (INSTANT, guess(month_ends))
RANKED = (ORDERED, guess(ranks, ordered=False))
TAGS = (CHOICES, guess(choices, ordered=False))
TAG = (CHOICES, guess(st.sampled_from("abc"), ordered=False, none=False))
WHOLE_DAYS, WHOLE_MONTHS = (DAYS, guess(days)), (MONTHS, guess(months))
QUARTER = (PERIOD, guess(quarters))
STEP = (NUMBER, guess(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(5), Fraction(0), Fraction(-1)])))
A_WEEK = (DAYS, guess(st.sampled_from([Duration(Fraction(n), "D") for n in (1, 7)])))

MOVED = [row(INSTANT, MOMENT, by) for by in (WHOLE_DAYS, WHOLE_MONTHS, (Kind("duration"), guess(lengths)))]

ROWS: dict[str, list[Row]] = {
    "+": [row(NUMBER, NUM, NUM), row(DAYS, WHOLE_DAYS, WHOLE_DAYS)],
    "-": [row(NUMBER, NUM, NUM), row(DAYS, WHOLE_DAYS, WHOLE_DAYS)],
    "*": [row(NUMBER, NUM, NUM), row(MONEY, POSITIVE, POSITIVE)],
    "/": [row(NUMBER, NUM, NUM), row(PERCENT, POSITIVE, POSITIVE)],
    "neg": [row(NUMBER, NUM)],
    **{
        name: [*(row(YESNO, pair, pair) for pair in (NUM, DAY, RANKED, WHOLE_DAYS, MOMENT)), row(YESNO, MOMENT, DAY)]
        for name in ("=", "!=", "<", "<=", ">", ">=")
    },
    "in": [row(YESNO, NUM, NUM, NUM), row(YESNO, RANKED, RANKED, RANKED)],
    "max": [row(NUMBER, NUM, NUM, NUM), row(ORDERED, RANKED, RANKED)],
    "min": [row(NUMBER, NUM, NUM, NUM), row(ORDERED, RANKED, RANKED)],
    "latest": [row(DATE, DAY, DAY, DAY), row(INSTANT, MOMENT, MOMENT)],
    "earliest": [row(DATE, DAY, DAY, DAY), row(INSTANT, MOMENT, MOMENT)],
    "clamp": [row(NUMBER, NUM, (NUMBER, guess(below_zero, none=False)), (NUMBER, guess(amounts, none=False)))],
    "shift": [row(DATE, DAY, WHOLE_DAYS), row(DATE, DAY, WHOLE_MONTHS), *MOVED, row(PERIOD, QUARTER, (MONTHS, guess(
        st.integers(0, 5).map(lambda q: Duration(Fraction(3 * q), "M")), none=False)))],
    "back": [row(DATE, DAY, WHOLE_DAYS), row(DATE, DAY, WHOLE_MONTHS), *MOVED, row(PERIOD, QUARTER, (MONTHS, guess(
        st.integers(0, 5).map(lambda q: Duration(Fraction(3 * q), "M")), none=False)))],
    "last_counting_first": [*(row(DATE, start, by) for start in (DAY, MOMENT) for by in (WHOLE_DAYS, WHOLE_MONTHS))],
    "roll_forward": [row(DATE, DAY)],
    "days_between": [row(DAYS, DAY, DAY), row(DAYS, MOMENT, MOMENT), row(DAYS, MOMENT, DAY)],
    "day_count": [row(NUMBER, DAY, DAY)],
    "drawable": [row(MONEY, NUM)],
    "short": [row(MONEY, NUM, NUM)], "proportion": [row(MONEY, NUM, NUM, NUM)],
    "round": [
        row(MONEY, NUM, (NUMBER, guess(st.just(Fraction(places)), none=False)),
            (TEXT, guess(st.just(mode), ordered=False, none=False)))
        for places in (0, 1) for mode in ("half_up", "down", "up")
    ],
    "time_between": [row(Kind("duration", unit="SEC"), MOMENT, MOMENT)],
    "accrual": [
        row(NUMBER, DAY, DAY, (TEXT, guess(st.just(said), ordered=False, none=False)))
        for said in ("实际/360", "actual/365", "30/360")
    ],
    "months_between": [row(MONTHS, DAY, DAY), row(MONTHS, MOMENT, DAY), row(MONTHS, MOMENT, MOMENT)],
    "years_between": [row(Kind("duration", unit="Y"), DAY, DAY),
                      row(Kind("duration", unit="Y"), MOMENT, MOMENT)],
    "workdays_between": [row(Kind("duration", unit="WD"), DAY, DAY)],
    "weekday_of": [row(NUMBER, DAY)],
    "share_of_period": [
        row(PERCENT, DAY, DAY, QUARTER, (TEXT, guess(st.just(way), ordered=False, none=False)))
        for way in ("actual", "days365", "days30")
    ],
    "first_day": [row(DATE, QUARTER)],
    "nth_day": [
        row(DATE, QUARTER, (NUMBER, guess(st.sampled_from([Fraction(n) for n in (1, 5, 14, 60, 99)]), none=False)),
            (TEXT, guess(st.just(what), ordered=False, none=False))) for what in ("D", "5")
    ],
    "last_day": [row(DATE, QUARTER)],
    "day_of": [row(DATE, MOMENT)],
    "day_end": [row(INSTANT, DAY), row(INSTANT, MOMENT)],
    "month_start": [row(DATE, DAY), row(DATE, MOMENT)],
    **{period_op(grain): [row(Kind("period", unit=grain), day) for day in (DAY, MOMENT)] for grain in PERIODS_OF},
    "month_of": [row(NUMBER, DAY)],
    "in_period": [row(YESNO, DAY, QUARTER), row(YESNO, MOMENT, QUARTER), row(YESNO, QUARTER, QUARTER)],
    **{
        name: [row(MONEY, sort, (PERCENT, guess(st.fractions(0, 1, max_denominator=100)))) for sort in (POSITIVE, NUM)]
        for name in ("gross", "net")
    },
    "whole_div": [row(NUMBER, NUM, STEP), row(NUMBER, NUM, NUM), row(NUMBER, WHOLE_DAYS, A_WEEK)],
    "mod": [row(NUMBER, NUM, STEP), row(NUMBER, NUM, NUM), row(DAYS, WHOLE_DAYS, A_WEEK)],
    "round_to": [
        row(sort[0], sort, step, (TEXT, guess(st.just(way), ordered=False, none=False)))
        for sort, step in ((NUM, STEP), (WHOLE_DAYS, A_WEEK)) for way in ("half_up", "down", "up")
    ],
    "told": [row(sort[0], sort, (DATE, guess(st.just(date(2024, 6, 30)), ordered=False, none=False)),
                 (TEXT, guess(st.just("等级"), ordered=False, none=False))) for sort in (NUM, DAY, TAG)],
    "includes": [row(YESNO, TAGS, TAG, TAG)],
    "in_order": [row(YESNO, TAGS, TAG, TAG)],
}


def test_every_row_of_the_table_is_tried() -> None:
    assert set(ROWS) == set(OPERATORS)


def exact(name: str, values: Sequence[Exact], kinds: Sequence[Kind]) -> tuple[bool, Exact]:
    """The value on exact arguments, and whether there is one."""
    entry = OPERATORS[name]
    if entry.none != "own" and any(v is None for v in values):
        return True, False if entry.none == "no" else None
    try:
        return True, entry.exact(values, kinds, SETTING)
    except CannotCompute:
        return False, None


@pytest.mark.parametrize(("name", "tried"), [(name, row) for name in sorted(ROWS) for row in ROWS[name]])
@SOME
@given(data=st.data())
def test_the_answer_allows_what_any_member_gives(name: str, tried: Row, data: st.DataObject) -> None:
    args = data.draw(st.tuples(*tried.args))
    found = apply(name, [g.possible for g in args], tried.kinds, tried.result, SETTING)
    there, value = exact(name, [g.value for g in args], tried.kinds)
    if there:
        assert allows(found, value), (args, found, value)
    else:
        assert not found.known, (args, found)
        assert found.values is not None or (found.low is None and found.high is None), (args, found)
    if name != "share_of_period" or all(end is not None for g in args[:2] for end in ends(g.possible)[::2]):
        # the days of 占期 are always drawn in to the period first
        assert followed(name, [g.possible for g in args], tried, found), (args, found)


def followed(name: str, args: Sequence[Possible], tried: Row, found: Possible) -> bool:
    """Whether what checks proofs, which shares nothing with the table, comes to the same answer."""
    order = next((k.options for k in tried.kinds if k.ordered), ())
    all_ = whole(tried.result)
    try:
        made = hull.apply(
            name, [hull.read_open(possible(a)) for a in args], [kind_word(k) for k in tried.kinds], order,
            hull.Open(all_.values), hull.Setting(SETTING.fiscal.start if SETTING.fiscal else None, worked),
        )
    except OnTrust:
        return True
    return hull.alike(hull.read_open(possible(found)), made)


@SOME
@given(value=guess(quarters, none=False))
def test_a_guess_fits_its_own_value(value: Guess) -> None:
    """The test's own measure of what an answer allows."""
    assert allows(value.possible, value.value)
    assert isinstance(value.value, Period)
