"""The declared names of a file, found before it is parsed: a run of Chinese can then be cut at the longest name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from policydsl.nodes import Period
from policydsl.text.duties import places
from policydsl.text.fold import boundary, name_key
from policydsl.text.keys import listed
from policydsl.text.keywords import OPERATORS, TYPE_WORDS
from policydsl.text.named import places as named_places
from policydsl.text.quantities import Quantity, read_literal, reader
from policydsl.text.source import FACT_BLOCKS, Cell, Chunk, CodeLine, Source
from policydsl.text.words import Words

MOST = 200
_ITEM = re.compile(r"[^,、;=]+")
_MEASURE = re.compile(r"[^:,、;\s][^:,、;]*")
_PLAIN_NUMBER = re.compile(r"[\d.,%]+")
_BEHIND_KIND = ("", ":", ",", "(", "【")
_QUOTED = {'"': '"', "「": "」", "【": "】"}
# the words of what a declaration says about itself, and those behind which more has to follow
_SAID_OF = frozenset({"_DEFAULT", "_ALIAS", "_IN", "CMP", "EQ"})
_SAID = _SAID_OF | {"_REQUIRED", "_OPTIONAL", "ORDERDIR", "NONE", "BOOL"}
_JOINING = OPERATORS | {"_NOT"}
_NO_NAME = re.compile(r"^[-*+/=]|[×÷<>≥≤≠%~]")
_UNNAMED = frozenset({"_POLICY", "_USE", "_SECTION", "_DATA", "_PARAMS", "_AMEND", "_REPEAL", "_EXAMPLE"})


class Names:
    """Names by identity, with the spelling of the declaration; built-in names start with ``@``."""

    def __init__(self, source: Source, more: Iterable[str] = ()) -> None:
        self.source = source
        self.spelling: dict[str, str] = {}
        self._place: dict[str, tuple[int, int]] = {}
        self.hidden: list[tuple[int, int]] = []
        self.second: set[str] = set()  # other spellings of values, for fact sheets: a keyword comes before them
        self.units: dict[str, None] = {}
        self.lists: dict[str, str] = {}  # option lists by identity
        self.words: Words[str] = Words()
        for word, key in source.words.builtins.items():
            self.add(name_key(word), "@" + key)
        for name in more:
            key = name_key(name)
            if key and key not in self.spelling:
                self.add(key, name)
        self.scan()

    def learn(self, others: Iterable[Names]) -> None:
        """What other files declare may be named here too (they do not see this one); its own names come first."""
        for other in others:
            if other.lists.keys() - self.lists.keys():
                self.lists = {**other.lists, **self.lists}
                self.scan(FACT_BLOCKS)  # the names behind a list of the other file
            self.units = {**other.units, **self.units}
            for key, spelling in other.spelling.items():
                if not spelling.startswith("@") and key not in self.declared:
                    self.add(key, spelling)
                    if key in other.second:
                        self.second.add(key)

    def scan(self, heads: Set[str] | None = None) -> None:
        """Finds what the blocks declare (those of these block words alone, if any are said)."""
        scans = [_Scan(self, chunk) for chunk in self.source.chunks]
        for scan in sorted(scans, key=lambda s: s.kind != "_OPTIONLIST"):  # a kind may be named before it is declared
            if heads is None or scan.kind in heads:
                scan.run()
        if heads is None:
            read = reader(self.source.words.code, tuple(self.units))
            for chunk in self.source.chunks:
                for start, end in named_places(self.source, chunk, read):
                    self.declare(start, end)

    def add(self, key: str, spelling: str) -> None:
        self.spelling[key] = spelling
        self.words.add(key, spelling)

    def declare(self, start: int, end: int, *, second: bool = False) -> None:
        """The stretch of text is a name; a declared name hides a built-in one of the same spelling."""
        if end - start > MOST:
            return
        text = self.source.text[start:end].strip().strip("「」『』")
        key = name_key(text)
        if not key or _PLAIN_NUMBER.fullmatch(key):
            return
        self._declare(key, text, start, end, second=second)

    def amount(self, start: int, end: int) -> Quantity | None:
        """The amount of money that the whole stretch is: no name, but what one of a currency is worth."""
        found = reader(self.source.words.code).at(self.source.text, self.source.norm, start, end) if start < end else []
        return next((q for q in found if q.terminal == "MONEY" and q.end == end), None)

    def declare_as(self, name: str, start: int, end: int) -> None:
        """The stretch of text is called that."""
        self._declare(name_key(name), name, start, end)

    def _declare(self, key: str, text: str, start: int, end: int, *, second: bool = False) -> None:
        known = self.spelling.get(key)
        if known is not None and known.startswith("@"):
            self.hidden.append((start, end))
        if second and known is None:
            self.second.add(key)
        elif not second:
            self.second.discard(key)
        if known is None or known.startswith("@"):
            self.add(key, text)
            self._place[key] = start, end

    def place(self, name: str) -> tuple[int, int] | None:
        """Where the file itself declares a name first."""
        return self._place.get(name_key(name))

    @property
    def declared(self) -> Set[str]:
        """The identities of the names that the file itself declares."""
        return self._place.keys()

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds that the file itself declares, by identity."""
        return self.lists

    def list_at(self, start: int, end: int) -> tuple[int, str] | None:
        """Where the name of an option list ends that begins here, and the name."""
        stop = self.source.name_end(start, end)
        name = self.lists.get(name_key(self.source.text[start:stop].strip("「」『』")))
        return (stop, name) if name is not None else None

    def kind_end(self, start: int, end: int) -> int | None:
        """Where the word of a kind ends that stands here alone: a kind of the language, or the name of a list."""
        norm, found = self.source.norm, list[int]()
        if (listed := self.list_at(start, end)) is not None:
            found.append(listed[0])
        for stop, group in self.source.words.inline_words.matches(self.source.low, start, end):
            if any(k.terminal in TYPE_WORDS for k in group):
                found.append(stop)
        return max((s for s in found if norm[_skip(norm, s, end) : end][:1] in _BEHIND_KIND), default=None)

    def group_colon(self, start: int, end: int) -> int | None:
        """The colon of a line that names a kind first and then the facts of it (``日期，选填：甲、乙``), or the end of
        the line where it is missing behind what is said of all; None for any other line, so for ``名称：种类`` too,
        also where the name is the word of a kind."""
        norm, kind = self.source.norm, self.kind_end(start, end)
        if kind is None:
            return None
        outside = [at for at, depth in _outside(norm, kind, end) if depth == 0]
        colon = next((at for at in outside if _closes(norm, at)), None)
        if colon is None:
            about = [norm[at] for at in outside if not norm[at].isspace()]
            return end if about[:1] == [","] and "=" not in about else None
        behind = _skip(norm, colon + 1, end)
        if behind >= end or not norm[kind:colon].strip() and self.kind_end(behind, end) is not None:
            return None
        return colon

    def no_member(self, start: int, stop: int, end: int) -> bool:
        """Whether what stands between a kind and the end of its line cannot be the name of a fact, or may be meant as
        something else: a kind, a value, what a declaration says about itself."""
        source, key = self.source, name_key(self.source.text[start:stop])
        words = [k.spelling for k in source.words.inline if k.terminal in TYPE_WORDS]
        if key in words or key in self.lists or _PLAIN_NUMBER.fullmatch(key) or _NO_NAME.search(key):
            return True
        for said, group in source.words.inline_words.matches(source.low, start, stop):
            if said == stop and any(k.terminal in _SAID for k in group):
                return True
            if source.norm[said].isspace() and any(k.terminal in _SAID_OF for k in group):
                return True
        if _skip(source.norm, stop, end) < end:
            return False
        # alone behind a bare kind: it may be the kind, misspelt, of a fact that is called as a kind
        first = source.norm.rfind("\n", 0, start) + 1
        front = name_key(source.text[first:start].rstrip().rstrip(":："))
        kinds = (*words, *self.lists)
        return front in kinds and any(misspelt(key, other) for other in kinds if other != front)

    def heading_end(self, start: int, end: int) -> int:
        """Where the heading of a column ends: before the colon and the option list that its cells are of."""
        colon = self.source.norm.rfind(":", start, end)
        if colon < 0 or self.list_at(_skip(self.source.norm, colon + 1, end), end) is None:
            return end
        return start + len(self.source.text[start:colon].rstrip())

    def ambiguous(self) -> list[tuple[str, tuple[int, int], str]]:
        """(name, its place, how else it reads) of every declared name that other words give as *name + operator*."""
        out = []
        for key, place in self._place.items():
            reading = self._other_reading(key)
            if reading:
                out.append((self.spelling[key], place, reading))
        return out

    def words_of_language(self) -> list[tuple[int, int]]:
        """The places of declared names that are words which join what stands beside them: 满, 且, and, below."""
        words, out = self.source.words.inline_words, []
        for key, place in self._place.items():
            for stop, group in words.matches(key, 0, len(key)):
                if stop == len(key) and any(k.terminal in _JOINING for k in group):
                    out.append(place)
                    break
        return out

    def _other_reading(self, key: str) -> str | None:
        """A cut of the name into other names and operators, with at least one of each."""
        operators = self.source.words.operator_words
        reach: dict[int, dict[tuple[bool, bool], tuple[str, ...]]] = {0: {(False, False): ()}}
        for i in range(len(key)):
            if i not in reach:
                continue
            if key[i] == " ":
                for state, way in reach[i].items():
                    reach.setdefault(i + 1, {}).setdefault(state, way)
                continue
            for words, is_name in ((self.words, True), (operators, False)):
                for stop, _ in words.matches(key, i, len(key)):
                    if stop - i == len(key) or (not is_name and not boundary(key, i, stop)):
                        continue
                    for (name, operator), way in reach[i].items():
                        state = name or is_name, operator or not is_name
                        reach.setdefault(stop, {}).setdefault(state, (*way, key[i:stop]))
        found = reach.get(len(key), {}).get((True, True))
        return " ".join(found) if found else None


def share(every: Sequence[Names]) -> None:
    """Gives each file of a policy what the others declare; the first spelling of a name counts, as in one file."""
    lists = {key: name for names in every for key, name in names.lists.items()}
    for names in every:
        if lists.keys() - names.lists.keys():
            names.lists = lists
            names.scan(FACT_BLOCKS)  # the names behind a list of another file
    first = {key: names.spelling[key] for names in reversed(every) for key in names.declared}
    second = set[str]().union(*(names.second for names in every))
    second -= {key for names in every for key in names.declared - names.second}
    units = {unit: None for names in every for unit in names.units}
    for names in every:
        names.second, names.units, names.lists = second, units, lists
        for key, spelling in first.items():
            names.add(key, spelling)


class _Scan:
    """The declarations of one block."""

    def __init__(self, names: Names, chunk: Chunk) -> None:
        self.names, self.chunk, self.source = names, chunk, names.source
        self.kind = chunk.word
        self.row = 0
        self.across = False
        self.rowed = False  # no name behind the block word: the rows of its table are blocks
        self.depth: int | None = None  # brackets that are open where a line of several names goes on

    def run(self) -> None:
        if self.kind == "_DUTY":
            for start, end, named, name in places(self.source, self.chunk):
                if named:
                    self.names.declare(start, end)
                elif name:
                    self.names.declare_as(name, start, end)
            return
        for i, line in enumerate(self.chunk.lines):
            if i == 0 and self.chunk.head:
                self._heading(line)
            elif line.cells:
                self._cells(line)
            elif self.depth is not None:
                self._members(line.start, line.end)
            elif self.kind in FACT_BLOCKS:
                pos = self.source.after_decoration(line.start, line.end)
                colon = self.names.group_colon(pos, line.end)
                if colon is not None:
                    self.depth = 0
                    self._kind(pos, colon)
                    self._members(colon + 1, line.end)
                elif not is_remark(self.source, pos, line.end) and not self._line_of_another(pos, line.end):
                    stop = self.source.name_end(pos, line.end)
                    if self.kind != "_PARAMS" or self.names.amount(pos, stop) is None:
                        self.names.declare(pos, stop)
                    self._options(stop, line.end)
                    self._unit(stop, line.end)
            elif self.kind == "_OPTIONLIST" and not is_remark(self.source, line.start, line.end):
                self._items(line.start, line.end)

    def _kind(self, pos: int, end: int) -> None:
        """What the kind before several names declares: its options, or a measure word."""
        if m := self.source.words.choice_kind.match(self.source.norm, pos, end):
            self._items(m.start(1), m.end(1))
        self._unit(pos, end, colon=False)

    def _members(self, start: int, end: int) -> None:
        """The names behind the kind, on a line and those on which it goes on."""
        assert self.depth is not None
        norm, opened, depth, named = self.source.norm, self.depth, self.depth, False
        for at, inner in _outside(norm, start, end):
            depth = opened + inner
            if depth == 0 and norm[at] in "、,;":
                named = False
            elif depth == 0 and not named and not norm[at].isspace():
                stop = self.source.member_end(at, end)
                if not self.names.no_member(at, stop, end):
                    self.names.declare(at, stop)
                named = True
        last = norm[start:end].rstrip()[-1:]
        self.depth = depth if depth > 0 or last in ("、", ",") else None

    def _line_of_another(self, pos: int, end: int) -> bool:
        """A line of some clause among facts: its block word was misspelt, and it declares nothing."""
        colon = self.source.norm.find(":", pos, end)
        listed = colon >= 0 and self.names.list_at(_skip(self.source.norm, colon + 1, end), end)
        return self.source.field_at(pos, end) is not None and not self.source.declares(pos, end) and not listed

    def _heading(self, line: CodeLine) -> None:
        source, pos = self.source, self.source.after_decoration(line.start, line.end)
        found = source.head_at(pos, line.end)
        if found and found[1].terminal == "_REPLACE":
            inner = source.head_at(_skip(source.norm, found[0], line.end), line.end)
            found = inner or found
        if not found:
            return
        pos = _skip(source.norm, found[0], line.end)
        if self.kind == "_MEASURELIST":
            for m in _MEASURE.finditer(source.norm, pos, line.end):
                self.names.declare(m.start(), m.end())
        elif self.kind not in _UNNAMED:
            stop = source.name_end(pos, line.end)
            self.rowed = stop == pos
            self.names.declare(pos, stop)
            self._options(pos, line.end)
            if self.kind == "_OPTIONLIST":
                name = source.text[pos:stop].strip("「」『』")
                self.names.lists[name_key(name)] = name
                if any(k.terminal in TYPE_WORDS and k.spelling == name_key(name) for k in source.words.inline):
                    self.names.hidden.append((pos, stop))
                colon = source.norm.find(":", stop, line.end)
                self._items(colon + 1 if colon >= 0 else line.end, line.end)
        for keyword in source.words.inline:
            if keyword.terminal == "_EACHCALLED" and (at := source.low.find(keyword.spelling, pos, line.end)) >= 0:
                start = _skip(source.norm, at + len(keyword.spelling), line.end)
                self.names.declare(start, source.name_end(start, line.end))
            elif keyword.terminal == "_KEY" and self.kind == "_LEDGER":
                key = re.compile(rf",\s*{re.escape(keyword.spelling)}\s*[\s:]\s*").search(source.low, pos, line.end)
                if key is not None:
                    self.names.declare(key.end(), source.name_end(key.end(), line.end))

    def _cells(self, line: CodeLine) -> None:
        """Tables declare their columns and keys, tier tables their tiers, score sheets their columns and items."""
        self.row += 1
        cells, first = line.cells, self.row == 1
        if self.kind == "_LADDER":
            if first:
                self.across = (
                    self.source.low[cells[0].start : cells[0].end] in self.source.words.tier_columns if cells else False
                )
            declared = cells[1:] if self.across and first else () if self.across or first else cells[:1]
        elif self.rowed:
            declared = () if first else cells[:1]
        elif self.kind in ("_TABLE", "_SCORE"):
            declared = cells if first else cells[:1]
        else:
            declared = ()
        if self.kind in ("_LADDER", "_BANDS", "_TABLE") and not self.rowed:
            given = cells if first else cells[:1] if self.kind != "_TABLE" else ()
            found = [Cell(start + at, end) for start, end in given if (at := self._given(start, end)) is not None]
            declared = (*(cell for cell in declared if self._given(*cell) is None), *found)
        for start, end in declared:
            if self.kind == "_TABLE" and not first:
                for key in listed(self.source.text, start, end):
                    if not isinstance(read_literal(self.source.text[slice(*key)], self.source.words.code), Period):
                        self.names.declare(*key)  # 2024年第1季度 is a period also where it is the key of a row
                continue
            self.names.declare(start, end)
            colon = self.source.norm.find(":", start, end)
            if first and colon >= 0:
                self.names.declare(start, colon)

    def _given(self, start: int, end: int) -> int | None:
        """How far into a cell the name begins of what it says that is given."""
        return self.source.words.given(self.source.text[start:end])

    def _options(self, start: int, end: int) -> None:
        """The values of 选项（…）: other spellings after ＝, a final 等 left out."""
        m = self.source.words.choice_list.search(self.source.norm, start, end)
        if m:
            self._items(m.start(1), m.end(1))

    def _items(self, start: int, end: int) -> None:
        """The options of a stretch that lists them."""
        words, norm = self.source.words, self.source.norm
        cite = norm.find("【", start, end)
        text = norm[start : cite if cite >= 0 else end]
        mark = words.open_tail(text)
        for item in _ITEM.finditer(text if mark is None else text[:mark]):
            if words.open_tail(item[0]) != 0:
                second = text[: item.start()].endswith("=")
                self.names.declare(start + item.start(), start + item.end(), second=second)

    def _unit(self, start: int, end: int, *, colon: bool = True) -> None:
        """A measure word that the author introduces: 数量（厘米）."""
        m = _unit_rx(self.source, colon).match(self.source.norm, start, end)
        if m and m[1].strip():
            self.names.units[self.source.text[m.start(1) : m.end(1)].strip()] = None


def _unit_rx(source: Source, colon: bool) -> re.Pattern[str]:
    words = "|".join(re.escape(k.spelling) for k in source.words.inline if k.terminal == "_T_COUNT")
    before = r"\s*:\s*" if colon else ""
    return re.compile(rf"{before}(?:{words})\s*\(\s*([^()\d]{{1,20}}?)\s*\)", re.I)


def is_remark(source: Source, pos: int, end: int) -> bool:
    """A line of a block of facts that declares nothing: a note, 主键 or 仅计."""
    for stop, group in source.words.field_words.matches(source.low, pos, end):
        for keyword in group:
            if keyword.terminal in ("_ONLY", "_KEY", "_HAPPENS") and not source.declares(pos, end):
                return True
            if keyword.terminal in ("_NOTE", "_RULING", "_DOUBT") and source.norm[stop:end].lstrip()[:1] == ":":
                return True
    return False


def _outside(norm: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The characters of a stretch that stand in no quotation and no citation, with the brackets open there."""
    depth, at = 0, start
    while at < end:
        if (close := _QUOTED.get(norm[at])) is not None:
            at = norm.find(close, at + 1, end)
            if at < 0:
                return
        else:
            depth += (norm[at] == "(") - (norm[at] == ")")
            yield at, depth
        at += 1


def _closes(norm: str, at: int) -> bool:
    """A colon that is not the one of a time of day."""
    return norm[at] == ":" and not (norm[at - 1].isdigit() and norm[at + 1 : at + 2].isdigit())


def misspelt(word: str, other: str) -> bool:
    """Whether two words of one length differ in one character, or in two that changed places."""
    if len(word) != len(other) or word == other:
        return False
    wrong = [i for i, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(word) == sorted(other)
    return len(wrong) == 1 or swapped


def _skip(norm: str, pos: int, end: int) -> int:
    while pos < end and norm[pos].isspace():
        pos += 1
    return pos
