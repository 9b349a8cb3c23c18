"""Running columns: the records of a list one after the other, each with what the ones before have left."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import POPULATION, STATE, ListDecl
from policydsl.domain import (
    Possible, either, ends, has_none, identity, interval, join, line_key, point, whole, with_causes,
)
from policydsl.evaluate import lists
from policydsl.evaluate.index import narrowed
from policydsl.evaluate.scope import Entry, Scope
from policydsl.kinds import Kind
from policydsl.members import dataclass
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
    """A scan of a list: the turns of the records that take part, or may, in order. ``loose``: the order, or the list,
    is not known, so that each finds anything that may be left."""

    number: int
    around: Scope
    turns: Mapping[Entry, Turn]
    loose: bool


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
    """The scan that gives a record a column; it sees the records that are in hand around its list."""
    decl = _of(ev, entry)
    number = next(i for i, s in enumerate(decl.scans) if any(c.name == name for c in s.step))
    around = scope.among(scope.at[: scope.at.index(entry)] if entry.list else ev.parties[:1])
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
    unknown = [p for t in taking for p in t[3:] if not p.known] if len(taking) > 1 else []
    loose = bool(unknown) or not found.complete
    if loose:  # in which order they come is not known, or not who comes besides: anything may be left for each
        causes = [*unknown, *([] if found.complete else [either(needs=found.needs, reasons=found.reasons)])]
        kinds = {c.name: c.term.kind for c in scan.state}
        start = {
            name: with_causes(whole(kinds[name]) if scan.free else _some(value, kinds[name]), value, *causes)
            for name, value in start.items()
        }
    elif len(taking) > 1:
        taking.sort(key=lambda t: line_key(t[3].value))
    turns: dict[Entry, Turn] = {}
    states: dict[object, Mapping[str, Possible]] = {}
    for entry, counted, takes_part, _, among in taking:
        group = None if loose else identity(among.value)
        state = states.get(group, start)
        before = Entry(STATE, "", 0, columns=state)
        inner = around.bind(entry).bind(before)
        made = {c.name: ev.value(c.term, inner) for c in scan.step}
        turns[entry] = Turn(before, made, counted)
        if not loose:
            states[group] = {
                name: made[name] if takes_part.yes else with_causes(join([value, made[name]]), takes_part)
                for name, value in state.items()
            }
    return Run(number, around, turns, loose)


def _some(start: Possible, kind: Kind) -> Possible:
    """What may be there: no record adds to an amount, or goes back in time."""
    low, low_open, high, high_open = ends(start)
    if kind.numeric:
        return interval(Fraction(0), high, False, high_open, has_none(start))
    return interval(low, None, low_open, none=has_none(start))
