"""The day on which what a clause asks was done, and how late that is."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import DATE, YESNO, Duration, Kind
from policydsl.lower.build import apply, choose, const, ended, nothing, today, until_now
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.kinds import CLOCK
from policydsl.lower.context import Where
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.within import within

_LATE = ("days_late", "late_by")


def done_term(cl: Clauses, head: Head) -> c.AnyTerm | None:
    """The day it was done; from a ledger, the first fitting record's."""
    line = head.lines.one(n.DoneLine)
    if line is None:
        return None
    if line.each is None:
        done = cl.expr.day(line.value, head.where)
        return done if happened(cl, done) else until_now(done)
    found = done_in(cl, head, line.each, line.where)
    if found is None:
        return None
    name, inner, where = found
    by = cl.expr.day(line.by, inner) if line.by is not None else cl.expr.day(line.value, inner)
    by = by if happened(cl, by) else until_now(by)
    some = c.Over("any", name, None, where, kind=YESNO)
    first = c.Over("earliest", name, by, where, kind=DATE)
    return choose([(some, first)], nothing(DATE), DATE, line.span)


def done_in(
    cl: Clauses, head: Head, each: n.Expr, where: n.Expr | None
) -> tuple[str, Where, c.AnyTerm | None] | None:
    """The ledger in which what was done stands, where its columns are read, and which of its records count; None where
    there is no such ledger, which is told."""
    name = cl.expr.list_of(each)
    if name is None:
        cl.low.problem("POL207", each.span, read=cl.low.text(each.span))
        return None
    cl.low.names.used.add(name)
    inner = head.where.inside(name)
    return name, inner, cl.expr.condition(where, inner) if where is not None else None


def happened(cl: Clauses, term: c.AnyTerm) -> bool:
    """Notes that a fact, or a field of a ledger, says when something was done: it is the day of an event. No: the term
    is neither."""
    low = cl.low
    if not isinstance(term, c.Read):
        return False
    held = low.lists.get(term.list)
    fact = held.field_of(term.name) if held is not None and held.source == "sheet" else low.inputs.get(term.name)
    if fact is None or fact.parameter or held is None and term.list:
        return False
    low.events.add((term.list, term.name))
    return True


def last_day(cl: Clauses, due: c.AnyTerm, at: Span) -> c.AnyTerm:
    """The last day to do something, moved off a rest day where the policy says so. What is due by the clock stays."""
    if not cl.low_roll_over or due.kind.base != "date":
        return due
    return apply("roll_forward", due, kind=DATE, at=at)


@dataclass(frozen=True, slots=True)
class Graced:
    """``until``: the last day on which it is still on time; ``late_from``: the day from which it is late; both the last
    day itself where there is no grace."""

    until: c.AnyTerm
    late_from: c.AnyTerm
    parts: tuple[c.Part, ...] = ()


def graced(cl: Clauses, head: Head, due: c.AnyTerm, over: str | None) -> Graced:
    """宽限: on time through the last day and so long after it, that day moved off rest days like any."""
    line, name, low = head.lines.one(n.Grace), head.clause.name, cl.low
    if line is None:
        return Graced(due, due)
    length = cl.expr.length(line.length, head.where)
    if due.kind.base == "date" and length.kind.unit in CLOCK:
        low.problem("POL336", line.span, read=low.text(line.span)[:30])
    moved = apply("shift", due, length, kind=due.kind, at=line.span)
    end = last_day(cl, moved, line.span)
    until = cl.define(name, "grace_end", cl.gated(head, end), head, over=over)
    read = (f for f in within(low.file.blocks, n.Field) if isinstance(f.name, n.Builtin) and f.name.key in _LATE)
    if line.since is None and any(low.names.find(low.text(f.of.span)) is low.names.find(name) for f in read):
        low.problem("POL514", line.span, read=low.text(line.span)[:30])
    return Graced(until, until if line.since == "end" else due, (c.Part("grace_end", until),))


def given(done: c.AnyTerm) -> c.AnyTerm:
    """Whether it was done, on whatever day."""
    return apply("!=", done, const(None, done.kind), at=done.at)


def lateness(
    cl: Clauses, head: Head, due: c.AnyTerm, done: c.AnyTerm | None, overdue: c.AnyTerm, over: str | None,
) -> tuple[c.Part, ...]:
    """How many days after the last day it was done, or the evaluation date is if it was not; none where it is not
    late. After an instant also how long, for the day it lies in is not over with it."""
    now: c.AnyTerm = ended(today()) if done is not None and done.kind.base == "instant" else today()
    until = now if done is None else apply("earliest", done, now, kind=done.kind, at=done.at)
    parts = []
    for part, op, unit in (("days_late", "days_between", "D"), ("late_by", "time_between", "SEC")):
        name = cast(c.PartName, part)
        if op == "time_between" and due.kind.base != "instant":
            cl.parts[c.Name(head.clause.name, name)] = c.Name(head.clause.name, "days_late")
            continue
        kind = Kind("duration", unit=unit)
        none = const(Duration(Fraction(0), unit), kind)
        over_by = ended(until) if op == "time_between" and until.kind.base == "date" else until
        after = apply("max", apply(op, due, over_by, kind=kind), none, kind=kind)
        lasting = choose([(overdue, after)], none, kind, head.clause.name_span)
        parts.append(c.Part(name, cl.define(head.clause.name, name, cl.gated(head, lasting, none), head, over=over)))
    return tuple(parts)
