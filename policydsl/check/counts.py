"""Places where so many are counted take whole numbers: 名额, 至少满足, 每满, 视为."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl import core as c
from policydsl import nodes as n
from policydsl.check.extent import Extents
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.line_roles import line_role
from policydsl.lower.context import Lowering
from policydsl.lower.folds import quota_of
from policydsl.walk import apart, every_of


class _Set(Extents):
    """A parameter without a unit may be set to a fraction, whatever stands in the policy."""

    def constant(self, term: c.AnyTerm) -> c.Const | None:
        return None if isinstance(term, c.Read) and term.kind.base == "number" else Extents.constant(self, term)


def whole_counts(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Counts that may be no whole number, or can never be one at least."""
    extents = _Set(program)
    for term in apart(_counted(program, low)):
        extent = extents.of(term)
        if not extent.whole or (extent.high is not None and extent.high < 1):
            yield Diagnostic("POL340", term.at, args={"read": low.text(term.at)})


def no_places(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """Quotas in percent of all that can never be a place."""
    extents = _Set(program)
    for term in apart(every_of(program)):
        if any(line_role(note.label).counts for note in term.notes):
            share = _share(quota_of(term).limit)
            high = None if share is None else extents.of(share).high
            if share is not None and high is not None and high <= 0:
                yield Diagnostic("POL347", share.at, args={"read": low.text(share.at)})


def _share(limit: c.AnyTerm) -> c.AnyTerm | None:
    """Of a quota of so many percent of all, rounded: how many percent."""
    if isinstance(limit, c.Apply) and limit.op == "round_to" and isinstance(limit.args[0], c.Apply):
        return limit.args[0].args[1]
    return None


def _counted(program: Program, low: Lowering) -> Iterator[c.AnyTerm]:
    for term in every_of(program):
        if isinstance(term, c.Apply) and term.op == "at_least":
            yield term.args[0]
        elif any(line_role(note.label).counts for note in term.notes):
            limit = quota_of(term).limit
            if _share(limit) is None:
                yield limit
    yield from low.counts
    for decl in program.lists.values():
        for conversion in decl.conversions:
            yield from (conversion.every, conversion.count)
