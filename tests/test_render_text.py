"""The text view of a verdict."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from golden_files import same_as_golden
from render_verdicts import entry, finding, full_verdict, judged, num, result, small_verdict

from policydsl.diagnostics import Language
from policydsl.domain import NO, YES, Possible, point
from policydsl.kinds import MONEY, NUMBER, PERCENT, YESNO
from policydsl.render.grounds import section
from policydsl.render.layout import WIDTH, Paint, wrap
from policydsl.render.outcome import outcome, why_open
from policydsl.render.text import verdict_text, verdicts_text
from policydsl.render.values import Writer
from policydsl.report import width
from policydsl.verdict import Entry, Measure, Verdict

ZH, EN = Writer("zh"), Writer("en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whole_view(lang: Language) -> None:
    same_as_golden(f"verdict.{lang}.txt", verdict_text(full_verdict(), lang))


def test_the_default_language_is_that_of_the_policy() -> None:
    same_as_golden("small.en.txt", verdict_text(small_verdict()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_view(lang: Language) -> None:
    assert max(width(line) for line in verdict_text(full_verdict(), lang).splitlines()) <= WIDTH


def test_citations_end_at_the_right_edge() -> None:
    cited = [line for line in verdict_text(full_verdict(), "zh").splitlines() if line.endswith("】")]
    assert cited
    assert {width(line) for line in cited} == {WIDTH}


def test_brief_leaves_the_grounds_out() -> None:
    text = verdict_text(full_verdict(), "zh", brief=True)
    assert "依据" not in text
    assert "还缺" in text


def test_a_population_is_told_one_after_the_other() -> None:
    text = verdicts_text([small_verdict(), full_verdict()], "en")
    assert text.startswith("2 fact sheets\n")
    assert text.index("Channel policy") < text.index("渠道奖励政策（演示）")


def test_colour_moves_nothing() -> None:
    import click

    plain, coloured = (verdict_text(full_verdict(), "zh", color=on) for on in (False, True))
    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == plain


def test_a_record_that_does_not_hold_is_counted_and_its_grounds_are_shown() -> None:
    results, grounds = verdict_text(full_verdict(), "zh").split("\n依据\n")
    assert "V2          0元" not in results
    assert "1万元（2 条中 1 条）" in results
    assert "✗ 公告日期 不晚于 评估日  实际 2022年7月10日  要求 不晚于 2022年6月30日  晚了 10天" in grounds


# ---------------------------------------------------------------------------------------------- outcomes
def test_outcomes_of_clauses() -> None:
    assert outcome(judged(YES, YESNO, holds=YES), "penalty", ZH).text == "成立"
    assert outcome(judged(NO, YESNO, holds=NO), "requirement", EN).text == "fails"
    assert outcome(judged(YES, YESNO), "compute", ZH).text == "是"
    assert outcome(judged(num(0), MONEY, holds=NO), "reward", ZH).text == "不成立"
    assert outcome(judged(num(0), MONEY, holds=NO), "deduction", ZH).text == "0元，未逾期"
    assert outcome(judged(num(60), MONEY, holds=YES), "reward", EN).text == "CNY 60"
    assert outcome(judged(num(60), MONEY, holds=YES), "score_sheet", EN).text == "CNY 60, passed"
    assert outcome(judged(point(None), YESNO), "tiers", ZH).text == "无等级"
    assert outcome(judged(point(None), YESNO), "rule", ZH).text == "只作记录"
    assert outcome(judged(YES, YESNO, holds=YES, deemed=True), "condition", ZH).text == "成立（视为）"


def test_a_conflict_names_the_values() -> None:
    both = judged(Possible((Fraction(10000), Fraction(20000)), conflict=True), MONEY, status="conflict")
    assert outcome(both, "reward", ZH).text == "例外互相冲突：1万元 或 2万元"


def test_nothing_is_said_of_an_unknown_of_which_nothing_is_known() -> None:
    assert outcome(judged(Possible(None), MONEY, missing=("a",), reasons=("missing",)), "compute", ZH).text == "未定"


def test_why_a_result_is_open() -> None:
    lost = judged(Possible(None), MONEY, record="甲", missing=("证书[甲].到期日", "税率"), reasons=("missing",))
    assert why_open(lost, ZH) == "缺 到期日、税率"
    assert why_open(judged(Possible(None), MONEY, reasons=("tie",)), ZH) == "并列，次序未定"
    uncounted = judged(Possible(None), MONEY, reasons=("calendar_coverage:2031", "not_computable"))
    assert why_open(uncounted, ZH) == "无法计算：2031年的工作日安排未公布"
    assert why_open(uncounted, EN) == "cannot be computed: the working days of 2031 are not published"


# ---------------------------------------------------------------------------------------------- grounds
def grounds(*entries: Entry, label: str = "condition") -> list[str]:
    """The lines below the heading of a result named 甲."""
    total = judged(NO, YESNO, holds=NO)
    base = full_verdict()
    results = {"甲": result("甲", label, total, 1)}
    only = Verdict(base.header, base.digest, base.party, base.as_of, "option", results, (), entries, ())
    return [line.strip() for line in section(only, ZH, Paint(on=False))[2:]]


def test_a_chain_is_one_condition_decided_by_the_half_that_fails() -> None:
    text = "8%＜ECR≤10%"
    halves = (
        finding(text, "no", "<", num("0.08"), num("0.05"), num("0.03"), PERCENT),
        finding(text, "yes", "<=", num("0.05"), num("0.1"), None, PERCENT),
    )
    row = entry(1, "甲", "not_fired", 1, row=2, label=text, kind=MONEY, findings=halves)
    assert grounds(row) == ["✗ 8%＜ECR≤10%  实际 5%  还差 3%"]


def test_cells_that_say_the_same_of_two_rows_are_two_conditions() -> None:
    """Also where both are just what is asked: 2 of 2."""
    cell = finding("≥ 2人", "yes", ">=", num(2), num(2), None, NUMBER)
    cells = (replace(cell, subject="销售"), replace(cell, subject="技术"))
    row = entry(1, "甲", "fired", 1, row=2, label="钻石", kind=MONEY, findings=cells)
    assert [line.split("  ")[0] for line in grounds(row)] == ["✓ 钻石", "✓ 销售 ≥ 2人", "✓ 技术 ≥ 2人"]


def test_on_the_edge_of_a_strict_limit() -> None:
    on_edge = finding("总价 超过 门槛", "no", ">", num(600000), num(600000), num(0), MONEY)
    row = entry(1, "甲", "not_fired", 1, label="when", findings=(on_edge,))
    assert grounds(row) == ["✗ 总价 超过 门槛  实际 60万元  要求 高于 60万元  恰好相等"]


def test_unless_speaks_for_the_clause_when_it_does_not_hold() -> None:
    held = entry(1, "甲", "fired", 1, label="unless", findings=(finding("处于调查期", "yes"),))
    assert grounds(held) == ["✗ 除非 处于调查期"]
    assert grounds(replace(held, status="not_fired", findings=(finding("处于调查期", "no"),))) == ["✓ 除非 处于调查期"]


def test_a_superseded_row_says_no_more_than_that() -> None:
    open_ = finding("计法 为 计满分", "unknown", "=", missing=("计法",))
    row = entry(1, "甲", "overridden", 1, row=2, label="case", findings=(open_,))
    assert grounds(row) == ["~ 计法 为 计满分  已被取代"]


def test_a_citation_inside_a_condition_is_not_repeated() -> None:
    cited = finding("前 30家，按 首次赢单日期 先后 【四.2】", "yes")
    row = entry(1, "甲", "fired", 1, label="quota", findings=(cited,))
    assert grounds(row) == ["✓ 名额 前 30家，按 首次赢单日期 先后"]


def test_records_that_a_rule_does_not_concern_share_a_line() -> None:
    rows = [entry(n, "甲", "not_applicable", 1, record=key) for n, key in enumerate(("V1", "V2"), 1)]
    rows.append(entry(3, "甲", "fired", 1, record="V3", label="when", findings=(finding("乙", "yes"),)))
    assert grounds(*rows) == ["V3", "✓ 乙", "- 不适用 V1、V2"]


def test_measures_are_grouped_and_kept_as_the_policy_says() -> None:
    offered = tuple(Measure(name, "may_one_of", "yes", None, None, (), ()) for name in ("警告", "终止合作"))
    avoided = Measure("降级", "must", "no", None, None, (), ())
    total = judged(YES, YESNO, holds=YES, measures=(*offered, avoided))
    verdict = replace(full_verdict(), results={"甲": result("甲", "rule", total, 1)}, trace=())
    text = verdict_text(verdict, "zh")
    assert "可以择一 警告、终止合作" in text
    assert "降级" not in text


# ---------------------------------------------------------------------------------------------- layout
def test_wrapping_keeps_numbers_with_their_unit_and_marks_off_the_line_start() -> None:
    lines = wrap("取自 重大项目交付 27分、客户满意度 20分", 20)
    assert lines == ["取自 重大项目交付", "27分、客户满意度", "20分"]
    assert all(width(line) <= 20 for line in lines)
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("一二三。", 6) == ["一二", "三。"]


def test_wrapping_ends_where_there_is_no_room() -> None:
    assert wrap("一二三", -20) == ["一", "二", "三"]


