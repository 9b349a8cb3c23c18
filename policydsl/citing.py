"""What a policy leaves to the register: ``【44】`` under ``条款：INS-`` is ``INS-44`` with its place; before a ruling
with an id (``裁定：R10，…``) stands the question that it answers, where the id is first met; ``裁定：R10、R12``
alone are the answers of the register; a row of a 表 whose key is the id of a clause cites it. A step of its own between
reading and lowering, so that all behind it sees everything whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic, Language
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.register import Question, Register, Registered, read_whole
from policydsl.text.fold import fold, name_key
from policydsl.within import holding

MOST = 200  # numbers of one range: more is no citation
_NUMBER = re.compile(r"(\d{1,6})([a-z]?)$")
_RANGE = re.compile(r"(\d{1,6})\s*(?:-|–|—|~|至|to)\s*(\d{1,6})$")
_PLACED = re.compile(r"(\d{1,6}[a-z]?)\s+(\S.*)$")
_RULING = re.compile(r"([A-Z]{1,3}-?\d+)(?=\W|$)")
_NAMED = re.compile(r"[A-Z]{1,3}-?\d+(?:\s*[、,，;；]\s*[A-Z]{1,3}-?\d+)*$")
_BETWEEN = re.compile(r"\s*[、,;]\s*")


NONE: Mapping[str, Question] = {}  # no register


class Uncited(Exception):
    """A citation that stands for nothing: ``code`` and ``word`` say what of it."""

    def __init__(self, code: str, word: str) -> None:
        super().__init__(code, word)
        self.code, self.word = code, word


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses that numbers are of: ``prefix`` is what stands before every number, ``known`` are the clauses of the
    register by their number in its shortest writing. Without a register a number is taken as it stands, and no place is
    told."""

    prefix: str
    dialect: Language
    known: Mapping[str, Registered]

    def whole(self, cite: str) -> tuple[str, ...]:
        """The citations that one pair of brackets holds; one that begins with no digit stands as it is. Raises
        Uncited."""
        plain = fold(cite).strip().lower()
        if not plain[:1].isdigit():
            return (cite,)
        placed = _PLACED.match(plain)
        parts = _BETWEEN.split(plain)
        if placed is not None and not (len(parts) == 1 and _RANGE.match(plain)):
            return (f"{self.id(placed[1])} {cite.strip()[len(placed[1]):].strip()}",)
        return tuple(self.placed(i) for part in parts for i in self.ids(part))

    def ids(self, part: str) -> Iterator[str]:
        """The clauses of a number or of a range of them."""
        span = _RANGE.match(part)
        if span is None:
            yield self.id(part)
            return
        first, last = int(span[1]), int(span[2])
        if not first < last <= first + MOST:
            raise Uncited("POL221", part)
        for number in range(first, last + 1):
            yield self.id(str(number))

    def id(self, number: str) -> str:
        read = _NUMBER.match(number)
        if read is None:
            raise Uncited("POL221", number)
        if not self.known:
            return self.prefix + number
        clause = self.known.get(f"{int(read[1])}{read[2]}")
        if clause is None:
            raise Uncited("POL222", self.prefix + number)
        return clause.id

    def placed(self, clause: str) -> str:
        """A clause with its place."""
        read = _NUMBER.match(clause.removeprefix(self.prefix).lower())
        found = self.known.get(f"{int(read[1])}{read[2]}") if read is not None else None
        return clause if found is None else f"{clause} {found.place_in(self.dialect)}".strip()


def clauses_of(file: n.File, register: Sequence[Registered] = ()) -> Clauses | None:
    """What the numbers of a policy are of; None where its citations are whole."""
    meta = file.policy.meta if file.policy is not None else ()
    prefix = next((m.text for m in meta if m.key == "clauses"), "")
    return Clauses(prefix, file.dialect, dict(_numbered(register, prefix))) if prefix else None


def _numbered(register: Sequence[Registered], prefix: str) -> Iterator[tuple[str, Registered]]:
    for clause in register:
        read = _NUMBER.match(clause.id.removeprefix(prefix).lower())
        if clause.id.startswith(prefix) and read is not None:
            yield f"{int(read[1])}{read[2]}", clause


def cited(file: n.File, beside: Path | None, *, asking: bool = True) -> tuple[n.File, list[Diagnostic]]:
    """The file with whole citations, and what is wrong with those that are not. ``beside``: where its register would
    stand, which is read only if the numbers need it; ``asking`` False leaves rulings as they are written."""
    clauses, header = clauses_of(file), file.policy
    if clauses is None or header is None:
        return file, []
    problems: list[Diagnostic] = []
    register: Register | None = None
    if beside is not None and beside.is_file():
        try:
            register = read_whole(beside)
            clauses = clauses_of(file, register.clauses) or clauses
            file = replace(file, sources=file.sources.with_beside(beside))
            ids = {clause.id: clause for clause in register.clauses}
            blocks = (_by_key(b, ids, file.dialect) if isinstance(b, n.Table) else b for b in file.blocks)
            file = replace(file, blocks=tuple(blocks))
        except (OSError, ValueError) as error:
            at = next(m.span for m in header.meta if m.key == "clauses")
            problems.append(Diagnostic("POL223", at, args={"why": str(error)}))
    known: dict[str, tuple[str, ...]] = {}

    def whole(cite: str, of: n.Node) -> tuple[str, ...]:
        if cite not in known:
            try:
                known[cite] = clauses.whole(cite)
            except Uncited as why:
                known[cite] = (cite,)
                problems.append(Diagnostic(why.code, _place(file, of.span, cite), args={"word": why.word}))
        return known[cite]

    questions = {q.id: q for q in register.questions} if register is not None and asking else NONE
    open_ = {q.id for q in questions.values() if q.ask}
    asked = _Asked(file.dialect, questions, open_, problems)
    made: n.File = _renewed(file, whole, asked)
    return made, problems


def _by_key(table: n.Table, ids: Mapping[str, Registered], dialect: Language) -> n.Table:
    """A table whose rows cite, where they say no clause, the one that is their key."""
    heads = [name_key(head.text) for head in table.header]
    keyed = name_key(table.key.text) if table.key is not None else ""
    at = heads.index(keyed) if keyed in heads else 0

    def row(one: n.RawRow) -> n.RawRow:
        clause = ids.get(one.cells[at].text.strip()) if at < len(one.cells) and not one.cites else None
        return one if clause is None else replace(one, cites=(f"{clause.id} {clause.place_in(dialect)}".strip(),))

    rows = tuple(map(row, table.rows))
    return table if all(a is b for a, b in zip(rows, table.rows, strict=True)) else replace(table, rows=rows)


def ruling_id(note: n.Annotation) -> str | None:
    """The id that a ruling begins with, if it does."""
    read = _RULING.match(note.text) if note.kind == "ruling" else None
    return read[1] if read is not None else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The questions of the register by the ids of the rulings that answer them, and which are still to be asked."""

    dialect: Language
    questions: Mapping[str, Question]
    open: set[str]
    problems: list[Diagnostic]

    def before(self, lines: tuple[Any, ...]) -> tuple[Any, ...]:
        """The lines of a node, with the question before a ruling that has one where none is written, and the answers of
        those that are only named."""
        out: list[Any] = []
        for line in lines:
            for ruling in self.answered(line) if isinstance(line, n.Annotation) else (line,):
                name = ruling_id(ruling) if isinstance(ruling, n.Annotation) else None
                written = bool(out) and isinstance(out[-1], n.Annotation) and out[-1].kind == "doubt"
                if name in self.open:
                    self.open.discard(name)
                    if not written:
                        asked = self.questions[name].ask_in(self.dialect)
                        out.append(n.Annotation(ruling.span, "doubt", asked))
                out.append(ruling)
        return lines if all(a is b for a, b in zip_longest(out, lines)) else tuple(out)

    def answered(self, line: n.Annotation) -> Sequence[n.Annotation]:
        """A ruling as it is written; one that is only named, as the register answers it (without one, it is its id)."""
        name = ruling_id(line)
        if name is None or self.questions is NONE:
            return (line,)
        if not _NAMED.match(line.text.strip()):
            if name in self.questions and self.questions[name].answer:
                self.problems.append(Diagnostic("POL228", line.span, args={"word": name}))
            return (line,)
        out = []
        comma = {"zh": "，", "en": ", "}[self.dialect]
        for one in re.findall(r"[A-Z]{1,3}-?\d+", line.text):
            question = self.questions.get(one)
            if question is None or not question.answer_in(self.dialect):
                self.problems.append(Diagnostic("POL227", line.span, args={"word": one}))
            else:
                out.append(replace(line, text=f"{one}{comma}{question.answer_in(self.dialect)}"))
        return out or (line,)


def _renewed(part: Any, whole: Callable[[str, n.Node], tuple[str, ...]], asked: _Asked) -> Any:
    """A part of the tree, with every citation whole, and every ruling with its question."""
    if isinstance(part, tuple):
        parts = tuple(_renewed(one, whole, asked) if isinstance(one, n.Node | tuple) else one for one in part)
        return asked.before(part if all(a is b for a, b in zip(parts, part, strict=True)) else parts)
    new: dict[str, object] = {}
    if cites := getattr(part, "cites", ()):
        new["cites"] = tuple(one for cite in cites for one in whole(cite, part))
    for name in holding(type(part)):
        value = getattr(part, name)
        if value and isinstance(value, n.Node | tuple):
            made = _renewed(value, whole, asked)
            if made is not value:
                new[name] = made
    return replace(part, **new) if new else part


def _place(file: n.File, around: Span, cite: str) -> Span:
    """Where a citation stands within what it belongs to."""
    for number in range(around.line, around.end_line + 1):
        line = file.sources.line(Span(around.file, number, 1, number, 1))
        column = line.find(cite, around.column - 1 if number == around.line else 0)
        if column >= 0:
            return Span(around.file, number, column + 1, number, column + 1 + len(cite))
    return around


__all__ = ["Clauses", "Uncited", "cited", "clauses_of", "ruling_id"]
