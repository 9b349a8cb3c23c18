"""负数：结转: held against a queue of debts that is kept by hand, for every way in which a period may turn out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from engine_support import allows, by_month
from hypothesis import example, given
from hypothesis import strategies as st
from recheck_support import faults, proved
from tries import tries

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.facts import Sheet
from policydsl.recheck.document import examine, read_document
from policydsl.testing import run_examples

HEAD = (
    "政策 结转\n  编号：C\n  生效：自 2024年1月1日 起\n台账 流水\n  额：金额，≥ -20元，≤ 20元\n  日：日期\n"
)
LINES = "  统计期：每月，按 日\n  金额：合计（额，逐条 流水）\n"
HOW = {"一": 1, "二": 2, "三": 3, "无": None}
BLOCKS = "".join(
    f"奖励 结{name}\n{LINES}  负数：结转{'' if n is None else f' {n}期，到期核销'}\n" for name, n in HOW.items()
)
POLICY = load_text(HEAD + BLOCKS)
DAY = date(2024, 5, 31)
MONTHS = 5


def kept(amounts: Sequence[int], ages: int | None) -> tuple[list[int], int, int]:
    """What each period pays, what is written off in all, and what is still carried: the oldest are paid first."""
    queue, paid, off = list[list[int]](), list[int](), 0  # [what is owed, through how many settlements it has gone]
    for own in amounts:
        left = max(own, 0)
        for debt in queue:
            taken = min(debt[0], left)
            debt[0] -= taken
            debt[1] += 1
            left -= taken
        paid.append(left)
        off += sum(owed for owed, age in queue if age == ages)
        queue = [debt for debt in queue if debt[0] and debt[1] != ages]
        if own < 0:
            queue.append([-own, 0])
    return paid, off, sum(owed for owed, _ in queue)


def sheet(amounts: Sequence[int | None]) -> Sheet:
    return Sheet("p", values={}, lists={"流水": by_month(amounts)})


@tries(15)
@example(amounts=[-12, 4, 6, 8, 0], blank=[])
@example(amounts=[-12, 5, 6, -3, 20], blank=[1])
@given(
    amounts=st.lists(st.integers(-20, 20), min_size=MONTHS, max_size=MONTHS),
    blank=st.lists(st.integers(0, MONTHS - 1), max_size=2, unique=True),
)
def test_the_oldest_are_paid_first_whatever_turns_out(amounts: list[int], blank: list[int]) -> None:
    told = [None if i in blank else a for i, a in enumerate(amounts)]
    (verdict,) = POLICY.judge([sheet(told)], DAY)
    for filling in itertools.product((-20, -7, 0, 5, 20), repeat=len(blank)):
        full = [*amounts]
        for i, value in zip(blank, filling, strict=True):
            full[i] = value
        for name, ages in HOW.items():
            paid, off, left = kept(full, ages)
            items = verdict.results[f"结{name}"].items
            for item, right in zip(items, paid, strict=True):
                assert allows(item.value, Fraction(right)), (name, full, item.value)
                assert blank or item.value.known
            parts = [{part.name: part.value for part in item.parts} for item in items]
            assert allows(parts[-1]["carried"], Fraction(left)), (name, full)
            if not blank:
                written = sum(p["written_off"].value for p in parts) if ages is not None else 0
                assert written == off
                assert sum(paid) - off - left == sum(full)


def test_one_month_that_is_not_known_leaves_a_range() -> None:
    """−12 and a month of −20 to 20: of 6 in the third month nothing to all is paid."""
    (verdict,) = POLICY.judge([sheet([-12, None, 6])], date(2024, 3, 31))
    third = verdict.results["结二"].items[2].value
    assert (third.low, third.high) == (0, 6)


def test_a_verdict_holds_when_it_is_checked_again() -> None:
    for amounts in ([-12, 4, 6, 8, 0], [-12, None, 6, -3, 20]):
        assert faults(examine(read_document(proved(POLICY, (sheet(amounts),), DAY)))) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("  金额：1元\n  负数：结转", "POL525"),
        (LINES + "  负数：结转 0期，到期核销", "POL526"),
        (LINES + "  负数：结转 25期，到期核销", "POL526"),
    ],
)
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"{HEAD}奖励 奖\n{lines}\n")
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics


CAPPED = """奖励 甲
  统计期：每月，按 日
  金额：合计（额，逐条 流水）
  上限：6元
  上限：每季度 8元
  负数：结转 2期，到期核销
奖励 乙
  统计期：每月，按 日
  金额：合计（额，逐条 流水）
  上限：6元
  例外：若 条数（流水） ＝ 0，得 16元
  负数：结转
示例 结转以后才封顶
  评估日：2024年3月31日
  已知 流水：
  | 额    | 日         |
  | -4元  | 2024-01-20 |
  | 16元  | 2024-02-10 |
  | 12元  | 2024-03-10 |
  应得：甲（2024年2月） ＝ 6元，甲（2024年3月） ＝ 2元，甲（2024年1月）的 结转 ＝ 4元，甲（2024年2月）的 结转 ＝ 0元
  应得：甲（2024年2月）的 封顶前 ＝ 6元，乙（2024年2月） ＝ 6元
示例 例外不受上限
  评估日：2024年3月31日
  已知 流水：
  | 额    | 日         |
  | -4元  | 2024-01-20 |
  | 12元  | 2024-03-10 |
  应得：乙（2024年2月） ＝ 12元，乙（2024年3月） ＝ 6元
"""


def test_a_cap_takes_from_what_is_left_after_what_was_carried() -> None:
    """−4, then 16: 12 is left, capped at 6; 12 in March, capped at 6, of which the quarter has 2. An exception of 16
    pays the 4 first and is not capped."""
    reports = run_examples(load_text(HEAD + CAPPED))
    assert [report.failures for report in reports] == [(), ()]


def test_what_comes_to_less_than_nothing_makes_room_under_a_cap_again() -> None:
    """At most 20 a quarter. 20, -20, 20: 20 is paid and taken back, so that 20 are free again. The next quarter is
    another matter. What is taken back and was never paid makes room too: -20, 15, 20 is all paid, 15 in sum."""
    made = load_text(HEAD + f"奖励 追\n{LINES}  上限：每季度 20元\n  负数：追回\n")
    for amounts in itertools.product((-20, 0, 15, 20), repeat=4):
        spent, paid = 0, list[int]()
        for month, own in enumerate(amounts):
            spent = 0 if month == 3 else spent
            paid.append(min(own, 20 - spent))
            spent += paid[-1]
        (verdict,) = made.judge([sheet([*amounts, 0])], DAY)
        found = [item.value.value for item in verdict.results["追"].items or ()]
        assert found[:4] == paid, amounts
