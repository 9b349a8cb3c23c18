"""Which parts of a program each case touches, found by running it once with an observing evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from time import perf_counter_ns

from policydsl.core import AnyTerm, Name, Program
from policydsl.domain import Possible
from policydsl.engine import Policy
from policydsl.evaluate import COMPLETIONS
from policydsl.evaluate.paths import paths_of
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.testing import Case


class Observer(Evaluator):
    """Evaluates as always, and remembers (by identity) every term that it was asked for."""

    seen: set[object]

    def value(self, term: AnyTerm, scope: Scope) -> Possible:
        self.seen.add(id(term))
        return super().value(term, scope)


@dataclass(frozen=True, slots=True)
class Reach:
    """One case that passes on the policy as it is: what it touches (terms by identity, lists as ``("list", name)``),
    and how long it takes in nanoseconds."""

    case: Case
    touched: frozenset[object]
    cost: int
    evaluators: tuple[Evaluator, ...]

    def same(self, program: Program, names: frozenset[Name]) -> bool:
        """Whether the shared terms ``names``, as ``program`` has them, come out in this case as they did.

        Nothing else of the program may be different. Only the terms themselves are evaluated anew: what they use is
        remembered, and cannot depend on them.
        """
        return all(_same(ev, program, names) for ev in self.evaluators)


def _same(ev: Evaluator, program: Program, names: frozenset[Name]) -> bool:
    again = copy(ev)
    if ev.program.lists is not program.lists:  # the case fills tables that the policy leaves open
        program = replace(program, lists=ev.program.lists)
    again.program, again.paths = program, paths_of(program)
    asked = [(key, found) for key, found in ev.known.items() if isinstance(key, tuple) and key[0] in names]
    for (name, scope), found in asked:
        value = again.settled(name, scope)
        if not value.known and not scope.fixed:
            value = again.completed(name, value, scope)
        if value != found:
            return False
    return True


def reach_of(case: Case, policy: Policy) -> Reach | None:
    """What a case touches; None where it does not pass on the policy itself."""
    made: list[Observer] = []

    class Here(Observer):
        def __init__(
            self, program: Program, sheets: Sequence[Sheet], settings: Mapping[str, Exact], *,
            population: bool = False, completions: int = COMPLETIONS,
        ) -> None:
            super().__init__(program, sheets, settings, population=population, completions=completions)
            self.seen = set()
            made.append(self)

    start = perf_counter_ns()
    report = case.run(policy, evaluator=Here)
    cost = perf_counter_ns() - start
    if not report.passed:
        return None
    touched: set[object] = set()
    for ev in made:
        touched |= ev.seen
        touched |= {("list", key[0]) for key in ev.rows_known if isinstance(key, tuple)}
    return Reach(case, frozenset(touched), cost, tuple(made))
