"""An example of a policy file: its facts, ledgers and parameters, and the values that it writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from policydsl import nodes as n
from policydsl.core import Const, InputDecl, ListDecl
from policydsl.diagnostics import Diagnostic, Language
from policydsl.engine import Policy
from policydsl.evaluate.terms import Evaluator
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact, Kind
from policydsl.lower import kinds as rules
from policydsl.lower.clauses import Clauses
from policydsl.lower.context import Where
from policydsl.lower.periods import periods_of
from policydsl.place import Span
from policydsl.report import headline
from policydsl.say import say
from policydsl.sheet.refused import ABSENT, Refused
from policydsl.sheet.values import Context, read_value
from policydsl.sources import NO_TEXTS, Sources
from policydsl.text.fold import name_key


class Faulty(Exception):
    """An example cannot be run: something in it is not declared or cannot be read."""

    def __init__(self, name: str, why: str, at: Span) -> None:
        super().__init__(why)
        self.name, self.why, self.at = name, why, at


class Reader:
    """Reads one example. ``told``: the language of what is said about it, by default the policy's own; ``sources``: the
    text it stands in, where that is not the policy's."""

    def __init__(
        self, policy: Policy, example: n.Example, told: Language | None = None, sources: Sources = NO_TEXTS
    ) -> None:
        self.example, self.program = example, policy.program
        self.lang: Language = policy.program.header.dialect
        self.told: Language = told or self.lang
        self.context = Context.of(policy.program)
        self.low = policy.lowering.aside(sources)
        self.clauses = Clauses(self.low)
        self.clauses.parts = {k: k for k in self.program.terms}
        self.expr = self.clauses.expr

    def say(self, key: str) -> str:
        return say(key, self.told)

    # ------------------------------------------------------------------------------------------ what is given
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
            value = self.literal(binding.values, decl.kind)
            (settings if decl.parameter else values)[decl.name] = value
        for given in self.example.given_rows:
            if isinstance(given.ledger, n.Builtin):
                parties = given
            else:
                decl_ = self.list_named(given.ledger.text, given.span)
                rows[decl_.name] = self.records(decl_, given)
        if parties is None:
            return [Sheet(say("case.this_party", self.lang), None, values, rows)], settings, False
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
            raise Faulty(name, self.say("case.no_fact"), at)
        return found

    def list_named(self, name: str, at: Span) -> ListDecl:
        key = name_key(name)
        found = next((d for d in self.program.lists.values() if name_key(d.name) == key), None)
        if found is None:
            raise Faulty(name, self.say("case.no_ledger"), at)
        return found

    def expected_list(self, name: str, at: Span) -> ListDecl:
        """The ledger of a table of what is expected, or the periods of a clause that is judged once a period."""
        key = name_key(name)
        return next((d for d in self.program.lists.values() if key == periods_of(d)), None) or self.list_named(name, at)

    def records(self, decl: ListDecl, given: n.GivenRows) -> tuple[Record, ...]:
        key = decl.key or decl.fields[0].name
        out = []
        for i, row in enumerate(given.rows):
            values: dict[str, Exact] = {}
            for head, cell in zip(given.header, row.cells, strict=False):
                word = name_key(head.text)
                field = next((f for f in decl.fields if word in (name_key(f.name), name_key(f.alias or ""))), None)
                if field is None:
                    no = self.say("case.no_field")
                    raise Faulty(f"{decl.name}.{head.text}", no, head.span)
                read = self.cell(cell, field)
                if read is not ABSENT:
                    values[field.name] = read  # type: ignore[assignment]
            out.append(Record(self.record_key(given.header, row, values, key) or str(i + 1), values, row.span))
        return tuple(out)

    @staticmethod
    def record_key(
        header: tuple[n.HeaderCell, ...], row: n.RawRow, values: dict[str, Exact], key: str
    ) -> str:
        """How a record is called: a text or date as it is, anything else as it is written."""
        value = values.get(key)
        if value is None or isinstance(value, str | date):
            return "" if value is None else str(value)
        cells = zip(header, row.cells, strict=False)
        return next((c.text.strip() for h, c in cells if name_key(h.text) == name_key(key)), "")

    def cell(self, cell: n.RawCell, decl: InputDecl) -> object:
        try:
            return read_value(cell.text, decl, replace(self.context, fact=True))
        except Refused as refused:
            problem = Diagnostic(refused.code, cell.span, args={"path": decl.name, **refused.args_})
            raise Faulty(decl.name, headline(problem, self.told), cell.span) from refused

    def literal(self, values: tuple[n.Expr, ...], kind: Kind) -> Exact:
        """The exact value of what an example writes after ＝."""
        read = [self.one(v, kind) for v in values]
        if kind.base == "choices":
            return tuple(str(v) for v in read)
        return read[0]

    def one(self, node: n.Expr, kind: Kind) -> Exact:
        if isinstance(node, n.Name | n.Text) and kind.base == "text":
            return node.text if isinstance(node, n.Name) else node.value
        if isinstance(node, n.Negative | n.Arith):  # -3天, 17/3: one value, as a fact sheet writes it
            decl = InputDecl("", None, kind.element, node.span, optional=True)
            try:
                return read_value(self.low.text(node.span), decl, self.context)  # type: ignore[return-value]
            except Refused:
                pass
        term = self.expr.value(node, Where())
        if isinstance(term, Const) and term.kind.base == "choice":
            term = rules.fit_choice(self.low, term, kind.element)
        if self.low.problems:
            problem = self.low.problems.pop()
            self.low.problems.clear()
            raise Faulty(self.low.text(node.span), headline(problem, self.told), node.span)
        if not isinstance(term, Const):
            ev = Evaluator(self.program, [Sheet("")], {})
            value = ev.value(term, ev.scope(0, self.example.as_of or date.today()))
            if not value.known:
                raise Faulty(self.low.text(node.span), self.say("case.no_value"), node.span)
            return value.value
        return term.value


__all__ = ["Faulty", "Reader"]
