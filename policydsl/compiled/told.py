"""What generated code finds of a party, told to the reference: it goes on from there, and says the rest."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from policydsl.compiled.forms import Made
from policydsl.compiled.made import Compiled
from policydsl.compiled.runtime import UNDECIDED
from policydsl.core import AnyTerm, Choose, Name, Program
from policydsl.domain import NO, YES, Possible, point
from policydsl.evaluate import lists
from policydsl.evaluate.scope import Entry, Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.reads import reads_of
from policydsl.walk import every, every_of


class Tellable:
    """The code of a program, and which of its values stand for all that the reference says of them: not those that may
    be reached by 视为, since the code does not say which way it came to a value."""

    def __init__(self, program: Program) -> None:
        self.code = code = Compiled(program)
        code.run  # noqa: B018  (compiled here, and not while a party is judged)
        self.reads = reads_of(program)
        deemed = _deemed(program)
        told = {key: made for key, made in code.exports.items() if self._plain(key, deemed)}
        self.shared = {name: made for name, made in told.items() if isinstance(name, Name)}
        self.aggregates = {number: made for number, made in told.items() if isinstance(number, int)}
        self.meant: Mapping[int, Made] = {id(program.terms[name].term): made for name, made in self.shared.items()}
        self.terms: Mapping[tuple[int, str], Made] = {
            (id(term), over or ""): told[key] for key, term, over in code.results if key in told
        }

    def told(self, ev: Evaluator, scope: Scope) -> Told:
        """What the code finds of a party, which the evaluator then knows."""
        return Told(ev, self, scope)

    def _plain(self, key: object, deemed: frozenset[Name] | None) -> bool:
        if deemed is None or not deemed:
            return deemed is not None
        if isinstance(key, Name):
            return key not in deemed and not deemed & self.reads.of(self.code.program.terms[key]).terms
        term = self.code.aggregates[key] if isinstance(key, int) else next(
            t for k, t, _ in self.code.results if k == key
        )
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
    """What code found of a party on a day. The memory of the evaluator is filled with it."""

    def __init__(self, ev: Evaluator, tellable: Tellable, scope: Scope) -> None:
        self.ev, self.terms, self.meant = ev, tellable.terms, tellable.meant
        self.raw = tellable.code.raw(ev.sheets[scope.party], ev.settings, scope.day)
        self.places: dict[str, dict[Entry, int]] = {}
        known, scopes = ev.known, dict[str, list[Scope]]()
        for name, made in tellable.shared.items():
            found = self.raw[made.place]
            if found is UNDECIDED:
                continue
            if made.over is None:
                known[name, scope] = possible(found, made.den)
                continue
            if made.over not in scopes:
                entries = lists.rows(ev, made.over, scope).entries
                self.places[made.over] = {entry: i for i, entry in enumerate(entries)}
                scopes[made.over] = [scope.among((*scope.at, entry)) for entry in entries]
            for each, at in zip(found, scopes[made.over], strict=True):
                if each is not UNDECIDED:
                    known[name, at] = possible(each, made.den)
        for number, made in tellable.aggregates.items():
            found = self.raw[made.place]
            if found is not UNDECIDED:
                hands = ev.hands(tellable.code.aggregates[number], scope)
                known[number, scope.day, scope.judged, hands, scope.fixed] = possible(found, made.den)

    def value(self, term: AnyTerm, scope: Scope) -> Possible:
        """A term of a result, for the party or a record; what the code left the reference says."""
        entry = scope.at[-1]
        made = self.terms.get((id(term), entry.list))
        if made is not None:
            found = self.raw[made.place]
            if made.over is not None and found is not UNDECIDED:
                found = found[self.place(made.over, entry, scope)]
            if found is not UNDECIDED:
                return possible(found, made.den)
        return self.ev.value(term, scope)

    def place(self, over: str, entry: Entry, scope: Scope) -> int:
        if over not in self.places:
            entries = lists.rows(self.ev, over, scope).entries
            self.places[over] = {entry: i for i, entry in enumerate(entries)}
        return self.places[over][entry]

    def open(self, term: AnyTerm) -> bool:
        """Whether a shared term, by what it means, may be unknown of the party, or of a record."""
        made = self.meant.get(id(term))
        if made is None:
            return True
        found = self.raw[made.place]
        return found is UNDECIDED or made.over is not None and any(each is UNDECIDED for each in found)


def possible(found: Any, den: int | str | None) -> Possible:
    """A value of the code, known."""
    if found is True:
        return YES
    if found is False:
        return NO
    if den is None or found is None:
        return point(found)
    n, d = (found, den) if isinstance(den, int) else found
    return point(None if n is None else Fraction(n, d))


__all__ = ["Told"]
