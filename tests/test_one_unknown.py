"""One unknown is one unknown, wherever it is read: of numbers and days the cells between what they are compared with,
of ledgers the cells of their records, the ordinals of tables and the totals of records too."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from random import Random

import pytest
from engine_support import policy, verdict

from policydsl.cli.recheck import worked
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.proof.results import proved_json
from policydsl.recheck.document import recheck
from policydsl.verdict import Verdict
from tries import by_day

Records = Mapping[str, Sequence[Mapping[str, Exact]]]


def values(made: Verdict, name: str) -> tuple[Exact, ...] | None:
    return made.results[name].total.value.values


def outcomes(text: str, facts: Mapping[str, Exact] | None = None, lists: Records | None = None) -> dict[str, object]:
    """What each result may be: its values, else the value itself."""
    made = verdict(policy(text), facts, lists)
    return {name: r.total.value.values or r.total.value for name, r in made.results.items()}


@pytest.mark.parametrize(("kind", "limit", "below", "at_least"), [
    ("金额，≥ 0元", "5元", "＜", "≥"), ("数值", "5", "＜", "≥"), ("数量（人）", "5人", "＜", "≥"),
    ("百分比", "5%", "＜", "≥"),
    ("日期", "2024年5月1日", "早于", "不早于"), ("时刻", "2024年5月1日 09:00", "早于", "不早于"),
    ("时刻", "2024年5月1日", "早于", "不早于"),
])
def test_of_two_opposite_grounds_one_holds(kind: str, limit: str, below: str, at_least: str) -> None:
    """Whatever the value is. With a further ground on both sides only that one matters; a gap between them stays."""
    found = verdict(policy(
        f"数据\n  甲：{kind}\n  乙：是否\n条件 总：甲 {at_least} {limit} 或 甲 {below} {limit}\n"
        f"条件 都不：甲 {at_least} {limit} 且 甲 {below} {limit}\n"
        f"条件 看乙：（甲 {at_least} {limit} 且 乙） 或 （甲 {below} {limit} 且 乙）\n"
    )).results
    assert {n: found[n].total.value.values for n in ("总", "都不", "看乙")} == {
        "总": (True,), "都不": (False,), "看乙": (False, True),
    }
    assert not found["看乙"].total.value.hull


def test_of_what_is_worked_out_one_ground_holds_as_well() -> None:
    """Between two days there are at least five or fewer; how many more or fewer is known of neither."""
    assert outcomes(
        "数据\n  起：日期\n  止：日期\n计算 隔 ＝ 相隔天数（起，止）\n"
        "条件 总：隔 ≥ 5天 或 隔 ＜ 5天\n条件 看：隔 ≥ 5天\n"
    )["总"] == (True,)


def test_what_a_number_goes_through_on_the_way_to_its_limit_is_undone() -> None:
    """3 more is at least 5, or it is less than 2; half of it is at least 5, or it is less than 10; in months: 30 days
    after April 1 is May 1."""
    assert outcomes(
        "数据\n  甲：金额\n  日：日期\n条件 加：甲 ＋ 3元 ≥ 5元 或 甲 ＜ 2元\n条件 半：甲 × 50% ≥ 5元 或 甲 ＜ 10元\n"
        "条件 缝：甲 ＋ 3元 ≥ 5元 或 甲 ＜ 1元\n条件 移：日 ＋ 30天 不早于 2024年5月1日 或 日 早于 2024年4月1日\n"
    ) == {"加": (True,), "半": (True,), "缝": (False, True), "移": (True,)}


LATE = "数据\n  应到：日期\n  到岗：日期，选填{}\n条件 迟：评估日 晚于 应到 且 （到岗 为 无 或 到岗 晚于 应到）\n"


@pytest.mark.parametrize(("more", "lateness"), [
    ("", (False, True)), ("，不晚于 评估日", (False, True)), ("，不早于 2024年1月2日", (True,)),
    ("，不早于 2024年1月2日，不晚于 评估日", (True,)),
])
def test_late_or_never_is_one_question(more: str, lateness: tuple[Exact, ...]) -> None:
    """Due on January 1: who came on January 2 at the earliest, or not at all, is late; else it may be in time."""
    found = verdict(policy(LATE.format(more)), {"应到": date(2024, 1, 1)})
    assert values(found, "迟") == lateness


def test_a_state_made_of_an_unknown_day_is_one_that_some_day_gives() -> None:
    """Due on January 1, judged in June: late or never is late, and nothing else is possible from January 2 on."""
    found = outcomes(
        "数据\n  应到：日期\n  到岗：日期，选填，不早于 2024年1月2日\n"
        "计算 态：选项（按时、已逾期、进行中）\n  若 到岗 不晚于 应到：按时\n"
        "  若 评估日 晚于 应到 且 （到岗 为 无 或 到岗 晚于 应到）：已逾期\n  否则：进行中\n",
        {"应到": date(2024, 1, 1)},
    )
    assert found == {"态": ("已逾期",)}


CREDIT = """台账 单据
  号：文本
  类：选项（发票、红字）
  额：金额，≥ 0元
奖励 佣金
  金额：（合计（额，逐条 单据，其中 类 为 发票） － 合计（额，逐条 单据，其中 类 为 红字）） × 4%
"""


def test_a_cell_of_a_ledger_is_one_unknown() -> None:
    """1000 and 200 more, or 200 less: 4% of 1200 or of 800, and nothing between."""
    records: list[dict[str, Exact]] = [
        {"号": "1", "类": "发票", "额": Fraction(1000)}, {"号": "2", "额": Fraction(200)},
    ]
    total = verdict(policy(CREDIT), {}, {"单据": records}).results["佣金"].total
    assert (total.value.values, total.value.hull, total.missing) == ((32, 48), False, ("单据[2].类",))


FINES = """台账 违规
  号：文本
  日：日期
期限 期
  逐条：违规
  起算：日
  时长：12个月
处罚 罚
  逐条：违规
  统计期：期
  | 次数 | 金额 |
  | 首次 | 1000元 |
  | 第2次 | 2000元 |
"""


def test_an_ordinal_is_one_of_those_that_are_possible() -> None:
    """One on May 1, another nobody knows when: each is the first or the second. Within a year of each other one is the
    first and one the second; else both are the first. There is no third, of which the document says nothing."""
    found = verdict(policy(FINES), {}, {"违规": [{"号": "1", "日": date(2024, 5, 1)}, {"号": "2"}]}).results["罚"]
    assert [i.value.values for i in found.items or ()] == [(1000, 2000), (1000, 2000)]
    assert (found.total.value.values, found.total.missing, found.total.reasons) == (
        (2000, 3000), ("违规[2].日",), ("missing",)
    )


REWARDS = """数据
  甲：是否
  额：金额，≥ 0元
台账 单
  号：文本
  类：选项（大、小）
奖励 看甲
  逐条：单
  若：（甲 且 类 为 大） 或 （并非 甲 且 类 为 小）
  金额：1元
奖励 看额
  逐条：单
  若：（额 ≥ 5元 且 类 为 大） 或 （额 ＜ 5元 且 类 为 小）
  金额：1元
计算 和 ＝ 合计（看额，逐条 单）
"""


def test_the_total_of_records_is_what_their_sum_may_be() -> None:
    """Of a large and a small one exactly one is rewarded, whatever 甲 and 额 are."""
    found = verdict(policy(REWARDS), {}, {"单": [{"号": "1", "类": "大"}, {"号": "2", "类": "小"}]}).results
    assert [i.value.values for i in found["看甲"].items or ()] == [(0, 1), (0, 1)]
    assert [found[name].total.value.values for name in ("看甲", "看额", "和")] == [(1,), (1,), (1,)]


def test_a_day_lies_in_one_period() -> None:
    """Meetings are due in each of April and May; one was on some day, so at least one month went without."""
    found = outcomes(
        "台账 会\n  号：文本\n  日：日期\n"
        "条件 都开：存在（会，其中 日 不早于 2024年4月1日 且 日 不晚于 2024年4月30日） 且 "
        "存在（会，其中 日 不早于 2024年5月1日 且 日 不晚于 2024年5月31日）\n", {}, {"会": [{"号": "1"}]},
    )
    assert found == {"都开": (False,)}


def test_a_fact_is_as_large_as_itself() -> None:
    """With 无 a comparison does not hold, and there is no difference: that stays open. What is wider is marked."""
    found = verdict(policy(
        "数据\n  甲：金额，≥ 0元\n  乙：金额，0元 至 100元\n  丙：金额，选填\n  丁：数值，1 至 3\n"
        "条件 比自己：甲 ≥ 甲\n条件 差为零：甲 － 甲 ＝ 0元\n"
        "条件 丙自己：丙 ≥ 丙\n条件 加了不少：甲 ＋ 乙 ≥ 甲\n条件 乘了不少：甲 × 丁 ≥ 甲\n"
    )).results
    assert {name: r.total.value.values for name, r in found.items()} == {
        "比自己": (True,), "差为零": (True,), "丙自己": (False, True), "加了不少": (True,), "乘了不少": (False, True),
    }
    assert [name for name, r in found.items() if r.total.value.hull] == ["乘了不少"]


def test_what_does_not_fit_into_the_suppositions_is_marked() -> None:
    text = "数据\n  甲：金额\n条件 总：甲 ≥ 5元 或 甲 ＜ 5元\n"
    made = policy(text)
    assert values(verdict(made), "总") == (True,)
    (few,) = made.judge([Sheet("P")], date(2024, 1, 1), completions=1)
    total = few.results["总"].total
    assert (total.value.values, total.value.hull) == ((False, True), True)


def test_an_event_after_the_evaluation_date_is_seen_on_a_later_day() -> None:
    """Not yet there at the end of June; on a later day it is there, or is not."""
    found = outcomes(
        "数据\n  办结：日期，选填，不晚于 评估日\n"
        "条件 现在：办结 为 无 或 办结 不早于 2024年6月1日 或 办结 早于 2024年6月1日\n"
        "条件 后来：（办结 为 无 且 （办结 于 2024年8月1日） 为 无） 或 办结 已填\n"
    )
    assert found == {"现在": (True,), "后来": (False, True)}


# ---------------------------------------------------------------------------------------------- all that is possible
FAMILY = """数据
  甲：金额，≥ 0元
  乙：日期，选填
  丙：是否
台账 单
  号：文本
  类：选项（大、小）
  额：金额，≥ 0元
"""
# For each unknown the values of which each stands for a cell, or is one that the tests name.
MONEY = tuple(map(Fraction, ("0", "3.5", "4", "4.5", "5")))
AMOUNTS = tuple(map(Fraction, (0, 3, 4, 5)))
DAYS = (None, date(2024, 4, 30), date(2024, 5, 1))
ATOMS = (
    "甲 ≥ 5元", "甲 ＜ 4元", "甲 ＞ 3元", "甲 ＋ 1元 ≤ 5元", "乙 为 无", "乙 早于 2024年5月1日",
    "乙 不早于 2024年5月1日", "丙", "并非 丙",
    "存在（单，其中 类 为 大）", "存在（单，其中 额 ≥ 4元）", "存在（单，其中 类 为 小 且 额 ≥ 3元）",
    "全部（额 ＜ 5元，逐条 单）",
    "合计（额，逐条 单，其中 类 为 大） ≥ 3元",
)


def generated(draw: Random) -> str:
    """Conditions out of few atoms, so that they read the same unknowns again and again."""
    atoms = draw.sample(ATOMS, 5)

    def condition(deep: int) -> str:
        if not deep:
            return draw.choice(atoms)
        parts = [condition(deep - 1) for _ in range(2)]
        word = draw.choice((" 且 ", " 或 "))
        return f"{draw.choice(('', '', '并非 '))}（{word.join(parts)}）"

    rules = [f"条件 甲{i}：{condition(2)}\n" for i in range(4)]
    rules.append(f"计算 数\n  若 {condition(1)}：1\n  若 {condition(1)}：2\n  若 {condition(1)}：3\n  否则：4\n")
    return FAMILY + "".join(rules)


def every(draw: Random, text: str) -> tuple[dict[str, object], dict[str, set[object]]]:
    """What is said of a sheet with gaps, and what comes of each way to fill them."""
    made = policy(text)
    record: dict[str, Exact] = {"号": "2", "类": draw.choice(("大", "小")), "额": draw.choice(AMOUNTS)}
    found = verdict(made, {}, {"单": [{"号": "1"}, record]})
    said = {name: set(r.total.value.values or ()) for name, r in found.results.items()}
    truth: dict[str, set[object]] = {name: set() for name in said}
    for a, b, c, kind, amount in itertools.product(MONEY, DAYS, (True, False), ("大", "小"), AMOUNTS):
        first: dict[str, Exact] = {"号": "1", "类": kind, "额": amount}
        one = verdict(made, {"甲": a, "乙": b, "丙": c}, {"单": [first, record]})
        for name, r in one.results.items():
            truth[name].add(r.total.value.value)
    return said, truth


@pytest.mark.parametrize("seed", by_day(range(4), 2))
def test_what_is_said_is_all_that_is_possible_and_nothing_else(seed: int) -> None:
    draw = Random(seed)
    said, truth = every(draw, generated(draw))
    assert said == truth


# ---------------------------------------------------------------------------------------------- several choices
WAYS = ("电话", "传真", "信件", "口信")
SEVERAL = f"数据\n  途径：多选（{'、'.join(WAYS)}）{{}}\n  丙：是否\n"
CHOSEN = (
    *(f"途径 包含 {way}" for way in WAYS), "途径 包含 电话、传真", "途径 包含 传真、信件、口信",
    "途径 依次为 电话、传真", "途径 依次为 信件、电话、口信", "途径 为 无", "丙",
)


def test_several_choices_are_one_unknown() -> None:
    """Both, or not one of them, or not the other; never both and not one; none at all is one of the possibilities."""
    assert outcomes(SEVERAL.format("") + (
        "条件 总：途径 包含 电话、传真 或 并非 途径 包含 电话 或 并非 途径 包含 传真\n"
        "条件 不会：途径 包含 电话、传真 且 并非 途径 包含 电话\n"
        "条件 没有：并非 途径 包含 电话 且 并非 途径 包含 传真 且 并非 途径 包含 信件 且 并非 途径 包含 口信\n"
    )) == {"总": (True,), "不会": (False,), "没有": (False, True)}


@pytest.mark.parametrize("seed", by_day(range(12), 2))
def test_of_several_choices_what_is_said_is_all_that_is_possible(seed: int) -> None:
    draw, optional = Random(seed), seed % 2

    def condition(deep: int) -> str:
        if not deep:
            return f"{draw.choice(('', '并非 '))}{draw.choice(CHOSEN)}"
        return f"（{draw.choice((' 且 ', ' 或 ')).join(condition(deep - 1) for _ in range(2))}）"

    made = policy(SEVERAL.format("，选填" * optional) + "".join(f"条件 甲{i}：{condition(2)}\n" for i in range(6)))
    (found,) = made.judge([Sheet("P")], date(2024, 6, 30), proof=True)
    assert not recheck(proved_json(found), worked).faults
    selections: list[Exact] = [c for size in range(5) for c in itertools.permutations(WAYS, size)]
    truth: dict[str, set[object]] = {name: set() for name in found.results}
    for chosen, other in itertools.product([*selections, *[None] * optional], (True, False)):
        for name, result in verdict(made, {"途径": chosen, "丙": other}).results.items():
            truth[name].update(result.total.value.values or ())  # steps that are left to do leave both open
    said = {name: set(r.total.value.values or ()) for name, r in found.results.items()}
    wider = {name for name, r in found.results.items() if r.total.value.hull}  # more cells than are worth it
    assert all(said[name] >= right and (said[name] == right or name in wider) for name, right in truth.items())
    assert len(wider) <= 3


# ---------------------------------------------------------------------------------------------- sums
SUMS = """数据
  甲：数值
  乙：数值，≥ 0
  丙：数值，选填
  丁：数值
条件 大：甲 ＋ 乙 ≥ 甲
条件 严：甲 ＋ 乙 ＞ 甲
条件 差：甲 － 2 × 甲 ＋ 甲 ≤ 乙
条件 空：丙 ＋ 乙 ≥ 丙
条件 等：甲 ＋ 1 为 甲
条件 双：2 × （甲 － 乙） ≤ 甲 ＋ 甲
条件 开：2 × 甲 ≥ 甲
计算 商 ＝ 乙 ÷ 丁
条件 商比：商 ＋ 1 ＞ 商
"""
SUMS_SAID: list[tuple[dict[str, Exact], str, str]] = [
    ({}, "大 差 双", "等"),  # 丙 may be 无, which is no more than itself; 商 may not be computable
    ({"乙": Fraction(1)}, "大 严 差 双", "等"),
    ({"甲": Fraction(-1)}, "大 差 双", "等 开"),
    ({"乙": Fraction(0)}, "大 差 双", "等 严"),
    ({"丙": None}, "大 差 双", "等 空"),
    ({"丙": Fraction(3)}, "大 差 双 空", "等"),
]


@pytest.mark.parametrize(("facts", "yes", "no"), SUMS_SAID)
def test_a_fact_on_both_sides_of_a_comparison_is_taken_together(facts: dict[str, Exact], yes: str, no: str) -> None:
    made = policy(SUMS)
    (found,) = made.judge([Sheet("P", None, dict(facts))], date(2024, 6, 30), proof=True)
    told = {name: result.total.value for name, result in found.results.items() if result.total.kind.base == "yesno"}
    assert {name for name, value in told.items() if value.yes} == set(yes.split())
    assert {name for name, value in told.items() if value.no} == set(no.split())
    assert not any(told[name].hull for name in (*yes.split(), *no.split()))
    assert not recheck(proved_json(found), worked).faults
