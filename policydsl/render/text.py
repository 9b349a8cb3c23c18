"""The verdict as text: what was decided, what is missing, and the grounds of every result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policydsl.core import Const
from policydsl.diagnostics import Language
from policydsl.kinds import DATE, INSTANT, TEXT, Exact
from policydsl.render import grounds
from policydsl.render.layout import WIDTH, Cell, Paint, column, line, paragraph
from policydsl.render.outcome import cited, in_order, measures, outcome, why_open
from policydsl.render.values import Writer
from policydsl.render.words import AS_OF_FROM, LABELS, phrase, word
from policydsl.verdict import Judged, Missing, ResultValue, Verdict

_NAME_COLUMN = 32


def verdict_text(verdict: Verdict, lang: Language | None = None, *, color: bool = False) -> str:
    """One verdict, as text ending in a line break."""
    writer = Writer(lang or verdict.header.dialect, verdict.header.currency)
    paint = Paint(color)
    sections = [
        _head(verdict, writer, paint),
        *_results(verdict, writer, paint),
        _undetermined(verdict, writer, paint),
        _not_applicable(verdict, writer, paint),
        _missing(verdict.missing, writer, paint),
        grounds.section(verdict, writer, paint),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def verdicts_text(verdicts: Sequence[Verdict], lang: Language | None = None, *, color: bool = False) -> str:
    """A population, one verdict after the other."""
    if len(verdicts) == 1:
        return verdict_text(verdicts[0], lang, color=color)
    shown = lang or verdicts[0].header.dialect
    rule = "═" * (WIDTH // 2) if shown == "zh" else "=" * WIDTH
    parts = [phrase("population", shown, str(len(verdicts))) + "\n"]
    parts += [f"{rule}\n{verdict_text(verdict, lang, color=color)}" for verdict in verdicts]
    return "\n".join(parts)


# ---------------------------------------------------------------------------------------------- head
def _head(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    lang, header = writer.lang, verdict.header
    title = header.title
    about = [header.id] if header.id else []
    if header.version:
        about.append(phrase("version", lang, header.version))
    out = [paint(title, "title") + (f"  {phrase('list', lang).join(about)}" if about else "")]
    rows: list[tuple[str, Cell]] = []
    if verdict.party:
        rows.append((phrase("party", lang), Cell(verdict.party, "strong")))
    day = writer.exact(verdict.as_of, INSTANT)
    rows.append((phrase("as_of", lang), Cell(phrase("paren", lang, day, word(AS_OF_FROM, verdict.as_of_from, lang)))))
    in_force = _effective(verdict, writer)
    if in_force:
        rows.append((phrase("effective", lang), Cell(in_force)))
    known = sum(1 for r in verdict.results.values() if r.total.status != "unknown")
    still_open = len(verdict.results) - known
    said = ("undetermined", str(known), str(still_open)) if still_open else ("determined", str(known))
    rows.append((phrase("verdict", lang), Cell(phrase(said[0], lang, *said[1:]), "yellow" if still_open else "strong")))
    rows += [(phrase("remark", lang), Cell(remark, "yellow")) for remark in verdict.remarks]
    wide = column((label for label, _ in rows), _NAME_COLUMN)
    for label, cell in rows:
        out += line(0, Cell(label, "dim"), wide, [cell], "", paint)
    return out


def _effective(verdict: Verdict, writer: Writer) -> str:
    start, end = verdict.header.effective_from, verdict.header.effective_to
    first: Exact = start.value if isinstance(start, Const) else None
    if first is not None and end is not None:
        return phrase("from_to", writer.lang, writer.exact(first, DATE), writer.exact(end, DATE))
    if first is not None:
        return phrase("from", writer.lang, writer.exact(first, DATE))
    return phrase("until", writer.lang, writer.exact(end, DATE)) if end is not None else ""


# ---------------------------------------------------------------------------------------------- results
def _results(verdict: Verdict, writer: Writer, paint: Paint) -> list[list[str]]:
    decided = in_order(r for r in verdict.results.values() if r.total.status in ("known", "conflict"))
    names = _name_column(verdict.results.values())
    sections: dict[str, list[str]] = {}
    for result in decided:
        lines = sections.setdefault(result.label, [paint(word(LABELS, result.label, writer.lang), "title")])
        lines += _result(result, names, writer, paint)
    return list(sections.values())


def _name_column(results: Iterable[ResultValue]) -> int:
    return column((r.name for r in results), _NAME_COLUMN)


def _result(result: ResultValue, names: int, writer: Writer, paint: Paint) -> list[str]:
    cells = [_total(result, writer)]
    if result.total.status == "unknown":
        cells.append(Cell(why_open(result.total, writer)))
    if result.unruled:
        cells.append(Cell(phrase("unruled", writer.lang), "yellow"))
    out = line(2, Cell(result.name), names, cells, cited(result.clauses, writer), paint)
    out += _more(result.total, names, writer, paint)
    for item in result.items or ():
        if item.status == "not_applicable":
            continue
        shown = [outcome(item, result.label, writer)]
        if item.status == "unknown":
            shown.append(Cell(why_open(item, writer)))
        out += line(4, Cell(item.record or ""), max(0, names - 2), shown, "", paint)
        out += _more(item, names, writer, paint)
    return out


def _total(result: ResultValue, writer: Writer) -> Cell:
    """The outcome, and of how many records it comes."""
    cell = outcome(result.total, result.label, writer)
    if result.items is None:
        return cell
    items = [item for item in result.items if item.status != "not_applicable"]
    if not items:
        return Cell(phrase("paren", writer.lang, cell.text, phrase("no_records", writer.lang)), cell.tone)
    holding = [item for item in items if _holding(item)]
    if all(item.holds is None and item.kind.base != "yesno" for item in items):
        return cell
    counted = phrase("records", writer.lang, str(len(holding)), str(len(items)))
    return Cell(phrase("paren", writer.lang, cell.text, counted), cell.tone)


def _holding(item: Judged) -> bool:
    truth = item.holds if item.holds is not None else item.value if item.kind.base == "yesno" else None
    return truth is not None and truth.yes


def _more(judged: Judged, names: int, writer: Writer, paint: Paint) -> list[str]:
    """Measures, further values, and who bears or receives, below a result."""
    cells = measures(judged.measures, writer)
    parts = [f"{part.name} {writer.possible(part.value, part.kind)}" for part in judged.parts]
    if judged.bearer is not None:
        parts.append(phrase("bearer", writer.lang, writer.possible(judged.bearer, TEXT)))
    if judged.favour is not None:
        parts.append(phrase("favour", writer.lang, writer.possible(judged.favour, TEXT)))
    if parts:
        cells.append(Cell(("，" if writer.lang == "zh" else ", ").join(parts)))
    out: list[str] = []
    for cell in cells:
        out += line(2, Cell(""), names, [cell], "", paint)
    return out


# ---------------------------------------------------------------------------------------------- what is open
def _undetermined(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    still_open = in_order(r for r in verdict.results.values() if r.total.status == "unknown")
    if not still_open:
        return []
    names = _name_column(verdict.results.values())
    out = [paint(phrase("open_results", writer.lang), "title")]
    for result in still_open:
        out += _result(result, names, writer, paint)
    return out


def _not_applicable(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    names = [r.name for r in in_order(verdict.results.values()) if r.total.status == "not_applicable"]
    if not names:
        return []
    text = phrase("list", writer.lang).join(names)
    return [paint(phrase("na_results", writer.lang), "title"), *paragraph(2, "", text, paint)]


def _missing(missing: Sequence[Missing], writer: Writer, paint: Paint) -> list[str]:
    if not missing:
        return []
    lang = writer.lang
    out = [paint(phrase("missing", lang), "title")]
    wide = column((m.fact for m in missing), _NAME_COLUMN)
    parameters = [m for m in missing if m.parameter]
    for head, group in (("missing_facts", [m for m in missing if not m.parameter]), ("missing_parameters", parameters)):
        if not group:
            continue
        if parameters:
            out.append("  " + paint(phrase(head, lang), "dim"))
        indent = 4 if parameters else 2
        for m in group:
            wanted = phrase("wanted_by", lang, phrase("list", lang).join(m.wanted_by)) if m.wanted_by else ""
            out += line(indent, Cell(m.fact, "yellow"), wide, [Cell(wanted)], "", paint)
    return out

