"""Declared facts, fields and open parameters in words."""

from __future__ import annotations

from policydsl import nodes as n
from policydsl.handbook.book import Book
from policydsl.handbook.words import TYPES, pick


def declared(f: n.Declaration, book: Book) -> str:
    """What to give, within which limits, and what a blank means."""
    parts = [_type(f.type, f.lowest_first, book)]
    parts += [book.source(r.span) for r in f.ranges]
    if f.required:
        parts.append(book.say("required"))
    if f.optional:
        parts.append(book.say("optional"))
    if f.default is not None:
        parts.append(book.say("default", book.source(f.default.span)))
    if f.derived is not None:
        parts.append(book.say("derived", book.source(f.derived.span)))
    if f.within is not None:
        parts.append(book.say("within", f.within.text))
    return ("；" if book.lang == "zh" else "; ").join(parts)


def _type(kind: n.Type, lowest_first: bool, book: Book) -> str:
    word = pick(TYPES, kind.kind, book.lang)
    inside = [kind.unit] if kind.unit else []
    if kind.tax is not None:
        inside.append(book.say(f"tax_{kind.tax}"))
    if inside:
        word += f"（{'，'.join(inside)}）" if book.lang == "zh" else f" ({', '.join(inside)})"
    if kind.options:
        names = [o.name for o in kind.options] + ([book.say("open")] if kind.open else [])
        word += book.say("colon") + book.say("list").join(names)
    if lowest_first:
        said = book.say("lowest_first")
        word += f"（{said}）" if book.lang == "zh" else f" ({said})"
    return word
