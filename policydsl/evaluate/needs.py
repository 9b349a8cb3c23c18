"""What an answer waits for, by name."""

from __future__ import annotations

from typing import Literal

from policydsl.core import EVERYONE, PARTY, POPULATION
from policydsl.domain import Need, Possible

Status = Literal["yes", "no", "unknown"]


def status_of(value: Possible) -> Status:
    return "yes" if value.yes else "no" if value.no else "unknown"


def missing_of(value: Possible, own: str = "") -> tuple[str, ...]:
    """The names of what is missing, in order; a record's field with its record, another party's fact with the party.
    ``own``: whose facts are named without it."""
    if value.known:
        return ()
    return tuple(dict.fromkeys(need_name(n, own) for n in sorted(value.needs)))


# How what is no fact of the policy is called: as a sheet gives it.
_CALLED = {POPULATION: EVERYONE, PARTY: "名称"}


def need_name(need: Need, own: str = "") -> str:
    shown = _CALLED.get(need.name, need.name)
    if need.list:
        shown = f"{need.list}[{need.record}].{shown}"
    return f"{_CALLED[POPULATION]}[{need.party}].{shown}" if need.party and need.party != own else shown
