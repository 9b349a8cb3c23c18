"""What a value that is refused may have been meant as: ways out that a message offers, never readings of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from policydsl import nodes
from policydsl.core import Const, InputDecl
from policydsl.diagnostics import Language
from policydsl.kinds import Kind, text_key
from policydsl.render.values import Writer
from policydsl.sheet.refused import Refused, expects, shorten
from policydsl.text.quantities import read_literal

# What people write where there is nothing, or where they do not know yet.
_MARKS = frozenset("- -- --- — —— / \\ n/a #n/a 暂无".split())  # no text either
_EMPTY = _MARKS | frozenset("na nil null tbd ? ?? 待定 待补 待补充 待确认 未知 不详 不清楚 unknown".split())
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_FIRST_DAY = date(1899, 12, 30)  # day 0 of a worksheet, for all days after February 1900
_RUN = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_DAY_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_UNITS: dict[Language, dict[str, str]] = {"zh": {"money": "元", "points": "分"}, "en": {}}
_COUNTING = {"人": ("名", "位", "个")}  # words that count what is counted in that unit; 个 counts anything


def placeholder(text: str, kind: Kind) -> bool:
    """Whether a text stands for nothing, or for what is not known: which of them is not said."""
    return text_key(text) in (_MARKS if kind.base in ("text", "any") else _EMPTY)


def blank_or_none(kind: Kind, optional: bool) -> tuple[str, ...]:
    """How to say that something is not known yet, and how that there is none."""
    if optional:
        return "sheet_blank", "sheet_none"
    match kind.base:
        case "yesno":
            return "sheet_blank", "sheet_none_no"
        case "number" | "money" | "count" | "points" | "percent":
            return "sheet_blank", "sheet_none_zero_percent" if kind.base == "percent" else "sheet_none_zero"
        case "choices":
            return "sheet_blank", "sheet_none_list"
        case _:
            return "sheet_blank", "sheet_none_never"


def worksheet_day(text: str) -> date | None:
    """The day that a worksheet shows for a bare number of five figures."""
    return _FIRST_DAY + timedelta(days=int(text)) if _SERIAL.fullmatch(text) else None


def days(text: str) -> Iterator[str]:
    """The days that a run of figures, or one with its year last, may be."""
    if m := _RUN.fullmatch(text):
        tried = [(m[1], m[2], m[3])]
    elif m := _DAY_LAST.fullmatch(text):
        tried = [(m[3], m[2], m[1]), (m[3], m[1], m[2])]
    else:
        return
    for year, month, day in dict.fromkeys((int(y), int(m), int(d)) for y, m, d in tried):
        try:
            yield date(year, month, day).isoformat()
        except ValueError:
            continue


def quantity(text: str, kind: Kind, dialect: Language) -> tuple[str, ...]:
    """The text with the unit of its kind, where that makes it one."""
    unit = kind.unit if kind.base == "count" else _UNITS[dialect].get(kind.base)
    if not unit:
        return ()
    for tail in (*_COUNTING.get(unit, ("个",)), ""):
        if tail and not text.endswith(tail):
            continue
        whole = text.removesuffix(tail) + unit
        node = read_literal(whole, dialect, units=(unit,) if kind.base == "count" else ())
        if isinstance(node, nodes.Money | nodes.Points | nodes.Count):
            return (whole,)
    return ()


def score(text: str, fraction: re.Match[str], decl: InputDecl, dialect: Language) -> Fraction:
    """``85/100`` as a score: 85 where 100 is the most that its declaration allows, else refused with what it may be."""
    got, of = Fraction(int(fraction[1])), Fraction(int(fraction[2]))
    most = [b.high.value for b in decl.ranges if isinstance(b.high, Const) and b.high_op == "<="]
    if most == [of]:
        return got
    full = most[0] if len(most) == 1 else None
    readings = [got / of * full, got] if isinstance(full, Fraction) else [got]
    writer = Writer(dialect)
    meant = tuple(writer.exact(v, decl.kind) for v in readings if not isinstance(full, Fraction) or v <= full)
    raise Refused("SHEET149", expected=expects(decl.kind), suggestions=meant, read=shorten(text))


__all__ = ["blank_or_none", "days", "placeholder", "quantity", "score", "worksheet_day"]
