"""Whatever the missing facts turn out to be, the value lies in what was reported without them: generated programs, and
sheets that leave some of it out, with every way in which that may turn out."""

from __future__ import annotations

import pytest
from both_evaluators import Answers, Asked, World, evaluator, exactly, possibly
from engine_support import allows
from generated_programs import DATED
from generated_worlds import gaps, thinned
from keeping import KeepingExactly, KeepingPossibly, fits
from test_generated_programs import generated

from policydsl.domain import Possible
from policydsl.evaluate.exact_scope import Outcome, Unknown

Told = tuple[Asked, Outcome | Possible | None, Possible]


def contradictions(said: Answers[Possible], full: World) -> list[Told] | None:
    """What was said of less and does not allow what comes out; None: the world does not keep the ranges.

    What the exact evaluator does not say (it cannot be computed, or the other knows more) is asked of the one on
    possible values once more: what was known has to stay as it was.
    """
    ev = evaluator(full, KeepingExactly)
    if not fits(full):
        return None
    exact = exactly(full, ev)
    outcomes = {asked: exact.get(asked, Unknown("missing")) for asked in said}
    found: list[Told] = [
        (asked, value, said[asked]) for asked, value in outcomes.items()
        if not isinstance(value, Unknown) and not allows(said[asked], value)
    ]
    waiting = [asked for asked, value in outcomes.items() if isinstance(value, Unknown) and said[asked].known]
    again_ev = evaluator(full, KeepingPossibly)
    again = possibly(full, again_ev) if waiting else {}
    found += [
        (asked, now, said[asked]) for asked in waiting
        if (now := again.get(asked)) is None or not now.known or not allows(said[asked], now.value)
    ]
    return found if ev.kept and again_ev.kept else None


def tried(seed: int) -> int:
    """In how many ways the sheet of a seed turned out, none of which contradicts what was said of it."""
    draw, full = generated(seed)
    less, worlds = thinned(full, draw, 16)
    said = possibly(less)
    found = [contradictions(said, world) for world in worlds]
    assert [told for told in found if told] == []
    return sum(told is not None for told in found)


def test_nothing_that_is_said_of_less_is_contradicted() -> None:
    assert sum(tried(seed) for seed in (3, 7)) >= 12  # sheets that fit what is declared are rare


def test_nothing_that_is_said_of_other_days_is_contradicted() -> None:
    """What is limited on the evaluation date, left untold and asked as of another day: one fact at a time."""
    told = 0
    for seed in (2, 3, 4):
        _, full = generated(seed)
        for gap in gaps(full):
            if gap.name in [("fact", name) for name in DATED]:
                said = possibly(gap.without(full))
                found = [contradictions(said, fill(full)) for fill in gap.filled]
                assert [each for each in found if each] == []
                told += sum(each is not None for each in found)
    assert told >= 12


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(8, 104, 24))
def test_nothing_that_is_said_of_less_is_contradicted_on_more(first: int) -> None:
    assert sum(tried(seed) for seed in range(first, first + 24)) >= 50


def test_another_world_contradicts_what_was_said() -> None:
    """What was said where all is known is not true of other facts."""
    told = 0
    for seed in (3, 11, 19):
        draw, full = generated(seed)
        _, (one, *others) = thinned(full, draw, 16)
        said = possibly(one)
        assert not contradictions(said, one)
        told += any(contradictions(said, other) for other in others)
    assert told >= 1
