"""Blocks about time and debts: deadlines, tallies, deductions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import cast

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import DATE, MONEY, TEXT, YESNO, Choice, Kind
from policydsl.lower import folds
from policydsl.lower import kinds as rules
from policydsl.lower import slots
from policydsl.lower.build import any_of, apply, both, choose, const, no, nothing, owner, read, timed, today, until_now
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.context import Where
from policydsl.lower.done import done_in, done_term, given, graced, happened, last_day, lateness
from policydsl.lower.lines import name_of
from policydsl.lower.periods import FIRST, LAST, NAMED, add_periods
from policydsl.members import dataclass
from policydsl.say import say, word
from policydsl.text.fold import name_key
from policydsl.walk import every
from policydsl.within import within

# The states of what was done by the last day, and of what was not, by what a deadline is: a duty that one keeps or is
# late with, a right that one uses or loses, a validity that ends.
ENDS = {"duty": ("met", "late"), "right": ("used", "lapsed"), "validity": ("ended", "ended")}


def state_of(*ends: str) -> Kind:
    """The states that a deadline can be in."""
    return Kind("choice", choice=Choice("@state", ("waiting", "running", *dict.fromkeys(ends))))


def deadline(cl: Clauses, head: Head) -> None:
    """期限: a due day, whether it was kept, what follows when it was not."""
    cycle = head.lines.one(n.Cycle)
    if cycle is not None:
        recurring(cl, head, cycle)
        return
    clause, lines, where = head.clause, head.lines, head.where
    asked = clause.formula is not None or any(lines.all(kind) for kind in (n.When, n.Unless, n.Items))
    runs = cl.conditions(head, clause.formula) if asked else None
    start: c.AnyTerm = nothing(DATE)
    same_day = False
    due_line, begins, lasts = lines.field("due"), lines.one(n.StartLine), lines.one(n.LengthLine)
    if begins is not None:
        start = cl.expr.day(begins.start, where)
        same_day = begins.same_day
        if isinstance(begins.start, n.Name) and isinstance(start, c.Apply) and start.op == "first_day":
            at = begins.start.span
            fix = word("last_day_of", "period", cl.low.file.dialect, period=begins.start.text)
            cl.low.problem("POL343", at, severity="warning", fix=fix, read=cl.low.text(at))
    if due_line is not None:
        due = cl.expr.day(due_line.value, where, last=True)
    elif begins is not None and lasts is not None:
        length = cl.expr.length(lasts.length, where)
        due = apply(
            "last_counting_first" if same_day else "shift", start, length, kind=start.kind, at=clause.name_span
        )
    else:
        cl.low.problem("POL402", clause.name_span, read=clause.name, line="start")
        due = nothing(DATE)
    if lines.one(n.DoneLine) is not None:
        due = last_day(cl, due, clause.name_span)
    if runs is not None:
        due = choose([(runs, due)], nothing(due.kind), due.kind, clause.name_span)
        start = choose([(runs, start)], nothing(start.kind), start.kind, clause.name_span)
    cl.define(clause.name, "start", cl.gated(head, start), head)
    due_use = cl.define(clause.name, "value", cl.gated(head, due), head)
    finish_deadline(cl, head, due_use, done_term(cl, head))


@dataclass(frozen=True, slots=True)
class Timely:
    """What has a last day: whether it is late, in which state it is, and what else is told of that."""

    state: c.Use
    overdue: c.Use
    parts: tuple[c.Part, ...]


def timely(
    cl: Clauses, head: Head, due: c.Use, done: c.AnyTerm | None, nature: str, over: str | None = None,
    part: c.PartName = "state",
) -> Timely:
    """The states of what is due on a day and was done on another."""
    clause, line = head.clause, head.lines.one(n.Grace)
    grace = graced(cl, head, due, over)
    over_now: c.AnyTerm = timed(">", today(), grace.until, clause.name_span)
    late = over_now
    waiting = apply("=", due, const(None, due.kind))
    kept_so, over_so = ENDS[nature]
    if line is not None and (done is None or nature != "duty"):
        cl.low.problem("POL402", line.span, read=cl.low.text(line.span)[:30], line="done")
    rows: list[tuple[c.AnyTerm, str]] = [(waiting, "waiting")]
    if done is not None:
        # One question asked of the day it was done, to which never (无) is no: so late or never is surely late.
        kept = timed("<=", done, grace.until, clause.name_span)
        late = both(late, apply("not", kept), at=clause.name_span)
        rows += [] if line is None else [(timed("<=", done, due, clause.name_span), kept_so)]
        kept_so = kept_so if line is None else "graced"
        rows.append((kept, kept_so))
    overdue = cl.define(clause.name, "overdue", cl.gated(head, late, no()), head, over=over)
    # What was done, and not in time, was late: that shows also where the last day is not known.
    after = over_now if done is None else any_of(over_now, timed("<=", done, today(), clause.name_span))
    rows.append((after, over_so))
    kind = state_of(*ENDS[nature], kept_so)
    kept_or_not = choose(
        [(when, const(name, kind)) for when, name in rows], const("running", kind), kind, clause.name_span
    )
    state = cl.define(clause.name, part, cl.gated(head, kept_or_not), head, over=over)
    parts: list[c.Part] = [*grace.parts]
    if done is not None:
        parts.append(c.Part("done", cl.define(clause.name, "done", cl.gated(head, done), head, over=over)))
    late_parts = lateness(cl, head, grace.late_from, done, overdue, over)
    if nature == "duty":
        parts += late_parts
    return Timely(state, overdue, tuple(parts))


def finish_deadline(cl: Clauses, head: Head, due: c.Use, done: c.AnyTerm | None, over: str | None = None) -> None:
    """States, overdue, end day, measures."""
    clause, lines = head.clause, head.lines
    nature = lines.mode("nature") or ("validity" if done is None else "duty")
    told = timely(cl, head, due, done, nature, over)
    end = due if done is None else choose([(given(done), done)], due, due.kind, clause.name_span)
    cl.define(clause.name, "end_day", cl.gated(head, end), head, over=over)
    effects: tuple[c.Effect, ...] = ()
    follows = lines.one(n.Late)
    if follows is not None:
        effects = (
            cl.impose(head, "must", follows.names, follows.start, told.overdue, follows.cites, follows.span, ()),
        )
    cl.report(head, due, over=over, state=told.state, holds=None, parts=told.parts, effects=effects, nature=nature)


def recurring(cl: Clauses, head: Head, cycle: n.Cycle) -> None:
    """周期: one instance a period begun, due on its last day or on the day that 截止 counts from it or from the next,
    done by a record of the period."""
    clause, lines = head.clause, head.lines
    beside = [line for kind in (n.StartLine, n.LengthLine, n.When, n.Unless, n.Items) for line in lines.all(kind)]
    due_line = lines.field("due")
    names = _periods_in(due_line.value) if due_line is not None else set()
    if due_line is not None and (not names or names - {"this_period", "next_period"}):
        beside.append(due_line)
        due_line = None
    for line in (*beside, *([clause.formula] if clause.formula else [])):
        cl.low.problem("POL486", line.span, read=cl.low.text(line.span))
    name = add_periods(cl, clause, cycle)
    head, first = replace(head, over=name, where=Where((name,))), read(name, FIRST, DATE)
    named, due = Where((name,), (name, ())), cast(c.AnyTerm, read(name, LAST, DATE))
    done: c.AnyTerm | None = None
    counting, done_line = lines.one(n.Counting), lines.one(n.DoneLine)
    tied = counting is not None and counting.where is not None and bool(_periods_in(counting.where))
    if counting is not None and done_line is not None:
        found = done_in(cl, replace(head, where=named) if tied else head, counting.ledger, counting.where)
        if found is not None:
            ledger, inner, counts = found
            by = cl.expr.day(done_line.value, inner)
            by = by if happened(cl, by) else until_now(by)
            # A record belongs to the period that 其中 names, or else to that in which its day lies.
            inside = counts if tied else both(timed(">=", by, first), timed("<=", by, due), counts)
            some = c.Over("any", ledger, None, inside, kind=YESNO)
            day = c.Over("earliest", ledger, by, inside, kind=DATE)
            done = choose([(some, day)], nothing(DATE), DATE, clause.name_span)
            if due_line is not None and not tied and not _within(due_line.value):
                cl.low.problem("POL544", due_line.span, read=cl.low.text(due_line.span), ledger=ledger)
    if due_line is not None:
        due = cl.expr.day(due_line.value, named, last=True)
        due = last_day(cl, due, clause.name_span) if done is not None else due
    cl.define(clause.name, "start", first, head, over=name)
    finish_deadline(cl, head, cl.define(clause.name, "value", due, head, over=name), done, over=name)


def _periods_in(node: n.Expr) -> set[str]:
    """本期, 下期 and their like, by their keys, of which an expression speaks."""
    return {name.key for name in within(node, n.Builtin) if name.key in NAMED}


def _within(due: n.Expr) -> bool:
    """Whether a last day lies in the period in hand as it is written: 本期 的 第25日."""
    return isinstance(due, n.Nth | n.Field) and isinstance(due.of, n.Builtin) and due.of.key == "this_period"


def tally(cl: Clauses, head: Head) -> None:
    """累计: n records of one grade make one of another."""
    clause, lines = head.clause, head.lines
    kind = Kind("count", unit=say("unit.times", cl.low.file.dialect))
    empty = const(Fraction(0), kind)
    counting, window_line = lines.one(n.Counting), lines.one(n.Window)
    every_, deem = lines.one(n.Every), lines.one(n.Deem)
    if counting is None or window_line is None or every_ is None or deem is None:
        for kind_ in (n.Counting, n.Window, n.Every, n.Deem):
            if lines.one(kind_) is None:
                cl.low.problem("POL402", clause.name_span, read=clause.name, line=name_of(kind_))
        cl.define(clause.name, "value", empty, head)
        return
    name = cl.expr.list_of(counting.ledger)
    window = cl.low.names.find(window_line.deadline.text)
    if name is None or name not in cl.low.lists:
        cl.low.problem("POL207", counting.ledger.span, read=cl.low.text(counting.ledger.span))
        cl.define(clause.name, "value", empty, head)
        return
    if window is None or c.Name(window.name, "start") not in cl.parts or cl.low.over.get(window.name) != name:
        cl.low.problem("POL416", window_line.span, read=window_line.deadline.text)
        cl.define(clause.name, "value", empty, head)
        return
    cl.low.names.used.update((name, window.name))
    where = Where((name,))
    condition = cl.expr.condition(counting.where, where) if counting.where is not None else None
    key = name_key(deem.value.text)
    # the grade that is counted is the one that changes, where several fields have it
    fields = [f for f in cl.low.lists[name].fields if any(name_key(o) == key for o in f.kind.options)]
    read_ = every(condition) if condition is not None else ()
    counted = {x.name for x in read_ if isinstance(x, c.Read) and x.list == name}
    meant = [f for f in fields if f.name in counted] or fields
    if len(meant) > 1:
        cl.low.problem("POL330", deem.value.span, read=deem.value.text, fields="、".join(f.name for f in meant))
    if not meant:
        options = tuple(o for f in cl.low.lists[name].fields for o in f.kind.options)
        cl.low.problem("POL307", deem.value.span, read=deem.value.text, options="、".join(options[:12]),
                       suggestions=cl.low.close(deem.value.text, options))
        cl.define(clause.name, "value", empty, head)
        return
    target = meant[0]
    value = next(o for o in target.kind.options if name_key(o) == key)
    conversion = c.Conversion(
        clause.name, condition, cl.use(c.Name(window.name, "start"), where, window_line.span),
        cl.use(c.Name(window.name), where, window_line.span),
        slots.placed(cl.low, "every", cl.expr.value(every_.count, Where())),
        slots.placed(cl.low, "deem", cl.expr.value(deem.count, Where())), target.name, value, head.origin,
    )
    decl = cl.low.lists[name]
    cl.low.lists[name] = replace(decl, conversions=(*decl.conversions, conversion))
    made = apply("=", read(name, c.MADE_BY, TEXT), const(clause.name, TEXT))
    use = cl.define(clause.name, "value", c.Over("count", name, None, made, kind=kind, at=clause.name_span), head)
    cl.report(head, use)


def deduction(cl: Clauses, head: Head) -> None:
    """抵扣: debts out of shared sources, the shortfall, its payment, the late fee."""
    clause, lines, where = head.clause, head.lines, head.where
    payable, order, each, fee_line = (
        lines.field("payable"), lines.one(n.Order), lines.one(n.Each), lines.one(n.LateFee)
    )
    if payable is None or order is None or not order.names:
        cl.low.problem("POL402", clause.name_span, read=clause.name, line="payable" if payable is None else "order")
        cl.define(clause.name, "value", const(None, MONEY), head)
        return
    payment = slots.placed(cl.low, "payable", cl.expr.value(payable.value, where))
    rules.same_currency(cl.low, MONEY, payment.kind, payment.at, "deducted")
    payment = replace(payment, kind=replace(payment.kind, currency=None))  # which is told once
    owed = cl.gated(head, payment, const(Fraction(0), MONEY))
    debt = cl.define(clause.name, "debt", owed, head)
    sources = tuple(same_tax(cl, "order", payment, cl.expr.value(s, Where())) for s in order.names)
    by = None
    if each is not None and each.by is not None:
        by = slots.placed(cl.low, "each.by", cl.expr.value(each.by, where))

    debts = folds.drain(cl.low, head.over, by, debt, sources, clause.name, clause.name_span)
    rest = cl.define(clause.name, "rest", debts.rest, head)
    cl.define(clause.name, "value", rest, head)
    parts = [c.Part("payable", debt)]
    for i, (source, taken) in enumerate(zip(order.names, debts.takes, strict=True)):
        parts.append(c.Part(source.text, cl.define(clause.name, "take", taken, head, of=str(i))))
    parts.append(c.Part("shortage", rest))
    shortfall = next((m for m in lines.all(n.Measures) if m.mode == "shortfall"), None)
    last: c.AnyTerm = nothing(DATE)
    if shortfall is not None:
        _, end = cl.span(shortfall.start, where)
        last = last_day(cl, end if end is not None else last, shortfall.span)
    due = cl.define(clause.name, "pay_by", last, head)
    rate = None
    if fee_line is not None:
        rate = slots.placed(cl.low, "latefee", cl.expr.value(fee_line.rate, where))
    accrued = folds.accrue(cl.low, rest, due, rate, payments(cl, head, payment), clause.name, clause.name_span)
    unpaid = cl.define(clause.name, "unpaid", accrued.unpaid, head)
    days = cl.define(clause.name, "days_late", accrued.days_late, head)
    fee = cl.define(clause.name, "late_fee", cl.payable(accrued.late_fee), head)
    zero = const(Fraction(0), MONEY)
    late = both(timed(">", today(), due), apply(">", unpaid, zero))
    overdue = cl.define(clause.name, "overdue", cl.gated(head, late, no()), head)
    owing = cl.define(clause.name, "owing", apply(">", rest, zero), head)
    parts += [c.Part("pay_by", due), c.Part("unpaid", unpaid), c.Part("days_late", days), c.Part("late_fee", fee)]
    effects = []
    for m in lines.all(n.Measures):
        if m.mode == "may":
            effects.append(cl.impose(head, "may", m.names, m.start, owing_or_debt(cl, head, debt), m.cites, m.span, ()))
        if m.mode == "shortfall":
            effects.append(cl.impose(head, "must", m.names, None, owing, m.cites, m.span, ()))
    cl.report(head, rest, holds=overdue, parts=tuple(parts), effects=tuple(effects))


def same_tax(cl: Clauses, slot: str, payment: c.AnyTerm, amount: c.AnyTerm) -> c.AnyTerm:
    """An amount that goes towards the payment, on the same tax basis."""
    amount = slots.placed(cl.low, slot, amount)
    rules.same_currency(cl.low, payment.kind, amount.kind, amount.at, "deducted")
    rules.same_units(cl.low, payment.kind, replace(amount.kind, currency=None), amount.at)
    return amount


def owing_or_debt(cl: Clauses, head: Head, debt: c.Use) -> c.Use:
    """Whether there is anything to deduct."""
    found = cl.parts.get(c.Name(head.clause.name, "debtor"))
    if found is not None:
        return c.Use(found, owner(head.over), kind=YESNO)
    return cl.define(head.clause.name, "debtor", apply(">", debt, const(Fraction(0), MONEY)), head)


def payments(cl: Clauses, head: Head, payment: c.AnyTerm) -> folds.Payments | None:
    """完成 of a 抵扣: amounts from a ledger, by their date; or one day, on which the whole shortfall was paid."""
    line = head.lines.one(n.DoneLine)
    if line is None:
        return None
    if line.each is None or line.by is None:
        whole = cl.use(c.Name(head.clause.name, "rest"), head.where, line.span)
        paid_on = cl.expr.day(line.value, head.where)
        happened(cl, paid_on)
        return folds.Payments(whole, paid_on)
    found = done_in(cl, head, line.each, line.where)
    if found is None:
        return None
    name, inner, condition = found
    paid = same_tax(cl, "done.paid", payment, cl.expr.value(line.value, inner))
    by = cl.expr.day(line.by, inner)
    happened(cl, by)
    return folds.Payments(paid, by, name, condition)


__all__ = ["deadline", "deduction", "tally"]
