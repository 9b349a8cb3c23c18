"""Which declared ranges limit an unknown on a day, and on which day their ends are asked.

A sheet is held against the ranges on the evaluation date of the verdict and on no other (``sheet/consistency``). So
what is looked at as of another day (于) is limited as on the evaluation date of the verdict as well, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from policydsl.core import DAY, AnyTerm, Bound, InputDecl, Read
from policydsl.domain import before
from policydsl.evaluate.scope import Scope
from policydsl.kinds import DATE
from policydsl.members import replace
from policydsl.place import NOWHERE
from policydsl.reads import DAY as READS_DAY, Reads

COME = Bound(None, ">=", Read("", DAY, kind=DATE), "<=", NOWHERE)  # what has happened by the day that is looked at

Limits = tuple[Sequence[Bound], Scope]


def told(reads: Reads, decl: InputDecl, scope: Scope) -> Limits:
    """The ranges of a fact or field that nobody told. It is the same on every day, and so are its limits; but an event
    after the evaluation date of the verdict is not held against ends that ask for it."""
    bounds: Sequence[Bound] = decl.ranges
    if decl.event and before(scope.judged, scope.day):
        bounds = [kept for bound in bounds if (kept := _dayless(reads, bound)) is not None]
    return bounds, scope.on(scope.judged)


def worked_out(reads: Reads, term: AnyTerm, bounds: Sequence[Bound], scope: Scope) -> Limits:
    """The ranges of what is worked out. On another day it may come to something else, of which nothing was promised."""
    if scope.day != scope.judged and READS_DAY in reads.of(term).keys:
        return (), scope
    return bounds, scope.on(scope.judged)


def _dayless(reads: Reads, bound: Bound) -> Bound | None:
    """A range without the ends that ask for the evaluation date."""
    low, high = (None if end is None or READS_DAY in reads.of(end).keys else end for end in (bound.low, bound.high))
    return None if low is None and high is None else replace(bound, low=low, high=high)


__all__ = ["COME", "Limits", "told", "worked_out"]
