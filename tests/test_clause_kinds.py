"""The table of clause kinds: its words are those of the language, its lines those that the checker sorts."""

from __future__ import annotations

from typing import get_args

import pytest

from policydsl import catalogue
from policydsl import nodes as n
from policydsl.clause_kinds import KINDS, LINE_WORDS, SEVERAL, WRITTEN, ClauseKind, traits
from policydsl.diagnostics import Language
from policydsl.lower.lines import name_of
from policydsl.lower.policy import LOWER
from policydsl.text.keywords import dialect
from policydsl.text.tables import load

LANGUAGES: tuple[Language, ...] = ("zh", "en")
every = pytest.mark.parametrize("kind", WRITTEN.values(), ids=lambda kind: kind.name)


@every
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_word_of_a_block_is_that_of_the_keyword_table(kind: ClauseKind, lang: Language) -> None:
    word = kind.zh if lang == "zh" else kind.en
    assert dialect(lang).canonical[kind.head] == [word]
    assert catalogue.word("block", kind.name, lang) == (f"“{word}”段" if lang == "zh" else f"'{word}' block")


def test_every_kind_is_parsed_and_lowered() -> None:
    rules = {rule.name for rule in load().rules}
    assert {kind.name for kind in WRITTEN.values()} == set(LOWER) <= rules


@every
def test_the_lines_of_a_kind_are_lines_of_the_language(kind: ClauseKind) -> None:
    keywords = load().keywords["fields"]
    named = {value for spec in keywords.values() for value in spec.get("values", ())}
    made = {*map(name_of, get_args(n.Line)), "note", "table"}  # a table is no line: it stands among them
    assert kind.lines <= named | made


def test_every_class_of_lines_fits_somewhere() -> None:
    by_key = {"field", "mode", "measures", "annotation"}  # fit by the key they carry
    fit = set().union(*(kind.lines for kind in KINDS.values()))
    assert {name_of(line) for line in get_args(n.Line)} - by_key <= fit
    assert fit >= SEVERAL
    assert set().union(*LINE_WORDS.values()) <= fit


def test_what_other_clauses_bring_about_has_no_lines() -> None:
    assert [kind.name for kind in KINDS.values() if not kind.written] == ["measure", "ban"]
    assert not any(kind.lines or kind.chapters for kind in KINDS.values() if not kind.written)


def test_what_is_no_clause_is_a_plain_value() -> None:
    assert (traits("只作记录").reading, traits("只作记录").stance) == ("value", "plain")
    assert traits("只作记录").several("en") == "只作记录"


@pytest.mark.parametrize("name, lang, one, heading, several", [
    ("tiers", "zh", "等级", "等级", "等级"),
    ("score_sheet", "en", "score sheet", "Score sheet", "Score sheets"),
    ("penalty", "en", "penalty", "Penalty", "Penalties"),
    ("compute", "en", "computed", "Computed", "Computed values"),
    ("tally", "en", "tally", "Escalation", "Tallies"),
    ("ban", "en", "ban", "Ban", "Bans"),
])
def test_words_of_a_kind(name: str, lang: Language, one: str, heading: str, several: str) -> None:
    kind = KINDS[name]
    assert (kind.one(lang), kind.heading(lang), kind.several(lang)) == (one, heading, several)
