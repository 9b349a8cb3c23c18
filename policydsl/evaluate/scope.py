"""Where a term is evaluated: for which party, on which day, at which records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from policydsl.core import RowDecl
from policydsl.domain import Need, Possible
from policydsl.facts import Record
from policydsl.kinds import Exact


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One record of a list while a sheet is judged. Identity is the object itself.

    ``record``: a row of the sheet; ``row``: a constant row; ``party``: a member of the population; ``span``: first and
    last day of a period. ``made_from``: the records that a conversion turned into this one.
    """

    list: str
    key: str
    index: int
    record: Record | None = None
    row: RowDecl | None = None
    party: int | None = None
    span: tuple[date, date] | None = None
    overrides: Mapping[str, Exact] = field(default_factory=dict)
    made_from: tuple[Entry, ...] = ()
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The records of a list; when not ``complete`` there may be more that nobody has told of."""

    entries: tuple[Entry, ...]
    complete: bool = True
    needs: frozenset[Need] = frozenset()
    reasons: frozenset[str] = frozenset()


Fixed = tuple[tuple[Need, Exact], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """``at``: the records in hand, innermost last. ``slots``: values in hand of several-valued choices.
    ``fixed``: unknowns that are being tried out (a completion)."""

    party: int
    day: date
    at: tuple[Entry, ...] = ()
    slots: tuple[tuple[str, Exact], ...] = ()
    fixed: Fixed = ()

    def bind(self, entry: Entry) -> Scope:
        if entry.party is not None:
            return replace(self, party=entry.party, at=(entry,))
        return replace(self, at=(*self.at, entry))

    def record_of(self, name: str, outer: bool = False) -> Entry | None:
        """The innermost record of a list in hand, or the one around it."""
        found = [e for e in self.at if e.list == name]
        if outer:
            found = found[:-1] or found
        return found[-1] if found else None

    def only(self, entry: Entry | None) -> Scope:
        return Scope(self.party, self.day, (entry,) if entry is not None else (), (), self.fixed)

    def slot(self, name: str) -> Exact:
        return next(value for key, value in reversed(self.slots) if key == name)

    def try_out(self, need: Need) -> tuple[bool, Exact]:
        for key, value in self.fixed:
            if key == need:
                return True, value
        return False, None


@dataclass(frozen=True, slots=True)
class Turned:
    """A list after its conversions: the records in order, when each was consumed, which completed a conversion.

    Where that is not ``certain``, ``made`` is the most that each conversion can add, and ``phantoms`` stand for those
    records, each with how many of it there may be."""

    entries: tuple[Entry, ...]
    turn: dict[Entry, int]
    consumed: dict[Entry, int]
    completing: frozenset[Entry]
    made: dict[str, int]
    certain: bool
    because: Possible | None
    phantoms: tuple[tuple[Entry, int], ...] = ()
