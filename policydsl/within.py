"""The one walk over what an author wrote: every node inside a part of the tree, in the order of the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import TypeVar

from policydsl import nodes as n

N = TypeVar("N", bound=n.Node)
# Kinds of fields in which no node stands.
_PLAIN = frozenset(
    "Fraction Sources Span Tax|None bool date date|None datetime int str str|None tuple[str,...]".split()
)
_HOLDING: dict[type[n.Node], tuple[str, ...]] = {}


def holding(kind: type[n.Node]) -> tuple[str, ...]:
    """The fields of a class in which other nodes may stand."""
    found = _HOLDING.get(kind)
    if found is None:
        stated = {f.name: str(f.type).replace(" ", "") for f in fields(kind)}
        found = tuple(name for name, of in stated.items() if of not in _PLAIN and not of.startswith("Lit["))
        _HOLDING[kind] = found
    return found


def inside(node: n.Node) -> Iterator[object]:
    """What a node holds in the fields in which other nodes may stand."""
    return (getattr(node, name) for name in holding(type(node)))


def within(
    part: object, kind: type[N], into: Callable[[n.Node], Iterable[object]] = inside,
) -> Iterator[N]:
    """Every node of the class asked for in a node or a tuple of nodes, outermost first; ``into`` says what of a node is
    looked into."""
    stack = [part]
    while stack:
        here = stack.pop()
        if isinstance(here, tuple):
            stack += here[::-1]
        elif isinstance(here, n.Node):
            if isinstance(here, kind):
                yield here
            stack += [*into(here)][::-1]


__all__ = ["holding", "inside", "within"]
