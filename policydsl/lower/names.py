"""What a file declares: the names of each block, and the symbol table made of them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import field
from typing import assert_never

from policydsl import nodes as n
from policydsl.clause_kinds import KINDS, traits
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.fold import is_cjk, name_key
from policydsl.text.keywords import dialect


GLOBAL, VALUE = "", "="  # scopes beside those of ledgers and tables, which go by their names


@dataclass(frozen=True, slots=True)
class Role:
    """What a declared name is. ``look``: how an editor shows it, in the words of the language server protocol;
    ``read``: a policy in which nothing reads it has asked for it in vain; ``outlined``: it is an entry of its block;
    ``asked``: the terminal of such names alone, where the grammar has one."""

    look: str
    read: bool = False
    outlined: bool = False
    asked: str = ""


ROLES = {
    "fact": Role("variable", read=True, outlined=True),
    "parameter": Role("parameter", read=True, outlined=True),
    "ledger": Role("class", read=True),
    "table": Role("class", read=True),
    "clause": Role("function"),
    "options": Role("class", read=True, asked="LISTNAME"),
    "measure": Role("enumMember", outlined=True),
    "record": Role("variable"),
    "field": Role("property", outlined=True),
    "column": Role("property"),
    "item": Role("property"),
    "option": Role("enumMember", outlined=True),
    "tier": Role("enumMember"),
    "key": Role("enumMember"),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """A name that a block declares. ``role``: a row of ``ROLES``; ``scope``: whose name it is, ``GLOBAL`` the file's,
    ``VALUE`` that of a value, else that of the ledger, table or score sheet; ``at``: the place of the name; ``node``:
    what declares it; ``alias``: its other name, on sheets and in results."""

    role: str
    name: str
    scope: str
    at: Span
    node: n.Node
    alias: str | None = None


def declared(block: n.Block) -> Iterator[Declared]:
    """The names that a block declares, its own first, then in the order of the text."""
    match block:
        case n.Data():
            for fact in block.facts:
                yield from _declaration("fact", fact, GLOBAL)
        case n.Parameters():
            for p in in_order(block):
                yield from _declaration("parameter", p, GLOBAL)
        case n.Ledger():
            yield Declared("ledger", block.name, GLOBAL, block.name_span, block, block.alias)
            if block.item is not None:
                yield Declared("record", block.item, GLOBAL, block.name_span, block)
            for f in block.fields:
                yield from _declaration("field", f, block.name)
        case n.OptionList():
            yield Declared("options", block.name, GLOBAL, block.name_span, block)
            yield from _options(block)
        case n.MeasureList():
            for m in block.names:
                yield Declared("measure", m.text, GLOBAL, m.span, m)
        case n.Table():
            yield Declared("table", block.name, GLOBAL, block.name_span, block, block.alias)
            for head in block.header:
                yield Declared("column", head.text, block.name, head.span, head)
            for row in block.rows:
                if row.cells and row.cells[0].text.strip():
                    yield Declared("key", row.cells[0].text.strip(), VALUE, row.cells[0].span, row)
        case n.Clause():
            yield Declared("clause", block.name, GLOBAL, block.name_span, block, block.alias)
            yield from _options(block.outcome)
            yield from _of_table(block)
        case n.Section() | n.Example() | n.Change():
            pass
        case _:
            assert_never(block)


def _declaration(role: str, node: n.Declaration | n.Parameter, scope: str) -> Iterator[Declared]:
    """A fact, field or parameter, and the options of its kind."""
    yield Declared(role, node.name, scope, node.name_span, node, node.alias)
    if isinstance(node, n.Declaration):
        yield from _options(node.type)


def _options(kind: n.Type | n.OptionList | None) -> Iterator[Declared]:
    for option in kind.options if kind is not None else ():
        yield Declared("option", option.name, VALUE, option.span, option)


def in_order(block: n.Parameters) -> list[n.Parameter | n.Declaration]:
    """The parameters as they stand in the file, with and without a value."""
    both: list[n.Parameter | n.Declaration] = [*block.settled, *block.open]
    return sorted(both, key=lambda p: (p.span.line, p.span.column))


def _of_table(clause: n.Clause) -> Iterator[Declared]:
    """The tiers of a 等级, the columns and items of a 评分."""
    table, reading = clause.table, traits(clause.kind).reading
    if table is None or reading not in ("tier", "score"):
        return
    if reading == "score":
        yield from (Declared("column", head.text, clause.name, head.span, head) for head in table.header)
    elif across(clause):
        yield from (Declared("tier", head.text, VALUE, head.span, head) for head in table.header[1:])
        return
    role, scope = ("tier", VALUE) if reading == "tier" else ("item", clause.name)
    for row in table.rows:
        name = cell_name(row.cells[0]) if row.cells else None
        if name:
            yield Declared(role, name, scope, row.cells[0].span, row)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name of the file, by its role; ``node`` is the declaration."""

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

    @property
    def spelled(self) -> tuple[str, ...]:
        """Everything that has a name, as it is declared."""
        symbols = (symbol.name for symbol in self.symbols.values())
        fields = (field.name for fields in self.fields.values() for field in fields.values())
        return tuple(dict.fromkeys((*symbols, *fields, *self.options.values())))

    def declare(self, role: str, name: str, at: Span, node: n.Node) -> None:
        key = name_key(name)
        known = self.symbols.get(key)
        if known is not None:
            code = "POL456" if _called_by_clause(node) else "POL204"
            self.problems.append(Diagnostic(code, at, args={"name": name, "line": known.at.line_from(at.file)}))
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


def _called_by_clause(node: n.Node) -> bool:
    """Whether what is declared is a duty without a name of its own: its words stand at the place of the name."""
    return isinstance(node, n.Clause) and bool(node.lines) and node.lines[0].span == node.name_span


def collect(file: n.File) -> Names:
    """Every name the file declares."""
    names = Names()
    # English words of comparison ("is", "below") stand in names, too
    comparing = {k.spelling for k in dialect(file.dialect).inline if k.terminal in COMPARING and is_cjk(k.spelling[0])}
    for block in file.blocks:
        for one in declared(block):
            if isinstance(one.node, n.Clause | n.Declaration) and one.role not in ("option", "tier", "column", "item"):
                _uncolon(names, one, comparing)
            _add(names, one)
    return names


COMPARING = ("CMP", "EQ", "_IN", "_NOTIN", "_HAS", "_PROVIDED", "_MISSING", "_OVERDUE")
SIGNS = re.compile(r"[<>≤≥≠＜＞]")


def _uncolon(names: Names, one: Declared, comparing: Container[str]) -> None:
    """A name with a comparison in it: most likely the colon behind the name was forgotten, and what should be asked
    would be asked of nobody."""
    first, _, rest = one.name.partition(" ")
    if rest and (SIGNS.search(rest) or any(word in comparing for word in rest.split())):
        args, colon = {"name": one.name, "first": first}, "：" if is_cjk(first[-1]) else ": "
        names.problems.append(Diagnostic("POL272", one.at, args=args, fix=Fix(one.at, f"{first}{colon}{rest}")))


MARKS = re.compile(r"([\"'“‘「『＂])[^\"'“”‘’「」『』＂]*([\"'”’」』＂])")  # a name is written without them


def _add(names: Names, one: Declared) -> None:
    key = name_key(one.name)
    if one.role not in ("column", "key", "item") and MARKS.fullmatch(one.name):
        bare = one.name[1:-1].strip()
        near = (bare,) if bare else ()
        names.problems.append(Diagnostic("POL217", one.at, args={"name": one.name}, suggestions=near))
    once = _said_once(one)
    if once is not None:
        args, fix = {"name": one.name, "once": once}, Fix(one.at, once)
        names.problems.append(Diagnostic("POL271", one.at, "warning", args, fix=fix))
    match one.role:
        case "field":
            fields = names.fields.setdefault(one.scope, {})
            if key in fields:
                line = fields[key].name_span.line_from(one.at.file)
                names.problems.append(Diagnostic("POL204", one.at, args={"name": one.name, "line": line}))
                return
            assert isinstance(one.node, n.Declaration)
            fields[key] = one.node
            names.alias(one.alias, one.at, one.scope)
        case "column":
            names.columns.setdefault(one.scope, []).append(one.name)
        case "record":
            assert isinstance(one.node, n.Ledger)
            names.items[key] = one.node.name
        case "option":
            assert isinstance(one.node, n.Option)
            names.add_option(one.name, one.node.spellings)
        case "tier":
            names.add_option(one.name)
        case _ if one.scope == GLOBAL:
            names.declare(one.role, one.name, one.at, one.node)
            names.alias(one.alias, one.at)


def _said_once(one: Declared) -> str | None:
    """A name of which the half is said twice, or that begins with the word of its block, without that."""
    words = one.name.split()
    half = len(words) // 2
    if half and words == words[:half] * 2:
        return " ".join(words[:half])
    if half and isinstance(one.node, n.Clause) and one.node.kind in KINDS:
        kind = KINDS[one.node.kind]
        if words[0].lower() in (kind.zh, kind.en):
            return " ".join(words[1:])
    return None


TIER_COLUMNS = {"要求", "指标", "criterion", "requirement"}


def across(clause: n.Clause) -> bool:
    """Whether a tier table has its tiers as columns."""
    return clause.table is not None and clause.table.header[0].text.strip().lower() in TIER_COLUMNS


def tier_names(clause: n.Clause) -> Iterator[str]:
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
