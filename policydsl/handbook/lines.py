"""The lines of a block as the items of a list: a translated label, the author's words, the clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.handbook.book import Book, Run, joined, plain
from policydsl.lower.lines import key_of
from policydsl.render import document as d
from policydsl.say import bracketed, headed, word


def label(key: str, book: Book) -> d.Text:
    """What stands before a line."""
    return d.Text(headed(word("line", key, book.lang), book.lang), strong=True)


def line_items(block: n.Clause, book: Book) -> list[d.Item]:
    """The lines of a block in order, without the citations of the block itself. Annotations and the cases of a
    computation are not here: they have places of their own."""
    out = []
    own = block.cites
    ledger = implied(block, book)
    if ledger:
        out.append(_item("each", ledger, book))
    for line in block.lines:
        if isinstance(line, n.Otherwise) and not traits(block.kind).asks:
            continue
        found = line_item(line, book)
        if found is None:
            continue
        cites = tuple(cite for cite in getattr(line, "cites", ()) if cite not in own)
        words = found.words + _behind(book.cites(cites))
        out.append(d.Item(tuple(words), found.below))
    return out


def implied(block: n.Clause, book: Book) -> Run:
    """The ledger for whose records a block is judged that does not say so in a line."""
    ledger = book.policy.lowering.over.get(block.name)
    said = any(isinstance(line, n.Each) and line.ledger is not None for line in block.lines)
    return [] if said or ledger is None or ledger not in book.policy.lowering.names.fields else book.name(ledger)


def _behind(words: Run) -> tuple[d.Inline, ...]:
    return (d.Text(" "), *words) if words else ()


def line_item(line: n.Line, book: Book) -> d.Item | None:
    """One line in words; None for what is shown elsewhere (cases, rows of exceptions, annotations)."""
    match line:
        case n.Annotation() | n.Case():
            return None
        case n.Otherwise():
            return _measure_otherwise(line, book)
        case n.When():
            return _item("when", book.words(line.condition), book)
        case n.Unless():
            return _item("unless", book.words(line.condition), book)
        case n.Effect():
            return d.Item((label("when", book), *book.words(line.condition), d.Text(" → "),
                           *consequence("must", line.measures, line.start, book)))
        case n.Items():
            return _group(line, book)
        case n.Exception_():
            words = [label("exception", book), label("when", book), *book.words(line.condition), d.Text(" → "),
                     *book.words(line.value)]
            return d.Item(tuple(words))
        case n.FieldLine():
            return _item(line.key, book.words(line.value), book)
        case n.Measures():
            return d.Item(tuple(consequence(line.mode, line.names, line.start, book)))
        case n.Mode():
            return _item(line.key, [d.Text(word("mode", line.value, book.lang))], book)
        case n.Order():
            if line.direction is not None:
                return _item("order", [d.Text(word("mode", line.direction, book.lang))], book)
            steps = [[d.Text(f"{i}. "), *book.name(name.text)] for i, name in enumerate(line.names, 1)]
            return _item("order", joined(steps, "  →  "), book)
        case n.Late():
            return d.Item((label("late", book), *consequence("must", line.names, line.start, book)))
        case n.Each(ledger=None):
            return _item("which", book.rest(line), book)
        case _:
            return _item(key_of(line), book.rest(line), book)


def _measure_otherwise(line: n.Otherwise, book: Book) -> d.Item | None:
    """What follows a requirement that fails; the last case of a computation stands in its table."""
    if line.span_ is None and not line.values:
        return None
    words = joined([book.words(v) for v in line.values], book.say("mark.list"))
    if line.span_ is not None:
        words = [*words, d.Text(book.say("mark.comma")), *book.words(line.span_)]
    return _item("otherwise", words, book)


def consequence(mode: str, names: tuple[n.Name, ...], start: n.Start | None, book: Book) -> Run:
    """Measures with their modality, and from when to when: 不得：升级、新入驻，自 … 起 1年 内."""
    out: Run = [label(mode, book), *joined([book.name(m.text) for m in names], book.say("mark.list"))]
    if start is not None:
        out += [d.Text(book.say("mark.comma")), *book.words(start)]
    return out


def _group(line: n.Items, book: Book) -> d.Item:
    count = "" if line.at_least is None else plain(book.words(line.at_least))
    head = headed(word("line", line.mode, book.lang, count=count), book.lang)
    bullets = [
        d.Item(tuple(book.words(b.condition)) + _behind(book.cites(b.cites))) for b in line.bullets
    ]
    return d.Item((d.Text(head, strong=True),), (d.items(bullets),))


def _item(key: str, words: Run, book: Book) -> d.Item:
    return d.Item((label(key, book), *words))


# ---------------------------------------------------------------------------------------------- remarks
def remarks(notes: Sequence[n.Annotation], book: Book) -> list[d.Block]:
    """Notes as paragraphs; each question together with the rulings below it."""
    out: list[d.Block] = []
    group: Run = []
    answered = True
    for note in notes:
        match note.kind:
            case "note":
                out += _closed(group, answered, book)
                group, answered = [], True
                out.append(d.Quote((d.Text(_annotation("note", book), strong=True), d.Text(note.text))))
            case "doubt":
                out += _closed(group, answered, book)
                group = [d.Text(_annotation("doubt", book), "open", True), d.Text(note.text)]
                answered = False
            case "ruling":
                if group:
                    group.append(d.Break())
                group += [d.Text(_annotation("ruling", book), strong=True), d.Text(note.text)]
                answered = True
            case _:
                assert_never(note.kind)
    return out + _closed(group, answered, book)


def _annotation(kind: str, book: Book) -> str:
    return headed(word("annotation", kind, book.lang).capitalize(), book.lang)


def _closed(group: Run, answered: bool, book: Book) -> list[d.Block]:
    if not group:
        return []
    if not answered:
        group = [*group, d.Text(bracketed("", book.say("book.unruled"), book.lang), "open")]
    return [d.Quote(tuple(group))]
