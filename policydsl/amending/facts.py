"""Facts that an amendment states anew: each at the place of the one of its name, under the alias that programs know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policydsl import nodes as n
from policydsl.text.fold import name_key


def fact_of(blocks: Sequence[n.Block], name: str) -> tuple[int, n.Declaration] | None:
    """Which block has the fact of a name, and the fact."""
    key = name_key(name)
    found = (
        (index, fact) for index, block in enumerate(blocks) if isinstance(block, n.Data)
        for fact in block.facts if name_key(fact.name) == key
    )
    return next(found, None)


def stated(block: n.Block, old: n.Declaration, new: n.Declaration, notes: tuple[n.Annotation, ...]) -> n.Block:
    """The block with one fact in the place of another; ``notes``: what is remarked on both."""
    assert isinstance(block, n.Data)
    facts = tuple(new if fact is old else fact for fact in block.facts)
    return replace(block, facts=facts, notes=(*block.notes, *(note for note in notes if note not in block.notes)))


def called_as(new: Sequence[n.Declaration], old: Sequence[n.Declaration]) -> tuple[n.Declaration, ...]:
    """Facts with the aliases that those of their names had, where they have none of their own."""
    had = {name_key(fact.name): fact.alias for fact in old}
    return tuple(replace(fact, alias=fact.alias or had.get(name_key(fact.name))) for fact in new)


__all__ = ["called_as", "fact_of", "stated"]
