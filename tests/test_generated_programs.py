"""The two evaluators on generated programs, which reach every form, operator, aggregate and kind of list."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from both_evaluators import World, disagreements, exactly, possibly
from generated_programs import program, world
from generated_worlds import thinned
from tries import by_day, in_turn

from policydsl import core as c
from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.exact_scope import Scope, Unknown
from policydsl.kinds import Exact
from policydsl.operators import OPERATORS
from policydsl.walk import every, roots


def generated(seed: int) -> tuple[Random, World]:
    draw = Random(seed)
    return draw, world(program(draw), draw)


def assert_agree(seed: int) -> None:
    """On a sheet that tells everything, and on one that leaves some of it out."""
    draw, full = generated(seed)
    known = exactly(full)
    assert any(not isinstance(value, Unknown) for value in known.values())
    assert disagreements(known, possibly(full)) == []
    less, _ = thinned(full, draw, 16)
    assert disagreements(exactly(less), possibly(less)) == []


@pytest.mark.parametrize("seed", range(24))
def test_both_evaluators_agree(seed: int) -> None:
    assert_agree(seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", in_turn(range(24, 324), 4))
def test_both_evaluators_agree_on_more(seed: int) -> None:
    assert_agree(seed)


def test_the_programs_reach_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every form, every operator, and every source of lists is evaluated by some program."""
    seen: set[str] = set()
    value = ExactEvaluator.value

    def told(evaluator: ExactEvaluator, term: c.AnyTerm, scope: Scope) -> Exact:
        seen.update(_called(evaluator, term))
        return value(evaluator, term, scope)

    monkeypatch.setattr(ExactEvaluator, "value", told)
    forms = {f.__name__ for f in (c.Const, c.NoValue, c.Read, c.Use, c.Apply, c.Choose, c.Find, c.Over, c.AsOf)}
    wanted = forms | set(OPERATORS) | {"sheet", "rows", "cycles", "parties", "members"}
    for seed in range(60):
        if not wanted <= seen:
            exactly(generated(seed)[1])
    assert wanted <= seen


def _called(evaluator: ExactEvaluator, term: c.AnyTerm) -> Iterator[str]:
    yield type(term).__name__
    if isinstance(term, c.Apply):
        yield term.op
    if isinstance(term, c.Over):
        yield evaluator.program.lists[term.list].source


@pytest.mark.parametrize("seed", by_day(range(150), 30))
def test_what_a_term_may_come_to_is_of_its_kind(seed: int) -> None:
    """Also where empty cells are compared within the row that is found: what stands in for it is compared as well."""
    for root in roots(generated(seed)[1].program):
        for term in every(root.term):
            match term:
                case c.Find():
                    ends = [term.value, *([term.otherwise] if term.otherwise is not None else [])]
                case c.Choose():
                    ends = [arm.then for arm in term.arms]
                case _:
                    continue
            assert {end.kind.base for end in ends} <= {term.kind.base}, (seed, term)
