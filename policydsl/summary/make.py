"""The summary put together: which part tells a result, in which order; what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import get_args

from policydsl.clause_kinds import Part, traits
from policydsl.core import EVERYONE
from policydsl.render.outcome import fact_name, in_order
from policydsl.render.values import Writer
from policydsl.say import listed
from policydsl.summary.follows import Follows
from policydsl.summary.model import ROOMS, Line, Room, Summary, Told, Want
from policydsl.verdict import ResultValue, Verdict


def summary(
    verdict: Verdict, writer: Writer, room: Room = ROOMS[0], parts: Collection[Part] = frozenset(get_args(Part))
) -> Summary:
    """The summary of one verdict, folded to the room that there is; ``parts``: what of it is wanted."""
    return _Summary(verdict, writer, room).made(parts)


class _Summary(Follows):
    def tellers(self) -> dict[Part, Callable[[Sequence[ResultValue]], Iterator[Line]]]:
        return {
            "standing": self.tiers, "marks": self.scores, "results": self.plain, "gains": self.gains,
            "sanctions": self.sanctions, "days": self.deadlines, "duties": self.duties, "actions": self.measures,
        }

    def made(self, wanted: Collection[Part]) -> Summary:
        groups: dict[Part, list[ResultValue]] = {}
        away: list[ResultValue] = []
        for result in in_order(self.verdict.results.values()):
            part = self.part_of(result)
            if part is None:
                continue
            idle = result.items == () and result.total.status == "known"
            if result.total.status == "not_applicable" or idle:
                away += [result] if result.key is not None else []
            else:
                groups.setdefault(part, []).append(result)
        order: dict[Part, int] = {part: i for i, part in enumerate(get_args(Part))}
        first = {part: min((r.key for r in found if r.key is not None), default=len(self.verdict.results) + order[part])
                 for part, found in groups.items()}
        tellers = self.tellers()
        shown_first = sorted((part for part in groups if part in wanted), key=lambda p: first[p])
        parts = [Told(part, tuple(tellers[part](groups[part]))) for part in shown_first]
        told = {name for part in parts for line in part.lines for name in line.results}
        placed = {r.name: part for r in self.verdict.results.values() if (part := self.part_of(r)) is not None}
        rest = len(self.verdict.results) - len(told | {r.name for r in away})
        shown = tuple(p for p in parts if p.lines)
        return Summary(shown, tuple(self.wants()), tuple(r.name for r in away), rest, placed)

    def part_of(self, result: ResultValue) -> Part | None:
        """Where a result is told. Steps that others rest on are told where the policy names them, or where it names
        nothing and has nothing else."""
        part = traits(result.label).part
        if traits(result.label).reading == "force" and "sanctions" not in self.stances.get(result.name, {"sanctions"}):
            only_gains = self.stances[result.name] == {"gains"}  # then it is told with them
            return None if only_gains and result.key is None else "actions"
        if part is not None:
            return part
        if result.key is not None:
            return "results"
        helps = traits(result.label).inner or traits(result.label).proved or not traits(result.label).written
        alone = not any(traits(r.label).part is not None for r in self.verdict.results.values())
        known = result.total.status == "known"
        recorded = known and result.items is None and traits(result.label).holding and result.total.holds is None
        if recorded:
            return None  # a duty that nothing judges is no answer
        return "results" if not self.keyed and (alone or not helps) and result.total.kind.base != "any" else None

    def wants(self) -> Iterator[Want]:
        """What is missing, the largest effect first; then what the policy does not say."""
        found: dict[tuple[str, str, bool], dict[str, None]] = {}
        records: dict[tuple[str, str, bool], list[str]] = {}
        for one in self.verdict.missing:
            ledger, _, rest = one.fact.partition("[")
            record, dot, field = rest.partition("].")
            key = (ledger, field, one.parameter) if dot else (one.fact, "", one.parameter)
            found.setdefault(key, {}).update(dict.fromkeys(one.wanted_by))
            records.setdefault(key, []).extend([record] if dot else [])
        places = {r.name: r.key or len(self.verdict.results) for r in self.verdict.results.values()}

        def weight(key: tuple[str, str, bool]) -> tuple[int, int]:
            return min((places[n] for n in found[key] if n in places), default=len(places)), -len(found[key])

        for key in sorted(found, key=weight):
            name, field, parameter = key
            by = in_order(self.verdict.results[n] for n in found[key] if n in self.verdict.results)
            records_said = self.some(records[key])
            what = self.say("screen.field_of", ledger=name, field=field, records=records_said) if field else fact_name(
                name, self.lang)
            who = "author" if parameter else "everyone" if name == EVERYONE else "partner"
            names = listed([r.name for r in by][:2], self.lang)
            effect = self.say("screen.effect", names=names, count=len(by)) if len(by) > 2 else names
            fact = self.say("screen.of_ledger", ledger=name, field=field) if field else name
            yield Want(what, effect, who, by[0].clauses if by else (), parameter, fact)
        silent = [r for r in in_order(self.verdict.results.values()) if "not_stated" in r.total.reasons
                  and r.total.status == "unknown" and self.part_of(r) is not None]
        if silent:
            clauses = tuple(dict.fromkeys(c for r in silent for c in r.clauses))
            effect = self.some([r.name for r in silent])
            yield Want(self.say("screen.silent"), effect, "issuer", clauses)
