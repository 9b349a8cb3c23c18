"""Declarations in the words of the policy: kind, range. For schemas and blank sheets."""

from __future__ import annotations

from policydsl import core
from policydsl.core import AnyTerm, Const, InputDecl, Program, Read, Use
from policydsl.diagnostics import Language
from policydsl.kinds import Kind
from policydsl.render.values import Writer
from policydsl.render.words import RANGES, word
from policydsl.sheet.values import divisible
from policydsl.walk import every

_KINDS: dict[str, tuple[str, str]] = {
    "yesno": ("是否", "yes/no"),
    "number": ("数值", "number"),
    "percent": ("百分比", "percent"),
    "money": ("金额", "money"),
    "count": ("数量", "count"),
    "points": ("分数", "points"),
    "duration": ("时长", "duration"),
    "date": ("日期", "date"),
    "instant": ("时刻", "date and time"),
    "period": ("期间", "period"),
    "ordinal": ("序数", "ordinal"),
    "text": ("文本", "text"),
    "choice": ("选项", "choice"),
    "choices": ("多选", "choices"),
    "any": ("任意值", "any value"),
}
_TAX = {"incl": ("含税", "tax included"), "excl": ("不含税", "tax excluded")}
_WRITTEN: dict[str, tuple[str, str]] = {
    "yesno": ("是 或 否", "yes or no"),
    "number": ("如 1.5", "such as 1.5"),
    "percent": ("带百分号，如 8%", "with the sign, such as 8%"),
    "money": ("如 150万元 或 1500000", "such as 1500000"),
    "count": ("整数，如 3", "a whole number, such as 3"),
    "points": ("如 85", "such as 85"),
    "duration": ("如 60天、3个月", "such as 60 days, 3 months"),
    "date": ("如 2024-06-30", "such as 2024-06-30"),
    "instant": ("如 2024-06-30 09:00", "such as 2024-06-30 09:00"),
    "period": ("如 2024年第2季度", "such as 2024Q2"),
    "ordinal": ("如 第2次", "such as 2nd"),
    "text": ("", ""),
    "choice": ("", ""),
    "choices": ("用 、 分开", "separated by ;"),
    "any": ("", ""),
}


def _in(language: Language, pair: tuple[str, str]) -> str:
    return pair[0] if language == "zh" else pair[1]


def brackets(language: Language, inner: str) -> str:
    return f"（{inner}）" if language == "zh" else f" ({inner})"


def kind_words(kind: Kind, language: Language) -> str:
    """``金额（含税）`` ``数量（人）`` ``选项（甲、乙 ＝ B 等）``"""
    text = _in(language, _KINDS[kind.base])
    if kind.base == "money" and kind.tax:
        return text + brackets(language, _in(language, _TAX[kind.tax]))
    if kind.base == "count" and kind.unit:
        return text + brackets(language, kind.unit)
    if kind.options:
        more = _in(language, (" 等", " and others")) if kind.open else ""
        equals = _in(language, (" ＝ ", " = "))
        options = [equals.join([o, *(s for s, meant in kind.spellings if meant == o)]) for o in kind.options]
        return text + brackets(language, _in(language, ("、", ", ")).join(options) + more)
    return text


def written_words(kind: Kind, language: Language) -> str:
    """How a value of the kind may be written."""
    if kind.base == "count" and divisible(kind.unit):
        return _in(language, ("如 2.5", "such as 2.5"))
    return _in(language, _WRITTEN[kind.base])


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
                    out.append(word(RANGES, key, language).format(_term_words(term, language)))
    return tuple(out)


def _term_words(term: AnyTerm, language: Language) -> str:
    match term:
        case Read(name=core.DAY):
            return _in(language, ("评估日", "evaluation date"))
        case Read():
            return term.name
        case Use():
            return term.name.rule
        case _:
            names = [part.name for part in every(term) if isinstance(part, Read)]
            return "…" + brackets(language, ", ".join(dict.fromkeys(names))) if names else "…"
