"""Counts of the records of a list that compare so with one of them, and sums over them, made for all in one pass.

Which one of its kind a record is, whether it is among the first, how many came before: each is a count about every
record of its own list. Where all that is compared is known, the records are gone through once in the order of the
comparison; one that falls out by another comparison falls out for good, or is looked up in the order of that one.
Where that is not so, nothing is said, and each count is made by itself.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from fractions import Fraction
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from policydsl.core import POPULATION, ROW, AnyTerm, Apply, Const, Over, Read
from policydsl.domain import Possible, identity, order_key
from policydsl.evaluate.index import FEW, alone, looks_at
from policydsl.evaluate.scope import Entry, Rows, Scope
from policydsl.kinds import NUMERIC, Duration, Kind
from policydsl.members import dataclass
from policydsl.operators import MIRROR, place_of
from policydsl.reads import PARTY_IN_HAND

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

ORDERED = NUMERIC | {"date", "instant"}
Counts = Mapping[Entry, int | Fraction]
NOTHING = Fraction(0)
Member = tuple[Entry, list[Any], Fraction]  # a record that takes part, what it is compared by, what it adds to a sum


@dataclass(frozen=True, slots=True)
class Order:
    """A comparison of records with the one around, ``own op mine``; where the first pair is level the next decides.
    ``none_passes``: a record of which the value is 无 satisfies it. ``turned``: the pairs that are compared the other
    way round."""

    op: str
    own: tuple[AnyTerm, ...]
    mine: tuple[AnyTerm, ...]
    none_passes: bool = False
    turned: tuple[bool, ...] = (False,)


@dataclass(slots=True)
class Shape:
    """A condition, taken apart: what is asked of the record alone, what has to be equal, what is compared, and whether
    the record around is left out."""

    alone: list[AnyTerm]
    equal: list[tuple[AnyTerm, AnyTerm]]
    orders: list[Order]
    another: bool = False


def count(ev: Evaluator, term: Over, found: Rows, scope: Scope) -> int | Fraction | None:
    """How many records satisfy the condition of an aggregate about the record in hand, or what they come to; None where
    this does not say."""
    own = ("" if term.list == POPULATION else term.list, 0)
    mine = scope.record_of(*own)
    if (
        mine is None or (own[0] and scope.home(mine) is not scope.owner)
        or len(found.entries) <= FEW or not found.complete or term.number < 0
        or own not in ev.reads.hands(term) or not ev.reads.hands(term) <= {own, PARTY_IN_HAND}
    ):
        return None
    around = scope.only() if own[0] else scope.among(())
    key = (term.number, around)
    if key not in ev.counts:
        ev.counts[key] = _all(ev, term, found, around)
    made = ev.counts[key]
    return None if made is None else made.get(mine)


# ------------------------------------------------------------------------------------------ a condition taken apart
def _shape(ev: Evaluator, term: Over) -> Shape | None:
    made = Shape([], [], [])
    for part in _parts(term.where):
        if not _around(ev, part, term.list):
            made.alone.append(part)
        elif _is_another(part):
            made.another = True
        elif isinstance(part, Apply) and part.op == "=" and (pair := _sides(ev, part, term.list)) is not None:
            made.equal.append(pair[1:])
        elif (order := _order(ev, part, term.list)) is not None:
            made.orders.append(order)
        else:
            return None
    return made if made.orders or made.equal or made.another else None


def _parts(where: AnyTerm | None) -> Iterator[AnyTerm]:
    if isinstance(where, Apply) and where.op == "and" and not _keyed(where):
        for arg in where.args:
            yield from _parts(arg)
    elif where is not None:
        yield where


def _keyed(part: AnyTerm) -> bool:
    """Whether a condition may be an order by several keys: ``a ≥ mine and (a > mine or …)``."""
    match part:
        case Apply(op="and", args=(Apply(op=">=" | "<=" as op, args=level), Apply(op="or", args=(Apply() as more, _)))):
            return more.op == op[0] and [t.number for t in more.args] == [t.number for t in level]
        case _:
            return False


def _around(ev: Evaluator, part: AnyTerm, name: str) -> bool:
    """Whether a condition looks at anything but the record, and the party of the list."""
    own = "" if name == POPULATION else name
    return not ev.reads.hands(part) <= {(own, 0), PARTY_IN_HAND}


def _is_another(part: AnyTerm) -> bool:
    sides = part.args if isinstance(part, Apply) and part.op == "!=" else ()
    return len(sides) == 2 and all(isinstance(s, Read) and s.name == ROW for s in sides)


def _sides(ev: Evaluator, part: Apply, name: str) -> tuple[str, AnyTerm, AnyTerm] | None:
    """A comparison with the record on its left side: the operator, the record's term, the one around."""
    left, right = part.args
    if alone(ev, left, name) and not looks_at(ev, right, name):
        return part.op, left, right
    if alone(ev, right, name) and not looks_at(ev, left, name):
        return MIRROR.get(part.op, part.op), right, left
    return None


def _order(ev: Evaluator, part: AnyTerm, name: str) -> Order | None:
    match part:
        case Apply(op="<" | "<=" | ">" | ">=") if (found := _sides(ev, part, name)) is not None:
            return Order(found[0], found[1:2], found[2:]) if _fits(found[1].kind, found[2].kind) else None
        case Apply(op="or", args=(Apply(op="=", args=(value, Const(value=None))), Apply() as other)):
            found_ = _order(ev, other, name)
            same = found_ is not None and found_.own[0].number == value.number
            return Order(found_.op, found_.own, found_.mine, True) if found_ is not None and same else None
        case Apply(op="or", args=(Apply() as first, Apply(op="and", args=(Apply() as next_, Apply(op="=") as level)))):
            pair, then, same_ = _order(ev, first, name), _order(ev, next_, name), _sides(ev, level, name)
            if pair is None or then is None or same_ is None or pair.op != then.op or pair.op not in ("<", ">"):
                return None
            if (pair.own[0].number, pair.mine[0].number) != (same_[1].number, same_[2].number):
                return None
            return Order(pair.op, (*pair.own, *then.own), (*pair.mine, *then.mine), turned=(False, *then.turned))
        case Apply(op="and", args=(_, Apply(op="or", args=(first_, rest)))) if _keyed(part):
            pair, then = _order(ev, first_, name), _order(ev, rest, name)
            if pair is None or then is None or then.none_passes:
                return None
            turned = tuple(t != (then.op[0] != pair.op) for t in then.turned)
            op = pair.op + then.op[1:]  # level in all keys is level in the last
            return Order(op, (*pair.own, *then.own), (*pair.mine, *then.mine), turned=(False, *turned))
        case _:
            return None


def _fits(own: Kind, mine: Kind) -> bool:
    return own.base in ORDERED or own.ordered and not own.open and own.options == mine.options


# ---------------------------------------------------------------------------------------------- one pass
def _all(ev: Evaluator, term: Over, found: Rows, around: Scope) -> Counts | None:
    shape = _shape(ev, term)
    if shape is None:
        return None
    only = ev.program.lists[term.list].only
    taking: list[tuple[Entry, object, list[Any], Fraction]] = []
    asking: list[tuple[Entry, object, list[Any], Fraction]] = []
    for entry in found.entries:
        inner = around.bind(entry)
        tests = [ev.test(only, inner), *(ev.value(t, inner) for t in shape.alone)]
        if not all(t.known or t.no for t in tests):
            return None
        group, values = _values(ev, [a for a, _ in shape.equal], shape.orders, [o.own for o in shape.orders], inner)
        if all(t.yes for t in tests):
            if values is None:
                return None
            adds = _added(ev, term, inner)
            if adds is None:
                return None
            taking.append((entry, group, values, adds))
        group, values = _values(
            ev, [b for _, b in shape.equal], shape.orders, [o.mine for o in shape.orders], inner.bind(entry)
        )
        if values is not None:
            asking.append((entry, group, values, NOTHING))
    groups: dict[object, tuple[list[Member], list[Member]]] = {}
    for side, records in enumerate((taking, asking)):
        for entry, group, values, adds in records:
            groups.setdefault(group, ([], []))[side].append((entry, values, adds))
    out: dict[Entry, int | Fraction] = {}
    for members, queries in groups.values():
        counted = _sweep(members, queries, shape, term.agg == "sum")
        if counted is None:
            return None
        out |= counted
    return out


def _added(ev: Evaluator, term: Over, inner: Scope) -> Fraction | None:
    """What a record adds to a sum; None: that is not known."""
    if term.agg != "sum" or term.value is None:
        return NOTHING
    value = ev.value(term.value, inner)
    if not value.known or value.value is not None and not isinstance(value.value, Fraction):
        return None
    return value.value or NOTHING


def _values(
    ev: Evaluator, equal: Sequence[AnyTerm], orders: Sequence[Order], sides: Sequence[tuple[AnyTerm, ...]], scope: Scope
) -> tuple[object, list[Any] | None]:
    """What has to be equal, and what is compared (None: 无); no values where something is not known, or 无 is only met
    where what comes before is level."""
    same = [(ev.value(t, scope), t.kind) for t in equal]
    compared = [[(ev.value(t, scope), t.kind) for t in terms] for terms in sides]
    if not all(_plain(value, kind) for pairs in (same, *compared) for value, kind in pairs):
        return None, None
    if any(v.value is None for pairs in compared for v, _ in pairs[1:]):
        return None, None
    group = tuple(identity(v.value) for v, _ in same)
    return group, [_ordered_by(pairs, order.turned) for pairs, order in zip(compared, orders, strict=True)]


def _plain(value: Possible, kind: Kind) -> bool:
    """Whether a value is known, and is told apart from others of its kind by itself: not a day among instants."""
    if not value.known or isinstance(value.value, Duration):
        return False
    return value.value is None or isinstance(value.value, datetime) == (kind.base == "instant")


def _ordered_by(pairs: Sequence[tuple[Possible, Kind]], turned: Sequence[bool]) -> Any:
    """By what a record is ordered; None: 无."""
    if pairs[0][0].value is None:
        return None
    keys = [place_of(str(v.value), kind) if kind.ordered else order_key(v.value) for v, kind in pairs]
    if len(keys) == 1:
        return keys[0]
    return tuple(_Downward(key) if back else key for key, back in zip(keys, turned, strict=True))


def _sweep(
    members: list[Member], queries: list[Member], shape: Shape, summed: bool
) -> dict[Entry, int | Fraction] | None:
    out: dict[Entry, int | Fraction] = {}
    if not shape.orders:
        adds = {entry: more if summed else Fraction(1) for entry, _, more in members}
        total = sum(adds.values(), NOTHING)
        return {entry: total - (adds.get(entry, NOTHING) if shape.another else NOTHING) for entry, *_ in queries}
    first, *others = shape.orders
    up = first.op in ("<", "<=")
    out |= {entry: 0 for entry, values, _ in queries if values[0] is None}
    asked = sorted((q for q in queries if q[1][0] is not None), key=lambda q: q[1][0], reverse=not up)
    coming = sorted((m for m in members if m[1][0] is not None), key=lambda m: m[1][0], reverse=up)  # the next is last
    if first.none_passes or any(v is None for _, values, _ in asked for v in values):
        return None
    falling = [k for k, o in enumerate(others, 1) if _falls(o.op, [values[k] for _, values, _ in asked])]
    looked_up = [k for k in range(1, len(shape.orders)) if k not in falling]
    if len(looked_up) > (0 if summed else 1):
        return None
    by = looked_up[0] if looked_up else 0
    inside = _Inside()
    heaps: dict[int, list[tuple[Any, int, Entry]]] = {k: [] for k in falling}
    for entry, values, _ in asked:
        while coming and _holds(first.op, coming[-1][1][0], values[0]):
            new, own, more = coming.pop()
            if any(v is None and not o.none_passes for v, o in zip(own[1:], others, strict=True)):
                continue
            inside.add(new, own[by], more)
            for k, heap in heaps.items():
                if own[k] is not None:
                    heappush(heap, (_key(shape.orders[k].op, own[k]), new.index, new))
        for k, heap in heaps.items():
            while heap and not _holds_key(shape.orders[k].op, heap[0][0], values[k]):
                inside.drop(heappop(heap)[2])
        but = entry if shape.another else None
        out[entry] = inside.sum(but) if summed else inside.count(shape.orders[by].op, values[by], but)
    return out


def _falls(op: str, limits: list[Any]) -> bool:
    """Whether what falls out by a comparison with one limit after another never comes in again."""
    pairs = itertools.pairwise(limits)
    return all(a <= b for a, b in pairs) if op in (">", ">=") else all(b <= a for a, b in pairs)


@dataclass(slots=True)
class _Inside:
    """The records that satisfy all but one comparison, by their value in that one (None: 无, which passes)."""

    values: dict[Entry, Any] = field(default_factory=dict)
    ordered: list[Any] = field(default_factory=list)
    adds: dict[Entry, Fraction] = field(default_factory=dict)
    total: Fraction = NOTHING

    def add(self, entry: Entry, value: Any, more: Fraction) -> None:
        self.values[entry] = value
        if more:
            self.adds[entry] = more
            self.total += more
        if value is not None:
            insort(self.ordered, value)

    def sum(self, but: Entry | None) -> Fraction:
        """What they come to, one record left out."""
        return self.total - (self.adds.get(but, NOTHING) if but is not None else NOTHING)

    def drop(self, entry: Entry) -> None:
        self.total -= self.adds.pop(entry, NOTHING)
        if entry in self.values and (value := self.values.pop(entry)) is not None:
            del self.ordered[bisect_left(self.ordered, value)]

    def count(self, op: str, limit: Any, but: Entry | None) -> int:
        """How many compare so with the limit, one record left out."""
        below = (bisect_left if op in ("<", ">=") else bisect_right)(self.ordered, limit)
        found = below if op in ("<", "<=") else len(self.ordered) - below
        own = self.values.get(but) if but is not None else None
        counts_itself = but in self.values and (own is None or _holds(op, own, limit))
        return found + len(self.values) - len(self.ordered) - counts_itself


def _holds(op: str, left: Any, right: Any) -> bool:
    match op:
        case "<":
            return bool(left < right)
        case "<=":
            return bool(left <= right)
        case ">":
            return bool(left > right)
        case _:
            return bool(left >= right)


@dataclass(frozen=True, slots=True)
class _Downward:
    """Orders the largest first."""

    value: Any

    def __lt__(self, other: _Downward) -> bool:
        return bool(other.value < self.value)

    def __le__(self, other: _Downward) -> bool:
        return bool(other.value <= self.value)


def _key(op: str, value: Any) -> Any:
    """What falls out first stands first: the smallest where a value has to be at least something."""
    return value if op in (">", ">=") else _Downward(value)


def _holds_key(op: str, key: Any, limit: Any) -> bool:
    return _holds(op, key.value if isinstance(key, _Downward) else key, limit)
