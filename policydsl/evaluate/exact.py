"""The exact evaluator: what each form of the core means where everything that it needs is known.

A value comes out, or ``Unknown`` is raised. Nothing here knows of several possible values: and, or, at_least, any and
all alone go on past what is unknown (one no is a no), and 无 decides where the operator table says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar, assert_never

from policydsl.calendar import CannotCompute
from policydsl.core import (
    DAY, PARTY, ROW, AnyTerm, Apply, AsOf, Choose, Const, Find, InputDecl, ListDecl, Name, NoValue, Over, Program, Read,
    Use,
)
from policydsl.domain import WAITING, Need, ahead, identical, identity
from policydsl.evaluate import exact_lists as lists
from policydsl.evaluate.exact_scope import Entry, Outcome, Scope, Unknown, at_least, decided, settled, tried
from policydsl.facts import Sheet
from policydsl.kinds import Exact, Kind
from policydsl.members import replace
from policydsl.operators import OPERATORS, Setting, zero

T = TypeVar("T")


class ExactEvaluator:
    """Evaluates terms of one program for a population (of one or more sheets). What was asked once is remembered."""

    def __init__(
        self, program: Program, sheets: Sequence[Sheet], settings: Mapping[str, Exact], *, population: bool = False
    ) -> None:
        self.program = program
        self.population = population or len(sheets) > 1 or any(s.everyone for s in sheets)
        header = program.header
        self.setting = Setting(header.fiscal, header.calendar, header.month_end)
        self.parties = tuple(
            Entry("", "", {**s.values, **settings, **({PARTY: s.name} if s.named else {}), ROW: Fraction(i)}, sheet=s)
            for i, s in enumerate(sheets)
        )
        self.known: dict[object, Any] = {}
        self.held: dict[int, AnyTerm] = {}  # kept alive, since their identity is a key

    def scope(self, party: int, day: date) -> Scope:
        """A party on a day, with no record in hand."""
        return Scope(day, (self.parties[party],))

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What is made, remembered; also that it is unknown."""
        if key not in self.known:
            self.known[key] = tried(make)
        found: T | Unknown = self.known[key]
        return settled(found)

    # ------------------------------------------------------------------------------------------ forms
    def value(self, term: AnyTerm, scope: Scope) -> Exact:
        """The value of a term. Raises Unknown."""
        match term:
            case Const():
                return term.value
            case NoValue():
                raise Unknown(term.reason, note=term.note)
            case Read():
                return self.field(scope.record_of(term.list, term.up), term.name, scope)
            case Use():
                return self.shared(term.name, scope.record_of(term.list, term.up), scope)
            case Apply():
                return self.apply(term, scope)
            case Choose():
                return self.choose(term, scope)
            case Over():
                self.held[id(term)] = term
                return self.once((id(term), scope), lambda: self.over(term, scope))
            case Find():
                return self.find(term, scope)
            case AsOf():
                day = self.value(term.day, scope)
                if isinstance(day, date):
                    return self.value(term.term, replace(scope, day=day))
                return False if term.kind.base == "yesno" else None
            case _:
                assert_never(term)

    def outcome(self, term: AnyTerm, scope: Scope) -> Outcome:
        """The value of a term, or why there is none."""
        return tried(lambda: self.value(term, scope))

    def shared(self, name: Name, entry: Entry | None, scope: Scope) -> Exact:
        """A shared term, for the party (entry None: the one in hand) or one record: it sees nothing else around."""
        alone = scope.only(entry)
        return self.once((name, alone), lambda: self.value(self.program.terms[name].term, alone))

    def choose(self, term: Choose, scope: Scope) -> Exact:
        """What the exceptions that hold agree on; else the first row that holds."""
        overriding = [arm.then for arm in term.arms if arm.exception and self.value(arm.when, scope) is True]
        if overriding:
            first, *others = [self.value(then, scope) for then in overriding]
            if not all(identical(first, other) for other in others):
                raise Unknown("conflict")
            return first
        for arm in term.arms:
            if not arm.exception and self.value(arm.when, scope) is True:
                return self.value(arm.then, scope)
        raise Unknown("not_computable", note="no_case")

    def values_in_conflict(self, term: AnyTerm, scope: Scope) -> bool:
        """Whether exceptions do not agree which value, and none of them says that there is none."""
        if isinstance(term, Use):
            alone = scope.only(scope.record_of(term.list, term.up))
            return self.values_in_conflict(self.program.terms[term.name].term, alone)
        if not isinstance(term, Choose):
            return False
        why = self.outcome(term, scope)
        if not isinstance(why, Unknown) or why.reason != "conflict":
            return False
        said = [self.outcome(a.then, scope) for a in term.arms if a.exception and self.value(a.when, scope) is True]
        return len(said) > 1 and not any(one is None or isinstance(one, Unknown) for one in said)

    def find(self, term: Find, scope: Scope) -> Exact:
        """The value at the record with the key; 无 has none, unless it is said what then."""
        key = self.value(term.key, scope)
        if key is None and term.otherwise is None:
            return None
        entry = lists.with_key(self, term.list, key, scope)
        if entry is not None:
            return self.value(term.value, scope.bind(entry))
        if term.otherwise is None:
            raise Unknown("not_computable", note="no_row")
        return self.value(term.otherwise, scope)

    # ------------------------------------------------------------------------------------------ facts
    def field(self, entry: Entry, name: str, scope: Scope) -> Exact:
        """A field of a record: given, a cell (which sees what is in hand where it is read), else what stands in."""
        given = name in entry.values
        if given and not ahead(entry.values[name], scope.day):  # type: ignore[arg-type]
            return settled(entry.values[name])
        if name == DAY:
            return scope.day
        if name == PARTY:
            raise Unknown("missing", Need(PARTY))
        if entry.sheet is not None:
            decl: InputDecl | None = self.program.inputs.get(name)
        elif entry.cells:
            return self.value(entry.cells[self.program.lists[entry.list].by_name[name]], scope)
        else:
            of = self.program.lists.get(entry.list)  # None: what a scan keeps
            decl = None if of is None else of.field_of(name)
        if given:  # an event that is yet to come is none
            return None if decl is not None and decl.event else settled(entry.values[name])
        if decl is None:
            return lists.running(self, entry, name, scope)
        standing_in = decl.derived or decl.default
        if standing_in is None:
            what = "decision" if decl.decision else "parameter" if decl.parameter else "fact"
            raise Unknown(WAITING[what], Need(name, entry.list, entry.key, what))
        alone = scope.only(entry)
        return self.once((name, alone), lambda: self.value(standing_in, alone))

    # ------------------------------------------------------------------------------------------ operators
    def apply(self, term: Apply, scope: Scope) -> Exact:
        if term.op in ("provided", "missing") and self.values_in_conflict(term.args[0], scope):
            return term.op == "provided"
        args = (self.outcome(a, scope) for a in term.args)
        match term.op:
            case "and" | "or":
                return decided(term.op == "or", args)
            case "at_least":
                return at_least(*args)
            case "not":
                return settled(*args) is not True
            case "provided" | "missing":
                return (settled(*args) is not None) == (term.op == "provided")
            case "blank":
                return settled(*args)
            case _:
                return self.operate(term.op, [*args], [a.kind for a in term.args])

    def operate(self, op: str, args: Sequence[Outcome], kinds: Sequence[Kind]) -> Exact:
        """A row of the operator table; 无 may decide whatever the other arguments are."""
        row = OPERATORS[op]
        if row.none != "own" and any(a is None for a in args):
            return False if row.none == "no" else None
        try:
            return row.exact([settled(a) for a in args], kinds, self.setting)
        except CannotCompute as why:
            raise Unknown("not_computable", note=why.told) from None

    # ------------------------------------------------------------------------------------------ aggregates
    def over(self, term: Over, scope: Scope) -> Exact:
        """An aggregate over the records that count (仅计) and satisfy ``where``; 无 is skipped."""
        decl = self.program.lists[term.list]
        around = [scope.bind(entry) for entry in lists.records(self, term.list, scope)]

        def value(at: Scope) -> Exact:
            return True if term.value is None else self.value(term.value, at)

        if term.agg in ("any", "all"):  # all: there is none that says no
            wanted = term.agg == "any"

            def settles(at: Scope) -> bool:
                says = tried(lambda: (value(at) is True) == wanted)
                return decided(False, (*self.conditions(decl, term.where, at), says))

            return decided(True, (tried(partial(settles, at)) for at in around)) == wanted
        values = [value(at) for at in around if decided(False, self.conditions(decl, term.where, at))]
        if term.agg == "count":
            return Fraction(len(values))
        kind = term.value.kind if term.value is not None else term.kind
        return self.aggregate(term.agg, values, kind, term.kind)

    def conditions(self, decl: ListDecl, where: AnyTerm | None, at: Scope) -> Iterator[Outcome]:
        """Whether the record in hand counts (仅计), and whether it is among those asked for."""
        if decl.only is not None:
            yield self.outcome(decl.only, at.only(at.at[-1]))
        if where is not None:
            yield self.outcome(where, at)

    def aggregate(self, agg: str, values: Sequence[Exact], kind: Kind, result: Kind) -> Exact:
        stated = [v for v in values if v is not None]
        match agg:
            case "distinct":
                return Fraction(len({identity(v) for v in stated}))
            case "sum" | "mean":
                total = zero(kind)
                for each in stated:
                    total = self.operate("+", [total, each], [result, kind])
                if agg == "sum":
                    return total
                if stated:
                    return self.operate("/", [total, Fraction(len(stated))], [result, kind])
            case "values":
                if any(not identical(v, values[0]) for v in values):
                    raise Unknown("several")
                return values[0] if values else None
            case _:
                if stated:
                    kind = result if result.base == "choice" else kind  # the order is that of the aggregate
                    best = {"largest": "max", "latest": "max", "smallest": "min", "earliest": "min"}[agg]
                    return self.operate(best, stated, [kind] * len(stated))
                if values:
                    return None
        raise Unknown("not_computable", note="empty_list")


__all__ = ["ExactEvaluator"]
