"""Gaps, overlaps and rows that are never reached, with the words and the place in which they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

import policydsl

from policydsl.diagnostics import Diagnostic, PolicyError
from policydsl.engine import load_policy, load_text
from policydsl.report import advice, headline
from policydsl.testing.collect import collect
from policydsl.testing.examples import run_examples

HEAD = "政策 演示\n  编号：T\n"
EN = "policy Demo\n  id: T\n"


def said(text: str) -> list[Diagnostic]:
    """Everything said about a policy but for unused declarations."""
    try:
        found = load_text(text).diagnostics
    except PolicyError as error:
        found = error.diagnostics
    return [d for d in found if d.code != "POL212"]


def bands(declaration: str, *rows: str, more: str = "") -> list[Diagnostic]:
    """What is said about the bands of X."""
    table = "".join(f"  | {row} | {i}分 |\n" for i, row in enumerate(rows))
    return said(f"{HEAD}数据\n  X：{declaration}\n{more}\n分档 得分\n  | X | 分 |\n{table}")


def missing(found: list[Diagnostic]) -> list[str]:
    assert {d.code for d in found} <= {"POL406", "POL409"}
    return [d.args["missing"] for d in found]


# declaration, rows, what is missing
GAPS = [
    # the edge itself, a stretch, both ends of the range
    ("百分比，0% 至 100%", ["＜ 8%", "＞ 8%"], ["X＝8%"]),
    ("百分比，0% 至 100%", ["＜ 8%", "8%＜X≤10%", "＞ 12%"], ["X＝8%", "10%＜X≤12%"]),
    ("百分比，0% 至 100%", ["8%≤X≤50%"], ["0%≤X＜8%", "50%＜X≤100%"]),
    ("百分比，＞ 0%", ["≥ 50%"], ["0%＜X＜50%"]),
    # no declared range: the whole line; a range from above only
    ("百分比", ["0% 至 100%"], ["X＜0%", "X＞100%"]),
    ("百分比，≤ 100%", ["≥ 0%"], ["X＜0%"]),
    ("金额", ["≥ 150万元"], ["X＜150万元"]),
    ("金额，≥ 0元", ["＜ 150万元", "≥ 200万元"], ["150万元≤X＜200万元"]),
    # a count is a whole number: nothing between 2 and 3
    ("数量（人），≥ 0人", ["≤ 2人", "≥ 3人"], []),
    ("数量（人），≥ 0人", ["≤ 2人", "≥ 4人"], ["X＝3人"]),
    ("数量（人），≥ 0人", ["＜ 2人", "＞ 4人"], ["2人≤X≤4人"]),
    ("数量（人），≥ 0人", ["0人", "1人", "≥ 3人"], ["X＝2人"]),
    ("数量（人）", ["0人", "≥ 1人"], ["X≤-1人"]),
    # but person-days may be fractions
    ("数量（人天），≥ 0人天", ["≤ 2人天", "≥ 3人天"], ["2人天＜X＜3人天"]),
    # days are whole too, months and days are kept apart
    ("日期，不早于 2024年1月1日", ["≤ 2024年6月30日", "≥ 2024年7月1日"], []),
    ("日期，不早于 2024年1月1日", ["≤ 2024年6月29日", "≥ 2024年7月1日"], ["X＝2024年6月30日"]),
    ("时长，0个月 至 24个月", ["≤ 1年", "≥ 18个月"], ["1年＜X＜18个月"]),
    ("分数，0分 至 25分", ["25分", "20分 至 24分", "＜ 20分"], ["24分＜X＜25分"]),
    # finite sets
    ("是否", ["是"], ["X＝否"]),
    ("选项（甲、乙、丙）", ["甲"], ["X＝乙", "X＝丙"]),
    ("选项（甲、乙、丙）", ["甲、乙", "丙"], []),
    ("选项（甲、乙、丙）", ["不为 丙"], ["X＝丙"]),
    ("选项（甲、乙、等）", ["甲", "乙"], []),
    # 不限 covers everything, 选填 asks for no row
    ("百分比", ["不限"], []),
    ("金额，选填，≥ 0元", ["＜ 1元", "≥ 1元"], []),
]


@pytest.mark.parametrize(("declaration", "rows", "wanted"), GAPS)
def test_gaps(declaration: str, rows: list[str], wanted: list[str]) -> None:
    rows = [row.replace("不为 丙", "X 不为 丙") for row in rows]
    assert missing(bands(declaration, *rows)) == wanted


# declaration, rows, rows that overlap and where
OVERLAPS = [
    ("百分比，0% 至 100%", ["≤ 8%", "≥ 8%"], ("1", "2", "X＝8%")),
    ("百分比，0% 至 100%", ["≤ 20%", "8%＜X≤30%", "＞ 30%"], ("1", "2", "8%＜X≤20%")),
    ("数量（人），≥ 0人", ["≤ 3人", "≥ 3人"], ("1", "2", "X＝3人")),
    ("选项（甲、乙、丙）", ["甲、乙", "乙、丙"], ("1", "2", "X＝乙")),
    ("是否", ["是", "不限"], ("1", "2", "X＝是")),
]


@pytest.mark.parametrize(("declaration", "rows", "wanted"), OVERLAPS)
def test_overlaps(declaration: str, rows: list[str], wanted: tuple[str, str, str]) -> None:
    found = bands(declaration, *rows)
    assert [d.code for d in found] == ["POL407"]
    assert tuple(found[0].args[key] for key in ("first", "second", "both")) == wanted


def test_a_lost_edge_is_offered_to_a_neighbour() -> None:
    (found,) = bands("百分比，0% 至 100%", "＜ 8%", "＞ 8%")
    assert (found.span.line, found.span.column, found.span.end_column) == (8, 5, 9)
    assert found.fix is not None and found.fix.text == "≤ 8%"
    assert headline(found, "zh") == "“得分”有缺口：X＝8% 没有哪一行管"
    assert advice(found, "zh") == (
        "提示：补一行：  | 8% | … |；来源文件没有写的，值写 未规定", "可以改成：≤ 8%（8% 就归第 1 行）"
    )


def test_a_shared_edge_is_taken_from_the_later_row() -> None:
    (found,) = bands("百分比，0% 至 100%", "≤ 8%", "8%以上")
    assert found.span.line == 9
    assert found.fix is not None and found.fix.text == "＞ 8%"
    assert advice(found, "zh") == ("可以改成：＞ 8%（8% 就归第 1 行）",)


def test_a_row_that_nothing_meets() -> None:
    found = bands("百分比，0% 至 100%", "≤ 8%", "10%＜X≤8%", "＞ 8%")
    assert [(d.code, d.span.line) for d in found] == [("POL419", 9)]
    assert found[0].args["read"] == "10%＜X≤8%"


def test_a_row_outside_the_declared_range() -> None:
    assert [d.code for d in bands("百分比，0% 至 100%", "≤ 100%", "＞ 100%")] == ["POL419"]


def test_the_range_may_come_from_a_derived_value() -> None:
    text = (
        f"{HEAD}数据\n  甲：分数，0分 至 10分\n  乙：分数，0分 至 10分\n\n计算 和 ＝ 甲 ＋ 乙\n\n"
        "分档 等\n  | 和 | 分 |\n  | ≤ 12分 | 1分 |\n  | 12分＜和≤20分 | 2分 |\n"
    )
    assert said(text) == []
    (found,) = said(text.replace("和≤20分", "和≤19分"))
    assert found.args["missing"] == "19分＜和≤20分"


def test_a_range_line_limits_a_computed_value() -> None:
    text = (
        f"{HEAD}数据\n  甲：分数\n\n计算 值 ＝ 甲 × 2\n  范围：0分 至 25分\n\n"
        "分档 等\n  | 值 | 分 |\n  | ≤ 12分 | 1分 |\n  | 12分＜值≤25分 | 2分 |\n"
    )
    assert said(text) == []


def test_counting_records_gives_no_negative_number() -> None:
    text = (
        f"{HEAD}台账 订单\n  单号：文本\n\n计算 笔数 ＝ 条数（订单）\n\n"
        "分档 等\n  | 笔数 | 分 |\n  | 0 | 0分 |\n  | 1 | 1分 |\n  | ≥ 3 | 2分 |\n"
    )
    (found,) = said(text)
    assert (found.code, found.args["missing"]) == ("POL406", "笔数＝2")


def test_a_parameter_with_a_value_is_a_constant_and_an_open_one_is_not() -> None:
    rows = ("＜ 线", "＞ 线")
    fixed = bands("百分比，0% 至 100%", *rows, more="\n参数\n  线 ＝ 8%\n")
    assert missing(fixed) == ["X＝8%"]
    (told,) = bands("百分比，0% 至 100%", *rows, more="\n参数\n  线：百分比\n")
    assert (told.code, told.severity, told.args["read"]) == ("POL427", "notice", "＜ 线")


def decide(rows: str, hit: str = "") -> list[Diagnostic]:
    head = "数据\n  新：是否\n  级：选项（甲、乙）\n  额：金额，≥ 0元\n\n判定表 率\n"
    return said(f"{HEAD}{head}{hit}  | 新 | 级 | 额 | 率值 |\n{rows}")


def test_decision_tables_are_complete_over_all_columns() -> None:
    rows = "  | 是 | 不限 | 不限 | 1% |\n  | 否 | 甲 | ＜ 1万元 | 2% |\n  | 否 | 乙 | 不限 | 3% |\n"
    assert missing(decide(rows)) == ["新＝否，级＝甲，额≥1万元"]
    assert decide(rows + "  | 否 | 甲 | ≥ 1万元 | 4% |\n") == []


def test_decision_tables_are_disjoint() -> None:
    rows = "  | 是 | 不限 | 不限 | 1% |\n  | 不限 | 甲 | 不限 | 2% |\n  | 否 | 乙 | 不限 | 3% |\n"
    (found,) = decide(rows)
    assert (found.code, found.args["both"]) == ("POL407", "新＝是，级＝甲")


def test_a_table_that_takes_the_first_row_may_overlap() -> None:
    rows = "  | 是 | 不限 | 不限 | 1% |\n  | 不限 | 甲 | 不限 | 2% |\n  | 不限 | 不限 | 不限 | 3% |\n"
    assert decide(rows, "  命中：首条\n") == []
    (found,) = decide("  | 是 | 不限 | 不限 | 1% |\n  | 是 | 甲 | 不限 | 2% |\n", "  命中：首条\n")
    assert (found.code, found.severity, found.span.line) == ("POL408", "warning", 12)


def test_a_rate_table_may_have_gaps_and_no_overlaps() -> None:
    head = "数据\n  额：金额，≥ 0元\n\n奖励 返利\n  基数：额\n  | 额 | 率 |\n  | ≥ 10万元 | 3% |\n"
    assert said(HEAD + head) == []
    (found,) = said(HEAD + head + "  | ≥ 20万元 | 5% |\n")
    assert (found.code, found.args["both"]) == ("POL407", "额≥20万元")


def rates(*rows: str, more: str = "", head: str = "| A | X | 比例 |") -> list[Diagnostic]:
    table = "".join(f"  | {row} | {i + 1}% |\n" for i, row in enumerate(rows))
    facts = "数据\n  A：选项（金牌、银牌）\n  X：百分比，0% 至 100%\n  业绩：金额，≥ 0元\n"
    return said(f"{HEAD}{facts}奖励 奖\n  基数：业绩\n{more}  {head}\n{table}")


HOLES = [
    (["金牌 | ＜ 10%", "金牌 | ≥ 20%"], ["A＝金牌，10%≤X＜20%"]),
    (["金牌 | ＜ 10%", "金牌 | ＞ 10%", "金牌 | ＞ 90%"], ["A＝金牌，X＝10%"]),  # beside an overlap
    (["金牌 | 10% 至 20%", "金牌 | 30% 至 40%", "金牌 | ＞ 50%"], ["A＝金牌，20%＜X＜30%", "A＝金牌，40%＜X≤50%"]),
    (["金牌 | ≥ 10%", "银牌 | ＜ 5%"], []),  # each level has its own edge
    (["金牌 | ＜ 10%", "金牌 | ≥ 20%", " | 10%≤X＜20%"], []),  # a row for all levels closes it
    (["金牌 | ＜ 10%", "金牌 | ≥ 20%", "金牌、银牌 | 12%≤X＜15%"], []),  # in part: the author has thought of it
    (["金牌 | 20% 至 30%"], []),  # nothing before and nothing behind
]


@pytest.mark.parametrize(("rows", "wanted"), HOLES)
def test_a_hole_between_two_rates_is_told(rows: list[str], wanted: list[str]) -> None:
    assert [d.args["missing"] for d in rates(*rows) if d.code == "POL439"] == wanted


def test_a_hole_that_is_one_number_is_offered_to_a_row_and_says_what_moves() -> None:
    (found,) = rates("金牌 | ＜ 10%", "金牌 | ＞ 10%")
    assert (found.code, found.severity, found.span.line) == ("POL439", "warning", 11)
    assert advice(found, "zh") == ("第 10 行可以改成：≤ 10%（10% 就归第 1 行）",)
    assert advice(found, "en") == ("Line 10 could be: ≤ 10% (10% would then fall under row 1)",)


COUNTED = """台账 违规记录，默认 无
  号：文本
  公告：日期
期限 有效期
  逐条：违规记录
  起算：公告 当日起
  时长：12个月
处罚 违规罚
  逐条：违规记录
  统计期：有效期
  下限：1万元
  上限：5万元
  | 次数 | 金额 |
"""


def test_of_a_table_by_occurrence_a_hole_and_amounts_beyond_the_limits_are_told() -> None:
    """The second is missing; 5,000 is below the floor and 60,000 above the cap; both limits themselves are not."""
    rows = ("首次 | 5000元", "第3次 | 1万元", "第4次 | 5万元", "第5次 以上 | 6万元")
    found = said(HEAD + COUNTED + "".join(f"  | {row} |\n" for row in rows))
    assert [(d.code, d.args.get("missing") or d.args["read"]) for d in found] == [
        ("POL440", "5000元"), ("POL439", "次数＝第2次"), ("POL440", "6万元"),
    ]
    assert [d.args["limit"] for d in found if d.code == "POL440"] == ["1万元", "5万元"]


def test_an_amount_that_is_worked_out_is_not_said_to_be_beyond_a_limit() -> None:
    text = "数据\n  业绩：金额，≥ 0元\n奖励 奖\n  金额：业绩 × 1%\n  下限：1万元\n"
    assert said(f"{HEAD}{text}") == []


def test_a_table_that_is_too_large_is_said_to_be_unchecked() -> None:
    columns = 16
    facts = "".join(f"  甲{i}：是否\n" for i in range(columns))
    header = " | ".join(f"甲{i}" for i in range(columns))
    rows = "".join(
        "  | " + " | ".join("是" if i == j else "不限" for i in range(columns)) + " | 1% |\n" for j in range(columns)
    )
    found = said(f"{HEAD}数据\n{facts}\n判定表 率\n  | {header} | 率值 |\n{rows}")
    assert {d.code for d in found} == {"POL407", "POL420"}


TIERS = "数据\n  额：金额，≥ 0元\n  证：数量（人），≥ 0人\n  签：是否\n\n等级 级\n"


def test_a_tier_that_asks_for_more_below_one_that_asks_for_less() -> None:
    found = said(f"{HEAD}{TIERS}  | 名 | 额 | 证 |\n  | 金 | ≥ 1元 | 不限 |\n  | 银 | ≥ 1元 | ≥ 1人 |\n")
    assert [(d.code, d.args["read"], d.args["by"]) for d in found] == [("POL408", "银", "金")]


def test_tiers_that_ask_for_different_things_are_fine() -> None:
    assert said(f"{HEAD}{TIERS}  | 名 | 额 | 证 |\n  | 金 | ≥ 9元 | 不限 |\n  | 银 | ≥ 1元 | ≥ 1人 |\n") == []
    assert said(f"{HEAD}{TIERS}  | 名 | 额 | 签 |\n  | 金 | ≥ 1元 | 是 |\n  | 银 | ≥ 1元 | 不限 |\n") == []


def test_tiers_as_columns() -> None:
    rows = "  | 要求 | 金 | 银 |\n  | 额 | ≥ 1元 | ≥ 9元 |\n  | 证 | ≥ 1人 | ≥ 1人 |\n"
    found = said(f"{HEAD}{TIERS}{rows}")
    assert [(d.code, d.args["read"]) for d in found] == [("POL408", "银")]


def test_the_order_of_tiers_counts() -> None:
    rows = "  次序：由低到高\n  | 名 | 额 |\n  | 银 | ≥ 1元 |\n  | 金 | ≥ 9元 |\n"
    assert said(f"{HEAD}{TIERS}{rows}") == []


def test_a_case_that_an_earlier_case_takes() -> None:
    text = (
        f"{HEAD}数据\n  额：金额，≥ 0元\n  签：是否\n\n计算 率\n"
        "  若 额 ≥ 1万元：1%\n  若 额 ≥ 5万元 且 签：5%\n  否则：0%\n"
    )
    (found,) = said(text)
    assert (found.code, found.span.line) == ("POL408", 9)
    assert (found.args["read"], found.args["by"]) == ("额 ≥ 5万元 且 签", "额 ≥ 1万元")


def test_cases_without_otherwise_and_cases_about_nothing_are_fine() -> None:
    text = (
        f"{HEAD}数据\n  日：日期，选填\n\n计算 态：选项（未办、早、晚）\n"
        "  若 日 为 无：未办\n  若 日 早于 2024年1月1日：早\n  若 日 不早于 2024年1月1日：晚\n"
    )
    assert said(text) == []


def test_english_is_told_in_english() -> None:
    text = (
        f"{EN}data\n  rate: percent, 0% to 100%\n  kind: choice (a, b)\n\nbands mark\n  | rate | mark |\n"
        "  | < 8% | 1 points |\n  | 8% < rate <= 10% | 2 points |\n  | above 10% | 3 points |\n"
    )
    (found,) = said(text)
    assert headline(found, "en") == "'mark' has a gap: no row covers rate = 8%"
    assert found.fix is not None and found.fix.text == "<= 8%"


SET = """政策 甲
  编号：X
数据
  业绩：金额，≥ 0元
参数
  界限 ＝ 50万元
  高界 ＝ 80万元
奖励 奖
  基数：业绩
  | 业绩         | 比例 |
  | ＜ 50万元    | 1%   |
  | 界限 至 高界 | 2%   |
"""


def test_limits_that_are_set_from_outside_may_not_overlap_either() -> None:
    policy = policydsl.loads(SET)
    facts = {"业绩": "55万元"}
    assert policy.evaluate(facts, settings={"高界": "90万元"}).results["奖"].total.value.values == (11000,)  # 2%
    with pytest.raises(PolicyError) as refused:
        policy.evaluate(facts, settings={"界限": "40万元"})
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.span.line, problem.args["names"]) == ("POL458", 12, "界限")


@pytest.mark.parametrize(("settings", "why"), [
    ("高界 ＝ 90万元", ""), ("界限 ＝ 40万元", "40万元≤业绩＜50万元"),
])
def test_nor_may_those_of_an_example(settings: str, why: str) -> None:
    example = f"示例 设\n  评估日：2024年1月1日\n  已知：业绩 ＝ 55万元，{settings}\n  应得：奖 ＝ 11000元\n"
    (report,) = run_examples(load_text(SET + example))
    assert [why in failure.actual for failure in report.failures] == ([True] if why else [])


def test_nor_those_of_a_case(tmp_path: Path) -> None:
    path = tmp_path / "甲.pol"
    path.write_text(SET, encoding="utf-8")
    (tmp_path / "甲.tests").mkdir()
    cases = "- name: {0}\n  as_of: 2024-01-01\n  facts: {{业绩: 55万元}}\n  set: {{{1}}}\n  expect: {{奖: 11000元}}\n"
    told = cases.format("好", "高界: 90万元") + cases.format("坏", "界限: 40万元")
    (tmp_path / "甲.tests" / "a.yaml").write_text(told, encoding="utf-8")
    policy = load_policy(path)
    reports = [case.run(policy) for case in collect(policy, path)]
    assert [(r.name, r.passed) for r in reports] == [("好", True), ("坏", False)]
    assert [p.code for f in reports[1].failures for p in f.refusals] == ["POL458"]
