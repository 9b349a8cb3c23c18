"""The operator table: one row an operator, read by the checker and by every evaluator.

A row gives the meaning on exact values, how 无 is treated, and in which direction each argument moves the result; from
that, sets and intervals follow. Nothing here knows a policy.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from policydsl import calendar
from policydsl.calendar import CannotCompute
from policydsl.domain import (
    NO,
    YES,
    Possible,
    before,
    either,
    ends,
    has_none,
    interval,
    join,
    point,
    same,
    truth,
    whole,
    with_causes,
)
from policydsl.kinds import UNLIMITED, Duration, Exact, Kind, Period, Unlimited

MOST_COMBINATIONS = 512


@dataclass(frozen=True, slots=True)
class Setting:
    """What operators need to know of the policy."""

    fiscal_start: tuple[int, int] | None
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Operator:
    """``exact`` on exact values; ``none``: what 无 among the arguments gives (``none``, ``no``, or ``own``: the
    function decides); ``signs``: +1/-1 per argument where the result moves with/against it, empty where no bounds
    follow."""

    name: str
    exact: Callable[[Sequence[Exact], Sequence[Kind], Setting], Exact]
    none: Literal["none", "no", "own"] = "none"
    signs: tuple[int, ...] = ()


# ---------------------------------------------------------------------------------------------- exact meanings
def number(value: Exact) -> Fraction:
    if isinstance(value, Fraction):
        return value
    raise CannotCompute("not_a_number")


def day(value: Exact) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, Period):
        return value.first
    raise CannotCompute("not_a_date")


def length(value: Exact) -> Duration:
    if isinstance(value, Duration):
        return value
    raise CannotCompute("not_a_duration")


def period(value: Exact) -> Period:
    if isinstance(value, Period):
        return value
    raise CannotCompute("not_a_period")


def plain_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _add(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Duration) and isinstance(a[1], Duration):
        return _sum_durations(a[0], a[1], 1)
    return number(a[0]) + number(a[1])


def _sub(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Duration) and isinstance(a[1], Duration):
        return _sum_durations(a[0], a[1], -1)
    return number(a[0]) - number(a[1])


def _sum_durations(a: Duration, b: Duration, sign: int) -> Duration:
    if a.unit != b.unit:
        raise CannotCompute("duration_units")
    return Duration(a.value + sign * b.value, a.unit)


def _mul(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    for one, other in ((a[0], a[1]), (a[1], a[0])):
        if isinstance(one, Duration):
            return Duration(one.value * number(other), one.unit)
    return number(a[0]) * number(a[1])


def _div(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    top, bottom = number(a[0]), number(a[1])
    if bottom == 0:
        raise CannotCompute("division_by_zero")
    return top / bottom


def _shift(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Period):
        return calendar.shift_period(a[0], length(a[1]), s.fiscal_start, False)
    return calendar.shift(day(a[0]), length(a[1]))


def _back(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], Period):
        return calendar.shift_period(a[0], length(a[1]), s.fiscal_start, True)
    return calendar.shift(day(a[0]), length(a[1]), backwards=True)


def _in_period(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    p = period(a[1])
    if isinstance(a[0], Period):
        return p.first <= a[0].first and a[0].last <= p.last
    return p.first <= plain_day(day(a[0])) <= p.last


def _clamp(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    return max(number(a[1]), min(number(a[0]), number(a[2])))


def _largest(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    best = a[0]
    for v in a[1:]:
        if compare_exact("<", best, v, kinds[0]):
            best = v
    return best


def _smallest(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    best = a[0]
    for v in a[1:]:
        if compare_exact("<", v, best, kinds[0]):
            best = v
    return best


def _earliest(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    stated = [v for v in a if v is not None]
    return _smallest(stated, kinds, s) if stated else None


def _several(value: Exact) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return (value,)
    raise CannotCompute("not_choices")


def _includes(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    have = _several(a[0])
    return all(any(same(h, w) for h in have) for w in a[1:])


def _in_order(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    have, want = _several(a[0]), list(a[1:])
    if len(have) == len(want):
        return all(same(h, w) for h, w in zip(have, want, strict=True))
    if len(have) < len(want) and all(same(h, w) for h, w in zip(have, want, strict=False)):
        raise CannotCompute("steps_outstanding", str(want[len(have)]))
    return False


def _in(a: Sequence[Exact], kinds: Sequence[Kind], s: Setting) -> Exact:
    if isinstance(a[0], tuple):
        return any(same(h, w) for h in a[0] for w in a[1:])
    return any(equal_exact(a[0], w) for w in a[1:])


def rounded(value: Fraction, places: int, mode: str) -> Fraction:
    """The value at the given decimal place: ``half_up`` (half away from zero), ``down`` (cut off), ``up``."""
    scale = 10**places
    scaled = abs(value) * scale
    match mode:
        case "down":
            whole_part = scaled.numerator // scaled.denominator
        case "up":
            whole_part = -(-scaled.numerator // scaled.denominator)
        case _:
            whole_part = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole_part if value >= 0 else -whole_part, scale)


def equal_exact(left: Exact, right: Exact) -> bool:
    if isinstance(left, Unlimited) or isinstance(right, Unlimited):
        return True
    if left is None or right is None:
        return left is right
    return same(left, right)


def compare_exact(op: str, left: Exact, right: Exact, kind: Kind) -> bool:
    """One comparison on exact values; ordered choices by their declared order, 无 never compares."""
    if isinstance(left, Unlimited) or isinstance(right, Unlimited):
        return True
    if op == "=":
        return equal_exact(left, right)
    if op == "!=":
        return not equal_exact(left, right)
    if left is None or right is None:
        return False
    if kind.base == "choice" and isinstance(left, str) and isinstance(right, str):
        left, right = place_of(left, kind), place_of(right, kind)
    if isinstance(left, Period) and isinstance(right, date):
        left = left.first
    if isinstance(right, Period) and isinstance(left, date):
        right = right.first
    match op:
        case "<":
            return before(left, right)
        case ">":
            return before(right, left)
        case "<=":
            return not before(right, left)
        case _:
            return not before(left, right)


def place_of(value: str, kind: Kind) -> Fraction:
    for i, option in enumerate(kind.options):
        if same(option, value):
            return Fraction(i)
    raise CannotCompute("not_ordered", value)


def _comparison(op: str) -> Callable[[Sequence[Exact], Sequence[Kind], Setting], Exact]:
    return lambda a, kinds, s: compare_exact(op, a[0], a[1], kinds[0] if kinds[0].options else kinds[1])


OPERATORS: dict[str, Operator] = {
    o.name: o
    for o in (
        Operator("+", _add, signs=(1, 1)),
        Operator("-", _sub, signs=(1, -1)),
        Operator("*", _mul),
        Operator("/", _div),
        Operator("neg", lambda a, k, s: -number(a[0]), signs=(-1,)),
        Operator("=", _comparison("="), none="own"),
        Operator("!=", _comparison("!="), none="own"),
        Operator("<", _comparison("<"), none="no"),
        Operator("<=", _comparison("<="), none="no"),
        Operator(">", _comparison(">"), none="no"),
        Operator(">=", _comparison(">="), none="no"),
        Operator("in", _in, none="own"),
        Operator("max", _largest, signs=(1,)),
        Operator("min", _smallest, signs=(1,)),
        Operator("latest", _largest, signs=(1,)),
        Operator("earliest", _earliest, none="own", signs=(1,)),
        Operator("clamp", _clamp, signs=(1, 1, 1)),
        Operator("shift", _shift, signs=(1, 1)),
        Operator("back", _back, signs=(1, -1)),
        Operator(
            "last_counting_first", lambda a, k, s: calendar.last_day_counting_first(day(a[0]), length(a[1])),
            signs=(1, 1),
        ),
        Operator("roll_forward", lambda a, k, s: calendar.roll_forward(plain_day(day(a[0]))), signs=(1,)),
        Operator(
            "days_between", lambda a, k, s: Duration(Fraction((plain_day(day(a[1])) - plain_day(day(a[0]))).days), "D"),
            signs=(-1, 1),
        ),
        Operator("first_day", lambda a, k, s: period(a[0]).first, signs=(1,)),
        Operator("last_day", lambda a, k, s: period(a[0]).last, signs=(1,)),
        Operator("day_of", lambda a, k, s: plain_day(day(a[0])), signs=(1,)),
        Operator("quarter_of", lambda a, k, s: calendar.quarter_period(day(a[0]))),
        Operator("fiscal_year_of", lambda a, k, s: calendar.fiscal_year(day(a[0]), s.fiscal_start)),
        Operator("month_of", lambda a, k, s: Fraction(day(a[0]).month)),
        Operator("year_of", lambda a, k, s: calendar.make_period("year", day(a[0]).year, 0, None)),
        Operator("in_period", _in_period, none="no"),
        Operator("gross", lambda a, k, s: number(a[0]) * (1 + number(a[1])), signs=(1, 1)),
        Operator("includes", _includes, none="no"),
        Operator("in_order", _in_order, none="no"),
    )
}
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">=", "in", "in_period", "includes", "in_order"})
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


# ---------------------------------------------------------------------------------------------- on what is possible
def apply(op: str, args: Sequence[Possible], kinds: Sequence[Kind], result: Kind, setting: Setting) -> Possible:
    """The operator on everything that its arguments may be."""
    match op:
        case "and":
            return conjunction(args)
        case "or":
            return disjunction(args)
        case "not":
            return negation(args[0])
        case "holds":
            return YES if args[0].values == (UNLIMITED,) else args[0]
        case "set_aside":
            return NO if args[0].values == (UNLIMITED,) else args[0]
        case "provided":
            return point(args[0].value is not None) if args[0].known else either(*args)
        case "missing":
            return point(args[0].value is None) if args[0].known else either(*args)
        case _:
            return _apply_row(OPERATORS[op], args, kinds, result, setting)


def _apply_row(
    row: Operator, args: Sequence[Possible], kinds: Sequence[Kind], result: Kind, setting: Setting
) -> Possible:
    if row.name in OPPOSITE and any(a.values == (UNLIMITED,) for a in args):
        return YES  # every comparison with an empty cell holds
    if row.none != "own" and any(a.known and a.value is None for a in args) and not any(a.conflict for a in args):
        return NO if row.none == "no" else point(None)  # whatever the other arguments are
    combinations = 1
    for a in args:
        combinations *= len(a.values) if a.values is not None else MOST_COMBINATIONS + 1
    if combinations <= MOST_COMBINATIONS:
        outcomes = [
            _one(row, values, kinds, result, setting) for values in itertools.product(*(a.values or () for a in args))
        ]
        return with_causes(join(outcomes), *args) if outcomes else whole(result)
    if row.name in ("=", "!=") and any(a.known and a.value is None for a in args):
        other = args[0] if args[1].known and args[1].value is None else args[1]
        if not has_none(other):
            return truth(row.name == "!=")
    if row.name in COMPARISONS:
        return with_causes(_compare_ends(row.name, args, kinds), *args)
    if row.signs and not any(_unlimited(a) for a in args):
        return with_causes(_ends_by_sign(row, args, kinds, result, setting), *args)
    if row.name in ("*", "/") and all(k.numeric for k in kinds):
        return with_causes(_product_ends(row.name, args), *args)
    return with_causes(whole(result), *args)


def _unlimited(p: Possible) -> bool:
    return p.values is not None and any(isinstance(v, Unlimited) for v in p.values)


def _one(row: Operator, values: Sequence[Exact], kinds: Sequence[Kind], result: Kind, setting: Setting) -> Possible:
    if row.none != "own" and any(v is None for v in values):
        return NO if row.none == "no" else point(None)
    try:
        return point(row.exact(values, kinds, setting))
    except CannotCompute as exc:
        note = f"{exc.why}:{exc.detail}" if exc.detail else exc.why
        return whole(result, reasons=["not_computable"], note=note)


def _ends_by_sign(
    row: Operator, args: Sequence[Possible], kinds: Sequence[Kind], result: Kind, setting: Setting
) -> Possible:
    signs = row.signs if len(row.signs) == len(args) else row.signs * len(args)
    if row.name in ("max", "min", "latest", "earliest"):
        return _pick_ends(row.name, args)
    out: list[tuple[Exact, bool]] = []
    for side in (0, 1):
        picked, is_open = [], False
        for p, sign in zip(args, signs, strict=True):
            low, low_open, high, high_open = ends(p)
            value, edge_open = (low, low_open) if (sign > 0) == (side == 0) else (high, high_open)
            picked.append(value)
            is_open = is_open or edge_open
        if any(v is None for v in picked):
            out.append((None, False))
            continue
        made = _one(row, picked, kinds, result, setting)
        if not made.known:
            out.append((None, False))
        else:
            # A clamped or rounded end is reached whatever lies beyond it.
            out.append((made.value, is_open and row.name in ("+", "-", "neg")))
    none = row.none == "none" and any(has_none(a) for a in args)
    if row.name == "clamp" and not none:
        out = [_clamp_side(args, 0, out[0]), _clamp_side(args, 1, out[1])]
    return interval(out[0][0], out[1][0], out[0][1], out[1][1], none)


def _clamp_side(args: Sequence[Possible], side: int, found: tuple[Exact, bool]) -> tuple[Exact, bool]:
    """An unbounded value is still limited by the limits themselves."""
    if found[0] is not None:
        return found
    limit = args[1 + side]
    return (limit.value, False) if limit.known else (None, False)


def _pick_ends(name: str, args: Sequence[Possible]) -> Possible:
    """Bounds of the higher or lower of several values; 无 is skipped by ``earliest`` and carried by the others."""
    higher = name in ("max", "latest")
    low: Exact = None
    high: Exact = None
    low_open = high_open = False
    low_known = high_known = True
    bounds = [ends(a) for a in args if not (a.known and a.value is None)]
    if not bounds:
        return point(None)
    for i, (a, ao, b, bo) in enumerate(bounds):
        if higher:
            # the maximum is at least every lower bound; it is bounded above only if every argument is
            if a is not None and (low is None or before(low, a)):
                low, low_open = a, ao
            high_known = high_known and b is not None
            if b is not None and (i == 0 or high is None or before(high, b)):
                high, high_open = b, bo
        else:
            if b is not None and (high is None or before(b, high)):
                high, high_open = b, bo
            low_known = low_known and a is not None
            if a is not None and (i == 0 or low is None or before(a, low)):
                low, low_open = a, ao
    maybe_none = [has_none(a) for a in args]
    if name == "earliest":
        none = all(maybe_none)
        if any(maybe_none):  # an argument that may be 无 may be skipped: its upper bound does not bind
            sure = [ends(a)[2:] for a, m in zip(args, maybe_none, strict=True) if not m]
            bound = [s for s in sure if s[0] is not None]
            high, high_open = (min(bound, key=lambda s: s[0])) if bound else (None, False)  # type: ignore[arg-type,return-value]
    else:
        none = any(maybe_none)
    return interval(low if low_known else None, high if high_known else None, low_open, high_open, none)


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
    if a_low is not None and b_low is not None and not before(a_low, zero) and not before(b_low, zero):
        high: Exact = None
        if a_high is not None and b_high is not None:
            high = number(a_high) * number(b_high)
        elif (a_high is not None and same(a_high, zero)) or (b_high is not None and same(b_high, zero)):
            high = zero
        return interval(
            number(a_low) * number(b_low), high, (a_lo or b_lo) and not (same(a_low, zero) or same(b_low, zero)),
            a_ho or b_ho, none,
        )
    corners = [a_low, a_high, b_low, b_high]
    if any(c is None for c in corners):
        return Possible(None, none=none)
    products = [number(x) * number(y) for x in (a_low, a_high) for y in (b_low, b_high)]
    return interval(min(products), max(products), none=none)


def _compare_ends(op: str, args: Sequence[Possible], kinds: Sequence[Kind]) -> Possible:
    """A comparison where at least one side is an interval."""
    if op == "in":
        return _in_ends(args, kinds)
    if op == "in_period":
        return _in_period_ends(args)
    if op not in OPPOSITE or any(_unlimited(a) for a in args):
        return either()
    left, right = args
    (a, ao, b, bo), (c, co, d, do) = ends(left), ends(right)
    if kinds[0].base in ("text", "choice", "choices"):
        return either()
    surely_less = b is not None and c is not None and (before(b, c) or (same(b, c) and (bo or co)))
    surely_more = a is not None and d is not None and (before(d, a) or (same(a, d) and (ao or do)))
    not_more = b is not None and c is not None and not before(c, b)
    not_less = a is not None and d is not None and not before(a, d)
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
            yes, no = False, surely_less or surely_more
            none = has_none(left) and has_none(right)
            if none:
                no = False
        case _:
            yes, no = surely_less or surely_more, False
            if has_none(left) and has_none(right):
                yes = False
            none = False
    if no:
        return NO
    if yes and not none:
        return YES
    return either()


def _in_ends(args: Sequence[Possible], kinds: Sequence[Kind]) -> Possible:
    subject = args[0]
    results = [_compare_ends("=", (subject, item), kinds) for item in args[1:]]
    return NO if all(r.no for r in results) else either()


def _in_period_ends(args: Sequence[Possible]) -> Possible:
    low, low_open, high, high_open = ends(args[0])
    if not args[1].known or not isinstance(args[1].value, Period) or isinstance(low, Period):
        return either()
    p = args[1].value
    if (low is not None and before(p.last, low)) or (high is not None and before(high, p.first)):
        return NO
    inside = low is not None and high is not None and not before(low, p.first) and not before(p.last, high)
    return YES if inside and not has_none(args[0]) else either()


def conjunction(args: Sequence[Possible]) -> Possible:
    """Strong Kleene and; an unlimited cell is left out."""
    kept = [a for a in args if a.values != (UNLIMITED,)]
    if not kept:
        return point(UNLIMITED) if args else YES
    if any(a.no for a in kept):
        return NO
    if all(a.yes for a in kept):
        return replace(YES, deemed=any(a.deemed for a in kept))
    return either(*[a for a in kept if not a.yes])


def disjunction(args: Sequence[Possible]) -> Possible:
    """Strong Kleene or; an unlimited cell is left out."""
    kept = [a for a in args if a.values != (UNLIMITED,)]
    if not kept:
        return point(UNLIMITED) if args else NO
    if any(a.yes for a in kept):
        return replace(YES, deemed=all(a.deemed for a in kept if a.yes))
    if all(a.no for a in kept):
        return NO
    return either(*[a for a in kept if not a.no])


def negation(arg: Possible) -> Possible:
    if arg.values == (UNLIMITED,):
        return arg
    if arg.yes:
        return NO
    if arg.no:
        return YES
    return with_causes(either(), arg)


__all__ = [
    "COMPARISONS", "OPERATORS", "OPPOSITE", "Operator", "Setting", "apply", "compare_exact", "conjunction",
    "disjunction", "equal_exact", "negation", "rounded", "truth",
]
