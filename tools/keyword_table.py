"""Writes docs/keywords.md from grammar/keywords.yaml: every word of the language, Chinese and English side by side.

Usage: python tools/keyword_table.py
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "grammar" / "keywords.yaml"
PAGE = ROOT / "docs" / "keywords.md"

_TOP = """# 关键字 · Keywords

这张表由 `tools/keyword_table.py` 从 `grammar/keywords.yaml` 生成，请不要手改。
同一格里的几种说法意思相同，第一种是程序自己用的。每个词怎么用，见[语言参考](language.md)。

This table is made from `grammar/keywords.yaml` by `tools/keyword_table.py`; do not edit it.
The spellings in one cell mean the same, the first is the one the program itself uses.
How each word is used: see the [language reference](language.md).
"""

_VAGUE = """## 含糊的词 · Vague words

条件里不能用，要写出确切的数，或写 `可以`。Refused in conditions: state the number, or use `may`.
"""

_PARTS = {
    "heads": (
        "段名 · Block words",
        "写在一段的最前面，后面空一格，再写名称。Begins a block; a space, then the name.",
    ),
    "fields": (
        "行首词 · Line words",
        "段里每行的第一个词，后面的冒号可有可无。Begins a line inside a block; the colon after it is optional.",
    ),
    "inline": (
        "行内词 · Words inside a line",
        "条件、算式、声明里用的词。Used in conditions, formulas and declarations.",
    ),
    "builtins": ("内置名称 · Built-in names", "不用声明就有。They exist in every policy."),
}


def page() -> str:
    """The whole page."""
    words: Mapping[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return "\n".join([_TOP, *_sections(words)]) + "\n"


def _sections(words: Mapping[str, Any]) -> Iterator[str]:
    for key, (title, about) in _PARTS.items():
        yield f"## {title}\n\n{about}\n"
        yield from _table(_rows(words[key]))
    units = words["units"]
    yield "## 单位 · Units\n\n数要带单位才是数量。A number is a count only with its unit.\n"
    english = [word for one, more in units["count"]["en"].items() for word in (one, *more)]
    yield from _table([(units["count"]["zh"], english)])
    yield "时长 · Durations\n"
    yield from _table([(list(units["duration"]["zh"]), list(units["duration"]["en"]))])
    yield _VAGUE
    yield from _table([(words["vague"]["zh"], words["vague"]["en"])])


def _rows(entries: Mapping[str, Any]) -> Iterator[tuple[list[str], list[str]]]:
    for entry in entries.values():
        for spellings in entry["values"].values() if "values" in entry else [entry]:
            yield spellings["zh"], spellings["en"]


def _table(rows: Iterator[tuple[list[str], list[str]]] | list[tuple[list[str], list[str]]]) -> Iterator[str]:
    seen = set()
    yield "| 中文 | English |\n|---|---|"
    for zh, en in rows:
        row = f"| {_cell(zh)} | {_cell(en)} |"
        if row not in seen:
            seen.add(row)
            yield row
    yield ""


def _cell(words: list[str]) -> str:
    return " ".join(f"`{word}`".replace("|", "\\|") for word in words) or "—"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
