"""What follows from a verdict: money and rights, sanctions and measures, last days, requirements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from itertools import islice

from policydsl.clause_kinds import traits
from policydsl.domain import Possible
from policydsl.kinds import TEXT, Duration, Exact
from policydsl.render import sums
from policydsl.render.outcome import amounts, holds, plain_words, rewards_words, span, total, why_ends_open
from policydsl.render.values import Writer
from policydsl.say import bracketed, headed, listed, names_of, say, word
from policydsl.summary.grades import Grades
from policydsl.summary.model import Line, Mark
from policydsl.summary.teller import brings, says_something
from policydsl.verdict import KEPT, Judged, ResultValue, Sum

LEAST = 4  # sanctions and last days that any room has place for
SOON = 60  # days before a last day from which it is near
# parts of a reward that say how it is paid, what is due for paying late, what of it is used up
PAID_OUT = ("pay_day", "pay_state", "days_late", "late_fee", "pay_form", "expiry", "use", "written_off")
UNSAID = ((None,), ("waiting",), (0,), (Duration(Fraction(0), "D"),))
NEAR = 90  # days within which the last day of what is no key result is told


class Follows(Grades):
    """Tells what comes of it."""

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
                below = (*self.records(self.working(result)), *self.besides(result))
                value = self.writer.possible(judged.value, judged.kind, tax=True) if judged.kind.base != "yesno" else ""
                mark: Mark = "good" if judged.status == "known" else "bad"
                yield self.line(result, self.amount(result), mark, below, value)
        yield from self.unknown(waiting)
        rewards = rewards_words(self.verdict, self.writer)
        told = [one.value for one in self.verdict.totals if says_something(one.value)]
        if rewards and any(not (one.known and not one.value) for one in told) and self.room.told > 1:
            settled = all(one.value.known for one in self.verdict.totals)
            yield Line(say("verdict.rewards", self.lang), rewards, "" if settled else "open", value=rewards)
        yield from self.together("screen.not_reached", nothing)

    def besides(self, result: ResultValue) -> Iterator[Line]:
        """The rank, or the place in the queue; until when and in what form it is paid, whether that was done, until
        when and for what it may be used; what is carried on from the last period."""
        yield from self.ranked(result)
        every = (result.total, *(result.items or ()))
        shown = []
        for judged in every:
            parts = [p for p in judged.parts if p.value.values not in UNSAID
                     and (p.name in PAID_OUT or p.name == "carried" and judged is every[-1])]
            told = [f"{word('part', p.name, self.lang)} {self.writer.possible(p.value, p.kind)}" for p in parts]
            if told:
                text = listed(told, self.lang, "semicolon")
                shown.append(headed(judged.record, self.lang, text) if judged.record else text)
        near, left = self.cut(shown[::-1])  # the last periods
        yield from (Line("", text) for text in reversed(near))
        if left:
            yield Line("", say("verdict.more_records", self.lang, count=len(left)))

    def ranked(self, result: ResultValue) -> Iterator[Line]:
        """By what it is ranked, or shares a budget, in which place it stands, what those before it have left."""
        for entry in self.entries.get(result.name, ()):
            if entry.record is None and entry.working is not None and entry.working.form in sums.RANKS:
                said = [plain_words(f.text) for f in entry.findings[:1]]
                said += [step.text for step in islice(sums.lines(entry.working, self.writer), 1)]
                yield Line("", listed(said, self.lang, "semicolon"))

    def amount(self, result: ResultValue) -> str:
        """An amount with the sum that it is, or the records that it is of, or what one may do."""
        judged = result.total
        said = []
        if judged.kind.base != "yesno":
            value = self.writer.possible(judged.value, judged.kind, tax=True)
            said.append(self.equals(self.working(result), value) if result.items is None else value)
        made = [i for i in result.items or () if holds(i) or amounts(i) or judged.holds is None]
        worth = [f"{i.record} {self.writer.possible(i.value, i.kind)}" for i in made if i.kind.base != "yesno"]
        if len(worth) == 1:
            (one,) = made
            worth = []
            said = [self.equals(self.working(result, one.record), said[0])]
        if worth and len(worth) > 1:
            said = [f"{said[0]}{say('mark.equals', self.lang)}{self.some(worth)}"] if said else worth
        elif made:
            said.append(self.some([i.record or "" for i in made]))
        names = dict.fromkeys(m.name for j in (judged, *made) for m in j.measures if m.status == "yes")
        said += [listed(names, self.lang)] if names else []
        unpaid = [j for j in (judged, *made) for p in (j.bearer, j.favour) if p is not None and not p.known]
        whys = dict.fromkeys(why_ends_open(j, self.writer) for j in unpaid)
        said += [self.say("screen.who_open", why=why) for why in whys]
        return listed(said, self.lang, "semicolon") or word("outcome_of", "gains_yes", self.lang)

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
            elif result.key is None and judged.kind.base == "yesno" and brings(result) & measures:
                continue  # the measures that it brings are told
            else:
                borne = self.borne(result)
                if borne:
                    others.append((result, borne))
                else:
                    mine.append(result)
        alike: dict[str, list[ResultValue]] = {}
        for result in mine:
            alike.setdefault(self.force(result), []).append(result)
        told, folded = self.cut(list(alike.items()), max(self.room.told, LEAST))
        for force, group in told:  # measures of the same days stand together
            yield self.gathered(force, group, "bad", listed([r.name for r in group], self.lang))
        if folded:
            yield self.folded("screen.more_in_force", [r for _, group in folded for r in group])
        yield from self.unknown(waiting)
        for result, borne in others:
            yield self.line(result, self.say("screen.borne_by_other", what=self.force(result), party=borne))
        keys = [r for r in none if r.key is not None]
        if none and not mine and not waiting:
            yield Line("", self.say("screen.none_in_force"), "good", results=tuple(r.name for r in none))
        elif keys:
            yield from self.together("screen.not_in_force", keys)

    def measures(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        """Measures that no sanction brings about: those that follow, and those that may."""
        found = [r for r in results if _in_force(r)]
        for result in found:
            if result.key is not None:
                yield self.line(result, self.force(result))
        yield from self.together("screen.in_force_list", [r for r in found if r.key is None])
        yield from self.unknown([r for r in results if r.total.status == "unknown"])
        away = [r for r in results if r.key is not None and r.total.status != "unknown" and r not in found]
        yield from self.together("screen.not_in_force", away)

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
        if traits(result.label).reading == "truth" and not any(holds(i) for i in result.items or ()):
            return word("state", traits(result.label).truths[0], self.lang)
        if traits(result.label).reading != "force":
            return self.amount(result)
        said = [self.say("screen.in_force")]
        made = [m for r in self.verdict.results.values() for j in (r.total, *(r.items or ()))
                for m in j.measures if m.name == result.name and m.status == "yes"]
        spans = dict.fromkeys(s for m in made if (s := span(m.start, m.end, self.writer)))
        said.append(listed(spans, self.lang) if spans else self.say("screen.no_end"))
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

    # ------------------------------------------------------------------------------------------ last days
    def deadlines(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        dated: list[tuple[date, Line]] = []
        waiting, sure, kept = (list[ResultValue]() for _ in range(3))
        for result in results:
            items = [result.total] if result.items is None else list(result.items)
            if result.total.status == "unknown" and not any(isinstance(_known_day(i), date) for i in items):
                (sure if result.items is None and _state(result.total) is not None else waiting).append(result)
                continue
            before = len(dated)
            for judged in items:
                day = self.still_to_come(judged)
                state = _state(judged)
                over = state is None or state == "waiting" or str(state) in KEPT
                still = judged.status == "unknown" or judged.status == "known" and not over
                if isinstance(day, date) and still:
                    dated.append((day_of(day), self.last_day(result, judged, day, state)))
            if len(dated) == before and result.key is not None:
                kept.append(result)
        today = day_of(self.verdict.as_of)
        dated.sort(key=lambda one: (one[0] < today, abs((one[0] - today).days)))
        keys = {r.name for r in results if r.key is not None}
        first = {name: line for _, line in reversed(dated) for name in line.results if name in keys}
        near = list(first.values())  # of a key result the next one is told, however far it is
        others = [line for day, line in dated if (day - today).days <= NEAR and line not in near]
        near += [line for line in others[:1] if line.day is not None and line.day >= today]  # and what comes next
        others = sorted((line for line in others if line not in near), key=lambda line: line.mark != "bad")
        near += others[: max(0, max(self.room.told, LEAST) - len(near))]
        left = [line for _, line in dated if line not in near]
        yield from (line for _, line in dated if line in near)
        if left:
            names = dict.fromkeys(name for line in left for name in line.results)
            text = self.say("screen.more_days", count=len(left), names=self.some(list(names)))
            yield Line("", text, results=tuple(names))
        for result in sure:  # in time, or late, whatever its last day will be
            said = word("state", str(_state(result.total)), self.lang), *self.still_open(result.total)
            yield self.line(result, listed(said, self.lang, "semicolon"), "open")
        yield from self.unknown(waiting)
        for result in kept:
            yield self.line(result, total(result, self.writer).text)

    def still_to_come(self, judged: Judged) -> Exact:
        """The last day; once that is over the last day of grace, if that is not."""
        day, today = _known_day(judged), day_of(self.verdict.as_of)
        ends = (p.value.value for p in judged.parts if p.name == "grace_end" and p.value.known)
        return next((e for e in (day, *ends) if isinstance(e, date) and day_of(e) >= today), day)

    def last_day(self, result: ResultValue, judged: Judged, day: date, state: Exact) -> Line:
        days = (day_of(day) - day_of(self.verdict.as_of)).days
        over = days < 0 or state == "late"  # what is due by the clock may be late on its own day
        left = self.say("screen.over") if over else (
            self.say("screen.days_left", count=days) if days else self.say("screen.today"))
        mark: Mark = "bad" if state == "late" or days == 0 else "soon" if 0 < days <= SOON else ""
        name = bracketed(result.name, judged.record, self.lang) if judged.record is not None else result.name
        late = word("state", str(state), self.lang) if over and state is not None else ""
        if judged.status == "unknown":
            mark, late = "open", self.say("screen.undecided", why=self.why(judged))
        columns = (day_of(day).isoformat(), left)
        return Line(name, late, mark, result.clauses, columns, results=(result.name,), day=day_of(day),
                    reckoned=self.reckoned(result, judged), briefly=self.reckoned(result, judged, sums.in_brief))

    def reckoned(
        self, result: ResultValue, judged: Judged, told: Callable[[Sum, Writer], str] = sums.equation
    ) -> str:
        """How a last day is reckoned: from which day, for how long, which rest day it gives way to."""
        made = self.working(result, judged.record)
        if made is not None and made.form == "due":
            made = next((part for part in made.parts if part.name == "due" and part.parts), None)
        return told(made, self.writer) if made is not None else ""

    # ------------------------------------------------------------------------------------------ requirements
    def duties(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        met: list[ResultValue] = []
        failed: list[ResultValue] = []
        pending: list[ResultValue] = []
        waiting: list[ResultValue] = []
        for result in results:
            judged = result.total
            unknown = judged.status != "known"
            kept = met if holds(judged) or _all_hold(result) else pending if _pending(result) else failed
            (waiting if unknown else kept).append(result)
        shown, left = self.cut(failed)
        for result in shown:
            yield self.line(result, self.unmet(result), "bad")
        if left:
            yield self.folded("screen.more_unmet", left)
        shown, left = self.cut(pending, self.room.open)
        for result in shown:
            yield self.line(result, self.unmet(result))
        yield from self.together("screen.more_pending", left)
        yield from self.unknown(waiting)
        keys, others = [r for r in met if r.key is not None], len(met)
        if met:
            names = [r.name for r in keys]
            text = self.say("screen.met_with" if names else "screen.met", names=self.some(names), count=others)
            yield Line("", text, results=tuple(r.name for r in met))

    def unmet(self, result: ResultValue) -> str:
        """Which records of a requirement fail, or what is short."""
        failed = [i.record or "" for i in result.items or () if i.status == "known" and not holds(i) and not _still(i)]
        if failed:
            return self.say("screen.not_done_by", names=self.some(failed))
        head = self.dated(result)
        if head and not _still(result.total):
            return head
        lacking = [f for e in self.entries.get(result.name, ()) if e.status == "not_fired" for f in e.findings]
        gaps = {self.named(f): self.writer.lasting(f.gap, f.kind) for f in lacking
                if f.status == "no" and f.gap is not None and f.gap.known}
        said = [self.say("screen.short_of", gap=gap) for gap in gaps.values()] if len(gaps) == 1 else [
            self.say("screen.short", name=name, gap=gap) for name, gap in gaps.items()]
        if head:
            return headed(head, self.lang) + self.some(said) if said else head
        return self.say("screen.not_done_for", gaps=self.some(said)) if said else self.say("screen.not_done")

    def dated(self, result: ResultValue) -> str:
        """The state of what has a last day, where it is not simply missed: still open, or reached too late."""
        judged = result.total
        if judged.state is None or judged.state.values not in (("pending",), ("belated",)):
            return ""
        days = []
        for part in judged.parts:
            if part.name == "due" and part.value.values != (None,) or part.name == "done" and isinstance(
                    _known(part.value), date):
                why = self.reckoned(result, judged) if part.name == "due" else ""
                told = [self.writer.possible(part.value, part.kind), *([why] if why else [])]
                days.append(f"{word('part', part.name, self.lang)} {say('mark.equals', self.lang).join(told)}")
        return bracketed(word("state", str(judged.state.value), self.lang), listed(days, self.lang, "comma"), self.lang)


def _given(result: ResultValue) -> bool:
    """Whether a reward, or one of its records, is there, or something is taken back."""
    return any(holds(i) or amounts(i) for i in (result.total, *(result.items or ()))) or (
        result.total.holds is None and result.total.kind.base != "yesno")


def _in_force(result: ResultValue) -> bool:
    return holds(result.total) or any(holds(i) for i in result.items or ())


def _all_hold(result: ResultValue) -> bool:
    return result.items is not None and all(holds(i) for i in result.items if i.status == "known")


def _still(judged: Judged) -> bool:
    """Whether its last day is not over."""
    return judged.state is not None and judged.state.values == ("pending",)


def _pending(result: ResultValue) -> bool:
    """Whether what is not there yet may still come in time, of every record that it is not there of."""
    if _still(result.total):
        return True
    open_ = [i for i in result.items or () if i.status == "known" and not holds(i)]
    return bool(open_) and all(_still(i) for i in open_)


def _state(judged: Judged) -> Exact:
    """The state, where that is sure."""
    return judged.state.value if judged.state is not None and judged.state.known else None


def _known_day(judged: Judged) -> Exact:
    return _known(judged.value)


def _known(value: Possible) -> Exact:
    return value.value if value.known else None


def day_of(value: date) -> date:
    """The day that a date or an instant lies on."""
    return value.date() if isinstance(value, datetime) else value
