"""Diagnostics and example reports for machines: JSON and SARIF 2.1.0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import quote

from policydsl import catalogue, report
from policydsl.diagnostics import Diagnostic, Fix, Language
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.render.encode import Json, encode
from policydsl.say import say
from policydsl.sources import Sources

FORMAT = "policydsl.check/1"
_DRIVE = re.compile(r"[A-Za-z]:/")
_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
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
    sources: Sources
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
    rules: dict[str, Json] = {}
    for c in checked:
        shown = lang or c.dialect
        for d in c.diagnostics:
            rules.setdefault(d.code, _sarif_rule(d, shown))
            text = "\n".join((report.headline(d, shown), *report.advice(d, shown)))
            results.append(_sarif_result(d.code, _LEVELS[d.severity], text, d.span, c.file, d.fix))
        for example in c.examples:
            for f in example.failures:
                title = say("case.not_met", shown)
                rules.setdefault("example", {"id": "example", "shortDescription": {"text": title}})
                text = f"{example.name}: {f.name}: {f.expected} ≠ {f.actual}"
                results.append(_sarif_result("example", "error", text, f.at, c.file))
    driver: dict[str, Json] = {"name": "policydsl", "version": version, "rules": list[Json](rules.values())}
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not any(c.invalid for c in checked)}],
        "results": results,
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return encode({"$schema": schema, "version": "2.1.0", "runs": [run]}) + "\n"


def _sarif_rule(d: Diagnostic, lang: Language) -> Json:
    """What is known of a code; places that a message fills stay as dots."""
    entry = catalogue.entry(d.code, lang)
    rule: dict[str, Json] = {"id": d.code, "shortDescription": {"text": entry.title}}
    if entry.explain:
        rule["fullDescription"] = {"text": _open_places(entry.explain)}
    if entry.fix:
        rule["help"] = {"text": _open_places(entry.fix)}
    rule["defaultConfiguration"] = {"level": _LEVELS[d.severity]}
    return rule


def _open_places(text: str) -> str:
    return _PLACE.sub("…", text)


def _sarif_result(rule: str, level: str, text: str, span: Span, file: str, fix: Fix | None = None) -> Json:
    uri = _uri(span.file or file)
    place: dict[str, Json] = {"artifactLocation": {"uri": uri}}
    if span.line:
        place["region"] = _region(span)
    out: dict[str, Json] = {
        "ruleId": rule, "level": level, "message": {"text": text}, "locations": [{"physicalLocation": place}],
    }
    if fix is not None:
        replacement: Json = {"deletedRegion": _region(fix.span), "insertedContent": {"text": fix.text}}
        change: Json = {"artifactLocation": {"uri": uri}, "replacements": [replacement]}
        out["fixes"] = [{"artifactChanges": [change]}]
    return out


def _region(span: Span) -> Json:
    return {
        "startLine": span.line, "startColumn": max(span.column, 1), "endLine": max(span.end_line, span.line),
        "endColumn": max(span.end_column, 1),
    }


def _uri(file: str) -> str:
    """A path as a URI reference: what has a root is a ``file:`` address, the rest stays relative to the checkout."""
    path = file.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path):
        return "file://" + ("" if path.startswith("/") else "/") + quote(path, safe="/:")
    return quote(path)

