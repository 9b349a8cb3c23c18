"""Lengths of time of different units: which is longer is known only where it holds whenever they begin; worked out by
hand, by the engine and by what checks a proof again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from engine_support import DAY, policy, verdict
from hypothesis import given
from hypothesis import strategies as st
from recheck_support import faults, proved
from tries import tries

from policydsl import calendar, to_text
from policydsl.calendar import CannotCompute, add_months, days_of, shorter, span
from policydsl.cli.recheck import worked
from policydsl.diagnostics import PolicyError
from policydsl.domain import Possible, point, whole
from policydsl.engine import load_text
from policydsl.facts import Sheet
from policydsl.kinds import NUMBER, PERCENT, YESNO, Duration, Exact, Kind
from policydsl.operators import OPERATORS, Setting, apply
from policydsl.proof.plain import kind_word
from policydsl.recheck import exact as again
from policydsl.recheck import hull
from policydsl.recheck.document import recheck
from policydsl.sheet import check_ranges

SOME = tries(5)
SETTING, AGAIN = Setting(None, None), again.Setting()


def lasting(text: str) -> Duration:
    value, unit = text.split()
    return Duration(Fraction(value), unit)


# ---------------------------------------------------------------------------------------------- how long
# A month has 28 to 31 days, two 59 to 62 (January and February; July and August), six 181 (February to July, or
# September to February) to 184, a year 365 or 366, four years 1460 (about 1900) or 1461.
@pytest.mark.parametrize(("months", "fewest", "most"), [
    (0, 0, 0), (1, 28, 31), (2, 59, 62), (3, 89, 92), (6, 181, 184), (12, 365, 366), (24, 730, 731), (48, 1460, 1461),
    (4800, 146_097, 146_097), (4801, 146_125, 146_128),
])
def test_the_days_of_months(months: int, fewest: int, most: int) -> None:
    assert days_of(months) == (fewest, most) == again.month_days(months)


@SOME
@given(day=st.dates(date(1600, 1, 1), date(2800, 12, 31)), months=st.integers(0, 5000))
def test_no_months_are_shorter_or_longer(day: date, months: int) -> None:
    fewest, most = days_of(months)
    assert fewest <= (add_months(day, months) - day).days <= most
    assert fewest <= (day - add_months(day, -months)).days <= most


@SOME
@given(day=st.dates(date(2005, 1, 1), date(2022, 1, 1)), count=st.integers(1, 60))
def test_working_days_take_longer_than_they_are_many(day: date, count: int) -> None:
    low, high = span(Duration(Fraction(count), "WD"))
    last, counted = calendar.add_working_days(day, count), Duration(Fraction(count), "WD")
    assert low is not None and high is None
    assert (calendar.last_day_counting_first(day, counted) - day).days >= low
    assert (last - day).days >= low


# ---------------------------------------------------------------------------------------------- which is longer
# < = > known; ? none is; <= or >= known and no more
ORDER = [
    ("180 D", "<", "6 M"), ("181 D", "<=", "6 M"), ("182 D", "?", "6 M"), ("183 D", "?", "6 M"), ("184 D", ">=", "6 M"),
    ("185 D", ">", "6 M"), ("10 D", "<", "6 M"), ("180 D", "<", "2 Y"), ("27 D", "<", "1 M"), ("28 D", "<=", "1 M"),
    ("30 D", "?", "1 M"), ("31 D", ">=", "1 M"), ("32 D", ">", "1 M"), ("4 W", "<=", "1 M"), ("5 W", ">", "1 M"),
    ("365 D", "<=", "1 Y"), ("366 D", ">=", "1 Y"), ("364 D", "<", "4 Q"), ("8760 H", "<=", "1 Y"),
    ("12 M", "=", "1 Y"), ("4 Q", "=", "1 Y"), ("11 M", "<", "1 Y"), ("24 H", "=", "1 D"), ("3 D", ">", "48 H"),
    ("49 H", ">", "2 D"), ("90 MIN", "<", "2 H"), ("146097 D", "=", "400 Y"),
    # half of the shortest month is 14 days, of the longest 15 and a half
    ("13 D", "<", "1/2 M"), ("14 D", "<=", "1/2 M"), ("15 D", "?", "1/2 M"), ("16 D", ">", "1/2 M"),
    # three working days last two days at least, if the first of them counts; how long at most nobody knows
    ("1 D", "<", "3 WD"), ("2 D", "<=", "3 WD"), ("3 D", "?", "3 WD"), ("100 D", "?", "3 WD"), ("30 H", "?", "2 WD"),
    ("1 M", "<", "33 WD"), ("1 M", "?", "20 WD"), ("2 WD", "<", "3 WD"), ("0 D", "<", "1 WD"), ("0 WD", "=", "0 M"),
    ("-1 D", "<", "1 M"), ("-1 D", "<", "1 WD"), ("-32 D", "<", "-1 M"), ("-30 D", "?", "-1 M"), ("-1 WD", "<", "0 D"),
]
HOLDS: dict[str, dict[str, bool | None]] = {
    "<": {"<": True, "<=": True, ">": False, ">=": False, "=": False, "!=": True},
    ">": {"<": False, "<=": False, ">": True, ">=": True, "=": False, "!=": True},
    "=": {"<": False, "<=": True, ">": False, ">=": True, "=": True, "!=": False},
    "<=": {"<": None, "<=": True, ">": False, ">=": None, "=": None, "!=": None},
    ">=": {"<": False, "<=": None, ">": None, ">=": True, "=": None, "!=": None},
    "?": dict.fromkeys(("<", "<=", ">", ">=", "=", "!="), None),
}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "?": "?"}


def length(value: Exact) -> Any:
    return again.Length(value.value, value.unit) if isinstance(value, Duration) else value


def both(op: str, args: Sequence[Exact]) -> Exact:
    """What the engine makes of exact values, and what checks it again; the word for no value."""
    try:
        made: Any = OPERATORS[op].exact(args, [Kind("duration")] * len(args), SETTING)
    except CannotCompute:
        made = "no value"
    try:
        checked = again.OPERATORS[op][1]([length(a) for a in args], (), AGAIN)
    except again.NoValue:
        checked = "no value"
    assert length(made) == checked
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize(("left", "known", "right"), ORDER)
def test_which_lasts_longer(left: str, known: str, right: str) -> None:
    one, two = lasting(left), lasting(right)
    for op, holds in HOLDS[known].items():
        assert both(op, (one, two)) == ("no value" if holds is None else holds), op
    for op, holds in HOLDS[TURNED[known]].items():
        assert both(op, (two, one)) == ("no value" if holds is None else holds), op


lengths = st.builds(
    Duration, st.fractions(-800, 800, max_denominator=2), st.sampled_from(("D", "W", "H", "M", "Q", "Y", "WD")),
)


@SOME
@given(a=lengths, b=lengths, c=lengths)
def test_longer_than_what_is_longer_is_longer(a: Duration, b: Duration, c: Duration) -> None:
    if shorter(a, b, or_equal=True) and shorter(b, c, or_equal=True):
        assert shorter(a, c, or_equal=True)
        assert shorter(a, c) or not (shorter(a, b) or shorter(b, c))


# ---------------------------------------------------------------------------------------------- what comes of them
@pytest.mark.parametrize(("op", "args", "comes_to"), [
    ("+", ("1 Y", "2 M"), "14 M"), ("-", ("36 H", "1 D"), "12 H"), ("+", ("1 W", "2 D"), "9 D"),
    ("+", ("1 M", "1 D"), None),
    ("+", ("0 D", "1 M"), "1 M"), ("-", ("0 D", "1 M"), "-1 M"), ("+", ("2 WD", "0 D"), "2 WD"),
    ("neg", ("3 D",), "-3 D"),
    ("max", ("30 D", "1 M"), None), ("max", ("30 D", "1 M", "1 Y"), "1 Y"), ("min", ("30 D", "10 D", "1 M"), "10 D"),
    ("min", ("28 D", "1 M"), "28 D"), ("clamp", ("1 M", "10 D", "20 D"), "20 D"),
    ("clamp", ("1 M", "30 D", "1 Y"), None),
])
def test_what_comes_of_lengths(op: str, args: tuple[str, ...], comes_to: str | None) -> None:
    assert both(op, [lasting(a) for a in args]) == ("no value" if comes_to is None else lasting(comes_to))


@pytest.mark.parametrize(("top", "bottom", "comes_to"), [
    ("73 D", "365 D", Fraction(1, 5)), ("36 H", "1 D", Fraction(3, 2)), ("6 M", "1 Y", Fraction(1, 2)),
    ("0 D", "1 M", Fraction(0)), ("30 D", "1 M", "no value"), ("2 D", "0 D", "no value"),
    ("2 WD", "4 WD", Fraction(1, 2)),
])
def test_how_often_one_goes_into_another(top: str, bottom: str, comes_to: Exact) -> None:
    assert both("/", (lasting(top), lasting(bottom))) == comes_to


def test_it_is_one_of_several() -> None:
    assert both("in", (lasting("28 D"), lasting("4 W"), lasting("1 M"))) is True
    assert both("in", (lasting("28 D"), lasting("1 M"), lasting("3 W"))) == "no value"
    assert both("in", (lasting("27 D"), lasting("1 M"), lasting("3 W"))) is False


# ---------------------------------------------------------------------------------------------- what may be
UNITS = {None: ("D", "M", "H"), "D": ("D", "W"), "M": ("M", "Y"), "H": ("H", "MIN")}


@st.composite
def known(draw: st.DrawFn, kind: Kind) -> Possible:
    """What is known of a value: one, some, or all between two ends."""
    units = st.sampled_from(UNITS[kind.unit]) if kind.base == "duration" else None
    number = st.fractions(0, 60, max_denominator=2)
    one = st.builds(Duration, number, units) if units is not None else number
    values = draw(st.lists(one, min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        return Possible(tuple(values))
    ends: list[Any] = [None, None]
    for place in (0, 1):
        if draw(st.booleans()):
            ends[place] = draw(one)
    if None not in ends and both("<", ends) is not True:
        ends[1] = None
    return Possible(None, ends[0], draw(st.booleans()) and ends[0] is not None, ends[1])


def opened(p: Possible) -> hull.Open:
    values = None if p.values is None else tuple(map(length, p.values))
    return hull.Open(values, length(p.low), p.low_open, length(p.high), p.high_open, p.none)


ANY, D, M, H = Kind("duration"), Kind("duration", unit="D"), Kind("duration", unit="M"), Kind("duration", unit="H")
LOOSE = ("*", "/", "max", "clamp")  # here the ends of one lie closer than those of the other, of numbers too
ROWS = [
    *((op, YESNO, (a, b)) for op in ("<", "<=", ">", ">=", "=", "!=") for a, b in ((ANY, ANY), (ANY, M), (D, H))),
    *((op, ANY, (a, b)) for op in ("+", "-", "max", "min") for a, b in ((ANY, ANY), (M, ANY))),
    *((op, D, (D, D)) for op in ("+", "-", "max", "min")), ("+", H, (D, H)), ("neg", D, (D,)), ("neg", ANY, (ANY,)),
    ("/", PERCENT, (D, H)), ("/", PERCENT, (ANY, M)), ("/", D, (D, NUMBER)), ("*", D, (D, NUMBER)),
    ("*", M, (NUMBER, M)), ("*", ANY, (ANY, NUMBER)), ("clamp", D, (D, D, D)), ("clamp", ANY, (ANY, M, M)),
]


@pytest.mark.parametrize(("op", "result", "kinds"), ROWS, ids=str)
@SOME
@given(data=st.data())
def test_both_say_the_same_of_what_may_be(op: str, result: Kind, kinds: tuple[Kind, ...], data: st.DataObject) -> None:
    args = [data.draw(known(kind)) for kind in kinds]
    made = apply(op, args, kinds, result, SETTING)
    anything = opened(whole(result))
    checked = hull.apply(op, [*map(opened, args)], [*map(kind_word, kinds)], (), anything, AGAIN)
    there, back = hull.inside(checked, opened(made)), hull.inside(opened(made), checked)
    assert (there or back) if op in LOOSE else there and back, (args, made, checked)


# ---------------------------------------------------------------------------------------------- in a policy
TEXT = """数据
  期：时长，1个月 至 6个月
条件 短：期 ＜ 20天
条件 长：期 ＞ 40天
条件 一年内：期 ＜ 1年
计算 加 ＝ 期 ＋ 1个月
"""


def test_a_range_settles_what_every_calendar_agrees_on() -> None:
    results = verdict(policy(TEXT)).results
    assert results["短"].total.value == point(False)  # a month has 28 days at least
    assert results["一年内"].total.value == point(True)  # six months have 184 at most
    assert results["长"].total.missing == ("期",)
    assert results["加"].total.value.low is None  # of days it would be nothing


@pytest.mark.parametrize(("given_", "fits"), [
    ("30 D", False), ("31 D", True), ("45 D", True), ("181 D", True), ("182 D", False), ("1 M", True), ("1 Y", False),
    ("2 Q", True),
])
def test_a_sheet_is_surely_in_the_range_or_refused(given_: str, fits: bool) -> None:
    sheet = Sheet("P", None, {"期": lasting(given_)})
    found = check_ranges(policy(TEXT).program, [sheet], DAY)
    assert [d.code for d in found] == ([] if fits else ["SHEET150"])


def test_what_cannot_be_told_says_why_and_lacks_nothing() -> None:
    made = policy("数据\n  期：时长\n条件 一月内：期 ≤ 1个月\n条件 二月内：期 ≤ 2个月\n")
    found = verdict(made, {"期": lasting("30 D")}).results
    told = found["一月内"].total
    assert (told.status, told.missing, told.reasons) == ("unknown", (), ("lengths @一月内", "not_computable"))
    assert found["二月内"].total.value == point(True)
    text = proved(made, (Sheet("P", None, {"期": lasting("30 D")}),), DAY, {}, False)
    assert faults(recheck(text, worked)) == []


@pytest.mark.parametrize(("line", "code"), [
    ("条件 甲：相隔天数（起，止） ≤ 2个月", "POL335"), ("条件 甲：1个月 ＜ 30天", "POL335"),
    ("条件 甲：相隔天数（起，止） ≤ 3个工作日", "POL335"), ("计算 甲 ＝ 1个月 ＋ 1天", "POL335"),
    ("计算 甲 ＝ 30天 ÷ 1个月", "POL335"), ("计算 甲 ＝ 起 ＋ 36小时", "POL336"),
    ("计算 甲 ＝ 刻 ＋ 2个工作日", "POL311"),
    ("计算 甲 ＝ 季 ＋ 10天", "POL337"), ("计算 甲 ＝ 季 － 1周", "POL337"), ("计算 甲 ＝ 额 × 30天", "POL302"),
])
def test_what_has_no_sense_is_refused(line: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        policy(f"数据\n  起：日期\n  止：日期\n  刻：时刻\n  季：期间\n  额：金额\n{line}\n")
    assert {d.code for d in refused.value.diagnostics if d.severity == "error"} == {code}


@pytest.mark.parametrize("line", [
    "条件 甲：相隔天数（起，止） ≤ 48小时", "条件 甲：1年 ＞ 11个月", "计算 甲 ＝ 刻 ＋ 1个月", "计算 甲 ＝ 季 ＋ 1年",
    "计算 甲 ＝ 额 × 相隔天数（起，止） ÷ 360天", "计算 甲 ＝ 额 ÷ 30天 × 相隔天数（起，止）",
    "计算 甲 ＝ 1天 ＋ 12小时",
])
def test_what_has_sense_is_taken(line: str) -> None:
    policy(f"数据\n  起：日期\n  止：日期\n  刻：时刻\n  季：期间\n  额：金额\n{line}\n")


def test_an_instant_keeps_its_time() -> None:
    made = policy("数据\n  刻：时刻\n计算 七天 ＝ 刻 ＋ 7天\n计算 一月 ＝ 刻 － 1个月\n")
    found = verdict(made, {"刻": datetime(2024, 3, 31, 9, 30)}).results
    assert found["七天"].total.value == point(datetime(2024, 4, 7, 9, 30))
    assert found["一月"].total.value == point(datetime(2024, 2, 29, 9, 30))


def test_an_amount_by_days_has_bounds_where_a_day_is_open() -> None:
    """From 1 August: 0 to 73 days of 365, of 36 500 yuan: 0 to 7 300."""
    made = policy(
        "数据\n  止：日期，2024年8月1日 至 2024年10月13日\n"
        "计算 应计 ＝ 36500元 × 相隔天数（2024年8月1日，止） ÷ 365天\n"
    )
    found = verdict(made).results["应计"].total.value
    assert (found.low, found.high) == (Fraction(0), Fraction(7300))


def bands(*rows: str) -> str:
    table = "".join(f"  | {row} | {i}元 |\n" for i, row in enumerate(rows))
    return f"数据\n  期：时长，≥ 0天\n分档 奖\n  | 期 | 得 |\n{table}"


def test_bands_of_days_and_months_are_not_proved() -> None:
    made = policy(bands("＜ 30天", "30天 至 6个月", "＞ 6个月"))
    assert [d.code for d in made.diagnostics] == ["POL427"]
    assert not policy(bands("＜ 36小时", "36小时 至 3天", "＞ 3天")).diagnostics
    with pytest.raises(PolicyError) as gap:
        policy(bands("＜ 36小时", "＞ 2天"))
    assert [d.args["missing"] for d in gap.value.diagnostics] == ["36小时≤期≤48小时"]


# ---------------------------------------------------------------------------------------------- in a table
COLUMNS = """参数
  门 ＝ 10万元
数据
  额：金额
  档：选项（一季度、二季度、半年）
表 门槛
  | 档 | 要 | 多 |
  | 一季度 | 门 | 10万元 |
  | 二季度 | 20万元 | 不限 |
  | 半年 | 30万元 | 门 |
条件 够：额 ≥ 门槛（档）的 要
条件 不多：额 ≤ 门槛（档）的 多
"""


@pytest.mark.parametrize(("part", "amount", "enough", "few"), [
    ("一季度", 100_000, True, True), ("一季度", 99_999, False, True), ("二季度", 150_000, False, True),
    ("二季度", 900_000, True, True), ("半年", 100_001, False, False), ("半年", 300_000, True, False),
])
def test_a_parameter_and_no_limit_keep_the_kind_of_a_column(part: str, amount: int, enough: bool, few: bool) -> None:
    """And an option that could be a length of time is the option where it is a key."""
    found = verdict(policy(COLUMNS), {"档": part, "额": Fraction(amount)}).results
    assert (found["够"].total.value, found["不多"].total.value) == (point(enough), point(few))


QUARTERS = "表 目标\n  | 季 | 额 |\n  | 一季度 | 10万元 |\n  | 二季度 | 20万元 |\n"


def test_a_quarter_of_the_year_is_no_length_of_time() -> None:
    """As 3月 is March and 3个月 are three months, 三季度 is the third quarter and 三个季度 are nine months."""
    found = verdict(policy(f"数据\n  季：文本\n{QUARTERS}计算 额 ＝ 目标（季）的 额\n"), {"季": "二季度"}).results
    assert found["额"].total.value == point(Fraction(200_000))
    long = verdict(policy("数据\n  长：时长\n条件 够：长 ≥ 三个季度\n"), {"长": Duration(Fraction(9), "M")}).results
    assert long["够"].total.value == point(True)
    with pytest.raises(PolicyError):
        policy("数据\n  长：时长\n条件 够：长 ≥ 三季度\n")


def test_the_quarter_of_a_year_is_not_found_by_its_number_alone() -> None:
    with pytest.raises(PolicyError) as refused:
        policy(f"数据\n  季：期间\n{QUARTERS}计算 额 ＝ 目标（季）的 额\n")
    (told,) = refused.value.diagnostics
    assert told.code == "POL309" and "slot_quarter" in str(told)


TERMS = "数据\n  期：时长\n表 保修\n  | 期限 | 费 |\n  | 1年 | 10元 |\n  | 24个月 | 20元 |\n  | 90天 | 5元 |\n"


@pytest.mark.parametrize(("lasting", "fee"), [
    (Duration(Fraction(12), "M"), 10), (Duration(Fraction(2), "Y"), 20), (Duration(Fraction(2160), "H"), 5),
])
def test_a_table_is_asked_by_how_long_it_lasts(lasting: Duration, fee: int) -> None:
    found = verdict(policy(f"{TERMS}计算 价 ＝ 保修（期）的 费\n"), {"期": lasting}).results
    assert found["价"].total.value == point(Fraction(fee))


def test_rows_of_lengths_go_by_the_words_of_the_author() -> None:
    made = policy(f"{TERMS}计算 最高价 ＝ 最大（费，逐条 保修）\n计算 价 ＝ 保修（期）的 费\n")
    found = verdict(made, {"期": Duration(Fraction(1), "Y")})
    assert "1年 10元、24个月 20元、90天 5元" in to_text(found) and "Duration" not in to_text(found)


def test_two_rows_of_one_length_are_one() -> None:
    with pytest.raises(PolicyError) as refused:
        policy(TERMS.replace("24个月", "12个月") + "计算 价 ＝ 保修（期）的 费\n")
    assert [d.code for d in refused.value.diagnostics] == ["POL412"]


MOVED = "数据\n  日：日期\n  刻：时刻\n  季：期间\n计算 后 ＝ {}\n"


@pytest.mark.parametrize(("sum_", "code"), [
    ("1小时 ＋ 日", "POL336"), ("日 ＋ 1小时", "POL336"), ("10天 ＋ 季", "POL337"), ("季 ＋ 10天", "POL337"),
    ("3个工作日 ＋ 刻", "POL311"), ("刻 ＋ 3个工作日", "POL311"), ("1小时 － 刻", "POL302"),
])
def test_a_day_and_a_length_add_up_in_either_order(sum_: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        policy(MOVED.format(sum_))
    assert [d.code for d in refused.value.diagnostics if d.severity == "error"] == [code]


def test_a_length_may_stand_first() -> None:
    facts: dict[str, Exact] = {"日": date(2024, 1, 31)}
    for sum_ in ("1个月 ＋ 日", "日 ＋ 1个月"):
        assert verdict(policy(MOVED.format(sum_)), facts).results["后"].total.value == point(date(2024, 2, 29))


# ---------------------------------------------------------------------------------------------- how many of a unit
@pytest.mark.parametrize(("text", "kind"), [
    ("里程 ÷ 1公里", NUMBER), ("里程 ÷ 100公里", PERCENT), ("里程 ÷ 里程", PERCENT),
    ("业绩 ÷ 1元", NUMBER), ("业绩 ÷ 1万元", PERCENT), ("得分 ÷ 1分", NUMBER),
])
def test_what_is_divided_by_one_of_its_unit_is_a_plain_number(text: str, kind: Kind) -> None:
    facts = "数据\n  里程：数量（公里）\n  业绩：金额\n  得分：分数\n\n"
    made = policy(f"{facts}计算 比 ＝ {text}\n")
    assert next(d.term.kind for d in made.program.terms.values() if d.name.rule == "比") == kind


def test_the_grounds_print_it_as_one() -> None:
    """450 km of 1 km are 450, and 4.50 at 0.01 a kilometre."""
    zh = "数据\n  里程：数量（公里）\n\n计算 税 ＝ 0.01元 × （里程 ÷ 1公里）\n"
    en = "data\n  distance: count (km)\n\ncompute tax = CNY 0.01 * (distance / 1 km)\n"
    for text, fact, name in ((zh, "里程", "税"), (en, "distance", "tax")):
        head = "政策 试\n  编号：T\n" if fact == "里程" else "policy trial\n  id: T\n"
        found = verdict(load_text(head + text), {fact: Fraction(450)})
        assert found.results[name].total.value.value == Fraction("4.5")
        assert "45,000%" not in to_text(found) and "45000%" not in to_text(found)
