"""Months, years and working days between two dates, the day of the week: where limits lie, the working, the proof."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import policydsl
from policydsl import to_json, to_text
from policydsl.calendar import add_months, is_working_day, whole_months
from policydsl.kinds import Duration
from policydsl.operators.undo import Moved, Step, undone
from policydsl.recheck.document import recheck
from policydsl.recheck.exact import NoValue

POLICY = """政策 之间
  编号：T
数据
  签约日：日期
  终止日：日期，2024年9月28日 至 2024年10月10日
计算 月数 ＝ 相隔月数（签约日，评估日）
计算 年数 ＝ 相隔年数（签约日，评估日）
计算 工作日数 ＝ 相隔工作日数（2024年9月30日，终止日）
计算 周几 ＝ 星期（签约日）
条件 满半年：月数 ≥ 6个月
条件 早晚：月数 ≥ 6个月 或 签约日 ≥ 2024年1月1日
"""


def test_months_are_the_most_that_fit() -> None:
    """By the definition: so many months after the first day is no later than the last, one month more is."""
    first = date(2023, 10, 29)
    while first < date(2024, 3, 2):
        for ahead in range(0, 130, 3):
            last = first + timedelta(days=ahead)
            months = whole_months(first, last)
            assert add_months(first, months) <= last < add_months(first, months + 1)
            assert whole_months(last, first) == -months
        first += timedelta(days=1)


CLOCK = """政策 钟点
  编号：T
数据
  始：时刻
  止：时刻
  到日：日期
计算 月数 ＝ 相隔月数（始，止）
计算 年数 ＝ 相隔年数（始，止）
计算 到日月数 ＝ 相隔月数（始，到日）
"""


@pytest.mark.parametrize(("first", "last", "months", "years"), [
    ("2024-05-20 23:00", "2024-06-20 01:00", 0, 0),  # a month on it is 23:00, which is later
    ("2024-05-20 23:00", "2024-06-20 23:00", 1, 0),
    ("2024-05-20 23:00", "2024-06-21 01:00", 1, 0),
    ("2024-01-31 12:00", "2024-02-29 11:59", 0, 0),  # to the last day of February, at noon
    ("2024-01-31 12:00", "2024-02-29 12:00", 1, 0),
    ("2023-06-20 12:00", "2024-06-20 11:00", 11, 0),
    ("2023-06-20 12:00", "2024-06-20 12:00", 12, 1),
    ("2024-05-01 00:00", "2024-05-31 24:00", 1, 0),  # 0:00 on 1 June
    ("2024-06-20 01:00", "2024-05-20 23:00", 0, 0),  # as many back
    ("2024-06-20 23:00", "2024-05-20 23:00", -1, 0),
    ("2024-06-20 12:00", "2023-06-20 13:00", -11, 0),
    ("2024-06-20 12:00", "2023-06-20 12:00", -12, -1),
])
def test_between_instants_the_time_of_day_counts(first: str, last: str, months: int, years: int) -> None:
    facts = {"始": first, "止": last}
    verdict = policydsl.loads(CLOCK, "t.pol").evaluate(facts, as_of="2024-06-30", proof=True)
    assert verdict.results["月数"].total.value.value == Duration(months, "M")
    assert verdict.results["年数"].total.value.value == Duration(years, "Y")
    assert recheck(to_json(verdict)).faults == []


def test_beside_a_day_an_instant_is_its_day() -> None:
    facts = {"始": "2024-05-20 23:00", "到日": "2024-06-20"}
    verdict = policydsl.loads(CLOCK, "t.pol").evaluate(facts, as_of="2024-06-30")
    assert verdict.results["到日月数"].total.value.value == Duration(1, "M")


@pytest.mark.parametrize(("limits", "last", "low", "high"), [
    # 23:00 on the 30th is no month before 2:00 on 29 February, 1:00 on the 31st, later, is one.
    ("2024年1月30日 23:00 至 2024年1月31日 01:00", "2024-02-29 02:00", 0, 1),
    ("2024年2月1日 00:00 至 2024年2月10日 00:00", "2024-02-29 02:00", 0, 0),
    ("2024年3月28日 00:00 至 2024年4月10日 00:00", "2024-02-29 02:00", -1, 0),
])
def test_of_an_instant_in_a_range_only_what_surely_follows(limits: str, last: str, low: int, high: int) -> None:
    policy = policydsl.loads(CLOCK.replace("  始：时刻\n", f"  始：时刻，{limits}\n"), "t.pol")
    verdict = policy.evaluate({"止": last}, as_of="2024-06-30", proof=True)
    value = verdict.results["月数"].total.value
    ends = (value.value, value.value) if value.known else (value.low, value.high)
    assert ends == (Duration(low, "M"), Duration(high, "M"))
    assert recheck(to_json(verdict)).faults == []


@pytest.mark.parametrize(("first", "last", "months", "years"), [
    (date(2024, 6, 20), date(2024, 5, 25), 0, 0),  # from 25 May it is not a month
    (date(2024, 6, 20), date(2024, 5, 20), -1, 0),
    (date(2024, 6, 20), date(2023, 6, 21), -11, 0),
    (date(2024, 6, 20), date(2023, 6, 20), -12, -1),
])
def test_back_it_is_as_many_as_there(first: date, last: date, months: int, years: int) -> None:
    assert whole_months(first, last) == months
    text = CLOCK.replace("时刻", "日期")
    verdict = policydsl.loads(text, "t.pol").evaluate(
        {"始": first.isoformat(), "止": last.isoformat()}, as_of="2024-06-30", proof=True
    )
    assert verdict.results["年数"].total.value.value == Duration(years, "Y")
    assert recheck(to_json(verdict)).faults == []


# What is done, the limit, and where the fact crosses it.
@pytest.mark.parametrize(("step", "limit", "op", "there"), [
    # 31 December and six months is 30 June: that is the last day to have signed on.
    (Step("months_between", date(2024, 6, 30)), Duration(6, "M"), ">=", (date(2023, 12, 31), "<=")),
    (Step("months_between", date(2024, 1, 31), fact_first=False), Duration(1, "M"), ">=", (date(2024, 2, 29), ">=")),
    (Step("months_between", date(2024, 1, 31), fact_first=False), Duration(1, "M"), "<", (date(2024, 2, 29), "<")),
    (Step("months_between", date(2024, 1, 31), fact_first=False), Duration(1, "Y"), ">=", (date(2025, 1, 31), ">=")),
    (Step("years_between", date(2022, 2, 28)), Duration(18, "Y"), ">=", (date(2004, 2, 29), "<=")),
])
def test_a_limit_is_carried_back(step: Step, limit: Duration, op: str, there: tuple[date, str]) -> None:
    assert undone((step,), limit, op) == (Moved(*there),)


def test_one_unknown_day_is_one() -> None:
    """Either signed before this year, at least six months ago, or this year: nothing lies between."""
    verdict = policydsl.loads(POLICY, "t.pol").evaluate({"终止日": "2024-10-08"}, as_of="2024-06-30")
    assert verdict.results["早晚"].total.value.yes
    assert verdict.results["满半年"].total.missing == ("签约日",)


def worked(day: date) -> bool:
    if not 2004 <= day.year <= 2025:
        raise NoValue
    return is_working_day(day)


@pytest.mark.parametrize("facts", [
    {"签约日": "2023-12-31", "终止日": "2024-10-10"}, {"签约日": "2025-01-31"}, {"终止日": "2024-10-01"}, {},
])
def test_the_proof_holds(facts: dict[str, object]) -> None:
    verdict = policydsl.loads(POLICY, "t.pol").evaluate(facts, as_of="2024-06-30", proof=True)
    assert recheck(to_json(verdict)).faults == []
    assert recheck(to_json(verdict), worked).faults == []


def test_working_days_between_a_day_and_one_that_is_not_filled_in() -> None:
    """From 28 September, a Saturday before: the 29th is worked and the 30th, so two back; to 10 October three."""
    verdict = policydsl.loads(POLICY, "t.pol").evaluate({"签约日": "2024-01-31"}, as_of="2024-06-30")
    value = verdict.results["工作日数"].total.value
    assert (value.low, value.high) == (Duration(-2, "WD"), Duration(3, "WD"))


def test_the_working_says_what_was_counted() -> None:
    facts = {"签约日": "2023-12-31", "终止日": "2024-10-10"}
    verdict = policydsl.loads(POLICY, "t.pol").evaluate(facts, as_of="2024-06-30")
    text = " ".join(to_text(verdict, "zh").split())
    assert "2023年12月31日 至 2024年6月30日 的整月数" in text
    assert "2024年9月30日 之后至 2024年10月10日 的工作日" in text
    assert "full months from 2023-12-31 to 2024-06-30" in " ".join(to_text(verdict, "en").split())
