"""What in a policy carries which clause: every citation, with the thing it stands behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from policydsl import nodes as n
from policydsl.lower.cited import Readers, facts_of
from policydsl.lower.names import declared, in_order
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span
from policydsl.text.fold import name_key
from policydsl.within import inside

Role = Literal["rule", "note", "example"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A place of the policy that cites a clause.

    ``name``: the block, fact or parameter, as declared (empty for a whole 数据 or 参数 block); ``row``: the row of a
    table, where it is a row that cites; ``kind``: ``fact field parameter ledger table data parameters header example``
    or the kind of a block; ``role``: a rule computes with it, a note only records it, an example only shows it.
    ``cite`` is the whole citation.
    """

    name: str
    kind: str
    at: Span
    role: Role
    cite: str
    row: str = ""

    @property
    def id(self) -> str:
        """The first word of the citation."""
        return self.cite.split()[0]


def carriers(file: n.File, recorded: frozenset[str] = frozenset()) -> Iterator[Carrier]:
    """Every citation in the order of the file. ``recorded``: blocks of which only notes are kept."""
    if file.policy is not None:
        yield from _carried(file.policy, Carrier(file.policy.title, "header", NOWHERE, "rule", ""))
    for block in file.blocks:
        if isinstance(block, n.Section):
            continue  # the blocks below it have its citations
        yield from _carried(block, Carrier("", "", NOWHERE, _role(block, recorded), ""))


def _role(block: n.Block, recorded: frozenset[str]) -> Role:
    if isinstance(block, n.Example):
        return "example"
    return "note" if isinstance(block, n.Clause) and block.name in recorded else "rule"


_INNER = {"data": "fact", "parameters": "parameter", "ledger": "field"}


def _carried(node: object, around: Carrier) -> Iterator[Carrier]:
    """Every citation inside a node, in the order of the text, for the innermost thing that has a name around it."""
    if isinstance(node, tuple):
        for part in node:
            yield from _carried(part, around)
    elif isinstance(node, n.Node):
        here = _named(node, around)
        for cite in getattr(node, "cites", ()):
            if cite.split():
                yield replace(here, at=node.span, cite=cite)
        parts = in_order(node) if isinstance(node, n.Parameters) else inside(node)
        for inner in parts:
            yield from _carried(inner, here)


def _named(node: n.Node, around: Carrier) -> Carrier:
    match node:
        case n.Clause():
            return replace(around, name=node.name, kind=node.kind)
        case n.Amend():
            return replace(around, name="·".join(step.text for step in node.path), kind="amend")
        case n.Repeal():
            return replace(around, name="、".join(name.text for name in node.names), kind="repeal")
        case n.Replace():
            return around
        case n.Declaration() | n.Parameter():
            name = f"{around.name} · {node.name}" if around.name else node.name
            return replace(around, name=name, kind=_INNER[around.kind])
        case n.RawRow() if around.kind == "table":
            return replace(around, row=node.cells[0].text if node.cells else "")
        case n.RuleRow():
            return replace(around, row=_label(node))
        case _ if around.kind:
            return around
        case _:
            return replace(around, name=getattr(node, "name", ""), kind=type(node).__name__.lower())


def _changed(block: n.Block) -> tuple[str, ...]:
    """The names that an amendment changes or takes away."""
    match block:
        case n.Amend():
            return (block.path[0].text,)
        case n.Repeal():
            return tuple(name.text for name in block.names)
        case _:
            return ()


def _label(row: n.RuleRow) -> str:
    """A row by its first cell, where that is a name or a text."""
    match row.cells[0] if row.cells else None:
        case n.ExprCell(_, n.Name(_, text)) | n.ExprCell(_, n.Text(_, text)):
            return text
        case _:
            return ""


# ---------------------------------------------------------------------------------------------- notes
def remarks(file: n.File) -> Iterator[tuple[str, n.Annotation]]:
    """Every 注, 疑义 and 裁定 with the name of what it stands in."""
    if file.policy is not None:
        for note in file.policy.notes:
            yield file.policy.title, note
    for block in file.blocks:
        for node in every(block):
            if isinstance(node, n.Annotation):
                yield getattr(block, "name", ""), node


def mentioned(file: n.File, ids: Iterable[str]) -> Iterator[Carrier]:
    """Notes, questions and rulings whose text names a clause by its id."""
    wanted = sorted(ids, key=len, reverse=True)
    if not wanted:
        return
    pattern = re.compile(rf"(?<![A-Za-z0-9-])(?:{'|'.join(map(re.escape, wanted))})(?![A-Za-z0-9])")
    for name, note in remarks(file):
        for found in dict.fromkeys(pattern.findall(note.text)):
            yield Carrier(name, note.kind, note.span, "note", found)


def every(node: object) -> Iterator[n.Node]:
    """A node and all nodes within it."""
    if isinstance(node, tuple):
        for part in node:
            yield from every(part)
    elif isinstance(node, n.Node):
        yield node
        for part in inside(node):
            yield from every(part)


# ---------------------------------------------------------------------------------------------- claims
def supports(file: n.File, over: Mapping[str, str | None]) -> dict[str, set[str]]:
    """Name (as identity) -> the ids it stands for: those it cites itself (a fact or ledger without any, those of the
    blocks that name it), those of a table row that it is named in, and those of the tables and ledgers it
    reads. ``over``: for which list's records a block is judged."""
    own: dict[str, set[str]] = {}

    def stands(name: str, node: n.Node) -> None:
        cites = (cite.split() for inner in every(node) for cite in getattr(inner, "cites", ()))
        own.setdefault(name_key(name), set()).update(words[0] for words in cites if words)

    readers = Readers(file)
    parted = ((b.block, *b.parts) if isinstance(b, n.Replace) else (b,) for b in file.blocks)
    for block in (one for parts in parted for one in parts):
        for name in _changed(block):
            stands(name, block)
        for fact in facts_of(block):
            own.setdefault(name_key(fact.name), set()).update(cite.split()[0] for cite in readers.of(fact))
        for one in declared(block):
            if hasattr(one.node, "cites"):
                stands(one.name, one.node)
            elif isinstance(block, n.Table | n.Clause):  # a column, or an outcome
                stands(one.name, block)
        if isinstance(block, n.Table):
            for row in block.rows:
                for cell in row.cells:
                    stands(cell.text, row)
        elif isinstance(block, n.Example):
            stands(block.name, block)
    tables = {name_key(b.name) for b in file.blocks if isinstance(b, n.Table | n.Ledger)}
    out = {name: set(ids) for name, ids in own.items()}
    for block in file.blocks:
        if isinstance(block, n.Clause):
            read = {name_key(node.text) for node in every(block) if isinstance(node, n.Name)}
            for table in (read | {name_key(over.get(block.name) or "")}) & tables:
                out[name_key(block.name)] |= own[table]
    for block in file.blocks:  # only now: who reads a ledger does not stand for all that its other readers cite
        if isinstance(block, n.Ledger):
            out[name_key(block.name)] |= {cite.split()[0] for cite in readers.of_ledger(block)}
    return out
