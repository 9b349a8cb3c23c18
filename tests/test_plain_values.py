"""Facts and parameters given as plain Python values: read like a sheet, with the same checks, and no text between."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

import policydsl
from policydsl.diagnostics import SheetError
from policydsl.engine import load_text
from policydsl.facts import Plain
from policydsl.report import render
from policydsl.sheet import read_settings, read_sheets
from policydsl.testing.read import read_cases
from policydsl.testing.sheet_case import SheetCase

POLICY = """政策 甲
  编号：X

参数
  比例：百分比，≥ 0%，≤ 上限
  上限 ＝ 3%
  开放：是否

数据
  业绩：金额，≥ 0元，别名 revenue
  签约日：日期，选填
  到达：时刻，选填
  新渠道：是否

台账 单
  号：文本
  额：金额

奖励 返利
  若：开放
  金额：业绩 × 比例
计算 总额 ＝ 合计（额，逐条 单）
"""
PROGRAM = load_text(POLICY, "甲.pol").program


def refused(facts: Plain) -> list[tuple[str, str, int]]:
    with pytest.raises(SheetError) as caught:
        read_sheets(facts, "<facts>", PROGRAM)
    for problem in caught.value.diagnostics:
        assert render(problem, caught.value.sources, "zh").startswith(f"错误 {problem.code} <facts>：")
    return [(d.code, d.args.get("path", ""), d.span.line) for d in caught.value.diagnostics]


def test_plain_values_are_what_a_sheet_says() -> None:
    (plain,) = read_sheets(
        {"revenue": Decimal("12.50"), "签约日": date(2024, 1, 5), "到达": datetime(2024, 1, 5, 9, 30), "新渠道": True,
         "单": [{"号": 1, "额": Fraction(7, 2)}, {"号": "二", "额": "1万元"}]}, "a.yaml", PROGRAM)
    (sheet,) = read_sheets(
        'revenue: 12.50\n签约日: 2024-01-05\n到达: 2024-01-05 09:30\n新渠道: 是\n单:\n- {号: "1", 额: 3.5元}\n'
        "- {号: 二, 额: 1万元}\n", "a.yaml", PROGRAM)
    assert plain.values == sheet.values
    assert plain.values["业绩"] == Fraction(25, 2)
    assert [r.values for r in plain.lists["单"]] == [r.values for r in sheet.lists["单"]]
    assert plain.name == sheet.name == "a"


def test_none_is_unknown_and_an_empty_list_is_a_ledger_without_records() -> None:
    (sheet,) = read_sheets({"业绩": None, "单": []}, "<facts>", PROGRAM)
    assert (sheet.values, sheet.lists) == ({}, {"单": ()})
    (sheet,) = read_sheets({"签约日": "无"}, "<facts>", PROGRAM)
    assert sheet.values == {"签约日": None}


def test_several_parties() -> None:
    sheets = read_sheets([{"名称": "甲", "业绩": 1}, {"名称": "乙", "业绩": 2}], "<facts>", PROGRAM)
    assert [(s.name, s.values["业绩"]) for s in sheets] == [("甲", 1), ("乙", 2)]


def test_what_is_wrong_is_told_by_its_path() -> None:
    assert refused({"业绩": "-1元", "新渠道": "也许", "收入": 3}) == [
        ("SHEET130", "新渠道", 0), ("SHEET120", "收入", 0), ("SHEET150", "业绩", 0)]
    assert refused({"业绩": 1, "revenue": 2}) == [("SHEET121", "业绩", 0)]
    assert refused({"业绩": [1]}) == [("SHEET127", "业绩", 0)]
    assert refused({"新渠道": "是\x00"}) == [("SHEET108", "", 0)]


def test_what_contains_itself_ends() -> None:
    facts: dict[str, Plain] = {"业绩": 1}
    facts["单"] = [facts]
    assert refused(facts) == [("SHEET103", "", 0)]


def test_a_float_is_not_exact() -> None:
    with pytest.raises(TypeError, match="not an exact value: 1.5"):
        read_sheets({"单": [{"额": 1.5}]}, "<facts>", PROGRAM)  # type: ignore[dict-item]


# ---------------------------------------------------------------------------------------------- parameters
def test_parameters_as_plain_values() -> None:
    assert read_settings({"比例": "2%", "开放": True}, PROGRAM) == {"比例": Fraction(1, 50), "开放": True}
    words = load_text("政策 乙\n  编号：Y\n参数\n  口号：文本\n条件 丙：口号 ＝ “是”\n").program
    assert read_settings({"口号": "是: 否"}, words) == {"口号": "是: 否"}  # no YAML is read
    verdict = policydsl.loads(POLICY).evaluate(
        {"业绩": 100, "新渠道": False}, as_of="2024-06-30", settings={"比例": "2%", "开放": True})
    assert verdict.results["返利"].total.value.value == 2


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"比例": None}, ["SHEET136"]),  # 无
        ({"比例": ""}, ["SHEET170"]),
        ({"比例": "2%", " 比例": "2%"}, ["SHEET121"]),
        ({"比例": "4%"}, ["SHEET150"]),
        ({"业绩": 3}, ["SHEET171"]),
    ],
)
def test_parameters_refused(given: dict[str, Plain], codes: list[str]) -> None:
    with pytest.raises(SheetError) as caught:
        read_settings(given, PROGRAM)
    assert [d.code for d in caught.value.diagnostics] == codes


CASE = """- name: 一
  as_of: 2024-06-30
  set: {比例: 5%%, 上限: %s, 开放: 是}
  facts: {业绩: 100元}
  expect: {返利: 5元}
"""


def test_the_parameters_of_a_case_are_read_together() -> None:
    """比例 may go as far as 上限, which the case sets too."""
    policy = load_text(POLICY, "甲.pol")
    (spec,) = read_cases(CASE % "10%", "甲.tests.yaml", policy.program)
    assert SheetCase(policy.program, spec).run(policy).passed


def test_a_wrong_parameter_of_a_case_is_shown_where_it_stands() -> None:
    policy = load_text(POLICY, "甲.pol")
    (spec,) = read_cases(CASE % "4%", "甲.tests.yaml", policy.program)
    (failure,) = SheetCase(policy.program, spec).run(policy).failures
    assert [(d.code, d.span.file, d.span.line) for d in failure.refusals] == [("SHEET150", "甲.tests.yaml", 3)]
