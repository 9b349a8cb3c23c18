"""Whatever the missing facts turn out to be, the value lies in what was reported: answers that once did not allow what
came out, or never came, worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from engine_support import policy, verdict

from policydsl.domain import Possible, point
from policydsl.engine import Policy
from policydsl.kinds import Exact


def value(made: Policy, name: str, facts: dict[str, Exact] | None = None, **ledgers: list[dict[str, Exact]]) -> Possible:
    return verdict(made, facts, ledgers).results[name].total.value


# ---------------------------------------------------------------------------------------------- conversions
EXCHANGED = """台账 违规
  主键：号
  号：文本
  级别：选项（三类、二类、一类），由低到高
  公告：日期
期限 有效期
  逐条：违规，其中 级别 属于 二类、三类
  起算：公告 当日起
  时长：12个月
累计 三变二
  统计：违规，其中 级别 为 三类
  统计期：有效期
  每满：2次
  视为：2次 二类
处罚 二类罚
  逐条：违规，其中 级别 为 二类
  统计期：有效期
  | 次数  | 金额    |
  | 首次  | 5000元  |
  | 第2次 | 10000元 |
"""


def test_two_records_made_of_one_are_two() -> None:
    """The second of the two that two violations become is a second one: 5 000 + 10 000."""
    rows: list[dict[str, Exact]] = [
        {"号": "甲", "级别": "三类", "公告": date(2024, 1, 1)}, {"号": "乙", "级别": "三类", "公告": date(2024, 2, 1)},
    ]
    found = verdict(policy(EXCHANGED), None, {"违规": rows}).results["二类罚"]
    assert found.total.value == point(Fraction(15000))
    assert [i.value for i in found.items or ()] == [point(Fraction(5000)), point(Fraction(10000))]


# ---------------------------------------------------------------------------------------------- tables
def test_the_range_of_a_table_limits_the_columns_of_its_own_kind() -> None:
    made = policy(
        "数据\n  型：文本\n表 表格\n  范围：5% 至 15%\n  | 型号 | 比例 | 级别 |\n  | A | 6% | 高 |\n  | B | 8% | 低 |\n"
        "数据\n  级：选项（高、低）\n条件 同级：级 为 表格（型）的 级别\n计算 比 ＝ 表格（型）的 比例\n"
    )
    rate = value(made, "比", {"级": "高"})
    assert (rate.low, rate.high) == (Fraction(5, 100), Fraction(15, 100))
    assert value(made, "同级", {"级": "高"}).values == (False, True)
    assert value(made, "同级", {"级": "高", "型": "A"}) == point(True)
