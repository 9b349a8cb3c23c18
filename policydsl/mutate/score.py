"""Running the cases on the mutants: each mutant until the first case that notices it, in several processes."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.context import BaseContext
from types import FrameType

from policydsl.calendar import CannotCompute
from policydsl.core import Name
from policydsl.diagnostics import PolicyError, SheetError
from policydsl.engine import Policy
from policydsl.members import dataclass
from policydsl.mutate.model import Judgement, Mutant, Outcome
from policydsl.mutate.reach import Reach, reach_of
from policydsl.mutate.reachable import on_reading
from policydsl.testing import Case
from policydsl.walk import Holder, edited

Told = Callable[[int, int], None]
SECONDS = 30  # of processor time; a case that takes longer on a mutant has noticed it (it takes milliseconds)

# What an evaluator may run into in a program that no checker has passed.
BROKEN = (
    ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, RecursionError, StopIteration,
    CannotCompute, PolicyError, SheetError,
)


class TooLong(Exception):
    """A case did not come to an end."""


@dataclass(slots=True)
class Trial:
    """What every worker has: the policy, its mutants, the cases with what they touch."""

    policy: Policy
    mutants: Sequence[Mutant]
    reaches: Sequence[Reach]
    kills: list[int]
    reading: frozenset[Holder]


_trial: Trial | None = None


def scored(
    policy: Policy, mutants: Sequence[Mutant], cases: Sequence[Case], jobs: int = 1, told: Told | None = None
) -> tuple[list[Judgement], list[str]]:
    """Every mutant judged by all cases that pass on the policy as it is, in the order of the mutants; the names of the
    cases that do not pass. ``told``: is told how many of the mutants are done."""
    global _trial
    reached = [(case, reach_of(case, policy)) for case in cases]
    reaches = [r for _, r in reached if r is not None]
    failing = [case.name for case, r in reached if r is None]
    _trial = Trial(policy, mutants, reaches, [0] * len(reaches), on_reading(policy.program))
    tell = told or (lambda done, all_: None)
    try:
        found = []
        for one in _outcomes(len(mutants), jobs):
            found.append(one)
            tell(len(found), len(mutants))
        judged = [Judgement(mutants[i], outcome, by, tried) for i, outcome, by, tried in sorted(found)]
        return judged, failing
    finally:
        _trial = None


def _outcomes(number: int, jobs: int) -> Iterator[tuple[int, Outcome, str, int]]:
    """The outcome of every mutant, as they come."""
    context = _fork() if jobs > 1 else None
    if context is None:
        yield from map(_outcome, range(number))
        return
    gc.collect()
    gc.freeze()  # what is loaded is shared by the processes as long as nothing looks through it
    try:
        with context.Pool(jobs, _undisturbed) as pool:
            yield from pool.imap_unordered(_outcome, range(number), 8)
    finally:
        gc.unfreeze()


def _undisturbed() -> None:
    """A worker leaves Ctrl-C to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _fork() -> BaseContext | None:
    """Processes that share what is loaded; where the system has none, there is one process."""
    return multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None


def _outcome(index: int) -> tuple[int, Outcome, str, int]:
    """What a worker sends back: mutants themselves are on both sides already."""
    judged = _judge(index)
    return index, judged.outcome, judged.by, judged.tried


def _judge(index: int) -> Judgement:
    trial = _trial
    assert trial is not None
    mutant = trial.mutants[index]
    # What sheets are read by may be changed: then they are read again, and one to be refused may be accepted.
    declared = not mutant.where.isdisjoint(trial.reading)
    through_terms = any(what == "term" for what, _ in mutant.where)
    chosen = [
        (i, r) for i, r in enumerate(trial.reaches)
        if not mutant.nodes.isdisjoint(r.touched) or declared and (r.case.refusal or through_terms)
    ]
    if not chosen:
        return Judgement(mutant, "unreached")
    program = edited(trial.policy.program, mutant.edits, mutant.where)
    policy = replace(trial.policy, program=replace(program, inputs=dict(program.inputs)) if declared else program)
    chosen.sort(key=lambda c: (-trial.kills[c[0]], c[1].cost))
    alone = not declared and all(what == "term" for what, _ in mutant.where)
    names = frozenset(name for _, name in mutant.where if isinstance(name, Name))
    for tried, (i, reach) in enumerate(chosen, 1):
        if alone and not reach.case.traced and unchanged(reach, policy, names):
            continue
        if not passes(reach.case, policy):
            trial.kills[i] += 1
            return Judgement(mutant, "killed", reach.case.name, tried)
    return Judgement(mutant, "survived", "", len(chosen))


def unchanged(reach: Reach, policy: Policy, names: frozenset[Name]) -> bool:
    """Whether the changed terms come out the same in a case, so that it need not be run."""
    try:
        with limited(SECONDS):
            return reach.same(policy.program, names)
    except (*BROKEN, TooLong):
        return False


def passes(case: Case, policy: Policy) -> bool:
    """Whether a case passes; an evaluation that breaks off or does not end is noticed too."""
    try:
        with limited(SECONDS):
            return case.run(policy).passed
    except (*BROKEN, TooLong):
        return False


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raises TooLong when so much processor time is used up, where the system can tell."""
    if not hasattr(signal, "SIGVTALRM"):
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
