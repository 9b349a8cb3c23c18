"""The rows of a file sorted by party, with what is wrong with the sheets themselves."""

from __future__ import annotations

import marshal
from contextlib import suppress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from policydsl.core import InputDecl
from policydsl.diagnostics import LANGUAGES, Diagnostic, Language, Severity, SheetError
from policydsl.kinds import TEXT, text_key
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span
from policydsl.population.csvs import read_csv, read_folder
from policydsl.population.grid import Cell, Page, Row, column_name, place, refused
from policydsl.population.layout import Layout, Sheet, header_key, split_header, unit_of
from policydsl.population.outputs import FORMS
from policydsl.population.records import read_all, read_records
from policydsl.population.typed import Head, unit_in
from policydsl.population.xlsx import read_workbook
from policydsl.say import listed, word
from policydsl.sheet.names import DAY_NAMES, PARTY_NAMES, Level, name_key, record_level, sheet_level
from policydsl.sheet.refused import Refused, shorten
from policydsl.sources import Sources
from policydsl.text.fold import INVISIBLE
from policydsl.text.near import alike

MOST_ID = 40
MOST_PARTIES = 2_000_000
MOST_NEAR = 50  # near misses are looked for so often; it takes longer than everything else
TOTALS = frozenset("合计 小计 总计 累计 total subtotal sum".split())
_NONE = frozenset({"无", "none"})
UNVALUED: Mapping[str, str] = {"error": "SHEET174", "uncomputed": "SHEET188"}  # cells that hold nothing to read
_ALIKE = str.maketrans("oil", "011")
OURS = ("about", "summary", "results", "grounds", "sums", "missing", "errors", "options", "compared")

# The columns that every sheet has beside the declared ones.
ID, NAME, DAY = (InputDecl(f"@{name}", None, TEXT, NOWHERE) for name in ("id", "name", "day"))
_OWN: Mapping[str, InputDecl] = {"id": ID, "name": NAME, "day": DAY}
Line = tuple[int, dict[int, tuple[str, str]]]  # a row with its cells, as it is kept


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, whom it holds back ("": nobody, or everybody) and what stands there."""

    diagnostic: Diagnostic
    party: str = ""
    read: str = ""


@dataclass(slots=True)
class Party:
    """One row of the sheet of parties, and its rows in the ledgers, kept small."""

    id: str
    name: str
    row: int
    kept: dict[str, list[bytes]] = field(default_factory=dict)
    none: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(p.diagnostic.severity == "error" for p in self.problems)

    def lines(self, sheet: str) -> Iterator[Line]:
        return (marshal.loads(each) for each in self.kept.get(sheet, ()))


@dataclass(slots=True)
class Gathered:
    """A whole file. ``sheets``: what each page is; ``heads``: what each column of it is; ``blocked``: something is
    wrong that holds everybody back; ``complete``: the ledgers of which all rows are there; ``given``: the values of
    parameters, with places."""

    layout: Layout
    sheets: dict[str, Sheet] = field(default_factory=dict)
    heads: dict[str, dict[int, Head]] = field(default_factory=dict)
    titles: dict[str, dict[int, str]] = field(default_factory=dict)
    parties: list[Party] = field(default_factory=list)
    shared: dict[str, list[Line]] = field(default_factory=dict)
    none_shared: set[str] = field(default_factory=set)
    complete: set[str] = field(default_factory=set)
    given: list[tuple[str, Cell, str, Span]] = field(default_factory=list)
    day: tuple[Cell, Span] | None = None
    problems: list[Problem] = field(default_factory=list)
    records: int = 0

    @property
    def blocked(self) -> bool:
        return any(p.diagnostic.severity == "error" for p in self.problems)

    def page_of(self, sheet: Sheet) -> str:
        """The page that is a sheet; nothing where there is none."""
        return next((page for page, found in self.sheets.items() if found is sheet and page in self.heads), "")


def read_pages(path: Path) -> list[Page]:
    """The sheets of a workbook, of a folder, or of a file of CSV, JSON Lines or Parquet. Raises SheetError, OSError."""
    ids = _keys(_words("id"))
    if path.is_dir():
        return [*read_folder(path), *read_all(path, ids)]
    if FORMS.get(path.suffix.lower()) in ("jsonl", "parquet"):
        return read_records(path, ids)
    return [read_csv(path)] if path.suffix.lower() == ".csv" else read_workbook(path)


def gather(path: Path, layout: Layout, lang: Language | None = None, further: bool = False) -> Gathered:
    """Reads a file; what is wrong is told in ``lang``. ``further``: beside another file, so that its pages are named
    with it, ``[P3.xlsx]伙伴``. Raises SheetError where none of it can be read."""
    pages = read_pages(path)
    if path.suffix.lower() != ".xlsx" and not path.is_dir():
        pages[0].name = layout.parties.name
    return _Gathering(layout, path.name, lang or layout.lang, further).made(pages)


class _Gathering:
    def __init__(self, layout: Layout, file: str, lang: Language, further: bool) -> None:
        self.layout, self.file, self.lang, self.further = layout, file, lang, further
        self.found = Gathered(layout)
        self.by_id: dict[str, Party] = {}
        self.again: dict[str, list[Party]] = {}
        self.looked = 0
        self.ids = _keys(_words("id"))

    def made(self, pages: list[Page]) -> Gathered:
        found = self.found
        named = {page.name: name_key(page.name) for page in pages}
        if self.further:
            for page in pages:
                key = named.pop(page.name)
                page.name = f"[{self.file}]{page.name}"
                named[page.name] = key
        sheets = {key: sheet for sheet in (*self.layout.ledgers, self.layout.parties) for key in names_of_sheet(sheet)}
        found.sheets = {page: sheets[key] for page, key in named.items() if key in sheets}
        parties = next((p for p in pages if found.sheets.get(p.name) is self.layout.parties), None)
        if parties is None:
            raise refused("SHEET168", self.file, names=listed((p.name for p in pages), self.lang) or "—")
        self.parties(parties)
        if parties.name not in found.heads:
            raise SheetError([p.diagnostic for p in found.problems], Sources())
        ours = _keys(w for name in OURS for w in _words(name))
        for page in pages:
            sheet, key = found.sheets.get(page.name), named[page.name]
            if page is parties:
                continue
            if sheet is not None and sheet.ledger is not None and not (self.further and sheet.shared):
                self.ledger(page, sheet)
            elif key in _keys(_words("parameters")) and not self.further:
                self.parameters(page)
            elif key not in ours:
                self.note("SHEET175", "warning", Span(page.name, 0, 0, 0, 0), read=page.name)
        self.encodings(pages)
        return found

    def encodings(self, pages: Iterable[Page]) -> None:
        for page in pages:
            if page.note:
                self.note("SHEET176", "notice", Span(page.name, 0, 0, 0, 0), read=page.note.upper())

    def note(self, code: str, severity: Severity, at: Span, party: Party | None = None, **args: str) -> None:
        near = tuple(filter(None, args.pop("near", "").split("\n")))
        made = Problem(
            Diagnostic(code, at, severity, {"path": at.file, **args}, suggestions=near), party.id if party else "",
            args.get("read", ""),
        )
        (party.problems if party else self.found.problems).append(made)

    # ------------------------------------------------------------------------------------------ headers
    def rows(self, page: Page, sheet: Sheet, level: Level) -> Iterator[Row]:
        """The rows below the header, which is noted."""
        keys = self.ids if not sheet.shared else _level_keys(sheet)
        heads: dict[int, Head] | None = None
        hidden = start = 0
        for row in page.rows:
            at = next((c for c, cell in row.cells.items() if header_key(split_header(cell.text)[0]) in keys), None)
            if heads is None:
                if at is not None:
                    heads, start = self.header(page, sheet, row, level), row.number
            elif at is not None:
                self.note("SHEET181", "warning", place(page.name, row.number, at), read=row.cells[at].text)
            else:
                hidden += row.hidden
                yield row
        if heads is None:
            wanted = self.layout.id if not sheet.shared else sheet.columns[0].decl.name
            self.note("SHEET169", "error", Span(page.name, 0, 0, 0, 0), read=wanted)
        if hidden:
            self.note("SHEET183", "notice", Span(page.name, 0, 0, 0, 0), count=str(hidden))
        for top, left, bottom, right in page.merged:
            if top <= start <= bottom and (bottom > start or right > left):
                self.note("SHEET173", "error", place(page.name, top, left), read=_range(top, left, bottom, right))

    def header(self, page: Page, sheet: Sheet, row: Row, level: Level) -> dict[int, Head]:
        """What each column is. A name of a policy comes before the names that every sheet has."""
        heads: dict[int, Head] = {}
        named: dict[str, int] = {}
        titles = self.found.titles[page.name] = {}
        columns = {c.decl.name: c for c in sheet.columns}
        for number, cell in row.cells.items():
            at, text = place(page.name, row.number, number), " ".join(cell.text.split())
            titles[number] = text
            name, said = split_header(text)
            decl = level.targets.get(header_key(text)) or level.targets.get(header_key(name))
            own = next((w for w in ("id", "name", "day") if header_key(name) in _own(w)), None)
            if decl is None and (own is None or sheet.ledger is not None and own != "id"):
                near = "" if self.looked >= MOST_NEAR else "\n".join(level.near(name))
                self.looked += 1
                self.note("SHEET184", "warning", at, read=shorten(text), near=near)
                continue
            called = decl.name if decl is not None else f"@{own}"
            if called in named:
                other = place(page.name, row.number, named[called])
                read = listed((column_name(other.column), column_name(number)), self.lang)
                self.note("SHEET172", "error", at, name=shorten(text), read=read)
                continue
            named[called] = number
            column = columns.get(called)
            if column is not None:
                unit = unit_of(column.decl.kind, self.layout.program, False) if page.bare else column.unit
                heads[number] = self.head(column.decl, unit, said, at, text)
            elif decl is None:
                heads[number] = Head(_OWN[own or "id"])
        self.found.heads[page.name] = heads
        return heads

    def head(self, decl: InputDecl, own: str, said: tuple[str, ...], at: Span, text: str) -> Head:
        unit: str | None = None
        with suppress(Refused):
            unit = unit_in(decl, said, own, self.layout.lang)
        if unit is None:
            self.note("SHEET182", "error", at, name=decl.name, read=shorten(text), unit=own or "—")
        return Head(decl, unit or "")

    # ------------------------------------------------------------------------------------------ parties
    def parties(self, page: Page) -> None:
        found = self.found
        level = sheet_level(self.layout.program)
        names: dict[str, Party] = {}
        for row in self.rows(page, self.layout.parties, level):
            heads = found.heads[page.name]
            id_at = next((c for c, h in heads.items() if h.decl is ID), 0)
            name_at = next((c for c, h in heads.items() if h.decl is NAME), 0)
            id_, name = _plain(row.cells.get(id_at)), _plain(row.cells.get(name_at))
            at = place(page.name, row.number, id_at or 1)
            if self.total(row, id_at, at):
                continue
            party = Party(id_, name or id_, row.number)
            found.parties.append(party)
            if len(found.parties) > MOST_PARTIES:
                raise refused("SHEET166", self.file, limit=str(MOST_PARTIES))
            party.kept[self.layout.parties.name] = [_kept(row)]
            self.unvalued(page, row, name_at, party)
            if self.unvalued(page, row, id_at, party):
                continue
            if not id_ or len(id_) > MOST_ID:
                self.note("SHEET179", "error", at, party, read=shorten(id_))
                continue
            if text_key(id_) in self.by_id:
                self.again.setdefault(text_key(id_), [self.by_id[text_key(id_)]]).append(party)
            self.by_id.setdefault(text_key(id_), party)
            first = names.setdefault(text_key(party.name), party)
            if first is not party and text_key(first.id) != text_key(id_):
                for one, other in ((first, party), (party, first)):
                    there = place(page.name, one.row, name_at or id_at)
                    self.note("SHEET185", "error", there, one, read=one.name, other=other.id)
        for twice in self.again.values():
            rows = listed((str(p.row) for p in twice), self.lang)
            for party in twice:
                at = place(page.name, party.row, next(c for c, h in found.heads[page.name].items() if h.decl is ID))
                self.note("SHEET177", "error", at, party, read=party.id, rows=rows)
        by_row = {p.row: p for p in found.parties}
        self.merged(page, by_row.get)

    def unvalued(self, page: Page, row: Row, column: int, party: Party) -> bool:
        """Whether an id or a name is a formula without a value: whose row it is is not guessed."""
        cell = row.cells.get(column)
        if cell is None or cell.form not in UNVALUED:
            return False
        at, title = place(page.name, row.number, column), self.found.titles[page.name].get(column, "")
        self.note(UNVALUED[cell.form], "error", at, party, path=title, read=cell.text)
        return True

    def total(self, row: Row, id_at: int, at: Span) -> bool:
        """Whether a row is the total below a list, which is of nobody: it says so in place of an id, or has none."""
        id_ = row.cells.get(id_at)
        said = row.cells.values() if id_ is None else (id_,)
        word_ = next((c.text for c in said if text_key("".join(c.text.split())).rstrip(":") in TOTALS), None)
        if word_ is not None:
            self.note("SHEET180", "warning", at, read=word_)
        return word_ is not None

    def merged(self, page: Page, whose: Callable[[int], Party | None]) -> None:
        """Cells that are merged hold back whose rows they touch."""
        for top, left, bottom, right in page.merged[:10_000]:
            touched = {id(p): p for n in range(top, min(bottom, top + 10_000) + 1) if (p := whose(n)) is not None}
            for party in touched.values():
                party.problems = [p for p in party.problems if not _within(p, page.name, top, bottom)]
                self.note(
                    "SHEET173", "error", place(page.name, top, left), party, read=_range(top, left, bottom, right)
                )

    # ------------------------------------------------------------------------------------------ ledgers
    def ledger(self, page: Page, sheet: Sheet) -> None:
        assert sheet.ledger is not None
        found, ledger = self.found, sheet.ledger
        last: Party | None = None
        by_row: dict[int, Party] = {}
        for row in self.rows(page, sheet, record_level(ledger)):
            heads = found.heads[page.name]
            if sheet.shared:
                if [text_key(c.text) for c in row.cells.values()] == ["无"]:
                    found.none_shared.add(ledger.name)
                else:
                    found.shared.setdefault(ledger.name, []).append(marshal.loads(_kept(row)))
                    found.records += 1
                continue
            id_at = next((c for c, h in heads.items() if h.decl is ID), 0)
            id_ = _plain(row.cells.get(id_at))
            at = place(page.name, row.number, id_at or 1)
            if self.total(row, id_at, at):
                continue
            party = self.by_id.get(text_key(id_)) if id_ else last
            if party is None:
                self.orphan(id_, at)
                continue
            last = party
            by_row[row.number] = party
            if not id_:
                self.note("SHEET179", "error", at, party, read="")
            rest = [c for n, c in row.cells.items() if n != id_at and n in heads]
            if len(rest) == 1 and text_key(rest[0].text) in _NONE:
                party.none.add(ledger.name)
            elif rest:
                party.kept.setdefault(ledger.name, []).append(_kept(row))
                found.records += 1
            if ledger.name in party.none and ledger.name in party.kept:
                self.note("SHEET186", "error", at, party, read=ledger.name)
        found.shared.setdefault(ledger.name, []) if ledger.name in found.none_shared else None
        self.merged(page, by_row.get)

    def orphan(self, id_: str, at: Span) -> None:
        """A row of nobody holds back the parties that it may be of."""
        key = text_key(id_[:MOST_ID])
        parties = [p for other, p in self.by_id.items() if _blurred(other) == _blurred(key)] if id_ else []
        if id_ and not parties and self.looked < MOST_NEAR:
            self.looked += 1
            parties = [self.by_id[close] for close in alike(key, self.by_id, 70)]
        near = "\n".join(p.id for p in parties)
        for party in parties:
            self.note("SHEET178", "error", at, party, read=shorten(id_), near=near)
        if not parties:
            self.note("SHEET187", "warning", at, read=shorten(id_) or "—")

    # ------------------------------------------------------------------------------------------ parameters
    def parameters(self, page: Page) -> None:
        """``参数 值 单位``: the evaluation date, which ledgers are complete, values of parameters."""
        columns: dict[str, int] = {}
        for row in page.rows:
            words = {header_key(c.text): n for n, c in row.cells.items()}
            if not columns:
                wanted = ("parameter", "value", "unit")
                names = {w: n for w in wanted for k, n in words.items() if k in _keys(_words(w))}
                columns = names if "parameter" in names and "value" in names else {}
                continue
            name = _plain(row.cells.get(columns["parameter"]))
            value = row.cells.get(columns["value"])
            if not name or value is None:
                continue
            at = place(page.name, row.number, columns["value"])
            ledger = next((s for s in self.layout.ledgers if name_key(name) in _keys(complete_words(s.name))), None)
            if name_key(name) in _keys(DAY_NAMES):
                self.found.day = value, at
            elif ledger is not None:
                if text_key(value.text) in ("是", "yes", "true", "✓", "√", "y", "1"):
                    self.found.complete.add(ledger.name)
            else:
                self.found.given.append((name, value, _plain(row.cells.get(columns.get("unit", 0))), at))


def _within(problem: Problem, page: str, top: int, bottom: int) -> bool:
    """Whether a row has no id because its cells are merged, which is told by itself."""
    at = problem.diagnostic.span
    return problem.diagnostic.code == "SHEET179" and at.file == page and top <= at.line <= bottom


def _blurred(key: str) -> str:
    """An id without what the eye does not tell apart."""
    return key.translate(_ALIKE)


def complete_words(ledger: str) -> tuple[str, ...]:
    """``订单记录 已齐全``."""
    return tuple(f"{ledger} {w}" for w in _words("complete"))


def _words(name: str) -> tuple[str, ...]:
    """The word for something in every sheet, in both languages."""
    return tuple(word("table", name, code) for code in LANGUAGES)


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(header_key(w) for w in words)


def names_of_sheet(sheet: Sheet) -> frozenset[str]:
    """By which names a sheet is known."""
    ledger = sheet.ledger
    names = _words("parties") if ledger is None else tuple(n for n in (ledger.name, ledger.alias) if n)
    return frozenset(name_key(n) for n in names)


def _level_keys(sheet: Sheet) -> frozenset[str]:
    """By what a header of a shared ledger is known: its key, or its first field."""
    assert sheet.ledger is not None
    decl = sheet.ledger.key_field
    return _keys(name for name in (decl.name, decl.alias) if name)


def _own(name: str) -> frozenset[str]:
    return _keys({"id": _words("id"), "name": PARTY_NAMES, "day": DAY_NAMES}[name])


def _plain(cell: Cell | None) -> str:
    if cell is None or cell.form in UNVALUED:
        return ""
    return " ".join(INVISIBLE.sub("", cell.text).split())


def _kept(row: Row) -> bytes:
    return marshal.dumps((row.number, {n: (c.form, c.text) for n, c in row.cells.items()}))


def _range(top: int, left: int, bottom: int, right: int) -> str:
    return f"{column_name(left)}{top}:{column_name(right)}{bottom}"
