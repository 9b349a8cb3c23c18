"""Judging many parties: in order, in several processes."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from itertools import chain
from pathlib import Path

from policydsl.core import POPULATION, Program
from policydsl.diagnostics import Diagnostic, Language
from policydsl.engine import AsOfFrom, Policy
from policydsl.facts import Sheet
from policydsl.judge import Population
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.population.gather import ID, Gathered, Problem
from policydsl.population.grid import cell_name, place
from policydsl.population.journal import line_of
from policydsl.population.read import Known, Reader
from policydsl.population.told import Report, Teller
from policydsl.reads import reads_of
from policydsl.verdict import Verdict

CHUNK = 8  # parties that a process takes at a time
FAULT = "SHEET190"


@dataclass(slots=True)
class Job:
    """A file to be judged: what all processes share. ``sheets``: of a policy that ranks or counts everybody, the facts
    of all, read before."""

    policy: Policy
    found: Gathered
    reader: Reader
    teller: Teller
    settings: Mapping[str, Exact]
    day: date | None
    proof: bool = False
    together: bool = False
    known: list[Known] = field(default_factory=list)
    population: Population | None = None

    @classmethod
    def of(
        cls, policy: Policy, found: Gathered, settings: Mapping[str, Exact], day: date | None, lang: Language,
        whole: bool = False, proof: bool = False, later: Sequence[Gathered] = (),
    ) -> Job:
        """``later``: files in which cells that were blank in ``found`` were filled in."""
        reader = Reader(policy.program, found, settings, day, lang, later)
        teller = Teller(policy.program, lang, whole)
        together = ranks_everybody(policy.program, teller.asked)
        return cls(policy, found, reader, teller, reader.settings, day, proof, together)

    def prepare(self) -> Iterator[int]:
        """Reads everybody where what is judged of one party may rest on all; tells how many are read."""
        if self.together:
            for number in range(len(self.found.parties)):
                self.known.append(self.reader.party(number))
                yield number + 1

    def facts(self, number: int) -> Known:
        """What is known of one party, read once where everybody was read before."""
        return self.known[number] if self.known else self.reader.party(number)

    def report(self, number: int) -> Report:
        """One party judged, or refused; a fault inside holds back nobody else."""
        party = self.found.parties[number]
        known = self.facts(number)
        problems = list(known.problems)
        if known.refused or self.reader.blocked or not party.id:
            return self.teller.refused(party.id, party.name, party.row, problems)
        try:
            verdict = self.verdict(number, known.sheet)
            made = self.teller.judged(party.id, party.row, verdict, problems, self.cells(number))
            if self.population is not None:
                self.population.forget()
            return made
        except Exception as fault:  # noqa: BLE001 (rows in are rows judged and rows refused, whatever happens)
            at = place(next(iter(self.found.heads)), party.row, 1)
            args = {"path": party.id, "read": _where(fault)}
            problems.append(Problem(Diagnostic(FAULT, at, "error", args), party.id))
            return self.teller.refused(party.id, party.name, party.row, problems)

    def verdict(self, number: int, sheet: Sheet) -> Verdict:
        """The one place where a party is judged."""
        day, origin = self.day_of(sheet)
        only, of = (None if self.proof else self.teller.asked), self.teller.traced
        if not self.together:
            alone = self.policy.population([sheet], self.settings, len(self.found.parties))
            return alone.verdict(0, day, origin, proof=self.proof, only=only, of=of)
        if self.population is None:
            self.population = self.policy.population([k.sheet for k in self.known], self.settings)
        return self.population.verdict(number, day, origin, proof=self.proof, only=only, of=of)

    def day_of(self, sheet: Sheet) -> tuple[date, AsOfFrom]:
        if self.day is not None:
            return self.day, "option"
        return (sheet.as_of, "sheet") if sheet.as_of is not None else (date.today(), "today")

    def cells(self, number: int) -> dict[str, str]:
        """Where what is missing of a party is to be filled in: its cell, or the sheet of the ledger."""
        party = self.found.parties[number]
        out: dict[str, str] = {}
        for page, heads in self.found.heads.items():
            ids = next((c for c, h in heads.items() if h.decl is ID), 1)
            if page == next(iter(self.found.heads)):
                out |= {h.decl.name: f"{page}!{cell_name(place(page, party.row, c))}" for c, h in heads.items()}
            else:
                out.setdefault(page, f"{page}!{cell_name(place(page, 1, ids))}")
        return out


def ranks_everybody(program: Program, names: Collection[str] | None) -> bool:
    """Whether what is told of one party may rest on the others: on ranks, quotas, shares of a pool."""
    reads = reads_of(program).of_result
    wanted = [reads[r.name] for r in program.results if names is None or r.name in names]
    return any(key[0] == POPULATION for found in wanted for key in found.keys)


def _where(fault: BaseException) -> str:
    """Where in the program a fault came up, for its maintainers: ``population/told.py:88``."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    path = Path(last.filename)
    return f"{path.parent.name}/{path.name}:{last.lineno}"


# ---------------------------------------------------------------------------------------------- processes
_job: Job | None = None


def lines(job: Job, jobs: int, first: int = 0) -> Iterator[bytes]:
    """The reports of all parties from ``first`` on, each as a line, in the order of the file, as they come."""
    global _job
    count = len(job.found.parties)
    fork = "fork" in multiprocessing.get_all_start_methods()
    if jobs < 2 or not fork or count - first < 2 * CHUNK:
        yield from (line_of(job.report(number)) for number in range(first, count))
        return
    _job = job
    job.policy.population([], job.settings, count)  # what takes long to make is made once,
    yield line_of(job.report(first))  # and so is what the first asks of all others
    gc.collect()
    gc.freeze()  # what is read is shared by the processes as long as nothing looks through it
    try:
        with multiprocessing.get_context("fork").Pool(jobs, _undisturbed) as pool:
            yield from pool.imap(_line, range(first + 1, count), CHUNK)
    finally:
        gc.unfreeze()
        _job = None


def _undisturbed() -> None:
    """A worker leaves Ctrl-C to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _line(number: int) -> bytes:
    assert _job is not None
    return line_of(_job.report(number))


def fingerprint(paths: Sequence[Path], *said: object) -> str:
    """What a run is made from: the files, the policy, the day, the parameters."""
    made = hashlib.sha256()
    within = (sorted(x for x in p.iterdir() if x.is_file()) if p.is_dir() else [p] for p in paths)
    for file in chain.from_iterable(within):
        made.update(file.name.encode("utf-8", "surrogateescape") + b"\0")
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                made.update(chunk)
    made.update(repr(said).encode("utf-8", "backslashreplace"))
    return made.hexdigest()


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
