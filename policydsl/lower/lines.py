"""The lines of one block, sorted; which of them fit is data of ``clause_kinds``."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NamedTuple, get_args, get_type_hints

from policydsl import nodes as n
from policydsl.clause_kinds import IMPOSING, KINDS
from policydsl.lower.context import Lowering


def once(name: str) -> Any:
    """A line that stands once at most; ``name``: its name in ``clause_kinds.ClauseKind.lines``."""
    return field(default=None, metadata={"line": name})


def often(name: str) -> Any:
    """Lines that may stand several times."""
    return field(default_factory=list, metadata={"line": name})


@dataclass(slots=True)
class Lines:
    """The lines of one clause, each kind in its place; of fields and modes, by the key they carry."""

    whens: list[n.When] = often("when")
    cases: list[n.Case] = often("case")
    effects: list[n.Effect] = often("effect")
    unlesses: list[n.Unless] = often("unless")
    items: list[n.Items] = often("items")
    exceptions: list[n.Exception_] = often("exception")
    measures: list[n.Measures] = field(default_factory=list)
    fields: dict[str, list[n.FieldLine]] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    otherwise: n.Otherwise | None = once("otherwise")
    each: n.Each | None = once("each")
    start: n.StartLine | None = once("start")
    done: n.DoneLine | None = once("done")
    length: n.LengthLine | None = once("length")
    quota: n.Quota | None = once("quota")
    window: n.Window | None = once("window")
    periods: n.Periods | None = once("periods")
    cycle: n.Cycle | None = once("cycle")
    counting: n.Counting | None = once("counting")
    every: n.Every | None = once("every")
    deem: n.Deem | None = once("deem")
    order: n.Order | None = once("order")
    late_fee: n.LateFee | None = once("latefee")
    late: n.Late | None = once("late")
    range: n.RangeLine | None = once("range")
    notes: list[n.Annotation] = often("note")

    def one(self, key: str) -> n.FieldLine | None:
        return self.fields.get(key, [None])[0]


class Place(NamedTuple):
    """Where lines of one class go: their name, the attribute of ``Lines``, whether there may be several."""

    name: str
    attribute: str
    several: bool


def _places() -> dict[type, Place]:
    hints = get_type_hints(Lines)
    return {
        get_args(hints[f.name])[0]: Place(f.metadata["line"], f.name, f.default is MISSING)
        for f in fields(Lines) if "line" in f.metadata
    }


PLACES = _places()
MANY = {"for", "adjust", *IMPOSING, *(place.name for place in PLACES.values() if place.several)}


def key_of(line: n.Line) -> str:
    """The name of a line in ``clause_kinds.ClauseKind.lines``."""
    match line:
        case n.FieldLine() | n.Mode():
            return line.key
        case n.Measures():
            return line.mode
        case _:
            return PLACES[type(line)].name


def sort_lines(low: Lowering, clause: n.Clause) -> Lines:
    """The lines by kind; a line that does not belong, or stands twice, is reported."""
    out = Lines()
    kind = KINDS[clause.kind]
    seen: set[str] = set()
    for line in clause.lines:
        key = key_of(line)
        if key == "late" and kind.reading == "debt":
            key = "latefee"
        if key not in kind.lines:
            low.problem("POL401", line.span, read=low.text(line.span)[:30], block=clause.kind)
            continue
        if key in seen and key not in MANY:
            low.problem("POL403", line.span, read=low.text(line.span)[:30])
            continue
        seen.add(key)
        _put(out, line)
    if clause.table is not None and "table" not in kind.lines:
        low.problem("POL404", clause.table.span, block=clause.kind)
    return out


def _put(out: Lines, line: n.Line) -> None:
    match line:
        case n.Measures():
            out.measures.append(line)
        case n.FieldLine():
            out.fields.setdefault(line.key, []).append(line)
        case n.Mode():
            out.modes[line.key] = line.value
        case _ if PLACES[type(line)].several:
            getattr(out, PLACES[type(line)].attribute).append(line)
        case _:
            setattr(out, PLACES[type(line)].attribute, line)
