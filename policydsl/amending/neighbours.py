"""Which file a policy means by 修订 and 引用: one that stands in its own folder, by its name or by its 编号.

What is named here comes from a text that anybody may have written. So nothing outside the folder is looked at, whatever
the text says: no path, no link that leads out, no folder or device, nothing that is too large to be a policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from policydsl.diagnostics import Language
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.text.near import alike
from policydsl.text.parser import MOST_CHARACTERS
from policydsl.text.source import Source

MOST_FILES = 500  # policies of one folder that are looked at for an id
HEADER = 16 * 1024  # bytes in which a header stands
ENDING = ".pol"


class Lost(Exception):
    """A file that is not to be had: the code of the problem and what it says."""

    def __init__(self, code: str, near: tuple[str, ...] = (), **args: str) -> None:
        super().__init__(code)
        self.code, self.near, self.args_ = code, near, args


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text calls another file, and where."""

    name: str
    at: Span


@dataclass(frozen=True, slots=True)
class Found:
    """A file: what messages call it, its text, and where it stands (None: it was given as a text)."""

    label: str
    text: str
    path: Path | None


def amended(source: Source) -> list[Reference]:
    """The policies that a text says it amends."""
    return list(_header(source, "amends"))


def used(source: Source) -> list[Reference]:
    """The files of which a text uses names."""
    out = []
    for chunk in source.chunks:
        if chunk.head is not None and chunk.head.terminal == "_USE":
            line = chunk.lines[0]
            first = source.norm.find('"', line.start, line.end)
            last = source.norm.find('"', first + 1, line.end)
            if 0 <= first < last:
                out.append(Reference(source.text[first + 1 : last].strip(), source.span(first, last + 1)))
    return out


def _header(source: Source, key: str) -> Iterator[Reference]:
    """The lines of that key in the header."""
    for chunk in source.chunks[:1]:
        for line in chunk.lines[1:] if chunk.head is not None and chunk.head.terminal == "_POLICY" else ():
            for stop, group in source.words.field_words.matches(source.low, line.start, line.end):
                rest = source.norm[stop : line.raw_end]
                if rest.startswith((":", " ")) and any(k.terminal == "METAKEY" and k.value == key for k in group):
                    start = stop + len(rest) - len(rest.lstrip(": "))
                    yield Reference(source.text[start : line.raw_end].strip(), source.span(start, line.raw_end))
                    break


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The files beside one: its folder (None: there is none to look in), and texts that were given by name."""

    folder: Path | None
    given: Mapping[str, str]

    def find(self, name: str, of: str, dialect: Language) -> Found:
        """The file that ``of`` calls so. Raises Lost."""
        if name.lower().endswith(ENDING):
            return self._named(name, of)
        return self._identified(name, of, dialect)

    def _named(self, name: str, of: str) -> Found:
        if Path(name).name != name or any(c in name for c in '\\/:\0') or name.startswith(("~", ".")):
            raise Lost("POL242", name=name)
        for label, text in self.given.items():
            if Path(label).name == name and label != of:
                return Found(label, text, None)
        if self.folder is None:
            raise Lost("POL241", name=name)
        path = self.folder / name
        if not path.is_file():
            known = [p.name for p in self._files()]
            raise Lost("POL241", tuple(alike(name, known)), name=name)
        return self._read(path, of)

    def _identified(self, name: str, of: str, dialect: Language) -> Found:
        key = name_key(name)
        ids: dict[str, str] = {}
        found: list[tuple[str, Language, str | Path]] = []
        for label, text in self.given.items():
            if label != of:
                self._note(label, text[:HEADER], text, key, ids, found)
        if not found:
            for path in self._files():
                if path.name != Path(of).name:
                    with path.open("rb") as file:
                        head = file.read(HEADER).decode("utf-8-sig", "ignore")
                    self._note(path.name, head, path, key, ids, found)
        same = [one for one in found if one[1] == dialect] or found
        if not same:
            raise Lost("POL241", tuple(alike(name, list(ids.values()))), name=name)
        if len(same) > 1:
            raise Lost("POL245", name=name, files="、".join(label for label, _, _ in same))
        label, _, what = same[0]
        return Found(label, what, None) if isinstance(what, str) else self._read(what, of)

    @staticmethod
    def _note(
        label: str, head: str, what: str | Path, key: str, ids: dict[str, str],
        found: list[tuple[str, Language, str | Path]],
    ) -> None:
        """Whether a text has that id."""
        source = Source(head, label)
        for own in _header(source, "id"):
            ids[name_key(own.name)] = own.name
            if name_key(own.name) == key:
                found.append((label, source.words.code, what))

    def _files(self) -> list[Path]:
        """The policies of the folder."""
        if self.folder is None or not self.folder.is_dir():
            return []
        every = sorted(p for p in self.folder.iterdir() if p.suffix.lower() == ENDING)
        return [p for p in every[:MOST_FILES] if p.is_file() and self._inside(p)]

    def _inside(self, path: Path) -> bool:
        """A link may lead out of the folder."""
        assert self.folder is not None
        return path.resolve().parent == self.folder.resolve()

    def _read(self, path: Path, of: str) -> Found:
        if not self._inside(path):
            raise Lost("POL242", name=path.name)
        if path.stat().st_size > 4 * MOST_CHARACTERS:
            raise Lost("POL244", name=path.name)
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            raise Lost("POL244", name=path.name) from None
        label = str(Path(of).with_name(path.name)) if Path(of).name != of and Path(of).name else path.name
        return Found(label, text, path)


__all__ = ["Found", "Lost", "Neighbours", "Reference", "amended", "used"]
