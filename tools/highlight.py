"""Writes what editors and pages colour by, from grammar/keywords.yaml: the word lists of the Pygments lexer
(policydsl/highlight/words.py), the TextMate grammar (editors/vscode/syntaxes/pol.tmLanguage.json), and what VS Code
knows of brackets and indentation (editors/vscode/language-configuration.json).

Usage: python tools/highlight.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "grammar" / "keywords.yaml"
WORDS = ROOT / "policydsl" / "highlight" / "words.py"
CONFIGURATION = ROOT / "editors" / "vscode" / "language-configuration.json"
GRAMMAR = ROOT / "editors" / "vscode" / "syntaxes" / "pol.tmLanguage.json"

_CJK = re.compile("[\u3400-\u9fff]")
_NOTES = ("_NOTE", "_RULING", "_DOUBT")
_TYPES = ("TYPE", "_T_CHOICE", "_T_MULTI", "_T_COUNT", "_T_MONEY")
_CONSTANTS = ("BOOL", "ANY", "NONE", "STATUS")
_CALLS = ("AGG", "FUNC")


def spellings(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Every spelling of some entries of the table, of both dialects."""
    for entry in entries:
        for words in entry["values"].values() if "values" in entry else (entry,):
            yield from words["zh"]
            yield from words["en"]


def groups(table: dict[str, Any]) -> dict[str, list[str]]:
    """The words by how they are coloured. Words of one Chinese character stand inside names too and are
    kept apart (``particles``): they are coloured only between blanks."""
    inline = table["inline"]
    units = table["units"]
    found = {
        "heads": spellings(table["heads"].values()),
        "notes": spellings(table["fields"][key] for key in _NOTES),
        "fields": spellings(entry for key, entry in table["fields"].items() if key not in _NOTES),
        "types": spellings(inline[key] for key in _TYPES),
        "constants": spellings(inline[key] for key in _CONSTANTS),
        "calls": spellings(inline[key] for key in _CALLS),
        "operators": spellings(
            entry for key, entry in inline.items() if key not in (*_TYPES, *_CONSTANTS, *_CALLS)
        ),
        "builtins": (word for words in table["builtins"].values() for word in (*words["zh"], *words["en"])),
        "particles": spellings(inline.values()),
        "units": (
            *units["count"]["zh"], *units["duration"]["zh"], *units["points"]["zh"],
            *(word for one, more in units["count"]["en"].items() for word in (one, *more)),
            *units["duration"]["en"], *(f"{word}s" for word in units["duration"]["en"]), *units["points"]["en"],
        ),
    }
    out = {}
    for name, words in found.items():
        kept = {word for word in words if re.search(r"\w", word)}
        if name in ("types", "constants", "calls", "operators"):
            kept = {word for word in kept if len(word) > 1 and word[0] not in "（("}
        if name == "particles":
            kept = {word for word in kept if len(word) == 1 and _CJK.match(word)}
        out[name] = sorted(kept, key=lambda word: (-len(word), word))
    return out


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first; a Latin word must end where the match ends."""
    words = list(words)
    chinese = [re.escape(word) for word in words if _CJK.search(word)]
    latin = [re.escape(word).replace(r"\ ", " ").replace(" ", "[ ]+") for word in words if not _CJK.search(word)]
    parts = ["|".join(chinese)] if chinese else []
    if latin:
        parts.append(rf"(?<![A-Za-z0-9_])(?:{'|'.join(latin)})(?![A-Za-z0-9_])")
    return "|".join(parts)


def words_module(found: dict[str, list[str]]) -> str:
    """The word lists as a Python module."""
    about = "The words of the language by how they are coloured. Made by ``tools/highlight.py``; do not edit."
    lines = [f'"""{about}"""', "", "# ruff: noqa: E501", "WORDS: dict[str, str] = {"]
    for name, words in found.items():
        lines.append(f"    {json.dumps(name)}: {json.dumps(alternatives(words), ensure_ascii=False)},")
    return "\n".join([*lines, "}", ""])


def grammar(found: dict[str, list[str]]) -> str:
    """The TextMate grammar."""
    word = {name: alternatives(words) for name, words in found.items()}
    start = r"^\s*(?:[-•*]\s*)?"
    repository = {
        "comment": {"match": r"(?:^|(?<=\s))(?:#|//).*$", "name": "comment.line.pol"},
        "citation": {"match": r"[【〔［\[〖][^】〕］\]〗\n]*[】〕］\]〗]", "name": "string.other.link.citation.pol"},
        "quoted": {"match": r"[\"“”][^\"“”\n]*[\"“”]|「[^」\n]*」", "name": "string.quoted.pol"},
        "note": {
            "match": rf"(?i){start}({word['notes']})\s*([:：])(.*)$",
            "captures": {
                "1": {"name": "keyword.other.note.pol"}, "2": {"name": "punctuation.separator.pol"},
                "3": {"name": "comment.block.documentation.pol"},
            },
        },
        "head": {
            "match": rf"(?i){start}({word['heads']})(?=\s+[^\s:：=＝]|\s*[:：【]|\s*$)",
            "captures": {"1": {"name": "keyword.control.block.pol"}},
        },
        "field": {
            "match": rf"(?i){start}({word['fields']})(?=\s*[:：]|\s|$)",
            "captures": {"1": {"name": "keyword.other.line.pol"}},
        },
        "number": {
            "match": r"(?i)(?:[¥￥]|(?<![A-Za-z])CNY )?[0-9０-９]+(?:[,，.．][0-9０-９]+)*"
            r"(?:\s*(?:%|％|[万亿]?元|年|月|日|个工作日|(?:" + word["units"] + r")))*",
            "name": "constant.numeric.pol",
        },
        "type": {"match": rf"(?i)(?<=[:：])\s*({word['types']})", "captures": {"1": {"name": "storage.type.pol"}}},
        "call": {"match": rf"(?i)({word['calls']})(?=\s*[（(])", "name": "support.function.pol"},
        "constant": {"match": rf"(?i)(?<=[\s，、,（(：:|=＝])({word['constants']})(?=$|[\s，、,）)|【。.;；])",
                     "name": "constant.language.pol"},
        "builtin": {"match": rf"(?i){word['builtins']}", "name": "variable.language.pol"},
        "operator": {"match": rf"(?i){word['operators']}", "name": "keyword.operator.word.pol"},
        "particle": {"match": rf"(?<=\s)(?:{word['particles']})(?=\s)", "name": "keyword.operator.word.pol"},
        "sign": {"match": r"[≥≤≠<>＜＞=＝+＋\-－×÷*/|｜]", "name": "keyword.operator.pol"},
    }
    order = ["comment", "note", "head", "field", "citation", "quoted", "type", "number", "call", "constant", "builtin",
             "operator", "particle", "sign"]
    made = {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "information_for_contributors": ["Made by tools/highlight.py from grammar/keywords.yaml; do not edit."],
        "name": "Partner policy", "scopeName": "source.pol", "fileTypes": ["pol"],
        "patterns": [{"include": f"#{name}"} for name in order], "repository": repository,
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def configuration(found: dict[str, list[str]]) -> str:
    """Brackets, and the indentation behind the first line of a block."""
    pairs = ["()", "（）", "【】", "[]", "「」"]
    quotes = ["“”", '""']
    made = {
        "comments": {"lineComment": "#"},
        "brackets": [list(pair) for pair in pairs],
        "autoClosingPairs": [{"open": pair[0], "close": pair[1]} for pair in (*pairs, *quotes)],
        "surroundingPairs": [list(pair) for pair in (*pairs, *quotes)],
        "onEnterRules": [
            {"beforeText": f"^(?:{'|'.join(found['heads'])})(?:\\s.*)?$", "action": {"indent": "indent"}},
        ],
    }
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def pages() -> dict[Path, str]:
    """Every file with its content."""
    found = groups(yaml.safe_load(SOURCE.read_text(encoding="utf-8")))
    return {WORDS: words_module(found), GRAMMAR: grammar(found), CONFIGURATION: configuration(found)}


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
