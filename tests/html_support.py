"""Reading an HTML page as a browser would: its outline, its anchors, what it fetches."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "col", "link", "img", "hr", "input"}


@dataclass
class Page(HTMLParser):
    """Everything a test asks of a page. Raises AssertionError where tags do not nest."""

    headings: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    fetched: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    scopes: list[str | None] = field(default_factory=list)
    lang: str | None = None
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = given.get("lang")
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "th":
            self.scopes.append(given.get("scope"))
        href = given.get("href") or ""
        if href.startswith("#"):
            self.targets.add(href[1:])
        elif href:
            self.fetched.append(href)
        if given.get("src"):
            self.fetched.append(str(given["src"]))
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):  # type: ignore[union-attr]
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:], self.getpos())
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Page:
    """The page; every tag must be closed."""
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def sound(html: str) -> Page:
    """The page, which has to hold together: one h1, no heading skipped, anchors unique, every link leads somewhere,
    every heading cell says of what, nothing is fetched, nothing runs."""
    page = read(html)
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert len(page.ids) == len(set(page.ids))
    assert page.targets <= set(page.ids), sorted(page.targets - set(page.ids))[:5]
    assert set(page.scopes) <= {"row", "col"}
    assert page.fetched == []
    assert "script" not in page.tags
    assert page.lang in ("zh-CN", "en")
    return page
