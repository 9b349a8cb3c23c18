"""Debts: deductions from shared sources in order, payments, and what accrues day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.core import Accrue, Drain
from policydsl.domain import Possible, either, ends, has_none, interval, join, point, with_causes
from policydsl.evaluate import lists
from policydsl.evaluate.scope import Entry, Scope
from policydsl.kinds import Duration, Exact
from policydsl.operators import conjunction

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator


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
        if which and position and not all(p.known for p in (*sources, *(d for _, d in debts[: position + 1]))):
            # a debt before this one may leave it more of this source, or less: no end of the others is the worst
            low, most = Fraction(0), [_end(debts[position][1], 1), _end(sources[which], 1)]
            high = min((m for m in most if m is not None), default=None)
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

