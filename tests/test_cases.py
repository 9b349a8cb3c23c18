"""Cases of a policy, worked out by hand from the source document: ``cases/<policy>/*.yaml``.

A file is a list. ``define`` names a fact sheet for the cases after it; a case has

    name, clause: [ids], ruling, why     what is tested (and by which reading), and the working
    like, facts, without                 the sheet: start from a defined one, add or replace, leave out
    facts: [sheet, ...]                  a population; ``expect`` is then by party
    as_of, set                           the day, and values of parameters
    expect                               {result, alias or measure: expectation}
    refused: [text, ...]                 instead of ``expect``: the sheet is not accepted, and the message says so

An expectation is the value itself, or a mapping of

    value · min, max · one_of            exactly what is still possible (null: without that bound)
    unknown: true, or the missing facts  (a fact of a record by its own name)
    holds: true, false, null · state · not_applicable: true · deemed: true
    measures: {name: [modality, whether the clause brings it about]}
    measures: {name: {status, from, to, modality, afterwards}}
    records: {record: expectation}       of a result per record
    parts: {name: expectation}           of a score sheet
    barred: true · not_done: true        of a measure: some clause bars it on the day, no clause demands it

Values are written as they are: ``85``, ``89/3``, ``100%``, ``2024-10-08``, ``true``, ``none``, a choice.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
import yaml

import policydsl
from policydsl.domain import Possible, sorted_values
from policydsl.kinds import Duration, Exact, Period
from policydsl.verdict import Judged, Measure, Verdict

FOLDER = Path(__file__).with_name("cases")
Text = str | int | bool | None | list["Text"] | dict[str, "Text"]
Table = dict[str, Text]


class _Loader(yaml.CSafeLoader):
    """YAML in which dates and numbers with a point stay text: nothing may become a float."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":float", ":timestamp"))]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _cases() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*/*.yaml")):
        defined: dict[str, Table] = {}
        names: set[str] = set()
        for entry in yaml.load(path.read_text(encoding="utf-8"), _Loader):
            if "define" in entry:
                defined[entry["define"]] = entry
                continue
            assert entry["name"] not in names, f"{path.name}: two cases are named {entry['name']}"
            names.add(entry["name"])
            base = defined[entry["like"]] if "like" in entry else {}
            yield pytest.param(path.parent.name, base, entry, id=f"{path.parent.name}/{path.stem}: {entry['name']}")


@cache
def _policy(name: str) -> policydsl.Policy:
    policy = policydsl.load(name)
    gc.freeze()  # a policy stays: hundreds of sheets are judged quicker when it is not looked through again and again
    return policy


@pytest.mark.parametrize(("policy", "base", "case"), list(_cases()))
def test_case(policy: str, base: Table, case: Table) -> None:
    expect = _table(_texts(case.get("expect", {})))
    assert ("refused" in case) != bool(expect), "a case is either judged or refused"
    if "refused" in case:
        with pytest.raises((policydsl.SheetError, TypeError, ValueError)) as caught:
            _judge(_policy(policy), base, case)
        assert isinstance(caught.value, policydsl.SheetError), caught.value
        said = " ".join(f"{d.code} {d.args}" for d in caught.value.diagnostics)
        for part in _words(case["refused"]):
            assert part in said, said
        return
    verdicts = _judge(_policy(policy), base, case)
    if not isinstance(case.get("facts"), list):
        wrong = list(_check(verdicts[0], expect))
    else:
        by_party = {v.party: v for v in verdicts}
        wrong = [f"{who}: {w}" for who, part in expect.items() for w in _check(by_party[who], _table(part))]
    assert not wrong, "\n" + "\n".join(wrong)


def _judge(policy: policydsl.Policy, base: Table, case: Table) -> list[Verdict]:
    day = case.get("as_of", base.get("as_of"))
    settings = {**_table(base.get("set", {})), **_table(case.get("set", {}))}
    if isinstance(case.get("facts"), list):
        return policy.evaluate_population(case["facts"], as_of=day, settings=settings, trace=False)  # type: ignore[arg-type]
    facts = {**_table(base.get("facts", {})), **_table(case.get("facts", {}))}
    for name in _words(case.get("without", [])):
        del facts[name]
    expect = _table(case.get("expect", {}))
    # Which clauses bring a measure about shows in all results; anything else is quicker to judge alone.
    only = None if any(_asks_of_a_measure(wanted) for wanted in expect.values()) else list(expect)
    return [policy.evaluate(facts, as_of=day, settings=settings, trace=False, only=only)]  # type: ignore[arg-type]


def _asks_of_a_measure(wanted: Text) -> bool:
    return isinstance(wanted, dict) and bool(wanted.keys() & {"barred", "not_done"})


def _check(verdict: Verdict, expect: Table) -> Iterator[str]:
    known = {name: result for r in verdict.results.values() for name in (r.name, r.alias) if name for result in [r]}
    measures = [m for r in verdict.results.values() for j in (r.total, *(r.items or ())) for m in j.measures]
    for name, wanted in expect.items():
        if isinstance(wanted, dict) and _asks_of_a_measure(wanted):
            named = [m for m in measures if m.name == name]
            yield from (f"{name}: {w}" for w in _measure_wrong(verdict, named, wanted))
            continue
        if name not in known:
            yield f"there is no result {name}"
            continue
        result = known[name]
        if isinstance(wanted, dict) and "records" in wanted:
            items = {i.record: i for i in result.items or ()}
            for key, one in _table(wanted["records"]).items():
                if key not in items:
                    yield f"{name}: no record {key} among {list(items)}"
                else:
                    yield from (f"{name}[{key}]: {w}" for w in _differs(items[key], one))
            wanted = {k: v for k, v in wanted.items() if k != "records"}
        yield from (f"{name}: {w}" for w in _differs(result.total, wanted))


def _measure_wrong(verdict: Verdict, measures: Sequence[Measure], wanted: Table) -> Iterator[str]:
    """Whether a measure is barred on the day, or is demanded by nothing."""
    brought = [m for m in measures if m.status == "yes"]
    bars = [m for m in brought if m.modality == "must_not" and _runs(m, verdict.as_of)]
    if "barred" in wanted and str(bool(bars)).lower() != wanted["barred"]:
        yield f"barred is {bool(bars)}"
    if "not_done" in wanted and any(m.modality == "must" for m in brought):
        yield "is brought about"


def _runs(measure: Measure, day: date) -> bool:
    start = measure.start.value if measure.start is not None else None
    end = measure.end.value if measure.end is not None else None
    return not (isinstance(start, date) and day < start) and not (isinstance(end, date) and day > end)


def _differs(judged: Judged, wanted: Text) -> Iterator[str]:
    """Every way in which a result is not as wanted."""
    rest: Table = dict(wanted) if isinstance(wanted, dict) else {"value": wanted}
    if rest.pop("not_applicable", None):
        if judged.status != "not_applicable":
            yield f"{judged.status}, wanted not_applicable"
        return
    if rest and judged.status == "not_applicable":
        yield f"not_applicable, wanted {wanted}"
        return
    yield from _value_differs(judged.value, judged.missing, rest)
    for key, field in (("holds", judged.holds), ("state", judged.state)):
        if key in rest:
            found = _shown(field) if field is not None else "nothing"
            if found != rest.pop(key):
                yield f"{key} is {found}, wanted {wanted}"
    if "deemed" in rest and str(judged.deemed).lower() != rest.pop("deemed"):
        yield f"deemed is {judged.deemed}"
    for name, one in _table(rest.pop("measures", {})).items():
        measures = [m for m in judged.measures if m.name == name]
        if not measures:
            yield f"no measure {name} among {[m.name for m in judged.measures]}"
        for m in measures:
            yield from (f"measure {name}: {w}" for w in _measure_differs(m, one))
    parts = {p.name: p.value for p in judged.parts}
    for name, one in _table(rest.pop("parts", {})).items():
        yield from (f"part {name}: {w}" for w in _value_differs(parts[name], (), one))
    assert not rest, f"not an expectation: {rest}"


def _measure_differs(measure: Measure, wanted: Text) -> Iterator[str]:
    if isinstance(wanted, list):
        wanted = {"modality": wanted[0], "status": {"true": "yes", "false": "no"}.get(str(wanted[1]), "unknown")}
    if isinstance(wanted, str):
        wanted = {"status": wanted}
    found = {
        "status": measure.status, "modality": measure.modality, "afterwards": list(measure.afterwards),
        "from": _shown(measure.start) if measure.start else "nothing",
        "to": _shown(measure.end) if measure.end else "nothing",
    }
    for key, value in wanted.items() if isinstance(wanted, dict) else ():
        if found[key] != value:
            yield f"{key} is {found[key]}, wanted {value}"


def _value_differs(found: Possible, missing: Sequence[str], wanted: Text) -> Iterator[str]:
    """Compares what is possible; takes the keys it has dealt with out of ``wanted``."""
    rest = wanted if isinstance(wanted, dict) else {"value": wanted}
    shown = f"{_shown(found)}, missing {list(missing)}"
    if "value" in rest:
        value = rest.pop("value")
        if not found.known or not _same(found.value, str(value)):
            yield f"is {shown}, wanted {value}"
    if "one_of" in rest:
        options = _words(rest.pop("one_of"))
        values = found.values or ()
        if len(values) != len(options) or not all(any(_same(v, o) for v in values) for o in options):
            yield f"is {shown}, wanted one of {options}"
    if "min" in rest or "max" in rest:
        low, high = rest.pop("min", None), rest.pop("max", None)
        wrong = [which for which, end in enumerate((low, high)) if end is not None and not _end(found, which, str(end))]
        if found.known or wrong:
            yield f"is {shown}, wanted {low} to {high}"
    if "unknown" in rest:
        facts = rest.pop("unknown")
        if found.known or (isinstance(facts, list) and set(facts) != {m.rpartition(".")[2] for m in missing}):
            yield f"is {shown}, wanted unknown {facts}"


def _end(found: Possible, which: int, wanted: str) -> bool:
    """Whether what is possible ends there."""
    end: Exact = (found.low, found.high)[which]
    if found.values is not None:
        ordered = sorted_values([v for v in found.values if v is not None])
        end = ordered[-which]
    return end is None if wanted == "null" else _same(end, wanted)


def _same(value: Exact, wanted: str) -> bool:
    match value:
        case bool():
            return wanted == str(value).lower()
        case Fraction():
            number = wanted.removesuffix("%")
            try:
                return value == (Fraction(number) / 100 if wanted.endswith("%") else Fraction(number))
            except ValueError:
                return False
        case None:
            return wanted == "none"
        case Duration():
            return wanted == f"{value.value} {value.unit}"
        case Period():
            return wanted == f"{value.first}..{value.last}"
        case _:
            return str(value) == wanted


def _shown(found: Possible) -> str:
    if found.known:
        value = found.value
        return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    if found.values == (False, True):
        return "null"
    if found.values is not None:
        return "one of " + ", ".join(str(v) for v in found.values)
    return f"[{found.low}, {found.high}]{' or none' if found.none else ''}"


def _texts(value: Text) -> Text:
    """An expectation with every scalar as text."""
    match value:
        case dict():
            return {str(key): _texts(part) for key, part in value.items()}
        case list():
            return [_texts(part) for part in value]
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case _:
            return str(value)


def _table(value: Text) -> Table:
    assert isinstance(value, Mapping), value
    return dict(value)


def _words(value: Text) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]
