"""From the results of a program to a verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from policydsl.core import Effect, Program, Result
from policydsl.domain import YES, Need, Possible, before, either, ends, join, point, whole, with_causes
from policydsl.evaluate import lists
from policydsl.evaluate.findings import missing_of, need_name, status_of
from policydsl.evaluate.scope import Entry as Row
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import COMPLETIONS, Evaluator
from policydsl.evaluate.trace import Trace
from policydsl.facts import Sheet
from policydsl.kinds import YESNO, Exact
from policydsl.operators import apply, conjunction, disjunction, negation
from policydsl.verdict import Entry, Judged, Measure, Missing, PartValue, ResultValue, Status, Verdict

AsOfFrom = Literal["option", "sheet", "today"]
FROM_BEST = ("yes", "met", "pending", "running", "waiting", "no", "late")


def judge(
    program: Program, sheets: Sequence[Sheet], as_of: date, as_of_from: AsOfFrom = "option",
    settings: Mapping[str, Exact] | None = None, *, population: bool = False, completions: int = COMPLETIONS,
    trace: bool = True, only: Collection[str] | None = None,
) -> list[Verdict]:
    """One verdict a sheet, in their order; several sheets are one population. ``only``: the results to judge."""
    ev = Evaluator(program, sheets, settings or {}, population=population, completions=completions)
    return [Judge(ev, i, as_of, as_of_from).verdict(trace, only) for i in range(len(sheets))]


class Judge:
    """Judges one party."""

    def __init__(self, ev: Evaluator, party: int, as_of: date, as_of_from: AsOfFrom) -> None:
        self.ev = ev
        self.scope = ev.scope(party, as_of)
        self.as_of, self.as_of_from = as_of, as_of_from
        header = ev.program.header
        self.gate = ev.test(header.applies, self.scope) if header.applies is not None else YES
        self.trace = Trace(ev)
        self.needs: dict[Need, dict[str, None]] = {}
        self.tracing = False
        self.made: dict[str, ResultValue] = {}

    def verdict(self, trace: bool = True, only: Collection[str] | None = None) -> Verdict:
        ev, program = self.ev, self.ev.program
        for name, definition in program.terms.items():  # in order of dependence, so that nothing nests deeply
            if definition.over is None and only is None:
                ev.shared(name, None, self.scope)
        self.tracing = trace
        results = {r.name: self.result(r) for r in program.results if only is None or r.name in only}
        wanted = tuple(
            Missing(need_name(n.name, n.list, n.record), tuple(by), n.what == "parameter")
            for n, by in sorted(self.needs.items())
            if n.what != "decision"
        )
        return Verdict(
            program.header, program.digest, ev.sheets[self.scope.party].name, self.as_of, self.as_of_from, results,
            wanted, self.entries() if trace else (), self.remarks(),
        )

    def remarks(self) -> tuple[str, ...]:
        """Visible remarks: an evaluation date outside the policy's own period; answers that are only a hull."""
        header, out = self.ev.program.header, []
        if header.effective_from is not None:
            _, _, start, _ = ends(self.ev.value(header.effective_from, self.scope))
            if isinstance(start, date) and before(self.as_of, start):
                out.append("before_effective")
        if header.effective_to is not None and before(header.effective_to, self.as_of):
            out.append("after_effective")
        out += [f"outside_range:{name}" for name in self.outside()]
        return tuple(out)

    def entries(self) -> tuple[Entry, ...]:
        """The trace; at its end the records that 仅计 leaves out, which take part in nothing."""
        for decl in self.ev.program.lists.values():
            if decl.only is not None and decl.only_origin is not None:
                for row, counted, _ in lists.members(self.ev, decl.name, self.scope):
                    if counted.no:
                        self.trace.left_out(decl.name, row, decl.only, decl.only_origin, self.scope.only(row))
        return self.trace.entries()

    def outside(self) -> Iterator[str]:
        """The computed values that lie outside their stated range (范围 does not cut)."""
        for name, definition in self.ev.program.terms.items():
            if definition.bound is None or definition.over is not None:
                continue
            value = self.ev.shared(name, None, self.scope)
            bound = definition.bound
            for end, op in ((bound.low, bound.low_op), (bound.high, bound.high_op)):
                if end is None or not value.known or value.value is None:
                    continue
                limit = self.ev.value(end, self.scope)
                if apply(op, [value, limit], [definition.kind, end.kind], YESNO, self.ev.setting).no:
                    yield name.rule
                    break

    # ------------------------------------------------------------------------------------------ results
    def reported(self, result: Result) -> ResultValue:
        """One result alone, without a trace; remembered."""
        if result.name not in self.made:
            self.made[result.name] = self.result(result)
        return self.made[result.name]

    def result(self, result: Result) -> ResultValue:
        items: tuple[Judged, ...] | None = None
        if result.over is None:
            total = self.judged(result, None, self.scope)
            if self.tracing:
                self.trace.result(result, total, None, self.scope)
        else:
            made: list[Judged] = []
            takes_part: list[Possible] = []
            for row, counted, inner in lists.members(self.ev, result.over, self.scope):
                scope = inner.only(row)
                part = conjunction([counted, self.ev.test(result.where, scope)])
                if part.no:
                    continue
                one = self.judged(result, row, scope, part)
                made.append(one)
                takes_part.append(part)
                if self.tracing:
                    self.trace.result(result, one, row, scope)
            items = tuple(made)
            total = self.total(result, items, takes_part)
        remarks = enumerate(result.origin.remarks)
        unruled = tuple(r.text for i, r in remarks if r.kind == "doubt" and not _ruled(result, i))
        return ResultValue(
            result.name, result.alias, result.label, total, items, result.origin.clauses, result.origin.remarks,
            unruled, result.origin.at,
        )

    def judged(self, result: Result, row: Row | None, scope: Scope, counted: Possible = YES) -> Judged:
        ev = self.ev
        key = row.key if row is not None else None
        if not result.judged:
            return Judged(key, "known", point(None), result.value.kind, None, None, False, (), (), (), (), None, None)
        applies = conjunction([self.gate, ev.test(result.applies, scope)])
        value = ev.value(result.value, scope)
        holds = ev.test(result.holds, scope) if result.holds is not None else None
        state = ev.value(result.state, scope) if result.state is not None else None
        if applies.no:
            return Judged(
                key, "not_applicable", value, result.value.kind, holds, state, False, (), (), (), (), None, None
            )
        deciding = [p for p in (value, holds, state, applies, counted) if p is not None]
        if state is not None and state.known and value.values is None:
            deciding = [p for p in (state, value, applies, counted) if p is not None]
        status: Status = "known"
        if any(p.conflict for p in deciding):
            status = "conflict"
        elif not all(p.known for p in deciding):
            status = "unknown"
        waiting = with_causes(either(), *deciding) if status != "known" else YES
        self.note(waiting, result.name)
        if holds is not None and applies.maybe:
            holds = conjunction([applies, holds])
            value = holds if result.value.kind.base == "yesno" else value
        idle = holds is not None and holds.no
        parts = tuple(PartValue(p.name, ev.value(p.term, scope), p.term.kind) for p in result.parts)
        deemed = value.deemed or (holds is not None and holds.deemed)
        return Judged(
            key, status, value, result.value.kind, holds, state, deemed, missing_of(waiting),
            tuple(sorted(waiting.reasons | waiting.notes)) if status != "known" else (),
            tuple(m for e in result.effects for m in self.measures(e, scope, applies)), parts,
            ev.value(result.bearer, scope) if result.bearer is not None and not idle else None,
            ev.value(result.favour, scope) if result.favour is not None and not idle else None,
        )

    def note(self, waiting: Possible, name: str) -> None:
        if not waiting.known:
            for need in waiting.needs:
                self.needs.setdefault(need, {})[name] = None

    def measures(self, effect: Effect, scope: Scope, applies: Possible) -> list[Measure]:
        when = conjunction([applies, self.ev.test(effect.when, scope)])
        start = self.ev.value(effect.start, scope) if effect.start is not None else None
        end = self.ev.value(effect.end, scope) if effect.end is not None else None
        return [
            Measure(name, effect.modality, status_of(when), start, end, effect.afterwards, effect.origin.clauses)
            for name in effect.names
        ]

    def total(self, result: Result, items: tuple[Judged, ...], takes_part: Sequence[Possible]) -> Judged:
        """All records' instances together."""
        ev = self.ev
        assert result.over is not None
        rows = lists.rows(ev, result.over, self.scope)
        rest = [] if rows.complete else [either(needs=rows.needs, reasons=rows.reasons)]
        kind = result.value.kind
        both = [(i, p) for i, p in zip(items, takes_part, strict=True) if i.status != "not_applicable"]
        live = [i for i, _ in both]
        holds: Possible | None = None
        if result.holds is not None:
            if self.every(result):
                # a period that still runs neither keeps nor breaks what is asked
                ended = [(i, p) for i, p in both if i.state is None or i.state.values != ("pending",)]
                holds = conjunction(
                    [disjunction([negation(p), i.holds]) for i, p in ended if i.holds is not None] + rest
                )
            else:
                holds = disjunction([conjunction([p, i.holds]) for i, p in both if i.holds is not None] + rest)
        if kind.base == "yesno" and result.holds is not None:
            assert holds is not None
            value = holds
        elif kind.base in ("money", "points", "count", "number") and result.holds is not None:
            nothing = point(lists.zero(kind))
            value = nothing
            for i, part in both:
                amount = i.value if part.yes else with_causes(join([nothing, i.value]), part, i.value)
                value = apply("+", [value, amount], [kind, kind], kind, ev.setting)
            if rest:
                value = with_causes(replace(value, values=None, low=None, high=None), *rest)
        elif rest:
            value = with_causes(join([whole(kind), point(None)]), *rest)
        else:
            # where no instance is sure to be there, there may be none
            maybe_none = [] if any(p.yes for _, p in both) else [point(None)]
            value = join([*(i.value for i in live), *maybe_none])
        status: Status = "known"
        if items and all(i.status == "not_applicable" for i in items):
            status = "not_applicable"
        elif any(i.status == "conflict" for i in items):
            status = "conflict"
        elif any(i.status == "unknown" for i in items) or rest or self.gate.maybe and not self.gate.no:
            status = "unknown"
        if self.gate.no:
            status = "not_applicable"
        missing = dict.fromkeys(m for i in live for m in i.missing)
        for p in rest:
            self.note(p, result.name)
            missing.update(dict.fromkeys(missing_of(p)))
        reasons = sorted({r for i in live for r in i.reasons} | {r for p in rest for r in p.reasons})
        return Judged(
            None, status, value, kind, holds, self.state_of_all(result, live, rest),
            bool(live) and all(i.deemed for i in live), tuple(missing), tuple(reasons), (), (), None, None,
        )

    def state_of_all(self, result: Result, live: Sequence[Judged], rest: Sequence[Possible]) -> Possible | None:
        """The worst state of all periods: one failed fails them all, one still running leaves them open."""
        states = [i.state for i in live if i.state is not None]
        if not self.recurs(result) or result.state is None:
            return None
        if rest:
            return with_causes(whole(result.state.kind), *rest)
        if not states:
            return point("waiting") if result.holds is None else None
        worst = states[0]
        for state in states[1:]:
            pairs = [
                point(max(str(a), str(b), key=FROM_BEST.index)) for a in worst.values or () for b in state.values or ()
            ]
            worst = with_causes(join(pairs), worst, state)
        return worst

    def every(self, result: Result) -> bool:
        """Whether the clause asks all its instances (a limit for each period, a requirement of each record)."""
        return result.every or self.recurs(result)

    def recurs(self, result: Result) -> bool:
        assert result.over is not None
        return self.ev.program.lists[result.over].source == "cycles"


def _ruled(result: Result, index: int) -> bool:
    """Whether a ruling follows the open question."""
    return any(r.kind == "ruling" for r in result.origin.remarks[index + 1 :])


__all__ = ["Judge", "judge"]
