"""Exact values as a table shows them: numbers as numbers, with the unit in the header or in words."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from policydsl.core import Program
from policydsl.domain import Possible
from policydsl.kinds import Duration, Exact, Kind
from policydsl.population.book import Value
from policydsl.render.values import Writer, decimal_text, places_of

_NUMBERS = ("money", "percent", "count", "points", "number", "ordinal")


def shown(value: Exact, kind: Kind, program: Program, style: str = "", writer: Writer | None = None) -> Value:
    """One exact value: amounts in the unit of the currency, percentages as such, days as days; else in words. A number
    that has no finite decimal is told in words."""
    writer = writer or Writer.of(program.header)
    text = writer.exact(value, kind)
    if isinstance(value, Fraction) and kind.base in _NUMBERS:
        places = places_of(value)
        if places is None or places > 12:
            return Value(text, style=style)
        form = kind.base if kind.base != "ordinal" else "count"
        return Value(text, decimal_text(value, places), form, style)
    if isinstance(value, Duration) and places_of(value.value) is not None:
        return Value(text, decimal_text(value.value, places_of(value.value) or 0), "number", style)
    if isinstance(value, date):
        form = "instant" if isinstance(value, datetime) else "date"
        plain = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        return Value(text, plain.isoformat(), form, style)
    return Value(text, style=style)


def possible(value: Possible, kind: Kind, program: Program, style: str = "", writer: Writer | None = None) -> Value:
    """What a value may be: as a number where it is one, else in words."""
    if value.known:
        return shown(value.value, kind, program, style, writer)
    return Value((writer or Writer.of(program.header)).possible(value, kind), style=style)
