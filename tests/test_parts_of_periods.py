"""X（P）的 PART in a formula: what the verdict tells of that period, and by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from engine_support import by_month, refusal
from recheck_support import faults, proved

from policydsl.domain import shape
from policydsl.engine import load_text
from policydsl.facts import Sheet
from policydsl.recheck.document import examine, read_document
from policydsl.verdict import Verdict

HEAD = (
    "政策 各期\n  编号：P\n  生效：自 2024年1月1日 起\n措施清单：货款\n数据\n  付日：日期，选填\n"
    "台账 单\n  额：金额，≥ -20元，≤ 20元\n  日：日期\n"
)
REWARD = (
    "奖励 返\n  统计期：每月，按 日\n  金额：合计（额，逐条 单） × 10\n  上限：150元\n  上限：每年 200元\n"
    "  负数：结转 1期，到期核销\n  兑付：自 本期 的 末日 起 30天 内，以 货款\n  完成：付日\n"
    "  逾期：每日 1%\n  有效：自 付日 起 1个月 内\n"
)
PARTS = {
    "封顶前": "uncut", "封顶余额": "room", "结转": "carried", "核销": "written_off", "兑付日": "pay_day",
    "失效日": "expiry", "逾期天数": "days_late", "逾期违约金": "late_fee", "暂计": "so_far",
}
ASKED = "".join(
    f"计算 三月{word} ＝ 返（2024年3月）的 {word}\n"
    + f"计算 前期{word} ＝ 返（上期）的 {word}\n  统计期：每月，按 日\n" for word in PARTS
)
POLICY = load_text(HEAD + REWARD + ASKED)
DAY = date(2024, 5, 10)


def judged(amounts: tuple[int | None, ...]) -> Verdict:
    sheet = Sheet("p", values={"付日": date(2024, 5, 2)}, lists={"单": by_month(amounts)})
    assert faults(examine(read_document(proved(POLICY, (sheet,), DAY)))) == []
    return POLICY.judge([sheet], DAY)[0]


@pytest.mark.parametrize("amounts", [(-5, 8, 18, 2), (-5, 2, 18, 2), (-5, 8, None, 2), (None, 8, 18, -2)])
def test_a_formula_is_told_what_the_verdict_tells(amounts: tuple[int | None, ...]) -> None:
    verdict = judged(amounts)
    items = {item.record: {p.name: p.value for p in item.parts} for item in verdict.results["返"].items or ()}
    for word, part in PARTS.items():
        assert shape(verdict.results[f"三月{word}"].total.value) == shape(items["2024-03-01"][part]), word
        earlier = {item.record: item.value for item in verdict.results[f"前期{word}"].items or ()}
        assert shape(earlier["2024-04-01"]) == shape(items["2024-03-01"][part]), word


def test_by_hand() -> None:
    """January comes to -50, February to 80, of which 30 are left; March to 150 at most, of a year's 200. It is due on
    30 April and paid on 2 May: two days late, 3 of 150."""
    results = judged((-5, 8, 18, 2)).results
    told = {word: results[f"三月{word}"].total.value.value for word in PARTS}
    assert (told["封顶前"], told["封顶余额"], told["结转"], told["核销"]) == (150, 20, 0, 0)
    assert (told["兑付日"], told["失效日"]) == (date(2024, 4, 30), date(2024, 6, 2))
    assert told["逾期违约金"] == 3
    assert results["前期结转"].items is not None
    assert results["前期结转"].items[1].value.value == 50


def test_before_the_cap_is_after_what_is_carried() -> None:
    """Of 80 in February, 50 are owed from January: 30 stand before the cap, in the report and in a formula alike."""
    made = load_text(HEAD + REWARD + "计算 二月 ＝ 返（2024年2月）的 封顶前\n计算 都 ＝ 返 的 封顶前\n")
    sheet = Sheet("p", values={"付日": None}, lists={"单": by_month((-5, 8))})
    results = made.judge([sheet], date(2024, 2, 29))[0].results
    assert results["二月"].total.value.value == 30
    assert results["都"].total.value.value == 30


def test_of_records_with_a_cap_of_each_customer() -> None:
    made = load_text(
        "政策 各条\n  编号：P\n台账 单\n  户：文本\n  额：金额\n  日：日期\n奖励 推\n"
        "  逐条：单\n  金额：额\n  上限：8元\n  上限：每个 户 10元，按 日 先后\n计算 封 ＝ 推 的 封顶前\n"
    )
    records = tuple(
        record.__class__(record.key, {**record.values, "户": "甲"}) for record in by_month((30, 7))
    )
    results = made.judge([Sheet("p", values={}, lists={"单": records})], DAY)[0].results
    assert (results["推"].total.value.value, results["封"].total.value.value) == (Fraction(10), Fraction(15))


@pytest.mark.parametrize(("formula", "code"), [
    ("返（2024年3月）的 首日", "POL211"), ("返（2024年3月）的 结余", "POL211"), ("返（上期）的 封顶前", "POL472"),
    ("返（2024年第1季度）的 封顶前", "POL473"),
])
def test_what_is_refused(formula: str, code: str) -> None:
    assert code in refusal(HEAD + REWARD + f"计算 甲 ＝ {formula}\n")
