"""What each place of a line and each argument of a function takes, and the one check that asks it.

What a function takes that is one operator stands with the operator (``operators.exact.Call``). Whole numbers are a
matter of what is known of a term, so that they are checked with the program (``check.counts``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policydsl import core as c
from policydsl import nodes as n
from policydsl.kinds import ANY_KIND, TEXT, Base, Kind, Slot, text_key
from policydsl.lower import kinds as rules
from policydsl.lower.context import Lowering, tell
from policydsl.operators import CALLS
from policydsl.operators.exact import MEASURED
from policydsl.place import Span
from policydsl.say import word

_MEASURED = MEASURED.bases
_QUANTITIES: tuple[Base, ...] = tuple(base for base in _MEASURED if base != "duration")
_DATED: tuple[Base, ...] = ("date", "instant", "period")
_DAY = Slot(("date", "instant"), hint=(("period", "slot_period"),))
_MONEY = Slot(("money",), hint=(("percent", "slot_rate"), ("number", "slot_money"), ("count", "slot_each")))
_POINTS = Slot(("points",))
_PARTY = Slot(("text", "choice", "choices"))
_COUNT = Slot(("count",), hint=(("money", "slot_pool"),))
_QUANTITY = Slot(_QUANTITIES, name="quantity")
_AMOUNT = MEASURED
_RANKED = Slot((*_MEASURED, *_DATED, "choice"), ordered=True, name="ranked")
_HIGHER = Slot(
    (*_MEASURED, "choice"), ordered=True, name="measured", hint=tuple((base, "slot_later") for base in _DATED)
)
_LATER = Slot(_DATED, hint=tuple((base, "slot_higher") for base in _MEASURED))

# Every place of a line that takes a value. A line with one place goes by the name of the line (``lower.lines``).
SLOTS: dict[str, Slot] = {
    "amount": _MONEY,
    "base": _MONEY,
    "base.each": Slot(("count", "number", "percent")),  # of a table of amounts, 100 a unit
    "steps.base": _AMOUNT,
    "steps": _AMOUNT,
    "rate": Slot(("percent", "number", "count", "money"), share=True),
    "rate.fine": Slot(("percent", "number", "count", "money")),
    "transfer": _MONEY,
    "bearer": _PARTY,
    "favour": _PARTY,
    "payable": _MONEY,
    "order": _MONEY,
    "done.paid": _MONEY,
    "latefee": Slot(("percent",), share=True),
    "full": _POINTS,
    "pass": _POINTS,
    "adjust": _POINTS,
    "item": _POINTS,
    "item.weight": Slot(("percent",)),
    "quota": _COUNT,
    "quota.by": _RANKED,
    "each.by": _RANKED,
    "pool": Slot(("money", "points", "count", "number"), name="quantity"),
    "share.weight": _QUANTITY,
    "items": _COUNT,
    "every": _COUNT,
    "deem": _COUNT,
    "length": Slot(("duration",)),
    "day": Slot(("date", "instant", "period")),
    "periods.by": _DAY,
    "effective": _DAY,
    # expressions
    "as_at": _DAY,
    "in_period": Slot(_DATED),
    "in_period.period": Slot(("period",)),
    "column": Slot(("text", "choice")),  # the name of a column of a table
    "has": Slot(("choices",), hint=(("choice", "slot_is"), ("text", "slot_is"))),
    "negative": _AMOUNT,
    "sum": _AMOUNT,
    "mean": _AMOUNT,
    "largest": _RANKED,
    "smallest": _RANKED,
    "earliest": _LATER,
    "latest": _LATER,
}
# Functions that lowering says in other terms: what each argument takes. Arguments of one slot are of one kind; where
# one slot stands for all, there may be as many as one likes.
IN_OTHERS: dict[str, tuple[Slot, ...]] = {
    "max": (_HIGHER,), "min": (_HIGHER,), "later": (_LATER,), "earlier": (_LATER,),
    "convert": (_MONEY, Slot(("text",), name="currency")), "clamp": (_AMOUNT,) * 3,
    "held": (Slot(("yesno",)),),
    "rise": (_QUANTITY,) * 2, "fall": (_QUANTITY,) * 2,
}
ANY_NUMBER = frozenset({"max", "min", "later", "earlier"})


def placed(low: Lowering, name: str, term: c.AnyTerm, at: Span | None = None) -> c.AnyTerm:
    """A term in a place of ``SLOTS``; ``at``: what is shown of it, where that is not the term."""
    return fitted(low, SLOTS[name], term, at or term.at)


def fitted(low: Lowering, slot: Slot, term: c.AnyTerm, at: Span) -> c.AnyTerm:
    """The term as the slot takes it; what does not fit is reported, and goes on as if it did.

    A bare number written where an amount, points or a percent is wanted is read (or refused) as beside one; where a
    count is wanted, it is one.
    """
    kind = term.kind
    if slot.words:
        said = text_key(str(term.value)) if isinstance(term, c.Const) else ""
        options = {word("way", way, low.file.dialect): way for way in slot.words}
        if said in slot.words or said in options:
            return c.Const(options.get(said, said), kind=TEXT, at=term.at)
        low.problem("POL307", at, read=low.text(at).strip("“”\""), options="、".join(options))
        return replace(term, kind=TEXT)
    if slot.share:
        low.shares.append(term)
    one = Kind(slot.bases[0]) if len(slot.bases) == 1 else ANY_KIND
    if kind == ANY_KIND:
        return replace(term, kind=one)
    if slot.ordered and kind.base in ("choice", "choices", "text", "yesno") and not (
        kind.base in slot.bases and kind.ordered
    ):
        low.problem("POL310", at, read=low.text(at), kind=tell(kind))
        return term  # what is compared with it may yet say in which order its options stand
    if kind.base in slot.bases and not (slot.tax and kind.tax and kind.tax != slot.tax):
        return term
    if kind.base == "number" and isinstance(term, c.Const) and one.base in ("money", "points", "percent", "count"):
        rules.unify(low, term, c.Const(None, kind=one), at)  # as beside a value of that kind
        return replace(term, kind=one)
    hint = dict(slot.hint).get(kind.base)
    fix = rules.of_kind(low, term, one)
    low.problem("POL309", at, read=low.text(at), kind=slot.told, found=tell(kind), hint=hint, fix=fix)
    return replace(term, kind=one)


def alike(low: Lowering, first: c.AnyTerm, other: c.AnyTerm, at: Span) -> tuple[c.AnyTerm, c.AnyTerm]:
    """Two values that must be of one kind, such as an amount and its cap: as in a comparison, but what bears no unit is
    no amount and no points."""
    first, other = rules.unify(low, first, other, at)
    for bare, kind in ((first, other.kind), (other, first.kind)):
        if bare.kind.base == "number" and not isinstance(bare, c.Const) and kind.base in ("money", "points"):
            low.problem("POL309", bare.at, read=low.text(bare.at), kind=kind.base, found="number")
    return first, other


def bound(low: Lowering, r: n.Range, ends: Sequence[c.AnyTerm | None], kind: Kind = ANY_KIND) -> c.Bound:
    """A range of values of a kind; its two ends are of that kind, and of one."""
    made: list[c.AnyTerm | None] = []
    for end in ends:
        if end is not None:
            like, end = alike(low, c.Const(None, kind=kind), end, end.at)
            kind = like.kind
        made.append(end)
    return c.Bound(made[0], r.low_op, made[1], r.high_op, r.span)


def arguments(low: Lowering, func: str, args: Sequence[c.AnyTerm], at: Span) -> list[c.AnyTerm] | None:
    """The arguments of a function as it takes them; None if their number is wrong, which is reported."""
    takes = CALLS[func][1].takes if func in CALLS else IN_OTHERS[func]
    if not args or (len(args) != len(takes) and func not in ANY_NUMBER):
        many = 2 if func in ANY_NUMBER else len(takes)
        low.problem("POL312", at, read=low.text(at), wanted=str(many), form=func)
        return None
    if func in ANY_NUMBER:
        takes = takes * len(args)
    made = [fitted(low, slot, arg, arg.at) for slot, arg in zip(takes, args, strict=True)]
    for i in range(1, takes.count(takes[0]) if func in IN_OTHERS else CALLS[func][1].alike):
        made[0], made[i] = alike(low, made[0], made[i], made[i].at)
    return made


__all__ = ["ANY_NUMBER", "IN_OTHERS", "SLOTS", "alike", "arguments", "fitted", "placed"]
