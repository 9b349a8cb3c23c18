"""From the rows of a party to its facts: what is wrong is told of the cell, and holds back nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from policydsl.boundaries import Boundary, Key, boundaries
from policydsl.core import Const, InputDecl, Program
from policydsl.diagnostics import Diagnostic, Language, SheetError
from policydsl.facts import Sheet
from policydsl.kinds import Exact, text_key
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.population.completing import Told, completed, records
from policydsl.population.gather import DAY, ID, NAME, UNVALUED, Gathered, Line, Party, Problem
from policydsl.population.grid import Cell, place
from policydsl.population.layout import MONEY
from policydsl.population.layout import Sheet as Asked
from policydsl.population.typed import Head, characters
from policydsl.render.values import Writer
from policydsl.sheet.names import DAY_NAMES, PARTY_NAMES
from policydsl.sheet.read import read_tree, settings_of
from policydsl.sheet.refused import Refused, shorten
from policydsl.sheet.source import Mapping as Fields
from policydsl.sheet.source import Pair, Scalar
from policydsl.sheet.source import Sequence as Items
from policydsl.sheet.values import plain_number
from policydsl.sources import Sources
from policydsl.text.fold import fold

FAR = 1000  # an amount so many times beyond every limit that it meets was perhaps typed in another unit


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one party: its facts (of one that is held back, none), the day that its row states."""

    sheet: Sheet
    problems: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        return any(p.diagnostic.severity == "error" for p in self.problems)


class Reader:
    """Reads the parties of a file, one by one, in any order."""

    def __init__(
        self, program: Program, found: Gathered, settings: Mapping[str, Exact], day: date | None,
        told: Language | None = None, later: Sequence[Gathered] = (),
    ) -> None:
        """``told``: the language of what is wrong, by default that of the policy; ``later``: files in which blank cells
        were filled in."""
        self.program, self.found, self.day, self.told = program, found, day, told or program.header.dialect
        self.lang = program.header.dialect
        self.settings = dict(settings)
        self.problems: list[Problem] = list(found.problems)
        self.limits: Mapping[Key, Sequence[Boundary]] | None = None
        every = (found, *later)
        self.page_of = {page: sheet for f in every for page, sheet in f.sheets.items() if page in f.heads}
        self.heads = {page: heads for f in every for page, heads in f.heads.items()}
        self.later: dict[str, list[tuple[Gathered, Party]]] = {}
        for more in later:
            self.beside(more)
        for name, value in self.set_in_sheet().items():
            self.settings.setdefault(name, value)
        self.stated = self.stated_day()
        self.shared = self.shared_ledgers()

    @property
    def blocked(self) -> bool:
        """Whether something is wrong that holds everybody back."""
        return any(p.diagnostic.severity == "error" and not p.party for p in self.problems)

    # ------------------------------------------------------------------------------------------ what holds for all
    def set_in_sheet(self) -> dict[str, Exact]:
        """The parameters to which the sheet gives another value than the policy does."""
        pairs = []
        for name, cell, unit, at in self.found.given:
            text = cell.text
            decl = next((d for d in self.found.layout.parameters if d.name == name), None)
            if decl is not None:
                text = characters(cell, Head(decl, unit if decl.kind.base == "money" else unit or ""), self.lang)
            pairs.append(Pair(name, at, Scalar(text, True, at)))
        made: dict[str, Exact] = {}
        for pair in pairs:
            try:
                made |= settings_of([pair], self.program, Sources())
            except SheetError as error:
                self.problems += [Problem(d, "", _text(pair)) for d in error.diagnostics]
        return {name: value for name, value in made.items() if not _is_own(self.program.inputs[name], value)}

    def stated_day(self) -> date | None:
        if self.found.day is None:
            return None
        cell, at = self.found.day
        try:
            tree = Fields((self.day_pair(cell, at),), at)
            return read_tree(tree, Sources(), at.file, self.program)[0].as_of
        except SheetError as error:
            self.problems += [Problem(d, "", cell.text) for d in error.diagnostics]
            return None

    def day_pair(self, cell: Cell, at: Span) -> Pair:
        return Pair(DAY_NAMES[0], at, Scalar(cell.text, True, at))

    def shared_ledgers(self) -> Sheet:
        """The ledgers that all have in common; a bad row of one holds everybody back."""
        pairs = []
        for asked in self.found.layout.ledgers:
            assert asked.ledger is not None
            lines = self.found.shared.get(asked.ledger.name)
            if asked.shared and (lines is not None or asked.ledger.name in self.found.complete):
                page = self.found.page_of(asked)
                rows = self.rows(page, lines or [], self.problems, "")
                start = place(page, lines[0][0], 1) if lines else Span(page, 0, 0, 0, 0)
                value = Items(tuple(rows), start) if rows else Scalar("无", True, start)
                pairs.append(Pair(asked.ledger.name, start, value))
        at = Span("", 0, 0, 0, 0)
        told: list[Diagnostic] = []
        try:
            sheet = read_tree(Fields(tuple(pairs), at), Sources(), "", self.program, as_of=self.day, told=told,
                              language=self.told)[0]
        except SheetError as error:
            self.problems += [Problem(d) for d in error.diagnostics]
            return Sheet("")
        self.problems += [Problem(d) for d in told if d.code != "SHEET154" or d.span.line]
        return sheet

    def beside(self, more: Gathered) -> None:
        """What was filled in later of some parties: what is wrong with its sheets holds those back."""
        known = {text_key(p.id) for p in self.found.parties}
        wrong = [p for p in more.problems if p.diagnostic.severity == "error"]
        self.problems += [p for p in more.problems if p.diagnostic.severity != "error"]
        for party in more.parties:
            party.problems += wrong
            if text_key(party.id) in known:
                self.later.setdefault(text_key(party.id), []).append((more, party))
            else:
                at = place(next(iter(more.heads)), party.row, 1)
                self.problems.append(Problem(Diagnostic("SHEET187", at, "warning", {"read": shorten(party.id)})))

    # ------------------------------------------------------------------------------------------ one party
    def party(self, number: int) -> Known:
        """The facts of one party, and what is to be told of its cells."""
        party = self.found.parties[number]
        files = [(self.found, party), *self.later.get(text_key(party.id), ())]
        problems = [problem for _, each in files for problem in each.problems]
        unknown = Sheet(party.name or party.id or f"#{party.row}", everyone=True)
        if not party.id or not self.found.heads:
            return Known(unknown, tuple(problems))

        def wrong(diagnostic: Diagnostic) -> None:
            problems.append(Problem(diagnostic, party.id, diagnostic.args.get("read", "")))

        asked = self.found.layout.parties
        page = self.found.page_of(asked)
        at = place(page, party.row, next((c for c, h in self.found.heads[page].items() if h.decl is ID), 1))
        pairs: list[Pair] = []
        for found, each in files:
            (line,) = each.lines(asked.name)
            pairs = completed(pairs, self.fields(found.page_of(asked), line, problems, party.id), wrong)
        pairs.insert(0, Pair(PARTY_NAMES[0], at, Scalar(party.name, True, at)))
        for sheet in self.found.layout.ledgers:
            if not sheet.shared:
                pairs += self.ledger_of(sheet, files, problems, at, wrong)
        told: list[Diagnostic] = []
        try:
            sheet_ = read_tree(
                Fields(tuple(pairs), at), Sources(), page, self.program, as_of=self.day or self.stated, told=told,
                settings=self.settings, language=self.told,
            )[0]
        except SheetError as error:
            problems += [Problem(d, party.id, self.read_at(files, d.span)) for d in error.diagnostics]
            return Known(unknown, tuple(problems))
        problems += [Problem(d, party.id, d.args.get("read", "")) for d in told]
        made = replace(
            sheet_, lists={**sheet_.lists, **self.shared.lists}, everyone=True,
            as_of=self.day or sheet_.as_of or self.stated,
        )
        known = Known(made, tuple(problems))
        return Known(unknown, known.problems) if known.refused else known

    def ledger_of(
        self, sheet: Asked, files: Sequence[tuple[Gathered, Party]], problems: list[Problem], at: Span, wrong: Told
    ) -> list[Pair]:
        """A ledger of one party, with what was filled in later; nothing where it is not known."""
        assert sheet.ledger is not None
        name = sheet.ledger.name
        rows: list[Fields] = []
        for found, each in files:
            lines = list(each.lines(name))
            more = self.rows(found.page_of(sheet), lines, problems, each.id)
            rows = records(rows, more, sheet.ledger.key, wrong) if more else rows
        # where one file says both it was told when that was read
        none = [found.page_of(sheet) for found, each in files if name in each.none and name not in each.kept]
        if rows:
            for page in none:
                wrong(Diagnostic("SHEET186", Span(page, 0, 0, 0, 0), "error", {"read": name}))
            first = rows[0].at
            return [Pair(name, place(first.file, first.line, 1), Items(tuple(rows), first))]
        return [Pair(name, at, Scalar("无", True, at))] if none or name in self.found.complete else []

    def read_at(self, files: Sequence[tuple[Gathered, Party]], at: Span) -> str:
        """The characters of a cell of a party; nothing where several records of one line have one there."""
        asked = self.page_of.get(at.file)
        lines = (line for f, p in files if asked is not None and at.file in f.heads for line in p.lines(asked.name))
        found = {cells[at.column][1] for row, cells in lines if row == at.line and at.column in cells}
        return shorten(found.pop()) if len(found) == 1 else ""

    def fields(self, page: str, line: Line, problems: list[Problem], party: str) -> list[Pair]:
        """The cells of a row as the keys and values of a sheet."""
        row, cells = line
        out = []
        for number, head in self.heads.get(page, {}).items():
            if number not in cells or head.decl is ID or head.decl is NAME:
                continue
            form, text = cells[number]
            cell = Cell(form, text)  # type: ignore[arg-type]
            at = place(page, row, number)
            if head.decl is DAY:
                out.append(self.day_pair(cell, at))
            elif cell.form in UNVALUED:
                code = UNVALUED[cell.form]
                args = {"path": head.decl.name, "read": text}
                problems.append(Problem(Diagnostic(code, at, "error", args), party, text))
            else:
                far = self.far(page, cell, head, at)
                if far is not None:
                    problems.append(Problem(far, party, text))
                out.append(Pair(head.decl.name, at, Scalar(characters(cell, head, self.lang), True, at)))
        return out

    def rows(self, page: str, lines: Sequence[Line], problems: list[Problem], party: str) -> list[Fields]:
        """The rows of a ledger as records of a sheet."""
        return [
            Fields(tuple(self.fields(page, line, problems, party)), place(page, line[0], min(line[1])))
            for line in lines
        ]

    def far(self, page: str, cell: Cell, head: Head, at: Span) -> Diagnostic | None:
        """An amount whose unit is that of the header, far beyond or below all limits that it meets: who typed it is
        asked."""
        unit = MONEY.get(head.unit)
        if unit is None or cell.form not in ("number", "text"):
            return None
        number = _number(cell.text)
        if not number:
            return None
        if self.limits is None:
            self.limits = boundaries(self.program, settings=self.settings)
        sheet = self.page_of[page]
        ledger = sheet.ledger.name if sheet.ledger is not None else ""
        limits = self.limits.get((ledger, head.decl.name), ())
        met = [abs(b.value) for b in limits if not b.declared and isinstance(b.value, Fraction) and b.value]
        value = abs(number) * unit
        if not met or min(met) / FAR <= value <= max(met) * FAR:
            return None
        writer = Writer.of(self.program.header, self.told)
        bound = max(met) if value > max(met) else min(met)
        args = {
            "path": head.decl.name, "read": cell.text, "value": writer.exact(number * unit, head.decl.kind),
            "limit": writer.exact(bound, head.decl.kind), "unit": head.unit,
        }
        return Diagnostic("SHEET189", at, "error", args)


def _is_own(decl: InputDecl, value: Exact) -> bool:
    return isinstance(decl.default, Const) and decl.default.value == value


def _number(text: str) -> Fraction | None:
    try:
        return plain_number(fold(text).strip())
    except Refused:
        return None


def _text(pair: Pair) -> str:
    return pair.value.text if isinstance(pair.value, Scalar) else ""


__all__ = ["Known", "Reader"]
