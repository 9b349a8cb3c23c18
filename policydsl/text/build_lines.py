"""Nodes of the lines inside a block.

Most lines need no words here: their node says by its fields what they are made of (``LINES``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, NamedTuple, cast, get_args

from policydsl import nodes
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.text.build_base import BuilderBase, Grouped, Several, Until, Weight, Where
from policydsl.text.build_exprs import ExprBuilder, bare, compares
from policydsl.text.fold import name_key
from policydsl.text.lexer import Token

Maker = Callable[[list[Any], int, int], Any]


class Part(NamedTuple):
    """How a field of a node is filled. ``taken``: out of the children, wherever it stands, else None; ``read``: the
    next child; ``rest``: all that are left. ``optional``: there may be no child for it."""

    taken: Callable[[BuilderBase, list[Any]], Any] | None = None
    read: Callable[[BuilderBase, Any], Any] | None = None
    rest: bool = False
    optional: bool = False


def _token(builder: BuilderBase, kids: list[Any], kind: str) -> Any:
    found = builder.take_token(kids, kind)
    return None if found is None else found.value


def _inside(kind: type[Where | Until | Weight | Grouped], field: str) -> Callable[[BuilderBase, list[Any]], Any]:
    return lambda builder, kids: getattr(builder.take(kids, kind), field, None)


# Fields by their name, then by their type.
NAMED: dict[str, Part] = {
    "cites": Part(lambda builder, kids: builder.cites(kids)),
    "deemed": Part(lambda builder, kids: _token(builder, kids, "DEEMED") is not None),
    "same_day": Part(lambda builder, kids: _token(builder, kids, "SAMEDAY") is not None),
    "where": Part(_inside(Where, "condition")),
    "grouped": Part(_inside(Grouped, "name")),
    "end": Part(_inside(Until, "day")),
    "weight": Part(_inside(Weight, "value")),
    "inside": Part(lambda builder, kids: builder.take(kids, nodes.Inside)),
    "since": Part(lambda builder, kids: _token(builder, kids, "LATEFROM")),
    "late": Part(lambda builder, kids: _token(builder, kids, "LATEIN")),
    "word": Part(lambda builder, kids: _token(builder, kids, "EARNED")),
    "way": Part(lambda builder, kids: getattr(builder.take(kids, nodes.Text), "value", None)),
    "then": Part(lambda builder, kids: builder.take_all(kids, nodes.ThenBy)),
    "each": Part(lambda builder, kids: builder.ledger(kids)),
}
TYPED: dict[str, Part] = {
    "Start | None": Part(lambda builder, kids: builder.take(kids, nodes.Start)),
    "Lit['asc', 'desc']": Part(lambda builder, kids: _token(builder, kids, "ORDERDIR") or "asc"),
    "Lit['asc', 'desc'] | None": Part(lambda builder, kids: _token(builder, kids, "ORDERDIR")),
    "str": Part(read=lambda builder, kid: str(kid.value)),
    "Expr": Part(read=BuilderBase.expr),
    "Expr | None": Part(read=BuilderBase.expr, optional=True),
    "Name": Part(read=BuilderBase.own_name),
    "Name | None": Part(read=BuilderBase.own_name, optional=True),
    "Name | Builtin | None": Part(read=BuilderBase.name, optional=True),
    "Duration | Name": Part(read=BuilderBase.length),
    "Duration | Name | Grain": Part(read=BuilderBase.stretch),
    "Range": Part(read=lambda builder, kid: kid),
    "tuple[Expr, ...]": Part(read=BuilderBase.values),
    "tuple[Name, ...]": Part(read=BuilderBase.own_name, rest=True),
}
# The name of a rule, without underscores -> the node of its line.
LINES: dict[str, type[Any]] = {
    node.__name__.rstrip("_").lower(): node for node in (*get_args(nodes.Line), nodes.Bullet, nodes.ThenBy)
    if node not in (nodes.Annotation, nodes.Items)
}
_OPENING = ("START", "DONE", "DURFIELD")  # words before a line that say nothing of their own


def parts_of(node: type[Any]) -> tuple[Part, ...]:
    """How the fields of a node are filled, but for its place."""
    return tuple(NAMED.get(f.name) or TYPED[str(f.type)] for f in fields(node)[1:])


PARTS = {node: parts_of(node) for node in LINES.values()}


class LineBuilder(ExprBuilder):
    """Lines by their nodes; one method a rule for the others, named after it."""

    def line(self, node: type[Any]) -> Maker:
        """What makes the node of a line."""
        parts = PARTS[node]

        def make(kids: list[Any], start: int, end: int) -> Any:
            self.take_token(kids, *_OPENING)
            found = [part.taken(self, kids) if part.taken else None for part in parts]
            spare = len(kids) - sum(1 for part in parts if part.read and not part.optional and not part.rest)
            for i, part in enumerate(parts):
                if part.rest:
                    found[i] = tuple(self.own_name(kid) for kid in kids)
                elif part.read and (not part.optional or spare > 0):
                    spare -= part.optional
                    found[i] = part.read(self, kids.pop(0))
            return node(self.span(start, end), *found)

        return make

    # ------------------------------------------------------------------------------------------ remarks, lists
    def _annotation(self, kind: str, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        said: Token = kids[0]
        first = str(said.value).split(":")[0].split("：")[0].strip()
        if name_key(first) in self.source.words.labels[f"_{kind.upper()}"] and first != str(said.value):
            args = {"name": self.source.text[start:end], "once": str(said.value)}
            at = self.span(start, end)
            self.problems.append(Diagnostic("POL271", at, "warning", args, fix=Fix(at, str(said.value))))
        return nodes.Annotation(self.span(start, end), cast(Any, kind), str(said.value))

    def on_note(self, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        return self._annotation("note", kids, start, end)

    def on_ruling(self, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        return self._annotation("ruling", kids, start, end)

    def on_doubt(self, kids: list[Any], start: int, end: int) -> nodes.Annotation:
        return self._annotation("doubt", kids, start, end)

    def on_anyof(self, kids: list[Any], start: int, end: int) -> nodes.Items:
        return nodes.Items(self.span(start, end), "any", None, tuple(kids))

    def on_allof(self, kids: list[Any], start: int, end: int) -> nodes.Items:
        return nodes.Items(self.span(start, end), "all", None, tuple(kids))

    def on_someof(self, kids: list[Any], start: int, end: int) -> nodes.Items:
        """``至少满足 2项`` and ``at least 2 of`` are one number."""
        least: Token = kids[0]
        number = bare(self.expr(least))
        return nodes.Items(self.span(start, end), "at_least", number, tuple(kids[1:]))

    # ------------------------------------------------------------------------------------------ ranges and spans
    def on_range(self, kids: list[Any], start: int, end: int) -> nodes.Range:
        span, first = self.span(start, end), kids[0]
        if not (isinstance(first, Token) and first.type == "CMP"):
            return nodes.Range(span, self.expr(first), ">=", self.expr(kids[1]), "<=")
        bound = self.expr(kids[1])
        match compares(first):
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

    def on_from_for(self, kids: list[Any], start: int, end: int) -> nodes.Start:
        same = self.take_token(kids, "SAMEDAY")
        return nodes.Start(self.span(start, end), self.expr(kids[0]), same is not None, self.length(kids[1]), None)

    def on_from_on(self, kids: list[Any], start: int, end: int) -> nodes.Start:
        same = self.take_token(kids, "SAMEDAY")
        return nodes.Start(self.span(start, end), self.expr(kids[0]), same is not None, None, None)

    def on_from_to(self, kids: list[Any], start: int, end: int) -> nodes.Start:
        return nodes.Start(self.span(start, end), self.expr(kids[0]), False, None, self.expr(kids[1]))

    def on_weighed(self, kids: list[Any], start: int, end: int) -> Weight:
        return Weight(self.expr(kids[0]) if kids else None)

    def on_grain(self, kids: list[Any], start: int, end: int) -> nodes.Grain:
        return nodes.Grain(self.span(start, end), str(kids[0].value))

    def on_inside(self, kids: list[Any], start: int, end: int) -> nodes.Inside:
        return nodes.Inside(self.span(start, end), self.expr(kids[0]), self.expr(kids[1]))

    def on_several_of(self, kids: list[Any], start: int, end: int) -> Several:
        return Several(self.exprs(kids))

    def on_grouped(self, kids: list[Any], start: int, end: int) -> Grouped:
        return Grouped(self.own_name(kids[0]))

    def on_until(self, kids: list[Any], start: int, end: int) -> Until:
        return Until(self.expr(kids[0]))
