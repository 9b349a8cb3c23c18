"""The file that ``eval --format json --proof`` writes, read and checked again: nothing of what wrote it is asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from policydsl.recheck.check import BROKEN, CORE, EVIDENCE, Check, Fault, malformed, seal
from policydsl.recheck.exact import END, OnTrust, Setting, Wrong, before, instant_text
from policydsl.recheck.results import Results

PROOF = "policydsl.proof/1"
ONE, MANY = "policydsl.verdict/1", "policydsl.verdicts/1"
MOST_DIGITS, MOST_DEEP, MOST_NAMED = 4_000, 60, 40
OUTER = {
    ONE: {
        "format", "policy", "party", "as_of", "status", "results", "missing", "rewards", "remarks", "set_aside",
        "trace",
    },
    MANY: {"format", "verdicts"},
}
PARTS = {*CORE, *EVIDENCE, "format", "seal", "core", "evidence", "roots", "templates", "scans", "nodes", "verdicts"}


@dataclass
class Report:
    """What came of it: the faults, the steps checked, and what was taken on trust, how often."""

    faults: list[Fault] = field(default_factory=list)
    steps: int = 0
    trusted: dict[str, int] = field(default_factory=dict)
    check: Check | None = None

    @property
    def holds(self) -> bool:
        return not self.faults


class Unreadable(Exception):
    """The text is no verdict with a proof; the key of the words for it, and what they name."""

    def __init__(self, what: str, **said: object) -> None:
        super().__init__(what, said)
        self.what, self.said = what, said


def recheck(text: str | bytes, worked: Callable[[date], bool] | None = None) -> Report:
    """Checks a verdict from its proof alone. ``worked``: whether a day is a working day, by a calendar at hand (it
    raises ``exact.NoValue`` for a day that this does not cover). Raises Unreadable where there is no proof in it."""
    return examine(read_document(text), worked)


def examine(document: dict[str, Any], worked: Callable[[date], bool] | None = None) -> Report:
    """The same of a document that was read already."""
    proof, setting = document["proof"], Setting(worked=worked)
    report = Report(trusted=setting.trusted)
    try:
        check = report.check = Check(proof, setting)
        report.faults = check.faults
        sealed = {**document, "proof": {key: value for key, value in proof.items() if key != "seal"}}
        if proof["seal"] != seal(sealed):
            check.fault(Wrong("seal"))
        check.seals()
        check.once()
        check.run()
        outer = {key: value for key, value in document.items() if key != "proof"}
        every = document["verdicts"] if document["format"] == MANY else [outer]
        for one, known in ((outer, OUTER[outer["format"]]), (proof, PARTS), *((one, OUTER[ONE]) for one in every)):
            if extra := one.keys() - known:
                check.fault(Wrong("extra", claim=sorted(extra)))
        results(check, every)
        report.steps = len(check.nodes)
    except (Wrong, OnTrust, *BROKEN) as broken:
        wrong = broken if isinstance(broken, Wrong) else malformed(broken)
        report.faults.append(Fault(wrong.what, wrong.said))
    return report


def read_document(text: str | bytes) -> dict[str, Any]:
    """The parts of the file, numbers exact. Raises Unreadable."""
    if not text.strip():
        raise Unreadable("empty")
    try:
        found = json.loads(
            text, parse_float=exact, parse_int=lambda digits: int(exact(digits)), parse_constant=exact,
            object_pairs_hook=once,
        )
    except json.JSONDecodeError as error:
        raise Unreadable("json", line=error.lineno, column=error.colno) from error
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    except RecursionError as error:
        raise Unreadable("deep") from error
    shallow(found)
    known = isinstance(found, dict) and found.get("format") in (ONE, MANY) and isinstance(found.get("proof"), dict)
    if not known or found["proof"].get("format") != PROOF:
        raise Unreadable("format")
    return found  # type: ignore[no-any-return]


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; readers do not agree which of two parts of one name counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        ((name, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise Unreadable("named_twice", part=name[:MOST_NAMED])
    return found


def shallow(found: Any) -> None:
    level = [found]
    for _ in range(MOST_DEEP):
        level = [
            inner for one in level if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    if level:
        raise Unreadable("deep")


def exact(digits: str) -> Fraction:
    if len(digits) > MOST_DIGITS or not digits.strip("-").replace(".", "", 1).isdigit():
        raise Unreadable("number", digits=digits[:MOST_NAMED])
    return Fraction(digits)


def day_of(document: dict[str, Any]) -> date | None:
    """The evaluation date that a document states, if it does."""
    try:
        return told_day(document.get("verdicts", [document])[0]["as_of"]["date"])
    except BROKEN:
        return None


def told_day(text: str) -> date:
    """A date or an instant that a verdict writes."""
    day, _, clock = text.partition("T")
    if clock == "24:00:00":
        return datetime.combine(date.fromisoformat(day), END)
    return datetime.fromisoformat(text) if clock else date.fromisoformat(text)


def results(check: Check, verdicts: list[dict[str, Any]]) -> None:
    proof = check.proof
    if not verdicts or [one["party"] for one in verdicts] != [one["party"] for one in proof["verdicts"]]:
        raise Wrong("party")
    for verdict, made in zip(verdicts, proof["verdicts"], strict=True):
        before_it = len(check.faults)
        at = check.places[made["place"]]
        on = instant_text(at[0])
        of, key, _ = check.records[at[1][0]]
        dated = verdict["as_of"]["date"] == on and verdict["as_of"].keys() == {"date", "from"}
        for name, good in (
            ("format", verdict["format"] == ONE), ("policy", verdict["policy"] == proof["policy"]),
            ("as_of", dated and at[0] == check.places[proof["verdicts"][0]["place"]][0]),
            ("party", (of, key, len(at[1])) == ("", verdict["party"], 1)),
            ("set_aside", all(before(at[0], told_day(one["date"])) for one in verdict.get("set_aside", ()))),
        ):
            if not good:
                check.fault(Wrong("header", claim=name))
        Results(check, made, at).compare(verdict)
        for fault in check.faults[before_it:] if len(verdicts) > 1 else ():
            fault.said["party"] = verdict["party"]  # whose of several it is
    check.idle()


# ---------------------------------------------------------------------------------------------- against another
POLICY, SHEET, RULES = ("policy",), ("records", "facts"), ("lists", "templates")  # what the rest follows from
NOTHING = object()  # where one of two has no part
ASIDE = {"core", "evidence", "seal", "files"}  # they name files by their paths, which are not the same everywhere


def against(document: dict[str, Any], fresh: dict[str, Any]) -> Iterator[Fault]:
    """What in a document is not as in one that was made anew of the policy and the sheets: of each part of the proof,
    and of what is reported, the first difference."""
    document, fresh = numbered(document), numbered(fresh)
    given, made = document["proof"], fresh["proof"]
    other: tuple[str, ...] = ()
    for part in dict.fromkeys((*POLICY, *SHEET, *RULES, *made, *given)):
        if other and part not in other:
            return  # of another policy or sheet all the rest is too
        pair = (by_name(one.get(part)) if part == "facts" else one.get(part) for one in (given, made))
        found = None if part in ASIDE else difference(*pair)
        if found is not None:
            path, claim, fresh_one = found
            other = next((source for source in (POLICY, SHEET) if part in source), ())
            template = node = None
            with suppress(*BROKEN):  # what is given may be no proof
                if part == "nodes":
                    template, node = given[part][path[0]][0], path[0]
                elif part == "templates":
                    template = path[0]
            what, names = ("other_fact", path[0][1:2]) if part == "facts" and path else ("anew", (part, *path))
            said = {"field": "/".join(map(str, names)), "claim": claim, "made": fresh_one}
            yield Fault("other_policy", {}) if part in POLICY else Fault(what, said, template, node)
    outer = difference({**document, "proof": None}, {**fresh, "proof": None})
    if outer is not None:
        yield Fault("anew", {"field": "/".join(map(str, outer[0])), "claim": outer[1], "made": outer[2]})


def by_name(facts: Any) -> Any:
    """The values of facts by record, name and day, if they are any."""
    with suppress(*BROKEN):
        return {(record, name, str(on)): value for record, name, value, *on in facts}
    return facts


def numbered(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the policy's files by number: what they are called is not the same everywhere."""
    named = document["proof"].get("files")  # what is given may be no proof
    files = {name: i for i, name in enumerate(named) if isinstance(name, str)} if isinstance(named, list) else {}

    def put(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: files.get(v, v) if k == "file" and isinstance(v, str) else put(v) for k, v in part.items()}
        return [put(one) for one in part] if isinstance(part, list) else part

    return {name: put(part) for name, part in document.items()}


def difference(a: Any, b: Any, path: tuple[Any, ...] = ()) -> tuple[tuple[Any, ...], Any, Any] | None:
    """The first place where two are not the same, and what stands there; where the evaluation date comes from does not
    matter."""
    if isinstance(a, dict) and isinstance(b, dict):
        keys = [key for key in dict.fromkeys((*a, *b)) if (path[-1:], key) != (("as_of",), "from")]
        parts = ((key, a.get(key, NOTHING), b.get(key, NOTHING)) for key in keys)
        return next(filter(None, (difference(x, y, (*path, key)) for key, x, y in parts)), None)
    if isinstance(a, list) and isinstance(b, list):
        both = zip_longest(a, b, fillvalue=NOTHING)
        return next(filter(None, (difference(x, y, (*path, i)) for i, (x, y) in enumerate(both))), None)
    if type(a) is type(b) and a == b:
        return None
    return path, None if a is NOTHING else a, None if b is NOTHING else b
