"""The names of a dataclass's fields, asked for once a class: those who walk trees ask at every node."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any


@cache
def members(kind: type[Any], without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The fields of a class in their order, but those named."""
    return tuple(f.name for f in fields(kind) if f.name not in without)
