"""Nodes of expressions, conditions and table cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from policydsl import nodes
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.place import Span
from policydsl.text.build_base import BuilderBase, Over, RolledIf, Several, Short, Unparted, Where
from policydsl.text.consequences import Given
from policydsl.text.fold import fold
from policydsl.text.lexer import Token
from policydsl.text.named import refused

Make = Callable[..., Any]
MEASURES = (
    nodes.Number, nodes.Percent, nodes.Money, nodes.Count, nodes.Points, nodes.Duration, nodes.Date, nodes.Instant,
    nodes.Period, nodes.Ordinal,
)
AMOUNTS = (nodes.Number, nodes.Percent, nodes.Money, nodes.Count, nodes.Points)
_FIGURES = re.compile(r"^[-－\s]*[\d０-９][\d０-９.,，．]*")


def bare(number: nodes.Expr) -> nodes.Expr:
    """A number without the word of what is counted."""
    return nodes.Number(number.span, number.value) if isinstance(number, nodes.Count) else number


def compares(word: Token, value: nodes.Expr | None = None) -> nodes.Op:
    """The comparison that a word says; 满 and 不满 are their own, but beside an amount and where no day can stand."""
    said = cast(nodes.Op, word.value)
    return nodes.PLAIN.get(said, said) if value is None or isinstance(value, AMOUNTS) else said


class ExprBuilder(BuilderBase):
    """One method a rule, named after it."""

    # ------------------------------------------------------------------------------------------ arithmetic
    def _arith(self, op: str, kids: list[Any], start: int, end: int) -> nodes.Arith:
        left, right = self.exprs(kids)
        return nodes.Arith(self.span(start, end), cast(Any, op), left, right)

    def on_add(self, kids: list[Any], start: int, end: int) -> nodes.Arith:
        return self._arith("+", kids, start, end)

    def on_sub(self, kids: list[Any], start: int, end: int) -> nodes.Arith:
        return self._arith("-", kids, start, end)

    def on_mul(self, kids: list[Any], start: int, end: int) -> nodes.Arith:
        return self._arith("*", kids, start, end)

    def on_div(self, kids: list[Any], start: int, end: int) -> nodes.Arith:
        return self._arith("/", kids, start, end)

    def on_percent_of(self, kids: list[Any], start: int, end: int) -> nodes.Arith:
        """``amount 的 20%`` and ``20% of amount``: the amount is on the left in both."""
        if isinstance(kids[0], Token) and kids[0].type == "PERCENT":
            kids.reverse()
        return self._arith("*", kids, start, end)

    def on_negative(self, kids: list[Any], start: int, end: int) -> nodes.Expr:
        at, of = self.span(start, end), self.expr(kids[0])
        for i, p in enumerate(self.named):
            if p.name_span == of.span:  # －5万元（退货线） is the name of a number below zero
                self.named[i] = replace(p, span=at, value=nodes.Negative(at, p.value))
                return of
        return nodes.Negative(at, of)

    def on_paren(self, kids: list[Any], start: int, end: int) -> nodes.Paren:
        return nodes.Paren(self.span(start, end), self.expr(kids[0]))

    def on_money(self, kids: list[Any], start: int, end: int) -> nodes.Money:
        amount = kids[0]
        tax = "incl" if len(kids) > 1 and kids[1].value == "incl" else "excl" if len(kids) > 1 else None
        bare = amount.type == "NUMBER"
        value, currency = (amount.value, "") if bare else amount.value
        if bare:
            args = {"read": self.source.text[start:end]}
            self.problems.append(Diagnostic("POL304", self.span(start, end), "warning", args))
        return nodes.Money(self.span(start, end), value, cast(Any, tax), bare, currency)

    def on_named(self, kids: list[Any], start: int, end: int) -> nodes.Name:
        """``800万元（钻石业绩门槛）``: a parameter of that name and value, which stands here."""
        name: Token = kids[1]
        at, text = self.span(name.start, name.end), str(name.value)
        if (code := refused(text, self.source, self.reader)) is not None:
            self.problem(code, start, end, word=text, number=self.typed(start, self.span_end(kids[0])))
        else:
            self.named.append(nodes.Parameter(
                self.span(start, end), text, at, None, self.expr(kids[0]), (), (), within=True,
            ))
        return nodes.Name(at, text)

    def on_field(self, kids: list[Any], start: int, end: int) -> nodes.Field:
        return nodes.Field(self.span(start, end), self.expr(kids[0]), self.name(kids[1]))

    def on_stretch(self, kids: list[Any], start: int, end: int) -> nodes.Expr:
        first, last = self.exprs(kids)
        if not isinstance(first, nodes.Date) or not isinstance(last, nodes.Date) or last.value < first.value:
            self.problem("POL485", start, end, word=self.typed(start, end))
            return first
        return nodes.Stretch(self.span(start, end), first.value, last.value)

    def on_nth(self, kids: list[Any], start: int, end: int) -> nodes.Nth:
        number, what = cast(tuple[Fraction, str], kids[1].value)
        return nodes.Nth(self.span(start, end), self.expr(kids[0]), int(number), what)

    def on_as_at(self, kids: list[Any], start: int, end: int) -> nodes.AsAt:
        value, day = self.exprs(kids)
        return nodes.AsAt(self.span(start, end), value, day)

    def on_lookup(self, kids: list[Any], start: int, end: int) -> nodes.Lookup:
        return nodes.Lookup(self.span(start, end), self.own_name(kids[0]), self.exprs(kids[1:]))

    def on_call(self, kids: list[Any], start: int, end: int) -> nodes.Call:
        return nodes.Call(self.span(start, end), str(kids[0].value), self.exprs(kids[1:]))

    def on_way(self, kids: list[Any], start: int, end: int) -> nodes.Text:
        return nodes.Text(self.span(start, end), str(kids[0].value))

    def on_aggregate(self, kids: list[Any], start: int, end: int) -> nodes.Aggregate:
        where, over, pick = self.take(kids, Where), self.take(kids, Over), self.take(kids, nodes.Pick)
        unparted = self.take(kids, Unparted)
        return nodes.Aggregate(
            self.span(start, end),
            str(kids[0].value),
            self.expr(kids[1]),
            over.ledger if over else None,
            where.condition if where else self.expr(kids[2]) if len(kids) > 2 else None,
            pick,
            unparted is not None,
        )

    def on_previous(self, kids: list[Any], start: int, end: int) -> nodes.Previous:
        limit = self.take_token(kids, "CMP")
        agg, of, length = kids
        said = compares(limit) if limit is not None else None
        return nodes.Previous(
            self.span(start, end), str(agg.value), self.expr(of), self._length(length), said
        )

    def on_inside_of(self, kids: list[Any], start: int, end: int) -> nodes.InsideOf:
        agg, of, period = kids
        return nodes.InsideOf(self.span(start, end), str(agg.value), self.expr(of), self.expr(period))

    def on_run(self, kids: list[Any], start: int, end: int) -> nodes.Run:
        return nodes.Run(self.span(start, end), self._length(kids[0]), self.expr(kids[1]))

    def _length(self, kid: Any) -> nodes.Duration | nodes.Count:
        return cast(nodes.Duration | nodes.Count, self.expr(kid))

    def on_unparted(self, kids: list[Any], start: int, end: int) -> Unparted:
        return Unparted()

    def on_picked(self, kids: list[Any], start: int, end: int) -> nodes.Pick:
        ends = self.take_all(kids, nodes.PickEnd)
        by = self.expr(kids[1]) if len(kids) > 1 else None
        return nodes.Pick(self.span(start, end), str(kids[0].value), ends, by)

    def on_pickend(self, kids: list[Any], start: int, end: int) -> nodes.PickEnd:
        """``最大 3个`` and ``largest 3`` are one number."""
        return nodes.PickEnd(self.span(start, end), str(kids[0].value), bare(self.expr(kids[1])))

    def on_rolled(self, kids: list[Any], start: int, end: int) -> nodes.Expr:
        return self._moved(self.expr(kids[0]), self.span(start, end))

    def on_rolled_if(self, kids: list[Any], start: int, end: int) -> RolledIf:
        plain, span = self.expr(kids[0]), self.span(start, end)
        return RolledIf(self.expr(kids[1]), self._moved(plain, span), plain, span)

    def _moved(self, day: nodes.Expr, span: Span) -> nodes.Arith:
        """The first working day from that day on."""
        one, working = (nodes.Duration(span, Fraction(1), unit) for unit in ("D", "WD"))
        return nodes.Arith(span, "+", nodes.Arith(span, "-", day, one), working)

    def on_short(self, kids: list[Any], start: int, end: int) -> Short:
        return Short(self.expr(kids[0]))

    def on_over(self, kids: list[Any], start: int, end: int) -> Over:
        return Over(self.name(kids[0]))

    def on_where(self, kids: list[Any], start: int, end: int) -> Where:
        return Where(self.expr(kids[0]))

    # ------------------------------------------------------------------------------------------ comparisons
    def on_compare(self, kids: list[Any], start: int, end: int) -> nodes.Compare:
        right = self.expr(kids[2])
        return nodes.Compare(self.span(start, end), self.expr(kids[0]), compares(kids[1], right), right)

    def on_compare_min(self, kids: list[Any], start: int, end: int) -> nodes.Compare:
        return self._with_tail(kids, start, end, ">=")

    def on_compare_max(self, kids: list[Any], start: int, end: int) -> nodes.Compare:
        return self._with_tail(kids, start, end, "<=")

    def _with_tail(self, kids: list[Any], start: int, end: int, op: nodes.Op) -> nodes.Compare:
        """``为 150万元 以上``: 以上 is the comparison; a different one before the value contradicts it."""
        word: Token = kids[1]
        right = self.expr(kids[2])
        said = compares(word, right)
        if (plain := nodes.PLAIN.get(said, said)) not in ("=", op):
            tail_start = self.span_end(kids[2])
            self.problem(
                "POL109",
                word.start,
                end,
                word=self.typed(word.start, word.end),
                tail=self.typed(tail_start, end).strip(),
            )
        return nodes.Compare(self.span(start, end), self.expr(kids[0]), op if plain == said else said, right)

    def span_end(self, item: Any) -> int:
        """The offset at which a child ends."""
        if isinstance(item, Token):
            return item.end
        span = item.span
        return self.source.offset(span.end_line, span.end_column)

    def on_chain(self, kids: list[Any], start: int, end: int) -> nodes.Chain:
        low, middle, high = self.exprs((kids[0], kids[2], kids[4]))
        return nodes.Chain(self.span(start, end), low, compares(kids[1]), middle, compares(kids[3]), high)

    def _list(self, make: Make, kids: list[Any], start: int, end: int, *more: Any) -> Any:
        return make(self.span(start, end), self.expr(kids[0]), self.exprs(kids[1:]), *more)

    def on_is_in(self, kids: list[Any], start: int, end: int) -> nodes.In:
        return cast(nodes.In, self._list(nodes.In, kids, start, end, False))

    def on_not_in(self, kids: list[Any], start: int, end: int) -> nodes.In:
        return cast(nodes.In, self._list(nodes.In, kids, start, end, True))

    def on_has_all(self, kids: list[Any], start: int, end: int) -> nodes.Has:
        return cast(nodes.Has, self._list(nodes.Has, kids, start, end, False))

    def on_in_order(self, kids: list[Any], start: int, end: int) -> nodes.Has:
        return cast(nodes.Has, self._list(nodes.Has, kids, start, end, True))

    def on_provided(self, kids: list[Any], start: int, end: int) -> nodes.Is:
        return nodes.Is(self.span(start, end), "provided", self.expr(kids[0]))

    def on_missing(self, kids: list[Any], start: int, end: int) -> nodes.Is:
        return nodes.Is(self.span(start, end), "missing", self.expr(kids[0]))

    def on_overdue(self, kids: list[Any], start: int, end: int) -> nodes.Is:
        return nodes.Is(self.span(start, end), "overdue", self.expr(kids[0]))

    def on_same_as_this(self, kids: list[Any], start: int, end: int) -> nodes.Compare:
        return self._beside(kids[0], "=", start, end)

    def on_other_than_this(self, kids: list[Any], start: int, end: int) -> nodes.Compare:
        return self._beside(kids[0], "!=", start, end)

    def on_beside_this(self, kids: list[Any], start: int, end: int) -> nodes.Compare:
        return self._beside(kids[0], kids[1].value, start, end)

    def _beside(self, field: Token, op: Any, start: int, end: int) -> nodes.Compare:
        """The field of a record compared with that of the record in hand: ``项目 为 本条 的 项目``."""
        name = self.own_name(field)
        word = next(word for word, key in self.source.words.builtins.items() if key == "this_record")
        this = nodes.Field(name.span, nodes.Builtin(name.span, "this_record", word), name)
        return nodes.Compare(self.span(start, end), name, op, this)

    def on_barred(self, kids: list[Any], start: int, end: int) -> nodes.Barred:
        return nodes.Barred(self.span(start, end), self.expr(kids[0]), self.expr(kids[1]) if len(kids) > 1 else None)

    # ------------------------------------------------------------------------------------------ dates
    def on_within_after(self, kids: list[Any], start: int, end: int) -> nodes.Within:
        return nodes.Within(
            self.span(start, end), self.expr(kids[0]), "after", self.expr(kids[1]), self.length(kids[2]), False
        )

    def on_within_before(self, kids: list[Any], start: int, end: int) -> nodes.Within:
        return nodes.Within(
            self.span(start, end), self.expr(kids[0]), "before", self.expr(kids[1]), self.length(kids[2]), False
        )

    def on_within_from(self, kids: list[Any], start: int, end: int) -> nodes.Within:
        same = self.take_token(kids, "SAMEDAY")
        return nodes.Within(
            self.span(start, end),
            self.expr(kids[0]),
            "from",
            self.expr(kids[1]),
            self.length(kids[2]),
            same is not None,
        )

    def _turned(self, kids: list[Any]) -> list[Any]:
        """The word order of en: the length comes before the date."""
        same = self.take_token(kids, "SAMEDAY")
        turned = [kids[0], kids[2], kids[1]]
        return [*turned, same] if same else turned

    def on_r_within_after(self, kids: list[Any], start: int, end: int) -> nodes.Within:
        return self.on_within_after(self._turned(kids), start, end)

    def on_r_within_before(self, kids: list[Any], start: int, end: int) -> nodes.Within:
        return self.on_within_before(self._turned(kids), start, end)

    def on_r_within_from(self, kids: list[Any], start: int, end: int) -> nodes.Within:
        return self.on_within_from(self._turned(kids), start, end)

    def on_between(self, kids: list[Any], start: int, end: int) -> nodes.Between:
        day, low, high = self.exprs(kids)
        return nodes.Between(self.span(start, end), day, low, high)

    def on_in_period(self, kids: list[Any], start: int, end: int) -> nodes.InPeriod:
        day, period = self.exprs(kids)
        return nodes.InPeriod(self.span(start, end), day, period)

    def on_in_past(self, kids: list[Any], start: int, end: int) -> nodes.InPast:
        day, length = kids
        whole = isinstance(length, Token) and length.type == "WHOLE"
        return nodes.InPast(self.span(start, end), self.expr(day), self.length(length), whole)

    # ------------------------------------------------------------------------------------------ logic
    def on_not(self, kids: list[Any], start: int, end: int) -> nodes.Not:
        at, inner = self.span(start, end), self.expr(kids[0])
        if isinstance(inner, nodes.Not) and not isinstance(inner.inner, nodes.Not):  # told once, however many there are
            once = self.source.text[slice(*self.source.offset_of(inner.span))]
            args = {"name": self.source.text[start:end], "once": once}
            self.problems.append(Diagnostic("POL271", at, "warning", args, fix=Fix(at, once)))
        return nodes.Not(at, inner)

    def on_and(self, kids: list[Any], start: int, end: int) -> nodes.And:
        left, right = self.exprs(kids)
        return nodes.And(self.span(start, end), (*(left.items if isinstance(left, nodes.And) else (left,)), right))

    def on_or(self, kids: list[Any], start: int, end: int) -> nodes.Or:
        left, right = self.exprs(kids)
        self._unmixed(left, right, start, end)
        return nodes.Or(self.span(start, end), (*(left.items if isinstance(left, nodes.Or) else (left,)), right))

    def on_and_same(self, kids: list[Any], start: int, end: int) -> nodes.And:
        return self.on_and([kids[0], self._same(kids, end)], start, end)

    def on_or_same(self, kids: list[Any], start: int, end: int) -> nodes.Or:
        return self.on_or([kids[0], self._same(kids, end)], start, end)

    def _same(self, kids: list[Any], end: int) -> nodes.Same:
        right = self.expr(kids[2])
        return nodes.Same(self.span(kids[1].start, end), compares(kids[1], right), right)

    def _unmixed(self, left: nodes.Expr, right: nodes.Expr, start: int, end: int) -> None:
        """且 below 或 without brackets: the author has to say which is meant; both ways are shown."""
        if not isinstance(left, nodes.And) and not isinstance(right, nodes.And):
            return
        firsts = [e for e in (left, right) if isinstance(e, nodes.And)]
        whole = self.typed(start, end)
        first = firsts[0]
        low, high = self.source.offset_of(first.span)
        opening, closing = ("（", "）") if self.source.words.code == "zh" else ("(", ")")
        one = whole[: low - start] + opening + self.typed(low, high) + closing + whole[high - start :]
        if first is left:
            last = self.source.offset_of(first.items[-1].span)[0]
            other = self.typed(start, last) + opening + self.typed(last, end) + closing
        else:
            middle = self.source.offset_of(first.items[0].span)[1]
            other = opening + self.typed(start, middle) + closing + self.typed(middle, end)
        self.problem("POL105", start, end, one=" ".join(one.split()), other=" ".join(other.split()))

    # ------------------------------------------------------------------------------------------ table cells
    def on_cell(self, kids: list[Any], start: int, end: int) -> nodes.Cell:
        kid = kids[0]
        if isinstance(kid, Given):
            return cast(nodes.Cell, kid)  # the block takes it out of its table
        if isinstance(kid, nodes.AnyCell | nodes.OpCell | nodes.RangeCell | nodes.ListCell | nodes.ExprCell):
            return kid
        expr = self.expr(kid)
        if isinstance(expr, nodes.Arith) and expr.op == "-" and self._dashed(expr):
            return nodes.RangeCell(self.span(start, end), expr.left, expr.right)
        return nodes.ExprCell(self.span(start, end), expr)

    def _dashed(self, expr: nodes.Arith) -> bool:
        """``100台-499台``: a dash between two literals of one kind is a range, whatever dash it is; with the unit at
        one end only it is not said what the other counts. Between a date and a length, and among names, it is minus."""
        left, right = self._literal(expr.left), self._literal(expr.right)
        if left is None or right is None:
            return False
        (begin, stop), (behind, end) = map(self.source.offset_of, (self._written(expr.left), self._written(expr.right)))
        if fold(self.typed(stop, behind)).strip() != "-":
            return False  # the word for it
        first, last = self.typed(begin, stop), self.typed(behind, end)
        bare, unit = _FIGURES.fullmatch(first), _FIGURES.sub("", last)
        if type(left) is type(right) and not (bare and unit):
            return True
        if not isinstance(left, nodes.Number) and not isinstance(right, nodes.Number):
            return False
        to = "至" if self.source.words.code == "zh" else "to"
        fix = f"{first}{unit} {to} {last}" if bare and _FIGURES.match(last) else None
        self.problem("POL426", begin, end, fix=fix, read=self.typed(begin, end))
        return True

    def _written(self, expr: nodes.Expr) -> Span:
        """The place of a value with what belongs to it: a number that has a name stands before that."""
        return next((p.span for p in self.named if p.name_span == expr.span), expr.span)

    def _literal(self, expr: nodes.Expr) -> nodes.Expr | None:
        """A number, an amount, a date and the like, or the negative of one."""
        inner = expr.inner if isinstance(expr, nodes.Negative) else expr
        inner = next((p.value for p in self.named if p.name_span == inner.span), inner)
        return inner if isinstance(inner, MEASURES) else None

    def on_test_any(self, kids: list[Any], start: int, end: int) -> nodes.AnyCell:
        return nodes.AnyCell(self.span(start, end))

    def on_test_op(self, kids: list[Any], start: int, end: int) -> nodes.OpCell:
        value = self.expr(kids[1])
        return nodes.OpCell(self.span(start, end), compares(kids[0], value), value)

    def on_test_min(self, kids: list[Any], start: int, end: int) -> nodes.OpCell:
        return nodes.OpCell(self.span(start, end), ">=", self.expr(kids[0]))

    def on_test_max(self, kids: list[Any], start: int, end: int) -> nodes.OpCell:
        return nodes.OpCell(self.span(start, end), "<=", self.expr(kids[0]))

    def on_test_range(self, kids: list[Any], start: int, end: int) -> nodes.RangeCell:
        low, high = self.exprs(kids)
        return nodes.RangeCell(self.span(start, end), low, high)

    def on_test_in(self, kids: list[Any], start: int, end: int) -> nodes.ListCell:
        return nodes.ListCell(self.span(start, end), self.exprs(kids))

    def on_several(self, kids: list[Any], start: int, end: int) -> Several:
        return Several(self.exprs(kids))
