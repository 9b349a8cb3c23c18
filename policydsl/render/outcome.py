"""What a result comes to, in a few words: the value, whether it holds, the state, and what is left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import assert_never

from policydsl.clause_kinds import KINDS, traits
from policydsl.domain import Possible
from policydsl.kinds import DATE, Kind
from policydsl.render.document import citation
from policydsl.render.layout import Cell
from policydsl.render.values import Writer
from policydsl.render.words import MODALITIES, NOTES, REASONS, STATES, phrase, word
from policydsl.verdict import Judged, Measure, ResultValue

_SUMMED = frozenset({"money", "points", "count", "number"})


def in_order(results: Iterable[ResultValue]) -> list[ResultValue]:
    """The results grouped by kind, in the order of the policy within a kind."""
    order = {label: index for index, label in enumerate(KINDS)}
    return sorted(results, key=lambda r: order.get(r.label, len(order)))


def cited(names: Sequence[str], writer: Writer) -> str:
    """The citations of a clause, as the policy writes them."""
    return "".join(citation(name, writer.lang) for name in names)


# ---------------------------------------------------------------------------------------------- one outcome
def outcome(judged: Judged, label: str, writer: Writer) -> Cell:
    """The outcome of a result for the party, or of one of its records."""
    match judged.status:
        case "not_applicable":
            return Cell(word(STATES, "na", writer.lang), "dim")
        case "conflict":
            return Cell(phrase("conflict", writer.lang, writer.possible(judged.value, judged.kind)), "red")
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
    if result.total.status == "unknown" and result.total.kind.base == "yesno" and not result.total.value.maybe:
        # what is known of some records settles the whole, whatever the others turn out to be
        left = str(sum(1 for item in items if item.status == "unknown"))
        settled = _truth(result.total.value, result.label, writer)
        waiting = phrase("some", writer.lang, word(STATES, "unknown", writer.lang), left)
        return Cell(phrase("paren", writer.lang, settled, waiting), "yellow") if left != "0" else outcome(
            result.total, result.label, writer
        )
    if result.total.status in ("unknown", "not_applicable", "conflict") or not items:
        return outcome(result.total, result.label, writer)
    count = str(len(items))
    if any(item.state is not None for item in items):
        return Cell(_tally(items, writer), "strong")
    if result.total.holds is not None or result.total.kind.base == "yesno":
        cell = outcome(result.total, result.label, writer)
        holding = str(sum(1 for item in items if holds(item)))
        return Cell(phrase("paren", writer.lang, cell.text, phrase("records", writer.lang, holding, count)), cell.tone)
    counted = phrase("one_record", writer.lang) if count == "1" else phrase("record_count", writer.lang, count)
    if result.total.kind.base not in _SUMMED:
        return Cell(counted)
    cell = outcome(result.total, result.label, writer)
    return Cell(phrase("paren", writer.lang, cell.text, counted), cell.tone)


def holds(judged: Judged) -> bool:
    """Whether it surely holds."""
    truth = judged.holds if judged.holds is not None else judged.value if judged.kind.base == "yesno" else None
    return truth is not None and truth.yes


def _tally(items: Sequence[Judged], writer: Writer) -> str:
    """How many records are in which state: 已逾期 1，期限内 2."""
    states = Counter(str(item.state.value) for item in items if item.state is not None and item.state.known)
    order = [s for s in STATES if s in states] + sorted(s for s in states if s not in STATES)
    parts = [phrase("some", writer.lang, word(STATES, s, writer.lang), str(states[s])) for s in order]
    return ("，" if writer.lang == "zh" else ", ").join(parts)


def _known(judged: Judged, label: str, writer: Writer) -> Cell:
    lang, clause = writer.lang, traits(label)
    shown = writer.possible(judged.value, judged.kind, tax=True)
    yesno = judged.kind.base == "yesno"
    none = judged.value.known and judged.value.value is None
    if judged.state is not None:
        text, tone = _states(judged.state, writer), "strong"
        if not yesno and not none:
            due = phrase("due", lang, shown) if judged.kind.base in ("date", "instant") else shown
            text = phrase("paren", lang, text, due)
    elif none and judged.holds is None and clause.holding:
        text, tone = phrase("recorded", lang), "dim"
    elif none and clause.reading == "tier":
        text, tone = phrase("no_tier", lang), "strong"
    elif yesno and clause.holding:
        text, tone = _truth(judged.value, label, writer), _tone(judged.value)
    elif judged.holds is not None and not yesno:
        text, tone = _truth(judged.holds, label, writer), _tone(judged.holds)
        if not judged.holds.no or not clause.holding:
            text, tone = shown + ("，" if lang == "zh" else ", ") + text, "strong"
    else:
        text, tone = shown, "strong"
    if judged.deemed:
        text = phrase("paren", lang, text, phrase("deemed", lang))
    return Cell(text, tone)


def brief_value(value: Possible, kind: Kind, writer: Writer) -> Cell:
    """The value of a rule that is no result itself."""
    if kind.base == "yesno":
        return Cell(_truth(value, "", writer), _tone(value))
    return Cell(writer.possible(value, kind), "strong" if value.known else "yellow")


def _truth(value: Possible, label: str, writer: Writer) -> str:
    """成立, or the word that fits the clause: 合格, 已逾期, 受限."""
    if value.maybe:
        return word(STATES, "unknown", writer.lang)
    return word(STATES, traits(label).truths[0 if value.yes else 1], writer.lang)


def _tone(value: Possible) -> str:
    return "strong" if value.yes else "" if value.no else "yellow"


def _states(state: Possible, writer: Writer) -> str:
    names = [word(STATES, str(v), writer.lang) for v in state.values or ()]
    return phrase("or", writer.lang).join(names) or word(STATES, "unknown", writer.lang)


def _unknown(judged: Judged, label: str, writer: Writer) -> Cell:
    """未定, with what is still possible where something is excluded."""
    if "not_stated" in judged.reasons and not judged.missing and not _says_something(judged.value):
        return Cell(phrase("not_stated", writer.lang), "yellow")
    more = []
    if judged.state is not None:
        more.append(_states(judged.state, writer))
    elif judged.kind.base != "yesno" and _says_something(judged.value):
        more.append(writer.possible(judged.value, judged.kind, tax=True))
    if judged.holds is not None and judged.kind.base != "yesno" and not judged.holds.maybe:
        more.append(_truth(judged.holds, label, writer))
    if judged.value.hull:
        more.append(phrase("hull", writer.lang))
    text = word(STATES, "unknown", writer.lang)
    if more:
        text = phrase("paren", writer.lang, text, ("，" if writer.lang == "zh" else ", ").join(more))
    return Cell(text, "yellow")


def _says_something(value: Possible) -> bool:
    return value.values is not None or value.low is not None or value.high is not None


def why_open(judged: Judged, writer: Writer) -> str:
    """What an undetermined result waits for: the facts, or the reason where no fact would settle it."""
    lang = writer.lang
    comma = phrase("list", lang)
    parts = []
    said: set[str] = set()
    if judged.missing:
        said = {"missing", "parameter", "population", "not_computable", "discretion"}
        parts.append(phrase("lacks", lang, comma.join(within(judged.record, m) for m in judged.missing)))
    elif set(judged.reasons) == {"not_stated"}:
        return ""  # 未规定 says it all
    parts += [word(REASONS, r, lang) for r in REASONS if r in judged.reasons and r not in said]
    if not judged.missing:
        notes = [note_text(r, writer) for r in judged.reasons if r not in REASONS]
        if notes:
            last = parts.pop() if parts else word(REASONS, "not_computable", lang)
            parts.append(phrase("colon", lang, last, comma.join(notes)))
    return ("；" if lang == "zh" else "; ").join(parts)


def within(record: str | None, name: str) -> str:
    """A missing fact as it is called beside its own record: 证书[甲].到期日 is 到期日 there."""
    own = f"[{record}]."
    return name.partition(own)[2] if record is not None and own in name else name


def note_text(note: str, writer: Writer) -> str:
    """Why something cannot be computed; a note may carry a detail after a colon."""
    key, _, detail = note.partition(":")
    return word(NOTES, key, writer.lang).format(detail)


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
    comma = phrase("list", lang)
    names = comma.join(dict.fromkeys(m.name for m in group))
    parts = [f"{word(MODALITIES, first.modality, lang)} {names}", span(first.start, first.end, writer)]
    if first.afterwards:
        parts.append(phrase("afterwards", lang, comma.join(first.afterwards)))
    text = ("，" if lang == "zh" else ", ").join(part for part in parts if part)
    if first.status == "unknown":
        return Cell(phrase("paren", lang, text, word(STATES, "unknown", lang)), "yellow")
    return Cell(text)


def span(start: Possible | None, end: Possible | None, writer: Writer) -> str:
    """From when to when, as far as anything is known of it."""
    first, last = _day(start, writer), _day(end, writer)
    if first and last:
        return phrase("from_to", writer.lang, first, last)
    if first:
        return phrase("from", writer.lang, first)
    return phrase("until", writer.lang, last) if last else ""


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
            comma = phrase("list", writer.lang)
            shown.append(phrase("paren", writer.lang, result.name, comma.join(records)) if records else result.name)
    return phrase("because_of", writer.lang, phrase("list", writer.lang).join(shown)) if shown else ""
