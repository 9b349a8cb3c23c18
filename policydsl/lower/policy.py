"""A whole file to a program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from policydsl import core as c
from policydsl import nodes as n
from policydsl.diagnostics import Diagnostic
from policydsl.kinds import DATE, YESNO, Choice, Fiscal
from policydsl.lower import blocks, dated, slots, tables
from policydsl.lower.blanks import filled_in
from policydsl.lower.build import both, const, noted
from policydsl.lower.clauses import Clauses
from policydsl.lower.context import Lowering, Where
from policydsl.lower.attributes import fill, table_bounds
from policydsl.lower.declarations import declare_all
from policydsl.lower.names import collect
from policydsl.lower.order import ordered
from policydsl.lower.results import result
from policydsl.numbering import numbered
from policydsl.place import NOWHERE
from policydsl.text.fold import name_key

NO_ROLL = ("自然日不顺延", "calendar days, no roll-over")
CIVIL_CODE = ("民法典", "civil code")
MONTH_END = ("月末对月末", "month end to month end")

LOWER = {
    "compute": blocks.compute, "condition": blocks.condition, "requirement": blocks.requirement,
    "tiers": tables.tiers, "bands": tables.bands, "decision": tables.decision, "score_sheet": tables.score_sheet,
    "reward": blocks.reward, "penalty": blocks.reward, "restriction": blocks.restriction, "rule": blocks.rule,
    "deadline": dated.deadline, "tally": dated.tally, "deduction": dated.deduction, "guarantee": blocks.guarantee,
}


def lower(file: n.File) -> tuple[c.Program, list[Diagnostic], Lowering]:
    """The core program and every problem found; the program is usable only if no problem is an error.

    Options that stand in a table without a declaration are of the choice that the table is compared with. That is seen
    only when it is, so that the file is then lowered once more with what was learned.
    """
    known: dict[Choice, Choice] = {}
    while True:
        program, problems, low = lowered(file, known)
        learned = {own: found for own, met in low.met.items() if (found := agreed(met)) is not None}
        if not learned:
            return program, problems, low
        known |= learned


def agreed(met: Iterable[Choice]) -> Choice | None:
    """The first of several choices if they list the same options in the same way."""
    first, *others = met
    same = all((o.options, o.ordered, o.open) == (first.options, first.ordered, first.open) for o in others)
    return first if same else None


def lowered(file: n.File, known: Mapping[Choice, Choice]) -> tuple[c.Program, list[Diagnostic], Lowering]:
    """The program, with what is known of columns whose options nothing declares."""
    names = collect(file)
    low = Lowering(file, names, known=known)
    low.problems.extend(names.problems)
    policy = file.policy
    if policy is not None:
        low.fiscal = fiscal(low, policy.fiscal)
        low.policy_effective = policy.effective
    declare_all(low)
    clauses = Clauses(low)
    if policy is not None:
        clauses.low_roll_over = rolls_over(low, policy)
        clauses.rounding = rounding(low, policy)
    low.clauses = {b.name: b for b in file.blocks if isinstance(b, n.Clause)}
    order = ordered(low)
    table_bounds(low, clauses.expr)
    for clause in order:
        low.lowering.append(clause.name)
        head = clauses.head(clause)
        LOWER[clause.kind](clauses, head)
        low.lowering.pop()
    fill(low, clauses.expr)
    clauses.finish_measures()
    totals = clauses.totals(policy.span if policy is not None else NOWHERE)
    header = make_header(low, clauses)
    header = replace(header, keys=key_results(low))
    placed = (b for b in file.blocks if not isinstance(b, n.Section))
    position = {b.name: i for i, b in enumerate(placed) if isinstance(b, n.Clause)}
    stated = sorted(low.results, key=lambda r: position.get(r.name, len(position)))
    gate = gate_of(low, header)
    results = tuple(result(r, gate, low.lists) for r in stated)
    program = c.Program(header, low.inputs, low.lists, low.terms, results, file.sources.digest, file.sources, totals)
    return numbered(filled_in(program)), low.problems, low


def key_results(low: Lowering) -> tuple[str, ...]:
    """要点: the results that a reader wants first, each once, in the order of the author."""
    found = dict[str, None]()
    known = {name_key(r.name): r.name for r in low.results}
    for name in (name for line in (low.file.policy.keys if low.file.policy else ()) for name in line.names):
        result = known.get(name_key(name.text))
        if result is None:
            low.problem("POL215", name.span, read=name.text, suggestions=low.close(name.text, [*known.values()]))
        elif result in found:
            low.problem("POL216", name.span, name=result)
        else:
            found[result] = None
    return tuple(found)


PLACES = {"分": 2, "角": 1, "元": 0, "fen": 2, "cent": 2, "jiao": 1, "yuan": 0, "unit": 0}
MODES: dict[str, Literal["half_up", "down", "up"]] = {
    "四舍五入": "half_up", "舍去": "down", "去尾": "down", "进位": "up", "进一": "up",
    "half up": "half_up", "round down": "down", "round up": "up",
}


FILLING = re.compile(r"[\s,，、]|到|至|保留|精确|取整|to the nearest|to the|to")


def rounding(low: Lowering, policy: n.Policy) -> c.Rounding:
    """舍入: to which place, and how; either may be left out."""
    line = next((m for m in policy.meta if m.key == "rounding"), None)
    if line is None:
        return c.Rounding()
    rest, found = line.text.lower(), c.Rounding()
    for word, mode in MODES.items():
        if word in rest:
            rest, found = rest.replace(word, ""), replace(found, mode=mode)
            break
    for word, places in PLACES.items():
        if word in rest:
            rest, found = rest.replace(word, "", 1), replace(found, places=places)
            break
    if FILLING.sub("", rest):
        low.problem("POL423", line.span, read=line.text)
    return found


def fiscal(low: Lowering, line: n.FiscalYear | None) -> Fiscal | None:
    """How fiscal years run: quarters that are listed have 12 to 15 weeks, one after the other."""
    if line is None:
        return None
    lengths = [(later - day).days for day, later in pairwise(line.listed)]
    if line.start is None and (not lengths or any(not 7 * 12 <= days <= 7 * 15 for days in lengths)):
        low.problem("POL482", line.span, read=low.text(line.span))
        return Fiscal((1, 1), line.by_first)
    return Fiscal(line.start, line.by_first, line.listed)


def rolls_over(low: Lowering, policy: n.Policy) -> bool:
    """期间算法: whether the last day to do something moves off a rest day; left out, it does not."""
    line = next((m for m in policy.meta if m.key == "period"), None)
    if line is None:
        return False
    text = line.text.lower()
    civil = any(w in text for w in CIVIL_CODE)
    if not civil and not any(w in text for w in NO_ROLL):
        low.problem("POL424", line.span, read=line.text)
    return civil


def month_end(policy: n.Policy) -> bool:
    """期间算法: whether a month from the last day of one ends with the last day of the next."""
    text = next((m.text for m in policy.meta if m.key == "period"), "").lower()
    return any(w in text for w in MONTH_END)


def gate_of(low: Lowering, header: c.Header) -> c.AnyTerm | None:
    """Whom the policy as a whole concerns, as a shared term."""
    if header.applies is None:
        return None
    full = c.Name(header.title, "applies")
    (origin, *_) = header.applies.notes
    low.terms[full] = c.Definition(full, header.applies, origin)
    return c.Use(full, kind=YESNO)


def make_header(low: Lowering, clauses: Clauses) -> c.Header:
    """The header's data; 适用 gates the whole policy."""
    policy = low.file.policy
    if policy is None:
        return c.Header("", "", "", low.file.dialect, NOWHERE)
    meta = {m.key: m.text for m in policy.meta}
    effective = policy.effective
    start: c.AnyTerm | None = None
    if effective is not None and effective.start is not None:
        start = (
            slots.placed(low, "effective", clauses.expr.value(effective.start, Where()))
            if isinstance(effective.start, n.Name) else const(effective.start, DATE, effective.span)
        )
    gates = [clauses.expr.condition(g.value, Where()) for g in policy.gates]
    applies = None
    if gates:
        cites = tuple(cite for g in policy.gates for cite in g.cites)
        origin = c.Origin(policy.title, cites, policy.gates[0].span, label="for")
        applies = noted(both(*gates), origin)
    return c.Header(
        policy.title, meta.get("id", ""), meta.get("version", ""), low.file.dialect, policy.span,
        meta.get("issuer", ""), meta.get("source", ""), low.currency, meta.get("calendar"),
        clauses.low_roll_over, month_end(policy), clauses.rounding, low.fiscal, start,
        effective.end if effective is not None else None, applies,
        tuple(c.Remark(a.kind, a.text, a.span) for a in policy.notes),
        amended=tuple(c.Amendment(a.id, a.title, a.start, a.end) for a in policy.amended),
    )


__all__ = ["lower"]
