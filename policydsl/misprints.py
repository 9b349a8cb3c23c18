"""Slips of the pen that another place of the text shows for what they are: a bar of a table that is missing, doubled or
mistyped (the row above has it), a number without its unit (elsewhere it has one), the word 修改 of an amendment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from wcwidth import wcwidth

from policydsl.diagnostics import Diagnostic
from policydsl.text.fold import fold, is_cjk

_UNIT = re.compile(r"\s?(?:[a-z]+|[\u3400-\u9fff]+)")
_NUMBER = re.compile(r"[\d][\d.,]*")
_MARKS = re.compile(r"([(),:;、|“”\"【】=])\1")
_MARK = re.compile(r"[(),:;、|“”\"【】=<>.。]")
_WIDE = str.maketrans("(),:", "（），：")
_NO_COLON = " \t;；,，、.。>＞<＜|=＝"  # what may stand where a colon was meant
_LONGEST = 10  # letters of a unit
_TWICE = re.compile(r"([a-z]{2,}|[\u3400-\u9fff]+)\1")
Edit = tuple[int, int, str]


def bars(lines: Sequence[str], number: int) -> Iterator[Edit]:
    """Edits of a row (``number`` from 0), so that its bars stand where those of the next row of the table do."""
    line = lines[number]
    own = [i for i, char in enumerate(fold(line)) if char == "|"]
    for left, right in zip(own, own[1:], strict=False):
        if right == left + 1:
            yield right, right + 1, ""
    beside = next((b for b in (number - 1, number + 1) if 0 <= b < len(lines) and fold(lines[b]).count("|") > 1), None)
    if beside is None or "||" in fold(lines[beside]):
        return
    wanted = [column for column, char in _columns(lines[beside]) if char == "|"]
    here = [(column, char, i) for i, (column, char) in enumerate(_columns(line))]
    found = {column for column, char, _ in here if char == "|"}
    missing = next((column for column in wanted if column not in found), None)
    at = next(((char, i) for column, char, i in here if column == missing), None)
    if at is None:
        return
    if at[0].isspace():
        yield at[1], at[1], "|"
    elif not at[0].isalnum():
        yield at[1], at[1] + 1, "|"


def _columns(line: str) -> Iterator[tuple[int, str]]:
    """Each character, folded, with the column of a screen at which it stands."""
    column = 0
    for char, typed in zip(fold(line), line, strict=True):
        yield column, char
        column += max(wcwidth(typed), 0)


def units(text: str, line: str, start: int, end: int) -> Iterator[Edit]:
    """The unit that a number without one has elsewhere in the text, where that is always the same."""
    for bare in _NUMBER.finditer(line, start, end):
        behind = line[bare.end() :][:1]
        if behind.isalpha() or is_cjk(behind) or behind == "%":
            continue
        same = re.compile(rf"(?<![\d.,]){re.escape(bare[0])}({_UNIT.pattern})")
        seen = Counter(m[1] for m in same.finditer(text) if len(m[1]) <= _LONGEST)
        if len(seen) == 1:
            yield bare.end(), bare.end(), next(iter(seen))


def once(line: str, start: int, end: int) -> Iterator[Edit]:
    """A word that is written twice without a blank."""
    for m in _TWICE.finditer(line, max(0, start - _LONGEST), min(len(line), end + _LONGEST)):
        yield m.start(), m.end(), m[1]


def amended(line: str, change: Sequence[str], opening: str) -> Iterator[Edit]:
    """``修改`` before what says 改为."""
    first = len(line) - len(line.lstrip())
    if any(word in line for word in change) and not line[first:].startswith(opening):
        yield first, first, f"{opening} "


def mark(problem: Diagnostic, line: str, start: int) -> Iterator[Edit]:
    """A comma that is missing before what is marked, between brackets."""
    before = fold(line[:start])
    if problem.code == "POL102" and before.count("(") > before.count(")") and line[start : start + 1].strip():
        wide = any(map(is_cjk, line))
        yield len(before.rstrip()), start, "，" if wide else ", "


def colon(line: str, words: Sequence[str]) -> Iterator[Edit]:
    """A colon that is missing behind the kind or the word that opens a line, or before the kind that ends it."""
    first, mark = len(line) - len(line.lstrip()), "：" if any(map(is_cjk, line)) else ": "
    if ":" in fold(line):
        return
    for word in sorted(words, key=len, reverse=True):
        if line.startswith(word, first) and line[first + len(word) :].strip():
            behind = first + len(word)
            yield behind, behind + len(line[behind:]) - len(line[behind:].lstrip(_NO_COLON)), mark
            break
    for word in sorted(words, key=len, reverse=True):
        if line.rstrip().endswith(word) and len(line.strip()) > len(word):
            at = len(line.rstrip()) - len(word)
            yield len(line[:at].rstrip()), at, mark
            break


def marks(line: str, start: int) -> Iterator[Edit]:
    """A mark that is typed twice, or another than was meant: which of the brackets is missing says which."""
    text, wide = fold(line), any(map(is_cjk, line))
    for m in _MARKS.finditer(text):
        yield m.start(), m.end(), line[m.start()]
    if not _MARK.match(text, start):
        return
    opened, closed = text.count("("), text.count(")")
    meant = [*("(" if opened < closed else ""), *(")" if opened > closed else ""), ":", ",", *("、" if wide else "")]
    for mark in meant:
        if mark != text[start]:
            apart = " " if mark in ":," and line[start + 1 : start + 2] != " " else ""
            yield start, start + 1, mark.translate(_WIDE) if wide else mark + apart


def closing(line: str, start: int, words: Sequence[str]) -> Iterator[Edit]:
    """A bracket that is missing at the end of a line, or before what says something else of it."""
    text = fold(line)
    close = "）" if any(map(is_cjk, line)) else ")"
    end = len(text.partition("【")[0].rstrip())
    if start < end:
        yield end, end, close
    known = tuple(words)
    for m in re.finditer(r"\s*[≥≤<>=]|[,;:、]\s*", text[start:end]):
        if m[0][-1:] in "≥≤<>=" or text.startswith(known, start + m.end()):
            yield start + m.start(), start + m.start(), close


def named(line: str, start: int, names: Sequence[str]) -> Iterator[Edit]:
    """A colon that is missing behind the name at a place."""
    for name in sorted(names, key=len, reverse=True):
        behind = start + len(name)
        if line.startswith(name, start) and line[behind:].strip():
            yield behind, behind, "：" if any(map(is_cjk, line)) else ":"
            return


def of_two(line: str, start: int, names: Sequence[str], openers: Sequence[str]) -> Iterator[Edit]:
    """A word of two characters of which one is another: a name where the mark stands, or the word that opens a line."""
    first = len(line) - len(line.lstrip())
    places = [(first, openers)] * (start <= first + 2) + [(at, names) for at in (start, start - 1) if at >= first]
    for at, words in places:
        written = line[at : at + 2]
        for word in words:
            if len(word) == 2 and is_cjk(written[:1]) and (word[0] == written[0]) != (word[1] == written[1:]):
                yield at, at + 2, word


__all__ = ["Edit", "amended", "bars", "closing", "colon", "mark", "marks", "named", "of_two", "once", "units"]
