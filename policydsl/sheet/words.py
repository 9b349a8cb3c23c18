"""Declarations in the words of the policy: kind, range, who asks. For schemas and blank sheets."""

from __future__ import annotations

from collections.abc import Iterable

from policydsl import core
from policydsl.core import AnyTerm, AsOfDay, Const, Input, InputDecl, Item, ListDecl, Program, Use
from policydsl.diagnostics import Language
from policydsl.kinds import Kind
from policydsl.render.values import Writer
from policydsl.render.words import RANGES, word
from policydsl.sheet.values import divisible
from policydsl.walk import every

Name = tuple[str, str]  # (ledger or "", fact)

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
        case Input() | Item():
            return term.name
        case Use():
            return term.name.rule
        case AsOfDay():
            return _in(language, ("评估日", "evaluation date"))
        case _:
            names = [part.name for part in every(term) if isinstance(part, Input | Item)]
            return "…" + brackets(language, ", ".join(dict.fromkeys(names))) if names else "…"


def wanted_by(program: Program) -> dict[Name, tuple[str, ...]]:
    """For each fact, field and ledger ``(name, "")`` the results that read it, in the order of the results."""
    reads = _Reads(program)
    wanted: dict[Name, list[str]] = {}
    for result in program.results:
        given = [result.value, result.where, result.holds, result.applies, result.state, result.bearer, result.favour]
        terms = [term for term in given if term is not None]
        terms += [part.term for part in result.parts]
        terms += [t for e in result.effects for t in (e.when, e.start, e.end) if t is not None]
        lists = [result.over] if result.over else []
        for name in reads.of(terms, lists):
            wanted.setdefault(name, []).append(result.name)
    return {name: tuple(dict.fromkeys(results)) for name, results in wanted.items()}


def read_by(program: Program, terms: Iterable[AnyTerm]) -> frozenset[Name]:
    """The facts, fields and ledgers ``(name, "")`` that terms read, through shared terms and derived values too."""
    return frozenset(_Reads(program).of(list(terms), []))


class _Reads:
    """What terms read, through shared terms, derived values, defaults and filters."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def of(self, terms: list[AnyTerm], lists: list[str]) -> dict[Name, None]:
        found: dict[Name, None] = {}
        shared: set[core.Name] = set()
        todo = list(terms)
        for name in lists:
            self._list(name, found, todo)
        while todo:
            for part in every(todo.pop()):
                match part:
                    case Input(name=name):
                        self._fact(("", name), self.program.inputs.get(name), found, todo)
                    case Item(list=ledger, name=name) if ledger in self.program.lists:
                        self._list(ledger, found, todo)
                        self._fact((ledger, name), self.program.lists[ledger].field_of(name), found, todo)
                    case Use() if part.name not in shared and part.name in self.program.terms:
                        shared.add(part.name)
                        definition = self.program.terms[part.name]
                        todo.append(definition.term)
                        if definition.over:
                            self._list(definition.over, found, todo)
                    case _:
                        over = getattr(part, "list", None)
                        if isinstance(over, str):
                            self._list(over, found, todo)
        return found

    def _fact(self, name: Name, decl: InputDecl | None, found: dict[Name, None], todo: list[AnyTerm]) -> None:
        if decl is not None and name not in found:
            found[name] = None
            todo.extend(term for term in (decl.derived, decl.default) if term is not None)

    def _list(self, name: str, found: dict[Name, None], todo: list[AnyTerm]) -> None:
        decl: ListDecl | None = self.program.lists.get(name)
        if decl is None or (name, "") in found:
            return
        found[(name, "")] = None
        if decl.only is not None:
            todo.append(decl.only)
