"""What has to hold for a term to have a wanted value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policydsl.core import AnyTerm, Choose, Const, Use
from policydsl.explain.model import Node
from policydsl.explain.pieces import is_sum, same_or_none, status_of, status_of_all
from policydsl.explain.conditions import ALWAYS
from policydsl.explain.rows import Rows
from policydsl.kinds import YESNO, Exact
from policydsl.proof.steps import Row, Step


class Wanted(Rows):
    """Builds the ways to a value: the rows that give it, the earlier rows and exceptions that stand in the way."""

    __slots__ = ()

    def want(self, step: Step, want: Exact, ordered: bool = False) -> Node | None:
        """What has to hold for the term to have the value; None where it always has."""
        if step.term.notes and isinstance(want, bool):
            return self.truth(step, want)
        return self.lines(step, self.value_of(step, want, ordered))

    def value_of(self, step: Step, want: Exact, ordered: bool) -> Node | None:
        term = step.term
        match term:
            case Const():
                if same_or_none(term.value, want):
                    return None
                return Node("value", "unmet", step.words, term.at, value=step.value, kind=term.kind)
            case Choose():
                return self.ways(step, want, ordered)
            case Use() if not isinstance(want, bool):
                root = step.root
                if root is not None and not is_sum(root.term):
                    with self.inside(term.name) as fresh:
                        if fresh:
                            return self.want(root, want, ordered)
            case _ if isinstance(want, bool) and term.kind == YESNO:
                return self.truth(step, want)
        return self.computed(step, wish=(want,))

    def ways(self, step: Step, want: Exact, ordered: bool) -> Node | None:
        """Every row that gives the value, the earlier rows that would take its place, the exceptions that bar it."""
        bars: list[Node] = []
        routes: list[Node | None] = []
        earlier: list[Row] = []
        always = False
        for row in step.rows:
            arm = row.arm
            if not self.can(arm.then, want):
                if arm.exception:
                    barred = self.truth(row.when, False)
                    if barred is not None:
                        bars.append(self.row(row, replace(barred, bars=True)))
                else:
                    earlier.append(row)
                continue
            parts = [self.truth(row.when), self.want(row.then, want, ordered)]
            if arm.when == ALWAYS and arm.origin is None:
                parts = [*self.before(earlier, every=True), *parts]
            elif not ordered:
                parts += self.before(earlier)
            made = self.together("all", status_of_all([p for p in parts if p is not None]), parts, row.when)
            if made is None:
                always = True
            else:
                routes.append(self.row(row, made))
            if not arm.exception and not isinstance(arm.then, Const):
                earlier.append(row)
        given = [r for r in routes if r is not None]
        status, term = status_of(step.value, want), step.term
        root: Node | None = None
        if not given and not always:
            root = Node("value", status, step.words, term.at, value=step.value, kind=term.kind)
        elif given and not always:
            root = given[0] if len(given) == 1 else Node("any", status, "", term.at, children=tuple(given))
        return self.together("all", status, [*bars, root], step)

    def before(self, rows: Sequence[Row], every: bool = False) -> list[Node | None]:
        """Rows above that must not hold; those that surely do not are left out, unless there is nothing else."""
        out: list[Node | None] = []
        for row in rows:
            if every or not row.when.value.no:
                made, origin = self.truth(row.when, False), row.arm.origin
                out.append(replace(made, bars=True, label=made.label or (origin.label if origin else ""))
                           if made is not None else None)
        return out

    def can(self, term: AnyTerm, want: Exact) -> bool:
        """Whether the term can have the value at all, as it is written."""
        match term:
            case Const():
                return same_or_none(term.value, want)
            case Choose():
                return any(self.can(a.then, want) for a in term.arms)
            case _:
                return True

    def row(self, row: Row, node: Node) -> Node:
        return node if row.arm.origin is None else self.noted(node, row.arm.origin)
