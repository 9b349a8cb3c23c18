"""What the results of a program, and the reading of its sheets, are made of."""

from __future__ import annotations

from policydsl import core as c
from policydsl.reads import DAY, Found, reads_of
from policydsl.walk import Holder


def reachable(program: c.Program) -> frozenset[Holder]:
    """What the results are made of. Parts of a rule that nothing uses can change nothing that is reported."""
    named = {result.name for result in program.results}
    # an example may ask for any part of a rule
    asked = [d for d in program.terms.values() if d.origin.rule in named]
    own: set[Holder] = {("header", ""), *(("result", name) for name in named), *(("term", d.name) for d in asked)}
    return frozenset(own | _holders(reads_of(program).of(program.header, *program.results, *asked)))


def on_reading(program: c.Program) -> frozenset[Holder]:
    """What decides how a sheet is read: declarations, and what their ranges and derived values are made of."""
    fields = [f for decl in program.lists.values() for f in decl.fields]
    own: set[Holder] = {("input", name) for name in program.inputs} | {("list", name) for name in program.lists}
    return frozenset(own | _holders(reads_of(program).of(*program.inputs.values(), *fields)))


def _holders(found: Found) -> set[Holder]:
    keys: set[Holder] = {("list", ledger) if ledger else ("input", name) for ledger, name in found.keys - {DAY}}
    return keys | {("term", name) for name in found.terms}
