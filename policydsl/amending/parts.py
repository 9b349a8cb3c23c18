"""What is made of the words of one block besides it (``得 X`` in its table, a number that has a name there): it goes
when those words go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policydsl import nodes as n
from policydsl.members import members
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.within import within


def made_of(block: n.Block, blocks: Sequence[n.Block]) -> Iterator[n.Clause]:
    """The results that the table of a block gives."""
    for other in blocks:
        if other is not block and isinstance(other, n.Clause) and _inside(other.span, block.span):
            yield other


def named_in(part: object, blocks: Sequence[n.Block]) -> Iterator[n.Parameter]:
    """The numbers that have their names in a part of a block."""
    places = {name.span for name in within(part, n.Name)}
    for block in blocks:
        if isinstance(block, n.Parameters):
            yield from (p for p in block.settled if p.within and p.name_span in places)


def _inside(inner: Span, outer: Span) -> bool:
    return inner.file == outer.file and outer.start <= inner.start and inner.end <= outer.end


def spelled_out(part: Any, named: Mapping[Span, n.Parameter]) -> Any:
    """A part with the numbers for their names where they have them; ``named``: by the places of the names."""
    if isinstance(part, tuple):
        return tuple(spelled_out(one, named) for one in part)
    if isinstance(part, n.Name) and part.span in named:
        return named[part.span].value
    if not isinstance(part, n.Node):
        return part
    return type(part)(*(spelled_out(getattr(part, name), named) for name in members(type(part))))


def by_place(named: Sequence[n.Parameter]) -> dict[Span, n.Parameter]:
    return {p.name_span: p for p in named}


def without(blocks: Sequence[n.Block], gone: Sequence[n.Clause | n.Parameter]) -> list[n.Block]:
    """The blocks without some results and numbers."""
    keys = {name_key(one.name) for one in gone if isinstance(one, n.Parameter)}
    out = list[n.Block]()
    for block in blocks:
        if any(block is one for one in gone):
            continue
        if isinstance(block, n.Parameters) and any(p.within and name_key(p.name) in keys for p in block.settled):
            kept = tuple(p for p in block.settled if not (p.within and name_key(p.name) in keys))
            if not kept and not block.open:
                continue
            block = n.Parameters(block.span, kept, block.open, block.notes, block.cites)
        out.append(block)
    return out


__all__ = ["by_place", "made_of", "named_in", "spelled_out", "without"]
