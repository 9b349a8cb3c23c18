"""Every clause of a document against the policy that encodes it: what carries it, what only notes it, what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from policydsl import nodes as n
from policydsl.accounting.carriers import Carrier, carriers, mentioned, supports
from policydsl.check.register import ID
from policydsl.register import Registered
from policydsl.core import Header
from policydsl.engine import Policy
from policydsl.members import dataclass
from policydsl.text.fold import name_key

Status = Literal["carried", "note", "left", "unaccounted"]
STATUSES: tuple[Status, ...] = ("carried", "note", "left", "unaccounted")


@dataclass(frozen=True, slots=True)
class Account:
    """One clause of the document.

    ``rules`` compute with it, ``notes`` only record it, ``examples`` show it; ``left`` is the register's reason why
    nothing carries it. ``claims``: names that the register says carry it, but which do not cite it.
    """

    clause: Registered
    rules: tuple[Carrier, ...]
    notes: tuple[Carrier, ...]
    examples: tuple[Carrier, ...]
    claims: tuple[str, ...]

    @property
    def left(self) -> str:
        return self.clause.left

    @property
    def status(self) -> Status:
        """What the citations say; the register's own word counts only for what is left out."""
        if self.rules:
            return "carried"
        if self.notes:
            return "note"
        return "left" if self.left else "unaccounted"

    @property
    def contradicted(self) -> bool:
        """The register leaves the clause out, yet the policy carries it."""
        return bool(self.left and self.rules)

    @property
    def open(self) -> bool:
        return self.status == "unaccounted" or bool(self.claims) or self.contradicted


@dataclass(frozen=True, slots=True)
class Totals:
    """How many clauses there are of each status (rows of a clause are not in them), and how many points are open."""

    clauses: int
    rows: int
    carried: int
    note: int
    left: int
    unaccounted: int
    open: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of one policy. ``strangers``: citations of an id that the register lacks."""

    file: str
    header: Header
    digest: str
    accounts: tuple[Account, ...]
    strangers: tuple[Carrier, ...]

    @property
    def totals(self) -> Totals:
        clauses = [a for a in self.accounts if not a.clause.part_of]
        count = Counter(a.status for a in clauses)
        opened = sum(a.open for a in self.accounts) + len(self.strangers)
        return Totals(
            len(clauses), len(self.accounts) - len(clauses), count["carried"], count["note"], count["left"],
            count["unaccounted"], opened,
        )

    @property
    def complete(self) -> bool:
        return self.totals.open == 0


def account(
    policy: Policy, register: tuple[Registered, ...], name: str, *, translated: bool = False,
    examples: Sequence[n.Example] = (),
) -> Accounts:
    """The accounts of a policy by its register. ``name``: the file, for people. ``translated``: the register names what
    carries a clause in the words of another file, so its claims cannot be compared. ``examples``: those that stand
    beside the policy."""
    file = replace(policy.file, blocks=(*policy.file.blocks, *examples))
    recorded = frozenset(result.name for result in policy.program.results if not result.judged)
    found: dict[str, list[Carrier]] = {}
    for carrier in carriers(file, recorded):
        found.setdefault(carrier.id, []).append(carrier)
    for carrier in mentioned(file, [clause.id for clause in register]):
        found.setdefault(carrier.id, []).append(carrier)
    stands_for = {} if translated else supports(file, policy.lowering.over)
    known = {clause.id for clause in register}
    plain = not any(ID.match(i) for i in known)
    return Accounts(
        name, policy.program.header, policy.program.digest,
        tuple(_account(clause, found.get(clause.id, []), stands_for, translated) for clause in register),
        tuple(
            some[0] for word, some in found.items() if word not in known and (plain or ID.match(word))
        ),
    )


def _account(
    clause: Registered, cited: list[Carrier], stands_for: dict[str, set[str]], translated: bool
) -> Account:
    of = {role: tuple(_once(c for c in cited if c.role == role)) for role in ("rule", "note", "example")}
    claims = () if translated else tuple(
        name for name in clause.by if clause.id not in stands_for.get(name_key(name), set())
    )
    return Account(clause, of["rule"], of["note"], of["example"], claims)


def _once(cited: Iterable[Carrier]) -> list[Carrier]:
    """Each name and row once, where it first cites."""
    seen: dict[tuple[str, str, str], Carrier] = {}
    for carrier in cited:
        seen.setdefault((carrier.kind, carrier.name, carrier.row), carrier)
    return list(seen.values())


def is_translation(policy: Path, register: Path) -> bool:
    """Whether the register is that of the policy in another language (``x.en.pol`` shares the one of ``x.pol``)."""
    return policy.name.removesuffix(".pol") != register.name.removesuffix(".clauses.yaml")
