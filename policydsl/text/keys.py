"""The key of a row that stands for several: listed (``神码、元亿``), or by how they begin (``FP＋数字``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policydsl.text.fold import fold
from policydsl.text.keywords import Dialect

_QUOTES = ("“", '"', "「", "『")


def listed(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Where each of the items of a list stands; what is quoted is one."""
    end = len(text) if end is None else end
    if text[start:end].lstrip().startswith(_QUOTES):
        yield start, end
        return
    for found in re.finditer(r"[^、;；]+", text[start:end]):
        first, last = start + found.start(), start + found.end()
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            yield first, last


def family(text: str, words: Dialect) -> str | None:
    """The beginning, of what stands for all that begin with it and a digit."""
    found = re.fullmatch(rf"(.*[^\s+])\s*\+\s*(?:{'|'.join(words.digits)})", fold(text).strip(), re.IGNORECASE)
    return text.strip()[: found.end(1)] if found else None


def members(text: str, words: Dialect) -> Iterator[str]:
    """The keys of one item: itself, or those with each digit behind the beginning."""
    begins = family(text, words)
    if begins is None:
        yield text
    else:
        yield from (f"{begins}{digit}*" for digit in range(10))


__all__ = ["family", "listed", "members"]
