"""Which facts a shared term reads on more than one path: only there can trying out values tighten an answer."""

from __future__ import annotations

from policydsl.core import POPULATION, AnyTerm, Definition, Name, Over, Program, Read, Use
from policydsl.domain import Need
from policydsl.evaluate.records import declared
from policydsl.walk import children

Key = tuple[str, str]  # (list or "", name)


_RECENT: list[Paths] = []
_KEPT = 8


def paths_of(program: Program) -> Paths:
    """The counts of a program, shared by all its evaluations."""
    for paths in _RECENT:
        if paths.program is program:
            return paths
    paths = Paths(program)
    _RECENT[:] = [paths, *_RECENT[: _KEPT - 1]]
    return paths


class Paths:
    """Counts, once per program and on demand, on how many paths (one, or more) a term reads each fact."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.counts: dict[Name, dict[Key, int]] = {}

    def repeated(self, name: Name, need: Need) -> bool:
        return self.of(name, frozenset()).get((need.list, need.name), 0) > 1

    def of(self, name: Name, inside: frozenset[Name]) -> dict[Key, int]:
        """The counts of a shared term. Only finished ones are remembered: threads may share them."""
        found = self.counts.get(name)
        if found is None:
            if name in inside:
                return {}  # a cycle is an error of the checker; here it only must end
            definition: Definition = self.program.terms[name]
            found = self.term(definition.term, inside | {name})
            self.counts[name] = found
        return found

    def term(self, term: AnyTerm, inside: frozenset[Name]) -> dict[Key, int]:
        counts: dict[Key, int] = {}

        def add(key: Key, n: int) -> None:
            counts[key] = min(2, counts.get(key, 0) + n)

        match term:
            case Read():
                add((term.list, term.name), 1)
                decl = declared(self.program, term)
                for source in (decl.derived, decl.default) if decl is not None else ():
                    if source is not None:
                        for key, n in self.term(source, inside).items():
                            add(key, n)
            case Use():
                for key, n in self.of(term.name, inside).items():
                    add(key, n)
            case _:
                for child in children(term):
                    for key, n in self.term(child, inside).items():
                        add(key, n)
                if isinstance(term, Over):
                    # records other than the one in hand: a fact of theirs is not the one being tried out
                    bound = "" if term.list == POPULATION else term.list
                    counts = {k: n for k, n in counts.items() if k[0] != bound}
        return counts
