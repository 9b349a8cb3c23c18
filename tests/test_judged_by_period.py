"""统计期 of conditions, bands, decision tables, tiers and score sheets: each period as if it were alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from engine_support import allows, refusal
from hypothesis import given, settings
from hypothesis import strategies as st
from tries import tries

from policydsl import to_json
from policydsl.engine import load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import recheck
from policydsl.testing import run_examples
from policydsl.verdict import Verdict

TEXT = (Path(__file__).parent / "constructs" / "13j_judged.pol").read_text(encoding="utf-8")
MADE = load_text(TEXT, "j.pol")
TODAY = date(2024, 6, 30)
DAYS = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 30), date(2024, 7, 1))
ORDERS = st.lists(st.tuples(st.sampled_from((0, 49, 50, 99, 100, 200)), st.sampled_from((*DAYS, None))), max_size=4)


def told(rows: Sequence[Mapping[str, Exact]], old: bool | None, proof: bool = False) -> Verdict:
    facts: dict[str, Exact] = {} if old is None else {"老伙伴": old}
    ledger = {"订单": tuple(Record(str(i), dict(row)) for i, row in enumerate(rows)), "考核": ()}
    return MADE.judge([Sheet("P", None, facts, ledger)], TODAY, proof=proof)[0]


def rows_of(said: Sequence[tuple[int, date | None]]) -> list[dict[str, Exact]]:
    return [{"额": Fraction(much), "下单日": day} for much, day in said]


def by_hand(much: Fraction, old: bool) -> tuple[bool, int, Fraction, str | None, Fraction]:
    reached = much >= 100
    discount = Fraction(0) if not reached else Fraction(10 if old else 5, 100)
    tier = "金牌" if much >= 200 else "银牌" if much >= 50 else None
    return reached, 2 if reached else 1, discount, tier, much * discount if tier == "金牌" else Fraction(0)


@given(said=ORDERS, old=st.booleans())
@settings(tries(15))
def test_each_quarter_is_what_it_is_alone(said: list[tuple[int, date | None]], old: bool) -> None:
    sold = [Fraction(0), Fraction(0)]
    for much, day in said:
        if day is not None and date(2024, 1, 1) <= day <= TODAY:
            sold[day >= date(2024, 4, 1)] += much
    found = told(rows_of(said), old).results
    quarters = [by_hand(much, old) for much in sold]
    for place, name in enumerate(("季达标", "季档", "季折扣", "季级", "季奖")):
        assert [item.value.value for item in found[name].items or ()] == [quarter[place] for quarter in quarters]
        right = sum(q[place] for q in quarters) if name == "季奖" else quarters[-1][place]  # type: ignore[misc]
        assert found[name].total.value.value == right


@given(said=ORDERS.filter(bool), which=st.integers(0, 3), gap=st.sampled_from(("额", "下单日", "老伙伴")))
@settings(tries(8))
def test_nothing_that_is_said_is_contradicted_when_more_is_known(
    said: list[tuple[int, date | None]], which: int, gap: str
) -> None:
    rows = rows_of(said)
    row = rows[which % len(rows)]
    row.pop(gap, None)
    before = told(rows, None if gap == "老伙伴" else True)
    ways: Sequence[Exact] = {
        "额": tuple(map(Fraction, (0, 1, 50, 51, 100, 150, 200))), "下单日": (*DAYS, None), "老伙伴": (True, False),
    }[gap]
    for way in ways:
        if gap != "老伙伴":
            row[gap] = way
        after = told(rows, bool(way) if gap == "老伙伴" else True)
        for name, result in after.results.items():
            was = before.results[name]
            for one, other in [(was.total, result.total), *zip(was.items or (), result.items or (), strict=True)]:
                assert allows(one.value, other.value.value), (name, way)
                assert one.holds is None or other.holds is None or allows(one.holds, other.holds.value), (name, way)


def test_the_proof_holds() -> None:
    rows = rows_of([(100, DAYS[1]), (200, DAYS[3])])
    assert recheck(to_json(told(rows, True, proof=True))).faults == []
    del rows[1]["下单日"]
    assert recheck(to_json(told(rows, None, proof=True))).faults == []


@pytest.mark.parametrize(("text", "code"), [
    ("条件 交付够：季度考核 的 交付 ≥ 30分\n", "POL474"),
    ("计算 最低 ＝ 最小（得分，逐条 季度考核）\n", "POL207"),
    ("条件 不清楚：季档 ≥ 1\n  统计期：每季度，按 下单日\n", "POL474"),
    ("分档 月档\n  统计期：每月，按 下单日\n  | 季销 | 档 |\n  | 低于 1元 | 1 |\n  | 1元 以上 | 2 |\n", "POL473"),
    ("条件 有：存在（订单，额 ＞ 1元）\n  统计期：每季度，按 下单日\n  逐条：订单\n", "POL401"),
    ("条件 首个：额 ＞ 1元\n  统计期：每季度，按 下单日\n  名额：前 1个，按 额 由高到低\n", "POL205"),
])
def test_what_has_no_one_meaning_is_refused(text: str, code: str) -> None:
    clauses = TEXT.partition("示例 ")[0]
    assert code in refusal(clauses + text)


CONCERNED = """政策 考核
  编号：C
  生效：自 2024年1月1日 起
台账 考核，默认 无
  分：分数，≥ 0分，≤ 100分
  考核日：日期
要求 季考：合计（分，逐条 考核） ≥ 70分
  统计期：每季度，按 考核日
  对象：条数（考核） ≥ 1
条件 连败：连续 2个季度 并非 季考
示例 没有考核的一季断了连续
  评估日：2024年9月30日
  已知 考核：
  | 分   | 考核日     |
  | 60分 | 2024-03-01 |
  | 50分 | 2024-09-01 |
  应得：季考（2024年第1季度） 不成立，季考（2024年第2季度） 不适用，连败 不成立
示例 接着两季不及格
  评估日：2024年12月31日
  已知 考核：
  | 分   | 考核日     |
  | 60分 | 2024-03-01 |
  | 50分 | 2024-09-01 |
  | 69分 | 2024-12-31 |
  应得：季考（2024年第2季度） 不适用，连败 成立
示例 不知道考核在哪一季
  评估日：2024年9月30日
  已知 考核：
  | 分   | 考核日     |
  | 60分 | 2024-03-01 |
  | 50分 |            |
  | 50分 | 2024-09-01 |
  应得：连败 未定（缺 考核日）
"""


def test_whom_a_clause_concerns_is_asked_in_each_period() -> None:
    """对象 counts the records of its own period: a quarter without a review is 不适用, and breaks a run."""
    assert [report.failures for report in run_examples(load_text(CONCERNED))] == [(), (), ()]
