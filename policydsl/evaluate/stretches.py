"""Days that stand for all that an unknown day may be: where a term asks of the day only whether it has come to one that
is stated (from when a rate holds), it is the same on all days between two of these."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from policydsl.core import AnyTerm, Apply, AsOf, Choose, Const, NoValue, Program, Read, Use
from policydsl.domain import Possible
from policydsl.evaluate.cells import Cut, cells, cuts
from policydsl.kinds import DATE, Exact
from policydsl.members import replace
from policydsl.operators.exact import COMPARISONS
from policydsl.walk import declared


class _Otherwise(Exception):
    """The day bears on the term in another way."""


def days(program: Program, term: AsOf, day: Possible, today: date) -> list[Exact] | None:
    """One day of each stretch that an unknown day may lie in, and 无 if it may be that; None if days between two that
    are stated may differ."""
    met = borders(program, term)
    if met is None:
        return None
    nothing: list[Exact] = [None] if day.none else []
    found = [Cut(value, cut.after) for op, value in met for cut in cuts(value, op)]
    return nothing + [_one(part, today) for part in cells(replace(day, none=False), DATE, found)]


def borders(program: Program, term: AsOf) -> list[tuple[str, date]] | None:
    """The days with which the day is compared, and how; None if days between two of them may differ."""
    try:
        return list(_asked(program, term.term)) if term.day.kind.base == "date" else None
    except _Otherwise:
        return None


def _one(part: Possible, today: date) -> Exact:
    if part.values is not None:
        return part.value
    return part.low if part.low is not None else part.high if part.high is not None else today


def _asked(program: Program, term: AnyTerm) -> Iterator[tuple[str, date]]:
    match term:
        case Const() | NoValue():
            return
        case Apply(op=op, args=(Read(list="", name="@day"), Const(value=date() as value))) if (
            op in COMPARISONS and not isinstance(value, datetime)
        ):
            yield op, value
        case Apply():
            for arg in term.args:
                yield from _asked(program, arg)
        case Choose():
            for arm in term.arms:
                yield from _asked(program, arm.when)
                yield from _asked(program, arm.then)
        case Use():
            yield from _asked(program, program.terms[term.name].term)
        case Read():
            decl, of = declared(program, term), program.holding(term.list)
            if decl is None or decl.event or of is not None and of.source not in ("sheet", "parties"):
                raise _Otherwise
            instead = decl.derived if decl.derived is not None else decl.default
            if instead is not None:
                yield from _asked(program, instead)
        case _:
            raise _Otherwise


__all__ = ["borders", "days"]
