"""Bad and hostile files: each is refused with a place and plain words, quickly, and never with a traceback."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheet_program import PROGRAM
from tries import tries

from policydsl import catalogue, report
from policydsl.diagnostics import Language, SheetError
from policydsl.sheet import Sheet, read_sheets
from policydsl.sheet.problems import MOST_PROBLEMS

DEEP = 100_000


def refused(data: bytes | str) -> list[tuple[str, int, int]]:
    """(code, line, column) of every problem; the messages can be shown in both languages."""
    with pytest.raises(SheetError) as caught:
        read_sheets(data, "坏.yaml", PROGRAM)
    for diagnostic in caught.value.diagnostics:
        assert diagnostic.code in catalogue.codes()
        languages: tuple[Language, ...] = ("zh", "en")
        for language in languages:
            text = report.render(diagnostic, caught.value.sources, language)
            assert not re.search(r"\{\w+\}", text.splitlines()[0])  # every place of the wording is filled
            assert text.count("\n") <= 8
    return [(d.code, d.span.line, d.span.column) for d in caught.value.diagnostics]


FILES: list[tuple[str, bytes | str, str, int, int]] = [
    ("invalid utf-8", b"\xd5\xfb\xcc\xe5: 3\n", "SHEET101", 1, 1),
    ("a later invalid byte", "净额: 1\n备注: ".encode() + b"\xff", "SHEET101", 2, 1),
    ("utf-16 cut in the middle", "净额: 1".encode("utf-16")[:-1], "SHEET101", 1, 1),
    ("five mebibytes", "备注: " + "甲" * (5 * 1024 * 1024), "SHEET102", 1, 1),
    ("deep lists", "[" * DEEP, "SHEET103", 1, 1),
    ("deep mappings", "{a: " * DEEP, "SHEET103", 1, 161),
    ("deep blocks", "".join(" " * i + "a:\n" for i in range(60)), "SHEET103", 41, 41),
    ("very many entries", "净额: [" + "1," * 200_001 + "]", "SHEET104", 1, 400000),
    ("an anchor", "净额: &a 1\n备注: *a", "SHEET105", 1, 5),
    ("a lone alias", "净额: *a", "SHEET105", 1, 5),
    ("the billion laughs", "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]", "SHEET105", 1, 4),
    ("a tag", "净额: !!python/object/apply:os.system [ls]", "SHEET106", 1, 5),
    ("a tag of a number", "净额: !!float 3", "SHEET106", 1, 5),
    ("a local tag", "净额: !secret 3", "SHEET106", 1, 5),
    ("two documents", "净额: 1\n---\n净额: 2", "SHEET107", 2, 1),
    ("a null character", "备注: 甲\x00乙", "SHEET108", 1, 6),
    ("an escaped null character", '{"remark": "a\\u0000b"}', "SHEET108", 1, 12),
    ("an escape sequence", "备注: \x1b[31m红", "SHEET108", 1, 5),
    ("text that runs the other way", "备注: 甲\u202e乙", "SHEET108", 1, 6),
    ("half a character", '{"remark": "\\ud83d"}', "SHEET109", 1, 15),
    ("an open quotation", '备注: "甲\n净额: 1\n', "SHEET109", 1, 5),
    ("an unknown escape", '备注: "C:\\文件"', "SHEET109", 1, 8),
    ("a tab as indentation", "certificates:\n\tsales: 1", "SHEET110", 2, 1),
    ("text that begins with @", "备注: @甲", "SHEET110", 1, 5),
    ("an open bracket", "报告内容: [备货信息, 用户信息", "SHEET111", 1, 7),
    ("an open brace", '{"净额": 1', "SHEET111", 1, 1),
    ("a missing comma", '{"净额": 1 "备注": 2}', "SHEET111", 1, 14),
    ("a stray indentation", "净额: 1\n  备注: 2", "SHEET112", 2, 5),
    ("a second colon", "净额: 备注: 2", "SHEET112", 1, 7),
    ("a list and names on one level", "- 1\n净额: 1", "SHEET113", 2, 1),
    ("a list as a name", "? [1]\n: 2", "SHEET114", 1, 3),
    ("a mapping as a name", "{{a: 1}: 2}", "SHEET114", 1, 2),
    ("a huge exponent", "净额: 1E1000000", "SHEET138", 1, 5),
    ("a huge negative exponent", "净额: 1E-999999999999", "SHEET138", 1, 5),
    ("a number of 5000 digits", "净额: " + "9" * 5000, "SHEET130", 1, 5),
    ("no number", "净额: .nan", "SHEET130", 1, 5),
    ("an infinite number", '{"net": -Infinity}', "SHEET130", 1, 9),
    ("digits of another script", "净额: ٣", "SHEET130", 1, 5),
    ("a number in base 60", "净额: 12:30:45", "SHEET130", 1, 5),
    ("a name of ten thousand characters", "甲" * 500 + ": 1", "SHEET120", 1, 1),
    ("the same name twice", "净额: 1\n净额: 1", "SHEET121", 2, 1),
    ("a merge key", "<<: {净额: 1}", "SHEET120", 1, 1),
    ("a fraction without denominator", "系数: 1/0", "SHEET138", 1, 5),
    ("a formula", "净额: =1+1", "SHEET130", 1, 5),
]


@pytest.mark.parametrize(("data", "code", "line", "column"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_refused_with_a_place(data: bytes | str, code: str, line: int, column: int) -> None:
    assert refused(data) == [(code, line, column)]  # without the limits some of these never end


def test_what_windows_writes_is_read() -> None:
    text = "净额: 1\r\n备注: 甲\r\n"
    for data in (text.encode("utf-8-sig"), text.encode("utf-16"), b"\xfe\xff" + text.encode("utf-16-be")):
        assert read_sheets(data, "p.yaml", PROGRAM)[0].values == {"净额": 1, "备注": "甲"}


def test_the_number_of_problems_is_limited() -> None:
    text = "\n".join(f"甲{i}: 1" for i in range(3000))
    found = refused(text)
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1][0] == "SHEET129"


def test_the_lines_of_the_file_come_with_the_problems() -> None:
    with pytest.raises(SheetError) as caught:
        read_sheets("净额: 1\r\n备注: @", "p.yaml", PROGRAM)
    assert caught.value.sources.texts == {"p.yaml": ("净额: 1", "备注: @")}
    assert caught.value.dialect == "zh"


PIECES = st.sampled_from(
    [
        "整体业绩",
        "净额",
        "违规记录",
        "名称",
        "评估日",
        "全体",
        "certificates",
        ".sales",
        ": ",
        ":",
        "- ",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "}",
        ",",
        '"',
        "'",
        "&a",
        "*a",
        "!",
        "#",
        "|",
        ">",
        "---",
        "无",
        "null",
        "1",
        "1e9",
        "8%",
        "3人",
        "150万元",
        "2024-06-30",
        "甲、乙",
        "\t",
        "\\",
        "\\u",
        "是",
        "是否",
        "（含税）",
        "1/3",
        "\u3000",
        "％",
        "😀",
    ]
)


@tries(150)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_a_sheet_or_is_refused(text: str) -> None:
    try:
        sheets = read_sheets(text, "p.yaml", PROGRAM, as_of=date(2024, 6, 30))
    except SheetError as error:
        assert error.diagnostics
        assert all(d.code in catalogue.codes() and d.severity == "error" for d in error.diagnostics)
    else:
        assert all(isinstance(sheet, Sheet) for sheet in sheets)


@tries(80)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_sheet_or_are_refused(data: bytes) -> None:
    try:
        read_sheets(data, "p.yaml", PROGRAM)
    except SheetError as error:
        assert error.diagnostics
