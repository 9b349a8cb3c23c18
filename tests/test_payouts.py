"""兑付, 有效, 用途: when a reward is paid, whether that was in time, until when it may be used."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from engine_support import allows, policy, refusal, verdict

from policydsl import to_json
from policydsl.engine import examine, load_text
from policydsl.facts import Sheet
from policydsl.recheck.document import recheck
from policydsl.summary.screen import screens
from policydsl.verdict import Verdict

SETTLED = date(2024, 3, 31)
DUE = date(2024, 4, 30)
HEAD = "措施清单：货款抵扣\n数据\n  结算日：日期\n  付日：日期，选填\n  业绩：金额\n"
REWARD = """奖励 返利
  若：业绩 ≥ 30万元
  金额：1500元
  兑付：自 结算日 起 30天 内，以 货款抵扣
  完成：付日
  逾期：每日 万分之五
  有效：自 付日 起 12个月 内
  用途：单笔不超过订单额的 20%
"""
MADE = policy(HEAD + REWARD)
FULL = {"结算日": SETTLED, "付日": date(2024, 4, 20), "业绩": Fraction(300_000)}


def parts(told: Verdict) -> dict[str, object]:
    return {p.name: p.value for p in told.results["返利"].total.parts}


def known(told: Verdict) -> dict[str, object]:
    return {name: value.value for name, value in parts(told).items() if value.known and value.value is not None}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("paid", "today", "state", "late"), [
    (date(2024, 4, 20), date(2024, 4, 25), "met", 0),
    (DUE, DUE, "met", 0),
    (DUE, date(2024, 12, 31), "met", 0),
    (date(2024, 5, 1), date(2024, 12, 31), "late", 1),
    (date(2024, 5, 20), date(2024, 12, 31), "late", 20),
    (None, DUE, "running", 0),
    (None, date(2024, 5, 1), "late", 1),
    (None, date(2024, 5, 20), "late", 20),
    (date(2024, 5, 20), date(2024, 4, 25), "running", 0),  # that has not happened yet
])
def test_each_day(paid: date | None, today: date, state: str, late: int) -> None:
    told = known(verdict(MADE, {**FULL, "付日": paid}, as_of=today))
    assert told["pay_day"] == DUE
    assert told["pay_state"] == state
    assert told["pay_form"] == "货款抵扣"
    assert told["use"] == "单笔不超过订单额的 20%"
    assert told["days_late"].value == late  # type: ignore[attr-defined]
    assert told["late_fee"] == Fraction(75 * late, 100)  # 1500 at 0.05 % a day
    if paid is not None and paid <= today:
        assert told["expiry"] == date(paid.year + 1, paid.month, paid.day)
    else:
        assert "expiry" not in told


def test_who_gets_nothing_is_paid_nothing() -> None:
    told = known(verdict(MADE, {**FULL, "业绩": Fraction(299_999), "付日": None}, as_of=date(2024, 6, 1)))
    assert {name: told.get(name) for name in ("pay_day", "pay_form", "expiry", "use")} == dict.fromkeys(
        ("pay_day", "pay_form", "expiry", "use")
    )
    assert (told["pay_state"], told["late_fee"]) == ("waiting", 0)


def test_not_told_when_it_was_paid() -> None:
    """Until the last day it may have been paid in time, or not at all yet; it is late neither way. The reward itself
    does not wait for it."""
    told = verdict(MADE, {"结算日": SETTLED, "业绩": Fraction(300_000)}, as_of=date(2024, 4, 25))
    state = parts(told)["pay_state"]
    assert sorted(state.values) == ["met", "running"]  # type: ignore[attr-defined]
    assert not parts(told)["expiry"].known  # type: ignore[attr-defined]
    assert known(told)["late_fee"] == 0
    assert told.results["返利"].total.status == "known"
    after = verdict(MADE, {"结算日": SETTLED, "业绩": Fraction(300_000)}, as_of=date(2024, 5, 10))
    assert sorted(parts(after)["pay_state"].values) == ["late", "met"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("gap", ["结算日", "付日", "业绩"])
@pytest.mark.parametrize("today", [date(2024, 4, 25), date(2024, 5, 1), date(2024, 6, 1)])
def test_what_is_missing_contradicts_nothing(gap: str, today: date) -> None:
    told = parts(verdict(MADE, {k: v for k, v in FULL.items() if k != gap}, as_of=today))
    days = [SETTLED + timedelta(days=n) for n in (-400, 0, 20, 30, 31, 62)]
    for way in [Fraction(0), Fraction(300_000)] if gap == "业绩" else days + [None] * (gap == "付日"):
        for name, value in parts(verdict(MADE, {**FULL, gap: way}, as_of=today)).items():
            assert allows(told[name], value.value), (name, way)  # type: ignore[attr-defined]


def test_grace_and_the_late_fee() -> None:
    for since, late in (("从到期日算", 4), ("从宽限期满算", 1)):
        made = policy(HEAD + REWARD + f"  宽限：3天，{since}\n")
        for paid, state, days in ((3, "graced", 0), (4, "late", late)):
            told = known(verdict(made, {**FULL, "付日": DUE + timedelta(days=paid)}, as_of=date(2024, 6, 1)))
            assert (told["pay_state"], told["days_late"].value) == (state, days)  # type: ignore[attr-defined]
            assert told["late_fee"] == Fraction(75 * days, 100)


def test_the_last_day_moves_off_rest_days() -> None:
    made = load_text("政策 试\n  编号：T\n  工作日历：中国\n  期间算法：民法典\n" + HEAD + REWARD, "t.pol")
    told = known(verdict(made, {**FULL, "结算日": date(2024, 4, 1)}, as_of=date(2024, 5, 6)))
    assert told["pay_day"] == date(2024, 5, 6)  # 1 May and the four days after it are rest days


def test_the_proof_holds() -> None:
    made = load_text("政策 试\n  编号：T\n" + HEAD + REWARD, "t.pol")
    for facts in (FULL, {**FULL, "付日": None}, {"结算日": SETTLED}):
        (told,) = made.judge([Sheet("P", None, dict(facts), {})], date(2024, 5, 5), proof=True)
        assert recheck(to_json(told)).faults == []


def test_the_form_is_no_measure_that_is_taken() -> None:
    told = verdict(MADE, FULL, as_of=date(2024, 4, 25))
    assert set(told.results) == {"返利"}
    text = screens([told], "zh")
    assert "兑付日2024年4月30日；兑付按时；兑付方式货款抵扣；失效日2025年4月20日；用途" in "".join(text.split())


@pytest.mark.parametrize(("text", "code"), [
    (HEAD + "奖励 奖\n  金额：1元\n  完成：付日\n", "POL402"),
    (HEAD + "奖励 奖\n  金额：1元\n  兑付：自 结算日 起 30天 内，以 货款抵扣\n  宽限：3天\n", "POL402"),
    (HEAD + "奖励 奖\n  金额：1元\n  兑付：自 结算日 起 30天 内，以 货款抵扣\n  逾期：每日 1%\n", "POL402"),
    (HEAD + REWARD + "  宽限：3天\n", "POL514"),
    (HEAD + "奖励 奖\n  金额：1元\n  兑付：自 结算日 起 30天 内，以 现金\n", "POL201"),
    (HEAD + "奖励 奖\n  金额：1元\n  兑付：自 结算日 起 30天 内，以 业绩\n", "POL415"),
    (HEAD + "奖励 奖\n  金额：1元\n  兑付：自 结算日 起，以 货款抵扣\n", "POL528"),
    (HEAD + "处罚 罚\n  金额：1元\n  兑付：自 结算日 起 30天 内，以 货款抵扣\n", "POL401"),
])
def test_what_is_not_said_is_asked(text: str, code: str) -> None:
    assert code in refusal("政策 试\n  编号：T\n" + text)


@pytest.mark.parametrize(("pay", "valid", "warned"), [
    ("自 结算日 起 30天 内", "自 结算日 起 29天 内", True),
    ("自 结算日 起 30天 内", "自 结算日 起 30天 内", False),
    ("自 结算日 起 12个月 内", "自 结算日 起 1年 内", False),
    ("自 结算日 起 12个月 内", "自 结算日 起 3个季度 内", True),
    ("自 结算日 起 1个月 内", "自 结算日 起 28天 内", False),  # February may have as few
    ("自 结算日 起 1个月 内", "自 结算日 起 27天 内", True),
    ("自 结算日 起 30天 内", "自 付日 起 1天 内", False),
    ("自 结算日 至 2024年6月30日", "自 结算日 至 2024年6月29日", True),
])
def test_void_before_it_is_paid(pay: str, valid: str, warned: bool) -> None:
    text = f"政策 试\n  编号：T\n  版本：1\n{HEAD}奖励 奖\n  金额：1元\n  兑付：{pay}，以 货款抵扣\n  有效：{valid}\n"
    assert ("POL527" in {d.code for d in examine({"t.pol": text}).diagnostics}) is warned
