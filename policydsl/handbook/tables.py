"""Tables of the author as tables of the handbook, with their drawings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import assert_never

from policydsl import nodes as n
from policydsl.handbook import charts
from policydsl.handbook.book import Book, Run, joined, plain
from policydsl.handbook.intervals import Stretch, number, shown, stretch
from policydsl.lower.names import across, cell_name, tier_names
from policydsl.render import document as d
from policydsl.say import listed, word


def cell_words(cell: n.Cell | n.RawCell | n.HeaderCell, book: Book) -> Run:
    """A cell in the author's words; an empty one says that anything will do."""
    match cell:
        case n.AnyCell():
            return [d.Text("—", "muted")]
        case n.HeaderCell():
            return book.name(cell.text)
        case n.RawCell():
            return [d.Text(cell.text)] if cell.text else [d.Text("—", "muted")]
        case n.ListCell():
            return joined([book.words(item) for item in cell.items], book.say("mark.list"))
        case n.OpCell() | n.RangeCell() | n.ExprCell():
            return book.words(cell)
        case _:
            assert_never(cell)


# ---------------------------------------------------------------------------------------------- tables of rules
def rule_table(clause: n.Clause, table: n.RuleTable, book: Book) -> d.Table:
    """A table of rules as it stands, each row with its clauses and line."""
    own = set(clause.cites)
    header = [cell_words(h, book) for h in table.header]
    rows = []
    cited = any(set(row.cites) - own for row in table.rows)
    written = [(row, row.cells) for row in table.rows]
    if table.crossed:
        header, written = _pairs(table, book)
    for row, asked in written:
        cells = [cell_words(c, book) for c in asked]
        if cited:
            cells.append(book.cites(row.cites))
        rows.append(d.row(cells))
    if cited:
        header.append([d.Text(book.say("column.clause"))])
    return d.table(header, rows, stub=True)


def _pairs(table: n.RuleTable, book: Book) -> tuple[list[Run], list[tuple[n.RuleRow, tuple[n.Cell, ...]]]]:
    """The heading and the rows as written of a table with a value for each pair of a row and a column."""
    *before, asked, axis = (cell_words(h, book) for h in table.header[:-1])
    groups = [[*group] for _, group in groupby(table.rows, key=lambda row: tuple(c.span for c in row.cells[:-2]))]
    heads = [cell_words(row.cells[-2], book) for row in groups[0]] if groups else []
    corner = [*asked, d.Text(book.say("mark.across")), *axis]
    rows = [(group[0], (*group[0].cells[:-2], *(row.cells[-1] for row in group))) for group in groups]
    return [*before, corner, *heads], rows


def row_words(table: n.RuleTable, book: Book) -> list[Run]:
    """Each row in a line: what stands at the head of a column, and what is asked of it."""
    return [
        joined(
            [[*cell_words(head, book), d.Text(" "), *cell_words(cell, book)]
             for head, cell in zip(table.header, row.cells, strict=True) if not isinstance(cell, n.AnyCell)],
            book.say("mark.comma"),
        )
        for row in table.rows
    ]


def case_table(clause: n.Clause, book: Book) -> d.Table | None:
    """The cases of a computation, from the top, the first that holds; its exceptions before them."""
    rows = []
    own = set(clause.cites)
    lines = [x for x in clause.lines if isinstance(x, n.Case | n.Otherwise | n.Exception_)]
    cited = any(set(line.cites) - own for line in lines)
    for line in lines:
        match line:
            case n.Case(_, condition, values, deemed):
                first: Run = [d.Text(_if(book)), *book.words(condition)]
                value = _values(values, deemed, book)
            case n.Otherwise(_, values, deemed):
                first = [d.Text(_otherwise(book))]
                value = _values(values, deemed, book)
            case _:
                continue
        rows.append(d.row([first, value, *([book.cites(line.cites)] if cited else [])]))
    if not rows:
        return None
    header = book.columns("case", "result", *(["clause"] if cited else []))
    return d.table(header, rows)


def _values(values: tuple[n.Expr, ...], deemed: bool, book: Book) -> Run:
    words = joined([book.words(v) for v in values], book.say("mark.list"))
    if not deemed:
        return words
    before, after = book.say("book.deemed", value="\0").split("\0")
    return [d.Text(before), *words, *([d.Text(after)] if after else [])]


def _if(book: Book) -> str:
    return book.say("book.if_before")


def _otherwise(book: Book) -> str:
    return book.say("book.otherwise")


def lookup_table(table: n.Table, book: Book) -> d.Table:
    """A table of the document in full."""
    cited = any(row.cites for row in table.rows)
    header = [[d.Text(h.text)] for h in table.header] + ([[d.Text(book.say("column.clause"))]] if cited else [])
    rows = []
    for _, same in groupby(table.rows, key=lambda row: row.span):
        written = [*same]  # the rows of several keys in one, as it stands in the text
        cells: list[Run] = []
        for column in range(len(written[0].cells)):
            keys = {row.cells[column].span: row.cells[column] for row in written if column < len(row.cells)}
            cells.append(joined([_lookup_cell(cell, book) for cell in keys.values()], book.say("mark.list")))
        rows.append(d.row([*cells, *([book.cites(written[0].cites)] if cited else [])]))
    numeric = [i for i in range(len(table.header)) if table.rows and all(_number_like(r, i) for r in table.rows)]
    return d.table(header, rows, numeric=numeric, stub=True)


def _lookup_cell(cell: n.RawCell, book: Book) -> Run:
    """A cell in the author's words: also what stands for all that begin alike."""
    family = cell.text.endswith("*") and not (typed := book.source(cell.span)).endswith("*")
    return book.name(cell.text) if book.anchor(cell.text) else cell_words(
        replace(cell, text=typed) if family else cell, book
    )


def _number_like(row: n.RawRow, column: int) -> bool:
    text = row.cells[column].text if column < len(row.cells) else ""
    return bool(text) and text[0].isdigit() and len(text) <= 8 and text.count("-") < 2


# ---------------------------------------------------------------------------------------------- tiers
def ladder_figure(clause: n.Clause, book: Book) -> d.Figure | None:
    """The staircase of a tier table."""
    names = list(dict.fromkeys(lowest_first(clause, book)))
    if len(names) < 2 or len(names) > 8:
        return None
    words = book.say("book.chart_ladder", name=clause.name, rows=listed(names, book.lang))
    return d.Figure(charts.ladder(names, words), book.say("book.lowest_to_highest", rows=listed(names, book.lang)))


def lowest_first(clause: n.Clause, book: Book) -> list[str]:
    """The tiers of a table, the lowest first."""
    names = list(tier_names(clause))
    ascending = any(isinstance(x, n.Order) and x.direction == "asc" for x in clause.lines)
    return names if ascending else names[::-1]


def ladder_table(clause: n.Clause, book: Book, gets: list[tuple[str, Run, dict[str, Run]]]) -> d.Table | None:
    """One column a tier, the highest first: what it asks, and what one gets."""
    if clause.table is None:
        return None
    columns = list(_columns(clause, book))
    if not columns:
        return None
    subjects = _subjects(clause, book)
    rows = [
        d.row([subject, *(cells[i] for _, cells in columns)]) for i, subject in enumerate(subjects)
    ]
    for kind, label, of in gets:
        words: Run = [d.Text(word("book", kind, book.lang) + book.say("mark.colon"), "muted"), *label]
        nothing: Run = [d.Text("—", "muted")]
        rows.append(d.row([words, *(of.get(name, nothing) for name, _ in columns)]))
    header: list[d.Words] = [book.say("book.requirement"), *(d.Text(name) for name, _ in columns)]
    return d.table(header, rows, stub=True)


def _subjects(clause: n.Clause, book: Book) -> list[Run]:
    assert clause.table is not None
    if across(clause):
        return [cell_words(row.cells[0], book) for row in clause.table.rows]
    return [cell_words(h, book) for h in clause.table.header[1:]]


def _columns(clause: n.Clause, book: Book) -> Iterator[tuple[str, list[Run]]]:
    """(tier, what it asks for each subject), the highest first."""
    assert clause.table is not None
    table = clause.table
    found: list[tuple[str, list[Run]]] = []
    if across(clause):
        for k, head in enumerate(table.header[1:], 1):
            found.append((head.text, [cell_words(row.cells[k], book) for row in table.rows]))
    else:
        for row in table.rows:
            name = cell_name(row.cells[0]) or plain(cell_words(row.cells[0], book))
            found.append((name, [cell_words(c, book) for c in row.cells[1:]]))
    ascending = any(isinstance(x, n.Order) and x.direction == "asc" for x in clause.lines)
    yield from (reversed(found) if ascending else found)


# ---------------------------------------------------------------------------------------------- bands, score sheets
def band_figure(clause: n.Clause, book: Book) -> d.Figure | None:
    """The steps of a band whose rows are numbers."""
    if clause.table is None or len(clause.table.header) != 2:
        return None
    found: list[tuple[Stretch, Run, Fraction | None]] = []
    for row in clause.table.rows:
        here = stretch(row.cells[0], book)
        cell = row.cells[1]
        if here is None or not isinstance(cell, n.ExprCell):
            return None
        found.append((here, [d.Text(shown(cell.expr, book))], number(cell.expr, book)))
    heights = [height for _, _, height in found]
    if any(height is None for height in heights):
        ranks = {text: Fraction(i) for i, text in enumerate(dict.fromkeys(plain(t) for _, t, _ in found))}
        heights = [ranks[plain(text)] for _, text, _ in found]
    rows = [
        charts.Step(
            s.low.value if s.low else None, bool(s.low and s.low.included), s.high.value if s.high else None,
            bool(s.high and s.high.included), height or Fraction(0), s.low.text if s.low else "",
            s.high.text if s.high else "", plain(text),
        )
        for (s, text, _), height in zip(found, heights, strict=True)
    ]
    table = clause.table
    pairs = [f"{plain(cell_words(r.cells[0], book))} → {plain(cell_words(r.cells[1], book))}" for r in table.rows]
    words = book.say("book.chart_bands", name=table.header[0].text, rows=listed(pairs, book.lang, "semicolon"))
    drawing = charts.steps(rows, words)
    if drawing is None:
        return None
    return d.Figure(drawing.svg, book.say("book.legend") + ("" if drawing.scaled else book.say("book.not_to_scale")))


def score_figure(clause: n.Clause, book: Book) -> d.Figure | None:
    """The weights of a score sheet, where its full marks are numbers."""
    if clause.table is None or len(clause.table.header) < 3:
        return None
    items = []
    for row in clause.table.rows:
        cell = row.cells[1]
        size = number(cell.expr, book) if isinstance(cell, n.ExprCell) else None
        if size is None or size < 0 or not isinstance(cell, n.ExprCell):
            return None
        items.append((plain(cell_words(row.cells[0], book)), size, shown(cell.expr, book)))
    if not items or not any(size for _, size, _ in items):
        return None
    rows = listed((f"{name} {text}" for name, _, text in items), book.lang)
    words = book.say("book.chart_score", name=clause.name, rows=rows)
    return d.Figure(charts.weights(items, words), book.say("book.full_marks"))
