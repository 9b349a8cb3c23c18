"""One section for neighbouring blocks that cite the same.

A section reaches to the next one, so it may only stand where every block below it cites something: the best choice of
sections is found from the end. Weighed in what a citation says, so that a policy and its translation get the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.format.program import same_program
from policydsl.members import dataclass
from policydsl.text import parse
from policydsl.text.sections import cites_in, takes_citations

COST = 6  # what a section says besides its citation
FOREIGN = 1  # for a block in it that cites otherwise: who reads it has to look up for the others
_SECTION: dict[Language, tuple[str, str, str]] = {"zh": ("章节 ", "【", "】"), "en": ("section ", "[", "]")}
NEVER = -1_000_000
Cited = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of the file: the line where it begins and the one with the citation of its heading (0-based), what it
    cites there, whether that could be left to a section, and whether it would take a citation that is not its own."""

    line: int
    tail: int
    cites: Cited
    left: bool
    takes: bool


def into_sections(text: str, file: str, beside: Path | None = None) -> str:
    """The text with sections for what neighbours cite; one that has sections stays as it is."""
    tree = parse(text, file, fragment=True)[0]
    if any(isinstance(block, nodes.Section) for block in tree.blocks):
        return text
    lines = text.splitlines(keepends=True)
    blocks = list(_blocks(tree, lines))
    chosen = _best(blocks)
    if not chosen:
        return text
    word, opened, closed = _SECTION[tree.dialect]
    now: Cited = ()
    for number, block in enumerate(blocks):
        before = ""
        if number in chosen:
            now = chosen[number]
            before = f"{word}{''.join(opened + cite + closed for cite in now)}\n\n"
        if block.left and block.cites == now:
            lines[block.tail] = _without(lines[block.tail], len(now), opened, closed)
        lines[block.line] = before + lines[block.line]
    made = "".join(lines)
    return made if same_program(text, made, file) else text


def _blocks(tree: nodes.File, lines: Sequence[str]) -> Iterator[_Block]:
    """The blocks in their order; of several in one (rows of a table, a list of duties) one that nothing can be left
    of."""
    opened, closed = _SECTION[tree.dialect][1:]
    last = -1
    for block in tree.blocks:
        if isinstance(block, nodes.Example) or not takes_citations(block):
            continue
        cites: Cited = getattr(block, "cites", ())
        line = block.span.line - 1
        plain = isinstance(block, nodes.Clause | nodes.Table) and not lines[line].lstrip().startswith(("|", "-"))
        if isinstance(block, nodes.Clause):
            plain = plain and block.name_span.line == block.span.line and not _recorded(block)
        covered = range(line, block.span.end_line)
        tail = next((i for i in covered if _without(lines[i], len(cites), opened, closed) != lines[i]), -1)
        inside = (block.lines, block.table) if isinstance(block, nodes.Clause) else getattr(block, "rows", ())
        left = plain and bool(cites) and tail >= 0 and not cites_in(inside) and line > last
        last = max(last, block.span.end_line - 1)
        yield _Block(line, tail, cites, left, not cites_in(block))


def _recorded(clause: nodes.Clause) -> bool:
    """A duty may be called by its citation."""
    return all(isinstance(line, nodes.Annotation) for line in clause.lines) and clause.formula is None and (
        clause.table is None
    )


def _without(line: str, count: int, opened: str, closed: str) -> str:
    """The heading without its last citations."""
    o, c = map(re.escape, (opened, closed))
    return re.sub(rf"(?:\s*{o}[^{o}{c}]*{c}){{{count}}}(?=\s*$)", "", line)


def _best(blocks: Sequence[_Block]) -> dict[int, Cited]:
    """The blocks above which a section begins, with what it cites: what saves most."""
    # what can be saved from a block on, under a section that cites so (none: no section yet), and where the next begins
    kinds = [(), *dict.fromkeys(block.cites for block in blocks if block.left)]
    saved: list[dict[Cited, tuple[int, Cited]]] = [{} for _ in range(len(blocks) + 1)]
    saved[-1] = {cites: (0, cites) for cites in kinds}
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        here: dict[Cited, int] = {}
        for cites in kinds:
            fits = not cites or not block.takes
            taken = block.left and block.cites == cites
            gain = _weight(cites) if taken else -FOREIGN if cites else 0
            here[cites] = gain + saved[at + 1][cites][0] if fits else NEVER
        best = max((c for c in kinds if c), key=lambda c: here[c] - _weight(c) - COST, default=())
        for cites in kinds:
            begun = here[best] - _weight(best) - COST if best else NEVER
            saved[at][cites] = (begun, best) if begun > here[cites] else (here[cites], cites)
    out: dict[int, Cited] = {}
    now: Cited = ()
    for at in range(len(blocks)):
        following = saved[at][now][1]
        if following != now:
            out[at] = now = following
    return out


def _weight(cites: Cited) -> int:
    return sum(2 + len(re.sub(r"[\W_]", "", cite)) for cite in cites)


__all__ = ["into_sections"]
