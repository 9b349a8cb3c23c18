"""Facts, fields, parameters and lists that rest on themselves: through what stands in for them, their ranges, the cells
of their columns, what decides the records of a list. Circles among blocks alone are told when those are put in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from policydsl import nodes as n
from policydsl.core import Conversion, Name, Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.place import Span
from policydsl.reads import Key, Reads, reads_of

Node = Key | Name


def circles(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """One for each group of declarations that rest on each other."""
    reads, declared = reads_of(program), dict(places(program))
    told: set[Node] = set()
    for node in come_back_to(reads, declared):
        if node in told:
            continue
        circle = shortest(node, node, reads.needed_first)
        told.update(circle)
        first = next((key for key in declared if key in circle), None)
        if first is None:
            continue
        start = circle.index(first)
        names = [shown(each, program) for each in (*circle[start:], *circle[:start], first)]
        steps = [name for i, name in enumerate(names) if not i or name != names[i - 1]]
        path = " → ".join(steps if len(steps) > 1 else steps * 2)
        yield Diagnostic("POL210", declared[first], args={"read": names[0], "circle": path})
    for ledger in program.lists.values():
        for conversion in ledger.conversions:
            # Only the conversions complete their ledger: one that rests on all its records rests on itself.
            way = shortest(conversion, (ledger.name, ""), reads.asked)
            if way:
                path = " → ".join(dict.fromkeys([conversion.name, *(shown(node, program) for node in way)]))
                args = {"read": conversion.name, "circle": f"{path} → {conversion.name}"}
                yield Diagnostic("POL210", conversion.origin.at, args=args)


def come_back_to(reads: Reads, declared: Iterable[Key]) -> Iterator[Node]:
    """What a way through what is read comes back to: at least one of every circle."""
    on_the_way: dict[Node, bool] = {}
    for root in declared:
        path: list[tuple[Node, Iterator[Node]]] = []
        if root not in on_the_way:
            on_the_way[root] = True
            path.append((root, iter(reads.needed_first(root))))
        while path:
            node, rest = path[-1]
            following = next(rest, None)
            if following is None:
                on_the_way[node] = False
                path.pop()
            elif following not in on_the_way:
                on_the_way[following] = True
                path.append((following, iter(reads.needed_first(following))))
            elif on_the_way[following]:
                yield following


def places(program: Program) -> Iterator[tuple[Key, Span]]:
    """Every declaration that may rest on something, with its place."""
    for decl in program.inputs.values():
        yield ("", decl.name), decl.at
    for ledger in program.lists.values():
        yield (ledger.name, ""), ledger.at
        for field in ledger.fields:
            yield (ledger.name, field.name), field.at


def shortest(first: Node | Conversion, goal: Node, reads: Callable[[Any], Iterable[Node]]) -> list[Node]:
    """The shortest way from what something reads to what it is thought to rest on; empty where it does not."""
    ways: dict[Node, list[Node]] = {node: [node] for node in reads(first)}
    for node in (todo := [*ways]):
        if node == goal:
            return ways[node]
        for following in reads(node):
            if following not in ways:
                ways[following] = [*ways[node], following]
                todo.append(following)
    return []


def shown(node: Node, program: Program) -> str:
    """A rule, a fact, a list, or a field with its list, by name."""
    if isinstance(node, Name):
        return node.rule
    ledger, name = node
    if ledger not in program.lists or ledger.startswith("@"):
        return name or ledger
    return f"{ledger}.{name}" if name and not name.startswith("@") else ledger
