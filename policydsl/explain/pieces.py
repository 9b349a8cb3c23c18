"""What the building of trees needs besides: the status of a value, of several conditions, and words."""

from __future__ import annotations

from collections.abc import Sequence

from policydsl.core import AnyTerm, Apply, Origin, Over
from policydsl.domain import Possible, same
from policydsl.explain.model import Node, Status
from policydsl.kinds import Exact
from policydsl.say import names_of

PARTS_PLAYED = frozenset(names_of("role"))


def status_of(value: Possible, want: Exact = True) -> Status:
    """Whether a value is the one wanted, is not, or may be."""
    if want is True:
        return "met" if value.yes else "unmet" if value.no else "unknown"
    if want is False:
        return "met" if value.no else "unmet" if value.yes else "unknown"
    if value.known:
        return "met" if same_or_none(value.value, want) else "unmet"
    if value.values is not None and not any(same_or_none(v, want) for v in value.values):
        return "unmet"
    return "unknown"


def same_or_none(left: Exact, right: Exact) -> bool:
    return left is right if left is None or right is None else same(left, right)


def rulings(origin: Origin) -> tuple[str, ...]:
    return tuple(r.text for r in origin.remarks if r.kind == "ruling")


def status_of_all(parts: Sequence[Node]) -> Status:
    if any(p.status == "unmet" for p in parts):
        return "unmet"
    return "unknown" if any(p.status == "unknown" for p in parts) else "met"


def is_sum(term: AnyTerm) -> bool:
    return isinstance(term, Apply | Over)
