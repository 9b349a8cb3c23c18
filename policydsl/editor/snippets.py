"""Blocks to start from, as a proposal at the beginning of a line. Each is a whole block of the smallest useful form;
its places (``${1:…}``) are stepped through with the tab key. The block word is the first of the keyword table."""

from __future__ import annotations

import re

from policydsl.diagnostics import Language
from policydsl.say import names_of, word

_PLACE = re.compile(r"\$\{\d+:([^}]*)\}")


def snippet(terminal: str, lang: Language) -> str | None:
    """What to put behind the block word; None for blocks that are only one line."""
    return word("snippet", terminal, lang) if terminal in names_of("snippet") else None


def flat(text: str) -> str:
    """The same without places to step through."""
    return _PLACE.sub(r"\1", text)
