"""All mutants of a policy: which parts of its program stand in the author's text, and what each may become.

One place of the text may have become several parts of the program (the rate and the condition of a reward share their
rows); such copies change together. Dropped at once is what cannot matter: a change that gives the same program, that
no result can reach, or that another mutant already is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import field, replace

from typing import cast

from policydsl import core as c
from policydsl.line_roles import line_role
from policydsl.members import dataclass
from policydsl.mutate import changes
from policydsl.mutate.changes import Change
from policydsl.mutate.model import Mutant, Words, told, words_of
from policydsl.mutate.reachable import reachable
from policydsl.mutate.roles import Path, cited, counts_if_true, one_of_several, operands, role_of
from policydsl.mutate.shape import edges, shape, whole_numbered
from policydsl.mutate.steps import written
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.walk import DROP, Holder, holders, inside, rule_of, used

SIGNS = {"+": "＋+", "-": "－-−", "*": "×*", "/": "÷/", "shift": "＋+", "back": "－-−"}


@dataclass(slots=True)
class Group:
    """One mutant in the making: its change at every copy of the place."""

    change: Change
    at: Span
    text: str
    rule: str
    clauses: tuple[str, ...]
    edits: dict[int, object] = field(default_factory=dict)
    where: set[Holder] = field(default_factory=set)
    nodes: set[object] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Found:
    """One change of one part: where it stands, what a case must have touched for it to matter."""

    part: object
    change: Change
    at: Span
    key: object
    nodes: tuple[object, ...]
    holder: Holder | None = None


class Generator:
    """Collects the mutants of one program."""

    def __init__(self, program: c.Program) -> None:
        self.program, self.currency = program, program.header.currency
        self.names = {d.origin.at for d in program.terms.values()} | {r.origin.at for r in program.results}
        self.names |= {d.at for d in program.lists.values()} | {d.at for d in program.inputs.values()}
        self.edges: dict[int, object] = {}
        self.twins: dict[int, list[tuple[c.Arm, Holder]]] = {}
        for what, name, thing in holders(program):
            for _, part in inside(thing):
                if isinstance(part, c.Choose):
                    for key, ids in edges(part):
                        self.edges.update(dict.fromkeys(ids, key))
                elif isinstance(part, c.Arm) and not isinstance(part.when, c.Const):
                    self.twins.setdefault(id(part.when), []).append((part, (what, name)))
        first = program.header.effective_from
        self.effective = first if isinstance(first, c.Const) else None
        self.groups: dict[object, Group] = {}

    def mutants(self, only: Collection[str] = ()) -> list[Mutant]:
        """Every mutant, in the order of the text; ``only``: of these rules."""
        reached = reachable(self.program)
        wanted = {name_key(n) for n in only}
        for what, name, thing in holders(self.program):
            if (what, name) not in reached:
                continue
            rule = rule_of(thing)
            if wanted and name_key(rule) not in wanted:
                continue
            for path, part in inside(thing):
                for found in self.changes(path, part):
                    owner = next((p.of for p in path if isinstance(p, c.Scan)), rule)
                    self.add(found, owner, path, thing, (what, name))
        counting = (g for g in self.groups.values() if not remarks_only(g))
        kept = sorted(counting, key=lambda g: (self.program.sources.order(g.at), g.at.end_column))
        return [
            Mutant(
                i, g.change.family, g.rule, g.clauses, g.at, self.program.sources.line(g.at).strip(), g.text,
                g.change.words, g.change.advice, g.edits, frozenset(g.where), frozenset(g.nodes),
            )
            for i, g in enumerate(kept, 1)
        ]

    # ------------------------------------------------------------------------------------------ grouping
    def add(self, found: Found, rule: str, path: Path, holder: object, where: Holder) -> None:
        key = (found.key, found.change.key)
        group = self.groups.get(key)
        if group is None:
            text = self.text(found.at)
            clauses = cited((holder, *path))
            group = self.groups[key] = Group(found.change, found.at, text, rule, clauses)
        group.edits.setdefault(id(found.part), found.change.new)
        if found.change.key == "drop-row" and isinstance(found.part, c.Arm):
            for twin, its_holder in self.twins.get(id(found.part.when), ()):
                group.edits.setdefault(id(twin), DROP)
                group.where.add(its_holder)
                group.nodes.add(id(twin.then))
        group.where.add(found.holder or where)
        group.nodes.update(found.nodes)

    # ------------------------------------------------------------------------------------------ the author's text
    def text(self, at: Span) -> str:
        return self.program.sources.words(at) + (" …" if at.end_line > at.line else "")

    def own(self, term: c.Term) -> bool:
        """Whether the term is written there, and not only what a block's name implies."""
        return bool(term.at.line) and term.at not in self.names

    # ------------------------------------------------------------------------------------------ parts
    def changes(self, path: Path, part: object) -> Iterator[Found]:
        parent = path[-1] if path else None
        if isinstance(part, c.Term):
            term = cast(c.AnyTerm, part)
            if term.notes:
                yield from self.of_line(path, term)
            if self.own(term):
                yield from self.of_term(path, parent, term)
            if isinstance(part, c.Choose):
                yield from self.of_rows(part)
        elif isinstance(part, c.ListDecl):
            yield from self.of_list(part)
        elif isinstance(part, c.Result):
            yield from self.of_effects(part)
        elif isinstance(part, c.Bound) and isinstance(parent, c.Definition | c.InputDecl):
            yield from self.of_bound(part)

    def of_line(self, path: Path, term: c.AnyTerm) -> Iterator[Found]:
        """A line of its own: a condition, an item of a score sheet, a quota."""
        origin = term.notes[0]
        if not origin.at.line or origin.at in self.names:
            return
        text = self.text(origin.at)
        if line_role(origin.label).counts:
            for change in changes.of_quota(term, text):
                yield Found(term, change, origin.at, (origin.at, "Rank"), (id(term),))
        made: Iterator[Change] = iter(())
        if term.kind.base == "yesno":
            made = changes.of_noted(term, text, not counts_if_true(path, term), one_of_several(path))
        elif term.kind.base == "points" and origin.row is not None:
            made = changes.of_item(term)
        for change in made:
            yield Found(term, change, origin.at, (origin.at, "Noted"), (id(term),))

    def of_term(self, path: Path, parent: object, term: c.AnyTerm) -> Iterator[Found]:
        at, text = term.at, self.text(term.at)
        key: object = (at, type(term).__name__, getattr(term, "op", None) or getattr(term, "agg", None))
        made: Iterator[Change] = iter(())
        match term:
            case c.Apply() if self.written_operator(term, text):
                edge = self.edges.get(id(term))
                operands = [self.text(a.at) if a.at.line else changes.shown(a, self.currency).zh for a in term.args]
                within = all(a.at == term.at for a in term.args)
                if edge is not None:
                    key = ("edge", edge)
                made = changes.of_apply(term, text, operands, within, edge is not None, self.currency)
                made = self.without_repeats(term, made)
            case c.Over():
                made = changes.of_over(term, text)
            case c.AsOf():
                made = changes.of_as_of(term, text)
            case c.Const():
                role = role_of(parent, term)
                edge = self.edges.get(id(term))
                if self.is_effective_day(parent, term):
                    assert self.effective is not None
                    at, role, edge = self.effective.at, "limit", None
                    text = self.text(at)
                if role is not None and changes.is_plain(term.value):
                    key = ("edge", edge) if edge is not None else (at, "Const")
                    made = changes.of_const(term, written(text), role, self.currency)
            case _:
                pass
        for change in made:
            if shape(change.new) != shape(term):
                yield Found(term, change, at, key, (id(term),))

    def is_effective_day(self, parent: object, term: c.Const) -> bool:
        """Whether a day is that of the header, implied by 生效期."""
        return (
            self.effective is not None and term.value == self.effective.value and isinstance(parent, c.Term)
            and parent.at == term.at
        )

    def written_operator(self, term: c.Apply, text: str) -> bool:
        """Whether the operator itself is in the text: not one that a cell, a line or a whole period implies."""
        if any(a.at == term.at for a in term.args) and not all(a.at == term.at for a in term.args):
            return False
        if len(term.args) == 1 and term.args[0].at == term.at:
            return False
        if term.op in SIGNS:
            rest = text.partition("【")[0]
            for a in term.args:
                if a.at.line == term.at.line:
                    rest = rest.replace(self.text(a.at), " ", 1)
            return any(sign in rest for sign in SIGNS[term.op])
        return True

    def without_repeats(self, term: c.Apply, made: Iterator[Change]) -> Iterator[Change]:
        """``≥ 2`` made ``＞ 2`` is ``≥ 3`` where only whole numbers come: that one is there already."""
        whole = len(term.args) == 2 and any(isinstance(a, c.Const) for a in term.args) and all(
            whole_numbered(a, self.program) for a in term.args
        )
        for change in made:
            op = change.new.op if isinstance(change.new, c.Apply) else ""
            if not (whole and {term.op, op} in ({">=", ">"}, {"<=", "<"}) and change.key != "edge"):
                yield change

    def of_rows(self, choose: c.Choose) -> Iterator[Found]:
        """Rows of a table or of cases: one left out, neighbours exchanged, an exception dropped."""
        arms = [a for a in choose.arms if a.origin is not None]
        for arm in arms:
            assert arm.origin is not None
            at = arm.origin.at
            label = self.text(arm.when.at) if arm.when.at.line else self.text(at)
            words = told("mutant.no_row")
            if arm.exception:
                words = told("mutant.no_exception")
            advice = told("advice.row", label=label)
            change = Change("drop-row", "exception" if arm.exception else "row", DROP, words, advice)
            yield Found(arm, change, at, (at, "arm"), (id(arm.then),))
        for one, two in zip(arms, arms[1:], strict=False):
            assert one.origin is not None
            if one.exception != two.exception or shape(one.then) == shape(two.then):
                continue
            at = one.origin.at
            words = told("mutant.swapped_outcomes")
            advice = told("advice.either_row")
            nodes = (id(one.then), id(two.then))
            for arm, then in ((one, two.then), (two, one.then)):
                change = Change("swap-rows", "row", replace(arm, then=then), words, advice)
                yield Found(arm, change, at, (at, "arm"), nodes)

    def of_list(self, decl: c.ListDecl) -> Iterator[Found]:
        touched = (("list", decl.name),)
        if decl.only is not None and decl.only_origin is not None:
            words = told("mutant.no_only")
            advice = told("advice.counted_out")
            at = decl.only_origin.at
            yield Found(decl.only, Change("only", "condition", DROP, words, advice), at, (at, "only"), touched)
        for conversion in decl.conversions:
            words = told("mutant.no_conversion")
            advice = told("advice.converts")
            at = conversion.origin.at
            yield Found(conversion, Change("conversion", "row", DROP, words, advice), at, (at, "conv"), touched)
        if decl.source != "rows" or not decl.supplied or c.Name(decl.name) in self.program.terms:
            return
        key = next((i for i, f in enumerate(decl.fields) if f.name == decl.key), 0)
        for row in decl.rows:
            words = told("mutant.no_row")
            advice = told("advice.looked_up")
            yield Found(row, Change("drop-row", "row", DROP, words, advice), row.at, (row.at, "row"), touched)
        for one, two in zip(decl.rows, decl.rows[1:], strict=False):
            if any(shape(a) != shape(b) for i, (a, b) in enumerate(zip(one.cells, two.cells, strict=True)) if i != key):
                words = told("mutant.swapped_rows")
                advice = told("advice.either_looked_up")
                for row, other in ((one, two), (two, one)):
                    both = enumerate(zip(row.cells, other.cells, strict=True))
                    cells = tuple(own if i == key else theirs for i, (own, theirs) in both)
                    change = Change("swap-rows", "row", replace(row, cells=cells), words, advice)
                    yield Found(row, change, one.at, (one.at, "row"), touched)

    def of_effects(self, result: c.Result) -> Iterator[Found]:
        """Measures: the modality, a measure left out, the end of its period."""
        for effect in result.effects:
            at, nodes = effect.origin.at, (id(effect.when),)
            names = "、".join(effect.names)
            if effect.modality in changes.MODALITIES:
                other, said = changes.MODALITIES[effect.modality], words_of("remodelled", effect.modality)
                advice = told("advice.measure", names=names)
                change = Change("modality", "measure", replace(effect, modality=other), said, advice)
                yield Found(effect, change, at, (at, "effect"), nodes)
            advice = told("advice.applies", names=names)
            change = Change("drop-effect", "measure", DROP, told("mutant.no_measure"), advice)
            yield Found(effect, change, at, (at, "effect"), nodes)
            for key in ("modality", "drop-effect"):
                for name, operand, new in self.in_force(effect, key):
                    change = Change(key, "measure", new, Words("", ""), advice)
                    yield Found(operand, change, at, (at, "effect"), (id(operand),), ("term", name))
            if effect.end is not None:
                change = Change(
                    "end", "date", replace(effect, end=None), told("mutant.no_end"),
                    told("advice.last_day", names=names),
                )
                yield Found(effect, change, at, (at, "effect"), nodes)

    def in_force(self, effect: c.Effect, key: str) -> Iterator[tuple[c.Name, c.AnyTerm, c.AnyTerm]]:
        """What the change of an effect means for whether its measures are in force: (term, its part, instead)."""
        open_ = c.NoValue(kind=changes.YES.kind)
        for measure in effect.names:
            for name in (c.Name(measure), c.Name(measure, "barred")):
                definition = self.program.terms.get(name)
                for operand in operands(definition.term) if definition is not None else ():
                    if used(effect.when).keys().isdisjoint(used(operand)):
                        continue
                    if key == "drop-effect" or effect.modality == "must_not" and name.part == "barred":
                        yield name, operand, changes.NO
                    elif effect.modality == "must":
                        yield name, operand, c.Apply("and", (operand, open_), kind=operand.kind)
                    elif effect.modality == "may" and isinstance(operand, c.Apply):
                        yield name, operand, operand.args[0]

    def of_bound(self, bound: c.Bound) -> Iterator[Found]:
        """Declared ranges: what an unknown value is limited to, and what a sheet may say."""
        for end, term in (("low", bound.low), ("high", bound.high)):
            if term is None or not term.at.line or isinstance(term, c.Const) and term.value == 0:
                continue
            text = self.text(term.at)
            new = replace(bound, low=None) if end == "low" else replace(bound, high=None)
            change = Change(
                end, "range", new, told("mutant.no_bound", text=text),
                told("advice.bounds"),
            )
            yield Found(bound, change, term.at, (term.at, "bound"), (id(term),))


def remarks_only(group: Group) -> bool:
    """A day in the header that no rule uses makes a remark and no result."""
    return group.change.family == "date" and group.where == {("header", "")}


def mutants(program: c.Program, only: Collection[str] = ()) -> list[Mutant]:
    """Every mutant of a program, in the order of the text; ``only``: those of these rules."""
    return Generator(program).mutants(only)
