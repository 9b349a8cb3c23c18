"""The lines of an interview: a question with what may be written, and why it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policydsl.boundaries import Boundary, boundaries
from policydsl.core import InputDecl, Program
from policydsl.diagnostics import Language
from policydsl.explain.interview import Asked, Interview
from policydsl.explain.words import grouped, say
from policydsl.reads import reads_of
from policydsl.render.grounds import Row, laid_out
from policydsl.render.layout import Cell, Paint, paragraph
from policydsl.render.outcome import cited
from policydsl.render.values import Writer
from policydsl.render.words import phrase
from policydsl.sheet.values import may_be_none
from policydsl.sheet.words import kind_words, range_words, written_words

_NUMBERED = 12  # options that are listed with a number
_SIGNS = {"zh": {">": "＞", "<": "＜", "=": "＝", "!=": "≠", ">=": "≥", "<=": "≤", "prefix": "开头为"},
          "en": {">=": "≥", "<=": "≤", "!=": "≠", "prefix": "begins with"}}


def prompt_lines(program: Program, asked: Asked, number: int, lang: Language, *, color: bool) -> list[str]:
    """A question: the fact, how it is written, what it settles."""
    paint = Paint(color)
    comma = phrase("list", lang)
    if asked.decl is None:
        assert asked.ledger is not None
        name = asked.ledger.name
        how = "有几条？写一个数，没有写 0" if lang == "zh" else "how many records? a number, 0 when there are none"
    else:
        name, how = _called(asked, lang), "；".join(_ways(asked.decl, program, lang)) if lang == "zh" else "; ".join(
            _ways(asked.decl, program, lang))
    out = [f"[{number}] {paint(name, 'strong')}  {how}"]
    options = asked.decl.kind.options if asked.decl is not None and asked.decl.kind.base == "choice" else ()
    if 0 < len(options) <= _NUMBERED:
        out.append("    " + "  ".join(f"{i} {o}" for i, o in enumerate(options, 1)))
    elif options:
        out += paragraph(4, "", comma.join(options), paint, "")
    if asked.wanted_by:
        shown = comma.join(asked.wanted_by[:5])
        if len(asked.wanted_by) > 5:
            shown = phrase("many", lang, shown, str(len(asked.wanted_by)))
        out += paragraph(4, "", phrase("wanted_by", lang, shown), paint)
    if asked.instead:
        out += paragraph(4, "", say("or_ledger", lang, asked.instead), paint)
    return out


def _called(asked: Asked, lang: Language) -> str:
    """A field with its record: 订单记录 D1 的 型号."""
    if asked.ledger is None or asked.decl is None:
        return asked.name
    if lang == "zh":
        return f"{asked.ledger.name} {asked.record} 的 {asked.decl.name}"
    return f"{asked.decl.name} of {asked.ledger.name} {asked.record}"


def _ways(decl: InputDecl, program: Program, lang: Language) -> Iterator[str]:
    if decl.kind.base != "choice" or not decl.kind.options:
        yield kind_words(decl.kind, lang)
    elif len(decl.kind.options) <= _NUMBERED:
        yield "选一个，写名称或编号" if lang == "zh" else "one of these, by name or number"
    else:
        yield "选一个，写名称" if lang == "zh" else "one of these, by name"
    how = written_words(decl.kind, lang)
    if how:
        yield how
    if program.header.dialect == lang:
        yield from range_words(decl, program)
    if may_be_none(decl):
        yield "没有写 无" if lang == "zh" else "none when there is none"


def why_lines(
    interview: Interview, asked: Asked, clauses: Mapping[str, str], lang: Language, *, color: bool
) -> list[str]:
    """Why a fact is asked for: the clauses and rules that depend on it, its limits, where answers lead."""
    paint, program = Paint(color), interview.program
    writer = Writer.of(program.header, lang)
    results = {r.name: r for r in program.results}
    out: list[str] = []
    told: set[str] = set()
    wanted = asked.wanted_by or _of_record(interview, asked)
    for name in wanted[:6]:
        result = results.get(name)
        if result is None:
            continue
        out += laid_out([Row(0, Cell(name, "strong"), (), cited(result.origin.clauses, writer))], paint)
        for clause in result.origin.clauses:
            number = clause.split()[0] if clause.split() else ""
            if number in clauses and number not in told:
                told.add(number)
                out += paragraph(6, phrase("colon", lang, number, ""), clauses[number], paint)
    if asked.decl is not None:
        day, _ = interview.day
        key = (asked.ledger.name if asked.ledger else "", asked.decl.name)
        found = boundaries(program, as_of=day, settings=interview.settings).get(key, ())
        serves = [b for b in found if not b.declared and (b.rule in wanted or b.rule not in results)]
        for text in dict.fromkeys(_compared(b, asked.decl, writer) for b in serves):
            if text:
                out += paragraph(4, "", text, paint, "")
    for name, question in interview.questions(asked):
        if not question.branches:
            continue
        out.append("    " + paint(name, "strong"))
        rows = [
            Row(1, Cell(say("if", lang, answer)), (Cell(say("to", lang, said), "" if branch.decided else "dim"),), "")
            for answer, said, branch in grouped(question, results[name].label, writer)
        ]
        out += laid_out(rows, paint)
    return out or ["    " + ("要它才能认出这条记录。" if lang == "zh" else "It tells this record from the others.")]


def _of_record(interview: Interview, asked: Asked) -> tuple[str, ...]:
    """The results that read a field of a record that is being begun."""
    if asked.ledger is None or asked.decl is None:
        return ()
    found = reads_of(interview.program).wanted_by.get((asked.ledger.name, asked.decl.name), ())
    return tuple(n for n in found if interview.only is None or n in interview.only)


def _compared(b: Boundary, decl: InputDecl, writer: Writer) -> str:
    """One comparison: 金牌IVR：≥ 150万元 【INS-44】第514行."""
    lang = writer.lang
    if b.value is None or isinstance(b.value, bool) or decl.kind.base in ("choice", "text", "choices"):
        return ""
    sign = _SIGNS[lang].get(b.op, b.op)
    shown = f"{b.rule} {sign} {writer.exact(b.value, decl.kind)}"
    return f"{shown}  {cited(b.clauses, writer)}{writer.line(b.at)}"
