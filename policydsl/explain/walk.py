"""What the builders of trees share: the rule in hand, where a shared term is judged, what is being followed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from policydsl.core import AnyTerm, Definition, Name, Use
from policydsl.domain import Possible
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.explain.model import Node
from policydsl.kinds import Exact
from policydsl.place import Span

MOST_DEPTH = 12


@dataclass(slots=True)
class Walk(ABC):
    """A walk through the terms of one verdict. ``deep``: follow conditions that are not met into the rules they rest
    on. ``rule`` is the rule in hand, ``gate`` whom it concerns, ``open`` the shared terms being followed."""

    ev: Evaluator
    deep: bool = False
    rule: str = ""
    gate: tuple[AnyTerm, ...] = ()
    open: list[Name] = field(default_factory=list)
    names: frozenset[Span] = field(init=False)  # where blocks are named

    def __post_init__(self) -> None:
        program = self.ev.program
        self.names = frozenset(d.origin.at for d in program.terms.values()) | {r.origin.at for r in program.results}

    @abstractmethod
    def want(self, term: AnyTerm, want: Exact, scope: Scope, ordered: bool = False) -> Node | None:
        """What has to hold for the term to have the value; None where it always has."""

    @abstractmethod
    def computed(
        self, term: AnyTerm, scope: Scope, value: Possible | None = None, wish: tuple[Exact, ...] = ()
    ) -> Node:
        """A value with what it was computed from. ``wish``: the value wanted of it, if one is."""

    def inner(self, term: Use, definition: Definition, scope: Scope) -> Scope | None:
        """Where a shared term is judged: for the party, or at the record in hand."""
        entry = scope.record_of(term.list, term.up)
        return scope.only(entry) if entry is not None else None

    def inside(self, name: Name) -> Inside:
        return Inside(self, name)

    def own(self, term: Use) -> bool:
        """Whether a shared term is a part of the rule in hand, or a part of another for which there are no words."""
        rule, part, _ = term.name
        return rule == self.rule or part not in ("value", "holds", "pass") and self.implied(term)

    def implied(self, term: AnyTerm) -> bool:
        """Whether a term is what a block implies by its name, and stands nowhere in the text itself."""
        return not term.at.line or term.at in self.names


@dataclass(slots=True)
class Inside:
    """While a shared term is followed; entering one that is being followed already, or too deep, says no."""

    builder: Walk
    name: Name
    fresh: bool = False

    def __enter__(self) -> bool:
        opened = self.builder.open
        self.fresh = self.name not in opened and len(opened) < MOST_DEPTH
        if self.fresh:
            opened.append(self.name)
        return self.fresh

    def __exit__(self, *_: object) -> None:
        if self.fresh:
            self.builder.open.pop()
