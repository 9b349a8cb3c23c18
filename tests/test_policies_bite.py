"""The shipped policies' tests reach every rule and row; that they notice what is changed is ``make mutants``. Both are
part of ``make nightly``.
"""

from __future__ import annotations

import pytest
from shipped import POLICIES, shipped

from policydsl.testing import collect
from policydsl.testing.coverage import coverage

NAMES = ("2022_inspur", "alicloud_fy22", "h3c_star_2024", "huawei_2025", "inspur_bid_2018")


@pytest.mark.nightly
@pytest.mark.parametrize("name", NAMES)
def test_every_rule_and_row_is_reached(name: str) -> None:
    path = POLICIES / f"{name}.pol"
    policy = shipped(path)
    found = coverage(policy, collect(policy, path), path.name)
    assert len(found.rules) > 80
    assert [(item.level, item.text) for item in (*found.rules, *found.rows) if not item.covered] == []
