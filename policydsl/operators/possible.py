"""The operators on what is possible: sets of values one by one, intervals by their ends, from the rows of the table."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from policydsl import calendar
from policydsl.calendar import FAMILY, CannotCompute, day_end, measure, moment, whole_months
from policydsl.domain import (
    NO, YES, Possible, at_most, before, both_ways, clocked, either, ends, has_none, interval, join, outermost, point,
    same, spelled, truth, whole, with_causes, written_first,
)
from policydsl.kinds import Duration, Exact, Kind, Period
from policydsl.members import replace
from policydsl.operators.exact import (
    COMPARISONS, OPERATORS, OPPOSITE, PERIODS_OF, WHOLE_MONTHS, Operator, Setting, day, number, period_op, plain_day,
    rounded, steps, whole_of,
)

MOST_COMBINATIONS = 512
MOST_VALUES = 64  # steps that are told one by one
TAXED = {"gross": "*", "net": "/"}  # by one and the rate
DEEMED = replace(YES, deemed=True)
PERIODS = {period_op(grain): grain for grain in PERIODS_OF}
COVERED = ("workdays_between",)  # only between days of the calendar: without an end there is no value
MOVES = ("shift", "back", "last_counting_first")  # by what is surely longer a day moves further, whatever the unit


def apply(op: str, args: Sequence[Possible], kinds: Sequence[Kind], result: Kind, setting: Setting) -> Possible:
    """The operator on everything that its arguments may be."""
    match op:
        case "and":
            return conjunction(args)
        case "or":
            return disjunction(args)
        case "not":
            return negation(args[0])
        case "at_least":
            return at_least(args[0], args[1:])
        case "blank":
            return args[0]
        case "provided" | "missing":
            return point(has_none(args[0]) == (op == "missing")) if _told(args[0]) else either(*args)
        case _:
            return _apply_row(OPERATORS[op], args, kinds, result, setting)


# What two equal sides come to, whatever they are.
EQUAL_SIDES = {"=": YES, "<=": YES, ">=": YES, "!=": NO, "<": NO, ">": NO, "-": point(Fraction(0))}


def of_itself(op: str, side: Possible, kind: Kind) -> Possible | None:
    """A comparison of a fact that is not known with itself, and its difference from itself; None where it may be 无."""
    if has_none(side) or op == "-" and not kind.numeric or kind.base == "any":
        return None
    return EQUAL_SIDES.get(op)


def _apply_row(
    row: Operator, args: Sequence[Possible], kinds: Sequence[Kind], result: Kind, setting: Setting
) -> Possible:
    if row.name in COMPARISONS:
        args = [spelled(a) for a in args]
    known = [a.value for a in args if a.known]
    if len(known) == len(args):
        return _one(row, known, kinds, result, setting)
    if row.none != "own" and None in known:
        return NO if row.none == "no" else point(None)  # whatever the other arguments are
    combinations = 1
    for a in args:
        combinations *= len(a.values) if a.values is not None else MOST_COMBINATIONS + 1
    if combinations <= MOST_COMBINATIONS:
        outcomes = [
            _one(row, values, kinds, result, setting) for values in itertools.product(*(a.values or () for a in args))
        ]
        return with_causes(join(outcomes), *args)
    if row.name in ("=", "!=") and any(a.known and a.value is None for a in args):
        other = args[0] if args[1].known and args[1].value is None else args[1]
        if not has_none(other):
            return truth(row.name == "!=")
    if row.name in COMPARISONS:
        return with_causes(_compare_ends(row.name, args, kinds), *args)
    if row.name in ("max", "min") and result.base == "choice" and all(a.values is not None for a in args):
        return with_causes(_pick_choices(row, args, kinds, setting), *args)
    alike = row.name in MOVES or _one_family(args, kinds)  # of units that may differ, no end follows
    if row.signs and result.base != "choice" and alike:
        return with_causes(_ends_by_sign(row, args, kinds, result, setting), *args)
    if row.name in ("*", "/") and all(k.numeric or k.base == "duration" for k in kinds) and alike:
        return with_causes(_product(row.name, args, result), *args)
    if row.name in TAXED:
        raised = apply("+", (args[1], point(Fraction(1))), kinds, kinds[1], setting)
        return with_causes(_product_ends(TAXED[row.name], (args[0], raised)), *args)
    if row.name in ("whole_div", "round_to") and alike:
        return with_causes(_stepped(args, result), *args)
    if row.name in PERIODS and (found := _periods(PERIODS[row.name], args[0], setting)) is not None:
        return with_causes(found, *args)
    if row.name == "mod" and alike:
        return with_causes(_rest(args, result), *args)
    return with_causes(whole(result, none=row.none == "none" and any(has_none(a) for a in args)), *args)


def _told(value: Possible) -> bool:
    """Whether it is known that there is a value, or that there is none: also where whatever is in conflict is one."""
    return value.known or value.conflict and not (has_none(value) or value.needs or value.reasons)


def _one_family(args: Sequence[Possible], kinds: Sequence[Kind]) -> bool:
    """Whether all durations among the arguments are surely of units that turn into each other."""
    units = [
        a.value.unit if a.known and isinstance(a.value, Duration) else k.unit
        for a, k in zip(args, kinds, strict=True) if k.base == "duration"
    ]
    return None not in units and len({FAMILY[unit][0] for unit in units if unit is not None}) <= 1


def _one(row: Operator, values: Sequence[Exact], kinds: Sequence[Kind], result: Kind, setting: Setting) -> Possible:
    if row.none != "own" and any(v is None for v in values):
        return NO if row.none == "no" else point(None)
    try:
        return point(row.exact(values, kinds, setting))
    except CannotCompute as exc:
        open_ = whole(result, reasons=["not_computable"], note=exc.told)
        if exc.low is None and exc.high is None:
            return open_
        low, high = (clocked(end, late) if result.base == "instant" else end for end, late in (
            (exc.low, False), (exc.high, True)
        ))
        return replace(open_, low=low, high=high)


def _ends_by_sign(
    row: Operator, args: Sequence[Possible], kinds: Sequence[Kind], result: Kind, setting: Setting
) -> Possible:
    signs = row.signs if len(row.signs) == len(args) else row.signs * len(args)
    if row.name in ("max", "min", "latest", "earliest"):
        return _pick_ends(row.name, args)
    if row.name == "clamp":
        return _pick_ends("max", [args[1], _pick_ends("min", [args[0], args[2]])])
    if any(not sign and not p.known for p, sign in zip(args, signs, strict=True)):
        return whole(result, none=row.none == "none" and any(has_none(a) for a in args))
    out: list[tuple[Exact, bool]] = []
    for side in (0, 1):
        picked, is_open = [], False
        for p, sign in zip(args, signs, strict=True):
            low, low_open, high, high_open = ends(p)
            end, edge_open = (low, low_open) if (sign > 0) == (side == 0) else (high, high_open)
            picked.append(end)
            is_open = is_open or edge_open
        if row.name in ("shift", "back"):
            picked[0] = _reaching(row.name, args[0], picked, side)
        if any(v is None for v in picked):
            if row.name in COVERED:
                return whole(result, none=any(has_none(a) for a in args))
            out.append((None, False))
            continue
        by_clock = row.name in WHOLE_MONTHS and all(k.base == "instant" for k in kinds)
        made = (
            _by_clock(row.name, picked, side, result, setting) if by_clock
            else _one(row, picked, kinds, result, setting)
        )
        edge = ends(made)[2 * side]
        if not made.known and made.low is None and made.high is None:  # what cannot be computed may be anything
            return whole(result, none=row.none == "none" and any(has_none(a) for a in args))
        value = clocked(edge, side == 1) if result.base == "instant" else edge
        # A rounded end is reached whatever lies beyond it.
        out.append((value, is_open and row.name in ("+", "-", "neg")))
    none = row.none == "none" and any(has_none(a) for a in args)
    nothing = row.none == "own" and any(has_none(a) for a in args)  # 无 then comes to the least
    if row.least is not None and (out[0][0] is None or nothing):
        out[0] = (row.least, False)
    if row.most is not None and out[1][0] is None:
        out[1] = ends(args[row.most])[2:]
    return interval(out[0][0], out[1][0], out[0][1], out[1][1], none)


def _reaching(name: str, start: Possible, picked: Sequence[Exact], side: int) -> Exact:
    """Of instants within bounds, the one that a length moves furthest down (``side`` 0) or up. The last days of a month
    may be moved by months to one day, and each has all its hours: then it is the first of the next day, or the last of
    the day before."""
    at, by = picked
    if not isinstance(at, datetime) or not isinstance(by, Duration):
        return at
    try:
        beside = at.date() + timedelta(days=1 if side == 0 else -1)
        moved = [calendar.shift(d, by, backwards=name == "back") for d in (at.date(), beside)]
    except (CannotCompute, OverflowError):
        return at
    other = clocked(beside, side == 1)
    low, _, high, _ = ends(start)
    outside = high is not None and written_first(high, other) or low is not None and written_first(other, low)
    return other if moved[0] == moved[1] and not outside else at


def _by_clock(name: str, picked: Sequence[Exact], side: int, result: Kind, s: Setting) -> Possible:
    """The least (``side`` 0) or the most whole months between instants. An earlier start may have fewer of them: 23:00
    on 30 January is a month before 23:00 on 29 February, 1:00 on the 31st before 1:00. By their days the ends tell, and
    by the clock it is one less at most, towards nothing."""
    first, last = (plain_day(moment(day_end(day(end)))) for end in picked)
    months = whole_months(first, last, s.month_end)
    if months and (months > 0) == (side == 0):
        months -= 1 if months > 0 else -1
    return point(Duration(Fraction(whole_of(months, name)), result.unit or "M"))


def _pick_ends(name: str, args: Sequence[Possible]) -> Possible:
    """Bounds of the higher or lower of several values; 无 is skipped by ``earliest`` and carried by the others."""
    higher = name in ("max", "latest")
    bounds = [ends(a) for a in args if not (a.known and a.value is None)]
    if not bounds:
        return point(None)
    maybe_none = [has_none(a) for a in args]
    lows, highs = [b[:2] for b in bounds], [b[2:] for b in bounds]
    none = any(maybe_none)
    if name == "earliest":  # an argument that may be 无 may be skipped: its upper bound does not bind
        none = all(maybe_none)
        highs = [ends(a)[2:] for a, skipped in zip(args, maybe_none, strict=True) if not skipped]
    low, low_open = _end(lows, higher, binding=higher)
    high, high_open = _end(highs, higher, binding=not higher)
    # Of one instant that is written in two ways either may be the one that is taken.
    return interval(both_ways(low, low_open, False), both_ways(high, high_open, True), low_open, high_open, none)


def _pick_choices(row: Operator, args: Sequence[Possible], kinds: Sequence[Kind], setting: Setting) -> Possible:
    """The higher or lower of several choices, which have no ends: any that each of the others may give way to."""
    picked = [
        point(v) for a in args for v in a.values or () if v is not None and all(
            any(w is not None and row.exact((v, w), kinds, setting) == v for w in b.values or ()) for b in args
        )
    ]
    return join([*picked, *(point(None) for a in args if has_none(a))])


def _end(found: Sequence[tuple[Exact, bool]], higher: bool, binding: bool) -> tuple[Exact, bool]:
    """The highest or lowest of several ends (None: no bound), and whether it is open.

    ``binding``: each of them binds, so that one without a bound says nothing and of several alike an open one counts.
    Otherwise any may be reached: one without a bound leaves none, and of several alike a closed one counts.
    """
    bounds = [end for end in found if end[0] is not None]
    if not bounds or not binding and len(bounds) < len(found):
        return None, False
    if not binding:
        return outermost(bounds, higher)
    best = bounds[0][0]
    for value, _ in bounds:
        if before(best, value) if higher else before(value, best):
            best = value
    return best, any(is_open for value, is_open in bounds if same(value, best))


def _product(name: str, args: Sequence[Possible], result: Kind) -> Possible:
    """A product or quotient; durations are taken as numbers, in the smallest unit of their family."""
    return _lengths(_product_ends(name, [_measured(a) for a in args]), args, result)


def _periods(grain: str, on: Possible, setting: Setting) -> Possible | None:
    """The periods between those of the two ends, if they are not too many."""
    low, _, high, _ = ends(on)
    if low is None or high is None:
        return None
    found: list[Exact] = []
    try:
        at = calendar.period_of(grain, day(low), setting.fiscal)
        while len(found) < MOST_VALUES:
            found.append(at)
            if plain_day(day(high)) <= at.last:
                return Possible((*found, *((None,) if has_none(on) else ())))
            at = calendar.period_of(grain, at.last + timedelta(days=1), setting.fiscal)
    except (CannotCompute, OverflowError):
        pass
    return None


def _stepped(args: Sequence[Possible], result: Kind) -> Possible:
    """What goes by whole steps: all their numbers between those at the two ends. Without a way of rounding (whole_div)
    they are counted, else they are multiples of the step, which must be known."""
    none = any(has_none(a) for a in args[:2])
    step, mode = (Fraction(1), "down") if len(args) == 2 else (args[1].value if args[1].known else None, args[2].value)
    if step is None:
        return whole(result, none=none)
    low, low_open, high, high_open = ends(_product_ends("/", [_measured(a) for a in args[:2]]))
    first, last = _jump(low, low_open, str(mode), 1), _jump(high, high_open, str(mode), -1)
    if first is not None and last is not None and last - first < MOST_VALUES:
        counts = [first + i for i in range(int(last - first) + 1)]
        return Possible((*(steps(step, n) for n in counts), *((None,) if none else ())))
    lowest, highest = (None if n is None else steps(step, n) for n in (first, last))
    return interval(lowest, highest, none=none)


def _jump(end: Exact, is_open: bool, mode: str, inward: int) -> Fraction | None:
    """The whole number at an end; at one that is left out, what it is right inside: there it jumps at halves only."""
    if end is None:
        return None
    at = number(end)
    return rounded(at + Fraction(inward, 4) if is_open and (2 * at).denominator == 1 else at, 0, mode)


def _rest(args: Sequence[Possible], result: Kind) -> Possible:
    """What whole steps, of a length that is known, leave."""
    none = any(has_none(a) for a in args)
    size, step = (_measured(a) for a in args)
    if not step.known or number(step.value) <= 0:
        return whole(result, none=none)
    by = number(step.value)
    low, low_open, high, high_open = ends(size)
    counts = [
        None if end is None else _jump(number(end) / by, is_open, "down", inward)
        for end, is_open, inward in ((low, low_open, 1), (high, high_open, -1))
    ]
    if counts[0] is not None and counts[0] == counts[1]:
        past = counts[0] * by
        found = interval(number(low) - past, number(high) - past, low_open, high_open, none)
    else:
        least: tuple[Exact, bool] = (-by, True) if low is None or number(low) <= -by else (low, low_open)
        most: tuple[Exact, bool] = (by, True) if high is None or number(high) >= by else (high, high_open)
        if low is not None and number(low) >= 0:
            least = Fraction(0), False
        if high is not None and number(high) <= 0:
            most = Fraction(0), False
        found = interval(least[0], most[0], least[1], most[1], none)
    return _lengths(found, args, result)


def _lengths(found: Possible, args: Sequence[Possible], result: Kind) -> Possible:
    """Numbers as lengths of time, where that is what comes out."""
    if result.base != "duration":
        return found
    unit = next((v.unit for a in args for v in (*(a.values or ()), a.low, a.high) if isinstance(v, Duration)), None)
    if unit is None:
        return Possible(None, none=has_none(found))
    many = FAMILY[unit][1]

    def length(value: Exact) -> Exact:
        return Duration(number(value) / many, unit) if value is not None else None

    if found.known:
        return point(length(found.value))
    return replace(found, low=length(found.low), high=length(found.high))


def _measured(p: Possible) -> Possible:
    def size(value: Exact) -> Exact:
        return measure(value)[1] if isinstance(value, Duration) else value

    values = None if p.values is None else tuple(size(v) for v in p.values)
    return replace(p, values=values, low=size(p.low), high=size(p.high))


def _product_ends(name: str, args: Sequence[Possible]) -> Possible:
    """Bounds of a product or quotient of two intervals (None: no bound)."""
    a_low, a_lo, a_high, a_ho = ends(args[0])
    b_low, b_lo, b_high, b_ho = ends(args[1])
    none = has_none(args[0]) or has_none(args[1])
    zero = Fraction(0)
    if name == "/":
        if b_low is None or before(b_low, zero) or (same(b_low, zero) and not b_lo):
            return Possible(None, none=none)  # a divisor of zero gives no value, which may be anything
        high_inverse = None if same(b_low, zero) else 1 / number(b_low)
        low_inverse = zero if b_high is None or same(b_high, zero) else 1 / number(b_high)
        b_low, b_lo, b_high, b_ho = low_inverse, b_high is None or b_ho, high_inverse, b_lo
    reached: list[tuple[Exact, bool]] = []
    beyond: set[int] = set()
    for x, x_open, x_far in ((a_low, a_lo, -1), (a_high, a_ho, 1)):
        for y, y_open, y_far in ((b_low, b_lo, -1), (b_high, b_ho, 1)):
            made = (number(x) if x is not None else Fraction(x_far)) * (number(y) if y is not None else Fraction(y_far))
            if made and (x is None or y is None):
                beyond.add(1 if made > 0 else -1)
            else:  # nothing times anything is nothing, even where that has no end
                reached.append((made, bool(made) and (x_open or y_open)))
    low, low_open = (None, False) if -1 in beyond or not reached else outermost(reached, higher=False)
    high, high_open = (None, False) if 1 in beyond or not reached else outermost(reached, higher=True)
    return interval(low, high, low_open, high_open, none)


def _compare_ends(op: str, args: Sequence[Possible], kinds: Sequence[Kind]) -> Possible:
    """A comparison where at least one side is an interval."""
    if op == "in":
        return _in_ends(args, kinds)
    if op == "in_period":
        return _in_period_ends(args)
    if op not in OPPOSITE:
        return either()
    left, right = args
    (a, ao, b, bo), (c, co, d, do) = ends(left), ends(right)
    if kinds[0].base in ("text", "choice", "choices"):
        return truth(op == "!=") if op in ("=", "!=") and _texts_apart(left, right) else either()
    surely_less = b is not None and c is not None and (before(b, c) or (same(b, c) and (bo or co)))
    surely_more = a is not None and d is not None and (before(d, a) or (same(a, d) and (ao or do)))
    not_more = b is not None and c is not None and at_most(b, c)
    not_less = a is not None and d is not None and at_most(d, a)
    none = has_none(left) or has_none(right)
    match op:
        case "<":
            yes, no = surely_less, not_less
        case ">":
            yes, no = surely_more, not_more
        case "<=":
            yes, no = not_more, surely_more
        case ">=":
            yes, no = not_less, surely_less
        case "=":
            yes, no = False, surely_less or surely_more or _nothing(left) or _nothing(right)
            none = has_none(left) and has_none(right)
            if none:
                no = False
        case _:
            yes, no = surely_less or surely_more or _nothing(left) or _nothing(right), False
            if has_none(left) and has_none(right):
                yes = False
            none = False
    if no:
        return NO
    if yes and not none:
        return YES
    return either()


def _nothing(p: Possible) -> bool:
    """Whether it is surely 无."""
    return p.values == (None,)


def _texts_apart(left: Possible, right: Possible) -> bool:
    """Whether of two texts, one of which is supposed to be one of some, none of the one is one of the other."""
    some, other = (left, right) if left.texts is not None else (right, left)
    if some.texts is None or other.values is None or has_none(some) and has_none(other):
        return False
    return not any(isinstance(v, str) and some.texts.may_be(v) for v in other.values)


def _in_ends(args: Sequence[Possible], kinds: Sequence[Kind]) -> Possible:
    subject = args[0]
    results = [_compare_ends("=", (subject, item), kinds) for item in args[1:]]
    return NO if all(r.no for r in results) else either()


def _in_period_ends(args: Sequence[Possible]) -> Possible:
    low, low_open, high, high_open = ends(args[0])
    if not args[1].known or not isinstance(args[1].value, Period):
        return either()
    p = args[1].value  # a period that begins outside of it is not in it; what begins inside may end behind it
    if (low is not None and before(p.last, low)) or (high is not None and before(high, p.first)):
        return NO
    if isinstance(low, Period) or isinstance(high, Period):
        return either()
    inside = low is not None and high is not None and not before(low, p.first) and not before(p.last, high)
    return YES if inside and not has_none(args[0]) else either()


def conjunction(args: Sequence[Possible]) -> Possible:
    """Strong Kleene and."""
    waiting = []
    deemed = False
    for a in args:
        if a.no:
            return NO
        if not a.yes:
            waiting.append(a)
        deemed = deemed or a.deemed
    if waiting:
        return either(*waiting)
    return DEEMED if deemed else YES


def disjunction(args: Sequence[Possible]) -> Possible:
    """Strong Kleene or."""
    if any(a.yes for a in args):
        return DEEMED if all(a.deemed for a in args if a.yes) else YES
    if all(a.no for a in args):
        return NO
    return either(*[a for a in args if not a.no])


def at_least(count: Possible, args: Sequence[Possible]) -> Possible:
    """Yes once so many are yes, no once so many can no longer be. 无 is not a number of them."""
    if has_none(count):
        return either(reasons=["not_computable"]) if count.known else either(*args, count)
    low, _, high, _ = ends(count)
    yes = sum(1 for a in args if a.yes)
    open_ = [a for a in args if not a.yes and not a.no]
    if isinstance(high, Fraction) and yes >= high:
        return YES
    if isinstance(low, Fraction) and yes + len(open_) < low:
        return NO
    return either(*open_, count)


def negation(arg: Possible) -> Possible:
    if arg.yes:
        return NO
    if arg.no:
        return YES
    return with_causes(either(), arg)
