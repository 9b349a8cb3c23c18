"""Which cases are meant: ``甲``, ``甲 or 乙``, ``甲 and not (乙 or 丙)``; a word is a part of the name or the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from policydsl.testing.case import Case
from policydsl.text.fold import name_key

Matcher = Callable[[str], bool]
_TOKENS = re.compile(r"[()]|[^\s()]+")


def matcher(words: str) -> Matcher:
    """Whether a text is meant. Raises ValueError for a filter that cannot be read."""
    reader = _Reader(_TOKENS.findall(words))
    found = reader.either()
    if reader.tokens:
        raise ValueError(words)
    return lambda text: found(name_key(text))


def selected(cases: Collection[Case], words: str) -> list[Case]:
    """The cases that a filter lets through. Raises ValueError for a filter that cannot be read."""
    matches = matcher(words)
    return [case for case in cases if matches(f"{case.at.file} {case.name}")]


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def take(self, *words: str) -> bool:
        if self.tokens and self.tokens[0].lower() in words:
            self.tokens.pop(0)
            return True
        return False

    def either(self) -> Matcher:
        parts = [self.both()]
        while self.take("or", "或"):
            parts.append(self.both())
        return lambda text: any(part(text) for part in parts)

    def both(self) -> Matcher:
        parts = [self.one()]
        while self.take("and", "且"):
            parts.append(self.one())
        return lambda text: all(part(text) for part in parts)

    def one(self) -> Matcher:
        if self.take("not", "非"):
            inner = self.one()
            return lambda text: not inner(text)
        if self.take("("):
            inner = self.either()
            if not self.take(")"):
                raise ValueError("(")
            return inner
        words = []
        while self.tokens and self.tokens[0].lower() not in ("(", ")", "and", "or", "not", "且", "或", "非"):
            words.append(self.tokens.pop(0))
        if not words:
            raise ValueError("")
        phrase = name_key(" ".join(words))
        return lambda text: phrase in text
