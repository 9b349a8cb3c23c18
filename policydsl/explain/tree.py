"""The tree of a whole result, and of what is asked for a target."""

from __future__ import annotations

from dataclasses import replace

from policydsl.clause_kinds import traits
from policydsl.core import AnyTerm, Apply, Part, Result, Use
from policydsl.evaluate.scope import Scope
from policydsl.explain.model import Node
from policydsl.explain.pieces import rulings
from policydsl.explain.wanted import Wanted
from policydsl.kinds import Exact


class Builder(Wanted):
    """Builds the trees of one verdict."""

    __slots__ = ()

    def result(self, result: Result, scope: Scope) -> tuple[Node, ...]:
        """Whom it concerns, then every condition, row, route and exception of it."""
        nodes = self.concerned(result, scope)
        term = result.holds
        if term is None and result.value.kind.base == "yesno":
            term = result.value
        if term is not None:
            made = self.truth(term, scope)
            nodes += [made] if made is not None else []
        if traits(result.label).reading == "score":
            nodes += [self.item(part, scope) for part in result.parts]
        elif result.value.kind.base != "yesno":
            rows = self.rows(result.value, scope)
            if rows or term is None:
                nodes += rows or [self.computed(result.value, scope)]
        return tuple(nodes)

    def concerned(self, result: Result, scope: Scope) -> list[Node]:
        """Whom the policy as a whole concerns, where that is not met, and whom the clause concerns."""
        nodes: list[Node] = []
        concerns = result.concerns
        both = isinstance(concerns, Apply) and concerns.op == "and" and _of_policy(concerns.args[0])
        parts = concerns.args if isinstance(concerns, Apply) and both else (concerns,)
        for term in parts:
            policy = _of_policy(term)
            self.rule, self.gate = result.name, ()
            gate = self.truth(self.ev.program.header.applies or term if policy else term, scope)
            if gate is not None and (not policy or gate.status != "met"):
                nodes.append(gate if gate.role else replace(gate, role="for"))
        self.gate = (concerns, *parts)
        return nodes

    def item(self, part: Part, scope: Scope) -> Node:
        """An item of a score sheet: what it came to, and from what."""
        node = self.computed(part.term, scope)
        origin = self.ev.program.terms[part.term.name].origin if isinstance(part.term, Use) else None
        node = replace(node, text=part.name, name=part.name)
        return node if origin is None else replace(
            node, role="item", number=origin.row, clauses=origin.clauses, rulings=rulings(origin), at=origin.at
        )

    def target(self, result: Result, want: Exact, scope: Scope) -> tuple[Node, ...]:
        """What is asked for the value ``want`` (of the clause itself, where it is a yes)."""
        nodes = self.concerned(result, scope)
        term = result.holds if want is True and result.holds is not None else result.value
        made = self.want(term, want, scope, ordered=traits(result.label).reading == "tier")
        return (*nodes, made) if made is not None else tuple(nodes)


def _of_policy(term: AnyTerm) -> bool:
    """Whether a condition is whom the policy as a whole concerns (适用)."""
    return isinstance(term, Use) and term.name.part == "applies"
