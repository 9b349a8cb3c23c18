"""Small makers of core terms, so that lowering reads as what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policydsl import core as c
from policydsl.kinds import DATE, INSTANT, YESNO, Exact, Kind
from policydsl.place import NOWHERE, Span


def const(value: Exact, kind: Kind, at: Span = NOWHERE) -> c.Const:
    return c.Const(value, kind=kind, at=at)


def yes() -> c.Const:
    """Made anew each time: a term has its number in one program, and belongs to no other."""
    return const(True, YESNO)


def no() -> c.Const:
    return const(False, YESNO)


def owner(over: str | None) -> str:
    """The list whose record is in hand where something is said of each record of ``over``; "" is the party."""
    return "" if over is None or over == c.POPULATION else over


def read(over: str, name: str, kind: Kind, at: Span = NOWHERE, up: int = 0) -> c.Read:
    """A field of a record in hand; the record of the population is the party."""
    return c.Read(owner(over), name, up, kind=kind, at=at)


def fact(name: str, kind: Kind, at: Span = NOWHERE) -> c.Read:
    """A fact, parameter or decision of the party."""
    return c.Read("", name, kind=kind, at=at)


def today() -> c.Read:
    return fact(c.DAY, DATE)


def apply(op: str, *args: c.AnyTerm, kind: Kind = YESNO, at: Span = NOWHERE) -> c.Apply:
    return c.Apply(op, args, kind=kind, at=at)


def timed(op: str, left: c.AnyTerm, right: c.AnyTerm, at: Span = NOWHERE) -> c.Apply:
    """One comparison. Where a date meets an instant it stands for the end of its day: as what is compared, and as the
    evaluation date wherever it stands. As what something is compared with it is the whole day, and an instant on it is
    neither before nor after it."""
    if left.kind.base == "date" and right.kind.base == "instant":
        left = ended(left)
    elif left.kind.base == "instant" and isinstance(right, c.Read) and (right.list, right.name) == ("", c.DAY):
        right = ended(right)
    return apply(op, left, right, at=at)


def ended(day: c.AnyTerm) -> c.Apply:
    """The end of a day."""
    return apply("day_end", day, kind=INSTANT, at=day.at)


def summed(*terms: c.AnyTerm, kind: Kind, at: Span) -> c.AnyTerm:
    """The sum of at least one term, in halves: a sum of a thousand is ten deep."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return apply("+", *(summed(*part, kind=kind, at=at) for part in (terms[:half], terms[half:])), kind=kind, at=at)


def both(*terms: c.AnyTerm | None, at: Span = NOWHERE) -> c.AnyTerm:
    """All of the terms given."""
    kept = [t for t in terms if t is not None and t != yes()]
    if not kept:
        return yes()
    return kept[0] if len(kept) == 1 else apply("and", *kept, at=at)


def any_of(*terms: c.AnyTerm, at: Span = NOWHERE) -> c.AnyTerm:
    if not terms:
        return no()
    return terms[0] if len(terms) == 1 else apply("or", *terms, at=at)


def negate(term: c.AnyTerm) -> c.AnyTerm:
    return apply("not", term, at=term.at)


def noted(term: c.AnyTerm, origin: c.Origin) -> c.AnyTerm:
    """The term with an entry of its own in the trace."""
    return replace(term, notes=(origin, *term.notes))


def choose(
    rows: Sequence[tuple[c.AnyTerm, c.AnyTerm]], otherwise: c.AnyTerm | None, kind: Kind, at: Span = NOWHERE
) -> c.Choose:
    """The first row (condition, value) that holds, else the other value: rows that the text has no lines for."""
    last = () if otherwise is None else (c.Arm(yes(), otherwise),)
    return c.Choose((*(c.Arm(when, then) for when, then in rows), *last), kind=kind, at=at)


def until_now(day: c.AnyTerm) -> c.AnyTerm:
    """A day that is reckoned, if it has come: what lies after the evaluation date has not happened yet."""
    return choose([(timed("<=", day, today()), day)], nothing(day.kind), day.kind, day.at)


def gate(applies: c.AnyTerm | None, term: c.AnyTerm, otherwise: c.AnyTerm) -> c.AnyTerm:
    """The term where it applies, else another."""
    if applies is None or applies == yes():
        return term
    return choose([(applies, term)], otherwise, term.kind, term.at)


def nothing(kind: Kind) -> c.Const:
    return const(None, kind)


def lifted(term: c.AnyTerm, name: str, depth: int = 0) -> c.AnyTerm:
    """The term as it is said one record of the list further in: what it reads of the record in hand it then reads of
    the one around. ``depth``: how many records of the list the term itself has gone through."""

    def inside(inner: c.AnyTerm, over: str = "") -> c.AnyTerm:
        return lifted(inner, name, depth + (over == name))

    match term:
        case c.Read() | c.Use():
            mine = term.list == owner(name) and term.up >= depth
            return replace(term, up=term.up + 1) if mine else term
        case c.Apply():
            return replace(term, args=tuple(inside(a) for a in term.args))
        case c.Choose():
            return replace(term, arms=tuple(replace(a, when=inside(a.when), then=inside(a.then)) for a in term.arms))
        case c.Over():
            value = inside(term.value, term.list) if term.value is not None else None
            return replace(term, value=value, where=inside(term.where, term.list) if term.where is not None else None)
        case c.Find():
            otherwise = inside(term.otherwise) if term.otherwise is not None else None
            return replace(term, key=inside(term.key), value=inside(term.value, term.list), otherwise=otherwise)
        case c.AsOf():
            return replace(term, term=inside(term.term), day=inside(term.day))
        case _:
            return term
