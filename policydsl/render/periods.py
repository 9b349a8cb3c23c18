"""Periods by their names: what is judged once a period is told of 2024年第2季度, and not of the day that begins it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from policydsl.calendar import CannotCompute, period_of
from policydsl.kinds import Kind
from policydsl.render.values import Writer
from policydsl.verdict import Late, ResultValue, Sum, Verdict

T = TypeVar("T")
_TOLD = frozenset({"policydsl.verdict", "policydsl.explain.model"})  # the classes whose records are renamed


def period_name(result: ResultValue, record: str | None, writer: Writer) -> str:
    """The name of the period that an item of a result is of; nothing where periods have none."""
    if not result.grain or record is None:
        return ""
    try:
        period = period_of(result.grain, date.fromisoformat(record), result.fiscal)
    except (CannotCompute, ValueError):
        return ""
    return writer.exact(period, Kind("period", unit=result.grain))


def by_name(verdict: Verdict, writer: Writer) -> Verdict:
    """The verdict with its periods by their names, for whoever reads it as text; the JSON has both."""
    if not any(r.grain for r in verdict.results.values()):
        return verdict
    names = _Names(verdict, writer)
    results = {name: names.told(result, {}) for name, result in verdict.results.items()}
    entries = verdict.trace
    return replace(verdict, results=results, trace=Late(lambda: tuple(names.told(entry, {}) for entry in entries)))


def named_in(thing: T, verdict: Verdict, writer: Writer) -> T:
    """What was made of a verdict (its explanation) with the periods by their names."""
    return _Names(verdict, writer).told(thing, {}) if any(r.grain for r in verdict.results.values()) else thing


class _Names:
    """The names of the periods of each result, by the days on which they begin."""

    def __init__(self, verdict: Verdict, writer: Writer) -> None:
        self.writer = writer
        self.of: dict[str, dict[str, str]] = {}
        for name, result in verdict.results.items():
            named = ((i.record or "", period_name(result, i.record, writer)) for i in result.items or ())
            self.of[name] = {day: called for day, called in named if called}
        every = [(day, called) for names in self.of.values() for day, called in names.items()]
        met: dict[str, set[str]] = {}
        for day, called in every:
            met.setdefault(day, set()).add(called)
        self.plain = {day: called for day, called in every if len(met[day]) == 1}

    def told(self, thing: Any, own: Mapping[str, str]) -> Any:
        """The same with other names; ``own``: those of the result around it. What is worked out may be of the periods
        of another result: where that is not said a day is named if it begins periods of one length alone."""
        if isinstance(thing, tuple) and type(thing) is tuple:
            made = tuple(self.told(one, own) for one in thing)
            return made if any(a is not b for a, b in zip(made, thing, strict=True)) else thing
        if not is_dataclass(thing) or isinstance(thing, type) or type(thing).__module__ not in _TOLD:
            return thing
        if isinstance(thing, Verdict):
            return by_name(thing, self.writer)
        rule = next((v for f in ("rule", "result", "name") if isinstance(v := getattr(thing, f, None), str)), "")
        own = self.of.get(rule) or (self.plain if isinstance(thing, Sum) else own)
        periods: Mapping[str, str] = {}
        if isinstance(thing, Sum) and thing.form == "look_up" and thing.parts:
            periods = self.of.get(thing.parts[0].name, {})
        changed: dict[str, Any] = {}
        for field in fields(thing):
            old = getattr(thing, field.name)
            names = own if field.name == "record" else periods if field.name == "label" else {}
            new = names.get(old, old) if isinstance(old, str) else self.told(old, own)
            if new is not old:
                changed[field.name] = new
        return replace(thing, **changed) if changed else thing


__all__ = ["by_name", "named_in", "period_name"]
