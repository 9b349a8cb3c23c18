"""Quotas: how many places there may be, and when everybody is known. Whom one takes: ``constructs/13b_quotas.pol``."""

from __future__ import annotations

from datetime import date

import pytest
from recheck_support import faults
from test_slots import errors

from policydsl.core import Name
from policydsl.diagnostics import Language, PolicyError
from policydsl.engine import load_text
from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.needs import status_of
from policydsl.explain import explain
from policydsl.explain.text import explanation_text
from policydsl.facts import Sheet
from policydsl.proof.results import proved_json
from policydsl.recheck.document import recheck
from policydsl.report import render_all
from policydsl.sheet import read_sheets

ZH = (
    "政策 试\n  编号：T\n参数\n  不带单位 ＝ 3\n  带单位 ＝ 3家\n  半家 ＝ 1.5家\n  家数：数量（家）\n"
    "  人天数：数量（人天）\n数据\n  得分：数值\n"
    "台账 单，共用，默认 无\n  号：文本\n奖励 奖\n  金额：1元\n  名额：前 {}，按 得分 由高到低\n"
)
EN = (
    "policy trial\n  id: T\nparameters\n  bare = 3\n  some = 3 partners\n  halves = 1.5 partners\n"
    "  shops: count (partners)\n  effort: count (person-days)\ndata\n  score: number\n"
    "ledger notes, shared, default none\n  label: text\n"
    "reward prize\n  amount: CNY 1\n  quota: first {}, by score highest first\n"
)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("2家", "2 partners"), ("2", "2"), ("带单位", "some"), ("家数", "shops"),
        ("条数（单） ＋ 1", "count of (notes) + 1"),
        ("取低（家数，3家）", "the lower of (shops, 3 partners)"),
    ],
)
def test_how_many_places_there_are(zh: str, en: str) -> None:
    assert errors(ZH.format(zh)) == []
    assert errors(EN.format(en)) == []


@pytest.mark.parametrize(
    ("zh", "en", "code", "says"),
    [
        ("2.5家", "2.5 partners", "POL340", ("整数", "whole number")),
        ("0家", "0 partners", "POL340", ("整数", "whole number")),
        ("半家", "halves", "POL340", ("整数", "whole number")),
        ("人天数", "effort", "POL340", ("整数", "whole number")),
        ("家数 × 50%", "shops * 50%", "POL340", ("整数", "whole number")),
        ("家数 × 不带单位", "shops * bare", "POL340", ("数量（家）", "count (partners)")),
        ("50%", "50%", "POL345", ("进一", "up")),
        ("0%，舍去", "0%, down", "POL347", ("大于 0", "above 0")),
        ("-5%，进一", "-5%, up", "POL347", ("大于 0", "above 0")),
        ("100万元", "CNY 1 million", "POL309", ("预算：100万元", "budget: CNY 1 million")),
        ("2天", "2 days", "POL309", ("数量", "a count")),
        ("不带单位", "bare", "POL309", ("数量", "a count")),
    ],
)
def test_what_is_no_number_of_places(zh: str, en: str, code: str, says: tuple[str, str]) -> None:
    """Refused with what is wanted and a way out, in both languages; whatever a share or a sum would come to."""
    languages: tuple[Language, Language] = ("zh", "en")
    for text, said, language in zip((ZH.format(zh), EN.format(en)), says, languages, strict=True):
        with pytest.raises(PolicyError) as refused:
            load_text(text)
        (found,) = [d for d in refused.value.diagnostics if d.severity == "error"]
        assert found.code == code
        assert said in render_all([found], refused.value.sources, language)


# ---------------------------------------------------------------------------------------------- everybody
ALL = (
    "政策 甲\n  编号：X\n数据\n  分：数值\n奖励 奖\n  金额：1元\n  名额：前 2家，按 分 由高到低\n"
)


@pytest.mark.parametrize(
    ("sheet", "everyone"),
    [
        ("全体:\n- {名称: A, 分: 1}\n", True),
        ("全体:\n  A: {分: 1}\n", True),
        ("- {名称: A, 分: 1}\n", True),
        ("名称: A\n分: 1\n", False),
    ],
)
def test_a_list_of_all_with_one_party_is_everybody(sheet: str, everyone: bool) -> None:
    """One of one has a place; of one sheet alone nothing says who else there is."""
    made = load_text(ALL)
    sheets, day = read_sheets(sheet, "a.yaml", made.program), date(2024, 6, 30)
    (verdict,) = made.judge(sheets, day, proof=True)
    total = verdict.results["奖"].total
    assert (total.status, total.missing) == (("known", ()) if everyone else ("unknown", ("全体",)))
    assert [str(v) for v in total.value.values or ()] == (["1"] if everyone else ["0", "1"])
    assert faults(recheck(proved_json(verdict))) == []
    exact = ExactEvaluator(made.program, sheets, {})
    if everyone:
        assert exact.shared(Name("奖"), None, exact.scope(0, day)) == 1


LEVEL = """政策 两道名额
  编号：T
数据
  类：选项（甲类、乙类）
  业绩：金额，≥ 0元
奖励 入围
  若：类 为 甲类
  名额：前 1家，按 业绩 由高到低
奖励 再选
  若：入围
  金额：2元
  名额：前 1家，按 业绩 由高到低
"""


@pytest.mark.parametrize(("p", "q", "status"), [
    ("甲类", "甲类", "unknown"),  # level: the policy does not say who is first
    ("甲类", "", "unknown"),  # P is the only one, or level with Q
    ("甲类", "乙类", "yes"),
    ("", "甲类", "unknown"),
    ("", "", "unknown"),
    ("乙类", "", "no"),
])
def test_where_a_tie_hangs_on_what_is_not_known_the_proof_holds(p: str, q: str, status: str) -> None:
    """Two with 5元 each, who are level for one quota and the other only if both are of the first kind."""
    made = load_text(LEVEL, "level.pol")
    rows = [f"- {{名称: {name}, 业绩: 5元{f', 类: {of}' if of else ''}}}\n" for name, of in (("P", p), ("Q", q))]
    verdicts = made.judge(read_sheets("全体:\n" + "".join(rows), "a.yaml", made.program), date(2024, 6, 30), proof=True)
    holds = [verdicts[0].results[name].total.holds for name in ("入围", "再选")]
    assert [status_of(found) for found in holds] == [status, status]
    assert faults(recheck(proved_json(verdicts))) == []


UNPLACED = """政策 试
  编号：T
数据
  赢单日：日期，选填
奖励 首单
  金额：1元
  名额：前 1家，按 赢单日 先后
奖励 名次奖
  排名：按 赢单日 先后
  并列：同名次
  | 名次  | 金额 |
  | 第1名 | 5元  |
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_has_nothing_to_be_ranked_by_is_told_so(language: Language) -> None:
    """And is not told to be the first of those before whom nobody stands."""
    program = load_text(UNPLACED).program
    sheets = [Sheet("甲", "甲", {"赢单日": None}), Sheet("乙", "乙", {"赢单日": date(2024, 3, 1)})]
    told = explanation_text(explain(program, sheets, date(2024, 6, 30)), language)
    said = {"zh": "排序的值是无，排不进去", "en": "what it is ranked by is none, so it has no place"}[language]
    assert told.count(said) == 2
