"""Cases of YAML files: a sheet as one would give it, and what is expected of its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from policydsl.core import Program
from policydsl.diagnostics import LANGUAGES, Diagnostic, Language, SheetError
from policydsl.engine import Policy
from policydsl.evaluate.terms import Evaluator
from policydsl.kinds import Exact
from policydsl.report import headline
from policydsl.say import say
from policydsl.sheet import check_ranges
from policydsl.sheet.read import read_tree, settings_of
from policydsl.sheet.source import Pair
from policydsl.sheet.values import Context
from policydsl.testing.case import Case, Failure, Given, Report
from policydsl.testing.compare import Comparison, Subject
from policydsl.testing.examples import bare
from policydsl.testing.tables import filled
from policydsl.testing.wanted import Spec
from policydsl.verdict import Verdict


def named(failures: Iterator[Failure], who: str) -> Iterator[Failure]:
    """The failures, with the party they are of."""
    for failure in failures:
        yield replace(failure, name=f"{who}: {failure.name}") if who else failure


class SheetCase(Case):
    """One case of a YAML file."""

    source: Literal["pol", "yaml"] = "yaml"

    def __init__(self, program: Program, spec: Spec, version: Policy | None = None) -> None:
        self.spec, self.version = spec, version
        self.name, self.at, self.sources = spec.name, spec.at, spec.sources
        self.unconfirmed = spec.to_confirm
        self.asserts = self.asserted(program)
        self.read: tuple[object, object, Given] | None = None

    def asserted(self, program: Program) -> frozenset[str] | None:
        """The results that are looked at; of a measure, those that may bring it about."""
        spec = self.spec
        if spec.missing is not None or spec.status is not None:
            return None
        out = {ref.rule for ref in (*spec.fired, *spec.not_fired)}
        for _, lines in spec.expected:
            for line in lines:
                if line.fact:
                    continue
                if line.measure:
                    out |= {r.name for r in program.results for e in r.effects if line.name in e.names}
                else:
                    out.add(line.name)
        return frozenset(out)

    @property
    def traced(self) -> bool:
        return bool(self.spec.fired or self.spec.not_fired)

    @property
    def refusal(self) -> bool:
        return self.spec.refused is not None

    # ------------------------------------------------------------------------------------------ what is given
    def given(self, policy: Policy) -> Given:
        program = (self.version or policy).program
        if self.read is not None and self.read[0] is program.inputs and self.read[1] is program.lists:
            return self.read[2]
        spec, dialect = self.spec, program.header.dialect
        settings = self.settings(program)
        name = say("case.this_party", dialect)
        sheets = read_tree(spec.facts, spec.sources, name, program)
        if len(sheets) == 1:
            sheets = [replace(sheets[0], named=True)]  # the party of a case is called so unless it says otherwise
        day = spec.as_of or next((s.as_of for s in sheets if s.as_of is not None), None) or date.today()
        wrong = check_ranges(filled(program, spec.tables), sheets, day, settings)
        wrong = wrong or [replace(p, span=self.at) for p in (self.version or policy).unheld(settings)]
        if wrong:
            raise SheetError(wrong, spec.sources, dialect)
        made = Given(tuple(sheets), settings, day, spec.population, spec.tables)
        self.read = (program.inputs, program.lists, made)
        return made

    def settings(self, program: Program) -> dict[str, Exact]:
        """The parameters; what is wrong with one is shown where it is written."""
        given = [Pair(name, value.at, value) for name, value in self.spec.settings.items()]
        return settings_of(given, program, self.spec.sources)

    # ------------------------------------------------------------------------------------------ what comes out
    def run(
        self, policy: Policy, language: Language | None = None, evaluator: type[Evaluator] = Evaluator
    ) -> Report:
        policy = self.version or policy
        lang = language or policy.program.header.dialect
        try:
            given = self.given(policy)
        except SheetError as error:
            return self.report(self.refused(error.diagnostics, lang))
        if self.spec.refused is not None:
            accepted = say("case.was_accepted", lang)
            return self.report([Failure(self.name, self.refusal_words(lang), accepted, self.at)])
        judges = given.judges(policy, evaluator)
        context = Context.of(policy.program)
        failures: list[Failure] = []
        parties = {sheet.name: i for i, sheet in enumerate(given.sheets)}
        made: dict[int, Verdict] = {}

        def verdict(party: int) -> Verdict:
            if party not in made:
                made[party] = judges[party].verdict(self.traced, self.asserts)
            return made[party]

        for who, lines in self.spec.expected:
            party = parties.get(who.text) if who is not None else 0
            comparison = Comparison(context, lang, party or 0)
            if who is not None and party is None:
                no = comparison.say("case.no_party")
                failures.append(comparison.failure(Subject(who.text, None), who.text, no, who.at))
                continue
            for line in lines:
                whose = who.text if who is not None else ""
                if line.fact:
                    judge = judges[party or 0]
                    found = bare(judge.ev.input(line.name, judge.scope), policy.program.inputs[line.name].kind)
                    failures += named(comparison.judged(found, line.wanted, Subject(line.shown, None)), whose)
                else:
                    failures += named(comparison.expected(verdict(party or 0), line), whose)
        if self.traced or self.spec.missing is not None or self.spec.status is not None:
            comparison = Comparison(context, lang)
            failures += comparison.entries(verdict(0), self.spec.fired, self.spec.not_fired)
            failures += comparison.whole(verdict(0), self.spec.missing, self.spec.status, self.at)
        return self.report(failures)

    def refused(self, diagnostics: Sequence[Diagnostic], lang: Language) -> Iterator[Failure]:
        """Nothing, if the refusal is what was asked for and says what it should."""
        said = " ".join(f"{d.code} {d.args} {headline(d, told)}" for d in diagnostics for told in LANGUAGES)
        shown = "；".join(headline(d, lang) for d in diagnostics)
        if self.spec.refused is None:
            first = diagnostics[0].span
            at = first if first.line else self.at
            expected, actual = say("case.accepted", lang), say("case.refused_because", lang, reasons=shown)
            yield Failure(self.name, expected, actual, at, refusals=tuple(diagnostics))
            return
        for part in self.spec.refused:
            if part.text not in said:
                yield Failure(self.name, part.text, shown, part.at, refusals=tuple(diagnostics))

    def refusal_words(self, lang: Language) -> str:
        words = "、".join(s.text for s in self.spec.refused or ())
        return say("case.is_refused", lang, words=words)

    def report(self, failures: Iterator[Failure] | list[Failure]) -> Report:
        return Report(self.name, self.at, tuple(failures))
