"""Instants within bounds at the ends of months, where days do not go one way: right values worked out by hand, and
sheets that leave them out held against every way in which they may turn out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random

import pytest
from engine_support import allows, policy, verdict
from recheck_support import proved
from tries import by_day

from policydsl.calendar import END
from policydsl.cli.recheck import worked
from policydsl.domain import Possible, interval
from policydsl.engine import Policy
from policydsl.evaluate.cells import Cut, cells, seen
from policydsl.facts import Sheet
from policydsl.kinds import INSTANT, Duration, Exact
from policydsl.operators.undo import Moved, Step, undone
from policydsl.recheck.document import recheck


def at(day: int, month: int, hour: int, year: int = 2024) -> datetime:
    here = date(year, month, day)
    return datetime.combine(here, END) if hour == 24 else datetime.combine(here, time(hour))


def told(made: Policy, name: str, **facts: Exact) -> Possible:
    return verdict(made, facts).results[name].total.value


# ---------------------------------------------------------------------------------------------- by hand
BEGUN = """数据
  始：时刻，2024年1月30日 22:00 至 2024年1月31日 2:00
计算 后一月 ＝ 始 ＋ 1个月
计算 前两月 ＝ 始 － 2个月
条件 早：始 ＋ 1个月 ≤ 2024年2月29日 2:00
条件 晚：始 ＋ 1个月 ≥ 2024年2月29日 22:00
条件 界内：始 ＋ 1个月 ≤ 2024年2月29日 24:00
条件 界外：始 ＋ 1个月 ＜ 2024年2月29日 0:00
"""


def test_the_last_days_of_a_month_are_moved_to_one_day_that_begins_with_each_of_them() -> None:
    """30 January 22:00 to 24:00 is moved to 29 February 22:00 to 24:00, 31 January 0:00 to 2:00 to 0:00 to 2:00."""
    made = policy(BEGUN)
    found = told(made, "后一月")
    assert (found.low, found.high) == (at(29, 2, 0), at(29, 2, 24))
    found = told(made, "前两月")
    assert (found.low, found.high) == (at(30, 11, 0, 2023), at(30, 11, 24, 2023))
    assert [told(made, name).values for name in ("早", "晚")] == [(False, True)] * 2
    assert [told(made, name).value for name in ("界内", "界外")] == [True, False]
    late = {"始": at(31, 1, 1)}
    assert [told(made, name, **late).value for name in ("早", "晚")] == [True, False]


def test_within_one_day_the_clock_tells() -> None:
    made = policy("数据\n  始：时刻，2024年1月31日 1:00 至 2024年1月31日 2:00\n计算 后 ＝ 始 ＋ 1个月\n")
    found = told(made, "后")
    assert (found.low, found.high) == (at(29, 2, 1), at(29, 2, 2))


def test_midnight_may_be_written_as_the_end_of_a_day() -> None:
    """0:00 on 1 February is 24:00 on 31 January, which is a month after 24:00 on 31 December and in January."""
    made = policy(
        "数据\n  起：时刻，≥ 2024年2月1日 0:00\n  到：时刻，≥ 2024年2月1日\n计算 早 ＝ 起 － 1个月\n"
        "条件 一月：起 在 2024年1月 内\n条件 二月起：到 在 2024年1月 内\n"
    )
    assert told(made, "早").low == at(31, 12, 24, 2023)
    assert told(made, "一月").values == (False, True)
    assert told(made, "二月起").value is False  # a range that begins with a day does not take in the day before
    assert told(made, "一月", 起=at(31, 1, 24)).value is True


def test_what_is_after_an_hour_of_the_evaluation_date_may_have_happened_on_it() -> None:
    found = seen(interval(at(30, 6, 10), None, low_open=True), date(2024, 6, 30), INSTANT)
    assert (found.low, found.high, found.none) == (at(30, 6, 10), at(30, 6, 24), True)
    assert seen(interval(at(1, 7, 0), None), date(2024, 6, 30), INSTANT).values == (None,)


def test_instants_are_cut_by_the_clock_and_by_the_day() -> None:
    """Up to 24:00, and after that; where a day is what they are compared with, 0:00 of the next one is not of it."""
    free = Possible(None)
    by_clock = cells(free, INSTANT, [Cut(at(31, 1, 24), True)])
    assert [(p.low, p.low_open, p.high, p.high_open) for p in by_clock] == [
        (None, False, at(1, 2, 0), False), (at(1, 2, 0), True, None, False),
    ]
    by_day_ = cells(free, INSTANT, [Cut(date(2024, 1, 31), True)])
    assert [(p.low, p.low_open, p.high, p.high_open) for p in by_day_] == [
        (None, False, at(31, 1, 24), False), (at(1, 2, 0), False, None, False),
    ]


@pytest.mark.parametrize(("op", "limit", "crossed"), [
    # 29, 30 and 31 January are moved to 29 February: each crosses 2:00, and goes back where it begins
    ("<=", at(29, 2, 2), [
        Moved(at(29, 1, 2), "<="), Moved(at(30, 1, 2), "<="), Moved(at(31, 1, 2), "<="),
        Moved(date(2024, 1, 30), ">="), Moved(date(2024, 1, 31), ">="),
    ]),
    ("<=", at(15, 2, 2), [Moved(at(15, 1, 2), "<=")]),
    # none is moved to 31 March: up to 29 February it is before, from 1 March on after
    (">=", at(31, 3, 2), [Moved(date(2024, 3, 1), ">=")]),
])
def test_an_instant_moved_by_months_crosses_a_limit_more_than_once(
    op: str, limit: datetime, crossed: list[Moved]
) -> None:
    assert list(undone((Step("shift", Duration(Fraction(1), "M")),), limit, op)) == crossed


# ---------------------------------------------------------------------------------------------- whatever it turns out
MONTHS = ((2024, 2), (2024, 3), (2023, 3), (2024, 5))
DAYS = [date(year, month, 1) + timedelta(days=n) for year, month in MONTHS for n in range(-4, 2)]
GRID = [moment for day in DAYS for moment in (at(day.day, day.month, h, day.year) for h in (0, 2, 22, 24))]


def said(moment: datetime) -> str:
    hour = 24 if moment.time() == END else moment.hour
    return f"{moment.year}年{moment.month}月{moment.day}日 {hour}:00"


def condition(draw: Random) -> str:
    """A condition on 甲 and 乙 that goes by months, days, periods or hours."""
    one, other = draw.sample(("甲", "乙"), 2)
    moved = f"{one} {draw.choice('＋－')} {draw.randint(1, 13)}个月"
    sign, limit = draw.choice(("≤", "≥", "＜", "＞")), draw.choice(GRID)
    month = f"{limit.year}年{limit.month}月"
    return draw.choice((
        f"{moved} {sign} {said(limit)}", f"{moved} {sign} {said(limit)}", f"{moved} {sign} {other}",
        f"（{moved}）在 {month} 内", f"{one} 在 {month} 内", f"{moved} {sign} {month}{limit.day}日",
        f"相隔月数（{one}，{other}） {sign} {draw.randint(-1, 2)}个月",
        f"相隔天数（{one}，{other}） {sign} {draw.randint(-3, 30)}天",
        f"{one} ＋ {draw.randint(1, 40)}天 {sign} {said(limit)}",
    ))


def made_of(draw: Random) -> tuple[Policy, list[datetime]]:
    """A policy of such conditions, alone and joined, and what 甲 may be."""
    low, high = sorted(draw.sample(GRID, 2))
    lines = [f"条件 单{i}：{condition(draw)}" for i in range(6)]
    lines += [f"条件 合{i}：（{condition(draw)}）{draw.choice('且或')}（{condition(draw)}）" for i in range(4)]
    text = f"数据\n  甲：时刻，{said(low)} 至 {said(high)}\n  乙：时刻\n" + "\n".join(lines) + "\n"
    return policy(text), [m for m in GRID if low <= m <= high]


@pytest.mark.parametrize("seed", by_day(range(24), 4))
def test_a_definite_answer_about_an_instant_does_not_change(seed: int) -> None:
    draw = Random(seed)
    made, may_be = made_of(draw)
    other = draw.choice((None, *GRID))
    facts: dict[str, Exact] = {} if other is None else {"乙": other}
    less = verdict(made, facts)
    report = recheck(proved(made, (Sheet("P", None, dict(facts)),), date(2024, 6, 30)), worked)
    assert not report.faults
    for first in draw.sample(may_be, min(8, len(may_be))):
        full = verdict(made, {"乙": draw.choice(GRID), **facts, "甲": first})
        for name, result in full.results.items():
            found = result.total.value
            assert not found.known or allows(less.results[name].total.value, found.value), (name, first)
            assert found.known or not less.results[name].total.value.known
