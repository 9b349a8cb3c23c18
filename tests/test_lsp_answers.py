"""Answers about real policies: every repair that is offered mends, a renamed policy is the same policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as t

from lsp_support import applied
from policydsl.editor import rename, repairs
from policydsl.editor.snapshot import Snapshot
from policydsl.engine import load_text
from policydsl.testing.examples import ExampleCase

ROOT = Path(__file__).parents[1]
FAULTY = sorted(p for p in (ROOT / "tests" / "errors").glob("POL*.pol") if p.stat().st_size < 100_000)


def errors(snapshot: Snapshot) -> int:
    return sum(1 for d in snapshot.policy.diagnostics if d.severity == "error")


@pytest.mark.parametrize("path", FAULTY, ids=lambda p: p.stem)
def test_a_repair_settles_its_problem_and_makes_no_other(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    before = Snapshot("untitled:x", text, 1)
    for d in before.policy.diagnostics:
        for title, (start, end), new in repairs.repairs(d, before):
            after = Snapshot("untitled:x", text[:start] + new + text[end:], 2)
            assert not [e for e in after.policy.diagnostics if (e.code, e.args) == (d.code, d.args)], title
            assert errors(after) <= errors(before), title


def test_codes_with_one_way_out_have_a_repair() -> None:
    offered = set()
    for path in FAULTY:
        snapshot = Snapshot("untitled:x", path.read_bytes().decode("utf-8", "replace"), 1)
        offered |= {d.code for d in snapshot.policy.diagnostics if repairs.repairs(d, snapshot)}
    wanted = "POL101 POL104 POL105 POL110 POL111 POL201 POL212 POL303 POL304 POL319 POL407 POL415 POL504 POL507"
    assert set(wanted.split()) <= offered


@pytest.fixture(scope="module")
def h3c() -> Snapshot:
    path = ROOT / "policies" / "h3c_star_2024.pol"
    return Snapshot(path.as_uri(), path.read_text(encoding="utf-8"), 1)


def test_every_name_of_a_shipped_policy_is_found_where_it_is_declared(h3c: Snapshot) -> None:
    places = {(o.key, o.start) for o in h3c.symbols.occurrences}
    lost = {key for key, group in h3c.symbols.declared.items() for one in group if (key, one.at[0]) not in places}
    # A duty without a name is called by its clause, and no place writes that name.
    assert lost == {f"义务{clause}" for clause in (16, 17, 19, 23, 31, 35, 43, 72, 81, 82, 85, 89, 90, 91, 113)}
    assert all(h3c.symbols.scope_of(one) is not None for one in h3c.symbols.occurrences)


@pytest.mark.nightly
def test_a_renamed_policy_is_the_same_policy(h3c: Snapshot) -> None:
    every: list[t.TextEdit] = []
    for name in ("合格分数线", "工程师", "考核季度", "计满分"):  # parameter, ledger, fact, value of a choice
        declared = h3c.symbols.declared[name][0]
        edit = rename.workspace_edit(h3c, h3c.buffer.position(declared.at[0]), f"{name}Ⅱ", {})
        assert edit.changes is not None and len(edit.changes[h3c.uri]) > 1
        every += edit.changes[h3c.uri]
    renamed = load_text(applied(h3c.text, every))
    assert all(ExampleCase(renamed, example).run(renamed).passed for example in renamed.examples)


def test_positions_and_offsets_are_inverse() -> None:
    text = "甲😀乙\r\n\u2028𠮷a\n\n尾"
    for encoding in ("utf-8", "utf-16", "utf-32"):
        buffer = Snapshot("untitled:x", text, 1, encoding=encoding).buffer
        inside = [i for i in range(len(text) + 1) if text[i - 1 : i + 1] != "\r\n"]
        assert [buffer.offset(buffer.position(i)) for i in inside] == inside
    buffer = Snapshot("untitled:x", text, 1).buffer
    assert buffer.position(2) == t.Position(0, 3)  # behind the emoji
    assert buffer.position(text.index("a")) == t.Position(1, 3)  # the language breaks at U+2028, editors do not
    assert buffer.place(text.index("a")) == (3, 2)
    assert buffer.offset(t.Position(99, 99)) == len(text)
