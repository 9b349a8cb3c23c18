"""What a partner reads on its page, and on the screen: what is to be done, in whose words, in which colour; the sums of
ranks, of amounts by slices, of pay-outs and of what is carried on."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from policydsl import load
from policydsl.cli import run
from policydsl.summary.screen import screens

ROOT = Path(__file__).parent
POLICY = """政策 页面
  编号：PAGE
  发布方：某某公司
数据
  签约：是否
  业绩：金额，≥ 0元
  交表日：日期
台账 单，默认 无
  单号：文本
  付款方：文本
  额：金额，≥ 0元
要求 业绩达标：业绩 ≥ 100万元 【3】
  裁定：R01，按含税数。
奖励 年奖 【4】
  若：业绩 ≥ 200万元
  金额：1万元
处罚 扣款 【5】
  逐条：单
  金额：额 × 10%
  承担方：付款方
期限 交表 【6】
  起算：交表日
  时长：10天
条件 有单：单号 为 “D1” 【7】
  逐条：单
"""
CLAUSES = "clauses:\n" + "".join(
    f'  - {{id: "{n}", place: 节, text: "第{n}条的原文", carried: rule}}\n' for n in range(3, 8))
SHEET = "名称: 甲\n签约: 是\n业绩: 80万元\n交表日: 2024-06-25\n单: [{单号: D1, 付款方: 乙, 额: 100元}]\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.pol").write_text(POLICY, "utf-8")
    (tmp_path / "p.clauses.yaml").write_text(CLAUSES, "utf-8")
    (tmp_path / "a.yaml").write_text(SHEET, "utf-8")
    return tmp_path


def page_of(here: Path, *more: str) -> str:
    assert run(["explain", "p.pol", "a.yaml", "--format", "html", "--as-of", "2024-06-30", "-o", "a.html", *more]) == 0
    return unescape((here / "a.html").read_text("utf-8").partition("<main")[2])


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_is_to_be_done_stands_first(here: Path) -> None:
    """Due on 5 July, in five days; of the million 200,000 are missing."""
    words = words_of(page_of(here))
    actions = words.partition("要做的事")[2].partition(" 要求 ")[0]
    assert "交表 【6】 2024-07-05 还有 5 天" in actions and "业绩达标 没有做到：差 20万元 【3】" in actions


def test_a_partner_reads_no_lines_of_the_policy_and_no_rulings(here: Path) -> None:
    assert not re.search("第[0-9]+行|R01", page_of(here))
    for_manager = page_of(here, "--for", "manager")
    assert re.search("第[0-9]+行", for_manager) and "R01" in for_manager


def test_a_clause_is_worded_once_in_a_section(here: Path) -> None:
    grounds = page_of(here, "--full").partition("<h2>依据</h2>")[2]
    section = grounds.partition("<strong>! 业绩达标</strong>")[2].partition("</details>")[0]
    assert re.sub(r'title="[^"]*"', "", section).count("第3条的原文") == 1


def test_colour_follows_what_comes_of_it(here: Path) -> None:
    """The fine is borne by 乙: it is no bad news for 甲; a step that fails has no colour; that there is an order D1 is
    neither good nor bad."""
    grounds = page_of(here, "--full").partition("<h2>依据</h2>")[2]
    fine = grounds.partition("<strong>扣款</strong>")[2].partition("</details>")[0]
    assert "10元" in fine and 'class="bad"' not in fine
    unmet = grounds.partition("<strong>! 业绩达标</strong>")[2].partition("</details>")[0]
    assert "<strong>✗</strong>" in unmet and '<span class="bad">没有做到</span>' in unmet
    there = grounds.partition("<strong>有单</strong>")[2].partition("</details>")[0]
    assert 'class="good"' not in there and 'class="bad"' not in there


def test_the_sanctions_of_others_are_said_to_be_theirs(here: Path) -> None:
    assert "处罚 没有 由他方承担：扣款" in words_of(page_of(here))


def test_the_foot_says_what_it_rests_on_and_whom_to_ask(here: Path) -> None:
    digest = load("p.pol").digest[:23]
    assert page_of(here).rstrip().split("</p>")[-2].endswith(f"政策文件指纹 {digest}；有疑问请问 某某公司")


def test_a_day_that_nobody_knows_is_not_none_ahead(here: Path) -> None:
    (here / "a.yaml").write_text(SHEET.replace("交表日: 2024-06-25\n", ""), "utf-8")
    assert "期限 还不能定" in words_of(page_of(here))


# ---------------------------------------------------------------------------------------------- sums
def shown(construct: str, *sheets: dict[str, object], day: str, lang: str = "zh") -> list[str]:
    policy = load(ROOT / "constructs" / f"{construct}.pol")
    verdicts = policy.evaluate_population(list(sheets), as_of=day)
    return [" ".join(line.split()) for line in screens(verdicts, lang).splitlines()]  # type: ignore[arg-type]


def test_the_slices_of_an_amount_are_each_at_their_rate() -> None:
    """100,000 × 4.5% + 150,000 × 2% + 250,000 × 1.2% + 120,000 × 0.2% = 4,500 + 3,000 + 3,000 + 240; of the second
    100,000 × 3% + 520,000 × 5% = 29,000, below the cap."""
    facts = {"名称": "甲", "业绩": 620_000, "单数": 12, "渠道等级": "金牌"}
    lines = shown("13d_bands", facts, day="2024-06-30")
    assert "可得 年度返利 10,740元 ＝ 10万元 × 4.5% ＋ 15万元 × 2% ＋ 25万元 × 1.2% ＋ 12万元 × 0.2%" in lines
    assert "按级返利 29,000元 ＝ 10万元 × 3% ＋ 52万元 × 5%；上限：3万元" in lines


def test_a_cap_that_bites_says_what_it_would_be_without() -> None:
    """896,000 have 17 times 50,000: 8,500, of which 3,000 are paid."""
    facts = {"名称": "甲", "业绩": 896_000, "单数": 1, "超额": "0%", "迟": "0天", "每份": 10_000}
    lines = shown("13c_full_steps", facts, day="2024-06-30")
    assert "可得 满额奖 3,000元 ＝ 8,500元（500元 × 17）；上限：3000元" in lines


def test_a_rank_says_the_place_and_those_who_are_level_what_they_share() -> None:
    """Level in the second place, two share what the second and the third get: (50,000 + 20,000) ÷ 2."""
    parties = [{"名称": n, "业绩": f, "毛利率": "10%", "赢单日": "2024-05-01"}
               for n, f in (("甲", 6_000_000), ("乙", 5_000_000), ("丙", 5_000_000))]
    lines = shown("13f_ranks", *parties, day="2024-06-30")
    assert "均分奖 35,000元 ＝ （5万元 ＋ 2万元） ÷ 2" in lines
    at = lines.index("可得 名次奖 5万元")
    assert lines[at + 1] == "排名：按 业绩 由高到低；第2名，并列 2 家；和第1名相差 100万元"


def test_a_budget_says_what_those_before_have_asked_for() -> None:
    parties = [{"名称": n, "申请额": f, "申请时刻": f"2024-05-01 {h}:00"}
               for n, f, h in (("甲", 600_000, "09"), ("乙", 500_000, "10"))]
    lines = shown("13g_budgets", *parties, day="2024-06-30")
    at = lines.index("可得 市场基金 40万元")
    assert lines[at + 1] == "预算：100万元，按 申请时刻 先后；要 50万元，排在前面的一共要 60万元"


def test_a_payout_says_when_how_late_and_what_that_costs() -> None:
    """420,000 × 0.5% = 2,100, due on 30 April and not paid on 1 May: a day late, 0.05% = 1.05."""
    orders = [{"单号": n, "额": f, "下单日": d}
              for n, f, d in (("甲", 300_000, "2024-03-01"), ("乙", 120_000, "2024-02-01"))]
    facts = {"名称": "甲公司", "支付日": "无", "份数": 1, "订单": orders, "项目": []}
    lines = shown("13m_paid_out", facts, day="2024-05-01")
    at = lines.index("可得 季度返利 2,100元 ＝ 42万元 × 0.5%；2024年第1季度")
    assert " ".join(lines[at + 1 : at + 3]).startswith(
        "2024年第1季度：兑付日 2024年4月30日；兑付 已逾期；逾期天数 1天；逾期违约金 1.05元；")


def test_what_is_carried_on_is_told() -> None:
    """−30, then 10: 20 are left to be carried on from February."""
    rows = [{"额": -30, "日": "2024-01-10"}, {"额": 10, "日": "2024-02-10"}]
    lines = shown("13k_carried", {"名称": "甲", "流水": rows}, day="2024-02-29")
    assert "2024年2月：结转 20元" in lines


def test_the_ends_of_one_cell_are_one_condition() -> None:
    """620,000 is beyond the cell 0元 至 10万元: told once, with how far."""
    from policydsl.render.text import verdict_text

    policy = load(ROOT / "constructs" / "13d_bands.pol")
    verdict = policy.evaluate({"业绩": 620_000, "单数": 12, "渠道等级": "金牌"}, as_of="2024-06-30")
    rows = [" ".join(line.split()) for line in verdict_text(verdict, lang="zh").splitlines()]
    told = [row for row in rows if "业绩 0元 至 10万元" in row]
    assert [row.partition(" 第")[0] for row in told] == ["✗ 业绩 0元 至 10万元 实际 62万元 超出 52万元"]
