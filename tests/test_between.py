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
    assert undone((step,), limit, op) == Moved(*there)


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
