"""The steps of a proof as plain data: what was given (facts, records, lists), and what came out of it and of what the
policy says (nodes), each behind the nodes that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from policydsl.core import (
    COMPLETES, CONSUMED, DAY, MADE_BY, PARTY, ROW, TURN, AnyTerm, Choose, Const, Find, ListDecl, NoValue, Over, Read,
    Use,
)
from policydsl.domain import Possible, ahead, point, shape
from policydsl.evaluate import Evaluator, lists, scan
from policydsl.evaluate.residue import alone
from policydsl.evaluate.scope import Entry, Scope
from policydsl.members import replace
from policydsl.operators import conjunction
from policydsl.proof.plain import plain, possible
from policydsl.proof.steps import Step
from policydsl.proof.templates import Templates
from policydsl.render.encode import Json

Key = tuple[str | int, ...]
Rest = tuple[list[Json], int | None, list[str]]  # what a node rests on, what it is about, its marks


class Export:
    """Proves terms of one program for one population, each once at each place."""

    def __init__(self, ev: Evaluator, day: date) -> None:
        self.ev, self.program, self.day = ev, ev.program, day
        self.templates = Templates(ev.program)
        self.roots: dict[Key, int] = {}
        self.places: list[Json] = []
        self.records: list[Json] = []
        self.facts: list[Json] = []
        self.lists: list[dict[str, Json]] = []
        self.scans: list[Json] = []
        self.nodes: list[Json] = []
        self._numbers: dict[object, int] = {}
        self.entries: list[Sequence[Entry]] = []  # of each list
        self._kept: list[Entry] = []  # records are known by their ids, so they must stay

    # ------------------------------------------------------------------------------------------ what was given
    def numbered(self, key: object, table: list[Json], content: Json) -> int:
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(table)
            table.append(content)
        return found

    def record(self, entry: Entry) -> int:
        self._kept.append(entry)
        made_of: list[Json] = [self.record(part) for part in entry.made_from]
        content: list[Json] = [entry.list, entry.key, entry.index, *([made_of] if made_of else [])]
        return self.numbered(("record", id(entry)), self.records, content)

    def place(self, scope: Scope) -> int:
        """The day and the records in hand at which something is evaluated."""
        found = self._numbers.get(scope)
        if found is None:
            held: list[Json] = [self.record(entry) for entry in scope.at]
            found = self.numbered(scope, self.places, [plain(scope.day), held])
        return found

    def fact(self, entry: Entry, step: Step, name: str) -> int:
        """A value that nothing was computed for: given, or open; what stands open may be another on another day."""
        record, value = self.record(entry), step.value
        told = self.ev.told(entry, name)
        if told is not None:  # what an event tells of a later day is none there, but told all the same
            value = point(told)
        day = None if value.known or step.scope.day == self.day else step.scope.day
        content: list[Json] = [record, name, possible(value), *([] if day is None else [plain(day)])]
        return self.numbered(("fact", record, name, day), self.facts, content)

    def listed(self, name: str, step: Step) -> int:
        """The records of a list, in order; of the several values of a choice, wherever they are asked."""
        scope, source = step.scope, self.program.lists[name].source
        where = {"members": scope, "parties": replace(scope, at=(), fixed=())}.get(source, scope.only())
        key = ("list", name, where)
        if key not in self._numbers:
            rows = lists.rows(self.ev, name, scope)
            content: dict[str, Json] = {
                "list": name, "place": self.place(where), "records": [self.record(entry) for entry in rows.entries],
            }
            if self.program.lists[name].conversions:
                content["turned"] = True
            if rows.aside:
                content["aside"] = [*self.aside(self.program.lists[name], step)]
            if not rows.complete:
                content["open"] = possible(Possible(None, needs=rows.needs, reasons=rows.reasons))
            content |= self.decided(self.program.lists[name], step)
            self._numbers[key] = len(self.lists)
            self.lists.append(content)
            self.entries.append(rows.entries)
        return self._numbers[key]

    def aside(self, decl: ListDecl, step: Step) -> Iterator[Json]:
        """The records of a ledger that are yet to come: the key, the place and the day of each."""
        for place, record in enumerate(self.ev.sheets[step.scope.party].lists[decl.name]):
            day = record.values.get(decl.happens or "")
            if ahead(day, step.scope.day):
                yield [record.key, place, plain(day)]

    def decided(self, decl: ListDecl, step: Step) -> dict[str, Json]:
        """What decides the records of a list that is not simply given."""
        if decl.members is not None:
            return {"of": self.rooted(("members", decl.name), step.at(decl.members))}
        if decl.cycles is not None:
            parts = {name: getattr(decl.cycles, name) for name in ("start", "length", "since", "until")}
            proved: dict[str, Json] = {
                part: self.rooted(("periods", decl.name, part), step.at(term, step.scope.only()))
                for part, term in parts.items() if term is not None
            }
            return {
                "periods": proved, "fields": [field.name for field in decl.fields],
                "clipped": decl.cycles.clipped, "back": decl.cycles.back,
            }
        return {}

    def keys(self, number: int, name: str, scope: Scope) -> None:
        """The keys of a list in which something is looked up."""
        if "keys" not in self.lists[number]:
            decl = self.program.lists[name]
            column = decl.key or decl.fields[0].name
            self.lists[number]["keys"] = [
                possible(self.ev.field(entry, column, scope.bind(entry))) for entry in self.entries[number]
            ]

    # ------------------------------------------------------------------------------------------ what came out
    def rooted(self, key: Key, step: Step) -> int:
        """The proof of a term that the policy has a name for."""
        self.roots[key] = self.templates.of(step.term)
        return self.node(step)

    def node(self, step: Step) -> int:
        """The proof of a term at a place; what it rests on stands before it."""
        fixed = isinstance(step.term, Const | NoValue)
        template, place = self.templates.of(step.term), None if fixed else self.place(step.scope)
        key = ("node", template, place)
        if key not in self._numbers:
            kids, about, marks = self.rests_on(step)
            if step.value.deemed:
                marks.append("deemed")
            content: list[Json] = [template, place, possible(step.value), kids, about, list[Json](marks)]
            while content[-1] in (None, []) and len(content) > 3:
                content.pop()
            self._numbers[key] = len(self.nodes)
            self.nodes.append(content)
        return self._numbers[key]

    def rests_on(self, step: Step) -> Rest:
        """The nodes that a node follows from, the fact, list or scan that it is about, and how it is tighter than they
        say."""
        match step.term:
            case Read():
                return self.reading(step, step.term)
            case Use():
                return self.using(step)
            case Choose():
                return [*self.rows(step)], None, []
            case Over():
                number = self.listed(step.term.list, step)
                return [*self.members(step, step.term, number)], number, self.tried(step, step.term)
            case Find():
                number = self.listed(step.term.list, step)
                self.keys(number, step.term.list, step.scope)
                found = [*self.found(step, step.term)]
                limits = self.program.lists[step.term.list].bound
                narrowed = limits is not None and any(kids[0] is None for kids in found)
                return [self.node(step.at(step.term.key)), *found], number, marked(range=narrowed)
            case _:
                return [self.node(kid) for kid in step.kids], None, []

    def reading(self, step: Step, term: Read) -> Rest:
        entry, source = step.entry, step.source
        decl = self.program.holding(entry.list) if entry is not None else None
        turned = decl is not None and decl.conversions != ()
        unnamed = term.name == PARTY and not step.value.known
        if unnamed and entry is not None:
            return [], self.fact(entry, step, PARTY), []
        if entry is None or term.name in (DAY, PARTY) or term.name == ROW and not turned:
            return [], None, []
        if term.name in entry.columns:
            return [], self.fact(entry, step, term.name), []
        if term.name in (ROW, TURN, CONSUMED, COMPLETES, MADE_BY):
            return [], self.listed(term.list, step.at(term, step.scope.only(entry))), ["turn"]
        if decl is not None and decl.running(term.name) is not None:
            return self.running(step, entry, decl, term.name)
        if source is None:
            return [], self.fact(entry, step, term.name), []
        key: Key = ("instead", entry.list, term.name)
        if entry.row is not None:
            key = ("cell", entry.list, term.name, entry.index)
        return [self.rooted(key, source)], None, marked(range=shape(source.value) != shape(step.value))

    def using(self, step: Step) -> Rest:
        """A shared term; what is not known may be narrowed by its declared range, and by trying out what it reads."""
        definition, root = step.definition, step.root
        if definition is None or root is None:
            return [], None, []
        settled = root.value if definition.bound is None else self.ev.settled(definition.name, root.scope)
        marks = marked(
            range=shape(root.value) != shape(settled), tried=shape(settled) != shape(step.value),
            waits=more(step.value, root.value),
        )
        return [self.rooted(("rule", *definition.name), root)], None, marks

    def tried(self, step: Step, term: Over) -> list[str]:
        """What came of trying out the unknowns of an aggregate."""
        if not alone(self.ev, term):
            return []
        made = lists.over(self.ev, term, step.scope)
        return marked(tried=shape(made) != shape(step.value), waits=more(step.value, made))

    def rows(self, step: Step) -> Iterator[Json]:
        """Of a choice the rows as far as they matter: conditions, and values of rows that are, or may be, taken."""
        overriding = decided = False
        for row in step.rows:
            when = row.when.value
            if row.arm.exception:
                overriding = overriding or when.yes
            elif overriding or decided:
                return
            else:
                decided = when.yes
            yield self.node(row.when)
            yield None if when.no else self.node(row.then)

    def members(self, step: Step, term: Over, number: int) -> Iterator[Json]:
        """Of an aggregate each record: whether it counts, whether it takes part, its value."""
        for entry in self.entries[number]:
            inner = step.at(term, step.scope.bind(entry))
            tests, taking = self.taking(entry, inner, self.program.lists[term.list], term.where)
            valued = term.value is not None and not taking.no
            yield [self.record(entry), *tests, self.node(inner.at(term.value)) if valued and term.value else None]

    def taking(
        self, entry: Entry, inner: Step, decl: ListDecl, where: AnyTerm | None, key: Key | None = None
    ) -> tuple[list[Json], Possible]:
        """Whether a record counts (仅计), and whether it is selected (``key``: a selection that has a name)."""
        out: list[Json] = []
        values: list[Possible] = []
        for part, scope, name in ((decl.only, inner.scope.only(entry), ("only", decl.name)), (where, inner.scope, key)):
            if part is None or values and values[0].no:
                out.append(None)
                continue
            tested = inner.at(part, scope)
            out.append(self.node(tested) if name is None else self.rooted(name, tested))
            values.append(tested.value)
        return out, conjunction(values)

    def found(self, step: Step, term: Find) -> Iterator[list[Json]]:
        """Of a look-up each record that it may come to, with the value there; without a record what else is said."""
        for entry in self.ev.candidates(term, step.scope):
            if entry is not None:
                yield [self.record(entry), self.node(step.at(term.value, step.scope.bind(entry)))]
            else:
                yield [None, None if term.otherwise is None else self.node(step.at(term.otherwise))]

    # ------------------------------------------------------------------------------------------ running columns
    def running(self, step: Step, entry: Entry, decl: ListDecl, name: str) -> Rest:
        """A running column: what its step of the scan gives a record, if that takes part."""
        run = scan.run_of(self.ev, entry, name, step.scope)
        number = self.scanned(run, decl, step)
        named, made = ("scan", decl.name, run.number), decl.scans[run.number]
        asked: list[Json] = [] if made.at is None else [self.rooted((*named, "at"), step.at(made.at))]
        if entry not in run.turns:
            return asked, number, ["scan"]
        column = next(c for c in made.step if c.name == name)
        at = run.around.bind(entry).bind(run.turns[entry].state)
        return [*asked, self.rooted((*named, "step", name), step.at(column.term, at))], number, ["scan"]

    def scanned(self, run: scan.Run, decl: ListDecl, step: Step) -> int:
        """A scan: which records take part, in which order, what each finds and what it leaves."""
        key = ("scan", decl.name, run.number, run.around)
        if key not in self._numbers:
            made, around = decl.scans[run.number], step.at(step.term, run.around)
            named: Key = ("scan", decl.name, run.number)
            over = self.listed(decl.name, around)
            word = "begin" if made.free else "start"
            start = {c.name: self.rooted((*named, word, c.name), around.at(c.term)) for c in made.state}
            turns: list[Json] = []
            for entry in [*run.turns, *(e for e in self.entries[over] if e not in run.turns)]:
                inner = around.at(step.term, run.around.bind(entry))
                tests, _ = self.taking(entry, inner, decl, made.where, (*named, "where"))
                turn: list[Json] = [self.record(entry), *tests]
                if entry in run.turns:
                    state = run.turns[entry].state
                    by = None if made.by is None else self.rooted((*named, "by"), inner.at(made.by))
                    at = inner.at(step.term, inner.scope.bind(state))
                    left = {c.name: self.rooted((*named, "step", c.name), at.at(c.term)) for c in made.step}
                    turn += [by, self.record(state), dict[str, Json](left)]
                    if made.group is not None:
                        turn.append(self.rooted((*named, "group"), inner.at(made.group)))
                turns.append(turn)
            self._numbers[key] = len(self.scans)
            self.scans.append({
                "list": over, "scan": run.number, "place": self.place(run.around), "start": dict[str, Json](start),
                "turns": turns,
            })
        return self._numbers[key]


def more(value: Possible, made: Possible) -> bool:
    """Whether a value waits for what that from which it was made does not: a range of it does, or what shows only where
    something is supposed."""
    return not value.known and not (value.needs <= made.needs and value.reasons <= made.reasons)


def marked(**marks: bool) -> list[str]:
    return [name for name, given in marks.items() if given]
