"""Ranks and what they get: held against a loop that knows no policy, for every way in which what is not known may turn
out; and what an author is told."""

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

from policydsl.diagnostics import Language, PolicyError
from policydsl.domain import Possible
from policydsl.engine import Policy, load_text
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import examine, read_document
from policydsl.render.text import verdict_text
from policydsl.verdict import Verdict

DAY = date(2024, 6, 30)
PRIZES = """政策 名次
  编号：R
数据
  业绩：金额，≥ 0元，≤ 5元，选填
  毛利：数值，≥ 0，≤ 5，选填
计算 名次
  排名：按 业绩 由高到低
  并列：同名次
计算 只有一个
  排名：按 业绩 由高到低，再按 毛利 由低到高
奖励 同奖
  排名：按 业绩 由高到低
  并列：同名次
  | 名次 | 金额 |
  | 第1名 | 120元 |
  | 第2名 | 60元 |
  | 第3名 至 第4名 | 24元 |
奖励 分奖
  排名：按 业绩 由高到低
  并列：均分
  | 名次 | 金额 |
  | 第1名 | 120元 |
  | 第2名 | 60元 |
  | 第3名 至 第4名 | 24元 |
奖励 未说
  排名：按 业绩 由高到低
  | 名次 | 金额 |
  | 第1名 至 第2名 | 10元 |
  | 第3名 至 第4名 | 2元 |
奖励 一半
  金额：1元
  名额：前 50%，舍去，按 业绩 由高到低，再按 毛利 由高到低
  并列：全部计入
奖励 一半进一
  金额：1元
  名额：前 50%，进一，按 业绩 由高到低
  并列：全部不计
"""
POLICY = load_text(PRIZES)
One = tuple[int | None, int | None]  # 业绩 and 毛利; None: 无
UNKNOWN = object()


def sheets_of(everyone: Sequence[tuple[object, object]]) -> tuple[Sheet, ...]:
    """The facts of all; what is not known is left out."""
    sheets = []
    for i, told in enumerate(everyone):
        values: dict[str, Exact] = {}
        for name, value in zip(("业绩", "毛利"), told, strict=True):
            if value is not UNKNOWN:
                values[name] = None if value is None else Fraction(value)  # type: ignore[call-overload]
        sheets.append(Sheet(f"p{i}", values=values, everyone=True))
    return tuple(sheets)


def judged(policy: Policy, everyone: Sequence[tuple[object, object]]) -> list[Verdict]:
    return policy.judge(sheets_of(everyone), DAY, population=True)


def came_to(everyone: Sequence[One]) -> list[dict[str, object]]:
    """What each of all gets, counted by hand: who is before, who is level."""
    prize = {1: 120, 2: 60, 3: 24, 4: 24}
    pairs = {1: 10, 2: 10, 3: 2, 4: 2}
    half, less = len(everyone) // 2, -(-len(everyone) // 2)
    found: list[dict[str, object]] = []
    for revenue, margin in everyone:
        if revenue is None:
            found.append({"名次": None, "只有一个": None, "同奖": 0, "分奖": 0, "未说": 0, "一半": 0, "一半进一": 0})
            continue
        others = [r for r, _ in everyone if r is not None]
        before, level = sum(r > revenue for r in others), sum(r == revenue for r in others)
        places = range(before + 1, before + level + 1)
        got: dict[str, object] = {
            "名次": before + 1, "同奖": prize.get(before + 1, 0),
            "分奖": Fraction(sum(prize.get(p, 0) for p in places), level),
            "一半进一": int(before + level <= less),
        }
        said = {pairs.get(p, 0) for p in places}
        got["未说"] = said.pop() if len(said) == 1 else frozenset(said)  # nothing is said of those who are level
        both = [(r, m) for r, m in everyone if r is not None and m is not None]
        if margin is None:
            got["只有一个"], got["一半"] = None, 0
        else:
            first = sum((-r, m) < (-revenue, margin) for r, m in both)
            taken = range(first + 1, first + both.count((revenue, margin)) + 1)
            got["只有一个"] = first + 1 if len(taken) == 1 else frozenset(taken)
            got["一半"] = int(sum((r, m) > (revenue, margin) for r, m in both) < half)
        found.append(got)
    return found


def values(verdict: Verdict) -> dict[str, Possible]:
    return {name: result.total.value for name, result in verdict.results.items()}


some_value = st.sampled_from([None, 1, 2, 2, 3, 4])
populations = st.lists(st.tuples(some_value, some_value), min_size=2, max_size=5)
cells = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), max_size=2, unique=True)


@tries(5)
@example(everyone=[(4, 1), (3, 1), (3, 2), (2, 1)], blank=[])
@example(everyone=[(4, 1), (3, 1), (2, 1)], blank=[(1, 0)])
@example(everyone=[(4, 1), (4, 1), (2, 1)], blank=[(0, 0), (1, 1)])
@given(everyone=populations, blank=cells)
def test_whatever_is_not_known_may_turn_out_to_be(everyone: list[One], blank: list[tuple[int, int]]) -> None:
    """What is reported allows what each completion comes to, and with all known it is that."""
    blank = [(i, k) for i, k in blank if i < len(everyone)]
    told: list[list[object]] = [list(one) for one in everyone]
    for i, k in blank:
        told[i][k] = UNKNOWN
    reported = [values(v) for v in judged(POLICY, [tuple(one) for one in told])]  # type: ignore[misc]
    for filling in itertools.product([None, 0, 1, 2, 3, 4, 5], repeat=len(blank)):
        full = [list(one) for one in everyone]
        for (i, k), value in zip(blank, filling, strict=True):
            full[i][k] = value
        for said, right in zip(reported, came_to([tuple(one) for one in full]), strict=True):  # type: ignore[misc]
            for name, value in right.items():
                if isinstance(value, frozenset):
                    among = {Fraction(one) for one in value}
                    assert not said[name].known and all(allows(said[name], one) for one in among), name
                    assert blank or set(said[name].values or ()) == among, (name, said[name])
                    continue
                exact = value if value is None else Fraction(value)  # type: ignore[call-overload]
                assert allows(said[name], exact), (name, full, said[name])
                assert blank or said[name].known, (name, full)


@tries(5)
@given(everyone=populations, at=st.integers(0, 4))
def test_one_that_is_not_known_leaves_nothing_open_but_what_it_may_change(everyone: list[One], at: int) -> None:
    """Of the others what is reported is exactly what comes of some value of the one that is not known."""
    at %= len(everyone)
    told: list[tuple[object, object]] = [*everyone]
    told[at] = (UNKNOWN, everyone[at][1])
    reported = [values(v) for v in judged(POLICY, told)]
    fillings = [None, *(Fraction(n, 2) for n in range(11))]
    full = [came_to([*everyone[:at], (value, everyone[at][1]), *everyone[at + 1 :]]) for value in fillings]  # type: ignore[list-item]
    for i, said in enumerate(reported):
        for name in ("名次", "同奖"):
            outcomes = {one[i][name] for one in full}
            if i != at:
                assert set(said[name].values or ()) == outcomes, (name, said[name])


@tries(4)
@given(everyone=st.lists(st.tuples(some_value, some_value), min_size=9, max_size=14))
def test_many_are_counted_in_one_pass(everyone: list[One]) -> None:
    """Beyond a few the counts are made for all at once, by several keys too, each in its direction."""
    for said, right in zip(map(values, judged(POLICY, everyone)), came_to(everyone), strict=True):
        for name, value in right.items():
            if not isinstance(value, frozenset):
                assert said[name].values == (None if value is None else Fraction(value),)  # type: ignore[call-overload]


# ---------------------------------------------------------------------------------------------- what is told
def test_the_leader_is_first_or_second() -> None:
    """One score is missing: the leader is 1st or 2nd, and gets 120 or 60."""
    leader = values(judged(POLICY, [(4, 1), (UNKNOWN, 1), (1, 1)])[0])
    assert set(leader["名次"].values or ()) == {1, 2}
    assert set(leader["同奖"].values or ()) == {120, 60}


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("zh", ["第2名，并列 2 家；和第1名相差 1元", "排在前面 1：p0 4元"]),
        ("en", ["2nd place, 2 level; CNY 1 from 1st place"]),
    ],
)
def test_the_grounds_tell_the_rank_and_how_far_it_is(lang: Language, says: list[str]) -> None:
    verdicts = judged(POLICY, [(4, 1), (3, 1), (3, 1), (1, 1)])
    shown = verdict_text(verdicts[1], lang=lang)
    for line in says:
        assert line in shown


def test_a_verdict_with_ranks_holds_when_it_is_checked_again() -> None:
    everyone = [(4, 1), (3, 1), (3, 2), (UNKNOWN, 1), (None, 2)]
    assert faults(examine(read_document(proved(POLICY, sheets_of(everyone), DAY, population=True)))) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("  排名：按 业绩 由高到低\n  金额：1元\n  | 名次 | 金额 |\n  | 第1名 | 1元 |", "POL444"),
        ("  排名：按 业绩 由高到低", "POL402"),
        ("  | 名次 | 金额 |\n  | 第1名 | 1元 |", "POL402"),
        ("  排名：按 业绩 由高到低\n  并列：全部计入\n  | 名次 | 金额 |\n  | 第1名 | 1元 |", "POL307"),
        ("  金额：1元\n  名额：前 1家，按 业绩 由高到低\n  并列：均分", "POL307"),
        ("  金额：1元\n  名额：前 2家，舍去，按 业绩 由高到低", "POL345"),
        ("  排名：按 业绩 由高到低\n  | 名次 | 金额 |\n  | 第0名 | 1元 |", "POL466"),
        ("  排名：按 业绩 由高到低\n  | 名次 | 金额 |\n  | ≥ 第3名 | 1元 |", "POL466"),
        ("  排名：按 业绩 由高到低\n  计法：逐档\n  | 名次 | 金额 |\n  | 第1名 | 1元 |", "POL401"),
    ],
)
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"政策 名次\n  编号：R\n数据\n  业绩：金额\n奖励 奖\n{lines}\n")
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics


def test_nobody_compares_everyone_with_oneself() -> None:
    """It would be 0 for everybody; the way out is a rank."""
    with pytest.raises(PolicyError) as refused:
        load_text("政策 名次\n  编号：R\n数据\n  业绩：金额\n计算 名次 ＝ 条数（全体，其中 业绩 大于 本条 的 业绩）\n")
    (found,) = refused.value.diagnostics
    assert (found.code, found.hint) == ("POL341", "among_all")
