"""Small drawings as SVG: steps of a band, weights of a score sheet, the ladder of tiers, the run of a deadline.

They are drawn with whole numbers in the colour of the text, so that they print in grey and follow light and dark; every
number that matters stands on them as the author wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from policydsl.members import dataclass
from policydsl.render.layout import wrap
from policydsl.report import width

_WIDTH = 480
_CELL = 8  # a column of the terminal is about this wide at the size of the labels
_FONT = 'font-size="14" fill="currentColor"'


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a band: from ``low`` to ``high`` (None: open), whether the ends are in it, the height, and the labels
    of the ends and the value."""

    low: Fraction | None
    low_in: bool
    high: Fraction | None
    high_in: bool
    height: Fraction
    low_text: str
    high_text: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """``scaled``: whether the axis is to scale."""

    svg: str
    scaled: bool = True


def _svg(width_: int, height: int, title: str, body: Sequence[str]) -> str:
    inner = "".join(body)
    return (
        f'<svg viewBox="0 0 {width_} {height}" width="{width_}" height="{height}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg" aria-label="{escape(title)}"><title>{escape(title)}</title>{inner}</svg>'
    )


def _text(x: int, y: int, text: str, anchor: str = "middle", weight: str = "") -> str:
    bold = f' font-weight="{weight}"' if weight else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" {_FONT}{bold}>{escape(text)}</text>'


def _line(x1: int, y1: int, x2: int, y2: int, stroke: str = "1", dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor" stroke-width="{stroke}"{dashed}/>'
    )


def _dot(x: int, y: int, full: bool) -> str:
    fill = "currentColor" if full else "var(--paper, #fff)"
    return f'<circle cx="{x}" cy="{y}" r="4" fill="{fill}" stroke="currentColor" stroke-width="2"/>'


def _size(text: str) -> int:
    return width(text) * _CELL


# ---------------------------------------------------------------------------------------------- bands
def steps(rows: Sequence[Step], title: str) -> Drawing | None:
    """A step chart; None where the rows overlap or there is nothing to draw."""
    zero = Fraction(0)
    ordered = sorted(rows, key=lambda s: (s.low is not None, s.low or zero, s.high is None, s.high or zero))
    if len(ordered) < 2 or not _apart(ordered):
        return None
    ends = sorted({end for s in ordered for end in (s.low, s.high) if end is not None})
    if not ends:
        return None
    places, scaled = _places(ends, ordered)
    left, right, top, bottom = 12, _WIDTH - 12, 30, 170
    low, high = min(s.height for s in ordered), max(s.height for s in ordered)
    low = min(low, Fraction(0)) if low < high else low - 1

    def level(value: Fraction) -> int:
        return bottom - 16 - int((value - low) * (bottom - 16 - top) / (high - low))

    body = [_line(left, bottom, right, bottom)]
    both = [pair for s in ordered for pair in ((s.low, s.low_text), (s.high, s.high_text))]
    labels = {end: text for end, text in both if end is not None}
    for end in ends:
        body.append(_line(places[end], bottom, places[end], bottom + 5))
        body.append(_text(places[end], bottom + 22, labels[end]))
    dots = []
    for s in ordered:
        start = left if s.low is None else places[s.low]
        stop = right if s.high is None else places[s.high]
        y = level(s.height)
        if start == stop:
            dots.append(_dot(start, y, True))
        else:
            body.append(
                f'<rect x="{start}" y="{y}" width="{stop - start}" height="{bottom - y}" fill="currentColor" '
                f'fill-opacity="0.08"/>'
            )
            body.append(_line(start, y, stop, y, "2.5"))
            dots += [] if s.low is None else [_dot(start, y, s.low_in)]
            dots += [] if s.high is None else [_dot(stop, y, s.high_in)]
        body.append(_text((start + stop) // 2, y - 10, s.text, weight="600"))
    return Drawing(_svg(_WIDTH, bottom + 34, title, [*body, *dots]), scaled)


def _apart(ordered: Sequence[Step]) -> bool:
    """Whether no two rows share a point."""
    for here, after in zip(ordered, ordered[1:], strict=False):
        if here.high is None or after.low is None:
            return False
        if here.high > after.low or (here.high == after.low and here.high_in and after.low_in):
            return False
    return True


def _places(ends: Sequence[Fraction], rows: Sequence[Step]) -> tuple[dict[Fraction, int], bool]:
    """Where each end stands: to scale where every label finds room, else evenly."""
    left = 12 + (max(70, _widest(rows)) if rows[0].low is None else 20)
    right = _WIDTH - 12 - (max(70, _widest(rows)) if rows[-1].high is None else 24)
    span = ends[-1] - ends[0]
    if span:
        scaled = {end: left + int((end - ends[0]) * (right - left) / span) for end in ends}
        room = all(
            scaled[b] - scaled[a] >= _need(a, b, rows) for a, b in zip(ends, ends[1:], strict=False)
        )
        if room:
            return scaled, True
    if len(ends) == 1:
        return {ends[0]: (left + right) // 2}, True
    return {end: left + i * (right - left) // (len(ends) - 1) for i, end in enumerate(ends)}, False


def _need(low: Fraction, high: Fraction, rows: Sequence[Step]) -> int:
    texts = [_size(s.text) for s in rows if s.low == low and s.high == high]
    texts += [_size(t) for s in rows for e, t in ((s.low, s.low_text), (s.high, s.high_text)) if e in (low, high)]
    return max(texts, default=0) + 8


def _widest(rows: Sequence[Step]) -> int:
    return max(_size(s.text) for s in rows)


# ---------------------------------------------------------------------------------------------- weights
def weights(items: Sequence[tuple[str, Fraction, str]], title: str) -> str:
    """Horizontal bars: (name, size, the size as written)."""
    most = max(size for _, size, _ in items)
    names = min(max(_size(name) for name, _, _ in items) + 12, 200)
    room = _WIDTH - names - 70
    body = []
    for i, (name, size, text) in enumerate(items):
        y = 8 + i * 30
        lines = wrap(name, (names - 12) // _CELL)
        shown = lines[0] if len(lines) == 1 else lines[0][:-1] + "…"
        length = int(size * room / most) if most else 0
        body.append(_text(names - 8, y + 15, shown, "end"))
        body.append(
            f'<rect x="{names}" y="{y}" width="{max(length, 1)}" height="20" fill="currentColor" fill-opacity="0.25" '
            f'stroke="currentColor"/>'
        )
        body.append(_text(names + length + 8, y + 15, text, "start", "600"))
    return _svg(_WIDTH, 8 + len(items) * 30, title, body)


# ---------------------------------------------------------------------------------------------- ladder
def ladder(names: Sequence[str], title: str) -> str:
    """A staircase of tiers; ``names`` run from the lowest to the highest."""
    count = len(names)
    each = (_WIDTH - 8) // count
    height = 40 + 26 * count
    body = []
    for i, name in enumerate(names):
        top = height - 34 - 26 * i
        body.append(
            f'<rect x="{4 + i * each}" y="{top}" width="{each}" height="{height - top - 2}" fill="currentColor" '
            f'fill-opacity="0.{6 + 5 * i:02d}" stroke="currentColor"/>'
        )
        for k, line in enumerate(wrap(name, max(4, each // _CELL - 1))[:2]):
            body.append(_text(4 + i * each + each // 2, top + 21 + 17 * k, line, weight="600"))
    return _svg(_WIDTH, height, title, body)


# ---------------------------------------------------------------------------------------------- deadline
@dataclass(frozen=True, slots=True)
class Run:
    """A deadline in words: where it starts, how long it is, its last day, what follows; empty where nothing is said."""

    start: str
    length: str
    end: str
    late: str


def timeline(run: Run, title: str) -> str:
    """From the start to the last day, and what follows when it has passed. Not to scale."""
    y = 46 if run.length else 20
    start, end, after = (60, 300, _WIDTH - 20)
    body = [_line(start, y, end, y, "3"), _line(end, y, after, y, "1.5", "5 4")]
    body += [_dot(start, y, False), _dot(end, y, True)]
    body.append(f'<path d="M {after} {y} l -9 -5 v 10 z" fill="currentColor"/>')
    deepest = 1
    if run.length:
        body.append(_text((start + end) // 2, y - 12, _short(run.length, 26), weight="600"))
    for x, text, cells in ((start, run.start, 15), (end, run.end, 15), ((end + after) // 2 + 34, run.late, 13)):
        lines = wrap(text, cells)[:4] if text else []
        deepest = max(deepest, len(lines))
        for k, line in enumerate(lines):
            body.append(_text(x, y + 24 + 17 * k, line))
    return _svg(_WIDTH, y + 16 + 17 * deepest + 6, title, body)


def _short(text: str, cells: int) -> str:
    lines = wrap(text, cells)
    return lines[0] if len(lines) == 1 else lines[0][:-1] + "…"
