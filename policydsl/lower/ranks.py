"""What stands in an order: 名额 (the first so many), 排名 (the rank as a value, and what each rank gets)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import NUMBER, TEXT, YESNO, Kind
from policydsl.lower import folds, slots
from policydsl.lower import kinds as rules
from policydsl.lower.bands import based, value_slot
from policydsl.lower.build import any_of, apply, both, choose, const, no, noted, read, summed, yes
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.context import Where
from policydsl.lower.lines import misfit
from policydsl.lower.tables import missing_table, ragged, result_cell
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span
from policydsl.say import ordinal, say

PLACE = Kind("ordinal", unit="place")
COUNT = folds.COUNT
HEADINGS = frozenset({"名次", "rank"})
OF_QUOTAS, OF_RANKS, OF_BUDGETS = ("all_in", "all_out"), ("same", "split"), ("all_out", "ratio")


def by_place(table: n.RuleTable) -> bool:
    """Whether the rows of a table are places."""
    return table.header[0].text.strip().lower() in HEADINGS


# ---------------------------------------------------------------------------------------------- places
def in_order(
    cl: Clauses, head: Head, candidate: c.AnyTerm, line: n.Quota | n.Ranking | n.Budget | n.Share | n.CapEach
) -> folds.Ranking:
    """The order of the candidates that a line states; the party (or record) in hand is one if ``candidate`` holds."""
    gated = both(head.gate, candidate) if head.gate is not None else candidate
    base = cl.define(head.clause.name, "candidate", gated, head)
    where = head.where if head.over is not None else Where()
    keys = [
        folds.Key(slots.placed(cl.low, "quota.by", cl.expr.value(key.by, where)), key.direction == "desc")
        for key in (line, *line.then) if key.by is not None
    ]
    per = None if isinstance(line, n.Share) else line.per
    group = cl.expr.value(per, where) if per is not None else None
    if head.lines.one(n.Periods) is None:
        return folds.Ranking(head.over or c.POPULATION, base, tuple(keys), group)
    # Of all parties in one period: what is asked of another is that of its own period, so that all of it is shared.
    keys = [
        replace(key, term=cl.define(head.clause.name, "key", key.term, head, of=str(i))) for i, key in enumerate(keys)
    ]
    group = cl.define(head.clause.name, "key", group, head, of="per") if group is not None else None
    return folds.Ranking(c.POPULATION, base, tuple(keys), group, head.over)


def of_all(cl: Clauses, ranking: folds.Ranking, total: c.AnyTerm) -> None:
    """What there is for all partners together; of the records of one it may be what that one says."""
    if ranking.list == c.POPULATION:
        cl.low.totals.append((total, ranking.group))


def ties_of(cl: Clauses, head: Head, allowed: Sequence[str]) -> str:
    """What the line 并列 says, among the words that fit."""
    line = next((m for m in head.lines.all(n.Mode) if m.key == "ties"), None)
    if line is None or line.value in allowed:
        return line.value if line is not None else ""
    misfit(cl.low, line, allowed)
    return ""


def with_quota(cl: Clauses, head: Head, candidate: c.AnyTerm, quota: n.Quota) -> c.AnyTerm:
    """名额: among the first so many of all for whom everything else holds."""
    ranking = in_order(cl, head, candidate, quota)
    first = cl.expr.value(quota.first, Where())
    of_all(cl, ranking, first)
    at, share = quota.first.span, first.kind.base == "percent"
    if share != (quota.way is not None):
        cl.low.problem("POL345", at, read=cl.low.text(at))
    if share and quota.way is not None:
        cl.low.shares.append(first)
        part = apply("*", ranking.candidates(), first, kind=COUNT, at=at)
        limit: c.AnyTerm = apply("round_to", part, const(Fraction(1), COUNT), const(quota.way, TEXT), kind=COUNT, at=at)
    else:
        limit = const(Fraction(1), COUNT, at) if share else slots.placed(cl.low, "quota", first)
    ranked = folds.Quota(ranking, limit, ties_of(cl, head, OF_QUOTAS), quota.span).term()
    return both(ranking.candidate, noted(ranked, cl.line_origin(head.clause, quota.span, quota.cites, "quota")))


# ---------------------------------------------------------------------------------------------- ranks
@dataclass(frozen=True, slots=True)
class Places:
    """A row of a table of ranks: from one place to another, and what they get."""

    first: int
    last: int
    value: c.AnyTerm
    cell: Span
    origin: c.Origin


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the record in hand stands: how many are before it, how many are not after it (itself apart)."""

    cl: Clauses
    head: Head
    line: n.Ranking
    placed: c.AnyTerm  # whether it has a place at all
    before: c.AnyTerm
    not_after: c.AnyTerm

    def place(self, settled: c.AnyTerm) -> c.AnyTerm:
        """The best of the places that it takes; where ties are not settled, one of them."""
        best: c.AnyTerm = apply("+", const(Fraction(1), PLACE), self.before, kind=PLACE, at=self.line.span)
        if settled != yes():
            either = apply("clamp", c.NoValue("tie", kind=PLACE), best, _ordinal(self.not_after), kind=PLACE)
            best = choose([(settled, best)], either, PLACE, self.line.span)
        return self.cl.define(self.head.clause.name, "place", best, self.head)

    def noted(self, term: c.AnyTerm) -> c.AnyTerm:
        """The line with its own entry in the trace."""
        return noted(term, self.cl.line_origin(self.head.clause, self.line.span, self.line.cites, "ranking"))


def standing(cl: Clauses, head: Head, candidate: c.AnyTerm, line: n.Ranking) -> Standing:
    """排名: where the party or record stands among the candidates."""
    ranking = in_order(cl, head, candidate, line)
    before, not_after = (
        cl.define(head.clause.name, part, ranking.others(level=part == "not_after"), head)
        for part in ("before", "not_after")
    )
    return Standing(cl, head, line, both(ranking.candidate, apply("not", ranking.unplaced())), before, not_after)


def rank(cl: Clauses, head: Head, candidate: c.AnyTerm, line: n.Ranking) -> c.AnyTerm:
    """The rank itself; who has no place has no value. Who is level with others has one only if that is said."""
    stands = standing(cl, head, candidate, line)
    shared = ties_of(cl, head, OF_RANKS[:1])
    place = stands.place(yes() if shared else apply("=", stands.before, stands.not_after))
    ranked = stands.noted(choose([(stands.placed, yes())], no(), YESNO, line.span))
    return choose([(ranked, place)], const(None, PLACE), PLACE, line.span)


def by_rank(
    cl: Clauses, head: Head, candidate: c.AnyTerm, line: n.Ranking
) -> tuple[c.AnyTerm | None, c.AnyTerm]:
    """What the places of a table get, before limits, and whether there is a row for the one that is taken."""
    stands, ties = standing(cl, head, candidate, line), ties_of(cl, head, OF_RANKS)
    rows, table = places_of(cl, head), head.clause.table
    if not rows or table is None:
        return None, stands.noted(stands.placed)
    kind = rows[0].value.kind
    match ties:
        case "same":
            value, fits = _same(rows, stands.place(yes()), table.span)
        case "split":
            value, fits = _split(rows, stands, table.span)
        case _:
            value, fits = _alone(rows, stands, table.span)
    base = head.lines.field("base")
    if base is not None:
        of = based(cl, head, base, kind)
        product = rules.product_kind(cl.low, "*", of, value, table.span)
        value = apply("*", of, value, kind=product, at=base.span)
    return value, stands.noted(choose([(stands.placed, fits)], no(), YESNO, line.span))


def places_of(cl: Clauses, head: Head) -> list[Places]:
    """The rows of a table of ranks, which say places and nothing else."""
    table = head.clause.table
    if table is None or not table.rows or len(table.header) != 2:
        missing_table(cl, head, "2")
        return []
    if not by_place(table):
        cl.low.problem("POL465", table.header[0].span, read=table.header[0].text)
        return []
    if ragged(cl, table):
        return []
    from policydsl.lower.blocks import common_kind

    slot = value_slot(head, head.lines.field("base") is not None)
    values = [slots.placed(cl.low, slot, result_cell(cl, row.cells[1], head.where)) for row in table.rows]
    kind = common_kind(cl, head, values)
    found: list[Places] = []
    for i, (row, value) in enumerate(zip(table.rows, values, strict=True)):
        cell, at = row.cells[0], row.cells[0].span
        ends = _ends(cell)
        if ends is None or not 1 <= ends[0] <= ends[1]:
            cl.low.problem("POL466", at, read=cl.low.text(at))
            continue
        for other in found:
            if other.first <= ends[1] and ends[0] <= other.last:
                cl.low.problem("POL467", at, read=cl.low.text(at), other=cl.low.text(other.cell))
        origin = cl.line_origin(head.clause, row.span, row.cites, cl.low.text(at), i + 1)
        found.append(Places(*ends, replace(value, kind=kind), at, origin))
    _remark(cl, head, found)
    return found if len(found) == len(table.rows) else []


def _remark(cl: Clauses, head: Head, rows: Sequence[Places]) -> None:
    """Places before others that get nothing (those in between, as of any table, where they are not shared), and later
    ones that get more."""
    low, last, shared = cl.low, 0, head.lines.mode("ties") == "split"
    name, lang = head.clause.name, low.file.dialect
    ladder = sorted(rows, key=lambda row: row.first)
    for row in ladder:
        if row.first > last + 1 and (shared or not last):
            ends = [ordinal(Fraction(end), lang, "value.place") for end in (last + 1, row.first - 1)]
            missing = ends[0] if ends[0] == ends[1] else say("value.to", lang, low=ends[0], high=ends[1])
            low.problem("POL468", row.cell, severity="warning", name=name, missing=missing)
        last = row.last
    for better, worse in pairwise(ladder):
        more, less = worse.value, better.value
        if not (isinstance(more, c.Const) and isinstance(less, c.Const)):
            continue
        if isinstance(more.value, Fraction) and isinstance(less.value, Fraction) and more.value > less.value:
            low.problem("POL469", worse.cell, severity="warning", name=name, later=low.text(worse.cell),
                        more=low.text(more.at), earlier=low.text(better.cell), less=low.text(less.at))


def _ends(cell: n.Cell) -> tuple[int, int] | None:
    match cell:
        case n.ExprCell(expr=n.Ordinal(value=place)):
            return place, place
        case n.RangeCell(low=n.Ordinal(value=first), high=n.Ordinal(value=last)):
            return first, last
        case _:
            return None


# ---------------------------------------------------------------------------------------------- ties
def _between(best: c.AnyTerm, worst: c.AnyTerm, first: int, last: int, at: Span) -> c.AnyTerm:
    """Whether all places from one to another lie within a row; the best place needs no end below, nor does 第1名."""
    low, high = const(Fraction(first), best.kind, at), const(Fraction(last), worst.kind, at)
    if first == last and best is worst:
        return apply("=", best, low, at=at)
    return both(apply(">=", best, low, at=at) if first > 1 else None, apply("<=", worst, high, at=at), at=at)


def _same(rows: Sequence[Places], place: c.AnyTerm, at: Span) -> tuple[c.AnyTerm, c.AnyTerm]:
    """同名次: everyone who is level gets what the best of their places gets."""
    tests = [_between(place, place, row.first, row.last, row.cell) for row in rows]
    arms = tuple(c.Arm(test, row.value, row.origin) for row, test in zip(rows, tests, strict=True))
    value = c.Choose(arms, kind=rows[0].value.kind, at=at, complete=True)  # without a row the clause does not hold
    return value, any_of(*tests, at=at)


def _split(rows: Sequence[Places], stands: Standing, at: Span) -> tuple[c.AnyTerm, c.AnyTerm]:
    """均分: those who are level share equally what the places get that they take."""
    kind, shares, taken = rows[0].value.kind, [], []
    for row in rows:
        ends = (const(Fraction(row.first - 1), COUNT), const(Fraction(row.last), COUNT))
        last = apply("+", stands.not_after, const(Fraction(1), COUNT), kind=COUNT)
        held = [apply("clamp", end, *ends, kind=COUNT) for end in (last, stands.before)]
        size = apply("-", *held, kind=NUMBER, at=row.cell)
        shares.append(apply("*", row.value, size, kind=kind, at=row.cell))
        taken.append(apply(">", size, const(Fraction(0), NUMBER), at=row.cell))
    level = apply("+", apply("-", stands.not_after, stands.before, kind=COUNT), const(Fraction(1), COUNT), kind=NUMBER)
    tied = stands.cl.define(stands.head.clause.name, "tied", level, stands.head)
    return apply("/", summed(*shares, kind=kind, at=at), tied, kind=kind, at=at), any_of(*taken, at=at)


def _alone(rows: Sequence[Places], stands: Standing, at: Span) -> tuple[c.AnyTerm, c.AnyTerm]:
    """Nothing said of those who are level: what they get is known where all their places get the same."""
    best, worst = (_ordinal(count) for count in (stands.before, stands.not_after))
    settled = any_of(*(_between(best, worst, row.first, row.last, NOWHERE) for row in rows))
    paid = any_of(*(_between(best, worst, *run, NOWHERE) for run in _runs(rows)))
    missed = both(*(
        apply("or", apply("<", worst, const(Fraction(a), PLACE)), apply(">", best, const(Fraction(b), PLACE)))
        for a, b in _runs(rows)
    ))
    value, _ = _same(rows, stands.place(any_of(settled, missed)), at)
    return value, choose([(paid, yes()), (missed, no())], c.NoValue("tie", kind=YESNO), YESNO, at)


def _ordinal(count: c.AnyTerm) -> c.AnyTerm:
    return apply("+", const(Fraction(1), PLACE), count, kind=PLACE)


def _runs(rows: Sequence[Places]) -> list[tuple[int, int]]:
    """The places that get something, put together where rows follow on one another."""
    runs: list[tuple[int, int]] = []
    for row in sorted(rows, key=lambda r: r.first):
        if runs and row.first == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row.last)
        else:
            runs.append((row.first, row.last))
    return runs


# ---------------------------------------------------------------------------------------------- budgets
@dataclass(frozen=True, slots=True)
class Drawn:
    """What a budget gives: whether anything, how much, and what all have and what is left."""

    holds: c.AnyTerm
    given: c.AnyTerm
    parts: tuple[c.Part, ...]


def drawn(cl: Clauses, head: Head, candidate: c.AnyTerm, amount: c.AnyTerm, line: n.Budget) -> Drawn:
    """预算: one after the other is given what is asked for, until the budget is used up."""
    name, kind = head.clause.name, amount.kind
    ranking = in_order(cl, head, candidate, line)
    amount, total = slots.alike(cl.low, amount, cl.expr.value(line.total, Where()), line.total.span)
    of_all(cl, ranking, total)
    nought = const(Fraction(0), kind)
    wanted = cl.payable(apply("drawable", amount, kind=kind, at=amount.at))
    asked = cl.define(name, "asked", choose([(ranking.candidate, wanted)], nought, kind, line.span), head)
    last = head.lines.mode("last")
    if last is None:
        cl.low.problem("POL402", line.span, read=cl.low.text(line.span)[:30], line="last")
    serve = _passing_over if last == "skip" else _in_a_row
    given = cl.define(name, "given", serve(cl, head, line, ranking, asked, total), head)
    some = choose([(apply(">", given, nought), yes())], no(), YESNO, line.span)
    origin = cl.line_origin(head.clause, line.span, line.cites, "budget")
    apart = ranking.group is not None or ranking.period is not None
    whole = head if apart else replace(head, over=None)  # one for all that it is shared among
    spent: c.AnyTerm = c.Over("sum", ranking.list, ranking.other(given), ranking.same(), kind=kind)
    # never more than there is, whatever those before may have had
    spent = apply("min", spent, apply("max", total, nought, kind=kind), kind=kind)
    used = cl.define(name, "used", spent, whole)
    rest = cl.define(name, "left", apply("-", total, used, kind=kind), whole)
    parts = (c.Part("used", used), c.Part("left", rest))
    return Drawn(both(ranking.candidate, noted(some, origin)), given, parts)


def _in_a_row(
    cl: Clauses, head: Head, line: n.Budget, ranking: folds.Ranking, asked: c.Use, total: c.AnyTerm
) -> c.AnyTerm:
    """What each is given until the budget is used up: who asks before uses it, whether or not there is enough."""
    name, kind, nought = head.clause.name, asked.kind, const(Fraction(0), asked.kind)
    last = head.lines.mode("last")
    before = cl.define(name, "before", ranking.others(of=asked), head)
    not_after = cl.define(name, "not_after", ranking.others(level=True, of=asked), head)
    ties = ties_of(cl, head, OF_BUDGETS if last == "part" else OF_BUDGETS[:1])
    left = apply("max", nought, apply("-", total, before, kind=kind), kind=kind)
    if last == "part":
        by_itself: c.AnyTerm = apply("min", asked, left, kind=kind)
        too_late = apply(">=", before, total)
    else:
        too_late = apply(">", apply("+", before, asked, kind=kind), total)
        by_itself = choose([(too_late, nought)], asked, kind)
    all_fit = apply("<=", apply("+", not_after, asked, kind=kind), total)
    asks = apply(">", asked, nought)
    nothing = any_of(ranking.unplaced(), apply("not", asks))
    rows = [(nothing, nought), (ranking.alone(asks), by_itself), (all_fit, asked), (too_late, nought)]
    match ties:
        case "ratio":
            level = apply("+", apply("-", not_after, before, kind=kind), asked, kind=kind)
            share = apply("/", apply("*", asked, left, kind=kind), level, kind=kind)
            places = const(Fraction(cl.rounding.places if kind.base == "money" else 0), NUMBER)
            otherwise: c.AnyTerm = apply("round", share, places, const("down", TEXT), kind=kind)
        case "all_out":
            otherwise = nought
        case _:
            otherwise = apply("clamp", c.NoValue("tie", kind=kind), nought, asked, kind=kind)
    return choose(rows, otherwise, kind, line.span)


def _passing_over(
    cl: Clauses, head: Head, line: n.Budget, ranking: folds.Ranking, asked: c.Use, total: c.AnyTerm
) -> c.AnyTerm:
    """What each is given of what those before have left, if that is enough; who is passed over uses nothing. Those who
    come at once have it if it is enough for all of them."""
    low, rule, name, kind = cl.low, head.clause.name, ranking.list, asked.kind
    nought = const(Fraction(0), kind)
    asks = apply(">", asked, nought)
    ranking = replace(ranking, candidate=asks)  # who asks for nothing is before nobody, and need have no day
    before = cl.define(rule, "before", ranking.others(), head)
    level = cl.define(rule, "not_after", ranking.among(asked, *ranking.level()), head)
    earlier = apply("<", read(name, c.ROW, NUMBER), read(name, c.ROW, NUMBER, up=1))
    others = c.Over("any", name, None, both(
        ranking.other(ranking.candidate), earlier, *ranking.level(), ranking.same()
    ), kind=YESNO)
    first = cl.define(rule, "place", apply("not", others), head)
    used, began = (c.Read(c.STATE, f"@{rule}.{of}", kind=kind) for of in ("used", "began"))
    start = choose([(first, used)], began, kind)
    left = apply("clamp", apply("-", total, start, kind=kind), nought, total, kind=kind)
    tied = ties_of(cl, head, OF_BUDGETS[:1]) != "all_out"
    otherwise = apply("clamp", c.NoValue("tie", kind=kind), nought, asked, kind=kind) if tied else nought
    by_itself: c.AnyTerm = apply("min", asked, left, kind=kind)
    rows: list[tuple[c.AnyTerm, c.AnyTerm]] = [
        (apply(">", asked, left), nought), (ranking.alone(asks), by_itself), (apply("<=", level, left), by_itself)
    ]
    given = choose(rows, otherwise, kind, line.span)
    step = (
        c.Column(f"@{rule}.left", left), c.Column(f"@{rule}.given", given),
        c.Column(used.name, apply("+", used, given, kind=kind)), c.Column(began.name, start),
    )
    placed = both(ranking.candidate, apply("not", ranking.unplaced()))
    state = tuple(c.Column(each.name, nought) for each in (used, began))
    scan = ranking.scanned(rule, placed, before, state, step)
    low.lists[name] = replace(low.lists[name], scans=(*low.lists[name].scans, scan))
    return choose([(placed, read(name, f"@{rule}.given", kind, line.span))], nought, kind, line.span)


__all__ = ["Drawn", "by_place", "by_rank", "drawn", "in_order", "of_all", "places_of", "rank", "with_quota"]
