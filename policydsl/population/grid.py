"""What tables hold, whatever file they stand in: cells as they were typed, rows, sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal, NamedTuple

from policydsl.diagnostics import Diagnostic, SheetError
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sources import Sources

Form = Literal["text", "number", "percent", "date", "instant", "yesno", "error", "uncomputed"]


class Cell(NamedTuple):
    """A cell: its characters, and how they are meant. A number is what a worksheet shows of it at most (of a cell in
    percent a hundred times that, with the sign), a day is 2024-06-30, with its time where it has one.
    ``error`` is the error of a formula, ``uncomputed`` a formula without a stored value."""

    form: Form
    text: str


class Row(NamedTuple):
    """One row by its number; ``cells`` by the number of their column, from 1. Blank cells are not among them."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


@dataclass(slots=True)
class Page:
    """One sheet. Its rows can be walked through once; ``merged`` is complete only after that: the ranges of merged
    cells as (first row, first column, last row, last column)."""

    name: str
    rows: Iterator[Row]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    note: str = ""  # the encoding of its text, where it is not UTF-8
    bare: bool = False  # programs wrote it: amounts without a unit are in that of the currency


def place(page: str, row: int, column: int) -> Span:
    """Where a cell is: the sheet stands for the file."""
    return Span(page, row, column, row, column + 1)


def column_name(number: int) -> str:
    """1 is A, 27 is AA."""
    out = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out


def cell_name(at: Span) -> str:
    """``D17``; of a place without a row, nothing."""
    return f"{column_name(at.column)}{at.line}" if at.line else ""


def refused(code: str, file: str, *, row: int = 0, column: int = 0, **args: str) -> SheetError:
    """A file that cannot be read at all."""
    span = place(file, row, column) if row else Span(file, 0, 0, 0, 0)
    return SheetError([Diagnostic(code, span, args={"path": file, **args})], Sources())
