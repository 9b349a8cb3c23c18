"""A document as Markdown (CommonMark with tables), every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from policydsl.diagnostics import Language
from policydsl.render.document import (
    Block, Break, Cards, Cite, Code, Contents, Document, Figure, Fold, Heading, Inline, Items, Link, Paragraph, Quote,
    Roster, Run, Shares, Swatch, Table, Text, Tiles, citation, row,
)
from policydsl.say import listed

MARKS = {"good": "✓ ", "bad": "✗ ", "open": "? ", "plain": "", "muted": ""}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")
_LEADING = re.compile(r"^(\s*)(\d+)([.)])(?=\s|$)|^(\s*)([-+=])")
_CORE = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)


def markdown(document: Document) -> str:
    """The document as one Markdown text."""
    parts = [f"# {escape(document.title)}"]
    if document.subtitle:
        parts.append(escape(document.subtitle))
    if document.facts:
        parts.append("\n".join(f"- {escape(name)}: {escape(value)}" for name, value in document.facts))
    parts += (_block(b, document) for b in document.blocks)
    return "\n\n".join(p for p in parts if p) + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    flat = " ".join(text.split("\n"))
    flat = _SPECIAL.sub(r"\\\1", flat)
    return _LEADING.sub(lambda m: f"{m[1]}{m[2]}\\{m[3]}" if m[2] else f"{m[4]}\\{m[5]}", flat)


def _block(block: Block, document: Document) -> str:
    lang = document.lang
    match block:
        case Heading(level, words, anchor):
            place = f'<a id="{anchor}"></a>' if anchor else ""
            return f"{'#' * level} {place}{_run(words, lang)}"
        case Paragraph(words, tone):
            return MARKS[tone] + _run(words, lang)
        case Items(entries, ordered):
            lines = []
            for number, entry in enumerate(entries, 1):
                mark = f"{number}. " if ordered else "- "
                lines.append(mark + MARKS[entry.tone] + _run(entry.words, lang))
                for below in entry.below:
                    lines.append(_indented(_block(below, document), len(mark)))
            return "\n".join(lines)
        case Table(header, rows):
            body = [[_run(c, lang, cell=True) for c in r.cells] for r in rows]
            rule = ["---:" if i in block.numeric else "---" for i in range(len(header))]
            lines = [_line([_run(h, lang, cell=True) for h in header]), _line(rule)]
            for r, cells in zip(rows, body, strict=True):
                if r.anchor and cells:
                    cells = [f'<a id="{r.anchor}"></a>{cells[0]}', *cells[1:]]
                lines.append(_line(cells))
            text = "\n".join(lines)
            return f"**{escape(block.caption)}**\n\n{text}" if block.caption else text
        case Tiles(tiles):
            return "\n".join(
                f"- {escape(t.label)}: {_strong(t.value, ' ', ' ')} {_run(t.note, lang)}".rstrip() for t in tiles
            )
        case Cards(level, cards):
            return "\n\n".join(
                "\n\n".join([f"{'#' * level} {escape(name)}", *(_block(b, document) for b in blocks)])
                for name, blocks in cards
            )
        case Shares(shares):
            return escape(listed([f"{s.name} {s.count}" for s in shares], lang))
        case Roster(table, foot):
            strong = row([[Text(w.text, w.tone, True) if isinstance(w, Text) else w for w in c] for c in foot.cells])
            return _block(replace(table, rows=(*table.rows, strong)), document)
        case Fold(summary, blocks, _, anchor):
            place = f'<a id="{anchor}"></a>' if anchor else ""
            plain = any(isinstance(w, Text) and w.strong for w in summary)  # strong within strong is neither
            head = _run(summary, lang)
            return "\n\n".join([place + (head if plain else f"**{head}**"), *(_block(b, document) for b in blocks)])
        case Quote(words):
            return "> " + _run(words, lang).replace("\n", "\n> ")
        case Figure(_, words):
            return escape(words)
        case Contents(level):
            return "\n".join(
                f"{'  ' * (h.level - 2)}- [{_run(h.words, lang)}](#{h.anchor})"
                for h in document.blocks if isinstance(h, Heading) and h.anchor and h.level <= level
            )
        case _:
            assert_never(block)


def _strong(text: str, before: str, after: str) -> str:
    """Strong text between what stands before and after it. Where that is no blank, marks at its ends stay outside:
    behind one, the closing stars would not close before a letter."""
    found = _CORE.match(text)
    if found is None or not found[2]:
        return escape(text)
    blank = text != text.strip()
    if not blank and (not found[1] or not before.strip()) and (not found[3] or not after.strip()):
        return f"**{escape(text)}**"
    return f"{escape(found[1])}**{escape(found[2])}**{escape(found[3])}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _indented(text: str, width: int) -> str:
    return "\n".join(" " * width + line if line else line for line in text.split("\n"))


def _run(words: Run, lang: Language, cell: bool = False) -> str:
    shown = [_inline(w, lang, cell) for w in words]
    for i, part in enumerate(words):
        if isinstance(part, Text) and part.strong:
            shown[i] = _strong(part.text, "".join(shown[:i])[-1:], "".join(shown[i + 1:])[:1])
    return "".join(shown)


def _inline(part: Inline, lang: Language, cell: bool) -> str:
    match part:
        case Text(text):
            return escape(text)
        case Cite(label, _, target):
            shown = escape(citation(label, lang))
            return f"[{shown}](#{target})" if target else shown
        case Link(text, target, quiet):
            return escape(text) if quiet or not target else f"[{escape(text)}](#{target})"
        case Code(text):
            fence = "`" * (max((len(m) for m in re.findall(r"`+", text)), default=0) + 1)
            shown = " ".join(text.split("\n"))
            shown = shown.replace("|", "\\|") if cell else shown
            return f"{fence} {shown} {fence}" if "`" in text else f"{fence}{shown}{fence}"
        case Break():
            return "<br>" if cell else "  \n"
        case Swatch():
            return ""
        case _:
            assert_never(part)
