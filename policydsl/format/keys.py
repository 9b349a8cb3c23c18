"""Rows of a lookup table that say the same of several keys, in one row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.citing import cited
from policydsl.diagnostics import Language
from policydsl.format.program import same_program
from policydsl.format.same import meaning
from policydsl.format.words import writing
from policydsl.place import Span
from policydsl.text import parse
from policydsl.text.fold import name_key
from policydsl.text.keys import listed

_LISTS: dict[Language, tuple[str, str]] = {"zh": ("、", "＋"), "en": ("; ", " + ")}
_BARS = re.compile(r"\|")


def keys_together(text: str, file: str, beside: Path | None = None) -> str:
    """The text with neighbouring rows in one that differ in their key alone."""
    tree = parse(text, file, fragment=True)[0]
    for block in reversed(tree.blocks):
        if not isinstance(block, nodes.Table) or len(block.header) < 2:
            continue
        heads = [name_key(head.text) for head in block.header]
        keyed = name_key(block.key.text) if block.key is not None else ""
        at = heads.index(keyed) if keyed in heads else 0
        made = text
        for rows in reversed([*_alike(block, at)]):
            made = _one_row(made, rows, at, tree.dialect)
        if made != text and same_program(text, made, file):
            text = made
    return text


def cited_by_key(text: str, file: str, beside: Path | None = None) -> str:
    """The text without the citations of rows of a lookup table that are their key, with the place of the register."""
    if beside is None or not beside.is_file():
        return text
    tree = parse(text, file, fragment=True)[0]
    lines = text.splitlines(keepends=True)
    for row in (row for block in tree.blocks if isinstance(block, nodes.Table) for row in block.rows):
        if len(row.cites) == 1 and row.cites[0].split()[0] in (cell.text.strip() for cell in row.cells):
            at = row.span.line - 1
            lines[at] = re.sub(r"[ \t]*(?:【[^【】]*】|\[[^\[\]|]*\])[ \t]*$", "", lines[at], flags=re.MULTILINE)
    made = "".join(lines)
    again, problems = cited(parse(made, file, fragment=True)[0], beside, asking=False)
    before = cited(tree, beside, asking=False)[0]
    return made if not problems and meaning(again, writing()) == meaning(before, writing()) else text


def _alike(block: nodes.Table, at: int) -> Iterator[Sequence[nodes.RawRow]]:
    """Runs of rows, a line each without one between, whose other cells and citations are the same."""
    run: list[nodes.RawRow] = []
    for row in block.rows:
        fits = len(row.cells) == len(block.header) and [*listed(row.cells[at].text)] == [(0, len(row.cells[at].text))]
        if run and not (fits and _follows(run[-1], row) and _rest(run[-1], at) == _rest(row, at)):
            if len(run) > 1:
                yield run
            run = []
        if fits:
            run.append(row)
    if len(run) > 1:
        yield run


def _follows(row: nodes.RawRow, following: nodes.RawRow) -> bool:
    return following.span.line == row.span.line + 1


def _rest(row: nodes.RawRow, at: int) -> tuple[object, ...]:
    return row.cites, *(cell.text for i, cell in enumerate(row.cells) if i != at)


def _one_row(text: str, rows: Sequence[nodes.RawRow], at: int, dialect: Language) -> str:
    """The rows in the line of the first."""
    lines = text.splitlines(keepends=True)
    first, last = rows[0].span.line - 1, rows[-1].span.line - 1
    if any(not _BARS.match(line.lstrip()) or "#" in line or "//" in line for line in lines[first : last + 1]):
        return text
    key: Span = rows[0].cells[at].span
    line, keys = lines[first], _LISTS[dialect][0].join(_families([r.cells[at].text for r in rows], dialect))
    lines[first : last + 1] = [line[: key.column - 1] + keys + line[key.end_column - 1 :]]
    return "".join(lines)


def _families(keys: Sequence[str], dialect: Language) -> list[str]:
    """The keys; all ten that begin alike and go on with a digit are one."""
    out: list[str] = []
    for key in keys:
        out.append(key)
        begins = key[:-2]
        ten = [f"{begins}{digit}*" for digit in range(10)]
        if begins and out[-10:] == ten:
            out[-10:] = [f"{begins}{_LISTS[dialect][1]}{writing().digits[dialect][0]}"]
    return out


__all__ = ["cited_by_key", "keys_together"]
