"""What is known of a value: a point, a finite set, or an interval, with what it waits for.

A yes/no that is unknown is the set {yes, no}; three-valued logic, numeric bounds and remaining choices are one
mechanism. Joining is union; nothing here ever guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from policydsl import calendar
from policydsl.kinds import Duration, Exact, Kind, Period, text_key
from policydsl.members import dataclass, replace
from policydsl.text_sets import Texts

MOST_VALUES = 64  # a finite set larger than this is widened to its interval


class Need(NamedTuple):
    """Something that is not known: a fact, a parameter, a decision, the population; ``record``: the key of its row;
    ``party``: whose it is, where several are judged together."""

    name: str
    list: str = ""
    record: str = ""
    what: str = "fact"
    party: str = ""


# Why what waits for such a thing is not known.
WAITING = {"fact": "missing", "parameter": "parameter", "decision": "discretion", "population": "population"}


@dataclass(frozen=True, slots=True)
class Possible:
    """What a value may be.

    ``values``: the finite set of possible values (one value: it is known), or None for an interval from ``low`` to
    ``high`` (None: no bound), with ``none`` saying that 无 is possible besides. ``needs``: what would settle it.
    ``reasons``: why it is not known (``missing parameter discretion tie not_stated not_computable population``).
    ``deemed``: the value was reached by 视为. ``hull``: it may be wider than the tightest answer, because one unknown
    is used more than once and there was too much to try. ``texts``: a text is supposed to be one of these.
    """

    values: tuple[Exact, ...] | None
    low: Exact = None
    low_open: bool = False
    high: Exact = None
    high_open: bool = False
    none: bool = False
    needs: frozenset[Need] = frozenset()
    reasons: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    deemed: bool = False
    hull: bool = False
    conflict: bool = False
    texts: Texts | None = None

    @property
    def known(self) -> bool:
        return self.values is not None and len(self.values) == 1 and not self.conflict

    @property
    def value(self) -> Exact:
        """The one value; only when known."""
        assert self.values is not None and len(self.values) == 1
        return self.values[0]

    @property
    def yes(self) -> bool:
        """Surely yes."""
        return self.values == (True,)

    @property
    def no(self) -> bool:
        """Surely no; 无 is no."""
        values = self.values
        if values is not None and len(values) == 1:
            return values[0] is False or values[0] is None
        return values is not None and all(v is False or v is None for v in values)

    @property
    def maybe(self) -> bool:
        return not self.yes and not self.no

    def __str__(self) -> str:
        """What it may be, without its unit, for a program's own print: ``74.75``, ``0 | 20000``, ``[0, 31000]``."""
        if self.values is not None:
            return " | ".join(map(plain, self.values))
        low = "(-∞" if self.low is None else f"{'(' if self.low_open else '['}{plain(self.low)}"
        high = "∞)" if self.high is None else f"{plain(self.high)}{')' if self.high_open else ']'}"
        return f"{low}, {high}" + (" | None" if self.none else "")


def plain(value: Exact) -> str:
    """An exact value in Python's words; a number as a decimal where it has one that ends, else as a fraction."""
    if not isinstance(value, Fraction):
        return str(value)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(value)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = f"{abs(int(value * 10**places)):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text


def point(value: Exact) -> Possible:
    """A known value."""
    return Possible((value,))


YES = point(True)
NO = point(False)


def shape(value: Possible) -> object:
    """What is possible, whatever it waits for."""
    return (value.values, value.low, value.low_open, value.high, value.high_open, value.none, value.texts)


def truth(value: bool) -> Possible:
    return YES if value else NO


def either(*because: Possible, needs: Iterable[Need] = (), reasons: Iterable[str] = ()) -> Possible:
    """Yes or no, not known which, waiting for what the given values wait for."""
    return with_causes(Possible((False, True)), *because, needs=needs, reasons=reasons)


def with_causes(
    value: Possible, *because: Possible, needs: Iterable[Need] = (), reasons: Iterable[str] = ()
) -> Possible:
    """The same possibilities, waiting for everything that the unknown ones of ``because`` wait for. They are in
    conflict only where all that they rest on is: whatever else is open may settle it."""
    if value.known:
        return value
    all_needs, all_reasons = value.needs.union(needs), value.reasons.union(reasons)
    notes, hull, conflict = value.notes, value.hull, value.conflict
    if not conflict and not all_needs and not all_reasons:
        open_ = [other for other in because if not other.known]
        conflict = bool(open_) and all(other.conflict for other in open_)
    for other in because:
        if not other.known:
            if not other.needs <= all_needs:
                all_needs |= other.needs
            all_reasons |= other.reasons
            notes |= other.notes
            hull = hull or other.hull
    if (all_needs, all_reasons, notes, hull, conflict) == (
        value.needs, value.reasons, value.notes, value.hull, value.conflict
    ):
        return value
    return replace(value, needs=all_needs, reasons=all_reasons, notes=notes, hull=hull, conflict=conflict)


def whole(
    kind: Kind, needs: Iterable[Need] = (), reasons: Iterable[str] = (), note: str = "", none: bool = False
) -> Possible:
    """Everything that a value of this kind may be; 无 as well if ``none``."""
    values: tuple[Exact, ...] | None = None
    if kind.base == "yesno":
        values = False, True
    elif kind.base == "choice" and kind.options and not kind.open:
        values = kind.options
    if values is not None and none:
        values = None, *values
    notes = frozenset([note] if note else [])
    return Possible(
        values, none=none and values is None, needs=frozenset(needs), reasons=frozenset(reasons), notes=notes
    )


def interval(
    low: Exact, high: Exact, low_open: bool = False, high_open: bool = False, none: bool = False
) -> Possible:
    """The closed (or open) interval; a single point when both ends meet."""
    if low is not None and low == high and not low_open and not high_open and not none:
        return point(low)
    return Possible(None, low, low_open, high, high_open, none)


def order_key(value: Exact) -> Fraction | date | str | tuple[bool, Fraction, bool, Fraction, Fraction]:
    """Something values of one kind can be ordered by (choices are ordered elsewhere). Of two durations it only says
    which is written first: which lasts longer is said by ``before`` and ``at_most``."""
    match value:
        case bool():
            return Fraction(int(value))
        case datetime():
            return calendar.moment(value)
        case Fraction() | date() | str():
            return value
        case Period():
            return value.first
        case Duration():
            (low, high), (_, amount) = calendar.span(value), calendar.measure(value)
            return low is not None, low or Fraction(0), high is None, high or Fraction(0), amount
        case _:
            raise TypeError(f"not ordered: {value!r}")


def written_first(left: Exact, right: Exact) -> bool:
    """Whether one end of what is possible lies below another. Of instants 24:00 of a day lies below 0:00 of the next,
    though both are one moment: they are of two days."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left < right
    return before(left, right)


def both_ways(end: Exact, is_open: bool, higher: bool) -> Exact:
    """An end of what is possible by the clock, so that it takes in midnight however that is written: as 24:00 of a day
    or as 0:00 of the next."""
    if is_open or not isinstance(end, datetime):
        return end
    if higher and end.time() == calendar.END:
        return calendar.moment(end)
    if not higher and end.time() == time.min and end.date() > date.min:
        return datetime.combine(end.date() - timedelta(days=1), calendar.END)
    return end


def clocked(value: Exact, higher: bool) -> Exact:
    """A day as an end of what an instant may be: its first or its last one."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, calendar.END if higher else time.min)
    return value


def before(left: Exact, right: Exact) -> bool:
    """left < right for numbers, dates, instants (beside a date an instant is its day) and periods; of durations,
    whether the first is surely shorter."""
    if isinstance(left, Duration) and isinstance(right, Duration):
        return calendar.shorter(left, right)
    if isinstance(left, datetime) and not isinstance(right, datetime):
        left = left.date()
    elif isinstance(right, datetime) and not isinstance(left, datetime):
        right = right.date()
    return order_key(left) < order_key(right)  # type: ignore[operator]


def ahead(value: Exact, day: date) -> bool:
    """Whether it is a day or an instant after a day, which on that day is yet to come."""
    return isinstance(value, date) and before(day, value)


def at_most(left: Exact, right: Exact) -> bool:
    """left <= right; of durations, whether the first is surely not longer."""
    if isinstance(left, Duration) and isinstance(right, Duration):
        return calendar.shorter(left, right, or_equal=True)
    return not before(right, left)


def same(left: Exact, right: Exact) -> bool:
    """Equality of exact values; an instant equals the date of its day, texts ignore width and case (folded before),
    durations surely last equally long."""
    if isinstance(left, datetime) != isinstance(right, datetime):
        if isinstance(left, datetime) and isinstance(right, date):
            return left.date() == right
        if isinstance(right, datetime) and isinstance(left, date):
            return right.date() == left
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, str) and isinstance(right, str):
        return left == right or text_key(left) == text_key(right)
    if isinstance(left, Duration) and isinstance(right, Duration):
        return calendar.alike(left, right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return calendar.moment(left) == calendar.moment(right)
    return left == right


def identity(value: Exact) -> object:
    """One object for all values of one kind that are the ``same``."""
    if isinstance(value, Duration):
        low, high = calendar.span(value)
        return ("D", low) if low == high else calendar.measure(value)
    if isinstance(value, datetime):
        return calendar.moment(value)
    return text_key(value) if isinstance(value, str) else value


def foremost(values: Sequence[Exact], higher: bool) -> Exact:
    """The least (``higher``: the greatest) of some values; None where it is not known which of some durations is."""
    best = values[0]
    for v in values[1:]:
        low, high = (best, v) if higher else (v, best)
        if before(low, high) or isinstance(v, Duration) and at_most(low, high) and not at_most(high, low):
            best = v
    if isinstance(best, Duration) and not all(at_most(v, best) if higher else at_most(best, v) for v in values):
        return None
    return best


def outermost(found: Sequence[tuple[Exact, bool]], higher: bool) -> tuple[Exact, bool]:
    """The end of what reaches to any of several ends (None: no bound), and whether it is left out."""
    if not found or any(value is None for value, _ in found):
        return None, False
    best = _end_of([value for value, _ in found], higher)
    return best, best is not None and all(is_open for value, is_open in found if same(value, best))


def _end_of(values: Sequence[Exact], higher: bool) -> Exact:
    """The ``foremost``; of one instant that is written in two ways, the outer one."""
    best = foremost(values, higher)
    if isinstance(best, datetime):
        for value in values:
            if same(value, best) and written_first(*((best, value) if higher else (value, best))):
                best = value
    return best


def line_key(value: Exact) -> tuple[bool, date, Fraction]:
    """What stands in a line is ordered by this: days and instants by time, positions by number, what has none last."""
    match value:
        case datetime():
            day, clock = (at := calendar.moment(value)).date(), at.time()
            return False, day, Fraction(clock.hour * 3600 + clock.minute * 60 + clock.second)
        case date():
            return False, value, Fraction(0)
        case Fraction():
            return False, date.min, value
        case _:
            return True, date.max, Fraction(0)


def ends(p: Possible) -> tuple[Exact, bool, Exact, bool]:
    """(low, open, high, open) over the ordered values; None ends are unbounded. 无 is left out."""
    if p.values is None:
        return p.low, p.low_open, p.high, p.high_open
    ordered = [v for v in p.values if v is not None and not isinstance(v, tuple)]
    if not ordered:
        return None, False, None, False
    return _end_of(ordered, False), False, _end_of(ordered, True), False


def has_none(p: Possible) -> bool:
    return p.none if p.values is None else None in p.values


def join(options: Iterable[Possible]) -> Possible:
    """What a value may be when it is one of several possibilities."""
    items = list(options)
    assert items
    if len(items) == 1:
        return items[0]
    needs: frozenset[Need] = frozenset().union(*(p.needs for p in items))
    reasons: frozenset[str] = frozenset().union(*(p.reasons for p in items))
    notes: frozenset[str] = frozenset().union(*(p.notes for p in items))
    deemed, hull = all(p.deemed for p in items), any(p.hull for p in items)
    conflict = all(p.conflict for p in items)  # what may be in conflict is not: only what is whichever it is
    if all(p.values is not None for p in items):
        values = [v for _, v in dict.fromkeys((type(v), v) for p in items for v in p.values or ())]
        conflict = conflict or len(values) == 1 and any(p.conflict for p in items)
        if len(values) <= MOST_VALUES or not _orderable(values):
            return Possible(
                tuple(sorted_values(values)), needs=needs, reasons=reasons, notes=notes, deemed=deemed, hull=hull,
                conflict=conflict,
            )
    bounds = [ends(p) for p in items if p.values is None or any(v is not None for v in p.values)]
    low, high = outermost([b[:2] for b in bounds], False), outermost([b[2:] for b in bounds], True)
    return Possible(
        None, *low, *high, any(has_none(p) for p in items), needs=needs, reasons=reasons, notes=notes, deemed=deemed,
        hull=hull, conflict=conflict,
    )


def within(p: Possible, low: Exact, low_open: bool, high: Exact, high_open: bool) -> Possible:
    """The possibilities that also lie in the given bounds (a known value is left as it is)."""
    if p.known:
        return p
    if p.values is not None:
        kept = tuple(v for v in p.values if v is None or not _beyond(v, low, low_open, high, high_open))
        return replace(p, values=kept) if kept else p
    new_low, new_lo, new_high, new_ho = p.low, p.low_open, p.high, p.high_open
    if low is not None and (new_low is None or before(new_low, low) or (same(new_low, low) and low_open)):
        new_low, new_lo = low, low_open
    if high is not None and (new_high is None or before(high, new_high) or (same(new_high, high) and high_open)):
        new_high, new_ho = high, high_open
    level = new_low is not None and new_high is not None and same(new_low, new_high)
    if new_low is not None and new_high is not None and written_first(new_high, new_low) or level and (
        new_lo or new_ho
    ):
        return p  # nothing lies in them
    if level and not p.none and not written_first(new_low, new_high):
        return replace(p, values=(new_low,), low=None, high=None, needs=frozenset(), reasons=frozenset())
    return replace(p, low=new_low, low_open=new_lo, high=new_high, high_open=new_ho)


def _beyond(value: Exact, low: Exact, low_open: bool, high: Exact, high_open: bool) -> bool:
    """Whether a value lies outside of bounds (None: no bound)."""
    return not isinstance(value, tuple) and (
        low is not None and (before(value, low) or (low_open and same(value, low)))
        or high is not None and (before(high, value) or (high_open and same(value, high)))
    )


def spelled(p: Possible) -> Possible:
    """For what does not look at how texts are spelled: the one text, where all that are possible are alike."""
    return p if p.texts is None or p.texts.alike is None or p.none else point(p.texts.alike)


def anything(p: Possible) -> bool:
    """Whether nothing at all is said of a value."""
    return p.values is None and p.low is None and p.high is None


def lets(p: Possible, value: Exact) -> bool:
    """Whether a value is one of the possibilities; 无 is one of anything."""
    if p.values is not None:
        return any(identical(v, value) for v in p.values)
    if p.texts is not None and isinstance(value, str):
        return p.texts.may_be(value)
    return p.none or anything(p) if value is None else not _beyond(value, *ends(p))


def meet(p: Possible, other: Possible) -> Possible:
    """The possibilities that another sound answer leaves as well; where it leaves one, that is known. An answer that
    says nothing leaves all of them; what is known, or a conflict, stays."""
    if p.known or p.conflict or other.conflict or anything(other):
        return p
    finite = p.values if p.values is not None else other.values
    if finite is not None:
        kept = tuple(v for v in finite if lets(p, v) and lets(other, v))
        bare = replace(p, low=None, low_open=False, high=None, high_open=False, none=False, texts=None)
        met = replace(bare, values=kept) if kept else p
    else:
        met = within(replace(p, none=other.none and (p.none or anything(p))), *ends(other))
    return Possible(met.values, deemed=p.deemed) if met.known else met


def sorted_values(values: list[Exact]) -> list[Exact]:
    """A canonical order: 无 first, ordered values by size, everything else as found."""
    if _orderable(values):
        rest = [v for v in values if v is not None]
        rest.sort(key=order_key)
        return [v for v in values if v is None] + rest
    return values


def _orderable(values: list[Exact]) -> bool:
    kinds = {type(v) for v in values if v is not None}
    return len(kinds) == 1 and kinds <= {bool, Fraction, date, datetime, Period, Duration}


def identical(a: Exact, b: Exact) -> bool:
    """One value written in one way (``same``: whatever its spelling or unit)."""
    return type(a) is type(b) and a == b
