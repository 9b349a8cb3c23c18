"""Declarations that nothing uses, measures that nothing imposes, aliases that are other names, deadlines never met."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.lower.order import imposes
from policydsl.place import Span
from policydsl.text.fold import name_key

ROLES = ("fact", "parameter", "ledger", "table")


def unused(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Facts, parameters, ledgers, tables and fields that no line reads. A record's key names it in the trace."""
    used = low.names.used
    for symbol in low.names.symbols.values():
        if symbol.role in ROLES and symbol.name not in used:
            yield Diagnostic("POL212", symbol.at, "warning", {"role": symbol.role, "name": symbol.name})
    for decl in program.lists.values():
        if decl.source != "sheet" or decl.name not in used:
            continue
        key = decl.key or decl.fields[0].name
        for field in decl.fields:
            if field.name != key and f"{decl.name}\0{field.name}" not in used:
                yield Diagnostic("POL212", field.at, "warning", {"role": "field", "name": field.name})


def idle_measures(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Measures on the list that no block imposes or offers."""
    imposed = {key for block in file.blocks if isinstance(block, n.Clause) for key in imposes(block)}
    for symbol in low.names.symbols.values():
        if symbol.role == "measure" and name_key(symbol.name) not in imposed:
            yield Diagnostic("POL213", symbol.at, "warning", {"name": symbol.name})


def aliases(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """An alias that is the declared name of something else."""
    for name, alias, fields in _aliases(file):
        key = name_key(alias)
        if key == name_key(name):
            continue
        other = fields.get(key) if fields is not None else None
        if other is None and fields is None and (symbol := low.names.symbols.get(key)) is not None:
            other = symbol.at
        if other is not None:
            at = next(at for at in low.names.aliases.values() if name_key(low.text(at)) == name_key(name))
            yield Diagnostic("POL214", at, args={"name": name, "alias": alias, "line": other.line_from(at.file)})


def _aliases(file: n.File) -> Iterator[tuple[str, str, dict[str, Span] | None]]:
    """(name, alias, the other names of the same ledger or None for the policy)."""
    for block in file.blocks:
        match block:
            case n.Data():
                yield from ((f.name, f.alias, None) for f in block.facts if f.alias)
            case n.Ledger():
                if block.alias:
                    yield block.name, block.alias, None
                fields = {name_key(f.name): f.name_span for f in block.fields}
                yield from ((f.name, f.alias, fields) for f in block.fields if f.alias)
            case n.Parameters():
                yield from ((p.name, p.alias, None) for p in block.settled if p.alias)
                yield from ((d.name, d.alias, None) for d in block.open if d.alias)
            case n.Table() | n.Clause():
                if block.alias:
                    yield block.name, block.alias, None
            case _:
                pass


def never_met(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """逾期 without 完成: what can never be done in time."""
    for block in file.blocks:
        if not isinstance(block, n.Clause) or not traits(block.kind).timed:
            continue
        late = next((line for line in block.lines if isinstance(line, n.Late | n.LateFee)), None)
        if late is not None and not any(isinstance(line, n.DoneLine) for line in block.lines):
            yield Diagnostic("POL422", late.span, "warning", {"name": block.name})
