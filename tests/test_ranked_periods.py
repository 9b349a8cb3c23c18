"""排名, 名额, 预算 beside 统计期: of all parties, in each period by itself; held against what is worked out by hand."""

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
from policydsl.domain import Possible, ends
from policydsl.engine import load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import examine, read_document
from policydsl.render.text import verdict_text
from policydsl.verdict import Verdict

HEAD = "政策 各期\n  编号：P\n  生效：自 2024年1月1日 起\n台账 单，默认 无\n  额：金额，≥ 0元，≤ 9元\n  日：日期\n"
LINES = "  统计期：每季度，按 日\n"
TEXT = (
    f"{HEAD}计算 季销 ＝ 合计（额，逐条 单）\n{LINES}"
    f"奖励 名次奖\n{LINES}  若：季销（本期） ＞ 0元\n  排名：按 季销（本期） 由高到低\n  并列：同名次\n"
    "  | 名次 | 金额 |\n  | 第1名 | 10元 |\n  | 第2名 | 5元 |\n"
    f"奖励 冠军\n{LINES}  若：季销（本期） ＞ 0元\n  金额：3元\n"
    "  名额：前 1家，按 季销（本期） 由高到低\n  并列：全部不计\n"
    f"奖励 基金\n{LINES}  金额：季销（本期）\n"
    "  预算：10元，按 季销（本期） 由高到低\n  末份：付余额\n  并列：全部不计\n"
)
POLICY = load_text(TEXT)
DAY = date(2024, 7, 1)
UNKNOWN = object()
Sales = Sequence[Sequence[object]]  # of each party, in the first and the second quarter


def sheets_of(everyone: Sales) -> tuple[Sheet, ...]:
    sheets = []
    for i, quarters in enumerate(everyone):
        records = []
        for q, amount in enumerate(quarters):
            values: dict[str, Exact] = {"日": date(2024, 3 * q + 2, 1)}
            if amount is not UNKNOWN:
                values["额"] = Fraction(amount)  # type: ignore[call-overload]
            records.append(Record(str(q), values))
        sheets.append(Sheet(f"p{i}", None, {}, {"单": tuple(records)}, everyone=True))
    return tuple(sheets)


def judged(everyone: Sales) -> list[Verdict]:
    return POLICY.judge(sheets_of(everyone), DAY, population=True)


def by_hand(everyone: Sequence[Sequence[int]]) -> list[list[dict[str, int]]]:
    """Of each party in each quarter."""
    got = []
    for mine in everyone:
        of_party = []
        for q, own in enumerate(mine):
            sales = [quarters[q] for quarters in everyone]
            ahead = sum(1 for s in sales if s > own)
            alone = sum(1 for s in sales if s == own) == 1
            spent = sum(s for s in sales if s > own)
            fits = alone or spent + own * sales.count(own) <= 10
            of_party.append({
                "名次奖": {0: 10, 1: 5}.get(ahead, 0) if own else 0,
                "冠军": 3 if own and not ahead and alone else 0,
                "基金": min(own, max(0, 10 - spent)) if fits else 0,
            })
        got.append(of_party)
    return got


def told(verdict: Verdict, name: str) -> list[Possible]:
    return [item.value for item in verdict.results[name].items or ()][:2]


@tries(10)
@example(everyone=[(9, 3), (6, 9), (0, 9)], blank=[])
@example(everyone=[(9, 3), (6, 9), (2, 9)], blank=[(0, 1)])
@given(
    everyone=st.lists(st.tuples(*[st.sampled_from([0, 2, 6, 9])] * 2), min_size=2, max_size=3),
    blank=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), max_size=1),
)
def test_whatever_is_not_known_may_turn_out_to_be(
    everyone: list[tuple[int, int]], blank: list[tuple[int, int]]
) -> None:
    blank = [(i, q) for i, q in blank if i < len(everyone)]
    some: list[list[object]] = [list(one) for one in everyone]
    for i, q in blank:
        some[i][q] = UNKNOWN
    said = judged(some)
    for filling in itertools.product(*((0, 2, 5, 6, 9) for _ in blank)):
        full = [list(one) for one in everyone]
        for (i, q), value in zip(blank, filling, strict=True):
            full[i][q] = value
        for verdict, right in zip(said, by_hand(full), strict=True):
            for name in ("名次奖", "冠军", "基金"):
                for possible, of_quarter in zip(told(verdict, name), right, strict=True):
                    assert allows(possible, Fraction(of_quarter[name])), (name, full)
                    assert blank or possible.known, (name, full)


def test_another_quarter_does_not_wait_for_it() -> None:
    first = judged([(UNKNOWN, 9), (6, 3)])[0]
    assert [v.known for v in told(first, "名次奖")] == [False, True]
    assert told(first, "名次奖")[1].value == 10


def test_it_is_told_and_checked_again() -> None:
    everyone: Sales = [(9, 3), (6, UNKNOWN), (2, 9)]
    assert faults(examine(read_document(proved(POLICY, sheets_of(everyone), DAY, population=True)))) == []
    first = judged([(9, 3), (6, 9), (2, 9)])[1]
    parts = {p.name: p.value.value for p in (first.results["基金"].items or ())[0].parts}
    assert (parts["used"], parts["left"]) == (10, 0)
    assert "排在前面的一共要 9元" in verdict_text(first, lang="zh")


POOLS = load_text(
    f"{HEAD}计算 季销 ＝ 合计（额，逐条 单）\n{LINES}"
    f"奖励 留\n{LINES}  资金池：10元\n  分配：按 季销（本期） 比例\n  取整：1元，舍去\n  余数：留存\n"
    f"奖励 首\n{LINES}  资金池：10元\n  分配：按 季销（本期） 比例\n  取整：1元，舍去\n  余数：归首位\n"
    f"奖励 均\n{LINES}  若：季销（本期） ＞ 0元\n  资金池：10元\n  分配：平均\n"
    f"奖励 顶\n{LINES}  资金池：10元\n  分配：按 季销（本期） 比例\n  上限：4元\n  超出：再分\n"
)
SHARED = {  # of three parties, in each of two quarters, and what is left; sales of 9, 6, 0 and 2, 2, 2
    "留": ([(6, 3), (4, 3), (0, 3)], (0, 1)),
    "首": ([(6, 4), (4, 3), (0, 3)], (0, 0)),
    "均": ([(5, "3.33"), (5, "3.33"), (0, "3.33")], (0, "0.01")),
    "顶": ([(4, "3.33"), (4, "3.33"), (0, "3.33")], (2, "0.01")),
}


def test_a_pool_of_each_period() -> None:
    sheets = sheets_of([(9, 2), (6, 2), (0, 2)])
    verdicts = POOLS.judge(sheets, DAY, population=True)
    for name, (shares, left) in SHARED.items():
        for verdict, right in zip(verdicts, shares, strict=True):
            assert [v.value for v in told(verdict, name)] == [Fraction(r) for r in right], name
            rest = [p.value.value for i in (verdict.results[name].items or ())[:2] for p in i.parts
                    if p.name == "remainder"]
            assert rest == [Fraction(r) for r in left], name
    assert faults(examine(read_document(proved(POOLS, sheets, DAY, population=True)))) == []


def test_a_pool_in_which_one_share_is_not_known() -> None:
    """Sales of 0 to 9 beside 6: of 10, between none and 6; the other gets the rest, whole parts of it."""
    mine, other = POOLS.judge(sheets_of([(UNKNOWN, 2), (6, 2)]), DAY, population=True)
    (share, second), (rest, _) = told(mine, "留"), told(other, "留")
    assert [ends(v)[::2] for v in (share, rest)] == [(0, 6), (4, 10)] and second.value == 5


IN_TURN = load_text(
    f"{HEAD}计算 季销 ＝ 合计（额，逐条 单）\n{LINES}"
    f"奖励 跳\n{LINES}  金额：季销（本期）\n  预算：10元，按 季销（本期） 由高到低\n"
    "  末份：不付后面照付\n  并列：全部不计\n"
    f"奖励 序\n{LINES}  若：季销（本期） ＞ 0元\n  资金池：10元\n  分配：按 季销（本期） 由低到高\n"
    "  上限：4元\n  超出：不再分\n"
)


def turns_by_hand(sales: Sequence[int]) -> list[dict[str, Fraction]]:
    """Of each party in a quarter, one after the other; those who are level at once."""
    got = [{"跳": Fraction(0), "序": Fraction(0)} for _ in sales]
    left = Fraction(10)
    for asked in sorted({*sales}, reverse=True):
        if asked * sales.count(asked) <= left:
            left -= asked * sales.count(asked)
            for i in (i for i, own in enumerate(sales) if own == asked):
                got[i]["跳"] = Fraction(asked)
    left = Fraction(10)
    for asked in sorted({*sales} - {0}):
        share = min(Fraction(4), Fraction(int(left / sales.count(asked) * 100), 100))
        for i in (i for i, own in enumerate(sales) if own == asked):
            got[i]["序"] = share
            left -= share
    return got


@tries(10)
@example(everyone=[(9, 3), (6, 9), (2, 9)], blank=None)
@example(everyone=[(9, 3), (6, 9), (2, 9)], blank=(0, 1))
@given(
    everyone=st.lists(st.tuples(*[st.sampled_from([0, 2, 3, 6, 9])] * 2), min_size=2, max_size=3),
    blank=st.none() | st.tuples(st.integers(0, 1), st.integers(0, 1)),
)
def test_one_after_the_other_in_each_quarter(everyone: list[tuple[int, int]], blank: tuple[int, int] | None) -> None:
    some: list[list[object]] = [list(one) for one in everyone]
    if blank is not None:
        some[blank[0]][blank[1]] = UNKNOWN
    said = IN_TURN.judge(sheets_of(some), DAY, population=True)
    for filling in (None,) if blank is None else (0, 2, 3, 5, 6, 9):
        full = [list(one) for one in everyone]
        if blank is not None and filling is not None:
            full[blank[0]][blank[1]] = filling
        for q in (0, 1):
            right = turns_by_hand([quarters[q] for quarters in full])
            for verdict, of_party in zip(said, right, strict=True):
                for name, value in of_party.items():
                    assert allows(told(verdict, name)[q], value), (name, full, q)
                    assert blank is not None and blank[1] == q or told(verdict, name)[q].known


def test_what_runs_on_in_a_quarter_is_told_and_checked_again() -> None:
    everyone: Sales = [(9, 3), (6, UNKNOWN), (2, 9)]
    assert faults(examine(read_document(proved(IN_TURN, sheets_of(everyone), DAY, population=True)))) == []
    third = IN_TURN.judge(sheets_of([(9, 3), (6, 9), (1, 9)]), DAY, population=True)[2]
    first = (third.results["跳"].items or ())[0]
    parts = {p.name: p.value.value for p in first.parts}
    assert (first.value.value, parts["used"], parts["left"]) == (1, 10, 0)  # 9 and 1; 6 is passed over


@pytest.mark.parametrize(("lines", "code"), [
    ("  逐条：单\n  金额：1元", "POL401"),
])
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"{TEXT}奖励 奖\n{LINES}{lines}\n")
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics
