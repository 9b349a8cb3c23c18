"""Walking core terms: the children of each form, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from policydsl.core import (
    Accrue,
    AnyTerm,
    Apply,
    AsOf,
    AsOfDay,
    AtLeast,
    Choose,
    Completes,
    Const,
    Converted,
    Drain,
    Find,
    InKeys,
    Input,
    Item,
    Noted,
    NoValue,
    Ordinal,
    Over,
    OverChoices,
    PartyName,
    Rank,
    Use,
)


def children(term: AnyTerm) -> tuple[AnyTerm, ...]:
    """The terms directly inside a term."""
    match term:
        case Const() | NoValue() | Input() | Item() | Use() | AsOfDay() | PartyName() | Completes() | Converted():
            return ()
        case Apply():
            return term.args
        case Choose():
            inner = tuple(t for arm in term.arms for t in (arm.when, arm.then))
            return inner if term.otherwise is None else (*inner, term.otherwise)
        case Noted():
            return (term.inner,)
        case AtLeast():
            return (term.count, *term.items)
        case AsOf():
            return (term.term, term.day)
        case Over():
            return _given(term.value, term.where)
        case OverChoices():
            return (term.choices, term.value)
        case Find():
            return (term.key,) if isinstance(term.column, str) else (term.key, term.column)
        case InKeys():
            return (term.key,)
        case Ordinal():
            return _given(term.where, term.start, term.window)
        case Rank():
            return _given(term.candidate, term.key, term.group, term.limit)
        case Drain():
            return (*_given(term.where, term.by, term.debt), *term.sources)
        case Accrue():
            return _given(term.debt, term.due, term.rate, term.paid, term.where, term.by)
        case _:
            assert_never(term)


def _given(*terms: AnyTerm | None) -> tuple[AnyTerm, ...]:
    return tuple(t for t in terms if t is not None)


def every(term: AnyTerm) -> Iterator[AnyTerm]:
    """The term and everything inside it (shared terms are not entered)."""
    stack = [term]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(reversed(children(here)))
