"""What generated code finds of a party, told to the reference: it goes on from there, and says the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from policydsl.compiled.forms import Made
from policydsl.compiled.lean import Lean, Plan, possible
from policydsl.compiled.made import Compiled
from policydsl.compiled.runtime import UNDECIDED
from policydsl.core import AnyTerm, Choose, Name, Program, Result
from policydsl.domain import Possible, join, point
from policydsl.evaluate import lists
from policydsl.evaluate.scope import Entry, Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.reads import reads_of
from policydsl.walk import children, every, every_of


class Tellable:
    """The code of a program, and which of its values stand for all that the reference says of them: not those that may
    be reached by 视为, since the code does not say which way it came to a value."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.code = code = Compiled(program)
        code.run  # noqa: B018  (compiled here, and not while a party is judged)
        self.reads = reads_of(program)
        deemed = _deemed(program)
        told = {key: made for key, made in code.exports.items() if self._plain(key, deemed)}
        self.shared = {name: made for name, made in told.items() if isinstance(name, Name)}
        self.aggregates = {number: made for number, made in told.items() if isinstance(number, int)}
        self.terms: Mapping[tuple[int, str], Made] = {
            (id(term), over or ""): told[key] for key, term, over in code.asked if key in told
        }
        self.several = {
            id(term): code.several[term.number] for key, term, _ in code.asked
            if term.number in code.several and key in told
        }
        self.meant: Mapping[int, Made] = {
            **{id(program.terms[name].term): made for name, made in self.shared.items()},
            **{id(term): told[key] for key, term, _ in code.asked if key in told},
        }
        found = ((result.name, self._plan(result)) for result in program.results)
        self.plans = {name: plan for name, plan in found if plan is not None}
        self.results = {result.name: result for result in program.results}
        self._below: dict[int, tuple[Sequence[Name], Sequence[int]]] = {}

    def told(self, ev: Evaluator, scope: Scope) -> Told:
        """What the code finds of a party, which the evaluator then knows."""
        return Told(ev, self, scope)

    def below(self, term: AnyTerm) -> tuple[Sequence[Name], Sequence[int]]:
        """The shared terms that a term rests on, in the order of the program, and the aggregates that code tells."""
        found = self._below.get(id(term))
        if found is None:
            reach = self.reads.reach(term)
            names = [name for name in self.program.terms if name in reach.terms]
            found = self._below[id(term)] = names, [n for n in self.aggregates if n in reach.numbers]
        return found

    def _plan(self, result: Result) -> Plan | None:
        over = result.over or ""
        only = self.program.lists[over].only if over else None
        return Plan.of(result, only, lambda term: self.terms[id(term), over])

    def _plain(self, key: object, deemed: frozenset[Name] | None) -> bool:
        if deemed is None or not deemed:
            return deemed is not None
        if isinstance(key, Name):
            return key not in deemed and not deemed & self.reads.of(self.code.program.terms[key]).terms
        term = self.code.aggregates[key] if isinstance(key, int) else next(t for k, t, _ in self.code.asked if k == key)
        return not any(map(_deems, every(term))) and not deemed & self.reads.of(term).terms


def _deemed(program: Program) -> frozenset[Name] | None:
    """The shared terms with a row that is reached by 视为; None: something else has one, which anything may read."""
    found = frozenset(name for name, d in program.terms.items() if any(map(_deems, every(d.term))))
    inside = sum(map(_deems, (t for name in found for t in every(program.terms[name].term))))
    of_results = sum(map(_deems, (t for r in program.results for t in every(r))))
    return found if inside + of_results == sum(map(_deems, every_of(program))) else None


def _deems(term: AnyTerm) -> bool:
    return isinstance(term, Choose) and any(arm.deemed for arm in term.arms)


class Told:
    """What code found of a party on a day. The memory of the evaluator is filled with it as far as that is asked."""

    def __init__(self, ev: Evaluator, tellable: Tellable, scope: Scope) -> None:
        self.ev, self.tellable, self.scope = ev, tellable, scope
        self.raw = tellable.code.raw(ev.sheets[scope.party], ev.settings, scope.day)
        self.lean, self.results = Lean(tellable.plans, self.raw), tellable.results
        self.places: dict[str, dict[Entry, int]] = {}
        self.scopes: dict[str, list[Scope]] = {}
        self.filled: set[Name | int] = set()

    # ------------------------------------------------------------------------------------------ the reference
    def fill(self, *terms: AnyTerm | None) -> None:
        """Tells the evaluator all that some terms rest on, and has it judge the rest of that in the order of
        dependence, so that nothing nests deeply."""
        for term in terms:
            if term is not None and id(term) not in self.filled:
                self.filled.add(id(term))
                names, numbers = self.tellable.below(term)
                self.fill_with(names, numbers)
                for name in names:
                    if self.tellable.program.terms[name].over is None:
                        self.ev.shared(name, None, self.scope)

    def fill_all(self) -> None:
        """Tells the evaluator everything."""
        self.fill_with(self.tellable.shared, self.tellable.aggregates)

    def fill_with(self, names: Iterable[Name], numbers: Iterable[int]) -> None:
        ev, scope, known = self.ev, self.scope, self.ev.known
        for name in names:
            made = self.tellable.shared.get(name)
            if made is None or name in self.filled or self.raw[made.place] is UNDECIDED:
                continue
            self.filled.add(name)
            found = self.raw[made.place]
            if made.over is None:
                known[name, scope] = possible(found, made.den)
                continue
            for each, at in zip(found, self.records(made.over), strict=True):
                if each is not UNDECIDED:
                    known[name, at] = possible(each, made.den)
        for number in numbers:
            made = self.tellable.aggregates[number]
            if self.raw[made.place] is not UNDECIDED:
                hands = ev.hands(self.tellable.code.aggregates[number], scope)
                at_number = number, scope.day, scope.judged, hands, scope.fixed
                known[at_number] = possible(self.raw[made.place], made.den)

    def records(self, over: str) -> list[Scope]:
        """The scopes of the records of a list."""
        if over not in self.scopes:
            scope = self.scope
            self.scopes[over] = [scope.among((*scope.at, entry)) for entry in self.entries(over)]
        return self.scopes[over]

    def entries(self, over: str) -> Sequence[Entry]:
        """The records of a list."""
        decl = self.tellable.program.lists[over]
        self.fill(decl.only, decl.members, *(children(decl.cycles) if decl.cycles is not None else ()))
        return lists.rows(self.ev, over, self.scope).entries

    def value(self, term: AnyTerm, scope: Scope) -> Possible:
        """A term of a result, for the party or a record; what the code left the reference says."""
        entry = scope.at[-1]
        made = self.tellable.terms.get((id(term), entry.list))
        if made is not None:
            found = self.raw[made.place]
            if made.over is not None and found is not UNDECIDED:
                found = found[self.place(made.over, entry)]
            if found is not UNDECIDED:
                return possible(found, made.den)
        several = self.tellable.several.get(id(term))
        if several is not None and self.raw[several] is not UNDECIDED:
            return join(map(point, self.raw[several]))  # they are known, and not the same
        self.fill(term)
        return self.ev.value(term, scope)

    def place(self, over: str, entry: Entry) -> int:
        if over not in self.places:
            self.places[over] = {entry: i for i, entry in enumerate(self.entries(over))}
        return self.places[over][entry]

    def open(self, term: AnyTerm) -> bool:
        """Whether a term that has a range may be unknown of the party, or of a record."""
        made = self.tellable.meant.get(id(term))
        if made is None:
            return True
        found = self.raw[made.place]
        return found is UNDECIDED or made.over is not None and UNDECIDED in found


__all__ = ["Told"]
