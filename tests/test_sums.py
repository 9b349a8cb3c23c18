"""How amounts, ranks, ordinals and conversions are worked out: every line derived by hand from the clause."""

from __future__ import annotations

import json
from datetime import date

import pytest

from policydsl.diagnostics import Language
from policydsl.engine import Policy, load_text
from policydsl.explain import explain
from policydsl.explain.json import explanations_json
from policydsl.explain.pages import explanation_document
from policydsl.explain.text import explanation_text
from policydsl.render.json import verdict_json
from policydsl.render.page import page
from policydsl.render.sums import lines
from policydsl.render.text import verdict_text
from policydsl.render.values import Writer
from policydsl.sheet import read_sheets
from policydsl.verdict import Sum, Verdict

DAY = date(2024, 12, 31)
POLICY = """政策 返利
  编号：SUM
参数
  金牌比例 ＝ 3.333%
  罚款比例 ＝ 20%
数据
  级别：选项（金牌、银牌）
  赢单日：日期，选填
台账 订单，默认 无
  单号：文本
  金额数：金额（含税），≥ 0元
  计入：是否
  违规：是否，默认 否
  责任方：文本，选填，默认 无
台账 违规记录，默认 无
  号：文本
  类：选项（三类、二类），由低到高
  公告：日期
奖励 年返利 【4.1】
  基数：计奖业绩 【4.2】
  上限：5万元 【4.5】
  | 级别 | 比例 |
  | 金牌 | 金牌比例 | 【4.3】
  | 银牌 | 1% | 【4.4】
计算 计奖业绩 ＝ 合计（金额数，逐条 订单，其中 计入） 【4.2】
处罚 违规罚款 【5.1】
  逐条：订单
  若：违规
  金额：金额数 × 罚款比例
  承担方：责任方
奖励 首赢 【6】
  若：赢单日 已填
  金额：2万元
  名额：前 2家，按 赢单日 先后
期限 有效期
  逐条：违规记录
  起算：公告 当日起
  时长：12个月
累计 三折二 【7】
  统计：违规记录，其中 类 为 三类
  统计期：有效期
  每满：3次
  视为：1次 二类
处罚 二类罚 【8】
  逐条：违规记录，其中 类 为 二类
  统计期：有效期
  | 次数 | 金额 |
  | 首次 | 5000元 |
  | 第2次 以上 | 1万元 |
"""
SHEET = """名称: 甲
级别: 金牌
赢单日: 2024-03-05
订单:
- {单号: D1, 金额数: 10万元, 计入: 是}
- {单号: D2, 金额数: 1234.56元, 计入: 是}
- {单号: D3, 金额数: 9万元, 计入: 否, 违规: 是, 责任方: 乙}
违规记录:
- {号: V1, 类: 三类, 公告: 2024-01-10}
- {号: V2, 类: 二类, 公告: 2024-02-10}
- {号: V3, 类: 三类, 公告: 2024-03-10}
- {号: V4, 类: 三类, 公告: 2024-04-10}
"""
ALL = "- " + SHEET.replace("\n", "\n  ").rstrip() + "\n" + "".join(
    f"- 名称: {name}\n  级别: 银牌\n  赢单日: {day}\n" for name, day in (("乙", "2024-02-01"), ("丙", "2024-03-01"))
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_text(POLICY, "返利.pol")


def verdicts(policy: Policy, text: str) -> list[Verdict]:
    return policy.judge(read_sheets(text, "表.yaml", policy.program), DAY)


def working(verdict: Verdict, rule: str, record: str | None = None, label: str = "") -> Sum:
    (made,) = [
        e.working for e in verdict.trace
        if e.rule == rule and e.record == record and e.label == label and e.working is not None
    ]
    return made


def told(made: Sum, lang: Language = "zh") -> list[tuple[int, str, str]]:
    return [(line.depth, line.head, line.text) for line in lines(made, Writer(lang))]


def test_a_reward_shows_base_records_rate_row_cap_and_rounding(policy: Policy) -> None:
    """(100,000 + 1,234.56) × 3.333% = 3,374.1478848, below the cap; to the fen 3,374.15. D3 does not count."""
    (verdict,) = verdicts(policy, SHEET)
    assert told(working(verdict, "年返利")) == [
        (0, "算式", "＝ 3,374.1478848元，舍入"),
        (1, "上限：5万元", "3,374.1478848元 ＝ 计奖业绩 101,234.56元 × 3.333%；上限：5万元"),
        (2, "计奖业绩", "101,234.56元 ＝ D1 10万元 ＋ D2 1,234.56元；不计 D3（不符合：计入）"),
        (2, "金牌 一行", "3.333% ＝ 金牌比例 3.333%"),
    ]
    assert told(working(verdict, "年返利"), "en")[2] == (
        2, "计奖业绩", "CNY 101,234.56 = D1 CNY 100,000 + D2 CNY 1,234.56; not counted: D3 (not met: 计入)"
    )


def test_a_fine_shows_its_working_and_who_pays(policy: Policy) -> None:
    """90,000 × 20% = 18,000, borne by 乙; what is no violation has no working."""
    (verdict,) = verdicts(policy, SHEET)
    assert told(working(verdict, "违规罚款", "D3")) == [(0, "算式", "＝ 金额数 9万元 × 罚款比例 20%")]
    assert [e.record for e in verdict.trace if e.rule == "违规罚款" and e.working is not None] == ["D3"]


def test_a_quota_shows_the_rank_and_whom_it_counted(policy: Policy) -> None:
    """Of three, 甲 won last: two stand before it, and there are two places."""
    first, second, third = verdicts(policy, ALL)
    assert told(working(first, "首赢", label="quota")) == [
        (0, "算式", "排第 3，名额 2家"), (1, "", "排在前面 2：乙 2024年2月1日、丙 2024年3月1日"),
    ]
    assert told(working(second, "首赢", label="quota")) == [(0, "算式", "排第 1，名额 2家")]
    assert told(working(third, "首赢", label="quota"), "en")[0] == (0, "working", "rank 2, places: 2家")
    (alone,) = verdicts(policy, SHEET)  # one of the population by itself has no rank
    assert told(working(alone, "首赢", label="quota")) == [(0, "算式", "要和其他各家一起排，名额 2家")]


def test_a_conversion_and_an_ordinal_show_what_they_counted(policy: Policy) -> None:
    """V1, V3 and V4 make one of 二类, which is the second after V2."""
    (verdict,) = verdicts(policy, SHEET)
    assert told(working(verdict, "三折二")) == [(0, "算式", "＝ V4→二类（由 V1、V3、V4 折成）")]
    assert told(working(verdict, "二类罚", "V2")) == [(0, "算式", "＝ 5,000元；第1次，此前没有")]
    assert told(working(verdict, "二类罚", "V4→二类")) == [(0, "算式", "＝ 1万元；第2次，在 V2 之后")]


def test_every_output_tells_the_working(policy: Policy) -> None:
    verdict = verdicts(policy, SHEET)[0]
    sheets = read_sheets(SHEET, "表.yaml", policy.program)
    made = explain(policy.program, sheets, DAY, only=["年返利", "违规罚款", "二类罚"])
    shown = "101,234.56元 ＝ D1 10万元 ＋ D2 1,234.56元；不计 D3"
    text, html = explanation_text(made, "zh"), page(explanation_document([made], "zh"))
    assert shown in verdict_text(verdict, "zh") and shown in text and shown in html
    assert "承担方 乙" in text and "承担方 乙" in html and "第2次，在 V2 之后" in text
    (entry,) = [e for e in json.loads(verdict_json(verdict))["trace"] if e["rule"] == "年返利" and "working" in e]
    cap = entry["working"]["parts"][0]
    assert (entry["working"]["form"], cap["form"], cap["parts"][0]["form"]) == ("round", "min", "*")
    base = cap["parts"][0]["parts"][0]["parts"][0]
    assert [(p["record"], p["value"]) for p in base["parts"]] == [("D1", 100000), ("D2", 1234.56)]
    assert base["left_out"] == ["D3"]
    items = json.loads(explanations_json([made]))["results"]["违规罚款"]["items"]
    assert ["working" in i for i in items] == [False, False, True]


ONE_WORD = """政策 合计
  编号：ONE
台账 事件，默认 无
  号：文本
  重：是否
  轻：是否
处罚 重罚 【1】
  逐条：事件
  若：重
  金额：1000元
处罚 轻罚 【2】
  逐条：事件
  若：轻
  金额：10元
计算 罚款总额 ＝ 违约金合计
"""


def test_what_one_word_adds_up_is_called_by_its_clauses() -> None:
    """E1 costs 1000 and 10, E2 10: 1000 of one clause and 20 of the other."""
    policy = load_text(ONE_WORD, "合计.pol")
    (verdict,) = verdicts(policy, "事件:\n- {号: E1, 重: 是, 轻: 是}\n- {号: E2, 重: 否, 轻: 是}\n")
    assert told(working(verdict, "罚款总额")) == [
        (0, "算式", "＝ 重罚 1,000元 ＋ 轻罚 20元"),
        (1, "重罚", "1,000元 ＝ E1 1,000元；另 1 条为 0"),
        (1, "轻罚", "20元 ＝ E1 10元 ＋ E2 10元"),
    ]
    (entry,) = [e for e in verdict.trace if e.rule == "罚款总额" and e.reads]
    assert [(r.name, r.value.value) for r in entry.reads] == [("重罚", 1000), ("轻罚", 20)]
