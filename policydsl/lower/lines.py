"""The lines of one block by their kind; which of them fit is data of ``clause_kinds``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from policydsl import nodes as n
from policydsl.clause_kinds import KINDS, MODES, SEVERAL
from policydsl.lower.context import Lowering
from policydsl.members import dataclass
from policydsl.text.keywords import dialect

L = TypeVar("L", bound=n.Node)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one clause that belong there, in the order of the text."""

    found: tuple[n.Line, ...]

    def all(self, kind: type[L]) -> list[L]:
        """The lines of a class."""
        return [line for line in self.found if isinstance(line, kind)]

    def one(self, kind: type[L]) -> L | None:
        """The line of a class that stands once at most."""
        return next(iter(self.all(kind)), None)

    def fields(self, key: str) -> list[n.FieldLine]:
        """The lines ``key: expression``."""
        return [line for line in self.all(n.FieldLine) if line.key == key]

    def field(self, key: str) -> n.FieldLine | None:
        """The line ``key: expression`` that stands once at most."""
        return next(iter(self.fields(key)), None)

    def mode(self, key: str) -> str | None:
        """The value of the line ``key: one of a few words``."""
        return next((line.value for line in self.all(n.Mode) if line.key == key), None)

    def without(self, *kinds: type[n.Node]) -> Lines:
        """The lines of other classes."""
        return Lines(tuple(line for line in self.found if not isinstance(line, kinds)))


def key_of(line: n.Line) -> str:
    """The name of a line in ``clause_kinds``."""
    match line:
        case n.FieldLine() | n.Mode():
            return line.key
        case n.Measures():
            return line.mode
        case n.Annotation():
            return "note"
        case _:
            return name_of(type(line))


def name_of(kind: type) -> str:
    """The name of the lines of a class: ``start`` for ``StartLine``."""
    return kind.__name__.rstrip("_").removesuffix("Line").lower()


def misfit(low: Lowering, line: n.Mode, allowed: Sequence[str]) -> None:
    """Reports a word that is none of those that fit."""
    said = dialect(low.file.dialect).said("MODEVAL")
    low.problem("POL307", line.span, read=said[line.value], options="、".join(said[value] for value in allowed))


def sort_lines(low: Lowering, clause: n.Clause) -> Lines:
    """The lines that belong; one that does not, or stands twice, is reported."""
    kind = KINDS[clause.kind]
    found: list[n.Line] = []
    seen: set[str] = set()
    for line in clause.lines:
        key = key_of(line)
        if key == "late" and kind.reading == "debt":
            key = "latefee"
        if isinstance(line, n.Mode) and line.value not in MODES[line.key]:
            misfit(low, line, MODES[line.key])
        if key not in kind.lines:
            code = "POL451" if key == "unless" else "POL401"
            low.problem(code, line.span, read=low.text(line.span)[:30], block=clause.kind)
        elif key in seen and key not in SEVERAL:
            low.problem("POL403", line.span, read=low.text(line.span)[:30])
        else:
            seen.add(key)
            found.append(line)
    if clause.table is not None and "table" not in kind.lines and not kind.fits:
        low.problem("POL404", clause.table.span, block=clause.kind)
    return Lines(tuple(found))
