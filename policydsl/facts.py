"""What is known of a party: the facts of one sheet, already read and typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from policydsl.kinds import Exact
from policydsl.members import guarded
from policydsl.place import NOWHERE, Span

# What a program may give in place of a sheet; a float is not the number that was meant.
Plain = bool | int | str | Decimal | Fraction | date | None | Sequence["Plain"] | Mapping[str, "Plain"]


@guarded(frozen=True, slots=True)
class Record:
    """One row of a ledger: its key (as shown in the trace), the values given, and its place."""

    key: str
    values: Mapping[str, Exact]
    at: Span = NOWHERE


@guarded(frozen=True, slots=True)
class Sheet:
    """The facts of one party.

    ``values``: declared name -> value; a fact stated as 无 is None, an absent one has no entry. ``lists``: ledger ->
    rows; an absent ledger has no entry. ``as_of``: the sheet's own evaluation date, if it gives one. ``everyone``: it
    stands in a list of all parties, be it of one. ``remarks``: what the verdict has to say of how it was read.
    ``named``: whether ``name`` is what the sheet says; else it only serves to tell parties apart, and decides nothing.
    """

    name: str
    as_of: date | None = None
    values: Mapping[str, Exact] = field(default_factory=dict)
    lists: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    everyone: bool = False
    remarks: tuple[str, ...] = ()
    named: bool = True
