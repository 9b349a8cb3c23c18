"""How often a property is tried: a few times, always the same ones, in ``make test``; far more often, and never the
same ones, in ``make nightly`` (the profiles ``few`` and ``many`` of ``conftest.py``)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import settings

T = TypeVar("T")


def tries(few: int) -> settings:
    """So many examples in ``make test``, and in proportion more in ``make nightly``."""
    return settings(max_examples=max(1, few * settings().max_examples // 100))


def some(things: Sequence[T], few: int) -> Sequence[T]:
    """A few of them in ``make test``, evenly spread and always the same; four times as many in ``make nightly``, others
    in every run. What goes by such a share is marked ``sampled``, so that the night tries it again."""
    nightly = settings().max_examples > 100
    step = max(1, len(things) // (4 * few if nightly else few))
    return things[int(os.environ.get("SEED", "0")) % step if nightly else 0 :: step][: 4 * few if nightly else few]


def in_turn(things: Sequence[T], of: int) -> Sequence[T]:
    """One of so many, others in every run of ``make nightly`` (they go by its seed): all would take long."""
    return things[int(os.environ.get("SEED", "0")) % of :: of]


def by_day(things: Sequence[T], few: int) -> list[object]:
    """Parameters of a test: a few of them for ``make test``, evenly spread, the others for ``make nightly``."""
    day = things[:: max(1, len(things) // few)][:few]
    return [
        pytest.param(thing, id=getattr(thing, "name", str(thing)), marks=() if thing in day else pytest.mark.nightly)
        for thing in things
    ]
