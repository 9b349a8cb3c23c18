"""How a quantity is written: as the author did in the same dialect, by its value in the other one."""

from __future__ import annotations

import re
from datetime import date, datetime
from fractions import Fraction
from typing import assert_never

from policydsl import nodes
from policydsl.diagnostics import Language
from policydsl.format.words import Writing
from policydsl.text import formal
from policydsl.text.fold import fold
from policydsl.text.keywords import currency, dialect

QUANTITIES = frozenset(
    {
        "NUMBER", "MONEY", "PERCENT", "COUNT", "POINTS", "DURATION", "DATE", "INSTANT", "MONTHDAY", "PERIOD", "ORDINAL",
        "WHOLE", "NTH",
    }
)
_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SCALED = re.compile(r"\d\s*(?:万亿|百万|千万|千|万|亿|thousand|million|billion|k|m)\b|\d\s*[千万亿]|[百千万亿]", re.I)
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?$")
_NUMBERED = frozenset({"WD", "M", "Q"})  # 3个月, 2个季度, but 3天


def tidy(terminal: str, text: str, code: Language) -> str:
    """A quantity as typed, in half width and with the blanks of the dialect."""
    plain = " ".join(fold(text).split())
    if code == "zh":
        if terminal == "INSTANT":
            return plain
        tight = re.sub(r"(?<![A-Za-z]) | (?![\d.])", "", plain)
        return re.sub(r"^([A-Za-z]{3})(?=\d)", r"\1 ", tight)
    plain = re.sub(r"(?<=\d) (?=[%‰])", "", plain)
    if terminal in ("COUNT", "POINTS", "DURATION", "WHOLE", "PERCENT"):
        return re.sub(r"(?<=\d)(?=[^\W\d_])", " ", plain, count=1)
    if terminal == "MONEY":
        return re.sub(r"^([A-Za-z]{3})\s*(?=\d)", lambda m: f"{currency(m[1])} ", plain)
    return plain


def whole_months(value: Fraction, to: Language) -> str:
    """Calendar months."""
    return f"{decimal(value)}个整月" if to == "zh" else f"{decimal(value)} full {_one('months', 'month', value)}"


def nth_day(value: tuple[Fraction, str], to: Language) -> str:
    """Which day of a period."""
    number, what = int(value[0]), value[1]
    if what == "D":
        return f"第{number}日" if to == "zh" else f"day {number}"
    if what == "WD":
        return f"第{number}个工作日" if to == "zh" else f"{_ordinal(number)} working day"
    at = int(what) - 1
    return f"第{number}个周{'一二三四五六日'[at]}" if to == "zh" else f"{_ordinal(number)} {_WEEKDAYS[at]}"


def month_day(value: tuple[int, int], to: Language) -> str:
    """The first day of the fiscal year."""
    month, day = value
    return f"{month}月{day}日" if to == "zh" else f"{day} {_MONTHS[month - 1]}"


def write(node: nodes.Value, typed: str, to: Language, words: Writing) -> str:
    """A value in the other dialect; ``typed`` decides only its style (digits, scale, kind of date)."""
    text = fold(typed)
    zh = to == "zh"
    match node:
        case nodes.Number(value=value):
            return _scaled(value, text, to)
        case nodes.Percent(value=value, points=True):
            number, said = _digits(value * 100, text), _one("percentage points", "percentage point", value * 100)
            return f"{number}个百分点" if zh else f"{number} {said}"
        case nodes.Percent(value=value):
            found = re.search(r"([\d.,]+)\s*([%‰])", text)
            return found[1] + found[2] if found else decimal(value * 100) + "%"
        case nodes.Money() if formal.read(text.strip()) is not None:
            return text.strip()  # the figures of cheques and tenders are read in both dialects
        case nodes.Money(value=value, bare=bare, currency=code):
            amount = _scaled(value, text, to)
            behind = "" if bare else dialect("zh").currencies[code]["zh"][0]
            return amount if bare else f"{amount}{behind}" if zh else f"{code} {amount}"
        case nodes.Points(value=value):
            return f"{_digits(value, text)}分" if zh else f"{_digits(value, text)} {_one('points', 'point', value)}"
        case nodes.Count(value=value, unit=unit):
            return _count(value, words.unit(unit, to), text, to, words)
        case nodes.Duration(value=value, unit=unit):
            return _duration(value, unit, text, to, words)
        case nodes.Instant(value=value):
            clock = _CLOCK.search(text)
            return f"{_day(value, text, to)} {clock[0] if clock else value.strftime('%H:%M:%S')}"
        case nodes.Date(value=value):
            return _day(value, text, to)
        case nodes.Period(kind=kind, year=year, number=number):
            return _period(kind, year, number, text, to)
        case nodes.Ordinal(value=value):
            if re.search("名|place", text):
                return f"第{value}名" if zh else f"{_ordinal(value)} place"
            first = value == 1 and re.search("首|time", text)
            return ("首次" if first else f"第{value}次") if zh else _ordinal(value) + (" time" if first else "")
        case nodes.Text(value=value):
            return f"“{value}”" if zh else f'"{value}"'
        case nodes.YesNo(value=value):
            return words.word("BOOL", "yes" if value else "no", "", to, opens=False)
        case nodes.NoneValue():
            return words.word("NONE", "none", "", to, opens=False)
        case _:
            assert_never(node)


def decimal(value: Fraction, *, grouped: bool = False) -> str:
    """A fraction that has a finite decimal form, in that form."""
    shift, rest = 0, value
    while rest.denominator != 1:
        rest *= 10
        shift += 1
        assert shift < 60, value
    sign = "-" if rest < 0 else ""
    digits = str(abs(rest.numerator)).rjust(shift + 1, "0")
    whole, part = (digits[:-shift], digits[-shift:]) if shift else (digits, "")
    if grouped:
        whole = f"{int(whole):,}"
    return sign + whole + ("." + part if part else "")


def _places(value: Fraction) -> int:
    """How many decimals a value has."""
    return len(decimal(value).partition(".")[2])


def _digits(value: Fraction, text: str) -> str:
    """The number as typed when it was typed in digits alone."""
    found = _DIGITS.search(text)
    if found and not _SCALED.search(text) and Fraction(found[0].replace(",", "")) == value:
        return found[0]
    return decimal(value, grouped=value >= 10_000)


def _scaled(value: Fraction, text: str, to: Language) -> str:
    """A number with the words for thousands and millions that the dialect has."""
    found = _DIGITS.search(text)
    typed = found[0] if found else ""
    plain = bool(typed) and Fraction(typed.replace(",", "")) == value
    if to == "en":
        if plain:
            return typed
        for word, size in (("billion", 10**9), ("million", 10**6)):
            if value >= size and _places(value / size) <= 3:
                return f"{decimal(value / size)} {word}"
        return decimal(value, grouped=True)
    if plain and not ("," in typed and value >= 10_000 and value % 1000 == 0):
        return typed
    if value >= 10**8 and _places(value / 10**8) <= 3:
        return f"{decimal(value / 10**8)}亿"
    if value >= 10**4 and _places(value / 10**4) <= 4:
        return f"{decimal(value / 10**4)}万"
    return typed if plain else decimal(value, grouped=True)


def _one(many: str, one: str, value: Fraction) -> str:
    return one if value == 1 else many


def _count(value: Fraction, unit: str, text: str, to: Language, words: Writing) -> str:
    number = _digits(value, text)
    if to == "zh":
        gap = " " if unit.isascii() else ""
        return f"{number}{gap}{unit}"
    others = words.units["count"]["en"].get(unit) or [unit]
    return f"{number} {_one(unit, others[0], value)}"


def _duration(value: Fraction, unit: str, text: str, to: Language, words: Writing) -> str:
    # 自然日 and calendar day go together, and so do the short words
    mine, typed = (
        sorted((word for word, code in words.units["duration"][language].items() if code == unit), key=len)
        for language in (to, "en" if to == "zh" else "zh")
    )
    longer = any(word in text.lower() for word in typed[1:] if len(word) > 1)
    word = max(mine, key=len) if longer else mine[0]
    if to == "en":
        return f"{_digits(value, text)} {word}{'' if value == 1 else 's'}"
    counted = "个" if unit in _NUMBERED or len(word) > 2 else ""
    return f"{'半' if value == Fraction(1, 2) else _digits(value, text)}{counted}{word}"


def _day(value: date | datetime, text: str, to: Language) -> str:
    """A day: by numbers when it was typed so, else with the name of its month."""
    if re.match(r"\d{4}[-/.]", text):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if to == "zh":
        return f"{value.year:04}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year:04}"


def _period(kind: str, year: int, number: int, text: str, to: Language) -> str:
    zh = to == "zh"
    match kind:
        case "quarter" | "half" if re.match(r"\d{4}-?[qh]", text, re.I):
            return f"{year}{'Q' if kind == 'quarter' else 'H'}{number}"
        case "quarter":
            return f"{year}年第{number}季度" if zh else f"{year} Q{number}"
        case "month":
            return f"{year}年{number}月" if zh else f"{_MONTHS[number - 1]} {year}"
        case "half":
            return f"{year}年{'上下'[number - 1]}半年" if zh else f"{year} H{number}"
        case "fiscal_quarter":
            return f"{year}财年第{number}季度" if zh else f"FY{year}Q{number}"
        case "fiscal_half":
            return f"{year}财年{'上下'[number - 1]}半年" if zh else f"FY{year}H{number}"
        case "fiscal_year":
            return f"{year}财年" if zh else f"FY{year}"
        case _:
            return f"{year}年" if zh else f"CY{year}"


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"
