"""JSON text with exact numbers, the same bytes everywhere: keys in the order given, short containers on one line."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from functools import lru_cache

from policydsl.members import dataclass
from policydsl.render.values import decimal_text, places_of

_FITS = 110
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal, already exact."""

    literal: str


Json = None | bool | int | str | Number | list["Json"] | dict[str, "Json"]


def number(value: Fraction, places: int) -> Json:
    """A finite decimal as a literal; what does not end as its fraction and a display of it, rounded to ``places``."""
    exact = places_of(value)
    if exact is not None:
        return Number(decimal_text(value, exact))
    return {"fraction": f"{value.numerator}/{value.denominator}", "display": decimal_text(value, places)}


def encode(value: Json, indent: int = 0) -> str:
    """The JSON text of a value."""
    if not isinstance(value, list | dict) or 3 * len(value) <= _FITS:  # what is longer never fits
        flat = _flat(value)
        if not isinstance(value, list | dict) or not value or len(flat) + indent <= _FITS:
            return flat
    pad, close = " " * (indent + 2), " " * indent
    if isinstance(value, list):
        rows = ",\n".join(pad + encode(item, indent + 2) for item in value)
        return f"[\n{rows}\n{close}]"
    rows = ",\n".join(f"{pad}{_string(key)}: {encode(item, indent + 2)}" for key, item in value.items())
    return f"{{\n{rows}\n{close}}}"


def _flat(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _string(value)
        case Number():
            return value.literal
        case list():
            return "[" + ", ".join(_flat(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{_string(key)}: {_flat(item)}" for key, item in value.items()) + "}"


@lru_cache(maxsize=16_384)
def _string(text: str) -> str:
    """A string literal; half a surrogate pair is escaped, everything else stays readable."""
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(text, ensure_ascii=False))
