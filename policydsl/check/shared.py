"""What all partners share (预算, 资金池, 名额) is the same for all: no fact of one of them may say how much it is."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl import core as c
from policydsl import nodes as n
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.place import Span
from policydsl.walk import children


def one_for_all(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Totals that each partner would read from its own sheet: no two need agree, and what is given would not add up.
    All of one group (每个 大区) say the same of that."""
    for term, group in low.totals:
        alike = set() if group is None else {*_own(program, group, 0, set())}
        own = next((own for own in _own(program, term, 0, set()) if own not in alike), None)
        if own is not None:
            name = low.text(own) if isinstance(own, Span) else own
            yield Diagnostic("POL498", term.at, args={"read": low.text(term.at), "name": name})


def _own(program: Program, term: c.AnyTerm, up: int, seen: set[c.Name]) -> Iterator[str | Span]:
    """What is read of the party for which a term is worked out, and of no other: its facts and ledgers, by name, and
    who it is (本方), by its place. ``up``: so many populations are gone through; their members are the same for all."""
    match term:
        case c.Read(list="", name=c.PARTY) if term.up == up:
            yield term.at
        case c.Read(list="") if term.up == up:
            decl = program.inputs.get(term.name)
            if decl is not None and decl.derived is not None:
                yield from _own(program, decl.derived, 0, seen)
            elif decl is not None and not decl.parameter:
                yield decl.name
        case c.Use() if term.name not in seen and (not up if term.list else term.up == up):
            seen.add(term.name)
            yield from _own(program, program.terms[term.name].term, 0, seen)
        case c.Over() | c.Find() if not up:
            listed = program.lists[term.list]
            if listed.source == "sheet" and not listed.shared:
                yield listed.name
    inside = isinstance(term, c.Over | c.Find) and term.list == c.POPULATION
    for part in children(term):
        yield from _own(program, part, up + inside, seen)
