"""The currency of a policy: its amounts are read and written in it, others are refused, and nothing is converted."""

from __future__ import annotations

import pytest

import policydsl
from policydsl.diagnostics import PolicyError
from policydsl.format import formatted
from policydsl.render.text import verdict_text
from policydsl.verdict import Verdict

DOLLARS = """政策 美元奖励
  编号：T
  币种：{currency}

数据
  业绩：金额，≥ 0美元

表 底价
  | 型号 | 价格      |
  | 甲   | {price} |

奖励 返利
  若：业绩 × 2.5% ≥ $200
  金额：业绩 × 2.5%
  上限：USD 12,000
"""
TEXT = DOLLARS.format(currency="美元", price="100美元")


SALES = [("8,000美元", 200), ("USD 7,999.99", 0), ("60万美元", 12_000), ("8000", 200)]


def judged(sales: str) -> Verdict:
    return policydsl.loads(TEXT).evaluate({"业绩": sales}, as_of="2024-06-30")


@pytest.mark.parametrize(("sales", "due"), SALES)
def test_amounts_of_a_policy_in_dollars(sales: str, due: int) -> None:
    assert judged(sales).results["返利"].total.value.value == due


def test_they_are_written_with_their_currency() -> None:
    assert "USD 200" in verdict_text(judged("8000"))


def test_translated_and_back() -> None:
    english = formatted(TEXT, to="en")
    assert ">= USD 200" in english and "USD 12,000" in english
    assert "≥ 200美元" in formatted(english, to="zh")


@pytest.mark.parametrize(
    ("currency", "price", "lines"),
    [("人民币", "100元", {6, 13, 15}), ("美元", "100元", {10}), ("欧元", "€100", {6, 13, 15})],
)
def test_other_currencies_are_refused_where_they_stand(currency: str, price: str, lines: set[int]) -> None:
    with pytest.raises(PolicyError) as caught:
        policydsl.loads(DOLLARS.format(currency=currency, price=price))
    assert {(p.code, p.span.line) for p in caught.value.diagnostics} == {("POL333", line) for line in lines}
