"""Periods by their names: what is judged once a period is told of 2024年第2季度, and not of the day that begins it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from policydsl.calendar import CannotCompute, period_of
from policydsl.kinds import Fiscal, Kind
from policydsl.render.values import Writer
from policydsl.verdict import Late, ResultValue, Sum, Verdict

T = TypeVar("T")
_TOLD = frozenset({"policydsl.verdict", "policydsl.explain.model"})  # the classes whose records are renamed


def period_name(result: ResultValue, record: str | None, writer: Writer) -> str:
    """The name of the period that an item of a result is of; nothing where periods have none."""
    return _called(result.grain, record or "", result.fiscal, writer)


def _called(grain: str, day: str, fiscal: Fiscal | None, writer: Writer) -> str:
    if not grain or not day:
        return ""
    try:
        period = period_of(grain, date.fromisoformat(day), fiscal)
    except (CannotCompute, ValueError):
        return ""
    return writer.exact(period, Kind("period", unit=grain))


def by_name(verdict: Verdict, writer: Writer) -> Verdict:
    """The verdict with its periods by their names, for whoever reads it as text; the JSON has both."""
    if not any(r.grain for r in verdict.results.values()):
        return verdict
    names = _Names(verdict, writer)
    results = {name: names.told(result, "") for name, result in verdict.results.items()}
    entries = verdict.trace
    return replace(verdict, results=results, trace=Late(lambda: tuple(names.told(entry, "") for entry in entries)))


def named_in(thing: T, verdict: Verdict, writer: Writer) -> T:
    """What was made of a verdict (its explanation) with the periods by their names."""
    return _Names(verdict, writer).told(thing, "") if any(r.grain for r in verdict.results.values()) else thing


class _Names:
    """The names of the periods of each result, by the days on which they begin."""

    def __init__(self, verdict: Verdict, writer: Writer) -> None:
        self.writer, self.results = writer, verdict.results
        self.fiscal = next((r.fiscal for r in verdict.results.values()), None)

    def grain_of(self, rule: str) -> str:
        """What the items of a rule are periods of."""
        return self.results[rule].grain if rule in self.results else ""

    def told(self, thing: Any, own: str) -> Any:
        """The same with other names; ``own``: the result around it. What is worked out says itself what it is a
        period of."""
        if isinstance(thing, tuple) and type(thing) is tuple:
            made = tuple(self.told(one, own) for one in thing)
            return made if any(a is not b for a, b in zip(made, thing, strict=True)) else thing
        if not is_dataclass(thing) or isinstance(thing, type) or type(thing).__module__ not in _TOLD:
            return thing
        if isinstance(thing, Verdict):
            return by_name(thing, self.writer)
        rule = next((v for f in ("rule", "result", "name") if isinstance(v := getattr(thing, f, None), str)), "")
        own = rule if rule in self.results else own
        grains = {"record": thing.grain if isinstance(thing, Sum) else self.grain_of(own)}
        if isinstance(thing, Sum) and thing.form == "look_up":
            grains["label"] = thing.grain
        changed: dict[str, Any] = {}
        for field in fields(thing):
            old = getattr(thing, field.name)
            if isinstance(old, str):
                new: Any = _called(grains.get(field.name, ""), old, self.fiscal, self.writer) or old
            else:
                new = self.told(old, own)
            if new is not old:
                changed[field.name] = new
        return replace(thing, **changed) if changed else thing


__all__ = ["by_name", "named_in", "period_name"]
