"""Values that a case expects: how they may be written, whether they are what came out, and how to write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from policydsl.calendar import instant_text
from policydsl.core import InputDecl
from policydsl.domain import Possible, sorted_values
from policydsl.kinds import Duration, Exact, Kind, Period
from policydsl.place import NOWHERE
from policydsl.render.values import decimal_text, places_of
from policydsl.sheet.refused import Refused
from policydsl.sheet.source import Scalar
from policydsl.sheet.values import Context, read_value

NOTHING = ("none", "无")


def declaration(kind: Kind, name: str = "") -> InputDecl:
    """A value of that kind as a sheet would declare it: what a sheet may write, a case may expect."""
    return InputDecl(name, None, kind, NOWHERE, optional=True)


def readable(wanted: Scalar, kind: Kind, context: Context, name: str) -> None:
    """Raises Refused when the text can be no value of the kind."""
    if not _plainly(wanted.text, kind):
        read_value(wanted.text, declaration(kind, name), context)


def _plainly(text: str, kind: Kind) -> bool:
    """Written in the plain notation: numbers, true and false, none, ``3 D``, ``2024-01-01..2024-03-31``."""
    if text in NOTHING or kind.base == "any":
        return True
    match kind.base:
        case "yesno":
            return text in ("true", "false")
        case "duration":
            number, _, unit = text.partition(" ")
            return _number(number) is not None and unit in ("D", "WD", "W", "M", "Q", "Y", "H", "MIN", "SEC")
        case "period":
            return ".." in text
        case _:
            return kind.numeric and _number(text) is not None


def _number(text: str) -> Fraction | None:
    part = text.removesuffix("%")
    try:
        return Fraction(part) / 100 if text.endswith("%") else Fraction(part)
    except (ValueError, ZeroDivisionError):
        return None


def same(value: Exact, text: str, kind: Kind, context: Context) -> bool:
    """Whether the value is the one written: in the plain notation, else as a fact sheet would write it."""
    match value:
        case bool() if text in ("true", "false"):
            return text == str(value).lower()
        case Fraction() if (number := _number(text)) is not None:
            return value == number
        case None:
            return text in NOTHING
        case Duration() if text == f"{value.value} {value.unit}":
            return True
        case Period() if ".." in text:
            return text == f"{value.first}..{value.last}"
        case str() | date() if str(value) == text:
            return True
        case _:
            pass
    if text in NOTHING:
        return False
    try:
        read = read_value(text, declaration(kind), context)
    except Refused:
        return False
    return type(read) is type(value) and read == value


def all_of(found: Possible, wanted: Sequence[str], kind: Kind, context: Context) -> bool:
    """Whether exactly the written values are possible."""
    values = found.values or ()
    return len(values) == len(wanted) and all(any(same(v, w, kind, context) for v in values) for w in wanted)


def end_is(found: Possible, which: int, wanted: Scalar, kind: Kind, context: Context) -> bool:
    """Whether what is possible ends there (0: below, 1: above)."""
    end: Exact = (found.low, found.high)[which]
    if found.values is not None:
        ordered = sorted_values([v for v in found.values if v is not None])
        if not ordered:
            return wanted.empty
        end = ordered[-which]
    return end is None if wanted.empty else same(end, wanted.text, kind, context)


# ---------------------------------------------------------------------------------------------- writing
def written(value: Exact, instead: str) -> str | None:
    """The value as a case writes it, in the manner of the text it stands ``instead`` of; None: there is no such way."""
    match value:
        case bool():
            if instead in ("是", "否", "yes", "no"):
                return {"是": "是否", "否": "是否"}.get(instead, ("yes", "no"))[0 if value else 1]
            return str(value).lower()
        case None:
            return "无" if instead and not instead.isascii() else "none"
        case Fraction():
            if instead.endswith("%"):
                return f"{_exact(value * 100)}%"
            return _exact(value)
        case Duration():
            return f"{_exact(value.value)} {value.unit}"
        case Period():
            return f"{value.first}..{value.last}"
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case str():
            return value
        case _:
            return None


def _exact(value: Fraction) -> str:
    """A finite decimal, else a fraction."""
    places = places_of(value)
    return f"{value.numerator}/{value.denominator}" if places is None else decimal_text(value, places)
