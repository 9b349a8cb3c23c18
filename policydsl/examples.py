"""Examples in the policy file: what is given, what should come out, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from policydsl import nodes as n
from policydsl.core import Const, InputDecl, ListDecl
from policydsl.diagnostics import Diagnostic, Language
from policydsl.domain import Possible, ends, point, same
from policydsl.engine import Policy
from policydsl.evaluate import lists
from policydsl.evaluate.judge import Judge
from policydsl.evaluate.terms import Evaluator
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact, Kind
from policydsl.lower import kinds as rules
from policydsl.lower.clauses import Clauses
from policydsl.lower.context import Lowering, Where
from policydsl.place import Span
from policydsl.render.values import Writer
from policydsl.render.words import STATES, word
from policydsl.report import headline
from policydsl.sheet.refused import ABSENT, Refused
from policydsl.sheet.values import Context, read_value
from policydsl.text.fold import name_key
from policydsl.text.keywords import dialect, state_word
from policydsl.verdict import Judged, ResultValue


@dataclass(frozen=True, slots=True)
class Failure:
    """One outcome that is not as expected, in the reader's language."""

    name: str
    expected: str
    actual: str
    at: Span


@dataclass(frozen=True, slots=True)
class ExampleReport:
    """How one example went."""

    name: str
    at: Span
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def run_examples(policy: Policy) -> list[ExampleReport]:
    """Every example of the policy, judged and compared."""
    return [Runner(policy, e).report() for e in policy.examples]


class Faulty(Exception):
    """An example cannot be run: something in it is not declared or cannot be read."""

    def __init__(self, name: str, why: str, at: Span) -> None:
        super().__init__(why)
        self.name, self.why, self.at = name, why, at


class Runner:
    """Runs one example."""

    def __init__(self, policy: Policy, example: n.Example) -> None:
        self.policy, self.example = policy, example
        self.program = policy.program
        self.lang: Language = policy.program.header.dialect
        self.context = Context.of(policy.program)
        # Literals of examples are lowered with the policy's own names, but report into a list of their own.
        low = policy.lowering
        self.low = Lowering(low.file, low.names, low.fiscal_start, inputs=low.inputs, lists=low.lists, terms=low.terms)
        self.low.clauses, self.low.over, self.low.amounts = low.clauses, low.over, low.amounts
        self.clauses = Clauses(self.low)
        self.clauses.parts = {
            (k.partition("#")[0], k.partition("#")[2] or "value"): k for k in self.program.terms
        }
        self.expr = self.clauses.expr

    def report(self) -> ExampleReport:
        try:
            failures = tuple(self.failures())
        except Faulty as fault:
            failures = (Failure(fault.name, "", fault.why, fault.at),)
        return ExampleReport(self.example.name, self.example.span, failures)

    # ------------------------------------------------------------------------------------------ what is given
    def failures(self) -> Iterator[Failure]:
        sheets, settings, population = self.sheets()
        as_of = self.example.as_of or date.today()  # an example that names no day must not depend on one
        ev = Evaluator(self.program, sheets, settings, population=population)
        judges = [Judge(ev, i, as_of, "option") for i in range(len(sheets))]
        for outcome in self.example.expect:
            yield from self.outcome(outcome, judges[0])
        for table in self.example.expect_rows:
            if isinstance(table.ledger, n.Builtin):
                yield from self.population_rows(table, sheets, judges)
            else:
                yield from self.record_rows(table, judges[0])

    def sheets(self) -> tuple[list[Sheet], dict[str, Exact], bool]:
        values: dict[str, Exact] = {}
        settings: dict[str, Exact] = {}
        rows: dict[str, tuple[Record, ...]] = {}
        parties: n.GivenRows | None = None
        for binding in self.example.given:
            symbol = self.low.names.find(binding.name.text)
            if symbol is not None and symbol.role == "ledger":
                rows[symbol.name] = ()
                continue
            decl = self.input_named(binding.name.text, binding.span)
            value = self.literal(binding.values, decl.kind, binding.span)
            (settings if decl.parameter else values)[decl.name] = value
        for given in self.example.given_rows:
            if isinstance(given.ledger, n.Builtin):
                parties = given
            else:
                decl_ = self.list_named(given.ledger.text, given.span)
                rows[decl_.name] = self.records(decl_, given)
        if parties is None:
            return [Sheet("本方" if self.lang == "zh" else "this party", None, values, rows)], settings, False
        sheets = []
        for row in parties.rows:
            own, name = dict(values), row.cells[0].text.strip()
            for head, cell in zip(parties.header[1:], row.cells[1:], strict=False):
                decl = self.input_named(head.text, head.span)
                read = self.cell(cell, decl)
                if read is not ABSENT:
                    own[decl.name] = read  # type: ignore[assignment]
            sheets.append(Sheet(name, None, own, rows))
        return sheets, settings, True

    def input_named(self, name: str, at: Span) -> InputDecl:
        key = name_key(name)
        found = next((d for d in self.program.inputs.values() if name_key(d.name) == key), None)
        if found is None:
            raise Faulty(name, "没有声明这个事实" if self.lang == "zh" else "no such fact is declared", at)
        return found

    def list_named(self, name: str, at: Span) -> ListDecl:
        key = name_key(name)
        found = next((d for d in self.program.lists.values() if name_key(d.name) == key), None)
        if found is None:
            raise Faulty(name, "没有声明这个台账" if self.lang == "zh" else "no such ledger is declared", at)
        return found

    def records(self, decl: ListDecl, given: n.GivenRows) -> tuple[Record, ...]:
        key = decl.key or decl.fields[0].name
        out = []
        for i, row in enumerate(given.rows):
            values: dict[str, Exact] = {}
            for head, cell in zip(given.header, row.cells, strict=False):
                field = next((f for f in decl.fields if name_key(f.name) == name_key(head.text)), None)
                if field is None:
                    no = "没有这个字段" if self.lang == "zh" else "no such field"
                    raise Faulty(f"{decl.name}.{head.text}", no, head.span)
                read = self.cell(cell, field)
                if read is not ABSENT:
                    values[field.name] = read  # type: ignore[assignment]
            shown = values.get(key)
            out.append(Record(str(shown) if shown is not None else str(i + 1), values, row.span))
        return tuple(out)

    def cell(self, cell: n.RawCell, decl: InputDecl) -> object:
        try:
            return read_value(cell.text, decl, self.context)
        except Refused as refused:
            problem = Diagnostic(refused.code, cell.span, args={"path": decl.name, **refused.args_})
            raise Faulty(decl.name, headline(problem, self.lang), cell.span) from refused

    def literal(self, values: tuple[n.Expr, ...], kind: Kind, at: Span) -> Exact:
        """The exact value of what an example writes after ＝."""
        read = [self.one(v, kind) for v in values]
        if kind.base == "choices":
            return tuple(str(v) for v in read)
        return read[0]

    def one(self, node: n.Expr, kind: Kind) -> Exact:
        if isinstance(node, n.Name | n.Text) and kind.base == "text":
            return node.text if isinstance(node, n.Name) else node.value
        term = self.expr.value(node, Where())
        element = Kind("choice", options=kind.options, open=kind.open) if kind.base == "choices" else kind
        if isinstance(term, Const) and term.kind.base == "choice":
            term = rules.fit_choice(self.low, term, element)
        if self.low.problems:
            problem = self.low.problems.pop()
            self.low.problems.clear()
            raise Faulty(self.low.text(node.span), headline(problem, self.lang), node.span)
        if not isinstance(term, Const):
            ev = Evaluator(self.program, [Sheet("")], {})
            from policydsl.evaluate.scope import Scope

            value = ev.value(term, Scope(0, self.example.as_of or date.today()))
            if not value.known:
                raise Faulty(self.low.text(node.span), "?", node.span)
            return value.value
        return term.value

    # ------------------------------------------------------------------------------------------ what comes out
    def outcome(self, o: n.Outcome, judge: Judge) -> Iterator[Failure]:
        found = self.judged(o.name, o.part, judge)
        shown = self.low.text(o.span)
        if found is None:
            yield Failure(o.name.text, shown, "没有这个结果" if self.lang == "zh" else "no such result", o.span)
            return
        name = o.name.text if o.part is None else f"{o.name.text} 的 {o.part.text}"
        if not self.fits(o, found):
            yield Failure(name, shown, self.describe(found), o.span)

    def judged(
        self, name: n.Name | n.Builtin, part: n.Name | n.Builtin | None, judge: Judge
    ) -> Judged | None:
        """The result (or part, item, fact, term) that an outcome speaks of."""
        result = self.result_named(name.text, judge)
        if result is not None and part is None:
            return result.total
        if result is not None and part is not None:
            from policydsl.lower.expressions import CLAUSE_PARTS

            key = CLAUSE_PARTS.get(part.key) if isinstance(part, n.Builtin) else f"item:{part.text}"
            full = f"{result.name}#{key}"
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

    def term(self, full: str, judge: Judge) -> Judged:
        definition = self.program.terms[full]
        if definition.over is None:
            return bare(judge.ev.shared(full, None, judge.scope), definition.kind)
        name, _, part = full.partition("#")
        together = self.clauses.use(name, part, Where(), definition.origin.at)
        return bare(judge.ev.value(together, judge.scope), together.kind)

    def result_named(self, name: str, judge: Judge) -> ResultValue | None:
        key = name_key(name)
        found = next((r for r in self.program.results if name_key(r.name) == key), None)
        return judge.reported(found) if found is not None else None

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
        decl = self.list_named(table.ledger.text, table.span)
        entries = {e.key: (e, counted) for e, counted, _ in lists.members(judge.ev, decl.name, judge.scope)}
        for row in table.rows:
            key = row.cells[0].text.strip()
            found = next((e for k, e in entries.items() if same(k, key)), None)
            if found is None:
                missing = "没有这条记录" if self.lang == "zh" else "no such record"
                yield Failure(f"{decl.name}[{key}]", "", missing, row.span)
                continue
            for head, cell in zip(table.header[1:], row.cells[1:], strict=False):
                if not cell.text.strip():
                    continue
                judged = self.of_record(head.text, decl, found[0], found[1], judge)
                yield from self.compare_cell(f"{decl.name}[{key}].{head.text}", cell, judged)

    def of_record(
        self, name: str, decl: ListDecl, entry: object, counted: Possible, judge: Judge
    ) -> Judged | None:
        from policydsl.evaluate.scope import Entry

        assert isinstance(entry, Entry)
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
        base, _, part = name.replace(" 的 ", "的").partition("的") if result is None else (name, "", "")
        owner = self.result_named(base.strip(), judge)
        if owner is not None and part:
            from policydsl.lower.expressions import CLAUSE_PARTS
            key = dialect(self.lang).builtins.get(part.strip(), "")
            full = f"{owner.name}#{CLAUSE_PARTS.get(key, '')}"
            if full in self.program.terms:
                return bare(judge.ev.shared(full, entry, scope), self.program.terms[full].kind)
        return None

    def population_rows(
        self, table: n.ExpectRows, sheets: list[Sheet], judges: list[Judge]
    ) -> Iterator[Failure]:
        for row in table.rows:
            key = row.cells[0].text.strip()
            index = next((i for i, s in enumerate(sheets) if same(s.name, key)), None)
            if index is None:
                yield Failure(key, "", "没有这一方" if self.lang == "zh" else "no such party", row.span)
                continue
            for head, cell in zip(table.header[1:], row.cells[1:], strict=False):
                if cell.text.strip():
                    judged = self.judged(self.named(head), None, judges[index])
                    yield from self.compare_cell(f"{key}.{head.text}", cell, judged)

    def named(self, head: n.HeaderCell) -> n.Name | n.Builtin:
        """The name in a header cell, which may be a built-in one."""
        key = dialect(self.lang).builtins.get(head.text.strip())
        return n.Builtin(head.span, key, head.text) if key is not None else n.Name(head.span, head.text)

    def compare_cell(self, name: str, cell: n.RawCell, judged: Judged | None) -> Iterator[Failure]:
        text = cell.text.strip()
        if judged is None:
            yield Failure(name, text, "没有这个结果" if self.lang == "zh" else "no such result", cell.span)
            return
        if not self.cell_fits(text, judged):
            yield Failure(name, text, self.describe(judged), cell.span)

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

    def describe(self, j: Judged) -> str:
        """What came out, in a few words."""
        words = []
        if j.status == "not_applicable":
            words.append(word(STATES, "na", self.lang))
        elif j.status == "conflict":
            words.append("互相矛盾" if self.lang == "zh" else "conflict")
        if j.holds is not None and j.status != "not_applicable":
            words.append(word(STATES, "yes" if j.holds.yes else "no" if j.holds.no else "unknown", self.lang))
        if j.state is not None and j.state.values is not None:
            words.append("/".join(word(STATES, str(s), self.lang) for s in j.state.values))
        if j.holds is None or j.kind.base != "yesno":
            words.append(Writer(self.lang).possible(j.value, j.kind))
        if j.status == "unknown":
            words.append("（" + "、".join((*j.missing, *j.reasons)) + "）")
        return " ".join(w for w in words if w)


def bare(value: Possible, kind: Kind) -> Judged:
    """A value that is no result of its own, as one."""
    from policydsl.evaluate.findings import missing_of

    status = "conflict" if value.conflict else "known" if value.known else "unknown"
    holds = value if kind.base == "yesno" else None
    return Judged(
        None, status, value, kind, holds, None, value.deemed, missing_of(value), tuple(sorted(value.reasons)), (), (),  # type: ignore[arg-type]
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


__all__ = ["ExampleReport", "Failure", "run_examples"]
