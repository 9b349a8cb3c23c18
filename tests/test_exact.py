"""The exact evaluator: what each form means, by hand; and it agrees with the one on possible values on every case."""

from __future__ import annotations

from pathlib import Path

import pytest
from both_evaluators import World, disagreements, exactly, possibly
from engine_support import CONSTRUCTS, POLICIES, Case, cases
from shipped import shipped

from policydsl.evaluate.exact_scope import Unknown

SHIPPED = [p for p in POLICIES if not p.name.endswith(".en.pol")]


def assert_agree(path: Path, found: list[Case]) -> None:
    """Whatever the exact evaluator knows, the other knows as well; of what a case asks it is a good part."""
    made, known = shipped(path), 0
    for case in found:
        world = World(made.program, case.sheets, case.settings, case.population, case.as_of)
        exact = exactly(world)
        known += sum(1 for v in exact.values() if not isinstance(v, Unknown))
        assert disagreements(exact, possibly(world)) == [], case.name
    assert known >= 3 * len(found)


@pytest.mark.parametrize("path", [*SHIPPED, *CONSTRUCTS], ids=lambda p: p.stem)
def test_both_evaluators_agree(path: Path) -> None:
    """Of a shipped policy on five cases or so."""
    found = list(cases(shipped(path)))
    assert_agree(path, found[:: max(1, len(found) // 5)] if path in SHIPPED else found)


@pytest.mark.nightly
@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_both_evaluators_agree_on_every_case(path: Path) -> None:
    assert_agree(path, list(cases(shipped(path))))
