"""The texts that a policy or a sheet was read from: the one place where an author's words are cut out of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from hashlib import sha256
from pathlib import Path

from policydsl.members import dataclass
from policydsl.place import Span


@dataclass(frozen=True, slots=True)
class Sources:
    """Texts, line by line, by the names of their files, in the order in which they were given.

    A place in a file that is not among them, or beyond its end, has no words: the empty text. ``beside``: the digests
    of the files beside them that were read too (the register, the aliases), by their names.
    """

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)

    def with_beside(self, path: Path) -> Sources:
        """With a file beside that was read. Raises OSError."""
        return replace(self, beside={**self.beside, path.name: sha256(path.read_bytes()).hexdigest()})

    @classmethod
    def of(cls, file: str, lines: Sequence[str]) -> Sources:
        return cls({file: tuple(lines)})

    def lines(self, at: Span) -> tuple[str, ...]:
        """The whole lines that a place touches."""
        return self.texts.get(at.file, ())[at.line - 1 : at.end_line] if at.line else ()

    def line(self, at: Span) -> str:
        """The whole line on which a place begins."""
        lines = self.texts.get(at.file, ())
        return lines[at.line - 1] if 0 < at.line <= min(at.end_line, len(lines)) else ""

    def words(self, at: Span) -> str:
        """What stands there, without blanks around it; of a place of several lines, what stands on the first."""
        end = at.end_column - 1 if at.end_line == at.line else None
        return self.line(at)[max(at.column - 1, 0) : end].strip()

    def exact(self, at: Span) -> str:
        """What stands there, with its line breaks."""
        lines = list(self.lines(at))
        if len(lines) > at.end_line - at.line:
            lines[-1] = lines[-1][: at.end_column - 1]
        return "\n".join(lines)[max(at.column - 1, 0) :]

    def flowing(self, at: Span) -> str:
        """What stands there, on one line; Chinese joins without a blank."""
        out, *rest = self.exact(at).split("\n")
        for line in map(str.strip, rest):
            out = out.rstrip() + (" " if out[-1:].isascii() and line[:1].isascii() else "") + line
        return out

    def order(self, at: Span) -> tuple[int, int, int]:
        """By this places sort in the order of the files and of the text; one in none of the files comes first."""
        files = list(self.texts)
        return files.index(at.file) if at.file in files else -1, at.line, at.column

    @property
    def whole(self) -> dict[str, str]:
        """Each text in one piece."""
        return {file: "\n".join(lines) for file, lines in self.texts.items()}

    @property
    def digest(self) -> str:
        """``sha256:…`` of the one text; of several, and of files beside, that of their digests, a line each."""
        each = [*(sha256(text.encode("utf-8")).hexdigest() for text in self.whole.values()), *self.beside.values()]
        return "sha256:" + (each[0] if len(each) == 1 else sha256("\n".join(each).encode("ascii")).hexdigest())


NO_TEXTS = Sources()
