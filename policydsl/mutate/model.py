"""What a mutant is."""

from __future__ import annotations

from typing import Literal

from policydsl.diagnostics import LANGUAGES, Language
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.say import say, word
from policydsl.walk import Holder

Family = Literal["operator", "condition", "threshold", "value", "row", "unit", "date", "exception", "measure", "range"]
Outcome = Literal["killed", "survived", "unreached", "accepted"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in Chinese and in English."""

    zh: str
    en: str

    def __getitem__(self, lang: Language) -> str:
        return dict(zip(LANGUAGES, (self.zh, self.en), strict=True))[lang]


def told(key: str, **places: str | Words) -> Words:
    """A sentence of ``words.yaml`` in both languages; a place that is itself in two has its own in each."""
    return Words(*(
        say(key, lang, **{name: text[lang] if isinstance(text, Words) else text for name, text in places.items()})
        for lang in LANGUAGES
    ))


def words_of(group: str, name: str) -> Words:
    """The word for a name of a group, in both languages."""
    return Words(*(word(group, name, lang) for lang in LANGUAGES))


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to the core program at one place of the author's text.

    ``rule``: the block it stands in; ``text``: the author's words that are changed; ``change``: what was changed;
    ``advice``: the example that would notice. ``edits``: by identity of the parts replaced (see ``walk``), in the
    holders ``where``; ``nodes``: the terms (by identity) or lists that a case must have touched to notice.
    """

    number: int
    family: Family
    rule: str
    clauses: tuple[str, ...]
    at: Span
    line: str
    text: str
    change: Words
    advice: Words
    edits: dict[int, object]
    where: frozenset[Holder]
    nodes: frozenset[object]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a mutant fared. ``by``: the case that noticed it, or the reason it is accepted. ``tried``: cases run."""

    mutant: Mutant
    outcome: Outcome
    by: str = ""
    tried: int = 0
