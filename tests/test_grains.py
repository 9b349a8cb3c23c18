"""Periods of every grain: the calendar's, those of fiscal years from a day, and of quarters that are listed."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from recheck_support import faults, proved

from policydsl.calendar import CannotCompute, make_period, period_of, shift_period
from policydsl.domain import interval, point
from policydsl.engine import load_text
from policydsl.diagnostics import Language, PolicyError
from policydsl.facts import Sheet
from policydsl.kinds import DATE, GRAINS, Duration, Exact, Fiscal, Kind, Period
from policydsl.operators import Setting, apply
from policydsl.operators.exact import period_op
from policydsl.recheck import exact as again
from policydsl.recheck.document import examine, read_document
from policydsl.recheck.hull import Open
from policydsl.recheck.hull import apply as apply_again
from policydsl.render.text import verdict_text
from policydsl.sheet import read_sheets

NOVEMBER, APRIL, LATE = Fiscal((11, 1)), Fiscal((4, 1), by_first=True), Fiscal((8, 31))
# A programme half of 26 weeks, to 26 January 2019, and one of 27.
WEEKS = Fiscal(None, False, tuple(map(date.fromisoformat, (
    "2018-07-29", "2018-10-28", "2019-01-27", "2019-04-28", "2019-07-28", "2019-11-03",
))))


def days(first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last)


def setting_again(fiscal: Fiscal | None) -> again.Setting:
    if fiscal is None:
        return again.Setting()
    return again.Setting(fiscal.start, by_first=fiscal.by_first, listed=fiscal.listed)


@pytest.mark.parametrize(("grain", "day", "fiscal", "year", "number", "span"), [
    ("month", "2024-02-29", None, 2024, 2, days("2024-02-01", "2024-02-29")),
    ("half", "2024-06-30", None, 2024, 1, days("2024-01-01", "2024-06-30")),
    ("half", "2024-07-01", None, 2024, 2, days("2024-07-01", "2024-12-31")),
    ("year", "2024-12-31", None, 2024, 0, days("2024-01-01", "2024-12-31")),
    ("fiscal_quarter", "2024-12-10", NOVEMBER, 2025, 1, days("2024-11-01", "2025-01-31")),
    ("fiscal_quarter", "2024-10-31", NOVEMBER, 2024, 4, days("2024-08-01", "2024-10-31")),
    ("fiscal_half", "2024-04-30", NOVEMBER, 2024, 1, days("2023-11-01", "2024-04-30")),
    ("fiscal_year", "2024-04-01", APRIL, 2024, 0, days("2024-04-01", "2025-03-31")),
    ("fiscal_half", "2025-03-31", APRIL, 2024, 2, days("2024-10-01", "2025-03-31")),
    ("fiscal_quarter", "2024-11-29", LATE, 2025, 1, days("2024-08-31", "2024-11-29")),
    ("fiscal_quarter", "2024-11-30", LATE, 2025, 2, days("2024-11-30", "2025-02-27")),
    ("fiscal_quarter", "2018-10-27", WEEKS, 2019, 1, days("2018-07-29", "2018-10-27")),
    ("fiscal_quarter", "2018-10-28", WEEKS, 2019, 2, days("2018-10-28", "2019-01-26")),
    ("fiscal_half", "2018-12-24", WEEKS, 2019, 1, days("2018-07-29", "2019-01-26")),
    ("fiscal_year", "2019-07-27", WEEKS, 2019, 0, days("2018-07-29", "2019-07-27")),
    ("fiscal_quarter", "2019-11-02", WEEKS, 2020, 1, days("2019-07-28", "2019-11-02")),
])
def test_the_period_of_a_day(
    grain: str, day: str, fiscal: Fiscal | None, year: int, number: int, span: tuple[date, date]
) -> None:
    found = period_of(grain, date.fromisoformat(day), fiscal)
    assert found == Period(grain, year, number, *span) == make_period(grain, year, number, fiscal)
    assert again.calendar_period(date.fromisoformat(day), grain, setting_again(fiscal)) == (*span, grain)


@pytest.mark.parametrize(("grain", "day"), [
    ("fiscal_quarter", "2018-07-28"), ("fiscal_quarter", "2019-11-03"), ("fiscal_quarter", "2030-01-01"),
    ("fiscal_half", "2019-08-01"), ("fiscal_year", "2019-08-01"),  # the list ends before these do
])
def test_beyond_the_list_there_is_no_answer(grain: str, day: str) -> None:
    with pytest.raises(CannotCompute, match="not_listed"):
        period_of(grain, date.fromisoformat(day), WEEKS)
    with pytest.raises(again.NoValue):
        again.calendar_period(date.fromisoformat(day), grain, setting_again(WEEKS))


@pytest.mark.parametrize("fiscal", [NOVEMBER, APRIL, LATE])
@pytest.mark.parametrize("grain", GRAINS)
def test_periods_follow_each_other_without_a_gap(grain: str, fiscal: Fiscal) -> None:
    day, months = date(2022, 1, 1), Duration(Fraction(12 // GRAINS[grain]), "M")
    for _ in range(15):
        here = period_of(grain, day, fiscal)
        after = period_of(grain, here.last + timedelta(days=1), fiscal)
        assert after.first == here.last + timedelta(days=1)
        assert shift_period(here, months, fiscal, False) == after
        assert shift_period(after, months, fiscal, True) == here
        assert again.moved(again.Period(here.first, here.last, grain), 12 // GRAINS[grain], setting_again(fiscal)) == (
            after.first, after.last, grain)
        day = after.first


@pytest.mark.parametrize("fiscal", [NOVEMBER, LATE, WEEKS])
@pytest.mark.parametrize("grain", ["month", "half", "fiscal_quarter", "fiscal_half"])
def test_a_day_within_a_span_lies_in_one_of_the_periods_of_its_days(grain: str, fiscal: Fiscal) -> None:
    """Brute force: every day of spans of all lengths, by both evaluators."""
    start, kind = date(2018, 8, 1), Kind("period", unit=grain)
    for many in (1, 20, 90, 100, 170):
        for at in range(0, 160, 23):
            low, high = start + timedelta(days=at), start + timedelta(days=at + many)
            every = {period_of(grain, low + timedelta(days=n), fiscal) for n in range(many + 1)}
            found = apply(period_op(grain), [interval(low, high)], [DATE], kind, Setting(fiscal, None))
            assert found.values is not None and set(found.values) == every
            told = apply_again(
                period_op(grain), [Open(None, low, False, high, False)], ["date"], (), Open(None), setting_again(fiscal)
            )
            assert told.values is not None and {(p.first, p.last) for p in told.values} == {
                (p.first, p.last) for p in every}


def test_a_year_whose_last_quarter_is_not_listed_has_no_name_that_a_longer_list_would_change() -> None:
    """From 29 December 2024, 52 weeks end on 27 December 2025 and 53 on 3 January 2026."""
    begun = tuple(map(date.fromisoformat, ("2024-12-29", "2025-03-30", "2025-06-29")))
    for last, year in (("2025-12-28", 2025), ("2026-01-04", 2026)):
        whole = Fiscal(None, False, (*begun, date(2025, 9, 28), date.fromisoformat(last)))
        assert period_of("fiscal_quarter", date(2025, 1, 1), whole).year == year
    short = Fiscal(None, False, begun)
    with pytest.raises(CannotCompute):
        period_of("fiscal_quarter", date(2025, 1, 1), short)
    policy = load_text(
        "政策 甲\n  编号：T\n  财季首日：2024年12月29日、2025年3月30日、2025年6月29日\n"
        "数据\n  签：日期\n计算 季 ＝ 财季（签）\n条件 同季：财季（签） 为 本财季\n"
    )
    (sheet,) = read_sheets("签: 2025-01-01", "s", policy.program)
    proof = proved(policy, (sheet,), date(2025, 3, 29))
    assert faults(examine(read_document(proof))) == []
    assert period_of("fiscal_quarter", date(2025, 1, 1), Fiscal(None, True, begun)).year == 2024


@pytest.mark.parametrize(("lang", "day", "year"), [
    ("zh", "定不了 2024年7月30日 的财季", "没有列出 2023财年"),
    ("en", "do not settle that of 2024-07-30", "do not give that part of FY2023"),
])
def test_what_is_not_listed_is_told_as_days_and_years_are(lang: Language, day: str, year: str) -> None:
    policy = load_text(
        "政策 甲\n  编号：T\n  财季首日：2023年7月30日、2023年10月29日、2024年1月28日、2024年4月28日、2024年7月28日\n"
        "数据\n  签：日期\n计算 季 ＝ 财季（签）\n计算 上年 ＝ 财年（评估日） － 1年\n"
    )
    (verdict,) = policy.judge([Sheet("甲", values={"签": date(2024, 7, 30)})], date(2024, 6, 30))
    shown = verdict_text(verdict, lang=lang)
    assert day in shown and year in shown


def test_a_span_that_runs_beyond_the_list_is_open() -> None:
    kind = Kind("period", unit="fiscal_quarter")
    low, high = date(2019, 7, 1), date(2019, 11, 10)
    assert apply("fiscal_quarter_of", [interval(low, high)], [DATE], kind, Setting(WEEKS, None)).values is None
    outside: Exact = date(2020, 1, 1)
    found = apply("fiscal_quarter_of", [point(outside)], [DATE], kind, Setting(WEEKS, None))
    assert found.reasons == {"not_computable"}


@pytest.mark.parametrize(("header", "code"), [
    ("财年起始：4月1日\n  财季首日：2018年7月29日、2018年10月28日", "POL481"),
    ("财季首日：2018年7月29日", "POL482"),
    ("财季首日：2018年7月29日、2018年10月20日", "POL482"),  # 83 days
    ("财季首日：2018年7月29日、2018年11月12日", "POL482"),  # 106 days
    ("财季首日：2018年10月28日、2018年7月29日", "POL482"),
])
def test_fiscal_years_are_said_once_and_in_order(header: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"政策 甲\n  编号：T\n  {header}\n计算 季 ＝ 本财季\n")
    assert [d.code for d in refused.value.diagnostics] == [code]


@pytest.mark.parametrize("header", [
    "财季首日：2018年7月29日、2018年10月21日", "财季首日：2018年7月29日、2018年11月11日",  # 12 weeks, 15 weeks
])
def test_quarters_of_twelve_to_fifteen_weeks(header: str) -> None:
    assert not load_text(f"政策 甲\n  编号：T\n  {header}\n计算 季 ＝ 本财季\n").diagnostics


@pytest.mark.parametrize(("start", "warned"), [
    ("11月1日", True), ("4月15日", True), ("4月1日", False), ("1月1日", False),
])
def test_a_quarter_of_the_calendar_beside_other_fiscal_quarters_is_remarked_on(start: str, warned: bool) -> None:
    told = load_text(f"政策 甲\n  编号：T\n  财年起始：{start}\n计算 季 ＝ 本季度\n").diagnostics
    assert [d.code for d in told] == (["POL483"] if warned else [])


def test_without_a_fiscal_year_there_is_no_fiscal_quarter() -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(
            "政策 甲\n  编号：T\n计算 季 ＝ 本财季\n计算 半 ＝ 财半年度（评估日）\n计算 首季 ＝ 2024财年第1季度\n"
        )
    assert sorted(d.code for d in refused.value.diagnostics) == ["POL313", "POL315", "POL315"]


@pytest.mark.parametrize(("year", "told"), [("2024", ["quarters_listed"]), ("2025", [])])
def test_a_year_that_the_list_of_quarters_does_not_name_is_told_of_the_list(year: str, told: list[str]) -> None:
    """The five quarters end in January 2025, so their year is 2025."""
    text = (
        "政策 甲\n  编号：T\n  财季首日：2024年1月28日、2024年4月28日、2024年7月28日、2024年10月27日、2025年1月26日\n"
        f"计算 首季 ＝ {year}财年第1季度\n"
    )
    try:
        found = load_text(text).diagnostics
    except PolicyError as refused:
        found = refused.diagnostics
    assert [d.hint for d in found if d.code == "POL313"] == told
