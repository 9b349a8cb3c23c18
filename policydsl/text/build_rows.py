"""Several blocks in one table: a row is a block, its cells are what would stand behind the words at the head."""

from __future__ import annotations

from typing import Any

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Diagnostic
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.build_base import BuilderBase, Cites, Kind, Where
from policydsl.text.fold import fold, lower
from policydsl.text.lexer import Token

_BLANK = frozenset({"", "-", "--", "/"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell, with what it is made of."""

    span: Span
    kids: list[Any]


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row: the name of the block, and a cell for each further head."""

    span: Span
    name: Token
    slots: tuple[Any, ...]
    cites: tuple[str, ...]


class Misfit(Exception):
    """What a cell says cannot stand behind the word at its head."""


def clauses_in_rows(builder: BuilderBase, kids: list[Any]) -> list[nodes.Clause]:
    """The block of each row; the other lines hold for all, the citation of the heading for rows that have none."""
    kind: Kind = kids.pop(0)
    cites = builder.take(kids, Cites)
    at = next(i for i, kid in enumerate(kids) if isinstance(kid, tuple))
    header: tuple[nodes.HeaderCell, ...] = kids[at]
    rows = [kid for kid in kids if isinstance(kid, BlockRow)]
    above, below = kids[:at], [kid for kid in kids[at + 1 :] if not isinstance(kid, BlockRow)]
    named = lower(fold(header[0].text)).strip() in builder.source.words.row_names
    heads = [_meant(builder, kind, head) for head in header[1:]]
    for head, known in zip(header, (named, *heads), strict=True):
        if not known:
            builder.problems.append(Diagnostic("POL139", head.span, args={"read": head.text}))
    out = []
    for row in rows:
        if len(row.slots) != len(heads):
            args = {"found": str(len(row.slots) + 1), "wanted": str(len(header))}
            builder.problems.append(Diagnostic("POL405", row.span, args=args))
            continue
        formula, lines = None, list[nodes.Line]()
        for head, meant, slot in zip(header[1:], heads, row.slots, strict=True):
            if meant is None or _empty(builder, slot):
                continue
            try:
                made = _lines(builder, meant, slot)
            except Misfit:
                span = _span(slot)
                args = {"read": builder.typed(*builder.source.offset_of(span)), "head": head.text}
                builder.problems.append(Diagnostic("POL140", span, args=args))
                continue
            if isinstance(made, tuple):
                lines += made
            else:
                formula = made
        name_span = builder.span(row.name.start, row.name.end)
        out.append(nodes.Clause(
            row.span, kind.name, str(row.name.value), name_span, None, formula, None,
            row.cites or (cites.texts if cites else ()), (*above, *lines, *below), None,
        ))
    return out


def _meant(builder: BuilderBase, kind: Kind, head: nodes.HeaderCell) -> tuple[str, str] | None:
    """The line word at the head of a column, or the word of the block itself: what stands behind its name."""
    words, low = builder.source.words, lower(fold(head.text)).strip()
    for keyword in words.head_words.get(low) or ():
        if keyword.terminal == traits(kind.name).head:
            return keyword.terminal, ""
    for keyword in words.field_words.get(low) or ():
        if keyword.terminal in _LINES:
            return keyword.terminal, keyword.value or ""
    return None


def _empty(builder: BuilderBase, slot: Any) -> bool:
    cell = slot.kids[0] if isinstance(slot, Slot) else None
    return isinstance(cell, nodes.AnyCell) and fold(builder.typed(*builder.source.offset_of(cell.span))) in _BLANK


def _span(slot: Any) -> Span:
    """The place of a cell."""
    if isinstance(slot, tuple):
        first, last = slot[0].span, slot[-1].span
        return Span(first.file, *min(first.start, last.start), *max(first.end, last.end))
    found: Span = slot.span
    return found


def _lines(builder: BuilderBase, meant: tuple[str, str], slot: Any) -> tuple[nodes.Line, ...] | nodes.Expr:
    """The lines that a cell stands for; the condition behind the name, where the head is the word of the block."""
    terminal, value = meant
    maker = _LINES.get(terminal)
    if maker is None:
        if isinstance(slot, tuple):
            return slot
        return _expr(builder, slot)
    return (maker(builder, value, slot),)


# ---------------------------------------------------------------------------------------------- what a cell says
def _kids(slot: Any) -> list[Any]:
    if not isinstance(slot, Slot):
        raise Misfit
    return list(slot.kids)


def _expr(builder: BuilderBase, slot: Any) -> nodes.Expr:
    """An expression, and no more."""
    kids = _kids(slot)
    if len(kids) != 1:
        raise Misfit
    return _one(builder, kids[0])


def _one(builder: BuilderBase, kid: Any) -> nodes.Expr:
    if not isinstance(kid, Token | nodes.Expr):
        raise Misfit
    return builder.expr(kid)


def _names(builder: BuilderBase, slot: Any) -> tuple[tuple[nodes.Name, ...], nodes.Start | None]:
    """Names, and from when on."""
    kids = _kids(slot)
    start = builder.take(kids, nodes.Start)
    first = kids[0] if kids else None
    items = first.items if len(kids) == 1 and isinstance(first, nodes.ListCell) else [_one(builder, k) for k in kids]
    names = tuple(item for item in items if isinstance(item, nodes.Name))
    if not names or len(names) < len(items):
        raise Misfit
    return names, start


def _when(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    return nodes.When(_span(slot), _expr(builder, slot), ())


def _unless(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    return nodes.Unless(_span(slot), _expr(builder, slot), ())


def _field(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    return nodes.FieldLine(_span(slot), value, _expr(builder, slot), ())


def _start(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    kids = _kids(slot)
    same = builder.take_token(kids, "SAMEDAY")
    return nodes.StartLine(_span(slot), _expr(builder, Slot(slot.span, kids)), same is not None, ())


def _done(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    kids = _kids(slot)
    each, where = builder.ledger(kids), builder.take(kids, Where)
    first, *by = kids
    if len(by) != (each is not None):
        raise Misfit
    condition = where.condition if where else None
    return nodes.DoneLine(_span(slot), _one(builder, first), each, condition, _one(builder, by[0]) if by else None, ())


def _length(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    found = _expr(builder, slot)
    if not isinstance(found, nodes.Duration | nodes.Name):
        raise Misfit
    return nodes.LengthLine(_span(slot), found, ())


def _measures(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    return nodes.Measures(_span(slot), value, *_names(builder, slot), ())


def _late(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    return nodes.Late(_span(slot), *_names(builder, slot), ())


def _otherwise(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    names, start = _names(builder, slot)
    return nodes.Otherwise(_span(slot), names, False, start, ())


def _quota(builder: BuilderBase, value: str, slot: Any) -> nodes.Line:
    if not isinstance(slot, nodes.Quota):
        raise Misfit
    return slot


# The terminal of a line word -> what makes the line of a cell below it.
_LINES: dict[str, Any] = {
    "_WHEN": _when, "_UNLESS": _unless, "EXPRFIELD": _field, "START": _start, "DONE": _done, "DURFIELD": _length,
    "MEASFIELD": _measures, "_LATE": _late, "_ELSE": _otherwise, "_QUOTA": _quota,
}

__all__ = ["BlockRow", "Slot", "clauses_in_rows"]
