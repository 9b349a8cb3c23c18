"""Writes into README and the sources of docs what their commands print now, then makes the pages of them. Read
the difference before keeping it: it is what users will see.

Usage: python tools/refresh_docs.py [NAME ...]
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from doc_pages import DOCS, Block, agrees, follow, trimmed  # noqa: E402 (found by the path above)
from pages import ENDINGS, SOURCE, place, write  # noqa: E402 (beside this file)


def refreshed(page: Path, source: str) -> str:
    """The source of a page with the outputs of its commands as they are now; an output with “…” that still agrees
    stays, and where only its lines are others, they are counted anew."""
    outputs: dict[int, tuple[Block, str]] = {}
    with tempfile.TemporaryDirectory() as other:
        folder = ROOT if page == README else Path(other)
        os.chdir(folder)
        for block, command, shown, printed in follow(page, folder):
            kept = (shown if agrees(shown, printed) else renumbered(shown, printed)) if "…" in shown else printed
            before = outputs.get(block.start, (block, ""))[1]
            outputs[block.start] = block, f"{before}$ {command}\n{trimmed(kept) if kept.strip() else ''}"
        os.chdir(DOCS)
    at = 0
    for block, text in outputs.values():
        at = source.index(f"```console\n{block.text}```", at)
        source = source[:at] + source[at:].replace(block.text, text, 1)
        at += len(text)
    return source


def renumbered(shown: str, printed: str) -> str:
    """The output shown with the numbers of lines as they are printed; all that is printed where more is different."""
    out, lines = [], iter(printed.splitlines())
    for line in shown.splitlines():
        found = line if line.strip() == "…" else next((p for p in lines if unnumbered(p) == unnumbered(line)), None)
        if found is None:
            return printed
        out.append(found)
    return "\n".join(out)


def unnumbered(line: str) -> str:
    return re.sub(r"(第|line )\d+", r"\1", line.rstrip())


def main(names: list[str]) -> None:
    os.environ["NO_COLOR"] = "1"
    write()
    text = README.read_text(encoding="utf-8")
    README.write_text(refreshed(README, text), encoding="utf-8")
    for path in [SOURCE / f"{name}.md" for name in names] or sorted(SOURCE.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        for language in ENDINGS:
            text = refreshed(place(path.stem, language), text)
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
            print(f"{path.name} refreshed")
    write()


if __name__ == "__main__":
    main(sys.argv[1:])
