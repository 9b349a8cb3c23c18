"""Helpers of the front-end tests: parse a text that must be sound, and compare trees without their places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.place import Span
from policydsl.report import render
from policydsl.text import parse, read_literal
from policydsl.text.fold import name_key

ROOT = Path(__file__).parents[1]


def sound(text: str, names: Iterable[str] = (), dialect: Language | None = None, fragment: bool = True) -> nodes.File:
    """The file of a text without any error."""
    file, problems = parse(text, "x.pol", dialect=dialect, names=names, fragment=fragment)
    errors = [p for p in problems if p.severity == "error"]
    assert not errors, "\n".join(render(p, file.sources, file.dialect) for p in errors)
    return file


def bare(node: Any) -> Any:
    """The tree without places; names and texts by their identity, so that width, case and blanks do not count."""
    if isinstance(node, Span):
        return None
    if is_dataclass(node) and not isinstance(node, type):
        if isinstance(node, nodes.File):
            return ("File", node.dialect, bare(node.policy), bare(node.blocks))
        return (type(node).__name__, *(bare(getattr(node, f.name)) for f in fields(node)))
    if isinstance(node, tuple | list):
        return tuple(bare(item) for item in node)
    if isinstance(node, str) and len(node) > 3:
        return name_key(node).replace(" ", "")
    return node


class Neutral:
    """The tree without places, with every name replaced by the number of its first appearance: equal for the zh and the
    en text of one policy exactly when the two say the same."""

    def __init__(self, dialect: Language) -> None:
        self.dialect = dialect
        self.numbers: dict[str, int] = {}

    def word(self, text: str) -> int:
        return self.numbers.setdefault(name_key(text), len(self.numbers))

    def raw(self, text: str) -> Any:
        value = read_literal(text, self.dialect)
        if value is None:
            return ("raw", self.word(text)) if text.strip() else ("empty",)
        return self.of(value)

    def of(self, node: Any) -> Any:
        match node:
            case Span():
                return None
            case nodes.File():
                return ("File", self.of(node.policy), self.of(node.blocks))
            case nodes.Name(text=text):
                return ("Name", self.word(text))
            case nodes.Builtin(key=key):
                return ("Builtin", key)
            case nodes.RawCell(text=text):
                return self.raw(text)
            case nodes.HeaderCell():
                return "Header"  # a word that is a column here may be two words in the other language
            case nodes.Count(value=value, unit=unit):
                return ("Count", value, self.word("unit " + unit))
            case nodes.Text(value=value):
                return ("Text", self.word(value))
            case nodes.Annotation(kind=kind):
                return ("Annotation", kind)
            case nodes.Usable():
                return "Usable"
            case nodes.Meta(key=key):
                return ("Meta", key)
            case nodes.Policy():
                parts = (node.meta, node.effective, node.keys, node.fiscal, node.gates, node.notes)
                return ("Policy", self.of(parts))
            case tuple() | list():
                return tuple(self.of(item) for item in node)
            case _ if is_dataclass(node):
                return (type(node).__name__, *(self._part(node, f.name) for f in fields(node)))
            case _:
                return node

    def _part(self, node: Any, field: str) -> Any:
        value = getattr(node, field)
        if field == "cites":
            return len(value)
        if field in ("name", "title", "item", "unit") and isinstance(value, str):
            return self.word(value)
        if field == "spellings":
            return tuple(self.word(text) for text in value)
        return self.of(value)


def neutral(file: nodes.File) -> Any:
    """See ``Neutral``."""
    return Neutral(file.dialect).of(file)
