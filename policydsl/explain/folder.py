"""Pages for several partners: a file for each, under a name that every system takes, and one that lists them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.explain.model import Explanation, Section
from policydsl.explain.words import status_words
from policydsl.kinds import INSTANT
from policydsl.render.document import Document, Link, Row, Text, row, table
from policydsl.render.page import GENERATOR
from policydsl.render.values import Writer
from policydsl.say import listed, say

INDEX = "index.html"
MOST_BYTES = 120  # of a file's name, without its ending
_UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index)", re.IGNORECASE)


class TakenError(Exception):
    """A file stands where a page is to be written, and is no page of ours."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def file_names(parties: Iterable[str]) -> list[str]:
    """A file name for each party, none twice, also where capitals do not count."""
    taken: set[str] = {INDEX}
    out: list[str] = []
    for number, party in enumerate(parties, 1):
        base = _safe(party) or f"p{number}"
        name, again = f"{base}.html", 1
        while unicodedata.normalize("NFC", name).casefold() in taken:
            again += 1
            name = f"{base}-{again}.html"
        taken.add(unicodedata.normalize("NFC", name).casefold())
        out.append(name)
    return out


def _safe(party: str) -> str:
    shown = "".join(c for c in party if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    base = _UNSAFE.sub("_", shown.strip()).strip("._ ")
    while len(base.encode("utf-8")) > MOST_BYTES:
        base = base[:-1]
    return f"{base}_" if _RESERVED.fullmatch(base) else base


def writable(folder: Path, names: Sequence[str]) -> None:
    """Nothing is written over but pages that were written here before. Raises TakenError."""
    for name in (*names, INDEX):
        path = folder / name
        if path.is_symlink() or path.exists() and not _ours(path):
            raise TakenError(path)


def _ours(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return GENERATOR.encode() in file.read(2000)


def index_document(
    explanations: Sequence[Explanation], names: Sequence[str], lang: Language | None = None
) -> Document:
    """The list of partners: each with the results that a reader wants first, how much is open, and its page."""
    first = explanations[0].verdict
    writer = Writer.of(first.header, lang)
    shown = _headline(explanations)
    head = [say("explain.partner", writer.lang), *shown, say("explain.open_results", writer.lang)]
    rows: list[Row] = []
    for each, name in zip(explanations, names, strict=True):
        sections = {s.name: s for s in each.sections}
        cells = [Text(status_words(sections[n], writer).text) if n in sections else Text("") for n in shown]
        still_open = [s.name for s in each.sections if s.state == "unknown" and traits(s.label).stance != "plain"]
        more = listed(still_open[:4], writer.lang) + (" …" if len(still_open) > 4 else "")
        rows.append(row([(Link(each.verdict.party or name, f"./{name}"),), *cells, more]))
    about = " ".join(x for x in (first.header.title, first.header.id) if x)
    day = writer.exact(first.as_of, INSTANT)
    title = say("explain.partners", writer.lang, count=len(explanations))
    return Document(title, writer.lang, (table(head, rows, stub=True),), subtitle=about,
                    facts=((say("verdict.as_of", writer.lang), day),))


def _headline(explanations: Sequence[Explanation]) -> list[str]:
    """The results of the columns: those the policy names first, else tiers, scores, rewards and penalties."""
    keys = explanations[0].verdict.header.keys
    found: dict[str, Section] = {s.name: s for e in explanations for s in e.sections}
    if keys:
        return [name for name in keys if name in found]
    wanted = [n for n, s in found.items() if traits(s.label).reading in ("tier", "score", "amount")]
    return (wanted or list(found))[:6]


__all__ = ["INDEX", "TakenError", "file_names", "index_document", "writable"]
