"""Tables of values with a row for each pair of two conditions, as tables of pairs: ``当季回款额 ＼ 渠道等级``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.format.program import same_program
from policydsl.format.words import writing
from policydsl.sources import Sources
from policydsl.text import parse

_BLANKS = re.compile(r"\s")


def crossed(text: str, file: str, beside: Path | None = None) -> str:
    """The text with those tables so that are shorter so."""
    tree = parse(text, file, fragment=True)[0]
    mark = writing().word("_ACROSS", None, "", tree.dialect, opens=False)
    for block in reversed(tree.blocks):
        if isinstance(block, nodes.Clause) and block.table is not None and traits(block.kind).crossed:
            made = _replaced(text, block.table, tree.sources, mark)
            if made is not None and _size(made) < _size(text) and same_program(text, made, file):
                text = made
    return text


def _replaced(text: str, table: nodes.RuleTable, sources: Sources, mark: str) -> str | None:
    """The text with the table of pairs; None where the rows are not all pairs of what is asked in two columns."""
    lines, rows = text.splitlines(keepends=True), table.rows
    first = table.header[0].span.line - 1
    if len(table.header) < 3 or table.crossed or any(len(row.cells) != len(table.header) for row in rows):
        return None
    last = max((row.span.end_line - (row.span.end_column == 1) for row in rows), default=0)
    written = lines[first:last]
    if len(written) != len(rows) + 1 or any("#" in line or "//" in line for line in written):
        return None  # a comment, or a blank line, between the rows

    def words(cells: Sequence[nodes.Cell]) -> tuple[str, ...]:
        return tuple(sources.words(cell.span).strip() for cell in cells)

    groups = [[*group] for _, group in groupby(rows, key=lambda row: (words(row.cells[:-2]), row.cites))]
    heads = words([row.cells[-2] for row in groups[0]]) if groups else ()
    if len(groups) < 2 or len(heads) < 2 or not all(heads) or any("|" in head for head in heads):
        return None
    if any(words([row.cells[-2] for row in group]) != heads for group in groups):
        return None
    *before, asked, axis, _ = (head.text for head in table.header)
    indent = written[0][: len(written[0]) - len(written[0].lstrip())]
    made = [f"{indent}| {' | '.join((*before, f'{asked} {mark} {axis}', *heads))} |\n"]
    for group in groups:
        cells = (*words(group[0].cells[:-2]), *words([row.cells[-1] for row in group]))
        cites = re.search(r"((?:【[^】]*】|\[[^\]]*\])\s*)+$", lines[group[0].span.line - 1].rstrip())
        made.append(f"{indent}| {' | '.join(cells)} | {cites[0].strip() if cites else ''}".rstrip() + "\n")
    return "".join([*lines[:first], *made, *lines[last:]])


def _size(text: str) -> int:
    return len(_BLANKS.sub("", text))


__all__ = ["crossed"]
