"""Tables of rules to core terms: tiers in either orientation, bands, decision tables, rate tables, score sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import ANY_KIND, PERCENT, POINTS, TEXT, YESNO, Choice, Kind
from policydsl.lower import kinds as rules
from policydsl.lower import periods, slots
from policydsl.lower.build import any_of, apply, both, const, negate, noted, read, summed, yes
from policydsl.lower.blanks import is_blank
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.context import Lowering, Where
from policydsl.lower.crossed import headed_by_values
from policydsl.lower.attributes import outside
from policydsl.lower.names import across, cell_name
from policydsl.place import Span

TESTS = (
    n.Compare | n.Chain | n.Is | n.Barred | n.In | n.Has | n.Within | n.Between | n.InPeriod | n.InPast | n.And | n.Or
    | n.Not
)


# ---------------------------------------------------------------------------------------------- cells
def cell_test(cl: Clauses, subject: c.AnyTerm, cell: n.Cell, where: Where) -> c.AnyTerm:
    """What a cell asks of its row's or column's subject."""
    low, at = cl.low, cell.span
    inner = replace(where, subject=subject)
    match cell:
        case n.AnyCell():
            return c.NoValue("unlimited", kind=YESNO, at=at)
        case n.OpCell():
            return cl.expr.compare(cell.op, subject, cl.expr.value(cell.value, inner), at)
        case n.RangeCell():
            first, last = cl.expr.value(cell.low, inner), cl.expr.value(cell.high, inner)
            if subject.kind.base in rules.DATE_LIKE:  # of a period its first day, and its last
                first, last = cl.expr.day(cell.low, inner), cl.expr.day(cell.high, inner, last=True)
            return both(
                cl.expr.compare(">=", subject, first, at), cl.expr.compare("<=", subject, last, at), at=at
            )
        case n.ListCell():
            items = []
            for i in cell.items:
                _, item = rules.unify(low, subject, cl.expr.value(i, inner), i.span)
                items.append(item)
            return apply("in", subject, *items, at=at)
        case n.ExprCell():
            expr = cell.expr
            if isinstance(expr, TESTS):
                return cl.expr.condition(expr, inner)
            value = cl.expr.value(expr, inner)
            if isinstance(expr, n.YesNo) and subject.kind.base == "yesno":
                return subject if expr.value else negate(subject)
            if value.kind.base == "yesno" and subject.kind.base != "yesno":
                return value
            return cl.expr.compare("=", subject, value, at)


def result_cell(cl: Clauses, cell: n.Cell, where: Where) -> c.AnyTerm:
    """The value a row gives."""
    if isinstance(cell, n.ExprCell):
        return cl.expr.value(cell.expr, where)
    cl.low.problem("POL411", cell.span, read=cl.low.text(cell.span))
    return const(None, ANY_KIND, cell.span)


def header_subject(cl: Clauses, cell: n.HeaderCell, where: Where) -> c.AnyTerm:
    """A header cell that names what its column tests."""
    return subject_named(cl, cell.text, cell.span, where)


def subject_named(cl: Clauses, text: str, at: Span, where: Where) -> c.AnyTerm:
    for name in reversed(where.lists):
        found = cl.low.field_kind(name, text)
        if found is not None:
            cl.low.names.used.add(f"{name}\0{found[0]}")
            return read(name, found[0], found[1], at)
    symbol = cl.low.names.find(text)
    if symbol is None:
        cl.low.problem("POL201", at, word=text, suggestions=cl.expr.near(text))
        return const(None, ANY_KIND, at)
    asked = n.Name(at, symbol.name)
    clause = periods.judged_by_period(cl.low, asked) if where.window is not None and cl.settles(symbol.name) else None
    if clause is not None:  # a column is about what is in hand: of records their fields, of periods what they came to
        return periods.item(cl.expr, n.Lookup(at, asked, (n.Builtin(at, "this_period", text),)), clause, where)
    return cl.expr.name(asked, where)


def torn(low: Lowering, header: Sequence[n.HeaderCell], widths: Sequence[int]) -> bool:
    """Whether a bar too many stands in the header: it has an empty heading, and each row a cell less; told there."""
    number = next((i for i, head in enumerate(header, 1) if not head.text), None)
    if number is None or not widths or {*widths} != {len(header) - 1}:
        return False
    low.problem("POL459", header[number - 1].span, number=str(number))
    return True


def ragged(cl: Clauses, table: n.RuleTable) -> bool:
    """Whether some row has not as many cells as the header; reports each."""
    bad = torn(cl.low, table.header, [len(row.cells) for row in table.rows])
    if bad:
        return True
    for row in table.rows:
        if len(row.cells) != len(table.header):
            cl.low.problem("POL405", row.span, found=str(len(row.cells)), wanted=str(len(table.header)))
            bad = True
    return bad


def missing_table(cl: Clauses, head: Head, wanted: str) -> None:
    """A block without its table, or with one that has not the columns it needs (``wanted``: ``1+``, ``2``, ``2+``,
    ``3``) or no row."""
    clause, table = head.clause, head.clause.table
    if table is None:
        cl.low.problem("POL402", clause.name_span, read=clause.name, line="table")
        return
    found = len(table.header)
    if found < int(wanted[:1]) if wanted.endswith("+") else str(found) != wanted:
        cl.low.problem("POL414", table.header[0].span, read=clause.name, found=str(found), wanted=wanted)
    elif not table.rows:
        cl.low.problem("POL402", table.span, read=clause.name, line="rows")


# ---------------------------------------------------------------------------------------------- one row fits
def one_fits(cl: Clauses, head: Head, before: int) -> c.AnyTerm:
    """What a table of tests asks: all cells of one of its rows. ``before``: how many conditions are listed already."""
    clause, where, table = head.clause, head.where, head.clause.table
    assert table is not None
    if not table.rows:
        missing_table(cl, head, "1+")
    if not table.rows or ragged(cl, table):
        return const(None, YESNO, table.span)
    subjects = [header_subject(cl, h, where) for h in table.header]
    rows = []
    for i, row in enumerate(table.rows, before + 1):
        tests = [cell_test(cl, s, cell, where) for s, cell in zip(subjects, row.cells, strict=True)]
        if all(map(is_blank, tests)):
            cl.low.problem("POL438", row.span)
        rows.append(noted(joined(tests, row.span), cl.line_origin(clause, row.span, row.cites, "item", i)))
    return any_of(*rows, at=table.span)


# ---------------------------------------------------------------------------------------------- tiers
def tiers(cl: Clauses, head: Head) -> None:
    """等级: the highest tier whose cells all hold."""
    clause, where = head.clause, head.where
    table = clause.table
    if table is None or not table.rows or len(table.header) < 2:
        missing_table(cl, head, "2+")
        cl.define(clause.name, "value", const(None, ANY_KIND), head)
        return
    if ragged(cl, table):
        cl.define(clause.name, "value", const(None, ANY_KIND), head)
        return
    columns: list[tuple[str, c.AnyTerm, c.Origin]] = []
    if across(clause):
        subjects = [subject_named(cl, cell_text(cl, r.cells[0]), r.cells[0].span, where) for r in table.rows]
        for k, h in enumerate(table.header[1:]):
            tests = [cell_test(cl, s, r.cells[k + 1], where) for s, r in zip(subjects, table.rows, strict=True)]
            cites = tuple(dict.fromkeys(cite for r in table.rows for cite in r.cites))
            name = sole_name(cl, h.text, h.span)
            columns.append((name, joined(tests, h.span), cl.line_origin(clause, h.span, cites, name, k + 1)))
    else:
        subjects = [header_subject(cl, h, where) for h in table.header[1:]]
        for i, r in enumerate(table.rows):
            name = sole_name(cl, cell_text(cl, r.cells[0]), r.cells[0].span)
            tests = [cell_test(cl, s, cell, where) for s, cell in zip(subjects, r.cells[1:], strict=True)]
            columns.append((name, joined(tests, r.span), cl.line_origin(clause, r.span, r.cites, name, i + 1)))
    order = head.lines.one(n.Order)
    upwards = order is not None and order.direction == "asc"
    if upwards:
        columns.reverse()
    names = tuple(dict.fromkeys(name for name, _, _ in columns))
    kind = Kind("choice", choice=Choice(clause.name, tuple(reversed(names)), ordered=True))
    arms = tuple(c.Arm(test, const(name, kind, origin.at), origin) for name, test, origin in columns)
    from policydsl.lower.blocks import with_exceptions

    term: c.AnyTerm = c.Choose((*arms, c.Arm(yes(), const(None, kind))), kind=kind, at=clause.name_span)
    term = with_exceptions(cl, head, term)
    use = cl.define(clause.name, "value", cl.gated(head, term), head)
    cl.report(head, use)


_SECOND = re.compile(r"\s*(?:[＝=]|[，,]\s*(?:别名|alias)(?![A-Za-z]))", re.IGNORECASE)


def sole_name(cl: Clauses, text: str, at: Span) -> str:
    """The name of a tier or of an item of a score, which has no other: a second one behind it is refused."""
    second = _SECOND.search(text)
    first = text[: second.start()].strip() if second is not None else ""
    if not first:
        return text
    cl.low.problem("POL273", at, fix=first, read=text, name=first)
    return first


def joined(tests: list[c.AnyTerm], at: Span) -> c.AnyTerm:
    """All cells of a tier; a tier without any demand always holds."""
    asked = [t for t in tests if not is_blank(t)]
    return both(*asked, at=at)


def cell_text(cl: Clauses, cell: n.Cell) -> str:
    return cell_name(cell) or cl.low.text(cell.span)


# ---------------------------------------------------------------------------------------------- bands, decisions
def bands(cl: Clauses, head: Head) -> None:
    """分档: one subject, disjoint rows."""
    decide(cl, head, subjects=1)


def decision(cl: Clauses, head: Head) -> None:
    """判定表: several subjects; the last column is the value."""
    decide(cl, head, subjects=None)


def decide(cl: Clauses, head: Head, subjects: int | None) -> None:
    from policydsl.lower.blocks import bound_of, common_kind, with_exceptions

    clause, where, table = head.clause, head.where, head.clause.table
    wanted = 2 if subjects == 1 else None
    ranged = head.lines.one(n.RangeLine) is not None
    if table is not None and not table.rows and ranged and len(table.header) == (wanted or 2):
        to_be_supplied(cl, head, table)
        return
    if table is None or not table.rows or (wanted is not None and len(table.header) != wanted) or len(table.header) < 2:
        missing_table(cl, head, "2" if subjects == 1 else "2+")
        cl.define(clause.name, "value", const(None, ANY_KIND), head)
        return
    if headed_by_values(cl, table) or ragged(cl, table):
        cl.define(clause.name, "value", const(None, ANY_KIND), head)
        return
    columns = [header_subject(cl, h, where) for h in table.header[:-1]]
    values = [result_cell(cl, r.cells[-1], where) for r in table.rows]
    kind = common_kind(cl, head, values)
    arms = []
    for i, (row, value) in enumerate(zip(table.rows, values, strict=True)):
        tests = [cell_test(cl, s, cell, where) for s, cell in zip(columns, row.cells[:-1], strict=True)]
        label = cl.low.text(row.cells[0].span)
        origin = cl.line_origin(clause, row.span, row.cites, label, i + 1)
        arms.append(c.Arm(joined(tests, row.span), replace(value, kind=kind), origin))
    complete = head.lines.mode("hit") != "first"
    term: c.AnyTerm = c.Choose(tuple(arms), kind=kind, at=clause.name_span, complete=complete)
    term = with_exceptions(cl, head, term)
    bound = bound_of(cl, head, kind)
    for value in values:
        if bound is not None and isinstance(value, c.Const) and outside(value, bound):
            cl.low.problem("POL417", value.at, read=cl.low.text(value.at), range=cl.low.text(bound.at))
    use = cl.define(clause.name, "value", cl.gated(head, term), head, bound=bound)
    cl.report(head, use)


def to_be_supplied(cl: Clauses, head: Head, table: n.RuleTable) -> None:
    """分档 with a 范围 and no rows: the author has yet to give them; until then the value lies in the range."""
    from policydsl.lower.blocks import bound_of, with_exceptions

    clause, (first, last) = head.clause, (table.header[0], table.header[-1])
    subject, bound = header_subject(cl, first, head.where), bound_of(cl, head)
    assert bound is not None
    kind = next(end.kind for end in (bound.low, bound.high) if end is not None)
    fields = tuple(c.InputDecl(h.text, None, k, h.span) for h, k in ((first, subject.kind), (last, kind)))
    cl.low.lists[clause.name] = c.ListDecl(
        clause.name, None, "rows", fields, clause.name_span, supplied=False, clauses=clause.cites
    )
    term: c.AnyTerm = c.Find(
        clause.name, subject, read(clause.name, last.text, kind), kind=kind, at=clause.name_span
    )
    use = cl.define(clause.name, "value", cl.gated(head, with_exceptions(cl, head, term)), head, bound=bound)
    cl.report(head, use)


def rate_arms(cl: Clauses, head: Head, table: n.RuleTable, slot: str) -> tuple[tuple[c.Arm, ...], Kind]:
    """A table of rates or amounts; ``slot``: what its last column takes."""
    from policydsl.lower.blocks import common_kind

    if ragged(cl, table):
        return (), PERCENT
    columns = [header_subject(cl, h, head.where) for h in table.header[:-1]]
    values = [slots.placed(cl.low, slot, result_cell(cl, r.cells[-1], head.where)) for r in table.rows]
    kind = common_kind(cl, head, values)
    arms = []
    for i, (row, value) in enumerate(zip(table.rows, values, strict=True)):
        tests = [cell_test(cl, s, cell, head.where) for s, cell in zip(columns, row.cells[:-1], strict=True)]
        label = cl.low.text(row.cells[0].span)
        origin = cl.line_origin(head.clause, row.span, row.cites, label, i + 1)
        arms.append(c.Arm(joined(tests, row.span), replace(value, kind=kind), origin))
    return tuple(arms), kind


# ---------------------------------------------------------------------------------------------- score sheet
WEIGHT = {"权重", "weight"}


def score_sheet(cl: Clauses, head: Head) -> None:
    """评分: items limited to their maxima, a total, a list of its rows."""
    clause, lines, table, where = head.clause, head.lines, head.clause.table, head.where
    if table is None or len(table.header) != 3 or not table.rows or ragged(cl, table):
        missing_table(cl, head, "3")
        cl.define(clause.name, "value", const(None, POINTS), head)
        return
    weighted = table.header[1].text.strip().lower() in WEIGHT
    rows: list[c.RowDecl] = []
    items: list[c.Use] = []
    maxima: list[tuple[Fraction, Span]] = []
    mosts: list[Fraction | None] = []
    for i, row in enumerate(table.rows):
        label = sole_name(cl, cell_text(cl, row.cells[0]), row.cells[0].span)
        most = slots.placed(cl.low, "item.weight" if weighted else "item", result_cell(cl, row.cells[1], where))
        score = slots.placed(cl.low, "item", result_cell(cl, row.cells[2], where))
        fixed = most.value if isinstance(most, c.Const) and isinstance(most.value, Fraction) else None
        maxima += [] if fixed is None else [(fixed, row.cells[1].span)]
        mosts.append(None if weighted else fixed)
        if weighted:
            term: c.AnyTerm = apply("*", score, most, kind=POINTS, at=row.span)
        else:
            term = apply("clamp", score, const(Fraction(0), POINTS), most, kind=POINTS, at=row.span)
        origin = cl.line_origin(clause, row.span, row.cites, label, i + 1)
        item_head = replace(head, origin=origin, filter=None)
        use = cl.define(clause.name, "item", noted(cl.gated(head, term), origin), item_head, of=label)
        items.append(use)
        rows.append(c.RowDecl((const(label, TEXT, row.span), most, use), row.cites, row.span))
    full = lines.field("full")
    whole = slots.placed(cl.low, "full", cl.expr.value(full.value, where)) if full is not None else None
    check_maxima(cl, head, maxima, weighted, whole)
    fields = tuple(
        c.InputDecl(h.text, None, k, h.span)
        for h, k in zip(table.header, (TEXT, PERCENT if weighted else POINTS, POINTS), strict=True)
    )
    if head.over is None:
        cl.low.lists[clause.name] = c.ListDecl(
            clause.name, None, "rows", fields, clause.name_span, rows=tuple(rows), clauses=clause.cites
        )
    total = summed(*items, kind=POINTS, at=clause.name_span)
    for line in lines.fields("adjust"):
        more = slots.placed(cl.low, "adjust", cl.expr.value(line.value, where))
        origin = cl.line_origin(clause, line.span, line.cites, "adjust")
        total = apply("+", total, noted(more, origin), kind=POINTS, at=line.span)
    from policydsl.lower.blocks import limits

    total = limits(cl, head, total)
    use = cl.define(clause.name, "value", cl.gated(head, total), head)
    holds: c.AnyTerm | None = None
    mark = lines.field("pass")
    if mark is not None:
        limit = slots.placed(cl.low, "pass", cl.expr.value(mark.value, where))
        passed = noted(
            cl.expr.compare(">=", use, limit, mark.span), cl.line_origin(clause, mark.span, mark.cites, "pass")
        )
        holds = cl.define(clause.name, "pass", passed, head)
    labels = (str(r.cells[0].value) for r in rows)  # type: ignore[union-attr]
    parts = tuple(map(c.Part, labels, items, mosts))
    cl.report(head, use, holds=holds, parts=parts)


def check_maxima(
    cl: Clauses, head: Head, maxima: list[tuple[Fraction, Span]], weighted: bool, full: c.AnyTerm | None
) -> None:
    """Σ of the maxima is the full mark; weights add to 100 %."""
    table = head.clause.table
    assert table is not None
    if len(maxima) < len(table.rows):
        return
    from policydsl.render.values import Writer

    writer = Writer(cl.low.file.dialect)
    total = sum((m for m, _ in maxima), Fraction(0))
    if weighted:
        if total != 1:
            cl.low.problem("POL410", maxima[-1][1], found=writer.exact(total, PERCENT), wanted="100%",
                           read=cl.low.text(maxima[-1][1]))
        return
    if isinstance(full, c.Const) and isinstance(full.value, Fraction) and full.value != total:
        cl.low.problem(
            "POL410", full.at, found=writer.exact(total, POINTS), wanted=writer.exact(full.value, POINTS),
            read=cl.low.text(full.at),
        )
