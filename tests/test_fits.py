"""A requirement or condition with a table: one of its rows has to fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_support import refusal
from text_support import ROOT

from policydsl.cli import run
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.fits import into_tables
from policydsl.format.program import same_program
from policydsl.testing import run_examples

HEAD = """\
政策 演示
数据
  渠道：选项（总分销商、省分销商、其他）
  来源：选项（厂家、总分销商、省分销商）
  加急：是否
  金额数：金额
"""
TABLE = """\
要求 来源合规 【1、2】
  | 渠道     | 来源     |
  | 总分销商 | 厂家     | 【1】
  | 省分销商 | 总分销商 | 【2】
"""
LIST = """\
要求 来源合规 【1、2】
  满足任一
  - 渠道 为 总分销商 且 来源 为 厂家 【1】
  - 渠道 为 省分销商 且 来源 为 总分销商 【2】
"""


def test_a_table_means_the_list_of_its_rows() -> None:
    assert formatted(into_tables(HEAD + LIST, "x.pol")) == formatted(HEAD + TABLE)
    assert same_program(HEAD + LIST, HEAD + TABLE)
    english = formatted(HEAD + TABLE, to="en")
    assert formatted(english, to="zh") == formatted(HEAD + TABLE)
    assert same_program(english, formatted(HEAD + LIST, to="en"))


@pytest.mark.parametrize(("table", "listed"), [
    ("| 加急 | 金额数 |\n| 是 | ≥ 3元 |\n| 否 | 低于 9元 |",
     "满足任一\n- 加急 且 金额数 ≥ 3元\n- 并非 加急 且 金额数 低于 9元"),
    ("| 来源 | 金额数 |\n| 厂家、总分销商 | |\n| 不限 | 7元 |",
     "满足任一\n- 来源 属于 厂家、总分销商\n- 金额数 为 7元"),
    ("| 金额数 | 来源 |\n| 3元＜金额数≤9元 | 厂家 |\n| - | 省分销商 |",
     "满足任一\n- 3元 ＜ 金额数 ≤ 9元 且 来源 为 厂家\n- 来源 为 省分销商"),
])
def test_the_cells(table: str, listed: str) -> None:
    for kind in ("要求", "条件"):
        block = f"{kind} 甲\n"
        if "＜金额数" not in table:
            assert same_program(HEAD + block + table + "\n", HEAD + block + listed + "\n")
        load_text(HEAD + block + table + "\n")


def test_one_row_has_to_fit() -> None:
    """The first row fits the first sheet; the second sheet has the partner of one row and the source of the other; with
    an unknown source the partner may be of the first row still."""
    text = HEAD + TABLE + (
        "示例 一\n  已知：渠道 ＝ 总分销商，来源 ＝ 厂家\n  应得：来源合规 满足\n"
        "示例 二\n  已知：渠道 ＝ 省分销商，来源 ＝ 厂家\n  应得：来源合规 不满足\n"
        "示例 三\n  已知：渠道 ＝ 总分销商\n  应得：来源合规 未定（缺 来源）\n"
        "示例 四\n  已知：渠道 ＝ 其他\n  应得：来源合规 不满足\n"
    )
    assert not [report.failures for report in run_examples(load_text(text)) if report.failures]


def test_the_columns_of_a_ledger() -> None:
    """Two of three records fit; the block is judged for each, with 逐条 and without."""
    for each in ("  逐条：单子\n", ""):
        text = (
            "政策 演示\n台账 单子\n  单号：文本，必填\n  级别：选项（金、银）\n  数额：金额\n"
            f"条件 可计\n{each}  | 级别 | 数额 |\n  | 金 | ≥ 5元 |\n  | 银 | ≥ 9元 |\n"
            "计算 个数 ＝ 条数（单子，其中 可计）\n"
            "示例 一\n  已知 单子：\n  | 单号 | 级别 | 数额 |\n"
            "  | A | 金 | 5元 |\n  | B | 银 | 5元 |\n  | C | 银 | 9元 |\n"
            "  应得：个数 ＝ 2\n"
        )
        (report,) = run_examples(load_text(text))
        assert not report.failures


@pytest.mark.parametrize("kept", [
    LIST.replace("【1】\n", "【1】  # 总分\n"),  # a remark of the author
    "要求 甲\n  满足任一\n  - 渠道 为 其他\n  - 加急\n  - 金额数 ≥ 9元\n  - 来源 为 厂家\n",  # nothing in common
    "要求 甲\n  满足任一\n  - 渠道 为 其他 或 加急\n  - 渠道 为 总分销商 且 加急\n",
    "要求 甲\n  全部满足\n  - 渠道 为 其他 且 加急\n  - 渠道 为 总分销商 且 加急\n",
])
def test_other_lists_stay(kept: str) -> None:
    assert into_tables(HEAD + kept, "x.pol") == HEAD + kept


@pytest.mark.parametrize(("block", "code"), [
    ("要求 甲\n  | 渠道 | 加急 |\n  | 其他 | 是 |\n  | | |\n", "POL438"),
    ("要求 甲\n  | 渠道 | 加急 |\n  | 其他 |\n", "POL405"),
    ("要求 甲\n  | 渠道 | 加急 |\n", "POL402"),
    ("要求 甲\n  | 渠到 | 加急 |\n  | 其他 | 是 |\n", "POL201"),
    ("要求 甲\n  | 渠道 |\n  | 厂家 |\n", "POL307"),
    ("规则 甲\n  | 渠道 | 加急 |\n  | 其他 | 是 |\n", "POL404"),
])
def test_what_does_not_fit_is_refused(block: str, code: str) -> None:
    assert code in refusal(HEAD + block)


def test_the_handbook_shows_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.pol"
    path.write_text(HEAD + TABLE, encoding="utf-8")
    assert run(["doc", str(path), "--format", "markdown"]) == 0
    page = capsys.readouterr().out
    assert "符合下表任一行" in page
    assert "| 渠道 | 来源 | 条款 |" in page and "| 省分销商 | 总分销商 |" in page


@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("*.pol")), ids=lambda p: p.name)
def test_the_shipped_policies_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert into_tables(text, path.name) == text
