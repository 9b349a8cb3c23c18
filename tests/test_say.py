"""The words for people: both languages say the same, nothing lacks, nothing is left over, what ships is current."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from own_code import trees
from policydsl import datafiles
from policydsl.diagnostics import Language
from policydsl.say import bracketed, headed, listed, names_of, ordinal, say, singular, word

WORDS: dict[str, dict[str, dict[str, str]]] = datafiles.load("words")
KEYS = {f"{group}.{name}": text for group, names in WORDS.items() for name, text in names.items()}
ONE_SIDED = {"rename.unsure"}  # one of the two calls it "this name"
BY_GROUP = {"word", "names_of", "words_of"}  # functions that look a name up in a group


def constants() -> Iterator[str]:
    """Every text in the code that might be a key."""
    for tree in trees().values():
        yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def groups_asked() -> set[str]:
    """The groups that some place looks names up in."""
    return {
        str(n.args[0].value) for tree in trees().values() for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in BY_GROUP & taken_over(tree)
        and isinstance(n.args[0], ast.Constant)
    }


def taken_over(tree: ast.Module) -> set[str]:
    """What a module imports of ``say``, or of what says a thing in both languages."""
    sayers = ("policydsl.say", "policydsl.mutate.model")
    return {a.name for n in tree.body if isinstance(n, ast.ImportFrom) and n.module in sayers for a in n.names}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# ---------------------------------------------------------------------------------------------- the file
@pytest.mark.parametrize("name", datafiles.NAMES)
def test_what_is_shipped_is_what_the_file_says(name: str) -> None:
    """Else run ``python -m policydsl.text.build_tables``."""
    made = (datafiles.FOLDER / f"{name}.json").read_text("utf-8")
    assert made == datafiles.compiled(name)
    assert json.loads(made)["content"] == datafiles.parsed((datafiles.FOLDER / f"{name}.yaml").read_bytes())


def test_both_languages_say_the_same() -> None:
    for key, text in KEYS.items():
        assert {"zh", "en"} <= set(text) <= {"zh", "en", "one"}, key
        if "${" not in text["zh"] and key not in ONE_SIDED:  # the places of a block to start from are the editor's
            assert places(text["zh"]) == places(text["en"]), key
            assert places(text.get("one", "")) <= places(text["en"]), key


def test_every_key_in_the_code_is_in_the_file() -> None:
    like = {c for c in constants() if c.partition(".")[0] in WORDS and c.partition(".")[2].replace("_", "").isalpha()}
    assert like - {"page.css"} <= set(KEYS)
    assert groups_asked() <= set(WORDS)


def test_every_word_in_the_file_is_said_somewhere() -> None:
    asked, groups = set(constants()), groups_asked() | {"mark"}
    assert not [key for key in KEYS if key not in asked and key.partition(".")[0] not in groups]


# ---------------------------------------------------------------------------------------------- saying it
def test_an_edited_file_is_read_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafiles, "FOLDER", tmp_path)
    (tmp_path / "words.yaml").write_text("a:\n  b: {zh: 甲, en: one}\n", "utf-8")
    (tmp_path / "words.json").write_text(datafiles.compiled("words"), "utf-8")
    (tmp_path / "words.yaml").write_text("a:\n  b: {zh: 乙, en: two}\n", "utf-8")
    assert datafiles.load.__wrapped__("words") == {"a": {"b": {"zh": "乙", "en": "two"}}}


@pytest.mark.parametrize("lang, count, said", [
    ("zh", 1, "1 条"), ("en", 1, "1 record"), ("en", Fraction(1), "1 record"), ("en", 0, "0 records"),
    ("en", Fraction(3, 2), "3/2 records"), ("zh", 3, "3 条"),
])
def test_one_and_several(lang: Language, count: int | Fraction, said: str) -> None:
    assert say("verdict.record_count", lang, count=count) == said


def test_a_place_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("verdict.version", "zh", edition="1.0")
    with pytest.raises(KeyError):
        say("verdict.no_such_word", "zh")


def test_a_name_without_a_word_is_shown_as_it_is() -> None:
    assert word("state", "late", "en") == "overdue"
    assert word("state", "金牌", "en") == "金牌"
    assert names_of("tax") == ("incl", "excl")


def test_punctuation() -> None:
    assert (listed(["甲", "乙"], "zh"), listed(["a", "b"], "en")) == ("甲、乙", "a, b")
    assert (listed(["甲", "乙"], "zh", "semicolon"), listed(["a", "b"], "en", "or")) == ("甲；乙", "a or b")
    assert (bracketed("甲", "乙", "zh"), bracketed("a", "b", "en")) == ("甲（乙）", "a (b)")
    assert (headed("甲", "zh", "乙"), headed("a", "en", "b")) == ("甲：乙", "a: b")


def test_an_english_unit_for_one() -> None:
    assert [singular(unit) for unit in ("people", "sites", "staff")] == ["person", "site", "staff"]


@pytest.mark.parametrize("number, zh, en", [
    (1, "第1次", "1st"), (2, "第2次", "2nd"), (3, "第3次", "3rd"), (4, "第4次", "4th"), (11, "第11次", "11th"),
    (12, "第12次", "12th"), (21, "第21次", "21st"), (112, "第112次", "112th"),
])
def test_ordinals(number: int, zh: str, en: str) -> None:
    assert (ordinal(Fraction(number), "zh"), ordinal(Fraction(number), "en")) == (zh, en)
