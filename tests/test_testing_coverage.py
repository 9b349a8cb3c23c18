"""What cases reach, counted by hand on a policy of three rules, four rows and four conditions.

Rules: 档, 够, 半. Rows: 金, 银, 铜, and the line of 够. Conditions: of 金 two, of 银 one, of 够 one (不限 is none).
"""

from __future__ import annotations

from policydsl.testing.coverage import Coverage, Share, coverage, share
from policydsl.testing.coverage_report import percent, rules_and_rows, text
from testing_support import TIERS, cases, policy

GOLD = "- {name: gold, as_of: 2024-01-01, facts: {数: 1000, 人数: 3}, expect: {档: 金}}\n"
LITTLE = "- {name: little, as_of: 2024-01-01, facts: {数: 50}, expect: {够: false}}\n"
OPEN = "- {name: open, as_of: 2024-01-01, facts: {数: 1000}, expect: {档: {one_of: [金, 银]}}}\n"
LOW = "- {name: low, as_of: 2024-01-01, facts: {数: 1}, expect: {档: 铜, 半: 0.5}}\n"


def reached(text: str, source: str = TIERS) -> Coverage:
    made = policy(source)
    return coverage(made, cases(text, made), "甲.pol")


def counts(c: Coverage) -> tuple[tuple[int, ...], ...]:
    return (
        tuple(share(c.rules, s).covered for s in ("fired", "not_fired", "unknown")) + (len(c.rules),),
        tuple(share(c.rows, s).covered for s in ("fired", "not_fired", "unknown")) + (len(c.rows),),
        tuple(share(c.conditions, s).covered for s in ("yes", "no", "unknown")) + (len(c.conditions),),
    )


def test_everything_is_known_though_nothing_is_reached() -> None:
    assert counts(reached("")) == ((0, 0, 0, 3), (0, 0, 0, 4), (0, 0, 0, 4))


def test_one_case_reaches_what_it_asks_for_alone() -> None:
    # 金 fires, 银 and 铜 are superseded; all three conditions are met; 够 and 半 are not asked for
    assert counts(reached(GOLD)) == ((1, 0, 0, 3), (1, 0, 0, 4), (3, 0, 0, 4))


def test_states_add_up() -> None:
    # 够 fails by its one condition
    assert counts(reached(GOLD + LITTLE)) == ((1, 1, 0, 3), (1, 1, 0, 4), (3, 1, 0, 4))
    # 金 is open for want of 人数, so 银 stands as well; the result is open
    assert counts(reached(GOLD + LITTLE + OPEN)) == ((1, 1, 1, 3), (2, 1, 1, 4), (3, 1, 1, 4))
    # 铜 fires; 金 and 银 fail by 数, 人数 is unknown besides; half of 1 is a value
    all_four = reached(GOLD + LITTLE + OPEN + LOW)
    assert counts(all_four) == ((2, 1, 1, 3), (3, 3, 1, 4), (3, 3, 1, 4))
    assert [(i.level, i.rule, i.at.line) for i in (*all_four.rules, *all_four.rows) if not i.covered] == [
        ("rule", "够", 11), ("row", "够", 11),
    ]
    assert [(i.rule, i.text, sorted(i.states)) for i in all_four.conditions if not i.covered] == [
        ("档", "≥ 3人", ["unknown", "yes"]), ("够", "数 ≥ 100元", ["no"]),
    ]


def test_a_result_reaches_what_it_rests_on() -> None:
    more = TIERS + "条件 都够：够 且 半 ≥ 1元\n"
    found = reached("- {name: x, as_of: 2024-01-01, facts: {数: 100}, expect: {都够: true}}\n", more)
    assert {i.rule for i in found.rules if i.covered} == {"够", "半", "都够"}


def test_what_is_refused_or_to_be_confirmed_reaches_nothing_new() -> None:
    assert counts(reached("- {name: x, facts: {数: -1}, refused: 数}\n"))[0] == (0, 0, 0, 3)


def test_shares_are_exact_and_never_rounded_up() -> None:
    assert percent(Share(2, 3)) == "66.6%"
    assert percent(Share(1999, 2000)) == "99.9%"
    assert percent(Share(0, 0)) == "100.0%"
    rules, rows = rules_and_rows([reached(GOLD), reached(GOLD)])
    assert (rules, rows) == (Share(2, 6), Share(2, 8))


def test_the_report_names_what_is_not_covered() -> None:
    shown = text([reached(GOLD)], "zh")
    assert "规则   成立 1/3 33.3%" in shown
    assert "第10行 行 档 · 铜：缺 成立（有 被取代）" in shown
    assert "第11行 条件 够 · 数 ≥ 100元：缺 是、否（有 从未判断）" in shown
    english = text([reached(GOLD)], "en")
    assert "line 10 row 档 · 铜: never fired (seen: superseded)" in english
