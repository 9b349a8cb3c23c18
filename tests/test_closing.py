"""关账: in which period a record counts by its day and by the day of its entry, and when a period is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

import pytest
from engine_support import allows, refusal
from hypothesis import given, settings
from hypothesis import strategies as st
from tries import tries

from policydsl import to_json
from policydsl.engine import load_text
from policydsl.explain import explain
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import recheck
from policydsl.verdict import Verdict

HEADED = """政策 关账
  编号：C
  生效：自 2024年1月1日 起

台账 订单，默认 无
  号：文本
  额：金额
  下单日：日期，选填
  登记日：日期，2023年12月1日 至 2024年7月10日，选填
"""
CUT = "  统计期：每季度，按 下单日\n  关账：10天，按 登记日，"
POLICY = HEADED + f"""
计算 季销 ＝ 合计（额，逐条 订单）
{CUT}迟到计入下期
计算 不等 ＝ 合计（额，逐条 订单）
{CUT}迟到不计
奖励 季奖
{CUT}迟到计入下期
  金额：合计（额，逐条 订单） × 10%
"""
MADE = load_text(POLICY, "关账.pol")
ENDS = (date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30))
TODAY = date(2024, 7, 10)
DAYS = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1), date(2024, 6, 30), date(2024, 7, 1))
ENTERED = (
    date(2023, 12, 31), date(2024, 1, 11), date(2024, 4, 10), date(2024, 4, 11), date(2024, 7, 9), date(2024, 7, 10),
)
ORDERS = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from((*DAYS, None)), st.sampled_from((*ENTERED, None))), max_size=5
)
Row = dict[str, Exact]


def told(rows: Sequence[Mapping[str, Exact]], as_of: date = TODAY, proof: bool = False) -> Verdict:
    ledger = tuple(Record(str(i), {"号": str(i), **row}) for i, row in enumerate(rows))
    return MADE.judge([Sheet("P", None, {}, {"订单": ledger})], as_of, proof=proof)[0]


def rows_of(said: Sequence[tuple[int, date | None, date | None]]) -> list[Row]:
    return [{"额": Fraction(much), "下单日": day, "登记日": entered} for much, day, entered in said]


def by_hand(rows: Sequence[Row]) -> tuple[list[Fraction], list[Fraction]]:
    moved, out = [Fraction(0)] * 3, [Fraction(0)] * 3
    for row in rows:
        day, entered, much = row["下单日"], row["登记日"], row["额"]
        if not isinstance(day, date) or not isinstance(entered, date) or day < date(2024, 1, 1):
            continue
        assert isinstance(much, Fraction)
        own = next(i for i, end in enumerate(ENDS) if day <= end)
        if entered <= ENDS[own] + timedelta(days=10):
            moved[own] += much
            out[own] += much
        else:
            moved[next(i for i, end in enumerate(ENDS) if entered <= end + timedelta(days=10))] += much
    return moved, out


@given(said=ORDERS)
@settings(tries(20))
def test_each_record_counts_once_at_most(said: list[tuple[int, date | None, date | None]]) -> None:
    rows = rows_of(said)
    moved, out = by_hand(rows)
    found = told(rows)
    for name, right in (("季销", moved), ("不等", out)):
        assert [item.value.value for item in found.results[name].items or ()] == right
    # the second quarter is closed on 10 July, the third is not over
    assert found.results["季奖"].total.value.value == (moved[0] + moved[1]) / 10
    before = told(rows, date(2024, 7, 9)).results["季奖"]
    assert [item.state.value for item in before.items or () if item.state is not None] == ["yes", "pending", "pending"]
    assert before.total.value.value == moved[0] / 10


@given(said=ORDERS.filter(bool), which=st.integers(0, 4), gap=st.sampled_from(("下单日", "登记日")))
@settings(tries(8))
def test_nothing_that_is_said_is_contradicted_when_more_is_known(
    said: list[tuple[int, date | None, date | None]], which: int, gap: str
) -> None:
    rows = rows_of(said)
    row = rows[which % len(rows)]
    del row[gap]
    before = told(rows)
    for way in (*(DAYS if gap == "下单日" else ENTERED), None):
        row[gap] = way
        for name, result in told(rows).results.items():
            was = before.results[name]
            for one, other in [(was.total, result.total), *zip(was.items or (), result.items or (), strict=True)]:
                assert allows(one.value, other.value.value), (name, way)
                assert not one.value.known or one.value == other.value


def test_an_unknown_entry_is_in_one_period_and_the_total_is_exact() -> None:
    text = POLICY.replace("2024年7月10日，选填", "2024年7月10日")
    made = load_text(text, "t.pol")
    record = Record("1", {"号": "1", "额": Fraction(100), "下单日": date(2024, 3, 30)})
    found = made.judge([Sheet("P", None, {}, {"订单": (record,)})], TODAY)[0].results["季销"]
    first, second, third = found.items or ()
    assert first.value.values == second.value.values == (0, 100)
    assert third.value.value == 0
    assert found.total.value.value == 100


def test_the_proof_holds() -> None:
    rows = rows_of([(5, DAYS[2], ENTERED[3]), (7, DAYS[1], ENTERED[2])])
    assert recheck(to_json(told(rows, proof=True))).faults == []
    del rows[0]["登记日"]
    assert recheck(to_json(told(rows, proof=True))).faults == []


def test_a_quarter_that_is_broken_is_closed_after_its_own_end() -> None:
    text = POLICY.replace("每季度，按", "每季度，在 2024年2月10日 至 2024年5月20日 内，按")
    made = load_text(text, "t.pol")
    rows = rows_of([
        (1, date(2024, 2, 9), date(2024, 2, 9)), (2, date(2024, 3, 1), date(2024, 4, 11)),
        (4, date(2024, 5, 20), date(2024, 5, 30)), (8, date(2024, 5, 20), date(2024, 5, 31)),
    ])
    ledger = tuple(Record(str(i), {"号": str(i), **row}) for i, row in enumerate(rows))
    for as_of, states in ((date(2024, 5, 29), ["yes", "pending"]), (date(2024, 5, 30), ["yes", "yes"])):
        found = made.judge([Sheet("P", None, {}, {"订单": ledger})], as_of)[0].results
        assert [item.value.value for item in found["季销"].items or ()] == [0, 6]
        assert [item.state.value for item in found["季奖"].items or () if item.state is not None] == states


@pytest.mark.parametrize(("text", "code"), [
    (HEADED + "计算 总 ＝ 合计（额，逐条 订单）\n  关账：10天，按 登记日，迟到不计\n", "POL402"),
    (HEADED + "台账 退货\n  退额：金额\n  退货日：日期\n计算 总 ＝ 合计（额，逐条 订单） － 合计（退额，逐条 退货）\n"
     "  统计期：每季度，按 下单日、退货日\n  关账：10天，按 登记日，迟到不计\n", "POL515"),
    (HEADED + "条件 有：存在（订单，额 ＞ 1元）\n  关账：10天，按 登记日，迟到不计\n", "POL402"),
])
def test_what_is_not_said_is_asked(text: str, code: str) -> None:
    assert code in refusal(text)



@pytest.mark.parametrize(("text", "word"), [
    (POLICY, "关账"),
    (POLICY.replace(f"奖励 季奖\n{CUT}迟到计入下期", "奖励 季奖\n  统计期：每季度，按 下单日"), "期满"),
])
def test_the_grounds_tell_the_end_of_a_period_once(text: str, word: str) -> None:
    """Of two periods that are over and one that is not, each by its own end."""
    order: Row = {"额": Fraction(5), "下单日": date(2024, 2, 1), "登记日": date(2024, 2, 1)}
    sheet = Sheet("P", None, {}, {"订单": (Record("1", {"号": "1", **order}),)})
    made = explain(load_text(text, "关账.pol").program, [sheet], TODAY, only={"季奖"})
    ends = [[n.text for n in item.nodes if n.form == "test"] for item in made.sections[0].entries]
    assert ends == [[word]] * 3
