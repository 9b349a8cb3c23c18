"""One axis of a table: the values of a subject in atoms, the points and stretches that no row's test divides.

What a row lets in is then a few runs of atoms, however many atoms there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import Enum
from fractions import Fraction
from functools import reduce

from policydsl import core as c
from policydsl.check.extent import SETS, Extent, Extents, number_of
from policydsl.kinds import Exact, text_key
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span


class Beside(Enum):
    """OTHER: any value that no row names. NOTHING: 无, stated not to exist; a row may ask for it, and no row has to."""

    OTHER = 1
    NOTHING = 2


Atom = Extent | bool | str | Beside


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of an axis with constants; what equals (``=``) any of them meets it, or what is not (``!=``)."""

    op: str
    values: tuple[Exact, ...]
    at: Span = NOWHERE


# ---------------------------------------------------------------------------------------------- runs
Run = tuple[int, int]
Runs = tuple[Run, ...]
"""Indices from the first of each pair to before the second, in order; between two runs there is a gap."""


def joined(runs: Iterable[Run]) -> Runs:
    """What lies in any of the runs."""
    out: list[Run] = []
    for start, end in sorted(runs):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        elif start < end:
            out.append((start, end))
    return tuple(out)


def common(left: Runs, right: Runs) -> Runs:
    """What lies in both."""
    out: list[Run] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            out.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(out)


def meets(left: Runs, right: Runs) -> bool:
    """Whether anything lies in both."""
    return bool(common(left, right))


def within(inner: Runs, outer: Runs) -> bool:
    """Whether all of the inner lies in the outer."""
    return common(inner, outer) == inner


# ---------------------------------------------------------------------------------------------- axes
@dataclass(frozen=True, slots=True)
class Axis:
    """A subject cut into atoms, in order: stretches (``marks``: for each number that ends some, the atoms at it), or
    single values (``places``: the indices of each); ``body`` of them, and behind them 无 where a row names it."""

    subject: c.AnyTerm
    atoms: tuple[Atom, ...]
    body: int
    marks: Mapping[Fraction, Run] | None = None
    places: Mapping[Exact, Sequence[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, subject: c.AnyTerm, tests: Sequence[Test], extents: Extents) -> Axis:
        """The axis as fine as the tests (and the range of the subject) ask."""
        named = [v for t in tests for v in t.values]
        nothing = (Beside.NOTHING,) if None in named else ()
        if subject.kind.base in SETS:
            known = extents.values_of(subject)
            values: tuple[Atom, ...]
            if known is not None:
                values = tuple(v for v in known if isinstance(v, bool | str))
            else:
                values = (*{text_key(v): v for v in named if isinstance(v, str)}.values(), Beside.OTHER)
            places: dict[Exact, list[int]] = {}
            for i, value in enumerate(values):
                if isinstance(value, bool | str):
                    places.setdefault(_identity(value), []).append(i)
            return cls(subject, (*values, *nothing), len(values), places=places)
        extent = extents.of(subject)
        ends = dict.fromkeys(p for p in (extent.low, *map(number_of, named), extent.high) if p is not None)
        stretches, marks = _cut(sorted(ends), extent)
        return cls(subject, (*stretches, *nothing), len(stretches), marks)

    @property
    def whole(self) -> Runs:
        return ((0, len(self.atoms)),)

    def lets_in(self, groups: Sequence[Sequence[Test]]) -> Runs:
        """The atoms that meet some test of every group."""
        return reduce(common, (joined(run for test in tests for run in self.meeting(test)) for tests in groups))

    def meeting(self, test: Test) -> Iterator[Run]:
        if self.body < len(self.atoms) and test.op in ("=", "!="):
            if any((v is None) == (test.op == "=") for v in test.values):
                yield self.body, len(self.atoms)
        if self.marks is not None:
            for number in map(number_of, test.values):
                if number is not None:
                    yield from _compared(test.op, self.marks[number], self.body)
                elif test.op == "!=":
                    yield 0, self.body  # no number is 无
            return
        found = sorted({i for v in test.values for i in self.places.get(_identity(v), ())})
        if test.op == "=":
            yield from ((i, i + 1) for i in found)
        else:
            yield from zip([0, *(i + 1 for i in found)], [*found, self.body], strict=True)

    def stretches(self, runs: Runs) -> list[Extent]:
        """The runs as stretches of the line; 无, and what is no line, has none."""
        out = []
        for start, end in common(runs, ((0, self.body),)) if self.marks is not None else ():
            first, last = self.atoms[start], self.atoms[end - 1]
            assert isinstance(first, Extent) and isinstance(last, Extent)
            out.append(Extent(first.low, first.low_open, last.high, last.high_open, first.whole))
        return out


def _compared(op: str, at: Run, body: int) -> Iterator[Run]:
    """The atoms that compare so with the number at the run."""
    if op in ("<", "<=", "!="):
        yield 0, at[op == "<="]
    if op in (">", ">=", "!="):
        yield at[op != ">="], body
    if op == "=":
        yield at


def _identity(value: Exact) -> Exact:
    return text_key(value) if isinstance(value, str) else value


def inside(atom: Extent) -> Fraction:
    """Some number of the atom."""
    low, high = atom.low, atom.high
    if low is not None and high is not None:
        return low if low == high else (low + high) / 2
    if low is not None:
        return low + 1 if atom.low_open else low
    return Fraction(0) if high is None else high - 1 if atom.high_open else high


def _cut(points: Sequence[Fraction], extent: Extent) -> tuple[list[Extent], dict[Fraction, Run]]:
    """The stretches before, at and behind each point, as far as they lie in the extent and hold a number; and for each
    point those at it (one, or none)."""
    out: list[Extent] = []
    marks: dict[Fraction, Run] = {}
    previous: Fraction | None = None
    for point in points:
        out.extend(_fitting(Extent(previous, True, point, True, extent.whole), extent))
        first = len(out)
        out.extend(_fitting(Extent(point, False, point, False, extent.whole), extent))
        marks[point] = first, len(out)
        previous = point
    out.extend(_fitting(Extent(previous, True, None, True, extent.whole), extent))
    return out, marks


def _fitting(atom: Extent, extent: Extent) -> Iterator[Extent]:
    if atom.whole:
        low = None if atom.low is None else _up(atom.low, atom.low_open)
        high = None if atom.high is None else -_up(-atom.high, atom.high_open)
        if low is not None and high is not None and low > high:
            return
        atom = Extent(low, False, high, False, True)
    number = inside(atom)
    if extent.holds(_up(number, False) if atom.whole else number):
        yield atom


def _up(value: Fraction, strict: bool) -> Fraction:
    """The least whole number not below (``strict``: above) the value."""
    floor = value.numerator // value.denominator
    return Fraction(floor if floor == value and not strict else floor + 1)
