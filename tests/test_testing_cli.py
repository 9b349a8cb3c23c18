"""``policydsl test`` on the command line: exit codes, filters, JUnit, coverage, rewriting."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from policydsl.cli import run
from testing_support import TIERS, written

EXAMPLE = "示例 一半\n  评估日：2024年1月1日\n  已知：数 ＝ 100元\n  应得：半 ＝ 51元，够 不成立\n"
RIGHT = "- {name: gold, as_of: 2024-01-01, facts: {数: 1000, 人数: 3}, expect: {档: 金}}\n"
WRONG = (
    "- name: silver\r\n  as_of: 2024-01-01\r\n  facts: {数: 100}   # 够了\r\n"
    "  expect: {档: \"铜\", 够: {holds: 否}}\r\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = int(run(["test", *args]))
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    return code, out, err


def test_both_kinds_of_tests(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, TIERS + EXAMPLE, tests=RIGHT + WRONG)
    code, out, err = call(capsys, "甲.pol", "-v")
    assert code == 1
    assert out.splitlines() == [
        "甲.pol: 1/3", "  ✗ 一半", "  ✓ gold", "  ✗ silver", "示例 1 个，测试 2 个，通过 1 个",
    ]
    assert "甲.tests.yaml:5 测试“silver” 档：应得 铜，实得 银" in err
    assert "甲.pol:16 示例“一半” 半：应得 半 ＝ 51元，实得 50元" in err
    assert call(capsys, "甲.pol", "--lang", "en")[1].endswith("1 example, 2 tests, 1 passed\n")


def test_a_folder_of_cases_and_a_file_of_cases_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder)
    Path("甲.tests").mkdir()
    Path("甲.tests/a.yaml").write_text(RIGHT, encoding="utf-8")
    Path("甲.tests/b.yaml").write_text(RIGHT.replace("gold", "again"), encoding="utf-8")
    assert call(capsys, ".")[:2] == (0, "甲.pol: 2/2\n示例 0 个，测试 2 个，通过 2 个\n")
    assert call(capsys, "甲.tests/b.yaml", "-v")[1].splitlines()[:2] == ["甲.pol: 1/1", "  ✓ again"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("gold", ["gold"]), ("GOLD or 银", ["gold", "两个 银"]), ("not gold", ["两个 银"]),
        ("两个 银 and not gold", ["两个 银"]),
    ],
)
def test_filters(folder: Path, capsys: pytest.CaptureFixture[str], words: str, names: list[str]) -> None:
    more = "- {name: 两个 银, as_of: 2024-01-01, facts: {数: 100}, expect: {够: true}}\n"
    written(folder, tests=RIGHT + more)
    out = call(capsys, "甲.pol", "-v", "-k", words)[1]
    assert [line[4:] for line in out.splitlines() if line.startswith("  ✓ ")] == names


@pytest.mark.parametrize("args", [["-k", "((("], ["-k", "nobody"], ["--fail-under", "100"], ["--coverage=xml"],
                                  ["alone.yaml"]])
def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    written(folder, tests=RIGHT)
    Path("alone.yaml").write_text(RIGHT, encoding="utf-8")  # no policy stands beside it
    assert call(capsys, "甲.pol", *args)[0] == 2


def test_a_file_of_cases_that_cannot_be_used(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, tests="- {name: x, expect: {够了: true}}\n")
    code, out, err = call(capsys, "甲.pol", "--junit", "r.xml")
    assert (code, out.splitlines()[0]) == (5, "甲.pol: 0/0")
    assert "CASE102" in err and "第 1 行" in err
    (suite,) = ElementTree.parse("r.xml").getroot()
    assert suite.get("errors") == "1"
    Path("甲.pol").write_text("政策 坏\n条件\n", encoding="utf-8")
    assert call(capsys, "甲.pol")[0] == 3


def test_what_is_wrong_with_one_case_leaves_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor does a filter hide it; what rests on something wrong is not judged."""
    written(folder, tests=RIGHT + (
        "- {name: x, 应的: {够: true}}\n"
        "- {define: d, facts: {数: 1}, as_off: 2024-01-01}\n- {name: y, like: d, expect: {够: false}}\n"
    ))
    code, out, err = call(capsys, "甲.pol", "-v")
    assert (code, out.splitlines()[:2]) == (5, ["甲.pol: 1/1", "  ✓ gold"])
    assert "应的" in err and "as_off" in err
    for words in ("gold", "x", "nobody"):
        code, _, err = call(capsys, "甲.pol", "-k", words)
        assert code == 5 and "应的" in err
    assert call(capsys, "甲.tests.yaml", "-v")[1].splitlines()[:2] == ["甲.pol: 1/1", "  ✓ gold"]


def test_results_for_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, TIERS + EXAMPLE, tests=RIGHT + WRONG + (
        "- {name: w, to_confirm: true, facts: {数: 1}, expect: {够: true}}\n- {name: x, 应的: {够: true}}\n"))
    code, out, _ = call(capsys, "甲.pol", "--format", "json")
    data = json.loads(out)
    (file,) = data["files"]
    assert (code, data["format"]) == (5, "policydsl.tests/1")
    assert (file["file"], file["passed"], file["failed"], file["waiting"]) == ("甲.pol", 1, 2, 1)
    by_name = {case["name"]: case for case in file["cases"]}
    assert by_name["gold"]["status"] == "passed" and by_name["gold"]["failures"] == []
    assert by_name["w"]["status"] == "waiting"
    failed = [case for case in file["cases"] if case["status"] == "failed"]
    assert [(case["source"], case["failures"][0]["at"]["file"]) for case in failed] == [
        ("pol", "甲.pol"), ("yaml", "甲.tests.yaml")]
    assert [p["code"] for p in file["problems"]] == ["CASE101"]


def test_what_waits_to_be_confirmed_fails_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, tests=RIGHT + "- {name: x, to_confirm: true, facts: {数: 1}, expect: {够: true}}\n")
    code, out, _ = call(capsys, "甲.pol", "--junit", "r.xml")
    assert (code, out) == (0, "甲.pol: 1/1\n示例 0 个，测试 1 个，通过 1 个，待确认 1 个\n")
    assert ElementTree.parse("r.xml").getroot()[0].get("skipped") == "1"


def test_junit_has_the_shape_others_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, TIERS + EXAMPLE, tests=RIGHT + WRONG)
    assert call(capsys, "甲.pol", "--junit", "r.xml")[0] == 1
    root = ElementTree.parse("r.xml").getroot()
    assert root.tag == "testsuites"
    (suite,) = root
    assert suite.tag == "testsuite"
    assert {k: suite.get(k) for k in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "甲.pol", "tests": "3", "failures": "2", "errors": "0", "skipped": "0",
    }
    assert [(c.tag, c.get("classname"), c.get("name"), [f.tag for f in c]) for c in suite] == [
        ("testcase", "甲.pol", "一半", ["failure"]), ("testcase", "甲.tests.yaml", "gold", []),
        ("testcase", "甲.tests.yaml", "silver", ["failure"]),
    ]
    told = suite[2][0]
    assert told.get("type") == "expectation"
    assert "应得 铜，实得 银" in (told.get("message") or "")
    assert "✓ 数 ≥ 100元" in (told.text or "")


def test_coverage_for_people_and_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder, tests=RIGHT)
    code, out, _ = call(capsys, "--coverage", "甲.pol")
    assert code == 0
    assert "行     成立 1/4 25.0%" in out
    code, out, err = call(capsys, "甲.pol", "--coverage", "json", "--fail-under", "33")
    assert code == 1  # a third of the rules, a quarter of the rows
    found = json.loads(out)
    assert found["format"] == "policydsl.coverage/1"
    assert found["rules"] == {"covered": 1, "total": 3, "percent": "33.3%"}
    assert found["files"][0]["summary"]["conditions"] == {
        "total": 4, "covered": 0, "true": 3, "false": 0, "unknown": 0,
    }
    assert err == "行覆盖 1/4，25.0%，低于 33%\n"
    assert call(capsys, "甲.pol", "--coverage=json", "--fail-under", "25")[0] == 0


def test_update_writes_what_came_out_and_nothing_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(folder, TIERS + EXAMPLE)
    beside = folder / "甲.tests.yaml"
    beside.write_bytes(("\ufeff# 手工\r\n" + WRONG).encode())
    code, out, _ = call(capsys, "甲.pol", "--update")
    assert code == 0
    assert "-  expect: {档: \"铜\", 够: {holds: 否}}" in out and "+  expect: {档: \"银\", 够: {holds: 是}}" in out
    assert beside.read_bytes().decode() == "\ufeff# 手工\r\n" + WRONG.replace('"铜"', '"银"').replace("否", "是")
    assert path.read_text(encoding="utf-8") == TIERS + EXAMPLE.replace("51元", "50元").replace("不成立", "成立")
    assert sorted(p.name for p in folder.iterdir()) == ["甲.pol", "甲.tests.yaml"]
    assert call(capsys, "甲.pol", "--update") == (0, "甲.pol: 2/2\n示例 1 个，测试 1 个，通过 2 个\n", "")


def test_update_leaves_what_it_cannot_say(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sheet that should be refused, a value that is open now, what should fire: a person has to look."""
    cases = (
        "- {name: a, facts: {数: 1}, refused: 数}\n"
        "- {name: b, as_of: 2024-01-01, facts: {数: 1000}, expect: {档: 金}}\n"
        "- {name: c, as_of: 2024-01-01, facts: {数: 1}, fired: [够]}\n"
    )
    written(folder, tests=cases)
    code, out, _ = call(capsys, "甲.pol", "--update")
    assert (code, out.splitlines()[0]) == (1, "甲.pol: 0/3")
    assert (folder / "甲.tests.yaml").read_text(encoding="utf-8") == cases
