"""One sheet, one verdict: in whatever order the blocks of a policy stand, whatever other policy is at hand, as YAML or
as JSON, and whoever else is judged beside it where nothing is shared."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from engine_support import CONSTRUCTS, ROOT, SHIPPED, Case, cases, summary
from shipped import shipped
from tries import by_day, some

from policydsl.core import POPULATION, Program
from policydsl.domain import Need
from policydsl.facts import Sheet
from policydsl.judge import judge
from policydsl.lower.policy import lower
from policydsl.reads import reads_of
from policydsl.sheet import read_sheets
from policydsl.verdict import Verdict
from policydsl.walk import every, roots

SOURCES = by_day([*CONSTRUCTS, *SHIPPED], len(CONSTRUCTS) // 10)
EXAMPLES = [p for p in sorted((ROOT / "examples").glob("*.yaml")) if (ROOT / "policies" / f"{p.stem}.pol").exists()]


def verdicts(program: Program, case: Case, sheets: Sequence[Sheet] | None = None) -> list[Verdict]:
    return judge(
        program, case.sheets if sheets is None else sheets, case.as_of, settings=case.settings,
        population=case.population, trace=False,
    )


@pytest.mark.sampled
@pytest.mark.parametrize("path", SOURCES)
def test_the_order_of_the_blocks_does_not_matter(path: Path) -> None:
    made = shipped(path)
    blocks = list(made.file.blocks)
    random.Random(path.stem).shuffle(blocks)
    turned, problems, _ = lower(replace(made.file, blocks=tuple(blocks)))
    assert not [p for p in problems if p.severity == "error"]
    for case in some(list(cases(shipped(path))), 5):
        one, other = verdicts(made.program, case), verdicts(turned, case)
        assert [*map(summary, one)] == [*map(summary, other)], case.name


def test_policies_have_no_term_in_common() -> None:
    """A term has one number: that of one program would be another term's in the next."""
    made = [lower(shipped(path).file)[0] for path in CONSTRUCTS]
    terms = [{id(t) for root in roots(program) for t in every(root.term)} for program in made]
    assert sum(map(len, terms)) == len(set().union(*terms))


@pytest.mark.sampled
@pytest.mark.parametrize("path", SOURCES)
def test_alone_and_in_company_agree_where_nothing_is_shared(path: Path) -> None:
    """The company: whoever else the examples judge."""
    program, found = shipped(path).program, some(list(cases(shipped(path))), 5)
    common = {d.name for d in program.lists.values() if d.source == "parties"} | {POPULATION}
    own = {n for n, r in reads_of(program).of_result.items() if not common & {ledger for ledger, _ in r.keys}}
    others = [replace(sheet, name=f"另一家 {i}") for i, case in enumerate(found[:3]) for sheet in case.sheets]
    for case in found:
        if len(case.sheets) == 1:
            alone = verdicts(program, case)[0]
            together = verdicts(program, case, [*case.sheets, *others])[0]
            assert own_results(alone, own) == own_results(together, own), case.name


def own_results(verdict: Verdict, names: set[str]) -> dict[str, object]:
    results = {name: result for name, result in verdict.results.items() if name in names}
    return {name: of_whom_it_is(said) for name, said in summary(replace(verdict, results=results)).items()}


def of_whom_it_is(said: object) -> object:
    """Without whose a fact is, which goes without saying where one is judged alone."""
    if isinstance(said, Need):
        return said._replace(party="")
    if isinstance(said, tuple):
        return tuple(map(of_whom_it_is, said))
    return frozenset(map(of_whom_it_is, said)) if isinstance(said, frozenset) else said


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_a_sheet_says_the_same_in_yaml_and_json(path: Path) -> None:
    program, text = shipped(ROOT / "policies" / f"{path.stem}.pol").program, path.read_text("utf-8")
    same = json.dumps(yaml.load(text, yaml.BaseLoader), ensure_ascii=False)
    one, other = (read_sheets(t, f"x.{kind}", program) for t, kind in ((text, "yaml"), (same, "json")))
    assert [plain(s) for s in one] == [plain(s) for s in other]


def plain(sheet: Sheet) -> object:
    """What a sheet says, whatever stands where."""
    lists = {name: [(r.key, dict(r.values)) for r in rows] for name, rows in sheet.lists.items()}
    return sheet.name, sheet.as_of, dict(sheet.values), lists
