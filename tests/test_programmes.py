"""The published texts in examples/programmes: each policy is valid without a remark, its examples (worked out by hand
from the clauses, or published) hold, its register is complete, and the page that lists them tells true numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from doc_pages import DOCS
from policydsl.check.register import coverage
from policydsl.citing import cited
from policydsl.engine import load_policy
from policydsl.format import formatted
from policydsl.beside import register_of
from policydsl.register import read_register
from policydsl.testing import collect, run_examples
from policydsl.text import parse
from shipped import shipped

FILES = sorted((Path(__file__).resolve().parents[1] / "examples" / "programmes").glob("*.pol"))
PAGES = (DOCS / "programmes.md", DOCS / "programmes.en.md")
ROW = re.compile(r"^\| `(\w+)` +\|.*\| (\d+) +\| (\d+)/(\d+) +\| (\d+) +\|$", re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_valid_and_its_examples_hold(path: Path) -> None:
    policy = shipped(path)
    reports = [case.run(policy) for case in collect(policy, path)]
    assert policy.diagnostics == () and reports
    assert [f"{r.name} {f.name}: {f.expected} / {f.actual}" for r in reports for f in r.failures] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_clause_is_encoded_or_left_with_a_reason(path: Path) -> None:
    file, problems = cited(parse(path.read_text(encoding="utf-8"), path.name)[0], register_of(path))
    found = coverage(file, read_register(register_of(path)), names=True)
    assert problems == []
    assert (found.uncited, found.unregistered, found.nameless) == ((), (), ())


@pytest.mark.nightly
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_same_values_come_out_in_english(path: Path, tmp_path: Path) -> None:
    register = register_of(path)
    (tmp_path / register.name).write_text(register.read_text(encoding="utf-8"), encoding="utf-8")
    english = tmp_path / f"{path.stem}.en.pol"
    english.write_text(formatted(path.read_text(encoding="utf-8"), to="en"), encoding="utf-8")
    policy = load_policy(english)
    assert [f"{r.name} {f.name}" for r in run_examples(policy) for f in r.failures] == []


def numbers(path: Path) -> tuple[str, int, int, int, int]:
    """Name, lines without examples and comments, clauses encoded, clauses, examples."""
    rules = path.read_text(encoding="utf-8").partition("# ====")[0].splitlines()
    lines = sum(1 for line in rules if line.strip() and not line.startswith("#"))
    clauses = read_register(register_of(path))
    return path.stem, lines, sum(not c.left for c in clauses), len(clauses), len(collect(shipped(path), path))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_page_tells_the_true_numbers(page: Path) -> None:
    rows = {name: tuple(map(int, rest)) for name, *rest in ROW.findall(page.read_text(encoding="utf-8"))}
    assert rows == {name: tuple(rest) for name, *rest in map(numbers, FILES)}
