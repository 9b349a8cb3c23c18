"""Numbers, money, dates and durations as authors write them."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tries import tries

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.place import NOWHERE
from policydsl.text import numerals, read_literal

ZH: list[tuple[str, nodes.Value]] = [
    ("150万元", nodes.Money(NOWHERE, F(1_500_000), None, currency="CNY")),
    ("150 万元", nodes.Money(NOWHERE, F(1_500_000), None, currency="CNY")),
    ("1.5亿元", nodes.Money(NOWHERE, F(150_000_000), None, currency="CNY")),
    ("￥20000", nodes.Money(NOWHERE, F(20_000), None, currency="CNY")),
    ("人民币 150万元", nodes.Money(NOWHERE, F(1_500_000), None, currency="CNY")),
    ("十万元", nodes.Money(NOWHERE, F(100_000), None, currency="CNY")),
    ("1,800元", nodes.Money(NOWHERE, F(1_800), None, currency="CNY")),
    ("１，８００元", nodes.Money(NOWHERE, F(1_800), None, currency="CNY")),
    ("150万元（含税）", nodes.Money(NOWHERE, F(1_500_000), "incl", currency="CNY")),
    ("150万元 ( 不含税 )", nodes.Money(NOWHERE, F(1_500_000), "excl", currency="CNY")),
    ("150万（含税）", nodes.Money(NOWHERE, F(1_500_000), "incl", bare=True)),
    ("-500元", nodes.Money(NOWHERE, F(-500), None, currency="CNY")),
    ("1,800", nodes.Number(NOWHERE, F(1_800))),
    ("0.1", nodes.Number(NOWHERE, F(1, 10))),
    ("1.5亿", nodes.Number(NOWHERE, F(150_000_000))),
    ("30%", nodes.Percent(NOWHERE, F(3, 10))),
    ("0.5％", nodes.Percent(NOWHERE, F(1, 200))),
    ("百分之八", nodes.Percent(NOWHERE, F(8, 100))),
    ("千分之一", nodes.Percent(NOWHERE, F(1, 1000))),
    ("万分之五", nodes.Percent(NOWHERE, F(5, 10_000))),
    ("2个百分点", nodes.Percent(NOWHERE, F(2, 100), points=True)),
    *((text, nodes.Percent(NOWHERE, F(share, 100))) for text, share in (
        ("8.5折", 85), ("85折", 85), ("八五折", 85), ("八折", 80), ("9折", 90), ("10折", 100), ("11折", 11),
        ("0.5折", 5), ("八成", 80), ("八成五", 85), ("三成半", 35), ("3成", 30), ("10成", 100), ("十成", 100),
        ("6.5成", 65),
    )),
    ("70分", nodes.Points(NOWHERE, F(70))),
    ("2人", nodes.Count(NOWHERE, F(2), "人")),
    ("3.5人天", nodes.Count(NOWHERE, F(7, 2), "人天")),
    ("二十三人", nodes.Count(NOWHERE, F(23), "人")),
    ("60天", nodes.Duration(NOWHERE, F(60), "D")),
    ("15个自然日", nodes.Duration(NOWHERE, F(15), "D")),
    ("三个工作日", nodes.Duration(NOWHERE, F(3), "WD")),
    ("10分钟", nodes.Duration(NOWHERE, F(10), "MIN")),
    ("3个月", nodes.Duration(NOWHERE, F(3), "M")),
    ("半个月", nodes.Duration(NOWHERE, F(1, 2), "M")),
    ("半年", nodes.Duration(NOWHERE, F(1, 2), "Y")),
    ("两年", nodes.Duration(NOWHERE, F(2), "Y")),
    ("一个季度", nodes.Duration(NOWHERE, F(1), "Q")),
    ("2024年4月1日", nodes.Date(NOWHERE, date(2024, 4, 1))),
    ("2024-04-01", nodes.Date(NOWHERE, date(2024, 4, 1))),
    ("2024/4/1", nodes.Date(NOWHERE, date(2024, 4, 1))),
    ("２０２４．４．１", nodes.Date(NOWHERE, date(2024, 4, 1))),
    ("2024-04-01 09:00", nodes.Instant(NOWHERE, datetime(2024, 4, 1, 9, 0))),
    ("2024-04-01T09:00:30", nodes.Instant(NOWHERE, datetime(2024, 4, 1, 9, 0, 30))),
    ("2024年4月1日 9：30", nodes.Instant(NOWHERE, datetime(2024, 4, 1, 9, 30))),
    ("2024年第2季度", nodes.Period(NOWHERE, "quarter", 2024, 2)),
    ("2024年四季度", nodes.Period(NOWHERE, "quarter", 2024, 4)),
    ("2024Q2", nodes.Period(NOWHERE, "quarter", 2024, 2)),
    ("2024年Q2", nodes.Period(NOWHERE, "quarter", 2024, 2)),
    ("2024财年Q1", nodes.Period(NOWHERE, "fiscal_quarter", 2024, 1)),
    ("2024年4月", nodes.Period(NOWHERE, "month", 2024, 4)),
    ("2022财年", nodes.Period(NOWHERE, "fiscal_year", 2022, 0)),
    ("FY22", nodes.Period(NOWHERE, "fiscal_year", 2022, 0)),
    ("2022年", nodes.Period(NOWHERE, "year", 2022, 0)),
    ("首次", nodes.Ordinal(NOWHERE, 1)),
    ("第2次", nodes.Ordinal(NOWHERE, 2)),
    ("第十二家", nodes.Ordinal(NOWHERE, 12)),
    ("是", nodes.YesNo(NOWHERE, True)),
    ("否", nodes.YesNo(NOWHERE, False)),
    ("无", nodes.NoneValue(NOWHERE)),
    # a sheet in a zh policy may come out of an English system
    ("yes", nodes.YesNo(NOWHERE, True)),
    ("CNY 1.5 million", nodes.Money(NOWHERE, F(1_500_000), None, currency="CNY")),
    ("3 working days", nodes.Duration(NOWHERE, F(3), "WD")),
]
EN: list[tuple[str, nodes.Value]] = [
    ("CNY 1.5 million (tax included)", nodes.Money(NOWHERE, F(1_500_000), "incl", currency="CNY")),
    ("RMB 20,000", nodes.Money(NOWHERE, F(20_000), None, currency="CNY")),
    ("5%", nodes.Percent(NOWHERE, F(5, 100))),
    ("1 per thousand", nodes.Percent(NOWHERE, F(1, 1000))),
    ("2.5 percentage points", nodes.Percent(NOWHERE, F(25, 1000), points=True)),
    ("1 percentage point", nodes.Percent(NOWHERE, F(1, 100), points=True)),
    ("70 points", nodes.Points(NOWHERE, F(70))),
    ("1 person", nodes.Count(NOWHERE, F(1), "people")),
    ("2 people", nodes.Count(NOWHERE, F(2), "people")),
    ("1.5 person-days", nodes.Count(NOWHERE, F(3, 2), "person-days")),
    ("60 days", nodes.Duration(NOWHERE, F(60), "D")),
    ("1 quarter", nodes.Duration(NOWHERE, F(1), "Q")),
    ("2024-04-01", nodes.Date(NOWHERE, date(2024, 4, 1))),
    ("1 April 2024", nodes.Date(NOWHERE, date(2024, 4, 1))),
    ("2024 Q2", nodes.Period(NOWHERE, "quarter", 2024, 2)),
    ("Q2 2024", nodes.Period(NOWHERE, "quarter", 2024, 2)),
    ("2nd", nodes.Ordinal(NOWHERE, 2)),
    ("None", nodes.NoneValue(NOWHERE)),
]


@pytest.mark.parametrize(("text", "value"), ZH)
def test_chinese_spellings(text: str, value: nodes.Value) -> None:
    assert read_literal(text, "zh") == value


@pytest.mark.parametrize(("text", "value"), EN)
def test_english_spellings(text: str, value: nodes.Value) -> None:
    assert read_literal(text, "en") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "金牌",
        "万元",  # no number
        "一百五元",  # 105 or 150
        "3月",  # March, not three months
        "4月1日",  # a day without a year
        "2022年2月30日",
        "2022年13月",
        "2022-05-10 25:00",
        "2天半",
        "6个日",  # most likely a month
        "3个年",
        "150万元左右",
        "1" * 41 + "元",
        "2人（含税）",
        "V1-2",
        "\u200b",
        "10.5折", "100折", "0折", "8折扣", "8折算", "二十折",  # none, or no discount
        "3成立", "八成员", "12成", "成", "折",
    ],
)
def test_what_is_no_value(text: str) -> None:
    assert read_literal(text, "zh") is None


def test_a_file_in_english_does_not_take_chinese() -> None:
    assert read_literal("150万元", "en") is None


def test_a_measure_word_of_the_file() -> None:
    assert read_literal("12厘米", "zh") is None
    assert read_literal("12厘米", "zh", units=("厘米",)) == nodes.Count(NOWHERE, F(12), "厘米")


@pytest.mark.parametrize("code", ["zh", "en"])
@tries(100)
@given(text=st.text(max_size=30))
def test_any_text_is_a_value_or_not(code: Language, text: str) -> None:
    read_literal(text, code)


@tries(100)
@given(value=st.integers(0, 10**12 - 1))
def test_a_numeral_in_full_is_its_number(value: int) -> None:
    assert numerals.read(numerals.spell(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十五", 15),
        ("两万五千", 25_000),
        ("一百零五", 105),
        ("一亿二千万", 120_000_000),
        ("三亿零三百", 300_000_300),
    ],
)
def test_numerals_by_hand(text: str, value: int) -> None:
    assert numerals.read(text) == value


@pytest.mark.parametrize("text", ["", "万", "百", "一百五", "两万五", "一万五百", "二〇二四", "十万万", "零零", "一一"])
def test_what_is_not_written_in_full_is_no_numeral(text: str) -> None:
    assert numerals.read(text) is None
