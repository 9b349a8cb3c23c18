"""One value of a fact sheet: from the characters typed to an exact value of the declared kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import assert_never

from policydsl import nodes
from policydsl.calendar import END, FAMILY, CannotCompute, instant, instant_text, make_period
from policydsl.core import Const, InputDecl, Program
from policydsl.diagnostics import LANGUAGES, Language
from policydsl.kinds import Duration, Exact, Fiscal, Kind, text_key
from policydsl.members import dataclass
from policydsl.place import NOWHERE
from policydsl.render.values import decimal_text, places_of
from policydsl.say import say
from policydsl.sheet.meant import blank_or_none, days, placeholder, quantity, score, worksheet_day
from policydsl.sheet.refused import ABSENT, SHOWN, Absent, Refused, expects, shorten
from policydsl.text import formal
from policydsl.text.fold import INVISIBLE, fold
from policydsl.text.keywords import divisible
from policydsl.text.near import alike
from policydsl.text.quantities import read_literal

MOST_DIGITS = 40
MOST_TEXT = 20_000
MOST_OFFSET = 14 * 60  # minutes from UTC: no clock on earth is further from it

_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.(\d+))?(?:[eE]([+-]?\d+))?", re.ASCII)
_FRACTION = re.compile(r"([+-]?\d+)\s*[/÷]\s*(\d+)", re.ASCII)
_DAY = r"(\d{4})\s?(?:-|/|\.|年)\s?(\d{1,2})\s?(?:-|/|\.|月)\s?(\d{1,2})\s?[日号]?"
_CLOCK = r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.0+)?)?(?:\s?(Z|(?:UTC|GMT)?([+-])(\d\d):?([0-5]\d)?))?"
_MOMENT = re.compile(rf"{_DAY}(?:(?:\s*T\s*|\s+|(?<=[日号])){_CLOCK})?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SPLIT = re.compile(r"[、;；,，\n]")
_TAX = re.compile(r"\s*\(\s*(含税|不含税|未税|tax included|incl\. tax|tax excluded|excl\. tax)\s*\)$", re.IGNORECASE)
_TAX_WORDS = {"含税": "incl", "tax included": "incl", "incl. tax": "incl"}
_YES = frozenset({"是", "yes", "true"})
_NO = frozenset({"否", "no", "false"})
_NONE = frozenset({"无", "none"})


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a value needs to know of the policy."""

    dialect: Language = "zh"
    currency: str = "CNY"
    fiscal: Fiscal | None = None
    fact: bool = False  # what is read is given, not what a case expects

    @classmethod
    def of(cls, program: Program | None, *, fact: bool = False) -> Context:
        if program is None:
            return cls()
        header = program.header
        return cls(header.dialect, header.currency, header.fiscal, fact)


def read_value(raw: str, decl: InputDecl, context: Context) -> Exact | Absent:
    """The exact value of a text; ``ABSENT`` when there is none. Raises ``Refused``."""
    text = INVISIBLE.sub("", raw).strip()
    if not text:
        return ABSENT
    kind = decl.kind
    if len(text) > MOST_TEXT:
        raise Refused("SHEET138", read=shorten(text))
    if text_key(text) in _NONE and not _is_option(text, decl):
        if may_be_none(decl):
            return None
        raise Refused("SHEET136", expected=(*expects(kind), *blank_or_none(kind, False)), read=text)
    if placeholder(text, kind) and not _is_option(text, decl):
        raise Refused("SHEET147", expected=blank_or_none(kind, may_be_none(decl)), read=text)
    if kind.base in ("text", "any"):
        return text
    if kind.base == "choice":
        return pick(text, decl)
    if kind.base == "choices":
        return several([part for part in _SPLIT.split(text) if part.strip()], decl)
    if len(text) > 200:
        raise Refused("SHEET130", expected=expects(kind), read=shorten(text))
    folded = fold(text)
    strange = next((c for c in folded if unicodedata.category(c) in ("Nd", "No") and c not in "0123456789"), None)
    if strange is not None:
        raise Refused("SHEET130", expected=expects(kind), read=shorten(text))
    return _READERS[kind.base](folded, text, decl, context)


def may_be_none(decl: InputDecl) -> bool:
    """Whether 无 may be stated: the fact is 选填, or 无 is its default."""
    return decl.optional or (isinstance(decl.default, Const) and decl.default.value is None)


# ---------------------------------------------------------------------------------------------- choices
def as_option(text: str, decl: InputDecl) -> str:
    """The option of which the text is a spelling, else the text."""
    return _spellings(decl).get(text_key(text), text) if decl.kind.options else text


def _spellings(decl: InputDecl) -> dict[str, str]:
    words = {text_key(option): option for option in decl.kind.options}
    return {text_key(other): option for other, option in decl.kind.spellings} | words


def _is_option(text: str, decl: InputDecl) -> bool:
    return decl.kind.base in ("choice", "choices") and text_key(text) in _spellings(decl)


def pick(text: str, decl: InputDecl) -> str:
    """The option meant; an unlisted value is kept where the list is open (or is that of a table)."""
    clean = text.strip()
    words = _spellings(decl)
    found = words.get(text_key(clean))
    if found is not None:
        return found
    if decl.kind.open or not decl.kind.options:
        return clean
    near = alike(text_key(clean[:SHOWN]), words, percent=50)
    raise Refused(
        "SHEET135", expected=expects(decl.kind), suggestions=tuple(dict.fromkeys(words[key] for key in near)),
        read=shorten(clean),
    )


def unlisted(value: Exact, decl: InputDecl) -> tuple[str, ...]:
    """The values that an open list does not name."""
    if not decl.kind.open or not decl.kind.options:
        return ()
    values = value if isinstance(value, tuple) else (value,)
    return tuple(v for v in values if isinstance(v, str) and v not in decl.kind.options)


def several(parts: list[str], decl: InputDecl) -> tuple[str, ...]:
    """Several options, in the order stated, none twice."""
    picked: list[str] = []
    for part in parts:
        value = pick(part, decl)
        if any(text_key(value) == text_key(other) for other in picked):
            raise Refused("SHEET143", read=shorten(value))
        picked.append(value)
    return tuple(picked)


# ---------------------------------------------------------------------------------------------- numbers
def plain_number(text: str) -> Fraction | None:
    """``1,800`` ``-3`` ``2.50`` ``1e5``, exactly; None when it is no number. Size is bounded before any arithmetic."""
    m = _NUMBER.fullmatch(text)
    if not m:
        return None
    whole, decimals, exponent = m[2].replace(",", ""), m[3] or "", m[4] or "0"
    if len(whole) + len(decimals) > MOST_DIGITS or len(exponent) > 4 or abs(int(exponent)) > MOST_DIGITS:
        raise Refused("SHEET138", read=shorten(text))
    value = Fraction(int(whole + decimals or "0"), 10 ** len(decimals))
    value *= Fraction(10) ** int(exponent)
    return -value if m[1] == "-" else value


def plain_fraction(text: str) -> Fraction | None:
    """``3/40``, also as formulas write it (``3 ÷ 40``); None when it is no fraction."""
    m = _FRACTION.fullmatch(text)
    if not m:
        return None
    if len(m[1]) > MOST_DIGITS or len(m[2]) > MOST_DIGITS or int(m[2]) == 0:
        raise Refused("SHEET138", read=shorten(text))
    return Fraction(int(m[1]), int(m[2]))


def _literal(text: str, raw: str, decl: InputDecl, context: Context) -> nodes.Value:
    """A quantity as people write it, in either dialect; the spellings of the policy's own come first."""
    units = (decl.kind.unit,) if decl.kind.base == "count" and decl.kind.unit else ()
    first = context.dialect
    for dialect in (first, *(code for code in LANGUAGES if code != first)):
        node = read_literal(text, dialect, units=units)
        if node is not None:
            return node
    meant = quantity(text, decl.kind, context.dialect)
    raise Refused("SHEET130", expected=expects(decl.kind), suggestions=meant, read=shorten(raw))


def _number(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    value = plain_number(text)
    if value is None:
        value = plain_fraction(text)
    return to_exact(_literal(text, raw, decl, context), decl, context, raw) if value is None else value


def _percent(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    bare = plain_number(text)
    if bare is not None:
        raise _without_sign(bare, shorten(raw), decl)
    body = text.removesuffix("%").rstrip()
    value = plain_number(body) if body != text else None
    if value is not None:
        return value / 100
    value = plain_fraction(text)
    return to_exact(_literal(text, raw, decl, context), decl, context, raw) if value is None else value


def _without_sign(value: Fraction, read: str, decl: InputDecl) -> Refused:
    """A bare number is never taken for a percentage: 0.08 may be meant as 8% or as 0.08%."""
    meant = (f"{_digits(value * 100)}%", f"{read}%") if 0 < abs(value) <= 1 else (f"{read}%",)
    return Refused("SHEET133", expected=expects(decl.kind), suggestions=meant, read=read)


def _money(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    mark = _TAX.search(text)
    if mark:
        _check_tax("incl" if mark[1].lower() in _TAX_WORDS else "excl", decl)
        text = text[: mark.start()]
    own = decl.kind.currency or context.currency
    if own != "CNY":
        code = re.escape(fold(own))
        text = re.sub(rf"^{code}\s*|\s*{code}$", "", text, flags=re.IGNORECASE)
    value = plain_number(text)
    if value is None:
        value = plain_fraction(text)
    if value is not None:
        return value
    if formal.meant(text) and read_literal(text, "zh") is None:
        raise Refused("SHEET146", expected=expects(decl.kind), read=shorten(raw))
    node = _literal(text, raw, decl, context)
    return to_exact(node, decl, context, raw)


def _count(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    value = plain_number(text)
    if value is None:
        return to_exact(_literal(text, raw, decl, context), decl, context, raw)
    return _whole(value, decl, raw)


def _points(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    part = _FRACTION.fullmatch(text)
    if part and context.fact and plain_fraction(text) is not None:
        return score(raw, part, decl, context.dialect)
    return _number(text, raw, decl, context)


def _whole(value: Fraction, decl: InputDecl, raw: str) -> Fraction:
    if value.denominator != 1 and not divisible(decl.kind.unit):
        raise Refused("SHEET134", read=shorten(raw), unit=decl.kind.unit or "")
    return value


def _check_tax(tax: str, decl: InputDecl) -> None:
    if decl.kind.tax is not None and tax != decl.kind.tax:
        raise Refused("SHEET132", expected=expects(decl.kind))


# ---------------------------------------------------------------------------------------------- time and the rest
def _yesno(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    word = text_key(text)
    if word in _YES or word in _NO:
        return word in _YES
    raise Refused("SHEET130", expected=expects(decl.kind), read=shorten(raw))


def _moment(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    found = read_moment(text)
    serial = worksheet_day(text)
    if serial is not None:
        raise Refused("SHEET148", expected=expects(decl.kind), suggestions=(serial.isoformat(),), read=text)
    if found is None and (meant := tuple(days(text))):
        raise Refused("SHEET130", expected=expects(decl.kind), suggestions=meant, read=shorten(raw))
    if found is None:
        return to_exact(_literal(text, raw, decl, context), decl, context, raw)
    if isinstance(found, datetime):
        return to_exact(nodes.Instant(NOWHERE, found), decl, context)
    return to_exact(nodes.Date(NOWHERE, found), decl, context)


def read_moment(text: str) -> date | datetime | None:
    """A day, or a day with its time, in China's if it says how far it is from UTC; None when the text is neither,
    ``Refused`` when there is no such day."""
    m = _MOMENT.fullmatch(text)
    if not m:
        return None
    try:
        day = date(int(m[1]), int(m[2]), int(m[3]))
        if m[4] is None:
            return day
        offset = None
        if m[7] is not None:
            offset = int(m[9] or 0) * 60 + int(m[10] or 0)
            if offset > MOST_OFFSET:
                raise ValueError
        return instant(day, int(m[4]), int(m[5]), int(m[6] or 0), -offset if offset and m[8] == "-" else offset)
    except ValueError:
        raise Refused("SHEET141", read=shorten(text)) from None


def _period(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    grain = decl.kind.unit
    if _YEAR.fullmatch(text) and grain in ("year", "fiscal_year"):
        return to_exact(nodes.Period(NOWHERE, grain, int(text), 0), decl, context)
    m = _MONTH.fullmatch(text)
    if m:
        if not 1 <= int(m[2]) <= 12:
            raise Refused("SHEET141", read=shorten(raw))
        return to_exact(nodes.Period(NOWHERE, "month", int(m[1]), int(m[2])), decl, context)
    return to_exact(_literal(text, raw, decl, context), decl, context, raw)


def _other(text: str, raw: str, decl: InputDecl, context: Context) -> Exact:
    return to_exact(_literal(text, raw, decl, context), decl, context, raw)


_READERS: Mapping[str, Callable[[str, str, InputDecl, Context], Exact]] = {
    "yesno": _yesno, "number": _number, "percent": _percent, "money": _money, "count": _count, "points": _points,
    "date": _moment, "instant": _moment, "period": _period, "duration": _other, "ordinal": _other,
}


# ---------------------------------------------------------------------------------------------- nodes
def to_exact(
    node: nodes.Value, decl: InputDecl, context: Context | Program | None = None, raw: str = ""
) -> Exact:
    """The exact value of a literal as a value of the declared kind; ``Refused`` when it is of another kind. ``raw``:
    its characters, for the message."""
    where = context if isinstance(context, Context) else Context.of(context)
    kind = decl.kind
    value = _exact(node, decl, where)
    if isinstance(value, Absent):
        raise Refused("SHEET130", expected=expects(kind), read=shorten(raw) or written(node))
    return value


def _exact(node: nodes.Value, decl: InputDecl, context: Context) -> Exact | Absent:
    kind, base = decl.kind, decl.kind.base
    match node:
        case nodes.NoneValue():
            if not may_be_none(decl):
                none = say("value.none", context.dialect)
                raise Refused("SHEET136", expected=(*expects(kind), *blank_or_none(kind, False)), read=none)
            return None
        case nodes.YesNo(value=yes):
            return yes if base == "yesno" else ABSENT
        case nodes.Number(value=number):
            if base == "percent":
                raise _without_sign(number, written(node), decl)
            if base == "count":
                return _whole(number, decl, written(node))
            return number if base in ("number", "money", "points") else ABSENT
        case nodes.Percent(value=number):
            return number if base == "percent" else ABSENT
        case nodes.Money(value=number, tax=tax, currency=currency):
            if base != "money":
                return ABSENT
            own = decl.kind.currency or context.currency
            if currency and currency != own:
                raise Refused("SHEET139", read=written(node), currency=own)
            if tax is not None:
                _check_tax(tax, decl)
            return number
        case nodes.Points(value=number):
            if base == "count" and kind.unit in ("分", "points"):
                return _whole(number, decl, written(node))
            return number if base == "points" else ABSENT
        case nodes.Count(value=number, unit=unit):
            if base != "count":
                return ABSENT
            if kind.unit is not None and fold(unit).lower() != fold(kind.unit).lower():
                read = written(node)
                meant = quantity(read, kind, context.dialect)
                raise Refused("SHEET131", expects(kind), meant, read=read, found=unit, unit=kind.unit)
            return _whole(number, decl, written(node))
        case nodes.Duration(value=number, unit=unit):
            return _length(number, unit, kind) if base == "duration" else ABSENT
        case nodes.Date(value=day):
            if base == "instant":
                raise Refused("SHEET140", expected=expects(kind), read=day.isoformat())
            return day if base == "date" else ABSENT
        case nodes.Instant(value=moment):
            if base == "date":
                if (moment.hour, moment.minute, moment.second) != (0, 0, 0) and moment.time() != END:
                    raise Refused("SHEET145", expected=expects(kind), read=moment.isoformat(" "))
                return moment.date()
            return moment if base == "instant" else ABSENT
        case nodes.Period(kind=grain, year=year, number=number_):
            if base != "period":
                return ABSENT
            if kind.unit is not None and grain != kind.unit:
                raise Refused("SHEET142", expected=(f"sheet_{kind.unit}",), read=written(node))
            return _make_period(grain, year, number_, context)
        case nodes.Text(value=text):
            return _from_text(text, decl)
        case nodes.Ordinal(value=place):
            return Fraction(place) if base == "ordinal" else ABSENT
        case _:
            assert_never(node)


def _from_text(text: str, decl: InputDecl) -> Exact | Absent:
    match decl.kind.base:
        case "text" | "any":
            return text.strip()
        case "choice":
            return pick(text, decl)
        case "choices":
            return several([text], decl)
        case _:
            return ABSENT


def _make_period(grain: str, year: int, number: int, context: Context) -> Exact:
    try:
        return make_period(grain, year, number, context.fiscal)
    except CannotCompute as error:
        code = "SHEET144" if error.why == "no_fiscal_year" else "SHEET141"
        raise Refused(code, read=f"{year}") from None


def _length(number: Fraction, unit: str, kind: Kind) -> Exact:
    if kind.unit is None or kind.unit == unit:
        return Duration(number, unit)
    (base, factor), (wanted, divisor) = FAMILY[unit], FAMILY[kind.unit]
    if base != wanted:
        raise Refused("SHEET130", expected=("sheet_duration",), read=f"{number}")
    return Duration(number * factor / divisor, kind.unit)


def _digits(value: Fraction) -> str:
    places = places_of(value)
    return str(value) if places is None else decimal_text(value, places)


def written(node: nodes.Value) -> str:
    """The literal in a message, when its own characters are not at hand."""
    match node:
        case nodes.Number(value=v) | nodes.Money(value=v) | nodes.Points(value=v):
            return _digits(v)
        case nodes.Percent(value=v):
            return f"{_digits(v * 100)}%"
        case nodes.Count(value=v, unit=unit) | nodes.Duration(value=v, unit=unit):
            return f"{_digits(v)}{unit}"
        case nodes.Date(value=day):
            return day.isoformat()
        case nodes.Instant(value=moment):
            return instant_text(moment)
        case nodes.Period(kind=grain, year=year, number=n):
            return f"{year} {grain} {n}" if n else f"{year} {grain}"
        case nodes.Text(value=text):
            return shorten(text)
        case nodes.YesNo(value=yes):
            return "是" if yes else "否"
        case nodes.Ordinal(value=place):
            return str(place)
        case nodes.NoneValue():
            return "无"
        case _:
            assert_never(node)
