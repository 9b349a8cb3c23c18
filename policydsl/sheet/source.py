"""One reader for YAML, JSON and plain values: text with positions, and no guessing.

No scalar is typed here (``no``, ``012`` and ``12:30`` stay the characters that were written), so numbers stay exact.
Everything that makes data files dangerous is refused: depth, size, anchors, tags, duplicate keys, control characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping as Values, Sequence as Items
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from policydsl.diagnostics import Diagnostic, SheetError
from policydsl.facts import Plain
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text.fold import CONTROLS

MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 40
MOST_NODES = 200_000

CONTROL = re.compile(f"[{CONTROLS}\x0b\x0c]")
_QUOTED_OR_TAB = re.compile(r'"(?:[^"\\]|\\.)*"|\t', re.DOTALL)
_PAIR = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|.)", re.DOTALL)
# What the parser complains about, in the words of the catalogue.
_REASONS = (
    ("quoted scalar", "SHEET109"),
    ("cannot start any token", "SHEET110"),
    ("flow", "SHEET111"),
    ("mapping values are not allowed", "SHEET112"),
    ("could not find expected ':'", "SHEET112"),
    ("block", "SHEET113"),
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as typed; ``quoted`` when it stood in quotation marks."""

    text: str
    quoted: bool
    at: Span

    @property
    def empty(self) -> bool:
        """Not filled in: nothing, or YAML's and JSON's ``null``."""
        return not self.text.strip() or (not self.quoted and self.text in ("null", "Null", "NULL", "~"))


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Tree, ...]
    at: Span


@dataclass(frozen=True, slots=True)
class Pair:
    key: str
    key_at: Span
    value: Tree


@dataclass(frozen=True, slots=True)
class Mapping:
    pairs: tuple[Pair, ...]
    at: Span


Tree = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Source:
    """A file read as a tree (None: there is nothing in it) and its text."""

    tree: Tree | None
    sources: Sources


def read_source(data: bytes | str, file: str) -> Source:
    """Read one file; raises ``SheetError`` when it is not a data file that can be read."""
    text = decoded(data, file)
    sources = Sources.of(file, re.split(r"\r\n|\r|\n", text))
    bad = CONTROL.search(text)
    if bad:
        line, column = _position(text, bad.start())
        span = Span(file, line, column, line, column + 1)
        raise SheetError([Diagnostic("SHEET108", span, args={"char": f"U+{ord(bad[0]):04X}"})], sources)
    if text.lstrip()[:1] in ("{", "["):
        text = _QUOTED_OR_TAB.sub(lambda m: " " if m[0] == "\t" else _PAIR.sub(_joined, m[0]), text)
    return Source(_Builder(file).build(_parsed(text), text, sources), sources)


def read_plain(value: Plain, file: str) -> Source:
    """Plain values as if they were read from a file; of their places no more than ``file`` is known. Raises
    ``SheetError``, and ``TypeError`` for a value that is not exact."""
    return Source(_Builder(file).build(_events(value), "", Sources()), Sources())


def _parsed(text: str) -> Iterator[Any]:
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


def _events(value: Plain) -> Iterator[Any]:
    """Plain values as the parser would give them, one by one."""
    import yaml

    match value:
        case Values():
            yield yaml.MappingStartEvent(None, None, True)
            for key, inner in value.items():
                yield yaml.ScalarEvent(None, None, (True, True), str(key))
                yield from _events(inner)
            yield yaml.MappingEndEvent()
        case None:
            yield yaml.ScalarEvent(None, None, (True, True), "")
        case bool():
            yield yaml.ScalarEvent(None, None, (True, True), "true" if value else "false")
        case str() | int() | Decimal() | Fraction() | date():
            yield yaml.ScalarEvent(None, None, (True, True), str(value), style='"')
        case Items():
            yield yaml.SequenceStartEvent(None, None, True)
            for inner in value:
                yield from _events(inner)
            yield yaml.SequenceEndEvent()
        case _:
            raise TypeError(f"not an exact value: {value!r}; write numbers as int, str, Decimal or Fraction")


def decoded(data: bytes | str, file: str) -> str:
    """The text of a file, without the mark at its beginning. Raises ``SheetError``."""
    start = Span(file, 1, 1, 1, 2)
    if len(data) > MOST_BYTES:
        raise SheetError([Diagnostic("SHEET102", start, args={"limit": str(MOST_BYTES // 1024 // 1024)})], Sources())
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # what some spreadsheet programs call Unicode text
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        span = Span(file, line, 1, line, 2)
        found = data[error.start:error.start + 1].hex().upper()
        raise SheetError([Diagnostic("SHEET101", span, args={"byte": found})], Sources()) from None


def _joined(match: re.Match[str]) -> str:
    """JSON writes a character beyond U+FFFF as two escapes; YAML wants one."""
    if not match[1]:
        return match[0]
    code = 0x10000 + (int(match[1], 16) - 0xD800) * 0x400 + int(match[2], 16) - 0xDC00
    return f"\\U{code:08x}"


def _position(text: str, offset: int) -> tuple[int, int]:
    before = re.split(r"\r\n|\r|\n", text[:offset])
    return len(before), len(before[-1]) + 1


class _Stop(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    mapping: bool
    start: Span
    values: list[Tree] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    key: Scalar | None = None


class _Builder:
    """Builds the tree from parser events, without recursion, and stops at the first limit that is passed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[_Frame] = []
        self.root: Tree | None = None
        self.nodes = 0
        self.documents = 0

    def build(self, events: Iterator[Any], text: str, sources: Sources) -> Tree | None:
        import yaml

        try:
            for event in events:
                self._take(event)
        except yaml.YAMLError as error:
            raise SheetError([self._plain(error, text)], sources) from None
        except _Stop as stop:
            raise SheetError([stop.diagnostic], sources) from None
        return self.root

    def _take(self, event: Any) -> None:
        import yaml

        match event:
            case yaml.ScalarEvent():
                self._node(event)
                self._put(Scalar(self._checked(event), event.style in ("'", '"', "|", ">"), self._span(event)))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._node(event)
                mapping = isinstance(event, yaml.MappingStartEvent)
                parent = self.stack[-1] if self.stack else None
                if parent and parent.mapping and parent.key is None:
                    raise _Stop(Diagnostic("SHEET114", self._span(event)))
                if len(self.stack) >= MOST_DEPTH:
                    raise _Stop(Diagnostic("SHEET103", self._span(event), args={"limit": str(MOST_DEPTH)}))
                self.stack.append(_Frame(mapping, self._span(event)))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                frame = self.stack.pop()
                at = frame.start.to(self._span(event))
                self._put(Mapping(tuple(frame.pairs), at) if frame.mapping else Sequence(tuple(frame.values), at))
            case yaml.AliasEvent():
                raise _Stop(Diagnostic("SHEET105", self._span(event), args={"mark": f"*{event.anchor}"}))
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise _Stop(Diagnostic("SHEET107", self._span(event)))
            case _:
                pass

    def _node(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _Stop(Diagnostic("SHEET104", self._span(event), args={"limit": str(MOST_NODES)}))
        if event.anchor is not None:
            raise _Stop(Diagnostic("SHEET105", self._span(event), args={"mark": f"&{event.anchor}"}))
        if event.tag is not None:
            raise _Stop(Diagnostic("SHEET106", self._span(event), args={"tag": str(event.tag)}))

    def _checked(self, event: Any) -> str:
        """The text of a scalar; escapes may have brought in what the file itself may not hold."""
        text: str = event.value
        bad = CONTROL.search(text)
        if bad:
            raise _Stop(Diagnostic("SHEET108", self._span(event), args={"char": f"U+{ord(bad[0]):04X}"}))
        return text

    def _put(self, tree: Tree) -> None:
        if not self.stack:
            self.root = tree
            return
        frame = self.stack[-1]
        if not frame.mapping:
            frame.values.append(tree)
        elif frame.key is None:
            assert isinstance(tree, Scalar)
            frame.key = tree
        else:
            frame.pairs.append(Pair(frame.key.text.strip(), frame.key.at, tree))
            frame.key = None

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        if start is None:
            return Span(self.file, 0, 0, 0, 0)
        return Span(self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _plain(self, error: Any, text: str) -> Diagnostic:
        """What the parser complains about; what is missed only at the end of the file is shown where it began."""
        mark, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
        last = _position(text, len(text.rstrip()))
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        line, column = (began.line + 1, began.column + 1) if place >= last and began else min(place, last)
        words = f"{getattr(error, 'context', None) or ''}; {getattr(error, 'problem', None) or ''}"
        if "depth" in words:
            return Diagnostic("SHEET103", Span(self.file, 1, 1, 1, 2), args={"limit": str(MOST_DEPTH)})
        code = next((code for part, code in _REASONS if part in words), "SHEET115")
        return Diagnostic(code, Span(self.file, line, column, line, column + 1))
