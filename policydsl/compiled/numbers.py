"""Arithmetic of generated code: whole numbers over a denominator that is a constant wherever that can be.

Nothing is rounded and nothing overflows: Python's whole numbers are as long as they need to be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from policydsl.compiled.code import Block, Left, Val, Writer, common, scaled

HIGHEST = 10**60  # a constant denominator beyond this is carried as a variable


def of_fraction(value: Fraction) -> Val:
    n = value.numerator
    return Val(str(n) if n >= 0 else f"({n})", value.denominator)


def exact(w: Writer, value: Val) -> str:
    """The exact value itself, a Fraction of a number."""
    if not value.number:
        return value.code
    made = f"ratio({value.code}, {value.den})"
    if not value.none:
        return made
    name = w.atom(value.code)
    return f"(None if {name} is None else ratio({name}, {value.den}))"


def from_exact(w: Writer, code: str, none: bool) -> Val:
    """A number out of an exact value that is one, or 无."""
    name, n, d = w.atom(code), w.new("n"), w.new("d")
    if none:
        w.emit(f"if {name} is None: {n} = None; {d} = 1")
        w.emit(f"else: {n} = {name}.numerator; {d} = {name}.denominator")
    else:
        w.emit(f"{n} = {name}.numerator; {d} = {name}.denominator")
    return Val(n, d, none)


def unless_none(w: Writer, args: Sequence[Val], make: Callable[[list[Val]], Val], instead: str = "None") -> Val:
    """What is made of values, or ``instead`` where one of them is 无."""
    held = [w.held(a) for a in args]
    asked = [a.code for a in held if a.none]
    known = [replace(a, none=False) for a in held]
    if not asked:
        return make(known)
    w.emit(f"if {' or '.join(f'{code} is None' for code in dict.fromkeys(asked))}:")
    with w.deeper(), w.apart() as other:
        found = w.held(make(known))
    name = w.new()
    den = w.new("d") if isinstance(found.den, str) else found.den  # that of an argument may be its own elsewhere
    with w.deeper():
        w.emit(f"{name} = {instead}" + (f"; {den} = 1" if isinstance(den, str) else ""))
    w.emit("else:")
    w.place(other)
    with w.deeper():
        w.emit(f"{name} = {found.code}" + (f"; {den} = {found.den}" if isinstance(den, str) else ""))
    return Val(name, den, instead == "None" or found.none)


def _joined(w: Writer, a: Val, b: Val, sign: str) -> Val:
    low = common([a, b])
    if low is not None and low < HIGHEST:
        assert isinstance(a.den, int) and isinstance(b.den, int)
        return Val(f"({scaled(a.code, low // a.den)} {sign} {scaled(b.code, low // b.den)})", low)
    if a.den == b.den:
        return Val(f"({a.code} {sign} {b.code})", a.den)
    d = w.new("d")
    w.emit(f"{d} = {a.den} * {b.den}")
    return Val(f"({a.code}*{b.den} {sign} {b.code}*{a.den})", d)


def add(w: Writer, a: Val, b: Val) -> Val:
    return _joined(w, a, b, "+")


def sub(w: Writer, a: Val, b: Val) -> Val:
    return _joined(w, a, b, "-")


def mul(w: Writer, a: Val, b: Val) -> Val:
    if isinstance(a.den, int) and isinstance(b.den, int) and a.den * b.den < HIGHEST:
        return Val(f"({a.code} * {b.code})", a.den * b.den)
    d = w.new("d")
    w.emit(f"{d} = {a.den} * {b.den}")
    return Val(f"({a.code} * {b.code})", d)


def div(w: Writer, a: Val, b: Val) -> Val:
    """Division by nothing has no value."""
    bottom, n, d = w.atom(b.code), w.new("n"), w.new("d")
    w.emit(f"if not {bottom}: raise Open")
    w.emit(f"{n} = {scaled_by(a.code, b.den)}; {d} = {scaled_by(bottom, a.den)}")
    w.emit(f"if {d} < 0: {n} = -{n}; {d} = -{d}")
    return Val(n, d)


def scaled_by(code: str, by: int | str | None) -> str:
    return scaled(code, by) if isinstance(by, int) else f"{code}*{by}"


def neg(w: Writer, a: Val) -> Val:
    return Val(f"(-{a.code})", a.den)


def compare(a: Val, b: Val, op: str) -> str:
    low = common([a, b])
    if low is not None:
        assert isinstance(a.den, int) and isinstance(b.den, int)
        return f"({scaled(a.code, low // a.den)} {op} {scaled(b.code, low // b.den)})"
    return f"({scaled_by(a.code, b.den)} {op} {scaled_by(b.code, a.den)})"


def pick(w: Writer, args: Sequence[Val], op: str) -> Val:
    """The greatest (``>``) or the least (``<``)."""
    low = common(list(args))
    if low is not None:
        held = [w.atom(scaled(a.code, low // a.den)) for a in args if isinstance(a.den, int)]
        best = held[0]
        for other in held[1:]:
            name = w.new()
            w.emit(f"{name} = {other} if {other} {op} {best} else {best}")
            best = name
        return Val(best, low)
    best_ = w.held(args[0])
    for other_ in map(w.held, args[1:]):
        n, d = w.new("n"), w.new("d")
        w.emit(f"if {compare(other_, best_, op)}: {n} = {other_.code}; {d} = {other_.den}")
        w.emit(f"else: {n} = {best_.code}; {d} = {best_.den}")
        best_ = Val(n, d)
    return best_


def united(w: Writer, values: Sequence[Val]) -> int | str | None:
    """The denominator under which several values can take one place: a constant, else a variable; None for values that
    are not all numbers."""
    if not all(v.number for v in values):
        return None
    low = common(list(values))
    return low if low is not None and low < HIGHEST else w.new("d")


def put(w: Writer, name: str, value: Val, den: int | str | None) -> None:
    """Writes a value to the place of several (``united``)."""
    if den is None:
        w.emit(f"{name} = {exact(w, value)}")
    elif isinstance(den, str):
        w.emit(f"{name} = {value.code}; {den} = {value.den}")
    else:
        if not isinstance(value.den, int):
            raise Left("denominators")
        by = den // value.den
        code = value.code
        if value.none and by != 1:
            code = w.atom(code)
            w.emit(f"{name} = None if {code} is None else {scaled(code, by)}")
        else:
            w.emit(f"{name} = {scaled(code, by)}")


Arm = tuple[Block, str, Block, Val]  # what its condition needs, one step deeper; the condition; the value, two steps


def first(w: Writer, name: str, den: int | str | None, arms: Sequence[Arm]) -> None:
    """Writes the value of the first arm whose condition holds to the place of all (``united``)."""
    w.emit("while True:")
    with w.deeper():
        for asked, when, block, found in arms:
            w.place(asked)
            w.emit(f"if {when}:")
            w.place(block)
            with w.deeper():
                put(w, name, found, den)
                w.emit("break")
        w.emit("raise Open")
