"""A text as the editor counts it. Editors count UTF-16 units and break lines at three characters; the language counts
characters and breaks at more. This is the one place where the two meet."""

from __future__ import annotations

import re
from bisect import bisect_right

from lsprotocol import types as t

from policydsl.place import Span
from policydsl.text.source import BREAK

_EDITOR_BREAK = re.compile("\r\n|[\r\n]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}


class Buffer:
    """Offsets are into the author's text, as it is; ``encoding`` is the unit that the editor has agreed to."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text, self.encoding = text, encoding
        self._starts = [0, *(m.end() for m in _EDITOR_BREAK.finditer(text))]
        self._own = [0, *(m.end() for m in BREAK.finditer(text))]
        self._ascii = text.isascii()

    def _units(self, text: str) -> int:
        if self._ascii or self.encoding not in _BYTES:
            return len(text)
        codec, size = _BYTES[self.encoding]
        return len(text.encode(codec, "surrogatepass")) // size

    # ------------------------------------------------------------------------------------------ the editor's places
    def line_end(self, offset: int) -> int:
        """Where the editor's line ends that holds the offset, without its break."""
        found = _EDITOR_BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    def line_start(self, offset: int) -> int:
        return self._starts[bisect_right(self._starts, offset) - 1]

    def position(self, offset: int) -> t.Position:
        """The editor's place of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return t.Position(line, self._units(self.text[self._starts[line] : offset]))

    def offset(self, position: t.Position) -> int:
        """The offset of an editor's place; one that lies outside the text is moved to the nearest place inside."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[position.line]
        end = self.line_end(start)
        left = position.character
        if self._ascii or (self.encoding == "utf-16" and not _ASTRAL.search(self.text, start, end)):
            return min(start + left, end)
        for at in range(start, end):
            if left <= 0:
                return at
            left -= self._units(self.text[at])
        return end

    def range(self, start: int, end: int) -> t.Range:
        return t.Range(self.position(start), self.position(end))

    # ------------------------------------------------------------------------------------------ the language's places
    def offset_of(self, line: int, column: int) -> int:
        """The offset of a place of the language (1-based, in characters)."""
        if line < 1:
            return 0
        if line > len(self._own):
            return len(self.text)
        end = self._own[line] if line < len(self._own) else len(self.text)
        return min(self._own[line - 1] + column - 1, end)

    def place(self, offset: int) -> tuple[int, int]:
        """The place of an offset: the inverse of ``offset_of``."""
        line = bisect_right(self._own, offset)
        return line, offset - self._own[line - 1] + 1

    def span(self, span: Span) -> tuple[int, int]:
        """Start and end of a span."""
        start = self.offset_of(span.line, span.column)
        return start, max(start, self.offset_of(span.end_line, span.end_column))

    def whole(self) -> t.Range:
        return self.range(0, len(self.text))
