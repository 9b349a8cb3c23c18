"""The lines of an interview: a question with what may be written, and why it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policydsl.boundaries import Boundary, boundaries
from policydsl.core import InputDecl, Program
from policydsl.diagnostics import Language
from policydsl.explain.interview import Asked, Interview
from policydsl.explain.words import grouped
from policydsl.reads import reads_of
from policydsl.render.grounds import Row, laid_out
from policydsl.render.layout import Cell, Paint, paragraph
from policydsl.render.outcome import cited
from policydsl.render.values import Writer
from policydsl.say import headed, listed, say, word
from policydsl.sheet.values import may_be_none
from policydsl.sheet.words import kind_words, range_words, written_words

_NUMBERED = 12  # options that are listed with a number


def prompt_lines(
    program: Program, asked: Asked, number: int, left: int, lang: Language, *, color: bool
) -> list[str]:
    """A question: the fact, how it is written, what it settles; its number, and how many are ``left``."""
    paint = Paint(color)
    if asked.decl is None:
        assert asked.ledger is not None
        name, how = asked.ledger.name, say("ask.how_many", lang)
    else:
        name, how = _called(asked, lang), listed(_ways(asked.decl, program, lang), lang, "semicolon")
    out = [f"[{number}] {paint(name, 'strong')}  {how}  {paint(say('interview.left', lang, count=left), 'dim')}"]
    options = asked.decl.kind.options if asked.decl is not None and asked.decl.kind.base == "choice" else ()
    if 0 < len(options) <= _NUMBERED:
        out.append("    " + "  ".join(f"{i} {o}" for i, o in enumerate(options, 1)))
    elif options:
        out += paragraph(4, "", listed(options, lang), paint, "")
    if asked.wanted_by:
        shown = listed(asked.wanted_by[:5], lang)
        if len(asked.wanted_by) > 5:
            shown = say("value.many", lang, some=shown, count=len(asked.wanted_by))
        out += paragraph(4, "", say("verdict.wanted_by", lang, names=shown), paint)
    if asked.instead:
        out += paragraph(4, "", say("explain.or_ledger", lang, ledger=asked.instead), paint)
    return out


def _called(asked: Asked, lang: Language) -> str:
    """A field with its record: 订单记录 D1 的 型号."""
    if asked.ledger is None or asked.decl is None:
        return asked.name
    return say("ask.field", lang, ledger=asked.ledger.name, record=asked.record, field=asked.decl.name)


def _ways(decl: InputDecl, program: Program, lang: Language) -> Iterator[str]:
    if decl.kind.base != "choice" or not decl.kind.options:
        yield kind_words(decl.kind, lang)
    elif len(decl.kind.options) <= _NUMBERED:
        yield say("ask.one_numbered", lang)
    else:
        yield say("ask.one_named", lang)
    how = written_words(decl.kind, lang, program.header.currency)
    if how:
        yield how
    if program.header.dialect == lang:
        yield from range_words(decl, program)
    if may_be_none(decl):
        yield say("ask.may_be_none", lang)


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
                out += paragraph(6, headed(number, lang), clauses[number], paint)
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
        rows = []
        for answer, said, branch in grouped(question, results[name].label, writer):
            leads = Cell(say("explain.to", lang, outcome=said), "" if branch.decided else "dim")
            rows.append(Row(1, Cell(say("explain.if", lang, answer=answer)), (leads,), ""))
        out += laid_out(rows, paint)
    return out or ["    " + say("ask.identifies", lang)]


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
    shown = f"{b.rule} {word('sign', b.op, lang)} {writer.exact(b.value, decl.kind)}"
    return f"{shown}  {cited(b.clauses, writer)}{writer.line(b.at)}"
