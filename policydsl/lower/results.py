"""What a result means, in terms: whom it concerns, what holds of them, and what all its records come to together."""

from __future__ import annotations

from dataclasses import replace

from policydsl import core as c
from policydsl.kinds import DATE, YESNO, Choice, Kind
from policydsl.lower.build import apply, both, choose, const, negate, no, nothing, read, timed, today, yes
from policydsl.members import dataclass

# The states of deadlines and targets, the best first: all periods together are in the worst of theirs.
FROM_BEST = (
    "yes", "met", "graced", "used", "pending", "running", "waiting", "ended", "belated", "no", "lapsed", "late",
)
# Of a list of periods: the last day of each, and the first day of the whole of it.
LAST, WHOLE = "末日", "@whole"
SUMMED = ("money", "points", "count", "number")


@dataclass(frozen=True, slots=True)
class Reported:
    """A result as its clause states it: ``applies`` is its 对象, ``where`` the records of its 逐条. ``every``: its
    records hold together only if each one does (a requirement), else if any one does. ``settles``: its records are
    periods that each come to something: amounts add up, of anything else, and of what ``lasts`` from one to the next,
    there is that of the last one that is over."""

    name: str
    alias: str | None
    label: str
    value: c.AnyTerm
    origin: c.Origin
    over: str | None = None
    where: c.AnyTerm | None = None
    applies: c.AnyTerm | None = None
    holds: c.AnyTerm | None = None
    state: c.AnyTerm | None = None
    parts: tuple[c.Part, ...] = ()
    effects: tuple[c.Effect, ...] = ()
    bearer: c.AnyTerm | None = None
    favour: c.AnyTerm | None = None
    judged: bool = True
    nature: str = ""
    every: bool = False
    settles: bool = False
    lasts: bool = False


def result(stated: Reported, gate: c.AnyTerm | None, lists: dict[str, c.ListDecl]) -> c.Result:
    """The result in terms; ``gate`` is whom the policy as a whole concerns (its 适用)."""
    concerns = both(gate, stated.applies) if stated.judged else yes()
    holds = both(concerns, stated.holds) if stated.holds is not None else None
    yes_or_no = holds is not None and stated.value.kind.base == "yesno"
    made = c.Result(
        stated.name, stated.alias, stated.label, holds if holds is not None and yes_or_no else stated.value,
        stated.origin, concerns, stated.over, stated.where, holds, stated.state, stated.parts,
        tuple(replace(e, when=both(concerns, e.when)) for e in stated.effects), stated.bearer, stated.favour,
        judged=stated.judged, nature=stated.nature,
    )
    if stated.over is None:
        return made
    recurs = lists[stated.over].cycles is not None
    if stated.settles:
        return replace(made, together=settled(made, gate, lists[stated.over], stated.lasts))
    return replace(made, together=together(made, gate, every=stated.every, recurs=recurs))


def settled(one: c.Result, gate: c.AnyTerm | None, decl: c.ListDecl, lasts: bool) -> c.Together:
    """All periods of a clause that comes to something in each."""
    name, where = one.over or "", one.included
    some = any_record(name, both(where, one.concerns))
    concerns = both(gate, apply("or", negate(any_record(name, where or yes())), some))
    value, kind = one.value, one.value.kind
    adds = kind.base == "money" and not lasts
    whole = c.Over("sum", name, value, where, kind=kind) if adds else last_settled(decl, value)
    holds = None
    if one.holds is not None:
        paid = kind.base == "money" or one.state is not None
        holds = c.Over("any", name, one.holds, where, kind=YESNO) if paid else last_settled(decl, one.holds)
    return c.Together(concerns, holds if holds is not None and kind.base == "yesno" else whole, holds)


def together(one: c.Result, gate: c.AnyTerm | None, *, every: bool, recurs: bool) -> c.Together:
    """All records' instances as one. ``recurs``: they are periods, which are judged in the order of time."""
    name, where = one.over or "", one.included
    live = both(where, one.concerns)
    some = any_record(name, live)
    concerns = both(gate, apply("or", negate(any_record(name, where or yes())), some))
    holds: c.AnyTerm | None = None
    if one.holds is not None and (every or recurs):
        ended = live
        if one.state is not None:  # a period that still runs neither keeps nor breaks what is asked
            ended = both(live, apply("!=", one.state, const("pending", one.state.kind)))
        holds = c.Over("all", name, one.holds, _asked(ended), kind=YESNO)
    elif one.holds is not None:
        holds = c.Over("any", name, one.holds, _asked(live), kind=YESNO)
    kind = one.value.kind
    agg = "sum" if holds is not None and kind.base in SUMMED else "values"
    value: c.AnyTerm = c.Over(agg, name, one.value, _asked(live), kind=kind)
    return c.Together(
        concerns, holds if holds is not None and kind.base == "yesno" else value, holds,
        worst(one, name, live, some) if recurs and one.state is not None else None,
    )


def worst(one: c.Result, name: str, live: c.AnyTerm, some: c.AnyTerm) -> c.AnyTerm:
    """The worst state of all periods; before the first has begun there is none, or (a deadline) it is waited for."""
    assert one.state is not None
    options = tuple(s for s in FROM_BEST if s in one.state.kind.options)
    kind = Kind("choice", choice=Choice("@states", options, ordered=True, owner=one.name))
    states = c.Over("largest", name, one.state, _asked(live), kind=kind)
    return choose([(some, states)], const("waiting" if one.holds is None else None, kind), kind)


def any_record(name: str, where: c.AnyTerm) -> c.AnyTerm:
    return c.Over("any", name, None, _asked(where), kind=YESNO) if where != no() else no()


def _asked(where: c.AnyTerm) -> c.AnyTerm | None:
    return None if where == yes() else where


def settles_on(decl: c.ListDecl) -> c.AnyTerm:
    """The day at the end of which a period is settled."""
    return closed(decl, read(decl.name, LAST, DATE))


def closed(decl: c.ListDecl, last: c.AnyTerm) -> c.AnyTerm:
    """The day at the end of which a period is settled that ends with a day."""
    after = decl.cycles.closes if decl.cycles is not None else None
    return last if after is None else apply("shift", last, after, kind=DATE)


def over_by(decl: c.ListDecl) -> c.AnyTerm:
    """Whether a period is settled: that day has come, and a day is meant as its end."""
    return timed("<=", settles_on(decl), today())


def last_settled(decl: c.ListDecl, value: c.AnyTerm) -> c.AnyTerm:
    """A value as of the last period that is over; 无 before there is one."""
    ended, name = over_by(decl), decl.name
    some = c.Over("any", name, None, ended, kind=YESNO)
    latest = c.Over("latest", name, read(name, WHOLE, DATE), ended, kind=DATE)
    found = c.Find(name, latest, value, kind=value.kind, at=value.at)
    return choose([(some, found)], nothing(value.kind), value.kind, value.at)


__all__ = ["LAST", "WHOLE", "Reported", "closed", "last_settled", "over_by", "result", "settles_on"]
