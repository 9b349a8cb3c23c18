"""What of a term is still open: how often each unknown is read on the way to it, and with what it is compared there.

What is known is not gone into, nor what can no longer matter. Nothing here decides what a value is: it says only which
suppositions may tell more, so that whatever it leaves out costs tightness and never soundness.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

from policydsl.calendar import CannotCompute
from policydsl.core import STATE, AnyTerm, Apply, AsOf, Bound, Choose, Find, InputDecl, Name, Over, Read, Use
from policydsl.domain import YES, Need, Possible, spelled
from policydsl.evaluate import lists, ranges, records, stretches
from policydsl.evaluate.cells import BEGINS, Cut, cuts
from policydsl.evaluate.scope import Entry, Fact, Item, Part, Scope
from policydsl.kinds import Exact, Kind
from policydsl.members import dataclass
from policydsl.operators import COMPARISONS, MIRROR
from policydsl.operators.undo import INVERSES, Step, undone
from policydsl.reads import PARTY_IN_HAND
from policydsl.walk import declared

if TYPE_CHECKING:
    from policydsl.evaluate.terms import Evaluator

PASSES = frozenset({"max", "min", "latest", "earliest", "clamp", "day_of"})
MOST_ROWS = 16  # of a list in which an unknown is looked up: of more there would be too many cells
LOGIC = frozenset({"and", "or", "not", "at_least", "blank"})


Met = tuple[tuple[Step, ...], Exact, str]  # the steps to a side of a comparison (the innermost first), the other, how


@dataclass(slots=True)
class Open:
    """``paths``: how often each unknown, and each part that is not known, is read; what is read outside stands before
    what is read inside. A need stands for an unknown that cannot be supposed. ``cuts``: where each is cut by what it is
    compared with. ``about``: what the unknowns are."""

    paths: dict[Item | Need, int] = field(default_factory=dict)
    cuts: dict[Item, dict[Met, None]] = field(default_factory=dict)
    about: dict[Item, tuple[AnyTerm, Scope] | InputDecl] = field(default_factory=dict)
    values: dict[tuple[int, int], tuple[Possible, Scope]] = field(default_factory=dict)  # while it is made

    def add(self, other: Open) -> None:
        for item, n in other.paths.items():
            self.paths[item] = self.paths.get(item, 0) + n
        for cut, values in other.cuts.items():
            self.cuts.setdefault(cut, {}).update(values)
        self.about |= other.about

    def read(self, item: Item | Need) -> None:
        self.paths[item] = self.paths.get(item, 0) + 1


def alone(ev: Evaluator, term: AnyTerm) -> bool:
    """Whether a term looks at nothing but the party."""
    return ev.reads.hands(term) <= {PARTY_IN_HAND}


def of(ev: Evaluator, asked: Name | AnyTerm, scope: Scope) -> Open:
    """What is open of a shared term, or of another, that is not known."""
    made = Open()
    if isinstance(asked, Name):
        definition = ev.program.terms[asked]
        _walk(ev, definition.term, scope, made)
        if definition.bound is not None:
            _ends(ev, *ranges.worked_out(ev.reads, definition.term, (definition.bound,), scope), made)
    else:
        _inside(ev, asked, scope, made)
    made.values = {}
    return made


def of_item(ev: Evaluator, item: Part, found: Open) -> Open:
    """What is open of a part that was found open."""
    about = found.about[item]
    assert not isinstance(about, InputDecl)
    term, scope = about
    key = (item, scope.fixed)
    if key not in ev.opened:
        ev.opened[key] = of(ev, term.name if isinstance(term, Use) else term, scope)
    return ev.opened[key]


def _ends(ev: Evaluator, bounds: Iterable[Bound], scope: Scope, made: Open) -> None:
    for bound in bounds:
        _all(ev, (t for t in (bound.low, bound.high) if t is not None), scope, made)


def _all(ev: Evaluator, terms: Iterable[AnyTerm], scope: Scope, made: Open) -> None:
    for term in terms:
        _walk(ev, term, scope, made)


def _walk(ev: Evaluator, term: AnyTerm, scope: Scope, made: Open) -> None:
    """Adds what is open of a term; of what is known nothing is."""
    value = _value(ev, term, scope, made)
    if value.known:
        return
    if not value.needs:  # no fact can settle it
        return
    part = part_of(ev, term, scope)
    if part is not None:
        made.read(part)
        if scope.supposed(part) is not None:
            return
        inner = _inner(ev, term, scope)
        made.about[part] = term, inner
        if isinstance(term, Use | Over):
            made.add(of_item(ev, part, made))
            return
    _inside(ev, term, scope, made)


def _value(ev: Evaluator, term: AnyTerm, scope: Scope, made: Open) -> Possible:
    """The value of a term, its parts evaluated once."""
    key = id(term), id(scope)
    found = made.values.get(key)
    if found is None:
        value = ev.of_part(term, scope) if scope.fixed and isinstance(term, Apply) else None
        if value is None and isinstance(term, Apply):
            value = ev.apply(term, [_value(ev, arg, scope, made) for arg in term.args])
        found = made.values[key] = ev.value(term, scope) if value is None else value, scope
    return found[0]


def part_of(ev: Evaluator, term: AnyTerm, scope: Scope) -> Part | None:
    """A term as something that can be supposed of."""
    if isinstance(term, Use):
        entry = scope.record_of(term.list, term.up)
        return None if entry is None else Part(term.name, scope.day, scope.only(entry).at)
    if isinstance(term, Over) or isinstance(term, Apply) and term.op not in LOGIC:
        return None if term.number < 0 else Part(term.number, scope.day, ev.hands(term, scope))
    return None


def _inside(ev: Evaluator, term: AnyTerm, scope: Scope, made: Open) -> None:
    """Adds what is open inside a term."""
    match term:
        case Read():
            _read(ev, term, scope, made)
        case Apply():
            _all(ev, term.args, scope, made)
            if term.op in COMPARISONS:
                _compared(ev, term, scope, made)
        case Choose():
            _all(ev, _arms(ev, term, scope, made), scope, made)
        case Over():
            _over(ev, term, scope, made)
        case Find():
            _walk(ev, term.key, scope, made)
            _looked_up(ev, term, scope, made)
            for entry in ev.candidates(term, scope):
                if entry is not None:
                    _walk(ev, term.value, scope.bind(entry), made)
                elif term.otherwise is not None:
                    _walk(ev, term.otherwise, scope, made)
        case AsOf():
            _walk(ev, term.day, scope, made)
            for value in ev.days(term, scope) or ():
                if isinstance(value, date):
                    _walk(ev, term.term, scope.on(value), made)
            for op, border in stretches.borders(ev.program, term) or ():
                _cut(ev, term.day, scope, (), border, op, made)


def _read(ev: Evaluator, term: Read, scope: Scope, made: Open) -> None:
    entry, value = scope.record_of(term.list, term.up), _value(ev, term, scope, made)
    decl = declared(ev.program, term)
    if entry is not None and entry.row is not None and decl is not None:
        place = ev.program.lists[entry.list].by_name.get(term.name)
        if place is not None:
            _walk(ev, entry.row.cells[place], scope, made)
        return
    fact = free(ev, entry, term.name, decl)
    if fact is None or entry is None or decl is None:
        instead = None if decl is None else decl.derived if decl.derived is not None else decl.default
        if entry is not None and instead is not None and term.name not in entry.columns:
            _walk(ev, instead, scope.only(entry), made)
        else:
            for need in value.needs:
                made.read(need)
                if _again(ev, term, need):
                    made.read(need)
        return
    made.read(fact)
    made.about[fact] = decl
    _ends(ev, *ranges.told(ev.reads, decl, scope.only(entry)), made)


def _again(ev: Evaluator, term: Read, need: Need) -> bool:
    """Whether a running column reads what is needed more than once: a fact of the party at each record, or where a step
    does, or goes on from what is left of the record before in more than one place."""
    decl = ev.program.holding(term.list) if term.list != STATE else None
    scan = decl.running(term.name) if decl is not None else None
    if scan is None:
        return False
    step = next(column.term for column in scan.step if column.name == term.name)
    return not need.list or any(ev.reads.repeated(step, key) for key in ((need.list, need.name), (STATE, term.name)))


def free(ev: Evaluator, entry: Entry | None, name: str, decl: InputDecl | None) -> Fact | None:
    """A fact or field as an unknown of its own: neither given nor worked out."""
    if entry is None or decl is None or entry.row is not None or name in entry.columns:
        return None
    if decl.derived is not None or decl.default is not None or ev.given(entry, name):
        return None
    return Fact(entry.source, name)


def _arms(ev: Evaluator, term: Choose, scope: Scope, made: Open) -> Iterable[AnyTerm]:
    """The conditions and values of a choice that can still matter."""
    sure = False
    for arm in sorted(term.arms, key=lambda a: not a.exception):
        if sure and not arm.exception:
            return
        when = _value(ev, arm.when, scope, made)
        if when.no:
            continue
        yield arm.when
        yield arm.then
        sure = sure or when.yes


def _over(ev: Evaluator, term: Over, scope: Scope, made: Open) -> None:
    decl = ev.program.lists[term.list]
    if decl.members is not None:
        _walk(ev, decl.members, scope, made)
        return
    found = lists.rows(ev, term.list, scope)
    for need in found.needs:
        made.read(need)
    for entry, counted, inner in lists.members(ev, term.list, scope):
        if counted.no or (where := YES if term.where is None else _value(ev, term.where, inner, made)).no:
            continue
        if not counted.known and decl.only is not None:
            _walk(ev, decl.only, inner.only(entry), made)
        if term.where is not None and not where.known:
            _walk(ev, term.where, inner, made)
        if term.value is not None:
            _walk(ev, term.value, inner, made)


# ---------------------------------------------------------------------------------------------- where it is cut
def _compared(ev: Evaluator, term: Apply, scope: Scope, made: Open) -> None:
    """Adds where a comparison changes its answer, of the unknowns that are its sides."""
    left, rest = term.args[0], term.args[1:]
    for side in rest:
        op = "=" if term.op == "in" else term.op
        for of_, other, by in ((left, side, op), (side, left, MIRROR.get(op, op))):
            value = spelled(_value(ev, other, scope, made))
            for one in value.values or () if not _value(ev, of_, scope, made).known else ():
                if one is not None and len(value.values or ()) <= 8:
                    _cut(ev, of_, scope, (), one, by, made)


def _looked_up(ev: Evaluator, term: Find, scope: Scope, made: Open) -> None:
    """Adds where a look-up comes to another record, of the unknown that is its key."""
    entries = lists.rows(ev, term.list, scope).entries
    if len(entries) > MOST_ROWS or _value(ev, term.key, scope, made).known:
        return
    for entry in entries:
        key = records.key_of(ev, entry, scope)
        if key.known and isinstance(key.value, str) and key.value.endswith("*"):
            _cut(ev, term.key, scope, (), key.value[:-1], BEGINS, made)
        elif key.known and key.value is not None:
            _cut(ev, term.key, scope, (), key.value, "=", made)


def _cut(
    ev: Evaluator, term: AnyTerm, scope: Scope, steps: tuple[Step, ...], value: Exact, op: str, made: Open
) -> None:
    """Carries a limit back to what a side is made of. ``steps``: what is done to it, the outermost first."""
    here = _value(ev, term, scope, made)
    if here.known:
        return
    part = part_of(ev, term, scope)
    if part is not None:
        _mark(part, steps, value, op, made)
        if scope.supposed(part) is not None:
            return
    match term:
        case Read():
            entry, decl = scope.record_of(term.list, term.up), declared(ev.program, term)
            fact = free(ev, entry, term.name, decl)
            if fact is not None:
                _mark(fact, steps, value, op, made)
        case Use():
            _cut(ev, ev.program.terms[term.name].term, _inner(ev, term, scope), steps, value, op, made)
        case Choose():
            for arm in term.arms:
                if not _value(ev, arm.when, scope, made).no:
                    _cut(ev, arm.then, scope, steps, value, op, made)
        case Apply() if term.op in PASSES:
            for arg in term.args:
                _cut(ev, arg, scope, steps, value, op, made)
        case Apply() if term.op in ("neg", "day_end", "roll_forward"):
            _cut(ev, term.args[0], scope, (*steps, Step(term.op)), value, op, made)
        case Apply() if len(term.args) >= 2 and term.op in INVERSES:
            how = _value(ev, term.args[2], scope, made).value if len(term.args) > 2 else None
            for first, (own, other) in ((True, term.args[:2]), (False, term.args[1::-1])):
                beside = _value(ev, other, scope, made)
                if beside.known and beside.value is not None:
                    _cut(ev, own, scope, (*steps, Step(term.op, beside.value, first, how)), value, op, made)
        case _:
            pass


def _inner(ev: Evaluator, term: AnyTerm, scope: Scope) -> Scope:
    """Where a shared term, or another, is evaluated, with no more supposed than can bear on it."""
    if isinstance(term, Use):
        scope = scope.only(scope.record_of(term.list, term.up))
    if not scope.fixed or not isinstance(term, Use | Over):
        return scope
    return ev.bearing(ev.reads.reach(term.name if isinstance(term, Use) else term), scope)


def _mark(item: Item, steps: tuple[Step, ...], value: Exact, op: str, made: Open) -> None:
    made.cuts.setdefault(item, {})[steps[::-1], value, op] = None


def cuts_of(found: Open, item: Item) -> set[Cut]:
    """Where an unknown is cut by what it is compared with."""
    out: set[Cut] = set()
    for steps, value, op in found.cuts.get(item, ()):
        try:
            moved = undone(steps, value, op)
        except (CannotCompute, OverflowError):
            continue
        for each in moved:
            out.update(cuts(each.value, each.op))
    return out


def kind_of(found: Open, item: Item) -> Kind:
    about = found.about[item]
    return about.kind if isinstance(about, InputDecl) else about[0].kind


def value_of(ev: Evaluator, found: Open, item: Item, scope: Scope) -> Possible:
    """What an unknown may be."""
    if isinstance(item, Part):
        about = found.about[item]
        assert not isinstance(about, InputDecl)
        term, inner = about
        return ev.shared(term.name, inner.at[-1], inner) if isinstance(term, Use) else ev.value(term, inner)
    return ev.field(item.entry, item.name, scope if item.entry.party is not None else scope.bind(item.entry))


__all__ = ["Open", "alone", "cuts_of", "kind_of", "of", "of_item", "value_of"]

