"""What a term may be at most: an interval of numbers, or a finite set of values, from declared ranges and kinds.

Everything is exact. The answer may be too wide (a term that is not understood is the whole line), never too narrow.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import date, datetime
from fractions import Fraction

from policydsl import core as c
from policydsl.calendar import FAMILY, measure
from policydsl.members import dataclass
from policydsl.walk import declared
from policydsl.kinds import Duration, Exact, Kind, Period

LINES = ("number", "percent", "money", "count", "points", "ordinal", "duration", "date")
SETS = ("yesno", "choice", "text")
_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Extent:
    """An interval; an absent end is None. ``whole``: only whole numbers lie in it."""

    low: Fraction | None = None
    low_open: bool = False
    high: Fraction | None = None
    high_open: bool = False
    whole: bool = False

    def holds(self, value: Fraction) -> bool:
        """Whether the number lies in the interval."""
        if self.whole and value.denominator != 1:
            return False
        if self.low is not None and (value < self.low or (value == self.low and self.low_open)):
            return False
        return not (self.high is not None and (value > self.high or (value == self.high and self.high_open)))


LINE = Extent()
PLACE = Extent(Fraction(1), whole=True)  # the first, the second …


def number_of(value: Exact) -> Fraction | None:
    """A value as a point of its line: days as ordinals, durations in the smallest unit of their kind."""
    match value:
        case bool() | datetime():
            return None
        case Fraction():
            return value
        case date():
            return Fraction(value.toordinal())
        case Duration():
            return measure(value)[1]
        case _:
            return None


def value_at(number: Fraction, kind: Kind) -> Exact:
    """The value at a point of the line of its kind."""
    if kind.base == "date":
        return date.fromordinal(int(number))
    if kind.base == "duration":
        family, most = FAMILY[kind.unit or "D"]
        units = [
            (many, unit) for unit, (of, many) in FAMILY.items()
            if of == family and (many < most and unit not in ("W", "Q") or unit == kind.unit)
        ]
        return next(
            (Duration(number / many, unit) for many, unit in sorted(units)[::-1] if (number / many).denominator == 1),
            Duration(number, family),
        )
    return number


def alike(left: Kind, right: Kind) -> bool:
    """Whether two kinds lie on one line (months and days do not)."""
    if left.base == right.base == "duration":
        return FAMILY[left.unit or "D"][0] == FAMILY[right.unit or "D"][0]
    return True


@dataclass(frozen=True, slots=True)
class Extents:
    """Finds extents in one program."""

    program: c.Program
    known: dict[tuple[c.Name, int], Extent] = field(default_factory=dict)

    def constant(self, term: c.AnyTerm) -> c.Const | None:
        """The term as a constant: written as one, or a parameter whose value never changes."""
        match term:
            case c.Const():
                return term
            case c.Apply(op="neg", args=(inner,)):
                found = self.constant(inner)
                if found is None or isinstance(found.value, bool) or not isinstance(found.value, Fraction):
                    return None
                return replace(found, value=-found.value, at=term.at)
            case c.Apply(op="first_day" | "last_day", args=(c.Const(value=Period() as period),)):
                return c.Const(period.first if term.op == "first_day" else period.last, kind=term.kind, at=term.at)
            case c.Read(list="", name=name):
                decl = self.program.inputs.get(name)
                if decl is not None and decl.parameter and isinstance(decl.default, c.Const):
                    return replace(decl.default, at=term.at)
                return None
            case _:
                return None

    def declared(self, term: c.AnyTerm) -> c.InputDecl | None:
        """The declaration of a fact or of a field."""
        match term:
            case c.Read():
                return declared(self.program, term)
            case _:
                return None

    def of(self, term: c.AnyTerm, depth: int = 0) -> Extent:
        """The interval of a number, an amount, a date or a duration."""
        if depth > _DEPTH:
            return LINE
        constant = self.constant(term)
        if constant is not None:
            point = number_of(constant.value)
            return LINE if point is None else Extent(point, False, point, False, point.denominator == 1)
        match term:
            case c.Read():
                return self._declared(term)
            case c.Use(name=name):
                if (name, depth) not in self.known:
                    self.known[name, depth] = self._defined(name, term.kind, depth)
                return self.known[name, depth]
            case c.Choose():
                branches = [arm.then for arm in term.arms]
                return self._hull([self.of(b, depth + 1) for b in branches if not _nothing(b)])
            case c.Over(agg="count" | "distinct"):
                return Extent(Fraction(0), whole=True)
            case c.Over(agg="sum", value=value) if value is not None:
                inner = self.of(value, depth + 1)
                positive = inner.low is not None and inner.low >= 0
                return Extent(Fraction(0) if positive else None, whole=inner.whole)
            case c.Over(agg="mean" | "largest" | "smallest" | "earliest" | "latest", value=value) if value is not None:
                inner = self.of(value, depth + 1)
                return replace(inner, whole=inner.whole and term.agg != "mean")
            case c.Apply(op=op, args=args):
                found = self._applied(op, [self.of(a, depth + 1) for a in args])
                return replace(found, low=found.low or PLACE.low, whole=True) if term.kind.base == "ordinal" else found
            case _:
                return LINE

    def _defined(self, name: c.Name, kind: Kind, depth: int) -> Extent:
        definition = self.program.terms.get(name)
        if definition is None:
            return LINE
        found = self.of(definition.term, depth + 1)
        return found if definition.bound is None else self._inside(found, definition.bound, kind)

    def _declared(self, term: c.AnyTerm) -> Extent:
        from policydsl.text.keywords import divisible

        decl = self.declared(term)
        if decl is None:
            return LINE
        kind = decl.kind
        found = LINE
        if kind.base == "ordinal":
            found = PLACE
        elif kind.base == "date" or (kind.base == "count" and not divisible(kind.unit)):
            found = Extent(whole=True)
        for bound in decl.ranges:
            found = self._inside(found, bound, term.kind)
        return found

    def _inside(self, extent: Extent, bound: c.Bound, kind: Kind) -> Extent:
        """The part of the interval that a range leaves; an end that is no constant is left out."""
        for end, op in ((bound.low, bound.low_op), (bound.high, bound.high_op)):
            constant = self.constant(end) if end is not None else None
            point = number_of(constant.value) if constant is not None and alike(constant.kind, kind) else None
            if point is None:
                continue
            if op in (">", ">=") and (extent.low is None or point >= extent.low):
                same = extent.low == point and extent.low_open
                extent = replace(extent, low=point, low_open=same or op == ">")
            if op in ("<", "<=") and (extent.high is None or point <= extent.high):
                same = extent.high == point and extent.high_open
                extent = replace(extent, high=point, high_open=same or op == "<")
        return extent

    @staticmethod
    def _hull(parts: list[Extent]) -> Extent:
        if not parts:
            return LINE
        low = min((p.low for p in parts if p.low is not None), default=None)
        high = max((p.high for p in parts if p.high is not None), default=None)
        if any(p.low is None for p in parts):
            low = None
        if any(p.high is None for p in parts):
            high = None
        return Extent(
            low, all(p.low_open for p in parts if p.low == low), high,
            all(p.high_open for p in parts if p.high == high), all(p.whole for p in parts),
        )

    @staticmethod
    def _applied(op: str, args: list[Extent]) -> Extent:
        whole = all(a.whole for a in args)
        match op:
            case "min" | "max" | "earliest" | "latest":
                lows, highs = [a.low for a in args], [a.high for a in args]
                if op in ("min", "earliest"):
                    high = min((h for h in highs if h is not None), default=None)
                    low = None if None in lows else min(x for x in lows if x is not None)
                else:
                    low = max((x for x in lows if x is not None), default=None)
                    high = None if None in highs else max(h for h in highs if h is not None)
                return Extent(low, False, high, False, whole)
            case "clamp":
                value, floor, cap = args
                low = floor.low if value.low is None or floor.low is None else max(value.low, floor.low)
                high = cap.high if value.high is None or cap.high is None else min(value.high, cap.high)
                return Extent(low, False, high, False, whole)
            case "+" if len(args) == 2:
                a, b = args
                return Extent(
                    None if a.low is None or b.low is None else a.low + b.low, a.low_open or b.low_open,
                    None if a.high is None or b.high is None else a.high + b.high, a.high_open or b.high_open, whole,
                )
            case "-" if len(args) == 2:
                a, b = args
                return Extent(
                    None if a.low is None or b.high is None else a.low - b.high, a.low_open or b.high_open,
                    None if a.high is None or b.low is None else a.high - b.low, a.high_open or b.low_open, whole,
                )
            case "*" if len(args) == 2 and all(a.low is not None and a.low >= 0 for a in args):
                a, b = args
                assert a.low is not None and b.low is not None
                high = None if a.high is None or b.high is None else a.high * b.high
                return Extent(a.low * b.low, False, high, False, whole)
            case "/" | "net" | "gross" | "mod" if all(a.low is not None and a.low >= 0 for a in args):
                return Extent(Fraction(0))
            case "whole_div":
                positive = all(a.low is not None and a.low >= 0 for a in args)
                return Extent(Fraction(0) if positive else None, whole=True)
            case "round_to" if args[0].low is not None and args[0].low >= 0:
                return Extent(Fraction(0))
            case _:
                return LINE

    # ------------------------------------------------------------------------------------------ finite sets
    def values_of(self, term: c.AnyTerm) -> tuple[Exact, ...] | None:
        """The values of a yes/no, a choice, a text that is a key of a table or is looked up in one; None when there may
        be others."""
        if term.kind.base == "yesno":
            return (True, False)
        if term.kind.base == "choice" and term.kind.options and not term.kind.open:
            return term.kind.options
        decl = self.declared(term)
        if decl is not None and decl.within is not None:
            table = self.program.lists.get(decl.within)
            if table is not None and table.source == "rows" and table.supplied:
                index = table.by_name.get(table.key or "", 0)
                keys = [row.cells[index] for row in table.rows]
                texts = [k.value for k in keys if isinstance(k, c.Const) and isinstance(k.value, str)]
                if len(texts) == len(keys) and not any(t.endswith("*") for t in texts):
                    return tuple(texts)
        return self._texts(term, 0) if term.kind.base == "text" else None

    def _texts(self, term: c.AnyTerm, depth: int) -> tuple[Exact, ...] | None:
        """The texts that a term may be, each once, where all of them stand in the policy: its cases, or the cells of a
        column in which it is looked up."""
        match term:
            case c.Const(value=str() as text):
                return (text,)
            case _ if depth > _DEPTH:
                return None
            case _ if _nothing(term):
                return ()
            case c.Use(name=name) if name in self.program.terms:
                return self._texts(self.program.terms[name].term, depth + 1)
            case c.Choose():
                parts = [arm.then for arm in term.arms]
            case c.Find(list=list, value=c.Read(list=of, name=name)) if list == of:
                table = self.program.lists[list]
                if table.source != "rows" or not table.supplied or name not in table.by_name:
                    return None
                parts = [row.cells[table.by_name[name]] for row in table.rows]
                parts += [term.otherwise] if term.otherwise is not None else []
            case _:
                return None
        found = [self._texts(part, depth + 1) for part in parts]
        return None if None in found else tuple(dict.fromkeys(text for texts in found for text in texts or ()))


def _nothing(term: c.AnyTerm) -> bool:
    """无, or no value: nothing that a row would have to cover."""
    return isinstance(term, c.NoValue) or (isinstance(term, c.Const) and term.value is None)
