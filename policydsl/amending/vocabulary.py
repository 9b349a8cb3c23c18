"""What a document takes from the vocabularies that it uses: what it names, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policydsl import nodes as n
from policydsl.amending.tree import mentions, unlike
from policydsl.amending.documents import Document
from policydsl.diagnostics import Diagnostic
from policydsl.lower.names import GLOBAL, declared
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.text.near import alike


@dataclass(frozen=True, slots=True)
class _Item:
    """The least that can be taken: a block, or one fact or parameter of a block."""

    block: n.Block
    names: frozenset[str]
    reads: frozenset[str]
    at: Span


def with_words(document: Document, there: Sequence[n.Block] = ()) -> tuple[n.File, list[Diagnostic]]:
    """The tree of a document below what it takes; nothing of what is ``there`` already."""
    file = document.file
    if not document.uses:
        return file, []
    problems: list[Diagnostic] = []
    wanted = set[str](mentions((file.policy, file.blocks)))
    allowed = set[Span]()
    known: dict[Span, _Item] = {}
    for names, used in document.uses:
        items = [item for one in used.every() for item in _items(one.file)]
        known |= {item.at: item for item in items}
        if file.policy is not None and used.file.policy is not None:
            problems += unlike(file.policy, used.file.policy, used.file.sources)
        for one in used.every():
            problems += (Diagnostic("POL260", b.span) for b in one.file.blocks if _changes(b))
        every = {name for item in items for name in item.names}
        for name in names:
            if name_key(name.text) not in every:
                told = [d.name for one in used.every() for b in one.file.blocks for d in declared(b)]
                near = tuple(alike(name.text, told))
                problems.append(Diagnostic("POL251", name.span, args={"name": name.text}, suggestions=near))
        listed = {name_key(name.text) for name in names}
        wanted |= listed
        allowed |= {item.at for item in (_closure(items, listed) if names else items)}
    have = {at for block in there for at in _places(block)}
    taken = {item.at for item in _closure([known[at] for at in known if at in allowed], wanted)} - have
    blocks = [_cut(item.block, taken) for item in _firsts(known.values(), taken)]
    return replace(file, blocks=(*blocks, *file.blocks)), problems


def _changes(block: n.Block) -> bool:
    return isinstance(block, n.Change) and not isinstance(block, n.Use)


def _items(file: n.File) -> Iterator[_Item]:
    for block in file.blocks:
        match block:
            case n.Data():
                parts: list[n.Declaration | n.Parameter] = [*block.facts]
            case n.Parameters():
                parts = [*block.settled, *block.open]
            case n.Example() | n.Change():
                continue
            case _:
                names = frozenset(name_key(d.name) for d in declared(block) if d.scope == GLOBAL)
                yield _Item(block, names, frozenset(mentions(block)), block.span)
                continue
        for one in parts:
            yield _Item(block, frozenset({name_key(one.name)}), frozenset(mentions(one)), one.name_span)


def _closure(items: Sequence[_Item], wanted: set[str]) -> list[_Item]:
    """The items of the wanted names, and those that they speak of."""
    names, taken = set(wanted), dict[Span, _Item]()
    more = True
    while more:
        more = False
        for item in items:
            if item.at not in taken and item.names & names:
                taken[item.at] = item
                names |= item.reads
                more = True
    return list(taken.values())


def _firsts(items: Iterable[_Item], taken: set[Span]) -> list[_Item]:
    """One item of each block of which something is taken, in the order of the documents."""
    out: dict[Span, _Item] = {}
    for item in items:
        if item.at in taken:
            out.setdefault(item.block.span, item)
    return list(out.values())


def _cut(block: n.Block, taken: set[Span]) -> n.Block:
    """A block with what is taken of it."""
    match block:
        case n.Data():
            return replace(block, facts=tuple(f for f in block.facts if f.name_span in taken))
        case n.Parameters():
            return replace(
                block, settled=tuple(p for p in block.settled if p.name_span in taken),
                open=tuple(d for d in block.open if d.name_span in taken),
            )
        case _:
            return block


def _places(block: n.Block) -> Iterator[Span]:
    """Where what a block declares stands, as in ``_Item.at``."""
    match block:
        case n.Data():
            yield from (f.name_span for f in block.facts)
        case n.Parameters():
            yield from (p.name_span for p in block.settled)
            yield from (d.name_span for d in block.open)
        case _:
            yield block.span


__all__ = ["with_words"]
