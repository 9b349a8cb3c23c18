"""From the results of a program to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from policydsl.compiled.worth import code_of
from policydsl.core import AnyTerm, Effect, Program, Result
from policydsl.domain import YES, Need, Possible, ahead, before, either, ends, point, with_causes
from policydsl.evaluate import lists
from policydsl.evaluate.needs import missing_of, need_name, status_of
from policydsl.evaluate.promises import narrowed, promises
from policydsl.evaluate.scope import Entry as Row
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import COMPLETIONS, SILENT, Evaluator, not_stated, placed
from policydsl.members import dataclass
from policydsl.proof.results import Grounds
from policydsl.proof.trace import Trace
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.operators import conjunction
from policydsl.reads import Key
from policydsl.verdict import (
    Aside, Entry, Judged, Late, Measure, Missing, PartValue, Results, ResultValue, Status, Verdict,
)

if TYPE_CHECKING:
    from policydsl.compiled.told import Tellable

AsOfFrom = Literal["option", "sheet", "today"]
MOST_KNOWN = 100_000  # things that a population remembers, beyond what its first party asked for


def judge(
    program: Program, sheets: Sequence[Sheet], as_of: date, as_of_from: AsOfFrom = "option",
    settings: Mapping[str, Exact] | None = None, *, population: bool = False, completions: int = COMPLETIONS,
    trace: bool = True, only: Collection[str] | None = None, proof: bool = False, generated: bool | None = None,
) -> list[Verdict]:
    """One verdict a sheet, in their order; several sheets are one population. ``only``: the results to judge;
    ``proof``: each keeps what its proof is made from; ``generated``: whether generated code finds what it can, else
    where it pays. It never changes what is said."""
    ev = Evaluator(program, sheets, settings or {}, population=population, completions=completions)
    code = code_of(program, len(sheets), generated)
    judges = [Judge(ev, i, as_of, as_of_from, code) for i in range(len(sheets))]
    return [judge.proved(judge.verdict(trace, only, late=True), proof) for judge in judges]


@dataclass(slots=True)
class Population:
    """A population of which the parties are judged one by one, each on its own day, in any order; what one of them asks
    of the others is remembered. ``code``: what generated code can tell of them."""

    ev: Evaluator
    code: Tellable | None = None
    kept: tuple[int, ...] = ()

    def forget(self, most: int = MOST_KNOWN) -> None:
        """After a verdict that nobody looks at any more: where more than ``most`` things are remembered, keeps what the
        first one asked for, which is mostly what all ask of the others."""
        found = self.ev.memories()
        self.kept = self.kept or tuple(map(len, found))
        if sum(map(len, found)) > most + sum(self.kept):
            self.ev.__dict__.pop("quick", None)
            for memory, length in zip(found, self.kept, strict=True):
                while len(memory) > length:
                    memory.popitem()

    @classmethod
    def of(
        cls, program: Program, sheets: Sequence[Sheet], settings: Mapping[str, Exact] | None = None,
        completions: int = COMPLETIONS, parties: int | None = None,
    ) -> Population:
        """``parties``: how many will be judged by the program, in this population or in others."""
        ev = Evaluator(program, sheets, settings or {}, population=True, completions=completions)
        return cls(ev, code_of(program, len(sheets) if parties is None else parties))

    def verdict(
        self, party: int, as_of: date, as_of_from: AsOfFrom = "option", *, trace: bool = True,
        only: Collection[str] | None = None, proof: bool = False, of: Collection[str] | None = None,
    ) -> Verdict:
        """``of``: the results that the trace tells of, by default all."""
        judge = Judge(self.ev, party, as_of, as_of_from, self.code)
        return judge.proved(judge.verdict(trace, only, late=True, of=of), proof)


@dataclass(frozen=True, slots=True)
class Waits:
    """What a result waits for: its outcome; who pays, who is paid, what is to be done and when."""

    outcome: frozenset[Need] = frozenset()
    ends: frozenset[Need] = frozenset()


NOTHING = Waits()
Instance = tuple[int, Row, Scope, Possible]  # a record by its place, with its scope, and whether it is included


class Judge:
    """Judges one party. What code finds is put together first (``compiled.lean``); the reference says the rest."""

    def __init__(
        self, ev: Evaluator, party: int, as_of: date, as_of_from: AsOfFrom, code: Tellable | None = None
    ) -> None:
        self.ev = ev
        self.scope = ev.scope(party, as_of)
        self.told = code.told(ev, self.scope) if code is not None else None
        self.value: Callable[[AnyTerm, Scope], Possible] = ev.value if self.told is None else self.told.value
        self.own = ev.whose(self.scope)
        self.as_of, self.as_of_from = as_of, as_of_from
        self.keys = {name: place for place, name in enumerate(ev.program.header.keys, 1)}
        self.waits: dict[str, frozenset[Need]] = {}  # of each result that is open
        self.rows: dict[str, list[Instance]] = {}  # of each result per record those that it has items of
        self.made: dict[str, ResultValue] = {}

    @cached_property
    def gate(self) -> Possible:
        """Whether the policy is for the party."""
        applies = self.ev.program.header.applies
        return YES if applies is None else self.value(applies, self.scope)

    def verdict(
        self, trace: bool = True, only: Collection[str] | None = None, late: bool = False,
        of: Collection[str] | None = None,
    ) -> Verdict:
        """``late``: results are made when somebody looks at them, as far as code found their values; so are the entries
        of the trace, whoever found the values. ``of``: of these results alone."""
        ev, program = self.ev, self.ev.program
        wanted = program.results if only is None else tuple(r for r in program.results if r.name in only)
        if self.told is None:
            for name, definition in program.terms.items():  # in order of dependence, so that nothing nests deeply
                if definition.over is None and only is None:
                    ev.shared(name, None, self.scope)
            for result in wanted:
                self.reported(result)
        by_name = self.told.results if only is None and self.told is not None else {r.name: r for r in wanted}
        results: Mapping[str, ResultValue] = Results(by_name, self.reported)
        missing: Sequence[Missing] = Late(lambda: self.missing(wanted))
        remarks: Sequence[str] = Late(lambda: (*self.remarks(), *self.silent(wanted)))
        aside: Sequence[Aside] = Late(lambda: tuple(self.aside()))
        totals: Sequence[PartValue] = Late(lambda: tuple(self.totals())) if only is None else ()
        entries: Sequence[Entry] = Late(lambda: self.entries(wanted, of)) if trace else ()
        if self.told is None or not late:
            results, missing, remarks, aside = dict(results), tuple(missing), tuple(remarks), tuple(aside)
            totals = tuple(totals)
        return Verdict(
            program.header, program.digest, ev.sheets[self.scope.party].name, self.as_of, self.as_of_from, results,
            missing, entries if late else tuple(entries), remarks, aside, totals,
        )

    def proved(self, verdict: Verdict, proof: bool) -> Verdict:
        """A verdict that keeps what its proof is made from, if it is to."""
        if not proof:
            return verdict
        if self.told is not None:
            self.told.fill_all()
        return replace(verdict, grounds=Grounds(self.ev, self.scope))

    def missing(self, wanted: Sequence[Result]) -> tuple[Missing, ...]:
        """What is waited for, with the results that wait for it."""
        needs: dict[Need, list[str]] = {}
        for result in wanted:
            self.reported(result)
            for need in self.waits.get(result.name, ()):
                needs.setdefault(need, []).append(result.name)
        return tuple(
            Missing(need_name(n, self.own), tuple(by), n.what == "parameter")
            for n, by in sorted(needs.items()) if n.what != "decision"
        )

    def totals(self) -> Iterator[PartValue]:
        """What all rewards come to."""
        for part in self.ev.program.totals:
            yield PartValue(part.name, self.value(part.term, self.scope), part.term.kind)

    def aside(self) -> Iterator[Aside]:
        """What the sheet says of days after the evaluation date, in its order."""
        sheet = self.ev.sheets[self.scope.party]
        for name, value in sheet.values.items():
            decl = self.ev.program.inputs.get(name)
            if decl is not None and decl.event and isinstance(value, date) and ahead(value, self.as_of):
                yield Aside(name, value, decl.kind)
        for name, records in sheet.lists.items():
            ledger = self.ev.program.lists.get(name)
            days = [f for f in ledger.fields if f.event or f.name == ledger.happens] if ledger is not None else []
            for record in records if days else ():
                late = [(f, v) for f in days if isinstance(v := record.values.get(f.name), date)]
                late = [(f, v) for f, v in late if ahead(v, self.as_of)]
                whole = [(f, v) for f, v in late if ledger is not None and f.name == ledger.happens]
                for f, value in whole or late:
                    yield Aside(f.name, value, f.kind, name, record.key, bool(whole))

    def remarks(self) -> tuple[str, ...]:
        """Visible remarks: an evaluation date outside the policy's own period; values that the facts alone would
        leave wider than the range that the policy promises."""
        header, out = self.ev.program.header, []
        if header.effective_from is not None:
            _, _, start, _ = ends(self.value(header.effective_from, self.scope))
            if isinstance(start, date) and before(self.as_of, start):
                out.append("before_effective")
        if header.effective_to is not None and before(header.effective_to, self.as_of):
            out.append("after_effective")
        ev = self.ev.quick  # of all that the policy works out, most has not been asked for yet
        open_ = (lambda _: True) if self.told is None else self.told.open
        cut = (p.name for p in promises(ev, ev.scope(self.scope.party, self.as_of), open_) if narrowed(ev, p))
        out += [f"narrowed:{name}" for name in dict.fromkeys(cut)]
        return (*out, *self.ev.sheets[self.scope.party].remarks)

    def silent(self, wanted: Sequence[Result]) -> Iterator[str]:
        """The lists that hold nothing because nobody said otherwise, where something decided can rest on that."""
        given = self.ev.sheets[self.scope.party].lists
        found = [d.name for d in self.ev.program.lists.values() if d.default_none and d.name not in given]
        if not found:
            return
        reads, rest_on = self.ev.reads, set[Key]()
        for result in wanted:
            match self.reported(result).total.status:
                case "known" | "conflict":
                    rest_on |= reads.of_result[result.name].keys
                case "not_applicable":  # only whom it concerns was asked
                    whole = result.together
                    rest_on |= reads.of(result.concerns if whole is None else whole.concerns).keys
        yield from (f"silent:{name}" for name in found if (name, "") in rest_on)

    def entries(self, wanted: Sequence[Result], of: Collection[str] | None = None) -> tuple[Entry, ...]:
        """The trace; at its end the records that 仅计 leaves out, which take part in nothing. ``of``: of some results
        alone, without the rows of records that did not come about."""
        if of is not None:
            return self.trace([r for r in wanted if r.name in of]).entries(brief=True)
        trace = self.trace(wanted)
        for decl in self.ev.program.lists.values():
            if decl.only is not None and decl.only_origin is not None:
                for row, counted, _ in lists.members(self.ev, decl.name, self.scope):
                    if counted.no:
                        trace.left_out(decl.name, row, decl.only, decl.only_origin, self.scope.only(row))
        return trace.entries()

    def trace(self, wanted: Sequence[Result]) -> Trace:
        """The trace of some results, not yet worked out."""
        if self.told is not None:
            self.told.fill_all()
        trace = Trace(self.ev)
        for result in wanted:
            made = self.reported(result)
            if made.items is None:
                trace.result(result, made.total, None, self.scope)
            else:
                for one, (_, row, scope, _) in zip(made.items, self.rows[result.name], strict=True):
                    trace.result(result, one, row, scope)
        return trace

    # ------------------------------------------------------------------------------------------ results
    def reported(self, result: Result) -> ResultValue:
        """One result; remembered."""
        if result.name not in self.made:
            self.made[result.name] = self._result(result)
        return self.made[result.name]

    def _result(self, result: Result) -> ResultValue:
        items: tuple[Judged, ...] | None = None
        if result.over is None:
            total, waits = self.one(result, None, None, self.scope)
        else:
            rows = self.rows[result.name] = list(self.instances(result, result.over))
            made = [self.one(result, *row) for row in rows]
            items = tuple(one for one, _ in made)
            total, waits = self.total(result, result.over, items, [each for _, each in made])
        open_ = waits.outcome | waits.ends
        if open_:
            self.waits[result.name] = open_
        remarks = enumerate(result.origin.remarks)
        unruled = tuple(r.text for i, r in remarks if r.kind == "doubt" and not _ruled(result, i))
        return ResultValue(
            result.name, result.alias, result.label, total, items, result.origin.clauses, result.origin.remarks,
            unruled, result.origin.at, self.keys.get(result.name), result.nature, self.grain(result.over),
            self.ev.program.header.fiscal,
        )

    def grain(self, over: str | None) -> str:
        """What the periods of a list are called by."""
        cycles = self.ev.program.lists[over].cycles if over is not None else None
        return cycles.grain if cycles is not None else ""

    def instances(self, result: Result, over: str) -> Iterator[Instance]:
        """Each record that is, or may be, included."""
        if self.told is not None:
            entries = self.told.entries(over)
            places = self.told.lean.taking_part(result, len(entries))
            if places is not None:
                scopes = self.told.records(over)
                yield from ((place, entries[place], scopes[place], YES) for place in places)
                return
        for place, (row, counted, inner) in enumerate(lists.members(self.ev, over, self.scope)):
            scope = inner.only(row)
            included = conjunction([counted, YES if result.included is None else self.value(result.included, scope)])
            if not included.no:
                yield place, row, scope, included

    def one(
        self, result: Result, place: int | None, row: Row | None, scope: Scope, included: Possible = YES
    ) -> tuple[Judged, Waits]:
        """What a result is for the party, or for one record, and what that waits for."""
        if self.told is not None and included.yes:
            found = self.told.lean.judged(result, place, row.key if row is not None else None)
            if found is not None:
                return found, NOTHING
        return self.judged(result, row, scope, included)

    def judged(
        self, result: Result, row: Row | None, scope: Scope, included: Possible = YES
    ) -> tuple[Judged, Waits]:
        """What a result is for the party, or for one record, and what that waits for. Undetermined is what one of its
        terms leaves open; beside a known state, and a value of which only ends are known, whether it holds is not
        asked. Who pays, who is paid and what is to be done are waited for too."""
        kind = result.value.kind
        key = row.key if row is not None else None
        if not result.judged:
            return Judged(key, "known", point(None), kind, None, None, False, (), (), (), (), None, None), Waits()
        concerns, value = self.value(result.concerns, scope), self.value(result.value, scope)
        holds = self.value(result.holds, scope) if result.holds is not None else None
        state = self.value(result.state, scope) if result.state is not None else None
        if concerns.no:
            away = Judged(key, "not_applicable", value, kind, holds, state, False, (), (), (), (), None, None)
            return away, Waits()
        asked = None if state is not None and state.known and value.values is None else holds
        deciding = [p for p in (value, asked, state, concerns, included) if p is not None]
        status, waiting = determined(deciding, [p for p in (concerns, included) if p is not None])
        waiting = placed(waiting, result.name, result.origin.clauses)
        idle = holds is not None and holds.no
        bearer = self.value(result.bearer, scope) if result.bearer is not None and not idle else None
        favour = self.value(result.favour, scope) if result.favour is not None and not idle else None
        measures = [each for e in result.effects for each in self.measures(e, scope)]
        ends = [p for p in (bearer, favour, *(p for _, parts in measures for p in parts)) if p is not None]
        open_ = placed(determined(ends)[1], result.name, result.origin.clauses)
        if "not_stated" in open_.reasons and not any(map(SILENT.match, open_.notes)):
            open_ = replace(open_, notes=open_.notes | {not_stated(result.name, result.origin.clauses)})
        one = Judged(
            key, status, value, kind, holds, state, value.deemed or (holds is not None and holds.deemed),
            missing_of(waiting, self.own), tuple(sorted(waiting.reasons | waiting.notes)),
            tuple(m for m, _ in measures),
            tuple(PartValue(p.name, self.value(p.term, scope), p.term.kind, p.most) for p in result.parts),
            bearer, favour, missing_of(open_, self.own), tuple(sorted(open_.reasons | open_.notes)),
        )
        return one, Waits(waiting.needs, open_.needs)

    def measures(self, effect: Effect, scope: Scope) -> Iterator[tuple[Measure, list[Possible]]]:
        """The measures that an effect names, and what is open of each that may follow."""
        when = self.value(effect.when, scope)
        start = self.value(effect.start, scope) if effect.start is not None else None
        end = self.value(effect.end, scope) if effect.end is not None else None
        ends = [] if when.no else [p for p in (when, start, end) if p is not None]
        for name in effect.names:
            made = Measure(name, effect.modality, status_of(when), start, end, effect.afterwards, effect.origin.clauses)
            yield made, ends

    def total(
        self, result: Result, over: str, items: tuple[Judged, ...], each: Sequence[Waits]
    ) -> tuple[Judged, Waits]:
        """All records' instances together: undetermined if one of them is, or if there may be more, unless what is
        known of some settles the whole."""
        ev, kind, made = self.ev, result.value.kind, result.together
        assert made is not None
        rows = lists.rows(ev, over, self.scope)
        rest = [] if rows.complete else [either(needs=rows.needs, reasons=rows.reasons)]
        concerns, value = self.value(made.concerns, self.scope), self.value(made.value, self.scope)
        holds = self.value(made.holds, self.scope) if made.holds is not None else None
        state = stated(self.value(made.state, self.scope)) if made.state is not None else None
        live = [i for i in items if i.status != "not_applicable"]
        open_ = any(i.status == "unknown" for i in items) or bool(rest) or not self.gate.known or not concerns.known
        status: Status = "known"
        if concerns.no:  # of all that are there for sure; beside those that may be there, it may yet be so
            status = "not_applicable"
        elif any(i.status == "conflict" for i in items):
            status = "conflict"
        elif open_ and not all(p is None or p.known for p in (concerns, value, holds, state)):
            status = "unknown"
        settled = status == "known"
        missing = dict.fromkeys(m for i in (() if settled else live) for m in i.missing)
        rest += [concerns] if status == "unknown" and not concerns.known and not live else []
        for p in () if settled else rest:
            missing.update(dict.fromkeys(missing_of(p, self.own)))
        reasons = set[str]() if settled else {r for i in live for r in i.reasons} | {r for p in rest for r in p.reasons}
        total = Judged(
            None, status, value, kind, holds, state, bool(live) and all(i.deemed for i in live), tuple(missing),
            tuple(sorted(reasons)), (), (), None, None,
        )
        waits = [] if settled else [*(w.outcome for w in each), *(p.needs for p in rest)]
        return total, Waits(frozenset[Need]().union(*waits), frozenset[Need]().union(*(w.ends for w in each)))


def stated(state: Possible) -> Possible | None:
    """A state, where there is one."""
    kept = tuple(v for v in state.values or () if v is not None)
    return replace(state, values=kept) if kept else None


def determined(parts: Sequence[Possible], gates: Sequence[Possible] = ()) -> tuple[Status, Possible]:
    """The status of what is made of the parts, and what the open ones of them wait for. It is in conflict if one is,
    unless it may turn out that it is not asked for at all (``gates``)."""
    if all(p.known for p in parts):
        return "known", YES
    asked = all(p.known or p.conflict for p in gates)
    return "conflict" if asked and any(p.conflict for p in parts) else "unknown", with_causes(either(), *parts)


def _ruled(result: Result, index: int) -> bool:
    """Whether a ruling follows the open question."""
    return any(r.kind == "ruling" for r in result.origin.remarks[index + 1 :])


__all__ = ["Judge", "Population", "judge"]
