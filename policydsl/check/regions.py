"""Rows of a table as regions: on every axis (a subject that is tested) the stretches of values that a row lets in.

An axis is cut into atoms, the single points and the stretches between them at which some row or the declared range
begins or ends. Rows are then sets of atoms, and gaps, overlaps and never-reached rows are questions about sets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from policydsl import core as c
from policydsl.check.extent import LINES, SETS, Extent, Extents, alike, number_of
from policydsl.kinds import UNLIMITED, Exact, text_key
from policydsl.place import NOWHERE, Span

BUDGET = 20_000
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


class Other:
    """Any value that no row names."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "OTHER"


class Nothing:
    """无: stated not to exist. A row may ask for it, and no row has to."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOTHING"


OTHER = Other()
NOTHING = Nothing()
Atom = Extent | bool | str | Other | Nothing


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of an axis with constants; the row lets in what meets any of them (``negated``: none)."""

    op: str
    values: tuple[Exact, ...]
    at: Span = NOWHERE

    def meets(self, atom: Atom) -> bool:
        """Whether everything in the atom meets the test; atoms are never cut by one."""
        if isinstance(atom, Nothing):
            return any((v is None) == (self.op == "=") for v in self.values) and self.op in ("=", "!=")
        if isinstance(atom, Extent):
            point = inside(atom)
            return any(_compare(self.op, point, number_of(v)) for v in self.values)
        found = any(_same(atom, v) for v in self.values)
        return found if self.op == "=" else not found


@dataclass(slots=True)
class Row:
    """The tests of one row by axis; ``opaque``: tests that are only understood as a whole, by their text."""

    tests: dict[str, list[list[Test]]] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    never: bool = False

    def add(self, axis: str, either: list[Test]) -> None:
        self.tests.setdefault(axis, []).append(either)

    def lets_in(self, axis: str, atom: Atom) -> bool:
        return all(any(test.meets(atom) for test in either) for either in self.tests.get(axis, ()))


def _compare(op: str, left: Fraction, right: Fraction | None) -> bool:
    if right is None:
        return op == "!="
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right


def _same(atom: Atom, value: Exact) -> bool:
    if isinstance(atom, str) and isinstance(value, str):
        return text_key(atom) == text_key(value)
    return isinstance(atom, bool) and isinstance(value, bool) and atom == value


def inside(atom: Extent) -> Fraction:
    """Some number of the atom."""
    low, high = atom.low, atom.high
    if low is not None and high is not None:
        return low if low == high else (low + high) / 2
    if low is not None:
        return low + 1 if atom.low_open else low
    return Fraction(0) if high is None else high - 1 if atom.high_open else high


# ---------------------------------------------------------------------------------------------- reading conditions
def plain(term: c.AnyTerm) -> str:
    """A term without its places, as a key."""
    match term:
        case c.Input(name=name):
            return f"fact {name}"
        case c.Item(list=ledger, name=name, outer=outer):
            return f"field {ledger} {name} {outer}"
        case c.Use(name=name, outer=outer):
            return f"use {name} {outer}"
        case c.Noted(inner=inner):
            return plain(inner)
        case _:
            return repr(_bare(term))


def _bare(term: object) -> object:
    from dataclasses import fields, is_dataclass

    if isinstance(term, Span):
        return None
    if isinstance(term, tuple):
        return tuple(_bare(t) for t in term)
    if isinstance(term, c.Term) and is_dataclass(term):
        values = tuple(_bare(getattr(term, f.name)) for f in fields(term) if f.name != "at")
        return (type(term).__name__, *values)
    return term


@dataclass(slots=True)
class Reader:
    """Reads conditions into rows, and remembers the subject of every axis."""

    extents: Extents
    subjects: dict[str, c.AnyTerm] = field(default_factory=dict)

    def row(self, when: c.AnyTerm) -> Row:
        row = Row()
        self._add(row, when)
        return row

    def _add(self, row: Row, term: c.AnyTerm) -> None:
        match term:
            case c.Noted():
                self._add(row, term.inner)
            case c.Const(value=value):
                if value is False:
                    row.never = True
            case c.Apply(op="and"):
                for arg in term.args:
                    self._add(row, arg)
            case _:
                either = self._either(term)
                if either is None:
                    row.opaque.add(plain(term))
                else:
                    row.add(*either)

    def _either(self, term: c.AnyTerm) -> tuple[str, list[Test]] | None:
        """A condition on one subject: a comparison, a list of values, or several of them joined by 或."""
        if isinstance(term, c.Noted):
            return self._either(term.inner)
        if isinstance(term, c.Apply) and term.op == "or":
            parts = [self._either(arg) for arg in term.args]
            found = [p for p in parts if p is not None]
            if len(found) < len(parts) or len({axis for axis, _ in found}) != 1:
                return None
            return found[0][0], [test for _, tests in found for test in tests]
        if isinstance(term, c.Apply) and term.op == "not":
            inner = self._either(term.args[0])
            if inner is None or len(inner[1]) != 1 or len(inner[1][0].values) != 1:
                return None
            return inner[0], [replace(inner[1][0], op=_NOT[inner[1][0].op])]
        if isinstance(term, c.Apply) and term.op == "in":
            constants = [self.extents.constant(a) for a in term.args[1:]]
            if any(x is None for x in constants):
                return None
            return self._test(term.args[0], "=", [x for x in constants if x is not None], term.at)
        if isinstance(term, c.Apply) and term.op in COMPARISONS and len(term.args) == 2:
            left, right = term.args
            constant, subject, op = self.extents.constant(right), left, term.op
            if constant is None:
                constant, subject, op = self.extents.constant(left), right, _FLIP[term.op]
            return None if constant is None else self._test(subject, op, [constant], term.at)
        if term.kind.base == "yesno" and isinstance(term, c.Input | c.Item | c.Use):
            return self._axis(term), [Test("=", (True,), term.at)]
        return None

    def _test(
        self, subject: c.AnyTerm, op: str, constants: Sequence[c.Const], at: Span
    ) -> tuple[str, list[Test]] | None:
        kind = subject.kind
        if self.extents.constant(subject) is not None:
            return None
        if any(x.value is UNLIMITED for x in constants):
            return None
        if kind.base in SETS and op in ("=", "!="):
            return self._axis(subject), [Test(op, tuple(x.value for x in constants), at)]
        if kind.base == "duration" and kind.unit is None:
            # A length of time that may be in any unit: it is compared in the unit of the first constant.
            known = self.subjects.get(plain(subject))
            subject = known if known is not None else replace(subject, kind=replace(kind, unit=constants[0].kind.unit))
            kind = subject.kind
        if kind.base in LINES and all(alike(kind, x.kind) for x in constants):
            if any(x.value is not None and number_of(x.value) is None for x in constants):
                return None
            return self._axis(subject), [Test(op, tuple(x.value for x in constants), at)]
        return None

    def _axis(self, subject: c.AnyTerm) -> str:
        key = plain(subject)
        self.subjects.setdefault(key, subject)
        return key


# ---------------------------------------------------------------------------------------------- atoms
def atoms_of(axis: str, subject: c.AnyTerm, rows: Sequence[Row], extents: Extents) -> tuple[Atom, ...] | None:
    """The axis in its atoms, in order; None when there may be values that cannot be told apart (nothing to check)."""
    tests = [test for row in rows for either in row.tests.get(axis, ()) for test in either]
    nothing = (NOTHING,) if any(v is None for t in tests for v in t.values) else ()
    if subject.kind.base in SETS:
        known = extents.values_of(subject)
        if known is not None:
            return (*(v for v in known if isinstance(v, bool | str)), *nothing)
        named = {text_key(v): v for t in tests for v in t.values if isinstance(v, str)}
        return (*named.values(), OTHER, *nothing)
    extent = extents.of(subject)
    points = {p for t in tests for v in t.values if (p := number_of(v)) is not None}
    points |= {p for p in (extent.low, extent.high) if p is not None}
    return (*_cut(sorted(points), extent), *nothing)


def _cut(points: list[Fraction], extent: Extent) -> Iterator[Extent]:
    previous: Fraction | None = None
    for point in points:
        yield from _fitting(Extent(previous, True, point, True, extent.whole), extent)
        yield from _fitting(Extent(point, False, point, False, extent.whole), extent)
        previous = point
    yield from _fitting(Extent(previous, True, None, True, extent.whole), extent)


def _fitting(atom: Extent, extent: Extent) -> Iterator[Extent]:
    """The atom, if it lies in the extent and has a number in it."""
    if atom.whole:
        low = None if atom.low is None else _up(atom.low, atom.low_open)
        high = None if atom.high is None else -_up(-atom.high, atom.high_open)
        if low is not None and high is not None and low > high:
            return
        atom = Extent(low, False, high, False, True)
    if extent.holds(_whole(inside(atom), atom)):
        yield atom


def _up(value: Fraction, strict: bool) -> Fraction:
    """The least whole number not below (``strict``: above) the value."""
    floor = value.numerator // value.denominator
    return Fraction(floor if floor == value and not strict else floor + 1)


def _whole(value: Fraction, atom: Extent) -> Fraction:
    """A whole number of an atom of whole numbers."""
    return _up(value, False) if atom.whole else value


def merged(atoms: Sequence[Atom]) -> list[Extent]:
    """Neighbouring atoms of a line as stretches."""
    out: list[Extent] = []
    for atom in atoms:
        assert isinstance(atom, Extent)
        if out and out[-1].high is not None and atom.low is not None and _touch(out[-1], atom):
            out[-1] = replace(out[-1], high=atom.high, high_open=atom.high_open)
        else:
            out.append(atom)
    return out


def _touch(left: Extent, right: Extent) -> bool:
    assert left.high is not None and right.low is not None
    if left.whole:
        return right.low - left.high == 1
    return left.high == right.low and not (left.high_open and right.low_open)


# ---------------------------------------------------------------------------------------------- questions
class TooMany(Exception):
    """There are more combinations than are looked at."""


@dataclass(frozen=True, slots=True)
class Space:
    """The rows of one table over their axes."""

    axes: tuple[str, ...]
    atoms: Mapping[str, tuple[Atom, ...]]
    sets: tuple[Mapping[str, frozenset[int]], ...]

    @classmethod
    def of(cls, rows: Sequence[Row], reader: Reader, axes: Sequence[str]) -> Space | None:
        """None when some axis cannot be cut."""
        atoms: dict[str, tuple[Atom, ...]] = {}
        for axis in axes:
            cut = atoms_of(axis, reader.subjects[axis], rows, reader.extents)
            if cut is None or not cut:
                return None
            atoms[axis] = cut
        sets = tuple(
            {a: frozenset(i for i, atom in enumerate(atoms[a]) if row.lets_in(a, atom)) for a in axes} for row in rows
        )
        return cls(tuple(axes), atoms, sets)

    def empty(self, row: int) -> str | None:
        """An axis on which the row lets nothing in."""
        return next((a for a in self.axes if not self.sets[row][a]), None)

    def both(self, first: int, second: int) -> dict[str, frozenset[int]] | None:
        """What two rows share."""
        shared = {a: self.sets[first][a] & self.sets[second][a] for a in self.axes}
        return shared if all(shared.values()) else None

    def within(self, inner: int, outer: int) -> bool:
        """Whether all that one row lets in, another does too."""
        return all(self.sets[inner][a] <= self.sets[outer][a] for a in self.axes)

    def gaps(self) -> Iterator[dict[str, frozenset[int]]]:
        """Combinations that no row lets in."""
        steps = [0]
        yield from self._gaps(0, tuple(range(len(self.sets))), {}, steps)

    def _gaps(
        self, depth: int, alive: tuple[int, ...], chosen: dict[str, frozenset[int]], steps: list[int]
    ) -> Iterator[dict[str, frozenset[int]]]:
        steps[0] += 1
        if steps[0] > BUDGET:
            raise TooMany
        if not alive:
            yield dict(chosen)
            return
        if depth == len(self.axes):
            return
        axis = self.axes[depth]
        groups: dict[tuple[int, ...], set[int]] = {}
        for i in range(len(self.atoms[axis])):
            groups.setdefault(tuple(r for r in alive if i in self.sets[r][axis]), set()).add(i)
        for still, group in groups.items():
            yield from self._gaps(depth + 1, still, {**chosen, axis: frozenset(group)}, steps)
