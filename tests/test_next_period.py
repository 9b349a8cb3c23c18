"""期限 with 周期 and 截止: due on a day of its period or of the next one, done by the record that says of which it is.
Worked examples: ``constructs/17d_next_period.pol``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from engine_support import allows, refusal
from hypothesis import given, settings
from hypothesis import strategies as st
from tries import tries

from policydsl import to_json
from policydsl.calendar import make_period
from policydsl.engine import load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import recheck
from policydsl.verdict import Verdict

TEXT = (Path(__file__).parent / "constructs" / "17d_next_period.pol").read_text(encoding="utf-8")
MADE = load_text(TEXT, "n.pol")
MONTHS = [make_period("month", 2024, month, None) for month in (1, 2, 3)]
DUE = (date(2024, 2, 5), date(2024, 3, 5), date(2024, 4, 5))  # the fifth of the next month, by the calendar
DAYS = (date(2023, 12, 31), date(2024, 2, 5), date(2024, 2, 6), date(2024, 3, 6), date(2024, 4, 5), None)
SAID = st.lists(st.tuples(st.sampled_from((0, 1, 2, None)), st.sampled_from(DAYS)), min_size=1, max_size=3)
Row = dict[str, Exact]


def told(rows: Sequence[Row], as_of: date, proof: bool = False) -> Verdict:
    records = tuple(Record(str(i), dict(row)) for i, row in enumerate(rows))
    ledgers: dict[str, tuple[Record, ...]] = {"同步": records, "租金": (), "计划": (), "订单": ()}
    return MADE.judge([Sheet("P", None, {"支付日": None}, ledgers)], as_of, proof=proof)[0]


def rows_of(said: Sequence[tuple[int | None, date | None]]) -> list[Row]:
    return [{"所属月": None if month is None else MONTHS[month], "同步日": day} for month, day in said]


@given(said=SAID, as_of=st.sampled_from((date(2024, 3, 5), date(2024, 3, 6), date(2024, 4, 5), date(2024, 4, 6))))
@settings(tries(15))
def test_each_month_is_done_by_its_own_records(said: list[tuple[int | None, date | None]], as_of: date) -> None:
    items = told(rows_of(said), as_of).results["数据同步"].items or ()
    for month, due in enumerate(DUE[:as_of.month]):
        done = min((day for of, day in said if of == month and day is not None and day <= as_of), default=None)
        right = "met" if done is not None and done <= due else "late" if as_of > due else "running"
        state = items[month].state
        assert state is not None and state.value == right
        assert items[month].value.value == due


@given(said=SAID, which=st.integers(0, 2), gap=st.sampled_from(("所属月", "同步日")))
@settings(tries(10))
def test_what_is_missing_contradicts_nothing(
    said: list[tuple[int | None, date | None]], which: int, gap: str
) -> None:
    rows, as_of = rows_of(said), date(2024, 4, 6)
    row = rows[which % len(rows)]
    row.pop(gap)
    before = told(rows, as_of, proof=True)
    assert recheck(to_json(before)).faults == []
    ways: Sequence[Exact] = (*MONTHS, None) if gap == "所属月" else DAYS
    for way in ways:
        row[gap] = way
        after = told(rows, as_of)
        for name in ("数据同步", "月末同步", "工作日同步"):
            for one, other in zip(before.results[name].items or (), after.results[name].items or (), strict=True):
                assert one.state is not None and other.state is not None
                assert allows(one.state, other.state.value), (name, way)
                for part, found in zip(one.parts, other.parts, strict=True):
                    assert allows(part.value, found.value.value), (name, part.name, way)


@pytest.mark.parametrize(("due", "where", "codes"), [
    ("下期 的 第5日", "，其中 所属月 为 本期", set()),
    ("（本期 ＋ 1个月） 的 第5日", "，其中 所属月 为 本期", set()),
    ("本期 的 末日 ＋ 5天", "，其中 所属月 为 本期", set()),
    ("本期 的 第25日", "", set()),
    ("下期 的 第5日", "", {"POL544"}),
    ("本期 的 末日 ＋ 5天", "", {"POL544"}),
    ("上期 的 第25日", "，其中 所属月 为 本期", {"POL486"}),
    ("2024年5月5日", "", {"POL486"}),
])
def test_of_which_period_a_record_is_has_to_be_said(due: str, where: str, codes: set[str]) -> None:
    text = (
        "政策 试\n  编号：T\n  生效：自 2024年1月1日 起\n\n台账 同步\n  所属月：期间\n  同步日：日期\n\n"
        f"期限 数据同步\n  周期：每月\n  截止：{due}\n  统计：同步{where}\n  完成：同步日\n"
    )
    if codes:
        assert refusal(text) == codes
    else:
        assert load_text(text, "t.pol")
