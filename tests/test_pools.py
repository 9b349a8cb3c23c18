"""资金池: held against a pool that is shared by hand, for every way in which what is not known may turn out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor

import pytest
from engine_support import allows
from hypothesis import example, given
from hypothesis import strategies as st
from recheck_support import faults, proved
from tries import by_day, tries

from policydsl.diagnostics import PolicyError
from policydsl.domain import Possible
from policydsl.engine import Policy, load_text
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import examine, read_document
from policydsl.render.text import verdict_text
from policydsl.testing import run_examples
from policydsl.verdict import Verdict

DAY = date(2024, 6, 30)
HEAD = (
    "政策 池\n  编号：P\n数据\n  系数：数值，≥ 0，≤ 3\n  次第：数值，≥ 0，≤ 9，选填\n  最多：分数，≥ 0分，≤ 20分\n"
)
POOL, UNIT = 20, 3
UNKNOWN, OPEN = object(), object()
CUT = f"  取整：{UNIT}分，舍去\n"
WAYS = {
    "平分": "  分配：平均\n",
    "比例": "  分配：按 系数 比例\n",
    "封顶": "  分配：按 系数 比例\n  上限：最多\n  超出：不再分\n",
    "再分": "  分配：按 系数 比例\n  上限：最多\n  超出：再分\n",
    "舍去": f"  分配：按 系数 比例\n{CUT}  余数：留存\n",
    "首位": f"  分配：按 系数 比例\n{CUT}  余数：归首位\n",
    "零头": f"  分配：按 系数 比例\n{CUT}  余数：按零头\n",
    "先后": "  分配：按 次第 由低到高，同者 按 系数 比例\n",
    "先后限": f"  分配：按 次第 由低到高，同者 按 系数 比例\n  上限：最多\n  超出：不再分\n{CUT}  余数：留存\n",
    "先后平": "  分配：按 次第 由高到低，同者 平均\n  上限：8分\n  超出：不再分\n",
}
BLOCKS = "".join(f"奖励 {name}奖\n  资金池：{POOL}分\n{lines}" for name, lines in WAYS.items())
RESTS = "".join(f"计算 {name}余 ＝ {name}奖 的 余数\n" for name in WAYS)
POLICY = load_text(HEAD + BLOCKS + RESTS)
One = tuple[int, int | None, int]  # the factor, in which turn, at most how much


def sheets_of(everyone: Sequence[Sequence[object]]) -> tuple[Sheet, ...]:
    sheets = []
    for i, told in enumerate(everyone):
        values: dict[str, Exact] = {}
        for name, value in zip(("系数", "次第", "最多"), told, strict=True):
            if value is not UNKNOWN:
                values[name] = None if value is None else Fraction(value)  # type: ignore[call-overload]
        sheets.append(Sheet(f"p{i}", values=values, everyone=True))
    return tuple(sheets)


def judged(everyone: Sequence[Sequence[object]], policy: Policy = POLICY) -> list[Verdict]:
    return policy.judge(sheets_of(everyone), DAY, population=True)


def cut(share: Fraction) -> Fraction:
    return Fraction(floor(share / UNIT) * UNIT)


def proportion(pool: Fraction, weights: Sequence[int]) -> list[Fraction]:
    return [pool * w / sum(weights) if w else Fraction(0) for w in weights]


def filled(weights: Sequence[int], caps: Sequence[int]) -> list[Fraction]:
    """Capping one by one: what is above a cap goes to the others, until nobody is above."""
    out = dict[int, Fraction]()
    left, open_ = Fraction(POOL), [i for i, w in enumerate(weights) if w]
    while open_:
        shares = proportion(left, [weights[i] for i in open_])
        full = [i for i, share in zip(open_, shares, strict=True) if share > caps[i]]
        for i, share in zip(open_, shares, strict=True) if not full else ():
            out[i] = share
        if not full:
            break
        for i in full:
            out[i] = Fraction(caps[i])
            left -= caps[i]
        open_ = [i for i in open_ if i not in full]
    return [out.get(i, Fraction(0)) for i in range(len(weights))]


def in_turn(everyone: Sequence[One], weights: Sequence[int], caps: Sequence[int | None], down: bool) -> list[Fraction]:
    got, left = [Fraction(0) for _ in everyone], Fraction(POOL)
    turns = sorted({t for _, t, _ in everyone if t is not None}, reverse=not down and caps[0] == 8)
    for turn in turns:
        level = [i for i, (_, t, _) in enumerate(everyone) if t == turn]
        shares = proportion(left, [weights[i] for i in level])
        for i, share in zip(level, shares, strict=True):
            most = caps[i]
            got[i] = share if most is None else min(share, Fraction(most))
            got[i] = cut(got[i]) if down else got[i]
        left -= sum(got[i] for i in level)
    return got


def shared(everyone: Sequence[One]) -> dict[str, list[Fraction | object]]:
    weights, caps = [w for w, _, _ in everyone], [m for _, _, m in everyone]
    exact = proportion(Fraction(POOL), weights)
    whole = [cut(share) for share in exact]
    out: dict[str, list[Fraction | object]] = {
        "平分": [*proportion(Fraction(POOL), [1] * len(everyone))], "比例": [*exact],
        "封顶": [min(share, Fraction(m)) for share, m in zip(exact, caps, strict=True)],
        "再分": [*filled(weights, caps)], "舍去": [*whole],
        "先后": [*in_turn(everyone, weights, [None] * len(everyone), down=False)],
        "先后限": [*in_turn(everyone, weights, caps, down=True)],
        "先后平": [*in_turn(everyone, [1] * len(everyone), [8] * len(everyone), down=False)],
    }
    first = next((i for i, w in enumerate(weights) if w), None)
    out["首位"] = [share + (POOL - sum(whole)) * (i == first) for i, share in enumerate(whole)]
    more = (POOL - sum(whole)) // UNIT if any(weights) else 0
    off = [share - w for share, w in zip(exact, whole, strict=True)]
    fractions: list[Fraction | object] = []
    for i, share in enumerate(whole):
        before, beside = (sum(weights[j] > 0 and test(off[j], off[i]) for j in range(len(off))) for test in (
            Fraction.__gt__, Fraction.__ge__
        ))
        sure = weights[i] == 0 or before >= more or beside <= more
        fractions.append(share + UNIT * (weights[i] > 0 and before < more) if sure else OPEN)
    out["零头"] = fractions
    return out


def values(verdict: Verdict) -> dict[str, Possible]:
    return {name: result.total.value for name, result in verdict.results.items()}


ones = st.tuples(st.sampled_from([0, 1, 2, 3]), st.sampled_from([None, 1, 2, 2]), st.sampled_from([0, 2, 5, 7, 20]))
cells = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=2, unique=True)
FILL: tuple[list[int | None], ...] = ([0, 1, 3], [None, 1, 2, 3], [0, 1, 6, 20])


@tries(12)
@example(everyone=[(3, 1, 20), (2, 1, 20)], blank=[(1, 0)])
@example(everyone=[(0, 1, 20), (0, 2, 20)], blank=[])
@example(everyone=[(3, 1, 5), (1, 1, 20), (2, 2, 5)], blank=[(1, 1)])
@given(everyone=st.lists(ones, min_size=2, max_size=4), blank=cells)
def test_whatever_is_not_known_may_turn_out_to_be(everyone: list[One], blank: list[tuple[int, int]]) -> None:
    blank = [(i, k) for i, k in blank if i < len(everyone)]
    told: list[list[object]] = [list(one) for one in everyone]
    for i, k in blank:
        told[i][k] = UNKNOWN
    reported = [values(v) for v in judged(told)]
    for filling in itertools.product(*(FILL[k] for _, k in blank)):
        full = [list(one) for one in everyone]
        for (i, k), value in zip(blank, filling, strict=True):
            full[i][k] = value  # type: ignore[call-overload]
        right = shared([(a, b, m) for a, b, m in full])  # type: ignore[misc]
        for name, shares in right.items():
            for said, share in zip(reported, shares, strict=True):
                if share is OPEN:
                    continue
                assert allows(said[f"{name}奖"], share), (name, full, said[f"{name}奖"])  # type: ignore[arg-type]
                assert blank or said[f"{name}奖"].known, (name, full)
            if OPEN not in shares:
                rest = POOL - sum(shares)  # type: ignore[arg-type]
                assert rest >= 0
                assert allows(reported[0][f"{name}余"], Fraction(rest)), (name, full, reported[0][f"{name}余"])
                assert blank or reported[0][f"{name}余"].known


def test_a_factor_that_is_not_known_leaves_what_is_shared_together_known() -> None:
    """1,000 by 3 to something from 1 to 3: 500 to 750 and 250 to 500, together always 1,000."""
    policy = load_text(
        "政策 池\n  编号：P\n数据\n  系数：数值，≥ 1，≤ 3\n"
        "奖励 奖\n  资金池：1000分\n  分配：按 系数 比例\n计算 余 ＝ 奖 的 余数\n"
    )
    everyone = (Sheet("p0", values={"系数": Fraction(3)}, everyone=True), Sheet("p1", values={}, everyone=True))
    first, second = (values(v) for v in policy.judge(everyone, DAY, population=True))
    assert (first["奖"].low, first["奖"].high) == (500, 750)
    assert (second["奖"].low, second["奖"].high) == (250, 500)
    assert first["余"].value == 0


RECORDS = """政策 航班
  编号：H
台账 乘客
  主键：号
  号：文本
  系数：数值，≥ 0
  年龄：数值，≥ 0
参数
  里程 ＝ 1800分
奖励 里程奖
  逐条：乘客
  若：系数 大于 0
  资金池：里程 ＋ 1分
  分配：按 年龄 由低到高，同者 按 系数 比例
  上限：500分
  超出：不再分
  取整：1分，舍去
  余数：留存
计算 余下 ＝ 里程奖 的 余数
示例 四位
  评估日：2024年6月30日
  已知 乘客：
  | 号 | 系数 | 年龄 |
  | 1  | 2    | 39   |
  | 2  | 3    | 22   |
  | 3  | 1    | 39   |
  | 4  | 0    | 5    |
  应得 乘客：
  | 号 | 里程奖 |
  | 1  | 500分  |
  | 2  | 500分  |
  | 3  | 433分  |
  | 4  | 不成立 |
  应得：余下 ＝ 368分
"""


def test_records_share_a_pool() -> None:
    """1,801: 500 for the one of 22; 866.67 and 433.33 of 1,301 → 500 and 433; the one of 5 is no candidate."""
    (report,) = run_examples(load_text(RECORDS))
    assert report.failures == ()


def test_an_amount_of_money_is_never_shared_out_beyond_what_there_is() -> None:
    """200 in three: 66.66 each, and 0.02 is left; rounded half up they would come to 200.01."""
    made = load_text("政策 池\n  编号：P\n奖励 奖\n  资金池：200元\n  分配：平均\n计算 余 ＝ 奖 的 余数\n")
    everyone = [Sheet(f"p{i}", values={}, everyone=True) for i in range(3)]
    first = values(made.judge(everyone, DAY, population=True)[0])
    assert (first["奖"].value, first["余"].value) == (Fraction("66.66"), Fraction("0.02"))


def test_the_working_is_told() -> None:
    text = verdict_text(judged([(3, 1, 5), (1, 1, 20)])[0], lang="zh")
    assert "20分 × 3 ÷（3 ＋ 别人的 1）；最多 5分；分得 5分" in text


@pytest.mark.parametrize("blank", by_day([None, (0, 0), (1, 1), (2, 2)], 2))
def test_a_verdict_holds_when_it_is_checked_again(blank: tuple[int, int] | None) -> None:
    everyone: list[list[object]] = [[3, 1, 5], [1, 2, 20], [2, 2, 7], [1, None, 7]]
    if blank is not None:
        everyone[blank[0]][blank[1]] = UNKNOWN
    document = read_document(proved(POLICY, sheets_of(everyone), DAY, population=True))
    assert faults(examine(document)) == []


UNBOUNDED = """政策 池
  编号：U
台账 合同
  主键：号
  号：文本
  权：数值
奖励 奖
  逐条：合同
  资金池：100元
  分配：按 权 比例
"""


@pytest.mark.parametrize(("weights", "shares"), [
    ((1, None), ((0, 100), (0, 100))), ((None, None), ((0, 100), (0, 100))), ((1, 3), ((25, 25), (75, 75))),
])
def test_a_weight_without_bounds_leaves_nothing_to_all_of_the_pool(
    weights: tuple[int | None, ...], shares: tuple[tuple[int, int], ...]
) -> None:
    made = load_text(UNBOUNDED)
    rows = tuple(
        Record(str(i), {"号": str(i)} | ({} if w is None else {"权": Fraction(w)})) for i, w in enumerate(weights)
    )
    sheet = Sheet("p", values={}, lists={"合同": rows})
    (verdict,) = made.judge([sheet], DAY)
    found = [item.value.values or (item.value.low, item.value.high) for item in verdict.results["奖"].items or ()]
    assert [(share[0], share[-1]) for share in found] == [*shares]
    assert faults(examine(read_document(proved(made, (sheet,), DAY)))) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("  分配：按 系数 比例\n  上限：5分", "POL402"),
        ("  分配：按 系数 比例\n  取整：1分，舍去", "POL402"),
        ("  分配：按 系数 比例\n  超出：再分", "POL402"),
        ("  分配：按 系数 比例\n  余数：留存", "POL402"),
        ("  取整：1分，舍去\n  余数：留存", "POL402"),
        ("  分配：按 系数 比例\n  下限：5分", "POL401"),
        ("  分配：按 系数 比例\n  金额：5元", "POL444"),
        ("  分配：按 次第 由低到高，同者 平均\n  上限：5分\n  超出：再分", "POL520"),
        ("  分配：按 系数 比例\n  上限：5分\n  超出：不再分\n  取整：1分，舍去\n  余数：归首位", "POL523"),
        ("  分配：按 系数 比例\n  取整：1分，进一\n  余数：留存", "POL524"),
        ("  分配：按 系数 比例\n  取整：0分，舍去\n  余数：留存", "POL524"),
        ("  分配：按 系数 比例\n  上限：5元\n  超出：不再分", "POL301"),
    ],
)
def test_what_is_refused(lines: str, code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        load_text(f"{HEAD}奖励 奖\n  资金池：10分\n{lines}\n")
    assert code in {d.code for d in refused.value.diagnostics}, refused.value.diagnostics
