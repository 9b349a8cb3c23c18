"""兑付, 有效, 用途: until when and in what form a reward is paid out, until when and for what that may be used."""

from __future__ import annotations

from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.calendar import measure, span
from policydsl.kinds import DATE, DAYS, NUMBER, TEXT, Duration
from policydsl.lower import slots
from policydsl.lower.build import apply, choose, const, nothing
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.dated import timely
from policydsl.lower.done import done_term, last_day


def paid_out(cl: Clauses, head: Head, value: c.Use, holds: c.Use) -> tuple[c.Part, ...]:
    """What is told beside a reward: nothing of it before there is something to pay."""
    lines, name = head.lines, head.clause.name
    line, valid, usable = lines.one(n.Payout), lines.one(n.Valid), lines.one(n.Usable)
    _asked(cl, head, line)
    if line is None and valid is None and usable is None:
        return ()
    money = value.kind.base != "yesno"
    owed = cl.define(name, "owed", apply(">", value, const(Fraction(0), value.kind)) if money else holds, head)

    def told(term: c.AnyTerm) -> c.AnyTerm:
        return choose([(owed, term)], nothing(term.kind), term.kind, term.at)

    parts: list[c.Part] = []
    if line is not None and line.start is not None:
        day = _end(cl, head, line.start)
        if lines.one(n.DoneLine) is not None:
            day = last_day(cl, day, line.span)
        due = cl.define(name, "pay_day", cl.gated(head, told(day)), head)
        parts.append(c.Part("pay_day", due))
        done = done_term(cl, head)
        if done is not None:
            parts += _kept(cl, head, due, told(done), value)
        if line.form is not None:
            parts.append(c.Part("pay_form", told(const(_measure(cl, line.form), TEXT, line.form.span))))
    if valid is not None and valid.start is not None:
        end = _end(cl, head, valid.start)
        parts.append(c.Part("expiry", cl.define(name, "expiry", cl.gated(head, told(end)), head)))
        if line is not None and line.start is not None and _ends_before(cl, valid.start, line.start):
            cl.low.problem("POL527", valid.span, severity="warning", read=cl.low.text(valid.span))
    if usable is not None:
        parts.append(c.Part("use", told(const(usable.text, TEXT, usable.span))))
    return tuple(parts)


def _asked(cl: Clauses, head: Head, line: n.Payout | None) -> None:
    """Lines that ask for one another."""
    low, lines = cl.low, head.lines
    done, grace, fee = lines.one(n.DoneLine), lines.one(n.Grace), lines.one(n.LateFee)
    for one, other, wanted in ((done, line, "payout"), (grace, done, "done"), (fee, done, "done")):
        if one is not None and other is None:
            low.problem("POL402", one.span, read=low.text(one.span)[:30], line=wanted)
    if grace is not None and fee is not None and grace.since is None:
        low.problem("POL514", grace.span, read=low.text(grace.span)[:30])


def _end(cl: Clauses, head: Head, start: n.Start) -> c.AnyTerm:
    """The last day of a span, which must have one."""
    _, end = cl.span(start, head.where)
    if end is None:
        cl.low.problem("POL528", start.span, read=cl.low.text(start.span))
        return nothing(DATE)
    return end


def _kept(cl: Clauses, head: Head, due: c.Use, done: c.AnyTerm, value: c.Use) -> list[c.Part]:
    """Whether it was paid in time, how late it is, and what that costs whoever pays."""
    name, line = head.clause.name, head.lines.one(n.LateFee)
    kept = timely(cl, head, due, done, "duty", part="pay_state")
    parts = [c.Part("pay_state", kept.state), *kept.parts]
    late = next((part.term for part in kept.parts if part.name == "days_late"), None)
    if line is None or late is None:
        return parts
    rate = slots.placed(cl.low, "latefee", cl.expr.value(line.rate, head.where))
    one = const(Duration(Fraction(1), "D"), DAYS)
    charged = apply("*", value, apply("/", late, one, kind=NUMBER), kind=value.kind, at=line.span)
    fee = cl.payable(apply("*", charged, rate, kind=value.kind, at=line.span))
    return [*parts, c.Part("late_fee", cl.define(name, "late_fee", cl.gated(head, fee), head))]


def _measure(cl: Clauses, form: n.Name) -> str:
    """The measure that is meant."""
    symbol = cl.low.names.find(form.text)
    if symbol is None or symbol.role != "measure":
        cl.low.problem("POL415", form.span, read=form.text, suggestions=cl.near_measures(form.text))
        return form.text
    cl.low.names.used.add(symbol.name)
    cl.forms.add(symbol.name)
    return symbol.name


def _ends_before(cl: Clauses, one: n.Start, other: n.Start) -> bool:
    """Whether a span surely ends before another: both on days as they stand, or so long after the same one."""
    match one, other:
        case n.Start(end=n.Date() as first), n.Start(end=n.Date() as second):
            return first.value < second.value
        case n.Start(length=n.Duration() as short), n.Start(length=n.Duration() as long):
            lengths = [Duration(length.value, length.unit) for length in (short, long)]
            (family, amount), (other_family, more) = map(measure, lengths)
            most, least = span(lengths[0])[1], span(lengths[1])[0]
            apart = most is not None and least is not None and most < least
            shorter = amount < more if family == other_family else apart
            return shorter and cl.low.text(one.start.span) == cl.low.text(other.start.span)
        case _:
            return False


__all__ = ["paid_out"]
