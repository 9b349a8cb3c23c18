"""随时间: rows of a sheet, and what is said while some of them is not told."""

from __future__ import annotations

import itertools
import json

import pytest
from jsonschema import Draft202012Validator

import policydsl
from policydsl.diagnostics import SheetError
from policydsl.engine import load_text
from policydsl.explain.interview import Interview
from policydsl.format import formatted
from policydsl.render.text import verdict_text
from policydsl.sheet import read_sheets
from policydsl.sheet.schema import schema
from policydsl.sheet.template import template
from policydsl.verdict import Judged

TEXT = """政策 随时间
  编号：T

数据
  等级：选项（普通、金牌），由低到高，随时间

条件 现金牌：等级 为 金牌
条件 满两天：持续自（等级 为 金牌） 满 2天
条件 前天金牌：（等级 为 金牌） 于 （评估日 － 2天）
"""
POLICY = policydsl.loads(TEXT)
PROGRAM = load_text(TEXT).program
DAYS = [f"2024-06-{day:02}" for day in range(1, 7)]


def said_of(total: Judged) -> str:
    return "unknown" if total.status == "unknown" else "yes" if total.holds.yes else "no"


def judged(rows: object, on: str) -> dict[str, str]:
    verdict = POLICY.evaluate({"等级": rows}, as_of=on)
    return {name: said_of(result.total) for name, result in verdict.results.items()}


def row(first: str | None, last: str | None, value: str | None) -> dict[str, str | None]:
    return {"自": first, "至": last, "值": value}


FULL = [row("2024-06-01", "2024-06-02", "金牌"), row("2024-06-03", "无", "金牌")]
BLANKS = [(at, cell) for at in range(2) for cell in ("自", "至", "值")]


@pytest.mark.parametrize(("at", "cell"), BLANKS)
def test_what_a_blank_cell_may_turn_out_to_be_contradicts_nothing(at: int, cell: str) -> None:
    """Whatever fills the cell, as far as a sheet may say it, says what was said without it, or what was open."""
    blank = [{**r, **({cell: None} if i == at else {})} for i, r in enumerate(FULL)]
    fills = ["普通", "金牌"] if cell == "值" else [*DAYS, *(["无"] if cell == "至" else [])]
    tried = 0
    for on in DAYS[1:5]:
        said = judged(blank, on)
        for fill in fills:
            try:
                full = judged([{**r, **({cell: fill} if i == at else {})} for i, r in enumerate(blank)], on)
            except SheetError:  # rows that overlap, or end before they begin
                continue
            tried += 1
            for name, status in said.items():
                assert status == "unknown" or full[name] == status, (on, fill, name)
    assert tried >= 4


def test_every_day_of_two_rows() -> None:
    """By hand: gold on the 1st and 2nd, then standard; not yet told before."""
    rows = [row("2024-06-01", "2024-06-02", "金牌"), row("2024-06-03", "无", "普通")]
    now = {on: judged(rows, on) for on in ["2024-05-31", *DAYS]}
    assert [now[on]["现金牌"] for on in now] == ["unknown", "yes", "yes", "no", "no", "no", "no"]
    assert [now[on]["前天金牌"] for on in now] == ["unknown", "unknown", "unknown", "yes", "yes", "no", "no"]
    assert [now[on]["满两天"] for on in now] == ["unknown", "no", "no", "no", "no", "no", "no"]
    assert judged(FULL, "2024-06-03")["满两天"] == "yes"


def test_one_unknown_day_is_one_unknown() -> None:
    """Nothing is told: whatever the tier is, it is one of the two."""
    text = TEXT.replace("条件 现金牌：等级 为 金牌", "条件 现金牌：等级 为 金牌 或 等级 为 普通")
    verdict = policydsl.loads(text).evaluate({}, as_of="2024-06-03")
    assert verdict.results["现金牌"].total.holds.yes


def test_overlapping_rows_are_refused_with_both() -> None:
    with pytest.raises(SheetError) as caught:
        judged([row("2024-06-03", "无", "普通"), row("2024-06-01", "2024-06-03", "金牌")], "2024-06-05")
    (found,) = caught.value.diagnostics
    assert (found.code, found.args["path"], found.args["other"]) == ("SHEET161", "等级[2024-06-03]", "等级[2024-06-01]")


@pytest.mark.parametrize("rows", [
    [row("2024-06-03", "2024-06-01", "金牌")], [row("2024-06-03", "无", "白金")], [row("无", "无", "金牌")],
])
def test_rows_are_read_like_facts(rows: object) -> None:
    with pytest.raises(SheetError):
        judged(rows, "2024-06-05")


def test_the_day_that_no_row_holds_is_named() -> None:
    verdict = POLICY.evaluate({"等级": FULL[:1]}, as_of="2024-06-05")
    assert "缺 等级：没有一段写到 等级 2024年6月5日" in verdict_text(verdict)
    assert [m.fact for m in verdict.missing] == ["等级"]


@pytest.mark.parametrize(("sheet", "fits"), [
    ({"等级": "金牌"}, True), ({"等级": FULL}, True), ({"等级": [{"from": "2024-06-01", "to": "none"}]}, True),
    ({"等级": [{"自": "2024-06-01", "从": "2024-06-01"}]}, False),
])
def test_the_schema_takes_one_value_and_rows(sheet: object, fits: bool) -> None:
    assert Draft202012Validator(json.loads(json.dumps(schema(PROGRAM)))).is_valid(sheet) == fits


def test_the_blank_sheet_offers_both_and_reads_as_saying_nothing() -> None:
    shown = template(PROGRAM)
    assert "随时间：写一个值，或者逐段写 自、至、值" in shown and "#  - 自:" in shown
    assert shown.count("\n等级:") == 1
    assert read_sheets(shown, "s.yaml", PROGRAM)[0].values == {}


def test_an_interview_asks_for_the_value() -> None:
    policy = load_text(TEXT)
    started = Interview(policy.program, "s.yaml", "评估日: 2024-06-05\n", None, {})
    asked = started.asked()
    assert asked is not None and asked.name == "等级" and asked.decl is not None and asked.ledger is None
    answered = started.answered(asked, "普通")
    assert answered.verdict().results["现金牌"].total.holds.no


def test_translated_and_back() -> None:
    english = formatted(TEXT, to="en")
    assert "lowest first, over time" in english and "held since (等级 is 金牌) for at least 2 days" in english
    assert formatted(english, to="zh") == TEXT


def test_days_and_rows_in_any_order() -> None:
    for rows in itertools.permutations(FULL):
        assert judged(list(rows), "2024-06-03") == {"现金牌": "yes", "满两天": "yes", "前天金牌": "yes"}
