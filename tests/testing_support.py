"""A small policy and cases for the tests of the test runner."""

from __future__ import annotations

from pathlib import Path

from policydsl.engine import Policy, load_text
from policydsl.testing import Case, Report
from policydsl.testing.read import read_cases
from policydsl.testing.sheet_case import SheetCase

TIERS = """\
政策 甲
  编号：X
数据
  数：金额，别名 amount，≥ 0元
  人数：数量（人），≥ 0人
等级 档，别名 tier
  | 等级 | 数       | 人数  |
  | 金   | ≥ 1000元 | ≥ 3人 |
  | 银   | ≥ 100元  | 不限  |
  | 铜   | 不限     | 不限  |
条件 够：数 ≥ 100元
计算 半 ＝ 数 ÷ 2
"""

# with parameters, a ledger, measures
MORE = """\
政策 乙
  编号：Y
措施清单：降级、通报、取消
数据
  分：分数，0分 至 100分
  发现日：日期
参数
  线 ＝ 70分
台账 单
  号：文本
  价：金额
规则 后果
  若 分 低于 线，则 降级，自 发现日 起 一个季度
  若 分 低于 60分，则 通报
规则 裁量
  若：分 低于 线
  可以：取消
处罚 罚
  逐条：单，其中 价 不低于 10元
  金额：取高（5元，价 的 10%）
"""


def policy(text: str = TIERS) -> Policy:
    return load_text(text, "甲.pol")


def cases(text: str, made: Policy | None = None) -> list[Case]:
    program = (made or policy()).program
    return [SheetCase(program, spec) for spec in read_cases(text, "甲.tests.yaml", program)]


def run(text: str, made: Policy | None = None) -> list[Report]:
    loaded = made or policy()
    return [case.run(loaded) for case in cases(text, loaded)]


def written(folder: Path, text: str = TIERS, **files: str) -> Path:
    """The policy and further files in a folder; the path of the policy."""
    path = folder / "甲.pol"
    path.write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"甲.{name}.yaml").write_text(content, encoding="utf-8")
    return path
