"""Folds over dated records: conversions, ordinals, ranks, deductions from shared sources, daily accrual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import Accrue, Completes, Conversion, Converted, Drain, Ordinal, Rank
from policydsl.domain import (
    NO,
    YES,
    Possible,
    before,
    either,
    ends,
    interval,
    join,
    point,
    truth,
    with_causes,
)
from policydsl.evaluate import lists
from policydsl.evaluate.scope import Entry, Scope, Turned
from policydsl.facts import Record
from policydsl.kinds import Duration, Exact
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


# ---------------------------------------------------------------------------------------------- deductions
def drain(ev: Evaluator, term: Drain, scope: Scope) -> Possible:
    """What a debt leaves after the sources, or what one source gives; the answer moves one way with every debt and
    every source, so its bounds are reached at theirs."""
    sources = [ev.value(s, scope.only(None)) for s in term.sources]
    mine: Entry | None = None
    debts: list[tuple[Entry | None, Possible]] = []
    causes = list(sources)
    if term.list is None:
        debts = [(None, ev.value(term.debt, scope))]
    else:
        mine = scope.record_of(term.list)
        found = lists.rows(ev, term.list, scope)
        if not found.complete:  # records nobody has told of may have drawn on the sources before
            causes.append(either(needs=found.needs, reasons=found.reasons))
            sources = [join([point(Fraction(0)), s]) for s in sources]
        ordered: list[tuple[object, int, Entry, Possible]] = []
        loose = False
        for position, (entry, counted, _) in enumerate(lists.members(ev, term.list, replace(scope, at=()))):
            at = scope.only(entry)
            takes_part = conjunction([counted, ev.test(term.where, at)])
            if takes_part.no and entry is not mine:
                continue
            debt = ev.value(term.debt, at)
            if not takes_part.yes:
                debt = with_causes(join([point(Fraction(0)), debt]), takes_part, debt)
            day = ev.value(term.by, at) if term.by is not None else point(Fraction(position))
            zero = debt.known and debt.value == 0
            if not day.known and not zero:
                loose = True
                causes.append(day)
            ordered.append((day.value if day.known else date.max, position, entry, debt))
        if loose and len(ordered) > 1:
            own = next(d for _, _, e, d in ordered if e is mine)
            _, _, high, _ = ends(own)
            return with_causes(interval(Fraction(0), high), *causes, own)
        ordered.sort(key=lambda o: (_sortable(o[0]), o[1]))
        debts = [(e, d) for _, _, e, d in ordered]
    position = next(i for i, (e, _) in enumerate(debts) if e is mine)
    causes += [d for _, d in debts[: position + 1]]
    if term.part == "rest":
        low = _serve(debts[: position + 1], sources, (0,) * (position + 1), (1,) * len(sources))[1]
        high = _serve(debts[: position + 1], sources, (1,) * (position + 1), (0,) * len(sources))[1]
    else:
        which = int(term.part.partition(":")[2])
        less = tuple(1 if n < which else 0 for n in range(len(sources)))
        more = tuple(0 if n < which else 1 for n in range(len(sources)))
        low = _serve(debts[: position + 1], sources, (*(1,) * position, 0), less)[0][which]
        high = _serve(debts[: position + 1], sources, (*(0,) * position, 1), more)[0][which]
    return with_causes(interval(low, high), *causes)


def _sortable(value: object) -> tuple[date, Fraction]:
    if isinstance(value, datetime):
        return value.date(), Fraction(value.hour * 3600 + value.minute * 60 + value.second)
    if isinstance(value, date):
        return value, Fraction(0)
    return date.max, value if isinstance(value, Fraction) else Fraction(0)


def _serve(
    debts: Sequence[tuple[Entry | None, Possible]], sources: Sequence[Possible], debt_side: Sequence[int],
    source_side: Sequence[int],
) -> tuple[list[Fraction | None], Fraction | None]:
    """Serve the debts in order (side 0: the low end, 1: the high end); what each source gives the last debt, and what
    is left of it. None is without limit."""
    balances = [_end(s, side) for s, side in zip(sources, source_side, strict=True)]
    takes: list[Fraction | None] = []
    rest: Fraction | None = Fraction(0)
    for (_, debt), side in zip(debts, debt_side, strict=True):
        rest = _end(debt, side)
        takes = []
        for i, balance in enumerate(balances):
            take = rest if balance is None else balance if rest is None else min(rest, balance)
            takes.append(take)
            if take is None:
                rest = Fraction(0)
                continue
            balances[i] = None if balance is None else balance - take
            rest = None if rest is None else rest - take
            if balance is None:
                rest = Fraction(0)
    return takes, rest


def _end(value: Possible, side: int) -> Fraction | None:
    """The low end (never below zero) or the high end of an amount; None is without limit."""
    low, _, high, _ = ends(value)
    if value.known and value.value is None:
        return Fraction(0)
    end = high if side else low
    if isinstance(end, Fraction):
        return max(end, Fraction(0))
    return None if side else Fraction(0)


# ---------------------------------------------------------------------------------------------- accrual
Payment = tuple[Fraction | None, date]


def accrue(ev: Evaluator, term: Accrue, scope: Scope) -> Possible:
    """What is unpaid, for how many days, and at what late fee, on the evaluation date."""
    debt, due = ev.value(term.debt, scope), ev.value(term.due, scope)
    rate = ev.value(term.rate, scope) if term.rate is not None else point(Fraction(0))
    today = scope.day.date() if isinstance(scope.day, datetime) else scope.day
    few, many, causes = _payments(ev, term, scope, today)
    causes = [debt, due, rate, *causes]
    nothing = lists.zero(term.kind)
    if due.known and due.value is None and term.part != "unpaid":
        return point(nothing)
    due_low, _, due_high, _ = ends(due)
    rate_low, _, rate_high, _ = ends(rate)
    least = _charge(_end(debt, 0), due_high, rate_low, many, today, term.part)
    most = _charge(_end(debt, 1), due_low, rate_high, few, today, term.part)
    if term.part == "days_late":
        return with_causes(interval(_days(least) or nothing, _days(most)), *causes)
    return with_causes(interval(least if least is not None else nothing, most), *causes)


def _days(count: Fraction | None) -> Duration | None:
    return None if count is None else Duration(count, "D")


def _payments(
    ev: Evaluator, term: Accrue, scope: Scope, today: date
) -> tuple[list[Payment], list[Payment], list[Possible]]:
    """The fewest and the most payments that the ledger allows for."""
    if term.paid is None:
        return [], [], []
    causes: list[Possible] = []
    few: list[Payment] = []
    many: list[Payment] = []
    if term.list is None or term.by is None:
        return _paid_at_once(ev, term, scope)
    found = lists.rows(ev, term.list, scope)
    for _, counted, inner in lists.members(ev, term.list, scope):
        takes_part = conjunction([counted, ev.test(term.where, inner)])
        if takes_part.no:
            continue
        amount, day = ev.value(term.paid, inner), ev.value(term.by, inner)
        causes += [takes_part, amount, day]
        day_low, _, day_high, _ = ends(day)
        if takes_part.yes and isinstance(day_high, date):
            few.append((_end(amount, 0), _plain(day_high)))
        many.append((_end(amount, 1), _plain(day_low) if isinstance(day_low, date) else date.min))
    if not found.complete:
        many.append((None, date.min))
        causes.append(either(needs=found.needs, reasons=found.reasons))
    return few, many, causes


def _paid_at_once(
    ev: Evaluator, term: Accrue, scope: Scope
) -> tuple[list[Payment], list[Payment], list[Possible]]:
    """One payment of the whole debt, on one day (无: not paid)."""
    assert term.paid is not None and term.by is not None
    amount, day = ev.value(term.paid, scope), ev.value(term.by, scope)
    if day.known and day.value is None:
        return [], [], []
    low, _, high, _ = ends(day)
    surely = isinstance(high, date) and not has_none(day)
    few: list[Payment] = [(_end(amount, 0), _plain(high))] if surely and isinstance(high, date) else []
    return few, [(_end(amount, 1), _plain(low) if isinstance(low, date) else date.min)], [amount, day]


def _plain(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day


def _charge(
    debt: Fraction | None, due: Exact, rate: Exact, payments: Sequence[Payment], today: date, part: str
) -> Fraction | None:
    """One exact course of payments. A payment reduces the balance from the next day; the day itself is charged."""
    if debt is None:
        return None
    by_day: dict[date, Fraction] = {}
    endless: date | None = None
    for amount, day in payments:
        if amount is None:
            endless = day if endless is None else min(endless, day)
        elif day <= today:
            by_day[day] = by_day.get(day, Fraction(0)) + amount

    def paid_before(day: date) -> Fraction | None:
        if endless is not None and endless < day:
            return None
        return sum((a for d, a in by_day.items() if d < day), Fraction(0))

    def balance(day: date) -> Fraction:
        paid = paid_before(day)
        return Fraction(0) if paid is None else max(Fraction(0), debt - paid)

    if part == "unpaid":
        return balance(today + timedelta(days=1))
    if not isinstance(due, date):
        return None if due is None else Fraction(0)
    first = _plain(due) + timedelta(days=1)
    if today < first:
        return Fraction(0)
    # The balance changes only on the day after a payment: charge each stretch at once.
    paid = [*by_day, *([] if endless is None else [endless])]
    changes = sorted({d + timedelta(days=1) for d in paid if first <= d < today} | {first})
    fee, days = Fraction(0), 0
    for here, following in zip(changes, [*changes[1:], today + timedelta(days=1)], strict=True):
        owed = balance(here)
        if owed > 0:
            days += (following - here).days
            fee += owed * (following - here).days * (rate if isinstance(rate, Fraction) else Fraction(0))
    return Fraction(days) if part == "days_late" else fee

