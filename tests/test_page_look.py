"""How a page looks and is got around in: contrast of its own colours, landmarks, what the keyboard reaches."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from html_support import sound
from policydsl.cli import run
from policydsl.render import document as d
from policydsl.render.page import page
from policydsl.resources import style_sheet

ROOT = Path(__file__).parents[1]
CSS = style_sheet()


def themes() -> dict[str, dict[str, str]]:
    """The colours of the light, the dark and the printed page, by the names of their variables."""
    found = [dict(re.findall(r"--(\w+):\s*(#[0-9a-f]{3,6})", block)) for block in re.findall(r":root \{([^}]*)\}", CSS)]
    assert len(found) == 3
    return dict(zip(("light", "dark", "print"), found, strict=True))


def channel(value: int) -> Fraction:
    """A channel in linear light (sRGB), the power by a fine table of its own: 2.4 = 12/5, the fifth root by halving."""
    part = Fraction(value, 255)
    if part <= Fraction(4045, 100000):
        return part / Fraction(1292, 100)
    base = ((part + Fraction(55, 1000)) / Fraction(1055, 1000)) ** 12
    low, high = Fraction(0), Fraction(1)
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if middle**5 <= base else (low, middle)
    return low


def luminance(colour: str) -> Fraction:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    red, green, blue = (channel(int(digits[i : i + 2], 16)) for i in (0, 2, 4))
    return (2126 * red + 7152 * green + 722 * blue) / 10000


def contrast(one: str, other: str) -> Fraction:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + Fraction(5, 100)) / (low + Fraction(5, 100))


def test_black_on_white_is_21_to_1() -> None:
    assert round(contrast("#000", "#ffffff"), 6) == 21


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("words", ["ink", "soft", "good", "bad", "open", "accent"])
def test_every_colour_of_words_stands_out_from_what_is_behind_it(theme: str, words: str) -> None:
    """WCAG 2.2 AA asks 4.5 : 1 of text."""
    colours = themes()[theme]
    for behind in ("paper", "card", "band"):
        assert contrast(colours[words], colours[behind]) >= Fraction(9, 2), behind


def test_the_page_can_be_got_around_in_by_keyboard() -> None:
    html = page(d.Document("T", "en", (d.table(["a"], [["1"]]), d.fold("more", [d.paragraph("x")]))))
    assert html.index('class="skip" href="#main"') < html.index('<main id="main" tabindex="-1">') < html.index("<h1>")
    assert html.count("<main") == 1 and "<summary>" in html
    (region,) = re.findall(r'<div class="wide"([^>]*)>', html)
    assert 'tabindex="0"' in region and "aria-label=" in region and "role=" in region
    assert ":focus-visible" in CSS and "prefers-reduced-motion" in CSS
    sound(html)


@pytest.mark.parametrize("name, sheet", [("2022_inspur", "2022_inspur"), ("2022_inspur", "2022_inspur_unfinished")])
def test_the_page_of_a_partner(name: str, sheet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First figures, then cards, then the grounds: all shut, in print too unless asked for; clauses beside steps."""
    monkeypatch.chdir(tmp_path)
    sheet_file = str(ROOT / "examples" / f"{sheet}.yaml")
    assert run(["explain", name, sheet_file, "--format", "html", "-o", "p.html"]) == 0
    html = Path("p.html").read_text("utf-8")
    found = sound(html)
    assert html.index('class="tiles"') < html.index('class="cards"') < html.index("<h2>依据</h2>")
    assert '<body class="brief">' in html and "<details open>" not in html
    assert html.count("<details>") > 50 and found.headings.count(2) > 5
    title = re.search(r"<h1>(.*?)</h1>", html)
    assert title is not None and "·" in title[1] and "IVR" in title[1]


def test_nothing_is_shut_on_the_whole_page(tmp_path: Path) -> None:
    (tmp_path / "p.pol").write_text(
        "政策 演示\n  编号：T\n数据\n  甲：金额\n" + "".join(f"条件 第{i}：甲 ≥ {i}元\n" for i in range(1, 6)), "utf-8")
    (tmp_path / "a.yaml").write_text("甲: 3元\n", "utf-8")
    files = [str(tmp_path / "p.pol"), str(tmp_path / "a.yaml")]
    asked = ["--as-of", "2024-06-30", "--format", "html", "--full", "-o", str(tmp_path / "f.html")]
    assert run(["explain", *files, *asked]) == 0
    html = (tmp_path / "f.html").read_text("utf-8")
    assert "<details>" not in html and "<details open>" in html and "<body>" in html


def test_a_day_that_merely_ended_is_no_figure(tmp_path: Path) -> None:
    """Of the example only registrations have a last day, and those ended in summer: 9 July is ahead on the first."""
    sheet, made = str(ROOT / "examples" / "2022_inspur.yaml"), tmp_path / "p.html"
    for day, shown in (("2022-12-31", "没有将到的"), ("2022-07-01", "还有 8 天")):
        assert run(["explain", "2022_inspur", sheet, "--as-of", day, "--format", "html", "-o", str(made)]) == 0
        assert f"<dt>期限</dt><dd><strong>{shown}</strong>" in made.read_text("utf-8")
