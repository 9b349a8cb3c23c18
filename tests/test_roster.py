"""The page that lists several partners: every figure worked out by hand from their sheets."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import policydsl
from html_support import sound
from policydsl.cli import run
from policydsl.diagnostics import Language
from policydsl.explain.model import Explanation
from policydsl.explain.roster import index_document
from policydsl.render.markdown import markdown
from policydsl.render import document as d
from policydsl.render.page import page

POLICY = """政策 名单
  编号：ROS
数据
  业绩：金额，≥ 0元
  人数：数量（人），≥ 0人
  迟交：是否
  通知日：日期
等级 级别 【1】
  | 要求 | 金牌     | 银牌     |
  | 业绩 | ≥ 300万元 | ≥ 100万元 |
  | 人数 | ≥ 5人    | ≥ 2人    |
奖励 年奖 【2】
  若：级别 为 金牌 或 级别 为 银牌
  金额：业绩 × 1%
处罚 迟交罚 【3】
  若：迟交
  金额：500元
期限 交报告 【4】
  起算：通知日
  时长：10天
要求 人够：人数 ≥ 2人 【5】
"""
# 甲 is gold; 乙 is silver, 20万 (of 300, less than a tenth) and one person short of gold; 丙 has no tier, 60万 and two
# people short of silver, and is fined; of 丁 it is not known how many people there are.
SHEETS = """- {名称: 甲, 业绩: 400万元, 人数: 6人, 迟交: 否, 通知日: 2024-06-25}
- {名称: 乙, 业绩: 280万元, 人数: 4人, 迟交: 否, 通知日: 2024-06-28}
- {名称: 丙, 业绩: 40万元, 人数: 0人, 迟交: 是, 通知日: 2024-06-20}
- {名称: 丁, 业绩: 350万元, 迟交: 否, 通知日: 2024-06-26}
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    here = tmp_path_factory.mktemp("roster")
    (here / "p.pol").write_text(POLICY, "utf-8")
    (here / "all.yaml").write_text(SHEETS, "utf-8")
    assert run(["explain", str(here / "p.pol"), str(here / "all.yaml"), "--format", "html", "--as-of", "2024-06-30",
                "-o", f"{here / 'out'}/"]) == 0
    html = (here / "out" / "index.html").read_text("utf-8")
    sound(re.sub(r'href="\./[^"]*"', 'href="#main"', html))  # the pages of the partners lie beside it
    return html


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def rows(html: str) -> dict[str, tuple[set[str], list[str]]]:
    """Of each partner its marks and its cells."""
    found = {}
    for marks, inner in re.findall(r'<tr data-marks="([^"]*)"[^>]*>(.*?)</tr>', html, re.DOTALL):
        name, *cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", inner, re.DOTALL)
        found[words(name)] = set(marks.split()), [words(c) for c in cells]
    return found


def test_a_row_says_what_was_reached_what_is_short_and_what_comes_next(index: str) -> None:
    """1% of 400万 is 4万; of 280万 28,000; 丁 has silver or more with any two people, so that 35,000 is still open.
    Ten days from 06-25 end on 07-05."""
    found = rows(index)
    assert found["甲"][1] == ["金牌", "最高一级", "4万元", "", "2024-07-05 还有 5 天 交报告"]
    assert found["乙"][1][:3] == ["银牌", "到金牌：业绩 差 20万元、人数 差 1人 接近下一级", "28,000元"]
    assert found["丙"][1][:4] == ["无等级", "到银牌：业绩 差 60万元、人数 差 2人", "", "! 500元"]
    assert found["丁"][1][:3] == ["? 还不能定", "还不能定：缺 人数", "? 0元 至 35,000元"]


def test_rows_are_picked_and_ordered_without_a_script(index: str) -> None:
    """Marks are what the rules of the style sheet ask for; the places are those of the order."""
    found = rows(index)
    assert {name: marks for name, (marks, _) in found.items()} == {
        "甲": {"g0"}, "乙": {"g1", "near"}, "丙": {"g2", "imposed", "unmet", "late"}, "丁": {"g3", "open"},
    }
    assert "<script" not in index
    labels = re.findall(r'<input type="radio" name="pick-(\w)"[^>]*><span>([^<]*)</span>', index)
    assert [text for name, text in labels if name == "g"] == ["全部 4", "金牌 1", "银牌 1", "无等级 1", "还不能定 1"]
    assert [text for name, text in labels if name == "o"] == ["照填报表", "等级", "可得", "最近期限"]
    rule = 'body:has(#pick-g-2:checked) tr[data-marks]:not([data-marks~="g1"]) { display: none; }'
    assert rule in index and "body:has(#pick-o-2:checked) tr[data-marks] { order: var(--o2); }" in index
    places = dict(re.findall(r'style="(--o1:\d;--o2:\d;--o3:\d)"[^>]*><th scope="row"><a[^>]*>(.)<', index))
    assert {name: p for p, name in places.items()} == {
        "甲": "--o1:0;--o2:0;--o3:1", "乙": "--o1:1;--o2:1;--o3:3", "丙": "--o1:2;--o2:2;--o3:0",
        "丁": "--o1:3;--o2:3;--o3:2",
    }


def test_the_figures_tell_all_together(index: str) -> None:
    """40,000 + 28,000 decided; 500 owed by one; one is open, one near."""
    tiles = [words(t) for t in re.findall(r"<div><dt>(.*?)</dd></div>", index, re.DOTALL)]
    assert "评判 3 家已定 ? 1 家还不能定" in tiles and "可得 68,000元 ? 0元 至 35,000元" in tiles
    assert "应付 500元 ! 1 家有处罚" in tiles and "接近下一级 1 家 差不超过一成，或差 1 人" in tiles
    assert 'aria-label="金牌 1、银牌 1、无等级 1、还不能定 1"' in index
    text = words(index)
    assert "乙 到金牌：业绩 差 20万元、人数 差 1人 银牌 → 金牌" in text and "人数 本方 丁" in text
    assert "4 家合计 68,000元 ? 另有 0元 至 35,000元 500元" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name, sheet, shown", [
    ("h3c_star_2024", "h3c_star_2024", {"zh": "合格", "en": "passed"}),  # by its example it scores 74.75 of 70
    ("inspur_bid_2018", "inspur_bid_2018", {"zh": "2024年5月20日", "en": "2024-05-20"}),
])
def test_scores_and_plain_results_are_listed_as_well(
    name: str, sheet: str, shown: dict[str, str], lang: Language
) -> None:
    root = Path(__file__).parents[1]
    policy = policydsl.load(root / "policies" / f"{name}.pol")
    verdict = policy.evaluate(root / "examples" / f"{sheet}.yaml")
    explanations = [Explanation(replace(verdict, party=party), ()) for party in ("甲", "乙")]
    html = page(index_document(explanations, ["a.html", "b.html"], lang))
    assert shown[lang] in html.replace("20 May 2024", "2024-05-20") and html.count('href="./') == 2


def test_a_roster_in_markdown_is_a_table_with_its_last_row() -> None:
    roster = d.Roster(d.table(["a", "b"], [["x", (d.Swatch("1"), d.Text("y"))]]), d.row(["all", "1"]))
    shares = d.Shares((d.Share("x", 2, "1"), d.Share("y", 1, "open")))
    made = d.Document("T", "en", (shares, roster))
    assert "x 2, y 1" in markdown(made) and markdown(made).endswith("| x | y |\n| **all** | **1** |\n")
    sound(page(made))
