"""The Python that is generated from the core program: by hand, beside the exact evaluator, and with hostile names."""

from __future__ import annotations

import ast
import os
import pickle
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from both_evaluators import World
from engine_support import CONSTRUCTS, DAY, SHIPPED, Case, cases, policy
from generated_code import assert_same, pairs
from generated_programs import program, world
from generated_worlds import thinned
from shipped import shipped
from tries import by_day, in_turn, some

from policydsl.api import to_json
from policydsl.compiled import allowed, table
from policydsl.compiled.made import Compiled
from policydsl.compiled.runtime import UNDECIDED, WORDS
from policydsl.compiled.worth import PAYS, REFERENCE, code_of
from policydsl.core import (
    AnyTerm, Apply, Const, Definition, Header, InputDecl, ListDecl, Name, Origin, Over, Program, Read, RowDecl,
)
from policydsl.evaluate.exact_scope import Unknown
from policydsl.facts import Record, Sheet
from policydsl.judge import judge
from policydsl.kinds import NUMBER, TEXT, YESNO
from policydsl.operators import OPERATORS, exact
from policydsl.place import NOWHERE
from policydsl.walk import every


# ---------------------------------------------------------------------------------------------- by hand
TEXT_OF = """台账 单
  号：文本
  金额：金额，选填
  类：选项（甲、乙）
数据
  份数：数值
  单价：金额
  基数：数值
  加急：是否
计算 总额 ＝ 合计（金额，类 为 甲）
计算 均价 ＝ 平均（金额）
计算 三分 ＝ 份数 ÷ 基数
计算 三份 ＝ 三分 × 3
计算 货款 ＝ 份数 × 单价
条件 大单：货款 ≥ 0.3元
条件 急：加急 且 大单
"""


def told(facts: dict[str, object], rows: Sequence[dict[str, object]] | None = None) -> dict[str, object]:
    made = Compiled(policy(TEXT_OF).program)
    lists = {} if rows is None else {"单": tuple(Record(str(r["号"]), r) for r in rows)}  # type: ignore[arg-type]
    found = made.values(Sheet("P", None, facts, lists), {}, DAY)  # type: ignore[arg-type]
    return {key.rule: value for key, value in found.items() if isinstance(key, Name) and key.part == "value"}


def test_numbers_are_exact() -> None:
    """0.1 three times is 0.3, and a third three times is one."""
    facts = {"份数": Fraction(3), "单价": Fraction(1, 10), "基数": Fraction(9), "加急": True}
    rows = [
        {"号": "1", "金额": Fraction(1, 100), "类": "甲"}, {"号": "2", "金额": None, "类": "甲"},
        {"号": "3", "金额": Fraction(2), "类": "乙"},
    ]
    found = told(facts, rows)
    assert found["货款"] == Fraction(3, 10) and found["大单"] is True and found["急"] is True
    assert found["三分"] == Fraction(1, 3) and found["三份"] == 1
    assert found["总额"] == Fraction(1, 100) and found["均价"] == Fraction(201, 200)  # 无 is skipped


def test_what_is_open_is_left() -> None:
    """A missing fact, a missing ledger, a division by nothing; not what does not rest on them."""
    found = told({"份数": Fraction(3), "单价": Fraction(1, 10), "基数": Fraction(0)})
    left = {name for name, value in found.items() if value is UNDECIDED}
    assert left == {"总额", "均价", "三分", "三份", "急"} and found["大单"] is True
    assert told({"加急": False})["急"] is False  # whatever the amount is


def test_a_number_of_many_places_is_left() -> None:
    found = told({"份数": Fraction(1, 3), "单价": Fraction(1), "基数": Fraction(1)})
    assert found["货款"] is UNDECIDED


def test_nothing_equals_nothing_only_where_both_are_known() -> None:
    """A fact that is not there is not told from 无 by that it may not be 无."""
    made = of_one(Apply("=", (Read("", "x", kind=NUMBER), Const(None, kind=NUMBER)), kind=YESNO), "x")
    assert made.values(Sheet("P"), {}, DAY)[Name("y")] is UNDECIDED
    assert made.values(Sheet("P", None, {"x": Fraction(1)}), {}, DAY)[Name("y")] is False


def test_records_are_counted_only_where_what_is_counted_is_known() -> None:
    rows = ListDecl("l", None, "rows", (), NOWHERE, rows=(RowDecl((), (), NOWHERE),) * 2)
    term = Over("count", "l", Read("", "x", kind=NUMBER), None, kind=NUMBER)
    made = of_one(term, "x", rows)
    assert made.values(Sheet("P"), {}, DAY)[Name("y")] is UNDECIDED
    assert made.values(Sheet("P", None, {"x": Fraction(1)}), {}, DAY)[Name("y")] == 2


# ---------------------------------------------------------------------------------------------- beside the evaluator
def generated(seed: int) -> Counter[str]:
    """On a sheet that tells everything, and on one that leaves some of it out."""
    draw = Random(seed)
    full = world(program(draw), draw)
    less, _ = thinned(full, draw, 16)
    return assert_same(Compiled(full.program), full) + assert_same(Compiled(less.program), less)


@pytest.mark.parametrize("seed", by_day(range(160), 12))
def test_generated_programs(seed: int) -> None:
    found = generated(seed)
    assert found["told"] > found["left"]


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(10))
def test_a_long_run_of_generated_programs(part: int) -> None:
    """200 programs, each on 200 sheets, others in every run; what was met is printed."""
    first = int(os.environ.get("SEED", "0")) * 1000 + 10_000 + 20 * part
    total, met = Counter[str](), Counter[str]()
    for seed in range(first, first + 20):
        draw = Random(seed)
        made_of = program(draw)
        made = Compiled(made_of)
        sheets = 0
        while sheets < 200:
            full = world(made_of, draw)
            less, _ = thinned(full, draw, 16)
            other = made if less.program is made_of else Compiled(less.program)  # a table may be left out, too
            total += assert_same(made, full) + assert_same(other, less)
            sheets += 2 * len(full.sheets)
        total["sheets"] += sheets
        met += forms(made_of)
    print(f"seeds {first}..{first + 19}: {dict(total)}; {dict(met)}")


def forms(made: Program) -> Counter[str]:
    """How often each form, operator and aggregate stands in a program."""
    found = Counter[str]()
    for definition in made.terms.values():
        for term in every(definition):
            found[type(term).__name__] += 1
            if isinstance(term, Apply):
                found[f"operator {term.op}"] += 1
            if isinstance(term, Over):
                found[f"{term.agg} over {made.lists[term.list].source}"] += 1
    return found


# ---------------------------------------------------------------------------------------------- operators
def test_which_operators_have_code_of_their_own() -> None:
    """All others are called by their rows of the operator table, with exact values: a new one is among them."""
    own = {
        "+", "-", "*", "/", "neg", "max", "min", "clamp", "short", "drawable", "round", "gross", "net", "<", "<=", ">",
        ">=", "=", "!=", "in",
    }
    assert set(table.OWN) == own and set(OPERATORS) - own == table.CALLED
    assert {"shift", "days_between", "round_to", "includes", "in_period", "first_day", "latest"} <= table.CALLED


def test_a_new_operator_needs_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def squared(a: Sequence[object], kinds: object, setting: object) -> Fraction:
        number = exact.number(a[0])  # type: ignore[arg-type]
        return number * number

    monkeypatch.setitem(OPERATORS, "squared", exact.Operator("squared", squared))  # type: ignore[arg-type]
    made = of_one(Apply("squared", (Read("", "x", kind=NUMBER),), kind=NUMBER), "x")
    assert made.values(Sheet("P", None, {"x": Fraction(3, 2)}), {}, DAY)[Name("y")] == Fraction(9, 4)


def of_one(term: AnyTerm, fact: str, *lists: ListDecl) -> Compiled:
    """A program of one fact and one term that reads it."""
    kind = next(read.kind for read in every(term) if isinstance(read, Read))
    decl = InputDecl(fact, None, kind, NOWHERE)
    header = Header("T", "T", "1", "en", NOWHERE)
    name = Name("y")
    definition = Definition(name, term, Origin("y", (), NOWHERE))
    return Compiled(Program(header, {fact: decl}, {each.name: each for each in lists}, {name: definition}, (), ""))


# ---------------------------------------------------------------------------------------------- what may occur in it
HOSTILE = '"""; __import__("os").system("true") #\n\\'


def test_names_and_texts_of_the_author_are_no_part_of_the_code() -> None:
    said = replace(Apply("=", (Read("", HOSTILE, kind=TEXT),) * 2, kind=YESNO))
    made = of_one(said, HOSTILE)
    assert made.source.isascii() and "import" not in made.source and '"' not in made.source
    assert made.values(Sheet(HOSTILE, None, {HOSTILE: HOSTILE}), {}, DAY)[Name("y")] is True


@pytest.mark.parametrize("code", [
    "import os", "v1 = 'text'", "v1 = 1.5", "v1 = open", "v1 = v2.__class__", "v1.append = v2", "v1 = lambda: 1",
    "v1 = [v2 for v2 in v3]", "v1 = len(v2, key=v3)", "v1 = (v2)(v3)()", "del v1", "global v1", "with v1: pass",
    "@v1\ndef f1(): pass", "class v1: pass", "v1 = yield", "v1 = f'{v2}'", "v1 = await_me", "__builtins__", "v1 = {}",
])
def test_whatever_else_is_refused(code: str) -> None:
    with pytest.raises(allowed.Forbidden):
        allowed.check(ast.parse(code), WORDS)


@pytest.mark.parametrize("path", SHIPPED[:1], ids=lambda p: p.stem)
def test_the_code_of_a_shipped_policy_is_allowed(path: Path) -> None:
    made = Compiled(shipped(path).program)
    allowed.check(ast.parse(made.source), WORDS)
    assert made.source.isascii()


def test_a_day_of_the_verdict_is_the_day_of_the_code() -> None:
    """An event after it is none, as everywhere."""
    made = Compiled(policy("数据\n  签约日：日期，≤ 评估日，选填\n条件 已签：签约日 已填\n").program)
    sheet = Sheet("P", None, {"签约日": date(2024, 5, 1)})
    for day, signed in ((date(2024, 4, 30), False), (date(2024, 5, 1), True)):
        assert made.values(sheet, {}, day)[Name("已签")] is signed
        world = World(made.program, (sheet,), {}, False, day)
        assert not any(isinstance(found, Unknown) for *_, found in pairs(made, world))


# ---------------------------------------------------------------------------------------------- on cases of policies
def same_values(made: Program, case: World) -> None:
    assert_same(Compiled(made), case)


def same_verdicts(made: Program, case: World) -> None:
    """To the last byte, with the trace and the proof, whatever is looked at first."""

    def said(generated: bool) -> str:
        verdicts = judge(
            made, case.sheets, case.day, settings=case.settings, population=case.population, proof=True,
            generated=generated,
        )
        for verdict in verdicts:
            assert [verdict.results[name].name for name in [*verdict.results][::-1]] == [*verdict.results][::-1]
        return to_json(verdicts)

    assert said(True) == said(False)


Held = Callable[[Program, World], None]
HELD = pytest.mark.parametrize("held", [same_values, same_verdicts])


@HELD
@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day([*SHIPPED, *CONSTRUCTS], len(CONSTRUCTS) // 16))
def test_cases_of_policies(path: Path, held: Held) -> None:
    on_cases(path, some(list(cases(shipped(path))), 2), held)


@HELD
@pytest.mark.nightly
@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_more_cases_of_policies(path: Path, held: Held) -> None:
    on_cases(path, in_turn(list(cases(shipped(path))), 10), held)


def on_cases(path: Path, found: Sequence[Case], held: Held) -> None:
    made = shipped(path).program
    for case in found:
        held(made, World(made, case.sheets, case.settings, case.population, case.as_of))


# ---------------------------------------------------------------------------------------------- the verdict
@pytest.mark.parametrize("seed", by_day(range(80), 8))
def test_verdicts_of_generated_programs(seed: int) -> None:
    draw = Random(seed)
    full = world(program(draw), draw)
    for each in (full, thinned(full, draw, 16)[0]):
        same_verdicts(full.program, each)


def test_results_are_made_when_somebody_looks() -> None:
    """One alone is as among all; what is missing is known without looking at them; a copy has all of them."""
    made = policy(TEXT_OF).program
    facts = {"份数": Fraction(3), "单价": Fraction(1, 10), "基数": Fraction(0)}
    verdict = judge(made, [Sheet("P", None, facts, {"单": ()})], DAY, generated=True)[0]
    assert verdict.results["大单"].total.value.value is True and verdict.results["货款"].total.status == "known"
    assert [m.fact for m in verdict.missing] == ["加急"]
    assert verdict == judge(made, [Sheet("P", None, facts, {"单": ()})], DAY, generated=False)[0]
    again = pickle.loads(pickle.dumps(verdict))
    assert again == verdict and type(again.results) is dict and type(again.missing) is tuple


def test_code_is_made_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for the first few parties, and not where the reference is asked for."""
    made = policy(TEXT_OF).program
    assert code_of(made, PAYS) is None
    assert code_of(made, 1) is not None
    monkeypatch.setenv(REFERENCE, "1")
    assert code_of(made, 100) is None


def test_what_is_deemed_is_told_as_deemed() -> None:
    """The code does not say which way it came to a value; where 视为 is one of them, the reference says it."""
    rows = "  若 甲：视为 立\n  若 乙：立\n  否则：不立\n"
    made = policy(f"数据\n  甲：是否\n  乙：是否\n计算 论：选项（立、不立）\n{rows}").program
    for late in (True, False):
        same_verdicts(made, World(made, (Sheet("P", None, {"甲": late, "乙": True}),), {}))
