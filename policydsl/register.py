"""The register of the clauses of a document (``NAME.clauses.yaml`` beside the policy): their numbers, places and texts.

A register is ``{policy, source, clauses: [{id, place, text, carried, by}]}``; ``by`` lists the names that carry the
clause. A clause left out on purpose has ``left`` (the reason) instead of ``carried`` and ``by``. An entry that is a row
of another clause (of a catalogue, say) has ``part_of`` (that clause's id) and is counted as a row, not as a clause.
``place_en`` is the place in the words of a translation. A citation begins with the clause's id: ``【ALI-35 5.3.2.2】``;
a policy that names the letters before the numbers (``条款：ALI-``) cites by the number, ``【35】``.

Beside the clauses may stand ``rulings: [{id, ask, answer}]``: the question that a ruling of the policy answers
(``裁定：R10，…``), which is then not repeated there, and the answer where the policy names the ruling alone
(``裁定：R10、R12``); ``ask_en`` and ``answer_en`` are both in the words of a translation.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policydsl.beside import read_beside, wrong
from policydsl.diagnostics import Language
from policydsl.members import dataclass


@dataclass(frozen=True, slots=True)
class Registered:
    """One clause of the document, and where the policy carries it; ``left``, ``part_of``, ``place_en``: see above."""

    id: str
    place: str
    text: str
    carried: str
    by: tuple[str, ...]
    left: str = ""
    part_of: str = ""
    place_en: str = ""

    def place_in(self, dialect: Language) -> str:
        """The place in the words of a policy in that language."""
        return {"en": self.place_en}.get(dialect) or self.place


@dataclass(frozen=True, slots=True)
class Question:
    """What the ruling of an id answers, and its answer where that stands here."""

    id: str
    ask: str
    ask_en: str = ""
    answer: str = ""
    answer_en: str = ""

    def answer_in(self, dialect: Language) -> str:
        """The answer in the words of a policy in that language; nothing where it stands in the policy."""
        return {"en": self.answer_en}.get(dialect) or self.answer

    def ask_in(self, dialect: Language) -> str:
        """The question in the words of a policy in that language."""
        return {"en": self.ask_en}.get(dialect) or self.ask


@dataclass(frozen=True, slots=True)
class Register:
    clauses: tuple[Registered, ...]
    questions: tuple[Question, ...] = ()


def read_register(path: Path) -> tuple[Registered, ...]:
    """The clauses of a register, in order; see ``read_whole``."""
    return read_whole(path).clauses


def read_whole(path: Path) -> Register:
    """A register. Raises ValueError (for people, in both languages) where it is not what it should be, OSError."""
    return read_beside(path, _whole)


def _whole(path: Path, data: dict[Any, Any]) -> Register:
    entries = data.get("clauses")
    if not isinstance(entries, list):
        raise wrong(path, "缺少 clauses 列表 it has no list 'clauses'")
    out = [_registered(path, number, entry) for number, entry in enumerate(entries, 1)]
    _once(path, [clause.id for clause in out])
    # a row belongs to a clause; a row of a row, or of itself, would be counted nowhere
    whole = {clause.id for clause in out if not clause.part_of}
    lost = sorted({clause.part_of for clause in out if clause.part_of} - whole)
    if lost:
        raise wrong(path, f"part_of: {', '.join(lost)} 不是登记的整条 is no whole clause of the register")
    asked = data.get("rulings") or []
    if not isinstance(asked, list):
        raise wrong(path, "rulings 要写成列表 rulings has to be a list")
    questions = tuple(_question(path, number, entry) for number, entry in enumerate(asked, 1))
    _once(path, [question.id for question in questions])
    return Register(tuple(out), questions)


def _once(path: Path, ids: Sequence[str]) -> None:
    twice = sorted(i for i, times in Counter(ids).items() if times > 1)
    if twice:
        raise wrong(path, f"{', '.join(twice)} 登记了两次 is there twice")


def _question(path: Path, number: int, entry: object) -> Question:
    if not isinstance(entry, dict) or not entry.get("id") or not (entry.get("ask") or entry.get("answer")):
        what = f"rulings 第 {number} 项要写成 id、ask、answer…… entry {number} is not made of id, ask, answer …"
        raise wrong(path, what)
    keys = ("id", "ask", "ask_en", "answer", "answer_en")
    said = [_line(path, str(entry["id"]), key, entry.get(key)) for key in keys]
    return Question(*said)


def _registered(path: Path, number: int, entry: object) -> Registered:
    if not isinstance(entry, dict):
        what = f"clauses 第 {number} 项要写成 id、place、text…… entry {number} is not made of id, place, text …"
        raise wrong(path, what)
    name = entry.get("id")
    shown = str(name) if isinstance(name, str | int) else f"clauses 第 {number} 项 entry {number}"
    keys = ("id", "place", "text", "carried", "left", "part_of", "place_en")
    words = {key: _line(path, shown, key, entry.get(key)) for key in keys}
    missing = [key for key in ("id", "place", "text", "carried") if not words[key]]
    if words["left"] and "carried" in missing:
        missing.remove("carried")
    if missing:
        raise wrong(path, f"{shown} 缺少 lacks {', '.join(missing)}")
    if " " in words["id"]:
        raise wrong(path, f"{shown}: id 里不能有空格 an id cannot hold a blank")
    by = entry.get("by") or []
    names = by if isinstance(by, list) else [by]
    return Registered(
        words["id"], words["place"], words["text"], words["carried"] or "left",
        tuple(_line(path, shown, "by", one) for one in names), words["left"], words["part_of"],
        words["place_en"],
    )


def _line(path: Path, entry: str, key: str, value: object) -> str:
    """A text on one line, without control characters (they could steer the terminal that shows it)."""
    if isinstance(value, dict | list | tuple | set):
        raise wrong(path, f"{entry}: {key} 要写成文字 has to be a text")
    words = "" if value is None else str(value)
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in words).split())
