"""Ranges that the author promises of what is worked out: what the facts make of such a value, before its range."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policydsl.core import AnyTerm, Bound
from policydsl.domain import Possible, ends, has_none
from policydsl.evaluate import lists
from policydsl.evaluate.scope import Entry, Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.kinds import YESNO, Kind
from policydsl.members import dataclass
from policydsl.operators import apply
from policydsl.place import Span


@dataclass(frozen=True, slots=True)
class Promise:
    """A value that is worked out (``term``), for the party or for a record, with its ranges and what it may be."""

    name: str
    record: Entry | None
    term: AnyTerm
    kind: Kind
    ranges: tuple[Bound, ...]
    at: Span
    value: Possible
    scope: Scope


def promises(ev: Evaluator, scope: Scope, wanted: Callable[[AnyTerm], bool] = lambda _: True) -> Iterator[Promise]:
    """What is worked out and has a range: facts and fields that are not given but derived, and computed values; of
    records only those that surely count. ``wanted``: which terms are looked at."""
    program = ev.program
    for decl in program.inputs.values():
        if decl.derived is not None and decl.ranges and wanted(decl.derived) and not ev.given(scope.owner, decl.name):
            value = ev.value(decl.derived, scope)
            yield Promise(decl.name, None, decl.derived, decl.kind, decl.ranges, decl.at, value, scope)
    for ledger in program.lists.values():
        fields = [f for f in ledger.fields if f.derived is not None and f.ranges and wanted(f.derived)]
        for entry, inner in _counting(ev, ledger.name, scope) if ledger.source == "sheet" and fields else ():
            for decl in fields:
                if decl.derived is not None and not ev.given(entry, decl.name):
                    value = ev.value(decl.derived, inner)
                    yield Promise(decl.name, entry, decl.derived, decl.kind, decl.ranges, decl.at, value, inner)
    for name, made in program.terms.items():
        if made.bound is None or not wanted(made.term):
            continue
        about = name.rule, made.term, made.kind, (made.bound,), made.bound.at
        if made.over is None:
            yield Promise(about[0], None, *about[1:], ev.value(made.term, scope), scope)
            continue
        for entry, inner in _counting(ev, made.over, scope):
            yield Promise(about[0], entry, *about[1:], ev.value(made.term, inner), inner)


def _counting(ev: Evaluator, name: str, scope: Scope) -> Iterator[tuple[Entry, Scope]]:
    for entry, counted, inner in lists.members(ev, name, scope):
        if counted.yes:
            yield entry, inner.only(entry)


def broken(ev: Evaluator, value: Possible, kind: Kind, op: str, end: AnyTerm, scope: Scope) -> Possible | None:
    """The end of a range if nothing that a value may be lies on its side; 无 lies in every range, and an end that may
    be 无 limits nothing."""
    limit = ev.value(end, scope)
    if has_none(value) or has_none(limit):
        return None
    return limit if apply(op, [value, limit], [kind, end.kind], YESNO, ev.setting).no else None


def narrowed(ev: Evaluator, promise: Promise) -> bool:
    """Whether the range takes away some of what the facts leave possible."""
    value = promise.value
    if value.known:
        return False
    cut = ev.limited(value, promise.ranges, promise.scope, promise.kind)
    if value.values is not None:
        return cut.values != value.values
    low, low_open, high, high_open = ends(value)
    new_low, new_lo, new_high, new_ho = ends(cut)
    return (low is not None and (low, low_open) != (new_low, new_lo)) or (
        high is not None and (high, high_open) != (new_high, new_ho)
    )


__all__ = ["Promise", "broken", "narrowed", "promises"]
