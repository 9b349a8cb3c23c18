"""生效期: the days from and to which the header says that the policy holds, as a span and by its two ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import ANY_KIND, DATE
from policydsl.lower.build import const
from policydsl.lower.context import Where

if TYPE_CHECKING:
    from policydsl.lower.expressions import Expressions


def ends(ex: Expressions, node: n.Node) -> tuple[c.AnyTerm | None, c.AnyTerm | None]:
    """The first and the last day, where the header states them."""
    effective, at = ex.low.policy_effective, node.span
    if effective is None:
        return None, None
    start, end = effective.start, effective.end
    first = ex.value(start, Where()) if isinstance(start, n.Name) else const(start, DATE, at) if start else None
    return first, const(end, DATE, at) if end is not None else None


def end_of(ex: Expressions, node: n.Field) -> c.AnyTerm | None:
    """``生效期 的 首日``; None for any other field."""
    of, part = node.of, node.name
    if not (isinstance(of, n.Builtin) and of.key == "in_force" and isinstance(part, n.Builtin)):
        return None
    if part.key not in ("first_day", "last_day"):
        return None
    day = ends(ex, node)[part.key == "last_day"]
    if day is None:
        ex.low.problem("POL540", node.span, part=part.text)
        return const(None, ANY_KIND, node.span)
    return day


__all__ = ["end_of", "ends"]
