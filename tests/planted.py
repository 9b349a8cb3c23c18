"""Falsified verdicts: each kind changes one thing in a verdict with its proof, at a place drawn by chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from policydsl.recheck.check import CORE, EVIDENCE, seal

Document = dict[str, Any]
Edits = list[tuple[Any, Any, Any]]  # a dictionary or list, a key of it, what then stands there
Kind = Callable[[Document, random.Random], Edits]  # no edits: there is nothing of the kind to falsify

OTHER = {
    "and": "or", "any": "all", "<": "<=", ">": ">=", "=": "!=", "+": "-", "max": "min", "largest": "smallest",
    "earliest": "latest", "sum": "mean", "provided": "missing", "first_day": "last_day", "shift": "back",
}
OTHER |= {b: a for a, b in OTHER.items()}
UNDONE = {"determined": "undetermined", "undetermined": "determined"}
STATUSES = ("known", "unknown", "not_applicable", "conflict")


@contextmanager
def edited(document: Document, edits: Edits) -> Iterator[Document]:
    """The document with the edits made, while it is looked at."""
    before = [(where, key, where[key]) for where, key, _ in edits]
    for where, key, new in edits:
        where[key] = new
    try:
        yield document
    finally:
        for where, key, old in reversed(before):
            where[key] = old


@contextmanager
def resealed(document: Document) -> Iterator[Document]:
    """The document with every seal made anew, as a careful forger would; only while it is looked at."""
    proof = document["proof"]
    old = [t["h"] for t in proof["templates"]], proof["core"], proof["evidence"], proof["seal"]
    for template in proof["templates"]:
        kids = [proof["templates"][k]["h"] for k in template.get("k", [])]
        template["h"] = seal([{k: v for k, v in template.items() if k not in ("h", "k")}, kids])
    named = sorted([*map(str, key), proof["templates"][number]["h"]] for *key, number in proof["roots"])
    proof["core"] = seal([{key: proof[key] for key in CORE}, named])
    proof["evidence"] = seal({key: proof[key] for key in EVIDENCE})
    proof["seal"] = seal({**document, "proof": {k: v for k, v in proof.items() if k != "seal"}})
    try:
        yield document
    finally:
        seals, proof["core"], proof["evidence"], proof["seal"] = old
        for template, mark in zip(proof["templates"], seals, strict=True):
            template["h"] = mark


# ---------------------------------------------------------------------------------------------- where things stand
def verdicts(document: Document) -> list[Document]:
    return document.get("verdicts", [document])  # type: ignore[no-any-return]


def results(document: Document, want: str = "status") -> list[dict[str, Any]]:
    """What the verdicts report, totals and items, where it has a part of that name."""
    found = [result for verdict in verdicts(document) for result in verdict["results"].values()]
    return [r for r in [*found, *(i for r in found for i in r.get("items", ()))] if want in r]


def proved(document: Document) -> list[dict[str, Any]]:
    """The same in the proof."""
    found = [result for verdict in document["proof"]["verdicts"] for result in verdict["results"]]
    return [*found, *(item for result in found for item in result.get("items", ()))]


def nodes(document: Document, want: Callable[[Any, str], bool]) -> list[Any]:
    """The nodes of which something holds (of the node, of what it does), but for those that are taken on trust."""
    templates = document["proof"]["templates"]
    return [n for n in document["proof"]["nodes"] if len(n) < 6 and want(n, templates[n[0]]["f"])]


def templates(document: Document, *wanted: str) -> list[dict[str, Any]]:
    return [t for t in document["proof"]["templates"] if t["f"] in wanted]


def is_number(value: Any) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool) or isinstance(value, dict) and "q" in value


def is_open(value: Any) -> bool:
    return isinstance(value, dict) and "?" in value


def changed(value: Any) -> Any:
    """Another value of its kind."""
    match value:
        case bool():
            return not value
        case int() | Fraction():
            return value + 1
        case str():
            return value + "甲"
        case {"q": ratio}:
            return {"q": f"{Fraction(ratio).numerator * 2 + 1}/{Fraction(ratio).denominator * 2}"}
        case {"d": day}:
            return {"d": f"{int(day[:4]) + 1}{day[4:8]}01"}
        case {"t": moment}:
            return {"t": f"{int(moment[:4]) + 1}{moment[4:]}"}
        case {"u": [amount, unit]}:
            return {"u": [changed(amount), unit]}
        case {"s": several}:
            return {"s": several[1:] or ["甲"]}
        case {"p": [first, last, grain]}:
            return {"p": [changed({"d": first})["d"], last, grain]}
    return 1


def without(where: Any, key: Any, place: int, many: int = 1) -> Edits:
    """A list without some of its elements."""
    return [(where, key, where[key][:place] + where[key][place + many:])]


# ---------------------------------------------------------------------------------------------- what came out
def drawn(find: Callable[[Document], list[Any]], change: Callable[[Any, random.Random], Edits]) -> Kind:
    """A kind that changes one of what is found."""
    def kind(document: Document, rng: random.Random) -> Edits:
        found = find(document)
        return change(rng.choice(found), rng) if found else []

    return kind


def shorter(where: Any, key: Any, rng: random.Random) -> Edits:
    return without(where, key, rng.randrange(len(where[key])))


def made_known(node: Any, rng: random.Random) -> Edits:
    value = node[2]
    guess = rng.choice(value["choices"]) if "choices" in value else value.get("min", value.get("max", 0))
    return [(node, 2, guess)]


def made_unknown(node: Any, rng: random.Random) -> Edits:
    choices = {"choices": [False, True]} if isinstance(node[2], bool) else {}
    return [(node, 2, {"?": ["missing"], **choices})]


def an_end(node: Any, rng: random.Random) -> Edits:
    end = rng.choice([key for key in ("min", "max") if key in node[2]])
    return [(node, 2, node[2] | {end: changed(node[2][end])})]


def a_branch(document: Document, rng: random.Random) -> Edits:
    found = nodes(document, lambda n, f: f in ("and", "or", "choose", "at_least", "+", "max") and len(n[3]) > 1)
    if not found:
        return []
    node = rng.choice(found)
    size = 2 if document["proof"]["templates"][node[0]]["f"] == "choose" else 1
    return without(node, 3, rng.randrange(0, len(node[3]), size), size)


def a_child_of_another_record(document: Document, rng: random.Random) -> Edits:
    """A child is taken from the same term at another record or on another day, where that came out differently."""
    every = document["proof"]["nodes"]
    same: dict[int, list[int]] = {}
    for i, node in enumerate(every):
        same.setdefault(node[0], []).append(i)
    options = [
        (node[3], place, other)
        for i, node in enumerate(every) if len(node) > 3
        for place, kid in enumerate(node[3]) if isinstance(kid, int)
        for other in same[every[kid][0]] if other < i and every[other][2] != every[kid][2]
    ]
    return [rng.choice(options)] if options else []


def a_result_pointed_elsewhere(document: Document, rng: random.Random) -> Edits:
    every = document["proof"]["nodes"]
    found = rng.choice([one for one in proved(document) if "value" in one])
    return [(found, "value", rng.choice([i for i, n in enumerate(every) if n[2] != every[found["value"]][2]]))]


def a_row(document: Document, rng: random.Random) -> Edits:
    """A look-up comes to another row."""
    found = nodes(document, lambda n, f: f == "find" and len(n[3]) > 1 and n[3][1][0] is not None)
    if not found:
        return []
    node = rng.choice(found)
    others = [r for r in document["proof"]["lists"][node[4]]["records"] if r != node[3][1][0]]
    return [(node[3][1], 0, rng.choice(others))] if others else []


def a_mark(document: Document, rng: random.Random) -> Edits:
    """视为, where nothing is deemed."""
    every = document["proof"]["nodes"]
    found = [i for i, node in enumerate(every) if isinstance(node[2], bool) and len(node) == 4]
    place = rng.choice(found)
    return [(every, place, [*every[place], None, ["deemed"]])]


def a_turn(scan: Any, rng: random.Random) -> Edits:
    return [(scan, "turns", scan["turns"][::-1])]


CAME_OUT: dict[str, Kind] = {
    "a number": drawn(lambda d: nodes(d, lambda n, f: is_number(n[2])), lambda n, r: [(n, 2, changed(n[2]))]),
    "a truth": drawn(lambda d: nodes(d, lambda n, f: isinstance(n[2], bool)), lambda n, r: [(n, 2, not n[2])]),
    "another value": drawn(
        lambda d: nodes(d, lambda n, f: not (is_number(n[2]) or isinstance(n[2], bool) or is_open(n[2]))),
        lambda n, r: [(n, 2, changed(n[2]))],
    ),
    "unknown made known": drawn(lambda d: nodes(d, lambda n, f: is_open(n[2]) and f != "void"), made_known),
    "known made unknown": drawn(lambda d: nodes(d, lambda n, f: not is_open(n[2])), made_unknown),
    "an end": drawn(lambda d: nodes(d, lambda n, f: is_open(n[2]) and {"min", "max"} & {*n[2]} != set()), an_end),
    "a branch": a_branch,
    "a child of another record": a_child_of_another_record,
    "a record left out": drawn(
        lambda d: nodes(d, lambda n, f: len(n) > 4 and n[3] != [] and isinstance(n[3][0], list)),
        lambda n, r: shorter(n, 3, r),
    ),
    "a record of a list": drawn(
        lambda d: [one for one in d["proof"]["lists"] if one["records"]], lambda one, r: shorter(one, "records", r)
    ),
    "a proved item": drawn(
        lambda d: [one for one in proved(d) if one.get("items")], lambda one, r: shorter(one, "items", r)
    ),
    "a proved result": drawn(lambda d: d["proof"]["verdicts"], lambda one, r: shorter(one, "results", r)),
    "a result pointed elsewhere": a_result_pointed_elsewhere,
    "another row": a_row,
    "deemed": a_mark,
    "the order of turns": drawn(lambda d: [s for s in d["proof"]["scans"] if len(s["turns"]) > 1], a_turn),
    "a fact": drawn(
        lambda d: [f for f in d["proof"]["facts"] if not is_open(f[2])], lambda f, r: [(f, 2, changed(f[2]))]
    ),
}


# ---------------------------------------------------------------------------------------------- what is reported
def other(value: Any) -> Any:
    """Another part of a verdict's JSON."""
    match value:
        case {"value": inner, **rest}:
            return {**rest, "value": changed(inner)}
        case {"min": least, "max": _}:
            return value | {"min": changed(least or 0)}
        case {"fraction": _}:
            return {"fraction": "1/7", "display": "0.14"}
        case {"amount": amount, **rest}:
            return {**rest, "amount": changed(amount)}
        case dict():
            first = next(iter(value))
            return {**value, first: other(value[first])}
        case [{"clause_holds": holds, **rest}, *more]:
            return [{**rest, "clause_holds": None if holds else True}, *more]
        case [_, *more]:
            return more
    return changed(value)


def a_status(found: dict[str, Any], rng: random.Random) -> Edits:
    return [(found, "status", rng.choice([s for s in STATUSES if s != found["status"]]))]


def part(key: str) -> Kind:
    return drawn(lambda d: results(d, key), lambda one, r: [(one, key, other(one[key]))])


PARTS = ("value", "holds", "state", "choices", "bounds", "missing", "reason", "measures", "parts", "clauses", "unit")
REPORTED: dict[str, Kind] = {f"reported {key}": part(key) for key in PARTS} | {
    "a status": drawn(results, a_status),
    "the status": drawn(verdicts, lambda v, r: [(v, "status", UNDONE[v["status"]])]),
    "an item": drawn(lambda d: [r for r in results(d, "items") if r["items"]], lambda one, r: shorter(one, "items", r)),
    "a result": drawn(
        verdicts, lambda v, r: [(v, "results", dict(r.sample([*v["results"].items()], len(v["results"]) - 1)))]
    ),
    "a missing fact": drawn(lambda d: [v for v in verdicts(d) if v["missing"]], lambda v, r: shorter(v, "missing", r)),
    "the day": drawn(verdicts, lambda v, r: [(v["as_of"], "date", f"1999{v['as_of']['date'][4:]}")]),
    "the policy": drawn(verdicts, lambda v, r: [(v["policy"], "version", v["policy"]["version"] + "1")]),
    "the party": drawn(verdicts, lambda v, r: [(v, "party", v["party"] + "甲")]),
}


# ---------------------------------------------------------------------------------------------- what the policy says
def a_threshold(document: Document, rng: random.Random) -> Edits:
    """A constant, in the policy's sentence and wherever it came out."""
    found = [t for t in templates(document, "const") if not isinstance(t["v"], bool)]
    if not found:
        return []
    template = rng.choice(found)
    number, value = document["proof"]["templates"].index(template), changed(template["v"])
    return [(template, "v", value)] + [(n, 2, value) for n in document["proof"]["nodes"] if n[0] == number]


def a_citation(document: Document, rng: random.Random) -> Edits:
    every = document["proof"]["templates"]
    cited = [one for t in every for one in (t, *t.get("notes", ()), *t.get("rows", ())) if one.get("clauses")]
    found = rng.choice(cited) if cited else None
    return [(found, "clauses", [found["clauses"][0] + "9", *found["clauses"][1:]])] if found else []


def a_fact_and_where_it_is_read(document: Document, rng: random.Random) -> Edits:
    facts = document["proof"]["facts"]
    number = rng.choice([i for i, fact in enumerate(facts) if not is_open(fact[2])] or [-1])
    read = nodes(document, lambda n, f: f == "read" and len(n) > 4 and n[4] == number)
    value = changed(facts[number][2]) if number >= 0 else None
    return [(facts[number], 2, value), *((node, 2, value) for node in read)] if number >= 0 else []


SAID: dict[str, Kind] = {
    "a connective": drawn(lambda d: templates(d, *OTHER), lambda t, r: [(t, "f", OTHER[t["f"]])]),
    "a threshold": a_threshold,
    "a citation": a_citation,
    "a word": drawn(
        lambda d: [t for t in d["proof"]["templates"] if "text" in t], lambda t, r: [(t, "text", t["text"] + "甲")]
    ),
    "the name of a fact": drawn(
        lambda d: [t for t in templates(d, "read") if not t["name"].startswith("@")],
        lambda t, r: [(t, "name", t["name"] + "甲")],
    ),
    "a key": drawn(
        lambda d: [one for one in d["proof"]["lists"] if one.get("keys")],
        lambda one, r: [(one["keys"], 0, changed(one["keys"][0]))],
    ),
    "a fact and where it is read": a_fact_and_where_it_is_read,
    "an asked clause": drawn(
        lambda d: [a for a in d["proof"]["asked"] if a["clauses"]], lambda a, r: [(a, "clauses", a["clauses"][1:])]
    ),
}
KINDS: dict[str, Kind] = CAME_OUT | REPORTED | SAID
