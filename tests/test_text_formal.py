"""Amounts in formal characters: read exactly or refused, and written as the rules for bank papers have it."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from cn2an import an2cn
from hypothesis import given
from hypothesis import strategies as st
from tries import tries

from policydsl import nodes
from policydsl.text import formal
from policydsl.text.quantities import read_literal

READ = {
    "肆佰伍拾万零捌仟元整": 4508000,  # the figure before 万 is zero, the thousands are not: 零 may stand or not
    "肆佰伍拾万捌仟元整": 4508000,
    "肆佰伍拾萬零捌仟圓整": 4508000,
    "肆佰伍拾万零捌仟圆正": 4508000,
    "肆佰伍拾万零捌仟元": 4508000,
    "人民币肆佰伍拾万零捌仟元整": 4508000,
    "肆佰伍拾万零捌佰元整": 4500800,  # here 零 has to stand
    "貳萬參仟陸佰元整": 23600,
    "壹拾元整": 10,
    "零元整": 0,
    "壹仟肆佰零玖元伍角": F("1409.5"),
    "壹仟肆佰零玖元伍角整": F("1409.5"),
    "陆仟零柒元壹角肆分": F("6007.14"),
    "壹仟陆佰捌拾元零叁角贰分": F("1680.32"),
    "壹仟陆佰捌拾元叁角贰分": F("1680.32"),
    "壹拾万柒仟元零伍角叁分": F("107000.53"),
    "壹拾万零柒仟元伍角叁分": F("107000.53"),
    "壹万陆仟肆佰零玖元零贰分": F("16409.02"),
    "叁佰贰拾伍元零肆分": F("325.04"),
    "伍角整": F("0.5"),
    "伍分": F("0.05"),
    "壹亿零伍万元整": 100_050_000,
    "壹拾亿零贰仟万元整": 1_020_000_000,
    "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分": F("999999999999.99"),  # a float would lose the fen
}

REFUSED = [
    "壹佰伍元整",  # 105 or 150? cn2an says 150
    "壹亿伍元整",
    "拾元整",  # the 壹 of 壹拾 may not be left out
    "肆佰伍拾万捌佰元整",  # a 零 is missing
    "肆佰伍拾壹万零捌仟元整",  # a 零 where nothing is skipped
    "肆佰零伍拾万元整",
    "肆佰伍拾万零零捌仟元整",
    "伍零佰元整",
    "壹佰元伍分",  # 零 has to stand before 分 without 角
    "壹佰贰拾叁元零肆角",
    "叁元伍角贰分整",  # nothing follows 分
    "叁元整伍角",
    "零角",
    "元整",
    "整",
    "",
    "肆佰五十万元整",  # half formal
    "两佰元整",
    "壹佰壹佰元整",
    "壹万万元整",
    "壹万亿元整",  # beyond what is read
    "捌亿伍仟叁佰陆拾壹元整",  # 800 005 361 as cn2an writes it; it may be meant as 850 000 361: 零 is missing
    "负壹佰元整",
    "壹" * 80 + "元整",
]


@pytest.mark.parametrize(("text", "yuan"), READ.items())
def test_an_amount_is_read_exactly(text: str, yuan: F | int) -> None:
    found = read_literal(text, "zh")
    assert isinstance(found, nodes.Money)
    assert found.value == yuan
    assert isinstance(found.value, F)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_written_in_full_is_no_amount(text: str) -> None:
    assert formal.read(text) is None
    assert read_literal(text, "zh") is None or text.startswith("负")


def test_a_minus_stands_before_an_amount_as_before_any() -> None:
    assert read_literal("负壹佰元整", "zh") == read_literal("-100元", "zh")


@tries(100)
@given(st.integers(1, 10**14 - 1))
def test_what_the_library_writes_is_read_again(cents: int) -> None:
    """What cn2an writes is read as the amount, or (a 零 that it leaves out) not at all."""
    text = an2cn(f"{cents // 100}.{cents % 100:02d}", "rmb")
    assert formal.read(text) in (F(cents, 100), None)


@tries(100)
@given(st.integers(1, 10**8 - 1))
def test_amounts_of_ordinary_size_are_read(yuan: int) -> None:
    assert formal.read(an2cn(str(yuan), "rmb")) == yuan


@pytest.mark.parametrize("text", ["肆佰伍拾万捌佰元整", "壹佰伍", "人民币拾元整"])
def test_an_amount_that_is_meant(text: str) -> None:
    assert formal.meant(text)


@pytest.mark.parametrize("text", ["", "元", "一百五元", "万元", "四百元整", "壹号项目"])
def test_no_formal_amount_is_meant(text: str) -> None:
    assert not formal.meant(text)


def test_nothing_plain_is_read_differently() -> None:
    assert read_literal("零分", "zh") == read_literal("0分", "zh")
    assert read_literal("四百五十万八千元", "zh") == read_literal("4508000元", "zh")
