"""What stands behind the text of a handbook: parameters, facts, questions and rulings, measures, clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policydsl import nodes as n
from policydsl.accounting.carriers import Carrier, every
from policydsl.clause_kinds import traits
from policydsl.handbook.book import Book, Run, joined
from policydsl.handbook.facts import declared
from policydsl.handbook.lines import remarks
from policydsl.handbook.sections import Banner, banners
from policydsl.kinds import DATE
from policydsl.lower.names import in_order
from policydsl.place import NOWHERE, Span
from policydsl.render import document as d
from policydsl.render.values import Writer
from policydsl.text.fold import name_key

Pages = list[d.Block]


# ---------------------------------------------------------------------------------------------- parameters
def parameters(book: Book) -> Pages:
    """Every parameter with its value on the day of the handbook; those that the issuer has yet to set are marked."""
    out: Pages = []
    for block in book.policy.file.blocks:
        if isinstance(block, n.Parameters):
            for title, group in _grouped(block, book):
                if title:
                    out.append(d.heading(3, title))
                out.append(_parameter_table(group, book))
                out += _notes_of(group, book)
            out += remarks(block.notes, book)
    return [d.heading(2, book.say("book.parameters"), "parameters"), *out] if out else []


def _grouped(
    block: n.Parameters, book: Book
) -> Iterator[tuple[str, list[n.Parameter | n.Declaration]]]:
    """The parameters below each banner inside the block, or the one above it."""
    heads = banners(book.policy.file.sources.texts[block.span.file])
    group: list[n.Parameter | n.Declaration] = []
    title = ""
    for p in in_order(block):
        here = _above(heads, p.span.line, block.span.line)
        if here != title and group:
            yield title, group
            group = []
        title = here
        group.append(p)
    if group:
        yield title, group


def _above(heads: Sequence[Banner], line: int, start: int) -> str:
    found = [h for h in heads if start < h.line < line]
    return found[-1].title if found else ""


def _parameter_table(group: list[n.Parameter | n.Declaration], book: Book) -> d.Table:
    dated = any(isinstance(p, n.Parameter) and p.dated for p in group)
    rows = []
    for p in group:
        value = book.values[name_key(p.name)]
        now: Run = [d.Text(value.text)] if value.text is not None else [d.Text(book.say("book.issuer_sets"), "open")]
        if isinstance(p, n.Declaration):
            now = [*now, d.Break(), d.Text(declared(p, book), "muted")]
        cells: list[Run] = [[d.Text(p.name)], now]
        if dated:
            cells.append(_other_values(p, book))
        rows.append(d.row([*cells, book.cites(book.policy.lowering.readers.of(p), p.span)], anchor=book.anchor(p.name)))
    header = book.columns("name", "value", *(["later_values"] if dated else []), "clause")
    return d.table(header, rows, stub=True)


def _other_values(p: n.Parameter | n.Declaration, book: Book) -> Run:
    if not isinstance(p, n.Parameter):
        return []
    writer = Writer(book.lang)
    parts: list[Run] = []
    if p.dated and p.value is not None:
        day = writer.exact(min(v.start for v in p.dated), DATE)
        parts.append([d.Text(book.say("book.until", day=day, value=book.source(p.value.span)))])
    for v in p.dated:
        said = book.say("book.since", day=writer.exact(v.start, DATE), value=book.source(v.value.span))
        parts.append([d.Text(said)])
    return joined(parts, book.say("mark.semicolon"))


def _notes_of(group: list[n.Parameter | n.Declaration], book: Book) -> Pages:
    out: Pages = []
    for p in group:
        if p.notes:
            # what stands behind the last one is as a rule about the whole group
            out += [d.paragraph([d.Link(p.name, book.anchor(p.name))])] if p is not group[-1] else []
            out += remarks(p.notes, book)
    return out


# ---------------------------------------------------------------------------------------------- questions
def questions(book: Book) -> Pages:
    """Every open question with its rulings, where it stands, and the clauses it is about."""
    rows: list[d.Row] = []
    for name, cites, notes in _noted(book):
        asked: list[str] = []
        ruled: list[str] = []
        at = NOWHERE
        for note in [*notes, None]:
            if note is None or note.kind != "ruling":
                if asked or ruled:
                    rows.append(_question(len(rows) + 1, asked, ruled, name, cites, at, book))
                asked, ruled = [], []
            if note is not None and note.kind == "doubt":
                asked, at = [note.text], note.span
            elif note is not None and note.kind == "ruling":
                ruled.append(note.text)
                at = at if asked else note.span
    if not rows:
        return []
    header = book.columns("number", "question", "answer", "where", "clause")
    table = d.table(header, rows, numeric=[0], shares=(5, 28, 39, 13, 15))
    return [d.heading(2, book.say("book.questions"), "questions"), table]


def _question(
    number: int, asked: list[str], ruled: list[str], name: str, cites: tuple[str, ...], at: Span, book: Book
) -> d.Row:
    answer: Run = joined([[d.Text(text)] for text in ruled], " ")
    if not ruled:
        answer = [d.Text(book.say("book.unruled"), "open")]
    anchor = book.anchor(name)
    place: Run = [d.Link(name, anchor)] if anchor else [d.Text(name)]
    return d.row([str(number), " ".join(asked), answer, place, book.cites(cites, at)])


def _noted(book: Book) -> Iterator[tuple[str, tuple[str, ...], tuple[n.Annotation, ...]]]:
    """(where, its clauses, its notes in order)."""
    file = book.policy.file
    if file.policy is not None:
        yield file.policy.title, (), file.policy.notes
    for block in file.blocks:
        match block:
            case n.Parameters():
                for p in in_order(block):
                    yield p.name, p.cites, p.notes
                yield book.say("book.parameters"), block.cites, block.notes
            case n.Data():
                for f in block.facts:
                    yield f.name, f.cites, f.notes
                yield book.say("book.facts"), block.cites, block.notes
            case n.Example() | n.Change():
                pass
            case _:
                name = getattr(block, "name", "") or book.say("book.measures")
                notes = tuple(x for x in every(block) if isinstance(x, n.Annotation))
                yield name, getattr(block, "cites", ()), notes


# ---------------------------------------------------------------------------------------------- measures
def measures(book: Book) -> Pages:
    """Every measure of the policy, and where it may follow."""
    rows = []
    notes: list[n.Annotation] = []
    uses = list(_uses(book))
    for block in book.policy.file.blocks:
        if isinstance(block, n.MeasureList):
            notes += block.notes
            for name in block.names:
                found = list(dict.fromkeys(where for measure, where in uses if measure == name.text))
                links = joined([book.name(where) for where in found], book.say("mark.list"))
                words = links or [d.Text("—", "muted")]
                rows.append(d.row([[d.Text(name.text)], words], anchor=book.anchor(name.text)))
    if not rows:
        return []
    table = d.table(book.columns("measure", "imposed_by"), rows, stub=True)
    return [d.heading(2, book.say("book.measures"), "measures"), table, *remarks(notes, book)]


def _uses(book: Book) -> Iterator[tuple[str, str]]:
    for block in book.policy.file.blocks:
        if isinstance(block, n.Clause):
            for line in block.lines:
                match line:
                    case n.Measures(_, _, names) | n.Late(_, names) | n.Effect(_, _, names):
                        yield from ((name.text, block.name) for name in names)
                    case n.Payout(form=n.Name() as form):
                        yield form.text, block.name
                    case n.Otherwise() if traits(block.kind).asks:
                        yield from ((x.text, block.name) for x in every(line) if isinstance(x, n.Name))
                    case _:
                        pass


# ---------------------------------------------------------------------------------------------- clauses
def clause_index(book: Book, cited: dict[str, list[Carrier]], *, brief: bool = False) -> Pages:
    """Every clause with its content and the places of the handbook that carry it; ``brief``: without the content, as a
    list."""
    words = [*book.clauses, *(w for w in cited if w not in book.clauses)]
    if not words:
        return []
    rows: list[d.Row] = []
    entries: list[d.Item] = []
    for word in words:
        known = book.clauses.get(word)
        found = cited.get(word, [])
        place = known.place if known is not None else " ".join(next((c.cite.split()[1:] for c in found), []))
        names = list(dict.fromkeys((c.name.split(" · ")[0], c.name) for c in found if c.role != "example" and c.name))
        links: Run = joined([_where(first, name, book) for first, name in names], book.say("mark.list"))
        if known is not None and known.left:
            links = [*links, d.Text(book.say("book.left", reason=known.left), "muted")]
        anchor = book.clause_anchors.get(word, "")
        content = known.text if known is not None else ""
        links = links or [d.Text(book.say("book.nowhere"), "muted")]
        if brief:
            beside: Run = [d.Text(f" {place}", "muted")] if place else []
            entries.append(d.Item((d.Text(word, strong=True), *beside, d.Text(book.say("mark.colon")), *links)))
        else:
            rows.append(d.row([[d.Text(word), d.Break(), d.Text(place, "muted")], content, links], anchor=anchor))
    note = [] if book.clauses else [d.paragraph(book.say("book.no_register"), "muted")]
    table = d.table(book.columns("clause", "text", "where"), rows, stub=True, shares=(14, 46, 40))
    return [d.heading(2, book.say("book.clauses"), "clauses"), *note, d.items(entries) if brief else table]


def _where(first: str, name: str, book: Book) -> Run:
    anchor = book.anchor(name) or book.anchor(first) or book.anchor(name.split(" · ")[-1])
    return [d.Link(name, anchor)] if anchor else [d.Text(name)]
