"""Static checks of a lowered policy: what can be seen to be wrong before any partner is judged."""

from __future__ import annotations

from policydsl import nodes as n
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering

__all__ = ["check"]


def check(program: Program, file: n.File, lowering: Lowering) -> list[Diagnostic]:
    """Every problem that the static checks find."""
    from policydsl.check.circles import circles
    from policydsl.check.rules import ALL

    found = list(circles(program, file, lowering))
    if found:
        return found  # what rests on itself has no value that could be looked at
    for one in ALL:
        found.extend(one(program, file, lowering))
    wrong = any(d.severity == "error" for d in found)
    return [d for d in found if d.code != "POL551"] if wrong else found  # cliffs are told of a table that is whole
