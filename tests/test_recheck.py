"""Checking a verdict again from its proof: what it is made of, and that true ones hold, on trust where it says so."""

from __future__ import annotations

import ast
import json
import random
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from engine_support import CONSTRUCTS, GRADED, POLICIES, Case, cases
from jsonschema import Draft202012Validator
from recheck_support import EXAMPLES, ROOT, faults, of_example, of_text, proved
from shipped import shipped
from test_properties import half_filled
from tries import by_day, in_turn, some

import policydsl
from policydsl.cli.recheck import worked
from policydsl.engine import Policy
from policydsl.operators import OPERATORS as LANGUAGE
from policydsl.recheck.document import recheck
from policydsl.recheck.exact import END, OPERATORS, Length, NoValue, OnTrust, Period, Setting
from policydsl.recheck.hull import EITHER, NO, YES, Open, apply, point

SCHEMA = Draft202012Validator(json.loads((ROOT / "policydsl" / "proof" / "proof.schema.json").read_text("utf-8")))


# ---------------------------------------------------------------------------------------------- what it is made of
def test_it_shares_nothing_with_what_it_checks() -> None:
    """Only the standard library, and itself."""
    for path in sorted((ROOT / "policydsl" / "recheck").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.startswith("policydsl.recheck") or name.partition(".")[0] in sys.stdlib_module_names, name


def test_it_knows_every_operator_of_the_language() -> None:
    assert OPERATORS.keys() == LANGUAGE.keys()


# ---------------------------------------------------------------------------------------------- its own arithmetic
def by(month: int, day: int, year: int = 2024) -> date:
    return date(year, month, day)


F = Fraction
YEAR = Period(by(1, 1), by(12, 31), "year")
MAY = Period(by(5, 1), by(5, 31), "month")
EXACT: list[tuple[str, list[Any], Any]] = [
    ("+", [F(1, 3), F(1, 6)], F(1, 2)),
    ("-", [Length(F(3), "D"), Length(F(5), "D")], Length(F(-2), "D")),
    ("*", [F(3, 2), Length(F(4), "M")], Length(F(6), "M")),
    ("/", [F(7), F(2)], F(7, 2)),
    ("/", [F(7), F(0)], None),
    ("round", [F(5, 1000), F(2), "half_up"], F(1, 100)),
    ("round", [F(-5, 1000), F(2), "half_up"], F(-1, 100)),
    ("round", [F(19, 1000), F(2), "down"], F(1, 100)),
    ("round", [F(11, 1000), F(2), "up"], F(2, 100)),
    ("short", [F(3), F(5)], F(0)),
    ("clamp", [F(7), F(0), F(5)], F(5)),
    ("drawable", [None], F(0)),
    ("shift", [by(1, 31), Length(F(1), "M")], by(2, 29)),
    ("shift", [by(2, 29), Length(F(1), "Y")], by(2, 28, 2025)),
    ("shift", [by(5, 31), Length(F(1, 2), "M")], None),
    ("back", [by(3, 31), Length(F(1), "M")], by(2, 29)),
    ("shift", [by(9, 30), Length(F(1), "WD")], by(10, 8)),  # the National Day holiday
    ("roll_forward", [by(9, 28)], by(9, 29)),  # a Saturday off, then a Sunday worked instead
    ("last_counting_first", [by(3, 1), Length(F(1), "M")], by(3, 31)),
    ("last_counting_first", [by(1, 31), Length(F(1), "M")], by(2, 29)),
    ("last_counting_first", [by(3, 1), Length(F(10), "D")], by(3, 10)),
    ("shift", [datetime(2024, 5, 1, 23, 30), Length(F(1), "H")], datetime(2024, 5, 2, 0, 30)),
    ("shift", [MAY, Length(F(1), "Q")], Period(by(8, 1), by(8, 31), "month")),
    ("month_start", [by(5, 20)], by(5, 1)),
    ("quarter_of", [by(5, 20)], Period(by(4, 1), by(6, 30), "quarter")),
    ("nth_day", [MAY, F(31), "D"], by(5, 31)), ("nth_day", [MAY, F(40), "D"], by(5, 31)),
    ("nth_day", [MAY, F(2), "5"], by(5, 10)),
    ("half_of", [by(6, 30)], Period(by(1, 1), by(6, 30), "half")),
    ("whole_month_of", [by(2, 29)], Period(by(2, 1), by(2, 29), "month")),
    ("fiscal_quarter_of", [by(3, 31)], Period(by(1, 1), by(3, 31), "fiscal_quarter")),
    ("fiscal_half_of", [by(10, 1)], Period(by(10, 1), by(3, 31, 2025), "fiscal_half")),
    ("fiscal_year_of", [by(3, 31)], Period(by(4, 1, 2023), by(3, 31), "fiscal_year")),
    ("days_between", [by(2, 28), by(3, 1)], Length(F(2), "D")),
    ("day_end", [by(12, 31)], datetime.combine(by(12, 31), END)),
    ("<", [datetime(2024, 5, 1, 23, 59, 59), datetime.combine(by(5, 1), END)], True),
    ("=", [datetime(2024, 5, 2), datetime.combine(by(5, 1), END)], True),
    ("shift", [datetime.combine(by(5, 1), END), Length(F(1), "H")], datetime(2024, 5, 2, 1)),
    ("in_period", [by(12, 31), YEAR], True),
    ("in_period", [MAY, YEAR], True),
    ("<", ["银", "金"], True),
    ("<=", [Length(F(2), "W"), Length(F(14), "D")], True),
    ("=", ["ＡB", "ab"], True),
    ("=", [datetime(2024, 5, 1, 9), by(5, 1)], True),
    ("=", [F(1), True], False),
    ("in", [("甲", "乙"), "丙", "乙"], True),
    ("includes", [("甲", "乙"), "甲", "丙"], False),
    ("in_order", [("甲", "乙"), "甲", "乙"], True),
    ("earliest", [None, by(5, 2), by(5, 1)], by(5, 1)),
    ("latest", [by(5, 2), by(5, 1)], by(5, 2)),
]


@pytest.mark.parametrize(("op", "arguments", "comes_to"), EXACT, ids=lambda x: str(x)[:30])
def test_what_an_operator_comes_to(op: str, arguments: list[Any], comes_to: Any) -> None:
    """Worked out by hand; None: no value."""
    setting = Setting((4, 1), worked)
    try:
        assert OPERATORS[op][1](arguments, ("铜", "银", "金"), setting) == comes_to
    except NoValue:
        assert comes_to is None


def test_working_days_need_a_calendar() -> None:
    with pytest.raises(OnTrust):
        OPERATORS["shift"][1]([by(9, 30), Length(F(1), "WD")], (), Setting())


UP_TO_5, FROM_3, BELOW_3 = Open(None, F(0), False, F(5)), Open(None, F(3)), Open(None, None, False, F(3), True)
OPEN: list[tuple[str, list[Open], Open]] = [
    ("and", [EITHER, NO], NO),
    ("and", [EITHER, YES], EITHER),
    ("or", [EITHER, YES], YES),
    ("at_least", [point(F(2)), YES, EITHER, YES], YES),
    ("at_least", [point(F(2)), NO, EITHER, NO], NO),
    ("at_least", [point(None), YES, YES], EITHER),
    ("at_least", [Open((None, F(1))), YES, YES], EITHER),
    ("+", [UP_TO_5, FROM_3], Open(None, F(3))),
    ("-", [UP_TO_5, FROM_3], Open(None, None, False, F(2))),
    ("*", [point(F(0)), FROM_3], point(F(0))),
    ("*", [point(F(-2)), UP_TO_5], Open(None, F(-10), False, F(0))),
    ("/", [point(F(6)), FROM_3], Open(None, F(0), False, F(2))),
    ("/", [point(F(6)), UP_TO_5], Open(None)),
    ("min", [point(F(2)), FROM_3], point(F(2))),
    ("max", [UP_TO_5, FROM_3], Open(None, F(3))),
    ("short", [UP_TO_5, point(F(9))], point(F(0))),
    ("clamp", [FROM_3, point(F(0)), point(F(2))], point(F(2))),
    ("+", [Open((F(1), F(2))), Open((F(0), F(10)))], Open((F(1), F(2), F(11), F(12)))),
    ("<", [BELOW_3, point(F(3))], YES),
    ("<=", [BELOW_3, FROM_3], YES),
    (">=", [UP_TO_5, FROM_3], EITHER),
    ("=", [BELOW_3, FROM_3], NO),
    ("=", [UP_TO_5, FROM_3], EITHER),
    ("<=", [FROM_3, point(None)], NO),
    ("+", [FROM_3, point(None)], point(None)),
    ("in_period", [Open(None, by(5, 1), False, by(5, 9)), point(MAY)], YES),
    ("provided", [Open(None, none=True)], EITHER),
]


@pytest.mark.parametrize(("op", "arguments", "comes_to"), OPEN, ids=lambda x: str(x)[:30])
def test_what_follows_for_what_is_open(op: str, arguments: list[Open], comes_to: Open) -> None:
    """Worked out by hand."""
    kinds = ["date" if op == "in_period" else "number"] * len(arguments)
    made = apply(op, arguments, kinds, (), EITHER if op in ("=", "<=", ">=", "<") else Open(None), Setting())
    assert (made.kinds, made.ends, made.none) == (comes_to.kinds, comes_to.ends, comes_to.none)


# ---------------------------------------------------------------------------------------------- what is true holds
@pytest.mark.parametrize("path", by_day([*EXAMPLES[1:], EXAMPLES[0]], 1))
def test_the_proof_of_an_example_holds(path: Path) -> None:
    text = of_example(path)
    report = recheck(text, worked)
    assert (faults(report), report.steps > 1000) == ([], True)
    SCHEMA.validate(json.loads(text)["proof"])


def hold(made: Policy, found: Iterable[Case], often: int) -> None:
    """Proofs of these cases, and so often of less than is known in them."""
    for case in found:
        for turn in range(often + 1):
            rng, share = random.Random(f"{case.name} {turn}"), 0.3 * turn
            sheets = tuple(half_filled(made, case.sheets, rng, share))
            text = proved(made, sheets, case.as_of, case.settings, case.population)
            report = recheck(text, worked)
            assert not report.faults, (case.name, turn, report.faults[:3])
            SCHEMA.validate(json.loads(text)["proof"])


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day(CONSTRUCTS, len(CONSTRUCTS) // 20))
def test_proofs_of_a_construct_hold(path: Path) -> None:
    """Also with facts left out."""
    hold(shipped(path), some([*cases(shipped(path))], 1), 1)


@pytest.mark.nightly
@pytest.mark.parametrize("path", CONSTRUCTS, ids=lambda p: p.stem)
def test_more_proofs_of_a_construct_hold(path: Path) -> None:
    hold(shipped(path), in_turn([*cases(shipped(path))], 8), 2)


@pytest.mark.nightly
@pytest.mark.parametrize("path", POLICIES, ids=lambda p: p.stem)
def test_proofs_of_a_policy_hold(path: Path) -> None:
    hold(shipped(path), in_turn([*cases(shipped(path))], 12), 0)


def level(case: Case) -> Case:
    """Three parties on one sheet: level in every order, with the same records; and of each something else is left out
    where some is."""
    parties = tuple(replace(case.sheets[0], name=name, named=True) for name in "甲乙丙")
    return replace(case, sheets=parties, population=True)


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day(CONSTRUCTS, len(CONSTRUCTS) // 38))
def test_proofs_of_parties_that_are_level_hold(path: Path) -> None:
    hold(shipped(path), [level(case) for case in some([*cases(shipped(path))], 1)], 1)


@pytest.mark.nightly
@pytest.mark.parametrize("path", POLICIES, ids=lambda p: p.stem)
def test_proofs_of_parties_of_a_policy_that_are_level_hold(path: Path) -> None:
    hold(shipped(path), [level(case) for case in in_turn([*cases(shipped(path))], 100)[:1]], 0)


def test_the_verdict_is_what_it_is_without_a_proof() -> None:
    policy, sheet = policydsl.load("h3c_star_2024"), ROOT / "examples" / "h3c_star_2024.yaml"
    plain, with_proof = policy.evaluate(sheet), policy.evaluate(sheet, proof=True)
    assert plain == with_proof
    parts = json.loads(policydsl.to_json(with_proof))
    assert parts.pop("proof")["format"] == "policydsl.proof/1"
    assert parts == json.loads(policydsl.to_json(plain))


def test_some_results_in_english_without_a_trace() -> None:
    policy, sheet = policydsl.load("h3c_star_2024"), ROOT / "examples" / "h3c_star_2024.yaml"
    text = policydsl.to_json(policy.evaluate(sheet, proof=True, trace=False, only=["季度考核"]), "en")
    assert [*json.loads(text)["results"]] == ["季度考核"]
    assert recheck(text, worked).holds


def test_the_proof_of_a_look_up_among_records_without_keys_holds() -> None:
    """A record that does not say its key may be the one, unless one before it is."""
    policy = """政策 演示
  编号：T

台账 单
  号：文本
  额：金额

数据
  名：文本

条件 在：名 属于 单
计算 某额 ＝ 单（名）的 额
"""
    for name, amount in (("A", None), ("B", 5), ("C", None)):
        orders = "单:\n  - {号: B, 额: 5元}\n  - {额: 6元}\n  - {号: C, 额: 7元}\n"
        text = of_text(f"评估日: 2024-06-30\n名: {name}\n{orders}", policy)
        assert faults(recheck(text, worked)) == []
        assert json.loads(text)["results"]["某额"].get("value") == amount


def test_a_population_has_one_proof() -> None:
    made = shipped(ROOT / "tests" / "constructs" / "13b_quotas.pol")
    case = next(c for c in cases(made) if len(c.sheets) > 2)
    text = proved(made, case.sheets, case.as_of, case.settings, True)
    document = json.loads(text)
    assert [v["party"] for v in document["proof"]["verdicts"]] == [v["party"] for v in document["verdicts"]]
    assert recheck(text, worked).holds


def test_a_proof_says_what_was_said_where_and_what_came_out() -> None:
    proof = json.loads(of_text())["proof"]
    texts = {t.get("text"): (i, t) for i, t in enumerate(proof["templates"])}
    number, template = texts["工程师 ≥ 3人"]
    assert (template["f"], template["at"], template["notes"][0]["clauses"]) == (">=", [0, 22, 5], ["一.2"])
    (node,) = [n for n in proof["nodes"] if n[0] == number]
    engineers, three = (proof["nodes"][kid] for kid in node[3])
    assert (node[2], engineers[2], three[2]) == (False, 2, 3)
    assert proof["facts"][engineers[4]][1:] == ["工程师", 2]
    _, total = texts["合计（金额，逐条 项目）"]
    (node,) = [n for n in proof["nodes"] if proof["templates"][n[0]] is total]
    assert (total["f"], node[2]) == ("sum", 425_000)
    assert [proof["nodes"][kids[3]][2] for kids in node[3]] == [300_000, 125_000]


@pytest.mark.nightly
def test_what_is_taken_on_trust_is_counted() -> None:
    """Without a calendar working days are among it; with one they are counted again."""
    text = of_example(ROOT / "examples" / "alicloud_fy22.yaml")
    without_calendar, with_calendar = recheck(text), recheck(text, worked)
    assert (faults(without_calendar), faults(with_calendar)) == ([], [])
    assert with_calendar.trusted == {k: v for k, v in without_calendar.trusted.items() if k != "working_days"}
    assert without_calendar.trusted["working_days"] > 0
    assert with_calendar.trusted["conversions"] > 0


def test_where_something_cannot_be_computed_follows_from_the_proof() -> None:
    """Another rule than the one that divides by nothing is found out."""
    policy = (
        "政策 试\n  编号：T\n数据\n  甲：数值\n  乙：数值\n计算 比例 ＝ 甲 ÷ 乙 【3.2】\n"
        "条件 达标：比例 ≥ 100% 【3.3】\n"
    )
    text = of_text("甲: 3\n乙: 0\n", policy)
    said = json.loads(text)["results"]["达标"]
    assert said["notes"] == ["division_by_zero"]
    assert said["noted_in"] == [{"note": "division_by_zero", "rule": "比例", "clauses": ["3.2"]}]
    assert recheck(text).holds
    said["noted_in"][0]["rule"] = "达标"
    assert not recheck(json.dumps(json.loads(text) | {"results": json.loads(text)["results"] | {"达标": said}})).holds


@pytest.mark.parametrize("told", ["", "新: 是\n", "旧: 是\n", "新: 是\n旧: 是\n"])
def test_what_rests_on_a_conflict_that_is_there_or_may_be_follows(told: str) -> None:
    report = recheck(of_text("评估日: 2024-06-30\n业绩: 150元\n" + told, f"政策 演示\n  编号：T\n{GRADED}"), worked)
    assert (report.holds, faults(report)) == (True, [])


def test_why_a_measure_has_no_first_day_is_told_of_the_rule_that_imposes_it() -> None:
    """No record, no earliest day: it stands in no step of its own, so the note is the rule's."""
    policy = """政策 演示
  编号：T
  措施清单：恢复星级

数据
  换证：是否

台账 证
  颁发日：日期

规则 恢复：换证 【甲-1】
  措施：恢复星级，自 最早（颁发日，其中 颁发日 早于 评估日） 起
"""
    text = of_text("评估日: 2024-06-30\n换证: 是\n证: []\n", policy)
    told = json.loads(text)["results"]["恢复"]["ends"]
    assert told["noted_in"] == [{"note": "empty_list", "rule": "恢复", "clauses": ["甲-1"]}]
    report = recheck(text, worked)
    assert (report.holds, faults(report)) == (True, [])
