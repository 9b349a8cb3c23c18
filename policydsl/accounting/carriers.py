"""What in a policy carries which clause: every citation, with the thing it stands behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, assert_never

from policydsl import nodes as n
from policydsl.place import Span
from policydsl.text.fold import name_key

Role = Literal["rule", "note", "example"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A place of the policy that cites a clause.

    ``name``: the block, fact or parameter, as declared (empty for a whole 数据 or 参数 block); ``row``: the row of a
    table, where it is a row that cites; ``kind``: ``fact field parameter ledger table data parameters header example``
    or the kind of a block; ``role``: a rule computes with it, a note only records it, an example only shows it.
    ``cite`` is the whole citation.
    """

    name: str
    kind: str
    at: Span
    role: Role
    cite: str
    row: str = ""

    @property
    def id(self) -> str:
        """The first word of the citation."""
        return self.cite.split()[0]


def carriers(file: n.File, recorded: frozenset[str] = frozenset()) -> Iterator[Carrier]:
    """Every citation in the order of the file. ``recorded``: blocks of which only notes are kept."""
    if file.policy is not None:
        yield from _cited(file.policy, file.policy.title, "header")
    for block in file.blocks:
        match block:
            case n.Data():
                yield from _own(block.cites, "", "data", block.span)
                for fact in block.facts:
                    yield from _cited(fact, fact.name, "fact")
            case n.Parameters():
                yield from _own(block.cites, "", "parameters", block.span)
                for parameter in in_order(block):
                    yield from _cited(parameter, parameter.name, "parameter")
            case n.Ledger():
                yield from _own(block.cites, block.name, "ledger", block.span)
                for only in block.only:
                    yield from _own(only.cites, block.name, "ledger", only.span)
                for field in block.fields:
                    yield from _cited(field, f"{block.name} · {field.name}", "field")
            case n.Table():
                yield from _own(block.cites, block.name, "table", block.span)
                for row in block.rows:
                    label = row.cells[0].text if row.cells else ""
                    yield from _own(row.cites, block.name, "table", row.span, label)
            case n.Clause():
                yield from _clause(block, "note" if block.name in recorded else "rule")
            case n.Example():
                for carrier in _cited(block, block.name, "example"):
                    yield replace(carrier, role="example")
            case n.MeasureList() | n.Later():
                pass
            case _:
                assert_never(block)


def _own(cites: tuple[str, ...], name: str, kind: str, at: Span, row: str = "") -> Iterator[Carrier]:
    for cite in cites:
        if cite.split():
            yield Carrier(name, kind, at, "rule", cite, row)


def _cited(node: n.Node, name: str, kind: str) -> Iterator[Carrier]:
    """Every citation inside a node, under one name."""
    for cites, at in inside(node):
        yield from _own(cites, name, kind, at)


def _clause(block: n.Clause, role: Role) -> Iterator[Carrier]:
    rows = {} if block.table is None else {row.span.line: row for row in block.table.rows}
    for cites, at in inside(block):
        row = rows.get(at.line)
        for carrier in _own(cites, block.name, block.kind, at, "" if row is None else _label(row)):
            yield replace(carrier, role=role)


def in_order(block: n.Parameters) -> list[n.Parameter | n.Declaration]:
    """The parameters as they stand in the file, with and without a value."""
    both: list[n.Parameter | n.Declaration] = [*block.settled, *block.open]
    return sorted(both, key=lambda p: (p.span.line, p.span.column))


def _label(row: n.RuleRow) -> str:
    """A row by its first cell, where that is a name or a text."""
    match row.cells[0] if row.cells else None:
        case n.ExprCell(_, n.Name(_, text)) | n.ExprCell(_, n.Text(_, text)):
            return text
        case _:
            return ""


def inside(node: object) -> Iterator[tuple[tuple[str, ...], Span]]:
    """(citations, place) of a node and all within it, in the order of the text."""
    if isinstance(node, tuple):
        for part in node:
            yield from inside(part)
    elif isinstance(node, n.Node):
        cites = getattr(node, "cites", ())
        if cites:
            yield cites, node.span
        for field in fields(node):
            if field.name not in ("span", "name_span", "cites"):
                yield from inside(getattr(node, field.name))


# ---------------------------------------------------------------------------------------------- notes
def remarks(file: n.File) -> Iterator[tuple[str, n.Annotation]]:
    """Every 注, 疑义 and 裁定 with the name of what it stands in."""
    if file.policy is not None:
        for note in file.policy.notes:
            yield file.policy.title, note
    for block in file.blocks:
        match block:
            case n.Data() | n.Parameters() | n.MeasureList():
                name = ""
            case n.Ledger() | n.Table() | n.Clause() | n.Example():
                name = block.name
            case n.Later():
                name = block.text
            case _:
                assert_never(block)
        for node in every(block):
            if isinstance(node, n.Annotation):
                yield name, node


def mentioned(file: n.File, ids: Iterable[str]) -> Iterator[Carrier]:
    """Notes, questions and rulings whose text names a clause by its id."""
    wanted = sorted(ids, key=len, reverse=True)
    if not wanted:
        return
    pattern = re.compile(rf"(?<![A-Za-z0-9-])(?:{'|'.join(map(re.escape, wanted))})(?![A-Za-z0-9])")
    for name, note in remarks(file):
        for found in dict.fromkeys(pattern.findall(note.text)):
            yield Carrier(name, note.kind, note.span, "note", found)


def every(node: object) -> Iterator[n.Node]:
    """A node and all nodes within it."""
    if isinstance(node, tuple):
        for part in node:
            yield from every(part)
    elif isinstance(node, n.Node):
        yield node
        for field in fields(node):
            if field.name not in ("span", "name_span"):
                yield from every(getattr(node, field.name))


# ---------------------------------------------------------------------------------------------- claims
def supports(file: n.File) -> dict[str, set[str]]:
    """Name (as identity) -> the ids it stands for: those it cites itself, those of a table row that it is named in,
    and those of the tables and ledgers it reads."""
    own: dict[str, set[str]] = {}
    reads: dict[str, set[str]] = {}
    for block in file.blocks:
        match block:
            case n.Data():
                _add(own, [(fact.name, fact) for fact in block.facts])
            case n.Parameters():
                _add(own, [(p.name, p) for p in in_order(block)])
            case n.Ledger():
                _add(own, [(block.name, block), *((f.name, f) for f in block.fields)])
            case n.Table():
                _add(own, [(block.name, block), *((h.text, block) for h in block.header)])
                _add(own, [(cell.text, row) for row in block.rows for cell in row.cells])
            case n.Clause():
                _add(own, [(block.name, block), *((o.name, block) for o in block.outcomes)])
                reads.setdefault(name_key(block.name), set()).update(
                    name_key(node.text) for node in every(block) if isinstance(node, n.Name)
                )
            case n.Example():
                _add(own, [(block.name, block)])
            case n.MeasureList() | n.Later():
                pass
            case _:
                assert_never(block)
    tables = {name_key(b.name) for b in file.blocks if isinstance(b, n.Table | n.Ledger)}
    out = {name: set(ids) for name, ids in own.items()}
    for name, read in reads.items():
        for table in read & tables:
            out[name] |= own.get(table, set())
    return out


def _add(own: dict[str, set[str]], named: Sequence[tuple[str, n.Node]]) -> None:
    for name, node in named:
        ids = own.setdefault(name_key(name), set())
        ids |= {cite.split()[0] for cites, _ in inside(node) for cite in cites if cite.split()}
