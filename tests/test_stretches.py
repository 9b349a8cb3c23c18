"""Several periods or records together (前 n期, 连续): against one's own reckoning, and while something is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import pytest
from engine_support import allows
from hypothesis import given, settings
from hypothesis import strategies as st
from tries import tries

from policydsl import to_json
from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import recheck
from policydsl.verdict import Verdict

POLICY = """政策 几期
  编号：S
  生效：自 2024年1月1日 起

台账 订单，默认 无
  额：金额，0元 至 100元
  下单日：日期，选填

台账 验收，默认 无
  合格：是否
  验收日：日期，选填

计算 月销 ＝ 合计（额，逐条 订单）
  统计期：每月，按 下单日

计算 均销 ＝ 平均（月销，前 3期）
  统计期：每月，按 下单日

计算 前高 ＝ 最大（月销，前 至多 3期）
  统计期：每月，按 下单日

计算 连差 ＝ 连续 3个月 月销 低于 30元
  统计期：每月，按 下单日

条件 现差：连续 2期 月销 低于 30元

计算 三败 ＝ 连续 3次 并非 合格
  逐条：验收，按 验收日 先后
"""
MADE = load_text(POLICY, "几期.pol")
DAYS = (
    date(2023, 9, 30), date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 1),
    date(2024, 4, 30), date(2024, 5, 1),
)
TODAY = date(2024, 4, 30)
Rows = Sequence[Mapping[str, Exact]]


def told(orders: Rows, accepted: Rows = (), as_of: date = TODAY, proof: bool = False) -> Verdict:
    given_ = {
        name: tuple(Record(str(i), dict(row)) for i, row in enumerate(rows))
        for name, rows in (("订单", orders), ("验收", accepted))
    }
    return MADE.judge([Sheet("P", None, {}, given_)], as_of, proof=proof)[0]


def values(verdict: Verdict, name: str) -> list[Exact]:
    return [item.value.value for item in verdict.results[name].items or ()]


ORDERS = st.lists(st.tuples(st.integers(0, 60), st.sampled_from((*DAYS, None))), max_size=6)
ACCEPTED = st.lists(st.tuples(st.booleans(), st.sampled_from((*DAYS[:5], None))), max_size=6)


def rows_of(said: Sequence[tuple[int, date | None]]) -> list[dict[str, Exact]]:
    return [{"额": Fraction(much), "下单日": day} for much, day in said]


def tried_of(said: Sequence[tuple[bool, date | None]]) -> list[dict[str, Exact]]:
    return [{"合格": passed, "验收日": day} for passed, day in said]


@given(said=ORDERS, tried=ACCEPTED)
@settings(tries(20))
def test_what_one_works_out_by_hand(
    said: list[tuple[int, date | None]], tried: list[tuple[bool, date | None]]
) -> None:
    """Months are counted from October 2023, January 2024 being the fourth of them and the first of the policy."""
    sold = [Fraction(0)] * 7
    for much, day in said:
        if day is not None and (month := 12 * (day.year - 2023) + day.month - 10) in range(7):
            sold[month] += much
    found = told(rows_of(said), tried_of(tried))
    assert values(found, "均销") == [sum(sold[i - 3 : i]) / 3 for i in range(3, 7)]
    assert values(found, "前高") == [max(sold[i - 3 : i]) for i in range(3, 7)]
    low = [much < 30 for much in sold]
    assert values(found, "连差") == [i >= 5 and all(low[i - 2 : i + 1]) for i in range(3, 7)]
    assert found.results["现差"].total.value.value == (low[5] and low[6])
    failed = list[bool]()
    turn = {}
    for i in sorted((i for i, (_, day) in enumerate(tried) if day is not None), key=lambda i: (tried[i][1], i)):
        failed.append(not tried[i][0])
        turn[i] = len(failed) >= 3 and all(failed[-3:])
    assert values(found, "三败") == [turn.get(i, False) for i in range(len(tried))]


@given(said=ORDERS.filter(bool), tried=ACCEPTED.filter(bool), which=st.integers(0, 5), gap=st.integers(0, 3))
@settings(tries(8))
def test_nothing_that_is_said_is_contradicted_when_more_is_known(
    said: list[tuple[int, date | None]], tried: list[tuple[bool, date | None]], which: int, gap: int
) -> None:
    orders, accepted = rows_of(said), tried_of(tried)
    rows, field, ways = (
        (orders, "额", (Fraction(0), Fraction(29), Fraction(30), Fraction(100))), (orders, "下单日", (*DAYS, None)),
        (accepted, "合格", (True, False)), (accepted, "验收日", (*DAYS, None)),
    )[gap]
    row = rows[which % len(rows)]
    del row[field]
    before = told(orders, accepted)
    for way in ways:
        row[field] = way  # type: ignore[assignment]
        after = told(orders, accepted)
        for name, result in after.results.items():
            was = before.results[name]
            pairs = [(was.total, result.total), *zip(was.items or (), result.items or (), strict=True)]
            for one, other in pairs:
                if other.value.known:
                    assert allows(one.value, other.value.value), (name, way)
                assert not one.value.known or one.value == other.value


@pytest.mark.parametrize("gap", ["", "额", "下单日"])
def test_the_proof_holds(gap: str) -> None:
    orders = rows_of([(10, DAYS[2]), (20, DAYS[4]), (40, DAYS[5])])
    if gap:
        del orders[1][gap]
    found = told(orders, tried_of([(False, DAYS[0]), (False, DAYS[1]), (False, DAYS[2])]), proof=True)
    assert recheck(to_json(found)).faults == []


def test_the_proof_of_periods_holds_where_others_ask_for_them_first() -> None:
    made = load_text(
        POLICY.partition("计算 月销")[0].replace("台账 订单", "数据\n  甲：日期\n  乙：日期\n台账 订单") +
        "计算 少 ＝ 最小（合同，前 至多 2期）\n  统计期：每月，在 甲 至 乙 内，按 下单日\n"
        "计算 合同 ＝ 合计（额，逐条 订单）\n  统计期：每月，在 甲 至 乙 内，按 下单日\n", "t.pol",
    )
    facts: dict[str, Exact] = {"甲": date(2024, 1, 10), "乙": date(2024, 3, 1)}
    (found,) = made.judge([Sheet("P", None, facts, {})], TODAY, proof=True)
    assert recheck(to_json(found)).faults == []


HEADED = POLICY.partition("计算 均销")[0]


@pytest.mark.parametrize(("text", "code"), [
    ("计算 均 ＝ 平均（月销，前 25期）\n  统计期：每月，按 下单日\n", "POL510"),
    ("计算 均 ＝ 平均（月销，前 至少 2期）\n  统计期：每月，按 下单日\n", "POL510"),
    ("计算 均 ＝ 平均（月销，前 3个）\n  统计期：每月，按 下单日\n", "POL511"),
    ("计算 均 ＝ 平均（月销，前 3期）\n  统计期：每季度，按 下单日\n", "POL473"),
    ("计算 均 ＝ 平均（月销，前 3期）\n", "POL472"),
    ("计算 均 ＝ 条数（月销，前 3期）\n  统计期：每月，按 下单日\n", "POL512"),
    ("计算 均 ＝ 平均（均，前 3期） ＋ 月销（本期）\n  统计期：每月，按 下单日\n", "POL210"),
    ("条件 差：连续 1期 月销 低于 30元\n", "POL510"),
    ("条件 差：连续 25期 月销 低于 30元\n", "POL510"),
    ("条件 差：连续 2个季度 月销 低于 30元\n", "POL511"),
    ("条件 差：连续 2次 月销 低于 30元\n", "POL511"),
    ("计算 差 ＝ 连续 2个月 月销 低于 30元\n  统计期：每季度，按 下单日\n", "POL473"),
    ("计算 败 ＝ 连续 2个月 并非 合格\n  逐条：验收，按 验收日 先后\n", "POL511"),
    ("计算 败 ＝ 连续 2次 并非 合格\n  逐条：验收\n", "POL513"),
    ("条件 败：存在（验收，连续 2次 并非 合格）\n", "POL513"),
])
def test_what_has_no_one_meaning_is_refused(text: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(HEADED + text, "t.pol")
    assert code in {d.code for d in refused.value.diagnostics if d.severity == "error"}
