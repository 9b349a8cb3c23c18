"""A value that uses its own previous period: held against a balance that is kept by hand, whatever turns out."""

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
from policydsl.engine import Policy, load_text
from policydsl.facts import Record, Sheet
from policydsl.recheck.document import examine, read_document

HEAD = (
    "政策 结余\n  编号：R\n  生效：自 2024年1月1日 起\n数据\n  加倍：是否\n"
    "台账 流水\n  额：金额，≥ -20元，≤ 20元\n  日：日期\n"
)
CUT = "\n  统计期：每月，按 日\n"
BALANCE = f"""计算 月额 ＝ 合计（额，逐条 流水）{CUT}计算 结存 ＝ 结存（上期） ＋ 月额（本期）{CUT}  期初：5元
计算 只增{CUT}  期初：0元
  若 月额（本期） ＞ 只增（上期）：月额（本期）
  否则：只增（上期）
计算 滚存{CUT}  期初：1元
  若 加倍：取低（滚存（上期） × 2，100元）
  否则：滚存（上期） － 1元
奖励 提取{CUT}  金额：取高（0元，取低（结存（上期） ＋ 月额（本期），8元））
"""
POLICY = load_text(HEAD + BALANCE)
DAY = date(2024, 4, 30)
MONTHS = 4


def sheet(amounts: Sequence[int | None], doubled: bool | None = True) -> Sheet:
    return Sheet("p", values={} if doubled is None else {"加倍": doubled}, lists={"流水": by_month(amounts)})


def by_hand(amounts: Sequence[int], doubled: bool) -> dict[str, list[int]]:
    balance, most, rolled = 5, 0, 1
    out: dict[str, list[int]] = {"结存": [], "只增": [], "滚存": [], "提取": []}
    for amount in amounts:
        out["提取"].append(max(0, min(balance + amount, 8)))
        balance, most = balance + amount, max(most, amount)
        rolled = min(rolled * 2, 100) if doubled else rolled - 1
        for name, value in (("结存", balance), ("只增", most), ("滚存", rolled)):
            out[name].append(value)
    return out


@tries(12)
@example(amounts=[-12, 4, 6, 8], blank=[], doubled=None)
@example(amounts=[-12, 5, 6, -3], blank=[1], doubled=True)
@given(
    amounts=st.lists(st.integers(-20, 20), min_size=MONTHS, max_size=MONTHS),
    blank=st.lists(st.integers(0, MONTHS - 1), max_size=2, unique=True),
    doubled=st.sampled_from([True, False, None]),
)
def test_each_period_goes_on_from_the_one_before(amounts: list[int], blank: list[int], doubled: bool | None) -> None:
    told = [None if i in blank else a for i, a in enumerate(amounts)]
    (verdict,) = POLICY.judge([sheet(told, doubled)], DAY)
    for filling in itertools.product((-20, -7, 0, 20), repeat=len(blank)):
        full = [*amounts]
        for i, value in zip(blank, filling, strict=True):
            full[i] = value
        for twice in (True, False) if doubled is None else (doubled,):
            for name, right in by_hand(full, twice).items():
                result = verdict.results[name]
                for item, value in zip(result.items or (), right, strict=True):
                    assert allows(item.value, Fraction(value)), (name, full, twice, item.value)
                    assert blank or doubled is None or item.value.known
                if name != "提取":  # the bare name is the last one: a balance does not add up
                    assert allows(result.total.value, Fraction(right[-1]))


def test_one_unknown_is_one_unknown() -> None:
    """One month of -20 to 20 moves all that come after by as much. Doubled or not is the same in every period: 16 or
    -3 after four months, and nothing in between."""
    (verdict,) = POLICY.judge([sheet([1, None, 3, 4], None)], DAY)
    last = (verdict.results["结存"].items or ())[-1].value
    assert (last.low, last.high) == (-7, 33)
    rolled = (verdict.results["滚存"].items or ())[-1].value
    assert set(rolled.values or ()) == {16, -3}
    assert not last.hull and not rolled.hull


def test_what_is_wider_than_the_truth_is_marked() -> None:
    """2x － x is x, of -20 to 20: what is told is a wider range, and says that it may be too wide."""
    made = load_text(
        HEAD + f"计算 月额 ＝ 合计（额，逐条 流水）{CUT}"
        f"计算 差 ＝ 差（上期） ＋ 月额（本期） × 2 － 月额（本期）{CUT}  期初：0元\n"
    )
    (verdict,) = made.judge([sheet([None, 0, 0, 0])], DAY)
    last = (verdict.results["差"].items or ())[-1].value
    assert last.hull and allows(last, Fraction(-20)) and allows(last, Fraction(20))


def test_what_happens_in_no_period_before_the_first() -> None:
    """The opening stands for all that was before: a record of 2023 counts in none."""
    before = Record("0", {"日": date(2023, 12, 31), "额": Fraction(7)})
    told = Sheet("p", values={"加倍": True}, lists={"流水": (before, *sheet([1]).lists["流水"])})
    (verdict,) = POLICY.judge([told], date(2024, 1, 31))
    assert [i.value.value for i in verdict.results["结存"].items or ()] == [6]


@pytest.mark.parametrize(
    ("amounts", "doubled"), [((-12, 4, 6, 8), True), ((-12, None, 6, -3), False), ((1, 2, 3, 4), None)]
)
def test_a_verdict_holds_when_it_is_checked_again(amounts: Sequence[int | None], doubled: bool | None) -> None:
    assert faults(examine(read_document(proved(POLICY, (sheet(amounts, doubled),), DAY)))) == []


def test_generated_code_says_the_same() -> None:
    sheets = [sheet([a, b, 3, None if a > 5 else 4], a > 0) for a in range(-3, 9) for b in (-20, 20)]
    for one in sheets:
        (by_code,), (by_reference,) = (
            made.judge([one], DAY) for made in (POLICY, load_text(HEAD + BALANCE))
        )
        assert by_code == by_reference


CARRIED = load_text(
    HEAD + f"计算 月额 ＝ 合计（额，逐条 流水）{CUT}"
    f"计算 欠 ＝ 取低（欠（上期） ＋ 月额（本期），0元）{CUT}  期初：0元\n"
    f"奖励 付 {CUT}  金额：取高（欠（上期） ＋ 月额（本期），0元）\n"
    f"奖励 结转付{CUT}  金额：合计（额，逐条 流水）\n  负数：结转\n"
)


@tries(10)
@example(amounts=[-12, None, 6, 20])
@given(amounts=st.lists(st.integers(-20, 20), min_size=MONTHS, max_size=MONTHS))
def test_what_is_carried_forward_could_be_said_so(amounts: list[int | None]) -> None:
    """负数：结转 is a balance that is never above nothing, and what a period pays is what is above it."""
    (verdict,) = CARRIED.judge([sheet(amounts)], DAY)
    results = verdict.results
    told, carried = (results[name].items or () for name in ("付", "结转付"))
    for one, other, owed in zip(told, carried, results["欠"].items or (), strict=True):
        assert (one.value.values, one.value.low, one.value.high) == (
            other.value.values, other.value.low, other.value.high
        )
        left = next(part.value for part in other.parts if part.name == "carried")
        assert not left.known or left.value == -owed.value.value


def made(lines: str) -> Policy:
    return load_text(HEAD + f"计算 月额 ＝ 合计（额，逐条 流水）{CUT}" + lines + "\n")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (f"计算 甲 ＝ 甲（上期） ＋ 1元{CUT}", "POL516"),
        (f"计算 甲 ＝ 甲（上期） 的 结余 ＋ 1元{CUT}  期初：0元", "POL516"),
        (f"计算 甲 ＝ 月额（上期） 的 结余{CUT}", "POL211"),
        (f"计算 甲 ＝ 月额（本期）{CUT}  期初：0元", "POL516"),
        (f"计算 甲 ＝ 甲（上期） 于 2024年1月5日{CUT}  期初：0元", "POL516"),
        (f"计算 甲 ＝ 甲（上期） ＋ 1元{CUT}  期初：0元\n  范围：≥ 甲（上期）", "POL516"),
        (f"计算 甲 ＝ 甲（本期） ＋ 1元{CUT}  期初：0元", "POL210"),
        (f"计算 甲 ＝ 甲（上年同期） ＋ 1元{CUT}  期初：0元", "POL210"),
        (f"计算 甲 ＝ 平均（甲，前 2期）{CUT}  期初：0元", "POL210"),
        ("计算 甲 ＝ 甲（上期） ＋ 1元\n  期初：0元", "POL210"),
        ("计算 甲 ＝ 1元\n  期初：0元", "POL402"),
        (f"计算 甲 ＝ 甲（上期） ＋ 月额（本期）{CUT}  期初：0分", "POL302"),
        (f"奖励 甲{CUT}  金额：月额（本期）\n  期初：0元", "POL401"),
        (f"奖励 甲{CUT}  金额：甲（上期）", "POL210"),
        (f"条件 甲：甲（上期）{CUT}", "POL210"),
    ],
)
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        made(lines)
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics
