"""Whether a world keeps the promises of its program: a range limits what is unknown, and does not cut what is known.

What is promised is promised of the day of the verdict, and of what comes to the same on every other day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from both_evaluators import World
from engine_support import DAY

from policydsl import core as c
from policydsl.domain import Need, Possible
from policydsl.evaluate import Evaluator
from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.exact_scope import Entry, Scope, Unknown
from policydsl.evaluate.scope import Scope as OpenScope
from policydsl.kinds import Exact, Kind
from policydsl.operators import compare_exact
from policydsl.reads import DAY as ASKED
from policydsl.reads import reads_of
from policydsl.sheet import check_ranges


def fits(world: World) -> bool:
    """Whether its sheets would be accepted."""
    return not check_ranges(world.program, world.sheets, world.day, world.settings)


def promised(program: c.Program, term: c.AnyTerm, day: date) -> bool:
    """Whether something is promised of what a term comes to on a day."""
    return day == DAY or ASKED not in reads_of(program).of(term).keys


def inside(value: Exact, kind: Kind, bounds: Iterable[c.Bound], limit: Callable[[c.AnyTerm], Exact]) -> bool:
    """Whether a value lies in ranges; an end that is not known (or 无) does not limit."""
    ends = [(op, term) for b in bounds for op, term in ((b.low_op, b.low), (b.high_op, b.high)) if term is not None]
    limits = [(op, limit(term)) for op, term in ends]
    return value is None or all(end is None or compare_exact(op, value, end, kind) for op, end in limits)


class KeepingExactly(ExactEvaluator):
    """Notes whether every value that was worked out lies in its range."""

    kept = True

    def shared(self, name: c.Name, entry: Entry | None, scope: Scope) -> Exact:
        value, made = super().shared(name, entry, scope), self.program.terms[name]
        if made.bound is not None and promised(self.program, made.term, scope.day):
            self.keep(value, made.kind, (made.bound,), scope.only(entry))
        return value

    def field(self, entry: Entry, name: str, scope: Scope) -> Exact:
        value = super().field(entry, name, scope)
        listed = self.program.lists.get(entry.list)
        decl = listed.field_of(name) if listed is not None else self.program.inputs.get(name)
        derived = decl.derived if decl is not None and name not in entry.values else None
        if decl is not None and derived is not None and promised(self.program, derived, scope.day):
            self.keep(value, decl.kind, decl.ranges, scope.only(entry))
        return value

    def keep(self, value: Exact, kind: Kind, bounds: Iterable[c.Bound], scope: Scope) -> None:
        def limit(term: c.AnyTerm) -> Exact:
            found = self.outcome(term, replace(scope, day=DAY))
            return None if isinstance(found, Unknown) else found

        self.kept = self.kept and inside(value, kind, bounds, limit)


class KeepingPossibly(Evaluator):
    """The same of what is known."""

    kept = True

    def settled(self, name: c.Name, scope: OpenScope) -> Possible:
        value, made = super().settled(name, scope), self.program.terms[name]
        if made.bound is not None and promised(self.program, made.term, scope.day):
            self.keep(value, made.kind, (made.bound,), scope)
        return value

    def declared(self, decl: c.InputDecl, given: Mapping[str, Exact], need: Need, scope: OpenScope) -> Possible:
        value = super().declared(decl, given, need, scope)
        if decl.derived is not None and decl.name not in given and promised(self.program, decl.derived, scope.day):
            self.keep(value, decl.kind, decl.ranges, scope)
        return value

    def keep(self, value: Possible, kind: Kind, bounds: Iterable[c.Bound], scope: OpenScope) -> None:
        def limit(term: c.AnyTerm) -> Exact:
            found = self.value(term, scope.on(DAY))
            return found.value if found.known else None

        if value.known:
            self.kept = self.kept and inside(value.value, kind, bounds, limit)


__all__ = ["KeepingExactly", "KeepingPossibly", "fits"]
