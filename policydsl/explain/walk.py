"""What the builders of trees share: the rule in hand, and what is being followed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import field

from policydsl.core import RANKED, AnyTerm, Name, Program, Use
from policydsl.explain.model import Node
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.proof.steps import Step
from policydsl.proof.sums import Sums

MOST_DEPTH = 12


@dataclass(slots=True)
class Walk(ABC):
    """A walk through the proof of one verdict. ``deep``: follow conditions that are not met into the rules they rest
    on. ``rule`` is the rule in hand, ``gate`` whom it concerns (and whether it holds, once that was told), ``listed``
    the conditions of rows that are told one by one, ``open`` the shared terms being followed."""

    program: Program
    deep: bool = False
    rule: str = ""
    gate: tuple[AnyTerm, ...] = ()
    listed: Collection[AnyTerm] = ()
    open: list[Name] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    names: frozenset[Span] = field(init=False)  # where blocks are named

    def __post_init__(self) -> None:
        program = self.program
        self.names = frozenset(d.origin.at for d in program.terms.values()) | {r.origin.at for r in program.results}

    @abstractmethod
    def want(self, step: Step, want: Exact, ordered: bool = False) -> Node | None:
        """What has to hold for the term to have the value; None where it always has."""

    @abstractmethod
    def computed(self, step: Step, wish: tuple[Exact, ...] = ()) -> Node:
        """A value with what it was computed from. ``wish``: the value wanted of it, if one is."""

    @contextmanager
    def inside(self, name: Name) -> Iterator[bool]:
        """While a shared term is followed; one that is being followed already, or too deep, is not."""
        fresh = name not in self.open and len(self.open) < MOST_DEPTH and name.part not in RANKED
        if fresh:
            self.open.append(name)
        try:
            yield fresh
        finally:
            if fresh:
                self.open.pop()

    @contextmanager
    def of_rule(self, name: Name) -> Iterator[bool]:
        """While a shared term of another rule is followed: that rule is then in hand."""
        outer, self.rule = self.rule, name.rule
        try:
            with self.inside(name) as fresh:
                yield fresh
        finally:
            self.rule = outer

    def own(self, term: Use) -> bool:
        """Whether a shared term is a part of the rule in hand, or a part of another for which there are no words."""
        rule, part, _ = term.name
        return rule == self.rule or part not in ("value", "holds", "pass") and self.implied(term)

    def implied(self, term: AnyTerm) -> bool:
        """Whether a term is what a block implies by its name, and stands nowhere in the text itself."""
        return not term.at.line or term.at in self.names
