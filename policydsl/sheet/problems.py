"""Collecting problems: every one in one run, up to a limit, each with its path in the sheet."""

from __future__ import annotations

from policydsl.diagnostics import Diagnostic
from policydsl.place import Span
from policydsl.sheet.refused import Refused

MOST_PROBLEMS = 200
MOST_SUGGESTIONS = 50


class Problems:
    """The problems of one run."""

    def __init__(self) -> None:
        self.errors: list[Diagnostic] = []
        self.more = 0

    @property
    def costly(self) -> bool:
        """Looking for near misses is given up after a while: it takes longer than everything else."""
        return len(self.errors) >= MOST_SUGGESTIONS

    def add(
        self, code: str, span: Span, path: str, *, expected: tuple[str, ...] = (), suggestions: tuple[str, ...] = (),
        **args: str,
    ) -> None:
        """Note an error; ``args`` fill its wording."""
        self.note(Diagnostic(code, span, "error", {"path": path, **args}, expected, suggestions))

    def refuse(self, refused: Refused, span: Span, path: str) -> None:
        """Note that a value was refused."""
        args = {"path": path, **refused.args_}
        self.note(Diagnostic(refused.code, span, "error", args, refused.expected, refused.suggestions))

    def note(self, diagnostic: Diagnostic) -> None:
        if len(self.errors) < MOST_PROBLEMS:
            self.errors.append(diagnostic)
        else:
            self.more += 1

    def all(self) -> list[Diagnostic]:
        """The errors in the order of the file; the last one says how many were left out."""
        found = sorted(self.errors, key=lambda d: (d.span.line, d.span.column))
        if self.more:
            found.append(Diagnostic("SHEET129", found[-1].span, args={"path": "", "count": str(self.more)}))
        return found
