"""What has to hold for a term to have a wanted value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policydsl.core import AnyTerm, Arm, Choose, Const, Use
from policydsl.domain import point
from policydsl.evaluate.findings import text_at
from policydsl.evaluate.scope import Scope
from policydsl.explain.model import Node
from policydsl.explain.pieces import is_sum, same_or_none, status_of, status_of_all
from policydsl.explain.rows import Rows
from policydsl.kinds import YESNO, Exact

ALWAYS = Const(True, kind=YESNO)


class Wanted(Rows):
    """Builds the ways to a value: the rows that give it, the earlier rows and exceptions that stand in the way."""

    __slots__ = ()

    def want(self, term: AnyTerm, want: Exact, scope: Scope, ordered: bool = False) -> Node | None:
        """What has to hold for the term to have the value; None where it always has."""
        if term.notes and isinstance(want, bool):
            return self.truth(term, scope, want)
        return self.lines(term, self.value_of(term, want, scope, ordered))

    def value_of(self, term: AnyTerm, want: Exact, scope: Scope, ordered: bool) -> Node | None:
        match term:
            case Const():
                if same_or_none(term.value, want):
                    return None
                return Node("value", "unmet", text_at(self.ev, term.at), term.at, value=point(term.value),
                            kind=term.kind)
            case Choose():
                return self.ways(term, want, scope, ordered)
            case Use() if not isinstance(want, bool):
                definition = self.ev.program.terms[term.name]
                there = self.inner(term, definition, scope)
                if there is not None and not is_sum(definition.term):
                    with self.inside(term.name) as fresh:
                        if fresh:
                            return self.want(definition.term, want, there, ordered)
                return self.computed(term, scope, wish=(want,))
            case _:
                if isinstance(want, bool) and term.kind == YESNO:
                    return self.truth(term, scope, want)
                return self.computed(term, scope, wish=(want,))

    def ways(self, term: Choose, want: Exact, scope: Scope, ordered: bool) -> Node | None:
        """Every row that gives the value, the earlier rows that would take its place, the exceptions that bar it."""
        arms = list(term.arms)
        bars: list[Node] = []
        routes: list[Node | None] = []
        earlier: list[Arm] = []
        always = False
        for arm in sorted(arms, key=lambda a: not a.exception):
            if not self.can(arm.then, want, scope):
                if arm.exception:
                    barred = self.truth(arm.when, scope, False)
                    if barred is not None:
                        bars.append(self.arm(arm, replace(barred, bars=True)))
                else:
                    earlier.append(arm)
                continue
            parts = [self.truth(arm.when, scope), self.want(arm.then, want, scope, ordered)]
            if arm.when == ALWAYS and arm.origin is None:
                parts = [*self.before(earlier, scope, every=True), *parts]
            elif not ordered:
                parts += self.before(earlier, scope)
            made = self.together("all", status_of_all([p for p in parts if p is not None]), parts, arm.when, "")
            if made is None:
                always = True
            else:
                routes.append(self.arm(arm, made) if arm.origin is not None else made)
            if not arm.exception and not isinstance(arm.then, Const):
                earlier.append(arm)
        given = [r for r in routes if r is not None]
        status = status_of(self.ev.value(term, scope), want)
        root: Node | None = None
        if not given and not always:
            root = Node("value", status, text_at(self.ev, term.at), term.at, value=self.ev.value(term, scope),
                        kind=term.kind)
        elif given and not always:
            root = given[0] if len(given) == 1 else Node("any", status, "", term.at, children=tuple(given))
        return self.together("all", status, [*bars, root], term, "")

    def before(self, arms: Sequence[Arm], scope: Scope, every: bool = False) -> list[Node | None]:
        """Rows above that must not hold; those that surely do not are left out, unless there is nothing else."""
        out: list[Node | None] = []
        for arm in arms:
            if every or not self.ev.test(arm.when, scope).no:
                made = self.truth(arm.when, scope, False)
                out.append(replace(made, bars=True, label=made.label or (arm.origin.label if arm.origin else ""))
                           if made is not None else None)
        return out

    def can(self, term: AnyTerm, want: Exact, scope: Scope) -> bool:
        """Whether the term can have the value at all, as it is written."""
        match term:
            case Const():
                return same_or_none(term.value, want)
            case Choose():
                thens = [a.then for a in term.arms]
                return any(self.can(t, want, scope) for t in thens)
            case _:
                return True

    def arm(self, arm: Arm, node: Node) -> Node:
        return node if arm.origin is None else self.noted(node, arm.origin)
