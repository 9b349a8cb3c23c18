"""An explanation as plain data: every condition of every result, and what each missing fact would lead to."""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction
from typing import Literal

from policydsl.boundaries import Cell
from policydsl.clause_kinds import traits
from policydsl.core import Remark
from policydsl.domain import Possible
from policydsl.kinds import Exact, Kind
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span
from policydsl.verdict import KEPT, NOT_KEPT, Finding, Judged, Reading, Sum, Verdict

Form = Literal["test", "all", "any", "at_least", "row", "value", "record"]
Status = Literal["met", "unmet", "unknown"]


@dataclass(frozen=True, slots=True)
class Node:
    """One condition, or several put together.

    ``form``: ``test`` is a single condition (``finding`` has the figures; ``children`` what it rests on, where that is
    followed), ``all`` and ``any`` and ``at_least`` (``count``) put their children together, ``row`` is a tier, case or
    row of a table that gives ``value`` when its children hold, ``value`` is a computed value with what it reads,
    ``record`` is the same question for one record. ``role``: the part it plays in its rule (``for when unless item
    case otherwise exception row quota``), else empty. ``name``: the rule or fact of the policy that a test is about.
    ``superseded``: a row that an earlier one, or an exception, has taken the place of. ``bars``: the condition must not
    hold; ``text`` says what must not. ``working``: of a quota the rank, and who was counted.
    """

    form: Form
    status: Status
    text: str
    at: Span = NOWHERE
    role: str = ""
    label: str = ""
    number: int | None = None
    clauses: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()
    finding: Finding | None = None
    name: str = ""
    value: Possible | None = None
    kind: Kind = Kind("yesno")
    count: Possible | None = None
    reads: tuple[Reading, ...] = ()
    children: tuple[Node, ...] = ()
    taken: bool = False
    superseded: bool = False
    bars: bool = False
    working: Sum | None = None


@dataclass(frozen=True, slots=True, order=True)
class Distance:
    """How far a condition is from being met; smaller is nearer. Orders near misses: the number of conditions that are
    not met, then the relative shortfalls summed, then the number of those not known."""

    unmet: int = 0
    shortfall: Fraction = Fraction(0)
    unknown: int = 0

    def plus(self, other: Distance) -> Distance:
        return Distance(self.unmet + other.unmet, self.shortfall + other.shortfall, self.unknown + other.unknown)


@dataclass(frozen=True, slots=True)
class Branch:
    """What a range of answers leads to: the ``answer`` (cells that lead to the same are one) and the ``outcome``.

    ``moves``: the outcome is a value that moves with the answer; ``outcome`` is that of the first answer, ``until``
    that of the last; the answer's ``low`` or ``high`` is None where there is none. ``exact`` False: the ends were
    found by trying values, and there may be others between them.
    """

    answer: Cell
    outcome: Judged
    moves: bool = False
    until: Judged | None = None
    exact: bool = True

    @property
    def decided(self) -> bool:
        return self.outcome.status != "unknown"


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, and what each answer would lead to.

    ``branches`` is empty where there is nothing to try out (a whole ledger, the other partners). ``cut``: there were
    too many answers to try them all; ``untried`` are then the parts of the domain that may lead to different outcomes.
    ``list`` and ``record``: where the fact stands, of a field of a record. ``parameter``: for the author of the policy
    to set; ``decision``: somebody has to decide. ``instead``: the ledger from which the fact would be computed, were it
    filled in. ``of``: the record whose outcome the branches tell, in a result with one for each record.
    """

    fact: str
    branches: tuple[Branch, ...] = ()
    parameter: bool = False
    decision: bool = False
    cut: bool = False
    list: str = ""
    record: str = ""
    instead: str = ""
    of: str = ""
    untried: tuple[Cell, ...] = ()

    @property
    def decides(self) -> bool:
        """Whether every answer settles the result."""
        return bool(self.branches) and not self.cut and all(b.decided for b in self.branches)


@dataclass(frozen=True, slots=True)
class Explained:
    """One result, for the party or for one record of its list. ``working``: how its value was worked out."""

    record: str | None
    judged: Judged
    nodes: tuple[Node, ...]
    distance: Distance
    working: Sum | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A result with its explanation: for the party (one entry), or one entry a record."""

    name: str
    alias: str | None
    label: str
    total: Judged
    entries: tuple[Explained, ...]
    clauses: tuple[str, ...]
    remarks: tuple[Remark, ...]
    unruled: tuple[str, ...]
    at: Span
    per_record: bool
    questions: tuple[Question, ...] = ()

    @property
    def state(self) -> Literal["unmet", "unknown", "met", "na", "value"]:
        """Whether it does not hold, is open, holds, does not apply, or is just a value. An overdue deadline does not
        hold."""
        if self.total.status == "not_applicable":
            return "na"
        if self.total.status in ("unknown", "conflict"):
            return "unknown"
        states = [j.state for j in (self.total, *(e.judged for e in self.entries)) if j.state is not None]
        if states:
            names = {str(v) for state in states for v in state.values or ()}
            if names & NOT_KEPT:
                return "unmet"
            return "met" if names <= KEPT else "value"
        truth = self.total.holds
        if truth is None and self.total.kind.base == "yesno":
            truth = self.total.value
        reading = traits(self.label).reading
        if truth is None and reading == "tier":
            return "unmet" if self.total.value.value is None else "met"
        if truth is None or truth.values == (None,) or truth.maybe or reading == "value":
            return "value"
        return "met" if truth.yes else "unmet"


@dataclass(frozen=True, slots=True)
class Worse:
    """Another result (or one record of it) that a change makes worse."""

    result: str
    label: str
    record: str | None
    before: Judged
    after: Judged
    clauses: tuple[str, ...]
    at: Span


@dataclass(frozen=True, slots=True)
class Change:
    """A known fact changed to a value that a target asks of it, all else being as it is, and what gets worse then."""

    fact: str
    value: Exact
    kind: Kind
    worse: tuple[Worse, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for (``wanted`` in words) and what is missing to get there, per record where it is per record.
    ``changes``: the known facts that are not as asked, and what else would get worse if they were."""

    result: str
    wanted: str
    status: Status
    entries: tuple[Explained, ...]
    questions: tuple[Question, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one party's verdict. ``evaluations``: how often the sheet was judged to find out what answers
    lead to; ``cut``: whether that was given up before all was tried."""

    verdict: Verdict
    sections: tuple[Section, ...]
    targets: tuple[Target, ...] = ()
    clauses: dict[str, str] = field(default_factory=dict)
    evaluations: int = 0
    cut: bool = False
