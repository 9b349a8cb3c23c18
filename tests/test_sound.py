"""Whatever the missing facts turn out to be, the value lies in what was reported: answers that once did not allow what
came out, or never came, worked out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from engine_support import GRADED, policy, verdict

from policydsl.calendar import CannotCompute, periods
from policydsl.cli.recheck import worked
from policydsl.core import Name
from policydsl.domain import YES, Possible, interval, point, within
from policydsl.engine import Policy
from policydsl.evaluate import Evaluator
from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.exact_scope import Unknown, tried
from policydsl.evaluate.lists import rows
from policydsl.facts import Record, Sheet
from policydsl.kinds import NUMBER, YESNO, Duration, Exact
from policydsl.lower import build
from policydsl.lower.build import const
from policydsl.operators import Setting, apply
from policydsl.proof.results import proved_json
from policydsl.recheck.document import recheck


def value(
    made: Policy, name: str, facts: dict[str, Exact] | None = None, **ledgers: list[dict[str, Exact]]
) -> Possible:
    return verdict(made, facts, ledgers).results[name].total.value


# ---------------------------------------------------------------------------------------------- conversions
EXCHANGED = """台账 违规
  主键：号
  号：文本
  级别：选项（三类、二类、一类），由低到高
  公告：日期
期限 有效期
  逐条：违规，其中 级别 属于 二类、三类
  起算：公告 当日起
  时长：12个月
累计 三变二
  统计：违规，其中 级别 为 三类
  统计期：有效期
  每满：2次
  视为：2次 二类
处罚 二类罚
  逐条：违规，其中 级别 为 二类
  统计期：有效期
  | 次数  | 金额    |
  | 首次  | 5000元  |
  | 第2次 | 10000元 |
"""


def test_two_records_made_of_one_are_two() -> None:
    """The second of the two that two violations become is a second one: 5 000 + 10 000."""
    rows: list[dict[str, Exact]] = [
        {"号": "甲", "级别": "三类", "公告": date(2024, 1, 1)}, {"号": "乙", "级别": "三类", "公告": date(2024, 2, 1)},
    ]
    found = verdict(policy(EXCHANGED), None, {"违规": rows}).results["二类罚"]
    assert found.total.value == point(Fraction(15000))
    assert [i.value for i in found.items or ()] == [point(Fraction(5000)), point(Fraction(10000))]


# ---------------------------------------------------------------------------------------------- tables
def test_the_range_of_a_table_limits_the_columns_of_its_own_kind() -> None:
    made = policy(
        "数据\n  型：文本\n表 表格\n  范围：5% 至 15%\n  | 型号 | 比例 | 级别 |\n  | A | 6% | 高 |\n  | B | 8% | 低 |\n"
        "数据\n  级：选项（高、低）\n条件 同级：级 为 表格（型）的 级别\n计算 比 ＝ 表格（型）的 比例\n"
    )
    rate = value(made, "比", {"级": "高"})
    assert (rate.low, rate.high) == (Fraction(5, 100), Fraction(15, 100))
    assert value(made, "同级", {"级": "高"}).values == (False, True)
    assert value(made, "同级", {"级": "高", "型": "A"}) == point(True)


def test_a_record_without_its_key_may_be_the_one_that_is_looked_up() -> None:
    made = policy(
        "台账 单\n  号：文本\n  额：金额\n数据\n  名：文本\n条件 在：名 属于 单\n计算 某额 ＝ 单（名）的 额\n"
    )
    six: dict[str, Exact] = {"额": Fraction(6)}
    first: list[dict[str, Exact]] = [six, {"号": "B", "额": Fraction(5)}]
    last: list[dict[str, Exact]] = [{"号": "B", "额": Fraction(5)}, six]
    found = verdict(made, {"名": "A"}, {"单": first})
    assert found.results["在"].total.value.values == (False, True)
    assert found.results["在"].total.missing == found.results["某额"].total.missing == ("单[6].号",)
    assert value(made, "在", {"名": "A"}, 单=[six | {"号": "A"}, last[0]]) == point(True)
    assert value(made, "某额", {"名": "B"}, 单=first).values == (Fraction(5), Fraction(6))
    assert value(made, "某额", {"名": "B"}, 单=last) == point(Fraction(5))  # the first that has the key


# ---------------------------------------------------------------------------------------------- 无
def none_is_allowed(found: Possible) -> bool:
    return found.none if found.values is None else None in found.values


def test_the_field_of_a_record_nobody_told_of_may_be_none() -> None:
    """If the ledger turns out to have an order without a day, the look-up and the latest day are 无."""
    made = policy(
        "台账 单\n  主键：号\n  号：文本\n  日：日期，选填\n  额：金额\n计算 某日 ＝ 单（“A”）的 日\n"
        "计算 末日 ＝ 最晚（日，逐条 单）\n计算 某额 ＝ 单（“A”）的 额\n条件 无日：某日 为 无\n"
    )
    assert none_is_allowed(value(made, "某日"))
    assert none_is_allowed(value(made, "末日"))
    assert value(made, "无日").values == (False, True)
    assert not none_is_allowed(value(made, "某额"))
    orders: list[dict[str, Exact]] = [{"号": "A", "日": None, "额": Fraction(1)}]
    for name, wanted in (("某日", None), ("末日", None), ("无日", True), ("某额", Fraction(1))):
        assert value(made, name, 单=orders) == point(wanted)


def test_the_latest_of_records_that_may_not_be_there_is_not_none() -> None:
    """Whether the order without a day counts is not known: without it there is no latest day at all."""
    made = policy("台账 单\n  号：文本\n  日：日期，选填\n  真：是否\n计算 末日 ＝ 最晚（日，逐条 单，其中 真）\n")
    order: dict[str, Exact] = {"号": "A", "日": None}
    assert not value(made, "末日", 单=[order]).known
    assert value(made, "末日", 单=[order | {"真": True}]) == point(None)
    assert not value(made, "末日", 单=[order | {"真": False}]).known


def test_a_key_that_may_be_none_finds_nothing() -> None:
    made = policy(
        "数据\n  型：文本，选填\n表 表格\n  | 型号 | 比例 |\n  | A | 6% |\n  | B | 8% |\n计算 比 ＝ 表格（型）的 比例\n"
    )
    assert none_is_allowed(value(made, "比"))
    assert value(made, "比", {"型": None}) == point(None)


def test_a_value_made_of_what_may_be_none_may_be_none() -> None:
    made = policy("数据\n  日：日期，选填\n计算 月 ＝ 月份（日）\n条件 无月：月 为 无\n")
    assert none_is_allowed(value(made, "月"))
    assert value(made, "无月").values == (False, True)
    assert value(made, "无月", {"日": None}) == point(True)


# ---------------------------------------------------------------------------------------------- highest and lowest
def test_the_worst_of_many_open_states_is_open() -> None:
    """Compared by the order of the options, however many combinations there are, and not by how they are spelt."""
    made = policy(
        "台账 单\n  号：文本\n  级：选项（低、中、高），由低到高\n"
        "计算 最高级 ＝ 最大（级，逐条 单）\n计算 最低级 ＝ 最小（级，逐条 单）\n"
    )
    orders: list[dict[str, Exact]] = [{"号": str(i)} for i in range(9)]
    assert set(value(made, "最高级", 单=orders).values or ()) == {"低", "中", "高"}
    some = [*orders, {"号": "9", "级": "中"}]
    assert set(value(made, "最高级", 单=some).values or ()) == {"中", "高"}
    assert set(value(made, "最低级", 单=some).values or ()) == {"低", "中"}


def test_a_limit_below_that_is_not_known_may_lift_the_value() -> None:
    """限于（10，底，5）is 5 if the lower limit is 3, and 8 if that is 8."""
    made = policy("数据\n  底：数值\n计算 值 ＝ 限于（10，底，5）\n")
    assert (value(made, "值").low, value(made, "值").high) == (Fraction(5), None)
    assert value(made, "值", {"底": Fraction(3)}) == point(Fraction(5))
    assert value(made, "值", {"底": Fraction(8)}) == point(Fraction(8))


# ---------------------------------------------------------------------------------------------- conflicts
def test_exceptions_that_may_agree_are_no_conflict_yet() -> None:
    made = policy(
        "数据\n  甲：是否\n  乙：是否\n  额：金额\n计算 双 ＝ 0元\n  例外：若 甲，得 额\n  例外：若 乙，得 2元\n"
    )
    both: dict[str, Exact] = {"甲": True, "乙": True}
    assert verdict(made, both).results["双"].total.status == "unknown"
    assert verdict(made, both | {"额": Fraction(2)}).results["双"].total.value == point(Fraction(2))
    assert verdict(made, both | {"额": Fraction(1)}).results["双"].total.status == "conflict"


ONE, TWO = Fraction(1, 100), Fraction(2, 100)


@pytest.mark.parametrize(("told", "status", "allowed"), [
    ({"新": True}, "unknown", {ONE, TWO}),  # 旧 yes: a conflict of the two; 旧 no: 钻石, 2%
    ({"旧": True}, "unknown", {ONE, TWO}),
    ({}, "unknown", {ONE, TWO, None}),  # neither: 150元 have no grade
    ({"新": True, "旧": False}, "known", {TWO}),
    ({"新": False, "旧": False}, "known", {None}),
    ({"新": True, "旧": True}, "conflict", {ONE, TWO}),  # there is a grade, whichever it is
])
def test_what_may_come_to_be_in_conflict_is_none_yet(
    told: dict[str, Exact], status: str, allowed: set[Exact]
) -> None:
    found = verdict(policy(GRADED), {"业绩": Fraction(150), **told}).results["比例"].total
    if allowed == {None}:
        assert found.status == "not_applicable" or found.value == point(None)
    else:
        assert (found.status, set(found.value.values or ())) == (status, allowed)


TWICE = """数据
  新：是否
  旧：是否
  客：是否
计算 双 ＝ 5元
  例外：若 新，得 1元
  例外：若 旧，得 2元
"""
BOTH: dict[str, Exact] = {"新": True, "旧": True}


def test_a_table_for_whom_a_value_is_given_is_open_while_the_value_may_come_to_be_in_conflict() -> None:
    """Whether 旧 or not, 双 is given: the row is that of 新."""
    made = policy(TWICE + "判定表 比例\n  对象：双 已填\n  | 新 | 得数 |\n  | 是 | 1% |\n  | 否 | 2% |\n")
    assert verdict(made, {"新": True}).results["比例"].total.status == "unknown"
    found = verdict(made, BOTH).results["比例"].total
    assert (found.status, found.value) == ("known", point(ONE))


def test_what_else_is_waited_for_may_settle_what_rests_on_a_conflict() -> None:
    """客 no: 且 is no and 或 waits for the conflict; 客 yes: 或 is yes and 且 rests on the conflict."""
    made = policy(TWICE + "条件 且式：双 ≥ 2元 且 客\n条件 或式：双 ≥ 2元 或 客\n")
    for told, both, either in ((None, "unknown", "unknown"), (False, "known", "conflict"), (True, "conflict", "known")):
        facts = BOTH if told is None else BOTH | {"客": told}
        results = verdict(made, facts).results
        assert (results["且式"].total.status, results["或式"].total.status) == (both, either)

RESTING = """数据
  是否：甲、乙
  量：数值
台账 单
  主键：号
  号：文本
  额：数值
  真：是否
计算 级
  例外 若 甲：5
  例外 若 乙：7
  否则：1
计算 和 ＝ 级 ＋ 量
计算 积 ＝ 级 × 量
条件 多：级 ＞ 量
条件 大：级 ＞ 6
计算 记 ＝ 合计（额 × 级，逐条 单，其中 真）
计算 条 ＝ 条数（单，其中 额 ＞ 级）
"""


def rows_(*told: dict[str, Exact]) -> tuple[Record, ...]:
    return tuple(Record(str(row["号"]), row) for row in told)


SIX: dict[str, Exact] = {"号": "A", "额": Fraction(6), "真": True}
OPEN_: dict[str, Exact] = {"号": "B", "额": Fraction(5)}
RESTS: list[tuple[Fraction | None, tuple[Record, ...] | None, dict[str, str]]] = [
    # what is missing may settle it: 0 times either value is 0, and 3 is less than both
    (None, (), {"和": "unknown", "积": "unknown", "多": "unknown", "大": "conflict", "记": "known", "条": "known"}),
    (Fraction(0), rows_(SIX), {"和": "conflict", "积": "known", "多": "known", "记": "conflict", "条": "conflict"}),
    (Fraction(6), rows_(SIX, OPEN_), {"积": "conflict", "多": "conflict", "记": "unknown", "条": "conflict"}),
    (Fraction(6), None, {"记": "unknown", "条": "unknown"}),
]


@pytest.mark.parametrize(("amount", "orders", "said"), RESTS)
def test_what_rests_on_a_conflict_is_one_only_where_nothing_else_is_open(
    amount: Fraction | None, orders: tuple[Record, ...] | None, said: dict[str, str]
) -> None:
    """级 is 5 and 7 at once. Of the orders of which all is known the total is 30 and 42 at once."""
    made = policy(RESTING)
    facts: dict[str, Exact] = {"甲": True, "乙": True} | ({} if amount is None else {"量": amount})
    sheet = Sheet("P", None, facts, {} if orders is None else {"单": orders})
    (found,) = made.judge([sheet], date(2024, 6, 30), proof=True)
    assert {name: found.results[name].total.status for name in said} == said
    assert not recheck(proved_json(found), worked).faults


def test_an_exception_that_says_none_leaves_open_whether_there_is_a_value() -> None:
    made = policy(TWICE.replace("得 2元", "得 无") + "条件 有：双 已填\n")
    assert verdict(made, BOTH).results["有"].total.status == "conflict"


def test_the_exact_evaluator_knows_that_what_is_in_conflict_is_a_value() -> None:
    for source, there in ((TWICE, True), (TWICE.replace("得 2元", "得 无"), None)):
        made = policy(source + "条件 有：双 已填\n")
        ev = ExactEvaluator(made.program, (Sheet("", values=BOTH),), {})
        found = tried(lambda ev=ev: ev.shared(Name("有", "value"), None, ev.scope(0, date(2024, 6, 30))))
        assert (found is True) if there else isinstance(found, Unknown)


def test_what_may_hold_besides_a_conflict_may_be_none() -> None:
    """客 yes adds 无 to the two that are in conflict: that there is a value is not said before."""
    made = policy(TWICE + "  例外：若 客，得 无\n条件 有：双 已填\n")
    assert verdict(made, BOTH).results["有"].total.status == "conflict"
    assert verdict(made, BOTH | {"客": False}).results["有"].total.value == YES


def test_a_conflict_of_whom_it_may_not_concern_is_none_yet() -> None:
    made = policy(TWICE + "奖励 奖\n  对象：客\n  金额：双\n")
    assert verdict(made, BOTH).results["奖"].total.status == "unknown"
    assert verdict(made, BOTH | {"客": False}).results["奖"].total.status == "not_applicable"
    assert verdict(made, BOTH | {"客": True}).results["奖"].total.status == "conflict"


# ---------------------------------------------------------------------------------------------- conversions that wait
CHAIN = """数据
  加重：是否
台账 违规
  主键：号
  号：文本
  级别：选项（三类、二类、一类），由低到高
  公告：日期
期限 有效期
  逐条：违规
  起算：公告 当日起
  时长：12个月
累计 三变二
  统计：违规，其中 级别 为 三类
  统计期：有效期
  每满：2次
  视为：1次 二类
累计 二变一
  统计：违规，其中 级别 为 二类 且 加重
  统计期：有效期
  每满：2次
  视为：1次 一类
计算 一类数 ＝ 条数（违规，其中 级别 为 一类）
处罚 每次罚
  逐条：违规
  统计期：有效期
  | 次数  | 金额    |
  | 首次  | 5000元  |
  | 第2次 | 10000元 |
  | 第3次 | 20000元 |
"""


def violations(*levels: str | None) -> list[dict[str, Exact]]:
    """One after the other in the ledger, all of one day."""
    day = date(2024, 1, 1)
    return [
        {"号": str(i), "公告": day} | ({} if level is None else {"级别": level}) for i, level in enumerate(levels)
    ]


def test_whether_a_made_record_is_converted_may_not_be_known() -> None:
    """Four of the third class become two of the second, which become one of the first only if 加重."""
    made, rows = policy(CHAIN), violations(*["三类"] * 4)
    found = value(made, "一类数", 违规=rows)
    assert not found.known and {Fraction(0), Fraction(1)} <= {*(found.values or ())}
    assert value(made, "一类数", {"加重": True}, 违规=rows) == point(Fraction(1))
    assert value(made, "一类数", {"加重": False}, 违规=rows) == point(Fraction(0))


@pytest.mark.parametrize("level", [None, "一类", "二类", "三类"])
def test_records_of_one_day_stand_in_the_order_of_the_ledger(level: str | None) -> None:
    """Whether a conversion asks for it or not, the second is the second: 5 000 + 10 000."""
    found = verdict(policy(CHAIN), {"加重": False}, {"违规": violations("一类", level)}).results["每次罚"]
    assert {i.record: i.value for i in found.items or ()} == {"0": point(Fraction(5000)), "1": point(Fraction(10000))}


# ---------------------------------------------------------------------------------------------- running columns
def test_what_is_left_of_a_debt_that_may_not_count() -> None:
    """A debt that does not count takes no part; while that is not known, nothing is known to be left of it."""
    made = policy(
        "数据\n  余额：金额\n台账 单\n  号：文本\n  额：金额\n  真：是否\n  仅计：真\n"
        "抵扣 逐笔\n  逐条：单\n  应付：额\n  次序：余额\n"
    )

    def rest(**more: Exact) -> Possible:
        record = Record("A", {"号": "A", "额": Fraction(5), **more})
        ev = Evaluator(made.program, (Sheet("", None, {"余额": Fraction(8)}, {"单": (record,)}),), {})
        scope = ev.scope(0, date(2024, 6, 30))
        (entry,) = rows(ev, "单", scope).entries
        return ev.shared(Name("逐笔", "rest"), entry, scope)

    assert rest(真=True) == point(Fraction(0))
    assert not rest(真=False).known
    assert not rest().known


# ---------------------------------------------------------------------------------------------- ranges, periods
def test_bounds_in_which_nothing_lies_do_not_settle_a_value() -> None:
    five = Fraction(5)
    wide = interval(Fraction(0), Fraction(9))
    assert within(wide, five, False, five, False) == point(five)
    assert within(wide, five, True, five, False) == wide
    assert within(wide, five, False, five, True) == wide


def test_periods_of_no_length_are_none() -> None:
    with pytest.raises(CannotCompute):
        periods(Duration(Fraction(0), "M"), None, None, None, date(2024, 6, 30))
    with pytest.raises(CannotCompute):
        periods(Duration(Fraction(-1), "M"), date(2024, 1, 1), None, None, date(2024, 6, 30))


# ---------------------------------------------------------------------------------------------- so many of them
def test_nobody_knows_whether_none_of_them_is_enough() -> None:
    """At least 无 of some: 无 is no number, whatever they are; where the number may be 无 it is not known."""
    none, some = const(None, NUMBER), [const(True, YESNO), const(True, YESNO)]
    term = build.apply("at_least", none, *some)
    made = apply("at_least", [point(None), YES, YES], [NUMBER, YESNO, YESNO], YESNO, Setting(None, None))
    assert (made.values, made.reasons) == ((False, True), {"not_computable"})
    open_ = Possible((None, Fraction(1)))
    assert apply("at_least", [open_, YES, YES], [NUMBER, YESNO, YESNO], YESNO, Setting(None, None)).maybe
    ev = ExactEvaluator(policy("数据\n  甲：是否\n条件 乙：甲\n").program, (Sheet(""),), {})
    outcome = ev.outcome(term, ev.scope(0, date(2024, 6, 30)))
    assert isinstance(outcome, Unknown) and outcome.reason == "not_computable"


@pytest.mark.parametrize("divisor", [None, Fraction(0), Fraction(3)])
def test_nothing_times_what_may_not_be_computable_is_nothing(divisor: Fraction | None) -> None:
    """It is 0 for any other divisor, and what is known before the divisor is does not change with it."""
    made = policy("数据\n  乙：数值\n计算 甲 ＝ 0 × （3 ÷ 乙）\n")
    facts: dict[str, Exact] = {} if divisor is None else {"乙": divisor}
    assert value(made, "甲", facts) == point(Fraction(0))
    ev = ExactEvaluator(made.program, (Sheet("", values=facts),), {})
    outcome = tried(lambda: ev.shared(Name("甲", "value"), None, ev.scope(0, date(2024, 6, 30))))
    assert outcome == Fraction(0) if divisor else isinstance(outcome, Unknown)  # which says less, never otherwise


# ---------------------------------------------------------------------------------------------- as of another day
def test_a_range_from_the_evaluation_date_limits_on_other_days_what_it_limits_on_that_one() -> None:
    """The sheet may say 30 June, the day of the verdict: on 1 July that was earlier."""
    made = policy(
        "数据\n  到期日：日期，不早于 评估日\n条件 晚：到期日 不早于 2024年7月1日\n条件 当时：晚 于 2024年7月1日\n"
    )
    assert value(made, "当时").values == (False, True)
    assert value(made, "当时", {"到期日": date(2024, 6, 30)}) == point(False)
    assert value(made, "当时", {"到期日": date(2024, 7, 1)}) == point(True)


def test_what_happened_before_the_evaluation_date_may_have_happened_on_another_day() -> None:
    """On 1 May the delivery of 1 May has happened; on 1 July that of 1 July, which the verdict sets aside."""
    made = policy(
        "数据\n  交付日：日期，早于 评估日\n条件 五月：交付日 为 2024年5月1日\n条件 七月：交付日 为 2024年7月1日\n"
        "条件 那时五月：五月 于 2024年5月1日\n条件 那时七月：七月 于 2024年7月1日\n"
        "条件 六月时七月：七月 于 2024年6月29日\n"
    )
    for name, day in (("那时五月", date(2024, 5, 1)), ("那时七月", date(2024, 7, 1))):
        assert value(made, name).values == (False, True)
        assert value(made, name, {"交付日": day}) == point(True)
    assert value(made, "六月时七月") == point(False)  # on 29 June nothing of July has happened, whatever the sheet says


def test_the_range_of_what_is_worked_out_is_promised_of_the_evaluation_date() -> None:
    """90 on the day of the verdict, as promised; three times that is 270 before June."""
    made = policy(
        "数据\n  业绩：金额\n计算 额\n  若 评估日 早于 2024年6月1日：业绩 × 3\n  否则：业绩\n  范围：0元 至 100元\n"
        "计算 半 ＝ 业绩 ÷ 2\n  范围：0元 至 50元\n条件 不大：额 不超过 100元\n条件 那时不大：不大 于 2024年5月1日\n"
        "条件 半不大：半 不超过 50元\n条件 那时半不大：半不大 于 2024年5月1日\n"
    )
    assert value(made, "不大") == point(True)
    assert value(made, "那时不大").values == (False, True)
    assert value(made, "那时不大", {"业绩": Fraction(90)}) == point(False)
    assert value(made, "那时半不大") == point(True)  # the same on every day
