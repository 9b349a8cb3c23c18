"""Neighbouring blocks of one kind that differ only in what stands behind the same words, as the rows of one table.

Only blocks that follow one another without a comment between or in them; what they have in common stands above the
rows once. A table that has much in a row, or is half empty, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.format.headings import parts_in
from policydsl.format.program import same_program
from policydsl.members import dataclass
from policydsl.text import parse
from policydsl.text.fold import fold
from policydsl.text.keywords import dialect
from policydsl.text.source import COMMENT, ROWED

# Names and values: counted, not measured, so that a policy and its translation get the same tables.
MOST = 12  # in a row
LEAST = 3  # that need not be said again
_BLANKS = re.compile(r"\s")
_CITES = re.compile(r"\s*((?:【[^】]*】|\[[^\]]*\])\s*)+$")
_COLON = re.compile(r"\s*[：:＝=]\s*")
_NAMES: dict[Language, str] = {"zh": "名称", "en": "name"}
_IN_CELLS = (
    nodes.When | nodes.Unless | nodes.FieldLine | nodes.StartLine | nodes.DoneLine | nodes.LengthLine | nodes.Measures
    | nodes.Late | nodes.Otherwise | nodes.Quota
)


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a block: its word, what stands behind it, and the whole as typed. Without a word it has to be the same
    in all blocks of a table."""

    word: str
    body: str
    text: str
    weight: int


@dataclass(frozen=True, slots=True)
class Written:
    """A block as typed: the lines of the file that it stands on (0-based, the last excluded), and its parts."""

    first: int
    last: int
    kind: str
    name: str
    cites: str
    parts: tuple[Part, ...]


def into_rows(text: str, file: str, beside: Path | None = None) -> str:
    """The text with tables for such blocks, where that is shorter."""
    tree = parse(text, file, fragment=True)[0]
    lines = text.splitlines(keepends=True)
    written = [_written(block, lines, tree) for block in tree.blocks]
    edits = list[tuple[int, int, list[str]]]()
    run = list[Written]()
    for here, following in pairwise([*written, None]):
        if here is None:
            continue
        run.append(here)
        if following is None or following.kind != here.kind or not _adjoin(here, following, lines):
            edits += _best(run, lines, tree.dialect)
            run = []
    made = _edited(lines, edits)
    if not edits or same_program(text, made, file):
        return made if edits else text
    for edit in reversed(edits):
        once = _edited(text.splitlines(keepends=True), [edit])
        text = once if same_program(text, once, file) else text
    return text


def _edited(lines: Sequence[str], edits: Sequence[tuple[int, int, list[str]]]) -> str:
    out = list(lines)
    for first, last, made in sorted(edits, reverse=True):
        out[first:last] = made
    return "".join(out)


# ---------------------------------------------------------------------------------------------- blocks as typed
def _written(block: nodes.Block, lines: Sequence[str], tree: nodes.File) -> Written | None:
    """The block in its parts; None if it cannot be a row."""
    if not isinstance(block, nodes.Clause) or traits(block.kind).head not in ROWED:
        return None
    first, last, at = block.span.line - 1, block.span.end_line - (block.span.end_column == 1), block.name_span
    own = lines[first:last]
    if block.alias or block.table or at.line != first + 1 or any(COMMENT.search(fold(line)) for line in own):
        return None
    if own[0][: at.column - 1].lstrip()[:1] == "|":
        return None  # a row already
    head, cites = _cut(own[0][at.end_column - 1 :].rstrip("\n"))
    word = dialect(tree.dialect).labels[traits(block.kind).head][0]
    parts = list[Part]()
    if head:
        colon = _COLON.match(head)
        if colon is None:
            return None
        asked = [line for line in block.lines if line.span.line == first + 1]
        weight = sum(map(parts_in, asked)) + (parts_in(block.formula) if block.formula is not None else 0)
        parts.append(Part(word, head[colon.end() :].strip(), "", weight))
    for line in block.lines:
        span = line.span
        if span.line == first + 1:
            continue  # of the heading
        typed = lines[span.line - 1 : span.end_line - (span.end_column == 1)]
        parts.append(_part(line, [one.strip() for one in typed], block.cites))
    told = sum(len(one.text.split("\n")) if one.text else 0 for one in parts)
    if told + 1 != sum(1 for line in own if line.strip()):
        return None  # a heading on several lines, or two things on one
    return Written(first, last, block.kind, own[0][at.column - 1 : at.end_column - 1], cites, tuple(parts))


def _part(line: nodes.Line, typed: Sequence[str], cites: tuple[str, ...]) -> Part:
    body, _ = _cut(typed[0])
    word, colon, rest = re.split(r"([：:])", body, maxsplit=1) if re.search("[：:]", body) else (body, "", "")
    plain = isinstance(line, _IN_CELLS) and getattr(line, "cites", ()) in ((), cites)
    fits = plain and len(typed) == 1 and colon and rest.strip() and "|" not in rest
    return Part(word.strip() if fits else "", rest.strip(), "\n".join(typed), parts_in(line))


def _cut(line: str) -> tuple[str, str]:
    """A line without the citations at its end, and them."""
    found = _CITES.search(line)
    return (line[: found.start()].strip(), found[0].strip()) if found else (line.strip(), "")


def _adjoin(one: Written, other: Written, lines: Sequence[str]) -> bool:
    return not "".join(lines[one.last : other.first]).strip()


# ---------------------------------------------------------------------------------------------- tables
def _best(run: Sequence[Written], lines: Sequence[str], code: Language) -> Iterator[tuple[int, int, list[str]]]:
    """The tables that save most of all that the blocks of a run could make."""
    saved = [0] * (len(run) + 1)
    ways: list[tuple[int, list[str]] | None] = [None] * (len(run) + 1)
    for end in range(1, len(run) + 1):
        saved[end] = saved[end - 1]
        for begin in range(end - 1):
            group = run[begin:end]
            made = _table(group, code)
            if made is None:
                continue
            less = made[0]
            shorter = _size("".join(lines[group[0].first : group[-1].last])) > _size("".join(made[1]))
            if less >= LEAST and shorter and saved[begin] + less > saved[end]:
                saved[end], ways[end] = saved[begin] + less, (begin, made[1])
    end = len(run)
    while end > 0:
        way = ways[end]
        if way is not None:
            yield run[way[0]].first, run[end - 1].last, way[1]
        end = way[0] if way is not None else end - 1


def _table(group: Sequence[Written], code: Language) -> tuple[int, list[str]] | None:
    """The table of some blocks: what need not be said again, and the lines; None where they have none."""
    common = [part for part in group[0].parts if part.text and all(part in one.parts for one in group)]
    rest = [[part for part in one.parts if part not in common] for one in group]
    heads = list(dict.fromkeys(part.word for parts in rest for part in parts))
    word = dialect(code).labels[traits(group[0].kind).head][0]
    heads.sort(key=lambda head: head != word)  # what stands behind the name comes first
    if "" in heads or not heads or any(len({part.word for part in parts}) < len(parts) for parts in rest):
        return None
    filled = sum(len(parts) for parts in rest)
    if 3 * filled < 2 * len(heads) * len(group) or max(sum(p.weight for p in parts) for parts in rest) > MOST:
        return None
    cites = {one.cites for one in group}
    shared = cites.pop() if len(cites) == 1 else ""
    rows = [[_NAMES[code], *heads]]
    for one, parts in zip(group, rest, strict=True):
        cells = {part.word: part.body for part in parts}
        rows.append([one.name, *(cells.get(head, "") for head in heads)])
    indent = "  "
    own = group[0].parts
    begun = next((i for i, part in enumerate(own) if part.text and part not in common), len(own))
    above, below = (
        [f"{indent}{line}\n" for part in parts if part in common for line in part.text.split("\n")]
        for parts in (own[:begun], own[begun:])
    )
    out = [f"{word} {shared}".rstrip() + "\n", *above]
    for i, row in enumerate(rows):
        tail = group[i - 1].cites if i and not shared else ""
        out.append(f"{indent}| {' | '.join(row)} | {tail}".rstrip() + "\n")
    return (len(group) - 1) * sum(part.weight for part in common), [*out, *below]


def _size(text: str) -> int:
    return len(_BLANKS.sub("", text))


__all__ = ["into_rows"]
