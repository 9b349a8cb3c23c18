"""The sheets of a workbook as they came, with what is wrong marked: mend there, and judge again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from policydsl.diagnostics import LANGUAGES
from policydsl.population.book import Cells, Table, Value
from policydsl.population.gather import OURS, Gathered, read_pages
from policydsl.population.grid import Cell, Row
from policydsl.render.values import decimal_text, places_of
from policydsl.say import word
from policydsl.sheet.names import name_key

MOST_MARKS = 100_000
MOST_GAP = 10_000  # blank rows that are given back

Mark = tuple[str, int, int, str, str]  # sheet, row, column, style, note
Marks = dict[tuple[str, int], dict[int, tuple[str, str]]]


def returned(path: Path, found: Gathered, marks: Iterable[Mark]) -> list[Table]:
    """The sheets of a workbook; those that an earlier result has put before them are not among them."""
    noted: Marks = {}
    for number, (page, row, column, style, note) in enumerate(marks):
        if number < MOST_MARKS:
            noted.setdefault((page, row), {}).setdefault(column, (style, note))
    ours = {name_key(word("table", name, code)) for name in OURS for code in LANGUAGES}
    return [
        Table(page.name, (), _rows(page.name, page.rows, noted, found.titles.get(page.name, {})))
        for page in read_pages(path) if name_key(page.name) not in ours
    ]


def _rows(name: str, rows: Iterable[Row], marks: Marks, titles: Mapping[int, str]) -> Iterator[Cells]:
    last = 0
    for row in rows:
        if row.number - last > MOST_GAP:
            return
        yield from (() for _ in range(last + 1, row.number))
        last = row.number
        noted = marks.get((name, row.number), {})
        cells = []
        for column in range(1, max([*row.cells, *noted]) + 1):
            cell = row.cells.get(column)
            style, note = noted.get(column, ("", ""))
            head = cell is not None and " ".join(cell.text.split()) == titles.get(column)
            cells.append(as_typed(cell, style or ("head" if head else ""), note))
        yield cells


def as_typed(cell: Cell | None, style: str = "", note: str = "") -> Value:
    if cell is None:
        return Value(style=style, note=note)
    if cell.form == "percent":
        share = Fraction(cell.text[:-1]) / 100
        return Value(cell.text, decimal_text(share, places_of(share) or 0), "percent", style, note=note)
    if cell.form == "number":
        return Value(cell.text, cell.text, "plain", style, note=note)
    if cell.form in ("date", "instant") and _is_day(cell.text):
        return Value(cell.text, cell.text, cell.form, style, note=note)
    return Value(cell.text, "", "error" if cell.form in ("error", "uncomputed") else "text", style, note=note)


def _is_day(text: str) -> bool:
    """Whether a worksheet has such a day; another one stays the text that it is."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        return False
    return day.year >= 1900 and day.tzinfo is None
