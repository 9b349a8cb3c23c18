"""Kinds of values and the exact values themselves. No float exists here."""

from __future__ import annotations

import unicodedata
from dataclasses import field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, NamedTuple

from policydsl.members import dataclass

Base = Literal[
    "yesno", "number", "percent", "money", "count", "points", "duration", "date", "instant", "period", "ordinal",
    "text", "choice", "choices", "any",
]
NUMERIC: frozenset[str] = frozenset({"number", "percent", "money", "count", "points", "ordinal"})
DATED: frozenset[str] = frozenset({"date", "instant"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of options that something declares. Two are one choice if they have one name and one owner; what they
    contain says nothing about that.

    ``name``: of the fact, field, column, parameter or block that declares it; ``owner``: the ledger or table whose
    field or column that is, the block whose states they are, else empty.
    ``options``: weakest first when ``ordered``; ``open``: unlisted values are accepted; ``spellings``: (other spelling
    on fact sheets, option).
    """

    name: str
    options: tuple[str, ...] = field(compare=False)
    ordered: bool = field(default=False, compare=False)
    open: bool = field(default=False, compare=False)
    spellings: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a value.

    ``unit``: measure word of a count, or unit code of a duration (``D WD W M Q Y H MIN SEC``), or grain of a period
    (``GRAINS``); None when open.
    ``tax``: ``incl``/``excl`` of money, None when not stated. ``currency``: the code of that of money, None of the
    policy's own.
    ``choice``: what a choice, or each of several choices, is one of; None of a literal that nothing has placed yet, and
    of keys of a table.
    """

    base: Base
    unit: str | None = None
    tax: str | None = None
    choice: Choice | None = None
    currency: str | None = None

    @property
    def numeric(self) -> bool:
        return self.base in NUMERIC

    @property
    def options(self) -> tuple[str, ...]:
        return self.choice.options if self.choice is not None else ()

    @property
    def ordered(self) -> bool:
        return self.choice is not None and self.choice.ordered

    @property
    def open(self) -> bool:
        return self.choice is not None and self.choice.open

    @property
    def spellings(self) -> tuple[tuple[str, str], ...]:
        return self.choice.spellings if self.choice is not None else ()

    @property
    def element(self) -> Kind:
        """The kind of one of several choices; of anything else the kind itself."""
        return Kind("choice", choice=self.choice) if self.base == "choices" else self


YESNO = Kind("yesno")
NUMBER = Kind("number")
PERCENT = Kind("percent")
MONEY = Kind("money")
POINTS = Kind("points")
DATE = Kind("date")
INSTANT = Kind("instant")
PERIOD = Kind("period")
TEXT = Kind("text")
DAYS = Kind("duration", unit="D")
ANY_KIND = Kind("any")


@dataclass(frozen=True, slots=True)
class Slot:
    """What one place of the language takes: a value of one of these kinds.

    ``tax``: the mark that an amount must not contradict there. ``ordered``: of choices only those with an order.
    ``share``: a percent of more than the whole is remarked on. ``name``: the word of the catalogue for many kinds.
    ``hint``: for a base that is given instead, further advice of the catalogue. ``words``: the texts of which one has
    to stand there.
    """

    bases: tuple[Base, ...]
    tax: str | None = None
    ordered: bool = False
    share: bool = False
    name: str = ""
    hint: tuple[tuple[Base, str], ...] = ()
    words: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The kinds as one neutral word; the catalogue words it."""
        marked = f"money({self.tax})" if self.tax else "money"
        return self.name or "|".join(marked if base == "money" else base for base in self.bases)


@dataclass(frozen=True, slots=True)
class Duration:
    """``value`` units; ``unit`` is one of ``D WD W M Q Y H MIN SEC``."""

    value: Fraction
    unit: str


# How many of a grain of periods a year has: of the calendar, and of the fiscal year.
GRAINS = {
    "month": 12, "quarter": 4, "half": 2, "year": 1, "fiscal_quarter": 4, "fiscal_half": 2, "fiscal_year": 1,
}


class Fiscal(NamedTuple):
    """How fiscal years run: from a day of each year, or by the first days of their quarters as they are listed, four a
    year (the last listed day only ends the quarter before). A year is named by the calendar year in which it ends, or
    (``by_first``) begins."""

    start: tuple[int, int] | None
    by_first: bool = False
    listed: tuple[date, ...] = ()

    @property
    def ahead(self) -> int:
        """How many years the name of a year is ahead of the one in which its day lies."""
        return 0 if self.by_first or self.start == (1, 1) else 1


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a grain with its first and last day, both included. ``number``: which of its year, 0 of a year."""

    grain: str
    year: int
    number: int
    first: date
    last: date


# One exact value. None is 无: stated not to exist. A choice is a str; several choices are a tuple of str.
Exact = bool | Fraction | Duration | date | datetime | Period | str | tuple[str, ...] | None


def text_key(text: str) -> str:
    """Identity of a text: width and letter case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
