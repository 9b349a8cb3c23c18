"""All rows of a table over their axes: what two rows share, which row an earlier one takes whole, what no row lets in.

Rows are not compared each with each: the stretches of an axis part them into groups, and only within a group is there
anything to share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, islice, pairwise

from policydsl.check.axes import Axis, Run, Runs, Test, common, joined, meets
from policydsl.check.regions import Reader, Row
from policydsl.members import dataclass

BUDGET = 20_000
Comparison = Callable[[Runs, Runs], bool]


class TooMany(Exception):
    """There are more combinations than are looked at."""


@dataclass(frozen=True, slots=True)
class Space:
    """``rows``: what each row lets in, on the axes that it tests."""

    axes: Mapping[str, Axis]
    rows: tuple[Mapping[str, Runs], ...]

    @classmethod
    def of(cls, rows: Sequence[Row], reader: Reader) -> Space | None:
        """None when some axis has no value at all."""
        tests: dict[str, list[Test]] = {}
        for row in rows:
            for axis, groups in row.tests.items():
                tests.setdefault(axis, []).extend(test for group in groups for test in group)
        axes = {axis: Axis.of(reader.subjects[axis], found, reader.extents) for axis, found in tests.items()}
        if not all(axis.atoms for axis in axes.values()):
            return None
        return cls(axes, tuple({a: axes[a].lets_in(groups) for a, groups in row.tests.items()} for row in rows))

    def lets_in(self, row: int, axis: str) -> Runs:
        return self.rows[row].get(axis, self.axes[axis].whole)

    def empty(self, row: int) -> str | None:
        """An axis on which the row lets nothing in."""
        found = {axis for axis, runs in self.rows[row].items() if not runs}
        return next(axis for axis in self.axes if axis in found) if found else None

    def both(self, first: int, second: int) -> dict[str, Runs]:
        """What two rows share, on every axis."""
        return {a: common(self.lets_in(first, a), self.lets_in(second, a)) for a in self.axes}

    def shares(self, row: int, region: Mapping[str, Runs]) -> bool:
        """Whether a row lets something of a region in."""
        return all(meets(self.lets_in(row, axis), runs) for axis, runs in region.items())

    # ------------------------------------------------------------------------------------------ earlier rows
    def earlier(
        self, rows: Sequence[int], compares: Comparison, also: Callable[[int, int], bool] = lambda row, other: True
    ) -> dict[int, int]:
        """For each of the rows (none empty, in order) the first one before it, if any, to which it ``compares`` on
        every axis, sharing something with it, and ``also``."""
        found: dict[int, int] = {}
        todo = [tuple(rows)]
        while todo:
            group = todo.pop()
            parts = self._parted(group)
            if parts is not None:
                todo.extend(parts)
                continue
            for row, other in self._in_turn(group, compares, also):
                found[row] = min(other, found.get(row, other))
        return found

    def _parted(self, rows: tuple[int, ...]) -> list[tuple[int, ...]] | None:
        """The rows in groups so that two that share something are in one together; None where that is no gain."""
        tested = Counter(axis for row in rows for axis in self.rows[row])
        best, least = None, len(rows) ** 2 // 2 + 1
        for axis, times in tested.items():
            if times * 2 > len(rows):  # else most rows would be in every group
                pairs = sum(len(inside) ** 2 for _, inside in self._sweep(axis, rows))
                if pairs < least:
                    best, least = axis, pairs
        return None if best is None else [group for group in self._groups(best, rows) if len(group) > 1]

    def _in_turn(
        self, rows: tuple[int, ...], compares: Comparison, also: Callable[[int, int], bool]
    ) -> Iterator[tuple[int, int]]:
        """Each row with the first before it to which it compares."""
        together: dict[str, Runs] = {}  # what the rows so far let in, on the axes that all of them test
        for place, row in enumerate(rows):
            if place and all(compares(self.lets_in(row, axis), runs) for axis, runs in together.items()):
                for other in islice(rows, place):
                    if also(row, other) and all(
                        compares(self.lets_in(row, axis), runs) for axis, runs in self.rows[other].items()
                    ):
                        yield row, other
                        break
            mine = self.rows[row]
            shared = {a: joined((*together[a], *mine[a])) for a in together if a in mine}
            together = shared if place else dict(mine)

    def _sweep(self, axis: str, rows: tuple[int, ...]) -> Iterator[tuple[Run, set[int]]]:
        """The axis in stretches, each with those of the rows that let it in (one set, which changes)."""
        changes: dict[int, set[int]] = {0: set(), len(self.axes[axis].atoms): set()}
        for row in rows:
            for run in self.lets_in(row, axis):
                for end in run:
                    changes.setdefault(end, set()).add(row)
        inside: set[int] = set()
        for start, end in pairwise(sorted(changes)):
            inside ^= changes[start]
            yield (start, end), inside

    def _groups(self, axis: str, rows: tuple[int, ...]) -> dict[tuple[int, ...], Runs]:
        """The axis by which of the rows let it in, in the order of its atoms."""
        found: dict[tuple[int, ...], Runs] = {}
        for run, inside in self._sweep(axis, rows):
            group = tuple(sorted(inside))
            found[group] = (*found.get(group, ()), run)
        return found

    # ------------------------------------------------------------------------------------------ side by side
    def together(self) -> Iterator[tuple[int, ...]]:
        """For every combination the rows that let it in, if any do. Raises TooMany."""
        yield from self._together(tuple(self.axes), tuple(range(len(self.rows))), count())

    def _together(
        self, axes: tuple[str, ...], rows: tuple[int, ...], steps: Iterator[int]
    ) -> Iterator[tuple[int, ...]]:
        if next(steps) >= BUDGET:
            raise TooMany
        if rows and not axes:
            yield rows
        elif rows:
            for still in self._groups(axes[0], rows):
                yield from self._together(axes[1:], still, steps)

    # ------------------------------------------------------------------------------------------ gaps
    def gaps(self) -> Iterator[dict[str, Runs]]:
        """Combinations that no row lets in. Raises TooMany."""
        yield from self._gaps(tuple(self.axes), tuple(range(len(self.rows))), {}, count())

    def _gaps(
        self, axes: tuple[str, ...], rows: tuple[int, ...], chosen: dict[str, Runs], steps: Iterator[int]
    ) -> Iterator[dict[str, Runs]]:
        if next(steps) >= BUDGET:
            raise TooMany
        if not rows:
            yield dict(chosen)
        elif axes:
            for still, runs in self._groups(axes[0], rows).items():
                yield from self._gaps(axes[1:], still, {**chosen, axes[0]: runs}, steps)
