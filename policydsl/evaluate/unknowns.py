"""One unknown is one unknown: what is read in several places is supposed to be each of what it may be, in all of them
at once, and what comes out is joined.

Facts of finitely many values are supposed to be each of them; numbers and days, cells of records, and parts of a term
that nothing outside of them bears on, are supposed to lie in one of the finitely many cells between the values with
which they are compared, and texts to be alike to one of these, to begin as one of them ends in ``*``, or neither. An
unknown is tried out only where the result still waits for it: what one supposition settles is not gone into further,
and once the suppositions come to all that is possible without them, no more are made.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from policydsl.core import InputDecl, Name, Over, Use
from policydsl.domain import WAITING, Need, Possible, join, meet, point, shape
from policydsl.evaluate import lists, records, residue
from policydsl.evaluate.cells import cells
from policydsl.evaluate.scope import Fact, Fixed, Item, Part, Scope, Supposed
from policydsl.evaluate.residue import Open
from policydsl.members import replace

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

Asked = Name | Over
AT_ONCE = 4  # facts and fields: where more are read more than once, hardly anything is gained
MOST_CELLS = 16  # suppositions of cells that a term is worth: each is about as costly as the term
MOST_NEEDS = 12  # facts and fields that it waits for: who has left out so much is asked for it first
MOST_RECORDS = 4  # in the ledgers that it goes through, each time anew: where there are many, all would take too long


def completed(ev: Evaluator, asked: Asked, hull: Possible, scope: Scope) -> Possible:
    """A shared term (or an aggregate of the party) that is not known, as tight as at most so many suppositions
    (``completions``) make it."""
    if not any(_repeated_in(ev, asked, need) for need in hull.needs):
        return hull
    ends = _each_value(ev, asked, hull, scope)
    # Within a supposition no cells are supposed besides: the numbers of both would multiply.
    worth = ev.cells and not scope.fixed and _worth(ev, asked, hull, scope)
    left = min(MOST_CELLS, ev.completions - len(ends)) if worth else 0
    out: list[tuple[Fixed, Possible]] = []
    for fixed, result in ends:
        if not result.known and not result.conflict and not (out and _all_of(hull, [r for _, r in out])):
            result, spent = _refined(ev, asked, fixed, result, scope, left)
            left -= spent
        out.append((fixed, result))
    if len(out) == 1:
        return out[0][1]
    joined = join(result for _, result in out)
    if joined.known:
        return joined
    # Whatever settles none of the suppositions is still what the hull waits for.
    deciding = _deciding(out)
    needs = joined.needs | {need for need in hull.needs if any(_is(need, fact) for fact in deciding)}
    return replace(joined, needs=needs, reasons=joined.reasons | _why(needs, hull))


def _worth(ev: Evaluator, asked: Asked, hull: Possible, scope: Scope) -> bool:
    """Whether cells are supposed at all: of a term that rests on little, and goes through little."""
    if len(hull.needs) > MOST_NEEDS:
        return False
    if len({(need.list, need.name) for need in hull.needs if _repeated_in(ev, asked, need)}) > AT_ONCE:
        return False
    given = ev.sheets[scope.party].lists
    return sum(len(given.get(name, ())) for name in ev.reads.reach(asked).lists) <= MOST_RECORDS


def _why(needs: Iterable[Need], hull: Possible) -> set[str]:
    """The reasons that go with what is still waited for; the others are none any more."""
    return {WAITING[need.what] for need in needs} & hull.reasons


def _all_of(hull: Possible, ends: list[Possible]) -> bool:
    """Whether suppositions come to all that is possible without them."""
    joined = join(ends)
    if hull.values is None or joined.values is None:
        return shape(joined) == shape(hull)
    return len(joined.values) == len(hull.values)  # they come to nothing else


def _repeated_in(ev: Evaluator, asked: Asked, need: Need) -> bool:
    """Whether a term reads what is needed, or goes through the list that is, more than once."""
    if ev.reads.repeated(asked, (need.list, need.name)):
        return True
    return not need.list and need.name in ev.program.lists and ev.reads.repeated(asked, (need.name, ""))


def again(ev: Evaluator, asked: Asked, scope: Scope) -> Possible:
    """What is asked, evaluated where something is supposed."""
    return ev.settled(asked, scope) if isinstance(asked, Name) else lists.over(ev, asked, scope)


def suppose(ev: Evaluator, fixed: Fixed, item: Item, value: Possible) -> Fixed:
    """One more supposition; what was supposed of the same before was wider."""
    key = (item, shape(value))
    if key not in ev.supposed:
        ev.supposed[key] = Supposed(item, value, len(ev.supposed))
    others = (s for s in fixed if s.item != item)
    return tuple(sorted((*others, ev.supposed[key]), key=lambda s: s.number))


# ---------------------------------------------------------------------------------------------- each value of a few
def _each_value(ev: Evaluator, asked: Asked, hull: Possible, scope: Scope) -> list[tuple[Fixed, Possible]]:
    """What comes of each completion of the facts of finitely many values of the party, and of the record in hand."""
    ends: list[tuple[Fixed, Possible]] = []
    going: list[tuple[Fixed, Possible]] = [((), hull)]
    while going:
        fixed, result = going.pop(0)
        free = min(_unknowns(ev, asked, fixed, result, scope), key=lambda u: len(u[1].values or ()), default=None)
        if free is not None and len(ends) + len(going) + len(free[1].values or ()) > ev.completions:
            result, free = replace(result, hull=True), None
        if free is None:
            ends.append((fixed, result))
            continue
        item, may_be = free
        for value in may_be.values or ():
            supposed = suppose(ev, fixed, item, point(value))
            made = again(ev, asked, replace(scope, fixed=supposed))
            going.append((supposed, meet(made, result)))  # within a supposition less may be known of what is inside
    return ends


def _unknowns(
    ev: Evaluator, asked: Asked, fixed: Fixed, result: Possible, scope: Scope
) -> Iterator[tuple[Fact, Possible]]:
    """What a result waits for and can be tried out value by value, with what it may be."""
    if result.known:
        return
    tried = {s.item for s in fixed}
    for need in sorted(result.needs):
        if ev.reads.repeated(asked, (need.list, need.name)):
            found = _free(ev, need, scope)
            if found is not None and found[0] not in tried:
                values = found[1].values
                if values is not None and len(values) > 1:
                    yield found


def _free(ev: Evaluator, need: Need, scope: Scope) -> tuple[Fact, Possible] | None:
    """An unknown fact of the party in hand, or field of the record in hand, and what it may be."""
    if need.party and need.party != ev.whose(scope):
        return None
    if need.list == "":
        if need.name not in ev.program.inputs:
            return None
        return Fact(scope.owner, need.name), ev.input(need.name, scope)
    entry = scope.record_of(need.list)
    if entry is None or entry.source.key != need.record:
        return None
    return Fact(entry.source, need.name), ev.field(entry, need.name, scope)


def _is(need: Need, item: Item) -> bool:
    """Whether an unknown is what a need is about."""
    if not isinstance(item, Fact) or (need.list, need.name) != (item.entry.list, item.name):
        return False
    return not need.list or need.record == item.entry.key


def _deciding(ends: list[tuple[Fixed, Possible]]) -> set[Item]:
    """The unknowns of which each alone makes a difference: two suppositions that differ in it alone come to different
    results."""
    tried = {s.item for fixed, _ in ends for s in fixed}
    found: set[Item] = set()
    each = [({s.item: s for s in fixed}, shape(result)) for fixed, result in ends]
    for (one, here), (other, there) in itertools.combinations(each, 2):
        if here != there:
            differing = [item for item, s in one.items() if item in other and other[item] is not s]
            if len(differing) == 1:
                found.add(differing[0])
                if found == tried:
                    break
    return found


# ---------------------------------------------------------------------------------------------- cells
def _refined(
    ev: Evaluator, asked: Asked, fixed: Fixed, hull: Possible, scope: Scope, most: int
) -> tuple[Possible, int]:
    """A result that is not known, with what is still read more than once supposed to lie in one cell after the other;
    and how many suppositions that took. Where those join to all that was possible, there is nothing to gain."""
    ends: list[Possible] = []
    going: list[Fixed] = [fixed]
    spent = 0
    while going:
        here = going.pop()
        value = hull
        if here is not fixed:
            spent += 1
            value = meet(again(ev, asked, replace(scope, fixed=here)), hull)
        if not value.known:
            found, loose = _next(ev, asked, replace(scope, fixed=here)) if most else (None, True)
            if found is not None:
                item, parts = found
                if spent + len(going) + len(parts) > most:
                    return replace(hull, hull=True), spent
                going.extend(suppose(ev, here, item, part) for part in parts[::-1])
                continue
            if loose:
                value = replace(value, hull=True)
        ends.append(value)
        if here is not fixed and _all_of(hull, ends):
            return (replace(hull, hull=True) if any(end.hull for end in ends) else hull), spent
    joined = join(ends)
    if joined.known or len(ends) == 1:
        return joined, spent
    met = meet(hull, joined)  # the values in the order in which they were
    if met.known:
        return met, spent
    return replace(met, hull=joined.hull, reasons=joined.reasons | _why(met.needs, hull), notes=joined.notes), spent


def _next(ev: Evaluator, asked: Asked, scope: Scope) -> tuple[tuple[Item, list[Possible]] | None, bool]:
    """What to suppose next, with its cells: what is read more than once, the one of the fewest cells first; and
    whether something is that cannot be parted."""
    found = residue.of(ev, asked, scope)
    best: tuple[Item, list[Possible]] | None = None
    loose = False
    for item in _repeated(ev, found):
        parts = [] if isinstance(item, Need) else _cells(ev, found, item, scope)
        if isinstance(item, Need) or len(parts) < 2:
            loose = True
        elif best is None or len(parts) < len(best[1]):
            best = item, parts
    return best, loose


def _repeated(ev: Evaluator, found: Open) -> Iterator[Item | Need]:
    """What is read more than once; of what stands inside a part that is all there is of it, that part."""
    covered: set[Item | Need] = set()
    for item, times in found.paths.items():
        if item in covered:
            continue
        if isinstance(item, Part) and item in found.about:
            inside = residue.of_item(ev, item, found)
            tried = _tried(ev, found, item)
            own = all(found.paths[each] == times * n for each, n in inside.paths.items())
            if own and (tried or times > 1 and all(n == 1 for n in inside.paths.values())):
                covered.update(inside.paths)
                if times > 1:
                    yield item
        elif not isinstance(item, Part) and times > 1:
            yield item


def _tried(ev: Evaluator, found: Open, item: Part) -> bool:
    """Whether a part is one that suppositions have made as tight as can be: not where something bears on it that is
    supposed already."""
    about = found.about[item]
    assert not isinstance(about, InputDecl)
    term, scope = about
    return not scope.fixed and (isinstance(term, Use) or isinstance(term, Over) and residue.alone(ev, term))


def _cells(ev: Evaluator, found: Open, item: Item, scope: Scope) -> list[Possible]:
    about = found.about[item]
    value = residue.value_of(ev, found, item, scope)
    if value.known or value.conflict:
        return []
    event = isinstance(about, InputDecl) and about.event
    kind = residue.kind_of(found, item)
    parts = cells(value, kind, residue.cuts_of(found, item), scope.day if event else None)
    if isinstance(about, InputDecl) and about.within is not None and len(parts) > 1:
        return [part for part in parts if records.allowed(ev, about.within, part, kind, scope)]
    return parts


__all__ = ["completed", "suppose"]
