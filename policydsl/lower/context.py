"""What lowering shares: the file, its names, the problems found so far, and where an expression stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property

from policydsl import core as c
from policydsl import nodes as n
from policydsl.catalogue import hint_words
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.kinds import Choice, Fiscal, Kind, Period
from policydsl.lower.cited import Readers
from policydsl.lower.names import Names, in_order
from policydsl.lower.results import Reported
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sources import NO_TEXTS, Sources
from policydsl.text.fold import name_key
from policydsl.text.keywords import currency
from policydsl.text.near import alike

MOST_COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class Where:
    """The place of an expression: lists whose record is in hand (innermost last); ``window`` restricts aggregates to
    the period in hand (list of periods, the days of 按); ``members``: the several-valued choices whose values are
    in hand, each as (list of its values, its name)."""

    lists: tuple[str, ...] = ()
    window: tuple[str, tuple[n.Expr, ...]] | None = None
    members: tuple[tuple[str, str], ...] = ()
    subject: c.AnyTerm | None = None
    order: n.Each | None = None  # the 逐条 of the clause: 连续 n次 goes by its day

    def inside(self, name: str) -> Where:
        return replace(self, lists=(*self.lists, name))


@dataclass
class Lowering:
    """The state of lowering one file."""

    file: n.File
    names: Names
    fiscal: Fiscal | None = None
    problems: list[Diagnostic] = field(default_factory=list)
    inputs: dict[str, c.InputDecl] = field(default_factory=dict)
    lists: dict[str, c.ListDecl] = field(default_factory=dict)
    terms: dict[c.Name, c.Definition] = field(default_factory=dict)
    results: list[Reported] = field(default_factory=list)
    clauses: dict[str, n.Clause] = field(default_factory=dict)
    over: dict[str, str | None] = field(default_factory=dict)
    lowering: list[str] = field(default_factory=list)
    policy_effective: n.Effective | None = None
    bars: set[str] = field(default_factory=set)
    amounts: dict[str, list[str]] = field(default_factory=dict)  # 奖励 and 处罚 with amounts, for the totals
    known: Mapping[Choice, Choice] = field(default_factory=dict)  # columns without a declaration -> their choice
    undeclared: set[Choice] = field(default_factory=set)  # columns that nothing is known about yet
    met: dict[Choice, dict[Choice, None]] = field(default_factory=dict)  # what such a column is compared with
    events: set[tuple[str, str]] = field(default_factory=set)  # facts and fields with the day of something done
    shares: list[c.AnyTerm] = field(default_factory=list)  # rates that are a part of a whole
    weights: list[c.AnyTerm] = field(default_factory=list)  # by which a pool is shared
    totals: list[tuple[c.AnyTerm, c.AnyTerm | None]] = field(default_factory=list)  # what all (of a group) share
    counts: list[c.AnyTerm] = field(default_factory=list)  # how many an aggregate takes or leaves out
    compared: int = 0  # names that were compared with a word that is none of them
    refused: set[str] = field(default_factory=set)  # blocks of which it is told that they speak of several ledgers
    columns: dict[str, tuple[c.ListDecl, dict[str, c.InputDecl]]] = field(default_factory=dict)  # by identity of name

    def aside(self, more: Sources = NO_TEXTS) -> Lowering:
        """The same names, with a list of problems of its own: for examples, which are no part of what is lowered.
        ``more``: texts besides those of the file."""
        file = self.file
        if more.texts:
            file = replace(file, sources=replace(file.sources, texts={**file.sources.texts, **more.texts}))
        low = Lowering(file, self.names, self.fiscal, inputs=self.inputs, lists=self.lists, terms=self.terms)
        low.clauses, low.over, low.amounts = self.clauses, self.over, self.amounts
        return low

    @cached_property
    def readers(self) -> Readers:
        """What facts cite."""
        return Readers(self.file)

    def problem(
        self, code: str, at: Span, *, severity: str = "error", fix: str | Fix | None = None,
        suggestions: tuple[str, ...] = (), hint: str | None = None, **args: str,
    ) -> None:
        self.problems.append(
            Diagnostic(
                code, at, severity, args, suggestions=suggestions, hint=hint,  # type: ignore[arg-type]
                fix=Fix(at, fix) if isinstance(fix, str) else fix,
            )
        )

    def said_for(self, word: str) -> str | None:
        """The hint that says what to write instead of a word of authors that the language does not have."""
        return hint_words(self.file.dialect).get(name_key(word))

    def no_record(self, code: str, at: Span, **args: str) -> None:
        """A name that needs a record where none is in hand; of a block that speaks of several ledgers that is told."""
        if not (self.lowering and self.lowering[-1] in self.refused):
            self.problems.append(Diagnostic(code, at, args=args))

    @cached_property
    def currency(self) -> str:
        """The code of the currency of amounts that bear no other."""
        policy = self.file.policy
        return currency(next((m.text for m in policy.meta if m.key == "currency"), "CNY") if policy else "CNY")

    @cached_property
    def rates(self) -> dict[tuple[str, str], str]:
        """The parameters that say what one of a currency is worth in another, by the codes of both."""
        blocks = (b for b in self.file.blocks if isinstance(b, n.Parameters))
        return {p.rate: p.name for b in blocks for p in in_order(b) if p.rate is not None}

    def money(self, tax: n.Tax | None, code: str) -> Kind:
        """The kind of amounts in a currency; the policy's own needs no mark."""
        return Kind("money", tax=tax, currency=code if code not in ("", self.currency) else None)

    def close(self, word: str, names: Sequence[str]) -> tuple[str, ...]:
        """Names much like a word. In a text full of faults this is given up: it takes longer than everything else."""
        if self.compared > MOST_COMPARED:
            return ()
        self.compared += len(names)
        return tuple(alike(word, names, percent=50))

    def text(self, at: Span) -> str:
        """What the author wrote there (one line)."""
        return self.file.sources.words(at)

    def list_named(self, name: str) -> str | None:
        """The canonical name of a ledger, table or score sheet."""
        symbol = self.names.find(name)
        if symbol is not None and (
            symbol.role in ("ledger", "table")
            or (isinstance(symbol.node, n.Clause) and traits(symbol.node.kind).reading == "score"
                and not any(isinstance(line, n.Periods) for line in symbol.node.lines))
        ):
            return symbol.name
        return None

    def field_kind(self, list_name: str, field_name: str) -> tuple[str, Kind] | None:
        """Canonical name and kind of a field of a list."""
        found = self.field_named(list_name, field_name)
        return (found.name, found.kind) if found is not None else None

    def field_named(self, list_name: str, field_name: str) -> c.InputDecl | None:
        """A field of a list, by any spelling of its name."""
        decl = self.lists.get(list_name)
        if decl is None:
            return None
        known = self.columns.get(list_name)
        if known is None or known[0] is not decl:  # a declaration is made anew when more of it is known
            words = {f: (f.name, f.alias) if decl.of else (f.name,) for f in reversed(decl.fields)}
            known = self.columns[list_name] = decl, {name_key(w): f for f, said in words.items() for w in said if w}
        return known[1].get(name_key(field_name))


def tell(kind: Kind) -> str:
    """A kind as a neutral word; the catalogue words it."""
    if kind.base == "count" and kind.unit:
        return f"count({kind.unit})"
    if kind.base == "money" and kind.tax:
        return f"money({kind.tax})"
    return kind.base


def period_of(lowering: Lowering, node: n.Period) -> Period | None:
    from policydsl import calendar

    try:
        return calendar.make_period(node.kind, node.year, node.number, lowering.fiscal)
    except calendar.CannotCompute:
        hint = "quarters_listed" if lowering.fiscal is not None and lowering.fiscal.listed else None
        lowering.problem("POL313", node.span, hint=hint, read=lowering.text(node.span))
        return None
