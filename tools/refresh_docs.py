"""Writes into the sources of docs what their commands print now, then makes the pages of them. Read the difference
before keeping it: it is what users will see.

Usage: python tools/refresh_docs.py [NAME ...]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from doc_pages import DOCS, Block, agrees, follow, trimmed  # noqa: E402 (found by the path above)
from pages import ENDINGS, SOURCE, place, write  # noqa: E402 (beside this file)


def refreshed(page: Path, source: str) -> str:
    """The source of a page with the outputs of its commands as they are now; an output with “…” that still agrees
    stays."""
    outputs: dict[int, tuple[Block, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for block, command, shown, printed in follow(page, Path(folder)):
            kept = shown if "…" in shown and agrees(shown, printed) else printed
            before = outputs.get(block.start, (block, ""))[1]
            outputs[block.start] = block, f"{before}$ {command}\n{trimmed(kept) if kept.strip() else ''}"
        os.chdir(DOCS)
    at = 0
    for block, text in outputs.values():
        at = source.index(f"```console\n{block.text}```", at)
        source = source[:at] + source[at:].replace(block.text, text, 1)
        at += len(text)
    return source


def main(names: list[str]) -> None:
    os.environ["NO_COLOR"] = "1"
    write()
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
