"""Lists of records and the aggregates over them, when records, memberships and values may be unknown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import AnyTerm, Const, Input, Item, Over, OverChoices
from policydsl.domain import (
    Need,
    Possible,
    either,
    ends,
    has_none,
    interval,
    join,
    point,
    same,
    whole,
    with_causes,
)
from policydsl.evaluate.scope import Entry, Rows, Scope
from policydsl.kinds import Duration, Exact, Kind, text_key
from policydsl.operators import apply, conjunction, disjunction, equal_exact, negation

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

MOST_CYCLES = 2_000
MOST_SET = 32


# ---------------------------------------------------------------------------------------------- records
def rows(ev: Evaluator, name: str, scope: Scope) -> Rows:
    """The records of a list, conversions included."""
    decl = ev.program.lists[name]
    if decl.conversions and (name, scope.party, scope.day, scope.fixed) not in ev.turning:
        from policydsl.evaluate.folds import turned

        after = turned(ev, name, scope)
        before = base_rows(ev, name, scope)
        if after.certain:
            return replace(before, entries=after.entries)
        cause = after.because
        assert cause is not None
        return Rows(before.entries, False, before.needs | cause.needs, before.reasons | cause.reasons)
    return base_rows(ev, name, scope)


def base_rows(ev: Evaluator, name: str, scope: Scope) -> Rows:
    """The records as they are given, before any conversion."""
    decl = ev.program.lists[name]
    dated = scope.day if decl.source == "cycles" else None
    fixed = scope.fixed if decl.source == "cycles" else ()
    key = (name, scope.party, dated, fixed)
    found = ev.rows_known.get(key)
    if found is None:
        found = _read(ev, name, scope)
        ev.rows_known[key] = found
    return found


def _read(ev: Evaluator, name: str, scope: Scope) -> Rows:
    decl = ev.program.lists[name]
    match decl.source:
        case "sheet":
            given = ev.sheets[scope.party].lists.get(name)
            if given is not None:
                return Rows(tuple(Entry(name, r.key, i, record=r) for i, r in enumerate(given)))
            if decl.default_none:
                return Rows(())
            return Rows((), False, frozenset([Need(name)]), frozenset(["missing"]))
        case "rows":
            entries = tuple(
                Entry(name, _row_key(ev, name, i), i, row=row) for i, row in enumerate(decl.rows)
            )
            if decl.supplied:
                return Rows(entries)
            return Rows(entries, False, frozenset([Need(name, what="parameter")]), frozenset(["parameter"]))
        case "parties":
            members = tuple(Entry(name, s.name, i, party=i) for i, s in enumerate(ev.sheets))
            if ev.population:
                return Rows(members)
            return Rows(members, False, frozenset([Need(name, what="population")]), frozenset(["population"]))
        case "cycles":
            return _cycles(ev, name, scope)


def _row_key(ev: Evaluator, name: str, index: int) -> str:
    decl = ev.program.lists[name]
    position = next((i for i, f in enumerate(decl.fields) if f.name == decl.key), 0)
    cell = decl.rows[index].cells[position]
    return str(cell.value) if isinstance(cell, Const) else str(index + 1)


def _cycles(ev: Evaluator, name: str, scope: Scope) -> Rows:
    """The periods begun by the evaluation date: from an anniversary to the eve of the next, or calendar periods."""
    from policydsl import calendar

    decl = ev.program.lists[name]
    assert decl.cycles is not None
    length = ev.value(decl.cycles.length, scope)
    start = ev.value(decl.cycles.start, scope) if decl.cycles.start is not None else None
    since = ev.value(decl.cycles.since, scope) if decl.cycles.since is not None else None
    until = ev.value(decl.cycles.until, scope) if decl.cycles.until is not None else None
    unknown = [p for p in (length, start, since, until) if p is not None and not p.known]
    if unknown or not isinstance(length.value, Duration):
        causes = with_causes(either(), *unknown)
        return Rows((), False, causes.needs, causes.reasons)
    step = length.value
    today = scope.day.date() if hasattr(scope.day, "date") else scope.day
    if start is not None and start.value is None:
        return Rows(())
    if start is not None:
        origin = start.value
        assert isinstance(origin, date)
    else:
        floor = since.value if since is not None and isinstance(since.value, date) else today
        if step.unit in calendar.DAYS_OF:  # a week begins on Monday
            origin = floor - timedelta(days=floor.weekday() if step.unit == "W" else 0)
        else:
            months = calendar.in_months(step)
            origin = date(floor.year, (floor.month - 1) // months * months + 1 if months <= 12 else 1, 1)
    entries: list[Entry] = []
    first = origin
    end = until.value if until is not None and isinstance(until.value, date) else None
    while first <= today and len(entries) < MOST_CYCLES and (
        end is None or first < end or (first == end and not entries)
    ):
        following = calendar.shift(origin, Duration(step.value * (len(entries) + 1), step.unit))
        last = following - timedelta(days=1)
        entries.append(
            Entry(name, first.isoformat(), len(entries), span=(first, end if end and end <= following else last))
        )
        first = following
    return Rows(tuple(entries))


def members(ev: Evaluator, name: str, scope: Scope) -> Iterator[tuple[Entry, Possible, Scope]]:
    """Each record, whether it counts (仅计), and the scope with it in hand."""
    decl = ev.program.lists[name]
    for entry in rows(ev, name, scope).entries:
        inner = scope.bind(entry)
        counted = ev.test(decl.only, inner.only(entry)) if decl.only is not None else point(True)
        yield entry, counted, inner


def only_keys(ev: Evaluator, term: AnyTerm, name: str) -> bool:
    """Whether a term is a fact declared to be a key of the list (other values were refused with the sheet)."""
    if isinstance(term, Input):
        return ev.program.inputs[term.name].within == name
    if isinstance(term, Item) and term.list in ev.program.lists:
        field = ev.program.lists[term.list].field_of(term.name)
        return field is not None and field.within == name
    return False


def row_with_key(ev: Evaluator, name: str, found: Rows, value: Exact, scope: Scope) -> Entry | None:
    """The record whose key equals the value; exact keys first, then keys that end in ``*`` (by prefix)."""
    decl = ev.program.lists[name]
    column = decl.key or decl.fields[0].name
    prefixed: list[tuple[str, Entry]] = []
    for entry in found.entries:
        key = ev.field(entry, column, scope.bind(entry) if entry.party is None else scope)
        if not key.known:
            continue
        stated = key.value
        if isinstance(stated, str) and stated.endswith("*"):
            prefixed.append((stated[:-1], entry))
        elif equal_exact(stated, value):
            return entry
    if isinstance(value, str):
        wanted = text_key(value)
        fits = [(len(p), e) for p, e in prefixed if wanted.startswith(text_key(p))]
        if fits:
            return max(fits, key=lambda f: f[0])[1]
    return None


# ---------------------------------------------------------------------------------------------- aggregates
@dataclass(frozen=True, slots=True)
class Counted:
    """One record's part in an aggregate: whether it takes part, and its value."""

    takes_part: Possible
    value: Possible


def over(ev: Evaluator, term: Over, scope: Scope) -> Possible:
    """An aggregate over the records that count and satisfy the filter."""
    found = rows(ev, term.list, scope)
    items: list[Counted] = []
    for _, counted, inner in members(ev, term.list, scope):
        if counted.no:
            continue
        takes_part = conjunction([counted, ev.test(term.where, inner)])
        if takes_part.no:
            continue
        value = ev.value(term.value, inner) if term.value is not None else point(True)
        items.append(Counted(takes_part, value))
    kind = term.value.kind if term.value is not None else term.kind
    rest = None
    if not found.complete:
        rest = whole(term.kind, found.needs, found.reasons)
    return aggregate(term.agg, items, kind, term.kind, rest, ev, _never_negative(ev, term.value))


def over_choices(ev: Evaluator, term: OverChoices, scope: Scope) -> Possible:
    """An aggregate over the several values of one choice."""
    chosen = ev.value(term.choices, scope)
    if chosen.values is None:
        return with_causes(whole(term.kind), chosen)
    results = []
    for value in chosen.values:
        if value is None:
            results.append(point(None))
            continue
        each = value if isinstance(value, tuple) else (value,)
        items = [
            Counted(point(True), ev.value(term.value, replace(scope, slots=(*scope.slots, (term.slot, v)))))
            for v in each
        ]
        results.append(aggregate(term.agg, items, term.value.kind, term.kind, None, ev, False))
    return with_causes(join(results), chosen)


def _never_negative(ev: Evaluator, value: AnyTerm | None) -> bool:
    """Whether a field is declared to be at least zero, so that more records can only add."""
    if isinstance(value, Item) and value.list in ev.program.lists:
        field = ev.program.lists[value.list].field_of(value.name)
        return field is not None and any(
            isinstance(b.low, Const) and isinstance(b.low.value, Fraction) and b.low.value >= 0 for b in field.ranges
        )
    return False


def aggregate(
    agg: str, items: Sequence[Counted], kind: Kind, result: Kind, rest: Possible | None, ev: Evaluator,
    never_negative: bool,
) -> Possible:
    """``rest`` stands for records nobody has told of (None: there are none)."""
    causes = [i.takes_part for i in items if not i.takes_part.yes] + ([rest] if rest is not None else [])
    match agg:
        case "count":
            return with_causes(between(*_how_many(items, rest)), *causes)
        case "any":
            parts = [conjunction([i.takes_part, i.value]) for i in items]
            return disjunction([*parts, *([either(rest)] if rest is not None else [])])
        case "all":
            parts = [disjunction([negation(i.takes_part), i.value]) for i in items]
            return conjunction([*parts, *([either(rest)] if rest is not None else [])])
        case "distinct":
            return with_causes(_distinct(items, rest), *causes, *(i.value for i in items))
        case "sum":
            return _sum(items, kind, result, rest, ev, never_negative, causes)
        case "mean":
            return _mean(items, kind, result, rest, ev, causes)
        case _:
            name = {"largest": "max", "latest": "max", "smallest": "min", "earliest": "min"}[agg]
            return _extreme(name, items, kind, rest, ev, causes)


def _how_many(items: Sequence[Counted], rest: Possible | None) -> tuple[int, int | None]:
    sure = sum(1 for i in items if i.takes_part.yes)
    return sure, None if rest is not None else len(items)


def between(low: int, high: int | None) -> Possible:
    """A whole number from low to high."""
    if high is None:
        return Possible(None, Fraction(low))
    if high - low < MOST_SET:
        return Possible(tuple(Fraction(n) for n in range(low, high + 1)))
    return interval(Fraction(low), Fraction(high))


def _distinct(items: Sequence[Counted], rest: Possible | None) -> Possible:
    sure: list[Exact] = []
    seen: list[Exact] = []
    unknown = 0
    some = False
    for i in items:
        if i.value.known:
            value = i.value.value
            if value is None:
                continue
            if i.takes_part.yes and not any(same(value, v) for v in sure):
                sure.append(value)
            if not any(same(value, v) for v in seen):
                seen.append(value)
            some = some or i.takes_part.yes
        else:
            unknown += 1
            some = some or (i.takes_part.yes and not has_none(i.value))
    return between(max(len(sure), int(some)), None if rest is not None else len(seen) + unknown)


def zero(kind: Kind) -> Exact:
    return Duration(Fraction(0), kind.unit or "D") if kind.base == "duration" else Fraction(0)


def _sum(
    items: Sequence[Counted], kind: Kind, result: Kind, rest: Possible | None, ev: Evaluator, never_negative: bool,
    causes: list[Possible],
) -> Possible:
    nothing = point(zero(kind))
    total = nothing
    for i in items:
        value = _without_none(i.value, nothing)
        if not i.takes_part.yes:
            value = with_causes(join([nothing, value]), i.takes_part, i.value)
        total = apply("+", [total, value], [result, kind], result, ev.setting)
    if rest is not None:
        more = replace(rest, values=None, low=zero(kind) if never_negative else None)
        total = apply("+", [total, more], [result, kind], result, ev.setting)
    return with_causes(total, *causes)


def _without_none(value: Possible, instead: Possible) -> Possible:
    """无 is skipped."""
    if value.values is not None:
        if None not in value.values:
            return value
        kept = tuple(v for v in value.values if v is not None)
        return with_causes(join([replace(value, values=kept), instead]), value) if kept else instead
    if value.none:
        return with_causes(join([replace(value, none=False), instead]), value)
    return value


def _stated(items: Sequence[Counted]) -> list[Counted]:
    """无 is skipped: a value that may be 无 may take no part."""
    out = []
    for i in items:
        if i.value.known and i.value.value is None:
            continue
        if not i.value.known and has_none(i.value):
            kept = (
                replace(i.value, none=False) if i.value.values is None
                else replace(i.value, values=tuple(v for v in i.value.values if v is not None))
            )
            if kept.values == ():
                continue
            out.append(Counted(either(i.takes_part, i.value), kept))
        else:
            out.append(i)
    return out


def _mean(
    items: Sequence[Counted], kind: Kind, result: Kind, rest: Possible | None, ev: Evaluator, causes: list[Possible]
) -> Possible:
    stated = _stated(items)
    sure = [i.value for i in stated if i.takes_part.yes]
    maybe = [i.value for i in stated if not i.takes_part.yes]
    if not sure and not maybe and rest is None:
        return whole(result, reasons=["not_computable"], note="empty_list")
    if rest is not None or not sure:
        return with_causes(whole(result), *causes, *sure, *maybe)
    if not maybe:
        total = sure[0]
        for value in sure[1:]:
            total = apply("+", [total, value], [kind, kind], kind, ev.setting)
        return apply("/", [total, point(Fraction(len(sure)))], [kind, Kind("number")], result, ev.setting)
    few = _means(sure, maybe, ev.completions)
    if few is not None:
        return with_causes(join([point(v) for v in few]), *causes, *sure, *maybe)
    low = _mean_end([ends(v)[0] for v in sure], [ends(v)[0] for v in maybe], -1)
    high = _mean_end([ends(v)[2] for v in sure], [ends(v)[2] for v in maybe], 1)
    return with_causes(interval(low, high), *causes, *sure, *maybe)


def _means(sure: Sequence[Possible], maybe: Sequence[Possible], most: int) -> set[Fraction] | None:
    """Every mean that is possible, where there are few values to try; who may take part is tried without as well."""
    tries: list[tuple[Fraction | None, ...]] = []
    total = 1
    for value in (*sure, *maybe):
        numbers = tuple(v for v in value.values or () if isinstance(v, Fraction))
        if value.values is None or len(numbers) < len(value.values):
            return None
        tries.append(numbers if len(tries) < len(sure) else (None, *numbers))
        total *= len(tries[-1])
        if total > most:
            return None
    found = set()
    for one in itertools.product(*tries):
        numbers = tuple(v for v in one if v is not None)
        found.add(sum(numbers, Fraction(0)) / len(numbers))
    return found


def _mean_end(sure: Sequence[Exact], maybe: Sequence[Exact], sign: int) -> Fraction | None:
    """The lowest (sign -1) or highest mean when any of ``maybe`` may join in: join while it moves the mean."""
    numbers = [v for v in sure if isinstance(v, Fraction)]
    others = [v for v in maybe if isinstance(v, Fraction)]
    if len(numbers) < len(sure) or len(others) < len(maybe):
        return None
    total, count = sum(numbers, Fraction(0)), len(numbers)
    for value in sorted(others, reverse=sign > 0):
        if (value - total / count) * sign <= 0:
            break
        total, count = total + value, count + 1
    return total / count


def _extreme(
    name: str, items: Sequence[Counted], kind: Kind, rest: Possible | None, ev: Evaluator, causes: list[Possible]
) -> Possible:
    stated = _stated(items)
    sure = [i.value for i in stated if i.takes_part.yes]
    maybe = [i.value for i in stated if not i.takes_part.yes]
    if not sure:
        if not maybe and rest is None:
            # every record says 无: there is none; no record at all: no value
            return point(None) if items else whole(kind, reasons=["not_computable"], note="empty_list")
        return with_causes(whole(kind), *causes, *maybe)
    best = apply(name, sure, [kind] * len(sure), kind, ev.setting) if len(sure) > 1 else sure[0]
    for value in maybe:
        best = with_causes(join([best, apply(name, [best, value], [kind, kind], kind, ev.setting)]), *causes, value)
    if rest is not None:
        if kind.base == "choice" and kind.options:
            every = whole(kind)
            best = join([best, apply(name, [best, every], [kind, kind], kind, ev.setting)])
        else:
            low, low_open, high, high_open = ends(best)
            best = interval(low, None, low_open) if name == "max" else interval(None, high, False, high_open)
    return with_causes(best, *causes, *sure)
