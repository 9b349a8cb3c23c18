"""How a number was written, and hence the smallest step that its author would take."""

from __future__ import annotations

import re
from fractions import Fraction

from policydsl.kinds import Kind
from policydsl.members import dataclass

_NUMBER = re.compile(r"([0-9][0-9,， ]*)(?:\.([0-9]+))?\s*(万|亿|千|百)?\s*([%％])?")
_SCALES = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}


@dataclass(frozen=True, slots=True)
class Written:
    """``places``: decimals written (None: no number); ``scale``: 10 000 for 万; ``percent``: with a percent sign."""

    places: int | None = None
    scale: int = 1
    percent: bool = False


def written(text: str) -> Written:
    """What a stretch of text says about the number in it."""
    found = _NUMBER.search(text)
    if found is None:
        return Written()
    _, part, scale, percent = found.groups()
    return Written(len(part or ""), _SCALES.get(scale or "", 1), percent is not None)


def step_of(value: Fraction, kind: Kind, how: Written) -> tuple[Fraction, Fraction | None]:
    """One unit of the last digit written, and a tenth of the value where that is another, larger step."""
    unit = Fraction(how.scale)
    if how.percent or kind.base == "percent":
        unit = Fraction(1, 100)
    step = unit / 10 ** (how.places or 0)
    tenth = abs(value) / 10
    if kind.base == "count":
        tenth = Fraction(tenth.numerator // tenth.denominator)
    return step, tenth if tenth >= 2 * step else None
