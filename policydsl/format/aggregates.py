"""Aggregates without the words that their arguments make needless: 逐条 and the ledger of the first, 其中."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.format.concrete import tokens_of
from policydsl.format.program import lowered, same_program
from policydsl.lower.context import Lowering
from policydsl.lower.counted import counted, doubtful
from policydsl.members import members
from policydsl.text.lexer import Token
from policydsl.text.names import Names
from policydsl.text.parser import Parsing
from policydsl.text.source import Source
from policydsl.text.tables import load


def first_argument_says(text: str, file: str, beside: Path | None = None) -> str:
    """The text with its aggregates in the short form, where the first argument is of the ledger that they count."""
    before = lowered(text, file)
    if before is None:
        return text
    low = before[1]
    source = Source(text, "<text>")
    parsing = Parsing(load(), Names(source), True)
    short = {source.offset_of(node.span)[0] for node in _aggregates(low.file) if _said(node, low)}
    edits: list[tuple[int, int]] = []
    for chunk in parsing.source.chunks:
        edits += _needless(tokens_of(parsing, chunk), short, text)
    made = text
    for start, end in sorted(edits, reverse=True):
        made = made[:start] + made[end:]
    return made if edits and same_program(text, made, file) else text


def _said(node: nodes.Aggregate, low: Lowering) -> bool:
    """Whether the ledger that is counted shows from the first argument."""
    if node.each is None:
        return True
    ledger = low.list_named(node.each.text) if isinstance(node.each, nodes.Name) else None
    return (
        node.agg != "count" and ledger is not None and counted(low, node.value) == (ledger,)
        and doubtful(low, node.value, ledger) is None
    )


def _aggregates(item: object) -> Iterator[nodes.Aggregate]:
    if isinstance(item, tuple):
        for one in item:
            yield from _aggregates(one)
    elif isinstance(item, nodes.File):
        yield from _aggregates((item.policy, item.blocks))
    elif isinstance(item, nodes.Node):
        if isinstance(item, nodes.Aggregate):
            yield item
        for name in members(type(item), ("span",)):
            yield from _aggregates(getattr(item, name))


def _needless(tokens: Sequence[Token], short: set[int], text: str) -> Iterator[tuple[int, int]]:
    """What can go: ``，逐条 L`` and ``其中`` in the brackets of those aggregates."""
    for i, token in enumerate(tokens):
        if token.type != "AGG" or token.start not in short:
            continue
        depth = 0
        for k in range(i + 1, len(tokens)):
            depth += {"_LPAR": 1, "_RPAR": -1}.get(tokens[k].type, 0)
            if depth == 0:
                break
            if depth == 1 and tokens[k].type == "_EACH" and tokens[k - 1].type == "_COMMA":
                yield tokens[k - 1].start, tokens[k + 1].end
            elif depth == 1 and tokens[k].type == "_WHERE":
                yield tokens[k].start, tokens[k + 1].start


__all__ = ["first_argument_says"]
