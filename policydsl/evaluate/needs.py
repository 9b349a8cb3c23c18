"""What an answer waits for, by name."""

from __future__ import annotations

from typing import Literal

from policydsl.core import POPULATION
from policydsl.domain import Possible

Status = Literal["yes", "no", "unknown"]


def status_of(value: Possible) -> Status:
    return "yes" if value.yes else "no" if value.no else "unknown"


def missing_of(value: Possible) -> tuple[str, ...]:
    """The names of what is missing, in order; a record's field with its record."""
    if value.known:
        return ()
    return tuple(dict.fromkeys(need_name(n.name, n.list, n.record) for n in sorted(value.needs)))


def need_name(name: str, list_name: str, record: str) -> str:
    shown = "全体" if name == POPULATION else name
    return f"{list_name}[{record}].{shown}" if list_name else shown
