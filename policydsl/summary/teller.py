"""What every part of a summary needs: the words for what is known, for what is open and why, and for sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from policydsl.clause_kinds import Part, traits
from policydsl.domain import Possible
from policydsl.render import sums
from policydsl.render.outcome import some, why_open, within
from policydsl.render.values import Writer
from policydsl.say import listed, names_of, say, word
from policydsl.summary.model import ROOMS, Line, Mark, Room
from policydsl.verdict import Entry, Judged, ResultValue, Sum, Verdict

T = TypeVar("T")
MOST_SUMS = 2  # lines of the records that an amount is of
_COUNTED = frozenset({"sum", "count", "mean"})


class Teller:
    """Tells results of one verdict."""

    def __init__(self, verdict: Verdict, writer: Writer, room: Room = ROOMS[0]) -> None:
        self.verdict, self.writer, self.lang, self.room = verdict, writer, writer.lang, room
        self.entries: dict[str, list[Entry]] = {}
        for entry in verdict.trace:
            self.entries.setdefault(entry.rule, []).append(entry)
        self.keyed = any(r.key is not None for r in verdict.results.values())
        self.stances: dict[str, set[Part | None]] = {}  # of a measure: what kinds of clauses may bring it about
        for result in verdict.results.values():
            for judged in (result.total, *(result.items or ())):
                for m in judged.measures:
                    self.stances.setdefault(m.name, set()).add(traits(result.label).part)

    def say(self, key: str, **places: object) -> str:
        return say(key, self.lang, **places)

    def some(self, names: Sequence[str]) -> str:
        """A few names, and that there are more."""
        return some(names, self.lang, self.room.few)

    def line(
        self, result: ResultValue, text: str, mark: Mark = "", below: tuple[Line, ...] = (), value: str = ""
    ) -> Line:
        return Line(result.name, text, mark, result.clauses, below=below, results=(result.name,), value=value)

    def gathered(self, text: str, results: Sequence[ResultValue], mark: Mark = "", name: str = "") -> Line:
        """One line for several results."""
        clauses = tuple(dict.fromkeys(c for r in results for c in r.clauses))
        return Line(name, text, mark, clauses, results=tuple(r.name for r in results))

    def together(self, key: str, results: Sequence[ResultValue]) -> Iterator[Line]:
        if results:
            names = [r.name for r in results]
            yield Line("", self.say(key, names=self.some(names), count=len(names)), results=tuple(names))

    def cut(self, found: Sequence[T], most: int | None = None) -> tuple[Sequence[T], Sequence[T]]:
        """What is told one by one, and what is folded: never one alone, which takes a line as well."""
        most = self.room.told if most is None else most
        return (found, ()) if len(found) <= most + 1 else (found[:most], found[most:])

    def folded(self, key: str, results: Sequence[ResultValue]) -> Line:
        names = [r.name for r in results]
        return Line("", self.say(key, names=self.some(names), count=len(names)), "bad", results=tuple(names))

    # ------------------------------------------------------------------------------------------ sums
    def working(self, result: ResultValue, record: str | None = None) -> Sum | None:
        """How the value of a result, or of one of its records, was worked out."""
        entries = self.entries.get(result.name, ())
        made = next((e.working for e in entries if e.record == record and e.row is None and not e.label), None)
        return made if made is None or self.room.lacks else _without_reasons(made)

    def equals(self, made: Sum | None, value: str) -> str:
        """The sum that a value is, where it is one."""
        parts = sums.equation(made, self.writer) if made is not None and made.form != "due" else ""
        return f"{value}{say('mark.equals', self.lang)}{parts}" if parts and parts != value else value

    def records(self, made: Sum | None) -> Iterator[Line]:
        """The records that a sum is of, and those that do not count."""
        if made is not None:
            told = (step for step in sums.lines(made, self.writer) if step.depth and step.made.form in _COUNTED)
            yield from (Line("", step.text) for step in islice(told, MOST_SUMS))

    def item(self, made: Sum | None, name: str) -> str:
        """How the points of an item came about, in a few words: the row of a table, or what they are made of."""
        part = next((p for p in made.parts if p.name == name), None) if made is not None else None
        row = ""
        while part is not None and part.parts and (part.form == "row" or part.form == "rule" and len(part.parts) == 1):
            row = sums.row_name(part, self.writer) if part.form == "row" and part.label not in names_of("role") else row
            part = part.parts[0]
        return sums.equation(part, self.writer) if part is not None and part.parts else row

    # ------------------------------------------------------------------------------------------ what is open
    def still_open(self, judged: Judged) -> list[str]:
        """What may be, and what that waits for."""
        if judged.status == "conflict":
            return [say("verdict.conflict", self.lang, values=self.writer.possible(judged.value, judged.kind))]
        shown = []
        if judged.kind.base != "yesno" and says_something(judged.value):
            shown.append(self.writer.lasting(judged.value, judged.kind, tax=True))
        elif judged.state is not None and judged.state.values:
            shown.append(listed([word("state", str(v), self.lang) for v in judged.state.values], self.lang, "or"))
        why = self.why(judged)
        return [listed([*shown, say("screen.undecided", self.lang, why=why)], self.lang, "comma")]

    def why(self, judged: Judged) -> str:
        if judged.silent:
            return self.say("screen.not_stated")
        if "discretion" in judged.reasons:
            return self.say("screen.at_discretion")
        if judged.missing and not self.room.lacks:
            return self.say("screen.lacks_below")
        if len(judged.missing) > self.room.lacks:
            shown = listed((within(judged.record, m, self.lang) for m in judged.missing[: self.room.lacks]), self.lang)
            return say("verdict.lacks", self.lang, names=say("verdict.and_more", self.lang, names=shown,
                                                              count=len(judged.missing)))
        return why_open(judged, self.writer) or word("reason", "not_computable", self.lang)

    def unknown(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        """Results that are not decided: those that wait for the same in one line."""
        groups: dict[str, list[ResultValue]] = {}
        for result in results:
            judged = result.total
            own = judged.kind.base != "yesno" and says_something(judged.value)
            if own and (result.key is not None or len(results) <= self.room.open):
                yield self.line(result, listed(self.still_open(judged), self.lang, "semicolon"), "open")
            else:
                items = [i for i in result.items or () if i.status == "unknown"]
                why = next((w for i in (judged, *items) if (w := self.why(i))), "")
                groups.setdefault(why, []).append(result)
        told = sorted(groups.items(), key=lambda one: not any(r.key is not None for r in one[1]))
        keys = sum(any(r.key is not None for r in group) for _, group in told)
        shown, folded = self.cut(told, max(keys, self.room.open))
        for why, group in shown:
            names = [r.name for r in group]
            clauses = tuple(dict.fromkeys(c for r in group for c in r.clauses))
            text = why if "discretion" in group[0].total.reasons else self.say("screen.undecided", why=why)
            yield Line(some(names, self.lang, self.room.names), text, "open", clauses, results=tuple(names))
        left = [r.name for _, group in folded for r in group]
        if left:
            text = self.say("screen.undecided_more", names=self.some(left), count=len(left))
            yield Line("", text, "open", results=tuple(left))


def _without_reasons(made: Sum) -> Sum:
    """A working that does not say why a record does not count: there is no room."""
    gone = tuple(replace(one, lacks=None) for one in made.left_out)
    return replace(made, parts=tuple(map(_without_reasons, made.parts)), left_out=gone)


def mark_of(judged: Judged) -> Mark:
    return "open" if judged.status == "unknown" else "bad" if judged.status == "conflict" else ""


def says_something(value: Possible) -> bool:
    """Whether more is known of a number than that it is one."""
    return value.values is not None or value.low not in (None, 0) or value.high is not None


def brings(result: ResultValue) -> set[str]:
    """The measures that follow from a result."""
    return {m.name for j in (result.total, *(result.items or ())) for m in j.measures if m.status == "yes"}
