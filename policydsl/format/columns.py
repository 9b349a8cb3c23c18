"""The columns of an example's rows: which hold words (they are the author's, whatever value they look like: 十三天),
and the three of a fact over time, which every policy calls so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.lower.lasting import COLUMNS
from policydsl.text.fold import name_key

_WORDS = frozenset({"text", "choice", "choices"})
EVERYONE = "@population"


class Columns:
    """The fields of a policy that hold words, by the ledger they are of; those of a party are of ``EVERYONE``."""

    def __init__(self, blocks: Iterable[nodes.Node]) -> None:
        self._held: dict[str, set[str]] = {}
        self._timed = set[str]()  # the facts over time
        for block in blocks:
            match block:
                case nodes.Data(facts=fields):
                    owners: tuple[str | None, ...] = (EVERYONE,)
                    over = [d for d in fields if d.over_time is not None]
                    self._timed.update(name_key(w) for d in over for w in (d.name, d.alias) if w)
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

    def over_time(self, ledger: str, head: str, to: Language) -> str | None:
        """The head of a column of the rows of a fact over time (自、至、值), in a dialect; none of any other."""
        if name_key(ledger) not in self._timed:
            return None
        own = [i for words in COLUMNS.values() for i, word in enumerate(words) if name_key(word) == name_key(head)]
        return COLUMNS[to][own[0]] if own else None


__all__ = ["EVERYONE", "Columns"]
