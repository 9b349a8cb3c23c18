"""Whole parts, what they leave, rounding to a unit, prices without tax: what the text shows, where limits lie, what the
proof holds."""

from __future__ import annotations

from fractions import Fraction

import pytest

import policydsl
from policydsl import to_json, to_text
from policydsl.diagnostics import PolicyError
from policydsl.domain import Possible
from policydsl.engine import load_text
from policydsl.kinds import DAYS, MONEY, NUMBER, PERCENT, TEXT, Duration, Exact, Kind
from policydsl.operators import Setting, apply
from policydsl.operators.undo import Moved, Step, undone
from policydsl.recheck.document import recheck

SETTING = Setting(None, None)


def n(value: int | str) -> Fraction:
    return Fraction(value)


def of(op: str, value: Possible, *more: Exact, kind: Kind = MONEY) -> Possible:
    kinds = [kind, kind, TEXT][: 1 + len(more)]
    return apply(op, [value, *(Possible((m,)) for m in more)], kinds, NUMBER if op == "whole_div" else kind, SETTING)


def between(low: int | str | None, high: int | str | None, low_open: bool = False, high_open: bool = False) -> Possible:
    return Possible(None, None if low is None else n(low), low_open, None if high is None else n(high), high_open)


@pytest.mark.parametrize(("value", "counts"), [
    (between(100_000, 149_000), (2,)), (between(100_000, 150_000), (2, 3)),
    (between(100_000, 150_000, high_open=True), (2,)),
    (between(-100_000, 50_000, True, True), (-1, 0)),  # just above -100,000 there is one part to take back
    (between(-49_999, 49_999), (0,)),
])
def test_parts_between_two_ends(value: Possible, counts: tuple[int, ...]) -> None:
    assert of("whole_div", value, n(50_000)).values == tuple(map(Fraction, counts))


def test_parts_without_an_end_go_on_without_one() -> None:
    found = of("whole_div", between(120_000, None), n(50_000))
    assert (found.values, found.low, found.high) == (None, 2, None)


@pytest.mark.parametrize(("value", "low", "high", "high_open"), [
    (between(100_000, 149_000), 0, 49_000, False), (between(100_000, 150_000), 0, 50_000, True),
    (between(110_000, 149_000), 10_000, 49_000, False), (between(-20_000, 10_000), -20_000, 10_000, False),
    (between(0, None), 0, 50_000, True), (between(-60_000, -30_000), -50_000, 0, False),
])
def test_what_parts_leave(value: Possible, low: int, high: int, high_open: bool) -> None:
    found = of("mod", value, n(50_000))
    assert (found.low, found.high, found.high_open) == (low, high, high_open)


@pytest.mark.parametrize(("value", "way", "made"), [
    (between("2.5", "2.6"), "half_up", (3,)), (between("2.4", "2.5", high_open=True), "half_up", (2,)),
    (between("2", "2.9"), "down", (2,)), (between("2", "2.9"), "up", (2, 3)),
    (between("2", "2.9", low_open=True), "up", (3,)),
])
def test_rounded_between_two_ends(value: Possible, way: str, made: tuple[int, ...]) -> None:
    assert of("round_to", value, n(1), way, kind=NUMBER).values == tuple(map(Fraction, made))


def test_a_day_begun_is_a_day() -> None:
    hours = Possible(None, Duration(n(25), "H"), False, Duration(n(48), "H"))
    found = apply("round_to", [hours, Possible((Duration(n(1), "D"),)), Possible(("up",))],
                  [Kind("duration", unit="H"), DAYS, TEXT], DAYS, SETTING)
    assert found.values == (Duration(n(2), "D"),)


def test_the_rate_moves_a_negative_amount_the_other_way() -> None:
    found = apply("gross", [Possible((n(-100),)), between("0.06", "0.13")], [MONEY, PERCENT], MONEY, SETTING)
    assert (found.low, found.high) == (-113, -106)


# What is done, the limit, and where the fact crosses it.
@pytest.mark.parametrize(("step", "limit", "op", "there"), [
    (Step("whole_div", n(50_000)), 3, ">=", (150_000, ">=")), (Step("whole_div", n(50_000)), 3, "<", (150_000, "<")),
    (Step("whole_div", n(50_000)), 3, ">", (200_000, ">=")), (Step("whole_div", n(50_000)), 3, "<=", (200_000, "<")),
    (Step("whole_div", n(50_000)), "2.5", ">=", (150_000, ">=")),
    (Step("round_to", n(1), how="half_up"), 3, ">=", ("2.5", ">=")),
    (Step("round_to", n(1), how="down"), 3, ">=", (3, ">=")),
    (Step("round_to", n(1), how="up"), 3, ">=", (2, ">")), (Step("round_to", n(1), how="up"), 3, "<=", (3, "<=")),
    (Step("round_to", n("0.01"), how="half_up"), "0.03", ">", ("0.035", ">=")),
    (Step("net", n("0.13")), 100, ">=", (113, ">=")),
])
def test_a_limit_is_carried_back(step: Step, limit: int | str, op: str, there: tuple[int | str, str]) -> None:
    assert undone((step,), n(limit), op) == (Moved(n(there[0]), there[1]),)


POLICY = """政策 满额
  编号：T
数据
  业绩：金额，选填
  含税价：金额（含税）
  税率：百分比，6% 至 13%
计算 份数 ＝ 整除（业绩，5万元）
计算 剩下 ＝ 零头（业绩，5万元）
计算 到分 ＝ 取整（不含税额（含税价，税率），0.01元，四舍五入）
计算 重加 ＝ 含税额（不含税额（含税价，税率），13%）
奖励 满额奖
  若：业绩 已填
  金额：500元 × 份数
条件 够三份：份数 ≥ 3
"""


@pytest.mark.parametrize("facts", [
    {"业绩": 196000, "含税价": 113, "税率": "13%"}, {"业绩": -120000, "含税价": "-113"},
    {"含税价": 113}, {"业绩": "无"}, {},
])
def test_the_proof_holds(facts: dict[str, object]) -> None:
    verdict = policydsl.loads(POLICY, "满额.pol").evaluate(facts, as_of="2024-06-30", proof=True)
    assert recheck(to_json(verdict)).faults == []


def test_the_working_says_what_is_missing_to_the_next() -> None:
    verdict = policydsl.loads(POLICY, "满额.pol").evaluate(
        {"业绩": 196000, "含税价": 113, "税率": "13%"}, as_of="2024-06-30"
    )
    text = " ".join(to_text(verdict, "zh").split())
    assert "业绩 196,000元 ÷ 5万元，满 3 份，余 46,000元；还差 4,000元 再满一份" in text
    assert "含税价 113元 ÷ （1 ＋ 税率 13%）" in text
    english = " ".join(to_text(verdict, "en").split())
    assert "3 in full, CNY 46,000 left; CNY 4,000 more to the next" in english


# Where a step is nothing or less, or months are parted by days: there is no count, and so nothing that is left.
UNCOUNTED = """政策 不能数
  编号：T
参数
  每份线 ＝ 5万元
数据
  业绩：金额
  位：金额
  停机：时长
奖励 甲
  基数：业绩
  每满：位，奖 1元
处罚 罚
  基数：停机
  每满：1天，罚 100元
计算 份 ＝ 整除（业绩，位）
计算 余 ＝ 零头（业绩，位）
计算 整 ＝ 取整（业绩，位，四舍五入）
计算 天数 ＝ 整除（停机，1天）
计算 时辰 ＝ 零头（停机，1天）
计算 整天 ＝ 取整（停机，1天，进一）
计算 按线 ＝ 整除（业绩，每份线）
条件 够：整除（业绩，位） ≥ 3
"""
LEFT = ("份，余", "再满一份")


@pytest.mark.parametrize("step", ["0元", "-50000元"])
def test_what_cannot_be_counted_is_undetermined_and_leaves_nothing(step: str) -> None:
    verdict = policydsl.loads(UNCOUNTED, "不能数.pol").evaluate(
        {"业绩": "5元", "位": step, "停机": "2个月"}, as_of="2024-06-30", settings={"每份线": "0元"}, proof=True
    )
    for name in ("甲", "罚", "份", "余", "整", "天数", "时辰", "整天", "按线", "够"):
        assert "not_computable" in verdict.results[name].total.reasons, name
        assert not verdict.results[name].total.value.known
    text = to_text(verdict, "zh")
    assert "业绩 5元 ÷ 每份线 0元" in text and not any(said in text for said in LEFT)
    assert "left;" not in to_text(verdict, "en")
    assert recheck(to_json(verdict)).faults == []


def test_what_can_be_counted_beside_it_is() -> None:
    """Three days and a half by the day: three, 12 hours left, 12 more to the next; no months at all are no days."""
    policy = policydsl.loads(UNCOUNTED, "不能数.pol")
    facts = {"业绩": "5元", "位": "2元", "停机": "84小时"}
    verdict = policy.evaluate(facts, as_of="2024-06-30")
    assert verdict.results["罚"].total.value.value == 300
    assert "满 3 份，余 12小时；还差 12小时 再满一份" in " ".join(to_text(verdict, "zh").split())
    none = policy.evaluate({**facts, "停机": "0个月"}, as_of="2024-06-30")
    assert none.results["罚"].total.value.value == 0
    assert "还差 1天 再满一份" in " ".join(to_text(none, "zh").split())


@pytest.mark.parametrize("wrong, code", [
    ("整除（业绩，0元）", "POL344"), ("取整（业绩，1元）", "POL312"), ("取整（业绩，1元，含税价）", "POL307"),
    ("整除（业绩，3）", "POL304"), ("整除（业绩，3家）", "POL301"),
    ("不含税额（不含税额（含税价，13%），13%）", "POL309"),
])
def test_what_does_not_fit_is_told(wrong: str, code: str) -> None:
    text = POLICY + f"计算 错 ＝ {wrong}\n"
    try:
        found = load_text(text, "错.pol").diagnostics
    except PolicyError as refused:
        found = refused.diagnostics
    assert code in {d.code for d in found}
