"""Tables written as they are read again: a workbook, or a folder of CSV files. Whole, or not at all."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from policydsl.members import dataclass
from policydsl.population.binary import fits
from policydsl.population.csvs import FORMULA, guarded
from policydsl.population.grid import column_name
from policydsl.population.outputs import ExtraMissing
from policydsl.render.values import decimal_text, places_of

OPTION_ROWS = 5_000  # rows of a template that have a drop-down
MOST_LINKS = 60_000  # a worksheet takes no more than 65,530
_FORMATS = {
    "money": "#,##0.00##", "percent": "0.0#%", "count": "#,##0", "points": "0.0##", "number": "0.0#####",
    "date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm", "text": "@",
}
_STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#1F3864"},
    "section": {"bold": True, "font_size": 12, "font_color": "#1F3864", "bottom": 2, "bottom_color": "#1F3864"},
    "dim": {"font_color": "#7F7F7F"},
    "strong": {"bold": True},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3864", "align": "center", "valign": "vcenter",
             "text_wrap": True, "border": 1, "border_color": "#D9D9D9"},
    "first": {"bg_color": "#2F5597"},
    "rest": {"bg_color": "#8497B0"},
    "hint": {"font_color": "#7F7F7F", "bg_color": "#F2F2F2", "text_wrap": True, "valign": "top", "font_size": 9},
    "good": {"bg_color": "#E2EFDA"},
    "open": {"bg_color": "#FFE699"},
    "silent": {"bg_color": "#E4DFEC"},
    "bad": {"bg_color": "#F8CBAD"},
    "told": {"bg_color": "#DDEBF7"},
    "owed": {"font_color": "#C00000", "bold": True},
    "link": {"font_color": "#1F3864", "underline": 1},
}


class Value(NamedTuple):
    """What stands in a cell: its words; of a number its exact digits and how it is shown; a style; what it leads to
    inside the book (``伙伴!D17``); a note."""

    text: str = ""
    number: str = ""
    form: str = ""
    style: str = ""
    link: str = ""
    note: str = ""


class Head(NamedTuple):
    """The head of a column. ``options``: what may be chosen; ``ids``: the sheet and column of the ids that may be;
    ``strict``: whether something else is warned of."""

    text: str
    style: str = "head"
    note: str = ""
    width: int = 12
    hint: str = ""
    form: str = ""
    options: tuple[str, ...] = ()
    ids: str = ""
    strict: bool = False


Cells = Sequence[Value | str]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. Without ``heads`` it is read from the top like a page. ``frozen``: how many columns stay in sight;
    ``hinted``: a row of hints stands above the header, and data from the third row on; ``tail``: a row of totals."""

    name: str
    heads: tuple[Head, ...]
    rows: Iterable[Cells]
    frozen: int = 0
    hinted: bool = False
    widths: tuple[int, ...] = ()
    tab: str = ""
    summed: tuple[int, ...] = ()
    summed_text: str = ""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file, or a folder, that appears only when all of it is written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        if path.is_dir() and temporary.is_dir():
            old = path.with_name(f".{path.name}.{os.getpid()}.old")
            path.rename(old)
            temporary.rename(path)
            shutil.rmtree(old)
        else:
            os.replace(temporary, path)
    finally:
        if temporary.is_dir():
            shutil.rmtree(temporary)
        elif temporary.exists():
            temporary.unlink()


def write_csvs(folder: Path, tables: Iterable[Table]) -> None:
    """A file a table, in UTF-8 with its mark, which worksheet programs know by it."""
    folder.mkdir()
    for table in tables:
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            if table.heads:
                writer.writerow([guarded(" ".join(h.text.split())) for h in table.heads])
            for row in table.rows:
                writer.writerow([_plain(cell) for cell in row])


def _plain(cell: Value | str) -> str:
    if isinstance(cell, str):
        return guarded(cell)
    if not cell.number:
        return guarded(cell.text)
    if cell.form == "percent":
        return f"{_digits(Fraction(cell.number) * 100)}%"
    return cell.number


def _digits(value: Fraction) -> str:
    return decimal_text(value, places_of(value) or 0)


def write_xlsx(path: Path, tables: Sequence[Table], footer: str, made: str = "") -> None:
    """One workbook. Raises ExtraMissing where the library that writes them is not there."""
    try:
        import xlsxwriter
    except ImportError:
        raise ExtraMissing("excel", "xlsxwriter") from None
    book = xlsxwriter.Workbook(str(path), {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
        "nan_inf_to_errors": False, "tmpdir": str(path.parent),
    })
    try:
        book.set_properties({"comments": made, "created": datetime(2000, 1, 1)})
        _Writing(book, footer).tables(tables)
    finally:
        book.close()


class _Writing:
    def __init__(self, book: Any, footer: str) -> None:
        self.book, self.footer = book, footer
        self.formats: dict[tuple[str, str, bool], Any] = {}
        self.lists: dict[tuple[str, ...], str] = {}
        self.links = 0

    def tables(self, tables: Sequence[Table]) -> None:
        sheets = [self.book.add_worksheet(table.name) for table in tables]
        wanted = dict.fromkeys(h.options for t in tables for h in t.heads if h.options)
        if wanted:
            self.options(list(wanted))
        for table, sheet in zip(tables, sheets, strict=True):
            self.table(table, sheet)

    def options(self, lists: Sequence[tuple[str, ...]]) -> None:
        """The options of all columns, in a sheet that is not shown."""
        sheet = self.book.add_worksheet("_选项")
        sheet.hide()
        for column, options in enumerate(lists, 1):
            letter = column_name(column)
            self.lists[options] = f"='_选项'!${letter}$1:${letter}${len(options)}"
        for row in range(max(map(len, lists))):
            for column, options in enumerate(lists):
                if row < len(options):
                    sheet.write_string(row, column, options[row])

    def format(self, style: str, form: str, quoted: bool = False) -> Any:
        key = (style, form, quoted)
        if key not in self.formats:
            made: dict[str, object] = {"valign": "top"}
            for name in style.split():
                made |= _STYLES.get(name, {})
            if form in _FORMATS:
                made["num_format"] = _FORMATS[form]
            if form == "wrap" or not form and "title" not in style:
                made.setdefault("text_wrap", form == "wrap")
            if quoted:
                made["quote_prefix"] = True
            self.formats[key] = self.book.add_format(made)
        return self.formats[key]

    def table(self, table: Table, sheet: Any) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.footer}&R&A  &P/&N")
        if table.tab:
            sheet.set_tab_color(table.tab)
        for column, width in enumerate(table.widths):
            sheet.set_column(column, column, width)
        at = 0
        totals = dict.fromkeys(table.summed, Fraction(0))
        if table.heads:
            at = self.heads(table, sheet)
        for row in table.rows:
            for column, cell in enumerate(row):
                self.cell(sheet, at, column, cell)
                if column in totals and isinstance(cell, Value) and cell.number:
                    totals[column] += Fraction(cell.number)
            at += 1
        if table.heads:
            first = 2 if table.hinted else 1
            sheet.autofilter(first - 1, 0, max(at - 1, first), len(table.heads) - 1)
            if table.summed and at > first:
                self.sums(table, sheet, first, at, totals)

    def heads(self, table: Table, sheet: Any) -> int:
        first = 1 if table.hinted else 0
        for column, head in enumerate(table.heads):
            sheet.set_column(column, column, head.width, self.format("", head.form or "wrap"))
        if table.hinted:
            sheet.set_row(0, 36)
            for column, head in enumerate(table.heads):
                sheet.write_string(0, column, head.hint, self.format("hint", ""))
        sheet.set_row(first, 36)
        for column, head in enumerate(table.heads):
            style = "head" if head.style == "head" else f"head {head.style}"
            sheet.write_string(first, column, head.text, self.format(style, ""))
            if head.note:
                tall = 1 + head.note.count("\n") // 3
                sheet.write_comment(first, column, head.note, {"x_scale": 2, "y_scale": tall})
            source = self.lists.get(head.options) or head.ids
            if source:
                sheet.data_validation(first + 1, column, first + OPTION_ROWS, column, {
                    "validate": "list", "source": source, "error_type": "warning", "show_error": head.strict,
                })
        sheet.freeze_panes(first + 1, table.frozen)
        sheet.repeat_rows(0, first)
        return first + 1

    def sums(self, table: Table, sheet: Any, first: int, at: int, totals: dict[int, Fraction]) -> None:
        """Totals below the list, of the rows that a filter leaves."""
        sheet.write_string(at, 1, table.summed_text, self.format("strong", ""))
        for column, total in totals.items():
            letter = column_name(column + 1)
            formula = f"=SUBTOTAL(109,{letter}{first + 1}:{letter}{at})"
            sheet.write_formula(at, column, formula, self.format("strong", "money"), _digits(total))

    def cell(self, sheet: Any, row: int, column: int, cell: Value | str) -> None:
        value = Value(cell) if isinstance(cell, str) else cell
        if value.note:
            sheet.write_comment(row, column, value.note, {"x_scale": 2})
        if value.link and self.links < MOST_LINKS:
            self.links += 1
            page, _, there = value.link.rpartition("!")
            quoted = page.replace("'", "''")
            style = self.format(value.style or "link", "")
            sheet.write_url(row, column, f"internal:'{quoted}'!{there}", style, value.text)
        elif value.form in ("date", "instant") and value.number:
            style = self.format(value.style, value.form)
            sheet.write_datetime(row, column, datetime.fromisoformat(value.number), style)
        elif value.number and fits(value.number):
            sheet.write_number(row, column, Decimal(value.number), self.format(value.style, value.form))
        elif value.form == "error":  # stays one, whatever the column: nothing is read from it again
            sheet.write_formula(row, column, "=NA()", self.format(value.style, ""), value.text or "#N/A")
        elif value.text or value.number:
            text = (value.text or value.number)[:32_000]
            form = value.form if value.form == "text" else "wrap"
            sheet.write_string(row, column, text, self.format(value.style, form, text.startswith(FORMULA)))
        elif value.style:
            sheet.write_blank(row, column, None, self.format(value.style, value.form))
