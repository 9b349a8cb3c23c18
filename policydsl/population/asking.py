"""What is still missing of a party, as tables to be filled in and given back beside the table that it was judged by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from policydsl.core import EVERYONE, Program
from policydsl.facts import Sheet as Facts
from policydsl.population.book import Cells, Head, Table, Value
from policydsl.population.gather import ID, Gathered, Party
from policydsl.population.given_back import as_typed
from policydsl.population.grid import Cell
from policydsl.population.layout import Column, Layout, Sheet
from policydsl.population.template import Blank
from policydsl.verdict import Verdict

_OPEN = Value(style="open")
Wanted = Mapping[str, Mapping[str, Collection[str]]]  # sheet ("" of parties), column, records (none: all)


def wanted(verdict: Verdict, names: Collection[str], program: Program) -> Wanted:
    """What these results of a verdict wait for and the party can fill in."""
    found: dict[str, dict[str, set[str]]] = {}
    for one in verdict.missing:
        if one.parameter or one.fact == EVERYONE or not set(one.wanted_by) & set(names):
            continue
        ledger, _, rest = one.fact.partition("[")
        record, _, column = rest.partition("].")
        if ledger in program.lists:
            if not program.lists[ledger].shared:
                found.setdefault(ledger, {}).setdefault(column, set()).add(record)
        else:
            found.setdefault("", {})[one.fact] = set()
    return found


def asking(asked: Layout, found: Gathered, party: Party, facts: Facts, wants: Wanted) -> list[Table]:
    """The tables of one party, of which ``facts`` were read: a row of it with the cells that are missing, of each
    ledger its records that lack something, or a row to begin with."""
    blank = Blank(asked)
    tables = []
    for sheet in asked.sheets:
        name = sheet.ledger.name if sheet.ledger is not None else ""
        if name and name not in wants:
            continue
        of = wants.get(name, {})
        columns = [c for c in sheet.columns if c.decl.name in of or "" in of or name]
        heads = [blank.id(sheet)]
        if not name:
            heads.append(Head(f"{asked.name}*", "head", width=18))
        page = found.page_of(sheet)
        titles = {h.decl.name: found.titles[page][at] for at, h in found.heads.get(page, {}).items()}
        for column in columns:  # the unit of a header holds for what stands below it as it was typed
            head = blank.head(column, sheet)
            heads.append(head._replace(text=titles.get(column.decl.name, head.text)))
        rows = _records(sheet, columns, found, party, facts, of) if name else [_row(party, of, columns)]
        tables.append(Table(sheet.name, tuple(heads), list(rows), 1, True))
    return tables


def _row(party: Party, of: Collection[str], columns: list[Column]) -> Cells:
    return party.id, party.name, *(_OPEN for c in columns if c.decl.name in of)


def _records(
    sheet: Sheet, columns: list[Column], found: Gathered, party: Party, facts: Facts,
    of: Mapping[str, Collection[str]],
) -> Iterator[Cells]:
    """A ledger of which nothing is known has a row to begin with; of another the records that lack a cell, as they
    stand."""
    assert sheet.ledger is not None
    page, name = found.page_of(sheet), sheet.ledger.name
    at = {h.decl.name: c for c, h in found.heads.get(page, {}).items() if h.decl is not ID}
    keys = {r.at.line: r.key for r in facts.lists.get(name, ()) if r.at.file == page}
    if not keys:
        yield party.id, *(_OPEN for _ in columns)
    for number, cells in party.lines(name):
        record = keys.get(number)
        lacking = {each for each, records in of.items() if record in records}
        if lacking:
            yield party.id, *(
                _OPEN if c.decl.name in lacking else as_typed(Cell(*cells[at[c.decl.name]]))  # type: ignore[arg-type]
                if at.get(c.decl.name) in cells else ""
                for c in columns
            )


__all__ = ["Wanted", "asking", "wanted"]
