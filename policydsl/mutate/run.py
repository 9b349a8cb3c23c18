"""A mutation run of one policy, put together."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from policydsl.engine import Policy
from policydsl.mutate.accepted import Accepted, accepted_file, read_accepted, with_accepted
from policydsl.mutate.generate import mutants
from policydsl.mutate.report import Result
from policydsl.mutate.score import Told, scored
from policydsl.testing import Case


def run(
    policy: Policy, cases: Sequence[Case], *, path: Path | None = None, file: str = "", only: Collection[str] = (),
    jobs: int | None = None, sample: int | None = None, told: Told | None = None,
) -> Result:
    """Every mutant of a policy judged by the cases.

    ``path``: the policy's file, beside which accepted mutants are declared. ``only``: these rules. ``jobs``:
    processes, by default one a processor. ``sample``: about so many mutants, evenly spread over the text.
    ``told``: is told how many are done, of how many. Raises SheetError when the declared ones cannot be read.
    """
    accepted: list[Accepted] = []
    declared = accepted_file(path) if path is not None else None
    if declared is not None and declared.is_file():
        accepted = read_accepted(declared.read_bytes(), str(declared), policy.program.header.dialect)
    found = mutants(policy.program, only)
    if sample is not None and sample < len(found):
        found = [found[i * len(found) // sample] for i in range(sample)]
    cases = [case for case in cases if not case.unconfirmed]
    judged, failing = scored(policy, found, cases, jobs or os.cpu_count() or 1, told)
    marked, stale = with_accepted(judged, accepted)
    partial = only or sample is not None
    return Result(
        file or (path.name if path is not None else policy.program.header.title), tuple(marked),
        () if partial else tuple(stale), len(cases) - len(failing), tuple(failing),
    )
