"""Aggregates whose first argument says which ledger they count."""

from __future__ import annotations

from pathlib import Path

import pytest
from text_support import ROOT

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.aggregates import first_argument_says
from policydsl.format.program import same_program
from policydsl.testing import run_examples
from tries import by_day

HEAD = """\
政策 演示
数据
  门槛：金额
  底价：金额
台账 订单
  订单号：文本
  业绩：金额
  归属：文本
  计奖：是否
  底价：金额
台账 人员
  姓名：文本
  归属：文本
  工龄：数值
条件 大单：业绩 ≥ 门槛
奖励 单奖：大单
  金额：业绩 × 1%
"""


@pytest.mark.parametrize(("long", "short"), [
    ("合计（业绩，逐条 订单，其中 计奖）", "合计（业绩，计奖）"),
    ("合计（业绩，逐条 订单）", "合计（业绩）"),
    ("合计（业绩 × 2，逐条 订单，其中 大单 且 业绩 ≥ 1元）", "合计（业绩 × 2，大单 且 业绩 ≥ 1元）"),
    ("合计（单奖，逐条 订单，其中 归属 为 “甲”）", "合计（单奖，归属 为 “甲”）"),  # a result of each order
    ("条数（订单，其中 大单）", "条数（订单，大单）"),
    ("存在（订单，其中 业绩 ≥ 门槛 或 计奖）", "存在（订单，业绩 ≥ 门槛 或 计奖）"),
    ("存在（人员，其中 合计（业绩，逐条 订单，其中 归属 为 姓名） ≥ 1元）",
     "存在（人员，合计（业绩，归属 为 姓名） ≥ 1元）"),
    ("全部（计奖，逐条 订单，其中 大单）", "全部（计奖，大单）"),
    ("不同个数（姓名，逐条 人员，其中 工龄 ≥ 3）", "不同个数（姓名，工龄 ≥ 3）"),
])
def test_the_short_form_means_the_long_one(long: str, short: str) -> None:
    before, after = (f"{HEAD}计算 甲 ＝ {term}\n" for term in (long, short))
    assert same_program(before, after)
    assert first_argument_says(before, "x.pol") == after == first_argument_says(after, "x.pol")
    english = formatted(after, to="en")
    assert formatted(english, to="zh") == formatted(after)


@pytest.mark.parametrize("kept", [
    "不同个数（归属，逐条 订单）",  # 人员 has that field too
    "最大（底价，逐条 订单）",  # the price of the order, or that of the party
    "合计（业绩，逐条 人员）",  # faulty: 人员 has none
])
def test_what_has_to_be_said_stays(kept: str) -> None:
    text = f"{HEAD}计算 甲 ＝ {kept}\n"
    assert first_argument_says(text, "x.pol") == text


def codes(term: str) -> set[str]:
    with pytest.raises(PolicyError) as refused:
        load_text(f"{HEAD}条件 甲：{term}\n")
    return {d.code for d in refused.value.diagnostics if d.severity == "error"}


def test_what_is_not_said_is_refused() -> None:
    assert codes("不同个数（归属，工龄 ≥ 3） ≥ 2") == {"POL205"}  # 订单 and 人员 have it
    assert codes("合计（门槛，计奖） ≥ 1元") == {"POL207"}  # a fact
    assert codes("最大（业绩 ＋ 底价） ≥ 1元") == {"POL232"}  # which price?
    assert codes("条数（业绩，计奖） ≥ 2") == {"POL207"}  # counts records, not amounts
    assert codes("条数（大单） ≥ 2") == {"POL207"}
    assert codes("不同个数（大单） ≥ 2") == {"POL207"}  # of yes and no there are at most two
    assert codes("合计（业绩，底价） ≥ 1元") == {"POL308"}  # no condition


def test_in_the_brackets_the_ledger_comes_first() -> None:
    """Of the party's 5 yuan and each order's own price only the latter is meant; the limit is the party's: 10 + 30."""
    text = HEAD + (
        "计算 甲 ＝ 合计（业绩，底价 ≥ 2元 且 业绩 ≥ 门槛）\n条件 乙：存在（订单，计奖）\n"
        "示例 一\n  评估日：2024-05-01\n  已知：门槛 ＝ 10元，底价 ＝ 5元，人员 ＝ 无\n  已知 订单：\n"
        "  | 订单号 | 业绩 | 底价 | 计奖 |\n  | a | 10元 | 2元 | 否 |\n  | b | 20元 | 1元 | 否 |\n"
        "  | c | 30元 | 3元 | 否 |\n  | d | 9元 | 3元 | 否 |\n  应得：甲 ＝ 40元，乙 不成立\n"
    )
    (report,) = run_examples(load_text(text))
    assert not report.failures


@pytest.mark.parametrize("path", by_day(sorted((ROOT / "policies").glob("*.pol")), 1))
def test_the_shipped_policies_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert first_argument_says(text, path.name) == text
