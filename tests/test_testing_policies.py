"""The cases of the shipped policies: all there, found, and holding in both dialects of the policy that has two.

They are run one by one as tests of their own (``policies/``, by the pytest plugin).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import pytest

from policydsl.core import Program
from policydsl.engine import Policy
from policydsl.sheet.problems import Problems
from policydsl.sheet.source import Mapping, Pair, Scalar, Sequence, Tree, read_source
from policydsl.testing import case_files, collect
from policydsl.testing.collect import ENDINGS, example_files
from policydsl.testing.example_file import read_example_file
from policydsl.testing.read import _Reader
from policydsl.testing.sheet_case import SheetCase
from shipped import POLICIES, shipped
from test_policies import without_spellings
from text_support import neutral
from tries import by_day

# by hand, from the documents
WORKED_OUT = {"2022_inspur": 240, "alicloud_fy22": 246, "h3c_star_2024": 469, "inspur_bid_2018": 76}
WRITTEN = {"2022_inspur": 87, "alicloud_fy22": 131, "h3c_star_2024": 108, "inspur_bid_2018": 190}
ZH, EN = "h3c_star_2024.pol", "h3c_star_2024.en.pol"


@pytest.mark.parametrize("name", WORKED_OUT)
def test_no_case_is_lost(name: str) -> None:
    path = POLICIES / f"{name}.pol"
    policy = shipped(path)
    cases = collect(policy, path)
    assert sum(case.source == "yaml" for case in cases) >= WORKED_OUT[name]
    written = [case for case in cases if case.source == "pol"]
    assert len(written) >= WRITTEN[name]
    assert len(policy.examples) <= 15 <= len(written)  # what a reader learns from; the rest stands beside
    assert not [case.name for case in cases if case.unconfirmed]


def names(zh: Program, en: Program) -> Iterator[tuple[str, str]]:
    """Every name of the Chinese policy with the one that stands in its place in the English one."""
    for a, b in zip_longest(zh.results, en.results):
        yield a.name, b.name
        yield from zip_longest(a.value.kind.options, b.value.kind.options)
        yield from ((p.name, q.name) for p, q in zip_longest(a.parts, b.parts))
        for e, f in zip_longest(a.effects, b.effects):
            yield from zip_longest(e.names, f.names)
    for x, y in zip_longest(zh.inputs.values(), en.inputs.values()):
        yield x.name, y.name
        yield from zip_longest(x.kind.options, y.kind.options)
    for s, t in zip_longest(zh.lists.values(), en.lists.values()):
        yield s.name, t.name
        yield from ((u.name, v.name) for u, v in zip_longest(s.fields, t.fields))


def units(zh: Program, en: Program) -> Iterator[tuple[str, str]]:
    """The measure words of counts: 3人 is 3 people."""
    for x, y in zip_longest(zh.inputs.values(), en.inputs.values()):
        if x.kind.base == "count" and x.kind.unit and y.kind.unit:
            yield x.kind.unit, y.kind.unit


def translated(tree: Tree, to: dict[str, str]) -> Tree:
    match tree:
        case Scalar():
            number = tree.text.rstrip("".join(w for w in to if len(w) == 1))
            unit = tree.text[len(number):]
            counted = f"{number} {to[unit]}" if unit in to and number.isdigit() else tree.text
            return replace(tree, text=to.get(tree.text, counted))
        case Sequence():
            return replace(tree, items=tuple(translated(item, to) for item in tree.items))
        case Mapping():
            pairs = (Pair(to.get(p.key, p.key), p.key_at, translated(p.value, to)) for p in tree.pairs)
            return replace(tree, pairs=tuple(pairs))


@pytest.fixture(scope="module")
def both() -> tuple[Policy, Policy]:
    return shipped(POLICIES / ZH), shipped(POLICIES / EN)


def test_the_examples_beside_are_the_same_in_both_dialects(both: tuple[Policy, Policy]) -> None:
    paths = (POLICIES / ZH, POLICIES / EN)
    zh, en = ([read_example_file(p, f) for f in example_files(path)] for p, path in zip(both, paths, strict=True))
    assert len(zh) == len(en) > 10
    for mine, other in zip(zh, en, strict=True):
        trees = [neutral(replace(f.tree, blocks=tuple(map(without_spellings, f.tree.blocks)))) for f in (mine, other)]
        assert mine.problems == other.problems == ()
        assert trees[0] == trees[1]


@pytest.mark.parametrize("file", by_day([f for f in case_files(POLICIES / ZH) if f.suffix in ENDINGS], 1))
def test_the_cases_hold_in_the_other_dialect(both: tuple[Policy, Policy], file: Path) -> None:
    zh, en = both
    to = {**dict(units(zh.program, en.program)), **dict(names(zh.program, en.program))}
    source = read_source(file.read_bytes(), str(file))
    assert source.tree is not None
    reader = _Reader(en.program, source.sources, Problems())
    cases = [SheetCase(en.program, spec) for spec in reader.specs(translated(source.tree, to))]
    assert list(reader.problems.all()) == []
    wrong = [
        f"{case.name}: {f.name} {f.expected} / {f.actual}" for case in cases for f in case.run(en).failures
    ]
    assert wrong == []
