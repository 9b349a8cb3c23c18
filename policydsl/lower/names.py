"""The symbol table: every declared name and what it may stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic
from policydsl.place import Span
from policydsl.text.fold import name_key


@dataclass(frozen=True, slots=True)
class Symbol:
    """``role``: ``fact parameter ledger table clause measure``; ``node`` is the declaration."""

    role: str
    name: str
    at: Span
    node: n.Node


@dataclass(slots=True)
class Names:
    """Global names by identity, ledger and table fields by list, choice values and score items by name."""

    symbols: dict[str, Symbol] = field(default_factory=dict)
    fields: dict[str, dict[str, n.Declaration]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)  # item name of a ledger (每条称) -> ledger
    options: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)  # another spelling of a value -> the value
    aliases: dict[str, Span] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def declare(self, role: str, name: str, at: Span, node: n.Node) -> None:
        key = name_key(name)
        known = self.symbols.get(key)
        if known is not None:
            self.problems.append(Diagnostic("POL204", at, args={"name": name, "line": known.at.line_from(at.file)}))
            return
        self.symbols[key] = Symbol(role, name, at, node)

    def alias(self, alias: str | None, at: Span, scope: str = "") -> None:
        if alias is None:
            return
        key = f"{scope}\0{alias.lower()}"
        if key in self.aliases:
            line = self.aliases[key].line_from(at.file)
            self.problems.append(Diagnostic("POL209", at, args={"name": alias, "line": line}))
        else:
            self.aliases[key] = at

    def find(self, name: str) -> Symbol | None:
        return self.symbols.get(name_key(name))

    def option(self, name: str) -> str | None:
        key = name_key(name)
        return self.options.get(key) or self.spellings.get(key)

    def add_option(self, name: str, spellings: tuple[str, ...] = ()) -> None:
        """A value of a choice, by its name or another spelling of it."""
        self.options.setdefault(name_key(name), name)
        for spelling in spellings:
            self.spellings.setdefault(name_key(spelling), name)


def collect(file: n.File) -> Names:
    """Every name the file declares."""
    names = Names()
    for block in file.blocks:
        match block:
            case n.Data():
                for fact in block.facts:
                    names.declare("fact", fact.name, fact.name_span, fact)
                    names.alias(fact.alias, fact.name_span)
                    _options(names, fact.type)
            case n.Ledger():
                names.declare("ledger", block.name, block.name_span, block)
                names.alias(block.alias, block.name_span)
                if block.item is not None:
                    names.items[name_key(block.item)] = block.name
                fields = names.fields.setdefault(block.name, {})
                for f in block.fields:
                    key = name_key(f.name)
                    if key in fields:
                        line = fields[key].name_span.line_from(f.name_span.file)
                        names.problems.append(Diagnostic("POL204", f.name_span, args={"name": f.name, "line": line}))
                        continue
                    fields[key] = f
                    names.alias(f.alias, f.name_span, block.name)
                    _options(names, f.type)
            case n.Parameters():
                for p in block.settled:
                    names.declare("parameter", p.name, p.name_span, p)
                    names.alias(p.alias, p.name_span)
                for d in block.open:
                    names.declare("parameter", d.name, d.name_span, d)
                    names.alias(d.alias, d.name_span)
                    _options(names, d.type)
            case n.MeasureList():
                for m in block.names:
                    names.declare("measure", m.text, m.span, m)
            case n.Table():
                names.declare("table", block.name, block.name_span, block)
                names.alias(block.alias, block.name_span)
                names.columns[block.name] = [h.text for h in block.header]
            case n.Clause():
                names.declare("clause", block.name, block.name_span, block)
                names.alias(block.alias, block.name_span)
                for option in block.outcomes:
                    names.add_option(option.name)
                if block.kind == "tiers":
                    for tier in tier_names(block, file.dialect):
                        names.add_option(tier)
                if block.kind == "score_sheet" and block.table is not None:
                    names.columns[block.name] = [h.text for h in block.table.header]
            case _:
                pass
    return names


def _options(names: Names, kind: n.Type) -> None:
    for option in kind.options:
        names.add_option(option.name, option.spellings)


TIER_COLUMNS = {"要求", "指标", "criterion", "requirement"}


def across(clause: n.Clause) -> bool:
    """Whether a tier table has its tiers as columns."""
    return clause.table is not None and clause.table.header[0].text.strip().lower() in TIER_COLUMNS


def tier_names(clause: n.Clause, dialect: str) -> Iterator[str]:
    """The tiers of a 等级, as written, in the table's own order."""
    if clause.table is None:
        return
    if across(clause):
        yield from (h.text for h in clause.table.header[1:])
        return
    for row in clause.table.rows:
        text = cell_name(row.cells[0]) if row.cells else None
        if text is not None:
            yield text


def cell_name(cell: n.Cell) -> str | None:
    """The name that a cell consists of."""
    if isinstance(cell, n.ExprCell):
        match cell.expr:
            case n.Name() | n.Builtin():
                return cell.expr.text
            case n.Text():
                return cell.expr.value
            case _:
                return None
    return None
