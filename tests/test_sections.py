"""Sections of the document: what they say holds for the blocks below that do not say it themselves."""

from __future__ import annotations

import pytest

from policydsl import nodes
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.program import same_program
from policydsl.format.sections import into_sections
from policydsl.handbook import handbook
from policydsl.render.markdown import markdown
from policydsl.text import parse

HEAD = """\
政策 演示
数据 【1】
  业绩：金额
  已签约：是否
"""


def cited(text: str) -> dict[str, tuple[str, ...]]:
    file, problems = parse(HEAD + text, "x.pol")
    assert not problems, problems
    return {b.name: b.cites for b in file.blocks if isinstance(b, nodes.Clause | nodes.Table)}


def test_blocks_without_a_citation_have_that_of_their_section_up_to_the_next() -> None:
    text = (
        "条件 先前：已签约\n章节 一、考核（15分） 【3、5-7】【12 二】\n条件 甲：业绩 ≥ 5元\n条件 乙：业绩 ≥ 6元 【9】\n"
        "条件 丙\n  满足任一\n  - 业绩 ≥ 7元 【8】\n  - 已签约\n"
        "表 档\n  | 码 | 数 |\n  | 甲 | 1 |\n章节 二\n条件 丁：已签约\n"
    )
    own = ("3、5-7", "12 二")
    assert cited(text) == {"先前": (), "甲": own, "乙": ("9",), "丙": (), "档": own, "丁": ()}


def test_whom_it_concerns_holds_for_the_clauses_that_do_not_say_it() -> None:
    text = HEAD + (
        "章节 考核 【3】\n  对象：已签约\n要求 达标：业绩 ≥ 5元\n要求 人人：业绩 ≥ 5元\n  对象：业绩 已填\n"
        "章节 其他 【4】\n要求 都要：业绩 ≥ 5元\n"
        "示例 一\n  评估日：2024年1月1日\n  已知：业绩 ＝ 5元，已签约 ＝ 否\n"
        "  应得：达标 不适用，人人 成立，都要 成立\n"
    )
    plain = text.replace("章节 考核 【3】\n  对象：已签约\n", "").replace("章节 其他 【4】\n", "")
    assert same_program(text, plain.replace(
        "达标：业绩 ≥ 5元\n", "达标：业绩 ≥ 5元 【3】\n  对象：已签约\n"
    ).replace("人人：业绩 ≥ 5元\n", "人人：业绩 ≥ 5元 【3】\n").replace("都要：业绩 ≥ 5元", "都要：业绩 ≥ 5元 【4】"))
    english = formatted(text, to="en")
    assert "section 考核 [3]\n" in english
    assert formatted(english, to="zh") == formatted(text)


@pytest.mark.parametrize(("text", "code"), [
    ("章节 考核 【3】\n  满分：100分\n条件 甲：已签约\n", "POL143"),
    ("章节 考核 【3】\n  对象：已签约\n  对象：业绩 已填\n要求 甲：已签约\n", "POL143"),
    ("章节 考核 【3】\n条件 甲：已签约 【4】\n", "POL144"),
    ("章节 【3】\n", "POL144"),
    ("章节 考核\n  对象：已签约\n计算 甲 ＝ 业绩\n  对象：业绩 已填\n", "POL144"),
])
def test_what_is_said_in_vain_or_wrongly_is_told(text: str, code: str) -> None:
    assert code in {problem.code for problem in parse(HEAD + text, "x.pol")[1]}


@pytest.mark.parametrize("line", [
    "章接 考核 【3】", "章节考核 【3】", "章节 考核 【3", "章节：考核 【3】", "章节 【3】 考核",
])
def test_a_line_that_is_wrongly_spelt_is_never_a_comment(line: str) -> None:
    problems = parse(f"{HEAD}{line}\n条件 甲：已签约\n", "x.pol")[1]
    assert any(p.severity == "error" and p.span.line == 5 for p in problems)


def test_titles_are_headings_of_the_handbook() -> None:
    policy = load_text(HEAD + "章节 考核（15分） 【3】\n条件 甲：业绩 ≥ 5元\n章节 【4】\n条件 乙：已签约\n")
    text = markdown(handbook(policy))
    assert text.count("考核（15分）") == 2  # the heading and the list of contents
    banners = HEAD + "# ==== 第三章\n章节 考核（15分） 【3】\n条件 甲：业绩 ≥ 5元\n条件 乙：已签约\n"
    lines = markdown(handbook(load_text(banners))).splitlines()
    heads = [line.split(">")[-1] for line in lines if line.startswith("#")]
    assert heads.index("第三章") + 1 == heads.index("考核（15分）")


SAME = "条件 甲：业绩 ≥ 5元 【33 二】\n条件 乙：业绩 ≥ 6元 【33 二】\n条件 丙：业绩 ≥ 7元 【33 二】\n"


def test_neighbours_that_cite_the_same_get_a_section() -> None:
    made = into_sections(HEAD + SAME, "x.pol")
    assert made == HEAD + "章节 【33 二】\n\n" + SAME.replace(" 【33 二】", "")
    assert same_program(HEAD + SAME, made)
    assert into_sections(made, "x.pol") == made


@pytest.mark.parametrize("kept", [
    SAME + "条件 丁：已签约\n",  # it would cite what it does not
    "条件 甲：业绩 ≥ 5元 【3】\n条件 乙：业绩 ≥ 6元 【3】\n",  # nothing saved
    SAME.replace("业绩 ≥ 6元 【33 二】", "业绩 ≥ 6元").replace("丙：业绩 ≥ 7元 【33 二】", "丙：已签约 【4】"),
])
def test_where_others_would_be_cited_or_nothing_is_saved_it_stays(kept: str) -> None:
    assert into_sections(HEAD + kept, "x.pol") == HEAD + kept
