"""The trace: every rule and row that was tested, fired or not, with what was read and how far it is off."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from engine_support import DAY, policy, verdict

from policydsl.domain import point
from policydsl.evaluate import Evaluator
from policydsl.facts import Sheet
from policydsl.judge import Judge, judge
from policydsl.kinds import Duration
from policydsl.proof.trace import Trace
from policydsl.verdict import Entry, Verdict


def entries(v: Verdict, rule: str, row: int | None) -> list[Entry]:
    return [e for e in v.trace if e.rule == rule and e.row == row]


def statuses(v: Verdict, rule: str) -> Sequence[tuple[int | None, str]]:
    return [(e.row, e.status) for e in v.trace if e.rule == rule]


def test_a_failed_comparison_has_its_gap() -> None:
    made = policy("数据\n  数：金额，≥ 0元\n  日：日期\n要求 够：数 ≥ 100元 且 日 不晚于 2024年6月1日 【3.1】\n")
    v = verdict(made, {"数": Fraction(70), "日": date(2024, 6, 4)})
    found = [f for e in v.trace for f in e.findings]
    assert [(f.text, f.status, f.op) for f in found] == [
        ("数 ≥ 100元", "no", ">="), ("日 不晚于 2024年6月1日", "no", "<=")
    ]
    assert [f.gap for f in found] == [point(Fraction(30)), point(Duration(Fraction(3), "D"))]
    assert [f.actual for f in found] == [point(Fraction(70)), point(date(2024, 6, 4))]
    assert v.results["够"].clauses == ("3.1",)


def test_no_comparison_is_cut_short() -> None:
    made = policy("数据\n  甲：是否\n  数：金额，≥ 0元\n条件 两：甲 且 数 ≥ 100元\n")
    v = verdict(made, {"甲": False, "数": Fraction(1)})
    assert [f.status for e in v.trace for f in e.findings] == ["no", "no"]
    v = verdict(made, {"甲": False})
    assert [(f.status, f.missing) for e in v.trace for f in e.findings] == [("no", ()), ("unknown", ("数",))]


def test_under_a_negation_the_comparison_is_told_as_it_counts() -> None:
    made = policy("数据\n  数：金额，≥ 0元\n条件 少：并非 数 ≥ 100元\n")
    v = verdict(made, {"数": Fraction(130)})
    finding = next(f for e in v.trace for f in e.findings)
    assert (finding.status, finding.op, finding.gap) == ("no", "<", point(Fraction(30)))


def test_every_row_of_a_table_is_told() -> None:
    made = policy("数据\n  数：数值\n分档 档\n  | 数 | 档 |\n  | ＜1 | 5 |\n  | 1≤数＜2 | 6 |\n  | ≥2 | 7 |\n")
    assert [s for s in statuses(verdict(made, {"数": Fraction(1)}), "档") if s[0]] == [
        (1, "not_fired"), (2, "fired"), (3, "not_fired")
    ]
    assert [s for s in statuses(verdict(made), "档") if s[0]] == [(1, "unknown"), (2, "unknown"), (3, "unknown")]


def test_an_exception_overrides_the_rows() -> None:
    made = policy(
        "数据\n  甲：是否\n  数：数值\n"
        "分档 档\n  | 数 | 档 |\n  | ＜1 | 5 |\n  | ≥1 | 6 |\n  例外：若 甲，得 9 【4.2】\n"
    )
    v = verdict(made, {"甲": True, "数": Fraction(0)})
    assert v.results["档"].total.value == point(Fraction(9))
    assert [e.status for e in v.trace if e.rule == "档" and e.label != "exception" and e.row] == ["overridden"] * 2
    exception = next(e for e in v.trace if e.label == "exception")
    assert (exception.status, exception.clauses) == ("fired", ("4.2",))


def test_in_cases_the_rows_after_the_first_that_holds_are_overridden() -> None:
    made = policy("数据\n  甲：是否\n  乙：是否\n计算 值\n  若 甲：1\n  若 乙：2\n  否则：3\n")
    rows = [s for s in statuses(verdict(made, {"甲": False, "乙": True}), "值") if s[0]]
    assert rows[:2] == [(1, "not_fired"), (2, "fired")]
    assert rows[2][1] in ("overridden", "not_fired")
    first = [s for s in statuses(verdict(made, {"甲": True, "乙": True}), "值") if s[0]]
    assert first[0] == (1, "fired")
    assert all(status != "fired" for _, status in first[1:])


def test_links_lead_from_a_result_to_what_it_rests_on() -> None:
    made = policy("数据\n  甲：是否\n条件 一：甲\n条件 二：一\n要求 三：二\n")
    v = verdict(made, {"甲": True})
    by_id = {e.id: e for e in v.trace}
    three = entries(v, "三", None)[-1]
    linked = {by_id[i].rule for e in entries(v, "三", None) for i in e.because}
    assert "二" in linked
    assert {r.name for r in three.reads} == {"二"}


def test_there_is_an_entry_for_each_record() -> None:
    made = policy("台账 单\n  号：文本\n  数：金额，≥ 0元\n奖励 奖\n  逐条：单，其中 数 ≥ 10元\n  金额：数 × 10%\n")
    v = verdict(made, lists={"单": [{"号": "a", "数": Fraction(10)}, {"号": "b", "数": Fraction(9)}, {"号": "c"}]})
    reward = v.results["奖"]
    assert [(i.record, i.status) for i in reward.items or ()] == [("a", "known"), ("c", "unknown")]
    assert {e.record for e in v.trace if e.rule == "奖" and e.record} >= {"a", "c"}
    assert reward.total.value.low == Fraction(1)
    assert reward.total.missing == ("单[c].数",)


def test_measures_carry_their_span_and_their_clause() -> None:
    made = policy(
        "措施清单：升级、恢复\n数据\n  甲：是否\n  起：日期，选填\n"
        "限制 限\n  若：甲 【1.1】\n  不得：升级，自 起 当日起 1个月 【1.2】\n  期满后：恢复\n"
    )
    v = verdict(made, {"甲": True, "起": date(2024, 6, 10)})
    measure = v.results["限"].total.measures[0]
    assert (measure.name, measure.modality, measure.status) == ("升级", "must_not", "yes")
    assert (measure.start, measure.end) == (point(date(2024, 6, 10)), point(date(2024, 7, 9)))
    assert measure.afterwards == ("恢复",)
    assert measure.clauses == ("1.2",)


def test_without_a_trace_the_answers_are_the_same() -> None:
    from policydsl.facts import Sheet

    made = policy("数据\n  甲：是否\n条件 一：甲\n")
    sheets = [Sheet("P", None, {"甲": True})]
    bare = made.judge(sheets, date(2024, 1, 1), trace=False)[0]
    full = made.judge(sheets, date(2024, 1, 1))[0]
    assert bare.trace == ()
    assert full.trace
    assert bare.results == full.results


def test_a_tier_not_reached_says_what_is_missing() -> None:
    made = policy(
        "数据\n  业绩：金额，≥ 0元\n  人数：数量（人），≥ 0人\n"
        "等级 级\n  | 等级 | 业绩 | 人数 |\n  | 高 | ≥ 100元 | ≥ 3人 |\n  | 低 | 不限 | 不限 |\n"
    )
    v = verdict(made, {"业绩": Fraction(60), "人数": Fraction(2)})
    high = entries(v, "级", 1)[0]
    assert (high.label, high.status) == ("高", "not_fired")
    assert [f.gap for f in high.findings] == [point(Fraction(40)), point(Fraction(1))]
    assert v.results["级"].total.value == point("低")


def test_the_trace_is_made_when_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and it is the one that is made at once; a copy has all of it."""
    made, asked = policy("数据\n  甲：是否\n条件 有：甲\n"), []
    entries = Trace.entries

    def counted(trace: Trace) -> tuple[Entry, ...]:
        asked.append(trace)
        return entries(trace)

    monkeypatch.setattr(Trace, "entries", counted)
    sheet = Sheet("P", None, {"甲": True})
    late = judge(made.program, [sheet], DAY)[0]
    assert asked == []
    assert [(e.rule, e.status) for e in late.trace] == [("有", "fired")] * 2 and len(late.trace) == 2
    assert len(asked) == 1
    at_once = Judge(Evaluator(made.program, [sheet], {}), 0, DAY, "option").verdict()
    assert late == at_once and late.trace == at_once.trace and hash(late.trace) == hash(at_once.trace)
    assert late.trace[0] is late.trace[:1][0] and repr(late.trace) == repr(at_once.trace)
    assert type(pickle.loads(pickle.dumps(late.trace))) is tuple
