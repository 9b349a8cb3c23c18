"""What an item of a score got of what it could get, and why a record does not count. Every value by hand."""

from __future__ import annotations

import json
from datetime import date

import pytest
from planted import edited, resealed
from recheck_support import faults

from policydsl.cli.recheck import worked
from policydsl.diagnostics import Language
from policydsl.engine import Policy, load_text
from policydsl.explain import explain
from policydsl.explain.pages import explanation_document
from policydsl.proof.results import proved_json
from policydsl.recheck.document import examine, read_document
from policydsl.render.json import verdict_json
from policydsl.render.layout import Paint
from policydsl.render.page import page
from policydsl.render.text import verdict_text
from policydsl.render.values import Writer
from policydsl.sheet import read_sheets
from policydsl.summary.screen import screen
from policydsl.verdict import Verdict

DAY = date(2024, 12, 31)
POLICY = """政策 考核
  编号：S-1
  要点：季度考核、计奖业绩、金牌数
数据
  合格项目：数量（项），≥ 0项
  代表处扣分：分数，0分 至 30分
  特别分：分数
参数
  特别满分 ＝ 10分，自 2024年7月1日 起 15分
台账 订单，默认 无
  仅计：已签收 【1】
  单号：文本
  额：金额，≥ 0元
  已签收：是否
  产品：选项（整机、配件）
  下单日：日期
台账 认证，默认 无
  人：文本
  级：选项（金、银）
评分 季度考核 【2】
  满分：115分
  合格线：70分
  | 考核项   | 满分 | 得分 |
  | 交付项   | 70分 | 10分 × （合格项目 ÷ 1项） |
  | 代表处项 | 30分 | 30分 － 代表处扣分 |
  | 特别项   | 特别满分 | 特别分 |
条件 计奖 【3】
  逐条：订单
  全部满足
  - 产品 为 整机 【3.1】
  - 本年或大单 【3.2】
条件 本年或大单 【3.3】
  逐条：订单
  满足任一
  - 下单日 不早于 2024年1月1日
  - 额 ≥ 50万元
计算 计奖业绩 ＝ 合计（额，逐条 订单，其中 计奖） 【4】
计算 金牌数 ＝ 条数（认证，级 为 金） 【5】
"""
SHEET = """名称: 甲
合格项目: 4项
代表处扣分: 2.5分
特别分: 12分
订单:
- {单号: D1, 额: 10万元, 已签收: 是, 产品: 整机, 下单日: 2024-03-01}
- {单号: D2, 额: 10万元, 已签收: 否, 产品: 整机, 下单日: 2024-03-01}
- {单号: D3, 额: 10万元, 已签收: 是, 产品: 配件, 下单日: 2024-03-01}
- {单号: D4, 额: 10万元, 已签收: 是, 产品: 整机, 下单日: 2023-12-31}
认证:
- {人: 乙, 级: 金}
- {人: 丙, 级: 银}
- {人: 丁, 级: 银}
"""


def made() -> Policy:
    return load_text(POLICY, "s.pol")


def judged(sheet: str = SHEET) -> Verdict:
    policy = made()
    return policy.judge(read_sheets(sheet.encode(), "a.yaml", policy.program), DAY)[0]


def shown(lang: Language = "zh", sheet: str = SHEET) -> list[str]:
    """The lines of the screen, blanks made one."""
    return [" ".join(line.split()) for line in screen(judged(sheet), Writer(lang), Paint(False)).splitlines()]


def test_an_item_says_what_it_got_of_what_it_could_get() -> None:
    """4 projects make 40 of 70; 30 - 2.5 = 27.5 of 30. What may be had of the third changes with the day."""
    lines = shown()
    assert "交付项 40 / 70分 10分 × 4" in lines
    assert "代表处项 27.5 / 30分 30分 － 代表处扣分 2.5分" in lines
    assert [line for line in lines if line.startswith("特别项")] == ["特别项 12分"]
    assert any(line.startswith("交付项 40 / 70 points") for line in shown("en"))


def test_an_item_that_is_open_says_what_it_may_be_of_what_it_could_get() -> None:
    lines = shown(sheet=SHEET.replace("代表处扣分: 2.5分\n", ""))
    assert any("代表处项" in line and "/ 30分" in line and "27.5" not in line for line in lines)


def test_json_and_page_say_it_too_and_recheck_holds_it() -> None:
    parts = json.loads(verdict_json(judged()))["results"]["季度考核"]["parts"]
    assert parts["交付项"] == {"value": 40, "unit": "分", "most": {"value": 70, "unit": "分"}}
    assert "most" not in parts["特别项"]
    policy = made()
    sheets = read_sheets(SHEET.encode(), "a.yaml", policy.program)
    whole = explain(policy.program, sheets, DAY)
    assert "40 / 70分" in page(explanation_document([whole]))
    document = read_document(proved_json(policy.judge(sheets, DAY, trace=False, proof=True)[0]))
    assert examine(document, worked).holds
    most = document["results"]["季度考核"]["parts"]["交付项"]["most"]
    with edited(document, [(most, "value", 80)]), resealed(document):
        assert faults(examine(document, worked))


@pytest.mark.parametrize(("zh", "en"), [
    (
        "10万元 ＝ D1 10万元；不计 D2（不符合：已签收）、D3（产品 为 整机：实际 配件）、"
        "D4（不符合：下单日 不早于 2024年1月1日 或 额 ≥ 50万元）",
        "CNY 100,000 = D1 CNY 100,000; not counted: D2 (not met: 已签收), D3 (产品 为 整机: actual 配件), "
        "D4 (not met: 下单日 不早于 2024年1月1日 或 额 ≥ 50万元)",
    ),
    ("1 ＝ 乙；不计 丙、丁（级 为 金：实际 银）", "1 = 乙; not counted: 丙, 丁 (级 为 金: actual 银)"),
])
def test_who_does_not_count_says_by_what(zh: str, en: str) -> None:
    """D2 is not signed for, D3 is of the wrong kind, D4 came too early and is too small."""
    texts = {lang: "".join(verdict_text(judged(), lang).split()) for lang in ("zh", "en")}
    assert "".join(zh.partition(" ＝ ")[2].split()) in texts["zh"]
    assert "".join(en.partition(" = ")[2].split()) in texts["en"]


def test_in_json_it_stands_beside_the_names() -> None:
    trace = json.loads(verdict_json(judged()))["trace"]
    (working,) = [e["working"] for e in trace if e["rule"] == "计奖业绩" and "working" in e]
    assert working["left_out"] == ["D2", "D3", "D4"]
    assert {k: (v["text"], v["status"]) for k, v in working["lacks"].items()} == {
        "D2": ("已签收", "no"), "D3": ("产品 为 整机", "no"), "D4": ("下单日 不早于 2024年1月1日 或 额 ≥ 50万元", "no"),
    }


def test_the_pass_mark_is_called_by_its_word() -> None:
    """79.5 of 70 pass; the line says so in one row, in words of the language."""
    assert "✓合格线季度考核合格线：70分实际79.5分" in "".join(verdict_text(judged(), "zh").split())
    assert "✓passmark季度考核合格线：70分actual79.5points" in "".join(verdict_text(judged(), "en").split())
