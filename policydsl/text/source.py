"""The text as the lexer sees it: folded copy, line table, code lines, table rows, and the cut into blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field
from typing import NamedTuple

from policydsl.clause_kinds import WRITTEN
from policydsl.diagnostics import Language
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text.fold import INVISIBLE, fold, lower
from policydsl.text.keywords import Dialect, Keyword, detect, dialect

BREAK = re.compile("\r\n|[\r\n\u000b\u000c\u0085\u2028\u2029]")
COMMENT = re.compile(r"(?:^|(?<=\s))(?:#|//)")
_DECORATION = re.compile(r"[-•*]\s*")
BULLET = re.compile(
    r"(?:[-*•]|(?:\(\d{1,2}\)|\d{1,2}[.)](?=\s)|\d{1,2}、|[①-⑳]|\([a-z]\)|[a-z][.)](?=\s))(?:\s*[-*•](?=\s))?)\s*"
)
NAME_ENDS = frozenset(":=(【,、;)|")
FACT_BLOCKS = frozenset({"_DATA", "_LEDGER", "_PARAMS"})
# The blocks that may stand in the rows of a table, below their word alone.
ROWED = frozenset({"_REQUIRE", "_REWARD", "_PENALTY", "_RESTRICT", "_RULE", "_DEADLINE"})
_TABLE_BLOCKS = {"_TABLE", "_EXAMPLE", *(k.head for k in WRITTEN.values() if "table" in k.lines)}


class Cell(NamedTuple):
    """A trimmed cell of a row."""

    start: int
    end: int


@dataclass(slots=True)
class CodeLine:
    """A line that carries code: from its first character to its last, without comment and closing stop.

    ``raw_end`` keeps the stop (free text wants it); ``cells`` are those of a table row, its citations begin at
    ``tail``.
    """

    start: int
    end: int
    raw_end: int
    cells: tuple[Cell, ...] = ()
    tail: int = 0
    tabbed: bool = False


@dataclass(slots=True)
class Chunk:
    """One block: its lines, and its block word (None for lines before the first block). ``of``: the word of the block
    that is written out, so behind 替换 the second."""

    head: Keyword | None
    of: Keyword | None = None
    lines: list[CodeLine] = field(default_factory=list)

    @property
    def word(self) -> str:
        """The terminal of the word that its lines are of; empty before the first block."""
        return self.of.terminal if self.of is not None else ""

    @property
    def declares(self) -> bool:
        """Whether its lines declare facts."""
        return self.word in FACT_BLOCKS


class Source:
    """A text, prepared. Offsets are into the text without invisible characters, spans into the author's text."""

    def __init__(self, text: str, file: str, code: Language | None = None) -> None:
        self.file = file
        self.lines = tuple(BREAK.split(text))
        self.starts: list[int] = []
        self._hidden: dict[int, list[int]] = {}
        clean, at = [], 0
        for number, line in enumerate(self.lines):
            self.starts.append(at)
            if INVISIBLE.search(line):
                self._hidden[number] = [m.start() - k for k, m in enumerate(INVISIBLE.finditer(line))]
                line = INVISIBLE.sub("", line)
            clean.append(line)
            at += len(line) + 1
        self.text = "\n".join(clean)
        self.norm = fold(self.text)
        self.low = lower(self.norm)
        self.words: Dialect = dialect(code or detect(self.low))
        self.sources = Sources.of(file, self.lines)
        self.chunks: list[Chunk] = []
        self._cut()

    # ------------------------------------------------------------------------------------------ places
    def line_of(self, pos: int) -> int:
        """The 0-based line of an offset."""
        return bisect_right(self.starts, pos) - 1

    def span(self, start: int, end: int) -> Span:
        """The author's place of a stretch of the clean text."""
        line, column = self._place(start)
        end_line, end_column = self._place(max(start, end))
        return Span(self.file, line, column, end_line, end_column)

    def offset(self, line: int, column: int) -> int:
        """The offset of an author's place: the inverse of ``span``."""
        at = column - 1
        for k, hidden in enumerate(self._hidden.get(line - 1, ())):
            if hidden + k < column - 1:
                at -= 1
        return self.starts[line - 1] + at

    def offset_of(self, span: Span) -> tuple[int, int]:
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)

    def _place(self, pos: int) -> tuple[int, int]:
        line = bisect_right(self.starts, pos) - 1
        column = pos - self.starts[line]
        if line in self._hidden:
            column += bisect_right(self._hidden[line], column)
        return line + 1, column + 1

    # ------------------------------------------------------------------------------------------ lines
    def _cut(self) -> None:
        """Find the code lines and cut them into blocks at block words."""
        chunk: Chunk | None = None
        width = 0
        for number, start in enumerate(self.starts):
            end = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)
            line = self._code_line(start, end)
            if line is None:
                continue
            head = self._block_word(line, chunk)
            if head or chunk is None:
                chunk = Chunk(head, self._written_out(head, line))
                self.chunks.append(chunk)
                width = 0
            if not head:
                width = self._row(line, chunk, end, width)
            chunk.lines.append(line)

    def _code_line(self, start: int, end: int) -> CodeLine | None:
        norm = self.norm
        comment = COMMENT.search(norm[start:end])
        if comment:
            end = start + comment.start()
        while end > start and norm[end - 1].isspace():
            end -= 1
        while start < end and norm[start].isspace():
            start += 1
        raw_end = end
        if end > start and norm[end - 1] in ".;":
            end -= 1
            while end > start and norm[end - 1].isspace():
                end -= 1
        if start >= end or is_ruler(norm[start:end]):
            return None
        return CodeLine(start, end, raw_end)

    def after_decoration(self, pos: int, end: int) -> int:
        """The first significant character of a line, behind a decorative bullet."""
        m = _DECORATION.match(self.norm, pos, end)
        return m.end() if m and m.end() < end else pos

    def _block_word(self, line: CodeLine, chunk: Chunk | None) -> Keyword | None:
        pos = self.after_decoration(line.start, line.end)
        found = self.head_at(pos, line.end)
        if not found:
            return None
        declares = chunk is not None and chunk.declares and self.declares(pos, line.end)
        if declares and not self._named_outcome(found[1], found[0], line.end):
            return None
        tab = self.norm[found[0] : found[0] + 1] == "\t" and "\t" in self.norm[found[0] + 1 : line.end]
        if tab and chunk is not None and chunk.word in _TABLE_BLOCKS:
            return None  # the header of a pasted table may begin with 等级 or 要求
        return found[1]

    def _written_out(self, head: Keyword | None, line: CodeLine) -> Keyword | None:
        """The word of the block that a line begins: behind 替换 that of what is new."""
        first = self.head_at(self.after_decoration(line.start, line.end), line.end) if head is not None else None
        if first is None or first[1].terminal != "_REPLACE":
            return head
        inner = self.head_at(line.end - len(self.norm[first[0] : line.end].lstrip()), line.end)
        return inner[1] if inner is not None else head

    def head_at(self, pos: int, end: int) -> tuple[int, Keyword] | None:
        """A block word: at the start of a line, followed by a blank, or (some) by a colon or nothing; one that stands
        alone above a table, too."""
        best = None
        for stop, group in self.words.head_words.matches(self.low, pos, end):
            rest = self.norm[stop:end].lstrip()
            if group[0].bare:
                if not rest or rest[0] in ":【":
                    best = stop, group[0]
            elif rest[0] not in ":=" and self.norm[stop].isspace() if rest else self._heads_several(group[0], end):
                best = stop, group[0]
        return best

    def _heads_several(self, word: Keyword, end: int) -> bool:
        """Whether the word may stand alone above a table of blocks, and there is one below the line that ends here,
        before any other block; above a list, if it is that of duties."""
        if word.terminal == "_DUTY":
            return self._item_below(end)
        if word.terminal not in ROWED:
            return False
        for number in range(self.line_of(end) + 1, len(self.starts)):
            last = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)
            line = self._code_line(self.starts[number], last)
            if line is None:
                continue
            if self.norm[line.start] == "|":
                return True
            words = self.words.head_words.matches(self.low, line.start, line.end)
            if any(not self.norm[stop : stop + 1].strip(" \t\n:【") for stop, _ in words):
                return False
        return False

    def _item_below(self, end: int) -> bool:
        """Whether the next line is one of a list."""
        for number in range(self.line_of(end) + 1, len(self.starts)):
            last = self.starts[number + 1] - 1 if number + 1 < len(self.starts) else len(self.text)
            if (line := self._code_line(self.starts[number], last)) is not None:
                return BULLET.match(self.norm, line.start, line.end) is not None
        return False

    def declares(self, pos: int, end: int) -> bool:
        """``name: type`` or ``name = value``, although the name may begin with a block word."""
        line = self.norm[pos:end]
        return bool(self.words.typed_line.match(line) or self.words.valued_line.match(line))

    def _named_outcome(self, word: Keyword, pos: int, end: int) -> bool:
        """``计算 X：选项（…）``: a heading with its outcomes, not a fact whose name begins with the block word."""
        typed = self.low[pos:end].partition(":")[2].lstrip()
        return word.terminal == "_COMPUTE" and typed.startswith(tuple(self.words.labels["_T_CHOICE"]))

    def field_at(self, pos: int, end: int) -> Keyword | None:
        """A line word followed by its colon."""
        best = None
        for stop, group in self.words.field_words.matches(self.low, pos, end):
            if self.norm[stop:end].lstrip()[:1] == ":":
                best = group[0]
        return best

    def name_end(self, pos: int, end: int) -> int:
        """Where a name that is being declared ends."""
        stop = pos
        if self.norm[pos : pos + 1] == "「" and (close := self.norm.find("」", pos, end)) > 0:
            return close + 1
        while stop < end and self.norm[stop] not in NAME_ENDS:
            stop += 1
        if self.norm[stop : stop + 1] == ")":
            # 选项（甲、乙 等）: the mark of an open list is no part of the last name
            mark = self.words.open_tail(self.norm[pos:stop])
            if mark:
                stop = pos + mark
        while stop > pos and self.norm[stop - 1].isspace():
            stop -= 1
        return stop

    def member_end(self, pos: int, end: int) -> int:
        """Where a name ends that is one of several behind their kind: also before the mark of those to be filled in."""
        stop = self.name_end(pos, end)
        star = self.norm.find("*", pos, stop)
        return len(self.norm[:star].rstrip()) if star > pos else stop

    # ------------------------------------------------------------------------------------------ rows
    def _row(self, line: CodeLine, chunk: Chunk, end: int, width: int) -> int:
        """Split a table row into cells; returns the number of columns of a table pasted with tabs, if we are in one."""
        norm, pos = self.norm, self.after_decoration(line.start, line.end)
        if norm[line.start] == "|" or norm[pos] == "|":
            self._bars(line, line.start if norm[line.start] == "|" else pos)
            return len(line.cells)
        if (
            chunk.word not in _TABLE_BLOCKS
            or not self._has_tabs(line, chunk, end, width)
        ):
            return 0
        self._tabs(line, width)
        return width or len(line.cells)

    def _has_tabs(self, line: CodeLine, chunk: Chunk, end: int, width: int) -> bool:
        """A row pasted from a spreadsheet: tabs between cells, or at the ends of a row in a table of such rows."""
        norm, pos = self.norm, self.after_decoration(line.start, line.end)
        between = "\t" in norm[line.start : line.end]
        if width:
            first = self.starts[self.line_of(line.start)]
            at_ends = "\t" in norm[line.raw_end : end] or (chunk.lines[-1].tabbed and "\t" in norm[first : line.start])
            return between or (at_ends and not self.field_at(pos, line.end))
        if not between or self.field_at(pos, line.end) or BULLET.match(norm, line.start, line.end):
            return False
        # a line word alone before the tab: a line of the block, typed with a tab instead of a colon
        return self.words.field_words.get(self.low[pos : norm.find("\t", pos)].strip()) is None

    def _bars(self, line: CodeLine, pos: int) -> None:
        norm, end = self.norm, line.end
        line.start = pos
        bounds, start = [], pos + 1
        while (bar := norm.find("|", start, end)) >= 0:
            bounds.append((start, bar))
            start = bar + 1
        rest = start
        while rest < end and norm[rest].isspace():
            rest += 1
        line.tail = rest
        if rest < end and norm[rest] != "【":
            # the closing bar was forgotten; citations behind the last cell still count as such
            stop = norm.find("【", rest, end)
            stop = stop if stop >= 0 and norm[end - 1] == "】" else end
            bounds.append((start, stop))
            line.tail = stop
        line.cells = tuple(self._trim(a, b) for a, b in bounds)

    def _tabs(self, line: CodeLine, width: int) -> None:
        """A row pasted from a spreadsheet. Leading and trailing tabs are empty cells only when the columns say so."""
        norm = self.norm
        first = self.starts[self.line_of(line.start)]
        cite = norm.find("【", line.start, line.end)
        stop = cite if cite >= 0 and norm[line.end - 1] == "】" else line.end
        line.tail = stop
        begin = line.start
        leading = norm.count("\t", first, line.start)
        inner = norm.count("\t", line.start, stop) + 1
        lacking = min(leading, width - inner) if width > inner else 0
        cells = [Cell(begin, begin)] * lacking
        while (tab := norm.find("\t", begin, stop)) >= 0:
            cells.append(self._trim(begin, tab))
            begin = tab + 1
        last = self._trim(begin, stop)
        if last.start < last.end or cite < 0:
            cells.append(last)
        cells += [Cell(stop, stop)] * max(0, min(width, 200) - len(cells))
        line.cells, line.tabbed = tuple(cells), True

    def _trim(self, start: int, end: int) -> Cell:
        while start < end and self.norm[start].isspace():
            start += 1
        while end > start and self.norm[end - 1].isspace():
            end -= 1
        return Cell(start, end)


def is_ruler(line: str) -> bool:
    """The rule under the header of a Markdown table: ``|---|:--:|``."""
    return "|" in line and "-" in line and not line.strip("|:- \t")
