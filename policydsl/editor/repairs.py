"""What would settle a problem, as a change of the text. Only what the message itself proposes: a near miss, a fix, or a
step that it describes in words and that can be taken in one way only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic
from policydsl.editor.snapshot import Snapshot
from policydsl.mending import READ, REPLACED, tried
from policydsl.kinds import DATE
from policydsl.render.values import Writer
from policydsl.report import proposed
from policydsl.say import say
from policydsl.text.fold import fold

_OPENING = frozenset("(（﹙")


class Repair(NamedTuple):
    """``stretch`` of the author's text is replaced by ``text``."""

    title: str
    stretch: tuple[int, int]
    text: str


def repairs(d: Diagnostic, snapshot: Snapshot) -> list[Repair]:
    """Best first; empty when only a person can tell."""
    out: list[Repair] = []
    if d.code in REPLACED or d.code in READ:
        texts, known = {d.span.file: snapshot.text}, snapshot.policy.diagnostics
        names = snapshot.policy.lowering.names.spelled
        (d,) = tried([d], texts, known=known, names=names, beside=snapshot.policy.beside)
    if d.fix is not None:
        title = _change(proposed(d.fix, snapshot.dialect), snapshot)
        out.append(Repair(title, snapshot.buffer.span(d.fix.span), d.fix.text))
    if d.code in REPLACED:
        stretch = snapshot.buffer.span(d.span)
        words = [word for word in d.suggestions if d.fix is None or word != d.fix.text]
        out += [Repair(_change(word, snapshot), stretch, word) for word in words]
    if d.other is not None and d.other.span.file == d.span.file:
        out.append(Repair(_change(d.other.text, snapshot), snapshot.buffer.span(d.other.span), d.other.text))
    step = _STEPS.get(d.code)
    if step is not None:
        out += step(d, snapshot)
    return out


def _change(text: str, snapshot: Snapshot) -> str:
    return snapshot.say("repair.change", text=text)


def _add(text: str, snapshot: Snapshot) -> str:
    return snapshot.say("repair.add", text=text.strip())


# ---------------------------------------------------------------------------------------------- one step a code
def _bracket(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    """Close the bracket at the end of the line."""
    start, _ = snapshot.buffer.span(d.span)
    opened = snapshot.text[start : start + 1]
    if opened not in _OPENING:
        return
    source = snapshot.reading.source
    at = source.offset(d.span.line, d.span.column)
    line = next((x for chunk in source.chunks for x in chunk.lines if x.start <= at < x.end), None)
    if line is None or line.cells:
        return
    place = snapshot.buffer.span(source.span(line.end, line.end))[0]
    close = ")" if opened == "(" else "）"
    yield Repair(_add(close, snapshot), (place, place), close)


def _quotation(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    _, end = snapshot.buffer.span(d.span)
    close = d.args.get("close", "")
    yield Repair(_add(close, snapshot), (end, end), close)


def _brackets(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    """The two ways in which 且 and 或 may be meant."""
    stretch = snapshot.buffer.span(d.span)
    for text in (d.args.get("one"), d.args.get("other")):
        if text:
            yield Repair(_change(text, snapshot), stretch, text)


def _header(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    text = say("draft.header", snapshot.dialect)
    start = 1 if snapshot.text.startswith("\ufeff") else 0
    yield Repair(_add(text.split("\n")[0], snapshot), (start, start), text)


def _unused(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    """Delete the line of a fact or parameter that nothing uses."""
    for block in snapshot.policy.file.blocks:
        lines: tuple[n.Declaration | n.Parameter, ...] = ()
        if isinstance(block, n.Data):
            lines = block.facts
        elif isinstance(block, n.Parameters):
            lines = (*block.settled, *block.open)
        for one in lines:
            if one.name_span == d.span and not one.notes and len(lines) > 1:
                stretch = _whole_line(one, snapshot)
                if isinstance(one, n.Declaration) and len(alike := _of_line(one, lines)) > 1:
                    stretch = _among(one, alike, snapshot)
                yield Repair(snapshot.say("repair.delete"), stretch, "")


def _of_line(one: n.Declaration, lines: Sequence[n.Node]) -> list[n.Declaration]:
    """The declarations behind the same word of a kind, in their order."""
    return [x for x in lines if isinstance(x, n.Declaration) and x.type.span == one.type.span]


def _whole_line(one: n.Node, snapshot: Snapshot) -> tuple[int, int]:
    buffer = snapshot.buffer
    start, end = buffer.span(one.span)
    start, end = buffer.line_start(start), buffer.line_end(max(start, end - 1))
    if end < len(buffer.text):
        end += 2 if buffer.text.startswith("\r\n", end) else 1
    return start, end


def _among(one: n.Declaration, alike: Sequence[n.Declaration], snapshot: Snapshot) -> tuple[int, int]:
    """One of several names with the mark that sets it apart; a citation stays that the names before it share."""
    buffer, at = snapshot.buffer, alike.index(one)
    start, end = buffer.span(one.span)
    if at == 0:
        return start, buffer.span(alike[1].span)[0]
    before = alike[at - 1]
    opened = fold(buffer.text[start:end]).find("【")
    if opened >= 0 and before.cites == one.cites:
        end = start + len(buffer.text[start : start + opened].rstrip())
    return buffer.span(before.span)[1], end


def _measure(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    """Put the measure on the list."""
    name = d.args.get("read") or d.args.get("word", "")
    title = snapshot.say("repair.measure", name=name)
    known = next((b for b in snapshot.policy.file.blocks if isinstance(b, n.MeasureList) and b.names), None)
    if known is not None:
        _, end = snapshot.buffer.span(known.names[-1].span)
        yield Repair(title, (end, end), say("mark.names", snapshot.dialect) + name)
        return
    first = next(iter(snapshot.reading.chunks[1:]), None)
    place = snapshot.buffer.span(snapshot.reading.source.span(first.lines[0].start, first.lines[0].start))[0] \
        if first else len(snapshot.text)
    line = say("draft.measures", snapshot.dialect, name=name)
    yield Repair(title, (place, place), line)


def _new_name(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    """An undeclared name among measures is a measure that the list lacks."""
    source = snapshot.reading.source
    start = source.starts[d.span.line - 1] if d.span.line <= len(source.starts) else 0
    end = source.offset(d.span.line, d.span.column)
    while start < end and source.norm[start].isspace():
        start += 1
    word = source.field_at(source.after_decoration(start, end), end)
    if word is not None and word.terminal == "MEASFIELD":
        yield from _measure(d, snapshot)


def _day(d: Diagnostic, snapshot: Snapshot) -> Iterator[Repair]:
    """An example that names no day gets today's."""
    buffer = snapshot.buffer
    start, _ = buffer.span(d.span)
    end = buffer.line_end(start)
    indent = "\n  " if not snapshot.text.startswith("\r\n", end) else "\r\n  "
    written = Writer(snapshot.dialect).exact(date.today(), DATE)
    line = say("draft.as_of", snapshot.dialect, day=written)
    yield Repair(_add(line, snapshot), (end, end), indent + line)


_STEPS: dict[str, Callable[[Diagnostic, Snapshot], Iterator[Repair]]] = {
    "POL104": _bracket,
    "POL105": _brackets,
    "POL110": _quotation,
    "POL111": _header,
    "POL201": _new_name,
    "POL212": _unused,
    "POL415": _measure,
    "POL504": _day,
}
