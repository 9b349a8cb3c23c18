"""Tables of pairs: what the rows ask about down, what the columns ask about across (``当季回款额 ＼ 渠道等级``)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from policydsl import loads, nodes
from policydsl.diagnostics import Diagnostic, PolicyError
from policydsl.engine import load_text
from policydsl.format.crossed import crossed
from policydsl.format.program import same_program
from policydsl.handbook import handbook
from policydsl.render.markdown import markdown
from policydsl.text import parse

FACTS = """政策 方表
  编号：X

数据
  回款额：金额，≥ 0元
  渠道等级：选项（金牌、银牌、注册）

"""
SQUARE = FACTS + """奖励 返利 【一】
  基数：回款额
  | 回款额 ＼ 渠道等级 | 金牌 | 银牌 | 注册 |
  | ＜ 50万元          | 3%   | 2%   | 1%   | 【二】
  | ≥ 50万元           | 5%   | 4%   | 2%   |
"""
LONG = FACTS + """奖励 返利 【一】
  基数：回款额
  | 回款额   | 渠道等级 | 比例 |
  | ＜ 50万元 | 金牌    | 3%   | 【二】
  | ＜ 50万元 | 银牌    | 2%   | 【二】
  | ＜ 50万元 | 注册    | 1%   | 【二】
  | ≥ 50万元  | 金牌    | 5%   |
  | ≥ 50万元  | 银牌    | 4%   |
  | ≥ 50万元  | 注册    | 2%   |
"""


def problems(text: str) -> list[Diagnostic]:
    try:
        return [p for p in load_text(text, "x.pol").diagnostics if p.severity != "notice"]
    except PolicyError as error:
        return [*error.diagnostics]


def told(text: str) -> list[tuple[str, int, int]]:
    """Codes, lines and columns of the problems."""
    return [(p.code, p.span.line, p.span.column) for p in problems(text)]


def test_it_says_what_a_row_for_each_pair_says() -> None:
    assert same_program(SQUARE, LONG)


def test_each_cell_has_its_own_place_and_the_citations_of_its_row() -> None:
    block = next(b for b in parse(SQUARE, "x.pol")[0].blocks if isinstance(b, nodes.Clause))
    assert block.table is not None
    places = [(row.span.line, row.span.column, row.cites) for row in block.table.rows]
    assert places == [
        (11, 23, ("二",)), (11, 30, ("二",)), (11, 37, ("二",)), (12, 24, ()), (12, 31, ()), (12, 38, ()),
    ]


@pytest.mark.parametrize(("tier", "paid"), [("金牌", 25000), ("银牌", 20000), ("注册", 10000)])
def test_the_column_is_that_of_the_tier(tier: str, paid: int) -> None:
    verdict = loads(SQUARE).evaluate({"回款额": "50万元", "渠道等级": tier})
    assert verdict.results["返利"].total.value.values == (Fraction(paid),)  # 500 000 at 5, 4, 2 percent


def test_the_upgrade_makes_it_of_the_long_form() -> None:
    made = crossed(LONG, "x.pol")
    assert "| 回款额 ＼ 渠道等级 | 金牌 | 银牌 | 注册 |" in made
    assert "| ＜ 50万元 | 3% | 2% | 1% | 【二】" in made
    assert same_program(LONG, made)


@pytest.mark.parametrize("change", [
    ("  | ≥ 50万元  | 注册    | 2%   |\n", ""),  # a pair is missing
    ("  | ≥ 50万元  | 银牌    | 4%   |\n", "  # not this one\n  | ≥ 50万元  | 银牌    | 4%   |\n"),
    ("| ＜ 50万元 | 银牌    | 2%   | 【二】", "| ＜ 50万元 | 银牌    | 2%   | 【三】"),
])
def test_the_upgrade_leaves_what_is_no_square(change: tuple[str, str]) -> None:
    text = LONG.replace(*change)
    assert crossed(text, "x.pol") == text


@pytest.mark.parametrize(("change", "expected"), [
    (("| 3%   | 2%   | 1%   |", "| 3%   | 2%   |"), [("POL405", 11, 3)]),
    (("| 3%   | 2%   | 1%   |", "| 3%   |      | 1%   |"), [("POL411", 11, 35)]),
    (("| 3%   | 2%   | 1%   |", "| 3%   | 2元  | 1%   |"), [("POL301", 11, 30)]),
    (("| 金牌 | 银牌 | 注册 |", "| 金牌 | 银牌 | 主册 |"), [("POL201", 10, 28)]),
    (("| 金牌 | 银牌 | 注册 |", "| 金牌 | 银牌 | 银牌 |"), [("POL407", 11, 5), ("POL407", 12, 5)]),
    (("≥ 50万元 ", "≥ 60万元 "), [("POL439", 12, 5)] * 3),
    (("＼ 渠道等级", "＼ 区域"), [("POL201", 10, 11)]),
    (("奖励 返利 【一】\n  基数：回款额", "要求 返利 【一】"), [("POL453", 9, 5)]),
])
def test_what_is_wrong_is_told_at_its_cell(change: tuple[str, str], expected: list[tuple[str, int, int]]) -> None:
    assert told(SQUARE.replace(*change)) == expected


@pytest.mark.parametrize(("block", "cells", "hint"), [
    ("要求", ("3%", "2%"), "crossed_wished"),
    ("等级", ("3%", "100元"), "crossed_wished"),
    ("限制", ("300元", "200元"), "crossed_averse"),
    ("条件", ("3", "2"), "crossed_value"),
    ("要求", ("是", "否"), "crossed_row"),
    ("期限", ("30天", "60天"), "crossed_value"),
    ("条件", ("3", "是"), None),
])
def test_where_it_may_not_stand_the_block_is_told_that_takes_what_its_cells_hold(
    block: str, cells: tuple[str, str], hint: str | None,
) -> None:
    table = f"{block} 返利\n  | 回款额 ＼ 渠道等级 | 金牌 | 银牌 |\n  | ≥ 50万元 | {cells[0]} | {cells[1]} |\n"
    (problem,) = (p for p in problems(FACTS + table) if p.code == "POL453")
    assert problem.hint == hint


def test_columns_of_values_without_a_word_of_what_are_refused_with_what_could_be_written() -> None:
    (problem,) = problems(SQUARE.replace("回款额 ＼ 渠道等级", "回款额"))
    assert problem.code == "POL454" and problem.fix is not None
    assert problem.fix.text == "回款额 ＼ 渠道等级"


def test_so_are_columns_of_several_values_each() -> None:
    table = "奖励 返利\n  基数：回款额\n  | 回款额 | 金牌、银牌 | 注册 |\n  | ≥ 50万元 | 5% | 2% |\n"
    (problem,) = problems(FACTS + table)
    assert problem.code == "POL454" and problem.fix is not None
    assert problem.fix.text == "回款额 ＼ 渠道等级"


def test_where_they_may_be_values_of_several_each_is_proposed() -> None:
    more = "注册）\n  上年等级：选项（金牌、银牌、注册、无级）\n"
    text = SQUARE.replace("回款额 ＼ 渠道等级", "回款额").replace("注册）\n", more, 1)
    problem = next(p for p in problems(text) if p.code == "POL454")
    assert problem.fix is None and problem.suggestions == ("回款额 ＼ 渠道等级", "回款额 ＼ 上年等级")


def test_the_handbook_shows_the_square() -> None:
    page = markdown(handbook(load_text(SQUARE, "x.pol"), ()))
    assert "| 回款额 ＼ 渠道等级 | 金牌 | 银牌 | 注册 | 条款 |" in page
    assert "| ＜ 50万元 | 3% | 2% | 1% | [【二】]" in page
