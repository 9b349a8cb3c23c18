"""Duties that are only recorded: one line each, or a list."""

from __future__ import annotations

from pathlib import Path

import pytest
from text_support import ROOT

from policydsl import nodes
from policydsl.cli import run
from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.duties import into_duties
from policydsl.format.program import same_program
from policydsl.text import parse

HEAD = """\
政策 演示
数据
  业绩：金额
"""


def names(text: str) -> list[str]:
    file, problems = parse(text, "x.pol", fragment=True)
    assert not problems, problems
    return [block.name for block in file.blocks if isinstance(block, nodes.Clause)]


@pytest.mark.parametrize(("long", "short"), [
    ("规则 谁销售谁服务 【15】\n  注：报单的伙伴承担责任。\n", "义务 谁销售谁服务：报单的伙伴承担责任。 【15】\n"),
    ("规则 甲 【5】\n  承担方：“总分销商”\n  注：覆盖渠道。\n", "义务 甲：覆盖渠道。 【5】\n  承担方：“总分销商”\n"),
    ("规则 甲 【5】\n  注：覆盖渠道\n  裁定：不计分。\n", "义务 甲：覆盖渠道 【5】\n  裁定：不计分。\n"),
    ("规则 甲\n  注：覆盖渠道\n", "义务 甲：覆盖渠道\n"),
])
def test_the_short_form_means_the_long_one(long: str, short: str) -> None:
    assert into_duties(HEAD + long, "x.pol") == HEAD + short
    assert same_program(HEAD + long, HEAD + short)
    english = formatted(HEAD + short, to="en")
    assert formatted(english, to="zh") == formatted(HEAD + short)


@pytest.mark.parametrize("kept", [
    "规则 甲\n  注：乙\n  注：丙\n",
    "规则 甲\n  注：乙  # 待核\n",
    "规则 甲\n  注：见【3】\n",  # a citation in the middle of the words
    "规则 甲\n  若：业绩 已填\n  注：乙\n",
    "规则 甲9\n  注：9点以前到\n  裁定：是\n",  # 9：9 would be a time of day
])
def test_what_would_be_lost_stays(kept: str) -> None:
    assert into_duties(HEAD + kept, "x.pol") == HEAD + kept


def test_without_a_name_it_is_called_by_its_clause() -> None:
    single = "义务 跟踪处理。 【16 二.2】\n义务 9:00 前到场，见 http://example.com 【17】\n"
    text = HEAD + single + "义务\n- 甲 【21】\n- 乙 【21】\n- 丙：丁 【21】\n"
    assert names(text) == ["义务16", "义务17", "义务21", "义务21-2", "丙"]
    assert names("policy x\ndata\n  a: money\nduty follow up [H3C-16]\n") == ["duty 16"]  # as by the short form


def test_the_citation_of_the_heading_holds_for_the_items_without_one() -> None:
    text = HEAD + "义务 【21-23】\n- 甲：乙\n  裁定：是\n- 丙：丁 【24】\n"
    file, problems = parse(text, "x.pol", fragment=True)
    one, other = (b for b in file.blocks if isinstance(b, nodes.Clause))
    assert not problems
    assert (one.cites, other.cites) == (("21-23",), ("24",))
    assert [line.text for line in one.lines if isinstance(line, nodes.Annotation)] == ["乙", "是"]
    assert len(other.lines) == 1


def test_translated_it_keeps_its_name() -> None:
    made = formatted(HEAD + "义务 【21】\n- 甲\n- 乙\n", to="en")
    assert "- 义务21: 甲" in made and "- 义务21-2: 乙" in made


JUDGED = "数据\n  业绩：金额\n要求 业绩达标：业绩 ≥ 5元 【1】\n义务 跟踪处理。 【16】\n"


def test_it_is_recorded_and_never_judged() -> None:
    policy = load_text("政策 演示\n" + JUDGED)
    results = {r.name: r.judged for r in policy.program.results}
    assert results == {"业绩达标": True, "义务16": False}


def test_it_is_no_headline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.pol").write_text("政策 演示\n" + JUDGED, encoding="utf-8")
    (tmp_path / "x.yaml").write_text("业绩: 9元\n", encoding="utf-8")
    assert run(["eval", str(tmp_path / "x.pol"), str(tmp_path / "x.yaml"), "--as-of", "2024-06-30"]) == 0
    printed = capsys.readouterr().out
    assert "1 项做到" in printed and "义务16" not in printed


def test_it_is_named_like_any_result() -> None:
    policy = load_text("政策 演示\n  要点：义务16\n" + JUDGED)
    assert policy.file.policy is not None
    assert [name.text for keys in policy.file.policy.keys for name in keys.names] == ["义务16"]


@pytest.mark.parametrize(("text", "code"), [
    ("义务 【15】跟踪处理", "POL141"),
    ("义务 跟踪【15】处理", "POL141"),
    ("义务 跟踪处理", "POL142"),
    ("义务\n- 跟踪处理", "POL142"),
    ("义务 甲：", "POL103"),
    ("义务 跟踪处理 【15】\n  措施：甲", "POL102"),
    ("义务 跟踪处理 【15】\n义务 处理 【15】", "POL456"),
])
def test_what_is_not_understood_is_refused(text: str, code: str) -> None:
    with pytest.raises(PolicyError) as error:
        load_text(HEAD + text + "\n")
    assert code in [d.code for d in error.value.diagnostics]


def test_its_word_is_a_name_like_any_other_among_facts() -> None:
    text = "政策 演示\n数据\n  义务：是否\n  角色：多选（权利、\n    义务人）\n要求 甲：义务\n"
    assert names(text) == ["甲"]


@pytest.mark.parametrize("policy", sorted((ROOT / "policies").glob("*.pol")), ids=lambda p: p.stem)
def test_nothing_is_left_to_shorten(policy: object) -> None:
    text = policy.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert into_duties(text, "x.pol") == text
