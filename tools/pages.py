"""Writes the pages that exist in Chinese (docs/NAME.md) and English (docs/NAME.en.md), each pair from one source:
docs/source/NAME.md, for errors the catalogue, for keywords the table of words. ``vscode`` is the README of its folder.

In a source a heading says both, ``## 中文 · English`` (or one that serves both). What follows stands on both pages;
behind a line ``<!-- zh -->`` or ``<!-- en -->`` on that page alone, up to the next of them, to ``<!-- both -->`` or
to the next heading.

Usage: python tools/pages.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import error_page
import keyword_table

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ELSEWHERE = {"vscode": ROOT / "editors" / "vscode" / "README"}
SOURCE = DOCS / "source"
ENDINGS = {"zh": ".md", "en": ".en.md"}
OTHER = {"zh": ("English", "en"), "en": ("中文", "zh")}
_SWITCH = re.compile(r"<!-- (zh|en|both) -->")
_HEADING = re.compile(r"(#+ (?:[\d.]+ )?)(.+?)(?: · (.+))?")


def sources() -> dict[str, str]:
    """The source of every page, by the page's name."""
    written = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("*.md"))}
    return {**written, "errors": error_page.source(), "keywords": keyword_table.source()}


def lines(source: str, language: str) -> Iterator[str]:
    """The lines of a source that stand on the page of a language, ``zh`` or ``en``, headings in that language."""
    part, fenced = "both", False
    for line in source.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading:
            part = "both"
            yield heading[1] + (heading[3] if language == "en" and heading[3] else heading[2])
        elif not fenced and (switch := _SWITCH.fullmatch(line)):
            part = switch[1]
        elif part in ("both", language):
            yield line


def place(name: str, language: str) -> Path:
    """Where the page of a name stands."""
    base = ELSEWHERE.get(name, DOCS / name)
    return base.with_name(base.name + ENDINGS[language])


def page(name: str, source: str, language: str) -> str:
    """A page of one language, with a link to the other below its title."""
    title, _, rest = "\n".join(lines(source, language)).partition("\n")
    word, other = OTHER[language]
    text = re.sub(r"\n{3,}", "\n\n", f"{title}\n\n[{word}]({place(name, other).name})\n{rest}")
    return text.rstrip() + "\n"


def pages() -> dict[Path, str]:
    """Every page with its content."""
    return {
        place(name, language): page(name, source, language)
        for name, source in sources().items() for language in ENDINGS
    }


def write() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
