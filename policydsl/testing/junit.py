"""The tests of policies as suites of JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policydsl.diagnostics import Language, PolicyError, SheetError
from policydsl.engine import Policy
from policydsl.render import junit as xml
from policydsl.render.layout import Paint
from policydsl.report import headline, render_all
from policydsl.say import say
from policydsl.testing.case import Case, Report
from policydsl.testing.failures import report_lines
from policydsl.testing.session import Tested


def junit(tested: Sequence[Tested], language: Language | None) -> str:
    """Every case of every policy; a file that cannot be used is a test with an error."""
    return xml.junit([xml.TestSuite(t.file, tuple(_cases(t, language or t.dialect))) for t in tested])


def _cases(t: Tested, lang: Language) -> Iterator[xml.TestCase]:
    if t.error is not None:
        yield _invalid(t.file, t.error, lang)
    for broken in t.broken:
        yield _invalid(broken.diagnostics[0].span.file or t.file, broken, lang)
    for case, report in t.done:
        if t.policy is not None:
            yield _case(t.policy, case, report, lang)


def _invalid(file: str, error: PolicyError | SheetError, lang: Language) -> xml.TestCase:
    wrong = [d for d in error.diagnostics if d.severity == "error"]
    return xml.TestCase(file, "check", "error", headline(wrong[0], lang), render_all(wrong, error.sources, lang))


def _case(policy: Policy, case: Case, report: Report, lang: Language) -> xml.TestCase:
    if case.unconfirmed:
        waits = say("case.unconfirmed", lang)
        return xml.TestCase(case.at.file, case.name, "skipped", waits)
    if report.passed:
        return xml.TestCase(case.at.file, case.name)
    told = report_lines(policy, case, report, lang, Paint(False))
    return xml.TestCase(case.at.file, case.name, "failure", told[0], "\n".join(told))
