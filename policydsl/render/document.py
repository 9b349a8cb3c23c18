"""A document as blocks: what explanations, handbooks and accounts are made of before they become Markdown or HTML.

A maker says what there is (a table with these headers, a fold with this summary) and never how it is written down; the
writers ``render.markdown`` and ``render.page`` do, and escape whatever text they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Literal

from policydsl.diagnostics import LANGUAGES, Language
from policydsl.members import dataclass
from policydsl.say import say

Tone = Literal["plain", "good", "bad", "open", "muted"]


# ------------------------------------------------------------------------------------------------ running text
@dataclass(frozen=True, slots=True)
class Text:
    """Words, with a tone (met is good, unmet bad, unknown open) and weight."""

    text: str
    tone: Tone = "plain"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Cite:
    """A clause: ``label`` its id and place, ``text`` its wording where a register gives it, ``target`` an anchor."""

    label: str
    text: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to the anchor of a heading or row of the same document; ``quiet``: a word within a sentence, which
    leads to its explanation on a page and is plain text in Markdown. Without a target it is its words alone."""

    text: str
    target: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A text as it stands in a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a paragraph or cell."""


@dataclass(frozen=True, slots=True)
class Swatch:
    """A patch of the colour of a share, beside its name."""

    shade: str


Inline = Text | Cite | Link | Code | Break | Swatch
Run = tuple[Inline, ...]
Words = str | Inline | Sequence[str | Inline]


def run(words: Words) -> Run:
    """Running text from whatever a maker has at hand."""
    if isinstance(words, str):
        return (Text(words),)
    if isinstance(words, Inline):
        return (words,)
    return tuple(Text(w) if isinstance(w, str) else w for w in words)


def short(cite: str) -> str:
    """The number that a citation begins with, and those of the clauses that have changed it."""
    first = next(iter(cite.split()), "")
    for lang in LANGUAGES:
        before, after = say("verdict.amended_mark", lang, cite="", by="\0").split("\0")
        for mark in cite.split(before)[1:]:
            by = next(iter(mark.partition(after)[0].split()), "")
            first = say("verdict.amended_mark", lang, cite=first, by=by)
    return first


def citation(label: str, lang: Language) -> str:
    """A citation in the brackets of the language, as in a policy."""
    return say("mark.cited", lang, clause=label)


# ------------------------------------------------------------------------------------------------ blocks
@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 2 to 4 (1 is the document's title); ``anchor`` is unique in the document, or empty."""

    level: int
    words: Run
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    words: Run
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item is running text, with blocks under it if there is more to say."""

    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    words: Run
    below: tuple[Block, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """``marks``: what it can be picked out by among the rows of a roster; ``places``: where it stands in each of the
    orders of the roster but the first, which is as it is."""

    cells: tuple[Run, ...]
    tone: Tone = "plain"
    anchor: str = ""
    marks: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """``numeric``: the columns that are set flush right. ``stub``: whether the first cell heads its row.
    ``shares``: the widths of the columns in percent, where the longest words should not decide them."""

    header: tuple[Run, ...]
    rows: tuple[Row, ...]
    numeric: frozenset[int] = frozenset()
    stub: bool = False
    caption: str = ""
    shares: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks behind a summary: shut on a screen unless ``open``, and always open in Markdown; in print as the document
    says. ``anchor``: a place that links lead to."""

    summary: Run
    blocks: tuple[Block, ...]
    open: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of a few figures at the head of a page: what it is, its value, and a line below."""

    label: str
    value: str
    note: Run = ()


@dataclass(frozen=True, slots=True)
class Tiles:
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """Parts of a page that stand beside one another where there is room, each with a heading of the level; ``row``: in
    one row, the page made wide."""

    level: int
    cards: tuple[tuple[str, tuple[Block, ...]], ...]
    row: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One of several shares of a whole. ``shade``: 1 to 4 from dark to light, ``open`` or ``away``."""

    name: str
    count: int
    shade: str


@dataclass(frozen=True, slots=True)
class Shares:
    """A bar of shares; what stands beside it says the same in words."""

    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of rows: the mark that a row has to have (empty: every row) and the words for it; the first is taken."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """A long table whose rows can be picked out and put in another order (a filter whose choices have no marks), with a
    last row that tells them all together."""

    table: Table
    foot: Row
    filters: tuple[Filter, ...] = ()
    order: Filter | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The wording of a document, or of a ruling."""

    words: Run


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG text made by this program (never by a user), with words that say the same."""

    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents: the headings of the document down to this level."""

    level: int = 2


Block = Heading | Paragraph | Items | Table | Fold | Tiles | Cards | Shares | Roster | Quote | Figure | Contents


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    lang: Language
    blocks: tuple[Block, ...]
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())  # what stands under the title: ("评估日", "2024-06-30")
    brief: bool = False  # what is folded is folded in print too
    dense: bool = False  # printed on few pages: small type, lists in columns


# ------------------------------------------------------------------------------------------------ making them
def heading(level: int, words: Words, anchor: str = "") -> Heading:
    return Heading(level, run(words), anchor)


def paragraph(words: Words, tone: Tone = "plain") -> Paragraph:
    return Paragraph(run(words), tone)


def items(entries: Iterable[Words | Item], ordered: bool = False) -> Items:
    return Items(tuple(e if isinstance(e, Item) else Item(run(e)) for e in entries), ordered)


def row(
    cells: Iterable[Words], tone: Tone = "plain", anchor: str = "", marks: tuple[str, ...] = (),
    places: tuple[int, ...] = (),
) -> Row:
    return Row(tuple(run(c) for c in cells), tone, anchor, marks, places)


def table(
    header: Iterable[Words], rows: Iterable[Row | Iterable[Words]], numeric: Iterable[int] = (), stub: bool = False,
    caption: str = "", shares: Iterable[int] = (),
) -> Table:
    return Table(
        tuple(run(h) for h in header), tuple(r if isinstance(r, Row) else row(r) for r in rows), frozenset(numeric),
        stub, caption, tuple(shares),
    )


def fold(summary: Words, blocks: Iterable[Block], open: bool = False, anchor: str = "") -> Fold:
    return Fold(run(summary), tuple(blocks), open, anchor)
