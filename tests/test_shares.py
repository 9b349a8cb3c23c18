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


@pytest.mark.parametrize(("first", "last", "days"), [
    ("2024-04-01", "2024-05-30", 60), ("2024-04-01", "2024-05-31", 60), ("2024-05-01", "2024-05-30", 30),
    ("2024-05-30", "2024-05-30", 1), ("2024-05-31", "2024-05-31", 0), ("2024-05-30", "2024-05-31", 1),
    ("2024-05-31", "2024-06-01", 1), ("2024-04-30", "2024-05-01", 2), ("2024-04-29", "2024-04-29", 1),
    ("2024-05-20", "2024-06-30", 41),  # eleven of May, thirty of June
])
def test_of_thirty_days_a_month_the_31st_is_none(first: str, last: str, days: int) -> None:
    facts = {"始": first, "止": last, "某期": "2024年第2季度"}
    verdict = policydsl.loads(POLICY, "t.pol").evaluate(facts, as_of="2024-06-30", proof=True)
    assert verdict.results["三十"].total.value.value == Fraction(days, 90)
    assert recheck(to_json(verdict)).faults == []


@pytest.mark.parametrize(("first", "last", "days"), [
    ("2024-02-01", "2024-02-28", 28), ("2024-02-29", "2024-02-29", 2), ("2024-02-28", "2024-03-01", 4),
    ("2023-02-28", "2023-02-28", 3), ("2023-02-01", "2023-02-27", 27), ("2023-01-31", "2023-02-01", 1),
])
def test_the_last_day_of_february_stands_for_the_rest_of_its_thirty(first: str, last: str, days: int) -> None:
    year = make_period("year", int(first[:4]), 0, None)
    assert share_of_period(date.fromisoformat(first), date.fromisoformat(last), year, "days30") == Fraction(days, 360)


def test_what_is_paid_by_365_days_is_more_than_all_in_a_leap_year() -> None:
    """Where the start is not known, it is anything up to all days of 2024, of 365."""
    value = policydsl.loads(POLICY, "t.pol").evaluate({}, as_of="2024-06-30").results["年费"].total.value
    assert (value.low, value.high) == (0, Fraction(366, 365))


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
