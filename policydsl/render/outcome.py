"""What a result comes to, in a few words: the value, whether it holds, the state, and what is left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from policydsl.domain import Possible
from policydsl.kinds import DATE
from policydsl.render.layout import Cell
from policydsl.render.values import Writer
from policydsl.render.words import LABELS, MODALITIES, REASONS, STATES, phrase, word
from policydsl.verdict import Judged, Measure, ResultValue

# Clauses that hold or fail; the yes or no of any other result is a plain answer.
_HOLDING = {
    "condition", "requirement", "reward", "penalty", "restriction", "rule", "guarantee", "measure", "deduction",
}


def outcome(judged: Judged, label: str, writer: Writer) -> Cell:
    """The outcome of a result or of one of its records."""
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


def _known(judged: Judged, label: str, writer: Writer) -> Cell:
    lang = writer.lang
    shown = writer.possible(judged.value, judged.kind, tax=True)
    yesno = judged.kind.base == "yesno"
    if judged.state is not None:
        text, tone = _states(judged.state, writer), "strong"
        if not yesno and judged.value.known and judged.value.value is not None:
            due = phrase("due", lang, shown) if judged.kind.base in ("date", "instant") else shown
            text = phrase("paren", lang, text, due)
    elif yesno and label == "ban":
        text, tone = word(STATES, "barred" if judged.value.yes else "free", lang), _tone(judged.value)
    elif yesno and label in _HOLDING:
        text, tone = _holds(judged.value, writer)
    elif judged.holds is not None and not yesno:
        text, tone = _holds(judged.holds, writer)
        if not judged.holds.no or label == "score_sheet":
            text, tone = phrase("paren", lang, shown, text), "strong"
    else:
        text, tone = shown, "strong"
    if judged.deemed:
        text = phrase("paren", lang, text, phrase("deemed", lang))
    return Cell(text, tone)


def _holds(value: Possible, writer: Writer) -> tuple[str, str]:
    key = "yes" if value.yes else "no" if value.no else "unknown"
    return word(STATES, key, writer.lang), _tone(value)


def _tone(value: Possible) -> str:
    return "strong" if value.yes else "" if value.no else "yellow"


def _states(state: Possible, writer: Writer) -> str:
    names = [word(STATES, str(v), writer.lang) for v in state.values or ()]
    return phrase("or", writer.lang).join(names) or word(STATES, "unknown", writer.lang)


def _unknown(judged: Judged, label: str, writer: Writer) -> Cell:
    """未定 with what is still possible, where something is excluded."""
    undetermined = word(STATES, "unknown", writer.lang)
    more = []
    if judged.state is not None:
        if judged.state.values is not None and len(judged.state.values) < len(STATES):
            more.append(_states(judged.state, writer))
    elif judged.kind.base != "yesno" and _says_something(judged.value):
        more.append(writer.possible(judged.value, judged.kind, tax=True))
    if judged.holds is not None and judged.kind.base != "yesno" and not judged.holds.maybe:
        more.append(word(STATES, "yes" if judged.holds.yes else "no", writer.lang))
    if judged.value.hull:
        more.append(phrase("hull", writer.lang))
    text = phrase("paren", writer.lang, undetermined, phrase("list", writer.lang).join(more)) if more else undetermined
    return Cell(text, "yellow")


def _says_something(value: Possible) -> bool:
    return value.values is not None or value.low is not None or value.high is not None


def why_open(judged: Judged, writer: Writer) -> str:
    """What an undetermined result waits for: the facts, or the reason where no fact would settle it."""
    lang = writer.lang
    comma = phrase("list", lang)
    missing = phrase("lacks", lang, comma.join(judged.missing)) if judged.missing else ""
    others = [r for r in REASONS if r in judged.reasons and not (missing and r in ("missing", "parameter"))]
    others += [r for r in judged.reasons if r not in REASONS]
    reasons = comma.join(word(REASONS, r, lang) for r in others)
    return ("；" if lang == "zh" else "; ").join(part for part in (missing, reasons) if part)


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
    if first.status == "unknown":
        parts.append(word(STATES, "unknown", lang))
    text = ("，" if lang == "zh" else ", ").join(part for part in parts if part)
    return Cell(text, "yellow" if first.status == "unknown" else "")


def span(start: Possible | None, end: Possible | None, writer: Writer) -> str:
    """From when to when, as far as it is known."""
    first = writer.possible(start, DATE) if start is not None else ""
    last = writer.possible(end, DATE) if end is not None else ""
    if first and last:
        return phrase("from_to", writer.lang, first, last)
    if first:
        return phrase("from", writer.lang, first)
    return phrase("until", writer.lang, last) if last else ""


def in_order(results: Iterable[ResultValue]) -> list[ResultValue]:
    """The results grouped by kind, in the order of the policy within a kind."""
    order = {label: index for index, label in enumerate(LABELS)}
    return sorted(results, key=lambda r: order.get(r.label, len(order)))


def cited(names: Sequence[str], writer: Writer) -> str:
    """The citations of a clause, as the policy writes them."""
    mark = "【{}】" if writer.lang == "zh" else "[{}]"
    return "".join(mark.format(name) for name in names)
