"""Rows of tables and computed values as trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policydsl.core import Apply, Choose, Over, Use
from policydsl.domain import point
from policydsl.explain.conditions import Conditions
from policydsl.explain.model import Node, Status
from policydsl.explain.pieces import status_of
from policydsl.kinds import Exact
from policydsl.operators import COMPARISONS
from policydsl.proof.findings import readings
from policydsl.proof.steps import Row, Step
from policydsl.verdict import Finding
from policydsl.walk import every


class Rows(Conditions):
    """Builds every row of a choice, and values with what they were computed from."""

    __slots__ = ()

    def rows(self, step: Step) -> list[Node]:
        """Every row of a choice that stands on a line of its own, in order."""
        match step.term:
            case Use():
                root = step.root
                if root is None or not self.own(step.term):
                    return []
                with self.inside(step.term.name) as fresh:
                    return self.rows(root) if fresh else []
            case Choose():
                return list(self.arms(step))
            case Apply() if step.term.op not in COMPARISONS:
                return [row for kid in step.kids for row in self.rows(kid)]
            case _:
                return []

    def lined(self, step: Step) -> Iterator[Row]:
        """The rows of a value that stand on lines of their own."""
        match step.term:
            case Use():
                root = step.root
                if root is not None and self.own(step.term):
                    with self.inside(step.term.name) as fresh:
                        yield from self.lined(root) if fresh else ()
            case Choose():
                for row in step.rows:
                    if row.arm.origin is not None:
                        yield row
                    yield from self.lined(row.then)
            case Apply() if step.term.op not in COMPARISONS:
                for kid in step.kids:
                    yield from self.lined(kid)

    def arms(self, step: Step) -> Iterator[Node]:
        decided = overriding = False
        for row in step.rows:
            arm, when, asked = row.arm, row.when.value, self.truth(row.when)
            if arm.origin is None:  # 若 of a computed value
                yield from () if asked is None else (asked,)
                yield from self.rows(row.then)
                continue
            gone = not arm.exception and (decided or overriding)
            parts = () if asked is None else asked.children if asked.form == "all" and not asked.role else (asked,)
            yield replace(
                self.noted(Node("row", status_of(when), "", arm.origin.at), arm.origin), value=row.then.value,
                kind=arm.then.kind, children=parts, taken=when.yes and not gone, superseded=gone,
            )
            yield from self.rows(row.then)
            if arm.exception:
                overriding = overriding or when.yes
            else:
                decided = decided or when.yes

    def computed(self, step: Step, wish: tuple[Exact, ...] = ()) -> Node:
        """A value with what it was computed from; what is not known in it is followed."""
        term, found = step.term, step.value
        root = step.root
        name = term.name.rule if isinstance(term, Use) else ""
        reads = tuple(r for r in readings(root or step) if r.name not in (name, self.rule))
        below: tuple[Node, ...] = ()
        if self.deep and isinstance(term, Use) and root is not None:
            with self.inside(term.name) as fresh:
                if fresh:
                    below = tuple(self.rows_of(term, root)) or tuple(self.unknown_parts(root))
        text = name or step.words
        status: Status = "met" if found.known else "unknown"
        finding = None
        for want in wish:
            status = status_of(found, want)
            finding = Finding(text, "yes" if status == "met" else "no" if status == "unmet" else "unknown", "=", found,
                              point(want), None, term.kind, (), name)
        return Node("value", status, text, term.at, finding=finding, name=name, value=found, kind=term.kind,
                    reads=reads, children=below)

    def rows_of(self, term: Use, root: Step) -> list[Node]:
        outer, self.rule = self.rule, term.name.rule
        made = self.rows(root)
        self.rule = outer
        return made

    def unknown_parts(self, step: Step) -> Iterator[Node]:
        """The computed values directly inside a term that are not known."""
        for here in every(step.term, closed=(Over,)):
            if isinstance(here, Use) and not (part := step.at(here)).value.known:
                yield self.computed(part)
