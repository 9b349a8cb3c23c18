"""上限：每个 客户 v，按 D 先后: held against what is paid out by hand, for every way in which records may turn out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from engine_support import allows
from hypothesis import example, given
from hypothesis import strategies as st
from recheck_support import faults, proved
from tries import tries

from policydsl.diagnostics import PolicyError
from policydsl.domain import Possible
from policydsl.engine import load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import examine, read_document

HEAD = (
    "政策 上限\n  编号：C\n台账 单\n  主键：号\n  号：文本\n  客户：文本\n  额：金额，≥ -5元，≤ 9元\n  日：日期，选填\n"
)
CAP = "  上限：每个 客户 10元，按 日 先后\n"
POLICY = load_text(HEAD + f"奖励 奖\n  逐条：单\n  金额：额\n{CAP}")
DAY = date(2024, 6, 30)
UNKNOWN = object()
One = tuple[object, object, object]  # whose, how much, on which day of June (None: on none)


def sheet(records: Sequence[One]) -> Sheet:
    made = []
    for i, (whose, amount, day) in enumerate(records):
        values: dict[str, Exact] = {"号": str(i)}
        if whose is not UNKNOWN:
            values["客户"] = str(whose)
        if amount is not UNKNOWN:
            values["额"] = Fraction(amount)  # type: ignore[call-overload]
        if day is not UNKNOWN:
            values["日"] = None if day is None else date(2024, 6, day)  # type: ignore[arg-type]
        made.append(Record(str(i), values))
    return Sheet("P", None, {}, {"单": tuple(made)})


def paid(records: Sequence[One]) -> list[int]:
    """By hand: one record after the other, each of what its customer may still have."""
    got, used = [0] * len(records), dict[object, int]()
    turns = [(day, i) for i, (_, _, day) in enumerate(records) if day is not None]
    for _, i in sorted(turns):  # type: ignore[type-var]
        whose, amount, _ = records[i]
        got[i] = min(int(amount), max(0, 10 - used.get(whose, 0)))  # type: ignore[call-overload]
        used[whose] = used.get(whose, 0) + got[i]
    return got


def told(records: Sequence[One]) -> list[Possible]:
    (verdict,) = POLICY.judge([sheet(records)], DAY)
    return [item.value for item in verdict.results["奖"].items or ()]


ledgers = st.lists(
    st.tuples(st.sampled_from("甲乙"), st.sampled_from([-5, -2, 0, 3, 6, 9]), st.sampled_from([None, 1, 2, 2, 3])),
    min_size=1, max_size=5,
)
cells = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=2, unique=True)
FILL = {0: ("甲", "乙", "丙"), 1: (-5, 0, 4, 9), 2: (None, 1, 2, 3, 4)}


@tries(15)
@example(records=[("甲", 9, 1), ("甲", 9, 2), ("甲", -5, 3), ("甲", 6, 4)], blank=[])
@example(records=[("甲", 9, 1), ("甲", 9, 2), ("乙", 9, 1)], blank=[(0, 1)])
@example(records=[("甲", 9, 1), ("甲", 9, 2), ("乙", 9, 1)], blank=[(1, 0), (0, 2)])
@example(records=[("甲", 9, 1)], blank=[(0, 0), (0, 2)])
@given(records=ledgers, blank=cells)
def test_whatever_is_not_known_may_turn_out_to_be(records: list[One], blank: list[tuple[int, int]]) -> None:
    blank = [(i, k) for i, k in blank if i < len(records)]
    some = [list(one) for one in records]
    for i, k in blank:
        some[i][k] = UNKNOWN
    said = told([(a, b, c) for a, b, c in some])  # type: ignore[misc]
    for filling in itertools.product(*(FILL[k] for _, k in blank)):
        full = [list(one) for one in records]
        for (i, k), value in zip(blank, filling, strict=True):
            full[i][k] = value
        for possible, right in zip(said, paid([(a, b, c) for a, b, c in full]), strict=True):  # type: ignore[misc]
            assert allows(possible, Fraction(right)), (full, possible)
            assert blank or possible.known, full


def test_another_customer_does_not_wait_for_it() -> None:
    first, second, third = told([("甲", UNKNOWN, 1), ("甲", 9, 2), ("乙", 9, 1)])
    assert (first.low, first.high) == (-5, 9)
    assert (second.low, second.high) == (1, 9)  # 10 - 9 are left, or more than is asked for
    assert third.value == 9


def test_nor_for_the_day_of_one_of_another_customer() -> None:
    """In which order those of one customer come bears on these alone; of which customer one is, on nobody if there is
    no other record."""
    first, second, third = told([("甲", 9, UNKNOWN), ("甲", 9, 2), ("乙", 9, 1)])
    assert not first.known and not second.known
    assert third.value == 9
    assert [one.value for one in told([(UNKNOWN, 9, 1)])] == [9]


def test_what_may_be_wider_than_the_truth_is_marked() -> None:
    """Of six records of one customer none of which says when: nothing is tried out, anything may be left for each."""
    every = told([("甲", 6, UNKNOWN)] * 6)
    assert all((one.low, one.high, one.hull) == (0, 6, True) for one in every)


def test_a_verdict_holds_when_it_is_checked_again() -> None:
    records: list[One] = [("甲", 9, 1), ("甲", UNKNOWN, 2), ("甲", 4, 3), ("乙", 9, None)]
    undated: list[One] = [("甲", 9, UNKNOWN), ("甲", 4, 3), ("乙", 9, 3), ("乙", 4, 2)]
    for told_ in (records, undated, [(UNKNOWN, 9, 1)], [(UNKNOWN, 9, 1), *undated]):
        assert faults(examine(read_document(proved(POLICY, (sheet(told_),), DAY)))) == []


@pytest.mark.parametrize(("block", "code"), [
    (f"奖励 奖\n  统计期：每月，自 2024年1月1日 起，按 日\n  金额：合计（额，逐条 单）\n{CAP}", "POL529"),
    (f"奖励 奖\n  逐条：单\n  金额：额\n  预算：10元，按 日 先后\n  末份：付余额\n{CAP}", "POL444"),
    ("奖励 奖\n  逐条：单\n  金额：额\n  下限：每个 客户 10元，按 日 先后\n", "POL401"),
    ("奖励 奖\n  逐条：单\n  金额：额\n  上限：每个 客户 10家，按 日 先后\n", "POL301"),
])
def test_what_is_refused(block: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(HEAD + block)
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics
