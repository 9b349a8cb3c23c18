"""Width, case and typographic variants are one: a shadow copy of the text with one character for each character."""

from __future__ import annotations

import re
from functools import lru_cache

# What pasted text may hide inside a word: removed before anything is read.
INVISIBLE = re.compile("[\u200b\u200c\u200d\u200e\u200f\u2060-\u2064\u00ad\ufe0e\ufe0f\ufeff]")

# What makes a terminal or an editor show another text than there is, or none at all: refused wherever it is read.
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
CONTROL = re.compile(f"[{CONTROLS}]")

# what is meant -> the characters that authors and their programs put for it
_VARIANTS = {
    '"': "“”„‟〝〞",
    "'": "‘’‛´",
    "「": "『",
    "」": "』",
    ".": "。．﹒",
    "%": "﹪％",
    "¥": "￥",
    "~": "～〜∼",
    "-": "–—―‐‑－−﹣",
    "|": "│｜┃¦︱",
    "≥": "≧⩾",
    "≤": "≦⩽",
    "×": "✕✖╳⨯",
    "/": "∕⁄",
    "【": "〔［[〖",
    "】": "〕］]〗",
    "•": "●◆·▪■◇○□▲△►▶➢➤✓✔※‣◦⁃∙⋅・･\uf0b7\uf06c\uf0d8\uf0a7\uf06e\uf075",
    ",": "﹐",
    "、": "﹑､",
    ";": "﹔",
    ":": "﹕∶︰꞉",
    "(": "﹙",
    ")": "﹚",
    "<": "﹤",
    ">": "﹥",
    "=": "﹦",
    "+": "﹢",
    "*": "﹡∗",
}
_FOLD = {ord(char): meant for meant, chars in _VARIANTS.items() for char in chars}
for _code in range(0xFF01, 0xFF5F):
    _FOLD.setdefault(_code, chr(_code - 0xFEE0))
for _code in (0x3000, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0xFEFF):
    _FOLD[_code] = " "

# Compared and not matched: the tables that ``re`` makes of these sets cost a short command more than all its names.
_CJK = (("\u3007", "\u3007"), ("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))


def fold(text: str) -> str:
    """The text with full-width, typographic and odd characters replaced, one for one."""
    return text.translate(_FOLD)


def lower(folded: str) -> str:
    """Small letters, one for one (a few letters grow when lowered; they stay)."""
    small = folded.lower()
    if len(small) == len(folded):
        return small
    return "".join(one if len(one) == 1 else char for char, one in ((c, c.lower()) for c in folded))


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """The identity of a name: width, letter case and blanks at Chinese/Latin borders do not matter."""
    made = ""
    for word in lower(fold(INVISIBLE.sub("", name))).split():
        made += word if not made or at_border(made[-1], word[0]) else f" {word}"
    return made


def at_border(left: str, right: str) -> bool:
    """One side Chinese, the other a Latin letter or digit."""
    return (is_cjk(left) and right.isascii() and right.isalnum()) or (
        is_cjk(right) and left.isascii() and left.isalnum()
    )


def is_word(char: str) -> bool:
    """A character that an English word is made of."""
    return char.isascii() and (char.isalnum() or char == "_")


def is_cjk(char: str) -> bool:
    return any(low <= char <= high for low, high in _CJK)


def boundary(text: str, start: int, end: int) -> bool:
    """A Latin word must end where the match ends; Chinese has no word boundaries."""
    if start < end < len(text) and is_word(text[end - 1]) and is_word(text[end]):
        return False
    return not (0 < start < len(text) and is_word(text[start]) and is_word(text[start - 1]))
