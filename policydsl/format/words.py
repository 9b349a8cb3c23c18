"""How a keyword is written: one spelling in each dialect, by the keyword table and its ``styles``."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache
from typing import Any, NamedTuple

from policydsl.diagnostics import Language
from policydsl.text.fold import fold, lower, name_key
from policydsl.text.tables import load


# Words that may fill a cell of a table.
CELL_WORDS = frozenset({"ANY", "STATUS"})


class Style(NamedTuple):
    """A row of ``styles``: spellings that stay apart from the other spellings of their meaning."""

    use: str
    spellings: dict[Language, list[str]]


class Writing:
    """The keyword table read the other way: from terminal and value to words."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._words: dict[tuple[str, str, str | None], dict[Language, list[str]]] = {}
        for group in ("heads", "fields", "inline"):
            for terminal, spec in table[group].items():
                for value, words in spec["values"].items() if "values" in spec else ((None, spec),):
                    self._words[group, terminal, value] = words
        self._styles: dict[tuple[str, str | None], list[Style]] = {}
        for row in table["styles"]:
            style = Style(row.get("use", ""), {"zh": row["zh"], "en": row["en"]})
            self._styles.setdefault((row["word"], row.get("value")), []).append(style)
        self.builtins: dict[str, dict[Language, list[str]]] = table["builtins"]
        self.tier_columns: dict[Language, list[str]] = table["tier_columns"]
        self.party_columns: dict[Language, list[str]] = table["party_columns"]
        self.digits: dict[Language, list[str]] = table["digits"]
        self.row_names: dict[Language, list[str]] = table["row_names"]
        self.units: dict[str, Any] = table["units"]
        self._builtin_keys = {
            name_key(w): key for key, words in self.builtins.items() for group in words.values() for w in group
        }
        self._cell_words = {
            name_key(w): f"{terminal} {value}"
            for (group, terminal, value), words in self._words.items() if group == "inline" and terminal in CELL_WORDS
            for spellings in words.values() for w in spellings
        }

    def has(self, terminal: str, value: object, to: Language) -> bool:
        """The dialect has a word for it."""
        return any(self._entry(group, terminal, value, to) for group in ("heads", "fields", "inline"))

    def word(
        self,
        terminal: str,
        value: object,
        typed: str,
        to: Language,
        *,
        opens: bool,
        use: str = "",
        taken: Container[str] = frozenset(),
    ) -> str:
        """The one spelling of a keyword in a dialect. ``typed`` is what the author wrote (of either dialect), ``opens``
        says that it opens a line, ``use`` in which of its places it stands; ``taken`` are names that hide a word."""
        choices = list(self._choices(terminal, value, typed, to, opens, use))
        return next((word for word in choices if name_key(word) not in taken), choices[0])

    def _choices(
        self, terminal: str, value: object, typed: str, to: Language, opens: bool, use: str
    ) -> Iterator[str]:
        """The spellings that say it, the right one first."""
        groups = ("heads", "fields", "inline") if opens else ("inline", "fields", "heads")
        entry = next(filter(None, (self._entry(group, terminal, value, to) for group in groups)), None)
        assert entry, (terminal, value, to)
        neutral = value if isinstance(value, str) and (terminal, value) in self._styles else None
        styles = self._styles.get((terminal, neutral), [])
        for style in styles:
            if style.use and style.use == use:
                yield from style.spellings[to]
        low = lower(fold(typed)).strip()
        for style in styles:
            if not style.use and any(lower(fold(w)) == low for words in style.spellings.values() for w in words):
                yield from style.spellings[to]
        apart = {fold(word) for style in styles for word in style.spellings[to]}
        yield from (word for word in entry if fold(word) not in apart)
        for style in styles:
            yield from style.spellings[to]
        yield from entry

    def _entry(self, group: str, terminal: str, value: object, to: Language) -> list[str] | None:
        words = self._words.get((group, terminal, value if isinstance(value, str) else None))
        words = words or self._words.get((group, terminal, None))
        return words[to] if words and words[to] else None

    # ------------------------------------------------------------------------------------------ names and units
    def builtin(self, key: str, to: Language) -> str:
        """A name that every policy has."""
        return self.builtins[key][to][0]

    def builtin_key(self, text: str) -> str | None:
        """The built-in name that a word is, in either dialect."""
        return self._builtin_keys.get(name_key(text))

    def tier_column(self, text: str, to: Language) -> str | None:
        """The word that turns a tier table, in the other dialect."""
        return _counterpart(self.tier_columns, text, to)

    def party_column(self, text: str, to: Language) -> str | None:
        """The word over the parties of an example, in the other dialect."""
        return _counterpart(self.party_columns, text, to)

    def row_name(self, text: str, to: Language) -> str | None:
        """The word at the head of the names of blocks that stand in rows, in a dialect."""
        key = name_key(text)
        return self.row_names[to][0] if any(key == name_key(w) for ws in self.row_names.values() for w in ws) else None

    def no_text(self, text: str) -> bool:
        """Whether a cell of a lookup table is no text, whatever the others of its column are: empty, 不限, 未规定."""
        word = self.any_word(text)
        return not text.strip() or self.builtin_key(text) == "not_stated" or word is not None and word.startswith("ANY")

    def any_word(self, text: str) -> str | None:
        """The neutral name of a word that may fill a cell (不限, a state), in either dialect."""
        return self._cell_words.get(name_key(text))

    def unit(self, unit: str, to: Language) -> str:
        """The measure word of the other dialect for the same thing; one without a counterpart stays."""
        paired = self.units["paired"]
        for words in paired.values():
            if unit in words:
                found: str = paired[to][words.index(unit)]
                return found
        return unit


def _counterpart(columns: dict[Language, list[str]], text: str, to: Language) -> str | None:
    key = name_key(text)
    for words in columns.values():
        for i, word in enumerate(words):
            if name_key(word) == key:
                return columns[to][i]
    return None


@cache
def writing() -> Writing:
    """The keyword table of this installation."""
    return Writing(load().keywords)
