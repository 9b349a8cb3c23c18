"""Tiers with what is missing to the next, scores with their items, and plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from policydsl.diagnostics import Language
from policydsl.line_roles import line_role
from policydsl.render.outcome import each_value, holds, out_of, plain_words, total
from policydsl.say import bracketed, headed, listed, say, word
from policydsl.summary.model import Line, Mark
from policydsl.summary.teller import Teller, mark_of, says_something
from policydsl.verdict import Entry, Finding, Judged, ResultValue

_NOTHING = ("none", "no")
_SIDES = {">=": 1, ">": 1, "<=": -1, "<": -1}


class Grades(Teller):
    """Tells what a party has reached."""

    def tiers(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        for result in results:
            if result.items is not None:
                yield self.of_value(result)
                continue
            rows = [e for e in self.entries.get(result.name, ()) if e.row is not None and e.findings]
            taken = next((e for e in rows if e.status == "fired"), None)
            # an exception is no step of the ladder, and of where it puts one the rows say nothing
            ladder = [e for e in rows if not line_role(e.label).apart]
            near = next_tier(ladder) if taken is None or taken in ladder else None
            known = result.total.status == "known"
            judged = _with_no_tier(result.total, self.lang)
            said = [total(result, self.writer).text] if known else self.still_open(judged)
            if near is not None and result.total.status == "known":
                said.append(self.say("screen.to_next", tier=near.label, gaps=self.gaps(near)))
            elif result.total.status == "known" and taken in ladder:
                said.append(self.say("screen.highest"))
            shown = taken or near
            below = tuple(self.figures(f) for f in shown.findings) if shown is not None else ()
            text, value = listed(said, self.lang, "semicolon"), self.value(judged, said[0])
            yield self.line(result, text, mark_of(result.total), below, value)

    def value(self, judged: Judged, said: str) -> str:
        """The value, or what it may be, without what it waits for."""
        if judged.status == "known":
            return said
        return self.writer.possible(judged.value, judged.kind) if says_something(judged.value) else ""

    def gaps(self, row: Entry) -> str:
        """What a row lacks, in a few words."""
        said = []
        for finding in row.findings:
            if finding.status == "yes":
                continue
            name = self.named(finding)
            if finding.status == "unknown":
                said.append(self.say("screen.unfilled", name=name))
            elif finding.gap is not None and finding.gap.known:
                gap = self.writer.lasting(finding.gap, finding.kind)
                said.append(self.say("screen.short", name=name, gap=gap))
            else:
                said.append(self.say("screen.unmet", name=name))
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
            if finding.status == "unknown" and not says_something(finding.actual):
                actual = self.say("screen.not_given")
            needed = self.say("screen.needs", value=self.writer.possible(finding.required, kind))
            columns = [actual, needed, self.margin(finding)]
        mark: Mark = {"yes": "", "no": "bad", "unknown": "open"}[finding.status]  # type: ignore[assignment]
        return Line(self.named(finding), "", "" if mark == "bad" else mark, columns=tuple(columns))

    def margin(self, finding: Finding) -> str:
        """How far a value is beyond what is asked, or short of it."""
        if finding.gap is not None and finding.gap.known:
            return self.say("screen.short_of", gap=self.writer.lasting(finding.gap, finding.kind))
        a, b = finding.actual, finding.required
        if finding.status != "yes" or a is None or b is None or not (a.known and b.known):
            return ""
        if not isinstance(a.value, Fraction) or not isinstance(b.value, Fraction) or finding.op not in _SIDES:
            return ""
        spare = (a.value - b.value) * _SIDES[finding.op]
        if spare == 0:
            return self.say("screen.exactly")
        return self.say("screen.spare", value=self.writer.exact(spare, finding.kind))

    def scores(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        for result in results:
            judged = result.total
            said = [total(result, self.writer).text] if judged.status == "known" else self.still_open(judged)
            rows = self.entries.get(result.name, ())
            mark_at = next((f for e in rows if line_role(e.label).marks for f in e.findings), None)
            if mark_at is not None and judged.status == "known" and mark_at.required is not None:
                mark = self.writer.possible(mark_at.required, mark_at.kind)
                said.append(self.say("screen.pass_mark", mark=mark, margin=self.margin(mark_at)))
            made = self.working(result)
            below = [
                Line(part.name, self.item(made, part.name), "" if part.value.known else "open",
                     columns=(out_of(part, self.writer),))
                for part in judged.parts
            ]
            for entry in rows:
                if line_role(entry.label).adjusts and entry.value is not None and entry.value.values != (0,):
                    below.append(Line(word("role", "adjust", self.lang), "",
                                      columns=(self.writer.possible(entry.value, entry.kind),)))
            failed = judged.status == "known" and judged.holds is not None and judged.holds.no
            tone: Mark = "bad" if failed else mark_of(judged)
            text, value = listed(said, self.lang, "semicolon"), self.value(judged, said[0])
            yield self.line(result, text, tone, tuple(below), value)

    def plain(self, results: Sequence[ResultValue]) -> Iterator[Line]:
        waiting = [r for r in results if r.total.status == "unknown"]
        nothing = {say: group for say in _NOTHING if len(group := [r for r in results if _bare(r) == say]) > 1}
        held = [r for r in results if r not in waiting and _held(r)]
        held = held if len(held) > self.room.held else []
        folded = [*held, *(r for group in nothing.values() for r in group)]
        for result in results:
            if result not in waiting and result not in folded:
                yield self.of_value(result)
        if held:
            said = [bracketed(r.name, self.some(_held(r)), self.lang) for r in held]
            yield self.gathered(self.say("screen.held_list", names=listed(said, self.lang)), held)
        for said_, group in nothing.items():
            names = listed([r.name for r in group], self.lang)
            yield self.gathered(headed(word("value", said_, self.lang), self.lang, names), group)
        yield from self.unknown(waiting)

    def of_value(self, result: ResultValue) -> Line:
        judged = result.total
        if judged.status != "known":
            return self.line(result, listed(self.still_open(judged), self.lang, "semicolon"), mark_of(judged))
        yesno = judged.kind.base == "yesno"
        if yesno and result.items is not None:
            held = [i.record or "" for i in result.items if holds(i)]
            count = len([i for i in result.items if i.status != "not_applicable"])
            text = self.say("screen.held", names=self.some(held), held=len(held), count=count) if held else self.say(
                "screen.none_held", count=count)
            return self.line(result, text)
        if yesno:
            return self.line(result, word("value", "yes" if judged.value.yes else "no", self.lang))
        zeros = [i for i in result.items or () if i.status == "known" and i.value.values == (0,)]
        if result.items is not None and 1 < len(zeros) < len(result.items):
            told = each_value([i for i in result.items if i not in zeros], self.writer, named=True)
            left = say("sum.zero", self.lang, count=len(zeros))
            return self.line(result, listed([told, left], self.lang, "semicolon"))
        text = total(result, self.writer).text
        summed = judged.kind.base == "money" and result.items is None
        return self.line(result, self.equals(self.working(result), text) if summed else text, value=text)


def next_tier(rows: Sequence[Entry]) -> Entry | None:
    """The row of the tier above the one that is reached, of the rows from the highest down; where none is reached the
    one that lacks the least, the lowest of several."""
    above = [e for e in rows if e.status in ("not_fired", "unknown")]
    if any(e.status == "fired" for e in rows):
        return above[-1] if above else None
    return min(reversed(above), key=_lacking, default=None)


def _bare(result: ResultValue) -> str:
    """What says that there is nothing: no, or none."""
    value = result.total.value
    if result.total.status != "known" or result.items is not None or not value.known:
        return ""
    return "none" if value.value is None else "no" if value.value is False else ""


def _held(result: ResultValue) -> list[str]:
    """The records for which a result that is a plain yes or no is yes."""
    plain = result.total.kind.base == "yesno" and result.total.status == "known"
    return [i.record or "" for i in result.items or () if holds(i)] if plain else []


def _lacking(row: Entry) -> tuple[int, int]:
    """How far a row is from being met."""
    unmet = sum(f.status == "no" for f in row.findings)
    return unmet, sum(f.status == "unknown" for f in row.findings)


def _with_no_tier(judged: Judged, lang: Language) -> Judged:
    """A tier that may be none, with the words for that."""
    value = judged.value
    if value.values is None or None not in value.values:
        return judged
    named = tuple(say("verdict.no_tier", lang) if v is None else v for v in value.values)
    return replace(judged, value=replace(value, values=named))
