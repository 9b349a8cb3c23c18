"""Colours: what is generated from the keyword table is up to date, the Pygments lexer reads every shipped policy, and
the VS Code folder hangs together."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Token

from policydsl.highlight import PolLexer
from tries import by_day

ROOT = Path(__file__).parents[1]
CODE = ROOT / "editors" / "vscode"
POLICIES = sorted((ROOT / "policies").glob("*.pol"))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def coloured(text: str) -> list[tuple[Any, str]]:
    """The words with their colours, blanks and neighbours of one colour joined."""
    out: list[tuple[Any, str]] = []
    for kind, word in PolLexer().get_tokens(text):
        if kind in (Token.Text.Whitespace, Token.Text):
            out.append((Token.Text, ""))
        elif out and out[-1][0] is kind and kind is Name:
            out[-1] = kind, out[-1][1] + word
        else:
            out.append((kind, word))
    return [one for one in out if one[1]]


def test_generated_files_are_those_of_the_keyword_table() -> None:
    for path, text in runpy.run_path(str(ROOT / "tools" / "highlight.py"))["pages"]().items():
        assert path.read_text(encoding="utf-8") == text, f"run tools/highlight.py ({path.name})"


@pytest.mark.parametrize("path", by_day(POLICIES, 2))
def test_shipped_policies_are_read_to_the_last_character(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens = list(PolLexer(stripnl=False, ensurenl=False).get_tokens(text))
    assert "".join(word for _, word in tokens) == text
    assert not [word for kind, word in tokens if kind is Error]
    heads = [word for kind, word in tokens if kind is Keyword.Declaration]
    blocks = re.findall(r"^(?:示例|example) ", text, re.MULTILINE)
    assert len([h for h in heads if h.lower() in ("示例", "example")]) == len(blocks)


def test_words_have_their_colours() -> None:
    assert coloured("奖励 破冰奖 【A-1】") == [(Keyword.Declaration, "奖励"), (Name, "破冰奖"), (Name.Label, "【A-1】")]
    assert coloured("  若：业绩 不低于 100万元") == [
        (Keyword, "若"), (Token.Punctuation, "："), (Name, "业绩"), (Operator.Word, "不低于"), (Number, "100万元"),
    ]
    assert coloured("  裁定：不低于也可以") == [
        (Keyword.Pseudo, "裁定"), (Token.Punctuation, "："), (Comment.Special, "不低于也可以"),
    ]
    assert coloured("reward ice\n  when: revenue at least 8%") == [
        (Keyword.Declaration, "reward"), (Name, "ice"), (Keyword, "when"), (Token.Punctuation, ":"),
        (Name, "revenue"), (Operator.Word, "at least"), (Number, "8%"),
    ]
    assert (Keyword.Type, "金额") in coloured("  业绩：金额，≥ 0元")
    assert (Operator.Word, "且") in coloured("  若：甲 且 乙")
    assert (Operator.Word, "且") not in coloured("  若：暂且不论")  # part of a name


def test_pygments_finds_the_lexer_by_its_entry_point() -> None:
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '[project.entry-points."pygments.lexers"]\npolicydsl = "policydsl.highlight:PolLexer"' in declared
    assert PolLexer.aliases[0] == "pol" and "*.pol" in PolLexer.filenames
    assert get_lexer_by_name("python").name == "Python"  # our words are no trouble to the others


# ---------------------------------------------------------------------------------------------- VS Code
def test_the_textmate_grammar_is_whole() -> None:
    grammar = read(CODE / "syntaxes" / "pol.tmLanguage.json")
    assert grammar["scopeName"] == "source.pol"
    included = [pattern["include"].removeprefix("#") for pattern in grammar["patterns"]]
    assert sorted(included) == sorted(grammar["repository"])
    for name, rule in grammar["repository"].items():
        pattern = re.compile(re.sub(r"^\(\?i\)", "", rule["match"]), re.IGNORECASE)
        assert all(int(group) <= pattern.groups for group in rule.get("captures", {})), name
        assert not pattern.match(""), name  # a rule that matches nothing would never end


@pytest.mark.parametrize(
    ("rule", "line", "wanted"),
    [
        ("head", "奖励 破冰奖", "奖励"), ("head", "decision table x", "decision table"), ("head", "数据", "数据"),
        ("field", "  若：达标", "若"), ("field", "  when: x", "when"), ("note", "  裁定：R1，甲", "裁定"),
        ("citation", "金额：1元 【A-1 一】", "【A-1 一】"), ("comment", "# 草稿", "# 草稿"),
        ("type", "业绩：金额", "金额"),
        ("number", "≥ 1,800.5万元", "1,800.5万元"), ("number", "60天", "60天"), ("call", "合计（甲，逐条 乙）", "合计"),
        ("operator", "甲 不低于 乙", "不低于"), ("builtin", "早于 评估日", "评估日"), ("particle", "甲 且 乙", "且"),
    ],
)
def test_textmate_rules_find_their_words(rule: str, line: str, wanted: str) -> None:
    pattern = read(CODE / "syntaxes" / "pol.tmLanguage.json")["repository"][rule]["match"]
    found = re.search(re.sub(r"^\(\?i\)", "", pattern), line, re.IGNORECASE)
    assert found is not None
    assert (found[1] if found.groups() and found[1] else found[0]).strip() == wanted


def test_the_extension_names_files_and_commands_that_exist() -> None:
    package = read(CODE / "package.json")
    contributes = package["contributes"]
    language, grammar = contributes["languages"][0], contributes["grammars"][0]
    assert language["extensions"] == [".pol"] and language["id"] == grammar["language"] == "pol"
    for file in (package["main"], language["configuration"], grammar["path"], "README.md"):
        assert (CODE / file).is_file(), file
    script = (CODE / "extension.js").read_text(encoding="utf-8")
    assert set(re.findall(r'registerCommand\("([\w.]+)"', script)) == {c["command"] for c in contributes["commands"]}
    settings = {key.removeprefix("policydsl.") for key in contributes["configuration"]["properties"]}
    assert set(re.findall(r'wanted\.get\("(\w+)"\)', script)) == settings
    assert contributes["configuration"]["properties"]["policydsl.command"]["default"] == ["policydsl", "lsp"]
    assert set(re.findall(r'require\("([\w-]+)', script)) == {"vscode", *package["dependencies"]}
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])


def test_every_block_and_line_word_is_explained_and_every_snippet_is_sound() -> None:
    from policydsl.editor.keywords import meaning
    from policydsl.editor.snippets import flat, snippet
    from policydsl.say import names_of
    from policydsl.text import parse

    table = yaml.safe_load((ROOT / "grammar" / "keywords.yaml").read_text(encoding="utf-8"))
    for group in ("heads", "fields"):
        for terminal, entry in table[group].items():
            for value in entry.get("values", {None: None}):
                for lang in ("zh", "en"):
                    assert meaning(terminal, value, lang), (terminal, value)  # type: ignore[arg-type]
    assert set(names_of("builtin")) == set(table["builtins"])
    for terminal in names_of("snippet"):
        for lang in ("zh", "en"):
            text = table["heads"][terminal][lang][0] + flat(snippet(terminal, lang) or "")  # type: ignore[arg-type]
            _, problems = parse(text, "x", fragment=terminal != "_POLICY", dialect=lang)  # type: ignore[arg-type]
            wrong = [p for p in problems if p.severity == "error" and p.code not in ("POL201", "POL202")]
            assert not wrong, (terminal, lang, wrong, text)
