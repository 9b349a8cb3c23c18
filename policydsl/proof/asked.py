"""What of a program was asked while sheets were judged, and what came out: the whole proof, read without walking it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policydsl.core import AnyTerm, Program
from policydsl.domain import Possible
from policydsl.evaluate import COMPLETIONS, Evaluator
from policydsl.evaluate.needs import Status, status_of
from policydsl.evaluate.scope import Scope
from policydsl.facts import Sheet
from policydsl.kinds import Exact


class Asking(Evaluator):
    """Evaluates as always. ``asked``: for every term that was asked for, by its identity, what it came to; what was
    only supposed (a completion) is asked for and comes to nothing."""

    def __init__(
        self, program: Program, sheets: Sequence[Sheet], settings: Mapping[str, Exact], *,
        population: bool = False, completions: int = COMPLETIONS,
    ) -> None:
        super().__init__(program, sheets, settings, population=population, completions=completions)
        self.asked: dict[int, set[Status]] = {}

    def value(self, term: AnyTerm, scope: Scope) -> Possible:
        found = super().value(term, scope)
        states = self.asked.setdefault(id(term), set())
        if not scope.fixed:
            states.add(status_of(found))
        return found
