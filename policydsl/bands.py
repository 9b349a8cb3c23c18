"""How tables of bands stand in a program: slices, steps that are reached, rates of a whole; read by whoever tells of
them (workings, checks, the handbook), so that none of them evaluates anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from policydsl.core import AnyTerm, Apply, Arm, Choose, Definition, Name, Read, Use
from policydsl.kinds import YESNO
from policydsl.members import dataclass
from policydsl.operators import MIRROR
from policydsl.walk import every, plain

BELOW, ABOVE = ("<", "<="), (">", ">=")
Terms = Mapping[Name, Definition]


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one end to another; an end that is not there is None. ``low_op``, ``high_op``: how each is compared."""

    low: AnyTerm | None = None
    low_op: str = ">="
    high: AnyTerm | None = None
    high_op: str = "<="


@dataclass(frozen=True, slots=True)
class Slice:
    """A row of slices: what it takes of the base (``size``), from where to where, at which rate. ``when``: what its
    other columns ask, if anything."""

    base: AnyTerm
    stretch: Stretch
    size: AnyTerm
    rate: AnyTerm
    when: AnyTerm | None = None


def stretch_of(subject: AnyTerm, test: AnyTerm) -> Stretch | None:
    """A test as a stretch of its subject; None where it is none."""
    found, own = Stretch(), plain(subject)
    for part in test.args if isinstance(test, Apply) and test.op == "and" else (test,):
        if not isinstance(part, Apply) or part.op not in (*BELOW, *ABOVE) or len(part.args) != 2:
            return None
        (left, right), op = part.args, part.op
        if plain(left) != own:
            left, right, op = right, left, MIRROR[op]
        if plain(left) != own or (found.low if op in ABOVE else found.high) is not None:
            return None
        if op in ABOVE:
            found = Stretch(right, op, found.high, found.high_op)
        else:
            found = Stretch(found.low, found.low_op, right, op)
    return found


# ---------------------------------------------------------------------------------------------- slices, steps
def slices_of(terms: Terms, rule: str) -> list[tuple[Definition, Slice]]:
    """The rows of a table of slices, in the order of the text."""
    rows = [d for name, d in terms.items() if name.rule == rule and name.part == "slice"]
    return [(definition, found) for definition in rows if (found := sliced(definition.term)) is not None]


def sliced(row: AnyTerm) -> Slice | None:
    """A row of slices as it is lowered: what it cuts of the base less what it cuts of nothing, at a rate."""
    when: AnyTerm | None = None
    while isinstance(row, Choose):  # whom the clause concerns, then what the other columns ask
        when, row = row.arms[0].when, row.arms[0].then
    match row:
        case Apply(op="*", args=(Apply(op="-", args=(cut, _)) as size, rate)):
            return Slice(*_cut(cut), size, rate, when)
    return None


def _cut(cut: AnyTerm) -> tuple[AnyTerm, Stretch]:
    match cut:
        case Apply(op="clamp", args=(base, low, high)):
            return base, Stretch(low=low, high=high)
        case Apply(op="max", args=(base, low)):
            return base, Stretch(low=low)
        case Apply(op="min", args=(base, high)):
            return base, Stretch(high=high)
    return cut, Stretch()


def step_of(row: AnyTerm) -> Arm | None:
    """A row in which a step that is reached pays: what is asked, and what it pays."""
    while isinstance(row, Choose):
        if row.arms[0].origin is not None:
            return row.arms[0]
        row = row.arms[0].then
    return None


def lower_end(test: AnyTerm, subject: AnyTerm) -> AnyTerm | None:
    """Where a step begins, of all that is asked of it."""
    for part in test.args if isinstance(test, Apply) and test.op == "and" else (test,):
        found = stretch_of(subject, part)
        if found is not None and found.low is not None:
            return found.low
    return None


# ---------------------------------------------------------------------------------------------- rates of the whole
@dataclass(frozen=True, slots=True)
class Whole:
    """A table of rates of the whole base, or (not ``rated``) of amounts by one sum of money; ``term``: what it comes
    to, ``limits``: 上限 and 下限 (``min max``), innermost first."""

    base: AnyTerm
    arms: tuple[Arm, ...]
    term: AnyTerm
    rated: bool = True
    limits: tuple[tuple[str, AnyTerm], ...] = ()


def whole_of(terms: Terms, rule: str) -> Whole | None:
    """The table of rates or amounts of a rule, if it has one."""
    value = terms.get(Name(rule))
    return _whole(value.term) if value is not None else None


def _whole(term: AnyTerm) -> Whole | None:
    match term:
        case Apply(op="*", args=(base, Choose(arms=arms))) if all(a.origin for a in arms):
            return Whole(base, arms, term)
        case Apply(op="min" | "max" as op, args=(inner, limit)) if (found := _whole(inner)) is not None:
            return replace(found, limits=(*found.limits, (op, limit)))
        case Apply(op="round", args=(inner, *_)):
            return _whole(inner)
        case Choose(arms=arms):  # exceptions stand before it
            own = tuple(arm for arm in arms if not arm.exception)
            subject = _money(own) if term.kind.base == "money" and all(arm.origin for arm in own) else None
            if subject is not None:
                return Whole(subject, own, term, rated=False)
            return next((found for arm in arms if (found := _whole(arm.then)) is not None), None)
    return None


def _money(arms: tuple[Arm, ...]) -> AnyTerm | None:
    """The one sum of money whose stretches all the rows are of."""
    found: dict[str, AnyTerm] = {}
    for arm in arms:
        for part in every(arm.when):
            if isinstance(part, Apply) and part.op in (*BELOW, *ABOVE):
                found |= {plain(x): x for x in part.args if isinstance(x, Read | Use) and x.kind.base == "money"}
    subject = next(iter(found.values())) if len(found) == 1 else None
    return subject if subject is not None and all(apart(subject, arm.when)[0] for arm in arms) else None


def apart(subject: AnyTerm, test: AnyTerm) -> tuple[Stretch | None, tuple[AnyTerm, ...]]:
    """What a row asks of a subject as a stretch, and everything else that it asks."""
    parts = test.args if isinstance(test, Apply) and test.op == "and" else (test,)
    own = [part for part in parts if stretch_of(subject, part) is not None]
    rest = tuple(part for part in parts if part not in own)
    asked = own[0] if len(own) == 1 else Apply("and", tuple(own), kind=YESNO)
    return stretch_of(subject, asked) if own else None, rest
