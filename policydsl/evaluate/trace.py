"""The trace: one entry for each rule and each of its rows, tested for the party or for a record, fired or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policydsl.core import AnyTerm, Choose, Const, Definition, Name, Origin, Over, Result, Use
from policydsl.domain import Possible
from policydsl.evaluate.findings import findings, readings
from policydsl.evaluate.scope import Entry as Row
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.kinds import YESNO, Kind
from policydsl.verdict import Entry, Finding, Fired, Judged, Reading
from policydsl.walk import children, used


@dataclass(slots=True)
class Draft:
    """An entry before it has its number and its links."""

    rule: str
    record: Row | None
    origin: Origin
    status: Fired
    value: Possible | None
    kind: Kind
    term: AnyTerm | None
    scope: Scope
    main: bool = False


class Trace:
    """Collects the entries of one verdict."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev
        self.drafts: list[Draft] = []
        self.by_rule: dict[str, list[Name]] = {}
        for name in ev.program.terms:
            self.by_rule.setdefault(name.rule, []).append(name)

    def result(self, result: Result, judged: Judged, record: Row | None, scope: Scope) -> None:
        """The entry of a result, then its rows."""
        status: Fired
        if judged.status == "not_applicable":
            status = "not_applicable"
        elif judged.status in ("unknown", "conflict"):
            status = "unknown"
        elif judged.holds is not None:
            status = "fired" if judged.holds.yes else "not_fired"
        elif judged.value.known and judged.value.value is None:
            status = "not_fired"
        else:
            status = "fired"
        value = judged.value if result.judged else None
        self.drafts.append(
            Draft(result.name, record, result.origin, status, value, judged.kind, result.value, scope, main=True)
        )
        if not result.judged or judged.status == "not_applicable":
            self.rows(result.name, record, result.concerns, scope)
            return
        for name in self.by_rule.get(result.name, []):
            definition = self.ev.program.terms[name]
            if definition.over == result.over:
                self.definition(result.name, definition, record, scope)

    def left_out(self, name: str, record: Row, only: AnyTerm, origin: Origin, scope: Scope) -> None:
        """A record that its ledger does not count."""
        self.drafts.append(Draft(name, record, origin, "not_fired", None, YESNO, only, scope))

    def definition(self, rule: str, definition: Definition, record: Row | None, scope: Scope) -> None:
        self.rows(rule, record, definition.term, scope)

    def rows(self, rule: str, record: Row | None, term: AnyTerm, scope: Scope) -> None:
        """Every condition and row inside the term that has a place of its own."""
        for draft in self.inside(rule, record, term, scope):
            self.drafts.append(draft)

    def inside(self, rule: str, record: Row | None, term: AnyTerm, scope: Scope) -> Iterator[Draft]:
        for origin in term.notes:
            value = self.ev.test(term, scope)
            status: Fired = "fired"
            if term.kind == YESNO:
                status = "fired" if value.yes else "not_fired" if value.no else "unknown"
            elif not value.known:
                status = "unknown"
            yield Draft(rule, record, origin, status, value, term.kind, term, scope)
        match term:
            case Use() | Over():
                return
            case Choose():
                yield from self.choice(rule, record, term, scope)
            case _:
                for child in children(term):
                    yield from self.inside(rule, record, child, scope)

    def choice(self, rule: str, record: Row | None, term: Choose, scope: Scope) -> Iterator[Draft]:
        ev = self.ev
        overriding = False
        for arm in term.arms:
            if arm.exception:
                when = ev.test(arm.when, scope)
                status: Fired = "fired" if when.yes else "not_fired" if when.no else "unknown"
                overriding = overriding or when.yes
                yield from self.arm(rule, record, arm.origin, status, arm.then, arm.when, scope, when.no)
        decided = False
        for arm in term.arms:
            if arm.exception:
                continue
            if overriding:
                if arm.origin is not None:
                    yield Draft(rule, record, arm.origin, "overridden", None, term.kind, None, scope)
                continue
            when = ev.test(arm.when, scope)
            if when.no:
                status = "not_fired"
            elif decided:
                status = "overridden"
            else:
                status = "fired" if when.yes else "unknown"
            yield from self.inside(rule, record, arm.when, scope)
            yield from self.arm(rule, record, arm.origin, status, arm.then, arm.when, scope, when.no or decided)
            decided = decided or when.yes

    def arm(
        self, rule: str, record: Row | None, origin: Origin | None, status: Fired, then: AnyTerm, when: AnyTerm,
        scope: Scope, idle: bool,
    ) -> Iterator[Draft]:
        value = None if idle else self.ev.value(then, scope)
        if origin is not None:
            yield Draft(rule, record, origin, status, value, then.kind, when, scope)
        if not idle:
            yield from self.inside(rule, record, then, scope)

    # ------------------------------------------------------------------------------------------ numbering
    def entries(self) -> tuple[Entry, ...]:
        """The numbered entries, linked to what they follow from."""
        ids: dict[tuple[str, str | None], int] = {}
        for i, d in enumerate(self.drafts, 1):
            if d.main:
                ids[(d.rule, d.record.key if d.record else None)] = i
        all_of: dict[str, list[int]] = {}
        for (rule, _), i in ids.items():
            all_of.setdefault(rule, []).append(i)
        return tuple(self.entry(i, d, ids, all_of) for i, d in enumerate(self.drafts, 1))

    def entry(
        self, number: int, d: Draft, ids: dict[tuple[str, str | None], int], all_of: dict[str, list[int]]
    ) -> Entry:
        ev, record = self.ev, d.record.key if d.record else None
        because: set[int] = set()
        read_terms: list[AnyTerm] = [] if d.term is None else [d.term]
        if d.main:
            read_terms = [ev.program.terms[n].term for n in self.by_rule.get(d.rule, [])]
        for term in read_terms:
            for name in {name.rule for name in used(term)}:
                if name == d.rule and d.main:
                    continue
                own = ids.get((name, record))
                if own is not None:
                    because.add(own)
                else:
                    because.update(all_of.get(name, []))
        because.discard(number)
        found: tuple[Finding, ...] = ()
        reads: tuple[Reading, ...] = ()
        if d.term is not None and not d.main:
            found = tuple(findings(ev, d.term, d.scope)) if d.term.kind == YESNO else ()
            reads = readings(ev, d.term, d.scope)
            if isinstance(d.term, Const):
                found = ()
        elif d.main and d.status != "not_applicable":
            main = ev.program.terms.get(Name(d.rule))
            if main is not None:
                reads = tuple(r for r in readings(ev, main.term, d.scope) if r.name != d.rule)
        remarks = [r.text for r in d.origin.remarks if r.kind == "ruling"]
        return Entry(
            number, d.rule, d.origin.row, d.origin.label, record, d.status, d.value, d.kind, reads, found,
            tuple(sorted(because)), d.origin.clauses, tuple(remarks), d.origin.at,
        )
