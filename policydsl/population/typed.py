"""From a cell to the characters that a fact sheet has: with the unit of its header, the sign of a percentage."""

from __future__ import annotations

from fractions import Fraction

from policydsl.core import InputDecl
from policydsl.kinds import text_key
from policydsl.members import dataclass
from policydsl.population.grid import Cell
from policydsl.population.layout import MONEY, NUMERIC
from policydsl.render.values import decimal_text, places_of
from policydsl.say import names_of, say, word
from policydsl.sheet.refused import Refused
from policydsl.sheet.values import plain_number
from policydsl.text.fold import INVISIBLE, fold
from policydsl.diagnostics import LANGUAGES, Language

_YES = frozenset("✓ ✔ √ y 1 t".split())
_NO = frozenset("✗ ✘ × x n 0 f".split())


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a column as it stands in a file: what it means and its unit there."""

    decl: InputDecl
    unit: str = ""


def unit_in(decl: InputDecl, said: tuple[str, ...], own: str, lang: Language) -> str | None:
    """The unit that a header names, ``own`` where it names none; None where it names one that is not understood. Raises
    Refused where it contradicts the tax of the fact."""
    if decl.kind.base not in NUMERIC:
        return ""
    unit = ""
    for piece in filter(None, said):
        key = text_key(piece)
        tax = next((t for t in names_of("tax") for code in LANGUAGES if text_key(word("tax", t, code)) == key), None)
        if tax is not None:
            if decl.kind.tax is not None and tax != decl.kind.tax:
                raise Refused("SHEET132", read=piece)
        elif decl.kind.base == "money" and own in MONEY and piece in MONEY:
            unit = piece
        elif key in {text_key(own), text_key(decl.kind.unit or ""), *_spelled(decl, lang)} - {""}:
            unit = own
        else:
            return None
    return unit or own


def _spelled(decl: InputDecl, lang: Language) -> set[str]:
    """Other words for the unit of a kind."""
    if decl.kind.base == "percent":
        return {"%", "百分比", "percent"}
    if decl.kind.base == "points":
        return {"分", "points"}
    if decl.kind.base == "duration" and decl.kind.unit:
        return {text_key(word("duration", decl.kind.unit, code, count=n).strip()) for code in LANGUAGES for n in (1, 2)}
    return set()


def characters(cell: Cell, head: Head, lang: Language) -> str:
    """What a fact sheet would have in place of the cell."""
    decl, text = head.decl, cell.text
    base = decl.kind.base
    if cell.form in ("number", "text") and base == "yesno":
        key = text_key(text)
        return say("value.yes", lang) if key in _YES else say("value.no", lang) if key in _NO else text
    if cell.form == "date" and base == "instant" or cell.form not in ("number", "text"):
        return text
    if base not in NUMERIC or base == "number":
        return text
    number = _number(text)
    if number is None:
        return text
    plain = decimal_text(number, places_of(number) or 0)
    if base == "percent":  # a share between 0 and 1 may be meant either way: who typed it is asked
        return f"{plain}%" if number == 0 or abs(number) >= 1 else plain
    if base == "money":
        return f"{plain}{head.unit}" if head.unit in MONEY else plain
    if base == "duration":
        return f"{plain}{say('mark.gap', lang)}{head.unit}"
    return plain


def _number(text: str) -> Fraction | None:
    try:
        return plain_number(fold(INVISIBLE.sub("", text)).strip())
    except Refused:
        return None
