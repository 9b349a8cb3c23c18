"""Gaps, overlaps and rows that are never reached: bands, decision tables, rate tables, tiers, cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.check.extent import Extent, Extents, number_of
from policydsl.check.regions import BUDGET, NOTHING, OTHER, Reader, Row, Space, TooMany
from policydsl.check.words import Teller
from policydsl.clause_kinds import traits
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.lower.context import Lowering
from policydsl.place import Span
from policydsl.walk import every

_MOST_GAPS = 5
_EDGE = {"<": "≤", ">": "≥", "<=": "＜", ">=": "＞"}
_EDGE_EN = {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}


def tables(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Every table of rules, and the cases of every 计算."""
    extents = Extents(program)
    teller = Teller(file.dialect, program.header.currency)
    terms: dict[str, list[c.AnyTerm]] = {}
    for name, definition in program.terms.items():
        terms.setdefault(name.rule, []).append(definition.term)
    for block in file.blocks:
        if not isinstance(block, n.Clause):
            continue
        found = arms_of(terms.get(block.name, []), block)
        if not found:
            continue
        one = OneTable(block, found, Reader(extents), teller, low)
        match traits(block.kind).reading:
            case "row" | "band":
                if any(isinstance(line, n.Mode) and line.value == "first" for line in block.lines):
                    yield from one.never_reached()
                else:
                    yield from one.disjoint()
                    yield from one.complete()
            case "amount":
                yield from one.disjoint()
            case _:
                yield from one.never_reached()


def arms_of(terms: Sequence[c.AnyTerm], clause: n.Clause) -> tuple[c.Arm, ...]:
    """The rows of a block's table, or its cases, as the arms of one choice; exceptions are left out."""
    if clause.table is not None:
        places = {row.span for row in clause.table.rows} | {h.span for h in clause.table.header}
    else:
        places = {line.span for line in clause.lines if isinstance(line, n.Case)}
    for own in terms:
        for term in every(own):
            if isinstance(term, c.Choose):
                arms = tuple(a for a in term.arms if not a.exception and a.origin is not None and a.origin.at in places)
                if arms:
                    return arms
    return ()


@dataclass(slots=True)
class OneTable:
    """One table being checked."""

    clause: n.Clause
    arms: Sequence[c.Arm]
    reader: Reader
    teller: Teller
    low: Lowering

    def rows(self) -> list[Row]:
        return [self.reader.row(arm.when) for arm in self.arms]

    def space(self, rows: Sequence[Row], *, whole: bool = True) -> Space | None:
        """The rows over their axes; None when some test is not understood (``whole``)."""
        if whole and any(row.opaque for row in rows):
            return None
        axes = list(dict.fromkeys(a for row in rows for a in row.tests))
        return Space.of(rows, self.reader, axes)

    def place(self, row: int, axis: str | None = None) -> Span:
        """The cell of a row that tests the axis (else its first cell)."""
        table = self.clause.table
        at = self.arms[row].origin.at if self.arms[row].origin is not None else self.clause.name_span  # type: ignore[union-attr]
        if table is None:
            return self.arms[row].when.at if self.arms[row].when.at.line else at
        if axis is not None:
            rows = self.reader.row(self.arms[row].when)
            spans = [t.at for either in rows.tests.get(axis, ()) for t in either if t.at.line]
            if spans:
                return spans[0]
        node = next((r for r in table.rows if r.span == at), None)
        return node.cells[0].span if node is not None and node.cells else at

    def label(self, row: int) -> str:
        """How a row is called: the name of its tier, or what stands in its cells."""
        arm = self.arms[row]
        if traits(self.clause.kind).reading == "tier" and arm.origin is not None:
            return arm.origin.label
        if self.clause.table is None:
            return self.low.text(arm.when.at) or (self.low.text(arm.origin.at) if arm.origin else "")
        node = next((r for r in self.clause.table.rows if arm.origin is not None and r.span == arm.origin.at), None)
        cells = node.cells[:-1] if node is not None else ()
        join = "，" if self.teller.lang == "zh" else ", "
        return join.join(t for t in (self.low.text(cell.span) for cell in cells) if t)

    # ------------------------------------------------------------------------------------------ disjoint, complete
    def disjoint(self) -> Iterator[Diagnostic]:
        """No two rows share anything, and every row lets something in."""
        rows = self.rows()
        space = self.space(rows)
        if space is None:
            return
        for i, row in enumerate(rows):
            axis = space.empty(i)
            if axis is not None or row.never:
                at = self.place(i, axis)
                yield Diagnostic("POL419", at, args={"read": self.low.text(at) or self.label(i)})
        for j in range(len(rows)):
            for i in range(j):
                shared = space.both(i, j)
                if shared is None:
                    continue
                axis = next(iter(shared), None)
                both = self.teller.region(space, self.reader.subjects, shared) or self.label(j)
                yield Diagnostic(
                    "POL407", self.place(j, axis),
                    args={"name": self.clause.name, "first": str(i + 1), "second": str(j + 1), "both": both},
                    fix=self.sharper(space, shared, j) or self.sharper(space, shared, i),
                )
                break

    def complete(self) -> Iterator[Diagnostic]:
        """Every value that may occur falls into a row."""
        rows = self.rows()
        space = self.space(rows)
        if space is None or any(self.open_ended(space, axis) for axis in space.axes):
            return
        try:
            gaps = []
            for gap in space.gaps():
                told = {a: frozenset(i for i in found if space.atoms[a][i] is not NOTHING) for a, found in gap.items()}
                if not all(told.values()):  # only 无 is left: no row has to give a value for it
                    continue
                gaps.append(told)
                if len(space.axes) > 1 and len(gaps) >= _MOST_GAPS:
                    break
        except TooMany:
            args = {"name": self.clause.name, "limit": str(BUDGET)}
            yield Diagnostic("POL420", self.clause.name_span, "notice", args)
            return
        if len(space.axes) == 1:
            yield from self.gaps_on_a_line(space, space.axes[0], sorted(i for g in gaps for i in g[space.axes[0]]))
            return
        for gap in gaps:
            missing = self.teller.region(space, self.reader.subjects, gap)
            yield Diagnostic("POL409", self.clause.name_span, args={"name": self.clause.name, "missing": missing})

    def open_ended(self, space: Space, axis: str) -> bool:
        """A text or an open choice: there is always some other value."""
        return OTHER in space.atoms[axis]

    def gaps_on_a_line(self, space: Space, axis: str, missing: list[int]) -> Iterator[Diagnostic]:
        """One gap after another, each beside the row that it touches."""
        subject, atoms = self.reader.subjects[axis], space.atoms[axis]
        label = self.teller.label(subject)
        runs: list[list[int]] = []
        for i in missing:
            if runs and runs[-1][-1] == i - 1 and isinstance(atoms[i], Extent):
                runs[-1].append(i)
            else:
                runs.append([i])
        for run in runs[:_MOST_GAPS]:
            said = self.teller.atoms(label, [atoms[i] for i in run], subject.kind)
            before = [r for r, s in enumerate(space.sets) if run[0] - 1 in s[axis]]
            after = [r for r, s in enumerate(space.sets) if run[-1] + 1 in s[axis]]
            beside = (before or after or [0])[-1]
            yield Diagnostic(
                "POL406" if traits(self.clause.kind).reading == "band" else "POL409", self.place(beside, axis),
                args={"name": self.clause.name, "missing": said, "row": said}, hint="add_row",
                fix=self.wider(atoms[run[0]], [*before, *after]) if len(run) == 1 else None,
            )

    # ------------------------------------------------------------------------------------------ corrected edges
    def cells(self, row: int) -> Iterator[n.OpCell]:
        table, origin = self.clause.table, self.arms[row].origin
        if table is None or origin is None:
            return
        for node in table.rows:
            if node.span == origin.at:
                yield from (cell for cell in node.cells if isinstance(cell, n.OpCell))

    def edge(self, rows: Sequence[int], point: Fraction | None, ops: tuple[str, ...]) -> Fix | None:
        """The cell of one of the rows that begins or ends at the point, with the point on its other side."""
        if point is None:
            return None
        signs = _EDGE if self.teller.lang == "zh" else _EDGE_EN
        for row in rows:
            for cell in self.cells(row):
                tests = [t for e in self.reader.row(self.arms[row].when).tests.values() for g in e for t in g]
                for test in tests:
                    if test.at == cell.span and test.op in ops and number_of(test.values[0]) == point:
                        return Fix(cell.span, f"{signs[cell.op]} {self.low.text(cell.value.span)}")
        return None

    def wider(self, atom: object, rows: Sequence[int]) -> Fix | None:
        """A single missing point, taken into a neighbouring row."""
        if isinstance(atom, Extent) and atom.low is not None and atom.low == atom.high:
            return self.edge(rows, atom.low, ("<", ">"))
        return None

    def sharper(self, space: Space, shared: dict[str, frozenset[int]], row: int) -> Fix | None:
        """A single shared point, left out of the row."""
        if len(shared) != 1:
            return None
        axis, chosen = next(iter(shared.items()))
        atoms = [space.atoms[axis][i] for i in sorted(chosen)]
        if len(atoms) == 1 and isinstance(atoms[0], Extent) and atoms[0].low == atoms[0].high:
            return self.edge([row], atoms[0].low, ("<=", ">="))
        return None

    # ------------------------------------------------------------------------------------------ first that fits
    def never_reached(self) -> Iterator[Diagnostic]:
        """A row all of which an earlier row already takes."""
        rows = self.rows()
        space = self.space(rows, whole=False)
        if space is None:
            return
        for j, row in enumerate(rows):
            axis = space.empty(j)
            if axis is not None or row.never:
                at = self.place(j, axis)
                yield Diagnostic("POL419", at, args={"read": self.low.text(at) or self.label(j)})
                continue
            for i in range(j):
                if rows[i].opaque <= row.opaque and not rows[i].never and space.within(j, i):
                    args = {"name": self.clause.name, "read": self.label(j), "by": self.label(i)}
                    yield Diagnostic("POL408", self.place(j), "warning", args)
                    break


__all__ = ["tables"]
