"""What a tier or a band gives, in the table that makes it: ``得 奖励比例`` as a row or at the head of a column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policydsl import nodes
from policydsl.clause_kinds import WRITTEN, traits
from policydsl.diagnostics import Diagnostic
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.build_base import BuilderBase
from policydsl.text.fold import fold, lower, name_key


@dataclass(frozen=True, slots=True)
class Given(nodes.Node):
    """The first cell of a row that says what is given: the name of the result."""

    name: str
    name_span: Span


def apart(builder: BuilderBase, clause: nodes.Clause) -> list[nodes.Clause]:
    """The block without the consequences in its table, and a decision by it for each of them."""
    table = clause.table
    if table is None:
        return [clause]
    kept, found = table, list[nodes.Clause]()
    if traits(clause.kind).reading in ("tier", "band"):
        for at, head in reversed([*enumerate(table.header)]):
            start = builder.source.words.given(head.text)
            if start is not None and at:
                found.insert(0, _of_column(builder, clause, at, start))
                kept = _without(kept, at)
        across = lower(fold(table.header[0].text)).strip() in builder.source.words.tier_columns
        if traits(clause.kind).reading == "tier" and across:
            rows = [row for row in kept.rows if not _gives(row)]
            found += [_of_row(builder, clause, row) for row in kept.rows if _gives(row)]
            kept = replace(kept, rows=tuple(rows))
    excepted = [line for line in clause.lines if isinstance(line, nodes.Exception_)]
    if found and excepted and traits(clause.kind).reading == "band":
        builder.problems.append(Diagnostic("POL152", excepted[0].span))
    for cell in (cell for row in kept.rows for cell in row.cells if isinstance(cell, Given)):
        read = builder.typed(*builder.source.offset_of(cell.span))
        builder.problems.append(Diagnostic("POL151", cell.span, args={"read": read}))
    plain = tuple(_plain(row) for row in kept.rows)
    return [replace(clause, table=replace(kept, rows=plain)), *found]


def _read_as(reading: str, *, formula: bool) -> str:
    """The kind of clause whose outcome is read so, with or without a formula behind its name."""
    return next(k.name for k in WRITTEN.values() if k.reading == reading and k.formula == formula)


def looked_up(builder: BuilderBase, table: nodes.Table, at: int) -> list[nodes.Block]:
    """The table, and for each of its columns that is given the value in the row of the fact at the head of the keys;
    ``at``: the column of the keys."""
    heads, found = list(table.header), list[nodes.Block]()
    for i, head in enumerate(table.header):
        start = builder.source.words.given(head.text)
        if start is None:
            continue
        begin, end = builder.source.offset_of(head.span)
        name, where = head.text[start:].strip(), builder.span(begin + start, end)
        heads[i] = replace(head, span=where, text=name)
        if i == at:
            read = builder.typed(begin, end)
            builder.problems.append(Diagnostic("POL151", head.span, args={"read": read}))
            continue
        for cell in (row.cells[i] for row in table.rows if i < len(row.cells)):
            if lower(fold(cell.text)).strip() in builder.source.words.any_cells:  # it limits nothing, and gives nothing
                read = builder.typed(*builder.source.offset_of(cell.span))
                builder.problems.append(Diagnostic("POL411", cell.span, args={"read": read}))
        key = table.header[at]
        row = nodes.Lookup(where, nodes.Name(where, table.name), (nodes.Name(key.span, key.text),))
        value = nodes.Field(where, row, nodes.Name(where, name))
        cites = table.cites or tuple(dict.fromkeys(cite for each in table.rows for cite in each.cites))
        kind = _read_as("value", formula=True)
        found.append(nodes.Clause(where, kind, name, where, None, value, None, cites, (), None))
    return [replace(table, header=tuple(heads)), *found]


def _gives(row: nodes.RuleRow) -> bool:
    return bool(row.cells) and isinstance(row.cells[0], Given)


def _plain(row: nodes.RuleRow) -> nodes.RuleRow:
    """The row with cells that a block may hold."""
    cells = tuple(nodes.AnyCell(cell.span) if isinstance(cell, Given) else cell for cell in row.cells)
    return replace(row, cells=cells)


def _without(table: nodes.RuleTable, at: int) -> nodes.RuleTable:
    rows = tuple(replace(row, cells=(*row.cells[:at], *row.cells[at + 1 :])) for row in table.rows)
    return replace(table, header=(*table.header[:at], *table.header[at + 1 :]), rows=rows)


def _of_column(builder: BuilderBase, clause: nodes.Clause, at: int, start: int) -> nodes.Clause:
    """The result at the head of a column: by the tier in the first one, or by what the bands are of."""
    assert clause.table is not None
    head = clause.table.header[at]
    begin, end = builder.source.offset_of(head.span)
    name, where = head.text[start:].strip(), builder.span(begin + start, end)
    rows = tuple(
        nodes.RuleRow(row.span, (row.cells[0], row.cells[at]), row.cites)
        for row in clause.table.rows if len(row.cells) == len(clause.table.header)
    )
    if traits(clause.kind).reading == "tier":
        rows = _once_a_tier(builder, rows)
    return _decision(clause, name, where, head.span, clause.cites, rows)


def _once_a_tier(builder: BuilderBase, rows: tuple[nodes.RuleRow, ...]) -> tuple[nodes.RuleRow, ...]:
    """The rows, that of a tier which is reached in several ways once; all its rows give the same."""

    def typed(cell: nodes.Node) -> str:
        return name_key(builder.typed(*builder.source.offset_of(cell.span)))

    kept: dict[str, nodes.RuleRow] = {}
    for row in rows:
        first = kept.setdefault(typed(row.cells[0]), row)
        if typed(row.cells[1]) != typed(first.cells[1]):
            tier, gives, before = (
                builder.typed(*builder.source.offset_of(c.span)) for c in (*row.cells, first.cells[1])
            )
            args = {"name": tier, "read": gives, "before": before}
            builder.problems.append(Diagnostic("POL154", row.cells[1].span, args=args))
    return tuple(kept.values())


def _of_row(builder: BuilderBase, clause: nodes.Clause, row: nodes.RuleRow) -> nodes.Clause:
    """The result in a row: by the tiers at the heads of the columns."""
    assert clause.table is not None
    given = row.cells[0]
    assert isinstance(given, Given)
    if len(row.cells) != len(clause.table.header):
        args = {"found": str(len(row.cells)), "wanted": str(len(clause.table.header))}
        builder.problems.append(Diagnostic("POL405", row.span, args=args))
    rows = tuple(
        nodes.RuleRow(cell.span, (nodes.ExprCell(head.span, nodes.Name(head.span, head.text)), cell), ())
        for head, cell in zip(clause.table.header[1:], row.cells[1:], strict=False)
    )
    return _decision(clause, given.name, given.name_span, row.span, row.cites or clause.cites, rows)


def _decision(
    clause: nodes.Clause, name: str, at: Span, span: Span, cites: tuple[str, ...], rows: tuple[nodes.RuleRow, ...]
) -> nodes.Clause:
    """A decision by the tier, or bands as those of the block, for those whom it concerns; nobody without a tier has
    anything of it."""
    assert clause.table is not None
    by_tier = traits(clause.kind).reading == "tier"
    first = clause.name if by_tier else clause.table.header[0].text
    heads = (nodes.HeaderCell(at, first), nodes.HeaderCell(at, name))
    table = nodes.RuleTable(span, heads, rows)
    kind, lines = _read_as("row", formula=False) if by_tier else clause.kind, tuple(_lines(clause))
    return nodes.Clause(span, kind, name, at, None, None, None, cites, lines, table)


def _lines(clause: nodes.Clause) -> Iterator[nodes.Line]:
    for line in clause.lines:
        if isinstance(line, nodes.Each) or isinstance(line, nodes.FieldLine) and line.key == "for" and (
            traits(clause.kind).reading == "band"
        ):
            yield line
    if traits(clause.kind).reading == "tier":
        reached = nodes.Is(clause.name_span, "provided", nodes.Name(clause.name_span, clause.name))
        yield nodes.FieldLine(clause.name_span, "for", reached, ())


__all__ = ["Given", "apart", "looked_up"]
