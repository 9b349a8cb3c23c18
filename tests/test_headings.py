"""What stands behind the colon of a heading: the 若 line of a block, the 起算 and 时长 of a 期限."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_support import refusal
from text_support import ROOT

from policydsl.cli import run
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.headings import into_headings
from policydsl.format.program import same_program
from policydsl.testing import run_examples

HEAD = """\
政策 演示
数据
  业绩：金额
  开始日：日期
  截止日：日期
  办理日：日期，选填
参数
  限期 ＝ 5天
措施清单：买、卖
"""


@pytest.mark.parametrize(("long", "short"), [
    ("处罚 甲 【1】\n  若：业绩 ≥ 5元\n  不得：买\n", "处罚 甲：业绩 ≥ 5元 【1】\n  不得：买\n"),
    ("奖励 甲，别名 prize\n  若：业绩 ≥ 5元\n  金额：3元\n", "奖励 甲，别名 prize：业绩 ≥ 5元\n  金额：3元\n"),
    ("规则 甲\n  # 有业绩\n  若：业绩 已填\n  可以：卖\n", "规则 甲：业绩 已填\n  # 有业绩\n  可以：卖\n"),
    ("限制 甲\n  对象：业绩 已填\n  若：业绩 ≥ 5元\n  不得：买\n",
     "限制 甲：业绩 ≥ 5元\n  对象：业绩 已填\n  不得：买\n"),
    ("期限 甲 【1】\n  起算：开始日\n  时长：10天\n  完成：办理日\n",
     "期限 甲：开始日 后 10天 【1】\n  完成：办理日\n"),
    ("期限 甲\n  若：业绩 已填\n  起算：开始日\n  时长：限期\n", "期限 甲：开始日 后 限期\n  若：业绩 已填\n"),
    ("期限 甲\n  起算：开始日 当日起\n  时长：10天\n", "期限 甲：自 开始日 当日起 10天\n"),
    ("要求 甲\n  若：业绩 ≥ 5元\n  满足任一\n  - 业绩 ≥ 6元\n  - 业绩 ≥ 7元\n",
     "要求 甲：业绩 ≥ 5元\n  满足任一\n  - 业绩 ≥ 6元\n  - 业绩 ≥ 7元\n"),
    ("限制 甲 【1】\n  若：业绩 ≥ 5元\n    且 业绩 ≤ 9元\n  不得：买\n",
     "限制 甲：业绩 ≥ 5元\n    且 业绩 ≤ 9元 【1】\n  不得：买\n"),
])
def test_the_short_form_means_the_long_one(long: str, short: str) -> None:
    assert into_headings(HEAD + long, "x.pol") == HEAD + short
    assert same_program(HEAD + long, HEAD + short)
    assert into_headings(HEAD + short, "x.pol") == HEAD + short
    english = formatted(HEAD + short, to="en")
    assert formatted(english, to="zh") == formatted(HEAD + short)


@pytest.mark.parametrize("kept", [
    "处罚 甲 【1】\n  若：业绩 ≥ 5元 【2】\n  不得：买\n",  # another clause
    "处罚 甲\n  若：业绩 ≥ 5元  # 五元\n  不得：买\n",  # a remark of the author
    "期限 甲\n  起算：开始日\n  截止：截止日\n",
    "期限 甲 【1】\n  起算：开始日 【2】\n  时长：10天\n",
])
def test_what_would_be_lost_stays(kept: str) -> None:
    assert into_headings(HEAD + kept, "x.pol") == HEAD + kept


@pytest.mark.parametrize(("asked", "fits"), [
    ("业绩 ≥ 5元" + " 且 业绩 ≥ 5元" * 3, True),  # eight names and values
    ("业绩 ≥ 5元" + " 且 业绩 ≥ 5元" * 3 + " 且 开始日 已填", False),
])
def test_what_is_long_is_counted_alike_in_both_languages(asked: str, fits: bool) -> None:
    for text in (long := f"{HEAD}限制 甲\n  若：{asked}\n  不得：买\n", formatted(long, to="en")):
        assert (into_headings(text, "x.pol") != text) is fits



def test_english_says_the_length_first() -> None:
    blocks = "期限 甲\n  起算：开始日\n  时长：10天\n期限 乙\n  起算：开始日 当日起\n  时长：限期\n"
    long = formatted(HEAD + blocks, to="en")
    short = into_headings(long, "x.pol")
    assert "deadline 甲: 10 days after 开始日\n" in short
    assert "deadline 乙: from 开始日 itself for 限期\n" in short


def test_the_days() -> None:
    """Ten days after 1 May: 11 May; with the first counted: 10 May; five days: 6 May."""
    text = HEAD + (
        "期限 甲：开始日 后 10天\n期限 乙：自 开始日 起 10天\n期限 丙：自 开始日 当日起 10天\n"
        "期限 丁：自 开始日 至 截止日\n"
        "期限 戊：开始日 后 限期\n期限 己：业绩 ≥ 5元\n  起算：开始日\n  时长：3天\n"
        "示例 一\n  评估日：2024-05-01\n  已知：开始日 ＝ 2024-05-01，截止日 ＝ 2024-05-20，业绩 ＝ 4元\n"
        "  应得：甲 ＝ 2024-05-11，乙 ＝ 2024-05-11，丙 ＝ 2024-05-10，丁 ＝ 2024-05-20，戊 ＝ 2024-05-06，己 未开始\n"
    )
    (report,) = run_examples(load_text(text))
    assert not report.failures


@pytest.mark.parametrize(("block", "code"), [
    ("期限 甲：10天 后 开始日\n", "POL309"),  # the English order
    ("期限 甲：开始日 后 2天 ＋ 3天\n", "POL138"),
    ("期限 甲：开始日 后 10天\n  时长：5天\n", "POL403"),
    ("期限 甲：自 开始日 起\n", "POL402"),
    ("奖励 甲：开始日 后 10天\n  金额：3元\n", "POL102"),
    ("分档 甲：业绩 ≥ 5元\n  | 业绩 | 得 |\n  | ≥ 0元 | 1% |\n  | ＜ 0元 | 2% |\n", "POL437"),
    ("等级 甲：业绩 ≥ 5元\n  | 要求 | 高 |\n  | 业绩 | ≥ 9元 |\n", "POL437"),
])
def test_what_does_not_belong_there_is_refused(block: str, code: str) -> None:
    assert code in refusal(HEAD + block)


def test_the_handbook_shows_both_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = []
    for block in ("期限 甲：自 开始日 当日起 10天\n", "期限 甲\n  起算：开始日 当日起\n  时长：10天\n"):
        path = tmp_path / "a.pol"
        path.write_text(HEAD + block, encoding="utf-8")
        assert run(["doc", str(path), "--format", "markdown"]) == 0
        pages.append([line for line in capsys.readouterr().out.splitlines() if "sha256" not in line])
    assert pages[0] == pages[1]
    assert any("开始日" in line and "当日起" in line for line in pages[0])


@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("*.pol")), ids=lambda p: p.name)
def test_the_shipped_policies_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert into_headings(text, path.name) == text
