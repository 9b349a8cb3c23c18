"""Empty cells of tables: every comparison with one holds, as a condition it is left out, reported it is no value."""

from __future__ import annotations

from fractions import Fraction

import pytest
from engine_support import policy, verdict

TEXT = """数据
  型号：文本，属于 目录
  业绩：金额，≥ 0元
  有授权书：是否

条件 有授权：有授权书

表 目录
  | 型号 | 门槛     | 须有   |
  | 甲   | 100万元  | 有授权 |
  | 乙   |          |        |

条件 够：业绩 ≥ 目录（型号）的 门槛
条件 相等：业绩 ＝ 目录（型号）的 门槛
条件 都要：业绩 ≥ 50万元 且 目录（型号）的 须有
条件 有一：业绩 ≥ 50万元 或 目录（型号）的 须有
条件 只有格：目录（型号）的 须有
条件 并非格：并非 目录（型号）的 须有
条件 带除非：业绩 ≥ 50万元
  除非：目录（型号）的 须有
计算 报门槛 ＝ 目录（型号）的 门槛
"""
LOW, HIGH = Fraction(400_000), Fraction(600_000)


@pytest.mark.parametrize(
    ("rule", "revenue", "holds"),
    [
        ("够", Fraction(0), True),  # no threshold is asked
        ("相等", LOW, True),
        ("都要", HIGH, True), ("都要", LOW, False),  # the other condition decides
        ("有一", HIGH, True), ("有一", LOW, False),  # the empty cell is none of them
        ("只有格", LOW, True),  # nothing is asked
        ("并非格", LOW, True),
        ("带除非", HIGH, True), ("带除非", LOW, False),  # it bars nothing
    ],
)
@pytest.mark.parametrize("letter", [True, False, None])
def test_an_empty_cell_asks_nothing(rule: str, revenue: Fraction, holds: bool, letter: bool | None) -> None:
    facts = {"型号": "乙", "业绩": revenue} | ({} if letter is None else {"有授权书": letter})
    found = verdict(policy(TEXT), facts).results[rule].total
    assert (found.status, found.holds is not None and found.holds.values) == ("known", (holds,))


@pytest.mark.parametrize(
    ("rule", "letter", "holds"),
    [("都要", True, True), ("都要", False, False), ("有一", False, True), ("只有格", False, False),
     ("并非格", True, False), ("带除非", True, False), ("带除非", False, True)],
)
def test_a_filled_cell_asks_what_it_says(rule: str, letter: bool, holds: bool) -> None:
    facts = {"型号": "甲", "业绩": HIGH, "有授权书": letter}
    found = verdict(policy(TEXT), facts).results[rule].total
    assert found.holds is not None and found.holds.values == (holds,)


def test_which_row_is_not_known() -> None:
    """With 60万元 the threshold of 甲 (100万元) fails and 乙 asks for none: open, and only the 型号 is asked for."""
    found = verdict(policy(TEXT), {"业绩": HIGH}).results["够"].total
    assert (found.status, found.missing) == ("unknown", ("型号",))
    enough = verdict(policy(TEXT), {"业绩": Fraction(1_000_000)}).results["够"].total
    assert enough.holds is not None and enough.holds.values == (True,)


def test_a_reported_empty_cell_is_no_value() -> None:
    """The document does not say; and by which rule it does not."""
    found = verdict(policy(TEXT), {"型号": "乙"}).results["报门槛"].total
    assert (found.status, found.missing) == ("unknown", ())
    assert found.reasons == ("not_stated", "not_stated:报门槛", "unlimited")
