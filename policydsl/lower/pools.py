"""资金池: so much that all candidates share: in proportion, equally, or one after the other in an order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import NUMBER, TEXT, YESNO, Kind
from policydsl.lower import folds, slots
from policydsl.lower.build import apply, both, choose, const, negate, no, noted, read, yes
from policydsl.lower.clauses import Clauses, Head
from policydsl.lower.context import Where
from policydsl.lower.ranks import Drawn, in_order, of_all
from policydsl.members import dataclass


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of a clause: how much, who shares, with which weight, at most how much each, in which whole parts."""

    cl: Clauses
    head: Head
    line: n.Share
    total: c.AnyTerm
    ranking: folds.Ranking
    weight: c.Use
    cap: c.Use | None
    unit: c.AnyTerm | None

    @property
    def kind(self) -> Kind:
        return self.total.kind

    def define(self, part: c.PartName, term: c.AnyTerm, of: str = "") -> c.Use:
        return self.cl.define(self.head.clause.name, part, term, self.head, of=of)

    def some(self, term: c.AnyTerm) -> c.AnyTerm:
        return apply(">", term, self.nought(term.kind))

    def nought(self, kind: Kind | None = None) -> c.Const:
        return const(Fraction(0), kind or self.kind)

    def part(self, pool: c.AnyTerm, others: c.AnyTerm) -> c.AnyTerm:
        """The part of a pool that is one's own beside that of others."""
        return apply("proportion", pool, self.weight, others, kind=self.kind, at=self.line.span)

    def limited(self, share: c.AnyTerm) -> c.AnyTerm:
        """A share at most as large as the cap, in whole parts."""
        if self.cap is not None:
            share = apply("min", share, self.cap, kind=self.kind, at=self.line.span)
        if self.unit is None:
            return share
        return apply("round_to", share, self.unit, const("down", TEXT), kind=self.kind, at=self.line.span)

    # ------------------------------------------------------------------------------------------ all at once
    def at_once(self, again: bool) -> c.Use:
        """What each has of the whole pool before it is cut. ``again``: what caps leave over goes to the others."""
        if not again or self.cap is None:
            others = self.define("not_after", self.ranking.among(self.weight, self.ranking.another()))
            return self.define("share", self.part(self.total, others))
        # Of a unit of weight each gets the same, as far as its cap lets it: the most that those who have reached theirs
        # leave to the others, whoever these are taken to be.
        to_cap = self.define("ratio", choose(
            [(self.some(self.weight), apply("/", self.cap, self.weight, kind=NUMBER))], const(None, NUMBER), NUMBER
        ))
        own, other = folds.lifted(to_cap, self.ranking.list), self.ranking.other(to_cap)
        full = self.ranking.among(self.cap, apply("<", other, own))
        open_ = self.ranking.among(self.weight, apply(">=", other, own))
        level = self.define("level", choose([(self.some(self.weight), apply(
            "/", apply("-", self.total, full, kind=self.kind), open_, kind=NUMBER
        ))], const(None, NUMBER), NUMBER))
        theirs, some = self.ranking.other(level), self.ranking.other(self.some(self.weight))
        best = c.Over("largest", self.ranking.list, theirs, some, kind=NUMBER)
        each = apply("*", self.weight, best, kind=self.kind, at=self.line.span)
        return self.define("share", choose([(self.some(self.weight), each)], self.nought(), self.kind))

    # ------------------------------------------------------------------------------------------ one after the other
    def in_turn(self) -> c.AnyTerm:
        """What each gets of what those before have left; those who are level share that."""
        low, rule, name = self.cl.low, self.head.clause.name, self.ranking.list
        ranking = replace(self.ranking, candidate=self.some(self.weight))  # who shares in nothing is before nobody
        before = self.define("before", ranking.others())
        beside = self.define("not_after", ranking.among(self.weight, ranking.another(), *ranking.level()))
        earlier = apply("<", read(name, c.ROW, NUMBER), read(name, c.ROW, NUMBER, up=1))
        first = self.define("place", negate(c.Over("any", name, None, both(
            ranking.other(ranking.candidate), earlier, *ranking.level()
        ), kind=YESNO)))
        used, began = (c.Read(c.STATE, f"@{rule}.{of}", kind=self.kind) for of in ("used", "began"))
        start = choose([(first, used)], began, self.kind)
        left = apply("clamp", apply("-", self.total, start, kind=self.kind), self.nought(), self.total, kind=self.kind)
        given = self.limited(self.part(left, beside))
        step = (
            c.Column(f"@{rule}.left", left), c.Column(f"@{rule}.given", given),
            c.Column(used.name, apply("+", used, given, kind=self.kind)), c.Column(began.name, start),
        )
        state = tuple(c.Column(each.name, self.nought()) for each in (used, began))
        placed = both(ranking.candidate, negate(ranking.unplaced()))
        scan = ranking.scanned(rule, placed, before, state, step)
        low.lists[name] = replace(low.lists[name], scans=(*low.lists[name].scans, scan))
        return choose([(placed, read(name, f"@{rule}.given", self.kind, self.line.span))], self.nought(), self.kind)

    # ------------------------------------------------------------------------------------------ what is left
    def rest_of(self, given: c.AnyTerm) -> c.AnyTerm:
        spent = c.Over("sum", self.ranking.list, self.ranking.other(given), None, kind=self.kind)
        return apply("-", self.total, spent, kind=self.kind)

    def anybody(self) -> c.AnyTerm:
        return c.Over("any", self.ranking.list, None, self.ranking.other(self.some(self.weight)), kind=YESNO)

    def to_first(self, cut: c.Use) -> c.AnyTerm:
        """The share, with all that is left for who stands first: in the order stated, then in that of the list."""
        row = folds.Key(read(self.ranking.list, c.ROW, NUMBER), False)
        ranked = replace(self.ranking, keys=(*self.ranking.keys, row), candidate=self.some(self.weight))
        nobody = apply("=", ranked.others(), const(Fraction(0), folds.COUNT))
        first = both(self.some(self.weight), negate(ranked.unplaced()), nobody)
        more = choose([(first, self.rest_of(cut))], self.nought(), self.kind)
        return apply("+", cut, more, kind=self.kind)

    def by_fraction(self, share: c.Use, cut: c.Use) -> c.AnyTerm:
        """The share, with one part more for those of whom the most was cut off, as far as whole parts are left."""
        assert self.unit is not None
        off = self.define("ratio", apply("-", share, cut, kind=self.kind))
        ranked = replace(self.ranking, keys=(folds.Key(off, True),), candidate=self.some(self.weight))
        parts = apply("whole_div", self.rest_of(cut), self.unit, kind=folds.COUNT)
        among = both(self.some(self.weight), folds.Quota(ranked, parts, "", self.line.span).term())
        return choose([(among, apply("+", cut, self.unit, kind=self.kind))], cut, self.kind)


def pooled(cl: Clauses, head: Head, candidate: c.AnyTerm, field: n.FieldLine) -> Drawn | None:
    """资金池: what each candidate gets of it; None where it is not said how it is shared."""
    low, lines, line = cl.low, head.lines, head.lines.one(n.Share)
    total = slots.placed(low, "pool", cl.expr.value(field.value, Where()))
    if line is None:
        low.problem("POL402", field.span, read=low.text(field.span)[:30], line="share")
        return None
    pool = _made(cl, head, candidate, line, apply("drawable", total, kind=total.kind, at=total.at))
    of_all(cl, pool.ranking, total)
    over, rest = lines.mode("over"), lines.mode("remainder")
    _checked(cl, head, pool, over, rest)
    name, nought = head.clause.name, pool.nought()
    if line.by is not None:
        cut = pool.define("given", pool.in_turn(), "cut" if rest == "first_in_order" else "")
    else:
        share = pool.at_once(over == "again")
        cut = pool.define("given", pool.limited(share), "cut" if rest in ("first_in_order", "fraction") else "")
    left: c.AnyTerm = pool.rest_of(cut)
    given: c.AnyTerm = cut
    if rest == "first_in_order" or rest is None and pool.cap is None and pool.unit is None and line.by is None:
        left = choose([(pool.anybody(), nought)], pool.total, pool.kind)
    if rest == "first_in_order":
        given = pool.define("given", pool.to_first(cut))
    elif rest == "fraction" and line.by is None and pool.unit is not None:
        given = pool.define("given", pool.by_fraction(share, cut))
        odd = apply("mod", pool.total, pool.unit, kind=pool.kind)
        left = choose([(pool.anybody(), odd)], pool.total, pool.kind)
    some = choose([(apply(">", given, nought), yes())], no(), YESNO, line.span)
    origin = cl.line_origin(head.clause, line.span, line.cites, "share")
    whole = head if pool.ranking.period is not None else replace(head, over=None)  # one for all that share it
    remainder = cl.define(name, "remainder", left, whole)
    return Drawn(both(pool.ranking.candidate, noted(some, origin)), given, (c.Part("remainder", remainder),))


def _made(cl: Clauses, head: Head, candidate: c.AnyTerm, line: n.Share, total: c.AnyTerm) -> Pool:
    lines, name = head.lines, head.clause.name
    if line.by is not None:
        ranking = in_order(cl, head, candidate, line)
    else:
        base = cl.define(name, "candidate", both(head.gate, candidate), head)
        period = head.over if lines.one(n.Periods) is not None else None
        ranking = folds.Ranking(c.POPULATION if period else head.over or c.POPULATION, base, (), None, period)
    one: c.AnyTerm = const(Fraction(1), NUMBER)
    if line.weight is not None:
        one = slots.placed(cl.low, "share.weight", cl.expr.value(line.weight, head.where))
        cl.low.weights.append(one)
    kind = one.kind
    mine = apply("drawable", one, kind=kind, at=one.at)
    weight = cl.define(name, "weight", choose([(ranking.candidate, mine)], const(Fraction(0), kind), kind), head)
    cap, rounded = lines.field("cap"), lines.one(n.Rounded)
    limit: c.Use | None = None
    if cap is not None:
        _, most = slots.alike(cl.low, total, cl.expr.value(cap.value, head.where), cap.span)
        limit = cl.define(name, "most", apply("drawable", most, kind=total.kind, at=cap.span), head)
    unit: c.AnyTerm | None = None
    if rounded is not None:
        _, unit = slots.alike(cl.low, total, cl.expr.value(rounded.unit, Where()), rounded.span)
        unit = replace(unit, kind=total.kind)
    elif total.kind.base == "money":  # nothing is paid in parts of a cent; what is cut off stays
        unit = const(Fraction(1, 10**cl.rounding.places), total.kind)
    return Pool(cl, head, line, total, ranking, weight, limit, unit)


def _checked(cl: Clauses, head: Head, pool: Pool, over: str | None, rest: str | None) -> None:
    """Lines that ask for one another, and what could be read in two ways."""
    low, lines = cl.low, head.lines
    cap, rounded, floor = lines.field("cap"), lines.one(n.Rounded), lines.field("floor")
    said = {line.key: line for line in lines.all(n.Mode)}
    for one, other, wanted in (
        (cap, over, "over"), (rounded, rest, "remainder"), (said.get("over"), cap, "cap"),
        (said.get("remainder"), rounded, "rounded"),
    ):
        if one is not None and other is None:
            low.problem("POL402", one.span, read=low.text(one.span)[:30], line=wanted)
    if floor is not None:
        low.problem("POL401", floor.span, read=low.text(floor.span)[:30], block=head.clause.kind)
    if over == "again" and pool.line.by is not None:
        low.problem("POL520", said["over"].span, read=low.text(said["over"].span))
    if rest in ("first_in_order", "fraction") and (cap is not None or rest == "fraction" and pool.line.by is not None):
        low.problem("POL523", said["remainder"].span, read=low.text(said["remainder"].span))
    if rounded is None:
        return
    if rounded.way != "down":
        low.problem("POL524", rounded.span, read=low.text(rounded.span))
    unit = pool.unit.value if isinstance(pool.unit, c.Const) else None
    if not isinstance(unit, Fraction) or unit <= 0:
        low.problem("POL524", rounded.span, read=low.text(rounded.span))
        return
    most = low.terms[pool.cap.name].term if pool.cap is not None else None
    top = most.args[0] if isinstance(most, c.Apply) else None
    if cap is not None and isinstance(top, c.Const) and isinstance(top.value, Fraction) and top.value % unit:
        low.problem("POL521", cap.span, severity="warning", read=low.text(cap.value.span),
                    unit=low.text(rounded.unit.span), down=low.text(cap.span))


__all__ = ["pooled"]
