"""Numbers, money, dates, durations and the like, as authors write them; and the same for a single raw cell.

A quantity is tried only where its first character can begin one. One number is read once; what follows it decides the
kind, and every kind that fits is offered (the parser knows which it can use; the longest wins).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from policydsl import nodes
from policydsl.calendar import instant
from policydsl.diagnostics import Language
from policydsl.members import dataclass, replace
from policydsl.place import NOWHERE, Span
from policydsl.text import formal, numerals
from policydsl.text.fold import INVISIBLE, boundary, fold, lower
from policydsl.text.keywords import Dialect, dialect

MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Bad:
    """It looks like a quantity and is none: the code of the diagnostic that says why."""

    code: str


Content = Fraction | date | datetime | int | tuple[Fraction, str] | tuple[int, int] | tuple[str, int, int] | Bad


class Quantity(NamedTuple):
    end: int
    terminal: str
    value: Content


_SCALES: dict[str, int] = {
    "": 1,
    "百": 100,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
    "k": 10**3,
    "m": 10**6,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
}
_ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE = f"[{numerals.CHARS}]+|半"
_CLOCK = r"(?P<h>\d{1,2}):(?P<i>\d\d)(?::(?P<s>\d\d))?(?!\d)"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_NAMES = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = r"(?P<m>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_TENTH = "[一二三四五六七八九]"
_PARTS = {"百": 100, "千": 1000, "万": 10000}


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


def _date(year: str, month: int, day: str) -> date | Bad:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return Bad("POL107")


def _instant(day: date | Bad, m: re.Match[str]) -> datetime | Bad:
    if isinstance(day, Bad):
        return day
    try:
        return instant(day, int(m["h"]), int(m["i"]), int(m["s"] or 0))
    except ValueError:
        return Bad("POL107")


def _month_day(month: int, day: str) -> tuple[int, int] | Bad:
    """The day must exist in every year: the 29th of February does not."""
    found = _date("2023", month, day)
    return found if isinstance(found, Bad) else (found.month, found.day)


def _fraction(text: str) -> Fraction | Bad | None:
    """The number of an Arabic or Chinese numeral without its scale."""
    if text == "半":
        return Fraction(1, 2)
    if not text[0].isdigit():
        value = numerals.read(text)
        return None if value is None else Fraction(value)
    return Bad("POL108") if len(text) > MOST_DIGITS else Fraction(text.replace(",", ""))


def _times(number: Fraction | Bad, factor: Fraction | int) -> Fraction | Bad:
    return number if isinstance(number, Bad) else number * factor


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


Whole = tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, Content] | None]]


class Reader:
    """Reads the quantities of one dialect at one place of a folded text."""

    def __init__(self, words: Dialect, more_units: Iterable[str] = ()) -> None:
        self.code = words.code
        self._durations: dict[str, str] = words.units["duration"]
        counts = words.units["count"]
        if isinstance(counts, dict):
            self._counts = {word: kept for kept, others in counts.items() for word in (kept, *others)}
        else:
            self._counts = {word: word for word in counts}
        for unit in (*_foreign_units(self.code), *more_units):
            self._counts.setdefault(lower(fold(unit)), unit)
        chinese = self.code == "zh"
        self._number = _rx(rf"(?P<n>{_ARABIC})" + (rf"|(?P<c>{_CHINESE})" if chinese else ""))
        self._scale = _rx(r"\s?(万亿|百万|千万|千|万|亿)" if chinese else r"\s?(thousand|million|billion|k|m)\b")
        self._money: re.Pattern[str] | None = None
        self._whole: dict[str, list[Whole]] = {}
        for first, pattern, make in _chinese_forms() if chinese else _english_forms():
            for char in first:
                self._whole.setdefault(char, []).append((_rx(pattern), make))
        self._starts = frozenset("0123456789" + (numerals.CHARS + "半" if chinese else "")) | self._whole.keys()
        currencies = words.currencies.items()
        self._signs = {lower(fold(sign)): code for code, known in currencies for sign in known["signs"]}
        self._prefix = _rx(rf"(?P<x>{_one_of(self._signs)})\s*")
        self._starts |= {sign[0] for sign in self._signs}
        self._names: dict[str, str] = {}
        if chinese:
            self._names = {name: code for code, known in currencies for name in known["zh"]}
            # 3月 is a month of the year and 三季度 a quarter of it; how long are 3个月, 三个季度
            plain = _one_of(word for word in self._durations if word not in ("月", "季度"))
            self._money = _rx(rf"\s?(?P<x>{_one_of(self._names)})(?:人民币)?")
            self._percent = _rx(r"\s?(?:(?P<x>%|‰)|(?P<z>个百分点))")
            # nobody says 6个日: most likely a month is meant
            counted = _one_of(word for word in self._durations if word not in ("日", "天", "年"))
            self._duration = _rx(rf"\s?(?:个\s?(?P<a>{counted})|(?P<b>{plain}))")
            self._points = _rx(r"\s?分(?!钟|之)")
            self._count = _rx(rf"\s?(?P<u>{_one_of(self._counts)})(?!百分点|月|季度|工作日|自然日|日历日)")
        else:
            self._percent = _rx(
                r"\s?(?:(?P<x>%|‰|percent\b)|(?P<z>percentage\s+points?\b))|\s+(?P<y>per\s+(?:thousand|mille))\b"
            )
            self._duration = _rx(rf"\s*(?P<b>{_one_of(self._durations)})s?\b")
            self._points = _rx(r"\s*points?\b(?!\s+of\b)")
            self._count = _rx(rf"\s*(?P<u>{_one_of(self._counts)})\b")

    def at(self, text: str, norm: str, pos: int, end: int) -> list[Quantity]:
        """Every quantity that stands at ``pos``; ``text`` is what the author typed, ``norm`` its folded copy."""
        if norm[pos].lower() not in self._starts:
            return []
        return [q for q in self._all(text, norm, pos, end) if boundary(norm, pos, q.end)]

    def _all(self, text: str, norm: str, pos: int, end: int) -> Iterator[Quantity]:
        for pattern, make in self._whole.get(norm[pos].lower(), ()):
            if (m := pattern.match(norm, pos, end)) and (made := make(m)):
                yield Quantity(m.end(), *made)
        prefix = self._prefix.match(norm, pos, end)
        number = self._number.match(norm, prefix.end() if prefix else pos, end)
        if not number:
            return
        arabic = number[0][0].isdigit()
        start, stop = number.span()
        if arabic and (comma := _typed_comma(text, norm, start, stop)):
            stop = comma
        bare = _fraction(norm[start:stop])
        if bare is None:
            return
        scale = self._scale.match(norm, stop, end) if arabic else None
        value, after = (_times(bare, _SCALES[scale[1].lower()]), scale.end()) if scale else (bare, stop)
        half = norm[start:stop] == "半"
        if prefix:
            unit = self._money.match(norm, after, end) if self._money else None
            yield Quantity(unit.end() if unit else after, "MONEY", _with_unit(value, self._signs[lower(prefix["x"])]))
            return
        if self._money and not half and (m := self._money.match(norm, after, end)):
            yield Quantity(m.end(), "MONEY", _with_unit(value, self._names[m["x"]]))
        if arabic and (m := self._percent.match(norm, stop, end)):
            per_thousand = m["x"] == "‰" or "y" in m.re.groupindex and m["y"]
            share = _times(bare, Fraction(1, 1000 if per_thousand else 100))
            yield Quantity(m.end(), "PERCENT", _with_unit(share, "points") if m["z"] else share)
        if m := self._duration.match(norm, after, end):
            word = (m["b"] or m["a"]) if "a" in m.re.groupindex else m["b"]
            yield Quantity(m.end(), "DURATION", _with_unit(value, self._durations[word.lower()]))
        if not half and (m := self._points.match(norm, after, end)):
            yield Quantity(m.end(), "POINTS", value)
        if not half and (m := self._count.match(norm, after, end)):
            yield Quantity(m.end(), "COUNT", _with_unit(value, self._counts[m["u"].lower()]))
        if arabic:
            yield Quantity(after, "NUMBER", value)
            if scale:
                yield Quantity(stop, "NUMBER", bare)

    @property
    def measure_words(self) -> tuple[str, ...]:
        """Every word that may stand behind a number as what it counts."""
        return (*self._counts, *self._durations, *self._names, *dialect(self.code).units["points"])

    def unit(self, word: str) -> str:
        """The unit of a declaration, in the form that counts keep."""
        known: str | None = self._counts.get(lower(fold(word)).strip())
        return known or word.strip()


def _foreign_units(code: Language) -> list[str]:
    """Measure words of the other dialect that have no counterpart in this one: a translated text keeps them."""
    other = dialect("en" if code == "zh" else "zh").units
    return [word for word in other["count"] if word not in other["paired"]]


def _typed_comma(text: str, norm: str, start: int, stop: int) -> int | None:
    """The first comma of a grouped number that the author typed in full width: it separates, and groups nothing."""
    for i in range(start, stop):
        if norm[i] == "," and text[i] != ",":
            return i
    return None


def _with_unit(value: Fraction | Bad, unit: str) -> tuple[Fraction, str] | Bad:
    return value if isinstance(value, Bad) else (value, unit)


def _chinese_forms() -> Iterator[tuple[str, str, Callable[[re.Match[str]], tuple[str, Content] | None]]]:
    digits, numeral = "0123456789", f"[{numerals.CHARS}]+"
    dashed = r"(?P<y>\d{4})(?P<x>[-/.])(?P<m>\d{1,2})(?P=x)(?P<d>\d{1,2})"
    spelled = r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]"

    def day(m: re.Match[str]) -> tuple[str, Content]:
        return "DATE", _date(m["y"], int(m["m"]), m["d"])

    def moment(m: re.Match[str]) -> tuple[str, Content]:
        return "INSTANT", _instant(_date(m["y"], int(m["m"]), m["d"]), m)

    def ordinal(m: re.Match[str]) -> tuple[str, Content] | None:
        value = _fraction(m["n"])
        return None if value is None else ("ORDINAL", value if isinstance(value, Bad) else int(value))

    def nth(m: re.Match[str]) -> tuple[str, Content] | None:
        value = _fraction(m["n"])
        what = "WD" if m["w"] else str("一二三四五六日天".index(m["k"]) + 1).replace("8", "7") if m["k"] else "D"
        return None if value is None or isinstance(value, Bad) else ("NTH", (value, what))

    def parts(m: re.Match[str]) -> tuple[str, Content] | None:
        value = _fraction(m["n"])
        return None if value is None else ("PERCENT", _times(value, Fraction(1, _PARTS[m["k"]])))

    def quarter(m: re.Match[str], grain: str = "quarter") -> tuple[str, Content]:
        return "PERIOD", (grain, int(m["y"]), int(m["q"]) if m["q"].isdigit() else numerals.DIGITS[m["q"]])

    yield digits, dashed + r"(?:\s+|T)" + _CLOCK, moment
    yield digits, spelled + r"\s?" + _CLOCK, moment
    yield digits, spelled, day
    yield digits, dashed + r"(?!\d)", day
    yield (
        digits,
        r"(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]",
        lambda m: ("MONTHDAY", _month_day(int(m["m"]), m["d"])),
    )
    yield digits, r"(?P<y>\d{4})\s?年\s?第?(?P<q>[1-4一二三四])\s?季度", quarter
    yield digits, r"(?P<y>\d{4})\s?[-年]?\s?Q(?P<q>[1-4])", quarter
    yield digits, r"(?P<y>\d{4})\s?财年\s?Q(?P<q>[1-4])", lambda m: quarter(m, "fiscal_quarter")
    yield digits, _HALF, lambda m: _half("half", m)
    yield "f", _FISCAL_PART, _fiscal_part
    yield digits, r"(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月(?!\s?\d)", _month_period
    yield digits, r"(?P<y>\d{4})\s?年\s?(?P<h>[上下])半年", lambda m: _half("half", m)
    yield digits, r"(?P<y>\d{4})\s?财年\s?(?P<h>[上下])半年", lambda m: _half("fiscal_half", m)
    yield digits, r"(?P<y>\d{4})\s?财年\s?第?(?P<q>[1-4一二三四])\s?季度", lambda m: quarter(m, "fiscal_quarter")
    yield digits, r"(?P<y>\d{4})\s?财年", lambda m: ("PERIOD", ("fiscal_year", int(m["y"]), 0))
    yield digits, r"(?P<y>(?:19|20)\d{2})\s?年(?:度)?(?!\s?\d)", lambda m: ("PERIOD", ("year", int(m["y"]), 0))
    yield "f", r"FY\s?(?P<y>\d{4}|\d{2})", _fiscal
    yield digits + numerals.CHARS, rf"(?P<n>\d+|{numeral})\s?个?整月", _whole_months
    yield "第", rf"第\s?(?P<n>\d+|{numeral})\s?(?:次|个|家|名|位)?", ordinal
    yield "第", (
        rf"第\s?(?P<n>\d+|{numeral})\s?(?:[日天]|个?\s?(?P<w>工作日)|个?\s?(?:周|星期)(?P<k>[一二三四五六日天]))"
    ), nth
    yield "首", r"首(?:次|个|家)", lambda m: ("ORDINAL", 1)
    yield "百千万", rf"(?P<k>百|千|万)分之\s?(?P<n>{_ARABIC}|{numeral})", parts
    yield digits + numerals.CHARS, rf"(?P<n>\d+(?:\.\d+)?|{_TENTH}{{1,2}})\s?折(?![扣算合旧价让抵损线叠])", _discount
    yield digits + numerals.CHARS, (
        rf"(?P<n>10|[1-9](?:\.\d+)?|{_TENTH}|十)\s?成(?:(?P<h>{_TENTH}|半)(?![致定些家个名次种样般]))?"
        r"(?![立员功交本为绩果品分长套熟都])"
    ), _tenths
    yield formal.STARTS, formal.PATTERN, _formal


def _whole_months(m: re.Match[str]) -> tuple[str, Content] | None:
    """3个整月, 3 full months: calendar months."""
    value = _fraction(m["n"])
    return None if value is None else ("WHOLE", _with_unit(value, "M"))


def _discount(m: re.Match[str]) -> tuple[str, Content]:
    """8.5折, 85折 and 八五折 are what is paid: 85%."""
    value = _figure(m["n"])
    if 0 < value <= 10:
        return "PERCENT", value / 10
    return "PERCENT", value / 100 if value.denominator == 1 and 10 < value < 100 else Bad("POL147")


def _tenths(m: re.Match[str]) -> tuple[str, Content]:
    """八成 is 80%, 八成五 is 85%."""
    more = Fraction(0) if m["h"] is None else Fraction(5) if m["h"] == "半" else _figure(m["h"])
    return "PERCENT", (10 if m["n"] == "十" else _figure(m["n"])) / Fraction(10) + more / 100


def _figure(text: str) -> Fraction:
    """A number in digits, of either script."""
    return Fraction("".join(str(numerals.DIGITS.get(char, char)) for char in text))


def _english_forms() -> Iterator[tuple[str, str, Callable[[re.Match[str]], tuple[str, Content] | None]]]:
    digits = "0123456789"
    iso = r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    named = rf"(?P<d>\d{{1,2}})\s+{_MONTH}\s+(?P<y>\d{{4}})"

    def nth(m: re.Match[str]) -> tuple[str, Content]:
        return "NTH", (Fraction(m["n"]), "WD" if m["w"] else str(_WEEKDAYS.index(m["k"].lower()) + 1))

    def month(m: re.Match[str]) -> int:
        return _MONTHS.index(m["m"][:3].lower()) + 1

    yield digits, iso + r"(?:\s+|T)" + _CLOCK, lambda m: ("INSTANT", _instant(_date(m["y"], int(m["m"]), m["d"]), m))
    yield digits, iso + r"(?!\d)", lambda m: ("DATE", _date(m["y"], int(m["m"]), m["d"]))
    yield digits, named + r"\s+" + _CLOCK, lambda m: ("INSTANT", _instant(_date(m["y"], month(m), m["d"]), m))
    yield digits, named + r"(?!\d)", lambda m: ("DATE", _date(m["y"], month(m), m["d"]))
    yield digits, rf"(?P<d>\d{{1,2}})\s+{_MONTH}(?!\s*\d)", lambda m: ("MONTHDAY", _month_day(month(m), m["d"]))
    yield digits, r"(?P<y>\d{4})[\s-]?Q(?P<q>[1-4])", lambda m: ("PERIOD", ("quarter", int(m["y"]), int(m["q"])))
    yield "q", r"Q(?P<q>[1-4])\s(?P<y>\d{4})(?!\d)", lambda m: ("PERIOD", ("quarter", int(m["y"]), int(m["q"])))
    yield digits, _HALF, lambda m: _half("half", m)
    yield "f", _FISCAL_PART, _fiscal_part
    yield "jfmasond", rf"{_MONTH_NAMES}\s+(?P<y>\d{{4}})(?!\d)", lambda m: ("PERIOD", ("month", int(m["y"]), month(m)))
    yield "c", r"CY\s?(?P<y>\d{4})", lambda m: ("PERIOD", ("year", int(m["y"]), 0))
    yield digits, r"(?P<n>\d+)\s+(?:full|whole)\s+months?\b", _whole_months
    yield (
        digits,
        r"(?P<n>\d+)(?:st|nd|rd|th)\b(?:\s+(?:time|place)\b)?",
        lambda m: ("ORDINAL", int(m["n"]) if len(m["n"]) <= 9 else Bad("POL108")),
    )
    yield "f", r"FY\s?(?P<y>\d{4}|\d{2})", _fiscal
    yield "d", r"day\s+(?P<n>\d{1,4})", lambda m: ("NTH", (Fraction(m["n"]), "D"))
    yield digits, rf"(?P<n>\d{{1,4}})(?:st|nd|rd|th)\s+(?:(?P<w>working\s+day)|(?P<k>{'|'.join(_WEEKDAYS)}))\b", nth
    yield formal.STARTS, formal.PATTERN, _formal


def _formal(m: re.Match[str]) -> tuple[str, Content] | None:
    value = formal.read(m["formal"] + m["end"])
    return None if value is None else ("MONEY", (value, "CNY"))


_HALF = r"(?P<y>\d{4})[\s-]?H(?P<h>[12])(?!\d)"
_FISCAL_PART = r"FY\s?(?P<y>\d{4}|\d{2})[\s-]?(?:Q(?P<q>[1-4])|H(?P<h>[12]))(?!\d)"


def _half(grain: str, m: re.Match[str]) -> tuple[str, Content]:
    return "PERIOD", (grain, _year(m["y"]), 1 if m["h"] in ("1", "上") else 2)


def _fiscal_part(m: re.Match[str]) -> tuple[str, Content]:
    return ("PERIOD", ("fiscal_quarter", _year(m["y"]), int(m["q"]))) if m["q"] else _half("fiscal_half", m)


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _fiscal(m: re.Match[str]) -> tuple[str, Content]:
    return "PERIOD", ("fiscal_year", _year(m["y"]), 0)


def _month_period(m: re.Match[str]) -> tuple[str, Content]:
    month = int(m["m"])
    return "PERIOD", ("month", int(m["y"]), month) if 1 <= month <= 12 else Bad("POL107")


@lru_cache(maxsize=128)
def reader(code: Language, more_units: tuple[str, ...] = ()) -> Reader:
    """The reader of a dialect, with units of a file's own."""
    return Reader(dialect(code), more_units)


# ---------------------------------------------------------------------------------------------- values
def value_node(terminal: str, value: object, span: Span) -> nodes.Value | None:
    """The node of a quantity; None for what is no value by itself (a day of a month, a bad date)."""
    match terminal, value:
        case "NUMBER", Fraction():
            return nodes.Number(span, value)
        case "PERCENT", Fraction():
            return nodes.Percent(span, value)
        case "PERCENT", (Fraction() as number, str()):
            return nodes.Percent(span, number, points=True)
        case "MONEY", (Fraction() as number, str() as code):
            return nodes.Money(span, number, None, currency=code)
        case "POINTS", Fraction():
            return nodes.Points(span, value)
        case "COUNT", (Fraction() as number, str() as unit):
            return nodes.Count(span, number, unit)
        case "DURATION" | "WHOLE", (Fraction() as number, str() as unit):
            return nodes.Duration(span, number, unit)
        case "INSTANT", datetime():
            return nodes.Instant(span, value)
        case "DATE", date():
            return nodes.Date(span, value)
        case "PERIOD", (str() as kind, int() as year, int() as number):
            return nodes.Period(span, kind, year, number)
        case "ORDINAL", int():
            return nodes.Ordinal(span, value)
        case _:
            return None


def read_literal(text: str, code: Language, span: Span = NOWHERE, units: Iterable[str] = ()) -> nodes.Value | None:
    """A value written alone, as in a cell of a table or a string of a fact sheet; None when it is not one.

    The whole text must be the value. A zh file also takes the spellings of en (sheets come out of other systems).
    ``units`` are measure words beyond those of the keyword table. A name or other text is not a value.
    """
    norm = fold(INVISIBLE.sub("", text).strip())
    if not norm or len(norm) > 200:
        return None
    extra = tuple(units)
    for each in dict.fromkeys((code, "en") if code == "zh" else (code,)):
        words = dialect(each)
        found = _read_whole(norm, reader(each, extra), words, span)
        if found is not None:
            return found
    return None


def _read_whole(norm: str, read: Reader, words: Dialect, span: Span) -> nodes.Value | None:
    low = lower(norm)
    for keyword in words.inline_words.get(low) or ():
        if keyword.terminal == "BOOL":
            return nodes.YesNo(span, keyword.value == "yes")
        if keyword.terminal == "NONE":
            return nodes.NoneValue(span)
    tax: nodes.Tax | None = None
    body = norm
    for pattern, keyword in words.bracketed:
        if keyword.terminal == "TAX" and (m := pattern.search(norm)) and m.end() == len(norm):
            tax = "incl" if keyword.value == "incl" else "excl"
            body = norm[: m.start()].rstrip()
    sign = 1
    if body[:1] in ("-", "负") and len(body) > 1:
        sign, body = -1, body[1:].lstrip()
    if not body:
        return None
    # a full-width comma inside one cell can only group digits
    for q in read.at(body, body, 0, len(body)):
        node = value_node(q.terminal, q.value, span) if q.end == len(body) else None
        match node:
            case nodes.Money(value=value, currency=code):
                return nodes.Money(span, sign * value, tax, currency=code)
            case nodes.Number(value=value) if tax:
                return nodes.Money(span, sign * value, tax, bare=True)
            case None:
                continue
            case _ if tax:
                continue
            case nodes.Number(value=value) | nodes.Percent(value=value) | nodes.Points(value=value):
                return replace(node, value=sign * value)
            case nodes.Count(value=value, unit=unit) | nodes.Duration(value=value, unit=unit):
                return type(node)(span, sign * value, unit)
            case _ if sign == 1:
                return node
            case _:
                continue
    return None
