"""Arithmetic of columns: the whole numbers over a denominator that ``compiled.numbers`` has, each with a bound.

The bounds come from the largest values of the batch itself. What they let grow beyond 63 bits is worked out in 127;
what goes beyond that has no column. So nothing overflows, whatever the engine does then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd

from policydsl.columns.code import NARROW, WIDE, Col, Left
from policydsl.compiled.code import common
from policydsl.compiled.numbers import HIGHEST


def of_fraction(value: Fraction) -> Col:
    return Col(str(value.numerator), value.denominator, most=abs(value.numerator))


def fits(most: int) -> int:
    if most > WIDE:
        raise Left("overflow")
    return most


def typed(code: str, most: int) -> str:
    """An expression that is worked out in the width that its bound needs."""
    return f"{code}::{'BIGINT' if most <= NARROW else 'HUGEINT'}"


def times(code: str, by: str, most: int) -> str:
    """A product that stays below a bound."""
    if code == "1" or by == "1":
        return by if code == "1" else code
    if _whole(code) and _whole(by):
        return str(int(code) * int(by))
    return f"({typed(code, fits(most))} * {typed(by, most)})"


def _whole(code: str) -> bool:
    return code.lstrip("-").isdigit()


def bottom(value: Col) -> tuple[str, int]:
    """The denominator as code, and its bound."""
    return (str(value.den), value.den) if isinstance(value.den, int) else (str(value.den), value.below)


def by(value: Col, factor: int) -> Col:
    """The same number over a denominator that is so many times as large, without that."""
    most = fits(value.most * factor)
    return replace(value, code=times(value.code, str(factor), most), most=most)


def level(values: Sequence[Col]) -> tuple[list[Col], int | str, int]:
    """The values over one denominator, that, and its bound."""
    low = common([*values])
    if low is not None and low < HIGHEST:
        return [by(v, low // v.den) for v in values if isinstance(v.den, int)], low, low
    if all(v.den == values[0].den for v in values):
        return list(values), str(values[0].den), max(v.below for v in values)
    if len(values) != 2:
        raise Left("denominators")
    a, b = values
    (ad, am), (bd, bm) = bottom(a), bottom(b)
    if isinstance(a.den, int) and isinstance(b.den, int):
        raise Left("denominators")
    most = fits(am * bm)
    left = replace(a, code=times(a.code, bd, a.most * bm), most=fits(a.most * bm))
    right = replace(b, code=times(b.code, ad, b.most * am), most=fits(b.most * am))
    return [left, right], times(ad, bd, most), most


def made(code: str, den: int | str | None, most: int, below: int = 1) -> Col:
    """A number that has no name yet. A denominator that is not reduced is kept a constant as long as it can."""
    return Col(code, den, most=fits(most), below=1 if isinstance(den, int) else fits(below))


def joined(a: Col, b: Col, sign: str) -> Col:
    (x, y), den, below = level([a, b])
    most = fits(x.most + y.most)
    if x.literal is not None and y.literal is not None:
        return made(str(x.literal + y.literal if sign == "+" else x.literal - y.literal), den, most, below)
    return made(f"({typed(x.code, most)} {sign} {typed(y.code, most)})", den, most, below)


def mul(a: Col, b: Col) -> Col:
    most = a.most * b.most
    code = times(a.code, b.code, most)
    if isinstance(a.den, int) and isinstance(b.den, int):
        if a.den * b.den >= HIGHEST:
            raise Left("denominators")
        return made(code, a.den * b.den, most)
    (ad, am), (bd, bm) = bottom(a), bottom(b)
    return made(code, times(ad, bd, am * bm), most, am * bm)


def div(a: Col, b: Col) -> Col:
    """Division by nothing is not told."""
    if b.literal is not None and isinstance(b.den, int):
        if not b.literal:
            raise Left("division by nothing")
        return mul(a, of_fraction(Fraction(b.den, b.literal)))
    (ad, am), (bd, bm) = bottom(a), bottom(b)
    shared = gcd(am, bm) if isinstance(a.den, int) and isinstance(b.den, int) else 1
    if shared > 1:
        ad, am, bd, bm = str(am // shared), am // shared, str(bm // shared), bm // shared
    top, below = fits(a.most * bm), fits(b.most * am)
    n = typed(times(a.code, bd, top), top)
    code = f"(CASE WHEN {b.code} > 0 THEN {n} WHEN {b.code} < 0 THEN -({n}) END)"
    return made(code, f"nullif({typed(times(f'abs({typed(b.code, b.most)})', ad, below), below)}, 0)", top, below)


def neg(a: Col) -> Col:
    return replace(a, code=str(-a.literal) if a.literal is not None else f"(-({typed(a.code, a.most)}))", nil="")


def compare(a: Col, b: Col, op: str) -> str:
    (x, y), *_ = level([a, b])
    most = max(x.most, y.most)
    return f"({typed(x.code, most)} {op} {typed(y.code, most)})"


def pick(args: Sequence[Col], op: str) -> Col:
    """The greatest (``>``) or the least (``<``)."""
    best = args[0]
    for other in args[1:]:
        (x, y), den, below = level([best, other])
        most = max(x.most, y.most)
        one, two = typed(x.code, most), typed(y.code, most)
        code = f"(CASE WHEN {one} {op}= {two} THEN {one} WHEN {two} {op} {one} THEN {two} END)"
        best = made(code, den, most, below)
    return best


def whole(a: Col, places: int, mode: str) -> Col:
    """``operators.rounded``: half away from zero, cut off, or up."""
    scale = 10**places
    if isinstance(a.den, int) and scale % a.den == 0:
        return replace(by(a, scale // a.den), den=scale, nil="")
    d, dm = bottom(a)
    size = f"abs({typed(a.code, a.most)})"
    if mode == "down":
        most = a.most * scale
        code = f"({typed(times(size, str(scale), most), most)} // {typed(d, most)})"
    elif mode == "up":
        most = a.most * scale + dm
        top = f"({typed(times(size, str(scale), most), most)} + {typed(d, most)} - 1)"
        code = f"({top} // {typed(d, most)})"
    else:
        most = 2 * a.most * scale + 2 * dm
        top = f"({typed(times(size, str(2 * scale), most), fits(most))} + {typed(d, most)})"
        code = f"({top} // (2 * {typed(d, most)}))"
    fits(most)
    return made(f"(CASE WHEN {a.code} < 0 THEN -{code} ELSE {code} END)", scale, most)


def choice(whens: Sequence[tuple[str, Col]], instead: Col | None) -> Col:
    """The value of the first condition that holds. One that is not told, before it, leaves the value open."""
    values = [v for _, v in whens] + ([instead] if instead is not None else [])
    numeric = [v for v in values if not v.never]
    den: int | str | None = None
    most, below = 0, 1
    if any(v.number for v in numeric):
        if not all(v.number for v in numeric):
            raise Left("kinds")
        low = common([*numeric])
        if low is not None and low < HIGHEST:
            den = low
            values = [by(v, low // v.den) if isinstance(v.den, int) and not v.never else v for v in values]
        else:
            parts = [("1" if v.never else bottom(v)[0]) for v in values]
            below = max((bottom(v)[1] for v in numeric), default=1)
            den = _case(whens, [typed(p, below) for p in parts], instead is not None)
        most = max((v.most for v in values if not v.never), default=0)
        codes = [v.code if v.never else typed(v.code, most) for v in values]
    else:
        codes = [v.code for v in values]
    nils = [v.nil or "FALSE" for v in values]
    nil = _case(whens, nils, instead is not None) if any(v.nil for v in values) else ""
    return Col(_case(whens, codes, instead is not None), den, nil=nil, most=most, below=below)


def _case(whens: Sequence[tuple[str, Col]], codes: Sequence[str], other: bool) -> str:
    parts = []
    for (when, _), code in zip(whens, codes, strict=False):
        parts.append(f"WHEN {when} THEN {code}")
        if when not in ("TRUE", "FALSE"):
            parts.append(f"WHEN ({when}) IS NULL THEN NULL")
    return f"(CASE {' '.join(parts)}{f' ELSE {codes[-1]}' if other else ''} END)"

