"""The shipped policies' tests reach every rule and row, and notice what is changed.

The whole mutation run is ``make mutants``, a part of ``make nightly``; here a sample, spread over each policy, is
judged.
"""

from __future__ import annotations

import pytest
from shipped import POLICIES, shipped

from policydsl.mutate import run
from policydsl.testing import collect
from policydsl.testing.coverage import coverage

NAMES = ("2022_inspur", "alicloud_fy22", "h3c_star_2024", "huawei_2025", "inspur_bid_2018")
SAMPLE = 15


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_and_row_is_reached(name: str) -> None:
    path = POLICIES / f"{name}.pol"
    policy = shipped(path)
    found = coverage(policy, collect(policy, path), path.name)
    assert len(found.rules) > 100
    assert [(item.level, item.text) for item in (*found.rules, *found.rows) if not item.covered] == []


@pytest.mark.parametrize("name", NAMES)
def test_changes_are_noticed(name: str) -> None:
    path = POLICIES / f"{name}.pol"
    policy = shipped(path)
    result = run(policy, collect(policy, path), path=path, jobs=1, sample=SAMPLE)
    assert len(result.judged) == SAMPLE
    assert not result.failing
    assert [(j.mutant.rule, j.mutant.change.en) for j in result.of("survived", "unreached")] == []
