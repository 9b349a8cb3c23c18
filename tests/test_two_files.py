"""A policy whose blocks stand in two files means what it means in one, and every place is in the right file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import policydsl
from policydsl.accounting import account
from policydsl.cli import cli
from policydsl.diagnostics import PolicyError
from policydsl.engine import Policy, load_policy, load_text, load_texts
from policydsl.explain import explain
from policydsl.explain.text import explanation_text
from policydsl.handbook import handbook
from policydsl.place import Span
from policydsl.render.json import verdicts_json
from policydsl.render.markdown import markdown
from policydsl.report import render_all
from policydsl.sheet import read_sheets
from policydsl.sources import Sources
from policydsl.testing.examples import ExampleCase
from tries import by_day, some

CONSTRUCTS = sorted((Path(__file__).parent / "constructs").glob("*.pol"))
MAIN = """政策 甲
  编号：X

数据
  业绩：金额，≥ 0元
  桌长：数量（厘米），≥ 0厘米

条件 可得：业绩 ≥ 门槛 且 签约且备案 且 桌长 ≥ 120厘米 【一】
"""
FURTHER = """参数
  门槛 ＝ 100元

数据
  签约且备案：是否
  裁定日：日期，选填
  注：自签约之日

奖励 返利 【二】
  若：可得
  金额：业绩 × 10%
  疑义：业绩含不含税
  裁定：含税（2024-05-10 邮件）
"""
BOTH = {"甲.pol": MAIN, "乙.pol": FURTHER}
FACTS = {"业绩": "50元", "签约且备案": True, "桌长": "150厘米"}


def halves(path: Path) -> tuple[dict[str, str], int]:
    """A file cut before its middle block; the number of lines above the cut."""
    policy, lines = load_policy(path), path.read_text(encoding="utf-8").split("\n")
    cut = policy.file.blocks[len(policy.file.blocks) // 2].span.line - 1
    return {"a.pol": "\n".join(lines[:cut]), "b.pol": "\n".join(lines[cut:])}, cut


def verdicts(policy: Policy) -> list[object]:
    """The verdict on the sheets of some examples, as JSON, with its trace."""
    out = []
    for example in some(policy.examples, 2):
        given = ExampleCase(policy, example).given(policy)
        made = policy.judge(given.sheets, given.day, "option", given.settings, population=given.population)
        out.append(json.loads(verdicts_json(made)))
    return out


def in_one_file(found: object, cut: int, name: str) -> object:
    """The verdict as it is where both halves stand in the file ``name``."""
    match found:
        case {"file": "a.pol" | "b.pol" as file, "line": int(line), **rest}:
            return {"file": name, "line": line + cut * (file == "b.pol"), **rest}
        case dict():
            return {key: in_one_file(value, cut, name) for key, value in found.items() if key != "digest"}
        case list():
            return [in_one_file(value, cut, name) for value in found]
        case _:
            return name if found == "a.pol" else found


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day(CONSTRUCTS, len(CONSTRUCTS) // 10))
def test_two_halves_of_a_file_give_the_verdicts_of_the_file(path: Path) -> None:
    texts, cut = halves(path)
    whole, two = load_text(path.read_text(encoding="utf-8"), "a.pol"), load_texts(texts)
    expected = [in_one_file(verdict, 0, "a.pol") for verdict in verdicts(whole)]
    assert [in_one_file(verdict, cut, "a.pol") for verdict in verdicts(two)] == expected
    assert whole.program.digest != two.program.digest


def test_words_and_places_are_those_of_the_file_a_thing_stands_in() -> None:
    (verdict,) = [policydsl.loads(BOTH).evaluate(FACTS, as_of="2024-06-30")]
    main, rebate = (verdict.results[name].at for name in ("可得", "返利"))
    assert ((main.file, main.line), (rebate.file, rebate.line)) == (("甲.pol", 8), ("乙.pol", 9))
    told = {(e.rule, e.at.file): [f.text for f in e.findings] for e in verdict.trace if e.findings}
    assert told["返利", "乙.pol"] == ["可得"]
    assert told["可得", "甲.pol"] == ["业绩 ≥ 门槛", "签约且备案", "桌长 ≥ 120厘米"]
    assert [(m.fact, m.wanted_by) for m in verdict.missing] == []
    shown = policydsl.to_text(verdict)
    assert "【一】第8行" in shown and "【二】第乙.pol:9行" in shown


def test_a_ruling_is_shown_from_its_file() -> None:
    verdict = policydsl.loads(BOTH).evaluate(FACTS, as_of="2024-06-30")
    assert any("含税" in str(e.rulings) for e in verdict.trace if e.at.file == "乙.pol")


def test_explanations_handbook_and_accounts_tell_the_file() -> None:
    policy = load_texts(BOTH)
    (sheet,) = read_sheets("业绩: 50元\n签约且备案: 是\n桌长: 150厘米\n", "s.yaml", policy.program)
    shown = explanation_text(explain(policy.program, [sheet], date(2024, 6, 30)))
    assert "【一】第8行" in shown and "【二】第乙.pol:9行" in shown
    found = account(policy, (), "甲.pol").strangers
    assert [(c.id, c.at.file, c.at.line) for c in found] == [("一", "甲.pol", 8), ("二", "乙.pol", 9)]
    page = markdown(handbook(policy, as_of=date(2024, 6, 30)))
    assert "第8行" in page and "第乙.pol:9行" in page


def test_an_error_in_the_second_file_is_shown_there() -> None:
    wrong = FURTHER.replace("业绩 × 10%", "业绩 × 增额")
    with pytest.raises(PolicyError) as caught:
        load_texts({**BOTH, "乙.pol": wrong})
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.span.file, problem.span.line, problem.span.column) == ("POL201", "乙.pol", 11, 11)
    shown = render_all(caught.value.diagnostics, caught.value.sources, "zh")
    assert "乙.pol 第 11 行" in shown and "  11 |   金额：业绩 × 增额" in shown


def test_problems_come_in_the_order_of_the_files() -> None:
    with pytest.raises(PolicyError) as caught:
        load_texts({"甲.pol": MAIN + "条件 乙：业绩 ≥ 丙\n", "乙.pol": FURTHER + "条件 丁：业绩 ≥ 戊\n"})
    assert [(p.code, p.span.file, p.span.line) for p in caught.value.diagnostics] == [
        ("POL201", "甲.pol", 9), ("POL201", "乙.pol", 14)]


def test_a_name_declared_in_both_files_names_the_other_file() -> None:
    with pytest.raises(PolicyError) as caught:
        load_texts({**BOTH, "乙.pol": FURTHER.replace("签约且备案：", "业绩：金额\n  签约且备案：")})
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.span.file, problem.span.line) == ("POL204", "乙.pol", 5)
    assert problem.args["line"] == "甲.pol:5"


def test_only_the_first_file_has_a_header() -> None:
    with pytest.raises(PolicyError) as caught:
        load_texts({"甲.pol": MAIN, "乙.pol": "政策 乙\n  编号：Y\n\n" + FURTHER})
    assert [(p.code, p.span.file, p.span.line) for p in caught.value.diagnostics] == [("POL112", "乙.pol", 1)]
    with pytest.raises(PolicyError) as caught:
        load_texts({"乙.pol": FURTHER, "甲.pol": MAIN})
    assert [(p.code, p.span.file) for p in caught.value.diagnostics] == [("POL111", "乙.pol"), ("POL112", "甲.pol")]


def test_files_are_read_from_their_paths(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in BOTH]
    for path, text in zip(paths, BOTH.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    policy = policydsl.load(paths)
    assert policy.evaluate({**FACTS, "业绩": "200元"}, as_of="2024-06-30").results["返利"].total.value.value == 20
    assert policy.digest == policydsl.loads(BOTH).digest
    with pytest.raises(ValueError, match="twice"):
        policydsl.load([paths[0], paths[0]])


def test_the_digest_covers_every_text_and_where_one_ends() -> None:
    digests = {load_texts(texts).program.digest for texts in (
        BOTH, {"甲.pol": MAIN, "乙.pol": FURTHER + " "}, {"甲.pol": MAIN + " ", "乙.pol": FURTHER},
        {"甲.pol": MAIN + FURTHER})}
    assert len(digests) == 4


# ---------------------------------------------------------------------------------------------- the command line
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in BOTH.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    sheet = "评估日: 2024-06-30\n业绩: 200元\n签约且备案: 是\n桌长: 150厘米\n"
    (tmp_path / "s.yaml").write_text(sheet, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


@pytest.mark.parametrize("files", [("甲.pol", "乙.pol", "s.yaml"), ("甲.pol", "s.yaml", "乙.pol")])
def test_files_of_a_policy_among_the_sheets_are_of_that_policy(folder: Path, files: tuple[str, ...]) -> None:
    judged = run("eval", *files, "--only", "返利")
    assert judged.exit_code == 0 and "返利  20元" in judged.output  # a tenth of 200元
    assert "第乙.pol:9行" in judged.output
    assert "20元" in run("explain", *files, "--result", "返利").output
    assert run("eval", *files, "--require", "可得").exit_code == 0


def test_the_facts_of_all_files_are_on_the_empty_sheet(folder: Path) -> None:
    made = run("facts", "甲.pol", "乙.pol").output
    assert all(f"{name}:" in made for name in ("业绩", "桌长", "签约且备案"))
    schema = run("schema", "甲.pol", "乙.pol").output
    assert json.loads(schema) and all(f'"{name}"' in schema for name in ("业绩", "签约且备案"))


def test_files_are_checked_each_alone_or_together(folder: Path) -> None:
    together = run("check", "甲.pol", "乙.pol", "--together")
    assert together.exit_code == 0 and "甲.pol + 乙.pol：有效" in together.output
    alone = run("check", "甲.pol", "乙.pol")
    assert alone.exit_code == 3 and "POL201 甲.pol" in alone.output and "POL111 乙.pol" in alone.output
    (folder / "乙.pol").write_text(FURTHER.replace("业绩 × 10%", "业绩 × 增额"), encoding="utf-8")
    wrong = run("check", "甲.pol", "乙.pol", "--together")
    assert wrong.exit_code == 3 and "POL201 乙.pol 第 11 行第 11 列" in wrong.output


EXAMPLE = """示例 够了
  评估日：2024年6月30日
  已知：业绩 ＝ 200元，签约且备案 ＝ 是，桌长 ＝ 150厘米
  应得：返利 ＝ 30元，可得 成立
"""


def test_files_are_tested_together_and_what_came_out_is_written_where_it_stands(folder: Path) -> None:
    (folder / "乙.pol").write_text(FURTHER + "\n" + EXAMPLE, encoding="utf-8")
    (folder / "乙.tests.yaml").write_text(
        "- 名称: 不够\n  评估日: 2024-06-30\n  事实: {业绩: 100元, 签约且备案: 是, 桌长: 150厘米}\n"
        "  应得: {返利: 5元}\n", encoding="utf-8",
    )
    done = run("test", "甲.pol", "乙.pol", "--together")
    assert done.exit_code == 1 and "甲.pol + 乙.pol: 0/2" in done.output
    assert "乙.pol:18 示例" in done.output
    main = (folder / "甲.pol").read_text(encoding="utf-8")
    assert run("test", "甲.pol", "乙.pol", "--together", "--update").exit_code == 0
    assert "返利: 10}" in (folder / "乙.tests.yaml").read_text(encoding="utf-8")
    assert "返利 ＝ 20元" in (folder / "乙.pol").read_text(encoding="utf-8")  # a tenth of 200元
    assert (folder / "甲.pol").read_text(encoding="utf-8") == main
    assert run("test", "甲.pol", "乙.pol").exit_code == 3  # each is no policy by itself
    assert run("test", "甲.pol", "乙.pol", "--together", "--mutate").exit_code == 2


def test_files_make_one_handbook_one_set_of_cases_and_one_interview(folder: Path) -> None:
    book = run("doc", "甲.pol", "乙.pol").output
    assert "可得" in book and "返利" in book and "含税（2024-05-10 邮件）" in book
    (folder / "乙.pol").write_text(FURTHER + "\n" + EXAMPLE.replace("30元", "20元"), encoding="utf-8")
    made = run("testgen", "甲.pol", "乙.pol", "--rule", "可得")
    assert made.exit_code == 0 and "100元" in made.output  # the limit stands in the further file
    for args in (("甲.pol", "乙.pol", "t.yaml"), ("甲.pol", "t.yaml", "乙.pol")):
        (folder / "t.yaml").write_text("评估日: 2024-06-30\n业绩: 200元\n签约且备案: 是\n", encoding="utf-8")
        asked = CliRunner().invoke(cli, ["ask", *args, "--only", "返利"], input="150厘米\n")
        assert asked.exit_code == 0 and "20元" in asked.output
        assert "桌长: 150厘米" in (folder / "t.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("args", "said"), [
    (("ask", "甲.pol", "乙.pol", "s.yaml", "t.yaml"), "只填一份事实表"),
    (("testgen", "-", "乙.pol"), "标准输入是整份政策"),
    (("eval", "甲.pol", "乙.pol"), "没有给事实表"), (("eval", "甲.pol", "甲.pol", "s.yaml"), "同一个文件给了两次"),
    (("eval", "甲.pol", "丙.pol", "s.yaml"), "找不到政策文件"), (("facts", "-", "乙.pol"), "标准输入是整份政策"),
])
def test_what_makes_no_policy_is_wrong_usage(folder: Path, args: tuple[str, ...], said: str) -> None:
    done = run(*args)
    assert done.exit_code == 2 and said in done.output


# ---------------------------------------------------------------------------------------------- the words of a place
SOURCES = Sources({"a": ("  abc def", "ghi  ", "甲乙", "丙"), "b": ("一二三",)})


@pytest.mark.parametrize(
    ("at", "words", "exact", "flowing"),
    [
        (Span("a", 1, 3, 1, 6), "abc", "abc", "abc"),
        (Span("a", 1, 2, 1, 7), "abc", " abc ", " abc "),
        (Span("a", 1, 7, 2, 3), "def", "def\ngh", "def gh"),
        (Span("a", 2, 1, 3, 2), "ghi", "ghi  \n甲", "ghi甲"),
        (Span("a", 3, 2, 4, 2), "乙", "乙\n丙", "乙丙"),
        (Span("b", 1, 2, 1, 3), "二", "二", "二"),
        (Span("b", 2, 1, 2, 3), "", "", ""),  # beyond the end
        (Span("c", 1, 1, 1, 2), "", "", ""),  # no such file
        (Span("", 0, 0, 0, 0), "", "", ""),
    ],
)
def test_what_stands_at_a_place(at: Span, words: str, exact: str, flowing: str) -> None:
    assert (SOURCES.words(at), SOURCES.exact(at), SOURCES.flowing(at)) == (words, exact, flowing)
    assert (not SOURCES.line(at)) == (not words)
