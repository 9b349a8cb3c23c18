"""Rules of which only a note is kept, as duties of one line; and the names of duties where they are translated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.format.concrete import Tok, Tree
from policydsl.format.program import same_program
from policydsl.text import parse
from policydsl.text.duties import called
from policydsl.text.keywords import dialect

_CITES = re.compile(r"((?:【[^】]*】|\[[^\]]*\])\s*)*$")


def into_duties(text: str, file: str, beside: Path | None = None) -> str:
    """The text with each rule that only has a note as a duty."""
    tree = parse(text, file, fragment=True)[0]
    lines: list[str | None] = list(text.splitlines(keepends=True))
    word = dialect(tree.dialect).canonical["_DUTY"][0]
    colon = "：" if tree.dialect == "zh" else ": "
    for block in tree.blocks:
        note = _note(block)
        if note is None or not isinstance(block, nodes.Clause):
            continue
        head, said = lines[block.name_span.line - 1], lines[note.span.line - 1]
        if head is None or said is None or block.name_span.line == note.span.line or "#" in head + said:
            continue
        at = block.name_span.end_column - 1
        cites, begins = head[at:].strip(), block.name_span.column - 1
        if not _CITES.fullmatch(cites) or "//" in head + said or set("【[") & set(note.text):
            continue
        if head[:at][-1:].isdigit() and note.text[:1].isdigit():
            continue  # 9：00 is a time of day
        indent = head[: len(head) - len(head.lstrip())]
        lines[block.name_span.line - 1] = f"{indent}{word} {head[begins:at]}{colon}{note.text} {cites}".rstrip() + "\n"
        lines[note.span.line - 1] = None
    made = "".join(line for line in lines if line is not None)
    return made if None in lines and same_program(text, made, file) else text


def _note(block: nodes.Block) -> nodes.Annotation | None:
    """The only note of a rule that says no more, but for who bears it and what was asked and decided."""
    if not isinstance(block, nodes.Clause) or not traits(block.kind).recorded or block.alias is not None:
        return None
    kept = all(
        isinstance(line, nodes.Annotation) or isinstance(line, nodes.FieldLine) and line.key == "bearer"
        for line in block.lines
    )
    notes = [line for line in block.lines if isinstance(line, nodes.Annotation)]
    said = [note for note in notes if note.kind == "note"]
    plain = block.formula is None and block.outcome is None and block.table is None
    return said[0] if kept and plain and len(said) == 1 and notes[0] is said[0] else None


def named(duties: Tree, word: str) -> Tree:
    """A block of duties in which each has a name: in another language, that of its clause would be another one."""
    shared = _cites(duties)
    inner = [p for p in duties.parts if isinstance(p, Tree) and p.rule == "duty"]
    names = called(word, [_cites(d) or shared for d in inner if not _begins(d, "DEFNAME")])
    parts = [_named(p, names) if isinstance(p, Tree) and p.rule == "duty" else p for p in duties.parts]
    return replace(duties, parts=tuple(parts))


def _named(duty: Tree, names: Iterator[str]) -> Tree:
    first = duty.parts[0]
    if not isinstance(first, Tok) or first.type == "DEFNAME":
        return duty
    name = next(names)
    made = (Tok("DEFNAME", name, name, first.line), Tok("_COLON", ":", "", first.line))
    return replace(duty, parts=(*made, *duty.parts))


def _begins(duty: Tree, kind: str) -> bool:
    first = duty.parts[0]
    return isinstance(first, Tok) and first.type == kind


def _cites(tree: Tree) -> Sequence[str]:
    cite = next((p for p in tree.parts if isinstance(p, Tree) and p.rule == "cite"), None)
    return [str(p.value) for p in cite.parts if isinstance(p, Tok)] if cite is not None else ()


__all__ = ["into_duties", "named"]
