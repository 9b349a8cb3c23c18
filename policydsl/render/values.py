"""Exact values and what a value may be, in the words a channel manager reads."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import assert_never

from policydsl.calendar import END
from policydsl.core import Amendment, Header
from policydsl.diagnostics import Language
from policydsl.domain import Possible, has_none
from policydsl.kinds import DATE, Duration, Exact, Kind, Period
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.say import bracketed, listed, names_of, ordinal, say, singular, word

_WAN = 10_000
_YI = 100_000_000
_MOST_PLACES = 10  # a decimal longer than this is shown rounded, beside its fraction
_SHOWN_VALUES = 8
_SHOWN_NUMBERS = 4


def known_as(header: Header, lang: Language) -> str:
    """The id of a policy, with those of the documents that have amended it."""
    by = listed([a.id or a.title for a in header.amended], lang)
    return say("verdict.amended_mark", lang, cite=header.id or header.title, by=by) if by else header.id


def places_of(value: Fraction) -> int | None:
    """The number of decimals of a finite decimal; None when it does not end."""
    return _places(value.denominator)


@lru_cache(maxsize=4_096)
def _places(rest: int) -> int | None:
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def decimal_text(value: Fraction, places: int, *, thousands: bool = False) -> str:
    """The value with exactly ``places`` decimals, half up; exact when it has no more than that."""
    top, bottom = value.numerator, value.denominator
    if bottom == 1 and not places:
        return f"{top:,}" if thousands else str(top)
    scaled, rest = divmod(abs(top) * 10**places, bottom)
    if 2 * rest >= bottom:
        scaled += 1
    sign = "-" if top < 0 and scaled else ""
    whole, part = divmod(scaled, 10**places)
    text = f"{whole:,}" if thousands else str(whole)
    return f"{sign}{text}.{part:0{places}d}" if places else f"{sign}{text}"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values in one language; amounts without a currency are in that of the policy, lines those of the file
    ``home``."""

    lang: Language
    currency: str = "CNY"
    home: str = ""

    @classmethod
    def of(cls, header: Header, lang: Language | None = None) -> Writer:
        """A writer for what a policy is asked, by default in its own language."""
        return cls(lang or header.dialect, header.currency, header.at.file)

    def line(self, at: Span) -> str:
        """The line of a place of the policy: 第12行; empty for no place."""
        return say("verdict.line", self.lang, line=at.line_from(self.home)) if at.line else ""

    @property
    def code(self) -> str:
        """The currency as it stands before an amount."""
        return self.currency or "CNY"

    # ------------------------------------------------------------------------------------------ one exact value
    def exact(self, value: Exact, kind: Kind, *, tax: bool = False) -> str:
        """One exact value. ``tax``: an amount says whether tax is in it, where the policy says so."""
        match value:
            case None:
                return say("value.none", self.lang)
            case bool():
                return word("value", "yes" if value else "no", self.lang)
            case Fraction():
                return self._number(value, kind, tax)
            case Duration():
                return self._duration(value)
            case datetime():
                return self._instant(value)
            case date():
                return self._date(value)
            case Period():
                return self._period(value)
            case str():
                engine = kind.choice is not None and kind.choice.name == "@state"  # what a deadline is in, by its key
                return word("state", value, self.lang) if engine else value
            case tuple():
                return listed(value, self.lang) if value else say("value.none", self.lang)
            case _:
                assert_never(value)

    def _number(self, value: Fraction, kind: Kind, tax: bool) -> str:
        match kind.base:
            case "money":
                text = self._money(value, kind.currency or self.code)
                if tax and kind.tax:
                    text = bracketed(text, word("tax", kind.tax, self.lang), self.lang)
                return text
            case "percent":
                return self._with_fraction(value * 100, 2, "", "%", value)
            case "points":
                return self._with_fraction(value, 2, "", say("value.points", self.lang, count=value))
            case "count":
                return self._with_fraction(value, 2, "", self._count_unit(kind.unit, value))
            case "ordinal":
                return ordinal(value, self.lang, "value.place" if kind.unit == "place" else "value.ordinal")
            case _:
                return self._with_fraction(value, 4, "", "")

    def _count_unit(self, unit: str | None, value: Fraction) -> str:
        if not unit:
            return ""
        if not unit.isascii():
            return unit
        return f" {singular(unit) if value == 1 else unit}"

    def _money(self, value: Fraction, code: str) -> str:
        if self.lang == "en" or code != "CNY":
            return self._with_fraction(value, 2, f"{code} ", "", least=2)
        if abs(value) >= _YI and value * 100 % _YI == 0:
            return f"{decimal_text(value / _YI, places_of(value / _YI) or 0)}亿元"
        if abs(value) >= _WAN and value % _WAN == 0:
            return f"{decimal_text(value / _WAN, 0, thousands=True)}万元"
        return self._with_fraction(value, 2, "", "元", least=2)

    def _with_fraction(
        self, value: Fraction, rounded: int, before: str, after: str, base: Fraction | None = None, least: int = 0
    ) -> str:
        """The number between what stands before and after it; what does not end is shown rounded and as a fraction.

        ``least``: decimals shown as soon as there are any (amounts). ``base``: the fraction to show, if another.
        """
        places = places_of(value)
        if places is not None and places <= _MOST_PLACES:
            return f"{before}{decimal_text(value, max(places, least) if places else 0, thousands=True)}{after}"
        shown = f"{before}{decimal_text(value, rounded, thousands=True)}{after}"
        return say("value.about", self.lang, rounded=shown, exact=value if base is None else base)

    def _duration(self, value: Duration) -> str:
        return self._with_fraction(value.value, 2, "", word("duration", value.unit, self.lang, count=value.value))

    def _date(self, value: date) -> str:
        return say("value.date", self.lang, year=value.year, month=value.month, day=value.day)

    def _instant(self, value: datetime) -> str:
        clock = "24:00" if value.time() == END else value.strftime("%H:%M:%S" if value.second else "%H:%M")
        return f"{self._date(value.date())} {clock}"

    def _period(self, value: Period) -> str:
        if value.grain in names_of("period"):
            part = word("half", str(value.number), self.lang) if value.grain.endswith("half") else ""
            return word("period", value.grain, self.lang, year=value.year, number=value.number, half=part)
        return say("value.to", self.lang, low=self._date(value.first), high=self._date(value.last))

    # ------------------------------------------------------------------------------------------ what may be
    def possible(self, value: Possible, kind: Kind, *, tax: bool = False) -> str:
        """A known value, or the possibilities left: values, an interval, or 未知 when nothing is excluded."""
        if value.values is not None:
            if len(value.values) == 2 and kind.base == "yesno" and all(isinstance(v, bool) for v in value.values):
                return say("value.anything", self.lang)
            numbers = [v for v in value.values if isinstance(v, Fraction)]
            if len(numbers) == len(value.values) > _SHOWN_NUMBERS:
                low, high = (self.exact(v, kind, tax=tax) for v in (min(numbers), max(numbers)))
                return say("value.among", self.lang, low=low, high=high, count=len(numbers))
            shown = [self.exact(v, kind, tax=tax) for v in value.values if v is not None]
            if None in value.values:
                shown.append(say("value.none", self.lang))
            if len(shown) > _SHOWN_VALUES:
                some = listed(shown[:_SHOWN_VALUES], self.lang)
                return say("value.many", self.lang, some=some, count=len(shown))
            *first, last = shown
            return listed(first, self.lang) + say("mark.or", self.lang) + last if first else last
        if value.low is None and value.high is None:
            return word("value", "not_stated" if value.reasons == {"not_stated"} else "anything", self.lang)
        text = self._interval(value, kind, tax)
        return say("value.or_none", self.lang, value=text) if has_none(value) else text

    def lasting(self, value: Possible, kind: Kind, *, tax: bool = False) -> str:
        """A value that is read and not written back: many seconds as hours and minutes."""
        length = value.value if value.known else None
        if not isinstance(length, Duration) or length.unit != "SEC" or length.value != abs(int(length.value)):
            return self.possible(value, kind, tax=tax)
        left, said = int(length.value), []
        for unit, many in (("D", 86_400), ("H", 3_600), ("MIN", 60), ("SEC", 1)):
            count, left = divmod(left, many)
            said += [self._duration(Duration(Fraction(count), unit))] if count else []
        return ("" if self.lang == "zh" else " ").join(said) or self.possible(value, kind)

    def _interval(self, value: Possible, kind: Kind, tax: bool) -> str:
        if value.low is not None and value.high is not None and not value.low_open and not value.high_open:
            low, high = self.exact(value.low, kind), self.exact(value.high, kind, tax=tax)
            return say("value.to", self.lang, low=low, high=high)
        parts = []
        if value.low is not None:
            once = tax and value.high is None  # the tax basis is said at the end
            parts.append(self.limit(">" if value.low_open else ">=", value.low, kind, tax=once))
        if value.high is not None:
            parts.append(self.limit("<" if value.high_open else "<=", value.high, kind, tax=tax))
        return parts[0] if len(parts) == 1 else say("value.and", self.lang, low=parts[0], high=parts[1])

    def limit(self, op: str, value: Exact, kind: Kind, *, tax: bool = False) -> str:
        """One side of a range in words: 不低于 150万元, 不晚于 2024年6月30日."""
        key = op + "day" if isinstance(value, date | Period) else op
        return word("limit", key, self.lang, value=self.exact(value, kind, tax=tax))


def amendment_words(one: Amendment, writer: Writer) -> str:
    """A document that has amended the policy, and when it is in force."""
    first = writer.exact(one.start, DATE)
    last = writer.exact(one.end, DATE) if one.end is not None else ""
    key = "verdict.from_to" if last else "verdict.from"
    when = say(key, writer.lang, first=first, last=last, day=first)
    if not one.id:
        return bracketed(one.title, when, writer.lang)
    return say("verdict.amended_by", writer.lang, id=one.id, title=one.title, when=when)
