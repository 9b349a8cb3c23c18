"""The mutation operators: every small change to one part of a core program, in words.

A change names the part it replaces by what it is replaced with; which copies of the part change together, and whether
the place is the author's own text, is for ``generate``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from policydsl import core as c
from policydsl.diagnostics import LANGUAGES
from policydsl.domain import order_key
from policydsl.kinds import DATED, YESNO, Duration, Exact
from policydsl.line_roles import line_role
from policydsl.lower.folds import quota_of
from policydsl.members import dataclass
from policydsl.mutate.model import Family, Words, told, words_of
from policydsl.mutate.steps import Written, step_of
from policydsl.render.values import Writer

YES, NO = c.Const(True, kind=YESNO), c.Const(False, kind=YESNO)


@dataclass(frozen=True, slots=True)
class Change:
    """``key``: which of a part's changes it is, the same for all its copies. ``new``: what stands there instead."""

    key: str
    family: Family
    new: object
    words: Words
    advice: Words


Other = tuple[str, Family, c.Const]  # a value instead of one: which change it is, of what family, and the value


COMPARED: dict[str, tuple[str, ...]] = {
    ">=": (">", "="), ">": (">=",), "<=": ("<", "="), "<": ("<=",), "=": ("!=",), "!=": ("=",),
}
SWAPPED = {
    "+": "-", "-": "+", "*": "/", "/": "*", "max": "min", "min": "max", "latest": "earliest", "earliest": "latest",
    "first_day": "last_day", "last_day": "first_day", "shift": "back", "back": "shift", "provided": "missing",
    "missing": "provided", "includes": "in", "in_order": "includes", "last_counting_first": "shift",
}
DROPPED = frozenset({"not", "clamp", "gross", "net", "round_to", "roll_forward", "day_of"})
AGGREGATES = {
    "sum": "largest", "mean": "largest", "largest": "smallest", "smallest": "largest",
    "earliest": "latest", "latest": "earliest", "any": "all", "all": "any", "distinct": "count",
}
MODALITIES: dict[str, c.Modality] = {
    "must": "may",
    "may": "must",
    "may_one_of": "must_one_of",
    "must_one_of": "may_one_of",
    "must_not": "must",
}


# ---------------------------------------------------------------------------------------------- operators
def of_apply(
    term: c.Apply, text: str, operands: Sequence[str], within: bool, edge: bool, currency: str,
) -> Iterator[Change]:
    """Changes of an operator. ``operands``: their words. ``within``: both sides of a range, written as one. ``edge``:
    a limit between two rows, whose two sides move together."""
    op = term.op
    if edge:
        other = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}[op]
        yield Change(
            "edge", "operator", replace(term, op=other),
            told("mutant.edge"),
            told("advice.at_edge", text=text),
        )
        return
    if op in COMPARED:
        dated = any(a.kind.base in DATED or a.kind.base == "period" for a in term.args)
        for other in COMPARED[op]:
            yield Change(
                f"{op}>{other}", "operator", replace(term, op=other),
                becomes(compared(op, dated, text), compared(other, dated, text, of=op)),
                boundary_advice(text, op, other),
            )
        return
    if op in ("and", "or") and not within:
        if not all(a.notes for a in term.args):
            for i, _ in enumerate(term.args):
                rest = (*term.args[:i], *term.args[i + 1 :])
                new = rest[0] if len(rest) == 1 else replace(term, args=rest)
                operand = operands[i]
                yield Change(
                    f"drop{i}", "condition", new,
                    told("mutant.no_operand", operand=operand),
                    alone_advice(operand, op == "and"),
                )
        other = "or" if op == "and" else "and"
        yield Change(
            op, "operator", replace(term, op=other),
            words_of("swapped", op),
            told("advice.some", text=text),
        )
        return
    if op in SWAPPED:
        yield Change(op, "operator", replace(term, op=SWAPPED[op]), words_of("swapped", op), value_advice(text))
    if op in DROPPED:
        yield Change(op, "operator", term.args[0], words_of("unapplied", op), value_advice(text))
    if op in ("in", "includes", "in_order") and len(term.args) > 2:
        for i, item in enumerate(term.args[1:], 1):
            named = shown(item, currency)
            yield Change(
                f"item{i}", "value", replace(term, args=(*term.args[:i], *term.args[i + 1 :])),
                told("mutant.not_listed", named=named),
                told("advice.is_value", named=named, text=text),
            )


def becomes(old: Words, new: Words) -> Words:
    return told("mutant.becomes", old=old, new=new)


def compared(op: str, dated: bool, text: str, of: str = "") -> Words:
    """A comparison as the text has it: of days in words; ``=`` as a word where no sign stands in the text (for the
    operator ``of`` that stands there)."""
    if dated:
        return words_of("compared_day", op)
    signs, said = words_of("compared", of or op), words_of("compared", op)
    if (of or op) not in ("=", "!="):
        return said
    named = words_of("compared_word", op)
    return Words(named.zh if signs.zh not in text else said.zh, named.en if "=" not in text else said.en)


def boundary_advice(text: str, op: str, other: str) -> Words:
    if {op, other} in ({">=", ">"}, {"<=", "<"}):
        return told("advice.exactly", text=text)
    if other == "=":
        return told("advice.above" if op == ">=" else "advice.below", text=text)
    return told("advice.compares", text=text)


def value_advice(text: str) -> Words:
    return told("advice.computed", text=text)


def shown(term: object, currency: str) -> Words:
    """A value as it is written; an amount that bears no currency is in that of the policy."""
    if isinstance(term, c.Const):
        return Words(*(Writer(lang, currency).exact(term.value, term.kind) for lang in LANGUAGES))
    name = getattr(term, "name", "…")
    return Words(str(name), str(name))


def of_over(term: c.Over, text: str) -> Iterator[Change]:
    """Changes of an aggregate over a list."""
    other = AGGREGATES.get(term.agg)
    if other is not None and (other != "all" or term.value is not None):  # 存在 (ledger, where …) has no value for all
        new = replace(term, agg=other)
        yield Change(f"agg>{other}", "operator", new, words_of("aggregate", term.agg), value_advice(text))
    if term.where is not None:
        yield Change(
            "where", "condition", replace(term, where=None),
            told("mutant.no_where"),
            told("advice.left_out", text=text),
        )


def of_quota(term: c.AnyTerm, text: str) -> Iterator[Change]:
    """Changes of a ranking (名额): its order, its groups, what a tie means."""
    quota = quota_of(term)
    ranking, (first, *others) = quota.ranking, quota.ranking.keys

    def made(ties: str = quota.ties, **changed: object) -> c.AnyTerm:
        order = replace(ranking, **changed)  # type: ignore[arg-type]
        return replace(replace(quota, ranking=order, ties=ties).term(), notes=term.notes)

    reversed_ = made(keys=(replace(first, descending=not first.descending), *others))
    yield Change("rank", "operator", reversed_, told("mutant.reversed"), value_advice(text))
    if ranking.group is not None:
        yield Change(
            "group", "condition", made(group=None), told("mutant.ungrouped"),
            value_advice(text),
        )
    for ties in ("", "all_in", "all_out"):
        if ties != quota.ties and quota.ties:
            named = ties or "open"
            yield Change(
                f"ties>{named}", "operator", made(ties=ties),
                told("mutant.ties", ties=named),
                told("advice.tie", text=text),
            )


def of_noted(term: c.AnyTerm, text: str, missing_is: bool, among: bool) -> Iterator[Change]:
    """A condition line left out: it then counts as ``missing_is``. ``among``: it is one of several."""
    exempts = line_role(term.notes[0].label).exempts
    family: Family = "exception" if exempts else "condition"
    said = told("mutant.no_unless" if exempts else "mutant.held" if missing_is else "mutant.failed")
    advice = alone_advice(text, missing_is) if among else told("advice.fails", text=text)
    left_out = replace(YES if missing_is else NO, at=term.at, notes=term.notes)
    yield Change("noted", family, left_out, said, advice)


def alone_advice(text: str, fails: bool) -> Words:
    """The example that shows what one condition of several does."""
    if fails:
        return told("advice.alone_fails", text=text)
    return told("advice.alone_holds", text=text)


def of_item(term: c.AnyTerm) -> Iterator[Change]:
    """An item of a score sheet left out."""
    yield Change(
        "item", "row", c.Const(Fraction(0), kind=term.kind, at=term.at, notes=term.notes),
        told("mutant.no_item"),
        told("advice.scores"),
    )


def of_as_of(term: c.AsOf, text: str) -> Iterator[Change]:
    yield Change(
        "as_of", "date", term.term, told("mutant.no_day"),
        told("advice.other_day", text=text),
    )


# ---------------------------------------------------------------------------------------------- values
def of_const(term: c.Const, written: Written, role: str, currency: str) -> Iterator[Change]:
    """Changes of a value that the author wrote. ``role``: ``limit`` (both ways), ``outcome`` or ``cell`` (one way);
    ``currency``: that of an amount which bears none."""
    for key, family, new in _others(term, written, role):
        old, then = shown(term, currency), shown(new, currency)
        limit = family in ("threshold", "date")
        advice = limit_advice(term, new, currency) if limit else told("advice.outcome", old=old, new=then)
        yield Change(key, family, new, becomes(old, then), advice)


def _others(term: c.Const, written: Written, role: str) -> Iterator[Other]:
    value, kind = term.value, term.kind
    match value:
        case bool():
            yield _made(term, "flip", "value", not value)
        case Fraction():
            step, tenth = step_of(value, kind, written)
            yield _made(term, "+step", "threshold" if role == "limit" else "value", value + step)
            if role == "limit":
                yield _made(term, "-step", "threshold", value - step)
                if tenth is not None:
                    yield _made(term, "+10%", "threshold", value + tenth)
                    yield _made(term, "-10%", "threshold", value - tenth)
            if kind.base == "money" and value:
                other = value / 10_000 if written.scale == 10_000 else value * 10_000
                yield _made(term, "unit", "unit", other)
            elif kind.base == "percent" and written.percent and value:
                yield _made(term, "unit", "unit", value * 100)
        case Duration():
            yield _made(term, "+step", "threshold", Duration(value.value + 1, value.unit))
            if value.value >= 1:
                yield _made(term, "-step", "threshold", Duration(value.value - 1, value.unit))
            for unit, factor in OTHER_UNITS.get(value.unit, ()):
                new = c.Const(Duration(value.value * factor, unit), kind=replace(kind, unit=unit), at=term.at)
                yield f"unit>{unit}", "unit", new
        case datetime():
            yield _made(term, "+1h", "date", value + timedelta(hours=1))
            yield _made(term, "-1h", "date", value - timedelta(hours=1))
        case date():
            yield _made(term, "+1d", "date", value + timedelta(days=1))
            yield _made(term, "-1d", "date", value - timedelta(days=1))
        case str() if kind.base == "choice" and role != "limit":
            options = kind.options
            if value in options and len(options) > 1:
                i = options.index(value)
                yield _made(term, "option", "value", options[i + 1] if i + 1 < len(options) else options[i - 1])


OTHER_UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "D": (("WD", 1),), "WD": (("D", 1),), "M": (("D", 30),), "Y": (("D", 365),), "Q": (("D", 90),), "H": (("D", 1),),
}


def _made(term: c.Const, key: str, family: Family, value: Exact) -> Other:
    return key, family, replace(term, value=value)


def limit_advice(old: c.Const, new: c.Const, currency: str) -> Words:
    """An example between the two limits shows which of them is in force."""
    one, two = shown(old, currency), shown(new, currency)
    if order_key(new.value) < order_key(old.value):  # type: ignore[operator]
        one, two = two, one
    return told("advice.between", one=one, two=two)


def is_plain(value: Exact) -> bool:
    """Whether a value is one that can be changed at all."""
    return value is not None
