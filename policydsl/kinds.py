"""Kinds of values and the exact values themselves. No float exists here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

Base = Literal[
    "yesno", "number", "percent", "money", "count", "points", "duration", "date", "instant", "period", "ordinal",
    "text", "choice", "choices", "any",
]
NUMERIC: frozenset[str] = frozenset({"number", "percent", "money", "count", "points", "ordinal"})
DATED: frozenset[str] = frozenset({"date", "instant"})


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a value.

    ``unit``: measure word of a count, or unit code of a duration (``D WD W M Q Y H MIN SEC``), or grain of a period
    (``month quarter year fiscal_year``); None when open.
    ``tax``: ``incl``/``excl`` of money, None when not stated.
    ``options``: the values of a choice, weakest first when ``ordered``; ``open``: unlisted values are accepted.
    """

    base: Base
    unit: str | None = None
    tax: str | None = None
    options: tuple[str, ...] = ()
    ordered: bool = False
    open: bool = False

    @property
    def numeric(self) -> bool:
        return self.base in NUMERIC


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
class Duration:
    """``value`` units; ``unit`` is one of ``D WD W M Q Y H MIN SEC``."""

    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month, quarter, year or fiscal year, with its first and last day (both included)."""

    grain: str
    year: int
    number: int
    first: date
    last: date


class Unlimited:
    """不限: an empty cell of a table. Every comparison with it holds; as a condition it is left out."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNLIMITED"


UNLIMITED = Unlimited()

# One exact value. None is 无: stated not to exist. A choice is a str; several choices are a tuple of str.
Exact = bool | Fraction | Duration | date | datetime | Period | str | tuple[str, ...] | Unlimited | None


def text_key(text: str) -> str:
    """Identity of a text: width and letter case do not matter."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
