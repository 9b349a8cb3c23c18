"""Workbooks: the cells of an .xlsx file as they were typed, row by row, in little memory whatever the file says.

Cells are read with what libraries leave out and a verdict needs: whether a number is shown in percent or as a day,
whether a formula has a stored value, which cells are merged. Only cells that are there take room, so that a sheet which
claims to reach to its last row costs no more than what stands in it. See docs/decisions, 93.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from policydsl.population.binary import plain, typed
from policydsl.population.grid import Cell, Form, Page, Row, refused

MOST_UNPACKED = 2 << 30  # bytes of all parts together
LARGE, MOST_RATIO = 64 << 20, 300  # a part beyond this size is not packed tighter than that in any honest file
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
MOST_TEXT = 1 << 20  # characters of one cell
MOST_SHARED = 1 << 28  # characters of all texts
_CHUNK = 1 << 18
_OLE = b"\xd0\xcf\x11\xe0"  # older formats, and files with a password
_REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,8})", re.ASCII)
_PERCENT_IDS = {9, 10}  # number formats that every worksheet program knows
_DAY_IDS = {14, 15, 16, 17, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 57, 58}
_TIME_IDS = {18, 19, 20, 21, 22, 32, 33, 45, 46, 47, 55, 56}
_ESCAPED = re.compile(r"_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_", re.ASCII)  # what XML does not keep
_ASIDE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class _Broken(Exception):
    """The file says something that no workbook says."""


def read_workbook(path: Path) -> list[Page]:
    """The sheets of a workbook in their order. Raises SheetError where it cannot be opened; a fault inside a sheet is
    raised when that is walked through."""
    file = path.name
    with path.open("rb") as stream:
        begins = stream.read(8)
    if begins.startswith(_OLE):
        raise refused("SHEET165", file)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise refused("SHEET167", file) from None
    _sized(archive, file)
    with _faults(file):
        return _Workbook(archive, file).pages()


def _sized(archive: zipfile.ZipFile, file: str) -> None:
    """Refuses what unpacks to more than any workbook, before anything is unpacked."""
    parts = archive.infolist()
    whole = sum(part.file_size for part in parts)
    tight = any(p.file_size > LARGE and p.file_size > MOST_RATIO * max(1, p.compress_size) for p in parts)
    if whole > MOST_UNPACKED or tight:
        raise refused("SHEET166", file, limit=str(MOST_UNPACKED >> 20))
    if any(part.flag_bits & 1 for part in parts):
        raise refused("SHEET165", file)


class _faults:
    """Whatever goes wrong in reading a part is told of the file."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        wrong = (expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError, EOFError, NotImplementedError, _Broken)
        if isinstance(error, wrong):
            raise refused("SHEET167", self.file) from None
        if error is not None and type(error).__module__ == "zlib":
            raise refused("SHEET167", self.file) from None


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self.archive, self.file = archive, file
        self.first = date(1899, 12, 30)
        self.main = self.related("_rels/.rels", "", "officeDocument").get("", "xl/workbook.xml")
        self.forms: list[Form] = []
        self.texts: list[str] = []

    def pages(self) -> list[Page]:
        base = posixpath.dirname(self.main)
        links = f"{base}/_rels/{posixpath.basename(self.main)}.rels"
        targets = self.related(links, base)
        sheets: list[tuple[str, str]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                link = next((v for k, v in attributes.items() if k.rpartition(" ")[2] == "id" and " " in k), "")
                sheets.append((attributes.get("name", ""), link))
            elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self.first = date(1904, 1, 1)

        self.parse(self.main, start)
        self.styles(self.named(links, base, "styles"))
        self.shared(self.named(links, base, "sharedStrings"))
        return [self.page(name, targets[link]) for name, link in sheets if link in targets]

    # ------------------------------------------------------------------------------------------ parts
    def parse(
        self, part: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Reads one small part."""
        for _ in self.events(part, start, end, text):
            pass

    def events(
        self, part: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None] | None,
        text: Callable[[str], None] | None,
    ) -> Iterator[None]:
        """Reads one part piece by piece, and stops after each."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
        if end is not None:
            ended = end
            parser.EndElementHandler = lambda name: ended(name.rpartition(" ")[2])
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _no_doctype
        with self.archive.open(part) as stream:
            yield from _fed(parser, stream)

    def related(self, part: str, base: str, kind: str = "") -> dict[str, str]:
        """The parts that another one refers to, by the id of the link (of ``kind`` alone by ""); what lies outside the
        file is not among them."""
        found: dict[str, str] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
                if not kind:
                    found[attributes.get("Id", "")] = whole
                elif attributes.get("Type", "").endswith(f"/{kind}"):
                    found[""] = whole

        if part in self.archive.namelist():
            self.parse(part, start)
        return found

    def named(self, part: str, base: str, kind: str) -> str:
        return self.related(part, base, kind).get("", "")

    def styles(self, part: str) -> None:
        """How the cells of each style show a number."""
        own: dict[int, str] = {}
        inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if name == "numFmt":
                own[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                number = int(attributes.get("numFmtId", "0"))
                self.forms.append(_form(number, own.get(number, "")))

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and name != "cellXfs"

        if part:
            self.parse(part, start, end)

    def shared(self, part: str) -> None:
        """The texts that cells refer to; phonetic readings are no part of them."""
        pieces: list[str] = []
        state = {"taking": False, "aside": 0, "all": 0}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "rPh":
                state["aside"] += 1
            state["taking"] = name == "t" and not state["aside"]

        def end(name: str) -> None:
            state["taking"] = False
            if name == "rPh":
                state["aside"] -= 1
            elif name == "si":
                self.texts.append(_unescaped("".join(pieces)))
                state["all"] += len(self.texts[-1])
                pieces.clear()
                if state["all"] > MOST_SHARED:
                    raise refused("SHEET166", self.file, limit=str(MOST_UNPACKED >> 20))

        def text(data: str) -> None:
            if state["taking"]:
                pieces.append(data)

        if part:
            self.parse(part, start, end, text)

    # ------------------------------------------------------------------------------------------ one sheet
    def page(self, name: str, part: str) -> Page:
        page = Page(name, iter(()))
        page.rows = self.rows(part, page)
        return page

    def rows(self, part: str, page: Page) -> Iterator[Row]:
        with _faults(f"{self.file} {page.name}"):
            reader = _Rows(self, page)
            for _ in self.events(part, reader.start, reader.end, reader.text):
                yield from reader.done
                reader.done.clear()
            yield from reader.done

    def day(self, number: Decimal) -> str:
        """The day, and the time if there is one, that a number stands for."""
        whole = int(number)
        day = self.first + timedelta(days=whole)
        seconds = round((number - whole) * 86_400)
        if not seconds:
            return day.isoformat()
        return (datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)).isoformat(" ")


class _Rows:
    """Makes rows of the elements of a sheet."""

    def __init__(self, book: _Workbook, page: Page) -> None:
        self.book, self.page = book, page
        self.done: list[Row] = []
        self.cells: dict[int, Cell] = {}
        self.row, self.column, self.hidden = 0, 0, False
        self.type, self.formula, self.valued = "", False, False
        self.form: Form = "number"
        self.pieces: list[str] = []
        self.size = 0
        self.taking = False
        self.aside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.begin(attributes)
        elif name in ("v", "t"):
            self.taking = not self.aside
            self.valued = True
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.aside += 1
        elif name == "row":
            number = int(attributes["r"]) if "r" in attributes else self.row + 1
            if not self.row < number <= MOST_ROWS:
                raise _Broken
            self.row, self.column, self.cells = number, 0, {}
            self.hidden = attributes.get("hidden") in ("1", "true")
        elif name == "mergeCell":
            found = [_REFERENCE.fullmatch(each) for each in attributes.get("ref", "").split(":")]
            if len(found) == 2 and found[0] and found[1]:
                (top, left), (bottom, right) = ((int(m[2]), _number(m[1])) for m in found if m)
                self.page.merged.append((top, left, bottom, right))

    def begin(self, attributes: dict[str, str]) -> None:
        reference = _REFERENCE.fullmatch(attributes["r"]) if "r" in attributes else None
        column = _number(reference[1]) if reference else self.column + 1
        if not self.column < column <= MOST_COLUMNS or reference and int(reference[2]) != self.row:
            raise _Broken
        self.column = column
        self.type = attributes.get("t", "n")
        style = int(attributes.get("s", "0"))
        self.form = self.book.forms[style] if style < len(self.book.forms) else "number"
        self.formula = self.valued = False
        self.pieces, self.size = [], 0

    def text(self, data: str) -> None:
        if self.taking:
            self.size += len(data)
            if self.size > MOST_TEXT:
                raise _Broken
            self.pieces.append(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.taking = False
        elif name == "c":
            cell = self.cell("".join(self.pieces))
            if cell is not None:
                self.cells[self.column] = cell
        elif name == "rPh":
            self.aside -= 1
        elif name == "row" and self.cells:
            self.done.append(Row(self.row, self.cells, self.hidden))

    def cell(self, text: str) -> Cell | None:
        if self.formula and not text.strip() and (self.type != "str" or not self.valued):
            return Cell("uncomputed", "")
        if self.type == "s":
            number = int(text)
            if not 0 <= number < len(self.book.texts):
                raise _Broken
            text = self.book.texts[number]
        elif self.type == "b":
            return Cell("yesno", "是" if text.strip() == "1" else "否")
        elif self.type == "e":
            return Cell("error", text.strip())
        elif self.type == "d":
            return Cell("date", text.strip().removesuffix("T00:00:00").replace("T", " "))
        elif self.type == "n" and text.strip():
            return self.number(text.strip())
        elif self.type in ("inlineStr", "str"):
            text = _unescaped(text)
        return Cell("text", text) if text.strip() else None

    def number(self, text: str) -> Cell:
        number = typed(text)
        if number is None:
            raise _Broken
        if self.form == "percent":
            return Cell("percent", f"{plain(number * 100)}%")
        if self.form in ("date", "instant") and 0 <= number < 2_958_466:
            day = self.book.day(number)
            if self.form == "instant" and " " not in day:
                day += " 00:00:00"
            return Cell(self.form, day)
        return Cell("number", plain(number))


def _unescaped(text: str) -> str:
    """A text as it was typed, its lines ended in one way."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n")


def _form(number: int, code: str) -> Form:
    """How a number format shows numbers."""
    if number in _PERCENT_IDS:
        return "percent"
    if number in _DAY_IDS:
        return "date"
    if number in _TIME_IDS:
        return "instant"
    plain = _ASIDE.sub("", code.split(";")[0]).lower()
    if "%" in plain:
        return "percent"
    if code.lower() == "general" or not re.search(r"[ymdhs]", plain):
        return "number"
    return "instant" if "h" in plain or "s" in plain else "date"


def _number(letters: str) -> int:
    out = 0
    for letter in letters:
        out = out * 26 + ord(letter) - 64
    return out


def _fed(parser: Any, stream: IO[bytes]) -> Iterator[None]:
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)


def _no_doctype(*_: object) -> None:
    """Nothing in a workbook declares entities."""
    raise _Broken
