"""Writes into docs/*.md what its commands print now. Read the difference before keeping it: it is what users will see.

Usage: python tools/refresh_docs.py [PAGE.md ...]
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from doc_pages import DOCS, Block, agrees, follow, trimmed  # noqa: E402 (found by the path above)


def refreshed(page: Path) -> str:
    """The page with the outputs of its commands as they are now; an output with “…” that still agrees stays."""
    outputs: dict[int, tuple[Block, list[str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for block, command, shown, printed in follow(page, Path(folder)):
            kept = shown if "…" in shown and agrees(shown, printed) else printed
            shown_now = trimmed(kept) if kept.strip() else ""
            outputs.setdefault(block.start, (block, []))[1].append(f"$ {command}\n{shown_now}")
        os.chdir(DOCS)
    text = page.read_text(encoding="utf-8")
    for block, parts in reversed(outputs.values()):
        text = text[: block.start] + "".join(parts) + text[block.end :]
    return text


def main(names: list[str]) -> None:
    os.environ["NO_COLOR"] = "1"
    for page in [Path(n).resolve() for n in names] or sorted(DOCS.glob("*.md")):
        text = refreshed(page)
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            print(f"{page.name} refreshed")


if __name__ == "__main__":
    main(sys.argv[1:])
