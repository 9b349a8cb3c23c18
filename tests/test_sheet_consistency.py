"""What one value says against the others: ranges, computed values, keys of tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from engine_support import policy
from kind_support import options
from sheet_program import AT, PROGRAM, fact

from policydsl.core import DAY, Bound, Const, ListDecl, Program, Read
from policydsl.diagnostics import Diagnostic, SheetError
from policydsl.judge import judge
from policydsl.kinds import DATE, NUMBER, TEXT, Exact
from policydsl.sheet import check_ranges, read_sheets
from policydsl.testing.examples import run_examples


def problems(text: str, as_of: date | None = None, program: Program = PROGRAM) -> list[Diagnostic]:
    try:
        read_sheets(text, "p.yaml", program, as_of=as_of)
    except SheetError as error:
        return list(error.diagnostics)
    return []


def told(text: str, as_of: date | None = None, program: Program = PROGRAM) -> list[tuple[str, str]]:
    return [(d.code, d.args["path"]) for d in problems(text, as_of, program)]


@pytest.mark.parametrize("ecr", ["0%", "100%", "1/2"])
def test_inside_a_constant_range(ecr: str) -> None:
    assert told(f"ECR: {ecr}\n整体业绩: 0") == []


def test_outside_a_constant_range() -> None:
    low, high = problems("整体业绩: -0.01\nECR: 100.01%")
    assert (low.code, low.args["read"], low.args["limit"]) == ("SHEET150", "-0.01元", "不低于 0元")
    assert (high.code, high.args["read"], high.args["limit"]) == ("SHEET150", "100.01%", "不超过 100%")


def test_the_message_names_what_was_read_and_the_limit() -> None:
    (problem,) = problems("整体业绩: -1万元")
    assert problem.args == {"path": "整体业绩", "read": "-1万元", "limit": "不低于 0元"}
    (problem,) = problems("公告日期: 2024-05-01\n首次赢单日期: 2024-04-30")
    assert problem.args == {"path": "首次赢单日期", "read": "2024年4月30日", "limit": "不早于 2024年5月1日（公告日期）"}


def test_open_ends_and_both_ends() -> None:
    half_open = fact(
        "系数", NUMBER, ranges=(Bound(Const(Fraction(0), kind=NUMBER), ">", Const(Fraction(1), kind=NUMBER), "<"),)
    )
    program = replace(PROGRAM, inputs={"系数": half_open})
    assert [told(f"系数: {v}", program=program) for v in ("0.01", "0.99")] == [[], []]
    assert [told(f"系数: {v}", program=program) for v in ("0", "1")] == [[("SHEET150", "系数")]] * 2


def test_a_range_that_names_an_unknown_fact_is_not_tested() -> None:
    assert told("首次赢单日期: 2024-04-30") == []
    assert told("首次赢单日期: 无\n公告日期: 2024-05-01") == []


def test_an_end_that_is_not_known_limits_by_what_it_may_be() -> None:
    """Sent on a day not told, but not before the event of 20 August: what arrived on 30 March arrived before it."""
    facts = (
        "数据\n  发生日：日期\n  发送日：日期{}，不早于 发生日\n  送达日：日期，不早于 发送日\n"
        "条件 晚：送达日 ＞ 发生日\n"
    )
    sent, maybe = (policy(facts.format(more)).program for more in ("", "，选填"))
    text = "发生日: 2022-08-20\n送达日: 2022-03-30"
    (problem,) = problems(text, program=sent)
    assert (problem.code, problem.args["path"]) == ("SHEET150", "送达日")
    assert problem.args["limit"] == "不早于 2022年8月20日（发送日）"
    assert told("发生日: 2022-08-20\n送达日: 2022-08-20", program=sent) == []
    assert told(text, program=maybe) == []  # nothing need have been sent


PROMISES = policy(
    "数据\n  甲比：百分比，0% 至 100%\n  乙比：百分比，0% 至 100%\n"
    "参数\n  底 ＝ 10%\n"
    "台账 单\n  主键：号\n  仅计：算数\n  号：文本\n  额：金额，≥ 0元\n  折：金额，≥ 0元\n  算数：是否，默认 是\n"
    "计算 其余比 ＝ 1 － 甲比 － 乙比\n  范围：0% 至 100%\n"
    "计算 高出 ＝ 甲比 － 底\n  范围：≥ 0%\n"
    "计算 净额 ＝ 额 － 折\n  逐条：单\n  范围：≥ 0元\n"
    "要求 其余不为负：其余比 ≥ 0%\n要求 高：高出 ≥ 5%\n要求 净：净额 ≥ 1元\n  逐条：单\n"
).program


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("甲比: 60%\n乙比: 40%", []),  # 1 - 60% - 40% = 0%
        ("甲比: 60%\n乙比: 41%", [("其余比", 1, "-1%", "不低于 0%")]),
        ("甲比: 100%", []),  # 乙比 is then 0%, or the sheet will be refused
        ("甲比: 9%", [("高出", 1, "-1%", "不低于 0%")]),  # 底 is 10%
        ("单: [{号: A, 额: 5, 折: 5}, {号: B, 额: 5, 折: 6}]", [("单[B].净额", 1, "-1元", "不低于 0元")]),
        ("单: [{号: A, 额: 5}, {号: B, 折: 6}]", []),
        ("单: [{号: B, 额: 5, 折: 6, 算数: 否}]", []),  # a record that does not count breaks nothing
    ],
)
def test_a_range_of_a_computed_value_is_a_promise(text: str, refused: list[tuple[str, int, str, str]]) -> None:
    found = [
        (d.args["path"], d.span.line, d.args["read"], d.args["limit"])
        for d in problems(text, program=PROMISES) if d.code == "SHEET155"
    ]
    assert found == refused and len(problems(text, program=PROMISES)) == len(refused)


def test_a_promise_is_broken_by_a_parameter_too_and_in_part_known() -> None:
    sheets = read_sheets("甲比: 20%", "p.yaml", PROMISES)
    assert check_ranges(PROMISES, sheets, date(2024, 1, 1), {"底": Fraction(1, 5)}) == []
    (problem,) = check_ranges(PROMISES, sheets, date(2024, 1, 1), {"底": Fraction(1, 4)})
    assert (problem.code, problem.args["read"], problem.args["facts"]) == ("SHEET155", "-5%", "底、甲比")
    made = policy(
        "数据\n  甲：数值，≥ 0\n  乙：数值，≥ 0\n计算 余 ＝ 1 － 甲 － 乙\n  范围：≥ 0\n条件 有余：余 ＞ 0\n"
    ).program
    (problem,) = problems("甲: 3", program=made)  # whatever 乙 is, 余 is at most -2
    assert (problem.args["path"], problem.args["read"], problem.args["facts"]) == ("余", "不超过 -2", "甲")


@pytest.mark.parametrize(("range_", "kept_on"), [
    ("不晚于 评估日", (10, 11)), ("早于 评估日", (11,)), ("不早于 评估日", (9, 10)),
    ("不早于 报送日，不晚于 评估日", (10, 11)),
])
def test_a_parameter_is_held_against_the_evaluation_date(range_: str, kept_on: tuple[int, ...]) -> None:
    """It is no event that may be yet to come: what the author set has to lie in the range on the day that is judged."""
    made = policy(f"数据\n  报送日：日期\n参数\n  公布日：日期，{range_}\n条件 已过：公布日 晚于 报送日\n").program
    setting = {"公布日": date(2024, 6, 10)}
    sheets = read_sheets("报送日: 2024-06-01", "p.yaml", made, settings=setting)
    kept = [day for day in (9, 10, 11) if not check_ranges(made, sheets, date(2024, 6, day), setting)]
    assert kept == list(kept_on)
    for day in {9, 10, 11} - {*kept_on}:  # two sheets that state that day
        text = f"全体:\n  - {{名称: 甲, 评估日: 2024-06-{day:02}}}\n  - {{名称: 乙, 评估日: 2024-06-{day:02}}}\n"
        with pytest.raises(SheetError) as raised:
            read_sheets(text, "p.yaml", made, settings=setting)
        assert [(d.code, d.args["path"]) for d in raised.value.diagnostics] == [("SHEET150", "公布日")]


@pytest.mark.parametrize(("gap", "given_day", "as_of", "computed"), [
    # Ten days from 1 June are 11 June; on the 5th that is yet to come.
    ("开始日 ＋ 10天", "2024-06-04", date(2024, 6, 5), "2024年6月11日，在评估日之后，还没有到"),
    ("开始日 ＋ 10天", "2024-06-04", date(2024, 6, 11), "2024年6月11日"),
    # A day before an event of 1 July, which on 10 June is yet to come itself.
    ("开业日 － 30天", "2024-05-31", date(2024, 6, 10), "无（它所依据的日子还没有到）"),
    ("开业日 － 30天", "2024-05-31", date(2024, 7, 1), "2024年6月1日"),
])
def test_a_day_against_one_that_is_yet_to_come(gap: str, given_day: str, as_of: date, computed: str) -> None:
    made = policy(
        "数据\n  开始日：日期\n  开业日：日期，不晚于 评估日\n"
        f"  办结日：日期，选填，不晚于 评估日，＝ {gap}\n条件 办了：办结日 已填\n"
    ).program
    (problem,) = problems(f"开始日: 2024-06-01\n开业日: 2024-07-01\n办结日: {given_day}", as_of, made)
    assert (problem.code, problem.args["computed"]) == ("SHEET151", computed)


def test_what_a_range_takes_away_is_said_in_the_verdict() -> None:
    """With 甲比 100% the facts leave 其余比 from -100% to 0%: that it is 0% rests on the range alone."""
    def remarks(text: str) -> tuple[str, ...]:
        sheets = read_sheets(text, "p.yaml", PROMISES)
        return judge(PROMISES, sheets, date(2024, 1, 1))[0].remarks

    assert remarks("甲比: 100%") == ("narrowed:其余比",)
    assert remarks("甲比: 60%\n乙比: 40%") == ()


def test_a_range_that_names_a_field_of_the_record() -> None:
    text = (
        "违规记录:\n"
        "- {记录号: V1, 公告日期: 2024-05-01, 举报日期: 2024-05-02}\n"
        "- {记录号: V2, 公告日期: 2024-05-01, 举报日期: 2024-05-01}"
    )
    assert told(text) == [("SHEET150", "违规记录[V1].举报日期")]


def test_a_sheet_may_hold_what_lies_after_the_evaluation_date() -> None:
    text = "首次赢单日期: 2024-07-01\n违规记录: [{记录号: V1, 公告日期: 2024-07-02}]"
    for as_of in (None, date(2024, 6, 30), date(2024, 7, 2)):
        assert told(text, as_of=as_of) == []
    assert told(f"评估日: 2024-06-30\n{text}") == []


@pytest.mark.parametrize("as_of", [None, date(2024, 4, 1), date(2024, 6, 30)])
def test_what_days_say_of_each_other_does_not_hang_on_the_evaluation_date(as_of: date | None) -> None:
    assert told("公告日期: 2024-05-02\n首次赢单日期: 2024-05-01", as_of=as_of) == [("SHEET150", "首次赢单日期")]


def test_check_ranges_once_the_date_is_known() -> None:
    soon = replace(PROGRAM.inputs["首次赢单日期"], ranges=(Bound(Read("", DAY, kind=DATE), ">=", None, "<="),))
    program = replace(PROGRAM, inputs=PROGRAM.inputs | {"首次赢单日期": soon})
    sheets = read_sheets("首次赢单日期: 2024-06-30", "p.yaml", program)
    assert check_ranges(program, sheets, date(2024, 6, 30)) == []
    (problem,) = check_ranges(program, sheets, date(2024, 7, 1))
    assert (problem.code, problem.span.line, problem.args["limit"]) == ("SHEET150", 1, "不早于 2024年7月1日")


def test_a_date_reached_through_a_default_waits_for_the_date_too() -> None:
    start = fact("开始", DATE, default=Read("", DAY, kind=DATE))
    end = fact("结束", DATE, ranges=(Bound(Read("", "开始", kind=DATE), ">=", None, "<="),))
    program = replace(PROGRAM, inputs={"开始": start, "结束": end})
    assert told("结束: 2024-01-01", program=program) == []
    assert told("结束: 2024-01-01", date(2024, 1, 2), program) == [("SHEET150", "结束")]
    assert told("结束: 2024-01-01\n开始: 2023-01-01", date(2024, 1, 2), program) == []


def test_settings_take_part_in_ranges() -> None:
    quota = fact("名额", NUMBER, parameter=True)
    used = fact("已用", NUMBER, ranges=(Bound(None, ">=", Read("", "名额", kind=NUMBER), "<="),))
    program = replace(PROGRAM, inputs={"名额": quota, "已用": used})
    assert read_sheets("已用: 5", "p.yaml", program)[0].values == {"已用": 5}
    with pytest.raises(SheetError):
        read_sheets("已用: 5", "p.yaml", program, settings={"名额": Fraction(4)})


def test_what_is_computed_may_be_given_only_as_it_is() -> None:
    assert told("ECR: 8%\n简单问题数: 8\n通话总数: 100") == []
    (problem,) = problems("ECR: 9%\n简单问题数: 8\n通话总数: 100")
    assert (problem.code, problem.args["read"], problem.args["computed"]) == ("SHEET151", "9%", "8%")
    assert told("ECR: 9%\n简单问题数: 8") == []  # not computed while a fact is missing
    assert told("ECR: 9%\n简单问题数: 0\n通话总数: 0") == []  # nor without a result
    assert told("ECR: 1/3\n简单问题数: 1\n通话总数: 3") == []


@pytest.mark.parametrize(
    ("product", "known"), [("S922", True), ("ｓ922", True), ("FP8", True), ("fp", True), ("S9", False)]
)
def test_keys_of_a_table(product: str, known: bool) -> None:
    assert told(f"产品: {product}") == ([] if known else [("SHEET152", "产品")])


def test_near_misses_among_the_keys() -> None:
    (problem,) = problems("产品: S92")
    assert problem.suggestions[0] == "S922"
    assert problem.args["table"] == "产品目录"


def test_a_table_still_to_be_supplied_refuses_nothing() -> None:
    empty = replace(PROGRAM.lists["产品目录"], rows=(), supplied=False)
    program = replace(PROGRAM, lists={**PROGRAM.lists, "产品目录": empty})
    assert told("产品: S9", program=program) == []


def test_keys_of_a_ledger_of_the_same_sheet() -> None:
    orders = ListDecl("订单", None, "sheet", (fact("订单号", TEXT),), AT, key="订单号")
    visit = fact("签收单", TEXT, within="订单")
    program = replace(PROGRAM, inputs={"签收单": visit}, lists={"订单": orders})
    assert told("订单: [{订单号: A1}]\n签收单: a1", program=program) == []
    assert told("订单: [{订单号: A1}]\n签收单: A2", program=program) == [("SHEET152", "签收单")]
    assert told("签收单: A2", program=program) == []  # the ledger is unknown
    assert told("订单: [{订单号: A1}, {}]\n签收单: A2", program=program) == []  # so is one key


def test_shared_ledgers_are_tested_once() -> None:
    ledger = replace(PROGRAM.lists["违规记录"], shared=True)
    program = replace(PROGRAM, lists={**PROGRAM.lists, "违规记录": ledger})
    text = "全体: [{名称: 甲}, {名称: 乙}]\n违规记录: [{记录号: V1, 金额: -1}]"
    assert told(text, program=program) == [("SHEET150", "违规记录[V1].金额")]


def test_ranges_of_each_party_read_its_own_facts() -> None:
    text = (
        "- {名称: 甲, 公告日期: 2024-05-01, 首次赢单日期: 2024-05-02}\n"
        "- {名称: 乙, 公告日期: 2024-05-03, 首次赢单日期: 2024-05-02}"
    )
    assert told(text) == [("SHEET150", "全体[乙].首次赢单日期")]


def test_ordered_choices_have_ranges_too() -> None:
    grade = options("级别", "三类", "二类", "一类", ordered=True)
    low: Exact = "二类"
    declared = fact("级别", grade, ranges=(Bound(Const(low, kind=grade), ">=", None, "<="),))
    program = replace(PROGRAM, inputs={"级别": declared})
    assert told("级别: 一类", program=program) == []
    assert told("级别: 三类", program=program) == [("SHEET150", "级别")]


def test_what_a_fact_is_derived_from_keeps_its_range_too() -> None:
    """Not filled in: what it is computed as is held against its range, of the party and of each record."""
    made = policy(
        "数据\n  甲：数值\n  乙：数值，不高于 10，等于 甲 ＋ 1\n"
        "台账 单\n  号：文本\n  丙：数值\n  丁：数值，不高于 10，等于 丙 ＋ 甲\n计算 值 ＝ 乙 ＋ 合计（丁，逐条 单）\n"
    ).program
    assert told("甲: 9\n单:\n  - {号: A, 丙: 1}", program=made) == []
    assert told("甲: 9\n单:\n  - {号: A, 丙: 2}", program=made) == [("SHEET155", "单[A].丁")]
    assert told("甲: 10\n单:\n  - {号: A}", program=made) == [("SHEET155", "乙")]
    assert told("单:\n  - {号: A, 丙: 100}", program=made) == []


def test_examples_are_held_to_ranges_like_sheets() -> None:
    """120% of at most 100%; and 1 - 90% - 20% = -10% of what is promised not to be negative."""
    made = policy(
        "数据\n  甲比：百分比，0% 至 100%\n计算 其余比 ＝ 1 － 甲比 － 20%\n  范围：≥ 0%\n条件 好：其余比 ≥ 10%\n"
        "示例 越界\n  评估日：2024年6月30日\n  已知：甲比 ＝ 120%\n  应得：其余比 ＝ -40%\n"
        "示例 失信\n  评估日：2024年6月30日\n  已知：甲比 ＝ 90%\n  应得：其余比 ＝ -10%\n"
        "示例 正好\n  评估日：2024年6月30日\n  已知：甲比 ＝ 80%\n  应得：其余比 ＝ 0%，好 不成立\n"
    )
    assert [[f.name for f in report.failures] for report in run_examples(made)] == [["甲比"], ["其余比"], []]
