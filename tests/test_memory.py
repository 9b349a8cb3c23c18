"""A text that is read with what an earlier version left behind reads as it does alone."""

from __future__ import annotations

import random

from policydsl.format import formatted
from policydsl.text import Memory, parse_texts

TEXT = """政策 试
  编号：T

数据
  业绩：金额，≥ 0元
  新渠道：是否
  级别：选项（金牌、银牌）

台账 订单，默认 无
  订单号：文本
  业绩金额：金额

条件 达标：业绩 ≥ 150万元 【1】
条件 有资格：达标 且 新渠道
计算 总额 ＝ 合计（业绩金额，逐条 订单）

分档 返利率 【2】
  | 业绩        | 比例 |
  | ＜ 100万元  | 1%   |
  | ≥ 100万元   | 2%   |

奖励 返利 【3】
  若：有资格
  基数：业绩
  金额：业绩 × 返利率

示例 正好
  评估日：2024年6月30日
  已知：业绩 ＝ 150万元，新渠道 ＝ 是
  应得：返利 ＝ 3万元
"""
PIECES = (*"且 \n新金：1（|\u200b。", "业绩", "总额", "条件 又一个：达标\n", "# 注\n")


def test_every_version_reads_as_it_does_alone() -> None:
    chance = random.Random(7)
    memory, text = Memory(), TEXT
    for step in range(70):
        at = chance.randrange(len(text))
        cut = chance.choice((0, 0, 1, 2, 12))
        text = text[:at] + chance.choice(PIECES) + text[at + cut :] if chance.random() < 0.9 else TEXT
        assert parse_texts({"t.pol": text}, memory=memory) == parse_texts({"t.pol": text}), (step, text)


def test_unchanged_blocks_are_the_same_nodes() -> None:
    memory = Memory()
    first, _ = parse_texts({"t.pol": TEXT}, memory=memory)
    then, _ = parse_texts({"t.pol": TEXT.replace("150万元 【1】", "160万元 【1】")}, memory=memory)
    assert [one is other for one, other in zip(first.blocks, then.blocks, strict=True)].count(False) == 1


def test_a_new_name_is_read_wherever_it_stands() -> None:
    memory = Memory()
    parse_texts({"t.pol": TEXT}, memory=memory)
    renamed = TEXT.replace("条件 达标：", "条件 达标且：")
    assert parse_texts({"t.pol": renamed}, memory=memory) == parse_texts({"t.pol": renamed})


def test_the_formatter_remembers_too() -> None:
    memory = Memory()
    assert formatted(TEXT, memory=memory) == formatted(TEXT) == formatted(TEXT, memory=memory)
