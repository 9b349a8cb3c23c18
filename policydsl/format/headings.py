"""若, and 起算 with 时长, behind the name of their block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.format.program import same_program
from policydsl.members import members
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text import parse

MOST = 8  # names and values: counted, not measured, so that a policy and its translation get the same headings
_ALIAS = re.compile(r"(\s*[，,]\s*(别名|alias)\s+\w+)?")


def into_headings(text: str, file: str, beside: Path | None = None) -> str:
    """The text with what fits there behind the names of its blocks."""
    tree = parse(text, file, fragment=True)[0]
    lines = text.splitlines(keepends=True)
    gone: set[int] = set()
    for block in tree.blocks:
        if isinstance(block, nodes.Clause) and traits(block.kind).headed and block.formula is None:
            told = _timed(block, tree) if traits(block.kind).reading == "date" else _asked(block, tree)
            if told is None or not all(_alone(lines, line.span) for line in told[1]):
                continue
            if sum(map(parts_in, told[1])) > MOST:
                continue
            at = block.name_span
            if lines[at.line - 1][: at.column - 1].strip()[:1] == "|":
                continue  # a row of a table of blocks
            head = lines[at.end_line - 1]
            behind = at.end_column - 1
            alias = _ALIAS.match(head, behind)
            behind = alias.end() if alias else behind
            lines[at.end_line - 1] = head[:behind] + told[0] + head[behind:]
            gone.update(*(_covered(line.span) for line in told[1]))
    made = "".join(line for i, line in enumerate(lines) if i not in gone)
    return made if gone and same_program(text, made, file) else text


def _asked(clause: nodes.Clause, tree: nodes.File) -> tuple[str, Sequence[nodes.Line]] | None:
    """The first 若, with its line."""
    when = next((line for line in clause.lines if isinstance(line, nodes.When)), None)
    if when is None or clause.outcome is not None or when.cites and when.cites != clause.cites:
        return None
    return _colon(tree.dialect) + tree.sources.exact(when.condition.span).strip(), (when,)


def _timed(clause: nodes.Clause, tree: nodes.File) -> tuple[str, Sequence[nodes.Line]] | None:
    """From when and how long, with their lines."""
    start, length = (next((x for x in clause.lines if isinstance(x, kind)), None)
                     for kind in (nodes.StartLine, nodes.LengthLine))
    due = any(isinstance(line, nodes.FieldLine) and line.key == "due" for line in clause.lines)
    if not isinstance(start, nodes.StartLine) or not isinstance(length, nodes.LengthLine) or due:
        return None
    if not {*start.cites, *length.cites} <= {*clause.cites} or start.span.on_line_of(clause.name_span):
        return None
    return _colon(tree.dialect) + _period(start, length, tree.sources, tree.dialect), (start, length)


def _period(start: nodes.StartLine, length: nodes.LengthLine, sources: Sources, dialect: Language) -> str:
    day, lasting = sources.exact(start.start.span).strip(), sources.exact(length.length.span).strip()
    if dialect == "zh":
        return f"自 {day} 当日起 {lasting}" if start.same_day else f"{day} 后 {lasting}"
    return f"from {day} itself for {lasting}" if start.same_day else f"{lasting} after {day}"


def _colon(dialect: Language) -> str:
    return "：" if dialect == "zh" else ": "


def _covered(at: Span) -> range:
    """The lines of the file that a line of the policy stands on."""
    return range(at.line - 1, at.end_line - (at.end_column == 1))


def _alone(lines: Sequence[str], at: Span) -> bool:
    """Whether there is nothing else on its lines, not even a remark."""
    remarked = any("#" in lines[i] or "//" in lines[i] for i in _covered(at))
    return not remarked and not lines[at.line - 1][: at.column - 1].strip()


def parts_in(said: object) -> int:
    """How many names and values stand in a part of the tree."""
    if isinstance(said, tuple):
        return sum(map(parts_in, said))
    if not isinstance(said, nodes.Node):
        return 0
    return sum(parts_in(getattr(said, name)) for name in members(type(said), ("span", "name_span"))) or 1


__all__ = ["into_headings", "parts_in"]
