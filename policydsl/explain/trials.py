"""Judging a sheet with other facts in it, within a bounded number of evaluations."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date

from policydsl.boundaries import Boundary, Key, boundaries
from policydsl.core import AnyTerm, Apply, InputDecl, Program, Result
from policydsl.domain import Possible
from policydsl.evaluate import lists
from policydsl.judge import AsOfFrom, Judge
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.reads import reads_of
from policydsl.sheet import check_ranges
from policydsl.verdict import ResultValue
from policydsl.walk import every_of

MOST_RECORDS = 50
MOST_KEPT = 64  # sheets judged that are kept at hand: the next result shares most of their work
MOST_COMPLETIONS = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands: of the party, of a record (``list`` and its ``index``), or a parameter of the policy."""

    name: str
    decl: InputDecl
    list: str = ""
    index: int = 0
    record: str = ""

    @property
    def key(self) -> Key:
        return (self.list, self.decl.name)


class SpentError(Exception):
    """The number of evaluations that were allowed is used up."""


@dataclass(slots=True)
class Trials:
    """One party of a population, on one day. ``most``: how many evaluations are allowed in all, ``each``: for one
    question (0: as many as are left)."""

    program: Program
    sheets: Sequence[Sheet]
    party: int
    as_of: date
    as_of_from: AsOfFrom
    settings: Mapping[str, Exact]
    most: int = 1500
    each: int = 0
    used: int = 0
    asked: int = 0  # what had been used when the question in hand was begun
    results: dict[str, Result] = field(init=False)
    ev: Evaluator = field(init=False)
    limits: list[Mapping[Key, tuple[Boundary, ...]]] = field(default_factory=list)
    anchoring: list[frozenset[Key]] = field(default_factory=list)
    bending: list[frozenset[Key]] = field(default_factory=list)
    known: dict[tuple[object, ...], ResultValue] = field(default_factory=dict)
    judges: dict[tuple[str, Exact], Judge] = field(default_factory=dict)
    as_is: list[Judge] = field(default_factory=list)  # of the sheet as it is

    def __post_init__(self) -> None:
        self.results = {r.name: r for r in self.program.results}
        self.ev = Evaluator(self.program, self.sheets, self.settings)

    @property
    def found(self) -> Mapping[Key, tuple[Boundary, ...]]:
        """What every fact is compared with, what is known on the sheet included; found when first asked for."""
        if not self.limits:
            self.limits.append(
                boundaries(self.program, as_of=self.as_of, settings=self.settings, values=self.values_of)
            )
        return self.limits[0]

    @property
    def anchors(self) -> frozenset[Key]:
        """The facts that say where periods begin and end: every day moves them all, no comparison tells where."""
        if not self.anchoring:
            made = [ledger.cycles for ledger in self.program.lists.values() if ledger.cycles is not None]
            self.anchoring.append(reads_of(self.program).of(*made).keys)
        return self.anchoring[0]

    @property
    def bent(self) -> frozenset[Key]:
        """The facts that stand on both sides of a product or quotient: what is made of them may turn round between any
        two values that were tried."""
        if not self.bending:
            reads, found = reads_of(self.program), set[Key]()
            for term in every_of(self.program):
                if isinstance(term, Apply) and term.op in ("*", "/"):
                    found |= reads.of(term.args[0]).keys & reads.of(term.args[1]).keys
            self.bending.append(frozenset(found))
        return self.bending[0]

    def values_of(self, term: AnyTerm) -> Iterator[Exact]:
        """What is known of a term: its value, or its values for the records of the list that it is about."""
        about = {name for name, _ in reads_of(self.program).hands(term)} & self.program.lists.keys()
        scope = self.ev.scope(self.party, self.as_of)
        if not about:
            found = self.ev.value(term, scope)
            if found.known:
                yield found.value
        elif len(about) == 1:
            for row, _, inner in itertools.islice(lists.members(self.ev, next(iter(about)), scope), MOST_RECORDS):
                found = self.ev.value(term, inner.only(row))
                if found.known:
                    yield found.value

    @property
    def sheet(self) -> Sheet:
        return self.sheets[self.party]

    def place(self, name: str) -> Place | None:
        """Where a missing fact of that name stands; None for a whole ledger, a table to supply, the population."""
        decl = self.program.inputs.get(name)
        if decl is not None:
            return Place(name, decl)
        for ledger in self.program.lists.values():
            if not name.startswith(f"{ledger.name}["):
                continue
            for index, record in enumerate(self.sheet.lists.get(ledger.name, ())):
                inner = name.removeprefix(f"{ledger.name}[{record.key}].")
                each = ledger.field_of(inner) if inner != name else None
                if each is not None:
                    return Place(name, each, ledger.name, index, record.key)
        return None

    def may_be(self, place: Place) -> Possible:
        """What the fact may be, by its declaration and what is known."""
        scope = self.ev.scope(self.party, self.as_of)
        if not place.list:
            return self.ev.input(place.decl.name, scope)
        for row, _, inner in lists.members(self.ev, place.list, scope):
            if row.index == place.index and not row.made_from:
                return self.ev.field(row, place.decl.name, inner)
        raise AssertionError(place.name)

    def begin(self) -> None:
        """Begins a question."""
        self.asked = self.used

    def judged(self, result: str, place: Place, value: Exact) -> ResultValue:
        """The result, with the fact given the value. Raises SpentError."""
        key = (result, place.name, type(value).__name__, value)
        made = self.known.get(key)
        if made is None:
            if self.used >= self.most or 0 < self.each <= self.used - self.asked:
                raise SpentError
            self.used += 1
            made = self._judge(result, place, value)
            self.known[key] = made
        return made

    def changed(self, place: Place, value: Exact, but: str) -> list[tuple[ResultValue, ResultValue]]:
        """All results but one that can hang on a fact, as they are and with the fact given the value. It counts as one
        evaluation. Raises SpentError; a value that the sheet may not have changes nothing."""
        if self.used >= self.most:
            raise SpentError
        sheets = [*self.sheets]
        sheets[self.party] = with_value(self.sheet, place, value)
        if check_ranges(self.program, sheets, self.as_of, self.settings):
            return []
        self.used += 1
        reads = reads_of(self.program).of_result
        names = [name for name in self.results if name != but and place.key in reads[name].keys]
        if not self.as_is:
            ev = Evaluator(self.program, self.sheets, self.settings, completions=MOST_COMPLETIONS)
            self.as_is.append(Judge(ev, self.party, self.as_of, self.as_of_from))
        return [(self.as_is[0].reported(self.results[n]), self._judge(n, place, value)) for n in names]

    def _judge(self, result: str, place: Place, value: Exact) -> ResultValue:
        judge = self.judges.get((place.name, value))
        if judge is None:
            sheets, settings = list(self.sheets), dict(self.settings)
            if place.decl.parameter:
                settings[place.decl.name] = value
            else:
                sheets[self.party] = with_value(self.sheet, place, value)
            ev = Evaluator(self.program, sheets, settings, completions=MOST_COMPLETIONS)
            judge = Judge(ev, self.party, self.as_of, self.as_of_from)
            if len(self.judges) >= MOST_KEPT:
                self.judges.clear()
            self.judges[place.name, value] = judge
        return judge.reported(self.results[result])


def with_value(sheet: Sheet, place: Place, value: Exact) -> Sheet:
    """The sheet with one fact given."""
    if not place.list:
        return replace(sheet, values={**sheet.values, place.decl.name: value})
    records = list(sheet.lists[place.list])
    old = records[place.index]
    records[place.index] = Record(old.key, {**old.values, place.decl.name: value}, old.at)
    return replace(sheet, lists={**sheet.lists, place.list: tuple(records)})


def in_its_place(ev: Evaluator, scope: Scope, result: str, ledger: str) -> list[str]:
    """The facts that a missing ledger would give and that may be stated themselves, where the result reads the ledger
    through them alone."""
    program, reads = ev.program, reads_of(ev.program)
    made_of = next(r for r in program.results if r.name == result)
    if ledger not in program.lists or (ledger, "") in reads.result(made_of, depth="named").keys:
        return []
    wanted = reads.of_result[result].keys
    return [
        decl.name for decl in program.inputs.values()
        if decl.derived is not None and not decl.parameter and ("", decl.name) in wanted
        and (ledger, "") in reads.of(decl.derived, depth="named").keys and not ev.input(decl.name, scope).known
    ]
