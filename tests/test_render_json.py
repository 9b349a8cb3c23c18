"""The verdict as JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from golden_files import same_as_golden
from render_verdicts import full_verdict, judged, result, small_verdict

from policydsl.domain import Possible, interval, point
from policydsl.kinds import DATE, MONEY, PERCENT, POINTS, Duration, Kind
from policydsl.render.encode import Number, encode, number
from policydsl.render.focus import find_result, focus, met
from policydsl.render.json import verdict_json, verdicts_json
from policydsl.verdict import Judged


def of(total: Judged, label: str = "compute") -> dict[str, Any]:
    """The JSON of one result, numbers read as exact decimals."""
    base = full_verdict()
    base.results.clear()
    base.results["甲"] = result("甲", label, total, 1)
    read: dict[str, Any] = json.loads(verdict_json(base), parse_float=Decimal)["results"]["甲"]
    return read


def test_whole_verdict() -> None:
    same_as_golden("verdict.json", verdict_json(full_verdict()))


def test_the_shape_others_rely_on() -> None:
    read = json.loads(verdict_json(full_verdict()))
    assert read["format"] == "policydsl.verdict/1"
    assert read["policy"] == {
        "id": "DEMO-2022", "title": "渠道奖励政策（演示）", "version": "2022.1",
        "effective": {"from": "2022-04-01", "to": "2022-12-31"}, "digest": "sha256:00",
    }
    assert read["as_of"] == {"date": "2022-06-30", "from": "sheet"}
    assert read["status"] == "undetermined"
    score = read["results"]["季度考核"]
    assert (score["kind"], score["alias"], score["status"]) == ("score", "quarterly_assessment", "known")
    assert (score["value"], score["unit"], score["holds"]) == (85.5, "分", True)
    assert (score["clauses"], score["at"]) == (["三.1"], {"file": "demo.pol", "line": 20})
    assert read["missing"][0] == {"fact": "首次赢单日期", "wanted_by": ["破冰奖励"]}
    assert read["missing"][2] == {"fact": "划量倍数", "wanted_by": ["违规处罚"], "parameter": True}
    row = next(e for e in read["trace"] if e["id"] == 8)
    assert {k: row[k] for k in ("rule", "row", "record", "status", "value", "unit", "because", "ruling")} == {
        "rule": "违规处罚", "row": 1, "record": "V1", "status": "fired", "value": 10000, "unit": "元", "because": [],
        "ruling": "二类按次计罚（R8）。",
    }
    assert row["at"] == {"file": "demo.pol", "line": 42, "column": 1}


def test_an_unknown_result_says_what_is_left_and_why() -> None:
    read = json.loads(verdict_json(full_verdict()))["results"]
    reward = read["破冰奖励"]
    assert (reward["status"], reward["bounds"], reward["choices"]) == ("unknown", {"min": 0, "max": 20000}, [0, 20000])
    assert (reward["missing"], reward["reason"], reward["holds"]) == (["首次赢单日期"], "missing", None)
    assert reward["unruled"] == ["“首次”按合同还是按下单？"]
    assert read["核算业绩"]["bounds"] == {"min": 1200000, "max": 1500000, "max_excluded": True}
    assert read["核算业绩"]["tax"] == "incl"
    assert read["联合方案奖励"]["reason"] == "not_stated"
    assert "value" not in read["联合方案奖励"]
    assert read["增值渠道奖励"]["status"] == "not_applicable"
    assert "value" not in read["增值渠道奖励"]


def test_records_are_items_and_measures_keep_their_modality() -> None:
    first, second = json.loads(verdict_json(full_verdict()))["results"]["违规处罚"]["items"]
    assert (first["key"], first["value"], first["bearer"]) == ("V1", 10000, {"value": "甲公司"})
    assert first["measures"][0] == {
        "name": "降级", "modality": "must", "clause_holds": True, "from": "2022-07-01", "to": "2022-09-30",
        "afterwards": ["自动恢复"], "clauses": ["五.3"],
    }
    assert first["measures"][1]["modality"] == "may"
    assert (second["value"], second["holds"]) == (0, False)


def test_numbers_are_exact_literals() -> None:
    assert of(judged(point(Fraction("0.1")), PERCENT)) == {
        "kind": "compute", "status": "known", "value": 10, "unit": "%", "clauses": [],
        "at": {"file": "demo.pol", "line": 1},
    }
    assert of(judged(point(Fraction("9007199254740993.01")), MONEY))["value"] == Decimal("9007199254740993.01")
    assert encode(number(Fraction(1, 3), 4)) == '{"fraction": "1/3", "display": "0.3333"}'
    assert encode(number(Fraction("-12.50"), 2)) == "-12.5"


def test_what_does_not_end_is_a_fraction_of_its_unit() -> None:
    assert of(judged(point(Fraction(1, 3)), PERCENT))["value"] == {"fraction": "100/3", "display": "33.33"}


def test_other_values() -> None:
    assert of(judged(point(None), DATE))["value"] is None
    assert of(judged(point(Duration(Fraction(3), "M")), Kind("duration")))["value"] == {
        "amount": 3, "unit": "M", "display": "3个月",
    }
    assert of(judged(point(("甲", "乙")), Kind("choices")))["value"] == ["甲", "乙"]
    assert of(judged(interval(Fraction(0), None, none=True), POINTS))["none_possible"] is True


def test_reasons_are_ordered_by_what_to_do_first_and_notes_stand_apart() -> None:
    lost = judged(Possible(None), POINTS, missing=("甲",), reasons=("no_case", "not_computable", "parameter"))
    assert (of(lost)["reason"], of(lost)["reasons"], of(lost)["notes"]) == (
        "parameter", ["parameter", "not_computable"], ["no_case"],
    )


def test_where_something_cannot_be_computed_stands_beside_the_bare_note() -> None:
    """Who looks for the note finds it as it was before rules were named."""
    reasons = ("division_by_zero @全", "division_by_zero @比例【3.2】【3.3】", "no_case", "not_computable")
    lost = of(judged(Possible(None), POINTS, reasons=reasons))
    assert lost["notes"] == ["division_by_zero", "no_case"]
    assert lost["noted_in"] == [
        {"note": "division_by_zero", "rule": "全", "clauses": []},
        {"note": "division_by_zero", "rule": "比例", "clauses": ["3.2", "3.3"]},
    ]


def test_a_population() -> None:
    read = json.loads(verdicts_json([full_verdict(), small_verdict()]))
    assert read["format"] == "policydsl.verdicts/1"
    assert [v["policy"]["id"] for v in read["verdicts"]] == ["DEMO-2022", "DEMO"]


def test_the_same_bytes_every_time() -> None:
    assert verdict_json(full_verdict()) == verdict_json(full_verdict())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("甲\n\"乙\"", '"甲\\n\\"乙\\""'), ("\ud800", '"\\ud800"'), (True, "true"), (None, "null"), (12, "12"),
        ([], "[]"), ({}, "{}"), ([Number("1.50"), "a"], '[1.50, "a"]'),
    ],
)
def test_encoding(value: Any, text: str) -> None:
    assert encode(value) == text


def test_what_is_too_long_for_a_line_is_broken_up() -> None:
    long = {"a": ["x" * 60, "y" * 60], "b": {}}
    assert encode(long) == '{\n  "a": [\n    "' + "x" * 60 + '",\n    "' + "y" * 60 + '"\n  ],\n  "b": {}\n}'
    assert json.loads(encode(long)) == long


# ---------------------------------------------------------------------------------------------- focus
def test_focus_keeps_a_result_with_what_it_follows_from() -> None:
    only = focus(full_verdict(), ["伙伴等级"])
    assert list(only.results) == ["伙伴等级"]
    assert [e.id for e in only.trace] == [1, 2, 3, 9]
    assert [(m.fact, m.wanted_by) for m in only.missing] == [("订单[O3].业绩金额", ("伙伴等级",))]


def test_results_are_found_by_name_or_alias_in_any_width_and_case() -> None:
    found = find_result(full_verdict(), "ＱＵＡＲＴＥＲＬＹ_assessment")
    assert found is not None
    assert found.name == "季度考核"
    assert find_result(full_verdict(), "没有") is None


def test_whether_a_required_result_is_there() -> None:
    results = full_verdict().results
    assert met(results["季度考核"]) is True
    assert met(results["伙伴等级"]) is True
    assert met(results["破冰奖励"]) is None
    assert met(results["警告"]) is False
    assert met(results["增值渠道奖励"]) is False
    for state, answer in (("met", True), ("late", False), ("running", None)):
        assert met(result("甲", "deadline", judged(point(None), DATE, state=point(state)), 1)) is answer
