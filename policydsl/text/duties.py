"""Duties that are only recorded: where the name before the words of one ends, and what it is called without.

Read twice: by the names of a file, which are found before it is parsed, and by the lexer and the builder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from policydsl.text.source import BULLET, Chunk, CodeLine, Source

_CITE = re.compile("【([^】]*)】")
# The first clause, by its number where it has one: BID-05 and 5 are one clause, cited at length and in short.
_FIRST = re.compile(r"(?:[A-Za-z][A-Za-z0-9]*-)?0*([^\s、,，;；0][^\s、,，;；]*)|([^\s、,，;；]+)")


def name_before(source: Source, pos: int, end: int) -> int | None:
    """Where the name ends that stands before a colon and the words of a duty; None where these begin at once. The
    colon of a time of day or an address is none."""
    norm, stop = source.norm, source.name_end(pos, end)
    colon = stop
    while colon < end and norm[colon].isspace():
        colon += 1
    if stop == pos or norm[colon : colon + 1] != ":" or colon >= end or norm.startswith("//", colon + 1):
        return None
    of_day = norm[colon - 1].isdigit() and norm[colon + 1 : colon + 2].isdigit()
    return None if of_day else stop


def called(word: str, cites: Iterable[Sequence[str]]) -> Iterator[str]:
    """The names of the duties of one block that have none of their own: their block word and the first clause that
    each cites, the second of one clause with a number. An empty one for a duty that cites nothing."""
    seen: dict[str, int] = {}
    for texts in cites:
        first = _FIRST.search(texts[0]) if texts else None
        if first is None:
            yield ""
            continue
        number = first[1] or first[2]
        name = f"{word} {number}" if word.isascii() else word + number
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def places(source: Source, chunk: Chunk) -> Iterator[tuple[int, int, bool, str]]:
    """Of each duty of a block: where its name stands, and that it does; or its words, and what it is called."""
    unnamed: list[tuple[int, int]] = []
    cites: list[Sequence[str]] = []
    heading: Sequence[str] = ()
    for number, line in enumerate(chunk.lines):
        pos = _words(source, line, first=number == 0)
        if pos is None:
            continue
        if number == 0 and source.norm[pos : pos + 1] in ("", "【"):
            heading = _cited(source, pos, line.end)
        elif (stop := name_before(source, pos, line.end)) is not None:
            yield pos, stop, True, ""
        else:
            unnamed.append((pos, line.end))
            cites.append(_cited(source, pos, line.end))
    names = called(source.words.canonical["_DUTY"][0], (own or heading for own in cites))
    for (start, end), name in zip(unnamed, names, strict=True):
        yield start, end, False, name


def _words(source: Source, line: CodeLine, *, first: bool) -> int | None:
    """Where the words of a duty, or the citations of the heading, begin; None for any other line."""
    if first:
        found = source.head_at(pos := source.after_decoration(line.start, line.end), line.end)
        pos = found[0] if found else pos
        return pos + len(source.norm[pos : line.end]) - len(source.norm[pos : line.end].lstrip())
    bullet = BULLET.match(source.norm, line.start, line.end)
    return None if bullet is None or source.field_at(bullet.end(), line.end) else bullet.end()


def _cited(source: Source, pos: int, end: int) -> Sequence[str]:
    return [source.text[m.start(1) : m.end(1)].strip() for m in _CITE.finditer(source.norm, pos, end)]


__all__ = ["called", "name_before", "places"]
