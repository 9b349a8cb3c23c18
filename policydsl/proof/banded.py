"""The table of slices or steps that an amount was worked out by, read from its proof: of each row from where to where,
what it takes, at which rate, what that comes to; and how far it is to the next border."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from policydsl.bands import apart, lower_end, sliced, step_of
from policydsl.core import AnyTerm, Apply, Choose, Use
from policydsl.domain import point
from policydsl.kinds import Kind
from policydsl.members import dataclass
from policydsl.proof.steps import Step
from policydsl.verdict import Sum

Told = Callable[[Step], Sum]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A border above what there is: how far it is, where, and what is paid from there."""

    base: Fraction
    at: Fraction
    kind: Kind
    gain: Sum


def banded(step: Step, leaf: Told, followed: Told) -> Sum | None:
    """The table of a total. ``leaf``: how a value is told that is not followed, ``followed``: how the base is."""
    rows = [found for use in _uses(step.root) if (found := _row(use, leaf)) is not None]
    if not rows:
        return None
    parts = [told for told, _, _ in rows]
    form = "slices" if parts[0].form == "slice" else "steps"
    ahead = [border for _, _, border in rows if border is not None]
    base = followed(rows[0][1])
    if base.parts:
        parts.insert(0, base)
    if ahead:
        parts.append(_next(min(ahead, key=lambda b: b.at)))
    return Sum(form, "", "", step.value, step.term.kind, tuple(parts), at=step.term.at)


def whole_border(step: Step, leaf: Told) -> Sum | None:
    """How far a base at the rate of its band is from the next band, where the bands are of the base."""
    base, rate = step.kids
    if not isinstance(rate.term, Choose):
        return None
    ahead = []
    for row in rate.rows:
        stretch, rest = apart(base.term, row.arm.when)
        if stretch is not None and row.arm.origin is not None and all(step.at(test).value.yes for test in rest):
            ahead.append(_beyond(step, base.term, stretch.low, _named("rate", step, row.arm.then, leaf)))
    found = [border for border in ahead if border is not None]
    return _next(min(found, key=lambda b: b.at)) if found else None


def _next(border: Beyond) -> Sum:
    place = Sum("from", "", "", point(border.at), border.kind)
    return Sum("border", "", "", point(border.at - border.base), border.kind, (place, border.gain))


def _uses(step: Step | None) -> Iterator[Step]:
    """The rows that a total is the sum of."""
    if step is not None and isinstance(step.term, Use):
        yield step
    elif step is not None and isinstance(step.term, Apply):
        for kid in step.kids:
            yield from _uses(kid)


def _row(use: Step, leaf: Told) -> tuple[Sum, Step, Beyond | None] | None:
    root, definition = use.root, use.definition
    if root is None or definition is None:
        return None
    found = _slice(root, leaf) or _step(root, leaf)
    if found is None:
        return None
    told, base, border = found
    origin = definition.origin
    return replace(told, value=use.value, kind=use.term.kind, label=origin.label, row=origin.row,
                   clauses=origin.clauses, at=origin.at), base, border


def _slice(root: Step, leaf: Told) -> tuple[Sum, Step, Beyond | None] | None:
    found = sliced(root.term)
    if found is None:
        return None
    rate = _named("rate", root, found.rate, leaf)
    ends = [_end(form, root, end, leaf) for form, end in (("from", found.stretch.low), ("to", found.stretch.high))]
    size = Sum("slice_of", "", "", root.at(found.size).value, found.size.kind)
    parts = (*(end for end in ends if end is not None), size, rate)
    asked = found.when is None or root.at(found.when).value.yes
    border = _beyond(root, found.base, found.stretch.low, rate) if asked else None
    return Sum("slice", "", "", root.value, root.term.kind, parts), root.at(found.base), border


def _step(root: Step, leaf: Told) -> tuple[Sum, Step, Beyond | None] | None:
    arm = step_of(root.term)
    if arm is None:
        return None
    tests = arm.when.args if isinstance(arm.when, Apply) and arm.when.op == "and" else (arm.when,)
    reached = tests[-1]
    assert isinstance(reached, Apply)
    subject, low = reached.args[0], lower_end(reached, reached.args[0])
    pays = _named("pays", root, arm.then, leaf)
    start = _end("from", root, low, leaf)
    open_ = all(root.at(test).value.yes for test in tests[:-1])
    border = _beyond(root, subject, low, pays) if open_ else None
    parts = (*([start] if start is not None else []), pays)
    return Sum("step", "", "", root.value, root.term.kind, parts), root.at(subject), border


def _end(form: str, root: Step, end: AnyTerm | None, leaf: Told) -> Sum | None:
    return None if end is None else _named(form, root, end, leaf)


def _named(form: str, root: Step, term: AnyTerm, leaf: Told) -> Sum:
    """A value that is not followed, as what it is to its row; the author's words for a number are that number."""
    return replace(leaf(root.at(term)), form=form, text="")


def _beyond(root: Step, base: AnyTerm, low: AnyTerm | None, gain: Sum) -> Beyond | None:
    """The border where a row begins, if what there is has not come to it."""
    if low is None:
        return None
    here, there = root.at(base).value, root.at(low).value
    if not (here.known and there.known and isinstance(here.value, Fraction) and isinstance(there.value, Fraction)):
        return None
    return Beyond(here.value, there.value, base.kind, gain) if here.value < there.value else None
