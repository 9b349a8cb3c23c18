"""Rows of a lookup table for several keys: listed, or all that begin alike and go on with a digit."""

from __future__ import annotations

import pytest
from lsprotocol import types as t

from policydsl.diagnostics import PolicyError
from policydsl.editor import rename
from policydsl.editor.snapshot import Snapshot
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.keys import keys_together
from policydsl.format.program import same_program
from policydsl.testing import run_examples

HEAD = "政策 演示\n数据\n  型号：文本\n  渠道：选项（神码、元亿、南天）\n"
LONG = (
    "表 目录 【9】\n  | 型号 | 大类 |\n  | E950 | 高端 | 【1】\n  | E980 | 高端 | 【1】\n  | FP | 其他 |\n"
    + "".join(f"  | FP{digit}* | 其他 |\n" for digit in range(10)) + "  | S914 | 流量 |\n"
)
SHORT = (
    "表 目录 【9】\n  | 型号 | 大类 |\n  | E950、E980 | 高端 | 【1】\n  | FP、FP＋数字 | 其他 |\n  | S914 | 流量 |\n"
)


def test_a_row_of_several_keys_is_a_row_for_each() -> None:
    assert same_program(HEAD + LONG, HEAD + SHORT)
    assert keys_together(HEAD + LONG, "a") == HEAD + SHORT
    assert keys_together(HEAD + SHORT, "a") == HEAD + SHORT
    english = formatted(HEAD + SHORT, to="en")
    assert "FP + digit" in english and "FP＋数字" in formatted(english, to="zh")


def test_what_they_stand_for() -> None:
    policy = load_text(HEAD + SHORT + "条件 有货：型号 属于 目录\n计算 所属 ＝ 目录（型号）的 大类\n" + "".join(
        f"示例 {number}\n  评估日：2024年6月30日\n  已知：型号 ＝ “{model}”\n  应得：有货 {held}{more}\n"
        for number, (model, held, more) in enumerate((
            ("E980", "成立", "，所属 ＝ “高端”"), ("FP", "成立", "，所属 ＝ “其他”"),
            ("FP5468", "成立", "，所属 ＝ “其他”"),
            ("FPGA", "不成立", ""), ("E9", "不成立", ""), ("E950、E980", "不成立", ""),
        ))
    ))
    assert [report.passed for report in run_examples(policy)] == [True] * 6


def test_what_is_quoted_is_one_key_and_what_is_no_key_stays() -> None:
    text = HEAD + "表 目录\n  | 型号 | 大类 |\n  | “E950、E980” | 高、端 |\n条件 甲：目录（型号）的 大类 为 “高、端”\n"
    given = "示例 1\n  评估日：2024年6月30日\n  已知：型号 ＝ “E950、E980”\n  应得：甲 成立\n"
    assert [report.passed for report in run_examples(load_text(text + given))] == [True]


def test_the_key_may_be_another_column() -> None:
    text = HEAD + "表 目录\n  主键：型号\n  | 大类 | 型号 |\n  | 高、端 | E950、E980 |\n"
    long = HEAD + "表 目录\n  主键：型号\n  | 大类 | 型号 |\n  | 高、端 | E950 |\n  | 高、端 | E980 |\n"
    assert same_program(text, long) and keys_together(long, "a") == text


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("  | 神码、元亿 | 甲 |\n  | 元亿 | 乙 |\n", "POL412"),  # the key stands twice
        ("  | 神码、元亿、丙 | 甲 |\n", "POL"),  # no option of the list
    ],
)
def test_what_is_wrong_with_one_of_them_is_told(rows: str, code: str) -> None:
    options = "清单 渠道名：神码、元亿、南天\n表 范围\n  | 名称：渠道名 | 类 |\n"
    with pytest.raises(PolicyError) as refused:
        load_text("政策 演示\n" + options + rows)
    (problem,) = refused.value.diagnostics
    assert problem.code.startswith(code)


def test_rows_that_a_remark_divides_stay() -> None:
    text = HEAD + "表 目录\n  | 型号 | 大类 |\n  | E950 | 高端 |\n  # 新\n  | E980 | 高端 |\n  | M16 | 高端 |  # 旧\n"
    assert keys_together(text, "a") == text
    whole = HEAD + "表 目录\n  | 型号 |\n  | E950 |\n  | E980 |\n"  # a list of its own, a line each
    assert keys_together(whole, "a") == whole


def test_one_of_them_is_renamed_with_its_option() -> None:
    text = HEAD + "表 范围\n  | 渠道 | 类 |\n  | 神码、元亿 | 甲 |\n条件 全线：渠道 属于 神码\n"
    snapshot = Snapshot("file:///a.pol", text, 1)
    line = next(i for i, row in enumerate(text.splitlines()) if "属于 神码" in row)
    column = text.splitlines()[line].index("神码")
    edits = rename.edits(snapshot, t.Position(line, column), "神州")
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        rows = text.splitlines(keepends=True)
        at, row = edit.range, rows[edit.range.start.line]
        rows[at.start.line] = row[: at.start.character] + edit.new_text + row[at.end.character :]
        text = "".join(rows)
    assert "神码" not in text and "| 神州、元亿 | 甲 |" in text
