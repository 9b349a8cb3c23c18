"""Blocks that were read before: a text that differs from an earlier one in one block is read again in that block alone.

How a block reads hangs on its lines, on the line at which it begins (its nodes bear their places), and on the declared
names that occur in it. Only blocks without a fault and without an undeclared name are kept.
"""

from __future__ import annotations

from typing import Any

from policydsl.members import dataclass
from policydsl.text.names import Names
from policydsl.text.source import Chunk

Key = tuple[str, int, tuple[str, ...]]


@dataclass(slots=True)
class _Kept:
    letters: str  # the block without blanks, in which a name stands if it stands in the block
    node: Any


class Memory:
    """What was read of the newest text; share it between the versions of one document."""

    def __init__(self) -> None:
        self._settled: object = None
        self._names: frozenset[tuple[str, str, bool]] = frozenset()
        self._kept: dict[Key, _Kept] = {}

    def recall(self, names: Names) -> Recall:
        """The blocks that read the same under these names, for one run over a text."""
        settled = (names.source.file, names.source.words.code, tuple(names.units), tuple(sorted(names.lists.items())))
        known = frozenset((key, spelled, key in names.second) for key, spelled in names.spelling.items())
        kept = self._kept if settled == self._settled else {}
        changed = {"".join(key.split()) for key, _, _ in known ^ self._names}
        if changed:
            kept = {key: one for key, one in kept.items() if not any(name in one.letters for name in changed)}
        return Recall(self, names, settled, known, kept)

    def keep(self, settled: object, names: frozenset[tuple[str, str, bool]], kept: dict[Key, _Kept]) -> None:
        """Forget everything but this."""
        self._settled, self._names, self._kept = settled, names, kept


class Recall:
    """One run over a text: what is asked for or added is kept for the next."""

    def __init__(
        self, memory: Memory, names: Names, settled: object, known: frozenset[tuple[str, str, bool]],
        kept: dict[Key, _Kept],
    ) -> None:
        self._memory, self._source = memory, names.source
        self._settled, self._known, self._old = settled, known, kept
        self._new: dict[Key, _Kept] = {}

    def _key(self, chunk: Chunk) -> Key:
        first, last = (self._source.line_of(line.start) for line in (chunk.lines[0], chunk.lines[-1]))
        return chunk.head.terminal if chunk.head else "", first, self._source.lines[first : last + 1]

    def node(self, chunk: Chunk) -> Any:
        """The node of the block, if it is remembered; else None."""
        key = self._key(chunk)
        found = self._old.get(key)
        if found is None:
            return None
        self._new[key] = found
        return found.node

    def add(self, chunk: Chunk, node: Any) -> None:
        low = self._source.low[chunk.lines[0].start : chunk.lines[-1].raw_end]
        self._new[self._key(chunk)] = _Kept("".join(low.split()), node)

    def done(self) -> None:
        self._memory.keep(self._settled, self._known, self._new)
