"""What may stand at a place. The parser is run up to there and says which terminals it can take; the words for those
terminals, and the declared names that fit, are what is proposed."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types as t

from policydsl.citing import clauses_of
from policydsl.clause_kinds import LINE_WORDS, WRITTEN
from policydsl.diagnostics import Language
from policydsl.editor.hover import role_word
from policydsl.editor.keywords import meaning
from policydsl.editor.reading import Reading, Seen
from policydsl.editor.snapshot import Snapshot
from policydsl.editor.snippets import flat, snippet
from policydsl.editor.symbols import Declared
from policydsl.lower.names import ROLES
from policydsl.members import dataclass
from policydsl.say import say
from policydsl.text.fold import fold, name_key
from policydsl.text.keywords import DIALECTS, TYPE_WORDS, Keyword, dialect
from policydsl.text.machine import accepts
from policydsl.text.source import FACT_BLOCKS
from policydsl.text.tables import END, load

_MARKS = frozenset("_COLON _COMMA _SEP _BAR _LPAR _RPAR _PLUS _MINUS _TIMES _DIV _NL".split())
_LOOKS = {
    "variable": t.CompletionItemKind.Field, "property": t.CompletionItemKind.Field,
    "parameter": t.CompletionItemKind.Constant, "class": t.CompletionItemKind.Class,
    "enumMember": t.CompletionItemKind.EnumMember, "function": t.CompletionItemKind.Function,
}
_LISTS, _MEASURES = frozenset({"ledger", "table"}), frozenset({"measure"})
_PARTS = frozenset({"field", "column", "item"})
_VALUES = frozenset({"option", "tier", "key"})
_PLAIN = frozenset({"fact", "parameter", "clause", "field", "record"})
_GIVEN = frozenset({"fact", "parameter", "ledger"})
_FORWARD = frozenset({"_EACH", "_COUNTING", "AGG"})
_MOST = 600


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place where a word may begin: what the parser accepts there, the tokens of the line before it, and the stretch
    of the author's text that a proposal replaces."""

    accepted: frozenset[str]
    before: tuple[Seen, ...]
    start: int
    typed: str
    line_start: bool
    head: str


def complete(snapshot: Snapshot, position: t.Position, *, snippets: bool = True) -> t.CompletionList:
    """The proposals at a place; ``snippets``: the editor can step through the places of a block."""
    offset = snapshot.buffer.offset(position)
    if snapshot.unread:
        return t.CompletionList(False, [])
    cite = _open_citation(snapshot, offset)
    if cite is not None:
        return t.CompletionList(False, list(_clauses(snapshot, cite, offset)))
    work = _Completion(snapshot, offset, snippets)
    items: dict[tuple[str, int], t.CompletionItem] = {}
    for spot in work.spots():
        for item in work.items(spot):
            items.setdefault((item.label, spot.start), item)
    return t.CompletionList(len(items) > _MOST, list(items.values())[:_MOST])


def _belongs(head: str, keyword: Keyword) -> bool:
    """Whether a line word may open a line of this kind of block (the grammar lets every line into every block)."""
    kind = WRITTEN.get(head)
    keys = LINE_WORDS.get(keyword.terminal) or ({keyword.value} if keyword.value else None)
    return kind is None or keys is None or bool(kind.lines & keys)


def _spelled(keyword: Keyword, place: str, code: Language) -> str:
    """The spelling as the keyword table writes it (a keyword is kept folded), and the first of those that mean the
    same."""
    spec = load().keywords[{"head": "heads", "field": "fields", "inline": "inline"}[place]][keyword.terminal]
    words = spec["values"][keyword.value] if "values" in spec else spec
    return str(words[code][0])


# ---------------------------------------------------------------------------------------------- clause ids
def _open_citation(snapshot: Snapshot, offset: int) -> int | None:
    """Where an open 【 begins on this line, before the place."""
    line = fold(snapshot.text[snapshot.buffer.line_start(offset) : offset])
    at = line.rfind("【")
    return snapshot.buffer.line_start(offset) + at if at >= 0 and "】" not in line[at:] else None


def _clauses(snapshot: Snapshot, opened: int, offset: int) -> Iterator[t.CompletionItem]:
    buffer, text = snapshot.buffer, snapshot.text
    closed = fold(text[offset : buffer.line_end(offset)]).lstrip()[:1] == "】"
    start = opened + 1
    while start < offset and text[start].isspace():
        start += 1
    close = "" if closed else {"[": "]", "［": "］", "〔": "〕", "〖": "〗"}.get(text[opened], "】")
    numbered = clauses_of(snapshot.policy.file, tuple(snapshot.register.values()))
    if numbered is not None and numbered.known:
        start = max(start, *(text.rfind(mark, start, offset) + 1 for mark in "、，,;；"))
        while start < offset and text[start].isspace():
            start += 1
        for order, (number, clause) in enumerate(numbered.known.items()):
            label = f"{number} {clause.place_in(numbered.dialect)}"
            yield t.CompletionItem(
                label=label, kind=t.CompletionItemKind.Reference, detail=clause.text or None, sort_text=f"{order:04}",
                filter_text=label, text_edit=t.TextEdit(buffer.range(start, offset), number + close),
            )
        return
    known = {f"{c.id} {c.place}".strip(): c.text for c in snapshot.register.values()}
    if not known:
        for chunk_seen in snapshot.reading.all():
            token = chunk_seen[1].token
            if token.type == "CITE" and token.end > token.start:
                known.setdefault(str(token.value), "")
        known.pop(text[start:offset].strip(), None)
    for order, (label, about) in enumerate(known.items()):
        yield t.CompletionItem(
            label=label, kind=t.CompletionItemKind.Reference, detail=about or None, sort_text=f"{order:04}",
            filter_text=label, text_edit=t.TextEdit(buffer.range(start, offset), label + close),
        )


# ---------------------------------------------------------------------------------------------- names and keywords
class _Completion:
    def __init__(self, snapshot: Snapshot, offset: int, snippets: bool) -> None:
        self.snapshot, self.offset, self.snippets = snapshot, offset, snippets
        text, end = snapshot.text, snapshot.buffer.line_end(offset)
        names = [name for name in snapshot.reading.names.spelling.values() if not name.startswith("@")]
        self.reading = Reading(text[:offset] + text[end:], names, lambda: snapshot.policy.known)
        place = snapshot.buffer.offset_of  # both texts are alike up to the place
        source = self.reading.source
        line = max(i for i in range(len(source.lines)) if place(i + 1, 1) <= offset)
        self.line = source.starts[line]
        self.clean = source.offset(line + 1, offset - place(line + 1, 1) + 1)
        self.block: tuple[Seen, ...] = ()
        self.typed_on_line = bool(source.text[self.line : self.clean].strip())

    # ------------------------------------------------------------------------------------------ where
    def spots(self) -> Iterator[_Spot]:
        """The word that is being typed, from its beginning; and the place itself, where a new word may begin."""
        index = self.reading.chunk_at(self.clean)
        chunk = self.reading.chunks[index] if index is not None else None
        if index is None or chunk is None or chunk.head is None:
            yield self.spot(frozenset({"_POLICY"}), (), self.first_typed(), True, "")
            return
        seen, head = self.reading.block(index), chunk.word
        inside = [i for i, s in enumerate(seen) if s.token.start < s.token.end <= self.clean]
        self.block = tuple(seen[i] for i in inside)
        line = tuple(s for s in self.block if s.token.start >= self.line)
        if not line:
            after = next((s for s in seen if s.token.start >= self.clean or s.token.type == END), None)
            if after is not None and not self.typed_on_line:  # else it stands behind a fault: nothing is known
                yield self.spot(accepts(self.reading.tables, after.states), line, self.clean, True, head)
            return
        last = line[-1]
        if last.token.end == self.clean:
            alone = len(line) == 1
            yield self.spot(accepts(self.reading.tables, last.states), line[:-1], last.token.start, alone, head)
        behind = inside[-1] + 1
        if behind < len(seen) and not (last.token.unknown and last.token.end == self.clean):
            yield self.spot(accepts(self.reading.tables, seen[behind].states), line, self.clean, False, head)

    def first_typed(self) -> int:
        """The first character typed on the line."""
        text, at = self.reading.source.text, self.line
        while at < self.clean and text[at].isspace():
            at += 1
        return at

    def spot(
        self, accepted: frozenset[str], before: tuple[Seen, ...], start: int, line_start: bool, head: str
    ) -> _Spot:
        if line_start and head:
            accepted = accepted | {k.terminal for k in self.reading.words.heads if k.terminal != "_POLICY"}
        source = self.reading.source
        return _Spot(
            accepted, before, self.snapshot.buffer.span(source.span(start, start))[0],
            name_key(source.text[start : self.clean]), line_start, head,
        )

    # ------------------------------------------------------------------------------------------ what
    def items(self, spot: _Spot) -> Iterator[t.CompletionItem]:
        yield from self.names(spot)
        yield from self.keywords(spot)

    def fits(self, word: str, spot: _Spot) -> bool:
        """What has been typed is the beginning of the word, or in it."""
        return not spot.typed or spot.typed in name_key(word)

    def keywords(self, spot: _Spot) -> Iterator[t.CompletionItem]:
        words, lang = self.reading.words, self.snapshot.lang
        if not spot.head:  # nothing says yet which language the file will be in
            for code in DIALECTS:
                for keyword in dialect(code).heads:
                    if keyword.terminal == "_POLICY" and self.fits(keyword.spelling, spot):
                        yield self.keyword(keyword, "head", spot, meaning("_POLICY", None, code), code)
            return
        done: set[tuple[str, str | None]] = set()
        groups = ((words.heads, "head"), (words.fields, "field"), (words.inline, "inline"))
        for group, place in groups:
            for keyword in group:
                if keyword.terminal not in spot.accepted or keyword.terminal in _MARKS:
                    continue
                opens = place != "inline" or keyword.terminal in TYPE_WORDS and spot.head in FACT_BLOCKS
                if not opens if spot.line_start else place != "inline":
                    continue
                if place == "field" and not _belongs(spot.head, keyword):
                    continue
                if (keyword.terminal, keyword.value) in done or not self.fits(keyword.spelling, spot):
                    continue
                done.add((keyword.terminal, keyword.value))
                yield self.keyword(keyword, place, spot, meaning(keyword.terminal, keyword.value, lang))

    def keyword(self, keyword: Keyword, place: str, spot: _Spot, about: str | None, code: Language | None = None) \
            -> t.CompletionItem:
        code = code or self.reading.words.code
        shown = _spelled(keyword, place, code)
        if not self.fits(shown, spot):
            shown = keyword.spelling  # the author is typing another word for the same
        text, form, kind = shown, t.InsertTextFormat.PlainText, t.CompletionItemKind.Keyword
        more = snippet(keyword.terminal, code) if place == "head" else None
        if more is not None:
            text, kind = text + (more if self.snippets else flat(more)), t.CompletionItemKind.Snippet
            form = t.InsertTextFormat.Snippet if self.snippets else form
        elif place == "head":
            text += " "
        elif place == "field":
            text += say("mark.colon", code)
        rank = "3" if place == "head" else "05" if spot.head in FACT_BLOCKS else "2"
        return t.CompletionItem(
            label=shown, kind=kind, detail=about, sort_text=rank,
            filter_text=shown, insert_text_format=form,
            text_edit=t.TextEdit(self.snapshot.buffer.range(spot.start, self.offset), text),
        )

    # ------------------------------------------------------------------------------------------ names
    def names(self, spot: _Spot) -> Iterator[t.CompletionItem]:
        asked = frozenset(name for name, role in ROLES.items() if role.asked in spot.accepted)
        named = spot.accepted & {"NAME", "HCELL", "DCELL"}
        if not asked and (not named or (spot.line_start and "NAME" not in named)):
            return
        roles, options = (asked, frozenset[str]()) if asked else self.wanted(spot)
        at_hand = self.lists_at_hand(spot)
        best: dict[str, tuple[str, Declared]] = {}
        for group in self.snapshot.symbols.declared.values():
            for one in group:
                key = name_key(one.name)
                if (one.role in roles or key in options) and self.fits(one.name, spot):
                    rank = "00" if key in options else self.rank(one, at_hand)
                    if key not in best or rank < best[key][0]:
                        best[key] = rank, one
        for rank, one in sorted(best.values(), key=lambda found: (found[0], found[1].at)):
            yield self.name(one.name, _LOOKS[ROLES[one.role].look], role_word(self.snapshot, one), rank, spot)
        if roles & {"clause"} and not options:
            for word in self.reading.words.builtins:
                if self.fits(word, spot):
                    yield self.name(word, None, None, "17", spot)

    def name(
        self, word: str, kind: t.CompletionItemKind | None, about: str | None, rank: str, spot: _Spot
    ) -> t.CompletionItem:
        return t.CompletionItem(
            label=word, kind=kind or t.CompletionItemKind.Variable, detail=about, sort_text=rank, filter_text=word,
            text_edit=t.TextEdit(self.snapshot.buffer.range(spot.start, self.offset), word),
        )

    @staticmethod
    def rank(one: Declared, at_hand: frozenset[str]) -> str:
        """Fields of the record in hand first, those of other ledgers last."""
        if one.role in _PARTS:
            return "10" if one.scope in at_hand else "18"
        return "11" if one.role in _PLAIN else "14"

    def lists_at_hand(self, spot: _Spot) -> frozenset[str]:
        """The ledgers whose record is in hand: those behind 逐条 in this block so far, and the ledger itself."""
        found = {
            str(b.token.value) for a, b in zip(self.block, self.block[1:], strict=False)
            if b.token.type == "NAME" and a.token.type in ("_EACH", "_COUNTING", "_GIVEN", "_EXPECT", "_COLON")
        }
        if spot.head == "_LEDGER":
            found |= {str(s.token.value) for s in self.block[:3] if s.token.type == "DEFNAME"}
        return frozenset(found)

    def wanted(self, spot: _Spot) -> tuple[frozenset[str], frozenset[str]]:
        """The roles of names that make sense behind what stands before, and the values of the choice compared with."""
        kinds = [s.token.type for s in spot.before]
        last = kinds[-1] if kinds else ""
        if last == "_COLON" and len(kinds) > 1:
            last = kinds[-2]
        if any(kind in ("MEASFIELD", "_THEN", "_ELSE", "_LATE") for kind in kinds) and "MONEY" not in spot.accepted:
            return _MEASURES, frozenset()
        if last in _FORWARD or (last == "_LPAR" and len(kinds) > 1 and kinds[-2] == "AGG"):
            roles = _LISTS if last != "_LPAR" else _LISTS | _PLAIN
            return roles, frozenset()
        if "HCELL" in spot.accepted:
            rows = spot.head == "_EXAMPLE"
            owners = self.lists_at_hand(spot)
            return (_PARTS if rows and owners else _PLAIN), frozenset()
        if kinds and kinds[0] == "_KEYRESULTS":
            return frozenset({"clause", "measure"}), frozenset()
        if kinds and kinds[0] == "_GIVEN" and last in ("_GIVEN", "_COMMA"):
            return _GIVEN, frozenset()
        if kinds and kinds[0] == "_EXPECT" and last in ("_EXPECT", "_COMMA"):
            return frozenset({"clause", "ledger"}), frozenset()
        if last == "_OF":
            return _PARTS, frozenset()
        if last == "_WINDOW":
            return frozenset({"clause"}), frozenset()
        options = self.options(spot.before)
        if last in ("_IN", "_NOTIN"):
            return _LISTS | _VALUES if not options else _LISTS, options
        if last in ("EQ", "CMP", "_HAS", "_INORDER", "_SEP") and options:
            return _PLAIN, options
        if "DCELL" in spot.accepted:
            return _VALUES, options
        return _PLAIN | _LISTS, options

    def options(self, before: tuple[Seen, ...]) -> frozenset[str]:
        """The values of the choice that is being compared: of the last name before the comparison."""
        for one in reversed(before):
            if one.token.type != "NAME":
                continue
            found = self._values_of(name_key(str(one.token.value)))
            if found:
                return found
        return frozenset()

    def _values_of(self, key: str) -> frozenset[str]:
        for one in self.snapshot.symbols.declared.get(key, ()):
            kind = self.snapshot.kind(one)
            if kind is not None and kind.options:
                return frozenset(name_key(option) for option in kind.options)
        return frozenset()
