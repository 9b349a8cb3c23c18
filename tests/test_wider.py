"""How much of what is said of sheets with gaps may be wider than the truth (``Possible.hull``): it is printed, and does
not grow. A sheet of each policy without any fact, and some of its examples, whole and with half of what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from engine_support import POLICIES, Case, cases, judged

from policydsl.engine import load_policy
from policydsl.facts import Sheet
from policydsl.verdict import Verdict
from tries import by_day

# Always the same examples, so that the numbers can be compared.
SAMPLE = {
    "2022_inspur": ("年后结算看年度最后一日", "巡展前一天与后一天"),
    "alicloud_fy22": ("认定以后是终局", "没有证据的查询请求不受理"),
    "h3c_star_2024": ("造假取消期满次日", "线上零分不等于本项零分"),
    "huawei_2025": ("本月还没有开会", "上月没有开会"),
    "inspur_bid_2018": ("一年后没有回访", "还没装的按评估日看"),
}
# How many of the results may be marked; where there are fewer, the number is to be made smaller.
MARKED = {"2022_inspur": 68, "alicloud_fy22": 110, "h3c_star_2024": 127, "huawei_2025": 107, "inspur_bid_2018": 20}


def thinned(sheet: Sheet, draw: Random) -> Sheet:
    """A sheet with half of its facts and cells."""
    def some(values: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in values.items() if draw.random() < 0.5}

    lists = {name: tuple(replace(r, values=some(dict(r.values))) for r in rows) for name, rows in sheet.lists.items()}
    return replace(sheet, values=some(dict(sheet.values)), lists=lists)


def sheets_of(every: list[Case], names: tuple[str, ...]) -> Iterator[Case]:
    yield replace(every[0], sheets=(Sheet("P"),), settings={}, population=False)
    found = {case.name: case for case in every}
    for name in names:
        yield (case := found[name])
        draw = Random(name)
        yield replace(case, sheets=tuple(thinned(sheet, draw) for sheet in case.sheets))


def marked(found: Verdict) -> tuple[int, int]:
    """How many results of a verdict are open, and how many of them are marked."""
    every = [
        [p for p in (r.total.value, r.total.holds, r.total.state) if p is not None and not p.known]
        for r in found.results.values()
    ]
    return sum(map(bool, every)), sum(any(p.hull for p in parts) for parts in every)


ALONE = [p for p in POLICIES if "." not in p.stem and not p.stem.endswith("_notice")]


@pytest.mark.parametrize("path", by_day(ALONE, 2))
def test_no_more_is_wider_than_the_truth(path: Path) -> None:
    made = load_policy(path)
    counts = [
        marked(found) for case in sheets_of(list(cases(made)), SAMPLE[path.stem]) for found in judged(made, case)
    ]
    open_, wider = (sum(numbers) for numbers in zip(*counts, strict=True))
    print(f"{path.stem}: {wider} of {open_} open results may be wider than the truth")
    assert wider <= MARKED[path.stem]
