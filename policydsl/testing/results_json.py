"""The tests of policies as JSON: what was run, what failed and why, what could not be read."""

from __future__ import annotations

from collections.abc import Sequence

from policydsl.diagnostics import Diagnostic, Language, PolicyError, SheetError
from policydsl.place import Span
from policydsl.render.encode import Json, encode
from policydsl.report import headline
from policydsl.testing.case import Case, Failure, Report
from policydsl.testing.session import Tested

FORMAT = "policydsl.tests/1"


def results(tested: Sequence[Tested], language: Language | None) -> str:
    """Every case of every policy; texts for people in ``language``, by default that of the policy."""
    return encode({"format": FORMAT, "files": [_file(t, language or t.dialect) for t in tested]}) + "\n"


def _file(t: Tested, lang: Language) -> Json:
    errors: list[PolicyError | SheetError] = [*([t.error] if t.error is not None else []), *t.broken]
    return {
        "file": t.file, "passed": t.passed, "failed": len(t.failed), "waiting": len(t.done) - len(t.counted),
        "cases": [_case(case, report) for case, report in t.done],
        "problems": [_problem(d, lang) for e in errors for d in e.diagnostics if d.severity == "error"],
    }


def _case(case: Case, report: Report) -> Json:
    return {
        "name": case.name, "source": case.source, "at": _place(case.at),
        "status": "waiting" if case.unconfirmed else "passed" if report.passed else "failed",
        "failures": [_failure(f) for f in report.failures],
    }


def _failure(f: Failure) -> Json:
    return {
        "name": f.name, "result": f.result, "record": f.record, "expected": f.expected, "actual": f.actual,
        "at": _place(f.at),
    }


def _problem(d: Diagnostic, lang: Language) -> Json:
    return {"code": d.code, "message": headline(d, lang), "at": _place(d.span)}


def _place(at: Span) -> Json:
    return {"file": at.file, "line": at.line, "column": at.column}
