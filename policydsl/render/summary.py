"""What a reader of a verdict wants first, as data: the key results and what they come to, by the questions that a
partner asks; what is missing, and who can give it. The terminal and the page of a partner write it.

A line is marked by what follows from it, never by being true or false: a fine in force is bad, one that is not is good
news, an unmet requirement is bad, a helper that fails is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, get_args

from policydsl.clause_kinds import Part, traits
from policydsl.diagnostics import Language
from policydsl.domain import Possible
from policydsl.kinds import TEXT
from policydsl.render.grounds import plain_words
from policydsl.render.outcome import holds, in_order, some, span, total, why_open
from policydsl.render.values import Writer
from policydsl.say import bracketed, headed, listed, names_of, say, word
from policydsl.verdict import Entry, Finding, Judged, ResultValue, Verdict

Mark = Literal["", "good", "bad", "soon", "open"]
SOON = 60  # days before a last day from which it is near
MOST_TOLD = 6  # lines of one part, beside the key results
MOST_OPEN = 3  # lines of what is not decided, beside the key results
NEAR = 90  # days within which the last day of what is no key result is told


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is about, what that comes to, and the clauses; ``columns`` further figures beside it, ``below``
    what it is made of. ``results``: the names of the results that it tells."""

    name: str
    text: str
    mark: Mark = ""
    clauses: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    below: tuple[Line, ...] = ()
    results: tuple[str, ...] = ()
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One part of the summary."""

    part: Part
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Want:
    """Something that is missing: what, what it decides, who can give it (``partner author issuer everyone``)."""

    what: str
    effect: str
    who: str
    clauses: tuple[str, ...]
    parameter: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """``rest``: how many results are told by nothing of it."""

    parts: tuple[Told, ...]
    wants: tuple[Want, ...]
    away: tuple[str, ...]
    rest: int


def summary(verdict: Verdict, writer: Writer) -> Summary:
    """The summary of one verdict."""
    return _Summary(verdict, writer).made()


class _Summary:
    def __init__(self, verdict: Verdict, writer: Writer) -> None:
        self.verdict, self.writer, self.lang = verdict, writer, writer.lang
        self.entries: dict[str, list[Entry]] = {}
        for entry in verdict.trace:
            self.entries.setdefault(entry.rule, []).append(entry)
        self.keyed = any(r.key is not None for r in verdict.results.values())
        self.tellers: dict[Part, Callable[[Sequence[ResultValue]], Iterator[Line]]] = {
            "tier": self.tiers, "score": self.scores, "result": self.plain, "gain": self.gains,
            "sanction": self.sanctions, "deadline": self.deadlines, "duty": self.duties, "measure": self.measures,
        }
        self.stances: dict[str, set[Part | None]] = {}  # of a measure: what kinds of clauses may bring it about
        for result in verdict.results.values():
            for judged in (result.total, *(result.items or ())):
                for m in judged.measures:
                    self.stances.setdefault(m.name, set()).add(traits(result.label).part)

    def say(self, key: str, **places: object) -> str:
        return say(f"screen.{key}", self.lang, **places)

    def made(self) -> Summary:
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
        parts = [Told(part, tuple(self.tellers[part](groups[part]))) for part in sorted(groups, key=lambda p: first[p])]
        told = {name for part in parts for line in part.lines for name in line.results}
        rest = len(self.verdict.results) - len(told | {r.name for r in away})
        return Summary(tuple(p for p in parts if p.lines), tuple(self.wants()), tuple(r.name for r in away), rest)

    def part_of(self, result: ResultValue) -> Part | None:
        """Where a result is told. Steps that others rest on are told where the policy names them, or where it names
        nothing and has nothing else."""
        part = traits(result.label).part
        if traits(result.label).reading == "force" and "sanction" not in self.stances.get(result.name, {"sanction"}):
            only_gains = self.stances[result.name] == {"gain"}  # then it is told with them
            return None if only_gains and result.key is None else "measure"
        if part is not None:
            return part
        if result.key is not None:
            return "result"
        helps = traits(result.label).inner or traits(result.label).proved or not traits(result.label).written
        alone = not any(traits(r.label).part is not None for r in self.verdict.results.values())
        return "result" if not self.keyed and (alone or not helps) and result.total.kind.base != "any" else None

    # ------------------------------------------------------------------------------------------ tiers and scores
    def tiers(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        for result in results:
            if result.items is not None:
                yield self.of_value(result)
                continue
            rows = [e for e in self.entries.get(result.name, ()) if e.row is not None and e.findings]
            taken = next((e for e in rows if e.status == "fired"), None)
            above = [e for e in rows if e.status in ("not_fired", "unknown")]
            near = min(above, key=_lacking, default=None) if taken is None else above[-1] if above else None
            known = result.total.status == "known"
            judged = _with_no_tier(result.total, self.lang)
            said = [total(result, self.writer).text] if known else self.still_open(judged)
            if near is not None and result.total.status == "known":
                said.append(self.say("to_next", tier=near.label, gaps=self.gaps(near)))
            elif result.total.status == "known" and taken is not None:
                said.append(self.say("highest"))
            shown = taken or near
            below = tuple(self.figures(f) for f in shown.findings) if shown is not None else ()
            yield self.line(result, listed(said, self.lang, "semicolon"), _mark(result.total), below)

    def gaps(self, row: Entry) -> str:
        """What a row lacks, in a few words."""
        said = []
        for finding in row.findings:
            if finding.status == "yes":
                continue
            name = self.named(finding)
            if finding.status == "unknown":
                said.append(self.say("unfilled", name=name))
            elif finding.gap is not None and finding.gap.known:
                gap = self.writer.possible(finding.gap, finding.kind)
                said.append(self.say("short", name=name, gap=gap))
            else:
                said.append(self.say("unmet", name=name))
        return listed(said, self.lang)

    def named(self, finding: Finding) -> str:
        """What a condition is about: the name of what is compared, else its words."""
        subject = finding.subject
        return subject if subject and not subject.startswith("@") else plain_words(finding.text)

    def figures(self, finding: Finding) -> Line:
        """A condition with what is, what is asked and what is between them."""
        columns = []
        if finding.actual is not None and finding.required is not None:
            kind = finding.kind
            actual = self.writer.possible(finding.actual, kind)
            if finding.status == "unknown" and _tells_nothing(finding.actual):
                actual = self.say("not_given")
            needed = self.say("needs", value=self.writer.possible(finding.required, kind))
            columns = [actual, needed, self.margin(finding)]
        mark: Mark = {"yes": "", "no": "bad", "unknown": "open"}[finding.status]  # type: ignore[assignment]
        return Line(self.named(finding), "", "" if mark == "bad" else mark, columns=tuple(columns))

    def margin(self, finding: Finding) -> str:
        """How far a value is beyond what is asked, or short of it."""
        if finding.gap is not None and finding.gap.known:
            return self.say("short_of", gap=self.writer.possible(finding.gap, finding.kind))
        a, b = finding.actual, finding.required
        if finding.status != "yes" or a is None or b is None or not (a.known and b.known):
            return ""
        if not isinstance(a.value, Fraction) or not isinstance(b.value, Fraction) or finding.op not in _SIDES:
            return ""
        spare = (a.value - b.value) * _SIDES[finding.op]
        if spare == 0:
            return self.say("exactly")
        return self.say("spare", value=self.writer.exact(spare, finding.kind))

    def scores(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        for result in results:
            judged = result.total
            said = [total(result, self.writer).text] if judged.status == "known" else self.still_open(judged)
            rows = self.entries.get(result.name, ())
            mark_at = next((f for e in rows if e.label == "pass" for f in e.findings), None)
            if mark_at is not None and judged.status == "known" and mark_at.required is not None:
                mark = self.writer.possible(mark_at.required, mark_at.kind)
                said.append(self.say("pass_mark", mark=mark, margin=self.margin(mark_at)))
            below = [
                Line(part.name, "", "" if part.value.known else "open",
                     columns=(self.writer.possible(part.value, part.kind),))
                for part in judged.parts
            ]
            for entry in rows:
                if entry.label == "adjust" and entry.value is not None and entry.value.values != (0,):
                    below.append(Line(word("role", "adjust", self.lang), "",
                                      columns=(self.writer.possible(entry.value, entry.kind),)))
            failed = judged.status == "known" and judged.holds is not None and judged.holds.no
            tone: Mark = "bad" if failed else _mark(judged)
            yield self.line(result, listed(said, self.lang, "semicolon"), tone, tuple(below))

    # ------------------------------------------------------------------------------------------ plain values
    def plain(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        waiting = [r for r in results if r.total.status == "unknown"]
        for result in results:
            if result not in waiting:
                yield self.of_value(result)
        yield from self.unknown(waiting)

    def of_value(self, result: ResultValue) -> Line:
        judged = result.total
        if judged.status != "known":
            return self.line(result, listed(self.still_open(judged), self.lang, "semicolon"), _mark(judged))
        yesno = judged.kind.base == "yesno"
        if yesno and result.items is not None:
            held = [i.record or "" for i in result.items if holds(i)]
            count = len([i for i in result.items if i.status != "not_applicable"])
            text = self.say("held", names=self.some(held), held=len(held), count=count) if held else self.say(
                "none_held", count=count)
            return self.line(result, text)
        if yesno:
            return self.line(result, word("value", "yes" if judged.value.yes else "no", self.lang))
        return self.line(result, total(result, self.writer).text)

    def some(self, names: Sequence[str]) -> str:
        """A few names, and that there are more."""
        return some(names, self.lang)

    # ------------------------------------------------------------------------------------------ rewards
    def gains(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        waiting, nothing = [], []
        for result in results:
            judged = result.total
            if judged.status == "unknown":
                waiting.append(result)
            elif judged.status == "known" and not _given(result):
                nothing.append(result)
            else:
                yield self.line(result, self.amount(result), "good" if judged.status == "known" else _mark(judged))
        yield from self.unknown(waiting)
        yield from self.together("not_reached", nothing)

    def amount(self, result: ResultValue) -> str:
        """An amount with the sum that it is, or the records that it is of, or what one may do."""
        judged = result.total
        said = []
        if judged.kind.base != "yesno":
            said.append(self.writer.possible(judged.value, judged.kind, tax=True))
        made = [i for i in result.items or () if holds(i) or judged.holds is None]
        worth = [f"{i.record} {self.writer.possible(i.value, i.kind)}" for i in made if i.kind.base != "yesno"]
        if worth and len(worth) > 1:
            said = [f"{said[0]}{say('mark.equals', self.lang)}{self.some(worth)}"] if said else worth
        elif made:
            said.append(self.some([i.record or "" for i in made]))
        names = dict.fromkeys(m.name for j in (judged, *made) for m in j.measures if m.status == "yes")
        said += [listed(names, self.lang)] if names else []
        return listed(said, self.lang, "semicolon") or word("state", "yes", self.lang)

    # ------------------------------------------------------------------------------------------ sanctions
    def sanctions(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        mine: list[ResultValue] = []
        others: list[tuple[ResultValue, str]] = []
        waiting, none = [], []
        measures = {r.name for r in results if not traits(r.label).written}
        for result in results:
            judged = result.total
            if judged.status == "unknown":
                waiting.append(result)
            elif not _in_force(result):
                none.append(result)
            elif result.key is None and judged.kind.base == "yesno" and _brings(result) & measures:
                continue  # the measures that it brings are told
            else:
                borne = self.borne(result)
                if borne:
                    others.append((result, borne))
                else:
                    mine.append(result)
        for result in mine[:MOST_TOLD]:
            yield self.line(result, self.force(result), "bad")
        if len(mine) > MOST_TOLD:
            yield self.folded("more_in_force", mine[MOST_TOLD:])
        yield from self.unknown(waiting)
        for result, borne in others:
            yield self.line(result, self.say("borne_by_other", what=self.force(result), party=borne))
        keys = [r for r in none if r.key is not None]
        if none and not mine and not waiting:
            yield Line("", self.say("none_in_force"), "good", results=tuple(r.name for r in none))
        elif keys:
            yield from self.together("not_in_force", keys)

    def measures(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        """Measures that no sanction brings about: those that follow, and those that may."""
        found = [r for r in results if _in_force(r)]
        for result in found:
            if result.key is not None:
                yield self.line(result, self.force(result))
        yield from self.together("in_force_list", [r for r in found if r.key is None])
        yield from self.unknown([r for r in results if r.total.status == "unknown"])

    def borne(self, result: ResultValue) -> str:
        """Who bears it, where that is another than the party in hand."""
        found = [i.bearer for i in (result.total, *(result.items or ())) if holds(i) and i.bearer is not None]
        if not found or any(not p.known or p.value is None or p.value == self.verdict.party for p in found):
            return ""
        return listed(dict.fromkeys(self.writer.possible(p, TEXT) for p in found), self.lang)

    def force(self, result: ResultValue) -> str:
        """A sanction in force: its amount or its records, from when to when, and why."""
        if traits(result.label).reading == "debt":
            return self.debt(result)
        if traits(result.label).reading != "force":
            return self.amount(result)
        said = [self.say("in_force")]
        made = [m for r in self.verdict.results.values() for j in (r.total, *(r.items or ()))
                for m in j.measures if m.name == result.name and m.status == "yes"]
        spans = dict.fromkeys(s for m in made if (s := span(m.start, m.end, self.writer)))
        said.append(listed(spans, self.lang) if spans else self.say("no_end"))
        return listed(said, self.lang, "comma")

    def debt(self, result: ResultValue) -> str:
        """What is owed, for each record that is: what is payable, what is left, until when."""
        said = []
        for judged in (result.total, *(result.items or ())):
            parts = [p for p in judged.parts if p.name in names_of("part") and p.value.values not in ((None,), (0,))]
            shown = [f"{word('part', p.name, self.lang)} {self.writer.possible(p.value, p.kind)}" for p in parts]
            if holds(judged) and shown:
                told = listed(shown, self.lang, "comma")
                said.append(headed(judged.record, self.lang, told) if judged.record else told)
        return listed(said, self.lang, "semicolon") or self.amount(result)

    # ------------------------------------------------------------------------------------------ deadlines
    def deadlines(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        dated: list[tuple[date, Line]] = []
        waiting, kept = [], []
        for result in results:
            items = [result.total] if result.items is None else list(result.items)
            if result.total.status == "unknown" and not any(i.status == "known" for i in items):
                waiting.append(result)
                continue
            before = len(dated)
            for judged in items:
                day = judged.value.value if judged.value.known else None
                state = judged.state.value if judged.state is not None and judged.state.known else None
                if isinstance(day, date) and judged.status == "known" and state not in ("met", "waiting", None):
                    dated.append((_day(day), self.last_day(result, judged, day, str(state))))
            if len(dated) == before and result.key is not None:
                kept.append(result)
        today = _day(self.verdict.as_of)
        dated.sort(key=lambda one: (one[0] < today, abs((one[0] - today).days)))
        keys = {r.name for r in results if r.key is not None}
        near = [line for day, line in dated if (day - today).days <= NEAR or set(line.results) & keys][:MOST_TOLD]
        yield from near
        left = [line for _, line in dated if line not in near]
        if left:
            names = dict.fromkeys(name for line in left for name in line.results)
            yield Line("", self.say("more_days", count=len(left), names=self.some(list(names))), results=tuple(names))
        yield from self.unknown(waiting)
        for result in kept:
            yield self.line(result, total(result, self.writer).text)

    def last_day(self, result: ResultValue, judged: Judged, day: date, state: str) -> Line:
        days = (_day(day) - _day(self.verdict.as_of)).days
        left = self.say("days_left", count=days) if days > 0 else self.say("today") if days == 0 else self.say("over")
        mark: Mark = "bad" if state == "late" or days == 0 else "soon" if 0 < days <= SOON else ""
        name = bracketed(result.name, judged.record, self.lang) if judged.record is not None else result.name
        late = word("state", state, self.lang) if days < 0 else ""
        columns = (_day(day).isoformat(), left)
        return Line(name, late, mark, result.clauses, columns, results=(result.name,), day=_day(day))

    # ------------------------------------------------------------------------------------------ requirements
    def duties(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        met: list[ResultValue] = []
        failed: list[ResultValue] = []
        waiting: list[ResultValue] = []
        for result in results:
            judged = result.total
            unknown = judged.status != "known"
            (waiting if unknown else met if holds(judged) or _all_hold(result) else failed).append(result)
        for result in failed[:MOST_TOLD]:
            yield self.line(result, self.unmet(result), "bad")
        if len(failed) > MOST_TOLD:
            yield self.folded("more_unmet", failed[MOST_TOLD:])
        yield from self.unknown(waiting)
        keys, others = [r for r in met if r.key is not None], len(met)
        if met:
            names = [r.name for r in keys]
            text = self.say("met_with" if names else "met", names=self.some(names), count=others)
            yield Line("", text, results=tuple(r.name for r in met))

    def unmet(self, result: ResultValue) -> str:
        """Which records of a requirement fail, or what is short."""
        failed = [i.record or "" for i in result.items or () if i.status == "known" and not holds(i)]
        if failed:
            return self.say("not_done_by", names=self.some(failed))
        lacking = [f for e in self.entries.get(result.name, ()) if e.status == "not_fired" for f in e.findings]
        gaps = {self.named(f): self.writer.possible(f.gap, f.kind) for f in lacking
                if f.status == "no" and f.gap is not None and f.gap.known}
        said = [self.say("short_of", gap=gap) for gap in gaps.values()] if len(gaps) == 1 else [
            self.say("short", name=name, gap=gap) for name, gap in gaps.items()]
        return self.say("not_done_for", gaps=self.some(said)) if said else self.say("not_done")

    # ------------------------------------------------------------------------------------------ what is open
    def still_open(self, judged: Judged) -> list[str]:
        """What may be, and what that waits for."""
        if judged.status == "conflict":
            return [say("verdict.conflict", self.lang, values=self.writer.possible(judged.value, judged.kind))]
        shown = []
        if judged.kind.base != "yesno" and _says_something(judged.value):
            shown.append(self.writer.possible(judged.value, judged.kind, tax=True))
        elif judged.state is not None and judged.state.values:
            shown.append(listed([word("state", str(v), self.lang) for v in judged.state.values], self.lang, "or"))
        why = self.why(judged)
        return [listed([*shown, say("screen.undecided", self.lang, why=why)], self.lang, "comma")]

    def why(self, judged: Judged) -> str:
        if set(judged.reasons) == {"not_stated"} and not judged.missing:
            return self.say("not_stated")
        if "discretion" in judged.reasons:
            return self.say("at_discretion")
        return why_open(judged, self.writer) or word("reason", "not_computable", self.lang)

    def unknown(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        """Results that are not decided: those that wait for the same in one line."""
        groups: dict[str, list[ResultValue]] = {}
        for result in results:
            judged = result.total
            own = judged.kind.base != "yesno" and _says_something(judged.value)
            if own and (result.key is not None or len(results) <= MOST_OPEN):
                yield self.line(result, listed(self.still_open(judged), self.lang, "semicolon"), "open")
            else:
                items = [i for i in result.items or () if i.status == "unknown"]
                why = next((w for i in (judged, *items) if (w := self.why(i))), "")
                groups.setdefault(why, []).append(result)
        told = sorted(groups.items(), key=lambda one: not any(r.key is not None for r in one[1]))
        keys = sum(any(r.key is not None for r in group) for _, group in told)
        for why, group in told[: max(keys, MOST_OPEN)]:
            names = [r.name for r in group]
            clauses = tuple(dict.fromkeys(c for r in group for c in r.clauses))
            text = why if "discretion" in group[0].total.reasons else self.say("undecided", why=why)
            yield Line(self.some(names), text, "open", clauses, results=tuple(names))
        left = [r.name for _, group in told[max(keys, MOST_OPEN) :] for r in group]
        if left:
            text = self.say("undecided_more", names=self.some(left), count=len(left))
            yield Line("", text, "open", results=tuple(left))

    def together(self, key: str, results: Sequence[ResultValue]) -> Iterator[Line]:
        if results:
            names = [r.name for r in results]
            yield Line("", self.say(key, names=self.some(names)), results=tuple(names))

    def folded(self, key: str, results: Sequence[ResultValue]) -> Line:
        names = [r.name for r in results]
        return Line("", self.say(key, names=self.some(names), count=len(names)), "bad", results=tuple(names))

    def line(self, result: ResultValue, text: str, mark: Mark = "", below: tuple[Line, ...] = ()) -> Line:
        return Line(result.name, text, mark, result.clauses, below=below, results=(result.name,))

    # ------------------------------------------------------------------------------------------ what is missing
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
            what = self.say("field_of", ledger=name, field=field, records=self.some(records[key])) if field else name
            who = "author" if parameter else "everyone" if name == "全体" else "partner"
            effect = self.say("effect", names=self.some([r.name for r in by][:2]), count=len(by)) if len(by) > 2 else (
                self.say("effect_few", names=listed([r.name for r in by], self.lang)))
            yield Want(what, effect, who, by[0].clauses if by else (), parameter)
        silent = [r for r in in_order(self.verdict.results.values()) if "not_stated" in r.total.reasons
                  and r.total.status == "unknown" and self.part_of(r) is not None]
        if silent:
            clauses = tuple(dict.fromkeys(c for r in silent for c in r.clauses))
            effect = self.say("effect_few", names=self.some([r.name for r in silent]))
            yield Want(self.say("silent"), effect, "issuer", clauses)


_SIDES = {">=": 1, ">": 1, "<=": -1, "<": -1}


def _lacking(row: Entry) -> tuple[int, int]:
    """How far a row is from being met."""
    unmet = sum(f.status == "no" for f in row.findings)
    return unmet, sum(f.status == "unknown" for f in row.findings)


def _mark(judged: Judged) -> Mark:
    return "open" if judged.status == "unknown" else "bad" if judged.status == "conflict" else ""


def _says_something(value: Possible) -> bool:
    return value.values is not None or value.low is not None or value.high is not None


def _with_no_tier(judged: Judged, lang: Language) -> Judged:
    """A tier that may be none, with the words for that."""
    value = judged.value
    if value.values is None or None not in value.values:
        return judged
    named = tuple(say("verdict.no_tier", lang) if v is None else v for v in value.values)
    return replace(judged, value=replace(value, values=named))


def _tells_nothing(value: Possible) -> bool:
    """Whether no more is known of a number than that it is one."""
    return value.values is None and value.high is None and value.low in (None, 0)


def _given(result: ResultValue) -> bool:
    """Whether a reward, or one of its records, is there."""
    return holds(result.total) or any(holds(i) for i in result.items or ()) or (
        result.total.holds is None and result.total.kind.base != "yesno")


def _in_force(result: ResultValue) -> bool:
    return holds(result.total) or any(holds(i) for i in result.items or ())


def _all_hold(result: ResultValue) -> bool:
    return result.items is not None and all(holds(i) for i in result.items if i.status == "known")


def _brings(result: ResultValue) -> set[str]:
    """The measures that follow from a result."""
    return {m.name for j in (result.total, *(result.items or ())) for m in j.measures if m.status == "yes"}


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


__all__ = ["Line", "Summary", "Told", "Want", "summary"]
