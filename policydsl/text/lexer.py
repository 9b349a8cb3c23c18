"""Tokens on demand: the parser says which terminals it can take, the longest name, keyword or quantity wins.

Three ideas hold it together. Offsets are into the folded text, so width never matters. Declared names come first: in a
run of Chinese text the longest match wins, and a name wins a tie, so names may contain keywords. Only terminals that
the parser can take are candidates, so one word may be a keyword in one place and part of a name in another.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from policydsl.members import dataclass
from policydsl.text.duties import name_before
from policydsl.text.fold import boundary, is_cjk, is_word, name_key
from policydsl.text.keywords import Keyword
from policydsl.text.named import NAMING
from policydsl.text.names import Names, is_remark
from policydsl.text.quantities import Bad, Quantity, Reader
from policydsl.text.source import BULLET, NAME_ENDS, Chunk, CodeLine, Source
from policydsl.text.tables import END

MOST_BRACKETS = 100
_ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_UNIT = re.compile(r"[^()]+")
_STOPS = frozenset(':=(),、;|【】<>≥≤≠+×÷*"「」')
_RAW = ("HCELL", "DCELL")
_LISTED = ("", ")", "【")  # what may follow the last of a list of options
_JOINING = frozenset({"_COMMA", "_SEP", "_AND", "_OR", "_PLUS", "_MINUS", "_TIMES", "_DIV"})
_NAME, _KEYWORD, _SECOND, _QUANTITY = 4, 3, 2, 1
NAMES = frozenset({"NAME", "LISTNAME"})  # the terminals of names that are used


@dataclass(slots=True)
class Token:
    """``value`` is the neutral value of a keyword, the content of a quantity, the declared spelling of a name, or the
    author's text; ``unknown`` marks a name that nobody declared."""

    type: str
    value: object
    start: int
    end: int
    unknown: bool = False


class Fault(Exception):
    """The text at this place cannot be a token: the code of the diagnostic, and what it is about."""

    def __init__(self, code: str, start: int, end: int, **args: str) -> None:
        super().__init__(code)
        self.code, self.start, self.end, self.args_ = code, start, end, args


class Lexer:
    """The tokens of some lines of one block."""

    def __init__(
        self, source: Source, names: Names, reader: Reader, chunk: Chunk
    ) -> None:
        self.source, self.names, self.reader = source, names, reader
        self.head, self.of, self.lines = chunk.head, chunk.word, chunk.lines
        self._declares_facts = chunk.declares
        self._lists_options = chunk.word == "_OPTIONLIST"
        self.unknown: list[Token] = []
        self.steps = 0
        self.brackets: list[Token] = []
        self._index = self._first = 0
        self._given = self._closing = self._grouped = False
        self.at_new_line = True
        self._last = ""
        self._open(0)

    def _open(self, index: int, *, joined: bool = False) -> None:
        """Begin a line; ``joined`` when it goes on with the one before."""
        self._index = index
        if not joined:
            self._first = index
            self.brackets.clear()
            self._grouped = False
        if index < len(self.lines):
            line = self.lines[index]
            self._pos, self._end = line.start, line.end
            self._cell = -1 if line.cells else None
            self._at_start = not joined

    def skip_line(self, *, to_end: bool = False) -> bool:
        """Pass over the line that is being read (or all that follow); false when there was none."""
        if self._first >= len(self.lines):
            return False
        self._closing = False
        self._open(len(self.lines) if to_end else self._index + 1)
        self._last, self.at_new_line = "", True
        return True

    def logical_line(self) -> tuple[int, int]:
        """First and last line of what is being read (a line may go on in the next)."""
        return self._first, self._index

    # ------------------------------------------------------------------------------------------ driving
    def next(self, row: Mapping[str, int]) -> Token:
        """The next token; ``row`` holds the terminals that the parser can take."""
        self.at_new_line = False
        token = self._next(row)
        self._last = token.type
        if token.type == "_LPAR":
            self.brackets.append(token)
            if len(self.brackets) > MOST_BRACKETS:
                raise Fault("POL122", token.start, token.end, limit=str(MOST_BRACKETS))
        elif token.type == "_RPAR" and self.brackets:
            self.brackets.pop()
        if token.unknown:
            self.unknown.append(token)
        return token

    def _next(self, row: Mapping[str, int]) -> Token:
        norm = self.source.norm
        while self._index < len(self.lines):
            if self._closing:
                self._closing = False
                self._open(self._index + 1)
                continue
            line = self.lines[self._index]
            while self._pos < self._end and norm[self._pos].isspace():
                self._pos += 1
            if self._cell is not None:
                token = self._cell_token(line, row)
                if token:
                    return token
            if self._pos < self._end:
                self.steps += 1
                token = self._token(row)
                if token:
                    self._pos = token.end
                    return token
                continue
            if self._cell is not None and self._cell < len(line.cells):
                continue
            if self._goes_on(row, line):
                self._open(self._index + 1, joined=True)
                continue
            self._closing = self.at_new_line = (
                True  # the line stays current until its end is taken: a fault there is this line's
            )
            return Token("_NL", "", line.end, line.end)
        at = self.lines[-1].end if self.lines else 0
        return Token(END, "", at, at)

    def _cell_token(self, line: CodeLine, row: Mapping[str, int]) -> Token | None:
        """In a table row: the bars, and cells that are taken whole; None inside a cell or behind the last one."""
        cell = self._cell
        assert cell is not None
        if cell >= len(line.cells):
            return None
        if cell >= 0 and self._pos < self._end:
            return None
        self._at_start = False
        bar = line.start if cell < 0 else self._end
        token = Token("_BAR", "|", bar, bar)
        if not line.tabbed:
            norm = self.source.norm
            while bar < line.end and norm[bar].isspace():
                bar += 1
            if norm[bar : bar + 1] == "|":
                token.start, token.end = bar, bar + 1
        if cell >= 0 and not self._given:
            # an empty cell still is one
            self._given = True
            taken = self._whole_cell(row, self._end, self._end)
            if taken:
                return taken
        self._cell = cell + 1
        if cell + 1 < len(line.cells):
            start, end = line.cells[cell + 1]
            self._pos, self._end, self._given = start, end, False
        else:
            self._pos, self._end = max(line.tail, token.end), line.end
        return token

    def _whole_cell(self, row: Mapping[str, int], start: int, end: int) -> Token | None:
        for kind in _RAW:
            if kind in row:
                end = self._heading_end(start, end) if kind == "HCELL" else end
                return Token(kind, self.source.text[start:end], start, end)
        if "ANY" in row and self.source.low[start:end] in self.source.words.any_cells:
            return Token("ANY", "any", start, end)
        return None

    def _heading_end(self, start: int, end: int) -> int:
        """Where the heading of a column ends; in a clause also before what its further columns are of."""
        across = self.source.norm.find("\\", start, end)
        if across >= 0 and self.of in NAMING and self._last != "_ACROSS":
            return start + len(self.source.text[start:across].rstrip())
        return self.names.heading_end(start, end)

    def _goes_on(self, row: Mapping[str, int], line: CodeLine) -> bool:
        """The next line belongs to this one: a bracket is open, this one ends with a joining word, or the next begins
        with 且/或."""
        if line.cells or self._index + 1 >= len(self.lines):
            return False
        following = self.lines[self._index + 1]
        source, pos = self.source, self.lines[self._index + 1].start
        if following.cells or source.field_at(source.after_decoration(pos, following.end), following.end):
            return False
        if self.brackets or self._last in _JOINING:
            return True
        return (
            "_AND" in row
            and self._keyword(pos, following.end, ("_AND", "_OR")) is not None
            and self.names.words.longest(source.low, pos, following.end) is None
        )

    # ------------------------------------------------------------------------------------------ one token
    def _token(self, row: Mapping[str, int]) -> Token | None:
        source, pos, end = self.source, self._pos, self._end
        norm = source.norm
        fresh = not self._given or self._last == "_ACROSS"
        if self._cell is not None and fresh and self._cell < len(self.lines[self._index].cells):
            self._given = True
            whole = self._whole_cell(row, pos, end)
            if whole:
                return whole
        if norm[pos] == "【":
            stop, other = norm.find("】", pos, end), norm.find("【", pos + 1, end)
            if stop < 0 or 0 <= other < stop:
                raise Fault("POL110", pos, end, word=source.text[pos : min(pos + 12, end)], close="】")
            cited = source.text[pos + 1 : stop].strip()
            if not cited:
                raise Fault("POL126", pos, stop + 1)
            behind = norm[stop + 1 : end].lstrip()[:1]
            if self.of == "_DUTY" and behind not in ("", "【"):
                raise Fault("POL141", pos, stop + 1, word=source.text[pos : stop + 1])
            return Token("CITE", cited, pos, stop + 1)
        if self._at_start:
            token = self._line_start(row, pos, end)
            if token or self._pos > pos:
                return token
        if "RAWTEXT" in row and not (norm[pos] == ":" and "_COLON" in row):
            if "_COLON" in row and not norm[pos - 1].isspace():  # 注意：, not a 注 that says 意：
                stop = source.name_end(pos, end)
                return Token("UNKNOWN", source.text[pos:stop], pos, stop, unknown=True)
            raw_end = self.lines[self._index].raw_end
            return Token("RAWTEXT", source.text[pos:raw_end].strip(), pos, raw_end)
        if "SAID" in row and norm[pos] != ":":
            return self._duty(row, pos, end)
        if "LISTNAME" in row:
            if listed := self.names.list_at(pos, end):
                return Token("LISTNAME", listed[1], pos, listed[0])
            stop, word = source.name_end(pos, end), source.words.inline_words.longest(source.low, pos, end)
            named = "TYPE" not in row or "DEFNAME" in row
            if not named and (word is None or word[0] < stop):  # neither kind nor keyword: one word
                return Token("UNKNOWN", source.text[pos:stop], pos, stop, unknown=True)
        if (
            "DEFNAME" in row
            and norm[pos] not in NAME_ENDS
            and not self._open_mark(row, pos, end)
            and not self._keyword(pos, end, ("_EACHCALLED",))
        ):
            return self._new_name(pos, end)
        if "IDENT" in row and (m := _ALIAS.match(norm, pos, end)):
            return Token("IDENT", m[0], pos, m.end())
        if "UNIT" in row and (m := _UNIT.match(norm, pos, end)):
            return Token("UNIT", source.text[pos : m.end()].strip(), pos, m.end())
        if norm[pos] in '"「':
            return self._quoted(pos, end)
        return self._longest(row, pos, end)

    def _line_start(self, row: Mapping[str, int], pos: int, end: int) -> Token | None:
        """Bullets, block words, line words; moves on when it only passes over decoration."""
        source = self.source
        bullet = BULLET.match(source.norm, pos, end)
        if bullet and bullet.end() < end:
            decorates = source.field_at(bullet.end(), end) is not None
            if "_BULLET" in row and not decorates:
                self._at_start = False
                return Token("_BULLET", source.text[pos : bullet.end()].strip(), pos, bullet.end())
            if decorates or source.norm[pos] in "-•*":
                self._pos = bullet.end()
                return None
        found = source.head_at(pos, end) if self._index == 0 and self.head else None
        if found and (found[1].terminal in row or found[1] is self.head):
            self._at_start = found[1].terminal == "_REPLACE"
            return Token(found[1].terminal, source.text[pos : found[0]], pos, found[0])
        self._at_start = False
        if "TYPE" in row and self._declares_facts and self.names.group_colon(pos, end) is not None:
            self._grouped = True
            if listed := self.names.list_at(pos, end):
                return Token("LISTNAME", listed[1], pos, listed[0])
            return self._longest(row, pos, end)
        if "DEFNAME" in row and self._declares_facts and not is_remark(source, pos, end):
            stop = source.name_end(pos, end)
            worth = self.names.amount(pos, stop) if "MONEY" in row else None
            if worth is not None:
                return self._quantity(worth, pos)
            if stop > pos:
                return self._new_name(pos, end)
        best: tuple[int, Keyword] | None = None
        for stop, group in source.words.field_words.matches(source.low, pos, end):
            known = next((k for k in group if k.terminal in row), None)
            if known:
                best = stop, known
            elif best is None and source.norm[stop:end].lstrip()[:1] == ":":
                best = stop, group[0]
        if best:
            stop, keyword = best
            return Token(keyword.terminal, keyword.value or source.text[pos:stop], pos, stop)
        return None

    def _new_name(self, pos: int, end: int) -> Token:
        if self._grouped and not self.brackets:
            return self._member(pos, end)
        stop = self.source.name_end(pos, end)
        mark = self.source.words.open_tail(self.source.norm[pos:stop]) if self._lists_options else None
        stop = pos + mark if mark else stop
        text = self.source.text[pos:stop].strip("「」『』")
        if stop - pos > 200:
            raise Fault("POL124", pos, stop, limit="200")
        return Token("DEFNAME", text, pos, stop)

    def _member(self, pos: int, end: int) -> Token:
        """One of the names behind their kind."""
        stop = self.source.member_end(pos, end)
        text = self.source.text[pos:stop].strip("「」『』")
        if stop - pos > 200:
            raise Fault("POL124", pos, stop, limit="200")
        parted = self._last == "_COMMA" and self.source.words.code == "zh"  # 甲，选填: 选填 is no name
        if parted or self._valued(pos, stop) or self.names.no_member(pos, stop, end):
            raise Fault("POL128", pos, stop, word=text)
        return Token("DEFNAME", text, pos, stop)

    def _valued(self, pos: int, stop: int) -> bool:
        """Whether the stretch is a value or begins a range."""
        norm = self.source.norm
        for q in self.reader.at(self.source.text, norm, pos, stop):
            behind = q.end + len(norm[q.end : stop]) - len(norm[q.end : stop].lstrip())
            if behind >= stop or self._keyword(behind, stop, ("_TO", "_ORMORE", "_ORLESS")):
                return True
        return False

    def _duty(self, row: Mapping[str, int], pos: int, end: int) -> Token:
        """The name of a duty, or its words up to the citations."""
        stop = name_before(self.source, pos, end) if "DEFNAME" in row else None
        if stop is not None:
            return self._new_name(pos, end)
        cites = self.source.norm.find("【", pos, end)
        stop = cites if cites >= 0 else self.lines[self._index].raw_end
        text = self.source.text[pos:stop].rstrip()
        return Token("SAID", text, pos, pos + len(text))

    def _open_mark(self, row: Mapping[str, int], pos: int, end: int) -> bool:
        """等 as the last entry of a list of values."""
        found = self._keyword(pos, end, ("_OPEN",)) if "_OPEN" in row else None
        return bool(found) and self.source.norm[found[0] : end].lstrip()[:1] in _LISTED  # type: ignore[index]

    def _quoted(self, pos: int, end: int) -> Token:
        source = self.source
        close = '"' if source.norm[pos] == '"' else "」"
        stop = source.norm.find(close, pos + 1, end)
        if stop < 0:
            begun = source.text[pos : min(pos + 12, end)]
            raise Fault("POL110", pos, end, word=begun, close="”" if close == '"' else "」")
        text = source.text[pos + 1 : stop]
        if close == '"':
            return Token("TEXT", text, pos, stop + 1)
        known = self.names.spelling.get(name_key(text))
        return Token("NAME", known or text, pos, stop + 1, unknown=known is None)

    def _longest(self, row: Mapping[str, int], pos: int, end: int) -> Token:
        source = self.source
        best: tuple[int, int] = (-1, 0)
        token: Token | None = None
        if "NAME" in row and (name := self.names.words.longest(source.low, pos, end)):
            rank = _SECOND if name_key(name[1]) in self.names.second else _NAME
            best, token = (name[0], rank), Token("NAME", name[1], pos, name[0])
        for q in self.reader.at(source.text, source.norm, pos, end):
            if q.terminal in row and (q.end, _QUANTITY) > best:
                best, token = (q.end, _QUANTITY), self._quantity(q, pos)
        keyword = self._keyword(pos, end, row)
        if keyword and keyword[1].terminal == "FUNC" and is_cjk(source.norm[keyword[0] : min(keyword[0] + 1, end)]):
            keyword = None  # 季度业绩: a name that nobody has declared
        if keyword and (keyword[0], _KEYWORD) > best:
            token = Token(keyword[1].terminal, keyword[1].value or source.text[pos : keyword[0]], pos, keyword[0])
        token = token or self._unwanted(pos, end, row)
        if token:
            if isinstance(token.value, Bad):
                raise Fault(token.value.code, pos, token.end, word=source.text[pos : token.end])
            return token
        stop = self._unknown_end(pos, end)
        return Token("NAME" if "NAME" in row else "UNKNOWN", source.text[pos:stop], pos, stop, unknown=True)

    @staticmethod
    def _quantity(q: Quantity, pos: int) -> Token:
        return Token(q.terminal, q.value, pos, q.end)

    def _keyword(self, pos: int, end: int, wanted: Container[str]) -> tuple[int, Keyword] | None:
        source, best = self.source, None
        for stop, group in source.words.inline_words.matches(source.low, pos, end):
            for keyword in group:
                if keyword.terminal in wanted:
                    best = stop, keyword
                    break
        if source.norm[pos] == "(":
            for pattern, keyword in source.words.bracketed:
                if keyword.terminal in wanted and (m := pattern.match(source.norm, pos, end)):
                    best = m.end(), keyword
        if "EXPRFIELD" in wanted:
            # a path of an amendment may name a line of a block; the step ends there
            for stop, group in source.words.field_words.matches(source.low, pos, end):
                rest = source.norm[stop:end].lstrip()
                ends = not rest or rest[0] in ":的'" or "NAME" in wanted and self._changes(end - len(rest), end)
                for keyword in group:
                    if (
                        keyword.terminal in wanted
                        and ends
                        and (best is None or stop > best[0])
                    ):
                        best = stop, keyword
        return best

    def _changes(self, pos: int, end: int) -> bool:
        """Whether the words of a change stand here: 由, 改为."""
        matches = self.source.words.inline_words.matches(self.source.low, pos, end)
        return any(k.terminal in ("_CHANGEFROM", "_CHANGETO") for _, group in matches for k in group)

    def _unwanted(self, pos: int, end: int, row: Mapping[str, int]) -> Token | None:
        """Nothing the parser can take: say what it is, so that the message can."""
        source = self.source
        name = self.names.words.longest(source.low, pos, end)
        best, token = (-1, 0), None
        if name:
            best, token = (name[0], _NAME), Token("NAME", name[1], pos, name[0])
        for q in self.reader.at(source.text, source.norm, pos, end):
            if (q.end, _QUANTITY) > best:
                best, token = (q.end, _QUANTITY), self._quantity(q, pos)
        for stop, group in source.words.inline_words.matches(source.low, pos, end):
            word = group[0].spelling
            if (len(word) > 1 or not is_cjk(word)) and (stop, _KEYWORD) > best:
                best, token = (stop, _KEYWORD), Token(group[0].terminal, group[0].value, pos, stop)
        for stop, group in source.words.field_words.matches(source.low, pos, end):
            alone = stop == end or source.norm[stop] in ": " or source.norm[stop].isspace()
            if alone and group[0].terminal not in row and stop - pos > 1 and (stop, _KEYWORD) > best:
                best, token = (stop, _KEYWORD), Token(group[0].terminal, source.text[pos:stop], pos, stop)
        return token

    def _unknown_end(self, pos: int, end: int) -> int:
        """Where an unknown word ends: at punctuation, at a quantity with a unit, at a declared name, or at a word that
        may follow a name. Chinese also ends it at a blank, English does not."""
        source, norm = self.source, self.source.norm
        chinese = source.words.code == "zh"
        stop = pos + 1
        while stop < end and norm[stop] not in _STOPS:
            self.steps += 1
            before, here = norm[stop - 1], norm[stop]
            if here.isspace():
                if chinese:
                    break
            elif self._measured(stop, end, chinese=chinese) or (
                (is_cjk(here) or not is_word(before) or here == "'")
                and boundary(norm, stop, stop)
                and (
                    self.names.words.longest(source.low, stop, end)
                    or source.words.follow_words.longest(source.low, stop, end)
                )
            ):
                break
            stop += 1
        while stop > pos + 1 and norm[stop - 1].isspace():
            stop -= 1
        return stop

    def _measured(self, pos: int, end: int, *, chinese: bool) -> bool:
        """A quantity with a unit stands here."""
        norm = self.source.norm
        starts = norm[pos].isdigit() and not norm[pos - 1].isdigit() or (not chinese and norm[pos - 1].isspace())
        return starts and any(q.terminal != "NUMBER" for q in self.reader.at(self.source.text, norm, pos, end))
