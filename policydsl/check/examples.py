"""示例: every name it gives or expects exists, and every value can be read as what it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policydsl import core as c
from policydsl import nodes as n
from policydsl.core import InputDecl, ListDecl, Name, Program
from policydsl.diagnostics import LANGUAGES, Diagnostic
from policydsl.kinds import ANY_KIND, Kind
from policydsl.lower import kinds as rules
from policydsl.lower.build import const
from policydsl.lower.context import Lowering, Where
from policydsl.lower.expressions import Expressions, part_named
from policydsl.lower.periods import named_in, periods_of
from policydsl.place import Span
from policydsl.say import word
from policydsl.sheet.refused import Refused, expects
from policydsl.sheet.values import Context, may_be_none, read_value
from policydsl.sources import NO_TEXTS, Sources
from policydsl.text.fold import name_key

_NOT_STATED = ("未规定", "not stated", "无等级", "no tier")
_TO = (" 至 ", "至", " to ")


def examples(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Every example of the file."""
    reader: Reader | None = None
    for block in file.blocks:
        if isinstance(block, n.Example):
            reader = reader or Reader(program, low)
            yield from reader.problems(block)


class Reader:
    """Reads examples against the policy, one after another. ``sources``: the text they stand in, where that is not the
    policy's."""

    example: n.Example

    def __init__(self, program: Program, low: Lowering, sources: Sources = NO_TEXTS) -> None:
        from policydsl.lower.clauses import Clauses

        self.program = program
        self.low = low.aside(sources)
        self.expr: Expressions = Clauses(self.low).expr
        self.context = Context.of(program)
        self.inputs = {name_key(d.name): d for d in program.inputs.values()}
        self.results = {name_key(r.name): r for r in program.results}
        self.lists = {name_key(d.name): d for d in program.lists.values() if d.source == "sheet"}

    def problem(self, code: str, at: Span, severity: str = "error", **args: str) -> Diagnostic:
        return Diagnostic(code, at, severity, {"example": self.example.name, **args})  # type: ignore[arg-type]

    def problems(self, example: n.Example) -> Iterator[Diagnostic]:
        self.example = example
        if example.as_of is None:
            yield self.problem("POL504", self.head(), "warning")
        if not example.expect and not example.expect_rows:
            yield self.problem("POL505", self.head(), "warning")
        for binding in example.given:
            yield from self.given(binding)
        for rows in example.given_rows:
            yield from self.given_rows(rows)
        for outcome in example.expect:
            yield from self.outcome(outcome)
        for table in example.expect_rows:
            yield from self.expect_rows(table)

    def head(self) -> Span:
        """The first line of the example."""
        at = self.example.span
        end = len(self.low.file.sources.line(at).rstrip()) + 1
        return Span(at.file, at.line, at.column, at.line, max(at.column + 1, end))

    # ------------------------------------------------------------------------------------------ given
    def given(self, binding: n.Binding) -> Iterator[Diagnostic]:
        key = name_key(binding.name.text)
        decl = self.inputs.get(key)
        if decl is None and key in self.lists:
            return
        if decl is None:
            yield self.unknown("POL502", binding.name.text, binding.name.span, [d.name for d in self.inputs.values()])
            return
        for value in binding.values:
            yield from self.value(value, decl.kind, decl.name, may_be_none(decl))

    def unknown(self, code: str, word: str, at: Span, pool: Sequence[str], **more: str) -> Diagnostic:
        args = {"example": self.example.name, "read": word, **more}
        return Diagnostic(code, at, args=args, suggestions=self.low.close(word, pool))

    def value(self, node: n.Expr, kind: Kind, name: str, none: bool = True) -> Iterator[Diagnostic]:
        """A value written in a line: of the kind, one of the options, 无 only where it may be."""
        if isinstance(node, n.Builtin) and node.key == "not_stated":
            return
        element = kind.element
        if isinstance(node, n.Negative | n.Arith):  # -3天, 17/3: one value, as a fact sheet writes it
            decl = InputDecl("", None, element, node.span, optional=True)
            try:
                read_value(self.low.text(node.span), decl, self.context)
                return
            except Refused:
                if isinstance(node, n.Negative):
                    yield self.unreadable(self.low.text(node.span), name, node.span, kind)
                    return
        self.low.problems.clear()
        term = self.expr.value(node, Where())
        if not (isinstance(term, c.Const) and term.value is None and none) and element != ANY_KIND:
            if isinstance(term, c.Const) and term.value is None:
                yield self.unreadable(self.low.text(node.span), name, node.span, kind)
                return
            rules.unify(self.low, const(None, element), term, node.span)
        wrong = [p for p in self.low.problems if p.severity == "error"]
        self.low.problems.clear()
        if wrong:
            yield self.unreadable(self.low.text(node.span), name, node.span, kind, wrong[0].suggestions)

    def unreadable(
        self, read: str, name: str, at: Span, kind: Kind, suggestions: tuple[str, ...] = (),
        expected: tuple[str, ...] = (),
    ) -> Diagnostic:
        args = {"example": self.example.name, "read": read, "name": name}
        wanted = expected or (tuple(f'"{o}"' for o in kind.options) if kind.options else expects(kind))
        return Diagnostic("POL503", at, args=args, expected=wanted, suggestions=suggestions)

    def given_rows(self, given: n.GivenRows) -> Iterator[Diagnostic]:
        if isinstance(given.ledger, n.Builtin):
            columns = [self.inputs.get(name_key(h.text)) for h in given.header[1:]]
            for head, decl in zip(given.header[1:], columns, strict=True):
                if decl is None:
                    yield self.unknown("POL502", head.text, head.span, [d.name for d in self.inputs.values()])
            yield from self.cells(given.rows, [None, *columns])
            return
        ledger = self.lists.get(name_key(given.ledger.text))
        if ledger is None:
            pool = [d.name for d in self.lists.values()]
            yield self.unknown("POL502", given.ledger.text, given.ledger.span, pool)
            return
        fields = [self.low.field_named(ledger.name, h.text) for h in given.header]
        for head, decl in zip(given.header, fields, strict=True):
            if decl is None:
                pool = [f.name for f in ledger.fields]
                yield self.unknown("POL507", head.text, head.span, pool, table=ledger.name)
        yield from self.cells(given.rows, fields)

    def cells(self, rows: Sequence[n.RawRow], columns: Sequence[InputDecl | None]) -> Iterator[Diagnostic]:
        for row in rows:
            if len(row.cells) != len(columns):
                yield self.ragged(row, len(columns))
                continue
            for cell, decl in zip(row.cells, columns, strict=True):
                if decl is None:
                    continue
                try:
                    read_value(cell.text, decl, self.context)
                except Refused as refused:
                    yield self.unreadable(
                        cell.text, decl.name, cell.span, decl.kind, refused.suggestions, refused.expected
                    )

    def ragged(self, row: n.RawRow, wanted: int) -> Diagnostic:
        return Diagnostic("POL405", row.span, args={"found": str(len(row.cells)), "wanted": str(wanted)})

    # ------------------------------------------------------------------------------------------ expected
    def outcome(self, outcome: n.Outcome) -> Iterator[Diagnostic]:
        kind = self.kind_of(outcome)
        if kind is None:
            word = outcome.name.text if outcome.part is None else self.low.text(outcome.span)
            at = outcome.name.span if outcome.part is None else outcome.name.span.to(outcome.part.span)
            word = self.low.text(at) or word
            yield self.unknown("POL506", word, at, [r.name for r in self.program.results])
            return
        for value in (outcome.value, outcome.high, *outcome.one_of):
            if value is not None:
                yield from self.value(value, kind, outcome.name.text)
        for name in outcome.lacking:
            if not self.known_fact(name.text):
                yield self.unknown("POL502", name.text, name.span, [d.name for d in self.inputs.values()])

    def known_fact(self, name: str) -> bool:
        key = name_key(name)
        return key in self.inputs or key in self.lists or any(
            self.low.field_named(ledger.name, name) is not None for ledger in self.lists.values()
        )

    def kind_of(self, outcome: n.Outcome) -> Kind | None:
        """The kind of what an outcome speaks of; None when there is no such thing."""
        key = name_key(outcome.name.text)
        result = self.results.get(key)
        over = result.over if result is not None else None
        if outcome.period is not None and (over is None or self.program.lists[over].cycles is None):
            return None
        if isinstance(outcome.name, n.Builtin):
            return ANY_KIND
        if result is None:
            decl = self.inputs.get(key)
            if outcome.part is None:
                return decl.kind if decl is not None else None
            return None
        if outcome.part is None:
            return result.value.kind
        return self.part_kind(result, outcome.part)

    def part_kind(self, result: c.Result, part: n.Name | n.Builtin) -> Kind | None:
        for full in (part_named(result.name, part), Name(result.name, "item", part.text)):
            if full in self.program.terms:
                return self.program.terms[full].kind
        said = ((p, (p.name, *(word("part", p.name, lang) for lang in LANGUAGES))) for p in result.parts)
        return next((p.term.kind for p, names in said if name_key(part.text) in map(name_key, names)), None)

    def expect_rows(self, table: n.ExpectRows) -> Iterator[Diagnostic]:
        ledger: ListDecl | None = None
        if isinstance(table.ledger, n.Name):
            key = name_key(table.ledger.text)
            ledger = next((d for d in self.program.lists.values() if key in (name_key(d.name), periods_of(d))), None)
            if ledger is None or ledger.name == c.POPULATION:
                pool = [d.name for d in self.lists.values()]
                yield self.unknown("POL502", table.ledger.text, table.ledger.span, pool)
                return
        kinds: list[Kind | None] = [None]
        for head in table.header[1:]:
            kind = self.column_kind(named_in(ledger, head.text), ledger)
            if kind is None and ledger is None:
                yield self.unknown("POL506", head.text, head.span, [r.name for r in self.program.results])
            elif kind is None:
                assert ledger is not None
                pool = [*(f.name for f in ledger.fields), *(r.name for r in self.program.results if r.over)]
                yield self.unknown("POL507", head.text, head.span, pool, table=ledger.of or ledger.name)
            kinds.append(kind)
        for row in table.rows:
            if len(row.cells) != len(kinds):
                yield self.ragged(row, len(kinds))
                continue
            for head, cell, kind in zip(table.header, row.cells, kinds, strict=True):
                if kind is not None and cell.text.strip():
                    yield from self.expected_cell(cell, kind, head.text)

    def column_kind(self, name: str, ledger: ListDecl | None) -> Kind | None:
        key = name_key(name)
        if key in self.results:
            return self.results[key].value.kind
        if ledger is None:
            decl = self.inputs.get(key)
            return decl.kind if decl is not None else self.builtin_kind(name)
        field = self.low.field_named(ledger.name, name)
        if field is not None:
            return field.kind
        for mark in (" 的 ", "的", "'s "):
            owner, found, part = name.partition(mark)
            result = self.results.get(name_key(owner))
            if found and result is not None:
                node = n.Name(self.example.span, part.strip())
                return self.part_kind(result, self.as_builtin(node))
        return None

    def as_builtin(self, name: n.Name) -> n.Name | n.Builtin:
        from policydsl.text.keywords import dialect

        key = dialect(self.low.file.dialect).builtins.get(name.text)
        return name if key is None else n.Builtin(name.span, key, name.text)

    def builtin_kind(self, name: str) -> Kind | None:
        return ANY_KIND if isinstance(self.as_builtin(n.Name(self.example.span, name.strip())), n.Builtin) else None

    def expected_cell(self, cell: n.RawCell, kind: Kind, name: str) -> Iterator[Diagnostic]:
        """A state, a value, or two values with 至 between them."""
        from policydsl.text.keywords import state_word

        text = cell.text.strip()
        if state_word(text) is not None or name_key(text) in _NOT_STATED or kind == ANY_KIND:
            return
        decl = InputDecl("", None, kind, cell.span, optional=True)
        candidates = [[text]] + [[a, b] for mark in _TO for a, found, b in [text.partition(mark)] if found]
        refusal: Refused | None = None
        for parts in candidates:
            try:
                for part in parts:
                    read_value(part, decl, self.context)
                return
            except Refused as refused:
                refusal = refusal or refused
        assert refusal is not None
        yield self.unreadable(text, name, cell.span, kind, refusal.suggestions, refusal.expected)
