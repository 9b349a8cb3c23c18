"""The reference evaluator: the meaning of the core program, form by form, on everything that is possible."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import assert_never

from policydsl.core import (
    Accrue,
    AnyTerm,
    Apply,
    Arm,
    AsOf,
    AsOfDay,
    AtLeast,
    Bound,
    Choose,
    Completes,
    Const,
    Converted,
    Drain,
    Find,
    InKeys,
    Input,
    InputDecl,
    Item,
    Name,
    Noted,
    NoValue,
    Ordinal,
    Over,
    OverChoices,
    PartyName,
    Program,
    Rank,
    Rounding,
    Use,
)
from policydsl.domain import (
    NO,
    YES,
    Need,
    Possible,
    either,
    ends,
    interval,
    join,
    point,
    same,
    whole,
    with_causes,
    within,
)
from policydsl.evaluate import debts, folds, lists
from policydsl.evaluate.paths import paths_of
from policydsl.evaluate.scope import Entry, Rows, Scope, Turned
from policydsl.facts import Sheet
from policydsl.kinds import UNLIMITED, Exact
from policydsl.operators import Setting, apply, rounded

COMPLETIONS = 256


class Evaluator:
    """Evaluates terms of one program for a population (of one or more sheets). Results are remembered."""

    def __init__(
        self,
        program: Program,
        sheets: Sequence[Sheet],
        settings: Mapping[str, Exact],
        *,
        population: bool = False,
        completions: int = COMPLETIONS,
    ) -> None:
        self.program = program
        self.sheets = tuple(sheets)
        self.settings = dict(settings)
        self.population = population or len(self.sheets) > 1
        self.setting = Setting(program.header.fiscal_start, program.header.calendar)
        self.completions = completions
        self.paths = paths_of(program)
        self.known: dict[object, Possible] = {}
        self.rows_known: dict[object, Rows] = {}
        self.turned_known: dict[object, Turned] = {}
        self.turning: set[object] = set()
        self.held: list[Over] = []  # kept alive, since their identity is a key

    # ------------------------------------------------------------------------------------------ terms
    def value(self, term: AnyTerm, scope: Scope) -> Possible:
        """Everything that the term may be in this scope."""
        match term:
            case Const():
                return point(term.value)
            case NoValue():
                return whole(term.kind, reasons=[term.reason], note=term.note)
            case Input():
                return self.input(term.name, scope)
            case Item():
                return self.item(term, scope)
            case Use():
                return self.use(term, scope)
            case AsOfDay():
                return point(scope.day)
            case PartyName():
                return point(self.sheets[scope.party].name)
            case Apply():
                args = [self.value(a, scope) for a in term.args]
                return apply(term.op, args, [a.kind for a in term.args], term.kind, self.setting)
            case Choose():
                return self.choose(term, scope)
            case Noted():
                return self.value(term.inner, scope)
            case AtLeast():
                return self.at_least(term, scope)
            case AsOf():
                return self.as_of(term, scope)
            case Over():
                return self.over(term, scope)
            case OverChoices():
                return lists.over_choices(self, term, scope)
            case Find():
                return self.find(term, scope)
            case InKeys():
                return self.in_keys(term, scope)
            case Ordinal():
                return folds.ordinal(self, term, scope)
            case Completes():
                return folds.completes(self, term, scope)
            case Converted():
                return folds.converted(self, term, scope)
            case Rank():
                return folds.rank(self, term, scope)
            case Drain():
                return debts.drain(self, term, scope)
            case Accrue():
                return debts.accrue(self, term, scope)
            case _:
                assert_never(term)

    def test(self, term: AnyTerm | None, scope: Scope) -> Possible:
        """A condition; None is no condition, an unlimited cell is left out."""
        if term is None:
            return YES
        result = self.value(term, scope)
        return YES if result.values == (UNLIMITED,) else result

    def over(self, term: Over, scope: Scope) -> Possible:
        """An aggregate; remembered, since rows, findings and readings of the trace ask for it again."""
        key = (id(term), scope.party, scope.day, scope.at, scope.slots, scope.fixed)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = lists.over(self, term, scope)
            self.held.append(term)
        return found

    # ------------------------------------------------------------------------------------------ facts
    def input(self, name: str, scope: Scope) -> Possible:
        decl = self.program.inputs[name]
        need = Need(name, what="decision" if decl.decision else "parameter" if decl.parameter else "fact")
        key = ("input", name, scope.party, scope.day, scope.fixed)
        if key not in self.known:
            given = self.settings if name in self.settings else self.sheets[scope.party].values
            # A fact never reads the record in hand, so the result is the same wherever it is asked for.
            self.known[key] = self.declared(decl, given, need, scope.only(None))
        return self.known[key]

    def item(self, term: Item, scope: Scope) -> Possible:
        if term.name == "" or term.list == "":
            return point(scope.slot(term.list or term.name))
        entry = scope.record_of(term.list, term.outer)
        if entry is None:
            return whole(term.kind, reasons=["not_computable"], note="no_record")
        return self.field(entry, term.name, scope)

    def field(self, entry: Entry, name: str, scope: Scope) -> Possible:
        decl = self.program.lists[entry.list]
        if entry.party is not None:
            return self.input(name, replace(scope, party=entry.party))
        if entry.span is not None:
            return point(entry.span[0 if name == decl.fields[0].name else 1])
        if entry.row is not None:
            position = next(i for i, f in enumerate(decl.fields) if f.name == name)
            return self.value(entry.row.cells[position], scope)
        if name in entry.overrides:
            return point(entry.overrides[name])
        field = decl.field_of(name)
        assert field is not None and entry.record is not None
        source = entry
        while source.made_from:  # a derived record carries the fields of its last source
            source = source.made_from[-1]
        need = Need(name, entry.list, source.key)
        key = ("item", entry, name, scope.party, scope.day, scope.fixed)
        if key not in self.known:
            self.known[key] = self.declared(field, entry.record.values, need, scope.only(entry))
        return self.known[key]

    def declared(self, decl: InputDecl, given: Mapping[str, Exact], need: Need, scope: Scope) -> Possible:
        """The value given; else the derived value or the default; else everything the declaration allows."""
        tried, value = scope.try_out(need)
        if tried:
            return point(value)
        if decl.name in given:
            return point(given[decl.name])
        if decl.derived is not None:
            return self.limited(self.value(decl.derived, scope), decl.ranges, scope)
        if decl.default is not None:
            return self.value(decl.default, scope)
        reason = {"decision": "discretion", "parameter": "parameter"}.get(need.what, "missing")
        free = whole(decl.kind, needs=[need], reasons=[reason])
        if decl.optional:
            free = replace(free, none=True) if free.values is None else replace(free, values=(None, *free.values))
        return self.limited(free, decl.ranges, scope)

    def limited(self, value: Possible, ranges: Iterable[Bound], scope: Scope) -> Possible:
        """An unknown value narrowed by its declared ranges; an end that is itself unknown limits by its own bounds."""
        if value.known:
            return value
        for bound in ranges:
            low = high = None
            low_open = high_open = False
            if bound.low is not None:
                low, low_open, _, _ = ends(self.value(bound.low, scope))
                low_open = low_open or bound.low_op == ">"
            if bound.high is not None:
                _, _, high, high_open = ends(self.value(bound.high, scope))
                high_open = high_open or bound.high_op == "<"
            value = within(value, low, low is not None and low_open, high, high is not None and high_open)
        return value

    # ------------------------------------------------------------------------------------------ shared terms
    def use(self, term: Use, scope: Scope) -> Possible:
        definition = self.program.terms[term.name]
        entry = None
        if definition.over is not None:
            entry = scope.record_of(definition.over, term.outer)
            if entry is None:
                return whole(term.kind, reasons=["not_computable"], note="no_record")
        return self.shared(term.name, entry, scope)

    def shared(self, name: Name, entry: Entry | None, scope: Scope) -> Possible:
        """A shared term, for the party or for one record; remembered."""
        key = (name, entry, scope.party, scope.day, scope.fixed)
        found = self.known.get(key)
        if found is not None:
            return found
        inner = scope.only(entry)
        result = self.settled(name, inner)
        if not result.known and not scope.fixed:
            result = self.completed(name, result, inner)
        self.known[key] = result
        return result

    def settled(self, name: Name, scope: Scope) -> Possible:
        definition = self.program.terms[name]
        result = self.value(definition.term, scope)
        if definition.rounded:
            result = payable(result, self.program.header.rounding)
        if definition.bound is not None:
            result = self.limited(result, (definition.bound,), scope)
        return result

    def completed(self, name: Name, hull: Possible, scope: Scope) -> Possible:
        """One unknown used twice is one unknown: where few completions exist, each is tried and the results joined."""
        choices: list[list[tuple[Need, Exact]]] = []
        total = 1
        for need in sorted(hull.needs):
            if not self.paths.repeated(name, need):
                continue
            free = self.free(need, scope)
            if free is None or free.values is None or len(free.values) < 2:
                continue
            total *= len(free.values)
            if total > self.completions:
                return replace(hull, hull=True)
            choices.append([(need, v) for v in free.values])
        if not choices:
            return hull
        results = [self.settled(name, replace(scope, fixed=fixed)) for fixed in itertools.product(*choices)]
        joined = join(results)
        if joined.known:
            return joined
        # Whatever settles none of the completions is still what the hull waits for.
        kept = {n for c in choices for n, _ in c} if len(results) > 1 else set()
        deciding = {n for n in kept if self._matters(n, choices, results)}
        reasons, notes = joined.reasons | hull.reasons, joined.notes | hull.notes
        return replace(joined, needs=joined.needs | deciding, reasons=reasons, notes=notes)

    @staticmethod
    def _matters(need: Need, choices: list[list[tuple[Need, Exact]]], results: list[Possible]) -> bool:
        """Whether two completions that differ in this unknown alone give different results."""
        groups: dict[tuple[tuple[Need, Exact], ...], list[Possible]] = {}
        for fixed, result in zip(itertools.product(*choices), results, strict=True):
            groups.setdefault(tuple(f for f in fixed if f[0] != need), []).append(result)
        return any(any(_shape(r) != _shape(g[0]) for r in g[1:]) for g in groups.values())

    def free(self, need: Need, scope: Scope) -> Possible | None:
        """What an unknown fact itself may be."""
        if need.list == "":
            return self.input(need.name, scope) if need.name in self.program.inputs else None
        entry = scope.record_of(need.list)
        return self.field(entry, need.name, scope) if entry is not None and entry.key == need.record else None

    # ------------------------------------------------------------------------------------------ forms
    def choose(self, term: Choose, scope: Scope) -> Possible:
        """Exceptions first, then the rows in order; what is unknown keeps every value still possible."""
        exceptions = [(self.test(a.when, scope), a) for a in term.arms if a.exception]
        sure = [a for w, a in exceptions if w.yes]
        open_ = [(w, a) for w, a in exceptions if not w.yes and not w.no]
        if sure:
            values = [self.outcome(a, scope) for a in sure]
            merged = join(values)
            clash = len(sure) > 1 and any(_shape(v) != _shape(values[0]) for v in values[1:])
            if clash:
                return replace(merged, conflict=True)
            if not open_:
                return values[0]
            return with_causes(join([merged, *(self.outcome(a, scope) for _, a in open_)]), *(w for w, _ in open_))
        regular = self.rows_in_order([a for a in term.arms if not a.exception], term, scope)
        if not open_:
            return regular
        return with_causes(join([*(self.outcome(a, scope) for _, a in open_), regular]), *(w for w, _ in open_))

    def rows_in_order(self, arms: Sequence[Arm], term: Choose, scope: Scope) -> Possible:
        possible: list[Possible] = []
        waiting: list[Possible] = []
        for arm in arms:
            when = self.test(arm.when, scope)
            if when.no:
                continue
            value = self.outcome(arm, scope)
            if when.deemed:
                value = replace(value, deemed=True)
            possible.append(value)
            if when.yes:
                break
            waiting.append(when)
        else:
            if term.otherwise is not None:
                possible.append(self.value(term.otherwise, scope))
            elif not term.complete or not possible:
                possible.append(whole(term.kind, reasons=["not_computable"], note="no_case"))
        return with_causes(join(possible), *waiting)

    def outcome(self, arm: Arm, scope: Scope) -> Possible:
        value = self.value(arm.then, scope)
        return replace(value, deemed=True) if arm.deemed else value

    def at_least(self, term: AtLeast, scope: Scope) -> Possible:
        tests = [self.test(t, scope) for t in term.items]
        low, _, high, _ = ends(self.value(term.count, scope))
        yes = sum(1 for t in tests if t.yes)
        open_ = [t for t in tests if not t.yes and not t.no]
        if high is not None and yes >= high:  # type: ignore[operator]
            return YES
        if low is not None and yes + len(open_) < low:  # type: ignore[operator]
            return NO
        return either(*open_, self.value(term.count, scope))

    def as_of(self, term: AsOf, scope: Scope) -> Possible:
        day = self.value(term.day, scope)
        if day.values is None:
            return with_causes(whole(term.kind), day)
        results = []
        for value in day.values:
            if isinstance(value, date):
                results.append(self.value(term.term, replace(scope, day=value)))
            else:
                results.append(NO if term.kind.base == "yesno" else point(None))
        return with_causes(join(results), day)

    def find(self, term: Find, scope: Scope) -> Possible:
        decl = self.program.lists[term.list]
        rows = lists.rows(self, term.list, scope)
        key = self.value(term.key, scope)
        columns: list[str] = []
        column_known = point("")
        if isinstance(term.column, str):
            columns = [term.column]
        else:
            column_known = self.value(term.column, scope)
            if column_known.values is None:
                return with_causes(self.bounded(whole(term.kind), decl.bound, scope), key, column_known)
            names = [f.name for f in decl.fields]
            for wanted in column_known.values:
                columns.extend([n for n in names if isinstance(wanted, str) and same(n, wanted)][:1] or [""])
        found: list[Possible] = []
        if key.values is None:
            candidates: list[Entry | None] = list(rows.entries)
            if not lists.only_keys(self, term.key, term.list):
                candidates.append(None)
        else:
            candidates = []
            for value in key.values:
                if value is None:
                    found.append(point(None))
                else:
                    candidates.append(lists.row_with_key(self, term.list, rows, value, scope))
        for entry in candidates:
            for column in columns:
                if entry is None or not column:
                    reasons = rows.reasons or ["not_computable"]
                    nothing = whole(term.kind, needs=rows.needs, reasons=reasons, note="no_row")
                    found.append(self.bounded(nothing, decl.bound, scope))
                else:
                    found.append(self.field(entry, column, scope))
        if not found:
            found.append(self.bounded(whole(term.kind, needs=rows.needs, reasons=rows.reasons), decl.bound, scope))
        return with_causes(join(found), key, column_known)

    def bounded(self, value: Possible, bound: Bound | None, scope: Scope) -> Possible:
        return value if bound is None else self.limited(value, (bound,), scope)

    def in_keys(self, term: InKeys, scope: Scope) -> Possible:
        rows = lists.rows(self, term.list, scope)
        key = self.value(term.key, scope)
        if key.values is None:
            if lists.only_keys(self, term.key, term.list):
                return YES
            return either(key)
        results = []
        for value in key.values:
            wanted = value if isinstance(value, tuple) else (value,)
            hits = [v is not None and lists.row_with_key(self, term.list, rows, v, scope) is not None for v in wanted]
            if any(hits):
                results.append(YES)
            elif rows.complete:
                results.append(NO)
            else:
                results.append(either(needs=rows.needs, reasons=rows.reasons))
        return with_causes(join(results), key)


def payable(value: Possible, rounding: Rounding) -> Possible:
    """An amount rounded once, as the policy says (at the fen, half up, unless its header says otherwise)."""
    def cut(v: Exact) -> Exact:
        return rounded(v, rounding.places, rounding.mode) if isinstance(v, Fraction) else v

    if value.values is not None:
        return replace(value, values=tuple(cut(v) for v in value.values))
    if value.low is None and value.high is None:
        return value
    made = interval(cut(value.low), cut(value.high), value.low_open, value.high_open, value.none)
    if made.known:
        return made
    return replace(value, low=made.low, high=made.high)


def _shape(value: Possible) -> object:
    return (value.values, value.low, value.low_open, value.high, value.high_open, value.none)



__all__ = ["COMPLETIONS", "Evaluator", "payable"]
