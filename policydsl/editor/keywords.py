"""What a keyword means, in one line: for the hover and beside a proposal."""

from __future__ import annotations

from policydsl.diagnostics import Language
from policydsl.say import names_of, say, word


def meaning(terminal: str, value: str | None, lang: Language) -> str | None:
    """One line about a keyword, or None for mere punctuation."""
    for name in (f"{terminal}:{value}", terminal):
        if name in names_of("keyword"):
            return word("keyword", name, lang)
    if terminal == "TYPE" or terminal.startswith("_T_"):
        return say("keyword.kind", lang)
    return say("keyword.state", lang) if terminal == "STATUS" else None
