"""What a verdict reports, made once more from the nodes of its proof and compared with the verdict's JSON."""

from __future__ import annotations

import re

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from policydsl.recheck import lists
from policydsl.recheck.check import Check, Place
from policydsl.recheck.exact import Length, Period, Value, Wrong, instant_text, read
from policydsl.recheck.hull import YES, Open, read_open

Json = Any
REASONS = ("missing", "parameter", "population", "tie", "discretion", "not_computable", "not_stated")
_PLACED = re.compile(r"not_stated:|not_worked_out:|no_row_on:|unlimited$|.* @")  # notes that say what they are of
# Of a result, or an item: words of the policy, and what they make of a day, no value of it.
UNCHECKED = frozenset({"remarks", "unruled", "key", "nature", "period"})


def place(said: object) -> tuple[bool, int]:
    """Where a result stands among the key results; the others come after them."""
    key = said.get("key") if isinstance(said, dict) else None
    return (False, key) if isinstance(key, int) else (True, 0)


@dataclass
class Answer:
    """What is reported of one record, or of the party: its JSON, and what a total needs of it."""

    status: str = "known"
    said: dict[str, Json] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    deemed: bool = False
    ends: set[str] = field(default_factory=set)
    ends_open: bool = False


@dataclass(frozen=True)
class Units:
    """The unit that stands beside a number, in either language."""

    currency: str

    def __call__(self, kind: str) -> dict[str, Json]:
        base, _, more = kind.partition(":")
        if base == "money":
            marks = more.split(":") if more else []  # a currency of its own, and whether tax is in it
            code = next((mark for mark in marks if mark.isupper()), self.currency)
            tax = next(({"tax": mark} for mark in marks if not mark.isupper()), {})
            return {"unit": frozenset({code, "元"} if code == "CNY" else {code})} | tax
        unit = {"percent": "%", "points": frozenset({"分", "points"}), "count": more}.get(base)
        return {"unit": unit} if unit else {}


class Results:
    """Compares the results of one party with their proof."""

    def __init__(self, check: Check, made: dict[str, Any], at: Place) -> None:
        self.check, self.made, self.at = check, made, at
        self.asked: dict[str, dict[str, Any]] = {asked["rule"]: asked for asked in check.proof["asked"]}
        self.units = Units(check.proof["currency"])
        self.missing: dict[str, set[str]] = {}  # of each result: what it misses

    def compare(self, verdict: dict[str, Json]) -> None:
        """Faults of a verdict's JSON against its proof."""
        proved = {one["rule"]: one for one in self.made["results"]}
        told = verdict["results"]
        if others := {*self.asked} ^ {*proved} | {*self.asked} ^ {*told}:
            self.check.fault(Wrong("results", claim=sorted(map(str, others))))
        elif [*proved] != [*self.asked] or [*told] != sorted(self.asked, key=lambda rule: place(told[rule])):
            self.check.fault(Wrong("results_order"))
        open_ = False
        for rule, said in told.items():
            if rule in others:
                continue
            try:
                answer = self.result(self.asked[rule], proved[rule])
                open_ = open_ or answer.status in ("unknown", "conflict") or answer.ends_open
                self.told(rule, answer.said, said)
                self.missing[rule] = answer.missing | answer.ends
            except Wrong as wrong:
                wrong.said.setdefault("rule", rule)
                self.check.fault(wrong)
        self.told("", {"status": "undetermined" if open_ else "determined"}, {"status": verdict["status"]})
        self.wanted(verdict["missing"])
        self.totals(verdict.get("rewards", []))

    def told(self, rule: str, made: dict[str, Json], said: dict[str, Json]) -> None:
        """Whether the verdict says what follows, and nothing else."""
        plain = normal(said)
        for key in [*made, *(k for k in plain if k not in made and k not in UNCHECKED)]:
            if key == "items":
                if [one.get("key") for one in plain.get(key, [])] != [one["key"] for one in made[key]]:
                    raise Wrong("items", rule=rule)
                for one, other in zip(made[key], said[key], strict=True):
                    self.told(f"{rule}[{one['key']}]", one, other)
            elif key not in made or not agree(made[key], plain.get(key, Wrong)):
                self.check.fault(Wrong("result", rule=rule, field=key, claim=plain.get(key), made=made.get(key)))

    def totals(self, said: Sequence[Json]) -> None:
        """What all rewards come to, one for each currency and tax basis."""
        check, keys = self.check, [key for key in self.check.roots if key[0] == "total"]
        if not len(said) == len(keys) == len(nodes := self.made.get("totals", [])):
            raise Wrong("result", rule="total", field="rewards", claim=len(said), made=len(keys))
        for key, node, one in zip(keys, nodes, said, strict=True):
            value, kind = check.root(None, node, key, self.at), check.kind(check.roots[key])
            status: dict[str, Json] = {"status": "known" if value.known else "unknown"}
            self.told("total", status | told(value, kind, self.units) | self.units(kind), one)

    def wanted(self, missing: Sequence[dict[str, Json]]) -> None:
        """Whether what the verdict lists as missing is what its results miss; decisions are no facts."""
        said = {one["fact"]: set(one["wanted_by"]) for one in missing}
        made: dict[str, set[str]] = {}
        for rule, facts in self.missing.items():
            for fact in facts - self.check.open_for["discretion"]:
                made.setdefault(self.called(fact), set()).add(rule)
        parameters = self.check.open_for["parameter"]
        if said != made or any(
            one.keys() - {"parameter"} != {"fact", "wanted_by"} or len(one["wanted_by"]) > len(said[one["fact"]])
            or one.get("parameter", False) is not (one["fact"] in parameters) for one in missing
        ) or len(missing) > len(said):
            self.check.fault(Wrong("missing", claim=[*said], made=[*made]))

    def called(self, fact: str) -> str:
        """A fact as the party itself is told of it: only another's is named with whose it is."""
        return fact.removeprefix(f"全体[{self.made['party']}].")

    # ------------------------------------------------------------------------------------------ one result
    def result(self, asked: dict[str, Any], proved: dict[str, Any]) -> Answer:
        rule, check = asked["rule"], self.check
        said: dict[str, Json] = {"kind": asked["kind"], "clauses": asked["clauses"], "at": normal(asked["at"])}
        if "alias" in asked:
            said["alias"] = asked["alias"]
        if "over" not in asked:
            answer = self.judged(asked, self.answers("result", rule, proved, self.at, asked["fields"]), YES)
            answer.said |= said
            return answer
        number = lists.listed(check, proved["list"], asked["over"], self.at, len(check.nodes))
        found = check.lists[number]
        if [one["record"] for one in proved["items"]] != found["records"]:
            raise Wrong("items")
        items, names = list[Answer](), list[str]()
        for one in proved["items"]:
            inner = (self.at[0], (*self.at[1], one["record"]))
            at = check.only(inner, one["record"])
            counted, where = one["tests"]
            included = lists.taking(check, None, found["list"], counted, where, at, ("included", rule))
            if not included.no:
                fields = self.answers("result", rule, one, at, asked["fields"])
                items.append(self.judged(asked, fields, included))
                names.append(check.records[one["record"]][1])
        total = self.total(asked, self.answers("together", rule, proved, self.at, asked["together"]), items, found)
        total.said |= said | {"items": [{"key": name} | item.said for name, item in zip(names, items, strict=True)]}
        return total

    def answers(
        self, of: str, rule: str, proved: dict[str, Any], at: Place, fields: Sequence[str]
    ) -> dict[str, Open]:
        """What the fields of a result come to; nothing but ``concerns`` where that is no."""
        check, out, asked = self.check, dict[str, Open](), self.asked[rule]
        kinds = {"value": asked["of"]} | {f"part {i}": kind for i, (_, kind, *_) in enumerate(asked.get("parts", ()))}
        for name in fields:
            if name not in proved:
                raise Wrong("field", claim=name)
            if name in kinds and check.kind(check.roots[of, rule, name]) != kinds[name]:
                raise Wrong("kind", claim=name)
            out[name] = check.root(None, proved[name], (of, rule, name), at)
            if name == "concerns" and out[name].no:
                break
        return out

    def judged(self, asked: dict[str, Any], made: dict[str, Open], included: Open) -> Answer:
        """What is said of one record or of the party. Beside a known state, and a value of which only ends are known,
        whether it holds is not asked."""
        if not asked["fields"]:
            return Answer(said={"status": "known", "value": None})
        if made["concerns"].no:
            return Answer("not_applicable", {"status": "not_applicable"})
        value, holds, state = made["value"], made.get("holds"), made.get("state")
        unasked = state is not None and state.known and value.values is None
        deciding = [p for p in (value, None if unasked else holds, state, made["concerns"], included) if p is not None]
        open_ = [p for p in deciding if not p.known]
        gates = [p for p in (made["concerns"], included) if not p.known]  # it may turn out that nothing is asked
        clash = any(p.conflict for p in deciding) and all(p.conflict for p in gates)
        answer = Answer("conflict" if clash else "unknown" if open_ else "known")
        answer.missing = {fact for p in open_ for fact in p.needs}
        answer.reasons = of_rule({reason for p in open_ for reason in p.reasons}, asked)
        answer.deemed = value.deemed or holds is not None and holds.deemed
        self.outcome(answer, asked["of"], value, holds, state)
        measures = [one for i, m in enumerate(asked.get("measures", ())) for one in self.measures(m, i, made)]
        named = enumerate(asked.get("parts", ()))
        parts = {
            name: told(made[f"part {i}"], kind, self.units)
            | ({"most": told(Open((read(most[0]),)), kind, self.units)} if most else {})
            for i, (name, kind, *most) in named
        }
        answer.said |= ({"measures": measures} if measures else {}) | ({"parts": parts} if parts else {})
        ends = [p for i, _ in enumerate(asked.get("measures", ())) if not made[f"when {i}"].no
                for name in ("when", "from", "to") if (p := made.get(f"{name} {i}")) is not None]
        for name in ("bearer", "in_favour_of"):
            if name in made and not (holds is not None and holds.no):
                answer.said[name] = told(made[name], "text", self.units)
                ends.append(made[name])
        answer.ends_open = any(not p.known for p in ends)
        answer.ends = {fact for p in ends if not p.known for fact in p.needs}
        if answer.ends_open:
            why = of_rule({why for p in ends if not p.known for why in p.reasons}, asked)
            if "not_stated" in why and not any(note.startswith("not_stated:") for note in why):
                why.add(f"not_stated:{asked['rule']}" + "".join(f"【{clause}】" for clause in asked["clauses"]))
            answer.said["ends"] = self.why(answer.ends, why)
        return answer

    def total(
        self, asked: dict[str, Any], made: dict[str, Open], items: Sequence[Answer], found: dict[str, Any]
    ) -> Answer:
        """What is said of all records together: undetermined if one of them is, or if there may be more, unless what is
        known of some settles the whole."""
        live = [item for item in items if item.status != "not_applicable"]
        rest = [read_open(found["open"])] if "open" in found else []
        concerns = made["concerns"]
        lacking = [*rest, *([] if live or concerns.known else [concerns])]
        missing, reasons = {fact for p in lacking for fact in p.needs}, {why for p in lacking for why in p.reasons}
        if concerns.no:
            return Answer("not_applicable", {"status": "not_applicable"}, missing, reasons)
        gate = self.check.root(None, self.made["gate"], ("gate",), self.at) if ("gate",) in self.check.roots else YES
        state = made.get("state")
        if state is not None:
            kept = tuple(v for v in state.values or () if v is not None)
            state = Open(kept, conflict=state.conflict) if kept else None
        answer, states = Answer(), {item.status for item in items}
        settling = (concerns, made["value"], made.get("holds"), state)
        if "conflict" in states:
            answer.status = "conflict"
        elif ("unknown" in states or rest or not gate.known or not concerns.known) and not all(
            p is None or p.known for p in settling
        ):
            answer.status = "unknown"
        if answer.status != "known":
            answer.missing = missing.union(*(item.missing for item in live))
            answer.reasons = reasons.union(*(item.reasons for item in live))
        answer.deemed = bool(live) and all(item.deemed for item in live)
        answer.ends_open = any(item.ends_open for item in items)
        answer.ends = set[str]().union(*(item.ends for item in items))
        self.outcome(answer, asked["of"], made["value"], made.get("holds"), state)
        return answer

    def outcome(self, answer: Answer, kind: str, value: Open, holds: Open | None, state: Open | None) -> None:
        said: dict[str, Json] = {"status": answer.status}
        if answer.status != "known" or value.known:
            said |= told(value, kind, self.units) if answer.status == "known" else unknown(value, kind, self.units)
        if answer.status == "unknown":
            said |= self.why(answer.missing, answer.reasons)
        if holds is not None:
            said["holds"] = truth(holds)
        if state is not None:
            said["state"] = scalar(state.value, "choice") if state.known else None
            said |= {} if state.known else {"states": list(map(str, state.values or ()))}
        answer.said = said | ({"deemed": True} if answer.deemed else {})

    def why(self, missing: set[str], why: set[str]) -> dict[str, Json]:
        """What is open waits for, and why it is."""
        reasons, notes = [reason for reason in REASONS if reason in why], sorted(why - {*REASONS})
        said: dict[str, Json] = {"missing": {*map(self.called, missing)}} if missing else {}
        said["reason"] = reasons[0] if reasons else "missing" if missing else "not_computable"
        said |= {"reasons": reasons} if len(reasons) > 1 else {}
        placed = [note.partition(" @") for note in notes]  # behind the mark stand a rule and its clauses
        if notes:
            said["notes"] = [*dict.fromkeys(note for note, _, _ in placed)]
        where: list[Json] = []
        for note, mark, place in placed:
            rule, *clauses = place.replace("】", "").split("【")
            where += [{"note": note, "rule": rule, "clauses": clauses}] if mark else []
        return said | ({"noted_in": where} if where else {})

    def measures(self, measure: dict[str, Any], number: int, made: dict[str, Open]) -> Iterator[Json]:
        days = {name: made[f"{name} {number}"] for name in ("from", "to") if f"{name} {number}" in made}
        for name in measure["names"]:
            said = {"name": name, "modality": measure["modality"], "clause_holds": truth(made[f"when {number}"])}
            for end, day in days.items():
                said[end] = scalar(day.value, "date") if day.known else unknown(day, "date", self.units)
            yield said | {key: measure[key] for key in ("afterwards", "clauses") if key in measure}


# ---------------------------------------------------------------------------------------------- values in JSON
def of_rule(why: set[str], asked: dict[str, Any]) -> set[str]:
    """The reasons; a note that does not say of which rule it is, is of the one that is asked about."""
    there = f" @{asked['rule']}" + "".join(f"【{clause}】" for clause in asked["clauses"])
    return {one if one in REASONS or _PLACED.match(one) else one + there for one in why}


def truth(value: Open) -> bool | None:
    return True if value.yes else False if value.no else None


def told(value: Open, kind: str, units: Units) -> dict[str, Json]:
    if not value.known:
        return unknown(value, kind, units)
    return {"value": scalar(value.value, kind)} | (units(kind) if isinstance(value.value, Fraction) else {})


def unknown(value: Open, kind: str, units: Units) -> dict[str, Json]:
    """What is still possible, as the verdict's JSON words it."""
    if value.values is not None:
        numbers = [scalar(v, kind) for v in value.values if isinstance(v, Fraction)]
        out: dict[str, Json] = {"choices": [scalar(v, kind) for v in value.values]}
        return ({"bounds": {"min": min(numbers), "max": max(numbers)}} | out | units(kind)) if numbers else out
    if value.low is None and value.high is None:
        return {"none_possible": True} if value.none else {}
    ends: dict[str, Json] = {
        name: None if end is None else scalar(end, kind) for name, end in (("min", value.low), ("max", value.high))
    }
    ends |= ({"min_excluded": True} if value.low_open else {}) | ({"max_excluded": True} if value.high_open else {})
    out = {"bounds": ends} | ({"none_possible": True} if value.none else {}) | ({"hull": True} if value.hull else {})
    return out | units(kind) if isinstance(value.low, Fraction) or isinstance(value.high, Fraction) else out


def scalar(value: Value, kind: str) -> Json:
    match value:
        case Fraction():
            return value * 100 if kind == "percent" else value
        case Length():
            return {"amount": value.amount, "unit": value.unit}
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Period():
            return {"from": value.first.isoformat(), "to": value.last.isoformat()}
        case tuple():
            return list(value)
        case _:
            return value


def normal(data: Json) -> Json:
    """A part of a verdict's JSON without what is there for the eye, its numbers exact."""
    if isinstance(data, dict):
        if "fraction" in data and data.keys() <= {"fraction", "display"}:
            return read({"q": data["fraction"]})
        return {key: normal(value) for key, value in data.items() if key != "display"}
    if isinstance(data, list):
        return [normal(value) for value in data]
    return Fraction(data) if isinstance(data, int) and not isinstance(data, bool) else data


def agree(made: Json, said: Json) -> bool:
    """Whether two parts are equal; a set is one of any order, a frozen one says what may stand there."""
    if isinstance(made, frozenset):
        return said in made
    if isinstance(made, set):
        return isinstance(said, list) and {*map(str, said)} == made and len(said) == len(made)
    if isinstance(made, dict):
        return isinstance(said, dict) and made.keys() == said.keys() and all(agree(v, said[k]) for k, v in made.items())
    if isinstance(made, list):
        return isinstance(said, list) and len(made) == len(said) and all(map(agree, made, said))
    return type(made) is type(said) and bool(made == said)
