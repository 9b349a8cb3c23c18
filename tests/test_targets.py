"""A target with a last day is judged by the day on which it was reached."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction

import pytest
from both_evaluators import World, disagreements, exactly, possibly
from engine_support import policy, verdict

import policydsl
from policydsl import to_json, to_text
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.recheck.document import recheck

TARGET = """措施清单：降级
数据
  团队数：数量（个），≥ 0个
  建成日：日期，选填
要求 团队组建：团队数 ≥ 1200个
  截止：2025年12月31日
  完成：建成日
  否则：降级
条件 迟了：团队组建 已逾期
条件 达到：团队组建
"""
ENOUGH, FEW = Fraction(1200), Fraction(1199)
LAST, NEXT, LATER = date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31)


# The last day is 31 December 2025. A year later it is 31 December 2026: 365 days after it.
@pytest.mark.parametrize(("many", "reached", "as_of", "state", "late"), [
    (ENOUGH, date(2025, 12, 31), LAST, "yes", 0),  # on the day itself
    (ENOUGH, date(2025, 6, 1), LATER, "yes", 0),  # and it stays so
    (ENOUGH, NEXT, NEXT, "belated", 1),  # the day after
    (ENOUGH, NEXT, LATER, "belated", 1),
    (ENOUGH, LATER, LATER, "belated", 365),  # a year later
    (ENOUGH, NEXT, LAST, "pending", 0),  # what lies after the evaluation date has not happened yet
    (ENOUGH, date(2026, 1, 10), date(2026, 1, 5), "no", 5),
    (FEW, None, LAST, "pending", 0),
    (FEW, None, NEXT, "no", 1),
    (ENOUGH, None, LAST, "pending", 0),  # said not to be reached
    (ENOUGH, None, NEXT, "no", 1),
    (FEW, date(2025, 6, 1), LATER, "no", 365),  # no longer reached: both are asked
    (FEW, date(2026, 1, 10), LATER, "no", 365),
])
def test_a_target_takes_the_day_on_which_it_was_reached(
    many: Fraction, reached: date | None, as_of: date, state: str, late: int
) -> None:
    facts: dict[str, Exact] = {"团队数": many, "建成日": reached}
    made = policy(TARGET)
    found = verdict(made, facts, as_of=as_of)
    one = found.results["团队组建"].total
    assert one.state is not None and (one.status, one.state.values) == ("known", (state,))
    assert one.holds is not None and one.holds.yes == (state == "yes") == found.results["达到"].total.value.yes
    over = state in ("belated", "no")
    assert found.results["降级"].total.value.yes == over == found.results["迟了"].total.value.yes
    told = json.loads(to_json(found))["results"]["团队组建"]
    assert (told["state"], told["holds"]) == (state, state == "yes")
    assert told["parts"]["due"]["value"] == "2025-12-31"
    happened = reached if reached is not None and reached <= as_of else None
    assert told["parts"]["done"]["value"] == (None if happened is None else happened.isoformat())
    assert told["parts"]["days_late"]["value"]["amount"] == late
    world = World(made.program, (Sheet("甲", None, facts),), {}, False, as_of)
    assert disagreements(exactly(world), possibly(world)) == []


@pytest.mark.parametrize(("facts", "as_of", "states", "measure"), [
    # Whether it was in time hangs on the day alone.
    ({"团队数": ENOUGH}, LAST, {"yes", "pending"}, False),
    ({"团队数": ENOUGH}, NEXT, {"yes", "belated", "no"}, None),
    # Reached on a day that is past, if it is reached at all.
    ({"建成日": LAST}, LAST, {"yes", "pending"}, False),
    ({"建成日": LAST}, NEXT, {"yes", "no"}, None),
    # Late or never: what is asked too late is not kept, whatever the number is.
    ({"建成日": NEXT}, NEXT, {"belated", "no"}, True),
    # Not reached: the day says nothing more.
    ({"团队数": FEW}, LAST, {"pending"}, False),
    ({"团队数": FEW}, NEXT, {"no"}, True),
    ({}, NEXT, {"yes", "belated", "no"}, None),
])
def test_what_is_not_known_of_a_target(
    facts: dict[str, Exact], as_of: date, states: set[str], measure: bool | None
) -> None:
    found = verdict(policy(TARGET), facts, as_of=as_of).results
    state = found["团队组建"].total.state
    assert state is not None and set(state.values or ()) == states
    assert found["降级"].total.value.values == ((measure,) if measure is not None else (False, True))
    assert (found["团队组建"].total.status == "known") == (len(states) == 1)
    lacking = {"团队数", "建成日"} - set(facts) if len(states) > 1 else set()
    assert set(found["团队组建"].total.missing) == lacking


def test_a_target_of_an_instant_is_kept_until_then() -> None:
    made = policy("""数据
  上线数：数量（个）
  上线时刻：时刻，选填
要求 上线：上线数 ≥ 1个
  截止：2025年12月31日 18:00
  完成：上线时刻
""")

    def state(reached: datetime, as_of: date) -> Exact:
        found = verdict(made, {"上线数": Fraction(1), "上线时刻": reached}, as_of=as_of).results["上线"].total.state
        assert found is not None
        return found.value

    assert state(datetime(2025, 12, 31, 18), LAST) == "yes"
    assert state(datetime(2025, 12, 31, 18, 0, 1), LAST) == "belated"
    assert state(datetime(2025, 12, 31, 18, 0, 1), datetime(2025, 12, 31, 18)) == "pending"


EACH = """台账 网点
  主键：城市
  城市：文本
  家数：数量（家），≥ 0家
  建成日：日期，选填
要求 铺开：家数 ≥ 2家
  逐条：网点
  截止：2025年12月31日
  完成：建成日
计算 迟 ＝ 合计（铺开 的 逾期天数，逐条 网点）
条件 有迟的：铺开 已逾期
"""


def test_each_record_has_a_day_of_its_own() -> None:
    two = Fraction(2)
    rows: list[dict[str, Exact]] = [
        {"城市": "甲", "家数": two, "建成日": date(2025, 12, 31)},
        {"城市": "乙", "家数": two, "建成日": date(2026, 1, 3)},
        {"城市": "丙", "家数": Fraction(1), "建成日": None},
    ]
    made = policy(EACH)
    found = verdict(made, {}, {"网点": rows}, as_of=date(2026, 1, 10)).results
    items = found["铺开"].items or ()
    assert [i.state.value for i in items if i.state is not None] == ["yes", "belated", "no"]
    assert found["迟"].total.value.value == policydsl.kinds.Duration(Fraction(3 + 10), "D")
    assert found["有迟的"].total.value.yes and found["铺开"].total.value.no
    # On the last day the first is kept and the others may yet be.
    found = verdict(made, {}, {"网点": rows}, as_of=LAST).results
    assert [i.state.value for i in found["铺开"].items or () if i.state is not None] == ["yes", "pending", "pending"]
    assert found["有迟的"].total.value.no


def test_the_day_may_come_from_a_ledger() -> None:
    made = policy("""台账 签约
  主键：号
  号：文本
  累计：数量（家），≥ 0家
  签约日：日期
要求 五家：最大（累计，逐条 签约） ≥ 5家
  截止：2025年6月30日
  完成：签约日，逐条 签约，其中 累计 ≥ 5家，按 签约日
""")
    def state(day: date, as_of: date) -> Exact:
        rows: list[dict[str, Exact]] = [
            {"号": "1", "累计": Fraction(4), "签约日": date(2025, 1, 5)},
            {"号": "2", "累计": Fraction(5), "签约日": day},
        ]
        found = verdict(made, {}, {"签约": rows}, as_of=as_of).results["五家"].total.state
        assert found is not None
        return found.value

    assert state(date(2025, 6, 30), date(2026, 1, 1)) == "yes"
    assert state(date(2025, 7, 1), date(2026, 1, 1)) == "belated"
    assert state(date(2025, 7, 1), date(2025, 6, 30)) == "pending"


def test_it_is_told_on_every_page() -> None:
    made = policydsl.loads(f"政策 试\n  编号：T\n{TARGET}", "t.pol")
    found = made.evaluate({"团队数": "1200个", "建成日": "2026-01-03"}, as_of="2026-02-01", proof=True)
    text = to_text(found)
    assert "逾期完成" in text and "截止 2025年12月31日，完成 2026年1月3日，逾期天数 3天" in text
    assert "晚了 3天" in text  # the line that was not kept, with the gap
    assert "reached late" in to_text(found, "en") and "3 days" in to_text(found, "en")
    told = to_json(found)
    assert recheck(told).faults == []
    assert recheck(told.replace('"state": "belated"', '"state": "yes"')).faults


def test_the_last_day_is_told_of_what_has_no_day_of_completion() -> None:
    made = policy("数据\n  数：数量（个）\n要求 够：数 ≥ 2个\n  截止：2025年12月31日\n")
    told = json.loads(to_json(verdict(made, {"数": Fraction(1)}, as_of=LAST)))["results"]["够"]
    assert (told["state"], told["parts"]) == ("pending", {"due": {"value": "2025-12-31"}})
