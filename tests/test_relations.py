"""How records stand to the one in hand, in words of their own; 其中 without the ledger; the upgrade to both."""

from __future__ import annotations

import pytest

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.program import lowered, same_program, without_places
from policydsl.format.records import without_each
from policydsl.format.relations import related, without_record_names
from policydsl.testing import run_examples

HEAD = """\
政策 演示
台账 报备，主键 号
  文本：项目＊、渠道
  日期：收到日＊、到期日
  级别：选项（三类、二类、一类），由低到高
  已确认：是否
台账 补缴
  文本：号＊
  金额：补缴额
"""


def codes(text: str) -> list[str]:
    with pytest.raises(PolicyError) as refused:
        load_text(HEAD + text)
    return [problem.code for problem in refused.value.diagnostics]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("同一 项目", "项目 为 本条 的 项目"), ("不同 渠道", "渠道 不为 本条 的 渠道"),
        ("收到日 更早", "收到日 早于 本条 的 收到日"), ("到期日 更晚", "到期日 晚于 本条 的 到期日"),
        ("级别 更高", "级别 高于 本条 的 级别"), ("级别 更低", "级别 低于 本条 的 级别"),
    ],
)
def test_the_words_mean_what_they_stand_for(short: str, long: str) -> None:
    written = f"{HEAD}条件 甲：存在（报备，{{}} 且 已确认）\n  逐条：报备\n"
    assert same_program(written.format(long), written.format(short))
    # and the upgrade writes them, without the line that they make needless
    assert without_each(related(written.format(long), "a"), "a") == f"{HEAD}条件 甲：存在（报备，{short} 且 已确认）\n"
    english = formatted(f"{HEAD}条件 甲：存在（报备，{short} 且 已确认）\n", to="en")
    assert formatted(english, to="zh").endswith(f"条件 甲：存在（报备，{short} 且 已确认）\n")


def test_an_empty_field_leaves_open_whether_it_is_the_same() -> None:
    policy = load_text(
        HEAD + "条件 他方先报：存在（报备，同一 项目 且 不同 渠道 且 收到日 更早）\n"
        "示例 三条\n  评估日：2024年6月30日\n  已知 报备：\n"
        "  | 号 | 项目 | 渠道 | 收到日     |\n"
        "  | 1  | 甲   | A    | 2024-05-01 |\n"
        "  | 2  | 甲   |      | 2024-05-02 |\n"
        "  | 3  | 甲   | A    | 2024-05-03 |\n"
        "  | 4  | 甲   | B    | 2024-05-04 |\n"
        "  | 5  | 乙   | A    | 2024-06-01 |\n"
        "  应得 报备：\n"
        "  | 号 | 他方先报 |\n"
        "  | 1  | 不成立   |\n"  # nothing came before
        "  | 2  | 未定     |\n"  # the first may be its own
        "  | 3  | 未定     |\n"  # the second may be another's
        "  | 4  | 成立     |\n"
        "  | 5  | 不成立   |\n"
    )
    assert [report.passed for report in run_examples(policy)] == [True]


def test_a_field_of_both_ledgers_is_of_the_other_record_and_of_the_one_in_hand() -> None:
    short = HEAD + "计算 已补 ＝ 合计（补缴额，同一 号）\n  逐条：报备\n"
    assert same_program(short, HEAD + "计算 已补 ＝ 合计（补缴额，号 为 本条 的 号）\n  逐条：报备\n")


@pytest.mark.parametrize(
    "text",
    [
        "条件 甲：同一 项目\n  逐条：报备\n", "条件 甲：已确认 且 收到日 更早\n",
        "条件 甲：存在（补缴，同一 项目 且 补缴额 ≥ 1元）\n  逐条：报备\n",  # 补缴 has no project
        "条件 甲：项目 为 本条 的 项目\n  逐条：报备\n",
        "条件 甲：存在（补缴，同一 号）\n",  # both ledgers have the field: it is not said whose record is in hand
    ],
)
def test_a_record_is_not_compared_with_itself(text: str) -> None:
    assert codes(text) == ["POL341"]


# ---------------------------------------------------------------------------------------------- 其中 alone
def test_which_records_needs_no_ledger_where_their_fields_say_it() -> None:
    assert same_program(
        HEAD + "要求 及时：收到日 早于 2024-05-01\n  逐条：报备，其中 已确认\n",
        HEAD + "要求 及时：收到日 早于 2024-05-01\n  其中：已确认\n",
    )
    assert same_program(  # only the line itself says it
        HEAD + "规则 备案\n  逐条：报备，其中 已确认\n  若：评估日 晚于 2024-05-01\n",
        HEAD + "规则 备案\n  其中：已确认\n  若：评估日 晚于 2024-05-01\n",
    )


def test_which_records_of_what_is_told() -> None:
    assert codes("数据\n  额：金额\n条件 甲：额 ≥ 1元\n  其中：额 ≥ 2元\n") == ["POL233"]
    assert codes("条件 甲：收到日 早于 2024-05-01\n  其中：补缴额 ≥ 2元\n") == ["POL231"]
    assert codes("条件 甲：收到日 早于 2024-05-01\n  其中：号 为 “1”\n  逐条：报备\n") == ["POL403"]


def test_the_upgrade_keeps_a_ledger_that_nothing_else_says() -> None:
    text = HEAD + "条件 甲：号 为 “1”\n  逐条：报备，其中 号 不为 “2”\n"  # 补缴 has the field too
    assert without_each(text, "a") == text
    text = HEAD + "# 先看\n条件 甲：收到日 早于 2024-05-01\n  逐条：报备，其中 已确认  【3】\n  注：x\n"
    assert without_each(text, "a") == text.replace("逐条：报备，其中 ", "其中：")


# ---------------------------------------------------------------------------------------------- names of records
def test_names_of_records_that_nothing_needs_are_left_out() -> None:
    text = (
        "政策 演示\n台账 报备（每条称 某报备），主键 号\n  文本：项目＊\n"
        "台账 补缴（每条称 某次）\n  文本：号＊\n  金额：补缴额\n"
        "计算 项目补缴 ＝ 某报备 的 项目\n条件 甲：某次 的 号 为 “1” 且 补缴额 ≥ 1元\n"
    )
    made = without_record_names(text, "a")
    assert made == (
        "政策 演示\n台账 报备，主键 号\n  文本：项目＊\n台账 补缴\n  文本：号＊\n  金额：补缴额\n"
        "计算 项目补缴 ＝ 项目\n条件 甲：号 为 “1” 且 补缴额 ≥ 1元\n"
    )
    kept = text.replace(" 且 补缴额 ≥ 1元", "")  # both ledgers have the field: its name says which is meant
    assert "某次 的 号" in without_record_names(kept, "a") and "（每条称 某次）" in without_record_names(kept, "a")
    before, after = lowered(text), lowered(made)
    assert before is not None and after is not None and without_places(before[0]) == without_places(after[0])
