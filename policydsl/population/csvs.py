"""A folder of CSV files: one a sheet, in UTF-8 or GB18030."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from policydsl.population.grid import Cell, Page, Row, refused

MOST_BYTES = 1 << 30
MOST_TEXT = 1 << 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a worksheet would take for a formula


def read_folder(folder: Path) -> list[Page]:
    """The sheets of a folder, by the names of its files. Raises SheetError, OSError."""
    return [read_csv(path) for path in sorted(folder.glob("*.csv"))]


def read_csv(path: Path) -> Page:
    """One file as a sheet. Raises SheetError where it is no text."""
    if path.stat().st_size > MOST_BYTES:
        raise refused("SHEET166", path.name, limit=str(MOST_BYTES >> 20))
    encoding = encoding_of(path)
    return Page(path.stem, _rows(path, encoding), note="" if encoding == "utf-8-sig" else encoding)


def encoding_of(path: Path) -> str:
    """UTF-8, where all of it is; else GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as stream:
                while stream.read(1 << 20):
                    pass
            return encoding
        except UnicodeDecodeError:
            continue
    raise refused("SHEET167", path.name)


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    """The rows by the number of the row in a worksheet, not of the line."""
    csv.field_size_limit(MOST_TEXT)
    with path.open(encoding=encoding, newline="") as stream:
        try:
            for number, cells in enumerate(csv.reader(_unbroken(stream, path.name)), 1):
                found = {at: Cell("text", unguarded(text)) for at, text in enumerate(cells, 1) if text.strip()}
                if found:
                    yield Row(number, found)
        except csv.Error:
            raise refused("SHEET167", path.name) from None


def _unbroken(stream: io.TextIOBase, file: str) -> Iterator[str]:
    """The lines, none of them longer than a row can be."""
    while line := stream.readline(16 * MOST_TEXT):
        if len(line) >= 16 * MOST_TEXT:
            raise refused("SHEET166", file, limit=str(16 * MOST_TEXT >> 20))
        yield line


def guarded(text: str) -> str:
    """A text as a worksheet takes it for text: what would be a formula has a quotation mark before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
