"""The operators in generated code: those met most on whole numbers and texts as code of their own, every other by
calling its row of the operator table with exact values, which is its meaning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from policydsl.compiled import numbers
from policydsl.compiled.code import Val, Writer
from policydsl.core import AnyTerm, Apply, Const
from policydsl.kinds import Kind, text_key
from policydsl.operators import OPERATORS, Setting

Own = Callable[[Writer, Apply, list[Val]], Val | None]
ORDERS = ("<", "<=", ">", ">=")
WORDED = ("choice", "text")


def apply(w: Writer, setting: Setting, term: Apply, args: list[Val]) -> Val:
    """An operator on its arguments, all of which are worked out."""
    own = OWN.get(term.op)
    made = own(w, term, args) if own is not None else None
    return made if made is not None else by_row(w, setting, term, args)


def by_row(w: Writer, setting: Setting, term: Apply, args: list[Val]) -> Val:
    """What the row of the operator says of exact values; 无 among them decides where it says so."""
    row = OPERATORS[term.op]
    called = w.table(_row(term.op, tuple(a.kind for a in term.args), setting))

    def make(values: Sequence[Val]) -> Val:
        code = f"{called}([{', '.join(numbers.exact(w, v) for v in values)}])"
        none = row.none == "own" and term.kind.base != "yesno"
        return numbers.from_exact(w, code, none) if term.kind.numeric else Val(w.atom(code), None, none)

    if row.none == "own":
        return make(args)
    return numbers.unless_none(w, args, make, "False" if row.none == "no" else "None")


def _row(op: str, kinds: tuple[Kind, ...], setting: Setting) -> Callable[[list[object]], object]:
    exact = OPERATORS[op].exact

    def called(values: list[object]) -> object:
        return exact(values, kinds, setting)  # type: ignore[arg-type]

    return called


# ---------------------------------------------------------------------------------------------- numbers
def _numbers(make: Callable[..., Val]) -> Own:
    def own(w: Writer, term: Apply, args: list[Val]) -> Val | None:
        if not all(a.number for a in args):
            return None
        return numbers.unless_none(w, args, lambda known: make(w, *known))

    return own


def _pick(op: str) -> Own:
    return _numbers(lambda w, *args: numbers.pick(w, args, op))


def _clamp(w: Writer, value: Val, low: Val, high: Val) -> Val:
    return numbers.pick(w, [low, numbers.pick(w, [value, high], "<")], ">")


NOTHING, ONE = Val("0", 1), Val("1", 1)


def _short(w: Writer, wanted: Val, have: Val) -> Val:
    return numbers.pick(w, [NOTHING, w.held(numbers.sub(w, wanted, have))], ">")


def _drawable(w: Writer, term: Apply, args: list[Val]) -> Val | None:
    [value] = map(w.held, args)
    if not value.number:
        return None
    none = f"{value.code} is None or " if value.none else ""
    name = w.new()
    w.emit(f"{name} = 0 if {none}{value.code} < 0 else {value.code}")
    return Val(name, value.den)


def _round(w: Writer, term: Apply, args: list[Val]) -> Val | None:
    places, mode = (_literal(a) for a in term.args[1:])
    if not args[0].number or not isinstance(places, Fraction) or places < 0 or not isinstance(mode, str):
        return None
    whole, how = int(places), w.constant(mode)
    return numbers.unless_none(
        w, args[:1], lambda a: Val(f"whole({a[0].code}, {a[0].den}, {10**whole}, {how})", 10**whole)
    )


def _literal(term: AnyTerm) -> object:
    return term.value if isinstance(term, Const) else None


# ---------------------------------------------------------------------------------------------- comparisons
def _order(op: str) -> Own:
    def own(w: Writer, term: Apply, args: list[Val]) -> Val | None:
        a, b = args
        dates = all(each.kind.base == "date" for each in term.args)
        if not (a.number and b.number) and not dates:
            return None
        asked, held = _stated(w, args)
        first, second = held if op in ("<", "<=") else held[::-1]
        if dates:
            code = f"{'sooner' if op in ('<', '>') else 'no_later'}({first.code}, {second.code})"
        else:
            code = numbers.compare(first, second, "<" if op in ("<", ">") else "<=")
        return Val(f"({' and '.join([*asked, code])})")

    return own


def _stated(w: Writer, args: list[Val]) -> tuple[list[str], list[Val]]:
    """What has to be so that none is 无; the values, each by a name where it is asked for."""
    held = [w.held(a) if a.none else a for a in args]
    return [f"{a.code} is not None" for a in held if a.none], held


def _equal(yes: bool) -> Own:
    def own(w: Writer, term: Apply, args: list[Val]) -> Val | None:
        if args[0].number != args[1].number:
            return None
        a, b = map(w.held, args)
        if a.number:
            code = numbers.compare(a, b, "==")
            nones = [f"{v.code} is None" for v in (a, b) if v.none]
            if nones and (a.code.isdigit() or b.code.isdigit()):
                code = f"(not {nones[0]} and {code})"
            elif nones:  # both are asked for: one that is open leaves it open, whatever the other is
                code = f"({a.code} is {b.code} if {' or '.join(nones)} else {code})"
        else:
            code = _alike(w, term, a, b)
        return Val(code if yes else f"(not {code})")

    return own


def _alike(w: Writer, term: Apply, a: Val, b: Val) -> str:
    for value, other, literal in ((a, term.args[0], term.args[1]), (b, term.args[1], term.args[0])):
        said = _literal(literal)
        if isinstance(said, str) and other.kind.base in WORDED:
            key = w.constant(text_key(said))
            code = f"({value.code} == {w.constant(said)} or key({value.code}) == {key})"
            return f"({value.code} is not None and {code})" if value.none else code
    return f"alike({a.code}, {b.code})"


def _in(w: Writer, term: Apply, args: list[Val]) -> Val | None:
    said = [_literal(t) for t in term.args[1:]]
    if term.args[0].kind.base not in WORDED or not all(isinstance(s, str) for s in said):
        return None
    value = w.held(args[0])
    words, keys = w.constant(frozenset(said)), w.constant(frozenset(text_key(str(s)) for s in said))
    code = f"({value.code} in {words} or key({value.code}) in {keys})"
    return Val(f"({value.code} is not None and {code})" if value.none else code)


OWN: dict[str, Own] = {
    "+": _numbers(numbers.add), "-": _numbers(numbers.sub), "*": _numbers(numbers.mul), "/": _numbers(numbers.div),
    "neg": _numbers(numbers.neg), "max": _pick(">"), "min": _pick("<"), "clamp": _numbers(_clamp),
    "short": _numbers(_short), "drawable": _drawable, "round": _round,
    "gross": _numbers(lambda w, a, rate: numbers.mul(w, a, numbers.add(w, ONE, rate))),
    "net": _numbers(lambda w, a, rate: numbers.div(w, a, numbers.add(w, ONE, rate))),
    **{op: _order(op) for op in ORDERS}, "=": _equal(True), "!=": _equal(False), "in": _in,
}
CALLED = frozenset(OPERATORS) - frozenset(OWN)  # by their rows alone

__all__ = ["CALLED", "OWN", "apply", "by_row"]
