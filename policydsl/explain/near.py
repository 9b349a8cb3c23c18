"""How near a condition is to being met, and the order of near misses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from policydsl.calendar import span
from policydsl.domain import ends
from policydsl.explain.model import Distance, Node
from policydsl.kinds import Duration, Exact
from policydsl.verdict import Finding

NONE = Distance()
_YEAR = 365


def distance(node: Node) -> Distance:
    """How far a condition is from being met: of several that all have to hold the sum, of routes the nearest."""
    if node.status == "met":
        return NONE
    match node.form:
        case "all" | "row" | "record":
            parts = [distance(n) for n in node.children]
            return total(parts) if parts else _own(node)
        case "any":
            return min((distance(n) for n in node.children), default=_own(node))
        case "at_least":
            if node.bars:
                return _own(node)
            low, _, _, _ = ends(node.count) if node.count is not None else (None, False, None, False)
            wanted = int(low) if isinstance(low, Fraction) else len(node.children)
            return total(sorted(distance(n) for n in node.children)[:wanted])
        case "test" | "value":
            return _own(node)


def total(parts: Iterable[Distance]) -> Distance:
    out = NONE
    for part in parts:
        out = out.plus(part)
    return out


def _own(node: Node) -> Distance:
    if node.status == "unknown":
        return Distance(unknown=1)
    gap = node.finding.gap if node.finding is not None else None
    lacks = gap.value if gap is not None and gap.known else None
    return Distance(unmet=len(lacks) if isinstance(lacks, tuple) else 1, shortfall=shortfall(node.finding))


def shortfall(finding: Finding | None) -> Fraction:
    """The gap in proportion to what is required; days in proportion to a year; 1 where no amount can be named."""
    if finding is None or finding.gap is None or not finding.gap.known:
        return Fraction(1)
    gap = _number(finding.gap.value)
    if gap is None:
        return Fraction(1)
    required = finding.required.value if finding.required is not None and finding.required.known else None
    if isinstance(required, date):
        return min(Fraction(1), gap / _YEAR)
    size = _number(required)
    return min(Fraction(1), gap / abs(size)) if size else Fraction(1)


def _number(value: Exact) -> Fraction | None:
    match value:
        case bool():
            return None
        case Fraction():
            return value
        case Duration():
            return span(value)[0]
        case _:
            return None


def nearest_first(nodes: Iterable[Node]) -> list[Node]:
    """The nodes with near misses first: what is not met by nearness, then what is met, then what is superseded."""
    order = {"unmet": 0, "unknown": 1, "met": 2}

    def key(node: Node) -> tuple[bool, int, Distance]:
        return (True, 0, NONE) if node.superseded else (False, order[node.status], distance(node))

    return sorted(nodes, key=key)
