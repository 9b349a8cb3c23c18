"""Several periods (or records) of a clause together: 前 n期 of a value, 本期 内 of one with shorter periods, 连续 n期
and 连续 n次 of a condition."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import ANY_KIND, DATE, NUMBER, YESNO, Kind
from policydsl.lower import folds, periods, slots
from policydsl.lower import kinds as rules
from policydsl.lower.build import apply, both, choose, const, read
from policydsl.lower.context import Where
from policydsl.lower.results import LAST, WHOLE, over_by
from policydsl.within import within

if TYPE_CHECKING:
    from policydsl.lower.expressions import Expressions

TOTALS = ("sum", "mean", "largest", "smallest")
INSIDE = (*TOTALS, "count", "any", "all")
TIMES = ("次", "times")
COUNT = Kind("count")


def previous(ex: Expressions, node: n.Previous, where: Where) -> c.AnyTerm:
    """``平均（X，前 n期）``: of exactly the n periods before the one in hand; with 至多 of those that there are."""
    low, at = ex.low, node.span
    clause = periods.judged_by_period(low, node.of)
    if clause is None or node.agg not in TOTALS:
        low.problem("POL512", at, read=low.text(at))
        return const(None, ANY_KIND, at)
    full = periods.value_of(ex, clause, at)
    if where.window is None:
        low.problem("POL472", at, read=low.text(at))
    elif not periods.same_cut(low, where.window[0], clause):
        periods.no_period_of(low, clause, node.of.span)
    elif node.limit not in (None, "<="):
        low.problem("POL510", at, read=low.text(at))
    elif full is not None:
        name, around = f"{clause.name}@periods", where.window[0]
        many = _checked(ex, node, periods.cut_of(periods.cutting(low, name)).many(node.length), 1)
        inner = slots.placed(low, node.agg, c.Use(full, name, kind=low.terms[full].kind, at=node.of.span))
        here = read(around, WHOLE, DATE)
        among = both(apply("<", read(name, WHOLE, DATE), here), _since(ex, name, around, here, many))
        value = c.Over(node.agg, name, inner, among, kind=inner.kind, at=at)
        if node.limit is not None:
            return value
        there = c.Over("count", name, None, both(among, apply("!=", inner, const(None, inner.kind))), kind=COUNT)
        few = c.NoValue("not_computable", f"too_few_periods:{many}", kind=inner.kind, at=at)
        return choose([(apply("=", there, const(many, COUNT)), value)], few, inner.kind, at)
    return const(None, low.terms[full].kind if full is not None else ANY_KIND, at)


def inside(ex: Expressions, node: n.InsideOf, where: Where) -> c.AnyTerm:
    """``合计（X，本期 内）``: of the periods of X that lie in a longer one, whole ones each."""
    low, at = ex.low, node.span
    clause = periods.judged_by_period(low, node.of)
    full = periods.value_of(ex, clause, at) if clause is not None else None
    this = isinstance(node.period, n.Builtin) and node.period.key == "this_period"
    if clause is None or node.agg not in INSIDE or not this and isinstance(node.period, n.Builtin) and (
        node.period.key in periods.NAMED
    ):
        low.problem("POL518", at, read=low.text(at))
        return const(None, ANY_KIND, at)
    if this and where.window is None:
        low.problem("POL472", node.period.span, read=low.text(node.period.span))
        return const(None, ANY_KIND, at)
    mine, name = periods.stretch(clause), f"{clause.name}@periods"
    assert mine is not None
    day, whole = read(name, WHOLE, DATE), False
    if this and where.window is not None:
        around = where.window[0]
        whole = periods.made_of(low, periods.cutting(low, around), mine)
        among = both(apply(">=", day, read(around, WHOLE, DATE)), apply("<=", day, read(around, LAST, DATE)), at=at)
    else:
        period = slots.placed(low, "in_period.period", ex.value(node.period, where), node.period.span)
        whole = periods.fills(low, period.kind, mine)
        among = apply("in_period", day, period, at=at)
    if not whole:
        low.problem("POL518", at, read=low.text(at))
    if full is None or not whole:
        return const(None, low.terms[full].kind if full is not None else ANY_KIND, at)
    value: c.AnyTerm = c.Use(full, name, kind=low.terms[full].kind, at=node.of.span)
    if node.agg in TOTALS:
        value = slots.placed(low, node.agg, value)
        return c.Over(node.agg, name, value, among, kind=value.kind, at=at)
    if node.agg == "count" and value.kind.base != "yesno":
        return c.Over("count", name, None, both(among, apply("provided", value)), kind=COUNT, at=at)
    test = rules.condition(low, value)
    if node.agg == "count":
        return c.Over("count", name, None, both(among, test), kind=COUNT, at=at)
    return c.Over(node.agg, name, test, among, kind=YESNO, at=at)


def _since(ex: Expressions, name: str, around: str, here: c.AnyTerm, many: Fraction) -> c.AnyTerm:
    """Whether a period lies no more than so many before another. Where a month has no such day, what a length moved
    back gives lies before the first day of that period, and after that of the one before."""
    cycles = ex.low.lists[around].cycles
    assert cycles is not None
    back = apply("*", cycles.length, const(many, NUMBER), kind=cycles.length.kind)
    return apply(">=", read(name, WHOLE, DATE), apply("back", here, back, kind=DATE))


def run(ex: Expressions, node: n.Run, where: Where) -> c.AnyTerm:
    """``连续 n … C``: C of this period and of the n - 1 before it; where no period is in hand, of the last n that are
    over. What is not there, or whom the clause does not concern, breaks the run."""
    low, at = ex.low, node.span
    of = next((name for name in within(node.test, n.Name) if periods.judged_by_period(low, name) is not None), None)
    clause = periods.judged_by_period(low, of) if of is not None else None
    name = f"{clause.name}@periods" if clause is not None else where.window[0] if where.window is not None else None
    if name is None:
        return _records(ex, node, where)
    many = _checked(ex, node, periods.cut_of(periods.cutting(low, name)).many(node.length), 2)
    if clause is not None and periods.value_of(ex, clause, at) is None:
        return const(None, YESNO, at)
    if where.window is not None and clause is not None and not periods.same_cut(low, where.window[0], clause):
        periods.no_period_of(low, clause, node.length.span)
        return const(None, YESNO, at)
    mine = periods.cutting(low, name)
    inner = Where((name,), (name, mine.by if isinstance(mine, n.Periods) else ()))
    test = ex.condition(node.test, inner)
    whole = read(name, WHOLE, DATE)
    if where.window is not None:
        up = int(where.window[0] == name)
        last: c.AnyTerm = read(where.window[0], WHOLE, DATE, up=up)
        until: c.AnyTerm = apply("<=", whole, last)
    else:
        last = c.Over("latest", name, whole, over_by(low.lists[name]), kind=DATE)
        until = over_by(low.lists[name])
    concerned = ex.clauses.concerned.get(clause.name) if clause is not None else periods.begun(low, name)
    among = both(until, _since(ex, name, name, last, many - 1), concerned, test)
    return apply("=", c.Over("count", name, None, among, kind=COUNT, at=at), const(many, COUNT), at=at)


def _records(ex: Expressions, node: n.Run, where: Where) -> c.AnyTerm:
    """连续 n次: this record and the n - 1 before it, by the day that 逐条 says; of one day in the order of the list."""
    low, at, order = ex.low, node.span, where.order
    if order is None or order.by is None or len(where.lists) != 1:
        low.problem("POL513", at, read=low.text(at))
        return const(None, YESNO, at)
    counted = isinstance(node.length, n.Count) and node.length.unit in TIMES
    many = _checked(ex, node, node.length.value if counted else Fraction(0), 2)
    ledger = where.lists[0]
    ahead, mine, before = _in_order(ex, order, order.by, ledger, level=True)
    since = apply(">", ahead, apply("-", mine, const(many, COUNT), kind=COUNT))
    among = both(before, since, ex.condition(node.test, Where(where.lists)))
    return apply("=", c.Over("count", ledger, None, among, kind=COUNT, at=at), const(many, COUNT), at=at)


def _in_order(
    ex: Expressions, order: n.Each, day: n.Expr, ledger: str, level: bool
) -> tuple[c.AnyTerm, c.AnyTerm, c.AnyTerm]:
    """How many records stand before another one, how many before the one around it, and whether it stands before that
    (``level``: or is that): by the day that 逐条 says, of one day in the order of the list, of one customer (每个) by
    themselves. That it does is asked of the days, not of the numbers: these may wait for what does not matter here."""
    low, here = ex.low, Where((ledger,))
    by = folds.Key(slots.placed(low, "each.by", ex.value(day, here)), order.direction == "desc")
    taken = ex.condition(order.where, here) if order.where is not None else None
    group = ex.value(order.grouped, here) if order.grouped is not None else None
    ranking = folds.Ranking(ledger, both(taken), (by, folds.Key(read(ledger, c.ROW, NUMBER), False)), group)
    full = c.Name(low.lowering[-1], "before", f"@{low.text(order.span)}")
    low.terms[full] = c.Definition(full, ranking.others(), c.Origin(full.rule, order.cites, order.span), ledger)
    ahead, mine = (c.Use(full, ledger, up, kind=COUNT) for up in (0, 1))
    placed = apply("!=", by.term, const(None, by.term.kind))
    return ahead, mine, both(taken, placed, ranking.ordered(ranking.keys, level), ranking.same())


def earlier(ex: Expressions, node: n.Field, where: Where) -> c.AnyTerm:
    """``上条 的 X``: of the record right before this one in the order that 逐条 says; 无 of the first, and of one that
    has no place in it."""
    low, at, part, order = ex.low, node.span, node.name, where.order
    if order is None or order.by is None or len(where.lists) != 1:
        low.problem("POL519", at, read=low.text(at))
        return const(None, ANY_KIND, at)
    ledger = where.lists[0]
    symbol = low.names.find(part.text)
    own = low.field_kind(ledger, part.text) is not None or (
        symbol is not None and symbol.role == "clause" and low.over.get(symbol.name, ledger) == ledger
    )
    if not own or not isinstance(part, n.Name):
        columns = tuple(f.name for f in low.lists[ledger].fields) if ledger in low.lists else ()
        low.problem("POL208", part.span, read=part.text, table=ledger, columns="、".join(columns),
                    suggestions=low.close(part.text, columns))
        return const(None, ANY_KIND, at)
    ahead, mine, before = _in_order(ex, order, order.by, ledger, level=False)
    value = ex.name(part, Where((ledger,)))
    right_before = apply("=", ahead, apply("-", mine, const(Fraction(1), COUNT), kind=COUNT))
    return c.Over("values", ledger, value, both(before, right_before), kind=value.kind, at=at)


def _checked(ex: Expressions, node: n.Run | n.Previous, many: Fraction, least: int) -> Fraction:
    low, at = ex.low, node.length.span
    if many.denominator != 1 or not many:
        low.problem("POL511", at, read=low.text(at))
    elif not least <= many <= periods.MOST_TOGETHER:
        low.problem("POL510", at, read=low.text(at))
    return many
