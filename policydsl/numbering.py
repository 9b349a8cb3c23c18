"""Terms that mean the same get one number, wherever they stand."""

from __future__ import annotations

from policydsl.core import Arm, AnyTerm, Program, Term
from policydsl.members import members
from policydsl.walk import children, roots

PLACES = ("at", "notes", "number", "origin")


def numbered(program: Program) -> Program:
    """The same program, in which every term has its number; children have lower ones than what they are part of. A term
    that has a number of another program would stand for something else in this one: there must be none."""
    table: dict[object, int] = {}
    own: set[int] = set()
    for root in roots(program):
        _number(root.term, table, own)
    return program


def _number(term: AnyTerm, table: dict[object, int], own: set[int]) -> None:
    if id(term) not in own:
        assert term.number < 0, "a term of another program"
        for child in children(term):
            _number(child, table, own)
        object.__setattr__(term, "number", table.setdefault(_meaning(term), len(table)))
        own.add(id(term))


def _meaning(thing: object) -> object:
    """What a term is made of, its parts by their numbers; places and notes are no part of what it means."""
    if isinstance(thing, tuple):
        return tuple(_part(t) for t in thing)
    assert isinstance(thing, Term | Arm)
    kind = type(thing)
    return (kind, *[_part(getattr(thing, name)) for name in members(kind, PLACES)])


def _part(value: object) -> object:
    if isinstance(value, Term):
        return ("term", value.number)
    if isinstance(value, Arm) or (isinstance(value, tuple) and any(isinstance(v, Term | Arm) for v in value)):
        return _meaning(value)
    return (type(value), value)


__all__ = ["numbered"]
