"""Plain values are read by a short way where all is well; it says what the reader says that tells every fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from engine_support import SHIPPED, policy
from shipped import shipped
from tries import by_day

from policydsl.core import InputDecl, ListDecl, Program
from policydsl.diagnostics import SheetError
from policydsl.facts import Sheet
from policydsl.sheet import check_ranges
from policydsl.sheet.quick import Quick
from policydsl.sheet.read import read_sheets, read_tree
from policydsl.sheet.source import read_plain

TEXT = """台账 单，别名 order
  号：文本，必填
  金额：金额，≥ 0元
  类：选项（甲、乙）
  备注：文本，选填，别名 note
数据
  份数：数值，0 至 100，别名 quantity.count
  单价：金额，别名 quantity.price
  比例：百分比，选填
  加急：是否，必填
  签约日：日期，≤ 评估日，选填
  区域：多选（东、西、南）
计算 总额 ＝ 合计（金额）
条件 大：份数 ＞ 3
条件 急：加急
条件 近：签约日 已填
条件 东区：区域 包含 东
条件 多：比例 ＞ 50%
条件 贵：单价 ＞ 3元
"""
PROGRAM = policy(TEXT).program


def slowly(given: Any, program: Program = PROGRAM) -> list[Sheet]:
    source = read_plain(given, "<facts>")
    return read_tree(source.tree, source.sources, "<facts>", program)


def quickly(given: dict[str, Any], program: Program = PROGRAM) -> Sheet | None:
    return Quick(program).sheet(given, "<facts>", None, None, None)


def test_what_is_plain_is_read_at_once() -> None:
    found = quickly({
        "名称": " 甲  方", "评估日": date(2024, 5, 1), "份数": 3, "quantity": {"price": "1.50"},
        "比例": "12%", "加急": True, "签约日": "2024-04-01", "区域": ["西", "东"],
        "order": [{"号": "a", "金额": Decimal("0.1"), "类": "甲"}, {"号": "a", "note": "无"}, {"号": None}],
    })
    assert found is not None
    assert (found.name, found.named, found.as_of) == ("甲 方", True, date(2024, 5, 1))
    assert found.values == {
        "份数": 3, "单价": Fraction(3, 2), "比例": Fraction(3, 25), "加急": True,
        "签约日": date(2024, 4, 1), "区域": ("西", "东"),
    }
    first, second = found.lists["单"]
    assert (first.key, first.values) == ("a", {"号": "a", "金额": Fraction(1, 10), "类": "甲"})
    assert (second.key, second.values) == ("a#2", {"号": "a", "备注": None})
    assert "单[a#2].备注" in found.places and "单价" in found.places and found.notices == ()


@pytest.mark.parametrize("given", [
    {"份数": 101}, {"份数": "三百多"}, {"无此": 1}, {"份数": 1, " 份数 ": 2}, {"全体": []}, {"份数": [1]},
    {"比例": "12"}, {"加急": "也许"}, {1: 2}, {"quantity": {"无": 1}},
    {"区域": ["东", "东"]}, {"单": "无"}, {"单": [1]}, {"单": [{"无此": 1}]}, {"单": [{"note": None, "备注": "x"}]},
    {"单": [{"金额": -1}]}, {"份数": "1\x00"}, {"名称": "甲", "name": "乙"},
], ids=str)
def test_what_is_not_is_left_to_the_reader(given: dict[str, Any]) -> None:
    assert quickly(given) is None


def test_a_number_that_is_not_exact_is_refused_as_before() -> None:
    with pytest.raises(TypeError):
        read_sheets({"份数": 0.1}, "<facts>", PROGRAM)


def test_a_word_is_remembered_for_its_own_fact() -> None:
    """1 is a number of one fact and a text of another; a whole number, its characters and yes are three words."""
    quick = Quick(PROGRAM)
    for value in (1, "1", Decimal("1.0"), True):
        given = {"份数": value, "单": [{"备注": value}]}
        sheet = quick.sheet(given, "<facts>", None, None, None)
        assert (sheet is None) == (value is True)
        if sheet is not None:
            assert sheet == slowly(given)[0] and sheet.lists["单"][0].values == {"备注": str(value)}


# ---------------------------------------------------------------------------------------------- beside the reader
def facts(program: Program, draw: Random) -> dict[Any, Any]:
    """Plain values for a program, most of which it takes."""
    out: dict[Any, Any] = {}
    for decl in [*program.inputs.values(), *(d for d in program.lists.values() if d.source == "sheet" and not d.of)]:
        if draw.random() < 0.5 or isinstance(decl, InputDecl) and decl.parameter and draw.random() < 0.99:
            continue
        put(out, spelled(decl, draw), value(decl, draw) if isinstance(decl, InputDecl) else rows(decl, draw), draw)
    if draw.random() < 0.5:
        out[draw.choice(("名称", "name"))] = draw.choice(("甲", " 乙 丙 ", ""))
    if draw.random() < 0.5:
        out[draw.choice(("评估日", "as_of"))] = draw.choice((date(2024, 10, 15), "2024-10-15", "", None))
    return out


def rows(decl: ListDecl, draw: Random) -> object:
    if draw.random() < 0.05:
        return draw.choice((None, "无", {}, 3))
    made = []
    for _ in range(draw.randint(0, 3)):
        fields = [f for f in decl.fields if draw.random() < 0.8]
        made.append({spelled(f, draw): value(f, draw) for f in fields})
    return made


def spelled(decl: InputDecl | ListDecl, draw: Random) -> str:
    name = decl.alias if decl.alias and draw.random() < 0.5 else decl.name
    return f" {name} " if draw.random() < 0.02 else name


def put(out: dict[Any, Any], key: str, value: object, draw: Random) -> None:
    first, dot, rest = key.partition(".")
    if dot and draw.random() < 0.5 and isinstance(out.setdefault(first, {}), dict):
        out[first][rest] = value
    else:
        out[key] = value


def value(decl: InputDecl, draw: Random) -> object:
    if draw.random() < 0.06:
        return draw.choice((None, "", "无", "none", "x", -1, "null", " ", True, [], "是、否", date(2031, 1, 1)))
    number = draw.choice((draw.randint(0, 40), f"{draw.randint(0, 400)}.5", Decimal(draw.randint(0, 90)) / 4))
    match decl.kind.base:
        case "yesno":
            return draw.choice((True, False, "是", "否", "yes"))
        case "date" | "instant":
            month = draw.randint(1, 12)
            return draw.choice((date(2024, month, 3), f"2023-{month:02}-08", "2024年3月1日"))
        case "percent":
            return f"{number}%"
        case "choice" if decl.kind.options:
            return draw.choice(decl.kind.options)
        case "choices" if decl.kind.options:
            some = draw.sample(decl.kind.options, min(2, len(decl.kind.options)))
            return draw.choice((some, "、".join(some), some[0]))
        case "period":
            return draw.choice(("2024年第3季度", "2024-03", "2024"))
        case "duration":
            return draw.choice(("3日", "2个月"))
        case "text":
            return draw.choice(("甲", " 乙方 ", "A-1", 7))
        case _:
            return draw.choice((number, Fraction(number), str(number)))


def programs() -> Iterator[Program]:
    yield PROGRAM
    yield from (shipped(path).program for path in SHIPPED)


@pytest.mark.parametrize("seed", by_day(range(60), 6))
def test_both_readers_say_the_same(seed: int) -> None:
    """Whatever the short way reads, the long one reads too, and as the same sheet with the same notices; kept words
    are the same as fresh ones."""
    draw, plain = Random(seed), 0
    for program in programs():
        quick = Quick(program)
        for _ in range(25):
            given = facts(program, draw)
            for _ in range(draw.choice((0, 0, 3))):
                given = {key: given[key] for key in given if draw.random() < 0.6}
            found = quick.sheet(given, "<facts>", None, None, None)
            if found is None:
                continue
            plain += 1
            assert [found] == slowly(given, program)
            assert list(found.values) == list(slowly(given, program)[0].values)
    assert plain > 10


def test_what_is_refused_is_told_in_the_words_of_the_reader() -> None:
    given = {"份数": 101, "加急": "也许", "单": [{"号": "a", "金额": -1}]}
    with pytest.raises(SheetError) as one:
        read_sheets(given, "<facts>", PROGRAM)
    with pytest.raises(SheetError) as other:
        slowly(given)
    assert one.value.diagnostics == other.value.diagnostics
    assert sorted(d.code for d in one.value.diagnostics) == ["SHEET130", "SHEET150", "SHEET150"]


def test_a_sheet_that_was_changed_is_tested_anew() -> None:
    """That it was as it had to be when it was read says nothing of another value in its place."""
    read = quickly({"份数": 100, "加急": True})
    assert read is not None and check_ranges(PROGRAM, [read], None) == []
    changed = replace(read, values={**read.values, "份数": Fraction(101)})
    assert [d.code for d in check_ranges(PROGRAM, [changed], None)] == ["SHEET150"]
