"""Expressions of the author to core terms: names resolved, kinds checked, omitted subjects filled in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, assert_never

from policydsl import core as c
from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.kinds import (
    ANY_KIND,
    DATE,
    GRAINS,
    INSTANT,
    NUMBER,
    PERCENT,
    POINTS,
    TEXT,
    YESNO,
    Duration,
    Kind,
    Period,
)
from policydsl.lower import kinds as rules
from policydsl.lower import folds, in_force, periods, slots, stretches
from policydsl.lower.build import (
    any_of, apply, both, choose, const, fact, lifted, negate, no, read, timed, today, yes,
)
from policydsl.lower.context import Lowering, Where, period_of, tell
from policydsl.lower.counted import counted, doubtful
from policydsl.lower.currencies import converted
from policydsl.lower.lasting import held_since
from policydsl.operators import CALLS
from policydsl.operators.exact import period_op
from policydsl.place import NOWHERE, Span
from policydsl.text.fold import name_key
from policydsl.text.keywords import dialect

if TYPE_CHECKING:
    from policydsl.lower.clauses import Clauses

DAYS, FREE = Kind("duration", unit="D"), Kind("period", unit="free")
THIS_PARTS = {"first_day": "first_day", "last_day": "last_day"}
CLAUSE_PARTS: dict[str, c.PartName] = {
    "end_day": "end_day", "shortage": "rest", "unpaid": "unpaid", "pay_by": "pay_by", "days_late": "days_late",
    "late_fee": "late_fee", "late_by": "late_by", "so_far": "so_far", "uncut": "uncut", "room": "room",
    "grace_end": "grace_end",
    "used_up": "used", "left_over": "left", "remainder": "remainder", "carried": "carried",
    "written_off": "written_off", "pay_day": "pay_day", "expiry": "expiry",
}


def _is_one(length: c.AnyTerm, unit: str) -> bool:
    """Whether a term is one day, or one working day, as it stands."""
    return isinstance(length, c.Const) and length.value == Duration(Fraction(1), unit)


def part_named(rule: str, part: n.Name | n.Builtin) -> c.Name:
    """The shared term that ``RULE 的 PART`` speaks of: a part of a clause, or an item of a score sheet."""
    key = CLAUSE_PARTS.get(part.key) if isinstance(part, n.Builtin) else None
    return c.Name(rule, key) if key is not None else c.Name(rule, "item", part.text)


def can_be_late(clause: n.Clause) -> bool:
    """Whether one can ask if it is overdue: what has a last day."""
    dated = any(isinstance(line, n.FieldLine) and line.key == "due" for line in clause.lines)
    paid = any(isinstance(line, n.Payout) for line in clause.lines)
    return traits(clause.kind).timed or traits(clause.kind).asks and dated or paid


class Expressions:
    """Lowers expressions; asks ``clauses`` for what other blocks mean."""

    def __init__(self, low: Lowering, clauses: Clauses) -> None:
        self.low = low
        self.clauses = clauses

    # ------------------------------------------------------------------------------------------ values
    def value(self, node: n.Expr, where: Where) -> c.AnyTerm:
        low, at = self.low, node.span
        match node:
            case n.Name():
                return self.name(node, where)
            case n.Builtin():
                return self.builtin(node, where)
            case n.Number():
                return const(node.value, NUMBER, at)
            case n.Percent():
                return const(node.value, PERCENT, at)
            case n.Money():
                return const(node.value, low.money(node.tax, node.currency), at)
            case n.Count():
                return const(node.value, Kind("count", unit=node.unit), at)
            case n.Points():
                return const(node.value, POINTS, at)
            case n.Duration():
                return const(Duration(node.value, node.unit), Kind("duration", unit=node.unit), at)
            case n.Date():
                return const(node.value, DATE, at)
            case n.Instant():
                return const(node.value, INSTANT, at)
            case n.Period():
                return const(period_of(low, node), Kind("period", unit=node.kind), at)
            case n.Ordinal():
                return const(Fraction(node.value), Kind("ordinal"), at)
            case n.Text():
                return const(node.value, TEXT, at)
            case n.YesNo():
                return const(node.value, YESNO, at)
            case n.NoneValue():
                return const(None, ANY_KIND, at)
            case n.Paren():
                return replace(self.value(node.inner, where), at=at)
            case n.Negative():
                inner = slots.placed(low, "negative", self.value(node.inner, where))
                return apply("neg", inner, kind=inner.kind, at=at)
            case n.Arith():
                return self.arith(node, where)
            case n.Field():
                return self.field(node, where)
            case n.AsAt():
                value = self.value(node.value, where)
                return c.AsOf(value, slots.placed(low, "as_at", self.value(node.day, where)), kind=value.kind, at=at)
            case n.Stretch():
                return const(Period("free", node.first.year, 0, node.first, node.last), FREE, at)
            case n.Nth():
                period = slots.placed(low, "in_period.period", self.value(node.of, where), node.of.span)
                if node.number < 1:
                    low.problem("POL484", at, read=low.text(at))
                which = const(Fraction(node.number), NUMBER), const(node.what, TEXT)
                return apply("nth_day", period, *which, kind=DATE, at=at)
            case n.Lookup():
                return self.lookup(node, where)
            case n.Call():
                return self.call(node, where)
            case n.Aggregate():
                return self.aggregate(node, where)
            case n.Previous():
                return stretches.previous(self, node, where)
            case n.InsideOf():
                return stretches.inside(self, node, where)
            case (
                n.Compare() | n.Chain() | n.Same() | n.Is() | n.Barred() | n.In() | n.Has() | n.Within() | n.Between()
                | n.InPeriod() | n.InPast() | n.Run() | n.And() | n.Or() | n.Not()
            ):
                return self.test(node, where)
            case _:
                assert_never(node)

    def condition(self, node: n.Expr, where: Where) -> c.AnyTerm:
        """An expression that must be a yes or no."""
        return rules.condition(self.low, self.value(node, where))

    def length(self, node: n.Duration | n.Name, where: Where) -> c.AnyTerm:
        return slots.placed(self.low, "length", self.value(node, where), node.span)

    def day(self, node: n.Expr, where: Where, last: bool = False) -> c.AnyTerm:
        """A date; a period stands for its first (or last) day."""
        term = slots.placed(self.low, "day", self.value(node, where), node.span)
        if term.kind.base == "period":
            return apply("last_day" if last else "first_day", term, kind=DATE, at=node.span)
        return term

    # ------------------------------------------------------------------------------------------ names
    def name(self, node: n.Name, where: Where) -> c.AnyTerm:
        low, names, at = self.low, self.low.names, node.span
        key = name_key(node.text)
        for owner, field_name in reversed(where.members):
            if name_key(field_name) == key:
                return read(owner, c.MEMBER, low.lists[owner].fields[0].kind, at)
        for list_name in reversed(where.lists):
            found = low.field_kind(list_name, node.text)
            if found is not None:
                names.used.add(f"{list_name}\0{found[0]}")
                return read(list_name, found[0], found[1], at)
        symbol = names.find(node.text)
        if symbol is None:
            option = names.option(node.text)
            if option is not None:
                return const(option, Kind("choice"), at)
            owners = [ledger for ledger, fields in names.fields.items() if key in fields]
            if key in names.items:
                low.problem("POL206", at, read=node.text, ledger=names.items[key])
            elif owners:
                low.no_record("POL205", at, read=node.text, ledgers="、".join(owners))
            else:
                low.problem("POL201", at, word=node.text, suggestions=self.near(node.text))
            return const(None, ANY_KIND, at)
        names.used.add(symbol.name)
        match symbol.role:
            case "fact" | "parameter":
                return fact(symbol.name, low.inputs[symbol.name].kind, at)
            case "measure":
                return c.Use(c.Name(symbol.name), kind=YESNO, at=at)
            case "clause":
                return self.clauses.use(c.Name(symbol.name), where, at)
            case role:
                low.problem("POL331" if role == "options" else "POL314", at, read=node.text)
                return const(None, ANY_KIND, at)

    def near(self, word: str) -> tuple[str, ...]:
        names = self.low.names
        pool = [s.name for s in names.symbols.values()] + [f.name for fs in names.fields.values() for f in fs.values()]
        return self.low.close(word, pool)

    def near_lists(self, word: str) -> tuple[str, ...]:
        """Ledgers and tables of a similar name."""
        symbols = self.low.names.symbols.values()
        return self.low.close(word, [s.name for s in symbols if s.role in ("ledger", "table")])

    def builtin(self, node: n.Builtin, where: Where) -> c.AnyTerm:
        at = node.span
        match node.key:
            case "as_of_date":
                return fact(c.DAY, DATE, at)
            case "not_stated":
                return c.NoValue("not_stated", kind=ANY_KIND, at=at)
            case "no_tier":
                return const(None, ANY_KIND, at)
            case "this_party":
                return fact(c.PARTY, TEXT, at)
            case key if (grain := key.removeprefix("current_")) in GRAINS:
                self.fiscal(grain, node.text, at)
                return apply(period_op(grain), today(), kind=Kind("period", unit=grain), at=at)
            case key if key in periods.NAMED:
                return periods.named(self, node, where)
            case "total_rewards" | "total_penalties":
                return self.clauses.total(node.key, where, at)
            case _:
                self.low.problem("POL314", at, read=node.text)
                return const(None, ANY_KIND, at)

    def fiscal(self, grain: str, read: str, at: Span) -> None:
        """A fiscal period where nothing says when fiscal years begin; the quarter of the calendar, where they begin
        within one, is another than theirs."""
        years = self.low.fiscal
        if years is None:
            if grain.startswith("fiscal_"):
                self.low.problem("POL315", at, read=read)
        elif grain == "quarter" and (years.start is None or years.start[0] % 3 != 1 or years.start[1] > 1):
            self.low.problem("POL483", at, severity="warning", read=read)

    def field(self, node: n.Field, where: Where) -> c.AnyTerm:
        """``X 的 name``."""
        low, at, of, part = self.low, node.span, node.of, node.name
        if isinstance(of, n.Builtin) and of.key == "this_record":
            return self.outer_field(node, where)
        if isinstance(of, n.Builtin) and of.key == "previous_record":
            return stretches.earlier(self, node, where)
        if isinstance(of, n.Name):
            item_of = low.names.items.get(name_key(of.text))
            if item_of is not None:
                found = low.field_kind(item_of, part.text)
                if found is not None and item_of in where.lists:
                    low.names.used.add(f"{item_of}\0{found[0]}")
                    return read(item_of, found[0], found[1], at)
                if found is None and item_of in where.lists and isinstance(part, n.Name):
                    return self.name(part, replace(where, lists=(item_of,)))
                low.no_record("POL205", at, read=low.text(at), ledgers=item_of)
                return const(None, ANY_KIND, at)
            symbol = low.names.find(of.text)
            if symbol is not None and symbol.role == "clause":
                clause = low.clauses[symbol.name]
                key = part.key if isinstance(part, n.Builtin) else dialect(low.file.dialect).builtins.get(part.text, "")
                if key in CLAUSE_PARTS:
                    low.names.used.add(symbol.name)
                    return self.clauses.use(c.Name(symbol.name, CLAUSE_PARTS[key]), where, at)
                if traits(clause.kind).reading == "score":
                    low.names.used.add(symbol.name)
                    return self.clauses.score_item(symbol.name, part.text, at)
        end = in_force.end_of(self, node) or periods.end_of(self, node, where)
        if end is not None:
            return end
        inner = self.value(of, where) if not isinstance(of, n.Lookup) else None
        if inner is None:
            assert isinstance(of, n.Lookup)
            return self.lookup(of, where, part)
        if inner.kind.base == "period" and isinstance(part, n.Builtin) and part.key in THIS_PARTS:
            return apply(part.key, inner, kind=DATE, at=at)
        party = isinstance(of, n.Builtin) and of.key == "this_party" and c.POPULATION in where.lists
        hint = "among_all" if party else low.said_for(part.text)
        low.problem("POL211", part.span, hint=hint, read=part.text, of=low.text(of.span))
        return const(None, ANY_KIND, at)

    def outer_field(self, node: n.Field, where: Where) -> c.AnyTerm:
        """``本条 的 F``: the record that the block is about."""
        low, at, part = self.low, node.span, node.name
        if not where.lists:
            low.problem("POL320", at, read=low.text(at))
            return const(None, ANY_KIND, at)
        own = where.lists[0]
        up = where.lists.count(own) - 1
        found = low.field_kind(own, part.text)
        if found is not None:
            low.names.used.add(f"{own}\0{found[0]}")
            return read(own, found[0], found[1], at, up)
        symbol = low.names.find(part.text)
        if symbol is not None and symbol.role == "clause":
            low.names.used.add(symbol.name)
            term = self.clauses.use(c.Name(symbol.name), Where((own,)), at)
            return replace(term, up=up) if isinstance(term, c.Use) else term
        columns = tuple(f.name for f in low.lists[own].fields) if own in low.lists else ()
        low.problem("POL208", part.span, read=part.text, table=own, columns="、".join(columns),
                    suggestions=low.close(part.text, columns))
        return const(None, ANY_KIND, at)

    # ------------------------------------------------------------------------------------------ arithmetic, calls
    def arith(self, node: n.Arith, where: Where) -> c.AnyTerm:
        if node.op in ("*", "/"):
            return self.product(node, where)
        left, right = self.value(node.left, where), self.value(node.right, where)
        op, kind = rules.sum_kind(self.low, node.op, left, right, node.span)
        if left.kind.base == right.kind.base == "percent":
            self.pointed(node)
        if op == "days_between" or op == "shift" and left.kind.base == "duration":
            return apply(op, right, left, kind=kind, at=node.span)
        if op == "shift" and kind == DATE and isinstance(left, c.Apply) and left.op == "back":
            day, eve = left.args
            if _is_one(eve, "D") and _is_one(right, "WD"):
                return apply("roll_forward", day, kind=kind, at=node.span)  # the first working day from that day on
        return apply(op, left, right, kind=kind, at=node.span)

    def pointed(self, node: n.Arith) -> None:
        """``60% ＋ 5%`` may be 65% or 63%; beside the whole, and by name, it is one."""
        sides = (node.left, node.right)
        if any(isinstance(side, n.Percent) and (side.points or side.value in (0, 1)) for side in sides):
            return
        bare = next((side for side in reversed(sides) if isinstance(side, n.Percent)), None)
        if bare is not None:
            self.low.problem("POL442", node.span, severity="warning", read=self.low.text(node.span),
                             number=self.low.text(bare.span))

    def product(self, node: n.Arith, where: Where) -> c.AnyTerm:
        """``a × b ÷ c`` from the left, but that ``fee × days ÷ 366 days`` and ``fee ÷ 366 days × days`` take the
        share of the days: the amount is the same, and so much money times a length of time is nothing."""
        steps: list[tuple[str, c.AnyTerm, Span]] = []
        first: n.Expr = node
        while isinstance(first, n.Arith) and first.op in ("*", "/"):
            steps.insert(0, (first.op, self.value(first.right, where), first.span))
            first = first.left
        made = self.value(first, where)
        while steps:
            op, term, at = steps.pop(0)
            if term.kind.base == "duration" and rules.needs_share(op, made.kind):
                other = next((s for s in steps if s[1].kind.base == "duration" and s[0] != op), None)
                if other is not None:
                    steps.remove(other)
                    lasting, whole = (term, other[1]) if op == "*" else (other[1], term)
                    kind = rules.product_kind(self.low, "/", lasting, whole, other[2])
                    op, term, at = "*", apply("/", lasting, whole, kind=kind, at=other[2]), other[2]
            made = apply(op, made, term, kind=rules.product_kind(self.low, op, made, term, at), at=at)
        return made

    def call(self, node: n.Call, where: Where) -> c.AnyTerm:
        low, at = self.low, node.span
        args = slots.arguments(low, node.func, [self.value(a, where) for a in node.args], at)
        if args is None:
            return const(None, ANY_KIND, at)
        if node.func == "convert":
            return converted(low, args[0], args[1], at)
        if node.func == "held":
            return held_since(low, args[0], at)
        if node.func in CALLS:
            if node.func == "share":
                args[:2] = self.inside_of(args[2], *args[:2])
            op, call = CALLS[node.func]
            if call.kind is not None and call.kind.base == "period":
                self.fiscal(call.kind.unit or "", low.text(at), at)
            kind = call.kind or rules.merge(args[0].kind, args[1].kind)
            kind = replace(kind, currency=args[0].kind.currency) if kind.base == "money" else kind
            return apply(op, *args, kind=kind, at=at)
        kind = next((a.kind for a in args if a.kind.base != "number"), args[0].kind)
        kind = reduce(rules.merge, (a.kind for a in args if a.kind.base == kind.base), kind)
        match node.func:
            case "rise" | "fall":
                ratio = apply("/", args[1], args[0], kind=PERCENT, at=at)
                whole = const(Fraction(1), PERCENT, at)
                terms = (ratio, whole) if node.func == "rise" else (whole, ratio)
                return apply("-", *terms, kind=PERCENT, at=at)
            case "later" | "earlier":
                return apply({"later": "latest", "earlier": "earliest"}[node.func], *args, kind=kind, at=at)
            case _:
                return apply(node.func, *args, kind=kind, at=at)

    def inside_of(self, period: c.AnyTerm, first: c.AnyTerm, last: c.AnyTerm) -> list[c.AnyTerm]:
        """Two days no further than the ends of a period; without a last one it goes on to the end of it."""
        begins, ends = (apply(end, period, kind=DATE, at=period.at) for end in ("first_day", "last_day"))
        return [apply("latest", first, begins, kind=first.kind, at=first.at),
                apply("earliest", last, ends, kind=last.kind, at=last.at)]

    def lookup(self, node: n.Lookup, where: Where, column: n.Name | n.Builtin | None = None) -> c.AnyTerm:
        low, at = self.low, node.span
        name, symbol = low.list_named(node.table.text), low.names.find(node.table.text)
        clause = low.clauses.get(symbol.name) if symbol is not None and symbol.role == "clause" else None
        if clause is not None and periods.stretch(clause) is not None:
            return periods.item(self, node, clause, where, column)
        if name is None:
            low.problem("POL207", node.table.span, read=node.table.text, suggestions=self.near_lists(node.table.text),
                        hint=low.said_for(node.table.text))
            return const(None, ANY_KIND, at)
        low.names.used.add(name)
        decl = low.lists[name]
        key = self.row_named(decl, node.args[0], where) or self.value(node.args[0], where)
        key = self.keyed(decl, key, node.args[0].span)
        if column is None and len(node.args) == 2:
            chosen = node.args[1]
            if isinstance(chosen, n.Name | n.Builtin | n.Text):
                text = chosen.value if isinstance(chosen, n.Text) else chosen.text
                found = low.field_kind(name, text)
                if found is not None:
                    return c.Find(name, key, read(name, *found), kind=found[1], at=at)
            by = lifted(slots.placed(low, "column", self.value(chosen, where)), name)
            kind = next((f.kind for f in decl.fields[1:]), ANY_KIND)
            columns_ = [(apply("=", by, const(f.name, TEXT)), read(name, f.name, f.kind)) for f in decl.fields]
            named = {name_key(f.name) for f in decl.fields}
            complete = bool(by.kind.options) and all(name_key(o) in named for o in by.kind.options)
            chosen_cell = replace(choose(columns_, None, kind), complete=complete)
            return c.Find(name, key, chosen_cell, kind=kind, at=at)
        if column is None:
            if len(decl.fields) != 2:
                low.problem("POL316", at, read=low.text(at), table=name,
                            columns="、".join(f.name for f in decl.fields if f is not decl.key_field))
                return const(None, ANY_KIND, at)
            cell = read(name, decl.fields[1].name, decl.fields[1].kind)
            return c.Find(name, key, cell, kind=cell.kind, at=at)
        found = low.field_kind(name, column.text)
        if found is None:
            columns = tuple(f.name for f in decl.fields)
            low.problem("POL208", column.span, read=column.text, table=name, columns="、".join(columns),
                        suggestions=low.close(column.text, columns))
            return const(None, ANY_KIND, at)
        low.names.used.add(f"{name}\0{found[0]}")
        return c.Find(name, key, read(name, *found), kind=found[1], at=at)

    def keyed(self, decl: c.ListDecl, key: c.AnyTerm, at: Span) -> c.AnyTerm:
        """What is looked for in a ledger or table, of the kind of its key: a text and an option are alike there."""
        wanted = decl.key_field.kind
        if {key.kind.base, wanted.base} <= {"choice", "text"}:
            return replace(key, kind=TEXT) if isinstance(key, c.Const) else key
        if key.kind.base == "choices":
            self.low.problem("POL309", at, read=self.low.text(at), kind=tell(wanted), found="choices")
            return key
        if key.kind.base == "period" and wanted.base == "text":  # 一季度 is the quarter of no year
            self.low.problem("POL309", at, read=self.low.text(at), kind=tell(wanted), found="period",
                             hint="slot_quarter")
            return key
        return rules.unify(self.low, key, const(None, wanted), at)[0]

    def row_named(self, decl: c.ListDecl, node: n.Expr, where: Where) -> c.Const | None:
        """A row of a table named by its key, where the name means nothing else: ``认证人数要求（技术认证）``. A period
        is a name where the keys are texts."""
        if not isinstance(node, n.Name | n.Period):
            return None
        names, text = self.low.names, node.text if isinstance(node, n.Name) else self.low.text(node.span)
        if names.find(text) is not None:
            return None
        if names.option(text) is not None or any(self.low.field_kind(inner, text) for inner in where.lists):
            return None
        position = next((i for i, f in enumerate(decl.fields) if f.name == decl.key), 0)
        keys = [row.cells[position] for row in decl.rows]
        stated = (k for k in keys if isinstance(k, c.Const))
        found = next((k for k in stated if name_key(str(k.value)) == name_key(text)), None)
        return None if found is None else const(found.value, found.kind, node.span)

    # ------------------------------------------------------------------------------------------ aggregates
    def aggregate(self, node: n.Aggregate, where: Where) -> c.AnyTerm:
        low, at = self.low, node.span
        if node.each is not None and isinstance(node.each, n.Name):
            several = self.several(node.each, where)
            if several is not None:
                return self.over_members(node, node.each.text, several, where)
        each: n.Expr = node.each if node.each is not None else node.value
        name = self.list_of(each)
        of_record = node.each is not None
        if name is None and not of_record:
            name, of_record = self.counted(node), True
            if name is None and len(owners := counted(low, node.value)) > 1:
                low.problem("POL205", each.span, read=low.text(each.span), ledgers="、".join(owners))
                return const(None, ANY_KIND, at)
        if name is None:
            low.problem("POL207", each.span, read=low.text(each.span),
                        suggestions=self.near_lists(low.text(each.span)),
                        hint="sum_of_field" if node.each is None and node.agg == "sum" else None)
            return const(None, ANY_KIND, at)
        low.names.used.add(name)
        inner = where.inside(name)
        filters: list[c.AnyTerm | None] = []
        if node.where is not None:
            filters.append(self.condition(node.where, inner))
        filters.append(periods.in_period(self, node, name, inner, at))
        condition = both(*filters, at=at) if any(f is not None for f in filters) else None
        value: c.AnyTerm | None = None
        if of_record:
            value = self.value(node.value, inner)
            if node.each is None and node.agg == "distinct" and value.kind.base == "yesno":
                low.problem("POL207", each.span, read=low.text(each.span))
        condition = both(condition, self.picked(node, name, value, condition, inner), at=at)
        return self.make_over(node, name, value, None if condition == yes() else condition)

    def picked(
        self, node: n.Aggregate, name: str, value: c.AnyTerm | None, candidate: c.AnyTerm | None, where: Where
    ) -> c.AnyTerm | None:
        """只取 and 去掉: whether a record is among those that are taken."""
        low, pick = self.low, node.pick
        if pick is None:
            return None
        by = self.value(pick.by, where) if pick.by is not None else None
        key = by if by is not None else value
        if key is None:
            low.problem("POL346", pick.span, read=low.text(pick.span))
            return None
        ends: list[c.AnyTerm] = []
        for end in pick.ends:
            slots.placed(low, end.end, key)
            many = slots.placed(low, "quota", self.value(end.count, where))
            low.counts.append(many)
            down = end.end in ("largest", "latest")
            among = folds.picked(name, candidate or yes(), value or yes(), by, down, many, pick.span)
            ends.append(among if pick.word == "keep" else negate(among))
        return any_of(*ends) if pick.word == "keep" else both(*ends)

    def counted(self, node: n.Aggregate) -> str | None:
        """The ledger of an aggregate that names none. What counts records needs one, not a value of each."""
        owners = counted(self.low, node.value) if node.agg != "count" else ()
        if len(owners) != 1:
            return None
        found = doubtful(self.low, node.value, owners[0])
        if found is not None:
            self.low.problem("POL232", found.span, read=found.text, ledger=owners[0])
        return owners[0]

    def make_over(self, node: n.Aggregate, name: str, value: c.AnyTerm | None, where: c.AnyTerm | None) -> c.AnyTerm:
        low, at = self.low, node.span
        match node.agg:
            case "count":
                return c.Over("count", name, None, where, kind=Kind("count"), at=at)
            case "any" | "all":
                if value is not None:
                    value = rules.condition(low, value)
                return c.Over(node.agg, name, value, where, kind=YESNO, at=at)
            case "distinct":
                return c.Over("distinct", name, value, where, kind=Kind("count"), at=at)
            case _:
                if value is None:
                    low.problem("POL317", at, read=low.text(at))
                    return const(None, ANY_KIND, at)
                value = slots.placed(low, node.agg, value)
                return c.Over(node.agg, name, value, where, kind=value.kind, at=at)

    def several(self, each: n.Name, where: Where) -> c.AnyTerm | None:
        """A several-valued choice in hand."""
        for list_name in reversed(where.lists):
            found = self.low.field_kind(list_name, each.text)
            if found is not None and found[1].base == "choices":
                self.low.names.used.add(f"{list_name}\0{found[0]}")
                return read(list_name, found[0], found[1], each.span)
        symbol = self.low.names.find(each.text)
        if symbol is not None and symbol.role == "fact" and self.low.inputs[symbol.name].kind.base == "choices":
            self.low.names.used.add(symbol.name)
            return fact(symbol.name, self.low.inputs[symbol.name].kind, each.span)
        return None

    def members(self, choices: c.AnyTerm, words: str) -> str:
        """The list of the values of a several-valued choice; one for each choice, whatever reads it."""
        bare = replace(choices, at=NOWHERE)
        for decl in self.low.lists.values():
            if decl.members == bare:
                return decl.name
        name = words
        while name in self.low.lists or self.low.names.find(name) is not None:
            name = f"{name}*"
        value = c.InputDecl(c.MEMBER, None, choices.kind.element, choices.at)
        self.low.lists[name] = c.ListDecl(name, None, "members", (value,), choices.at, members=bare, of=words)
        return name

    def over_members(self, node: n.Aggregate, words: str, choices: c.AnyTerm, where: Where) -> c.AnyTerm:
        """An aggregate over the values of a several-valued choice; where there is no choice (无) there is no result."""
        name = self.members(choices, words)
        members = (*where.members, (name, words))
        value = self.value(node.value, replace(where, members=members))
        made = self.make_over(node, name, value, self.picked(node, name, value, None, replace(where, members=members)))
        if not isinstance(made, c.Over):
            return made
        none = apply("=", choices, const(None, choices.kind))
        return choose([(none, const(None, made.kind))], replace(made, at=NOWHERE), made.kind, node.span)

    def list_of(self, node: n.Expr) -> str | None:
        if isinstance(node, n.Builtin):
            return c.POPULATION if node.key == "population" else None
        if isinstance(node, n.Name):
            return self.low.list_named(node.text)
        return None

    def reads(self, node: n.Expr, list_name: str) -> bool:
        """Whether a date expression is a field (or a per-record value) of the list."""
        if not isinstance(node, n.Name):
            return False
        if self.low.field_kind(list_name, node.text) is not None:
            return True
        symbol = self.low.names.find(node.text)
        return symbol is not None and symbol.role == "clause" and self.low.over.get(symbol.name) == list_name

    # ------------------------------------------------------------------------------------------ tests
    def test(self, node: n.Test, where: Where) -> c.AnyTerm:
        low, at = self.low, node.span
        match node:
            case n.Compare():
                left, right = self.value(node.left, where), self.value(node.right, where)
                this = isinstance(node.right, n.Field) and isinstance(node.right.of, n.Builtin)
                if this and where.lists and replace(left, at=NOWHERE) == replace(right, at=NOWHERE):
                    hint = "among_all" if where.lists[-1] == c.POPULATION else None
                    low.problem("POL341", at, hint=hint, read=low.text(at))
                return self.compare(node.op, left, right, at)
            case n.Chain():
                middle = self.value(node.middle, where)
                return both(
                    self.compare(node.low_op, self.value(node.low, where), middle, at),
                    self.compare(node.high_op, middle, self.value(node.high, where), at),
                    at=at,
                )
            case n.Same():
                if where.subject is None:
                    low.problem("POL318", at, read=low.text(at))
                    return const(False, YESNO, at)
                return self.compare(node.op, where.subject, self.value(node.right, where), at)
            case n.Is():
                return self.is_(node, where)
            case n.Barred():
                return self.clauses.barred(node, where)
            case n.In():
                inside = self.inside(node, where)
                return negate(inside) if node.negated else inside
            case n.Has():
                subject = slots.placed(low, "has", self.value(node.value, where))
                items = [rules.unify(low, subject, self.value(i, where), i.span)[1] for i in node.items]
                return apply("in_order" if node.ordered else "includes", subject, *items, at=at)
            case n.Within():
                return self.within(node, where)
            case n.Between():
                day = self.value(node.day, where)
                first, last = self.value(node.low, where), self.value(node.high, where)
                if day.kind.base in ("date", "instant"):
                    first, last = self.day(node.low, where), self.day(node.high, where, last=True)
                return both(self.compare(">=", day, first, at), self.compare("<=", day, last, at), at=at)
            case n.InPeriod():
                return self.in_period(node, where)
            case n.InPast():
                return self.in_past(node, where)
            case n.Run():
                return stretches.run(self, node, where)
            case n.And():
                return apply("and", *self.joined(node.items, where), at=at)
            case n.Or():
                return apply("or", *self.joined(node.items, where), at=at)
            case n.Not():
                return apply("not", self.condition(node.inner, where), at=at)
            case _:
                assert_never(node)

    def joined(self, items: tuple[n.Expr, ...], where: Where) -> list[c.AnyTerm]:
        """The members of an and/or; a comparison without subject takes the one before it."""
        out: list[c.AnyTerm] = []
        subject = where.subject
        for item in items:
            out.append(self.condition(item, replace(where, subject=subject)))
            bare = item
            while isinstance(bare, n.Paren | n.Not):
                bare = bare.inner
            if isinstance(bare, n.Compare):
                subject = self.value(bare.left, where)
        return out

    def compare(self, op: n.Op, left: c.AnyTerm, right: c.AnyTerm, at: Span) -> c.AnyTerm:
        """满 and 不满 ask of a day and a length whether the evaluation date has come to the day so long after it: at
        the end of a month that is not the same as the day lying so long before the evaluation date."""
        plain = n.PLAIN.get(op, op)
        if op != plain and left.kind.base in rules.DATE_LIKE and right.kind.base == "duration":
            shift, kind = rules.sum_kind(self.low, "+", left, right, at)
            return timed(plain, today(), apply(shift, left, right, kind=kind, at=at), at)
        op = plain
        ordered = op not in ("=", "!=")
        left, right = rules.unify(self.low, left, right, at, ordered)
        return timed(op, left, right, at) if ordered else apply(op, left, right, at=at)

    def is_(self, node: n.Is, where: Where) -> c.AnyTerm:
        if node.test == "overdue":
            value = node.value.inner if isinstance(node.value, n.Paren) else node.value
            symbol = self.low.names.find(value.text) if isinstance(value, n.Name) else None
            clause = self.low.clauses[symbol.name] if symbol is not None and symbol.role == "clause" else None
            if symbol is None or clause is None or not can_be_late(clause):
                self.low.problem("POL325", node.value.span, read=self.low.text(node.value.span))
                return const(False, YESNO, node.span)
            self.low.names.used.add(symbol.name)
            return self.clauses.use(c.Name(symbol.name, "overdue"), where, node.span)
        return apply(node.test, self.value(node.value, where), at=node.span)

    def inside(self, node: n.In, where: Where) -> c.AnyTerm:
        low, at = self.low, node.span
        subject = self.value(node.value, where)
        if len(node.items) == 1:
            name = self.list_of(node.items[0])
            if name == c.POPULATION:  # parties have no key that could be looked for
                low.problem("POL314", node.items[0].span, read=low.text(node.items[0].span))
                return const(False, YESNO, at)
            if name is not None:
                low.names.used.add(name)
                if subject.kind.base == "choices":
                    values = self.members(subject, low.text(node.value.span))
                    each = read(values, c.MEMBER, low.lists[values].fields[0].kind)
                    return c.Over("any", values, c.Find(name, each, yes(), no(), kind=YESNO), None, kind=YESNO, at=at)
                return c.Find(name, self.keyed(low.lists[name], subject, at), yes(), no(), kind=YESNO, at=at)
        items: list[c.AnyTerm] = []
        for i in node.items:
            item = self.value(i, where)
            _, item = rules.unify(low, subject, item, i.span)
            items.append(item)
        return apply("in", subject, *items, at=at)

    def within(self, node: n.Within, where: Where) -> c.AnyTerm:
        """In n after E: [E, E + n]; before: [E - n, E]; from (and including): E to the last day of the period."""
        at = node.span
        day, start, length = self.day(node.day, where), self.day(node.start, where), self.length(node.length, where)
        kind = start.kind
        if node.side == "before":
            first: c.AnyTerm = apply("back", start, length, kind=kind, at=at)
            last: c.AnyTerm = start
        else:
            first = start
            op = "last_counting_first" if node.same_day else "shift"
            last = apply(op, start, length, kind=kind, at=at)
        return both(timed(">=", day, first, at), timed("<=", day, last, at), at=at)

    def in_past(self, node: n.InPast, where: Where) -> c.AnyTerm:
        """After the day n before the evaluation date, up to that; of whole months in those that are over."""
        at = node.span
        value = slots.placed(self.low, "in_period", self.value(node.day, where))
        first, last = (
            (apply(end, value, kind=DATE, at=at) for end in ("first_day", "last_day"))
            if value.kind.base == "period" else (value, value)
        )
        length = self.length(node.length, where)
        if node.whole:
            month, day = apply("month_start", today(), kind=DATE, at=at), const(Duration(Fraction(1), "D"), DAYS, at)
            since, until = (apply("back", month, by, kind=DATE, at=at) for by in (length, day))
            return both(timed(">=", first, since, at), timed("<=", last, until, at), at=at)
        op, _ = rules.sum_kind(self.low, "-", today(), length, at)
        since = apply(op, today(), length, kind=DATE, at=at)
        return both(timed(">", first, since, at), timed("<=", last, today(), at), at=at)

    def in_period(self, node: n.InPeriod, where: Where) -> c.AnyTerm:
        at = node.span
        if isinstance(node.period, n.Builtin) and node.period.key == "in_force":
            day = self.day(node.day, where)
            sides = zip((">=", "<="), in_force.ends(self, node), strict=True)
            tests = [timed(op, day, end, at) for op, end in sides if end is not None]
            return both(*tests, at=at) if tests else any_of(apply("provided", day, at=at))
        day = slots.placed(self.low, "in_period", self.value(node.day, where))
        period = self.value(node.period, where)
        if period.kind.base == "date" and isinstance(node.period, n.Name):
            symbol = self.low.names.find(node.period.text)
            clause = self.low.clauses.get(symbol.name) if symbol is not None and symbol.role == "clause" else None
            if symbol is not None and clause is not None and traits(clause.kind).reading == "date":
                # 在 期限 内: from its start to its last day
                start = self.clauses.use(c.Name(symbol.name, "start"), where, at)
                return both(timed(">=", day, start, at), timed("<=", day, period, at), at=at)
        return apply("in_period", day, slots.placed(self.low, "in_period.period", period, node.period.span), at=at)
