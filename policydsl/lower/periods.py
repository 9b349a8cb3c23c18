"""统计期: a clause that is judged once a period, and what its name means elsewhere.

The periods are a list of the clause's own, ``X@periods``, whose records are the periods themselves; ``X（P）`` looks
one up by the first day of the whole of it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from policydsl import core as c
from policydsl import nodes as n
from policydsl.calendar import FAMILY, CannotCompute, make_period
from policydsl.clause_kinds import traits
from policydsl.kinds import ANY_KIND, DATE, DAYS, GRAINS, NUMBER, Duration, Kind
from policydsl.lower import running, slots
from policydsl.lower.build import any_of, apply, both, choose, const, owner, read, timed, today
from policydsl.lower.context import Lowering, Where
from policydsl.lower.order import before
from policydsl.lower.results import LAST, WHOLE, closed, over_by, settles_on
from policydsl.members import dataclass
from policydsl.operators.exact import period_op
from policydsl.place import Span
from policydsl.text.fold import name_key
from policydsl.within import within

if TYPE_CHECKING:
    from policydsl.lower.clauses import Clauses
    from policydsl.lower.expressions import Expressions

FIRST, BEFORE, YEAR_BEFORE = "首日", "@before", "@year_before"
FIELDS = (FIRST, LAST, WHOLE, BEFORE, YEAR_BEFORE)
# 本期 and its like -> the field with the first day of the whole period; of 下期 that of the one before it.
NAMED = {"this_period": WHOLE, "next_period": WHOLE, "last_period": BEFORE, "year_before": YEAR_BEFORE}
_GRAINS = {"M": (1, "M"), "Q": (1, "Q"), "H": (6, "M"), "Y": (1, "Y"), "W": (1, "W"), "FQ": (1, "Q"), "FH": (6, "M"),
           "FY": (1, "Y")}
PERIODS = ("期", "periods")
_THIS = re.compile(r"\s*[（(]\s*(?:本期|this\s+period)\s*[）)]\s*$", re.I)
MOST_BACK, MOST_TOGETHER = 200, 24


@dataclass(frozen=True, slots=True)
class Cut:
    """How time is cut into periods: their length; ``fiscal``: by the fiscal year; ``free``: from a day of their own."""

    length: Duration | None
    fiscal: bool
    free: bool

    @property
    def months(self) -> Fraction | None:
        """How many months a period has; None of days, weeks and what is not known before a policy is judged."""
        family, many = FAMILY[self.length.unit] if self.length is not None else ("", 1)
        return self.length.value * many if self.length is not None and family == "M" else None

    @property
    def called(self) -> str | None:
        """The grain of its periods; None if they have no names."""
        if self.free or self.months is None:
            return None
        named = (g for g, many in GRAINS.items() if g.startswith("fiscal_") == self.fiscal and self.months * many == 12)
        return next(named, None)

    def many(self, length: n.Duration | n.Count) -> Fraction:
        """How many periods that is: 2个季度 of a clause judged once a quarter, 2期 of any; 0 where it is none."""
        if isinstance(length, n.Count):
            return length.value if length.unit in PERIODS else Fraction(0)
        alike = self.length is not None and self.length.unit == length.unit
        return length.value / self.length.value if alike and self.length is not None else Fraction(0)


def cut_of(line: n.Periods | n.Cycle | n.Capped) -> Cut:
    """How a line cuts time."""
    made = line.length
    match made:
        case n.Grain():
            many, unit = _GRAINS[made.unit]
            length: Duration | None = Duration(Fraction(many), unit)
        case n.Duration():
            length = Duration(made.value, made.unit)
        case _:
            length = None
    fiscal = isinstance(made, n.Grain) and made.unit in ("FQ", "FH", "FY")
    return Cut(length, fiscal, not isinstance(line, n.Capped) and line.start is not None)


def stretch(clause: n.Clause) -> n.Periods | None:
    """The 统计期 of a clause that is judged once a period."""
    return next((line for line in clause.lines if isinstance(line, n.Periods)), None)


def judged_by_period(low: Lowering, node: n.Expr) -> n.Clause | None:
    """The clause of that name, if it is judged once a period."""
    symbol = low.names.find(node.text) if isinstance(node, n.Name) else None
    clause = low.clauses.get(symbol.name) if symbol is not None and symbol.role == "clause" else None
    return clause if clause is not None and stretch(clause) is not None else None


def cutting(low: Lowering, name: str) -> n.Periods | n.Cycle:
    """The line by which the periods of a list are cut."""
    return next(line for line in low.clauses[low.lists[name].of].lines if isinstance(line, n.Periods | n.Cycle))


def periods_of(decl: c.ListDecl) -> str | None:
    """The key of the name of the clause of whose periods it is a list."""
    return name_key(decl.of) if decl.cycles is not None else None


def named_in(decl: c.ListDecl | None, head: str) -> str:
    """What a column of a table with a row for each period is of: ``季额（本期）`` is 季额, in either language."""
    if decl is None or decl.cycles is None:
        return head
    return _THIS.sub("", head)


def value_of(
    ex: Expressions, clause: n.Clause, at: Span, column: n.Name | n.Builtin | None = None
) -> c.Name | None:
    """What a clause comes to in each period, or a part of it."""
    from policydsl.lower.expressions import part_named

    full = ex.clauses.parts.get(part_named(clause.name, column) if column is not None else c.Name(clause.name))
    if full is None and clause.name not in ex.low.lowering and not any(p.code == "POL210" for p in ex.low.problems):
        if column is not None:
            ex.low.problem("POL211", column.span, read=column.text, of=clause.name)
        else:
            ex.low.problem("POL321", at, read=ex.low.text(at))
    ex.low.names.used.add(clause.name)
    return full


def same_cut(low: Lowering, name: str, clause: n.Clause) -> bool:
    """Whether the periods of a list and those of a clause are cut alike."""
    around, line = cutting(low, name), stretch(clause)
    assert line is not None
    return cut_of(around) == cut_of(line) and _same_start(low, around, line)


def no_period_of(low: Lowering, clause: n.Clause, at: Span) -> None:
    """Tell that what is asked for is no period of a clause."""
    line = stretch(clause)
    low.problem("POL473", at, read=low.text(at), name=clause.name, window=low.text(line.span)[:40] if line else "")


# ---------------------------------------------------------------------------------------------- the list
def add_periods(cl: Clauses, clause: n.Clause, line: n.Periods | n.Cycle) -> str:
    """The list of the periods of a clause."""
    low, at, name = cl.low, clause.name_span, f"{clause.name}@periods"
    cut, inside = cut_of(line), line.inside if isinstance(line, n.Periods) else None
    length: c.AnyTerm
    if isinstance(line.length, n.Grain):
        assert cut.length is not None
        length = const(cut.length, Kind("duration", unit=cut.length.unit), line.length.span)
    else:
        length = cl.expr.length(line.length, Where())
    start = cl.expr.day(line.start, Where()) if line.start is not None else None
    until = cl.expr.day(line.end, Where()) if line.end is not None else None
    since: c.AnyTerm | None = None
    effective = low.policy_effective
    if inside is not None:
        since, until = cl.expr.day(inside.first, Where()), cl.expr.day(inside.last, Where(), last=True)
    elif start is None and effective is not None and effective.start is not None:
        since = (
            cl.expr.value(effective.start, Where()) if isinstance(effective.start, n.Name)
            else const(effective.start, DATE)
        )
    elif start is None and isinstance(line, n.Periods):
        low.problem("POL470", line.span, read=low.text(line.span)[:30])
    if cut.fiscal:
        if low.fiscal is None:
            low.problem("POL315", line.length.span, read=low.text(line.length.span))
        elif low.fiscal.start is None:
            low.problem("POL477", line.length.span, read=low.text(line.length.span))
        year = apply("fiscal_year_of", since or today(), kind=Kind("period", unit="fiscal_year"), at=line.length.span)
        start = apply("first_day", year, kind=DATE, at=line.length.span)
    closing = next((ln for ln in clause.lines if isinstance(ln, n.Closing)), None)
    back = 0 if inside is not None or traits(clause.kind).reading == "amount" else reach(low, clause)
    fields = tuple(c.InputDecl(f, None, DATE, at, optional=f not in (FIRST, LAST)) for f in FIELDS)
    closes = cl.expr.length(closing.length, Where()) if closing is not None else None
    cycles = c.Cycles(start, length, since, until, inside is not None, back, closes, cut.called or "")
    low.lists[name] = c.ListDecl(
        name, None, "cycles", fields, at, key=WHOLE, cycles=cycles, clauses=clause.cites, of=clause.name
    )
    return name


def reach(low: Lowering, clause: n.Clause, behind: tuple[n.Clause, ...] = ()) -> int:
    """How many periods before the first may be asked for: no more than all look-ups of the file go back together.
    ``behind``: the clauses with longer periods for which it is asked."""
    back, asked = 0, False
    if any(isinstance(line, n.FieldLine) and line.key == "opening" for line in clause.lines):
        return 0  # what there is before the first is stated
    for longer in low.clauses.values():
        for part in within(longer, n.InsideOf):
            if judged_by_period(low, part.of) is clause and longer not in (clause, *behind):
                back, asked = back + _parts(low, clause, part, longer, (clause, *behind)), True
    for look in within(low.file.blocks, n.Lookup):
        other = judged_by_period(low, look.table)
        line = stretch(other) if other is not None else None
        if line is not None:
            back, asked = back + _steps(low, cut_of(line), look.args[0]), asked or other is clause
    for earlier in within(low.file.blocks, n.Previous):
        other = judged_by_period(low, earlier.of)
        line = stretch(other) if other is not None else None
        if line is not None:
            back, asked = back + int(cut_of(line).many(earlier.length)), asked or other is clause
    return min(back, MOST_BACK) if asked else 0


def _parts(low: Lowering, clause: n.Clause, asked: n.InsideOf, other: n.Clause, behind: tuple[n.Clause, ...]) -> int:
    """How many periods before the first lie in the longer ones of which another clause asks."""
    mine, wide = stretch(clause), stretch(other)
    many = int(12 / (cut_of(mine).months or 12)) if mine is not None else 1  # in a year, the longest of them
    if isinstance(asked.period, n.Builtin) and asked.period.key == "this_period" and wide is not None:
        return many * (1 if traits(other.kind).reading == "amount" else reach(low, other, behind) + 1)
    return _steps(low, cut_of(mine), asked.period) if mine and isinstance(asked.period, n.Period) else many


def _steps(low: Lowering, cut: Cut, asked: n.Expr) -> int:
    """How many periods a look-up goes back."""
    months = cut.months
    match asked:
        case n.Builtin(key="last_period"):
            return 1
        case n.Builtin(key="year_before") if months:
            return int(12 / months)
        case n.Period() if months and low.policy_effective is not None and not isinstance(
            start := low.policy_effective.start, n.Name | None
        ):
            try:
                first = make_period(asked.kind, asked.year, asked.number, low.fiscal).first
            except CannotCompute:
                return 0
            return max(0, int((12 * (start.year - first.year) + start.month - first.month) / months) + 1)
        case _:
            return 0


def begun(low: Lowering, name: str) -> c.AnyTerm | None:
    """Whether a period of a list is one of the clause's own, not one before them that can only be looked up."""
    cycles = low.lists[name].cycles
    if cycles is None or not cycles.back:
        return None
    return apply(">=", read(name, c.ROW, NUMBER), const(Fraction(cycles.back), NUMBER))


# ---------------------------------------------------------------------------------------------- records of a period
def in_period(ex: Expressions, node: n.Aggregate | None, name: str, inner: Where, at: Span) -> c.AnyTerm | None:
    """Whether a record lies in the period in hand; None if none is in hand or it is over all periods (不分期)."""
    low = ex.low
    if inner.window is None or not inner.window[1]:  # of a 期限 with 周期, which parts nothing
        if node is not None and node.unparted:
            low.problem("POL472", at, read=low.text(at))
        return None
    cycles, days = inner.window
    if node is not None and node.unparted or low.lists[name].source != "sheet":
        return None
    by = next((day for day in days if ex.reads(day, name)), None)
    if by is None:
        low.problem("POL471", at, read=low.text(at), ledger=name, by=low.text(days[0].span))
        return None
    day = slots.placed(low, "periods.by", ex.value(by, inner))
    begun_ = timed(">=", day, read(cycles, FIRST, DATE), by.span)
    ended = timed("<=", day, read(cycles, LAST, DATE), by.span)
    closing = next((ln for ln in low.clauses[low.lists[cycles].of].lines if isinstance(ln, n.Closing)), None)
    if closing is None:
        return both(begun_, ended)
    if not ex.reads(closing.by, name):
        low.problem("POL515", closing.by.span, read=low.text(closing.by.span), ledger=name)
        return None
    entered = slots.placed(low, "periods.by", ex.value(closing.by, inner))
    in_time = timed("<=", entered, settles_on(low.lists[cycles]), closing.span)
    if closing.late == "out":
        return both(begun_, ended, in_time)
    # Entered when its own period was closed: in the first that was not, if its own is one of the clause's at all.
    eve = apply("back", read(cycles, WHOLE, DATE), const(Duration(Fraction(1), "D"), DAYS), kind=DATE)
    first = c.Over("earliest", cycles, read(cycles, FIRST, DATE), begun(low, cycles), kind=DATE)
    late = both(timed(">", entered, closed(low.lists[cycles], eve), closing.span), timed(">=", day, first, by.span))
    return both(ended, in_time, any_of(begun_, late))


def dated(ex: Expressions, line: n.Periods) -> None:
    """Each day of 按 is a field of a ledger, or a value of its records."""
    ledgers = [name for name, decl in ex.low.lists.items() if decl.source == "sheet"]
    for day in line.by:
        if not any(ex.reads(day, name) for name in ledgers):
            ex.low.problem("POL476", day.span, read=ex.low.text(day.span))


# ---------------------------------------------------------------------------------------------- values of a period
def named(ex: Expressions, node: n.Builtin, where: Where) -> c.AnyTerm:
    """本期, 上期, 下期, 上年同期 as periods."""
    low, at = ex.low, node.span
    if where.window is None:
        low.problem("POL472", at, read=node.text)
        return const(None, Kind("period"), at)
    line, kind = cutting(low, where.window[0]), Kind("period")
    called = cut_of(line).called
    if called is None:
        low.problem("POL473", at, read=node.text, name=low.lists[where.window[0]].of, window=low.text(line.span)[:40])
        return const(None, kind, at)
    kind = Kind("period", unit=called)
    day: c.AnyTerm = read(where.window[0], NAMED[node.key], DATE)
    if node.key == "next_period":
        end = apply("last_day", apply(period_op(called), day, kind=kind), kind=DATE)
        day = apply("shift", end, const(Duration(Fraction(1), "D"), DAYS), kind=DATE)
    return apply(period_op(called), day, kind=kind, at=at)


def end_of(ex: Expressions, node: n.Field, where: Where) -> c.AnyTerm | None:
    """``本期 的 首日``, ``本期 的 末日``: of a broken period its own."""
    of, part = node.of, node.name
    if where.window is None or not (isinstance(of, n.Builtin) and isinstance(part, n.Builtin)):
        return None
    if of.key != "this_period" or part.key not in ("first_day", "last_day"):
        return None
    return read(where.window[0], FIRST if part.key == "first_day" else LAST, DATE, node.span)


def closes(clause: n.Clause) -> bool:
    """Whether its periods are closed some days after their end."""
    return any(isinstance(line, n.Closing) for line in clause.lines)


def item(
    ex: Expressions, node: n.Lookup, clause: n.Clause, where: Where, column: n.Name | n.Builtin | None = None
) -> c.AnyTerm:
    """``X（P）``, ``X（P） 的 PART``: the clause as it is judged for one period."""
    low, at, asked = ex.low, node.span, node.args[0]
    if low.lowering and low.lowering[-1] == clause.name:
        if column is not None:  # a scan keeps the value alone
            low.problem("POL516", at, read=low.text(at))
        return running.before(ex, node, clause, where)
    full, line = value_of(ex, clause, at, column), stretch(clause)
    assert line is not None
    if full is None:
        return const(None, ANY_KIND, at)
    own = cut_of(line)
    name, definition = f"{clause.name}@periods", low.terms[full]
    if len(node.args) != 1:
        low.problem("POL312", at, read=low.text(at), wanted="1", form="period")
    if isinstance(asked, n.Builtin) and asked.key == "next_period":
        low.problem("POL545", at, read=low.text(at), name=clause.name)
        return const(None, definition.kind, at)
    if isinstance(asked, n.Builtin) and asked.key in NAMED:
        if where.window is None:
            low.problem("POL472", asked.span, read=asked.text)
            return const(None, definition.kind, at)
        fits = same_cut(low, where.window[0], clause)
        if asked.key == "year_before" and (own.months is None or 12 % own.months):
            fits = False
        key: c.AnyTerm = read(where.window[0], NAMED[asked.key], DATE, asked.span)
        around = low.clauses[low.lists[where.window[0]].of]
        if traits(around.kind).reading == "amount" and closes(clause) and not closes(around):
            low.problem("POL536", at, severity="warning", read=low.text(at), name=around.name)
    else:
        period = slots.placed(low, "in_period.period", ex.value(asked, where), asked.span)
        fits = own.called is not None and period.kind.unit in (None, own.called)
        key = apply("first_day", period, kind=DATE, at=asked.span)
        if fits and own.called is not None and period.kind.unit is None:  # a fact may turn out to be of another grain
            whole = apply(period_op(own.called), key, kind=period.kind)
            key = choose([(apply("=", period, whole), key)], None, DATE, asked.span)
    if not fits:
        no_period_of(low, clause, asked.span)
        return const(None, definition.kind, at)
    opening = ex.clauses.openings.get(clause.name) if column is None else None
    mine = cutting(low, where.window[0]) if where.window is not None else None
    if mine is None or not before(node) or _inside(low, mine) != _inside(low, line):
        opening = None  # of the period before the first of both
    return c.Find(name, key, c.Use(full, name, kind=definition.kind, at=at), opening, kind=definition.kind, at=at)


def _inside(low: Lowering, line: n.Periods | n.Cycle) -> str | None:
    """Between which days the periods of a line lie, as it is written."""
    return low.text(line.inside.span) if isinstance(line, n.Periods) and line.inside is not None else None


def _same_start(low: Lowering, one: n.Periods | n.Cycle, other: n.Periods | n.Cycle) -> bool:
    """Whether two lines begin their periods on one day: by the calendar, or from a day written alike."""
    if one.start is None or other.start is None:
        return one.start is other.start
    return low.text(one.start.span) == low.text(other.start.span)


# ---------------------------------------------------------------------------------------------- limits of longer spans
def caps(cl: Clauses, clause: n.Clause, lines: list[n.Capped]) -> list[tuple[str, n.Capped]]:
    """上限：每财年 v, the narrowest stretch first, each with what finds the stretch of a period by its first day. Each
    must be made of whole ones of the one before, and the first of whole periods."""
    low, line, found = cl.low, stretch(clause), list[tuple[str, n.Capped]]()
    inner = cut_of(line) if line is not None else None
    for cap in sorted(lines, key=lambda cap: cut_of(cap).months or 0):
        wide = cut_of(cap)
        op = _whole_of(low, wide, inner) if inner is not None else None
        if cap.key != "cap":
            low.problem("POL401", cap.span, read=low.text(cap.span)[:30], block=clause.kind)
        elif isinstance(cap.length, n.Name):  # of a customer, not of a stretch of time
            low.problem("POL550", cap.span, read=low.text(cap.span)[:30])
        elif op is None or found and wide.months == cut_of(found[-1][1]).months:
            low.problem("POL475", cap.span, read=low.text(cap.span)[:30])
        else:
            found.append((op, cap))
            inner = wide
    return found


def made_of(low: Lowering, wide: n.Periods | n.Cycle, line: n.Periods) -> bool:
    """Whether the periods of one line are made of whole ones of another."""
    outer, inner = cut_of(wide), cut_of(line)
    if not outer.free and not inner.free:
        return outer == inner or _whole_of(low, outer, inner) is not None
    if outer.free != inner.free or not _same_start(low, wide, line) or outer.length is None or inner.length is None:
        return False
    family = {FAMILY[cut.length.unit][0] for cut in (outer, inner) if cut.length is not None}
    long, short = (cut.value * FAMILY[cut.unit][1] for cut in (outer.length, inner.length))
    return len(family) == 1 and not long % short


def fills(low: Lowering, period: Kind, line: n.Periods) -> bool:
    """Whether any period of a kind is made of whole ones of a line."""
    grain, inner = period.unit or "", cut_of(line)
    if grain not in GRAINS:
        return False
    return grain == inner.called or _whole_of(
        low, Cut(Duration(Fraction(12) / GRAINS[grain], "M"), grain.startswith("fiscal_"), False), inner
    ) is not None


def unspent(cl: Clauses, clause: n.Clause, op: str, cap: n.Capped, own: c.Use) -> c.AnyTerm:
    """What the earlier periods of the same stretch leave of a cap. After each of them what is paid in all is the least
    of the cap and of what that period adds to the sum before: so what is left here is the most of the cap less all that
    the earlier ones come to, and of what has come to less than nothing since any one of them, which makes room again.
    So no period asks what another was paid."""
    name, zero = f"{clause.name}@periods", const(Fraction(0), own.kind)
    _, limit = slots.alike(cl.low, own, cl.expr.value(cap.value, Where()), cap.span)
    kind, at, value = own.kind, cap.span, c.Use(own.name, owner(name), kind=own.kind)

    def begins(up: int) -> c.AnyTerm:
        return read(name, WHOLE, DATE, up=up)

    here, there = (apply(op, begins(up), kind=Kind("period")) for up in (0, 1))
    same, known = apply("=", here, there), begun(cl.low, name)
    spent = c.Over("sum", name, value, both(apply("<", begins(0), begins(1)), same, known), kind=kind, at=at)
    between = both(apply("<", begins(1), begins(0)), apply("<", begins(0), begins(2)), known)
    since = apply("neg", c.Over("sum", name, value, between, kind=kind, at=at), kind=kind, at=at)
    again = c.Over("largest", name, since, both(apply("<=", begins(0), begins(1)), same), kind=kind, at=at)
    left = apply("-", limit, spent, kind=kind, at=at)
    return apply("max", zero, apply("max", left, again, kind=kind, at=at), kind=kind, at=at)


def _whole_of(low: Lowering, wide: Cut, cut: Cut) -> str | None:
    """What finds the stretch in which a period lies by its first day; None if periods do not fill such stretches."""
    many, each, called = wide.months, cut.months, wide.called
    if many is None or each is None or called is None or many % each or cut.free or cut.fiscal > wide.fiscal:
        return None
    begins = low.fiscal.start if low.fiscal is not None else None
    if wide.fiscal and (begins is None or not cut.fiscal and (begins[1] != 1 or (begins[0] - 1) % each)):
        return None
    return period_op(called)


__all__ = [
    "FIRST", "LAST", "NAMED", "add_periods", "begun", "caps", "cut_of", "cutting", "dated", "end_of", "fills",
    "in_period", "item", "made_of", "named", "over_by", "stretch", "unspent",
]
