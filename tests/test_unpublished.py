"""Working days of years for which no calendar is published: what holds on whatever calendar there will be is told."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest

import policydsl
from policydsl import calendar, to_json, to_text
from policydsl.calendar import CannotCompute, add_working_days, last_day_counting_first, roll_forward, working_days
from policydsl.cli.recheck import worked
from policydsl.kinds import Duration
from policydsl.recheck.document import recheck

POLICY = """政策 答复
  编号：T
  期间算法：民法典
数据
  通知日：日期
  答复日：日期，选填
期限 答复期限：通知日 后 5个工作日
  完成：答复日
期限 补正期限：通知日 后 8天
  完成：答复日
"""
FRIDAY = date(2030, 3, 1)


def state(name: str, as_of: str, done: str) -> tuple[str, ...]:
    policy = policydsl.loads(POLICY)
    sheet = {"评估日": as_of, "通知日": "2030-03-01", "答复日": done}
    verdict = policy.evaluate(sheet)
    proved = to_json(policy.evaluate(sheet, proof=True))
    for calendars in (None, worked):
        assert recheck(proved, calendars).faults == []
    judged = verdict.results[name].total
    assert judged.state is not None and judged.state.values is not None
    assert "2030年的工作日安排未公布" in to_text(verdict)
    return tuple(str(one) for one in judged.state.values)


@pytest.mark.parametrize(("as_of", "done", "wanted"), [
    ("2030-03-04", "无", ("running",)),
    ("2030-03-06", "无", ("running",)),  # were each day worked, this would be the last
    ("2030-03-06", "2030-03-06", ("met",)),
    ("2030-03-04", "2030-03-05", ("running",)),  # has not happened yet
    ("2031-01-01", "2030-03-06", ("met",)),
    ("2030-03-07", "无", ("late", "running")),
    ("2030-03-07", "2030-03-07", ("met", "late")),  # done: whether in time is open, and no time is left to run
    ("2030-03-07", "2030-03-08", ("late", "running")),
    ("2031-01-01", "2030-03-08", ("met", "late")),
])
def test_before_the_first_day_that_may_be_the_last_nothing_is_late(
    as_of: str, done: str, wanted: tuple[str, ...]
) -> None:
    assert state("答复期限", as_of, done) == wanted


@pytest.mark.parametrize(("as_of", "done", "wanted"), [
    ("2030-03-09", "无", ("running",)),  # the day itself, before it is moved off a rest day
    ("2030-03-10", "无", ("late", "running")),
    ("2031-01-01", "2030-03-09", ("met",)),
])
def test_a_day_that_rest_days_move_is_no_earlier_than_unmoved(as_of: str, done: str, wanted: tuple[str, ...]) -> None:
    assert state("补正期限", as_of, done) == wanted


def test_the_bounds_are_those_of_all_calendars(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against every way in which the eight days from 2 March 2030 on may be worked, all days behind them being so."""
    days = [FRIDAY + timedelta(days=n) for n in range(1, 9)]
    wanted = {
        "five": lambda: add_working_days(FRIDAY, 5), "back": lambda: add_working_days(days[-1], -3),
        "moved": lambda: roll_forward(days[1]),
        "first": lambda: last_day_counting_first(days[0], Duration(Fraction(3), "WD")),
        "between": lambda: Duration(Fraction(working_days(FRIDAY, days[3])), "WD"),
        "turned": lambda: Duration(Fraction(working_days(days[3], FRIDAY)), "WD"),
    }
    claimed = {}
    for name, one in wanted.items():
        with pytest.raises(CannotCompute) as beyond:
            one()
        claimed[name] = beyond.value.low, beyond.value.high
    assert claimed == {
        "five": (date(2030, 3, 6), None), "back": (None, date(2030, 3, 6)), "moved": (date(2030, 3, 3), None),
        "first": (date(2030, 3, 4), None),
        "between": (Duration(Fraction(0), "WD"), Duration(Fraction(4), "WD")),
        "turned": (Duration(Fraction(-4), "WD"), Duration(Fraction(0), "WD")),
    }
    reached: dict[str, set[object]] = {name: set() for name in wanted}
    for pattern in product((True, False), repeat=len(days)):
        of_day = dict(zip(days, pattern, strict=True))
        monkeypatch.setattr(calendar, "is_working_day", lambda day, of_day=of_day: of_day.get(day, True))
        for name, one in wanted.items():
            reached[name].add(one())
    for name, (low, high) in claimed.items():
        by_size = sorted(reached[name], key=lambda v: v.value if isinstance(v, Duration) else v)  # type: ignore[arg-type, return-value]
        assert low is None or by_size[0] == low
        assert high is None or by_size[-1] == high


def test_published_days_count_as_they_are() -> None:
    """After Tuesday 29 December 2026 two days are worked; so the fourth is 2 January 2027 at the earliest."""
    with pytest.raises(CannotCompute) as beyond:
        add_working_days(date(2026, 12, 29), 4)
    assert (beyond.value.low, beyond.value.detail) == (date(2027, 1, 2), "2027")
    with pytest.raises(CannotCompute) as between:
        working_days(date(2026, 12, 29), date(2027, 1, 3))
    assert (between.value.low, between.value.high) == (Duration(Fraction(2), "WD"), Duration(Fraction(5), "WD"))
