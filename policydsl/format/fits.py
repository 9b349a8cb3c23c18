"""Lists of conditions of which one must hold, as a table: a row for each, a column for each name asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.format.program import same_program
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text import parse

_MARKS: dict[Language, tuple[str, str, str]] = {"zh": ("是", "否", "、"), "en": ("yes", "no", "; ")}
_BLANKS = re.compile(r"\s")


def into_tables(text: str, file: str, beside: Path | None = None) -> str:
    """The text with those lists as tables that are shorter so."""
    tree = parse(text, file, fragment=True)[0]
    for block in reversed(tree.blocks):
        if not isinstance(block, nodes.Clause) or block.table is not None or not traits(block.kind).fits:
            continue
        lists = [line for line in block.lines if isinstance(line, nodes.Items)]
        if len(lists) != 1:
            continue
        made = _replaced(text, lists[0], tree)
        if made is not None and _size(made) < _size(text) and same_program(text, made, file):
            text = made
    return text


def _replaced(text: str, items: nodes.Items, tree: nodes.File) -> str | None:
    """The text with the table instead of the list."""
    lines = text.splitlines(keepends=True)
    first, last = items.span.line - 1, max(b.span.end_line - (b.span.end_column == 1) for b in items.bullets)
    if items.mode != "any" or any("#" in line or "//" in line for line in lines[first:last]):
        return None
    rows = [_asked(bullet.condition, tree.sources, tree.dialect) for bullet in items.bullets]
    if not all(rows):
        return None
    heads = list(dict.fromkeys(name for row in rows if row for name in row))
    if len(heads) < 2 or 2 * len(heads) * len(rows) > 3 * sum(len(row) for row in rows if row):
        return None  # lists of different things are read better one below the other
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    made = [f"| {' | '.join(heads)} |"]
    for row, bullet in zip(rows, items.bullets, strict=True):
        cells = " | ".join((row or {}).get(head, "") for head in heads)
        made.append(f"| {cells} | {_cites(bullet.span, tree.sources)}".rstrip())
    return "".join([*lines[:first], *(f"{indent}{line}\n" for line in made), *lines[last:]])


def _cites(at: Span, sources: Sources) -> str:
    """The citations at the end of a line, as typed."""
    found = re.search(r"((?:【[^】]*】|\[[^\]]*\])\s*)+$", sources.words(at))
    return found[0].strip() if found else ""


def _asked(condition: nodes.Expr, sources: Sources, dialect: Language) -> dict[str, str] | None:
    """What is asked of each name, as cells; None where something else than a name is asked about, or one twice."""
    tests: Sequence[nodes.Expr] = condition.items if isinstance(condition, nodes.And) else (condition,)
    yes, no, comma = _MARKS[dialect]
    out: dict[str, str] = {}
    for test in tests:
        match test:
            case nodes.Name():
                name, cell = test, yes
            case nodes.Not(inner=nodes.Name() as name):
                cell = no
            case nodes.Compare(left=nodes.Name() as name, op="=", right=right):
                cell = sources.words(right.span)
            case nodes.Compare(left=nodes.Name() as name):
                cell = sources.words(test.span.after(name.span))
            case nodes.In(value=nodes.Name() as name, items=items, negated=False) if len(items) > 1:
                cell = comma.join(sources.words(item.span) for item in items)
            case _:
                return None
        if name.text in out or not cell.strip() or "|" in cell:
            return None
        out[name.text] = cell.strip()
    return out


def _size(text: str) -> int:
    return len(_BLANKS.sub("", text))


__all__ = ["into_tables"]
