"""What an explanation says is what the verdict says; each case derived by hand from the clauses of its policy."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from policydsl.engine import load_text
from policydsl.explain import Explanation, Node, Question, explain
from policydsl.explain.targets import wish
from policydsl.explain.text import explanation_text
from policydsl.explain.words import finding_of
from policydsl.sheet import read_sheets

DAY = date(2024, 6, 30)
ORDERS = """政策 单
  编号：RIGHT
数据
  途径：多选（电话、传真、信件）
  销售额：金额，≥ 0元
  完成时刻：时刻，选填
  截止时刻：时刻
  甲方：文本
  乙方：文本
台账 单
  单号：文本
  甲：是否
  乙：是否，选填
要求 合规：甲 【1】
  逐条：单
  对象：乙
要求 通知：途径 包含 电话、传真 【2】
要求 及时：完成时刻 不晚于 截止时刻 【3】
要求 两方：甲方 不为 乙方 【4】
奖励 超额奖 【5】
  若：销售额 ≥ 0元
  金额：取高（销售额 － 100元，0元） × 1%
  上限：500元
处罚 违规罚 【6】
  逐条：单
  若：并非 甲
  金额：1万元
  例外：若 乙，得 2万元
分档 档 【7】
  | 销售额 | 得分 |
  | ＜ 100元 | 1分 |
  | ≥ 100元 | 2分 |
计算 甲单数 ＝ 条数（单，其中 甲） 【8】
要求 筛后 【9】
  逐条：单，其中 甲
  若：乙
"""
FACTS = {
    "途径": "[电话]", "销售额": "50元", "完成时刻": "2024-05-01 09:00:05", "截止时刻": "2024-05-01 09:00:00",
    "甲方": "近水", "乙方": "近水",
}


PROGRAM = load_text(ORDERS, "单.pol").program


def sheet(*without: str, orders: str = "[]", **more: str) -> str:
    facts = {**FACTS, **more}
    return "名称: 甲公司\n" + "".join(f"{k}: {v}\n" for k, v in facts.items() if k not in without) + f"单: {orders}\n"


def made(text: str, *only: str, target: str = "") -> Explanation:
    wishes = [wish(target, PROGRAM)] if target else []
    return explain(PROGRAM, read_sheets(text, "表.yaml", PROGRAM), DAY, only=only or None, wishes=wishes)


def question(text: str, result: str, fact: str) -> Question:
    (section,) = made(text, result).sections
    (found,) = [q for q in section.questions if q.fact == fact]
    return found


def answers(asked: Question) -> list[tuple[str, object]]:
    """Each answer with what it leads to: whether it holds, else the value."""
    out: list[tuple[str, object]] = []
    for b in asked.branches:
        holds, value = b.outcome.holds, b.outcome.value
        shown = holds.value if holds is not None and b.outcome.kind.base == "yesno" else value.value
        out.append((b.answer.label("zh"), shown if b.decided else "?"))
    return out


def flat(nodes: tuple[Node, ...]) -> list[Node]:
    return [n for node in nodes for n in (node, *flat(node.children))]


@pytest.mark.parametrize("orders, status", [
    ("[{单号: K1, 甲: 否, 乙: 是}, {单号: K2, 甲: 是, 乙: 是}]", "unmet"),  # K1 breaks it, whatever K2 does
    ("[{单号: K1, 甲: 否}, {单号: K2, 甲: 是, 乙: 是}]", "unknown"),  # whom it concerns is not known of K1
    ("[{单号: K1, 甲: 是, 乙: 是}, {单号: K2, 甲: 是, 乙: 是}]", "met"),
    ("[]", "met"),  # no record breaks it
])
def test_a_target_over_records_is_reached_where_the_verdict_says_so(orders: str, status: str) -> None:
    found = made(sheet(orders=orders), target="合规")
    assert found.targets[0].status == status
    total = found.verdict.results["合规"].total
    assert {"met": True, "unmet": False, "unknown": None}[status] == (
        None if total.holds is None or total.holds.maybe else total.holds.yes
    )


def test_several_choices_are_tried_together() -> None:
    """Of three ways two have to be among those chosen: one alone never does."""
    asked = question(sheet("途径"), "通知", "途径")
    assert answers(asked) == [
        ("电话", False), ("传真", False), ("信件", False), ("电话、传真", True), ("电话、信件", False),
        ("传真、信件", False), ("电话、传真、信件", True), ("一项也没有", False),
    ]


@pytest.mark.parametrize("ways", ["电话、传真", "电话、传真、信件、信使、口信"])
def test_that_none_of_several_is_chosen_is_an_answer_too(ways: str) -> None:
    """The only one that leaves all of them out; of more than a few it is tried beside each alone and all."""
    left_out = " 且 ".join(f"并非 途径 包含 {way}" for way in ways.split("、"))
    program = load_text(f"政策 甲\n  编号：A\n数据\n  途径：多选（{ways}）\n条件 无一：{left_out}\n").program
    (section,) = explain(program, read_sheets("{}", "f.yaml", program), DAY).sections
    assert [answer for answer, holds in answers(section.questions[0]) if holds] == ["一项也没有"]


def test_what_is_not_among_several_is_named_and_counted() -> None:
    (section,) = made(sheet(途径="[信件]"), "通知").sections
    found = [f for n in flat(section.entries[0].nodes) if (f := finding_of(n)) is not None]
    lacking = {o for f in found if f.gap is not None and isinstance(f.gap.value, tuple) for o in f.gap.value}
    assert lacking == {"电话", "传真"} and section.entries[0].distance.unmet == 2
    assert "缺 电话" in explanation_text(made(sheet(途径="[信件]"), "通知"), "zh")


def test_a_continuous_amount_is_told_in_parts_and_not_fen_by_fen() -> None:
    """Nothing below 100 yuan; from there on 1 % of what is above, which at 100 yuan itself is nothing either."""
    asked = question(sheet("销售额"), "超额奖", "销售额")
    first, second = asked.branches
    assert (first.outcome.value.value, first.moves, first.answer.edges[-1]) == (0, False, Fraction("99.99"))
    assert (second.outcome.value.value, second.moves, second.answer.edges[0]) == (0, True, 100) and asked.decides
    text = explanation_text(made(sheet("销售额"), "超额奖"), "zh")
    assert "若 ≥ 100元" in text and "按答案算" in text and "0.01元" not in text


def test_a_boundary_of_instants_is_exact_to_the_second() -> None:
    asked = question(sheet("完成时刻"), "及时", "完成时刻")
    by = {b.answer.label("zh"): b.outcome.value.value for b in asked.branches}
    assert by == {"≤ 2024年5月1日 09:00": True, "＞ 2024年5月1日 09:00": False, "无": False}


def test_what_must_not_be_is_said_with_not() -> None:
    text = explanation_text(made(sheet(), "两方"), "zh")
    assert "要求 不是 近水" in text and "要求 近水" not in text
    assert "required not 近水" in explanation_text(made(sheet(), "两方"), "en")


def test_a_fine_that_is_due_is_short_of_nothing_and_told_once() -> None:
    found = made(sheet(orders="[{单号: K1, 甲: 否, 乙: 否}]"), "违规罚")
    (entry,) = found.sections[0].entries
    assert entry.judged.value.value == 10_000 and entry.distance.unmet == 0
    text = explanation_text(found, "zh")
    assert text.count("若 并非 甲") == 1 and "差 " not in text


def test_a_band_that_is_taken_is_short_of_nothing() -> None:
    (section,) = made(sheet(), "档").sections
    assert section.entries[0].judged.value.value == 1 and section.entries[0].distance.unmet == 0


def test_a_record_that_drops_out_has_no_answer_of_the_others() -> None:
    """Whether K1 counts is not known: answered no, it is none of the records asked, and K2's yes is not its own."""
    asked = question(sheet(orders="[{单号: K1, 乙: 否}, {单号: K2, 甲: 是, 乙: 是}]"), "筛后", "单[K1].甲")
    (no,) = [b for b in asked.branches if b.answer.sample is False]
    assert asked.of == "K1" and no.outcome.status == "not_applicable"
    (yes,) = [b for b in asked.branches if b.answer.sample is True]
    assert yes.outcome.holds is not None and yes.outcome.holds.no


def test_an_answer_between_those_tried_may_lead_elsewhere() -> None:
    """(x - 30) × (x - 40) is negative between 30 and 40 alone: five values tried between 0 and 100 do not see it."""
    program = load_text(
        "政策 岛\n  编号：I\n数据\n  数：数值，0 至 100\n要求 岛外：（数 － 30） × （数 － 40） ≥ 0\n", "岛.pol"
    ).program
    (section,) = explain(program, read_sheets("{}", "表.yaml", program), DAY, only=["岛外"]).sections
    (asked,) = section.questions
    assert not any(b.exact for b in asked.branches)


def test_a_target_is_not_told_to_break_what_it_asks() -> None:
    """A warning follows where whom the duty concerns fails it: not to be concerned is no way there."""
    program = load_text("""政策 险
  编号：R
措施清单：警告
数据
  签约：是否
  人数：数量（人），≥ 0人
要求 最低：人数 ≥ 1人 【1】
  对象：签约
  否则：警告
""", "险.pol").program
    sheets = read_sheets("签约: 是\n人数: 2人\n", "表.yaml", program)
    found = explain(program, sheets, DAY, wishes=[wish("警告", program)])
    text = explanation_text(found, "zh")
    assert found.targets[0].status == "unmet" and "排除" not in text
    assert "并非 人数 ≥ 1人" in text and "超出 1人" in text


def test_when_a_deadline_runs_stays_met_where_its_last_day_is_over() -> None:
    """若 holds; what is missed is the day, which stands beside it. Ten days from 06-01 end on 06-11."""
    policy = load_text(
        "政策 演示\n  编号：D-3\n\n数据\n  通知日：日期\n  交来：日期，选填\n\n"
        "期限 交报告\n  若：通知日 ≥ 2024-01-01\n  起算：通知日\n  时长：10天\n  完成：交来\n", "d.pol"
    ).program
    sheets = read_sheets("通知日: 2024-06-01\n交来: 无\n".encode(), "d.yaml", policy)
    (entry,) = explain(policy, sheets, date(2024, 6, 30)).sections[0].entries
    runs, missed = entry.nodes
    assert (runs.name, runs.status) == ("通知日", "met")
    assert (missed.name, missed.status) == ("交来", "unmet") and entry.distance.unmet == 1


def test_the_end_of_a_day_is_told_to_the_second() -> None:
    """In time until 24:00 of 1 May, which is 0:00 of the 2nd; a second later it is not."""
    asked = question(sheet("完成时刻", 截止时刻="2024-05-01 24:00:00"), "及时", "完成时刻")
    met, late, never = asked.branches
    assert [b.outcome.holds is not None and b.outcome.holds.value for b in (met, late, never)] == [True, False, False]
    assert (met.answer.label("zh"), late.answer.label("zh")) == ("≤ 2024年5月2日 00:00", "＞ 2024年5月2日 00:00")
