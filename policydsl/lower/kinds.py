"""Rules on kinds: what may be compared, added, multiplied; told in the author's words when it may not."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TypeGuard

from policydsl import core as c, nodes as n
from policydsl.calendar import FAMILY, MONTHS, finer
from policydsl.diagnostics import Fix
from policydsl.kinds import (
    ANY_KIND,
    GRAINS,
    NUMBER,
    PERCENT,
    YESNO,
    Duration,
    Kind,
)
from policydsl.lower.context import Lowering, tell
from policydsl.place import Span
from policydsl.say import word

CLOCK = ("H", "MIN", "SEC")
_COUNTED = re.compile(r"([\d.,]+)\s*(?:%|(?!\w*(?:illion|thousand))[^\W\d_万亿千百]+)?")  # 3家, 3 people, 3%
DATE_LIKE = ("date", "instant")


def unify(
    low: Lowering, left: c.AnyTerm, right: c.AnyTerm, at: Span, ordered: bool = False
) -> tuple[c.AnyTerm, c.AnyTerm]:
    """Both sides of a comparison (or the branches of a choice) as one kind; reports what does not fit."""
    a, b = left.kind, right.kind
    if a == ANY_KIND:
        return replace(left, kind=b), right
    if b == ANY_KIND:
        return left, replace(right, kind=a)
    left, right = fit_choice(low, left, b), fit_choice(low, right, a)
    a, b = left.kind, right.kind
    meet(low, a, b)
    meet(low, b, a)
    if ordered and a.base in ("choice", "choices", "text", "yesno") and not (a.ordered or b.ordered):
        low.problem("POL310", at, read=low.text(at), kind=tell(a))
        return left, right
    if unplaced(left) and unplaced(right):
        low.problem("POL326", at, read=low.text(at))
        return left, right
    if ordered and a.ordered and b.ordered and not same_order(a, b):
        low.problem("POL327", at, read=low.text(at), left="、".join(a.options), right="、".join(b.options))
        return left, right
    if a.base == b.base:
        same_units(low, a, b, at, other_unit(low, left, right))
        return left, right
    if {a.base, b.base} <= {"date", "instant", "period"}:
        return left, right
    if {a.base, b.base} == {"choice", "text"} or {a.base, b.base} == {"choices", "choice"}:
        return left, right
    number, other = (left, b) if a.base == "number" else (right, a)
    if number.kind.base == "number" and other.base in ("count", "ordinal", "number", "points", "money"):
        if other.base in ("points", "money") and written(number):
            code = "POL304" if other.base == "money" else "POL319"
            text = low.text(number.at)
            fix = as_typed(low, other, text)
            low.problem(code, number.at, severity="warning", fix=fix, read=text)
        if other.base == "count" and isinstance(number, c.Const):  # so many of what the other side counts
            counted = replace(number, kind=other)
            return (counted, right) if number is left else (left, counted)
        return left, right
    if {a.base, b.base} == {"number", "percent"}:
        number_side = left if a.base == "number" else right
        if isinstance(number_side, c.Const) and number_side.value is None:  # a kind that is wanted, no number written
            low.problem("POL301", at, read=low.text(at), left=tell(a), right=tell(b))
        elif isinstance(number_side, c.Const) and number_side.value != 0:
            low.problem("POL303", number_side.at, read=low.text(number_side.at), suggestions=as_percent(number_side))
        return left, right
    if {a.base, b.base} == {"ordinal", "count"}:
        return left, right
    hint = "day_lasts" if ordered and a.base in DATE_LIKE and b.base == "duration" else None
    misfit(low, "POL301", at, left, right, hint)
    return left, right


def misfit(low: Lowering, code: str, at: Span, left: c.AnyTerm, right: c.AnyTerm, hint: str | None = None) -> None:
    """Two values that do not go together: told where the author left out a unit, if one side is a bare number or a
    parameter that is one; else of both."""
    read, a, b = low.text(at), tell(left.kind), tell(right.kind)
    bare = [(term, span) for term in (left, right) if (span := bare_number(low, term)) is not None]
    if len(bare) != 1:
        low.problem(code, at, hint=hint, fix=other_unit(low, left, right), read=read, left=a, right=b)
    elif isinstance(bare[0][0], c.Const):
        low.problem(code, bare[0][1], hint=hint, read=read, left=a, right=b)
    elif not any(p.code == "POL490" and p.span == bare[0][1] for p in low.problems):
        span = bare[0][1]
        low.problem("POL490", span, name=low.text(span), line=at.line_from(span.file), read=read, left=a, right=b)


def bare_number(low: Lowering, term: c.AnyTerm) -> Span | None:
    """Where a number without a unit stands that a term is, or that it is the parameter of."""
    if term.kind.base != "number":
        return None
    if isinstance(term, c.Const):
        return term.at if term.value is not None and term.at.line else None
    if not isinstance(term, c.Read) or term.list:
        return None
    settled = (p for block in low.file.blocks if isinstance(block, n.Parameters) for p in block.settled)
    return next((p.value.span for p in settled if p.name == term.name and isinstance(p.value, n.Number)), None)


def as_typed(low: Lowering, kind: Kind, number: str) -> str:
    """A bare number with the unit of the amount or the points that it stands beside, as an author types it."""
    lang = low.file.dialect
    code = kind.currency or low.currency
    if kind.base == "money" and code != "CNY":
        return word("as_typed", "foreign", lang, number=number, currency=word("currency", code, lang))
    return word("as_typed", kind.base, lang, number=number, **({"unit": kind.unit} if kind.unit else {}))


def of_kind(low: Lowering, term: c.AnyTerm, kind: Kind) -> Fix | None:
    """A number with a unit as one of another kind, where the unit alone has to be another."""
    found = _COUNTED.fullmatch(low.text(term.at)) if isinstance(term, c.Const) and term.at.line else None
    if found is None or kind.base not in ("count", "percent", "points") or (kind.base == "count" and not kind.unit):
        return None
    return Fix(term.at, as_typed(low, kind, found[1]))


def written(term: c.AnyTerm) -> bool:
    """Whether it is a number that the author wrote, and not nothing, or a multiple of one."""
    if isinstance(term, c.Const):
        return term.value is not None and term.value != 0
    if isinstance(term, c.Apply) and term.op in ("+", "-", "*", "/"):
        parts = [a for a in term.args if a.kind.base == "number"]
        return bool(parts) and all(map(written, parts))
    return False


def as_percent(number: c.AnyTerm) -> tuple[str, ...]:
    """The percentages that a bare number may be meant as."""
    from policydsl.render.values import Writer

    if not isinstance(number, c.Const) or not isinstance(number.value, Fraction):
        return ()
    value = number.value
    shares = (value,) if abs(value) < 1 else (value / 100,)
    return tuple(Writer("en").exact(share, PERCENT) for share in shares)


def other_unit(low: Lowering, left: c.AnyTerm, right: c.AnyTerm) -> Fix | None:
    """The unit that a written number beside a value would have to have."""
    return of_kind(low, right, left.kind) or (of_kind(low, left, right.kind) if left.at.line else None)


def same_units(low: Lowering, a: Kind, b: Kind, at: Span, fix: Fix | None = None) -> None:
    if a.base == "count" and a.unit and b.unit and a.unit != b.unit:
        low.problem("POL305", at, fix=fix, read=low.text(at), left=a.unit, right=b.unit)
    if a.base == "money" and a.tax and b.tax and a.tax != b.tax:
        low.problem("POL306", at, read=low.text(at), left=a.tax, right=b.tax)
    same_currency(low, a, b, at)
    if a.base == "duration" and a.unit and b.unit and FAMILY[a.unit][0] != FAMILY[b.unit][0]:
        low.problem("POL335", at, read=low.text(at), left=a.unit, right=b.unit)
    listed = a.base == "choice" and a.options and b.options and not (a.open or b.open)
    if listed and a.options is not b.options and not set(a.options) & set(b.options):
        low.problem("POL324", at, read=low.text(at), left="、".join(a.options[:5]), right="、".join(b.options[:5]))


def same_currency(low: Lowering, a: Kind, b: Kind, at: Span, hint: str | None = None) -> None:
    """Amounts in two currencies are neither compared nor added."""
    if a.base == b.base == "money" and a.currency != b.currency:
        left, right = (kind.currency or low.currency for kind in (a, b))
        low.problem("POL333", at, hint=hint, read=low.text(at), left=left, right=right, own=low.currency)


def fit_choice(low: Lowering, term: c.AnyTerm, other: Kind) -> c.AnyTerm:
    """A value written as a name takes the choice of the other side, and must be one of its options."""
    if not unplaced(term):
        return term
    if other.base == "choices" or (other.base == "choice" and other.choice is not None):
        names, read = other.options, str(term.value)
        if names and read not in names and not other.open:
            low.problem("POL307", term.at, read=read, options="、".join(names[:12]), suggestions=low.close(read, names))
        return replace(term, kind=other.element)
    if other.base == "text":
        return replace(term, kind=other)
    return term


def unplaced(term: c.AnyTerm) -> TypeGuard[c.Const]:
    """Whether it is an option that is not yet known to be of one choice or another."""
    return isinstance(term, c.Const) and term.kind.base == "choice" and term.kind.choice is None


def meet(low: Lowering, own: Kind, other: Kind) -> None:
    """Remember which declared choice something without a declaration of its own is compared with: it is of that one."""
    if own.choice in low.undeclared and other.choice is not None and other.choice not in low.undeclared:
        assert own.choice is not None
        if set(own.options) <= set(other.options):
            low.met.setdefault(own.choice, {})[other.choice] = None


def same_order(a: Kind, b: Kind) -> bool:
    """Whether the options that two choices share stand in one order."""
    return [o for o in a.options if o in b.options] == [o for o in b.options if o in a.options]


def condition(low: Lowering, term: c.AnyTerm) -> c.AnyTerm:
    """A term that must be a yes or no."""
    if term.kind.base != "yesno":
        if term.kind == ANY_KIND:
            return replace(term, kind=YESNO)
        hint = "one_of_options" if isinstance(term, c.Const) and term.kind.base == "choice" else None
        low.problem("POL308", term.at, read=low.text(term.at), kind=tell(term.kind), hint=hint)
    return term


def sum_kind(low: Lowering, op: str, left: c.AnyTerm, right: c.AnyTerm, at: Span) -> tuple[str, Kind]:
    """Operator and kind of ``left ± right``."""
    a, b = left.kind, right.kind
    if op == "+" and a.base == "duration" and b.base in (*DATE_LIKE, "period"):  # which of the two comes first is one
        return sum_kind(low, op, right, left, at)
    if a.base in DATE_LIKE and b.base == "duration":
        if a.base == "instant" and b.unit == "WD":
            low.problem("POL311", at, read=low.text(at))
        if a.base == "date" and b.unit in CLOCK:
            low.problem("POL336", at, read=low.text(at))
        return ("shift" if op == "+" else "back"), a
    if a.base == "period" and b.base == "duration":
        if b.unit and not whole_periods(a, right):
            low.problem("POL337", at, read=low.text(at))
        return ("shift" if op == "+" else "back"), a
    if a.base in DATE_LIKE and b.base in DATE_LIKE and op == "-":
        return "days_between", Kind("duration", unit="D")
    if a == ANY_KIND or b == ANY_KIND:
        return op, b if a == ANY_KIND else a
    if a.base == b.base and (a.numeric or a.base == "duration"):
        same_units(low, a, b, at)
        return op, merge(a, b)
    if {a.base, b.base} <= {"number", "count"} or {a.base, b.base} <= {"number", "percent"}:
        number = left if a.base == "number" else right
        if isinstance(number, c.Const) and "percent" in (a.base, b.base) and number.value not in (0, 1):
            low.problem("POL303", number.at, read=low.text(number.at), suggestions=as_percent(number))
        return op, b if a.base == "number" else a
    misfit(low, "POL302", at, left, right)
    return op, a


def whole_periods(period: Kind, length: c.AnyTerm) -> bool:
    """Whether a period may be moved by a length: months, in whole periods of its own."""
    unit = length.kind.unit
    if unit not in MONTHS or period.unit == "free":
        return False
    if not isinstance(length, c.Const) or not isinstance(length.value, Duration) or period.unit is None:
        return True
    return (length.value.value * MONTHS[unit] * GRAINS[period.unit] / 12).denominator == 1


def merge(a: Kind, b: Kind) -> Kind:
    """The kind of what may be of either; of two durations in the smaller of their units, if both have one."""
    if a.base == b.base == "duration":
        if a.unit is None or b.unit is None or FAMILY[a.unit][0] != FAMILY[b.unit][0]:
            return Kind("duration")
        return a if finer(a.unit, b.unit) == a.unit else b
    return a if (a.unit or a.tax or not (b.unit or b.tax)) else b


SCALARS = ("number", "percent", "count")


def needs_share(op: str, kind: Kind) -> bool:
    """Whether a product so far can be multiplied by a length of time (divided by one) only as a share of another."""
    return kind.base not in (*SCALARS, "any") if op == "*" else kind.base not in ("duration", "any")


def is_unit(term: c.AnyTerm) -> bool:
    """Whether a term is one of a unit, as written: a quotient by it counts the units."""
    if not isinstance(term, c.Const) or term.kind.base not in ("duration", "count", "money", "points"):
        return False
    return (term.value.value if isinstance(term.value, Duration) else term.value) == 1


def product_kind(low: Lowering, op: str, left: c.AnyTerm, right: c.AnyTerm, at: Span) -> Kind:
    """Kind of ``left × right`` or ``left ÷ right``."""
    a, b = left.kind, right.kind
    if a == ANY_KIND or b == ANY_KIND:
        return ANY_KIND
    if op == "/":
        if a.base == b.base and (a.numeric or a.base == "duration"):
            same_units(low, a, b, at)
            return NUMBER if is_unit(right) else PERCENT  # by 1 day, 1公里: how many of them
        if a.base in ("money", "points", "count", "duration", "number", "percent") and b.base in SCALARS:
            return a if a.base != "number" else NUMBER
    else:
        for x, y in ((a, b), (b, a)):
            if x.base in ("money", "points", "duration") and y.base in SCALARS:
                return x
        if a.base in SCALARS and b.base in SCALARS:
            if "count" in (a.base, b.base):
                return a if a.base == "count" else b
            return PERCENT if a.base == b.base == "percent" else NUMBER
    low.problem("POL302", at, read=low.text(at), left=tell(a), right=tell(b))
    return a


__all__ = ["condition", "fit_choice", "merge", "product_kind", "sum_kind", "unify"]
