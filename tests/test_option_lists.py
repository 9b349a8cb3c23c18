"""The named option list in every room: meaning, faults, sheets, schema, editor, formatter, handbook, accounts."""

from __future__ import annotations

from datetime import date

import jsonschema
import pytest
from engine_support import verdict
from lsprotocol import types as t
from lsp_support import applied

from policydsl.accounting import carriers
from policydsl.diagnostics import Diagnostic, PolicyError, SheetError
from policydsl.editor import completion, hover, navigation, rename
from policydsl.editor.snapshot import Snapshot
from policydsl.engine import Policy, load_text, load_texts
from policydsl.format import formatted
from policydsl.handbook import handbook
from policydsl.render.markdown import markdown
from policydsl.sheet import read_sheets, schema

TEXT = """政策 试
  编号：T

清单 省区，3项：北京 ＝ BJ、天津 ＝ TJ、
    河北 【T-1 一】
  注：只有三个。

清单 级别，由低到高：三类、二类、一类

数据
  所在：省区，必填
  去过：多选（省区）
  重：选项（级别）

表 目录
  | 编码 | 定级：级别 |
  | B-01 | 二类       |

条件 在京：所在 为 北京
条件 去过天津：去过 包含 天津
条件 够重：重 不低于 目录（B-01）的 定级

计算 结论：选项（级别）
  若 在京：一类
  否则：三类
"""


HEAD, LISTS, REST = (part for part in TEXT.replace("清单 省区", "\0清单 省区").replace("数据", "\0数据").split("\0"))


def codes(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_text(text)
    return [p.code for p in caught.value.diagnostics]


@pytest.fixture(scope="module")
def made() -> Policy:
    return load_text(TEXT)


# ---------------------------------------------------------------------------------------------- meaning
def test_everything_that_is_of_a_list_is_of_one_choice(made: Policy) -> None:
    program = made.program
    column = program.lists["目录"].field_of("定级")
    assert column is not None and column.kind == program.inputs["重"].kind
    assert program.inputs["所在"].kind == program.inputs["去过"].kind.element
    assert column.kind.options == ("三类", "二类", "一类")
    # 二类 itself is not lower than 二类
    assert verdict(made, {"重": "二类"}).results["够重"].total.value.yes
    assert verdict(made, {"重": "三类"}).results["够重"].total.value.no


def test_a_list_may_stand_below_what_is_of_it() -> None:
    assert load_text(f"{HEAD}{REST}\n{LISTS}").program.inputs["所在"].kind.options == ("北京", "天津", "河北")


def test_a_list_may_stand_in_another_file() -> None:
    apart = load_texts({"a.pol": HEAD + REST, "b.pol": LISTS}).program
    assert apart.inputs["去过"].kind.options == ("北京", "天津", "河北")


# ---------------------------------------------------------------------------------------------- faults
@pytest.mark.parametrize(
    "old, new, code",
    [
        ("所在：省区", "所在：省曲", "POL101"),  # no such kind
        ("省区，3项", "省区，4项", "POL425"),
        ("河北", "BJ", "POL328"),
        ("| B-01 | 二类       |", "| B-01 | 北京       |", "POL307"),
        ("重：选项（级别）", "重：级别，由低到高", "POL329"),
        ("所在 为 北京", "所在 为 二类", "POL307"),
        ("级别，由低到高", "级别", "POL310"),
        ("在京：所在 为 北京", "在京：省区", "POL331"),
        ("河北", "级别", "POL331"),  # no list goes into another
        ("省区，3项", "省区，3.5项", "POL102"),
        ("省区，3项", "省区，4项，3项", "POL115"),
        ("级别，由低到高", "级别，由低到高，由低到高", "POL115"),
        ("所在：省区，必填", "所在：省区，必填，选填", "POL115"),
        ("所在：省区，必填", "所在：省区，默认 北京，默认 天津", "POL115"),
    ],
)
def test_what_does_not_fit_is_told(old: str, new: str, code: str) -> None:
    assert old in TEXT
    assert code in codes(TEXT.replace(old, new, 1))


def test_a_list_and_a_fact_of_one_name() -> None:
    assert codes(TEXT.replace("去过：多选（省区）", "省区：是否\n  去过：多选（省区）", 1)) == ["POL204"]


def test_a_list_that_takes_the_word_of_a_kind() -> None:
    """Whatever is of that kind is then of the list."""
    found = load_text(TEXT.replace("级别", "金额")).diagnostics
    assert [(p.code, p.args["name"], p.span.line) for p in found] == [("POL203", "金额", 8)]


def test_a_list_that_nothing_uses() -> None:
    found = load_text(TEXT + "\n清单 大区：华北、华东\n").diagnostics
    assert [(p.code, p.args["name"]) for p in found] == [("POL212", "大区")]


# ---------------------------------------------------------------------------------------------- sheets
def test_sheets_may_use_every_spelling(made: Policy) -> None:
    (sheet,) = read_sheets("所在: bj\n去过: [天津, TJ]\n".replace(", TJ", ""), "s.yaml", made.program)
    assert sheet.values == {"所在": "北京", "去过": ("天津",)}
    with pytest.raises(SheetError) as caught:
        read_sheets("所在: 上海\n", "s.yaml", made.program)
    assert [p.code for p in caught.value.diagnostics] == ["SHEET135"]


def test_the_schema_says_a_shared_list_once(made: Policy) -> None:
    described = schema(made.program)
    facts = described["$defs"]["sheet"]["properties"]
    place = facts["所在"]["anyOf"][0]["$ref"]
    assert facts["去过"]["anyOf"][0]["items"] == {"$ref": place}
    assert described["$defs"]["choice 省区"] == {"enum": ["北京", "天津", "河北", "BJ", "TJ"]}
    assert facts["重"]["anyOf"][0] == {"enum": ["三类", "二类", "一类"]}  # the only fact of its list
    jsonschema.validate({"所在": "BJ", "去过": ["河北"]}, described)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"所在": "上海"}, described)


# ---------------------------------------------------------------------------------------------- the editor
@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return Snapshot("file:///t.pol", TEXT, 1)


def at(snapshot: Snapshot, words: str, inside: int = 0) -> t.Position:
    return snapshot.buffer.position(snapshot.text.index(words) + inside)


@pytest.mark.parametrize("words", ["所在：省区", "多选（省区）", "选项（级别）", "定级：级别"])
def test_the_kind_leads_to_the_list(snapshot: Snapshot, words: str) -> None:
    (place,) = navigation.definition(snapshot, at(snapshot, words, 3))
    assert place.range.start == at(snapshot, f"清单 {words[3:5]}", 3)


def test_a_renamed_list_is_renamed_everywhere(snapshot: Snapshot) -> None:
    edits = rename.edits(snapshot, at(snapshot, "清单 级别", 3), "等第")
    wanted = TEXT.replace("清单 级别", "清单 等第").replace("（级别）", "（等第）").replace("：级别", "：等第")
    assert applied(TEXT, edits) == wanted


def test_an_option_is_renamed_in_the_list_and_where_it_is_meant(snapshot: Snapshot) -> None:
    edits = rename.edits(snapshot, at(snapshot, "所在 为 北京", 5), "京城")
    assert applied(TEXT, edits) == TEXT.replace("北京", "京城")


def test_hover_tells_of_the_list(snapshot: Snapshot) -> None:
    shown = hover.hover(snapshot, at(snapshot, "所在：省区", 3))
    assert shown is not None and isinstance(shown.contents, t.MarkupContent)
    told = shown.contents.value
    assert "**省区** 清单" in told and "选项：北京、天津、河北" in told
    assert "T-1 一" in told and "只有三个。" in told


def test_the_outline_shows_the_options(snapshot: Snapshot) -> None:
    (found,) = [one for one in navigation.outline(snapshot) if one.name == "省区"]
    assert (found.detail, found.kind) == ("清单", t.SymbolKind.Class)
    assert [child.name for child in found.children or ()] == ["北京", "天津", "河北"]


@pytest.mark.parametrize(
    "line, wanted",
    [
        ("  新：", ["省区", "级别"]),
        ("  新：多选（", ["省区", "级别"]),
    ],
)
def test_lists_are_proposed_as_kinds(line: str, wanted: list[str]) -> None:
    text = TEXT.replace("数据\n", f"数据\n{line}\n", 1)
    snapshot = Snapshot("file:///t.pol", text, 1)
    place = snapshot.buffer.position(text.index(line) + len(line))
    labels = [item.label for item in completion.complete(snapshot, place).items]
    assert set(wanted) <= set(labels) and "所在" not in labels


def test_the_options_of_the_list_are_proposed_beside_a_fact(snapshot: Snapshot) -> None:
    place = at(snapshot, "所在 为 北京", 5)
    found = completion.complete(snapshot, place).items
    first = sorted(found, key=lambda item: item.sort_text or "")[:3]
    assert {item.label for item in first} == {"北京", "天津", "河北"}


# ---------------------------------------------------------------------------------------------- formatter, documents
def test_the_canonical_form_is_stable_and_translated_back() -> None:
    once = formatted(TEXT, "t.pol")
    assert formatted(once, "t.pol") == once
    english = formatted(TEXT, "t.pol", to="en")
    assert "options 省区, 3 in all: 北京 = BJ, 天津 = TJ," in english
    assert "options 级别, lowest first: 三类, 二类, 一类" in english
    assert "去过: choices (省区)" in english and "| 编码 | 定级: 级别 |" in english
    assert formatted(english, "t.pol", to="zh") == once


def test_the_handbook_has_the_options_once(made: Policy) -> None:
    page = markdown(handbook(made, as_of=date(2024, 6, 30)))
    assert page.count("北京、天津、河北") == 1
    assert "选一：清单“省区”" in page


def test_a_list_carries_its_clause(made: Policy) -> None:
    (found,) = [c for c in carriers(made.file) if c.id == "T-1"]
    assert (found.name, found.kind, found.role) == ("省区", "optionlist", "rule")


# ---------------------------------------------------------------------------------------------- misspelt lists
def problems(blocks: str) -> list[Diagnostic]:
    try:
        return list(load_text(f"政策 试\n  编号：T\n{blocks}", "t.pol").diagnostics)
    except PolicyError as refused:
        return list(refused.diagnostics)


PROVINCES = "清单 省份：广东 ＝ GD、福建 ＝ FJ\n\n数据\n  所在地：省份\n  授权：多选（省份）\n\n"


@pytest.mark.parametrize(("blocks", "code", "severity", "line"), [
    (PROVINCES + "表 目标\n  | 省：省分 | 线 |\n  | 广东 | 2 |\n", "POL332", "error", 10),
    (PROVINCES + "表 目标\n  | 省 | 邻省：省分 |\n  | 广东 | 福建 |\n", "POL332", "error", 10),
    (PROVINCES.replace("多选（省份）", "多选（省分）"), "POL332", "warning", 7),
    (PROVINCES.replace("所在地：省份", "所在地：省分"), "POL101", "error", 6),
])
def test_a_list_that_is_not_there_is_named_where_it_is_meant(blocks: str, code: str, severity: str, line: int) -> None:
    found = [d for d in problems(blocks) if d.code == code]
    assert [(d.severity, d.span.line) for d in found] == [(severity, line)]
    assert "省份" in found[0].suggestions


@pytest.mark.parametrize(("first", "second"), [("GD", "广东"), ("广东", "GD")])
def test_an_option_is_one_key_whatever_its_spelling(first: str, second: str) -> None:
    """广东 ＝ GD: the two rows are of one key, as 广东 twice is."""
    rows = f"表 目标\n  | 省：省份 | 线 |\n  | {first} | 2 |\n  | {second} | 1 |\n"
    assert [(d.code, d.span.line) for d in problems(PROVINCES + rows) if d.severity == "error"] == [("POL412", 12)]


def test_a_record_goes_by_its_option_not_by_the_spelling() -> None:
    made = load_text(f"政策 试\n  编号：T\n{PROVINCES}台账 业绩\n  主键：省\n  省：省份\n  额：金额\n", "t.pol")
    (sheet,) = read_sheets("业绩: [{省: GD, 额: 3元}, {省: 福建, 额: 4元}]", "s.yaml", made.program)
    assert [record.key for record in sheet.lists["业绩"]] == ["广东", "福建"]
