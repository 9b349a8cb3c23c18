"""Which ledger's records a block is judged for where it has no 逐条 line: the one ledger that its names need.

A name needs a record where without one it has no meaning: a field of a ledger, or a result with a value for each record
that no one value stands for. What also means something without a record (a condition on records: whether one of them
meets it; an amount: the total) needs none, and so leaves the block what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from policydsl import core as c
from policydsl import nodes as n
from policydsl.clause_kinds import KINDS, traits
from policydsl.lower.context import Where
from policydsl.lower.counted import counted
from policydsl.lower.expressions import CLAUSE_PARTS
from policydsl.lower.lines import Lines
from policydsl.lower.names import across, cell_name
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.within import holding

if TYPE_CHECKING:
    from policydsl.lower.clauses import Clauses

OCCURRENCE = frozenset({"次数", "occurrence"})


@dataclass(frozen=True, slots=True)
class Told:
    """A name of a block: the ledgers of which it needs a record, none if it means something without one."""

    text: str
    at: Span
    ledgers: tuple[str, ...] = ()


def implied(cl: Clauses, clause: n.Clause, lines: Lines) -> str | None:
    """The ledger for whose records a block without 逐条 is judged. Two ledgers are refused, and so is a name that with
    a record in hand would mean something else than without."""
    if "each" not in KINDS[clause.kind].lines or any(lines.all(kind) for kind in (n.Periods, n.Cycle)):
        return None
    low = cl.low
    told = list(dict.fromkeys(Told(t.text, t.at, t.ledgers) for t in _Finder(cl, clause, lines).found()))
    needs = [t for t in told if t.ledgers]
    if not needs:
        return None
    fit = set(needs[0].ledgers)
    for need in needs[1:]:
        if not fit & set(need.ledgers):
            ledger = next(name for name in needs[0].ledgers if name in fit)
            low.refused.add(clause.name)
            low.problem("POL231", need.at, read=low.text(need.at), other="、".join(need.ledgers), ledger=ledger,
                        first=low.text(next(t.at for t in needs if ledger in t.ledgers)))
            return ledger
        fit &= set(need.ledgers)
    if len(fit) > 1:
        return None  # told where the field stands
    (ledger,) = fit
    for name in told:
        if not name.ledgers and low.field_named(ledger, name.text) is not None:
            low.problem("POL232", name.at, read=low.text(name.at), ledger=ledger)
    return ledger


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name stands: inside aggregates over these lists, and over the values of these choices."""

    lists: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class _Finder:
    """Goes through all that is worked out with the record of the block in hand."""

    def __init__(self, cl: Clauses, clause: n.Clause, lines: Lines) -> None:
        self.cl, self.low, self.clause, self.lines = cl, cl.low, clause, lines

    def found(self) -> Iterator[Told]:
        """The names of the block, in the order of the text but for its table."""
        clause, kind, place = self.clause, traits(self.clause.kind), _Place()
        if clause.formula is not None:
            yield from self.walk(clause.formula, place)
        for line in self.lines.found:
            match line:
                case n.Otherwise() if kind.asks or clause.formula is not None:
                    yield from self.walk(line.span_, place)
                case n.Window() if clause.table is not None and self.lines.field("amount") is None:
                    yield from self.result(line.deadline, "value", place)
                case _:
                    yield from self.walk(line, place)
        if clause.table is not None and self.lines.field("amount") is None:
            yield from self.table(clause.table, place)

    def table(self, table: n.RuleTable, place: _Place) -> Iterator[Told]:
        """What the columns (or rows) of a table are about, and its cells."""
        heads, first, kind = table.header[:-1], 0, traits(self.clause.kind)
        if kind.fits:
            heads = table.header
        elif kind.reading == "tier":
            heads, first = (() if across(self.clause) else table.header[1:]), 1
        elif any(self.lines.one(line) for line in (n.Window, n.Ranking)) or occurs(table):
            heads = ()
        for head in heads:
            yield from self.subject(head.text, head.span, place)
        for row in table.rows:
            if first and not heads and row.cells:
                cell = row.cells[0]
                yield from self.subject(cell_name(cell) or self.low.text(cell.span), cell.span, place)
            yield from self.walk(row.cells[first:], place)

    def walk(self, node: object, place: _Place) -> Iterator[Told]:
        """The names inside a node."""
        match node:
            case None:
                pass
            case tuple():
                for one in node:
                    yield from self.walk(one, place)
            case n.Name():
                yield from self.name(node, place)
            case n.Field():
                yield from self.field(node, place)
            case n.Lookup():
                yield from self.lookup(node, place)
            case n.Aggregate():
                yield from self.aggregate(node, place)
            case n.In():
                listed = len(node.items) == 1 and self.cl.expr.list_of(node.items[0]) is not None
                yield from self.walk((node.value, () if listed else node.items), place)
            case n.Barred():
                yield from self.walk(node.day, place)
            case n.Is(test="overdue"):
                pass
            case n.Measures(mode="later") | n.Order() | n.Counting() | n.Window():
                pass
            case n.Each():
                yield from self.walk(node.where if node.ledger is None else (), place)
            case n.Measures() | n.Late():
                yield from self.walk(node.start, place)
            case n.Effect():
                yield from self.walk((node.condition, node.start), place)
            case n.Quota() | n.Ranking() | n.Budget():
                yield from self.walk((node.per, node.by, node.then), place)
            case n.Share():
                yield from self.walk((node.by, node.then, node.weight), place)
            case n.DoneLine() if node.each is not None:
                ledger = self.cl.expr.list_of(node.each)
                if ledger is not None:
                    yield from self.walk((node.value, node.where, node.by), _inside(place, ledger))
            case n.Node():
                for name in holding(type(node)):
                    yield from self.walk(getattr(node, name), place)
            case _:
                pass

    # ------------------------------------------------------------------------------------------ names
    def name(self, node: n.Name, place: _Place) -> Iterator[Told]:
        """A name as ``Expressions.name`` reads it."""
        names, key = self.low.names, name_key(node.text)
        if key in place.values or self.held(node.text, place):
            return
        symbol = names.find(node.text)
        if symbol is not None and symbol.role == "clause":
            yield from self.result(node, "value", place)
        elif symbol is not None or names.option(node.text) is not None:
            yield Told(node.text, node.span)
        else:
            yield from self.owned(node.text, node.span)

    def subject(self, text: str, at: Span, place: _Place) -> Iterator[Told]:
        """What a column of a table tests."""
        if not self.held(text, place):
            symbol = self.low.names.find(text)
            yield from self.name(n.Name(at, text), place) if symbol is not None else self.owned(text, at)

    def held(self, text: str, place: _Place) -> bool:
        """Whether the name is a field of a record that is in hand there."""
        return any(self.low.field_named(name, text) is not None for name in place.lists)

    def owned(self, text: str, at: Span) -> Iterator[Told]:
        """A name that only ledgers know, as their field."""
        key = name_key(text)
        owners = tuple(ledger for ledger, fields in self.low.names.fields.items() if key in fields)
        if owners:
            yield Told(text, at, owners)

    def result(self, node: n.Name, part: c.PartName, place: _Place) -> Iterator[Told]:
        """A result of another block, or a part of it."""
        symbol = self.low.names.find(node.text)
        if symbol is None or symbol.role != "clause":
            return
        ledger = self.cl.apart(c.Name(symbol.name, part))
        known = ledger is None or ledger in place.lists or self.low.list_named(ledger) is None
        yield Told(node.text, node.span, () if known or ledger is None else (ledger,))

    def field(self, node: n.Field, place: _Place) -> Iterator[Told]:
        """``X 的 name``."""
        of, part, names = node.of, node.name, self.low.names
        if isinstance(of, n.Builtin) and of.key in ("this_record", "previous_record"):
            if place.lists:
                yield from self.in_hand(part)
            return
        if isinstance(of, n.Name):
            ledger = names.items.get(name_key(of.text))
            if ledger is not None:
                if ledger not in place.lists:
                    yield Told(of.text, node.span, (ledger,))
                return
            symbol = names.find(of.text)
            if symbol is not None and symbol.role == "clause":
                if isinstance(part, n.Builtin) and part.key in CLAUSE_PARTS:
                    yield from self.result(of, CLAUSE_PARTS[part.key], place)
                    return
                if traits(self.low.clauses[symbol.name].kind).reading == "score":
                    return
        yield from self.walk(of, place)

    def in_hand(self, part: n.Name | n.Builtin) -> Iterator[Told]:
        """What the record in hand is asked beside others."""
        symbol = self.low.names.find(part.text)
        over = self.low.over.get(symbol.name) if symbol is not None and symbol.role == "clause" else None
        if over is not None:
            yield Told(part.text, part.span, (over,))
        elif symbol is None:
            yield from self.owned(part.text, part.span)

    def lookup(self, node: n.Lookup, place: _Place) -> Iterator[Told]:
        """The key, and a column that is chosen by a value."""
        table = self.low.list_named(node.table.text)
        if table is None:
            return
        key, *rest = node.args
        if isinstance(key, n.Name) and self.cl.expr.row_named(self.low.lists[table], key, Where(place.lists)):
            yield Told(key.text, key.span)
        else:
            yield from self.walk(key, place)
        for one in rest:
            text = one.value if isinstance(one, n.Text) else one.text if isinstance(one, n.Name | n.Builtin) else None
            if text is None or self.low.field_named(table, text) is None:
                yield from self.walk(one, place)

    def aggregate(self, node: n.Aggregate, place: _Place) -> Iterator[Told]:
        """What is looked at for each record of another list, or for each value of a choice."""
        each = node.each if node.each is not None else node.value
        ledger = self.cl.expr.list_of(each)
        if ledger is not None:
            value = node.value if node.each is not None else None
            yield from self.walk((value, node.where, node.pick), _inside(place, ledger))
        elif node.each is None:
            owners = counted(self.low, node.value)
            if len(owners) == 1:
                yield from self.walk((node.value, node.where, node.pick), _inside(place, owners[0]))
        elif node.each is not None and isinstance(node.each, n.Name):
            yield from self.name(node.each, place)
            yield from self.walk(node.value, _Place(place.lists, (*place.values, name_key(node.each.text))))


def occurs(table: n.RuleTable) -> bool:
    """Whether the rows of a table are occurrences."""
    return table.header[0].text.strip().lower() in OCCURRENCE


def _inside(place: _Place, ledger: str) -> _Place:
    return _Place((*place.lists, ledger), place.values)
