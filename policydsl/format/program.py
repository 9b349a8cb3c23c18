"""The program of a text, comparable: what a shorter form has to leave as it was, wherever its words stand then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from policydsl import core
from policydsl.lower.policy import lower
from policydsl.lower.context import Lowering
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text import parse


def lowered(text: str, file: str = "<text>") -> tuple[core.Program, Lowering] | None:
    """The program of a text with the state of its lowering; none of a text with an error."""
    tree, problems = parse(text, file, fragment=True)
    program, more, state = lower(tree)
    faulty = any(problem.severity == "error" for problem in (*problems, *more))
    return None if faulty else (program, state)


def without_places(item: Any) -> Any:
    """A program, or a part of one, without the places of its words."""
    match item:
        case Span() | Sources():
            return None
        case tuple() | list():
            return tuple(map(without_places, item))
        case Mapping():
            return {key: without_places(value) for key, value in item.items()}
        case core.Program():
            return _held(item, "digest")
        case _ if is_dataclass(item) and not isinstance(item, type):
            return _held(item)
        case _:
            return item


def _held(item: Any, *but: str) -> Any:
    compared = (f.name for f in fields(item) if f.compare and f.name not in but)
    return type(item).__name__, {name: without_places(getattr(item, name)) for name in compared}


def same_program(before: str, after: str, file: str = "<text>") -> bool:
    """Whether two texts say the same, to the last citation and remark; a text with an error says nothing."""
    first, second = lowered(before, file), lowered(after, file)
    return first is not None and second is not None and without_places(first[0]) == without_places(second[0])


__all__ = ["lowered", "same_program", "without_places"]
