"""Conversions: records that are consumed, and those that take their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import COMPLETES, CONSUMED, MADE_BY, ROW, TURN, Conversion
from policydsl.domain import NO, Possible, before, either, ends, point, truth, whole, with_causes
from policydsl.evaluate.records import base_rows
from policydsl.evaluate.scope import Entry, Rows, Scope, Turned
from policydsl.facts import Record
from policydsl.kinds import NUMBER, YESNO, Exact

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

COLUMNS = (ROW, TURN, CONSUMED, COMPLETES, MADE_BY)
NONE = point(None)
SOME = Possible(None, Fraction(0))


def column(ev: Evaluator, entry: Entry, name: str, scope: Scope) -> Possible | None:
    """A column that conversions give the records of their list, and its place in it; None: of another origin."""
    if name not in COLUMNS:
        return None
    state = turned(ev, entry.list, scope)
    if state is None:  # no conversion stands in the policy, or the list is being turned
        return _columns(entry.index)[name]
    if entry not in state.columns:  # what was made on another day is not there on this one
        return whole(YESNO if name == COMPLETES else NUMBER, reasons=["not_computable"], note="no_record")
    return state.columns[entry][name]


def _columns(
    place: int, consumed: int | None = None, completes: bool = False, made_by: str | None = None
) -> dict[str, Possible]:
    row, gone = point(Fraction(place)), NONE if consumed is None else point(Fraction(consumed))
    return {ROW: row, TURN: row, CONSUMED: gone, COMPLETES: truth(completes), MADE_BY: point(made_by)}


def turned(ev: Evaluator, name: str, scope: Scope) -> Turned | None:
    """The list after its conversions: records in order of their start day, then of their rows; after each record the
    conversions run as a chain to the fixed point. None: it has none, or is just being turned."""
    key = (name, scope.party, scope.day, scope.fixed)
    if not ev.program.lists[name].conversions or key in ev.turning:
        return None
    found = ev.turned_known.get(key)
    if found is None:
        ev.turning.add(key)
        try:
            found = _turn(ev, name, scope.only())
        finally:
            ev.turning.discard(key)
        ev.turned_known[key] = found
    return found


def _turn(ev: Evaluator, name: str, scope: Scope) -> Turned:
    decl = ev.program.lists[name]
    conversions = decl.conversions
    base = base_rows(ev, name, scope)
    unknown: list[Possible] = []
    starts: dict[Entry, date] = {}
    uncounted: list[Entry] = []

    def look(entry: Entry) -> None:
        """Notes the start day of the record, or what the conversions ask of it that is not known."""
        at = scope.only(entry)
        counted = ev.test(decl.only, at)
        if counted.no:
            uncounted.append(entry)
            return
        tests = [counted, *(ev.test(c.where, at) for c in conversions)]
        causes = [t for t in tests if not t.known]
        if not causes and not any(t.yes for t in tests[1:]):
            return  # no conversion asks for it
        start = ev.value(conversions[0].start, at)
        window = [ev.value(c.window, at) for c, t in zip(conversions, tests[1:], strict=True) if t.yes]
        causes += [p for p in (start, *window) if not p.known]
        unknown.extend(causes)
        if not causes and isinstance(start.value, date):
            starts[entry] = start.value

    for entry in base.entries:
        look(entry)
    everies = [ev.value(c.every, scope) for c in conversions]
    unknown.extend(e for e in everies if not e.known)
    if unknown or not base.complete:
        cause = with_causes(either(needs=base.needs, reasons=base.reasons), *unknown)
        return _uncertain(ev, base, uncounted, everies, cause, scope)
    order = sorted(base.entries, key=lambda e: (starts.get(e, date.max), e.index))
    out: list[Entry] = []
    turn = {}
    consumed: dict[Entry, int] = {}
    completing: set[Entry] = set()
    made_by: dict[Entry, str] = {}
    queue = list(reversed(order))
    open_: dict[str, list[Entry]] = {c.name: [] for c in conversions}  # asked for, not consumed, in their window
    while queue:
        entry = queue.pop()
        now = len(out)
        out.append(entry)
        turn[entry] = now
        if entry not in starts:
            continue
        at = scope.only(entry)
        asked = [(c, every) for c, every in zip(conversions, everies, strict=True) if ev.test(c.where, at).yes]
        for c, _ in asked:
            open_[c.name].append(entry)
        for c, every in asked:
            inside = open_[c.name] = [
                e for e in open_[c.name]
                if e not in consumed and _covers(ev.value(c.window, scope.only(e)).value, starts[entry])
            ]
            if len(inside) < int(every.value):  # type: ignore[arg-type]
                continue
            for e in inside:
                consumed[e] = now
            completing.add(entry)
            times = ev.value(c.count, scope)
            for n in range(int(times.value)):  # type: ignore[arg-type]
                new = ev.derived.setdefault((c.name, n, *inside), Entry(
                    name, f"{entry.key}→{c.value}" + (f"#{n + 1}" if n else ""), len(base.entries) + len(ev.derived),
                    record=entry.record,
                    columns={**entry.columns, c.field: point(c.value)}, made_from=tuple(inside),
                ))
                made_by[new] = c.name
                starts[new] = starts[entry]
                queue.append(new)
            break
    return Turned(
        tuple(out), {e: _columns(turn[e], consumed.get(e), e in completing, made_by.get(e)) for e in out}
    )


def _uncertain(
    ev: Evaluator, base: Rows, uncounted: Sequence[Entry], everies: Sequence[Possible], cause: Possible, scope: Scope
) -> Turned:
    """What is left of a list where it is not known what is converted: its own records, and how many may be added."""
    if not base.complete:
        return Turned(base.entries, {}, False, cause)
    conversions = ev.program.lists[base.entries[0].list].conversions if base.entries else ()
    waiting = [e for e in base.entries if e not in uncounted]
    most = _most(ev, conversions, [scope.only(e) for e in waiting], everies, scope)
    if not any(most.values()):
        return Turned(base.entries, {e: _columns(e.index) for e in base.entries})
    columns = {
        e: _columns(e.index) | (
            # where it stands in the order of the list is known, in which turn it comes is not
            {TURN: with_causes(SOME, cause)} if all(ev.test(c.where, scope.only(e)).no for c in conversions) else
            {TURN: with_causes(SOME, cause), CONSUMED: with_causes(replace(SOME, none=True), cause), COMPLETES: cause}
        )
        for e in base.entries
    }
    phantoms = []
    for c in conversions:
        if most[c.name]:
            given = {c.field: point(c.value), MADE_BY: point(c.name), COMPLETES: NO}
            given |= {name: with_causes(Possible(None), cause) for name in (ROW, TURN, CONSUMED)}
            made = Entry(base.entries[0].list, f"→{c.value}", len(base.entries), record=Record("", {}), columns=given)
            phantoms.append((made, most[c.name]))
    return Turned(base.entries, columns, False, cause, tuple(phantoms))


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
