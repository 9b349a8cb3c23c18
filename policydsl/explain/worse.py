"""What else would get worse if a known fact were changed to what a target asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from policydsl.boundaries.cells import step_of
from policydsl.clause_kinds import traits
from policydsl.core import Program, Result
from policydsl.domain import Possible, before
from policydsl.explain.model import Change, Node, Worse
from policydsl.explain.targets import constants
from policydsl.explain.trials import Place, SpentError, Trials
from policydsl.kinds import Exact
from policydsl.verdict import NOT_KEPT, Judged, ResultValue

MOST_CHANGES = 8  # known facts that are tried for one target

Asked = tuple[str, str | None, Exact]  # a fact, the record that it is of, what is asked of it


def changes(trials: Trials, target: Result, entries: Iterable[tuple[str | None, Sequence[Node]]]) -> tuple[Change, ...]:
    """The known facts behind what is not met, each changed alone to what is asked of it, where that makes another
    result worse."""
    tried: dict[tuple[str, Exact], Change] = {}
    for record, nodes in entries:
        for node in _failing(nodes):
            place = trials.place(node.name) or trials.place(f"{target.over}[{record}].{node.name}")
            value = None if place is None or not _told(trials, place) else _asked(node, place, trials)
            if place is None or value is None or (place.name, value) in tried:
                continue
            if len(tried) >= MOST_CHANGES:
                break
            try:
                after = trials.changed(place, value, target.name)
            except SpentError:
                return tuple(c for c in tried.values() if c.worse)
            worse = [w for before_, now in after for w in _worse(trials.program, before_, now)]
            tried[place.name, value] = Change(place.name, value, place.decl.kind, tuple(worse))
    return tuple(c for c in tried.values() if c.worse)


def _failing(nodes: Sequence[Node]) -> Iterator[Node]:
    """The tests that are not met, down to those of facts."""
    for node in nodes:
        if node.status == "unmet" and not node.superseded:
            yield node
            yield from _failing(node.children)


def _told(trials: Trials, place: Place) -> bool:
    """Whether the sheet tells the fact: a parameter is the policy's, and what follows from others changes with them."""
    if place.decl.parameter or place.decl.derived is not None:
        return False
    if not place.list:
        return place.decl.name in trials.sheet.values
    return place.decl.name in trials.sheet.lists[place.list][place.index].values


def _asked(node: Node, place: Place, trials: Trials) -> Exact:
    """The value of the fact with which the test would be met; None where that is not one."""
    finding = node.finding
    if finding is None or finding.status != "no" and not node.bars:
        return None
    if place.decl.kind.base == "yesno" and finding.op in ("", "not"):
        return (finding.op == "") != node.bars
    required = finding.required
    value = required.value if required is not None and required.known else None
    if value is None or node.bars or finding.subject not in ("", place.decl.name):
        return None
    if finding.op in (">=", "<=", "="):
        return value
    step = step_of(place.decl, trials.found.get(place.key, ()))
    up = {">": 1, "<": -1}.get(finding.op)
    if up is not None and isinstance(value, Fraction) and isinstance(step, Fraction):
        return value + up * step
    if up is not None and isinstance(value, date) and isinstance(step, timedelta):
        return value + up * step
    return None


# ---------------------------------------------------------------------------------------------- worse
def _worse(program: Program, old: ResultValue, new: ResultValue) -> Iterator[Worse]:
    """A result before and after: of one with records the records that got worse, else the whole."""
    result = next(r for r in program.results if r.name == old.name)
    earlier = {one.record: one for one in old.items or ()}
    found = [
        Worse(old.name, old.label, one.record, earlier[one.record], one, old.clauses, old.at)
        for one in new.items or () if one.record in earlier and worse(program, result, earlier[one.record], one)
    ]
    if not found and worse(program, result, old.total, new.total):
        found = [Worse(old.name, old.label, None, old.total, new.total, old.clauses, old.at)]
    yield from found


def worse(program: Program, result: Result, old: Judged, new: Judged) -> bool:
    """Whether an outcome that is decided is worse than another: a requirement no longer met, a reward, a tier or points
    lost or less, a sanction, a day missed. Of what a partner neither wishes for nor would avoid nothing is said."""
    kind = traits(result.label)
    lost = kind.stance == "wished" and new.status == "not_applicable"
    if old.status != "known" or new.status != "known" and not lost:
        return False
    if _truth(old) is True and (lost or _truth(new) is False) and (kind.stance == "wished" or kind.asks):
        return True
    if _truth(old) is False and _truth(new) is True and kind.stance == "averse":
        return True
    if kind.reading == "tier":
        tiers = [value for value in constants(result, program) if value is not None]
        ladder: dict[Exact, int] = {value: place for place, value in enumerate(tiers)}
        there = ladder.get(old.value.value) if old.value.known else None
        now = ladder.get(new.value.value, len(ladder)) if new.value.known and not lost else len(ladder)
        return there is not None and there < now and (lost or new.value.known)
    if _missed(new.state) and not _missed(old.state):
        return old.state is not None and old.state.known
    if kind.reading in ("amount", "score") and _truth(old) is not False and _truth(new) is not False:
        return _less(*((new, old) if kind.stance != "averse" else (old, new)))
    return False


def _truth(judged: Judged) -> bool | None:
    found = judged.holds if judged.holds is not None else judged.value if judged.kind.base == "yesno" else None
    return None if found is None or not found.known else found.value is True


def _missed(state: Possible | None) -> bool:
    return state is not None and state.known and str(state.value) in NOT_KEPT


def _less(one: Judged, other: Judged) -> bool:
    values = [j.value.value if j.value.known else None for j in (one, other)]
    return all(isinstance(v, Fraction) for v in values) and before(*values)


__all__ = ["MOST_CHANGES", "changes", "worse"]
