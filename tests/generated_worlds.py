"""What is known of the parties of a program, and what the rest of it may turn out to be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from both_evaluators import World
from generated_terms import VALUES

from policydsl import core as c
from policydsl.facts import Record, Sheet
from policydsl.kinds import Exact


Change = Callable[[World], World]


@dataclass(frozen=True)
class Gap:
    """Something that may be left untold: how it is left out, and each way in which it may turn out."""

    name: tuple[str, ...]
    without: Change
    filled: tuple[Change, ...]

    def clashes(self, other: Gap) -> bool:
        """Whether one is a ledger, and the other a field of its records."""
        return self.name[:2] == other.name[:2] and min(len(self.name), len(other.name)) == 2


def gaps(world: World) -> list[Gap]:
    """Everything that may be left untold of the first party, of the policy, and who the others are."""
    program, sheet = world.program, world.sheets[0]
    found = [
        Gap(("fact", name), _fact(name), _each(_fact, name, program.inputs[name])) for name in sheet.values
        if program.inputs[name].default is None  # left out it would be that
    ]
    found += [
        Gap(("setting", name), _setting(name), _each(_setting, name, program.inputs[name])) for name in world.settings
    ]
    for name, rows in sheet.lists.items():
        decl = program.lists[name]
        if not decl.default_none:
            ways = [(), rows, *([rows[:1], rows[1:]] if len(rows) > 1 else [])]
            found.append(Gap(("list", name), _ledger(name), tuple(_ledger(name, way) for way in ways)))
        for i, row in enumerate(rows):
            for column in decl.fields:
                if column.name in row.values and column.name != decl.key and column.default is None:
                    known = tuple(_cell(name, i, column.name, v) for v in possible(column))
                    found.append(Gap(("list", name, row.key, column.name), _cell(name, i, column.name), known))
    for name, decl in program.lists.items():
        if decl.source == "rows" and decl.key is not None:
            some = tuple(_table(name, rows) for rows in (decl.rows, decl.rows[:1]))
            found.append(Gap(("table", name), _table(name), some))
    others = tuple(_parties(world.sheets[1 : n + 1]) for n in range(len(world.sheets)))
    found.append(Gap(("population",), _parties((), False), others))
    return found


def thinned(world: World, draw: Random, most: int) -> tuple[World, list[World]]:
    """The world with some of it left untold, and every world that it may turn out to be (no more than ``most``)."""
    left: list[Gap] = []
    ways, wished, every = 1, draw.randint(1, 6), gaps(world)
    for gap in draw.sample(every, len(every)):
        if len(left) < wished and ways * len(gap.filled) <= most and not any(map(gap.clashes, left)):
            left.append(gap)
            ways *= len(gap.filled)
    less = world
    for gap in left:
        less = gap.without(less)
    full = []
    for fills in itertools.product(*(gap.filled for gap in left)):
        more = less
        for fill in fills:
            more = fill(more)
        full.append(more)
    return less, full


def possible(decl: c.InputDecl) -> tuple[Exact, ...]:
    """The values that are tried for a fact."""
    return (*VALUES[decl.kind], *((None,) if decl.optional else ()))


def _each(change: Callable[..., Change], name: str, decl: c.InputDecl) -> tuple[Change, ...]:
    return tuple(change(name, value) for value in possible(decl))


def _put(known: Mapping[str, Exact], name: str, value: tuple[Exact, ...]) -> dict[str, Exact]:
    """With the value, or without any."""
    others = {n: v for n, v in known.items() if n != name}
    return others | {name: value[0]} if value else others


def _of_first(change: Callable[[Sheet], Sheet]) -> Change:
    return lambda world: replace(world, sheets=(change(world.sheets[0]), *world.sheets[1:]))


def _fact(name: str, *value: Exact) -> Change:
    return _of_first(lambda sheet: replace(sheet, values=_put(sheet.values, name, value)))


def _setting(name: str, *value: Exact) -> Change:
    return lambda world: replace(world, settings=_put(world.settings, name, value))


def _ledger(name: str, *rows: tuple[Record, ...]) -> Change:
    def change(sheet: Sheet) -> Sheet:
        others = {n: r for n, r in sheet.lists.items() if n != name}
        return replace(sheet, lists=others | {name: rows[0]} if rows else others)

    return _of_first(change)


def _cell(name: str, index: int, column: str, *value: Exact) -> Change:
    def change(sheet: Sheet) -> Sheet:
        rows = list(sheet.lists[name])
        rows[index] = replace(rows[index], values=_put(rows[index].values, column, value))
        return replace(sheet, lists={**sheet.lists, name: tuple(rows)})

    return _of_first(change)


def _table(name: str, *rows: tuple[c.RowDecl, ...]) -> Change:
    def change(world: World) -> World:
        lists = world.program.lists
        decl = replace(lists[name], rows=rows[0] if rows else (), supplied=bool(rows))
        return replace(world, program=replace(world.program, lists={**lists, name: decl}))

    return change


def _parties(others: tuple[Sheet, ...], population: bool = True) -> Change:
    return lambda world: replace(world, sheets=(world.sheets[0], *others), population=population)


__all__ = ["Gap", "gaps", "possible", "thinned"]
