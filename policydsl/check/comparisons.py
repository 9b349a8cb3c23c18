"""Comparisons with a constant that the declared range already decides: most likely a number is mistyped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl import nodes as n
from policydsl.check.extent import LINES, Extent, Extents, alike, number_of
from policydsl.check.words import Teller
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering
from policydsl.operators import MIRROR
from policydsl.walk import apart, every_of


def settled(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Comparisons outside of tables; what stands in a table is checked with its rows."""
    extents = Extents(program)
    teller = Teller(file.dialect, program.header.currency)
    spans = [b.table.span for b in file.blocks if isinstance(b, n.Clause) and b.table is not None]
    tables = {(span.file, line) for span in spans for line in range(span.line, span.end_line + 1)}
    found = [
        term for term in every_of(program)
        if isinstance(term, c.Apply) and term.op in MIRROR and len(term.args) == 2 and term.at.line
        and (term.at.file, term.at.line) not in tables
    ]
    # 60% ≤ ECR ＜ 80% is two comparisons at one place; one of them may well be a matter of course.
    at_place = Counter(term.at for term in apart(found))
    for term in apart(found):
        left, right = term.args
        for subject, other, op in ((left, right, term.op), (right, left, MIRROR[term.op])):
            constant = extents.constant(other)
            if constant is None or not _ranged(extents, subject) or subject.kind.base not in LINES:
                continue
            if subject.kind.base == "duration" and subject.kind.unit is None:
                subject = replace(subject, kind=constant.kind)
            point = number_of(constant.value)
            if point is None or not alike(subject.kind, constant.kind):
                continue
            extent = extents.of(subject)
            answer = _answer(op, extent, point)
            decl = extents.declared(subject)
            sure = decl is None or not decl.optional
            if answer is False or (answer is True and sure and at_place[term.at] == 1):
                label = teller.label(subject)
                yield Diagnostic(
                    "POL421", term.at, "warning",
                    {"read": low.text(term.at), "always": "yes" if answer else "no", "subject": label,
                     "range": teller.stretch(label, extent, subject.kind)},
                )


def _ranged(extents: Extents, subject: c.AnyTerm) -> bool:
    """Whether the author declared a range for it."""
    if isinstance(subject, c.Use):
        definition = extents.program.terms.get(subject.name)
        return definition is not None and definition.bound is not None
    decl = extents.declared(subject)
    return decl is not None and bool(decl.ranges)


def _answer(op: str, extent: Extent, point: Fraction) -> bool | None:
    """What the comparison gives for every number of the extent; None when it depends."""
    below = extent.high is not None and (extent.high < point or (extent.high == point and extent.high_open))
    above = extent.low is not None and (extent.low > point or (extent.low == point and extent.low_open))
    at_most = below or (extent.high is not None and extent.high <= point)
    at_least = above or (extent.low is not None and extent.low >= point)
    match op:
        case "<":
            return True if below else False if at_least else None
        case "<=":
            return True if at_most else False if above else None
        case ">":
            return True if above else False if at_most else None
        case ">=":
            return True if at_least else False if below else None
        case "=":
            return False if below or above else None
        case _:
            return True if below or above else None
