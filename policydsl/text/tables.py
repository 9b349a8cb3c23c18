"""The parse table and the keyword table in one JSON file, built from ``grammar/`` and shipped with the package.

``python -m policydsl.text.build_tables`` writes ``tables.json`` beside this file. At run time the file is read (never
unpickled) and used when its fingerprint is that of the grammar; otherwise the table is built in memory and kept, best
effort, in a cache directory that belongs to the user alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from functools import cache
from pathlib import Path
from typing import Any

from policydsl.members import dataclass

FORMAT = 2
SHIPPED = Path(__file__).with_name("tables.json")
START = "chunk"
END = "$END"


@dataclass(frozen=True, slots=True)
class Rule:
    """One production: what it pops, what it keeps, and the name of the builder function."""

    origin: str
    size: int
    keep: tuple[tuple[int, bool], ...]
    name: str
    inline: bool
    single: bool
    through: bool
    """A unit production that changes nothing but the state."""


class Tables:
    """States are numbers. An action is a state to shift to (0 and up) or ``-1 - rule`` to reduce. Rules, rows and gotos
    are texts until they are asked for: a short policy asks for few of them."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.terminals: list[str] = data["terminals"]
        self.nonterminals: list[str] = data["nonterminals"]
        self._written: list[str] = data["rules"]
        self._rules: list[Rule | None] = [None] * len(self._written)
        self.final: int = data["final"]
        self.keywords: dict[str, Any] = data["keywords"]
        self._packed: list[str] = data["actions"]
        self._of_state: list[int] = data["rows"]
        self._packed_goto: list[str] = data["goto"]
        self._rows: list[dict[str, int] | None] = [None] * len(self._packed)
        self._goto: list[dict[str, int] | None] = [None] * len(self._packed_goto)
        self.size = len(self._of_state)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them, in their order."""
        return tuple(map(self.rule, range(len(self._rules))))

    def names(self) -> set[str]:
        """The rules that leave something of their own."""
        return {name for _, _, _, name, marks in (text.split(" ") for text in self._written) if "i" not in marks}

    def rule(self, number: int) -> Rule:
        """The production of that number: ``origin size kept name marks``, the kept ones with a ``+`` where they are
        spliced in, the marks ``i`` for inline and ``s`` for single."""
        found = self._rules[number]
        if found is None:
            origin, size, kept, name, marks = self._written[number].split(" ")
            keep = tuple((int(one.rstrip("+")), one[-1] == "+") for one in kept.split(",") if one)
            single = "s" in marks
            through = single and size == "1" and keep == ((0, False),)
            found = self._rules[number] = Rule(origin, int(size), keep, name, "i" in marks, single, through)
        return found

    def row(self, state: int) -> dict[str, int]:
        """terminal -> action: of each action its terminals, ``action terminal terminal …``."""
        index = self._of_state[state]
        row = self._rows[index]
        if row is None:
            names, row = self.terminals, {}
            for group in filter(None, self._packed[index].split(",")):
                action, *terminals = map(int, group.split(" "))
                for terminal in terminals:
                    row[names[terminal]] = action
            self._rows[index] = row
        return row

    def goto(self, state: int) -> dict[str, int]:
        """nonterminal -> state: ``nonterminal state nonterminal state …``."""
        found = self._goto[state]
        if found is None:
            flat, names = [*map(int, self._packed_goto[state].split())], self.nonterminals
            found = self._goto[state] = {names[flat[i]]: flat[i + 1] for i in range(0, len(flat), 2)}
        return found


# ---------------------------------------------------------------------------------------------- sources
def grammar_folder() -> Path | None:
    """Where the grammar lies: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    for folder in (package / "grammar", package.parent / "grammar"):
        if (folder / "policy.lark").is_file() and (folder / "keywords.yaml").is_file():
            return folder
    return None


def fingerprint(folder: Path) -> str:
    """What the table depends on."""
    digest = hashlib.sha256(f"policydsl tables {FORMAT}\n".encode())
    for name in ("policy.lark", "keywords.yaml"):
        text = (folder / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(b"%d\n" % len(text) + text)
    return digest.hexdigest()


def serialize(data: dict[str, Any]) -> str:
    """One line a key, so that a change of the grammar gives a readable diff of what changed."""
    lines = [
        f"{json.dumps(key)}:{json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
        for key, value in data.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


# ---------------------------------------------------------------------------------------------- loading
@cache
def load() -> Tables:
    """The tables of this installation."""
    folder = grammar_folder()
    if folder is None:
        return Tables(json.loads(SHIPPED.read_text(encoding="utf-8")))
    wanted = fingerprint(folder)
    for path in (SHIPPED, _cache_file(wanted)):
        data = _read(path, wanted)
        if data is not None:
            return Tables(data)
    from policydsl.text.build_tables import build  # Lark is only needed here

    data = build(folder)
    _keep(data, wanted)
    return Tables(data)


def _read(path: Path | None, wanted: str) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        if path != SHIPPED and not _private(path.parent):
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(data, dict) or data.get("format") != FORMAT or data.get("fingerprint") != wanted:
        return None
    return data


def _cache_file(wanted: str) -> Path | None:
    """The user's own cache directory of this platform; never a shared one."""
    name = f"tables-{wanted[:16]}.json"
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "policydsl" / "Cache" / name if base else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "policydsl" / name
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and os.path.isabs(base) else home / ".cache") / "policydsl" / name


def _private(folder: Path) -> bool:
    """Only a directory of our own that nobody else may enter is trusted."""
    if sys.platform == "win32":
        return True
    state = folder.lstat()
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077


def _keep(data: dict[str, Any], wanted: str) -> None:
    path = _cache_file(wanted)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _private(path.parent):
            return
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(serialize(data), encoding="utf-8")
        draft.replace(path)
    except OSError:
        return
