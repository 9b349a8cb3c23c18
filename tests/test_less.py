"""冲减: held against what a ledger of accruals and one settlement come to by hand, whatever turns out."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction

import pytest
from engine_support import allows, by_month
from recheck_support import faults, proved

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.explain import explain
from policydsl.explain.text import explanation_text
from policydsl.facts import Sheet
from policydsl.recheck.document import examine, read_document

HEAD = (
    "政策 预提\n  编号：L\n  生效：自 2024年1月1日 起\n"
    "数据\n  在册：是否\n台账 订单\n  额：金额，≥ 0元，≤ 400元\n  日：日期\n"
    "奖励 预提\n  统计期：每月，按 日\n  金额：合计（额，逐条 订单） × 10%\n"
)
SETTLED = (
    "奖励 结算\n  统计期：每季度，按 日\n  对象：在册\n  若：合计（额，逐条 订单） ≥ 600元\n"
    "  金额：合计（额，逐条 订单） × 20%\n  上限：150元\n  冲减：合计（预提，本期 内）\n"
)
POLICY = load_text(HEAD + SETTLED)
DAY = date(2024, 3, 31)


def sheet(amounts: tuple[int | None, ...], concerned: bool = True) -> Sheet:
    return Sheet("p", values={"在册": concerned}, lists={"订单": by_month(amounts)})


def settled(amounts: tuple[int, ...]) -> Fraction:
    sales = Fraction(sum(amounts))
    earned = min(sales / 5, 150) if sales >= 600 else 0
    return earned - sum(Fraction(amount, 10) for amount in amounts)


STEPS = (0, 100, 200, 400)


@pytest.mark.parametrize("blank", [None, 0, 2])
def test_what_was_accrued_is_taken_off_whatever_turns_out(blank: int | None) -> None:
    for amounts in itertools.product(STEPS, repeat=3):
        told = tuple(None if i == blank else amount for i, amount in enumerate(amounts))
        (verdict,) = POLICY.judge([sheet(told)], DAY)
        (item,) = verdict.results["结算"].items or ()
        assert allows(item.value, settled(amounts)), (told, amounts, item.value)
        assert blank is not None or item.value.known


def test_from_whom_it_does_not_concern_nothing_is_taken() -> None:
    (verdict,) = POLICY.judge([sheet((100, 0, 0), concerned=False)], DAY)
    assert verdict.results["结算"].total.status == "not_applicable"
    total = load_text(HEAD + SETTLED + "计算 一共 ＝ 奖励合计\n")
    (verdict,) = total.judge([sheet((100, 0, 0), concerned=False)], DAY)
    assert verdict.results["一共"].total.value.value == 10


def test_what_is_owed_back_is_worked_out() -> None:
    """Where nothing is earned the proof says of what the amount that is owed back comes: 0 less 30."""
    policy = load_text(HEAD + SETTLED.replace("  对象：在册\n", ""))
    (verdict,) = policy.judge([sheet((100, 200, 0))], DAY)
    (item,) = verdict.results["结算"].items or ()
    assert (item.value.value, item.holds is not None and item.holds.no) == (-30, True)
    told = explanation_text(explain(policy.program, [sheet((100, 200, 0))], DAY))
    assert "不成立（-30元）" in told and "0元 － 30元" in told


def test_a_verdict_holds_when_it_is_checked_again() -> None:
    for amounts in ((100, 200, 0), (400, 400, 400), (400, None, 400)):
        assert faults(examine(read_document(proved(POLICY, (sheet(amounts),), DAY)))) == []


OTHERS = (
    "计算 周额 ＝ 合计（额，逐条 订单）\n  统计期：每周，按 日\n"
    "计算 半年额 ＝ 合计（额，逐条 订单）\n  统计期：每 6个月，自 2024年2月1日 起，按 日\n"
)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("计算 甲 ＝ 合计（周额，本期 内）\n  统计期：每月，按 日", "POL518"),
        ("计算 甲 ＝ 合计（半年额，本期 内）\n  统计期：每年，按 日", "POL518"),
        ("计算 甲 ＝ 合计（额，本期 内）\n  统计期：每月，按 日", "POL518"),
        ("计算 甲 ＝ 合计（预提，上期 内）\n  统计期：每季度，按 日", "POL518"),
        ("计算 甲 ＝ 最早（预提，本期 内）\n  统计期：每季度，按 日", "POL518"),
        ("计算 甲 ＝ 合计（预提，本期 内）", "POL472"),
        ("计算 甲 ＝ 合计（甲，本期 内）\n  统计期：每季度，按 日", "POL210"),
        ("奖励 甲\n  若：在册\n  冲减：1元", "POL402"),
        ("处罚 甲\n  金额：1元\n  冲减：1元", "POL401"),
        ("奖励 甲\n  金额：1元\n  冲减：1美元", "POL333"),
    ],
)
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(HEAD + OTHERS + lines + "\n")
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics


def test_periods_that_fill_longer_ones() -> None:
    """Two-week periods of single weeks from one day; anniversaries of half a year from one day; months before the
    policy in the first quarter of a computed value: 100 of January and 200 of March."""
    made = load_text(
        "政策 满\n  编号：F\n  生效：自 2024年3月1日 起\n台账 订单\n  额：金额\n  日：日期\n"
        "计算 月额 ＝ 合计（额，逐条 订单）\n  统计期：每月，按 日\n"
        "计算 季额 ＝ 合计（月额，本期 内）\n  统计期：每季度，按 日\n"
        "计算 周额 ＝ 合计（额，逐条 订单）\n  统计期：每 1周，自 2024年1月1日 起，按 日\n"
        "计算 双周额 ＝ 合计（周额，本期 内）\n  统计期：每 2周，自 2024年1月1日 起，按 日\n"
        "计算 去年额 ＝ 合计（月额，2023年 内）\n"
    )
    (verdict,) = made.judge([sheet((100, 0, 200))], DAY)
    results = verdict.results
    assert [i.value.value for i in results["季额"].items or ()] == [300]
    assert [i.value.value for i in results["双周额"].items or ()] == [100, 0, 0, 0, 200, 0, 0]
    assert results["去年额"].total.value.value == 0
