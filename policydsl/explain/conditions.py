"""Conditions as trees: every part of a yes or no with its figures, whether or not another has decided already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policydsl.core import (
    DAY,
    AnyTerm,
    Apply,
    Choose,
    Const,
    Definition,
    Find,
    Name,
    Origin,
    Over,
    Read,
    Use,
)
from policydsl.evaluate import lists
from policydsl.evaluate.findings import (
    compared, in_row, leaf, name_of, not_words, of_cell, over_words, text_at, words_of_not,
)
from policydsl.evaluate.scope import Scope
from policydsl.explain.model import Node, Status
from policydsl.explain.pieces import PARTS_PLAYED, rulings, status_of, status_of_all
from policydsl.explain.walk import Walk
from policydsl.kinds import YESNO
from policydsl.operators import COMPARISONS
from policydsl.render.values import Writer
from policydsl.verdict import Finding
from policydsl.walk import children, composed, every

MOST_RECORDS = 50


class Conditions(Walk):
    """Builds the tree of a condition that has to hold, or has not to."""

    __slots__ = ()

    def truth(self, term: AnyTerm, scope: Scope, want: bool = True, words: str = "") -> Node | None:
        """The condition that the term is yes (or no); None where it asks for nothing."""
        if term in self.gate:
            return None
        return self.lines(term, self.condition(term, scope, want, words))

    def lines(self, term: AnyTerm, node: Node | None) -> Node | None:
        """What a term asks, with the lines that it stands on."""
        for origin in reversed(term.notes):
            node = self.noted(node, origin) if node is not None else None
        return node

    def condition(self, term: AnyTerm, scope: Scope, want: bool, words: str) -> Node | None:
        status = status_of(self.ev.test(term, scope), want)
        match term:
            case Const():
                return None if status == "met" else Node("test", status, words or text_at(self.ev, term.at), term.at)
            case Apply(op="blank"):
                return None
            case Apply() if term.op in ("and", "or") and any(of_cell(a) is not None for a in term.args):
                return self.filled_in(term, scope, want, words)
            case Find() if in_row(term) and (row := self.ev.row_of(term, scope)) is not None:
                return self.truth(term.value, scope.bind(row), want, words)
            case Apply() if term.op in ("and", "or"):
                form = "all" if (term.op == "and") == want else "any"
                parts = [self.truth(a, scope, want) for a in term.args]
                return self.together("all" if form == "all" else "any", status, parts, term, words)
            case Apply() if term.op == "not":
                return self.truth(term.args[0], scope, not want, words or words_of_not(self.ev, term, not want))
            case Apply() if term.op in COMPARISONS:
                said = words or (self.said(term, want, scope) if self.implied(term) else "")
                finding = compared(self.ev, term, scope, not want, said)
                below = self.behind(term.args, scope, status)
                return self.test(finding, term, status, below)
            case Apply(op="at_least"):
                items = [n for n in (self.truth(i, scope) for i in term.args[1:]) if n is not None]
                count = self.ev.value(term.args[0], scope)
                text = words or text_at(self.ev, term.at)
                return Node("at_least", status, text, term.at, count=count, children=tuple(items), bars=not want)
            case Choose() if not composed(term):
                return self.want(term, want, scope)
            case Use():
                return self.used(term, scope, want, words)
            case Over() if term.agg in ("any", "all") and self.deep:
                return self.over(term, scope, want, words, status)
            case Over() if not words and not text_at(self.ev, term.at):
                return self.test(leaf(self.ev, term, scope, not want, ""), term, status, ())
            case _:
                below = self.behind(children(term), scope, status)
                said = self.negated(term, want, words, name_of(term))
                return self.test(leaf(self.ev, term, scope, not want, said), term, status, below)

    def filled_in(self, term: Apply, scope: Scope, want: bool, words: str) -> Node | None:
        """A condition that a cell of a table asks; an empty cell asks nothing."""
        if any(self.ev.test(test, scope).yes for test in map(of_cell, term.args) if test is not None):
            return None
        (asked,) = (a for a in term.args if of_cell(a) is None)
        return self.truth(asked, scope, want, words)

    def negated(self, term: AnyTerm, want: bool, words: str, name: str = "") -> str:
        """The author's words for a condition that must not hold, where no 并非 stands in them (empty: as they are)."""
        text = text_at(self.ev, term.at) or name
        return words if want or words else not_words(self.ev, text)

    def said(self, term: Apply, want: bool, scope: Scope) -> str:
        """A comparison without words of its own: what it is about, and of equals with what."""
        first, zh = term.args[0], self.ev.program.header.dialect == "zh"
        today = "评估日" if zh else "evaluation date"
        about = today if isinstance(first, Read) and first.name == DAY else name_of(first)
        if term.op not in ("=", "!=") or len(term.args) != 2:
            return about
        same = (term.op == "=") == want
        sign = ("为" if same else "不为") if zh else ("is" if same else "is not")
        writer = Writer("zh" if zh else "en", self.ev.program.header.currency)
        return f"{about} {sign} {writer.possible(self.ev.value(term.args[1], scope), first.kind)}"

    def test(self, finding: Finding, term: AnyTerm, status: Status, below: tuple[Node, ...]) -> Node:
        return Node(
            "test", status, finding.text, term.at, finding=finding, name=finding.subject or name_of(term),
            children=below,
        )

    def together(
        self, form: str, status: Status, parts: Sequence[Node | None], term: AnyTerm, words: str
    ) -> Node | None:
        """Conditions that belong together; a part of the same form without a line of its own is taken in."""
        flat: list[Node] = []
        for part in parts:
            if part is None:
                continue
            if part.form == form and not part.role and not part.label and not part.bars:
                flat.extend(part.children)
            else:
                flat.append(part)
        if not flat:
            return None
        if len(flat) == 1:
            return flat[0]
        text = words or text_at(self.ev, term.at)
        return Node("all" if form == "all" else "any", status, text, term.at, children=tuple(flat))

    def noted(self, node: Node, origin: Origin) -> Node:
        """The condition with the line it stands on. An inner line of its own keeps its place."""
        if node.role or node.label:
            node = Node(node.form if node.form in ("all", "any") else "all", node.status, node.text, node.at,
                        children=(node,))
        role = origin.label if origin.label in PARTS_PLAYED else ""
        return replace(
            node, role=role, label="" if role else origin.label, number=origin.row, clauses=origin.clauses,
            rulings=rulings(origin), at=origin.at,
        )

    def used(self, term: Use, scope: Scope, want: bool, words: str) -> Node | None:
        """A shared term: the parts of the rule in hand are taken in, another rule is a condition by its name."""
        definition = self.ev.program.terms[term.name]
        inner = self.inner(term, definition, scope)
        if inner is not None and self.own(term):
            with self.inside(term.name) as fresh:
                if fresh:
                    return self.truth(definition.term, inner, want, words)
        status = status_of(self.ev.test(term, scope), want)
        below: tuple[Node, ...] = ()
        if self.deep and status != "met" and inner is not None:
            below = self.under(term.name, definition, inner, want)
        found = leaf(self.ev, term, scope, not want, self.negated(term, want, words, name_of(term)))
        return replace(self.test(found, term, status, below), name=term.name.rule)

    def under(self, name: Name, definition: Definition, scope: Scope, want: bool) -> tuple[Node, ...]:
        with self.inside(name) as fresh:
            if not fresh:
                return ()
            outer, self.rule = self.rule, name.rule
            made = self.truth(definition.term, scope, want)
            self.rule = outer
        if made is None:
            return ()
        origin = definition.origin
        if not made.clauses:
            made = replace(made, clauses=origin.clauses, rulings=made.rulings or rulings(origin))
        return (made,)

    def behind(self, terms: Sequence[AnyTerm], scope: Scope, status: Status) -> tuple[Node, ...]:
        """What the sides of a comparison rest on, where that is another rule of the policy, or is not known."""
        if not self.deep or status == "met":
            return ()
        out = []
        for here in (part for term in terms for part in every(term, closed=(Over,))):
            if isinstance(here, Use):
                out.append(self.computed(here, scope, self.ev.value(here, scope)))
        return tuple(n for n in out if n.children or n.reads)

    def over(self, term: Over, scope: Scope, want: bool, words: str, status: Status) -> Node:
        """A condition on the records of a list: one entry a record."""
        below = []
        for row, counted, inner in list(lists.members(self.ev, term.list, scope))[:MOST_RECORDS]:
            if counted.no:
                continue
            there = inner.bind(row) if row not in inner.at else inner
            parts = []
            for piece in (term.where, term.value):
                if piece is not None and piece.kind == YESNO:
                    made = self.truth(piece, there, want)
                    parts += [made] if made is not None else []
            if parts:
                whole = status_of_all(parts)
                below.append(Node("record", whole, row.key, row.record.at if row.record else term.at,
                                  children=tuple(parts)))
        named = self.negated(term, want, words, over_words(term)) or text_at(self.ev, term.at) or over_words(term)
        return self.test(leaf(self.ev, term, scope, not want, named), term, status, tuple(below))
