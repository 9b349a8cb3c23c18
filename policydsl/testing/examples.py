"""Examples in the policy file: what should come out, and what came out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Literal

from policydsl import nodes as n
from policydsl.core import InputDecl, ListDecl, Name, PartName, Result
from policydsl.diagnostics import Fix, LANGUAGES, Language
from policydsl.domain import Possible, ends, point, same
from policydsl.engine import Policy
from policydsl.evaluate import lists
from policydsl.evaluate.needs import missing_of
from policydsl.judge import Judge
from policydsl.evaluate.scope import Entry
from policydsl.evaluate.terms import Evaluator
from policydsl.kinds import Exact, Kind, Period
from policydsl.lower.context import Where, period_of
from policydsl.lower.expressions import CLAUSE_PARTS, part_named
from policydsl.lower.periods import named_in
from policydsl.place import Span
from policydsl.render.outcome import note_text
from policydsl.render.values import Writer
from policydsl.report import headline
from policydsl.say import listed, names_of, say, word
from policydsl.sheet import check_ranges
from policydsl.sheet.refused import ABSENT, Refused
from policydsl.sheet.values import read_value
from policydsl.testing.case import Case, Failure, Given, Report
from policydsl.testing.example_reader import Faulty, Reader
from policydsl.sources import NO_TEXTS, Sources
from policydsl.text.fold import name_key
from policydsl.text.keywords import dialect, state_word
from policydsl.verdict import Judged, ResultValue


STATE_OF: dict[str, PartName] = {"pay_day": "pay_state"}  # a part that is a last day -> the state of what is due then
PENDING = (name_key("待确认"), name_key("to be confirmed"))  # how the note of such an example begins


def run_examples(policy: Policy) -> list[Report]:
    """Every example of the policy file, judged and compared."""
    return [ExampleCase(policy, e).run(policy) for e in policy.examples]


class ExampleCase(Case):
    """One example of a policy; ``sources``: the text it stands in, where that is not the policy's."""

    source: Literal["pol", "yaml"] = "pol"

    def __init__(self, policy: Policy, example: n.Example, sources: Sources = NO_TEXTS) -> None:
        self.example, self.sources = example, sources
        self.name, self.at = example.name, example.span
        notes = (name_key(a.text) for a in example.notes if a.kind == "note")
        self.unconfirmed = any(text.startswith(PENDING) for text in notes)
        version = policy.on(example.as_of)
        self.version = version if version is not policy else None
        self.runner = Runner(version, example, sources=sources)
        self.asserts = frozenset(self.runner.asserted())
        self.made: Given | None = None

    def given(self, policy: Policy) -> Given:
        policy = self.version or policy
        program, own = policy.program, self.runner.program
        if program.inputs is own.inputs and program.lists is own.lists:
            if self.made is None:
                made = self.runner.given()
                for problem in policy.unheld(made.settings):
                    told = self.runner.told
                    raise Faulty(listed(made.settings, told), headline(problem, told), self.at)
                self.made = made
            return self.made
        return Runner(policy, self.example, sources=self.sources).given()

    def run(
        self, policy: Policy, language: Language | None = None, evaluator: type[Evaluator] = Evaluator
    ) -> Report:
        runner, policy = copy(self.runner), self.version or policy
        runner.program, runner.told = policy.program, language or policy.program.header.dialect
        try:
            failures = tuple(runner.failures(self.given(policy).judges(policy, evaluator)))
        except Faulty as fault:
            failures = (Failure(fault.name, "", fault.why, fault.at),)
        return Report(self.name, self.at, failures)


class Runner(Reader):
    """Compares what an example expects with what came out."""

    def given(self) -> Given:
        sheets, settings, population = self.sheets()
        # an example that names no day must not depend on one
        day = self.example.as_of or date.today()
        for problem in check_ranges(self.program, sheets, day, settings):
            raise Faulty(problem.args["path"], headline(problem, self.told), self.example.span)
        return Given(tuple(sheets), settings, day, population)

    def asserted(self) -> Iterator[str]:
        """The results that are looked at."""
        heads = [h.text for table in self.example.expect_rows for h in table.header[1:]]
        for name in [o.name.text for o in self.example.expect] + heads:
            found = self.declared_result(name) or self.declared_result(name.replace(" 的 ", "的").partition("的")[0])
            if found is not None:
                yield found.name

    def failures(self, judges: Sequence[Judge]) -> Iterator[Failure]:
        for outcome in self.example.expect:
            try:
                yield from self.outcome(outcome, judges[0])
            except Faulty as fault:  # the others are compared all the same
                yield Failure(self.low.text(outcome.span), fault.name, fault.why, fault.at)
        for table in self.example.expect_rows:
            if isinstance(table.ledger, n.Builtin):
                yield from self.population_rows(table, judges)
            else:
                yield from self.record_rows(table, judges[0])

    def outcome(self, o: n.Outcome, judge: Judge) -> Iterator[Failure]:
        found = self.judged(o.name, o.part, judge) if o.period is None else self.of_period(o, judge)
        shown = self.low.text(o.span)
        if found is None:
            yield Failure(o.name.text, shown, self.say("case.no_result"), o.span)
            return
        name = o.name.text if o.part is None else f"{o.name.text} 的 {o.part.text}"
        if not self.fits(o, found):
            owner = self.declared_result(o.name.text)
            yield Failure(
                name, shown, self.describe(found), o.span, owner.name if owner is not None else None,
                fix=self.fix_of(o, shown, found),
            )

    def of_period(self, o: n.Outcome, judge: Judge) -> Judged | None:
        """The item of a period, or a further value of it."""
        result, period = self.result_named(o.name.text, judge), period_of(self.low, o.period) if o.period else None
        if result is None or period is None:
            return None
        days = {i.record: i for i in result.items or () if i.record is not None}
        here = [i for day, i in days.items() if period.first.isoformat() <= day <= period.last.isoformat()]
        if len(here) != 1:
            return None
        if o.part is None:
            return here[0]
        parts = ((p, word("part", p.name, lang)) for p in here[0].parts for lang in LANGUAGES)
        part = next((p for p, said in parts if name_key(said) == name_key(o.part.text)), None)
        if part is None:
            return None
        state = next((p.value for p in here[0].parts if p.name == STATE_OF.get(part.name)), None)
        return bare(part.value, part.kind, state)

    def judged(
        self, name: n.Name | n.Builtin, part: n.Name | n.Builtin | None, judge: Judge
    ) -> Judged | None:
        """The result (or part, item, fact, term) that an outcome speaks of."""
        result = self.result_named(name.text, judge)
        if result is not None and part is None:
            return result.total
        if result is not None and part is not None:
            full = part_named(result.name, part)
            if full not in self.program.terms:
                own = result.total.parts
                match = next((p for p in own if name_key(p.name) == name_key(part.text)), None)
                return bare(match.value, match.kind) if match else None
            return self.term(full, judge)
        if isinstance(name, n.Builtin):
            term = self.expr.value(name, Where())
            return bare(judge.ev.value(term, judge.scope), term.kind)
        symbol = self.low.names.find(name.text)
        if symbol is not None and symbol.role in ("fact", "parameter"):
            return bare(judge.ev.input(symbol.name, judge.scope), self.program.inputs[symbol.name].kind)
        return None

    def term(self, full: Name, judge: Judge) -> Judged:
        definition = self.program.terms[full]
        if definition.over is None:
            value, of = judge.ev.shared(full, None, judge.scope), STATE_OF.get(full.part)
            state = Name(full.rule, of) if of is not None else None
            told = judge.ev.shared(state, None, judge.scope) if state in self.program.terms else None
            return bare(value, definition.kind, told)
        together = self.clauses.use(full, Where(), definition.origin.at)
        return bare(judge.ev.value(together, judge.scope), together.kind)

    def result_named(self, name: str, judge: Judge) -> ResultValue | None:
        found = self.declared_result(name)
        return judge.reported(found) if found is not None else None

    def declared_result(self, name: str) -> Result | None:
        key = name_key(name)
        return next((r for r in self.program.results if name_key(r.name) == key), None)

    def fits(self, o: n.Outcome, j: Judged) -> bool:
        if o.state is not None:
            return self.in_state(o.state, j) and (not o.lacking or self.lacks(o.lacking, j))
        if o.one_of:
            wanted = [self.one(v, j.kind) for v in o.one_of]
            return exactly(j.value, wanted) and j.status == "unknown"
        if o.high is not None:
            assert o.value is not None
            low, high = self.one(o.value, j.kind), self.one(o.high, j.kind)
            return j.status == "unknown" and spans(j.value, low, high)
        assert o.value is not None
        if isinstance(o.value, n.Builtin) and o.value.key == "not_stated":
            return "not_stated" in j.reasons
        wanted_ = self.one(o.value, j.kind)
        if j.kind.base == "choices" and isinstance(wanted_, str):
            wanted_ = (wanted_,)
        return equals(j, wanted_)

    def lacks(self, names: tuple[n.Name, ...], j: Judged) -> bool:
        wanted = {name_key(x.text) for x in names}
        return {name_key(m.rpartition(".")[2]) for m in j.missing} == wanted

    def in_state(self, state: str, j: Judged) -> bool:
        if state in ("barred", "free"):
            barred = next((p.value for p in j.parts if p.name == "barred"), j.holds or point(False))
            return barred.yes if state == "barred" else barred.no
        if state == "na":
            return j.status == "not_applicable"
        if state == "unknown":
            return j.status == "unknown"
        if state in ("yes", "no"):
            if j.state is not None and j.holds is None:
                return j.state.values == (state,)
            truth = j.holds if j.holds is not None else j.value
            if state == "no" and j.status == "not_applicable":
                return False
            return truth.yes if state == "yes" else truth.no and (j.state is None or j.state.values == (state,))
        return j.state is not None and j.state.values == (state,)

    # ------------------------------------------------------------------------------------------ rows
    def record_rows(self, table: n.ExpectRows, judge: Judge) -> Iterator[Failure]:
        decl, name = self.expected_list(table.ledger.text, table.span), table.ledger.text
        entries = {e.key: (e, counted) for e, counted, _ in lists.members(judge.ev, decl.name, judge.scope)}
        for row in table.rows:
            key = row.cells[0].text.strip()
            found = next((e for k, e in entries.items() if same(k, key)), None)
            found = found or next((e for e in entries.values() if self.is_called(e[0], key, decl)), None)
            if found is None:
                missing = self.say("case.no_such_record")
                yield Failure(f"{name}[{key}]", "", missing, row.span)
                continue
            for head, cell in zip(table.header[1:], row.cells[1:], strict=False):
                if not cell.text.strip():
                    continue
                of = named_in(decl, head.text)
                judged = self.of_record(of, decl, found[0], judge)
                owner = self.declared_result(of)
                for failure in self.compare_cell(f"{name}[{key}].{head.text}", cell, judged):
                    yield replace(failure, result=owner.name if owner is not None else None, record=found[0].key)

    def is_called(self, entry: Entry, written: str, decl: ListDecl) -> bool:
        """Whether a record has the key that is written, in whatever way; a period has its name."""
        if decl.cycles is not None and decl.cycles.grain:
            try:
                period = read_value(written, InputDecl("", None, Kind("period"), decl.at), self.context)
            except Refused:
                return False
            if not isinstance(period, Period) or period.grain != decl.cycles.grain:
                return False
            return period.first <= date.fromisoformat(entry.key) <= period.last
        key = decl.field_of(decl.key or decl.fields[0].name)
        if key is None or entry.record is None or entry.record.values.get(key.name) is None:
            return False
        try:
            return read_value(written, key, self.context) == entry.record.values[key.name]
        except Refused:
            return False

    def of_record(
        self, name: str, decl: ListDecl, entry: Entry, judge: Judge
    ) -> Judged | None:
        scope = judge.scope.bind(entry)
        result = self.result_named(name, judge)
        if result is not None and result.items is not None:
            item = next((i for i in result.items if i.record == entry.key), None)
            if item is None:
                return replace(bare(point(None), result.total.kind), record=entry.key, status="not_applicable")
            return item
        field = next((f for f in decl.fields if name_key(f.name) == name_key(name)), None)
        if field is not None:
            return bare(judge.ev.field(entry, field.name, scope), field.kind)
        mark = next((mark for mark in ("的", "'s ") if mark in name), "的")
        base, _, part = name.partition(mark) if result is None else (name, "", "")
        owner = self.result_named(base.strip(), judge)
        if owner is not None and part:
            keys = (dialect(lang).builtins.get(part.strip(), "") for lang in LANGUAGES)  # a head stays when translated
            key = next((CLAUSE_PARTS[key] for key in keys if key in CLAUSE_PARTS), None)
            full = Name(owner.name, key or "value")
            if key is not None and full in self.program.terms:
                return bare(judge.ev.shared(full, entry, scope), self.program.terms[full].kind)
        return None

    def population_rows(
        self, table: n.ExpectRows, judges: Sequence[Judge]
    ) -> Iterator[Failure]:
        for row in table.rows:
            key = row.cells[0].text.strip()
            index = next((i for i, s in enumerate(judges[0].ev.sheets) if same(s.name, key)), None)
            if index is None:
                yield Failure(key, "", self.say("case.no_party"), row.span)
                continue
            for head, cell in zip(table.header[1:], row.cells[1:], strict=False):
                if cell.text.strip():
                    judged = self.judged(self.named(head), None, judges[index])
                    owner = self.declared_result(head.text)
                    for failure in self.compare_cell(f"{key}.{head.text}", cell, judged):
                        yield replace(failure, result=owner.name if owner is not None else None, party=index)

    def named(self, head: n.HeaderCell) -> n.Name | n.Builtin:
        """The name in a header cell, which may be a built-in one."""
        key = dialect(self.lang).builtins.get(head.text.strip())
        return n.Builtin(head.span, key, head.text) if key is not None else n.Name(head.span, head.text)

    def compare_cell(self, name: str, cell: n.RawCell, judged: Judged | None) -> Iterator[Failure]:
        text = cell.text.strip()
        if judged is None:
            yield Failure(name, text, self.say("case.no_result"), cell.span)
            return
        if not self.cell_fits(text, judged):
            new = self.written(judged)
            fix = Fix(cell.span, new) if new is not None and self.low.text(cell.span) == text else None
            yield Failure(name, text, self.describe(judged), cell.span, fix=fix)

    def cell_fits(self, text: str, j: Judged) -> bool:
        state = state_word(text)
        if state is not None:
            return self.in_state(state, j)
        if name_key(text) in ("未规定", "not stated"):
            return "not_stated" in j.reasons
        if name_key(text) in ("无等级", "no tier"):
            return equals(j, None)
        decl = InputDecl("", None, j.kind, Span("", 0, 0, 0, 0), optional=True)
        for mark in (" 至 ", "至", " to "):
            low, found, high = text.partition(mark)
            if found:
                try:
                    return j.status == "unknown" and spans(
                        j.value, read_value(low, decl, self.context), read_value(high, decl, self.context)  # type: ignore[arg-type]
                    )
                except Refused:
                    continue
        try:
            value = read_value(text, decl, self.context)
        except Refused:
            return False
        return value is not ABSENT and equals(j, value)  # type: ignore[arg-type]

    # ------------------------------------------------------------------------------------------ in words
    def fix_of(self, o: n.Outcome, shown: str, j: Judged) -> Fix | None:
        """The outcome with what came out in place of what was expected, where one word or value says it."""
        new = self.written(j, stated=o.state is not None)
        if new is None or o.one_of or o.high is not None or o.lacking:
            return None
        if o.value is not None:
            return Fix(o.value.span, new)
        words = [word("state", name, lang) for name in names_of("state") for lang in LANGUAGES]
        old = next((one for one in words if shown.endswith(one) and state_word(one) == o.state), None)
        return Fix(o.span, shown.removesuffix(old) + new) if old is not None else None

    def written(self, j: Judged, *, stated: bool | None = None) -> str | None:
        """What came out as an example writes it, if one word or value does. ``stated``: as a state, or not as one."""
        if j.status == "not_applicable":
            return word("state", "na", self.lang) if stated is not False else None
        if stated is not False and j.state is not None and j.state.known:
            return word("state", str(j.state.value), self.lang)
        if stated is not False and j.holds is not None and j.holds.known:
            return word("state", "yes" if j.holds.yes else "no", self.lang)
        if stated or not j.value.known or j.status != "known":
            return None
        return self.writer(self.lang).exact(j.value.value, j.kind)

    def describe(self, j: Judged) -> str:
        """What came out, in a few words."""
        words = []
        if j.status == "not_applicable":
            words.append(word("state", "na", self.told))
        elif j.status == "conflict":
            words.append(self.say("case.conflict"))
        if j.holds is not None and j.status != "not_applicable":
            words.append(word("state", "yes" if j.holds.yes else "no" if j.holds.no else "unknown", self.told))
        if j.state is not None and j.state.values is not None:
            words.append("/".join(word("state", str(s), self.told) for s in j.state.values))
        if j.holds is None or j.kind.base != "yesno":
            words.append(self.writer(self.told).possible(j.value, j.kind))
        if j.status == "unknown":
            if j.missing:
                words.append(say("case.for_lack", self.told, names=listed(j.missing, self.told)))
            known = names_of("reason")  # anything else says why something cannot be computed
            words += [
                word("reason", reason, self.told) if reason in known else note_text(reason, self.writer(self.told))
                for reason in j.reasons if reason != "missing" or not j.missing
            ]
        return " ".join(w for w in words if w)

    def writer(self, lang: Language) -> Writer:
        """Values as the policy writes them: its amounts are in its own currency."""
        return Writer(lang, self.program.header.currency)


def bare(value: Possible, kind: Kind, state: Possible | None = None) -> Judged:
    """A value that is no result of its own, as one; ``state``: that of what is due on it."""
    open_ = value if state is None or not value.known else state
    status = "conflict" if open_.conflict else "known" if open_.known else "unknown"
    holds = value if kind.base == "yesno" else None
    return Judged(
        None, status, value, kind, holds, state, value.deemed, missing_of(open_), tuple(sorted(open_.reasons)), (), (),  # type: ignore[arg-type]
        None, None,
    )


def equals(j: Judged, wanted: Exact) -> bool:
    if j.status == "not_applicable":
        return wanted is None and j.value.known and j.value.value is None
    if not j.value.known or j.status == "unknown" and j.state is None:
        return False
    value = j.value.value
    if value is None or wanted is None:
        return value is wanted
    if isinstance(value, tuple) or isinstance(wanted, tuple):
        return value == wanted
    return same(value, wanted)


def exactly(value: Possible, wanted: list[Exact]) -> bool:
    if value.values is None or len(value.values) != len(wanted):
        return False
    return all(any(v is w if v is None or w is None else same(v, w) for w in wanted) for v in value.values)


def spans(value: Possible, low: Exact, high: Exact) -> bool:
    a, _, b, _ = ends(value)
    return a is not None and b is not None and low is not None and high is not None and same(a, low) and same(b, high)


__all__ = ["ExampleCase", "Runner", "run_examples"]
