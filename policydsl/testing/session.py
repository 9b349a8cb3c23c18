"""Running the tests of several policies: what was found, what could not be used, how each case went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path

from policydsl.diagnostics import Language, PolicyError, SheetError
from policydsl.engine import Policy
from policydsl.members import dataclass
from policydsl.testing.case import Case, Report
from policydsl.testing.collect import cases_in, collect_all, owner_of


@dataclass(frozen=True, slots=True)
class Target:
    """What one argument asks for: the tests of a policy file, or those of one file beside it (``only``). ``further``:
    files of the same policy, whose blocks follow."""

    policy: str
    only: Path | None = None
    further: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return " + ".join((self.policy, *self.further))


@dataclass(frozen=True, slots=True)
class Tested:
    """The tests of one policy. ``error``: the policy itself is not valid. ``broken``: what is wrong with files of
    cases."""

    target: Target
    dialect: Language
    policy: Policy | None = None
    error: PolicyError | None = None
    broken: tuple[SheetError, ...] = ()
    done: tuple[tuple[Case, Report], ...] = field(default=())

    @property
    def file(self) -> str:
        return self.target.name

    @property
    def counted(self) -> list[tuple[Case, Report]]:
        """The cases that prove something."""
        return [(c, r) for c, r in self.done if not c.unconfirmed]

    @property
    def failed(self) -> list[tuple[Case, Report]]:
        return [(c, r) for c, r in self.counted if not r.passed]

    @property
    def passed(self) -> int:
        return len(self.counted) - len(self.failed)

    def again(self, cases: Sequence[Case], language: Language | None) -> Tested:
        assert self.policy is not None
        return replace(self, done=tuple((case, case.run(self.policy, language)) for case in cases))


def targets(path: str) -> Iterator[Target]:
    """The policies of a folder, a policy, or the policy that a file of cases or examples stands beside."""
    here = Path(path)
    if here.is_dir():
        yield from (Target(str(p)) for p in sorted(here.rglob("*.pol")) if owner_of(p) is None)
    else:
        owner = owner_of(here)
        yield Target(str(owner), here) if owner is not None else Target(path)


def run(
    target: Target, load: Callable[..., Policy], path: Callable[[str], Path | None],
    choose: Callable[[list[Case]], list[Case]], language: Language | None,
) -> Tested:
    """Loads, collects and runs. ``load`` and ``path`` find a policy and a file by their arguments. Raises OSError."""
    try:
        policy = load(target.policy, *target.further)
    except PolicyError as error:
        return Tested(target, error.dialect, error=error)
    try:  # of an amended policy, the version of another day is looked at where a case asks for it
        if target.only is None:
            cases, broken = collect_all(policy, *map(path, (target.policy, *target.further)))
        else:
            cases, wrong = cases_in(policy, target.only)
            broken = [wrong] if wrong is not None else []
    except PolicyError as error:
        return Tested(target, error.dialect, error=error)
    tested = Tested(target, policy.program.header.dialect, policy, broken=tuple(broken))
    return tested.again(choose(cases), language)
