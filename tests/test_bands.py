"""计法: slices, steps that are reached, cliffs; every figure worked out by hand, or by a loop that knows no policy."""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import edited, resealed
from recheck_support import faults, of_text
from tries import tries

from policydsl.cli.recheck import worked
from policydsl.diagnostics import Language, PolicyError
from policydsl.domain import at_most, ends, point
from policydsl.engine import Policy, load_text
from policydsl.handbook import handbook
from policydsl.recheck.document import examine, read_document
from policydsl.render.json import verdict_json
from policydsl.render.markdown import markdown
from policydsl.render.sums import lines
from policydsl.render.text import verdict_text
from policydsl.render.values import Writer
from policydsl.sheet import read_sheets
from policydsl.summary.screen import screens
from policydsl.verdict import Sum, Verdict

DAY = date(2024, 6, 30)
REBATE = """政策 返利
  编号：B
数据
  业绩：金额
奖励 年度返利 【3.1】
  基数：业绩
  计法：超额累进
  | 业绩 | 比例 |
  | 10万元 以下 | 4.5% | 【3.2】
  | 10万元 至 25万元 | 2% |
  | 25万元 至 50万元 | 1.2% |
  | 50万元 以上 | 0.2% |
奖励 阶梯奖
  计法：逐档
  | 业绩 | 金额 |
  | 30万元 以上 | 5000元 |
  | 60万元 以上 | 8000元 |
奖励 全额返利
  基数：业绩
  | 业绩 | 比例 |
  | 低于 100万元 | 1% |
  | 100万元 以上 | 1.5% |
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_text(REBATE, "返利.pol")


def judged(policy: Policy, sheet: str) -> Verdict:
    (verdict,) = policy.judge(read_sheets(f"名称: 甲\n{sheet}", "甲.yaml", policy.program), DAY)
    return verdict


def working(verdict: Verdict, rule: str) -> Sum:
    (made,) = [e.working for e in verdict.trace if e.rule == rule and e.working is not None]
    return made


def told(made: Sum, lang: Language = "zh") -> list[tuple[int, str, str]]:
    return [(line.depth, line.head, line.text) for line in lines(made, Writer(lang))]


# ---------------------------------------------------------------------------------------------- shown
def test_the_working_is_the_table_of_slices(policy: Policy) -> None:
    """100,000 at 4.5 %, 150,000 at 2 %, 150,000 at 1.2 %; 100,000 are missing to 500,000."""
    made = working(judged(policy, "业绩: 40万元"), "年度返利")
    assert told(made) == [
        (0, "算式", "＝ 10万元 × 4.5% ＋ 15万元 × 2% ＋ 15万元 × 1.2%；再 10万元 到 50万元，往上按 0.2%"),
        (1, "10万元 以下 一行", "4,500元 ＝ 10万元 × 4.5%"),
        (1, "10万元 至 25万元 一行", "3,000元 ＝ 15万元 × 2%"),
        (1, "25万元 至 50万元 一行", "1,800元 ＝ 15万元 × 1.2%"),
    ]
    assert told(made, "en")[0][2] == (
        "= CNY 100,000 × 4.5% + CNY 150,000 × 2% + CNY 150,000 × 1.2%; "
        "CNY 100,000 more to CNY 500,000, 0.2% of what is beyond"
    )
    rows = [part for part in made.parts if part.form == "slice"]
    assert [(r.label, r.row, r.value) for r in rows][-1] == ("50万元 以上", 4, point(Fraction(0)))
    assert [[(p.form, p.value.value) for p in r.parts] for r in rows[:2]] == [
        [("to", 100_000), ("slice_of", 100_000), ("rate", Fraction(9, 200))],
        [("from", 100_000), ("to", 250_000), ("slice_of", 150_000), ("rate", Fraction(1, 50))],
    ]


def test_above_the_last_border_nothing_is_missing(policy: Policy) -> None:
    verdict = judged(policy, "业绩: 54万元")
    assert told(working(verdict, "年度返利"))[0] == (
        0, "算式", "＝ 10万元 × 4.5% ＋ 15万元 × 2% ＋ 25万元 × 1.2% ＋ 4万元 × 0.2%")
    assert verdict.results["年度返利"].total.value == point(Fraction(10_580))


def test_steps_and_wholes_say_how_far_the_next_band_is(policy: Policy) -> None:
    verdict = judged(policy, "业绩: 40万元")
    assert told(working(verdict, "阶梯奖")) == [
        (0, "算式", "＝ 30万元 以上 一行；再 20万元 到 60万元，另得 8,000元"), (1, "30万元 以上 一行", "5,000元"),
    ]
    assert told(working(verdict, "全额返利"))[0] == (
        0, "算式", "＝ 业绩 40万元 × 1%；再 60万元 到 100万元，全部按 1.5%"
    )


@pytest.mark.parametrize("lang, said", [
    ("zh", "再 10万元 到 50万元，往上按 0.2%"), ("en", "CNY 100,000 more to CNY 500,000, 0.2% of what is beyond"),
])
def test_the_border_is_told_on_the_screen_in_text_and_in_json(lang: Language, said: str) -> None:
    verdict = judged(load_text(re.sub("【.*?】", "", REBATE), "返利.pol"), "业绩: 40万元")
    for text in (screens([verdict], lang), verdict_text(verdict, lang=lang)):
        assert "".join(said.split()) in "".join(text.split())
    trace = json.loads(verdict_json(verdict))["trace"]
    border = next(e["working"] for e in trace if e["rule"] == "年度返利" and "working" in e)["parts"][-1]
    assert (border["form"], border["value"], border["parts"][0]["value"]) == ("border", 100_000, 500_000)


def test_the_base_of_slices_is_followed() -> None:
    ledger = "台账 订单\n  单号：文本\n  额：金额\n计算 业绩 ＝ 合计（额，逐条 订单）\n"
    made = load_text(REBATE.replace("数据\n  业绩：金额\n", ledger), "x.pol")
    verdict = judged(made, "订单:\n- {单号: A, 额: 9万元}\n- {单号: B, 额: 3万元}")
    assert told(working(verdict, "年度返利"))[1][1:] == ("业绩", "12万元 ＝ A 9万元 ＋ B 3万元")


def test_the_handbook_shows_each_jump(policy: Policy) -> None:
    """999,999.99 × 1 % is 9,999.9999, to the fen 10,000; 1 million at 1.5 % is 15,000."""
    text = markdown(handbook(policy, (), as_of=DAY))
    assert "999,999.99元 得 1万元，到 100万元 得 15,000元（多得 5,000元）" in text
    assert "超额累进，每一段按自己的一档" in text
    assert "earns CNY 15,000 (CNY 5,000 more)" in markdown(handbook(policy, (), lang="en", as_of=DAY))


# ---------------------------------------------------------------------------------------------- proved
def test_a_proof_holds_every_slice_and_a_falsified_one_is_found() -> None:
    document = read_document(of_text("名称: 甲\n评估日: 2024-06-30\n业绩: 40万元\n", REBATE))
    assert examine(document, worked).holds
    proof = document["proof"]
    assert [root[3] for root in proof["roots"] if root[:3] == ["rule", "年度返利", "slice"]] == ["1", "2", "3", "4"]
    spoiled = [i for i, node in enumerate(proof["nodes"]) if node[2] == 3000]
    assert spoiled
    for i in spoiled:
        with edited(document, [(proof["nodes"][i], 2, 3001)]), resealed(document):
            assert faults(examine(document, worked))


# ---------------------------------------------------------------------------------------------- asked of the text
def codes(text: str) -> list[str]:
    try:
        return [d.code for d in load_text(text, "x.pol").diagnostics if d.severity != "notice"]
    except PolicyError as error:
        return [d.code for d in error.diagnostics]


def slices(*rows: str, data: str = "  业绩：金额", head: str = "业绩") -> str:
    body = "".join(f"\n  | {row} |" for row in rows)
    return f"政策 试\n  编号：T\n数据\n{data}\n奖励 返利\n  基数：业绩\n  计法：超额累进\n  | {head} | 比例 |{body}\n"


@pytest.mark.parametrize("rows, found", [
    (("10万元 以下 | 4%", "10万元 以上 | 2%"), []),
    (("低于 10万元 | 4%", "超过 10万元 | 2%"), []),  # the point itself has no width
    (("10万元 以上 | 2%",), []),  # only what is beyond: what lies below the first slice gets nothing
    (("0元 至 10万元 | 4%", "10万元 至 20万元 | 2%"), ["POL448"]),  # open at the top
    (("10万元 以下 | 4%", "100001元 以上 | 2%"), ["POL448"]),
    (("10万元 以下 | 4%", "99999.99元 以上 | 2%"), ["POL449"]),
    (("不限 | 4%",), []),
    (("20万元 至 10万元 | 4%",), ["POL419"]),
    (("10万元、20万元 | 4%",), ["POL447"]),
])
def test_slices_meet_end_to_end(rows: tuple[str, ...], found: list[str]) -> None:
    assert codes(slices(*rows)) == found


def test_a_declared_end_closes_the_top() -> None:
    assert codes(slices("20万元 以下 | 4%", data="  业绩：金额，0元 至 20万元")) == []


def test_slices_of_other_columns_are_apart() -> None:
    """The plain tier has one slice from 20,000 on; the gold one leaves 10,000 to 20,000 out."""
    data = "  业绩：金额\n  级：选项（金、普）"
    rows = ("金 | 1万元 以下 | 4%", "普 | 2万元 以上 | 1%")
    assert codes(slices(*rows, "金 | 1万元 以上 | 2%", data=data, head="级 | 业绩")) == []
    assert codes(slices(*rows, "金 | 2万元 以上 | 2%", data=data, head="级 | 业绩")) == ["POL448"]
    assert codes(slices(*rows, "不限 | 1万元 以上 | 2%", data=data, head="级 | 业绩")) == ["POL449"]


def test_where_more_earns_less_is_a_warning() -> None:
    """Falling: 1 % below a million, 0.5 % from there. Not with a cap that both reach, nor of a fine, nor of slices."""
    rows = "  | 业绩 | 比例 |\n  | 低于 100万元 | 1% |\n  | 100万元 以上 | 0.5% |\n"
    start = "政策 试\n  编号：T\n数据\n  业绩：金额\n{kind} 返利\n  基数：业绩\n"
    assert codes(start.format(kind="奖励") + rows) == ["POL450"]
    assert codes(start.format(kind="奖励") + rows.replace("0.5%", "1.5%")) == []
    assert codes(start.format(kind="奖励") + "  上限：5000元\n" + rows) == []
    assert codes(start.format(kind="处罚") + rows) == []
    amounts = "  | 业绩 | 金额 |\n  | 30万元 至 60万元 | 5000元 |\n  | 超过 60万元 | 3000元 |\n"
    assert codes(start.format(kind="奖励").replace("  基数：业绩\n", "") + amounts) == ["POL450"]
    assert codes(start.format(kind="奖励").replace("  基数：业绩\n", "") + amounts.replace("3000", "8000")) == []


@pytest.mark.parametrize("said", ["超出部分 × 5%", "业绩 累进 5%", "业绩 超额累进 5%"])
def test_progressive_words_lead_to_the_line(said: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_text(f"政策 试\n  编号：T\n数据\n  业绩：金额\n计算 甲 ＝ {said}\n", "x.pol")
    assert "said_slices" in [d.hint for d in error.value.diagnostics]


# ---------------------------------------------------------------------------------------------- properties
BORDERS = st.lists(st.integers(-50, 400), min_size=1, max_size=5, unique=True).map(sorted)
RATES = st.lists(st.integers(0, 20), min_size=6, max_size=6)


def sliced(borders: list[int], rates: list[int], data: str = "  业绩：金额") -> Policy:
    """Slices of 10,000 yuan, open at both ends, the rates in percent."""
    rows = [f"{borders[0]}万元 以下 | {rates[0]}%"]
    rows += [f"{a}万元 至 {b}万元 | {r}%" for a, b, r in zip(borders, borders[1:], rates[1:], strict=False)]
    rows.append(f"{borders[-1]}万元 以上 | {rates[len(borders)]}%")
    return load_text(slices(*rows, data=data), "x.pol")


def by_hand(base: int, borders: list[int], rates: list[int]) -> Fraction:
    """Yuan by yuan of ten thousand, from nothing up (or down) to the base."""
    total = 0
    for k in range(base) if base >= 0 else range(base, 0):
        band = sum(border <= k for border in borders)
        total += rates[band] * (1 if base >= 0 else -1)
    return Fraction(total * 10_000, 100)


@given(BORDERS, RATES, st.integers(-60, 420))
@tries(40)
def test_slices_come_to_what_a_loop_gives_and_add_up_to_the_base(
    borders: list[int], rates: list[int], base: int
) -> None:
    verdict = judged(sliced(borders, rates), f"业绩: {base * 10_000}元")
    assert verdict.results["返利"].total.value == point(by_hand(base, borders, rates))
    cut = [part for part in working(verdict, "返利").parts if part.form == "slice"]
    sizes = [p.value.value for part in cut for p in part.parts if p.form == "slice_of"]
    assert sum(size for size in sizes if isinstance(size, Fraction)) == base * 10_000


@given(BORDERS, RATES, st.integers(-60, 300), st.integers(0, 120), st.integers(0, 100))
@tries(30)
def test_an_unknown_base_gives_the_amounts_of_its_ends(
    borders: list[int], rates: list[int], low: int, wide: int, part: int
) -> None:
    """More is never less in slices, so the ends of the amount are those of the base, and all between is between."""
    made = sliced(borders, rates, f"  业绩：金额，{low}万元 至 {low + wide}万元")
    found = judged(made, "").results["返利"].total.value
    first, last = by_hand(low, borders, rates), by_hand(low + wide, borders, rates)
    assert (ends(found)[0], ends(found)[2]) == (first, last)
    between = by_hand(low + wide * part // 100, borders, rates)
    assert at_most(first, between) and at_most(between, last)
