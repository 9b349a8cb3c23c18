"""Worked examples: what is given, and what follows."""

from __future__ import annotations

from datetime import datetime

from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.handbook.book import Book
from policydsl.handbook.tables import cell_words
from policydsl.render import document as d
from policydsl.render.values import Writer
from policydsl.kinds import DATE, INSTANT
from policydsl.text.fold import name_key

_OPEN = {"", "未定", "undetermined"}
_NEGATIVE = {"不成立", "fails", "不适用", "not applicable", "无", "none", "否", "no"}
_MOST = 60  # an example of more cells than this explains nothing


def fitting(block: n.Clause, book: Book) -> d.Fold | None:
    """The example that stands beside a block, if there is one."""
    example = book.examples.get(block.name)
    if example is None:
        return None
    return d.fold(book.say("book.example", name=example.name), example_blocks(example, book))


def assigned(file: n.File) -> dict[str, n.Example]:
    """Block -> the example beside it: one with a definite, positive outcome, and the shortest of those; each example
    stands beside one block."""
    free = [e for e in file.blocks if isinstance(e, n.Example) and size(e) <= _MOST]
    out: dict[str, n.Example] = {}
    for block in file.blocks:
        if isinstance(block, n.Clause) and traits(block.kind).example:
            key = name_key(block.name)
            found = [(rank, size(e), i) for i, e in enumerate(free) if (rank := _shows(e, key)) is not None]
            if found:
                out[block.name] = free.pop(min(found)[2])
    return out


def _shows(example: n.Example, key: str) -> int | None:
    """0: an outcome of the block that holds or has a value; 1: one that fails or does not apply; None: none."""
    for outcome in example.expect:
        if outcome.part is None and name_key(outcome.name.text) == key and outcome.state != "unknown":
            if outcome.lacking or outcome.one_of or outcome.high is not None:
                return None
            return 1 if outcome.state in ("no", "na") or isinstance(outcome.value, n.NoneValue) else 0
    for rows in example.expect_rows:
        for column, head in enumerate(rows.header):
            if name_key(head.text) == key:
                cells = {name_key(r.cells[column].text) for r in rows.rows if column < len(r.cells)}
                if cells - _OPEN:
                    return 0 if cells - _OPEN - _NEGATIVE else 1
    return None


def size(example: n.Example) -> int:
    """How much there is to read."""
    tables = [g.rows for g in example.given_rows] + [g.rows for g in example.expect_rows]
    cells = sum(len(r.cells) for rows in tables for r in rows)
    return len(example.given) + len(example.expect) + cells


def example_blocks(example: n.Example, book: Book) -> list[d.Block]:
    """An example in full."""
    out: list[d.Block] = []
    if example.as_of is not None:
        writer = Writer(book.lang)
        kind = INSTANT if isinstance(example.as_of, datetime) else DATE
        out.append(d.paragraph(book.say("book.on", day=writer.exact(example.as_of, kind)), "muted"))
    if example.given or example.given_rows:
        out.append(d.paragraph([d.Text(book.say("book.given"), strong=True)]))
    if example.given:
        out.append(d.items([tuple(book.words(b)) for b in example.given]))
    out += [_rows(g, book) for g in example.given_rows]
    if example.expect or example.expect_rows:
        out.append(d.paragraph([d.Text(book.say("book.outcome"), strong=True)]))
    if example.expect:
        out.append(d.items([tuple(book.words(o)) for o in example.expect]))
    return [*out, *(_rows(g, book) for g in example.expect_rows)]


def _rows(rows: n.GivenRows | n.ExpectRows, book: Book) -> d.Table:
    return d.table(
        [[d.Text(h.text)] for h in rows.header], [d.row([cell_words(c, book) for c in r.cells]) for r in rows.rows],
        stub=True, caption=rows.ledger.text,
    )
