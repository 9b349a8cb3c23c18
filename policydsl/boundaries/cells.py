"""The partition of a fact's domain at its boundaries, with a representative of each part on the fact's own scale."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction

from policydsl import calendar
from policydsl.calendar import FAMILY, measure, moment
from policydsl.boundaries.model import Boundary, Cell
from policydsl.operators.undo import plain, seconds
from policydsl.core import Const, InputDecl
from policydsl.domain import same
from policydsl.kinds import GRAINS, Duration, Exact, Fiscal, Kind, Period
from policydsl.members import dataclass
from policydsl.render.values import places_of
from policydsl.text.keywords import divisible


def step_of(decl: InputDecl, found: Iterable[Boundary] = ()) -> Fraction | timedelta:
    """The distance between neighbouring values of a fact: one of a count, a fen, 0.01 %, 0.01 of a number, a day, a
    minute; finer where a boundary has more decimals."""
    match decl.kind.base:
        case "count" if decl.kind.unit is None or not divisible(decl.kind.unit):
            return Fraction(1)
        case "ordinal" | "duration":
            return Fraction(1)
        case "date":
            return timedelta(days=1)
        case "instant":
            return timedelta(minutes=1)
        case base:
            places = {"percent": 4, "count": 1}.get(base, 2)
            finest = [places_of(b.value) or 0 for b in found if isinstance(b.value, Fraction)]
            return Fraction(1, 10 ** max(places, *finest, 0))


def cells(decl: InputDecl, found: Iterable[Boundary]) -> tuple[Cell, ...]:
    """The partition of the fact's domain: yes and no; every option; the parts between boundaries, in order; the texts
    that are named and another; each option of a several-valued choice alone and all of them. 无 comes last, where the
    fact may be it. Every ``sample`` lies in the declared range (as far as that is constant) and on the scale.
    """
    marks = list(found)
    match decl.kind.base:
        case "yesno":
            out = [_value(decl.kind, True), _value(decl.kind, False)]
        case "choice":
            out = _options(decl, marks)
        case "choices":
            out = _several(decl, marks)
        case "text" | "any" | "period":
            out = _named(decl, marks)
        case _:
            out = _intervals(decl, marks)
    if decl.optional or (isinstance(decl.default, Const) and decl.default.value is None):
        out.append(_value(decl.kind, None))
    return tuple(out)


def _value(kind: Kind, value: Exact, other: bool = False) -> Cell:
    return Cell(kind, value, (value,), other=other)


def _options(decl: InputDecl, marks: list[Boundary]) -> list[Cell]:
    options = list(decl.kind.options)
    named = [b.value for b in marks if isinstance(b.value, str) and b.op in ("=", "!=")]
    if decl.kind.open or not options:
        options += [v for v in named if not any(same(v, o) for o in options)]
        return [*(_value(decl.kind, o) for o in options), _value(decl.kind, _other_text(options), other=True)]
    return [_value(decl.kind, o) for o in options]


def _several(decl: InputDecl, marks: list[Boundary]) -> list[Cell]:
    named = [o for b in marks for o in (b.value if isinstance(b.value, tuple) else (b.value,)) if isinstance(o, str)]
    options = list(decl.kind.options) or list(dict.fromkeys(named))
    out = [_value(decl.kind, (o,)) for o in options]
    if len(options) > 1:
        out.append(_value(decl.kind, tuple(options)))
    return out


def _named(decl: InputDecl, marks: list[Boundary]) -> list[Cell]:
    values: list[Exact] = []
    for b in marks:
        value = b.value.removesuffix("*") if isinstance(b.value, str) and b.op == "prefix" else b.value
        if value is not None and not isinstance(value, bool) and not any(same(value, v) for v in values):
            values.append(value)
    out = [_value(decl.kind, v) for v in values]
    closed = decl.within is not None and any(b.declared for b in marks)
    if decl.kind.base != "period" and not closed:
        out.append(_value(decl.kind, _other_text([v for v in values if isinstance(v, str)]), other=True))
    elif decl.kind.base == "period":
        out.append(_value(decl.kind, _another_period(decl.kind, values), other=True))
    return out


def _another_period(kind: Kind, taken: list[Exact]) -> Period:
    """A period of the kind's grain, later than those named (a fiscal year is taken for the calendar year)."""
    years = [v.year for v in taken if isinstance(v, Period)]
    grain = kind.unit or next((v.grain for v in taken if isinstance(v, Period)), "year")
    grain = grain if grain in GRAINS else "year"
    return calendar.make_period(grain, max(years, default=2023) + 1, 1, Fiscal((1, 1)))


def _other_text(taken: list[str]) -> str:
    """A text that is none of those taken."""
    words = itertools.chain(["其他"], (f"其他{n}" for n in itertools.count(2)))
    return next(w for w in words if not any(same(w, t) for t in taken))


def _intervals(decl: InputDecl, marks: list[Boundary]) -> list[Cell]:
    """The domain cut before each value that ``>=``, ``<`` name, and after each that ``>``, ``<=`` name."""
    scale = _Scale(decl, step_of(decl, marks), _unit(decl, marks))
    low, high = scale.range(marks)
    cuts: list[tuple[Exact, bool]] = []  # (value, whether the cut lies after it)
    for b in marks:
        if b.declared or b.value is None or isinstance(b.value, bool | str | tuple | Period):
            continue
        if decl.kind.base == "instant" and isinstance(b.value, date) and not isinstance(b.value, datetime):
            cuts += [(scale.value(scale.place(day)), False) for day in _around(b.value, b.op)]
            continue
        value = scale.fitted(b.value)
        if value is None:
            continue
        after = {">=": (False,), "<": (False,), ">": (True,), "<=": (True,)}.get(b.op, (False, True))
        cuts += [(value, a) for a in after]
    ordered = sorted({(scale.place(v), a): (v, a) for v, a in cuts}.items(), key=lambda c: (c[0][0], c[0][1]))
    edges: list[tuple[Exact, bool]] = [cut for _, cut in ordered]
    out: list[Cell] = []
    start: tuple[Exact, bool] | None = None
    for end in [*edges, None]:
        cell = scale.cell(start, end, low, high)
        if cell is not None:
            out.append(cell)
        start = end
    return out


def _unit(decl: InputDecl, marks: Iterable[Boundary]) -> str:
    """The unit in which lengths of time are told: that of the fact, else the smallest of those that turn into the one
    that is named first."""
    named = [b.value.unit for b in marks if isinstance(b.value, Duration)]
    if decl.kind.unit is not None or not named:
        return decl.kind.unit or "D"
    return min((u for u in named if FAMILY[u][0] == FAMILY[named[0]][0]), key=lambda u: FAMILY[u][1])


def _around(day: date, op: str) -> tuple[date, ...]:
    """The midnights at which an instant crosses a day: a day stands for all its hours."""
    match op:
        case ">=" | "<":
            return (day,)
        case ">" | "<=":
            return (day + timedelta(days=1),)
        case _:
            return (day, day + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The values that an ordered fact may take: whole numbers of steps from zero (days, seconds; of lengths of time the
    ``unit``)."""

    decl: InputDecl
    step: Fraction | timedelta
    unit: str

    def place(self, value: Exact) -> Fraction:
        """The value as a number: days of a date, seconds of an instant."""
        match value:
            case datetime():
                value = moment(value)
                return Fraction(value.toordinal() * 86400 + seconds(value))
            case date():
                days = Fraction(value.toordinal())
                return days * 86400 if self.decl.kind.base == "instant" else days
            case Duration():
                return value.value
            case Fraction():
                return value
            case _:
                raise TypeError(f"not ordered: {value!r}")

    def value(self, place: Fraction) -> Exact:
        kind = self.decl.kind
        match kind.base:
            case "date":
                return date.fromordinal(int(place))
            case "instant":
                return datetime.fromordinal(int(place) // 86400) + timedelta(seconds=int(place) % 86400)
            case "duration":
                return Duration(place, self.unit)
            case _:
                return place

    @property
    def size(self) -> Fraction:
        if isinstance(self.step, timedelta):
            return Fraction(1) if self.decl.kind.base == "date" else Fraction(int(self.step.total_seconds()))
        return self.step

    def fitted(self, value: Exact) -> Exact | None:
        """A boundary as a value of the fact's kind; None where it is of another."""
        base = self.decl.kind.base
        if base in ("date", "instant"):
            if not isinstance(value, date):
                return None
            if base == "date":
                return plain(value)
            return moment(value) if isinstance(value, datetime) else value  # 24:00 is where the next day begins
        if base == "duration":
            if not isinstance(value, Duration) or FAMILY[value.unit][0] != FAMILY[self.unit][0]:
                return None
            return Duration(measure(value)[1] / FAMILY[self.unit][1], self.unit)
        return value if isinstance(value, Fraction) else None

    def range(self, marks: list[Boundary]) -> tuple[tuple[Fraction, bool] | None, tuple[Fraction, bool] | None]:
        """The declared range: each end as (place, open)."""
        low: tuple[Fraction, bool] | None = None
        high: tuple[Fraction, bool] | None = None
        for b in marks:
            value = self.fitted(b.value) if b.declared and b.value is not None else None
            if value is None:
                continue
            end = (self.place(value), b.op in (">", "<"))
            if b.op in (">=", ">"):
                low = end if low is None else max(low, end)
            elif b.op in ("<=", "<"):
                high = end if high is None else min(high, (end[0], end[1]), key=lambda e: (e[0], not e[1]))
        return low, high

    def cell(
        self, start: tuple[Exact, bool] | None, end: tuple[Exact, bool] | None,
        low: tuple[Fraction, bool] | None, high: tuple[Fraction, bool] | None,
    ) -> Cell | None:
        """The cell between two cuts within the declared range; None where no value of the scale lies in it."""
        left = (self.place(start[0]), start[1]) if start is not None else None
        right = (self.place(end[0]), not end[1]) if end is not None else None
        shown = (left is not None, right is not None)
        if low is not None and (left is None or left <= low):
            left, shown = low, (left == low, shown[1])
        if high is not None and (right is None or (right[0], not right[1]) >= (high[0], not high[1])):
            right, shown = high, (shown[0], right == high)
        first = self.first(left)
        last = self.last(right)
        if first is not None and last is not None and first > last:
            return None
        at = first if first is not None and (shown[0] or last is None or not shown[1]) else last
        if at is None:
            at = first if first is not None else self.anywhere()
        return Cell(
            self.decl.kind, self.value(at),
            tuple(self.value(p) for p in (first, last) if p is not None),
            self.value(left[0]) if left else None, left[1] if left else False,
            self.value(right[0]) if right else None, right[1] if right else False, shown=shown,
        )

    def first(self, left: tuple[Fraction, bool] | None) -> Fraction | None:
        if left is None:
            return None
        steps = -((-left[0]) // self.size)
        return (steps + 1) * self.size if left[1] and steps * self.size == left[0] else steps * self.size

    def last(self, right: tuple[Fraction, bool] | None) -> Fraction | None:
        if right is None:
            return None
        steps = right[0] // self.size
        return (steps - 1) * self.size if right[1] and steps * self.size == right[0] else steps * self.size

    def anywhere(self) -> Fraction:
        match self.decl.kind.base:
            case "date":
                return Fraction(date(2024, 1, 1).toordinal())
            case "instant":
                return Fraction(date(2024, 1, 1).toordinal() * 86400)
            case "percent":
                return Fraction(1, 10)
            case _:
                return Fraction(1)
