"""What a result comes to, in a few words: the value, whether it holds, the state, and what is left open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import assert_never

from policydsl.clause_kinds import KINDS, traits
from policydsl.diagnostics import Language
from policydsl.core import EVERYONE
from policydsl.domain import Possible
from policydsl.kinds import DATE, NUMBER, Kind
from policydsl.render.document import citation
from policydsl.render.layout import Cell
from policydsl.render.values import Writer
from policydsl.say import bracketed, headed, listed, names_of, say, word
from policydsl.verdict import Judged, Measure, PartValue, Reading, ResultValue, Verdict, noted

MOST_TOLD = 4  # records, or values of records, that one line tells
_SUMMED = frozenset({"money", "points", "count", "number"})
_CITATION = re.compile(r"\s*(【[^】]*】|\[[^\]]*\])+\s*$")


def in_order(results: Iterable[ResultValue]) -> list[ResultValue]:
    """The key results in their order, then the others grouped by kind, in the order of the policy within a kind."""
    order = {label: index for index, label in enumerate(KINDS)}
    return sorted(results, key=lambda r: (r.key is None, r.key or 0, order.get(r.label, len(order))))


def cited(names: Sequence[str], writer: Writer) -> str:
    """The citations of a clause, as the policy writes them."""
    return "".join(citation(name, writer.lang) for name in names)


def reading_name(read: Reading, lang: Language) -> str:
    """What was read, as it is called: a fact or a rule by its name, a part of a rule as that."""
    name = plain_words(read.name)
    return say("sum.part", lang, name=name, part=word("part", read.part, lang)) if read.part else name


def plain_words(text: str) -> str:
    """The author's words without a citation at their end."""
    return _CITATION.sub("", text)


# ---------------------------------------------------------------------------------------------- one outcome
def outcome(judged: Judged, label: str, writer: Writer) -> Cell:
    """The outcome of a result for the party, or of one of its records."""
    match judged.status:
        case "not_applicable":
            return Cell(word("state", "na", writer.lang), "dim")
        case "conflict":
            return Cell(say("verdict.conflict", writer.lang, values=writer.possible(judged.value, judged.kind)), "red")
        case "unknown":
            return _unknown(judged, label, writer)
        case "known":
            return _known(judged, label, writer)
        case _:
            assert_never(judged.status)


def total(result: ResultValue, writer: Writer) -> Cell:
    """The outcome of the result; of a result per record, what its records come to together."""
    if result.items is None:
        return outcome(result.total, result.label, writer)
    items = [item for item in result.items if item.status != "not_applicable"]
    if result.total.status in ("unknown", "not_applicable", "conflict") or not items:
        return outcome(result.total, result.label, writer)
    count = str(len(items))
    if any(item.state is not None for item in items):
        told = _tally(items, writer)
        paid = result.total.kind.base in _SUMMED and result.total.value.known
        shown = writer.possible(result.total.value, result.total.kind, tax=True)
        return Cell(bracketed(shown, told, writer.lang) if paid else told, "strong")
    if result.total.holds is not None or result.total.kind.base == "yesno":
        cell = outcome(result.total, result.label, writer)
        holding = str(sum(1 for item in items if holds(item)))
        counted = say("verdict.records", writer.lang, held=holding, count=count)
        left = sum(1 for item in items if item.status == "unknown")
        if left:  # what is known of some records settles the whole, whatever the others turn out to be
            waiting = say("verdict.some", writer.lang, what=word("state", "unknown", writer.lang), count=str(left))
            counted = listed((counted, waiting), writer.lang, "comma")
        return Cell(bracketed(cell.text, counted, writer.lang), cell.tone)
    counted = say("verdict.record_count", writer.lang, count=count)
    summed = result.total.value.known and result.total.value.value is not None
    if result.total.kind.base not in _SUMMED or not summed:
        return Cell(bracketed(each_value(items, writer), counted, writer.lang), "strong")
    cell = outcome(result.total, result.label, writer)
    return Cell(bracketed(cell.text, counted, writer.lang), cell.tone)


def each_value(items: Sequence[Judged], writer: Writer, *, named: bool = False) -> str:
    """What the records come to where they have no sum: the value that all have (unless they are to be ``named``), or
    the values with their records."""
    found: dict[str, list[str]] = {}
    for item in items:
        shown = writer.lasting(item.value, item.kind)
        found.setdefault(shown, []).append(item.record or "")
    if len(found) == 1 and not named:
        return next(iter(found))
    parts = [f"{some(records, writer.lang)} {shown}" for shown, records in list(found.items())[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        left = sum(len(records) for records in list(found.values())[MOST_TOLD:])
        parts.append(say("verdict.more_records", writer.lang, count=left))
    return listed(parts, writer.lang, "semicolon")


def some(names: Sequence[str], lang: Language, most: int = MOST_TOLD) -> str:
    """A few names, and how many they are in all where there are more."""
    shown = listed(names[:most], lang)
    return shown if len(names) <= most else say("verdict.and_more", lang, names=shown, count=len(names))


def holds(judged: Judged) -> bool:
    """Whether it surely holds."""
    truth = judged.holds if judged.holds is not None else judged.value if judged.kind.base == "yesno" else None
    return truth is not None and truth.yes


def amounts(judged: Judged) -> bool:
    """Whether it comes to something, though it may not hold: what was paid before is taken off all the same."""
    found = judged.value.value if judged.value.known else None
    return isinstance(found, Fraction) and found != 0


def _tally(items: Sequence[Judged], writer: Writer) -> str:
    """How many records are in which state: 已逾期 1，期限内 2."""
    states = Counter(str(item.state.value) for item in items if item.state is not None and item.state.known)
    known = names_of("state")
    order = [s for s in known if s in states] + sorted(s for s in states if s not in known)
    parts = [say("verdict.some", writer.lang, what=word("state", s, writer.lang), count=states[s]) for s in order]
    return listed(parts, writer.lang, "comma")


def _known(judged: Judged, label: str, writer: Writer) -> Cell:
    lang, clause = writer.lang, traits(label)
    shown = writer.lasting(judged.value, judged.kind, tax=True)
    yesno = judged.kind.base == "yesno"
    none = judged.value.known and judged.value.value is None
    if judged.state is not None:
        text, tone = _states(judged.state, writer), "strong"
        if judged.state.values == ("yes",) and not yesno and not none:
            text = shown  # an amount that is there says so itself
        elif not yesno and not none:
            due = say("verdict.due", lang, day=shown) if judged.kind.base in ("date", "instant") else shown
            text = bracketed(text, due, lang)
    elif none and judged.holds is None and clause.holding:
        text, tone = say("verdict.recorded", lang), "dim"
    elif none and clause.reading == "tier":
        text, tone = say("verdict.no_tier", lang), "strong"
    elif yesno and clause.holding:
        text, tone = _truth(judged.value, label, writer), _tone(judged.value)
    elif judged.holds is not None and not yesno:
        text, tone = _truth(judged.holds, label, writer), _tone(judged.holds)
        if judged.holds.yes and clause.truths[0] == "yes":
            text, tone = shown, "strong"  # an amount that is there says so itself
        elif not judged.holds.no or not clause.holding or amounts(judged):
            text, tone = listed((shown, text), lang, "comma"), "strong"
    else:
        text, tone = shown, "strong"
    if judged.deemed:
        text = bracketed(text, say("verdict.deemed", lang), lang)
    return Cell(text, tone)


def brief_value(value: Possible, kind: Kind, writer: Writer) -> Cell:
    """The value of a rule that is no result itself."""
    if kind.base == "yesno":
        return Cell(_truth(value, "", writer), _tone(value))
    return Cell(writer.possible(value, kind), "strong" if value.known else "yellow")


def out_of(part: PartValue, writer: Writer) -> str:
    """What an item got of what it could get, where that is fixed: 25 / 30分."""
    got = part.value.value if part.value.known else None
    if part.most is None or not isinstance(got, Fraction):
        shown = writer.possible(part.value, part.kind)
        return shown if part.most is None else say("value.out_of", writer.lang, value=shown, most=writer.exact(
            part.most, part.kind))
    return say("value.out_of", writer.lang, value=writer.exact(got, NUMBER), most=writer.exact(part.most, part.kind))


def _truth(value: Possible, label: str, writer: Writer) -> str:
    """成立, or the word that fits the clause: 合格, 已逾期, 受限."""
    if value.maybe:
        return word("state", "unknown", writer.lang)
    return word("state", traits(label).truths[0 if value.yes else 1], writer.lang)


def _tone(value: Possible) -> str:
    return "strong" if value.yes else "" if value.no else "yellow"


def _states(state: Possible, writer: Writer) -> str:
    shown = [word("state", str(v), writer.lang) for v in state.values or ()]
    return listed(shown, writer.lang, "or") or word("state", "unknown", writer.lang)


def _unknown(judged: Judged, label: str, writer: Writer) -> Cell:
    """未定, with what is still possible where something is excluded."""
    if "not_stated" in judged.reasons and not judged.missing and not _says_something(judged.value):
        return Cell(say("value.not_stated", writer.lang), "yellow")
    more = []
    if judged.state is not None:
        more.append(_states(judged.state, writer))
    elif judged.kind.base != "yesno" and _says_something(judged.value):
        more.append(writer.lasting(judged.value, judged.kind, tax=True))
    if judged.holds is not None and judged.kind.base != "yesno" and not judged.holds.maybe:
        more.append(_truth(judged.holds, label, writer))
    if judged.value.hull:
        more.append(say("verdict.hull", writer.lang))
    text = word("state", "unknown", writer.lang)
    if more:
        text = bracketed(text, listed(more, writer.lang, "comma"), writer.lang)
    return Cell(text, "yellow")


def _says_something(value: Possible) -> bool:
    return value.values is not None or value.low is not None or value.high is not None


def why_open(judged: Judged, writer: Writer, name: str = "") -> str:
    """What an undetermined result waits for: the facts, or the reason where no fact would settle it."""
    lang = writer.lang
    parts = []
    said: set[str] = set()
    if judged.missing:
        said = {"missing", "parameter", "population", "not_computable", "discretion"}
        lacking = listed((within(judged.record, m, lang) for m in judged.missing), lang)
        parts.append(say("verdict.lacks", lang, names=lacking))
    elif judged.silent:
        own = re.compile(f"not_stated:{re.escape(name)}(【|$)")  # of the rule itself 未规定 says it all
        notes = [note_text(r, writer) for r in judged.reasons if r.startswith("not_stated:") and not own.match(r)]
        return listed(notes, lang, "semicolon")
    parts += [word("reason", r, lang) for r in names_of("reason") if r in judged.reasons and r not in said]
    told = [r for r in judged.reasons if r not in names_of("reason")]
    # why such a fact is missing is said besides
    unmade = [r for r in told if r.startswith(("not_worked_out:", "no_row_on:"))]
    notes = [note_text(r, writer) for r in (*unmade, *(r for r in told if r not in unmade))]
    if notes and (unmade or not judged.missing):
        last = parts.pop() if parts else word("reason", "not_computable", lang)
        parts.append(headed(last, lang, listed(notes, lang)))
    return listed(parts, lang, "semicolon")


def why_ends_open(judged: Judged, writer: Writer) -> str:
    """What who pays, who is paid and what is to be done wait for."""
    return why_open(replace(judged, missing=judged.ends_missing, reasons=judged.ends_reasons), writer)


def within(record: str | None, name: str, lang: Language) -> str:
    """A missing fact as it is called beside its own record: 证书[甲].到期日 is 到期日 there."""
    own = f"[{record}]."
    return name.partition(own)[2] if record is not None and own in name else fact_name(name, lang)


def fact_name(name: str, lang: Language) -> str:
    """What is missing, as a reader calls it: that of all partners has a word, everything else its own name."""
    head, mark, rest = name.partition("[")
    return say("value.everyone", lang) + mark + rest if head == EVERYONE else name


def note_text(note: str, writer: Writer) -> str:
    """Why something cannot be computed; a note may carry a detail after a colon, and the rule where that is so."""
    what, rule, clauses = noted(note)
    key, _, detail = what.partition(":")
    if key in ("not_listed", "no_row_on"):
        name, space, day = detail.rpartition(" ")
        detail = name + space + writer.exact(date.fromisoformat(day), DATE)
    said = word("note", key, writer.lang, detail=detail)
    if not rule:
        return said
    if not clauses:
        return say("verdict.note_in", writer.lang, note=said, rule=rule)
    return say("verdict.note_by", writer.lang, note=said, rule=rule, cited=cited(clauses, writer))


def remarks(remarks: Iterable[str], lang: Language, most: int | None = None) -> Iterator[str]:
    """Each remark, with all that it is about where it names something, or the first of them."""
    about: dict[str, list[str]] = {}
    for remark in remarks:
        key, _, name = remark.partition(":")
        about.setdefault(key, []).extend([name] if name else [])
    for key, names in about.items():
        yield word("remark", key, lang) + (listed(names, lang) if most is None else some(names, lang, most))


def rewards_words(verdict: Verdict, writer: Writer) -> str:
    """What all rewards come to, one amount a currency; nothing where there is but one reward, which says it itself."""
    paid = [r for r in verdict.results.values() if traits(r.label).reading == "amount" and r.total.kind.base == "money"]
    if sum(traits(r.label).part == "gains" for r in paid) < 2:
        return ""
    said = ((_says_something(one.value), one.kind, writer.possible(one.value, one.kind, tax=True))
            for one in verdict.totals)
    several = len(verdict.totals) > 1
    return listed([bracketed(text, kind.currency or writer.code, writer.lang) if several and not told else text
                   for told, kind, text in said], writer.lang)


def aside_words(verdict: Verdict, writer: Writer) -> str:
    """What was set aside since it has not happened yet, each with its day."""
    told = [bracketed(one.name, writer.exact(one.day, one.kind), writer.lang) for one in verdict.aside]
    return listed(told, writer.lang)


# ---------------------------------------------------------------------------------------------- measures
def measures(items: tuple[Measure, ...], writer: Writer) -> list[Cell]:
    """The measures that follow, or may, one line for those of one kind and span; what does not follow is left out."""
    grouped: dict[tuple[object, ...], list[Measure]] = {}
    for m in items:
        if m.status != "no":
            grouped.setdefault((m.modality, m.status, m.start, m.end, m.afterwards), []).append(m)
    return [_measure(group, writer) for group in grouped.values()]


def _measure(group: list[Measure], writer: Writer) -> Cell:
    lang, first = writer.lang, group[0]
    shown = listed(dict.fromkeys(m.name for m in group), lang)
    parts = [f"{word('modality', first.modality, lang)} {shown}", span(first.start, first.end, writer)]
    if first.afterwards:
        parts.append(say("verdict.afterwards", lang, names=listed(first.afterwards, lang)))
    text = listed((part for part in parts if part), lang, "comma")
    if first.status == "unknown":
        return Cell(bracketed(text, word("state", "unknown", lang), lang), "yellow")
    return Cell(text)


def span(start: Possible | None, end: Possible | None, writer: Writer) -> str:
    """From when to when, as far as anything is known of it."""
    first, last = _day(start, writer), _day(end, writer)
    if first and last:
        return say("verdict.from_to", writer.lang, first=first, last=last)
    if first:
        return say("verdict.from", writer.lang, day=first)
    return say("verdict.until", writer.lang, last=last) if last else ""


def _day(day: Possible | None, writer: Writer) -> str:
    if day is None or not _says_something(day) or day.values == (None,):
        return ""
    return writer.possible(day, DATE)


def grounds_of(measure: str, results: Iterable[ResultValue], writer: Writer) -> str:
    """The clauses, and the records in them, that bring a measure about, or else may: 证书过期降级（甲）、考核不合格."""
    found = list(results)
    every = [m.status for r in found for j in (r.total, *(r.items or ())) for m in j.measures if m.name == measure]
    status = "yes" if "yes" in every else "unknown"
    shown = []
    for result in found:
        records = []
        own = False
        for judged in (result.total, *(result.items or ())):
            if any(m.name == measure and m.status == status for m in judged.measures):
                own = True
                if judged.record is not None:
                    records.append(judged.record)
        if own:
            together = listed(records, writer.lang)
            shown.append(bracketed(result.name, together, writer.lang) if records else result.name)
    return say("verdict.because_of", writer.lang, names=listed(shown, writer.lang)) if shown else ""
