"""JSON Lines and Parquet: the same verdicts as from a workbook; what cannot be read is refused with its place."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from policydsl.diagnostics import SheetError
from population_support import cell, evaluated, job, problems, reports, table

DAY = "2024-06-30"
PARTIES = (
    {"伙伴编号": "P1", "名称": "远山", "渠道类型": "总代", "业绩": 1625000, "持证人数": 2, "新渠道": True,
     "赢单日": "2024-03-02", "评估日": DAY,
     "订单": [{"单号": "D1", "订单额": 1000000.5}, {"单号": "D2", "订单额": 234499.5}]},
    {"伙伴编号": "P2", "名称": "近水", "渠道类型": "分销", "业绩": 600000, "持证人数": 1, "新渠道": True,
     "赢单日": "2024-03-01", "评估日": DAY, "订单": []},
)


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


def test_a_line_is_a_party_with_its_ledgers(tmp_path: Path) -> None:
    """Amounts without a unit are in yuan; 1% of 1,234,500 is 12,345."""
    found = reports(lines(tmp_path / "a.jsonl", *PARTIES))
    assert [cell(found["P1"], n) for n in ("级", "返利", "破冰奖")] == ["金牌", "12345", "–"]
    assert [cell(found["P2"], n) for n in ("级", "返利", "破冰奖")] == ["银牌", "–", "20000"]


def test_parquet_says_the_same(tmp_path: Path) -> None:
    rows = [{**r, "业绩": Decimal(r["业绩"]), "赢单日": datetime.date.fromisoformat(str(r["赢单日"]))} for r in PARTIES]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert {i: r.results for i, r in reports(tmp_path / "a.parquet").items()} == {
        i: r.results for i, r in reports(lines(tmp_path / "a.jsonl", *PARTIES)).items()}


def test_ledgers_may_be_files_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    lines(folder / "伙伴.jsonl", *({k: v for k, v in r.items() if k != "订单"} for r in PARTIES))
    orders = [{"伙伴编号": "P1", **order} for order in PARTIES[0]["订单"]]  # type: ignore[attr-defined]
    parquet.write_table(pa.Table.from_pylist(orders), folder / "订单.parquet")
    assert cell(reports(folder)["P1"], "返利") == "12345"


def test_numbers_are_what_was_typed(tmp_path: Path) -> None:
    text = '{"伙伴编号": "P1", "业绩": 0.1, "持证人数": 3, "税率": 0.13}\n'
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    codes = [p.diagnostic.code for p in job(tmp_path / "a.jsonl").reader.party(0).problems]
    assert "SHEET133" in codes  # a share is not guessed to be a percentage
    (tmp_path / "c.jsonl").write_text('{"伙伴编号": "P1", "业绩": 12345678901234567.89}\n', encoding="utf-8")
    assert job(tmp_path / "c.jsonl").reader.found.parties[0].lines("伙伴").__next__()[1][2][1] == "12345678901234567.89"
    lines(tmp_path / "b.jsonl", {"伙伴编号": "P1", "业绩": "0.1元"})
    assert job(tmp_path / "b.jsonl").reader.party(0).sheet.values["业绩"] * 10 == 1  # type: ignore[operator]


@pytest.mark.parametrize(("text", "code"), [
    ('{"伙伴编号": "P1"', "SHEET191"), ("[1]", "SHEET191"), ('{"伙伴编号": NaN}', "SHEET191"),
    ('{"伙伴编号": "P1", "伙伴编号": "P2"}', "SHEET191"), ('{"伙伴编号": {"a": 1}}', "SHEET191"),
    ("[" * 9000, "SHEET191"), ("", "SHEET169"), ('{"名称": "甲"}', "SHEET169"),
])
def test_lines_that_cannot_be_read(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(SheetError) as refused:
        job(tmp_path / "a.jsonl")
    assert [d.code for d in refused.value.diagnostics] == [code]


@pytest.mark.parametrize("bad", ['{"伙伴编号"', '{"x": {"a": 1}}', '{"订单": [{"x": {}}]}'])
def test_the_line_that_cannot_be_read_is_told(tmp_path: Path, bad: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"伙伴编号": "P1"}\n\n' + bad + "\n", encoding="utf-8")
    with pytest.raises(SheetError) as refused:
        job(tmp_path / "a.jsonl")
    assert [d.args["line"] for d in refused.value.diagnostics] == ["3"]


def test_a_cell_is_told_by_the_number_of_its_line(tmp_path: Path) -> None:
    """The second party stands in line 3, behind a blank one; so do both of its orders."""
    second = {"伙伴编号": "P2", "业绩": "很多", "订单": [{"单号": "D1", "订单额": "x"}, {"单号": "D2", "订单额": "y"}]}
    text = "".join(f"{json.dumps(r, ensure_ascii=False)}\n" for r in ({"伙伴编号": "P1", "税率": "x"}, second))
    (tmp_path / "a.jsonl").write_text(text.replace("\n", "\n\n", 1), encoding="utf-8")
    told = [(c, at, who) for c, at, who in problems(tmp_path / "a.jsonl") if c == "SHEET130"]
    assert [(at, who) for _, at, who in told] == [
        ("伙伴!B1", "P1"), ("伙伴!C3", "P2"), ("订单!C3", "P2"), ("订单!C3", "P2")]


@pytest.mark.parametrize("cut", [0, 4, 40, -9])
def test_parquet_that_is_broken(tmp_path: Path, cut: int) -> None:
    parquet.write_table(pa.Table.from_pylist([{"伙伴编号": "P1"}]), tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(data[:cut] if cut <= 4 else data[:20] + b"\xff" * cut + data[20 + cut:])
    with pytest.raises(SheetError) as refused:
        job(tmp_path / "a.parquet")
    assert [d.code for d in refused.value.diagnostics] == ["SHEET167"]


def test_results_for_programs(tmp_path: Path) -> None:
    source = lines(tmp_path / "a.jsonl", *PARTIES, {"伙伴编号": "P3", "渠道类型": "批发", "评估日": DAY})
    assert evaluated(tmp_path, str(source), "-o", str(tmp_path / "r.jsonl"), "--jobs", "1") == 5
    told = (tmp_path / "r.jsonl").read_text("utf-8").splitlines()
    first, _, third = (json.loads(line, parse_float=Decimal) for line in told)
    assert (first["伙伴编号"], first["级"], first["返利（元，含税）"]) == ("P1", "金牌", 12345)
    assert first["计算"][0]["金额或得分"] == 12345 and first["依据"] and third["状态"] == "没评判"
    assert third["错误"][-1]["编号"] == "SHEET135"
    assert evaluated(tmp_path, str(source), "-o", str(tmp_path / "r.parquet"), "--jobs", "1") == 5
    rows = parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert rows[0]["返利（元，含税）"] == Decimal(12345) and rows[0]["返利（元，含税） 说明"] is None
    assert rows[1]["返利（元，含税）"] is None and rows[1]["返利（元，含税） 说明"] == "–"
    assert rows[0]["评估日"] == datetime.date(2024, 6, 30) and rows[2]["状态"] == "没评判"


def test_results_of_lines_go_to_a_workbook(tmp_path: Path) -> None:
    source = lines(tmp_path / "a.jsonl", *PARTIES)
    assert evaluated(tmp_path, str(source), "-o", str(tmp_path / "r.xlsx"), "--jobs", "1") == 0
    assert [r[5] for r in table(tmp_path / "r.xlsx", "结果")[1:3]] == [12_345, "–"]
