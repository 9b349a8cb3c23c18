"""Tables that are broken or meant to do harm: each is refused with its code, in little time and memory, or costs no
more than what stands in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from policydsl.cli import run
from policydsl.diagnostics import SheetError
from policydsl.population import xlsx
from policydsl.population.gather import gather
from policydsl.population.layout import layout
from policydsl.population.xlsx import read_workbook
from population_support import HEADS, evaluated, folder, job, policy, table, workbook

ROW = ("P1", "远山", "总代", 162.5, 2, "是", None)


def refused(path: Path) -> list[str]:
    """The codes with which a file is refused as a whole."""
    with pytest.raises(SheetError) as caught:
        gather(path, layout(policy().program))
    assert all(path.name in d.args["path"] for d in caught.value.diagnostics)
    return [d.code for d in caught.value.diagnostics]


def changed(path: Path, source: Path, part: str, old: str, new: str) -> Path:
    """A workbook of which the text of one part is changed."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            if name == part:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode(), 1)
            after.writestr(name, data)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return workbook(tmp_path / "plain.xlsx", {"伙伴": (HEADS, ROW)})


@pytest.mark.parametrize(("data", "code"), [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "SHEET165"), (b"", "SHEET167"), (b"PK\x03\x04", "SHEET167"),
    (b"<html>", "SHEET167"), (b"PK\x05\x06" + bytes(18), "SHEET167"),
])
def test_what_is_no_workbook(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    assert refused(path) == [code]


def test_a_workbook_that_was_cut_off(tmp_path: Path, plain: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(plain.read_bytes()[:-400])
    assert refused(path) == ["SHEET167"]


def test_a_file_that_unpacks_to_far_too_much(tmp_path: Path, plain: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(plain.read_bytes())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as part:
        for _ in range(70):
            part.write(bytes(1 << 20))
    assert path.stat().st_size < 1 << 20
    assert refused(path) == ["SHEET166"]


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(("part", "old", "new"), [
    ("xl/workbook.xml", "<workbook", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><workbook'),
    (SHEET, "<worksheet", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet'),
    (SHEET, "</row>", ""), (SHEET, 'r="A1"', 'r="A7"'), (SHEET, 'r="A1"', 'r="ZZZ1"'),
    (SHEET, '<row r="1"', '<row r="x"'), (SHEET, '<row r="2"', '<row r="1"'),
    (SHEET, '<row r="1"', '<row r="99999999"'), (SHEET, 't="n"><v>162.5', 't="s"><v>99'),
    (SHEET, 't="n"><v>162.5', 't="s"><v>-1'), (SHEET, "<v>162.5", "<v>1e999"), (SHEET, "<v>162.5", "<v>NaN"),
])
def test_what_no_workbook_says(tmp_path: Path, plain: Path, part: str, old: str, new: str) -> None:
    assert refused(changed(tmp_path / "x.xlsx", plain, part, old, new)) == ["SHEET167"]


def test_a_sheet_that_claims_to_reach_to_its_end_costs_nothing(tmp_path: Path, plain: Path) -> None:
    """A library that makes room for the whole range asks for more memory than any machine has."""
    path = changed(tmp_path / "x.xlsx", plain, SHEET, "</sheetData>",
                   '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                   '<mergeCells><mergeCell ref="K9:XFD1048570"/></mergeCells>')
    rows = [row.number for row in read_workbook(path)[0].rows]
    assert rows == [1, 2, 1048576]
    assert len(job(path).found.parties) == 2  # the last row is one without an id


def test_what_lies_outside_the_file_is_not_looked_at(tmp_path: Path, plain: Path) -> None:
    links = "xl/_rels/workbook.xml.rels"
    with zipfile.ZipFile(plain) as archive:
        text = archive.read(links).decode()
    start = text.index("<Relationship ")
    first = text[start : text.index("/>", start)]
    outside = first.replace("<Relationship ", '<Relationship TargetMode="External" ')
    assert refused(changed(tmp_path / "x.xlsx", plain, links, first, outside)) in (["SHEET168"], ["SHEET167"])


def test_a_text_without_end(tmp_path: Path, plain: Path) -> None:
    long = "<c r=\"C2\" t=\"inlineStr\"><is><t>" + "长" * (xlsx.MOST_TEXT + 1) + "</t></is></c>"
    with zipfile.ZipFile(plain) as archive:
        text = archive.read(SHEET).decode()
    start = text.index('<c r="C2"')
    old = text[start : text.index("</c>", start) + 4]
    assert refused(changed(tmp_path / "x.xlsx", plain, SHEET, old, long)) == ["SHEET167"]


def test_csv_that_is_no_text(tmp_path: Path) -> None:
    path = folder(tmp_path / "csv", {"伙伴": (HEADS, ROW)})
    (path / "伙伴.csv").write_bytes(b"\x80\xff\xfe\x00" * 9)
    assert refused_csv(path) == ["SHEET167"]
    (path / "伙伴.csv").write_text('伙伴编号,名称\nP1,"' + "长" * (1 << 21), encoding="utf-8")
    assert refused_csv(path) == ["SHEET167"]


def refused_csv(path: Path) -> list[str]:
    with pytest.raises(SheetError) as caught:
        gather(path, layout(policy().program))
    return [d.code for d in caught.value.diagnostics]


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "a\x00b", "con", "=cmd|' /C calc'!A0", "甲\n乙", "👍" * 30])
def test_names_stay_names(tmp_path: Path, name: str) -> None:
    """A name decides no path, no formula and no line; one with a control character is refused."""
    rows = (("伙伴编号", "名称", "渠道类型"), ("P1", name, "总代"), ("P2", "乙", "总代"))
    path = folder(tmp_path / "csv", {"伙伴": rows})
    code = evaluated(tmp_path, str(path), "-o", f"{tmp_path}/出/", "--jobs", "1", "--as-of", "2024-06-30")
    assert code in (0, 5)
    assert {p.name for p in tmp_path.iterdir()} == {"csv", "出", "返利.pol"}
    assert len((tmp_path / "出" / "结果.csv").read_text(encoding="utf-8-sig").strip().splitlines()) >= 3


def test_thousands_of_problems_are_told_in_good_time(tmp_path: Path) -> None:
    rows = [HEADS, *((f"P{i}", f"伙伴{i}", "批发", "x", "y", "z", "w") for i in range(300))]
    orders = [("伙伴编号", "单号"), *((f"Q{i}", i) for i in range(3000))]
    made = job(folder(tmp_path / "csv", {"伙伴": rows, "订单": orders}))
    assert all(made.report(n).status == "refused" for n in range(300))


def test_a_workbook_that_cannot_be_read_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"")
    (tmp_path / "p.pol").write_text(policy_text(), encoding="utf-8")
    assert run(["eval", str(tmp_path / "p.pol"), str(tmp_path / "x.xlsx"), "-o", str(tmp_path / "out.xlsx")]) == 5
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("day", ["2024-06-30T09:00:00Z", "1850-01-01", "2024-13-45", "soon"])
def test_a_day_that_no_worksheet_has_comes_back_as_text(tmp_path: Path, plain: Path, day: str) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    path = changed(tmp_path / "x.xlsx", plain, sheet, 'r="E2" t="n"><v>2</v>', f'r="E2" t="d"><v>{day}</v>')
    assert evaluated(tmp_path, str(path), "-o", str(tmp_path / "y.xlsx"), "--jobs", "1") == 5
    assert table(tmp_path / "y.xlsx", "伙伴")[1][4] == day.replace("T", " ")


def policy_text() -> str:
    from population_support import TEXT

    return TEXT
