"""SARIF logs against the schema of the standard, and what a code scanner reads from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from jsonschema import Draft4Validator

from policydsl.cli import cli

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
GOOD = """政策 甲
  编号：A

数据
  业绩：金额，≥ 0元

要求 达标：业绩 ≥ 100万元

示例 达标
  评估日：2024年6月30日
  已知：业绩 ＝ 100万元
  应得：达标 {state}
"""
WRONG = """政策 甲
  编号：A

数据
  业绩：金额，≥ 0元

要求 达标：业积 ≥ 100万元
"""
WARNED = GOOD.replace("  业绩：金额", "  备用：日期\n  业绩：金额").format(state="成立")


def log(folder: Path, texts: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The exit code and the log of a check of these files, which is valid by the schema."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    ran = CliRunner().invoke(cli, ["check", "--format", "sarif", *texts])
    found = json.loads(ran.stdout)
    assert not list(Draft4Validator(SCHEMA).iter_errors(found))
    return ran.exit_code, found["runs"][0]


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_schema_is_that_of_the_standard() -> None:
    assert SCHEMA["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    assert list(Draft4Validator(SCHEMA).iter_errors({"version": "2.1.0"}))  # it does refuse


def test_a_sound_policy_gives_an_empty_log(tmp_path: Path) -> None:
    code, run = log(tmp_path, {"a.pol": GOOD.format(state="成立")})
    assert (code, run["results"], run["invocations"]) == (0, [], [{"executionSuccessful": True}])
    assert run["columnKind"] == "unicodeCodePoints"


def test_an_error_has_its_rule_place_and_repair(tmp_path: Path) -> None:
    code, run = log(tmp_path, {"a.pol": WRONG})
    (error,) = run["results"]
    assert code == 3
    assert (error["ruleId"], error["level"]) == ("POL201", "error")
    assert error["message"]["text"].startswith("名称“业积”没有声明过")
    region = {"startLine": 7, "startColumn": 7, "endLine": 7, "endColumn": 9}
    assert error["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "a.pol"}, "region": region}
    change = error["fixes"][0]["artifactChanges"][0]
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "业绩"}}]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["POL201"]["defaultConfiguration"] == {"level": "error"}
    assert rules["POL201"]["help"]["text"] == "改正错字，或在相应的段里声明它。"
    assert not any("{" in json.dumps(rule["fullDescription"]["text"]) for rule in rules.values())
    assert run["invocations"] == [{"executionSuccessful": False}]


def test_a_warning_is_a_warning(tmp_path: Path) -> None:
    code, run = log(tmp_path, {"a.pol": WARNED})
    assert code == 0
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [("POL212", "warning")]


def test_an_example_that_fails_is_a_result(tmp_path: Path) -> None:
    code, run = log(tmp_path, {"a.pol": GOOD.format(state="不成立")})
    assert code == 1
    assert [r["ruleId"] for r in run["results"]] == ["example"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 12


def test_several_files_are_one_log(tmp_path: Path) -> None:
    code, run = log(tmp_path, {"a.pol": GOOD.format(state="成立"), "b.pol": WARNED, "c.pol": WRONG, "空.pol": ""})
    assert code == 3
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
    assert {unquote(uri) for uri in uris} == {"b.pol", "c.pol", "空.pol"}


def test_file_names_are_uri_references(tmp_path: Path) -> None:
    _, run = log(tmp_path, {"渠道 政策#1.pol": WRONG})
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place == "%E6%B8%A0%E9%81%93%20%E6%94%BF%E7%AD%96%231.pol"
    _, run = log(tmp_path, {str(tmp_path / "d.pol"): WRONG})
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert place.startswith("file:///") and place.endswith("/d.pol")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"", "政策".encode(), "政策 甲\n".encode("gbk")])
def test_what_cannot_be_read_still_gives_a_log(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.pol").write_bytes(data)
    ran = CliRunner().invoke(cli, ["check", "--format", "sarif", "x.pol"])
    assert ran.exit_code in (0, 3)
    assert not list(Draft4Validator(SCHEMA).iter_errors(json.loads(ran.stdout)))
