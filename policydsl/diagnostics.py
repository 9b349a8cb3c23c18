"""The one diagnostic type. Each stage collects all its problems; wording lives in the catalogue, by stable code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Literal

from policydsl.members import guarded
from policydsl.place import Span
from policydsl.sources import Sources

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")
Severity = Literal["error", "warning", "notice"]


@guarded(frozen=True, slots=True)
class Fix:
    """A replacement of the text at ``span`` that would settle the problem. ``line``: what its line says then, where the
    replacement alone tells too little. ``moves``: a value that another row of a table decides then, and which."""

    span: Span
    text: str
    line: str = ""
    moves: tuple[str, int] | None = None


@guarded(frozen=True, slots=True)
class Diagnostic:
    """One problem at one place.

    ``code`` names an entry of the catalogue, ``args`` fill its wording (already in the author's characters),
    ``other`` is a change of another place that would settle it as well;
    ``expected`` says what may stand there (neutral phrase keys of the catalogue, or words in quotes),
    ``suggestions`` are near misses ("did you mean"), ``hint`` is the key of a further hint of the catalogue.
    """

    code: str
    span: Span
    severity: Severity = "error"
    args: dict[str, str] = field(default_factory=dict)
    expected: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    hint: str | None = None
    fix: Fix | None = None
    other: Fix | None = None


class PolicyError(Exception):
    """A policy cannot be used; carries every problem found and the texts they point into."""

    def __init__(self, diagnostics: Sequence[Diagnostic], sources: Sources, dialect: Language = "zh") -> None:
        super().__init__(f"{len(diagnostics)} problem(s)")
        self.diagnostics = tuple(diagnostics)
        self.sources = sources
        self.dialect = dialect


class SheetError(Exception):
    """A fact sheet is refused as a whole; carries every problem found, and the files they point into."""

    def __init__(self, diagnostics: Sequence[Diagnostic], sources: Sources, dialect: Language = "zh") -> None:
        super().__init__(f"{len(diagnostics)} problem(s)")
        self.diagnostics = tuple(diagnostics)
        self.sources = sources
        self.dialect = dialect
