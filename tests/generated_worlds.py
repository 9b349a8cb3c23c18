"""What is known of the parties of a program, and what the rest of it may turn out to be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
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
    party: int = 0

    def clashes(self, other: Gap) -> bool:
        """Whether one is a ledger, and the other a field of its records; or one is who there is besides the first."""
        one, two = sorted((self, other), key=lambda gap: len(gap.name))
        if one.name == ("population",):
            return two.party > 0
        return one.party == two.party and len(one.name) == 2 and one.name == two.name[:2]


def gaps(world: World) -> list[Gap]:
    """Everything that may be left untold of the parties and of the policy, and who there is besides the first."""
    program = world.program
    found = [gap for party in range(len(world.sheets)) for gap in _of_party(world, party)]
    found += [
        Gap(("setting", name), _setting(name), _each(_setting, name, program.inputs[name])) for name in world.settings
    ]
    for name, decl in program.lists.items():
        if decl.source == "rows" and decl.key is not None:
            some = tuple(_table(name, rows) for rows in (decl.rows, decl.rows[:1]))
            found.append(Gap(("table", name), _table(name), some))
    others = tuple(_parties(world.sheets[1 : n + 1]) for n in range(len(world.sheets)))
    found.append(Gap(("population",), _parties((), False), others))
    return found


def _of_party(world: World, party: int) -> Iterator[Gap]:
    program, sheet, at = world.program, world.sheets[party], partial(_of, party)
    for name in sheet.values:
        decl = program.inputs[name]
        if decl.default is None:  # left out it would be that
            yield Gap(("fact", name), at(_fact(name)), tuple(at(_fact(name, v)) for v in possible(decl)), party)
    for name, rows in sheet.lists.items():
        ledger = program.lists[name]
        if not ledger.default_none:
            others = [other.lists[name] for other in world.sheets if other is not sheet]
            ways = [(), rows, *([rows[:1], rows[1:]] if len(rows) > 1 else []), *others[:1]]
            yield Gap(("list", name), at(_ledger(name)), tuple(at(_ledger(name, way)) for way in ways), party)
        for i, row in enumerate(rows):
            for field in ledger.fields:
                if field.name in row.values and field.default is None:
                    known = tuple(at(_cell(name, i, field.name, v)) for v in possible(field))
                    yield Gap(("list", name, row.key, field.name), at(_cell(name, i, field.name)), known, party)


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


def _of(party: int, change: Callable[[Sheet], Sheet]) -> Change:
    return lambda world: replace(
        world, sheets=tuple(change(sheet) if i == party else sheet for i, sheet in enumerate(world.sheets))
    )


def _fact(name: str, *value: Exact) -> Callable[[Sheet], Sheet]:
    return lambda sheet: replace(sheet, values=_put(sheet.values, name, value))


def _setting(name: str, *value: Exact) -> Change:
    return lambda world: replace(world, settings=_put(world.settings, name, value))


def _ledger(name: str, *rows: tuple[Record, ...]) -> Callable[[Sheet], Sheet]:
    def change(sheet: Sheet) -> Sheet:
        others = {n: r for n, r in sheet.lists.items() if n != name}
        return replace(sheet, lists=others | {name: rows[0]} if rows else others)

    return change


def _cell(name: str, index: int, column: str, *value: Exact) -> Callable[[Sheet], Sheet]:
    def change(sheet: Sheet) -> Sheet:
        rows = list(sheet.lists[name])
        rows[index] = replace(rows[index], values=_put(rows[index].values, column, value))
        return replace(sheet, lists={**sheet.lists, name: tuple(rows)})

    return change


def _table(name: str, *rows: tuple[c.RowDecl, ...]) -> Change:
    def change(world: World) -> World:
        lists = world.program.lists
        decl = replace(lists[name], rows=rows[0] if rows else (), supplied=bool(rows))
        return replace(world, program=replace(world.program, lists={**lists, name: decl}))

    return change


def _parties(others: tuple[Sheet, ...], population: bool = True) -> Change:
    return lambda world: replace(world, sheets=(world.sheets[0], *others), population=population)


__all__ = ["Gap", "gaps", "possible", "thinned"]
