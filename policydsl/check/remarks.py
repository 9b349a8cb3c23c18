"""Lines that contradict each other, and numbers that can hardly be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from policydsl import core as c
from policydsl import nodes as n
from policydsl.check.extent import Extents, alike
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.lower.context import Lowering
from policydsl.place import Span
from policydsl.walk import every_of
from policydsl.within import within


def limits(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """上限 below 下限, the limits of 限于 and of ranges the wrong way round."""
    extents = Extents(program)
    for least, most, at in dict.fromkeys(_limits(program)):
        floor, cap = extents.of(least).low, extents.of(most).high
        if at.line and alike(least.kind, most.kind) and floor is not None and cap is not None and cap < floor:
            yield Diagnostic("POL430", at, "warning", {"least": low.text(least.at), "most": low.text(most.at)})


def taken_off(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """冲减 of a reward, where somebody asks what all rewards come to: that one counts there too."""
    if not any(total.key == "total_rewards" for total in within(file.blocks, n.Builtin)):
        return
    for clause in low.clauses.values():  # only what is paid has such a line
        for line in clause.lines:
            for name in within(line.value, n.Name) if isinstance(line, n.FieldLine) and line.key == "less" else ():
                symbol = low.names.find(name.text)
                if symbol is not None and symbol.name in low.amounts.get(clause.kind, ()):
                    args = {"read": low.text(line.span)[:40], "name": symbol.name}
                    yield Diagnostic("POL517", name.span, "warning", args)


def beyond(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Amounts that stand in the text and never come out: below 下限, above 上限."""
    extents = Extents(program)
    for term in every_of(program):
        match term:
            case c.Apply(op="min" | "max" as op, args=(amount, limit)) if term.at.line:
                yield from _beyond(op, amount, limit, extents, low)


def _beyond(op: str, amount: c.AnyTerm, limit: c.AnyTerm, extents: Extents, low: Lowering) -> Iterator[Diagnostic]:
    most = extents.of(limit)
    for stated in _stated(amount):
        is_ = extents.of(stated)
        end, by = (is_.high, most.low) if op == "max" else (is_.low, most.high)
        if end is None or by is None or not stated.at.line or not alike(stated.kind, limit.kind):
            continue
        if end < by if op == "max" else end > by:
            args = {"read": low.text(stated.at), "limit": low.text(limit.at), "line": "floor" if op == "max" else "cap"}
            yield Diagnostic("POL440", stated.at, "warning", args)


def _stated(amount: c.AnyTerm) -> Iterator[c.AnyTerm]:
    """The amounts of the rows that an amount is taken from, behind its limits."""
    match amount:
        case c.Apply(op="min" | "max", args=(inner, _)):
            yield from _stated(inner)
        case c.Choose():
            for arm in amount.arms:
                yield from _stated(arm.then)
        case c.Const() | c.Read():
            yield amount


def _limits(program: Program) -> Iterator[tuple[c.AnyTerm, c.AnyTerm, Span]]:
    """The least and the most that something may come to, and where that is said."""
    for term in every_of(program):
        match term:
            case c.Apply(op="max", args=(c.Apply(op="min", args=(_, most)), least), at=at):
                yield least, most, at
            case c.Apply(op="min", args=(c.Apply(op="max", args=(_, least)), most), at=at):
                yield least, most, at
            case c.Apply(op="clamp", args=(_, least, most), at=at):
                yield least, most, at
    declared = [*program.inputs.values(), *(f for decl in program.lists.values() for f in decl.fields)]
    bounds = [
        *(bound for decl in declared for bound in decl.ranges), *(term.bound for term in program.terms.values()),
        *(decl.bound for decl in program.lists.values()),
    ]
    for bound in bounds:
        if bound is not None and bound.low is not None and bound.high is not None:
            yield bound.low, bound.high, bound.at


def shares(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Rates of rewards, of tax and of late fees above the whole; what a pool is shared by that may be below nothing."""
    extents = Extents(program)
    for term in dict.fromkeys(low.weights):
        least = extents.of(term).low
        if least < 0 if least is not None else isinstance(term, c.Read):
            yield Diagnostic("POL522", term.at, "warning", {"read": low.text(term.at)})
    for term in dict.fromkeys(low.shares):
        least = extents.of(term).low
        if term.kind.base == "percent" and least is not None and least > 1:
            yield Diagnostic("POL431", term.at, "warning", {"read": low.text(term.at)})


RATES = re.compile(r"(?:比例|比率|占比|[税费汇利折返]率|百分比|\b(?:rate|ratio|share|percentage))$", re.IGNORECASE)


def bare_rates(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Parameters that are called a rate and are a number above one: most likely without their percent sign."""
    for block in file.blocks:
        for parameter in block.settled if isinstance(block, n.Parameters) else ():
            for value in (parameter.value, *(dated.value for dated in parameter.dated)):
                if isinstance(value, n.Number) and value.value > 1 and RATES.search(parameter.name):
                    read = low.text(value.span)
                    args = {"name": parameter.name, "read": read}
                    yield Diagnostic("POL342", value.span, "warning", args, fix=Fix(value.span, f"{read}%"))


PERCENTS = range(5, 101)  # a number without its sign that is far more likely a percentage than a multiple


def bare_factors(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Money times a number of the text that most likely lacks its percent sign."""
    for term in every_of(program):
        if isinstance(term, c.Apply) and term.op == "*" and any(arg.kind.base == "money" for arg in term.args):
            for arg in term.args:
                if isinstance(arg, c.Const) and arg.kind.base == "number" and arg.value in PERCENTS and arg.at.line:
                    read = low.text(arg.at)
                    yield Diagnostic("POL457", arg.at, "warning", {"read": read}, fix=Fix(arg.at, f"{read}%"))


def dated_values(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Values of a parameter by date: one for each day, best in their order."""
    settled = (p for block in file.blocks if isinstance(block, n.Parameters) for p in block.settled)
    for parameter in settled:
        for before, after in pairwise(sorted(parameter.dated, key=lambda d: d.start)):
            if before.start == after.start:
                first, second = low.text(before.value.span), low.text(after.value.span)
                yield Diagnostic("POL432", after.span, args={"name": parameter.name, "first": first, "read": second})
        for before, after in pairwise(parameter.dated):
            if after.start < before.start:
                args = {"name": parameter.name, "read": low.text(after.value.span)}
                yield Diagnostic("POL433", after.span, "warning", args)
