"""Rows of a table as tests: on each axis (a subject that is tested) the comparisons of a row with constants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace

from policydsl import core as c
from policydsl.check.axes import Test
from policydsl.check.extent import LINES, SETS, Extents, alike, number_of
from policydsl.members import dataclass
from policydsl.operators import MIRROR, OPPOSITE
from policydsl.place import Span
from policydsl.walk import plain


@dataclass(slots=True)
class Row:
    """The tests of one row by axis: it lets in what meets any test of each group. ``opaque``: the places of tests that
    are only understood as a whole, by their text; ``never``: it holds for nothing."""

    tests: dict[str, list[list[Test]]] = field(default_factory=dict)
    opaque: dict[str, Span] = field(default_factory=dict)
    never: bool = False


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
            case c.Const(value=value):
                if value is False:
                    row.never = True
            case c.Apply(op="and"):
                for arg in term.args:
                    self._add(row, arg)
            case _:
                either = self._either(term)
                if either is None:
                    row.opaque.setdefault(plain(term), term.at)
                else:
                    axis, tests = either
                    row.tests.setdefault(axis, []).append(tests)

    def _either(self, term: c.AnyTerm) -> tuple[str, list[Test]] | None:
        """A condition on one subject: a comparison, a list of values, or several of them joined by 或."""
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
            return inner[0], [replace(inner[1][0], op=OPPOSITE[inner[1][0].op])]
        if isinstance(term, c.Apply) and term.op == "in":
            constants = [self.extents.constant(a) for a in term.args[1:]]
            if any(x is None for x in constants):
                return None
            return self._test(term.args[0], "=", [x for x in constants if x is not None], term.at)
        if isinstance(term, c.Apply) and term.op in MIRROR and len(term.args) == 2:
            left, right = term.args
            constant, subject, op = self.extents.constant(right), left, term.op
            if constant is None:
                constant, subject, op = self.extents.constant(left), right, MIRROR[term.op]
            return None if constant is None else self._test(subject, op, [constant], term.at)
        if term.kind.base == "yesno" and isinstance(term, c.Read | c.Use):
            return self._axis(term), [Test("=", (True,), term.at)]
        return None

    def _test(
        self, subject: c.AnyTerm, op: str, constants: Sequence[c.Const], at: Span
    ) -> tuple[str, list[Test]] | None:
        kind = subject.kind
        if self.extents.constant(subject) is not None:
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
