"""上条: the record right before this one, held against lists that are sorted by hand, whatever turns out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from engine_support import allows
from hypothesis import example, given
from hypothesis import strategies as st
from recheck_support import faults, proved
from tries import tries

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import examine, read_document

HEAD = "政策 上条\n  编号：P\n台账 订单\n  户：选项（甲、乙）\n  额：金额，≥ 0元，≤ 9元\n  日：日期，选填\n  算：是否\n"
ORDER = "\n  逐条：订单，每个 户，其中 算，按 日 先后\n"
POLICY = load_text(
    HEAD + f"计算 加倍 ＝ 额 × 2\n  逐条：订单\n计算 旧数 ＝ 上条 的 额{ORDER}计算 旧倍 ＝ 上条 的 加倍{ORDER}"
    f"计算 两连 ＝ 连续 2次 额 ≥ 5元{ORDER}"
    "计算 晚数 ＝ 上条 的 额\n  逐条：订单，按 日 由晚到早\n"
)
DAY = date(2024, 12, 31)
Told = tuple[str, int | None, int | None, bool]  # customer, amount (None: not told), day of January (None: 无), counts


def sheet(records: Sequence[Told], days: Sequence[int] = ()) -> Sheet:
    """``days``: the records whose day is not told."""
    made = []
    for i, (customer, amount, day, counts) in enumerate(records):
        values: dict[str, Exact] = {"户": customer, "算": counts}
        if amount is not None:
            values["额"] = Fraction(amount)
        if i not in days:
            values["日"] = date(2024, 1, day) if day is not None else None
        made.append(Record(str(i), values))
    return Sheet("p", values={}, lists={"订单": tuple(made)})


def before(records: Sequence[Told], mine: int, *, grouped: bool = True) -> int | None:
    """The place of the record right before one, of its customer, of those that count and have a day."""
    def key(i: int) -> tuple[int, int]:
        day = records[i][2] or 0
        return (day if grouped else -day, i)

    if records[mine][2] is None:
        return None
    others = [
        i for i, (customer, _, day, counts) in enumerate(records)
        if day is not None and (not grouped or counts and customer == records[mine][0]) and key(i) < key(mine)
    ]
    return max(others, key=key, default=None)


RECORD = st.tuples(st.sampled_from(["甲", "乙"]), st.integers(0, 9), st.sampled_from([1, 2, 3, None]), st.booleans())


@tries(15)
@example(records=[("甲", 1, 2, True), ("甲", 6, 1, True), ("甲", 9, 2, True), ("乙", 5, 1, True)], blank=1, undated=2)
@example(records=[("甲", 1, 2, True), ("甲", 6, None, True), ("甲", 9, 3, False)], blank=None, undated=None)
@given(
    records=st.lists(RECORD, min_size=1, max_size=4), blank=st.none() | st.integers(0, 3),
    undated=st.none() | st.integers(0, 3),
)
def test_it_is_the_one_right_before_whatever_turns_out(
    records: list[Told], blank: int | None, undated: int | None
) -> None:
    told = [(c, None if i == blank else a, d, k) for i, (c, a, d, k) in enumerate(records)]
    (verdict,) = POLICY.judge([sheet(told, [] if undated is None else [undated])], DAY)
    results = verdict.results
    items = {n: {i.record: i.value for i in results[n].items or ()} for n in ("旧数", "旧倍", "晚数", "两连")}
    fillings = [
        [(c, a if i == blank else amount, d if i == undated else day, k)
         for i, (c, amount, day, k) in enumerate(records)]
        for a, d in itertools.product((0, 5, 9), (1, 2, 3, None))
    ]
    for full in fillings if blank is not None or undated is not None else [records]:
        for i, record in enumerate(full):
            found, later = before(full, i), before(full, i, grouped=False)
            amount = None if found is None else Fraction(full[found][1] or 0)
            if record[3]:
                assert allows(items["旧数"][str(i)], amount), (full, i)
                assert allows(items["旧倍"][str(i)], None if amount is None else amount * 2)
                both = found is not None and min(record[1] or 0, full[found][1] or 0) >= 5
                assert allows(items["两连"][str(i)], both), (full, i)
            assert allows(items["晚数"][str(i)], None if later is None else Fraction(full[later][1] or 0))
            if blank is undated is None:
                assert items["晚数"][str(i)].known


def test_what_comes_later_does_not_matter() -> None:
    """Of whom the record of the 3rd is does not bear on those of the 1st and 2nd."""
    made = sheet([("甲", 1, 1, True), ("甲", 6, 2, True), ("甲", 9, 3, True)])
    *earlier, last = made.lists["订单"]
    unknown = replace(last, values={name: value for name, value in last.values.items() if name != "户"})
    (verdict,) = POLICY.judge([replace(made, lists={"订单": (*earlier, unknown)})], DAY)
    told = [[item.value for item in verdict.results[name].items or ()] for name in ("旧数", "两连")]
    assert [(a.value, b.value) for a, b in zip(told[0][:2], told[1][:2], strict=True)] == [(None, False), (1, False)]
    assert not told[0][2].known


def test_a_verdict_holds_when_it_is_checked_again() -> None:
    records: list[Told] = [("甲", 1, 2, True), ("甲", None, 1, True), ("乙", 9, 2, True), ("甲", 5, None, True)]
    for undated in ([], [0]):
        assert faults(examine(read_document(proved(POLICY, (sheet(records, undated),), DAY)))) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("计算 甲 ＝ 上条 的 额\n  逐条：订单", "POL519"),
        ("计算 甲 ＝ 上条 的 额", "POL519"),
        ("计算 甲 ＝ 合计（上条 的 额，逐条 订单）", "POL519"),
        ("计算 甲 ＝ 合计（上条 的 额，逐条 订单）\n  逐条：订单，按 日 先后", "POL519"),
        ("计算 甲 ＝ 上条 的 号\n  逐条：订单，按 日 先后", "POL208"),
        ("数据\n  总额：金额\n计算 甲 ＝ 上条 的 总额\n  逐条：订单，按 日 先后", "POL208"),
        ("计算 甲 ＝ 上条 的 甲\n  逐条：订单，按 日 先后", "POL210"),
        ("计算 甲 ＝ 上条 的 额\n  逐条：订单，按 日 先后\n奖励 乙\n  逐条：订单\n  金额：甲 × 2 × 1天", "POL3"),
    ],
)
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(HEAD + lines + "\n")
    assert any(d.code.startswith(code) for d in refused.value.diagnostics), refused.value.diagnostics
