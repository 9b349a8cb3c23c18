"""What was once computed wrongly here or could not be said, as policies with values that were published or worked out
by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import policydsl

from policydsl.testing import run_examples
from shipped import shipped

FILES = sorted((Path(__file__).parent / "reported").glob("*.pol"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_value_is_right(path: Path) -> None:
    policy = shipped(path)
    reports = run_examples(policy)
    assert policy.diagnostics == () and reports
    assert [f"{r.name} {f.name}: {f.expected} / {f.actual}" for r in reports for f in r.failures] == []


BLANK = """政策 空白行
  编号：R-BLANK
台账 证书
  主键：证书号
  证书号：文本
计算 持证 ＝ 条数（证书）
等级 伙伴等级
  | 等级 | 持证 |
  | 金牌 | ≥ 3 |
  | 银牌 | ≥ 2 |
"""


def test_a_row_with_nothing_in_it_is_no_record() -> None:
    """Two certificates and a blank row that came with the paste are two."""
    rows = [{"证书号": "C1"}, {"证书号": "C2"}, {"证书号": None}]
    results = policydsl.loads(BLANK).evaluate({"证书": rows}, as_of="2024-06-30").results
    assert (results["持证"].total.value.value, results["伙伴等级"].total.value.value) == (2, "银牌")


RATIO = """政策 达成
  编号：R-RATIO
数据
  销售额：金额，≥ 0元
  目标：金额，＞ 0元
计算 达成率 ＝ 销售额 ÷ 目标
要求 不为负：达成率 ≥ 0%
条件 超额下降：1 － 销售额 ÷ 目标 ＞ 100%
"""


@pytest.mark.parametrize("more", [{}, {"目标": "100元"}])
def test_nothing_of_a_target_that_is_not_known_is_nothing(more: dict[str, str]) -> None:
    results = policydsl.loads(RATIO).evaluate({"销售额": "0元", **more}, as_of="2024-06-30").results
    assert results["不为负"].total.value.yes and results["超额下降"].total.value.no


SENT = """政策 送达
  编号：R-SENT
数据
  发生日：日期
  发送日：日期，选填，不早于 发生日
  送达日：日期，不早于 发送日
要求 晚：送达日 不早于 2022-08-01
"""


@pytest.mark.parametrize(("more", "late"), [
    ({}, "unknown"),  # 发送日 may be 无, and then nothing is said of 送达日
    ({"送达日": "2022-03-30"}, "no"), ({"发送日": "无", "送达日": "2022-03-30"}, "no"),
    ({"发送日": "2022-08-25"}, "yes"),
])
def test_a_range_that_may_have_no_end_limits_nothing(more: dict[str, str], late: str) -> None:
    judged = policydsl.loads(SENT).evaluate({"发生日": "2022-08-20", **more}, as_of="2024-06-30").results["晚"].total
    assert {"yes": judged.value.yes, "no": judged.value.no, "unknown": judged.status == "unknown"}[late]
