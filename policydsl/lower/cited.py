"""What a fact or a ledger that cites nothing has for citations: those of the blocks that name it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from policydsl import nodes as n
from policydsl.text.fold import name_key
from policydsl.within import holding

Told = n.Declaration | n.Parameter


class Readers:
    """The citations of facts, fields and parameters: their own, else those of the blocks that name them (of the line
    that does, where it has its own); not of one that shares its name with another."""

    def __init__(self, file: n.File) -> None:
        self._read: dict[str, dict[str, None]] = {}
        self._count = Counter(name_key(one.name) for block in file.blocks for one in facts_of(block))
        for block in file.blocks:
            if isinstance(block, n.Clause):
                self._walk(block, ())

    def of(self, one: Told) -> tuple[str, ...]:
        """What it cites in the end."""
        return one.cites or self.read(one)

    def of_ledger(self, ledger: n.Ledger) -> tuple[str, ...]:
        """What a ledger cites in the end: its own, else those of the blocks that name it and those of its fields."""
        named = self._read.get(name_key(ledger.name), {})
        fields = dict.fromkeys(cite for field in ledger.fields for cite in self.of(field))
        return ledger.cites or tuple({**named, **fields})

    def read(self, one: Told) -> tuple[str, ...]:
        """What the blocks cite that name it."""
        key = name_key(one.name)
        return tuple(self._read.get(key, ())) if self._count[key] == 1 else ()

    def _walk(self, part: Any, cites: tuple[str, ...]) -> None:
        if isinstance(part, tuple):
            for one in part:
                self._walk(one, cites)
        elif isinstance(part, n.Name | n.HeaderCell):
            if cites:
                self._read.setdefault(name_key(part.text), {}).update(dict.fromkeys(cites))
        elif isinstance(part, n.RuleTable):  # what the head names is asked in every row
            asked = tuple(dict.fromkeys(one for row in part.rows for one in row.cites or cites))
            self._walk(part.header, asked or cites)
            self._walk(part.rows, cites)
        elif isinstance(part, n.Node):
            cites = getattr(part, "cites", ()) or cites
            for name in holding(type(part)):
                self._walk(getattr(part, name), cites)


def facts_of(block: n.Block) -> tuple[Told, ...]:
    """What a block declares that a sheet or an author may fill in."""
    match block:
        case n.Data():
            return block.facts
        case n.Ledger():
            return block.fields
        case n.Parameters():
            return (*block.settled, *block.open)
        case _:
            return ()


__all__ = ["Readers", "Told", "facts_of"]
