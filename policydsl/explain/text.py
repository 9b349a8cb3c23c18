"""The explanation as text, in the look of ``policydsl eval``."""

from __future__ import annotations

from collections.abc import Sequence

from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.explain.explanation import by_nearness
from policydsl.explain.model import Change, Explained, Explanation, Node, Question, Section, Target
from policydsl.explain.near import NONE, distance, nearest_first
from policydsl.explain.words import (
    distance_words,
    finding_of,
    grouped,
    joined_halves,
    node_text,
    nothing_to_try,
    question_name,
    status_words,
    untried,
)
from policydsl.kinds import INSTANT
from policydsl.place import NOWHERE
from policydsl.render.grounds import Place, Row, finding_cells, laid_out, place_words, sum_rows
from policydsl.render.layout import NARROWEST, WIDTH, Cell, Paint, line, paragraph, wrap
from policydsl.render.outcome import aside_words, holds, outcome, reading_name, why_open
from policydsl.render.sums import parties
from policydsl.render.periods import named_in
from policydsl.render.values import Writer, known_as
from policydsl.say import bracketed, headed, listed, say, word
from policydsl.verdict import NOT_KEPT, ResultValue

MARKS = {"met": ("✓", ""), "unmet": ("✗", "red"), "unknown": ("?", "yellow")}
_MOST_RECORDS = 3
_MOST_QUESTIONS = 3


def explanation_text(explanation: Explanation, lang: Language | None = None, *, color: bool = False) -> str:
    """The explanation as text. Of a whole policy what is missed and what is open in detail, the rest by name."""
    header = explanation.verdict.header
    writer = Writer.of(header, lang)
    paint = Paint(color)
    explanation = named_in(explanation, explanation.verdict, writer)
    blocks = [_head(explanation, writer, paint)]
    blocks += [_target(t, explanation, writer, paint) for t in explanation.targets]
    whole = len(explanation.sections) == len(explanation.verdict.results) > 3 and not explanation.targets
    blocks += _whole(explanation, writer, paint) if whole else [
        block for s in explanation.sections for block in (_section(s, writer, paint, full=True),)
    ]
    if explanation.cut:
        blocks.append([paint(say("explain.cut_all", writer.lang), "yellow")])
    return "\n\n".join("\n".join(b) for b in blocks if b) + "\n"


def _head(explanation: Explanation, writer: Writer, paint: Paint) -> list[str]:
    verdict, lang = explanation.verdict, writer.lang
    out = [paint(verdict.header.title, "title") + f"  {known_as(verdict.header, lang)}".rstrip()]
    day = bracketed(writer.exact(verdict.as_of, INSTANT), word("as_of_from", verdict.as_of_from, lang), lang)
    rows = [("verdict.party", verdict.party)] if verdict.party else []
    aside = [("verdict.aside", aside_words(verdict, writer))] if verdict.aside else []
    for key, text in [*rows, ("verdict.as_of", day), *aside]:
        out += line(0, Cell(say(key, lang), "dim"), 8 if lang == "zh" else 6, [Cell(text)], "", paint)
    return out


def _whole(explanation: Explanation, writer: Writer, paint: Paint) -> list[list[str]]:
    """What is missed and what is open, each with its grounds; everything else in a line."""
    lang = writer.lang
    missed, open_, adverse, inner, silent, rest = [], [], [], [], [], []
    waiting: list[Section] = []
    for section in by_nearness(explanation.sections):
        if section.total.status == "known" and not section.entries:
            continue  # no records: nothing to explain
        kind = traits(section.label)
        match section.state:
            case "unmet" if kind.stance == "averse":
                adverse.append(section)
            case "unmet" if kind.stance != "wished":
                inner.append(section)
            case "unmet":
                missed.append(section)
            case "unknown" if section.total.silent:
                silent.append(section)
            case "unknown" if kind.stance == "plain" or not kind.written:
                waiting.append(section)
            case "unknown":
                open_.append(section)
            case _:
                rest.append(section)
    blocks: list[list[str]] = []
    for head, group in (("unmet", missed), ("unknown", open_)):
        for index, section in enumerate(group):
            lines = [paint(word("section", head, lang), "title")] if index == 0 else []
            blocks.append(lines + _section(section, writer, paint, full=False))
    names = [("conditions", inner), ("adverse", adverse), ("waiting", waiting),
             ("not_stated", silent)]
    names += [(key, [s for s in rest if s.state == key]) for key in ("met", "value", "na")]
    tail = []
    for head, group in names:
        if group:
            count = bracketed(word("section", head, lang), say("explain.count", lang, count=len(group)), lang)
            tail += paragraph(2, headed(count, lang), listed((s.name for s in group), lang), paint, "")
    if tail:
        hint = "  " + paint(say("explain.hint", lang), "dim")
        blocks.append([paint(say("explain.rest", lang), "title"), *tail, hint])
    return blocks


# ---------------------------------------------------------------------------------------------- one result
def _section(section: Section, writer: Writer, paint: Paint, *, full: bool) -> list[str]:
    lang = writer.lang
    place = place_words(section.clauses, section.at, writer)
    cells = [status_words(section, writer)]
    near = [e.distance for e in section.entries]
    if not section.per_record and near and section.state == "unmet":
        said = distance_words(near[0], lang)
        cells += [Cell(said, "red")] if said else []
    if section.state == "unknown":
        cells.append(Cell(why_open(section.total, writer, section.name), "dim"))
    out = line(2, Cell(section.name, "strong"), 0, cells, place, paint)
    told = (section.clauses, section.at)
    shown = _entries(section, full)
    for entry in shown:
        rows = _entry(entry, section, told, writer, full)
        out += laid_out(rows, paint)
    if len(shown) < len(section.entries):
        out.append("    " + paint(say("explain.more", lang, count=len(section.entries) - len(shown)), "dim"))
    asked = section.questions if full else section.questions[:_MOST_QUESTIONS]
    out += _questions(asked, section.label, writer, paint)
    if len(asked) < len(section.questions):
        left = len(section.questions) - len(asked)
        out.append("    " + paint(say("explain.more_questions", lang, count=left), "dim"))
    for remark in section.remarks:
        if full and remark.kind != "note":
            head = headed(word("annotation", remark.kind, lang), lang)
            out += paragraph(4, head, remark.text, paint, "yellow" if remark.text in section.unruled else "dim")
    return out


def _entries(section: Section, full: bool) -> Sequence[Explained]:
    """The records that are told of: those that miss something first, nearest first."""
    ordered = sorted(section.entries, key=lambda e: (not _late(e), e.distance == NONE, e.distance))
    if not section.per_record or full:
        return ordered
    telling = [e for e in ordered if e.judged.status != "not_applicable" and (e.distance != NONE or _late(e))]
    return telling[:_MOST_RECORDS]


def _late(entry: Explained) -> bool:
    """Whether a deadline has passed."""
    state = entry.judged.state
    return state is not None and bool(NOT_KEPT & {str(v) for v in state.values or ()})


def _entry(entry: Explained, section: Section, told: Place, writer: Writer, full: bool
           ) -> list[Row]:
    rows: list[Row] = []
    depth = 0
    if section.per_record:
        cell = outcome(entry.judged, section.label, writer)
        rows.append(Row(0, Cell(entry.record or "", "strong"), (cell,), ""))
        depth = 1
    seen: set[tuple[Node, ...]] = set()
    for node in ordered_nodes(entry.nodes):
        rows += node_rows(node, depth, told, writer, full=full, seen=seen)
    rows += sum_rows(entry.working, depth, writer)
    payer = parties(entry.judged, writer) if holds(entry.judged) or entry.judged.status == "unknown" else ""
    return [*rows, Row(depth, Cell(payer), (), "")] if payer else rows


def ordered_nodes(nodes: Sequence[Node]) -> list[Node]:
    """The conditions as they stand, then the rows: the nearest first."""
    return [*(n for n in nodes if n.form != "row"), *nearest_first(n for n in nodes if n.form == "row")]


def node_rows(
    node: Node, depth: int, told: Place, writer: Writer, *, full: bool,
    seen: set[tuple[Node, ...]] | None = None, among: bool = False,
) -> list[Row]:
    """The lines of a node: itself, then its parts. ``among``: it is one of several of which some have to hold."""
    lang = writer.lang
    mark, tone = MARKS[node.status]
    if node.superseded:
        mark, tone = "~", "dim"
    text = node_text(node, writer)
    parts = joined_halves(node.children)
    finding = finding_of(node)
    if node.form == "all" and not (node.role or node.label or node.bars or among):
        return [r for n in parts for r in node_rows(n, depth, told, writer, full=full,
                seen=seen)]
    cells: list[Cell] = []
    if finding is not None and node.form in ("test", "value"):
        cells = finding_cells(finding, None, writer, gap=node.role != "unless")
    elif node.form == "value" and node.value is not None:
        cells = [Cell(writer.possible(node.value, node.kind), "" if node.value.known else "yellow")]
    if node.form == "row":
        cells = _row_cells(node, text, writer)
    if node.form == "value" and node.reads and not parts:
        reads = listed((f"{reading_name(r, lang)} {writer.possible(r.value, r.kind)}" for r in node.reads[:6]), lang)
        cells.append(Cell(say("verdict.reads", lang, names=reads), "dim"))
    if node.bars and node.status == "unmet":
        text = say("explain.bars", lang) + text
    single = node.form == "row" and len(parts) == 1 and parts[0].form == "test" and not parts[0].children
    if single and (inner := finding_of(parts[0])) is not None:
        told_already = "".join(inner.text.split()) in "".join(text.split())
        text = text if told_already else f"{text} {inner.text}"
        cells += finding_cells(inner, None, writer, gap=True)
        parts = ()
    repeated = seen is not None and _repeats(node, seen)
    if repeated:
        cells.append(Cell(say("explain.above", lang), "dim"))
    rows = _wrapped(Row(depth, Cell(f"{mark} {text}", tone), tuple(cells), _cite(node, told, writer)))
    rows += sum_rows(node.working, depth + 1, writer)
    if repeated or node.superseded and not full:
        return rows
    if node.form == "any":
        parts = tuple(nearest_first(parts))
    for part in parts:
        if node.form == "test" and part.form == "all" and not part.role and not part.label and not part.bars:
            inner_parts = joined_halves(part.children)
            rows += [r for n in inner_parts for r in node_rows(
                n, depth + 1, (node.clauses or part.clauses or told[0], told[1]), writer, full=full,
                seen=seen)]
            continue
        rows += node_rows(part, depth + 1, told, writer, full=full, seen=seen,
                          among=node.form in ("any", "at_least"))
    return rows


def _repeats(node: Node, seen: set[tuple[Node, ...]]) -> bool:
    """Whether what a rule rests on was told a few lines above."""
    if node.form not in ("test", "value") or not node.children or not node.name:
        return False
    if node.children in seen:
        return True
    seen.add(node.children)
    return False


def _wrapped(row: Row) -> list[Row]:
    """A long condition on several lines; what was found stands beside the last."""
    pieces = wrap(row.first.text, max(NARROWEST, WIDTH - 4 - 2 * row.depth))
    *above, last = [pieces[0], *(f"  {piece}" for piece in pieces[1:])]
    return [*(Row(row.depth, Cell(p, row.first.tone), (), "") for p in above),
            Row(row.depth, Cell(last, row.first.tone), row.rest, row.cite)]


def _row_cells(node: Node, text: str, writer: Writer) -> list[Cell]:
    lang = writer.lang
    cells = []
    if node.value is not None and (
        node.status != "unmet" or node.value.known and node.value.value is not None and not node.reads
    ):
        shown = writer.possible(node.value, node.kind)
        if shown not in text and (node.status != "unmet" or node.kind.base not in ("yesno", "any")):
            cells.append(Cell(shown, "strong" if node.taken else ""))
    if node.superseded:
        cells.append(Cell(say("explain.superseded", lang), "dim"))
    elif node.status != "met" and len(node.children) > 1:
        cells.append(Cell(distance_words(distance(node), lang), "red" if node.status == "unmet" else "yellow"))
    return cells


def _cite(node: Node, told: Place, writer: Writer) -> str:
    at = NOWHERE if node.at.on_line_of(told[1]) else node.at
    clauses = () if node.clauses == told[0] else node.clauses
    if not node.clauses and not node.role and not node.label:
        return ""
    return place_words(clauses, at, writer)


# ---------------------------------------------------------------------------------------------- questions
def _questions(questions: Sequence[Question], label: str, writer: Writer, paint: Paint) -> list[str]:
    lang = writer.lang
    out: list[str] = []
    for question in questions:
        name = question_name(question, lang)
        more = [Cell(say("explain.ask_decides", lang), "green")] if question.decides else []
        if question.instead:
            more.append(Cell(say("explain.or_ledger", lang, ledger=question.instead), "dim"))
        if not question.branches:
            more = [Cell(untried(question, writer) if question.cut else nothing_to_try(question, lang), "dim")]
        out += line(4, Cell(name, "yellow"), 0, more, "", paint)
        rows = []
        for answer, said, branch in grouped(question, label, writer):
            told = Cell(say("explain.to", lang, outcome=said), "" if branch.decided else "dim")
            rows.append(Row(1, Cell(say("explain.if", lang, answer=answer)), (told,), ""))
        out += laid_out(rows, paint)
        if question.cut and question.branches:
            out += paragraph(6, "", untried(question, writer), paint)
    return out


# ---------------------------------------------------------------------------------------------- targets
def _target(target: Target, explanation: Explanation, writer: Writer, paint: Paint) -> list[str]:
    lang = writer.lang
    value: ResultValue = explanation.verdict.results[target.result]
    tone = {"met": "green", "unmet": "red", "unknown": "yellow"}[target.status]
    place = place_words(value.clauses, value.at, writer)
    name = target.wanted if target.result in target.wanted else bracketed(target.wanted, target.result, lang)
    cells = [Cell(word("target", target.status, lang), tone)]
    if len(target.entries) == 1 and target.entries[0].record is None and target.status != "met":
        cells.append(Cell(distance_words(target.entries[0].distance, lang), tone))
    out = line(0, Cell(say("explain.target", lang, name=name), "title"), 0, cells, place, paint)
    told = (value.clauses, value.at)
    for entry in target.entries:
        rows: list[Row] = []
        depth = 0
        if entry.record is not None:
            cell = Cell(distance_words(entry.distance, lang) or say("target.met", lang))
            rows.append(Row(0, Cell(entry.record, "strong"), (cell,), ""))
            depth = 1
        seen: set[tuple[Node, ...]] = set()
        for node in entry.nodes:
            rows += node_rows(node, depth, told, writer, full=False, seen=seen)
        out += laid_out(rows, paint)
    for change in target.changes:
        out += _change(change, writer, paint)
    out += _questions(target.questions, value.label, writer, paint)
    return out


def _change(change: Change, writer: Writer, paint: Paint) -> list[str]:
    """What else would get worse."""
    lang = writer.lang
    value = writer.exact(change.value, change.kind)
    rows = []
    for worse in change.worse:
        name = worse.result if worse.record is None else bracketed(worse.result, worse.record, lang)
        to = Cell(say("explain.to", lang, outcome=outcome(worse.after, worse.label, writer).text), "red")
        cells = (outcome(worse.before, worse.label, writer), to)
        rows.append(Row(1, Cell(name), cells, place_words(worse.clauses, worse.at, writer)))
    head = say("explain.worse", lang, fact=change.fact, value=value)
    return [*paragraph(4, "", head, paint, "yellow"), *laid_out(rows, paint)]


__all__ = ["explanation_text", "node_rows", "ordered_nodes"]
