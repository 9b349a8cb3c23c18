"""Unused declarations, idle measures, aliases, settled comparisons, deadlines that cannot be met, examples."""

from __future__ import annotations

import pytest

from policydsl.diagnostics import Diagnostic, PolicyError
from policydsl.engine import load_text

HEAD = "政策 演示\n  编号：T\n"


def said(text: str) -> list[Diagnostic]:
    try:
        return list(load_text(HEAD + text).diagnostics)
    except PolicyError as error:
        return list(error.diagnostics)


def codes(text: str) -> list[str]:
    return [d.code for d in said(text)]


def unused(text: str) -> list[tuple[str, str]]:
    return [(d.args["role"], d.args["name"]) for d in said(text) if d.code == "POL212"]


# ---------------------------------------------------------------------------------------------- unused
def test_what_nothing_reads() -> None:
    text = (
        "数据\n  甲：金额\n  乙：金额\n\n参数\n  限 ＝ 1元\n  线 ＝ 2元\n\n"
        "台账 单\n  号：文本\n  额：金额\n  日：日期\n\n"
        "台账 空单\n  号：文本\n\n表 价\n  | 型 | 价格 |\n  | A | 1元 |\n\n"
        "条件 丙：甲 ≥ 限 且 存在（单，其中 额 ≥ 1元）\n"
    )
    assert unused(text) == [
        ("fact", "乙"), ("parameter", "线"), ("field", "日"), ("ledger", "空单"), ("table", "价"),
    ]


@pytest.mark.parametrize(
    "reading",
    [
        "条件 丙：乙 ≥ 1元",
        "分档 丙\n  | 乙 | 分 |\n  | 不限 | 1分 |",
        "等级 丙\n  | 名 | 乙 |\n  | 高 | ≥ 1元 |",
        "等级 丙\n  | 要求 | 高 |\n  | 乙 | ≥ 1元 |",
        "奖励 丙\n  对象：甲\n  金额：乙",
        "保证 丙：乙 ≥ 1元",
        "数据\n  丁：金额，≤ 乙\n\n条件 丙：丁 ≥ 1元",
        "数据\n  丁：金额，＝ 乙 × 2\n\n条件 丙：丁 ≥ 1元",
        "数据\n  丁：金额，默认 乙\n\n条件 丙：丁 ≥ 1元",
    ],
)
def test_every_way_of_reading_a_fact_counts(reading: str) -> None:
    assert ("fact", "乙") not in unused(f"数据\n  甲：是否\n  乙：金额\n\n{reading}\n")


def test_a_table_is_used_by_membership_and_a_key_by_being_the_key() -> None:
    text = (
        "表 目录\n  | 型 | 类 |\n  | A | 一 |\n\n数据\n  产品：文本，属于 目录\n\n台账 单\n  号：文本\n  额：金额\n\n"
        "条件 有：产品 已填 且 合计（额，逐条 单） ≥ 1元\n"
    )
    assert unused(text) == []


def test_a_policy_of_notes_is_fine() -> None:
    assert codes("规则 谁销售谁服务\n  注：报单伙伴承担服务责任。\n") == []


# ---------------------------------------------------------------------------------------------- measures, aliases
def test_measures_that_nothing_imposes() -> None:
    text = "措施清单：降级、通报、期后事\n\n数据\n  坏：是否\n\n处罚 罚\n  若：坏\n  措施：降级\n  期满后：期后事\n"
    assert [(d.code, d.args["name"]) for d in said(text)] == [("POL213", "通报")]


def test_an_alias_that_is_another_name() -> None:
    text = "数据\n  甲：金额，别名 ecr\n  ECR：百分比\n\n条件 乙：甲 ≥ 1元 且 ECR ≥ 1%\n"
    (found,) = said(text)
    assert (found.code, found.severity, found.args) == ("POL214", "error", {"name": "甲", "alias": "ecr", "line": "5"})
    assert codes(text.replace("别名 ecr", "别名 revenue")) == []


def test_an_alias_of_a_field_may_be_a_name_elsewhere() -> None:
    text = (
        "数据\n  id：金额\n\n台账 单\n  号：文本，别名 id\n  额：金额\n\n"
        "条件 乙：id ≥ 1元 且 合计（额，逐条 单） ≥ 1元\n"
    )
    assert codes(text) == []


# ---------------------------------------------------------------------------------------------- settled comparisons
@pytest.mark.parametrize(
    ("declaration", "test", "answer"),
    [
        ("百分比，0% 至 100%", "X 超过 100%", "no"),
        ("百分比，0% 至 100%", "X 不低于 100%", None),
        ("百分比，0% 至 100%", "X ≤ 100%", "yes"),
        ("百分比，0% 至 100%", "X ＜ 100%", None),
        ("百分比，＞ 0%", "X ≤ 0%", "no"),
        ("百分比，＞ 0%", "X 不为 0%", "yes"),
        ("数量（人），≥ 1人", "X ≥ 1人", "yes"),
        ("金额，≥ 0元", "X 为 -1元", "no"),
        ("日期，不早于 2024年1月1日", "X 早于 2023年12月31日", "no"),
        ("百分比", "X 超过 200%", None),
        # 无 is none of these, so that an optional fact may fail what every value meets
        ("数量（人），≥ 1人，选填", "X ≥ 1人", None),
        # of a chain only what can never hold is told
        ("百分比，0% 至 100%", "0% ≤ X ＜ 80%", None),
        ("百分比，0% 至 100%", "120% ≤ X ＜ 140%", "no"),
    ],
)
def test_comparisons_that_the_range_decides(declaration: str, test: str, answer: str | None) -> None:
    found = said(f"数据\n  X：{declaration}\n\n条件 乙：{test}\n")
    wanted = {("POL421", "warning", answer)} if answer else set()
    assert {(d.code, d.severity, d.args["always"]) for d in found} == wanted


def test_a_range_of_a_computed_value_counts_too() -> None:
    assert codes("数据\n  甲：分数\n\n计算 乙 ＝ 甲 × 2\n  范围：0分 至 9分\n\n条件 丙：乙 ＞ 9分\n") == ["POL421"]


# ---------------------------------------------------------------------------------------------- deadlines
def test_a_deadline_with_consequences_needs_a_way_to_be_met() -> None:
    text = (
        "措施清单：通报\n\n数据\n  始：日期\n  毕：日期，选填\n\n条件 毕了：毕 已填\n\n"
        "期限 限\n  起算：始\n  时长：15天\n"
    )
    assert codes(text) == ["POL213"]
    assert codes(text + "  逾期：通报\n") == ["POL422"]
    assert codes(text + "  完成：毕\n  逾期：通报\n") == []


# ---------------------------------------------------------------------------------------------- examples
BASE = (
    "参数\n  线 ＝ 1元\n\n数据\n  额：金额\n  类：选项（甲、乙）\n\n台账 单\n  号：文本\n  价：金额\n\n"
    "条件 够：额 ≥ 线 且 类 为 甲\n\n计算 双\n  逐条：单\n  若 价 ≥ 0元：价 × 2\n\n计算 总 ＝ 合计（双，逐条 单）\n\n"
    "示例 一\n"
)
DAY = "  评估日：2024年6月30日\n"


def in_example(lines: str) -> list[tuple[str, str]]:
    """Code and what was read, for an example with these lines."""
    return [(d.code, d.args.get("read", "")) for d in said(BASE + DAY + lines)]


@pytest.mark.parametrize(
    "lines",
    [
        "  已知：额 ＝ 2元，类 ＝ 甲，线 ＝ 3元\n  应得：够 不成立\n",
        "  已知：单 ＝ 无\n  应得：够 未定（缺 额、类），总 ＝ 0元\n",
        "  已知 单：\n  | 号 | 价 |\n  | A | 3元 |\n  | B |  |\n"
        "  应得 单：\n  | 号 | 双 | 价 |\n  | A | 6元 | 3元 |\n  | B | 未定 | |\n",
        "  应得：总 ＝ 1元 至 9元，类 属于 甲、乙\n",
        "  已知 全体：\n  | 名称 | 额 | 类 |\n  | P1 | 3元 | 甲 |\n  应得 全体：\n  | 名称 | 够 |\n  | P1 | 成立 |\n",
    ],
)
def test_sound_examples(lines: str) -> None:
    assert in_example(lines) == []


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("  已知：够 ＝ 是\n  应得：够 成立\n", [("POL502", "够")]),
        ("  已知：额 ＝ 3人\n  应得：够 成立\n", [("POL503", "3人")]),
        ("  已知：额 ＝ 无\n  应得：够 成立\n", [("POL503", "无")]),
        ("  已知：类 ＝ 够\n  应得：够 成立\n", [("POL503", "够")]),
        ("  已知 单：\n  | 号 | 价格 |\n  | A | 3元 |\n  应得：总 ＝ 3元\n", [("POL507", "价格")]),
        ("  已知 单：\n  | 号 | 价 |\n  | A | 三 |\n  应得：总 ＝ 3元\n", [("POL503", "三")]),
        ("  已知 单：\n  | 号 | 价 |\n  | A |\n  应得：总 ＝ 3元\n", [("POL405", "")]),
        ("  已知 全体：\n  | 名称 | 够 |\n  | P1 | 是 |\n  应得：总 ＝ 3元\n", [("POL502", "够")]),
        ("  应得：总 ＝ 3人\n", [("POL503", "3人")]),
        ("  应得：够 的 额 ＝ 3元\n", [("POL506", "够 的 额")]),
        ("  应得：够 未定（缺 总）\n", [("POL502", "总")]),
        ("  应得 单：\n  | 号 | 三倍 |\n  | A | 3元 |\n", [("POL507", "三倍")]),
        ("  应得 单：\n  | 号 | 双 |\n  | A | 很多 |\n", [("POL503", "很多")]),
        ("  应得 全体：\n  | 名称 | 不在 |\n  | P1 | 成立 |\n", [("POL506", "不在")]),
        ("  已知：额 ＝ 2元\n", [("POL505", "")]),
    ],
)
def test_faulty_examples(lines: str, wanted: list[tuple[str, str]]) -> None:
    assert in_example(lines) == wanted


def test_an_example_without_its_day_depends_on_the_day_of_the_run() -> None:
    (found,) = said(BASE + "  已知：额 ＝ 2元\n  应得：够 未定\n")
    assert (found.code, found.severity) == ("POL504", "warning")


def test_an_open_question_is_a_warning_until_there_is_a_ruling() -> None:
    text = "数据\n  额：金额\n\n条件 够：额 ≥ 1元\n  疑义：含税吗？\n"
    (found,) = said(text)
    assert (found.code, found.severity, found.span.line) == ("POL501", "warning", 7)
    assert codes(text + "  裁定：含税。\n") == []
    assert codes(text + "  裁定：含税。\n  疑义：那么运费呢？\n") == ["POL501"]


# ---------------------------------------------------------------------------------------------- circles
def circles(text: str) -> list[tuple[int, str]]:
    return [(d.span.line, d.args["circle"]) for d in said(text) if d.code == "POL210"]


@pytest.mark.parametrize(
    ("text", "line", "circle"),
    [
        ("数据\n  甲：数值，＝ 丙 ＋ 1\n  丙：数值，＝ 甲 ＋ 1\n条件 果：甲 ≥ 1\n", 4, "甲 → 丙 → 甲"),
        ("数据\n  甲：数值，默认 丙\n  丙：数值，默认 甲\n条件 果：甲 ≥ 1\n", 4, "甲 → 丙 → 甲"),
        ("数据\n  甲：数值，≥ 丙\n  丙：数值，≥ 甲\n条件 果：甲 ≥ 1\n", 4, "甲 → 丙 → 甲"),
        ("数据\n  甲：数值，≥ 甲\n条件 果：甲 ≥ 1\n", 4, "甲 → 甲"),
        ("参数\n  甲 ＝ 丙\n  丙 ＝ 甲\n计算 果 ＝ 3\n", 4, "甲 → 丙 → 甲"),
        ("数据\n  甲：数值，默认 倍\n计算 倍 ＝ 甲 × 2\n", 4, "甲 → 倍 → 甲"),
        ("数据\n  甲：数值，＝ 和\n台账 单\n  号：文本\n  额：数值，默认 甲\n计算 和 ＝ 合计（额，逐条 单）\n", 4,
         "甲 → 和 → 单.额 → 甲"),
        ("台账 单\n  号：文本\n  额：数值，＝ 倍\n计算 倍 ＝ 额 × 2\n  逐条：单\n", 5, "单.额 → 倍 → 单.额"),
        ("台账 单\n  号：文本\n  甲：数值\n  仅计：甲 ≥ 多\n计算 多 ＝ 合计（甲，逐条 单）\n", 3, "单 → 多 → 单"),
        ("表 级\n  | 键 | 值 |\n  | A | 果 |\n条件 果：级（“A”）的 值\n", 4, "级.值 → 果 → 级.值"),
    ],
)
def test_what_rests_on_itself_is_refused_with_its_way(text: str, line: int, circle: str) -> None:
    assert circles(text) == [(line, circle)]


CONVERSION = """清单 等次：轻、重
台账 违规
  号：文本
  级：等次
  日：日期
期限 有效
  逐条：违规
  起算：日
  时长：1年
计算 重数 ＝ 条数（违规，其中 级 为 重）
条件 够轻：级 为 轻
  逐条：违规
累计 升级
  统计：违规，其中 {}
  统计期：有效
  每满：2次
  视为：1次 重
"""


def test_a_conversion_does_not_ask_how_many_records_there_are() -> None:
    """It is what says so. Of the record in hand it may ask, also through a rule that goes through the ledger."""
    assert circles(CONVERSION.format("级 为 轻 且 重数 ≥ 1")) == [(15, "升级 → 重数 → 违规 → 升级")]
    assert circles(CONVERSION.format("够轻")) == []


def test_two_circles_are_told_each_once() -> None:
    facts = "数据\n  甲：数值，默认 乙\n  乙：数值，默认 甲\n  丙：数值，≥ 丁\n  丁：数值，≤ 丙\n"
    assert circles(facts + "条件 果：甲 ≥ 丙\n") == [(4, "甲 → 乙 → 甲"), (6, "丙 → 丁 → 丙")]


def test_what_only_shares_a_name_with_what_is_read_is_no_circle() -> None:
    """The heading of the values, the name of a tier and of a scored item are read by nobody."""
    kinds = "数据\n  种：选项（甲、乙）\n  额：金额\n"
    reward = "奖励 返利\n  金额：额 × 比例\n"
    assert codes(f"{kinds}判定表 比例\n  | 种 | 返利 |\n  | 甲 | 5% |\n  | 乙 | 3% |\n{reward}") == []
    assert codes(f"{kinds}分档 比例\n  | 额 | 返利 |\n  | ≥ 1元 | 5% |\n  | ＜ 1元 | 3% |\n{reward}") == ["POL212"]
    assert "POL210" in codes(f"{kinds}判定表 比例\n  | 返利 | 值 |\n  | 是 | 5% |\n{reward}")


@pytest.mark.parametrize(("blocks", "place", "circle"), [
    ("计算 子 ＝ 丑 ＋ 1\n计算 丑 ＝ 2 × 子\n", (4, 12, 13), "丑 → 子 → 丑"),  # the word in the block that comes back
    (
        "判定表 比例\n  | 返利 | 值 |\n  | 是 | 5% |\n奖励 返利\n  金额：100元 × 比例\n",
        (7, 13, 15), "返利 → 比例 → 返利",
    ),
    (
        "奖励 返利\n  金额：100元 × 比例\n判定表 比例\n  | 返利 | 值 |\n  | 是 | 5% |\n",
        (6, 5, 7), "比例 → 返利 → 比例",
    ),
    ("计算 子 ＝ 子 ＋ 1\n", (3, 8, 9), "子 → 子"),
])
def test_a_circle_is_shown_at_the_word_that_closes_it(
    blocks: str, place: tuple[int, int, int], circle: str
) -> None:
    (found,) = (d for d in said(blocks) if d.code == "POL210")
    assert (found.span.line, found.span.column, found.span.end_column) == place
    assert found.args["circle"] == circle


@pytest.mark.parametrize(("rows", "place", "gap"), [
    ("  | ＞ 30 | 2 |\n  | ≤ 20 | 1 |\n", (8, 5, 9), "20＜数≤30"),  # beside the row below the gap
    ("  | 10≤数＜30 | 2 |\n  | ≥ 30 | 1 |\n", (7, 5, 12), "0≤数＜10"),
    ("  | ＜ 30 | 2 |\n  | 30≤数＜80 | 1 |\n", (8, 5, 12), "80≤数≤100"),
])
def test_a_gap_is_shown_at_the_cell_beside_it(rows: str, place: tuple[int, int, int], gap: str) -> None:
    text = f"数据\n  数：数值，0 至 100\n分档 档\n  | 数 | 分 |\n{rows}"
    (found,) = (d for d in said(text) if d.code == "POL406")
    assert (found.span.line, found.span.column, found.span.end_column) == place and found.args["missing"] == gap


def test_a_long_way_is_not_a_circle() -> None:
    chain = "".join(f"  数{i}：数值，默认 数{i + 1}\n" for i in range(1500))
    assert circles(f"数据\n{chain}  数1500：数值\n条件 果：数0 ≥ 1\n") == []


@pytest.mark.parametrize(("key", "use", "told"), [
    ("", "条件 果：单（单号）的 额 ≥ 1\n", [(5, "单", "号")]),
    ("", "数据\n  主单：文本，属于 单\n条件 果：主单 为 单号 且 存在（单，其中 额 ≥ 1）\n", [(5, "单", "号")]),
    ("  主键：号\n", "条件 果：单（单号）的 额 ≥ 1\n", []),
    ("", "条件 果：存在（单，其中 号 为 单号 且 额 ≥ 1）\n", []),  # nothing is looked up: all that fit are seen
])
def test_a_look_up_in_a_ledger_without_a_key_is_noticed(key: str, use: str, told: list[tuple[int, str, str]]) -> None:
    found = said(f"数据\n  单号：文本\n台账 单\n{key}  号：文本\n  额：数值\n{use}")
    assert [(d.span.line, d.args["name"], d.args["field"]) for d in found if d.code == "POL218"] == told
    assert all(d.severity == "notice" for d in found if d.code == "POL218")


@pytest.mark.parametrize(("factor", "told"), [
    ("20", True), ("5", True), ("100", True), ("4", False), ("101", False), ("7.5", False), ("20%", False),
    ("倍数", False),
])
def test_money_times_a_number_that_lacks_its_percent_sign_is_remarked_on(factor: str, told: bool) -> None:
    text = "政策 甲\n  编号：X\n数据\n  订单额：金额\n参数\n  倍数 ＝ 20\n处罚 罚款：订单额 ＞ 0元\n"
    text += f"  金额：订单额 × {factor}\n"
    assert ("POL457" in [d.code for d in load_text(text, "a.pol").diagnostics]) is told
