"""The grounds of a verdict: the rules of each result that applied and those that did not, actual against required."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from policydsl.clause_kinds import traits
from policydsl.domain import Possible
from policydsl.kinds import NUMBER, YESNO, Duration, Kind
from policydsl.line_roles import line_role
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.render import sums
from policydsl.render.layout import NARROWEST, Cell, Paint, column, line, paragraph, wrap
from policydsl.render.outcome import brief_value, cited, in_order, outcome, plain_words, reading_name, total, within
from policydsl.render.values import Writer
from policydsl.say import headed, listed, names_of, say, word
from policydsl.verdict import Entry, Finding, Reading, ResultValue, Sum, Verdict

_TEXT_COLUMN = 44
_MARKS = {
    "fired": ("✓", "green"), "not_fired": ("✗", "red"), "unknown": ("?", "yellow"), "overridden": ("~", "dim"),
    "not_applicable": ("-", "dim"), "yes": ("✓", "green"), "no": ("✗", "red"),
}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_SIGNS = ("≥", "≤", "＞", "＜", "＝", "≠", ">", "<", "=", "!=")

# Citations and the line on which they stand.
Place = tuple[tuple[str, ...], Span]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the grounds: a mark and a text in the first column, what was found, and the place."""

    depth: int
    first: Cell
    rest: tuple[Cell, ...]
    cite: str


def section(verdict: Verdict, writer: Writer, paint: Paint) -> list[str]:
    """The grounds of every result in the order of the results, then what the trace holds besides."""
    by_rule: dict[str, list[Entry]] = {}
    for entry in verdict.trace:
        by_rule.setdefault(entry.rule, []).append(entry)
    blocks: list[list[str]] = []
    for result in in_order(verdict.results.values()):
        entries = by_rule.pop(result.name, [])
        if result.total.status != "not_applicable" and traits(result.label).written and result.items != ():
            blocks.append(_of_result(result, entries, writer, paint))
    other = [text for rule, entries in by_rule.items() for text in _of_rule(rule, entries, writer, paint)]
    if other:
        blocks.append([paint(say("verdict.other_rules", writer.lang), "title"), *other])
    if not blocks:
        return []
    out = [paint(say("verdict.grounds", writer.lang), "title")]
    for index, block in enumerate(blocks):
        out += block if index == 0 else ["", *block]
    return out


def of_result(verdict: Verdict, name: str, record: str | None, writer: Writer, paint: Paint) -> list[str]:
    """The grounds of one result alone, or (``record``) of its instance for one record."""
    entries = [e for e in verdict.trace if e.rule == name and (record is None or e.record == record)]
    return _of_result(verdict.results[name], entries, writer, paint)


def _of_result(result: ResultValue, entries: Sequence[Entry], writer: Writer, paint: Paint) -> list[str]:
    place = place_words(result.clauses, result.at, writer)
    out = line(2, Cell(result.name, "strong"), 0, [total(result, writer)], place, paint)
    out += laid_out(_rows(entries, result, (result.clauses, result.at), writer), paint)
    return out + _idle(entries, writer, paint) + _remarks(result, entries, writer, paint)


def _of_rule(rule: str, entries: Sequence[Entry], writer: Writer, paint: Paint) -> list[str]:
    place = place_words(entries[0].clauses, entries[0].at, writer)
    main = next((e for e in entries if _main(e) and e.record is None and e.value is not None), None)
    value = [brief_value(main.value, main.kind, writer)] if main is not None and main.value is not None else []
    head = line(2, Cell(rule, "strong"), 0, value, place, paint)
    return head + laid_out(_rows(entries, None, (entries[0].clauses, entries[0].at), writer), paint)


def place_words(clauses: Sequence[str], at: Span, writer: Writer) -> str:
    """The citations and the line: 【5.3.2】第12行."""
    return listed((part for part in (cited(clauses, writer), writer.line(at)) if part), writer.lang, "gap")


def laid_out(rows: Sequence[Row], paint: Paint) -> list[str]:
    """The rows with their first column as wide as the texts need that have something beside them."""
    wide = column((" " * 2 * row.depth + row.first.text for row in rows if row.rest), _TEXT_COLUMN)
    out: list[str] = []
    for row in rows:
        indent = 4 + 2 * row.depth
        out += line(indent, row.first, max(0, wide - 2 * row.depth), row.rest, row.cite, paint)
    return out


# ---------------------------------------------------------------------------------------------- entries
def _rows(entries: Sequence[Entry], result: ResultValue | None, told: Place, writer: Writer) -> list[Row]:
    """The rows of a rule: its conditions and table rows, for the party or record after record. ``told``: the citations
    and the line in its heading, which its rows do not repeat."""
    rows: list[Row] = []
    gate = "\n".join(f.text for entry in entries if line_role(entry.label).gates for f in entry.findings)
    outcomes = {item.record: item for item in (result.items or ())} if result is not None else {}
    for record, group in _by_record(_once(entries)):
        depth = 0
        own = [entry for entry in group if not _main(entry)]
        if record is not None:
            item = outcomes.get(record)
            cells = [outcome(item, result.label, writer)] if item is not None and result is not None else []
            if result is None:
                values = [(e.value, e.kind) for e in group if _main(e) and e.value is not None]
                cells = [brief_value(value, kind, writer) for value, kind in values]
            cells += _read_by_main(group, own, writer)
            rows.append(Row(0, Cell(record, "strong"), tuple(cells), ""))
            depth = 1
        elif not own:
            rows += [Row(0, Cell(""), (cell,), "") for cell in _read_by_main(group, own, writer)]
        for entry in own:
            rows += _entry(entry, depth, gate, told, writer)
            rows += sum_rows(entry.working, depth + 1, writer)
        for entry in group:
            rows += sum_rows(entry.working, depth, writer) if _main(entry) else []
    return rows


def sum_rows(working: Sum | None, depth: int, writer: Writer) -> list[Row]:
    """How a value was worked out, a line for each step."""
    rows: list[Row] = []
    for step in sums.lines(working, writer) if working is not None else ():
        level = depth + step.depth
        *above, head = wrap(step.head, max(NARROWEST, _TEXT_COLUMN - 2 * level))
        rows += [Row(level, Cell(piece, "dim"), (), "") for piece in above]
        cite = place_words(step.made.clauses, step.made.at, writer) if step.depth and step.made.clauses else ""
        rows.append(Row(level, Cell(head, "dim"), (Cell(step.text),), cite))
    return rows


def _main(entry: Entry) -> bool:
    """The entry of the rule as a whole: what it says stands in the heading."""
    return entry.row is None and not entry.label


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Every line of the policy once a record; what does not concern the party is left out."""
    seen: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        if entry.status != "not_applicable":
            seen.setdefault((entry.record, entry.label, entry.row, entry.at), entry)
    return list(seen.values())


def _by_record(entries: Sequence[Entry]) -> list[tuple[str | None, list[Entry]]]:
    groups: dict[str | None, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.record, []).append(entry)
    return list(groups.items())


def _read_by_main(group: Sequence[Entry], own: Sequence[Entry], writer: Writer) -> list[Cell]:
    """What a plain formula was computed from; where there are rows or a working, they say it."""
    if own or any(entry.working is not None for entry in group):
        return []
    reads = [r for entry in group for r in entry.reads]
    return [Cell(say("verdict.reads", writer.lang, names=_reads(reads, writer)), "dim")] if reads else []


def _idle(entries: Sequence[Entry], writer: Writer, paint: Paint) -> list[str]:
    """The records that the rule does not concern, in one line."""
    concerned = {entry.record for entry in entries if entry.status != "not_applicable"}
    idle = dict.fromkeys(e.record for e in entries if e.record is not None and e.record not in concerned)
    if not idle:
        return []
    text = f"- {word('fired', 'not_applicable', writer.lang)} {listed(idle, writer.lang)}"
    return paragraph(4, "", text, paint)


def _entry(entry: Entry, depth: int, gate: str, heading: Place, writer: Writer) -> list[Row]:
    """One row for an entry that is a single condition; else a row for the entry and one for each condition.

    ``gate``: the conditions of 对象; what they read is not told again."""
    role = entry.label if entry.label in names_of("role") else ""
    status = entry.status
    if line_role(entry.label).exempts and status in ("fired", "not_fired"):
        # 除非 speaks for the clause when it does not hold
        status = "not_fired" if status == "fired" else "fired"
    mark, tone = _MARKS[status]
    tone = "" if status == "fired" else tone
    cite = _entry_place(entry, heading, writer)
    text = _role_text(entry, role, writer)
    value = _value(entry, writer)
    told = chained([replace(f, text=plain_words(f.text)) for f in entry.findings])
    findings = with_subjects(told)
    if status == "overridden":
        shown = _joined(role, findings[0].text, writer) if role and len(findings) == 1 else text
        return [Row(depth, Cell(f"{mark} {shown}", tone), tuple(value), cite)]
    if len(findings) == 1 and (role or _squeezed(told[0].text) in _squeezed(entry.label)):
        finding = findings[0]
        whole = bool(role) or _squeezed(told[0].text) == _squeezed(text)
        shown = _joined(role, finding.text, writer) if whole else text
        cells = value + finding_cells(finding, entry.record, writer, gap=role != "unless")
        return [Row(depth, Cell(f"{mark} {shown}", tone), tuple(cells), cite)]
    if not findings:
        reads = _reads([r for r in entry.reads if role == "for" or r.name not in gate], writer)
        cells = [*value, Cell(say("verdict.reads", writer.lang, names=reads), "dim")] if reads else value
        return [Row(depth, Cell(f"{mark} {text}", tone), tuple(cells), cite)]
    rows = [Row(depth, Cell(f"{mark} {text}", tone), tuple(value), cite)]
    for finding in findings:
        mark, tone = _MARKS[finding.status]
        first = Cell(f"{mark} {finding.text}", "" if finding.status == "yes" else tone)
        cells = finding_cells(finding, entry.record, writer, gap=role != "unless")
        rows.append(Row(depth + 1, first, tuple(cells), ""))
    return rows


def _role_text(entry: Entry, role: str, writer: Writer) -> str:
    if not role:
        return plain_words(entry.label) or word("fired", entry.status, writer.lang)
    called = word("role", role, writer.lang)
    if entry.row is None or role not in ("case", "item", "exception"):
        return called
    return say("mark.numbered", writer.lang, word=called, number=entry.row)


def _joined(role: str, text: str, writer: Writer) -> str:
    """The condition, after the word of its line where that says more than 若."""
    return text if role in ("", "when", "item", "case", "row") else f"{word('role', role, writer.lang)} {text}"


def _entry_place(entry: Entry, heading: Place, writer: Writer) -> str:
    """The place of an entry, as far as the heading does not say it."""
    clauses, at = heading
    if entry.at.on_line_of(at):
        return ""
    return place_words(() if entry.clauses == clauses else entry.clauses, entry.at, writer)


def _value(entry: Entry, writer: Writer) -> list[Cell]:
    """The value that the row gives, or that it was set aside."""
    if entry.status == "overridden":
        return [Cell(word("fired", "overridden", writer.lang), "dim")]
    if entry.value is None or entry.kind.base == "yesno" or entry.status not in ("fired", "unknown"):
        return []
    shown = writer.possible(entry.value, entry.kind)
    if shown == entry.label:  # the row of a tier is named for its value
        return []
    return [Cell(shown, "strong" if entry.status == "fired" else "yellow")]


def _reads(reads: Iterable[Reading], writer: Writer) -> str:
    once = dict.fromkeys(f"{reading_name(r, writer.lang)} {writer.possible(r.value, r.kind)}" for r in reads)
    return listed(once, writer.lang)


# ---------------------------------------------------------------------------------------------- conditions
def chained(findings: Sequence[Finding]) -> list[Finding]:
    """The two halves of ``8%＜ECR≤10%`` as one condition: what decides it is the half that fails or is open (where it
    must not hold, and so lie outside, the half that holds or is open)."""
    out: list[Finding] = []
    for finding in findings:
        before = out[-1] if out else None
        turned = None if before is None else _other_half(before, finding)
        if turned is None:
            out.append(finding)
            continue
        order = ("yes", "unknown", "no") if _outside(turned, finding) else ("no", "unknown", "yes")
        out[-1] = replace(min(turned, finding, key=lambda f: order.index(f.status)), required=None)
    return out


def _other_half(before: Finding, finding: Finding) -> Finding | None:
    """The condition before, if it is the other half of one, with what is tested first: 8% ＜ ECR, or the lower end of
    the cell 8% 至 10%."""
    if before.text != finding.text or before.required is None or before.op not in _MIRROR:
        return None
    if finding.subject not in finding.text:  # a cell: those of two rows, or columns, are no halves
        sides = {before.op[0], finding.op[0]} == {"<", ">"} and before.subject == finding.subject
        return before if sides and before.actual == finding.actual else None
    turned = replace(before, op=_MIRROR[before.op], actual=before.required, required=before.actual)
    return turned if turned.actual == finding.actual else None


def _outside(one: Finding, two: Finding) -> bool:
    """Whether two limits let through what lies outside of them: ≤ 8% or ＞ 10%."""
    low, high = (one, two) if one.op in (">", ">=") else (two, one)
    if low.required is None or high.required is None:
        return False
    a, b = low.required.value if low.required.known else None, high.required.value if high.required.known else None
    return isinstance(a, Fraction) and isinstance(b, Fraction) and a >= b and (low.op, high.op, a) != (">=", "<=", b)


def with_subjects(findings: Sequence[Finding]) -> list[Finding]:
    """The conditions in the author's words; the cell of a table (≥ 10人) gets the name of what it tests."""
    return [
        replace(f, text=f"{f.subject} {f.text}")
        if f.subject and (f.text.startswith(_SIGNS) or f.subject not in f.text) else f
        for f in findings
    ]


def finding_cells(finding: Finding, record: str | None, writer: Writer, *, gap: bool) -> list[Cell]:
    cells = [Cell(_actual(finding, writer)), Cell(_required(finding, writer))]
    if gap:
        cells.append(_gap(finding, record, writer))
    return [cell for cell in cells if cell.text]


def _actual(finding: Finding, writer: Writer) -> str:
    if finding.actual is None:
        return ""
    shown = writer.possible(finding.actual, _kind_of(finding.actual, finding.kind))
    return say("verdict.actual", writer.lang, value=shown)


def _required(finding: Finding, writer: Writer) -> str:
    """What was required, unless the condition says it already."""
    value = finding.required
    if value is None:
        return ""
    kind = _kind_of(value, finding.kind)
    shown = writer.possible(value, kind)
    if shown == say("value.anything", writer.lang):
        return ""
    text = _squeezed(finding.text)
    if any(_squeezed(Writer(lang, writer.currency).possible(value, kind)) in text for lang in ("zh", "en")):
        return ""  # the condition says it in the same words
    if value.known and value.value is not None and finding.op in names_of("limit"):
        shown = writer.limit(finding.op, value.value, kind)
    return say("verdict.required", writer.lang, value=shown)


def _gap(finding: Finding, record: str | None, writer: Writer) -> Cell:
    """How far it is off, in its own unit; for what is not known, the facts that would tell."""
    if finding.status == "unknown" and finding.missing:
        missing = listed((within(record, m, writer.lang) for m in finding.missing), writer.lang)
        return Cell(say("verdict.lacks", writer.lang, names=missing), "yellow")
    gap = finding.gap
    if gap is None or finding.status == "yes":
        return Cell("")
    none = gap.value.value if gap.known and isinstance(gap.value, Duration) else gap.value if gap.known else None
    if none == Fraction(0):
        return Cell(say("gap.level", writer.lang), "red")
    kind = NUMBER if finding.kind.base == "ordinal" else finding.kind  # so many places, or times
    shown = writer.lasting(gap, kind)
    if gap.known and isinstance(gap.value, tuple):
        return Cell(say("gap.lacking", writer.lang, gap=shown), "red")
    dated = finding.actual is not None and finding.actual.known and isinstance(finding.actual.value, date)
    match finding.op:
        case ">=" | ">":
            way = "early" if dated else "short"
        case "<=" | "<":
            way = "late" if dated else "over"
        case _:
            way = "apart"
    return Cell(word("gap", way, writer.lang, gap=shown), "red")


def _kind_of(value: Possible, kind: Kind) -> Kind:
    """The kind to print by: a yes or no beside a condition of another kind is a yes or no."""
    return YESNO if value.known and isinstance(value.value, bool) else kind


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
    return paragraph(4, headed(word("annotation", kind, writer.lang), writer.lang), text, paint, tone)
