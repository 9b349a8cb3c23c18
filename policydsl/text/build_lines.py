"""Nodes of the lines inside a block."""

from __future__ import annotations

from typing import Any, cast

from policydsl import nodes
from policydsl.text.build_base import Over, Until, Where
from policydsl.text.build_exprs import ExprBuilder
from policydsl.text.lexer import Token


class LineBuilder(ExprBuilder):
    """One method a rule, named after it."""

    # ------------------------------------------------------------------------------------------ remarks
    def _annotation(self, kind: str, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        return nodes.Annotation(self.span(start, end), cast(Any, kind), str(kids[0].value))

    def on_note(self, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        return self._annotation("note", kids, start, end)

    def on_ruling(self, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        return self._annotation("ruling", kids, start, end)

    def on_doubt(self, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        return self._annotation("doubt", kids, start, end)

    # ------------------------------------------------------------------------------------------ conditions and cases
    def on_when(self, kids: list[Any], start: int, end: int) -> nodes.When:
        cites = self.cites(kids)
        return nodes.When(self.span(start, end), self.expr(kids[0]), cites)

    def on_case(self, kids: list[Any], start: int, end: int) -> nodes.Case:
        cites, deemed = self.cites(kids), self.take_token(kids, "DEEMED")
        return nodes.Case(self.span(start, end), self.expr(kids[0]), self.values(kids[1]), deemed is not None, cites)

    def on_otherwise(self, kids: list[Any], start: int, end: int) -> nodes.Otherwise:
        cites, deemed, when = self.cites(kids), self.take_token(kids, "DEEMED"), self.take(kids, nodes.Start)
        return nodes.Otherwise(self.span(start, end), self.values(kids[0]), deemed is not None, when, cites)

    def on_effect(self, kids: list[Any], start: int, end: int) -> nodes.Effect:
        cites, when = self.cites(kids), self.take(kids, nodes.Start)
        measures = tuple(self.own_name(kid) for kid in kids[1:])
        return nodes.Effect(self.span(start, end), self.expr(kids[0]), measures, when, cites)

    def on_unless_line(self, kids: list[Any], start: int, end: int) -> nodes.Unless:
        cites = self.cites(kids)
        return nodes.Unless(self.span(start, end), self.expr(kids[0]), cites)

    def on_exception(self, kids: list[Any], start: int, end: int) -> nodes.Exception_:
        cites = self.cites(kids)
        return nodes.Exception_(self.span(start, end), self.expr(kids[0]), self.expr(kids[1]), cites)

    def on_each(self, kids: list[Any], start: int, end: int) -> nodes.Each:
        cites, where, order = self.cites(kids), self.take(kids, Where), self.take_token(kids, "ORDERDIR")
        return nodes.Each(
            self.span(start, end),
            self.name(kids[0]),
            where.condition if where else None,
            self.expr(kids[1]) if order else None,
            cast(Any, order.value) if order else None,
            cites,
        )

    def on_bullet(self, kids: list[Any], start: int, end: int) -> nodes.Bullet:
        cites = self.cites(kids)
        return nodes.Bullet(self.span(start, end), self.expr(kids[0]), cites)

    def on_anyof(self, kids: list[Any], start: int, end: int) -> nodes.Items:
        return nodes.Items(self.span(start, end), "any", None, tuple(kids))

    def on_allof(self, kids: list[Any], start: int, end: int) -> nodes.Items:
        return nodes.Items(self.span(start, end), "all", None, tuple(kids))

    def on_someof(self, kids: list[Any], start: int, end: int) -> nodes.Items:
        """``至少满足 2项`` and ``at least 2 of`` are one number."""
        least: Token = kids[0]
        number: nodes.Expr = self.expr(least)
        if isinstance(number, nodes.Count):
            number = nodes.Number(number.span, number.value)
        return nodes.Items(self.span(start, end), "at_least", number, tuple(kids[1:]))

    # ------------------------------------------------------------------------------------------ plain fields
    def on_fieldline(self, kids: list[Any], start: int, end: int) -> nodes.FieldLine:
        cites = self.cites(kids)
        return nodes.FieldLine(self.span(start, end), str(kids[0].value), self.expr(kids[1]), cites)

    def on_start_line(self, kids: list[Any], start: int, end: int) -> nodes.StartLine:
        cites, same = self.cites(kids), self.take_token(kids, "SAMEDAY")
        return nodes.StartLine(self.span(start, end), self.expr(kids[1]), same is not None, cites)

    def on_done_line(self, kids: list[Any], start: int, end: int) -> nodes.DoneLine:
        cites, where, over = self.cites(kids), self.take(kids, Where), self.take(kids, Over)
        ledger = nodes.Name(over.ledger.span, over.ledger.text) if over else None
        return nodes.DoneLine(
            self.span(start, end),
            self.expr(kids[1]),
            ledger,
            where.condition if where else None,
            self.expr(kids[2]) if over else None,
            cites,
        )

    def on_lasting(self, kids: list[Any], start: int, end: int) -> nodes.LengthLine:
        cites = self.cites(kids)
        return nodes.LengthLine(self.span(start, end), self.length(kids[1]), cites)

    def on_mode(self, kids: list[Any], start: int, end: int) -> nodes.Mode:
        cites = self.cites(kids)
        return nodes.Mode(self.span(start, end), str(kids[0].value), str(kids[1].value), cites)

    def on_limits(self, kids: list[Any], start: int, end: int) -> nodes.RangeLine:
        cites = self.cites(kids)
        return nodes.RangeLine(self.span(start, end), kids[0], cites)

    def on_range(self, kids: list[Any], start: int, end: int) -> nodes.Range:
        span, first = self.span(start, end), kids[0]
        if not (isinstance(first, Token) and first.type == "CMP"):
            return nodes.Range(span, self.expr(first), ">=", self.expr(kids[1]), "<=")
        bound = self.expr(kids[1])
        match first.value:
            case ">=" | ">" as op:
                return nodes.Range(span, bound, cast(Any, op), None, "<=")
            case "<=" | "<" as op:
                return nodes.Range(span, None, ">=", bound, cast(Any, op))
            case _:
                self.problem("POL113", first.start, end, word=self.typed(first.start, end))
                return nodes.Range(span, None, ">=", None, "<=")

    def on_exactly(self, kids: list[Any], start: int, end: int) -> nodes.Range:
        value = self.expr(kids[1])
        return nodes.Range(self.span(start, end), value, ">=", value, "<=")

    # ------------------------------------------------------------------------------------------ measures and spans
    def on_measures(self, kids: list[Any], start: int, end: int) -> nodes.Measures:
        cites, when = self.cites(kids), self.take(kids, nodes.Start)
        names = tuple(self.own_name(kid) for kid in kids[1:])
        return nodes.Measures(self.span(start, end), str(kids[0].value), names, when, cites)

    def on_late(self, kids: list[Any], start: int, end: int) -> nodes.Late:
        cites, when = self.cites(kids), self.take(kids, nodes.Start)
        return nodes.Late(self.span(start, end), tuple(self.own_name(kid) for kid in kids), when, cites)

    def on_latefee(self, kids: list[Any], start: int, end: int) -> nodes.LateFee:
        cites = self.cites(kids)
        return nodes.LateFee(self.span(start, end), self.expr(kids[0]), cites)

    def on_from_for(self, kids: list[Any], start: int, end: int) -> nodes.Start:
        same = self.take_token(kids, "SAMEDAY")
        return nodes.Start(self.span(start, end), self.expr(kids[0]), same is not None, self.length(kids[1]), None)

    def on_from_on(self, kids: list[Any], start: int, end: int) -> nodes.Start:
        same = self.take_token(kids, "SAMEDAY")
        return nodes.Start(self.span(start, end), self.expr(kids[0]), same is not None, None, None)

    def on_from_to(self, kids: list[Any], start: int, end: int) -> nodes.Start:
        return nodes.Start(self.span(start, end), self.expr(kids[0]), False, None, self.expr(kids[1]))

    # ------------------------------------------------------------------------------------------ counting and order
    def on_quota(self, kids: list[Any], start: int, end: int) -> nodes.Quota:
        cites, order = self.cites(kids), self.take_token(kids, "ORDERDIR")
        per = self.own_name(kids.pop(0)) if len(kids) == 3 else None
        direction = cast(Any, order.value if order else "asc")
        return nodes.Quota(self.span(start, end), per, self.expr(kids[0]), self.expr(kids[1]), direction, cites)

    def on_window(self, kids: list[Any], start: int, end: int) -> nodes.Window:
        cites = self.cites(kids)
        return nodes.Window(self.span(start, end), self.own_name(kids[0]), cites)

    def on_periods(self, kids: list[Any], start: int, end: int) -> nodes.Periods:
        cites, until = self.cites(kids), self.take(kids, Until)
        begin = self.expr(kids[1]) if len(kids) == 3 else None
        return nodes.Periods(
            self.span(start, end), self.length(kids[0]), begin, self.expr(kids[-1]), cites, until.day if until else None
        )

    def on_cycle(self, kids: list[Any], start: int, end: int) -> nodes.Cycle:
        cites, until = self.cites(kids), self.take(kids, Until)
        return nodes.Cycle(
            self.span(start, end), self.length(kids[0]), self.expr(kids[1]) if len(kids) > 1 else None, cites,
            until.day if until else None,
        )

    def on_until(self, kids: list[Any], start: int, end: int) -> Until:
        return Until(self.expr(kids[0]))

    def on_counting(self, kids: list[Any], start: int, end: int) -> nodes.Counting:
        cites, where = self.cites(kids), self.take(kids, Where)
        return nodes.Counting(self.span(start, end), self.own_name(kids[0]), where.condition if where else None, cites)

    def on_every(self, kids: list[Any], start: int, end: int) -> nodes.Every:
        cites = self.cites(kids)
        return nodes.Every(self.span(start, end), self.expr(kids[0]), cites)

    def on_deem(self, kids: list[Any], start: int, end: int) -> nodes.Deem:
        cites = self.cites(kids)
        return nodes.Deem(self.span(start, end), self.expr(kids[0]), self.own_name(kids[1]), cites)

    def on_order(self, kids: list[Any], start: int, end: int) -> nodes.Order:
        cites, order = self.cites(kids), self.take_token(kids, "ORDERDIR")
        direction = cast(Any, order.value) if order else None
        return nodes.Order(self.span(start, end), tuple(self.own_name(kid) for kid in kids), direction, cites)
