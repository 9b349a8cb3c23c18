"""Writes docs/errors.md from the catalogue: one section a code, zh and en side by side.

Usage: python tools/error_page.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from policydsl import catalogue  # noqa: E402 (found by the path above)
from policydsl.diagnostics import Language  # noqa: E402

PAGE = ROOT / "docs" / "errors.md"

HEAD = """# 错误与提醒 · Errors and warnings

`policydsl check 政策.pol` 和读事实表时会出现的每一种提示：哪里不对、为什么、怎么改，各有一个改前改后的例子。
Everything that `policydsl check POLICY.pol` and the reading of a fact sheet may say: what is wrong, why, what to do,
with a text before and after.

提示都带编号、行和列。错误要改了才能用；提醒不妨碍使用，但 `--strict` 时算不通过；说明只是告知。
Every message has its code, line and column. Errors have to be mended; warnings do not stand in the way, except with
`--strict`; notices only tell.

这一页由 `python tools/error_page.py` 从 `policydsl/catalogue.yaml` 生成。
This page is made by `python tools/error_page.py` from `policydsl/catalogue.yaml`.
"""

GROUPS = (
    ("POL1", "写法 · How it is written"),
    ("POL2", "名称 · Names"),
    ("POL3", "类型与单位 · Kinds and units"),
    ("POL4", "段与表 · Blocks and tables"),
    ("POL5", "疑义与示例 · Open questions and examples"),
    ("SHEET", "事实表 · Fact sheets"),
    ("CASE", "政策的测试 · Tests of a policy"),
)
LABELS: dict[Language, tuple[str, str, str, str]] = {
    "zh": ("提示", "怎么改", "改前", "改后"),
    "en": ("Message", "What to do", "Before", "After"),
}
PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")


def message(text: str) -> str:
    """A message with its places as dots."""
    return PLACE.sub("…", text)


def half(code: str, language: Language) -> list[str]:
    """One language of a section."""
    entry, (says, do, before, after) = catalogue.entry(code, language), LABELS[language]
    out = [f"**{entry.title}** — {entry.explain}", ""]
    out += [f"- {says}: {message(entry.message)}", f"- {do}: {message(entry.fix)}"]
    for word, text in ((before, entry.bad), (after, entry.good)):
        if text:
            out += ["", f"{word}:", "", "```text", text, "```"]
    return out


def section(code: str) -> str:
    lines = [f"### {code}", "", *half(code, "zh"), "", *half(code, "en"), ""]
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    out = [HEAD]
    codes = catalogue.codes()
    for prefix, title in GROUPS:
        out.append(f"## {title}\n")
        out += [section(code) for code in codes if code.startswith(prefix)]
    return "\n".join(out).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
