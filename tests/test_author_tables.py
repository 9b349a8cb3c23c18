"""The tables that a document leaves open: as a policy's author would fill them in, and before."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import policydsl
from policydsl.diagnostics import PolicyError
from policydsl.verdict import Judged

POLICY = Path(__file__).parents[1] / "policies" / "huawei_2025.pol"
QUARTER = {
    "返利基数": "按季度销售额", "封顶口径": "仅专项奖",
}
STEPS = "| ≥ 100% | 15% |\n  | 80%≤季度达成率＜100% | 8% |\n  | ＜80% | 5% |"


def filled(header: str, rows: str) -> policydsl.Policy:
    """The policy with ``rows`` below the table whose header row is ``header``; its examples left out."""
    text = POLICY.read_text(encoding="utf-8")
    text = text[: text.index("# ====", text.index("要求 跨职能推广团队"))]
    assert text.count(header) == 1
    return policydsl.loads(text.replace(header, f"{header}\n  {rows}"), beside=POLICY)


def rebate_rate(policy: policydsl.Policy, sales: str) -> Judged:
    quarter = {"季度销售额": sales, "季度销售目标": "200万元", "合同金额": "100万元", "战略专项奖额": "0元"}
    verdict = policy.evaluate(quarter, as_of="2025-06-30", settings=QUARTER)
    return verdict.results["返利比例"].total


@pytest.mark.parametrize(
    ("sales", "rate"),
    [("1599999.99元", "5%"), ("160万元", "8%"), ("1999999.99元", "8%"), ("200万元", "15%"), ("300万元", "15%")],
)
def test_steps_are_closed_at_their_lower_edge(sales: str, rate: str) -> None:
    value = rebate_rate(filled("| 季度达成率 | 比例 |", STEPS), sales).value
    assert value.known
    assert value.value == Fraction(rate.rstrip("%")) / 100


def test_a_hole_in_the_steps_is_told_when_the_policy_is_loaded() -> None:
    with pytest.raises(PolicyError) as caught:
        filled("| 季度达成率 | 比例 |", "| ≥ 100% | 15% |\n  | ＜80% | 5% |")
    assert [d.code for d in caught.value.diagnostics] == ["POL406"]


@pytest.mark.parametrize("rate", ["15.01%", "4.99%"])
def test_a_rate_outside_the_range_is_refused_when_the_policy_is_loaded(rate: str) -> None:
    with pytest.raises(PolicyError) as caught:
        filled("| 季度达成率 | 比例 |", f"| 不限 | {rate} |")
    assert "POL417" in {d.code for d in caught.value.diagnostics}


def test_a_share_above_half_is_refused_when_the_policy_is_loaded() -> None:
    with pytest.raises(PolicyError) as caught:
        filled("| 活动规模 | 比例 |", "| 峰会 | 51% |")
    assert "POL417" in {d.code for d in caught.value.diagnostics}


def test_a_share_by_scale_is_looked_up() -> None:
    policy = filled("| 活动规模 | 比例 |", "| 峰会 | 50% |\n  | 沙龙 | 20% |")
    events = [
        {"活动号": "a", "活动规模": "沙龙", "活动费用": "1000元"},
        {"活动号": "b", "活动规模": "峰会", "活动费用": "1000元"},
    ]
    facts = {"渠道角色": "代理商", "营销活动": events}
    total = policy.evaluate(facts, as_of="2025-06-30").results["联合营销基金"].total
    assert total.value.value == 700


def test_the_level_table_takes_effect_once_it_is_published() -> None:
    policy = filled("| 客户级别 | 响应时限 |", "| 钻石客户 | 5分钟 |\n  | 金级客户 | 10分钟 |\n  | 银级客户 | 20分钟 |")
    demand = {"需求号": "a", "需求类型": "关键业务系统故障", "客户级别": "钻石客户",
              "提出时刻": "2025-06-01 10:00", "响应时刻": "2025-06-01 10:06"}
    states = []
    for published in (False, True):
        settings = {"级别时效已公布": published}
        verdict = policy.evaluate({"客户需求": [demand]}, as_of="2025-06-30", settings=settings)
        items = verdict.results["极速响应"].items
        assert items is not None
        assert items[0].state is not None
        states.append(items[0].state.value)
    assert states == ["met", "late"]


def test_a_cycle_whose_start_is_not_set_may_be_in_any_state_of_a_deadline() -> None:
    policy = policydsl.load(POLICY)
    verdict = policy.evaluate({"review_meetings": []}, as_of="2025-06-30", only=["周度复盘会议"])
    state = verdict.results["周度复盘会议"].total.state
    assert state is not None
    assert set(state.values or ()) == {"waiting", "running", "met", "late"}
