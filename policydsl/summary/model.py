"""The summary of a verdict as data: its parts, their lines, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from policydsl.clause_kinds import Part
from policydsl.members import dataclass

Mark = Literal["", "good", "bad", "soon", "open"]


@dataclass(frozen=True, slots=True)
class Room:
    """How much is told one by one before the rest is folded: ``told`` lines of a part, ``open`` lines of what is not
    decided or still to come, ``held`` key results that are a plain yes of some records, ``names`` of results that wait
    for the same, ``lacks`` of what they wait for (none: they are with what is missing, and no record says why it does
    not count), ``wants`` lines of what is missing, ``few`` of names that stand for more. Key results are told in any
    room, and so are four sanctions and last days."""

    told: int = 6
    open: int = 3
    held: int = 8
    names: int = 4
    lacks: int = 4
    wants: int = 5
    few: int = 4


ROOMS = (Room(), Room(4, 2, 2, 3, 2, 4), Room(2, 1, 1, 2, 1, 3), Room(1, 0, 1, 2, 0, 2),
         Room(1, 0, 1, 1, 0, 2, 2))  # from the roomiest to the tightest


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, what that comes to, and the clauses; ``columns`` further figures beside it, ``below``
    what it is made of. ``results``: the names of the results that it tells. ``value``: the value in the text.
    ``reckoned``: how its day is reckoned; ``briefly``: without what the calendar makes of it."""

    name: str
    text: str
    mark: Mark = ""
    clauses: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    below: tuple[Line, ...] = ()
    results: tuple[str, ...] = ()
    value: str = ""
    day: date | None = None
    reckoned: str = ""
    briefly: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One part of the summary."""

    part: Part
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """Something that is missing: what, what it decides, who can give it (``partner author issuer everyone``); ``fact``
    is what, without the records that it is of."""

    what: str
    effect: str
    who: str
    clauses: tuple[str, ...]
    parameter: bool = False
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """``rest``: how many results are told by nothing of it; ``placed``: the part of each result that has one."""

    parts: tuple[Told, ...]
    wants: tuple[Want, ...]
    away: tuple[str, ...]
    rest: int
    placed: Mapping[str, Part]
