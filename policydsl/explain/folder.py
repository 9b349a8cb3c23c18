"""Pages for several partners: a file for each, under a name that every system takes, and one that lists them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from policydsl.render.page import GENERATOR

INDEX = "index.html"
MOST_BYTES = 120  # of a file's name, without its ending
_UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index)", re.IGNORECASE)


class TakenError(Exception):
    """A file stands where a page is to be written, and is no page of ours."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def file_names(parties: Iterable[str], ending: str = ".html") -> list[str]:
    """A file name for each party, none twice, also where capitals do not count."""
    taken: set[str] = {INDEX}
    out: list[str] = []
    for number, party in enumerate(parties, 1):
        base = _safe(party) or f"p{number}"
        name, again = f"{base}{ending}", 1
        while unicodedata.normalize("NFC", name).casefold() in taken:
            again += 1
            name = f"{base}-{again}{ending}"
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


__all__ = ["INDEX", "TakenError", "file_names", "writable"]
