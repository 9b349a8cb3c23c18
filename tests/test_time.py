"""One rule for time: a date is the end of its day, and what lies after the evaluation date has not happened yet."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from both_evaluators import World, disagreements, exactly, possibly
from engine_support import policy, verdict
from shipped import shipped

import policydsl
from policydsl import to_json, to_text
from policydsl.calendar import END, instant
from policydsl.diagnostics import SheetError
from policydsl.domain import ahead
from policydsl.engine import Policy
from policydsl.facts import Sheet
from policydsl.kinds import DATED, Duration, Exact
from policydsl.proof.results import proved_json
from policydsl.recheck.document import recheck
from policydsl.sheet import read_sheets, template
from policydsl.sheet.values import read_moment
from policydsl.testing.values import written

DUE = """数据
  截止时刻：时刻
  办结时刻：时刻，选填
  办结日：日期，选填
期限 按时刻
  截止：截止时刻
  完成：办结时刻
期限 按日
  截止：截止时刻
  完成：办结日
条件 截止已过：评估日 晚于 截止时刻
条件 截止在前：截止时刻 早于 评估日
条件 早于那天：截止时刻 早于 2024年10月4日
条件 不晚于那天：截止时刻 不晚于 2024年10月4日
"""
NINE = datetime(2024, 10, 4, 9)


@pytest.mark.parametrize(("done", "day", "as_of", "states"), [
    # One second late, judged as of that day: the day is over, so is the time limit.
    (datetime(2024, 10, 4, 9, 0, 1), date(2024, 10, 4), date(2024, 10, 4), ("late", "late")),
    (NINE, date(2024, 10, 3), date(2024, 10, 4), ("met", "met")),
    # As of an instant before the limit nothing is late yet.
    (None, None, datetime(2024, 10, 4, 8, 59, 59), ("running", "running")),
    (None, None, NINE, ("running", "running")),
    (None, None, datetime(2024, 10, 4, 9, 0, 1), ("late", "late")),
    (None, None, date(2024, 10, 3), ("running", "running")),
    (None, None, date(2024, 10, 4), ("late", "late")),
])
def test_a_date_is_the_end_of_its_day(
    done: datetime | None, day: date | None, as_of: date, states: tuple[str, str]
) -> None:
    found = verdict(policy(DUE), {"截止时刻": NINE, "办结时刻": done, "办结日": day}, as_of=as_of).results
    assert tuple(found[name].total.state.value for name in ("按时刻", "按日")) == states  # type: ignore[union-attr]


def test_an_instant_is_neither_before_nor_after_the_day_it_lies_in() -> None:
    found = verdict(policy(DUE), {"截止时刻": NINE}, as_of=date(2024, 10, 4)).results
    assert {name: one.total.value.value for name, one in found.items() if one.total.state is None} == {
        "截止已过": True, "截止在前": True, "早于那天": False, "不晚于那天": True,
    }


@pytest.mark.parametrize(("due", "done", "state"), [
    ((date(2024, 10, 4), 24, 0, 0), (date(2024, 10, 4), 23, 59, 59), "met"),
    ((date(2024, 10, 4), 24, 0, 0), (date(2024, 10, 5), 0, 0, 0), "met"),  # the same instant
    ((date(2024, 10, 4), 24, 0, 0), (date(2024, 10, 5), 0, 0, 1), "late"),
    ((date(2024, 10, 4), 23, 59, 59), (date(2024, 10, 4), 24, 0, 0), "late"),
])
def test_24_00_is_the_end_of_the_day(
    due: tuple[date, int, int, int], done: tuple[date, int, int, int], state: str
) -> None:
    facts = {"截止时刻": instant(*due), "办结时刻": instant(*done)}
    (made,) = [verdict(policy(DUE), facts, as_of=date(2024, 10, 9)).results["按时刻"].total.state]
    assert made is not None and made.value == state


def test_24_00_is_written_as_such() -> None:
    end = datetime.combine(date(2024, 10, 4), END)
    found = verdict(policy(DUE), {"截止时刻": end, "办结时刻": None, "办结日": None}, as_of=date(2024, 10, 4))
    assert "截止 2024年10月4日 24:00" in to_text(found)
    assert '"2024-10-04T24:00:00"' in to_json(found)
    assert written(end, "") == "2024-10-04 24:00:00" and read_moment("2024-10-04 24:00:00") == end  # test --update


@pytest.mark.parametrize(("as_of", "states"), [
    # Never, or after the last day: which of them is not known, and either way it is late.
    (date(2024, 6, 11), ("late",)),
    (date(2024, 6, 10), ("running",)),
])
def test_late_or_never_is_late(as_of: date, states: tuple[str, ...]) -> None:
    made = policy("""数据
  到岗日：日期，选填，不早于 2024年6月11日
期限 到岗
  截止：2024年6月10日
  完成：到岗日
条件 迟了：到岗 已逾期
""")
    found = verdict(made, {}, as_of=as_of).results
    state = found["到岗"].total.state
    assert state is not None and state.values == states
    assert found["迟了"].total.value.values == (states == ("late",),)


# ---------------------------------------------------------------------------------------------- what is yet to come
WINS = """数据
  通知日：日期，选填，不晚于 评估日
  回复日：日期，选填
  到期日：日期，选填
台账 赢单
  主键：单号
  发生于：赢单日
  单号：文本
  赢单日：日期，选填
  金额：金额，≥ 0元
  验收日：日期，选填，不晚于 评估日
期限 回复
  起算：通知日
  时长：10天
  完成：回复日
计算 总额 ＝ 合计（金额，逐条 赢单）
计算 六月末总额 ＝ 总额 于 2024年6月30日
计算 单号数 ＝ 条数（赢单）
计算 丙额 ＝ 赢单（“丙”）的 金额
条件 有效：到期日 不早于 评估日
奖励 赢单奖
  逐条：赢单
  若：验收日 已填
  金额：100元
"""
SHEET = """名称: 甲
通知日: 2024-06-01
回复日: 2024-06-11
到期日: 2025-01-01
赢单:
  - {单号: 甲, 赢单日: 2024-06-01, 金额: 100元, 验收日: 2024-07-01}
  - {单号: 乙, 赢单日: 2024-06-20, 金额: 10元, 验收日: 2024-06-25}
  - {单号: 丙, 赢单日: 2024-07-20, 金额: 1元, 验收日: 2024-07-25}
"""


# The ten days from 1 June end on the 11th, the day of the reply. Wins are there from their day, and are paid from the
# day of their acceptance.
@pytest.mark.parametrize(("as_of", "state", "total", "reward", "aside"), [
    (date(2024, 5, 31), "waiting", 0, 0, ["通知日", "回复日", "赢单[甲]", "赢单[乙]", "赢单[丙]"]),
    (date(2024, 6, 10), "running", 100, 0, ["回复日", "赢单[甲].验收日", "赢单[乙]", "赢单[丙]"]),
    (date(2024, 6, 11), "met", 100, 0, ["赢单[甲].验收日", "赢单[乙]", "赢单[丙]"]),
    (date(2024, 6, 30), "met", 110, 100, ["赢单[甲].验收日", "赢单[丙]"]),
    (date(2024, 7, 20), "met", 111, 200, ["赢单[丙].验收日"]),
    (date(2024, 7, 25), "met", 111, 300, []),
])
def test_one_sheet_is_judged_on_any_day(as_of: date, state: str, total: int, reward: int, aside: list[str]) -> None:
    made = policydsl.loads(f"政策 试\n  编号：T\n{WINS}", "t.pol")
    (sheet,) = read_sheets(SHEET, "a.yaml", made._policy.program, as_of=as_of)
    found = made.evaluate(sheet, as_of=as_of, proof=True)
    states = found.results["回复"].total.state
    assert states is not None and states.value == state
    assert found.results["总额"].total.value.value == total
    assert found.results["六月末总额"].total.value.value == (100 if total == 0 else 110) + (10 if total == 0 else 0)
    assert found.results["赢单奖"].total.value.value == reward
    assert found.results["有效"].total.value.yes  # an expiry is a plan, whatever the day
    assert found.results["丙额"].total.value.known == (total == 111)
    assert [one.name for one in found.aside] == aside
    told = json.loads(to_json(found))
    assert [one["name"] for one in told.get("set_aside", [])] == aside
    assert all(name in to_text(found).replace("\n          ", "") for name in aside)
    assert recheck(to_json(found)).faults == []


def test_what_was_set_aside_is_checked_again() -> None:
    made = policydsl.loads(f"政策 试\n  编号：T\n{WINS}", "t.pol")
    text = to_json(made.evaluate({"通知日": "2024-06-20", "赢单": []}, as_of="2024-06-10", proof=True))
    assert recheck(text).faults == []
    assert recheck(text.replace('{"d": "2024-06-20"}', '{"d": "2024-06-02"}')).faults
    assert "header" in {f.what for f in recheck(text.replace('"date": "2024-06-20"', '"date": "2024-06-02"')).faults}


# Ten days from 1 June are 11 June, whether that is told, reckoned or supposed.
@pytest.mark.parametrize("source", [
    "，＝ 开始日 ＋ 10天", "，默认 2024年6月11日", "，不晚于 评估日，＝ 开始日 ＋ 10天",
])
@pytest.mark.parametrize("told", ["", "办结日: 2024-06-11\n"])
@pytest.mark.parametrize(("as_of", "state", "done"), [
    (date(2024, 6, 10), "running", None), (date(2024, 6, 11), "met", date(2024, 6, 11)),
    (date(2024, 8, 1), "met", date(2024, 6, 11)),
])
def test_what_stands_in_for_the_day_of_an_event_has_to_have_come_too(
    source: str, told: str, as_of: date, state: str, done: date | None
) -> None:
    made = policy(f"数据\n  开始日：日期\n  办结日：日期{source}\n期限 办\n  截止：2024年7月1日\n  完成：办结日\n")
    sheets = read_sheets(f"开始日: 2024-06-01\n{told}", "a.yaml", made.program, as_of=as_of)
    (found,) = made.judge(sheets, as_of)
    one = found.results["办"].total
    assert one.state is not None and one.state.values == (state,)
    assert next(p.value.values for p in one.parts if p.name == "done") == (done,)
    world = World(made.program, tuple(sheets), {}, False, as_of)
    assert disagreements(exactly(world), possibly(world)) == []
    assert recheck(proved_json(made.judge(sheets, as_of, proof=True)[0])).faults == []


@pytest.mark.parametrize("range_", ["", "，不晚于 评估日", "，2020年1月1日 至 评估日"])
def test_whatever_range_the_day_of_a_record_has_it_may_be_one_to_come(range_: str) -> None:
    made = policy(f"台账 单\n  主键：号\n  发生于：日\n  号：文本\n  日：日期{range_}\n计算 数 ＝ 条数（单）\n")

    def many(**day: Exact) -> tuple[Exact, ...] | None:
        return verdict(made, {}, {"单": [{"号": "甲", **day}]}, as_of=date(2024, 1, 1)).results["数"].total.value.values

    assert (many(日=date(2025, 1, 1)), many(日=date(2024, 1, 1)), many()) == ((0,), (1,), (0, 1))


@pytest.mark.parametrize(("range_", "refused"), [("早于 评估日", True), ("不晚于 评估日", False)])
def test_the_day_of_a_record_that_is_there_is_in_its_declared_range(range_: str, refused: bool) -> None:
    made = policy(f"台账 单\n  主键：号\n  发生于：日\n  号：文本\n  日：日期，{range_}\n计算 数 ＝ 条数（单）\n")

    def problems(day: str, as_of: date) -> list[str]:
        try:
            read_sheets(f"单:\n  - {{号: 甲, 日: {day}}}\n", "a.yaml", made.program, as_of=as_of)
        except SheetError as error:
            return [d.code for d in error.diagnostics]
        return []

    on_the_day = ["SHEET150"] if refused else []
    told = [problems("2024-01-01", date(2024, 1, day)) for day in (1, 2)]
    assert (*told, problems("2024-01-01", date(2023, 12, 31))) == (on_the_day, [], [])
    assert range_ in template(made.program)


def test_a_record_without_its_day_may_be_one_to_come() -> None:
    rows = [{"单号": "甲", "金额": Fraction(5)}]
    assert verdict(policy(WINS), {}, {"赢单": rows}).results["单号数"].total.value.values == (0, 1)
    told = [{"单号": "甲", "赢单日": None, "金额": Fraction(5)}]  # none: there is no such day to wait for
    assert verdict(policy(WINS), {}, {"赢单": told}).results["单号数"].total.value.values == (1,)


ROOT = Path(__file__).parents[1]
CUTS = {
    "2022_inspur": date(2022, 6, 1), "alicloud_fy22": date(2021, 7, 1), "h3c_star_2024": date(2024, 7, 1),
    "huawei_2025": date(2025, 3, 1), "inspur_bid_2018": date(2018, 9, 1),
}


PLANNED = {  # the days that may lie ahead: dates agreed, foretold or printed, and those that a rule compares itself
    "2022_inspur": {
        "出厂日期", "MES出厂日期", "主机保修到期日", "考试记录.开始时刻", "考试记录.结束时刻", "考试记录.扫码时刻",
        "商机报备.确认日期", "订单记录.提货日期",
    },
    "alicloud_fy22": {"后续版本生效日", "合作到期日", "终止协议生效日", "资格取消载明生效日", "违规记录.补足指定日期"},
    "h3c_star_2024": {
        "考核结果日期", "资质证书颁发日", "资质载明到期日", "申请日期", "工程师.颁发日期", "工程师.到期日",
        "工程师.列入日期", "工程师.上岗学习完成日", "违规事件.决定日期", "违规事件.解除日期",
    },
    "huawei_2025": {"风险部件.预计故障日"},
    "inspur_bid_2018": {
        "签订日期", "施工结束日期", "实施开始日期", "运维合同.合同起日", "运维合同.合同止日", "版本.计划发布日",
        "年度评估.评估上报日",
    },
}


@pytest.mark.parametrize("name", PLANNED)
def test_what_is_no_plan_has_not_happened_before_its_day(name: str) -> None:
    program = shipped(ROOT / "policies" / f"{name}.pol").program
    ahead_too = {f.name for f in program.inputs.values() if f.kind.base in DATED and not (f.event or f.parameter)}
    for ledger in program.lists.values():
        if ledger.source == "sheet":
            told = [f for f in ledger.fields if f.kind.base in DATED and f.name != ledger.happens]
            ahead_too |= {f"{ledger.name}.{f.name}" for f in told if not f.event}
    assert ahead_too == PLANNED[name]


def without_the_future(made: Policy, sheet: Sheet, day: date) -> Sheet:
    """The sheet as it would have been filled in on a day."""
    program = made.program

    def then(value: Exact, event: bool) -> Exact:
        return None if event and ahead(value, day) else value

    values = {name: then(value, program.inputs[name].event) for name, value in sheet.values.items()}
    lists = {}
    for name, records in sheet.lists.items():
        ledger = program.lists[name]
        events = {f.name for f in ledger.fields if f.event}
        there = [r for r in records if not ahead(r.values.get(ledger.happens or ""), day)]
        lists[name] = tuple(
            replace(r, values={k: then(v, k in events) for k, v in r.values.items()}) for r in there
        )
    return replace(sheet, values=values, lists=lists)


@pytest.mark.parametrize("name", CUTS)
def test_the_future_of_a_sheet_changes_nothing_but_what_is_told_of_it(name: str) -> None:
    """Both evaluators on the shipped sheets, judged on a day in the middle of what they tell."""
    made, day = shipped(ROOT / "policies" / f"{name}.pol"), CUTS[name]
    (sheet,) = read_sheets((ROOT / "examples" / f"{name}.yaml").read_bytes(), "a.yaml", made.program, as_of=day)
    (found,), (before,) = (
        made.judge([one], day, trace=False) for one in (sheet, without_the_future(made, sheet, day))
    )
    assert found.results == before.results and found.missing == before.missing
    assert found.aside and not before.aside
    world = World(made.program, (sheet,), {}, False, day)
    assert disagreements(exactly(world), possibly(world)) == []


# ---------------------------------------------------------------------------------------------- what deadlines are
KINDS = """数据
  通知日：日期，选填
  回复日：日期，选填
期限 回复
  起算：通知日
  时长：10天
  完成：回复日
期限 异议
  性质：权利
  起算：通知日
  时长：10天
  完成：回复日
期限 证书
  起算：通知日
  时长：10天
计算 罚款 ＝ 100元 × （回复 的 逾期天数 ÷ 1天）
"""


# Ten days from 1 June end on 11 June.
@pytest.mark.parametrize(("done", "as_of", "states", "late"), [
    (date(2024, 6, 11), date(2024, 6, 11), ("met", "used", "running"), 0),
    (date(2024, 6, 14), date(2024, 6, 12), ("late", "lapsed", "ended"), 1),
    (date(2024, 6, 14), date(2024, 6, 20), ("late", "lapsed", "ended"), 3),
    (None, date(2024, 6, 20), ("late", "lapsed", "ended"), 9),
])
def test_a_deadline_is_a_duty_a_right_or_a_validity(
    done: date | None, as_of: date, states: tuple[str, ...], late: int
) -> None:
    found = verdict(policy(KINDS), {"通知日": date(2024, 6, 1), "回复日": done}, as_of=as_of)
    assert tuple(found.results[n].total.state.value for n in ("回复", "异议", "证书")) == states  # type: ignore[union-attr]
    assert found.results["罚款"].total.value.value == 100 * late
    told = json.loads(to_json(found))["results"]
    assert [told[n]["nature"] for n in ("回复", "异议", "证书")] == ["duty", "right", "validity"]
    assert told["回复"]["value"] == "2024-06-11"
    assert told["回复"]["parts"]["days_late"]["value"]["amount"] == late
    happened = done if done is not None and done <= as_of else None
    assert told["回复"]["parts"]["done"]["value"] == (None if happened is None else happened.isoformat())
    assert ("已逾期" in to_text(found)) == bool(late)


# ---------------------------------------------------------------------------------------------- how late
RESPONSE = """数据
  接报时刻：时刻
  到场时刻：时刻，选填
  到场日：日期，选填
期限 响应
  起算：接报时刻
  时长：10分钟
  完成：到场时刻
期限 当天到
  起算：接报时刻
  时长：10分钟
  完成：到场日
要求 到过：到场时刻 已填
  截止：接报时刻 ＋ 10分钟
  完成：到场时刻
计算 罚 ＝ 60元 × （响应 的 逾期时长 ÷ 1小时）
"""


# Due at 09:10 on 10 May. From there to the end of 12 May are 14 h 50 min of the 10th and two days: 3770 minutes.
@pytest.mark.parametrize(("came", "as_of", "seconds", "days", "told"), [
    (datetime(2024, 5, 10, 9, 10), date(2024, 5, 12), 0, 0, None),
    (datetime(2024, 5, 10, 9, 10, 1), date(2024, 5, 12), 1, 0, "逾期时长 1秒"),
    (datetime(2024, 5, 10, 11, 40), date(2024, 5, 12), 9_000, 0, "逾期时长 2小时30分钟"),
    (datetime(2024, 5, 11, 9, 10), date(2024, 5, 12), 86_400, 1, "逾期时长 1天"),
    (None, date(2024, 5, 12), 3770 * 60, 2, "逾期时长 2天14小时50分钟"),
    (None, datetime(2024, 5, 10, 9, 10, 30), 30, 0, "逾期时长 30秒"),
    (None, datetime(2024, 5, 10, 9, 10), 0, 0, None),
])
def test_a_second_late_is_a_second(
    came: datetime | None, as_of: date, seconds: int, days: int, told: str | None
) -> None:
    facts: dict[str, Exact] = {"接报时刻": datetime(2024, 5, 10, 9), "到场时刻": came, "到场日": None}
    found = verdict(policy(RESPONSE), facts, as_of=as_of)
    parts = json.loads(to_json(found))["results"]["响应"]["parts"]
    assert (parts["late_by"]["value"]["amount"], parts["late_by"]["value"]["unit"]) == (seconds, "SEC")
    assert parts["days_late"]["value"]["amount"] == days
    late = told.removeprefix("逾期时长 ") if told else "0秒"  # as people write it; less than a day by the clock
    assert parts["late_by"]["value"]["display"] == late
    assert parts["days_late"]["value"]["display"] == (f"{days}天" if days or not told else late)
    assert found.results["罚"].total.value.value == Fraction(seconds, 60)
    text = to_text(found)
    assert (told or "完成") in text and "逾期天数 0天" not in text and "恰好相等" not in text


def test_a_day_of_completion_counts_to_its_end() -> None:
    facts: dict[str, Exact] = {"接报时刻": datetime(2024, 5, 10, 9), "到场时刻": None, "到场日": date(2024, 5, 10)}
    found = verdict(policy(RESPONSE), facts, as_of=date(2024, 5, 12))
    parts = {p.name: p.value.value for p in found.results["当天到"].total.parts}
    assert parts["late_by"] == Duration(Fraction(14 * 3600 + 50 * 60), "SEC")


@pytest.mark.parametrize("came", [None, "absent"])
def test_how_late_is_within_bounds_before_it_is_known(came: str | None) -> None:
    facts: dict[str, Exact] = {"接报时刻": datetime(2024, 5, 10, 9), **({} if came else {"到场时刻": None})}
    found = verdict(policy(RESPONSE), facts, as_of=date(2024, 5, 12)).results["罚"].total.value
    if came is None:
        assert found.value == 3770
    else:  # in time, or so late as it can be by now
        assert (found.low, found.high, found.none) == (0, 3770, False)


def test_a_target_due_at_an_instant_says_how_late() -> None:
    facts: dict[str, Exact] = {"接报时刻": datetime(2024, 5, 10, 9), "到场时刻": datetime(2024, 5, 10, 9, 10, 1)}
    one = verdict(policy(RESPONSE), facts, as_of=date(2024, 5, 12)).results["到过"].total
    assert one.state is not None and one.state.value == "belated"
    assert {p.name: p.value.value for p in one.parts}["late_by"] == Duration(Fraction(1), "SEC")
    assert "晚了 1秒" in to_text(verdict(policy(RESPONSE), facts, as_of=date(2024, 5, 12)))


# ---------------------------------------------------------------------------------------------- ranges of instants
# From 1 to 31 March, of an instant: from 1 March 00:00 to 31 March 24:00.
@pytest.mark.parametrize(("range_", "asked", "answers"), [
    ("2024-03-01 至 2024-03-31", "不晚于 2024-03-31", {True}),
    ("2024-03-01 至 2024-03-31", "不早于 2024-03-01", {True}),
    ("2024-03-01 至 2024-03-31", "晚于 2024-03-31", {False}),
    ("2024-03-01 至 2024-03-31", "早于 2024-03-31 12:00", {True, False}),
    ("2024-03-01 至 2024-03-31", "晚于 2024-03-31 12:00", {True, False}),
    ("2024-03-01 至 2024-03-31", "不早于 2024-03-01 12:00", {True, False}),
    ("2024-03-01 至 2024-03-31", "早于 2024-04-01 00:00:01", {True}),
    ("2024-03-01 至 2024-03-31", "早于 2024-03-01", {False}),
    ("＞ 2024-03-01，＜ 2024-03-31", "晚于 2024-03-01", {True}),
    ("＞ 2024-03-01，＜ 2024-03-31", "早于 2024-03-31", {True}),
    ("＞ 2024-03-01，＜ 2024-03-31", "晚于 2024-03-01 23:59:59", {True}),
    ("＞ 2024-03-01，＜ 2024-03-31", "不早于 2024-03-02 00:00:01", {True, False}),
    ("＞ 2024-03-01，＜ 2024-03-31", "早于 2024-03-30 12:00", {True, False}),
    ("2024-03-31 至 2024-03-31", "早于 2024-03-31 12:00", {True, False}),  # one day is no instant
    ("2024-03-01 12:00 至 2024-03-31 12:00", "晚于 2024-03-31 12:00", {False}),
])
def test_a_day_that_ends_a_range_of_instants_is_in_it_whole(range_: str, asked: str, answers: set[bool]) -> None:
    made = policy(f"数据\n  刻：时刻，{range_}\n条件 问：刻 {asked}\n")
    found = verdict(made, {}).results["问"].total
    assert set(found.value.values or ()) == answers
    # Whatever instant the range lets in answers as it was said to.
    for hour in (0, 9, 12, 23):
        for day in (1, 2, 15, 30, 31):
            text = f"刻: 2024-03-{day:02} {hour:02}:00:00\n"
            try:
                (sheet,) = read_sheets(f"名称: 甲\n{text}", "a.yaml", made.program, as_of=date(2024, 6, 1))
            except policydsl.SheetError:
                continue  # out of the range
            one = made.judge([sheet], date(2024, 6, 1), trace=False)[0].results["问"].total
            assert one.value.value in answers


def test_the_evaluation_date_ends_a_range_with_its_day() -> None:
    asked = "条件 问：刻 晚于 2024-03-31 12:00\n条件 后：刻 晚于 2024-03-31\n"
    made = policy(f"数据\n  刻：时刻，选填，不晚于 评估日\n{asked}")
    found = verdict(made, {}, as_of=date(2024, 3, 31)).results
    assert found["问"].total.value.values == (False, True)
    assert found["后"].total.value.values == (False,)


def test_a_blank_sheet_shows_the_day_that_stands_in_for_an_event() -> None:
    made = policy("数据\n  甲：日期，默认 2024年6月11日\n  乙：日期，默认 2024年6月12日，不晚于 评估日\n"
                  "  丙：日期，不晚于 评估日，默认 乙\n"
                  "期限 办\n  截止：2024年7月1日\n  完成：甲\n条件 有：乙 已填 且 丙 已填\n")
    told = {line.split("：")[0][2:]: line for line in template(made.program).splitlines() if line.startswith("# ")}
    assert all(day in told[name] for name, day in (("甲", "默认 2024年6月11日"), ("乙", "默认 2024年6月12日")))
    assert "不填按政策推定" in told["丙"]


# ---------------------------------------------------------------------------------------------- rest days
TO_DO = """期间算法：{rule}
数据
  交齐：是否
  交齐日：日期，选填
  接报时刻：时刻
  到场时刻：时刻，选填
期限 交材料
  截止：2024年10月1日
  完成：交齐日
要求 材料：交齐
  截止：2024年10月1日
  完成：交齐日
要求 材料齐：交齐
  截止：2024年10月1日
期限 到场
  起算：接报时刻
  时长：10分钟
  完成：到场时刻
要求 到过：到场时刻 已填
  截止：接报时刻 ＋ 10分钟
  完成：到场时刻
"""


# The holiday of 1 October 2024 lasts to the 7th, and the 8th is a working day. What is due by the clock is due then.
@pytest.mark.parametrize(("rule", "states"), [
    ("民法典", {"交材料": "met", "材料": "yes", "材料齐": "yes", "到场": "late", "到过": "belated"}),
    ("自然日不顺延", {"交材料": "late", "材料": "belated", "材料齐": "yes", "到场": "late", "到过": "belated"}),
])
def test_what_is_to_be_done_moves_off_rest_days_whatever_says_so(rule: str, states: dict[str, str]) -> None:
    made = policydsl.loads("政策 试\n  编号：T\n  " + TO_DO.format(rule=rule), "t.pol")
    facts = {"交齐": True, "交齐日": "2024-10-08", "接报时刻": "2024-10-04 09:00", "到场时刻": "2024-10-04 09:11"}
    found = made.evaluate(facts, as_of="2024-10-20").results
    assert {n: s.value for n in states if (s := found[n].total.state) is not None} == states
    due = {p.name: p.value.value for p in found["材料齐"].total.parts}["due"]
    assert due == date(2024, 10, 1)  # nothing is said to be done there: it is asked what is so on that day


@pytest.mark.parametrize(("effective", "day", "inside"), [
    ("自 2024年4月1日 起，至 2024年12月31日 止", "2024-03-31", False),
    ("自 2024年4月1日 起，至 2024年12月31日 止", "2024-04-01", True),
    ("自 起日 起，至 2024年12月31日 止", "2024-05-09", False),
    ("自 起日 起，至 2024年12月31日 止", "2024-05-10", True),
])
def test_the_ends_of_the_period_in_force(effective: str, day: str, inside: bool) -> None:
    """The days of the header; the last is 30 days before the end."""
    made = policy(
        f"  生效：{effective}\n参数\n  起日 ＝ 2024年5月10日\n数据\n  日期：签\n"
        "条件 期内签：签 在 生效期 的 首日 至 生效期 的 末日\n计算 提前 ＝ 生效期 的 末日 － 30天\n"
    )
    (found,) = made.judge(read_sheets(f"签: {day}", "s", made.program), date(2024, 6, 1))
    assert found.results["期内签"].total.holds.values == (inside,)
    assert found.results["提前"].total.value.values == (date(2024, 12, 1),)


@pytest.mark.parametrize(("effective", "codes"), [
    ("", ["POL540", "POL540"]), ("  生效：自 2024年4月1日 起\n", ["POL540"]),
    ("  生效：自 2024年4月1日 起，至 2024年12月31日 止\n", []),
])
def test_an_end_that_the_header_does_not_state_is_told(effective: str, codes: list[str]) -> None:
    text = f"{effective}数据\n  日期：签\n条件 一：签 不早于 生效期 的 首日\n条件 二：签 不晚于 生效期 的 末日\n"
    try:
        found = [d.code for d in policy(text).diagnostics]
    except policydsl.PolicyError as refused:
        found = [d.code for d in refused.diagnostics]
    assert found == codes
