"""预算: held against a queue that is served by hand, for every way in which what is not known may turn out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from math import floor

import pytest
from engine_support import allows
from hypothesis import example, given
from hypothesis import strategies as st
from recheck_support import faults, proved
from tries import tries

from policydsl.diagnostics import PolicyError
from policydsl.domain import Possible
from policydsl.engine import examine as opened
from policydsl.engine import load_text
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import examine, read_document
from policydsl.render.text import verdict_text
from policydsl.testing import run_examples
from policydsl.verdict import Verdict

DAY = date(2024, 6, 30)
HEAD = "政策 预算\n  编号：B\n数据\n  申请额：金额，≥ 0元，≤ 9元\n  次第：数值，≥ 0，≤ 5，选填\n"
LINE = "  金额：申请额\n  预算：10元，按 次第 先后\n"
POLICY = load_text(
    HEAD + f"奖励 余额\n{LINE}  末份：付余额\n" + f"奖励 为止\n{LINE}  末份：不付到此为止\n"
    + f"奖励 比例\n{LINE}  末份：付余额\n  并列：按比例\n"
    + f"奖励 不付\n{LINE}  末份：不付到此为止\n  并列：全部不计\n"
    + f"奖励 跳过\n{LINE}  末份：不付后面照付\n" + f"奖励 跳不\n{LINE}  末份：不付后面照付\n  并列：全部不计\n"
)
BUDGET = 10
UNKNOWN, OPEN = object(), object()
One = tuple[int, int | None]  # what is asked for, and when


def sheets_of(everyone: Sequence[tuple[object, object]]) -> tuple[Sheet, ...]:
    sheets = []
    for i, told in enumerate(everyone):
        values: dict[str, Exact] = {}
        for name, value in zip(("申请额", "次第"), told, strict=True):
            if value is not UNKNOWN:
                values[name] = None if value is None else Fraction(value)  # type: ignore[call-overload]
        sheets.append(Sheet(f"p{i}", values=values, everyone=True))
    return tuple(sheets)


def judged(everyone: Sequence[tuple[object, object]]) -> list[Verdict]:
    return POLICY.judge(sheets_of(everyone), DAY, population=True)


def served(everyone: Sequence[One]) -> list[dict[str, object]]:
    """The queue, one turn after the other; those of one turn together."""
    names = ("余额", "为止", "比例", "不付", "跳过", "跳不")
    got: list[dict[str, object]] = [dict.fromkeys(names, 0) for _ in everyone]
    asked = 0  # by all who had their turn
    over = {"跳过": BUDGET, "跳不": BUDGET}  # what is left where those are passed over for whom it is not enough
    lost = False  # whether it hangs on a tie what is left
    for turn in sorted({t for _, t in everyone if t is not None}):
        level = [i for i, (own, t) in enumerate(everyone) if t == turn and own]  # who asks for nothing has nothing
        wants = sum(everyone[i][0] for i in level)
        left = max(0, BUDGET - asked)
        passed = {
            name: [everyone[i][0] if wants <= there else 0 for i in level]
            for name, there in over.items()
        }
        for i in level:
            own = everyone[i][0]
            if len(level) == 1 or asked + wants <= BUDGET:
                got[i] = {"余额": min(own, left), "为止": own if asked + own <= BUDGET else 0}
                got[i] |= {"比例": got[i]["余额"], "不付": got[i]["为止"]}
            else:
                share = Fraction(floor(Fraction(own * left * 100, wants)), 100)
                got[i] = {
                    "余额": OPEN if left else 0, "为止": OPEN if asked + own <= BUDGET else 0,
                    "比例": share, "不付": 0,
                }
        for name, shares in passed.items():
            for i, share_ in zip(level, shares, strict=True):
                open_ = name == "跳过" and (lost or not share_ and len(level) > 1 and everyone[i][0] <= over[name])
                got[i][name] = OPEN if open_ else share_
        lost = lost or any(got[i]["跳过"] is OPEN for i in level)
        over = {name: there - sum(passed[name]) for name, there in over.items()}
        asked += wants
    return got


def values(verdict: Verdict) -> dict[str, Possible]:
    return {name: result.total.value for name, result in verdict.results.items()}


populations = st.lists(
    st.tuples(st.sampled_from([0, 2, 3, 5, 6, 9]), st.sampled_from([None, 1, 2, 2, 3])), min_size=2, max_size=4
)
cells = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), max_size=2, unique=True)
FILL = ([0, 1, 3, 5, 9], [None, 1, 2, 3, 4])


@tries(15)
@example(everyone=[(6, 1), (5, 2), (5, 3)], blank=[(0, 0)])
@example(everyone=[(6, 1), (5, 1), (0, 1)], blank=[])
@given(everyone=populations, blank=cells)
def test_whatever_is_not_known_may_turn_out_to_be(everyone: list[One], blank: list[tuple[int, int]]) -> None:
    blank = [(i, k) for i, k in blank if i < len(everyone)]
    told: list[list[object]] = [list(one) for one in everyone]
    for i, k in blank:
        told[i][k] = UNKNOWN
    reported = [values(v) for v in judged([(a, b) for a, b in told])]
    for filling in itertools.product(*(FILL[k] for _, k in blank)):
        full = [list(one) for one in everyone]
        for (i, k), value in zip(blank, filling, strict=True):
            full[i][k] = value  # type: ignore[call-overload]
        right = served([(a, b) for a, b in full])  # type: ignore[misc]
        for name in ("比例", "不付", "跳不"):
            assert sum(Fraction(one[name]) for one in right) <= BUDGET  # type: ignore[call-overload]
        for said, one in zip(reported, right, strict=True):
            for name, value in one.items():
                if value is OPEN:
                    continue  # a tie of which nothing is said
                assert allows(said[name], Fraction(value)), (name, full, said[name])  # type: ignore[call-overload]
                assert blank or said[name].known, (name, full)


def test_no_more_is_used_than_there_is() -> None:
    """Whatever the first asks for, of 10 nothing is left, and never less than that."""
    for name in ("余额", "为止", "跳过"):
        for verdict in judged([(UNKNOWN, 1), (9, 2), (9, 3)]):
            used, left = (p.value for p in verdict.results[name].total.parts if p.name in ("used", "left"))
            assert used.high is not None and used.high <= BUDGET
            assert left.low is not None and left.low >= 0


def test_one_that_is_not_known_leaves_the_others_what_is_sure() -> None:
    """6, 5, 5 of 10 where the first is not known, 0 to 6: the second has 4 to 5, the third 0 to 5."""
    made = load_text(HEAD.replace("≤ 9元", "≤ 6元") + f"奖励 余额\n{LINE}  末份：付余额\n")
    sheets = sheets_of([(UNKNOWN, 1), (5, 2), (5, 3)])
    first, second, third = (values(v)["余额"] for v in made.judge(sheets, DAY, population=True))
    assert [(v.low, v.high) for v in (first, second, third)] == [(0, 6), (4, 5), (0, 5)]


def test_who_asks_for_too_much_is_passed_over() -> None:
    """60, 50, 30 of 100: 60, none, 30; where the last is not known, at most the 40 that are left."""
    lines = LINE.replace("10元", "100元") + "  末份：不付后面照付\n"
    made = load_text(HEAD.replace("9元", "60元") + f"奖励 基金\n{lines}")
    got = [values(v)["基金"] for v in made.judge(sheets_of([(60, 1), (50, 2), (30, 3)]), DAY, population=True)]
    assert [v.value for v in got] == [60, 0, 30]
    *_, last = made.judge(sheets_of([(60, 1), (50, 2), (UNKNOWN, 3)]), DAY, population=True)
    assert (values(last)["基金"].low, values(last)["基金"].high) == (0, 40)
    assert "tie" not in last.results["基金"].total.reasons
    parts = {part.name: part.value for part in last.results["基金"].total.parts}
    assert (parts["used"].low, parts["used"].high) == (60, 100)


DRAWS = """政策 抽奖
  编号：D
数据
  时刻：时刻
  应得：数量（次），≥ 0次

计算 次数 ＝ 应得
  预算：10次，按 时刻 先后
  末份：付余额
"""


def test_a_budget_of_what_is_no_money() -> None:
    """10 draws for those who come first: 6, then 3 of 3, then the 1 that is left of 4."""
    made = load_text(DRAWS)
    sheets = [
        Sheet(f"p{i}", values={"时刻": datetime(2024, 6, 1, 9 + i), "应得": Fraction(n)}, everyone=True)
        for i, n in enumerate((6, 3, 4, 2))
    ]
    got = made.judge(sheets, DAY, population=True)
    assert [values(v)["次数"].value for v in got] == [6, 3, 1, 0]
    assert {p.name: p.value.value for p in got[0].results["次数"].total.parts} == {"used": 10, "left": 0}


def test_what_is_used_and_left_is_told() -> None:
    verdict = judged([(6, 1), (3, 2)])[1]
    parts = {part.name: part.value.value for part in verdict.results["余额"].total.parts}
    assert parts == {"used": 9, "left": 1}
    assert "要 3元，排在前面的一共要 6元" in verdict_text(verdict, lang="zh")


def test_a_verdict_holds_when_it_is_checked_again() -> None:
    everyone: list[tuple[object, object]] = [(6, 1), (5, 2), (UNKNOWN, 2), (3, None)]
    assert faults(examine(read_document(proved(POLICY, sheets_of(everyone), DAY, population=True)))) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (LINE, "POL402"),
        ("  预算：10元，按 次第 先后\n  末份：付余额", "POL402"),
        (LINE + "  末份：不付到此为止\n  并列：按比例", "POL307"),
        (LINE + "  末份：付余额\n  并列：全部计入", "POL307"),
        (LINE + "  末份：付余额\n  名额：前 1家，按 次第 先后", "POL444"),
        ("  金额：申请额\n  预算：10家，按 次第 先后\n  末份：付余额", "POL301"),
        ("  金额：申请额\n  名额：前 10元，按 次第 先后", "POL309"),
    ],
)
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"{HEAD}奖励 奖\n{lines}\n")
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics


RECORDS = """政策 嵌套
  编号：N
台账 单
  主键：号
  号：文本
  客户：文本
  额：金额，≥ 0元
  日：日期

计算 同客户前二
  逐条：单
  若 额 ≥ 0元：合计（额，逐条 单，其中 同一 客户，只取 最大 2个）
  否则：0元

计算 名
  逐条：单
  排名：每个 客户，按 额 由高到低
  并列：同名次

奖励 基金
  逐条：单
  金额：额
  预算：每个 客户 100元，按 日 先后
  末份：付余额

示例 五单
  评估日：2024年6月30日
  已知 单：
  | 号 | 客户 | 额   | 日         |
  | 1  | 甲   | 50元 | 2024-01-01 |
  | 2  | 甲   | 30元 | 2024-01-02 |
  | 3  | 甲   | 40元 | 2024-01-03 |
  | 4  | 乙   | 90元 | 2024-01-01 |
  | 5  | 乙   | 20元 | 2024-01-02 |
  应得 单：
  | 号 | 同客户前二 | 名    | 基金 |
  | 1  | 90元       | 第1名 | 50元 |
  | 2  | 90元       | 第3名 | 30元 |
  | 3  | 90元       | 第2名 | 20元 |
  | 4  | 110元      | 第1名 | 90元 |
  | 5  | 110元      | 第2名 | 10元 |
  应得：基金 ＝ 200元
"""


def test_records_are_ranked_served_and_picked_within_their_group() -> None:
    """In a block per record, of each customer apart; 本条 around a total of the same ledger stays what it is."""
    (report,) = run_examples(load_text(RECORDS))
    assert report.failures == ()


SHARED = (
    "政策 共用\n  编号：S\n台账 拨款，共用\n  给谁：文本\n  拨：金额\n台账 订单\n  额：金额\n参数\n  定额 ＝ 50元\n"
    "表 区额\n  | 区 | 数 |\n  | 东 | 9元 |\n  | 西 | 8元 |\n"
    "数据\n  申请额：金额，≥ 0元\n  次第：数值\n  大区：选项（东、西）\n  自填：金额\n"
    "计算 半数 ＝ 自填 × 50%\n计算 各家 ＝ 合计（申请额，逐条 全体） × 50%\n"
)


@pytest.mark.parametrize(("total", "refused"), [
    ("自填", "自填"), ("半数", "自填"), ("合计（拨，逐条 拨款，其中 给谁 为 本方）", "本方"),
    ("合计（额，逐条 订单）", "订单"), ("每个 大区 自填", "自填"), ("定额", ""), ("各家 － 1元", ""),
    ("合计（拨，逐条 拨款）", ""), ("每个 大区 区额（大区）的 数", ""), ("合计（自填，逐条 全体）", ""),
])
def test_what_all_share_is_not_said_by_each(total: str, refused: str) -> None:
    """Each would be paid out of a budget of its own, and all together more than any of them."""
    text = SHARED + f"奖励 基金\n  金额：申请额\n  预算：{total}，按 次第 先后\n  末份：付余额\n"
    said = [d for d in opened({"t.pol": text}).diagnostics if d.severity == "error"]
    assert [(d.code, d.args["name"]) for d in said] == [("POL498", refused)] * bool(refused)
