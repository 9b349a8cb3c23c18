"""The verdict as text: what was decided, what is missing, and the grounds of every result."""

from __future__ import annotations

from collections.abc import Sequence

from policydsl.clause_kinds import traits
from policydsl.core import Const
from policydsl.diagnostics import Language
from policydsl.kinds import DATE, INSTANT, TEXT, Duration, Exact
from policydsl.render import grounds
from policydsl.render.layout import WIDTH, Cell, Paint, column, line, paragraph
from policydsl.render.outcome import (
    aside_words, cited, grounds_of, holds, in_order, measures, outcome, remarks, rewards_words, total,
    why_ends_open, why_open,
)
from policydsl.render.periods import by_name
from policydsl.render.values import Writer, amendment_words, known_as
from policydsl.say import bracketed, headed, listed, say, word
from policydsl.verdict import Judged, Missing, PartValue, ResultValue, Verdict

_NAME_COLUMN = 32


def verdict_text(verdict: Verdict, lang: Language | None = None, *, color: bool = False, brief: bool = False) -> str:
    """One verdict, as text ending in a line break; ``brief`` leaves the grounds out."""
    writer = Writer.of(verdict.header, lang)
    verdict, paint = by_name(verdict, writer), Paint(color)
    sections = [
        _head(verdict, writer, paint),
        _key(verdict, writer, paint),
        *_decided(verdict, writer, paint),
        _undetermined(verdict, writer, paint),
        _missing(verdict.missing, writer, paint),
        _gathered("verdict.no_record_results", _idle(verdict), writer, paint),
        _gathered("verdict.na_results", [r for r in _others(verdict) if _is_away(r)], writer, paint),
        [] if brief else grounds.section(verdict, writer, paint),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def verdicts_text(
    verdicts: Sequence[Verdict], lang: Language | None = None, *, color: bool = False, brief: bool = False
) -> str:
    """A population, one verdict after the other."""
    if len(verdicts) == 1:
        return verdict_text(verdicts[0], lang, color=color, brief=brief)
    shown = lang or verdicts[0].header.dialect
    parts = [say("verdict.population", shown, count=len(verdicts)) + "\n"]
    parts += [f"{'=' * WIDTH}\n{verdict_text(verdict, lang, color=color, brief=brief)}" for verdict in verdicts]
    return "\n".join(parts)


# ---------------------------------------------------------------------------------------------- head
def _head(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    lang, header = writer.lang, verdict.header
    id = known_as(header, lang)
    about = [id] if id else []
    if header.version:
        about.append(say("verdict.version", lang, version=header.version))
    out = [paint(header.title, "title") + ("  " + listed(about, lang, "comma") if about else "")]
    rows: list[tuple[str, Cell]] = []
    if verdict.party:
        rows.append((say("verdict.party", lang), Cell(verdict.party, "strong")))
    day = writer.exact(verdict.as_of, INSTANT)
    rows.append((say("verdict.as_of", lang), Cell(bracketed(day, word("as_of_from", verdict.as_of_from, lang), lang))))
    in_force = _effective(verdict, writer)
    if in_force:
        rows.append((say("verdict.effective", lang), Cell(in_force)))
    rows += [(say("verdict.amended", lang), Cell(amendment_words(a, writer))) for a in header.amended]
    known = sum(1 for r in verdict.results.values() if not r.open)
    still_open = len(verdict.results) - known
    said = Cell(say("verdict.undetermined", lang, known=known, open=still_open), "yellow") if still_open else Cell(
        say("verdict.determined", lang, count=known), "strong"
    )
    rows.append((say("verdict.verdict", lang), said))
    if rewards := rewards_words(verdict, writer):
        rows.append((say("verdict.rewards", lang), Cell(rewards, "strong")))
    if verdict.aside:
        rows.append((say("verdict.aside", lang), Cell(aside_words(verdict, writer), "yellow")))
    rows += [(say("verdict.remark", lang), Cell(remark, "yellow")) for remark in remarks(verdict.remarks, lang)]
    wide = column((label for label, _ in rows), _NAME_COLUMN)
    for label, cell in rows:
        out += line(0, Cell(label, "dim"), wide, [cell], "", paint)
    return out


def _effective(verdict: Verdict, writer: Writer) -> str:
    start, end = verdict.header.effective_from, verdict.header.effective_to
    first: Exact = start.value if isinstance(start, Const) else None
    if first is not None and end is not None:
        return say("verdict.from_to", writer.lang, first=writer.exact(first, DATE), last=writer.exact(end, DATE))
    if first is not None:
        return say("verdict.from", writer.lang, day=writer.exact(first, DATE))
    return say("verdict.until", writer.lang, last=writer.exact(end, DATE)) if end is not None else ""


# ---------------------------------------------------------------------------------------------- results
def _key(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    """The key results, whatever has become of them."""
    found = in_order(r for r in verdict.results.values() if r.key is not None)
    if not found:
        return []
    names = _name_column(verdict)
    out = [paint(say("verdict.key_results", writer.lang), "title")]
    return [*out, *(text for r in found for text in _result(r, verdict, names, writer, paint))]


def _others(verdict: Verdict) -> list[ResultValue]:
    return [r for r in verdict.results.values() if r.key is None]


def _decided(verdict: Verdict, writer: Writer, paint: Paint) -> list[list[str]]:
    """What is decided, by kind. Measures that do not follow share a line."""
    idle = _idle(verdict)
    decided = [r for r in _others(verdict) if r.total.status in ("known", "conflict") and r not in idle]
    names = _name_column(verdict)
    sections: dict[str, list[str]] = {}
    for result in in_order(r for r in decided if not _away_measure(r)):
        lines = sections.setdefault(result.label, [paint(traits(result.label).several(writer.lang), "title")])
        lines += _result(result, verdict, names, writer, paint)
    away = [r for r in decided if _away_measure(r)]
    if away:
        head = headed(word("state", "no", writer.lang), writer.lang)
        label = away[0].label
        lines = sections.setdefault(label, [paint(traits(label).several(writer.lang), "title")])
        lines += paragraph(2, head, listed((r.name for r in away), writer.lang), paint, "")
    return list(sections.values())


def _idle(verdict: Verdict) -> list[ResultValue]:
    """The results that would concern records, of which there are none."""
    return [r for r in _others(verdict) if r.items == () and r.total.status == "known"]


def _is_away(result: ResultValue) -> bool:
    return result.total.status == "not_applicable"


def _away_measure(result: ResultValue) -> bool:
    judged = result.total
    return traits(result.label).reading == "force" and judged.status == "known" and judged.value.no and all(
        part.value.no for part in judged.parts
    )


def _gathered(head: str, results: Sequence[ResultValue], writer: Writer, paint: Paint) -> list[str]:
    if not results:
        return []
    text = listed((r.name for r in in_order(results)), writer.lang)
    return [paint(say(head, writer.lang), "title"), *paragraph(2, "", text, paint)]


def _name_column(verdict: Verdict) -> int:
    return column((r.name for r in verdict.results.values()), _NAME_COLUMN)


def _result(result: ResultValue, verdict: Verdict, names: int, writer: Writer, paint: Paint) -> list[str]:
    cells = [total(result, writer)]
    if result.total.status == "unknown" and not any(i.status == "unknown" for i in result.items or ()):
        cells.append(Cell(why_open(result.total, writer, result.name)))
    if not traits(result.label).written:
        cells.append(Cell(grounds_of(result.name, verdict.results.values(), writer)))
    if result.unruled:
        cells.append(Cell(say("verdict.unruled", writer.lang), "yellow"))
    out = line(2, Cell(result.name), names, cells, cited(result.clauses, writer), paint)
    out += _more(result.total, result.label, names, writer, paint)
    for item in result.items or ():
        if _told(item, result):
            shown = [outcome(item, result.label, writer)]
            if item.status == "unknown":
                shown.append(Cell(why_open(item, writer, result.name)))
            out += line(4, Cell(item.record or ""), max(0, names - 2), shown, "", paint)
            out += _more(item, result.label, names, writer, paint)
    return out


def _told(item: Judged, result: ResultValue) -> bool:
    """Whether a record gets a line of its own: what simply does not hold is counted, the grounds show why."""
    if item.status != "known":
        return item.status != "not_applicable"
    clause = traits(result.label)
    if item.state is not None:
        return not clause.asks or item.state.values != ("yes",)
    if clause.inner:
        return False
    decides = item.holds is not None or item.kind.base == "yesno"
    if clause.asks:
        return decides and not holds(item)
    return not decides or holds(item)


def _more(judged: Judged, label: str, names: int, writer: Writer, paint: Paint) -> list[str]:
    """Measures, further values, and who bears or receives, below a result."""
    cells = measures(judged.measures, writer)
    parts = []
    exactly = any(part.name == "late_by" for part in judged.parts)
    for part in judged.parts if traits(label).reading != "score" else ():
        if part.name == "barred" and part.value.no or part.value.values == (None,):
            continue
        if traits(label).reading != "debt" and (part.name == "days_late" and exactly or not_late(part)):
            continue
        name = word("part", part.name, writer.lang)
        parts.append(name if part.name == "barred" and part.value.yes else
                     f"{name} {writer.lasting(part.value, part.kind)}")
    applies = holds(judged) or judged.status == "unknown"
    if judged.bearer is not None and applies:
        parts.append(say("verdict.bearer", writer.lang, party=writer.possible(judged.bearer, TEXT)))
    if judged.favour is not None and applies:
        parts.append(say("verdict.favour", writer.lang, party=writer.possible(judged.favour, TEXT)))
    if parts:
        cells.append(Cell(listed(parts, writer.lang, "comma")))
    if judged.ends_open and applies and not (judged.missing and {*judged.ends_missing} <= {*judged.missing}):
        cells.append(Cell(why_ends_open(judged, writer), "yellow"))
    return [text for cell in cells for text in line(2, Cell(""), names, [cell], "", paint)]


_NOT_YET = (("late_fee", 0), ("pay_state", "waiting"))


def not_late(part: PartValue) -> bool:
    """Whether it says that nothing is late, or not due yet."""
    value = part.value.value if part.value.known else None
    if part.name in ("days_late", "late_by"):
        return isinstance(value, Duration) and not value.value
    return (part.name, value) in _NOT_YET


# ---------------------------------------------------------------------------------------------- what is open
def _undetermined(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    still_open = in_order(r for r in _others(verdict) if r.total.status == "unknown")
    if not still_open:
        return []
    out = [paint(say("verdict.open_results", writer.lang), "title")]
    for result in still_open:
        out += _result(result, verdict, _name_column(verdict), writer, paint)
    return out


def _missing(missing: Sequence[Missing], writer: Writer, paint: Paint) -> list[str]:
    if not missing:
        return []
    lang = writer.lang
    out = [paint(say("verdict.missing", lang), "title")]
    wide = column((m.fact for m in missing), _NAME_COLUMN)
    parameters = [m for m in missing if m.parameter]
    facts = [m for m in missing if not m.parameter]
    for head, group in (("verdict.missing_facts", facts), ("verdict.missing_parameters", parameters)):
        if not group:
            continue
        if parameters:
            out.append("  " + paint(say(head, lang), "dim"))
        indent = 4 if parameters else 2
        for m in sorted(group, key=lambda m: "]." in m.fact):  # facts of the party first, then those of records
            wanted = say("verdict.wanted_by", lang, names=listed(m.wanted_by, lang)) if m.wanted_by else ""
            out += line(indent, Cell(m.fact, "yellow"), wide, [Cell(wanted)], "", paint)
    return out

