"""The finitely many parts of what is possible, cut at the values with which it is compared."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from policydsl.calendar import FAMILY, measure
from policydsl.domain import (
    Possible, ahead, before, both_ways, clocked, identical, line_key, point, same, written_first,
)
from policydsl.kinds import Duration, Exact, Kind
from policydsl.members import replace
from policydsl.text_sets import Texts, parted

FEW = 8  # values that are tried one by one, whatever they are compared with
MOST_OPTIONS = 4  # of several choices: in every order there are 65 selections of them, of five 326


class Cut(NamedTuple):
    """Where what is possible is cut: before a value, or after it; of texts, those alike to it, or those that begin
    with it, are apart."""

    value: Exact
    after: bool
    begins: bool = False


BEFORE, AFTER = (False,), (True,)
BEGINS = "begins"  # how a text meets a key of a table that ends in *
CUTS = {">=": BEFORE, "<": BEFORE, ">": AFTER, "<=": AFTER}


def cuts(value: Exact, op: str) -> list[Cut]:
    """Where a comparison with a value changes its answer."""
    if op == BEGINS:
        return [Cut(value, True, True)]
    return [Cut(value, after) for after in CUTS.get(op, (False, True))]


def cells(p: Possible, kind: Kind, found: Iterable[Cut], day: date | None = None) -> list[Possible]:
    """What is possible, in parts: each of a few values alone, 无 apart, and what lies between the cuts. The lowest and
    the highest come first: they are most likely to come out differently. ``day``: it is an event, and of what lies
    after that day it is not known what it is."""
    if p.values is not None:
        if len(p.values) <= FEW or not _ordered(kind):
            return [replace(p, values=(v,), needs=frozenset(), reasons=frozenset(), notes=frozenset(), hull=False)
                    for v in p.values]
        groups: dict[tuple[bool, ...], list[Exact]] = {}
        fitting = [cut for cut in found if _fits(cut.value, kind)]
        for v in p.values:
            groups.setdefault((v is None, *(v is not None and _beyond(v, cut) for cut in fitting)), []).append(v)
        return _outermost_first([replace(p, values=tuple(g)) if len(g) > 1 else point(g[0]) for g in groups.values()])
    nothing = [] if not p.none else [point(None) if day is None else _after(p, day, kind)]
    something = replace(p, none=False)
    if kind.base in ("text", "choice"):
        return [*nothing, *_texts(something, found)]
    if kind.base == "choices":
        return [*nothing, *_selections(something, kind, found)]
    if not _ordered(kind):
        return [*nothing, something]
    return [*nothing, *_outermost_first(_between(something, kind, found))]


def _texts(p: Possible, found: Iterable[Cut]) -> list[Possible]:
    """The parts of all texts: what is alike to each that they meet, or begins as it does, and the rest."""
    met = [(cut.value, cut.begins) for cut in sorted(found, key=str) if isinstance(cut.value, str)]
    parts = parted(p.texts or Texts(), (v for v, begins in met if not begins), (v for v, begins in met if begins))
    return [replace(p, texts=part) for part in parts] if len(parts) > 1 else [p]


def _selections(p: Possible, kind: Kind, found: Iterable[Cut]) -> list[Possible]:
    """The parts of all selections of several choices, in every order: those that have the same of the options that are
    asked for."""
    options = kind.options
    if kind.open or not 0 < len(options) <= MOST_OPTIONS:
        return [p]
    met = sorted({cut.value for cut in found if isinstance(cut.value, str)})
    groups: dict[tuple[bool, ...], list[Exact]] = {}
    for size in range(len(options) + 1):
        for chosen in itertools.permutations(options, size):
            groups.setdefault(tuple(option in chosen for option in met), []).append(chosen)
    return [replace(p, values=tuple(group)) if len(group) > 1 else point(group[0]) for group in groups.values()]


def _ordered(kind: Kind) -> bool:
    """Whether any two values of a kind are one before the other (two lengths of time only if their units agree)."""
    return kind.numeric or kind.base in ("date", "instant") or kind.base == "duration" and kind.unit is not None


def _fits(value: Exact, kind: Kind) -> bool:
    match value:
        case Duration():
            return kind.base == "duration" and kind.unit is not None and measure(value)[0] == FAMILY[kind.unit][0]
        case date():
            return kind.base in ("date", "instant")
        case Fraction():
            return kind.numeric
        case _:
            return False


def _beyond(value: Exact, cut: Cut) -> bool:
    """Whether a value lies behind a cut."""
    return before(cut.value, value) or not cut.after and same(cut.value, value)


def _between(p: Possible, kind: Kind, found: Iterable[Cut]) -> list[Possible]:
    """The parts of an interval."""
    cuts_ = {_around(cut, kind) for cut in found if _fits(cut.value, kind)}
    out: list[Possible | None] = []
    rest = p
    for (below, below_open), (above, above_open) in sorted(cuts_, key=_place):
        low, low_open, high, high_open = rest.low, rest.low_open, rest.high, rest.high_open
        if low is not None and not _reaches((low, low_open), (below, below_open)):
            continue
        if high is not None and not _reaches((above, above_open), (high, high_open)):
            break
        out.append(_part(replace(rest, high=below, high_open=below_open), kind))
        rest = replace(rest, low=above, low_open=above_open)
    out.append(_part(rest, kind))
    return [part for part in out if part is not None]


End = tuple[Exact, bool]


def _reaches(low: End, high: End) -> bool:
    """Whether there is something from one end up to the other."""
    if written_first(low[0], high[0]):
        return True
    return not written_first(high[0], low[0]) and not low[1] and not high[1]


def _around(cut: Cut, kind: Kind) -> tuple[End, End]:
    """What lies below a cut ends so, and what lies above it begins so. Among instants a day is cut off with all its
    hours; by the clock midnight is one moment, though it is written as 24:00 of a day or as 0:00 of the next."""
    value = cut.value
    if kind.base == "date" and isinstance(value, datetime):
        value = value.date()
    if kind.base != "instant":
        return (value, not cut.after), (value, cut.after)
    if isinstance(value, date) and not isinstance(value, datetime):
        last = value if cut.after else value - timedelta(days=1) if value > date.min else value
        first = last + timedelta(days=1) if last < date.max else last
        return (clocked(last, True), False), (clocked(first, False), False)
    outer = both_ways(value, False, cut.after)
    return (outer, not cut.after), (outer, cut.after)


def _place(cut: tuple[End, End]) -> tuple[object, ...]:
    (value, is_open), _ = cut
    if isinstance(value, Duration):
        return (measure(value)[1], not is_open)
    if isinstance(value, datetime):
        return (value, not is_open)
    return (line_key(value), not is_open)


def _part(p: Possible, kind: Kind) -> Possible | None:
    """A part, its ends days that are in it, and one value where both are that one; None where there is no day in it."""
    low, high = p.low, p.high
    if kind.base == "date":
        if p.low_open and isinstance(low, date) and low < date.max:
            low = low + timedelta(days=1)
            p = replace(p, low=low, low_open=False)
        if p.high_open and isinstance(high, date) and high > date.min:
            high = high - timedelta(days=1)
            p = replace(p, high=high, high_open=False)
        if low is not None and high is not None and before(high, low):
            return None
    closed = low is not None and high is not None and not p.low_open and not p.high_open
    return Possible((low,), deemed=p.deemed) if closed and identical(low, high) else p


def _outermost_first(parts: list[Possible]) -> list[Possible]:
    return [parts[0], *parts[:0:-1]] if parts else []


def _after(p: Possible, day: date, kind: Kind) -> Possible:
    """What lies after a day."""
    _, (low, low_open) = _around(Cut(day, True), kind)
    return replace(p, low=low, low_open=low_open, high=None)


def seen(value: Possible, day: date, kind: Kind) -> Possible:
    """What is supposed of the day of an event, seen on a day: what lies after it has not happened yet, and is 无."""
    if value.values is not None:
        values = tuple(dict.fromkeys(None if ahead(v, day) else v for v in value.values))
        if len(values) == 1:
            return point(values[0])
        return replace(value, values=values)
    last, _ = _around(Cut(day, True), kind)
    if value.low is not None and not _reaches((value.low, value.low_open), last):
        return point(None)
    if value.high is None or ahead(value.high, day):
        return replace(value, high=last[0], high_open=last[1], none=True)
    return value


__all__ = ["BEGINS", "Cut", "cells", "cuts", "seen"]
