"""Where something stands in a file: the one span type that every stage shares."""

from __future__ import annotations

from policydsl.members import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in a file.

    Lines and columns are 1-based; columns count characters (not display cells); the end column is exclusive.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def start(self) -> tuple[int, int]:
        return self.line, self.column

    @property
    def end(self) -> tuple[int, int]:
        return self.end_line, self.end_column

    def on_line_of(self, other: Span) -> bool:
        """Whether both begin on one line."""
        return (self.file, self.line) == (other.file, other.line)

    def line_from(self, home: str) -> str:
        """The number of its line, as told to a reader of the file ``home``: in another file, with that file; of a place
        without a line, the file alone."""
        if not self.line:
            return self.file
        return str(self.line) if self.file == home or not home else f"{self.file}:{self.line}"

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``."""
        return Span(self.file, *self.start, *other.end)

    def before(self, other: Span) -> Span:
        """The part of this span that stands before ``other``."""
        return Span(self.file, *self.start, *other.start)

    def after(self, other: Span) -> Span:
        """The part of this span that stands behind ``other``."""
        return Span(self.file, *other.end, *self.end)


NOWHERE = Span("", 0, 0, 0, 0)
