"""Diagnostics as text: place, what was read, a caret under it, what may stand there, advice."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from policydsl import catalogue
from policydsl.diagnostics import Diagnostic, Fix, Language
from policydsl.sources import Sources

_SHOWN = 7
_LINE_LIMIT = 160


def width(text: str) -> int:
    """Columns the text takes on a terminal."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_cells, text))


@cache
def _cells(char: str) -> int:
    """Columns of one character; what a terminal does not show takes none."""
    from wcwidth import wcwidth

    return max(wcwidth(char), 0)


def headline(diagnostic: Diagnostic, language: Language) -> str:
    """The one-line message without its place."""
    return catalogue.message(diagnostic.code, language, diagnostic.args)


def advice(diagnostic: Diagnostic, language: Language) -> tuple[str, ...]:
    """The lines below the caret: what may stand here, a hint, near misses, a replacement; else what to do."""
    label, out = catalogue.label, []
    if diagnostic.expected:
        phrases = list(dict.fromkeys(catalogue.phrase(key, language) for key in diagnostic.expected))[:_SHOWN]
        out.append(label("expected", language, words=label("joiner", language).join(phrases)))
    if diagnostic.hint:
        text = catalogue.hint(diagnostic.hint, language, diagnostic.args)
        if text:
            out.append(label("hint", language, text=text))
    if diagnostic.suggestions:
        words = label("or", language).join(diagnostic.suggestions[:3])
        out.append(label("mean", language, words=words))
    if diagnostic.fix:
        fix = diagnostic.fix
        text = proposed(fix, language)
        if fix.line:
            out.append(label("rewritten", language, text=fix.line))
        elif fix.span.line and fix.span.line != diagnostic.span.line:
            line = fix.span.line_from(diagnostic.span.file)
            out.append(label("fix_in_line", language, line=line, text=text))
        else:
            out.append(label("fix", language, text=text))
    if diagnostic.other:
        other = diagnostic.other
        line = other.span.line_from(diagnostic.span.file)
        out.append(label("other", language, line=line, text=other.text))
    if not (diagnostic.hint or diagnostic.suggestions or diagnostic.fix):
        text = catalogue.fill(catalogue.entry(diagnostic.code, language).fix, diagnostic.args, language)
        if text:
            out.append(label("do", language, text=text))
    return tuple(out)


def proposed(fix: Fix, language: Language) -> str:
    """A replacement, and what it would change of a table."""
    if fix.moves is None:
        return fix.text
    value, row = fix.moves
    return catalogue.label("moves", language, text=fix.text, value=value, row=str(row))


def render(diagnostic: Diagnostic, sources: Sources, language: Language) -> str:
    """One diagnostic; ``lines`` are the lines of the file it points into."""
    span, label = diagnostic.span, catalogue.label
    severity = label(diagnostic.severity, language)
    place = f"{span.file} " if span.file else ""
    if span.line:
        place += label("at", language, line=str(span.line), column=str(span.column))
    out = [
        label(
            "headline",
            language,
            severity=severity,
            place=place.strip(),
            code=diagnostic.code,
            text=headline(diagnostic, language),
        )
    ]
    if sources.lines(span):
        out.extend(_excerpt(diagnostic, sources.line(span)))
    out.extend("  " + line for line in advice(diagnostic, language))
    return "\n".join(out)


def render_all(diagnostics: Iterable[Diagnostic], sources: Sources, language: Language) -> str:
    """Several diagnostics, with an empty line between them."""
    return "\n\n".join(render(diagnostic, sources, language) for diagnostic in diagnostics)


def _excerpt(diagnostic: Diagnostic, line: str) -> list[str]:
    """The author's line and the caret below it; a very long line is cut around the place."""
    span = diagnostic.span
    first = span.column - 1
    last = span.end_column - 1 if span.end_line == span.line else len(line)
    last = max(last, first + 1)
    cut = max(0, first - _LINE_LIMIT // 2)
    before, marked = line[cut:first], line[first:last][:_LINE_LIMIT]
    shown = line[cut : cut + _LINE_LIMIT]
    if cut:
        shown, before = "…" + shown, "…" + before
    if cut + _LINE_LIMIT < len(line):
        shown += "…"
    number = str(span.line)
    pad = " " * width(_visible(before))
    return [f"  {number} | {_visible(shown)}", f"  {' ' * len(number)} | {pad}{'^' * max(1, width(_visible(marked)))}"]


def _visible(text: str) -> str:
    """Tabs as one blank and control characters as a mark, so that the caret lands where it should."""
    return "".join(
        " " if char == "\t" else char if char.isprintable() or char == "\u3000" else "\ufffd" for char in text
    )
