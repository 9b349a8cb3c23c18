"""Numbers that are given a name where they stand, ``800万元（含税）（钻石业绩门槛）``: where such names are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policydsl.clause_kinds import WRITTEN
from policydsl.text.fold import fold, name_key
from policydsl.text.quantities import Reader
from policydsl.text.source import FACT_BLOCKS, Chunk, Source

NAMING = frozenset(WRITTEN)  # blocks whose numbers may be named
_LONGEST = 60  # of a number with its unit
_BRACKETS = re.compile(r"\(\s*([^():=【,、;|]+?)\s*\)")
_STARTS = re.compile(r"[^\s(),、;|:=]")
_NO_NAME = re.compile(r"[+×÷*<>≥≤≠%~\"「」]|(?<![a-z0-9])[-/]|[-/](?![a-z0-9])|^[\d.,%]+$", re.I)


def places(source: Source, chunk: Chunk, reader: Reader) -> Iterator[tuple[int, int]]:
    """Where a name stands in brackets behind a number."""
    if chunk.word not in NAMING | FACT_BLOCKS | {"_AMEND"}:
        return
    for line in chunk.lines:
        field = source.field_at(line.start, line.end)
        if field is not None and field.terminal in ("_NOTE", "_RULING", "_DOUBT"):
            continue
        for m in _BRACKETS.finditer(source.norm, line.start, line.end):
            if any(pattern.match(source.norm, m.start()) for pattern, _ in source.words.bracketed):
                continue
            taxed = _tax_before(source, m.start())
            built_in = name_key(m[1]) in {name_key(word) for word in source.words.builtins}
            if _number_before(source, reader, line.start, taxed) and not (built_in or _NO_NAME.search(m[1])):
                yield m.span(1)


def _tax_before(source: Source, at: int) -> int:
    """Where a number would end that has its tax in brackets before the place."""
    stop = len(source.norm[:at].rstrip())
    for pattern, keyword in source.words.bracketed:
        if keyword.terminal == "TAX":
            for m in pattern.finditer(source.norm, max(0, stop - _LONGEST), stop):
                if m.end() == stop:
                    return m.start()
    return at


def _number_before(source: Source, reader: Reader, start: int, at: int) -> bool:
    """Whether a number ends where the brackets begin."""
    stop = len(source.norm[:at].rstrip())
    return any(
        quantity.end == stop and quantity.terminal != "ORDINAL"
        for m in _STARTS.finditer(source.norm, max(start, stop - _LONGEST), stop)
        for quantity in reader.at(source.text, source.norm, m.start(), stop)
    )


def refused(name: str, source: Source, reader: Reader) -> str | None:
    """The message for what cannot be the name of a number: a unit would be read in two ways, a calculation or a word of
    the language is none."""
    if name_key(name) in {name_key(unit) for unit in reader.measure_words}:
        return "POL150"
    words = source.words
    if name_key(name) in {name_key(word) for word in words.builtins}:
        return "POL148"
    known = any(table.get(name_key(name)) for table in (words.inline_words, words.field_words, words.head_words))
    return "POL148" if known or _NO_NAME.search(fold(name)) else None


__all__ = ["NAMING", "places", "refused"]
