"""The README is true: its excerpt stands in the policy, its commands print what it shows, its program runs."""

from __future__ import annotations

import io
import runpy
import sys
from pathlib import Path

import pytest

from doc_pages import ROOT, agrees, blocks, commands, typed

BLOCKS = blocks(ROOT / "README.md")


def test_the_excerpt_stands_in_the_policy() -> None:
    quoted = [b for b in BLOCKS if "part of" in b.marks]
    assert quoted
    for block in quoted:
        assert block.text in (ROOT / block.marks["part of"]).read_text(encoding="utf-8")


def shown_commands() -> list[object]:
    """That all clauses of all policies are there (``clauses``) is for the night; by day ``test_registers`` says so."""
    pairs = [pair for b in BLOCKS if b.lang == "console" for pair in commands(b)]
    return [pytest.param(*pair, marks=pytest.mark.nightly if "clauses" in pair[0].split() else ()) for pair in pairs]


@pytest.mark.parametrize(("command", "shown"), shown_commands())
def test_commands_print_what_is_shown(command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, printed = typed(command, 0)
    assert code == 0
    assert agrees(shown, printed), printed


def other_commands() -> list[object]:
    """The commands that are shown without what they print. One that goes through every policy, or changes one, is for
    the night: the cases of each are tests of this suite, as are its coverage (``test_policies_bite``), its form
    (``test_format_properties``) and what a change is (``test_mutate``)."""
    lines = [line.partition("  #")[0].strip() for b in BLOCKS if b.lang == "sh" for line in b.text.splitlines()]
    mine = [line for line in lines if line.startswith("policydsl ")]
    night = {"policies", "--mutate", "testgen"}
    return [pytest.param(line, marks=pytest.mark.nightly if night & {*line.split()} else ()) for line in mine]


def test_there_are_other_commands() -> None:
    assert len(other_commands()) >= 10


@pytest.mark.parametrize("command", other_commands())
def test_the_other_commands_run(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in ("policies", "examples"):  # what the commands write must not land in the project
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))  # an interview in which nobody answers
    code, printed = typed(command, 0)
    assert code == 0, printed


def test_the_program_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (script,) = [b for b in BLOCKS if b.lang == "python"]
    path = tmp_path / "script.py"
    path.write_text(script.text, encoding="utf-8")
    runpy.run_path(str(path))
    assert '"policydsl.verdict/1"' in capsys.readouterr().out
