"""A test of a policy: what is given, what is asked of the verdict, and what became of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Literal

from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, Fix, Language
from policydsl.engine import Policy
from policydsl.evaluate import COMPLETIONS
from policydsl.judge import Judge
from policydsl.evaluate.terms import Evaluator
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.testing.tables import Rows, filled


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is not as expected, in the reader's language.

    ``result`` names the result it is about (for its why-not table), for the ``party`` of that number and, of a result
    per record, for the ``record``. ``fix`` would write what came out in place of what was expected. ``refusals`` are
    the problems of a sheet that was refused.
    """

    name: str
    expected: str
    actual: str
    at: Span
    result: str | None = None
    record: str | None = None
    party: int = 0
    fix: Fix | None = None
    refusals: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """How one case went."""

    name: str
    at: Span
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class Given:
    """What a case gives to be judged: sheets already read, parameters, the day, rows of open tables."""

    sheets: tuple[Sheet, ...]
    settings: Mapping[str, Exact]
    day: date
    population: bool
    tables: Mapping[str, Rows] = field(default_factory=dict)

    def program(self, program: Program) -> Program:
        """What the case judges by: the program, its open tables filled."""
        return filled(program, self.tables)

    def judges(self, policy: Policy, evaluator: type[Evaluator] = Evaluator) -> list[Judge]:
        """One judge for each party, sharing one evaluator."""
        return self.judges_of(
            evaluator(
                self.program(policy.program), self.sheets, self.settings, population=self.population,
                completions=COMPLETIONS,
            )
        )

    def judges_of(self, ev: Evaluator) -> list[Judge]:
        return [Judge(ev, i, self.day, "option") for i in range(len(self.sheets))]


class Case(ABC):
    """One test of a policy.

    ``asserts``: the results whose outcome it looks at (declared names); None: it looks at the verdict as a whole.
    ``unconfirmed``: nobody has yet accepted what it expects; it proves nothing, and its failure is none.
    ``sources``: the file it stands in, where its sheet stands there too. ``version``: the policy as it was on the day
    of the case, where that is another version than the one in force.
    A case never changes; it can be run on the policy it was read with, and on one with another core program.
    """

    name: str
    at: Span
    source: Literal["pol", "yaml"]
    asserts: frozenset[str] | None
    unconfirmed: bool = False
    sources: Sources = Sources()
    version: Policy | None = None

    @abstractmethod
    def given(self, policy: Policy) -> Given:
        """What is judged. Raises SheetError when the sheet is refused, Faulty when an example cannot be read."""

    @abstractmethod
    def run(
        self, policy: Policy, language: Language | None = None, evaluator: type[Evaluator] = Evaluator
    ) -> Report:
        """Judges and compares. ``language`` of the failures, by default the policy's own. ``evaluator``: one that
        observes what is asked of it."""

    @property
    def traced(self) -> bool:
        """Whether it looks at the trace."""
        return False

    @property
    def refusal(self) -> bool:
        """Whether it asks that the sheet be refused."""
        return False


__all__ = ["Case", "Failure", "Given", "Report"]
