"""What one partner may see of an explanation: its own records and itself by name; of the others, that they are there.

A record of a shared ledger belongs to the party that the policy compares with 本方; in a ledger without such a field,
to whomever of the parties judged it names. Other partners are named nowhere, nor is what their records say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policydsl.clause_kinds import traits
from policydsl.core import PARTY, Apply, Program, Read
from policydsl.diagnostics import Language
from policydsl.domain import Possible
from policydsl.explain.model import Branch, Change, Explained, Explanation, Node, Question, Section, Target
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact, text_key
from policydsl.members import dataclass
from policydsl.operators import conjunction, disjunction
from policydsl.say import say
from policydsl.verdict import Entry, Finding, Judged, Status, Sum, Verdict
from policydsl.walk import every_of


@dataclass(frozen=True, slots=True)
class Others:
    """The other partners: their ``names`` (as keys of text), their ``records`` as (ledger, key)."""

    names: frozenset[str]
    records: frozenset[tuple[str, str]]


def others(program: Program, sheets: Sequence[Sheet], party: int) -> Others:
    """Who else there is, and what is theirs, beside one party of a population."""
    own = text_key(sheets[party].name)
    names = {text_key(s.name) for i, s in enumerate(sheets) if i != party and s.name} - {own}
    population = frozenset(names)
    owners = owner_fields(program)
    records: set[tuple[str, str]] = set()
    for ledger in program.lists.values():
        if not ledger.shared:
            continue
        for record in sheets[party].lists.get(ledger.name, ()):
            named = {text_key(v) for v in values(record, owners.get(ledger.name, ()))}
            if ledger.name not in owners:
                named = {text_key(v) for v in values(record, record.values)} & (population | {own})
                if not named:
                    continue
            if own not in named:
                records.add((ledger.name, record.key))
                names |= named
    return Others(frozenset(names), frozenset(records))


def values(record: Record, fields: Iterable[str]) -> Iterator[str]:
    """The texts that a record has in the fields."""
    for name in fields:
        value = record.values.get(name)
        if isinstance(value, str):
            yield value


def owner_fields(program: Program) -> dict[str, set[str]]:
    """The fields of ledgers that a policy compares with the party (本方)."""
    found: dict[str, set[str]] = {}
    for term in every_of(program):
        sides = term.args if isinstance(term, Apply) and term.op == "=" else ()
        if any(isinstance(side, Read) and side.name == PARTY for side in sides):
            for side in sides:
                if isinstance(side, Read) and side.list in program.lists:
                    found.setdefault(side.list, set()).add(side.name)
    return found


def own(explanation: Explanation, program: Program, other: Others, lang: Language | None = None) -> Explanation:
    """The explanation as the partner may see it."""
    if not other.names and not other.records:
        return explanation
    masker = _Masker(other, lang or explanation.verdict.header.dialect, {r.name: r.over or "" for r in program.results})
    sections = tuple(masker.sections(explanation.sections))
    return replace(
        explanation, sections=sections, targets=tuple(masker.target(t) for t in explanation.targets),
        verdict=masker.verdict(explanation.verdict, sections),
    )


@dataclass(frozen=True, slots=True)
class _Masker:
    other: Others
    lang: Language
    over: dict[str, str]  # of each result its ledger

    @property
    def somebody(self) -> str:
        return say("explain.somebody", self.lang)

    def theirs(self, ledger: str, key: str | None) -> bool:
        return (ledger, key or "") in self.other.records

    # ------------------------------------------------------------------------------------------ results
    def verdict(self, verdict: Verdict, sections: Sequence[Section]) -> Verdict:
        """The verdict on the records that the sections tell."""
        told = {s.name: s for s in sections}
        results = {}
        for name, result in verdict.results.items():
            if name not in told:
                none = None if result.items is None else ()
                results[name] = replace(result, total=self.judged(result.total), items=none)
                continue
            items = tuple(e.judged for e in told[name].entries) if told[name].per_record else None
            results[name] = replace(result, total=told[name].total, items=items)
        missing = (replace(m, fact=fact) for m in verdict.missing for fact in self.facts((m.fact,)))
        return replace(
            verdict, results=results, missing=tuple(dict.fromkeys(missing)),
            trace=tuple(self.entry(e) for e in verdict.trace if not self.another(e)),
            aside=tuple(one for one in verdict.aside if not self.theirs(one.list, one.record)),
        )

    def another(self, entry: Entry) -> bool:
        return entry.record is not None and entry.record in {key for _, key in self.other.records}

    def entry(self, entry: Entry) -> Entry:
        return replace(
            entry, value=None if entry.value is None else self.value(entry.value),
            reads=tuple(replace(r, value=self.value(r.value)) for r in entry.reads),
            findings=tuple(map(self.finding, entry.findings)),
            working=None if entry.working is None else self.sum(entry.working),
        )

    def sections(self, sections: Sequence[Section]) -> Iterator[Section]:
        for section in sections:
            ledger = self.over[section.name]
            kept = tuple(e for e in section.entries if not self.theirs(ledger, e.record))
            if section.entries and not kept:
                continue  # nothing but records of others
            total = self.judged(section.total)
            if len(kept) < len(section.entries):
                total = together(section, [e.judged for e in kept])
            yield replace(
                section, entries=tuple(map(self.explained, kept)), total=self.judged(total),
                questions=tuple(self.questions(section.questions, ledger)),
            )

    def target(self, target: Target) -> Target:
        ledger = self.over[target.result]
        kept = (e for e in target.entries if not self.theirs(ledger, e.record))
        return replace(
            target, entries=tuple(map(self.explained, kept)),
            questions=tuple(self.questions(target.questions, ledger)), changes=tuple(self.changes(target.changes)),
        )

    def changes(self, changes: Sequence[Change]) -> Iterator[Change]:
        """What gets worse of one's own; what all records come to together is not, where some are of others."""
        ledgers = {ledger for ledger, _ in self.other.records}
        for change in changes:
            worse = tuple(
                replace(w, before=self.judged(w.before), after=self.judged(w.after)) for w in change.worse
                if not self.theirs(self.over[w.result], w.record)
                and not (w.record is None and self.over[w.result] in ledgers)
            )
            if worse and self.named(change.fact) == change.fact:
                yield replace(change, worse=worse)

    def explained(self, entry: Explained) -> Explained:
        return replace(
            entry, judged=self.judged(entry.judged), nodes=tuple(map(self.node, entry.nodes)),
            working=None if entry.working is None else self.sum(entry.working),
        )

    def questions(self, questions: Sequence[Question], ledger: str) -> Iterator[Question]:
        for q in questions:
            whose = self.theirs(q.list, q.record) or self.theirs(ledger, q.of) or self.named(q.fact) != q.fact
            if not whose:
                yield replace(q, branches=tuple(map(self.branch, q.branches)))

    def branch(self, branch: Branch) -> Branch:
        until = None if branch.until is None else self.judged(branch.until)
        return replace(branch, outcome=self.judged(branch.outcome), until=until)

    # ------------------------------------------------------------------------------------------ parts
    def judged(self, judged: Judged) -> Judged:
        return replace(
            judged, value=self.value(judged.value), missing=self.facts(judged.missing),
            parts=tuple(replace(p, value=self.value(p.value)) for p in judged.parts),
            bearer=None if judged.bearer is None else self.value(judged.bearer),
            favour=None if judged.favour is None else self.value(judged.favour),
            ends_missing=self.facts(judged.ends_missing),
        )

    def node(self, node: Node) -> Node:
        if node.form == "record" and self.theirs(node.name, node.text):
            return replace(node, text=say("explain.their_record", self.lang), children=(), reads=())
        return replace(
            node, finding=None if node.finding is None else self.finding(node.finding),
            value=None if node.value is None else self.value(node.value),
            reads=tuple(replace(r, value=self.value(r.value)) for r in node.reads),
            working=None if node.working is None else self.sum(node.working),
            children=tuple(map(self.node, node.children)),
        )

    def finding(self, finding: Finding) -> Finding:
        actual, required, gap = (
            None if p is None else self.value(p) for p in (finding.actual, finding.required, finding.gap)
        )
        return replace(finding, actual=actual, required=required, gap=gap, missing=self.facts(finding.missing))

    def sum(self, made: Sum) -> Sum:
        """A working: records and partners that are others' are there without a name, and without what they say."""
        theirs = {key for _, key in self.other.records}
        parts = []
        for part in made.parts:
            if part.record and (part.record in theirs or text_key(part.record) in self.other.names):
                if made.form not in ("before", "not_after"):
                    hidden = Sum("hidden", "", "", Possible(None), part.kind, record=self.somebody)
                    parts.append(replace(hidden, maybe=part.maybe))
            else:
                parts.append(self.sum(part))
        gone = tuple(
            replace(one, lacks=None if one.lacks is None else self.finding(one.lacks)) for one in made.left_out
            if one.record not in theirs and text_key(one.record) not in self.other.names
        )
        return replace(made, value=self.value(made.value), parts=tuple(parts), left_out=gone,
                       spans=tuple(map(self.sum, made.spans)))

    def facts(self, names: Sequence[str]) -> tuple[str, ...]:
        """Missing facts; what is missing of another's record is so without its name."""
        shown = dict.fromkeys(names)
        for ledger, key in self.other.records:
            for name in [n for n in shown if n.startswith(f"{ledger}[{key}].")]:
                del shown[name]
                shown[f"{ledger}[{self.somebody}]"] = None
        return tuple(dict.fromkeys(map(self.named, shown)))

    def named(self, fact: str) -> str:
        """A fact of another partner of the population, without its name."""
        head, mark, rest = fact.partition("[")
        key, _, field = rest.rpartition("].")
        return f"{head}{mark}{self.somebody}].{field}" if text_key(key) in self.other.names else fact

    def value(self, value: Possible) -> Possible:
        """What a value may be, other partners without their names."""
        if value.values is None or not any(isinstance(v, str | tuple) for v in value.values):
            return value
        return replace(value, values=tuple(dict.fromkeys(self.exact(v) for v in value.values)))

    def exact(self, value: Exact) -> Exact:
        if isinstance(value, str):
            return self.somebody if text_key(value) in self.other.names else value
        if isinstance(value, tuple):
            return tuple(self.somebody if text_key(v) in self.other.names else v for v in value)
        return value


def together(section: Section, items: Sequence[Judged]) -> Judged:
    """What the records of the party come to, the others left out."""
    status: Status = "unknown" if any(i.status == "unknown" for i in items) else "known"
    live = [i for i in items if i.status != "not_applicable"]
    truths = [i.holds for i in live if i.holds is not None]
    holds = None
    if section.total.holds is not None:
        holds = conjunction(truths) if traits(section.label).asks else disjunction(truths)
    value = holds if holds is not None and section.total.kind.base == "yesno" else Possible(None)
    missing = tuple(dict.fromkeys(m for i in live if i.status == "unknown" for m in i.missing))
    reasons = tuple(dict.fromkeys(r for i in live if i.status == "unknown" for r in i.reasons))
    state = section.total.state if any(i.state is not None for i in live) else None
    return replace(
        section.total, status=status, holds=holds, value=value, missing=missing, reasons=reasons, state=state
    )


__all__ = ["Others", "others", "own", "owner_fields"]
