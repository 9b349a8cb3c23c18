"""Diagnostics and example reports for machines: JSON, SARIF 2.1.0 and JUnit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from policydsl import catalogue, report
from policydsl.diagnostics import Diagnostic, Language
from policydsl.place import Span
from policydsl.render.encode import Json, encode

FORMAT = "policydsl.check/1"
_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


class Failed(Protocol):
    """One expectation of an example that was not met."""

    @property
    def name(self) -> str: ...
    @property
    def expected(self) -> str: ...
    @property
    def actual(self) -> str: ...
    @property
    def at(self) -> Span: ...


class Reported(Protocol):
    """What became of one example."""

    @property
    def name(self) -> str: ...
    @property
    def at(self) -> Span: ...
    @property
    def passed(self) -> bool: ...
    @property
    def failures(self) -> Sequence[Failed]: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of one policy file found."""

    file: str
    diagnostics: tuple[Diagnostic, ...]
    lines: tuple[str, ...]
    dialect: Language
    examples: tuple[Reported, ...] = ()

    @property
    def invalid(self) -> bool:
        return any(d.severity == "error" for d in self.diagnostics)

    @property
    def failed(self) -> int:
        return sum(1 for example in self.examples if not example.passed)


def check_json(checked: Sequence[Checked], lang: Language | None) -> str:
    """The findings of a check, format ``policydsl.check/1``."""
    return encode({"format": FORMAT, "files": [_file(c, lang or c.dialect) for c in checked]}) + "\n"


def _file(checked: Checked, lang: Language) -> Json:
    return {
        "file": checked.file,
        "status": "invalid" if checked.invalid else "valid",
        "diagnostics": [_diagnostic(d, lang) for d in checked.diagnostics],
        "examples": [
            {"name": e.name, "passed": e.passed, "at": _at(e.at), "failures": [_failure(f) for f in e.failures]}
            for e in checked.examples
        ],
    }


def _diagnostic(d: Diagnostic, lang: Language) -> Json:
    out: dict[str, Json] = {
        "code": d.code, "severity": d.severity, "message": report.headline(d, lang), "at": _at(d.span),
    }
    advice = report.advice(d, lang)
    if advice:
        out["advice"] = list[Json](advice)
    if d.suggestions:
        out["suggestions"] = list[Json](d.suggestions)
    if d.fix:
        out["fix"] = {"at": _at(d.fix.span), "text": d.fix.text}
    return out


def _failure(failure: Failed) -> Json:
    return {"name": failure.name, "expected": failure.expected, "actual": failure.actual, "at": _at(failure.at)}


def _at(span: Span) -> Json:
    return {
        "file": span.file, "line": span.line, "column": span.column, "end_line": span.end_line,
        "end_column": span.end_column,
    }


# ---------------------------------------------------------------------------------------------- SARIF
def check_sarif(checked: Sequence[Checked], lang: Language | None, version: str) -> str:
    """The findings as SARIF 2.1.0; a policy that does not parse still gives a valid log."""
    results: list[Json] = []
    titles: dict[str, str] = {}
    for c in checked:
        shown = lang or c.dialect
        for d in c.diagnostics:
            titles.setdefault(d.code, catalogue.entry(d.code, shown).title)
            text = "\n".join((report.headline(d, shown), *report.advice(d, shown)))
            results.append(_sarif_result(d.code, _LEVELS[d.severity], text, d.span, c.file))
        for example in c.examples:
            for f in example.failures:
                titles.setdefault("example", "示例不符" if shown == "zh" else "example not met")
                text = f"{example.name}: {f.name}: {f.expected} ≠ {f.actual}"
                results.append(_sarif_result("example", "error", text, f.at, c.file))
    rules: list[Json] = [{"id": code, "shortDescription": {"text": title}} for code, title in titles.items()]
    driver: dict[str, Json] = {"name": "policydsl", "version": version, "rules": rules}
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not any(c.invalid for c in checked)}],
        "results": results,
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return encode({"$schema": schema, "version": "2.1.0", "runs": [run]}) + "\n"


def _sarif_result(rule: str, level: str, text: str, span: Span, file: str) -> Json:
    place: dict[str, Json] = {"artifactLocation": {"uri": (span.file or file).replace("\\", "/")}}
    if span.line:
        place["region"] = {
            "startLine": span.line, "startColumn": max(span.column, 1), "endLine": max(span.end_line, span.line),
            "endColumn": max(span.end_column, 1),
        }
    return {"ruleId": rule, "level": level, "message": {"text": text}, "locations": [{"physicalLocation": place}]}


# ---------------------------------------------------------------------------------------------- JUnit
def junit(checked: Sequence[Checked]) -> str:
    """The examples as JUnit XML, one suite a policy; a policy that is not valid is one suite with an error."""
    from xml.etree import ElementTree

    root = ElementTree.Element("testsuites")
    for c in checked:
        errors = 1 if c.invalid else 0
        suite = ElementTree.SubElement(
            root, "testsuite", name=c.file, tests=str(len(c.examples) + errors), failures=str(c.failed),
            errors=str(errors),
        )
        if c.invalid:
            case = ElementTree.SubElement(suite, "testcase", classname=c.file, name="check")
            wrong = [d for d in c.diagnostics if d.severity == "error"]
            error = ElementTree.SubElement(case, "error", message=_clean(report.headline(wrong[0], c.dialect)))
            error.text = _clean(report.render_all(wrong, c.lines, c.dialect))
        for example in c.examples:
            case = ElementTree.SubElement(suite, "testcase", classname=c.file, name=_clean(example.name))
            if not example.passed:
                lines = [f"{f.at.file}:{f.at.line}: {f.name}: {f.expected} ≠ {f.actual}" for f in example.failures]
                failure = ElementTree.SubElement(case, "failure", message=_clean(lines[0] if lines else "failed"))
                failure.text = _clean("\n".join(lines))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """XML has no place for control characters."""
    return "".join(char if char >= " " or char in "\n\t" else "\ufffd" for char in text)
