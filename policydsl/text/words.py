"""Longest match of many words at one place, in time that grows with the match and not with the number of words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from policydsl.text.fold import at_border, boundary

T = TypeVar("T")
_HERE = ""


class Words(Generic[T]):
    """A trie over folded lower-case words. A blank of a word matches any run of blanks, and blanks between Chinese and
    Latin characters of the text are passed over."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self.steps = 0

    def add(self, key: str, value: T) -> None:
        """Give the word a value; a second value for the same word replaces the first."""
        node = self._root
        for char in key:
            node = node.setdefault(char, {})
        node[_HERE] = value

    def get(self, key: str) -> T | None:
        node: dict[str, Any] | None = self._root
        for char in key:
            if node is None:
                return None
            node = node.get(char)
        if node is None:
            return None
        found: T | None = node.get(_HERE)
        return found

    def matches(self, low: str, pos: int, end: int) -> Iterator[tuple[int, T]]:
        """(end of the match, value), shortest first, of every word that stands at ``pos``."""
        node, i = self._root, pos
        while i < end:
            char = low[i]
            below = node.get(char)
            if below is None and char.isspace():
                if (below := node.get(" ")) is None:
                    after = low[i + 1] if i + 1 < end else " "
                    if i == pos or not at_border(low[i - 1], after):
                        return
                    below = node
                else:
                    while i + 1 < end and low[i + 1].isspace():
                        i += 1
            if below is None:
                return
            i += 1
            self.steps += 1
            if below is not node and _HERE in below and boundary(low, pos, i):
                yield i, below[_HERE]
            node = below

    def longest(self, low: str, pos: int, end: int) -> tuple[int, T] | None:
        """The longest word at ``pos``."""
        best = None
        for found in self.matches(low, pos, end):
            best = found
        return best
