"""Failures in words: place, expected, actual, and the grounds of the result, met and unmet alike."""

from __future__ import annotations

from policydsl import report
from policydsl.diagnostics import Language, SheetError
from policydsl.engine import Policy
from policydsl.render.grounds import of_result
from policydsl.render.layout import Paint
from policydsl.render.values import Writer
from policydsl.say import say, word
from policydsl.testing.case import Case, Failure, Report
from policydsl.testing.example_reader import Faulty


def report_lines(policy: Policy, case: Case, failed: Report, lang: Language, paint: Paint) -> list[str]:
    """What a case that failed says: a line for each failure, and why, once for each result."""
    out: list[str] = []
    told: set[tuple[object, ...]] = set()
    for failure in failed.failures:
        out.append(headline(case, failure, lang))
        for refusal in failure.refusals:
            out += [f"  {text}" for text in report.render(refusal, case.sources, lang).split("\n")]
        subject = (failure.result, failure.record, failure.party)
        if subject not in told:
            told.add(subject)
            out += [f"  {text}" for text in grounds(policy, case, failure, lang, paint)]
    return out


def headline(case: Case, failure: Failure, lang: Language) -> str:
    """Place, case, result: expected, actual."""
    at = failure.at if failure.at.line else case.at
    place = f"{at.file or case.at.file}:{at.line}"
    key = "case.headline" if failure.expected else "case.fault"
    return say(
        key, lang, place=place, kind=word("source", case.source, lang), case=case.name, name=failure.name,
        expected=failure.expected, actual=failure.actual,
    )


def grounds(policy: Policy, case: Case, failure: Failure, lang: Language, paint: Paint) -> list[str]:
    """The why-not table of the result: every condition, what it found, what it asked for, the gap."""
    if failure.result is None:
        return []
    policy = case.version or policy
    try:
        judge = case.given(policy).judges(policy)[failure.party]
    except (SheetError, Faulty):
        return []
    verdict = judge.verdict(True, {failure.result})
    if failure.result not in verdict.results:
        return []
    return of_result(verdict, failure.result, failure.record, Writer.of(policy.program.header, lang), paint)
