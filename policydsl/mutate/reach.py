"""Which parts of a program each case touches, found by running it once and reading what was asked."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from time import perf_counter_ns
from typing import Any

from policydsl.core import Name, Program
from policydsl.engine import Policy
from policydsl.evaluate.terms import Evaluator
from policydsl.evaluate.unknowns import completed
from policydsl.members import dataclass
from policydsl.proof.asked import Asking
from policydsl.reads import reads_of
from policydsl.testing import Case


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
    again.program, again.reads, again.opened = program, reads_of(program), {}
    asked = [(key, found) for key, found in ev.known.items() if isinstance(key, tuple) and key[0] in names]
    for (name, scope), found in asked:
        value = again.settled(name, scope)
        if not value.known and not scope.fixed:
            value = completed(again, name, value, scope)
        if value != found:
            return False
    return True


def reach_of(case: Case, policy: Policy) -> Reach | None:
    """What a case touches; None where it does not pass on the policy itself."""
    made: list[Asking] = []

    class Here(Asking):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            made.append(self)

    start = perf_counter_ns()
    report = case.run(policy, evaluator=Here)
    cost = perf_counter_ns() - start
    if not report.passed:
        return None
    touched: set[object] = set()
    for ev in made:
        touched |= ev.asked.keys()
        touched |= {("list", name) for name, field in ev.facts_read() if not field}
    return Reach(case, frozenset(touched), cost, tuple(made))
