"""What generated code may call, and what it raises where it decides nothing.

A name that has no value yet is Python's own NameError: so what rests on something that is open is open, and what is
known pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from policydsl import calendar, kinds
from policydsl.calendar import CannotCompute
from policydsl.core import MEMBER, ROW
from policydsl.domain import ahead, at_most, before, identical, identity
from policydsl.facts import Record
from policydsl.kinds import Duration, Exact, Kind
from policydsl.operators import OPERATORS, Setting, equal_exact, zero


class Open(Exception):
    """Not decided here."""


class Undecided:
    """What stands in a list for a value that is not decided."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDECIDED"


UNDECIDED = Undecided()
# What ends a definition without a value. Names without a value, absent keys and 无 where the code expects none are
# among them: whatever is not as the code expects is left to the reference.
FAILS = (
    Open, NameError, LookupError, CannotCompute, TypeError, ValueError, AttributeError, ArithmeticError, AssertionError,
)


def scaled(value: Any, scale: int) -> int:
    """A number over a constant denominator. Raises Open where it has other parts."""
    by, rest = divmod(scale, value.denominator)
    if rest or type(value) is not Fraction:
        raise Open
    whole: int = value.numerator * by
    return whole


def whole(n: int, d: int, scale: int, mode: str) -> int:
    """``operators.rounded`` of n over d: so many parts of ``scale``."""
    top = abs(n) * scale
    match mode:
        case "down":
            found = top // d
        case "up":
            found = -(-top // d)
        case _:
            found = (2 * top + d) // (2 * d)
    return found if n >= 0 else -found


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """What texts that are alike have in common."""
    return kinds.text_key(text)


def alike(left: Exact, right: Exact) -> bool:
    if type(left) is type(right) is str:
        return left == right or key(left) == key(right)
    return equal_exact(left, right)


def sooner(left: date, right: date) -> bool:
    return left < right if type(left) is type(right) is date else before(left, right)


def no_later(left: date, right: date) -> bool:
    return left <= right if type(left) is type(right) is date else at_most(left, right)


def event(value: Exact, day: date) -> Exact:
    """A day that is yet to come is none."""
    return None if ahead(value, day) else value


# ---------------------------------------------------------------------------------------------- records
Fields = Mapping[str, Exact]


def told(records: Sequence[Record], happens: str | None, day: date) -> list[Fields]:
    """The records of a ledger that are there on a day, each with its place."""
    return [
        {ROW: Fraction(i), **r.values} for i, r in enumerate(records)
        if happens is None or not ahead(r.values.get(happens), day)
    ]


def members(chosen: Exact) -> list[Fields]:
    values = chosen if isinstance(chosen, tuple) else () if chosen is None else (chosen,)
    return [{MEMBER: v, ROW: Fraction(i)} for i, v in enumerate(values)]


def periods(
    names: Sequence[str], length: Exact, start: Exact, since: Exact, until: Exact, day: date, begins: bool,
    clipped: bool, back: int, month_end: bool,
) -> list[Fields]:
    """The periods of a list, as ``evaluate.exact_lists`` says."""
    if not isinstance(length, Duration):
        raise Open
    first, floor, last = (each if isinstance(each, date) else None for each in (start, since, until))
    if begins and first is None or clipped and floor is None:
        return []
    found = calendar.periods(length, first, floor, last, day, clipped, back, month_end)
    return [{ROW: Fraction(i), **dict(zip(names, days, strict=False))} for i, days in enumerate(found)]


class Places:
    """Where in a list each key stands: whole keys, and beginnings, which end in ``*``."""

    def __init__(self, keys: Sequence[Exact | Undecided]) -> None:
        self.exact: dict[object, int] = {}
        self.spelled: dict[object, int] = {}
        self.beginnings: dict[str, int] = {}
        self.size = self.open = len(keys)  # of those after the first that is not known none is surely the first
        for place, each in enumerate(keys):
            if isinstance(each, Undecided):
                self.open = min(self.open, place)
            elif isinstance(each, str) and each.endswith("*"):
                self.beginnings.setdefault(key(each[:-1]), place)
            else:
                self.exact.setdefault(identity(each), place)
        if self.open == len(keys):  # a text as it is written is found without looking at its width and case
            for place, each in enumerate(keys):
                if isinstance(each, str) and self.exact.get(identity(each)) == place:
                    self.spelled.setdefault(each, place)

    def of(self, wanted: Exact) -> int:
        """The place of a key; -1: there is none."""
        if type(wanted) is str:
            place = self.spelled.get(wanted)
            if place is not None:
                return place
        place = self.exact.get(identity(wanted))
        if place is not None and place < self.open:
            return place
        if self.open < self.size:
            raise Open
        if isinstance(wanted, str) and self.beginnings:
            fitting = [b for b in self.beginnings if key(wanted).startswith(b)]
            if fitting:
                return self.beginnings[max(fitting, key=len)]
        return -1


def places(records: Sequence[Fields], column: str) -> Places:
    """The places of the keys of a ledger."""
    return Places([r.get(column, UNDECIDED) for r in records])


# ---------------------------------------------------------------------------------------------- aggregates
def distinct(values: Sequence[Exact]) -> int:
    return len({identity(v) for v in values})


def only(values: Sequence[Exact]) -> Exact:
    """The one value that all have; of none 无."""
    if any(not identical(v, values[0]) for v in values):
        raise Open
    return values[0] if values else None


def agree(values: Sequence[Exact]) -> Exact:
    """What exceptions say, if they all say the same."""
    if any(not identical(v, values[0]) for v in values):
        raise Open
    return values[0]


def foremost(op: str, kind: Kind, setting: Setting) -> Any:
    """What picks the first or the last of values; of none that is stated 无, of none at all nothing."""
    exact = OPERATORS[op].exact

    def best(values: Sequence[Exact]) -> Exact:
        stated = [v for v in values if v is not None]
        if stated:
            return exact(stated, [kind] * len(stated), setting)
        if values:
            return None
        raise Open

    return best


def summed(kind: Kind, result: Kind, setting: Setting) -> Any:
    """What adds up exact values that are no numbers (lengths of time)."""
    exact = OPERATORS["+"].exact

    def total(values: Sequence[Exact]) -> Exact:
        made = zero(kind)
        for each in values:
            if each is not None:
                made = exact([made, each], [result, kind], setting)
        return made

    return total


WORDS: dict[str, object] = {
    "Open": Open, "FAILS": FAILS, "UNDECIDED": UNDECIDED, "ratio": Fraction, "scaled": scaled, "whole": whole,
    "key": key, "alike": alike, "sooner": sooner, "no_later": no_later, "event": event, "told": told,
    "members": members, "periods": periods, "places": places, "distinct": distinct, "only": only, "agree": agree,
    "is_day": lambda value: isinstance(value, date), "len": len, "range": range, "enumerate": enumerate,
}
