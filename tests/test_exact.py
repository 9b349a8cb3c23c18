"""The exact evaluator: what each form means, by hand; and it agrees with the one on possible values on every case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from both_evaluators import Asked, World, disagreements, exactly, possibly
from engine_support import CONSTRUCTS, SHIPPED, Case, cases, policy
from shipped import shipped
from tries import by_day, in_turn, some

from policydsl.core import Name
from policydsl.evaluate.exact_scope import Unknown
from policydsl.facts import Record, Sheet


def assert_agree(path: Path, found: Sequence[Case]) -> None:
    """Whatever the exact evaluator knows, the other knows as well; of what a case asks it is a good part."""
    made, known = shipped(path), 0
    for case in found:
        world = World(made.program, case.sheets, case.settings, case.population, case.as_of)
        exact = exactly(world)
        known += sum(1 for v in exact.values() if not isinstance(v, Unknown))
        assert disagreements(exact, possibly(world)) == [], case.name
    assert known >= 3 * len(found)


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day([*SHIPPED, *CONSTRUCTS], len(CONSTRUCTS) // 10))
def test_both_evaluators_agree(path: Path) -> None:
    assert_agree(path, some(list(cases(shipped(path))), 3))


@pytest.mark.nightly
@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_both_evaluators_agree_on_more_cases(path: Path) -> None:
    assert_agree(path, in_turn(list(cases(shipped(path))), 8))


def test_a_conversion_that_feeds_itself_cannot_be_computed() -> None:
    """Each grave makes a grave of itself, on and on; at two for one there is an end: two light make a grave."""
    text = """台账 单
  号：文本
  日：日期
  级：选项（轻、重）
期限 有效
  逐条：单
  起算：日
  时长：1年
累计 升
  统计：单，其中 级 为 重 或 级 为 轻
  统计期：有效
  每满：{}次
  视为：1次 重
条件 有重：存在（单，其中 级 为 重）
"""
    rows = tuple(Record(n, {"号": n, "日": date(2024, 1, d), "级": "轻"}) for n, d in (("a", 1), ("b", 2)))
    for every, known in ((1, False), (2, True)):
        world = World(policy(text.format(every)).program, (Sheet("甲", None, {}, {"单": rows}),), {})
        exact, possible = exactly(world), possibly(world)
        asked = Asked(0, Name("有重"))
        assert possible[asked].known is known and isinstance(exact[asked], Unknown) is not known
        assert not disagreements(exact, possible)
