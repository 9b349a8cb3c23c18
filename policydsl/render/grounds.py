"""The grounds of a verdict: the rules of each result that applied and those that did not, actual against required."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from policydsl.domain import Possible
from policydsl.kinds import Duration, Kind
from policydsl.render.layout import Cell, Paint, column, line, paragraph
from policydsl.render.outcome import cited, in_order, outcome
from policydsl.render.values import Writer
from policydsl.render.words import FIRED, RANGES, phrase, word
from policydsl.verdict import Entry, Finding, Judged, Reading, ResultValue, Verdict

_TEXT_COLUMN = 40
_MARKS = {
    "fired": ("✓", "green"), "not_fired": ("✗", "red"), "unknown": ("?", "yellow"), "overridden": ("~", "dim"),
    "not_applicable": ("-", "dim"), "yes": ("✓", "green"), "no": ("✗", "red"),
}


def section(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    """The grounds of every result in the order of the results, then the rules in between."""
    by_rule: dict[str, list[Entry]] = {}
    for entry in verdict.trace:
        by_rule.setdefault(entry.rule, []).append(entry)
    blocks: list[list[str]] = []
    for result in in_order(verdict.results.values()):
        entries = by_rule.pop(result.name, [])
        if result.total.status != "not_applicable" and (entries or result.remarks):
            blocks.append(_of_result(result, entries, writer, paint))
    between = [line_ for rule, entries in by_rule.items() for line_ in _between(rule, entries, writer, paint)]
    if between:
        blocks.append([paint(phrase("other_rules", writer.lang), "title"), *between])
    if not blocks:
        return []
    out = [paint(phrase("grounds", writer.lang), "title")]
    for index, block in enumerate(blocks):
        out += block if index == 0 else ["", *block]
    return out


def _of_result(result: ResultValue, entries: Sequence[Entry], writer: Writer, paint: Paint) -> list[str]:
    cite = cited(result.clauses, writer) + _line_number(result.at.line, writer)
    cell = outcome(result.total, result.label, writer)
    out = line(2, Cell(result.name, "strong"), 0, [cell], cite, paint)
    return out + _entries(entries, result, writer, paint) + _remarks(result, entries, writer, paint)


def _between(rule: str, entries: Sequence[Entry], writer: Writer, paint: Paint) -> list[str]:
    first = entries[0]
    cite = cited(first.clauses, writer) + _line_number(first.at.line, writer)
    return [*line(2, Cell(rule, "strong"), 0, [], cite, paint), *_entries(entries, None, writer, paint)]


def _line_number(number: int, writer: Writer) -> str:
    return (" " if writer.lang == "zh" else ", ") + phrase("line", writer.lang, str(number)) if number else ""


# ---------------------------------------------------------------------------------------------- entries
def _entries(entries: Sequence[Entry], result: ResultValue | None, writer: Writer, paint: Paint) -> list[str]:
    """One line an entry, with its conditions below it; what concerns no record at all is gathered in one line."""
    shown = [e for e in entries if e.status != "not_applicable"]
    left_out = list(dict.fromkeys(e.record for e in entries if e.status == "not_applicable" and e.record is not None))
    left_out = [record for record in left_out if all(e.record != record for e in shown)]
    lone = len(shown) == 1 and shown[0].record is None and shown[0].row is None
    rows: list[tuple[int, Cell, list[Cell], str]] = []
    record: str | None = None
    for entry in shown:
        if entry.record is not None and entry.record != record:
            record = entry.record
            rows.append((4, Cell(record, "strong"), _record_outcome(result, record, writer), ""))
        deeper = 2 if entry.record is not None else 0
        same = result is not None and entry.clauses == result.clauses and entry.at.line == result.at.line
        cite = "" if same else (cited(entry.clauses, writer) + _line_number(entry.at.line, writer)).strip(" ,")
        plain = entry.row is None and (lone or (entry.record is not None and _alone(entry, shown)))
        if plain and entry.findings:
            rows += [(4 + deeper, *row) for row in _findings(entry, cite, writer)]
            continue
        rows.append((4 + deeper, _entry_cell(entry, writer), _entry_value(entry, result, writer), cite))
        rows += [(6 + deeper, *row) for row in _findings(entry, "", writer)]
    wide = column((" " * (indent - 4) + first.text for indent, first, rest, _ in rows if rest), _TEXT_COLUMN)
    out: list[str] = []
    for indent, first, rest, cite in rows:
        out += line(indent, first, max(0, wide - (indent - 4)), rest, cite, paint)
    if left_out:
        text = f"- {word(FIRED, 'not_applicable', writer.lang)} " + phrase("list", writer.lang).join(left_out)
        out += paragraph(4, "", text, paint)
    return out


def _alone(entry: Entry, entries: Sequence[Entry]) -> bool:
    return sum(1 for e in entries if e.record == entry.record) == 1


def _record_outcome(result: ResultValue | None, record: str, writer: Writer) -> list[Cell]:
    if result is None:
        return []
    item: Judged | None = next((i for i in result.items or () if i.record == record), None)
    return [outcome(item, result.label, writer)] if item is not None else []


def _entry_cell(entry: Entry, writer: Writer) -> Cell:
    mark, tone = _MARKS[entry.status]
    row = phrase("row", writer.lang, str(entry.row)) if entry.row is not None else ""
    name = " ".join(part for part in (row, entry.label) if part)
    return Cell(f"{mark} {name or word(FIRED, entry.status, writer.lang)}", tone if entry.status != "fired" else "")


def _entry_value(entry: Entry, result: ResultValue | None, writer: Writer) -> list[Cell]:
    """The value of the entry, the word where it was set aside, and what it was read from."""
    cells: list[Cell] = []
    if entry.status == "overridden":
        cells.append(Cell(word(FIRED, "overridden", writer.lang), "dim"))
    elif entry.value is not None and entry.status in ("fired", "unknown") and entry.kind.base != "yesno":
        cells.append(Cell(writer.possible(entry.value, entry.kind), "strong" if entry.status == "fired" else "yellow"))
    reads = _reads(entry.reads, entry.findings, writer)
    return [*cells, Cell(phrase("reads", writer.lang, reads), "dim")] if reads else cells


def _reads(reads: Sequence[Reading], findings: Sequence[Finding], writer: Writer) -> str:
    """What was read and does not stand in a condition already."""
    told = [f.text for f in findings]
    left = [r for r in reads if not any(r.name in text for text in told)]
    return phrase("list", writer.lang).join(f"{r.name} {writer.possible(r.value, r.kind)}" for r in left)


# ---------------------------------------------------------------------------------------------- conditions
def _findings(entry: Entry, cite: str, writer: Writer) -> list[tuple[Cell, list[Cell], str]]:
    rows = []
    for index, finding in enumerate(entry.findings):
        mark, tone = _MARKS[finding.status]
        cells = [Cell(_actual(finding, writer)), Cell(_required(finding, writer)), _gap(finding, writer)]
        rows.append((Cell(f"{mark} {finding.text}", tone if finding.status != "yes" else ""), cells,
                     cite if index == 0 else ""))
    return rows


def _actual(finding: Finding, writer: Writer) -> str:
    if finding.actual is None:
        return ""
    return phrase("actual", writer.lang, writer.possible(finding.actual, _of(finding.actual, finding.kind)))


def _required(finding: Finding, writer: Writer) -> str:
    """What was required, unless the condition says it already in the same words."""
    value = finding.required
    if value is None:
        return ""
    kind = _of(value, finding.kind)
    shown = writer.possible(value, kind)
    if _squeezed(shown) in _squeezed(finding.text):
        return ""
    if value.known and finding.op in RANGES:
        shown = writer.limit(finding.op, value.value, kind)
    return phrase("required", writer.lang, shown)


def _gap(finding: Finding, writer: Writer) -> Cell:
    if finding.status == "unknown" and finding.missing:
        return Cell(phrase("lacks", writer.lang, phrase("list", writer.lang).join(finding.missing)), "yellow")
    gap = finding.gap
    if gap is None or finding.status == "yes":
        return Cell("")
    if gap.known and gap.value in (Fraction(0), Duration(Fraction(0), "D")):
        return Cell(phrase("level", writer.lang), "red")
    shown = writer.possible(gap, finding.kind)
    if gap.known and isinstance(gap.value, tuple):
        return Cell(phrase("lacking_items", writer.lang, shown), "red")
    dated = finding.actual is not None and finding.actual.known and isinstance(finding.actual.value, date)
    match finding.op:
        case ">=" | ">":
            key = "early" if dated else "short"
        case "<=" | "<":
            key = "late" if dated else "over"
        case _:
            key = "apart"
    return Cell(phrase(key, writer.lang, shown), "red")


def _of(value: Possible, kind: Kind) -> Kind:
    """The kind to print by: a yes or no beside a condition of another kind is a yes or no."""
    return Kind("yesno") if value.known and isinstance(value.value, bool) else kind


def _squeezed(text: str) -> str:
    return "".join(text.replace(",", "").split())


# ---------------------------------------------------------------------------------------------- remarks
def _remarks(result: ResultValue, entries: Sequence[Entry], writer: Writer, paint: Paint) -> list[str]:
    """Open questions with their rulings, and rulings that the entries rest on besides."""
    out: list[str] = []
    told: set[str] = set()
    for remark in result.remarks:
        if remark.kind != "note":
            told.add(remark.text)
            tone = "yellow" if remark.text in result.unruled else "dim"
            out += _remark(remark.kind, remark.text, tone, writer, paint)
    for text in dict.fromkeys(text for entry in entries for text in entry.rulings):
        if text not in told:
            out += _remark("ruling", text, "dim", writer, paint)
    return out


def _remark(kind: str, text: str, tone: str, writer: Writer, paint: Paint) -> list[str]:
    colon = "：" if writer.lang == "zh" else ": "
    return paragraph(4, phrase(kind, writer.lang) + colon, text, paint, tone)
