"""只取 and 去掉: held against sorting by hand, for every way in which what is not known may turn out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from engine_support import allows, refusal
from hypothesis import example, given
from hypothesis import strategies as st
from recheck_support import faults, proved
from tries import tries

from policydsl.domain import Possible
from policydsl.engine import load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import examine, read_document

DAY = date(2024, 6, 30)
POLICY = load_text("""政策 取数
  编号：P
台账 单
  值：数值，≥ 0，≤ 5，选填
  日：日期，选填
计算 和 ＝ 合计（值，逐条 单，去掉 最大 1个、最小 1个）
计算 均 ＝ 平均（值，逐条 单，去掉 最大 1个、最小 1个）
计算 前二 ＝ 合计（值，逐条 单，只取 最大 2个）
计算 末二 ＝ 合计（值，逐条 单，其中 值 大于 1，只取 最小 2个）
计算 近二 ＝ 合计（值，逐条 单，只取 最近 2个 按 日）
计算 去早 ＝ 合计（值，逐条 单，去掉 最早 1个 按 日）
""")
UNKNOWN, OPEN, NONE = object(), object(), object()
Row = tuple[int | None, int | None]  # the value and the day of January; None: 无


def sheet_of(rows: Sequence[tuple[object, object]]) -> Sheet:
    records = []
    for i, (value, day) in enumerate(rows):
        told: dict[str, Exact] = {}
        if value is not UNKNOWN:
            told["值"] = None if value is None else Fraction(value)  # type: ignore[call-overload]
        if day is not UNKNOWN:
            told["日"] = None if day is None else date(2024, 1, day)  # type: ignore[arg-type]
        records.append(Record(f"r{i}", told))
    return Sheet("甲", lists={"单": tuple(records)})


def reported(rows: Sequence[tuple[object, object]]) -> dict[str, Possible]:
    (verdict,) = POLICY.judge([sheet_of(rows)], DAY)
    return {name: result.total.value for name, result in verdict.results.items()}


def total(values: Sequence[int | None]) -> int:
    return sum(v for v in values if v is not None)


def latest(rows: Sequence[Row], most: int) -> object:
    """The sum of the latest so many; of equals across the border only if they agree."""
    dated = sorted((r for r in rows if r[1] is not None), key=lambda r: r[1] or 0, reverse=True)
    if len(dated) > most:
        edge = dated[most - 1][1]
        level = [v for v, d in dated if d == edge]
        if dated[most][1] == edge and len(set(level)) > 1:
            return OPEN
    return total([v for v, _ in dated[:most]])


def by_hand(rows: Sequence[Row]) -> dict[str, object]:
    values = sorted(v for v, _ in rows if v is not None)
    inner = values[1:-1]
    early = [(v, 32 - d if d is not None else None) for v, d in rows]  # the earliest is the latest the other way round
    first = latest(early, 1)
    return {
        "和": sum(inner), "均": Fraction(sum(inner), len(inner)) if inner else NONE, "前二": sum(values[::-1][:2]),
        "末二": sum([v for v in values if v > 1][:2]), "近二": latest(rows, 2),
        "去早": OPEN if first is OPEN else total([v for v, _ in rows]) - int(first),  # type: ignore[call-overload]
    }


some_rows = st.lists(
    st.tuples(st.sampled_from([None, 1, 2, 2, 4, 5]), st.sampled_from([None, 1, 2, 2, 3])), min_size=1, max_size=5
)
cells = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), max_size=2, unique=True)
FILL = ([None, 0, 1, 2, 3, 5], [None, 1, 2, 3, 4])


@tries(15)
@example(rows=[(4, 1), (5, 2), (1, 3), (2, 3)], blank=[(3, 0)])
@example(rows=[(4, 1), (4, 1), (1, 2)], blank=[])
@given(rows=some_rows, blank=cells)
def test_whatever_is_not_known_may_turn_out_to_be(rows: list[Row], blank: list[tuple[int, int]]) -> None:
    blank = [(i, k) for i, k in blank if i < len(rows)]
    told: list[list[object]] = [list(row) for row in rows]
    for i, k in blank:
        told[i][k] = UNKNOWN
    said = reported([(a, b) for a, b in told])
    for filling in itertools.product(*(FILL[k] for _, k in blank)):
        full = [list(row) for row in rows]
        for (i, k), value in zip(blank, filling, strict=True):
            full[i][k] = value
        for name, right in by_hand([(a, b) for a, b in full]).items():
            if right is OPEN or right is NONE:
                assert not said[name].known, (name, full)
                continue
            assert allows(said[name], Fraction(right)), (name, full, said[name])  # type: ignore[call-overload]
            assert blank or said[name].known, (name, full)


def test_one_mark_that_is_missing() -> None:
    """Of 9.0, 9.5, 8.0 and one in 0 to 10: at least 8.5 (8.0 and 9.0 stay), at most 9.25 (9.0 and 9.5)."""
    made = load_text(
        "政策 评分\n  编号：P\n台账 评委\n  得分：数值，≥ 0，≤ 10\n"
        "计算 均 ＝ 平均（得分，逐条 评委，去掉 最大 1个、最小 1个）\n"
    )
    marks = [Record(f"r{i}", {"得分": Fraction(mark, 10)}) for i, mark in enumerate((90, 95, 80))]
    (verdict,) = made.judge([Sheet("甲", lists={"评委": (*marks, Record("r3", {}))})], DAY)
    value = verdict.results["均"].total.value
    assert (value.low, value.high, value.hull) == (Fraction(17, 2), Fraction(37, 4), False)


def test_a_verdict_holds_when_it_is_checked_again() -> None:
    rows: list[tuple[object, object]] = [(4, 1), (5, 2), (UNKNOWN, 2), (2, 3)]
    assert faults(examine(read_document(proved(POLICY, (sheet_of(rows),), DAY)))) == []


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("条数（单，只取 最大 1个）", "POL346"),
        ("合计（值，逐条 单，只取 最大 0个）", "POL340"),
        ("合计（值，逐条 单，去掉 最大 1.5个）", "POL340"),
        ("合计（值，逐条 单，只取 最近 1个）", "POL309"),
        ("全部（值 ＞ 1，逐条 单，只取 最大 1个）", "POL310"),
    ],
)
def test_what_is_refused(formula: str, code: str) -> None:
    assert code in refusal(f"政策 取数\n  编号：P\n台账 单\n  值：数值\n  日：日期\n计算 数 ＝ {formula}\n")
