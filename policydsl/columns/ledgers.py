"""Aggregates over the records of ledgers, grouped by the party; over constant rows, written out."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from policydsl.columns import numbers
from policydsl.columns.code import Col, Left, Table, names_in, repr_of
from policydsl.core import AnyTerm, ListDecl, Over
from policydsl.members import dataclass

if TYPE_CHECKING:
    from policydsl.columns.forms import Hand, Maker

EXTREMES = {"largest": "max", "latest": "max", "smallest": "min", "earliest": "min"}
ALONE = frozenset({("", 0)})


@dataclass(slots=True)
class Group:
    """What one stage asks of one ledger: each aggregate by the column that it becomes, and what they are made of."""

    made: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, None] = field(default_factory=dict)


def over(mk: Maker, term: Over) -> Col:
    """An aggregate of the party alone over a ledger; one that looks at a record around it is left."""
    from policydsl.columns.forms import Hand

    if mk.ledger and not mk.reads.hands(term) <= ALONE:
        raise Left("a ledger inside a ledger")
    decl, ledger = mk.program.lists[term.list], mk.frame.ledgers.get(term.list)
    if ledger is None:
        raise Left("nobody has told of it")
    kept = tuple(hand for hand in mk.hands if hand.place is not None)
    each = Hand(term.list, None)
    counted = _counted(mk, decl, term, kept, each)
    with mk.at(*kept, each):
        value = None if term.value is None else mk.held(mk.sure(term.value))
        if term.agg in ("any", "all"):
            found = _any(mk, term, counted, value)
        else:
            found = _collected(mk, term, counted, value)
    with mk.at(*kept):
        given = ledger.given.code
        return replace(found, code=f"(CASE WHEN {given} THEN {found.code} END)",
                       nil=f"({given} AND {found.nil})" if found.nil else "")


def _counted(mk: Maker, decl: ListDecl, term: Over, kept: tuple[Hand, ...], each: Hand) -> list[str]:
    """Conditions that are all true of the records that take part."""
    said = []
    there = mk.frame.ledgers[decl.name].there
    if there:
        said.append(there)
    if decl.only is not None:
        with mk.at(each):
            said.append(mk.condition(decl.only))
    if term.where is not None:
        with mk.at(*kept, each):
            said.append(mk.condition(term.where))
    return said


def _column(mk: Maker, term: Over, code: str, *inside: str) -> str:
    """A column of the party: an aggregate, of a stage after all that it rests on."""
    tables = mk.tables[term.list]
    names = [n for c in inside for n in names_in(Col(c))]
    outer = [n for n in tables.inputs(names) if n not in mk.of_ledger]
    stage = 1 + max((mk.stage_of.get(n, 0) for n in outer), default=0)
    group = mk.groups.setdefault((stage, term.list), Group())
    for known, other in group.made.items():
        if other == code:
            return known
    name = mk.names.new()
    group.made[name] = code
    group.wanted |= dict.fromkeys(names)
    mk.stage_of[name] = stage
    while len(mk.stages) <= stage:
        mk.stages.append(Table())
    return name


def _record(mk: Maker, term: Over, code: str) -> str:
    """A column of the ledger; also where it looks at the party only."""
    tables = mk.tables[term.list]
    before = mk.names.count
    name = mk.names.held(tables, code)
    mk.owned(tables, before, Col(name))
    return name


def _any(mk: Maker, term: Over, counted: list[str], value: Col | None) -> Col:
    """There is one that says yes; all: there is none that says no."""
    says = "TRUE"
    if value is not None:
        if value.number or term.value is None or term.value.kind.base != "yesno":
            raise Left("no condition")
        says = f"(CASE WHEN {value.nil} THEN FALSE ELSE {value.code} END)" if value.nil else value.code
    wanted = term.agg == "any"
    codes = [*counted, says if wanted else f"(NOT {says})"]
    held = _record(mk, term, " AND ".join(f"({c})" for c in dict.fromkeys(codes)))
    yes = _column(mk, term, f"bool_or({held})", held)
    open_ = _column(mk, term, f"bool_or({held} IS NULL)", held)
    code = f"(CASE WHEN {yes} THEN TRUE WHEN {open_} THEN NULL ELSE FALSE END)"
    return Col(code if wanted else f"(NOT {code})")


def _collected(mk: Maker, term: Over, counted: list[str], value: Col | None) -> Col:
    """Every record that may take part has to be decided, and its value told."""
    agg = term.agg
    taking = _record(mk, term, " AND ".join(f"({c})" for c in dict.fromkeys(counted)) if counted else "TRUE")
    if value is None:
        if agg != "count":
            raise Left(agg)
        stated = taking
    else:
        stated = _record(mk, term, f"({taking} AND {value.code} IS NOT NULL)")
    told = f"{value.code} IS NOT NULL" + (f" OR {value.nil} IS TRUE" if value.nil else "") if value else "TRUE"
    vague = _record(mk, term, f"({taking} IS NULL OR {taking} AND NOT ({told}))")
    open_ = _column(mk, term, f"bool_or({vague})", vague)
    within = taking if agg == "count" else stated
    count = _column(mk, term, f"count(*) FILTER (WHERE {within})", within)
    most = mk.frame.ledgers[term.list].most
    number = numbers.made(f"coalesce({count}, 0)", 1, most)
    if agg == "count":
        return _unless(open_, number)
    assert value is not None and term.value is not None
    if agg == "distinct":
        if isinstance(value.den, str) or repr_of(term.value.kind) is None:
            raise Left("distinct")
        name = _column(mk, term, f"count(DISTINCT {value.code}) FILTER (WHERE {stated})", stated, value.code)
        return _unless(open_, numbers.made(f"coalesce({name}, 0)", 1, most))
    if agg in ("sum", "mean"):
        if not isinstance(value.den, int):
            raise Left("a sum of quotients")
        bound = numbers.fits(value.most * max(most, 1))
        code = numbers.typed(value.code, bound) if value.most > 2**62 else value.code
        name = _column(mk, term, f"sum({code}) FILTER (WHERE {stated})", stated, value.code)
        total = numbers.made(numbers.typed(f"coalesce({name}, 0)", bound), value.den, bound)
        if agg == "sum":
            return _unless(open_, total)
        return _unless(open_, numbers.div(mk.held(total), mk.held(number)))
    every = _column(mk, term, f"count(*) FILTER (WHERE {taking})", taking)
    if agg == "values":
        return _one_value(mk, term, value, stated, open_, every)
    if agg not in EXTREMES:
        raise Left(agg)
    order = term.kind if term.kind.base == "choice" else term.value.kind
    if order.base != "date" and not isinstance(value.den, int):
        raise Left("an order")
    name = _column(mk, term, f"{EXTREMES[agg]}({value.code}) FILTER (WHERE {stated})", stated, value.code)
    found = _unless(open_, replace(value, code=name, nil=""))
    none = f"({open_} IS NOT TRUE AND {every} > 0 AND {name} IS NULL)"
    return replace(found, nil=none) if value.nil else found


def _one_value(mk: Maker, term: Over, value: Col, stated: str, open_: str, every: str) -> Col:
    """The one value that all have; of none 无."""
    if isinstance(value.den, str):
        raise Left("quotients")
    within = f"({value.code}) FILTER (WHERE {stated})"
    low, high = (_column(mk, term, f"{name}{within}", stated, value.code) for name in ("min", "max"))
    count = _column(mk, term, f"count(*) FILTER (WHERE {stated})", stated)
    same = f"(CASE WHEN {low} = {high} AND {count} = {every} THEN {low} END)"
    none = f"({open_} IS NOT TRUE AND coalesce({count}, 0) = 0)"
    return replace(_unless(open_, replace(value, code=same, nil="")), nil=none)


def _unless(open_: str, value: Col) -> Col:
    return replace(value, code=f"(CASE WHEN {open_} THEN NULL ELSE {value.code} END)")


# ---------------------------------------------------------------------------------------------- constant rows
def written_out(mk: Maker, term: Over, rows: list[Hand]) -> Col:
    """An aggregate over constant rows, of each by itself."""
    decl = mk.program.lists[term.list]
    kept = mk.hands
    parts: list[tuple[str, Col | None]] = []
    for hand in rows:
        said = []
        if decl.only is not None:
            with mk.at(hand):
                said.append(mk.asked(decl.only))
        with mk.at(*kept, hand):
            if term.where is not None:
                said.append(mk.asked(term.where))
            value = None if term.value is None else mk.held(mk.value(term.value))
        parts.append((mk.name(mk.both("and", said).code) if said else "TRUE", value))
    if term.agg in ("any", "all"):
        return _any_of(mk, term.agg == "any", parts, term.value)
    if term.agg not in ("sum", "count"):
        raise Left(term.agg)
    total = numbers.made("0", 1, 0)
    nothing = total
    for taking, value in parts:
        one = numbers.made("1", 1, 1)
        if value is not None and term.agg == "sum":
            if not value.number or value.never or value.nil:
                raise Left("a sum")
            one = value
        elif value is not None:
            raise Left("a count")
        total = mk.held(numbers.joined(total, mk.held(numbers.choice([(taking, one)], nothing)), "+"))
    return total


def _any_of(mk: Maker, wanted: bool, parts: list[tuple[str, Col | None]], term: AnyTerm | None) -> Col:
    codes = []
    for taking, value in parts:
        says = "TRUE"
        if value is not None:
            if term is None or term.kind.base != "yesno":
                raise Left("no condition")
            says = f"(CASE WHEN {value.nil} THEN FALSE ELSE {value.code} END)" if value.nil else value.code
        codes.append(f"({taking} AND {says if wanted else f'(NOT {says})'})")
    found = mk.both("or", codes).code
    return Col(found if wanted else f"(NOT {found})")
