"""One unknown text is one unknown: each of the texts that it is compared with, the beginnings by which tables tell them
apart, and all the rest, are tried out one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random

import pytest
from engine_support import policy, verdict
from test_one_unknown import values
from tries import by_day

from policydsl.kinds import Duration, Exact, text_key
from policydsl.text_sets import Texts, parted


def percent(number: int) -> Fraction:
    return Fraction(number, 100)


def said(text: str, lists: Mapping[str, Sequence[Mapping[str, Exact]]] | None = None) -> dict[str, object]:
    """What each result may be, of a sheet without a fact; marked where that may be wider than the truth."""
    found = verdict(policy(text), {}, lists).results
    made = {name: (r.total.value, r.total.value.values) for name, r in found.items()}
    return {name: ("marked", known) if value.hull else known for name, (value, known) in made.items()}


@pytest.mark.parametrize("kind", ["文本", "选项（a、b、等）"])
def test_of_opposite_grounds_on_a_text_one_holds(kind: str) -> None:
    """Whatever it is. It is not two at once; a further ground on both sides is all that matters."""
    a, b = ('"a"', '"b"') if kind == "文本" else ("a", "b")
    assert said(
        f"数据\n  甲：{kind}\n  乙：是否\n条件 总：甲 为 {a} 或 甲 不为 {a}\n条件 都：甲 为 {a} 且 甲 为 {b}\n"
        f"条件 其一：甲 属于（{a}、{b}） 或 （甲 不为 {a} 且 甲 不为 {b}）\n"
        f"条件 看乙：（甲 为 {a} 且 乙） 或 （甲 不为 {a} 且 乙）\n"
        f"条件 看甲：甲 为 {a} 或 （甲 不为 {a} 且 甲 为 {b}）\n"
    ) == {"总": (True,), "都": (False,), "其一": (True,), "看乙": (False, True), "看甲": (False, True)}


def test_a_text_that_may_be_none_is_none_or_a_text() -> None:
    """None is no text, so that it is unequal to each."""
    assert said(
        '数据\n  甲：文本，选填\n条件 总：甲 为 无 或 甲 为 "a" 或 甲 不为 "a"\n条件 非：甲 不为 "a" 或 甲 不为 无\n'
        '条件 都：甲 为 无 且 甲 为 "a"\n条件 无或有：甲 为 无 或 甲 不为 无\n'
    ) == {"总": (True,), "非": (True,), "都": (False,), "无或有": (True,)}


def test_width_and_case_are_no_difference() -> None:
    assert said(
        '数据\n  甲：文本\n条件 都：甲 为 "ab" 且 甲 不为 "ＡＢ"\n条件 其一：甲 为 "Ab" 或 甲 不为 "aB"\n'
    ) == {"都": (False,), "其一": (True,)}


def test_the_text_itself_is_not_told_as_the_one_that_it_is_like() -> None:
    """Who wrote AB has written AB, and not ab: what is reported is what stands on the sheet."""
    made = policy(
        '数据\n  甲：文本\n  乙：文本\n计算 名\n'
        '  若 甲 为 "ab" 且 乙 不为 "x"：甲\n  若 甲 为 "ab"：乙\n  否则：甲\n'
    )
    value = verdict(made, {}).results["名"].total.value
    assert (value.values, value.known) == (None, False)
    assert values(verdict(made, {"甲": "AB", "乙": "y"}), "名") == ("AB",)


RATES = """表 费
  | 前缀（主键） | 率 |
  | AB1 | 1% |
  | AB* | 2% |
  | C | 3% |
"""


def test_a_table_is_read_by_one_key() -> None:
    """AB1 has 1%, what begins with AB 2%, C 3%; of anything else the table says nothing."""
    assert said(RATES + """数据
  甲：文本
条件 都：费（甲）的 率 ＝ 2% 且 甲 为 "AB1"
条件 二：甲 属于 费 且 甲 不为 "C" 且 甲 不为 "AB1" 且 费（甲）的 率 不为 2%
计算 双
  若 甲 为 "AB1"：费（甲）的 率
  若 甲 为 "C"：费（甲）的 率 × 2
  否则：0%
计算 差
  若 甲 属于 费：费（甲）的 率 × 2 － 费（甲）的 率
  否则：0%
""") == {
        "都": (False,), "二": (False,), "双": (0, percent(1), percent(6)),
        "差": (0, percent(1), percent(2), percent(3)),
    }


def test_a_text_that_has_to_be_in_a_table_is_one_of_its_keys() -> None:
    """Of AB1, another of AB and C one has at least 1%, and there is none besides."""
    assert said(RATES + """数据
  甲：文本，属于 费
条件 其一：甲 为 "C" 或 甲 为 "AB1" 或 费（甲）的 率 ＝ 2%
计算 双
  若 甲 为 "C"：费（甲）的 率 × 2
  否则：费（甲）的 率
""") == {"其一": (True,), "双": (percent(1), percent(2), percent(6))}


def test_a_number_is_looked_up_by_one_key() -> None:
    """Of 1 there is 1%, of 2 there is 2%, of others nothing is said."""
    assert said("""数据
  甲：数值
表 费
  | 档（主键） | 率 |
  | 1 | 1% |
  | 2 | 2% |
计算 和
  若 甲 属于 费：费（甲）的 率 ＋ 费（甲）的 率
  否则：0%
条件 都：甲 ＝ 1 且 费（甲）的 率 ＝ 2%
""") == {"和": (0, percent(2), percent(4)), "都": (False,)}


def test_two_texts_that_are_not_known_stay_wider_and_marked() -> None:
    """Whether they are alike cannot be parted; where one of them is one of few, the other need not be."""
    assert said(
        '数据\n  甲：文本\n  乙：文本\n条件 总：甲 为 乙 或 甲 不为 乙\n条件 三：甲 为 乙 且 甲 为 "a" 且 乙 不为 "a"\n'
    ) == {"总": ("marked", (False, True)), "三": (False,)}


def test_a_text_of_a_record_is_one_unknown() -> None:
    """One record of A and one that is not known: whatever that is, of A and of all others there are two."""
    text = """台账 单
  号：文本
  类：文本
计算 数 ＝ 条数（单，其中 类 为 "A"） ＋ 条数（单，其中 类 不为 "A"）
计算 分 ＝ 条数（单，其中 类 为 "A"） × 10 ＋ 条数（单，其中 类 为 "B"）
"""
    assert said(text, {"单": [{"号": "1", "类": "A"}, {"号": "2"}]}) == {"数": (2,), "分": (10, 11, 20)}


def test_more_than_can_be_tried_is_marked() -> None:
    """Seventeen texts and the rest are more cells than are tried."""
    each = [f'甲 为 "a{i}"' for i in range(17)]
    text = f"数据\n  甲：文本\n条件 总：{' 或 '.join(each)} 或 甲 不为 \"a0\"\n"
    assert said(text) == {"总": ("marked", (False, True))}


def test_lengths_of_time_have_no_cells_for_some_compare_with_no_limit() -> None:
    """A hundred working days may be less than six months, or more than twelve: that is open whether it is said or not.
    Of thirty months it is known."""
    text = "数据\n  甲：时长\n条件 都：甲 ≥ 12个月 且 甲 ＜ 6个月\n条件 总：甲 ≥ 12个月 或 甲 ＜ 12个月\n"
    assert said(text) == {"都": ("marked", (False, True)), "总": ("marked", (False, True))}
    told = verdict(policy(text), {"甲": Duration(Fraction(100), "WD")})
    assert (values(told, "都"), values(told, "总")) == ((False, True), (False, True))
    months = verdict(policy(text), {"甲": Duration(Fraction(30), "M")})
    assert (values(months, "都"), values(months, "总")) == ((False,), (True,))


# ---------------------------------------------------------------------------------------------- the parts
TEXTS = ["", "a", "A", "ａ", "ab", "abc", "abd", "b", "ba", "ac", "z"]


@pytest.mark.parametrize("seed", range(20))
def test_each_text_lies_in_one_part(seed: int) -> None:
    """Also of parts that are parted once more."""
    draw = Random(seed)
    parts = [Texts()]
    for _ in range(2):
        words, beginnings = draw.sample(TEXTS, 3), draw.sample(["", "a", "ab", "B", "abc"], 2)
        parts = [part for of in parts for part in parted(of, words, beginnings)]
        for so, part, text in itertools.product(beginnings, parts, TEXTS):
            begin = part.begin(text_key(so))
            assert begin is not None
            if part.may_be(text):
                assert begin == text_key(text).startswith(text_key(so))
    assert [sum(part.may_be(text) for part in parts) for text in TEXTS] == [1] * len(TEXTS)
    alike = [part for part in parts if part.alike is not None]
    assert len({text_key(part.alike or "") for part in alike}) == len(alike)


# ---------------------------------------------------------------------------------------------- all that is possible
FAMILY = RATES + """数据
  甲：文本
  乙：选项（大、小、等），选填
  丙：文本，属于 费
台账 单
  号：文本
  类：文本
"""
# For each unknown a text for each of its cells, some of which are written otherwise.
FIRST = ("AB1", "ab2", "ABC", "ABCD", "C", "c1", "x", "")
SECOND = (None, "大", "小", "中")
THIRD = ("ab1", "AB9", "Ｃ")
KINDS = ("a", "B", "c")
ATOMS = (
    '甲 为 "AB1"', '甲 不为 "ABC"', '甲 为 "C"', "甲 属于 费",
    "（甲 属于 费 且 费（甲）的 率 ＝ 2%）", "（甲 属于 费 且 费（甲）的 率 ≥ 2%）",
    "乙 为 大", "乙 不为 小", "乙 为 无", "乙 属于（大、小）",
    '丙 为 "C"', '丙 不为 "AB1"', "费（丙）的 率 ≥ 2%", "费（丙）的 率 ＝ 2%",
    '存在（单，其中 类 为 "A"）', '全部（类 不为 "B"，逐条 单）', '条数（单，其中 类 属于（"A"、"B"）） ≥ 2',
)


def generated(draw: Random) -> str:
    """Conditions out of few atoms, so that they read the same unknowns again and again."""
    atoms = draw.sample(ATOMS, 5)

    def condition(deep: int) -> str:
        if not deep:
            return draw.choice(atoms)
        word = draw.choice((" 且 ", " 或 "))
        return f"{draw.choice(('', '', '并非 '))}（{word.join(condition(deep - 1) for _ in range(2))}）"

    rules = [f"条件 甲{i}：{condition(2)}\n" for i in range(4)]
    rules.append(f"计算 数\n  若 {condition(1)}：1\n  若 {condition(1)}：2\n  若 {condition(1)}：3\n  否则：4\n")
    return FAMILY + "".join(rules)


@pytest.mark.parametrize("seed", by_day(range(12), 2))
def test_what_is_said_of_texts_is_all_that_is_possible_and_nothing_else(seed: int) -> None:
    draw = Random(seed)
    made = policy(generated(draw))
    record: dict[str, Exact] = {"号": "2", "类": draw.choice(KINDS)}
    found = verdict(made, {}, {"单": [{"号": "1"}, record]})
    told = {name: set(r.total.value.values or ()) for name, r in found.results.items()}
    truth: dict[str, set[object]] = {name: set() for name in told}
    for a, b, c, kind in itertools.product(FIRST, SECOND, THIRD, KINDS):
        one = verdict(made, {"甲": a, "乙": b, "丙": c}, {"单": [{"号": "1", "类": kind}, record]})
        for name, r in one.results.items():
            truth[name].update(r.total.value.values or ())
    assert told == truth
