"""The records of a list as they are given, and the one with a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from policydsl import calendar
from policydsl.calendar import CannotCompute
from policydsl.core import MEMBER, AnyTerm, Const, Find, ListDecl, Read
from policydsl.domain import Need, Possible, ahead, either, has_none, identity, lets, point, with_causes
from policydsl.evaluate.scope import Entry, Rows, Scope
from policydsl.facts import Record
from policydsl.kinds import Duration, Exact, Kind, Period, text_key
from policydsl.members import dataclass, replace
from policydsl.operators import equal_exact
from policydsl.walk import declared

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator


def base_rows(ev: Evaluator, name: str, scope: Scope) -> Rows:
    """The records as they are given, before any conversion."""
    decl = ev.program.lists[name]
    if decl.source == "members":
        return _members_of(ev, decl, scope)
    dated = scope.day if decl.source == "cycles" or decl.happens is not None else None
    fixed = scope.fixed if decl.source == "cycles" else ()
    key = (name, scope.party, dated, scope.judged, fixed)
    found = ev.rows_known.get(key)
    if found is None:
        found = ev.rows_known[key] = _read(ev, decl, scope)
    return found


def _read(ev: Evaluator, decl: ListDecl, scope: Scope) -> Rows:
    name = decl.name
    match decl.source:
        case "sheet":
            given = ev.sheets[scope.party].lists.get(name)
            if given is not None:
                return _begun(decl, _of_sheet(ev, decl, given, scope.party), scope.day)
            if decl.default_none:
                return Rows(())
            need = Need(name, party="" if decl.shared else ev.whose(scope))
            return Rows((), False, frozenset([need]), frozenset(["missing"]))
        case "rows":
            entries = tuple(Entry(name, _row_key(ev, name, i), i, row=row) for i, row in enumerate(decl.rows))
            if decl.supplied:
                return Rows(entries)
            return Rows(entries, False, frozenset([Need(name, what="parameter")]), frozenset(["parameter"]))
        case "parties":
            if ev.population:
                return Rows(ev.parties)
            return Rows(ev.parties, False, frozenset([Need(name, what="population")]), frozenset(["population"]))
        case _:
            return _cycles(ev, name, scope)


def _members_of(ev: Evaluator, decl: ListDecl, scope: Scope) -> Rows:
    """The values of a several-valued choice; 无 has none."""
    assert decl.members is not None
    chosen = ev.value(decl.members, scope)
    if not chosen.known:
        return Rows((), False, chosen.needs, chosen.reasons)
    return Rows(each_value(decl.name, chosen.value))


def each_value(name: str, chosen: Exact) -> tuple[Entry, ...]:
    values = chosen if isinstance(chosen, tuple) else () if chosen is None else (chosen,)
    return tuple(Entry(name, str(v), i, columns={MEMBER: point(v)}) for i, v in enumerate(values))


def _of_sheet(ev: Evaluator, decl: ListDecl, given: tuple[Record, ...], party: int) -> Rows:
    """The records of a ledger. Those of a shared one are the same for all parties; of another each has its own, also
    where several are given the same: what is missing of one is not what is missing of the other."""
    key = (decl.name, id(given) if decl.shared else party)
    found = ev.ledgers.get(key)
    if found is None:
        entries = tuple(Entry(decl.name, r.key, i, record=r) for i, r in enumerate(given))
        found = ev.ledgers[key] = Rows(entries)
    return found


def _begun(decl: ListDecl, rows: Rows, day: date) -> Rows:
    """The records that are there on a day: those to come are set aside, and the others keep their places."""
    if decl.happens is None:
        return rows
    name = decl.happens
    there = tuple(e for e in rows.entries if e.record is None or not ahead(e.record.values.get(name), day))
    gone = len(rows.entries) - len(there)
    return replace(rows, entries=there, aside=gone) if gone else rows


def _row_key(ev: Evaluator, name: str, index: int) -> str:
    decl = ev.program.lists[name]
    position = next((i for i, f in enumerate(decl.fields) if f.name == decl.key), 0)
    row = decl.rows[index]
    cell = row.cells[position]
    if isinstance(cell, Const) and isinstance(cell.value, bool | Duration | Period):
        return row.words or str(index + 1)
    return str(cell.value) if isinstance(cell, Const) else str(index + 1)


def _cycles(ev: Evaluator, name: str, scope: Scope) -> Rows:
    """The periods begun by the evaluation date: from an anniversary to the eve of the next, or calendar periods. What
    has no beginning has no periods."""
    decl = ev.program.lists[name]
    assert decl.cycles is not None
    length = ev.value(decl.cycles.length, scope)
    start = ev.value(decl.cycles.start, scope) if decl.cycles.start is not None else None
    since = ev.value(decl.cycles.since, scope) if decl.cycles.since is not None else None
    until = ev.value(decl.cycles.until, scope) if decl.cycles.until is not None else None
    unknown = [p for p in (length, start, since, until) if p is not None and not p.known]
    if unknown or not isinstance(length.value, Duration):
        causes = with_causes(either(), *unknown)
        return Rows((), False, causes.needs, causes.reasons or frozenset(["not_computable"]))  # periods of no length
    if any(p is not None and p.value is None for p in (start, since if decl.cycles.clipped else None)):
        return Rows(())
    days = (p.value if p is not None and isinstance(p.value, date) else None for p in (start, since, until))
    first, floor, last = days
    try:
        periods = calendar.periods(
            length.value, first, floor, last, scope.day, decl.cycles.clipped, decl.cycles.back, ev.setting.month_end
        )
    except CannotCompute:
        return Rows((), False, reasons=frozenset(["not_computable"]))
    entries = list[Entry]()
    for i, days_of in enumerate(periods):  # one record whatever is supposed, and on whatever day it is asked for
        key = (name, scope.owner, i, days_of)
        if key not in ev.derived:
            columns = {f.name: point(d) for f, d in zip(decl.fields, days_of, strict=False)}
            ev.derived[key] = Entry(name, str(days_of[0]), i, columns=columns)
        entries.append(ev.derived[key])
    return Rows(tuple(entries))


def only_keys(ev: Evaluator, term: AnyTerm, name: str) -> bool:
    """Whether a term is a fact declared to be a key of the list (other values were refused with the sheet)."""
    if not isinstance(term, Read):
        return False
    field = declared(ev.program, term)
    return field is not None and field.within == name


def allowed(ev: Evaluator, name: str, part: Possible, kind: Kind, scope: Scope) -> bool:
    """Whether a fact that is declared to be a key of a list may lie in a part of what is possible: where all keys are
    known there is one in it (sheets with other values are refused)."""
    found = base_rows(ev, name, scope)
    keys = [key_of(ev, entry, scope) for entry in found.entries]
    if part.values is not None or not found.complete or found.aside or not all(key.known for key in keys):
        return True
    return any(_begins_or_lies_in(part, key.value, kind) for key in keys)


def _begins_or_lies_in(part: Possible, key: Exact, kind: Kind) -> bool:
    if isinstance(key, str) and key.endswith("*"):
        return part.texts is None or part.texts.begin(text_key(key[:-1])) is not False
    return key is None or _lies_in(part, key, kind)


@dataclass(frozen=True, slots=True)
class Keys:
    """The records of a list by their keys, each with its place: those stated whole, and those that end in ``*``, the
    longest first; and those of which the key is not known, in their order."""

    exact: Mapping[object, tuple[int, Entry]]
    prefixes: Sequence[tuple[str, Entry]]
    unknown: Sequence[tuple[int, Entry, Possible]]


def with_key(ev: Evaluator, name: str, found: Rows, value: Exact, scope: Scope) -> list[Entry | None]:
    """The records that the look-up of a value may come to: the first whose key equals it, else the one whose key (it
    ends in ``*``) is its longest beginning, else None; and those of which the key is not known, if none before has it.
    """
    keys = keys_of(ev, name, found, scope)
    place, entry = len(found.entries), None
    if keys is None:
        every = [(i, e, key_of(ev, e, scope)) for i, e in enumerate(found.entries)]
        place, entry = next(
            ((i, e) for i, e, k in every if k.known and equal_exact(k.value, value)), (place, None)
        )
        unknown: Sequence[tuple[int, Entry, Possible]] = [(i, e, k) for i, e, k in every if not k.known]
    else:
        unknown = keys.unknown
        if identity(value) in keys.exact:
            place, entry = keys.exact[identity(value)]
        elif isinstance(value, str):
            wanted = text_key(value)
            entry = next((e for prefix, e in keys.prefixes if wanted.startswith(prefix)), None)
    return [*(e for i, e, key in unknown if i < place and _may_be(key, value)), entry]


def of_cell(ev: Evaluator, term: Find, found: Rows, key: Possible, scope: Scope) -> list[Entry | None]:
    """The records that a look-up may come to of which the key is supposed to be one of many values."""
    out: list[Entry | None] = []
    beginnings: list[tuple[str, Entry]] = []
    for entry in found.entries:
        own = key_of(ev, entry, scope)
        if own.known and isinstance(own.value, str) and own.value.endswith("*"):
            beginnings.append((text_key(own.value[:-1]), entry))
        elif not own.known or _lies_in(key, own.value, term.key.kind):
            out.append(entry)
    for so, entry in sorted(beginnings, key=lambda b: -len(b[0])):
        begin = None if key.texts is None else key.texts.begin(so)
        if begin is not False:
            out.append(entry)
        if begin:
            return out
    closed = out and not key.none and only_keys(ev, term.key, term.list)
    return out if closed else [*out, None]


def _lies_in(key: Possible, value: Exact, kind: Kind) -> bool:
    """Whether one of many values may be another; an instant is also the day on which it lies."""
    if value is None:
        return has_none(key)
    return kind.base == "instant" or isinstance(value, datetime) or lets(key, value)


def _may_be(key: Possible, value: Exact) -> bool:
    """Whether a key that is not known may be the value; a text may turn out to be the beginning of others."""
    return key.values is None or any(equal_exact(k, value) or str(k).endswith("*") for k in key.values)


def keys_of(ev: Evaluator, name: str, found: Rows, scope: Scope) -> Keys | None:
    """The index of a list; None for instants, which equal the date of their day. Of a ledger that states all its keys
    it is the same for all who share the ledger."""
    known = ev.keys.get(name)
    if known is None or known[0] is not found.entries:
        column = key_column(ev, name)
        stated = all(e.record is not None and column in e.record.values for e in found.entries)
        known = ev.keys[name] = (found.entries, stated, _indexed(ev, found, scope) if stated else None)
    if known[1]:
        return known[2]
    key = (name, len(found.entries), scope.only())
    if key not in ev.party_keys:
        ev.party_keys[key] = _indexed(ev, found, scope)
    return ev.party_keys[key]


def _indexed(ev: Evaluator, found: Rows, scope: Scope) -> Keys | None:
    exact: dict[object, tuple[int, Entry]] = {}
    prefixes: list[tuple[str, Entry]] = []
    unknown: list[tuple[int, Entry, Possible]] = []
    for place, entry in enumerate(found.entries):
        key = key_of(ev, entry, scope)
        stated = key.value if key.known else None
        if isinstance(stated, datetime):
            return None
        if not key.known:
            unknown.append((place, entry, key))
        elif isinstance(stated, str) and stated.endswith("*"):
            prefixes.append((text_key(stated[:-1]), entry))
        else:
            exact.setdefault(identity(stated), (place, entry))
    return Keys(exact, sorted(prefixes, key=lambda p: -len(p[0])), unknown)


def key_column(ev: Evaluator, name: str) -> str:
    decl = ev.program.lists[name]
    return decl.key or decl.fields[0].name


def key_of(ev: Evaluator, entry: Entry, scope: Scope) -> Possible:
    """The key of a record."""
    return ev.field(entry, key_column(ev, entry.list), scope.bind(entry))
