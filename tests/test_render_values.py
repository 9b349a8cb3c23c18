"""Exact values in words."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest

from policydsl.domain import Possible, interval, point
from policydsl.kinds import (
    DATE, INSTANT, MONEY, NUMBER, PERCENT, PERIOD, POINTS, TEXT, YESNO, Duration, Exact, Kind, Period,
)
from policydsl.render.values import Writer, decimal_text, places_of

ZH, EN = Writer("zh"), Writer("en")
PEOPLE, PERSONS = Kind("count", unit="人"), Kind("count", unit="people")
TAXED = Kind("money", tax="incl")
LENGTH = Kind("duration")
QUARTER = Period("quarter", 2024, 2, date(2024, 4, 1), date(2024, 6, 30))


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (Fraction(1500000), MONEY, "150万元", "CNY 1,500,000"),
        (Fraction(15000000), MONEY, "1,500万元", "CNY 15,000,000"),
        (Fraction(150000000), MONEY, "1.5亿元", "CNY 150,000,000"),
        (Fraction(123456789), MONEY, "123,456,789元", "CNY 123,456,789"),
        (Fraction(15500), MONEY, "15,500元", "CNY 15,500"),
        (Fraction(0), MONEY, "0元", "CNY 0"),
        (Fraction(-20000), MONEY, "-2万元", "CNY -20,000"),
        (Fraction("1234.5"), MONEY, "1,234.50元", "CNY 1,234.50"),
        (Fraction("0.005"), MONEY, "0.005元", "CNY 0.005"),
        (Fraction(1000, 3), MONEY, "约 333.33元（1000/3）", "about CNY 333.33 (1000/3)"),
        (Fraction("0.005"), PERCENT, "0.5%", "0.5%"),
        (Fraction(12), PERCENT, "1,200%", "1,200%"),
        (Fraction(8, 15), PERCENT, "约 53.33%（8/15）", "about 53.33% (8/15)"),
        (Fraction("85.5"), POINTS, "85.5分", "85.5 points"),
        (Fraction(1), POINTS, "1分", "1 point"),
        (Fraction(3), PEOPLE, "3人", "3人"),
        (Fraction(1), PERSONS, "1 person", "1 person"),
        (Fraction(30), PERSONS, "30 people", "30 people"),
        (Fraction(1, 3), NUMBER, "约 0.3333（1/3）", "about 0.3333 (1/3)"),
        (Fraction(2), Kind("ordinal"), "第2次", "2nd"),
        (Fraction(12), Kind("ordinal"), "第12次", "12th"),
        (date(2024, 6, 30), DATE, "2024年6月30日", "2024-06-30"),
        (datetime(2022, 5, 10, 9, 0), INSTANT, "2022年5月10日 09:00", "2022-05-10 09:00"),
        (datetime(2022, 5, 10, 9, 0, 30), INSTANT, "2022年5月10日 09:00:30", "2022-05-10 09:00:30"),
        (Duration(Fraction(3), "WD"), LENGTH, "3个工作日", "3 working days"),
        (Duration(Fraction(1), "M"), LENGTH, "1个月", "1 month"),
        (QUARTER, PERIOD, "2024年第2季度", "2024Q2"),
        (Period("fiscal_year", 2022, 0, date(2021, 4, 1), date(2022, 3, 31)), PERIOD, "2022财年", "FY2022"),
        (Period("month", 2022, 4, date(2022, 4, 1), date(2022, 4, 30)), PERIOD, "2022年4月", "2022-04"),
        (True, YESNO, "是", "yes"),
        (None, DATE, "无", "none"),
        ("金牌IVR", Kind("choice"), "金牌IVR", "金牌IVR"),
        (("备货信息", "用户信息"), Kind("choices"), "备货信息、用户信息", "备货信息, 用户信息"),
    ],
)
def test_exact_values(value: Exact, kind: Kind, zh: str, en: str) -> None:
    assert ZH.exact(value, kind) == zh
    assert EN.exact(value, kind) == en


def test_tax_is_said_where_it_is_asked_for() -> None:
    assert ZH.exact(Fraction(1500000), TAXED, tax=True) == "150万元（含税）"
    assert ZH.exact(Fraction(1500000), TAXED) == "150万元"
    assert EN.exact(Fraction(1), Kind("money", tax="excl"), tax=True) == "CNY 1 (tax excluded)"


def test_the_yuan_and_other_currencies() -> None:
    assert Writer("zh", "CNY").exact(Fraction(20000), MONEY) == "2万元"
    assert Writer("zh", "USD").exact(Fraction(20000), MONEY) == "USD 20,000"


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (point(Fraction(5)), POINTS, "5分", "5 points"),
        (Possible((False, True)), YESNO, "未知", "not known"),
        (Possible(None), MONEY, "未知", "not known"),
        (Possible(None, reasons=frozenset({"not_stated"})), MONEY, "未规定", "not stated"),
        (interval(Fraction(0), Fraction(15)), POINTS, "0分 至 15分", "0 points to 15 points"),
        (interval(Fraction(3), None), PEOPLE, "不低于 3人", "at least 3人"),
        (interval(None, Fraction(3), high_open=True), NUMBER, "低于 3", "less than 3"),
        (
            interval(Fraction(0), Fraction(1), low_open=True), PERCENT, "高于 0% 且 不超过 100%",
            "more than 0% and at most 100%",
        ),
        (interval(date(2024, 7, 1), None), DATE, "不早于 2024年7月1日", "not before 2024-07-01"),
        (interval(None, date(2024, 7, 1), high_open=True), DATE, "早于 2024年7月1日", "before 2024-07-01"),
        (interval(Fraction(0), Fraction(2), none=True), PEOPLE, "0人 至 2人，或 无", "0人 to 2人, or none"),
        (Possible(("金牌IVR", "普通IVR")), TEXT, "金牌IVR 或 普通IVR", "金牌IVR or 普通IVR"),
        (Possible((None, date(2024, 7, 1))), DATE, "2024年7月1日 或 无", "2024-07-01 or none"),
        (
            Possible(tuple(Fraction(n) for n in (0, 3, 6, 9, 12, 15))), POINTS, "0分 至 15分 中的 6 个值",
            "one of 6 values from 0 points to 15 points",
        ),
        (
            Possible(tuple("abcdefghij")), TEXT, "a、b、c、d、e、f、g、h 等 10 种",
            "a, b, c, d, e, f, g, h and others, 10 in all",
        ),
    ],
)
def test_what_may_be(value: Possible, kind: Kind, zh: str, en: str) -> None:
    assert ZH.possible(value, kind) == zh
    assert EN.possible(value, kind) == en


def test_the_tax_basis_of_a_range_is_said_once() -> None:
    bounds = interval(Fraction(1200000), Fraction(1500000), high_open=True)
    assert ZH.possible(bounds, TAXED, tax=True) == "不低于 120万元 且 低于 150万元（含税）"


def test_decimals() -> None:
    assert places_of(Fraction(1, 8)) == 3
    assert places_of(Fraction(1, 3)) is None
    assert decimal_text(Fraction(5, 1000), 2) == "0.01"
    assert decimal_text(Fraction(-5, 1000), 2) == "-0.01"
    assert decimal_text(Fraction(-4, 1000), 2) == "0.00"
    assert decimal_text(Fraction(1999, 1000), 2) == "2.00"
    assert decimal_text(Fraction(1, 2**60), 60) == "0." + "000000000000000000867361737988403547205962240695953369140625"
