"""The one walk over what an author wrote: every node inside a part of the tree, in the order of the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from policydsl import nodes as n
from policydsl.members import members

N = TypeVar("N", bound=n.Node)


def inside(node: n.Node) -> Iterator[object]:
    """What a node holds, its places left out."""
    return (getattr(node, name) for name in members(type(node), ("span", "name_span")))


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


__all__ = ["inside", "within"]
