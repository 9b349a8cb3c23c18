"""Rows that a case supplies for tables which the policy leaves to its author."""

from __future__ import annotations

from collections.abc import Iterator, Mapping as MappingOf
from dataclasses import replace

from policydsl.core import Const, InputDecl, ListDecl, Name, Program, RowDecl
from policydsl.diagnostics import Language, SheetError
from policydsl.facts import Record
from policydsl.kinds import TEXT, Kind
from policydsl.lower.declarations import literal_kind
from policydsl.sheet.names import Level, record_level
from policydsl.sheet.problems import Problems
from policydsl.sheet.read import read_tree
from policydsl.sheet.refused import shorten
from policydsl.sheet.source import Mapping, Pair, Scalar, Sequence, Tree
from policydsl.sources import Sources
from policydsl.text.fold import name_key
from policydsl.text.quantities import read_literal

Rows = tuple[RowDecl, ...]
_SHOWN = 8


def filled(program: Program, tables: MappingOf[str, Rows]) -> Program:
    """The program with those rows in its open tables."""
    if not tables:
        return program
    lists = {name: replace(program.lists[name], rows=rows, supplied=True) for name, rows in tables.items()}
    return replace(program, lists={**program.lists, **lists})


def supplied_rows(
    tree: Mapping, program: Program, sources: Sources, problems: Problems
) -> dict[str, Rows]:
    """The rows given for each table, by its declared name; notes every problem. Cells read as a fact sheet would."""
    open_ = {d.name: d for d in program.lists.values() if d.source == "rows" and not d.supplied}
    level = Level.of(iter(open_.values()))
    out: dict[str, Rows] = {}
    seen: dict[str, Pair] = {}
    for pair in tree.pairs:
        decl = level.targets.get(name_key(pair.key))
        if not isinstance(decl, ListDecl):
            near = level.near(pair.key)
            problems.add("CASE111", pair.key_at, pair.key, read=shorten(pair.key), suggestions=near,
                         expected=() if near else tuple(f'"{name}"' for name in list(open_)[:_SHOWN]))
        elif decl.name in seen:
            line = str(seen[decl.name].key_at.line)
            problems.add("SHEET121", pair.key_at, decl.name, line=line, read=shorten(pair.key))
        else:
            seen[decl.name] = pair
            out[decl.name] = _rows(decl, pair, program, sources, problems)
    return out


def _rows(decl: ListDecl, pair: Pair, program: Program, sources: Sources, problems: Problems) -> Rows:
    """Reads the rows as the records of a ledger that has the table's columns."""
    bands = program.terms.get(Name(decl.name))
    bound = decl.bound or (bands.bound if bands is not None else None)
    key = decl.key or decl.fields[0].name
    level = record_level(decl)
    fields = tuple(
        replace(
            each, kind=_kind(each, pair.value, level, program.header.dialect), optional=True,
            ranges=(bound,) if bound is not None and each.name != key else each.ranges,
        )
        for each in decl.fields
    )
    ledger = replace(decl, source="sheet", fields=fields, key=key, bound=None)
    reading = replace(program, lists={**program.lists, decl.name: ledger})
    one = Mapping((replace(pair, key=decl.name),), pair.value.at)
    try:
        (sheet,) = read_tree(one, sources, "", reading)
    except SheetError as error:
        for fault in error.diagnostics:
            problems.note(fault)
        return ()
    return tuple(_row(ledger, record, problems) for record in sheet.lists.get(decl.name, ()))


def _row(ledger: ListDecl, record: Record, problems: Problems) -> RowDecl:
    for each in ledger.fields:
        if each.name not in record.values:
            problems.add("CASE112", record.at, f"{ledger.name}[{record.key}]", read=each.name)
    cells = tuple(Const(record.values.get(each.name), kind=each.kind, at=record.at) for each in ledger.fields)
    return RowDecl(cells, ledger.clauses, record.at)


def _kind(column: InputDecl, rows: Tree, level: Level, dialect: Language) -> Kind:
    """The kind of a column; of one that may hold anything the kind that all its cells read as, else text."""
    if column.kind.base != "any":
        return column.kind
    read = [read_literal(text, dialect) for text in _cells(column, rows, level)]
    kinds = [literal_kind(value) for value in read if value is not None]
    return kinds[0] if len(kinds) == len(read) and len({k.base for k in kinds}) == 1 else TEXT


def _cells(column: InputDecl, rows: Tree, level: Level) -> Iterator[str]:
    """What is written in a column."""
    each = rows.items if isinstance(rows, Sequence) else (
        tuple(p.value for p in rows.pairs) if isinstance(rows, Mapping) else ())
    for row in each:
        for pair in row.pairs if isinstance(row, Mapping) else ():
            if level.targets.get(name_key(pair.key)) is column and isinstance(pair.value, Scalar):
                yield pair.value.text


__all__ = ["Rows", "filled", "supplied_rows"]
