"""The front end: policy text to ``nodes.File``, and single values to nodes. Loaded when it is asked for: what folds
widths or compares words does not need a parser."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policydsl.text.memory import Memory
    from policydsl.text.parser import parse, parse_texts
    from policydsl.text.quantities import read_literal

__all__ = ["Memory", "parse", "parse_texts", "read_literal"]
_HOMES = {"Memory": "memory", "parse": "parser", "parse_texts": "parser", "read_literal": "quantities"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    found = globals()[name] = getattr(import_module(f"policydsl.text.{_HOMES[name]}"), name)
    return found
