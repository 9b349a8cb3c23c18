"""Aliases beside a policy: the same as those in it; and that an older text upgraded to them says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from text_support import ROOT

import policydsl
from policydsl.beside import aliases_of
from policydsl.aliases import read_aliases
from policydsl.cli import run
from policydsl.diagnostics import PolicyError
from policydsl.beside import Beside
from policydsl.engine import load_policy, load_text
from policydsl.format.aside import aliases_aside
from policydsl.sheet import read_sheets
from tries import by_day

TEXT = (
    "政策 演示\n  编号：A\n清单 省区：北京、上海\n"
    "数据\n  业绩：金额\n  省份：省区\n  类型：选项（总分、省分、战略）\n参数\n  门槛 ＝ 5元\n"
    "台账 订单\n  主键：号\n  号：文本\n  级别：选项（高、低）\n"
    "条件 大：业绩 ≥ 门槛\n表 目录\n  | 名 | 价 |\n  | 子 | 1 |\n"
)
NAMES = (
    "policy: A\nnames:\n  省区: {values: {北京: Beijing}}\n  业绩: revenue\n"
    "  类型: {alias: role, values: {战略: [STR, 核心]}}\n"
    "  门槛: limit\n  订单: {alias: orders, fields: {号: number, 级别: {alias: rank, values: {高: high}}}}\n"
    "  大: large\n  目录: catalogue\n"
)


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    path = tmp_path / "a.names.yaml"
    path.write_text(NAMES, encoding="utf-8")
    return path


def test_every_kind_of_name_may_have_its_alias_beside(beside: Path) -> None:
    program = load_text(TEXT, beside=Beside(aliases=beside)).program
    assert {d.name: d.alias for d in program.inputs.values()} == {
        "业绩": "revenue", "省份": None, "类型": "role", "门槛": "limit",
    }
    orders, catalogue = program.lists["订单"], program.lists["目录"]
    assert (orders.alias, catalogue.alias) == ("orders", "catalogue")
    assert {f.name: f.alias for f in orders.fields}["级别"] == "rank"
    assert [(r.name, r.alias) for r in program.results if r.alias] == [("大", "large")]


def test_a_sheet_may_use_them(beside: Path) -> None:
    program = load_text(TEXT, beside=Beside(aliases=beside)).program
    text = "revenue: 3元\n省份: Beijing\nrole: 核心\norders: [{号: 1, rank: high}]\n"
    (sheet,) = read_sheets(text, "p.yaml", program)
    assert (sheet.values["省份"], sheet.values["类型"]) == ("北京", "战略")
    assert sheet.lists["订单"][0].values["级别"] == "高"


def test_the_digest_covers_what_stands_beside(beside: Path) -> None:
    alone, both = load_text(TEXT).program.digest, load_text(TEXT, beside=Beside(aliases=beside)).program.digest
    beside.write_text(NAMES.replace("revenue", "sales"), encoding="utf-8")
    assert len({alone, both, load_text(TEXT, beside=Beside(aliases=beside)).program.digest}) == 3


def test_a_text_may_name_what_it_stands_beside(beside: Path) -> None:
    policy = policydsl.loads(TEXT, beside=beside.with_name("a.pol"))
    assert policy.evaluate({"revenue": "5元"}).results["大"].total.value.yes
    with pytest.raises(policydsl.SheetError):
        policydsl.loads(TEXT).evaluate({"revenue": "5元"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("names: [", "YAML"), ("policy: A", "names"), ("names: {业绩: [a]}", "业绩"), ("names: {业绩: a b}", "a b"),
        ("names: {业绩: {alias: a, value: {}}}", "业绩"), ("names: {类型: {values: {战略: 3}}}", "战略"),
        ("names: {类型: {values: 3}}", "类型"), ("names: {3: a}", "3"), ("names: {业绩A: a, 业绩a: b}", "业绩a"),
        ("[" * 5000, "YAML"),
    ],
)
def test_a_file_that_is_not_one_of_aliases_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.names.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.names\.yaml") as refused:
        read_aliases(path)
    assert said in str(refused.value)


# ---------------------------------------------------------------------------------------------- upgrading
WITHIN = (
    "政策 演示\n  编号：A\n数据\n  业绩：金额，别名 revenue，≥ 0元\n"
    "  类型：选项（总分 ＝ GD、战略 ＝ STR ＝ 核心），别名 role\n"
    "参数\n  门槛，别名 limit ＝ 5元\n台账 订单，别名 orders\n  号：文本，别名 number\n"
    "条件 大，别名 large：业绩 ≥ 门槛 且 类型 为 GD\n"
)


def test_aliases_are_moved_but_for_those_that_the_text_uses() -> None:
    text, names = aliases_aside(WITHIN)
    assert text == (
        "政策 演示\n  编号：A\n数据\n  业绩：金额，≥ 0元\n  类型：选项（总分 ＝ GD、战略）\n"
        "参数\n  门槛 ＝ 5元\n台账 订单\n  号：文本\n条件 大：业绩 ≥ 门槛 且 类型 为 GD\n"
    )
    assert names.splitlines()[1:] == [
        "policy: A", "names:", "  业绩: revenue",
        "  类型:", "    alias: role", "    values:", "      战略: [STR, 核心]",
        "  门槛: limit", "  订单:", "    alias: orders", "    fields: {号: number}", "  大: large",
    ]


def test_upgrade_writes_both_files_and_overwrites_none(tmp_path: Path) -> None:
    path = tmp_path / "a.pol"
    path.write_text(WITHIN, encoding="utf-8")
    before = load_policy(path).program
    assert run(["fmt", "--upgrade", str(path)]) == 0
    after = load_policy(path).program
    assert path.read_text(encoding="utf-8").count("别名") == 0
    assert [(d.name, d.alias, d.kind) for d in before.inputs.values()] == [
        (d.name, d.alias, d.kind) for d in after.inputs.values()
    ]
    assert [(r.name, r.alias) for r in before.results] == [(r.name, r.alias) for r in after.results]
    names = aliases_of(path).read_text(encoding="utf-8")
    path.write_text(WITHIN.replace("revenue", "sales"), encoding="utf-8")
    assert run(["fmt", "--upgrade", str(path)]) == 0
    assert aliases_of(path).read_text(encoding="utf-8") == names
    assert "别名 sales" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", by_day(sorted((ROOT / "policies").glob("*.pol")), 2))
def test_the_shipped_policies_keep_their_aliases_beside(path: Path) -> None:
    entries = read_aliases(aliases_of(path))
    assert len(entries) > 80
    assert aliases_aside(path.read_text(encoding="utf-8"), path.name)[1] == ""


def test_an_alias_without_its_name_is_told_where_the_name_is_most_likely_misspelt(beside: Path) -> None:
    """Not where nothing could be read: what is not read may have declared it."""
    text = TEXT.replace("门槛 ＝ 5元", "门坎 ＝ 5元").replace("业绩 ≥ 门槛", "业绩 ≥ 5元")
    with pytest.raises(PolicyError) as refused:
        load_text(text, beside=Beside(aliases=beside))
    (told,) = [d for d in refused.value.diagnostics if d.code == "POL225"]
    assert (told.span.line, told.span.column, told.suggestions) == (9, 3, ("门槛",))
    assert told.fix is not None and (told.fix.span, told.fix.text) == (told.span, "门槛")
    with pytest.raises(PolicyError) as refused:
        load_text(TEXT.replace("参数", "参参数"), beside=Beside(aliases=beside))
    assert "POL225" not in {d.code for d in refused.value.diagnostics}
