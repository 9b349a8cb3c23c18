"""What follows for values that are not known: of several values each one, of bounds their ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import floor
from typing import Any, NamedTuple

from policydsl.recheck.exact import (
    COMPARISONS, END, GRAINS, MONOTONE, NUMBERS, OPERATORS, SIZE, TYPES, Length, Malformed, NoValue, Period, Setting,
    Value, before, calendar_period, clock, day, full_years, length_order, months_apart, number, outermost, read,
    rounded, same, size, sized, times,
)

# The argument against which a result moves, where that is not with all of them.
AGAINST = {"-": 1, "back": 1, "short": 1, "proportion": 2, "neg": 0, "days_between": 0, "day_count": 0, "accrual": 0,
           "time_between": 0,
           "months_between": 0, "years_between": 0, "workdays_between": 0, "share_of_period": 0}
MOVES = ("shift", "back", "last_counting_first")
MOST_VALUES, MOST_COMBINATIONS = 64, 512
PERIODS = {f"{grain}_of" if grain != "month" else "whole_month_of": grain for grain in GRAINS}


@dataclass(frozen=True)
class Open:
    """What a value may be: one of ``values``, or (None) anything from ``low`` to ``high``, and 无 if ``none``. What is
    said of it besides: the facts it waits for, why it is open, whether more trials could have narrowed it."""

    values: tuple[Value, ...] | None
    low: Value = None
    low_open: bool = False
    high: Value = None
    high_open: bool = False
    none: bool = False
    conflict: bool = False
    deemed: bool = False
    needs: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    hull: bool = False

    @property
    def known(self) -> bool:
        return self.values is not None and len(self.values) == 1 and not self.conflict

    @property
    def value(self) -> Value:
        """The one value, where it is known."""
        assert self.values is not None
        return self.values[0]

    @property
    def yes(self) -> bool:
        return self.values == (True,)

    @property
    def no(self) -> bool:
        return self.values is not None and all(v is False or v is None for v in self.values)

    def fits(self, kind: str) -> bool:
        """Whether all that it may be is of a kind."""
        of = TYPES[kind.partition(":")[0]]
        return all(v is None or isinstance(v, of) for v in (*(self.values or ()), self.low, self.high))

    @property
    def nothing(self) -> bool:
        """Whether it is 无."""
        return self.values == (None,)

    @cached_property
    def kinds(self) -> frozenset[tuple[str, Value]]:
        """Its values, no two of different kinds alike."""
        return frozenset(map(typed, self.values or ()))

    @property
    def maybe_none(self) -> bool:
        return self.none if self.values is None else None in self.values

    @property
    def ends(self) -> tuple[Value, bool, Value, bool]:
        if self.values is None:
            return self.low, self.low_open, self.high, self.high_open
        ordered = [v for v in self.values if v is not None and type(v) is not tuple]
        if not ordered:
            return None, False, None, False
        return furthest(ordered, False), False, furthest(ordered, True), False


def less(a: Value, b: Value) -> bool:
    return a < b if isinstance(a, str) and isinstance(b, str) else before(a, b)


def furthest(values: Sequence[Value], largest: bool) -> Value:
    """The least or the greatest; None where lengths of time do not tell which that is."""
    if isinstance(values[0], Length):
        try:
            return outermost(values, largest)
        except NoValue:
            return None
    found = values[0]
    for value in values[1:]:
        found = value if (lower(found, value) if largest else lower(value, found)) else found
    return found


def lower(a: Value, b: Value) -> bool:
    """Whether one end lies below another: 24:00 of a day below 0:00 of the next, which are one instant of two days."""
    return a < b if isinstance(a, datetime) and isinstance(b, datetime) else less(a, b)


def whole_day(value: Value, last: bool) -> Value:
    """The first instant of a day, or its last."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return value
    return datetime.combine(value, END if last else time.min)


def point(value: Value) -> Open:
    return Open((value,))


YES, NO, EITHER = point(True), point(False), Open((False, True))


ALIKE = {"=": YES, "<=": YES, ">=": YES, "!=": NO, "<": NO, ">": NO, "-": point(Fraction(0))}


def of_itself(op: str, side: Open, kind: str) -> Open | None:
    """What comes of a fact that is open and itself, if it surely is one value."""
    base = kind.partition(":")[0]
    if side.maybe_none or base == "any" or op == "-" and base not in NUMBERS:
        return None
    return ALIKE.get(op)


def read_open(data: Any) -> Open:
    """What plain data says that a value may be. Raises Malformed."""
    if not isinstance(data, dict) or "?" not in data:
        return point(read(data))
    values = data.get("choices")
    ends = [read(data[key]) if key in data else None for key in ("min", "max")]
    flags = {key: data.get(key) is True for key in ("min_excluded", "max_excluded", "none", "conflict")}
    if values is not None and not (isinstance(values, list) and len(values) > (not flags["conflict"])):
        raise Malformed("open with one value")
    return Open(
        None if values is None else tuple(map(read, values)), ends[0], flags["min_excluded"], ends[1],
        flags["max_excluded"], flags["none"], flags["conflict"], False, frozenset(data.get("need", ())),
        frozenset([*data["?"], *data.get("notes", ())]), data.get("hull") is True,
    )


def inside(a: Open, b: Open) -> bool:
    """Whether everything that the first leaves possible is possible by the second."""
    if a.values is not None and b.values is not None:
        return len(a.values) <= len(b.values) and a.kinds <= b.kinds
    if b.values is not None or a.maybe_none and not (b.none or b.low is b.high is None):
        return False
    (low, low_open, high, high_open), (least, least_open, most, most_open) = a.ends, b.ends
    return a.nothing or (
        least is None or low is not None and (less(least, low) or same(least, low) and low_open >= least_open)
    ) and (most is None or high is not None and (less(high, most) or same(high, most) and high_open >= most_open))


def alike(a: Open, b: Open) -> bool:
    return inside(a, b) and inside(b, a)


def typed(value: Value) -> tuple[str, Value]:
    return type(value).__name__, value


def interval(low: Value, high: Value, low_open: bool = False, high_open: bool = False, none: bool = False) -> Open:
    met = low is not None and low == high and not low_open and not high_open and not none
    return point(low) if met else Open(None, low, low_open, high, high_open, none)


def join(options: Iterable[Open]) -> Open:
    """One of several, not known which."""
    items = list(options)
    if len(items) == 1:
        return items[0]
    conflict, deemed = all(p.conflict for p in items), all(p.deemed for p in items)
    needs, reasons = (frozenset().union(*sets) for sets in ((p.needs for p in items), (p.reasons for p in items)))
    if all(p.values is not None for p in items):
        values = tuple({typed(v): v for p in items for v in p.values or ()}.values())
        conflict = conflict or len(values) == 1 and any(p.conflict for p in items)
        kinds = {type(v) for v in values if v is not None}
        if len(values) <= MOST_VALUES or len(kinds) > 1 or kinds & {str, tuple}:
            return Open(values, conflict=conflict, deemed=deemed, needs=needs, reasons=reasons)
    stated = [p for p in items if not p.nothing]
    ends = [p.ends for p in stated]
    low = high = None, False
    if not any(a is None for a, _, _, _ in ends):
        low = extreme([(a, is_open) for a, is_open, _, _ in ends], False)
    if not any(b is None for _, _, b, _ in ends):
        high = extreme([(b, is_open) for _, _, b, is_open in ends], True)
    return Open(None, *low, *high, any(p.maybe_none for p in items), conflict, deemed, needs, reasons)


def extreme(ends: Sequence[tuple[Value, bool]], largest: bool) -> tuple[Value, bool]:
    """The outermost end; reached if one of those that lie there is."""
    found = furthest([end for end, _ in ends], largest)
    return found, found is not None and all(is_open for end, is_open in ends if same(end, found))


def both(parts: Sequence[Open]) -> Open:
    if any(p.no for p in parts):
        return NO
    return replace(YES, deemed=any(p.deemed for p in parts)) if all(p.yes for p in parts) else unsure(parts)


def one_of(parts: Sequence[Open]) -> Open:
    if any(p.yes for p in parts):
        return replace(YES, deemed=all(p.deemed for p in parts if p.yes))
    return NO if all(p.no for p in parts) else unsure(parts)


def unsure(parts: Iterable[Open]) -> Open:
    """Yes or no, for the sake of parts that are open; in conflict where all of them are."""
    open_ = [p for p in parts if not p.known]
    return Open(
        EITHER.values, conflict=bool(open_) and all(p.conflict for p in open_),
        needs=frozenset().union(*(p.needs for p in open_)),
        reasons=frozenset().union(*(p.reasons for p in open_)),
    )


def caused(made: Open, because: Iterable[Open]) -> Open:
    """What is left open for the sake of others alone is in conflict where all of them are: more could settle it."""
    open_ = [p for p in because if not p.known]
    if made.known or made.conflict or made.needs or made.reasons or not open_:
        return made
    return replace(made, conflict=all(p.conflict for p in open_))


def negate(part: Open) -> Open:
    return NO if part.yes else YES if part.no else unsure([part])


def apply(
    op: str, args: Sequence[Open], kinds: Sequence[str], order: Sequence[str], anything: Open, s: Setting
) -> Open:
    """An operator on everything that its arguments may be; ``anything``: all values of the kind that it gives."""
    match op:
        case "and":
            return both(args)
        case "or":
            return one_of(args)
        case "not":
            return negate(args[0])
        case "blank":
            return args[0]
        case "provided" | "missing":
            # all that are in conflict may be values
            told = args[0].known or args[0].conflict and not (args[0].maybe_none or args[0].needs or args[0].reasons)
            return point(args[0].nothing == (op == "missing")) if told else unsure(args)
        case "at_least":
            if args[0].maybe_none:
                return replace(EITHER, reasons=frozenset(["not_computable"])) if args[0].known else unsure(args)
            low, _, high, _ = args[0].ends
            yes, no = sum(p.yes for p in args[1:]), sum(p.no for p in args[1:])
            if high is not None and yes >= high:
                return YES
            return NO if low is not None and len(args) - 1 - no < low else unsure(args)
    none, exact = OPERATORS[op]
    if none != "own" and any(p.known and p.nothing for p in args):
        return NO if none == "no" else point(None)

    def one(values: Sequence[Value]) -> Open:
        if none != "own" and any(v is None for v in values):
            return NO if none == "no" else point(None)
        try:
            return point(sized(exact(values, order, s)))
        except NoValue as beyond:
            sure = beyond.low is not None or beyond.high is not None
            return replace(anything, low=beyond.low, high=beyond.high) if sure else anything
        except (ValueError, OverflowError):
            return anything

    count = 1
    for p in args:
        count *= len(p.values) if p.values is not None else MOST_COMBINATIONS + 1
    if count <= MOST_COMBINATIONS:
        made = join(one(values) for values in product(*(p.values or () for p in args)))
    elif op in COMPARISONS:
        made = compared(op, args)
    elif op not in MOVES and not one_sort(args, kinds):
        made = anything
    elif op == "/":
        if all(kind.startswith("duration") for kind in kinds):
            args, kinds = [amounts(p) for p in args], ["number", "number"]
        divisor = inverse(args[1])
        nothing = Open(None, none=any(p.maybe_none for p in args))
        made = apply("*", [args[0], divisor], kinds, order, anything, s) if divisor else nothing
    elif op in ("gross", "net"):
        raised = apply("+", [args[1], point(Fraction(1))], kinds, order, anything, s)
        made = apply({"gross": "*", "net": "/"}[op], [args[0], raised], kinds, order, anything, s)
    elif op in ("whole_div", "round_to", "mod"):
        made = in_steps(op, args, kinds, order, s)
    elif op == "clamp":
        most = apply("min", [args[0], args[2]], [kinds[0], kinds[2]], order, anything, s)
        made = apply("max", [args[1], most], [kinds[1], kinds[0]], order, anything, s)
    elif op == "share_of_period" and not (args[2].known and args[3].known):
        made = Open(None, none=any(p.maybe_none for p in args))
    elif op == "workdays_between" and any(end is None for p in args for end in p.ends[::2]):
        made = Open(None, none=any(p.maybe_none for p in args))  # beyond the calendar
    elif op in ("months_between", "years_between") and all(kind == "instant" for kind in kinds):
        made = months_of_instants(op, args, any(p.maybe_none for p in args), s)
    elif op in PERIODS:
        made = periods_between(PERIODS[op], args[0], s) or anything
    elif op in MONOTONE:
        maybe = op != "drawable" and (all if op == "earliest" else any)(p.maybe_none for p in args)
        made = cornered(op, args, kinds, one, maybe)
    else:
        made = anything
    return caused(made, args)


def periods_between(grain: str, on: Open, s: Setting) -> Open | None:
    """The periods of a grain from that of the first day that may be to that of the last."""
    first, _, last, _ = on.ends
    found: list[Value] = []
    try:
        at = calendar_period(day(first), grain, s)
        found.append(at)
        while at.last < day(last):
            if len(found) == MOST_VALUES:
                return None
            at = calendar_period(at.last + timedelta(days=1), grain, s)
            found.append(at)
    except (NoValue, ValueError, OverflowError):
        return None
    return Open((*found, None) if on.maybe_none else tuple(found))


def in_steps(op: str, args: Sequence[Open], kinds: Sequence[str], order: Sequence[str], s: Setting) -> Open:
    """What goes by whole steps: how many there are, the multiple that is nearest, or what they leave."""
    maybe, step = any(p.maybe_none for p in args[:2]), args[1].value if args[1].known else None
    if step is None and op != "whole_div":
        return Open(None, none=maybe)
    many = apply("/", [amounts(p) for p in args[:2]], ["number", "number"], order, Open(None), s)
    low, low_open, high, high_open = many.ends
    way = args[2].value if op == "round_to" else "down"
    first = None if low is None else rounded(inner(low, low_open, 1), 0, way)
    last = None if high is None else rounded(inner(high, high_open, -1), 0, way)
    if op == "mod":
        return left_over(amounts(args[0]), step, first, last, maybe)
    one: Value = Fraction(1) if op == "whole_div" else step
    if first is not None and last is not None and last - first < MOST_VALUES:
        values = [times(one, first + i) for i in range(int(last - first) + 1)]
        return Open((*values, *((None,) if maybe else ())))
    return interval(
        None if first is None else times(one, first), None if last is None else times(one, last), none=maybe
    )


def inner(end: Fraction, left_out: bool, towards: int) -> Fraction:
    """A number beside which no step begins: an end that is left out, moved in by less than half a step."""
    return end + Fraction(towards, 4) if left_out and end * 2 == floor(end * 2) else end


def left_over(whole: Open, step: Value, first: Fraction | None, last: Fraction | None, maybe: bool) -> Open:
    """What steps leave, from so many to so many of them."""
    by = size(step) if isinstance(step, Length) else number(step)
    if by <= 0:
        return Open(None, none=maybe)
    low, low_open, high, high_open = whole.ends
    if first is not None and first == last:
        ends = (low - first * by, low_open), (high - first * by, high_open)
    else:
        ends = (
            (Fraction(0), False) if low is not None and low >= 0
            else (low, low_open) if low is not None and low > -by else (-by, True),
            (Fraction(0), False) if high is not None and high <= 0
            else (high, high_open) if high is not None and high < by else (by, True),
        )
    (least, least_open), (most, most_open) = ends
    if isinstance(step, Length):
        least, most = (Length(end / SIZE[step.unit][1], step.unit) for end in (least, most))
    return interval(least, most, least_open, most_open, maybe)


def one_sort(args: Sequence[Open], kinds: Sequence[str]) -> bool:
    """Whether all lengths of time among the arguments are seconds, or months, or working days."""
    units = [
        p.value.unit if p.known and isinstance(p.value, Length) else kind.partition(":")[2]
        for p, kind in zip(args, kinds, strict=True) if kind.startswith("duration")
    ]
    return all(units) and len({SIZE[unit][0] for unit in units}) <= 1


def amounts(p: Open) -> Open:
    """Lengths of time as numbers."""
    def size_of(value: Value) -> Value:
        return size(value) if isinstance(value, Length) else value

    values = None if p.values is None else tuple(map(size_of, p.values))
    return replace(p, values=values, low=size_of(p.low), high=size_of(p.high))


class Corner(NamedTuple):
    """An end of what a value may be: whether it is left out, and whether it stands for the infinite (-1 or 1)."""

    value: Value
    left_out: bool = False
    beyond: int = 0


def cornered(op: str, args: Sequence[Open], kinds: Sequence[str], one: Any, maybe: bool) -> Open:
    """What an operator gives that moves one way with each argument: it is extreme where all of them are. An end that
    moves with what stands for the infinite, or that this cannot be computed with, is infinite."""
    found = []
    for far in (1, 2):
        corners = [corners_of(p, kind, far, op) for p, kind in zip(args, kinds, strict=True) if not p.nothing]
        ends, endless_ = [], set()
        for chosen in product(*corners[:10]):
            made = one([corner.value for corner in chosen])
            if made.known and not made.nothing:
                ends.append((made.value, [missed(op, made.value, chosen, largest) for largest in (False, True)]))
            elif not made.known:
                beyond = {-c.beyond if i == AGAINST.get(op) else c.beyond for i, c in enumerate(chosen)}
                sides = {-1: made.low, 1: made.high}  # where no calendar is, some bound may be sure all the same
                ends += [(bound, [False, False]) for bound in sides.values() if bound is not None]
                endless_ |= beyond - {0} or {side for side, bound in sides.items() if bound is None}
        if not ends or len(corners) > 10:
            return Open(None, none=maybe)
        if op == "earliest" and maybe:
            endless_.add(1)  # where each may be 无, no last day follows
        found.append([
            None if beyond in endless_ else extreme([(value, out[largest]) for value, out in ends], largest)
            for beyond, largest in ((-1, False), (1, True))
        ])
    low, high = [end if end == far and end is not None else (None, False) for end, far in zip(*found, strict=True)]
    if op == "proportion":  # a part of a pool is never less than nothing, nor more than the pool
        low = low if low[0] is not None else (Fraction(0), False)
        high = high if high[0] is not None else args[0].ends[2:]
    if op in MOVES and kinds[0] == "instant":  # a day that comes out has all its hours
        low, high = (whole_day(low[0], False), low[1]), (whole_day(high[0], True), high[1])
    return interval(low[0], high[0], low[1], high[1], maybe)


def months_of_instants(op: str, args: Sequence[Open], maybe: bool, s: Setting) -> Open:
    """Whole months (or years) between instants that are bounded: so many as between their days, or towards nothing one
    less. (By the clock itself they do not move one way: the last days of a month begin months that end on one day.)"""
    days = [Open(None, on_day(p.ends[0]), False, on_day(p.ends[2])) for p in args]

    def one(values: Sequence[Value]) -> Open:
        return point(Length(Fraction(months_apart(values[0], values[1], s)), "M"))

    def told(months: Fraction) -> Length:
        return Length(months, "M") if op == "months_between" else Length(full_years(int(months)), "Y")

    low, high = cornered("months_between", days, ["date", "date"], one, False).ends[::2]
    least = told(low.amount - (low.amount > 0)) if isinstance(low, Length) else None
    most = told(high.amount + (high.amount < 0)) if isinstance(high, Length) else None
    return interval(least, most, none=maybe)


def on_day(value: Value) -> Value:
    """The day of an instant, if there is one; the end of a day is on the next."""
    return None if value is None else day(clock(value))


def corners_of(p: Open, kind: str, far: int, op: str) -> list[Corner]:
    """The ends of what a value may be, and 无 where the operator makes something of it."""
    low, low_open, high, high_open = p.ends
    ends = [Corner(endless(kind, -1, far), True, -1) if low is None else Corner(low, low_open)]
    if high is None or high != low:
        ends.append(Corner(endless(kind, 1, far), True, 1) if high is None else Corner(high, high_open))
    if op in MOVES and kind == "instant":
        ends += midnights(low, high)
    return [*ends, *([Corner(None)] if p.maybe_none and OPERATORS[op][0] == "own" else [])]


def midnights(low: Value, high: Value) -> list[Corner]:
    """Where instants within bounds change their day next to the bounds: the last days of a month may be moved by months
    to one day, which begins anew with each of them."""
    found = []
    for end, step, last in ((low, 1, False), (high, -1, True)):
        if not isinstance(end, datetime) or end.date() in (date.min, date.max):
            continue
        beside = whole_day(day(end) + timedelta(days=step), last)
        if not (low is not None and lower(beside, low) or high is not None and lower(high, beside)):
            found.append(Corner(beside))
    return found


def inverse(p: Open) -> Open | None:
    """One divided by it; None where it may be nothing or less."""
    low, low_open, high, high_open = p.ends
    if low is None or low < 0 or low == 0 and not low_open:
        return None
    least, most = 1 / high if high else Fraction(0), 1 / low if low else None
    return Open(None, least, not high or high_open, most, low_open, p.none)


def endless(kind: str, sign: int, far: int) -> Value:
    """A value of a kind beyond all that occur; there are two of them (``far``)."""
    base, _, unit = kind.partition(":")
    if base in ("date", "instant", "period"):
        apart = timedelta(800 * far)  # so that whole years differ too
        return date.max - apart if sign > 0 else date.min + apart
    huge = Fraction(sign * far * 10**30)
    return Length(huge, unit or "D") if base == "duration" else huge


def missed(op: str, value: Value, corners: Sequence[Corner], largest: bool) -> bool:
    """Whether what comes out at a corner is not reached since an end is left out. All have to lie beyond the least
    that the highest of them can be, and any of them may reach the most."""
    if op in ("max", "min", "latest", "earliest"):
        every = all if largest == (op in ("max", "latest")) else any
        return every(c.left_out for c in corners if c.value is not None and same(c.value, value))
    nothing = value == 0 or isinstance(value, Length) and not value.amount
    return (op in ("+", "-", "neg") or op == "*" and not nothing) and any(c.left_out for c in corners)


def compared(op: str, args: Sequence[Open]) -> Open:
    """A comparison where a side is only bounded: decided if it comes out the same at all corners."""
    left, right, *others = args
    if op == "in":
        return NO if all(compared("=", (left, other)).no for other in (right, *others)) else EITHER
    if op == "in_period":
        if not right.known or not isinstance(right.value, Period):
            return EITHER
        first, last, _ = right.value
        begins = both([compared(">=", (left, point(first))), compared("<=", (left, point(last)))])
        return EITHER if begins.yes and any(isinstance(end, Period) for end in left.ends) else begins
    if op in ("includes", "in_order") or any(type(v) in (str, tuple) for p in args for v in p.values or ()):
        return EITHER
    if op in ("=", "!="):
        apart = not (left.maybe_none and right.maybe_none) and (
            left.nothing or right.nothing or YES in (ordered("<", left, right), ordered(">", left, right))
        )
        return point(op == "!=") if apart else EITHER
    found = ordered(op, left, right)
    return EITHER if found.yes and (left.maybe_none or right.maybe_none) else found


def ordered(op: str, left: Open, right: Open) -> Open:
    """Whether one lies before the other, 无 left aside; just inside an end that is left out."""
    (a, a_open, b, b_open), (c, c_open, d, d_open) = left.ends, right.ends
    lefts = [(a, -(a is None), a_open), (b, b is None, -b_open)]
    rights = [(c, -(c is None), c_open), (d, d is None, -d_open)]

    def under(x: tuple[Value, int, int], y: tuple[Value, int, int]) -> bool:
        if x[1] or y[1]:
            return x[1] < y[1]
        return less(x[0], y[0]) or same(x[0], y[0]) and x[2] < y[2]

    def tells(x: tuple[Value, int, int], y: tuple[Value, int, int]) -> bool | None:
        if not x[1] and not y[1] and isinstance(x[0], Length) and isinstance(y[0], Length) and not same(x[0], y[0]):
            holds = length_order(x[0], y[0])
            return op in holds if {op, {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[op]} & holds else None
        return {"<": under(x, y), ">": under(y, x), "<=": not under(y, x), ">=": not under(x, y)}[op]

    found = {tells(x, y) for x in lefts for y in rights}
    return point(found.pop()) if len(found) == 1 and None not in found else EITHER
