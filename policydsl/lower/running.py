"""What runs on from period to period: a computed value that uses its own previous one.

``X（上期）`` in X is a value that a scan of its periods keeps, the opening before the first; each step is X of the
period. What rests on X reads a column, and knows nothing of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from policydsl import core as c
from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.kinds import ANY_KIND, Kind
from policydsl.lower import slots
from policydsl.lower.build import const, read
from policydsl.lower.context import Where
from policydsl.lower.order import before as asks_before
from policydsl.walk import every

if TYPE_CHECKING:
    from policydsl.lower.clauses import Clauses, Head
    from policydsl.lower.expressions import Expressions


def kept(name: str) -> str:
    """The column of a value that runs on: while its scan runs that of the period before."""
    return f"@{name}.running"


def opened(cl: Clauses, head: Head, outcome: Kind | None) -> None:
    """期初: what stands for the period before the first."""
    line = head.lines.field("opening")
    if line is None:
        return
    if head.where.window is None:
        cl.low.problem("POL402", line.span, read=cl.low.text(line.span)[:30], line="cut")
    term = cl.expr.value(line.value, Where())
    cl.openings[head.clause.name] = replace(term, kind=outcome) if outcome is not None else term


def before(ex: Expressions, node: n.Lookup, clause: n.Clause, where: Where) -> c.AnyTerm:
    """``X（上期）`` in X itself."""
    low, at, opening = ex.low, node.span, ex.clauses.openings.get(clause.name)
    low.names.used.add(clause.name)
    told = opening is not None and where.window is not None and where.window[0] == f"{clause.name}@periods"
    if not told or not asks_before(node):
        if asks_before(node) and "opening" in traits(clause.kind).lines:  # of anything else a circle is told
            low.problem("POL516", at, read=low.text(at))
        return const(None, opening.kind if opening is not None else ANY_KIND, at)
    assert opening is not None
    return c.Read(c.STATE, kept(clause.name), kind=opening.kind, at=at)


def uses(term: c.AnyTerm | None) -> bool:
    """Whether a term uses the value of the period before."""
    return term is not None and any(isinstance(part, c.Read) and part.list == c.STATE for part in every(term))


def run_on(cl: Clauses, head: Head, term: c.AnyTerm, bound: c.Bound | None) -> c.AnyTerm:
    """The value of a period, told by a scan of all periods where it uses the one before."""
    low, name, line = cl.low, head.clause.name, head.lines.field("opening")
    opening = cl.openings.get(name)
    apart = bound is not None and (uses(bound.low) or uses(bound.high))
    if apart or any(isinstance(part, c.AsOf) and uses(part) for part in every(term)):
        low.problem("POL516", head.clause.name_span, read=name)
    if line is None or opening is None or head.over is None:
        return term
    if not uses(term):
        low.problem("POL516", line.span, read=low.text(line.span)[:30])
        return term
    slots.alike(low, term, opening, line.span)
    column, decl = kept(name), low.lists[head.over]
    scan = c.Scan(name, None, None, (c.Column(column, opening),), (c.Column(column, term),), free=True)
    low.lists[head.over] = replace(decl, scans=(*decl.scans, scan))
    return read(head.over, column, term.kind, term.at)


__all__ = ["before", "opened", "run_on"]
