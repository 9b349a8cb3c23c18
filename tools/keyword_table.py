"""The source of docs/keywords: every word of the language, zh and en side by side, from grammar/keywords.yaml.

``tools/pages.py`` makes the two pages of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

KEYWORDS = Path(__file__).resolve().parents[1] / "grammar" / "keywords.yaml"

_TOP = """# 关键字 · Keywords

<!-- zh -->
这张表由 `tools/pages.py` 从 `grammar/keywords.yaml` 生成，请不要手改。
同一格里的几种说法意思相同，第一种是程序自己用的。每个词怎么用，见[语言参考](language.md)。

<!-- en -->
This table is made from `grammar/keywords.yaml` by `tools/pages.py`; do not edit it.
The spellings in one cell mean the same, the first is the one the program itself uses.
How each word is used: see the [language reference](language.en.md).
"""

_PARTS = {
    "heads": (
        "段名 · Block words",
        "写在一段的最前面，后面空一格，再写名称。",
        "Begins a block; a space, then the name.",
    ),
    "fields": (
        "行首词 · Line words",
        "段里每行的第一个词，后面的冒号可有可无。",
        "Begins a line inside a block; the colon after it is optional.",
    ),
    "inline": (
        "行内词 · Words inside a line",
        "条件、算式、声明里用的词。",
        "Used in conditions, formulas and declarations.",
    ),
    "builtins": ("内置名称 · Built-in names", "不用声明就有。", "They exist in every policy."),
}
_UNITS = ("单位 · Units", "数要带单位才是数量。", "A number is a count only with its unit.")
_DURATIONS = ("时长 · Durations", "时间的长短。", "Lengths of time.")
_VAGUE = (
    "含糊的词 · Vague words",
    "条件里不能用，要写出确切的数，或写 `可以`。",
    "Refused in conditions: state the number, or use `may`.",
)


def source() -> str:
    """Both pages in one text."""
    words: Mapping[str, Any] = yaml.safe_load(KEYWORDS.read_text(encoding="utf-8"))
    return "\n".join([_TOP, *_sections(words)]) + "\n"


def _sections(words: Mapping[str, Any]) -> Iterator[str]:
    for key, part in _PARTS.items():
        yield from _section(part, _rows(words[key]))
    units = words["units"]
    english = [word for one, more in units["count"]["en"].items() for word in (one, *more)]
    yield from _section(_UNITS, [(units["count"]["zh"], english)])
    yield from _section(_DURATIONS, [(list(units["duration"]["zh"]), list(units["duration"]["en"]))])
    yield from _section(_VAGUE, [(words["vague"]["zh"], words["vague"]["en"])])


def _section(part: tuple[str, str, str], rows: Iterable[tuple[list[str], list[str]]]) -> Iterator[str]:
    title, zh, en = part
    yield f"## {title}\n\n<!-- zh -->\n{zh}\n\n<!-- en -->\n{en}\n\n<!-- both -->"
    yield from _table(rows)


def _rows(entries: Mapping[str, Any]) -> Iterator[tuple[list[str], list[str]]]:
    for entry in entries.values():
        for spellings in entry["values"].values() if "values" in entry else [entry]:
            yield spellings["zh"], spellings["en"]


def _table(rows: Iterable[tuple[list[str], list[str]]]) -> Iterator[str]:
    seen = set()
    yield "<!-- zh -->\n| 中文 | 英文 |\n<!-- en -->\n| Chinese | English |\n<!-- both -->\n|---|---|"
    for zh, en in rows:
        row = f"| {_cell(zh)} | {_cell(en)} |"
        if row not in seen:
            seen.add(row)
            yield row
    yield ""


def _cell(words: list[str]) -> str:
    return " ".join(f"`{word}`".replace("|", "\\|") for word in words) or "—"
