"""Rows that a case supplies for a table which the policy leaves to its author."""

from __future__ import annotations

import pytest

from policydsl.diagnostics import SheetError
from testing_support import cases, policy

OPEN = """\
政策 丙
  编号：Z
数据
  档：文本
  率：百分比，0% 至 200%
表 权益
  | 权益档 | 培训 | 天数 |
表 固定
  | 名 | 值 |
  | a | 1 |
分档 点数
  范围：0分 至 10分
  | 率 | 点 |
奖励 有培训
  若：权益（档）的 培训 为 “享有”
  金额：100元
计算 天 ＝ 权益（档）的 天数
计算 定 ＝ 固定（“a”）的 值
"""
ROWS = "tables: {权益: [{权益档: 高, 培训: 享有, 天数: 3}, {权益档: 低, 培训: 不享有, 天数: 1}]}"


def passes(text: str) -> bool:
    made = policy(OPEN)
    (case,) = cases(text, made)
    return case.run(made).passed


@pytest.mark.parametrize("case", [
    f"{{name: x, {ROWS}, facts: {{档: 高}}, expect: {{有培训: 100元, 天: 3}}}}",
    f"{{name: x, {ROWS}, facts: {{档: 低}}, expect: {{有培训: 0元, 天: 1}}}}",
    f"{{name: x, {ROWS}, facts: {{档: 中}}, expect: {{天: {{unknown: []}}}}}}",  # no such row
    f"{{name: x, {ROWS}, expect: {{天: {{unknown: [档]}}}}}}",
    "{name: x, facts: {档: 高}, expect: {天: {unknown: [权益]}}}",  # nobody has filled it in
    "{name: x, 表: {点数: [{率: 100%, 点: 4分}]}, 事实: {率: 100%}, 应得: {点数: 4分}}",
])
def test_a_filled_table_is_looked_up(case: str) -> None:
    assert passes("- " + case)


def test_the_next_case_has_it_open_again() -> None:
    made = policy(OPEN)
    first, second = cases(
        f"- {{name: x, {ROWS}, facts: {{档: 高}}, expect: {{天: 3}}}}\n"
        "- {name: y, facts: {档: 高}, expect: {天: {unknown: [权益]}}}", made,
    )
    assert first.run(made).passed and second.run(made).passed


@pytest.mark.parametrize(("tables", "code", "place"), [
    ("{权宜: [{权益档: 高, 培训: 享有, 天数: 3}]}", "CASE111", (1, 22)),
    ("{固定: [{名: a, 值: 2}]}", "CASE111", (1, 22)),  # its rows are the policy's
    ("{权益: [{权益档: 高, 培训: 享有}]}", "CASE112", (1, 27)),
    ("{权益: [{权益档: 高, 培训: 享有, 夭数: 3}]}", "SHEET120", (1, 44)),
    ("{点数: [{率: 100%, 点: 11分}]}", "SHEET150", (1, 40)),  # out of the table's range
])
def test_faults(tables: str, code: str, place: tuple[int, int]) -> None:
    with pytest.raises(SheetError) as refused:
        cases(f"- {{name: x, tables: {tables}, expect: {{天: 3}}}}", policy(OPEN))
    found = [f for f in refused.value.diagnostics if f.code == code]
    assert [(f.span.line, f.span.column) for f in found] == [place]
