"""Which columns of an example's rows hold words: they are the author's, whatever value they look like (十三天)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policydsl import nodes
from policydsl.text.fold import name_key

_WORDS = frozenset({"text", "choice", "choices"})
EVERYONE = "@population"


class Columns:
    """The fields of a policy that hold words, by the ledger they are of; those of a party are of ``EVERYONE``."""

    def __init__(self, blocks: Iterable[nodes.Node]) -> None:
        self._held: dict[str, set[str]] = {}
        for block in blocks:
            match block:
                case nodes.Data(facts=fields):
                    owners: tuple[str | None, ...] = (EVERYONE,)
                case nodes.Ledger(fields=fields):
                    owners = (block.name, block.alias)
                case _:
                    continue
            names = {name_key(w) for d in fields if d.type.kind in _WORDS for w in (d.name, d.alias) if w}
            for owner in filter(None, owners):
                self._held.setdefault(name_key(owner), set()).update(names)

    def of_words(self, ledger: str, header: Sequence[str]) -> frozenset[int]:
        """The columns of rows of a ledger that hold words; of parties the first one is their names."""
        held = self._held.get(name_key(ledger), set())
        found = {i for i, cell in enumerate(header) if name_key(" ".join(cell.split())) in held}
        return frozenset(found | {0} if ledger == EVERYONE else found)


__all__ = ["EVERYONE", "Columns"]
