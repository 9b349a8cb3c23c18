"""The text as the parser took it, with nothing left out: every token in order, under the rules of the grammar.

The nodes forget what does not change the meaning (以上 or ≥, the order of parameters). A formatter
may not forget it, so it runs the same machine over the same blocks and keeps the tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from policydsl.members import dataclass
from policydsl.text.lexer import Lexer, Token
from policydsl.text.machine import Machine
from policydsl.text.parser import Parsing
from policydsl.text.source import Chunk

# Text of the author's own: kept to the last (even invisible) character.
_VERBATIM = frozenset({"RAWTEXT", "SAID", "TEXT", "CITE"})


@dataclass(frozen=True, slots=True)
class Tok:
    """A token: its terminal, its neutral value, what was typed (``""`` for one that the formatter puts in), and the
    0-based line of the file it stands on."""

    type: str
    value: object
    text: str
    line: int
    use: str = ""

    def used(self, use: str) -> Tok:
        """The same token, with the place that decides its spelling."""
        return replace(self, use=use)


@dataclass(frozen=True, slots=True)
class Tree:
    """A rule of the grammar with everything that it covers, in order."""

    rule: str
    parts: tuple[Tok | Tree, ...]


@dataclass(slots=True)
class _Raw:
    """A reduction: its place is counted in tokens."""

    rule: str
    start: int
    end: int
    inner: list[_Raw] = field(default_factory=list)


class _Recorder(Lexer):
    """Keeps every token; the machine sees where it stands among the tokens instead of in the text."""

    seen: list[Token]

    def next(self, row: Mapping[str, int]) -> Token:
        token = super().next(row)
        self.seen.append(token)
        at = len(self.seen) - 1
        return Token(token.type, token.value, at, at + 1)


class _Makers(dict[str, Any]):
    """A maker for every rule: it keeps the place and what was reduced before."""

    def __missing__(self, rule: str) -> Any:
        def make(kids: list[Any], start: int, end: int) -> _Raw:
            return _Raw(rule, start, end, [kid for kid in kids if isinstance(kid, _Raw)])

        self[rule] = make
        return make


def block_tree(parsing: Parsing, chunk: Chunk) -> Tree:
    """The concrete tree of one block of a sound text."""
    root, tokens = _recorded(parsing, chunk)
    toks = [_tok(parsing, token) for token in tokens]
    root.start, root.end = 0, len(toks) - 1
    return _grown(root, toks)


def tokens_of(parsing: Parsing, chunk: Chunk) -> list[Token]:
    """The tokens of one block of a sound text, in order, with their places in it."""
    return _recorded(parsing, chunk)[1]


def _recorded(parsing: Parsing, chunk: Chunk) -> tuple[_Raw, list[Token]]:
    lexer = _Recorder(parsing.source, parsing.names, parsing.reader, chunk)
    lexer.seen = []
    root = Machine(parsing.tables, lexer, _Makers()).run()
    assert isinstance(root, _Raw)
    return root, lexer.seen


def _grown(raw: _Raw, toks: list[Tok]) -> Tree:
    parts: list[Tok | Tree] = []
    at = raw.start
    for kid in raw.inner:
        parts += toks[at : kid.start]
        if kid.end > kid.start:
            parts.append(_grown(kid, toks))
        at = max(at, kid.end)
    parts += toks[at : raw.end]
    return Tree(raw.rule, tuple(parts))


def _tok(parsing: Parsing, token: Token) -> Tok:
    source = parsing.source
    text = source.text[token.start : token.end]
    if token.type in _VERBATIM:
        text = source.sources.words(source.span(token.start, token.end))
    return Tok(token.type, token.value, text, source.line_of(token.start))


def lines_of(tree: Tree) -> set[int]:
    """The lines that a tree stands on."""
    found: set[int] = set()
    for part in tree.parts:
        if isinstance(part, Tok):
            found.add(part.line)
        else:
            found |= lines_of(part)
    return found
