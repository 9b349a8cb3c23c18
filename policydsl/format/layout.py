"""Lines: indentation, tables as wide as they must be, comments where the author put them, blank lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from wcwidth import wcswidth

from policydsl.diagnostics import Language
from policydsl.format.pieces import Piece, joined
from policydsl.members import dataclass
from policydsl.text.source import COMMENT, Source, is_ruler

INDENT = "  "
FURTHER = 4
_BINDINGS = frozenset({"given", "expect"})


@dataclass(slots=True)
class Entry:
    """A line to be written. ``block`` is the number of its block (0 before the first); ``level`` is 0 for a block word
    and the comments above it, 1 for what stands in a block, 2 for a line that goes on."""

    kind: str  # code, row, ruler, comment
    text: str = ""
    level: int = 1
    block: int = 0
    column: int = 0
    spaced: bool = False
    remark: str = ""
    table: int = 0
    hang: int = FURTHER
    cells: list[str] = field(default_factory=list)


class Page:
    """Puts the lines of a text together again."""

    def __init__(self, source: Source, to: Language, merged: Mapping[int, int]) -> None:
        self.source, self.to, self.merged = source, to, merged
        self.code: dict[int, Entry] = {}
        self.blocks = 0
        self._words: dict[int, str] = {}

    # ------------------------------------------------------------------------------------------ code
    def block(self, pieces: Iterable[Piece], *, headed: bool) -> None:
        """The pieces of a block, line by line."""
        self.blocks += 1
        first, line = headed, list[Piece]()
        pieces = list(pieces)
        self._words[self.blocks] = pieces[0].kind if pieces else ""
        for piece in pieces:
            if piece.kind != "_NL":
                line.append(piece)
            elif line:
                self._logical(line, head=first)
                first, line = False, []

    def _logical(self, pieces: list[Piece], *, head: bool) -> None:
        """A line of the grammar, on as many lines as the author gave it."""
        if pieces[0].kind == "_BAR":
            self.code[pieces[0].line] = self._row(pieces)
            return
        parts: dict[int, list[Piece]] = {}
        last = 0
        for piece in pieces:
            last = max(last, self._home(piece.line))
            parts.setdefault(last, []).append(piece)
        hang = _hang(pieces, self.to)
        for k, (at, group) in enumerate(parts.items()):
            text = joined(group, self.to)
            if self.to == "en" and k + 1 < len(parts) and group[-1].kind == "_SEP":
                text = text[: -len(group[-1].text)] + "、"  # ; at the end of a line would close it
            self.code[at] = Entry("code", text, 2 if k else 0 if head else 1, self.blocks, hang=hang)

    def _home(self, line: int) -> int:
        while line in self.merged:
            line = self.merged[line]
        return line

    def _row(self, pieces: list[Piece]) -> Entry:
        cells: list[list[Piece]] = []
        for piece in pieces:
            if piece.kind == "_BAR":
                cells.append([])
            else:
                cells[-1].append(piece)
        texts = [joined(cell, self.to) for cell in cells]
        return Entry("row", texts[-1], 1, self.blocks, table=pieces[0].table, cells=texts[:-1])

    # ------------------------------------------------------------------------------------------ the page
    def text(self) -> str:
        """The whole text, in lines that end with a line feed."""
        entries = self._entries()
        self._place_comments(entries)
        self._align(entries)
        lengths: dict[int, int] = {}
        for entry in entries:
            if entry.kind != "comment":
                lengths[entry.block] = lengths.get(entry.block, 0) + 1
        out: list[str] = []
        before: Entry | None = None
        for entry in entries:
            if before is not None and self._blank(before, entry, lengths):
                out.append("")
            text = ("", INDENT, " " * entry.hang)[entry.level] + entry.text
            out.append((f"{text}  {entry.remark}" if entry.remark else text).rstrip())
            before = entry
        return "".join(line + "\n" for line in out)

    def _blank(self, before: Entry, entry: Entry, lengths: Mapping[int, int]) -> bool:
        """Whether a blank line goes between two lines: one between blocks (blocks of one line may follow one another),
        elsewhere where the author has one."""
        if entry.level == 0 and not (before.kind == "comment" and before.level == 0):
            here = before.block
            alike = lengths.get(here + 1, 0) <= 1 or self._words.get(here) == self._words.get(here + 1)
            return entry.spaced or not (lengths.get(here, 0) <= 1 and alike)
        if before.level == 0 and before.kind == "code":
            return False
        return entry.spaced

    def _entries(self) -> list[Entry]:
        """Everything that the author wrote, line by line."""
        source, out = self.source, list[Entry]()
        spaced = False
        block = table = 0
        for number, start in enumerate(source.starts):
            end = source.starts[number + 1] - 1 if number + 1 < len(source.starts) else len(source.text)
            line = source.norm[start:end]
            if not line.strip():
                spaced = True
                continue
            found = COMMENT.search(line)
            remark = self._author(start + found.start()) if found else ""
            entry = self.code.get(number)
            if entry is not None:
                block, table = entry.block, entry.table or table
                entry.remark = remark
            elif is_ruler(code := line[: found.start()].strip() if found else line.strip()):
                entry = Entry("ruler", code, 1, block, table=table, cells=_bars(code), remark=remark)
            elif remark:
                entry = Entry("comment", remark, 1, block)
            else:
                continue
            entry.column, entry.spaced = len(line) - len(line.lstrip()), spaced
            out.append(entry)
            spaced = False
        return out

    def _author(self, start: int) -> str:
        """The rest of a line, to the last character as typed."""
        place = self.source.span(start, start)
        return self.source.sources.line(place)[place.column - 1 :].rstrip()

    @staticmethod
    def _place_comments(entries: list[Entry]) -> None:
        """A comment belongs to the line below it, one above a block word to that block, unless it stands further in
        than the word: then it closes the block before."""
        following: Entry | None = None
        heads = [entry for entry in entries if entry.level == 0]
        for entry in reversed(entries):
            if entry.kind != "comment":
                following = entry
                continue
            if following is not None and following.level != 0:
                entry.level, entry.hang = following.level, following.hang
                continue
            head = following or (heads[-1] if heads else None)
            entry.level = 1 if entry.block and head is not None and entry.column > head.column else 0
        above = False  # behind a comment of the next block, no other can belong to the one before
        for entry in entries:
            if entry.kind != "comment":
                above = False
            elif entry.level == 0 or above:
                above = True
                entry.level = 0

    @staticmethod
    def _align(entries: list[Entry]) -> None:
        widths: dict[int, list[int]] = {}
        for entry in entries:
            if entry.kind == "row":
                known = widths.setdefault(entry.table, [])
                for i, cell in enumerate(entry.cells):
                    known[i:] = [max(width(cell), *known[i : i + 1], 0), *known[i + 1 :]]
        for entry in entries:
            if entry.kind == "row":
                wide = widths[entry.table][: len(entry.cells)]
                cells = (f" {cell}{' ' * (w - width(cell))} " for cell, w in zip(entry.cells, wide, strict=True))
                entry.text = f"|{'|'.join(cells)}| {entry.text}".rstrip()
            elif entry.kind == "ruler" and entry.table in widths:
                wide = widths[entry.table]
                marks = (entry.cells + [""] * len(wide))[: len(wide)]
                entry.text = f"|{'|'.join(_rule(mark, w + 2) for mark, w in zip(marks, wide, strict=True))}|"


def _hang(pieces: list[Piece], to: Language) -> int:
    """The column of what goes on in the next line: facts and expectations stand below one another."""
    if pieces[0].rule not in _BINDINGS:
        return FURTHER
    opening = joined(pieces[:2], to)
    return len(INDENT) + width(opening) + (to == "en")


def _bars(ruler: str) -> list[str]:
    return [cell.strip() for cell in ruler.strip("|").split("|")]


def _rule(mark: str, width: int) -> str:
    left, right = mark.startswith(":"), mark.endswith(":") and len(mark) > 1
    return ":" * left + "-" * (width - left - right) + ":" * right


def width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    columns = wcswidth(text)
    return columns if columns >= 0 else len(text)
