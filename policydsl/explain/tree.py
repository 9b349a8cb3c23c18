"""The tree of a whole result, and of what is asked for a target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policydsl.clause_kinds import traits
from policydsl.core import POPULATION, AnyTerm, Apply, Name, Part, Result, Use
from policydsl.explain.model import Node
from policydsl.explain.pieces import rulings
from policydsl.explain.wanted import Wanted
from policydsl.kinds import YESNO, Exact
from policydsl.proof.steps import Step
from policydsl.verdict import NOT_KEPT


class Builder(Wanted):
    """Builds the trees of one verdict."""

    __slots__ = ()

    def result(self, result: Result, at: Step) -> tuple[Node, ...]:
        """Whom it concerns, then every condition, row, route and exception of it; ``at`` is the place it is judged."""
        nodes = self.concerned(result, at)
        term = result.holds
        if term is None and result.value.kind.base == "yesno":
            term = result.value
        self.listed = frozenset(self.conditions_of(at.at(result.value))) if result.value.kind.base != "yesno" else ()
        if term is not None:
            made = self.truth(at.at(term))
            nodes += [made] if made is not None else []
            # the value asks once more whether the clause holds; that is told
            asked = self.program.terms[term.name].term if isinstance(term, Use) else term
            self.gate = (*self.gate, term, *(asked.args if isinstance(asked, Apply) and asked.op == "and" else ()))
        if traits(result.label).reading == "score":
            nodes += [self.item(part, at.at(part.term)) for part in result.parts]
        elif result.value.kind.base != "yesno":
            rows = self.rows(at.at(result.value))
            if rows or term is None:
                nodes += rows or [self.computed(at.at(result.value))]
        missed = self.missed(result, at) if result.nature else None
        if missed is not None and nodes[-1].form == "value":  # the last day is that of what was not done in time
            nodes[-1] = replace(nodes[-1], status="unmet", children=(missed,))
        elif missed is not None:  # when it runs (若) holds, and stands beside what was missed
            nodes.append(missed)
        return tuple(nodes)

    def conditions_of(self, step: Step) -> Iterator[AnyTerm]:
        """The conditions of the rows that the value of a result is read from."""
        for row in self.lined(step):
            yield row.arm.when

    def missed(self, result: Result, at: Step) -> Node | None:
        """Of a deadline whose last day is over without what it asks: what would have kept it."""
        assert result.state is not None
        state = at.at(result.state).value
        if not NOT_KEPT.issuperset(map(str, state.values or ("?",))):
            return None
        name = Name(result.name, "overdue")
        over = self.program.terms[name].over
        made = self.truth(at.at(Use(name, over if over not in (None, POPULATION) else "", kind=YESNO)), want=False)
        if made is None or made.form != "any":
            return made
        return next((node for node in made.children if node.name), made)  # the evaluation date has no name

    def concerned(self, result: Result, at: Step) -> list[Node]:
        """Whom the policy as a whole concerns, where that is not met, and whom the clause concerns."""
        nodes: list[Node] = []
        concerns = result.concerns
        both = isinstance(concerns, Apply) and concerns.op == "and" and _of_policy(concerns.args[0])
        parts = concerns.args if isinstance(concerns, Apply) and both else (concerns,)
        for term in parts:
            policy = _of_policy(term)
            self.rule, self.gate = result.name, ()
            gate = self.truth(at.at(self.program.header.applies or term if policy else term))
            if gate is not None and (not policy or gate.status != "met"):
                nodes.append(gate if gate.role else replace(gate, role="for"))
        self.gate = (concerns, *parts)
        return nodes

    def item(self, part: Part, step: Step) -> Node:
        """An item of a score sheet: what it came to, and from what."""
        node = replace(self.computed(step), text=part.name, name=part.name)
        if step.definition is None:
            return node
        origin = step.definition.origin
        return replace(
            node, role="item", number=origin.row, clauses=origin.clauses, rulings=rulings(origin), at=origin.at
        )

    def target(self, result: Result, want: Exact, at: Step) -> tuple[Node, ...]:
        """What is asked for the value ``want`` (of the clause itself, where it is a yes)."""
        nodes = self.concerned(result, at)
        term = result.holds if want is True and result.holds is not None else result.value
        made = self.want(at.at(term), want, ordered=traits(result.label).reading == "tier")
        return (*nodes, made) if made is not None else tuple(nodes)


def _of_policy(term: AnyTerm) -> bool:
    """Whether a condition is whom the policy as a whole concerns (适用)."""
    return isinstance(term, Use) and term.name.part == "applies"
