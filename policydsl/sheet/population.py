"""Several sheets as one population: shared ledgers hold for all, and every party has a name of its own."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Sequence
from dataclasses import replace

from policydsl.core import Program
from policydsl.diagnostics import SheetError
from policydsl.facts import Record, Sheet
from policydsl.kinds import text_key
from policydsl.place import NOWHERE, Span
from policydsl.sheet import consistency
from policydsl.sheet.problems import Problems
from policydsl.sources import Sources


def join_sheets(groups: Sequence[Sequence[Sheet]], program: Program) -> list[Sheet]:
    """The sheets of several files as one population: shared ledgers for all, and no two parties of one name."""
    problems = Problems()
    sheets = share([sheet for group in groups for sheet in group], program, problems)
    if problems.errors:
        raise SheetError(problems.all(), Sources(), program.header.dialect)
    return sheets


def share(sheets: list[Sheet], program: Program, problems: Problems) -> list[Sheet]:
    """Give every sheet the shared ledgers of the run; two different ones, or two parties of one name, are faults."""
    if len(sheets) < 2:
        return sheets
    names: dict[str, Sheet] = {}
    for sheet in sheets:
        first = names.get(text_key(sheet.name))
        if first is not None:
            at = _first_place(sheet)
            line = _first_place(first).line_from(at.file)
            problems.add("SHEET125", at, sheet.name, line=line, read=sheet.name)
        names.setdefault(text_key(sheet.name), sheet)
    shared: dict[str, tuple[Record, ...]] = {}
    places: dict[str, Span] = {}
    for sheet in sheets:
        for name, records in _shared_of(sheet, program):
            if name not in shared:
                shared[name] = records
                places |= {k: at for k, at in sheet.places.items() if k == name or k.startswith(f"{name}[")}
            elif shared[name] is not records and not _equal(shared[name], records):
                path = consistency.party_path(program, sheet.name, True) + name
                at = sheet.places.get(name, NOWHERE)
                problems.add("SHEET124", at, path, line=places[name].line_from(at.file))
    return [
        s if all(s.lists.get(name) is records for name, records in shared.items())
        else replace(s, lists={**s.lists, **shared}, places=ChainMap(dict(s.places), places))
        for s in sheets
    ]


def _shared_of(sheet: Sheet, program: Program) -> Iterator[tuple[str, tuple[Record, ...]]]:
    for name, records in sheet.lists.items():
        if program.lists[name].shared:
            yield name, records


def _equal(left: tuple[Record, ...], right: tuple[Record, ...]) -> bool:
    return [(r.key, dict(r.values)) for r in left] == [(r.key, dict(r.values)) for r in right]


def _first_place(sheet: Sheet) -> Span:
    return min(sheet.places.values(), key=lambda s: (s.line, s.column), default=NOWHERE)
