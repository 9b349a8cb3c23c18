"""The limits of a policy: every threshold, band edge, date limit, count and ordinal, with the values around it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from policydsl.boundaries import Boundary, Key, boundaries, step_of
from policydsl.clause_kinds import traits
from policydsl.calendar import moment
from policydsl.core import InputDecl, Program
from policydsl.domain import at_most, before
from policydsl.kinds import Duration, Exact, Kind
from policydsl.testgen.model import Limit, Side, Varied
from policydsl.text.fold import name_key

COUNT = Kind("count")
ORDERED = ("<", "<=", ">", ">=")


def limits(program: Program, day: date, only: Collection[str] = ()) -> list[Limit]:
    """The limits in the order of the text, each once. ``day``: the evaluation date that days are compared with."""
    wanted = {name_key(name) for name in only}
    # whether a measure is in force follows from the rules that bring it about: their limits are its limits
    rules = {result.name for result in program.results if traits(result.label).written}
    found: dict[tuple[object, ...], Limit] = {}
    for key, marks in boundaries(program, as_of=day).items():
        decl = declared(program, key)
        if decl is not None and decl.parameter:
            continue
        for mark in marks:
            if mark.declared or mark.rule not in rules or wanted and name_key(mark.rule) not in wanted:
                continue
            made = _limit(key, decl, mark, marks)
            if made is not None:
                found.setdefault((key, mark.rule, repr(mark.value)), made)
    return sorted(found.values(), key=lambda m: (m.at.line, m.at.column, m.list, m.name, str(m.limit)))


def declared(program: Program, key: Key) -> InputDecl | None:
    """The declaration of a fact or field; None for the number of records of a list."""
    name, field = key
    if not name:
        return program.inputs[field]
    return program.lists[name].field_of(field) if field else None


def _limit(key: Key, decl: InputDecl | None, mark: Boundary, marks: Sequence[Boundary]) -> Limit | None:
    name, field = key
    if decl is None:
        if not isinstance(mark.value, Fraction) or mark.value < 1 or mark.value.denominator != 1:
            return None
        near = [(s, v) for s, v in around(mark.value, Fraction(1)) if isinstance(v, Fraction) and v >= 0]
        return Limit("records", name, "", COUNT, mark.value, tuple(near), mark.rule, mark.clauses, mark.at, False)
    kind = decl.kind
    if kind.ordered and isinstance(mark.value, str) and mark.op in ORDERED and mark.value in kind.options:
        i = kind.options.index(mark.value)
        options: list[tuple[Side, Exact]] = [("at", mark.value)]
        if i > 0:
            options.insert(0, ("below", kind.options[i - 1]))
        if i + 1 < len(kind.options):
            options.append(("above", kind.options[i + 1]))
        values = tuple(options)
    elif isinstance(mark.value, Fraction | Duration | date):
        values = tuple(
            (side, value) for side, value in around(mark.value, step_of(decl, marks)) if within(value, marks)
        )
    else:
        return None
    varied: Varied = "field" if name else "fact"
    return Limit(varied, name, field, kind, mark.value, values, mark.rule, mark.clauses, mark.at, mark.alone)


def around(value: Exact, step: Fraction | timedelta) -> Iterator[tuple[Side, Exact]]:
    """One step below, the value, one step above."""
    sides: tuple[tuple[Side, int], ...] = (("below", -1), ("at", 0), ("above", 1))
    for side, sign in sides:
        match value, step:
            case Fraction(), Fraction():
                yield side, value + sign * step
            case Duration(), Fraction():
                yield side, Duration(value.value + sign * step, value.unit)
            case datetime(), timedelta():
                yield side, moment(value) + sign * step if sign else value
            case date(), timedelta():
                yield side, value + sign * step if step >= timedelta(days=1) else value + sign * timedelta(days=1)
            case _:
                return


def within(value: Exact, marks: Sequence[Boundary]) -> bool:
    """Whether the declared range allows a value, as far as its ends are constants."""
    for mark in marks:
        if not mark.declared or type(mark.value) is not type(value):
            continue
        ok = {
            ">=": at_most(mark.value, value), ">": before(mark.value, value),
            "<=": at_most(value, mark.value), "<": before(value, mark.value),
        }.get(mark.op, True)
        if not ok:
            return False
    return True
