"""The grammar and its shipped parse table."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from policydsl.diagnostics import Language
from policydsl.text import tables as tables_module
from policydsl.text.build_blocks import Builder
from policydsl.text.build_tables import build
from policydsl.text.keywords import DIALECTS, Keyword, dialect
from policydsl.text.quantities import reader
from policydsl.text.source import Source
from policydsl.text.tables import SHIPPED, Tables, fingerprint, grammar_folder, load, serialize


@pytest.fixture(scope="module")
def folder() -> Path:
    found = grammar_folder()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def fresh(folder: Path) -> dict[str, Any]:
    """Lark builds in strict mode: a conflict of the grammar fails here."""
    return build(folder)


def test_the_shipped_table_is_of_this_grammar(folder: Path) -> None:
    assert json.loads(SHIPPED.read_text(encoding="utf-8"))["fingerprint"] == fingerprint(folder)


@pytest.mark.nightly
def test_the_shipped_table_is_that_of_the_grammar(fresh: dict[str, Any], folder: Path) -> None:
    assert SHIPPED.read_text(encoding="utf-8") == serialize(fresh)
    assert fresh["fingerprint"] == fingerprint(folder)


def test_loading_needs_no_lark() -> None:
    code = "import sys; from policydsl.text import parse; parse('政策 甲', 'x'); sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=grammar_folder().parent, check=False).returncode == 0  # type: ignore[union-attr]


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform == "win32", reason="modes of directories are a matter of POSIX")
def test_a_stale_table_is_built_anew_and_kept_for_the_user_alone(
    fresh: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = tmp_path / "tables.json"
    stale.write_text(serialize({**fresh, "fingerprint": "0"}), encoding="utf-8")
    monkeypatch.setattr(tables_module, "SHIPPED", stale)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "platform", "linux")
    load.cache_clear()
    try:
        assert load().size == len(fresh["rows"])
    finally:
        load.cache_clear()
    kept = list((tmp_path / "cache" / "policydsl").iterdir())
    assert [path.suffix for path in kept] == [".json"]
    assert stat.S_IMODE((tmp_path / "cache" / "policydsl").stat().st_mode) == 0o700
    assert json.loads(kept[0].read_text(encoding="utf-8"))["fingerprint"] == fresh["fingerprint"]


def test_every_rule_makes_a_node() -> None:
    tables = load()
    makers = Builder(Source("", ""), reader("zh")).makers(tables)
    made = {
        rule.name
        for rule in tables.rules
        if not rule.inline and not rule.through and not (rule.single and len(rule.keep) == 1 and not rule.keep[0][1])
    }
    assert made <= makers.keys() | {"chunk", "block"}


def test_the_grammar_holds_no_keyword(folder: Path) -> None:
    text = re.sub(r"//.*", "", (folder / "policy.lark").read_text(encoding="utf-8"))
    assert text.isascii()
    assert '"' not in text


@pytest.mark.parametrize("code", DIALECTS)
def test_no_two_keywords_compete_for_one_spelling(code: Language) -> None:
    """In no state of the parser do two words of one spelling fit; but for 是 (yes / "is"), where yes comes first."""
    words, tables = dialect(code), load()
    clashes = set()
    for group in (words.inline, words.fields):
        by_spelling: dict[str, set[str]] = defaultdict(set)
        for keyword in group:
            by_spelling[keyword.spelling].add(keyword.terminal)
        shared = {spelling: terminals for spelling, terminals in by_spelling.items() if len(terminals) > 1}
        for state in range(tables.size):
            row = tables.row(state)
            for spelling, terminals in shared.items():
                fitting = sorted(terminals & row.keys())
                if len(fitting) > 1:
                    clashes.add((spelling, tuple(fitting)))
    assert clashes <= {("是", ("BOOL", "EQ"))}


@pytest.mark.parametrize("code", DIALECTS)
def test_block_words_have_one_spelling(code: Language) -> None:
    seen: dict[str, Keyword] = {}
    for keyword in dialect(code).heads:
        assert keyword.terminal not in seen
        seen[keyword.terminal] = keyword


def test_the_two_dialects_say_the_same() -> None:
    """Every keyword exists in both, but for the words that only one word order needs."""
    zh, en = (dialect(code) for code in DIALECTS)
    one_sided = {"_END", "_FALLSIN", "_WITHIN", "_INSIDE", "_WITHINOF", "_ON", "_PCTOF", "_INPERIOD"}
    assert {(k.terminal, k.value) for k in (*zh.heads, *zh.fields, *zh.inline) if k.terminal not in one_sided} == {
        (k.terminal, k.value) for k in (*en.heads, *en.fields, *en.inline) if k.terminal not in one_sided
    }
    assert set(zh.builtins.values()) == set(en.builtins.values())


def test_unpacked_rows_are_those_that_were_built() -> None:
    fresh = json.loads(SHIPPED.read_text(encoding="utf-8"))
    tables = Tables(fresh)
    unpacked = sum(len(tables.row(state)) for state in range(tables.size))
    groups = [fresh["actions"][row].split(",") for row in fresh["rows"] if fresh["actions"][row]]
    packed = [sum(len(group.split()) - 1 for group in row) for row in groups]
    assert unpacked == sum(packed)
