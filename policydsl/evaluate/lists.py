"""Lists of records and the aggregates over them, when records, memberships and values may be unknown."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import AnyTerm, Const, Find, Over, Read
from policydsl.domain import (
    YES,
    Possible,
    either,
    ends,
    has_none,
    identity,
    interval,
    join,
    point,
    same,
    truth,
    whole,
    with_causes,
)
from policydsl.evaluate import convert, sweep
from policydsl.evaluate.index import narrowed
from policydsl.evaluate.records import base_rows, each_value
from policydsl.evaluate.scope import Entry, Rows, Scope, Turned
from policydsl.kinds import NUMBER, Exact, Kind
from policydsl.members import dataclass, replace
from policydsl.operators import apply, conjunction, disjunction, negation, zero
from policydsl.reads import TURNED
from policydsl.walk import declared

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

MOST_SET = 32
EXTREMES = {"largest": "max", "latest": "max", "smallest": "min", "earliest": "min"}


# ---------------------------------------------------------------------------------------------- records
def rows(ev: Evaluator, name: str, scope: Scope) -> Rows:
    """The records of a list, conversions included."""
    before = base_rows(ev, name, scope)
    after = convert.turned(ev, name, scope)
    if after is None:
        return before
    if after.certain:
        return replace(before, entries=after.entries)
    cause = after.because
    assert cause is not None
    needs, reasons = before.needs | cause.needs, before.reasons | cause.reasons
    return replace(before, complete=False, needs=needs, reasons=reasons)


def counting(ev: Evaluator, name: str, entry: Entry, scope: Scope) -> tuple[Scope, Possible]:
    """The scope with a record in hand, and whether the record counts (仅计); remembered, since every result and
    aggregate of the list asks it of every record."""
    inner, only = scope.bind(entry), ev.program.lists[name].only
    if only is None:
        return inner, YES
    alone = inner.only(entry)
    key = ("counts", name, alone)
    found = ev.known.get(key)
    if found is None:
        found = ev.known[key] = ev.test(only, alone)
    return inner, found


def members(ev: Evaluator, name: str, scope: Scope) -> Iterator[tuple[Entry, Possible, Scope]]:
    """Each record, whether it counts (仅计), and the scope with it in hand."""
    for entry in rows(ev, name, scope).entries:
        inner, counted = counting(ev, name, entry, scope)
        yield entry, counted, inner


# ---------------------------------------------------------------------------------------------- aggregates
@dataclass(frozen=True, slots=True)
class Counted:
    """One record's part in an aggregate: whether it takes part, and its value."""

    takes_part: Possible
    value: Possible


def over(ev: Evaluator, term: Over, scope: Scope) -> Possible:
    """An aggregate over the records that count and satisfy the filter."""
    decl = ev.program.lists[term.list]
    if decl.members is not None and (chosen := ev.value(decl.members, scope)).values is not None:
        return _over_members(ev, term, chosen, scope)
    found = rows(ev, term.list, scope)
    if term.agg == "sum" and term.kind.numeric or term.value is None and term.agg in ("count", "any"):
        number = sweep.count(ev, term, found, scope)
        if number is not None:
            return truth(number > 0) if term.agg == "any" else point(Fraction(number))
    items = [*_taking_part(ev, term, narrowed(ev, term.list, term.where, found.entries, scope), scope)]
    rest = None
    if not found.complete:
        none = term.agg in EXTREMES and may_lack(ev, term, scope)
        rest = whole(term.kind, found.needs, found.reasons, none=none)
        state = convert.turned(ev, term.list, scope)
        if term.agg == "count" and state is not None and state.phantoms and base_rows(ev, term.list, scope).complete:
            rest = None  # what conversions may add is known by number
            items += _phantoms(ev, term, state, scope)
    kind = term.value.kind if term.value is not None else term.kind
    return aggregate(term.agg, items, kind, term.kind, rest, ev, _never_negative(ev, term.value))


def _taking_part(ev: Evaluator, term: Over, entries: Iterable[Entry], scope: Scope) -> Iterator[Counted]:
    """The records that take part, or may, each with its value."""
    for entry in entries:
        inner, counted = counting(ev, term.list, entry, scope)
        if counted.no:
            continue
        takes_part = conjunction([counted, ev.test(term.where, inner)])
        if not takes_part.no:
            yield Counted(takes_part, ev.value(term.value, inner) if term.value is not None else YES)


def _phantoms(ev: Evaluator, term: Over, state: Turned, scope: Scope) -> Iterator[Counted]:
    """The records that conversions may add. What they would say is not asked for: the facts they wait for are."""
    maybe = either(*([state.because] if state.because is not None else []))
    for phantom, most in state.phantoms:
        for _ in _taking_part(ev, term, [phantom], scope):
            yield from [Counted(maybe, YES)] * most


def may_lack(ev: Evaluator, term: Over | Find, scope: Scope) -> bool:
    """Whether the value at a record that nobody has told of may be 无."""
    decl = ev.program.lists[term.list]
    if term.value is None or decl.source == "parties":
        return term.value is not None
    columns = {field.name: whole(field.kind, none=field.optional) for field in decl.fields}
    columns |= {name: whole(NUMBER, none=True) for name in TURNED}
    return has_none(ev.value(term.value, scope.bind(Entry(decl.name, "", 0, columns=columns))))


def _over_members(ev: Evaluator, term: Over, chosen: Possible, scope: Scope) -> Possible:
    """An aggregate over the several values of a choice, whichever of the possible choices was made."""
    kind = term.value.kind if term.value is not None else term.kind
    results = [
        aggregate(
            term.agg, [*_taking_part(ev, term, each_value(term.list, value), scope)], kind, term.kind, None, ev, False,
        )
        for value in chosen.values or ()
    ]
    return with_causes(join(results), chosen)


def _never_negative(ev: Evaluator, value: AnyTerm | None) -> bool:
    """Whether a field is declared to be at least zero, so that more records can only add."""
    if isinstance(value, Read) and value.list:
        field = declared(ev.program, value)
        return field is not None and any(
            isinstance(b.low, Const) and isinstance(b.low.value, Fraction) and b.low.value >= 0 for b in field.ranges
        )
    return False


def aggregate(
    agg: str, items: Sequence[Counted], kind: Kind, result: Kind, rest: Possible | None, ev: Evaluator,
    never_negative: bool,
) -> Possible:
    """``rest`` stands for records nobody has told of (None: there are none). It is in conflict only where all that is
    open about the records is."""
    made = _aggregated(agg, items, kind, result, rest, ev, never_negative)
    if made.known or agg in ("any", "all"):
        return made
    open_ = [p for i in items for p in (i.takes_part, i.value) if not p.known] + ([rest] if rest is not None else [])
    conflict = bool(open_) and all(p.conflict for p in open_)
    return made if made.conflict == conflict else replace(made, conflict=conflict)


def _aggregated(
    agg: str, items: Sequence[Counted], kind: Kind, result: Kind, rest: Possible | None, ev: Evaluator,
    never_negative: bool,
) -> Possible:
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
        case "values":
            return _values(items, rest, causes)
        case "mean":
            return _mean(items, kind, result, rest, ev, causes)
        case _:
            kind = result if result.base == "choice" else kind  # the order is that of the aggregate
            return _extreme(EXTREMES[agg], items, kind, rest, ev, causes)


def _values(items: Sequence[Counted], rest: Possible | None, causes: list[Possible]) -> Possible:
    """The value of all that take part; where none is sure to be there, there may be none."""
    some = [] if any(i.takes_part.yes for i in items) else [point(None)]
    more = [] if rest is None else [rest, point(None)]
    return with_causes(join([*(i.value for i in items), *some, *more]), *causes)


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
    stated = [i for i in items if not (i.value.known and i.value.value is None)]
    known = [i for i in stated if i.value.known]
    sure = _different([i.value.value for i in known if i.takes_part.yes])
    some = any(i.takes_part.yes and not has_none(i.value) for i in stated)
    most = _different([i.value.value for i in known]) + len(stated) - len(known)
    return between(max(sure, int(some)), None if rest is not None else most)


def _different(values: Sequence[Exact]) -> int:
    """How many different values there are."""
    if not any(isinstance(v, datetime) for v in values):
        return len({identity(v) for v in values})
    seen: list[Exact] = []  # an instant is the date of its day, too
    for value in values:
        if not any(same(value, v) for v in seen):
            seen.append(value)
    return len(seen)


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
    causes = [*causes, *(i.takes_part for i in stated)]  # whether a value is 无 decides whether it counts
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
    causes = [*causes, *(i.takes_part for i in stated)]  # whether a value is 无 decides whether it counts
    sure = [i.value for i in stated if i.takes_part.yes]
    maybe = [i.value for i in stated if not i.takes_part.yes]
    if not sure:
        if any(i.takes_part.yes for i in items) and not maybe and rest is None:
            return point(None)  # every record says 无
        nothing = [] if maybe or rest is not None else ["not_computable"]  # there is no record, or at most such a one
        none = any(has_none(p) for p in (*(i.value for i in items), *([rest] if rest is not None else [])))
        notes = "empty_list" if nothing else ""
        return with_causes(whole(kind, reasons=nothing, note=notes, none=none), *causes, *maybe)
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
