"""What somebody writes who has never seen a policy: one error for one cause, and a way out."""

from __future__ import annotations

import pytest

from policydsl.engine import PolicyError, load_text

ZH = """政策 渠道返利
  编号：FL-2025

参数
  金牌门槛 ＝ 300万元

数据
  已签约：是否
  业绩：金额，≥ 0元
  签约日：日期
  行业：选项（金融、教育）

台账 订单，默认 无
  主键：单号
  单号：文本
  额：金额，≥ 0元

等级 伙伴等级
  | 要求 | 金牌       | 银牌      |
  | 业绩 | ≥ 金牌门槛 | ≥ 100万元 |

奖励 季度返利
  若：已签约
  基数：业绩
  | 伙伴等级 | 比例 |
  | 金牌     | 2%   |
  | 银牌     | 1%   |
  上限：10万元

处罚 迟签罚
  若：签约日 晚于 2025年3月31日 且 行业 为 金融 且 合计（额，逐条 订单） ≥ 1元
  金额：1万元

示例 金牌
  评估日：2025年6月30日
  已知：已签约 ＝ 是，业绩 ＝ 400万元，签约日 ＝ 2025年1月1日，行业 ＝ 金融，订单 ＝ 无
  应得：季度返利 ＝ 8万元，迟签罚 不成立
"""
EN = """policy Rebates
  id: FL-2025

parameters
  gold limit = CNY 3 million

data
  signed: yes/no
  revenue: money, >= CNY 0
  signed on: date
  industry: choice (finance, education)

ledger orders, default none
  key: order number
  order number: text
  value: money, >= CNY 0

tiers partner tier
  | requirement | gold          | silver           |
  | revenue     | >= gold limit | >= CNY 1 million |

reward quarterly rebate
  when: signed
  base: revenue
  | partner tier | rate |
  | gold         | 2%   |
  | silver       | 1%   |
  cap: CNY 100,000

penalty late signing
  when: signed on later than 2025-03-31 and industry is finance and sum of (value, each orders) >= CNY 1
  amount: CNY 10,000

example gold
  as of: 2025-06-30
  given: signed = yes, revenue = CNY 4 million, signed on = 2025-01-01, industry = finance, orders = none
  expect: quarterly rebate = CNY 80,000, late signing fails
"""


@pytest.mark.parametrize("text", [ZH, EN])
def test_what_they_meant_to_write_is_right(text: str) -> None:
    assert not load_text(text).diagnostics


@pytest.mark.parametrize(("base", "was", "typed", "code", "way"), [
    (ZH, "金牌门槛 ＝ 300万元", "金牌门槛：金额 ＝ 300万元", "POL102", "set_parameter"),
    (ZH, "金牌门槛 ＝ 300万元", "金牌门槛：300万元", "POL101", "set_parameter"),
    (ZH, "  主键：单号\n  单号：文本\n", "  主键 单号：文字\n", "POL101", "key_of_ledger"),
    (ZH, "单号：文本", "单号：字符串", "POL101", "文本"),
    (ZH, "业绩：金额，≥ 0元", "业绩：金额（万元）", "POL101", "said_unit"),
    (ZH, "已签约：是否", "已签约：布尔", "POL101", "是否"),
    (ZH, "选项（金融、教育）", "金融/教育", "POL101", "options_in_brackets"),
    (ZH, "选项（金融、教育）", "选项：金融、教育", "POL102", "options_in_brackets"),
    (ZH, "上限：10万元", "最高不超过10万元", "POL102", "said_capped"),
    (ZH, "上限：10万元", "名额：前 100万元", "POL103", "order_needed"),
    (ZH, "上限：10万元", "上限：10万元/年", "POL201", "said_per_period"),
    (ZH, "若：已签约", "条件：已签约", "POL101", "若"),
    (ZH, "若：已签约", "若 已签约 是", "POL103", "said_true"),
    (ZH, "若：已签约", "若：已签约 = 真", "POL201", "said_true"),
    (ZH, "若：已签约", "若：已签约，业绩 ≥ 1万元", "POL102", "when_lines"),
    (ZH, "若：已签约", "若：签约日 在 2025年第1季度", "POL103", "within_period"),
    (ZH, "若：已签约", "若：业绩 在 1万元 到 2万元 之间", "POL101", "said_between"),
    (ZH, "若：已签约", "若：行业 ＝ 金融 或 教育", "POL308", "one_of_options"),
    (ZH, "若：已签约", "若：合计（订单 的 额） ≥ 1万元", "POL207", "sum_of_field"),
    (ZH, "若：已签约", "若：合计（订单.额） ≥ 1万元", "POL101", "said_dot"),
    (ZH, "若：已签约", "若：订单数 ≥ 3", "POL101", "said_how_many"),
    (ZH, "若：已签约", "若：签约日 为空", "POL201", "said_blank"),
    (ZH, "基数：业绩", "返利基数：业绩", "POL101", "基数"),
    (ZH, "  | 金牌     | 2%   |", "  金牌：2%", "POL102", "rows_of_table"),
    (ZH, "等级 伙伴等级", "等级", "POL101", ""),
    (ZH, "奖励 季度返利", "奖励：季度返利", "POL101", "head_colon"),
    (ZH, "奖励 季度返利", "奖励 季度返利：", "POL103", "head_ends"),
    (ZH, "处罚 迟签罚", "罚款：迟签罚", "POL101", "said_amount"),
    (ZH, "金额：1万元", "罚款：1万元", "POL101", "said_amount"),
    (ZH, "金额：1万元", "金额：1万元/天", "POL201", "said_per"),
    (ZH, "金额：1万元", "金额：业绩 X 1%", "POL101", "said_times"),
    (ZH, "数据\n", "事实\n", "POL101", "数据"),
    (ZH, "台账 订单，默认 无", "台账：订单", "POL101", "head_colon"),
    (ZH, "政策 渠道返利", "政策：渠道返利", "POL101", "head_colon"),
    (ZH, "政策 渠道返利", "# 渠道返利", "POL111", ""),
    (ZH, "评估日：2025年6月30日", "日期：2025年6月30日", "POL102", "said_as_of"),
    (ZH, "应得：季度返利 ＝ 8万元", "应得：季度返利 8万元", "POL102", "expected_value"),
    (ZH, "应得：季度返利", "期望：季度返利", "POL101", "应得"),
    (ZH, "已签约 ＝ 是，业绩", "已签约：是，业绩", "POL102", "given_value"),
    (ZH, "已签约 ＝ 是，业绩", "已签约 ＝ 是；业绩", "POL101", "given_value"),
    (ZH, "编号：FL-2025", "生效：2025年1月1日", "POL102", "effective_from"),
    (EN, "gold limit = CNY", "gold limit: money = CNY", "POL102", "set_parameter"),
    (EN, "signed: yes/no", "signed: boolean", "POL101", "yes/no"),
    (EN, "signed on: date", "signed on: datetime", "POL101", "date and time"),
    (EN, "revenue: money, >= CNY 0", "revenue: number", "POL309", "slot_money"),
    (EN, "choice (finance, education)", "choice: finance, education", "POL102", "options_in_brackets"),
    (EN, "reward quarterly rebate", "reward: quarterly rebate", "POL101", "head_colon"),
    (EN, "reward quarterly rebate", "bonus quarterly rebate", "POL101", "said_amount"),
    (EN, "when: signed\n", "when: revenue is greater than CNY 1 million\n", "POL101", "said_more"),
    (EN, "when: signed\n", "when: industry in (finance, education)\n", "POL102", "one_of_options"),
    (EN, "when: signed\n", "when: industry is finance or education\n", "POL308", "one_of_options"),
    (EN, "when: signed\n", "when: sum(orders.value) >= CNY 1\n", "POL101", "said_dot"),
    (EN, "cap: CNY 100,000", "max: CNY 100,000", "POL101", "said_capped"),
    (EN, "  | gold         | 2%   |", "  gold: 2%", "POL102", "rows_of_table"),
    (EN, "signed on later than", "signed on after", "POL102", "said_later"),
    (EN, "late signing fails", "late signing does not hold", "POL101", "said_true"),
    (EN, "quarterly rebate = CNY", "quarterly rebate CNY", "POL102", "expected_value"),
    (EN, "as of: 2025", "date: 2025", "POL102", "said_as_of"),
    (EN, "policy Rebates", "policy: Rebates", "POL101", "head_colon"),
])
def test_one_error_for_one_cause_and_a_way_out(base: str, was: str, typed: str, code: str, way: str) -> None:
    assert base.count(was) >= 1
    with pytest.raises(PolicyError) as caught:
        load_text(base.replace(was, typed, 1))
    (told,) = [d for d in caught.value.diagnostics if d.severity == "error"]
    assert told.code == code
    assert not way or way in (told.hint, *told.suggestions)


def test_a_line_of_a_ledger_without_its_colon_is_no_field() -> None:
    """A field 主键 单号 would be one that nobody meant, and the ledger without a key."""
    text = ZH.replace("  主键：单号\n  单号：文本\n", "  主键 单号：文本\n")
    with pytest.raises(PolicyError) as caught:
        load_text(text)
    (told,) = [d for d in caught.value.diagnostics if d.severity == "error"]
    assert (told.code, told.args["word"], told.args["rest"]) == ("POL538", "主键", "单号")


def test_a_repair_of_a_line_of_an_example_is_tried_on_the_example() -> None:
    """周期 is a word much like 日期, and no line of an example; 应得：季度 is none of a result."""
    for was, typed in (("评估日：2025", "评枯日：2025"), ("应得：季度返利", "应得：季度返")):
        with pytest.raises(PolicyError) as caught:
            load_text(ZH.replace(was, typed, 1))
        for told in caught.value.diagnostics:
            assert told.fix is None or "周期" not in told.fix.text and told.fix.text != "季度"
