"""A verdict reduced to some of its results, with what they follow from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from policydsl.clause_kinds import traits
from policydsl.kinds import text_key
from policydsl.operators import negation
from policydsl.verdict import KEPT, NOT_KEPT, ResultValue, Verdict


def find_result(verdict: Verdict, name: str) -> ResultValue | None:
    """The result of a name or alias; letter case and character width do not matter."""
    if name in verdict.results:
        return verdict.results[name]
    key = text_key(name)
    for result in verdict.results.values():
        if key == text_key(result.name) or (result.alias and key == text_key(result.alias)):
            return result
    return None


def focus(verdict: Verdict, names: Iterable[str]) -> Verdict:
    """The named results alone, the facts they miss, and the entries of the trace they follow from.

    A rule that is followed from brings all its rows for the party or record.
    """
    wanted = set(names)
    entries = {entry.id: entry for entry in verdict.trace}
    rows: dict[tuple[str, str | None], list[int]] = {}
    for entry in verdict.trace:
        rows.setdefault((entry.rule, entry.record), []).append(entry.id)
    kept: set[int] = set()
    todo = [entry.id for entry in verdict.trace if entry.rule in wanted]
    while todo:
        number = todo.pop()
        if number in kept or number not in entries:
            continue
        kept.add(number)
        entry = entries[number]
        todo += [*entry.because, *rows[entry.rule, entry.record]]
    results = {name: result for name, result in verdict.results.items() if name in wanted}
    asked = {fact for r in results.values() for judged in (r.total, *(r.items or ())) for fact in judged.missing}
    return replace(
        verdict,
        results=results,
        missing=tuple(
            replace(m, wanted_by=tuple(w for w in m.wanted_by if w in wanted))
            for m in verdict.missing if m.fact in asked or wanted & set(m.wanted_by)
        ),
        trace=tuple(entry for entry in verdict.trace if entry.id in kept),
    )


def met(result: ResultValue) -> bool | None:
    """Whether a result that is required is there: yes, no, or not to be decided yet.

    What holds or fails answers by that, a yes or no by its value, a deadline by being kept; any other value is there
    as soon as it is known. What does not apply is not there; an overdue debt is not kept.
    """
    judged = result.total
    if judged.status == "not_applicable":
        return False
    if judged.state is not None:
        names = set(judged.state.values or ("?",))
        return True if names <= KEPT else False if names <= NOT_KEPT else None
    truth = judged.holds if judged.holds is not None else judged.value if judged.kind.base == "yesno" else None
    if judged.status == "conflict":
        return None
    if truth is None:
        return True if judged.status == "known" else None
    if traits(result.label).reading == "debt":
        truth = negation(truth)
    return True if truth.yes else False if truth.no else None
