"""The verdict: plain data that says what was decided, why, and what is still unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from fractions import Fraction
from threading import RLock
from typing import Literal, TypeVar, overload

from policydsl.core import Header, Remark, Result
from policydsl.domain import Possible
from policydsl.kinds import Fiscal, Kind
from policydsl.members import guarded
from policydsl.place import NOWHERE, Span

T = TypeVar("T")
Status = Literal["known", "unknown", "not_applicable", "conflict"]
KEPT = frozenset({"met", "graced", "used", "yes", "free"})  # the states in which what is asked, or wished for, is there
NOT_KEPT = frozenset({"late", "lapsed", "ended", "belated", "no", "barred"})  # and those in which it no longer can be
Fired = Literal["fired", "not_fired", "overridden", "unknown", "not_applicable"]


@guarded(frozen=True, slots=True)
class Reading:
    """A named value that a rule read, with the kind to print it by."""

    name: str
    value: Possible
    kind: Kind
    part: str = ""  # of a rule: which part of it (a word of ``part``), where that is not what its name alone stands for


def noted(note: str) -> tuple[str, str, tuple[str, ...]]:
    """A note on why something cannot be computed: what is the matter, in which rule ("": it does not say), and by which
    clauses that rule stands."""
    what, _, where = note.partition(" @")
    rule, *clauses = where.replace("】", "").split("【")
    return what, rule, tuple(clauses)


@guarded(frozen=True, slots=True)
class Finding:
    """One comparison of a rule: actual against required, with the gap when it fails.

    ``text`` is the comparison in the author's words; ``gap`` is None where no amount can be named. ``subject``: the
    name of what is compared, which a table cell (``≥ 10人``) does not say."""

    text: str
    status: Literal["yes", "no", "unknown"]
    op: str
    actual: Possible | None
    required: Possible | None
    gap: Possible | None
    kind: Kind
    missing: tuple[str, ...]
    subject: str = ""


@guarded(frozen=True, slots=True)
class LeftOut:
    """A record that does not count; ``lacks``: what it would have to meet, where that is told."""

    record: str
    lacks: Finding | None = None


@guarded(frozen=True, slots=True)
class Sum:
    """How a value was worked out, as far down as it can be followed.

    ``form``: what makes it of its ``parts``. An operator (``+ - * / min max round clamp short …``); an aggregate
    (``sum count mean largest …``), whose parts are its records; ``row``, the row of a table or the case that was taken
    (``label``, ``row``), with the value it gives and what its condition counted; ``look_up``, a record that was looked
    up (``label`` the record found); ``open``, several rows of which it is not known which is taken; ``ordinal``, the
    earlier records that were counted; ``quota``: who stands ``before``, who ``not_after``, and how many have a place;
    ``rank``: those two, and how far it is to the ``next`` place that gets something else (``row``: which);
    ``pool``: what is ``left`` of a pool, one's ``weight`` and that of the ``others`` (or what a unit of it gets,
    ``each``), the cap (``most``), what is ``given``; ``queue``: what is ``asked`` of a budget, and what those
    ``before`` ask;
    ``debt``, what is payable, what each source gives, what is left; ``slices`` (``steps``), a table of bands: of each
    row ``from`` and ``to`` where it reaches, what it takes (``slice_of``) at which ``rate`` (what it ``pays``), and how
    far it is to the next ``border``; ``exchange``, an amount, the rate and the day of that; ``rule``, another rule or
    part of one, with what that is made of; else nothing it can be followed to (``fact constant none record``).
    ``name``: of the rule or fact it is; ``text``: the author's words. ``record``: of a part of an aggregate the record
    it is of ``made_of`` the records that a conversion made that of, ``maybe`` that it may not count. ``left_out``:
    records of a ledger that do not count, each with the condition that it does not meet. ``more``: there may be records
    that nobody has told of, or there are too many to be told one by one. ``spans``: of a result the last days of its
    measures. ``grain``: what period the record, or what was looked up, is, if it is one that has a name.
    """

    form: str
    name: str
    text: str
    value: Possible
    kind: Kind
    parts: tuple[Sum, ...] = ()
    label: str = ""
    row: int | None = None
    record: str = ""
    made_of: tuple[str, ...] = ()
    maybe: bool = False
    left_out: tuple[LeftOut, ...] = ()
    more: bool = False
    clauses: tuple[str, ...] = ()
    at: Span = NOWHERE
    spans: tuple[Sum, ...] = ()
    grain: str = ""


@guarded(frozen=True, slots=True)
class Entry:
    """One entry of the trace: a rule or one of its rows, tested for the party or for one record. ``working``: of a rule
    as a whole how its value was worked out, of a quota what it counted."""

    id: int
    rule: str
    row: int | None
    label: str
    record: str | None
    status: Fired
    value: Possible | None
    kind: Kind
    reads: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    because: tuple[int, ...]
    clauses: tuple[str, ...]
    rulings: tuple[str, ...]
    at: Span
    working: Sum | None = None


@guarded(frozen=True, slots=True)
class Measure:
    """A measure that a result names: ``status`` says whether the clause brings it about."""

    name: str
    modality: str
    status: Literal["yes", "no", "unknown"]
    start: Possible | None
    end: Possible | None
    afterwards: tuple[str, ...]
    clauses: tuple[str, ...]


@guarded(frozen=True, slots=True)
class PartValue:
    """A further value of a result; ``most``: of an item of a score the most that it may get, where that is fixed."""

    name: str
    value: Possible
    kind: Kind
    most: Fraction | None = None


@guarded(frozen=True, slots=True)
class Judged:
    """One result, for the party (``record`` None) or for one record of its list."""

    record: str | None
    status: Status
    value: Possible
    kind: Kind
    holds: Possible | None
    state: Possible | None
    deemed: bool
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    measures: tuple[Measure, ...]
    parts: tuple[PartValue, ...]
    bearer: Possible | None
    favour: Possible | None
    ends_missing: tuple[str, ...] = ()  # what who pays, who is paid and what is to be done wait for, and why
    ends_reasons: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether nothing but what the document does not say leaves it open."""
        return not self.missing and {r for r in self.reasons if not r.startswith("not_stated:")} == {"not_stated"}

    @property
    def ends_open(self) -> bool:
        """Whether who pays, who is paid, or what is to be done and from when to when is left open."""
        due = [m for m in self.measures if m.status != "no"]
        ends = [self.bearer, self.favour, *(end for m in due for end in (m.start, m.end))]
        return any(m.status == "unknown" for m in due) or any(p is not None and not p.known for p in ends)


@guarded(frozen=True, slots=True)
class ResultValue:
    """A result under its name. Per-record results have ``items``; ``total`` then joins them. ``grain``: what they are
    periods of, where these have names; ``fiscal``: how the fiscal ones run."""

    name: str
    alias: str | None
    label: str
    total: Judged
    items: tuple[Judged, ...] | None
    clauses: tuple[str, ...]
    remarks: tuple[Remark, ...]
    unruled: tuple[str, ...]
    at: Span
    key: int | None = None  # its place among the results that the policy wants told first, from 1
    nature: str = ""
    grain: str = ""
    fiscal: Fiscal | None = None

    @property
    def open(self) -> bool:
        """Whether the outcome, or anything that is to follow from it, is not settled: it is not known, or two
        things are said of it (a conflict)."""
        ends_open = any(one.ends_open for one in (self.total, *(self.items or ())))
        return self.total.status in ("unknown", "conflict") or ends_open


@guarded(frozen=True, slots=True)
class Missing:
    """A fact that is absent and matters; ``parameter``: the author has to set it."""

    fact: str
    wanted_by: tuple[str, ...]
    parameter: bool


@guarded(frozen=True, slots=True)
class Aside:
    """What lies after the evaluation date and has not happened yet: a fact (``list`` empty), a field of a record, or
    (``field`` is what its ledger calls its day) a whole record; with its day."""

    field: str
    day: date
    kind: Kind
    list: str = ""
    record: str = ""
    whole: bool = False

    @property
    def name(self) -> str:
        """As paths of a sheet are written; a whole record without its field."""
        row = f"{self.list}[{self.record}]"
        return self.field if not self.list else row if self.whole else f"{row}.{self.field}"


_ONE_AT_A_TIME = RLock()


class Late(Sequence[T]):
    """A part of a verdict that is made when somebody looks at it, and kept; who copies or pickles it has a tuple."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[T, ...]]) -> None:
        self._make: Callable[[], tuple[T, ...]] | None = make
        self._made: tuple[T, ...] = ()

    def all(self) -> tuple[T, ...]:
        if self._make is not None:
            with _ONE_AT_A_TIME:
                if self._make is not None:
                    self._made = self._make()
                    self._make = None  # what they are made from is not needed any more
        return self._made

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...

    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        return self.all()[place]

    def __len__(self) -> int:
        return len(self.all())

    def __iter__(self) -> Iterator[T]:
        return iter(self.all())

    def __eq__(self, other: object) -> bool:
        return self.all() == (other.all() if isinstance(other, Late) else other)

    def __hash__(self) -> int:
        return hash(self.all())

    def __repr__(self) -> str:
        return repr(self.all())

    def __reduce__(self) -> tuple[type[tuple[T, ...]], tuple[tuple[T, ...]]]:
        return tuple, (self.all(),)


class Results(Mapping[str, ResultValue]):
    """The results of a verdict by their names; each is made when somebody looks at it. Who copies or pickles them has a
    dict."""

    __slots__ = ("_made", "_make", "_named")

    def __init__(self, named: Mapping[str, Result], make: Callable[[Result], ResultValue]) -> None:
        self._named, self._make = named, make
        self._made: dict[str, ResultValue] = {}

    def __getitem__(self, name: str) -> ResultValue:
        made = self._made.get(name)
        if made is None:
            with _ONE_AT_A_TIME:
                made = self._made[name] = self._make(self._named[name])
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def __contains__(self, name: object) -> bool:
        return name in self._named

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> tuple[type[dict[str, ResultValue]], tuple[dict[str, ResultValue]]]:
        return dict, (dict(self),)


@guarded(frozen=True, slots=True)
class Verdict:
    """The judgement of one sheet as of one day. ``aside``: what of the sheet was set aside; ``totals``: what all
    rewards come to, one for each currency and tax basis."""

    header: Header
    digest: str
    party: str
    as_of: date | datetime
    as_of_from: Literal["option", "sheet", "today"]
    results: Mapping[str, ResultValue]
    missing: Sequence[Missing]
    trace: Sequence[Entry]
    remarks: Sequence[str]
    aside: Sequence[Aside] = ()
    totals: Sequence[PartValue] = ()
    grounds: object = field(default=None, compare=False, repr=False)  # what its proof is made from, if it is asked for

    @property
    def determined(self) -> bool:
        return not any(r.open for r in self.results.values())
