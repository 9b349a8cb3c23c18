"""保证 that rests on nothing but the policy itself (the rows of its tables, its parameters): whether it holds is known
before anybody is judged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policydsl import core as c
from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.reads import Key, reads_of


def guarantees(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Guarantees that fail whatever a sheet says, each at what does not hold."""
    clauses = (block for block in file.blocks if isinstance(block, n.Clause))
    names = {block.name for block in clauses if traits(block.kind).proved}
    found = [r for r in program.results if r.name in names and r.holds is not None and r.over is None]
    settled = [r for r in found if all(_own(program, key) for key in reads_of(program).result(r).keys)]
    if not settled:
        return
    from policydsl.evaluate.terms import Evaluator
    from policydsl.facts import Sheet

    ev = Evaluator(program, [Sheet("")], {})
    scope = ev.scope(0, date(2000, 1, 1))  # none of them asks for the day
    for result in settled:
        for term in _parts(program, result.holds):
            if ev.test(term, scope).no:
                at = term.at if term.at.line else result.origin.at
                args = {"name": result.name, "read": " ".join(low.file.sources.flowing(at).split())}
                yield Diagnostic("POL497", at, "warning", args)


def _own(program: Program, key: Key) -> bool:
    """Whether something stands in the policy: a parameter with a value, a row of a table."""
    of, name = key
    if of:
        table = program.lists.get(of)
        return table is not None and table.source == "rows" and table.supplied
    decl = program.inputs.get(name)
    return decl is not None and decl.parameter and decl.default is not None


def _parts(program: Program, term: c.AnyTerm | None) -> Iterator[c.AnyTerm]:
    """What has to hold, one by one."""
    match term:
        case c.Use(name=name) if name in program.terms:
            yield from _parts(program, program.terms[name].term)
        case c.Apply(op="and"):
            for arg in term.args:
                yield from _parts(program, arg)
        case None:
            return
        case _:
            yield term


__all__ = ["guarantees"]
