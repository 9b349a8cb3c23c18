"""One value of each kind: what is accepted, exactly, and what is refused, with its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from kind_support import options
from sheet_program import ENGLISH, PROGRAM, ROLE

from policydsl import nodes
from policydsl.calendar import END
from policydsl.core import Const, InputDecl, Program
from policydsl.diagnostics import SheetError
from policydsl.kinds import DATE, INSTANT, NUMBER, PERCENT, PERIOD, POINTS, TEXT, YESNO, Duration, Exact, Kind, Period
from policydsl.place import NOWHERE
from policydsl.sheet import ABSENT, Refused, read_cell, to_exact

PEOPLE = Kind("count", unit="人")
GROSS = Kind("money", tax="incl")
NET = Kind("money", tax="excl")
MONEY = Kind("money")
QUARTER_2 = Period("quarter", 2024, 2, date(2024, 4, 1), date(2024, 6, 30))
# 财年起始 4月1日: 2024财年 runs to 31 March 2024.
FISCAL_2024 = Period("fiscal_year", 2024, 0, date(2023, 4, 1), date(2024, 3, 31))


def decl(kind: Kind, **more: object) -> InputDecl:
    return InputDecl("事实", None, kind, NOWHERE, **more)  # type: ignore[arg-type]


def refused(text: str, declared: InputDecl, program: Program = PROGRAM) -> str:
    with pytest.raises(SheetError) as caught:
        read_cell(text, declared, program)
    (one,) = caught.value.diagnostics
    return one.code


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (YESNO, "是", True),
        (YESNO, "No", False),
        (YESNO, "TRUE", True),
        (YESNO, "false", False),
        (YESNO, "否", False),
        (NUMBER, "1.50", Fraction(3, 2)),
        (NUMBER, "1e5", Fraction(100_000)),
        (NUMBER, "2.5E-3", Fraction(1, 400)),
        (NUMBER, "0.1", Fraction(1, 10)),
        (NUMBER, "-3", Fraction(-3)),
        (NUMBER, "1/3", Fraction(1, 3)),
        (NUMBER, "012", Fraction(12)),
        (NUMBER, "２０", Fraction(20)),
        (NUMBER, ".5", Fraction(1, 2)),
        (NUMBER, "150万", Fraction(1_500_000)),
        (NUMBER, "1,800", Fraction(1800)),
        (PERCENT, "8%", Fraction(2, 25)),
        (PERCENT, "8％", Fraction(2, 25)),
        (PERCENT, "-2.5 %", Fraction(-1, 40)),
        (PERCENT, "3/40", Fraction(3, 40)),
        (PERCENT, "百分之八", Fraction(2, 25)),
        (PERCENT, "5‰", Fraction(1, 200)),
        (MONEY, "1,800", Fraction(1800)),
        (MONEY, "150万元", Fraction(1_500_000)),
        (MONEY, "￥20000", Fraction(20_000)),
        (MONEY, "CNY 1.5 million", Fraction(1_500_000)),
        (MONEY, "-5000元", Fraction(-5000)),
        (MONEY, "1/3", Fraction(1, 3)),
        (MONEY, "0.10", Fraction(1, 10)),
        (MONEY, "150万", Fraction(1_500_000)),
        (GROSS, "150万元（含税）", Fraction(1_500_000)),
        (GROSS, "1800 (含税)", Fraction(1800)),
        (NET, "1800（不含税）", Fraction(1800)),
        (GROSS, "1.5亿元", Fraction(150_000_000)),
        (PEOPLE, "3", Fraction(3)),
        (PEOPLE, "3人", Fraction(3)),
        (PEOPLE, "３ 人", Fraction(3)),
        (PEOPLE, "三人", Fraction(3)),
        (PEOPLE, "3.0", Fraction(3)),
        (Kind("count", unit="人天"), "2.5", Fraction(5, 2)),
        (Kind("count", unit="人天"), "2.5人天", Fraction(5, 2)),
        (Kind("count", unit="机柜"), "3机柜", Fraction(3)),
        (POINTS, "85", Fraction(85)),
        (POINTS, "85.5分", Fraction(171, 2)),
        (POINTS, "-3", Fraction(-3)),
        (DATE, "2024-06-30", date(2024, 6, 30)),
        (DATE, "2024/6/30", date(2024, 6, 30)),
        (DATE, "2024.6.30", date(2024, 6, 30)),
        (DATE, "2024年6月30日", date(2024, 6, 30)),
        (DATE, "30 June 2024", date(2024, 6, 30)),
        (DATE, "2024-06-30 00:00:00", date(2024, 6, 30)),
        (INSTANT, "2024-06-30 09:00", datetime(2024, 6, 30, 9, 0)),
        (INSTANT, "2024-06-30T09:00:30", datetime(2024, 6, 30, 9, 0, 30)),
        (INSTANT, "2024年6月30日 9:05", datetime(2024, 6, 30, 9, 5)),
        (INSTANT, "2024-06-30 09:00:00.000", datetime(2024, 6, 30, 9, 0)),
        # an instant that says how far its clock is from UTC is put in China's time, eight hours ahead of it
        (INSTANT, "2025-03-01T23:50:00+08:00", datetime(2025, 3, 1, 23, 50)),
        (INSTANT, "2025-03-01T23:50:00Z", datetime(2025, 3, 2, 7, 50)),
        (INSTANT, "2025-03-01 23:50 +0530", datetime(2025, 3, 2, 2, 20)),
        (INSTANT, "2025-03-01T00:10:00+09:00", datetime(2025, 2, 28, 23, 10)),
        (INSTANT, "2025-02-28T20:00:00-05:00", datetime(2025, 3, 1, 9)),
        (INSTANT, "2024-06-30 24:00", datetime.combine(date(2024, 6, 30), END)),
        (INSTANT, "2024-06-30T24:00:00+08:00", datetime.combine(date(2024, 6, 30), END)),
        (INSTANT, "2024-06-30T24:00:00Z", datetime(2024, 7, 1, 8)),
        (DATE, "2024-06-30 24:00", date(2024, 6, 30)),
        (PERIOD, "2024Q2", QUARTER_2),
        (PERIOD, "2024-Q2", QUARTER_2),
        (PERIOD, "2024年第2季度", QUARTER_2),
        (PERIOD, "2024年二季度", QUARTER_2),
        (PERIOD, "FY24", FISCAL_2024),
        (PERIOD, "2024财年", FISCAL_2024),
        (PERIOD, "2024-06", Period("month", 2024, 6, date(2024, 6, 1), date(2024, 6, 30))),
        (Kind("period", unit="year"), "2024", Period("year", 2024, 0, date(2024, 1, 1), date(2024, 12, 31))),
        (Kind("duration"), "3个月", Duration(Fraction(3), "M")),
        (Kind("duration"), "60 days", Duration(Fraction(60), "D")),
        (Kind("duration"), "3个工作日", Duration(Fraction(3), "WD")),
        (Kind("duration"), "半年", Duration(Fraction(1, 2), "Y")),
        (Kind("duration", unit="D"), "2周", Duration(Fraction(14), "D")),
        (TEXT, " 甲  公司 ", "甲  公司"),
        (TEXT, "123", "123"),
        (TEXT, "no", "no"),
        (options("报告内容", "甲", "乙", "丙", base="choices"), "丙、甲", ("丙", "甲")),
        (options("报告内容", "甲", "乙", "丙", base="choices"), "甲; 乙，丙", ("甲", "乙", "丙")),
        (options("等级", "IVR 钻石", "无"), "ｉｖｒ 钻石", "IVR 钻石"),
        (options("证明", "有", "无"), "无", "无"),
    ],
)
def test_accepted(kind: Kind, text: str, value: Exact) -> None:
    read = read_cell(text, decl(kind), PROGRAM)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (YESNO, "1", "SHEET130"),
        (YESNO, "y", "SHEET130"),
        (YESNO, "有", "SHEET130"),
        (NUMBER, "true", "SHEET130"),
        (NUMBER, "8%", "SHEET130"),
        (NUMBER, "3人", "SHEET130"),
        (NUMBER, "1_000", "SHEET130"),
        (NUMBER, "0x1F", "SHEET130"),
        (NUMBER, "12:30", "SHEET130"),
        (NUMBER, "NaN", "SHEET130"),
        (NUMBER, ".inf", "SHEET130"),
        (NUMBER, "Infinity", "SHEET130"),
        (NUMBER, "5.", "SHEET130"),
        (NUMBER, "1,80", "SHEET130"),
        (NUMBER, "٣", "SHEET130"),
        (NUMBER, "①", "SHEET130"),
        (NUMBER, "1 2", "SHEET130"),
        (NUMBER, "1E1000000", "SHEET138"),
        (NUMBER, "9" * 41, "SHEET138"),
        (NUMBER, "1e41", "SHEET138"),
        (NUMBER, "1e-41", "SHEET138"),
        (NUMBER, "1/0", "SHEET138"),
        (NUMBER, "9" * 5000, "SHEET130"),
        (PERCENT, "8", "SHEET133"),
        (PERCENT, "0.08", "SHEET133"),
        (PERCENT, "0", "SHEET133"),
        (PERCENT, "8分", "SHEET130"),
        (MONEY, "USD 5", "SHEET139"),
        (MONEY, "5美元", "SHEET139"),
        (MONEY, "5%", "SHEET130"),
        (MONEY, "一百五元", "SHEET130"),
        (GROSS, "150万元（不含税）", "SHEET132"),
        (NET, "1800（含税）", "SHEET132"),
        (PEOPLE, "3家", "SHEET131"),
        (PEOPLE, "2.5", "SHEET134"),
        (PEOPLE, "2.5人", "SHEET134"),
        (PEOPLE, "1/2", "SHEET130"),
        (POINTS, "85人", "SHEET130"),
        (POINTS, "8%", "SHEET130"),
        (DATE, "2024-02-30", "SHEET141"),
        (DATE, "2024-13-01", "SHEET141"),
        (DATE, "20240630", "SHEET130"),
        (DATE, "45000", "SHEET148"),
        (DATE, "2024-06-30 09:00", "SHEET145"),
        (DATE, "6月30日", "SHEET130"),
        (DATE, "2024Q2", "SHEET130"),
        (INSTANT, "2024-06-30", "SHEET140"),
        (INSTANT, "2024-06-30 25:00", "SHEET141"),
        (INSTANT, "2024-06-30 24:00:01", "SHEET141"),
        (INSTANT, "2024-06-30T09:00:00+15:00", "SHEET141"),
        (INSTANT, "0001-01-01T00:00:00+14:00", "SHEET141"),
        (INSTANT, "2024-06-30T09:00:00+8", "SHEET130"),
        (DATE, "2024-06-30T00:00:00Z", "SHEET145"),  # eight in the morning in China
        (PERIOD, "2024Q5", "SHEET130"),
        (PERIOD, "2024-13", "SHEET141"),
        (PERIOD, "2024", "SHEET130"),
        (Kind("period", unit="quarter"), "2024年", "SHEET142"),
        (PERIOD, "0001-01", "SHEET141"),
        (Kind("duration"), "60", "SHEET130"),
        (Kind("duration", unit="D"), "1个月", "SHEET130"),
        (Kind("duration", unit="D"), "3个工作日", "SHEET130"),
        (ROLE, "总代", "SHEET135"),
        (options("报告内容", "甲", "乙", base="choices"), "甲、甲", "SHEET143"),
        (options("报告内容", "甲", "乙", base="choices"), "甲、丁", "SHEET135"),
        (TEXT, "字" * 20_001, "SHEET138"),
        (TEXT, "无", "SHEET136"),
        (NUMBER, "无", "SHEET136"),
        (NUMBER, "None", "SHEET136"),
    ],
)
def test_refused(kind: Kind, text: str, code: str) -> None:
    assert refused(text, decl(kind)) == code


@pytest.mark.parametrize("text", ["", "  ", "-", "—", "/"])
def test_an_empty_cell_is_absent(text: str) -> None:
    assert read_cell(text, decl(NUMBER), PROGRAM) is ABSENT


def test_none_is_a_value_only_where_it_may_be_stated() -> None:
    assert read_cell("无", decl(DATE, optional=True), PROGRAM) is None
    assert read_cell("NONE", decl(DATE, default=Const(None, kind=DATE)), PROGRAM) is None
    assert refused("无", decl(DATE, default=Const(date(2024, 1, 1), kind=DATE))) == "SHEET136"


def test_other_spellings_and_open_lists() -> None:
    role = decl(ROLE)
    assert read_cell("ｖａｒ", role, PROGRAM) == "增值渠道"
    assert read_cell("别的", decl(options("子类", "甲", open=True)), PROGRAM) == "别的"


def test_a_bare_percentage_is_asked_back() -> None:
    with pytest.raises(SheetError) as caught:
        read_cell("0.08", decl(PERCENT), PROGRAM)
    assert caught.value.diagnostics[0].suggestions == ("8%", "0.08%")


def test_near_misses_of_an_option() -> None:
    with pytest.raises(SheetError) as caught:
        read_cell("增殖渠道", decl(ROLE), PROGRAM)
    assert caught.value.diagnostics[0].suggestions[0] == "增值渠道"


def test_the_currency_of_the_policy() -> None:
    dollars = replace(PROGRAM, header=replace(PROGRAM.header, currency="USD"))
    assert read_cell("USD 1,500.50", decl(MONEY), dollars) == Fraction(3001, 2)
    assert read_cell("1500", decl(MONEY), dollars) == 1500
    assert read_cell("$1.5 million", decl(MONEY), dollars) == 1_500_000
    assert read_cell("150万美元", decl(MONEY), dollars) == 1_500_000
    assert refused("1500元", decl(MONEY), dollars) == "SHEET139"


def test_a_fiscal_year_needs_its_first_day() -> None:
    without = replace(PROGRAM, header=replace(PROGRAM.header, fiscal=None))
    assert refused("2024财年", decl(PERIOD), without) == "SHEET144"


def test_both_dialects_are_read() -> None:
    assert read_cell("3 people", decl(Kind("count", unit="people")), ENGLISH) == 3
    assert read_cell("3人", decl(PEOPLE), ENGLISH) == 3
    assert read_cell("150万元", decl(MONEY), ENGLISH) == 1_500_000


def test_nodes_of_the_language_become_exact_values() -> None:
    assert to_exact(nodes.Money(NOWHERE, Fraction(5), "incl", currency="CNY"), decl(GROSS)) == 5
    assert to_exact(nodes.Period(NOWHERE, "quarter", 2024, 2), decl(PERIOD), PROGRAM) == QUARTER_2
    assert to_exact(nodes.NoneValue(NOWHERE), decl(DATE, optional=True)) is None
    assert to_exact(nodes.Text(NOWHERE, "增值渠道"), decl(ROLE)) == "增值渠道"
    with pytest.raises(Refused, match="SHEET132"):
        to_exact(nodes.Money(NOWHERE, Fraction(5), "excl", currency="CNY"), decl(GROSS))
    with pytest.raises(Refused, match="SHEET130"):
        to_exact(nodes.YesNo(NOWHERE, True), decl(NUMBER))
    with pytest.raises(Refused, match="SHEET133"):
        to_exact(nodes.Number(NOWHERE, Fraction(8, 100)), decl(PERCENT))
