"""Terms that mean the same get one number, wherever they stand."""

from __future__ import annotations

from policydsl.core import Arm, AnyTerm, Program, Term
from policydsl.members import members
from policydsl.walk import children, may_hold, tops

PLACES = ("at", "notes", "number", "below", "origin")


def numbered(program: Program) -> Program:
    """The same program, in which every term has its number; children have lower ones than what they are part of. A term
    that has a number of another program would stand for something else in this one: there must be none."""
    table: dict[object, int] = {}
    own: set[int] = set()
    for top in tops(program):
        _number(top, table, own)
    return program


def _number(term: AnyTerm, table: dict[object, int], own: set[int]) -> None:
    if id(term) not in own:
        assert term.number < 0, "a term of another program"
        for child in children(term):
            _number(child, table, own)
        object.__setattr__(term, "number", table.setdefault(_meaning(term), len(table)))
        own.add(id(term))


def _meaning(thing: Term | Arm) -> object:
    """What a term is made of, its parts by their numbers; places and notes are no part of what it means."""
    kind = type(thing)
    plain, deep = _fields(kind)
    return (kind, *[getattr(thing, name) for name in plain], *[_part(getattr(thing, name)) for name in deep])


_FIELDS: dict[type[object], tuple[tuple[str, ...], tuple[str, ...]]] = {}


def _fields(kind: type[object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of a class that say what it means: those that are compared as they are, and the others."""
    found = _FIELDS.get(kind)
    if found is None:
        own = members(kind, PLACES)
        deep = tuple(name for name in own if name in ("value", *may_hold(kind)))
        found = _FIELDS[kind] = tuple(name for name in own if name not in deep), deep
    return found


def _part(value: object) -> object:
    if isinstance(value, Term):
        return value.number
    if isinstance(value, Arm):
        return _meaning(value)
    if isinstance(value, tuple):
        return tuple([_part(one) for one in value])
    return (type(value), value)  # yes is not 1


__all__ = ["numbered"]
