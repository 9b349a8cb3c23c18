"""What the cases of a policy reach: every rule and row of the trace, every condition of the core program.

A case reaches the results it asks for and those they rest on; what it happens to compute besides is not counted. What
the cases never reach is known all the same: everything to be reached is taken from the core program.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import field
from fractions import Fraction
from typing import Literal

from policydsl.clause_kinds import traits
from policydsl.core import AnyTerm, Apply, Choose, Const, Find, Over, Program, Use
from policydsl.diagnostics import SheetError
from policydsl.engine import Policy
from policydsl.members import dataclass
from policydsl.proof.findings import in_row
from policydsl.kinds import YESNO
from policydsl.operators import COMPARISONS
from policydsl.proof.asked import Asking
from policydsl.place import Span
from policydsl.reads import reads_of
from policydsl.say import names_of
from policydsl.testing.case import Case
from policydsl.testing.example_reader import Faulty
from policydsl.testing.rules import plain, row_key, rules_of
from policydsl.verdict import ResultValue
from policydsl.walk import composed, children, roots, rule_of

Level = Literal["rule", "row", "condition"]
_JOINS = ("and", "or", "not")


@dataclass(frozen=True, slots=True)
class Reached:
    """One rule, row or condition, and the states that the cases bring it to.

    Of rules and rows ``fired not_fired unknown overridden not_applicable``, of conditions ``yes no unknown``. A rule
    whose condition holds and whose amount the document does not state has fired.
    ``text``: the author's words for it.
    """

    level: Level
    rule: str
    row: int | None
    text: str
    at: Span
    states: frozenset[str]

    @property
    def covered(self) -> bool:
        """A rule or row that fires in some case; a condition that some case meets and some case does not."""
        return {"yes", "no"} <= self.states if self.level == "condition" else "fired" in self.states


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases of one policy file reach, in the order of the text."""

    file: str
    rules: tuple[Reached, ...]
    rows: tuple[Reached, ...]
    conditions: tuple[Reached, ...]
    cases: int


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; nothing of nothing is everything."""

    covered: int
    total: int

    @property
    def part(self) -> Fraction:
        return Fraction(self.covered, self.total) if self.total else Fraction(1)


def share(items: Iterable[Reached], state: str | None = None) -> Share:
    """How many are covered, or (``state``) reach that state."""
    found = [i.covered if state is None else state in i.states for i in items]
    return Share(sum(found), len(found))


def coverage(policy: Policy, cases: Collection[Case], file: str) -> Coverage:
    """Judges every case once more and notes what it reaches. Sheets that are refused reach nothing."""
    program = policy.program
    # A measure is no rule: it is brought about by rules, which count.
    rules = {name: rule for name, rule in rules_of(program).items() if traits(rule.label).reading != "force"}
    watched = _watched(program)
    of_rule: dict[str, set[str]] = {name: set() for name in rules}
    of_row: dict[tuple[object, ...], set[str]] = {
        (name, *row_key(origin)): set() for name, rule in rules.items() for origin in rule.rows
    }
    found = reads_of(program).of_result
    below = {name: {name, *(term.rule for term in read.terms)} for name, read in found.items()}
    for case in cases:
        if case.version is not None:
            continue  # of rules that are no longer in force
        try:
            given = case.given(policy)
        except (SheetError, Faulty):
            continue
        if case.refusal:
            continue
        asking = Asking(given.program(program), given.sheets, given.settings, population=given.population)
        wanted = None if case.asserts is None else {n for name in case.asserts for n in below.get(name, {name})}
        for judge in given.judges_of(asking):
            asked = [result for result in program.results if wanted is None or result.name in wanted]
            for result in asked:
                of_rule.get(result.name, set()).update(amount_left_open(judge.reported(result)))
            for draft in judge.trace(asked).drafts:
                if not draft.main:
                    of_row.get((draft.rule, *row_key(draft.origin)), set()).add(draft.status)
                elif draft.rule in of_rule:
                    of_rule[draft.rule].add(draft.status)
        for term, condition in watched.items():
            condition.states |= asking.asked.get(term, set())

    def in_order(items: Iterable[Reached]) -> tuple[Reached, ...]:
        return tuple(sorted(items, key=lambda i: (program.sources.order(i.at), i.rule)))

    return Coverage(
        file,
        in_order(
            Reached("rule", name, None, name, rule.at, frozenset(of_rule[name])) for name, rule in rules.items()
        ),
        in_order(
            Reached("row", name, o.row, _row_text(o.label, o.at, program), o.at, frozenset(of_row[name, *row_key(o)]))
            for name, rule in rules.items() for o in rule.rows
        ),
        in_order(_conditions(program, watched)),
        len(cases),
    )


def amount_left_open(found: ResultValue) -> Iterator[str]:
    """``fired`` where the condition holds and the document does not state the amount: nothing more can be reached."""
    for j in found.items or (found.total,):
        silent = j.value.reasons == {"not_stated"} and not j.value.known and not j.missing
        if silent and j.holds is not None and j.holds.yes:
            yield "fired"


def _row_text(label: str, at: Span, program: Program) -> str:
    """A row by its name where the author gave it one, else by its words."""
    named = plain(label) if label not in names_of("role") else ""
    return named or program.sources.words(at)


# ---------------------------------------------------------------------------------------------- conditions
@dataclass(slots=True)
class _Watched:
    """One condition as it is written; the same words may stand in several terms."""

    rule: str
    op: str
    at: Span
    states: set[str] = field(default_factory=set)


def _watched(program: Program) -> dict[int, _Watched]:
    """The conditions of the program by the identity of their terms."""
    made: dict[tuple[Span, str], _Watched] = {}
    out: dict[int, _Watched] = {}
    for root in roots(program):
        rule = rule_of(root.path[0])
        for term in conditions(root.term, root.condition):
            op = term.op if isinstance(term, Apply) and term.op in COMPARISONS else ""
            itself = isinstance(term, Use) and term.name.rule == rule
            if term.at.line and not itself:
                out[id(term)] = made.setdefault((term.at, op), _Watched(rule, op, term.at))
    return out


def conditions(term: AnyTerm, is_test: bool) -> Iterator[AnyTerm]:
    """Every comparison, and every yes/no that is asked for as a condition. Constants are none."""
    is_test = is_test or bool(term.notes) and term.kind == YESNO
    match term:
        case _ if composed(term):
            yield term
        case Apply(op="blank"):
            return
        case Find() if in_row(term):
            yield from conditions(term.key, False)
            yield from conditions(term.value, True)
        case Apply(op="at_least"):
            yield from conditions(term.args[0], False)
            for item in term.args[1:]:
                yield from conditions(item, True)
        case Apply() if term.op in _JOINS:
            for arg in term.args:
                yield from conditions(arg, True)
        case Choose():
            for arm in term.arms:
                yield from conditions(arm.when, True)
                yield from conditions(arm.then, is_test)
        case Over():
            if is_test:
                yield term
            if term.value is not None:
                yield from conditions(term.value, term.agg in ("any", "all"))
            if term.where is not None:
                yield from conditions(term.where, True)
        case _:
            if not isinstance(term, Const) and (is_test or isinstance(term, Apply) and term.op in COMPARISONS):
                yield term
            for child in children(term):
                yield from conditions(child, False)


def _conditions(program: Program, watched: dict[int, _Watched]) -> Iterator[Reached]:
    unique = {id(c): c for c in watched.values()}.values()
    places: dict[Span, int] = {}
    for c in unique:
        places[c.at] = places.get(c.at, 0) + 1
    for c in unique:
        text = program.sources.words(c.at)
        shown = f"{text} ({c.op})" if places[c.at] > 1 and c.op else text
        yield Reached("condition", c.rule, None, shown, c.at, frozenset(c.states))
