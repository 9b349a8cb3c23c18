"""Lists in generated code: which records there are, their fields, look-ups and aggregates.

A record of a ledger, of periods or of members is a mapping of its fields; one of constant rows is its place.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from policydsl.compiled import numbers, runtime
from policydsl.compiled.code import Block, Left, Val
from policydsl.core import MEMBER, ROW, AnyTerm, Const, Find, ListDecl, NoValue, Over, Read

if TYPE_CHECKING:
    from policydsl.compiled.forms import Hand, Maker

MOST_ROWS = 80  # of a table with computed cells: the code of each cell stands there
EXTREMES = {"largest": "max", "latest": "max", "smallest": "min", "earliest": "min"}


# ---------------------------------------------------------------------------------------------- records
def listed(mk: Maker, name: str) -> str:
    """The code of the records of a list; of constant rows that of their places."""
    decl = mk.program.lists[name]
    if decl.conversions:
        raise Left("conversions")
    match decl.source:
        case "rows":
            if not decl.supplied:
                raise Left("rows")
            return f"range({len(decl.rows)})"
        case "sheet":
            return mk.unit(("list", name), lambda: _ledger(mk, decl)).code
        case "cycles":
            return mk.unit(("list", name), lambda: _periods(mk, decl)).code
        case "members":
            assert decl.members is not None
            chosen = mk.value(decl.members)
            return mk.w.atom(f"members({numbers.exact(mk.w, chosen)})", "L")
    raise Left(decl.source)


def _ledger(mk: Maker, decl: ListDecl) -> Val:
    name = mk.w.constant(decl.name)
    given = f"(G[{name}] if {name} in G else ())" if decl.default_none else f"G[{name}]"
    return Val(mk.w.atom(f"told({given}, {mk.w.constant(decl.happens)}, day)", "L"))


def _periods(mk: Maker, decl: ListDecl) -> Val:
    w, cycles = mk.w, decl.cycles
    assert cycles is not None
    ends = [
        "None" if t is None else numbers.exact(w, w.held(mk.value(t)))
        for t in (cycles.length, cycles.start, cycles.since, cycles.until)
    ]
    names = w.constant(tuple(f.name for f in decl.fields))
    how = f"{cycles.start is not None}, {cycles.clipped}, {cycles.back}, {mk.setting.month_end}"
    return Val(w.atom(f"periods({names}, {', '.join(ends)}, day, {how})", "L"))


def hand(mk: Maker, name: str) -> Hand:
    """Names for a record of a list."""
    from policydsl.compiled.forms import Hand

    rows = mk.program.lists[name].source == "rows"
    return Hand(name, "" if rows else mk.w.new("r"), mk.w.new("x"))


def loop(mk: Maker, name: str, every: str, each: Hand) -> str:
    if not each.fields:
        return f"for {each.place} in {every}:"
    return f"for {each.place}, {each.fields} in enumerate({every}):"


# ---------------------------------------------------------------------------------------------- fields
def field(mk: Maker, at: Hand, term: Read) -> Val:
    """A field of a record in hand."""
    w, decl = mk.w, mk.program.lists[at.list]
    if term.name == ROW:
        if at.fields:
            return w.held(Val(f"scaled({at.fields}[{w.constant(ROW)}], 1)", 1))
        return Val(_place(at), 1)
    if decl.source == "rows":
        return column(mk, decl, at, term.name)
    if term.name == MEMBER and decl.source == "members":
        return w.held(Val(f"{at.fields}[{w.constant(MEMBER)}]"))
    found = decl.field_of(term.name)
    if found is None:
        raise Left("a running column")
    if decl.source == "cycles":
        return w.held(Val(f"{at.fields}[{w.constant(term.name)}]", None, True))
    return mk.declared(found, at.fields, (at,))


def _place(at: Hand) -> str:
    if not at.place:
        raise Left("another day")
    return at.place


def column(mk: Maker, decl: ListDecl, at: Hand, name: str) -> Val:
    """A column of constant rows at a place: a look into a table where its cells are values, else the code of each."""
    cells = [row.cells[decl.by_name[name]] for row in decl.rows]
    if all(isinstance(cell, Const | NoValue) for cell in cells):
        return _constant(mk, decl, cells, _place(at))
    if len(cells) > MOST_ROWS:
        raise Left("cells")
    w, place, arms = mk.w, _place(at), list[numbers.Arm]()
    with w.deeper(), w.deeper():
        for i, cell in enumerate(cells):
            with w.apart() as block:
                found = mk.value(cell)
            arms.append(([], f"{place} == {i}", block, found))
    den, out = numbers.united(w, [found for *_, found in arms]), w.new()
    numbers.first(w, out, den, arms)
    return Val(out, den, any(found.none for *_, found in arms))


def _constant(mk: Maker, decl: ListDecl, cells: list[AnyTerm], place: str) -> Val:
    w = mk.w
    values: list[object] = [cell.value if isinstance(cell, Const) else runtime.UNDECIDED for cell in cells]
    none, stated = None in values, [v for v in values if isinstance(v, Fraction)]
    den = None
    if stated and all(isinstance(v, Fraction | runtime.Undecided | None) for v in values):
        by = den = lcm(*(v.denominator for v in stated))
        values = [v.numerator * (by // v.denominator) if isinstance(v, Fraction) else v for v in values]
    out = w.atom(f"{w.table(tuple(values))}[{place}]")
    if runtime.UNDECIDED in values:
        w.emit(f"if {out} is UNDECIDED: raise Open")
    return Val(out, den, none)


# ---------------------------------------------------------------------------------------------- look-ups
def find(mk: Maker, term: Find) -> Val:
    """The value at the first record with the key; 无 has none, unless it is said what then."""
    w, decl = mk.w, mk.program.lists[term.list]
    key = w.held(mk.value(term.key))
    place = w.new("x")
    none = term.otherwise is None and key.none
    records = listed(mk, term.list)
    index = _index(mk, decl, records)
    known = Val(key.code, key.den) if none else key
    with w.deeper(), w.apart() as asked:
        w.emit(f"{place} = {index}.of({numbers.exact(w, known)})")
    arms = [(asked, f"{place} >= 0", *_at(mk, term, place, records))]
    if term.otherwise is not None:
        with w.deeper(), w.deeper(), w.apart() as block:
            other = mk.value(term.otherwise)
        arms.append(([], "True", block, other))
    den, out = numbers.united(w, [found for *_, found in arms]), w.new()
    if none:
        of_none = Val("None", 1 if isinstance(den, str) else den, True)
        arms.insert(0, ([], f"{key.code} is None", [], of_none))
    numbers.first(w, out, den, arms)
    return Val(out, den, any(found.none for *_, found in arms))


def _at(mk: Maker, term: Find, place: str, records: str) -> tuple[Block, Val]:
    """The code at the record."""
    from policydsl.compiled.forms import Hand

    w, rows = mk.w, mk.program.lists[term.list].source == "rows"
    fields = "" if rows else w.new("r")
    with w.deeper(), w.deeper(), w.apart() as block:
        if fields:
            w.emit(f"{fields} = {records}[{place}]")
        mk.hands = (*mk.hands, Hand(term.list, fields, place))
        try:
            value = mk.value(term.value)
        finally:
            mk.hands = mk.hands[:-1]
    return block, value


def _index(mk: Maker, decl: ListDecl, records: str) -> str:
    """The name of the index of a list by its keys."""
    name = decl.key or decl.fields[0].name
    if decl.source == "rows":
        return mk.unit(("keys", decl.name), lambda: _constant_index(mk, decl, name)).code
    if decl.source not in ("sheet", "cycles"):
        raise Left("keys")
    found = decl.field_of(name)
    if found is None or found.event or found.derived is not None or found.default is not None:
        raise Left("keys")
    w = mk.w
    return mk.unit(("keys", decl.name), lambda: Val(w.atom(f"places({records}, {w.constant(name)})"))).code


def _constant_index(mk: Maker, decl: ListDecl, name: str) -> Val:
    cells = [row.cells[decl.by_name[name]] for row in decl.rows]
    if not all(isinstance(cell, Const | NoValue) for cell in cells):
        raise Left("keys")
    keys = [cell.value if isinstance(cell, Const) else runtime.UNDECIDED for cell in cells]
    return Val(mk.w.atom(mk.w.table(runtime.Places(keys))))


# ---------------------------------------------------------------------------------------------- aggregates
def over(mk: Maker, term: Over) -> Val:
    """An aggregate over the records that count (仅计) and satisfy ``where``; 无 is skipped."""
    w, decl, agg = mk.w, mk.program.lists[term.list], term.agg
    records, out = listed(mk, term.list), w.new("a")
    each = hand(mk, term.list)
    own = (each,)
    with w.deeper(), w.apart() as block:
        kept = mk.hands
        if decl.only is not None:
            mk.hands = own
            w.emit(f"if not {mk.condition(decl.only)}: continue")
        mk.hands = (*kept, each)
        try:
            if term.where is not None:
                w.emit(f"if not {mk.condition(term.where)}: continue")
            value = None if term.value is None else w.held(mk.value(term.value))
        finally:
            mk.hands = kept
    start, step, found = _collected(mk, term, value, out)
    w.emit(f"{out} = {start}")
    if agg == "mean":
        w.emit(f"{out}c = 0")
    w.emit(loop(mk, term.list, records, each))
    w.place(block)
    with w.deeper():
        for line in step:
            w.emit(line)
    return found()


def _collected(
    mk: Maker, term: Over, value: Val | None, out: str
) -> tuple[str, list[str], Callable[[], Val]]:
    """How an aggregate begins, what each record adds to it, and what comes of it."""
    w, agg, kind = mk.w, term.agg, term.value.kind if term.value is not None else term.kind
    stated = "" if value is None or not value.none else f"if {value.code} is not None: "
    if agg in ("any", "all"):
        yes = agg == "any"
        says = "True" if value is None else mk.truth(value, kind)
        step = f"if {'' if yes else 'not '}{says}:"
        return str(not yes), [f"{step} {out} = {yes}; break"], lambda: Val(out)
    if agg == "count":  # a value that is open leaves it open, though only records are counted
        return "0", [*([value.code] if value is not None else []), f"{out} += 1"], lambda: Val(out, 1)
    if value is None:
        raise Left(agg)
    listed_ = [f"{stated}{out}.append({numbers.exact(w, Val(value.code, value.den))})"]
    if agg == "distinct":
        if isinstance(value.den, int):
            listed_ = [f"{stated}{out}.append({value.code})"]
        return "[]", listed_, lambda: w.held(Val(f"distinct({out})", 1))
    if agg == "values":
        listed_ = [f"{out}.append({numbers.exact(w, value)})"]
        return "[]", listed_, lambda: _the_one(mk, term, out)
    if agg in ("sum", "mean"):
        if isinstance(value.den, int):
            step = f"{out} += {value.code}"
            den = value.den
            if agg == "sum":
                return "0", [f"{stated}{step}"], lambda: Val(out, den)
            return "0", [f"{stated}{step}; {out}c += 1"], lambda: _mean(mk, out, den)
        if value.number and agg == "sum":
            step = f"{stated}{out} += ratio({value.code}, {value.den})"
            return "0", [step], lambda: numbers.from_exact(w, out, False)
        if agg == "sum":
            total = w.table(runtime.summed(kind, term.kind, mk.setting))
            return "[]", [f"{out}.append({value.code})"], lambda: w.held(Val(f"{total}({out})"))
        raise Left("a mean of others")
    order = term.kind if term.kind.base == "choice" else kind
    best = w.table(runtime.foremost(EXTREMES[agg], order, mk.setting))
    listed_ = [f"{out}.append({numbers.exact(w, value)})"]
    return "[]", listed_, lambda: _exact(mk, f"{best}({out})", term, value.none)


def _exact(mk: Maker, code: str, term: Over, none: bool) -> Val:
    if term.kind.numeric:
        return numbers.from_exact(mk.w, code, none)
    return mk.w.held(Val(code, None, none))


def _the_one(mk: Maker, term: Over, out: str) -> Val:
    mk.all_of(term, out)
    return _exact(mk, f"only({out})", term, True)


def _mean(mk: Maker, out: str, den: int) -> Val:
    mk.w.emit(f"if not {out}c: raise Open")
    d = mk.w.new("d")
    mk.w.emit(f"{d} = {out}c * {den}")
    return Val(out, d)


__all__ = ["column", "field", "find", "hand", "listed", "loop", "over"]
