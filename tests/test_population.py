"""Tables of many parties: what a cell means, who is held back by what, what the tables of results say.

By hand, of the policy in ``population_support``: gold from 1.5 million with two certified people, silver from half a
million with one; gold gets one per cent of its orders; the first new channel to win gets 20,000.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import openpyxl
import pytest

from policydsl.cli import run
from policydsl.engine import load_text
from policydsl.kinds import Exact
from policydsl.population.book import whole
from policydsl.population.gather import gather
from policydsl.population.journal import Journal, line_of, report_of
from policydsl.population.judging import Job, lines
from policydsl.population.layout import layout
from policydsl.population.template import template
from policydsl.population.save import save
from population_support import (
    HEADS, ORDERS, TEXT, cell, evaluated, folder, job, policy, problems, reports, table, workbook, xlsxwriter,
)

DAY = datetime.date(2024, 6, 30)
SETTINGS = ("参数", "值", "单位"), ("评估日", "2024-06-30", "")
ROWS = (
    HEADS,
    ("P1", "远山", "总代", 162.5, 2, "是", datetime.date(2024, 3, 2)),
    ("P2", "近水", "分销", 60, 1, "是", datetime.date(2024, 3, 1)),
    ("P3", "云杉", "分销", 10, 0, "否", None),
)
LEDGER = (
    ORDERS,
    ("P1", "D1", 1_000_000.5, datetime.date(2024, 2, 1)),
    ("P1", "D2", "234,499.50", datetime.date(2024, 2, 2)),
    ("P2", "无"),
)
SHEETS = {"伙伴": ROWS, "订单": LEDGER, "参数": SETTINGS}


# ---------------------------------------------------------------------------------------------- verdicts
def test_every_party_gets_what_it_is_due(tmp_path: Path) -> None:
    """1,000,000.50 + 234,499.50 = 1,234,500, of which 1% is 12,345; P2 won a day before P1."""
    found = reports(workbook(tmp_path / "a.xlsx", SHEETS))
    assert [cell(found[p], "级") for p in ("P1", "P2", "P3")] == ["金牌", "银牌", "无等级"]
    assert cell(found["P1"], "返利") == "12345"
    assert [cell(found[p], "破冰奖") for p in ("P1", "P2", "P3")] == ["–", "20000", "–"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_says_the_same_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    found = reports(folder(tmp_path / "csv", SHEETS, encoding))
    assert cell(found["P1"], "返利") == "12345"
    assert cell(found["P2"], "破冰奖") == "20000"


def test_what_is_not_given_is_not_known(tmp_path: Path) -> None:
    """P3 has no row in the ledger, which is unknown, and no gold, so that nothing rests on it; a gold partner without
    rows is undetermined, until the ledger is said to be complete."""
    rows = (*ROWS, ("P4", "晴川", "总代", 200, 3, "否", None))
    found = reports(workbook(tmp_path / "a.xlsx", {**SHEETS, "伙伴": rows}))
    assert found["P3"].status == "settled" or cell(found["P3"], "返利") == "–"
    assert cell(found["P4"], "返利").startswith("未定")
    done = (*SETTINGS, ("订单 已齐全", "是", ""))
    found = reports(workbook(tmp_path / "b.xlsx", {**SHEETS, "伙伴": rows, "参数": done}))
    assert cell(found["P4"], "返利") == "0"


def test_a_parameter_that_is_changed_is_tried_out(tmp_path: Path) -> None:
    """With gold from 1.7 million P1 is silver; what stands as the policy says it changes nothing."""
    given = (*SETTINGS, ("金牌门槛", 1_700_000, "元"), ("返利比例", "1%", "%"))
    made = job(workbook(tmp_path / "a.xlsx", {**SHEETS, "参数": given}))
    assert list(made.settings) == ["金牌门槛"]
    assert made.report(0).tier == "银牌"


def test_who_is_held_back_may_have_been_first(tmp_path: Path) -> None:
    """P2, which cannot be read, may have won before P1 or not: nobody else is promised the one place."""
    rows = (HEADS, ROWS[1], ("P2", "近水", "批发", 60, 1, "是", datetime.date(2024, 3, 1)))
    found = reports(workbook(tmp_path / "a.xlsx", {**SHEETS, "伙伴": rows}))
    assert found["P2"].status == "refused"
    assert cell(found["P1"], "破冰奖").startswith("未定")


# ---------------------------------------------------------------------------------------------- cells
def value(tmp_path: Path, head: str, typed: object, percent: bool = False) -> Exact | str:
    """What a cell comes to, or the code of the problem."""
    rows = (("伙伴编号", "名称", head), ("P1", "远山", typed))
    path = workbook(tmp_path / "v.xlsx", {"伙伴": rows}, ["伙伴!C2"] if percent else [])
    made = job(path)
    known = made.reader.party(0)
    wrong = [p.diagnostic.code for p in (*made.reader.problems, *known.problems) if p.diagnostic.severity == "error"]
    return wrong[0] if wrong else next(iter(known.sheet.values.values()), "unknown")


@pytest.mark.parametrize(("head", "typed", "percent", "expected"), [
    ("业绩（万元，含税）", 162.5, False, 1_625_000),
    ("业绩（元）", 1_625_000, False, 1_625_000),
    ("业绩（亿元）", "0.01625", False, 1_625_000),
    ("业绩", 162.5, False, 1_625_000),  # the unit of the template
    ("revenue", "１６２．５", False, 1_625_000),
    ("业绩（万元，含税）", "1625000元", False, 1_625_000),  # a unit in the cell is the one that counts
    ("业绩*\n（万元，含税）", " 1,625 ", False, 16_250_000),
    ("业绩（千美元）", 162.5, False, "SHEET182"),
    ("业绩（万元，不含税）", 162.5, False, "SHEET182"),
    ("业绩（万元，含税）", 1_625_000, False, "SHEET189"),
    ("业绩（万元，含税）", -5, False, "SHEET150"),
    ("业绩", "N/A", False, "SHEET147"),
    ("税率（%）", 13, False, "0.13"),
    ("税率", 0.13, True, "0.13"),
    ("税率（%）", 0.13, False, "SHEET133"),
    ("税率", "13%", False, "0.13"),
    ("持证人数", 2.5, False, "SHEET134"),
    ("持证人数（人）", "3人", False, 3),
    ("新渠道", True, False, True),
    ("新渠道", "✓", False, True),
    ("新渠道", "N", False, False),
    ("赢单日", datetime.date(2024, 3, 2), False, "2024-03-02"),
    ("赢单日", "2024年3月2日", False, "2024-03-02"),
    ("赢单日", 45353, False, "SHEET148"),
    ("赢单日", "2024-02-30", False, "SHEET141"),
    ("赢单日", datetime.datetime(2024, 3, 2, 9, 30), False, "SHEET145"),
    ("赢单日", "无", False, None),
    ("签收时刻", datetime.datetime(2024, 3, 2, 9, 30), False, "2024-03-02 09:30:00"),
    ("签收时刻", datetime.date(2024, 3, 2), False, "SHEET140"),
    ("行业", "金融、零售", False, ("金融", "零售")),
    ("行业", "金融、能源", False, "SHEET135"),
    ("电话", 13800001000, False, "13800001000"),
    ("电话", "=HYPERLINK", False, "=HYPERLINK"),
    ("电话", None, False, "unknown"),
])
def test_what_a_cell_means(tmp_path: Path, head: str, typed: object, percent: bool, expected: object) -> None:
    if typed == "=HYPERLINK":  # a text, not a formula
        path = tmp_path / "t.xlsx"
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet("伙伴")
        for column, (first, second) in enumerate((("伙伴编号", "P1"), ("名称", "远山"), (head, typed))):
            sheet.write_string(0, column, first)
            sheet.write_string(1, column, second)
        book.close()
        assert job(path).reader.party(0).sheet.values["电话"] == expected
        return
    found = value(tmp_path, head, typed, percent)
    if isinstance(expected, str) and not expected.startswith("SHEET") and not isinstance(found, str):
        from fractions import Fraction

        expected = Fraction(expected) if isinstance(found, Fraction) else expected
        found = str(found).removesuffix("+08:00") if not isinstance(found, Fraction) else found
    assert found == expected


@pytest.mark.parametrize(("kept", "expected"), [
    ("0.1", "0.1"), ("0.10000000000000001", "0.1"), ("0.30000000000000004", "0.3"),
    ("0.79999999999999993", "0.8"), ("66.666666666666671", "66.6666666666667"),
    ("9007199254740993", "9007199254740993"),
    ("1E-2", "0.01"), ("1234567890.12", "1234567890.12"), ("1E5", "100000"),
])
def test_numbers_are_what_was_typed(kept: str, expected: str) -> None:
    from policydsl.population.binary import plain, typed

    number = typed(kept)
    assert number is not None and plain(number) == expected


def test_formulas_are_read_by_their_value(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("伙伴")
    for column, text in enumerate(("伙伴编号", "名称", "业绩（万元）", "持证人数")):
        sheet.write_string(0, column, text)
    for row, (id_, result) in enumerate((("P1", 162.5), ("P2", "#N/A")), 1):
        sheet.write_string(row, 0, id_)
        sheet.write_string(row, 1, id_)
        sheet.write_formula(row, 2, "=1+1", None, result)
        sheet.write_number(row, 3, 2)
    book.close()
    made = job(path)
    assert made.reader.party(0).sheet.values["业绩"] == 1_625_000
    wrong = [p.diagnostic for p in made.reader.party(1).problems]
    assert [d.code for d in wrong if d.severity == "error"] == ["SHEET174"]
    bare = workbook(tmp_path / "g.xlsx", {"伙伴": (("伙伴编号", "名称", "业绩"), ("P1", "甲", "=1+1"))})
    assert ("SHEET188", "伙伴!C2", "P1") in problems(bare)


def test_an_id_or_a_name_is_a_value(tmp_path: Path) -> None:
    """A formula of which no value is kept names nobody, and the id does not stand in for it."""
    named = ("P1", "=A1"), ("=A1", "近水"), ("#N/A", "云杉"), ("P4", "晴川")
    rows = (("伙伴编号", "名称", "业绩"), *((*each, 100) for each in named))
    path = workbook(tmp_path / "g.xlsx", {"伙伴": rows})
    assert problems(path) == [("SHEET188", "伙伴!B2", "P1"), ("SHEET188", "伙伴!A3", ""), ("SHEET174", "伙伴!A4", "")]
    assert [job(path).report(n).status == "refused" for n in range(4)] == [True, True, True, False]


def test_what_is_wrong_is_told_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", {"伙伴": (HEADS[:4], ("P1", "远山", "总代", "-5元"))})
    assert evaluated(tmp_path, str(source), "-o", str(tmp_path / "r.xlsx"), "--lang", "en") == 5
    told = table(tmp_path / "r.xlsx", "errors")
    assert told[1][6] == "'业绩' is CNY -5, and must be at least CNY 0"


def test_another_library_reads_the_same(tmp_path: Path) -> None:
    import python_calamine

    from policydsl.population.xlsx import read_workbook

    path = workbook(tmp_path / "a.xlsx", SHEETS)
    theirs = python_calamine.CalamineWorkbook.from_path(path)
    for page in read_workbook(path):
        ours = [[c.text for _, c in sorted(row.cells.items())] for row in page.rows]
        other = theirs.get_sheet_by_name(page.name).to_python()
        assert ours == [[_as_text(c) for c in row if c != ""] for row in other]


def _as_text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.10f}".rstrip("0").rstrip(".")
    return str(cell).removesuffix(" 00:00:00")


# ---------------------------------------------------------------------------------------------- sheets
@pytest.mark.parametrize(("sheets", "expected"), [
    ({"伙伴": (*ROWS, ("P1", "远山二", "总代"))}, [("SHEET177", "伙伴!A2", "P1"), ("SHEET177", "伙伴!A5", "P1")]),
    ({"伙伴": (*ROWS, ("P4", "远山", "总代"))}, [("SHEET185", "伙伴!B2", "P1"), ("SHEET185", "伙伴!B5", "P4")]),
    ({"伙伴": (*ROWS, (None, "合计", None, 232.5))}, [("SHEET180", "伙伴!A5", "")]),
    ({"伙伴": (*ROWS, ("合 计：", None, None, 232.5, 3))}, [("SHEET180", "伙伴!A5", "")]),  # where the id would be
    ({"订单": (*LEDGER, ("合计", None, 1234500))}, [("SHEET180", "订单!A5", "")]),
    ({"伙伴": (*ROWS, (None, "无名", "总代"))}, [("SHEET179", "伙伴!A5", "")]),
    ({"伙伴": (*ROWS[:2], HEADS, *ROWS[2:])}, [("SHEET181", "伙伴!A3", "")]),
    ({"伙伴": ((*HEADS, "业绩（元）"), *ROWS[1:])}, [("SHEET172", "伙伴!H1", "")]),
    ({"伙伴": ((*HEADS, "客户经理"), (*ROWS[1], "陈"), *ROWS[2:])}, [("SHEET184", "伙伴!H1", "")]),
    ({"订单": (("编码", "单号"), ("P1", "D1"))}, [("SHEET169", "订单", "")]),
    ({"透视表": (("甲",),)}, [("SHEET175", "透视表", "")]),
    ({"订单": (*LEDGER, ("Pl", "D3", 5))}, [("SHEET178", "订单!A5", "P1")]),  # the letter l for the figure 1
    ({"订单": (*LEDGER, ("X99-7", "D3", 5))}, [("SHEET187", "订单!A5", "")]),
    ({"订单": (*LEDGER, ("P1", "D1", 5))}, [("SHEET153", "订单!B5", "P1")]),
    ({"订单": (*LEDGER, ("P1", "无"))}, [("SHEET186", "订单!A5", "P1")]),
    ({"订单": (*LEDGER, ("P2", "D9", 5))}, [("SHEET186", "订单!A5", "P2")]),
    ({"参数": (*SETTINGS, ("金牌门坎", 3, "元"))}, [("SHEET171", "参数!B3", "")]),
    ({"报备": (("报备号", "报备方"), ("B1", "远山"), ("B1", "近水"))}, [("SHEET153", "报备!A3", "")]),
])
def test_what_is_wrong_is_told_of_its_cell(
    tmp_path: Path, sheets: dict[str, tuple[object, ...]], expected: list[tuple[str, str, str]]
) -> None:
    path = workbook(tmp_path / "a.xlsx", {**SHEETS, **sheets})  # type: ignore[dict-item]
    assert problems(path) == expected


def test_merged_cells_hold_back_whose_rows_they_touch(tmp_path: Path) -> None:
    rows = (ORDERS, ("P1", "D1", 5), (None, "D2", 6), ("P2", "D3", 7))
    path = workbook(tmp_path / "a.xlsx", {**SHEETS, "订单": rows})
    book = openpyxl.load_workbook(path)
    book["订单"].merge_cells("A2:A3")
    book.save(path)
    assert problems(path) == [("SHEET173", "订单!A2", "P1")]
    found = reports(path)
    assert [found[p].status == "refused" for p in ("P1", "P2", "P3")] == [True, False, False]


@pytest.mark.parametrize(("sheets", "code"), [
    ({"Sheet1": ROWS}, "SHEET168"), ({"伙伴": (("编码", "名称"), ("P1", "远山"))}, "SHEET169"),
])
def test_a_sheet_of_partners_there_must_be(
    tmp_path: Path, sheets: dict[str, tuple[object, ...]], code: str
) -> None:
    from policydsl.diagnostics import SheetError

    with pytest.raises(SheetError) as refused:
        job(workbook(tmp_path / "a.xlsx", sheets))  # type: ignore[arg-type]
    assert [d.code for d in refused.value.diagnostics] == [code]


def test_encodings_and_hidden_rows_are_told(tmp_path: Path) -> None:
    assert ("SHEET176", "伙伴", "") in problems(folder(tmp_path / "csv", SHEETS, "gb18030"))
    path = workbook(tmp_path / "a.xlsx", SHEETS)
    book = openpyxl.load_workbook(path)
    book["伙伴"].row_dimensions[3].hidden = True
    book.save(path)
    assert problems(path) == [("SHEET183", "伙伴", "")]
    assert len(reports(path)) == 3


# ---------------------------------------------------------------------------------------------- the template
def test_the_template_asks_for_what_the_policy_declares(tmp_path: Path) -> None:
    path = tmp_path / "空白.xlsx"
    program = policy().program
    save(path, "xlsx", template(program), program)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明", "伙伴", "订单", "报备", "参数", "_选项"]
    assert book["_选项"].sheet_state == "hidden"
    heads = [c.value.replace("\n", "") for c in book["伙伴"][2]]
    assert heads == [
        "伙伴编号*", "名称*", "评估日", "渠道类型*", "业绩（万元，含税）", "税率（%）", "持证人数（人）", "新渠道",
        "赢单日", "报到日", "签收时刻", "行业", "电话",
    ]
    heads = [c.value.replace("\n", "") for c in book["订单"][2]]
    assert heads == ["伙伴编号*", "单号*", "订单额（万元，含税）", "下单日"]
    assert [c.value for c in book["报备"][2]] == ["报备号*", "报备方"]
    assert book["伙伴"].freeze_panes == "C3"
    lists = {str(v.sqref).partition(":")[0]: v for v in book["伙伴"].data_validations.dataValidation}
    assert lists["D3"].formula1.startswith("'_选项'!") and lists["D3"].showErrorMessage
    assert "不低于 0元" in book["伙伴"]["E2"].comment.text and "级" in book["伙伴"]["E2"].comment.text
    assert tuple(c.value for c in book["参数"][6][:3]) == ("金牌门槛", 1_500_000, "元")
    only = template(program, ["破冰奖"])
    heads = [h.text for t in only if t.name == "伙伴" for h in t.heads]
    assert "新渠道" in heads and "业绩\n（万元，含税）" not in heads


def test_a_template_is_read_again_and_asks_for_nobody(tmp_path: Path) -> None:
    program = policy().program
    for form, name in (("xlsx", "空白.xlsx"), ("csv", "空白")):
        save(tmp_path / name, form, template(program), program)  # type: ignore[arg-type]
        made = job(tmp_path / name)
        assert (made.found.parties, made.settings) == ([], {})
        assert [p.diagnostic.code for p in made.reader.problems] == []


# ---------------------------------------------------------------------------------------------- the results
def test_nobody_is_judged_in_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = workbook(tmp_path / "空.xlsx", {"伙伴": (HEADS,)})
    assert evaluated(tmp_path, str(path), "-o", str(tmp_path / "出.xlsx")) == 0
    assert capsys.readouterr().err == f"评判 0 家；{tmp_path / '出.xlsx'}\n"


def test_the_results_say_who_and_why(tmp_path: Path) -> None:
    rows = (*ROWS, ("P4", "晴川", "批发", 5, 0, "否", None), (None, "合计", None, 237.5))
    path = workbook(tmp_path / "伙伴.xlsx", {**SHEETS, "伙伴": rows})
    output = tmp_path / "结果.xlsx"
    assert evaluated(tmp_path, str(path), "-o", str(output), "--jobs", "1") == 5  # P4 is not judged
    heads, *results = table(output, "结果")
    assert heads[:4] == ("伙伴编号", "名称", "状态", "评估日")
    assert heads[4:8] == ("级", "返利（元，含税）", "破冰奖（元）", "迟报罚款（元）")
    by_id = {r[0]: r for r in results}
    assert by_id["P1"][4:9] == ("金牌", 12_345, "–", by_id["P1"][7], 12_345)
    assert by_id["P2"][4:6] == ("银牌", "–") and by_id["P2"][6].startswith("未定")  # P4 may have been first
    assert by_id["P4"][2] == "没评判" and "伙伴!C5" in by_id["P4"][10]
    assert results[-1][5] == "=SUBTOTAL(109,F2:F5)"
    summary = {r[0]: r for r in table(output, "汇总")}
    assert summary["没评判"][1] == 1
    assert summary["返利"][:3] == ("返利", 1, 12_345)
    assert summary["破冰奖"] == ("破冰奖", "–", "–", 1, "1 家：0元 或 2万元")
    errors = table(output, "错误")
    told = next(r for r in errors if r[9] == "SHEET135")
    assert told[:6] == ("错误", "伙伴", "C5", "P4", "晴川", "批发")
    sums = table(output, "计算")
    assert sums[1][:3] == ("P1", "远山", "返利") and "× " in sums[1][5] and sums[1][10] == 12_345
    grounds = [r for r in table(output, "依据") if r[0] == "P2" and r[2] == "级"]
    assert any(r[9] == "否" and "金牌" in str(r[4]) for r in grounds)
    book = openpyxl.load_workbook(output)
    assert book["伙伴"]["C5"].fill.fgColor.rgb == "FFF8CBAD" and "SHEET135" in book["伙伴"]["C5"].comment.text
    assert not list(tmp_path.glob(".*"))  # neither a journal nor half a file is left


def test_what_came_out_goes_in_again(tmp_path: Path) -> None:
    first, again = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    path = workbook(tmp_path / "伙伴.xlsx", SHEETS)
    evaluated(tmp_path, str(path), "-o", str(first), "--jobs", "1")
    assert evaluated(tmp_path, str(first), "-o", str(again), "--jobs", "1") == 0
    assert table(first, "结果") == table(again, "结果")
    assert openpyxl.load_workbook(again).sheetnames == openpyxl.load_workbook(first).sheetnames


def test_every_cell_comes_back_as_it_was(tmp_path: Path) -> None:
    """Percentages, days, times, yes and no, and what is beside the lists; a sheet called as one of the results is by
    the case of its letters alone is not in the way."""
    at = datetime.datetime(2024, 1, 2, 9, 30)
    rows = ((*HEADS, "税率", "签收时刻"), (*ROWS[1], 0.13, at), (*ROWS[2], 0.065, None))
    sheets = {**SHEETS, "伙伴": rows, "Results": (("x",),), "透视表": (("=甲", 0.1, True),)}
    path = workbook(tmp_path / "伙伴.xlsx", sheets, ("伙伴!H2", "伙伴!H3"))
    output = tmp_path / "结果.xlsx"
    assert evaluated(tmp_path, str(path), "-o", str(output), "--jobs", "1", "--lang", "en") == 0
    book = openpyxl.load_workbook(output)
    assert [book["伙伴"][each].value for each in ("H2", "H3", "G2", "I2")] == [
        0.13, 0.065, datetime.datetime(2024, 3, 2), at]
    assert [book["伙伴"][at].number_format for at in ("H2", "H3")] == ["0.0#%", "0.0#%"]
    assert [book["透视表"][at].value for at in ("B1", "C1")] == [0.1, "是"]


def test_a_formula_that_was_not_read_is_not_read_the_second_time(tmp_path: Path) -> None:
    """One in error, or without a value, comes back as an error: neither as a blank, nor as a text that is read."""
    rows = ((*HEADS, "电话"), (*ROWS[1], "=1/0"), (*ROWS[2], "x"))
    path = workbook(tmp_path / "伙伴.xlsx", {"伙伴": rows})
    assert problems(path) == [("SHEET188", "伙伴!H2", "P1")]
    assert evaluated(tmp_path, str(path), "-o", str(tmp_path / "一.xlsx"), "--jobs", "1") == 5
    assert problems(tmp_path / "一.xlsx") == [("SHEET174", "伙伴!H2", "P1")]
    assert evaluated(tmp_path, str(tmp_path / "一.xlsx"), "-o", str(tmp_path / "二.xlsx"), "--jobs", "1") == 5
    assert problems(tmp_path / "二.xlsx") == [("SHEET174", "伙伴!H2", "P1")]


def test_a_check_tells_what_it_does_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ((*HEADS, "业积"), (*ROWS[1], 5), ("合计", None, None, 162.5))
    path = workbook(tmp_path / "伙伴.xlsx", {"伙伴": rows, "订单": (ORDERS, ("X99-7", "D1", 5))})
    (tmp_path / "返利.pol").write_text(TEXT, encoding="utf-8")
    assert run(["check", str(tmp_path / "返利.pol"), "--sheet", str(path)]) == 0
    told = capsys.readouterr().err
    assert [line.split()[:3] for line in told.splitlines() if line.startswith("提醒")] == [
        ["提醒", "伙伴!H1", "SHEET184"], ["提醒", "伙伴!A3", "SHEET180"], ["提醒", "订单!A2", "SHEET187"]]


@pytest.mark.parametrize(("kept", "expected"), [
    ("总代_x000D_", "总代"), ("一_x000D_\n二", "一\n二"), ("a_x005F_x0041_", "a_x0041_"), ("a_x41_", "a_x41_"),
    ("a_xD83D_", "a_xD83D_"),
])
def test_what_a_workbook_keeps_in_escapes(tmp_path: Path, kept: str, expected: str) -> None:
    """Worksheet programs write a carriage return that came with a pasted text as ``_x000D_``."""
    rows = (("伙伴编号", "名称", "渠道类型", "电话"), ("P1", "甲", "总代_x000D_", kept))
    made = job(workbook(tmp_path / "a.xlsx", {"伙伴": rows})).reader.party(0)
    assert (made.sheet.values["渠道类型"], made.sheet.values["电话"]) == ("总代", expected)


def test_nothing_is_written_over_unasked(tmp_path: Path) -> None:
    path, output = workbook(tmp_path / "伙伴.xlsx", SHEETS), tmp_path / "结果.xlsx"
    output.write_text("mine")
    assert evaluated(tmp_path, str(path), "-o", str(output)) == 2
    assert output.read_text() == "mine"
    assert evaluated(tmp_path, str(path), "-o", str(output), "--force", "--jobs", "1") == 0
    assert evaluated(tmp_path, str(path), "-o", str(tmp_path / "结果.csv")) == 2
    assert evaluated(tmp_path, str(path)) == 2
    assert evaluated(tmp_path, str(tmp_path / "没有.xlsx"), "-o", str(tmp_path / "x.xlsx")) == 2


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    names = ("=1+1", "+86", "-x", "@SUM(A1)")
    rows = (("伙伴编号", "名称", "渠道类型"), *((f"P{i}", f"'{name}", "总代") for i, name in enumerate(names)))
    source = folder(tmp_path / "csv", {"伙伴": rows})
    output = tmp_path / "结果.xlsx"
    assert evaluated(tmp_path, str(source), "-o", str(output), "--jobs", "1", "--as-of", "2024-06-30") == 0
    book = openpyxl.load_workbook(output)
    cells = [row[1] for row in book["结果"].iter_rows(min_row=2, max_row=5)]
    assert [(c.value, c.data_type) for c in cells] == [(n, "s") for n in names]
    assert evaluated(tmp_path, str(source), "-o", str(tmp_path / "出"), "--as-of", "2024-06-30") == 2
    assert evaluated(tmp_path, str(source), "-o", f"{tmp_path / '出'}/", "--as-of", "2024-06-30") == 0
    text = (tmp_path / "出" / "结果.csv").read_text(encoding="utf-8-sig")
    assert all(f",'{name}," in text for name in names)


def test_what_is_different_from_last_time_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With gold from 1.7 million P1 is silver and gets none of 12,345; P4 is new, P3 is gone."""
    first, again = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    evaluated(tmp_path, str(workbook(tmp_path / "a.xlsx", SHEETS)), "-o", str(first), "--jobs", "1")
    rows = (*ROWS[:3], ("P4", "晴川", "分销", 10, 0, "否", None))
    path = workbook(tmp_path / "b.xlsx", {**SHEETS, "伙伴": rows})
    more = ("--compare", str(first), "--set", "金牌门槛=170万元", "--jobs", "1")
    capsys.readouterr()
    assert evaluated(tmp_path, str(path), "-o", str(again), *more) == 0
    told = capsys.readouterr().err.splitlines()[-1]
    assert told == "与上次比：金牌 1 → 0，银牌 1 → 2，返利 12,345 → 0"
    found = {(r[0], r[2]): r[3:] for r in table(again, "对比")[1:]}
    assert found["P1", "级"] == ("金牌", "银牌", None)
    assert found["P1", "返利"][:2] == (12_345, "–")
    assert found["P4", None] == (None, "新来的", None) and found["P3", None] == ("这次没有", None, None)
    assert len(found) == 4 or ("P1", "状态") in found
    assert evaluated(tmp_path, str(path), "-o", str(again), "--force", "--compare", str(tmp_path / "a.xlsx")) == 5


# ---------------------------------------------------------------------------------------------- long runs
def many(path: Path, count: int = 40) -> Path:
    days = [f"2024-03-{1 + i % 28:02d}" for i in range(count)]
    rows = [HEADS, *((f"P{i}", f"伙伴{i}", "总代", 100 + i, 2, "是", days[i]) for i in range(count))]
    orders = [ORDERS, *((f"P{i}", f"D{i}", 1000 * i, "2024-02-01") for i in range(count))]
    return folder(path, {"伙伴": rows, "订单": orders, "参数": SETTINGS})


def test_several_processes_say_what_one_says(tmp_path: Path) -> None:
    made = job(many(tmp_path / "csv"))
    alone = [made.report(number) for number in range(40)]
    for jobs in (1, 2):
        assert list(map(report_of, lines(made, jobs))) == alone
    assert [r.id for r in alone] == [f"P{i}" for i in range(40)]
    # P50… are gold from 150; each gets 1% of its one order
    assert cell(alone[39], "返利") == "–" and alone[39].tier == "银牌"


def test_what_is_forgotten_is_found_out_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little is remembered from one party to the next, each is judged among all."""
    from policydsl.judge import Population

    path = many(tmp_path / "csv", 12)
    remembering = [job(path).report(number) for number in range(12)]
    right, sizes = Population.forget, []

    def forget(self: Population) -> None:
        right(self, 0)
        sizes.append(sum(map(len, self.ev.memories())))

    monkeypatch.setattr(Population, "forget", forget)
    made = job(path)
    assert [made.report(number) for number in range(12)] == remembering
    assert len(sizes) == 12 and len(set(sizes)) == 1


def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    made = job(many(tmp_path / "csv"))
    every = list(lines(made, 1))
    journal = Journal(tmp_path / "结果.xlsx", "these")
    for number, _ in enumerate(journal.write(iter(every))):
        if number == 10:
            break
    with journal.path.open("ab") as stream:
        stream.write(every[11][:-9])
    again = Journal(tmp_path / "结果.xlsx", "these")
    assert again.done == 11
    rest = list(again.write(lines(made, 1, again.done)))
    assert [r.id for r in rest] == [f"P{i}" for i in range(11, 40)]
    assert [line_of(r) for r in again.read()] == every
    assert [len(r.grounds) for r in again.read(())] == [len(r.grounds) for r in again.read()]
    assert Journal(tmp_path / "结果.xlsx", "others").done == 0


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), whole(tmp_path / "x.xlsx") as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_fault_inside_holds_back_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Job.verdict

    def wrong(self: Job, number: int, sheet: object) -> object:
        return right(self, number, sheet) if number else 1 / 0  # type: ignore[arg-type]

    monkeypatch.setattr(Job, "verdict", wrong)
    found = reports(workbook(tmp_path / "a.xlsx", SHEETS))
    assert [found[p].status == "refused" for p in ("P1", "P2", "P3")] == [True, False, False]
    assert [row[9].text for row in found["P1"].errors if row[8].text] == ["SHEET190"]
    (told,) = (row[6].text for row in found["P1"].errors if row[8].text)
    assert "程序自己出了错" in told and "test_population.py" in told and "division" not in told


def test_a_requirement_that_ranks_everybody_is_judged_of_everybody(tmp_path: Path) -> None:
    """Nothing that the table shows ranks anybody, but what is told of requirements does: P2, with less than P1, is not
    first, and P1 is."""
    text = "政策 排队\n  要点：级\n\n数据\n  金额，≥ 0元：业绩\n\n" \
        "等级 级\n  | 等级 | 业绩 |\n  | 金牌 | ≥ 100万元 |\n\n" \
        "计算 名次\n  排名：按 业绩 由高到低\n  并列：同名次\n\n要求 领先：名次 ≤ 1\n"
    loaded = load_text(text, "排队.pol")
    path = workbook(tmp_path / "a.xlsx", {"伙伴": (("伙伴编号", "业绩（万元）"), ("P1", 120), ("P2", 110))})
    made = Job.of(loaded, gather(path, layout(loaded.program)), {}, DAY, "zh")
    assert list(made.prepare()) == [1, 2]
    first, second = (made.report(number).results[-4].text for number in range(2))
    assert first == "" and "领先" in second


def test_one_partner_of_a_table_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """P2 is judged among all: it won first, so the one place is its own, and not that of P1."""
    plain = workbook(tmp_path / "a.xlsx", SHEETS)
    bad = workbook(tmp_path / "b.xlsx", {**SHEETS, "伙伴": (*ROWS, ("P9", "坏行", "批发"))})
    (tmp_path / "返利.pol").write_text(TEXT, encoding="utf-8")

    def explained(path: Path, *args: str) -> tuple[int, str, str]:
        code = run(["explain", str(tmp_path / "返利.pol"), str(path), "--format", "json", *args])
        return (code, *capsys.readouterr())

    for party, due in (("p2", 20_000), ("远山", 0)):  # by its id, or by its name
        code, out, _ = explained(plain, "--party", party, "--result", "破冰奖")
        assert (code, json.loads(out)["results"]["破冰奖"]["value"]) == (0, due)
    code, _, told = explained(bad, "--party", "P9")
    assert code == 5 and "伙伴!C5 P9 SHEET135" in told
    for args, said in (((), "--party"), (("--party", "P22"), "P2")):
        code, _, told = explained(plain, *args)
        assert code == 2 and said in told
