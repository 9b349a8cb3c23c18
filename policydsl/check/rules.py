"""The static checks, one function each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policydsl import nodes as n
from policydsl.check.bands import bands
from policydsl.check.comparisons import settled
from policydsl.check.counts import no_places, whole_counts
from policydsl.check.examples import examples
from policydsl.check.guarantees import guarantees
from policydsl.check.remarks import bare_factors, bare_rates, beyond, dated_values, limits, shares, taken_off
from policydsl.check.shared import one_for_all
from policydsl.check.slips import bare_counts, odd_texts
from policydsl.check.steps import steps
from policydsl.check.tables import tables
from policydsl.check.together import together
from policydsl.check.usage import aliases, idle_measures, idle_names, keyless, never_met, unused
from policydsl.core import Program
from policydsl.diagnostics import Diagnostic
from policydsl.lower.context import Lowering

Check = Callable[[Program, n.File, Lowering], Iterator[Diagnostic]]


def unruled(program: Program, file: n.File, low: Lowering) -> Iterator[Diagnostic]:
    """疑义 without 裁定: every verdict that uses the clause is marked."""
    for result in program.results:
        remarks = result.origin.remarks
        for i, r in enumerate(remarks):
            if r.kind == "doubt" and not any(x.kind == "ruling" for x in remarks[i + 1 :]):
                yield Diagnostic("POL501", r.at, "warning", {"name": result.name, "read": r.text})


ALL: tuple[Check, ...] = (
    unused, idle_names, keyless, idle_measures, aliases, never_met, whole_counts, no_places, one_for_all, limits,
    beyond, taken_off, shares, bare_rates, bare_factors, bare_counts, odd_texts, dated_values, tables, bands, settled,
    steps, together, guarantees, unruled,
    examples,
)
