"""Running columns: the records of a list one after the other, each with what the ones before have left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import AT, POPULATION, STATE, ListDecl, Scan
from policydsl.domain import (
    Possible, either, ends, has_none, identity, interval, join, line_key, point, whole, with_causes,
)
from policydsl.evaluate import lists
from policydsl.evaluate.index import narrowed
from policydsl.evaluate.scope import Entry, Scope
from policydsl.kinds import Kind
from policydsl.members import dataclass, replace
from policydsl.operators import conjunction

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

SAME = point(Fraction(0))


@dataclass(frozen=True, slots=True)
class Turn:
    """What a record finds when its turn comes (``state``, the record of the list ``@state``), and what it is given if
    it takes part; ``counted``: whether it counts (仅计)."""

    state: Entry
    columns: Mapping[str, Possible]
    counted: Possible


@dataclass(frozen=True, slots=True)
class Run:
    """A scan of a list: the turns of the records that take part, or may, those of a group in order."""

    number: int
    around: Scope
    turns: Mapping[Entry, Turn]


def column(ev: Evaluator, entry: Entry, name: str, scope: Scope) -> Possible:
    """A running column of a record. Whoever reads it asks first whether the record is among those of the scan, but not
    whether it counts."""
    run = run_of(ev, entry, name, scope)
    turn = run.turns.get(entry)
    if turn is not None and turn.counted.yes:
        return turn.columns[name]
    step = _of(ev, entry).scans[run.number].step
    kind = next(c.term.kind for c in step if c.name == name)
    nothing = whole(kind, reasons=["not_computable"], note="takes_no_part")
    return nothing if turn is None else with_causes(join([turn.columns[name], nothing]), turn.counted)


def run_of(ev: Evaluator, entry: Entry, name: str, scope: Scope) -> Run:
    """The scan that gives a record a column; it sees the records in hand around its list, and what it is asked for."""
    decl = _of(ev, entry)
    number = next(i for i, s in enumerate(decl.scans) if any(c.name == name for c in s.step))
    around = scope.among(scope.at[: scope.at.index(entry)] if entry.list else ev.parties[:1])
    asked = decl.scans[number].at
    if asked is not None:
        value = ev.value(asked, scope)
        held = ev.derived.setdefault((AT, entry.list, number, value), Entry(STATE, "", 0, columns={AT: value}))
        around = around.bind(held)
    key = (entry.list, number, around)
    found = ev.scanned.get(key)
    if found is None:
        found = ev.scanned[key] = _run(ev, decl, number, around)
    return found


def _of(ev: Evaluator, entry: Entry) -> ListDecl:
    return ev.program.lists[entry.list or POPULATION]


def _run(ev: Evaluator, decl: ListDecl, number: int, around: Scope) -> Run:
    scan = decl.scans[number]
    start = {c.name: ev.value(c.term, around) for c in scan.state}
    found = lists.rows(ev, decl.name, around)
    taking: list[tuple[Entry, Possible, Possible, Possible, Possible]] = []
    for entry in narrowed(ev, decl.name, scan.where, found.entries, around):
        inner, counted = lists.counting(ev, decl.name, entry, around)
        takes_part = conjunction([counted, ev.test(scan.where, inner)])
        if not takes_part.no:
            by, of = (ev.value(t, inner) if t is not None else SAME for t in (scan.by, scan.group))
            taking.append((entry, counted, takes_part, by, of))
    # Who comes besides, or of which group one is, may bear on all; in which order those of a group come, on these.
    besides = [] if found.complete else [either(needs=found.needs, reasons=found.reasons)]
    besides += [of for *_, of in taking if not of.known] if len(taking) > 1 else []
    groups: dict[object, list[tuple[Entry, Possible, Possible, Possible]]] = {}
    for entry, counted, takes_part, by, of in taking:
        groups.setdefault(None if besides or not of.known else identity(of.value), []).append(
            (entry, counted, takes_part, by)
        )
    turns: dict[Entry, Turn] = {}
    for members in groups.values():
        causes = [*besides, *(by for *_, by in members if len(members) > 1 and not by.known)]
        state: Mapping[str, Possible] = _anything(scan, start, causes) if causes else start
        if not causes and len(members) > 1:
            members.sort(key=lambda m: line_key(m[3].value))
        for entry, counted, takes_part, _ in members:
            before = Entry(STATE, "", 0, columns=state)
            inner = around.bind(entry).bind(before)
            made = {c.name: ev.value(c.term, inner) for c in scan.step}
            turns[entry] = Turn(before, made, counted)
            if not causes:
                state = {
                    name: made[name] if takes_part.yes else with_causes(join([value, made[name]]), takes_part)
                    for name, value in state.items()
                }
    return Run(number, around, turns)


def _anything(scan: Scan, start: Mapping[str, Possible], causes: Iterable[Possible]) -> dict[str, Possible]:
    """What a record may find where it is not known who comes before it: anything that may be left, which may be wider
    than the truth."""
    kinds = {c.name: c.term.kind for c in scan.state}
    found = {name: whole(kinds[name]) if scan.free else _some(value, kinds[name]) for name, value in start.items()}
    return {name: replace(with_causes(left, start[name], *causes), hull=True) for name, left in found.items()}


def _some(start: Possible, kind: Kind) -> Possible:
    """What may be there: no record adds to an amount, or goes back in time."""
    low, low_open, high, high_open = ends(start)
    if kind.numeric:
        return interval(Fraction(0), high, False, high_open, has_none(start))
    return interval(low, None, low_open, none=has_none(start))
