"""The command line: verbs, exit codes, streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.shell_completion import ShellComplete

from policydsl import cli, console
from policydsl.cli import cli as command, schema
from policydsl.cli.verbs import VERBS
from policydsl.recheck.document import recheck

POLICY = """政策 演示政策
  编号：DEMO
  版本：1
  生效：自 2022年1月1日 起

参数
  门槛 ＝ 150万元

数据
  业绩：金额，≥ 0元，别名 revenue
  首单日期：日期，选填
  工程师：数量（人），≥ 0人

要求 业绩达标，别名 enough：业绩 不低于 门槛 【一.1】

分档 业绩分 【一.2】
  | 业绩       | 得分 |
  | ≥ 100万元  | 10分 |
  | 低于 100万元 | 0分 |

奖励 首单奖励 【二.1】
  若：首单日期 不早于 2022年4月1日 且 业绩达标
  金额：20000元

条件 有工程师：工程师 ≥ 1人

示例 刚好
  评估日：2022年6月30日
  已知：业绩 ＝ 150万元，首单日期 ＝ 2022年4月1日
  应得：业绩达标 成立，首单奖励 ＝ 20000元
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the policy and two sheets, as the working directory."""
    (tmp_path / "demo.pol").write_text(POLICY, encoding="utf-8")
    (tmp_path / "a.yaml").write_text("名称: 甲公司\n评估日: 2022-06-30\n业绩: 120万元\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        "名称: 乙公司\n评估日: 2022-06-30\nrevenue: 200万元\n首单日期: 2022-05-01\n工程师: 3人\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POLICYDSL_EVAL_LANG", raising=False)
    return tmp_path


Said = tuple[int, str, str]


def call(capsys: pytest.CaptureFixture[str], *args: str) -> Said:
    """The exit code, standard output and standard error of a command line."""
    code = cli.run(list(args), "pol")
    out, err = capsys.readouterr()
    return code, out, err


def give_stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), encoding="utf-8"))


# ---------------------------------------------------------------------------------------------- eval
def test_a_negative_verdict_is_a_verdict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "eval", "demo.pol", "a.yaml", "--all")
    assert (code, err) == (0, "")
    assert "业绩达标  不成立" in out
    assert "✗ 业绩 不低于 门槛  实际 120万元  要求 不低于 150万元  还差 30万元" in out
    assert "首单奖励  不成立" in out  # the reward asks for the requirement, whatever the date
    assert "\x1b[" not in out


def test_language_of_the_output(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "eval", "demo.pol", "a.yaml", "--lang", "en", "--all")
    assert "业绩达标  fails" in out
    assert "short by CNY 300,000" in out


def test_options_from_the_environment(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYDSL_EVAL_LANG", "en")
    assert "Still missing" not in call(capsys, "eval", "demo.pol", "b.yaml", "--brief")[1]
    assert "Requirements" in call(capsys, "eval", "demo.pol", "b.yaml", "--brief")[1]


def test_json_of_one_and_of_several(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "eval", "demo.pol", "b.yaml", "--format", "json")
    one = json.loads(out)
    assert (code, one["format"], one["results"]["首单奖励"]["value"]) == (0, "policydsl.verdict/1", 20000)
    code, out, _ = call(capsys, "eval", "demo.pol", "a.yaml", "b.yaml", "--format", "json")
    both = json.loads(out)
    assert both["format"] == "policydsl.verdicts/1"
    assert [v["party"] for v in both["verdicts"]] == ["甲公司", "乙公司"]


@pytest.mark.parametrize(
    ("as_of", "shown"), [("2022-04-01", "2022-04-01"), ("2022/4/1", "2022-04-01"), ("2022年4月1日", "2022-04-01"),
                         ("2022-04-01 09:00", "2022-04-01T09:00:00")],
)
def test_the_evaluation_date(folder: Path, capsys: pytest.CaptureFixture[str], as_of: str, shown: str) -> None:
    _, out, _ = call(capsys, "eval", "demo.pol", "b.yaml", "--as-of", as_of, "--format", "json")
    assert json.loads(out)["as_of"] == {"date": shown, "from": "option"}


def test_where_the_evaluation_date_comes_from(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert '"as_of": {"date": "2022-06-30", "from": "sheet"}' in call(
        capsys, "eval", "demo.pol", "a.yaml", "--format", "json"
    )[1]
    Path("c.yaml").write_text("业绩: 1元\n", encoding="utf-8")
    assert '"from": "today"}' in call(capsys, "eval", "demo.pol", "c.yaml", "--format", "json")[1]


def test_sheets_of_different_days_need_an_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("c.yaml").write_text("名称: 丙\n评估日: 2022-07-01\n业绩: 1元\n", encoding="utf-8")
    assert call(capsys, "eval", "demo.pol", "a.yaml", "c.yaml")[0] == console.Code.USAGE
    assert call(capsys, "eval", "demo.pol", "a.yaml", "c.yaml", "--as-of", "2022-07-01")[0] == 0


def test_a_parameter_is_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "eval", "demo.pol", "a.yaml", "--set", "门槛=100万元", "--brief")
    assert "业绩达标  成立" in out
    code, _, err = call(capsys, "eval", "demo.pol", "a.yaml", "--set", "门坎=100万元")
    assert code == console.Code.USAGE
    assert "门坎" in err


@pytest.mark.parametrize(
    ("name", "sheet", "code"),
    [
        ("业绩达标", "b.yaml", 0), ("业绩达标", "a.yaml", 1), ("enough", "a.yaml", 1), ("首单奖励", "b.yaml", 0),
        ("业绩达标", "-", 4), ("业绩分", "a.yaml", 0), ("业绩分", "-", 4),
    ],
)
def test_what_is_required(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, sheet: str, code: int
) -> None:
    give_stdin(monkeypatch, "工程师: 1人\n")
    got, out, _ = call(capsys, "eval", "demo.pol", sheet, "--require", name, "--as-of", "2022-06-30", "--brief")
    assert got == code
    assert "演示政策" in out


def test_one_party_that_fails_decides_over_one_that_is_open(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("c.yaml").write_text("名称: 丙公司\n评估日: 2022-06-30\n工程师: 1人\n", encoding="utf-8")
    code, _, err = call(capsys, "eval", "demo.pol", "c.yaml", "a.yaml", "b.yaml", "--require", "业绩达标")
    assert code == 1
    assert err.splitlines() == ["丙公司: 业绩达标 未定，不能判定", "甲公司: 业绩达标 不成立"]


@pytest.mark.parametrize("verb", ["eval", "explain"])
@pytest.mark.parametrize(("name", "shown"), [
    ("奖励合计", "首单奖励"), ("total rewards", "首单奖励"), ("ENOUGH", "业绩达标"), ("首单奖励 的 金额", "首单奖励"),
])
def test_a_total_and_a_part_are_asked_for_by_the_names_that_outputs_show(
    folder: Path, capsys: pytest.CaptureFixture[str], verb: str, name: str, shown: str,
) -> None:
    code, out, _ = call(capsys, verb, "demo.pol", "b.yaml", "--only", name, "--format", "json")
    assert code == 0 and list(json.loads(out)["results"]) == [shown]


@pytest.mark.parametrize(("name", "told"), [
    ("业绩", "它在这里 see: 业绩达标、业绩分、首单奖励"), ("首单日期", "它在这里 see: 首单奖励"),
    ("业绩达成", "业绩达标"),
])
def test_what_is_no_result_is_told_where_it_stands(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, told: str,
) -> None:
    for verb in ("eval", "explain"):
        code, _, err = call(capsys, verb, "demo.pol", "b.yaml", "--only", name)
        assert code == 2 and f"没有这个结论 no such result: {name}" in err and told in err


def test_only_the_named_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "eval", "demo.pol", "a.yaml", "--only", "业绩分", "--format", "json")
    assert code == 0
    assert list(json.loads(out)["results"]) == ["业绩分"]
    Path("c.yaml").write_text("评估日: 2022-06-30\n工程师: 1人\n", encoding="utf-8")
    assert call(capsys, "eval", "demo.pol", "c.yaml", "--only", "业绩分")[0] == console.Code.UNDECIDED
    assert call(capsys, "eval", "demo.pol", "c.yaml")[0] == 0  # a plain eval of a partial sheet is done


def test_a_name_that_is_no_result(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "eval", "demo.pol", "a.yaml", "--only", "业绩达成")
    assert (code, out) == (2, "")
    assert "业绩达标" in err


def test_policy_or_sheet_from_standard_input(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give_stdin(monkeypatch, POLICY)
    assert call(capsys, "eval", "-", "a.yaml", "--brief")[0] == 0
    give_stdin(monkeypatch, '{"业绩": "200万元", "评估日": "2022-06-30"}')
    assert "业绩达标  成立" in call(capsys, "eval", "demo.pol", "-", "--brief")[1]
    assert call(capsys, "eval", "-", "-")[0] == 2


# ---------------------------------------------------------------------------------------------- what is refused
def test_a_policy_with_faults(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.pol").write_text(POLICY.replace("不低于 门槛", "不底于 门槛"), encoding="utf-8")
    for args in (("eval", "bad.pol", "a.yaml"), ("schema", "bad.pol"), ("facts", "bad.pol")):
        code, out, err = call(capsys, *args)
        assert (code, out) == (3, "")
        assert "不底于" in err
        assert "bad.pol" in err


def test_a_sheet_with_faults(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.yaml").write_text("业绩: 12个\n工程师: -1人\n", encoding="utf-8")
    Path("worse.yaml").write_text("没有的事实: 1\n", encoding="utf-8")
    code, out, err = call(capsys, "eval", "demo.pol", "bad.yaml", "worse.yaml")
    assert (code, out) == (5, "")
    assert "业绩" in err
    assert "工程师" in err
    assert "没有的事实" in err


@pytest.mark.parametrize(
    "args",
    [
        ("eval", "demo.pol"), ("eval", "nowhere.pol", "a.yaml"), ("eval", "demo.pol", "nowhere.yaml"),
        ("eval", "demo.pol", "a.yaml", "--as-of", "yesterday"), ("eval", "demo.pol", "a.yaml", "--format", "xml"),
        ("frobnicate",), ("check",), ("eval", "demo.pol", "."), ("test", "empty"),
    ],
)
def test_wrong_usage(folder: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...]) -> None:
    Path("empty").mkdir()
    code, out, err = call(capsys, *args)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


@pytest.mark.parametrize("args, said", [
    ("eval", "少写了 missing argument: POLICY"),
    ("eval --fomat", "没有这个选项 no such option: --fomat（是不是 did you mean: --format, --compare？）"),
    ("eval p.pol s.yaml --format xml", "--format: 没有这个值 no such value: xml（可以写 choose from: text, json）"),
    ("eval p.pol --as-of", "选项后面要写值 this option needs a value: --as-of"),
    ("eval p.pol --all=3", "选项后面不写值 this option takes no value: --all"),
    ("eval p.pol s.yaml --as-of 99", "--as-of: 看不懂日期 not a date: 99（例 e.g. 2024-06-30）"),
    ("policies x y", "多写了 unexpected arguments: x y"),
    ("lsp --tcp x", "--tcp: 要写整数 a whole number is needed: x（1–65535）"),
    ("lsp --tcp 0", "--tcp: 超出范围 out of range: 1–65535"),
    ("completion", "少写了 missing argument: SHELL（可以写 choose from: bash, zsh, fish）"),
])
def test_what_the_parser_of_arguments_finds_is_said_in_both_languages(
    capsys: pytest.CaptureFixture[str], args: str, said: str
) -> None:
    code, out, err = call(capsys, *args.split())
    assert (code, out) == (2, "") and err.endswith(f"错误 error: {said}\n") and "Usage" not in err


def test_a_fault_of_the_program_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str, **options: bool) -> None:
        raise KeyError(name)

    monkeypatch.setattr(schema, "read_policy", broken)
    code, out, err = call(capsys, "schema", "demo.pol")
    assert (code, out) == (70, "")
    assert len(err.splitlines()) == 1
    assert "KeyError test_cli.py:" in err


def test_interrupted(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(name: str, **options: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(schema, "read_policy", stopped)
    assert call(capsys, "schema", "demo.pol")[0] == 130


# ---------------------------------------------------------------------------------------------- check, test
def test_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "check", "demo.pol") == (0, "demo.pol：有效，示例 1/1 通过\n", "")
    Path("bad.pol").write_text(POLICY.replace("不低于 门槛", "不底于 门槛"), encoding="utf-8")
    code, out, err = call(capsys, "check", "demo.pol", "bad.pol")
    assert code == 3
    assert out.startswith("demo.pol：有效")
    assert "bad.pol：有错" in out
    assert "不底于" in err


def test_an_example_that_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("off.pol").write_text(POLICY.replace("首单奖励 ＝ 20000元", "首单奖励 ＝ 10000元"), encoding="utf-8")
    code, out, err = call(capsys, "check", "off.pol")
    assert (code, out) == (1, "off.pol：有效，示例 0/1 通过\n")
    assert "示例“刚好” 首单奖励：应得 " in err
    code, out, err = call(capsys, "test", "off.pol", "demo.pol", "--junit", "report.xml")
    assert code == 1
    assert out.splitlines() == ["off.pol: 0/1", "  ✗ 刚好", "demo.pol: 1/1", "示例 2 个，通过 1 个"]
    suites = ElementTree.parse("report.xml").getroot()
    assert [(s.get("tests"), s.get("failures")) for s in suites] == [("1", "1"), ("1", "0")]


def test_test_finds_the_files_of_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "test", ".", "-v")
    assert (code, out) == (0, "demo.pol: 1/1\n  ✓ 刚好\n示例 1 个，通过 1 个\n")


def test_strict_refuses_an_open_question(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_ = POLICY.replace("  金额：20000元\n", "  金额：20000元\n  疑义：含税吗？\n")
    Path("open.pol").write_text(open_, encoding="utf-8")
    assert call(capsys, "check", "open.pol")[0] == 0
    assert call(capsys, "check", "open.pol", "--strict")[0] == 3
    assert "疑义未裁定" in call(capsys, "eval", "open.pol", "b.yaml", "--brief")[1]


def test_check_for_machines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.pol").write_text(POLICY.replace("不低于 门槛", "不底于 门槛"), encoding="utf-8")
    code, out, err = call(capsys, "check", "bad.pol", "demo.pol", "--format", "json")
    read = json.loads(out)
    assert (code, err, read["format"]) == (3, "", "policydsl.check/1")
    assert [f["status"] for f in read["files"]] == ["invalid", "valid"]
    first = read["files"][0]["diagnostics"][0]
    assert (first["severity"], first["at"]["line"]) == ("error", 14)
    code, out, _ = call(capsys, "check", "bad.pol", "--format", "sarif")
    log = json.loads(out)
    assert (code, log["version"]) == (3, "2.1.0")
    found = log["runs"][0]["results"][0]
    assert found["ruleId"] == first["code"]
    place = found["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("bad.pol", 14)
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": False}]


# ---------------------------------------------------------------------------------------------- the rest
def test_schema_and_blank_sheet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "schema", "demo.pol")
    assert code == 0
    assert "$schema" in json.loads(out)
    code, out, _ = call(capsys, "facts", "demo.pol")
    assert code == 0
    assert "业绩:" in out
    Path("blank.yaml").write_text(out, encoding="utf-8")
    assert call(capsys, "eval", "demo.pol", "blank.yaml", "--brief")[0] == 0  # nothing filled in: everything is open


def test_shipped_policies_are_found_by_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "policies")
    assert code == 0
    assert "h3c_star_2024\t" in out
    assert call(capsys, "schema", "h3c_star_2024.pol")[0] == 0
    code, _, err = call(capsys, "schema", "h3c_star_2042")
    assert code == 2
    assert "h3c_star_2024" in err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(folder: Path, capsys: pytest.CaptureFixture[str], shell: str) -> None:
    code, out, _ = call(capsys, "completion", shell)
    assert code == 0
    assert "_POL_COMPLETE" in out


@pytest.mark.parametrize("verb", list(VERBS))
def test_every_verb_explains_itself_with_an_example(
    folder: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    code, out, _ = call(capsys, verb, "--help")
    assert code == 0
    assert f"pol {verb}" in out


def process(*args: str, **env: str) -> subprocess.Popen[bytes]:
    """The program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "policydsl", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2]), **env},
    )


def test_utf8_whatever_the_platform_says_and_the_same_bytes(folder: Path) -> None:
    outs = set()
    for seed, encoding, locale in (("1", "gbk", "C"), ("2", "ascii", "zh_CN.GBK")):
        run = process(
            "eval", "demo.pol", "a.yaml", "--format", "json",
            PYTHONIOENCODING=encoding, LC_ALL=locale, PYTHONHASHSEED=seed,
        )
        out, _ = run.communicate()
        assert run.returncode == 0
        outs.add(out)
    assert len(outs) == 1
    assert json.loads(outs.pop().decode("utf-8"))["policy"]["title"] == "演示政策"


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    run = process("eval", "demo.pol", "a.yaml", "--require", "业绩达标")
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    err = run.stderr.read().decode("utf-8")
    run.stderr.close()
    assert run.wait() == 1  # the answer to --require stands
    assert err.splitlines() == ["甲公司: 业绩达标 不成立"]


@pytest.mark.parametrize("line", [
    "计算 和 ＝ " + "数 ＋ " * 190 + "数",
    "计算 和 ＝ " + "－" * 190 + "数",
    "要求 和：" + "并非 " * 190 + "数 ≥ 1",
    "要求 和：" + "（数 ≥ 1 且 （数 ≥ 2 或 " * 45 + "数 ≥ 3" + "））" * 45,
])
def test_the_deepest_formula_that_is_read_goes_through_every_verb(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy, sheet = tmp_path / "p.pol", tmp_path / "s.yaml"
    policy.write_text(f"政策 试\n  编号：T\n数据\n  数：数值，≥ 0\n{line}\n", encoding="utf-8")
    sheet.write_text("名称: 甲\n评估日: 2024-01-01\n数: 3\n", encoding="utf-8")
    p, s = str(policy), str(sheet)
    for verb in (["check", p], ["eval", p, s], ["eval", p, s, "--format", "json", "--proof"], ["explain", p, s],
                 ["fmt", p], ["fmt", p, "--to", "en"], ["doc", p], ["schema", p]):
        assert call(capsys, *verb)[0] in (0, 1), verb


def test_hundreds_of_rewards_are_added_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1 + 2 + … + 600 = 180 300."""
    policy, sheet = tmp_path / "p.pol", tmp_path / "s.yaml"
    rewards = "".join(f"奖励 奖{i}号\n  若：业绩 ≥ 1元\n  金额：{i}元\n" for i in range(1, 601))
    head = "政策 试\n  编号：T\n数据\n  业绩：金额，≥ 0元\n"
    policy.write_text(f"{head}{rewards}计算 总奖 ＝ 奖励合计\n", encoding="utf-8")
    sheet.write_text("名称: 甲\n评估日: 2024-01-01\n业绩: 1元\n", encoding="utf-8")
    code, out, _ = call(capsys, "eval", str(policy), str(sheet), "--only", "总奖")
    assert code == 0 and "180,300元" in out


def test_the_name_of_a_shipped_policy_means_it_whatever_lies_here(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "huawei_2025").write_text("没有政策", "utf-8")
    (folder / "h3c_star_2024").mkdir()
    (folder / "alicloud_fy22.pol").write_text(POLICY, "utf-8")
    for name in ("huawei_2025", "h3c_star_2024"):
        code, out, err = call(capsys, "schema", name)
        assert code == 0 and "演示政策" not in out and "随包的政策" in err and f".{os.sep}{name}" in err
    assert call(capsys, "test", "h3c_star_2024", "-k", "没有这样的例子")[2].startswith("说明")
    code, out, err = call(capsys, "schema", "alicloud_fy22.pol")
    assert code == 0 and "演示政策" in out and "用的是这里的文件" in err
    assert call(capsys, "schema", "demo.pol")[2] == ""


CONTROLS = ("\x1b[31m", "\x1b]0;x\x07", "\x9b31m", "\x08", "\x00", "\u202e", "\u2066", "\x7f")


@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
@pytest.mark.parametrize("place", ["政策 演示政策", "  编号：DEMO", "【一.2】", "示例 刚好"])
def test_what_would_steer_a_terminal_is_refused_at_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str], control: str, place: str
) -> None:
    Path("odd.pol").write_text(POLICY.replace(place, place[:-1] + control + place[-1]), "utf-8")
    for verb in ("check", "fmt", "test", "doc"):
        code, out, err = call(capsys, verb, "odd.pol")
        assert code == 3 and not any(c in out + err for c in control if not c.isprintable())
        line = next(i for i, text in enumerate(POLICY.splitlines(), 1) if place in text)
        assert "POL125" in err and f"第 {line} 行" in err and f"U+{ord(control[0]):04X}" in err


@pytest.mark.parametrize("control", [c for c in CONTROLS if "\0" not in c], ids=ascii)
def test_arguments_and_names_of_files_do_not_steer_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str], control: str
) -> None:
    for args in (("eval", "demo.pol", "a.yaml", "--set", f"{control}门槛=1元"), ("check", f"{control}.pol")):
        code, _, err = call(capsys, *args)
        assert code == 2 and f"<U+{ord(control[0]):04X}>" in err and control[0] not in err
    (folder / "all").mkdir()
    (folder / "all" / f"odd{control}.pol").write_text("政策", "utf-8")
    code, out, err = call(capsys, "test", "all")
    assert code == 3 and control[0] not in out + err
    assert f"odd<U+{ord(control[0]):04X}>" in err or control in console._COLOURS


def test_exceptions_that_disagree_leave_a_result_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 yuan by one exception, 2 yuan by the other: the policy gives no amount. What is 1 yuan at least is decided."""
    policy, sheet = tmp_path / "冲突.pol", tmp_path / "冲突.yaml"
    policy.write_text(
        "政策 试\n  编号：T\n数据\n  甲：是否\n  乙：是否\n"
        "计算 双 ＝ 3元\n  例外：若 甲，得 1元\n  例外：若 乙，得 2元\n条件 都够：双 ≥ 1元\n", encoding="utf-8",
    )
    sheet.write_text("甲: 是\n乙: 是\n", encoding="utf-8")
    for name, wanted in (("双", console.Code.UNDECIDED), ("都够", console.Code.DONE)):
        assert call(capsys, "eval", str(policy), str(sheet), "--only", name)[0] == wanted
    code, out, _ = call(capsys, "eval", str(policy), str(sheet), "--format", "json", "--proof", "--as-of", "2024-06-30")
    told = json.loads(out)
    assert (told["status"], told["results"]["双"]["status"]) == ("undetermined", "conflict")
    assert recheck(out).faults == []
    assert "1 项已定，1 项未定" in call(capsys, "eval", str(policy), str(sheet), "--all")[1]


def test_only_our_own_colours_pass_on_a_terminal() -> None:
    shown = console.unsteered("\x1b[1m粗\x1b[0m\x1b[31m红\x1b[0m\t\n\x1b[2J\x1b]0;x\x07\x1b[8m", console._COLOURS)
    assert shown == "\x1b[1m粗\x1b[0m\x1b[31m红\x1b[0m\t\n<U+001B>[2J<U+001B>]0;x<U+0007><U+001B>[8m"


@pytest.mark.parametrize("cite", ["【】", "【 】", "【　】", "【\u200b】", "[]"])
def test_an_empty_citation_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], cite: str) -> None:
    Path("odd.pol").write_text(POLICY.replace("【一.1】", cite), "utf-8")
    for verb in ("check", "doc"):
        code, _, err = call(capsys, verb, "odd.pol")
        assert code == 3 and "POL126" in err and "第 14 行" in err


def test_a_misspelt_verb(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "evl", "demo.pol")
    assert code == 2 and "没有这个命令 no such command: evl" in err and "did you mean: eval" in err
    code, _, err = call(capsys, "xyz")
    assert code == 2 and "eval, recheck" in err


@pytest.mark.parametrize(
    ("words", "begun", "found"),
    [
        (["eval"], "2022_i", "2022_inspur"),
        (["eval", "2022_inspur", "x.yaml", "--only"], "IVR", "IVR等级"),
        (["explain", "2022_inspur", "x.yaml", "--target"], "金牌", "金牌IVR"),
        (["eval", "2022_inspur", "x.yaml", "--set"], "破冰名", "破冰名额="),
    ],
)
def test_the_shell_completes_names_of_the_policy(words: list[str], begun: str, found: str) -> None:
    complete = ShellComplete(command, {}, "pol", "_POL_COMPLETE")
    assert found in [item.value for item in complete.get_completions(words, begun)]


def test_without_a_policy_nothing_is_completed() -> None:
    complete = ShellComplete(command, {}, "pol", "_POL_COMPLETE")
    assert complete.get_completions(["eval", "nowhere", "x", "--only"], "") == []
