"""The formatter changes nothing that is said: every policy text of the repository, and texts made untidy at random."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policydsl import nodes
from policydsl.diagnostics import Language, PolicyError
from policydsl.format import formatted
from policydsl.text import parse
from text_support import ROOT, bare, neutral
from test_policies import without_spellings
from tries import by_day, tries

POLICIES = sorted((ROOT / "policies").glob("*.pol"))
CONSTRUCTS = sorted((ROOT / "tests" / "constructs").glob("*.pol"))


@cache
def parsed(text: str) -> nodes.File | None:
    """The file of a text that parses without an error."""
    file, problems = parse(text, "x.pol", fragment=True)
    return None if any(p.severity == "error" for p in problems) else file


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def small_texts() -> dict[str, str]:
    """Every text but for the shipped policies; whether it parses is seen when it is tried."""
    found: dict[str, str] = {}
    for folder in ("constructs", "errors", "text_cases"):
        for path in sorted((ROOT / "tests" / folder).glob("*.pol")):
            found[f"{folder}/{path.name}"] = read(path)
    blocks = re.findall(r"^```pol[^\n]*\n(.*?)^```", read(ROOT / "docs" / "source" / "language.md"), re.S | re.M)
    return found | {f"language.md#{number}": block for number, block in enumerate(blocks)}


SMALL = small_texts()


def comments(text: str) -> list[str]:
    """The comments of a text, in order."""
    return [m[1].rstrip() for m in re.finditer(r"(?:^|(?<=\s))((?:#|＃|//).*)", text, re.M)]


def remarks(text: str) -> list[str]:
    """Notes, open questions and rulings, word for word."""
    opening = r"^\s*(?:注|说明|疑义|裁定|note|open question|ruling)(?:\s*[：:]|(?=[ \t]))"
    return re.findall(rf"{opening}\s*(.*?)\s*$", text, re.M)


def other(code: Language) -> Language:
    return "en" if code == "zh" else "zh"


def holds(text: str) -> None:
    """All that is promised of a text."""
    file = parsed(text)
    assert file is not None
    once = formatted(text)
    assert formatted(once) == once
    again = parsed(once)
    assert again is not None
    assert bare(again) == bare(file)
    assert comments(once) == comments(text)
    assert remarks(once) == remarks(text)
    there = formatted(once, to=other(file.dialect))
    translated = parsed(there)
    assert translated is not None
    assert translated.dialect == other(file.dialect) or not file.blocks
    assert neutral(translated) == neutral(file)
    assert comments(there) == comments(text)
    back = parsed(formatted(there, to=file.dialect))
    assert back is not None
    assert neutral(back) == neutral(file)


def test_there_are_texts_of_every_kind() -> None:
    assert len(SMALL) > 80
    for kind in ("constructs/", "errors/", "text_cases/", "language.md#"):
        assert any(parsed(text) is not None for name, text in SMALL.items() if name.startswith(kind)), kind


@pytest.mark.parametrize("name", by_day([*SMALL], 20))
def test_small_texts(name: str) -> None:
    if parsed(SMALL[name]) is not None:
        holds(SMALL[name])
    else:
        with pytest.raises(PolicyError):
            formatted(SMALL[name])


@pytest.mark.parametrize("path", by_day(POLICIES, 2))
def test_shipped_policies(path: Path) -> None:
    """They are in canonical form. ``formatted`` itself compares the trees, and refuses to answer when they differ."""
    text = read(path)
    assert formatted(text) == text


@pytest.mark.nightly
@pytest.mark.parametrize("path", POLICIES, ids=lambda p: p.name)
def test_shipped_policies_in_the_other_language(path: Path) -> None:
    text = read(path)
    there = formatted(text, to=other("en" if path.name.endswith(".en.pol") else "zh"))
    assert comments(there) == comments(text)


def test_a_translated_policy_says_the_same() -> None:
    text = read(ROOT / "policies" / "h3c_star_2024.pol")
    file, translated = parsed(text), parsed(formatted(text, to="en"))
    assert file is not None and translated is not None
    assert translated.dialect == "en"
    said, again = (neutral(without_spellings(each)) for each in (file, translated))
    assert again == said


# ---------------------------------------------------------------------------------------------- noise
_PROSE = re.compile(r"\s*(?:#|//|政策|编号|版本|发布方|来源|注|疑义|裁定|说明|币种|工作日历|期间算法|评估|舍入|修订)")
_KEPT = re.compile(r"(“[^”]*”|【[^】]*】|「[^」]*」|\d,\d)")


def _blank(rng: random.Random) -> str:
    return rng.choice([" ", "  ", "\u3000", "\u00a0"])


def _stretch(code: str, rng: random.Random, *, digits: bool) -> str:
    """Blanks and widths that mean nothing, outside of quotes and citations (tabs mean cells, so there are none)."""
    swaps: dict[str, Callable[[], str]] = {
        "：": lambda: rng.choice(["：", ":", ": ", " ："]),
        "，": lambda: rng.choice(["，", ", ", "， "]),
        "（": lambda: rng.choice(["（", "("]),
        "）": lambda: rng.choice(["）", ")"]),
        "、": lambda: rng.choice(["、", "、 "]),
        "＝": lambda: rng.choice(["＝", "="]),
        "≥": lambda: rng.choice(["≥", ">=", "＞＝", "≧"]),
        "≤": lambda: rng.choice(["≤", "<=", "≦"]),
        "＜": lambda: rng.choice(["＜", "<"]),
        "＞": lambda: rng.choice(["＞", ">"]),
        "＋": lambda: rng.choice(["＋", "+"]),
        "－": lambda: rng.choice(["－", "-", "−"]),
        "×": lambda: rng.choice(["×", "*"]),
        " ": lambda: _blank(rng),
    }
    out = []
    for char in code:
        if char in swaps:
            out.append(swaps[char]())
        else:
            out.append(chr(ord(char) + 0xFEE0) if digits and char.isdigit() else char)
    return "".join(out)


def untidy(text: str, rng: random.Random) -> str:
    """The same Chinese text as careless hands and pasting leave it."""
    out: list[str] = []
    duties = False
    for line in text.splitlines():
        body = line.strip()
        duties = line.startswith("义务") or duties and line[:1] in (" ", "")
        if not body:
            out.append(_blank(rng) * rng.randrange(3))
            continue
        if not _PROSE.match(line) and not duties:
            code, mark, remark = re.sub(r"\s+(?=#|//)", "\0", body, count=1).partition("\0")
            if body.startswith("|"):
                cells = re.split(r"(\|)", code)
                code = "".join(c if c == "|" or "【" in c else " " * rng.randrange(3) + c.strip() for c in cells)
            else:
                # in a declaration digits may be a part of the name, and names stay as they are declared
                digits = body.startswith(("若", "- ", "金额", "范围", "应得")) and rng.random() < 0.5
                parts = _KEPT.split(code)
                code = "".join(p if _KEPT.fullmatch(p) else _stretch(p, rng, digits=digits) for p in parts)
            body = code + (_blank(rng) + remark if mark else "")
        out.append(_indent(line, body, rng))
        if rng.random() < 0.05 and not body.startswith("|"):
            out.append("")
    return rng.choice(["\n", "\r\n"]).join(out)


def _indent(line: str, body: str, rng: random.Random) -> str:
    """Where a comment stands says whose it is, so it keeps its place."""
    if body.startswith(("#", "//")):
        return line.rstrip()
    if not line[0].isspace():
        return body
    return rng.choice(["  ", "    ", "\u3000\u3000"]) + body + rng.choice(["", " "])


@cache
def canonical_text(path: Path) -> str:
    return formatted(read(path))


def settled(text: str) -> str:
    """The canonical text without the blank lines that are the author's choice."""
    return re.sub(r"\n\n+", "\n", text)


# In English a blank is a part of names, so that it is not as free.
CHINESE = [p for p in CONSTRUCTS if not p.name.endswith(".en.pol")]


@pytest.mark.parametrize("path", by_day(CHINESE, 7))
@tries(2)
@given(rng=st.randoms(use_true_random=True))
def test_untidy_texts_become_the_same(path: Path, rng: random.Random) -> None:
    canonical = canonical_text(path)
    assert settled(formatted(untidy(canonical, rng))) == settled(canonical)


def test_an_untidy_policy_becomes_the_same() -> None:
    canonical = read(ROOT / "policies" / "h3c_star_2024.pol")
    assert settled(formatted(untidy(canonical, random.Random(7)))) == settled(canonical)
