"""Values of the party that ask something of all records together, and are then used for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from policydsl import nodes as n
from policydsl.clause_kinds import traits
from policydsl.core import Over, Program, Use
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.walk import every, used

VALUES = ("value", "row")  # what is worked out; a condition that asks whether there is one is written for just that


def together(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """A value of the party in which a result per record stands by its name alone, for all records together (whether one
    holds, how much they come to), and on which a clause rests that is judged for each record of the same ledger: most
    likely the value of the record was meant."""
    values = {
        name for name, clause in low.clauses.items()
        if low.over.get(name) is None and traits(clause.kind).reading in VALUES
    }
    rests: dict[str, set[str]] = defaultdict(set)
    for definition in program.terms.values():
        rests[definition.name.rule] |= {name.rule for name in used(definition)}
    for result in program.results:
        rests[result.name] |= {name.rule for name in used(result)}
    users: dict[str, dict[str, str]] = defaultdict(dict)  # of each value the first clause for each ledger
    for name, ledger in low.over.items():
        if ledger is not None:
            for value in _behind(rests[name], values, rests):
                users[value].setdefault(ledger, name)
    for definition in program.terms.values():
        rule = definition.name.rule
        for term in every(definition.term) if rule in users else ():
            if isinstance(term, Over) and _unsaid(term) and term.list in users[rule]:
                args = {"name": rule, "read": low.text(term.at), "ledger": term.list, "other": users[rule][term.list]}
                yield Diagnostic("POL487", term.at, "warning", args)


def _unsaid(term: Over) -> bool:
    """Whether the author wrote no more than the name of what is asked of each record."""
    return isinstance(term.value, Use) and bool(term.at.line) and term.value.at == term.at


def _behind(names: set[str], values: set[str], rests: Mapping[str, set[str]]) -> set[str]:
    """The values of the party that clauses rest on, and those behind these."""
    found: set[str] = set()
    going = names & values
    while going:
        found |= going
        going = {name for each in going for name in rests[each]} & values - found
    return found
