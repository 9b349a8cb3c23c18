"""The core program: what the machines run.

A program is flat: inputs (facts and parameters), lists (ledgers, tables, score rows, periods, the population), and
shared named terms. Every surface construct is lowered to the few forms below; ``docs/core.md`` gives their meaning.
A term carries its kind, and the place in the policy it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from policydsl.kinds import DATED, Exact, Fiscal, Kind
from policydsl.members import dataclass
from policydsl.place import NOWHERE, Span
from policydsl.sources import Sources


# ---------------------------------------------------------------------------------------------- provenance
@dataclass(frozen=True, slots=True)
class Remark:
    """A note, an open question (``doubt``) or a ruling (``ruling``) beside a clause."""

    kind: Literal["note", "doubt", "ruling"]
    text: str
    at: Span


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rule comes from: its name, its row (1-based, None for the whole), clauses, place, remarks."""

    rule: str
    clauses: tuple[str, ...]
    at: Span
    row: int | None = None
    label: str = ""
    remarks: tuple[Remark, ...] = ()


# ---------------------------------------------------------------------------------------------- names
PartName = Literal[
    "value", "holds", "candidate", "ordinal", "pass", "item", "effect", "state", "failed", "start", "end_day",
    "overdue", "applies", "barred", "debt", "debtor", "rest", "take", "pay_by", "unpaid", "days_late", "late_fee",
    "owing", "done", "due", "reached", "late_by", "banded", "slice", "step", "before", "not_after", "place",
    "asked", "given", "own", "uncut", "so_far", "room", "grace_end", "covers",
    "weight", "share", "ratio", "level", "tied", "most", "used", "left", "remainder", "carried", "written_off",
    "key", "owed", "pay_day", "pay_state", "expiry", "total",
]


# Parts that the line which ranks tells of: 名额, 排名, 预算, 分配.
RANKED: tuple[PartName, ...] = (
    "before", "not_after", "place", "asked", "given", "weight", "share", "ratio", "level", "tied", "most",
)


class Name(NamedTuple):
    """The name of a shared term: a part of a rule. ``of`` tells parts of one kind apart: the label of an item, the
    number of an effect or of a source."""

    rule: str
    part: PartName = "value"
    of: str = ""


# ---------------------------------------------------------------------------------------------- terms
# Fields that a record in hand has besides those declared. The party is the record of the list "".
POPULATION = "@population"  # the list of all parties; its record in hand is the party
EVERYONE = "全体"  # what that list is called where it is missing: as a sheet gives it
MOST_GENERATIONS = 100  # conversions upon conversions; what goes on beyond feeds itself, and cannot be computed
DAY, PARTY = "@day", "@party"  # of the party: the evaluation date; its name
ROW = "@row"  # its place in its list, from 0
MEMBER = "@value"  # of a member of a several-valued choice: the value itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """``at`` and ``notes`` say where the term stands; what it means does not depend on them. A note is an entry of its
    own in the trace (a bullet, an 若 or 除非 line)."""

    kind: Kind
    at: Span = NOWHERE
    notes: tuple[Origin, ...] = ()
    number: int = field(default=-1, init=False, compare=False, repr=False)  # one for all that mean the same
    below: tuple[AnyTerm, ...] | None = field(default=None, init=False, compare=False, repr=False)
    """What ``walk.children`` found directly inside, once it was asked."""


@dataclass(frozen=True, slots=True)
class Const(Term):
    value: Exact


@dataclass(frozen=True, slots=True)
class NoValue(Term):
    """A value the document does not give (``not_stated``), or a result that cannot be computed."""

    reason: Literal["not_stated", "not_computable", "not_applicable", "tie", "unlimited"] = "not_stated"
    note: str = ""


def tied(term: AnyTerm) -> bool:
    """Whether it is what the document leaves open between some who are level, also within ends."""
    open_ = term.args[0] if isinstance(term, Apply) and term.op == "clamp" else term
    return isinstance(open_, NoValue) and open_.reason == "tie"


@dataclass(frozen=True, slots=True)
class Read(Term):
    """A field of a record in hand: of the ``up``-th record of ``list``, counted from inside. The list "" is the party,
    with its facts, the parameters and the decisions."""

    list: str
    name: str
    up: int = 0


@dataclass(frozen=True, slots=True)
class Use(Term):
    """A shared term: of the ``up``-th record in hand of ``list``, if it is per record; of the party, if that is ""."""

    name: Name
    list: str = ""
    up: int = 0


@dataclass(frozen=True, slots=True)
class Apply(Term):
    """An operator of the operator table."""

    op: str
    args: tuple[AnyTerm, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """One row of a choice. ``exception``: stands before the regular rows and overrides them. ``deemed``: 视为."""

    when: AnyTerm
    then: AnyTerm
    origin: Origin | None = None
    exception: bool = False
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class Choose(Term):
    """The first arm that holds; if an earlier arm is unknown, what is still possible. Two exceptions that hold with
    different values are a conflict. ``complete``: the rows are checked to cover every value the subject may have."""

    arms: tuple[Arm, ...]
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Over(Term):
    """An aggregate (``sum mean largest smallest count any all earliest latest distinct values``) over the records of a
    list that count and satisfy ``where``; ``value`` and ``where`` see the record. ``values`` is the one value that all
    of them have; where they differ there is none."""

    agg: str
    list: str
    value: AnyTerm | None
    where: AnyTerm | None


@dataclass(frozen=True, slots=True)
class Find(Term):
    """The value of a term at the one record of ``list`` whose key is ``key`` (exact keys before those that end in
    ``*``); ``value`` sees that record, ``key`` does not. Without such a record ``otherwise``, or no value."""

    list: str
    key: AnyTerm
    value: AnyTerm
    otherwise: AnyTerm | None = None


@dataclass(frozen=True, slots=True)
class AsOf(Term):
    """The term as of another day."""

    term: AnyTerm
    day: AnyTerm


AnyTerm = Const | NoValue | Read | Use | Apply | Choose | Over | Find | AsOf


# ---------------------------------------------------------------------------------------------- declarations
@dataclass(frozen=True, slots=True)
class Bound:
    """A declared range; ``low_op`` is ``>=`` or ``>``, ``high_op`` ``<=`` or ``<``; an absent end is None."""

    low: AnyTerm | None
    low_op: str
    high: AnyTerm | None
    high_op: str
    at: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class InputDecl:
    """A fact, a field of a list, or a parameter.

    ``optional``: may be stated as 无. ``default``: a term used when absent. ``derived``: a term that supplies the value
    when absent and must agree with it when given. ``within``: values must be keys of that list. ``parameter``: set by
    the author, never asked of a partner. ``event``: a day that is declared not to lie after the evaluation date: one
    that does has not happened yet, and is 无.
    """

    name: str
    alias: str | None
    kind: Kind
    at: Span
    required: bool = False
    optional: bool = False
    default: AnyTerm | None = None
    derived: AnyTerm | None = None
    ranges: tuple[Bound, ...] = ()
    within: str | None = None
    parameter: bool = False
    decision: bool = False
    clauses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    event: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        happened = self.kind.base in DATED and not self.parameter and any(map(until_today, self.ranges))
        object.__setattr__(self, "event", happened)


def until_today(bound: Bound) -> bool:
    """Whether a range ends with the evaluation date."""
    end = bound.high
    return isinstance(end, Read) and (end.list, end.name) == ("", DAY)


@dataclass(frozen=True, slots=True)
class RowDecl:
    """A row of a constant list: one term a field. ``words``: the author's for its key."""

    cells: tuple[AnyTerm, ...]
    clauses: tuple[str, ...]
    at: Span
    words: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """Whenever ``every`` unconsumed records satisfying ``where`` stand in the window, they are consumed and ``count``
    records with ``field`` = ``value`` are added after the last of them."""

    name: str
    where: AnyTerm | None
    start: AnyTerm
    window: AnyTerm
    every: AnyTerm
    count: AnyTerm
    field: str
    value: str
    origin: Origin


# Columns of a list with conversions: the turn of a record; the turn in which it was consumed (无: not); whether it
# completes a conversion; the conversion that made it (无: none).
TURN, CONSUMED, COMPLETES, MADE_BY = "@turn", "@consumed", "@completes", "@made_by"
STATE, AT = "@state", "@at"  # the list of the one record that a scan keeps while it runs, and what it was asked for


@dataclass(frozen=True, slots=True)
class Column:
    """A named term: of a scan, a column or a value that runs on."""

    name: str
    term: AnyTerm


@dataclass(frozen=True, slots=True)
class Scan:
    """Running columns of a list, made for the rule ``of``: its records that satisfy ``where``, in the order of ``by``
    and then of the list, one after the other; those of each ``group`` by themselves.

    ``state`` are the values that run on, with their start: amounts that never grow, days that never go back (``free``:
    anything). ``step`` gives for each record its columns, and the next value of each state by its name; it sees the
    record, the state as the fields of the list ``@state``, and the records around (of all parties, none). ``at``: what
    the scan is asked for (a period, by its first day), where its columns are read; each value has a run of its own, in
    which it stands around the list as the field ``@at`` of another record of ``@state``.
    """

    of: str
    where: AnyTerm | None
    by: AnyTerm | None
    state: tuple[Column, ...]
    step: tuple[Column, ...]
    group: AnyTerm | None = None
    free: bool = False
    at: AnyTerm | None = None


@dataclass(frozen=True, slots=True)
class Cycles:
    """The list of the periods begun by the evaluation date, from ``start`` on (None: calendar periods).

    With ``until`` the last period ends with that day: the day itself begins none, and belongs to the one before.
    ``clipped``: no day before ``since`` or after ``until`` is in any, so that the first and the last may be broken.
    ``back``: so many periods before the first stand in the list too, for look-ups. ``closes``: how long after its last
    day what a period comes to is settled, for whoever asks that of it. ``grain``: what its periods are, if they have
    names (2024年第2季度).

    The fields of such a list are, as far as it has them: the first and the last day of the period; the first day of
    the whole of it, by which it is looked up; and that of the period before, and of the one a year before (无: none).
    """

    start: AnyTerm | None
    length: AnyTerm
    since: AnyTerm | None = None
    until: AnyTerm | None = None
    clipped: bool = False
    back: int = 0
    closes: AnyTerm | None = None
    grain: str = ""


@dataclass(frozen=True, slots=True)
class ListDecl:
    """A list of records.

    ``source``: ``sheet`` (a ledger), ``rows`` (constant rows; ``supplied`` False: the author has yet to give them),
    ``cycles`` (periods), ``parties`` (the population), ``members`` (of the several-valued choice that the term
    ``members`` gives). ``key`` names the field that identifies a record. ``only``: which records count (仅计).
    ``happens``: the field with the day on which a record comes to be (发生于): before that day it is not there.
    ``there``: the ends of that day's declared range that only a record that is there has to keep, so that they limit no
    unknown day. ``of``: the rule to which a list belongs that the author has not named.
    """

    name: str
    alias: str | None
    source: Literal["sheet", "rows", "cycles", "parties", "members"]
    fields: tuple[InputDecl, ...]
    at: Span
    key: str | None = None
    happens: str | None = None
    there: tuple[Bound, ...] = ()
    only: AnyTerm | None = None
    only_origin: Origin | None = None
    shared: bool = False
    default_none: bool = False
    rows: tuple[RowDecl, ...] = ()
    supplied: bool = True
    bound: Bound | None = None
    cycles: Cycles | None = None
    members: AnyTerm | None = None
    conversions: tuple[Conversion, ...] = ()
    scans: tuple[Scan, ...] = ()
    clauses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    of: str = ""
    by_name: Mapping[str, int] = field(init=False, repr=False, compare=False)  # where each field stands

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: i for i, f in reversed(list(enumerate(self.fields)))})

    @property
    def key_field(self) -> InputDecl:
        """The field that identifies a record: the key, else the first."""
        return self.field_of(self.key or "") or self.fields[0]

    def field_of(self, name: str) -> InputDecl | None:
        place = self.by_name.get(name)
        return self.fields[place] if place is not None else None

    def running(self, name: str) -> Scan | None:
        """The scan that gives its records a column."""
        return next((scan for scan in self.scans if any(column.name == name for column in scan.step)), None)

    def as_written(self) -> tuple[InputDecl, ...]:
        """The fields with their ranges as declared: what is told of a record that is there has to keep them."""
        return tuple(replace(f, ranges=(*f.ranges, *self.there)) if f.name == self.happens else f for f in self.fields)


@dataclass(frozen=True, slots=True)
class Definition:
    """A shared term, judged once for the party, or (``over``) once for each record of a list that ``where`` lets in.

    ``bound`` limits what is unknown, and a value outside it is reported.
    """

    name: Name
    term: AnyTerm
    origin: Origin
    over: str | None = None
    bound: Bound | None = None

    @property
    def kind(self) -> Kind:
        return self.term.kind


# ---------------------------------------------------------------------------------------------- what is reported
Modality = Literal["must", "may", "may_one_of", "must_one_of", "must_not", "deemed"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Measures of a result: where ``when`` holds they follow, in the span from ``start`` to ``end`` (None: open)."""

    modality: Modality
    names: tuple[str, ...]
    when: AnyTerm
    start: AnyTerm | None
    end: AnyTerm | None
    afterwards: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Part:
    """A further value of a result (差额, 未付, 逾期天数 …). ``most``: of an item of a score the most that it may get,
    where the text says a number."""

    name: str
    term: AnyTerm
    most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """What the instances of a result per record come to as one; terms of the party."""

    concerns: AnyTerm
    value: AnyTerm
    holds: AnyTerm | None = None
    state: AnyTerm | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What the verdict reports under a name; all that it means is in its terms.

    ``label`` is the word of the clause (it is printed, never interpreted). ``concerns`` says whom it concerns (no: not
    applicable, and nothing else is reported), ``holds`` whether the clause holds for them, ``value`` what is reported;
    ``state`` is a choice of state names for what is neither (a deadline, a target). ``over``: one item a record of that
    list for which ``included`` holds; the terms then see the record, and ``together`` is what all items come to.
    ``judged`` False: only notes, nothing is decided. ``nature``: of a deadline, whether it is a duty, a right or a
    validity (a word that is printed).
    """

    name: str
    alias: str | None
    label: str
    value: AnyTerm
    origin: Origin
    concerns: AnyTerm
    over: str | None = None
    included: AnyTerm | None = None
    holds: AnyTerm | None = None
    state: AnyTerm | None = None
    parts: tuple[Part, ...] = ()
    effects: tuple[Effect, ...] = ()
    bearer: AnyTerm | None = None
    favour: AnyTerm | None = None
    together: Together | None = None
    judged: bool = True
    nature: str = ""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a payable amount is rounded, once: to ``places`` decimals of the currency's unit."""

    places: int = 2
    mode: Literal["half_up", "down", "up"] = "half_up"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A document that has changed the policy, and from when to when it is in force."""

    id: str
    title: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Header:
    """The policy's own data."""

    title: str
    id: str
    version: str
    dialect: Literal["zh", "en"]
    at: Span
    issuer: str = ""
    source: str = ""
    currency: str = "CNY"
    calendar: str | None = None
    roll_over: bool = False
    month_end: bool = False  # from the last day of a month, months lead to the last day of one
    rounding: Rounding = Rounding()
    fiscal: Fiscal | None = None
    effective_from: AnyTerm | None = None
    effective_to: date | None = None
    applies: AnyTerm | None = None
    remarks: tuple[Remark, ...] = ()
    keys: tuple[str, ...] = ()  # the results that a reader wants first, in their order
    amended: tuple[Amendment, ...] = ()  # by what, in this order


@dataclass(frozen=True, slots=True)
class Program:
    """A checked policy, ready to run. Everything in it is immutable. ``totals``: what all rewards come to, named
    by their currency and tax basis."""

    header: Header
    inputs: dict[str, InputDecl]
    lists: dict[str, ListDecl]
    terms: dict[Name, Definition]
    results: tuple[Result, ...]
    digest: str
    sources: Sources = field(default=Sources(), repr=False)
    totals: tuple[Part, ...] = ()
    every: tuple[AnyTerm, ...] | None = field(default=None, init=False, compare=False, repr=False)
    """What ``walk.every_of`` found, once it was asked."""

    def holding(self, name: str) -> ListDecl | None:
        """The list whose records are in hand under a name: "" is the party, of the list of all."""
        return self.lists.get(name or POPULATION)
