"""Checks the nodes of a proof again, each from those that it rests on, and that these are the ones the policy names."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from policydsl.recheck import lists
from policydsl.recheck.exact import (
    COMPARISONS, NUMBERS, Malformed, NoValue, OnTrust, Setting, Value, Wrong, later, read,
)
from policydsl.recheck.hull import (
    EITHER, NO, Open, alike, apply, caused, inside, join, of_itself, point, read_open,
)

SEAL = 16
Place = tuple[Value, tuple[int, ...]]  # the day, and the numbers of the records in hand
# The parts of a proof under one seal, the first with the seals of the roots.
CORE = ("policy", "dialect", "currency", "files", "fiscal", "asked", "choices")
EVIDENCE = ("places", "records", "facts", "lists")
# What reading a proof may come upon that is none.
BROKEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, Malformed, NoValue)
MOST_AROUND = 64  # records in hand at a place
ORDERS = ("=", "!=", "<", "<=", ">", ">=")
MOST_PARTS = 16  # of two sums that are compared
NAMED = ("f", "list", "name", "rule", "up")  # two facts that agree in these are one
# The forms that may carry a mark; any may be deemed.
AGGREGATES = ("sum", "mean", "largest", "smallest", "count", "any", "all", "earliest", "latest", "distinct", "values")
TRIED = ("use", *AGGREGATES)  # what may have been tried out
MARKED = {"range": ("use", "read", "find"), "tried": TRIED, "waits": TRIED, "scan": ("read",), "turn": ("read",)}
# Why something is open that no step comes upon by itself: it is so because of a fact, a list or a sentence.
WAITING = frozenset({"missing", "parameter", "discretion"})  # for a fact, a parameter, a decision
GIVING = WAITING | {"population"}  # what a sheet could end
GIVEN = frozenset({"missing", "parameter", "population", "tie", "discretion", "not_stated"})


def seal(content: object) -> str:
    """The digest of plain data, in whatever order its keys stand; an exact number is its fraction."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=ratio)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:SEAL]


def ratio(number: Fraction) -> dict[str, str]:
    return {"q": f"{number.numerator}/{number.denominator}"}


@dataclass(frozen=True)
class Fault:
    """What is wrong (a key of ``words.FAULTS``), what is said of it, and where: at a template or a node, if at one."""

    what: str
    said: dict[str, object]
    template: int | None = None
    node: int | None = None


@dataclass(frozen=True)
class Node:
    """One node while it is checked."""

    number: int
    template: dict[str, Any]
    at: Place
    claim: Open
    kids: list[Any]
    about: Any
    marks: frozenset[str]


def malformed(broken: Exception) -> Wrong:
    return Wrong("malformed", detail=f"{type(broken).__name__} {broken}"[:200])


def agree(claim: Open, made: Open, listed: bool) -> bool:
    """Whether what is said is what follows. What an open list gives may be 无 besides: an evaluator that knows less of
    a record that is not there says no more than that."""
    wider = replace(made, values=(None, *made.values)) if made.values is not None else replace(made, none=True)
    allowed = (made,) if claim.known or made.known or not listed else (made, wider)
    return claim.conflict == made.conflict and any(alike(claim, one) for one in allowed)


class Check:
    """Checks one proof. Raises one of BROKEN where its parts are not such parts at all."""

    def __init__(self, proof: dict[str, Any], setting: Setting) -> None:
        self.proof, self.s = proof, setting
        self.templates: list[dict[str, Any]] = proof["templates"]
        self.nodes: list[list[Any]] = proof["nodes"]
        self.places: list[Place] = [(read(on), tuple(held)) for on, held in proof["places"]]
        self.records: list[tuple[str, str, int]] = [(of, key, index) for of, key, index, *_ in proof["records"]]
        self.made_of: dict[int, list[int]] = {  # of what a conversion made, of which records
            number: parts for number, (_, _, _, *made) in enumerate(proof["records"]) for parts in made
        }
        self.roots: dict[tuple[Any, ...], int] = {tuple(key): number for *key, number in proof["roots"]}
        self.lists: list[dict[str, Any]] = proof["lists"]
        self.scans: list[dict[str, Any]] = proof["scans"]
        self.turns: dict[int, dict[int, list[Any]]] = {}  # of the scans that were looked at, by record
        self.facts_of: dict[int, dict[str, Any]] = {}
        for record, name, value, *_ in proof["facts"]:
            self.facts_of.setdefault(record, {})[name] = value
        self.absent: set[str] = set()  # all facts that somebody waits for
        self.open_for: dict[str, set[str]] = {why: set() for why in GIVING}  # the facts that are, by why
        self.claims: list[Open] = []
        self.used: set[int] = set()
        self.told: set[int] = set()  # facts that were read
        self.waits: set[str] = set()  # what the parts of the node in hand wait for
        self.whys: set[str] = set()  # and why they are open
        self.voids = {t["why"] for t in self.templates if t["f"] == "void"}  # which of them the policy itself states
        self.hulls = False  # and whether more trials could have narrowed one of them
        self.faults: list[Fault] = []
        self.looked: set[int] = set()  # lists that were looked at
        self.keys: dict[int, lists.Keys] = {}
        if any(len(held) > MOST_AROUND for _, held in self.places):
            raise Malformed("too many records in hand")
        self.numbered()
        if proof["fiscal"]:
            start, by_first, listed, *ends = proof["fiscal"]
            setting.month_end = ends == [True]
            setting.fiscal = (start[0], start[1]) if start else None
            setting.by_first, setting.listed = bool(by_first), tuple(date.fromisoformat(one) for one in listed)

    def fault(self, wrong: Wrong, template: int | None = None, node: int | None = None) -> None:
        self.faults.append(Fault(wrong.what, wrong.said, template, node))

    # ------------------------------------------------------------------------------------------ the whole
    def numbered(self) -> None:
        """What is gone by its number is there, and has no other number. Raises Malformed."""
        proof = self.proof
        for table, numbers in (
            (self.templates, [*self.roots.values(), *(template for template, *_ in self.nodes)]),
            (self.places, [place for _, place, *_ in self.nodes if place is not None]),
            (self.places, [one["place"] for part in ("lists", "scans", "verdicts") for one in proof[part]]),
            (self.records, [record for _, held in self.places for record in held]),
            (self.records, [record for one in self.lists for record in one["records"]]),
            (self.records, [part for parts in self.made_of.values() for part in parts]),
            (self.records, [*self.facts_of]),
            (self.lists, [one["list"] for one in self.scans]),
        ):
            if any(type(number) is not int or not 0 <= number < len(table) for number in numbers):
                raise Malformed("no such number")

    def once(self) -> None:
        """Of one thing one is said: with two of a fact, a list or a step, a proof could go by either."""
        proof, kinds = self.proof, dict[tuple[str, str], tuple[Any, Any]]()
        for part, keys in {
            "roots": [tuple(key) for *key, _ in proof["roots"]], "asked": [one["rule"] for one in proof["asked"]],
            "places": self.places, "facts": [(record, name, str(on)) for record, name, _, *on in proof["facts"]],
            "lists": [(one["list"], one["place"]) for one in self.lists],
            "scans": [(one["list"], one["scan"], one["place"]) for one in self.scans],
            "nodes": [(template, place) for template, place, *_ in self.nodes],
            "verdicts": [one["place"] for one in proof["verdicts"]],
            "party": [one["party"] for one in proof["verdicts"]],
        }.items():
            if len({*keys}) < len(keys):
                self.fault(Wrong("twice", claim=part))
        for data in (*(value for _, _, value, *_ in proof["facts"]), *(one.get("open") for one in self.lists)):
            given = read_open(data)
            self.absent |= given.needs
            for why in self.open_for.keys() & given.reasons if not given.known else ():
                self.open_for[why] |= given.needs
        for number, template in enumerate(self.templates):
            if template["f"] == "read":
                kind = template.get("kind"), template.get("choice")
                if kinds.setdefault((template["list"], template["name"]), kind) != kind:
                    self.fault(Wrong("kind", claim=template["name"]), number)
        for one in self.lists:
            listed, aside = [self.records[record] for record in one["records"]], one.get("aside", [])
            there, made = {*one["records"]}, self.made_of.keys() & {*one["records"]}
            if aside and not all(later(read(day), self.places[one["place"]][0]) for _, _, day in aside):
                self.fault(Wrong("records", claim=one["list"]))
            own = [self.records[record][2] for record in one["records"] if record not in made]
            places = sorted([*own, *(place for _, place, _ in aside)])
            shuffled = "turned" not in one and (made or any(a[2] > b[2] for a, b in pairwise(listed)))
            whole = places == [*range(len(places))] and not shuffled and len(there) == len(listed)
            whole = whole and all(there.issuperset(self.made_of[record]) for record in made)
            if not whole or any(of != one["list"] and (of, one["list"]) != ("", "@population") for of, _, _ in listed):
                self.fault(Wrong("records", claim=one["list"]))

    def idle(self) -> None:
        """Nothing is given that no result rests on."""
        held = {record for _, around in self.places for record in around}
        held.update(*(one["records"] for one in self.lists))
        used = {"nodes": self.used, "facts": self.told, "lists": self.looked, "scans": self.turns, "records": held}
        for part, numbers in used.items():
            if len(numbers) < len(self.proof[part]):
                self.fault(Wrong("idle", claim=part))

    # ------------------------------------------------------------------------------------------ seals
    def seals(self) -> None:
        """Every template is what its seal says, and all that was asked and given is what the proof says it is."""
        proof = self.proof
        for number, template in enumerate(self.templates):
            kids = template.get("k", [])
            content = {key: value for key, value in template.items() if key not in ("h", "k")}
            if any(not 0 <= kid < number for kid in kids) or template["h"] != seal(
                [content, [self.templates[kid]["h"] for kid in kids]]
            ):
                self.fault(Wrong("template"), number)
        for name, choice in proof["choices"].items():
            if name != seal(choice):
                self.fault(Wrong("choice", claim=choice["options"]))
        named = sorted([*map(str, key), self.templates[number]["h"]] for key, number in self.roots.items())
        if proof["core"] != seal([{key: proof[key] for key in CORE}, named]):
            self.fault(Wrong("core"))
        if proof["evidence"] != seal({key: proof[key] for key in EVIDENCE}):
            self.fault(Wrong("evidence"))

    # ------------------------------------------------------------------------------------------ nodes
    def run(self) -> None:
        """Every node, children first."""
        for number, (template, place, value, *more) in enumerate(self.nodes):
            kids, about, marks = more + [[], None, []][len(more):]
            made, claim = self.templates[template], EITHER
            try:
                self.waits, self.whys, self.hulls = set(), set(), False
                claim = replace(read_open(value), deemed="deemed" in marks)
                at = self.places[place] if place is not None else (None, ())
                if (place is None) != (made["f"] in ("const", "void")):
                    raise Wrong("place")
                if any(mark != "deemed" and made["f"] not in MARKED[mark] for mark in marks):
                    raise Wrong("mark")
                if not claim.fits(made.get("kind", "yesno")):
                    raise Wrong("kind", claim=claim)
                self.follows(Node(number, made, at, claim, kids, about, frozenset(marks)))
            except Wrong as wrong:
                self.fault(wrong, template, number)
            except BROKEN as broken:
                self.fault(malformed(broken), template, number)
            self.claims.append(claim)

    def follows(self, node: Node) -> None:
        """Whether a claim is what its children come to. Raises Wrong."""
        try:
            made = self.value(node)
        except OnTrust as trusted:
            self.s.trust(str(trusted.args[0]))
            if node.claim.known and "decided" not in trusted.args:
                raise Wrong("known", claim=node.claim) from None
            return
        narrowed = node.marks & {"range", "tried"}
        for what in sorted({"tried" if mark == "waits" else mark for mark in node.marks & {"range", "tried", "waits"}}):
            self.s.trust(what)
        if narrowed and not inside(node.claim, made):
            raise Wrong("beyond", claim=node.claim, made=made)
        listed = "list" in node.template and node.template["f"] not in ("read", "use")
        if not narrowed and not agree(node.claim, made, listed):
            raise Wrong("value", claim=node.claim, made=made)
        if not narrowed and node.claim.deemed != made.deemed:
            raise Wrong("deemed")
        waits, whys = self.waits | made.needs, self.whys | made.reasons
        if "waits" in node.marks:  # what was tried out may wait for what shows only where something is supposed
            waits |= self.absent
            whys |= self.voids | {why for why, facts in self.open_for.items() if node.claim.needs & facts}
        if not node.claim.needs <= waits:
            raise Wrong("needs", claim=sorted(node.claim.needs - waits))
        if not node.claim.reasons & GIVEN <= whys:
            raise Wrong("reasons", claim=sorted(node.claim.reasons & GIVEN - whys))
        if node.claim.hull and not (self.hulls or made.hull or node.template["f"] in TRIED):
            raise Wrong("value", claim=node.claim, made=made)

    def value(self, node: Node) -> Open:
        """What a node comes to. Raises OnTrust where that cannot be worked out, Wrong."""
        template = node.template
        match template["f"]:
            case "const":
                return point(read(template["v"]))
            case "void":
                return replace(read_open(template["v"]), reasons=frozenset([template["why"]]))
            case "read":
                return self.reading(node)
            case "use":
                held = self.held(node.at, template)
                if held is None:
                    return self.anything(template)
                return self.root(node, node.kids[0], ("rule", *template["rule"]), self.only(node.at, held))
            case "choose":
                return self.choose(node)
            case "find":
                return self.find(node)
            case "as_of":
                return self.as_of(node)
            case _ if "list" in template:
                return lists.over(self, node)
            case op:
                args = [self.kid(node, kid, slot, node.at) for slot, kid in enumerate(node.kids)]
                parts = [self.templates[k] for k in template.get("k", [])]
                if len(args) != len(parts):
                    raise Wrong("branch")
                kinds = [part.get("kind", "yesno") for part in parts]
                made = apply(op, args, kinds, self.order(parts), self.anything(template), self.s)
                if not made.known and len(args) == 2 and all(parts[0].get(w) == parts[1].get(w) for w in NAMED):
                    told = self.nodes[node.kids[0]][4:5]  # the fact of a sheet that a step is about
                    if parts[0]["f"] == "read" and told not in ([], [None]):
                        return of_itself(op, args[0], kinds[0]) or made
                if not made.known and op in ORDERS and all(kind.partition(":")[0] in NUMBERS for kind in kinds):
                    return self.balanced(op, node) or made
                return made

    def balanced(self, op: str, node: Node) -> Open | None:
        """What a comparison of sums comes to where each fact of a sheet in them is taken once, if that decides it."""
        left, right = node.kids
        parts = [*self.linear(left, Fraction(1)), *self.linear(right, Fraction(-1))]
        together: dict[str, tuple[Fraction, int]] = {}
        for many, kid in parts:
            template, place, _, *more = self.nodes[kid]
            made = self.templates[template]
            fact = made["f"] == "read" and more[1:2] not in ([], [None])  # of a sheet
            key = str([place, *(made.get(word) for word in NAMED)]) if fact else f"# {kid} {len(together)}"
            together[key] = together.get(key, (Fraction(0), kid))[0] + many, kid
        nothing = any(self.claims[kid].maybe_none for _, kid in parts)
        if nothing or len(together) == len(parts) or len(parts) > MOST_PARTS:
            return None
        total, two = point(Fraction(0)), ["number", "number"]
        for many, kid in together.values():
            if many:
                scaled = apply("*", [point(many), self.claims[kid]], two, (), Open(None), self.s)
                total = apply("+", [total, scaled], two, (), Open(None), self.s)
        found = apply(op, [total, point(Fraction(0))], two, (), EITHER, self.s)
        return found if found.known else None

    def linear(self, kid: int, many: Fraction) -> Iterator[tuple[Fraction, int]]:
        """A sum as its parts, each so many times."""
        template, _, _, *more = self.nodes[kid]
        made, below = self.templates[template], more[0] if more else []
        if made.get("kind", "yesno").partition(":")[0] in NUMBERS and below:
            if made["f"] in ("+", "-"):
                yield from self.linear(below[0], many)
                yield from self.linear(below[1], many if made["f"] == "+" else -many)
                return
            if made["f"] == "neg":
                yield from self.linear(below[0], -many)
                return
            for known, other in ((below[0], below[1]), (below[1], below[0])) if made["f"] == "*" else ():
                claim = self.claims[known]
                if claim.known and isinstance(claim.value, Fraction):
                    yield from self.linear(other, many * claim.value)
                    return
        yield many, kid

    # ------------------------------------------------------------------------------------------ what is where
    def kid(self, node: Node, number: Any, slot: int, at: Place) -> Open:
        """What a child comes to, which must be the one that the policy has there, at that place."""
        return self.proved(number, node.template["k"][slot], at, node.number)

    def root(self, node: Node | None, number: Any, key: tuple[Any, ...], at: Place) -> Open:
        """What a term with a name comes to, at a place."""
        return self.proved(number, self.roots[key], at, len(self.claims) if node is None else node.number)

    def proved(self, number: Any, template: int, at: Place, before: int) -> Open:
        if number is None:
            raise Wrong("branch")
        if type(number) is not int or not 0 <= number < before:
            raise Wrong("order")
        self.used.add(number)
        self.wait(self.claims[number])
        have, place = self.nodes[number][:2]
        if have != template:
            raise Wrong("other", claim=self.templates[have].get("text", ""))
        if place is not None and self.places[place] != at:
            raise Wrong("elsewhere", claim=self.templates[have].get("text", ""))
        return self.claims[number]

    def wait(self, part: Open) -> None:
        """What a part is open for, the node in hand may be open for as well."""
        self.waits |= part.needs
        self.whys |= part.reasons
        self.hulls = self.hulls or part.hull

    def held(self, at: Place, template: dict[str, Any]) -> int | None:
        """The record in hand that a term is about: so many from inside of its list."""
        found = [record for record in reversed(at[1]) if self.records[record][0] == template["list"]]
        return found[template["up"]] if 0 <= template["up"] < len(found) else None

    def only(self, at: Place, record: int | None) -> Place:
        """The party in hand, or one record with the party that was in hand when it was taken; nothing else around."""
        held = [*reversed(at[1])]
        if record in held:
            held = held[held.index(record) :]
        party = next((r for r in held if self.records[r][0] == ""), None)
        if party is None:
            raise Wrong("place")
        if record is None or self.records[record][0] == "":
            return at[0], (party if record is None else record,)
        return at[0], (party, record)

    def anything(self, template: dict[str, Any]) -> Open:
        """All that a value of its kind may be."""
        base = template.get("kind", "yesno").partition(":")[0]
        if base == "yesno":
            return EITHER
        choice = self.proof["choices"].get(template.get("choice"), {})
        closed = base == "choice" and choice.get("options") and not choice["open"]
        return Open(tuple(choice["options"])) if closed else Open(None)

    def kind(self, template: int) -> str:
        """The kind of what a sentence gives."""
        return self.templates[template].get("kind", "yesno")  # type: ignore[no-any-return]

    def order(self, parts: Sequence[dict[str, Any]]) -> list[str]:
        """The order of the choice that a comparison goes by: that of the first which has one."""
        choices = [self.proof["choices"].get(part.get("choice"), {}) for part in parts[:2]]
        found = next((c for c in choices if c.get("ordered")), choices[0] if choices else {})
        return found.get("options", [])  # type: ignore[no-any-return]

    # ------------------------------------------------------------------------------------------ forms
    def reading(self, node: Node) -> Open:
        template, name = node.template, node.template["name"]
        record = self.held(node.at, template)
        if record is None:
            return self.anything(template)
        of, key, index = self.records[record]
        if node.about is None or node.marks & {"turn", "scan"}:
            if name in self.facts_of.get(record, {}):
                raise Wrong("fact", claim=name)
        if "turn" in node.marks:
            return lists.turned(self, node, record)
        match name:
            case "@day":
                return point(node.at[0])
            case "@party" if node.about is None:
                return point(key)
            case "@row":
                return point(Fraction(index))
        if "scan" in node.marks:
            return lists.running(self, node, record)
        if node.kids:
            cell = ("cell", of, name, index)
            at = node.at if cell in self.roots else self.only(node.at, record)
            made = self.root(node, node.kids[0], cell if cell in self.roots else ("instead", of, name), at)
            if cell not in self.roots and not made.known and not made.needs:
                self.itself(node, of, name)
            return made
        whose, which, value, *on = self.proof["facts"][node.about]
        found = read_open(value)
        if (whose, which) != (record, name) or on and (found.known or read(on[0]) != node.at[0]):
            raise Wrong("fact", claim=which)
        self.told.add(node.about)
        self.s.trust("facts" if found.known else "absent")
        # what an event tells of a later day has not happened yet
        return point(None) if template.get("event") and found.known and later(found.value, node.at[0]) else found

    def itself(self, node: Node, of: str, name: str) -> None:
        """What stands in for a fact that was not given waits for none: the fact itself is waited for."""
        row = rf"{re.escape(of)}\[.*\]\." if of else ""
        own = {n for n in node.claim.needs if re.fullmatch(rf"(?:全体\[.*\]\.)?{row}{re.escape(name)}", n, re.DOTALL)}
        self.wait(Open(EITHER.values, needs=frozenset(own), reasons=WAITING & node.claim.reasons))
        self.absent |= own
        for why in WAITING & node.claim.reasons:
            self.open_for[why] |= own

    def choose(self, node: Node) -> Open:
        """Exceptions first, which must agree; then the first row that holds. What is open keeps its values."""
        template, kids = node.template, node.kids
        rows = [*zip(kids[::2], kids[1::2], strict=True)]
        exceptions, places = template["exceptions"], len(template["k"]) // 2
        if not exceptions <= len(rows) <= places:
            raise Wrong("branch")
        tests = [self.kid(node, when, 2 * slot, node.at) for slot, (when, _) in enumerate(rows)]

        def value(slot: int) -> Open:
            found = self.kid(node, rows[slot][1], 2 * slot + 1, node.at)
            deemed = template["rows"][slot].get("deemed") or slot >= exceptions and tests[slot].deemed
            return replace(found, deemed=True) if deemed else found

        sure = [value(slot) for slot in range(exceptions) if tests[slot].yes]
        waiting = [slot for slot in range(exceptions) if not tests[slot].yes and not tests[slot].no]
        open_ = [value(slot) for slot in waiting]
        if sure:
            merged = join(sure)
            if any(a.values is not None and b.values is not None and not a.kinds & b.kinds for a in sure for b in sure):
                return replace(join([merged, *open_]), conflict=True)
            return caused(join([merged, *open_]), [tests[s] for s in waiting]) if open_ else merged
        regular = self.in_order([*enumerate(tests)][exceptions:], value, len(rows) == places, template)
        return caused(join([*open_, regular]), [tests[s] for s in waiting]) if open_ else regular

    def in_order(self, tests: Sequence[tuple[int, Open]], value: Any, whole: bool, template: dict[str, Any]) -> Open:
        possible, waiting = [], []
        for slot, when in tests:
            if when.no:
                continue
            possible.append(value(slot))
            if when.yes:
                if slot != tests[-1][0]:
                    raise Wrong("later")
                break
            waiting.append(when)
        else:
            if not whole:
                raise Wrong("branch")
            if not template["complete"] or not possible:
                possible.append(self.anything(template))
        return caused(join(possible), waiting)

    def find(self, node: Node) -> Open:
        """The value at the record with the key: the exact key, else the longest that ends in ``*`` and begins it."""
        template = node.template
        number = lists.of_node(self, node)
        key = self.kid(node, node.kids[0], 0, node.at)
        wanted = lists.candidates(self, number, key, template, node.kids)
        if [record for record, _ in node.kids[1:]] != wanted:
            raise Wrong("row")
        found = []
        for record, value in node.kids[1:]:
            if record is not None:
                found.append(self.kid(node, value, 1, (node.at[0], (*node.at[1], record))))
                continue
            if template["otherwise"]:
                found.append(self.kid(node, value, 2, node.at))
            if not template["otherwise"] or "open" in self.lists[number]:
                found.append(self.anything(template))
        if key.maybe_none and not template["otherwise"]:
            found.append(point(None))
        return caused(join(found), [key])

    def stretches(self, node: Node, on: Open) -> list[Value] | None:
        """The days that a proof takes for all that an unknown day may be: one at least of each stretch between the days
        with which the policy compares the day, if it asks nothing else of it. None: it takes none."""
        places = [self.nodes[kid][1] for kid in node.kids[1:] if type(kid) is int and 0 <= kid < node.number]
        if not places:
            return None
        borders = [*self.borders(node.template["k"][1])]
        fixed = None in places  # of what is the same everywhere
        taken: list[Value] = [node.at[0] if place is None else self.places[place][0] for place in places]
        near = [border + timedelta(days=n) for _, border in borders for n in (-1, 0, 1)]
        whole = [d for d in (on.low, on.high, *near, *taken) if type(d) is date and inside(point(d), on)]

        def stretch(day: Any) -> tuple[bool, ...]:
            return tuple(
                held for op, border in borders for held in
                ((day < border,) if op in ("<", ">=") else (day > border,) if op in (">", "<=")
                 else (day < border, day > border))
            )

        if not fixed and {*map(stretch, whole)} != {*map(stretch, taken)} or not {*taken} <= {*whole, node.at[0]}:
            raise Wrong("branch")
        return [*([None] if on.maybe_none else []), *taken]

    def borders(self, template: int) -> Iterator[tuple[str, date]]:
        """The days with which what is asked as of a day compares it, and how. Raises Wrong where it asks more of it."""
        said, parts = self.templates[template], self.templates[template].get("k", [])
        sides = [self.templates[part] for part in parts]
        if said["f"] in COMPARISONS and len(sides) == 2 and sides[0].get("name") == "@day" and sides[1]["f"] == "const":
            border = read(sides[1]["v"])
            if type(border) is not date:
                raise Wrong("branch")
            yield said["f"], border
            return
        cell, rule = ("instead", said.get("list"), said.get("name")), ("rule", *said.get("rule", ()))
        if said["f"] == "read":
            if said["name"].startswith("@") or said.get("event"):
                raise Wrong("branch")
            parts = [self.roots[cell]] if cell in self.roots else []
        elif said["f"] == "use":
            parts = [self.roots[rule]]
        elif "list" in said or said["f"] in ("find", "as_of"):
            raise Wrong("branch")
        for part in parts:
            yield from self.borders(part)

    def as_of(self, node: Node) -> Open:
        on = self.kid(node, node.kids[0], 0, node.at)
        days = on.values if on.values is not None else self.stretches(node, on)
        if days is None:
            return self.anything(node.template)
        kids: Iterator[Any] = iter(node.kids[1:])
        never = NO if "kind" not in node.template else point(None)
        found = [self.kid(node, next(kids), 1, (one, node.at[1])) if isinstance(one, date) else never for one in days]
        return caused(join(found), [on])

