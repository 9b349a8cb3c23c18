"""The keyword table of one dialect, ready for matching."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from policydsl.clause_kinds import WRITTEN
from policydsl.diagnostics import LANGUAGES, Language
from policydsl.text.fold import fold, is_cjk, lower, name_key
from policydsl.text.tables import load
from policydsl.text.words import Words

DIALECTS = LANGUAGES


class Keyword(NamedTuple):
    """One spelling: the terminal it stands for, the neutral value it carries, and for a block word whether it may
    stand alone."""

    spelling: str
    terminal: str
    value: str | None
    bare: bool


Table = Words[tuple[Keyword, ...]]

TYPE_WORDS = frozenset({"TYPE", "_T_MONEY", "_T_COUNT", "_T_CHOICE", "_T_MULTI"})
# Words that may follow a name directly: an unknown word ends before one of them.
FOLLOW = frozenset(
    "CMP EQ BESIDE _AND _OR _IN _NOTIN _OF _PROVIDED _MISSING _OVERDUE _DURING _WITHINOF _AFTER _BEFORE _TO _ORMORE "
    "_ORLESS _TIMES _DIV _THEN _ONWARD _WITHIN _FALLSIN _HAS _INORDER _BARRED SAMEDAY _BY _CHANGEFROM _CHANGETO STATUS "
    "ORDERDIR".split()
)
# Words that make a condition or a formula out of names: what an ambiguous name contains.
OPERATORS = frozenset(
    "CMP EQ BESIDE _AND _OR _IN _NOTIN _HAS _INORDER _OF _ASAT _PROVIDED _MISSING _OVERDUE _BARRED _DURING _AFTER "
    "_BEFORE _TO _ORMORE _ORLESS _PLUS _MINUS _TIMES _DIV".split()
)


class Dialect:
    """All keywords of a dialect by where they stand: block words, line words, words inside a line."""

    def __init__(self, code: Language, table: dict[str, Any]) -> None:
        self.code = code
        self.heads = list(_spellings(table["heads"], code))
        self.fields = list(_spellings(table["fields"], code))
        self.inline = list(_spellings(table["inline"], code))
        self.builtins: dict[str, str] = {word: key for key, words in table["builtins"].items() for word in words[code]}
        self.labels: dict[str, list[str]] = {}
        for keyword in (*self.heads, *self.fields, *self.inline):
            self.labels.setdefault(keyword.terminal, []).append(keyword.spelling)
        self.canonical: dict[str, list[str]] = _canonical(table, code)
        self.head_words = _words(self.heads)
        self.field_words = _words(self.fields)
        self.inline_words = _words(self.inline)
        self.follow_words = _words(
            k for k in self.inline if k.terminal in FOLLOW and (len(k.spelling) > 1 or not is_cjk(k.spelling))
        )
        # 满 stands in many a name (交付满, 质保期满日), and such a name is itself
        self.operator_words = _words(k for k in self.inline if k.terminal in OPERATORS and k.value != "full")
        self.vague: tuple[str, ...] = tuple(table["vague"][code])
        self.tier_columns = frozenset(lower(fold(word)) for word in table["tier_columns"][code])
        self.digits: tuple[str, ...] = tuple(table["digits"][code])
        self.row_names = frozenset(lower(fold(word)) for word in table["row_names"][code])
        self.units: dict[str, Any] = {kind: words[code] for kind, words in table["units"].items() if code in words}
        self.currencies: dict[str, dict[str, list[str]]] = table["units"]["currencies"]
        self.any_cells = frozenset({"", "-", "--", "/", *(k.spelling for k in self.inline if k.terminal == "ANY")})
        self.others = tuple(k.spelling for k in self.inline if k.terminal == "_OPEN")
        types = _alternatives(k.spelling for k in self.inline if k.terminal in TYPE_WORDS)
        self.typed_line = re.compile(rf"[^:=(【,、)|]+:\s*(?:{types})\s*(?:$|[,(【])", re.I)
        formulas = _alternatives(
            k.spelling for k in self.heads if k.terminal in WRITTEN and WRITTEN[k.terminal].formula
        )
        self.valued_line = re.compile(rf"(?!(?:{formulas})\s)[^:=(【,、)|]+=", re.I)
        choices = _alternatives(k.spelling for k in self.inline if k.terminal in ("_T_CHOICE", "_T_MULTI"))
        self.choice_kind = re.compile(rf"(?:{choices})\s*\(([^()]*)\)", re.I)
        self.choice_list = re.compile(rf":\s*{self.choice_kind.pattern}", re.I)
        self._gives = re.compile(rf"\s*(?:{_alternatives(self.labels['_GIVES'])})\s+(?=\S)")
        self.bracketed = tuple(
            (re.compile(r"\(\s*" + r"\s*".join(re.escape(c) for c in k.spelling[1:-1] if c != " ") + r"\s*\)", re.I), k)
            for k in self.inline
            if len(k.spelling) > 2 and k.spelling[0] == "(" and k.spelling[-1] == ")"
        )

    def said(self, terminal: str) -> dict[str | None, str]:
        """The first spelling of each value of a terminal."""
        return {k.value: k.spelling for k in reversed((*self.fields, *self.inline)) if k.terminal == terminal}

    def amount(self, number: str, code: str) -> str:
        """An amount of a currency, as it is written."""
        known = self.currencies[code]
        return number + known["zh"][0] if self.code == "zh" else f"{known['signs'][0]} {number}"

    def given(self, text: str) -> int | None:
        """Where the name of a result begins in a cell that says that it is given (得 X); None for any other cell."""
        m = self._gives.match(lower(fold(text)))
        return m.end() if m else None

    def open_tail(self, text: str) -> int | None:
        """Where the mark of an open list (等) begins that ends the text, with a blank before it or alone."""
        body = text.rstrip()
        for word in self.others:
            if lower(body).endswith(word):
                before = body[: -len(word)]
                if not before or before[-1].isspace():
                    return len(before.rstrip())
        return None


def _spellings(group: dict[str, Any], code: Language) -> Iterable[Keyword]:
    for terminal, spec in group.items():
        if "values" in spec:
            for value, words in spec["values"].items():
                for word in words[code]:
                    yield Keyword(lower(fold(word)), terminal, value, False)
        else:
            for word in spec[code]:
                yield Keyword(lower(fold(word)), terminal, None, bool(spec.get("bare", False)))


def _canonical(table: dict[str, Any], code: Language) -> dict[str, list[str]]:
    """terminal -> the first spelling of each of its values, as the author would write it."""
    out: dict[str, list[str]] = {}
    for group in ("heads", "fields", "inline"):
        for terminal, spec in table[group].items():
            for words in spec["values"].values() if "values" in spec else (spec,):
                if words[code]:
                    out.setdefault(terminal, []).append(words[code][0])
    return out


def _words(keywords: Iterable[Keyword]) -> Table:
    by_spelling: dict[str, list[Keyword]] = {}
    for keyword in keywords:
        by_spelling.setdefault(keyword.spelling, []).append(keyword)
    out: Table = Words()
    for spelling, group in by_spelling.items():
        out.add(spelling, tuple(group))
    return out


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def dialect(code: Language) -> Dialect:
    """The keywords of a dialect."""
    return Dialect(code, load().keywords)


@cache
def states() -> dict[str, str]:
    """The words for the states of a clause, of both dialects."""
    return {
        name_key(k.spelling): str(k.value)
        for code in reversed(DIALECTS) for k in dialect(code).inline if k.terminal == "STATUS" and k.value is not None
    }


def state_word(text: str) -> str | None:
    """The state that a word names, in either dialect."""
    return states().get(name_key(text))


@cache
def _currencies() -> dict[str, str]:
    known = dialect("zh").currencies
    return {name_key(word): code for code, words in known.items() for word in (*words["signs"], *words["zh"])}


def currency(text: str) -> str:
    """The code of a currency, by any of its names; what nobody knows stays as it is written."""
    return _currencies().get(name_key(text), text.strip())


def detect(low: str) -> Language:
    """The dialect is that of the first block word of the (folded, lower-case) text."""
    for line in low.splitlines():
        text = line.strip()
        if not text or text.startswith(("#", "//")):
            continue
        for code in DIALECTS:
            if dialect(code).head_words.longest(text, 0, len(text)):
                return code
    return "zh" if any(map(is_cjk, low)) else "en"


def divisible(unit: str | None) -> bool:
    """Whether a count in this unit may be fractional (人天)."""
    return unit is not None and any(unit in dialect(code).units["divisible"] for code in DIALECTS)
