"""Conversions: records that are consumed, and those that take their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import COMPLETES, CONSUMED, MADE_BY, MOST_GENERATIONS, ROW, TURN, Conversion
from policydsl.domain import Possible, before, either, ends, point, truth, whole, with_causes
from policydsl.evaluate.records import base_rows
from policydsl.evaluate.scope import Entry, Rows, Scope, Turned
from policydsl.facts import Record
from policydsl.kinds import NUMBER, YESNO, Exact
from policydsl.members import replace
from policydsl.reads import TURNED

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

NONE = point(None)
SOME = Possible(None, Fraction(0))
NO_NUMBER = whole(NUMBER, reasons=["not_computable"])


def column(ev: Evaluator, entry: Entry, name: str, scope: Scope) -> Possible | None:
    """A column that conversions give the records of their list, and its place in it; None: of another origin."""
    if name not in TURNED:
        return None
    state = turned(ev, entry.list, scope)
    if state is None:
        return _columns(entry.index)[name]
    if entry not in state.columns:  # what was made on another day is not there on this one
        kind, none = YESNO if name == COMPLETES else NUMBER, name in (CONSUMED, MADE_BY)
        return whole(kind, reasons=["not_computable"], note="no_record", none=none)
    return state.columns[entry][name]


def _columns(
    place: int, turn: int | None = None, consumed: int | None = None, completes: bool = False,
    made_by: str | None = None,
) -> dict[str, Possible]:
    row, gone = point(Fraction(place)), NONE if consumed is None else point(Fraction(consumed))
    when = row if turn is None else point(Fraction(turn))
    return {ROW: row, TURN: when, CONSUMED: gone, COMPLETES: truth(completes), MADE_BY: point(made_by)}


def turned(ev: Evaluator, name: str, scope: Scope) -> Turned | None:
    """The list after its conversions, each made record right after the last that it is made of. Records take their
    turns in order of their start day, then of their rows; after each the conversions run as a chain to the fixed point.
    None: it has none, or is just being turned."""
    key = (name, scope.party, scope.day, scope.judged, scope.fixed)
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
        causes = [] if counted.known else [counted]
        some = asking(entry, causes)
        if not causes and not some:
            return  # no conversion asks for it
        start = ev.value(conversions[0].start, at)
        if not start.known:
            causes.append(start)
        unknown.extend(causes)
        if not causes and isinstance(start.value, date):
            starts[entry] = start.value

    def asking(entry: Entry, causes: list[Possible]) -> list[Conversion]:
        """The conversions that ask for the record; ``causes`` is given what is not known of that."""
        at = scope.only(entry)
        tests = [ev.test(c.where, at) for c in conversions]
        asked = [c for c, test in zip(conversions, tests, strict=True) if test.yes]
        causes += [p for p in (*tests, *(ev.value(c.window, at) for c in asked)) if not p.known]
        return asked

    for entry in base.entries:
        look(entry)
    numbers = {c.name: (ev.value(c.every, scope), ev.value(c.count, scope)) for c in conversions}
    order = sorted(base.entries, key=lambda e: (starts.get(e, date.max), e.index))
    out: list[Entry] = []
    turn = {}
    consumed: dict[Entry, int] = {}
    completing: set[Entry] = set()
    made_by: dict[Entry, str] = {}
    made_in: dict[Entry, int] = {}  # of how many conversions, one upon the other, a record is made
    queue = list(reversed(order))
    open_: dict[str, list[Entry]] = {c.name: [] for c in conversions}  # asked for, not consumed, in their window
    while queue and base.complete and not unknown:
        entry = queue.pop()
        now = len(out)
        out.append(entry)
        turn[entry] = now
        if entry not in starts:
            continue
        asked = asking(entry, unknown)
        if unknown:
            break
        for c in asked:
            open_[c.name].append(entry)
        for c in asked:
            every, times = numbers[c.name]
            unknown += [NO_NUMBER if n.known else n for n in (every, times) if not n.known or n.value is None]
            if unknown:
                break
            inside = open_[c.name] = [
                e for e in open_[c.name]
                if e not in consumed and _covers(ev.value(c.window, scope.only(e)).value, starts[entry])
            ]
            if len(inside) < int(every.value):  # type: ignore[arg-type]
                continue
            for e in inside:
                consumed[e] = now
            completing.add(entry)
            generation = 1 + max((made_in.get(e, 0) for e in inside), default=0)
            if generation > MOST_GENERATIONS:
                unknown.append(NO_NUMBER)
            for n in range(int(times.value)):  # type: ignore[arg-type]
                place = len(base.entries) + base.aside + len(made_by)
                new = ev.derived.setdefault((c.name, n, *inside), Entry(
                    name, f"{entry.key}→{c.value}" + (f"#{n + 1}" if n else ""), place, record=entry.record,
                    columns={**entry.columns, c.field: point(c.value)}, made_from=tuple(inside),
                ))
                made_by[new], made_in[new] = c.name, generation
                starts[new] = starts[entry]
                queue.append(new)
            break
    if unknown or not base.complete:
        cause = with_causes(either(needs=base.needs, reasons=base.reasons), *unknown)
        return _uncertain(ev, base, uncounted, numbers, cause, scope)
    out.sort(key=lambda e: e.source.index)  # of one source: by their turns
    return Turned(tuple(out), {
        e: _columns(place, turn[e], consumed.get(e), e in completing, made_by.get(e)) for place, e in enumerate(out)
    })


def _uncertain(
    ev: Evaluator, base: Rows, uncounted: Sequence[Entry], numbers: Mapping[str, tuple[Possible, Possible]],
    cause: Possible, scope: Scope,
) -> Turned:
    """What is left of a list where it is not known what is converted: its own records, and how many may be added."""
    if not base.complete or not base.entries:
        return Turned(base.entries, {}, base.complete, cause)
    name = base.entries[0].list
    conversions = ev.program.lists[name].conversions
    waiting = [e for e in base.entries if e not in uncounted]
    often, most = _most(ev, conversions, [scope.only(e) for e in waiting], numbers)
    if not any(often.values()):
        return Turned(base.entries, {e: _columns(e.index) for e in base.entries})
    turns = {TURN: with_causes(SOME, cause)}  # where it stands in the list is known, in which turn it comes is not
    open_ = {CONSUMED: with_causes(replace(SOME, none=True), cause), COMPLETES: cause}
    idle = [e for e in base.entries if all(ev.test(c.where, scope.only(e)).no for c in conversions)]
    columns = {e: _columns(e.index) | turns | ({} if e in idle else open_) for e in base.entries}
    phantoms = []
    for c in conversions:
        added = most[c.name]
        if added is None:
            return Turned(base.entries, columns, False, cause)
        if added:
            given = {c.field: point(c.value), MADE_BY: point(c.name), ROW: turns[TURN]} | turns | open_
            made = Entry(name, f"→{c.value}", len(base.entries), record=Record("", {}), columns=given)
            phantoms.append((made, added))
    return Turned(base.entries, columns, False, cause, tuple(phantoms))


def _most(
    ev: Evaluator, conversions: Sequence[Conversion], records: Sequence[Scope],
    numbers: Mapping[str, tuple[Possible, Possible]],
) -> tuple[Mapping[str, int], Mapping[str, int | None]]:
    """How often each conversion can happen at most: out of those that may satisfy it and all that the others add; and
    the most records that it can add (None: any number)."""
    own = {c.name: sum(1 for at in records if not ev.test(c.where, at).no) for c in conversions}
    often = dict.fromkeys(own, 0)
    most: dict[str, int | None] = dict.fromkeys(own, 0)
    for _ in conversions:  # a chain is no longer than the conversions are many
        before_ = dict(most)
        for c in conversions:
            every, count = numbers[c.name]
            size, times = ends(every)[0], ends(count)[2]
            others = [n for other, n in before_.items() if other != c.name]
            least = max(1, int(size)) if isinstance(size, Fraction) else 1
            if None in others:
                most[c.name] = None
                continue
            often[c.name] = (own[c.name] + sum(n for n in others if n is not None)) // least
            unbounded = often[c.name] and not isinstance(times, Fraction)
            most[c.name] = None if unbounded else often[c.name] * (int(times) if isinstance(times, Fraction) else 0)
    return often, most


def _covers(last: Exact, day: date) -> bool:
    return isinstance(last, date) and not before(last, day)
