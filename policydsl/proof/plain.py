"""Values in the proof, as plain data: exact, in the policy's own units, and open ones with what they may be."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import assert_never

from policydsl.domain import Possible
from policydsl.evaluate.needs import missing_of
from policydsl.kinds import Duration, Exact, Kind, Period
from policydsl.render.encode import Json


def plain(value: Exact) -> Json:
    """An exact value: 无 is null; what JSON has no word for is an object of one key that says what it is."""
    match value:
        case None | bool() | str():
            return value
        case Fraction():
            return value.numerator if value.denominator == 1 else {"q": f"{value.numerator}/{value.denominator}"}
        case Duration():
            return {"u": [plain(value.value), value.unit]}
        case date():
            return {"t" if isinstance(value, datetime) else "d": value.isoformat()}
        case Period():
            return {"p": [value.first.isoformat(), value.last.isoformat(), value.grain]}
        case tuple():
            return {"s": list[Json](value)}
        case _:
            assert_never(value)


def possible(value: Possible) -> Json:
    """Everything that a value may be: the value where it is known, else why it is not (``?``) and what is left."""
    if value.known:
        return plain(value.value)
    out: dict[str, Json] = {"?": list[Json](sorted(value.reasons))}
    if value.notes:
        out["notes"] = list[Json](sorted(value.notes))
    if needs := missing_of(value):
        out["need"] = list[Json](needs)
    if value.values is not None:
        out["choices"] = [plain(v) for v in value.values]
    for key, end, excluded in (("min", value.low, value.low_open), ("max", value.high, value.high_open)):
        if end is not None:
            out[key] = plain(end)
        if excluded:
            out[f"{key}_excluded"] = True
    for key, flag in (("none", value.none), ("hull", value.hull), ("conflict", value.conflict)):
        if flag:
            out[key] = True
    return out


def kind_word(kind: Kind) -> str:
    """The kind of a value: its base, and the unit of a count, a duration or a period, or the currency and tax basis of
    money."""
    return ":".join(word for word in (kind.base, kind.currency, kind.unit or kind.tax) if word)
