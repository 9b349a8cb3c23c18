"""What a case asserts: each kind of expectation met and not met, worked out by hand on two small policies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policydsl.diagnostics import SheetError
from policydsl.engine import load_text
from policydsl.render.layout import Paint
from policydsl.testing import run_examples
from policydsl.testing.failures import report_lines
from testing_support import MORE, TIERS, cases, policy, run

FACTS = "  as_of: 2024-01-01\n  facts: {数: 1000元, 人数: 2}\n"


def failures(expect: str, facts: str = FACTS) -> list[tuple[str, str, str]]:
    (report,) = run(f"- name: x\n{facts}  expect: {expect}\n")
    return [(f.name, f.expected, f.actual) for f in report.failures]


# 1000 元、2 人: silver (gold wants 3), enough, half of it 500
@pytest.mark.parametrize(
    "expect",
    [
        "{档: 银}", "{tier: 银}", "{档: {value: 银}}", "{半: 500}", "{半: '500'}", "{半: 500元}", "{半: 1000/2}",
        "{够: true}", "{够: {holds: true}}", "{够: 是}", "{够: {成立: 是}}", "{档: {status: known}}",
        "{档: {判定: 已定, 缺少: []}}", "{半: {unknown: false}}", "{够: {not_applicable: false}}",
    ],
)
def test_what_came_out(expect: str) -> None:
    assert failures(expect) == []


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{档: 金}", ("档", "金", "银")),
        ("{半: 501}", ("半", "501", "500元")),
        ("{半: 499.9999999999}", ("半", "499.9999999999", "500元")),
        ("{够: {holds: false}}", ("够", "不成立", "成立")),
        ("{够: {holds: null}}", ("够", "未定", "成立")),
        ("{档: {one_of: [金, 银]}}", ("档", "可能：金、银", "银")),
        ("{半: {min: 500, max: 500}}", ("半", "500 至 500", "500元")),
        ("{半: {unknown: true}}", ("半", "未定", "500元")),
        ("{半: {unknown: [数]}}", ("半", "未定，缺 数", "500元")),
        ("{半: {missing: [数]}}", ("半.缺少", "数", "无")),
        ("{半: {status: unknown}}", ("半", "未定", "500元")),
        ("{够: {not_applicable: true}}", ("够", "不适用", "成立")),
        ("{够: {deemed: true}}", ("够.视为", "true", "否")),
        ("{够: {state: met}}", ("够", "met", "成立")),
    ],
)
def test_what_did_not(expect: str, said: tuple[str, str, str]) -> None:
    assert failures(expect) == [said]


NO_HEADS = "  as_of: 2024-01-01\n  facts: {数: 1000元}\n"
NO_AMOUNT = "  as_of: 2024-01-01\n  facts: {人数: 3}\n"


@pytest.mark.parametrize(
    ("facts", "expect", "right"),
    [
        (NO_HEADS, "{档: {one_of: [金, 银]}}", True),
        (NO_HEADS, "{档: {one_of: [银, 金], unknown: [人数]}}", True),
        (NO_HEADS, "{档: {one_of: [金]}}", False),
        (NO_HEADS, "{档: {one_of: [金, 银, 铜]}}", False),
        (NO_HEADS, "{档: {unknown: [数]}}", False),
        (NO_HEADS, "{档: {unknown: []}}", False),
        (NO_HEADS, "{档: 金}", False),
        (NO_AMOUNT, "{半: {min: 0}}", True),
        (NO_AMOUNT, "{半: {min: 0, max: null}}", True),
        (NO_AMOUNT, "{半: {min: 1}}", False),
        (NO_AMOUNT, "{半: {max: 100}}", False),
        (NO_AMOUNT, "{够: {holds: null, missing: [数], status: unknown}}", True),
        (NO_AMOUNT, "{够: {holds: false}}", False),
    ],
)
def test_what_is_open(facts: str, expect: str, right: bool) -> None:
    assert (failures(expect, facts) == []) == right


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        ("fired: [档, 档 2, 档 银, 够]", True),
        ("触发: 档 第2行", True),
        ("fired: [tier 银]", True),
        ("fired: [档 1]", False),
        ("fired: [档 铜]", False),  # silver has been found before
        ("not_fired: [档 金, 档 3]", True),
        ("not_fired: [够]", False),
        ("status: determined", True),
        ("status: undetermined", False),
        ("missing: []", True),
        ("missing: [数]", False),
    ],
)
def test_the_trace_and_the_verdict_as_a_whole(lines: str, right: bool) -> None:
    (report,) = run(f"- name: x\n{FACTS}  {lines}\n")
    assert report.passed == right


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        ("fired: [partner tier gold, partner tier 1]", True),
        ("fired: [Partner  Tier gold]", True),
        ("fired: [partner tier plain]", False),
        ("not_fired: [partner tier gold]", False),
    ],
)
def test_rules_whose_names_are_several_english_words(lines: str, right: bool) -> None:
    made = policy(
        "policy A\n  id: X\ndata\n  people: count (people)\n"
        "tiers partner tier\n  | tier | people |\n  | gold | >= 3 people |\n  | plain | any |\n"
    )
    (report,) = run(f"- name: x\n  as_of: 2024-01-01\n  facts: {{people: 3}}\n  {lines}\n", made)
    assert report.passed == right


def test_what_is_unknown_neither_fired_nor_did_not() -> None:
    fired, not_fired = run(
        f"- name: a\n{NO_HEADS}  fired: [档 金]\n- name: b\n{NO_HEADS}  not_fired: [档 金]\n"
    )
    assert [f.actual for r in (fired, not_fired) for f in r.failures] == ["未定", "未定"]


def test_the_verdict_lacks_what_it_lacks() -> None:
    assert all(r.passed for r in run(f"- name: a\n{NO_HEADS}  missing: [人数]\n  status: undetermined\n"))


# ---------------------------------------------------------------------------------------------- parameters, records
# 分 65 below 70: 降级 from 2024-05-01 for one quarter (the first day not counted), no 通报. Orders: A 20 -> fine 5,
# B 100 -> 10, C below 10
PENALTIES = """\
- name: x
  as_of: 2024-06-01
  facts:
    分: 65
    发现日: 2024-05-01
    单: [{号: A, 价: 20}, {号: B, 价: 100}, {号: C, 价: 9}]
"""


@pytest.mark.parametrize(
    ("rest", "right"),
    [
        ("expect: {罚: {records: {A: 5, B: 10}}}", True),
        ("expect: {罚: {records: {A: 5, B: 11}}}", False),
        ("expect: {罚: {records: {C: 0}}}", False),  # not a record of the result
        ("expect: {罚: {value: 15, records: {B: {value: 10}}}}", True),
        ("expect: {后果: {measures: {降级: [must, true], 通报: [must, false]}}}", True),
        ("expect: {后果: {measures: {降级: {status: 是, modality: must, from: 2024-05-01, to: 2024-08-01}}}}", True),
        ("expect: {后果: {measures: {降级: {to: 2024-07-31}}}}", False),
        ("expect: {后果: {measures: {通报: [must, true]}}}", False),
        ("expect: {后果: {measures: {降级: [may, true]}}}", False),
        ("expect: {通报: {not_done: true}, 降级: {not_done: false}}", True),
        ("expect: {降级: {not_done: true}}", False),
        ("expect: {降级: {barred: false}}", True),
        ("expect: {降级: {barred: true}}", False),
        ("set: {线: 65分}\n  expect: {后果: {holds: false}}", True),  # not below 65
        ("set: {线: 65分}\n  expect: {后果: {holds: true}}", False),
    ],
)
def test_records_measures_and_parameters(rest: str, right: bool) -> None:
    (report,) = run(f"{PENALTIES}  {rest}\n", policy(MORE))
    assert report.passed == right, report.failures


# ---------------------------------------------------------------------------------------------- sheets
def test_a_sheet_is_like_another_with_some_facts_changed_and_some_left_out() -> None:
    reports = run(
        "- define: full\n  as_of: 2024-01-01\n  facts: {数: 1000元, 人数: 3}\n"
        "- define: fewer\n  like: full\n  facts: {人数: 2}\n"
        "- {name: gold, like: full, expect: {档: 金}}\n"
        "- {name: silver, like: fewer, expect: {档: 银}}\n"
        "- {name: by its other name, like: full, facts: {amount: 99}, expect: {档: 铜, 够: false}}\n"
        "- {name: open, like: full, without: 人数, expect: {档: {unknown: [人数]}}}\n"
    )
    assert [r.passed for r in reports] == [True] * 4


def test_the_same_in_chinese() -> None:
    reports = run(
        "- 定义: 全\n  评估日: 2024-01-01\n  事实: {数: 1000元, 人数: 3}\n"
        "- {名称: 金, 沿用: 全, 依据: 一, 裁定: R01, 说明: 够了, 应得: {档: 金, 够: {成立: 是}},"
        " 触发: 档 金, 未触发: 档 银}\n"
        "- {名称: 缺, 沿用: 全, 去掉: 人数, 应得: {档: {可能: [金, 银], 缺少: [人数], 判定: 未定}},"
        " 缺少: 人数, 判定: 未定}\n"
        "- {名称: 区间, 沿用: 全, 去掉: 数, 应得: {半: {下限: 0, 上限: null, 未定: 是}}}\n"
        "- {名称: 拒, 沿用: 全, 事实: {人数: -1}, 拒收: 人数}\n"
    )
    assert [r.passed for r in reports] == [True] * 4


def test_refusals() -> None:
    right, other, accepted, unexpected = run(
        "- {name: a, facts: {人数: -1}, refused: [SHEET150, 人数, 应不低于 0人]}\n"
        "- {name: b, facts: {人数: -1}, refused: 数额}\n"
        "- {name: c, facts: {人数: 1}, refused: 人数}\n"
        "- {name: d, as_of: 2024-01-01, facts: {人数: -1}, expect: {档: 铜}}\n"
    )
    assert right.passed
    assert [f.expected for f in other.failures] == ["数额"]
    assert [f.actual for f in accepted.failures] == ["事实表被接受"]
    assert [d.code for f in unexpected.failures for d in f.refusals] == ["SHEET150"]
    assert unexpected.failures[0].at.line == 4


def test_a_population_is_expected_by_party() -> None:
    right, wrong, nobody = run(
        "- name: a\n  as_of: 2024-01-01\n  facts: [{name: 左, 数: 100}, {name: 右, 数: 99}]\n"
        "  expect: {左: {够: true}, 右: {够: false}}\n"
        "- name: b\n  as_of: 2024-01-01\n  facts: [{name: 左, 数: 100}, {name: 右, 数: 99}]\n"
        "  expect: {左: {够: true}, 右: {够: true}}\n"
        "- name: c\n  as_of: 2024-01-01\n  facts: [{name: 左, 数: 100}]\n  expect: {中: {够: true}}\n"
    )
    assert right.passed
    assert [(f.name, f.party) for f in wrong.failures] == [("右: 够", 1)]
    assert [(f.name, f.actual) for f in nobody.failures] == [("中", "没有这一方")]


def test_a_case_runs_on_another_program_and_says_what_it_looks_at() -> None:
    lower = policy(TIERS.replace("数 ≥ 100元", "数 ≥ 1001元"))
    made = policy()
    (case,) = cases(f"- name: x\n{FACTS}  expect: {{够: true, tier: 银}}\n", made)
    assert case.asserts == {"够", "档"}
    assert case.run(made).passed
    assert [f.name for f in case.run(replace(made, program=lower.program)).failures] == ["够"]
    assert case.run(made).passed


def test_a_failure_shows_every_condition_of_its_result() -> None:
    made = policy()
    (case,) = cases(f"- name: 差一人\n{FACTS}  expect: {{档: 金, 半: 1}}\n", made)
    lines = report_lines(made, case, case.run(made), "zh", Paint(False))
    assert lines[0] == "甲.tests.yaml:4 测试“差一人” 档：应得 金，实得 银"
    text = [" ".join(line.split()) for line in lines]
    assert "✗ 金 第8行" in text
    assert "✓ 数 ≥ 1000元 实际 1,000元" in text
    assert "✗ 人数 ≥ 3人 实际 2人 还差 1人" in text
    english = report_lines(made, case, case.run(made, "en"), "en", Paint(False))
    assert english[0] == "甲.tests.yaml:4 test '差一人' 档: expected 金, got 银"
    assert any("short" in line or "lacking" in line for line in english)


def test_examples_say_the_same_things() -> None:
    from policydsl.testing import collect

    made = policy(
        TIERS + "示例 错\n  评估日：2024年1月1日\n  已知：数 ＝ 100元，人数 ＝ 1人\n"
        "  应得：够 不成立，半 ＝ 51元，档 ＝ 银\n"
    )
    (case,) = collect(made, None)
    report = case.run(made)
    assert (case.source, case.asserts) == ("pol", {"够", "半", "档"})
    assert [(f.name, f.result, f.actual) for f in report.failures] == [("够", "够", "成立"), ("半", "半", "50元")]
    assert [f.fix.text for f in report.failures if f.fix] == ["够 成立", "50元"]


EXCEPTED = """\
政策 丙
  编号：Z
数据
  额：金额，≥ 0元
  甲：是否
  倍：金额，＝ 额 × 2
台账 单，默认 无
  号：文本
  价：金额
分档 奖，别名 prize
  | 额    | 奖  |
  | ＜ 5元 | 1元 |
  | ≥ 5元 | 2元 |
  例外：若 甲，得 9元
奖励 励
  逐条：单
  金额：价 × 1%
"""


@pytest.mark.parametrize(("lines", "right"), [
    ("facts: {额: 1, 甲: true}, fired: [奖 例外]", True),
    ("facts: {额: 1, 甲: true}, fired: [prize exception 1], not_fired: [奖 1, 奖 2]", True),
    ("facts: {额: 1, 甲: true}, fired: [奖 1]", False),
    ("facts: {额: 1, 甲: false}, fired: [奖 1], not_fired: [奖 例外 1]", True),
    ("facts: {额: 1, 甲: false}, fired: [奖 例外]", False),
    ("facts: {额: 1, 甲: false}, not_fired: [励]", True),  # no record, so it has not fired
    ("facts: {额: 1, 甲: false}, fired: [励]", False),
    ("facts: {额: 1, 甲: false, 单: [{号: A}]}, not_fired: [励]", False),  # unknown is neither
    ("facts: {额: 1, 甲: false, 单: [{号: A, 价: 3}]}, not_fired: ['励[B]']", False),
    ("facts: {额: 1元, 甲: false}, expect: {倍: 2元, 额: 1元}", True),
    ("facts: {额: 1元, 甲: false}, expect: {倍: 3元}", False),
    ("facts: {甲: false}, expect: {倍: {unknown: [额]}}", True),
])
def test_exceptions_facts_and_what_no_record_brings_about(lines: str, right: bool) -> None:
    made = policy(EXCEPTED)
    (case,) = cases(f"- {{name: a, as_of: 2024-01-01, {lines}}}\n", made)
    assert case.run(made).passed is right


def test_an_exception_that_is_not_there_is_no_reference() -> None:
    with pytest.raises(SheetError) as refused:
        cases("- {name: a, facts: {额: 1}, fired: [奖 例外 2]}\n", policy(EXCEPTED))
    assert [d.code for d in refused.value.diagnostics] == ["CASE108"]


WRITTEN = """\
政策 丁
  编号：W
数据
  甲日：日期
  乙日：日期
台账 考核
  季：期间
  分：分数
  值：数值
计算 隔 ＝ 相隔天数（甲日，乙日）
计算 五 ＝ 5元
计算 平均值 ＝ 平均（值，逐条 考核）
奖励 奖
  逐条：考核
  若：分 ≥ 70分
  金额：100元
示例 倒过来
  评估日：2024年6月30日
  已知：甲日 ＝ 2024年6月4日，乙日 ＝ 2024年6月1日
  已知 考核：
  | 季 | 分 | 值 |
  | 2024年第1季度 | 70分 | 6 |
  | 2024年第2季度 | 69分 | 14 |
  | 2024年第3季度 | 69分 | -3 |
  应得：隔 ＝ -3天，平均值 ＝ 17/3，五 ＝ 5元
  应得 考核：
  | 季 | 奖 |
  | 2024年第1季度 | 100元 |
  | 2024年 第2季度 | 不成立 |
"""


@pytest.mark.parametrize(("old", "new", "names"), [
    ("", "", []), ("-3天", "-4天", ["隔"]), ("17/3", "16/3", ["平均值"]), ("五 ＝ 5元", "五 ＝ 6元", ["五"]),
    ("-3天，平均值 ＝ 17/3，五 ＝ 5元", "3天，平均值 ＝ 17，五 ＝ 6元", ["隔", "平均值", "五"]),
    ("100元 |", "200元 |", ["考核[2024年第1季度].奖"]),
])
def test_examples_write_values_and_keys_as_a_sheet_does(old: str, new: str, names: list[str]) -> None:
    """14 + 6 - 3 = 17, over 3 records; from 4 June back to 1 June are -3 days."""
    (report,) = run_examples(load_text(WRITTEN.replace(old, new, 1) if old else WRITTEN, "丁.pol"))
    assert [f.name for f in report.failures] == names


def test_no_name_of_the_inside_is_told_where_a_period_is_not_there() -> None:
    text = (
        "政策 试\n  编号：P\n  生效：自 2024年4月1日 起\n\n台账 订单\n  主键：号\n"
        "  号：文本\n  额：金额\n  下单日：日期\n\n"
        "计算 季销 ＝ 合计（额，逐条 订单）\n  统计期：每季度，按 下单日\n\n计算 甲季 ＝ 季销（2024年第1季度）\n\n"
        "示例 一\n  评估日：2023年3月1日\n  已知：订单 ＝ 无\n  应得：甲季 ＝ 6元\n"
    )
    ((failure,),) = [report.failures for report in run_examples(load_text(text))]
    assert "没有这一期" in failure.actual and "no_such_period" not in failure.actual and "@" not in failure.actual
