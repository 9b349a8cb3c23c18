"""逐条 lines that the names of their block say already: left out, or 其中 alone where only some records are meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.format.program import lowered, without_places
from policydsl.lower.policy import lower
from policydsl.lower.order import reads
from policydsl.place import Span
from policydsl.text import parse
from policydsl.text.fold import name_key

_WHICH: dict[Language, str] = {"zh": "其中：", "en": "where: "}


def without_each(text: str, file: str, beside: Path | None = None) -> str:
    """The text without the 逐条 lines (or the words 逐条 and the ledger) without which it says the same."""
    before = lowered(text, file)
    if before is None:
        return text
    program, state = before
    lines = text.splitlines(keepends=True)
    clauses = {b.name: b for b in state.file.blocks if isinstance(b, nodes.Clause)}
    going = {name: each for name, clause in clauses.items() if (each := _plain(clause, lines)) is not None}
    while going:
        made = _left_out(lines, going.values(), state.file.dialect)
        after, more, now = lower(parse(made, file, fragment=True)[0])
        faults = [p.span for p in more if p.severity == "error"]
        spans = {b.name: b.span for b in now.file.blocks if isinstance(b, nodes.Clause)}
        wrong = {
            name for name in going
            if now.over.get(name) != state.over.get(name) or any(_touches(spans[name], at) for at in faults)
        }
        if not wrong and not faults:
            return made if without_places(after) == without_places(program) else text
        # what a block is depends on those that it reads: they go back first
        first = {name for name in wrong if not _read(clauses[name]) & {name_key(w) for w in wrong - {name}}}
        for name in first or wrong or set(going):
            del going[name]
    return text


def _plain(clause: nodes.Clause, lines: Sequence[str]) -> nodes.Each | None:
    """The 逐条 line of a block, if it names a ledger and at most which of its records, alone on its line."""
    for line in clause.lines:
        if isinstance(line, nodes.Each) and isinstance(line.ledger, nodes.Name):
            told, at = line.by is not None or line.cites and line.where is None, line.span
            alone = lines[at.line - 1].rstrip()[: at.end_column - 1] == lines[at.line - 1].rstrip()
            return None if told or at.line != at.end_line or not alone else line
    return None


def _read(clause: nodes.Clause) -> set[str]:
    return {name_key(name.text) for name in reads(clause)}


def _touches(block: Span, at: Span) -> bool:
    return block.line <= at.line <= block.end_line


def _left_out(lines: Sequence[str], going: Collection[nodes.Each], dialect: Language) -> str:
    made = list(lines)
    for each in going:
        at, line = each.span, lines[each.span.line - 1]
        if each.where is None:
            made[at.line - 1] = ""
        else:
            made[at.line - 1] = line[: at.column - 1] + _WHICH[dialect] + line[each.where.span.column - 1 :]
    return "".join(made)


__all__ = ["without_each"]
