"""Several blocks of one kind in one table: each row is a block, its cells are what would stand behind the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_support import refusal
from lsprotocol import types as t
from text_support import ROOT

from policydsl.cli import run
from policydsl.editor import navigation, rename
from policydsl.editor.snapshot import Snapshot
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.program import same_program
from policydsl.format.rows import into_rows
from policydsl.format.upgrade import upgraded
from policydsl.testing import run_examples

HEAD = """\
政策 演示
数据
  业绩：金额
  开始日：日期
  截止日：日期
  办理日：日期，选填
  活跃：是否
措施清单：买、卖、升级
台账 付款
  付款号：文本，必填
  付款日：日期
  付款额：金额
"""


@pytest.mark.parametrize(("table", "blocks"), [
    ("期限 【9】\n  对象：活跃\n  | 名称 | 期限 | 完成 | 逾期 |\n  | 整改 | 开始日 后 10天 | 办理日 | | 【1】\n"
     "  | 复查 | 自 开始日 当日起 3个月 | - | 买、卖，自 截止日 起 1年 |\n",
     "期限 整改：开始日 后 10天 【1】\n  对象：活跃\n  完成：办理日\n"
     "期限 复查：自 开始日 当日起 3个月 【9】\n  对象：活跃\n  逾期：买、卖，自 截止日 起 1年\n"),
    ("期限\n  性质：权利\n  | 名称 | 起算 | 时长 | 截止 |\n  | 甲 | 开始日 当日起 | 10天 | |\n"
     "  | 乙 | | | 截止日 |\n",
     "期限 甲\n  性质：权利\n  起算：开始日 当日起\n  时长：10天\n期限 乙\n  性质：权利\n  截止：截止日\n"),
    ("处罚\n  | 名称 | 处罚 | 金额 | 不得 | 承担方 |\n  | 甲 | 业绩 ＜ 5元 | 3元 | | 本方 | 【1】\n"
     "  | 乙 | 业绩 ＜ 3元 | | 买、卖，自 开始日 起 30天 | | 【2】\n  注：两种都算。\n",
     "处罚 甲：业绩 ＜ 5元 【1】\n  金额：3元\n  承担方：本方\n  注：两种都算。\n"
     "处罚 乙：业绩 ＜ 3元 【2】\n  不得：买、卖，自 开始日 起 30天\n  注：两种都算。\n"),
    ("要求\n  | 名称 | 要求 | 对象 | 除非 | 截止 | 否则 |\n  | 甲 | 业绩 ≥ 5元 | 活跃 | 业绩 ≥ 9元 | 截止日 | 升级 |\n"
     "  | 乙 | 业绩 ≥ 6元 | | | | |\n",
     "要求 甲：业绩 ≥ 5元\n  对象：活跃\n  除非：业绩 ≥ 9元\n  截止：截止日\n  否则：升级\n要求 乙：业绩 ≥ 6元\n"),
    ("奖励\n  | 名称 | 若 | 金额 | 可以 |\n  | 甲 | 业绩 ≥ 5元 | 3元 | 升级 |\n",
     "奖励 甲\n  若：业绩 ≥ 5元\n  金额：3元\n  可以：升级\n"),
    ("限制\n  | 名称 | 限制 | 不得 |\n  | 甲 | 活跃 | 买 |\n规则\n  | 名称 | 规则 | 措施 |\n  | 乙 | 活跃 | 卖 |\n",
     "限制 甲：活跃\n  不得：买\n规则 乙：活跃\n  措施：卖\n"),
    ("奖励\n  逐条：付款\n  | 名称 | 金额 | 名额 |\n  | 甲 | 3元 | 前 2，按 付款日 先后 |\n",
     "奖励 甲\n  逐条：付款\n  金额：3元\n  名额：前 2，按 付款日 先后\n"),
    ("期限\n  | 名称 | 期限 | 完成 |\n  | 甲 | 开始日 后 5天 | 9元，逐条 付款，其中 付款额 ≥ 1元，按 付款日 |\n",
     "期限 甲：开始日 后 5天\n  完成：9元，逐条 付款，其中 付款额 ≥ 1元，按 付款日\n"),
])
def test_a_row_means_its_block(table: str, blocks: str) -> None:
    assert same_program(HEAD + blocks, HEAD + table)
    english = formatted(HEAD + table, to="en")
    assert formatted(english, to="zh") == formatted(HEAD + table)
    assert same_program(english, formatted(HEAD + blocks, to="en"))


def test_the_results_of_the_rows() -> None:
    """Ten days after 1 February: 11 February; 4 is below 5 and not below 3."""
    text = HEAD + (
        "期限\n  | 名称 | 期限 |\n  | 整改 | 开始日 后 10天 |\n"
        "处罚\n  | 名称 | 若 | 金额 |\n  | 甲 | 业绩 ＜ 5元 | 3元 |\n  | 乙 | 业绩 ＜ 3元 | 4元 |\n"
        "示例 一\n  评估日：2024-05-01\n  已知：业绩 ＝ 4元，开始日 ＝ 2024-02-01\n"
        "  应得：整改 ＝ 2024-02-11，甲 ＝ 3元，乙 不成立\n"
    )
    (report,) = run_examples(load_text(text))
    assert not report.failures


LONG = (
    "处罚 甲：业绩 ＜ 1元 【1】\n  对象：活跃 且 业绩 ≥ 0元\n  不得：买、卖，自 开始日 起 30天\n\n"
    "处罚 乙：业绩 ＜ 2元 【2】\n  对象：活跃 且 业绩 ≥ 0元\n  不得：买、卖，自 开始日 起 20天\n\n"
    "处罚 丙：业绩 ＜ 3元 【3】\n  对象：活跃 且 业绩 ≥ 0元\n  不得：买、卖，自 开始日 起 10天\n"
)


def test_upgrade_makes_rows_of_neighbours() -> None:
    short = (
        "处罚\n  对象：活跃 且 业绩 ≥ 0元\n  | 名称 | 处罚 | 不得 |\n"
        "  | 甲 | 业绩 ＜ 1元 | 买、卖，自 开始日 起 30天 | 【1】\n"
        "  | 乙 | 业绩 ＜ 2元 | 买、卖，自 开始日 起 20天 | 【2】\n"
        "  | 丙 | 业绩 ＜ 3元 | 买、卖，自 开始日 起 10天 | 【3】\n"
    )
    assert into_rows(HEAD + LONG, "x.pol") == HEAD + short
    assert upgraded(HEAD + short, "x.pol") == upgraded(HEAD + LONG, "x.pol")


@pytest.mark.parametrize("kept", [
    LONG.replace("处罚 乙", "# 第二种\n处罚 乙").replace("处罚 丙", "# 第三种\n处罚 丙"),
    LONG.replace("  对象：活跃 且 业绩 ≥ 0元\n", "  对象：活跃 且 业绩 ≥ 0元  # 都一样\n"),
    "处罚 甲：业绩 ＜ 1元\n  不得：买\n\n处罚 乙：业绩 ＜ 2元\n  不得：卖\n",  # hardly shorter
])
def test_what_would_be_lost_stays(kept: str) -> None:
    assert into_rows(HEAD + kept, "x.pol") == HEAD + kept


@pytest.mark.parametrize(("block", "code"), [
    ("处罚\n  | 名称 | 若 | 业绩 |\n  | 甲 | 活跃 | 5元 |\n", "POL139"),
    ("处罚\n  | 名字 | 若 | 金额 |\n  | 甲 | 活跃 | 5元 |\n", "POL139"),
    ("处罚\n  | 名称 | 若 | 不得 |\n  | 甲 | 活跃 | 5元 |\n", "POL140"),
    ("期限\n  | 名称 | 起算 | 时长 |\n  | 甲 | 开始日 | 开始日 ＋ 1天 |\n", "POL140"),
    ("奖励\n  | 名称 | 金额 |\n  | 甲 | 不限 |\n", "POL140"),
    ("奖励\n  | 名称 | 金额 |\n  | 甲 | 5元 | 6元 |\n", "POL405"),
    ("奖励\n  | 名称 | 金额 |\n  | 甲 | 5元 |\n  | 甲 | 6元 |\n", "POL204"),
    ("奖励\n  | 名称 | 金额 | 截止 |\n  | 甲 | 5元 | 截止日 |\n", "POL401"),
    ("奖励\n  | 名称 | 若 | 金额 |\n  | 甲 | 活越 | 5元 |\n", "POL201"),
    ("奖励\n  金额：5元\n", "POL101"),
    ("等级 【1】\n  | 名称 | 若 |\n  | 甲 | 活跃 |\n", "POL102"),
])
def test_what_does_not_belong_there_is_refused(block: str, code: str) -> None:
    assert code in refusal(HEAD + block)


def test_a_value_of_a_list_may_be_called_like_a_block() -> None:
    load_text("政策 演示\n清单 方式：要求、\n  期限\n数据\n  做法：方式\n条件 甲：做法 为 期限\n")


def test_the_handbook_shows_what_it_shows_of_blocks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = "处罚\n  | 名称 | 处罚 | 金额 | 不得 |\n  | 甲 | 业绩 ＜ 5元 | 3元 | 买，自 开始日 起 30天 |\n"
    blocks = "处罚 甲：业绩 ＜ 5元\n  金额：3元\n  不得：买，自 开始日 起 30天\n"
    pages = []
    for block in (table, blocks):
        path = tmp_path / "a.pol"
        path.write_text(HEAD + block, encoding="utf-8")
        assert run(["doc", str(path), "--format", "markdown"]) == 0
        lines = capsys.readouterr().out.splitlines()
        pages.append([line for line in lines if "sha256" not in line and "处罚  第" not in line])
    assert pages[0] == pages[1]


@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("*.pol")), ids=lambda p: p.name)
def test_the_shipped_policies_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert into_rows(text, path.name) == text


def test_the_editor_finds_each_row() -> None:
    """The second row is declared in its first cell and used in the condition; the outline has both rows."""
    text = HEAD + "处罚\n  若：活跃\n  | 名称 | 金额 | 不得 |\n  | 扣款 | 3元 | |\n  | 停货 | | 买 |\n条件 丁：停货\n"
    snapshot = Snapshot("untitled:a", text, 1)
    row = text.split("\n").index("  | 停货 | | 买 |")
    (found,) = navigation.definition(snapshot, t.Position(row + 1, 6))
    assert (found.range.start.line, found.range.start.character) == (row, 4)
    assert {edit.range.start.line for edit in rename.edits(snapshot, t.Position(row, 5), "停供")} == {row, row + 1}
    assert {"扣款", "停货"} <= {symbol.name for symbol in navigation.outline(snapshot)}
