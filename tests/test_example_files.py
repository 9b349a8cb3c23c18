"""Files of examples in the folder of cases: run, refused, formatted and renamed as a part of their policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lsprotocol import types as t

import policydsl
from policydsl.cli import cli
from policydsl.editor import beside, problems, rename, tokens
from policydsl.editor.lenses import run as run_lens
from policydsl.editor.snapshot import Snapshot

POLICY = """政策 奖励办法
  编号：JL-1
  条款：JL-

数据
  业绩：金额，≥ 0元
  桌长：数量（厘米），≥ 0厘米

台账 订单
  单号：文本
  金额数：金额
  说法：文本

计算 订单额 ＝ 合计（金额数，逐条 订单，其中 说法 已填）

条件 可得：业绩 ≥ 100元 且 桌长 ≥ 120厘米 【1】

奖励 返利 【2】
  若：可得
  金额：业绩 × 10%

示例 够了
  评估日：2024年6月30日
  已知：业绩 ＝ 200元，桌长 ＝ 150厘米
  应得：返利 ＝ 20元
"""
FURTHER = """# 第一章

示例 不够 【2】
  评估日：2024年6月30日
  已知：业绩 ＝ 50元，桌长 ＝ 150厘米
  应得：可得 不成立

示例 两张订单
  评估日：2024年6月30日
  已知 订单：
  | 单号 | 金额数 | 说法   |
  |------|--------|--------|
  | A1   | 30元   | 十三天 |
  | A2   | 3元    | 现货   |
  应得：订单额 ＝ 33元
"""
REGISTER = (
    "clauses:\n- {id: JL-1, place: 一, text: 条件, carried: rule, by: [可得]}\n"
    "- {id: JL-2, place: 二, text: 奖励, carried: rule, by: [返利, 不够]}\n"
)
INSIDE = "甲.tests/一.pol"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("甲.tests").mkdir()
    Path("甲.pol").write_text(POLICY, encoding="utf-8")
    Path(INSIDE).write_text(FURTHER, encoding="utf-8")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


def write(text: str, file: str = INSIDE) -> None:
    Path(file).write_text(text, encoding="utf-8")


def test_the_examples_of_both_files_are_run(folder: Path) -> None:
    done = run("test", "甲.pol", "-v")
    assert done.exit_code == 0
    assert done.output.splitlines() == ["甲.pol: 3/3", "  ✓ 够了", "  ✓ 不够", "  ✓ 两张订单", "示例 3 个，通过 3 个"]
    assert run("test", ".").output == "甲.pol: 3/3\n示例 3 个，通过 3 个\n"  # the file beside is no policy of its own
    alone = "甲.pol: 2/2\n示例 2 个，通过 2 个\n"
    assert run("test", INSIDE).output == alone == run("test", "甲.pol", "-k", "一.pol").output
    cases = json.loads(run("test", "甲.pol", "--format", "json").output)["files"][0]["cases"]
    assert [(c["source"], c["at"]["file"], c["at"]["line"]) for c in cases] == [
        ("pol", "甲.pol", 22), ("pol", INSIDE, 3), ("pol", INSIDE, 8)]


def test_the_folder_itself_may_be_the_current_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "甲.tests")
    assert "2/2" in run("test", "一.pol").output
    assert run("fmt", "--check", "一.pol").exit_code == 0


def test_the_policy_stays_what_it_is(folder: Path) -> None:
    before = policydsl.load("甲.pol").digest
    Path(INSIDE).unlink()
    assert policydsl.load("甲.pol").digest == before


def test_what_came_out_is_written_where_the_example_stands(folder: Path) -> None:
    write(FURTHER.replace("33元\n", "34元\n"))
    failed = run("test", "甲.pol")
    assert failed.exit_code == 1 and f"{INSIDE}:15 示例“两张订单” 订单额：" in failed.output
    assert run("test", "甲.pol", "--update").exit_code == 0
    assert Path(INSIDE).read_text(encoding="utf-8") == FURTHER
    assert Path("甲.pol").read_text(encoding="utf-8") == POLICY


def test_coverage_and_mutants_take_them_into_account(folder: Path) -> None:
    def states() -> dict[str, list[str]]:
        found = json.loads(run("test", "甲.pol", "--coverage", "json").output)["files"][0]
        return {item["rule"]: item["states"] for item in found["items"] if item["kind"] == "rule"}

    def score() -> int:
        return int(json.loads(run("test", "甲.pol", "--mutate", "--only", "可得", "--format", "json").output)["killed"])

    with_them = states(), score()
    Path(INSIDE).unlink()
    alone = states(), score()
    assert "not_fired" in with_them[0]["可得"] and "not_fired" not in alone[0]["可得"]
    assert with_them[1] > alone[1]


def test_check_tells_of_the_examples_in_the_file_and_of_what_is_wrong_beside_it(folder: Path) -> None:
    assert run("check", "甲.pol").output == "甲.pol：有效，示例 1/1 通过\n"
    assert run("check", INSIDE).output == f"{INSIDE}：有效，示例 2/2 通过\n"
    wrong_ones = "参数\n  底数 ＝ 3元\n\n示例 错\n  评估日：2024年6月30日\n  已知：业绩 ＝ 3元\n  应得：可的 成立\n"
    write(f"{FURTHER}\n{wrong_ones}")
    for name in ("甲.pol", INSIDE):
        wrong = run("check", name)
        assert wrong.exit_code == 3
        assert f"CASE113 {INSIDE} 第 17 行第 1 列：甲.pol 的示例文件里只能写示例" in wrong.output
        assert f"POL201 {INSIDE} 第 23 行第 6 列：名称“可的”没有声明过" in wrong.output
        assert "是不是想写“可得”？" in wrong.output
    found = json.loads(run("check", "甲.pol", "--format", "json").output)["files"][0]["diagnostics"]
    told = [(d["code"], d["at"]["file"], d["at"]["line"]) for d in found]
    assert told == [("CASE113", INSIDE, 17), ("POL201", INSIDE, 23)]


@pytest.mark.parametrize(("more", "code", "line"), [
    ("政策 乙\n  编号：X\n", "CASE113", 17), ("数据\n  数：金额\n", "CASE113", 17), ("章节 【1】\n", "CASE113", 17),
    ("示例 单位\n  评估日：2024年6月30日\n  已知：业绩 ＝ 3厘米\n  应得：可得 不成立\n", "POL503", 19),
    ("示例 条款 【9】\n  评估日：2024年6月30日\n  已知：业绩 ＝ 3元\n  应得：可得 不成立\n", "POL222", 17),
    ("\0", "POL125", 17),
])
def test_what_is_wrong_beside_a_policy_is_refused_and_the_rest_is_run(
    folder: Path, more: str, code: str, line: int
) -> None:
    write(REGISTER, "甲.clauses.yaml")
    write(FURTHER + "\n" + more)
    done = run("test", "甲.pol")
    assert done.exit_code == 5
    assert f"{code} {INSIDE} 第 {line} 行" in done.output
    assert ("甲.pol: 3/3" if code != "POL125" else "甲.pol: 1/1") in done.output


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    Path(INSIDE).write_bytes("示例".encode("gbk"))
    done = run("test", "甲.pol")
    assert done.exit_code == 5 and f"POL100 {INSIDE}" in done.output and "甲.pol: 1/1" in done.output


def test_a_folder_without_its_policy_holds_policies_like_any_other(folder: Path) -> None:
    Path("甲.pol").rename("乙.pol")
    done = run("test", INSIDE)
    assert done.exit_code == 3 and f"POL111 {INSIDE}" in done.output


def test_formatting_knows_the_names_and_the_columns_of_the_policy(folder: Path) -> None:
    write(FURTHER.replace("| 十三天 |", "|十三天|"))
    assert run("fmt", "甲.tests").exit_code == 0
    assert Path(INSIDE).read_text(encoding="utf-8") == FURTHER
    english = run("fmt", INSIDE, "--to", "en").output
    assert "given: 业绩 = CNY 50, 桌长 = 150 厘米" in english and "| A1   | CNY 30 | 十三天 |" in english
    Path("甲.en.tests").mkdir()
    assert run("fmt", INSIDE, "--to", "en", "-o", "甲.en.tests/一.pol").exit_code == 0
    assert run("fmt", "甲.pol", "--to", "en", "-o", "甲.en.pol").exit_code == 0
    assert run("test", "甲.en.pol").output == "甲.en.pol: 3/3\n3 examples, 3 passed\n"


def test_clauses_are_shown_by_them_too(folder: Path) -> None:
    write(REGISTER, "甲.clauses.yaml")
    done = run("clauses", "甲.pol", "--format", "json")
    assert done.exit_code == 0  # 不够 is a name that the register gives
    found = json.loads(done.output)["policies"][0]["clauses"]
    assert found[1]["examples"] == [{"name": "不够", "kind": "example", "at": {"file": INSIDE, "line": 3}}]


def test_an_amendment_has_examples_beside_it_too(folder: Path) -> None:
    write("政策 通知\n  编号：T-1\n  修订：JL-1\n  生效：自 2024年7月1日 起\n\n废止 返利\n", "丙.pol")
    Path("丙.tests").mkdir()
    write(
        "示例 之前\n  评估日：2024年6月30日\n  已知：业绩 ＝ 200元，桌长 ＝ 150厘米\n  应得：返利 ＝ 20元\n\n"
        "示例 之后\n  评估日：2024年7月1日\n  已知：业绩 ＝ 200元，桌长 ＝ 150厘米\n  应得：可得 成立\n",
        "丙.tests/一.pol",
    )
    assert "丙.pol: 2/2" in run("test", "丙.pol").output
    write("示例 之后\n  评估日：2024年7月1日\n  已知：业绩 ＝ 200元\n  应得：返利 ＝ 20元\n", "丙.tests/一.pol")
    assert "POL506 丙.tests/一.pol 第 4 行" in run("test", "丙.pol").output


# ---------------------------------------------------------------------------------------------- pytest, the editor
pytest_plugins = ["pytester"]


def test_each_is_a_test_at_its_place(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1]))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:asyncio -p no:pytest-lsp")
    pytester.makeconftest(
        "from policydsl import pytest_plugin\n"
        "def pytest_addoption(pluginmanager):\n"
        "    if not pluginmanager.has_plugin('policydsl'):\n"
        "        pluginmanager.register(pytest_plugin, 'policydsl')\n"
    )
    (pytester.path / "甲.tests").mkdir()
    (pytester.path / "甲.pol").write_text(POLICY, encoding="utf-8")
    (pytester.path / INSIDE).write_text(FURTHER.replace("33元\n", "34元\n"), encoding="utf-8")
    listed = pytester.runpytest("--pol", "--collect-only", "-q").stdout
    listed.fnmatch_lines(["甲.pol::够了", "甲.pol::一: 不够", "甲.pol::一: 两张订单"])
    pytester.runpytest("--pol").assert_outcomes(passed=2, failed=1)
    alone = pytester.runpytest(INSIDE)
    alone.assert_outcomes(passed=1, failed=1)
    alone.stdout.fnmatch_lines(["*一.pol:15 示例“两张订单” 订单额：应得 *34元，实得 33元"])


def opened(text: str, file: str = INSIDE) -> Snapshot:
    return Snapshot(Path(file).resolve().as_uri(), text, 1, asked="zh")


def test_the_editor_finds_the_policy(folder: Path) -> None:
    here = opened(FURTHER)
    assert problems.diagnostics(here, None) == []
    assert tokens.tokens(here).data
    ran = [run_lens(here, index) for index in (0, 1)]
    assert [(one.name, one.passed) for one in ran if one is not None] == [("不够", True), ("两张订单", True)]
    wrong = problems.diagnostics(opened(FURTHER.replace("可得 不", "可的 不")), None)
    assert [(d.code, d.range.start.line) for d in wrong] == [("POL201", 5)]
    with pytest.raises(rename.Refused):  # it is declared elsewhere
        rename.edits(here, t.Position(5, 5), "能得")


def test_the_editor_tells_that_the_policy_has_an_error(folder: Path) -> None:
    write(POLICY.replace("业绩 × 10%", "业织 × 10%"), "甲.pol")
    told = problems.diagnostics(opened(FURTHER), None)
    assert [(d.code, d.range.start.line) for d in told] == [("POL261", 0)]
    assert "甲.pol 第 20 行有错" in told[0].message


def test_a_new_name_reaches_the_examples_beside(folder: Path) -> None:
    here = opened(POLICY, "甲.pol")
    (edits,) = beside.changes(here, "金额数", "数额", {}).values()
    assert [(e.range.start.line, e.range.start.character, e.new_text) for e in edits] == [(10, 9, "数额")]
    (edits,) = beside.changes(here, "可得", "能得", {}).values()
    assert [(e.range.start.line, e.new_text) for e in edits] == [(5, "能得")]
