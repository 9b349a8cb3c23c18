"""Plain values read by what is worked out once of a program: who means what by a key, and what a text comes to.

For what is as a program gives it: a dict of facts and ledgers, in which all is well. Whatever else there is, be it one
word that is refused, is left to ``read``, which reads everything anew and says what is the matter; so both say the
same of all that is said.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import PurePath
from typing import Any, NamedTuple

from policydsl import catalogue
from policydsl.boundaries import Key
from policydsl.core import InputDecl, ListDecl, Program
from policydsl.diagnostics import Language
from policydsl.facts import Record, Sheet
from policydsl.kept import Kept
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sheet import consistency
from policydsl.sheet.names import (
    DAY_NAMES, PARTY_NAMES, POPULATION_NAMES, Level, is_one_of, name_key, record_level, rows_of, sheet_level,
)
from policydsl.sheet.places import Places
from policydsl.sheet.problems import Problems
from policydsl.sheet.refused import ABSENT, Absent, Refused, shorten
from policydsl.sheet.scale import Bare, asked
from policydsl.sheet.source import CONTROL, MOST_NODES
from policydsl.sheet.values import (
    Context, as_option, may_be_none, plain_number, read_moment, read_value, several, unlisted,
)
from policydsl.text.fold import fold

SCALARS = (str, int, Decimal, Fraction, date)  # each is read as its characters
MOST_KEPT = 4096  # words of one fact whose value is remembered
_LONGEST = 60


class Slow(Exception):
    """Something is not plain."""


class Word(NamedTuple):
    """What a word comes to: its value; whether it surely is as it has to be; whether it is an amount without its unit;
    how a record is called by it."""

    value: Exact | Absent
    kept: bool = True
    bare: bool = False
    key: str = ""


NOTHING = Word(ABSENT)


@dataclass(slots=True)
class Words:
    """The words of a fact or field met so far."""

    decl: InputDecl
    context: Context
    ends: consistency.Ends | None  # its declared range
    name: str = field(init=False)
    known: dict[Any, Word] = field(default_factory=dict)
    whole: dict[int, Word] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.decl.name

    def read(self, value: object) -> Word:
        """Raises Slow."""
        kind = type(value)
        known: dict[Any, Word] = self.whole if kind is int else self.known
        if kind is str or kind is int:
            found = known.get(value)
            if found is not None:
                return found
        elif value is None:
            return NOTHING
        elif kind is list:
            return self.chosen(value)
        elif kind is not bool and kind not in SCALARS:
            raise Slow
        text = "true" if value is True else "false" if value is False else str(value)
        found = self.worked_out(text)
        if kind in (str, int) and len(text) < _LONGEST:
            if len(known) >= MOST_KEPT:
                known.clear()
            known[value] = found
        return found

    def worked_out(self, text: str) -> Word:
        if CONTROL.search(text):
            raise Slow
        if not text.strip():
            return NOTHING
        decl = self.decl
        try:
            value = read_value(text, decl, self.context)
        except Refused:
            raise Slow from None
        if isinstance(value, Absent):
            raise Slow  # it looks as if there were nothing, yet there is
        bare = decl.kind.base == "money" and bool(value) and plain_number(fold(text).strip()) is not None
        return self.word(value, bare, shorten(as_option(text, decl)))

    def chosen(self, values: object) -> Word:
        """Several options, one by one."""
        if self.decl.kind.base != "choices" or not isinstance(values, list):
            raise Slow
        if not all(type(each) is str and each.strip() and not CONTROL.search(each) for each in values):
            raise Slow
        try:
            return self.word(several(values, self.decl))
        except Refused:
            raise Slow from None

    def word(self, value: Exact, bare: bool = False, key: str = "") -> Word:
        if unlisted(value, self.decl):
            raise Slow  # there is a notice
        value = None if value == () and may_be_none(self.decl) else value
        return Word(value, consistency.kept(self.ends, value), bare, key)


@dataclass(slots=True)
class Names:
    """The keys of a sheet, or of a record, met so far, and what each means."""

    level: Level
    program: Program
    context: Context
    words: dict[str, Words]
    known: dict[str, Words | ListDecl] = field(default_factory=dict)

    @classmethod
    def of(
        cls, level: Level, program: Program, context: Context, ends: MappingOf[str, consistency.Ends | None]
    ) -> Names:
        decls = [d for d in level.targets.values() if isinstance(d, InputDecl)]
        return cls(level, program, context, {d.name: Words(d, context, ends.get(d.name)) for d in decls})

    def meant(self, key: object) -> Words | ListDecl:
        """Raises Slow."""
        if type(key) is not str or CONTROL.search(key):
            raise Slow
        found = self.level.targets.get(name_key(key.strip()))
        if found is None:
            raise Slow
        made = self.words[found.name] if isinstance(found, InputDecl) else found
        if len(self.known) < MOST_KEPT:
            self.known[key] = made
        return made

    def lacking(self) -> tuple[str, ...]:
        """What is 必填, and supplied by nothing."""
        decls = [words.decl for words in self.words.values()]
        return tuple(
            d.name for d in decls
            if d.required and not d.parameter and d.default is None and d.derived is None
        )


class Quick:
    """Reads plain values by one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.context = Context.of(program, fact=True)
        self.ranges = consistency.plainly(program)
        self.names = Names.of(sheet_level(program), program, self.context, self.ranges.facts)
        self.timed = frozenset(n for n, d in program.inputs.items() if rows_of(program, d) is not None)
        self.ledgers: dict[str, tuple[Names, tuple[str, ...], str]] = {}
        self.required = tuple(n for n in program.inputs if n in self.names.lacking())
        own = (*PARTY_NAMES, *DAY_NAMES, *POPULATION_NAMES)
        self.usual = not any(is_one_of(word, own) for word in self.names.level.targets)

    def sheet(
        self, given: dict[Any, Any], file: str, as_of: date | None, settings: MappingOf[str, Exact] | None,
        language: Language | None,
    ) -> Sheet | None:
        """The sheet that plain values are; None: they are not plain."""
        try:
            return _Reading(self, file).sheet(given, as_of, settings or {}, language) if self.usual else None
        except Slow:
            return None


class _Reading:
    """One sheet."""

    def __init__(self, quick: Quick, file: str) -> None:
        self.quick, self.file, self.at = quick, file, Span(file, 0, 0, 0, 0)
        self.values: dict[str, Exact] = {}
        self.lists: dict[str, tuple[Record, ...]] = {}
        self.bare: dict[Key, list[Bare]] = {}
        self.noticed: list[str] = []
        self.day: date | None = None
        self.named = ""
        self.own: set[str] = set()
        self.nodes = 0
        self.kept = True  # every value surely is as it has to be

    def sheet(
        self, given: dict[Any, Any], as_of: date | None, settings: MappingOf[str, Exact], language: Language | None
    ) -> Sheet:
        quick, program = self.quick, self.quick.program
        self.facts(given, "")
        self.noticed += [name for name in quick.required if name not in self.values]
        if self.nodes > MOST_NODES // 4:
            raise Slow
        notices = tuple(
            catalogue.message("SHEET154", language or program.header.dialect, {"path": path}) for path in self.noticed
        )
        remarks = tuple(asked(program, self.only_bare(), settings)) if self.bare else ()
        places = Places(self.at, self.values, self.lists)
        sheet = Sheet(
            self.named or _stem(self.file), self.day, self.values, self.lists, places, notices, remarks=remarks,
            named=bool(self.named),
        )
        if self.kept and quick.ranges.ask_nothing_else(sheet, settings):
            places.kept = quick.ranges
        else:
            problems = Problems()
            consistency.check(program, [sheet], as_of, settings, problems)
            if problems.errors:
                raise Slow
        return sheet

    def facts(self, given: dict[Any, Any], prefix: str) -> None:
        """The entries of a mapping; a part of a dotted alias is opened."""
        names, values = self.quick.names, self.values
        self.nodes += 2 * len(given) + 1
        for key, value in given.items():
            if type(value) is dict or prefix:
                self.nested(key, value, prefix)
                continue
            known = names.known.get(key)
            if known is None:
                if self.owned(key, value):
                    continue
                known = names.meant(key)
            if type(known) is not Words:
                self.entry(known, value)
                continue
            found, name = known.read(value), known.name
            if name in values or name in self.own or type(value) is list and name in self.quick.timed:
                raise Slow
            if found is NOTHING:
                self.own.add(name)
                continue
            values[name] = found.value  # type: ignore[assignment]
            if not found.kept:
                self.kept = False
            if found.bare:
                self.unit_left_out(("", name), name, known.decl, found.value)

    def nested(self, key: object, value: object, prefix: str) -> None:
        if type(key) is not str:
            raise Slow
        full = f"{prefix}{key.strip()}"
        if type(value) is dict and name_key(full) in self.quick.names.level.branches:
            self.facts(value, f"{full}.")
        elif type(value) is dict:
            raise Slow
        elif prefix:
            self.facts({full: value}, "")

    def once(self, name: str) -> None:
        if name in self.own:
            raise Slow
        self.own.add(name)

    def unit_left_out(self, key: Key, path: str, decl: InputDecl, value: Exact | Absent) -> None:
        assert isinstance(value, Fraction)
        self.bare.setdefault(key, []).append(Bare(path, decl, value))

    def owned(self, key: object, value: object) -> bool:
        """The keys every sheet may have: the name of the party, the evaluation date."""
        if type(key) is not str:
            raise Slow
        if is_one_of(key, PARTY_NAMES):
            self.once("@name")
            if type(value) is not str or CONTROL.search(value):
                raise Slow
            self.named = " ".join(value.split())[:200]
            return True
        if not is_one_of(key, DAY_NAMES):
            return False
        self.once("@day")
        if value is not None and type(value) not in (str, date):
            raise Slow
        text = "" if value is None else str(value)
        if text.strip():
            try:
                self.day = read_moment(fold(text).strip())
            except Refused:
                raise Slow from None
            if self.day is None or CONTROL.search(text):
                raise Slow
        return True

    # ------------------------------------------------------------------------------------------ ledgers
    def entry(self, decl: Words | ListDecl, rows: object) -> None:
        """A ledger."""
        assert isinstance(decl, ListDecl)
        name = decl.name
        self.once(name)
        if rows is None:
            return
        if type(rows) is not list:
            raise Slow
        if name not in self.quick.ledgers:
            ends = self.quick.ranges.fields.get(name, {})
            names = Names.of(record_level(decl), self.quick.program, self.quick.context, ends)
            required = tuple(f.name for f in decl.fields if f.name in names.lacking())
            self.quick.ledgers[name] = names, required, decl.key or decl.fields[0].name
        used: dict[str, int] = {}
        found: list[Record] = []
        for row in rows:
            record = self.record(decl, row, len(found) + 1, used)
            if record is not None:
                found.append(record)
        self.lists[name] = tuple(found)

    def record(self, decl: ListDecl, given: object, number: int, used: dict[str, int]) -> Record | None:
        """A record; None of a row without anything in it."""
        if type(given) is not dict:
            raise Slow
        names, required, column = self.quick.ledgers[decl.name]
        values: dict[str, Exact] = {}
        seen: set[str] = set()
        bare: list[tuple[InputDecl, Exact | Absent]] = []
        key = ""
        self.nodes += 2 * len(given) + 1
        for each, value in given.items():
            words: Any = names.known.get(each) or names.meant(each)
            found, name = words.read(value), words.name
            if name in seen or name == column and type(value) is list:
                raise Slow
            seen.add(name)
            if found is not NOTHING:
                values[name] = found.value
                if not found.kept:
                    self.kept = False
                if found.bare:
                    bare.append((words.decl, found.value))
                if name == column:
                    key = found.key
        if not values and given:
            return None
        key = key or f"#{number}"
        used[key] = times = used.get(key, 0) + 1
        if times > 1 and decl.key is None:
            key = f"{key}#{times}"
        for of, amount in bare:
            self.unit_left_out((decl.name, of.name), f"{decl.name}[{key}].{of.name}", of, amount)
        self.noticed += [f"{decl.name}[{key}].{name}" for name in required if name not in values]
        return Record(key, values, self.at)

    def only_bare(self) -> dict[Key, list[Bare]]:
        """The amounts without a unit, by fact or column, where no other is written with one."""
        def count(key: Key) -> int:
            if not key[0]:
                return 1
            return sum(r.values.get(key[1], 0) != 0 for r in self.lists[key[0]])

        return {key: amounts for key, amounts in self.bare.items() if len(amounts) == count(key)}


@lru_cache(maxsize=256)
def _stem(file: str) -> str:
    return PurePath(file).stem or file


quick_of = Kept(Quick)  # the quick reader of a program


__all__ = ["Quick", "quick_of"]
