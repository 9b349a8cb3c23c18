"""Tables that say what each tier or band gets, in the table that makes the tier or band: ``得 X``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.format.program import same_program
from policydsl.format.words import writing
from policydsl.lower.names import across
from policydsl.text import parse
from policydsl.text.fold import name_key

_MARKS: dict[Language, tuple[str, str, str]] = {"zh": ("【", "】", "、"), "en": ("[", "]", ", ")}


def with_what_is_given(text: str, file: str, beside: Path | None = None) -> str:
    """The text with each table that stands right below one of tiers or bands, and is by it, as a part of that."""
    again = True
    while again:
        again, tree = False, parse(text, file, fragment=True)[0]
        for first, second in pairwise(_written(tree.blocks)):
            if isinstance(first, nodes.Clause) and isinstance(second, nodes.Clause):
                made = _joined(text, first, second, tree.dialect)
                if made is not None and same_program(text, made, file):
                    text, again = made, True
                    break
    return text


def _written(blocks: Sequence[nodes.Block]) -> list[nodes.Block]:
    """The blocks that stand by themselves."""
    out: list[nodes.Block] = []
    for block in blocks:
        if not out or block.span.start >= out[-1].span.end:
            out.append(block)
    return out


def _joined(text: str, first: nodes.Clause, second: nodes.Clause, lang: Language) -> str | None:
    """The text with the second block in the table of the first; None where they do not fit."""
    above, below = first.table, second.table
    if above is None or below is None or len(below.header) != 2 or second.alias or not below.rows:
        return None
    lines, word = text.splitlines(keepends=True), writing().word("_GIVES", None, "", lang, opens=False)
    start, stop = second.span.line - 1, below.span.end_line
    last = above.span.end_line - 1
    if second.span.end_line != stop or any("#" in line or "//" in line for line in lines[last + 1 : stop]):
        return None
    if any(not line.lstrip().startswith("|") for line in lines[above.span.line - 1 : above.span.end_line]):
        return None
    if any(line.strip() for line in lines[first.span.end_line : start]) or first.span.end_line - 1 != last:
        return None
    values, told = [], f"{word} {second.name}"
    for row in below.rows:
        if len(row.cells) != 2:
            return None
        values.append(_words(text, row.cells[1]))
    keys = [name_key(_words(text, row.cells[0])) for row in below.rows]
    if traits(first.kind).reading == "tier" and across(first):
        if keys != [name_key(head.text) for head in above.header[1:]] or any(row.cites for row in below.rows):
            return None
        opened, closed, comma = _MARKS[lang]
        cites = f" {opened}{comma.join(second.cites)}{closed}" if second.cites != first.cites else ""
        indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
        lines[last] = lines[last].rstrip("\n") + f"\n{indent}| {' | '.join((told, *values))} |{cites}\n"
    else:
        if keys != [name_key(_words(text, row.cells[0])) for row in above.rows if row.cells]:
            return None
        places = [above.header[-1].span, *(row.cells[-1].span for row in above.rows)]
        for place, value in zip(places, [told, *values], strict=True):
            at, line = lines[place.end_line - 1].find("|", place.end_column - 1), lines[place.end_line - 1]
            if at < 0:
                return None
            lines[place.end_line - 1] = f"{line[: at + 1]} {value} |{line[at + 1 :]}"
    del lines[last + 1 : stop]
    return "".join(lines)


def _words(text: str, cell: nodes.Cell) -> str:
    lines: Sequence[str] = text.splitlines()
    return lines[cell.span.line - 1][cell.span.column - 1 : cell.span.end_column - 1]


__all__ = ["with_what_is_given"]
