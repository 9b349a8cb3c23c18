"""上限：每个 客户 v，按 D 先后: what the records of one customer come to together is limited, one after the other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import NUMBER
from policydsl.lower import folds, slots
from policydsl.lower.build import apply, both, choose, const, read
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.ranks import in_order


def capped_each(cl: Clauses, head: Head, amount: c.AnyTerm) -> tuple[c.AnyTerm, tuple[c.Part, ...]]:
    """What a record is paid of what it comes to: no more than those before it have left of the cap. Of records that are
    level the one that stands first in the ledger comes first. What comes to less than nothing makes room again."""
    name, kind, parts = head.clause.name, amount.kind, tuple[c.Part, ...]()
    for i, line in enumerate(head.lines.all(n.CapEach)):
        if line.key != "cap":
            cl.low.problem("POL401", line.span, read=cl.low.text(line.span)[:30], block=head.clause.kind)
        if head.over is None or head.lines.one(n.Periods) is not None:
            cl.low.problem("POL529", line.span, read=cl.low.text(line.span)[:30])
            continue
        holds = c.Use(c.Name(name, "holds"), head.over, kind=cl.low.terms[c.Name(name, "holds")].kind)
        ranking = in_order(cl, head, holds, line)
        own = cl.define(name, "own", amount, head, of=f"@{i}")
        if not parts:
            parts, cl.parts[c.Name(name, "uncut")] = (c.Part("uncut", own),), own.name
        _, limit = slots.alike(cl.low, own, cl.expr.value(line.value, head.where), line.span)
        row = folds.Key(read(head.over, c.ROW, NUMBER), False)
        before = cl.define(name, "before", replace(ranking, keys=(*ranking.keys, row)).others(), head, of=f"@{i}")
        used = c.Read(c.STATE, f"@{name}.used.{i}", kind=kind)
        nought = const(Fraction(0), kind)
        room = apply("max", nought, apply("-", limit, used, kind=kind), kind=kind)
        paid = apply("min", own, room, kind=kind, at=line.span)
        columns = (c.Column(f"@{name}.paid.{i}", paid), c.Column(used.name, apply("+", used, paid, kind=kind)))
        placed = both(ranking.candidate, apply("not", ranking.unplaced()))
        scan = c.Scan(name, placed, before, (c.Column(used.name, nought),), columns, ranking.group, free=True)
        cl.low.lists[head.over] = replace(cl.low.lists[head.over], scans=(*cl.low.lists[head.over].scans, scan))
        amount = choose([(placed, read(head.over, columns[0].name, kind, line.span))], nought, kind, line.span)
    return amount, parts


__all__ = ["capped_each"]
