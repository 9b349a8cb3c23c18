"""The pytest plugin: nothing unless asked, then every example and case, failing in its own words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml  # noqa: F401 — each run within this process would load it anew, and its part in C bears that only once

from testing_support import TIERS, written

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parents[1]
EXAMPLE = "示例 一半\n  评估日：2024年1月1日\n  已知：数 ＝ 100元\n  应得：半 ＝ 50元\n"
CASES = (
    "- {name: gold, as_of: 2024-01-01, facts: {数: 1000, 人数: 3}, expect: {档: 金}}\n"
    "- {name: silver, as_of: 2024-01-01, facts: {数: 100}, expect: {档: 铜}}\n"
    "- {name: later, to_confirm: true, facts: {数: 100}, expect: {档: 铜}}\n"
)


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of its own, in which the plugin is there as if it were installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:asyncio -p no:pytest-lsp")  # they would ask for settings of their own
    pytester.makeconftest(
        "from policydsl import pytest_plugin\n"
        "def pytest_addoption(pluginmanager):\n"
        "    if not pluginmanager.has_plugin('policydsl'):\n"
        "        pluginmanager.register(pytest_plugin, 'policydsl')\n"
    )
    written(pytester.path, TIERS + EXAMPLE, tests=CASES)
    pytester.makepyfile("def test_one(): pass")
    return pytester


def test_nothing_is_collected_unasked(project: pytest.Pytester) -> None:
    project.runpytest().assert_outcomes(passed=1)


@pytest.mark.parametrize("args", [["--pol"], ["--pol", "甲.pol"], ["甲.pol"]])
def test_asked_on_the_command_line(project: pytest.Pytester, args: list[str]) -> None:
    result = project.runpytest(*args)
    result.assert_outcomes(passed=2 + ("甲.pol" not in args), failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*测试“silver” 档：应得 铜，实得 银", "*✓ 数 ≥ 100元*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_asked_in_the_ini_file(project: pytest.Pytester) -> None:
    project.makeini("[pytest]\npolicydsl_files = 甲.pol\n")
    project.runpytest().assert_outcomes(passed=3, failed=1, skipped=1)
    project.makeini("[pytest]\npolicydsl_files = 乙*.pol\n")
    project.runpytest().assert_outcomes(passed=1)


def test_names_are_those_of_the_cases(project: pytest.Pytester) -> None:
    project.runpytest("甲.pol", "--collect-only", "-q").stdout.fnmatch_lines(["甲.pol::一半", "甲.pol::甲.tests: gold"])
    project.runpytest("甲.pol", "-k", "gold").assert_outcomes(passed=1, deselected=3)


def test_what_cannot_be_read_is_an_error_of_collection(project: pytest.Pytester) -> None:
    (project.path / "甲.tests.yaml").write_text("- {name: x, expect: {够了: true}}\n", encoding="utf-8")
    result = project.runpytest("甲.pol")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*CASE102*"])
    (project.path / "甲.pol").write_text("政策 坏\n条件\n", encoding="utf-8")
    project.runpytest("甲.pol").assert_outcomes(errors=1)


def test_the_entry_point_is_declared() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"policydsl": "policydsl.pytest_plugin"}
