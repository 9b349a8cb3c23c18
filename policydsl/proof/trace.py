"""The trace, read from the proof: an entry for each rule and each of its rows, for the party or a record."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl.core import AnyTerm, Choose, Const, Name, Origin, Over, Result, Use
from policydsl.domain import Possible
from policydsl.evaluate.scope import Entry as Record
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.kinds import YESNO, Kind
from policydsl.members import dataclass
from policydsl.proof.findings import findings, readings
from policydsl.proof.steps import Step, Row
from policydsl.proof.sums import Sums
from policydsl.verdict import Entry, Finding, Fired, Judged, Reading, Sum
from policydsl.walk import children


@dataclass(slots=True)
class Draft:
    """An entry before it has its number and its links."""

    rule: str
    record: Record | None
    origin: Origin
    status: Fired
    value: Possible | None
    kind: Kind
    step: Step | None
    main: bool = False
    result: Result | None = None


class Trace:
    """Collects the entries of one verdict."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev
        self.results: list[tuple[Result, Judged, Record | None, Scope]] = []
        self._drafts: list[Draft] = []
        self.by_rule: dict[str, list[Name]] = {}
        self.sums = Sums()
        for name in ev.program.terms:
            self.by_rule.setdefault(name.rule, []).append(name)

    @property
    def drafts(self) -> list[Draft]:
        """Those of the results so far, which are worked out when somebody asks for them."""
        results, self.results = self.results, []
        for each in results:
            self._result(*each)
        return self._drafts

    def result(self, result: Result, judged: Judged, record: Record | None, scope: Scope) -> None:
        """A result that has entries: its own, then those of its rows."""
        self.results.append((result, judged, record, scope))

    def _result(self, result: Result, judged: Judged, record: Record | None, scope: Scope) -> None:
        value = judged.value if result.judged else None
        step = Step(self.ev, result.value, scope)
        self._drafts.append(
            Draft(result.name, record, result.origin, fired(judged), value, judged.kind, step, True, result)
        )
        if not result.judged or judged.status == "not_applicable":
            self.rows(result.name, record, Step(self.ev, result.concerns, scope))
            return
        for name in self.by_rule.get(result.name, []):
            definition = self.ev.program.terms[name]
            if definition.over == result.over:
                self.rows(result.name, record, Step(self.ev, definition.term, scope))

    def left_out(self, name: str, record: Record, only: AnyTerm, origin: Origin, scope: Scope) -> None:
        """A record that its ledger does not count."""
        self.drafts.append(Draft(name, record, origin, "not_fired", None, YESNO, Step(self.ev, only, scope)))

    def rows(self, rule: str, record: Record | None, step: Step) -> None:
        """Every condition and row inside the term that has a place of its own."""
        self._drafts.extend(self.inside(rule, record, step))

    def inside(self, rule: str, record: Record | None, step: Step) -> Iterator[Draft]:
        term = step.term
        for origin in term.notes:
            status = status_of(step.value) if term.kind == YESNO else "fired" if step.value.known else "unknown"
            yield Draft(rule, record, origin, status, step.value, term.kind, step)
        match term:
            case Use() | Over():
                return
            case Choose():
                yield from self.choice(rule, record, step)
            case _:
                for child in children(term):
                    yield from self.inside(rule, record, step.at(child))

    def choice(self, rule: str, record: Record | None, step: Step) -> Iterator[Draft]:
        overriding = decided = False
        for row in step.rows:
            status = status_of(row.when.value)
            if row.arm.exception:
                overriding = overriding or status == "fired"
                yield from self.row(rule, record, row, status, status == "not_fired")
            elif overriding:
                if row.arm.origin is not None:
                    yield Draft(rule, record, row.arm.origin, "overridden", None, step.term.kind, None)
            else:
                yield from self.inside(rule, record, row.when)
                idle = status == "not_fired" or decided
                shown: Fired = "overridden" if decided and status != "not_fired" else status
                yield from self.row(rule, record, row, shown, idle)
                decided = decided or status == "fired"

    def row(self, rule: str, record: Record | None, row: Row, status: Fired, idle: bool) -> Iterator[Draft]:
        if row.arm.origin is not None:
            value = None if idle else row.then.value
            yield Draft(rule, record, row.arm.origin, status, value, row.then.term.kind, row.when)
        if not idle:
            yield from self.inside(rule, record, row.then)

    # ------------------------------------------------------------------------------------------ numbering
    def entries(self, brief: bool = False) -> tuple[Entry, ...]:
        """The numbered entries, linked to what they follow from; ``brief``: of records, only their own and those of
        rows that came about."""
        ids: dict[tuple[str, str | None], int] = {}
        drafts = self.drafts
        for i, d in enumerate(drafts, 1):
            if d.main:
                ids[(d.rule, d.record.key if d.record else None)] = i
        all_of: dict[str, list[int]] = {}
        for (rule, _), i in ids.items():
            all_of.setdefault(rule, []).append(i)
        return tuple(
            self.entry(i, d, ids, all_of) for i, d in enumerate(drafts, 1)
            if not brief or d.record is None or d.main or d.status == "fired"
        )

    def entry(
        self, number: int, d: Draft, ids: dict[tuple[str, str | None], int], all_of: dict[str, list[int]]
    ) -> Entry:
        program, record = self.ev.program, d.record.key if d.record else None
        because: set[int] = set()
        rests_on = [] if d.step is None else [d.step.term]
        if d.main:
            rests_on = [program.terms[n].term for n in self.by_rule.get(d.rule, [])]
        for name in frozenset[str]().union(*map(self.ev.reads.rules, rests_on)):
            if name == d.rule and d.main:
                continue
            own = ids.get((name, record))
            because.update([own] if own is not None else all_of.get(name, []))
        because.discard(number)
        found: tuple[Finding, ...] = ()
        reads: tuple[Reading, ...] = ()
        if d.step is not None and not d.main:
            asks = d.step.term.kind == YESNO and not isinstance(d.step.term, Const)
            found = tuple(findings(d.step)) if asks else ()
            reads = readings(d.step)
        elif d.step is not None and d.status != "not_applicable":
            main = program.terms.get(Name(d.rule))
            if main is not None:
                reads = tuple(r for r in readings(d.step.at(main.term)) if r.name != d.rule)
        working: Sum | None = None
        if d.step is not None and d.result is not None and d.result.judged and d.status != "not_applicable":
            working = self.sums.of_result(d.result, d.step)
        elif d.step is not None:
            working = self.sums.of_line(d.step, d.origin)
        rulings = tuple(r.text for r in d.origin.remarks if r.kind == "ruling")
        return Entry(
            number, d.rule, d.origin.row, d.origin.label, record, d.status, d.value, d.kind, reads, found,
            tuple(sorted(because)), d.origin.clauses, rulings, d.origin.at, working,
        )


def fired(judged: Judged) -> Fired:
    """How a result as a whole came out."""
    if judged.status == "not_applicable":
        return "not_applicable"
    if judged.status != "known":
        return "unknown"
    if judged.holds is not None:
        return "fired" if judged.holds.yes else "not_fired"
    return "not_fired" if judged.value.known and judged.value.value is None else "fired"


def status_of(value: Possible) -> Fired:
    return "fired" if value.yes else "not_fired" if value.no else "unknown"
