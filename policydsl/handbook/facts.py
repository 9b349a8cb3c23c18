"""What a partner has to report, in a handbook: facts and fields in words, in tables and by ledger."""

from __future__ import annotations

from collections.abc import Sequence

from policydsl import nodes as n
from policydsl.handbook.book import Book, Run
from policydsl.handbook.lines import remarks
from policydsl.render import document as d
from policydsl.say import bracketed, headed, listed, word

Pages = list[d.Block]


def facts(book: Book) -> Pages:
    """What a partner has to report: facts, then the records of each ledger, then the options that several share."""
    blocks = book.policy.file.blocks
    pages = [_data(block, book) for block in blocks if isinstance(block, n.Data)]
    pages += [_ledger(block, book) for block in blocks if isinstance(block, n.Ledger)]
    pages.append(_lists([block for block in blocks if isinstance(block, n.OptionList)], book))
    out = [block for page in pages for block in page]
    return [d.heading(2, book.say("book.facts"), "facts"), *out] if out else []


def _data(block: n.Data, book: Book) -> Pages:
    return [_fact_table(block.facts, book), *_declared_notes(block.facts, book), *remarks(block.notes, book)]


def _lists(lists: Sequence[n.OptionList], book: Book) -> Pages:
    """The option lists in one table, since most are a line; their notes below it."""
    rows = [
        d.row([[d.Text(of.name)], _ordered(_options(of, book), of.lowest_first, book), book.cites(of.cites, of.span)],
              anchor=book.anchor(of.name))
        for of in lists
    ]
    table = d.table(book.columns("name", "options", "clause"), rows, stub=True)
    notes = [note for of in lists for note in remarks(of.notes, book)]
    return [d.heading(3, book.say("book.lists")), table, *notes] if rows else []


def _fact_table(group: Sequence[n.Declaration], book: Book) -> d.Table:
    cites = book.policy.lowering.readers.of
    rows = [
        d.row(
            [[d.Text(f.name)], declared(f, book), book.cites(cites(f), f.span)], anchor=book.anchor(f.name)
        )
        for f in group
    ]
    return d.table(book.columns("name", "kind", "clause"), rows, stub=True)


def _declared_notes(group: Sequence[n.Declaration], book: Book) -> Pages:
    out: Pages = []
    for f in group:
        if f.notes:
            out += [d.paragraph([d.Text(f.name, strong=True)])] if f is not group[-1] else []
            out += remarks(f.notes, book)
    return out


def _ledger(block: n.Ledger, book: Book) -> Pages:
    out: Pages = [
        d.heading(3, block.name, book.anchor(block.name)),
        d.Paragraph(tuple(book.cites(block.cites, block.span))),
    ]
    said: list[Run] = []
    if block.item:
        said.append([d.Text(book.say("book.item", name=block.item))])
    if block.key is not None:
        said.append([d.Text(book.say("book.key", name=block.key.text))])
    if block.happens is not None:
        said.append([d.Text(book.say("book.happens", name=block.happens.text))])
    if block.shared:
        said.append([d.Text(book.say("book.shared"))])
    if block.default_none:
        said.append([d.Text(book.say("book.none_default"))])
    for only in block.only:
        said.append([
            d.Text(book.say("book.only") + book.say("mark.colon")), *book.words(only.condition), d.Text(" "),
            *book.cites(only.cites),
        ])
    if said:
        out.append(d.items([tuple(words) for words in said]))
    out += [_fact_table(block.fields, book), *_declared_notes(block.fields, book)]
    return [*out, *remarks(block.notes, book)]


# ---------------------------------------------------------------------------------------------- in words
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
    if f.over_time is not None:
        parts.append(book.say("book.over_time"))
    if f.within is not None:
        parts.append(book.say("book.within", name=f.within.text))
    return listed(parts, book.lang, "semicolon")


def _type(kind: n.Type, lowest_first: bool, book: Book) -> str:
    said = word("type", kind.kind, book.lang)
    inside = [kind.unit] if kind.unit else [word("currency", kind.currency, book.lang)] if kind.currency else []
    if kind.tax is not None:
        inside.append(word("tax", kind.tax, book.lang))
    if inside:
        said = bracketed(said, listed(inside, book.lang, "comma"), book.lang)
    if kind.of is not None:
        said = headed(said, book.lang, book.say("book.listed", name=kind.of.text))
    if kind.options:
        said = headed(said, book.lang, _options(kind, book))
    return _ordered(said, lowest_first, book)


def _options(of: n.Type | n.OptionList, book: Book) -> str:
    return listed([o.name for o in of.options] + ([book.say("book.open")] if of.open else []), book.lang)


def _ordered(said: str, lowest_first: bool, book: Book) -> str:
    return bracketed(said, book.say("book.lowest_first"), book.lang) if lowest_first else said
