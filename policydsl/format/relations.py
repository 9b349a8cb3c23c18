"""How records stand to the one in hand, in words of their own; and names of records that nothing needs, left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.format.program import lowered, same_program
from policydsl.format.words import writing
from policydsl.kinds import Kind
from policydsl.lower.context import Lowering
from policydsl.text.fold import name_key
from policydsl.text.source import Source
from policydsl.within import within

Edit = tuple[int, int, str]
# What was typed tells which of the words is meant, where the kind of the field does not.
_WORDS: dict[str, dict[Language, tuple[str, str]]] = {
    "<": {"zh": ("更早", "更低"), "en": ("is earlier", "is lower")},
    ">": {"zh": ("更晚", "更高"), "en": ("is later", "is higher")},
}
_DATED = ("date", "instant", "period")


def related(text: str, file: str, beside: Path | None = None) -> str:
    """``项目 为 本条 的 项目`` as ``同一 项目``, ``到期日 晚于 本条 的 到期日`` as ``到期日 更晚``."""
    return _edited(text, file, _relations)


def without_record_names(text: str, file: str, beside: Path | None = None) -> str:
    """Fields without the name of their record where there is no other of that name; then, the text without the names
    of records that stand nowhere else."""
    return _edited(_edited(text, file, _owners), file, _unused)


def _edited(text: str, file: str, make: Callable[[Source, Lowering], Iterator[Edit]]) -> str:
    """The text with the edits that leave its program as it is: all, or as many as do one by one."""
    before = lowered(text, file)
    if before is None:
        return text
    edits = sorted(make(Source(text, "<text>"), before[1]), reverse=True)
    if not edits:
        return text
    if same_program(text, made := _with(text, edits), file):
        return made
    for edit in edits:
        if same_program(text, made := _with(text, [edit]), file):
            text = made
    return text


def _with(text: str, edits: Sequence[Edit]) -> str:
    for start, end, put in edits:
        text = text[:start] + put + text[end:]
    return text


def _relations(source: Source, low: Lowering) -> Iterator[Edit]:
    lang = low.file.dialect
    for node in within(low.file, nodes.Compare):
        match node:
            case nodes.Compare(left=nodes.Name() as field, right=nodes.Field(of=nodes.Builtin() as this, name=own)):
                if this.key != "this_record" or own.span == this.span or name_key(own.text) != name_key(field.text):
                    continue
                start, end = source.offset_of(node.span)
                name = source.text[slice(*source.offset_of(field.span))]
                word = _word(node.op, _kind(low, field.text), lang)
                if word is not None and "\n" not in source.text[start:end]:
                    yield start, end, f"{name} {word}" if node.op in _WORDS else f"{word} {name}"


def _word(op: str, kind: Kind | None, lang: Language) -> str | None:
    if op in _WORDS:
        dated = kind is not None and kind.base in _DATED
        return _WORDS[op][lang][not dated]
    terminal = {"=": "_SAMEAS", "!=": "_OTHERTHAN"}.get(op)
    return writing().word(terminal, None, "", lang, opens=False) if terminal else None


def _kind(low: Lowering, name: str) -> Kind | None:
    """The kind of a field, or of a result for each record."""
    for fields in low.lists:
        if (found := low.field_named(fields, name)) is not None:
            return found.kind
    return next((term.kind for full, term in low.terms.items() if full.rule == name), None)


def _owners(source: Source, low: Lowering) -> Iterator[Edit]:
    for node in within(low.file, nodes.Field):
        if isinstance(node.of, nodes.Name) and name_key(node.of.text) in low.names.items:
            start, end = source.offset_of(node.span)[0], source.offset_of(node.name.span)[0]
            if "\n" not in source.text[start:end]:
                yield start, end, ""


def _unused(source: Source, low: Lowering) -> Iterator[Edit]:
    used = {name_key(node.text) for node in within(low.file, nodes.Name)}
    for block in low.file.blocks:
        if isinstance(block, nodes.Ledger) and block.item is not None and name_key(block.item) not in used:
            start = source.offset_of(block.name_span)[1]
            called = re.compile(r"\s*[（(][^（）()]*" + re.escape(block.item) + r"\s*[）)]").match(source.text, start)
            if called is not None:
                yield start, called.end(), ""


__all__ = ["related", "without_record_names"]
