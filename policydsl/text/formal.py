"""Amounts in formal Chinese characters (``肆佰伍拾万零捌仟元整``), as contracts and bank papers write them, exactly.

cn2an reads the whole yuan. It takes more than is safe (``壹佰伍`` for 150) and goes through floats for 角 and 分, so it
never sees these, and what it has read counts only if writing the number again, by the rules for bank papers, gives the
text back: a 零 where zeros are skipped, a free one where only the last figure before 万 or 亿 is zero, 壹拾 in full.
"""

from __future__ import annotations

import re
from fractions import Fraction

from policydsl.text import numerals

_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = "拾佰仟万亿"
_SPELLINGS = {"零": "〇", "贰": "貳弍", "叁": "參叄", "陆": "陸", "万": "萬", "亿": "億", "元": "圆圓", "整": "正"}
_SAME = {ord(other): kept for kept, others in _SPELLINGS.items() for other in others}
_PLAIN = str.maketrans(_FIGURES + "拾佰仟", "零一二三四五六七八九十百千")
_CHARS = frozenset(_FIGURES + _PLACES + "元角分整")
_ONLY_FORMAL = _CHARS - frozenset("零万亿元角分整")
_FIGURE = f"[{_FIGURES[1:]}]"
_PARTS = re.compile(
    rf"(?:(?P<yuan>[{_FIGURES}{_PLACES}]+)元)?(?P<gap>零)?(?:(?P<jiao>{_FIGURE})角)?(?:(?P<fen>{_FIGURE})分)?(?P<end>整)?"
)
_MOST = 60

# The first characters of an amount, and the amount itself, as typed.
STARTS = "人" + _FIGURES + "拾" + "".join(_SPELLINGS[char] for char in "零贰叁陆")
_ANY = f"{_FIGURES}{_PLACES}元角分" + "".join(others for kept, others in _SPELLINGS.items() if kept != "整")
PATTERN = rf"(?:人民币\s?)?(?P<formal>[{_ANY}]*[元圆圓角分])(?P<end>[整正]?)"


def read(text: str) -> Fraction | None:
    """The amount in yuan; None for what is not written as the rules for formal amounts have it."""
    if not 0 < len(text) <= _MOST:
        return None
    plain = text.translate(_SAME)
    found = _PARTS.fullmatch(plain)
    if not found or not any(char in _FIGURES for char in plain):
        return None
    jiao, fen = (_FIGURES.index(found[part]) if found[part] else 0 for part in ("jiao", "fen"))
    whole = _whole(found["yuan"]) if found["yuan"] else 0
    if whole is None or (fen and found["end"]) or not _gap_fits(found, whole, jiao, fen):
        return None
    return whole + Fraction(jiao * 10 + fen, 100)


def meant(text: str) -> bool:
    """Whether the text is made of formal characters alone, so that an amount is meant even if it cannot be read."""
    plain = text.translate(_SAME).removeprefix("人民币").strip()
    return len(plain) > 1 and set(plain) <= _CHARS and not set(plain).isdisjoint(_ONLY_FORMAL)


def _gap_fits(found: re.Match[str], whole: int, jiao: int, fen: int) -> bool:
    """The 零 after 元: needed before 分 without 角, free before 角 where the yuan end in zero, else wrong."""
    gap = found["gap"] is not None
    if not found["yuan"]:
        return not gap
    if fen and not jiao:
        return gap
    return not gap or (jiao > 0 and whole % 10 == 0)


def _whole(text: str) -> int | None:
    from cn2an import cn2an  # late: only papers with formal amounts need it

    try:
        value = cn2an(text, "smart")
    except (ValueError, KeyError, IndexError):
        return None
    if type(value) is not int or value < 0:
        return None
    plain = text.translate(_PLAIN)
    return value if plain in _ways_to_spell(value) else None


def _ways_to_spell(value: int) -> set[str]:
    """Every full spelling of a whole number: the usual one, and those with a 零 that may be written."""
    ways = {numerals.spell(value)}
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if value // unit and value // unit % 10 == 0 and value % unit >= unit // 10:
            ways |= {way.replace(name, name + "零", 1) for way in ways if name + "零" not in way}
    return ways - {""}


__all__ = ["PATTERN", "STARTS", "meant", "read"]
