"""A page of documentation stands in Chinese and in English, made of one source; the two have the same parts, each is
in its language, and what they link to is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from doc_pages import DOCS, ROOT, blocks, pages

PAGES = pages()
LINKING = [*PAGES, ROOT / "README.md", *(DOCS / f"{name}.md" for name in ("architecture", "core", "decisions/README"))]
CHINESE = [page for page in PAGES if not page.name.endswith(".en.md")]
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){3}")
_LINK = re.compile(r"\]\(([^)\s]*)\)")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def parts(page: Path) -> Iterator[tuple[str, int]]:
    """The parts of a page in order: headings by their level, fences by their commands, tables by their rows and lists
    by their items, paragraphs."""
    text = re.sub(r"<!--.*?-->", "", read(page), flags=re.DOTALL)
    for piece in re.split(r"(^```.*?^```$)|\n{2,}|(?=\n\|)", text, flags=re.DOTALL | re.MULTILINE):
        lines = (piece or "").strip().splitlines()
        first = lines[0] if lines else ""
        if first.startswith("```"):
            lang = first[3:].replace("pol-en", "pol-zh")
            yield lang, sum(line.startswith("$ ") for line in lines) if lang == "console" else 1
        elif first.startswith("#"):
            yield "heading", len(first) - len(first.lstrip("#"))
        elif first.startswith("|"):
            yield "row", first.count("|")
        elif re.match(r"(?:-|\d+\.) ", first):
            yield "list", sum(bool(re.match(r"(?:-|\d+\.) ", line)) for line in lines)
        elif first:
            yield "paragraph", 1


def prose(page: Path) -> str:
    """What a page says in words: without fences, code, comments, addresses, and the link to the other language."""
    text = _FENCE.sub("", read(page))
    text = re.sub(r"<!--.*?-->|`[^`]*`", "", text, flags=re.DOTALL)
    return _LINK.sub("]", re.sub(r"^\[(?:English|中文)\]\(.*", "", text, flags=re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """What may follow ``#`` in a link to a page, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_page_is_what_its_source_says(page: Path) -> None:
    assert read(page) == PAGES[page], "run tools/pages.py"


@pytest.mark.parametrize("zh", CHINESE, ids=lambda p: p.name)
def test_both_languages_have_the_same_parts(zh: Path) -> None:
    assert list(parts(zh)) == list(parts(zh.with_suffix(".en.md")))


@pytest.mark.parametrize("zh", CHINESE, ids=lambda p: p.name)
def test_no_page_mixes_languages(zh: Path) -> None:
    en = zh.with_suffix(".en.md")
    assert not _ENGLISH.findall(prose(zh))
    assert not _CHINESE.findall(prose(en))
    assert not [b.where for b in blocks(zh) if b.lang == "pol-en"]
    assert not [b.where for b in blocks(en) if "Chinese" not in b.marks and _CHINESE.search(b.text)]


@pytest.mark.parametrize("page", LINKING, ids=lambda p: p.name)
def test_links_lead_somewhere_in_the_same_language(page: Path) -> None:
    for place in _LINK.findall(read(page)):
        target, _, anchor = place.partition("#")
        if not target.startswith("http"):
            there = (page.parent / target).resolve() if target else page
            assert there.exists(), place
            assert not anchor or anchor in anchors(there), place
            if page in PAGES and there in PAGES and there.name.partition(".")[0] != page.name.partition(".")[0]:
                assert there.name.endswith(".en.md") == page.name.endswith(".en.md"), place


@pytest.mark.parametrize("page", [DOCS / "language.md", DOCS / "language.en.md"], ids=lambda p: p.name)
def test_the_contents_of_the_reference_name_every_part(page: Path) -> None:
    named = {place[1:] for place in _LINK.findall(read(page)) if place.startswith("#")}
    assert {anchor for anchor in anchors(page) if anchor[0].isdigit()} <= named
