"""What a partner must know first: the ladders with what one gets, the scores, rewards, sanctions, deadlines, duties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policydsl import nodes as n
from policydsl.accounting.carriers import every
from policydsl.clause_kinds import Chapter, traits
from policydsl.handbook import tables
from policydsl.handbook.blocks import late_followers, recorded
from policydsl.handbook.book import Book, Run, joined
from policydsl.handbook.lines import consequence, implied, label
from policydsl.lower.lines import name_of
from policydsl.lower.names import tier_names
from policydsl.render import document as d
from policydsl.say import word
from policydsl.text.fold import name_key

Pages = list[d.Block]
_FOLLOWS = (15, 42, 34, 9)  # the columns of what follows from what, in brief
Gain = tuple[str, Run, dict[str, Run]]  # gets or also, what, tier -> value


def glance(book: Book, *, keys: bool = True) -> Pages:
    """The overview, one part for each thing that the policy has; ``keys``: with the list of key results that leads to
    their explanations."""
    parts: Sequence[tuple[str, Callable[[Book], Pages]]] = (
        ("keys", _keys), ("ladders", _ladders), ("scores", _scores), ("rewards", _rewards), ("sanctions", _sanctions),
        ("places", _places), ("deadlines", _deadlines), ("duties", _duties),
    )
    out: Pages = []
    for key, make in parts if keys else parts[1:]:
        found = make(book)
        if found:
            out += [d.heading(3, word("chapter", key, book.lang), f"glance-{key}"), *found]
    return [d.heading(2, book.say("book.glance"), "glance"), *out] if out else []


def _of(book: Book, chapter: Chapter) -> Iterator[n.Clause]:
    return (b for b in book.policy.file.blocks if isinstance(b, n.Clause) and chapter in traits(b.kind).chapters)


# ---------------------------------------------------------------------------------------------- key results
def _keys(book: Book) -> Pages:
    """The results that the policy wants told first, each leading to its explanation."""
    results = {r.name: r for r in book.policy.program.results}
    entries = []
    for name in book.policy.program.header.keys:
        kind = traits(results[name].label).heading(book.lang)
        words = [*book.name(name), d.Text(f"  {kind} ", "muted"), *book.cites(results[name].origin.clauses)]
        entries.append(d.Item(tuple(words)))
    return [d.items(entries)] if entries else []


# ---------------------------------------------------------------------------------------------- tiers
def _ladders(book: Book) -> Pages:
    out: Pages = []
    for block in _of(book, "ladders"):
        gains = sorted(_gets(block, book), key=lambda gain: gain[0] != "gets")
        table = tables.ladder_table(block, book, gains)
        if table is not None:
            out += [_titled(block, book), table]
    return out


def _titled(block: n.Clause, book: Book) -> d.Paragraph:
    title = d.Link(block.name, book.anchor(block.name))
    return d.Paragraph((title, d.Text("  "), *book.cites(block.cites, block.span)))


def _gets(tiers: n.Clause, book: Book) -> Iterator[Gain]:
    """Rows of other tables and cases that speak of the tiers."""
    names = {name_key(t): t for t in tier_names(tiers)}
    for block in book.policy.file.blocks:
        match block:
            case n.Clause() if block is not tiers:
                yield from _of_rules(block, tiers, names, book)
                yield from _of_cases(block, tiers, names, book)
                yield from _of_conditions(block, tiers, names, book)
            case n.Table():
                yield from _of_lookups(block, names, book)
            case _:
                pass


def _of_rules(
    block: n.Clause, tiers: n.Clause, names: dict[str, str], book: Book
) -> Iterator[Gain]:
    """A reward or penalty with a table by tier."""
    if block.table is None or name_key(block.table.header[0].text) != name_key(tiers.name):
        return
    told = [tier for row in block.table.rows for tier in _tiers_in(row.cells[0], names)]
    if len(set(told)) < len(told):
        return  # something else is asked, too
    for j, head in enumerate(block.table.header[1:], 1):
        values: dict[str, Run] = {}
        for row in block.table.rows:
            for tier in _tiers_in(row.cells[0], names):
                values[tier] = tables.cell_words(row.cells[j], book)
        if values:
            kind = "gets" if "rewards" in traits(block.kind).chapters else "also"
            column = [d.Text(f" {head.text}")] if name_key(head.text) != name_key(block.name) else []
            yield kind, [*book.name(block.name), *column], values


def _tiers_in(cell: n.Cell, names: dict[str, str]) -> list[str]:
    found = [names.get(name_key(x.text)) for x in every(cell) if isinstance(x, n.Name)]
    return [t for t in found if t is not None]


def _of_cases(
    block: n.Clause, tiers: n.Clause, names: dict[str, str], book: Book
) -> Iterator[Gain]:
    """A computation whose cases ask for the tier."""
    values: dict[str, Run] = {}
    for line in block.lines:
        if isinstance(line, n.Case) and isinstance(line.condition, n.Compare):
            asked = line.condition
            if _is(asked.left, tiers.name) and asked.op == "=" and isinstance(asked.right, n.Name):
                tier = names.get(name_key(asked.right.text))
                if tier is not None:
                    values.setdefault(tier, joined([book.words(v) for v in line.values], book.say("mark.list")))
    if values:
        yield "also", book.name(block.name), values


def _of_conditions(
    block: n.Clause, tiers: n.Clause, names: dict[str, str], book: Book
) -> Iterator[Gain]:
    """A reward that asks for the tier among its conditions."""
    if "rewards" not in traits(block.kind).chapters:
        return
    asked = [x.condition for x in block.lines if isinstance(x, n.When)]
    asked += [x.value for x in block.lines if isinstance(x, n.FieldLine) and x.key == "for"]
    for condition in asked:
        parts = condition.items if isinstance(condition, n.And) else (condition,)
        for part in parts:
            found = _tiers_asked(part, tiers, names, book)
            if found:
                given = _short(block, book)
                yield "gets", book.name(block.name), dict.fromkeys(found, given)


def _tiers_asked(test: n.Expr, tiers: n.Clause, names: dict[str, str], book: Book) -> list[str]:
    """The tiers that a comparison with the tier lets in."""
    if isinstance(test, n.In) and _is(test.value, tiers.name) and not test.negated:
        return [names[name_key(x.text)] for x in test.items if isinstance(x, n.Name) and name_key(x.text) in names]
    if not (isinstance(test, n.Compare) and _is(test.left, tiers.name) and isinstance(test.right, n.Name)):
        return []
    order = list(dict.fromkeys(tables.lowest_first(tiers, book)))
    tier = names.get(name_key(test.right.text))
    if tier is None:
        return []
    at = order.index(tier)
    match n.PLAIN.get(test.op, test.op):
        case "=":
            return [tier]
        case ">=":
            return order[at:]
        case ">":
            return order[at + 1 :]
        case "<=":
            return order[: at + 1]
        case "<":
            return order[:at]
        case _:
            return [t for t in order if t != tier]


def _short(block: n.Clause, book: Book) -> Run:
    """What a reward gives, in a cell."""
    for line in block.lines:
        if isinstance(line, n.FieldLine) and line.key == "amount":
            return book.words(line.value)
        if isinstance(line, n.Measures):
            return joined([book.name(m.text) for m in line.names], book.say("mark.list"))
    return [d.Text("✓")]


def _is(expr: n.Expr, name: str) -> bool:
    return isinstance(expr, n.Name) and name_key(expr.text) == name_key(name)


def _of_lookups(table: n.Table, names: dict[str, str], book: Book) -> Iterator[Gain]:
    """A table of the document with a column, or a row, for each of several tiers."""
    columns = [(j, names[name_key(h.text)]) for j, h in enumerate(table.header) if name_key(h.text) in names]
    if len(columns) > 1:
        for row in table.rows:
            title: Run = [*book.name(table.name), d.Text(f" {row.cells[0].text}")]
            yield "also", title, {tier: [d.Text(row.cells[j].text)] for j, tier in columns}
        return
    rows = [(row, names[name_key(row.cells[0].text)]) for row in table.rows if name_key(row.cells[0].text) in names]
    if len(rows) > 1:
        for j, head in enumerate(table.header[1:], 1):
            yield "also", [*book.name(table.name), d.Text(f" {head.text}")], {
                tier: [d.Text(row.cells[j].text)] for row, tier in rows
            }


# ---------------------------------------------------------------------------------------------- scores
def _scores(book: Book) -> Pages:
    out: Pages = []
    for block in _of(book, "scores"):
        if block.table is not None:
            out += [_titled(block, book), tables.rule_table(block, block.table, book)]
            marks: Run = joined([_marked(line, book) for line in block.lines], book.say("mark.semicolon"))
            out += [d.Paragraph(tuple(marks))] if marks else []
    return out


def _marked(line: n.Line, book: Book) -> Run:
    """What holds of the total: the most there is, the points that pass, what is added to it."""
    if isinstance(line, n.FieldLine) and line.key in ("full", "pass", "adjust"):
        return [label(line.key, book), *book.words(line.value)]
    return []


# ---------------------------------------------------------------------------------------------- what follows
def _rewards(book: Book) -> Pages:
    rows = [d.row([_link(b, book), _when(b, book), _what(b, book), book.cites(b.cites)]) for b in _of(book, "rewards")]
    header = book.columns("name", "who", "what", "clause")
    return [_filled(header, rows, _FOLLOWS if book.brief else ())] if rows else []


def _sanctions(book: Book) -> Pages:
    rows = []
    for block in _of(book, "sanctions"):
        what = _what(block, book)
        if "duties" in traits(block.kind).chapters and not _imposes(block):
            continue
        rows.append(d.row([_link(block, book), _when(block, book), what, book.cites(block.cites)]))
    header = book.columns("name", "who", "what", "clause")
    return [_filled(header, rows, _FOLLOWS if book.brief else ())] if rows else []


def _imposes(block: n.Clause) -> bool:
    """Whether something follows from a rule, or from a requirement that fails."""
    return any(isinstance(x, n.Measures | n.Effect | n.Otherwise) for x in block.lines)


def _link(block: n.Clause, book: Book) -> Run:
    return [d.Link(block.name, book.anchor(block.name))]


def _lines(parts: Sequence[Run], book: Book) -> Run:
    """Each part on a line of its own; in brief one behind the other."""
    out: Run = []
    for part in parts:
        if part:
            between = d.Text(book.say("mark.semicolon")) if book.brief else d.Break()
            out += [*([between] if out else []), *part]
    return out


def _when(block: n.Clause, book: Book) -> Run:
    """Whom it concerns and when it holds."""
    ledger = implied(block, book)
    parts: list[Run] = [[label("each", book), *ledger]] if ledger else []
    for line in block.lines:
        match line:
            case n.Each():
                parts.append([label("which" if line.ledger is None else "each", book), *book.rest(line)])
            case n.FieldLine(_, "for"):
                parts.append([label("for", book), *book.words(line.value)])
            case n.When():
                parts.append([label("when", book), *book.words(line.condition)])
            case n.Unless():
                parts.append([label("unless", book), *book.words(line.condition)])
            case n.Items():
                conditions = joined([book.words(b.condition) for b in line.bullets], book.say("mark.semicolon"))
                parts.append([label(line.mode, book), *conditions])
            case _:
                pass
    if block.table is not None and traits(block.kind).fits:
        parts.append([label("fits", book), *joined(tables.row_words(block.table, book), book.say("mark.semicolon"))])
    if block.formula is not None:
        parts.append([label("holds" if traits(block.kind).asks else "when", book), *book.words(block.formula)])
    return _lines(parts, book)


def _what(block: n.Clause, book: Book) -> Run:
    """What follows: amounts, measures with their modality and span, places."""
    parts: list[Run] = []
    for line in block.lines:
        match line:
            case n.FieldLine(
                _, "amount" | "base" | "transfer" | "pool" | "cap" | "floor" | "less" | "bearer" | "favour"
            ):
                parts.append([label(line.key, book), *book.words(line.value)])
            case n.Measures():
                parts.append(consequence(line.mode, line.names, line.start, book))
            case n.Effect():
                then = consequence("must", line.measures, line.start, book)
                parts.append([label("when", book), *book.words(line.condition), d.Text(" → "), *then])
            case n.Otherwise() if traits(block.kind).asks:
                parts.append([label("otherwise", book), *book.rest(line)])
            case n.Quota() | n.Ranking() | n.Budget() | n.Share() | n.Rounded() | n.Steps() | n.Below():
                parts.append([label(name_of(type(line)), book), *book.rest(line)])
            case n.Payout() | n.Valid() | n.Usable() | n.CapEach():
                parts.append([label(name_of(type(line)), book), *book.rest(line)])
            case n.Mode(key="method" | "over" | "remainder"):
                parts.append([label(line.key, book), d.Text(word("mode", line.value, book.lang))])
            case _:
                pass
    if block.table is not None and traits(block.kind).reading == "amount":
        for row in block.table.rows:
            *keys, value = [tables.cell_words(c, book) for c in row.cells]
            parts.append([*joined(keys, " "), d.Text(book.say("mark.colon")), *value])
    return _lines(parts, book)


# ---------------------------------------------------------------------------------------------- places
def _places(book: Book) -> Pages:
    """What goes to the first so many only."""
    rows = []
    for block in book.policy.file.blocks:
        if isinstance(block, n.Clause):
            told = [_rest_of(block, kind, book) for kind in (n.Quota, n.Ranking, n.Budget, n.Share)]
            quota = next(filter(None, told), [])
            if quota:
                rows.append(d.row([_link(block, book), quota, _when(block, book), book.cites(block.cites)]))
    header = [*book.columns("name"), word("chapter", "places", book.lang), *book.columns("who", "clause")]
    return [_filled(header, rows, _FOLLOWS if book.brief else ())] if rows else []


# ---------------------------------------------------------------------------------------------- deadlines, duties
def _deadlines(book: Book) -> Pages:
    rows = []
    for block in _of(book, "deadlines"):
        start = _rest_of(block, n.StartLine, book)
        length = _rest_of(block, n.LengthLine, book)
        due: Run = next((book.words(x.value) for x in block.lines if isinstance(x, n.FieldLine) and x.key == "due"), [])
        cycle = _rest_of(block, n.Cycle, book)
        late = _rest_of(block, n.Late, book)
        followers = joined([book.name(name) for name in late_followers(block.name, book)], book.say("mark.list"))
        rows.append(d.row([
            _link(block, book), start, joined([length, due, cycle], book.say("mark.list")),
            joined([late, followers], book.say("mark.list")), book.cites(block.cites),
        ]))
    return [_filled(book.columns("name", "begin", "length", "late", "clause"), rows)] if rows else []


def _filled(header: Sequence[str], rows: Sequence[d.Row], shares: Sequence[int] = ()) -> d.Table:
    """A table without the columns in which nothing stands; ``shares`` holds where none is empty."""
    kept = [i for i in range(len(header)) if any(row.cells[i] for row in rows)]
    return d.table([header[i] for i in kept], [d.row([row.cells[i] for i in kept]) for row in rows], stub=True,
                   shares=shares if len(kept) == len(header) else ())


def _rest_of(block: n.Clause, kind: type[n.Node], book: Book) -> Run:
    return next((book.rest(x) for x in block.lines if isinstance(x, kind)), [])


def _duties(book: Book) -> Pages:
    entries = []
    for block in _of(book, "duties"):
        asks = traits(block.kind).asks
        if not asks and not recorded(block, book):
            continue
        words: Run = [*_link(block, book)]
        notes = [x.text for x in block.lines if isinstance(x, n.Annotation) and x.kind == "note"]
        if block.formula is not None:
            words += [d.Text(book.say("mark.colon")), *book.words(block.formula)]
        elif notes and not asks:
            words.append(d.Text(book.say("mark.colon") + notes[0]))
        entries.append(d.Item((*words, d.Text(" "), *book.cites(block.cites))))
    return [d.items(entries)] if entries else []
