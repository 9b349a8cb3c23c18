"""What a text means as nodes: by hand, in both languages, and however it was typed or pasted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction as F
from functools import cache
from typing import Any

import pytest

from policydsl import nodes
from policydsl.text.fold import fold
from policydsl.text.keywords import dialect
from text_support import ROOT, Neutral, bare, neutral, sound

CASES = ROOT / "tests" / "text_cases"
# An amendment has names of what it amends: test_amending.py.
POLICIES = sorted(p for p in (ROOT / "policies").glob("*.pol") if not p.stem.endswith("_notice"))


def read(name: str) -> str:
    return (CASES / name).read_text(encoding="utf-8")


def only(text: str, *names: str) -> Any:
    """The one block of a text."""
    file = sound(text, names)
    assert len(file.blocks) == 1
    return file.blocks[0]


def formula(text: str) -> Any:
    """The condition that a zh text writes, over the names 甲 乙 丙 丁."""
    return bare(only(f"条件 试：{text}", *"甲乙丙丁").formula)


A, B, C, D = (("Name", None, name) for name in "甲乙丙丁")


def percent(value: F) -> Any:
    return ("Percent", None, value, False)


def money(value: int, tax: str | None = None) -> tuple[Any, ...]:
    return ("Money", None, F(value), tax, False, "CNY")


def number(value: int) -> tuple[Any, ...]:
    return ("Number", None, F(value))


# ---------------------------------------------------------------------------------------------- both languages
def test_every_construct_is_the_same_in_both_languages() -> None:
    zh, en = (sound(read(f"constructs.{code}.pol"), fragment=False) for code in ("zh", "en"))
    assert (zh.dialect, en.dialect) == ("zh", "en")
    # the first block declares words that the others use, not the same in both languages
    pairs = list(zip(zh.blocks[1:], en.blocks[1:], strict=True))
    assert len(pairs) > 70
    for mine, other in pairs:
        assert Neutral("zh").of(mine) == Neutral("en").of(other), mine.span
    assert Neutral("zh").of(zh.policy) == Neutral("en").of(en.policy)


def test_amendments_are_carried_in_both_languages() -> None:
    zh, en = (sound(read(f"amendment.{code}.pol"), fragment=False) for code in ("zh", "en"))
    assert [type(b) for b in zh.blocks] == [nodes.Amend] * 4 + [nodes.Repeal, nodes.Replace]
    assert neutral(zh) == neutral(en)


@pytest.mark.parametrize("path", POLICIES, ids=lambda p: p.stem)
def test_the_shipped_policies_read_without_a_problem(path: Any) -> None:
    file = sound(path.read_text(encoding="utf-8"), fragment=False)
    assert file.policy is not None and len(file.blocks) > 20


# ---------------------------------------------------------------------------------------------- however it was typed
def squeezed(text: str) -> str:
    """Every optional blank of a zh text removed; the one behind a block word stays."""
    heads = {k.spelling for k in dialect("zh").heads}
    out = []
    for line in text.splitlines():
        body, kept = line.strip(), ""
        while (word := body.split(" ", 1)[0]) in heads and " " in body:
            kept, body = kept + word + " ", body.split(" ", 1)[1].lstrip()
        out.append(kept + re.sub(r"(?<![A-Za-z0-9 ]) +| +(?![A-Za-z0-9 ])", "", body))
    return "\n".join(line for line in out if not line.startswith("#"))


def tabbed(text: str) -> str:
    """Tables as a spreadsheet gives them."""
    out = []
    for line in text.splitlines():
        body = line.strip()
        if body.startswith("|") and not re.fullmatch(r"[|\s:-]+", body):
            cells, _, cite = body[1:].rpartition("|")
            row = "\t".join(cell.strip() for cell in cells.split("|"))
            out.append(row + ("\t" + cite.strip() if cite.strip() else ""))
        else:
            out.append(line)
    return "\n".join(out)


def half_width(text: str) -> str:
    return text.translate(str.maketrans("：，（）；％＝＋－＜＞“”【】", ':,();%=+-<>""[]'))


def full_width_digits(text: str) -> str:
    keep = re.compile(r"\s*(编号|版本|来源|政策|#|\||.*【)")
    digits = str.maketrans("0123456789", "０１２３４５６７８９")
    return "\n".join(line if keep.match(line) else line.translate(digits) for line in text.splitlines())


def hidden(text: str) -> str:
    """What a web page leaves inside words."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", "\u200b", text)


VARIANTS: dict[str, Callable[[str], str]] = {
    "no optional blanks": squeezed,
    "half-width punctuation": half_width,
    "full-width digits": full_width_digits,
    "indented with U+3000": lambda s: "\n".join("\u3000\u3000" + line.lstrip() for line in s.splitlines()),
    "not indented, CRLF, BOM": lambda s: "\ufeff" + "\r\n".join(line.lstrip() for line in s.splitlines()),
    "non-breaking blanks": lambda s: s.replace(" ", "\u00a0"),
    "bulleted lines": lambda s: re.sub(r"(?m)^(\s*)(金额|措施|若|不得|对象)", r"\1• \2", s),
    "Word bullets": lambda s: re.sub(r"(?m)^(\s*)- ", "\\1\uf06c\t", s),
    "full-width bars": lambda s: s.replace("|", "｜"),
    "no closing bar": lambda s: re.sub(r"(?m)(?<=[^|\s]) *\|[ ]*$", "", s),
    "tab-separated tables": tabbed,
    "zero-width characters": hidden,
    "closing stops": lambda s: re.sub(r"(?m)^(\s*(?:金额|措施|若|对象)：[^【\n]*)$", r"\1。", s),
}


@pytest.mark.parametrize("what", VARIANTS)
def test_pasted_text_reads_the_same(what: str) -> None:
    text = read("constructs.zh.pol")
    changed = VARIANTS[what](text)
    assert changed != text
    assert bare(sound(changed, fragment=False, dialect="zh")) == bare(sound(text, fragment=False))


PASTED = ["half-width punctuation", "indented with U+3000", "not indented, CRLF, BOM"]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        pytest.param(path, what, id=f"{path.stem}-{what}", marks=[] if i == j < 2 else pytest.mark.nightly)
        for i, path in enumerate(POLICIES) for j, what in enumerate(PASTED)
    ],
)
def test_pasted_policies_read_the_same(path: Any, what: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert folded(sound(VARIANTS[what](text), fragment=False)) == as_written(text)


@cache
def as_written(text: str) -> Any:
    return folded(sound(text, fragment=False))


def folded(file: nodes.File) -> Any:
    """Free text keeps the author's characters; here only what they stand for counts."""

    def fold_all(item: Any) -> Any:
        if isinstance(item, tuple):
            return tuple(fold_all(part) for part in item)
        return re.sub(r"\s", "", fold(item)).lower() if isinstance(item, str) else item

    return fold_all(bare(file))


def test_a_span_is_the_place_in_the_author_s_text() -> None:
    file = sound("\ufeff数据\r\n  整体\u200b业绩：金额\r\n要求 达标：整体业绩 ≥ 1元", ())
    data, clause = file.blocks
    assert isinstance(data, nodes.Data) and isinstance(clause, nodes.Clause)
    place = data.facts[0].name_span
    assert (place.line, place.column, place.end_column) == (2, 3, 8)
    assert file.sources.exact(place) == "整体\u200b业绩"
    assert (clause.span.line, clause.span.column, clause.span.end_column) == (3, 1, 16)


# ---------------------------------------------------------------------------------------------- expressions
@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "甲 不低于 150万元 且 低于 800万元",
            ("And", None, (("Compare", None, A, ">=", money(1_500_000)), ("Same", None, "<", money(8_000_000)))),
        ),
        ("甲 为 乙 或 为 丙", ("Or", None, (("Compare", None, A, "=", B), ("Same", None, "=", C)))),
        ("甲 且 乙 且 丙", ("And", None, (A, B, C))),
        ("甲 或 （乙 且 丙）", ("Or", None, (A, ("Paren", None, ("And", None, (B, C)))))),
        ("并非 甲 且 乙", ("And", None, (("Not", None, A), B))),
        ("60% ≤ 甲 ＜ 80%", ("Chain", None, percent(F(3, 5)), "<=", A, "<", percent(F(4, 5)))),
        ("甲 为 150万元 以上", ("Compare", None, A, ">=", money(1_500_000))),
        ("甲 不超过 5万元 以内", ("Compare", None, A, "<=", money(50_000))),
        ("甲 ＋ 乙 × 丙 ＝ 1", ("Compare", None, ("Arith", None, "+", A, ("Arith", None, "*", B, C)), "=", number(1))),
        ("甲 － 乙 － 丙 ＝ 1", ("Compare", None, ("Arith", None, "-", ("Arith", None, "-", A, B), C), "=", number(1))),
        ("甲 的 20% ＝ 1", ("Compare", None, ("Arith", None, "*", A, percent(F(1, 5))), "=", number(1))),
        ("甲 属于 乙、丙", ("In", None, A, (B, C), False)),
        ("甲 不属于 （乙，丙）", ("In", None, A, (B, C), True)),
        ("甲 包含 乙、丙", ("Has", None, A, (B, C), False)),
        ("甲 依次为 乙、丙", ("Has", None, A, (B, C), True)),
        ("甲 已填 或 乙 未填", ("Or", None, (("Is", None, "provided", A), ("Is", None, "missing", B)))),
        ("甲 已逾期", ("Is", None, "overdue", A)),
        ("甲 受限", ("Barred", None, A, None)),
        ("甲 在 乙 受限", ("Barred", None, A, B)),
        ("甲 在 乙 后 90天 内", ("Within", None, A, "after", B, ("Duration", None, F(90), "D"), False)),
        ("甲 在 乙 前 丙 内", ("Within", None, A, "before", B, C, False)),
        ("甲 在 自 乙 起 1年 内", ("Within", None, A, "from", B, ("Duration", None, F(1), "Y"), False)),
        ("甲 在 自 乙 当日起 1年 内", ("Within", None, A, "from", B, ("Duration", None, F(1), "Y"), True)),
        ("甲 在 乙 至 丙", ("Between", None, A, B, C)),
        ("甲 在 过去 3个整月 内", ("InPast", None, A, ("Duration", None, F(3), "M"), True)),
        ("甲 在 过去 三个月 内", ("InPast", None, A, ("Duration", None, F(3), "M"), False)),
        ("甲 在 财年（乙） 内", ("InPeriod", None, A, ("Call", None, "fy", (B,)))),
        ("甲 于 乙", ("AsAt", None, A, B)),
        ("甲 的 第5日", ("Nth", None, A, 5, "D")),
        ("甲 的 第三个工作日", ("Nth", None, A, 3, "WD")),
        ("甲 的 第2个星期日", ("Nth", None, A, 2, "7")),
        ("甲（乙，丙）的 丁", ("Field", None, ("Lookup", None, A, (B, C)), D)),
        ("合计（甲，逐条 乙，其中 丙）", ("Aggregate", None, "sum", A, B, C, None, False)),
        ("存在（甲，其中 乙）", ("Aggregate", None, "any", A, None, B, None, False)),
        ("不同个数（甲，逐条 乙）", ("Aggregate", None, "distinct", A, B, None, None, False)),
        (
            "取高（甲，乙 的 30%） ＝ 1",
            (
                "Compare",
                None,
                ("Call", None, "max", (A, ("Arith", None, "*", B, percent(F(3, 10))))),
                "=",
                number(1),
            ),
        ),
        ("甲 为 未规定", ("Compare", None, A, "=", ("Builtin", None, "not_stated", "未规定"))),
        ("甲 满 6个月", ("Compare", None, A, "full", ("Duration", None, F(6), "M"))),
        ("甲 满 6个月 以上", ("Compare", None, A, "full", ("Duration", None, F(6), "M"))),
        ("甲 不满 3人", ("Compare", None, A, "<", ("Count", None, F(3), "人"))),
        ("甲 不为 无", ("Compare", None, A, "!=", ("NoneValue", None))),
        ("甲 为 “流量”", ("Compare", None, A, "=", ("Text", None, "流量"))),
        ("甲 ＝ -1", ("Compare", None, A, "=", ("Negative", None, number(1)))),
        ("甲 等于 2024年第2季度", ("Compare", None, A, "=", ("Period", None, "quarter", 2024, 2))),
        ("甲 早于 2022年5月10日 9:00", ("Compare", None, A, "<", ("Instant", None, datetime(2022, 5, 10, 9)))),
        ("甲 ≥ 150万（含税）", ("Compare", None, A, ">=", ("Money", None, F(1_500_000), "incl", True, ""))),
    ],
)
def test_conditions(text: str, tree: Any) -> None:
    assert formula(text) == tree
    assert formula(text.replace(" ", "")) == tree


def test_a_full_width_comma_separates_and_a_half_width_one_groups() -> None:
    separated = formula("取高（1，200） ＝ 1")
    grouped = formula("甲 ＝ 1,200")
    assert separated[2] == ("Call", None, "max", (number(1), number(200)))
    assert grouped[4] == number(1200)


def test_the_longest_name_wins_and_a_name_may_hold_keywords() -> None:
    names = ("业绩", "不满意", "不满意次数", "应得服务费", "单项为零降级")
    tree = bare(only("条件 试：不满意次数超过3且业绩低于应得服务费且单项为零降级", *names).formula)
    assert tree == (
        "And",
        None,
        (
            ("Compare", None, ("Name", None, "不满意次数"), ">", number(3)),
            ("Compare", None, ("Name", None, "业绩"), "<", ("Name", None, "应得服务费")),
            ("Name", None, "单项为零降级"),
        ),
    )


def test_a_name_is_known_by_its_letters_not_by_its_width() -> None:
    clause = only("条件 试：ＩＶＲ 等级 为 普通IVR", "IVR等级", "普通IVR")
    assert bare(clause.formula) == ("Compare", None, ("Name", None, "ivr等级"), "=", ("Name", None, "普通ivr"))
    assert clause.formula.left.text == "IVR等级"


def test_an_odd_name_in_corner_brackets() -> None:
    file = sound("数据\n「且慢：奖」：是否\n条件 试：并非 「且慢：奖」")
    data, clause = file.blocks
    assert isinstance(data, nodes.Data) and data.facts[0].name == "且慢：奖"
    assert isinstance(clause, nodes.Clause) and isinstance(clause.formula, nodes.Not)
    assert clause.formula.inner == nodes.Name(clause.formula.inner.span, "且慢：奖")


# ---------------------------------------------------------------------------------------------- lines and blocks
def test_facts_say_everything_about_themselves() -> None:
    data = only(
        "数据\n"
        "  整体业绩：金额（含税），必填，≥ 0元，不晚于 乙，别名 overall 【2.1】\n"
        "  注：下面一项算出来。\n"
        "  ECR：百分比，0% 至 100%，＝ 甲 ÷ 乙\n"
        "  级别：选项（三类、一类 ＝ A、等），由低到高，默认 三类，选填，属于 目录\n"
        "  人数：数量（人）",
        "甲",
        "乙",
        "目录",
    )
    revenue, rate, grade, people = data.facts
    assert (revenue.name, revenue.required, revenue.optional, revenue.alias) == ("整体业绩", True, False, "overall")
    assert bare(revenue.type) == ("Type", None, "money", None, "incl", (), False, None, "")
    assert bare(revenue.ranges) == (("Range", None, money(0), ">=", None, "<="), ("Range", None, None, ">=", B, "<="))
    assert revenue.cites == ("2.1",)
    assert [note.text for note in revenue.notes] == ["下面一项算出来。"]
    assert bare(rate.derived) == ("Arith", None, "/", A, B)
    assert bare(rate.ranges) == (("Range", None, percent(F(0)), ">=", percent(F(1)), "<="),)
    assert [(o.name, o.spellings) for o in grade.type.options] == [("三类", ()), ("一类", ("A",))]
    assert (grade.type.open, grade.lowest_first, grade.optional) == (True, True, True)
    assert bare(grade.default) == ("Name", None, "三类") and bare(grade.within) == ("Name", None, "目录")
    assert people.type.unit == "人"


def test_a_ledger() -> None:
    ledger = only(
        "台账 违规记录（每条称 违规），默认 无，共用，别名 violations 【5】\n"
        "主键：号\n仅计：甲 【5.2】\n号：文本，必填\n注：一事一行。",
        "甲",
    )
    assert (ledger.name, ledger.item, ledger.shared, ledger.default_none, ledger.alias) == (
        "违规记录",
        "违规",
        True,
        True,
        "violations",
    )
    assert bare(ledger.key) == ("Name", None, "号")
    assert [(bare(o.condition), o.cites) for o in ledger.only] == [(A, ("5.2",))]
    assert ledger.cites == ("5",)
    assert [note.text for note in ledger.fields[0].notes] == ["一事一行。"]


def test_parameters_with_later_values_and_without_one() -> None:
    block = only(
        "参数\n门槛，别名 floor ＝ 150万元（含税），自 2023年1月1日 起 200万元 【3】\n口径：选项（仅专项奖、合计）"
    )
    (settled,), (unset,) = block.settled, block.open
    assert bare(settled.value) == money(1_500_000, "incl")
    assert [(d.start, bare(d.value)) for d in settled.dated] == [(date(2023, 1, 1), money(2_000_000))]
    assert (settled.alias, settled.cites, unset.name) == ("floor", ("3",), "口径")


def test_a_table_keeps_its_cells_as_typed() -> None:
    table = only(
        "表 目录，别名 products 【1】\n主键：型号\n范围：5% 至 15%\n"
        "| 型号 | 起始 |\n|---|---|\n| S914 | 2022-08-01 |\n| FP* | | 【1.2】\n注：按系列。"
    )
    assert [cell.text for cell in table.header] == ["型号", "起始"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["S914", "2022-08-01"], ["FP*", ""]]
    assert [row.cites for row in table.rows] == [(), ("1.2",)]
    assert (table.alias, table.cites, bare(table.key)) == ("products", ("1",), ("Name", None, "型号"))
    assert table.range is not None and table.notes[0].text == "按系列。"


def test_cells_of_a_band() -> None:
    clause = only(
        "分档 得分\n| 甲 | 得分 |\n| 甲≤8% | 15分 |\n| 8%＜甲≤10% | 12分 |\n"
        "| 10% 至 12% | 9分 |\n| 超过 12% | 0分 |\n| 8% 以下 | 1分 |\n| 乙、丙 | - |",
        "甲",
        "乙",
        "丙",
    )
    eight, ten, twelve = (percent(F(n, 100)) for n in (8, 10, 12))
    assert [bare(row.cells[0]) for row in clause.table.rows] == [
        ("ExprCell", None, ("Compare", None, A, "<=", eight)),
        ("ExprCell", None, ("Chain", None, eight, "<", A, "<=", ten)),
        ("RangeCell", None, ten, twelve),
        ("OpCell", None, ">", twelve),
        ("OpCell", None, "<=", eight),
        ("ListCell", None, (B, C)),
    ]
    assert bare(clause.table.rows[0].cells[1]) == ("ExprCell", None, ("Points", None, F(15)))
    assert bare(clause.table.rows[5].cells[1]) == ("AnyCell", None)


def test_a_table_pasted_from_a_spreadsheet() -> None:
    """Tabs between cells, empty cells at both ends, and a line of the block behind it."""
    table = only("表 目录\n型号\t起始\t阻却\nS914\t\t\n\t2022-08-01\t书面授权\n注：完。")
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["S914", "", ""],
        ["", "2022-08-01", "书面授权"],
    ]
    mixed = only("表 目录\n| 型号 | 起始 |\nS914\t2022-08-01\nFP*\t")
    assert [[cell.text for cell in row.cells] for row in mixed.rows] == [["S914", "2022-08-01"], ["FP*", ""]]


def test_a_tab_instead_of_a_colon_is_no_table() -> None:
    clause = only("奖励 甲奖\n金额\t2万元")
    assert clause.table is None
    assert bare(clause.lines) == (("FieldLine", None, "amount", money(20_000), ()),)


def test_lines_of_a_clause() -> None:
    clause = only(
        "处罚 甲罚，别名 fine 【5.3】\n"
        "  逐条：台账，其中 甲 为 乙，按 丙 先后\n"
        "  若：甲 【a】【b】\n"
        "  统计期：每 1年，自 乙 起，按 丙\n"
        "  不得：甲、乙，自 丙 当日起 1年 内\n"
        "  措施：甲，自 乙 至 丙\n"
        "  可以择一：甲、乙\n"
        "  名额：每个 甲 前 30家，按 乙 先后\n"
        "  完成：甲，逐条 台账，其中 乙，按 丙\n"
        "  逾期：每日 千分之一\n"
        "  次序：甲、乙\n"
        "  每满：3次\n"
        "  视为：1次 乙\n"
        "  例外：若 甲，得 2万元\n"
        "  否则：视为 乙\n",
        *"甲乙丙",
        "台账",
    )
    year = ("Duration", None, F(1), "Y")
    ledger = ("Name", None, "台账")
    assert bare(clause.lines) == (
        ("Each", None, ledger, None, ("Compare", None, A, "=", B), C, "asc", ()),
        ("When", None, A, ("a", "b")),
        ("Periods", None, year, B, (C,), (), None, None),
        ("Measures", None, "barred", (A, B), ("Start", None, C, True, year, None), ()),
        ("Measures", None, "must", (A,), ("Start", None, B, False, None, C), ()),
        ("Measures", None, "may_one", (A, B), None, ()),
        ("Quota", None, A, ("Count", None, F(30), "家"), None, B, "asc", (), ()),
        ("DoneLine", None, A, ledger, B, C, ()),
        ("LateFee", None, percent(F(1, 1000)), ()),
        ("Order", None, (A, B), None, ()),
        ("Every", None, ("Count", None, F(3), "次"), ()),
        ("Deem", None, ("Count", None, F(1), "次"), B, ()),
        ("Exception_", None, A, money(20_000), ()),
        ("Otherwise", None, (B,), True, None, ()),
    )
    assert (clause.kind, clause.alias, clause.cites) == ("penalty", "fine", ("5.3",))


def test_a_line_goes_on_in_the_next() -> None:
    one = only("奖励 甲奖\n若：甲 且 （乙 或 丙） 且 丁\n金额：1元", *"甲乙丙丁")
    for text in ("甲 且\n（乙 或 丙） 且 丁", "甲\n且 （乙 或 丙）\n且 丁", "甲 且 （乙\n或 丙） 且 丁"):
        assert bare(only(f"奖励 甲奖\n若：{text}\n金额：1元", *"甲乙丙丁")) == bare(one)


def test_an_example() -> None:
    example = only(
        "示例 甲例\n"
        "  评估日：2022年6月30日 09:00\n"
        "  已知：甲 ＝ 900万元，乙 ＝ 无，丙 ＝ 丁、甲\n"
        "  已知 台账：\n  | 号 | 日期 |\n  | V1 | 2022-05-10 |\n"
        "  应得：甲 的 未付 ＝ 1500元，乙 ＝ 未规定，丙 ＝ 无，丁 ＝ 是，甲 ＝ 40分 至 65分\n"
        "  应得：甲 属于 12分、15分，乙 成立，丙 未定（缺 甲、乙），丁 受限\n"
        "  应得 全体：\n  | 名称 | 甲 |\n  | P1 | 未定 |",
        *"甲乙丙丁",
        "台账",
    )
    assert example.as_of == datetime(2022, 6, 30, 9)
    assert bare(example.given) == (
        ("Binding", None, A, (money(9_000_000),)),
        ("Binding", None, B, (("NoneValue", None),)),
        ("Binding", None, C, (D, A)),
    )
    assert bare(example.given_rows[0].rows[0].cells) == (("RawCell", None, "V1"), ("RawCell", None, "2022-05-10"))
    twelve, fifteen = (("Points", None, F(n)) for n in (12, 15))
    part = ("Builtin", None, "unpaid", "未付")
    assert bare(example.expect) == (
        ("Outcome", None, A, part, None, money(1500), None, (), None, ()),
        ("Outcome", None, B, None, None, ("Builtin", None, "not_stated", "未规定"), None, (), None, ()),
        ("Outcome", None, C, None, None, ("NoneValue", None), None, (), None, ()),
        ("Outcome", None, D, None, None, ("YesNo", None, True), None, (), None, ()),
        ("Outcome", None, A, None, None, ("Points", None, F(40)), ("Points", None, F(65)), (), None, ()),
        ("Outcome", None, A, None, None, None, None, (twelve, fifteen), None, ()),
        ("Outcome", None, B, None, None, None, None, (), "yes", ()),
        ("Outcome", None, C, None, None, None, None, (), "unknown", (A, B)),
        ("Outcome", None, D, None, None, None, None, (), "barred", ()),
    )
    assert bare(example.expect_rows[0].ledger) == ("Builtin", None, "population", "全体")


def test_the_header() -> None:
    policy = sound(
        "政策 渠道 政策（演示）\n编号：D-1\n生效：自 2022年4月1日 起，至 2022年12月31日 止\n"
        "财年起始：4月1日\n适用：甲\n注：门槛。",
        ("甲",),
        fragment=False,
    ).policy
    assert policy is not None
    assert (policy.title, [(m.key, m.text) for m in policy.meta]) == ("渠道 政策（演示）", [("id", "D-1")])
    assert policy.effective is not None
    assert (policy.effective.start, policy.effective.end, bare(policy.fiscal)) == (
        date(2022, 4, 1),
        date(2022, 12, 31),
        ("FiscalYear", None, (4, 1), (), False),
    )
    assert bare(policy.gates) == (("FieldLine", None, "for", A, ()),)


def test_a_fact_may_begin_with_a_block_word() -> None:
    file = sound(
        "data\n  reward amount: money\n  rule count: count\nparameters\n  reward rate = 5%\n"
        "compute x = reward amount * reward rate"
    )
    assert [type(block).__name__ for block in file.blocks] == ["Data", "Parameters", "Clause"]


def test_remarks_and_comments() -> None:
    clause = only(
        "条件 甲条：甲 # 这里不读\n// 也不读\n注：网址 http://example.com 留着 # 不留\n疑义：能否合并？\n裁定：可以。",
        "甲",
    )
    assert [(line.kind, line.text) for line in clause.lines] == [
        ("note", "网址 http://example.com 留着"),
        ("doubt", "能否合并？"),
        ("ruling", "可以。"),
    ]
