"""Finding, for each limit, a sheet that makes its rule depend on it: from a passing test, one thing varied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from policydsl.clause_kinds import traits
from policydsl.core import ListDecl, Program
from policydsl.domain import same
from policydsl.engine import Policy
from policydsl.judge import Judge
from policydsl.evaluate.terms import Evaluator
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.sheet import check_ranges
from policydsl.testgen.limits import limits
from policydsl.testgen.model import Generated, Limit, Made, Side
from policydsl.testing import Case
from policydsl.verdict import Judged, ResultValue

MOST_RECORDS = 12  # of a list, tried one by one
MOST_OTHERS = 12  # tests that look at other results, tried besides those that look at the rule


@dataclass(frozen=True, slots=True)
class Start:
    """A passing test of one party: what it gives, and the results it looks at."""

    case: Case
    sheet: Sheet
    settings: Mapping[str, Exact]
    day: date

    def with_sheet(self, sheet: Sheet) -> Start:
        return replace(self, sheet=sheet)


@dataclass(frozen=True, slots=True)
class Point:
    """The start with the varied thing at one value, what the rule then gives, and the facts that were asked for."""

    side: Side
    value: Exact
    start: Start
    outcome: ResultValue
    asked: frozenset[object]


def generate(policy: Policy, cases: Sequence[Case], only: Sequence[str] = ()) -> Generated:
    """A case for every value around every limit that no test has yet. ``only``: of these rules."""
    program = policy.program
    every_start = [s for case in cases for s in start_of(case, policy)]
    starts = [s for s in every_start if not s.case.unconfirmed]
    days = sorted({s.day for s in starts}, key=lambda d: (-sum(s.day == d for s in starts), str(d)))
    made: list[Made] = []
    unfound: list[Limit] = []
    covered = 0
    every = limits(program, days[0] if days else date(2024, 1, 1), only) + list(deadlines(program, starts, only))
    for limit in every:
        looking = [s for s in every_start if s.case.asserts is not None and limit.rule in s.case.asserts]
        open_ = [v for v in limit.values if not any(has(s, limit, v[1]) for s in looking)]
        asserting = [s for s in looking if not s.case.unconfirmed]
        covered += len(limit.values) - len(open_)
        if not open_:
            continue
        others = [s for s in starts if s not in asserting and gives(s, limit)]
        points = search(program, limit, [*asserting, *others[:MOST_OTHERS]])
        if not points:
            unfound.append(limit)
            continue
        sides = {side for side, _ in open_}
        for point in minimal(program, limit, points):
            if point.side in sides:
                made.append(
                    Made("", limit, point.side, point.value, point.start.sheet, point.start.settings, point.start.day,
                         point.outcome)
                )
    return Generated(tuple(made), covered, tuple(unfound))


def start_of(case: Case, policy: Policy) -> Iterator[Start]:
    """What a test gives, if it passes and judges one party."""
    if case.refusal or not case.run(policy).passed:
        return
    given = case.given(policy)
    if len(given.sheets) == 1 and not given.population:
        yield Start(case, given.sheets[0], given.settings, given.day)


def gives(start: Start, limit: Limit) -> bool:
    """Whether a test gives what is varied at all."""
    return limit.name in start.sheet.values if limit.varied == "fact" else limit.list in start.sheet.lists


def has(start: Start, limit: Limit, value: Exact) -> bool:
    """Whether a test that looks at the rule has the value already."""
    match limit.varied:
        case "fact":
            return limit.name in start.sheet.values and same_value(start.sheet.values[limit.name], value)
        case "field":
            records = start.sheet.lists.get(limit.list, ())
            return limit.alone and any(
                limit.name in r.values and same_value(r.values[limit.name], value) for r in records
            )
        case "records":
            return limit.list in start.sheet.lists and same_value(value, len(start.sheet.lists[limit.list]))
        case "day":
            return start.day == value


def same_value(one: Exact, two: Exact | int) -> bool:
    if one is None or two is None:
        return one is two
    return one == two if isinstance(one, tuple) or isinstance(two, int) else same(one, two)


# ---------------------------------------------------------------------------------------------- deadlines
def deadlines(program: Program, starts: Sequence[Start], only: Sequence[str]) -> Iterator[Limit]:
    """The last days that the tests come to, as limits of the evaluation date."""
    from policydsl.kinds import DATE
    from policydsl.text.fold import name_key

    wanted = {name_key(n) for n in only}
    for result in program.results:
        if traits(result.label).reading != "date" or result.over is not None:
            continue
        if wanted and name_key(result.name) not in wanted:
            continue
        for start in starts:
            if start.case.asserts is None or result.name not in start.case.asserts:
                continue
            found = judged(program, start, result.name)
            last = found[0].total.value if found is not None else None
            if last is not None and last.known and type(last.value) is date:
                day = last.value
                values: tuple[tuple[Side, Exact], ...] = (
                    ("below", day - timedelta(days=1)), ("at", day), ("above", day + timedelta(days=1)),
                )
                origin = result.origin
                yield Limit("day", "", "", DATE, day, values, result.name, origin.clauses, origin.at)
                break


# ---------------------------------------------------------------------------------------------- search
def search(program: Program, limit: Limit, starts: Sequence[Start]) -> list[Point]:
    """The first start, with the varied thing at each value, in which the rule does not give the same everywhere; one
    in which it is decided everywhere, if there is any."""
    second: list[Point] = []
    for start in starts:
        for place in places(limit, start):
            points = [p for side, value in limit.values for p in point(program, limit, start, place, side, value)]
            if len(points) > 1 and len({signature(p.outcome) for p in points}) > 1:
                if all(p.outcome.total.status != "unknown" for p in points):
                    return points
                second = second or points
    return second


def places(limit: Limit, start: Start) -> Iterator[int]:
    """Which record is varied; 0 where none is."""
    if limit.varied in ("fact", "day"):
        yield 0
    elif limit.list in start.sheet.lists:
        number = len(start.sheet.lists[limit.list])
        yield from range(min(number, MOST_RECORDS) if limit.varied == "field" else min(number, 1))


def point(
    program: Program, limit: Limit, start: Start, place: int, side: Side, value: Exact
) -> Iterator[Point]:
    """The start with the value set; nothing where the sheet would be refused."""
    there = varied(program, limit, start, place, value)
    if there is None or check_ranges(program, [there.sheet], there.day, there.settings):
        return
    found = judged(program, there, limit.rule)
    if found is not None:
        yield Point(side, value, there, *found)


def varied(program: Program, limit: Limit, start: Start, place: int, value: Exact) -> Start | None:
    sheet = start.sheet
    match limit.varied:
        case "fact":
            return start.with_sheet(replace(sheet, values={**sheet.values, limit.name: value}))
        case "day":
            return replace(start, day=value) if isinstance(value, date) else None
        case "field":
            records = sheet.lists[limit.list]
            changed = replace(records[place], values={**records[place].values, limit.name: value})
            # an aggregate is brought to the limit by one record alone
            rows = (*records[:place], changed, *records[place + 1 :]) if limit.alone else (changed,)
            return start.with_sheet(replace(sheet, lists={**sheet.lists, limit.list: rows}))
        case "records":
            several = repeated(program.lists[limit.list], sheet.lists[limit.list], int(str(value)))
            if several is None:
                return None
            return start.with_sheet(replace(sheet, lists={**sheet.lists, limit.list: several}))


def repeated(decl: ListDecl, records: tuple[Record, ...], number: int) -> tuple[Record, ...] | None:
    """So many records: the first ones, or the last one again under other keys."""
    if number <= len(records):
        return records[:number]
    key = decl.key or decl.fields[0].name
    last, rows = records[-1], list(records)
    text = decl.field_of(key)
    if text is None or text.kind.base != "text":
        return None
    while len(rows) < number:
        name = f"{last.key}-{len(rows) + 1}"
        rows.append(replace(last, key=name, values={**last.values, key: name}))
    return tuple(rows)


def judged(program: Program, start: Start, rule: str) -> tuple[ResultValue, frozenset[object]] | None:
    """The rule's result, and the facts that were asked for on the way."""
    ev = Evaluator(program, [start.sheet], start.settings)
    verdict = Judge(ev, 0, start.day, "option").verdict(False, [rule])
    result = verdict.results.get(rule)
    return None if result is None else (result, ev.facts_read())


def signature(result: ResultValue) -> str:
    """What can be told apart."""
    return repr([one(j) for j in (result.total, *(result.items or ()))])


def one(j: Judged) -> object:
    return (j.record, j.status, j.value, j.holds, j.state, [(m.name, m.status) for m in j.measures])


# ---------------------------------------------------------------------------------------------- minimal sheets
def minimal(program: Program, limit: Limit, points: Sequence[Point]) -> list[Point]:
    """The points with as few facts as give the same: those that the rule asked for, and of them only those that
    matter, one after the other."""
    asked = frozenset(key for p in points for key in p.asked)
    best = kept(program, limit, points, lambda sheet: reduced(program, sheet, asked)) or list(points)
    first = best[0].start.sheet
    spare = {limit.name if limit.varied == "fact" else limit.list}
    for name in [*first.lists, *first.values]:
        if name not in spare and not (name in program.inputs and program.inputs[name].required):
            best = kept(program, limit, best, lambda sheet, name=name: without(sheet, name)) or best  # type: ignore[misc]
    return best


def kept(
    program: Program, limit: Limit, points: Sequence[Point], change: Callable[[Sheet], Sheet]
) -> list[Point] | None:
    """The points on changed sheets; None where one is refused or gives something else."""
    out = []
    for p in points:
        small = p.start.with_sheet(change(p.start.sheet))
        found = judged(program, small, limit.rule)
        if found is None or signature(found[0]) != signature(p.outcome):
            return None
        if check_ranges(program, [small.sheet], small.day, small.settings):
            return None
        out.append(replace(p, start=small, outcome=found[0]))
    return out


def without(sheet: Sheet, name: str) -> Sheet:
    values = {n: v for n, v in sheet.values.items() if n != name}
    return replace(sheet, values=values, lists={n: v for n, v in sheet.lists.items() if n != name})


def reduced(program: Program, sheet: Sheet, asked: frozenset[object]) -> Sheet:
    values = {n: v for n, v in sheet.values.items() if ("", n) in asked or program.inputs[n].required}
    lists = {}
    for name, records in sheet.lists.items():
        if (name, "") not in asked:
            continue
        decl = program.lists[name]
        kept = {f.name for f in decl.fields if f.required or f.name == decl.key or (name, f.name) in asked}
        lists[name] = tuple(replace(r, values={k: v for k, v in r.values.items() if k in kept}) for r in records)
    return replace(sheet, values=values, lists=lists)
