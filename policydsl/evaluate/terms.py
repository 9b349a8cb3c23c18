"""The reference evaluator: the meaning of the core program, form by form, on everything that is possible."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, assert_never

from policydsl.core import (
    DAY,
    PARTY,
    POPULATION,
    ROW,
    AnyTerm,
    Apply,
    Arm,
    AsOf,
    Bound,
    Choose,
    Const,
    Find,
    InputDecl,
    Name,
    NoValue,
    Over,
    Program,
    Read,
    Use,
    tied,
)
from policydsl.domain import (
    NO,
    WAITING,
    YES,
    Need,
    Possible,
    ahead,
    both_ways,
    clocked,
    ends,
    has_none,
    identical,
    join,
    point,
    spelled,
    whole,
    with_causes,
    within,
)
from policydsl.evaluate import convert, lists, ranges, records, residue, scan, stretches, sweep, unknowns
from policydsl.evaluate.balance import balanced
from policydsl.evaluate.cells import seen
from policydsl.evaluate.index import Places
from policydsl.evaluate.scope import Entry, Fact, Hands, Item, Part, Rows, Scope, Supposed, Turned
from policydsl.facts import Sheet
from policydsl.kinds import TEXT, Exact, Kind
from policydsl.members import replace
from policydsl.operators import Setting, apply, of_itself
from policydsl.reads import Reach, reads_of

COMPLETIONS = 256
SETTLES = {"and": False}  # whatever the other arguments are
SILENT = re.compile("not_stated:")  # a note that names the rule that the document leaves open


def not_stated(rule: str, clauses: Sequence[str]) -> str:
    """The note that names the rule that the document leaves open, and by which clauses."""
    return f"not_stated:{rule}" + "".join(f"【{clause}】" for clause in clauses)


_NAMED = re.compile(f"{SILENT.pattern}|not_worked_out:|no_row_on:|unlimited$|.* @")  # a note that says what it is of


def placed(value: Possible, rule: str, clauses: Sequence[str]) -> Possible:
    """The value, whose notes say in which rule, and by which clauses, it could not be computed."""
    if value.known or not value.notes or all(map(_NAMED.match, value.notes)):
        return value
    there = f" @{rule}" + "".join(f"【{clause}】" for clause in clauses)
    return replace(value, notes=frozenset(n if _NAMED.match(n) else n + there for n in value.notes))


class Evaluator:
    """Evaluates terms of one program for a population (of one or more sheets). Results are remembered. ``cells`` False
    supposes of numbers, days and records nothing: quicker, and wider."""

    def __init__(
        self,
        program: Program,
        sheets: Sequence[Sheet],
        settings: Mapping[str, Exact],
        *,
        population: bool = False,
        completions: int = COMPLETIONS,
        cells: bool = True,
    ) -> None:
        self.program = program
        self.sheets = tuple(sheets)
        self.settings = dict(settings)
        self.population = population or len(self.sheets) > 1 or any(s.everyone for s in self.sheets)
        header = program.header
        self.setting = Setting(header.fiscal, header.calendar, header.month_end)
        self.completions = completions
        self.cells = cells
        self.reads = reads_of(program)
        self.ledgers: dict[tuple[str, int], Rows] = {}
        self.indexes: dict[object, Places] = {}
        self.keys: dict[str, tuple[tuple[Entry, ...], bool, records.Keys | None]] = {}
        self.party_keys: dict[object, records.Keys | None] = {}
        self.counts: dict[object, sweep.Counts | None] = {}
        self.known: dict[object, Possible] = {}
        self.rows_known: dict[object, Rows] = {}
        self.turned_known: dict[object, Turned] = {}
        self.turning: set[object] = set()
        self.derived: dict[object, Entry] = {}
        self.supposed: dict[object, Supposed] = {}
        self.opened: dict[object, residue.Open] = {}
        self.scanned: dict[object, scan.Run] = {}
        self.parties = tuple(Entry("", sheet.name, i, party=i) for i, sheet in enumerate(self.sheets))

    def scope(self, party: int, day: date) -> Scope:
        """A party on a day, with no record in hand."""
        return Scope(day, day, (self.parties[party],))

    def whose(self, scope: Scope) -> str:
        """Whose the facts of the party in hand are, where there are several."""
        return self.sheets[scope.party].name if len(self.sheets) > 1 else ""

    def memories(self) -> tuple[dict[Any, Any], ...]:
        """All that is remembered, each in the order in which it was found out; any of it can be found out again."""
        return (
            self.ledgers, self.indexes, self.keys, self.party_keys, self.counts, self.known, self.rows_known,
            self.turned_known, self.derived, self.supposed, self.opened, self.scanned,
        )

    # ------------------------------------------------------------------------------------------ terms
    @cached_property
    def quick(self) -> Evaluator:
        """One for the same sheets that supposes no cells."""
        return Evaluator(
            self.program, self.sheets, self.settings, population=self.population, completions=self.completions,
            cells=False,
        )

    def value(self, term: AnyTerm, scope: Scope) -> Possible:
        """Everything that the term may be in this scope."""
        match term:
            case Const():
                return point(term.value)
            case NoValue():
                # an empty cell gives no reason: where it matters, the terms around it ask first whether it is empty
                reasons = [] if term.reason == "unlimited" else [term.reason]
                return whole(term.kind, reasons=reasons, note=term.note)
            case Read():
                return self.read(term, scope)
            case Use():
                return self.use(term, scope)
            case Apply():
                if scope.fixed and (found := self.of_part(term, scope)) is not None:
                    return found
                made = self.apply(term, self.arguments(term, scope))
                return made if made.known else balanced(self, term, scope) or made
            case Choose():
                return self.choose(term, scope)
            case Over():
                return self.over(term, scope)
            case Find():
                return self.find(term, scope)
            case AsOf():
                return self.as_of(term, scope)
            case _:
                assert_never(term)

    def arguments(self, term: Apply, scope: Scope) -> list[Possible]:
        """What the arguments of an operator may be. One that settles the operator whatever the others are comes last:
        the others are not asked for."""
        settles = SETTLES.get(term.op)
        out = []
        for arg in term.args:
            found = self.value(arg, scope)
            if settles is not None and found.known and found.value is settles:
                return [found]
            out.append(found)
        return out

    def apply(self, term: Apply, args: Sequence[Possible]) -> Possible:
        """An operator on what its arguments may be; two that are one fact are one unknown. Of what is computed nothing
        follows: it may turn out not to be computable, and then it is not even as large as itself."""
        found = apply(term.op, args, [a.kind for a in term.args], term.kind, self.setting)
        first = term.args[0]
        if found.known or len(args) != 2 or not isinstance(first, Read) or not _alike(first, term.args[1]):
            return found
        return (of_itself(term.op, args[0], first.kind) if self.only_told(first) else None) or found

    def only_told(self, term: Read) -> bool:
        """Whether a fact, or field, is told by a sheet and by nothing else."""
        of = self.program.lists.get(term.list)
        if term.list and (of is None or of.source != "sheet"):
            return False
        decl = self.program.inputs.get(term.name) if of is None else of.field_of(term.name)
        return decl is not None and decl.derived is None and decl.default is None

    def test(self, term: AnyTerm | None, scope: Scope) -> Possible:
        """A condition; None is no condition."""
        return YES if term is None else self.value(term, scope)

    def over(self, term: Over, scope: Scope) -> Possible:
        """An aggregate; remembered, since rows, findings and readings of the trace ask for it again. What is one of the
        party alone is tried out as a shared term is."""
        hands = self.hands(term, scope)
        scope = self.bearing(self.reads.reach(term), scope) if scope.fixed else scope
        key = (term.number, scope.day, scope.judged, hands, scope.fixed)
        found = self.known.get(key) if term.number >= 0 else None  # else it is of a changed program
        if found is None:
            found = self.of_part(term, scope) if scope.fixed else None
            if found is None:
                found = lists.over(self, term, scope)
                if not found.known and not scope.fixed and residue.alone(self, term):
                    found = unknowns.completed(self, term, found, scope)
            if term.number >= 0:
                self.known[key] = found
        return found

    # ------------------------------------------------------------------------------------------ what is supposed
    def hands(self, term: AnyTerm, scope: Scope) -> Hands:
        """The records in hand that a term looks at, each with the party whose it is."""
        held = [scope.record_of(*hand) for hand in self.reads.hands(term)]
        return tuple((entry, None if entry is None or entry.list == "" else scope.home(entry)) for entry in held)

    def of_part(self, term: AnyTerm, scope: Scope) -> Possible | None:
        """What a part is supposed to come to."""
        if term.number < 0 or not any(isinstance(s.item, Part) and s.item.what == term.number for s in scope.fixed):
            return None
        return scope.supposed(Part(term.number, scope.day, self.hands(term, scope)))

    def bearing(self, reach: Reach, scope: Scope) -> Scope:
        """The scope with no more supposed than can bear on what is asked: all the rest is remembered without."""
        kept = tuple(s for s in scope.fixed if self.bears(s.item, reach, scope))
        return scope if len(kept) == len(scope.fixed) else replace(scope, fixed=kept)

    def bears(self, item: Item, reach: Reach, scope: Scope) -> bool:
        if isinstance(item, Part):
            return item.what in reach.terms or item.what in reach.numbers
        name = item.entry.list
        if (name, item.name) not in reach.keys:
            return False
        around = POPULATION if name == "" else name
        return around in reach.lists or any(e.source is item.entry for e in scope.at)

    # ------------------------------------------------------------------------------------------ facts
    def read(self, term: Read, scope: Scope) -> Possible:
        entry = scope.record_of(term.list, term.up)
        if entry is None:
            return whole(term.kind, reasons=["not_computable"], note="no_record")
        return self.field(entry, term.name, scope)

    def field(self, entry: Entry, name: str, scope: Scope) -> Possible:
        """A field of a record; a computed cell of a table sees the records that are in hand where it is read."""
        if name in entry.columns:
            return entry.columns[name]
        if entry.party is not None:
            return self.of_party(entry, name, scope)
        decl = self.program.lists[entry.list]
        if entry.row is not None and name != ROW:
            position = next(i for i, f in enumerate(decl.fields) if f.name == name)
            return self.value(entry.row.cells[position], scope)
        field = decl.field_of(name)
        if field is None:
            return self.computed(entry, name, scope)
        home = scope.home(entry)
        key = ("item", entry, name, home.party, scope.day, scope.judged, scope.fixed)
        found = self.known.get(key)
        if found is None:
            assert entry.record is not None
            inner = scope.among((home, entry))
            # a derived record carries the fields of its last source
            need = Need(name, entry.list, entry.source.key, party="" if decl.shared else self.whose(inner))
            inner = self.limiting(field, inner)
            limited = (*key[:-1], inner.fixed)
            found = self.known.get(limited)
            if found is None:
                found = self.known[limited] = self.declared(field, entry.record.values, need, inner)
            self.known[key] = found
        return found

    def given(self, entry: Entry, name: str) -> bool:
        """Whether a fact of the party, or a field of a record, is stated or set."""
        if entry.party is None:
            return entry.record is not None and name in entry.record.values
        return name in self.settings or name in self.sheets[entry.party].values

    def told(self, entry: Entry, name: str) -> Exact:
        """The day that an event tells, whether or not it has come; else None."""
        if entry.party is not None:
            decl, values = self.program.inputs.get(name), self.sheets[entry.party].values
        else:
            ledger = self.program.lists.get(entry.list)
            decl = ledger.field_of(name) if ledger is not None else None
            values = entry.record.values if entry.record is not None else {}
        return values.get(name) if decl is not None and decl.event else None

    def facts_read(self) -> frozenset[tuple[str, str]]:
        """What was looked at so far: facts ("", name), fields (list, name), lists as such (list, "")."""
        facts = {
            ("", key[1]) if key[0] == "input" else (key[1].list, key[2])
            for key in self.known if isinstance(key, tuple) and key[0] in ("input", "item")
        }
        return frozenset(facts | {(key[0], "") for key in self.rows_known if isinstance(key, tuple)})

    def of_party(self, entry: Entry, name: str, scope: Scope) -> Possible:
        assert entry.party is not None
        if name == DAY:
            return point(scope.day)
        if name == PARTY:
            sheet, need = self.sheets[entry.party], Need(PARTY, party=self.whose(scope.only(entry)))
            return point(sheet.name) if sheet.named else whole(TEXT, needs=[need], reasons=["missing"])
        if name == ROW:
            return point(Fraction(entry.index))
        if name not in self.program.inputs:
            return scan.column(self, entry, name, scope)
        return self.input(name, scope.only(entry))

    def computed(self, entry: Entry, name: str, scope: Scope) -> Possible:
        """A column that the list gives its records, or a scan of it."""
        made = convert.column(self, entry, name, scope.only(entry))
        return made if made is not None else scan.column(self, entry, name, scope)

    def input(self, name: str, scope: Scope) -> Possible:
        """A fact, parameter or decision of the party in hand."""
        party = scope.party
        key = ("input", name, party, scope.day, scope.judged, scope.fixed)
        found = self.known.get(key)
        if found is None:
            decl = self.program.inputs[name]
            what = "decision" if decl.decision else "parameter" if decl.parameter else "fact"
            need = Need(name, what=what, party="" if decl.parameter else self.whose(scope))
            # a fact never reads the record in hand: it is the same everywhere
            inner = self.limiting(decl, scope.only())
            limited = (*key[:-1], inner.fixed)
            found = self.known.get(limited)
            if found is None:
                given = self.settings if name in self.settings else self.sheets[party].values
                found = self.known[limited] = self.declared(decl, given, need, inner)
            self.known[key] = found
        return found

    def limiting(self, decl: InputDecl, scope: Scope) -> Scope:
        """The scope with no more supposed than what is said of a fact or field itself, and of what it rests on."""
        if not scope.fixed:
            return scope
        if decl.derived is not None or decl.default is not None or decl.ranges:
            reach = self.reads.reach(decl)
        else:
            reach = Reach(decl, frozenset(), frozenset(), frozenset(), frozenset())
        entry = scope.at[-1].source
        kept = tuple(
            s for s in scope.fixed
            if isinstance(s.item, Fact) and s.item.entry is entry and s.item.name == decl.name
            or self.bears(s.item, reach, scope)
        )
        return scope if len(kept) == len(scope.fixed) else replace(scope, fixed=kept)

    def declared(self, decl: InputDecl, given: Mapping[str, Exact], need: Need, scope: Scope) -> Possible:
        """The value given (an event that is yet to come is none), or supposed; else the derived value or the default,
        and where no fact would make one known, the value itself is waited for; else everything that the declaration
        allows."""
        if decl.name in given:
            value = given[decl.name]
            return point(None if decl.event and ahead(value, scope.day) else value)
        supposed = scope.supposed(Fact(scope.at[-1].source, decl.name)) if scope.fixed else None
        if supposed is not None:
            return seen(supposed, scope.day, decl.kind) if decl.event else supposed
        standing_in = decl.derived if decl.derived is not None else decl.default
        if standing_in is not None:
            made = placed(self.value(standing_in, scope), decl.name, decl.clauses)
            if decl.derived is not None:
                made = self.limited(made, *ranges.worked_out(self.reads, decl.derived, decl.ranges, scope), decl.kind)
            if made.known or made.needs:
                return made
            untold = any(note.startswith("no_row_on:") for note in made.notes)
            notes = made.notes if untold else made.notes | {f"not_worked_out:{decl.name}"}
            return replace(made, needs=frozenset([need]), reasons=made.reasons | {WAITING[need.what]}, notes=notes)
        free = whole(decl.kind, needs=[need], reasons=[WAITING[need.what]])
        if decl.optional or decl.event:  # an event may be yet to come
            free = replace(free, none=True) if free.values is None else replace(free, values=(None, *free.values))
        free = self.limited(free, *ranges.told(self.reads, decl, scope), decl.kind)
        if decl.event and scope.day != scope.judged:  # what lies after the day that is looked at is none on it
            free = self.limited(free, (ranges.COME,), scope, decl.kind)
        return free

    def limited(self, value: Possible, bounds: Iterable[Bound], scope: Scope, kind: Kind) -> Possible:
        """An unknown value narrowed by its declared ranges. An end that is itself unknown limits by its own bounds, and
        is waited for: it may settle the value; one that may be 无 limits nothing. A day that ends a range of instants
        is told by the clock: the whole of it is in the range, or none."""
        timed = kind.base == "instant" and value.values is None
        if value.known:
            return value
        for bound in bounds:
            low = high = None
            low_open = high_open = False
            waits: list[Possible] = []
            if bound.low is not None:
                end = self.value(bound.low, scope)
                waits.append(end)
                if not has_none(end):
                    low, low_open, _, _ = ends(end)
                    low_open = low_open or bound.low_op == ">"
                    if timed:
                        low, low_open = _by_clock(low, low_open, bound.low_op)
            if bound.high is not None:
                end = self.value(bound.high, scope)
                waits.append(end)
                if not has_none(end):
                    _, _, high, high_open = ends(end)
                    high_open = high_open or bound.high_op == "<"
                    if timed:
                        high, high_open = _by_clock(high, high_open, bound.high_op)
            value = within(value, low, low is not None and low_open, high, high is not None and high_open)
            value = with_causes(value, *waits)
        return value

    # ------------------------------------------------------------------------------------------ shared terms
    def use(self, term: Use, scope: Scope) -> Possible:
        entry = scope.record_of(term.list, term.up)
        if entry is None:
            return whole(term.kind, reasons=["not_computable"], note="no_record")
        return self.shared(term.name, entry, scope)

    def shared(self, name: Name, entry: Entry | None, scope: Scope) -> Possible:
        """A shared term, for the party (entry None: the one in hand) or for one record; remembered."""
        inner = scope.only(entry)
        if inner.fixed:
            inner = self.bearing(self.reads.reach(name), inner)
        key = (name, inner)
        found = self.known.get(key)
        if found is not None:
            return found
        result = inner.supposed(Part(name, inner.day, inner.at)) if inner.fixed else None
        if result is None:
            result = self.settled(name, inner)
            if not result.known and not inner.fixed:
                result = unknowns.completed(self, name, result, inner)
        self.known[key] = result
        return result

    def settled(self, name: Name, scope: Scope) -> Possible:
        definition = self.program.terms[name]
        result = self.value(definition.term, scope)
        result = placed(result, name.rule, definition.origin.clauses)
        if definition.bound is not None:
            bounds = ranges.worked_out(self.reads, definition.term, (definition.bound,), scope)
            result = self.limited(result, *bounds, definition.kind)
        if "not_stated" in result.reasons and not result.known and not any(map(SILENT.match, result.notes)):
            # whoever rests on it can say which rule the document leaves open, and by which clause
            result = replace(result, notes=result.notes | {not_stated(name.rule, definition.origin.clauses)})
        return result

    # ------------------------------------------------------------------------------------------ forms
    def choose(self, term: Choose, scope: Scope) -> Possible:
        """Exceptions first, then the rows in order; what is unknown keeps every value still possible."""
        exceptions = [(self.test(a.when, scope), a) for a in term.arms if a.exception]
        sure = [a for w, a in exceptions if w.yes]
        open_ = [(w, a) for w, a in exceptions if not w.yes and not w.no]
        if sure:
            values = [self.outcome(a, scope) for a in sure]
            merged = join(values)
            if any(not _may_agree(a, b) for a, b in itertools.combinations(values, 2)):
                # what may yet hold besides may add to what is in conflict, and never ends it
                return replace(join([merged, *(self.outcome(a, scope) for _, a in open_)]), conflict=True)
            if not open_:
                return values[0] if merged.known else merged
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
            if waiting and tied(arm.then):
                value = replace(value, reasons=frozenset())  # whether anybody is level is not known yet
            possible.append(value)
            if when.yes:
                break
            waiting.append(when)
        else:
            if not term.complete or not possible:
                possible.append(whole(term.kind, reasons=["not_computable"], note="no_case"))
        return with_causes(join(possible), *waiting)

    def outcome(self, arm: Arm, scope: Scope) -> Possible:
        value = self.value(arm.then, scope)
        return replace(value, deemed=True) if arm.deemed else value

    def days(self, term: AsOf, scope: Scope) -> Sequence[Exact] | None:
        """The days as of which a term is asked, or one of each stretch of alike ones; None if it may be any."""
        day = self.value(term.day, scope)
        return day.values if day.values is not None else stretches.days(self.program, term, day, scope.day)

    def as_of(self, term: AsOf, scope: Scope) -> Possible:
        day, days = self.value(term.day, scope), self.days(term, scope)
        if days is None:
            return with_causes(whole(term.kind, none=term.kind.base != "yesno"), day)
        results = []
        for value in days:
            if isinstance(value, date):
                results.append(self.value(term.term, scope.on(value)))
            else:
                results.append(NO if term.kind.base == "yesno" else point(None))
        return with_causes(join(results), day)

    def find(self, term: Find, scope: Scope) -> Possible:
        rows, key = lists.rows(self, term.list, scope), spelled(self.value(term.key, scope))
        candidates = self.candidates(term, scope)
        found = [self.found(term, rows, entry, scope) for entry in candidates]
        if has_none(key) and term.otherwise is None:
            found.append(point(None))
        keys = (records.key_of(self, entry, scope) for entry in candidates if entry is not None)
        settled = scope.fixed and len(found) == 1  # whichever of its values the key has
        return with_causes(join(found), *([] if settled else [key]), *keys)

    def candidates(self, term: Find, scope: Scope) -> list[Entry | None]:
        """The records that a look-up may come to; None: no record. The key 无 is looked up only where something else
        is said of what is in no record."""
        rows, key = lists.rows(self, term.list, scope), spelled(self.value(term.key, scope))
        if key.values is None:
            every: list[Entry | None] = [*rows.entries]
            if scope.fixed:
                return records.of_cell(self, term, rows, key, scope)
            closed = every and not key.none and records.only_keys(self, term.key, term.list)
            return every if closed else [*every, None]
        stated = [v for v in key.values if v is not None or term.otherwise is not None]
        return [*dict.fromkeys(e for v in stated for e in records.with_key(self, term.list, rows, v, scope))]

    def row_of(self, term: Find, scope: Scope) -> Entry | None:
        """The record that a look-up comes to; None where its key is not known, or may be in none."""
        found = self.candidates(term, scope) if self.value(term.key, scope).known else []
        return found[0] if len(found) == 1 else None

    def found(self, term: Find, rows: Rows, entry: Entry | None, scope: Scope) -> Possible:
        """What a look-up gives that has come to a record, or to none."""
        if entry is not None:
            return self.value(term.value, scope.bind(entry))
        if rows.complete and term.otherwise is not None:
            return self.value(term.otherwise, scope)
        key = self.value(term.key, scope)
        wanted = f"[{key.value}]" if key.known and isinstance(key.value, str | date) else ""
        decl = self.program.lists[term.list]
        which = f"no_row:{term.list}" if decl.cycles is None else f"no_such_period:{decl.of}"
        reasons, note = rows.reasons or ["not_computable"], f"{which}{wanted}"
        if term.otherwise is not None:  # there may be such a record
            reasons, note = rows.reasons, ""
        none = not rows.complete and lists.may_lack(self, term, scope)
        nothing = whole(term.kind, needs=rows.needs, reasons=reasons, note=note, none=none)
        bound = self.program.lists[term.list].bound
        limits = [end for end in (bound.low, bound.high) if end is not None] if bound is not None else []
        if bound is not None and any(end.kind.base == term.kind.base for end in limits):
            nothing = self.limited(nothing, (bound,), scope, term.kind)  # it limits the columns of its own kind
        return nothing if term.otherwise is None else join([nothing, self.value(term.otherwise, scope)])


def _by_clock(end: Exact, is_open: bool, op: str) -> tuple[Exact, bool]:
    """Where a range of instants ends. One that ends with a day ends with its last or first instant, or with that of the
    day before or after; midnight is in it, however it is written."""
    higher = op in ("<", "<=")
    if not isinstance(end, date) or isinstance(end, datetime):
        return both_ways(end, is_open, higher), is_open
    aside = {"<": -1, ">": 1}.get(op, 0) if date.min < end < date.max else 0
    return clocked(end + timedelta(days=aside), higher), False


def _alike(one: AnyTerm, other: AnyTerm) -> bool:
    """Whether two facts or shared terms are one."""
    return type(one) is type(other) and all(
        getattr(one, what) == getattr(other, what) for what in ("name", "list", "up")
    )


def _may_agree(a: Possible, b: Possible) -> bool:
    if a.values is None or b.values is None:
        return True
    return any(identical(v, w) for v in a.values for w in b.values)


__all__ = ["COMPLETIONS", "SILENT", "Evaluator", "not_stated"]
