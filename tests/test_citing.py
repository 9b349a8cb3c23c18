"""Citations by number: what they stand for, and that an older text upgraded to them says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from text_support import ROOT

from policydsl.citing import clauses_of
from policydsl.cli import run
from policydsl.diagnostics import PolicyError
from policydsl.beside import Beside
from policydsl.engine import load_policy, load_text
from policydsl.format.concrete import tokens_of
from policydsl.format.keys import cited_by_key
from policydsl.format.upgrade import upgraded
from policydsl.beside import register_of
from policydsl.register import read_register, read_whole
from policydsl.text import parse
from policydsl.text.names import Names
from policydsl.text.parser import Parsing
from policydsl.text.source import Source
from policydsl.text.tables import load

REGISTER = """\
policy: QD
source: 渠道办法
clauses:
  - {id: QD-01, place: 一, place_en: one, text: 甲, carried: rule}
  - {id: QD-02, place: 二.1, place_en: two 1, text: 乙, carried: rule}
  - {id: QD-02A, place: 二.1 注, text: 乙甲, carried: rule}
  - {id: QD-03, place: 二.2, text: 丙, carried: rule}
  - {id: QD-04, place: 三、附件, text: 丁, carried: rule}
  - {id: XY-04, place: 别处, text: 别, carried: note}
"""


def policy(cites: str, header: str = "  条款：QD-\n") -> str:
    return f"政策 演示\n{header}数据\n  业绩：金额\n条件 大：业绩 ≥ 1元 {cites}\n"


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    path = tmp_path / "a.clauses.yaml"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def cites(text: str, register: Path | None) -> list[str]:
    (result,) = load_text(text, beside=Beside(register)).program.results
    return list(result.origin.clauses)


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("【1】", ["QD-01 一"]),
        ("【01】", ["QD-01 一"]),
        ("【2A】", ["QD-02A 二.1 注"]),
        ("【3、1】", ["QD-03 二.2", "QD-01 一"]),
        ("【3，１】", ["QD-03 二.2", "QD-01 一"]),  # full width, and a comma
        ("【2-4】", ["QD-02 二.1", "QD-03 二.2", "QD-04 三、附件"]),
        ("【1、3至4】", ["QD-01 一", "QD-03 二.2", "QD-04 三、附件"]),
        ("【4 三、附件二】", ["QD-04 三、附件二"]),  # a place of its own
        ("【1】【XY-04 别处】", ["QD-01 一", "XY-04 别处"]),  # what begins with no digit stands as it is
        ("【附件一】", ["附件一"]),
    ],
)
def test_a_number_is_the_clause_of_the_register_with_its_place(written: str, whole: list[str], beside: Path) -> None:
    assert cites(policy(written), beside) == whole


def test_the_place_is_told_in_the_language_of_the_policy(beside: Path) -> None:
    text = "policy Demo\n  clauses: QD-\ndata\n  revenue: money\ncondition large: revenue >= CNY 1 [1, 2-3]\n"
    assert cites(text, beside) == ["QD-01 one", "QD-02 two 1", "QD-03 二.2"]


def test_without_a_register_a_number_is_told_without_a_place() -> None:
    assert cites(policy("【1、3-4】"), None) == ["QD-1", "QD-3", "QD-4"]


def test_a_policy_that_does_not_say_what_its_numbers_are_of_cites_as_it_is_written(beside: Path) -> None:
    assert cites(policy("【3.1】【1、3】", ""), beside) == ["3.1", "1、3"]


@pytest.mark.parametrize(
    ("written", "code"),
    [("【3-1】", "POL221"), ("【3.1】", "POL221"), ("【1、】", "POL221"), ("【1-900】", "POL221"), ("【5】", "POL222"),
     ("【3-5】", "POL222")],
)
def test_what_stands_for_nothing_is_refused_at_its_place(written: str, code: str, beside: Path) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(policy(written), beside=Beside(beside))
    (problem,) = refused.value.diagnostics
    assert problem.code == code
    assert (problem.span.line, problem.span.column) == (5, 15)


# ---------------------------------------------------------------------------------------------- questions
ASKED = REGISTER + """\
rulings:
  - {id: R01, ask: 看哪一年？, ask_en: Which year?}
  - {id: R02, ask: 含不含税？}
"""
RULED = (
    "政策 演示\n  条款：QD-\n数据\n  业绩：金额\n"
    "条件 大：业绩 ≥ 5元 【1】\n  裁定：R01，看本年。\n"
    "条件 小：业绩 ＜ 1元 【1】\n  裁定：R01，也看本年。\n  裁定：R09，不问。\n"
    "条件 中：业绩 ≥ 1元 【1】\n  疑义：税呢？\n  裁定：R02，含税。\n"
)


def remarks(text: str, register: Path) -> dict[str, list[str]]:
    results = load_text(text, beside=Beside(register)).program.results
    return {r.name: [f"{m.kind} {m.text}" for m in r.origin.remarks] for r in results}


def test_a_question_of_the_register_stands_before_the_first_ruling_that_answers_it(beside: Path) -> None:
    beside.write_text(ASKED, encoding="utf-8")
    assert remarks(RULED, beside) == {
        "大": ["doubt 看哪一年？", "ruling R01，看本年。"],
        "小": ["ruling R01，也看本年。", "ruling R09，不问。"],
        "中": ["doubt 税呢？", "ruling R02，含税。"],  # what is written stands
    }


ANSWERED = REGISTER + """\
rulings:
  - {id: R01, ask: 看哪一年？, ask_en: Which year?, answer: 看本年。, answer_en: This year.}
  - {id: A-02, ask: 含不含税？, answer: 含税。}
  - {id: R03, ask: 谁付？}
"""


def test_a_ruling_that_is_only_named_says_what_the_register_answers(beside: Path) -> None:
    beside.write_text(ANSWERED, encoding="utf-8")
    text = RULED.partition("条件 大")[0]
    zh = text + "条件 大：业绩 ≥ 5元 【1】\n  裁定：R01、A-02\n"
    zh += "条件 小：业绩 ＜ 1元 【1】\n  裁定：A-02\n  裁定：R03，甲方。\n"
    assert remarks(zh, beside) == {
        "大": ["doubt 看哪一年？", "ruling R01，看本年。", "doubt 含不含税？", "ruling A-02，含税。"],
        "小": ["ruling A-02，含税。", "doubt 谁付？", "ruling R03，甲方。"],
    }
    en = "policy Demo\n  clauses: QD-\ndata\n  revenue: money\ncondition large: revenue >= CNY 5 [1]\n  ruling: R01\n"
    assert remarks(en, beside) == {"large": ["doubt Which year?", "ruling R01, This year."]}


@pytest.mark.parametrize(("written", "code", "word"), [
    ("R03", "POL227", "R03"), ("R01、R07", "POL227", "R07"), ("A-02，不含税。", "POL228", "A-02"),
])
def test_a_ruling_has_one_answer_in_one_place(written: str, code: str, word: str, beside: Path) -> None:
    beside.write_text(ANSWERED, encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_text(policy(f"【1】\n  裁定：{written}"), beside=Beside(beside))
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.args["word"], problem.span.line) == (code, word, 6)


@pytest.mark.parametrize("rulings", ["3", "[{id: R01}]", "[{id: R, ask: a}, {id: R, ask: b}]"])
def test_questions_that_are_none_are_refused(rulings: str, beside: Path) -> None:
    beside.write_text(f"{REGISTER}rulings: {rulings}\n", encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        load_text(RULED, beside=Beside(beside))
    assert [d.code for d in refused.value.diagnostics] == ["POL223"]


def test_questions_go_to_the_register_where_they_would_be_asked_again(tmp_path: Path) -> None:
    path, register = tmp_path / "a.pol", tmp_path / "a.clauses.yaml"
    text = (
        "政策 演示\n  条款：QD-\n数据\n  业绩：金额\n"
        "条件 大：业绩 ≥ 5元 【1】\n  疑义：看哪一年？\n  裁定：R01，看本年。\n"
        "条件 小：业绩 ＜ 1元 【1】\n  裁定：R02，含税。\n  疑义：没有裁定的呢？\n"
        "条件 中：业绩 ≥ 1元 【1】\n  疑义：税呢？\n  裁定：R02，含税。\n"
    )
    path.write_text(text, encoding="utf-8")
    register.write_text(REGISTER, encoding="utf-8")
    before = remarks(text, register)
    assert run(["fmt", "--upgrade", str(path)]) == 0
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    assert kept == text.replace("  疑义：看哪一年？\n", "").splitlines()
    assert [(q.id, q.ask) for q in read_whole(register).questions] == [("R01", "看哪一年？")]
    assert remarks(path.read_text(encoding="utf-8"), register) == before
    assert len(read_whole(register).clauses) == 6


# ---------------------------------------------------------------------------------------------- upgrading
def test_citations_are_shortened_where_the_register_knows_their_places(beside: Path) -> None:
    text = "政策 演示\n  编号：A\n数据\n  业绩：金额 【QD-01 一】【QD-02 二.1】【QD-03 二.2】\n" \
        "条件 大：业绩 ≥ 1元 【QD-01 一】【QD-03 二.2】【QD-04 三】【XY-04 别处】【QD-09 九】【QD-02A 二.1 注】\n"
    assert upgraded(text, "a.pol", beside) == (
        "政策 演示\n  编号：A\n  条款：QD-\n数据\n  业绩：金额 【1-3】\n"
        "条件 大：业绩 ≥ 1元 【1、3】【4 三】【XY-04 别处】【QD-09 九】【2A】\n"
    )


def at_length(text: str, register: Path) -> str:
    """A text whose citations are whole, as they were written before there were numbers."""
    parsing = Parsing(load(), Names(Source(text, "a.pol")), True)
    clauses = clauses_of(parse(text, "a.pol")[0], read_register(register))
    assert clauses is not None
    opened, closed = ("[", "]") if clauses.dialect == "en" else ("【", "】")
    tokens = [t for chunk in parsing.source.chunks for t in tokens_of(parsing, chunk) if t.type == "CITE"]
    for token in sorted(tokens, key=lambda t: -t.start):
        whole = "".join(f"{opened}{cite}{closed}" for cite in clauses.whole(str(token.value)))
        text = text[: token.start] + whole + text[token.end :]
    line = next(line for line in text.splitlines(keepends=True) if line.strip().startswith(("条款：", "clauses:")))
    return text.replace(line, "", 1)


@pytest.mark.nightly  # the construct files show it by day
@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("*.pol")), ids=lambda path: path.name)
def test_a_shipped_policy_is_its_long_form_upgraded(path: Path) -> None:
    text, register = path.read_text(encoding="utf-8"), register_of(path)
    long = at_length(text, register)
    assert len(long) > len(text) + 1000
    assert upgraded(long, path.name, register) == text
    assert upgraded(text, path.name, register) == text
    before = load_text(long, path.name, examples=False).program
    after = load_policy(path, examples=False).program
    told = [[(r.name, r.origin.clauses) for r in program.results] for program in (before, after)]
    assert told[0] == told[1]
    assert any(" " in cite for _, cites in told[1] for cite in cites)


# ---------------------------------------------------------------------------------------------- rows that are clauses
TABLE = (
    "政策 演示\n  条款：QD-\n表 目录 【1】\n  | 编码 | 级 |\n"
    "  | XY-04 | 甲 |{}\n  | XY-05 | 乙 |\n  | QD-02 | 丙 | 【3】\n"
)


def rows(text: str, beside: Path) -> list[tuple[str, ...]]:
    return [row.clauses for row in load_text(text, beside=Beside(beside)).program.lists["目录"].rows]


def test_a_row_whose_key_is_a_clause_cites_it(beside: Path) -> None:
    # a key that is none cites with its table; a row that says another clause cites that one
    assert rows(TABLE.format(""), beside) == [("XY-04 别处",), ("QD-01 一",), ("QD-03 二.2",)]
    keyed = TABLE.format("").replace("| 编码 | 级 |", "| 级 | 编码 |").replace("| XY-04 | 甲 |", "| 甲 | XY-04 |")
    assert rows(keyed.replace("目录 【1】\n", "目录 【1】\n  主键：编码\n"), beside)[0] == ("XY-04 别处",)


def test_the_upgrade_leaves_out_what_the_key_says(beside: Path) -> None:
    said = TABLE.format(" 【XY-04 别处】")
    assert rows(said, beside) == rows(TABLE.format(""), beside)
    assert cited_by_key(said, "a", beside) == TABLE.format("")
    elsewhere = TABLE.format(" 【XY-04 附录】")  # not the place of the register
    assert cited_by_key(elsewhere, "a", beside) == elsewhere and cited_by_key(said, "a") == said
