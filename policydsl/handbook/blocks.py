"""The blocks of a policy in its handbook: every kind has its room."""

from __future__ import annotations

from collections.abc import Callable

from policydsl import nodes as n
from policydsl.accounting.carriers import every
from policydsl.check.bands import Jump, jumps
from policydsl.clause_kinds import Reading, traits
from policydsl.handbook import charts, tables
from policydsl.handbook.book import Book, joined, plain
from policydsl.handbook.examples import fitting
from policydsl.handbook.lines import label, line_items, remarks
from policydsl.place import Span
from policydsl.render import document as d
from policydsl.render.values import Writer
from policydsl.say import listed, say, word
from policydsl.text.fold import name_key


def body_block(block: n.Block, book: Book, level: int) -> list[d.Block]:
    """A block at its place in the text; what has a place in the appendix gives nothing here."""
    match block:
        case n.Clause():
            return _clause(block, book, level)
        case n.Table():
            return _table(block, book, level)
        case _:
            return []


def in_body(block: n.Block) -> bool:
    """Whether the block stands in the text (the others stand in the appendix)."""
    return isinstance(block, n.Clause | n.Table)


# ---------------------------------------------------------------------------------------------- tables
def _table(block: n.Table, book: Book, level: int) -> list[d.Block]:
    out = _head(block.name, word("block", "table", book.lang), block.cites, block.span, book, level)
    if block.range is not None:
        out.append(d.items([[label("range", book), *book.rest(block.range)]]))
    if block.rows:
        out.append(tables.lookup_table(block, book))
    else:
        out.append(_empty(block.header, book))
    return [*out, *remarks(block.notes, book)]


def _empty(header: tuple[n.HeaderCell, ...], book: Book) -> d.Block:
    """A table that the issuer has yet to fill in."""
    names = listed((h.text for h in header), book.lang)
    return d.paragraph([d.Text(names + book.say("book.stop") + " "), d.Text(book.say("book.tables_empty"), "open")])


# ---------------------------------------------------------------------------------------------- judged blocks
def recorded(block: n.Clause, book: Book) -> bool:
    """Whether only notes are kept of the block."""
    return any(r.name == block.name and not r.judged for r in book.policy.program.results)


def _clause(block: n.Clause, book: Book, level: int) -> list[d.Block]:
    clause = traits(block.kind)
    if clause.proved:
        return _guarantee(block, book)
    kind = word("block", "duty", book.lang) if recorded(block, book) else clause.heading(book.lang)
    out = _head(block.name, kind, block.cites, block.span, book, level)
    if block.formula is not None:
        equals = "＝ " if clause.reading == "value" else ""
        out.append(d.paragraph([d.Text(equals, strong=True), *book.words(block.formula)]))
    entries = line_items(block, book)
    if entries:
        out.append(d.items(entries))
    if clause.fits and block.table is not None:
        out += [d.paragraph([label("fits", book)]), *_rows(block, book)]
    out += DETAILS[clause.reading](block, book)
    out += remarks([x for x in block.lines if isinstance(x, n.Annotation)], book)
    example = fitting(block, book)
    return out if example is None else [*out, example]


def _guarantee(block: n.Clause, book: Book) -> list[d.Block]:
    """What the policy holds itself to: one line, since it asks nothing of a partner."""
    formula = [] if block.formula is None else book.words(block.formula)
    words = [d.Text(traits(block.kind).heading(book.lang) + "  ", "muted"), d.Text(block.name + book.say("mark.colon")),
             *formula, d.Text(" "), *book.cites(block.cites, block.span)]
    return [d.Paragraph(tuple(words)), *remarks([x for x in block.lines if isinstance(x, n.Annotation)], book)]


def _head(
    name: str, kind: str, cites: tuple[str, ...], at: Span, book: Book, level: int
) -> list[d.Block]:
    return [
        d.heading(level, name, book.anchor(name)),
        d.Paragraph((d.Text(kind + "  ", "muted"), *book.cites(cites, at))),
    ]


def _cases(block: n.Clause, book: Book) -> list[d.Block]:
    """The cases of a computation; and the values it may have."""
    out: list[d.Block] = []
    if block.outcome is not None:
        names = listed((o.name for o in block.outcome.options), book.lang)
        out.append(d.paragraph([book.head("book.options"), names]))
    table = tables.case_table(block, book)
    return [*out, *([table] if table is not None else []), *_rows(block, book)]


def _rows(block: n.Clause, book: Book) -> list[d.Block]:
    """A reward or penalty by its table, a decision table."""
    if block.table is None:
        return []
    return [tables.rule_table(block, block.table, book) if block.table.rows else _empty(block.table.header, book)]


def _amounts(block: n.Clause, book: Book) -> list[d.Block]:
    """A table of a reward or penalty; of the rates of a whole also what comes of passing each border."""
    wished = traits(block.kind).stance == "wished"
    entries = [_jump(jump, book) for jump in jumps(book.policy.program, block.name)] if wished else []
    told: list[d.Block] = [d.paragraph([book.head("book.borders")]), d.items(entries)] if entries else []
    return [*_rows(block, book), *told]


def _jump(jump: Jump, book: Book) -> list[d.Inline]:
    """A border: what there is before it and behind it, and by how much that is more or less."""
    writer = Writer(book.lang, book.policy.program.header.currency)
    change = jump.behind - jump.before
    by = say("book.earns_less" if change < 0 else "book.earns_more", book.lang, by=writer.exact(abs(change), jump.paid))
    text = book.say(
        "book.border", last=writer.exact(jump.last, jump.kind), before=writer.exact(jump.before, jump.paid),
        first=writer.exact(jump.first, jump.kind), behind=writer.exact(jump.behind, jump.paid), by=by,
    )
    return [d.Text(text)]


def _tiers(block: n.Clause, book: Book) -> list[d.Block]:
    figure = tables.ladder_figure(block, book)
    return [*_rows(block, book), *([figure] if figure is not None else [])]


def _bands(block: n.Clause, book: Book) -> list[d.Block]:
    figure = tables.band_figure(block, book)
    return [*_rows(block, book), *([figure] if figure is not None else [])]


def _score(block: n.Clause, book: Book) -> list[d.Block]:
    figure = tables.score_figure(block, book)
    return [*_rows(block, book), *([figure] if figure is not None else [])]


def _deadline(block: n.Clause, book: Book) -> list[d.Block]:
    """The deadline as a line, and the blocks that ask whether it has passed."""
    run = charts.Run(
        plain(_first(block, n.StartLine, book)), plain(_first(block, n.LengthLine, book)),
        plain(_due(block, book)) or book.say("book.last_day"), plain(_late(block, book)),
    )
    followers = late_followers(block.name, book)
    if not run.late and followers:
        run = charts.Run(run.start, run.length, run.end, listed(followers, book.lang))
    out: list[d.Block] = []
    if run.start or run.length:
        said = [
            book.say("book.starts_at", day=run.start) if run.start else "", run.length,
            book.say("book.ends_at", day=run.end), book.say("book.when_late", what=run.late) if run.late else "",
        ]
        course = listed((p for p in said if p), book.lang, "semicolon")
        words = book.say("book.chart_deadline", name=block.name, rows=course)
        out.append(d.Figure(charts.timeline(run, words), book.say("book.sketch")))
    return [*out, *_followers(block, book)]


def _followers(block: n.Clause, book: Book) -> list[d.Block]:
    """What asks whether the deadline, or the payment, is overdue."""
    followers = late_followers(block.name, book)
    links = joined([book.name(name) for name in followers], book.say("mark.list"))
    return [d.paragraph([book.head("column.late"), *links])] if followers else []


def _first(block: n.Clause, kind: type[n.Node], book: Book) -> list[d.Inline]:
    line = next((x for x in block.lines if isinstance(x, kind)), None)
    return [] if line is None else book.rest(line)


def _due(block: n.Clause, book: Book) -> list[d.Inline]:
    line = next((x for x in block.lines if isinstance(x, n.FieldLine) and x.key == "due"), None)
    return [] if line is None else book.words(line.value)


def _late(block: n.Clause, book: Book) -> list[d.Inline]:
    found = next((x for x in block.lines if isinstance(x, n.Late | n.LateFee)), None)
    return [] if found is None else book.rest(found)


def late_followers(name: str, book: Book) -> list[str]:
    """The blocks that ask whether a deadline has passed."""
    key = name_key(name)
    out = []
    for block in book.policy.file.blocks:
        if isinstance(block, n.Clause) and name_key(block.name) != key:
            asked = any(
                isinstance(x, n.Is) and x.test == "overdue" and isinstance(x.value, n.Name)
                and name_key(x.value.text) == key
                for x in every(block)
            )
            if asked:
                out.append(block.name)
    return out


def _plain(block: n.Clause, book: Book) -> list[d.Block]:
    return []


# What a block shows beyond its lines, by how its outcome is read. A test holds that every reading has its room.
DETAILS: dict[Reading, Callable[[n.Clause, Book], list[d.Block]]] = {
    "tier": _tiers,
    "score": _score,
    "truth": _plain,
    "amount": _amounts,
    "date": _deadline,
    "debt": _followers,
    "row": _rows,
    "band": _bands,
    "value": _cases,
}
