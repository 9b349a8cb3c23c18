"""The first working day from a day on, in words instead of ``－ 1天 ＋ 1个工作日``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from policydsl import nodes
from policydsl.clause_kinds import traits
from policydsl.diagnostics import Language
from policydsl.format.program import lowered, without_places
from policydsl.format.words import writing
from policydsl.text import parse
from policydsl.text.source import Source

Edit = tuple[int, int, str]


def rolled_over(text: str, file: str, beside: Path | None = None) -> str:
    """The text with days that move off rest days said so; two cases that differ in that alone are one line."""
    tree = parse(text, file, fragment=True)[0]
    source, lang, before = Source(text, "<text>"), tree.dialect, None
    for block in reversed(tree.blocks):
        if not isinstance(block, nodes.Clause) or "case" not in traits(block.kind).lines or block.table is not None:
            continue
        edits = sorted(_edits(block, source, text, lang), reverse=True)
        made = text
        for start, end, put in edits:
            made = made[:start] + put + made[end:]
        if not edits:
            continue
        before, after = before or lowered(text, file), lowered(made, file)
        if before is not None and after is not None and without_places(before[0]) == without_places(after[0]):
            text = made
    return text


def _edits(block: nodes.Clause, source: Source, text: str, lang: Language) -> Iterator[Edit]:
    """A case with the day moved and the line behind it without, as one; alone, the case goes to the heading."""
    lines = [line for line in block.lines if not isinstance(line, nodes.Annotation)]
    others = [line for line in lines if isinstance(line, nodes.Case | nodes.Otherwise)]
    for case, following in zip(others, others[1:], strict=False):
        if not isinstance(case, nodes.Case) or len(case.values) != 1 or len(following.values) != 1:
            continue
        plain, asked = _unmoved(case.values[0]), _conditions(case)
        value = following.values[0]
        if plain is None or case.cites != following.cites or _words(plain, source, text) != _words(value, source, text):
            continue
        if isinstance(following, nodes.Case) and [_words(a, source, text) for a in asked[:-1]] != [
            _words(a, source, text) for a in _conditions(following)
        ] or isinstance(following, nodes.Otherwise) and len(asked) != 1:
            continue
        start, end = (source.offset_of(line.span) for line in (case, following))
        if "#" in text[start[0] : end[1]] or "//" in text[start[0] : end[1]]:
            continue
        stop = source.offset_of(value.span)[1]
        rolled = writing().word("_ROLLEDIF", None, "", lang, opens=False)
        close = "）" if lang == "zh" else ")"
        said = f"{' ' if lang == 'en' else ''}{rolled} {_words(asked[-1], source, text)}{close}"
        if len(others) == 2 and len(lines) == 2 and isinstance(following, nodes.Otherwise) and not following.cites:
            head = source.offset_of(block.name_span)[1]
            behind = text.index("\n", head)
            yield head, head, f"{' ＝ ' if lang == 'zh' else ' = '}{_words(value, source, text)}{said}"
            yield behind, stop, ""
        else:
            yield stop, stop, said
            yield start[0], end[0], ""


def _conditions(case: nodes.Case) -> Sequence[nodes.Expr]:
    return case.condition.items if isinstance(case.condition, nodes.And) else (case.condition,)


def _unmoved(value: nodes.Expr) -> nodes.Expr | None:
    """The day of ``D － 1天 ＋ 1个工作日``."""
    match value:
        case nodes.Arith(
            op="+", right=nodes.Duration(value=1, unit="WD"),
            left=nodes.Arith(op="-", left=day, right=nodes.Duration(value=1, unit="D")),
        ):
            return day
        case _:
            return None


def _words(node: nodes.Expr, source: Source, text: str) -> str:
    return " ".join(text[slice(*source.offset_of(node.span))].split())


__all__ = ["rolled_over"]
