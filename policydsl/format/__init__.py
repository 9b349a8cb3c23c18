"""The canonical form of a policy text, in either dialect.

Layout and spelling only: the order of lines, every comment, names, numbers and prose are the author's.
"""

from __future__ import annotations

from collections.abc import Sequence

from policydsl import nodes
from policydsl.diagnostics import Language, PolicyError
from policydsl.format.arrange import Arranger
from policydsl.format.columns import Columns
from policydsl.format.concrete import Tree, block_tree
from policydsl.format.layout import Page
from policydsl.format.pieces import Speller
from policydsl.format.same import meaning
from policydsl.format.words import writing
from policydsl.text import Memory, parse
from policydsl.text.fold import name_key
from policydsl.text.names import Names
from policydsl.text.parser import Parsing
from policydsl.text.source import Source
from policydsl.text.tables import load

__all__ = ["Unfaithful", "formatted"]


class Unfaithful(Exception):
    """The canonical form of a text would not mean what the text means (a fault of the formatter, or a name that the
    other dialect reads as something else); the text is to be left as it is. Carries the canonical form."""

    def __init__(self, text: str) -> None:
        super().__init__("the formatted text would mean something else")
        self.text = text


def formatted(
    text: str, file: str = "<text>", *, to: Language | None = None, memory: Memory | None = None,
    known: Sequence[Names] = (), among: Sequence[nodes.Block] = (),
) -> str:
    """The text in canonical form; ``to`` translates its keywords into that dialect. ``memory``: what was read of it;
    ``known``: the names of the files that it speaks of; ``among``: the blocks of the policy that it belongs to.

    Raises PolicyError for a text that does not parse, and Unfaithful rather than return a text that means something
    else: the result is parsed again and the trees are compared.
    """
    tree, problems = parse(text, file, fragment=True, memory=memory, known=known)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise PolicyError(errors, tree.sources, tree.dialect)
    code = to or tree.dialect
    names = Names(Source(text, file))
    names.learn(known)
    parsing = Parsing(load(), names, True)
    blocks = [block_tree(parsing, chunk) for chunk in parsing.source.chunks]
    written = _written(parsing, tree, blocks, code, among)
    again, problems = parse(written, file, dialect=code, fragment=True, memory=memory, known=known)
    said, kept = (meaning(each, writing(), among) for each in (again, tree))
    if any(problem.severity == "error" for problem in problems) or said != kept:
        raise Unfaithful(written)
    return written


def _written(
    parsing: Parsing, tree: nodes.File, blocks: Sequence[Tree], to: Language, among: Sequence[nodes.Block]
) -> str:
    words, source, every = writing(), parsing.source, (*tree.blocks, *among)
    keys = {name_key(block.name) for block in every if isinstance(block, nodes.Table | nodes.Ledger)}
    own = {key for key, name in parsing.names.spelling.items() if not name.startswith("@")} - parsing.names.second
    arranger = Arranger(to, words, keys)
    speller = Speller(tree.dialect, to, words, arranger, source.words, parsing.reader, own, Columns(every))
    pieces = [speller.pieces(block) for block in blocks]
    page = Page(source, to, arranger.merged)
    for found, chunk in zip(pieces, source.chunks, strict=True):
        page.block(found, headed=chunk.head is not None)
    return page.text()
