"""Conditions as trees: every part of a yes or no with its figures, whether or not another has decided already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from policydsl.core import DAY, AnyTerm, Apply, Choose, Const, Find, Name, Origin, Over, Read, Use
from policydsl.diagnostics import Language
from policydsl.explain.model import Node, Status
from policydsl.explain.pieces import PARTS_PLAYED, rulings, status_of, status_of_all
from policydsl.explain.walk import Walk
from policydsl.kinds import YESNO
from policydsl.lower.results import LAST
from policydsl.place import Span
from policydsl.operators import COMPARISONS
from policydsl.proof.findings import (
    compared, in_row, leaf, name_of, not_words, of_cell, over_words, words_of_not,
)
from policydsl.proof.steps import Step
from policydsl.render.values import Writer
from policydsl.say import say, word
from policydsl.verdict import Finding
from policydsl.walk import children, composed, every

MOST_RECORDS = 50
ALWAYS = Const(True, kind=YESNO)


def without(node: Node, asked: set[tuple[Span, str]]) -> Node:
    """A condition without the ways to it that would break what is asked beside it (whom the rule concerns)."""
    if not node.children:
        return node
    kept = tuple(without(n, asked) for n in node.children)
    if node.form == "any":
        ways = tuple(n for n in kept if not (n.bars and (n.at, n.role) in asked))
        if len(ways) == 1:
            return ways[0]
        kept = ways or kept
    return node if kept == node.children else replace(node, children=kept)


def of_period(term: AnyTerm, lang: Language) -> str:
    """The day at the end of which a period is over, or closed; how many periods there are; nothing of other terms."""
    if isinstance(term, Over) and term.agg == "count" and term.list.endswith("@periods"):
        return say("explain.periods_there", lang)
    day, after = (term.args[0], True) if isinstance(term, Apply) and term.op == "shift" else (term, False)
    if not (isinstance(day, Read) and day.name == LAST and day.list.endswith("@periods")):
        return ""
    return say("explain.period_closed" if after else "explain.period_over", lang)


class Conditions(Walk):
    """Builds the tree of a condition that has to hold, or has not to."""

    __slots__ = ()

    def truth(self, step: Step, want: bool = True, words: str = "") -> Node | None:
        """The condition that the term is yes (or no); None where it asks for nothing."""
        if step.term in self.gate:
            return None
        return self.lines(step, self.condition(step, want, words))

    def lines(self, step: Step, node: Node | None) -> Node | None:
        """What a term asks, with the lines that it stands on."""
        for origin in reversed(step.term.notes):
            node = self.noted(node, origin) if node is not None else None
            working = self.sums.of_line(step, origin) if node is not None else None
            if node is not None and working is not None:
                node = replace(node, working=working)
        return node

    def condition(self, step: Step, want: bool, words: str) -> Node | None:
        term, status = step.term, status_of(step.value, want)
        match term:
            case Const():
                return None if status == "met" else Node("test", status, words or step.words, term.at)
            case Apply(op="blank"):
                return None
            case Apply(op="and" | "or") if any(of_cell(kid) is not None for kid in step.kids):
                return self.filled_in(step, want, words)
            case Find() if in_row(term) and step.found is not None:
                return self.truth(step.found, want, words)
            case Apply(op="and" | "or"):
                parts = [self.truth(kid, want) for kid in step.kids]
                return self.together("all" if (term.op == "and") == want else "any", status, parts, step, words)
            case Apply(op="not"):
                return self.truth(step.kids[0], not want, words or words_of_not(step, not want))
            case Apply() if term.op in COMPARISONS:
                said = words or (self.said(step, want) if self.implied(term) else "")
                return self.test(compared(step, not want, said), step, status, self.behind(step, status))
            case Apply(op="at_least"):
                count, *kids = step.kids
                items = [n for n in map(self.truth, kids) if n is not None]
                return Node("at_least", status, words or step.words, term.at, count=count.value,
                            children=tuple(items), bars=not want)
            case Choose() if not composed(term):
                if self.listed and {a.when for a in term.arms if a.when != ALWAYS} <= set(self.listed):
                    return None  # whether a row fits is told by the rows
                return self.want(step, want)
            case Use():
                return self.used(step, term, want, words)
            case Over(agg="any" | "all") if self.deep:
                return self.over(step, term, want, words, status)
            case Over() if not words and not step.words:
                return self.test(leaf(step, not want), step, status, ())
            case _:
                said = self.negated(step, want, words, name_of(term))
                below = () if composed(term) else self.behind(step, status)
                return self.test(leaf(step, not want, said), step, status, below)

    def filled_in(self, step: Step, want: bool, words: str) -> Node | None:
        """A condition that a cell of a table asks; an empty cell asks nothing."""
        if any(cell.value.yes for cell in map(of_cell, step.kids) if cell is not None):
            return None
        (asked,) = (kid for kid in step.kids if of_cell(kid) is None)
        return self.truth(asked, want, words)

    def negated(self, step: Step, want: bool, words: str, name: str = "") -> str:
        """The author's words for a condition that must not hold, where no 并非 stands in them (empty: as they are)."""
        return words if want or words else not_words(step, step.words or name)

    def said(self, step: Step, want: bool) -> str:
        """A comparison without words of its own: what it is about, and of equals with what."""
        assert isinstance(step.term, Apply)
        first, *rest = step.kids
        lang, today = step.dialect, isinstance(first.term, Read) and first.term.name == DAY
        about = say("sheet.as_of", lang) if today else of_period(first.term, lang) or name_of(first.term)
        if step.term.op not in ("=", "!=") or len(rest) != 1:
            return about
        same = (step.term.op == "=") == want
        sign = word("compared_word", "=" if same else "!=", lang)
        writer = Writer(lang, self.program.header.currency)
        return f"{about} {sign} {writer.possible(rest[0].value, first.term.kind)}"

    def test(self, finding: Finding, step: Step, status: Status, below: tuple[Node, ...]) -> Node:
        return Node(
            "test", status, finding.text, step.term.at, finding=finding, name=finding.subject or name_of(step.term),
            children=below,
        )

    def together(
        self, form: str, status: Status, parts: Sequence[Node | None], step: Step, words: str = ""
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
        if form == "all":
            asked = {(n.at, n.role) for n in flat if n.role and not n.bars}
            flat = [without(n, asked) for n in flat] if asked else flat
        if len(flat) < 2:
            return flat[0] if flat else None
        return Node("all" if form == "all" else "any", status, words or step.words, step.term.at, children=tuple(flat))

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

    def used(self, step: Step, term: Use, want: bool, words: str) -> Node | None:
        """A shared term: the parts of the rule in hand are taken in, another rule is a condition by its name."""
        root = step.root
        if root is not None and self.own(term):
            with self.inside(term.name) as fresh:
                if fresh:
                    return self.truth(root, want, words)
        status = status_of(step.value, want)
        below: tuple[Node, ...] = ()
        if self.deep and status != "met" and root is not None:
            below = self.under(term.name, root, want)
        found = leaf(step, not want, self.negated(step, want, words, name_of(term)))
        return replace(self.test(found, step, status, below), name=term.name.rule)

    def under(self, name: Name, root: Step, want: bool) -> tuple[Node, ...]:
        with self.of_rule(name) as fresh:
            made = self.truth(root, want) if fresh else None
        if made is None:
            return ()
        origin = self.program.terms[name].origin
        if not made.clauses:
            made = replace(made, clauses=origin.clauses, rulings=made.rulings or rulings(origin))
        return (made,)

    def behind(self, step: Step, status: Status) -> tuple[Node, ...]:
        """What the sides of a comparison rest on, where that is another rule of the policy, or is not known."""
        if not self.deep or status == "met":
            return ()
        parts = (part for side in children(step.term) for part in every(side, closed=(Over,)))
        out = [self.computed(step.at(part)) for part in parts if isinstance(part, Use)]
        return tuple(n for n in out if n.children or n.reads)

    def over(self, step: Step, term: Over, want: bool, words: str, status: Status) -> Node:
        """A condition on the records of a list: one entry a record."""
        below = []
        for member in islice(step.members(), MOST_RECORDS):
            pieces = [p for p in (member.where, member.value) if p is not None and p.term.kind == YESNO]
            parts = [] if member.counted.no else [n for n in (self.truth(p, want) for p in pieces) if n is not None]
            if parts:
                record = member.entry.record
                below.append(Node("record", status_of_all(parts), member.entry.key, record.at if record else term.at,
                                  name=term.list, children=tuple(parts)))
        named = self.negated(step, want, words, over_words(term)) or step.words or over_words(term)
        return self.test(leaf(step, not want, named), step, status, tuple(below))
