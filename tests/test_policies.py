"""The shipped policies: clean, exemplified, judged with their example sheets, and one of them in both dialects."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

import policydsl
from policydsl import engine, nodes
from policydsl.beside import aliases_of
from policydsl.aliases import named
from policydsl.text import parse
from shipped import shipped
from text_support import neutral

ROOT = Path(__file__).parents[1]
POLICIES = sorted((ROOT / "policies").glob("*.pol"))
# Each policy with its sheet; an amendment is judged with that of the policy it amends.
SHEETS = [
    (path.stem, ROOT / "examples" / f"{path.stem.removesuffix('_notice')}.yaml")
    for path in POLICIES if "." not in path.stem
]
# What a policy leaves to its author, as an author might decide it.
DECIDED: dict[str, dict[str, str]] = {
    "huawei_2025": {
        "effective_date": "2025-06-01", "plan_start": "2025-06-01", "teams_due": "2026-12-31",
        "pass_marks.theory": "60分", "pass_marks.simulation": "60分", "pass_marks.rating": "80分",
        "rebate_base": "sales", "cap_scope": "special_only", "tie_rule": "all_tied_in", "amount_tolerance": "500元",
        "dumping_base": "agreement_price", "dumping_limit": "80%",
    },
}


@pytest.fixture(scope="module", params=POLICIES, ids=lambda p: p.name)
def policy(request: pytest.FixtureRequest) -> engine.Policy:
    return shipped(request.param)


def test_nothing_is_noticed(policy: engine.Policy) -> None:
    assert policy.diagnostics == ()


def test_both_dialects_are_one_tree() -> None:
    trees = []
    for name in ("h3c_star_2024.pol", "h3c_star_2024.en.pol"):
        text = (ROOT / "policies" / name).read_text(encoding="utf-8")
        tree, problems = parse(text, name)
        tree, misnamed = named(tree, aliases_of(ROOT / "policies" / name))
        assert [*problems, *misnamed] == []
        trees.append(neutral(without_spellings(tree)))
    assert trees[0] == trees[1]


def without_spellings(node: Any) -> Any:
    """The tree without the other spellings of choices (in the English file an option may be its own ASCII spelling)
    and without the raw cells, whose labels are free words; what the cells mean, the examples hold in both files."""
    if isinstance(node, nodes.Option):
        return replace(node, spellings=())
    if isinstance(node, nodes.RawCell):
        return replace(node, text="")
    if isinstance(node, tuple):
        return tuple(without_spellings(item) for item in node)
    if isinstance(node, nodes.Node):
        return replace(node, **{f.name: without_spellings(getattr(node, f.name)) for f in fields(node)})
    return node


@pytest.mark.parametrize(("name", "sheet"), SHEETS, ids=[name for name, _ in SHEETS])
def test_the_example_sheet_is_judged_at_once(name: str, sheet: Path) -> None:
    verdict = policydsl.load(name).evaluate(sheet, settings=DECIDED.get(name))
    known = [r for r in verdict.results.values() if r.total.status != "unknown"]
    assert len(known) > len(verdict.results) * 4 // 5
    assert all(entry.at.line > 0 for entry in verdict.trace)
