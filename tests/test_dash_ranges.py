"""A dash between two values in a cell is a range with both its ends, whatever dash it is; among names it is minus."""

from __future__ import annotations

from datetime import date

import pytest

from engine_support import number, policy, verdict
from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic, PolicyError
from policydsl.engine import load_text
from policydsl.format import formatted
from policydsl.kinds import Exact

DASHES = "-－–—―−~～"
BANDS = "数据\n  率：百分比，≥ 0%\n分档 奖\n  | 率 | 得 |\n"


def said(text: str) -> list[Diagnostic]:
    try:
        return list(policy(text).diagnostics)
    except PolicyError as error:
        return list(error.diagnostics)


def prize(text: str, name: str, **facts: Exact) -> Exact:
    found = verdict(policy(text), facts).results[name].total.value
    return None if found is None else found.value


@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize(("rate", "wanted"), [("0.599", 0), ("0.6", 1), ("0.7", 1), ("0.8", 1), ("0.801", 2)])
def test_a_dash_is_a_range_with_both_ends(dash: str, rate: str, wanted: int) -> None:
    text = f"{BANDS}  | ＜ 60% | 0元 |\n  | 60%{dash}80% | 1元 |\n  | ＞ 80% | 2元 |\n"
    assert prize(text, "奖", 率=number(rate)) == wanted


@pytest.mark.parametrize("dash", DASHES)
def test_gaps_and_overlaps_are_looked_for(dash: str) -> None:
    (gap,) = said(f"{BANDS}  | ＜ 60% | 0元 |\n  | 60%{dash}80% | 1元 |\n")
    assert (gap.code, gap.args["missing"]) == ("POL406", "率＞80%")
    (both,) = said(f"{BANDS}  | ＜ 60% | 0元 |\n  | 60%{dash}80% | 1元 |\n  | ≥ 80% | 2元 |\n")
    assert (both.code, both.args["both"]) == ("POL407", "率＝80%")
    (turned,) = said(f"{BANDS}  | ＜ 60% | 0元 |\n  | 80%{dash}60% | 1元 |\n  | ≥ 60% | 2元 |\n")
    assert turned.code == "POL419"


def test_every_kind_of_value_in_every_kind_of_table() -> None:
    text = """数据
  台：数量（台），≥ 1台
  额：金额，≥ 0元
  日：日期，不早于 2024年1月1日
  期：时长，≥ 0个月
  温：数值
分档 甲
  | 台 | 得 |
  | 1台－99台 | 1元 |
  | ≥ 100台 | 2元 |
等级 级
  | 等级 | 额 |
  | 金 | 300万元—500万元 |
  | 银 | 100万元-300万元 |
判定表 乙
  | 日 | 温 | 得 |
  | 2024年1月-2024年3月 | 不限 | 1元 |
  | ≥ 2024年4月1日 | -20－-10 | 2元 |
  | ≥ 2024年4月1日 | ＞ -10 | 3元 |
  | ≥ 2024年4月1日 | ＜ -20 | 4元 |
分档 丙
  | 期 | 得 |
  | 0个月-1年 | 1元 |
  | ＞ 12个月 | 2元 |
"""
    assert not [d for d in said(text) if d.severity == "error"]
    assert prize(text, "甲", 台=number(99)) == 1
    assert [prize(text, "级", 额=number(amount)) for amount in (999_999, 1_000_000, 3_000_000, 5_000_000)] == [
        None, "银", "金", "金"
    ]
    assert prize(text, "乙", 日=date(2024, 3, 31)) == 1  # the last day of the last month is in it
    assert [prize(text, "乙", 日=date(2024, 4, 1), 温=number(t)) for t in (-21, -20, -10, -9)] == [4, 2, 2, 3]


def test_in_english() -> None:
    made = load_text(
        "policy Demo\n  id: T\ndata\n  revenue: money, >= CNY 0\nbands prize\n  | revenue | gives |\n"
        "  | CNY 0-CNY 1 million | CNY 1 |\n  | > CNY 1 million | CNY 2 |\n"
    )
    found = verdict(made, {"revenue": number(1_000_000)}).results["prize"].total.value
    assert found is not None and found.value == 1


def test_among_names_and_in_brackets_it_is_minus() -> None:
    rows = "  | 率 | 得 |\n  | 甲-乙 | 1元 |\n  | （90%-60%） | 2元 |\n"
    text = f"数据\n  率：百分比\n  甲：百分比\n  乙：百分比\n判定表 奖\n{rows}"
    rates = {"甲": number("0.8"), "乙": number("0.6")}
    assert prize(text, "奖", 率=number("0.2"), **rates) == 1
    assert prize(text, "奖", 率=number("0.3"), **rates) == 2


@pytest.mark.parametrize("cell", ["60-80%", "100-499台", "100-300万元", "100-300万", "1-3个月"])
def test_a_unit_at_one_end_only_is_refused(cell: str) -> None:
    kind = "百分比" if "%" in cell else "数量（台）" if "台" in cell else "时长" if "月" in cell else "金额"
    first, second = cell.split("-")
    unit = second.lstrip("0123456789")
    found = said(f"数据\n  数：{kind}\n判定表 奖\n  | 数 | 得 |\n  | {cell} | 1元 |\n")
    assert "POL426" in {d.code for d in found}
    fix = next(d.fix for d in found if d.code == "POL426")
    assert fix is not None and fix.text == f"{first}{unit} 至 {second}"


def test_a_range_is_no_result() -> None:
    assert "POL411" in {d.code for d in said(f"{BANDS}  | 不限 | 1元-2元 |\n")}


def test_what_cannot_be_proved_is_told_where_it_stands() -> None:
    rows = "  | 率 | 得 |\n  | ＜ 额 ÷ 100元 | 1元 |\n  | ≥ 80% | 2元 |\n"
    (told,) = said(f"数据\n  率：百分比，0% 至 100%\n  额：金额，≥ 0元\n分档 奖\n{rows}")
    assert (told.code, told.severity, told.args["read"]) == ("POL427", "notice", "＜ 额 ÷ 100元")
    assert told.span.line == 8
    assert not said(f"{BANDS}  | ＜ 60% | 1元 |\n  | ≥ 60% | 2元 |\n")


def test_layout_keeps_the_range() -> None:
    text = f"政策 试\n  编号：T\n\n{BANDS}  | ＜ 60% | 0元 |\n  | 60%—80% | 1元 |\n  | ＞ 80% | 2元 |\n"
    made = load_text(formatted(text))
    (clause,) = [b for b in made.file.blocks if isinstance(b, n.Clause)]
    assert clause.table is not None
    assert isinstance(clause.table.rows[1].cells[0], n.RangeCell)
