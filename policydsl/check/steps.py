"""Whole parts and rounding: parts of nothing, a cap below one prize, limits that what is rounded never meets."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl import core as c
from policydsl import nodes as n
from policydsl.check.extent import Extents, number_of
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.operators import MIRROR
from policydsl.walk import every_of

SHORT = ("month", "quarter")  # periods of less than a year
STEPPED = frozenset({"whole_div", "mod", "round_to"})


def steps(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """A part that is nothing or less; a limit between two values that something is rounded to."""
    extents = Extents(program)
    for term in every_of(program):
        if not isinstance(term, c.Apply):
            continue
        match term:
            case c.Apply(op="share_of_period", args=(_, _, p, c.Const(value="days365"))) if p.kind.unit in SHORT:
                yield Diagnostic("POL445", term.at, "warning", {"read": low.text(term.at)})
        if term.op in STEPPED:
            most = extents.of(term.args[1]).high
            if most is not None and most <= 0:
                yield Diagnostic("POL344", term.args[1].at, args={"read": low.text(term.args[1].at)})
        match term:
            case c.Apply(op="min", args=(c.Apply(op="*", args=(gain, c.Apply(op="whole_div"))), cap)):
                most, one = extents.of(cap).high, extents.of(gain).low
                if most is not None and one is not None and 0 <= most < one:
                    yield Diagnostic("POL443", cap.at, "warning", {"read": low.text(cap.at), "gain": low.text(gain.at)})
        if term.op not in MIRROR or len(term.args) != 2 or not term.at.line:
            continue
        for subject, other in (term.args, term.args[::-1]):
            rounding, limit = _rounded(program, subject), extents.constant(other)
            unit = None if rounding is None else extents.constant(rounding.args[1])
            if rounding is None or unit is None or limit is None:
                continue
            size, point = number_of(unit.value), number_of(limit.value)
            if size is not None and point is not None and size > 0 and (point / size).denominator != 1:
                yield Diagnostic("POL441", term.at, "warning", {
                    "read": low.text(term.at), "limit": low.text(limit.at), "unit": low.text(unit.at),
                })


def _rounded(program: Program, term: c.AnyTerm) -> c.Apply | None:
    """The rounding that a value comes from as it is."""
    while isinstance(term, c.Use) and term.name in program.terms:
        term = program.terms[term.name].term
    return term if isinstance(term, c.Apply) and term.op == "round_to" else None
