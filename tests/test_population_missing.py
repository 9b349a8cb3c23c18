"""What is still missing is asked for party by party, and what comes back completes the table.

The policy is that of ``population_support``: gold from 1.5 million with two certified people gets one per cent of its
orders; silver from half a million with one; the first new channel to win gets 20,000.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from policydsl.cli import run
from population_support import HEADS, ORDERS, TEXT, table, workbook

WON = datetime.date(2024, 3, 2)
ROWS = (
    (*HEADS, "报到日"),
    ("P1", "远山", "总代", 162.5, 2, "是", WON, "无"),
    ("P2", "近水", "分销", None, 1, "否", "无", "无"),
    ("P3", "云杉", "分销", 180, 3, "否", "无", "无"),
    ("P4", "海棠", "分销", 10, 1, "否", "无", "无"),
)
LEDGER = (
    ORDERS,
    ("P1", "D1", 1_000_000.5, WON), ("P1", "D2", None, WON),
    ("P2", "无"),
)


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of which P1 lacks an amount, P2 its sales, P3 a ledger and P4 nothing, with what they are asked."""
    monkeypatch.chdir(tmp_path)
    Path("返利.pol").write_text(TEXT, encoding="utf-8")
    settings = ("参数", "值", "单位"), ("评估日", "2024-06-30", "")
    workbook(tmp_path / "伙伴.xlsx", {"伙伴": ROWS, "订单": LEDGER, "参数": settings})
    assert run(["facts", "返利.pol", "--missing", "伙伴.xlsx", "-o", "待补/"]) == 0
    return tmp_path / "待补"


def fill(path: Path, cells: Mapping[str, Any]) -> None:
    book = openpyxl.load_workbook(path)
    for name, value in cells.items():
        sheet, _, cell = name.partition("!")
        book[sheet][cell] = value
    book.save(path)


def judged() -> tuple[int, dict[str, tuple[Any, ...]]]:
    """The exit code, and of each party its status, tier and rebate."""
    code = run(["eval", "返利.pol", "伙伴.xlsx", "待补/", "-o", "结果.xlsx", "--force"])
    return code, {str(row[0]): (row[2], *row[4:6]) for row in table(Path("结果.xlsx"), "结果")[1:] if row[0]}


def wrong() -> list[tuple[Any, ...]]:
    """The problems that hold parties back: sheet, cell, party, code."""
    rows = table(Path("结果.xlsx"), "错误")[1:]
    return [(row[1], row[2], row[3], row[9]) for row in rows if row[0] == "错误"]


def test_everybody_is_asked_for_what_it_lacks_and_nothing_else(asked: Path) -> None:
    """The amount of D2 stands in yuan in the table, and so it does in what is asked."""
    assert sorted(p.name for p in asked.iterdir()) == ["P1_远山.xlsx", "P2_近水.xlsx", "P3_云杉.xlsx"]
    first = asked / "P1_远山.xlsx"
    assert table(first, "伙伴")[1:] == [("伙伴编号*", "名称*"), ("P1", "远山")]
    assert table(first, "订单")[1:] == [
        tuple(h if h != "伙伴编号" else f"{h}*" for h in ORDERS),
        ("P1", "D2", None, datetime.datetime(2024, 3, 2)),
    ]
    assert table(asked / "P2_近水.xlsx", "伙伴")[1:] == [
        ("伙伴编号*", "名称*", "业绩（万元，含税）"), ("P2", "近水", None)]
    assert table(asked / "P3_云杉.xlsx", "订单")[2:] == [("P3", None, None, None)]


def test_what_is_left_blank_changes_nothing(asked: Path) -> None:
    """The first order alone is worth 10,000.005, rounded to the fen half up."""
    code, found = judged()
    assert (code, {p: row[0] for p, row in found.items()}) == (
        0, {"P1": "缺资料", "P2": "缺资料", "P3": "缺资料", "P4": "已定"})
    assert str(found["P1"][2]).startswith("未定（不低于 10,000.01元")


def test_what_comes_back_completes_the_table(asked: Path) -> None:
    """1,000,000.50 and 234,499.50 are 1,234,500, of which 1% is 12,345; 600,000 with one person is silver; no orders
    are a rebate of 0."""
    fill(asked / "P1_远山.xlsx", {"订单!C3": 234_499.5})
    fill(asked / "P2_近水.xlsx", {"伙伴!C3": 60})
    fill(asked / "P3_云杉.xlsx", {"订单!B3": "无"})
    assert judged() == (0, {
        "P1": ("已定", "金牌", 12345), "P2": ("已定", "银牌", "–"), "P3": ("已定", "金牌", 0),
        "P4": ("已定", "无等级", "–"),
    })


def test_a_whole_ledger_may_come_back(asked: Path) -> None:
    """2 orders of 100,000 and 50,000 yuan: 1% of 150,000 is 1,500. The unit is that of the header, unless a cell
    says another."""
    fill(asked / "P3_云杉.xlsx", {
        "订单!B3": "D8", "订单!C3": 100_000, "订单!D3": WON,
        "订单!A4": "P3", "订单!B4": "D9", "订单!C4": "5万元", "订单!D4": WON,
    })
    assert judged()[1]["P3"] == ("已定", "金牌", 1500)


def test_a_cell_that_had_another_value_holds_its_party_back(asked: Path) -> None:
    fill(asked / "P1_远山.xlsx", {"订单!C3": 1, "订单!D3": datetime.date(2024, 3, 3)})
    code, found = judged()
    assert (code, found["P1"][0], found["P4"][0]) == (5, "没评判", "已定")
    assert wrong() == [("[P1_远山.xlsx]订单", "D3", "P1", "SHEET193")]


def test_a_ledger_with_records_gets_no_further_ones(asked: Path) -> None:
    """D2 written as D3 would be an order more."""
    fill(asked / "P1_远山.xlsx", {"订单!B3": "D3", "订单!C3": 1})
    assert judged()[0] == 5
    assert wrong() == [("[P1_远山.xlsx]订单", "A3", "P1", "SHEET194")]


def test_no_records_after_some_contradicts(asked: Path) -> None:
    fill(asked / "P1_远山.xlsx", {"订单!B3": "无", "订单!D3": None})
    assert judged()[0] == 5
    assert [row[2:] for row in wrong()] == [("P1", "SHEET186")]


def test_a_mistake_in_what_came_back_holds_nobody_else_back(asked: Path) -> None:
    """Two files, one with a wrong header: its party is held back."""
    fill(asked / "P2_近水.xlsx", {"伙伴!C2": "业绩（吨）", "伙伴!C3": 60})
    fill(asked / "P3_云杉.xlsx", {"订单!B3": "无"})
    code, found = judged()
    assert (code, found["P2"][0], found["P3"][0]) == (5, "没评判", "已定")
    assert wrong() == [("[P2_近水.xlsx]伙伴", "C2", "P2", "SHEET182")]


def test_what_is_of_nobody_in_the_table_is_told(asked: Path) -> None:
    fill(asked / "P2_近水.xlsx", {"伙伴!A3": "P9", "伙伴!C3": 60})
    code, found = judged()
    assert (code, found["P2"][0]) == (0, "缺资料")
    told = [(row[1], row[9]) for row in table(Path("结果.xlsx"), "错误")[1:] if row[9] == "SHEET187"]
    assert told == [("[P2_近水.xlsx]伙伴", "SHEET187")]


def test_records_without_a_key_are_known_by_what_was_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two returns of 3 and one of which only the day is known; with 4 they are 10."""
    monkeypatch.chdir(tmp_path)
    Path("a.pol").write_text(
        "政策 甲\n  要点：退件\n\n台账 退货\n  件数：数量（件），≥ 0件\n  退货日：日期\n\n"
        "计算 退件 ＝ 合计（件数，逐条 退货）\n",
        encoding="utf-8",
    )
    rows = ("伙伴编号", "件数", "退货日"), ("P1", 3, WON), ("P1", None, WON), ("P1", 3, WON)
    workbook(tmp_path / "伙伴.xlsx", {"伙伴": (("伙伴编号", "名称"), ("P1", "甲")), "退货": rows})
    assert run(["facts", "a.pol", "--missing", "伙伴.xlsx", "-o", "待补/"]) == 0
    (path,) = Path("待补").iterdir()
    assert table(path, "退货")[2:] == [("P1", None, datetime.datetime(2024, 3, 2))]
    fill(path, {"退货!B3": 4})
    assert run(["eval", "a.pol", "伙伴.xlsx", "待补/", "-o", "结果.jsonl", "--as-of", "2024-06-30"]) == 0
    assert json.loads(Path("结果.jsonl").read_text(encoding="utf-8"))["退件（件）"] == 10
