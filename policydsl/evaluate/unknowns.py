"""One unknown is one unknown: what is read in several places is supposed to be each of what it may be, in all of them
at once, and what comes out is joined.

An unknown is tried out only where the result still waits for it: what one supposition settles is not gone into further.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from policydsl.core import Name
from policydsl.domain import WAITING, Need, Possible, join, meet, shape
from policydsl.evaluate.scope import Fixed, Scope
from policydsl.kinds import Exact

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator


def completed(ev: Evaluator, name: Name, hull: Possible, scope: Scope) -> Possible:
    """A shared term that is not known, as tight as at most so many suppositions (``completions``) make it."""
    ends: list[tuple[Fixed, Possible]] = []
    going: list[tuple[Fixed, Possible]] = [((), hull)]
    while going:
        fixed, result = going.pop(0)
        free = min(_unknowns(ev, name, fixed, result, scope), key=lambda u: len(u[1]), default=None)
        if free is not None and len(ends) + len(going) + len(free[1]) > ev.completions:
            result, free = replace(result, hull=True), None
        if free is None:
            ends.append((fixed, result))
            continue
        need, values = free
        for value in values:
            supposed = tuple(sorted((*fixed, (scope.party, need, value)), key=lambda f: f[1]))
            made = ev.settled(name, replace(scope, fixed=supposed))
            going.append((supposed, meet(made, result)))  # within a supposition less may be known of what is inside
    if len(ends) == 1:
        return ends[0][1]
    joined = join(result for _, result in ends)
    if joined.known:
        return joined
    # Whatever settles none of the suppositions is still what the hull waits for; the others are no reason any more.
    needs = joined.needs | _deciding(ends)
    waiting = {WAITING[need.what] for need in needs}
    why = {reason for reason in hull.reasons if reason in waiting or reason not in WAITING.values()}
    return replace(joined, needs=needs, reasons=joined.reasons | why, notes=joined.notes | hull.notes)


def _unknowns(
    ev: Evaluator, name: Name, fixed: Fixed, result: Possible, scope: Scope
) -> Iterator[tuple[Need, tuple[Exact, ...]]]:
    """What a result waits for and can be tried out, with what it may be."""
    if result.known:
        return
    tried = {need for _, need, _ in fixed}
    for need in sorted(result.needs - tried):
        if ev.reads.repeated(name, (need.list, need.name)):
            free = _free(ev, need, scope)
            if free is not None and free.values is not None and len(free.values) > 1:
                yield need, free.values


def _free(ev: Evaluator, need: Need, scope: Scope) -> Possible | None:
    """What an unknown fact of the party in hand itself may be."""
    if need.party and need.party != ev.whose(scope):
        return None
    if need.list == "":
        return ev.input(need.name, scope) if need.name in ev.program.inputs else None
    entry = scope.record_of(need.list)
    return ev.field(entry, need.name, scope) if entry is not None and entry.key == need.record else None


def _deciding(ends: list[tuple[Fixed, Possible]]) -> set[Need]:
    """The unknowns of which each alone makes a difference: two suppositions that differ in it alone come to different
    results."""
    tried = {need for fixed, _ in ends for _, need, _ in fixed}
    found: set[Need] = set()
    each = [({need: value for _, need, value in fixed}, shape(result)) for fixed, result in ends]
    for (one, here), (other, there) in itertools.combinations(each, 2):
        if here != there:
            differing = [need for need, value in one.items() if need in other and other[need] != value]
            if len(differing) == 1:
                found.add(differing[0])
                if found == tried:
                    break
    return found


__all__ = ["completed"]
