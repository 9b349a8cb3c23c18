"""What depends on the other records of a list, in core terms: ranks, ordinals, deductions, what accrues on a debt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from policydsl import core as c
from policydsl.kinds import DATE, DAYS, MONEY, NUMBER, YESNO, Duration, Kind
from policydsl.lower.build import any_of, apply, both, choose, const, lifted, no, read, timed, today, yes
from policydsl.lower.context import Lowering
from policydsl.lower.results import WHOLE
from policydsl.members import dataclass
from policydsl.place import Span

COUNT = Kind("count")


def nought() -> c.Const:
    return const(Fraction(0), MONEY)


def no_days() -> c.Const:
    return const(Duration(Fraction(0), "D"), DAYS)


# ---------------------------------------------------------------------------------------------- places among others
@dataclass(frozen=True, slots=True)
class Key:
    """What records are ranked by; ``descending``: the highest stands first."""

    term: c.AnyTerm
    descending: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The order of the candidates of ``list`` (of one ``group``) by keys, one compared after the other. What has
    nothing to be ranked by (无) in one of them stands nowhere: before nobody, and in no place."""

    list: str
    candidate: c.AnyTerm
    keys: tuple[Key, ...]
    group: c.AnyTerm | None
    period: str | None = None  # of parties, once for each period of this list: what is asked of them is then of that

    def others(self, *, level: bool = False, of: c.AnyTerm | None = None) -> c.Over:
        """How many others stand before the record (or party) in hand (or what ``of`` comes to for them); with ``level``
        also those level with it."""
        stated = [self.stated(key.term) for key in self.keys[1:]]  # the first is compared
        order = self.ordered(self.keys, level)
        where = both(self.other(self.candidate), _another(self.list), order, *stated, self.same())
        if of is not None:
            return c.Over("sum", self.list, self.other(of), where, kind=of.kind)
        return c.Over("count", self.list, None, where, kind=COUNT)

    def among(self, of: c.AnyTerm, *where: c.AnyTerm | None) -> c.Over:
        """What something comes to for all candidates of whom the conditions hold."""
        among = both(self.other(self.candidate), *where, self.same())
        return c.Over("sum", self.list, self.other(of), among, kind=of.kind)

    def another(self) -> c.AnyTerm:
        """Whether it is another record than the one around."""
        return _another(self.list)

    def level(self) -> tuple[c.AnyTerm, ...]:
        """Whether a record is level with the one around."""
        return tuple(apply("=", self.other(key.term), lifted(key.term, self.list)) for key in self.keys)

    def alone(self, asks: c.AnyTerm) -> c.AnyTerm:
        """Whether no other that asks for anything is level with the record in hand."""
        where = both(self.other(self.candidate), _another(self.list), self.other(asks), *self.level(), self.same())
        return apply("not", c.Over("any", self.list, None, where, kind=YESNO))

    def other(self, term: c.AnyTerm) -> c.AnyTerm:
        """A term of the record in hand, as it is said of another: what is around the first stays what it is."""
        return lifted(term, self.list, 1) if self.period is None else self._then(term, read(self.period, WHOLE, DATE))

    def _then(self, term: c.AnyTerm, begins: c.AnyTerm) -> c.Find:
        """A term of the period of the party in hand that begins on a day."""
        missing = no() if term.kind.base == "yesno" else const(None, term.kind)
        return c.Find(self.period or "", begins, term, missing, kind=term.kind, at=term.at)

    def scanned(
        self, rule: str, where: c.AnyTerm, by: c.AnyTerm, state: tuple[c.Column, ...], step: tuple[c.Column, ...]
    ) -> c.Scan:
        """A scan of the candidates in their order; of parties in a period, one for each first day of a period."""
        if self.period is None:
            return c.Scan(rule, where, by, state, step, self.group, free=True)
        begun, before = (c.Read(c.STATE, c.AT, up, kind=DATE) for up in (1, 0))
        columns = tuple(c.Column(column.name, self._then(column.term, begun)) for column in step)
        group = self._then(self.group, before) if self.group is not None else None
        at = read(self.period, WHOLE, DATE)
        return c.Scan(rule, self._then(where, before), self._then(by, before), state, columns, group, True, at)

    def stated(self, term: c.AnyTerm) -> c.AnyTerm:
        return apply("!=", self.other(term), const(None, term.kind))

    def ordered(self, keys: Sequence[Key], level: bool) -> c.AnyTerm:
        """Whether a record stands before the one around by the keys. Each is asked once whether it is at least level,
        so that one that is not known is settled by the others as far as it can be."""
        first, *rest = keys
        sides = self.other(first.term), lifted(first.term, self.list)
        op = ">" if first.descending else "<"
        if not rest:
            return apply(f"{op}=" if level else op, *sides)
        further = apply("or", apply(op, *sides), self.ordered(rest, level))
        return apply("and", apply(f"{op}=", *sides), further)

    def same(self) -> c.AnyTerm | None:
        """Whether a record is of the same group as the one around."""
        if self.group is None:
            return None
        return apply("=", self.other(self.group), lifted(self.group, self.list))

    def unplaced(self) -> c.AnyTerm:
        """Whether the record in hand has nothing to be ranked by (not 未填: an unknown key need not be 无)."""
        return any_of(*(apply("=", key.term, const(None, key.term.kind)) for key in self.keys))

    def candidates(self) -> c.Over:
        """How many candidates there are, also those that cannot be ranked."""
        return c.Over("count", self.list, None, both(self.other(self.candidate), self.same()), kind=COUNT)


@dataclass(frozen=True, slots=True)
class Quota:
    """Being among the first ``limit`` of a ranking. ``ties``: those who are level across the limit are all in
    (``all_in``), all out (``all_out``), or it is open ("")."""

    ranking: Ranking
    limit: c.AnyTerm
    ties: str
    at: Span

    def term(self) -> c.AnyTerm:
        """Whether the record (or party) in hand is among them: yes if fewer than the limit stand before or level with
        it, no if so many stand before it. Two counts, so that a candidate that is either before it or level is counted
        once."""
        before, not_after = self.ranking.others(), self.ranking.others(level=True)
        unranked = (self.ranking.unplaced(), no())
        inside, outside = (apply("<", not_after, self.limit), yes()), (apply(">=", before, self.limit), no())
        match self.ties:
            case "all_in":
                return choose([unranked, outside], yes(), YESNO, self.at)
            case "all_out":
                return choose([unranked, inside], no(), YESNO, self.at)
            case _:
                return choose([unranked, inside, outside], c.NoValue("tie", kind=YESNO), YESNO, self.at)


def picked(
    name: str, candidate: c.AnyTerm, value: c.AnyTerm, by: c.AnyTerm | None, descending: bool, many: c.AnyTerm, at: Span
) -> c.AnyTerm:
    """Whether the record in hand is among the first so many candidates by the value, or by something else. Where the
    value itself ranks them it does not matter which of equals are taken; else that is open, unless they agree in it."""
    row = Key(read(name, c.ROW, NUMBER), by is None and not descending)
    ranking = Ranking(name, candidate, (Key(by or value, descending),), None)
    inside = apply("<", replace(ranking, keys=(*ranking.keys, row)).others(), many, at=at)
    unranked = (ranking.unplaced(), no())
    if by is None:
        return choose([unranked], inside, YESNO, at)
    first = [(apply("<", ranking.others(level=True), many), yes()), (apply(">=", ranking.others(), many), no())]
    level = apply("=", ranking.other(by), lifted(by, name))
    differs = apply("not", apply("=", ranking.other(value), lifted(value, name)))
    others = c.Over("any", name, None, both(ranking.other(candidate), _another(name), level, differs), kind=YESNO)
    alike = (apply("not", others), inside)
    return choose([unranked, *first, alike], c.NoValue("tie", kind=YESNO), YESNO, at)


def quota_of(term: c.AnyTerm) -> Quota:
    """The quota that a term was made of."""
    assert isinstance(term, c.Choose) and isinstance(term.arms[1].when, c.Apply)
    (first, last), (count, limit) = (term.arms[1], term.arms[-1]), term.arms[1].when.args
    assert isinstance(count, c.Over) and isinstance(count.where, c.Apply)
    candidate, order, *others = [a for a in count.where.args if not _is_another(a)]
    period = candidate.list if isinstance(candidate, c.Find) else None
    keys = tuple(Key(_own(key.term), key.descending) for key in _keys_of(order))
    groups = [_own(other.args[0]) for other in others[len(keys) - 1 :] if isinstance(other, c.Apply)]
    ties = "" if isinstance(last.then, c.NoValue) else "all_in" if first.then == no() else "all_out"
    ranking = Ranking(count.list, _own(candidate), keys, groups[0] if groups else None, period)
    return Quota(ranking, limit, ties, term.at)


def _own(term: c.AnyTerm) -> c.AnyTerm:
    """What is asked of another in its period, as it is said of the one in hand."""
    return term.value if isinstance(term, c.Find) else term


def _keys_of(order: c.AnyTerm) -> Iterator[Key]:
    """The keys that an order was made of."""
    assert isinstance(order, c.Apply)
    if order.op != "and":
        yield Key(order.args[0], order.op.startswith(">"))
        return
    first, further = order.args
    yield from _keys_of(first)
    assert isinstance(further, c.Apply)
    yield from _keys_of(further.args[1])


def _is_another(term: c.AnyTerm) -> bool:
    first = term.args[0] if isinstance(term, c.Apply) else None
    return isinstance(first, c.Read) and first.name == c.ROW


def ordinal(
    name: str, where: c.AnyTerm | None, start: c.AnyTerm, window: c.AnyTerm, *, converted: bool, at: Span
) -> c.AnyTerm:
    """Which one the record in hand is: 1 + the earlier records (by ``start``, then in the order of the list) whose
    ``window`` covers its start, and which no conversion has consumed before its turn."""
    mine = lifted(start, name)
    earlier = both(
        apply("<", read(name, c.ROW, NUMBER), read(name, c.ROW, NUMBER, up=1)), apply("=", start, mine)
    )
    conditions = [_another(name), where, apply("or", apply("<", start, mine), earlier), apply(">=", window, mine)]
    if converted:
        gone = read(name, c.CONSUMED, NUMBER)
        still = apply(">=", gone, read(name, c.TURN, NUMBER, up=1))
        conditions.append(apply("or", apply("=", gone, const(None, NUMBER)), still))
    before = c.Over("count", name, None, both(*conditions), kind=COUNT)
    return apply("+", const(Fraction(1), Kind("ordinal")), before, kind=Kind("ordinal"), at=at)


def _another(name: str) -> c.AnyTerm:
    """Another record than the one around."""
    return apply("!=", read(name, c.ROW, NUMBER), read(name, c.ROW, NUMBER, up=1))


# ---------------------------------------------------------------------------------------------- debts
@dataclass(frozen=True, slots=True)
class Drained:
    """What is left of a debt, and what each source gives."""

    rest: c.AnyTerm
    takes: tuple[c.AnyTerm, ...]


def drain(
    low: Lowering, name: str | None, by: c.AnyTerm | None, debt: c.AnyTerm, sources: Sequence[c.AnyTerm], rule: str,
    at: Span,
) -> Drained:
    """Each source gives the smaller of what is left and what it has. The debts of a ledger are served one after the
    other, in the order of ``by``; what one takes is gone for the next."""
    left: c.AnyTerm = apply("drawable", debt, kind=MONEY)
    has = [apply("drawable", source, kind=MONEY) for source in sources]
    takes: list[c.AnyTerm] = []
    after: list[c.Column] = []
    for i, start in enumerate(has):
        stock = start if name is None else read(c.STATE, f"@{rule}.{i}", MONEY)
        takes.append(apply("min", left, stock, kind=MONEY))
        after.append(c.Column(f"@{rule}.{i}", apply("short", stock, left, kind=MONEY)))
        left = apply("short", left, stock, kind=MONEY)
    if name is None:
        return Drained(replace(left, at=at), tuple(replace(t, at=at) for t in takes))
    named = [c.Column(f"@{rule}.take.{i}", take) for i, take in enumerate(takes)] + [c.Column(f"@{rule}.rest", left)]
    state = tuple(c.Column(a.name, start) for a, start in zip(after, has, strict=True))
    some = apply(">", debt, nought())
    decl = low.lists[name]
    low.lists[name] = replace(decl, scans=(*decl.scans, c.Scan(rule, some, by, state, (*named, *after))))
    given = [choose([(some, read(name, column.name, MONEY))], nought(), MONEY, at) for column in named]
    return Drained(given[-1], tuple(given[:-1]))


@dataclass(frozen=True, slots=True)
class Payments:
    """Amounts paid and their days: one, or those of the records of a ledger that satisfy ``where``."""

    paid: c.AnyTerm
    by: c.AnyTerm
    list: str | None = None
    where: c.AnyTerm | None = None


@dataclass(frozen=True, slots=True)
class Accrued:
    """What has become of a debt by the evaluation date."""

    unpaid: c.AnyTerm
    days_late: c.AnyTerm
    late_fee: c.AnyTerm


def accrue(
    low: Lowering, debt: c.AnyTerm, due: c.AnyTerm, rate: c.AnyTerm | None, payments: Payments | None, rule: str,
    at: Span,
) -> Accrued:
    """What is owed is charged for every day from the one after ``due``, at ``rate``, simple: from payment to payment,
    and what is left up to the evaluation date. A payment counts from the day after it."""
    owed: c.AnyTerm = apply("drawable", debt, kind=MONEY)
    if payments is None:
        paid = _Paid(owed, nought(), due, due)
    elif payments.list is None:
        paid = _paid_once(owed, due, payments)
    else:
        paid = _paid_from(low, owed, due, payments, payments.list, rule)
    charged = apply("+", paid.charged, _charge(paid.unpaid, paid.last, today()), kind=MONEY)
    # What is left was owed all the time, and never was more owed than the debt: bounds that hold whatever is unknown.
    limited = apply("min", charged, _charge(owed, due, today()), kind=MONEY)
    limited = apply("max", _charge(paid.unpaid, due, today()), limited, kind=MONEY)
    fee = apply("*", limited, rate, kind=MONEY) if rate is not None else nought()
    settled = apply("earliest", paid.settled, today(), kind=DATE)
    until = choose([(apply(">", paid.unpaid, nought()), today())], settled, DATE)
    late = apply("days_between", apply("earliest", due, until, kind=DATE), until, kind=DAYS)
    some = apply(">", owed, nought())
    days = choose([(some, apply("max", late, no_days(), kind=DAYS))], no_days(), DAYS, at)
    return Accrued(replace(paid.unpaid, at=at), days, replace(fee, at=at))


@dataclass(frozen=True, slots=True)
class _Paid:
    """What payments have done: what is left, what was charged up to the last one, its day, and the last day on which
    one still found something owing."""

    unpaid: c.AnyTerm
    charged: c.AnyTerm
    last: c.AnyTerm
    settled: c.AnyTerm


def _charge(amount: c.AnyTerm, first: c.AnyTerm, until: c.AnyTerm) -> c.AnyTerm:
    """An amount for the days from one day (无: none) to another, if that is later."""
    days = apply("day_count", apply("earliest", first, until, kind=DATE), until, kind=NUMBER)
    return apply("*", amount, apply("max", days, const(Fraction(0), NUMBER), kind=NUMBER), kind=MONEY)


def _paid_once(owed: c.AnyTerm, due: c.AnyTerm, payments: Payments) -> _Paid:
    paid, by = apply("drawable", payments.paid, kind=MONEY), payments.by
    done = both(apply("!=", by, const(None, by.kind)), timed("<=", by, today()))
    later = apply("latest", due, by, kind=due.kind)
    return _Paid(
        choose([(done, apply("short", owed, paid, kind=MONEY))], owed, MONEY),
        choose([(done, _charge(owed, due, by))], nought(), MONEY),
        choose([(done, later)], due, due.kind),
        choose([(both(done, apply(">", apply("min", owed, paid, kind=MONEY), nought())), later)], due, due.kind),
    )


def _paid_from(
    low: Lowering, owed: c.AnyTerm, due: c.AnyTerm, payments: Payments, name: str, rule: str
) -> _Paid:
    paid, by = apply("drawable", payments.paid, kind=MONEY), payments.by
    done = both(payments.where, timed("<=", by, today()))
    still, since = read(c.STATE, f"@{rule}.owed", MONEY), read(c.STATE, f"@{rule}.since", due.kind)
    state = (c.Column(still.name, owed), c.Column(since.name, due))
    step = (
        c.Column(f"@{rule}.taken", apply("min", paid, still, kind=MONEY)),
        c.Column(f"@{rule}.charged", _charge(still, since, by)),
        c.Column(still.name, apply("short", still, paid, kind=MONEY)),
        c.Column(since.name, apply("latest", since, by, kind=due.kind)),
    )
    decl = low.lists[name]
    low.lists[name] = replace(decl, scans=(*decl.scans, c.Scan(rule, done, by, state, step)))

    def last(where: c.AnyTerm) -> c.AnyTerm:
        some, days = c.Over("any", name, None, where, kind=YESNO), c.Over("latest", name, by, where, kind=by.kind)
        return choose([(some, apply("latest", due, days, kind=due.kind))], due, due.kind)

    taken, charged = read(name, f"@{rule}.taken", MONEY), read(name, f"@{rule}.charged", MONEY)
    return _Paid(
        apply("short", owed, c.Over("sum", name, paid, done, kind=MONEY), kind=MONEY),
        c.Over("sum", name, charged, done, kind=MONEY), last(done), last(both(done, apply(">", taken, nought()))),
    )


__all__ = [
    "Accrued", "Drained", "Key", "Payments", "Quota", "Ranking", "accrue", "drain", "lifted", "ordinal", "picked",
    "quota_of",
]
