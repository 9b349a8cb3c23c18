"""Declarations in the words of the policy: kind, range. For schemas and blank sheets."""

from __future__ import annotations

from policydsl import core
from policydsl.core import AnyTerm, Const, InputDecl, Program, Read, Use
from policydsl.diagnostics import Language
from policydsl.kinds import Kind
from policydsl.render.values import Writer
from policydsl.say import bracketed, listed, names_of, say, word
from policydsl.text.keywords import divisible
from policydsl.walk import every


def kind_words(kind: Kind, language: Language) -> str:
    """``金额（含税）`` ``数量（人）`` ``选项（甲、乙 ＝ B 等）``"""
    text = word("kind", kind.base, language)
    if kind.base == "money" and (kind.tax or kind.currency):
        marks = ([word("currency", kind.currency, language)] if kind.currency else []) + (
            [word("tax", kind.tax, language)] if kind.tax else [])
        return bracketed(text, listed(marks, language, "comma"), language)
    if kind.base == "count" and kind.unit:
        return bracketed(text, kind.unit, language)
    if kind.options:
        more = say("sheet.and_others", language) if kind.open else ""
        options = [
            listed([option, *(s for s, meant in kind.spellings if meant == option)], language, "equals")
            for option in kind.options
        ]
        return bracketed(text, listed(options, language) + more, language)
    return text


def written_words(kind: Kind, language: Language, currency: str) -> str:
    """How a value of the kind may be written; ``currency``: that of the policy."""
    code = kind.currency or currency
    if kind.base == "money" and code not in ("", "CNY"):
        return say("written.foreign", language, currency=word("currency", code, language))
    how = "divisible" if kind.base == "count" and divisible(kind.unit) else kind.base
    return word("written", how, language) if how in names_of("written") else ""


def range_words(decl: InputDecl, program: Program) -> tuple[str, ...]:
    """The declared ranges, each end in words: ``不低于 0元`` ``不晚于 评估日``."""
    language = program.header.dialect
    writer = Writer.of(program.header, language)
    out: list[str] = []
    for bound in decl.ranges:
        for op, term in ((bound.low_op, bound.low), (bound.high_op, bound.high)):
            match term:
                case None:
                    continue
                case Const():
                    out.append(writer.limit(op, term.value, decl.kind))
                case _:
                    key = f"{op}day" if decl.kind.base in ("date", "instant", "period") else op
                    out.append(word("limit", key, language, value=_term_words(term, language)))
    return tuple(out)


def _term_words(term: AnyTerm, language: Language) -> str:
    match term:
        case Read(name=core.DAY):
            return say("sheet.as_of", language)
        case Read():
            return term.name
        case Use():
            return term.name.rule
        case _:
            names = [part.name for part in every(term) if isinstance(part, Read)]
            return bracketed("…", ", ".join(dict.fromkeys(names)), language) if names else "…"
