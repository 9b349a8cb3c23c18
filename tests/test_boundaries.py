"""What facts are compared with, and the parts of their domains."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest

from policydsl.boundaries import Boundary, Cell, Key, boundaries, cells
from policydsl.core import InputDecl, Program
from policydsl.engine import load_text
from policydsl.kinds import Exact
from shipped import POLICIES, shipped

POLICY = """政策 边界
  编号：B
参数
  门槛 ＝ 100万元
  宽限 ＝ 3个月
  可调：数量（人），1人 至 5人
数据
  业绩：金额，≥ 0元
  人数：数量（人），≥ 0人
  占比：百分比，0% 至 100%
  省份：选项（北京、上海、广东）
  渠道：文本，属于 渠道表
  新伙伴：是否
  签约日：日期，选填
  赢单时刻：时刻
  加成：金额
台账 订单
  主键：订单号
  订单号：文本
  金额：金额
  城市：选项（甲城、乙城）
表 渠道表
  | 名称 | 系数 |
  | 直销 | 10% |
  | 分销 | 20% |
计算 总额 ＝ 业绩 ＋ 5万元
条件 达标：业绩 ≥ 门槛 【一】
条件 加总达标：总额 ＞ 55万元
条件 人数够：人数 ≥ 10人 且 人数 ＜ 50人
条件 占比够：占比 高于 30%
条件 在京沪：省份 属于 北京、上海
条件 老伙伴：并非 新伙伴
条件 早签：签约日 ＋ 宽限 不晚于 2024年5月31日
条件 当天赢：赢单时刻 不晚于 2024年6月30日
条件 大单：存在（订单，其中 金额 ≥ 20万元）
条件 多单：条数（订单） ≥ 3
计算 系数 ＝ 渠道表（渠道）的 系数
分档 档位
  | 人数   | 得分 |
  | ≥ 30人 | 3分  |
  | 10人 至 29人 | 1分 |
  | 低于 10人 | 0分 |
"""


@pytest.fixture(scope="module")
def program() -> Program:
    return load_text(POLICY, "边界.pol").program


def values(program: Program, *key: str) -> list[tuple[str, Exact]]:
    name: Key = (key[0], key[1]) if len(key) == 2 else ("", key[0])
    return [(b.op, b.value) for b in boundaries(program)[name]]


def decl(program: Program, name: str, ledger: str = "") -> InputDecl:
    found = program.lists[ledger].field_of(name) if ledger else program.inputs[name]
    assert found is not None
    return found


def parts(program: Program, name: str, ledger: str = "") -> tuple[Cell, ...]:
    return cells(decl(program, name, ledger), boundaries(program)[ledger, name])


def shown(program: Program, name: str, lang: str = "zh") -> list[str]:
    return [cell.label("en" if lang == "en" else "zh") for cell in parts(program, name)]


def test_a_parameter_stands_for_its_value_and_a_sum_is_undone(program: Program) -> None:
    # 总额 > 55万 is 业绩 > 50万
    assert values(program, "业绩") == [(">=", Fraction(0)), (">", Fraction(500_000)), (">=", Fraction(1_000_000))]


def test_a_boundary_tells_whom_it_serves(program: Program) -> None:
    found = [b for b in boundaries(program)["", "业绩"] if b.value == 1_000_000]
    assert found == [Boundary(Fraction(1_000_000), ">=", found[0].at, "达标", ("一",))]
    line = POLICY.splitlines()[found[0].at.line - 1]
    assert line[found[0].at.column - 1:].startswith("业绩 ≥ 门槛")


def test_another_value_of_the_parameter(program: Program) -> None:
    found = boundaries(program, settings={"门槛": Fraction(7)})
    assert Fraction(7) in [b.value for b in found["", "业绩"]]


def test_cells_of_money(program: Program) -> None:
    assert shown(program, "业绩") == ["≤ 50万元", "＞ 50万元 且 ＜ 100万元", "≥ 100万元"]
    assert [c.sample for c in parts(program, "业绩")] == [500_000, Fraction(50_000_001, 100), 1_000_000]
    assert parts(program, "业绩")[0].edges == (0, 500_000)


def test_cells_of_a_count_are_whole(program: Program) -> None:
    # the band's rows cut at 10 and 30 besides
    assert shown(program, "人数") == ["＜ 10人", "≥ 10人 且 ≤ 29人", "≥ 30人 且 ＜ 50人", "≥ 50人"]
    assert [c.sample for c in parts(program, "人数")] == [9, 10, 30, 50]
    assert [c.edges for c in parts(program, "人数")] == [(0, 9), (10, 29), (30, 49), (50,)]


def test_cells_in_english(program: Program) -> None:
    assert shown(program, "占比", "en") == ["≤ 30%", "> 30%"]
    assert [c.edges for c in parts(program, "占比")] == [
        (0, Fraction(3, 10)), (Fraction(3001, 10_000), 1),
    ]


def test_choices_and_yesno(program: Program) -> None:
    assert shown(program, "省份") == ["北京", "上海", "广东"]
    assert values(program, "省份") == [("=", "上海"), ("=", "北京")]
    assert shown(program, "新伙伴") == ["是", "否"]
    assert values(program, "新伙伴") == [("=", True)]


def test_a_day_moved_by_months_is_looked_for(program: Program) -> None:
    # 29 February + 3 months is 29 May, 1 March + 3 months is 1 June: the last good day is 29 February
    assert values(program, "签约日") == [("<=", date(2024, 2, 29))]
    assert shown(program, "签约日") == ["≤ 2024年2月29日", "＞ 2024年2月29日", "无"]
    assert [c.sample for c in parts(program, "签约日")] == [date(2024, 2, 29), date(2024, 3, 1), None]


def test_a_day_stands_for_all_its_hours(program: Program) -> None:
    assert [c.sample for c in parts(program, "赢单时刻")] == [
        datetime(2024, 6, 30, 23, 59), datetime(2024, 7, 1, 0, 0),
    ]


def test_records_and_their_number(program: Program) -> None:
    found = boundaries(program)
    assert [(b.op, b.value, b.alone) for b in found["订单", "金额"]] == [(">=", Fraction(200_000), True)]
    assert [(b.op, b.value, b.alone) for b in found["订单", ""]] == [(">=", Fraction(3), False)]
    assert [c.label("zh") for c in parts(program, "城市", "订单")] == ["甲城", "乙城"]


def test_keys_of_a_table(program: Program) -> None:
    assert set(values(program, "渠道")) == {("=", "直销"), ("=", "分销")}
    assert sorted(shown(program, "渠道")) == ["分销", "直销"]  # nothing else is accepted


def test_what_nothing_compares_is_one_part(program: Program) -> None:
    assert values(program, "加成") == []
    (only,) = parts(program, "加成")
    assert only.label("zh") == "任意值" and only.label("en") == "any value" and only.edges == ()


def test_a_declared_range_is_kept(program: Program) -> None:
    (only,) = parts(program, "可调")
    assert only.edges == (1, 5) and only.sample == 1 and only.label("zh") == "任意值"


@pytest.mark.parametrize("name", ["2022_inspur", "h3c_star_2024", "alicloud_fy22"])
def test_shipped_samples_are_in_their_cells(name: str) -> None:
    """Every sample lies between the ends of its cell, and the cells of an ordered fact follow one another."""
    program = shipped(POLICIES / f"{name}.pol").program
    found = boundaries(program)
    for each in program.inputs.values():
        made = cells(each, found["", each.name])
        assert made, each.name
        samples = [c.sample for c in made if c.ordered]
        if each.kind.numeric:
            numbers = [s for s in samples if isinstance(s, Fraction)]
            assert numbers == sorted(set(numbers)) and len(numbers) == len(samples)
            for cell in made:
                if isinstance(cell.sample, Fraction):
                    edges = [e for e in cell.edges if isinstance(e, Fraction)]
                    assert not edges or min(edges) <= cell.sample <= max(edges) or len(edges) == 1


def test_a_tier_is_found_through_cases_and_parameters() -> None:
    program = shipped(POLICIES / "2022_inspur.pol").program
    found = boundaries(program)["", "DSR业绩"]
    tiers = {b.value: b.clauses[0] for b in found if b.rule == "IVR等级"}
    assert tiers == {Fraction(1_500_000): "INS-44 渠道奖励计划", Fraction(8_000_000): "INS-44 渠道奖励计划"}


@pytest.mark.parametrize(("term", "fact", "expected"), [
    # 365 days after 1 January 2024, a leap year, are 31 December.
    ("计息年数（2024年1月1日，还款日，“实际/365”） ≥ 1", "还款日", (">=", date(2024, 12, 31))),
    ("计息年数（2024年1月1日，还款日，“实际/365”） ＞ 1", "还款日", (">", date(2024, 12, 31))),
    ("计息年数（2024年1月1日，还款日，“实际/365”） ≤ 1", "还款日", ("<=", date(2024, 12, 31))),
    ("计息年数（2024年1月1日，还款日，“实际/360”） ＜ 1 ÷ 2", "还款日", ("<", date(2024, 6, 29))),  # 180 days
    # From 30 January, 29 February is 29 days of months of 30, and 1 March is 31: no day is 30.
    ("计息年数（2024年1月30日，还款日，“30/360”） ≥ 1 ÷ 12", "还款日", (">=", date(2024, 3, 1))),
    ("计息年数（2024年1月30日，还款日，“30/360”） ＞ 1 ÷ 12", "还款日", (">", date(2024, 2, 29))),
    # 365 days before 1 January 2025 is 2 January 2024.
    ("计息年数（起息日，2025年1月1日，“实际/365”） ≥ 1", "起息日", ("<=", date(2024, 1, 2))),
    ("计息年数（起息日，2025年1月1日，“实际/365”） ＞ 1", "起息日", ("<", date(2024, 1, 2))),
    ("1 ＞ 计息年数（起息日，2025年1月1日，“实际/365”）", "起息日", (">", date(2024, 1, 2))),
    # Two hours after 9:10 are 11:10; the end of a day is later than that from the same day on. Fifteen reach 0:10.
    ("按时刻 的 逾期时长 ＞ 2小时", "办结时刻", (">", datetime(2024, 5, 10, 11, 10))),
    ("按时刻 的 逾期时长 ≤ 1天", "办结时刻", ("<=", datetime(2024, 5, 11, 9, 10))),
    ("按日 的 逾期时长 ＞ 2小时", "办结日", (">=", date(2024, 5, 10))),
    ("按日 的 逾期时长 ≤ 15小时", "办结日", ("<", date(2024, 5, 11))),
])
def test_a_limit_of_interest_or_of_lateness_is_a_day_or_an_instant(
    term: str, fact: str, expected: tuple[str, Exact]
) -> None:
    made = load_text(
        "政策 界\n  编号：B\n数据\n  起息日：日期\n  还款日：日期\n  办结时刻：时刻，选填\n  办结日：日期，选填\n"
        "期限 按时刻\n  截止：2024年5月10日 9:10\n  完成：办结时刻\n"
        "期限 按日\n  截止：2024年5月10日 9:10\n  完成：办结日\n"
        f"条件 甲：{term}\n条件 乙：起息日 已填 且 还款日 已填\n", "界.pol",
    ).program
    at = [(b.op, b.value) for b in boundaries(made)["", fact] if b.rule == "甲"]
    assert expected in at
