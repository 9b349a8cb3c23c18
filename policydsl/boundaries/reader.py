"""Reading every comparison of a core program: which facts stand on one side, which constants on the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from fractions import Fraction

from policydsl.boundaries.model import Boundary, Key
from policydsl.operators.exact import PERIODS_OF, period_op
from policydsl.operators.undo import INVERSES, Moved, Step, seconds, undone
from policydsl.calendar import CannotCompute, span
from policydsl.core import (
    DAY,
    MEMBER,
    AnyTerm,
    Apply,
    AsOf,
    Bound,
    Choose,
    Const,
    Conversion,
    Definition,
    Effect,
    Find,
    Header,
    InputDecl,
    ListDecl,
    Name,
    Origin,
    Over,
    Program,
    Read,
    Result,
    Use,
)
from policydsl.members import dataclass
from policydsl.walk import declared
from policydsl.kinds import NUMBER, Duration, Exact, Kind, Period
from policydsl.operators import COMPARISONS, MIRROR, OPERATORS, Setting
from policydsl.place import NOWHERE, Span
from policydsl.walk import Root, children, roots

Values = Callable[[AnyTerm], Iterable[Exact]]
_MOST_VALUES = 64  # constants that one side of a comparison is followed to
_GRAINS = frozenset(map(period_op, PERIODS_OF))
_PASSES = frozenset({"max", "min", "latest", "earliest", "clamp", "day_of"})


def boundaries(
    program: Program, *, as_of: date | None = None, settings: Mapping[str, Exact] | None = None,
    values: Values | None = None,
) -> Mapping[Key, tuple[Boundary, ...]]:
    """Every fact, field, parameter and list of the program with what it is compared with, in the order of values.

    A fact that nothing compares has an empty tuple. ``settings``: values of parameters that take the place of theirs.
    ``values``: the values that a term is known to have besides (on a sheet, where other facts are known): what is
    compared with them has a boundary there too.
    """
    return _Reader(program, as_of, settings or {}, values).read()


@dataclass(frozen=True, slots=True)
class _Path:
    """A fact, and the steps from it (innermost first) to a side of a comparison."""

    key: Key
    steps: tuple[Step, ...] = ()
    alone: bool = True


@dataclass(slots=True)
class _Reader:
    program: Program
    as_of: date | None
    settings: Mapping[str, Exact]
    values: Values | None = None
    found: dict[Key, dict[tuple[object, ...], Boundary]] = field(default_factory=dict)
    constant: dict[Name, tuple[Exact, ...]] = field(default_factory=dict)
    reads: dict[Name, tuple[_Path, ...]] = field(default_factory=dict)
    setting: Setting = field(init=False)

    def __post_init__(self) -> None:
        header = self.program.header
        self.setting = Setting(header.fiscal, header.calendar, header.month_end)

    def read(self) -> Mapping[Key, tuple[Boundary, ...]]:
        program = self.program
        for decl in program.inputs.values():
            self.declared(("", decl.name), decl)
        for ledger in program.lists.values():
            self.found.setdefault((ledger.name, ""), {})
            for each in ledger.fields:
                self.declared((ledger.name, each.name), each)
        for root in roots(program):
            self.term(root.term, _origin(root), root.condition)
        return {key: tuple(sorted(each.values(), key=_place)) for key, each in self.found.items()}

    def declared(self, key: Key, decl: InputDecl) -> None:
        self.found.setdefault(key, {})
        for bound in decl.ranges:
            for op, end in _ends(bound):
                for value in self.constants(end):
                    self.add(key, Boundary(value, op, bound.at, decl.name, decl.clauses, declared=True))
        if decl.within is not None:
            for value in self.keys(decl.within):
                self.add(key, Boundary(value, _key_op(value), decl.at, decl.name, decl.clauses, declared=True))

    def add(self, key: Key, boundary: Boundary) -> None:
        if not _fits(self.kind(key), boundary):
            return
        mark = (repr(boundary.value), boundary.op, boundary.at, boundary.rule)
        self.found.setdefault(key, {}).setdefault(mark, boundary)

    def kind(self, key: Key) -> Kind:
        if key[0]:
            each = self.program.lists[key[0]].field_of(key[1])
            return each.kind if each is not None else NUMBER  # the number of records
        return self.program.inputs[key[1]].kind

    def term(self, term: AnyTerm, origin: Origin, truth: bool = False) -> None:
        """Every comparison inside a term (shared terms are not entered: they are read by themselves)."""
        if term.notes:
            origin, truth = term.notes[-1], truth or term.kind.base == "yesno"
        match term:
            case Choose():
                for arm in term.arms:
                    self.term(arm.when, arm.origin or origin, truth=True)
                    self.term(arm.then, arm.origin or origin)
            case Apply():
                if term.op in COMPARISONS:
                    self.compared(term, origin)
                elif term.op in ("provided", "missing"):
                    for path in self.paths(term.args[0]):
                        self.note(path, None, "provided", term.at, origin)
                elif term.op == "whole_div":  # from one whole part on
                    for path in self.paths(term.args[0]):
                        for value in self.side(term.args[1]):
                            self.note(path, value, ">=", term.at, origin)
                logical = term.op in ("and", "or", "not", "at_least")
                for arg in term.args:
                    self.term(arg, origin, truth=logical)
            case Read() if truth and term.kind.base == "yesno":
                for path in self.paths(term):
                    self.note(path, True, "=", term.at, origin)
            case Find():
                for path in self.paths(term.key):
                    for value in self.keys(term.list):
                        self.note(path, value, _key_op(value), term.at, origin)
                for child in children(term):
                    self.term(child, origin)
            case Over():
                for child in children(term):
                    self.term(child, origin, truth=child is term.where)
            case _:
                for child in children(term):
                    self.term(child, origin)

    def compared(self, term: Apply, origin: Origin) -> None:
        left, rest = term.args[0], term.args[1:]
        for path in self.paths(left):
            for side in rest:
                for value in self.side(side):
                    self.against(path, value, term.op, term.at, origin)
        if len(rest) == 1 and term.op in OPERATORS and term.op not in ("in", "includes", "in_order", "in_period"):
            for path in self.paths(rest[0]):
                for value in self.side(left):
                    self.against(path, value, MIRROR.get(term.op, term.op), term.at, origin)

    def against(self, path: _Path, value: Exact, op: str, at: Span, origin: Origin) -> None:
        turned = path.steps[-1].op if path.steps else ""
        if isinstance(value, Period) and (op == "in_period" or turned in _GRAINS):
            plain = replace(path, steps=path.steps[:-1]) if turned in _GRAINS else path
            self.note(plain, value.first, ">=", at, origin)
            self.note(plain, value.last, "<=", at, origin)
            return
        self.note(path, value, "=" if op == "in" else "includes" if op == "in_order" else op, at, origin)

    def note(self, path: _Path, value: Exact, op: str, at: Span, origin: Origin) -> None:
        crossed: tuple[Moved, ...] = (Moved(value, op),)
        if value is not None and path.steps:
            try:
                crossed = undone(path.steps, value, op)
            except (CannotCompute, OverflowError):
                return
        at = at if at is not NOWHERE else origin.at
        for moved in crossed:
            self.add(path.key, Boundary(moved.value, moved.op, at, origin.rule, origin.clauses, alone=path.alone))

    # ------------------------------------------------------------------------------------------ the two sides
    def side(self, term: AnyTerm) -> tuple[Exact, ...]:
        """The values that a side of a comparison has: constants, else what is known of it."""
        found = self.constants(term)
        return found if found or self.values is None else _unique(self.values(term))

    def constants(self, term: AnyTerm, deep: int = 0) -> tuple[Exact, ...]:
        """The constant values that a term may have; what depends on facts adds none."""
        if deep > 40:
            return ()
        match term:
            case Const():
                return (term.value,)
            case AsOf():
                return self.constants(term.term, deep + 1)
            case Read() if term.name == DAY:
                return (self.as_of,) if self.as_of is not None else ()
            case Read(list=""):
                decl = self.program.inputs.get(term.name)
                if decl is None or not decl.parameter:
                    return ()
                if term.name in self.settings:
                    return (self.settings[term.name],)
                return self.constants(decl.default, deep + 1) if decl.default is not None else ()
            case Use():
                if term.name not in self.constant:
                    self.constant[term.name] = ()
                    self.constant[term.name] = self.constants(self.program.terms[term.name].term, deep + 1)
                return self.constant[term.name]
            case Choose():
                thens = [arm.then for arm in term.arms]
                return _unique(v for then in thens for v in self.constants(then, deep + 1))
            case Find():
                return self.constants(term.value, deep + 1)
            case Read() if term.list in self.program.lists and self.program.lists[term.list].source == "rows":
                return self.column(term.list, term.name, deep + 1)
            case Apply() if term.op in OPERATORS and term.op not in COMPARISONS:
                sides = [self.constants(a, deep + 1) for a in term.args]
                if sum(len(s) > 1 for s in sides) > 2:
                    return ()
                kinds = [a.kind for a in term.args]
                made = (self._applied(term.op, values, kinds) for values in itertools.product(*sides))
                return _unique(v for v in made if v is not None)
            case _:
                return ()

    def _applied(self, op: str, values: tuple[Exact, ...], kinds: list[Kind]) -> Exact:
        if any(v is None for v in values):
            return None
        try:
            return OPERATORS[op].exact(values, kinds, self.setting)
        except CannotCompute:
            return None

    def _fields(self, name: str) -> tuple[InputDecl, ...]:
        decl = self.program.lists.get(name)
        return decl.fields if decl is not None else ()

    def column(self, name: str, column: str, deep: int) -> tuple[Exact, ...]:
        decl = self.program.lists.get(name)
        index = next((i for i, f in enumerate(self._fields(name)) if f.name == column), None)
        if decl is None or index is None:
            return ()
        return _unique(v for row in decl.rows for v in self.constants(row.cells[index], deep + 1))

    def keys(self, name: str) -> tuple[Exact, ...]:
        """The keys of a constant list."""
        decl = self.program.lists.get(name)
        if decl is None or decl.source != "rows" or not decl.fields:
            return ()
        return self.column(name, decl.key or decl.fields[0].name, 0)

    def paths(self, term: AnyTerm, deep: int = 0) -> tuple[_Path, ...]:
        """The facts that a term stands for, each with what is done to it."""
        if deep > 40:
            return ()
        match term:
            case Read(list=""):
                decl = self.program.inputs.get(term.name)
                if decl is None:
                    return ()
                more = [t for t in (decl.derived, None if decl.parameter else decl.default) if t is not None]
                return (_Path(("", term.name)), *(p for t in more for p in self.paths(t, deep + 1)))[:_MOST_VALUES]
            case Read() if term.name == MEMBER:
                chosen = self.program.lists[term.list].members
                return self.paths(chosen, deep + 1) if chosen is not None else ()
            case Read() if declared(self.program, term) is not None:
                return (_Path((term.list, term.name)),)
            case AsOf():
                return self.paths(term.term, deep + 1)
            case Use():
                if term.name not in self.reads:
                    self.reads[term.name] = ()
                    self.reads[term.name] = self.paths(self.program.terms[term.name].term, deep + 1)
                return self.reads[term.name]
            case Choose():
                thens = [arm.then for arm in term.arms]
                return tuple(dict.fromkeys(p for then in thens for p in self.paths(then, deep + 1)))[:_MOST_VALUES]
            case Over() if term.agg in ("count", "distinct"):
                return (_Path((term.list, ""), alone=False),)
            case Over() if term.value is not None:
                return tuple(replace(p, alone=False) for p in self.paths(term.value, deep + 1))
            case Apply() if term.op in _PASSES:
                return tuple(p for arg in term.args for p in self.paths(arg, deep + 1))[:_MOST_VALUES]
            case Apply() if term.op in ("neg", "day_end", "roll_forward", *_GRAINS):
                return tuple(_then(p, Step(term.op)) for p in self.paths(term.args[0], deep + 1))
            case Apply() if len(term.args) >= 2 and term.op in INVERSES:
                return tuple(self._beside(term, deep))[:_MOST_VALUES]
            case _:
                return ()

    def _beside(self, term: Apply, deep: int) -> Iterator[_Path]:
        hows: tuple[Exact, ...] = self.side(term.args[2]) if len(term.args) > 2 else (None,)
        for first in (True, False):
            fact, other = term.args[:2] if first else (term.args[1], term.args[0])
            values = [v for v in self.side(other) if v is not None]
            if values and len(values) <= 8:
                for path in self.paths(fact, deep + 1):
                    yield from (_then(path, Step(term.op, value, first, how)) for value in values for how in hows)


def _origin(root: Root) -> Origin:
    """Where a term comes from: the nearest part around it that says so."""
    for around in reversed(root.path):
        match around:
            case Definition() | Result() | Effect() | Conversion():
                return around.origin
            case ListDecl() if root.field == "only" and around.only_origin is not None:
                return around.only_origin
            case InputDecl() | ListDecl():
                return Origin(around.name, around.clauses, around.at)
            case Header():
                return Origin(around.title, (), around.at)
    raise AssertionError(root)


def _then(path: _Path, step: Step) -> _Path:
    return replace(path, steps=(*path.steps, step))


def _ends(bound: Bound) -> Iterator[tuple[str, AnyTerm]]:
    if bound.low is not None:
        yield bound.low_op, bound.low
    if bound.high is not None:
        yield bound.high_op, bound.high


def _unique(values: Iterable[Exact]) -> tuple[Exact, ...]:
    out: list[Exact] = []
    for value in values:
        if not any(type(value) is type(v) and value == v for v in out):
            out.append(value)
            if len(out) >= _MOST_VALUES:
                break
    return tuple(out)


def _fits(kind: Kind, b: Boundary) -> bool:
    """Whether a value of the kind can be compared so (a table's column may hold other kinds beside it)."""
    match b.value:
        case None:
            return b.op in ("=", "!=", "provided")
        case bool():
            return kind.base == "yesno"
        case Fraction():
            return kind.numeric
        case Duration():
            return kind.base == "duration"
        case date():
            return kind.base in ("date", "instant", "period")
        case Period():
            return kind.base == "period"
        case _:
            return kind.base in ("choice", "choices", "text", "any")


def _key_op(value: Exact) -> str:
    return "prefix" if isinstance(value, str) and value.endswith("*") else "="


def _place(b: Boundary) -> tuple[bool, Fraction, str, str, int, int]:
    """Numbers and days by size, everything else by its text; then by the place in the policy."""
    order: Fraction | None = None
    match b.value:
        case bool():
            order = Fraction(b.value)
        case Fraction():
            order = b.value
        case Duration():
            order = span(b.value)[0] or Fraction(0)
        case Period():
            order = Fraction(b.value.first.toordinal())
        case date():
            order = Fraction(b.value.toordinal()) + Fraction(seconds(b.value), 86400)
    text = str(b.value) if order is None else ""
    return (order is None, order or Fraction(0), text, b.op, b.at.line, b.at.column)
