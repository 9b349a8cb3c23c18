"""A table of pairs: ``当季回款额 ＼ 渠道等级`` at its head, values of the second above the columns.

A cell is a row of a plain table: what its own row asks, what the head of its column asks, and what it gives.
"""

from __future__ import annotations

from collections.abc import Sequence

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Diagnostic
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.text.build_base import BuilderBase

_PAID: frozenset[type] = frozenset({nodes.Money, nodes.Percent})
_FIGURES = _PAID | {nodes.Number, nodes.Count, nodes.Points, nodes.Duration}
_WORDS: frozenset[type] = frozenset({nodes.Name, nodes.Text, nodes.YesNo})


@dataclass(frozen=True, slots=True)
class Crossed:
    """The head of such a table: what the rows ask about, what the columns ask about, and what of it."""

    span: Span
    header: tuple[nodes.HeaderCell, ...]
    axis: nodes.HeaderCell
    columns: tuple[nodes.Cell, ...]


def in_plain_rows(builder: BuilderBase, head: Crossed, written: list[nodes.RuleRow], at: Span) -> nodes.RuleTable:
    """The plain table: a row for each cell, where it stands. Its last heading has no words."""
    asked = len(head.header)
    wanted = asked + len(head.columns)
    rows = list[nodes.RuleRow]()
    for row in written:
        if len(row.cells) != wanted:
            args = {"found": str(len(row.cells)), "wanted": str(wanted)}
            builder.problems.append(Diagnostic("POL405", row.span, args=args))
            continue
        for column, cell in zip(head.columns, row.cells[asked:], strict=True):
            rows.append(nodes.RuleRow(cell.span, (*row.cells[:asked], column, cell), row.cites))
    header = (*head.header, head.axis, nodes.HeaderCell(head.span, ""))
    return nodes.RuleTable(at, header, tuple(rows))


def misplaced(clause: nodes.Clause) -> Diagnostic | None:
    """What is wrong with such a table in a block whose last column is no value."""
    table = clause.table
    if table is None or not table.crossed or traits(clause.kind).crossed:
        return None
    hint = _meant(clause, [row.cells[-1] for row in table.rows])
    return Diagnostic("POL453", table.header[-1].span, args={"block": clause.kind}, hint=hint)


def _meant(clause: nodes.Clause, cells: Sequence[nodes.Cell]) -> str | None:
    """What kind of block takes what stands in all the cells: money and rates are earned or to be paid, other figures
    are computed, words and answers are what a decision gives."""
    found = {type(cell.expr) if isinstance(cell, nodes.ExprCell) else type(cell) for cell in cells}
    averse = traits(clause.kind).stance == "averse"
    meant = {"crossed_averse" if averse else "crossed_wished": _PAID, "crossed_value": _FIGURES, "crossed_row": _WORDS}
    return next((hint for hint, kinds in meant.items() if found and found <= kinds), None)


__all__ = ["Crossed", "in_plain_rows", "misplaced"]
