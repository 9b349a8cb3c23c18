"""Days that move off rest days, and lengths that are not reached any more, in words."""

from __future__ import annotations

import pytest

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.format.program import same_program
from policydsl.format.rest_days import rolled_over
from policydsl.testing import run_examples

HEAD = """\
政策 演示
  工作日历：中国法定工作日
数据
  起日：日期
  是否：顺延、甲
  中断时刻：时刻
  恢复时刻：时刻，选填
"""
LONG = """\
计算 末一 ＝ 起日 ＋ 2个月 － 1天 ＋ 1个工作日
计算 末二 【7】
  若 顺延：起日 ＋ 2个月 － 1天 ＋ 1个工作日
  否则：起日 ＋ 2个月
  注：两样。
计算 末三
  若 甲 且 顺延：起日 ＋ 1个月 － 1天 ＋ 1个工作日 【9】
  若 甲：起日 ＋ 1个月 【9】
  若 顺延：起日 ＋ 2个月 － 1天 ＋ 1个工作日
  否则：起日 ＋ 2个月
"""
SHORT = """\
计算 末一 ＝ 起日 ＋ 2个月 － 1天 ＋ 1个工作日
计算 末二 ＝ 起日 ＋ 2个月（遇节假日顺延，若 顺延） 【7】
  注：两样。
计算 末三
  若 甲：起日 ＋ 1个月（遇节假日顺延，若 顺延） 【9】
  否则：起日 ＋ 2个月（遇节假日顺延，若 顺延）
"""


def test_two_cases_are_one_line() -> None:
    assert same_program(HEAD + LONG, HEAD + SHORT)
    assert rolled_over(HEAD + LONG, "a") == HEAD + SHORT and rolled_over(HEAD + SHORT, "a") == HEAD + SHORT
    english = formatted(HEAD + SHORT, to="en")
    assert "2 months (rolled over rest days, if 顺延)" in english
    assert "起日 ＋ 2个月（遇节假日顺延，若 顺延）" in formatted(english, to="zh")


@pytest.mark.parametrize(
    "text",
    [
        "计算 末\n  若 顺延：起日 ＋ 2个月 － 1天 ＋ 1个工作日\n  否则：起日 ＋ 3个月\n",  # another day
        "计算 末\n  若 顺延：起日 ＋ 2个月 － 1天 ＋ 1个工作日 【1】\n  否则：起日 ＋ 2个月 【2】\n",
        "计算 末\n  若 顺延：起日 ＋ 2个月 － 1天 ＋ 1个工作日  # 七月起\n  否则：起日 ＋ 2个月\n",
        "计算 末\n  若 甲：起日 ＋ 2个月 － 1天 ＋ 2个工作日\n  否则：起日 ＋ 2个月\n",
    ],
)
def test_what_differs_stays(text: str) -> None:
    assert rolled_over(HEAD + text, "a") == HEAD + text


def test_which_day_it_is() -> None:
    """From 1 August 2024 two months are over on 1 October, a holiday; work goes on on 8 October."""
    policy = load_text(
        HEAD + "计算 末一 ＝ 起日 ＋ 2个月（遇节假日顺延）\n" + SHORT.partition("\n")[2]
        + "示例 顺延\n  评估日：2024年12月31日\n  已知：起日 ＝ 2024年8月1日，顺延 ＝ 是，甲 ＝ 否\n"
        "  应得：末一 ＝ 2024年10月8日，末二 ＝ 2024年10月8日，末三 ＝ 2024年10月8日\n"
        "示例 不顺延\n  评估日：2024年12月31日\n  已知：起日 ＝ 2024年8月1日，顺延 ＝ 否，甲 ＝ 是\n"
        "  应得：末一 ＝ 2024年10月8日，末二 ＝ 2024年10月1日，末三 ＝ 2024年9月1日\n"
        "示例 不知道\n  评估日：2024年12月31日\n  已知：起日 ＝ 2024年8月1日\n"
        "  应得：末二 属于 2024年10月8日、2024年10月1日\n"
    )
    assert [report.passed for report in run_examples(policy)] == [True] * 3


def test_a_length_that_is_not_reached() -> None:
    text = HEAD + "期限 恢复：中断时刻 后 不到 72小时\n  完成：恢复时刻\n"
    long = "期限 恢复\n  起算：中断时刻\n  截止：中断时刻 ＋ 72小时 － 1秒\n  完成：恢复时刻\n"
    assert same_program(text, HEAD + long)
    english = formatted(text, to="en")
    assert "deadline 恢复: fewer than 72 hours after 中断时刻" in english and formatted(english, to="zh").endswith(
        "期限 恢复：中断时刻 后 不到 72小时\n  完成：恢复时刻\n"
    )
    policy = load_text(text + "".join(
        f"示例 {state}\n  评估日：2024年5月31日\n  已知：中断时刻 ＝ 2024-05-01 09:00，恢复时刻 ＝ 2024-05-04 {at}\n"
        f"  应得：恢复 {state}\n" for at, state in (("08:59:59", "按时"), ("09:00", "已逾期"))
    ))
    assert [report.passed for report in run_examples(policy)] == [True, True]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("期限 恢复：起日 后 不到 3天\n", "POL145"), ("期限 恢复：起日 后 不到 起日\n", "POL145"),
        ("条件 到了：起日 ＋ 3天（遇节假日顺延，若 顺延）\n", "POL146"),
        ("要求 到了：起日 早于 2024-05-01\n  否则：起日 ＋ 3天（遇节假日顺延，若 顺延）\n", "POL146"),
    ],
)
def test_where_they_do_not_fit(text: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(HEAD + text)
    assert code in [problem.code for problem in refused.value.diagnostics]
