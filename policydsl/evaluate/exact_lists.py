"""The lists of the exact evaluator: which records there are, the one with a key, conversions, running columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from policydsl import calendar
from policydsl.calendar import CannotCompute
from policydsl.core import (
    AT, COMPLETES, CONSUMED, MADE_BY, MOST_GENERATIONS, MEMBER, POPULATION, ROW, STATE, TURN, AnyTerm, Conversion,
    ListDecl, Scan,
)
from policydsl.domain import Need, ahead, before, identity, line_key
from policydsl.evaluate.exact_scope import Entry, Outcome, Scope, Unknown, decided, settled, tried
from policydsl.kinds import Duration, Exact, text_key
from policydsl.members import replace

if TYPE_CHECKING:
    from policydsl.evaluate.exact import ExactEvaluator

T = TypeVar("T")


# ---------------------------------------------------------------------------------------------- records
def records(ev: ExactEvaluator, name: str, scope: Scope) -> tuple[Entry, ...]:
    """The records of a list, conversions included. Raises Unknown if there may be others."""
    decl = ev.program.lists[name]
    if decl.members is not None:
        chosen = ev.value(decl.members, scope)
        values = chosen if isinstance(chosen, tuple) else () if chosen is None else (chosen,)
        return tuple(Entry(name, str(v), {MEMBER: v, ROW: Fraction(i)}) for i, v in enumerate(values))
    return tuple(_turned(ev, decl, scope)) if decl.conversions else _given(ev, decl, scope)


def _given(ev: ExactEvaluator, decl: ListDecl, scope: Scope) -> tuple[Entry, ...]:
    """The records before any conversion. Those of a ledger whose records have no day are the same on every day."""
    alone = scope.only()
    if decl.source == "cycles" or decl.happens is not None:
        return ev.once((decl.name, alone), lambda: _read(ev, decl, alone))
    return ev.once((decl.name, *alone.at), lambda: _read(ev, decl, alone))


def _read(ev: ExactEvaluator, decl: ListDecl, scope: Scope) -> tuple[Entry, ...]:
    name = decl.name
    match decl.source:
        case "rows":
            if not decl.supplied:
                raise Unknown("parameter", Need(name, what="parameter"))
            return tuple(Entry(name, str(i), {ROW: Fraction(i)}, row.cells) for i, row in enumerate(decl.rows))
        case "parties":
            if not ev.population:
                raise Unknown("population", Need(name, what="population"))
            return ev.parties
        case "cycles":
            names = [f.name for f in decl.fields]
            return tuple(
                ev.once(("period", name, scope.at, i, days), partial(  # one record on whatever day it is asked for
                    Entry, name, str(days[0]), {ROW: Fraction(i), **dict(zip(names, days, strict=False))}
                ))
                for i, days in enumerate(_periods(ev, decl, scope))
            )
    sheet = scope.record_of("").sheet
    given = sheet.lists.get(name) if sheet is not None else None
    if given is None and not decl.default_none:
        raise Unknown("missing", Need(name))
    there = [(i, r) for i, r in enumerate(given or ()) if not ahead(r.values.get(decl.happens or ""), scope.day)]
    if decl.conversions:  # they order the records anew
        return tuple(Entry(name, r.key, r.values) for _, r in there)
    return tuple(Entry(name, r.key, {ROW: Fraction(i), **r.values}) for i, r in there)


def _periods(ev: ExactEvaluator, decl: ListDecl, scope: Scope) -> list[tuple[date | None, ...]]:
    assert decl.cycles is not None
    cycles = decl.cycles
    length = ev.value(cycles.length, scope)
    ends = (None if t is None else ev.value(t, scope) for t in (cycles.start, cycles.since, cycles.until))
    start, since, until = (day if isinstance(day, date) else None for day in ends)
    if not isinstance(length, Duration):
        raise Unknown("not_computable")
    if cycles.start is not None and start is None or cycles.clipped and since is None:
        return []
    try:
        how = cycles.clipped, cycles.back, ev.setting.month_end
        return calendar.periods(length, start, since, until, scope.day, *how)
    except CannotCompute as why:
        raise Unknown("not_computable", note=why.told) from None


def with_key(ev: ExactEvaluator, name: str, key: Exact, scope: Scope) -> Entry | None:
    """The first record with the key; if there is none, the one whose key, ending in ``*``, is its longest beginning."""
    alone = scope.only()
    exact, prefixes, unknown = ev.once(("keys", name, alone), lambda: _keys(ev, name, alone))
    found = exact.get(identity(key))
    if found is not None and found[0] < unknown[0]:
        return found[1]
    if isinstance(unknown[1], Unknown):  # it may be the key that is looked for
        raise unknown[1].with_traceback(None)
    fitting = [p for p in prefixes if isinstance(key, str) and text_key(key).startswith(p)]
    return prefixes[max(fitting, key=len)] if fitting else None


Keys = tuple[dict[object, tuple[int, Entry]], dict[str, Entry], tuple[int, Outcome]]


def _keys(ev: ExactEvaluator, name: str, scope: Scope) -> Keys:
    """Each key with its record and the place of that; the beginnings; the first key that is unknown."""
    decl = ev.program.lists[name]
    column = decl.key or decl.fields[0].name
    exact: dict[object, tuple[int, Entry]] = {}
    prefixes: dict[str, Entry] = {}
    every = records(ev, name, scope)
    unknown: tuple[int, Outcome] = len(every), None
    for place, entry in enumerate(every):
        key = tried(partial(ev.field, entry, column, scope.bind(entry)))
        if isinstance(key, Unknown):
            unknown = min(unknown, (place, key), key=lambda u: u[0])
        elif isinstance(key, str) and key.endswith("*"):
            prefixes.setdefault(text_key(key[:-1]), entry)
        else:
            exact.setdefault(identity(key), (place, entry))
    return exact, prefixes, unknown


# ---------------------------------------------------------------------------------------------- conversions
Turns = Mapping[Entry, Mapping[str, Exact]]


def _turned(ev: ExactEvaluator, decl: ListDecl, scope: Scope) -> Turns:
    alone = scope.only()
    return ev.once((decl.name, "turned", alone), lambda: _turn(ev, decl, alone))


def _turn(ev: ExactEvaluator, decl: ListDecl, scope: Scope) -> Turns:
    """The records of the list, each made one right after the last that it is made of, with their columns.

    They take their turns in order of their start day, then of the list. After each record comes the first conversion
    that asks for it and has so many records that are not consumed and whose window has not ended: it consumes them, and
    what it makes of the last one comes next.
    """

    def of(term: AnyTerm | None, entry: Entry) -> Exact:
        return True if term is None else ev.value(term, scope.only(entry))

    given = _given(ev, decl, scope)
    asked = [e for e in given if of(decl.only, e) is True and any(of(c.where, e) is True for c in decl.conversions)]
    starts = {e: day for e in asked if isinstance(day := of(decl.conversions[0].start, e), date)}
    queue = sorted(given, key=lambda e: starts.get(e, date.max))[::-1]
    place = {e: i for i, e in enumerate(given)}
    waiting: dict[str, list[Entry]] = {c.name: [] for c in decl.conversions}
    turns: dict[Entry, dict[str, Exact]] = {}
    made_by: dict[Entry, str] = {}
    made_in: dict[Entry, int] = {}
    while queue:
        last = queue.pop()
        now = Fraction(len(turns))
        turns[last] = {TURN: now, CONSUMED: None, COMPLETES: False, MADE_BY: made_by.get(last)}
        if last not in starts:
            continue
        for c in decl.conversions:
            if of(c.where, last) is not True:
                continue
            waiting[c.name] = inside = [
                e for e in (*waiting[c.name], last) if turns[e][CONSUMED] is None
                and isinstance(end := of(c.window, e), date) and not before(end, starts[last])
            ]
            every, count = (ev.value(t, scope) for t in (c.every, c.count))
            if not isinstance(every, Fraction) or not isinstance(count, Fraction):
                raise Unknown("not_computable")
            if len(inside) < every:
                continue
            for e in inside:
                turns[e][CONSUMED] = now
            turns[last][COMPLETES] = True
            generation = 1 + max((made_in.get(e, 0) for e in inside), default=0)
            if generation > MOST_GENERATIONS:
                raise Unknown("not_computable")
            for n in range(int(count)):  # on another day it is the same record, if it is made of the same ones
                made = ev.once(("made", c.name, n, *inside), partial(_made, last, c))
                starts[made], made_by[made], place[made] = starts[last], c.name, place[last]
                made_in[made] = generation
                queue.append(made)
            break
    ordered = sorted(turns, key=lambda e: place[e])  # of one place: by their turns
    return {e: {**turns[e], ROW: Fraction(row)} for row, e in enumerate(ordered)}


def _made(last: Entry, c: Conversion) -> Entry:
    return replace(last, values={**last.values, c.field: c.value})


# ---------------------------------------------------------------------------------------------- running columns
def running(ev: ExactEvaluator, entry: Entry, name: str, scope: Scope) -> Exact:
    """A column that conversions give a record, or a scan; that sees the records that are in hand around its list."""
    decl = ev.program.lists[entry.list or POPULATION]
    if name in (ROW, TURN, CONSUMED, COMPLETES, MADE_BY):
        turns = _turned(ev, decl, scope.only(entry))
        if entry not in turns:  # what was made on another day is not there on this one
            raise Unknown("not_computable", note="no_record")
        return turns[entry][name]
    number, scan = next((i, s) for i, s in enumerate(decl.scans) if any(c.name == name for c in s.step))
    around = replace(scope, at=scope.at[: scope.at.index(entry)] if entry.list else ev.parties[:1])
    if scan.at is not None:
        value = ev.value(scan.at, scope)
        held = ev.once((decl.name, number, AT, identity(value)), lambda: Entry(STATE, "", {AT: value}))
        around = around.bind(held)
    found = ev.once((decl.name, number, around), lambda: _scanned(ev, decl, scan, around))
    if entry not in found:
        raise Unknown("not_computable", note="takes_no_part")
    return settled(found[entry][name])


def _scanned(ev: ExactEvaluator, decl: ListDecl, scan: Scan, around: Scope) -> Mapping[Entry, Mapping[str, Outcome]]:
    every = records(ev, decl.name, around)
    taking = [e for e in every if decided(False, ev.conditions(decl, scan.where, around.bind(e)))]
    if scan.by is not None and len(taking) > 1:
        by = {e: ev.value(scan.by, around.bind(e)) for e in taking}
        taking.sort(key=lambda e: line_key(by[e]))
    start = {c.name: ev.outcome(c.term, around) for c in scan.state}
    states: dict[object, Mapping[str, Outcome]] = {}
    out: dict[Entry, Mapping[str, Outcome]] = {}
    for entry in taking:
        group = identity(ev.value(scan.group, around.bind(entry))) if scan.group is not None else None
        inner = around.bind(entry).bind(Entry(STATE, "", states.get(group, start)))
        out[entry] = made = {c.name: ev.outcome(c.term, inner) for c in scan.step}
        states[group] = {name: made[name] for name in start}
    return out
