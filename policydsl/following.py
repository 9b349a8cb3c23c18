"""One error for one cause: what follows from a line that cannot be read is not told beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic
from policydsl.place import Span
from policydsl.sources import Sources
from policydsl.text.fold import name_key
from policydsl.within import within

UNREAD = frozenset("POL101 POL102 POL103 POL104 POL110".split())
_APART = re.compile(r"[|：:＝=、，,；;（）()/\s]+")
_HEADLESS = frozenset("POL260 POL313 POL315".split())  # of what the header does not say
_SPEAKING = n.Section | n.Clause | n.Example | n.Change  # blocks whose lines declare no names


def causes(problems: Sequence[Diagnostic], tree: n.File) -> list[Diagnostic]:
    """The problems of reading, but of a name that a line declares which could not be read: that it is unknown."""
    unread = [p for p in problems if p.code in UNREAD]
    if not unread:
        return list(problems)
    told = {(p.span.file, p.span.line) for p in unread}
    meant = {word for p in unread if _declares(p.span, tree) for word in _words(p.span, tree.sources)}
    return [
        p for p in problems if p.code != "POL201" or (p.span.file, p.span.line) in told
        or name_key(p.args.get("word", "")) not in meant
    ]


def apart(more: Sequence[Diagnostic], problems: Sequence[Diagnostic], tree: n.File) -> list[Diagnostic]:
    """The problems of lowering, but for errors in a block some line of which could not be read, and in lines that speak
    of it: what it would give is not known."""
    unread = [p for p in problems if p.code in UNREAD]
    if any(_at(p.span, tree) is None for p in unread):  # above all blocks is the header
        more = [p for p in more if p.code not in _HEADLESS]  # it may be what could not be read
    blocks = [block for p in unread if (block := _at(p.span, tree)) is not None]
    broken = {name_key(name) for block in blocks if (name := getattr(block, "name", ""))}
    lines = {(x.span.file, x.span.line) for x in within(tree, n.Name) if name_key(x.text) in broken}
    return [
        p for p in more
        if p.severity != "error" or (p.span.file, p.span.line) not in lines and _at(p.span, tree) not in blocks
    ]


def _at(span: Span, tree: n.File) -> n.Block | None:
    """The block in which a place stands."""
    before = [b for b in tree.blocks if b.span.file == span.file and b.span.line <= span.line]
    return max(before, key=lambda b: b.span.line, default=None)


def _declares(span: Span, tree: n.File) -> bool:
    """Whether a line declares names: one of a block that does, or one that begins a block."""
    line = tree.sources.line(span)
    block = _at(span, tree)
    return not line[:1].isspace() or (block is not None and not isinstance(block, _SPEAKING))


def _words(span: Span, sources: Sources) -> Iterator[str]:
    yield from (name_key(word) for word in _APART.split(sources.line(span)) if word)


__all__ = ["apart", "causes"]
