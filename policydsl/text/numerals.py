"""Chinese numerals, strictly: what is not written in full is not a number (``一百五`` may mean 105 or 150)."""

from __future__ import annotations

DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True))
CHARS = "零〇一二两三四五六七八九十百千万亿"
_SAME = str.maketrans("〇两", "零二")
_PLACES = ((1000, "千"), (100, "百"), (10, "十"))
_MOST = 40


def read(text: str) -> int | None:
    """The value of a numeral such as ``十``, ``二十三``, ``两万五千``, ``一亿零三百``; None for anything else."""
    if not 0 < len(text) <= _MOST:
        return None
    plain = text.translate(_SAME)
    if plain.startswith("十"):
        plain = "一" + plain
    value = _evaluate(plain)
    return value if value is not None and spell(value) == plain else None


def spell(value: int) -> str:
    """The full spelling of a whole number below 10^12."""
    if value == 0:
        return "零"
    out, gap = "", False
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, value = divmod(value, unit)
        if part > 9999:
            return ""
        if part:
            if out and (gap or part < 1000):
                out += "零"
            out += _section(part) + name
            gap = False
        elif out:
            gap = True
    return out


def _section(value: int) -> str:
    out, gap = "", False
    for unit, name in (*_PLACES, (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return out


def _evaluate(text: str) -> int | None:
    total = section = digit = 0
    places = {name: unit for unit, name in _PLACES}
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in places:
            section += digit * places[char]
            digit = 0
        elif char == "万":
            total += (section + digit) * 10**4
            section = digit = 0
        elif char == "亿":
            total = (total + section + digit) * 10**8
            section = digit = 0
        else:
            return None
    return total + section + digit
