"""What is proposed: only what mends the text, and never the contrary of what was written."""

from __future__ import annotations

from typing import Any

import pytest

from policydsl.diagnostics import Diagnostic, PolicyError
from policydsl.engine import load_text
from policydsl.format.program import without_places
from policydsl.text.near import alike, contrary

FACTS = """政策 词
  编号：W
数据
  业绩：金额，≥ 0元
  去年：金额，≥ 0元
  含税价：金额（含税），≥ 0元（含税）
  级：选项（合格、优秀）
  日：日期
  止：日期
"""


def refused(lines: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(PolicyError) as error:
        load_text(FACTS + lines)
    return tuple(error.value.diagnostics)


@pytest.mark.parametrize("line", [
    "条件 甲：止 － 日 满 3个月",
    "条件 甲：止 届满 3个月",
    "计算 乙 ＝ 去税（业绩，13%）",
    "条件 甲：业绩 介于 10万元 和 20万元 之间",
    "计算 乙 ＝ 取整（业绩 ÷ 1万元）",
    "条件 甲：业绩 同比增长 20%",
    "条件 甲：级 为 不合格",
    "计算 绝对值甲 ＝ 绝对值（业绩）",
    "台账 订单\n  额：金额\n计算 乙 ＝ 合计（额，逐条 订单，前 3个）",
    "评分 打分\n  满分：100分\n  | 项 | 满分 | 得分 |\n  | 一 | 100分 | 1分 |\n计算 乙 ＝ 业绩 打 8.5折",
])
def test_nothing_is_proposed_where_nothing_is_known_to_be_right(line: str) -> None:
    found = refused(line + "\n")
    assert found and all(not d.suggestions and d.fix is None and d.other is None for d in found), found


def test_a_word_of_authors_is_no_name_that_was_misdeclared() -> None:
    """over in a cell is no ledger 'orders' that was meant to be called so, and last is no 'last revenue'."""
    text = (
        "policy words\n  id: W\ndata\n  last revenue: money, >= CNY 0\n  tier: choice (plain, gold), over time\n"
        "ledger orders, default none\n  value: money\n  order date: date\n"
        "compute a = sum of (value, each orders, where order date falls in last 365 days)\n"
        "reward b\n  base: last revenue\n  | last revenue | rate |\n  | over CNY 100 | 2% |\n"
    )
    with pytest.raises(PolicyError) as error:
        load_text(text)
    assert [(d.code, d.hint, d.other) for d in error.value.diagnostics] == [
        ("POL101", "said_past", None), ("POL101", "said_beyond", None),
    ]


@pytest.mark.parametrize(("line", "meant"), [
    ("条件 甲：业积 ≥ 3元", "业绩"),
    ("条件 甲：业绩 不底于 3元", "不低于"),
    ("计算 乙 ＝ 含税鄂（业绩，13%）", "含税额"),
    ("条件 甲：级 为 合各", "合格"),
])
def test_what_mends_the_line_is_proposed(line: str, meant: str) -> None:
    found = [d.suggestions or (d.fix is not None and d.fix.text,) for d in refused(line + "\n")]
    assert [proposed[0] for proposed in found] == [meant]


def test_one_fault_does_not_hide_the_repair_of_another() -> None:
    found = refused("条件 甲：业积 ≥ 3元\n条件 乙：去捻 ≥ 3元\n")
    assert [d.suggestions for d in found] == [("业绩",), ("去年",)]


@pytest.mark.parametrize(("word", "other", "against"), [
    ("满", "不满", True), ("不含税额", "含税额", True), ("合格", "不合格", True), ("已签", "未签", True),
    ("取高", "取低", True), ("above", "below", True), ("signed", "unsigned", True), ("including", "excluding", True),
    ("业积", "业绩", False), ("不底于", "不低于", False), ("at lest", "at least", False), ("voice", "invoice", False),
])
def test_what_turns_the_meaning_round(word: str, other: str, against: bool) -> None:
    assert contrary(word, other) is contrary(other, word) is against
    assert (other in alike(word, [other], 1)) is not against


def test_a_number_without_its_sign_is_told_where_it_stands() -> None:
    """Whichever row comes first, of a table or of a computation."""
    for rows, line in (("  | 合格 | 30 |\n  | 优秀 | 5% |\n", 13), ("  | 合格 | 5% |\n  | 优秀 | 30 |\n", 14)):
        (found,) = refused(f"奖励 奖\n  基数：业绩\n  | 级 | 比例 |\n{rows}")
        assert (found.code, found.span.line, found.args["read"], found.suggestions) == ("POL303", line, "30", ("30%",))
    (found,) = refused("参数\n  数：数值，≥ 5%\n条件 甲：数 ≥ 1\n")
    assert (found.code, found.span.line) == ("POL301", 11)


def test_a_misspelt_block_word_is_one_error_that_names_it() -> None:
    """What the block would have given names to (级, 金) is not told besides."""
    with pytest.raises(PolicyError) as error:
        load_text(
            "政策 甲\n  编号：X\n数据\n  额：金额\n级别 级\n  | 等级 | 额 |\n  | 金 | ≥ 5元 |\n条件 好：级 为 金\n"
        )
    assert [(d.code, d.args["word"], d.suggestions) for d in error.value.diagnostics] == [("POL101", "级别", ("等级",))]


@pytest.mark.parametrize(("text", "word", "dialect"), [
    ("1. 政策 甲\n  编号：X\n2. 数据\n  （1）额：金额\n3. 条件 够：额 ≥ 5元\n", "1.", "zh"),
    ("\n一、政策 甲\n", "一、", "zh"), ("（一）政策 甲\n", "(一)", "zh"), ("第一条 政策 甲\n", "第一条", "zh"),
    ("1) policy A\n  id: X\n2) data\n  a: money\n", "1)", "en"),
])
def test_the_numbering_of_a_word_processor_is_one_error(text: str, word: str, dialect: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_text(text)
    assert [(d.code, d.args["word"]) for d in error.value.diagnostics] == [("POL127", word)]
    assert error.value.dialect == dialect


def test_numbering_before_a_later_block_is_told_of_each_line() -> None:
    """Also where the block above takes lines like these for its own; names of those blocks are not told besides."""
    text = ("政策 甲\n  编号：X\n数据\n  金额：额\n1. 条件 够：额 ≥ 5元\n（2）等级 档\n  | 要求 | 金 |\n"
            "  | 额 | ≥ 9元 |\n条件 丙：够\n")
    with pytest.raises(PolicyError) as error:
        load_text(text)
    assert [(d.code, d.span.line, d.args["word"]) for d in error.value.diagnostics] == [
        ("POL127", 5, "1."), ("POL127", 6, "（2）")]


@pytest.mark.parametrize(("text", "meant"), [
    ("政策 甲\n  编号：X\n数据\n  金额：额\n级别 档\n  | 要求 | 金 |\n  | 额 | ≥ 9元 |\n", "等级"),
    ("policy A\n  id: X\ndata\n  money: m\ncondition big: m >= CNY 5\nlevels T\n  | criterion | gold |\n"
     "  | m | >= CNY 9 |\n", "tiers"),
])
def test_what_authors_call_a_block_leads_to_its_word(text: str, meant: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_text(text)
    (told,) = error.value.diagnostics
    assert told.code == "POL101" and told.suggestions == (meant,)


@pytest.mark.parametrize(("line", "mended"), [
    ("条件 甲：业绩 业绩 ≥ 3元", "条件 甲：业绩 ≥ 3元"),
    ("条件 甲：业绩 不低于 不低于 3元", "条件 甲：业绩 不低于 3元"),
    ("条件 甲：业绩 ≥ 3元元", "条件 甲：业绩 ≥ 3元"),
    ("条件 甲：级 属于 合格、、优秀", "条件 甲：级 属于 合格、优秀"),
    ("条件 甲：业绩绩 ≥ 3元", "条件 甲：业绩 ≥ 3元"),
    ("件条 甲：业绩 ≥ 3元", "条件 甲：业绩 ≥ 3元"),
    ("计 甲：业绩 － 3元", "计算 甲：业绩 － 3元"),
    ("条件 甲：取低（（业绩，去年） ≥ 3元", "条件 甲：取低（业绩，去年） ≥ 3元"),
    ("条件 甲：取低＞业绩，去年） ≥ 3元", "条件 甲：取低（业绩，去年） ≥ 3元"),
    ("条件 甲：取低（业绩：去年） ≥ 3元", "条件 甲：取低（业绩，去年） ≥ 3元"),
    ("条件 甲：取低（业绩，去年 ≥ 3元", "条件 甲：取低（业绩，去年） ≥ 3元"),
    ("条件 甲：去年 ≥ 3元 【4", "条件 甲：去年 ≥ 3元 【4】"),
    ("1. 条件 甲：去年 ≥ 3元", "条件 甲：去年 ≥ 3元"),
    ("条件 甲：业绩 ÷ 去年 ≥ 80天", "条件 甲：业绩 ÷ 去年 ≥ 80%"),
])
def test_one_small_change_is_proposed_that_mends_the_line(line: str, mended: str) -> None:
    (found,) = refused(f"{line}\n条件 乙：去年 ≥ 3元\n")
    assert found.fix is not None
    at = found.fix.span
    assert line[: at.column - 1] + found.fix.text + line[at.end_column - 1 :] == mended


@pytest.mark.parametrize("word", ["注意", "裁定定", "条款款"])
def test_a_text_begins_behind_a_mark_or_a_blank(word: str) -> None:
    """What begins like the word of a line is not that line with the rest of the word as its text."""
    text = f"政策 甲\n  编号：X\n  {word}：BT-\n"
    with pytest.raises(PolicyError) as error:
        load_text(text)
    assert [(d.code, d.span.line, d.span.column) for d in error.value.diagnostics] == [("POL101", 3, len(word) + 2)]
    with_blank = load_text("政策 甲\n  编号：X\n条件 乙：是\n  注 只有空格\n")
    assert not [d for d in with_blank.diagnostics if d.severity == "error"]


def test_a_name_that_only_its_declaration_writes_otherwise_is_told_there() -> None:
    lines = "计算 返现基数：业绩 － 去年\n条件 甲：返利基数 ≥ 3元\n条件 乙：返利基数 ≥ 5元\n"
    (found,) = refused(lines)
    assert (found.code, found.span.line, found.args["line"]) == ("POL270", 10, "11")
    assert found.fix is not None and found.fix.text == "返利基数"


def test_of_two_places_that_differ_both_are_named() -> None:
    (found,) = refused("计算 返现基数：业绩 － 去年\n条件 甲：返利基数 ≥ 3元\n")
    assert (found.code, found.span.line, found.suggestions) == ("POL201", 11, ("返现基数",))
    assert found.other is not None and (found.other.span.line, found.other.text) == (10, "返利基数")


@pytest.mark.parametrize(("lines", "code", "line"), [
    ("计算 计算 差数：业绩 － 去年\n", "POL271", 10),
    ("条件 甲：并非 并非 业绩 已填\n", "POL271", 10),
    ("参数\n  返利比例 ＝ 5\n计算 差数：业绩 × 返利比例\n", "POL342", 11),
    ("参数\n  返利倍数 ＝ 5\n  返利比例 ＝ 0.5\n计算 差数：业绩 × 返利比例 × 返利倍数\n", None, 0),
    ("条件 甲：含税价 ≥ 60（含税）\n", "POL304", 10),
    ("条件 甲：含税价 ≥ 60元（含税）\n", None, 0),
])
def test_what_is_most_likely_a_slip_is_told_although_it_can_be_read(lines: str, code: str | None, line: int) -> None:
    unused = {"POL212"}
    found = [d for d in load_text(FACTS + lines).diagnostics if d.code not in unused]
    assert [(d.code, d.severity, d.span.line) for d in found] == ([(code, "warning", line)] if code else [])


@pytest.mark.parametrize(("text", "line", "once"), [
    ("政策 政策 甲\n  编号：W\n", 1, "政策"),
    ("policy policy A\n  id: P\n", 1, "policy"),
    ("policy A\n  id: P\n\nSection section 1 Scope\n", 4, "Section"),
    ("policy A\n  id: P\n\nledger ledger orders\n  amount: money\n", 4, "ledger"),
    (FACTS + "章节 章节 一\n", 10, "章节"),
    (FACTS + "台账 台账 订单\n  额：金额\n", 10, "台账"),
    (FACTS + "表 表 甲\n  | 级 | 比例 |\n  | 合格 | 2% |\n", 10, "表"),
])
def test_the_word_of_a_block_said_twice_is_told_at_its_heading(text: str, line: int, once: str) -> None:
    (found,) = [d for d in load_text(text).diagnostics if d.code != "POL212"]
    assert (found.code, found.severity, found.span.line, found.span.column) == ("POL271", "warning", line, 1)
    assert found.fix is not None and found.fix.text == once
    lines = text.split("\n")
    at = found.fix.span
    lines[line - 1] = lines[line - 1][: at.column - 1] + once + lines[line - 1][at.end_column - 1 :]
    assert not [d for d in load_text("\n".join(lines)).diagnostics if d.code != "POL212"]


@pytest.mark.parametrize(("text", "line", "name"), [
    (FACTS + "条件 满：业绩 ≥ 3元\n条件 甲：业绩 ≥ 5元\n", 10, "满"),
    (FACTS + "条件 并非：业绩 ≥ 3元\n", 10, "并非"),
    ("policy A\n  id: P\n\ndata\n  revenue: money\n\ncondition below: revenue < CNY 5\n", 7, "below"),
    ("policy A\n  id: P\n\ndata\n  Not: money\n", 5, "Not"),
])
def test_a_name_that_is_a_word_of_the_language_is_told_where_it_is_declared(text: str, line: int, name: str) -> None:
    (found,) = [d for d in load_text(text).diagnostics if d.code != "POL212"]
    assert (found.code, found.severity, found.span.line, found.args["name"]) == ("POL492", "warning", line, name)


def test_where_it_cannot_be_read_for_that_no_contrary_is_proposed() -> None:
    found = refused("条件 满：业绩 ≥ 3元\n条件 甲：（日） 满 6个月\n")
    assert [(d.code, d.span.line) for d in found] == [("POL492", 10), ("POL102", 11)]
    assert all(d.fix is None and not d.suggestions for d in found)


@pytest.mark.parametrize("text", ["章节 章节\n", "台账 台账明细\n  额：金额\n", "计算 计算基数：业绩 － 去年\n"])
def test_a_name_may_begin_with_the_word_of_a_block(text: str) -> None:
    assert not [d for d in load_text(FACTS + text).diagnostics if d.code != "POL212"]


@pytest.mark.parametrize(("line", "mended"), [
    ("奖励 达标奖 业绩 ≥ 100万元\n  金额：1万元", "达标奖：业绩 ≥ 100万元"),
    ("条件 大单 业绩 高于 100万元", "大单：业绩 高于 100万元"),
    ("条件 大单 去年 已填", "大单：去年 已填"),
])
def test_a_condition_is_never_part_of_a_name(line: str, mended: str) -> None:
    (found,) = refused(line + "\n")
    assert (found.code, found.span.line) == ("POL272", 10)
    assert found.fix is not None and found.fix.text == mended


@pytest.mark.parametrize("line", ["条件 大单：业绩 ≥ 500 × 2", "条件 大单：业绩 ≥ 500 × 30%"])
def test_a_multiple_of_a_bare_number_is_no_amount_either(line: str) -> None:
    found = load_text(FACTS + line + "\n").diagnostics
    assert [d.code for d in found if d.code != "POL212"] == ["POL304"]


@pytest.mark.parametrize(("lines", "meant"), [
    ("计算 乙\n  基数：业绩\n  | 业绩        | 比例 |\n  | 10万元 以下  1%   |\n  | 10万元 以上 | 2%   |\n",
     "| 10万元 以下 | 1%   |"),
    ("计算 乙\n  基数：业绩\n  | 业绩        | 比例 |\n  | 10万元 以下 || 1%   |\n  | 10万元 以上 | 2%   |\n",
     "| 10万元 以下 | 1%   |"),
    ("计算 乙\n  基数：业绩\n  | 业绩        | 比例 |\n  | ＜ 10万元   , 1%   |\n  | 10万元 以上 | 2%   |\n",
     "| ＜ 10万元   | 1%   |"),
    ("表 丙\n  | 名 || 额 |\n  | A  | 5元 |\n", "| 名 | 额 |"),
    ("条件 甲：止 早于 日 ＋ 17天\n条件 乙：止 早于 日 ＋ 17\n", "条件 乙：止 早于 日 ＋ 17天"),
    ("计算 乙 ＝ 取低（业绩 去年）\n", "计算 乙 ＝ 取低（业绩，去年）"),
])
def test_a_slip_is_mended_by_what_stands_elsewhere(lines: str, meant: str) -> None:
    proposals = [p.fix.line for p in refused(lines) if p.fix is not None]
    assert meant in proposals


@pytest.mark.parametrize(("line", "code", "fix"), [
    ("条件 甲：人数 ≥ 3个", "POL305", "3人"),
    ("条件 甲：人数 ≥ 30天", "POL301", "30人"),
    ("条件 甲：人数 ≥ 3万元", "POL301", None),  # who knows how many
    ("条件 甲：止 晚于 日 ＋ 3", "POL302", None),
])
def test_another_unit_is_told_with_the_one_that_it_should_be(line: str, code: str, fix: str | None) -> None:
    (found,) = refused(f"数据\n  人数：数量（人）\n{line}\n")
    assert (found.code, found.span.line, found.fix and found.fix.text) == (code, 12, fix)


def test_a_parameter_without_its_unit_is_told_once_and_at_its_value() -> None:
    found = refused("参数\n  宽限 ＝ 3\n条件 甲：止 晚于 日 ＋ 宽限\n条件 乙：止 不早于 日 ＋ 宽限\n")
    assert [(p.code, p.span.line, p.args["line"]) for p in found] == [("POL490", 11, "12")]


def test_a_bare_number_beside_a_count_counts_the_same() -> None:
    def program(text: str) -> Any:
        return without_places(load_text(f"{FACTS}  人数：数量（人）\n{text}\n").program)

    assert program("条件 甲：人数 ≥ 3人") == program("条件 甲：人数 ≥ 3")
    listed = "条件 甲\n  全部满足\n  - 人数 ≥ 3人\n  {}业绩 ≥ 3元"
    assert program(listed.format("- ")) == program(listed.format("（2）- "))


def test_names_that_run_together_are_told_where_they_are_declared() -> None:
    found = refused("数据\n  是否：有工单系统处理流程、有经理\n条件 甲：有工单系统 且 处理流程 且 有经理\n")
    assert [(p.code, p.span.line, p.fix and p.fix.text) for p in found] == [("POL270", 11, "有工单系统、处理流程")]


def test_the_heading_of_a_block_is_never_two_names_that_run_together() -> None:
    (found,) = refused("数据\n  日期：通知日\n要求 变动寄发通知：通知日 晚于 日\n要求 更新：通知 不为 无\n")
    assert (found.code, found.span.line, found.suggestions) == ("POL201", 13, ("通知日",))


def test_a_word_within_longer_names_is_not_how_a_name_is_written_elsewhere() -> None:
    """协议价 stands in two declared names, and alone only where 渠道协议价 lost its first half."""
    found = refused(
        "数据\n  比法：选项（比指导价、比协议价）\n  金额：渠道协议价\n"
        "条件 甲：渠道协议价 ≥ 1元\n条件 乙：渠道协议价 ≥ 2元 且 比法 为 比协议价\n条件 丙：协议价 ≥ 3元\n"
    )
    assert [(p.code, p.span.line) for p in found] == [("POL201", 15)]


def test_a_bracket_that_is_left_open_is_told_on_its_line() -> None:
    found = refused("数据\n  种类：选项（甲类、乙类，选填\n  签约：是否\n条件 丙：签约\n")
    assert [(p.code, p.span.line) for p in found] == [("POL104", 11)]


def test_a_citation_holds_no_other() -> None:
    found = refused("条件 甲【业绩 ≥ 3元 【4】\n")
    assert found[0].code == "POL110"


def test_a_number_that_has_several_units_elsewhere_gets_none_proposed() -> None:
    found = refused("条件 甲：止 早于 日 ＋ 17天\n条件 丙：止 早于 日 ＋ 17个月\n条件 乙：止 早于 日 ＋ 17\n")
    assert [p.fix for p in found] == [None]


@pytest.mark.parametrize(("lines", "meant"), [
    ("数据\n  改完日、答复日：日期\n", "日期：改完日、答复日"),
    ("数据\n  人数、票数：数量（人），≥ 0人\n", "数量（人），≥ 0人：人数、票数"),
    ("台账 单\n  主键：号\n  号：文本\n  下单日、发货日：日期，选填\n", "日期，选填：下单日、发货日"),
])
def test_names_of_one_kind_stay_apart(lines: str, meant: str) -> None:
    """Not 改完日答复日, which would be one name."""
    assert [p.fix.line for p in refused(lines) if p.fix is not None] == [meant]
