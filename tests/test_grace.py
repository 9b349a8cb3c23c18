"""宽限: on time through the last day and so long after it; from which day what is late is late."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from engine_support import allows, policy, refusal, verdict

from policydsl import to_json
from policydsl.engine import load_text
from policydsl.facts import Sheet
from policydsl.recheck.document import recheck

DUE = date(2024, 6, 10)
DATA = "数据\n  到期日：日期\n  到账日：日期，选填\n  回款额：金额\n"
POLICY = DATA + """
期限 付款
  截止：到期日
  宽限：3天
  完成：到账日
期限 尾款
  截止：到期日
  宽限：3天，从宽限期满算
  完成：到账日
要求 回款：回款额 ≥ 100元
  截止：到期日
  宽限：3天
  完成：到账日
"""
MADE = policy(POLICY)


@pytest.mark.parametrize(("after", "today", "payment", "collected", "late"), [
    (0, 0, "met", "yes", 0),
    (0, 30, "met", "yes", 0),
    (1, 30, "graced", "graced", 0),
    (3, 3, "graced", "graced", 0),
    (4, 4, "late", "belated", 4),
    (4, 30, "late", "belated", 4),
    (None, 0, "running", "pending", 0),
    (None, 3, "running", "pending", 0),
    (None, 4, "late", "no", 4),
    (None, 30, "late", "no", 30),
    (5, 3, "running", "pending", 0),  # that has not happened yet
])
def test_each_day(after: int | None, today: int, payment: str, collected: str, late: int) -> None:
    done = None if after is None else DUE + timedelta(days=after)
    there = done is not None and done <= DUE + timedelta(days=today)
    facts = {"到期日": DUE, "到账日": done, "回款额": Fraction(100 if there else 0)}
    found = verdict(MADE, facts, as_of=DUE + timedelta(days=today)).results
    said = {name: result.total.state.value for name, result in found.items() if result.total.state is not None}
    assert said == {"付款": payment, "尾款": payment, "回款": collected}
    days = {
        name: part.value.value.value for name in ("付款", "尾款")
        for part in found[name].total.parts if part.name == "days_late"
    }
    assert days == {"付款": late, "尾款": max(0, late - 3)}
    ends = [part.value.value for part in found["付款"].total.parts if part.name == "grace_end"]
    assert ends == [DUE + timedelta(days=3)]
    assert found["付款"].total.value.value == DUE


@pytest.mark.parametrize("gap", ["到期日", "到账日", "回款额"])
@pytest.mark.parametrize("today", [-1, 0, 1, 3, 4])
def test_what_is_missing_contradicts_nothing(gap: str, today: int) -> None:
    as_of = DUE + timedelta(days=today)
    facts = {"到期日": DUE, "到账日": DUE + timedelta(days=1), "回款额": Fraction(100)}
    told = verdict(MADE, {k: v for k, v in facts.items() if k != gap}, as_of=as_of)
    days = (*(DUE + timedelta(days=n) for n in range(-5, 6)), None)
    ways = (Fraction(99), Fraction(100)) if gap == "回款额" else days
    for way in ways:
        if gap == "到期日" and way is None:
            continue
        full = verdict(MADE, {**facts, gap: way}, as_of=as_of)
        for name, result in full.results.items():
            before, after = told.results[name].total, result.total
            assert before.state is not None and after.state is not None
            assert allows(before.state, after.state.value), (name, way)
            for one, other in zip(before.parts, after.parts, strict=True):
                assert allows(one.value, other.value.value), (name, one.name, way)


def test_the_proof_holds() -> None:
    made = load_text("政策 试\n  编号：T\n" + POLICY, "t.pol")
    for facts in ({"到期日": DUE, "到账日": DUE + timedelta(days=2), "回款额": Fraction(100)}, {"到期日": DUE}):
        (told,) = made.judge([Sheet("P", None, facts, {})], DUE + timedelta(days=5), proof=True)
        assert recheck(to_json(told)).faults == []


def test_the_end_of_grace_is_moved_off_rest_days_like_the_last_day() -> None:
    made = load_text("政策 试\n  编号：T\n  工作日历：中国\n  期间算法：民法典\n" + POLICY, "t.pol")
    friday = date(2024, 6, 21)
    (end,) = (p for p in verdict(made, {"到期日": friday}).results["付款"].total.parts if p.name == "grace_end")
    assert end.value.value == date(2024, 6, 24)  # three days on, a Monday
    (end,) = (
        p for p in verdict(made, {"到期日": date(2024, 6, 19)}).results["付款"].total.parts if p.name == "grace_end"
    )
    assert end.value.value == date(2024, 6, 24)  # three days on is Saturday the 22nd


def test_grace_by_the_clock() -> None:
    made = policy("数据\n  到：时刻\n  办：时刻，选填\n期限 办结\n  截止：到\n  宽限：2小时\n  完成：办\n")
    at = datetime(2024, 6, 10, 9)
    for minutes, state in ((0, "met"), (1, "graced"), (120, "graced"), (121, "late")):
        facts = {"到": at, "办": at + timedelta(minutes=minutes)}
        found = verdict(made, facts, as_of=date(2024, 6, 30)).results["办结"].total
        assert found.state is not None and found.state.value == state


@pytest.mark.parametrize(("text", "code"), [
    (DATA + "期限 付款\n  截止：到期日\n  宽限：3天\n", "POL402"),
    (DATA + "期限 付款\n  截止：到期日\n  宽限：3天\n  完成：到账日\n  性质：权利\n", "POL402"),
    (DATA + "要求 回款：回款额 ≥ 100元\n  宽限：3天\n", "POL402"),
    (DATA + "处罚 罚\n  金额：1元\n  宽限：3天\n", "POL401"),
    (POLICY + "计算 晚 ＝ 付款 的 逾期天数\n", "POL514"),
    (POLICY + "计算 晚 ＝ 回款 的 逾期天数\n", "POL514"),
])
def test_what_is_not_said_is_asked(text: str, code: str) -> None:
    assert code in refusal("政策 试\n  编号：T\n" + text)


def test_whoever_says_so_may_ask_how_late() -> None:
    policy(POLICY + "计算 晚 ＝ 尾款 的 逾期天数\n")
