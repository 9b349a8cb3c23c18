"""Every unknown ends in something: a fact that a sheet can give, a parameter, a decision, or what the policy does not
say. Whoever gives all that is named as missing comes, in a few rounds, to a verdict that waits for nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from both_evaluators import Answers, Asked, World, possibly
from engine_support import DAY, POLICIES, Case, cases, each_judged, judged, number, policy, verdict
from generated_worlds import Gap, gaps, possible, thinned
from hypothesis import given
from hypothesis import strategies as st
from keeping import fits
from shipped import shipped
from test_generated_programs import generated
from test_properties import SOURCES, half_filled, some_cases
from tries import by_day, tries

from policydsl.core import POPULATION
from policydsl.domain import Need, Possible, shape
from policydsl.engine import Policy
from policydsl.facts import Sheet
from policydsl.proof.results import proved_json
from policydsl.recheck.document import recheck
from policydsl.render.text import verdict_text
from policydsl.verdict import Judged, Verdict

SILENT = {"not_stated", "not_computable", "tie"}  # nobody's fact would settle it: the policy says no more


# ---------------------------------------------------------------------------------------------- policies and sheets
def may_be_given(made: Policy, sheets: list[Sheet], case: Case) -> dict[str, set[str]]:
    """For each party all that its sheet leaves out, by the names of a verdict, and what its author has yet to say."""
    program = made.program
    authors = {n for n, d in program.inputs.items() if d.parameter and n not in case.settings}
    authors |= {n for n, d in program.lists.items() if not d.supplied}
    everybody = authors if case.population or len(sheets) > 1 else authors | {"全体"}
    own = {sheet.name: set(left_out(made, sheet)) for sheet in sheets}
    return {name: everybody | mine | {
        f"全体[{other}].{n}" for other, theirs in own.items() if other != name for n in theirs
    } for name, mine in own.items()}


def left_out(made: Policy, sheet: Sheet) -> Iterator[str]:
    if not sheet.named:
        yield "名称"
    yield from (n for n, d in made.program.inputs.items() if not d.parameter and n not in sheet.values)
    for name, decl in made.program.lists.items():
        if decl.source != "sheet":
            continue
        if name not in sheet.lists:
            yield name
        for row in sheet.lists.get(name, ()):
            yield from (f"{name}[{row.key}].{f.name}" for f in decl.fields if f.name not in row.values)


def dead_ends(verdicts: list[Verdict], known: dict[str, set[str]]) -> list[object]:
    """What is unknown and names nothing, and what is named and cannot be given."""
    found: list[object] = []
    for v in verdicts:
        for name, one in each_judged(v):
            if one.status == "unknown" and not one.missing and not grounds(one):
                found.append((v.party, name, one))
            if one.ends_open and not one.ends_missing and not grounds(replace(one, reasons=one.ends_reasons)):
                found.append((v.party, name, one))
            named = (*one.missing, *one.ends_missing)
            found += [(v.party, name, fact) for fact in named if fact not in known[v.party]]
        found += [(v.party, m) for m in v.missing if m.fact not in known[v.party]]
    return found


def grounds(one: Judged) -> bool:
    """Whether it says why no fact would settle it; what cannot be computed, or the document leaves open, says where."""
    why = set(one.reasons) & SILENT
    return bool(why) and set(one.reasons) & {"missing", "parameter", "discretion", "population"} == set() and (
        "tie" in why or len(one.reasons) > len(why))


def assert_every_unknown_ends(made: Policy, case: Case, draw: random.Random) -> None:
    share = draw.choice((0.2, 0.5, 1))
    sheets = half_filled(made, case.sheets, draw, share)
    assert dead_ends(judged(made, case, sheets), may_be_given(made, sheets, case)) == [], case.name


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day(SOURCES, len(SOURCES) // 16))
def test_every_unknown_of_a_half_filled_sheet_ends_in_a_need(path: Path) -> None:
    made, draw = shipped(path), random.Random(path.stem)
    for case in some_cases(path):
        assert_every_unknown_ends(made, case, draw)


@pytest.mark.nightly
@pytest.mark.parametrize("path", POLICIES, ids=lambda p: p.stem)
@tries(10)
@given(data=st.data(), draw=st.randoms(use_true_random=True))
def test_every_unknown_of_any_example_ends_in_a_need(path: Path, data: st.DataObject, draw: random.Random) -> None:
    made = shipped(path)
    assert_every_unknown_ends(made, data.draw(st.sampled_from(list(cases(made)))), draw)


# ---------------------------------------------------------------------------------------------- generated programs
def in_hand(world: World, asked: Asked, need: Need) -> int:
    """Of which party a fact is missing."""
    return next((i for i, s in enumerate(world.sheets) if s.name == need.party), asked.party)


def is_given(world: World, party: int, need: Need) -> bool:
    """Whether what is named as missing is there already, or can never be."""
    program, sheet = world.program, world.sheets[party]
    if need.name == POPULATION:
        return world.population
    if need.list:
        row = next(r for r in sheet.lists[need.list] if r.key == need.record)
        return program.lists[need.list].field_of(need.name) is None or need.name in row.values
    if need.name in program.lists:
        return program.lists[need.name].supplied if need.what == "parameter" else need.name in sheet.lists
    return need.name not in program.inputs or need.name in sheet.values or need.name in world.settings


def filled(world: World, full: World, party: int, need: Need, draw: random.Random) -> World:
    """With one missing thing given: any value that it may have, a ledger as it is or empty."""
    if need.name == POPULATION:
        return replace(world, population=True)
    if need.what == "parameter" and need.name in full.program.lists:
        table = replace(world.program.lists[need.name], supplied=True)
        return replace(world, program=replace(world.program, lists={**world.program.lists, need.name: table}))
    sheet = world.sheets[party]
    if need.list:
        field = world.program.lists[need.list].field_of(need.name)
        assert field is not None
        rows = tuple(
            replace(r, values={**r.values, need.name: draw.choice(possible(field))}) if r.key == need.record else r
            for r in sheet.lists[need.list]
        )
        sheet = replace(sheet, lists={**sheet.lists, need.list: rows})
    elif need.name in world.program.lists:
        whole = full.sheets[party].lists[need.name]
        sheet = replace(sheet, lists={**sheet.lists, need.name: draw.choice((whole, ()))})
    else:
        value = draw.choice(possible(world.program.inputs[need.name]))
        if need.what != "fact":
            return replace(world, settings={**world.settings, need.name: value})
        sheet = replace(sheet, values={**sheet.values, need.name: value})
    return replace(world, sheets=tuple(sheet if i == party else s for i, s in enumerate(world.sheets)))


def waiting(said: Answers[Possible]) -> Iterator[tuple[Asked, Possible]]:
    """What is not known. Records that differ have no value together, and clauses that contradict one another none."""
    for asked, p in said.items():
        differ = isinstance(asked.what, tuple) and asked.what[1:] == ("together", "value")
        if not p.known and not p.conflict and asked.record != "*" and not differ:
            yield asked, p


def rounds(seed: int) -> int:
    """How often all that is missing of a half-filled world has to be given, until nothing is."""
    draw, full = generated(seed)
    world, gone = full, list[Gap]()
    for gap in draw.sample(every := gaps(full), len(every)):
        if draw.random() < 0.6 and not any(map(gap.clashes, gone)):
            world = gap.without(world)
            gone.append(gap)
    for count in range(9):
        said = possibly(world)
        missing: dict[tuple[int, Need], None] = {}
        for asked, p in waiting(said):
            assert p.needs or p.reasons and p.reasons <= SILENT, (seed, asked, p)
            for need in sorted(p.needs):
                party = in_hand(world, asked, need)
                assert not is_given(world, party, need), (seed, asked, need)
                missing[party, need] = None
        if not missing:
            return count
        for party, need in missing:
            world = filled(world, full, party, need, draw)
    raise AssertionError((seed, missing))


def test_whoever_gives_what_is_missing_comes_to_an_end() -> None:
    """Facts of facts come to light at most a few times; a sheet that lacks nothing is rare."""
    found = [rounds(seed) for seed in range(7)]
    assert max(found) <= 4 and sum(1 for n in found if n) >= 4


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(12, 252, 40))
def test_whoever_gives_what_is_missing_comes_to_an_end_in_more(first: int) -> None:
    assert max(rounds(seed) for seed in range(first, first + 40)) <= 6


def unmoved(seed: int) -> int:
    """How many answers wait for nothing although something is missing: whatever that turns out to be, they stay."""
    draw, full = generated(seed)
    less, worlds = thinned(full, draw, 8)
    idle = {asked: p for asked, p in waiting(possibly(less)) if not p.needs}
    for world in filter(fits, worlds if idle else ()):
        more = possibly(world)
        for asked, p in idle.items():
            if asked in more:
                assert shape(more[asked]) == shape(p) and not more[asked].needs, (seed, asked)
    return len(idle)


def test_what_waits_for_nothing_never_changes() -> None:
    assert sum(unmoved(seed) for seed in range(12)) >= 20


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(12, 132, 20))
def test_what_waits_for_nothing_never_changes_in_more(first: int) -> None:
    assert sum(unmoved(seed) for seed in range(first, first + 20)) >= 20


# ---------------------------------------------------------------------------------------------- what stands in
STANDS_IN = policy(
    "数据\n  型号：文本\n  单价：金额，默认 价目（型号）\n  数量：数值\n  总价：金额，＝ 单价 × 数量\n"
    "表 价目\n  | 型号 | 价 |\n  | A | 3元 |\n"
    "条件 大额：总价 ≥ 300元\n"
)


def missing(facts: dict[str, object]) -> tuple[str, ...]:
    return verdict(STANDS_IN, facts).results["大额"].total.missing  # type: ignore[arg-type]


def test_a_fact_that_is_worked_out_is_missing_by_what_it_is_worked_out_of() -> None:
    assert missing({}) == ("型号", "数量")
    assert missing({"型号": "A"}) == ("数量",)  # 3元 a piece
    assert missing({"型号": "A", "数量": number(100)}) == ()


def test_a_fact_that_cannot_be_worked_out_is_missing_itself() -> None:
    """B has no price, so it has to be stated: 2元 for 150 pieces are 300元."""
    found = verdict(STANDS_IN, {"型号": "B", "数量": number(150)})
    total = found.results["大额"].total
    assert total.missing == ("单价",) and {"not_worked_out:单价", "no_row:价目[B] @单价"} <= set(total.reasons)
    assert [(m.fact, m.wanted_by) for m in found.missing] == [("单价", ("大额",))]
    assert "缺 单价：没有填，照政策也算不出“单价”、“单价”中表里没有这一行（价目[B]）" in verdict_text(found)
    assert verdict(STANDS_IN, {"型号": "B", "数量": number(150), "单价": number(2)}).results["大额"].total.holds.yes


def test_the_check_of_a_proof_follows_why_a_fact_is_missing() -> None:
    sheets = [Sheet("P", None, {"型号": "B", "数量": number(1)}, {})]
    report = recheck(proved_json(STANDS_IN.judge(sheets, DAY, proof=True)[0]))
    assert report.faults == []


def test_what_is_missing_no_longer_is_no_reason() -> None:
    """Whether 甲 or not, the value is 未规定: nothing is missing, and the document is all that is silent."""
    made = policy(
        "数据\n  甲：是否\n计算 值：选项（子、丑）\n  若 甲：未规定\n  否则：未规定\n"
        "条件 双：值 为 子 或 （甲 且 并非 甲）\n"
    )
    total = verdict(made).results["双"].total
    assert total.missing == () and total.silent
