"""Slips of the pen in the shipped policies: of those that change the meaning (or leave none), how many are told on the
line where they were made, how many with the right repair first, how many in silence.

A slip is a change of one character or one word; which ones are made depends on ``--seed`` alone. Left out is what no
reader could see either, because what is written then is a sentence of its own ("another" in the table; the last line
counts those as silent, too): another number, another declared name,
another word of the language, a word or an option less, another unit of the same kind, a name that stands nowhere else,
a word or mark in a column of a table that no rule reads. What is the same program, but for the width of its characters,
is unchanged, and so is a plain number where so many are counted, of what has no unit elsewhere.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from policydsl import core, nodes
from policydsl.diagnostics import Diagnostic
from policydsl.editor import tokens as coloured
from policydsl.editor.repairs import Repair, repairs
from policydsl.editor.snapshot import Snapshot
from policydsl.format.program import without_places
from policydsl.kinds import TEXT
from policydsl.text import Memory
from policydsl.text.fold import fold
from policydsl.text.keywords import dialect
from policydsl.walk import every_of

POLICIES = Path(__file__).resolve().parent.parent / "policies"
OUTCOMES = ("mended", "there", "elsewhere", "silent", "unchanged", "another")
# Slips that can leave a sentence of its own: a word of the language or an option less, another unit of the same kind.
SENTENCES = ("a keyword: left out", "a name: left out", "a unit")
NAMES = ("variable", "parameter", "class", "function", "property", "enumMember")
UNITS = {
    "zh": "元 万元 人 个 家 次 项 分 天 日 个月 年 小时 个工作日".split(),
    "en": "people items times days months years".split(),
}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
MARKS = "，、：；（）【】“”＝≥≤＞＜|,:;()=<>\""
BEFORE = {"a blank": ("\t", "\u00a0", "\u200b"), "a number": ("1. ", "（1）")}
AIMS = "told on their line (aim 95%), {:.1f}% with the right repair first (aim 60%), {} in silence (aim 0)"


class Word(NamedTuple):
    """A word of a policy: its place in the text, its look, and whether it declares a name."""

    start: int
    end: int
    look: str
    declares: bool


class Slip(NamedTuple):
    """``text`` in the place of what stood from ``start`` to ``end``."""

    kind: str
    start: int
    end: int
    text: str


class Document:
    """A policy without a slip, and its words."""

    def __init__(self, path: Path) -> None:
        self.path, self.text = path, path.read_text(encoding="utf-8")
        self.memory = Memory()
        self.sound = Snapshot(path.as_uri(), self.text, 0, memory=self.memory)
        self.lang = self.sound.dialect
        words = dialect(self.lang)
        self.keywords = {k.spelling for k in (*words.inline, *words.fields, *words.heads)}
        self.told = counted(self.sound.policy.diagnostics)
        self.meaning = told_of(self.sound.policy.program)
        self.lines = [0, *(m.end() for m in re.finditer("\n", self.text))]
        examples = [b.span for b in self.sound.policy.file.blocks if isinstance(b, nodes.Example)]
        self.aside = {n for span in examples for n in range(span.line, span.end_line + 1)}
        self.words = [w for w in self.found() if self.line_of(w.start) not in self.aside]
        self.names = Counter(self.text[w.start : w.end] for w in self.words if w.look in NAMES)

    def kept(self, snapshot: Snapshot) -> bool:
        """Whether a text that can be read means the same."""
        return not snapshot.broken and told_of(snapshot.policy.program) == self.meaning

    def line_of(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def found(self) -> Iterator[Word]:
        data = coloured.tokens(self.sound).data
        line = character = 0
        for at in range(0, len(data), 5):
            down, right, length, look, declares = data[at : at + 5]
            character = right if down else character + right
            line += down
            start = self.lines[line] + character
            yield Word(start, start + length, coloured.TYPES[look], bool(declares))

    def without(self, slip: Slip) -> str:
        return self.text[: slip.start] + slip.text + self.text[slip.end :]


def told_of(program: core.Program) -> Any:
    """What a program says, to be compared."""
    return narrow(without_places(program))


def narrow(part: Any) -> Any:
    """A program without places, its texts in characters of one width."""
    if isinstance(part, str):
        return fold(part)
    if isinstance(part, tuple):
        return tuple(map(narrow, part))
    return {key: narrow(value) for key, value in part.items()} if isinstance(part, dict) else part


def unread(program: core.Program) -> core.Program:
    """A program without the texts of tables that no rule reads: what is there for people alone, as a remark is."""
    read = {(term.list, term.name) for term in every_of(program) if isinstance(term, core.Read)}

    blank = core.Const(None, kind=TEXT)

    def kept(table: core.ListDecl) -> core.ListDecl:
        texts = {f.name for f in table.fields if f.kind.base == "text"} - {table.key}
        idle = [f.name in texts and (table.name, f.name) not in read for f in table.fields]
        rows = tuple(
            replace(row, cells=tuple(blank if no else cell for no, cell in zip(idle, row.cells, strict=True)))
            for row in table.rows
        )
        return replace(table, rows=rows)

    return replace(program, lists={name: kept(table) for name, table in program.lists.items()})


def unitless(part: Any) -> Any:
    """A program in which so many of something are plain numbers, as they are compared and worked out."""
    if isinstance(part, tuple) and part[:1] == ("Kind",) and part[1]["base"] in ("count", "number"):
        return "Number"
    if isinstance(part, tuple):
        return tuple(map(unitless, part))
    return {key: unitless(value) for key, value in part.items()} if isinstance(part, dict) else part


def counted(problems: Sequence[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((p.code, repr(sorted(p.args.items()))) for p in problems)


# ---------------------------------------------------------------------------------------------- slips
def of_a_word(document: Document, word: Word, draw: Random) -> Iterator[Slip]:
    """One character or one word of a word that is written."""
    text, what = document.text[word.start : word.end], "a keyword" if word.look == "keyword" else "a name"
    at = draw.randrange(len(text))
    other = draw.choice(document.text[document.words[draw.randrange(len(document.words))].start])
    without = text[:at] + text[at + 1 :]
    if without.lower() not in document.keywords:
        yield Slip(f"{what}: a character left out", word.start, word.end, without)
    yield Slip(f"{what}: a character twice", word.start, word.end, text[:at] + text[at] + text[at:])
    yield Slip(f"{what}: another character", word.start, word.end, text[:at] + other + text[at + 1 :])
    yield Slip(f"{what}: said twice", word.start, word.end, f"{text} {text}")
    yield Slip(f"{what}: left out", word.start, word.end, "")
    if at:
        turned = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
        yield Slip(f"{what}: two changed round", word.start, word.end, turned)


def slips_of_words(document: Document, draw: Random) -> Iterator[Slip]:
    words = [w for w in document.words if w.look in ("keyword", *NAMES) and w.end - w.start > 1]
    while True:
        word = draw.choice(words)
        if word.look != "keyword" and document.names[document.text[word.start : word.end]] < 2:
            continue  # a name that nobody reads may be any
        yield draw.choice([*of_a_word(document, word, draw)])


def slips_of_numbers(document: Document, draw: Random) -> Iterator[Slip]:
    numbers = [w for w in document.words if w.look == "number"]
    while True:
        word = draw.choice(numbers)
        text = document.text[word.start : word.end]
        found = re.fullmatch(r"([\d.,０-９]+)(\s*)(\D+)", text)
        if found is None:
            continue
        number, space, unit = found.groups()
        if not number.strip("0.０"):
            continue  # nothing is nothing in any unit
        kind = draw.choice(("a unit", "no unit", "full width", "a unit twice"))
        if kind == "a unit":
            yield Slip(kind, word.start, word.end, number + space + draw.choice(UNITS[document.lang]))
        elif kind == "no unit":
            yield Slip(kind, word.start, word.end, number)
        elif kind == "full width":
            yield Slip(kind, word.start, word.end, number.translate(WIDE) + space + unit)
        else:
            yield Slip(kind, word.start, word.end, text + unit)


def slips_of_marks(document: Document, draw: Random) -> Iterator[Slip]:
    notes = {document.line_of(w.start) for w in document.words if w.look == "comment"}
    used = {n for w in document.words for n in range(w.start, w.end)}
    lines = {document.line_of(w.start) for w in document.words} - notes
    marks = [i for i, c in enumerate(document.text) if c in MARKS and i not in used and document.line_of(i) in lines]
    starts = [document.lines[n - 1] for n in sorted(lines)]
    while True:
        kind, at = draw.choice(("left out", "twice", "another")), draw.choice(marks)
        mark = document.text[at]
        made = {"left out": "", "twice": mark * 2, "another": draw.choice(MARKS)}[kind]
        yield Slip(f"a mark: {kind}", at, at + 1, made)
        if draw.random() < 0.3:
            start = draw.choice(starts)
            while document.text[start] == " ":
                start += 1
            kind = draw.choice(list(BEFORE))
            yield Slip(f"before a line: {kind}", start, start, draw.choice(BEFORE[kind]))


SORTS: tuple[Callable[[Document, Random], Iterator[Slip]], ...] = (slips_of_words, slips_of_numbers, slips_of_marks)
SHARES = (0.7, 0.12, 0.18)


# ---------------------------------------------------------------------------------------------- what is told
def lines_of(problem: Diagnostic, file: str) -> set[int]:
    """The lines that a problem names."""
    spans = [problem.span, *([problem.other.span] if problem.other is not None else [])]
    return {n for span in spans if span.file == file for n in range(span.line, span.end_line + 1)}


def offered(problem: Diagnostic, made: Snapshot, line: int) -> list[Repair]:
    """The first repair that a problem offers for a line."""
    return [r for r in repairs(problem, made) if made.text.count("\n", 0, r.stretch[0]) + 1 == line][:1]


def outcome(document: Document, slip: Slip) -> tuple[str, list[Diagnostic]]:
    """What comes of a slip, and what is told besides what was told before."""
    made = Snapshot(document.path.as_uri(), document.without(slip), 1, memory=document.memory)
    before, fresh = document.told.copy(), []
    for problem in made.policy.diagnostics:
        key = (problem.code, repr(sorted(problem.args.items())))
        if before[key]:
            before[key] -= 1
        else:
            fresh.append(problem)
    broken = made.broken
    if not broken and not fresh and slip.kind in SENTENCES:
        return "another", fresh
    if not broken and document.kept(made):
        return "unchanged", fresh
    if not broken and not fresh and slip.kind == "no unit":
        if unitless(told_of(made.policy.program)) == unitless(document.meaning):
            return "unchanged", fresh
    if not broken and not fresh and slip.kind.startswith(("a mark", "a name")):
        if told_of(unread(made.policy.program)) == told_of(unread(document.sound.policy.program)):
            return "another", fresh
    line = document.line_of(slip.start)
    here = [p for p in fresh if line in lines_of(p, made.file)]
    if not here:
        return ("elsewhere" if fresh else "silent"), fresh
    for problem in here:
        for repair in offered(problem, made, line):
            start, end = repair.stretch
            text = made.text[:start] + repair.text + made.text[end:]
            if text == document.text:
                return "mended", fresh
            again = Snapshot(document.path.as_uri(), text, 2, memory=document.memory)
            if document.kept(again):
                return "mended", fresh
    return "there", fresh


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slips", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", choices=(*OUTCOMES, "all"), action="append", default=[], help="list such slips")
    asked = parser.parse_args()
    documents = [Document(path) for path in sorted(POLICIES.glob("*.pol"))]
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for number, document in enumerate(documents):
        draw = Random(f"{asked.seed} {document.path.name}")
        makers = [sort(document, draw) for sort in SORTS]
        most = asked.slips * (number + 1) // len(documents) - asked.slips * number // len(documents)
        for _ in range(most):
            slip = next(draw.choices(makers, SHARES)[0])
            found, told = outcome(document, slip)
            table[slip.kind][found] += 1
            if found in asked.show or "all" in asked.show:
                was = document.text[slip.start : slip.end]
                codes = " ".join(f"{p.code}:{p.span.line}" for p in told[:4])
                where = f"{document.path.name}:{document.line_of(slip.start)}"
                print(f"{found:10} {where} {slip.kind}: {was!r} → {slip.text!r}  {codes}", flush=True)
    print(f"{'':32}" + "".join(f"{name:>11}" for name in OUTCOMES))
    for kind, row in sorted(table.items()):
        print(f"{kind:32}" + "".join(f"{row[name]:>11}" for name in OUTCOMES))
    every = sum(table.values(), Counter[str]())
    wrong = every.total() - every["unchanged"] - every["another"]
    there = every["mended"] + every["there"]
    told_there, strictly = 100 * there / wrong, wrong + every["another"]
    print(f"\nof {every.total()} slips {wrong} change or lose the meaning: {told_there:.1f}%",
          AIMS.format(100 * every["mended"] / wrong, every["silent"]))
    print(f"with those that leave a sentence of their own, {strictly}: {100 * there / strictly:.1f}% on their line, "
          f"{100 * every['mended'] / strictly:.1f}% with the right repair first, "
          f"{every['silent'] + every['another']} told by nothing")


if __name__ == "__main__":
    main()
