"""The mutation operators: every small change to one part of a core program, in words.

A change names the part it replaces by what it is replaced with; which copies of the part change together, and whether
the place is the author's own text, is for ``generate``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from policydsl import core as c
from policydsl.domain import order_key
from policydsl.kinds import DATED, YESNO, Duration, Exact
from policydsl.lower.folds import quota_of
from policydsl.mutate.model import Family, Words
from policydsl.mutate.steps import Written, step_of
from policydsl.render.values import Writer

ZH, EN = Writer("zh"), Writer("en")
YES, NO = c.Const(True, kind=YESNO), c.Const(False, kind=YESNO)


@dataclass(frozen=True, slots=True)
class Change:
    """``key``: which of a part's changes it is, the same for all its copies. ``new``: what stands there instead."""

    key: str
    family: Family
    new: object
    words: Words
    advice: Words


SIGN = {"=": "＝", "!=": "≠", "<": "＜", "<=": "≤", ">": "＞", ">=": "≥"}
ASCII = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
DATE_ZH = {"=": "为", "!=": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
DATE_EN = {"=": "is", "!=": "is not", "<": "before", "<=": "not after", ">": "after", ">=": "not before"}
WORD_ZH = {"=": "为", "!=": "不为"}
WORD_EN = {"=": "is", "!=": "is not"}
COMPARED: dict[str, tuple[str, ...]] = {
    ">=": (">", "="), ">": (">=",), "<=": ("<", "="), "<": ("<=",), "=": ("!=",), "!=": ("=",),
}
SWAPPED_OPS: dict[str, tuple[str, str, str]] = {
    "+": ("-", "＋ 改为 －", "+ becomes -"),
    "-": ("+", "－ 改为 ＋", "- becomes +"),
    "*": ("/", "× 改为 ÷", "× becomes ÷"),
    "/": ("*", "÷ 改为 ×", "÷ becomes ×"),
    "max": ("min", "取高 改为 取低", "larger becomes smaller"),
    "min": ("max", "取低（上限）改为 取高（下限）", "smaller (cap) becomes larger (floor)"),
    "latest": ("earliest", "取晚 改为 取早", "later becomes earlier"),
    "earliest": ("latest", "取早 改为 取晚", "earlier becomes later"),
    "first_day": ("last_day", "首日 改为 末日", "first day becomes last day"),
    "last_day": ("first_day", "末日 改为 首日", "last day becomes first day"),
    "shift": ("back", "往后推 改为 往前推", "counting forward becomes counting back"),
    "back": ("shift", "往前推 改为 往后推", "counting back becomes counting forward"),
    "provided": ("missing", "已填 改为 未填", "given becomes not given"),
    "missing": ("provided", "未填 改为 已填", "not given becomes given"),
    "includes": ("in", "包含全部 改为 包含任一", "contains all becomes contains any"),
    "in_order": ("includes", "依次为 改为 包含（不论次序）", "in this order becomes in any order"),
    "last_counting_first": ("shift", "当日起算 改为 次日起算", "the first day no longer counts"),
}
DROPPED_OPS: dict[str, tuple[str, str]] = {
    "not": ("去掉“并非”", "'not' is dropped"),
    "clamp": ("去掉上下限", "the limits are dropped"),
    "gross": ("不再加税", "tax is no longer added"),
    "roll_forward": ("不再顺延", "no longer rolled over to a working day"),
    "day_of": ("不再取当日", "no longer cut to the day"),
}
AGGREGATES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "sum": (("largest", "合计 改为 最大", "total becomes largest"),),
    "mean": (("largest", "平均 改为 最大", "mean becomes largest"),),
    "largest": (("smallest", "最大 改为 最小", "largest becomes smallest"),),
    "smallest": (("largest", "最小 改为 最大", "smallest becomes largest"),),
    "earliest": (("latest", "最早 改为 最晚", "earliest becomes latest"),),
    "latest": (("earliest", "最晚 改为 最早", "latest becomes earliest"),),
    "any": (("all", "存在 改为 全部", "some becomes all"),),
    "all": (("any", "全部 改为 存在", "all becomes some"),),
    "distinct": (("count", "不同个数 改为 条数", "number of different ones becomes number of records"),),
}
MODALITIES: dict[str, tuple[c.Modality, str, str]] = {
    "must": ("may", "“须、应”改为“可以”", "'must' becomes 'may'"),
    "may": ("must", "“可以”改为“须、应”", "'may' becomes 'must'"),
    "may_one_of": ("must_one_of", "“可以择一”改为“至少一项”", "'may take one of' becomes 'must take one of'"),
    "must_one_of": ("may_one_of", "“至少一项”改为“可以择一”", "'must take one of' becomes 'may take one of'"),
    "must_not": ("must", "“不得”改为“须、应”", "'must not' becomes 'must'"),
}


# ---------------------------------------------------------------------------------------------- operators
def of_apply(term: c.Apply, text: str, operands: Sequence[str], within: bool, edge: bool) -> Iterator[Change]:
    """Changes of an operator. ``operands``: their words. ``within``: both sides of a range, written as one. ``edge``:
    a limit between two rows, whose two sides move together."""
    op = term.op
    if edge:
        other = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}[op]
        yield Change(
            "edge", "operator", replace(term, op=other),
            Words("分界值改归相邻的一行", "the limit itself now belongs to the neighbouring row"),
            Words(f"写一个恰好在分界值上的示例：{text}", f"an example exactly at the limit: {text}"),
        )
        return
    if op in COMPARED:
        dated = any(a.kind.base in DATED or a.kind.base == "period" for a in term.args)
        zh = DATE_ZH if dated else WORD_ZH if op in WORD_ZH and SIGN[op] not in text else SIGN
        en = DATE_EN if dated else WORD_EN if op in WORD_EN and "=" not in text else ASCII
        for other in COMPARED[op]:
            yield Change(
                f"{op}>{other}", "operator", replace(term, op=other),
                Words(f"{zh[op]} 改为 {zh[other]}", f"{en[op]} becomes {en[other]}"),
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
                    Words(f"去掉条件“{operand}”", f"condition '{operand}' is dropped"),
                    alone_advice(operand, op == "and"),
                )
        other = "or" if op == "and" else "and"
        yield Change(
            op, "operator", replace(term, op=other),
            Words("且 改为 或", "and becomes or") if op == "and" else Words("或 改为 且", "or becomes and"),
            Words(f"写一个只有部分条件成立的示例：{text}", f"an example in which only some conditions hold: {text}"),
        )
        return
    if op in SWAPPED_OPS:
        other, zh_, en_ = SWAPPED_OPS[op]
        yield Change(op, "operator", replace(term, op=other), Words(zh_, en_), value_advice(text))
    if op in DROPPED_OPS:
        yield Change(op, "operator", term.args[0], Words(*DROPPED_OPS[op]), value_advice(text))
    if op in ("in", "includes", "in_order") and len(term.args) > 2:
        for i, item in enumerate(term.args[1:], 1):
            named = shown(item)
            yield Change(
                f"item{i}", "value", replace(term, args=(*term.args[:i], *term.args[i + 1 :])),
                Words(f"列举中去掉 {named.zh}", f"{named.en} is left out of the list"),
                Words(f"写一个取值为 {named.zh} 的示例：{text}", f"an example in which it is {named.en}: {text}"),
            )


def boundary_advice(text: str, op: str, other: str) -> Words:
    if {op, other} in ({">=", ">"}, {"<=", "<"}):
        return Words(f"写一个两边恰好相等的示例：{text}", f"an example in which both sides are exactly equal: {text}")
    if other == "=":
        side = ("大于", "above") if op == ">=" else ("小于", "below")
        return Words(
            f"写一个{side[0]}界限（不是恰好相等）的示例：{text}", f"an example well {side[1]} the limit: {text}"
        )
    return Words(f"写一个由这一比较决定结论的示例：{text}", f"an example that this comparison decides: {text}")


def value_advice(text: str) -> Words:
    return Words(
        f"写一个断言由此算出的值的示例，取值要使改动前后不同：{text}",
        f"an example that asserts the value computed here, where the change makes a difference: {text}",
    )


def shown(term: object) -> Words:
    if isinstance(term, c.Const):
        return Words(ZH.exact(term.value, term.kind), EN.exact(term.value, term.kind))
    name = getattr(term, "name", "…")
    return Words(str(name), str(name))


def of_over(term: c.Over, text: str) -> Iterator[Change]:
    """Changes of an aggregate over a list."""
    for other, zh, en in AGGREGATES.get(term.agg, ()):
        if term.agg in ("any", "all") and term.value is None and other == "all":
            continue  # 存在 (ledger, where …) has no value that all could satisfy
        yield Change(f"agg>{other}", "operator", replace(term, agg=other), Words(zh, en), value_advice(text))
    if term.where is not None:
        yield Change(
            "where", "condition", replace(term, where=None),
            Words("去掉“其中 …”", "the 'where' condition is dropped"),
            Words(
                f"写一个含有不符合“其中”条件的记录的示例：{text}", f"an example with a record that is left out: {text}"
            ),
        )


def of_quota(term: c.AnyTerm, text: str) -> Iterator[Change]:
    """Changes of a ranking (名额): its order, its groups, what a tie means."""
    quota = quota_of(term)

    def made(**changed: object) -> c.AnyTerm:
        return replace(replace(quota, **changed).term(), notes=term.notes)  # type: ignore[arg-type]

    words = Words("排名次序颠倒", "the order of the ranking is reversed")
    yield Change("rank", "operator", made(descending=not quota.descending), words, value_advice(text))
    if quota.group is not None:
        yield Change(
            "group", "condition", made(group=None), Words("不再分组", "no longer ranked by group"),
            value_advice(text),
        )
    for ties in ("", "all_in", "all_out"):
        if ties != quota.ties and quota.ties:
            named = ties or "open"
            yield Change(
                f"ties>{named}", "operator", made(ties=ties),
                Words(f"并列的处理改为 {named}", f"ties become {named}"),
                Words(f"写一个名额边上并列的示例：{text}", f"an example with a tie at the limit: {text}"),
            )


def of_noted(term: c.AnyTerm, text: str, missing_is: bool, among: bool) -> Iterator[Change]:
    """A condition line left out: it then counts as ``missing_is``. ``among``: it is one of several."""
    label = term.notes[0].label
    family: Family = "exception" if label == "unless" else "condition"
    zh, en = ("去掉这个条件，当作成立", "this condition is dropped (counts as holding)")
    if label == "unless":
        zh, en = "去掉这个“除非”", "this 'unless' is dropped"
    elif not missing_is:
        zh, en = "去掉这个条件，当作不成立", "this condition is dropped (counts as failing)"
    advice = alone_advice(text, missing_is) if among else Words(
        f"写一个“{text}”不成立、并断言结论的示例", f"an example in which '{text}' fails, asserting the result"
    )
    left_out = replace(YES if missing_is else NO, at=term.at, notes=term.notes)
    yield Change("noted", family, left_out, Words(zh, en), advice)


def alone_advice(text: str, fails: bool) -> Words:
    """The example that shows what one condition of several does."""
    if fails:
        return Words(
            f"写一个只有“{text}”不成立、其余都成立的示例",
            f"an example in which '{text}' alone fails and the rest holds",
        )
    return Words(
        f"写一个只有“{text}”成立、其余都不成立的示例", f"an example in which '{text}' alone holds and the rest fails"
    )


def of_item(term: c.AnyTerm, text: str) -> Iterator[Change]:
    """An item of a score sheet left out."""
    yield Change(
        "item", "row", c.Const(Fraction(0), kind=term.kind, at=term.at, notes=term.notes),
        Words("去掉这一项（计 0 分）", "this item is left out (0 points)"),
        Words("写一个本项得分不为 0 并断言总分的示例", "an example in which this item scores, asserting the total"),
    )


def of_as_of(term: c.AsOf, text: str) -> Iterator[Change]:
    yield Change(
        "as_of", "date", term.term, Words("不再按另一日，按评估日", "taken on the evaluation date instead"),
        Words(
            f"写一个评估日与该日结果不同的示例：{text}",
            f"an example where that day and the evaluation date give different results: {text}",
        ),
    )


# ---------------------------------------------------------------------------------------------- values
def of_const(term: c.Const, written: Written, role: str) -> Iterator[Change]:
    """Changes of a value that the author wrote. ``role``: ``limit`` (both ways), ``outcome`` or ``cell`` (one way)."""
    value, kind = term.value, term.kind
    match value:
        case bool():
            yield made(term, "flip", "value", not value)
        case Fraction():
            step, tenth = step_of(value, kind, written)
            yield made(term, "+step", "threshold" if role == "limit" else "value", value + step)
            if role == "limit":
                yield made(term, "-step", "threshold", value - step)
                if tenth is not None:
                    yield made(term, "+10%", "threshold", value + tenth)
                    yield made(term, "-10%", "threshold", value - tenth)
            if kind.base == "money" and value:
                other = value / 10_000 if written.scale == 10_000 else value * 10_000
                yield made(term, "unit", "unit", other)
            elif kind.base == "percent" and written.percent and value:
                yield made(term, "unit", "unit", value * 100)
        case Duration():
            yield made(term, "+step", "threshold", Duration(value.value + 1, value.unit))
            if value.value >= 1:
                yield made(term, "-step", "threshold", Duration(value.value - 1, value.unit))
            for unit, factor in OTHER_UNITS.get(value.unit, ()):
                new = c.Const(Duration(value.value * factor, unit), kind=replace(kind, unit=unit), at=term.at)
                yield changed(term, f"unit>{unit}", "unit", new)
        case datetime():
            yield made(term, "+1h", "date", value + timedelta(hours=1))
            yield made(term, "-1h", "date", value - timedelta(hours=1))
        case date():
            yield made(term, "+1d", "date", value + timedelta(days=1))
            yield made(term, "-1d", "date", value - timedelta(days=1))
        case str() if kind.base == "choice" and role != "limit":
            options = kind.options
            if value in options and len(options) > 1:
                i = options.index(value)
                yield made(term, "option", "value", options[i + 1] if i + 1 < len(options) else options[i - 1])


OTHER_UNITS: dict[str, tuple[tuple[str, int], ...]] = {
    "D": (("WD", 1),), "WD": (("D", 1),), "M": (("D", 30),), "Y": (("D", 365),), "Q": (("D", 90),), "H": (("D", 1),),
}


def made(term: c.Const, key: str, family: Family, value: Exact) -> Change:
    return changed(term, key, family, replace(term, value=value))


def changed(term: c.Const, key: str, family: Family, new: c.Const) -> Change:
    old, then = shown(term), shown(new)
    return Change(
        key, family, new, Words(f"{old.zh} 改为 {then.zh}", f"{old.en} becomes {then.en}"),
        limit_advice(term, new) if family in ("threshold", "date") else outcome_advice(old, then),
    )


def limit_advice(old: c.Const, new: c.Const) -> Words:
    """An example between the two limits shows which of them is in force."""
    one, two = shown(old), shown(new)
    if order_key(new.value) < order_key(old.value):  # type: ignore[operator]
        one, two = two, one
    return Words(
        f"写一个取值在 {one.zh} 与 {two.zh} 之间（含两端）、由它决定结论的示例，或断言由它算出的值",
        f"an example with a value from {one.en} to {two.en} (both included) that decides the result, "
        f"or that asserts what is computed from it",
    )


def outcome_advice(old: Words, new: Words) -> Words:
    return Words(
        f"写一个断言由 {old.zh} 得出的结果的示例（改为 {new.zh} 时要不同）",
        f"an example that asserts what follows from {old.en} (and would differ with {new.en})",
    )


def is_plain(value: Exact) -> bool:
    """Whether a value is one that can be changed at all."""
    return value is not None
