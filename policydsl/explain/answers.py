"""What each answer to a missing fact would lead to: one outcome for each part of the fact's domain.

Within a cell of ``boundaries`` no comparison with a constant changes, so one value stands for all of it. Where the fact
is compared through arithmetic on other facts, both ends of a cell (and points between) are judged too: outcomes that
differ are told apart by halving the cell on the fact's own scale; a value that moves with the answer is given by its
two ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from policydsl.boundaries import Cell, cells, step_of
from policydsl.calendar import END, day_end
from policydsl.domain import Possible, before, ends, has_none, same
from policydsl.explain.model import Branch, Question
from policydsl.explain.trials import Place, SpentError, Trials
from policydsl.kinds import Duration, Exact
from policydsl.members import dataclass
from policydsl.operators.undo import seconds
from policydsl.verdict import Judged, ResultValue

MOST_PARTS = 8
MOST_OPTIONS = 4  # of several choices, of which every selection is tried
POINTS, MORE_POINTS = 4, 16  # parts that a cell is tried out in; more where periods begin with the fact
_FAR = Fraction(1000)
_CLOCK = 86_401  # the seconds of a day, and 24:00, which is none of them


def question(trials: Trials, result: str, fact: str, record: str | None = None) -> Question:
    """The question for a missing fact of a result. ``record``: the record of the result that is looked at."""
    place = trials.place(fact)
    if place is None:
        ledger = trials.program.lists.get(fact)  # a whole ledger, a table for the author to supply, or the population
        return Question(fact, parameter=ledger is not None and ledger.source == "rows")
    decl = place.decl
    asked = Question(
        fact, (), decl.parameter, decl.decision, list=place.list, record=place.record, of=record or ""
    )
    branches: list[Branch] = []
    found = _possible_cells(trials, place)
    trials.begin()
    try:
        for cell in found:
            for branch in _branches(trials, result, place, cell, record):
                _add(branches, branch)
    except SpentError:
        return replace(asked, branches=tuple(branches), cut=True, untried=tuple(found))
    return replace(asked, branches=tuple(branches))


def outcome_of(value: ResultValue, record: str | None) -> Judged:
    """The result for the record, or for the party."""
    if record is not None:
        for item in value.items or ():
            if item.record == record:
                return item
        return replace(value.total, record=record, status="not_applicable", missing=(), reasons=())  # it drops out
    return value.total


def _possible_cells(trials: Trials, place: Place) -> list[Cell]:
    """The cells that the declaration, and what is known of other facts, still allow."""
    free = trials.may_be(place)
    out = []
    found = cells(place.decl, trials.found.get(place.key, ()))
    for cell in _together(found) if place.decl.kind.base == "choices" else found:
        kept = _within(cell, free)
        if kept is not None:
            out.append(kept)
    return out


def _together(found: Sequence[Cell]) -> Iterator[Cell]:
    """Of several choices each selection, where there are few, and none: what one leads to says nothing of two."""
    single = [c for c in found if isinstance(c.sample, tuple) and len(c.sample) == 1]
    options = [c.sample[0] for c in single if isinstance(c.sample, tuple)]
    if 1 < len(options) <= MOST_OPTIONS:
        for size in range(1, len(options) + 1):
            for chosen in itertools.combinations(options, size):
                yield replace(single[0], sample=chosen, edges=(chosen,))
    else:
        yield from (c for c in found if isinstance(c.sample, tuple))
    if single:
        yield replace(single[0], sample=(), edges=((),))
    yield from (c for c in found if not isinstance(c.sample, tuple))


def _within(cell: Cell, free: Possible) -> Cell | None:
    """The cell cut to what is possible; None where nothing of it is."""
    if cell.sample is None:
        return cell if has_none(free) or free.values is None else None
    if not cell.ordered:
        if free.values is not None and not cell.other and not isinstance(cell.sample, tuple):
            return cell if any(v is not None and same(v, cell.sample) for v in free.values) else None
        return cell
    low, low_open, high, high_open = ends(free)
    made = cell
    if low is not None and not isinstance(low, bool) and _outside(made.low, low, low_side=True):
        edges = tuple(e for e in made.edges if not before(e, low))
        made = replace(made, low=low, low_open=low_open, sample=_later(made.sample, low), shown=(False, made.shown[1]),
                       edges=edges if len(edges) == len(made.edges) else (low, *edges))
    if high is not None and _outside(made.high, high, low_side=False):
        made = replace(made, high=high, high_open=high_open, sample=_earlier(made.sample, high),
                       shown=(made.shown[0], False),
                       edges=(*(e for e in made.edges if not before(high, e)), high)[-2:])
    if made.edges and (low is not None and before(made.edges[-1], low) or high is not None
                       and before(high, made.edges[0])):
        return None
    if low is not None and before(made.sample, low) or high is not None and before(high, made.sample):
        return None
    return made


def _outside(own: Exact, limit: Exact, *, low_side: bool) -> bool:
    """Whether an end of a cell (None: it has none on that side) lies beyond a limit."""
    if own is None:
        return True
    return before(own, limit) if low_side else before(limit, own)


def _later(a: Exact, b: Exact) -> Exact:
    return b if before(a, b) else a


def _earlier(a: Exact, b: Exact) -> Exact:
    return b if before(b, a) else a


# ---------------------------------------------------------------------------------------------- one cell
@dataclass(frozen=True, slots=True)
class _Ruler:
    """The values of a fact as numbers of steps."""

    place: Place
    step: Fraction | timedelta

    def number(self, value: Exact) -> int | None:
        match value:
            case datetime():
                return value.toordinal() * _CLOCK + (_CLOCK - 1 if value.time() == END else seconds(value))
            case date():
                return value.toordinal()
            case Duration():
                return int(value.value)
            case Fraction() if isinstance(self.step, Fraction):
                return int(value / self.step)
            case _:
                return None

    def value(self, number: int, like: Exact) -> Exact:
        match like:
            case datetime():
                day, clock = divmod(number, _CLOCK)
                start = datetime.fromordinal(day)
                return day_end(start.date()) if clock == _CLOCK - 1 else start + timedelta(seconds=clock)
            case date():
                return date.fromordinal(number)
            case Duration():
                return Duration(Fraction(number), like.unit)
            case _:
                assert isinstance(self.step, Fraction)
                return number * self.step


def _branches(trials: Trials, result: str, place: Place, cell: Cell, record: str | None) -> list[Branch]:
    """The outcomes of a cell: one, or several where something else than a constant cuts it."""

    def judged(value: Exact) -> Judged:
        return outcome_of(trials.judged(result, place, value), record)

    middle = judged(cell.sample)
    if not cell.ordered:
        several = isinstance(cell.sample, tuple) and len(place.decl.kind.options) > MOST_OPTIONS
        return [Branch(cell, middle, exact=not several)]
    ruler = _Ruler(place, step_of(place.decl, trials.found.get(place.key, ())))
    first, last = _span(ruler, cell)
    if first is None or last is None or first >= last:
        return [Branch(cell, middle)]
    like = cell.sample
    anchor = place.key in trials.anchors
    loose = anchor or place.key in trials.bent  # what was tried says nothing of what lies between
    parts = MORE_POINTS if anchor else POINTS
    points = sorted({first, *((first * (parts - n) + last * n) // parts for n in range(1, parts)), last})
    seen = [signature(judged(ruler.value(p, like))) for p in points]
    if len(set(map(repr, seen))) == 1:
        return [Branch(cell, middle, exact=not loose)]
    if len(points) > 3 and len(set(map(repr, seen))) == len(points):
        if len({judged(ruler.value(p, like)).status for p in points}) == 1:
            return [_told_from(cell, ruler.value(first, like), judged, judged(ruler.value(last, like)))]
        parts_ = _halved(ruler, cell, points, judged, lambda outcome: outcome.status)
        return [_moves(b, ruler, judged) for b in parts_]
    return [replace(b, exact=b.exact and not loose) for b in _halved(ruler, cell, points, judged)]


def _span(ruler: _Ruler, cell: Cell) -> tuple[int | None, int | None]:
    """The first and last number of the cell; where it has no end, one far away."""
    at = ruler.number(cell.sample)
    low = ruler.number(cell.edges[0]) if cell.edges and cell.low is not None else None
    high = ruler.number(cell.edges[-1]) if cell.edges and cell.high is not None else None
    if at is None:
        return None, None
    far = 3650 if isinstance(cell.sample, date) else max(abs(at) * 10, 1000)
    if isinstance(cell.sample, datetime):
        far = 3650 * _CLOCK
    elif isinstance(ruler.step, Fraction) and not isinstance(cell.sample, date | Duration):
        far = max(far, int(_FAR / ruler.step))
    first, last = at - far, at + far
    if isinstance(cell.sample, date):  # the calendar has ends
        calendar = type(cell.sample)
        first, last = max(first, ruler.number(calendar.min) or 0), min(last, ruler.number(calendar.max) or 0)
    return (first if low is None else low), (last if high is None else high)


def _moves(branch: Branch, ruler: _Ruler, judged: Callable[[Exact], Judged]) -> Branch:
    """A part whose outcomes are of one status; where they differ all the same, the value moves with the answer."""
    first, last = _span(ruler, branch.answer)
    if first is None or last is None:
        return replace(branch, exact=False)
    start, until = (judged(ruler.value(n, branch.answer.sample)) for n in (first, last))
    if signature(start) == signature(until):
        return replace(branch, exact=False)
    made = _told_from(branch.answer, ruler.value(first, branch.answer.sample), judged, until)
    return replace(made, exact=False)


def _told_from(cell: Cell, first: Exact, judged: Callable[[Exact], Judged], until: Judged) -> Branch:
    """A value that moves with the answer: told from the first answer on, or where there is none from the example."""
    told = cell if cell.low is None else replace(cell, sample=first)
    return Branch(told, judged(told.sample), moves=True, until=until)


def _halved(
    ruler: _Ruler, cell: Cell, points: list[int], judged: Callable[[Exact], Judged],
    tell: Callable[[Judged], object] | None = None,
) -> list[Branch]:
    """The cell in parts of one outcome each; the ends found by halving between points that differ. ``tell``: by what
    outcomes are told apart."""
    like = cell.sample
    signature_ = tell or signature

    def at(number: int) -> Judged:
        return judged(ruler.value(number, like))

    starts = [points[0]]
    moving: set[int] = set()  # starts from which on the value moves with the answer
    told: Callable[[Judged], object]
    for left, right in zip(points, points[1:], strict=False):
        told = _status if starts[-1] in moving else signature_
        here = repr(told(at(left)))
        while here != repr(told(at(right))) and len(starts) < MOST_PARTS:
            low, high = left, right
            while high - low > 1:
                middle = (low + high) // 2
                if repr(told(at(middle))) == here:
                    low = middle
                else:
                    high = middle
            starts.append(high)
            if _moves_on(at, high, right):
                moving.add(high)
                break
            told = signature_
            left, here = high, repr(told(at(high)))
            if high == right:
                break
    out: list[Branch] = []
    for index, start in enumerate(starts):
        stop = starts[index + 1] if index + 1 < len(starts) else None
        value = ruler.value(start, like)
        part = cell if index == 0 else replace(cell, low=value, low_open=False, sample=value,
                                               shown=(True, cell.shown[1]), edges=(value, *cell.edges[-1:]))
        if index == 0:
            part = replace(part, sample=value if cell.low is not None else part.sample)
        if stop is not None:
            end = ruler.value(stop, like)
            inner = ruler.value(stop - 1, like)
            edges = (*part.edges[:1], inner) if part.low is not None else (inner,)
            sample = _earlier(part.sample, inner)
            part = replace(part, high=end, high_open=True, shown=(part.shown[0], True), edges=edges, sample=sample)
        last = points[-1] if stop is None else stop - 1
        moves = start in moving
        out.append(Branch(part, at(start), moves, at(last) if moves else None, exact=len(starts) < MOST_PARTS))
    return out


def _status(judged: Judged) -> object:
    return judged.status


def _moves_on(at: Callable[[int], Judged], first: int, last: int) -> bool:
    """Whether a value goes on moving with the answer: everywhere another one, all else being the same."""
    if last - first < 4:
        return False
    tried = [at(n) for n in (first, (first + last) // 2, last)]
    return len({repr(signature(j)) for j in tried}) == 3 and len({j.status for j in tried}) == 1


def signature(judged: Judged) -> tuple[object, ...]:
    """What makes two outcomes the same to the reader."""
    settled = judged.state is not None and judged.state.known  # the day of a deadline does not matter then
    shape = tuple(_shape(p) for p in (None if settled else judged.value, judged.holds, judged.state))
    return (judged.status, shape, judged.missing if judged.status == "unknown" else ())


def _shape(value: Possible | None) -> object:
    return None if value is None else (value.values, value.low, value.low_open, value.high, value.high_open, value.none)


def _add(branches: list[Branch], branch: Branch) -> None:
    """The branch at the end; an interval that follows one with the same outcome is joined to it."""
    last = branches[-1] if branches else None
    if last is None or not last.answer.ordered or not branch.answer.ordered:
        branches.append(branch)
        return
    a, b = last.answer, branch.answer
    together = replace(a, high=b.high, high_open=b.high_open, shown=(a.shown[0], b.shown[1]), edges=_joined_edges(a, b))
    exact = last.exact and branch.exact
    if not last.moves and not branch.moves and signature(last.outcome) == signature(branch.outcome):
        branches[-1] = replace(last, answer=together, exact=exact)
    elif _moving(last, branch):
        branches[-1] = replace(last, answer=together, moves=True, until=branch.until or branch.outcome, exact=exact)
    else:
        branches.append(branch)


def _moving(a: Branch, b: Branch) -> bool:
    """Whether two neighbours are one value that moves on: all else is the same, and neither stands still."""
    rest = [replace(x.outcome, value=a.outcome.value) for x in (a, b)]
    if signature(rest[0]) != signature(rest[1]) or not (a.moves or b.moves):
        return False
    return all(x.moves or _single(x.answer) for x in (a, b))


def _single(cell: Cell) -> bool:
    return len(cell.edges) == 2 and same(cell.edges[0], cell.edges[1])


def _joined_edges(a: Cell, b: Cell) -> tuple[Exact, ...]:
    first = a.edges[:1] if a.low is not None else ()
    last = b.edges[-1:] if b.high is not None else ()
    return (*first, *last)
