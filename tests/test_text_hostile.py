"""Any text gives nodes or located messages, in time that grows with its length."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policydsl.diagnostics import Diagnostic
from policydsl.report import render
from policydsl.text import parse
from policydsl.text.names import Names
from policydsl.text.parser import MOST_CHARACTERS, MOST_COLUMNS, MOST_PROBLEMS, Parsing
from policydsl.text.source import Source
from policydsl.text.tables import load
from text_support import ROOT
from tries import tries

SAMPLES = [
    (ROOT / "tests" / "text_cases" / f"constructs.{code}.pol").read_text(encoding="utf-8") for code in ("zh", "en")
]
ODD = (
    "且或为的自起内前后（）：，、|【】%≥<>=\"「」 \n\t0123456789万元天月年次金额若则abc一半百第首'~"
    "\u200b\ufeff\u3000\x00\ud800İ"
)


def checked(text: str) -> list[Diagnostic]:
    """Parse and render; every message points into the text."""
    file, found = parse(text, "x.pol")
    lines = file.sources.texts.get("x.pol", ())
    for problem in found:
        span = problem.span
        assert 1 <= span.line <= span.end_line and span.column >= 1
        assert span.line <= len(lines) or not lines
        if lines:
            assert span.column <= len(lines[span.line - 1]) + 1
        assert render(problem, file.sources, file.dialect)
    return found


@tries(25)
@given(rng=st.randoms(use_true_random=True))
def test_edited_policies(rng: random.Random) -> None:
    text = rng.choice(SAMPLES)
    for _ in range(rng.randint(1, 6)):
        at, kind = rng.randrange(len(text)), rng.random()
        text = text[:at] + ("" if kind < 0.4 else rng.choice(ODD)) + text[at + (kind < 0.8) :]
    checked(text)


@tries(8)
@given(rng=st.randoms(use_true_random=True))
def test_shuffled_lines(rng: random.Random) -> None:
    lines = rng.choice(SAMPLES).splitlines()
    for _ in range(20):
        a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    checked("\n".join(lines))


@tries(150)
@given(st.lists(st.sampled_from([*ODD, "政策 甲\n", "数据\n", "条件 甲：", "示例 ", "表 ", "已知："]), max_size=40))
def test_any_text(pieces: list[str]) -> None:
    checked("".join(pieces))


@tries(50)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    checked(data.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    "text",
    [
        "|",
        "||||",
        "政策",
        "数据",
        "政策 甲\n数据\n：\n，\n（",
        "条件 甲：" + "（" * 90,
        "条件 甲：" + "并非 " * 2000,
        "条件 甲：" + "-" * 2000 + "1 ＝ 1",
        "措施清单：" + "、".join(f"名{i}" for i in range(3000)),
        "政策 甲\n" + "表 乙\n" + "|" * 10_000,
        "政策 甲\n" + "表 乙\n" + "\t" * 10_000 + "丙\t" * 3000,
        "数据\n" + " " * 10_000 + "甲 等）" * 1000,
        "# " + "条" * 10_000,
    ],
)
def test_odd_texts(text: str) -> None:
    checked(text)


# ---------------------------------------------------------------------------------------------- limits
def test_a_text_that_is_too_long_is_not_read() -> None:
    file, found = parse("政策 甲\n" * (MOST_CHARACTERS // 5 + 1), "x")
    assert [p.code for p in found] == ["POL120"] and file.blocks == ()


def test_a_line_that_is_too_long_is_named() -> None:
    found = checked("政策 甲\n注：" + "长" * MOST_COLUMNS)
    assert [(p.code, p.span.line) for p in found] == [("POL121", 2)]


def test_brackets_nested_too_deeply() -> None:
    _, found = parse("条件 甲：" + "（" * 101 + "1 ＝ 1" + "）" * 101, "x", fragment=True)
    assert [p.code for p in found] == ["POL122"]
    _, found = parse("条件 甲：" + "（" * 99 + "1 ＝ 1" + "）" * 99, "x", fragment=True)
    assert found == []


@pytest.mark.parametrize(("line", "word"), [
    ("计算 和 ＝ {}数", "数 ＋ "), ("计算 和 ＝ {}数", "数 － "), ("计算 和 ＝ {}数", "－"),
    ("要求 和：{}数 ≥ 1", "并非 "), ("要求 和：{}数 ≥ 1", "数 ≥ 1 且 "), ("要求 和：{}数 ≥ 1", "数 ≥ 1 或 "),
])
def test_a_formula_of_too_many_parts(line: str, word: str) -> None:
    """One refusal that names the line, and what stands behind it is read."""
    found = checked("政策 试\n数据\n  数：数值，≥ 0\n" + line.format(word * 300) + "\n条件 乙：一 二 三\n")
    assert [(p.code, p.span.line) for p in found if p.code == "POL122"] == [("POL122", 4)]
    assert [p.span.line for p in found if p.severity == "error" and p.code != "POL122"] == [5]
    assert {p.code for p in checked("政策 试\n数据\n  数：数值，≥ 0\n" + line.format(word * 150) + "\n")} <= {"POL271"}


def test_a_name_that_is_too_long() -> None:
    _, found = parse("数据\n" + "名" * 201 + "：金额\n乙：金额", "x", fragment=True)
    assert [(p.code, p.span.line) for p in found] == [("POL124", 2)]


def test_after_many_problems_it_stops() -> None:
    found = checked("政策 甲\n" + "条件 乙：一 二 三\n" * 1000)
    assert len(found) == MOST_PROBLEMS + 1
    assert (found[-1].code, found[-1].severity) == ("POL123", "notice")


# ---------------------------------------------------------------------------------------------- growth
def policy(blocks: int) -> str:
    """Blocks that each declare names and use some of the others."""
    out = ["政策 大政策", "数据"]
    out += [f"  指标{i}：金额（含税），必填，≥ 0元，别名 figure_{i}" for i in range(blocks)]
    for i in range(blocks):
        out += [
            f"要求 目标{i}：指标{i} 不低于 150万元（含税） 且 指标{(i * 7) % blocks} 低于 800万元 【{i}.1】",
            f"  对象：指标{(i * 3) % blocks} 已填",
            f"分档 得分{i}",
            f"  | 指标{i} | 得分 |",
            "  | ≥ 800万元 | 15分 |",
            "  | 低于 800万元 | 0分 |",
        ]
    return "\n".join(out)


def steps(text: str) -> int:
    """What the front end looked at: characters of words, tokens, characters of unknown words."""
    parsing = Parsing(load(), Names(Source(text, "x")), False)
    _, found = parsing.run()
    assert [p for p in found if p.severity == "error"] == []
    return parsing.steps + parsing.names.words.steps


def test_work_grows_with_the_text() -> None:
    small, large = policy(100), policy(1000)
    assert 9 < steps(large) / steps(small) < 12
    assert 9 < len(large) / len(small) < 12


def test_faulty_lines_are_not_read_twice() -> None:
    """A long block with faults at its end costs no more than one without."""

    def work(text: str) -> int:
        parsing = Parsing(load(), Names(Source(text, "x")), True)
        parsing.run()
        return parsing.steps

    sound = "奖励 甲\n" + " 上限：1元\n" * 3000
    assert work(sound + " 上限：1元 2元\n" * 15) < work(sound) * 1.05


def test_reading_costs_as_much_as_there_is_to_read() -> None:
    """Ten times the blocks are ten times the steps of the machine."""

    def work(text: str) -> int:
        parsing = Parsing(load(), Names(Source(text, "x")), True)
        parsing.run()
        return parsing.steps

    text = policy(130)
    assert len(text.splitlines()) > 900
    assert work(text) < work(policy(13)) * 10.5
