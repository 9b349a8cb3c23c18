"""负数: what becomes of a period that comes to less than nothing: nothing, or it is carried into the following ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import NUMBER
from policydsl.lower.build import apply, const, read
from policydsl.lower.clauses import Clauses, Head

MOST = 24  # settlements that a negative amount is carried through


def settled(cl: Clauses, head: Head, line: n.Below, own: c.Use) -> tuple[c.AnyTerm, tuple[c.Part, ...]]:
    """What a period pays of what it comes to, and what is carried on and written off.

    What runs on from period to period are the negative amounts of at most so many settlements, each sum with all the
    younger ones: the oldest are paid first, and so each of these sums, and what is paid, moves one way with every
    amount."""
    kind, name, rule = own.kind, head.over or "", head.clause.name
    zero: c.AnyTerm = const(Fraction(0), kind)

    def sum_of(op: str, one: c.AnyTerm, other: c.AnyTerm) -> c.AnyTerm:
        return apply(op, one, other, kind=kind, at=line.span)

    if line.how != "carry":
        return (own if line.how == "claw" else sum_of("max", own, zero)), ()
    ages, off = _ages(cl, line), zero
    owed = [c.Read(c.STATE, f"@{rule}.owed.{k}", kind=kind) for k in range(1, (ages or 1) + 1)]
    gain, new = sum_of("max", own, zero), sum_of("short", zero, own)
    rest = sum_of("short", owed[-1], gain)
    kept = [sum_of("min", each, rest) for each in owed[:-1]]
    if ages is None:  # carried on until it is paid: no need to tell one from another
        following = [sum_of("short", owed[-1], own)]
    else:
        following = [new, *(sum_of("+", each, new) for each in kept)]
        off = sum_of("short", rest, owed[-2]) if kept else rest
    steps = {"paid": sum_of("short", own, owed[-1]), "off": off}
    columns = (
        *(c.Column(f"@{rule}.{of}", term) for of, term in steps.items()),
        *(c.Column(each.name, term) for each, term in zip(owed, following, strict=True)),
    )
    state = tuple(c.Column(each.name, zero) for each in owed)
    decl = cl.low.lists[name]
    scan = c.Scan(rule, None, None, state, columns, free=True)
    cl.low.lists[name] = replace(decl, scans=(*decl.scans, scan))
    parts = [c.Part("carried", cl.define(rule, "carried", read(name, owed[-1].name, kind), head))]
    if ages is not None:
        parts.append(c.Part("written_off", cl.define(rule, "written_off", read(name, f"@{rule}.off", kind), head)))
    return read(name, f"@{rule}.paid", kind, line.span), tuple(parts)


def _ages(cl: Clauses, line: n.Below) -> int | None:
    """Through how many settlements; None: until it is paid."""
    if line.periods is None:
        return None
    many = line.periods.value if isinstance(line.periods, n.Count | n.Number) else NUMBER
    if not isinstance(many, Fraction) or many.denominator != 1 or not 1 <= many <= MOST:
        cl.low.problem("POL526", line.periods.span, read=cl.low.text(line.periods.span), most=str(MOST))
        return 1
    return int(many)


__all__ = ["settled"]
