"""Where a term is evaluated: on which day, at which records; and what a list of records is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from policydsl.core import Name, RowDecl
from policydsl.domain import Need, Possible
from policydsl.facts import Record
from policydsl.members import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One record of a list while a sheet is judged. Identity is the object itself.

    ``index``: its place in the list; what conversions make stands behind. ``record``: a row of the sheet; ``row``: a
    constant row; ``party``: the party, which is the record of the list ""; ``columns``: values that it has besides (the
    days of a period, the state of a scan, what a conversion changed). ``made_from``: the records that a conversion
    turned into this one.
    """

    list: str
    key: str
    index: int
    record: Record | None = None
    row: RowDecl | None = None
    party: int | None = None
    columns: Mapping[str, Possible] = field(default_factory=dict)
    made_from: tuple[Entry, ...] = ()

    @property
    def source(self) -> Entry:
        """The record of the list that this one is, or was made of last."""
        found = self
        while found.made_from:
            found = found.made_from[-1]
        return found


@dataclass(frozen=True, slots=True)
class Rows:
    """The records of a list; when not ``complete`` there may be more that nobody has told of. ``aside``: how many
    others it has that are yet to come."""

    entries: tuple[Entry, ...]
    complete: bool = True
    needs: frozenset[Need] = frozenset()
    reasons: frozenset[str] = frozenset()
    aside: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """An unknown: a fact of a party (its record of the list ""), or a field of a record of a ledger."""

    entry: Entry
    name: str


Hands = tuple[object, ...]  # records in hand, each by its identity, perhaps with the party whose it is


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a term comes to on a day with some records in hand: of a shared term by its name, else by the
    number of the term."""

    what: Name | int
    day: date
    hands: Hands


Item = Fact | Part


@dataclass(frozen=True, slots=True, eq=False)
class Supposed:
    """A supposition: that something is one of these. Identity is the object itself; there is one of each."""

    item: Item
    value: Possible
    number: int


Fixed = tuple[Supposed, ...]  # what is being tried out, in the order of their numbers


@dataclass(frozen=True, slots=True)
class Scope:
    """``day``: the evaluation date, or the day that takes its place (于); ``judged``: that of the verdict, on which the
    sheet is held against the declared ranges. ``at``: the records in hand, innermost last; the party is among them.
    ``fixed``: unknowns being tried out."""

    day: date
    judged: date
    at: tuple[Entry, ...]
    fixed: Fixed = ()

    def bind(self, entry: Entry) -> Scope:
        return self.among((*self.at, entry))

    def among(self, at: tuple[Entry, ...]) -> Scope:
        """With other records in hand."""
        return Scope(self.day, self.judged, at, self.fixed)

    def record_of(self, name: str, up: int = 0) -> Entry | None:
        """The ``up``-th record of a list in hand, counted from inside."""
        for entry in reversed(self.at):
            if entry.list == name:
                if not up:
                    return entry
                up -= 1
        return None

    @property
    def owner(self) -> Entry:
        """The party in hand."""
        found = self.record_of("")
        assert found is not None
        return found

    @property
    def party(self) -> int:
        party = self.owner.party
        assert party is not None
        return party

    def home(self, entry: Entry) -> Entry:
        """Whose a record in hand is: the party that was in hand when it was taken. Others that are looked at beside it
        since then (全体) do not make it theirs."""
        taken = False
        for held in reversed(self.at):
            taken = taken or held is entry
            if taken and held.party is not None:
                return held
        return self.owner

    def only(self, entry: Entry | None = None) -> Scope:
        """The party in hand, or one record with the party whose it is; nothing else around."""
        if entry is None or entry.party is not None:
            return self.among((entry or self.owner,))
        return self.among((self.home(entry), entry))

    def on(self, day: date) -> Scope:
        """On another day; the verdict is that of the same one."""
        return self if day == self.day else Scope(day, self.judged, self.at, self.fixed)

    def supposed(self, item: Item) -> Possible | None:
        """What something is supposed to be; None: nothing is supposed of it."""
        return next((s.value for s in self.fixed if s.item == item), None)


@dataclass(frozen=True, slots=True)
class Turned:
    """A list after its conversions: the records in order, and the columns that conversions give each record.

    Where that is not ``certain``, ``made`` is the most that each conversion can add, and ``phantoms`` stand for those
    records, each with how many of it there may be."""

    entries: tuple[Entry, ...]
    columns: Mapping[Entry, Mapping[str, Possible]]
    certain: bool = True
    because: Possible | None = None
    phantoms: tuple[tuple[Entry, int], ...] = ()


