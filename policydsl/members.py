"""Dataclasses by the thousand: how the classes of trees are made, and the names of their fields.

Making 250 frozen classes is a good part of what a short command costs, and setting a field of one takes three times as
long. So these are frozen for the type checker alone, which sees every assignment in this package.
"""

from __future__ import annotations

import dataclasses
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool = False, **more: bool) -> Any:
        """``dataclasses.dataclass`` with the hash of a frozen class, whose fields nobody guards when it runs."""
        return dataclasses.dataclass(unsafe_hash=frozen, **more)


__all__ = ["dataclass", "members"]

_KNOWN: dict[tuple[Any, tuple[str, ...]], tuple[str, ...]] = {}


def members(kind: type[Any], without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The fields of a class in their order, but those named."""
    found = _KNOWN.get((kind, without))
    if found is None:
        found = _KNOWN[kind, without] = tuple(f.name for f in fields(kind) if f.name not in without)
    return found
