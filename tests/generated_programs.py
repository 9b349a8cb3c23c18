"""Core programs made at random out of all forms, lists and folds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any, cast

from generated_terms import (
    BRAND, COLOUR, COUNT, FISCAL, GRADE, HOURS, LENGTHS, MONTHS, QUARTER, TAGS, VALUES, WORKDAYS, YEAR, Shared, Terms,
)
from both_evaluators import World
from generated_worlds import possible

from policydsl import core as c
from policydsl.facts import Record, Sheet
from policydsl.kinds import (
    DATE, DAYS, INSTANT, MONEY, NUMBER, PERCENT, POINTS, TEXT, YESNO, Choice, Duration, Fiscal, Kind,
)
from policydsl.lower import folds
from policydsl.lower.blanks import blank, filled_in
from policydsl.lower.build import apply, choose, const, owner, read, today
from policydsl.lower.context import Lowering
from policydsl.lower.results import Reported, result
from policydsl.place import NOWHERE

ORDERS, PAID, TABLE, SCORES, PERIODS, MEMBERS, THEIRS = "orders", "paid", "table", "scores", "periods", "tags", "theirs"
FACTS = (
    YESNO, YESNO, NUMBER, NUMBER, PERCENT, MONEY, MONEY, POINTS, COUNT, DAYS, MONTHS, WORKDAYS, HOURS, DATE, DATE,
    INSTANT, QUARTER, YEAR, FISCAL, TEXT, GRADE, COLOUR, BRAND, TAGS, LENGTHS, LENGTHS,
)
ORIGIN = c.Origin("generated", (), NOWHERE)
EARLIER = "date13"
LATER, BEFORE, AMOUNT = "later", "month before", "money5"
DATED = (LATER, BEFORE, AMOUNT)  # what is asked as of other days, and limited by the evaluation date
KEYS = ("AB1", "AB2", "C", "D", *(f"K{i}" for i in range(8)))
RANGED = (NUMBER, PERCENT, MONEY, POINTS, COUNT, DATE)


def program(draw: Random) -> c.Program:
    """A program whose shared terms (of the party, of each record) are all there is to ask."""
    return _Maker(draw).program()


def world(made: c.Program, draw: Random) -> World:
    """One to three parties of which everything is known."""
    settings = {d.name: draw.choice(possible(d)) for d in made.inputs.values() if d.parameter or d.decision}
    sheets = tuple(_sheet(made, f"P{i}", draw) for i in range(draw.randint(1, 3)))
    return World(made, sheets, settings)


def _sheet(made: c.Program, name: str, draw: Random) -> Sheet:
    facts = [
        d for d in made.inputs.values()
        if not (d.parameter or d.decision or d.derived) and (d.default is None or draw.random() < 0.5)
    ]
    many = draw.randint(9, 12) if draw.random() < 0.1 else draw.randint(0, 4)  # more than are asked one by one
    lists = {
        decl.name: tuple(
            Record(key, {
                f.name: key if f.name == decl.key else draw.choice(possible(f))
                for f in decl.fields if not f.derived and (f.default is None or draw.random() < 0.5)
            })
            for key in draw.sample(KEYS, many if decl.name == ORDERS else draw.randint(0, 4))
        )
        for decl in made.lists.values() if decl.source == "sheet"
    }
    values = {d.name: draw.choice(possible(d)) for d in facts}
    days = [v for v in (values[LATER], values[EARLIER]) if isinstance(v, date)]
    return Sheet(name, None, {**values, LATER: max(days, default=None)}, lists)


class _Maker:
    def __init__(self, draw: Random) -> None:
        self.draw = draw
        self.inputs: dict[str, c.InputDecl] = {}
        self.lists: dict[str, c.ListDecl] = {}
        self.terms: dict[c.Name, c.Definition] = {}
        self.fields: dict[str, dict[Kind, list[str]]] = {c.POPULATION: {}}
        self.plain = Terms(draw, self.fields)  # what facts and lists are declared with goes through payments alone
        self.made = Terms(draw, self.fields, keys={})

    def chance(self, of: float) -> bool:
        return self.draw.random() < of

    def program(self) -> c.Program:
        self.payments()
        self.plain.listed = [PAID]
        self.facts()
        for kind in (YESNO, self.draw.choice(FACTS)):
            self.define(self.plain.term(kind, 2))
        self.plain.shared += self.made.shared
        self.orders()
        self.table()
        self.others()
        self.made.listed = [ORDERS, ORDERS, PAID, TABLE, SCORES, PERIODS, c.POPULATION, MEMBERS]
        self.made.limited = {TABLE: [MONEY]}
        self.made.within = {ORDERS: [THEIRS]}
        self.made.keys = {TABLE: TEXT, ORDERS: TEXT, SCORES: TEXT, PAID: TEXT, PERIODS: DATE}
        for kind in self.draw.sample(tuple(VALUES), 4):
            self.some(kind)
        self.on_other_days()
        for fold in self.draw.sample((self.quota, self.ordinal, self.drain, self.accrue), 2):
            fold()
        for kind in self.draw.sample(tuple(VALUES), 4):
            self.some(kind)
        gate = self.plain.term(YESNO, 1) if self.chance(0.3) else None
        header = c.Header("generated", "G", "1", "en", NOWHERE, fiscal=Fiscal((4, 1)), applies=gate)
        reported = tuple(result(self.reported(f"result {i}"), gate, self.lists) for i in range(2))
        return filled_in(c.Program(header, self.inputs, self.lists, self.terms, reported, ""))

    def reported(self, name: str) -> Reported:
        over = self.draw.choice((None, ORDERS, ORDERS, PERIODS))
        hand = (over,) if over else ()

        def some(kind: Kind, of: float) -> c.AnyTerm | None:
            return self.made.term(kind, 2, hand) if self.chance(of) else None

        kind = self.draw.choice((YESNO, YESNO, MONEY, COUNT, DATE, GRADE))
        state = Kind("choice", choice=Choice("@state", self.draw.choice((("yes", "pending", "no"), ("met", "late")))))
        states = [(self.made.term(YESNO, 1, hand), const(each, state)) for each in state.options[:-1]]
        last = const(state.options[-1], state)
        span = some(DATE, 0.5), some(DATE, 0.5)
        effect = c.Effect("must", ("measure",), self.made.term(YESNO, 1, hand), *span, (), ORIGIN)
        return Reported(
            name, None, "result", self.made.term(kind, 2, hand), ORIGIN, over, some(YESNO, 0.5) if over else None,
            some(YESNO, 0.3), some(YESNO, 0.6), choose(states, last, state) if self.chance(0.4) else None,
            (c.Part("part", self.made.term(MONEY, 1, hand)),), (effect,), some(TEXT, 0.2), every=self.chance(0.5),
        )

    # ------------------------------------------------------------------------------------------ shared terms
    def define(self, term: c.AnyTerm, over: str | None = None) -> c.Use:
        name = c.Name(f"{len(self.terms)}")
        bound = self.bound(term.kind) if self.chance(0.1) else None
        self.terms[name] = c.Definition(name, term, ORIGIN, over, bound)
        self.made.shared.append(Shared(name, term.kind, over))
        return c.Use(name, owner(over), kind=term.kind)

    def some(self, kind: Kind, over: str | None = None) -> c.Use:
        over = over or self.draw.choice((None, None, ORDERS, PERIODS))
        return self.define(self.made.term(kind, 3, (over,) if over else ()), over)

    def on_other_days(self) -> None:
        """What is limited on the day of the verdict, asked as of another."""
        last, most = (const(max(VALUES[kind]), kind) for kind in (DATE, MONEY))  # type: ignore[type-var]

        def asked(op: str, term: c.AnyTerm, by: c.AnyTerm) -> None:
            day = const(self.draw.choice(VALUES[DATE]), DATE)
            self.define(c.AsOf(apply(op, term, by, kind=YESNO), day, kind=YESNO))

        for fact in (LATER, BEFORE):
            op, by = self.draw.choice(("<", "<=", ">", ">=", "=")), self.draw.choice(VALUES[DATE])
            asked(op, read("", fact, DATE), const(by, DATE))
        amount = read("", AMOUNT, MONEY)
        threefold = apply("*", amount, const(Fraction(3), NUMBER), kind=MONEY)
        made = self.define(choose([(apply("<=", today(), last, kind=YESNO), threefold)], amount, MONEY))
        limit = c.Bound(const(Fraction(0), MONEY), ">=", most, "<=")  # of all values, on the day of the verdict alone
        self.terms[made.name] = replace(self.terms[made.name], bound=limit)
        asked("<=", made, most)

    def bound(self, kind: Kind) -> c.Bound | None:
        if kind not in RANGED:
            return None
        low, high = (const(v, kind) for v in sorted(self.draw.choices(VALUES[kind], k=2)))  # type: ignore[type-var]
        if self.chance(0.3):
            low = self.made.leaf(kind)
        ends = self.draw.choice(((low, high), (low, None), (None, high)))
        return c.Bound(ends[0], self.draw.choice((">=", ">")), ends[1], self.draw.choice(("<=", "<")))

    # ------------------------------------------------------------------------------------------ declarations
    def field_(self, owner_: str, name: str, kind: Kind, **more: Any) -> c.InputDecl:
        self.fields.setdefault(owner_, {}).setdefault(kind, []).append(name)
        if kind in RANGED and self.chance(0.4):
            more["ranges"] = (self.tried(kind),)
        if kind == LENGTHS and self.chance(0.4):  # in units that are not those of its values
            ends = const(Duration(Fraction(0), "M"), MONTHS), const(Duration(Fraction(1), "Q"), MONTHS)
            more["ranges"] = (c.Bound(ends[0], ">=", ends[1], "<="),)
        return c.InputDecl(name, None, kind, NOWHERE, **{"optional": self.chance(0.25), **more})

    def tried(self, kind: Kind) -> c.Bound:
        """A range of all values that are tried."""
        low, high = min(VALUES[kind]), max(VALUES[kind])  # type: ignore[type-var]
        ends = (const(low, kind), const(high, kind))
        return c.Bound(
            ends[0] if self.chance(0.8) else None, ">=", ends[1] if self.chance(0.5) else None, "<="
        )

    def facts(self) -> None:
        self.fields[""] = {}
        for i, kind in enumerate(FACTS):
            self.add(self.field_("", f"{kind.base}{i}", kind))
        raw = {kind: list(names) for kind, names in self.fields[""].items()}
        base = Terms(self.draw, {"": raw, PAID: self.fields[PAID]}, [PAID])
        for i, kind in enumerate(self.draw.sample(FACTS, 3)):
            self.add(self.field_("", f"default_{kind.base}{i}", kind, default=base.term(kind, 1)))
        for i, kind in enumerate(self.draw.sample(FACTS, 2)):
            self.add(self.field_("", f"derived_{kind.base}{i}", kind, derived=base.term(kind, 2)))
        for kind in (PERCENT, COUNT):
            self.add(self.field_("", f"parameter_{kind.base}", kind, parameter=True, optional=False))
        self.add(self.field_("", "decision", YESNO, decision=True, optional=False))
        late = c.Bound(read("", EARLIER, DATE), ">=", today(), self.draw.choice(("<", "<=")))
        self.add(replace(self.field_("", LATER, DATE), ranges=(late,)))
        month_ago = apply("back", today(), const(Duration(Fraction(1), "M"), MONTHS), kind=DATE)
        before = c.Bound(None, ">=", month_ago, "<=")  # of all values that are tried, on the day of the verdict alone
        self.add(replace(self.field_("", BEFORE, DATE), ranges=(before,)))

    def add(self, decl: c.InputDecl) -> None:
        self.inputs[decl.name] = decl

    def payments(self) -> None:
        paid = (
            self.field_(PAID, "no", TEXT, optional=False), self.field_(PAID, "amount", MONEY),
            self.field_(PAID, "on", DATE), self.field_(PAID, "valid", YESNO),
        )
        self.lists[PAID] = c.ListDecl(PAID, None, "sheet", paid, NOWHERE, "no", default_none=self.chance(0.2))

    def orders(self) -> None:
        fields = [self.field_(ORDERS, "id", TEXT, optional=False)] + [
            self.field_(ORDERS, f"o_{kind.base}{i}", kind)
            for i, kind in enumerate((GRADE, MONEY, COUNT, DATE, YESNO, TAGS, INSTANT, COLOUR, LENGTHS))
        ]
        fields.append(self.field_(ORDERS, "o_default", MONEY, default=self.plain.term(MONEY, 1, (ORDERS,))))
        fields.append(self.field_(ORDERS, "o_derived", DATE, derived=self.plain.term(DATE, 1, (ORDERS,))))
        only = self.plain.term(YESNO, 2, (ORDERS,)) if self.chance(0.4) else None
        conversions = []
        for made, grade in (("once", "low"), ("twice", "mid")) if self.chance(0.4) else ():
            conversions.append(self.conversion(made, grade))
        self.lists[ORDERS] = c.ListDecl(
            ORDERS, None, "sheet", tuple(fields), NOWHERE, "id", only=only, default_none=self.chance(0.2),
            conversions=tuple(conversions),
        )
        if conversions:
            self.fields[ORDERS].setdefault(YESNO, []).append(c.COMPLETES)
            self.fields[ORDERS].setdefault(TEXT, []).append(c.MADE_BY)

    def conversion(self, name: str, grade: str) -> c.Conversion:
        day = read(ORDERS, self.fields[ORDERS][DATE][0], DATE)
        of_grade = apply("=", read(ORDERS, self.fields[ORDERS][GRADE][0], GRADE), const(grade, GRADE))
        where = of_grade if self.chance(0.6) else apply("and", of_grade, self.plain.term(YESNO, 1, (ORDERS,)))
        window = apply("shift", day, const(Duration(Fraction(self.draw.choice((1, 3))), "M"), MONTHS), kind=DATE)
        number = read("", "parameter_count", COUNT)
        every = number if self.chance(0.2) else const(Fraction(2), COUNT)
        count = number if self.chance(0.1) else const(Fraction(self.draw.choice((1, 1, 2))), COUNT)
        above = GRADE.options[GRADE.options.index(grade) + 1]
        return c.Conversion(
            name, where, day, window, every, count, self.fields[ORDERS][GRADE][0], above, c.Origin(name, (), NOWHERE)
        )

    def table(self) -> None:
        """Rows with keys that are beginnings, with cells that are asked, and with empty ones."""
        columns = (("key", TEXT), ("t_money", MONEY), ("t_grade", GRADE), ("t_yes", YESNO))
        fields = tuple(c.InputDecl(name, None, kind, NOWHERE) for name, kind in columns)
        self.fields[TABLE] = {kind: [name] for name, kind in columns}
        rows = []
        for key in self.draw.sample(("AB1", "AB*", "A*", "C"), 3):
            cells: list[c.AnyTerm] = [const(key, TEXT) if self.chance(0.9) else self.plain.term(TEXT, 0)]
            for _, kind in columns[1:]:
                some = self.plain.term(YESNO, 1) if kind == YESNO else const(self.draw.choice(VALUES[kind]), kind)
                cells.append(blank(kind, NOWHERE) if self.chance(0.2) else some)
            rows.append(c.RowDecl(tuple(cells), (), NOWHERE))
        limits = const(Fraction(0), MONEY), const(Fraction(300), MONEY)
        bound = c.Bound(limits[0], ">=", limits[1], "<=") if self.chance(0.5) else None
        self.lists[TABLE] = c.ListDecl(
            TABLE, None, "rows", fields, NOWHERE, "key", rows=tuple(rows), bound=bound
        )

    def others(self) -> None:
        points = tuple(c.InputDecl(n, None, k, NOWHERE) for n, k in (("item", TEXT), ("full", POINTS), ("got", POINTS)))
        self.fields[SCORES] = {TEXT: ["item"], POINTS: ["full", "got"]}
        rows = tuple(
            c.RowDecl((const(item, TEXT), const(Fraction(50), POINTS), self.plain.term(POINTS, 2)), (), NOWHERE)
            for item in ("AB1", "C")
        )
        self.lists[SCORES] = c.ListDecl(SCORES, None, "rows", points, NOWHERE, rows=rows)
        named = ("first", "last", "whole", "before", "year before")
        days = tuple(c.InputDecl(n, None, DATE, NOWHERE, optional=n == "year before") for n in named)
        self.fields[PERIODS] = {DATE: [*named]}
        length = const(Duration(Fraction(self.draw.choice((3, 6, 12))), "M"), MONTHS)
        start, since, until = (self.plain.term(DATE, 0) if self.chance(of) else None for of in (0.6, 0.4, 0.3))
        clipped, back = since is not None and self.chance(0.5), 2 if self.chance(0.3) else 0
        length = length if self.chance(0.8) else self.plain.term(MONTHS, 0)
        cycles = c.Cycles(start, length, since, until, clipped, back)
        self.lists[PERIODS] = c.ListDecl(PERIODS, None, "cycles", days, NOWHERE, key="whole", cycles=cycles)
        tag = (c.InputDecl(c.MEMBER, None, COLOUR, NOWHERE),)
        for name, at in ((MEMBERS, ""), (THEIRS, ORDERS)):
            self.fields[name] = {COLOUR: [c.MEMBER]}
            chosen = read(at, self.fields[at][TAGS][0], TAGS)
            self.lists[name] = c.ListDecl(name, None, "members", tag, NOWHERE, members=chosen)
        self.lists[c.POPULATION] = c.ListDecl(c.POPULATION, None, "parties", tuple(self.inputs.values()), NOWHERE)

    # ------------------------------------------------------------------------------------------ folds
    def lowering(self) -> Lowering:
        return Lowering(cast(Any, None), cast(Any, None), lists=self.lists)

    def quota(self) -> None:
        over = self.draw.choice((None, ORDERS))
        candidate = self.some(YESNO, over) if over else self.define(self.made.term(YESNO, 2))
        keys = tuple(
            folds.Key(self.made.leaf(self.draw.choice((MONEY, DATE, COUNT)), over), self.chance(0.5))
            for _ in range(1 + self.chance(0.3))
        )
        group = self.made.leaf(self.draw.choice((GRADE, COLOUR)), over) if self.chance(0.4) else None
        limit = self.plain.term(COUNT, 0)
        ties = self.draw.choice(("", "all_in", "all_out"))
        listed = over or c.POPULATION
        ranked = folds.Quota(folds.Ranking(listed, candidate, keys, group), limit, ties, NOWHERE).term()
        self.define(apply("and", candidate, ranked), over)

    def ordinal(self) -> None:
        where = self.made.term(YESNO, 1, (ORDERS,)) if self.chance(0.7) else None
        start = read(ORDERS, self.fields[ORDERS][DATE][0], DATE)
        window = apply("shift", start, const(Duration(Fraction(3), "M"), MONTHS), kind=DATE)
        converted = bool(self.lists[ORDERS].conversions)
        self.define(folds.ordinal(ORDERS, where, start, window, converted=converted, at=NOWHERE), ORDERS)

    def drain(self) -> None:
        over = self.draw.choice((None, ORDERS))
        debt = self.define(self.made.term(MONEY, 2, (over,) if over else ()), over)
        by = self.made.leaf(self.draw.choice((DATE, COUNT)), over) if over and self.chance(0.7) else None
        sources = [self.made.term(MONEY, 1) for _ in range(self.draw.randint(1, 2))]
        drained = folds.drain(self.lowering(), over, by, debt, sources, f"drain{len(self.terms)}", NOWHERE)
        for term in (drained.rest, *drained.takes):
            self.define(term, over)

    def accrue(self) -> None:
        over = self.draw.choice((None, ORDERS))
        hand = (over,) if over else ()
        debt = self.define(self.made.term(MONEY, 1, hand), over)
        due = self.define(self.made.leaf(DATE, over), over)
        payments = None
        if self.chance(0.8):
            paid, by = read(PAID, "amount", MONEY), read(PAID, "on", DATE)
            some = self.made.term(YESNO, 1, (*hand, PAID)) if self.chance(0.5) else None
            once = folds.Payments(self.made.leaf(MONEY, over), self.made.leaf(DATE, over))
            payments = once if self.chance(0.3) else folds.Payments(paid, by, PAID, some)
        rate = const(Fraction(1, 1000), PERCENT)
        accrued = folds.accrue(self.lowering(), debt, due, rate, payments, f"accrue{len(self.terms)}", NOWHERE)
        for term in (accrued.unpaid, accrued.days_late, accrued.late_fee):
            self.define(term, over)
