"""Why a result is what it is: every condition, near misses, targets, what answers lead to. All worked out by hand."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

from policydsl.cli import run
from policydsl.core import Program
from policydsl.engine import load_text
from policydsl.explain import Explanation, Node, Question, explain
from policydsl.explain.model import Distance
from policydsl.explain.targets import UnknownTargetError, wish
from policydsl.explain.text import explanation_text
from policydsl.kinds import Exact
from policydsl.sheet import read_sheets
from tries import by_day

POLICY = """政策 伙伴分级
  编号：TIER
参数
  金牌线 ＝ 500万元
数据
  年采购额：金额，≥ 0元
  工程师：数量（人），≥ 0人
  满意度：分数，0分 至 100分
  签约：是否
  黑名单：是否
  返点基数：金额，≥ 0元
条件 有资格：签约 且 并非 黑名单 【1.1】
等级 级别 【2】
  对象：有资格
  | 要求     | 金牌     | 银牌     |
  | 年采购额 | ≥ 金牌线 | ≥ 100万元 |
  | 工程师   | ≥ 10人   | ≥ 5人    |
  | 满意度   | ≥ 90分   | 不限     |
  裁定：R1，取最高一级。
要求 服务达标 【3】
  满足任一
  - 工程师 ≥ 20人 【3.a】
  - 满意度 ≥ 95分 且 工程师 ≥ 8人 【3.b】
奖励 返点 【4】
  若：级别 属于 金牌、银牌
  金额：返点基数 × 2%
分档 系数 【5】
  | 年采购额 | 得分 |
  | ≥ 500万元 | 3分 |
  | 100万元≤年采购额＜500万元 | 1分 |
  | 低于 100万元 | 0分 |
  例外：若 黑名单，得 0分 【5.1】
"""
FULL = {"年采购额": "520万元", "工程师": "8人", "满意度": "91.5分", "签约": "是", "黑名单": "否", "返点基数": "100万元"}
DAY = date(2024, 6, 30)


@pytest.fixture(scope="module")
def program() -> Program:
    return load_text(POLICY, "分级.pol").program


def sheet_of(facts: dict[str, str], *without: str) -> str:
    return "".join(f"{k}: {v}\n" for k, v in facts.items() if k not in without)


def made(program: Program, text: str, *only: str, target: str = "", most: int | None = None) -> Explanation:
    sheets = read_sheets(text, "甲.yaml", program)
    wishes = [wish(target, program)] if target else []
    return explain(program, sheets, DAY, only=only or None, wishes=wishes, most=most)


def flat(nodes: tuple[Node, ...]) -> list[Node]:
    return [n for node in nodes for n in (node, *flat(node.children))]


def answers(question: Question) -> list[tuple[str, tuple[Exact, ...] | None]]:
    return [(b.answer.label("zh"), b.outcome.value.values) for b in question.branches]


# ---------------------------------------------------------------------------------------------- conditions
def test_every_condition_of_every_tier_is_told(program: Program) -> None:
    """Silver holds, yet gold is judged to the last condition, and silver although gold would have come first."""
    (section,) = made(program, sheet_of(FULL), "级别").sections
    gold, silver = [n for n in section.entries[0].nodes if n.form == "row"]
    assert (gold.label, gold.status, silver.label, silver.status) == ("金牌", "unmet", "银牌", "met")
    assert [(n.text, n.status) for n in gold.children] == [
        ("≥ 金牌线", "met"), ("≥ 10人", "unmet"), ("≥ 90分", "met"),
    ]
    finding = gold.children[1].finding
    assert finding is not None and finding.gap is not None and finding.actual is not None
    assert (finding.actual.value, finding.gap.value) == (8, 2)  # 8 of 10 people
    assert silver.taken and not silver.superseded and len(silver.children) == 2  # 不限 asks for nothing


def test_a_tier_above_does_not_hide_the_one_below(program: Program) -> None:
    (section,) = made(program, sheet_of(FULL | {"工程师": "12人"}), "级别").sections
    gold, silver = [n for n in section.entries[0].nodes if n.form == "row"]
    assert gold.taken and silver.superseded and [c.status for c in silver.children] == ["met", "met"]


def test_an_exception_does_not_hide_the_rows(program: Program) -> None:
    (section,) = made(program, sheet_of(FULL | {"黑名单": "是"}), "系数").sections
    rows = {n.at.line: n for n in section.entries[0].nodes}
    assert [(n.role or n.label, n.status, n.superseded) for n in rows.values()] == [
        ("exception", "met", False), ("≥ 500万元", "met", True), ("100万元≤年采购额＜500万元", "unmet", True),
        ("低于 100万元", "unmet", True),
    ]


def test_routes_keep_their_clauses(program: Program) -> None:
    (section,) = made(program, sheet_of(FULL), "服务达标").sections
    (either,) = section.entries[0].nodes
    assert either.form == "any" and either.status == "unmet"
    first, second = either.children
    assert (first.clauses, second.clauses) == (("3.a",), ("3.b",))
    assert [(n.status) for n in second.children] == ["unmet", "met"]
    # the nearer route: 91.5 of 95 points
    assert section.entries[0].distance == Distance(1, Fraction(7, 2) / 95, 0)


def test_a_rule_that_fails_is_followed(program: Program) -> None:
    (section,) = made(program, sheet_of(FULL | {"签约": "否"}), "级别").sections
    assert section.state == "na"
    gate = section.entries[0].nodes[0]
    assert gate.role == "for" and gate.status == "unmet"
    assert [(n.text, n.status) for n in flat(gate.children) if n.form == "test"] == [
        ("签约", "unmet"), ("并非 黑名单", "met"),
    ]


def test_near_misses_come_first(program: Program) -> None:
    """Not in the order of the policy: 服务达标 misses 1 of 100 points' worth, 级别 misses more conditions."""
    facts = FULL | {"年采购额": "90万元", "工程师": "4人", "满意度": "95分"}
    text = explanation_text(made(program, sheet_of(facts)), "zh")
    assert text.index("服务达标") < text.index("级别")  # 4 of 8 people against two conditions of 银牌


def test_the_order_of_near_misses() -> None:
    """Fewest conditions, then the smaller relative shortfall, then fewest unknown."""
    assert Distance(1, Fraction(1, 2), 3) < Distance(2, Fraction(0), 0)
    assert Distance(1, Fraction(1, 5), 9) < Distance(1, Fraction(1, 4), 0)
    assert Distance(1, Fraction(1, 5), 0) < Distance(1, Fraction(1, 5), 1)


# ---------------------------------------------------------------------------------------------- answers
def test_what_each_answer_leads_to(program: Program) -> None:
    (section,) = made(program, sheet_of(FULL, "工程师"), "级别").sections
    (question,) = section.questions
    assert question.fact == "工程师" and question.decides
    assert answers(question) == [("＜ 5人", (None,)), ("≥ 5人 且 ＜ 10人", ("银牌",)), ("≥ 10人", ("金牌",))]


def test_an_answer_that_leaves_it_open_says_on_what_it_waits(program: Program) -> None:
    (section,) = made(program, sheet_of(FULL, "工程师", "满意度"), "级别").sections
    found = {q.fact: q for q in section.questions}
    assert set(found) == {"工程师", "满意度"}
    below, between, above = found["工程师"].branches
    assert (below.outcome.value.values, between.outcome.value.values) == ((None,), ("银牌",))
    assert above.outcome.status == "unknown" and above.outcome.missing == ("满意度",)


def test_answers_with_one_outcome_are_one(program: Program) -> None:
    """The limits of the band are those of the tiers: each is told once."""
    (section,) = made(program, sheet_of(FULL | {"工程师": "12人"}, "年采购额"), "级别").sections
    (question,) = section.questions
    assert answers(question) == [
        ("＜ 100万元", (None,)), ("≥ 100万元 且 ＜ 500万元", ("银牌",)), ("≥ 500万元", ("金牌",)),
    ]


def test_a_value_that_moves_is_given_by_its_ends(program: Program) -> None:
    (section,) = made(program, sheet_of(FULL, "返点基数"), "返点").sections
    (question,) = section.questions
    (branch,) = question.branches
    assert branch.moves and branch.outcome.value.value == 0
    assert "0元 起，按答案算" in explanation_text(made(program, sheet_of(FULL, "返点基数"), "返点"), "zh")


def test_a_limit_that_other_facts_make() -> None:
    """甲 × 2 ≥ 乙 with 乙 = 7: the limit 3.5 is nowhere in the policy; 4 is the first whole number."""
    program = load_text(
        "政策 算\n  编号：A\n数据\n  甲：数量（人），≥ 0人\n  乙：数量（人），≥ 0人\n  丙：数量（人），≥ 0人\n"
        "条件 够：甲 × 2 ≥ 乙\n条件 积够：甲 × 丙 ≥ 乙 × 10\n条件 乘方：甲 × 甲 ≥ 丙\n",
        "a.pol",
    ).program
    (section,) = made(program, "乙: 7人\n", "够").sections
    assert answers(section.questions[0]) == [("＜ 3.5人", (False,)), ("≥ 3.5人", (True,))]
    (section,) = made(program, "乙: 7人\n丙: 20人\n", "积够").sections
    assert answers(section.questions[0]) == [("＜ 3.5人", (False,)), ("≥ 3.5人", (True,))]
    (section,) = made(program, "丙: 50人\n", "乘方").sections  # 7 × 7 = 49, 8 × 8 = 64: found by halving
    assert answers(section.questions[0]) == [("＜ 8人", (False,)), ("≥ 8人", (True,))]


@pytest.mark.parametrize(
    ("kind", "test", "said"),
    [
        ("日期", "甲 ＋ 1天 ≥ 9999-12-31", [
            ("＜ 9999年12月30日", False), ("＝ 9999年12月30日", True), ("≥ 9999年12月31日", None)]),
        ("日期", "甲 ≤ 0001-01-01", [("≤ 1年1月1日", True), ("＞ 1年1月1日", False)]),
        ("时刻", "甲 ≥ 9999-12-31 23:59", [("＜ 9999年12月31日 23:59", False), ("≥ 9999年12月31日 23:59", True)]),
    ],
)
def test_answers_end_where_the_calendar_ends(kind: str, test: str, said: list[tuple[str, bool | None]]) -> None:
    """A day beyond the last one cannot be computed, and days that do not exist are not tried."""
    policy = load_text(f"政策 试\n  编号：T\n数据\n  甲：{kind}\n条件 果：{test}\n")
    (section,) = made(policy.program, "名称: 乙\n", "果").sections
    assert answers(section.questions[0]) == [
        (shown, (holds,) if holds is not None else (False, True)) for shown, holds in said
    ]


def test_work_is_bounded_and_says_so(program: Program) -> None:
    found = made(program, sheet_of(FULL, "工程师", "满意度"), "级别", most=3)
    assert found.cut and found.evaluations == 3
    assert "没有逐一试算" in explanation_text(found, "zh")


def test_records_are_asked_for_by_record() -> None:
    program = load_text(
        "政策 单\n  编号：A\n数据\n  起点：金额\n台账 订单\n  主键：号\n  号：文本\n  金额：金额，≥ 0元\n  已付：是否\n"
        "要求 大单已付：已付\n  逐条：订单\n  对象：金额 ≥ 10万元\n",
        "a.pol",
    ).program
    text = "订单:\n  - {号: A, 金额: 20万元}\n  - {号: B, 已付: 否}\n  - {号: C, 金额: 5万元, 已付: 否}\n"
    (section,) = made(program, text, "大单已付").sections
    found = {q.fact: q for q in section.questions}
    assert set(found) == {"订单[A].已付", "订单[B].金额"}
    assert answers(found["订单[A].已付"]) == [("是", (True,)), ("否", (False,))]
    amount = found["订单[B].金额"].branches
    assert [(b.answer.label("zh"), b.outcome.status) for b in amount] == [
        ("＜ 10万元", "not_applicable"), ("≥ 10万元", "known"),
    ]


# ---------------------------------------------------------------------------------------------- targets
def test_a_target_lists_exactly_what_is_missing(program: Program) -> None:
    found = made(program, sheet_of(FULL | {"满意度": "80分"}), target="金牌")
    (target,) = found.targets
    assert (target.result, target.status, found.sections) == ("级别", "unmet", ())
    missing = [n for n in flat(target.entries[0].nodes) if n.form == "test" and n.status != "met"]
    assert [n.text for n in missing] == ["≥ 10人", "≥ 90分"]
    assert target.entries[0].distance.unmet == 2


def test_a_target_says_what_bars_it(program: Program) -> None:
    (target,) = made(program, sheet_of(FULL | {"黑名单": "是"}), target="系数＝3分").targets
    barred = [n for n in flat(target.entries[0].nodes) if n.bars and n.status == "unmet"]
    assert target.status == "unmet" and [n.clauses for n in barred] == [("5.1",)]
    assert "排除：例外" in explanation_text(made(program, sheet_of(FULL | {"黑名单": "是"}), target="系数＝3分"), "zh")


def test_a_gate_is_part_of_the_target(program: Program) -> None:
    (target,) = made(program, sheet_of(FULL | {"签约": "否", "工程师": "12人"}), target="金牌").targets
    missing = [n for n in flat(target.entries[0].nodes) if n.form == "test" and n.status == "unmet"]
    assert [n.text for n in missing] == ["有资格", "签约"]
    assert target.status == "unmet"


def test_a_target_that_is_reached(program: Program) -> None:
    found = made(program, sheet_of(FULL), target="银牌")
    assert found.targets[0].status == "met"
    assert "目标 银牌（级别）  已经达到" in explanation_text(found, "zh")


def test_a_result_that_rests_on_a_tier(program: Program) -> None:
    (target,) = made(program, sheet_of(FULL | {"工程师": "3人"}), target="返点").targets
    texts = [n.text for n in flat(target.entries[0].nodes) if n.status == "unmet" and n.form == "test"]
    assert "≥ 5人" in texts and "≥ 10人" in texts  # both tiers would do


@pytest.mark.parametrize(("text", "several", "near"), [
    ("金牌牌", False, "金牌"), ("级别＝铜牌", True, "级别＝金牌"), ("系数", True, "系数"), ("服务", False, "服务达标"),
])
def test_a_target_that_is_not_known(program: Program, text: str, several: bool, near: str) -> None:
    with pytest.raises(UnknownTargetError) as caught:
        wish(text, program)
    assert caught.value.several is several and any(near in n for n in caught.value.near)


# ---------------------------------------------------------------------------------------------- the verb
@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    policy, sheet = tmp_path / "分级.pol", tmp_path / "甲.yaml"
    policy.write_text(POLICY, "utf-8")
    sheet.write_text(sheet_of(FULL, "满意度"), "utf-8")
    (tmp_path / "分级.clauses.yaml").write_text(
        'clauses:\n  - {id: "2", place: 二, text: "级别看<b>三</b>项。", carried: rule}\n', "utf-8"
    )
    return str(policy), str(sheet)


def test_text_in_both_languages(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *files, "--result", "级别", "--as-of", "2024-06-30"]) == 0
    zh = capsys.readouterr().out
    assert "✗ 工程师 ≥ 10人" in zh and "还差 2人" in zh and "裁定：R1，取最高一级。" in zh
    assert run(["explain", *files, "--result", "级别", "--as-of", "2024-06-30", "--lang", "en"]) == 0
    en = capsys.readouterr().out
    assert "short by 2" in en and "还差" not in en


def test_json_is_stable_and_says_all(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    outs = []
    for _ in range(2):
        assert run(["explain", *files, "--format", "json", "--as-of", "2024-06-30"]) == 0
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1]
    data = json.loads(outs[0])
    assert data["format"] == "policydsl.explanation/1"
    assert set(data["results"]) == {"有资格", "级别", "服务达标", "返点", "系数"}
    assert data["clauses"] == {"2": "级别看<b>三</b>项。"}
    gold = next(c for c in data["results"]["级别"]["conditions"] if c.get("label") == "金牌")
    people = next(c for c in gold["conditions"] if c["name"] == "工程师")
    assert people["status"] == "unmet" and people["line"] == 17
    assert people["shortfall"] == {"value": 2, "unit": "人"}
    assert people["actual"] == {"value": 8, "unit": "人"} and people["required"] == {"value": 10, "unit": "人"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name in ("src", "onload", "onclick") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_has_the_clause_beside_the_step(files: tuple[str, str], tmp_path: Path) -> None:
    target = tmp_path / "说明.html"
    assert run(["explain", *files, "--format", "html", "-o", str(target), "--as-of", "2024-06-30"]) == 0
    page = _Page()
    page.feed(target.read_text("utf-8"))
    assert not {"script", "link", "img", "b"} & set(page.tags)
    words = [w.strip() for w in page.words if w.strip()]
    assert words.count("级别看<b>三</b>项。") == 1  # said once; escaped: it is text, not markup
    at = words.index("工程师 ≥ 10人")
    assert words[at + 1:at + 4] == ["8人", "不低于 10人", "还差 2人"]


def test_markdown(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *files, "--format", "markdown", "--result", "级别", "--as-of", "2024-06-30"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# 甲 · 银牌") and "| 条件 |" in out


@pytest.mark.parametrize("more", [
    ["--result", "级"], ["--target", "白金"], ["-o", "/nowhere/at/all.txt"], ["--set", "金牌线=一"],
])
def test_wrong_usage(files: tuple[str, str], more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *files, *more]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_register_that_cannot_be_read(files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "分级.clauses.yaml").write_text("clauses: 3\n", "utf-8")
    assert run(["explain", *files]) == 2


def test_several_parties(files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "乙.yaml"
    other.write_text(sheet_of(FULL), "utf-8")
    assert run(["explain", *files, str(other), "--format", "json", "--as-of", "2024-06-30"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["format"] == "policydsl.explanations/1" and [e["party"] for e in data["explanations"]] == ["甲", "乙"]


@pytest.mark.parametrize("name", by_day(["2022_inspur", "h3c_star_2024", "alicloud_fy22"], 1))
def test_shipped_policies(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", f"policies/{name}.pol", f"examples/{name}.yaml", "--lang", "en"]) == 0
    assert capsys.readouterr().out


def test_the_gold_tier_of_a_shipped_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "a.yaml"
    sheet.write_text(
        "渠道类型: 增值渠道\n已签约: 是\nDSR业绩: 120万元\n销售认证人数: 1人\n技术认证人数: 0人\n", "utf-8"
    )
    assert run(["explain", "2022_inspur", str(sheet), "--target", "金牌IVR", "--as-of", "2022-12-31"]) == 0
    out = capsys.readouterr().out
    assert "没有达到  差 2 项" in out
    assert "还差 30万元" in out and "还差 1人" in out
