"""Slips of the pen that leave a sentence, told because the rest of the policy shows them to be one."""

import pytest

from policydsl.check.slips import one_off
from policydsl.diagnostics import Diagnostic, PolicyError
from policydsl.engine import load_text

HEAD = "政策 甲\n  编号：X\n"
STAFF = HEAD + "数据\n  人数：数量（人）\n  讲师：数量（人）\n要求 师资：讲师 ≥ 2人\n"


def told(text: str) -> list[Diagnostic]:
    try:
        return [d for d in load_text(text).diagnostics if d.code != "POL212"]
    except PolicyError as error:
        return [*error.diagnostics]


@pytest.mark.parametrize(("lines", "line", "column", "mended"), [
    ("要求 团队：人数 ≥ 5\n", 7, 12, "5人"),
    ("参数\n  最少人数 ＝ 5\n要求 团队：人数 ≥ 最少人数\n", 8, 10, "5人"),
    ("分档 扣分\n  | 人数 | 扣分 |\n  | ＜ 5 | 1分 |\n  | ≥ 5人 | 0分 |\n", 9, 7, "5人"),
])
def test_a_number_lacks_the_unit_that_stands_elsewhere(lines: str, line: int, column: int, mended: str) -> None:
    (found,) = told(STAFF + lines)
    assert (found.code, found.severity, found.span.line, found.span.column) == ("POL495", "warning", line, column)
    assert found.fix is not None and found.fix.text == mended


@pytest.mark.parametrize("text", [
    STAFF + "要求 团队：人数 ≥ 5人\n",
    STAFF + "要求 团队：人数 ＞ 0\n",  # nothing is nothing in any unit
    STAFF.replace("2人", "2") + "要求 团队：人数 ≥ 5\n",  # whose author writes no units
    STAFF + "台账 订单\n  单号：文本\n要求 多单：条数（订单） ≥ 5\n",  # records have none
])
def test_a_number_that_no_unit_is_missed_of(text: str) -> None:
    assert told(text) == []


def test_the_english_unit_keeps_its_blank() -> None:
    text = (
        "policy A\n  id: X\ndata\n  staff: count (people)\n  trainers: count (people)\n"
        "requirement team: staff >= 5\nrequirement training: trainers >= 2 people\n"
    )
    (found,) = told(text)
    assert found.fix is not None and (found.code, found.fix.text) == ("POL495", "5 people")


def trades(*cells: str, more: str = "") -> str:
    rows = "".join(f"  | 方案{i} | {cell} |\n" for i, cell in enumerate(cells))
    return f"{HEAD}数据\n  号：文本\n表 方案\n  | 名 | 行业 |\n{rows}计算 行业名 ＝ 方案（号）的 行业\n{more}"


@pytest.mark.parametrize("odd", ["医医疗", "疗医", "医疗 医疗"])
def test_a_cell_that_is_one_character_off_its_column(odd: str) -> None:
    (found,) = told(trades("医疗", "金融", "医疗", odd))
    assert (found.code, found.severity, found.span.line) == ("POL496", "warning", 10)
    assert found.fix is not None and found.fix.text == "医疗"


@pytest.mark.parametrize("text", [
    trades("医疗", "金融", odd := "医医疗"),  # neither stands more often than the other
    trades("医疗", "医疗", odd, odd),
    trades("医疗", "医疗", odd, more="条件 丙：行业名 为 “医医疗”\n"),  # it is spoken of
    trades("金融", "金融", "非金融"),
    trades("银行", "银行", "银联"),
])
def test_a_cell_that_may_be_another_word(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(("text", "other", "off"), [
    ("healthh", "health", True), ("helth", "health", True), ("haelth", "health", True), ("heelth", "health", True),
    ("超官方资料", "超出官方资料", True), ("医疗", "医疗", False), ("医药器械", "医疗设备", False), ("ab", "ba", True),
    ("abc", "cba", False), ("大企业", "企业", False), ("a", "b", False), ("", "a", False),
    ("above par", "below par", False), ("医疗 医疗", "医疗", True),
])
def test_one_character_off(text: str, other: str, off: bool) -> None:
    assert one_off(text, other) is off and one_off(other, text) is off


KINDS = HEAD + "数据\n  号：文本\n表 目录\n  | 编码 | 要件 |\n  | 一 | 无 |\n  | 二 | {} |\n"
CASES = "计算 要件 ＝ 目录（号）的 要件\n判定表 具备\n  | 要件 | 具备 |\n  | “无” | 是 |\n  | “严重后果” | 否 |\n"


def test_a_text_that_is_looked_up_is_one_of_its_column() -> None:
    """A decision table has a row for each, and none for what does not stand there."""
    assert told(KINDS.format("严重后果") + CASES) == []
    found = told(KINDS.format("严后果") + CASES)
    assert {d.code: d.span.line for d in found} == {"POL409": 12, "POL419": 13}  # beside the rows before it
    assert "严后果" in next(d.args["missing"] for d in found if d.code == "POL409")


def test_a_text_of_cases_is_one_of_them() -> None:
    """What is worked out by cases is what stands in them; 无 needs no row."""
    cases = "数据\n  额：金额\n计算 级\n  若 额 ≥ 5元：“高”\n  若 额 ≥ 1元：“中”\n"
    table = "判定表 折\n  | 级 | 折扣 |\n  | “高” | 5% |\n"
    assert [d.code for d in told(HEAD + cases + table)] == ["POL409"]
    assert told(HEAD + cases + table + "  | “中” | 2% |\n") == []


ROWS = "表 方案\n  | 名 | 行业 |\n  | 甲 | 金融 |\n  | 乙 | {} |\n参数\n  门槛 ＝ {}\n  上档 ＝ 5元\n"


@pytest.mark.parametrize(("trade", "limit", "lines", "found"), [
    ("金融", "3元", "保证 行数：条数（方案，行业 为 “金融”） 为 2\n", None),
    ("金", "3元", "保证 行数：条数（方案，行业 为 “金融”） 为 2\n", (10, "条数（方案，行业 为 “金融”） 为 2")),
    ("医疗", "3元", "保证 行数：条数（方案） 为 2 且\n    条数（方案，行业 为 “金融”） 为 2\n",
     (11, "条数（方案，行业 为 “金融”） 为 2")),
    ("医疗", "6元", "保证 高低：上档 高于 门槛\n", (10, "上档 高于 门槛")),
    ("医疗", "5元", "保证 高低：上档 高于 门槛\n", (10, "上档 高于 门槛")),
    ("医疗", "4元", "保证 高低：上档 高于 门槛\n", None),
    ("医疗", "6元", "数据\n  额：金额\n保证 高低：上档 高于 门槛 或 额 高于 1元\n", None),  # some sheet keeps it
    ("医疗", "6元", "保证 高低：上档 高于 门槛 或 评估日 晚于 2024年1月1日\n", None),  # some day keeps it
])
def test_a_guarantee_about_the_policy_itself(trade: str, limit: str, lines: str, found: tuple[int, str] | None) -> None:
    problems = [d for d in told(HEAD + ROWS.format(trade, limit) + lines) if d.code == "POL497"]
    assert [(d.severity, d.span.line, d.args["read"]) for d in problems] == ([("warning", *found)] if found else [])
