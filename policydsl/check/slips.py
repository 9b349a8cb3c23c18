"""Slips of the pen that leave a sentence: what the rest of the policy shows to be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic, Fix
from policydsl.lower.context import Lowering
from policydsl.operators import MIRROR
from policydsl.place import Span
from policydsl.text.fold import fold
from policydsl.text.near import contrary
from policydsl.walk import every_of
from policydsl.within import within


def bare_counts(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Numbers compared with so many of something, without the unit that this file writes elsewhere."""
    written = {part.unit: low.text(part.span) for part in within(file.blocks, n.Count) if part.value}
    told = set[Span]()
    for term in every_of(program):
        if not isinstance(term, c.Apply) or term.op not in MIRROR or len(term.args) != 2:
            continue
        for counted, number in (term.args, term.args[::-1]):
            sample, at = written.get(counted.kind.unit or ""), _stated(program, number)
            if counted.kind.base == "count" and sample is not None and at is not None and at not in told:
                read, whole = low.text(at), low.text(at) + _unit(sample)
                if read and not _unit(read):
                    told.add(at)
                    yield Diagnostic("POL495", at, "warning", {"read": read, "whole": whole}, fix=Fix(at, whole))


def _stated(program: Program, term: c.AnyTerm) -> Span | None:
    """Where the number stands that a term is, there or as a parameter; nothing is nothing in any unit."""
    if isinstance(term, c.Read) and not term.list:
        decl = program.inputs.get(term.name)
        term = decl.default if decl is not None and decl.parameter and decl.default is not None else term
    stated = isinstance(term, c.Const) and isinstance(term.value, Fraction) and term.value and term.at.line
    return term.at if stated else None


def _unit(read: str) -> str:
    """What stands behind a number, with the blank before it."""
    return fold(read)[len(read) - len(fold(read).lstrip("0123456789.,")) :]


def odd_texts(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Texts of a table that stand nowhere else in the policy, and are but for one character what stands in other rows
    of their column."""
    whole = "\n".join(line for lines in file.sources.texts.values() for line in lines)
    for table in program.lists.values():
        for i, field in enumerate(table.fields if table.source == "rows" else ()):
            cells = [row.cells[i] for row in table.rows]
            texts = [cell for cell in cells if isinstance(cell, c.Const) and isinstance(cell.value, str)]
            often = Counter(str(cell.value) for cell in texts) if field.kind.base == "text" else Counter[str]()
            several = [text for text, times in often.items() if times > 1 and not any(map(str.isdigit, text))]
            for cell in texts if several else ():
                text = str(cell.value)
                meant = next((other for other in several if one_off(text, other)), None)
                if often[text] == 1 and meant is not None and whole.count(text) == 1:
                    yield Diagnostic(
                        "POL496", cell.at, "warning", {"read": text, "word": meant}, fix=Fix(cell.at, meant),
                    )


def one_off(text: str, other: str) -> bool:
    """Whether a text is another one with a character too much, one left out, two changed round, or (of four or more)
    another character; or that twice; and not its contrary."""
    if text and other and (text.split() == [other, other] or other.split() == [text, text]):
        return True
    if contrary(text, other):
        return False
    short, long = sorted((text, other), key=len)
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(long) == len(short) + 1:
        twice = long[same] in (long[same - 1 : same] or "\0") + long[same + 1 : same + 2]
        return short[same:] == long[same + 1 :] and (len(short) > 3 or twice)
    rest, beside = short[same:], long[same:]
    if len(short) != len(long) or not rest:
        return False
    turned = rest[:2] == beside[1::-1] and len(rest) > 1
    return rest[2:] == beside[2:] if turned else len(short) > 3 and rest[1:] == beside[1:]


__all__ = ["bare_counts", "odd_texts", "one_off"]
