"""One policy for each construct of the language; its examples say, worked out by hand, what must come out."""

from __future__ import annotations

from pathlib import Path

import pytest

from policydsl.testing import run_examples
from shipped import shipped

FILES = sorted((Path(__file__).parent / "constructs").glob("*.pol"))
FEWEST = {"13o_ranked_periods": 1, "13o_ranked_periods.en": 1,
          "20c_previous": 3, "20c_previous.en": 3,
          "13n_caps": 3, "13n_caps.en": 3,
          "13m_running": 4, "13m_running.en": 4,
          "13m_paid_out": 6, "13m_paid_out.en": 6,
          "13l_less": 4, "13l_less.en": 4, "13k_carried": 4, "13k_carried.en": 4,
          "13j_judged": 5, "13j_judged.en": 5, "01_header": 6,
          "02_facts": 8, "03_ledgers": 7, "04_parameters": 7, "19_exceptions": 8, "21_rules": 8,
          "22_guarantees": 3, "17b_roll_over": 7, "23_unknowns": 8, "11_decisions": 9, "13b_quotas": 12,
          "08b_targets": 8, "08b_targets.en": 5, "13e_pairs": 3, "13e_pairs.en": 3, "13f_ranks": 2, "13f_ranks.en": 2,
          "13g_budgets": 6, "13g_budgets.en": 6, "13h_pools": 8, "13h_pools.en": 8, "20b_picked": 9,
          "20b_picked.en": 9, "17c_grace": 7, "17c_grace.en": 7, "13i_closing": 7, "13i_closing.en": 7,
          "00i_month_end": 5, "00i_month_end.en": 5, "17d_next_period": 8, "17d_next_period.en": 8,
          "13p_parts": 1, "13p_parts.en": 1}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_example_holds(path: Path) -> None:
    policy = shipped(path)
    reports = run_examples(policy)
    failures = [
        f"{path.name}:{f.at.line} {r.name}: {f.name} expected {f.expected!r}, got {f.actual!r}"
        for r in reports for f in r.failures
    ]
    assert not failures, "\n".join(failures)
    assert len(reports) >= FEWEST.get(path.stem, 10)


def test_there_is_a_file_for_each_construct() -> None:
    assert {p.stem[:2] for p in FILES} == {f"{n:02}" for n in range(24)}
    assert len(FILES) == 94


def test_a_wrong_expectation_is_reported_with_what_came_out() -> None:
    """The examples are only worth something if a wrong one fails."""
    from policydsl.engine import load_text

    policy = load_text(
        "政策 甲\n  编号：X\n数据\n  数：金额，≥ 0元\n条件 够：数 ≥ 100元\n计算 半 ＝ 数 ÷ 2\n"
        "示例 错\n  评估日：2024年1月1日\n  已知：数 ＝ 100元\n  应得：够 不成立，半 ＝ 51元\n"
        "示例 对\n  评估日：2024年1月1日\n  已知：数 ＝ 100元\n  应得：够 成立，半 ＝ 50元\n"
    )
    wrong, right = run_examples(policy)
    assert [f.name for f in wrong.failures] == ["够", "半"]
    assert "成立" in wrong.failures[0].actual
    assert "50元" in wrong.failures[1].actual
    assert right.passed
