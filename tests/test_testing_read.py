"""Faults in a file of cases: each with its code, its place and what was perhaps meant; and files that mean harm."""

from __future__ import annotations

import pytest

from policydsl import catalogue
from policydsl.diagnostics import Diagnostic, Language, SheetError
from policydsl.report import render
from policydsl.sources import Sources
from testing_support import cases, policy

FACTS = "facts: {数: 1}, "


def faults(text: str) -> list[Diagnostic]:
    with pytest.raises(SheetError) as refused:
        cases(text)
    return list(refused.value.diagnostics)


@pytest.mark.parametrize(
    ("text", "code", "place", "meant"),
    [
        ("- {name: x, exepct: {档: 金}}", "CASE101", (1, 13), ("expect",)),
        ("- 名称: x\n  应的: {档: 金}", "CASE101", (2, 3), ("应得",)),
        ("- {name: x, expect: {档: {valeu: 金}}}", "CASE101", (1, 26), ("value",)),
        ("- {name: x, expect: {半: {barred: true}}}", "CASE101", (1, 26), ()),
        ("- {name: x, expect: {半: {value: 1, barred: true}}}", "CASE101", (1, 36), ()),
        ("- {define: x, expect: {档: 金}}", "CASE101", (1, 15), ()),
        ("- {name: x, expect: {够了: true}}", "CASE102", (1, 22), ("够",)),
        ("- {name: x, expect: {够: {parts: {未付: 1}}}}", "CASE102", (1, 34), ()),
        ("- {name: x, expect: {够: {measures: {降级: true}}}}", "CASE102", (1, 37), ()),
        ("- {name: x, expect: {够: true}}\n- {name: x, expect: {够: true}}", "CASE103", (2, 10), ()),
        ("- {define: full}\n- {name: x, like: fulll, expect: {够: true}}", "CASE104", (2, 19), ("full",)),
        ("- {define: f}\n- {name: x, like: f, without: [数], expect: {够: true}}", "CASE105", (2, 32), ()),
        ("- {expect: {够: true}}", "CASE106", (1, 3), ()),
        ("- {name: x, facts: {数: 1}}", "CASE107", (1, 10), ()),
        ("- {name: x, refused: 数, expect: {够: true}}", "CASE107", (1, 10), ()),
        ("- {name: x, fired: [档 4]}", "CASE108", (1, 21), ()),
        ("- {name: x, fired: [够了吗]}", "CASE108", (1, 21), ()),
        ("- {name: x, expect: {够: {holds: perhaps}}}", "CASE109", (1, 33), ()),
        ("- {name: x, expect: {档: {status: knwon}}}", "CASE109", (1, 34), ("known",)),
        ("- {name: x, expect: {档: 钻}}", "SHEET135", (1, 25), ()),
        ("- {name: x, expect: {半: 很多}}", "SHEET130", (1, 25), ()),
        ("- {name: x, as_of: 昨天, expect: {够: true}}", "SHEET130", (1, 20), ()),
        ("- {name: x, name: y, expect: {够: true}}", "SHEET121", (1, 13), ()),
        ("- {name: x, 名称: y, expect: {够: true}}", "SHEET121", (1, 13), ()),
        ("name: x\nexpect: {够: true}", "SHEET127", (1, 1), ()),
        ("- x", "SHEET127", (1, 3), ()),
        ("- {name: [x], expect: {够: true}}", "SHEET127", (1, 10), ()),
        ("- {name: x, expect: [够]}", "SHEET127", (1, 21), ()),
        ("- {name: x, expect: {}}", "SHEET127", (1, 21), ()),
        ("- {name: x, facts: 3, expect: {够: true}}", "SHEET127", (1, 20), ()),
        ("- {name: x, expect: {够: {records: {A: true}}}}", "SHEET127", (1, 35), ()),
    ],
)
def test_faults(text: str, code: str, place: tuple[int, int], meant: tuple[str, ...]) -> None:
    (found,) = faults(text)
    assert (found.code, (found.span.line, found.span.column)) == (code, place)
    assert found.span.file == "甲.tests.yaml"
    assert set(meant) <= set(found.suggestions)


def test_all_faults_in_one_run() -> None:
    found = faults("- {name: a, expect: {够了: true}}\n- {name: b, fired: 没有}\n- {name: c}\n")
    assert [(d.code, d.span.line) for d in found] == [("CASE102", 1), ("CASE108", 2), ("CASE107", 3)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_fault_is_shown_with_its_line(language: Language) -> None:
    text = "- {name: x, expect: {够了: true}}"
    (found,) = faults(text)
    shown = render(found, Sources.of("甲.tests.yaml", text.split("\n")), language)
    assert "CASE102" in shown
    assert ("是不是" if language == "zh" else "Did you mean") in shown
    assert catalogue.entry("CASE102", language).title


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- &a {name: x, expect: {够: true}}\n- *a", "SHEET105"),
        ("- {name: x, <<: *b}", "SHEET105"),
        ("- !!python/object/apply:os.system ['id']", "SHEET106"),
        ("- {name: x\n", "SHEET111"),
        ("---\n- {name: x}\n---\n- {name: y}", "SHEET107"),
        ("[" * 100, "SHEET103"),
        ("- {name: \"\x00\"}", "SHEET108"),
    ],
)
def test_files_that_mean_harm(text: str, code: str) -> None:
    assert code in [d.code for d in faults(text)]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]", "null"])
def test_an_empty_file_has_no_cases(text: str) -> None:
    assert cases(text) == []


def test_what_is_to_be_confirmed() -> None:
    one, two = cases("- {name: a, to_confirm: true, expect: {够: true}}\n- {name: b, 待确认: 否, expect: {够: true}}\n")
    assert (one.unconfirmed, two.unconfirmed) == (True, False)


def test_numbers_stay_what_was_written() -> None:
    """No octal, no sexagesimal, no float."""
    (case,) = cases("- {name: x, as_of: 2024-01-01, facts: {数: 0.1}, expect: {半: 0.05}}\n")
    assert case.run(policy()).passed
    (case,) = cases("- {name: x, as_of: 2024-01-01, facts: {数: 012}, expect: {半: 6}}\n")
    assert case.run(policy()).passed
