"""Helpers of the engine's tests: short policies, sheets out of a policy's own examples, and what one answer allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume

from policydsl import nodes
from policydsl.diagnostics import PolicyError
from policydsl.domain import Possible, at_most, ends, has_none, same
from policydsl.engine import Policy, load_text
from policydsl.sources import NO_TEXTS
from policydsl.testing.collect import example_files
from policydsl.testing.example_file import read_example_file
from policydsl.testing.examples import Runner
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.verdict import Judged, Verdict

ROOT = Path(__file__).parents[1]
POLICIES = sorted((ROOT / "policies").glob("*.pol"))
CONSTRUCTS = sorted((ROOT / "tests" / "constructs").glob("*.pol"))
DAY = date(2024, 6, 30)
# A table of grades with what each gets, and two exceptions to it that can be in conflict.
GRADED = """数据
  业绩：金额
  新：是否
  旧：是否
等级 级
  | 等级 | 业绩 | 得 比例 |
  | 钻石 | ≥ 800元 | 2% |
  | 金牌 | ≥ 200元 | 1% |
  例外：若 新，得 钻石
  例外：若 旧，得 金牌
"""
SHIPPED = [p for p in POLICIES if not p.name.endswith(".en.pol")]


def policy(text: str) -> Policy:
    """A policy of the blocks given."""
    return load_text(f"政策 试\n  编号：T\n{text}", "t.pol")


def refusal(text: str) -> set[str]:
    """The codes for which a text is refused."""
    with pytest.raises(PolicyError) as refused:
        load_text(text, "t.pol")
    return {d.code for d in refused.value.diagnostics}


def accepted(text: str) -> Policy:
    """The policy of generated blocks. One with a row that can never be taken is refused, rightly: another is tried."""
    try:
        return policy(text)
    except PolicyError as refused:
        assume({d.code for d in refused.diagnostics if d.severity == "error"} != {"POL419"})
        raise


def verdict(
    made: Policy, facts: Mapping[str, Exact] | None = None,
    lists: Mapping[str, Sequence[Mapping[str, Exact]]] | None = None,
    as_of: date = DAY, settings: Mapping[str, Exact] | None = None,
) -> Verdict:
    """The verdict on one party; the first field of a record is its key."""
    ledgers = {
        name: tuple(Record(str(next(iter(r.values()))), dict(r)) for r in rows) for name, rows in (lists or {}).items()
    }
    return made.judge([Sheet("P", None, dict(facts or {}), ledgers)], as_of, settings=settings)[0]


def by_month(amounts: Sequence[int | None]) -> tuple[Record, ...]:
    """A record on the 10th of each month of 2024 from January on; its 额, where it is known."""
    records = []
    for i, amount in enumerate(amounts):
        values: dict[str, Exact] = {"日": date(2024, i + 1, 10)}
        if amount is not None:
            values["额"] = Fraction(amount)
        records.append(Record(str(i), values))
    return tuple(records)


def number(text: str | int) -> Fraction:
    return Fraction(text)


@dataclass(frozen=True)
class Case:
    """What one example of a policy gives."""

    name: str
    sheets: tuple[Sheet, ...]
    settings: dict[str, Exact]
    population: bool
    as_of: date


def cases(made: Policy) -> Iterator[Case]:
    """What the examples give, those that stand beside the policy too."""
    beside = [read_example_file(made, file) for file in example_files(Path(made.file.span.file))]
    written = [(example, NO_TEXTS) for example in made.examples]
    for example, sources in (*written, *((e, read.tree.sources) for read in beside for e in read.examples)):
        assert isinstance(example, nodes.Example) and example.as_of is not None
        sheets, settings, population = Runner(made, example, sources=sources).sheets()
        yield Case(example.name, tuple(sheets), settings, population, example.as_of)


def judged(made: Policy, case: Case, sheets: Sequence[Sheet] | None = None, settings: Mapping[str, Exact] | None = None,
           trace: bool = False) -> list[Verdict]:
    return made.judge(
        case.sheets if sheets is None else sheets, case.as_of, settings=case.settings if settings is None else settings,
        population=case.population, trace=trace,
    )


# ---------------------------------------------------------------------------------------------- what an answer allows
def allows(p: Possible, value: Exact) -> bool:
    """Whether the value is one of the possibilities."""
    if p.values is not None:
        return any(_alike(v, value) for v in p.values)
    if value is None:
        return p.none or _everything(p)
    if isinstance(value, str | tuple):
        return p.low is None and p.high is None
    if p.low is not None and (not at_most(p.low, value) or (p.low_open and same(value, p.low))):
        return False
    return not (p.high is not None and (not at_most(value, p.high) or (p.high_open and same(value, p.high))))


def covers(wide: Possible, narrow: Possible) -> bool:
    """Whether everything that ``narrow`` allows is allowed by ``wide``."""
    if narrow.values is not None:
        return all(allows(wide, v) for v in narrow.values)
    if wide.values is not None:
        return False
    if has_none(narrow) and not (wide.none or _everything(wide)):
        return False
    a, ao, b, bo = ends(narrow)
    c, co, d, do = ends(wide)
    if c is not None and (a is None or not at_most(c, a) or (same(a, c) and co and not ao)):
        return False
    return not (d is not None and (b is None or not at_most(b, d) or (same(b, d) and do and not bo)))


def _everything(p: Possible) -> bool:
    """Nothing at all is known: bounds are silent about 无, so 无 is not excluded."""
    return p.values is None and p.low is None and p.high is None


def _alike(a: Exact, b: Exact) -> bool:
    if a is None or b is None:
        return a is b
    return same(a, b)


def each_judged(v: Verdict) -> Iterator[tuple[str, Judged]]:
    """Every result and its records' instances, by a name that does not depend on order."""
    for result in v.results.values():
        yield result.name, result.total
        for item in result.items or ():
            yield f"{result.name}[{item.record}]", item


def summary(v: Verdict) -> dict[str, object]:
    """What was decided, without anything that may depend on order."""
    return {name: _plain(j) for name, j in each_judged(v)}


def _plain(j: Judged) -> object:
    return (
        j.status, _answer(j.value), _answer(j.holds), _answer(j.state), j.deemed,
        frozenset(j.missing), frozenset(j.reasons),
        tuple((p.name, _answer(p.value)) for p in j.parts),
        tuple((m.name, m.status, _answer(m.start), _answer(m.end)) for m in j.measures),
    )


def _answer(p: Possible | None) -> object:
    if p is None:
        return None
    values = None if p.values is None else frozenset(map(repr, p.values))
    return (values, p.low, p.low_open, p.high, p.high_open, p.none, p.needs, p.conflict)
