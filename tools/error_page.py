"""The source of docs/errors: one section a code of the catalogue. ``tools/pages.py`` makes the two pages of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from policydsl import catalogue  # noqa: E402 (found by the path above)
from policydsl.diagnostics import Language  # noqa: E402

HEAD = """# 错误与提醒 · Errors and warnings

<!-- zh -->
`policydsl check 政策.pol` 和读事实表时会出现的每一种提示：哪里不对、为什么、怎么改，各有一个改前改后的例子。

提示都带编号、行和列。错误要改了才能用；提醒不妨碍使用，但 `--strict` 时算不通过；说明只是告知。

这一页由 `tools/pages.py` 从 `policydsl/catalogue.yaml` 生成。

<!-- en -->
Everything that `policydsl check POLICY.pol` and the reading of a fact sheet may say: what is wrong, why, what to do,
with a text before and after.

Every message has its code, line and column. Errors have to be mended; warnings do not stand in the way, except with
`--strict`; notices only tell.

This page is made by `tools/pages.py` from `policydsl/catalogue.yaml`.
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
    "zh": ("提示：", "怎么改：", "改前：", "改后："),
    "en": ("Message: ", "What to do: ", "Before:", "After:"),
}
CHINESE = re.compile("[\u3400-\u9fff]+")
CAPITALS = "SHEET146"  # is about formal Chinese numerals, whatever the language of the policy
PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")


def message(text: str) -> str:
    """A message with its places as dots."""
    return PLACE.sub("…", text)


def half(code: str, language: Language) -> list[str]:
    """One language of a section; in English what is quoted in Chinese is set as code."""
    entry, (says, do, before, after) = catalogue.entry(code, language), LABELS[language]
    explained = CHINESE.sub(r"`\g<0>`", entry.explain) if language == "en" else entry.explain
    out = [f"**{entry.title}** — {explained}", ""]
    out += [f"- {says}{message(entry.message)}", f"- {do}{message(entry.fix)}"]
    mark = ["<!-- Chinese -->"] if language == "en" and code == CAPITALS else []
    for word, text in ((before, entry.bad), (after, entry.good)):
        if text:
            out += ["", word, "", *mark, "```text", text, "```"]
    return out


def section(code: str) -> str:
    lines = [f"### {code}", "", "<!-- zh -->", *half(code, "zh"), "", "<!-- en -->", *half(code, "en"), ""]
    return "\n".join(lines)


def source() -> str:
    """Both pages in one text."""
    out = [HEAD]
    codes = catalogue.codes()
    for prefix, title in GROUPS:
        out.append(f"## {title}\n")
        out += [section(code) for code in codes if code.startswith(prefix)]
    return "\n".join(out)
