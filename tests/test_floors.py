"""下限 beside 负数, 宽限 in hours, a reward that is settled before the closing of what it is made of."""

from __future__ import annotations

import pytest

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.testing import run_examples

CARRIED = """政策 结转
  编号：T
  生效：自 2024年1月1日 起
台账 单
  额：金额
  日子：日期
奖励 返
  统计期：每季度，按 日子
  金额：合计（额，逐条 单）
  负数：结转
  下限：{floor}
示例 三季
  评估日：2024年9月30日
  已知 单：
  | 额    | 日子       |
  | -30元 | 2024-02-01 |
  | 15元  | 2024-05-01 |
  | 20元  | 2024-08-01 |
  应得 返：
  | 期            | 返      |
  | 2024年第1季度 | {first} |
  | 2024年第2季度 | {second} |
  | 2024年第3季度 | {third} |
"""


@pytest.mark.parametrize(("floor", "amounts", "codes"), [
    ("－20元", ("0元", "0元", "15元"), []),  # of -30 only 20 is carried: 15 - 20 leaves 5, 20 - 5 pays 15
    ("－100元", ("0元", "0元", "5元"), []),  # 15 - 30 leaves 15, 20 - 15 pays 5
    ("10元", ("10元", "15元", "20元"), ["POL537"]),  # each period has 10 at least, and nothing is carried
])
def test_a_floor_limits_a_period_before_it_is_carried(floor: str, amounts: tuple[str, ...], codes: list[str]) -> None:
    first, second, third = amounts
    policy = load_text(CARRIED.format(floor=floor, first=first, second=second, third=third))
    assert [d.code for d in policy.diagnostics] == codes
    assert [f.name for r in run_examples(policy) for f in r.failures] == []


GRACE = """政策 宽限
  编号：T
数据
  应付时刻：{kind}
  付款：时刻
期限 付清
  截止：应付时刻
  宽限：48小时
  完成：付款
示例 内
  评估日：2024年6月10日
  已知：应付时刻 ＝ 2024-06-01 18:00，付款 ＝ {paid}
  应得：付清 {state}
"""


@pytest.mark.parametrize(("paid", "state"), [
    ("2024-06-01 18:00", "按时"), ("2024-06-03 18:00", "按时（宽限）"), ("2024-06-03 18:01", "已逾期"),
])
def test_grace_in_hours_runs_from_the_clock(paid: str, state: str) -> None:
    (report,) = run_examples(load_text(GRACE.format(kind="时刻", paid=paid, state=state)))
    assert report.failures == ()


def test_a_day_has_no_hours_of_grace() -> None:
    with pytest.raises(PolicyError) as caught:
        load_text(GRACE.format(kind="日期", paid="2024-06-01 18:00", state="按时"))
    assert "POL336" in {d.code for d in caught.value.diagnostics}
