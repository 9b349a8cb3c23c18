"""Where the exact evaluator asks for a term: on which day, at which records; and what comes out, a value or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeVar

from policydsl.core import AnyTerm
from policydsl.domain import Need
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.members import dataclass

T = TypeVar("T")


# ---------------------------------------------------------------------------------------------- outcomes
class Unknown(Exception):
    """No value: ``reason`` and ``note`` say why, ``need`` what would settle it (None: no fact would)."""

    def __init__(self, reason: str, need: Need | None = None, note: str = "") -> None:
        super().__init__(reason, need, note)
        self.reason, self.need, self.note = reason, need, note


Outcome = Exact | Unknown


def tried(make: Callable[[], T]) -> T | Unknown:
    try:
        return make()
    except Unknown as why:
        return why


def settled(outcome: T | Unknown) -> T:
    if isinstance(outcome, Unknown):
        raise outcome.with_traceback(None)  # as it was raised first: it may be raised often
    return outcome


def decided(by: bool, outcomes: Iterable[Outcome]) -> bool:
    """Strong Kleene or (decided by one yes) and and (decided by one no); 无 is no."""
    unknown: Unknown | None = None
    for outcome in outcomes:
        if isinstance(outcome, Unknown):
            unknown = unknown or outcome
        elif (outcome is True) == by:
            return by
    if unknown is not None:
        raise unknown.with_traceback(None)
    return not by


def at_least(count: Outcome, *outcomes: Outcome) -> bool:
    """Yes once so many are yes, no once so many can no longer be. 无 is not a number of them."""
    number = settled(count)
    if not isinstance(number, Fraction):
        raise Unknown("not_computable")
    unknown = [o for o in outcomes if isinstance(o, Unknown)]
    yes = sum(1 for o in outcomes if o is True)
    if unknown and yes < number <= yes + len(unknown):
        raise unknown[0].with_traceback(None)
    return yes >= number


# ---------------------------------------------------------------------------------------------- scopes
@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A record of a list; the party is the one of the list "". Identity is the object itself.

    ``values``: fields that are given, or come with the list. ``cells``: of a constant row. ``sheet``: of a party.
    """

    list: str
    key: str
    values: Mapping[str, Outcome]
    cells: tuple[AnyTerm, ...] = ()
    sheet: Sheet | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The day, and the records in hand, innermost last; the party is among them."""

    day: date
    at: tuple[Entry, ...]

    def bind(self, entry: Entry) -> Scope:
        return Scope(self.day, (*self.at, entry))

    def record_of(self, name: str, up: int = 0) -> Entry:
        """The ``up``-th record of a list in hand, counted from inside."""
        mine = [entry for entry in self.at if entry.list == name]
        if up >= len(mine):
            raise Unknown("not_computable", note="no_record")
        return mine[-1 - up]

    def only(self, entry: Entry | None = None) -> Scope:
        """The party in hand, or another, or one record with the party that was in hand when it was taken; nothing else
        around."""
        if entry is not None and entry.sheet is not None:
            return Scope(self.day, (entry,))
        if entry is None or entry not in self.at:
            alone = () if entry is None else (entry,)
            return Scope(self.day, (self.record_of(""), *alone))
        taken = len(self.at) - 1 - self.at[::-1].index(entry)
        return Scope(self.day, (Scope(self.day, self.at[:taken]).record_of(""), entry))
