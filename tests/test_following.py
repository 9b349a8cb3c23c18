"""One error for one cause: what a line that cannot be read would have declared is not told to be unknown besides."""

from __future__ import annotations

import pytest

from policydsl.diagnostics import PolicyError
from policydsl.engine import load_text

HEAD = """政策 坏
  编号：B-1
数据
  业绩：金额，≥ 0元
  通知日：日期
  改完日：日期，选填
"""


def told(text: str) -> list[tuple[str, int]]:
    """The errors, with the lines of the text below the head."""
    with pytest.raises(PolicyError) as refused:
        load_text(HEAD + text)
    return [(d.code, d.span.line - 6) for d in refused.value.diagnostics if d.severity == "error"]


@pytest.mark.parametrize(("text", "wanted"), [
    (  # a deadline whose line of completion is broken has no days late
        "期限 整改：通知日 后 7天\n  完成：改完日 当天\n计算 晚 ＝ 整改 的 逾期天数\n条件 迟：整改 已逾期\n",
        [("POL101", 2)],
    ),
    (  # the row of a score that cannot be read has no item
        "评分 季度考核\n  满分：100分\n  | 考核项 | 满分 | 得分 |\n  | 交付 | 100分 | 30分 ）|\n"
        "计算 交付得分 ＝ 季度考核 的 交付\n", [("POL102", 4)],
    ),
    (  # an amount that cannot be read is no amount
        "处罚 罚：业绩 ＜ 1元\n  金额：业绩 ×\n计算 罚额 ＝ 罚 ＋ 3元\n", [("POL103", 2)],
    ),
    ("抵扣 扣\n  应付：业绩\n  次序：业绩 业绩\n计算 余 ＝ 扣 的 差额\n", [("POL102", 3)]),
    (  # names of a line of facts, and of a ledger
        "数据\n  受理日、签约日：日期\n期限 申诉：受理日 后 3天\n计算 晚 ＝ 签约日 ＋ 3天\n", [("POL102", 2)],
    ),
    (
        "台账 订单\n  单号：文本\n  额、量：金额\n计算 和 ＝ 合计（量，逐条 订单）\n", [("POL102", 3)],
    ),
])
def test_what_a_broken_line_declares_is_not_told_besides(text: str, wanted: list[tuple[str, int]]) -> None:
    assert told(text) == wanted


def test_what_has_nothing_to_do_with_the_broken_line_is_still_told() -> None:
    text = "期限 整改：通知日 后 7天\n  完成：改完日 当天\n计算 和 ＝ 业绩 ＋ 3天\n计算 差 ＝ 丙丁名 ＋ 3元\n"
    assert told(text) == [("POL101", 2), ("POL302", 3), ("POL201", 4)]


def test_what_the_header_may_say_in_a_line_that_cannot_be_read_is_not_missing() -> None:
    text = "计算 年名 ＝ 财年（通知日）\n"
    with pytest.raises(PolicyError) as refused:
        load_text(HEAD.replace("编号：B-1", "编号：B-1\n  财年起始：4月") + text)
    assert [(d.code, d.span.line) for d in refused.value.diagnostics if d.severity == "error"] == [("POL102", 3)]
    assert told(text)[0] == ("POL315", 1)
