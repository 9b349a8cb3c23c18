"""Gaps, overlaps and rows that are never reached: bands, decision tables, rate tables, tiers, cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise

from policydsl import core as c
from policydsl import nodes as n
from policydsl.check.axes import Axis, Beside, Runs, common, joined, meets, within
from policydsl.check.extent import Extent, Extents, number_of
from policydsl.check.regions import Reader, Row
from policydsl.check.space import BUDGET, Space, TooMany
from policydsl.check.words import Teller
from policydsl.clause_kinds import traits
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.lower.context import Lowering
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.say import listed, word
from policydsl.walk import every

_MOST_GAPS = 5
_EDGE = {"<": "<=", ">": ">=", "<=": "<", ">=": ">"}


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
                    yield from one.not_proved()
                    yield from one.disjoint()
                    yield from one.complete()
            case "amount" | "value" if block.table is not None or traits(block.kind).reading == "amount":
                yield from one.not_proved()
                yield from one.disjoint()
                yield from one.holes()
            case "tier":
                idle = [*one.never_reached()]
                yield from idle or one.backwards()
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
    """One table being checked; ``rows`` are its arms as tests, over their axes a ``space`` (None: some axis has no
    value at all); ``written`` its rows by their places."""

    clause: n.Clause
    arms: Sequence[c.Arm]
    reader: Reader
    teller: Teller
    low: Lowering
    rows: list[Row] = field(init=False)
    space: Space | None = field(init=False)
    written: dict[Span, n.RuleRow] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = [self.reader.row(arm.when) for arm in self.arms]
        self.space = Space.of(self.rows, self.reader)
        self.written = {row.span: row for row in self.clause.table.rows} if self.clause.table is not None else {}

    def cells(self, row: int) -> tuple[n.Cell, ...]:
        """The cells of a row; none where rows are tiers in columns, or no table."""
        origin = self.arms[row].origin
        node = self.written.get(origin.at) if origin is not None else None
        return node.cells if node is not None else ()

    def place(self, row: int, axis: str | None = None) -> Span:
        """The cell of a row that tests the axis (else its first cell)."""
        arm = self.arms[row]
        at = arm.origin.at if arm.origin is not None else self.clause.name_span
        if self.clause.table is None:
            return arm.when.at if arm.when.at.line else at
        if axis is not None:
            spans = [t.at for either in self.rows[row].tests.get(axis, ()) for t in either if t.at.line]
            if spans:
                return spans[0]
        cells = self.cells(row)
        return cells[0].span if cells else at

    def label(self, row: int) -> str:
        """How a row is called: the name of its tier, or what stands in its cells."""
        arm = self.arms[row]
        if traits(self.clause.kind).reading == "tier" and arm.origin is not None:
            return arm.origin.label
        if self.clause.table is None:
            return self.low.text(arm.when.at) or (self.low.text(arm.origin.at) if arm.origin else "")
        texts = (self.low.text(cell.span) for cell in self.cells(row)[:-1])
        return listed((t for t in texts if t), self.teller.lang, "comma")

    # ------------------------------------------------------------------------------------------ disjoint, complete
    def understood(self) -> Space | None:
        """The space, if every test of every row is understood."""
        return None if any(row.opaque for row in self.rows) else self.space

    def not_proved(self) -> Iterator[Diagnostic]:
        """The first test that is not understood: whether the rows overlap, or leave a gap, cannot be seen then."""
        found = next(((i, at) for i, row in enumerate(self.rows) for at in row.opaque.values()), None)
        if found is not None:
            at = found[1] if found[1].line else self.place(found[0])
            read = self.low.text(at) or self.label(found[0])
            yield Diagnostic("POL427", at, "notice", {"name": self.clause.name, "read": read})

    def idle(self, space: Space) -> dict[int, Diagnostic]:
        """The rows that let nothing in."""
        found = {}
        for i, row in enumerate(self.rows):
            axis = space.empty(i)
            if axis is not None or row.never:
                at = self.place(i, axis)
                found[i] = Diagnostic("POL419", at, args={"read": self.low.text(at) or self.label(i)})
        return found

    def disjoint(self) -> Iterator[Diagnostic]:
        """No two rows share anything, and every row lets something in."""
        space = self.understood()
        if space is None:
            return
        yield from self.idle(space).values()
        some = [i for i in range(len(self.rows)) if space.empty(i) is None]
        for j, i in sorted(space.earlier(some, meets).items()):
            shared = space.both(i, j)
            both = self.teller.region(space.axes, shared) or self.label(j)
            yield Diagnostic(
                "POL407", self.place(j, next(iter(shared), None)),
                args={"name": self.clause.name, "first": str(i + 1), "second": str(j + 1), "both": both},
                fix=self.sharper(space, shared, j, i) or self.sharper(space, shared, i, j),
            )

    def complete(self) -> Iterator[Diagnostic]:
        """Every value that may occur falls into a row."""
        space = self.understood()
        if space is None or any(Beside.OTHER in axis.atoms for axis in space.axes.values()):
            return  # of a text or an open choice there is always some other value
        try:
            gaps = []
            for gap in space.gaps():
                told = {a: common(runs, ((0, space.axes[a].body),)) for a, runs in gap.items()}
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
            for gap in gaps:
                yield from self.gaps_on_a_line(space, *gap.popitem())
            return
        for gap in gaps:
            missing = self.teller.region(space.axes, gap)
            yield Diagnostic("POL409", self.clause.name_span, args={"name": self.clause.name, "missing": missing})

    def gaps_on_a_line(self, space: Space, axis: str, missing: Runs) -> Iterator[Diagnostic]:
        """One gap after another, each beside the row that it touches."""
        line = space.axes[axis]
        if line.marks is None:  # single values: each is a gap of its own
            missing = tuple((i, i + 1) for run in missing for i in range(*run))
        for start, end in missing[:_MOST_GAPS]:
            said = self.teller.some(line, ((start, end),))
            before, after = (
                [r for r in range(len(self.rows)) if meets(space.lets_in(r, axis), ((i, i + 1),))]
                for i in (start - 1, end)
            )
            beside = (before or after or [0])[-1]
            yield Diagnostic(
                "POL406" if traits(self.clause.kind).reading == "band" else "POL409", self.place(beside, axis),
                args={"name": self.clause.name, "missing": said, "row": self.teller.cell(line, ((start, end),))},
                hint="add_row",
                fix=self.edge([*before, *after], line, ((start, end),), ("<", ">")),
            )

    def holes(self) -> Iterator[Diagnostic]:
        """Of rates and amounts, for which no row has to fit: what lies between two rows that are alike but for one
        axis, and in no row at all. What lies before the first or behind the last of them gets nothing, as is usual."""
        space = self.understood()
        if space is None or any(isinstance(line, n.Ranking) for line in self.clause.lines):
            return  # of places it is told by those who know them (POL468)
        for axis, line in space.axes.items() if self.clause.table is not None else ():
            alike: dict[tuple[Runs, ...], list[int]] = {}
            for i in range(len(self.rows)):
                if line.marks is not None and space.empty(i) is None:
                    alike.setdefault(tuple(space.lets_in(i, a) for a in space.axes if a != axis), []).append(i)
            for rows in alike.values():
                covered = joined(run for i in rows for run in common(space.lets_in(i, axis), ((0, line.body),)))
                for (_, end), (start, _) in pairwise(covered):
                    gap = {**{a: space.lets_in(rows[0], a) for a in space.axes}, axis: ((end, start),)}
                    if not any(space.shares(i, gap) for i in range(len(self.rows))):
                        yield self.hole(space, axis, gap, rows)

    def hole(self, space: Space, axis: str, gap: Mapping[str, Runs], rows: Sequence[int]) -> Diagnostic:
        """A hole, told at the row behind it."""
        line, ((start, end),) = space.axes[axis], gap[axis]
        before, after = (
            [i for i in rows if meets(space.lets_in(i, axis), ((place, place + 1),))] for place in (start - 1, end)
        )
        missing = self.teller.region(space.axes, gap)
        return Diagnostic(
            "POL439", self.place(after[0], axis), "warning",
            {"name": self.clause.name, "missing": missing, "row": self.teller.cell(line, gap[axis])},
            hint="add_row" if len(space.axes) == 1 else None,
            fix=self.edge([*before, *after], line, gap[axis], ("<", ">")),
        )

    # ------------------------------------------------------------------------------------------ corrected edges
    def sharper(self, space: Space, shared: Mapping[str, Runs], row: int, other: int) -> Fix | None:
        """A single shared point, left out of the row: it is the other's then."""
        if len(shared) != 1:
            return None
        axis, runs = next(iter(shared.items()))
        return self.edge([row], space.axes[axis], runs, ("<=", ">="), other)

    def edge(
        self, rows: Sequence[int], axis: Axis, runs: Runs, ops: tuple[str, ...], whose: int | None = None
    ) -> Fix | None:
        """Where the runs are a single point: the cell of one of the rows that begins or ends there, with the point on
        its other side. It says which row decides the point then: that one, unless ``whose`` says which."""
        (start, end), *more = runs
        atom = axis.atoms[start]
        if more or end - start > 1 or not isinstance(atom, Extent) or atom.low is None or atom.low != atom.high:
            return None
        for row in rows:
            tests = [t for groups in self.rows[row].tests.values() for group in groups for t in group]
            for cell in self.cells(row):
                if isinstance(cell, n.OpCell) and any(
                    t.at == cell.span and t.op in ops and number_of(t.values[0]) == atom.low for t in tests
                ):
                    sign = word("typed", _EDGE[cell.op], self.teller.lang).strip()
                    moves = self.teller.value(atom.low, axis.subject.kind), (row if whose is None else whose) + 1
                    return Fix(cell.span, f"{sign} {self.low.text(cell.value.span)}", moves=moves)
        return None

    # ------------------------------------------------------------------------------------------ tiers
    def backwards(self) -> Iterator[Diagnostic]:
        """A tier that asks for more on some line than the tier above it, both from one side."""
        space = self.space
        lines = {} if space is None else {name: axis for name, axis in space.axes.items() if axis.marks is not None}
        for name, line in lines.items():
            above: tuple[int, Runs] | None = None
            asked = [(i, tested[name]) for i, tested in enumerate(space.rows if space else ()) if name in tested]
            for row, runs in asked:
                if above is not None and runs != above[1] and within(runs, above[1]) and _one_way(line, runs, above[1]):
                    args = {"name": self.clause.name, "read": self.label(row), "by": self.label(above[0])}
                    args |= {"lower": self.teller.some(line, runs), "upper": self.teller.some(line, above[1])}
                    yield Diagnostic("POL434", self.place(row, name), "warning", args)
                above = row, runs

    # ------------------------------------------------------------------------------------------ first that fits
    def never_reached(self) -> Iterator[Diagnostic]:
        """A row all of which an earlier row already takes."""
        rows, space = self.rows, self.space
        if space is None:
            return
        idle = self.idle(space)
        taken = space.earlier(
            [i for i in range(len(rows)) if i not in idle], within,
            also=lambda row, earlier: rows[earlier].opaque.keys() <= rows[row].opaque.keys(),
        )
        for j in range(len(rows)):
            if j in idle:
                yield idle[j]
            elif j in taken:
                args = {"name": self.clause.name, "read": self.label(j), "by": self.label(taken[j])}
                yield Diagnostic("POL408", self.place(j), "warning", args)


def _one_way(line: Axis, *tests: Runs) -> bool:
    """Whether each is one stretch, and all of them reach to the same end of the line, and only to that."""
    ends = [(runs[0][0] == 0, runs[0][1] >= line.body) if len(runs) == 1 else None for runs in tests]
    return ends[0] in ((False, True), (True, False)) and len(set(ends)) == 1


__all__ = ["tables"]
