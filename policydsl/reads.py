"""What the parts of a core program rest on: the one graph of reads, from any part to the facts behind it.

Who reads a fact reads what stands in for it (its default, what it is derived from, the cells of its column) and the
ends of its declared ranges; who reads a list reads what decides its records (仅计, the parts of its periods, its
conversions, its key). Shared terms are read through, their bounds included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from policydsl.core import (
    AnyTerm,
    Definition,
    Find,
    ListDecl,
    Name,
    Over,
    Program,
    Read,
    Result,
    Use,
)
from policydsl.walk import children, every

Key = tuple[str, str]  # (list, field); of a fact or parameter ("", name); of a list as such (list, "")
DAY: Key = ("", "@day")  # the evaluation date

# How far to look behind a fact: not at all; at what supplies it when it is absent (its default, what it is derived
# from); at what limits it besides (the ends of its declared ranges).
Depth = Literal["named", "supplied", "limited"]

_RECENT: list[Reads] = []
_KEPT = 8


def reads_of(program: Program) -> Reads:
    """The graph of a program, made once and shared by all who ask."""
    for reads in _RECENT:
        if reads.program is program:
            return reads
    reads = Reads(program)
    _RECENT[:] = [reads, *_RECENT[: _KEPT - 1]]
    return reads


@dataclass(frozen=True, slots=True)
class Found:
    """What something reads, all the way: facts, fields and lists by key; shared terms by name."""

    keys: frozenset[Key]
    terms: frozenset[Name]


class Reads:
    """What terms, declarations and results read, each found on demand and once. Threads may share it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._direct: dict[tuple[Key | Name, Depth], tuple[Key | Name, ...]] = {}

    def of(self, *things: object, depth: Depth = "limited") -> Found:
        """What parts of the program read, all the way."""
        keys: set[Key] = set()
        terms: set[Name] = set()
        todo = [node for thing in things for node in self._named(thing)]
        while todo:
            node = todo.pop()
            if isinstance(node, Name):
                if node not in terms:
                    terms.add(node)
                    todo.extend(self._next(node, depth))
            elif node not in keys:
                keys.add(node)
                todo.extend(self._next(node, depth))
        return Found(frozenset(keys), frozenset(terms))

    def result(self, result: Result, depth: Depth = "limited") -> Found:
        """What can bear on a result."""
        return self.of(result, depth=depth)

    @cached_property
    def of_result(self) -> dict[str, Found]:
        """What each result reads, in the order of the results."""
        return {result.name: self.result(result) for result in self.program.results}

    @cached_property
    def wanted_by(self) -> dict[Key, tuple[str, ...]]:
        """For each fact, field and list that some result reads the names of the results, in their order."""
        wanted: dict[Key, list[str]] = {}
        for name, found in self.of_result.items():
            for key in sorted(found.keys):
                wanted.setdefault(key, []).append(name)
        return {key: tuple(names) for key, names in wanted.items()}

    def in_hand(self, term: AnyTerm) -> frozenset[str]:
        """The lists of which a record has to be in hand for a term to be evaluated."""
        match term:
            case Read() | Use():
                own = {term.list}
            case _:
                own = {name for part in children(term) for name in self.in_hand(part)}
                own -= {term.list} if isinstance(term, Over | Find) else set()
        return frozenset(own & self.program.lists.keys())

    # ------------------------------------------------------------------------------------------ the graph
    def _next(self, node: Key | Name, depth: Depth) -> tuple[Key | Name, ...]:
        """What a shared term (by name), a fact or a list reads directly."""
        found = self._direct.get((node, depth))
        if found is None:
            if isinstance(node, Name):
                behind = self._named(self.program.terms[node])
            elif node[1]:
                behind = self._of_fact(*node, depth)
            else:
                behind = self._of_list(self.program.lists[node[0]])
            found = self._direct[node, depth] = tuple(dict.fromkeys(behind))
        return found

    def _named(self, thing: object) -> Iterator[Key | Name]:
        """What the terms inside a part (None: of nothing) name, and the list that a definition or result is about."""
        lists = self.program.lists
        if isinstance(thing, Definition | Result) and thing.over is not None:
            yield (thing.over, "")
        for term in every(thing) if thing is not None else ():
            match term:
                case Use():
                    yield term.name
                case Read() if not term.list or term.list in lists:
                    yield (term.list, term.name)
                case Find():
                    decl = lists[term.list]
                    yield (term.list, decl.key or decl.fields[0].name)
                    yield (term.list, "")
                case Over():
                    yield (term.list, "")

    def _of_fact(self, ledger: str, name: str, depth: Depth) -> Iterator[Key | Name]:
        """A fact, or a field: of the record in hand, which whoever took it in hand has read the list for."""
        listed = self.program.lists.get(ledger)
        decl = listed.field_of(name) if listed is not None else self.program.inputs.get(name)
        if listed is not None:
            if listed.source == "parties":
                yield ("", name)
            for scan in listed.scans:
                if any(c.name == name for c in scan.step):
                    yield from self._named(scan)
            if decl is not None:
                column = listed.by_name[name]
                yield from (node for row in listed.rows for node in self._named(row.cells[column]))
        if decl is not None and depth != "named":
            for part in (decl,) if depth == "limited" else (decl.derived, decl.default):
                yield from self._named(part)

    def _of_list(self, decl: ListDecl) -> Iterator[Key | Name]:
        """A list, which reads what decides its records."""
        if decl.source == "cycles":
            yield DAY
        for part in (decl.only, decl.cycles, decl.bound, decl.members, *decl.conversions):
            yield from self._named(part)
        yield from ((decl.name, conversion.field) for conversion in decl.conversions)
        if decl.key is not None:
            yield (decl.name, decl.key)

