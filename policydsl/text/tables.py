"""The parse table and the keyword table in one JSON file, built from ``grammar/`` and shipped with the package.

``python -m policydsl.text.build_tables`` writes ``tables.json`` beside this file. At run time the file is read (never
unpickled) and used when its fingerprint is that of the grammar; otherwise the table is built in memory and kept, best
effort, in a cache directory that belongs to the user alone.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from policydsl import private
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
    for kept in (SHIPPED.read_bytes() if SHIPPED.exists() else None, private.read(_name(wanted))):
        data = _data(kept, wanted)
        if data is not None:
            return Tables(data)
    from policydsl.text.build_tables import build  # Lark is only needed here

    data = build(folder)
    private.keep(_name(wanted), serialize(data).encode())
    return Tables(data)


def _data(kept: bytes | None, wanted: str) -> dict[str, Any] | None:
    try:
        data = json.loads(kept or b"")
    except ValueError:
        return None
    if not isinstance(data, dict) or data.get("format") != FORMAT or data.get("fingerprint") != wanted:
        return None
    return data


def _name(wanted: str) -> str:
    return f"tables-{wanted[:16]}.json"
