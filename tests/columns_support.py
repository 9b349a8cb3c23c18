"""Columns beside the exact evaluator: every shared term and every term of a result that they tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from both_evaluators import World, evaluator

from policydsl.columns.batch import Batch, Found, asked
from policydsl.compiled.runtime import UNDECIDED
from policydsl.core import AnyTerm, Name
from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.exact_scope import Outcome, Unknown, tried


def judged(world: World) -> Found:
    """All that columns tell of the parties of a world."""
    return Batch(world.program, world.sheets, world.day, threads=1).judge(world.settings)


def told_and_exact(found: Found, world: World) -> Iterator[tuple[object, Any, Outcome]]:
    ev = evaluator(world, ExactEvaluator)
    terms: dict[object, AnyTerm] = {key: term for key, term, _ in asked(world.program)}
    for key in found.columns:
        for party, value in enumerate(found.values(key)):
            scope = ev.scope(party, world.day)
            shared = isinstance(key, Name)
            ask = partial(ev.shared, key, None, scope) if shared else partial(ev.value, terms[key], scope)
            yield key, value, tried(ask)


def assert_columns(world: World) -> Counter[str]:
    """No value of a column is another than that of the exact evaluator, in value or in type, and none is told of what
    that leaves open. How many were told, were left though they are known, and have no column."""
    found = judged(world)
    count: Counter[str] = Counter()
    wrong = []
    for key, value, exact in told_and_exact(found, world):
        if value is UNDECIDED:
            count["open" if isinstance(exact, Unknown) else "left"] += 1
        elif isinstance(exact, Unknown) or type(exact) is not type(value) or exact != value:
            wrong.append((key, value, exact))
        else:
            count["told"] += 1
    assert wrong == []
    count["without"] += len(found.left) * len(world.sheets)
    assert found.count() == (count["told"], count["left"] + count["open"] + count["without"])
    return count
