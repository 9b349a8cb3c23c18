"""统计期: which periods there are, what lies in each, what each pays, and what is said while something is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pytest
from engine_support import allows, policy, verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from tries import tries

from policydsl import loads, to_json, to_text
from policydsl.calendar import make_period, periods
from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.explain import explain
from policydsl.explain.text import explanation_text
from policydsl.facts import Record, Sheet
from policydsl.format import formatted
from policydsl.kinds import Duration, Exact
from policydsl.recheck.document import recheck
from policydsl.testing import run_examples
from policydsl.verdict import Judged, Verdict

Rows = Sequence[Mapping[str, Exact]]
ENDS = date(2024, 12, 31)
# Days at and beside the ends of quarters, one before the policy and one after the evaluation date.
DAYS = (
    date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 30), date(2024, 7, 1),
    date(2024, 9, 30), date(2024, 10, 1), date(2024, 12, 31), date(2025, 1, 1),
)
POLICY = """政策 季度
  编号：Q
  生效：自 2024年1月1日 起
  财年起始：7月1日

台账 订单，默认 无
  号：文本
  额：金额，0元 至 100元
  下单日：日期，选填

计算 季销 ＝ 合计（额，逐条 订单）
  统计期：每季度，按 下单日

计算 二季 ＝ 合计（额，逐条 订单，其中 下单日 在 2024年第2季度 内）

计算 一查 ＝ 季销（2024年第2季度）

计算 季单 ＝ 条数（订单）
  统计期：每季度，按 下单日

奖励 季奖
  统计期：每季度，按 下单日
  若：季销（本期） ≥ 30元
  金额：季销（本期） × 10%
  上限：12元
  上限：每年 20元

奖励 财奖
  统计期：每季度，按 下单日
  金额：季销（本期） × 10%
  上限：每财年 15元

处罚 少罚
  统计期：每季度，按 下单日
  若：季销（本期） ＜ 30元
  金额：1元

条件 够奖：季奖 ≥ 15元
"""
MADE = load_text(POLICY, "季度.pol")


def told(rows: Rows, as_of: date = ENDS, proof: bool = False) -> Verdict:
    ledger = tuple(Record(str(row["号"]), dict(row)) for row in rows)
    return MADE.judge([Sheet("P", None, {}, {"订单": ledger})], as_of, proof=proof)[0]


def items(verdict: Verdict, name: str) -> dict[str, Judged]:
    return {str(item.record): item for item in verdict.results[name].items or ()}


def quarter(day: date) -> int:
    return (day.month - 1) // 3


def orders(*said: tuple[int, date | None]) -> list[dict[str, Exact]]:
    return [{"号": str(i), "额": Fraction(much), "下单日": day} for i, (much, day) in enumerate(said)]


ORDERS = st.lists(st.tuples(st.integers(0, 100), st.sampled_from((*DAYS, None))), max_size=6)


# ---------------------------------------------------------------------------------------------- which periods there are
def spans(unit: str, many: int, **more: object) -> list[tuple[str, str]]:
    found = periods(Duration(Fraction(many), unit), **{  # type: ignore[arg-type]
        "start": None, "since": None, "until": None, "today": date(2024, 12, 31), **more,
    })
    return [(str(first), str(last)) for first, last, *_ in found]


def test_calendar_quarters_begin_with_the_one_of_the_first_day() -> None:
    assert spans("Q", 1, since=date(2024, 5, 20)) == [
        ("2024-04-01", "2024-06-30"), ("2024-07-01", "2024-09-30"), ("2024-10-01", "2024-12-31"),
    ]


def test_broken_periods_end_where_the_stretch_does() -> None:
    ends = {"since": date(2024, 5, 20), "until": date(2024, 10, 1), "clipped": True}
    assert spans("Q", 1, **ends) == [
        ("2024-05-20", "2024-06-30"), ("2024-07-01", "2024-09-30"), ("2024-10-01", "2024-10-01"),
    ]
    assert spans("Q", 1, **{**ends, "until": date(2024, 5, 19)}) == []


def test_periods_before_the_first_are_there_to_be_looked_up() -> None:
    (before, *_) = periods(Duration(Fraction(1), "Q"), None, date(2024, 1, 1), None, date(2024, 2, 1), back=1)
    assert before == (
        date(2023, 10, 1), date(2023, 12, 31), date(2023, 10, 1), date(2023, 7, 1), date(2022, 10, 1),
    )


def test_months_from_the_31st_go_by_their_origin() -> None:
    found = periods(Duration(Fraction(1), "M"), date(2024, 1, 31), None, None, date(2024, 4, 1))
    assert [first for first, *_ in found] == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]
    assert [before for *_, before, _ in found] == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]


def test_weeks_have_no_period_a_year_before() -> None:
    assert {ago for *_, ago in periods(Duration(Fraction(2), "W"), date(2024, 1, 1), None, None, ENDS)} == {None}


FISCAL = """政策 财季
  编号：F
  生效：自 2024年12月10日 起
  财年起始：11月1日
台账 单，默认 无
  额：金额
  日子：日期
计算 季销 ＝ 合计（额，逐条 单）
  统计期：每财季，按 日子
计算 年销 ＝ 合计（额，逐条 单）
  统计期：每财年，按 日子
"""


def test_fiscal_quarters_are_those_of_the_fiscal_year() -> None:
    made = load_text(FISCAL, "财季.pol")
    found = made.judge([Sheet("P", None, {}, {})], date(2025, 2, 1))[0]
    assert list(items(found, "季销")) == ["2024-11-01", "2025-02-01"]
    assert list(items(found, "年销")) == ["2024-11-01"]


def test_fiscal_quarters_begin_with_the_one_in_which_the_policy_takes_effect() -> None:
    made = load_text(FISCAL.replace("2024年12月10日", "2025年5月1日"), "财季.pol")
    found = made.judge([Sheet("P", None, {}, {})], date(2025, 8, 1))[0]
    assert list(items(found, "季销")) == ["2025-05-01", "2025-08-01"]


# ---------------------------------------------------------------------------------------------- what each pays
def by_hand(rows: Rows, as_of: date) -> tuple[list[Fraction], list[Fraction], list[Fraction]]:
    """The sales of each quarter of 2024, and what its two rewards pay, one quarter after the other."""
    sales, own, fiscal = [Fraction(0)] * 4, list[Fraction](), list[Fraction]()
    for row in rows:
        day = row["下单日"]
        if isinstance(day, date) and day.year == 2024:
            sales[quarter(day)] += row["额"]  # type: ignore[operator]
    left = [Fraction(20), Fraction(15), Fraction(15)]  # of the year; of the fiscal year up to June, and from July on
    for i, much in enumerate(sales):
        paid = min(much / 10 if much >= 30 else Fraction(0), Fraction(12), left[0])
        half = min(much / 10, left[1 + i // 2])
        left[0], left[1 + i // 2] = left[0] - paid, left[1 + i // 2] - half
        own.append(paid)
        fiscal.append(half)
    return sales, own, fiscal


@given(said=ORDERS)
@settings(tries(20))
def test_each_quarter_pays_what_one_works_out_quarter_by_quarter(said: list[tuple[int, date | None]]) -> None:
    rows = orders(*said)
    sales, own, fiscal = by_hand(rows, ENDS)
    found = told(rows)
    for name, right in (("季销", sales), ("季奖", own), ("财奖", fiscal)):
        assert [item.value.value for item in items(found, name).values()] == right
        assert found.results[name].total.value.value == sum(right)  # the periods add up to the whole
    assert [item.value.value for item in items(found, "少罚").values()] == [int(much < 30) for much in sales]
    assert found.results["二季"].total.value == found.results["一查"].total.value  # X（P） is the clause of P alone
    last = [row for row in rows if isinstance(d := row["下单日"], date) and d.year == 2024 and quarter(d) == 3]
    assert found.results["季单"].total.value.value == len(last)  # of a count the last quarter that is over


def test_a_running_quarter_pays_nothing_yet() -> None:
    found = told(orders((100, date(2024, 1, 1)), (100, date(2024, 4, 1))), date(2024, 6, 29))
    first, second = items(found, "季奖").values()
    assert (first.value.value, first.state and first.state.value) == (10, "yes")
    assert (second.value.value, second.state and second.state.value) == (0, "pending")
    assert {part.name: part.value.value for part in second.parts} == {"so_far": 10, "uncut": 10, "room": 0}
    assert found.results["季奖"].total.value.value == 10
    assert found.results["季单"].total.value.value == 1


# ---------------------------------------------------------------------------------------------- what is not known
@given(
    said=ORDERS.filter(bool), which=st.integers(0, 5), day=st.sampled_from(DAYS), gap=st.sampled_from(("额", "下单日"))
)
@settings(tries(8))
def test_nothing_that_is_said_is_contradicted_when_more_is_known(
    said: list[tuple[int, date | None]], which: int, day: date, gap: str
) -> None:
    """One date or one amount is missing: whatever it is, what comes out was among what was said."""
    rows = orders(*said)
    place = which % len(rows)
    less = [{k: v for k, v in row.items() if (i, k) != (place, gap)} for i, row in enumerate(rows)]
    open_ = told(less, day)
    ways: Sequence[Exact] = (*DAYS, None) if gap == "下单日" else tuple(map(Fraction, (0, 29, 30, 55, 100)))
    for way in ways:
        full = told([{**row, gap: way} if i == place else row for i, row in enumerate(rows)], day)
        for name, result in full.results.items():
            said_ = open_.results[name]
            pairs = [(said_.total, result.total), *zip(said_.items or (), result.items or (), strict=True)]
            for before, after in pairs:
                if not after.value.known:  # a quarter that has not begun
                    continue
                assert allows(before.value, after.value.value), (name, way, before.value, after.value)
                if before.status == "known":
                    assert before.value == after.value
                for one, other in ((before.holds, after.holds), (before.state, after.state)):
                    assert one is None or other is None or allows(one, other.value)
                for one_, other_ in zip(before.parts, after.parts, strict=True):
                    assert allows(one_.value, other_.value.value), (name, one_.name, way)


@pytest.mark.parametrize("rows", [
    orders((50, date(2024, 2, 1)), (100, date(2024, 5, 1))),
    [{"号": "1", "额": Fraction(40)}, {"号": "2", "下单日": date(2024, 4, 1)}],
])
def test_the_proof_holds(rows: Rows) -> None:
    assert recheck(to_json(told(rows, date(2024, 8, 1), proof=True))).faults == []


def test_a_stretch_whose_ends_are_missing_has_periods_nobody_knows() -> None:
    made = policy(
        "数据\n  甲：日期\n  乙：日期\n台账 单，默认 无\n  额：金额\n  日子：日期\n"
        "奖励 奖\n  统计期：每季度，在 甲 至 乙 内，按 日子\n  金额：合计（额，逐条 单）\n"
    )
    found = verdict(made, {"乙": date(2024, 5, 1)}).results["奖"].total
    assert (found.status, found.missing) == ("unknown", ("甲",))
    ends = {"甲": date(2024, 2, 1), "乙": date(2024, 5, 1)}
    known = verdict(made, ends, {"单": [{"额": Fraction(5), "日子": date(2024, 5, 1)}]})
    assert [str(item.record) for item in known.results["奖"].items or ()] == ["2024-02-01", "2024-04-01"]
    assert known.results["奖"].total.value.value == 5


# ---------------------------------------------------------------------------------------------- what is refused
LEDGER = "台账 单\n  额：金额\n  日子：日期\n计算 月销 ＝ 合计（额，逐条 单）\n  统计期：每月，按 日子\n"
HEADED = "政策 试\n  编号：T\n  生效：自 2024年1月1日 起\n  财年起始：2月1日\n"


@pytest.mark.parametrize(("text", "code"), [
    ("计算 季 ＝ 月销（本期）\n  统计期：每季度，按 日子\n", "POL473"),
    ("计算 周 ＝ 周销（上年同期）\n  统计期：每周，按 日子\n"
     "计算 周销 ＝ 合计（额，逐条 单）\n  统计期：每周，按 日子\n", "POL473"),
    ("计算 周 ＝ 本期\n  统计期：每周，按 日子\n", "POL473"),
    ("条件 在：月销（本期） ＞ 1元\n", "POL472"),
    ("计算 天 ＝ 合计（额，逐条 单，不分期）\n", "POL472"),
    ("奖励 奖\n  统计期：每季度，按 日子\n  金额：1元\n  上限：每财年 5元\n", "POL475"),  # quarters do not fill it
    ("奖励 奖\n  统计期：每月，按 日子\n  金额：1元\n  上限：每财年 5元\n  上限：每年 5元\n", "POL475"),
    ("奖励 奖\n  统计期：每月，按 日子\n  逐条：单\n  金额：1元\n", "POL401"),
    ("奖励 奖\n  统计期：每月，按 日子\n  金额：1元\n  名额：前 2个，按 额 由高到低\n", "POL205"),
    ("奖励 奖\n  金额：1元\n  上限：每年 5元\n", "POL475"),
    ("计算 差 ＝ 差（上期） ＋ 月销（本期）\n  统计期：每月，按 日子\n", "POL516"),
])
def test_what_has_no_one_meaning_is_refused(text: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(HEADED + LEDGER + text, "t.pol")
    assert code in {d.code for d in refused.value.diagnostics if d.severity == "error"}


def test_a_period_of_a_fact_is_looked_up_only_if_it_is_such_a_period() -> None:
    text = HEADED + "数据\n  期：期间\n" + LEDGER.replace("每月", "每季度") + "计算 查 ＝ 月销（期）\n"
    made = load_text(text, "t.pol")
    ledger = {"单": [{"额": Fraction(7), "日子": date(2024, 3, 31)}]}
    for grain, right in (("quarter", 7), ("month", None)):
        found = verdict(made, {"期": make_period(grain, 2024, 1, None)}, ledger).results["查"].total
        assert (found.value.value if found.value.known else None) == right


def test_a_period_that_has_not_begun_is_told_as_such() -> None:
    made = load_text(HEADED + LEDGER.replace("每月", "每季度") + "计算 查 ＝ 月销（2025年第1季度）\n", "t.pol")
    shown = to_text(verdict(made, lists={"单": []}), "zh")
    assert "没有这一期（月销[2025-01-01]）" in "".join(shown.split())


def test_a_column_may_be_called_like_a_period() -> None:
    table = "表 任务\n  | 季度 | 任务额 |\n  | 2024年第1季度 | 5元 |\n"
    clause = "计算 差 ＝ 合计（额，逐条 单） － 任务（本期）\n  统计期：每季度，按 日子\n"
    made = load_text(HEADED + LEDGER + table + clause, "t.pol")
    found = verdict(made, lists={"单": [{"额": Fraction(7), "日子": date(2024, 3, 31)}]}, as_of=date(2024, 3, 31))
    assert found.results["差"].total.value.value == 2


TOLD = """政策 一期一个名称
  编号：T
  生效：自 2024年1月1日 起
台账 单
  额：金额
  日子：日期
计算 季销 ＝ 合计（额，逐条 单）
  统计期：每季度，按 日子
计算 月销 ＝ 合计（额，逐条 单）
  统计期：每月，按 日子
奖励 季返
  统计期：每季度，按 日子
  金额：季销（本期） × 1%
"""


def test_a_period_is_told_by_its_name() -> None:
    """2 April lies in the second quarter, and in April; the JSON keeps the first day beside it."""
    rows = [{"额": "100元", "日子": "2024-02-01"}, {"额": "300元", "日子": "2024-04-02"}]
    verdict = loads(TOLD).evaluate({"单": rows}, as_of="2024-06-30", proof=True)
    text = to_text(verdict)
    assert "2024年第1季度" in text and "2024年第2季度" in text and "2024年4月" in text
    assert "2024-04-01" not in text and "2024-01-01" not in text
    told = json.loads(to_json(verdict))["results"]
    assert [(one["key"], one["period"]) for one in told["季返"]["items"]] == [
        ("2024-01-01", "2024年第1季度"), ("2024-04-01", "2024年第2季度"),
    ]
    assert [one["period"] for one in told["月销"]["items"]][3] == "2024年4月"
    assert recheck(to_json(verdict)).holds
    assert "2024Q2" in to_text(verdict, lang="en")


ROWS = """
示例 两季
  评估日：2024年6月30日
  已知 单：
  | 额    | 日子      |
  | 100元 | 2024-02-01 |
  | 300元 | 2024-04-02 |
  应得 季返：
  | 期            | 季返  |
  | 2024年第1季度 | {first} |
  | {second}      | 3元   |
"""


@pytest.mark.parametrize(("first", "second", "wrong"), [
    ("1元", "2024年第2季度", []), ("2元", "2024年第2季度", ["季返[2024年第1季度].季返"]),
    ("1元", "2024年第3季度", ["季返[2024年第3季度]"]), ("1元", "2024年", ["季返[2024年]"]),
])
def test_an_example_has_a_row_for_each_period(first: str, second: str, wrong: list[str]) -> None:
    """1% of 100 and of 300; the third quarter has not begun, and a year is no quarter."""
    (report,) = run_examples(load_text(TOLD + ROWS.format(first=first, second=second)))
    assert [failure.name for failure in report.failures] == wrong


@pytest.mark.parametrize(("head", "second", "passed"), [
    ("季销（本期）", "300元", True), ("季销", "300元", True), ("季销（本期）", "301元", False),
])
def test_a_row_of_a_period_also_has_what_else_there_is_of_it(head: str, second: str, passed: bool) -> None:
    """In the other language, too, where the head stays."""
    text = TOLD + ROWS.format(first="1元", second="2024年第2季度").replace("| 季返  |", f"| 季返 | {head} |").replace(
        "| 1元 |", "| 1元 | 100元 |").replace("| 3元   |", f"| 3元 | {second} |")
    for each in (text, formatted(text, to="en")):
        (report,) = run_examples(load_text(each))
        assert report.passed is passed


def test_only_periods_have_a_value_of_this_period() -> None:
    orders = "  应得 单：\n  | 额 | 季返（本期） |\n  | 100元 | 1元 |\n"
    text = TOLD + ROWS.format(first="1元", second="2024年第2季度") + orders
    with pytest.raises(PolicyError) as error:
        load_text(text)
    assert [p.code for p in error.value.diagnostics if p.severity == "error"] == ["POL507"]


SHORTER = """政策 月和季
  编号：T
  生效：自 2024年1月1日 起
台账 流水，默认 无
  号：文本
  额：金额
  日：日期
奖励 月返
  统计期：每月，按 日
  金额：合计（额，逐条 流水） × 10%
奖励 季结
  统计期：每季度，按 日
  金额：合计（额，逐条 流水） × 15%
  冲减：合计（月返，本期 内）
计算 季销 ＝ 合计（额，逐条 流水）
  统计期：每季度，按 日
计算 同比 ＝ 季销（本期） － 季销（上年同期）
  统计期：每季度，按 日
"""


@pytest.mark.parametrize("only", [{"季结"}, {"同比"}, None])
def test_a_period_in_a_working_has_the_name_of_its_own_length(only: set[str] | None) -> None:
    """1 January begins a month, a quarter and a year; the quarter a year before is no item of anything."""
    program = load_text(SHORTER).program
    row = Record("1", {"号": "1", "额": Fraction(100), "日": date(2024, 1, 5)})
    made = explain(program, [Sheet("P", None, {}, {"流水": (row,)})], date(2024, 4, 1), only=only)
    told = explanation_text(made, "zh")
    assert "2024-0" not in told and "2023-0" not in told
    if only == {"季结"}:
        assert "合计（月返，本期 内）" in told and "2024年1月 10元" in told
    if only == {"同比"}:
        assert "2024年第1季度 100元" in told and "2023年第1季度 0元" in told
