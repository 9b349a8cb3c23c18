"""What is looked up and counted in one pass is what asking record by record gives."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from engine_support import CONSTRUCTS, DAY, cases, policy
from tries import by_day, some

from policydsl.engine import Policy, load_policy
from policydsl.evaluate import Evaluator, index, sweep
from policydsl.facts import Record, Sheet
from policydsl.judge import Judge, judge
from policydsl.kinds import Exact
from policydsl.proof import sums
from policydsl.render.json import verdict_json

LEDGERS = """数据
  线：金额，≥ 0元
台账 单（每条称 某单）
  主键：号
  号：文本
  组：文本
  级：选项（三类、二类、一类），由低到高
  额：金额，≥ 0元
  日：日期
期限 有效期
  逐条：单
  起算：日 当日起
  时长：2个月
条件 首单：并非 存在（单，其中 组 为 本条 的 组 且 日 早于 本条 的 日）
  逐条：单
条件 有更早：存在（单，其中 日 早于 本条 的 日）
  逐条：单
计算 更大 ＝ 条数（单，其中 额 ＞ 本条 的 额 且 级 为 三类）
  逐条：单
计算 同额 ＝ 合计（额，逐条 单，其中 额 ＝ 本条 的 额）
  逐条：单
条件 后有更重：存在（单，其中 级 高于 本条 的 级 且 日 晚于 本条 的 日）
  逐条：单
计算 后来不小 ＝ 条数（单，其中 日 不早于 本条 的 日 且 额 ≥ 本条 的 额）
  逐条：单
计算 过线数 ＝ 条数（单，其中 额 ＞ 线）
处罚 罚
  逐条：单，其中 级 为 三类
  统计期：有效期
  | 次数       | 金额 |
  | 首次       | 1元  |
  | 第2次 以上 | 2元  |
累计 三变二
  统计：单，其中 级 为 三类
  统计期：有效期
  每满：3次
  视为：1次 二类
奖励 先到
  逐条：单
  金额：1元
  名额：每个 组 前 2个，按 日 先后
奖励 最大
  逐条：单
  金额：1元
  名额：前 3个，按 额 由高到低
  并列：全部计入
"""


def sheets(seed: int, thinned: bool) -> Sheet:
    """A ledger of twenty records with many that are level, and (``thinned``) some of which something is not known."""
    draw = random.Random(seed)
    records = []
    for i in range(20):
        values: dict[str, Exact] = {
            "号": f"r{i}", "组": draw.choice("甲乙"), "级": draw.choice(["三类", "二类"]),
            "额": Fraction(draw.randint(0, 6)), "日": DAY - timedelta(days=draw.randint(0, 150)),
        }
        if thinned and draw.random() < 0.2:
            del values[draw.choice(["组", "级", "额", "日"])]
        records.append(Record(f"r{i}", values))
    return Sheet("P", None, {} if draw.random() < 0.3 else {"线": Fraction(3)}, {"单": tuple(records)})


def judged(made: Policy, given: list[Sheet], day: date, settings: dict[str, Exact], population: bool) -> list[str]:
    return [verdict_json(v) for v in judge(made.program, given, day, settings=settings, population=population)]


Judging = Callable[[], list[str]]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Callable[[Judging], None]:
    """Judges twice: everything looked up, and everything asked record by record."""

    def run(once: Judging) -> None:
        found = []
        monkeypatch.setattr(sums, "MOST_EACH", 10**9)  # how many a working looks at goes by what is looked up
        for few in (0, 10**9):
            for module in (index, sweep):
                monkeypatch.setattr(module, "FEW", few)
            found.append(once())
        assert found[0] == found[1]

    return run


@pytest.mark.parametrize("thinned", [False, True])
@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.nightly if n else ()) for n in range(12)])
def test_generated_ledgers(both: Callable[[Judging], None], seed: int, thinned: bool) -> None:
    made = policy(LEDGERS)
    both(lambda: judged(made, [sheets(seed, thinned)], DAY, {}, False))


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day(CONSTRUCTS, len(CONSTRUCTS) // 10))
def test_the_constructs(both: Callable[[Judging], None], path: Path) -> None:
    made = load_policy(path)
    both(lambda: [
        text for case in some(list(cases(made)), 3)
        for text in judged(made, list(case.sheets), case.as_of, case.settings, case.population)
    ])


def test_parties(both: Callable[[Judging], None]) -> None:
    made = policy("数据\n  额：金额，≥ 0元\n奖励 前\n  金额：1元\n  名额：前 3家，按 额 由高到低\n")
    given = [Sheet(f"P{i}", None, {"额": Fraction(i % 5)} if i % 7 else {}, {}) for i in range(15)]
    both(lambda: judged(made, given, DAY, {}, True))


def test_what_is_counted_in_one_pass_is() -> None:
    """The ledger above does go that way: its counts and ordinals are all made at once."""
    made = policy(LEDGERS)
    ev = Evaluator(made.program, [sheets(1, False)], {})
    Judge(ev, 0, DAY, "option").verdict(False)
    assert sum(counts is not None for counts in ev.counts.values()) >= 5
