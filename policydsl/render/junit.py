"""JUnit XML: one suite a policy, one test case an example or test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from policydsl.members import dataclass

Outcome = Literal["passed", "failure", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class TestCase:
    """One test: the file it stands in, its name, how it went, and what there is to say about it."""

    __test__ = False  # pytest: this is none of its classes

    file: str
    name: str
    outcome: Outcome = "passed"
    message: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TestSuite:
    """The tests of one policy."""

    __test__ = False

    name: str
    cases: tuple[TestCase, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(case.outcome == outcome for case in self.cases)


def junit(suites: Sequence[TestSuite]) -> str:
    """The suites as JUnit XML, in the shape that the schema of Jenkins' xUnit plugin asks for."""
    from xml.etree import ElementTree

    root = ElementTree.Element("testsuites")
    for suite in suites:
        node = ElementTree.SubElement(
            root, "testsuite", name=_clean(suite.name), tests=str(len(suite.cases)),
            failures=str(suite.count("failure")), errors=str(suite.count("error")), skipped=str(suite.count("skipped")),
        )
        for case in suite.cases:
            here = ElementTree.SubElement(node, "testcase", classname=_clean(case.file), name=_clean(case.name))
            if case.outcome == "passed":
                continue
            told = ElementTree.SubElement(here, case.outcome, message=_clean(case.message))
            if case.outcome != "skipped":
                told.set("type", "expectation" if case.outcome == "failure" else "invalid")
                told.text = _clean(case.text)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """XML has no place for control characters."""
    return "".join(
        char if (char >= " " or char in "\n\t") and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff"
        else "\ufffd" for char in text
    )
