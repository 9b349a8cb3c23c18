"""Part of a period by days: parts add up, what is not filled in, the working, the proof."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

import policydsl
from policydsl import to_json, to_text
from policydsl.calendar import make_period, share_of_period
from policydsl.recheck.document import recheck

POLICY = """政策 折算
  编号：T
数据
  始：日期，选填
  止：日期，选填
  某期：期间
计算 实际 ＝ 占期（始，止，2024年第2季度，实际天数）
计算 三十 ＝ 占期（始，止，某期，每月30天）
计算 年费 ＝ 占期（始，无，年份（评估日），每年365天）
"""


@pytest.mark.parametrize("way", ["actual", "days30"])
@pytest.mark.parametrize(("grain", "number"), [("quarter", 1), ("quarter", 2), ("month", 2), ("year", 0)])
def test_parts_add_up_to_the_period(grain: str, number: int, way: str) -> None:
    """However a period is parted in two, its parts are all of it."""
    period = make_period(grain, 2024, number, None)
    day = period.first
    while day < period.last:
        after = day + timedelta(days=1)
        parts = share_of_period(period.first, day, period, way) + share_of_period(after, period.last, period, way)
        assert parts == 1
        day = after
    assert share_of_period(date(2000, 1, 1), date(2030, 1, 1), period, way) == 1


def test_a_leap_year_is_more_than_365_days() -> None:
    year = make_period("year", 2024, 0, None)
    assert share_of_period(year.first, year.last, year, "days365") == Fraction(366, 365)


@pytest.mark.parametrize("facts", [
    {"始": "2024-05-20", "止": "无", "某期": "2024年第2季度"}, {"始": "2024-05-20", "某期": "2024年2月"},
    {"止": "2024-05-01"},
    {"始": "无", "止": "无", "某期": "2024年2月"}, {},
])
def test_the_proof_holds(facts: dict[str, object]) -> None:
    verdict = policydsl.loads(POLICY, "t.pol").evaluate(facts, as_of="2024-06-30", proof=True)
    assert recheck(to_json(verdict)).faults == []


def test_without_a_start_there_is_no_share_and_without_an_answer_all_of_them() -> None:
    policy = policydsl.loads(POLICY, "t.pol")
    none = policy.evaluate({"始": "无", "止": "无"}, as_of="2024-06-30").results["实际"].total
    assert none.value.value is None
    value = policy.evaluate({"止": "2024-04-30"}, as_of="2024-06-30").results["实际"].total.value
    assert (value.low, value.high) == (0, Fraction(30, 91))  # April at most


def test_the_working_shows_the_days() -> None:
    facts = {"始": "2024-05-20", "止": "无", "某期": "2024年第2季度"}
    verdict = policydsl.loads(POLICY, "t.pol").evaluate(facts, as_of="2024-06-30")
    text = "".join(to_text(verdict, "zh").split())
    assert "2024年5月20日至2024年6月30日占2024年第2季度，实际天数：42天÷91天" in text
    assert "每月30天：41天÷90天" in text
    english = " ".join(to_text(verdict, "en").split())
    assert "actual days: 42 days / 91 days" in english
