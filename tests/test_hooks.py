"""The pre-commit hooks are commands of this program that take file names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from policydsl.cli import cli
from policydsl.cli.verbs import VERBS

ROOT = Path(__file__).parents[1]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
GOOD = """政策 甲
  编号：A

数据
  业绩：金额

要求 达标：业绩 ≥ 100万元

示例 达标
  评估日：2024年6月30日
  已知：业绩 ＝ 100万元
  应得：达标 成立
"""


def test_there_are_three_hooks_for_policies() -> None:
    assert [hook["id"] for hook in HOOKS] == ["pol-check", "pol-fmt", "pol-test"]
    for hook in HOOKS:
        program, verb, *options = hook["entry"].split()
        assert program == "policydsl" and verb in VERBS and not options
        assert hook["language"] == "python" and hook["name"] and hook["description"]
        assert re.search(hook["files"], "渠道/a.pol") and not re.search(hook["files"], "a.pol.yaml")


def ran(hook: str, *files: str) -> int:
    """The hook on these files, as pre-commit runs it."""
    entry = next(h["entry"] for h in HOOKS if h["id"] == hook)
    return CliRunner().invoke(cli, [*entry.split()[1:], *files]).exit_code


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.chdir(tmp_path)
    made = [tmp_path / "a.pol", tmp_path / "乙 政策.pol"]
    for path in made:
        path.write_text(GOOD, encoding="utf-8")
    return made


@pytest.mark.parametrize("hook", [h["id"] for h in HOOKS])
def test_sound_policies_pass(hook: str, files: list[Path]) -> None:
    assert ran(hook, "a.pol", "乙 政策.pol") == 0
    assert files[0].read_text(encoding="utf-8") == GOOD


def test_a_faulty_policy_is_held_back(files: list[Path]) -> None:
    files[1].write_text(GOOD.replace("达标：业绩", "达标：业积"), encoding="utf-8")
    assert ran("pol-check", "a.pol", "乙 政策.pol") == 3
    files[1].write_text(GOOD.replace("成立", "不成立"), encoding="utf-8")
    assert ran("pol-test", "a.pol", "乙 政策.pol") == 1


def test_formatting_changes_the_file_so_that_the_commit_stops(files: list[Path]) -> None:
    files[0].write_text(GOOD.replace("  业绩：", "业绩:"), encoding="utf-8")
    assert ran("pol-fmt", "a.pol", "乙 政策.pol") == 0
    assert files[0].read_text(encoding="utf-8") == GOOD
