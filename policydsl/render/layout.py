"""Laying out lines on a terminal: display widths, columns, wrapping, and colour that never moves a column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policydsl.members import dataclass
from policydsl.report import width

WIDTH = 100
NARROWEST = 20
_NEVER_FIRST = "，。；：、）】》”！？,.;:)]!?%"
_NEVER_LAST = "（【《“(["


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours text when ``on``; otherwise leaves it alone."""

    on: bool

    def __call__(self, text: str, tone: str) -> str:
        if not self.on or not tone or not text:
            return text
        import click

        match tone:
            case "title":
                return click.style(text, bold=True, underline=True)
            case "strong":
                return click.style(text, bold=True)
            case "dim":
                return click.style(text, dim=True)
            case _:
                return click.style(text, fg=tone)


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line in one colour."""

    text: str
    tone: str = ""


def pad(text: str, cells: int) -> str:
    """The text filled with blanks to a display width."""
    return text + " " * max(0, cells - width(text))


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most ``cells`` columns. Chinese breaks anywhere, but a line never begins with a
    closing mark; Latin words and numbers stay whole where they fit. No line is narrower than one wide character."""
    cells = max(cells, 2)
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > cells:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
        while width(line.rstrip()) > cells:
            head = _head(line, cells)
            lines.append(line[:head])
            line = line[head:]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> Iterable[str]:
    """Unbreakable pieces: a Latin word with its marks and blanks, or one wide character with its closing marks."""
    piece = ""
    for char in text:
        wide = width(char) > 1
        closing = char in _NEVER_FIRST or char == " "
        breaks = piece and not closing and (wide or width(piece[-1]) > 1 or piece[-1] == " ")
        number = wide and (piece[-1:].isascii() and piece[-1:].isdigit() or piece[-1:] == "%")
        if breaks and not number and piece[-1] not in _NEVER_LAST:
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _head(text: str, cells: int) -> int:
    """How many characters fit (at least one)."""
    used = 0
    for index, char in enumerate(text):
        used += width(char)
        if used > cells:
            return max(index, 1)
    return len(text)


def column(texts: Iterable[str], most: int) -> int:
    """The width of a column for these texts; longer ones than ``most`` do not count, they run over."""
    return max((w for w in map(width, texts) if w <= most), default=0)


def line(
    indent: int, first: Cell, first_width: int, rest: Sequence[Cell], right: str, paint: Paint, gap: int = 2
) -> list[str]:
    """``first`` in its column, then the other cells, then ``right`` at the right edge.

    What does not fit goes to lines of its own below, indented like the second column.
    """
    lead = " " * indent + pad(first.text, first_width)
    blank = " " * gap
    hang = indent + min(first_width, 40) + gap
    shown = " " * indent + paint(first.text, first.tone) + " " * (width(lead) - indent - width(first.text))
    used = width(lead)
    out: list[str] = []
    cells = [cell for cell in rest if cell.text]
    if not cells:
        shown, used = shown.rstrip(" "), indent + width(first.text)
    for cell in cells:
        if used + gap + width(cell.text) <= WIDTH:
            shown += blank + paint(cell.text, cell.tone)
            used += gap + width(cell.text)
            continue
        if shown.strip():
            out.append(shown.rstrip(" "))
        pieces = wrap(cell.text, max(NARROWEST, WIDTH - hang))
        out.extend(" " * hang + paint(piece, cell.tone) for piece in pieces[:-1])
        shown, used = " " * hang + paint(pieces[-1], cell.tone), hang + width(pieces[-1])
    if right:
        if used + gap + width(right) > WIDTH:
            out.append(shown)
            shown, used = "", 0
        shown += " " * max(0, WIDTH - used - width(right)) + paint(right, "dim")
    out.append(shown)
    return out


def paragraph(indent: int, head: str, text: str, paint: Paint, tone: str = "dim") -> list[str]:
    """``head`` and a text wrapped beside it."""
    start = " " * indent + head
    hang = width(start)
    first, *more = wrap(text, max(NARROWEST, WIDTH - hang))
    return [paint(start + first, tone), *(paint(" " * hang + piece, tone) for piece in more)]
