"""Terms of the core made at random, of every kind and out of every form and operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from random import Random

from kind_support import options

from policydsl import core as c
from policydsl.calendar import ACCRUALS, END, make_period, period_of
from policydsl.kinds import (
    DATE, DAYS, INSTANT, MONEY, NUMBER, PERCENT, POINTS, TEXT, YESNO, Duration, Exact, Fiscal, Kind,
)
from policydsl.lower.build import apply, const, read, yes

GRADE = options("grade", "low", "mid", "high", ordered=True)
COLOUR = options("colour", "red", "blue")
BRAND = options("brand", "A", "B", open=True)
TAGS = replace(COLOUR, base="choices")
MONTHS, WORKDAYS, HOURS = Kind("duration", unit="M"), Kind("duration", unit="WD"), Kind("duration", unit="H")
LENGTHS = Kind("duration")  # of whatever unit
MONTH, QUARTER, HALF, YEAR, FISCAL_QUARTER, FISCAL_HALF, FISCAL = (
    Kind("period", unit=grain)
    for grain in ("month", "quarter", "half", "year", "fiscal_quarter", "fiscal_half", "fiscal_year")
)
APRIL = Fiscal((4, 1))
COUNT, ORDINAL = Kind("count", unit="piece"), Kind("ordinal")


def durations(unit: str, *values: int) -> tuple[Exact, ...]:
    return tuple(Duration(Fraction(v), unit) for v in values)


# The few values of each kind that facts are given, and that are tried for those that are not.
VALUES: dict[Kind, tuple[Exact, ...]] = {
    YESNO: (False, True),
    NUMBER: (Fraction(-2), Fraction(0), Fraction(5, 2)),
    PERCENT: (Fraction(0), Fraction(1, 20), Fraction(1)),
    MONEY: (Fraction(0), Fraction(100), Fraction("250.005")),
    POINTS: (Fraction(60), Fraction(95)),
    COUNT: (Fraction(0), Fraction(1), Fraction(3)),
    ORDINAL: (Fraction(1), Fraction(2)),
    DAYS: durations("D", 0, 30, 200),
    MONTHS: durations("M", 1, 12),
    WORKDAYS: durations("WD", 1, 3),
    HOURS: durations("H", 8, 36),
    LENGTHS: (*durations("D", 0, 10, 30), *durations("M", 1), *durations("H", 36)),
    DATE: (date(2023, 12, 31), date(2024, 2, 29), date(2024, 5, 1)),
    INSTANT: (  # at the end of a month, months move what is later to what is earlier
        datetime(2024, 1, 30, 22), datetime(2024, 1, 31, 1), datetime.combine(date(2024, 1, 31), END),
        datetime(2024, 2, 29, 9), datetime(2024, 5, 1, 18, 30),
    ),
    QUARTER: (period_of("quarter", date(2024, 2, 1)), period_of("quarter", date(2024, 5, 1))),
    YEAR: (make_period("year", 2023, 0, None), make_period("year", 2024, 0, None)),
    FISCAL: (make_period("fiscal_year", 2024, 0, APRIL), make_period("fiscal_year", 2025, 0, APRIL)),
    MONTH: (make_period("month", 2024, 2, None), make_period("month", 2024, 6, None)),
    HALF: (make_period("half", 2023, 2, None), make_period("half", 2024, 1, None)),
    FISCAL_QUARTER: (make_period("fiscal_quarter", 2024, 4, APRIL), make_period("fiscal_quarter", 2025, 1, APRIL)),
    FISCAL_HALF: (make_period("fiscal_half", 2024, 2, APRIL), make_period("fiscal_half", 2025, 1, APRIL)),
    TEXT: ("AB1", "ab", "C"),
    GRADE: GRADE.options,
    COLOUR: COLOUR.options,
    BRAND: ("A", "Z"),
    TAGS: (("red",), ("red", "blue"), ("blue", "red")),
}
ADDED = (NUMBER, MONEY, PERCENT, POINTS, COUNT, DAYS, MONTHS, LENGTHS)
COMPARED = (*ADDED, ORDINAL, DATE, INSTANT, QUARTER, YEAR, FISCAL, GRADE)
TIMED = (DATE, INSTANT)

WAYS: tuple[Exact, ...] = ("half_up", "down", "up")
STEPS: dict[Kind, tuple[Exact, ...]] = {
    NUMBER: (Fraction(1), Fraction(1, 2)), MONEY: (Fraction(40), Fraction(1, 100)), DAYS: durations("D", 7, 30),
}

# (operator, kind of the result, kinds of the arguments); of a tuple of constants one is taken.
SIGNATURES: tuple[tuple[str, Kind, tuple[Kind | tuple[Exact, ...], ...]], ...] = (
    *(("+", k, (k, k)) for k in ADDED),
    *(("-", k, (k, k)) for k in ADDED),
    *(("neg", k, (k,)) for k in (NUMBER, MONEY)),
    *(("*", k, (k, by)) for k in (NUMBER, MONEY) for by in (NUMBER, PERCENT, COUNT)),
    ("*", DAYS, (COUNT, DAYS)), ("*", DAYS, (DAYS, COUNT)), ("*", LENGTHS, (LENGTHS, PERCENT)),
    ("/", DAYS, (DAYS, COUNT)), ("/", PERCENT, (DAYS, durations("D", 365))),
    *(("/", PERCENT, (a, b)) for a, b in ((DAYS, DAYS), (LENGTHS, DAYS), (MONTHS, LENGTHS))),
    ("+", HOURS, (DAYS, HOURS)), ("-", HOURS, (HOURS, DAYS)), ("+", LENGTHS, (LENGTHS, MONTHS)),
    *(("neg", k, (k,)) for k in (DAYS, LENGTHS)), *(("clamp", k, (k, k, k)) for k in (DAYS, LENGTHS)),
    *((op, LENGTHS, (DAYS, MONTHS)) for op in ("max", "min")),
    *((op, YESNO, (a, b)) for op in ("<", "<=", ">", ">=", "=", "!=") for a, b in (
        (LENGTHS, DAYS), (MONTHS, LENGTHS), (LENGTHS, WORKDAYS), (DAYS, HOURS))),
    ("in", YESNO, (LENGTHS, durations("D", 30), durations("M", 1))),
    ("shift", DATE, (DATE, LENGTHS)), ("back", INSTANT, (INSTANT, LENGTHS)), ("shift", INSTANT, (INSTANT, MONTHS)),
    ("back", INSTANT, (INSTANT, MONTHS)), ("days_between", DAYS, (INSTANT, INSTANT)),
    ("/", NUMBER, (MONEY, MONEY)), ("/", NUMBER, (NUMBER, NUMBER)), ("/", MONEY, (MONEY, COUNT)),
    ("/", PERCENT, (COUNT, COUNT)),
    *((op, k, (k, k)) for op in ("max", "min") for k in (*ADDED, GRADE)),
    ("max", NUMBER, (NUMBER, NUMBER, NUMBER)), ("min", MONEY, (MONEY, MONEY, MONEY)),
    *((op, k, (k, k)) for op in ("latest", "earliest") for k in TIMED),
    ("earliest", DATE, (DATE, DATE, DATE)),
    *(("clamp", k, (k, k, k)) for k in (NUMBER, MONEY, POINTS)),
    *((op, DATE, (DATE, by)) for op in ("shift", "back", "last_counting_first") for by in (DAYS, MONTHS, WORKDAYS)),
    ("shift", INSTANT, (INSTANT, HOURS)), ("back", INSTANT, (INSTANT, HOURS)), ("shift", INSTANT, (INSTANT, DAYS)),
    *((op, QUARTER, (QUARTER, durations("M", 3, 6, 12))) for op in ("shift", "back")),
    *((op, FISCAL, (FISCAL, durations("Y", 1))) for op in ("shift", "back")),
    *(("nth_day", DATE, (k, (Fraction(5), Fraction(31)), ("D", "1", "7"))) for k in (MONTH, QUARTER)),
    ("roll_forward", DATE, (DATE,)), ("days_between", DAYS, (DATE, DATE)), ("days_between", DAYS, (INSTANT, DATE)),
    ("time_between", LENGTHS, (INSTANT, INSTANT)), ("time_between", LENGTHS, (DATE, INSTANT)),
    ("months_between", MONTHS, (DATE, DATE)), ("months_between", MONTHS, (INSTANT, DATE)),
    ("months_between", MONTHS, (INSTANT, INSTANT)), ("years_between", LENGTHS, (INSTANT, INSTANT)),
    ("years_between", LENGTHS, (DATE, DATE)), ("workdays_between", WORKDAYS, (DATE, DATE)),
    ("weekday_of", NUMBER, (DATE,)), ("weekday_of", NUMBER, (INSTANT,)),
    *(("share_of_period", PERCENT, (DATE, DATE, k, ("actual", "days365", "days30"))) for k in (QUARTER, YEAR, FISCAL)),
    ("accrual", NUMBER, (DATE, DATE, tuple(ACCRUALS))),
    ("day_count", NUMBER, (DATE, DATE)), ("drawable", MONEY, (MONEY,)), ("short", MONEY, (MONEY, MONEY)),
    *(("proportion", k, (k, by, by)) for k in (MONEY, POINTS) for by in (NUMBER, COUNT)),
    ("told", MONEY, (MONEY, (date(2024, 6, 30),), ("等级",))),
    ("round", MONEY, (MONEY, (Fraction(0), Fraction(2)), WAYS)),
    *((op, MONEY, (MONEY, PERCENT)) for op in ("gross", "net")),
    *((op, k, (k, k)) for op in ("mod",) for k in (NUMBER, MONEY, DAYS, LENGTHS)),
    *(("whole_div", NUMBER, (k, k)) for k in (NUMBER, MONEY, COUNT, DAYS, LENGTHS)),
    *((op, k, (k, step)) for op in ("mod",) for k, step in STEPS.items()),
    *(("whole_div", NUMBER, (k, step)) for k, step in STEPS.items()),
    *(("round_to", k, (k, step, WAYS)) for k, step in STEPS.items()),
    *((op, DATE, (k,)) for op in ("first_day", "last_day") for k in (MONTH, QUARTER, YEAR, FISCAL)),
    ("day_of", DATE, (INSTANT,)), ("day_end", INSTANT, (DATE,)),
    ("month_start", DATE, (DATE,)), ("quarter_of", QUARTER, (DATE,)), ("quarter_of", QUARTER, (INSTANT,)),
    *((f"{k.unit}_of", k, (DATE,)) for k in (HALF, FISCAL_QUARTER, FISCAL_HALF)), ("whole_month_of", MONTH, (DATE,)),
    ("fiscal_year_of", FISCAL, (DATE,)), ("year_of", YEAR, (DATE,)), ("month_of", NUMBER, (DATE,)),
    *((op, YESNO, (k, k)) for op in ("<", "<=", ">", ">=") for k in COMPARED),
    *((op, YESNO, (DATE, INSTANT)) for op in ("<", "<=", ">", ">=", "=", "!=")),
    *((op, YESNO, (GRADE, GRADE.options)) for op in ("<", ">=", "=", "!=")),
    *((op, YESNO, (k, k)) for op in ("=", "!=") for k in VALUES),
    *((op, YESNO, (k, (None,))) for op in ("=", "!=") for k in VALUES),
    *(("in", YESNO, (k, VALUES[k], VALUES[k])) for k in (TEXT, GRADE, BRAND, COUNT, QUARTER)),
    ("in", YESNO, (TAGS, COLOUR.options)), ("in", YESNO, (TAGS, COLOUR.options, COLOUR.options)),
    *(("in_period", YESNO, (a, b)) for a in (*TIMED, QUARTER) for b in (QUARTER, FISCAL)),
    ("includes", YESNO, (TAGS, COLOUR.options)), ("includes", YESNO, (TAGS, COLOUR.options, COLOUR.options)),
    ("in_order", YESNO, (TAGS, ("red",), ("blue",))),
    *((op, YESNO, (k,)) for op in ("provided", "missing") for k in (NUMBER, DATE, GRADE, TEXT)),
    ("blank", YESNO, (YESNO,)),
)
AGGREGATES: tuple[tuple[str, Kind, Kind | None], ...] = (
    ("count", COUNT, None), ("any", YESNO, None),
    *((agg, YESNO, YESNO) for agg in ("any", "all")),
    *(("distinct", COUNT, k) for k in (TEXT, GRADE, DATE, MONEY, DAYS, LENGTHS)),
    *(("sum", k, k) for k in (NUMBER, MONEY, POINTS, COUNT, DAYS, LENGTHS)),
    *(("mean", k, k) for k in (NUMBER, MONEY, POINTS, DAYS)),
    *((agg, k, k) for agg in ("largest", "smallest") for k in (NUMBER, MONEY, COUNT, DAYS, LENGTHS, GRADE)),
    *((agg, k, k) for agg in ("earliest", "latest") for k in TIMED),
)


@dataclass(frozen=True)
class Shared:
    """A shared term that later ones may use: of the party, or of each record of a list."""

    name: c.Name
    kind: Kind
    over: str | None


@dataclass
class Terms:
    """Makes terms. ``fields``: of each list (the party: "") the fields by kind; ``listed``: the lists that may be gone
    through, ``within`` those that a record has for itself; ``keys``: those that are looked up, by what kind;
    ``limited``: of which kinds they give values only within their bounds; ``shared``: what may be used."""

    draw: Random
    fields: Mapping[str, Mapping[Kind, Sequence[str]]]
    listed: Sequence[str] = ()
    keys: Mapping[str, Kind] = field(default_factory=dict)
    within: Mapping[str, Sequence[str]] = field(default_factory=dict)
    limited: Mapping[str, Sequence[Kind]] = field(default_factory=dict)
    shared: list[Shared] = field(default_factory=list)

    def term(self, kind: Kind, depth: int, hand: tuple[str, ...] = ()) -> c.AnyTerm:
        """A term of the kind. ``hand``: the lists of which a record is in hand, innermost last."""
        ways = self.leaves(kind, hand)
        if depth:
            ways += [
                *(lambda s=s: self.operator(s[0], kind, s[2], depth, hand) for s in SIGNATURES if s[1] == kind),
            ] * 2
            ways += [lambda: self.choose(kind, depth, hand)] * 3 + [lambda: self.as_of(kind, depth, hand)]
            ways += [lambda name=name: self.find(name, kind, depth, hand) for name in self.keys]
            if kind == YESNO:
                ways += [lambda: self.junction(depth, hand)] * 12
            if self.listed:
                ways += [lambda a=a: self.over(a[0], kind, a[2], depth, hand) for a in AGGREGATES if a[1] == kind] * 3
        return self.draw.choice(ways)()

    def leaves(self, kind: Kind, hand: tuple[str, ...]) -> list[Callable[[], c.AnyTerm]]:
        ways: list[Callable[[], c.AnyTerm]] = [lambda: self.constant(kind)]
        for list_ in ("", *dict.fromkeys(hand)):
            depth = 2 if list_ == "" and c.POPULATION in hand or hand.count(list_) > 1 else 1
            for name in self.fields[list_].get(kind, ()):
                ways += [lambda name=name, at=list_, up=up: read(at, name, kind, up=up) for up in range(depth)] * 3
        for s in self.shared:
            if s.kind == kind and (s.over is None or s.over in hand):
                ways += [lambda s=s: c.Use(s.name, s.over or "", kind=kind)] * 2
        if kind == DATE:
            ways.append(lambda: read("", c.DAY, DATE))
        if kind == TEXT:
            ways.append(lambda: read("", c.PARTY, TEXT))
        return ways

    def leaf(self, kind: Kind, over: str | None = None) -> c.AnyTerm:
        """A fact of the party, or a field of the record of a list."""
        own = self.fields[over or ""].get(kind)
        return read(over if own and over else "", self.draw.choice(own or self.fields[""][kind]), kind)

    def constant(self, kind: Kind) -> c.AnyTerm:
        match self.draw.randrange(12):
            case 0:
                return const(None, kind)
            case 1:
                return c.NoValue(self.draw.choice(("not_stated", "not_computable")), kind=kind)
            case _:
                return const(self.draw.choice(VALUES[kind]), kind)

    def operator(
        self, op: str, kind: Kind, args: Sequence[Kind | tuple[Exact, ...]], depth: int, hand: tuple[str, ...]
    ) -> c.AnyTerm:
        first = next(a for a in args if isinstance(a, Kind))
        of = first.element if op in ("includes", "in_order", "in") else first
        ways = ("accrual", "round", "round_to", "share_of_period", "nth_day", "told")
        said = TEXT if op in ways else of  # how it is done
        of = {"nth_day": NUMBER, "told": DATE}.get(op, of)
        made = [
            self.term(a, depth - 1, hand) if isinstance(a, Kind)
            else const(one := self.draw.choice(a), said if isinstance(one, str) else of) for a in args
        ]
        return apply(op, *made, kind=kind)

    def junction(self, depth: int, hand: tuple[str, ...]) -> c.AnyTerm:
        parts = [self.term(YESNO, depth - 1, hand) for _ in range(self.draw.randint(2, 3))]
        match self.draw.randrange(8):
            case 0 | 1 | 2:
                return apply("and", *parts)
            case 3 | 4:
                return apply("or", *parts)
            case 5:
                return apply("not", parts[0])
            case _:
                return apply("at_least", self.term(COUNT, 0, hand), *parts)

    def choose(self, kind: Kind, depth: int, hand: tuple[str, ...]) -> c.AnyTerm:
        def arm(when: c.AnyTerm, exception: bool = False) -> c.Arm:
            return c.Arm(when, self.term(kind, depth - 1, hand), exception=exception, deemed=self.draw.random() < 0.1)

        if self.draw.random() < 0.2:  # a row for every option
            subject = self.term(GRADE, 0, hand)
            rows = tuple(arm(apply("=", subject, const(option, GRADE))) for option in GRADE.options)
            return c.Choose((*rows, arm(apply("=", subject, const(None, GRADE)))), True, kind=kind)
        first = [self.term(YESNO, depth - 1, hand) for _ in range(self.draw.randint(1, 3))]
        arms = [arm(when, self.draw.random() < 0.3) for when in first]
        otherwise = [arm(yes())] if self.draw.random() < 0.7 else []
        return c.Choose((*arms, *otherwise), kind=kind)

    def as_of(self, kind: Kind, depth: int, hand: tuple[str, ...]) -> c.AnyTerm:
        return c.AsOf(self.term(kind, depth - 1, hand), self.term(DATE, depth - 1, hand), kind=kind)

    def find(self, name: str, kind: Kind, depth: int, hand: tuple[str, ...]) -> c.AnyTerm:
        key = self.term(self.keys[name], min(depth, 2) - 1, hand)
        inside = (*hand, name)
        limited = kind in self.limited.get(name, ())
        value = self.leaf(kind, name) if limited else self.term(kind, depth - 1, inside)
        otherwise = self.term(kind, depth - 1, hand) if self.draw.random() < 0.4 else None
        return c.Find(name, key, value, otherwise, kind=kind)

    def over(self, agg: str, kind: Kind, of: Kind | None, depth: int, hand: tuple[str, ...]) -> c.AnyTerm:
        name = self.draw.choice([*self.listed, *(inner for at in hand for inner in self.within.get(at, ()))])
        inside = (*hand, name)
        where = self.term(YESNO, depth - 1, inside) if of is None or self.draw.random() < 0.5 else None
        value = self.term(of, depth - 1, inside) if of is not None else None
        return c.Over(agg, name, value, where, kind=kind)


__all__ = ["Shared", "Terms", "VALUES"]
