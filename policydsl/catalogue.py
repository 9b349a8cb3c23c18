"""The wording of every diagnostic, zh and en side by side, read from ``catalogue.yaml`` by stable code.

The file is a plain mapping. A key like ``POL101`` or ``SHEET101`` is a code, and its entry has the fields of ``Entry``,
each with a ``zh`` and an ``en`` text. ``phrases`` says in words what may stand somewhere, ``hints`` are further advice,
``labels`` are the fixed words of the layout. In a message ``{name}`` is filled from the diagnostic's ``args``;
``{name:kind}`` looks the argument, a neutral key, up in the group ``kind`` of ``words``.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from policydsl.clause_kinds import KINDS
from policydsl.datafiles import load
from policydsl.diagnostics import Language
from policydsl.members import dataclass
from policydsl.say import listed

FIELDS = ("title", "message", "explain", "fix", "bad", "good")
_SECTIONS = ("labels", "phrases", "hints", "words")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about one code, in one language."""

    code: str
    title: str
    message: str
    explain: str
    fix: str
    bad: str
    good: str


class _Lenient(string.Formatter):
    """Fills what it is given; a name without an argument stays visible rather than raise."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs[key] if isinstance(key, str) and key in kwargs else "{" + str(key) + "}"

    def format_field(self, value: Any, format_spec: str) -> str:
        return word(format_spec, str(value), self.language) if format_spec else str(value)


_FORMATTERS: dict[Language, _Lenient] = {"zh": _Lenient("zh"), "en": _Lenient("en")}


def codes() -> tuple[str, ...]:
    """Every code of the catalogue, in order."""
    return tuple(sorted(key for key in load("catalogue") if key not in _SECTIONS))


def entry(code: str, language: Language) -> Entry:
    """The entry of a code; one that is not in the catalogue shows its code as its message."""
    raw = load("catalogue").get(code) or {}
    texts = {name: str((raw.get(name) or {}).get(language, "")).strip("\n") for name in FIELDS}
    if not raw:
        texts["title"] = texts["message"] = code
    return Entry(code, **texts)


def word(group: str, key: str, language: Language) -> str:
    """A neutral key in words: a kind of value, a block, a line, a unit. ``key(unit)`` is a kind with its unit, ``a|b``
    one or the other.

    What is not in the group is a word of the author and stays as it is. Blocks are those of ``clause_kinds``.
    """
    if group == "block":
        return KINDS[key].block(language)
    if "|" in key:
        *first, last = (word(group, each, language) for each in key.split("|"))
        return listed((listed(first, language), last), language, "or")
    known = load("catalogue")["words"][group]
    name, bracket, inside = key.partition("(")
    if key in known:
        return str(known[key][language])
    if bracket and f"{name}()" in known:
        return fill(str(known[f"{name}()"][language]), {"unit": inside.removesuffix(")")}, language)
    return key


def fill(template: str, args: Mapping[str, str], language: Language = "zh") -> str:
    """The template with its ``{name}`` places filled."""
    return _FORMATTERS[language].vformat(template, (), dict(args))


def message(code: str, language: Language, args: Mapping[str, str]) -> str:
    """The headline of a diagnostic."""
    return fill(entry(code, language).message, args, language)


def label(key: str, language: Language, **args: str) -> str:
    """A fixed word of the layout."""
    return fill(str(load("catalogue")["labels"][key][language]), args)


def phrase(key: str, language: Language) -> str:
    """What may stand somewhere, in words.

    ``key`` is a key of ``phrases``, or ``key:words`` when the phrase has a ``{words}`` place, or a word of the language
    in double quotes, which is shown as a quotation.
    """
    if key.startswith('"'):
        return label("quoted", language, word=key.strip('"'))
    name, _, words = key.partition(":")
    text = load("catalogue")["phrases"].get(name)
    return fill(str(text[language]), {"words": words}) if text else key


def hint(key: str, language: Language, args: Mapping[str, str]) -> str:
    """Further advice, by key."""
    text = load("catalogue")["hints"].get(key)
    return fill(str(text[language]), args, language) if text else ""


def hint_examples(language: Language) -> tuple[tuple[str, str], ...]:
    """Malformed snippets that stand for a hint, as (hint key, snippet): an author's fault at the same place gets it."""
    out: list[tuple[str, str]] = []
    for key, text in load("catalogue")["hints"].items():
        out.extend((key, str(snippet)) for snippet in (text.get("when") or {}).get(language, ()))
    return tuple(out)


def hint_words(language: Language) -> dict[str, str]:
    """Words that authors write and the language does not have -> the hint that says what to write instead."""
    hints = load("catalogue")["hints"].items()
    return {word: key for key, text in hints for word in (text.get("words") or {}).get(language, ())}
