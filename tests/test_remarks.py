"""Lines that contradict each other: remarked on where they stand, and what is read stays what it was."""

from __future__ import annotations

import pytest

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text

ZH = (
    "政策 试\n  编号：T\n数据\n  额：金额，≥ 0元\n  人：数量（人）\n  次：数量（次）\n  级：选项（甲、乙）\n"
    "  税钱：金额（不含税）\n"
)
EN = (
    "policy trial\n  id: T\ndata\n  value: money, >= CNY 0\n  staff: count (people)\n  breaches: count (cases)\n"
    "  sort: choice (one, two)\n  net: money (tax excluded)\n"
)


def said(text: str) -> list[tuple[str, str, int]]:
    """What is found but for what nothing uses: code, severity, line of the text after the header."""
    head = (ZH if text.isascii() is False else EN).count("\n")
    try:
        found = load_text((EN if text.isascii() else ZH) + text).diagnostics
    except PolicyError as refused:
        found = refused.diagnostics
    return [(d.code, d.severity, d.span.line - head) for d in found if d.code != "POL212"]


@pytest.mark.parametrize(
    ("zh", "en", "line"),
    [
        ("奖励 奖\n  金额：额\n  上限：50元\n  下限：80元\n",
         "reward prize\n  amount: value\n  cap: CNY 50\n  floor: CNY 80\n", 4),
        ("奖励 奖\n  金额：额\n  下限：80元\n  上限：50元\n",
         "reward prize\n  amount: value\n  floor: CNY 80\n  cap: CNY 50\n", 3),
        # a floor that is never below 100, a cap that is a parameter
        ("参数\n  顶 ＝ 50元\n奖励 奖\n  金额：额\n  上限：顶\n  下限：额 ＋ 100元\n",
         "parameters\n  top = CNY 50\nreward prize\n  amount: value\n  cap: top\n  floor: value + CNY 100\n", 6),
        ("评分 考\n  上限：3分\n  下限：5分\n  | 项 | 满分 | 得分 |\n  | 甲 | 9分 | 4分 |\n",
         "score sheet mark\n  cap: 3 points\n  floor: 5 points\n  | item | full | score |\n"
         "  | a | 9 points | 4 points |\n", 3),
        ("计算 甲值 ＝ 限于（额，80元，50元）\n", "compute limited = limit (value, CNY 80, CNY 50)\n", 1),
        ("计算 甲值 ＝ 取高（80元，1元）\n  范围：90元 至 5元\n",
         "compute limited = the higher of (CNY 80, CNY 1)\n  range: CNY 90 to CNY 5\n", 2),
        ("数据\n  丁：金额，100元 至 5元\n", "data\n  four: money, CNY 100 to CNY 5\n", 2),
    ],
)
def test_limits_the_wrong_way_round(zh: str, en: str, line: int) -> None:
    assert said(zh) == [("POL430", "warning", line)]
    assert said(en) == [("POL430", "warning", line)]


@pytest.mark.parametrize(
    "text",
    [
        "奖励 奖\n  金额：额\n  上限：80元\n  下限：50元\n",
        "奖励 奖\n  金额：额\n  上限：80元\n  下限：80元\n",  # one value only, and it can be kept
        "奖励 奖\n  金额：额\n  上限：额 ＋ 100元\n  下限：50元\n",
        "奖励 奖\n  金额：额\n  上限：额\n  下限：50元\n",  # below 50 only for some
        "计算 甲值 ＝ 限于（额，50元，80元）\n",
        "数据\n  丁：金额，5元 至 100元\n",
    ],
)
def test_limits_that_can_be_kept(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("奖励 奖\n  基数：额\n  | 级 | 比例 |\n  | 甲 | 300% |\n  | 乙 | 100% |\n", 4),
        ("参数\n  率 ＝ 101%\n奖励 奖\n  基数：额\n  | 级 | 比例 |\n  | 甲 | 率 |\n", 6),
        ("计算 税 ＝ 含税额（税钱，113%）\n", 1),
        ("措施清单：补\n数据\n  日：日期\n抵扣 扣\n  应付：额\n  次序：额\n  不足：补，自 日 起 1个月 内\n"
         "  完成：日\n  逾期：每日 150%\n", 9),
    ],
)
def test_rates_of_more_than_the_whole(text: str, line: int) -> None:
    assert said(text) == [("POL431", "warning", line)]


@pytest.mark.parametrize(
    "text",
    [
        "处罚 罚\n  基数：额\n  | 级 | 比例 |\n  | 甲 | 300% |\n",  # a fine of three times the amount is common
        "奖励 奖\n  金额：额 × 150%\n",
        "条件 超额：额 ÷ 100元 ≥ 120%\n",
    ],
)
def test_rates_that_may_be_more_than_the_whole(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (("2023年1月1日", "2024年1月1日"), []),
        (("2023年1月1日", "2023年1月1日"), [("POL432", "error", 2)]),
        (("2024年1月1日", "2023年1月1日"), [("POL433", "warning", 2)]),
    ],
)
def test_values_of_a_parameter_by_date(dates: tuple[str, str], found: list[tuple[str, str, int]]) -> None:
    first, second = dates
    assert said(f"参数\n  门 ＝ 1元，自 {first} 起 2元，自 {second} 起 3元\n条件 够：额 ≥ 门\n") == found


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (("≥ 300元 | ≥ 2人", "≥ 100万元 | ≥ 1人"), 4),  # 300 yuan were 3,000,000
        (("≥ 300万元 | ≥ 1人", "≥ 100万元 | ≥ 2人"), 4),
        (("超过 300元 | ≥ 2人", "≥ 301元 | ≥ 1人"), 4),
        (("≥ 300万元 | ≥ 3人", "≥ 100万元 | ≥ 1人", "≥ 50万元 | ≥ 2人"), 5),
        (("≥ 300万元 | ≥ 3人", "≥ 100万元 | ≥ 2人", "≥ 50万元 | ≥ 1人"), None),
        (("≥ 100万元 | ≥ 2人", "≥ 100万元 | ≥ 1人"), None),  # level is no contradiction
        (("不限 | ≥ 3人", "≥ 100万元 | ≥ 1人"), None),  # nothing is asked above
        (("100万元 至 300万元 | ≥ 2人", "≥ 150万元 | ≥ 1人"), None),  # from both sides: no higher or lower
        (("≤ 100元 | ≥ 2人", "≥ 50元 | ≥ 1人"), None),
    ],
)
def test_tiers_of_which_the_lower_asks_for_more(rows: tuple[str, ...], line: int | None) -> None:
    text = "等级 级别\n  | 等级 | 额 | 人 |\n" + "".join(f"  | 第{n}级 | {row} |\n" for n, row in enumerate(rows))
    assert said(text) == ([("POL434", "warning", line)] if line else [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("等级 级别\n  | 等级 | 次 | 人 |\n  | 上 | ≤ 3次 | ≥ 2人 |\n  | 下 | ≤ 1次 | ≥ 1人 |\n", 4),
        ("等级 级别\n  次序：由低到高\n  | 等级 | 额 | 人 |\n  | 下 | ≥ 100元 | ≥ 1人 |\n"
         "  | 上 | ≥ 10元 | ≥ 2人 |\n", 4),
        ("等级 级别\n  | 要求 | 上 | 下 |\n  | 额 | ≥ 10元 | ≥ 100元 |\n  | 人 | ≥ 2人 | ≥ 1人 |\n", 3),
        ("tiers rung\n  | tier | value | staff |\n  | up | >= CNY 10 | >= 2 people |\n"
         "  | down | >= CNY 100 | >= 1 people |\n", 4),
    ],
)
def test_tiers_in_every_orientation(text: str, line: int) -> None:
    assert said(text) == [("POL434", "warning", line)]
