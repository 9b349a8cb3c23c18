"""What a new construct costs: the files that ``docs/architecture.md`` names are all there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from policydsl import nodes as n
from policydsl.clause_kinds import LINE_WORDS, WRITTEN, ClauseKind
from policydsl.lower.slots import IN_OTHERS
from policydsl.operators import CALLS
from policydsl.text.build_blocks import Builder
from policydsl.text.build_lines import LINES
from policydsl.text.tables import load

ROOT = Path(__file__).parents[1]
MADE = {"highlight/words.py"}  # by tools/highlight.py
SOURCES = {
    str(p.relative_to(p.parents[0] if p.parent == ROOT / "grammar" else ROOT / "policydsl")): p.read_text("utf-8")
    for p in (*(ROOT / "policydsl").rglob("*.py"), ROOT / "policydsl" / "words.yaml", *(ROOT / "grammar").iterdir())
}


def costs() -> dict[str, list[str]]:
    """The rows of the table in the page: a construct and the files it touches."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = page.partition("## What a new construct costs")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| (`[^|]+) \|$", section, re.MULTILINE)
    return {name.partition(" (")[0].partition(":")[0]: re.findall(r"`([^`]+)`", files) for name, files in rows}


def test_the_page_tells_no_more_than_may_be() -> None:
    count = {name: len(files) for name, files in costs().items()}
    assert count == {
        "a kind of clause": 7, "a line whose value is an expression, measures or one of a few words": 4,
        "a line with a syntax of its own": 6, "a block": 8, "the named option list": 13,
        "a function that is an operator": 3,
        "an operator that only lowering makes": 2,
    }


def known_in(*traces: str) -> set[str]:
    """The files in which one of the traces stands; of the modules of ``lower/`` any one."""
    found = {name for name, text in SOURCES.items() if any(re.search(t, text) for t in traces)} - MADE
    return {"lower/…" if name.startswith("lower/") and name != "lower/policy.py" else name for name in found}


@pytest.mark.parametrize("kind", WRITTEN.values(), ids=lambda kind: kind.name)
def test_a_kind_of_clause_is_known_where_the_page_says(kind: ClauseKind) -> None:
    named = {Path(path).name if path.startswith("grammar/") else path for path in costs()["a kind of clause"]}
    reading = {"text/names.py", "text/source.py"}  # how the rows of a table, and a misplaced heading, are read
    assert known_in(rf"\b{kind.head}\b", rf"-> {kind.name}\b") <= named | reading


@pytest.mark.parametrize(
    "row, traces, more",
    [
        # its heading has no name; a repair writes a measure into it
        ("a block", (r"\b_MEASURELIST\b", r"\bMeasureList\b"), {"text/names.py", "editor/repairs.py"}),
        (
            "the named option list",
            (r"\b_?(OPTIONLIST|LISTNAME|ITEMS)\b", r"\bOptionList\b", r"\b(kind|head|t)\.of\b"), set(),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_block_is_known_where_the_page_says(row: str, traces: tuple[str, ...], more: set[str]) -> None:
    named = {Path(path).name if path.startswith("grammar/") else path for path in costs()[row]}
    assert known_in(*traces) <= {"lower/…" if path.startswith("lower/") else path for path in named} | more


@pytest.mark.parametrize("line", sorted(set(get_args(n.Line)) - {n.Annotation, n.Items}, key=lambda c: c.__name__))
def test_a_line_is_built_from_what_its_node_says(line: type) -> None:
    (rule,) = {r.name for r in load().rules if LINES.get(r.name.replace("_", "")) is line}
    assert not hasattr(Builder, f"on_{rule}")


def test_every_word_that_opens_a_line_says_which() -> None:
    grammar = SOURCES["policy.lark"]
    rules = re.findall(r"[a-z_]+", grammar.partition("_cline:")[2].partition("\nwhen:")[0])
    bodies = (re.search(rf"^{rule}:(.*\n(?: +\|.*\n)*)", grammar, re.MULTILINE) for rule in rules if rule != "_annot")
    opened = {word for body in bodies if body for word in re.findall(r"^ +(?:\| +)?(\w+)", body[1], re.MULTILINE)}
    keyed = {"EXPRFIELD", "MEASFIELD", "MODEKEY"}  # their values are the names of their lines
    assert opened - keyed | {"_NOTE", "_RULING", "_DOUBT"} == set(LINE_WORDS)


def test_every_function_is_an_operator_or_said_in_others() -> None:
    functions = set(load().keywords["inline"]["FUNC"]["values"])
    assert functions == set(CALLS) | set(IN_OTHERS)
    assert not set(CALLS) & set(IN_OTHERS)
