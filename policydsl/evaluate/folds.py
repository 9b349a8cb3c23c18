"""Folds over dated records: conversions, ordinals, ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import Completes, Conversion, Converted, Ordinal, Rank
from policydsl.domain import (
    NO,
    YES,
    Possible,
    before,
    either,
    ends,
    point,
    truth,
    with_causes,
)
from policydsl.evaluate import lists
from policydsl.evaluate.scope import Entry, Scope, Turned
from policydsl.facts import Record
from policydsl.kinds import Exact
from policydsl.operators import apply, conjunction

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator


# ---------------------------------------------------------------------------------------------- conversions
def turned(ev: Evaluator, name: str, scope: Scope) -> Turned:
    """The list after its conversions: records in order of their start day, then of their rows; after each record the
    conversions run as a chain to the fixed point."""
    key = (name, scope.party, scope.day, scope.fixed)
    found = ev.turned_known.get(key)
    if found is None:
        ev.turning.add(key)
        try:
            found = _turn(ev, name, replace(scope, at=(), slots=()))
        finally:
            ev.turning.discard(key)
        ev.turned_known[key] = found
    return found


def _turn(ev: Evaluator, name: str, scope: Scope) -> Turned:
    decl = ev.program.lists[name]
    conversions = decl.conversions
    base = lists.base_rows(ev, name, scope)
    unknown: list[Possible] = []
    starts: dict[Entry, date] = {}
    uncounted: list[Entry] = []
    waiting: list[Entry] = []

    def look(entry: Entry) -> bool:
        """Whether everything that the conversions ask of the record is known; notes its start day."""
        at = scope.only(entry)
        counted = ev.test(decl.only, at)
        if counted.no:
            uncounted.append(entry)
            return True
        tests = [counted, *(ev.test(c.where, at) for c in conversions)]
        causes = [t for t in tests if not t.known]
        if not causes and not any(t.yes for t in tests[1:]):
            return True  # no conversion asks for it
        start = ev.value(conversions[0].start, at)
        window = [ev.value(c.window, at) for c, t in zip(conversions, tests[1:], strict=True) if t.yes]
        causes += [p for p in (start, *window) if not p.known]
        unknown.extend(causes)
        if causes:
            return False
        if isinstance(start.value, date):
            starts[entry] = start.value
        return True

    sure = True
    for entry in base.entries:
        sure = look(entry) and sure
    everies = [ev.value(c.every, scope) for c in conversions]
    unknown.extend(e for e in everies if not e.known)
    if unknown or not base.complete:
        waiting = [e for e in base.entries if e not in uncounted]
        cause = with_causes(either(needs=base.needs, reasons=base.reasons), *unknown)
        turn = {e: i for i, e in enumerate(base.entries)}
        if not base.complete:
            return Turned(base.entries, turn, {}, frozenset(), {}, False, cause)
        most = _most(ev, conversions, [scope.only(e) for e in waiting], everies, scope)
        phantoms = tuple(
            (
                Entry(name, f"→{c.value}", len(base.entries), record=Record("", {}), overrides={c.field: c.value}),
                most[c.name],
            )
            for c in conversions
            if most[c.name]
        )
        if not phantoms:
            return Turned(base.entries, {}, {}, frozenset(), {}, True, None)
        return Turned(base.entries, turn, {}, frozenset(), most, False, cause, phantoms)
    order = sorted(base.entries, key=lambda e: (starts.get(e, date.max), e.index))
    out: list[Entry] = []
    turn = {}
    consumed: dict[Entry, int] = {}
    completing: set[Entry] = set()
    made = {c.name: 0 for c in conversions}
    queue = list(reversed(order))
    while queue:
        entry = queue.pop()
        now = len(out)
        out.append(entry)
        turn[entry] = now
        if entry not in starts:
            continue
        for c, every in zip(conversions, everies, strict=True):
            if not ev.test(c.where, scope.only(entry)).yes:
                continue
            inside = [
                e for e in out
                if e in starts and e not in consumed and ev.test(c.where, scope.only(e)).yes
                and _covers(ev.value(c.window, scope.only(e)).value, starts[entry])
            ]
            if len(inside) < int(every.value):  # type: ignore[arg-type]
                continue
            for e in inside:
                consumed[e] = now
            completing.add(entry)
            times = ev.value(c.count, scope)
            for n in range(int(times.value)):  # type: ignore[arg-type]
                made[c.name] += 1
                new = Entry(
                    name, f"{entry.key}→{c.value}" + (f"#{n + 1}" if n else ""), entry.index, record=entry.record,
                    overrides={**entry.overrides, c.field: c.value}, made_from=tuple(inside), made_by=c.name,
                )
                starts[new] = starts[entry]
                queue.append(new)
            break
    return Turned(tuple(out), turn, consumed, frozenset(completing), made, True, None)


def _most(
    ev: Evaluator, conversions: Sequence[Conversion], records: Sequence[Scope], everies: Sequence[Possible],
    scope: Scope,
) -> dict[str, int]:
    """The most records that each conversion can add: out of those that may satisfy it and all that the others add."""
    own = {c.name: sum(1 for at in records if not ev.test(c.where, at).no) for c in conversions}
    most = dict.fromkeys(own, 0)
    for _ in conversions:  # a chain is no longer than the conversions are many
        before_ = dict(most)
        for c, every in zip(conversions, everies, strict=True):
            size, _, _, _ = ends(every)
            _, _, times, _ = ends(ev.value(c.count, scope))
            pool = own[c.name] + sum(n for other, n in before_.items() if other != c.name)
            least = int(size) if isinstance(size, Fraction) else 1
            most[c.name] = pool // max(1, least) * (int(times) if isinstance(times, Fraction) else 1)
    return most


def _covers(last: Exact, day: date) -> bool:
    return isinstance(last, date) and not before(last, day)


def ordinal(ev: Evaluator, term: Ordinal, scope: Scope) -> Possible:
    """Which one in its window the record in hand is."""
    entry = scope.record_of(term.list)
    assert entry is not None
    state = turned(ev, term.list, scope) if ev.program.lists[term.list].conversions else None
    if state is not None and state.certain and entry not in state.turn:
        state = None  # nothing can be converted, and no turns were taken
    own = ev.value(term.start, scope.only(entry))
    sure, maybe, causes = 0, 0, [own] if not own.known else []
    if state is not None and not state.certain:
        causes.append(state.because or either())
    position = state.turn if state is not None else {}
    for other, counted, _ in lists.members(ev, term.list, replace(scope, at=())):
        if other is entry:
            continue
        at = scope.only(other)
        matches = conjunction([counted, ev.test(term.where, at)])
        if matches.no:
            continue
        if state is not None and state.certain:
            if position.get(other, 0) > position.get(entry, 0) or state.consumed.get(other, 10**9) < position[entry]:
                continue
        start, window = ev.value(term.start, at), ev.value(term.window, at)
        earlier = apply("<", [start, own], [term.start.kind] * 2, term.start.kind, ev.setting)
        if other.index < entry.index or (state is not None and state.certain):
            earlier = apply("<=", [start, own], [term.start.kind] * 2, term.start.kind, ev.setting)
        covers = apply(">=", [window, own], [term.window.kind, term.start.kind], term.start.kind, ev.setting)
        inside = conjunction([matches, earlier, covers])
        if inside.yes and (state is None or state.certain):
            sure += 1
        elif not inside.no:
            maybe += 1
            causes.append(inside)
    for phantom, most in state.phantoms if state is not None else ():
        at = scope.only(phantom)
        if not conjunction([ev.test(ev.program.lists[term.list].only, at), ev.test(term.where, at)]).no:
            maybe += most
    return with_causes(lists.between(1 + sure, 1 + sure + maybe), *causes)


def completes(ev: Evaluator, term: Completes, scope: Scope) -> Possible:
    entry = scope.record_of(term.list)
    state = turned(ev, term.list, scope)
    if state.certain:
        return truth(entry in state.completing)
    assert entry is not None
    if all(ev.test(c.where, scope.only(entry)).no for c in ev.program.lists[term.list].conversions):
        return NO  # no conversion asks for this record, whatever the others turn out to be
    return either(state.because or either())


def converted(ev: Evaluator, term: Converted, scope: Scope) -> Possible:
    state = turned(ev, term.list, scope)
    if state.certain:
        return point(Fraction(state.made.get(term.name, 0)))
    return with_causes(lists.between(0, state.made.get(term.name)), state.because or either())


# ---------------------------------------------------------------------------------------------- ranks
def rank(ev: Evaluator, term: Rank, scope: Scope) -> Possible:
    """Among the first N candidates: decided when every completion agrees; a tie across the limit is open unless the
    policy says otherwise."""
    decl = ev.program.lists[term.list]
    found = lists.rows(ev, term.list, scope)
    if decl.source == "parties":
        me = next(e for e in found.entries if e.party == scope.party)
    else:
        entry = scope.record_of(term.list)
        assert entry is not None
        me = entry
    mine = scope.bind(me)
    limit = ev.value(term.limit, scope)
    key = ev.value(term.key, mine)
    group = ev.value(term.group, mine) if term.group is not None else None
    low_limit, _, high_limit, _ = ends(limit)
    ahead_sure = ahead_maybe = tied = 0
    causes: list[Possible] = [p for p in (limit, key) if not p.known]
    if not found.complete:
        causes.append(either(needs=found.needs, reasons=found.reasons))
    for other, counted, inner in lists.members(ev, term.list, replace(scope, at=())):
        if other is me:
            continue
        conditions = [counted, ev.test(term.candidate, inner)]
        if group is not None and term.group is not None:
            theirs = ev.value(term.group, inner)
            conditions.append(apply("=", [theirs, group], [term.group.kind] * 2, term.group.kind, ev.setting))
        candidate = conjunction(conditions)
        if candidate.no:
            continue
        other_key = ev.value(term.key, inner)
        ahead = apply(">" if term.descending else "<", [other_key, key], [term.key.kind] * 2, term.key.kind, ev.setting)
        equal = apply("=", [other_key, key], [term.key.kind] * 2, term.key.kind, ev.setting)
        if candidate.yes and ahead.yes:
            ahead_sure += 1
        elif candidate.yes and equal.yes:
            tied += 1
        elif not (ahead.no and equal.no):
            ahead_maybe += 1
            causes += [p for p in (candidate, ahead) if not p.yes and not p.no]
    most = ahead_sure + ahead_maybe
    behind_ties = {"open": (0, tied), "all_in": (0, 0), "all_out": (tied, tied)}[term.ties]
    fits = low_limit is not None and most + behind_ties[1] < low_limit  # type: ignore[operator]
    if fits and found.complete and not (term.ties == "all_out" and tied and most + tied >= low_limit):  # type: ignore[operator]
        return YES
    if high_limit is not None and ahead_sure + behind_ties[0] >= high_limit:  # type: ignore[operator]
        return NO
    reasons = ["tie"] if tied and term.ties == "open" else []
    return either(*causes, reasons=reasons)
