"""The tokens of a text, each with what the parser could take there: the basis of every answer to an editor.

The lexer only knows what a word is because the parser tells it what fits, so the tokens are recorded while the parser
runs, with its recovery from faulty lines; no tree is built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from policydsl.amending import speaks
from policydsl.place import Span
from policydsl.text.keywords import Dialect
from policydsl.text.lexer import Fault, Lexer, Token
from policydsl.text.machine import Make, Machine, Unexpected
from policydsl.text.names import Names
from policydsl.text.quantities import reader
from policydsl.text.source import Chunk, Source
from policydsl.text.tables import Tables, load

_MOST_FAULTS = 100


class Seen(NamedTuple):
    """A token, the parser's stack before it, and the place in the author's text (offsets, from the line table of the
    clean text)."""

    token: Token
    states: tuple[int, ...]


def _nothing(kids: list[Any], start: int, end: int) -> None:
    """No tree is needed."""


class _Recorder(Machine):
    def __init__(self, tables: Tables, lexer: Lexer, seen: list[Seen]) -> None:
        makers: defaultdict[str, Make] = defaultdict(lambda: _nothing)
        super().__init__(tables, lexer, makers)
        self._seen = seen

    def run(self) -> Any:
        lexer, row_of, states = self.lexer, self.tables.row, self._states
        while True:
            if lexer.at_new_line:
                self._save()
            token = lexer.next(row_of(states[-1]))
            self._seen.append(Seen(token, tuple(states)))
            if self._feed(token):
                return None


class Reading:
    """One text, cut into tokens block by block."""

    def __init__(
        self, text: str, names: Iterable[str] = (), known: Callable[[], Iterable[Names]] | None = None,
        among: bool = False,
    ) -> None:
        """``names`` are declared although the text does not show it (the line being typed is cut off); ``known`` are
        those of the files that the text speaks of, asked for if it does, or (``among``) of those that it belongs
        to."""
        self.tables = load()
        self.source = Source(text, "")
        self.names = Names(self.source, names)
        if known is not None and (among or speaks(self.source)):
            self.names.learn(known())
        self._reader = reader(self.source.words.code, tuple(self.names.units))
        self._blocks: dict[int, list[Seen]] = {}

    @property
    def words(self) -> Dialect:
        return self.source.words

    @property
    def chunks(self) -> list[Chunk]:
        return self.source.chunks

    def block(self, index: int) -> list[Seen]:
        """The tokens of a block, in order; what a faulty line holds behind its fault is left out."""
        found = self._blocks.get(index)
        if found is None:
            found = self._blocks[index] = self._record(self.source.chunks[index])
        return found

    def _record(self, chunk: Chunk) -> list[Seen]:
        seen: list[Seen] = []
        lexer = Lexer(self.source, self.names, self._reader, chunk)
        machine = _Recorder(self.tables, lexer, seen)
        for _ in range(_MOST_FAULTS):
            try:
                machine.run()
            except (Unexpected, Fault):
                if not machine.skip_line():
                    break
            else:
                break
        return seen

    def all(self) -> Iterable[tuple[Chunk, Seen]]:
        for index, chunk in enumerate(self.source.chunks):
            for seen in self.block(index):
                yield chunk, seen

    def head_of(self, span: Span) -> str:
        """The terminal of the block word above a place of the author's; empty above the first."""
        index = self.chunk_at(self.source.offset(span.line, span.column))
        head = self.chunks[index].head if index is not None else None
        return head.terminal if head is not None else ""

    def chunk_at(self, offset: int) -> int | None:
        """The block that holds an offset of the clean text: the last one that begins before it."""
        found = None
        for index, chunk in enumerate(self.source.chunks):
            if chunk.lines[0].start > offset:
                break
            found = index
        return found
