"""What must hold for every policy and every sheet."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from engine_support import (
    CONSTRUCTS,
    ROOT,
    SHIPPED,
    Case,
    accepted,
    cases,
    covers,
    each_judged,
    judged,
    policy,
    summary,
    verdict,
)
from hypothesis import given
from hypothesis import strategies as st
from shipped import shipped
from tries import by_day, in_turn, some, tries

from policydsl.domain import Possible, ends, join, point
from policydsl.engine import Policy
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact

SOME = tries(40)
SOURCES = [*SHIPPED, *CONSTRUCTS]
PAYING = [p for p in CONSTRUCTS if p.stem[:2] in ("13", "14")]  # for several records, or periods


def some_cases(path: Path) -> Sequence[Case]:
    """Two to four examples of a policy, so that the tests stay quick; more by night."""
    return some(list(cases(shipped(path))), 2 if path in SHIPPED else 4)


# ---------------------------------------------------------------------------------------------- bands
@SOME
@given(
    edges=st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(sorted),
    below=st.booleans(),
    twice=st.integers(0, 82),
)
def test_every_number_falls_in_exactly_one_row(edges: list[int], below: bool, twice: int) -> None:
    """``below``: an edge belongs to the row below it."""
    low, high = ("＜", "≤") if below else ("≤", "＜")
    rows = [f"  | 数{high}{edges[0]} | 0 |"]
    rows += [f"  | {a}{low}数{high}{b} | {i} |" for i, (a, b) in enumerate(itertools.pairwise(edges), 1)]
    rows += [f"  | {'超过 ' if below else '≥'}{edges[-1]} | {len(edges)} |"]
    made = policy("数据\n  数：数值\n分档 档\n  | 数 | 档 |\n" + "\n".join(rows) + "\n")
    value = Fraction(twice, 2)
    found = verdict(made, {"数": value})
    wanted = (bisect_left if below else bisect_right)(edges, value)
    assert found.results["档"].total.value == point(Fraction(wanted))
    assert [e.row for e in found.trace if e.row is not None and e.status == "fired"] == [wanted + 1]
    unknown = verdict(made).results["档"].total.value
    assert unknown.values == tuple(Fraction(n) for n in range(len(edges) + 1))


# ---------------------------------------------------------------------------------------------- order
def dates_differ(rows: tuple[Record, ...]) -> bool:
    """Whether no two rows share a date or lack one: only then their order says nothing."""
    fields = {n for r in rows for n, v in r.values.items() if isinstance(v, date)}
    for name in fields:
        if len({str(r.values.get(name)) for r in rows} - {"None"}) < len(rows):
            return False
    return len({r.key for r in rows}) == len(rows)


def turned_round(sheet: Sheet) -> Sheet:
    rows = {n: tuple(reversed(r)) if dates_differ(r) else r for n, r in reversed(list(sheet.lists.items()))}
    values = dict(reversed(list(sheet.values.items())))
    return replace(sheet, values=values, lists=rows)


def assert_order_does_not_matter(path: Path, found: Iterable[Case]) -> None:
    made = shipped(path)
    for case in found:
        straight = {v.party: summary(v) for v in judged(made, case)}
        sheets = [turned_round(s) for s in reversed(case.sheets)]
        back = {v.party: summary(v) for v in judged(made, case, sheets)}
        assert straight == back, case.name


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day(SOURCES, len(SOURCES) // 16))
def test_the_order_of_facts_and_records_does_not_matter(path: Path) -> None:
    assert_order_does_not_matter(path, some_cases(path))


@pytest.mark.nightly
@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_the_order_does_not_matter_in_more_examples(path: Path) -> None:
    assert_order_does_not_matter(path, in_turn(list(cases(shipped(path))), 8))


# ---------------------------------------------------------------------------------------------- knowledge
def removable(made: Policy, sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """What may be left out of a sheet so that it is unknown: no fact with a default, no ledger empty unless given."""
    for name in sheet.values:
        if made.program.inputs[name].default is None:
            yield ("fact", name)
    for name, rows in sheet.lists.items():
        decl = made.program.lists[name]
        if not decl.default_none:
            yield ("ledger", name)
        for row in rows:
            for field in row.values:
                found = decl.field_of(field)
                if found is not None and found.default is None and found.name != (decl.key or decl.fields[0].name):
                    yield ("field", name, row.key, field)


def without(sheet: Sheet, gone: set[tuple[str, ...]]) -> Sheet:
    lists = {
        name: tuple(
            replace(r, values={f: v for f, v in r.values.items() if ("field", name, r.key, f) not in gone})
            for r in rows
        )
        for name, rows in sheet.lists.items()
        if ("ledger", name) not in gone
    }
    values = {n: v for n, v in sheet.values.items() if ("fact", n) not in gone}
    return replace(sheet, values=values, lists=lists)


def half_filled(made: Policy, full: Sequence[Sheet], draw: random.Random, share: float | Fraction) -> list[Sheet]:
    """Sheets of which a share is left out, drawn for each; a ledger that all share (共用) stays one and the same."""
    less = [without(sheet, {g for g in removable(made, sheet) if draw.random() < share}) for sheet in full]
    for name in [d.name for d in made.program.lists.values() if d.shared]:
        if all(sheet.lists.get(name) == full[0].lists.get(name) for sheet in full):
            one = {name: less[0].lists[name]} if name in less[0].lists else {}
            less = [replace(s, lists={n: rows for n, rows in s.lists.items() if n != name} | one) for s in less]
    return less


def assert_less_is_never_different(made: Policy, case: Case, sheets: list[Sheet], told: str) -> None:
    """Every answer on less knowledge allows the answer on more."""
    for full, partial in zip(judged(made, case), judged(made, case, sheets), strict=True):
        more = dict(each_judged(full))
        less = dict(each_judged(partial))
        for name, before in less.items():
            if name not in more:  # an instance whose part was unknown and turns out not to take part
                assert before.status in ("unknown", "not_applicable"), (told, name)
                continue
            after = more[name]
            here = (told, name, before, after)
            if before.status in ("known", "not_applicable"):
                assert after.status == before.status, here
            if after.status == "not_applicable" or before.status == "not_applicable":
                continue
            assert covers(before.value, after.value), here
            for a, b in ((before.holds, after.holds), (before.state, after.state)):
                if a is not None and b is not None:
                    assert covers(a, b), here
            for p, q in zip(before.parts, after.parts, strict=True):
                assert covers(p.value, q.value), (here, p.name)
            due = [((b.start, a.start), (b.end, a.end)) for b, a in zip(before.measures, after.measures, strict=True)]
            for wide, narrow in ((before.bearer, after.bearer), (before.favour, after.favour), *itertools.chain(*due)):
                assert wide is None or narrow is None or covers(wide, narrow), here
            for b, a in zip(before.measures, after.measures, strict=True):
                assert b.status in ("unknown", a.status), (here, b.name)
            assert before.ends_open or not after.ends_open, here


def assert_some_may_be_left_out(made: Policy, case: Case, draw: random.Random) -> None:
    share = draw.choice((Fraction(1, 5), Fraction(1, 2), Fraction(1)))
    sheets = half_filled(made, case.sheets, draw, share)
    pairs = zip(case.sheets, sheets, strict=True)
    told = [sorted({*removable(made, full)} - {*removable(made, less)}) for full, less in pairs]
    assert_less_is_never_different(made, case, sheets, f"{case.name} without {told}")


@pytest.mark.sampled
@pytest.mark.parametrize("path", by_day(SOURCES, len(SOURCES) // 16))
def test_less_knowledge_never_contradicts_more(path: Path) -> None:
    draw = random.Random(path.stem)
    for case in some_cases(path):
        assert_some_may_be_left_out(shipped(path), case, draw)


@pytest.mark.nightly
@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
@tries(10)
@given(data=st.data(), draw=st.randoms(use_true_random=True))
def test_less_knowledge_of_any_example(path: Path, data: st.DataObject, draw: random.Random) -> None:
    made = shipped(path)
    assert_some_may_be_left_out(made, data.draw(st.sampled_from(list(cases(made)))), draw)


# ---------------------------------------------------------------------------------------------- generated policies
YES_NO = ("甲", "乙", "丙")
COLOURS = ("红", "黄", "蓝")


def atoms() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(YES_NO),
        st.sampled_from([f"色 为 {c}" for c in COLOURS]),
        st.sampled_from(["色 不为 红", "色 属于 红、蓝"]),
        st.sampled_from(["条一", "条二"]),
    )


def conditions(depth: int = 2) -> st.SearchStrategy[str]:
    if depth == 0:
        return atoms()
    inner = conditions(depth - 1)
    return st.one_of(
        atoms(),
        inner.map(lambda a: f"并非 （{a}）"),
        st.tuples(inner, inner).map(lambda p: f"（{p[0]}） 且 （{p[1]}）"),
        st.tuples(inner, inner).map(lambda p: f"（{p[0]}） 或 （{p[1]}）"),
    )


def plain(text: str) -> str:
    """Named conditions may not read themselves."""
    return text.replace("条一", "甲").replace("条二", "乙")


@SOME
@given(
    one=conditions(), two=conditions(), three=conditions(),
    known=st.dictionaries(st.sampled_from(YES_NO), st.booleans()),
)
def test_an_answer_on_few_unknowns_is_the_tightest(one: str, two: str, three: str, known: dict[str, bool]) -> None:
    """The possibilities are exactly what the completions give."""
    made = accepted(
        "数据\n" + "".join(f"  {n}：是否\n" for n in YES_NO) + "  色：选项（红、黄、蓝）\n"
        f"条件 条一：{plain(one)}\n条件 条二：{plain(two).replace('丙', '条一')}\n条件 果：{three}\n"
        f"计算 值\n  若 {two}：1\n  若 果：2\n  否则：3\n"
    )
    open_facts = [n for n in YES_NO if n not in known]
    found = verdict(made, known)
    results: dict[str, list[Possible]] = {"条一": [], "条二": [], "果": [], "值": []}
    for filled in itertools.product((False, True), repeat=len(open_facts)):
        for colour in COLOURS:
            facts: dict[str, Exact] = {**known, **dict(zip(open_facts, filled, strict=True)), "色": colour}
            for name, seen in results.items():
                seen.append(verdict(made, facts).results[name].total.value)
    for name, seen in results.items():
        expected = join(seen)
        assert set(found.results[name].total.value.values or ()) == set(expected.values or ()), name


@SOME
@given(
    condition=conditions(1),
    low=st.integers(0, 10), high=st.integers(0, 10),
    full=st.fixed_dictionaries({
        "甲": st.booleans(), "乙": st.booleans(), "丙": st.booleans(), "色": st.sampled_from(COLOURS),
        "数": st.integers(0, 10).map(Fraction), "量": st.integers(-5, 5).map(Fraction),
    }),
    kept=st.sets(st.sampled_from(["甲", "乙", "丙", "色", "数", "量"])),
)
def test_less_knowledge_of_a_generated_policy(
    condition: str, low: int, high: int, full: dict[str, Exact], kept: set[str]
) -> None:
    made = accepted(
        "数据\n" + "".join(f"  {n}：是否\n" for n in YES_NO)
        + "  色：选项（红、黄、蓝）\n  数：数值，0 至 10\n  量：数值\n"
        f"条件 果：（{plain(condition)}） 且 数 ≥ {low}\n"
        f"计算 值\n  若 果：数 × 量 － {high}\n  若 量 ＞ 0：数 ÷ 量 × 3\n  否则：取高（数，量） － 取低（数，量）\n"
        f"条件 大：值 ≥ {high}\n计算 限 ＝ 限于（值，0，5）\n计算 差 ＝ 值 － 限\n"
    )
    case = Case("generated", (Sheet("P", None, full),), {}, False, date(2024, 6, 30))
    less = {n: v for n, v in full.items() if n in kept}
    assert_less_is_never_different(made, case, [Sheet("P", None, less)], str(less))


# ---------------------------------------------------------------------------------------------- totals
@pytest.mark.parametrize(
    ("paths", "enough"),
    [(PAYING[::8], 3), pytest.param([*SHIPPED, *PAYING], 13, marks=pytest.mark.nightly)], ids=["few", "many"],
)
def test_totals_are_the_sums_of_their_entries(paths: list[Path], enough: int) -> None:
    seen = 0
    for path in paths:
        made = shipped(path)
        for case in some_cases(path):
            for v in judged(made, case, trace=True):
                entries = {(e.rule, e.record): e for e in v.trace if e.row is None and not e.label}
                for r in v.results.values():
                    paid = r.label in ("reward", "penalty") and r.total.kind.base == "money"
                    if not r.items or not paid or r.total.status != "known":
                        continue
                    amounts = [i.value.value for i in r.items if i.status == "known"]
                    traced = [entries[(r.name, i.record)].value for i in r.items if i.status == "known"]
                    between = [ends(i.value)[::2] for i in r.items if i.status == "unknown"]  # what a cap evens out
                    low, high = (sum([*amounts, *(b[end] for b in between)]) for end in (0, 1))  # type: ignore[arg-type]
                    assert low <= r.total.value.value <= high, (path.stem, case.name, r.name)  # type: ignore[operator]
                    assert [t.value for t in traced if t is not None] == amounts, (path.stem, case.name, r.name)
                    seen += 1
    assert seen >= enough


def test_a_score_is_the_sum_of_its_items_and_adjustments() -> None:
    made = shipped(ROOT / "tests" / "constructs" / "12_scores.pol")
    seen = 0
    for case in cases(made):
        v = judged(made, case, trace=True)[0]
        total = v.results["考核"].total
        rows = [e.value for e in v.trace if e.rule == "考核" and (e.row is not None or e.label == "adjust")]
        if total.status == "known" and all(r is not None and r.known for r in rows):
            assert total.value.value == sum(r.value for r in rows if r is not None)  # type: ignore[misc]
            assert len(rows) == 4
            seen += 1
    assert seen >= 5


# ---------------------------------------------------------------------------------------------- determinism
def test_the_same_bytes_whatever_the_hash_seed() -> None:
    outputs = set()
    for seed in ("0", "4242"):
        run = subprocess.run(
            [sys.executable, "-m", "policydsl", "eval", "policies/h3c_star_2024.pol", "examples/h3c_star_2024.yaml",
             "--format", "json"],
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False,
        )
        assert run.returncode in (0, 4), run.stderr.decode()
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert outputs.pop().startswith(b"{")
