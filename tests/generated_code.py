"""Generated code beside the exact evaluator: every shared term and every term of a result that code is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from both_evaluators import World, evaluator

from policydsl.compiled.made import Compiled
from policydsl.compiled.runtime import UNDECIDED
from policydsl.core import AnyTerm, Name
from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.exact_lists import records
from policydsl.evaluate.exact_scope import Entry, Outcome, Scope, Unknown, tried

Pair = tuple[object, Any, Outcome]


def pairs(made: Compiled, world: World, day: date | None = None) -> Iterator[Pair]:
    """What each export comes to in the code and in the exact evaluator, for every party and every record."""
    ev, terms = evaluator(world, ExactEvaluator), asked_for(made)
    for party, sheet in enumerate(world.sheets):
        scope = ev.scope(party, day or world.day)
        for key, found in made.values(sheet, world.settings, day or world.day).items():
            term, over = terms[key]

            def asked(entry: Any = None, key: object = key, term: Any = term, scope: Scope = scope) -> Outcome:
                if isinstance(key, Name):
                    return tried(lambda: ev.shared(key, entry, scope))
                return tried(lambda: ev.value(term, scope.only(entry)))

            if over is None:
                yield key, found, asked()
                continue
            every = tried(partial(listed, ev, over, scope))
            if isinstance(every, Unknown):
                yield from ((key, each, every) for each in (found if isinstance(found, list) else [found]))
            elif found is UNDECIDED:
                yield from ((key, UNDECIDED, asked(entry)) for entry in every)
            else:
                assert len(found) == len(every), key
                yield from ((key, each, asked(entry)) for each, entry in zip(found, every, strict=True))


def asked_for(made: Compiled) -> dict[object, tuple[AnyTerm, str | None]]:
    """The term of each export, and the list of whose records it is."""
    found: dict[object, tuple[AnyTerm, str | None]] = {n: (d.term, d.over) for n, d in made.program.terms.items()}
    found |= {key: (term, over) for key, term, over in made.asked}
    return found | {number: (term, None) for number, term in made.aggregates.items()}


def listed(ev: ExactEvaluator, name: str, scope: Scope) -> list[Entry]:
    return list(records(ev, name, scope))


def disagree(found: Any, exact: Outcome) -> bool:
    """Whether code says something that is not so, or says it in another way: as the same value of the same type."""
    if found is UNDECIDED:
        return False
    return isinstance(exact, Unknown) or type(found) is not type(exact) or found != exact


def assert_same(made: Compiled, world: World) -> Counter[str]:
    """No value of the code is another than that of the exact evaluator, and it decides nothing that that leaves open.
    How many it told, and how many it left though they are known."""
    every = list(pairs(made, world))
    assert [pair for pair in every if disagree(*pair[1:])] == []
    count: Counter[str] = Counter()
    for _, found, exact in every:
        if found is not UNDECIDED:
            count["told"] += 1
        else:
            count["open" if isinstance(exact, Unknown) else "left"] += 1
    return count
