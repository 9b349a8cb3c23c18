"""Which records of a list can take part at all: equalities are looked up, so that what is asked of each record for each
other record does not cost the square of their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from policydsl.core import POPULATION, AnyTerm, Apply
from policydsl.domain import identity
from policydsl.evaluate.scope import Entry, Scope
from policydsl.reads import PARTY_IN_HAND

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

Places = dict[object, list[tuple[int, Entry]]]
FEW = 8  # records that are asked one by one
LOOSE = ("instant", "duration", "any", "choices")  # kinds whose equality is not one of identity


def narrowed(
    ev: Evaluator, name: str, where: AnyTerm | None, entries: Sequence[Entry], scope: Scope
) -> Sequence[Entry]:
    """The records that an equality in ``where``, of the record with something around it, does not rule out."""
    if where is None or len(entries) <= FEW:
        return entries
    for part in where.args if isinstance(where, Apply) and where.op == "and" else (where,):
        if isinstance(part, Apply) and part.op == "=" and not any(a.kind.base in LOOSE for a in part.args):
            for own, around in (part.args, part.args[::-1]):
                if alone(ev, own, name) and not looks_at(ev, around, name) and ev.reads.hands(around) - {PARTY_IN_HAND}:
                    wanted = ev.value(around, scope.bind(entries[0]))
                    if wanted.known:
                        index = by_value(ev, name, own, entries, scope)
                        found = [*index.get(identity(wanted.value), ()), *index.get(NOT_KNOWN, ())]
                        return [e for _, e in sorted(found, key=lambda f: f[0])]
    return entries


NOT_KNOWN = object()  # under which stand the records of which the value is not known


def alone(ev: Evaluator, term: AnyTerm, name: str) -> bool:
    """Whether a term looks at a record of the list, and at nothing else but its party."""
    own = ("" if name == POPULATION else name, 0)
    return term.number >= 0 and own in ev.reads.hands(term) and ev.reads.hands(term) <= {own, PARTY_IN_HAND}


def looks_at(ev: Evaluator, term: AnyTerm, name: str) -> bool:
    """Whether a term looks at the record of the list that is in hand."""
    return ("" if name == POPULATION else name, 0) in ev.reads.hands(term)


def by_value(
    ev: Evaluator, name: str, term: AnyTerm, entries: Sequence[Entry], scope: Scope
) -> Places:
    """The records, each with its place, by the value of a term that looks at nothing but them; made once."""
    inner = scope.only()
    key = (name, term.number, inner, len(entries))
    found = ev.indexes.get(key)
    if found is None:
        found = ev.indexes[key] = {}
        for place, entry in enumerate(entries):
            value = ev.value(term, inner.bind(entry))
            where = identity(value.value) if value.known and not isinstance(value.value, datetime) else NOT_KNOWN
            found.setdefault(where, []).append((place, entry))
    return found
