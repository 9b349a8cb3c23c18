"""期间算法：月末对月末. Months from the last day of a month lead to the last day of one, by every way of judging."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

import policydsl
from policydsl.calendar import add_months, whole_months
from policydsl.diagnostics import PolicyError
from policydsl.recheck import recheck

TEXT = """政策 月末
  编号：T
  期间算法：{rule}
数据
  日：日期，{low} 至 {high}
计算 移后 ＝ 日 ＋ 1个月
"""


@pytest.mark.parametrize(("rule", "last"), [("民法典，月末对月末", "2023-03-31"), ("民法典", "2023-03-28"),
                                            ("自然日不顺延，月末对月末", "2023-03-31")])
def test_of_a_day_not_known_both_ends_move(rule: str, last: str) -> None:
    text = TEXT.format(rule=rule, low="2023年2月27日", high="2023年2月28日")
    verdict = policydsl.loads(text).evaluate({}, as_of="2023-04-01", proof=True)
    value = verdict.results["移后"].total.value
    assert (str(value.low), str(value.high)) == ("2023-03-27", last)
    assert recheck(policydsl.to_json(verdict)).holds


def test_a_proof_that_goes_by_the_other_rule_is_found() -> None:
    text = TEXT.format(rule="民法典，月末对月末", low="2023年2月1日", high="2023年2月28日")
    told = policydsl.to_json(policydsl.loads(text).evaluate({"日": "2023-02-28"}, as_of="2023-04-01", proof=True))
    assert "2023-03-31" in told and recheck(told).holds
    assert not recheck(told.replace("2023-03-31", "2023-03-28")).holds


def test_later_days_never_lead_to_earlier_ones() -> None:
    days = [date(2023, 1, 1) + timedelta(days=i) for i in range(800)]
    for months in (1, 2, 11, -1, -3):
        moved = [add_months(day, months, True) for day in days]
        assert moved == sorted(moved)
    assert whole_months(date(2023, 2, 28), date(2023, 3, 30), True) == 0
    assert whole_months(date(2023, 2, 28), date(2023, 3, 31), True) == 1


def test_alone_it_does_not_say_whether_days_move() -> None:
    with pytest.raises(PolicyError) as caught:
        policydsl.loads(TEXT.format(rule="月末对月末", low="2023年2月1日", high="2023年2月28日"))
    assert [d.code for d in caught.value.diagnostics] == ["POL424"]
