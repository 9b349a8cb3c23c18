"""Parameters that are one number of several clauses: the number in the first of them, with its name in brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.format.concrete import tokens_of
from policydsl.format.program import same_program
from policydsl.text import parse
from policydsl.text.fold import name_key
from policydsl.text.lexer import Token
from policydsl.text.named import NAMING
from policydsl.text.names import Names
from policydsl.text.parser import Parsing
from policydsl.text.source import Source
from policydsl.text.tables import load

_FIGURES = (
    nodes.Number, nodes.Percent, nodes.Money, nodes.Count, nodes.Points, nodes.Duration, nodes.Date, nodes.Instant,
)
_BRACKETS: dict[Language, tuple[str, str]] = {"zh": ("（", "）"), "en": (" (", ")")}


def numbers_in_clauses(text: str, file: str, beside: Path | None = None) -> str:
    """The text with numbers in the clause that names them first, where others do, too."""
    tree = parse(text, file, fragment=True)[0]
    found = [p for block in tree.blocks if isinstance(block, nodes.Parameters) for p in block.settled if _plain(p)]
    uses = dict(_uses(text, file))
    moved = [p for p in found if p.span.line == p.span.end_line and _spoken(p, uses)]
    made = _moved(text, moved, uses, tree)
    if not moved or same_program(text, made, file):
        return made
    kept: list[nodes.Parameter] = []
    for p in moved:
        if same_program(text, _moved(text, [*kept, p], uses, tree), file):
            kept.append(p)
    return _moved(text, kept, uses, tree)


def _plain(p: nodes.Parameter) -> bool:
    """A number, and nothing that is said about it."""
    return isinstance(p.value, _FIGURES) and not (p.within or p.dated or p.notes or p.alias)


def _uses(text: str, file: str) -> Iterator[tuple[str, list[tuple[bool, Token]]]]:
    """Where each name stands outside the examples, and whether a number may stand there with a name."""
    parsing, out = Parsing(load(), Names(Source(text, file)), True), dict[str, list[tuple[bool, Token]]]()
    for chunk in parsing.source.chunks:
        head = chunk.word
        for token in tokens_of(parsing, chunk) if head != "_EXAMPLE" else ():
            if token.type == "NAME":
                out.setdefault(name_key(str(token.value)), []).append((head in NAMING, token))
    yield from out.items()


def _spoken(p: nodes.Parameter, uses: dict[str, list[tuple[bool, Token]]]) -> bool:
    where = uses.get(name_key(p.name), [])
    return len(where) > 1 and where[0][0]


def _moved(
    text: str, moved: Sequence[nodes.Parameter], uses: dict[str, list[tuple[bool, Token]]], tree: nodes.File
) -> str:
    """The text with these parameters in their clauses."""
    source, (opened, closed) = Source(text, "<text>"), _BRACKETS[tree.dialect]
    edits: list[tuple[int, int, str]] = []
    for p in moved:
        first, figure = uses[name_key(p.name)][0][1], text[slice(*source.offset_of(p.value.span))]
        edits.append((first.start, first.end, f"{figure}{opened}{text[first.start : first.end]}{closed}"))
        edits += _line(text, source, p.span.line)
    gone = {id(p) for p in moved}
    for block in tree.blocks:
        if isinstance(block, nodes.Parameters) and block.settled and not (block.open or block.notes or block.cites):
            if all(id(p) in gone for p in block.settled):
                edits += _line(text, source, block.span.line)
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text


def _line(text: str, source: Source, number: int) -> list[tuple[int, int, str]]:
    """The edit that takes a line away; what is remarked behind it stays."""
    start = source.starts[number - 1]
    stop = text.find("\n", start)
    stop = len(text) if stop < 0 else stop + 1
    comment = min((at for mark in ("#", "//") if (at := text.find(mark, start, stop)) >= 0), default=None)
    if comment is None:
        return [(start, stop, "")]
    indent = start + len(text[start:stop]) - len(text[start:stop].lstrip())
    return [(indent, comment, "")]


__all__ = ["numbers_in_clauses"]
