"""Pages of documentation as the tests read them: fenced blocks, with what HTML comments say about them.

- ``<!-- with: … -->``    text put before the next policy block (declarations that would only distract the reader)
- ``<!-- fails: CODE -->`` the next policy block is refused, with this code
- ``<!-- parse only -->``  the next policy block is read but not loaded (the first release does not evaluate it)
- ``<!-- beside: NAME -->`` the next policy block stands in that file, beside those that are ``among`` it
- ``<!-- among: NAME -->`` the next policy block speaks of the file of that name on the same page
- ``<!-- file: NAME -->``  the next block is the content of a file
- ``<!-- append: NAME -->`` the next block is added to the end of a file
- ``<!-- part of: NAME -->`` the next block stands in that file, word for word
- ``<!-- edit: NAME: OLD => NEW -->`` a change that the text tells the reader to make
- ``<!-- Chinese -->`` the next block stands on an English page and shows Chinese on purpose

A policy block without a header gets one; nothing else is added.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from policydsl.cli import run

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
sys.path.append(str(ROOT / "tools"))

from pages import pages  # type: ignore[import-not-found] # noqa: E402, F401 (found by the path above)

_PART = re.compile(r"<!--(?P<comment>.*?)-->|^```(?P<lang>[\w-]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADERS = {"pol-zh": "政策 文档示例\n  编号：DOC\n", "pol-en": "policy Documentation\n  id: DOC\n"}
_STARTS = {"pol-zh": "政策 ", "pol-en": "policy "}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block with the place of its text in the page, or an ``edit`` comment (``lang`` "edit")."""

    page: str
    line: int
    lang: str
    text: str
    marks: dict[str, str]
    start: int = 0
    end: int = 0

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def policy(self) -> str:
        """The whole text of a policy block."""
        before = self.marks.get("with", "")
        text = f"{before.strip()}\n{self.text}" if before else self.text
        begins = any(line.startswith(_STARTS[self.lang]) for line in text.splitlines())
        return text if begins else _HEADERS[self.lang] + text


def blocks(page: Path) -> list[Block]:
    """The blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    marks: dict[str, str] = {}
    for part in _PART.finditer(text):
        line = text.count("\n", 0, part.start()) + 1
        if part["comment"] is not None:
            key, _, value = part["comment"].strip().partition(":")
            if key == "edit":
                found.append(Block(page.name, line, "edit", value.strip(), {}))
            else:
                marks[key.strip()] = value.strip()
        else:
            start, end = part.span("text")
            found.append(Block(page.name, line, part["lang"], part["text"], marks, start, end))
            marks = {}
    return found


def policies(page: Path) -> list[Block]:
    """The whole policies of a page, in order."""
    parts = {"append", "part of"}
    return [b for b in blocks(page) if b.lang in ("pol-zh", "pol-en") and not parts & b.marks.keys()]


def commands(block: Block) -> list[tuple[str, str]]:
    """The command lines of a console block, each with the output shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return [(command, "\n".join(out)) for command, out in found]


def agrees(shown: str, printed: str) -> bool:
    """Whether the output is as shown; a line of “…” alone stands for any lines."""
    pieces = re.split(r"^\s*…\n", shown.rstrip() + "\n", flags=re.MULTILINE)
    pattern = r"(?:.*\n)*?".join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, trimmed(printed)) is not None


def trimmed(text: str) -> str:
    """Without blanks at the ends of lines, and one line break at the end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines()) + "\n"


def typed(command: str, last: int) -> tuple[int, str]:
    """A command line of a page, run in this process: its exit code and what it prints. ``last``: the code before.
    ``< FILE`` is its standard input."""
    words = shlex.split(command)
    if "<" in words:
        at = words.index("<")
        given, words = Path(words[at + 1]), words[:at] + words[at + 2:]
        with given.open(encoding="utf-8") as stream, patch("sys.stdin", stream):
            return typed(shlex.join(words), last)
    if words == ["echo", "$?"]:
        return 0, f"{last}\n"
    assert words[0] == "policydsl", command
    out, err = io.StringIO(), io.StringIO()
    target = Path(words[words.index(">") + 1]) if ">" in words else None
    with redirect_stdout(out), redirect_stderr(err if target else out):
        code = run(words[1:words.index(">")] if target else words[1:], "policydsl")
    if target:
        target.write_text(out.getvalue(), encoding="utf-8")
        return code, err.getvalue()
    return code, out.getvalue()


def follow(page: Path, folder: Path) -> Iterator[tuple[Block, str, str, str]]:
    """Does what the page tells its reader to do, in a folder that is the current one. Gives for every command: its
    block, itself, the output shown, the output printed."""
    last = 0
    for block in blocks(page):
        if "file" in block.marks:
            (folder / block.marks["file"]).write_text(block.text, encoding="utf-8")
        elif "append" in block.marks:
            path = folder / block.marks["append"]
            path.write_text(f"{path.read_text(encoding='utf-8')}\n{block.text}", encoding="utf-8")
        elif "part of" in block.marks:
            assert block.text in (folder / block.marks["part of"]).read_text(encoding="utf-8"), block.where
        elif block.lang == "edit":
            name, _, change = block.text.partition(": ")
            old, _, new = change.partition(" => ")
            text = (folder / name).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{block.where}: {old!r} stands {text.count(old)} times in {name}"
            (folder / name).write_text(text.replace(old, new), encoding="utf-8")
        elif block.lang == "console":
            for command, shown in commands(block):
                last, printed = typed(command, last)
                yield block, command, shown, printed
