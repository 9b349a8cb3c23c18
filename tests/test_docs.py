"""The documentation is true: every block of it is read, judged or run, and prints what the page shows."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import yaml

from doc_pages import DOCS, ROOT, Block, agrees, blocks, follow, pages, policies
from policydsl.amending import read
from policydsl.diagnostics import PolicyError
from policydsl.engine import Policy, load_text, load_texts
from policydsl.testing import run_examples
from policydsl.report import render_all
from policydsl.text import parse
from text_support import neutral

PAGES = list(pages())
POLICIES = [block for page in PAGES for block in policies(page) if "file" not in block.marks]
CHINESE = [page for page in PAGES if not page.name.endswith(".en.md")]
PAIRS = [
    pair for page in CHINESE
    for pair in zip(policies(page), policies(page.with_suffix(".en.md")), strict=True) if "fails" not in pair[0].marks
]
SESSIONS = [p for p in PAGES if any(b.lang == "console" for b in blocks(p))]
ENGLISH = ("cli.en.md", "handbook.en.md", "explain.en.md", "mutation.en.md", "testing.en.md")
SCRIPTS = [p for p in PAGES if any(b.lang == "python" for b in blocks(p))]


def texts(block: Block) -> dict[str, str]:
    """A policy, and the one that it speaks of."""
    named = {b.marks["beside"]: b.policy for b in policies(DOCS / block.page) if "beside" in b.marks}
    spoken = [block.marks["among"]] if "among" in block.marks else []
    return {block.where: block.policy, **{name: named[name] for name in spoken}}


def loaded(text: str | dict[str, str], where: str) -> Policy:
    """The policy of a text; the test fails with its problems when it is refused."""
    try:
        return load_texts({where: text} if isinstance(text, str) else text)
    except PolicyError as error:
        pytest.fail(render_all(error.diagnostics, error.sources, error.dialect))


def check_examples(policy: Policy, where: str) -> None:
    wrong = [
        f"{where} {report.name} / {f.name}: expected {f.expected}, got {f.actual}"
        for report in run_examples(policy) for f in report.failures
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("block", POLICIES, ids=lambda b: b.where)
def test_policy_blocks_are_sound(block: Block) -> None:
    if "parse only" in block.marks:
        problems = parse(block.policy, block.where)[1]
        assert not [p for p in problems if p.severity == "error"]
    elif "fails" in block.marks:
        with pytest.raises(PolicyError) as refused:
            load_text(block.policy, block.where)
        assert block.marks["fails"] in {p.code for p in refused.value.diagnostics}
    else:
        check_examples(loaded(texts(block), block.where), block.where)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p[0].where)
def test_both_languages_say_the_same(pair: tuple[Block, Block]) -> None:
    zh, en = (read(texts(block)).file for block in pair)
    assert neutral(zh) == neutral(en)


@pytest.mark.parametrize("page", [
    # the same commands in English, and three pages of four: by night
    pytest.param(p, id=p.name, marks=pytest.mark.nightly if p.name in ENGLISH or i % 4 else ())
    for i, p in enumerate(SESSIONS)
])
def test_the_terminal_prints_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for block, command, shown, printed in follow(page, tmp_path):
        assert agrees(shown, printed), f"{block.where} $ {command}\n{printed}"


@pytest.mark.parametrize("page", SCRIPTS, ids=lambda p: p.name)
def test_python_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a page are one script; a comment ``# → …`` behind a print is what it prints."""
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {}
    for block in blocks(page):
        if "file" in block.marks:
            (tmp_path / block.marks["file"]).write_text(block.text, encoding="utf-8")
        elif block.lang == "python":
            out = io.StringIO()
            with redirect_stdout(out):
                exec(compile(block.text, block.where, "exec"), space)
            shown = [line.partition("# → ")[2] for line in block.text.splitlines() if "# → " in line]
            assert out.getvalue().splitlines() == shown, block.where


def test_every_construct_has_a_part_in_the_reference() -> None:
    """Each word that begins a block begins one in the examples of the page."""
    words = yaml.safe_load((ROOT / "grammar" / "keywords.yaml").read_text(encoding="utf-8"))["heads"].values()
    for page, lang in ((DOCS / "language.md", "zh"), (DOCS / "language.en.md", "en")):
        text = page.read_text(encoding="utf-8")
        missing = [word[lang] for word in words if not re.search(rf"^(?:{'|'.join(word[lang])})\b", text, re.MULTILINE)]
        assert not missing


def test_the_two_tutorials_build_the_same_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    trees = []
    for page in ("tutorial.md", "tutorial.en.md"):
        folder = tmp_path / page
        folder.mkdir()
        monkeypatch.chdir(folder)
        assert list(follow(DOCS / page, folder))
        text = next(folder.glob("*.pol")).read_text(encoding="utf-8")
        check_examples(loaded(text, page), page)
        trees.append(neutral(parse(text, page)[0]))
    assert trees[0] == trees[1]
