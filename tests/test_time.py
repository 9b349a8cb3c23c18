"""One rule for time: a date is the end of its day, and what lies after the evaluation date has not happened yet."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from engine_support import policy, verdict

from policydsl import to_json, to_text
from policydsl.calendar import END, instant

DUE = """数据
  截止时刻：时刻
  办结时刻：时刻，选填
  办结日：日期，选填
期限 按时刻
  截止：截止时刻
  完成：办结时刻
期限 按日
  截止：截止时刻
  完成：办结日
条件 截止已过：评估日 晚于 截止时刻
条件 截止在前：截止时刻 早于 评估日
条件 早于那天：截止时刻 早于 2024年10月4日
条件 不晚于那天：截止时刻 不晚于 2024年10月4日
"""
NINE = datetime(2024, 10, 4, 9)


@pytest.mark.parametrize(("done", "day", "as_of", "states"), [
    # One second late, judged as of that day: the day is over, so is the time limit.
    (datetime(2024, 10, 4, 9, 0, 1), date(2024, 10, 4), date(2024, 10, 4), ("late", "late")),
    (NINE, date(2024, 10, 3), date(2024, 10, 4), ("met", "met")),
    # As of an instant before the limit nothing is late yet.
    (None, None, datetime(2024, 10, 4, 8, 59, 59), ("running", "running")),
    (None, None, NINE, ("running", "running")),
    (None, None, datetime(2024, 10, 4, 9, 0, 1), ("late", "late")),
    (None, None, date(2024, 10, 3), ("running", "running")),
    (None, None, date(2024, 10, 4), ("late", "late")),
])
def test_a_date_is_the_end_of_its_day(
    done: datetime | None, day: date | None, as_of: date, states: tuple[str, str]
) -> None:
    found = verdict(policy(DUE), {"截止时刻": NINE, "办结时刻": done, "办结日": day}, as_of=as_of).results
    assert tuple(found[name].total.state.value for name in ("按时刻", "按日")) == states  # type: ignore[union-attr]


def test_an_instant_is_neither_before_nor_after_the_day_it_lies_in() -> None:
    found = verdict(policy(DUE), {"截止时刻": NINE}, as_of=date(2024, 10, 4)).results
    assert {name: one.total.value.value for name, one in found.items() if one.total.state is None} == {
        "截止已过": True, "截止在前": True, "早于那天": False, "不晚于那天": True,
    }


@pytest.mark.parametrize(("due", "done", "state"), [
    ((date(2024, 10, 4), 24, 0, 0), (date(2024, 10, 4), 23, 59, 59), "met"),
    ((date(2024, 10, 4), 24, 0, 0), (date(2024, 10, 5), 0, 0, 0), "met"),  # the same instant
    ((date(2024, 10, 4), 24, 0, 0), (date(2024, 10, 5), 0, 0, 1), "late"),
    ((date(2024, 10, 4), 23, 59, 59), (date(2024, 10, 4), 24, 0, 0), "late"),
])
def test_24_00_is_the_end_of_the_day(
    due: tuple[date, int, int, int], done: tuple[date, int, int, int], state: str
) -> None:
    facts = {"截止时刻": instant(*due), "办结时刻": instant(*done)}
    (made,) = [verdict(policy(DUE), facts, as_of=date(2024, 10, 9)).results["按时刻"].total.state]
    assert made is not None and made.value == state


def test_24_00_is_written_as_such() -> None:
    end = datetime.combine(date(2024, 10, 4), END)
    found = verdict(policy(DUE), {"截止时刻": end, "办结时刻": None, "办结日": None}, as_of=date(2024, 10, 4))
    assert "截止 2024年10月4日 24:00" in to_text(found)
    assert '"2024-10-04T24:00:00"' in to_json(found)


@pytest.mark.parametrize(("as_of", "states"), [
    # Never, or after the last day: which of them is not known, and either way it is late.
    (date(2024, 6, 11), ("late",)),
    (date(2024, 6, 10), ("running",)),
])
def test_late_or_never_is_late(as_of: date, states: tuple[str, ...]) -> None:
    made = policy("""数据
  到岗日：日期，选填，不早于 2024年6月11日
期限 到岗
  截止：2024年6月10日
  完成：到岗日
条件 迟了：到岗 已逾期
""")
    found = verdict(made, {}, as_of=as_of).results
    state = found["到岗"].total.state
    assert state is not None and state.values == states
    assert found["迟了"].total.value.values == (states == ("late",),)
