"""Operators as SQL: those that have a column; every other is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl.calendar import DAYS_OF, MONTHS, CannotCompute, in_months
from policydsl.columns import numbers
from policydsl.columns.code import Col, Left, repr_of
from policydsl.core import Apply, Const
from policydsl.kinds import Duration, Kind
from policydsl.operators import OPERATORS

if TYPE_CHECKING:
    from policydsl.columns.forms import Maker

ORDERS = ("<", "<=", ">", ">=")
WORDED = ("choice", "text")
FURTHEST = 10**6 * 4  # days by which a day is moved


def apply(mk: Maker, term: Apply) -> Col:
    """An operator, all of whose arguments are worked out. Raises Left."""
    if repr_of(term.kind) is None:
        raise Left("a kind")
    if term.op in EARLY:
        return EARLY[term.op](mk, term)
    own = OWN.get(term.op)
    if own is None or not all(repr_of(a.kind) == repr_of(term.args[0].kind) for a in term.args):
        raise Left(term.op)
    args = [mk.held(mk.sure(a)) for a in term.args]
    made = own(mk, term, [replace(a, nil="") for a in args])
    nils = list(dict.fromkeys(a.nil for a in args if a.nil))
    if not nils:
        return made
    none = " OR ".join(nils)
    if OPERATORS[term.op].none == "no":
        return Col(f"(CASE WHEN {none} THEN FALSE ELSE {made.code} END)")
    return replace(made, nil=f"({none})")


# ---------------------------------------------------------------------------------------------- numbers
Own = Callable[["Maker", Apply, list[Col]], Col]


def _numbers(make: Callable[..., Col]) -> Own:
    """Of numbers alone; the steps between are columns of their own."""
    def own(mk: Maker, term: Apply, args: list[Col]) -> Col:
        if not all(a.number for a in args):
            raise Left("numbers")
        return make(mk, *args)

    return own


ONE, ZERO = numbers.of_fraction(Fraction(1)), numbers.of_fraction(Fraction(0))


def _clamp(mk: Maker, value: Col, low: Col, high: Col) -> Col:
    return numbers.pick([low, mk.held(numbers.pick([value, high], "<"))], ">")


def _short(mk: Maker, wanted: Col, have: Col) -> Col:
    return numbers.pick([ZERO, mk.held(numbers.joined(wanted, have, "-"))], ">")


def _gross(mk: Maker, amount: Col, rate: Col) -> Col:
    return numbers.mul(amount, mk.held(numbers.joined(ONE, rate, "+")))


def _net(mk: Maker, amount: Col, rate: Col) -> Col:
    return numbers.div(amount, mk.held(numbers.joined(ONE, rate, "+")))


def _pick(op: str) -> Own:
    def own(mk: Maker, term: Apply, args: list[Col]) -> Col:
        kind = term.args[0].kind
        if all(a.number for a in args):
            best = args[0]
            for other in args[1:]:
                best = mk.held(numbers.pick([best, other], op))
            return best
        if kind.base != "date":
            raise Left("an order")
        best = args[0]
        for other in args[1:]:
            one, two = best.code, other.code
            best = mk.held(Col(f"(CASE WHEN {one} {op}= {two} THEN {one} WHEN {two} {op} {one} THEN {two} END)"))
        return best

    return own


# ---------------------------------------------------------------------------------------------- comparisons
def _order(op: str) -> Own:
    def own(mk: Maker, term: Apply, args: list[Col]) -> Col:
        a, b = args
        if a.number and b.number:
            return Col(numbers.compare(a, b, op))
        kinds = [t.kind for t in term.args]
        kind = kinds[1] if kinds[1].ordered and not kinds[0].ordered else kinds[0]
        if kind.base == "choice":
            a, b = (Col(place(mk, each, kind)) for each in args)
        elif kind.base != "date":
            raise Left("an order")
        return Col(f"({a.code} {op} {b.code})")

    return own


def place(mk: Maker, value: Col, kind: Kind) -> str:
    """The place of a choice in the order of its options; of one that is not among them nothing."""
    ids = [mk.frame.words.alike(option) for option in kind.options]
    if not ids or len(set(ids)) < len(ids):
        raise Left("an order")
    if value.literal is not None:
        return str(ids.index(value.literal)) if value.literal in ids else "NULL::INTEGER"
    arms = " ".join(f"WHEN {number} THEN {at}" for at, number in enumerate(ids))
    return f"(CASE {value.code} {arms} END)"


def equal(mk: Maker, a: Col, b: Col, kind: Kind, other: Kind) -> str:
    """Whether two values are the same: 无 is the same as 无 only. Not told where one of them is not."""
    if repr_of(kind) is None or repr_of(kind) != repr_of(other) and "TRUE" not in (a.nil, b.nil):
        raise Left("kinds")
    never = next((v for v in (a, b) if v.nil == "TRUE"), None)
    if never is not None:
        value = b if never is a else a
        none = f"WHEN {value.nil} THEN TRUE " if value.nil else ""
        return f"(CASE {none}WHEN {value.code} IS NOT NULL THEN FALSE END)"
    code = numbers.compare(a, b, "=") if a.number else f"({a.code} = {b.code})"
    arms = []
    if a.nil and b.nil:
        arms.append(f"WHEN {a.nil} AND {b.nil} THEN TRUE")
    for one, two in ((a, b), (b, a)):
        if one.nil:
            arms.append(f"WHEN ({one.nil}) AND {two.code} IS NOT NULL THEN FALSE")
    return f"(CASE {' '.join(arms)} ELSE {code} END)" if arms else code


def _equal(yes: bool) -> Callable[[Maker, Apply], Col]:
    def early(mk: Maker, term: Apply) -> Col:
        a, b = (mk.held(mk.sure(t)) for t in term.args)
        code = equal(mk, a, b, term.args[0].kind, term.args[1].kind)
        return Col(code if yes else f"(NOT {code})")

    return early


def _in(mk: Maker, term: Apply) -> Col:
    said = [t.value for t in term.args[1:] if isinstance(t, Const)]
    if term.args[0].kind.base not in WORDED or len(said) < len(term.args) - 1:
        raise Left("in")
    ids = [str(mk.frame.words.alike(s)) for s in said if isinstance(s, str)]
    if len(ids) < len(said):
        raise Left("in")
    value = mk.held(mk.sure(term.args[0]))
    code = f"({value.code} IN ({', '.join(ids)}))"
    return Col(f"(CASE WHEN {value.nil} THEN FALSE ELSE {code} END)" if value.nil else code)


# ---------------------------------------------------------------------------------------------- others
def _drawable(mk: Maker, term: Apply) -> Col:
    value = mk.held(mk.sure(term.args[0]))
    made = mk.held(numbers.pick([ZERO, replace(value, nil="")], ">"))
    return numbers.choice([(f"({value.nil} IS TRUE)", ZERO)], made) if value.nil else made


def _round(mk: Maker, term: Apply) -> Col:
    value = mk.held(mk.sure(term.args[0]))
    places, mode = (t.value if isinstance(t, Const) else None for t in term.args[1:])
    if not value.number or not isinstance(places, Fraction) or places < 0 or not isinstance(mode, str):
        raise Left("round")
    return replace(numbers.whole(replace(value, nil=""), int(places), mode), nil=value.nil)


def _earliest(mk: Maker, term: Apply) -> Col:
    """The first of those that are stated; of none 无."""
    args = [mk.held(mk.sure(t)) for t in term.args]
    if not all(t.kind.base == "date" for t in term.args):
        raise Left("earliest")
    open_ = [f"({a.code} IS NULL AND {a.nil or 'FALSE'} IS NOT TRUE)" for a in args if a.nil != "TRUE"]
    first = f"least({', '.join(a.code for a in args)})"  # it looks at those that are there
    code = f"(CASE WHEN {' OR '.join(open_)} THEN NULL ELSE {first} END)" if open_ else first
    nil = " AND ".join(f"({a.nil})" for a in args) if all(a.nil for a in args) else ""
    return Col(code, nil=f"({nil})" if nil else "")


def _days(mk: Maker, term: Apply) -> Col:
    if not all(t.kind.base == "date" for t in term.args):
        raise Left("instants")
    a, b = (mk.held(mk.sure(t)) for t in term.args)
    nils = [v.nil for v in (a, b) if v.nil]
    return Col(f"({b.code} - {a.code})", 1, nil=f"({' OR '.join(nils)})" if nils else "", most=FURTHEST)


def _moved(sign: int) -> Callable[[Maker, Apply], Col]:
    def early(mk: Maker, term: Apply) -> Col:
        day, by = term.args
        if day.kind.base != "date" or not isinstance(by, Const) or not isinstance(by.value, Duration):
            raise Left("a length")
        value, length = mk.held(mk.sure(day)), by.value
        try:
            if length.unit in MONTHS and mk.program.header.month_end:
                raise Left("month end to month end")
            if length.unit in MONTHS:
                code = f"({value.code} + to_months({sign * _near(in_months(length))}))::DATE"
            elif length.unit in DAYS_OF and (length.value * DAYS_OF[length.unit]).denominator == 1:
                code = f"({value.code} + {sign * _near(int(length.value * DAYS_OF[length.unit]))})"
            else:
                raise Left("a length")
        except CannotCompute:
            raise Left("a length") from None
        within = f"({code} BETWEEN make_date(1, 1, 1) AND make_date(9999, 12, 31))"
        return Col(f"(CASE WHEN {within} THEN {code} END)", nil=value.nil)

    return early


def _near(count: int) -> int:
    if abs(count) > 100_000:
        raise Left("far")
    return count


EARLY: dict[str, Callable[[Maker, Apply], Col]] = {
    "=": _equal(True), "!=": _equal(False), "in": _in, "drawable": _drawable, "round": _round, "earliest": _earliest,
    "days_between": _days, "day_count": _days, "shift": _moved(1), "back": _moved(-1),
}
OWN: dict[str, Own] = {
    "+": _numbers(lambda mk, a, b: numbers.joined(a, b, "+")),
    "-": _numbers(lambda mk, a, b: numbers.joined(a, b, "-")),
    "*": _numbers(lambda mk, a, b: numbers.mul(a, b)), "/": _numbers(lambda mk, a, b: numbers.div(a, b)),
    "neg": _numbers(lambda mk, a: numbers.neg(a)), "max": _pick(">"), "min": _pick("<"), "latest": _pick(">"),
    "clamp": _numbers(_clamp), "short": _numbers(_short), "gross": _numbers(_gross), "net": _numbers(_net),
    **{op: _order(op) for op in ORDERS},
}
