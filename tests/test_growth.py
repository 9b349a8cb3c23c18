"""Work grows with what there is to read and to judge: instructions of the interpreter are counted, never seconds."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType

import pytest
from growth import JUDGING, LOADING, steps
from scenarios import SCENARIOS, many, policy

from policydsl.engine import examine
from policydsl.evaluate import index, sweep
from policydsl.lower.context import MOST_COMPARED

SMALL = 8


def work(step: Callable[[], object]) -> Counter[CodeType]:
    """How many instructions of each function a step takes."""
    count: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object]:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode":
            count[frame.f_code] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        step()
    finally:
        sys.settrace(before)
    return count


QUICKLY = ("distinct",)
"""Some of what was once a square; all of it in ``make nightly``."""


@pytest.mark.parametrize(
    "name", [name if name in QUICKLY else pytest.param(name, marks=pytest.mark.nightly) for name in SCENARIOS]
)
def test_no_function_looks_at_each_with_each(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times as much to do is at most ten times as much work in every function: more than four times to sort it,
    and less than the sixteen times of a square. Of the reference alone: the code that is made for many parties is made
    but once, and what it leaves goes this way."""
    monkeypatch.setenv("POLICYDSL_REFERENCE", "1")
    for module in (index, sweep):  # few records are asked one by one: here even the few go the way of the many
        monkeypatch.setattr(module, "FEW", 0)
    few, many = SCENARIOS[name].make(SMALL), SCENARIOS[name].make(4 * SMALL)
    loading = LOADING if few[0] != many[0] else ()
    less, more = steps(*few), steps(*many)
    for step in (*loading, *JUDGING):
        small, large = work(less[step]), work(more[step])
        for code, most in large.items():
            assert most <= 10 * small[code] + 1500, (step, code.co_qualname, small[code], most)


def test_the_range_of_a_shared_value_is_found_once() -> None:
    """Each value is twice the one before it: a range found anew at each use would cost two to the power of twenty."""

    def checked(n: int) -> Counter[CodeType]:
        doubled = many(n, "计算 值{j}号 ＝ 值{i}号 ＋ 值{i}号")
        bands = ["分档 得分", f"  | 值{n}号 | 分 |", "  | ≤ 10元 | 1分 |", "  | ＞ 10元 | 2分 |"]
        text = policy("数据", "  额：金额，≥ 0元", "计算 值0号 ＝ 额", *doubled, *bands)
        return work(steps(text, {})["check"])

    assert checked(20).total() < 6 * checked(5).total()


def test_near_misses_are_given_up_in_a_text_full_of_faults() -> None:
    facts, conditions = many(300, "  业绩{i}号：金额"), many(300, "条件 条{i}号：业积{i}号 ≥ 1元")
    lowering = examine({"growth.pol": policy("数据", *facts, *conditions)}).lowering
    assert 600 <= lowering.compared <= MOST_COMPARED + 600
