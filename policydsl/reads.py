"""What the parts of a core program rest on: the one graph of reads, from any part to the facts behind it.

Who reads a fact reads what stands in for it (its default, what it is derived from, the cells of its column) and the
ends of its declared ranges; who reads a list reads what decides its records (仅计, the parts of its periods, its
conversions, its key). Shared terms are read through, their bounds included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Literal

from policydsl.core import (
    COMPLETES,
    CONSUMED,
    Conversion,
    MADE_BY,
    POPULATION,
    ROW,
    STATE,
    TURN,
    AnyTerm,
    Definition,
    Find,
    InputDecl,
    ListDecl,
    Name,
    Over,
    Program,
    Read,
    Result,
    Scan,
    Use,
)
from policydsl.kept import Kept
from policydsl.members import dataclass
from policydsl.walk import children, declared, every, used

Key = tuple[str, str]  # (list, field); of a fact or parameter ("", name); of a list as such (list, "")
DAY: Key = ("", "@day")  # the evaluation date
TURNED = (ROW, TURN, CONSUMED, COMPLETES, MADE_BY)  # columns that the conversions of a list give its records

# How far to look behind a fact: not at all; at what supplies it when it is absent (its default, what it is derived
# from); at what limits it besides (the ends of its declared ranges).
Depth = Literal["named", "supplied", "limited"]

Hand = tuple[str, int]  # a record in hand: of which list ("" is the party), and which of that list, from inside
PARTY_IN_HAND: Hand = ("", 0)


def bound(name: str, inside: Iterable[Hand]) -> Iterator[Hand]:
    """What is looked at around a list, by what is looked at with a record of it in hand."""
    own = "" if name == POPULATION else name
    for hand in inside:
        if hand[0] != own:
            yield hand
        elif hand[1]:
            yield (own, hand[1] - 1)


reads_of = Kept(lambda program: Reads(program))  # the graph of a program, shared by all who ask


@dataclass(frozen=True, slots=True)
class Found:
    """What something reads, all the way: facts, fields and lists by key; shared terms by name."""

    keys: frozenset[Key]
    terms: frozenset[Name]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a part of the program reads: facts, fields and lists by key; shared terms by name; other terms by number;
    and the lists that it goes through. ``of`` keeps the part."""

    of: object
    keys: frozenset[Key]
    terms: frozenset[Name]
    numbers: frozenset[int]
    lists: frozenset[str]


Paths = dict[tuple[Key, bool], int]  # by the fact, and whether it is that of what is in hand


def _together(found: Iterable[Paths]) -> Paths:
    counts: Paths = {}
    for each in found:
        for key, n in each.items():
            counts[key] = min(2, counts.get(key, 0) + n)
    return counts


def _again(name: str, counts: Paths) -> Paths:
    """What is read where something is asked of each record of a list: the record itself once, all else each time."""
    own = "" if name == POPULATION else name
    over: Paths = {}
    for (key, in_hand), n in counts.items():
        once = key == (name, "") or in_hand and key[0] == own
        place = key, in_hand and not once
        over[place] = min(2, over.get(place, 0) + (n if once else 2))
    return over


class Reads:
    """What terms, declarations and results read, each found on demand and once. Threads may share it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._paths: dict[Name, Paths] = {}
        self._paths_by_number: dict[int, Paths] = {}
        self._reach: dict[Name | int, Reach] = {}
        self._inside: dict[int, tuple[frozenset[int], frozenset[str]]] = {}
        self._hands: dict[int, frozenset[Hand]] = {}
        self._rules: dict[int, frozenset[str]] = {}
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

    def hands(self, term: AnyTerm) -> frozenset[Hand]:
        """The records in hand that a term looks at, wherever it stands: two evaluations at the same of them agree. The
        computed cells of a column and the running columns of a list stand for what they look at around them."""
        found = self._hands.get(term.number) if term.number >= 0 else None
        if found is None:
            found = frozenset(self._looked_at(term))
            if term.number >= 0:
                self._hands[term.number] = found
        return found

    def rules(self, term: AnyTerm) -> frozenset[str]:
        """The rules whose shared terms a term names itself."""
        found = self._rules.get(term.number) if term.number >= 0 else None
        if found is None:
            found = frozenset(name.rule for name in used(term))
            if term.number >= 0:
                self._rules[term.number] = found
        return found

    def _looked_at(self, term: AnyTerm) -> Iterator[Hand]:
        lists = self.program.lists
        match term:
            case Read() | Use():
                yield (term.list, term.up)
                if term.list:
                    yield PARTY_IN_HAND
                decl = self.program.holding(term.list)
                if decl is None or isinstance(term, Use):
                    return
                place = decl.by_name.get(term.name)
                for row in decl.rows if place is not None else ():
                    yield from self.hands(row.cells[place or 0])
                scan = decl.running(term.name)
                if scan is not None:
                    seen = {hand for part in children(scan) for hand in self.hands(part)}
                    yield from bound(decl.name, {hand for hand in seen if hand[0] != STATE})
            case Over() | Find():
                if term.list != POPULATION:
                    yield PARTY_IN_HAND
                inside = (term.value, term.where) if isinstance(term, Over) else (term.value,)
                for part in children(term):
                    here = any(part is t for t in inside)
                    yield from bound(term.list, self.hands(part)) if here else self.hands(part)
                members = lists[term.list].members
                if members is not None:
                    yield from self.hands(members)
            case _:
                for part in children(term):
                    yield from self.hands(part)

    # ------------------------------------------------------------------------------------------ how often
    def repeated(self, asked: Name | AnyTerm, key: Key) -> bool:
        """Whether a term, or a shared one by its name, reads a fact more than once: only there can trying out values
        tell more. What is asked of each record of a list reads anything but the record itself again and again."""
        found = self._paths_of(asked, frozenset()) if isinstance(asked, Name) else self._paths_of_term(asked)
        return found.get((key, True), 0) + found.get((key, False), 0) > 1

    def _paths_of_term(self, term: AnyTerm) -> Paths:
        found = self._paths_by_number.get(term.number)
        if found is None:
            found = self._paths_in(term, frozenset())
            if term.number >= 0:
                self._paths_by_number[term.number] = found
        return found

    def _paths_of(self, name: Name, inside: frozenset[Name]) -> Paths:
        """On how many paths (one, or more) each fact is read. Only what is finished is remembered."""
        found = self._paths.get(name)
        if found is None:
            if name in inside:
                return {}  # a cycle is an error of the checker; here it only must end
            found = self._paths[name] = self._paths_in(self.program.terms[name].term, inside | {name})
        return found

    def _paths_in(self, term: AnyTerm, inside: frozenset[Name]) -> Paths:
        """The paths to each fact; those to a field of the record in hand apart from those to that of all records."""
        decl = declared(self.program, term) if isinstance(term, Read) else None
        sources = (decl.derived, decl.default) if decl is not None else children(term)
        found = [self._paths_in(part, inside) for part in sources if part is not None]
        if isinstance(term, Read):
            found.append({((term.list, term.name), True): 1})
        elif isinstance(term, Use):
            found.append(self._paths_of(term.name, inside))
        elif isinstance(term, Over | Find):
            found.append({((term.list, ""), True): 1})
        scan = self._column(term.list, term.name) if isinstance(term, Read) and decl is None else None
        if isinstance(term, Read) and scan is not None:
            parts = [self._paths_in(part, inside) for part in children(scan)]
            found.append(_again(term.list or POPULATION, _together(parts)))
        counts = _together(found)
        return _again(term.list, counts) if isinstance(term, Over) else counts

    # ------------------------------------------------------------------------------------------ what can bear on what
    def reach(self, of: Name | AnyTerm | InputDecl) -> Reach:
        """All that a supposition may be about and bear on a part of the program."""
        key = of if isinstance(of, Name) else id(of)
        known = self._reach.get(key)
        if known is None:
            thing: object = self.program.terms[of] if isinstance(of, Name) else of
            found = self.of(thing)
            within = [self._within(self.program.terms[name]) for name in found.terms]
            for ledger, name in found.keys:
                decl = self.program.lists.get(ledger)
                part = self.program.inputs.get(name) if not ledger else decl if not name else None
                if part is not None:
                    within.append(self._within(part))
            within.append(self._within(thing))
            numbers = frozenset[int]().union(*(numbers for numbers, _ in within))
            columns = frozenset(
                ledger for ledger, name in found.keys
                if ledger in self.program.lists and name and self.program.lists[ledger].field_of(name) is None
            )  # which go through the records of their list
            if any(not ledger and self._column(ledger, name) for ledger, name in found.keys):
                columns |= {POPULATION}
            lists = columns.union(*(lists for _, lists in within))
            terms = found.terms | {of} if isinstance(of, Name) else found.terms
            known = self._reach[key] = Reach(of, found.keys, terms, numbers, lists)
        return known

    def _within(self, thing: object) -> tuple[frozenset[int], frozenset[str]]:
        """The numbers of the terms inside a part, and the lists that they go through."""
        found = self._inside.get(id(thing))
        if found is None:
            terms = [*every(thing)]
            lists = frozenset(t.list for t in terms if isinstance(t, Over | Find))
            found = self._inside[id(thing)] = frozenset(t.number for t in terms if t.number >= 0), lists
        return found

    # ------------------------------------------------------------------------------------------ the graph
    def needed_first(self, node: Key | Name) -> tuple[Key | Name, ...]:
        """What must be there before a fact, field, list or shared term can be: what it reads, one step of the way, but
        not what conversions read, for which the records before are enough."""
        if isinstance(node, Name) or node[1]:
            return self._next(node, "limited")
        return tuple(self._of_list(replace(self.program.lists[node[0]], conversions=())))

    def asked(self, of: Key | Name | Conversion) -> tuple[Key | Name, ...]:
        """What is asked for one record in hand, one step of the way: a list only where all its records are."""
        if isinstance(of, Name):
            return tuple(self._named(self.program.terms[of].term))
        return tuple(self._named(of)) if isinstance(of, Conversion) else self._next(of, "limited")

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
        scan = self._column(ledger, name)
        if scan is not None:
            yield from self._named(scan)
            yield from [(POPULATION, "")] if not ledger else []
        if listed is not None:
            if listed.source == "parties":
                yield ("", name)
            if decl is not None:
                column = listed.by_name[name]
                yield from (node for row in listed.rows for node in self._named(row.cells[column]))
        if decl is not None and decl.event and depth != "supplied":
            yield DAY
        if decl is not None and depth != "named":
            for part in (decl,) if depth == "limited" else (decl.derived, decl.default):
                yield from self._named(part)

    def _column(self, ledger: str, name: str) -> Scan | None:
        """The scan that gives the records of a list, or (ledger "") the parties, a column."""
        listed = self.program.holding(ledger)
        return listed.running(name) if listed is not None else None

    def _of_list(self, decl: ListDecl) -> Iterator[Key | Name]:
        """A list, which reads what decides its records."""
        if decl.source == "cycles" or decl.happens is not None:
            yield DAY
        if decl.happens is not None:
            yield (decl.name, decl.happens)
        for part in (decl.only, decl.cycles, decl.bound, decl.members, *decl.conversions):
            yield from self._named(part)
        yield from ((decl.name, conversion.field) for conversion in decl.conversions)
        if decl.key is not None:
            yield (decl.name, decl.key)

