"""What a case of a YAML file expects, read and checked: plain data with the places it was written at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sheet.source import Scalar, Tree
from policydsl.sources import Sources
from policydsl.testing.rules import Reference
from policydsl.testing.tables import Rows


@dataclass(frozen=True, slots=True)
class Words:
    """One of a few words: the key it stands for, and the scalar as written."""

    key: str
    written: Scalar


@dataclass(frozen=True, slots=True)
class MeasureWanted:
    """What a measure has to be; None: not looked at. ``start`` and ``end`` are texts as the sheet would write them."""

    name: str
    at: Span
    status: Words | None = None
    modality: Words | None = None
    start: Scalar | None = None
    end: Scalar | None = None
    afterwards: tuple[Scalar, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a result, a record's instance of it, or a part has to be; None: not looked at.

    ``unknown`` and ``missing``: the facts that would settle it (names of records' fields without their record);
    ``undecided`` only says whether it is unknown. ``not_stated``: the document does not say; no fact would settle it.
    """

    at: Span
    value: Scalar | None = None
    not_stated: Scalar | None = None
    several: tuple[Scalar, ...] | None = None
    one_of: tuple[Scalar, ...] | None = None
    low: Scalar | None = None
    high: Scalar | None = None
    undecided: bool | None = None
    unknown: tuple[Scalar, ...] | None = None
    missing: tuple[Scalar, ...] | None = None
    status: Words | None = None
    holds: Words | None = None
    state: Scalar | None = None
    deemed: Words | None = None
    not_applicable: bool | None = None
    measures: tuple[MeasureWanted, ...] = ()
    records: tuple[tuple[Scalar, Wanted], ...] = ()
    parts: tuple[tuple[Scalar, Wanted], ...] = ()
    barred: Words | None = None
    not_done: Words | None = None

    @property
    def of_measure(self) -> bool:
        return self.barred is not None or self.not_done is not None

    @property
    def of_total(self) -> bool:
        """Whether anything is asked of the result as a whole."""
        return bool(self.measures or self.parts) or any(
            asked is not None for asked in (
                self.value, self.not_stated, self.several, self.one_of, self.low, self.high, self.undecided,
                self.unknown, self.missing, self.status, self.holds, self.state, self.deemed, self.not_applicable,
            )
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """One line of 应得/expect: a result under its declared name, or (``measure``) a measure, or (``fact``) a fact."""

    shown: str
    name: str
    measure: bool
    wanted: Wanted
    fact: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """One case of a file, with what it takes from the sheets it is like."""

    name: str
    at: Span
    sources: Sources
    facts: Tree | None
    population: bool
    as_of: date | None
    settings: Mapping[str, Scalar]
    tables: Mapping[str, Rows]
    expected: tuple[tuple[Scalar | None, tuple[Expected, ...]], ...] = ()
    refused: tuple[Scalar, ...] | None = None
    fired: tuple[Reference, ...] = ()
    not_fired: tuple[Reference, ...] = ()
    missing: tuple[Scalar, ...] | None = None
    status: Words | None = None
    clauses: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()
    why: str = ""
    to_confirm: bool = False
