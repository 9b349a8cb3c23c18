"""Declared facts, fields and open parameters in words."""

from __future__ import annotations

from policydsl import nodes as n
from policydsl.handbook.book import Book
from policydsl.say import bracketed, headed, listed, word


def declared(f: n.Declaration, book: Book) -> str:
    """What to give, within which limits, and what a blank means."""
    parts = [_type(f.type, f.lowest_first, book)]
    parts += [book.source(r.span) for r in f.ranges]
    if f.required:
        parts.append(book.say("book.required"))
    if f.optional:
        parts.append(book.say("book.optional"))
    if f.default is not None:
        parts.append(book.say("book.default", value=book.source(f.default.span)))
    if f.derived is not None:
        parts.append(book.say("book.derived", value=book.source(f.derived.span)))
    if f.within is not None:
        parts.append(book.say("book.within", name=f.within.text))
    return listed(parts, book.lang, "semicolon")


def _type(kind: n.Type, lowest_first: bool, book: Book) -> str:
    said = word("type", kind.kind, book.lang)
    inside = [kind.unit] if kind.unit else []
    if kind.tax is not None:
        inside.append(word("tax", kind.tax, book.lang))
    if inside:
        said = bracketed(said, listed(inside, book.lang, "comma"), book.lang)
    if kind.options:
        names = [o.name for o in kind.options] + ([book.say("book.open")] if kind.open else [])
        said = headed(said, book.lang, listed(names, book.lang))
    return bracketed(said, book.say("book.lowest_first"), book.lang) if lowest_first else said
