"""What one value says against the others: ranges, derived values, keys of tables and of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from policydsl.calendar import CannotCompute
from policydsl.core import AnyTerm, Bound, Const, InputDecl, ListDecl, Program, Read
from policydsl.diagnostics import Diagnostic, Language
from policydsl.domain import Possible, ahead, ends, point, same
from policydsl.evaluate.promises import Promise, broken, promises
from policydsl.evaluate.scope import Entry, Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.facts import Record, Sheet
from policydsl.kept import Kept
from policydsl.kinds import DATE, Exact, Kind, text_key
from policydsl.members import dataclass
from policydsl.operators import compare_exact
from policydsl.place import NOWHERE, Span
from policydsl.reads import DAY, reads_of
from policydsl.render.values import Writer
from policydsl.say import bracketed, listed, say
from policydsl.sheet.places import Places
from policydsl.sheet.problems import Problems

_EVER = date.max  # by then every event has happened: what values say of each other does not hang on the day
MOST_NAMED = 6  # facts behind a value, in a message


def check_ranges(
    program: Program, sheets: Sequence[Sheet], as_of: date | None, settings: Mapping[str, Exact] | None = None,
    language: Language | None = None,
) -> list[Diagnostic]:
    """Every value that its declaration does not allow, in all the sheets, on the evaluation date.

    ``as_of`` None: what needs a date is left out. An end of a range that is not known limits by what it may be. Values
    and ranges are worded in ``language``, by default that of the policy.
    """
    problems = Problems()
    check(program, sheets, as_of, settings or {}, problems, language)
    return problems.all()


def check(
    program: Program, sheets: Sequence[Sheet], as_of: date | None, settings: Mapping[str, Exact], problems: Problems,
    language: Language | None = None,
) -> None:
    """``check_ranges`` into an existing collection."""
    plain = plainly(program)
    if all(plain.keep(sheet, settings) for sheet in sheets):
        return
    _Checker(program, sheets, as_of, settings, problems, language).run()


plainly = Kept(lambda program: Plainly(program))  # the ranges of a program that are told at a glance


class Plainly:
    """What a program asks of the values of a sheet where nothing has to be evaluated for it: ends that are numbers or
    days, and that no two records have one key. A day that is not to lie after the evaluation date is set aside if it
    does, so that such an end asks nothing."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.facts = {name: _plain_ends(decl) for name, decl in program.inputs.items()}
        self.fields = {
            ledger.name: {f.name: _plain_ends(f) for f in ledger.as_written()}
            for ledger in program.lists.values() if ledger.source == "sheet" and not ledger.of
        }
        fields = (f for ledger in program.lists.values() for f in ledger.fields)
        self.promises = any(d.derived is not None and d.ranges for d in (*program.inputs.values(), *fields)) or any(
            made.bound is not None for made in program.terms.values()
        )

    def keep(self, sheet: Sheet, settings: Mapping[str, Exact]) -> bool:
        """Whether all of a sheet surely is as it has to be; else it has to be looked at."""
        places = sheet.places
        if isinstance(places, Places) and places.kept is self and places.of(sheet):  # it was tested when it was read
            return not settings
        if self.promises or not all(kept(self.facts.get(name), value) for name, value in sheet.values.items()):
            return False
        for name, records in sheet.lists.items():
            fields = self.fields.get(name, {})
            if not all(kept(fields.get(field), value) for r in records for field, value in r.values.items()):
                return False
        return self.ask_nothing_else(sheet, settings)

    def ask_nothing_else(self, sheet: Sheet, settings: Mapping[str, Exact]) -> bool:
        """The same of a sheet of which every value is as it has to be."""
        if self.promises or settings:
            return False
        for name, records in sheet.lists.items():
            if name not in self.fields:
                return False
            key = self.program.lists[name].key
            if key is not None:
                told = [_identity(r.values[key]) for r in records if key in r.values]
                if len(set(told)) < len(told):
                    return False
        return True


Ends = tuple[tuple[bool, bool, Fraction | date], ...]  # whether it is the lower end; whether it is left out; the end


def _plain_ends(decl: InputDecl) -> Ends | None:
    """None where more than a look at the value is asked for."""
    if decl.within is not None or decl.derived is not None:
        return None
    out: list[tuple[bool, bool, Fraction | date]] = []
    for bound in decl.ranges:
        for op, end in _ends_of(bound):
            if decl.event and op == "<=" and isinstance(end, Read) and (end.list, end.name) == DAY:
                continue
            if not isinstance(end, Const) or type(end.value) not in (Fraction, date):
                return None
            out.append((op[0] == ">", len(op) == 1, end.value))  # type: ignore[arg-type]
    return tuple(out)


def kept(ends_: Ends | None, value: Exact) -> bool:
    """Whether a value surely lies within such ends."""
    if ends_ is None:
        return False
    for lower, is_open, end in ends_ if value is not None else ():
        if type(value) is Fraction and type(end) is Fraction:
            order = value.numerator * end.denominator - end.numerator * value.denominator
        elif type(value) is date and type(end) is date:
            order = (value - end).days
        else:
            return False
        if (order if lower else -order) < is_open:
            return False
    return True


def check_setting(
    program: Program, decl: InputDecl, settings: Mapping[str, Exact], at: Span, problems: Problems
) -> None:
    """A parameter set from outside, against its declared range."""
    checker = _Checker(program, (Sheet(""),), None, settings, problems)
    checker.value(decl, settings[decl.name], None, checker.evaluator.scope(0, _EVER), at, decl.name)


def party_path(program: Program, name: str, several: bool) -> str:
    """How paths begin: with the party, when there are several."""
    return f"{say('sheet.everyone', program.header.dialect)}[{name}]." if several else ""


@dataclass(slots=True)
class _Checker:
    program: Program
    sheets: Sequence[Sheet]
    day: date | None
    settings: Mapping[str, Exact]
    problems: Problems
    language: Language | None = None
    evaluator: Evaluator = field(init=False)
    writer: Writer = field(init=False)
    keys: dict[tuple[str, int], _Keys | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.evaluator = Evaluator(self.program, self.sheets, self.settings, cells=False)
        self.writer = Writer.of(self.program.header, self.language or self.program.header.dialect)

    def run(self) -> None:
        several = len(self.sheets) > 1
        shared: set[int] = set()
        self.set_for_the_day()
        for number, sheet in enumerate(self.sheets):
            prefix = party_path(self.program, sheet.name, several)
            scope = self.evaluator.scope(number, self.day or sheet.as_of or _EVER)
            known_day = self.day is not None or sheet.as_of is not None
            for name, value in sheet.values.items():
                decl = self.program.inputs.get(name)
                if decl is not None:
                    at = sheet.places.get(name, NOWHERE)
                    self.value(decl, value, None, scope, at, prefix + name, known_day)
            for name, records in sheet.lists.items():
                ledger = self.program.lists.get(name)
                if ledger is None or id(records) in shared:  # a shared ledger is checked once
                    continue
                if ledger.shared:
                    shared.add(id(records))
                self.ledger(ledger, records, sheet, scope, "" if ledger.shared else prefix, known_day)
            self.promised(sheet, scope, prefix, known_day)

    def set_for_the_day(self) -> None:
        """The parameters set from outside against the ends of their ranges that ask for the evaluation date; the others
        were tested when they were read (``check_setting``)."""
        days = {self.day or sheet.as_of: number for number, sheet in reversed([*enumerate(self.sheets)])}
        for name, value in self.settings.items():
            decl = self.program.inputs[name]
            dated = tuple(b for b in decl.ranges if any(self.needs_day(end) for _, end in _ends_of(b)))
            for day, number in days.items():
                if dated and day is not None and value is not None:
                    before = len(self.problems.errors)
                    for bound in dated:
                        self.bound(decl, bound, value, self.evaluator.scope(number, day), NOWHERE, name, True)
                    if len(self.problems.errors) > before:
                        break

    def ledger(
        self, ledger: ListDecl, records: tuple[Record, ...], sheet: Sheet, scope: Scope, prefix: str, known_day: bool
    ) -> None:
        seen: dict[object, Record] = {}
        declared = {f.name: f for f in ledger.as_written()}
        for index, record in enumerate(records):
            row = f"{ledger.name}[{record.key}]"
            if ledger.key and ledger.key in record.values:
                key = _identity(record.values[ledger.key])
                if key in seen:
                    self.problems.add(
                        "SHEET153", sheet.places.get(f"{row}.{ledger.key}", record.at), f"{prefix}{row}.{ledger.key}",
                        read=record.key, line=seen[key].at.line_from(record.at.file), ledger=ledger.name,
                    )
                seen.setdefault(key, record)
            entry = Entry(ledger.name, record.key, index, record)
            for name, value in record.values.items():
                decl = declared.get(name)
                if decl is not None:
                    at = sheet.places.get(f"{row}.{name}", record.at)
                    self.value(decl, value, entry, scope, at, f"{prefix}{row}.{name}", known_day)
        if ledger.of:
            self.overlapping(ledger, records, prefix)

    def overlapping(self, rows: ListDecl, records: Sequence[Record], prefix: str) -> None:
        """The rows of a fact over time: none begins before the one before it has ended."""
        first, last = (f.name for f in rows.fields[:2])
        begun = [(day, r) for r in records if isinstance(day := r.values.get(first), date)]
        for (_, before), (day, after) in pairwise(sorted(begun, key=lambda b: b[0])):
            end = before.values.get(last, day - timedelta(1))  # left blank: before the next begins
            if before.values[first] == day or end is None or isinstance(end, date) and end >= day:
                self.problems.add(
                    "SHEET161", after.at, f"{prefix}{rows.name}[{after.key}]", read=self.writer.exact(day, DATE),
                    line=before.at.line_from(after.at.file), other=f"{rows.name}[{before.key}]",
                )

    def value(
        self, decl: InputDecl, value: Exact, entry: Entry | None, scope: Scope, at: Span, path: str,
        known_day: bool = False,
    ) -> None:
        """One value against its declaration."""
        if decl.within is not None:
            self.within(decl, value, scope, at, path)
        if value is None:
            return
        here = scope.bind(entry) if entry is not None else scope
        if decl.event and ahead(value, scope.day):  # has not happened yet, and is set aside
            known_day = False
        for bound in decl.ranges:
            self.bound(decl, bound, value, here, at, path, known_day)
        if decl.derived is not None and (known_day or not self.needs_day(decl.derived)):
            computed = self.evaluator.value(decl.derived, self.on(decl.derived, here))
            if computed.known and not _surely("=", computed.value, value, decl.kind):
                self.problems.add(
                    "SHEET151", at, path, read=self.writer.exact(value, decl.kind),
                    computed=self.worked_out(decl, computed.value, here),
                )

    def worked_out(self, decl: InputDecl, value: Exact, scope: Scope) -> str:
        """What a fact follows to be, in words; of the day of an event that is yet to come also that day."""
        assert decl.derived is not None
        words, lang = self.writer.exact(value, decl.kind), self.writer.lang
        if value is not None or not decl.event:
            return words
        in_the_end = self.evaluator.value(decl.derived, scope.on(_EVER))
        if not in_the_end.known or in_the_end.value is None:
            return words
        if ahead(in_the_end.value, scope.day):
            return say("sheet.yet_to_come", lang, day=self.writer.exact(in_the_end.value, decl.kind))
        return bracketed(words, say("sheet.rests_on_to_come", lang), lang)

    def bound(
        self, decl: InputDecl, bound: Bound, value: Exact, scope: Scope, at: Span, path: str, known_day: bool
    ) -> None:
        """A given value against a range; an end that is not known limits by what it may be."""
        for op, end in _ends_of(bound):
            if not known_day and self.needs_day(end):
                continue
            there = self.on(end, scope)
            found = self.evaluator.value(end, there)
            if found.known and found.value is not None and not _surely(op, value, found.value, decl.kind):
                limit: Possible | None = found
            else:
                limit = broken(self.evaluator, point(value), decl.kind, op, end, there)
            if limit is not None:
                read = self.writer.exact(value, decl.kind)
                self.problems.add("SHEET150", at, path, read=read, limit=self.limit(op, end, limit, decl.kind))

    def limit(self, op: str, end: AnyTerm, value: Possible, kind: Kind) -> str:
        """An end of a range in words, with its name; of one that is not known, how far it reaches."""
        low, _, high, _ = ends(value)
        reach = value.value if value.known else low if op in (">", ">=") else high
        named = _named(end)
        words = self.writer.limit(op, reach, kind) if reach is not None else self.writer.possible(value, kind)
        return bracketed(words, named, self.writer.lang) if named else words

    def promised(self, sheet: Sheet, scope: Scope, prefix: str, known_day: bool) -> None:
        """What is worked out may not lie wholly outside the range that the policy promises of it."""
        def judged(term: AnyTerm) -> bool:
            return known_day or not self.needs_day(term)

        for promise in promises(self.evaluator, scope, judged):
            for op, end in (each for bound in promise.ranges for each in _ends_of(bound) if judged(each[1])):
                limit = broken(self.evaluator, promise.value, promise.kind, op, end, promise.scope)
                if limit is not None:
                    self.outside(promise, self.limit(op, end, limit, promise.kind), sheet, prefix)
                    break

    def outside(self, promise: Promise, limit: str, sheet: Sheet, prefix: str) -> None:
        """Refuses what a value is worked out from: it stands at the first of these facts, and all given are named."""
        path, record = prefix + promise.name, promise.record
        row = f"{record.list}[{record.source.key}]" if record is not None else ""
        if record is not None:
            path = f"{prefix}{row}.{promise.name}"
        places: dict[str, Span] = {}
        for ledger, name in sorted(reads_of(self.program).of(promise.term, depth="supplied").keys):
            held = f"{row}.{name}" if record is not None and record.list == ledger else name
            if not ledger or held != name:
                spoken = [held]
            else:
                spoken = [k for k in sheet.places if k.startswith(f"{ledger}[") and k.endswith(f"].{name}")]
            places |= {key: sheet.places[key] for key in spoken if key in sheet.places}
            if not ledger and name in self.settings:
                places[name] = NOWHERE
        first = min(places.values(), key=lambda at: (not at.line, at.line, at.column), default=promise.at)
        self.problems.add(
            "SHEET155", first, path, read=self.writer.possible(promise.value, promise.kind), limit=limit,
            facts=listed(list(places)[:MOST_NAMED] or [promise.name], self.writer.lang),
        )

    def on(self, term: AnyTerm, scope: Scope) -> Scope:
        """Where a term is asked: one that does not ask for the evaluation date, on a day by which all has happened."""
        return scope if self.needs_day(term) else scope.on(_EVER)

    def needs_day(self, term: AnyTerm) -> bool:
        """Whether the term asks for the evaluation date, directly or through what it reads."""
        return DAY in reads_of(self.program).of(term, depth="supplied").keys

    # ------------------------------------------------------------------------------------------ keys of tables
    def within(self, decl: InputDecl, value: Exact, scope: Scope, at: Span, path: str) -> None:
        assert decl.within is not None
        keys = self.keys_of(decl.within, scope)
        if keys is None or value is None:
            return
        for one in value if isinstance(value, tuple) else (value,):
            if not keys.hold(one):
                near = () if self.problems.costly else _near(one, keys.all)
                self.problems.add(
                    "SHEET152", at, path, read=self.writer.exact(one, decl.kind), table=decl.within, suggestions=near
                )

    def keys_of(self, name: str, scope: Scope) -> _Keys | None:
        """The keys of a table or ledger; None when they are not all known."""
        ledger = self.program.lists.get(name)
        if ledger is None or not ledger.supplied or ledger.source not in ("rows", "sheet"):
            return None
        records = self.sheets[scope.party].lists.get(name)
        about = name, id(records) if ledger.source == "sheet" else 0
        if about not in self.keys:
            self.keys[about] = _Keys.of(ledger, records)
        return self.keys[about]


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of one table or ledger. ``plain``: as identities, without those that end in ``*``; ``begun``: these,
    without the mark, and their ``lengths``; ``open``: one is left empty, which fits everything."""

    all: tuple[Exact, ...]
    plain: frozenset[object]
    begun: frozenset[str]
    lengths: frozenset[int]

    @classmethod
    def of(cls, ledger: ListDecl, records: Sequence[Record] | None) -> _Keys | None:
        """None when not all of them are known."""
        column = ledger.key or ledger.fields[0].name
        if ledger.source == "sheet":
            if records is None or any(column not in r.values for r in records):
                return None
            keys = [r.values[column] for r in records]
        else:
            cells = [row.cells[ledger.by_name[column]] for row in ledger.rows]
            keys = [cell.value for cell in cells if isinstance(cell, Const)]
            if len(keys) < len(cells):
                return None
        begun = {key: text_key(key[:-1]) for key in keys if isinstance(key, str) and key.endswith("*")}
        plain = frozenset(_identity(key) for key in keys if key not in begun)
        lengths = frozenset(map(len, begun.values()))
        return cls(tuple(keys), plain, frozenset(begun.values()), lengths)

    def hold(self, value: Exact) -> bool:
        if _identity(value) in self.plain:
            return True
        if isinstance(value, str):
            return any(text_key(value)[:length] in self.begun for length in self.lengths)
        return any(same(key, value) for key in self.all)  # an instant is the date of its day


def _ends_of(bound: Bound) -> list[tuple[str, AnyTerm]]:
    ends_ = (bound.low_op, bound.low), (bound.high_op, bound.high)
    return [(op, term) for op, term in ends_ if term is not None]


def _surely(op: str, left: Exact, right: Exact, kind: Kind) -> bool:
    """Whether a comparison holds; of durations, whenever they begin."""
    try:
        return compare_exact(op, left, right, kind)
    except CannotCompute:
        return False


def _near(value: Exact, keys: Iterable[Exact]) -> tuple[str, ...]:
    from policydsl.text.near import alike

    words = {text_key(key): key for key in keys if isinstance(key, str)}
    found = alike(text_key(value)[:80], words) if isinstance(value, str) else []
    return tuple(words[key] for key in found)


def _identity(value: Exact) -> object:
    """Texts are the same whatever their width and case; a number and a text never are."""
    if isinstance(value, str):
        return ("text", text_key(value))
    if isinstance(value, tuple):
        return tuple(text_key(v) for v in value)
    return ("number", value) if isinstance(value, Fraction) else (type(value).__name__, value)


def _named(term: AnyTerm) -> str:
    """The name behind an end of a range, for the message."""
    match term:
        case Read(name=name) if not name.startswith("@"):
            return name
        case _:
            return ""
