"""Lines that name a kind and then the facts of it, headings of ledgers: what they stand for, and that an older text
upgraded to them says the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as t
from text_support import ROOT, bare, sound

from policydsl import nodes
from policydsl.cli import run
from policydsl.diagnostics import PolicyError
from policydsl.editor import completion, navigation, rename, repairs
from policydsl.editor.snapshot import Snapshot
from policydsl.engine import load_policy, load_text, load_texts
from policydsl.format import formatted
from policydsl.format.aside import aliases_aside
from policydsl.format.grouping import grouped
from policydsl.place import Span
from policydsl.text.names import Names
from policydsl.text.source import Source
from tries import by_day

TABLE = "表 产品\n  | 型号 |\n  | A1 |\n"
LISTS = "清单 省区：北京、上海\n清单 种类：甲类、乙类\n" + TABLE
LISTS_EN = "options region: east, west\ntable products\n  | model |\n  | A1 |\n"


def facts(text: str, lists: str = LISTS) -> list[nodes.Declaration]:
    return [f for block in sound(lists + text).blocks if isinstance(block, nodes.Data) for f in block.facts]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("是否：甲、乙", "甲：是否\n  乙：是否"),
        ("是否：甲＊、乙", "甲：是否，必填\n  乙：是否"),
        ("金额（含税），≥ 0元：甲、乙（默认 无）", "甲：金额（含税），≥ 0元\n  乙：金额（含税），≥ 0元，默认 无"),
        ("日期，选填：甲（不早于 乙）、乙", "甲：日期，选填，不早于 乙\n  乙：日期，选填"),
        ("日期：甲＊（不早于 乙，不晚于 评估日）、乙", "甲：日期，必填，不早于 乙，不晚于 评估日\n  乙：日期"),
        ("数量（人）：甲、乙（＝ 甲 ＋ 1人）", "甲：数量（人）\n  乙：数量（人），＝ 甲 ＋ 1人"),
        ("数量（箱）：甲、乙", "甲：数量（箱）\n  乙：数量（箱）"),  # a measure word of the author's
        ("省区：甲＊", "甲：省区，必填"),
        ("省区，选填：甲、乙（默认 北京）", "甲：省区，选填\n  乙：省区，选填，默认 北京"),
        ("选项（高、低，等）：甲、乙", "甲：选项（高、低，等）\n  乙：选项（高、低，等）"),
        ("多选（种类）：甲", "甲：多选（种类）"),
        ("文本，属于 产品：甲、乙（别名 second）",
         "甲：文本，属于 产品\n  乙：文本，属于 产品，别名 second"),
        ("时刻，不早于 2022-05-01 10:30：甲、乙",
         "甲：时刻，不早于 2022-05-01 10:30\n  乙：时刻，不早于 2022-05-01 10:30"),
        ("百分比，0% 至 100%：甲 【1】、乙 【2】",
         "甲：百分比，0% 至 100% 【1】\n  乙：百分比，0% 至 100% 【2】"),
        # a citation is that of the names before it that have none yet
        ("是否：甲、乙 【1】、丙 【2】【3、4】、丁",
         "甲：是否 【1】\n  乙：是否 【1】\n  丙：是否 【2】【3、4】\n  丁：是否"),
        # a line goes on where its brackets are open, and behind a mark between names
        ("是否：甲、\n    乙 【1】、\n    丙", "甲：是否 【1】\n  乙：是否 【1】\n  丙：是否"),
        ("金额：甲（默认 1元\n      ＋ 2元）、乙", "甲：金额，默认 1元 ＋ 2元\n  乙：金额"),
        # a kind behind the colon: a fact that is called as a kind, as ever
        ("日期：数值，必填\n  省区：省区\n  金额：日期", "「日期」：数值，必填\n  「省区」：省区\n  「金额」：日期"),
        ("「日期」：日期\n  时长：是否", "日期：日期\n  「时长」：是否"),
        # a remark is the last one's
        ("是否：甲、乙\n  注：乙的。", "甲：是否\n  乙：是否\n  注：乙的。"),
        ("- 是否：甲、乙", "甲：是否\n  乙：是否"),
    ],
)
def test_a_kind_with_its_names_is_a_line_for_each(short: str, long: str) -> None:
    assert bare(facts(f"数据\n  {short}\n")) == bare(facts(f"数据\n  {long}\n"))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("date: a (not before b, optional), c*", "a: date, not before b, optional\n  c: date, required"),
        ("yes/no: a, c*; d", "a: yes/no\n  c: yes/no, required\n  d: yes/no"),
        ("date and time: a, c [1]", "a: date and time [1]\n  c: date and time [1]"),
        ("money (tax included), >= CNY 0: a (default none), c", "a: money (tax included), >= CNY 0, default none\n"
                                                                "  c: money (tax included), >= CNY 0"),
        ("region: a*, c", "a: region, required\n  c: region"),
        ("yes/no: required course done, optional test done",
         "required course done: yes/no\n  optional test done: yes/no"),
    ],
)
def test_the_same_in_english(short: str, long: str) -> None:
    before = f"{LISTS_EN}data\n  b: date\n  "
    assert bare(facts(f"{short}\n", before)) == bare(facts(f"{long}\n", before))


def test_each_name_stands_where_it_is_written() -> None:
    short = facts("数据\n  日期，选填：甲（不早于 乙）、\n    乙（默认 无） 【1】\n")
    at = [(f.name_span.line, f.name_span.column, f.name_span.end_column) for f in short]
    assert at == [(7, 9, 10), (8, 5, 6)]
    assert short[0].ranges[0].span.column == 11
    assert {f.type.span.column for f in short} == {3}


@pytest.mark.parametrize(
    "line",
    [
        "日期：甲，乙", "日期：甲，选填", "日期：甲、选填", "日期：甲、默认 无", "日期：甲、不早于 乙",
        "金额：20000元", "数值：1 至 42", "日期：数直", "日期：是非", "日期：甲、文本", "省区：甲、种类",
        "数量（人）：甲、≥ 0人", "金额：甲 × 20%", "日期，选填：文本", "日期，别名 d：甲", "数值，＝ 3：甲",
        "日期：甲（选填", "日期：甲（选填）＊", "日期：", "日期：甲、", "日期，选填", "日期：＊甲",
    ],
)
def test_what_may_mean_something_else_is_refused(line: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"政策 甲\n{LISTS}数据\n  {line}\n")
    assert refused.value.diagnostics[0].span.line in (7, 8)


@pytest.mark.parametrize("line", ["date: a, optional", "date: a, not before a", "number: a, 1 to 42", "date: numbre"])
def test_what_may_mean_something_else_is_refused_in_english(line: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"policy a\ndata\n  {line}\n")
    assert [d.code for d in refused.value.diagnostics] == ["POL128"]


def test_the_list_of_the_kind_may_stand_in_another_file() -> None:
    first = "政策 甲\n数据\n  省区：货源省区、销往省区＊\n条件 跨区：货源省区 不为 销往省区\n"
    policy = load_texts({"a.pol": first, "b.pol": "清单 省区：北京、上海\n"})
    assert {name: (d.kind.choice is not None, d.required) for name, d in policy.program.inputs.items()} == {
        "货源省区": (True, False), "销往省区": (True, True),
    }


def test_parameters_may_be_declared_so_too() -> None:
    (block,) = sound("参数\n  日期：发布日、\n    生效日 【1】\n  门槛 ＝ 5元\n  日期 ＝ 2022年1月1日\n").blocks
    assert isinstance(block, nodes.Parameters)
    assert [(p.name, p.type.kind, p.cites) for p in block.open] == [
        ("发布日", "date", ("1",)), ("生效日", "date", ("1",)),
    ]
    assert [p.name for p in block.settled] == ["门槛", "日期"]


# ---------------------------------------------------------------------------------------------- headings of ledgers
LEDGER = "台账 商机（每条称 条），共用\n  主键：报备号\n  发生于：收到时刻\n  报备号：文本，必填\n  收到时刻：时刻\n"


@pytest.mark.parametrize(
    "short",
    [
        "台账 商机（每条称 条），共用，主键 报备号，发生于 收到时刻\n  时刻：收到时刻\n",
        "台账 商机（每条称 条），主键 报备号，共用，发生于 收到时刻\n  收到时刻：时刻\n",
        "台账 商机（每条称 条），共用，主键：报备号\n  发生于：收到时刻\n  文本：报备号＊\n  时刻：收到时刻\n",
    ],
)
def test_a_heading_may_name_the_key_and_the_day(short: str) -> None:
    assert bare(sound(short).blocks) == bare(sound(LEDGER).blocks)


def test_a_key_that_a_line_declares_is_what_the_line_says() -> None:
    (block,) = sound("台账 单，主键 号\n  文本：客户＊\n  号：数值，≥ 1 【3】\n").blocks
    assert isinstance(block, nodes.Ledger)
    assert [(f.name, f.type.kind, f.cites) for f in block.fields] == [("客户", "text", ()), ("号", "number", ("3",))]


def test_a_ledger_of_its_key_alone() -> None:
    text = "政策 甲\n台账 区域，主键 名称\n计算 区域数 ＝ 条数（区域）\n"
    ledger = load_text(text).program.lists["区域"]
    assert [(f.name, f.kind.base, f.required) for f in ledger.fields] == [("名称", "text", True)]
    assert ledger.key == "名称"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("台账 单，主键 报备码\n  文本：报备号＊\n", "POL129"),
        ("台账 单，主键 报号备\n  报备号：文本，必填\n", "POL129"),
        ("台账 单，主键 号\n  主键：号\n  文本：名\n", "POL115"),
        ("台账 单，发生于 日子\n  日期：日期甲\n", "POL201"),
        ("台账 单，主键 号、乙\n  文本：名\n", "POL102"),
    ],
)
def test_a_heading_that_may_mean_something_else_is_refused(text: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"政策 甲\n{text}")
    assert refused.value.diagnostics[0].code == code


# ---------------------------------------------------------------------------------------------- the formatter
SHORT = (
    "政策 甲\n清单 省区：北京、上海\n\n数据\n  省区：货源省区、\n    销往省区＊ 【1】\n"
    "  日期，选填：签约日（不早于 起日，默认 无） 【2】、止日\n  日期：起日\n  选项（高、低、等）：档次\n\n"
    "台账 商机（每条称 条），共用，主键 报备号，发生于 收到时刻 【3】\n  时刻：收到时刻＊\n"
)


def test_the_formatter_keeps_what_is_written_in_both_languages() -> None:
    assert formatted(SHORT) == SHORT
    loose = SHORT.replace("：", ":").replace("＊", " *").replace("主键 ", "主键：")
    assert formatted(loose) == SHORT
    english = formatted(SHORT, to="en")
    assert "  date, optional: 签约日 (not before 起日, default none) [2], 止日\n" in english
    assert "  省区: 货源省区,\n    销往省区* [1]\n" in english
    assert "shared, key 报备号, happens on 收到时刻 [3]\n" in english
    assert formatted(english) == english
    assert formatted(english, to="zh") == SHORT


# ---------------------------------------------------------------------------------------------- upgrading
def test_lines_of_one_kind_become_one_and_nothing_moves_from_its_comment() -> None:
    text = (
        "政策 甲\n数据\n  # 一、身份\n  已签约：是否，必填 【1】\n  省份：文本 【2】\n  新渠道：是否 【1】\n"
        "  老渠道：是否  # 由渠道部认定\n  有人：是否 【3】\n  有货：是否 【3】\n  注：有货的。\n"
        "  有车：是否 【3】\n  有房：是否 【3】\n"
        "\n  # 二、日期\n  起日：日期\n  止日：日期，选填，不早于 起日\n"
        "  业绩：金额，≥ 0元，选填\n  # 三\n  另一日：日期\n"
        "参数\n  发布日：日期\n  门槛 ＝ 5元\n  生效日：日期\n"
    )
    assert grouped(text, "a.pol", None) == (
        "政策 甲\n数据\n  # 一、身份\n  是否：已签约＊、新渠道 【1】\n  省份：文本 【2】\n"
        "  老渠道：是否  # 由渠道部认定\n  有人：是否 【3】\n  有货：是否 【3】\n  注：有货的。\n"
        "  是否：有车、有房 【3】\n"
        "\n  # 二、日期\n  日期：起日、止日（选填，不早于 起日）\n  业绩：金额，≥ 0元，选填\n  # 三\n  另一日：日期\n"
        "参数\n  发布日：日期\n  门槛 ＝ 5元\n  生效日：日期\n"
    )


def test_names_without_a_citation_come_last_and_the_first_column_stays_the_first() -> None:
    text = "台账 单\n  号：文本\n  名：文本 【1】\n  址：文本\n  甲：是否\n  乙：是否 【2】\n"
    assert grouped(text, "a.pol", None) == "台账 单\n  文本：号、址\n  名：文本 【1】\n  是否：乙 【2】、甲\n"


def test_ranges_stay_in_their_order() -> None:
    text = "数据\n  甲：数值，＞ 0，≤ 9\n  乙：数值，≤ 9，选填\n  丙：数值，≤ 9\n"
    assert grouped(text, "a.pol", None) == "数据\n  甲：数值，＞ 0，≤ 9\n  数值，≤ 9：乙（选填）、丙\n"


def test_headings_take_the_key_and_the_day_and_the_plain_line_of_the_key_goes() -> None:
    text = (
        "台账 单（每条称 条），共用 【1】  # 报备\n  主键：号\n  发生于：日\n  仅计：有\n"
        "  号：文本，必填\n  日：日期\n  有：是否\n"
        "台账 行\n  主键：码\n  码：文本，必填 【2】\n"
        "台账 列\n  主键：码\n  注：列的。\n  码：文本，必填\n  注：码的。\n"
        "台账 数 【3】\n  发生于：日 【4】\n  日：日期\n"
    )
    assert grouped(text, "a.pol", None) == (
        "台账 单（每条称 条），共用，主键 号，发生于 日 【1】  # 报备\n  仅计：有\n  日：日期\n  有：是否\n"
        "台账 行，主键 码\n  文本：码＊ 【2】\n"
        "台账 列，主键 码\n  注：列的。\n  码：文本，必填\n  注：码的。\n"
        "台账 数 【3】\n  发生于：日 【4】\n  日：日期\n"
    )


def test_a_long_line_is_broken_between_names() -> None:
    names = [f"一个很长很长的名称第{i:02}" for i in range(12)]
    made = grouped("数据\n" + "".join(f"  {name}：是否\n" for name in names), "a.pol", None)
    assert made.startswith("数据\n  是否：") and len(made.splitlines()) == 5
    assert "".join(made.split()) == "数据是否：" + "、".join(names)


def meant(item: Any) -> Any:
    """A core program without places and digest, its inputs and the columns of its lists by name (but for the first)."""
    if isinstance(item, Span):
        return None
    if is_dataclass(item) and not isinstance(item, type):
        left = ("sources", "digest", "at", "number", "by_name")
        held = {f.name: getattr(item, f.name) for f in fields(item) if f.compare and f.name not in left}
        if type(item).__name__ == "ListDecl":
            held["fields"] = (*item.fields[:1], *sorted(item.fields[1:], key=lambda f: f.name))
        return type(item).__name__, {name: meant(value) for name, value in held.items()}
    if isinstance(item, dict):
        return {meant(key): meant(value) for key, value in item.items()}
    return tuple(map(meant, item)) if isinstance(item, tuple | list) else item


def singly(text: str) -> str:
    """The text with every line of several names written out, a line a name."""
    source, file = Source(text, "a.pol"), sound(text)
    names, zh = Names(source), file.dialect == "zh"
    colon, comma, must, opened = ("：", "，", "必填", "【") if zh else (": ", ", ", "required", "[")
    out, groups = text.split("\n"), dict[int, list[nodes.Declaration]]()
    for block in file.blocks:
        held = block.facts if isinstance(block, nodes.Data) else block.fields if isinstance(block, nodes.Ledger) else ()
        for one in held:
            at, name = one.type.span, one.name_span
            if (at.line, at.column) < (name.line, name.column):
                groups.setdefault(at.line, []).append(one)
    for line, group in sorted(groups.items(), reverse=True):
        begin, _ = source.offset_of(group[0].type.span)
        end = source.starts[line] - 1
        front = source.text[begin:names.group_colon(begin, end)]
        made = []
        for one in group:
            (start, stop), (_, last) = source.offset_of(one.name_span), source.offset_of(one.span)
            rest = source.text[stop:last].strip()
            star = rest[:1] in ("＊", "*") and bool(rest)
            own = rest[star:].partition(opened)[0].strip()[1:-1]
            said = comma.join(part for part in (front, must if star else "", own) if part)
            cites = "".join(f"【{cite}】" for cite in one.cites)
            made.append(f"  {source.text[start:stop]}{colon}{said} {cites}".rstrip())
        out[line - 1 : max(one.span.end_line for one in group)] = made
    return "\n".join(out)


SHIPPED = sorted((ROOT / "policies").glob("*.pol"))
CONSTRUCTS = sorted((ROOT / "tests" / "constructs").glob("*.pol"))


@pytest.mark.nightly  # the constructs by day
@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_a_shipped_policy_is_what_it_would_be_line_by_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    long = singly(text)
    assert len("".join(long.split())) > len("".join(text.split())) + 150
    assert grouped(text, path.name, None) == text
    before, after = (load_text(each, path.name, examples=False).program for each in (long, text))
    assert meant(before) == meant(after)


@pytest.mark.parametrize("path", by_day(CONSTRUCTS, 5))
def test_a_construct_says_the_same_when_it_is_upgraded(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    made = grouped(text, path.name, None)
    assert grouped(made, path.name, None) == made
    before, after = (load_text(each, path.name).program for each in (text, made))
    assert meant(before) == meant(after)


def test_upgrade_groups_what_has_lost_its_aliases(tmp_path: Path) -> None:
    path = tmp_path / "a.pol"
    path.write_text("政策 甲\n  编号：X-1\n\n数据\n  甲：是否，别名 a\n  乙：是否，别名 b\n", encoding="utf-8")
    assert run(["fmt", "--upgrade", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == "政策 甲\n  编号：X-1\n\n数据\n  是否：甲、乙\n"
    assert [d.alias for d in load_policy(path).program.inputs.values()] == ["a", "b"]


def test_aliases_in_brackets_go_aside_too() -> None:
    text = "政策 甲\n数据\n  日期：甲（别名 a）、乙（选填，别名 b） 【1】、丙（别名 c，选填）、丁\n"
    kept, names = aliases_aside(text)
    assert kept == "政策 甲\n数据\n  日期：甲、乙（选填） 【1】、丙（选填）、丁\n"
    assert names.splitlines()[2:] == ["  甲: a", "  乙: b", "  丙: c"] or "甲: a" in names


# ---------------------------------------------------------------------------------------------- in the editor
EDITED = (
    "政策 甲\n\n清单 省区：北京、上海\n\n数据\n  日期，选填：起日（不早于 签日）、止日 【1】、闲日 【2】\n"
    "  日期：签日\n  省区：货源＊、销往\n\n条件 到期：止日 早于 起日 且 货源 不为 销往\n"
)


def place(text: str, word: str, nth: int = 1) -> t.Position:
    at = -1
    for _ in range(nth):
        at = text.index(word, at + 1)
    return t.Position(text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1)


def test_names_of_one_line_are_found_renamed_and_outlined_each_for_itself() -> None:
    snapshot = Snapshot("untitled:a", EDITED, 1)
    (found,) = navigation.definition(snapshot, place(EDITED, "止日", 2))
    assert found.range.start == place(EDITED, "止日")
    edits = rename.edits(snapshot, place(EDITED, "签日"), "签约之日")
    assert sorted(e.range.start.line for e in edits) == [5, 6]
    data = next(s for s in navigation.outline(snapshot) if s.name == "数据")
    assert data.children is not None
    assert [(c.name, c.selection_range.start) for c in data.children] == [
        (name, place(EDITED, name, nth)) for name, nth in (
            ("起日", 1), ("止日", 1), ("闲日", 1), ("签日", 2), ("货源", 1), ("销往", 1)
        )
    ]


def test_a_fact_that_nothing_uses_is_taken_out_of_its_line() -> None:
    (unused,) = [d for d in Snapshot("untitled:a", EDITED, 1).policy.diagnostics if d.code == "POL212"]
    (repair,) = repairs.repairs(unused, Snapshot("untitled:a", EDITED, 1))
    start, end = repair.stretch
    assert EDITED[:start] + EDITED[end:] == EDITED.replace("、闲日 【2】", "")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("是否：闲、甲 【1】", "是否：甲 【1】"), ("是否：甲、闲＊ 【1】", "是否：甲 【1】"),
        ("是否：甲、闲", "是否：甲"),
        ("是否：甲 【1】、闲（默认 否） 【2】", "是否：甲 【1】"), ("是否：甲 【1】、闲 【1】", "是否：甲 【1】 【1】"),
    ],
)
def test_what_is_taken_out_leaves_the_citation_of_the_others(line: str, left: str) -> None:
    text = f"政策 甲\n数据\n  {line}\n条件 乙：甲\n"
    snapshot = Snapshot("untitled:a", text, 1)
    (unused,) = [d for d in snapshot.policy.diagnostics if d.code == "POL212"]
    ((_, (start, end), _),) = repairs.repairs(unused, snapshot)
    assert text[:start] + text[end:] == text.replace(line, left)


@pytest.mark.parametrize(
    ("typed", "offered", "not_offered"),
    [
        ("  日期，", {"选填", "默认", "必填"}, {"别名"}),
        ("  日期：甲（", {"选填", "默认", "别名"}, {"数值"}),
        ("  ", {"日期", "省区", "数量"}, set()),
    ],
)
def test_completion_knows_where_it_is(typed: str, offered: set[str], not_offered: set[str]) -> None:
    text = f"政策 甲\n清单 省区：北京、上海\n数据\n  是否：丙\n{typed}"
    snapshot = Snapshot("untitled:a", text, 1)
    made = completion.complete(snapshot, t.Position(4, len(typed)))
    labels = {item.label.strip() for item in made.items}
    assert offered <= labels
    assert not not_offered & labels


def test_the_sheet_is_asked_for_the_same_facts() -> None:
    short = load_text("政策 甲\n数据\n  日期，选填：甲（默认 无）、乙 【1】\n").program
    long = load_text("政策 甲\n数据\n  甲：日期，选填，默认 无 【1】\n  乙：日期，选填 【1】\n").program
    assert meant(replace(short, sources=long.sources)) == meant(long)
    assert list(short.inputs) == ["甲", "乙"]
