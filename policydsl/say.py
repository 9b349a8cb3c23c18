"""Every word and sentence for people, in both languages, and their punctuation; the words are in ``words.yaml``.

The file is a mapping of groups, a group one of names, each with a ``zh`` and an ``en`` text. ``{name}`` in a text is a
place to be filled. An English text that tells a number may have a second form ``one``, for the ``count`` of one.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

from policydsl.datafiles import load
from policydsl.diagnostics import Language

_NO_S = {"people": "person"}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@cache
def _texts(lang: Language) -> dict[str, str]:
    """``group.name`` -> the text of one language."""
    return {f"{group}.{name}": text[lang] for group, names in load("words").items() for name, text in names.items()}


@cache
def _of_one() -> dict[str, str]:
    """``group.name`` -> the English text for one."""
    return {
        f"{group}.{name}": text["one"]
        for group, names in load("words").items() for name, text in names.items() if "one" in text
    }


def say(key: str, lang: Language, **places: object) -> str:
    """The word or sentence ``group.name`` with its places filled. Raises KeyError where a key or place is missing."""
    text = _texts(lang)[key]
    if lang == "en" and "count" in places and str(places["count"]) in ("1", "-1"):
        text = _of_one().get(key, text)
    return text.format(**places) if places else text


def word(group: str, name: str, lang: Language, **places: object) -> str:
    """The word for a name of a group; a name that is not in it is shown as it is."""
    key = f"{group}.{name}"
    return say(key, lang, **places) if key in _texts(lang) else name


@cache
def names_of(group: str) -> tuple[str, ...]:
    """The names of a group, in its order."""
    return tuple(load("words")[group])


def listed(parts: Iterable[str], lang: Language, mark: str = "list") -> str:
    """The parts in one text. ``mark``: what stands between two, a name of the group ``mark`` (``list comma semicolon or
    gap``)."""
    return say(f"mark.{mark}", lang).join(parts)


def bracketed(text: str, inside: str, lang: Language) -> str:
    """A text with something in brackets behind it."""
    return say("mark.bracketed", lang, text=text, inside=inside)


def headed(head: str, lang: Language, rest: str = "") -> str:
    """A word, a colon, and what it is about."""
    return f"{head}{say('mark.colon', lang)}{rest}"


def ordinal(number: Fraction, lang: Language, key: str = "value.ordinal") -> str:
    """第2次, 2nd; of a place 第2名, 2nd place."""
    text = str(number)
    if lang == "en" and number.denominator == 1:
        teens, last = number % 100 in (11, 12, 13), int(number % 10)
        text += "th" if teens else _ENDINGS.get(last, "th")
    return say(key, lang, number=text)


def singular(unit: str) -> str:
    """An English unit for one of them: people, person; sites, site."""
    return _NO_S.get(unit, unit.removesuffix("s"))
