"""The core program as columns of SQL: by hand, and beside the exact evaluator."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from both_evaluators import World
from columns_support import assert_columns, judged
from engine_support import CONSTRUCTS, DAY, SHIPPED, cases, policy
from generated_programs import program, world
from generated_worlds import thinned
from own_code import trees
from shipped import shipped
from tries import by_day, in_turn, some

from policydsl.columns import Batch
from policydsl.columns import batch as running
from policydsl.compiled.made import Compiled
from policydsl.compiled.runtime import UNDECIDED
from policydsl.core import Name, Over
from policydsl.facts import Record, Sheet

LEFT = UNDECIDED

TEXT_OF = """台账 单
  号：文本
  金额：金额，选填
  类：选项（甲、乙）
  日：日期
参数
  门槛 ＝ 0.3元
数据
  份数：数值
  单价：金额
  基数：数值
  加急：是否
  到期日：日期，选填
  等级：选项（低、中、高），由低到高
计算 总额 ＝ 合计（金额，类 为 甲）
计算 均价 ＝ 平均（金额）
计算 顶额 ＝ 最大（金额）
计算 三分 ＝ 份数 ÷ 基数
计算 三份 ＝ 三分 × 3
计算 货款 ＝ 份数 × 单价
条件 大单：货款 ≥ 门槛
条件 急：加急 且 大单
条件 有限期：到期日 已填
条件 够级：等级 ≥ 中
条件 有甲：存在（单，其中 类 为 甲）
条件 有大：存在（单，其中 金额 ＞ 1元）
"""


def told(*parties: Mapping[str, Any], rows: Sequence[Sequence[Mapping[str, Any]]] = (), **set_: Any) -> dict[str, Any]:
    """What is told of each party under the names of the policy, party by party."""
    made = policy(TEXT_OF).program
    sheets = [
        Sheet(f"P{i}", None, facts, {"单": tuple(Record(str(n), r) for n, r in enumerate(rows[i]))} if rows else {})
        for i, facts in enumerate(parties)
    ]
    found = Batch(made, sheets, DAY, threads=1).judge(set_)
    return {name.rule: found.values(name) for name in made.terms if name.part in ("value", "holds")}


def test_numbers_are_exact() -> None:
    """0.1 three times is 0.3; a third three times is one, whatever it was divided by."""
    found = told(
        {"份数": Fraction(3), "单价": Fraction(1, 10), "基数": Fraction(9)},
        {"份数": Fraction(-1), "单价": Fraction(29, 100), "基数": Fraction(-3)},
    )
    assert found["货款"] == [Fraction(3, 10), Fraction(-29, 100)] and found["大单"] == [True, False]
    assert found["三分"] == [Fraction(1, 3), Fraction(1, 3)] and found["三份"] == [1, 1]


def test_a_missing_cell_is_unknown_and_decides_only_what_it_need_not() -> None:
    """No and unknown is no; yes and unknown is unknown; a fact that is 无 is told from one that is missing."""
    found = told(
        {"加急": False}, {"加急": True}, {"份数": Fraction(1), "单价": Fraction(0)}, {"到期日": None},
        {"到期日": date(2024, 5, 1)},
    )
    assert found["急"] == [False, LEFT, False, LEFT, LEFT]
    assert found["有限期"] == [LEFT, LEFT, LEFT, False, True]
    assert found["货款"] == [LEFT, LEFT, 0, LEFT, LEFT]


def test_division_by_nothing_is_left() -> None:
    found = told({"份数": Fraction(3), "基数": Fraction(0)}, {"份数": Fraction(3), "基数": Fraction(2)})
    assert found["三分"] == [LEFT, Fraction(3, 2)]


def test_options_have_their_order() -> None:
    assert told({"等级": "低"}, {"等级": "中"}, {"等级": "高"}, {})["够级"] == [False, True, True, LEFT]


def test_what_would_overflow_is_left() -> None:
    """Of widths the largest values of the batch decide: 2 ** 62 by itself fits 127 bits, and its cube does not."""
    large = Fraction(2**62)
    found = told({"份数": large, "单价": large, "基数": large}, {"份数": Fraction(1), "单价": Fraction(1)})
    assert found["货款"] == [Fraction(2**124), 1]
    text = "数据\n  甲：数值\n计算 方 ＝ 甲 × 甲 × 甲\n"
    made = policy(text).program
    cube = Batch(made, [Sheet("P", None, {"甲": large})], DAY, threads=1).judge()
    assert cube.values(Name("方")) == [LEFT]
    assert cube.completed(Name("方"), Compiled(made)) == [Fraction(2**186)]


def test_a_party_with_a_value_that_does_not_fit_is_left_alone() -> None:
    """A third of a unit; the party beside it is judged."""
    found = told({"份数": Fraction(1, 3), "加急": False}, {"份数": Fraction(1), "加急": False})
    assert found["急"] == [LEFT, False]


def test_ledgers() -> None:
    """Missing is not empty; 无 is skipped, an amount that is not told leaves the sum open."""
    rows: list[list[dict[str, Any]]] = [
        [{"金额": Fraction(1, 100), "类": "甲"}, {"金额": None, "类": "甲"}, {"金额": Fraction(2), "类": "乙"}],
        [],
        [{"金额": Fraction(5), "类": "乙"}, {"类": "甲"}],
    ]
    found = told({}, {}, {}, rows=rows)
    assert found["总额"] == [Fraction(1, 100), 0, LEFT]
    assert found["均价"] == [Fraction(201, 200), LEFT, LEFT]
    assert found["顶额"] == [2, LEFT, LEFT]
    assert found["有甲"] == [True, False, True]
    assert found["有大"] == [True, False, True]  # one that is known is enough
    assert told({})["总额"] == [LEFT] and told({})["有甲"] == [LEFT]


def test_the_one_value_that_all_have() -> None:
    """Of none, and where all are 无, it is 无; of different ones, and of 无 beside another, there is none."""
    made = policy(TEXT_OF).program
    name = next(n for n in made.terms if n.rule == "顶额" and isinstance(made.terms[n].term, Over))
    term = made.terms[name].term
    assert isinstance(term, Over)
    changed = replace(made.terms[name], term=replace(term, agg="values"))
    amounts = [[Fraction(1)] * 2, [Fraction(1), Fraction(2)], [], [None] * 2, [Fraction(1), None]]
    sheets = [
        Sheet(f"P{i}", None, {}, {"单": tuple(Record(str(n), {"金额": a}) for n, a in enumerate(each))})
        for i, each in enumerate(amounts)
    ]
    world_ = World(replace(made, terms={**made.terms, name: changed}), tuple(sheets), {}, False)
    assert judged(world_).values(name) == [1, LEFT, None, None, LEFT]
    assert_columns(world_)


def test_a_parameter_is_changed_without_reading_again() -> None:
    made = policy(TEXT_OF).program
    facts = {"份数": Fraction(1), "单价": Fraction(1, 5), "加急": True}
    batch = Batch(made, [Sheet("P", None, facts)], DAY, threads=1)
    large = next(name for name in made.terms if name.rule == "大单")
    assert batch.judge().values(large) == [False]
    assert batch.judge({"门槛": Fraction(1, 5)}).values(large) == [True]
    assert batch.judge().values(large) == [False]


def test_nothing_of_the_author_stands_in_the_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    made = running.statements

    def kept(*args: Any) -> Any:
        for each in made(*args):
            said.append(each)
            yield each

    monkeypatch.setattr(running, "statements", kept)
    hostile = "'; DROP TABLE facts; --\""
    text = TEXT_OF + "数据\n  备注：文本\n条件 特别：备注 为 “'; DROP TABLE facts; --”\n"
    source = policy(text).program
    sheets = [Sheet(hostile, None, {"备注": hostile}), Sheet("Q", None, {"备注": "'; DROP TABLE facts; --"})]
    found = Batch(source, sheets, DAY, threads=1).judge()
    name = next(n for n in source.terms if n.rule == "特别")
    assert found.values(name) == [False, True]
    assert said and all(each.isascii() and not set("'\";") & set(each) for each in said)


def test_the_engine_is_known_to_columns_alone() -> None:
    """Who does not judge by columns needs none of it, nor waits for it."""
    known = {
        path.name for path, tree in trees().items() for node in ast.walk(tree)
        if isinstance(node, ast.Import) and any(each.name == "duckdb" for each in node.names)
        or isinstance(node, ast.ImportFrom) and node.module == "duckdb"
    }
    assert known == {"batch.py"}


# ---------------------------------------------------------------------------------------------- beside the evaluator
@pytest.mark.parametrize("seed", by_day(range(160), 5))
def test_generated_programs(seed: int) -> None:
    draw = Random(seed)
    full = world(program(draw), draw)
    assert_columns(full)
    assert_columns(thinned(full, draw, 16)[0])


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day([*SHIPPED, *CONSTRUCTS], len(CONSTRUCTS) // 25))
def test_cases_of_policies(path: Path) -> None:
    made = shipped(path).program
    for case in some(list(cases(shipped(path))), 1):
        assert_columns(World(made, case.sheets, case.settings, case.population, case.as_of))


@pytest.mark.nightly
@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_more_cases_of_policies(path: Path) -> None:
    made = shipped(path).program
    for case in in_turn(list(cases(shipped(path))), 8):
        assert_columns(World(made, case.sheets, case.settings, case.population, case.as_of))


# ---------------------------------------------------------------------------------------------- typed tables
def tabled(facts: dict[str, Any], records: dict[str, Any] | None = None) -> dict[str, Any]:
    import pyarrow as pa

    made = policy(TEXT_OF.replace("  份数：数值\n", "  份数：数值，≥ 0，别名 pieces\n")).program
    ledgers = {"单": pa.table(records)} if records is not None else {}
    found = Batch.of_tables(made, pa.table(facts), ledgers, DAY, threads=1).judge()
    return {name.rule: found.values(name) for name in made.terms if name.part in ("value", "holds")}


def test_typed_tables() -> None:
    """Decimals as they stand, by names or aliases; an empty cell is missing."""
    facts = {
        "id": ["a", "b", "c"], "pieces": [3, -1, 7], "单价": [Decimal("0.10"), Decimal("0.20"), None],
        "加急": [True, True, None], "等级": ["中", "低", "无此级"], "到期日": [date(2024, 5, 1), None, None],
    }
    records = {
        "id": ["a", "a", "c"], "金额": [Decimal("0.01"), Decimal("2"), None], "类": ["甲", "乙", "甲"],
    }
    found = tabled(facts, records)
    assert found["货款"] == [Fraction(3, 10), LEFT, LEFT]  # b has a number outside its range, c an unknown option
    assert found["急"] == [True, LEFT, LEFT] and found["够级"] == [True, LEFT, LEFT]
    assert found["总额"] == [Fraction(1, 100), LEFT, LEFT] and found["有限期"] == [True, LEFT, LEFT]


def test_a_column_of_binary_fractions_is_told_of_nobody() -> None:
    found = tabled({"id": ["a"], "pieces": [1.5], "单价": [Decimal("1")], "加急": [False]})
    assert found["货款"] == [LEFT] and found["急"] == [False] and found["总额"] == [LEFT]


@pytest.mark.parametrize("ids", [["a", "a"], ["a", None]])
def test_parties_have_ids(ids: list[str | None]) -> None:
    with pytest.raises(ValueError, match="ids"):
        tabled({"id": ids, "加急": [True, True]})


def test_records_are_of_parties() -> None:
    with pytest.raises(ValueError, match="nobody"):
        tabled({"id": ["a"], "加急": [True]}, {"id": ["b"], "类": ["甲"]})
