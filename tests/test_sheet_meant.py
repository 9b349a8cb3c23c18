"""What a sheet writes otherwise than declared: refused with every way out, or asked about; never read silently."""

from __future__ import annotations

from datetime import date

import pytest
from engine_support import policy

from policydsl.catalogue import phrase
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, SheetError
from policydsl.judge import judge
from policydsl.sheet import read_sheets
from policydsl.sheet.meant import worksheet_day

BLOCKS = (
    "数据\n  额：金额\n  率：百分比\n  人：数量（人）\n  签：是否\n  日：日期\n  选日：日期，选填\n"
    "  季：期间\n  名：文本\n"
    "  项：多选（红、绿）\n  色：选项（红、待定）\n"
    "  百分：分数，0分 至 100分\n  五十分：分数，0分 至 50分\n  散分：分数\n"
    "条件 都：额 ≥ 1元 且 率 ≥ 1% 且 人 ≥ 1人 且 签 且 日 ≥ 选日\n"
    "条件 也：季 为 2024年第1季度 且 名 为 “甲” 且 色 为 红 且 项 包含 红\n"
    "计算 总分 ＝ 百分 ＋ 五十分 ＋ 散分\n"
)
PROGRAM = policy(BLOCKS).program


def found(text: str, program: Program = PROGRAM) -> list[Diagnostic]:
    try:
        read_sheets(text, "p.yaml", program)
    except SheetError as error:
        return list(error.diagnostics)
    return []


@pytest.mark.parametrize(
    ("line", "code", "meant"),
    [
        ("额: 五十万", "SHEET130", ("五十万元",)),
        ("人: 五十", "SHEET130", ("五十人",)),
        ("人: 3名", "SHEET131", ("3人",)),
        ("人: 3家", "SHEET131", ()),  # partners are no people
        ("日: 45383", "SHEET148", ("2024-04-01",)),
        ("日: 20240401", "SHEET130", ("2024-04-01",)),
        ("日: 20241340", "SHEET130", ()),
        ("日: 04/03/2024", "SHEET130", ("2024-03-04", "2024-04-03")),
        ("日: 25/03/2024", "SHEET130", ("2024-03-25",)),
        ("散分: 85/100", "SHEET149", ("85分",)),
        ("五十分: 40/100", "SHEET149", ("20分", "40分")),  # of 50 points, or 40 points
        ("五十分: 85/100", "SHEET149", ("42.5分",)),  # 85 points are more than there are
    ],
)
def test_what_may_be_meant_is_offered(line: str, code: str, meant: tuple[str, ...]) -> None:
    (problem,) = found(line)
    assert (problem.code, problem.suggestions) == (code, meant)


def test_the_day_behind_a_number_of_a_worksheet() -> None:
    """1 January 2024 is shown for 45292 by every worksheet that counts from 1900; 91 days later is 1 April."""
    assert str(worksheet_day("45292")) == "2024-01-01" and str(worksheet_day("45383")) == "2024-04-01"


@pytest.mark.parametrize(
    ("line", "ways"),
    [
        ("签: 无", ["是 或 否", "还不知道的，留空", "没有的，写“否”"]),
        ("签: 暂无", ["还不知道的，留空", "没有的，写“否”"]),
        ("人: N/A", ["还不知道的，留空", "一个也没有的，写 0"]),
        ("率: \"-\"", ["还不知道的，留空", "一点也没有的，写 0%"]),
        ("项: /", ["还不知道的，留空", "一项也没有的，写 []"]),
        ("选日: 待定", ["还不知道的，留空", "确实没有的，写“无”"]),
        ("名: 暂无", ["还不知道的，留空", "这个事实不是选填：确实没有的，请作者声明为选填"]),
    ],
)
def test_a_word_for_nothing_gets_its_ways_out(line: str, ways: list[str]) -> None:
    (problem,) = found(line)
    assert problem.code in ("SHEET136", "SHEET147")
    assert [phrase(key, "zh") for key in problem.expected] == ways


@pytest.mark.parametrize(
    "line", ["签: 否", "人: 0", "率: 0%", "项: []", "选日: 无", "色: 待定", "名: 待定", "百分: 85/100"]
)
def test_the_ways_out_are_accepted(line: str) -> None:
    assert found(line) == []


def test_a_score_of_a_hundred_is_85_where_100_points_are_the_most() -> None:
    (sheet,) = read_sheets("百分: 85/100", "p.yaml", PROGRAM)
    assert sheet.values == {"百分": 85}


def test_all_errors_of_a_sheet_are_told_at_once() -> None:
    text = "额: 五十万\n人: 3名\n签: 无\n日: 45383\n率: 暂无\n季: 一季度\n散分: 1/2"
    told = [(p.span.line, p.code) for p in found(text)]
    codes = ["SHEET130", "SHEET131", "SHEET136", "SHEET148", "SHEET147", "SHEET130", "SHEET149"]
    assert told == list(enumerate(codes, 1))
    assert found(text)[5].args["read"] == "一季度"


AMOUNTS = policy(
    "数据\n  业绩：金额，≥ 0元\n  小额：金额\n  有限额：金额，0元 至 20000元\n"
    "台账 单\n  号：文本\n  价：金额\n"
    "条件 银：业绩 ≥ 150万元\n条件 金：业绩 ≥ 800万元\n条件 小：小额 ≥ 5000元\n条件 限：有限额 ≥ 10000元\n"
    "条件 大单：价 ≥ 60万元\n  逐条：单\n"
).program


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("业绩: 920", ["业绩 920元 / 920万元"]),  # 920 yuan are 1/1630 of 150万元, 920万元 are beyond 800万元
        ("业绩: 1.5", ["业绩 1.50元 / 15,000元"]),  # 1.5万元 are 1/100 of 150万元: not farther off than that
        ("业绩: 1", []),  # neither 1 yuan nor 1万元 is near
        ("业绩: 15000", []),  # 1.5万元 are 1/100 of 150万元
        ("业绩: 14999", ["业绩 14,999元 / 14,999万元"]),
        ("业绩: 920元", []),
        ("业绩: 920万", []),
        ("业绩: 0", []),
        ("小额: 3", []),  # its limit is below 1万元
        ("有限额: 3", []),  # 3万元 would be more than its declaration allows
        ("单: [{号: A, 价: 70}, {号: B, 价: 80}]", ["单[A].价 70元 / 70万元"]),  # told once a column
        ("单: [{号: A, 价: 70}, {号: B, 价: 80万}]", []),  # who writes 万 once means what he writes
    ],
)
def test_a_bare_amount_far_from_every_limit_is_asked_about_in_the_verdict(text: str, remarks: list[str]) -> None:
    (verdict,) = judge(AMOUNTS, read_sheets(f"评估日: 2024-01-01\n{text}", "p.yaml", AMOUNTS), date(2024, 1, 1))
    assert [r.removeprefix("bare_amount:") for r in verdict.remarks] == remarks


def test_a_bare_amount_of_a_ledger_that_all_share_is_asked_about_in_the_verdict_of_each() -> None:
    program = policy(
        "数据\n  业绩：金额，≥ 0元\n台账 单，共用\n  号：文本\n  价：金额\n条件 大单：价 ≥ 60万元\n  逐条：单\n"
    ).program
    text = "评估日: 2024-01-01\n单: [{号: A, 价: 70}, {号: B, 价: 80}]\n全体: [{名称: 甲, 业绩: 5}, {名称: 乙}]"
    verdicts = judge(program, read_sheets(text, "p.yaml", program), date(2024, 1, 1))
    assert [list(v.remarks) for v in verdicts] == [["bare_amount:单[A].价 70元 / 70万元"]] * 2
