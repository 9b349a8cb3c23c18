"""What is generated: a limit of a rule, the values around it, and the cases made for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from policydsl.facts import Sheet
from policydsl.kinds import Exact, Kind
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.verdict import ResultValue

Side = Literal["below", "at", "above"]
Varied = Literal["fact", "field", "records", "day"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that a rule compares something with, and the values just below, at and just above it.

    ``varied``: what is set to those values: a fact, a ``field`` of one record of ``list``, the number of ``records`` of
    ``list``, or the evaluation ``day``. ``alone``: the field itself is compared, not an aggregate of it.
    """

    varied: Varied
    list: str
    name: str
    kind: Kind
    limit: Exact
    values: tuple[tuple[Side, Exact], ...]
    rule: str
    clauses: tuple[str, ...]
    at: Span
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """One generated case: a sheet that makes ``rule`` depend on the limit, and what the engine says of it."""

    name: str
    limit: Limit
    side: Side
    value: Exact
    sheet: Sheet
    settings: Mapping[str, Exact]
    day: date
    outcome: ResultValue


@dataclass(frozen=True, slots=True)
class Generated:
    """The cases made; how many values an existing test covers already; the limits for which no sheet was found."""

    made: tuple[Made, ...]
    covered: int
    unfound: tuple[Limit, ...]
