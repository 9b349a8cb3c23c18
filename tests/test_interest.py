"""Interest by days: the part of a year that a contract counts, exactly."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction

import pytest
from engine_support import policy, verdict

import policydsl
from policydsl import to_json, to_text
from policydsl.calendar import thirty_days
from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.kinds import Exact
from policydsl.recheck.document import recheck

LOAN = """数据
  本金：金额，≥ 0元
  年利率：百分比，≥ 0%
  起息日：日期
  还款日：日期，选填
计算 三十 ＝ 计息年数（起息日，还款日，“30/360”）
计算 实际三六零 ＝ 计息年数（起息日，还款日，“实际/360”）
计算 实际三六五 ＝ 计息年数（起息日，还款日，“实际/365”）
处罚 利息
  金额：本金 × 年利率 × 计息年数（起息日，还款日，“30/360”）
"""


# Days of 30/360 (bond basis): 360 a year, 30 a month, the 31st as the 30th at the start, and at the end after a 30th.
@pytest.mark.parametrize(("first", "last", "thirty", "actual"), [
    (date(2024, 1, 31), date(2024, 2, 29), 29, 29),  # 30 - 1
    (date(2023, 1, 31), date(2023, 2, 28), 28, 28),  # 30 - 2
    (date(2024, 1, 31), date(2024, 3, 31), 60, 60),  # both ends are the 30th
    (date(2024, 1, 30), date(2024, 3, 31), 60, 61),
    (date(2024, 1, 29), date(2024, 3, 31), 62, 62),  # the end stays the 31st: 60 + 2
    (date(2024, 1, 15), date(2024, 5, 31), 136, 137),  # 120 + 16
    (date(2024, 2, 29), date(2024, 3, 31), 32, 31),  # the end of February is the 29th, so the end stays the 31st
    (date(2023, 2, 28), date(2023, 3, 31), 33, 31),
    (date(2024, 2, 29), date(2025, 2, 28), 359, 365),
    (date(2023, 2, 28), date(2024, 2, 29), 361, 366),
    (date(2023, 12, 31), date(2024, 12, 31), 360, 366),
    (date(2024, 3, 30), date(2024, 3, 31), 0, 1),
    (date(2024, 3, 31), date(2024, 4, 1), 1, 1),
    (date(2024, 5, 20), date(2024, 5, 20), 0, 0),
])
def test_days_of_each_convention(first: date, last: date, thirty: int, actual: int) -> None:
    assert thirty_days(first, last) == thirty
    facts: dict[str, Exact] = {
        "本金": Fraction(1_000_000), "年利率": Fraction(36, 1000), "起息日": first, "还款日": last,
    }
    found = verdict(policy(LOAN), facts).results
    assert [found[n].total.value.value for n in ("三十", "实际三六零", "实际三六五")] == [
        Fraction(thirty, 360), Fraction(actual, 360), Fraction(actual, 365),
    ]
    assert found["利息"].total.value.value == 100 * thirty  # a million at 3.6 % is 36 000 a year, 100 a day of 360


def test_what_lies_before_the_start_counts_back() -> None:
    facts: dict[str, Exact] = {"起息日": date(2024, 3, 31), "还款日": date(2024, 1, 31)}
    found = verdict(policy(LOAN), facts).results
    assert found["三十"].total.value.value == Fraction(-60, 360)
    assert found["实际三六五"].total.value.value == Fraction(-60, 365)


def test_no_end_is_no_interest_and_an_unknown_one_keeps_its_bounds() -> None:
    first: dict[str, Exact] = {"起息日": date(2024, 1, 31)}
    found = verdict(policy(LOAN), {**first, "还款日": None}).results
    assert found["三十"].total.value.value is None
    bounded = policy("""数据
  起息日：日期
  还款日：日期，2024年3月30日 至 2024年4月1日
计算 三十 ＝ 计息年数（起息日，还款日，“30/360”） × 360
""")
    one = verdict(bounded, first).results["三十"].total
    # 31 January is the 30th: the 30th and the 31st of March are 60 days on, the 1st of April is 61.
    assert (one.value.low, one.value.high) == (60, 61)
    assert one.missing == ("还款日",)


def test_an_instant_counts_as_its_day() -> None:
    made = policy("数据\n  甲：时刻\n  乙：日期\n计算 年 ＝ 计息年数（甲，乙，“实际/365”）\n")
    found = verdict(made, {"甲": datetime(2024, 1, 1, 23, 59), "乙": date(2025, 1, 1)}).results
    assert found["年"].total.value.value == Fraction(366, 365)


@pytest.mark.parametrize("said", ["“30/365”", "“实际/实际”", "起息日"])
def test_only_the_ways_that_are_known_may_stand_there(said: str) -> None:
    with pytest.raises(PolicyError) as refused:
        policy(LOAN + f"计算 别的 ＝ 计息年数（起息日，还款日，{said}）\n")
    (told,) = [d for d in refused.value.diagnostics if d.severity == "error"]
    assert told.code == "POL307" and "30/360" in str(told)


def test_english_says_the_same() -> None:
    made = load_text("""policy trial
  id: T
data
  start: date
  end: date
compute share = year fraction (start, end, "Actual/360")
compute thirty = year fraction (start, end, "30/360")
""", "t.pol")
    found = verdict(made, {"start": date(2024, 1, 30), "end": date(2024, 3, 31)}).results
    assert found["share"].total.value.value == Fraction(61, 360)
    assert found["thirty"].total.value.value == Fraction(60, 360)


def test_the_working_shows_the_days_and_the_year() -> None:
    made = policydsl.loads(f"政策 试\n  编号：T\n{LOAN}", "t.pol")
    facts = {"本金": "100万元", "年利率": "3.6%", "起息日": "2024-01-15", "还款日": "2024-05-31"}
    found = made.evaluate(facts, as_of="2024-06-30", proof=True)
    text = to_text(found).replace("\n", "").replace(" ", "")
    assert "2024年1月15日至2024年5月31日，30/360：136天÷360天" in text
    assert "13,600元" in text
    assert recheck(to_json(found)).faults == []
    open_ = made.evaluate({**facts, "还款日": None} | {"年利率": "3%"}, as_of="2024-06-30", proof=True)
    assert recheck(to_json(open_)).faults == []
    told = json.loads(to_json(found))["results"]["利息"]
    assert told["value"] == 13600
