"""Of which choice an option is: told by its name and owner, or by what stands beside it, never by what is listed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from engine_support import policy, verdict

from policydsl.diagnostics import PolicyError
from policydsl.engine import Policy
from policydsl.kinds import Exact, Kind

GRADES = "选项（三类、二类、一类），由低到高"
BACKWARDS = "选项（一类、二类、三类），由低到高"
CATALOGUE = "表 目录\n  | 编码 | 定级 |\n  | B-01 | 二类 |\n  | B-02 | 三类 |\n  | B-03 | 一类 |\n"


def holds(
    made: Policy, name: str, facts: Mapping[str, Exact] | None = None, **lists: list[Mapping[str, Exact]]
) -> bool:
    """Whether a condition surely holds, or surely does not."""
    found = verdict(made, facts, lists).results[name].total.holds
    assert found is not None and (found.yes or found.no)
    return found.yes


def codes(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        policy(text)
    return [p.code for p in caught.value.diagnostics]


def test_the_same_options_twice_are_two_choices() -> None:
    made = policy(f"数据\n  级别：{GRADES}\n  上年级别：{GRADES}\n条件 不降：级别 不低于 上年级别\n").program
    grade, last = made.inputs["级别"].kind, made.inputs["上年级别"].kind
    assert (grade.choice and grade.choice.name, last.choice and last.choice.name) == ("级别", "上年级别")
    assert grade != last
    assert grade.options == last.options == ("三类", "二类", "一类")


def test_a_field_has_its_ledger_as_owner() -> None:
    made = policy(f"台账 违规\n  编号：文本\n  级别：{GRADES}\n条件 有：存在（违规，其中 级别 为 一类）\n").program
    field = made.lists["违规"].field_of("级别")
    assert field is not None and field.kind.choice is not None
    assert (field.kind.choice.name, field.kind.choice.owner) == ("级别", "违规")


def test_one_of_several_is_of_the_same_choice() -> None:
    made = policy("数据\n  内容：多选（甲、乙）\n条件 有：内容 包含 甲\n").program
    several = made.inputs["内容"].kind
    assert several.element == Kind("choice", choice=several.choice)


# ---------------------------------------------------------------------------------------------- columns of tables
LEDGER = (
    "台账 违规\n  编号：文本\n  编码：多选，属于 目录\n"
    f"  级别：{GRADES}，＝ 最大（目录（编码）的 定级，逐条 编码）\n"
)


def test_a_column_is_of_the_choice_it_is_compared_with() -> None:
    """Another fact declares the same options first, the other way round; the column is compared with 级别 only."""
    made = policy(
        f"{CATALOGUE}数据\n  另一级：{BACKWARDS}\n{LEDGER}"
        "条件 重：存在（违规，其中 级别 不低于 二类）\n条件 另：另一级 不低于 二类\n"
    )
    column = made.program.lists["目录"].field_of("定级")
    assert column is not None and column.kind.choice is not None
    assert (column.kind.choice.name, column.kind.choice.owner) == ("级别", "违规")
    # the gravest of 三类 and 一类 is 一类
    assert holds(made, "重", 违规=[{"编号": "1", "编码": ("B-02", "B-03")}])
    assert not holds(made, "重", 违规=[{"编号": "1", "编码": ("B-02",)}])


def test_a_column_compared_with_nothing_is_a_choice_of_its_own() -> None:
    made = policy(CATALOGUE + "数据\n  编码：文本\n  级别：选项（三类、二类、一类、四类）\n"
                  "计算 定 ＝ 目录（编码）的 定级\n条件 有：级别 为 四类\n")
    column = made.program.lists["目录"].field_of("定级")
    assert column is not None and column.kind.choice is not None
    assert (column.kind.choice.name, column.kind.choice.owner) == ("定级", "目录")
    assert column.kind.options == ("二类", "三类", "一类")


def test_a_column_known_through_another_column() -> None:
    made = policy(
        CATALOGUE + "表 旧目录\n  | 编码 | 旧级 |\n  | B-01 | 一类 |\n  | B-02 | 三类 |\n"
        f"数据\n  编码：文本\n  级别：{GRADES}\n"
        "条件 同：目录（编码）的 定级 为 级别\n条件 未升：目录（编码）的 定级 不高于 旧目录（编码）的 旧级\n"
    )
    old = made.program.lists["旧目录"].field_of("旧级")
    assert old is not None and old.kind.choice is not None and old.kind.choice.name == "级别"
    # 二类 is not above 一类
    assert holds(made, "未升", {"编码": "B-01", "级别": "二类"})


def test_two_orders_leave_a_column_without_one() -> None:
    text = CATALOGUE + (
        f"数据\n  编码：文本\n  甲级：{GRADES}\n  乙级：{BACKWARDS}\n"
        "条件 甲同：目录（编码）的 定级 为 甲级\n条件 乙同：目录（编码）的 定级 为 乙级\n"
        "条件 重：目录（编码）的 定级 不低于 二类\n"
    )
    assert codes(text) == ["POL310"]


# ---------------------------------------------------------------------------------------------- orders
def test_the_side_with_an_order_decides() -> None:
    """等第 is listed from the top and has no order of its own; 金牌 is above 普通 because 门槛 says so."""
    made = policy(
        "数据\n  等第：选项（钻石、金牌、普通）\n  门槛：选项（普通、金牌、钻石），由低到高\n"
        "条件 够：等第 不低于 门槛\n"
    )
    assert holds(made, "够", {"等第": "钻石", "门槛": "金牌"})
    assert not holds(made, "够", {"等第": "普通", "门槛": "金牌"})


def test_a_part_of_an_order_compares_with_the_whole() -> None:
    made = policy(
        "数据\n  甲：选项（普通、银牌、金牌），由低到高\n  乙：选项（普通、金牌），由低到高\n条件 够：甲 不低于 乙\n"
    )
    assert holds(made, "够", {"甲": "银牌", "乙": "普通"})


# ---------------------------------------------------------------------------------------------- literals
def test_two_options_without_a_list() -> None:
    assert codes("数据\n  类：选项（甲、乙）\n条件 对：类 为 甲\n条件 错：甲 为 乙\n") == ["POL326"]


def test_a_block_may_give_an_option_only_by_exception() -> None:
    made = policy(
        "数据\n  类：选项（甲、乙、丙）\n  特：是否\n计算 果 ＝ 甲\n  例外：若 特，得 丙\n条件 是：类 为 乙\n"
    )
    assert verdict(made, {"特": True}).results["果"].total.value.value == "丙"
    assert verdict(made, {"特": False}).results["果"].total.value.value == "甲"


def test_a_parameter_is_of_the_choice_it_is_compared_with() -> None:
    made = policy(f"参数\n  起点 ＝ 二类\n数据\n  级别：{GRADES}\n条件 重：级别 不低于 起点\n")
    assert made.program.inputs["起点"].kind == made.program.inputs["级别"].kind
    assert holds(made, "重", {"级别": "一类"})
    assert not holds(made, "重", {"级别": "三类"})
