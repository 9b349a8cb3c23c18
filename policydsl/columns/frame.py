"""The facts of a population as columns: whole numbers over a scale of the batch's own, days, yes and no, words by
their numbers. A party with a value that does not fit is left altogether."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from policydsl.columns.code import NARROW, Col, Left, repr_of
from policydsl.compiled.forms import SCALES
from policydsl.core import InputDecl, Program
from policydsl.facts import Sheet
from policydsl.kinds import Exact, text_key
from policydsl.members import dataclass

_MISSING: Any = object()


class Words:
    """A number for each text and option; those that are alike have one, and the first way of writing them is told."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.texts: list[str] = []

    def alike(self, text: str) -> int:
        """The number of a text, however it is written."""
        key = text_key(text)
        if key not in self.numbers:
            self.numbers[key] = len(self.texts)
            self.texts.append(text)
        return self.numbers[key]

    def constant(self, text: str) -> int:
        """The number of a text that is told as it is written. Raises Left."""
        number = self.alike(text)
        if self.texts[number] != text:
            raise Left("another spelling")
        return number


@dataclass(slots=True)
class Ledger:
    """A ledger as a table ``name``: its columns, whether the party has told of it, which records are there on the day,
    and the most records that a party has."""

    name: str
    given: Col
    fields: dict[str, Col]
    there: str
    most: int


@dataclass(slots=True)
class Frame:
    """The columns of a population. ``names``: how many are taken;
    ``left``: facts, and fields of ledgers, that are stated in a way that has no column."""

    parties: int
    words: Words
    day: Col
    facts: dict[str, Col] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    names: int = 0
    left: frozenset[tuple[str, str]] = frozenset()


class Filler:
    """Fills the tables of a frame from sheets. ``create`` makes a table of columns."""

    def __init__(
        self, program: Program, sheets: Sequence[Sheet], days: Sequence[date],
        create: Callable[[str, Mapping[str, tuple[str, list[Any]]]], None],
    ) -> None:
        self.program, self.sheets, self.create = program, sheets, create
        self.words = Words()
        self.names = 0
        self.odd: set[int] = {i for i, day in enumerate(days) if type(day) is not date}
        for decl in _declared(program):
            for option in decl.kind.options:
                self.words.alike(option)
        self.days = [day if type(day) is date else None for day in days]

    def new(self, letter: str) -> str:
        self.names += 1
        return f"{letter}{self.names}"

    def frame(self) -> Frame:
        """Reads all, and makes the tables."""
        columns: dict[str, tuple[str, list[Any]]] = {"p": ("int64", list(range(len(self.sheets))))}
        day = Col(self.new("v"), None)
        columns[day.code] = "date", self.days
        everybody = range(len(self.sheets))
        facts = {
            decl.name: found for decl in self.program.inputs.values()
            if (found := self.column(decl, [s.values for s in self.sheets], everybody, columns)) is not None
        }
        frame = Frame(len(self.sheets), self.words, day, facts)
        for place, decl in enumerate(self.program.lists.values()):
            if decl.source == "sheet":
                frame.ledgers[decl.name] = self.ledger(place, decl, columns, day)
        columns["ok"] = "bool", [i not in self.odd for i in everybody]
        self.create("facts", columns)
        frame.names = self.names
        return frame

    def ledger(self, place: int, decl: Any, around: dict[str, tuple[str, list[Any]]], day: Col) -> Ledger:
        given = Col(self.new("v"))
        told = [decl.name in s.lists or decl.default_none for s in self.sheets]
        around[given.code] = "bool", told
        owner: list[int] = []
        records: list[Mapping[str, Exact]] = []
        most = 0
        for party, sheet in enumerate(self.sheets):
            rows = sheet.lists.get(decl.name) or ()
            most = max(most, len(rows))
            owner += [party] * len(rows)
            records += [r.values for r in rows]
        columns: dict[str, tuple[str, list[Any]]] = {"p": ("int64", owner)}
        fields = {
            f.name: found for f in decl.fields if (found := self.column(f, records, owner, columns)) is not None
        }
        there = ""
        if decl.happens is not None:
            happens = fields.get(decl.happens)
            if happens is not None:
                there = f"({happens.code} IS NULL OR {happens.code} <= {day.code})"
            elif any(decl.happens in r for r in records):
                self.odd |= set(owner)
        self.create(f"ledger{place}", columns)
        return Ledger(f"ledger{place}", given, fields, there, most)

    def column(
        self, decl: InputDecl, values: Sequence[Mapping[str, Exact]], whose: Sequence[int],
        columns: dict[str, tuple[str, list[Any]]],
    ) -> Col | None:
        """The column of a fact; None: nobody states it, or its kind has none."""
        form = repr_of(decl.kind)
        if form is None or decl.kind.base == "duration":
            return None
        found = [v.get(decl.name, _MISSING) for v in values]
        if all(v is _MISSING for v in found):
            return None
        name = self.new("v")
        nil = ""
        if any(v is None for v in found):
            nil = self.new("n")
            columns[nil] = "bool", [v is None for v in found]
        stated = [None if v is _MISSING else v for v in found]
        if form == "number":
            made, den, most = self.whole(decl, stated, whose)
            columns[name] = "int64", made
            return Col(name, den, nil=nil, most=most)
        kind = {"yesno": bool, "date": date, "word": str}[form]
        for at, value in enumerate(stated):
            if value is not None and type(value) is not kind:
                self.odd.add(whose[at])
                stated[at] = None
        if form == "word":
            columns[name] = "int32", [None if v is None else self.word(v, whose[at]) for at, v in enumerate(stated)]
        else:
            columns[name] = "bool" if form == "yesno" else "date", stated
        return Col(name, None, nil=nil)

    def whole(
        self, decl: InputDecl, values: Sequence[Any], whose: Sequence[int]
    ) -> tuple[list[int | None], int, int]:
        """Numbers over the least scale that all have that have one."""
        parts = SCALES[decl.kind.base]
        kept = [v if type(v) is Fraction and not parts % v.denominator else None for v in values]
        self.odd |= {whose[at] for at, v in enumerate(values) if v is not None and kept[at] is None}
        den = lcm(*(v.denominator for v in kept if v is not None))
        out = [None if v is None else v.numerator * (den // v.denominator) for v in kept]
        for at in [at for at, n in enumerate(out) if n is not None and abs(n) > NARROW]:
            self.odd.add(whose[at])
            out[at] = None
        return out, den, max((abs(n) for n in out if n is not None), default=0)

    def word(self, text: str, party: int) -> int:
        number = self.words.alike(text)
        if self.words.texts[number] != text:
            self.odd.add(party)
        return number


def _declared(program: Program) -> list[InputDecl]:
    return [*program.inputs.values(), *(f for each in program.lists.values() for f in each.fields)]
