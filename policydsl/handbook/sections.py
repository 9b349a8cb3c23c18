"""The sections of a policy: the author's banners (``# ==== title``, ``# ---- title``) and the blocks below them, and
the titles of its sections (章节), which stand below the banners of the first level where there are any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from policydsl import nodes as n
from policydsl.members import dataclass
from policydsl.sources import Sources

_BANNER = re.compile(r"^\s*(?:#|//)+\s*(={3,}|-{3,}|—{2,}|＝{3,}|─{2,})\s*(.*?)\s*[=\-—＝─]*\s*$")


@dataclass(frozen=True, slots=True)
class Banner:
    """``level`` 1 or 2; ``line`` is where it stands."""

    level: int
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks below one banner; ``title`` empty: no banner stands above them."""

    level: int
    title: str
    blocks: tuple[n.Block, ...]


def banners(lines: Sequence[str]) -> list[Banner]:
    """Comments that are drawn as headings."""
    out = []
    for number, line in enumerate(lines, 1):
        found = _BANNER.match(line)
        if found and found[2]:
            out.append(Banner(1 if found[1][0] in "=＝" else 2, found[2], number))
    return out


def sections(blocks: Sequence[n.Block], sources: Sources) -> list[Section]:
    """The blocks in their sections, in the order of the files; a section with nothing of its own is kept only where one
    of the second level follows it."""
    out: list[Section] = []
    for file, lines in sources.texts.items():
        here = [b for b in blocks if b.span.file == file and not isinstance(b, n.Section)]
        drawn = banners(lines)
        level = 2 if any(one.level == 1 for one in drawn) else 1
        said = [
            Banner(level, b.title, b.span.line)
            for b in blocks if isinstance(b, n.Section) and b.title and b.span.file == file
        ]
        heads = sorted([*drawn, *said], key=lambda one: one.line)
        cuts = [Banner(1, "", 0), *heads, Banner(1, "", len(lines) + 1)]
        for head, following in pairwise(cuts):
            own = tuple(b for b in here if head.line <= b.span.line < following.line)
            out.append(Section(head.level, head.title, own))
    return _worth_keeping(out)


def _worth_keeping(found: list[Section]) -> list[Section]:
    kept: list[Section] = []
    for index, section in enumerate(found):
        below = False
        for later in found[index + 1 :]:
            if later.level <= section.level:
                break
            below = below or bool(later.blocks)
        if section.blocks or (section.level == 1 and section.title and below):
            kept.append(section)
    return kept
