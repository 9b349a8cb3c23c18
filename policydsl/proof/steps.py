"""The proof as a tree: a term at a place, what it comes to, and the steps that it follows from.

Nothing is decided here. A step is made when somebody looks: its value is what the evaluator found (which remembers it),
its kids are the parts of its term where these were evaluated. Who reads a proof needs no evaluator and no scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import date
from typing import assert_never

from policydsl.core import AnyTerm, Apply, Arm, AsOf, Choose, Const, Definition, Find, NoValue, Over, Read, Use
from policydsl.diagnostics import Language
from policydsl.domain import Possible
from policydsl.evaluate import lists, scan
from policydsl.evaluate.index import narrowed
from policydsl.members import dataclass
from policydsl.walk import declared
from policydsl.evaluate.scope import Entry, Rows, Scope
from policydsl.evaluate.terms import Evaluator


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


@dataclass(slots=True, eq=False)
class Step:
    """A term at a place. ``value`` is everything that it may be."""

    ev: Evaluator = field(repr=False)
    term: AnyTerm
    scope: Scope = field(repr=False)
    _value: Possible | None = field(default=None, repr=False)

    @property
    def value(self) -> Possible:
        if self._value is None:
            self._value = self._asked()
        return self._value

    def _asked(self) -> Possible:
        """What the evaluator finds. Of what it works out anew each time it is remembered: a trace, its findings and its
        workings ask for the same parts again and again."""
        ev, term = self.ev, self.term
        if not isinstance(term, Apply | Choose) or term.number < 0:
            return ev.value(term, self.scope)
        key = "step", term.number, self.scope
        found = ev.known.get(key)
        if found is None:
            found = ev.known[key] = ev.value(term, self.scope)
        return found

    @property
    def words(self) -> str:
        """The author's words for the term."""
        return self.ev.program.sources.words(self.term.at)

    @property
    def whose(self) -> str:
        """Whose facts are spoken of here without saying so."""
        return self.ev.whose(self.scope)

    @property
    def dialect(self) -> Language:
        return self.ev.program.header.dialect

    def at(self, term: AnyTerm, scope: Scope | None = None) -> Step:
        """Another term, at the same place unless another is given."""
        return Step(self.ev, term, scope if scope is not None else self.scope)

    @property
    def entry(self) -> Entry | None:
        """The record that a read or a shared term is about; None where none is in hand."""
        match self.term:
            case Read() | Use():
                return self.scope.record_of(self.term.list, self.term.up)
            case _:
                return None

    # ------------------------------------------------------------------------------------------ what it rests on
    @property
    def kids(self) -> tuple[Step, ...]:
        """The steps that this one follows from, in the order of the term; of an aggregate those of its records."""
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
        return self.at(definition.term, self.scope.only(entry))

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
        return self.at(inner, self.scope.only(entry)) if inner is not None else None

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
