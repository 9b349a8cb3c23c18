"""Declarations that nothing uses, measures that nothing imposes, aliases that are other names, deadlines never met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.core import Find, Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.lower.names import GLOBAL, ROLES, declared
from policydsl.lower.order import imposes
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.within import within
from policydsl.walk import every_of


def unused(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Facts, parameters, ledgers, tables and fields that no line reads. A record's key names it in the trace."""
    used = low.names.used
    for symbol in low.names.symbols.values():
        if ROLES[symbol.role].read and symbol.name not in used:
            yield Diagnostic("POL212", symbol.at, "warning", {"role": symbol.role, "name": symbol.name})
    for decl in program.lists.values():
        if decl.source != "sheet" or decl.of or decl.name not in used:
            continue
        key = decl.key or decl.fields[0].name
        for field in decl.fields:
            if field.name != key and f"{decl.name}\0{field.name}" not in used:
                yield Diagnostic("POL212", field.at, "warning", {"role": "field", "name": field.name})


def idle_names(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Numbers of clauses with a name that no other line uses: most likely a remark, which would say nothing there."""
    told = [p for block in file.blocks if isinstance(block, n.Parameters) for p in block.settled if p.within]
    if not told:
        return
    spoken = _spoken((file.policy, *(block for block in file.blocks if not isinstance(block, n.Example))))
    for p in told:
        if spoken[name_key(p.name)] <= {p.name_span}:
            yield Diagnostic("POL229", p.name_span, args={"name": p.name})


def _spoken(part: object) -> dict[str, set[Span]]:
    """Where each name is spoken of, by its identity."""
    out = defaultdict[str, set[Span]](set)
    for one in within(part, n.Node):
        if isinstance(one, n.Name | n.HeaderCell):
            out[name_key(one.text)].add(one.span)
    return out


def keyless(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Ledgers in which something is looked up, or has to be found, by a column that nobody has named as the key."""
    looked_up = {term.list for term in every_of(program) if isinstance(term, Find)}
    fields = (*program.inputs.values(), *(field for decl in program.lists.values() for field in decl.fields))
    looked_up |= {field.within for field in fields if field.within is not None}
    for decl in program.lists.values():
        if decl.source == "sheet" and decl.key is None and decl.name in looked_up:
            yield Diagnostic("POL218", decl.at, "notice", {"name": decl.name, "field": decl.fields[0].name})


def idle_measures(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Measures on the list that no block imposes or offers, and in which nothing is paid out."""
    imposed = {key for block in file.blocks if isinstance(block, n.Clause) for key in imposes(block)}
    imposed |= {name_key(line.form.text) for line in within(file.blocks, n.Payout) if line.form is not None}
    for symbol in low.names.symbols.values():
        if symbol.role == "measure" and name_key(symbol.name) not in imposed:
            yield Diagnostic("POL213", symbol.at, "warning", {"name": symbol.name})


def aliases(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """An alias that is the declared name of something else."""
    for one in (d for block in file.blocks for d in declared(block)):
        key = name_key(one.alias or one.name)
        if key == name_key(one.name):
            continue
        if one.scope == GLOBAL:
            symbol = low.names.symbols.get(key)
            other = symbol.at if symbol is not None else None
        else:
            field = low.names.fields[one.scope].get(key)
            other = field.name_span if field is not None else None
        if other is not None:
            args = {"name": one.name, "alias": str(one.alias), "line": other.line_from(one.at.file)}
            yield Diagnostic("POL214", one.at, args=args)


def never_met(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """逾期 without 完成: what can never be done in time."""
    for block in file.blocks:
        if not isinstance(block, n.Clause) or not traits(block.kind).timed:
            continue
        late = next((line for line in block.lines if isinstance(line, n.Late | n.LateFee)), None)
        if late is not None and not any(isinstance(line, n.DoneLine) for line in block.lines):
            yield Diagnostic("POL422", late.span, "warning", {"name": block.name})
