"""What a result reads: exactly what is behind it, and everything that a verdict may name as missing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from engine_support import CONSTRUCTS, DAY, POLICIES, accepted, cases, policy
from hypothesis import given
from hypothesis import strategies as st
from shipped import POLICIES as SHIPPED
from shipped import shipped
from test_properties import YES_NO, conditions, half_filled, plain
from tries import by_day, tries

from policydsl.domain import Possible
from policydsl.engine import Policy, load_text
from policydsl.facts import Record, Sheet
from policydsl.reads import DAY as DATE
from policydsl.reads import Key, reads_of
from policydsl.sheet import schema, template
from policydsl.verdict import Judged, ResultValue, Verdict



def wanted(made: Policy, name: str, ledger: str = "") -> set[str]:
    return set(reads_of(made.program).wanted_by.get((ledger, name), ()))


# ---------------------------------------------------------------------------------------------- what is behind what
FACTS = """数据
  甲：数值
  乙：数值，默认 甲
  丙：数值
  上限：数值
  丁：数值，不高于 上限
计算 一 ＝ 乙
计算 二 ＝ 一 ＋ 丙
条件 三：丁 ≥ 5
"""


def test_a_fact_is_read_with_what_stands_in_for_it_and_what_limits_it() -> None:
    made = policy(FACTS)
    assert wanted(made, "甲") == wanted(made, "乙") == {"一", "二"}
    assert wanted(made, "丙") == {"二"}
    assert wanted(made, "丁") == wanted(made, "上限") == {"三"}


def test_the_policys_own_gate_is_read_by_all() -> None:
    made = policy("  适用：已签约\n数据\n  已签约：是否\n  甲：数值\n计算 一 ＝ 甲\n计算 二 ＝ 3\n")
    assert wanted(made, "已签约") == {"一", "二"}
    assert wanted(made, "甲") == {"一"}


LEDGER = """数据
  起：日期
  用：是否
台账 单
  主键：号
  仅计：有效
  号：文本
  有效：是否
  额：数值
  日：日期
计算 总额 ＝ 合计（额，逐条 单）
计算 单数 ＝ 条数（单）
要求 每年一单：条数（单） ≥ 1
  统计期：每 1年，自 起，按 日
"""


def test_who_reads_a_list_reads_what_decides_its_records() -> None:
    made = policy(LEDGER)
    every = {"总额", "单数", "每年一单"}
    assert wanted(made, "", "单") == wanted(made, "有效", "单") == wanted(made, "号", "单") == every
    assert wanted(made, "额", "单") == {"总额"}
    assert wanted(made, "起") == wanted(made, "日", "单") == {"每年一单"}
    assert wanted(made, "用") == set()


def test_a_conversion_is_read_by_all_who_read_its_list() -> None:
    """Every third record of the third grade becomes one of the second, within a year of the first's day."""
    made = shipped(Path(__file__).parent / "constructs" / "15_escalation.pol")
    assert wanted(made, "级别", "违规") == wanted(made, "公告", "违规") == wanted(made, "", "违规")
    assert {"三变二", "二变一", "三类罚"} <= wanted(made, "公告", "违规")
    assert wanted(made, "说明") == set()


def test_a_cell_is_read_where_its_column_is() -> None:
    """The column 阻却 of 目录 has a cell that asks for 授权书; who counts its rows or reads another column asks not."""
    made = shipped(Path(__file__).parent / "constructs" / "05_tables.pol")
    assert wanted(made, "授权书") == {"有授权", "未阻却"}
    assert {"行数", "类别", "已开始", "未阻却"} <= wanted(made, "型号", "目录")


def test_an_item_of_a_score_sheet_is_read_where_its_column_is() -> None:
    made = shipped(Path(__file__).parent / "constructs" / "12_scores.pol")
    assert {"考核", "有项为零", "最低项", "交付满"} <= wanted(made, "合格数")
    assert "项数" not in wanted(made, "合格数")


def test_a_record_in_hand_is_read_without_its_list() -> None:
    """日 不早于 起日 compares two fields of one record; which records count, and on which day, is another matter."""
    made = policy(
        "数据\n  甲：是否\n台账 单\n  仅计：日 不晚于 评估日 且 甲\n  号：文本\n  起日：日期\n  日：日期，不早于 起日\n"
        "计算 单数 ＝ 条数（单）\n"
    )
    day = made.program.lists["单"].field_of("日")
    assert day is not None
    assert reads_of(made.program).of(day).keys == {("单", "起日")}
    assert reads_of(made.program).of_result["单数"].keys == {
        ("单", ""), ("单", "日"), ("单", "起日"), ("", "甲"), DATE
    }


# ---------------------------------------------------------------------------------------------- shipped policies
def test_periods_read_the_day_on_which_they_begin() -> None:
    """年请假 and 每年回访 count years from 交付日期; what is asked once, as 邮件服务四项, has nothing to do with it."""
    bid = shipped(SHIPPED / "inspur_bid_2018.pol")
    assert {"按期交付", "质保期满日", "年请假", "每年回访"} <= wanted(bid, "交付日期")
    assert "邮件服务四项" not in wanted(bid, "交付日期")
    meetings = {"季度对账培训", "月度产能联席会议", "周度复盘会议", "季度应急演练", "年度穿透式审计"}
    assert meetings <= wanted(shipped(SHIPPED / "huawei_2025.pol"), "方案生效日")


def test_a_blank_sheet_says_that_a_fact_is_for_everything() -> None:
    """适用：已签约 stands over the whole policy; a list of 100 names would help nobody."""
    facts = "数据\n  已签约：是否\n  人数：数值\n"
    made = load_text(f"政策 试\n  编号：T\n  适用：已签约\n{facts}条件 多：人数 ≥ 10\n条件 少：人数 ＜ 3\n", "t.pol")
    lines = template(made.program).splitlines()
    assert lines[lines.index("已签约:") - 1] == "# 用于：全部"
    assert schema(made.program)["$defs"]["sheet"]["properties"]["已签约"]["x-wanted-by"] == ["多", "少"]


def test_a_blank_sheet_in_english() -> None:
    facts = "data\n  signed: yes/no\n  size: number\n  unused: number\n"
    rules = "condition large: size >= 10\ncondition small: size < 3\n"
    made = load_text(f"policy Trial\n  id: T\n  for: signed\n{facts}{rules}", "t.en.pol")
    lines = [line for line in template(made.program).splitlines() if line.startswith("# used by")]
    assert lines == ["# used by: everything", "# used by: everything"]


# ---------------------------------------------------------------------------------------------- nothing is forgotten
def possible(judged: Judged) -> Iterator[Possible]:
    """Everything of a judgement that may wait for a fact."""
    given = [judged.value, judged.holds, judged.state, judged.bearer, judged.favour]
    given += [part.value for part in judged.parts]
    given += [day for measure in judged.measures for day in (measure.start, measure.end)]
    return (p for p in given if p is not None)


def key_of(made: Policy, name: str, ledger: str = "") -> Key:
    listed = {"全体": "@population"}.get(name, name)  # as verdicts call it
    return (listed, "") if not ledger and listed in made.program.lists else (ledger, name)


def key_of_missing(made: Policy, fact: str) -> Key:
    """A fact as a verdict names it: 名称, 台账, 台账[记录].字段; of another party, 全体[乙].名称."""
    if fact.startswith("全体["):
        fact = fact.partition("].")[2]
    ledger = next((n for n in made.program.lists if fact.startswith(f"{n}[")), "")
    return (ledger, fact.rpartition("].")[2]) if ledger else key_of(made, fact)


def needed(made: Policy, found: ResultValue) -> Iterator[Key]:
    for judged in (found.total, *(found.items or ())):
        yield from (key_of(made, need.name, need.list) for p in possible(judged) for need in p.needs)
        yield from (key_of_missing(made, fact) for fact in judged.missing)


def unread(made: Policy, verdicts: Sequence[Verdict]) -> list[tuple[str, Key]]:
    """The results that wait for something that the graph does not say they read."""
    read = reads_of(made.program).of_result
    out = []
    for verdict in verdicts:
        for name, found in verdict.results.items():
            out += [(name, key) for key in set(needed(made, found)) if key not in read[name].keys]
        for missing in verdict.missing:
            key = key_of_missing(made, missing.fact)
            out += [(name, key) for name in missing.wanted_by if key not in read[name].keys]
    return out


def sheets(made: Policy, seed: str, most: int) -> Iterator[tuple[tuple[Sheet, ...], bool, date]]:
    """An empty sheet, then some of the policy's examples with a part of what they give taken away."""
    yield (Sheet("P"),), False, DAY
    yield (Sheet("P"), Sheet("Q")), True, DAY
    draw = random.Random(seed)
    found = list(cases(made))
    for case in draw.sample(found, min(most, len(found))):
        share = draw.choice((Fraction(1, 5), Fraction(1, 2), Fraction(4, 5)))
        yield tuple(half_filled(made, case.sheets, draw, share)), case.population, case.as_of


@pytest.mark.parametrize("path", by_day([*POLICIES, *CONSTRUCTS], len(CONSTRUCTS) // 15))
def test_whatever_is_missing_is_read(path: Path) -> None:
    made = shipped(path)
    for given_, population, day in sheets(made, path.stem, 2):
        assert unread(made, made.judge(given_, day, population=population, trace=False)) == []


@tries(40)
@given(
    one=conditions(), two=conditions(1), cell=conditions(1), only=conditions(1), low=st.integers(0, 9),
    known=st.dictionaries(st.sampled_from(YES_NO), st.booleans()), told=st.booleans(), dated=st.booleans(),
)
def test_whatever_is_missing_in_a_generated_policy_is_read(
    one: str, two: str, cell: str, only: str, low: int, known: dict[str, bool], told: bool, dated: bool
) -> None:
    counted = plain(only).replace("甲", "有效").replace("乙", "已核").replace("丙", "有效")
    made = accepted(
        f"  适用：{plain(two)}\n数据\n" + "".join(f"  {n}：是否\n" for n in YES_NO)
        + "  色：选项（红、黄、蓝）\n  起：日期\n  底：数值\n  数：数值，不低于 底\n  量：数值，默认 数 ＋ 1\n"
        f"台账 单\n  主键：号\n  仅计：{counted}\n"
        "  号：文本\n  有效：是否\n  已核：是否\n  额：数值，不低于 底\n  日：日期\n"
        f"条件 条一：{plain(one)}\n条件 条二：{plain(two)}\n"
        f"条件 格：{plain(cell)}\n表 表格\n  | 键 | 可 | 值 |\n  | 红 | 格 | {low} |\n  | 黄 | | 2 |\n"
        "条件 果：表格（色）的 可 且 条一\n计算 取 ＝ 表格（色）的 值\n"
        f"计算 单数 ＝ 条数（单）\n条件 多：合计（额，逐条 单，其中 有效） ≥ {low}\n"
        f"要求 每年：条数（单，其中 条二） ≥ {low}\n  统计期：每 1年，自 起，按 日\n"
        f"计算 值\n  若 果：量\n  若 数 ＞ {low}：取\n  否则：未规定\n"
    )
    records = (Record("a", {"号": "a", "有效": True}), Record("b", {"号": "b", "额": Fraction(low)}))
    facts = {**known, **({"起": date(2023, 1, 1)} if dated else {})}
    sheet = Sheet("P", None, facts, {"单": records} if told else {})
    assert unread(made, made.judge([sheet], DAY, trace=False)) == []
