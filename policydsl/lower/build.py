"""Small makers of core terms, so that lowering reads as what it means."""

from __future__ import annotations

from policydsl import core as c
from policydsl.kinds import DATE, YESNO, Exact, Kind
from policydsl.place import NOWHERE, Span


def const(value: Exact, kind: Kind, at: Span = NOWHERE) -> c.Const:
    return c.Const(value, kind=kind, at=at)


YES = const(True, YESNO)
NO = const(False, YESNO)


def apply(op: str, *args: c.AnyTerm, kind: Kind = YESNO, at: Span = NOWHERE) -> c.Apply:
    return c.Apply(op, args, kind=kind, at=at)


def both(*terms: c.AnyTerm | None, at: Span = NOWHERE) -> c.AnyTerm:
    """All of the terms given."""
    kept = [t for t in terms if t is not None and t != YES]
    if not kept:
        return YES
    return kept[0] if len(kept) == 1 else apply("and", *kept, at=at)


def any_of(*terms: c.AnyTerm, at: Span = NOWHERE) -> c.AnyTerm:
    if not terms:
        return NO
    return terms[0] if len(terms) == 1 else apply("or", *terms, at=at)


def negate(term: c.AnyTerm) -> c.AnyTerm:
    return apply("not", term, at=term.at)


def gate(applies: c.AnyTerm | None, term: c.AnyTerm, otherwise: c.AnyTerm) -> c.AnyTerm:
    """The term where it applies, else another."""
    if applies is None or applies == YES:
        return term
    return c.Choose((c.Arm(applies, term),), otherwise, kind=term.kind, at=term.at)


def nothing(kind: Kind) -> c.Const:
    return const(None, kind)


def today() -> c.AsOfDay:
    return c.AsOfDay(kind=DATE)
