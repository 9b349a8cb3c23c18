"""Rows of a band as stretches of numbers, for drawing; what is not a plain number is not drawn."""

from __future__ import annotations

from fractions import Fraction

from policydsl import nodes as n
from policydsl.handbook.book import Book
from policydsl.members import dataclass

FLIPPED: dict[str, n.Op] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=",
                           "full": "<=", "short": ">"}


@dataclass(frozen=True, slots=True)
class End:
    """One end of a stretch: the number, whether it belongs to it, and as the author wrote it."""

    value: Fraction
    included: bool
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``low`` to ``high``; None is open."""

    low: End | None
    high: End | None


def number(expr: n.Expr | None, book: Book) -> Fraction | None:
    """The number an expression is, where it is written out or is a parameter that is; else None."""
    match book.literal(expr):
        case n.Number(_, value) | n.Percent(_, value) | n.Points(_, value):
            return value
        case n.Money(_, value) | n.Count(_, value) | n.Duration(_, value):
            return value
        case n.Negative(_, inner):
            found = number(inner, book)
            return None if found is None else -found
        case _:
            return None


def shown(expr: n.Expr, book: Book) -> str:
    """The number as written; of a parameter, its value."""
    literal = book.literal(expr)
    return book.source(expr.span if literal is None else literal.span)


def stretch(cell: n.Cell, book: Book) -> Stretch | None:
    """What a row of a band covers; None where that is no stretch of numbers."""
    match cell:
        case n.AnyCell():
            return Stretch(None, None)
        case n.OpCell(_, op, value):
            return _compared(op, value, book)
        case n.RangeCell(_, low, high):
            return _between(low, True, high, True, book)
        case n.ExprCell(_, n.Compare(_, left, op, right)):
            if number(right, book) is not None:
                return _compared(op, right, book)
            return _compared(FLIPPED[op], left, book)
        case n.ExprCell(_, n.Chain(_, low, low_op, _, high_op, high)):
            if low_op not in ("<", "<=") or high_op not in ("<", "<="):
                return None
            return _between(low, low_op == "<=", high, high_op == "<=", book)
        case n.ExprCell(_, expr):
            return _compared("=", expr, book)
        case n.ListCell():
            return None


def _end(expr: n.Expr, included: bool, book: Book) -> End | None:
    value = number(expr, book)
    return None if value is None else End(value, included, shown(expr, book))


def _compared(op: n.Op, expr: n.Expr, book: Book) -> Stretch | None:
    op = n.PLAIN.get(op, op)
    end = _end(expr, op in (">=", "<=", "="), book)
    if end is None or op == "!=":
        return None
    match op:
        case ">" | ">=":
            return Stretch(end, None)
        case "<" | "<=":
            return Stretch(None, end)
        case _:
            return Stretch(end, end)


def _between(low: n.Expr, low_in: bool, high: n.Expr, high_in: bool, book: Book) -> Stretch | None:
    first, last = _end(low, low_in, book), _end(high, high_in, book)
    return None if first is None or last is None else Stretch(first, last)
