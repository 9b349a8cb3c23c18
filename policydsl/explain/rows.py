"""Rows of tables and computed values as trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policydsl.core import AnyTerm, Apply, Choose, Name, Over, Use
from policydsl.domain import Possible, point
from policydsl.evaluate.findings import readings, text_at
from policydsl.evaluate.scope import Scope
from policydsl.explain.model import Node, Status
from policydsl.explain.pieces import status_of
from policydsl.explain.conditions import Conditions
from policydsl.kinds import Exact
from policydsl.operators import COMPARISONS
from policydsl.verdict import Finding
from policydsl.walk import every


class Rows(Conditions):
    """Builds every row of a choice, and values with what they were computed from."""

    __slots__ = ()

    def rows(self, term: AnyTerm, scope: Scope) -> list[Node]:
        """Every row of a choice that stands on a line of its own, in order."""
        match term:
            case Use():
                definition = self.ev.program.terms[term.name]
                there = self.inner(term, definition, scope)
                if there is None or not self.own(term):
                    return []
                with self.inside(term.name) as fresh:
                    return self.rows(definition.term, there) if fresh else []
            case Choose():
                return list(self.arms(term, scope))
            case Apply() if term.op not in COMPARISONS:
                return [row for arg in term.args for row in self.rows(arg, scope)]
            case _:
                return []

    def arms(self, term: Choose, scope: Scope) -> Iterator[Node]:
        decided = overriding = False
        for arm in sorted(term.arms, key=lambda a: not a.exception):
            when = self.ev.test(arm.when, scope)
            if arm.origin is None:  # 若 of a computed value
                asked = self.truth(arm.when, scope)
                yield from () if asked is None else (asked,)
                yield from self.rows(arm.then, scope)
                continue
            asked = self.truth(arm.when, scope)
            gone = not arm.exception and (decided or overriding)
            value = self.ev.value(arm.then, scope)
            parts = () if asked is None else asked.children if asked.form == "all" and not asked.role else (asked,)
            yield replace(self.noted(Node("row", status_of(when), "", arm.origin.at), arm.origin), value=value,
                          kind=arm.then.kind, children=parts, taken=when.yes and not gone, superseded=gone)
            yield from self.rows(arm.then, scope)
            if arm.exception:
                overriding = overriding or when.yes
            else:
                decided = decided or when.yes

    def computed(
        self, term: AnyTerm, scope: Scope, value: Possible | None = None, wish: tuple[Exact, ...] = ()
    ) -> Node:
        """A value with what it was computed from; what is not known in it is followed."""
        found = self.ev.value(term, scope) if value is None else value
        inner, there = term, scope
        name = ""
        children_: tuple[Node, ...] = ()
        if isinstance(term, Use):
            name = term.name.rule
            definition = self.ev.program.terms[term.name]
            place = self.inner(term, definition, scope)
            if place is not None:
                inner, there = definition.term, place
        reads = tuple(r for r in readings(self.ev, inner, there) if r.name != name and r.name != self.rule)
        if self.deep and isinstance(term, Use) and inner is not term:
            with self.inside(term.name) as fresh:
                if fresh:
                    rows = self.rows_of(term.name, inner, there)
                    children_ = tuple(rows) or tuple(self.unknown_parts(inner, there))
        text = name or text_at(self.ev, term.at)
        status: Status = "met" if found.known else "unknown"
        finding = None
        for want in wish:
            status = status_of(found, want)
            finding = Finding(text, "yes" if status == "met" else "no" if status == "unmet" else "unknown", "=", found,
                              point(want), None, term.kind, (), name)
        return Node("value", status, text, term.at, finding=finding, name=name, value=found, kind=term.kind,
                    reads=reads, children=children_)

    def rows_of(self, name: Name, term: AnyTerm, scope: Scope) -> list[Node]:
        outer, self.rule = self.rule, name.rule
        made = self.rows(term, scope)
        self.rule = outer
        return made

    def unknown_parts(self, term: AnyTerm, scope: Scope) -> Iterator[Node]:
        """The computed values directly inside a term that are not known."""
        for here in every(term, closed=(Over,)):
            if isinstance(here, Use):
                value = self.ev.value(here, scope)
                if not value.known:
                    yield self.computed(here, scope, value)
