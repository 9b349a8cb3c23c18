"""The lines of one block, sorted; which of them fit is data of ``clause_kinds``."""

from __future__ import annotations

from dataclasses import dataclass, field

from policydsl import nodes as n
from policydsl.clause_kinds import IMPOSING, KINDS
from policydsl.lower.context import Lowering


def key_of(line: n.Line) -> str:
    """The name of a line in ``clause_kinds.ClauseKind.lines``."""
    match line:
        case n.FieldLine():
            return line.key
        case n.Measures():
            return line.mode
        case n.Mode():
            return line.key
        case n.Annotation():
            return "note"
        case _:
            return WORDS[type(line)]


WORDS: dict[type, str] = {
    n.When: "when", n.Case: "case", n.Otherwise: "otherwise", n.Effect: "effect", n.Unless: "unless", n.Each: "each",
    n.Items: "items", n.Exception_: "exception", n.StartLine: "start", n.DoneLine: "done", n.LengthLine: "length",
    n.Quota: "quota", n.Window: "window", n.Periods: "periods", n.Cycle: "cycle", n.Counting: "counting",
    n.Every: "every", n.Deem: "deem", n.Order: "order", n.LateFee: "latefee", n.Late: "late", n.RangeLine: "range",
}
MANY = {"when", "case", "effect", "unless", "items", "exception", "note", "for", "adjust", *IMPOSING}


@dataclass(slots=True)
class Lines:
    """The lines of one clause by kind."""

    whens: list[n.When] = field(default_factory=list)
    cases: list[n.Case] = field(default_factory=list)
    effects: list[n.Effect] = field(default_factory=list)
    unlesses: list[n.Unless] = field(default_factory=list)
    items: list[n.Items] = field(default_factory=list)
    exceptions: list[n.Exception_] = field(default_factory=list)
    measures: list[n.Measures] = field(default_factory=list)
    fields: dict[str, list[n.FieldLine]] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    otherwise: n.Otherwise | None = None
    each: n.Each | None = None
    start: n.StartLine | None = None
    done: n.DoneLine | None = None
    length: n.LengthLine | None = None
    quota: n.Quota | None = None
    window: n.Window | None = None
    periods: n.Periods | None = None
    cycle: n.Cycle | None = None
    counting: n.Counting | None = None
    every: n.Every | None = None
    deem: n.Deem | None = None
    order: n.Order | None = None
    late_fee: n.LateFee | None = None
    late: n.Late | None = None
    range: n.RangeLine | None = None
    notes: list[n.Annotation] = field(default_factory=list)

    def one(self, key: str) -> n.FieldLine | None:
        return self.fields.get(key, [None])[0]


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
        case n.When():
            out.whens.append(line)
        case n.Case():
            out.cases.append(line)
        case n.Effect():
            out.effects.append(line)
        case n.Unless():
            out.unlesses.append(line)
        case n.Items():
            out.items.append(line)
        case n.Exception_():
            out.exceptions.append(line)
        case n.Measures():
            out.measures.append(line)
        case n.FieldLine():
            out.fields.setdefault(line.key, []).append(line)
        case n.Mode():
            out.modes[line.key] = line.value
        case n.Otherwise():
            out.otherwise = line
        case n.Each():
            out.each = line
        case n.StartLine():
            out.start = line
        case n.DoneLine():
            out.done = line
        case n.LengthLine():
            out.length = line
        case n.Quota():
            out.quota = line
        case n.Window():
            out.window = line
        case n.Periods():
            out.periods = line
        case n.Cycle():
            out.cycle = line
        case n.Counting():
            out.counting = line
        case n.Every():
            out.every = line
        case n.Deem():
            out.deem = line
        case n.Order():
            out.order = line
        case n.LateFee():
            out.late_fee = line
        case n.Late():
            out.late = line
        case n.RangeLine():
            out.range = line
        case n.Annotation():
            out.notes.append(line)
