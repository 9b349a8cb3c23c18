"""Compares what came out with what a case of a YAML file expects. Nothing is written unless something differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from policydsl.diagnostics import Fix, Language
from policydsl.domain import Possible
from policydsl.evaluate.needs import missing_of
from policydsl.kinds import Kind
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.render.values import Writer
from policydsl.say import listed, say, word
from policydsl.sheet.source import Scalar
from policydsl.sheet.values import Context
from policydsl.testing.case import Failure
from policydsl.testing.rules import Reference
from policydsl.testing.values import all_of, end_is, same, written
from policydsl.testing.wanted import Expected, MeasureWanted, Wanted, Words
from policydsl.testing.words import MODALITY, STATUS, TRUTH, meant
from policydsl.text.fold import name_key
from policydsl.text.keywords import state_word
from policydsl.verdict import Judged, Measure, Verdict


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: the name it is shown by, the result and the record it belongs to."""

    name: str
    result: str | None
    record: str | None = None

    def part(self, name: str) -> Subject:
        return replace(self, name=f"{self.name}.{name}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares one verdict; ``party`` is its number."""

    context: Context
    lang: Language
    party: int = 0

    def say(self, key: str, **places: object) -> str:
        return say(key, self.lang, **places)

    def failure(self, on: Subject, expected: str, actual: str, at: Span, fix: Fix | None = None) -> Failure:
        return Failure(on.name, expected, actual, at, on.result, on.record, self.party, fix)

    # ------------------------------------------------------------------------------------------ results
    def expected(self, verdict: Verdict, line: Expected) -> Iterator[Failure]:
        """Every way in which a result (or a measure) is not as expected."""
        wanted = line.wanted
        if line.measure:
            yield from self.of_measure(verdict, line)
            return
        result = verdict.results[line.name]
        items = {i.record: i for i in result.items or ()}
        for key, one in wanted.records:
            found = items.get(key.text)
            on = Subject(f"{line.shown}[{key.text}]", line.name, key.text)
            if found is None:
                known = self.names([str(k) for k in items])
                no = self.say("case.no_record")
                yield self.failure(on, key.text, no + known, key.at)
            else:
                yield from self.judged(found, one, on)
        if wanted.of_total:
            yield from self.judged(result.total, wanted, Subject(line.shown, line.name))

    def judged(self, j: Judged, wanted: Wanted, on: Subject) -> Iterator[Failure]:
        """Every way in which a result is not as wanted."""
        if wanted.not_applicable is not None and wanted.not_applicable != (j.status == "not_applicable"):
            said = word("state", "na", self.lang) if wanted.not_applicable else self.say("case.applicable")
            yield self.failure(on, said, self.shown(j), wanted.at)
        if wanted.not_applicable:
            return
        if wanted.status is not None and wanted.status.key != j.status:
            expected = word("state", wanted.status.key, self.lang) if wanted.status.key != "known" else (
                self.say("case.known"))
            yield self.failure(on, expected, self.shown(j), wanted.status.written.at, _fix(wanted.status, j.status))
        asked = replace(wanted, status=None, not_applicable=None, records=())
        if j.status == "not_applicable":
            if asked.of_total:
                yield self.failure(on, self.asked(asked), self.shown(j), wanted.at)
            return
        yield from self.value(j.value, j.missing, asked, j.kind, on, self.shown(j))
        if wanted.missing is not None and not lacks(wanted.missing, j.missing):
            yield self.failure(on.part(self.say("case.lacking")), self.listed(wanted.missing), self.names(j.missing),
                               wanted.at)
        if wanted.holds is not None:
            truth = _plain(j.holds) if j.holds is not None else "nothing"
            if truth != wanted.holds.key:
                expected = word("state", {"true": "yes", "false": "no"}.get(wanted.holds.key, "unknown"), self.lang)
                yield self.failure(on, expected, self.shown(j), wanted.holds.written.at, _fix(wanted.holds, truth))
        if wanted.state is not None and not is_state(j.state, wanted.state):
            values = () if j.state is None else j.state.values or ()
            fix = Fix(wanted.state.at, str(values[0])) if len(values) == 1 else None
            yield self.failure(on, wanted.state.text, self.shown(j), wanted.state.at, fix)
        if wanted.deemed is not None and wanted.deemed.key != str(j.deemed).lower():
            yield self.failure(on.part(self.say("case.deemed")), wanted.deemed.written.text, self.truth(j.deemed),
                               wanted.deemed.written.at, _fix(wanted.deemed, str(j.deemed).lower()))
        for one in wanted.measures:
            yield from self.measure(j, one, on)
        parts = {name_key(p.name): p for p in j.parts}
        for name, part in wanted.parts:
            found = parts.get(name_key(name.text))
            if found is None:
                known = self.names([p.name for p in j.parts])
                no = self.say("case.no_part", known=known)
                yield self.failure(on.part(name.text), name.text, no, name.at)
            else:
                shown = self.possible(found.value, found.kind)
                yield from self.value(found.value, missing_of(found.value), part, found.kind, on.part(name.text), shown)

    def value(
        self, found: Possible, missing: Sequence[str], wanted: Wanted, kind: Kind, on: Subject, shown: str
    ) -> Iterator[Failure]:
        """What is possible against what is wanted to be possible."""
        context = self.context
        if wanted.value is not None:
            text = wanted.value.text
            if not found.known or not same(found.value, text, kind, context):
                new = written(found.value, text) if found.known else None
                yield self.failure(on, text, shown, wanted.value.at, None if new is None else Fix(wanted.value.at, new))
        if wanted.not_stated is not None and (found.known or missing or found.reasons != {"not_stated"}):
            new = written(found.value, "") if found.known else None
            at = wanted.not_stated.at
            yield self.failure(on, self.say("value.not_stated"), shown, at, None if new is None else Fix(at, new))
        if wanted.several is not None:
            chosen = found.value if found.known else None
            if not isinstance(chosen, tuple) or sorted(chosen) != sorted(s.text for s in wanted.several):
                yield self.failure(on, self.listed(wanted.several), shown, wanted.at)
        if wanted.one_of is not None and not all_of(found, [s.text for s in wanted.one_of], kind, context):
            yield self.failure(on, self.say("case.one_of") + self.listed(wanted.one_of), shown, wanted.at)
        ends = [(which, end) for which, end in enumerate((wanted.low, wanted.high)) if end is not None]
        if ends and (found.known or not all(end_is(found, which, end, kind, context) for which, end in ends)):
            low, high = (end.text if end is not None and not end.empty else "…" for end in (wanted.low, wanted.high))
            yield self.failure(on, self.say("value.to", low=low, high=high), shown, ends[0][1].at)
        if wanted.undecided is not None and wanted.undecided == found.known:
            yield self.failure(on, self.say("case.unknown") if wanted.undecided else self.say("case.known"),
                               shown, wanted.at)
        if wanted.unknown is not None and (found.known or not lacks(wanted.unknown, missing)):
            lack = self.say("case.unknown_lacking") + self.listed(wanted.unknown)
            yield self.failure(on, lack, shown, wanted.at)

    # ------------------------------------------------------------------------------------------ measures
    def measure(self, j: Judged, wanted: MeasureWanted, on: Subject) -> Iterator[Failure]:
        """A measure of a result, wherever the result names it."""
        here = on.part(wanted.name)
        found = [m for m in j.measures if name_key(m.name) == name_key(wanted.name)]
        if not found:
            known = self.names([m.name for m in j.measures])
            no = self.say("case.no_measure", known=known)
            yield self.failure(here, wanted.name, no, wanted.at)
        for m in found:
            for asked, real in ((wanted.status, m.status), (wanted.modality, m.modality)):
                if asked is not None and asked.key != real:
                    expected, actual = (word("case_measure", key, self.lang) for key in (asked.key, real))
                    yield self.failure(here, expected, actual, asked.written.at, _fix(asked, real))
            for end, moment, key in ((wanted.start, m.start, "case.since"), (wanted.end, m.end, "case.until")):
                if end is not None and (_plain(moment) if moment is not None else "nothing") != end.text:
                    actual = self.possible(moment, Kind("date")) if moment is not None else self.say("case.no_day")
                    fix = Fix(end.at, _plain(moment)) if moment is not None and moment.known else None
                    yield self.failure(here.part(self.say(key)), end.text, actual, end.at, fix)
            if wanted.afterwards is not None and [s.text for s in wanted.afterwards] != list(m.afterwards):
                yield self.failure(here.part(self.say("case.afterwards")), self.listed(wanted.afterwards),
                                   self.names(m.afterwards), wanted.at)

    def of_measure(self, verdict: Verdict, line: Expected) -> Iterator[Failure]:
        """Whether a measure is barred on the day, or is demanded by nothing."""
        brought = [
            m for r in verdict.results.values() for j in (r.total, *(r.items or ())) for m in j.measures
            if m.name == line.name and m.status == "yes"
        ]
        on, wanted = Subject(line.shown, None), line.wanted
        barred = any(m.modality == "must_not" and runs(m, verdict.as_of) for m in brought)
        if wanted.barred is not None and wanted.barred.key != str(barred).lower():
            asked = wanted.barred.key == "true"
            expected, actual = (word("state", "barred" if b else "free", self.lang) for b in (asked, barred))
            yield self.failure(on, expected, actual, wanted.barred.written.at, _fix(wanted.barred, str(barred).lower()))
        demanded = any(m.modality == "must" for m in brought)
        if wanted.not_done is not None and demanded == (wanted.not_done.key == "true"):
            expected, actual = self.say("case.not_done"), self.say("case.done")
            if not demanded:
                expected, actual = actual, expected
            yield self.failure(on, expected, actual, wanted.not_done.written.at,
                               _fix(wanted.not_done, str(not demanded).lower()))

    # ------------------------------------------------------------------------------------------ the trace
    def entries(
        self, verdict: Verdict, fired: Sequence[Reference], not_fired: Sequence[Reference]
    ) -> Iterator[Failure]:
        """Entries that did not fire though they should have, and the other way round. What is unknown did neither."""
        for wanted, references in ((True, fired), (False, not_fired)):
            for ref in references:
                found = [e for e in verdict.trace if ref.names(e.rule, e.row, e.label, e.record)]
                any_fired = any(e.status == "fired" for e in found)
                sure = all(e.status != "unknown" for e in found)
                # of a rule that is known, what no record and no row before brought about is in no entry at all
                quiet = ref.record is None and verdict.results[ref.rule].total.status != "unknown"
                if any_fired if wanted else (found or quiet) and sure and not any_fired:
                    continue
                statuses = list(dict.fromkeys(word("fired", e.status, self.lang) for e in found))
                actual = self.names(statuses) if found else self.say("case.no_entry")
                expected = word("fired", "fired" if wanted else "not_fired", self.lang)
                yield self.failure(Subject(ref.text, ref.rule, ref.record), expected, actual, ref.at)

    def whole(
        self, verdict: Verdict, missing: tuple[Scalar, ...] | None, status: Words | None, at: Span
    ) -> Iterator[Failure]:
        """What the verdict as a whole lacks, and whether it is determined."""
        lacking = [m.fact for m in verdict.missing]
        if missing is not None and not lacks(missing, lacking):
            on = Subject(self.say("case.lacking"), None)
            yield self.failure(on, self.listed(missing), self.names(lacking), missing[0].at if missing else at)
        real = "determined" if verdict.determined else "undetermined"
        if status is not None and status.key != real:
            on = Subject(self.say("case.status"), None)
            actual = self.say("case.known" if verdict.determined else "case.unknown")
            yield self.failure(on, status.written.text, actual, status.written.at, _fix(status, real))

    # ------------------------------------------------------------------------------------------ in words
    def shown(self, j: Judged) -> str:
        """What came out, in a few words."""
        words = []
        if j.status in ("not_applicable", "conflict"):
            words.append(word("state", j.status, self.lang))
        elif j.state is not None and j.state.values is not None:
            words.append("/".join(word("state", str(s), self.lang) for s in j.state.values))
        elif j.holds is not None:
            words.append(word("state", "yes" if j.holds.yes else "no" if j.holds.no else "unknown", self.lang))
        if j.status != "not_applicable" and (j.holds is None or j.kind.base != "yesno"):
            words.append(self.possible(j.value, j.kind))
        if j.status == "unknown" and j.missing:
            words.append(self.say("case.for_lack", names=self.names(j.missing)))
        return " ".join(words)

    def asked(self, wanted: Wanted) -> str:
        """What was wanted, in a few words."""
        for one in (wanted.value, wanted.not_stated, wanted.state):
            if one is not None:
                return one.text
        if wanted.holds is not None:
            return word("state", {"true": "yes", "false": "no"}.get(wanted.holds.key, "unknown"), self.lang)
        return self.say("case.applicable")

    def possible(self, value: Possible, kind: Kind) -> str:
        if not value.known and value.values == (False, True):
            return word("state", "unknown", self.lang)
        return Writer(self.lang, self.context.currency).possible(value, kind)

    def names(self, names: Sequence[str]) -> str:
        return listed(names, self.lang) or self.say("case.nothing")

    def listed(self, wanted: Sequence[Scalar]) -> str:
        return self.names([s.text for s in wanted])

    def truth(self, value: bool) -> str:
        return word("value", "yes" if value else "no", self.lang)


def lacks(wanted: Sequence[Scalar], missing: Sequence[str]) -> bool:
    """Whether exactly these facts are missing; a field of a record goes by its own name, or with its record."""
    written = {name_key(s.text) for s in wanted}
    short = {name_key(m.rpartition(".")[2]) for m in missing}
    return written == short or written == {name_key(m) for m in missing}


def is_state(state: Possible | None, wanted: Scalar) -> bool:
    """Whether the state is the one named, by its key or a word for it."""
    if state is None:
        return wanted.text == "nothing"
    return _plain(state) == wanted.text or state.values == (state_word(wanted.text) or wanted.text,)


def runs(measure: Measure, day: date) -> bool:
    """Whether the measure is in force on the day, as far as its days are known."""
    start = measure.start.value if measure.start is not None and measure.start.known else None
    end = measure.end.value if measure.end is not None and measure.end.known else None
    return not (isinstance(start, date) and day < start) and not (isinstance(end, date) and day > end)


def _plain(found: Possible) -> str:
    if found.known:
        value = found.value
        return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    if found.values == (False, True):
        return "null"
    return "?" if found.values is None else "one of " + ", ".join(str(v) for v in found.values)


def _fix(wanted: Words, real: str) -> Fix | None:
    """The word that would have been right, in the manner of the one that stands there."""
    for group in (TRUTH, STATUS, MODALITY):
        if real in group and meant(wanted.written.text, group) is not None:
            chinese = not wanted.written.text.isascii()
            return Fix(wanted.written.at, group[real][0] if chinese else real)
    return None if real == "nothing" else Fix(wanted.written.at, real)
