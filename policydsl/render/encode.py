"""JSON text with exact numbers, the same bytes everywhere: keys in the order given, short containers on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

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


@lru_cache(maxsize=16_384)
def _string(text: str) -> str:
    """A string literal; half a surrogate pair is escaped, everything else stays readable."""
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(text, ensure_ascii=False))


# What stands for itself, by its class.
_PLAIN: dict[type[object], Callable[[Any], str]] = {
    str: _string, type(None): lambda _: "null", bool: lambda value: "true" if value else "false", int: str,
    Number: lambda value: value.literal,
}


def encode(value: Json, indent: int = 0) -> str:
    """The JSON text of a value. A container stands on one line if it fits in one; what is inside is written once: where
    it needs several lines, so does what it stands in."""
    inner, plain = indent + 2, _PLAIN.get
    if isinstance(value, dict):
        first, last = "{", "}"
        parts = [
            f"{_string(key)}: {write(item) if (write := plain(type(item))) is not None else encode(item, inner)}"
            for key, item in value.items()
        ]
    elif isinstance(value, list):
        first, last = "[", "]"
        parts = [
            write(item) if (write := plain(type(item))) is not None else encode(item, inner) for item in value
        ]
    else:
        return _PLAIN[type(value)](value)
    line = ", ".join(parts)
    if not line or len(line) + indent <= _FITS - 2 and "\n" not in line:  # a text has none: it is escaped there
        return f"{first}{line}{last}"
    pad = "\n" + " " * inner
    return f"{first}{pad}{f',{pad}'.join(parts)}\n{' ' * indent}{last}"
