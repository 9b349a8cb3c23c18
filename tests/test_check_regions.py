"""Random tables against their plain meaning: every sample value is tried in every row, one by one."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tries import by_day, tries

from policydsl.diagnostics import Diagnostic, PolicyError
from policydsl.engine import load_text

NOTHING = "无"
Sample = Fraction | str
OPS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "＜": operator.lt, "≤": operator.le, "＞": operator.gt, "≥": operator.ge, "不为": operator.ne, "＝": operator.eq,
}
START = date(2024, 1, 1).toordinal()


@dataclass(frozen=True)
class Line:
    """A fact whose values lie on a line; constants are whole numbers from 0, written by ``literal``."""

    declaration: str
    literal: Callable[[int], str]
    low: int | None = None
    high: int | None = None
    whole: bool = False

    def samples(self, most: int) -> list[Sample]:
        """Every constant up to ``most``, the middles between them, values beyond; those the declaration allows."""
        every = [Fraction(n, 2) for n in range(-4, 2 * max(most, self.high or 0) + 5)]
        return [
            x for x in every
            if (self.low is None or x >= self.low) and (self.high is None or x <= self.high)
            and (not self.whole or x.denominator == 1)
        ]


LINES = [
    Line("百分比，0% 至 5%", "{}%".format, 0, 5),
    Line("金额", "{}元".format),
    Line("金额，≥ 3元", "{}元".format, 3),
    Line("金额，选填，≤ 6元", "{}元".format, None, 6),
    Line("数量（人），≥ 0人", "{}人".format, 0, whole=True),
    Line("数量（人天），0人天 至 5人天", "{}人天".format, 0, 5),
    Line("日期，选填，不早于 2024年1月1日", lambda n: f"{date.fromordinal(START + n):%Y年%-m月%-d日}", 0, whole=True),
    Line("时长，0个月 至 12个月", lambda n: f"{n // 12}年" if n and n % 12 == 0 else f"{n}个月", 0, 12),
]
OPTIONS = ("甲", "乙", "丙", "丁")
Lets = Callable[[Sample], bool]
Cell = tuple[str, Lets]


def compared(op: str, number: int) -> Lets:
    """无 is no number, so it only is not equal to one."""
    return lambda x: op == "不为" if isinstance(x, str) else OPS[op](x, Fraction(number))


def anything(_: Sample) -> bool:
    return True


def line_cell(rng: random.Random, name: str, line: Line, most: int, narrow: bool) -> Cell:
    a, b = rng.randint(0, most), rng.randint(0, most)
    form = rng.randrange(9)
    if narrow:
        form, b = rng.randint(3, 6), a + rng.randint(0, 2)
    if form < 3:
        op = rng.choice("＜≤＞≥")
        return f"{op} {line.literal(a)}", compared(op, a)
    if form < 6:
        left, right = rng.choice("＜≤"), rng.choice("＜≤")
        low, high = compared({"＜": "＞", "≤": "≥"}[left], a), compared(right, b)
        return f"{line.literal(a)}{left}{name}{right}{line.literal(b)}", lambda x: low(x) and high(x)
    if form == 6:
        return line.literal(a), compared("＝", a)
    if form == 7:
        return f"{name} 不为 {line.literal(a)}", compared("不为", a)
    if "选填" in line.declaration:
        asked = rng.random() < 0.5
        return NOTHING if asked else f"{name} 不为 {NOTHING}", lambda x: (x == NOTHING) == asked
    return "不限", anything


def choice_cell(rng: random.Random, name: str) -> Cell:
    some = rng.sample(OPTIONS, rng.randint(1, 4))
    if rng.random() < 0.3:
        return "不限", anything
    if rng.random() < 0.3:
        return f"{name} 不为 {some[0]}", lambda x: x != some[0]
    return "、".join(some), lambda x: x in some


@dataclass(frozen=True)
class Table:
    text: str
    first_row: int
    samples: tuple[tuple[Sample, ...], ...]  # every combination that may occur
    rows: tuple[tuple[Lets, ...], ...]

    def let_in(self, row: int) -> set[int]:
        return {
            i for i, sample in enumerate(self.samples)
            if all(lets(x) for lets, x in zip(self.rows[row], sample, strict=True))
        }


def table(
    rng: random.Random, axes: Sequence[Line | None], size: int, head: str, *modes: str, narrow: bool = False
) -> Table:
    """A table of so many rows over the axes (None: a choice), on several axes with fewer constants. ``narrow``: most
    rows lie apart."""
    most = 24 if len(axes) == 1 else 4
    named = [(f"事{i}", axis) for i, axis in enumerate(axes)]
    cells = [
        [choice_cell(rng, n) if axis is None else line_cell(rng, n, axis, most, narrow) for n, axis in named]
        for _ in range(size)
    ]
    samples = []
    for column, axis in enumerate(axes):
        found: list[Sample] = list(OPTIONS) if axis is None else axis.samples(most)
        if any(row[column][0].endswith(NOTHING) for row in cells):
            found = [*found, NOTHING]
        samples.append(found)
    kinds = [f"选项（{'、'.join(OPTIONS)}）" if axis is None else axis.declaration for axis in axes]
    top = [
        "政策 演示", "  编号：T", "数据", *(f"  {n}：{k}" for (n, _), k in zip(named, kinds, strict=True)),
        f"{head} 得分", *modes, f"  | {' | '.join(n for n, _ in named)} | 分 |",
    ]
    rows = [f"  | {' | '.join(text for text, _ in row)} | {i}分 |" for i, row in enumerate(cells)]
    return Table(
        "\n".join([*top, *rows]) + "\n", len(top) + 1, tuple(product(*samples)),
        tuple(tuple(lets for _, lets in row) for row in cells),
    )


def said(one: Table) -> list[Diagnostic]:
    try:
        found = load_text(one.text).diagnostics
    except PolicyError as error:
        found = error.diagnostics
    assert {d.code for d in found} <= {"POL406", "POL407", "POL408", "POL409", "POL419"}, one.text
    return list(found)


def rows_of(found: list[Diagnostic], code: str, one: Table) -> list[int]:
    return [d.span.line - one.first_row for d in found if d.code == code]


def check_apart(one: Table) -> None:
    """A table whose rows must share nothing: rows that let nothing in, the first earlier row that shares something."""
    found = said(one)
    regions = [one.let_in(row) for row in range(len(one.rows))]
    assert rows_of(found, "POL419", one) == [row for row, region in enumerate(regions) if not region], one.text
    overlaps = [(int(d.args["first"]) - 1, int(d.args["second"]) - 1) for d in found if d.code == "POL407"]
    wanted = [next(((i, j) for i in range(j) if regions[i] & regions[j]), None) for j in range(len(regions))]
    assert overlaps == [pair for pair in wanted if pair is not None], one.text


def gaps(one: Table) -> list[bool]:
    """For each combination whether it is a gap; 无 needs no row."""
    covered = {i for row in range(len(one.rows)) for i in one.let_in(row)}
    return [i not in covered and NOTHING not in sample for i, sample in enumerate(one.samples)]


@tries(150)
@given(st.integers(0, 10**9), st.sampled_from(LINES), st.integers(1, 7))
def test_bands(seed: int, line: Line, size: int) -> None:
    one = table(random.Random(seed), [line], size, "分档")
    check_apart(one)
    stretches = [gap for gap, _ in groupby(gaps(one)) if gap]
    assert len(rows_of(said(one), "POL406", one)) == min(len(stretches), 5), one.text


AXES = st.lists(st.sampled_from([None, *LINES]), min_size=2, max_size=3)


@tries(60)
@given(st.integers(0, 10**9), AXES, st.integers(1, 7))
def test_decision_tables(seed: int, axes: list[Line | None], size: int) -> None:
    one = table(random.Random(seed), axes, size, "判定表")
    check_apart(one)
    assert ("POL409" in {d.code for d in said(one)}) == any(gaps(one)), one.text


@tries(60)
@given(st.integers(0, 10**9), AXES, st.integers(1, 7))
def test_the_first_row_that_fits(seed: int, axes: list[Line | None], size: int) -> None:
    check_first(table(random.Random(seed), axes, size, "判定表", "  命中：首条"))


def check_first(one: Table) -> None:
    found = said(one)
    regions = [one.let_in(row) for row in range(len(one.rows))]
    assert rows_of(found, "POL419", one) == [row for row, region in enumerate(regions) if not region], one.text
    taken = [j for j, mine in enumerate(regions) if mine and any(mine <= regions[i] for i in range(j))]
    assert rows_of(found, "POL408", one) == taken, one.text


@pytest.mark.parametrize("narrow", [True, False])
@pytest.mark.parametrize("seed", by_day(range(8), 3))
def test_long_tables(seed: int, narrow: bool) -> None:
    """So many rows that they are parted into groups, and groups into groups again."""
    rng = random.Random(seed)
    axes = [rng.choice([None, *LINES]) for _ in range(1 + seed % 3)]
    check_apart(table(rng, axes, 40, "判定表", narrow=narrow))
    check_first(table(rng, axes, 40, "判定表", "  命中：首条", narrow=narrow))
