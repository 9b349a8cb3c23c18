"""The registry of judged blocks: lowers each once, in order of dependence, and answers what a name means elsewhere."""

from __future__ import annotations

from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.kinds import ANY_KIND, DATE, MONEY, NUMBER, TEXT, YESNO, Kind
from policydsl.lower import kinds as rules
from policydsl.lower import periods, slots
from policydsl.lower.build import any_of, apply, both, const, fact, gate, no, noted, owner, summed, timed, today, yes
from policydsl.lower.context import Lowering, Where
from policydsl.lower.expressions import Expressions
from policydsl.lower.lines import Lines, sort_lines
from policydsl.lower.records import implied
from policydsl.lower.results import Reported, last_settled
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.say import say

PRIMARY = "value"
_LATEST = ("pay_by", "end_day", "pay_day")  # of all records the latest


@dataclass(frozen=True, slots=True)
class Ground:
    """One line that imposes or offers a measure."""

    clause: str
    modality: c.Modality
    holds: c.Name
    where: Where
    start: c.AnyTerm | None
    end: c.AnyTerm | None


@dataclass(frozen=True, slots=True)
class Head:
    """What every block shares once its common lines are lowered."""

    clause: n.Clause
    lines: Lines
    where: Where
    over: str | None
    filter: c.AnyTerm | None
    applies: c.AnyTerm | None
    gate: c.AnyTerm | None
    origin: c.Origin


class Clauses:
    """Shared state of lowering the blocks."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.parts: dict[c.Name, c.Name] = {}
        self.grounds: dict[str, list[Ground]] = {}
        self.forms: set[str] = set()  # measures in which something is paid out
        self.concerned: dict[str, c.AnyTerm] = {}  # which records a block concerns
        self.openings: dict[str, c.AnyTerm] = {}  # 期初 of values that use their own previous period
        self.low_roll_over = False
        self.rounding = c.Rounding()
        self.expr = Expressions(low, self)

    # ------------------------------------------------------------------------------------------ what a block shares
    def head(self, clause: n.Clause) -> Head:
        """The common lines: 逐条 (or the ledger that the names of the block need), 对象, annotations."""
        low = self.low
        lines = sort_lines(low, clause)
        if clause.formula is not None and not traits(clause.kind).headed:
            low.problem("POL437", clause.formula.span, read=low.text(clause.formula.span), block=clause.kind)
        over: str | None = None
        where = Where()
        condition: c.AnyTerm | None = None
        each, cut, closing = lines.one(n.Each), lines.one(n.Periods), lines.one(n.Closing)
        if closing is not None and cut is None:
            low.problem("POL402", closing.span, read=low.text(closing.span)[:30], line="window")
        if cut is not None:
            over = periods.add_periods(self, clause, cut)
            periods.dated(self.expr, cut)
            where = Where((over,), (over, cut.by))
            condition = periods.begun(low, over)
            for line in lines.found:  # the periods are its records
                if isinstance(line, n.Each):
                    low.problem("POL401", line.span, read=low.text(line.span)[:30], block=clause.kind)
        elif each is not None and each.ledger is not None:
            over = self.expr.list_of(each.ledger)
            if over is None:
                low.problem("POL207", each.ledger.span, read=low.text(each.ledger.span))
            else:
                low.names.used.add(over)
                where = Where((over,), order=each)
                if each.where is not None:
                    condition = self.expr.condition(each.where, where)
        elif (ledger := implied(self, clause, lines)) is not None:
            over = ledger
            low.names.used.add(over)
            where = Where((over,))
            if each is not None and each.where is not None:
                condition = self.expr.condition(each.where, where)
        elif each is not None and each.where is not None:
            low.problem("POL233", each.where.span, read=low.text(each.where.span))
        applies: c.AnyTerm | None = None
        whom = lines.fields("for")
        if whom:
            tests = [self.noted(f.value, where, f.cites, clause, "for") for f in whom]
            applies = both(*tests)
        origin = self.origin(clause, lines)
        self.low.over[clause.name] = over
        gates = [applies] if cut is not None else [condition, applies]
        both_ = both(*gates) if any(gate is not None for gate in gates) else None
        return Head(clause, lines, where, over, condition, applies, both_, origin)

    def origin(self, clause: n.Clause, lines: Lines) -> c.Origin:
        remarks = tuple(c.Remark(a.kind, a.text, a.span) for a in lines.all(n.Annotation))
        return c.Origin(clause.name, clause.cites, clause.name_span, remarks=remarks)

    def line_origin(
        self, clause: n.Clause, at: Span, cites: tuple[str, ...], label: str, row: int | None = None
    ) -> c.Origin:
        return c.Origin(clause.name, cites or clause.cites, at, row, label)

    def noted(
        self, node: n.Expr, where: Where, cites: tuple[str, ...], clause: n.Clause, label: str, row: int | None = None
    ) -> c.AnyTerm:
        """A condition of the block with its own entry in the trace."""
        term = self.expr.condition(node, where)
        return noted(term, self.line_origin(clause, node.span, cites, label, row))

    def conditions(self, head: Head, formula: n.Expr | None = None) -> c.AnyTerm:
        """When the block holds: 若, the lists, and no 除非."""
        tests: list[c.AnyTerm | None] = []
        clause, where, lines = head.clause, head.where, head.lines
        if formula is not None:
            tests.append(self.noted(formula, where, clause.cites, clause, "when"))
        for w in lines.all(n.When):
            tests.append(self.noted(w.condition, where, w.cites, clause, "when"))
        row = 0
        for group in lines.all(n.Items):
            bullets = []
            for b in group.bullets:
                row += 1
                bullets.append(self.noted(b.condition, where, b.cites, clause, "item", row))
            match group.mode:
                case "any":
                    tests.append(any_of(*bullets, at=group.span))
                case "all":
                    tests.append(both(*bullets, at=group.span))
                case "at_least":
                    assert group.at_least is not None
                    count = slots.placed(self.low, "items", self.expr.value(group.at_least, where))
                    tests.append(apply("at_least", count, *bullets, at=group.span))
        if clause.table is not None and traits(clause.kind).fits:
            from policydsl.lower.tables import one_fits

            tests.append(one_fits(self, head, row))
        for u in lines.all(n.Unless):
            term = self.noted(u.condition, where, u.cites, clause, "unless")
            tests.append(apply("not", term))
        return both(*tests, at=clause.name_span)

    # ------------------------------------------------------------------------------------------ definitions
    def define(
        self, name: str, part: c.PartName, term: c.AnyTerm, head: Head, *, of: str = "", over: str | None = None,
        bound: c.Bound | None = None,
    ) -> c.Use:
        """A shared term of a block: its value, or a named part of it."""
        full = c.Name(name, part, of)
        self.parts[full] = full
        self.low.terms[full] = c.Definition(full, term, head.origin, over or head.over, bound)
        return c.Use(full, owner(over or head.over), kind=term.kind, at=head.clause.name_span)

    def use(self, asked: c.Name, where: Where, at: Span) -> c.AnyTerm:
        """What a block's name (or part) means where it is used: this record's value, or all records' together."""
        low = self.low
        full = self.parts.get(asked)
        if full is None:
            if asked.rule not in low.lowering and not any(p.code == "POL210" for p in low.problems):
                low.problem("POL321", at, read=low.text(at))
            return const(None, ANY_KIND, at)
        definition = low.terms[full]
        if definition.over is None or definition.over in where.lists:
            return c.Use(full, owner(definition.over), kind=definition.kind, at=at)
        if where.window is not None and self.settles(asked.rule):
            low.problem("POL474", at, read=low.text(at), name=asked.rule)
            return const(None, definition.kind, at)
        inside = periods.in_period(self.expr, None, definition.over, where.inside(definition.over), at)
        return self.together(asked, full, definition, at, both(inside, periods.begun(low, definition.over)))

    def settles(self, name: str) -> bool:
        """Whether a clause comes to something once a period, and is no requirement."""
        clause = self.low.clauses.get(name)
        return clause is not None and periods.stretch(clause) is not None and not traits(clause.kind).asks

    def together(
        self, asked: c.Name, full: c.Name, definition: c.Definition, at: Span, where: c.AnyTerm
    ) -> c.AnyTerm:
        """All records' instances as one value: does one hold, the total, the latest day."""
        (name, part, _), kind, over = asked, definition.kind, definition.over
        assert over is not None
        if not self.comes_together(asked, kind):
            self.low.no_record("POL322", at, read=name, ledger=over)
            return const(None, ANY_KIND, at)
        inner = c.Use(full, owner(over), kind=kind, at=at)
        among = where if where != yes() else None
        lasts = kind.base != "money" and full.part != "holds" or name in self.openings
        if self.settles(name) and part == PRIMARY and lasts or part == "carried":
            return last_settled(self.low.lists[over], inner)
        if kind.base == "yesno":
            if part == PRIMARY and traits(self.low.clauses[name].kind).asks:
                whom = both(self.concerned.get(name), where)
                return c.Over("all", over, inner, whom if whom != yes() else None, kind=YESNO, at=at)
            return c.Over("any", over, inner, among, kind=YESNO, at=at)
        if part not in _LATEST:
            return c.Over("sum", over, inner, among, kind=kind, at=at)
        owing = among
        if c.Name(name, "rest") in self.parts:
            rest = c.Use(self.parts[c.Name(name, "rest")], owner(over), kind=MONEY)
            owing = both(among, apply(">", rest, const(Fraction(0), MONEY)))
        return c.Over("latest", over, inner, owing, kind=kind, at=at)

    def comes_together(self, asked: c.Name, kind: Kind) -> bool:
        """Whether one value stands for those of all records: a yes or no, a total, the latest day."""
        if kind.base == "yesno" or asked.part in _LATEST or asked.part == PRIMARY and self.settles(asked.rule):
            return True
        summed = asked.part != PRIMARY or c.Name(asked.rule, "holds") in self.parts
        return summed and kind.base in ("money", "points", "count", "number", "duration")

    def apart(self, asked: c.Name) -> str | None:
        """The list of which a result needs a record: it has a value for each, and no one value stands for them."""
        full = self.parts.get(asked)
        definition = self.low.terms[full] if full is not None else None
        if definition is None or definition.over is None or self.comes_together(asked, definition.kind):
            return None
        return definition.over

    def score_item(self, name: str, item: str, at: Span) -> c.AnyTerm:
        """``季度考核 的 ECR考核``: one item of a score sheet."""
        full = self.parts.get(c.Name(name, "item", item))
        if full is None:
            items = tuple(p.of for p in self.parts if p.rule == name and p.part == "item")
            self.low.problem("POL208", at, read=item, table=name, columns="、".join(items))
            return const(None, ANY_KIND, at)
        if self.low.terms[full].over is not None:
            self.low.problem("POL474", at, read=self.low.text(at), name=name)
        return c.Use(full, owner(self.low.terms[full].over), kind=self.low.terms[full].kind, at=at)

    def total(self, key: str, where: Where, at: Span) -> c.AnyTerm:
        """奖励合计 / 违约金合计: of this record inside a per-record block, else of all."""
        kind = "reward" if key == "total_rewards" else "penalty"
        named = self.low.amounts.get(kind, [])
        mine = [n for n in named if not where.lists or self.low.terms[c.Name(n)].over in where.lists]
        if named and not mine:
            self.low.problem("POL321", at, read=self.low.text(at))
        parts = [self.use(c.Name(name), where, at) for name in mine]
        total = parts[0].kind if parts else MONEY
        for part in parts:
            rules.same_units(self.low, total, part.kind, at)
            total = rules.merge(total, part.kind)
        return summed(*parts, kind=total, at=at) if parts else const(Fraction(0), MONEY, at)

    def totals(self, at: Span) -> tuple[c.Part, ...]:
        """What all rewards come to, for the verdict: a shared term for each currency and tax basis. An amount that says
        nothing of tax goes with the others of its currency where they agree."""
        word, kinds = say("verdict.rewards", self.low.file.dialect), dict[Kind, list[c.AnyTerm]]()
        parts = [self.use(c.Name(name), Where(), at) for name in self.low.amounts.get("reward", [])]
        for part in parts:
            marks = {p.kind.tax for p in parts if p.kind.tax and p.kind.currency == part.kind.currency}
            tax = next(iter(marks)) if len(marks) == 1 else part.kind.tax
            kinds.setdefault(Kind("money", tax=tax, currency=part.kind.currency), []).append(part)
        found = []
        for kind, mine in kinds.items():
            full = c.Name(word, "total", ":".join(x for x in (kind.currency or self.low.currency, kind.tax) if x))
            self.low.terms[full] = c.Definition(full, summed(*mine, kind=kind, at=at), c.Origin(word, (), at))
            found.append(c.Part(full.of, c.Use(full, kind=kind)))
        return tuple(found)

    def payable(self, amount: c.AnyTerm) -> c.AnyTerm:
        """An amount rounded once, as the policy says (at the fen, half up, unless its header says otherwise)."""
        if amount.kind.base != "money":
            return amount
        places, mode = const(Fraction(self.rounding.places), NUMBER), const(self.rounding.mode, TEXT)
        return apply("round", amount, places, mode, kind=amount.kind, at=amount.at)

    # ------------------------------------------------------------------------------------------ measures
    def span(self, start: n.Start | None, where: Where) -> tuple[c.AnyTerm | None, c.AnyTerm | None]:
        """First and last day of a span."""
        if start is None:
            return None, None
        first = self.expr.day(start.start, where)
        if start.length is not None:
            length = self.expr.length(start.length, where)
            op = "last_counting_first" if start.same_day else "shift"
            return first, apply(op, first, length, kind=DATE, at=start.span)
        if start.end is not None:
            return first, self.expr.day(start.end, where, last=True)
        return first, None

    def impose(
        self, head: Head, modality: c.Modality, names: tuple[n.Name, ...], start: n.Start | None, holds: c.Use,
        cites: tuple[str, ...], at: Span, afterwards: tuple[str, ...],
    ) -> c.Effect:
        """Record the grounds of measures; the effect to report."""
        first, last = self.span(start, head.where)
        for m in names:
            symbol = self.low.names.find(m.text)
            if symbol is None or symbol.role != "measure":
                self.low.problem("POL415", m.span, read=m.text, suggestions=self.near_measures(m.text))
                continue
            self.low.names.used.add(symbol.name)
            self.grounds.setdefault(symbol.name, []).append(
                Ground(head.clause.name, modality, holds.name, head.where, first, last)
            )
        origin = self.line_origin(head.clause, at, cites, modality)
        return c.Effect(modality, tuple(m.text for m in names), holds, first, last, afterwards, origin)

    def near_measures(self, word: str) -> tuple[str, ...]:
        return self.low.close(word, [s.name for s in self.low.names.symbols.values() if s.role == "measure"])

    def in_span(self, ground: Ground, day: c.AnyTerm) -> c.AnyTerm:
        """Whether a ground holds and its span contains the day."""
        definition = self.low.terms[ground.holds]
        tests: list[c.AnyTerm | None] = [c.Use(ground.holds, owner(definition.over), kind=YESNO)]
        if ground.start is not None:
            tests.append(timed(">=", day, ground.start))
        if ground.end is not None:
            tests.append(timed("<=", day, ground.end))
        term = both(*tests)
        if definition.over is None:
            return term
        return c.Over("any", definition.over, term, None, kind=YESNO)

    def barred(self, node: n.Barred, where: Where) -> c.AnyTerm:
        """``X 受限``, ``X 在 D 受限``: a ban on X covers the day."""
        low, at = self.low, node.span
        value = node.value.inner if isinstance(node.value, n.Paren) else node.value
        symbol = low.names.find(value.text) if isinstance(value, n.Name) else None
        if symbol is None or symbol.role != "measure":
            low.problem("POL415", node.value.span, read=low.text(node.value.span))
            return const(False, YESNO, at)
        low.names.used.add(symbol.name)
        if node.day is None:
            low.bars.add(symbol.name)
            return c.Use(c.Name(symbol.name, "barred"), kind=YESNO, at=at)
        day = self.expr.day(node.day, where)
        bans = [g for g in self.grounds.get(symbol.name, []) if g.modality == "must_not"]
        return any_of(*(self.in_span(g, day) for g in bans), at=at)

    def finish_measures(self) -> None:
        """The three-valued names of the measures: in force by a certain ground; open where one is only offered."""
        low = self.low
        for symbol in [s for s in low.names.symbols.values() if s.role == "measure"]:
            name = symbol.name
            grounds = self.grounds.get(name, [])
            cites = [cite for g in grounds for cite in low.clauses[g.clause].cites]
            origin = c.Origin(name, tuple(dict.fromkeys(cites)), symbol.at)
            certain = [self.in_span(g, today()) for g in grounds if g.modality in ("must", "must_not")]
            offered = [g for g in grounds if g.modality in ("may", "may_one_of", "must_one_of")]
            options: list[c.AnyTerm] = []
            if offered:
                decision = f"{name}"
                low.inputs[decision] = c.InputDecl(decision, None, YESNO, symbol.at, decision=True)
                decided = fact(decision, YESNO, symbol.at)
                options = [both(self.in_span(g, today()), decided) for g in offered]
            full, full_barred = c.Name(name), c.Name(name, "barred")
            low.terms[full] = c.Definition(full, any_of(*certain, *options), origin)
            bans = [g for g in grounds if g.modality == "must_not"]
            barred = any_of(*(self.in_span(g, today()) for g in bans)) if bans else no()
            low.terms[full_barred] = c.Definition(full_barred, barred, origin)
            self.parts[full] = full
            self.parts[full_barred] = full_barred
            if name in self.forms and not grounds:
                continue  # a form in which rewards are paid, and nothing that is taken
            low.results.append(
                Reported(
                    name, None, "ban" if bans and len(bans) == len(grounds) else "measure",
                    c.Use(full, kind=YESNO), origin,
                    holds=c.Use(full, kind=YESNO),
                    parts=(c.Part("barred", c.Use(full_barred, kind=YESNO)),) if bans else (),
                )
            )

    def gated(self, head: Head, term: c.AnyTerm, otherwise: c.AnyTerm | None = None) -> c.AnyTerm:
        """The value where the block applies; 无 (or the value given) elsewhere."""
        return gate(head.gate, term, otherwise if otherwise is not None else const(None, term.kind))

    def report(
        self, head: Head, value: c.AnyTerm, *, label: str | None = None, over: str | None = None, **more: object
    ) -> None:
        """A result of the verdict."""
        clause = head.clause
        if head.filter or head.applies:
            self.concerned.setdefault(clause.name, both(head.filter, head.applies))
        self.low.results.append(
            Reported(
                clause.name, clause.alias, label or clause.kind, value, head.origin, over=over or head.over,
                where=head.filter, applies=head.applies,
                every=traits(clause.kind).asks and (over or head.over) is not None,
                settles=self.settles(clause.name), lasts=clause.name in self.openings, **more,  # type: ignore[arg-type]
            )
        )

