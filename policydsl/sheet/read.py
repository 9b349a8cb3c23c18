"""Fact sheets: from a file to the facts of one or more parties, with every problem in one run."""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Mapping as MappingOf, MutableMapping, Sequence as SequenceOf
from dataclasses import field, replace
from datetime import date
from fractions import Fraction
from pathlib import PurePath

from policydsl import catalogue
from policydsl.boundaries import Key
from policydsl.core import InputDecl, ListDecl, Program
from policydsl.diagnostics import Diagnostic, Language, SheetError
from policydsl.facts import Plain, Record, Sheet
from policydsl.kinds import Exact, text_key
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span
from policydsl.sheet import consistency
from policydsl.sheet.names import (
    DAY_NAMES,
    PARTY_NAMES,
    POPULATION_NAMES,
    SHOWN_NAME,
    Level,
    is_one_of,
    name_key,
    record_level,
    resolved,
    rows_of,
    sheet_level,
    unknown_code,
)
from policydsl.sheet.population import share
from policydsl.sheet.problems import Problems
from policydsl.sheet.quick import quick_of
from policydsl.sheet.refused import ABSENT, Absent, Refused, expects, shorten
from policydsl.sheet.scale import Bare, asked
from policydsl.sheet.source import Mapping, Pair, Scalar, Sequence, Tree, read_plain, read_source
from policydsl.sheet.values import (
    Context, as_option, may_be_none, plain_number, read_moment, read_value, several, unlisted,
)
from policydsl.sources import Sources
from policydsl.text.fold import fold

SET = Span("--set", 0, 0, 0, 0)  # where parameters stand that are set from outside
_EMPTY_CELLS = frozenset({"", "-", "--", "—", "——", "/"})


def read_sheets(
    data: bytes | str | Plain, file: str, program: Program, *, as_of: date | None = None,
    settings: MappingOf[str, Exact] | None = None, language: Language | None = None,
) -> list[Sheet]:
    """The sheets in one YAML or JSON file, or in plain values of that form: one party, a list of parties, or
    ``全体: [...]`` with shared ledgers beside.

    Raises ``SheetError`` with every problem of the file. ``as_of`` is a date that takes the place of the sheet's own
    when ranges are tested; what needs a date is left out when there is none (``check_ranges`` tests it later). Notices
    and ranges are worded in ``language``, by default that of the policy.
    """
    if type(data) is dict and (sheet := quick_of(program).sheet(data, file, as_of, settings, language)) is not None:
        return [sheet]
    dialect = program.header.dialect
    try:
        source = read_source(data, file) if isinstance(data, bytes | str) else read_plain(data, file)
    except SheetError as error:
        raise SheetError(error.diagnostics, error.sources, dialect) from None
    return read_tree(source.tree, source.sources, file, program, as_of=as_of, settings=settings, language=language)


def read_tree(
    tree: Tree | None, sources: Sources, file: str, program: Program, *, as_of: date | None = None,
    settings: MappingOf[str, Exact] | None = None, language: Language | None = None,
    told: list[Diagnostic] | None = None,
) -> list[Sheet]:
    """``read_sheets`` of what is already read, the part of a file for instance; ``sources`` is that file. ``told``
    takes the notices as they are, with their places."""
    dialect = program.header.dialect
    problems = Problems()
    reader = _Reader(program, file, problems, Context.of(program, fact=True), sheet_level(program))
    drafts = reader.file_sheets(tree)
    sheets = share([d.sheet() for d in drafts], program, problems)
    consistency.check(program, sheets, as_of, settings or {}, problems, language)
    if problems.errors:
        raise SheetError(problems.all(), sources, dialect)
    if told is not None:
        told.extend(remark for draft in drafts for remark in draft.remarks)
    spoken = language or dialect
    of_all = tuple(asked(program, reader.common.only_bare(), settings or {}))
    return [
        replace(
            sheet, notices=tuple(catalogue.message(d.code, spoken, d.args) for d in draft.remarks),
            remarks=(*of_all, *asked(program, draft.only_bare(), settings or {})),
        )
        for sheet, draft in zip(sheets, drafts, strict=True)
    ]


def read_settings(given: SequenceOf[str] | MappingOf[str, Plain], program: Program) -> dict[str, Exact]:
    """The parameters set from outside, as ``NAME=VALUE`` or as plain values (None: 无); see ``settings_of``."""
    if isinstance(given, MappingOf):
        tree = read_plain({name: "无" if value is None else value for name, value in given.items()}, SET.file).tree
        return settings_of(tree.pairs if isinstance(tree, Mapping) else (), program, Sources())
    pairs = []
    for text in given:
        name, equals, value = text.partition(text[fold(text).find("=")] if "=" in fold(text) else "=")
        written = name.strip() if equals else ""
        pairs.append(Pair(written, SET, Scalar(value if written else text, True, SET)))
    return settings_of(pairs, program, Sources())


def settings_of(given: SequenceOf[Pair], program: Program, sources: Sources) -> dict[str, Exact]:
    """The values of parameters; ``sources`` is what they stand in. A value outside the declared range is refused.

    Raises ``SheetError`` with every problem."""
    level = Level.of(decl for decl in program.inputs.values() if decl.parameter)
    reader, draft = _Reader(program, SET.file, Problems(), Context.of(program, fact=True), level), _Draft("", "")
    for pair in given:
        decl = level.targets.get(name_key(pair.key))
        if not pair.key or (isinstance(decl, InputDecl) and _blank(pair.value)):
            read = f"{pair.key}=" if pair.key else shown(pair.value)
            reader.problems.add("SHEET170", pair.key_at, shorten(read), read=shorten(read))
        elif not isinstance(decl, InputDecl):
            reader.problems.add("SHEET171", pair.key_at, shorten(pair.key), suggestions=level.near(pair.key))
        elif reader.once(decl.name, pair, decl.name, dict(draft.places)):  # what was refused may come again
            reader.fact(decl, pair, draft)
    for name, at in draft.places.items():
        consistency.check_setting(program, program.inputs[name], draft.values, at, reader.problems)
    if reader.problems.errors:
        raise SheetError(reader.problems.all(), sources, program.header.dialect)
    return draft.values


def read_cell(text: str, decl: InputDecl, program: Program, at: Span = NOWHERE) -> Exact | Absent:
    """A cell of an example's table; an empty one is ``ABSENT``. Raises ``SheetError`` with its problem, at ``at``."""
    if fold(text).strip() in _EMPTY_CELLS:
        return ABSENT
    try:
        return read_value(text, decl, Context.of(program, fact=True))
    except Refused as refused:
        problems = Problems()
        problems.refuse(refused, at, decl.name)
        raise SheetError(problems.all(), program.sources, program.header.dialect) from None


# ---------------------------------------------------------------------------------------------- one sheet
@dataclass(slots=True)
class _Draft:
    """A sheet while it is read."""

    name: str
    prefix: str
    as_of: date | None = None
    values: dict[str, Exact] = field(default_factory=dict)
    lists: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    places: MutableMapping[str, Span] = field(default_factory=dict)
    remarks: list[Diagnostic] = field(default_factory=list)
    everyone: bool = False
    named: bool = False
    bare: dict[Key, list[Bare]] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        return Sheet(
            self.name, self.as_of, self.values, self.lists, self.places, everyone=self.everyone, named=self.named,
        )

    def only_bare(self) -> dict[Key, list[Bare]]:
        """The amounts without a unit, by fact or column, where no other is written with one."""
        given = Counter(("", name) for name in self.values)
        for ledger in {ledger for ledger, _ in self.bare if ledger}:
            records = self.lists[ledger]
            given.update((ledger, name) for record in records for name, value in record.values.items() if value != 0)
        return {key: amounts for key, amounts in self.bare.items() if len(amounts) == given[key]}


@dataclass(slots=True)
class _Reader:
    program: Program
    file: str
    problems: Problems
    context: Context
    level: Level
    levels: dict[str, Level] = field(default_factory=dict)
    common: _Draft = field(default_factory=lambda: _Draft("", ""))  # what a file of many says of all of them

    # ------------------------------------------------------------------------------------------ the file
    def file_sheets(self, tree: Tree | None) -> list[_Draft]:
        stem = PurePath(self.file).stem or self.file
        match tree:
            case None:
                return [_Draft(stem, "")]
            case Scalar() if tree.empty:
                return [_Draft(stem, "")]
            case Sequence():
                return self.parties([(None, item) for item in tree.items], stem, tree.at)
            case Mapping():
                inside = [p for p in tree.pairs if self.is_population(p)]
                return self.population(tree, inside[0], stem) if inside else [self.sheet(tree, stem, "")]
            case _:
                self.problems.add("SHEET127", tree.at, "", read=shorten(tree.text), expected=("sheet_sheet",))
                return []

    def is_population(self, pair: Pair) -> bool:
        return is_one_of(pair.key, POPULATION_NAMES) and name_key(pair.key) not in self.level.targets

    def population(self, tree: Mapping, members: Pair, stem: str) -> list[_Draft]:
        """``全体: [...]``; beside it only shared ledgers and the evaluation date."""
        common = self.common
        seen: dict[str, Span] = {}
        for key, pair, target in resolved(tree, self.level):
            if pair is members:
                continue
            if target is None and self.own_key(key, pair, common):
                continue
            if isinstance(target, ListDecl) and target.shared:
                if self.once(target.name, pair, key, seen):
                    self.ledger(target, pair, common)
            elif target is None:
                self.unknown(key, pair, self.level, "")
            else:
                self.problems.add("SHEET128", pair.key_at, target.name, party=members.key)
        value = members.value
        pairs: list[tuple[Pair | None, Tree]] = []
        match value:
            case Sequence():
                pairs = [(None, item) for item in value.items]
            case Mapping():
                pairs = [(pair, pair.value) for pair in value.pairs]
            case _:
                self.problems.add("SHEET127", value.at, members.key, read=shown(value), expected=("sheet_parties",))
                return []
        drafts = self.parties(pairs, stem, value.at)
        for draft in drafts:
            draft.as_of = draft.as_of or common.as_of
            for name, records in common.lists.items():
                if name in draft.lists:
                    at = draft.places[name]
                    self.problems.add("SHEET124", at, draft.prefix + name, line=common.places[name].line_from(at.file))
                draft.lists[name] = records
            draft.places = ChainMap(common.places, draft.places)
            draft.remarks.extend(common.remarks)
        return drafts

    def parties(self, items: list[tuple[Pair | None, Tree]], stem: str, at: Span) -> list[_Draft]:
        if not items:
            self.problems.add("SHEET127", at, "", read="[]", expected=("sheet_parties",))
        drafts: list[_Draft] = []
        for number, (pair, item) in enumerate(items, 1):
            name = pair.key if pair else f"{stem}#{number}" if len(items) > 1 else stem
            prefix = consistency.party_path(self.program, name, len(items) > 1)
            if isinstance(item, Mapping):
                drafts.append(self.sheet(item, name, prefix, fixed=pair))
            elif pair is not None and isinstance(item, Scalar) and item.empty:
                drafts.append(_Draft(name, prefix, named=True))
            else:
                self.problems.add("SHEET127", item.at, prefix.rstrip("."), read=shown(item), expected=("sheet_sheet",))
        for draft in drafts:
            draft.everyone = True
        return drafts

    def sheet(self, tree: Mapping, name: str, prefix: str, fixed: Pair | None = None) -> _Draft:
        draft = _Draft(name, prefix)
        named = self.stated_name(tree)
        draft.named = bool(named) or fixed is not None
        if named and fixed is None:
            draft.name = named
            if prefix:
                draft.prefix = consistency.party_path(self.program, named, True)
        elif named and fixed is not None and text_key(named) != text_key(fixed.key):
            line = fixed.key_at.line_from(tree.at.file)
            self.problems.add("SHEET121", tree.at, prefix + PARTY_NAMES[0], line=line, read=named)
        seen: dict[str, Span] = {}
        filled: set[str] = set()
        for key, pair, target in resolved(tree, self.level):
            if target is None:
                if self.own_key(key, pair, draft):
                    self.once(f"{name_key(key)} own", pair, key, seen)
                else:
                    self.unknown(key, pair, self.level, draft.prefix)
            elif self.once(target.name, pair, draft.prefix + target.name, seen):
                if not _blank(pair.value):
                    filled.add(target.name)
                rows = target if isinstance(target, ListDecl) else rows_of(self.program, target)
                if isinstance(target, InputDecl) and (rows is None or not _in_rows(pair.value)):
                    self.fact(target, pair, draft)
                elif rows is not None:
                    self.ledger(rows, pair, draft)
        for decl in self.program.inputs.values():
            if _lacking(decl, filled):
                self.remark(draft, "SHEET154", tree.at, draft.prefix + decl.name)
        return draft

    def stated_name(self, tree: Mapping) -> str:
        """What the sheet gives as the name of its party (a declared fact of that name serves too)."""
        for pair in tree.pairs:
            if is_one_of(pair.key, PARTY_NAMES) and isinstance(pair.value, Scalar) and not pair.value.empty:
                return " ".join(pair.value.text.split())[:200]
        return ""

    def own_key(self, key: str, pair: Pair, draft: _Draft) -> bool:
        """The keys every sheet may have: the name of the party, the evaluation date."""
        if is_one_of(key, PARTY_NAMES):
            if not isinstance(pair.value, Scalar):
                self.problems.add("SHEET127", pair.value.at, key, read=shown(pair.value), expected=("sheet_text",))
            return True
        if not is_one_of(key, DAY_NAMES):
            return False
        value = pair.value
        if not isinstance(value, Scalar):
            self.problems.add("SHEET127", value.at, key, read=shown(value), expected=("sheet_date",))
        elif not value.empty:
            try:
                draft.as_of = read_moment(fold(value.text).strip())
                if draft.as_of is None:
                    raise Refused("SHEET130", expected=("sheet_date",), read=shorten(value.text))
            except Refused as refused:
                self.problems.refuse(refused, value.at, draft.prefix + key)
        return True

    def once(self, name: str, pair: Pair, path: str, seen: dict[str, Span]) -> bool:
        if name in seen:
            line = seen[name].line_from(pair.key_at.file)
            self.problems.add("SHEET121", pair.key_at, path, line=line, read=shorten(pair.key))
            return False
        seen[name] = pair.key_at
        return True

    def unknown(self, key: str, pair: Pair, level: Level, prefix: str) -> None:
        costly = self.problems.costly
        code = "SHEET120" if costly or level is not self.level else unknown_code(self.program, key)
        near = () if costly or code != "SHEET120" else level.near(key)
        self.problems.add(code, pair.key_at, prefix + key[:SHOWN_NAME], suggestions=near, read=shorten(key))

    def remark(self, draft: _Draft, code: str, at: Span, path: str, **args: str) -> None:
        draft.remarks.append(Diagnostic(code, at, "notice", {"path": path, **args}))

    # ------------------------------------------------------------------------------------------ values
    def fact(self, decl: InputDecl, pair: Pair, draft: _Draft) -> None:
        value = self.value(decl, pair.value, draft.prefix + decl.name, draft, ("", decl.name))
        if not isinstance(value, Absent):
            draft.values[decl.name] = value
            draft.places[decl.name] = pair.value.at

    def value(self, decl: InputDecl, tree: Tree, path: str, draft: _Draft, key: Key) -> Exact | Absent:
        """The value, or ``ABSENT`` when there is none or it was refused (the problem is noted)."""
        value: Exact | Absent = ABSENT
        try:
            match tree:
                case Scalar() if tree.empty:
                    return ABSENT
                case Scalar():
                    value = read_value(tree.text, decl, self.context)
                case Sequence() if decl.kind.base == "choices":
                    value = self.choices(decl, tree)
                case _:
                    raise Refused("SHEET127", expected=expects(decl.kind), read=shown(tree))
        except Refused as refused:
            self.problems.refuse(refused, tree.at, path)
            return ABSENT
        if value == () and may_be_none(decl):
            return None  # none of the options is the same as 无, however it is written
        if decl.kind.base == "money" and isinstance(value, Fraction) and value and isinstance(tree, Scalar):
            if plain_number(fold(tree.text).strip()) is not None:
                draft.bare.setdefault(key, []).append(Bare(path, decl, value))
        if not isinstance(value, Absent):
            for word in unlisted(value, decl):
                self.remark(draft, "SHEET160", tree.at, path, read=shorten(word))
        return value

    def choices(self, decl: InputDecl, tree: Sequence) -> Exact:
        parts = []
        for item in tree.items:
            if not isinstance(item, Scalar) or item.empty:
                raise Refused("SHEET127", expected=expects(decl.kind), read=shown(item))
            parts.append(item.text)
        return several(parts, decl)

    # ------------------------------------------------------------------------------------------ ledgers
    def ledger(self, decl: ListDecl, pair: Pair, draft: _Draft) -> None:
        tree, path = pair.value, draft.prefix + decl.name
        rows: list[tuple[Pair | None, Tree]]
        match tree:
            case Scalar() if tree.empty:
                return
            case Scalar() if text_key(tree.text) in ("无", "none"):
                rows = []
            case Sequence():
                rows = [(None, item) for item in tree.items if not _blank_row(item)]
            case Mapping() if decl.key is not None and all(isinstance(p.value, Mapping) for p in tree.pairs):
                rows = [(p, p.value) for p in tree.pairs]
            case _:
                self.problems.add("SHEET127", tree.at, path, read=shown(tree), expected=("sheet_ledger",))
                return
        draft.places[decl.name] = pair.key_at
        used: dict[str, int] = {}
        draft.lists[decl.name] = tuple(
            self.record(decl, keyed, item, number, draft, used) for number, (keyed, item) in enumerate(rows, 1)
        )

    def record(
        self, decl: ListDecl, keyed: Pair | None, tree: Tree, number: int, draft: _Draft, used: dict[str, int]
    ) -> Record:
        if not isinstance(tree, Mapping):
            path = f"{draft.prefix}{decl.name}[{number}]"
            self.problems.add("SHEET127", tree.at, path, read=shown(tree), expected=("sheet_record",))
            return Record(f"#{number}", {}, tree.at)
        level = self.levels.get(decl.name)
        if level is None:
            level = self.levels[decl.name] = record_level(decl)
        entries = list(resolved(tree, level))
        name = decl.key or decl.fields[0].name
        column = decl.field_of(name)
        if keyed is not None and column is not None:
            stated = next((p for _, p, t in entries if t is column), None)
            if stated is None:
                entries.insert(0, (name, replace(keyed, value=Scalar(keyed.key, True, keyed.key_at)), column))
            elif not isinstance(stated.value, Scalar) or text_key(stated.value.text) != text_key(keyed.key):
                self.problems.add(
                    "SHEET121", stated.key_at, f"{draft.prefix}{decl.name}[{shorten(keyed.key)}].{name}",
                    line=keyed.key_at.line_from(stated.key_at.file), read=shown(stated.value),
                )
        key = _key_of(entries, column, number, used, decl.key is not None)
        row = f"{decl.name}[{key}]"
        values: dict[str, Exact] = {}
        seen: dict[str, Span] = {}
        filled: set[str] = set()
        for full, pair, target in entries:
            if not isinstance(target, InputDecl):
                self.unknown(full, pair, level, f"{draft.prefix}{row}.")
            elif self.once(target.name, pair, f"{draft.prefix}{row}.{target.name}", seen):
                if not _blank(pair.value):
                    filled.add(target.name)
                path, key_ = f"{draft.prefix}{row}.{target.name}", (decl.name, target.name)
                value = self.value(target, pair.value, path, draft, key_)
                if not isinstance(value, Absent):
                    values[target.name] = value
                    draft.places[f"{row}.{target.name}"] = pair.value.at
        for each in decl.fields:
            if _lacking(each, filled):
                self.remark(draft, "SHEET154", tree.at, f"{draft.prefix}{row}.{each.name}")
        return Record(key, values, tree.at)


def _key_of(
    entries: list[tuple[str, Pair, InputDecl | ListDecl | None]], column: InputDecl | None, number: int,
    used: dict[str, int], primary: bool,
) -> str:
    """How the record is called in paths and traces: by its key, else by its place; never the same twice."""
    cells = (pair.value for _, pair, target in entries if target is column)
    text = next((cell.text for cell in cells if isinstance(cell, Scalar) and not cell.empty), "")
    key = shorten(as_option(text, column) if column is not None else text) or f"#{number}"
    used[key] = used.get(key, 0) + 1
    return key if used[key] == 1 or primary else f"{key}#{used[key]}"


def _blank(tree: Tree) -> bool:
    return isinstance(tree, Scalar) and tree.empty


def _in_rows(tree: Tree) -> bool:
    """Whether a fact over time is told row by row."""
    return isinstance(tree, Sequence) and any(isinstance(item, Mapping) for item in tree.items)


def _blank_row(tree: Tree) -> bool:
    """Whether a row has cells and nothing in any of them, as lists pasted from a worksheet end with: no record."""
    return isinstance(tree, Mapping) and bool(tree.pairs) and all(_blank(pair.value) for pair in tree.pairs)


def _lacking(decl: InputDecl, filled: set[str]) -> bool:
    """A 必填 fact that nothing supplies (one that was refused has its own message)."""
    if not decl.required or decl.parameter or decl.default is not None or decl.derived is not None:
        return False
    return decl.name not in filled


def shown(tree: Tree) -> str:
    """What stands in a sheet, short enough for a message."""
    match tree:
        case Scalar():
            return shorten(tree.text)
        case Sequence():
            return "[…]" if tree.items else "[]"
        case _:
            return "{…}" if tree.pairs else "{}"
