"""计法: what a table of bands comes to. 全额: the rate of the row that fits, of the whole base. 超额累进: of each slice
of the base the rate of its row. 逐档: what every step pays that is reached. 达标一次:
the amount of the row that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policydsl import core as c
from policydsl import nodes as n
from policydsl.bands import Stretch, stretch_of
from policydsl.clause_kinds import traits
from policydsl.kinds import YESNO, Kind
from policydsl.lower import kinds as rules
from policydsl.lower import slots
from policydsl.lower.blanks import is_blank
from policydsl.lower.build import any_of, apply, both, choose, const, no, noted, summed, yes
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.crossed import headed_by_values
from policydsl.lower.tables import cell_test, header_subject, joined, missing_table, ragged, rate_arms, result_cell
from policydsl.members import dataclass
from policydsl.operators import zero
from policydsl.say import listed
from policydsl.walk import plain

WHOLE, SLICES, REACHED, ONCE = "whole", "slices", "reached", "once"
_ENDS = ("money", "number", "percent", "count", "points", "duration")  # what has stretches


def by_table(cl: Clauses, head: Head, table: n.RuleTable) -> tuple[c.AnyTerm | None, c.AnyTerm | None]:
    """The amount before limits, and whether a row fits (None: one always does)."""
    method, line = head.lines.mode("method") or WHOLE, head.lines.field("base")
    if not table.rows or len(table.header) < 2:
        missing_table(cl, head, "2+")
        return None, None
    if headed_by_values(cl, table):
        return None, None
    if method == WHOLE:
        return of_the_whole(cl, head, table)
    if method == SLICES and line is None:
        mode = next(m for m in head.lines.all(n.Mode) if m.key == "method")
        cl.low.problem("POL402", mode.span, read=cl.low.text(mode.span)[:30], line="base")
        return None, None
    if ragged(cl, table):
        return None, None
    one = Banded(cl, head, table, method)
    if method == ONCE:
        if line is not None:
            one.ladder(one.subjects(), cl.expr.value(line.value, head.where))
        return of_the_whole(cl, head, table)
    return one.steps() if method == REACHED else one.slices()


def of_the_whole(cl: Clauses, head: Head, table: n.RuleTable) -> tuple[c.AnyTerm, c.AnyTerm]:
    """全额, 达标一次: the row that fits gives the amount, or the rate of the base."""
    line = head.lines.field("base") if head.lines.mode("method") != ONCE else None
    arms, kind = rate_arms(cl, head, table, value_slot(head, line is not None))
    rate = c.Choose(arms, kind=kind, at=table.span, complete=True)  # without a row the clause does not hold
    fits = choose([(a.when, yes()) for a in arms], no(), YESNO, table.span)
    if line is None:
        return rate, fits
    base = based(cl, head, line, kind)
    product = rules.product_kind(cl.low, "*", base, rate, table.span)
    return apply("*", base, rate, kind=product, at=line.span), fits


def value_slot(head: Head, rated: bool) -> str:
    """The slot of what the rows give: money of rewards and penalties, any measure of a computed value."""
    kind = traits(head.clause.kind)
    if kind.reading != "amount":
        return "steps"
    return "amount" if not rated else "rate.fine" if kind.stance == "averse" else "rate"


def based(cl: Clauses, head: Head, line: n.FieldLine, rate: Kind) -> c.AnyTerm:
    """The base, as the rates ask: money, or of rates that are money a unit what is counted."""
    each = "base.each" if rate.base == "money" else "base"
    slot = each if traits(head.clause.kind).reading == "amount" else "steps.base"
    return slots.placed(cl.low, slot, cl.expr.value(line.value, head.where))


@dataclass(slots=True)
class Banded:
    """One table of slices or steps while it is lowered."""

    cl: Clauses
    head: Head
    table: n.RuleTable
    method: str

    def slices(self) -> tuple[c.AnyTerm | None, c.AnyTerm | None]:
        """超额累进: the sum of what each row takes of the base at its rate; measured from nothing, so that a row which
        is open below takes what is less than nothing as well."""
        line = self.head.lines.field("base")
        assert line is not None
        values = self.values(value_slot(self.head, rated=True))
        base = based(self.cl, self.head, line, values[0].kind)
        subjects = self.subjects()
        at = self.ladder(subjects, base)
        if at is None:
            return base, None
        product = rules.product_kind(self.cl.low, "*", base, values[0], self.table.span)
        uses: list[c.AnyTerm] = []
        rests: list[c.AnyTerm] = []
        for i, (row, rate) in enumerate(zip(self.table.rows, values, strict=True)):
            rest, stretch = self.read(row, subjects, at)
            size = apply("-", cut(base, stretch), cut(const(zero(base.kind), base.kind), stretch), kind=base.kind,
                         at=row.cells[at].span)
            term: c.AnyTerm = apply("*", size, rate, kind=product, at=row.span)
            if rest != yes():
                term = choose([(rest, term)], const(zero(product), product), product, row.span)
            rests.append(rest)
            uses.append(self.row(i, row, at, "slice", term))
        fits = None if yes() in rests else any_of(*rests, at=self.table.span)
        return self.total(uses, product), fits

    def steps(self) -> tuple[c.AnyTerm | None, c.AnyTerm | None]:
        """逐档: the sum of what the rows pay of which the lower end is reached."""
        line = self.head.lines.field("base")
        values = self.values(value_slot(self.head, rated=False))
        kind = values[0].kind
        subjects = self.subjects()
        at = self.ladder(subjects, self.cl.expr.value(line.value, self.head.where) if line is not None else None)
        if at is None:
            return values[0], None
        uses: list[c.AnyTerm] = []
        tests: list[c.AnyTerm] = []
        for i, (row, value) in enumerate(zip(self.table.rows, values, strict=True)):
            rest, stretch = self.read(row, subjects, at)
            cell = row.cells[at].span
            test = rest
            if stretch.low is None:
                self.cl.low.problem("POL447", cell, read=self.cl.low.text(cell), method=self.method,
                                    stretch=self.method)
            else:
                reached = apply(stretch.low_op, subjects[at], stretch.low, at=cell)
                test = reached if rest == yes() else both(rest, reached, at=row.span)
            tests.append(test)
            arm = c.Arm(test, value, self.origin(i, row, at))
            term = c.Choose((arm, c.Arm(yes(), const(zero(kind), kind))), kind=kind, at=row.span)
            uses.append(self.row(i, row, at, "step", term))
        return self.total(uses, kind), any_of(*tests, at=self.table.span)

    # ------------------------------------------------------------------------------------------ parts
    def subjects(self) -> list[c.AnyTerm]:
        return [header_subject(self.cl, h, self.head.where) for h in self.table.header[:-1]]

    def values(self, slot: str) -> list[c.AnyTerm]:
        """What the rows give, of one kind."""
        from policydsl.lower.blocks import common_kind

        cells = [result_cell(self.cl, row.cells[-1], self.head.where) for row in self.table.rows]
        values = [slots.placed(self.cl.low, slot, cell) for cell in cells]
        kind = common_kind(self.cl, self.head, values)
        return [replace(value, kind=kind) for value in values]

    def ladder(self, subjects: Sequence[c.AnyTerm], base: c.AnyTerm | None) -> int | None:
        """The column of the stretches: the one headed by the base; without a base the only one that has any."""
        if base is not None:
            found = [i for i, subject in enumerate(subjects) if plain(subject) == plain(base)]
        else:
            found = [i for i, subject in enumerate(subjects) if subject.kind.base in _ENDS and all(
                isinstance(row.cells[i], n.OpCell | n.RangeCell | n.ExprCell) for row in self.table.rows)]
        if len(found) == 1:
            return found[0]
        names = "、".join(h.text for h in self.table.header[:-1])
        self.cl.low.problem("POL446", self.table.header[0].span, name=self.head.clause.name, method=self.method,
                            ladder=self.method, columns=names)
        return None

    def read(self, row: n.RuleRow, subjects: Sequence[c.AnyTerm], at: int) -> tuple[c.AnyTerm, Stretch]:
        """What a row asks of the other columns, and its stretch."""
        tests = [cell_test(self.cl, s, cell, self.head.where) for s, cell in zip(subjects, row.cells[:-1], strict=True)]
        own = tests.pop(at)
        stretch = Stretch() if is_blank(own) else stretch_of(subjects[at], own)
        if stretch is None:
            cell = row.cells[at].span
            self.cl.low.problem("POL447", cell, read=self.cl.low.text(cell), method=self.method,
                                    stretch=self.method)
        return joined(tests, row.span), stretch or Stretch()

    def origin(self, i: int, row: n.RuleRow, at: int) -> c.Origin:
        cells = [row.cells[at], *(cell for k, cell in enumerate(row.cells[:-1]) if k != at)]
        texts = [self.cl.low.text(cell.span) for cell in cells if not isinstance(cell, n.AnyCell)]
        label = listed(texts, self.cl.low.file.dialect, "comma")
        return self.cl.line_origin(self.head.clause, row.span, row.cites, label, i + 1)

    def row(self, i: int, row: n.RuleRow, at: int, part: c.PartName, term: c.AnyTerm) -> c.Use:
        """A row as a shared term, with an entry of its own in the trace."""
        origin = self.origin(i, row, at)
        told = self.cl.gated(self.head, term)
        told = noted(told, origin) if part == "slice" else told  # a step has the entry of its choice
        return self.cl.define(self.head.clause.name, part, told, replace(self.head, origin=origin), of=str(i + 1))

    def total(self, uses: Sequence[c.AnyTerm], kind: Kind) -> c.Use:
        total = summed(*uses, kind=kind, at=self.table.span)
        return self.cl.define(self.head.clause.name, "banded", total, self.head)


def cut(value: c.AnyTerm, stretch: Stretch) -> c.AnyTerm:
    """A value held within a stretch. It has no place: the author has no words for it."""
    if stretch.low is not None and stretch.high is not None:
        return apply("clamp", value, stretch.low, stretch.high, kind=value.kind)
    if stretch.low is not None:
        return apply("max", value, stretch.low, kind=value.kind)
    return value if stretch.high is None else apply("min", value, stretch.high, kind=value.kind)


__all__ = ["REACHED", "SLICES", "WHOLE", "by_table"]
