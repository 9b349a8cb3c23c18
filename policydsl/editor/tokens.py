"""Colours by meaning: what each word really is, which no regular expression can tell of Chinese text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lsprotocol import types as t

from policydsl.editor.snapshot import Snapshot
from policydsl.lower.names import ROLES
from policydsl.text.lexer import NAMES

TYPES = ("keyword", "variable", "parameter", "class", "function", "property", "enumMember", "string", "number",
         "comment", "decorator", "operator")
LEGEND = t.SemanticTokensLegend(list(TYPES), ["declaration"])
_NUMBERS = frozenset(
    "NUMBER MONEY PERCENT COUNT POINTS DURATION WHOLE DATE INSTANT MONTHDAY PERIOD ORDINAL NTH".split()
)
_OF_TYPE = {
    "TEXT": "string", "CITE": "decorator", "RAWTEXT": "comment", "SAID": "comment", "IDENT": "property",
    "UNIT": "number",
}
_SIGNS = frozenset("_COLON _COMMA _SEP _BAR _LPAR _RPAR _NL $END HCELL DCELL DEFNAME _BULLET UNKNOWN".split())


def tokens(snapshot: Snapshot) -> t.SemanticTokens:
    """The words of the text in order, as the protocol packs them."""
    data: list[int] = []
    line = character = 0
    for start, end, kind, declares in _sorted(snapshot):
        place = snapshot.buffer.range(start, end)
        if place.start.line != place.end.line:
            continue
        same = place.start.line == line
        data += [
            place.start.line - line, place.start.character - (character if same else 0),
            place.end.character - place.start.character, TYPES.index(kind), 1 if declares else 0,
        ]
        line, character = place.start.line, place.start.character
    return t.SemanticTokens(data)


def _sorted(snapshot: Snapshot) -> Iterator[tuple[int, int, str, bool]]:
    """In order and without overlaps."""
    found = sorted({*_words(snapshot), *_names(snapshot)})
    for one, following in pairwise([*found, (len(snapshot.text) + 1, 0, "", False)]):
        if one[1] <= following[0]:
            yield one


def _names(snapshot: Snapshot) -> Iterator[tuple[int, int, str, bool]]:
    symbols = snapshot.symbols
    for one in symbols.occurrences:
        declared = symbols.declarations(one)
        if declared and one.end > one.start:
            yield one.start, one.end, ROLES[declared[0].role].look, one.declares


def _words(snapshot: Snapshot) -> Iterator[tuple[int, int, str, bool]]:
    named = {one.start for one in snapshot.symbols.occurrences}
    for _, (token, _) in snapshot.reading.all():
        if token.end <= token.start or token.type in _SIGNS:
            continue
        start, end = snapshot.symbols.offsets(token.start, token.end)
        if token.type in _NUMBERS:
            yield start, end, "number", False
        elif token.type in _OF_TYPE:
            yield start, end, _OF_TYPE[token.type], False
        elif token.type not in NAMES:
            yield start, end, "keyword", False
        elif start not in named and str(token.value).startswith("@"):
            yield start, end, "variable", False
