"""Slices that leave a gap or are taken twice; where more sales earn less because the whole changes its rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from policydsl import core as c
from policydsl import nodes as n
from policydsl.bands import Stretch, Whole, apart, slices_of, whole_of
from policydsl.check.extent import Extent, Extents, number_of
from policydsl.check.regions import Reader
from policydsl.check.space import Space, TooMany
from policydsl.check.words import Teller
from policydsl.clause_kinds import traits
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.kinds import YESNO, Kind
from policydsl.lower.context import Lowering
from policydsl.members import dataclass
from policydsl.operators import rounded
from policydsl.place import Span
from policydsl.walk import plain

FEN = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Line:
    """A row between two numbers: where it stands in the table, and its place in the text; an end that is not there is
    None."""

    row: int
    low: Fraction | None
    high: Fraction | None
    at: Span


@dataclass(frozen=True, slots=True)
class Jump:
    """A border of a table of rates of the whole: the last value before it and the first behind it, with what the whole
    comes to at each."""

    last: Fraction
    first: Fraction
    kind: Kind
    before: Fraction
    behind: Fraction
    paid: Kind
    at: Span


def bands(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Every table of slices, and of the rewards every table of rates."""
    extents, teller = Extents(program), Teller(file.dialect, program.header.currency)
    for block in file.blocks:
        if not isinstance(block, n.Clause) or block.table is None:
            continue
        yield from _slices(block, program, extents, teller, low)
        if traits(block.kind).stance != "wished":
            continue
        found = jumps(program, block.name)
        rising = [jump for jump in found if jump.behind > jump.before]
        if rising:
            steps = ["{} → {}: {} → {} (+{})".format(*(teller.value(number, kind) for number, kind in (
                (jump.last, jump.kind), (jump.first, jump.kind), (jump.before, jump.paid), (jump.behind, jump.paid),
                (jump.behind - jump.before, jump.paid),
            ))) for jump in rising]
            args = {"name": block.name, "steps": "; ".join(steps)}
            yield Diagnostic("POL551", rising[0].at, "notice", args)
        for jump in found:
            if jump.behind < jump.before:
                bases = {"last": jump.last, "first": jump.first, "more": jump.first - jump.last}
                paid = {"before": jump.before, "behind": jump.behind, "less": jump.before - jump.behind}
                told = {key: teller.value(number, jump.kind) for key, number in bases.items()}
                told |= {key: teller.value(number, jump.paid) for key, number in paid.items()}
                yield Diagnostic("POL450", jump.at, "warning", {"name": block.name} | told)


# ---------------------------------------------------------------------------------------------- slices
def _slices(
    block: n.Clause, program: Program, extents: Extents, teller: Teller, low: Lowering
) -> Iterator[Diagnostic]:
    """Slices that do not meet end to end, in any combination of what the other columns ask."""
    rows = slices_of(program.terms, block.name)
    if not rows:
        return
    base = rows[0][1].base
    label, most = teller.label(base), extents.of(base).high
    groups = [*_together([found.when for _, found in rows], extents)]
    stretches = [found.stretch for _, found in rows]
    if all(_chained([stretches[i] for i in group]) for group in groups):
        return  # each begins where the one before ends, whatever that is
    lines = []
    for i, (_, found) in enumerate(rows):
        ends = [None if end is None else extents.constant(end) for end in (found.stretch.low, found.stretch.high)]
        numbers = [None if end is None else number_of(end.value) for end in ends]
        for stated, number in zip((found.stretch.low, found.stretch.high), numbers, strict=True):
            if stated is not None and number is None:
                args = {"name": block.name, "read": low.text(stated.at)}
                yield Diagnostic("POL427", stated.at, "notice", args)
                return
        lines.append(Line(i, numbers[0], numbers[1], found.size.at))
        if None not in numbers and numbers[0] >= numbers[1]:  # type: ignore[operator]
            yield Diagnostic("POL419", found.size.at, args={"read": low.text(found.size.at)})
            return
    told: set[tuple[int, int]] = set()
    for group in groups:
        stack = sorted((lines[i] for i in group), key=lambda one: (one.low is not None, one.low or 0))
        for before, line in zip(stack, [*stack[1:], None], strict=True):
            key = before.row, -1 if line is None else line.row
            if key in told:
                continue
            told.add(key)
            yield from _meet(block, before, line, label, base.kind, most, teller)


def _chained(stretches: Sequence[Stretch]) -> bool:
    """Whether the stretches, in the order of the text, meet in ends that are the same words and no numbers."""
    ends = [(above.high, below.low) for above, below in pairwise(stretches)]
    met = all(high is not None and low is not None and plain(high) == plain(low) for high, low in ends)
    moving = all(not isinstance(high, c.Const) for high, _ in ends)
    return met and moving and len(stretches) > 1 and stretches[-1].high is None


def _meet(
    block: n.Clause, before: Line, line: Line | None, label: str, kind: Kind, most: Fraction | None, teller: Teller
) -> Iterator[Diagnostic]:
    """One slice and the next, or the end of the last one."""
    end = before.high
    start = None if line is None else line.low
    if line is not None and (end is None or start is None or start < end):
        tops = [x for x in (end, line.high) if x is not None]
        both = Extent(start, False, min(tops, default=None), False)
        yield Diagnostic("POL449", line.at, args={
            "name": block.name, "first": str(min(before.row, line.row) + 1),
            "second": str(max(before.row, line.row) + 1), "both": teller.stretch(label, both, kind),
        })
    elif end is not None and (most > end if line is None and most is not None else start is None or start > end):
        gap = Extent(end, True, start, True)
        yield Diagnostic("POL448", before.at if line is None else line.at, args={
            "name": block.name, "missing": teller.stretch(label, gap, kind),
        })


def _together(asked: Sequence[c.AnyTerm | None], extents: Extents) -> Iterator[tuple[int, ...]]:
    """The rows that may fit at once, for every combination of what they ask of other columns."""
    reader = Reader(extents)
    rows = [reader.row(when if when is not None else c.Const(True, kind=YESNO)) for when in asked]
    space = Space.of(rows, reader)
    if space is None or any(row.opaque for row in rows):
        yield tuple(range(len(asked)))
        return
    try:
        yield from dict.fromkeys(space.together())
    except TooMany:
        return


# ---------------------------------------------------------------------------------------------- the whole
def jumps(program: Program, rule: str) -> list[Jump]:
    """The borders of a table of rates of the whole, in their order, as far as they are known: the base is the number of
    the bands, and borders, rates, 上限 and 下限 are constants."""
    whole, extents = whole_of(program.terms, rule), Extents(program)
    if whole is None:
        return []
    rows: list[tuple[Line, Fraction]] = []
    others: list[c.AnyTerm] = []
    least = FEN if whole.base.kind.base == "money" else Fraction(int(extents.of(whole.base).whole))
    for arm in whole.arms:
        stretch, rest = apart(whole.base, arm.when)
        rate = _number(arm.then, extents)
        if stretch is None or rate is None:
            return []
        low, high = (None if end is None else _number(end, extents) for end in (stretch.low, stretch.high))
        if (low is None) != (stretch.low is None) or (high is None) != (stretch.high is None):
            return []
        low = low + least if low is not None and stretch.low_op == ">" else low
        high = high - least if high is not None and stretch.high_op == "<" else high
        assert arm.origin is not None
        rows.append((Line(len(rows), low, high, arm.origin.at), rate))
        others.append(c.Apply("and", rest, kind=YESNO))
    found: dict[tuple[int, int], Jump] = {}
    for group in _together(others, extents):
        stack = sorted((rows[i] for i in group), key=lambda one: (one[0].low is not None, one[0].low or 0))
        for (line, rate), (following, beyond) in pairwise(stack):
            last, first = line.high, following.low
            if last is None or first is None or not 0 <= first - last <= least:
                continue
            paid = (last * rate, first * beyond) if whole.rated else (rate, beyond)
            before, behind = (_paid(whole, amount, program, extents) for amount in paid)
            if before is not None and behind is not None:
                found[line.row, following.row] = Jump(
                    last, first, whole.base.kind, before, behind, whole.term.kind, following.at
                )
    return sorted(found.values(), key=lambda jump: jump.first)


def _paid(whole: Whole, amount: Fraction, program: Program, extents: Extents) -> Fraction | None:
    """What an amount comes to behind 上限 and 下限, rounded; None where a limit is no constant."""
    for op, term in whole.limits:
        limit = _number(term, extents)
        if limit is None:
            return None
        amount = min(amount, limit) if op == "min" else max(amount, limit)
    return rounded(amount, program.header.rounding.places, program.header.rounding.mode)


def _number(term: c.AnyTerm, extents: Extents) -> Fraction | None:
    """A number that is a constant."""
    found = extents.constant(term)
    return None if found is None else number_of(found.value)
