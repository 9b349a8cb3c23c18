"""The proof as a tree: a term at a place, what it comes to, and the steps that it follows from.

Nothing is decided here. A step is made when somebody looks: its value is what the evaluator found (which remembers it),
its kids are the parts of its term where these were evaluated. Who reads a proof needs no evaluator and no scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import assert_never

from policydsl.core import AnyTerm, Apply, Arm, AsOf, Choose, Const, Definition, Find, NoValue, Over, Read, Use
from policydsl.diagnostics import Language
from policydsl.domain import Possible
from policydsl.evaluate import lists, scan
from policydsl.evaluate.balance import balanced
from policydsl.evaluate.index import narrowed
from policydsl.evaluate.scope import Entry, Rows, Scope
from policydsl.evaluate.terms import SETTLES, Evaluator
from policydsl.members import dataclass
from policydsl.proof.prepared import Prepared, Said, prepared
from policydsl.walk import declared


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a choice: its condition, and its value (which is asked for whether or not it is taken)."""

    arm: Arm
    when: Step
    then: Step


@dataclass(frozen=True, slots=True)
class Member:
    """One record of an aggregate: whether it counts (仅计), whether it takes part, its value."""

    entry: Entry
    counted: Possible
    where: Step | None
    value: Step | None


class Place:
    """Where terms are asked: a day and records in hand. There is one for each scope that is come to from the first; it
    keeps its steps, and what each term comes to by its number: a trace, its findings and its workings ask for the same
    parts again and again."""

    __slots__ = ("_all", "_only", "_steps", "ev", "known", "prepared", "scope")

    def __init__(self, ev: Evaluator, scope: Scope, beside: Place | None = None) -> None:
        self.ev, self.scope = ev, scope
        self.prepared: Prepared = beside.prepared if beside is not None else prepared(ev.program)
        self.known: dict[int, Possible] = {}
        self._steps: dict[int, Step] = {}
        self._only: dict[Entry, Place] = {}
        self._all: dict[Scope, Place] = beside._all if beside is not None else {scope: self}

    def at(self, scope: Scope) -> Place:
        found = self._all.get(scope)
        if found is None:
            found = self._all[scope] = Place(self.ev, scope, self)
        return found

    def only(self, entry: Entry) -> Place:
        """Of one record, or of a party, alone."""
        found = self._only.get(entry)
        if found is None:
            found = self._only[entry] = self.at(self.scope.only(entry))
        return found

    def step(self, term: AnyTerm) -> Step:
        found = self._steps.get(id(term))
        if found is None:
            found = self._steps[id(term)] = Step(self, term)
        return found

    def value(self, term: AnyTerm, _: Scope | None = None) -> Possible:
        """Everything that a term may be here."""
        return self.step(term).value


class Step:
    """A term at a place. ``value`` is everything that it may be."""

    __slots__ = ("_kids", "_said", "_value", "ev", "place", "scope", "term")

    def __init__(self, place: Place, term: AnyTerm) -> None:
        self.place, self.term = place, term
        self.ev, self.scope = place.ev, place.scope
        self._value: Possible | None = None
        self._said: Said | None = None
        self._kids: tuple[Step, ...] | None = None

    @property
    def value(self) -> Possible:
        found = self._value
        if found is None:
            known, number = self.place.known, self.term.number
            found = known.get(number)
            if found is None:
                found = self._found()
                if number >= 0:
                    known[number] = found
            self._value = found
        return found

    def _found(self) -> Possible:
        """What the evaluator finds, of what the parts of an operator or a choice come to here."""
        ev, term = self.ev, self.term
        if isinstance(term, Choose):
            return ev.choose(term, self.scope, self.place.value)
        if not isinstance(term, Apply):
            return ev.value(term, self.scope)
        args, settles = [], SETTLES.get(term.op)
        for kid in self.kids:
            args.append(kid.value)
            if settles is not None and args[-1].known and args[-1].value is settles:
                args = args[-1:]
                break
        made = ev.apply(term, args)
        return made if made.known else balanced(ev, term, self.scope) or made

    @property
    def words(self) -> str:
        """The author's words for the term."""
        return self.said.words

    @property
    def said(self) -> Said:
        """What is said of the term, whatever it comes to."""
        found = self._said
        if found is None:
            found = self._said = self.place.prepared.said(self.term)
        return found

    @property
    def whose(self) -> str:
        """Whose facts are spoken of here without saying so."""
        return self.ev.whose(self.scope)

    @property
    def dialect(self) -> Language:
        return self.ev.program.header.dialect

    def at(self, term: AnyTerm, scope: Scope | None = None) -> Step:
        """Another term, at the same place unless another is given."""
        return (self.place if scope is None else self.place.at(scope)).step(term)

    @property
    def entry(self) -> Entry | None:
        """The record that a read or a shared term is about; None where none is in hand."""
        match self.term:
            case Read() | Use():
                return self.scope.record_of(self.term.list, self.term.up)
            case _:
                return None

    @property
    def there(self) -> bool:
        """Whether the record that a read or a shared term is about is in hand; all else is about none."""
        return not isinstance(self.term, Read | Use) or self.entry is not None

    # ------------------------------------------------------------------------------------------ what it rests on
    @property
    def kids(self) -> tuple[Step, ...]:
        """The steps that this one follows from, in the order of the term; of an aggregate those of its records."""
        if self._kids is None:
            self._kids = self._rests_on()
        return self._kids

    def _rests_on(self) -> tuple[Step, ...]:
        match self.term:
            case Const() | NoValue():
                return ()
            case Read():
                source = self.source
                return () if source is None else (source,)
            case Use():
                root = self.root
                return () if root is None else (root,)
            case Apply():
                return tuple(self.at(a) for a in self.term.args)
            case Choose():
                return tuple(n for row in self.rows for n in (row.when, row.then))
            case Over():
                return tuple(n for m in self.members() for n in (m.where, m.value) if n is not None)
            case Find():
                row = self.found
                return (self.at(self.term.key), *([] if row is None else [row]))
            case AsOf():
                return (self.at(self.term.day), *self.on_day)
            case _:
                assert_never(self.term)

    @property
    def definition(self) -> Definition | None:
        """The shared term that is used."""
        return self.ev.program.terms[self.term.name] if isinstance(self.term, Use) else None

    @property
    def root(self) -> Step | None:
        """Of a shared term its proof, for the record (or party) in hand."""
        definition, entry = self.definition, self.entry
        if definition is None or entry is None:
            return None
        return self.place.only(entry).step(definition.term)

    @property
    def source(self) -> Step | None:
        """Of a fact that was not given what stands in for it: what it is derived from, its default, a computed cell."""
        term, entry = self.term, self.entry
        if not isinstance(term, Read) or entry is None:
            return None
        if entry.row is not None:
            position = self.ev.program.lists[entry.list].by_name.get(term.name)
            return self.at(entry.row.cells[position]) if position is not None else None
        decl = declared(self.ev.program, term)
        if decl is None or self.ev.given(entry, decl.name):
            return None
        inner = decl.derived if decl.derived is not None else decl.default
        return self.place.only(entry).step(inner) if inner is not None else None

    @property
    def running(self) -> Step | None:
        """Of a running column what the scan of its list gives the record in hand, if that takes part."""
        term, entry = self.term, self.entry
        decl = self.ev.program.holding(entry.list) if isinstance(term, Read) and entry is not None else None
        made = decl.running(term.name) if decl is not None and isinstance(term, Read) else None
        if made is None or entry is None or not isinstance(term, Read):
            return None
        column = next(c for c in made.step if c.name == term.name)
        run = scan.run_of(self.ev, entry, term.name, self.scope)
        turn = run.turns.get(entry)
        return None if turn is None else self.at(column.term, run.around.bind(entry).bind(turn.state))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Of a choice its rows, exceptions first."""
        arms = self.term.arms if isinstance(self.term, Choose) else ()
        return tuple(Row(a, self.at(a.when), self.at(a.then)) for a in sorted(arms, key=lambda a: not a.exception))

    @property
    def near(self) -> Sequence[Entry]:
        """Of an aggregate the records that an equality with the record in hand does not rule out."""
        rows = self.listed
        if rows is None or not isinstance(self.term, Over):
            return ()
        return narrowed(self.ev, self.term.list, self.term.where, rows.entries, self.scope)

    def members(self, among: Sequence[Entry] | None = None) -> Iterator[Member]:
        """Of an aggregate its records (or those ``among`` them), each as the evaluator asked it."""
        term = self.term
        if not isinstance(term, Over):
            return
        for entry in lists.rows(self.ev, term.list, self.scope).entries if among is None else among:
            inner, counted = lists.counting(self.ev, term.list, entry, self.scope)
            yield Member(
                entry, counted, None if term.where is None else self.at(term.where, inner),
                None if term.value is None else self.at(term.value, inner),
            )

    @property
    def listed(self) -> Rows | None:
        """Of an aggregate the records of its list, whether or not they take part."""
        return lists.rows(self.ev, self.term.list, self.scope) if isinstance(self.term, Over) else None

    @property
    def record(self) -> Entry | None:
        """Of a look-up the record that it comes to; None where the key is not known, or is in none."""
        return self.ev.row_of(self.term, self.scope) if isinstance(self.term, Find) else None

    @property
    def found(self) -> Step | None:
        """Of a look-up the value in the record that it comes to."""
        record = self.record
        return None if record is None or not isinstance(self.term, Find) else self.at(
            self.term.value, self.scope.bind(record)
        )

    @property
    def on_day(self) -> tuple[Step, ...]:
        """Of a term as of another day the term on each day that this may be."""
        if not isinstance(self.term, AsOf):
            return ()
        days = self.ev.days(self.term, self.scope) or ()
        return tuple(self.at(self.term.term, self.scope.on(day)) for day in days if isinstance(day, date))
