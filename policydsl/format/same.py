"""Whether two texts mean the same: their trees without places, in words that no dialect owns."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.format.columns import Columns
from policydsl.format.words import Writing
from policydsl.place import Span
from policydsl.text import read_literal
from policydsl.text.fold import name_key


def meaning(file: nodes.File, words: Writing, among: Sequence[nodes.Block] = ()) -> Any:
    """The tree of a file, comparable between dialects; ``among``: the blocks of the policy that it belongs to."""
    return _Meaning(file.dialect, words, Columns((*file.blocks, *among))).of((file.policy, file.blocks))


class _Meaning:
    def __init__(self, code: Language, words: Writing, columns: Columns) -> None:
        self.code, self.words, self.columns = code, words, columns

    def of(self, item: Any) -> Any:
        match item:
            case Span() | None:
                return None
            case tuple() | list():
                return tuple(self.of(i) for i in item)
            case nodes.Builtin(key=key):
                return "Builtin", key
            case nodes.Count(unit=unit):
                return self._node(item, unit=self._unit(unit))
            case nodes.Type(unit=str(unit)):
                return self._node(item, unit=self._unit(unit))
            case nodes.HeaderCell(text=text):
                return self._node(item, text=self._word(self.words.party_column(text, "en") or text))
            case nodes.RawCell(text=text):
                literal = read_literal(text, self.code)
                return self.of(literal) if literal is not None else ("RawCell", self._word(text))
            case nodes.GivenRows() | nodes.ExpectRows():
                ledger = f"@{item.ledger.key}" if isinstance(item.ledger, nodes.Builtin) else item.ledger.text
                texts = self.columns.of_words(ledger, [cell.text for cell in item.header])
                header = tuple(self._head(ledger, cell) for cell in item.header)
                return self._node(item, rows=tuple(self._row(row, texts) for row in item.rows), header=header)
            case nodes.Table(rows=rows):
                return self._node(item, rows=self._columns(rows))
            case nodes.Text(value=value):
                return "Text", value
            case str():
                return name_key(item)
            case _ if is_dataclass(item):
                return self._node(item)
            case _:
                return item

    def _head(self, ledger: str, cell: nodes.HeaderCell) -> Any:
        timed = self.columns.over_time(ledger, cell.text, "en")
        return self._node(cell, text="@" + timed) if timed else self.of(cell)

    def _node(self, item: Any, **said: Any) -> Any:
        """A node by its kind and what it holds; ``said``: the fields that need more than a look at their value."""
        held = {f.name: getattr(item, f.name) for f in fields(item) if f.name not in said}
        return type(item).__name__, said, {name: self.of(value) for name, value in held.items()}

    def _columns(self, rows: tuple[nodes.RawRow, ...]) -> Any:
        """The cells of a lookup table: as values where the whole column is of values, else as text."""
        texts = {
            i for row in rows for i, cell in enumerate(row.cells)
            if not self.words.no_text(cell.text) and read_literal(cell.text, self.code) is None
        }
        return tuple(self._row(row, texts) for row in rows)

    def _row(self, row: nodes.RawRow, texts: Container[int]) -> Any:
        return row.cites, tuple(
            self._text_cell(c.text) if i in texts else self.of(c) for i, c in enumerate(row.cells)
        )

    def _text_cell(self, text: str) -> Any:
        value = read_literal(text, self.code)
        return self.of(value) if isinstance(value, nodes.YesNo | nodes.NoneValue) else self._word(text)

    def _unit(self, unit: str) -> str:
        return name_key(self.words.unit(unit, "en"))

    def _word(self, text: str) -> str:
        """A cell by what it says: a built-in name, a word of the language, or the author's own."""
        key = self.words.builtin_key(text)
        if key:
            return "@" + key
        turned = self.words.tier_column(text, "en")
        return name_key(self.words.any_word(text) or turned or text)
