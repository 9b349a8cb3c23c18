"""Days, months, working days and periods, checked against dates worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tries import tries

from policydsl.calendar import (
    CannotCompute,
    add_months,
    add_working_days,
    is_working_day,
    last_day_counting_first,
    make_period,
    period_of,
    roll_forward,
    shift,
    shift_period,
)
from policydsl.kinds import Duration, Fiscal

SOME = tries(100)


def lasting(value: int | str, unit: str) -> Duration:
    return Duration(Fraction(value), unit)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("start", "months", "end"), [
    ("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2024-01-31", 2, "2024-03-31"),
    ("2024-01-31", 13, "2025-02-28"), ("2024-03-31", -1, "2024-02-29"), ("2024-12-15", 1, "2025-01-15"),
    ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2024-01-01", 0, "2024-01-01"),
])
def test_months_end_on_the_same_number_or_on_the_last_day(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


@pytest.mark.parametrize(("start", "length", "end"), [
    ("2024-01-31", lasting(45, "D"), "2024-03-16"), ("2024-01-31", lasting(2, "W"), "2024-02-14"),
    ("2024-01-31", lasting(1, "Q"), "2024-04-30"), ("2024-01-31", lasting("0.5", "Y"), "2024-07-31"),
    ("2024-08-31", lasting("0.5", "Y"), "2025-02-28"), ("2021-09-30", lasting(3, "WD"), "2021-10-11"),
])
def test_the_last_day_of_a_period_from_a_day(start: str, length: Duration, end: str) -> None:
    assert shift(day(start), length) == day(end)


@pytest.mark.parametrize(("start", "length", "end"), [
    ("2024-03-10", lasting(1, "M"), "2024-04-09"), ("2024-03-01", lasting(1, "M"), "2024-03-31"),
    ("2024-01-31", lasting(1, "M"), "2024-02-29"), ("2024-01-30", lasting(1, "M"), "2024-02-29"),
    ("2024-01-29", lasting(1, "M"), "2024-02-28"), ("2023-01-29", lasting(1, "M"), "2023-02-28"),
    ("2024-02-29", lasting(1, "Y"), "2025-02-28"), ("2024-05-10", lasting(12, "M"), "2025-05-09"),
    ("2024-05-10", lasting(10, "D"), "2024-05-19"), ("2024-05-10", lasting(1, "D"), "2024-05-10"),
    ("2024-10-08", lasting(3, "WD"), "2024-10-10"), ("2024-10-01", lasting(1, "WD"), "2024-10-08"),
])
def test_counting_the_first_day_ends_on_the_eve(start: str, length: Duration, end: str) -> None:
    assert last_day_counting_first(day(start), length) == day(end)


@pytest.mark.parametrize(("text", "worked"), [
    ("2021-09-26", True), ("2021-10-01", False), ("2021-10-07", False), ("2021-10-08", True), ("2021-10-09", True),
    ("2021-10-10", False), ("2024-09-29", True), ("2024-10-01", False), ("2024-10-07", False), ("2024-10-08", True),
    ("2024-10-12", True), ("2024-10-13", False), ("2024-02-04", True), ("2024-02-10", False),
])
def test_working_days_with_their_make_up_days(text: str, worked: bool) -> None:
    assert is_working_day(day(text)) is worked


@pytest.mark.parametrize(("start", "count", "end"), [
    ("2021-09-24", 1, "2021-09-26"), ("2021-09-30", 1, "2021-10-08"), ("2021-09-30", 2, "2021-10-09"),
    ("2024-09-27", 1, "2024-09-29"), ("2024-09-30", 1, "2024-10-08"), ("2024-10-11", 1, "2024-10-12"),
    ("2024-10-12", 1, "2024-10-14"), ("2024-10-08", -1, "2024-09-30"), ("2024-10-08", 0, "2024-10-08"),
])
def test_the_nth_working_day_after(start: str, count: int, end: str) -> None:
    assert add_working_days(day(start), count) == day(end)


@pytest.mark.parametrize(("text", "end"), [
    ("2024-10-01", "2024-10-08"), ("2024-10-12", "2024-10-12"), ("2024-10-13", "2024-10-14"),
    ("2024-10-08", "2024-10-08"),
])
def test_a_rest_day_rolls_forward(text: str, end: str) -> None:
    assert roll_forward(day(text)) == day(end)


@pytest.mark.parametrize("text", ["1990-06-01", "2097-06-01"])
def test_outside_the_published_calendars_there_is_no_answer(text: str) -> None:
    with pytest.raises(CannotCompute) as caught:
        is_working_day(day(text))
    assert (caught.value.why, caught.value.detail) == ("calendar_coverage", text[:4])


def test_hours_run_from_an_instant_only() -> None:
    start = datetime(2022, 5, 10, 23, 55)
    assert shift(start, lasting(10, "MIN")) == datetime(2022, 5, 11, 0, 5)
    assert shift(start, lasting(2, "H"), backwards=True) == datetime(2022, 5, 10, 21, 55)
    assert shift(start, lasting(1, "M")) == datetime(2022, 6, 10, 23, 55)
    with pytest.raises(CannotCompute, match="no_time_of_day"):
        shift(date(2022, 5, 10), lasting(1, "H"))


@pytest.mark.parametrize(("length", "why"), [
    (lasting("0.5", "M"), "half_month"), (lasting("1.5", "D"), "not_whole"), (lasting(10**7, "D"), "date_out_of_range"),
    (lasting(10**5, "M"), "date_out_of_range"),
])
def test_what_no_calendar_can_answer(length: Duration, why: str) -> None:
    with pytest.raises(CannotCompute, match=why):
        shift(date(2024, 1, 1), length)


def test_fiscal_years_are_named_by_the_year_in_which_they_end() -> None:
    year = make_period("fiscal_year", 2022, 0, Fiscal((4, 1)))
    assert (year.first, year.last) == (date(2021, 4, 1), date(2022, 3, 31))
    assert period_of("fiscal_year", date(2022, 3, 31), Fiscal((4, 1))) == year
    assert period_of("fiscal_year", date(2022, 4, 1), Fiscal((4, 1))).year == 2023
    plain = Fiscal((1, 1))
    assert period_of("fiscal_year", date(2022, 6, 1), plain) == make_period("fiscal_year", 2022, 0, plain)
    with pytest.raises(CannotCompute, match="no_fiscal_year"):
        period_of("fiscal_year", date(2022, 4, 1), None)


def test_periods_move_by_their_own_grain() -> None:
    quarter = make_period("quarter", 2024, 4, None)
    assert (quarter.first, quarter.last) == (date(2024, 10, 1), date(2024, 12, 31))
    assert shift_period(quarter, lasting(1, "Q"), None, False) == make_period("quarter", 2025, 1, None)
    assert shift_period(quarter, lasting(1, "Y"), None, True) == make_period("quarter", 2023, 4, None)
    february = make_period("month", 2024, 2, None)
    assert february.last == date(2024, 2, 29)
    assert shift_period(february, lasting(1, "M"), None, False).last == date(2024, 3, 31)
    with pytest.raises(CannotCompute, match="period_shift"):
        shift_period(quarter, lasting(1, "M"), None, False)


days = st.dates(date(2005, 1, 1), date(2024, 12, 31))


@SOME
@given(start=days, months=st.integers(0, 60))
def test_counting_the_first_day_never_ends_later(start: date, months: int) -> None:
    """It ends on the eve, or (both clamped to a month's end) on the same day."""
    length = lasting(months, "M")
    full = shift(start, length)
    counted = last_day_counting_first(start, length)
    assert counted == (full - timedelta(days=1) if full.day == start.day else full)


@SOME
@given(start=days, count=st.integers(1, 40))
def test_working_days_are_counted_one_by_one(start: date, count: int) -> None:
    end = add_working_days(start, count)
    between = [start + timedelta(days=i) for i in range(1, (end - start).days + 1)]
    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == count


@SOME
@given(when=days)
def test_a_day_lies_in_its_quarter(when: date) -> None:
    quarter = period_of("quarter", when)
    assert quarter.first <= when <= quarter.last
    assert quarter.first.day == 1
    assert (quarter.last + timedelta(days=1)).day == 1
