"""How a value was worked out, read from its proof: the base with its records, the rate or row, caps and rounding; of a
last day the day that it runs from, the length, the rest day that it gives way to.

Nothing is evaluated for it that the verdict does not rest on. A plain fact or constant has no working.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from fractions import Fraction

from policydsl.core import (
    DAY, POPULATION, RANKED, AnyTerm, Apply, AsOf, Choose, Const, Find, ListDecl, Name, NoValue, Origin, Over, Part,
    PartName, Read, Result, Use,
)
from policydsl.domain import YES, Possible, at_most, point, shape
from policydsl.kinds import DATE, DATED, NUMERIC
from policydsl.line_roles import line_role
from policydsl.members import dataclass
from policydsl.operators.exact import difference, remainder, zero
from policydsl.proof.banded import banded, whole_border
from policydsl.proof.findings import findings, leaf, of_one_word, over_words, part_of, shown_name
from policydsl.proof.steps import Member, Row, Step
from policydsl.say import listed
from policydsl.verdict import Finding, LeftOut, Sum
from policydsl.walk import declared, every

MOST_RECORDS = 20_000  # records that are looked at for the workings of one verdict
# What is nested in one of these, the first of all but the first two, is told in one line.
CHAINED = ("+", "*", "-", "short", "shift", "back")
MOST_EACH = 12  # records that are told in the working of each record of a list
MOST_DEPTH = 16
MOST_WORDS = 40  # letters of a condition that is told beside a record
MOST_RULES = 2  # other rules that are followed, one inside the other
_SUMMED = NUMERIC | DATED | {"duration"}
_DAYS = ("due", "pay_by", "pay_day")  # parts of a result that are last days
_LIMITS = ("round", "clamp", "roll_forward")
_ONE_OF = ("min", "max", "earliest", "latest")
_ORDER = ("<", "<=", ">", ">=")


@dataclass(slots=True)
class Sums:
    """Reads workings from the proof of one verdict. ``left``: how many records may still be looked at; ``told``: what
    was followed already in the working in hand, and is not followed twice."""

    left: int = MOST_RECORDS
    told: set[tuple[Name, int]] = field(default_factory=set)
    rule: str = ""
    depth: int = 0
    rules: int = 0

    def of_result(self, result: Result, step: Step) -> Sum | None:
        """The working of what a result reports for the party or record in hand, and of the last days of its measures;
        None where there is none."""
        made = self.reported(result, step) if result.value.kind.base in _SUMMED else self.due(result, step)
        spans = self.spans(result, step)
        if made is None:
            return replace(self.made("due", step), spans=spans) if spans else None
        return replace(made, spans=spans)

    def reported(self, result: Result, step: Step) -> Sum | None:
        """The working of a value."""
        if step.value.known and step.value.value is None:
            return None
        debt = {part.name: part.term for part in result.parts if part.name in ("payable", "shortage")}
        if len(debt) == 2 and step.at(debt["payable"]).value.values == (0,):
            return None
        money = result.value.kind.base == "money" and not debt
        if money and result.holds is not None and step.at(result.holds).value.no and step.value.values == (0,):
            return None  # nothing is due
        self.begin(result.name)
        made = self.debt(result, step) if len(debt) == 2 else self.of(step)
        if made.form == "rule":
            (made,) = made.parts
        if made.form == "open" and any(p.value.values is None and p.value.low is None for p in made.parts):
            return None  # nothing more than that it is not known
        if made.kind.base in DATED and not says(made.value):
            return None
        plain = made.form == "row" and len(made.parts) == 1 and not made.parts[0].parts
        return made if made.parts and not (plain and result.value.kind.base != "money") else None

    def due(self, result: Result, step: Step) -> Sum | None:
        """How the last day of what is asked was reckoned."""
        self.begin(result.name)
        parts = tuple(self.part(part, step) for part in result.parts if part.name in _DAYS)
        return self.made("due", step, parts) if any(p.parts and says(p.value) for p in parts) else None

    def spans(self, result: Result, step: Step) -> tuple[Sum, ...]:
        """How the last days of measures that follow, or may follow, were reckoned; one that a part of the result is, is
        told there."""
        parts = {part.term for part in result.parts}
        found = []
        for effect in result.effects:
            if effect.end is None or effect.end in parts or step.at(effect.when).value.no:
                continue
            self.begin(result.name)
            made = self.part(Part(listed(effect.names, step.dialect), effect.end), step)
            if made.parts and says(made.value):
                found.append(replace(made, label="last_day"))
        return tuple(found)

    def begin(self, rule: str) -> None:
        self.told, self.rule, self.depth, self.rules = set(), rule, 0, 0

    def of_line(self, step: Step, origin: Origin) -> Sum | None:
        """What a line counted, where it is one that ranks."""
        role = line_role(origin.label)
        return (
            self.of_quota(step, origin.rule) if role.counts else self.of_rank(step, origin.rule) if role.ranks else None
        )

    def of_rank(self, step: Step, rule: str) -> Sum | None:
        """Who stands before the party (or record) in hand, who is level with it, and how far it is to the next place
        that gets something else (of a rank that is a value by itself to the next one)."""
        terms = step.ev.program.terms
        if step.at(terms[Name(rule, "candidate")].term).value.no:
            return None
        self.begin(rule)
        if Name(rule, "weight") in terms:
            return self.made("pool", step, tuple(self.shared(step, rule)))
        counted = terms[Name(rule, "before")].term
        if isinstance(counted, Over) and step.at(first_order(counted).args[0]).value == point(None):
            return self.made("unplaced", step)
        if Name(rule, "asked") in terms and isinstance(counted, Over):
            asked = replace(self.leaf(step.at(terms[Name(rule, "asked")].term)), form="asked")
            given = next((t for t in every(terms[Name(rule, "given")].term) if isinstance(t, Read)
                          and t.name.endswith(".given")), None)
            if given is not None:
                left = step.at(replace(given, name=given.name.removesuffix("given") + "left"))
                if left.running is None:
                    return None  # who asks for nothing has no turn
                return self.made("queue", step, (asked, replace(self.leaf(left), form="left")))
            ahead = replace(self.records(step.at(counted), counted), form="before", text="", left_out=())
            return self.made("queue", step, (asked, ahead))
        parts: list[Sum] = []
        ranked: tuple[PartName, ...] = ("before", "not_after")
        for form in ranked:
            term = terms[Name(rule, form)].term
            assert isinstance(term, Over)
            parts.append(self.ranked(step.at(term), term, form))
        before = parts[0]
        if before.value.known and isinstance(before.value.value, Fraction) and before.parts and not before.more:
            order = first_order(terms[Name(rule, "before")].term)
            parts += self.to_next(step, order, before, int(before.value.value), places_in(terms[Name(rule)].term))
        return self.made("rank", step, tuple(parts))

    def shared(self, step: Step, rule: str) -> Iterator[Sum]:
        """What is shared of a pool (or what those before have left of it), one's own weight and that of the others (or
        what all get for a unit of it), the cap, and what comes of it."""
        terms = step.ev.program.terms
        parts: dict[str, Name] = {"weight": Name(rule, "weight"), "others": Name(rule, "not_after"),
                                  "most": Name(rule, "most"), "given": Name(rule, "given")}
        whole = Name(rule, "given", "cut") if Name(rule, "given", "cut") in terms else Name(rule, "given")
        for term in every(terms[Name(rule, "share") if Name(rule, "share") in terms else whole].term):
            match term:
                case Apply(op="proportion"):
                    yield replace(self.leaf(step.at(term.args[0])), form="left")
                case Read(name=name) if name.endswith(".given"):
                    there = replace(term, name=name.removesuffix("given") + "left")
                    yield replace(self.leaf(step.at(there)), form="left")
                case Over(agg="largest"):
                    yield replace(self.leaf(step.at(term)), form="each")
        for form, name_ in parts.items():
            if name_ in terms:
                yield replace(self.leaf(step.at(terms[name_].term)), form=form)

    def to_next(self, step: Step, order: Apply, before: Sum, count: int, ends: Sequence[int]) -> Iterator[Sum]:
        """How far it is to the last place of the next better row."""
        place = max((end for end in ends if end <= count), default=count if not ends else 0)
        mine = step.at(order.args[0])
        values = [p.value.value for p in before.parts if p.value.known and not p.maybe]
        if not place or not mine.value.known or len(values) < count or not all(isinstance(v, Fraction) for v in values):
            return
        there = sorted(values, reverse=order.op.startswith(">"))[place - 1]  # type: ignore[type-var]
        gap = difference(there, mine.value.value)
        if isinstance(gap, Fraction) and gap:
            yield Sum("next", "", "", point(abs(gap)), mine.term.kind, (), row=place)

    def of_quota(self, step: Step, rule: str) -> Sum | None:
        """What a quota counted: those before the party (or record) in hand, those before it or level with it, and how
        many have a place."""
        candidate = step.ev.program.terms.get(Name(rule, "candidate"))
        if candidate is not None and step.at(candidate.term).value.no:
            return None  # who is no candidate has no rank
        self.begin(rule)
        if isinstance(step.term, Choose) and step.at(step.term.arms[0].when).value.yes:
            return self.made("unplaced", step)
        parts: dict[str, Sum] = {}
        for test in every(step.term, closed=(Over,)):
            if isinstance(test, Apply) and test.args and isinstance(test.args[0], Over) and test.op in ("<", ">="):
                form = "not_after" if test.op == "<" else "before"
                parts[form] = self.ranked(step.at(test.args[0]), test.args[0], form)
                parts["places"] = self.of(step.at(test.args[1]))
        return self.made("quota", step, tuple(parts.values())) if parts else None

    def ranked(self, step: Step, term: Over, form: str) -> Sum:
        """The records that a quota counted, each with what it is ranked by."""
        counted = replace(self.records(step, term), form=form, text="", left_out=())
        order = first_order(term)
        if not counted.parts:
            return counted
        among = step.near if self.each(step, term) else None
        keys = {m.entry.key: step.at(order.args[0], m.where.scope) for m in step.members(among) if m.where is not None}
        parts = (replace(p, value=keys[p.record].value, kind=order.args[0].kind) for p in counted.parts)
        return replace(counted, parts=tuple(parts))

    def debt(self, result: Result, step: Step) -> Sum:
        """What is left of a debt: what is payable, less what each source gives."""
        return self.made("debt", step, tuple(self.part(part, step) for part in result.parts))

    def part(self, part: Part, step: Step) -> Sum:
        """A further value of a result by its name."""
        inner = self.of(step.at(part.term))
        below = inner.parts if inner.form == "rule" else (inner,) if inner.parts else ()
        return Sum("rule", part.name, "", inner.value, inner.kind, below, at=inner.at)

    # ------------------------------------------------------------------------------------------ one value
    def made(self, form: str, step: Step, parts: tuple[Sum, ...] = ()) -> Sum:
        """A value as it is. Words that are those of the rule in hand, or of a part, are not its own."""
        term = step.term
        lent = isinstance(term, Apply) and any(arg.at == term.at for arg in term.args)
        words = "" if lent or step.words == self.rule else step.words
        return Sum(form, "", words, step.value, step.term.kind, parts, at=step.term.at)

    def of(self, step: Step) -> Sum:
        """A value with what it is made of."""
        term = step.term
        if self.depth >= MOST_DEPTH or term.kind.base not in _SUMMED:
            return self.leaf(step)
        self.depth += 1
        try:
            return self.followed(step, term)
        finally:
            self.depth -= 1

    def followed(self, step: Step, term: AnyTerm) -> Sum:
        match term:
            case Const():
                return self.made("constant", step)
            case NoValue():
                return self.made("none", step)
            case Read():
                return self.read(step, term)
            case Use():
                return self.used(step, term)
            case Apply():
                return self.applied(step, term)
            case Choose():
                return self.chosen(step)
            case Over():
                return self.records(step, term)
            case Find():
                return self.looked_up(step)
            case AsOf():
                days = step.on_day
                return self.of(days[0]) if len(days) == 1 and step.kids[0].value.known else self.leaf(step)

    def leaf(self, step: Step) -> Sum:
        """A value that is not followed."""
        name = shown_name(step.term) if isinstance(step.term, Read | Use) else ""
        part = part_of(step.term) if isinstance(step.term, Read | Use) else ""
        return replace(self.made("fact", step), name="" if name.startswith("@") else name, label=part)

    def read(self, step: Step, term: Read) -> Sum:
        """A fact; what stands in for it, where it was not given."""
        source = step.source or step.running
        inner = self.of(source) if source is not None else None
        if inner is None or not inner.parts:
            return self.leaf(step)
        return replace(inner, name=term.name) if step.source is not None else inner

    def used(self, step: Step, term: Use) -> Sum:
        """A shared term: that of another rule by its name, once; a part of the rule in hand as what it is."""
        if term.name.part in RANKED:
            return self.leaf(step)
        root, entry, definition = step.root, step.entry, step.definition
        table = banded(step, self.leaf, self.of) if term.name.part == "banded" else None
        if table is not None:
            return table
        if root is None or entry is None or definition is None:
            return self.leaf(step)
        other = term.name.rule != self.rule
        key = (term.name, id(entry))
        if key in self.told or other and self.rules >= MOST_RULES:
            return replace(self.leaf(step), clauses=definition.origin.clauses)
        self.told.add(key)
        outer, self.rule = self.rule, term.name.rule
        self.rules += other
        inner = self.of(root)
        self.rules -= other
        self.rule = outer
        if not inner.parts:
            return replace(self.leaf(step), clauses=definition.origin.clauses)
        origin = definition.origin
        return Sum("rule", shown_name(term), "", step.value, term.kind, (inner,), part_of(term),
                   clauses=origin.clauses, at=origin.at)

    def applied(self, step: Step, term: Apply) -> Sum:
        kids = step.kids
        if term.op == "drawable" or term.op in _LIMITS and shape(kids[0].value) == shape(step.value):
            return self.of(kids[0])  # it changed nothing
        if term.op in ("round", "roll_forward"):
            return self.made(term.op, step, (self.of(kids[0]),))
        if term.op in ("day_of", "day_end"):  # the same day
            return replace(self.of(kids[0]), value=step.value, kind=term.kind)
        if term.op in _ONE_OF and not step.words:  # a limit that no line states: what it comes to
            decides = [k for k in kids if shape(k.value) == shape(step.value)]
            return self.of(decides[0]) if decides else self.leaf(step)
        if term.op == "/" and isinstance(kids[1].term, Use) and kids[1].term.name.part == "tied":
            return self.split(step)
        if term.op == "*" and all(kid.term.kind.base == "money" for kid in kids):
            return self.exchanged(step, *kids)
        parts: list[Sum] = []
        for i, kid in enumerate(kids):
            part = self.leaf(kid) if term.op == "share_of_period" else self.of(kid)
            part = replace(part, name=of_one_word(kid.term, term) or part.name)
            chained = isinstance(kid.term, Apply) and part.form == term.op and (term.op in ("+", "*") or not i)
            parts.extend(part.parts if chained and term.op in CHAINED else (part,))
        if term.op == "whole_div" and step.value.known:  # what could not be counted leaves nothing that is known
            parts += self.left_over(parts)
        border = whole_border(step, self.leaf) if term.op == "*" else None
        made = self.made(term.op, step, (*parts, *([border] if border is not None else [])))
        rated = term.op == "*" and isinstance(kids[1].term, Choose)  # its words are those of the base alone
        return replace(made, text="") if rated else made

    def split(self, step: Step) -> Sum:
        """What the places get that those who are level take, shared among them."""
        top, level = step.kids
        parts = []
        for one in _summands(top):
            value, size = (self.leaf(kid) for kid in one.kids)
            if size.value.values == (1,):
                parts.append(value)
            elif size.value.values != (0,):
                parts.append(self.made("*", one, (value, replace(size, name="", text=""))))
        paid = parts[0] if len(parts) == 1 else replace(self.made("+", top, tuple(parts)), text="")
        return self.made("/", step, (paid, replace(self.leaf(level), name="", text="")))

    def exchanged(self, step: Step, amount: Step, rate: Step) -> Sum:
        """An amount in another currency: what one of its own is worth, on which day, and where that is said."""
        decl = declared(step.ev.program, rate.term) if isinstance(rate.term, Read) else None
        parts = (self.of(amount), self.leaf(rate), self.leaf(step.at(Read("", DAY, kind=DATE))))
        return replace(self.made("exchange", step, parts), clauses=decl.clauses if decl is not None else ())

    def left_over(self, parts: Sequence[Sum]) -> Iterator[Sum]:
        """What whole parts of a value leave of it, and what is missing to one more."""
        size, each = parts
        if size.value.known and each.value.known and size.value.value is not None and each.value.value is not None:
            rest = remainder(size.value.value, each.value.value)
            yield Sum("left", "", "", point(rest), size.kind)
            if at_most(zero(size.kind), rest):
                yield Sum("another", "", "", point(difference(each.value.value, rest)), size.kind)

    def chosen(self, step: Step) -> Sum:
        """The row that is taken; where that is not known those that may be."""
        live: list[Row] = []
        for row in step.rows:
            if not row.when.value.no:
                live.append(row)
            if row.when.value.yes:
                break
        if len(live) > 1:
            return self.made("open", step, tuple(self.row(row) for row in live))
        return self.row(live[0]) if live else self.leaf(step)

    def row(self, row: Row) -> Sum:
        """A row: the value it gives; one that no line stands for is that value."""
        then, origin = self.of(row.then), row.arm.origin
        if origin is None:
            return then
        asked = (t for t in every(row.when.term) if isinstance(t, Use) and t.name.part == "ordinal")
        counted = [self.earlier(row.when.at(t)) for t in asked][:1]
        return Sum("row", "", "", then.value, then.kind, (then, *counted), origin.label, origin.row,
                   clauses=origin.clauses, at=origin.at)

    def earlier(self, step: Step) -> Sum:
        """Which one the record in hand is: the earlier ones that were counted."""
        over = next((k for k in step.root.kids if isinstance(k.term, Over)), None) if step.root is not None else None
        if over is None or not isinstance(over.term, Over):
            return self.leaf(step)
        counted = self.records(over, over.term)
        return replace(counted, form="ordinal", text="", value=step.value, kind=step.term.kind, left_out=())

    # ------------------------------------------------------------------------------------------ records
    def records(self, step: Step, term: Over) -> Sum:
        """An aggregate with the records that take part, and those that do not count."""
        found = replace(self.made(term.agg, step), text=step.words or over_words(term))
        rows = step.listed
        each = self.each(step, term)
        entries = step.near if each else rows.entries if rows is not None else ()
        if rows is None or len(entries) > (min(MOST_EACH, self.left) if each else self.left):
            return replace(found, more=True)
        self.left -= len(entries)
        decl = step.ev.program.lists[term.list]
        ledger, grain = decl.source in ("sheet", "parties"), grain_of(decl)
        parts: list[Sum] = []
        out: list[LeftOut] = []
        for member in step.members(entries):
            taken = member.where.value if member.where is not None else YES
            if member.counted.no or taken.no:
                out.append(LeftOut(member.entry.key, self.lacks(step, member) if len(out) < MOST_EACH else None))
                continue
            one = Sum("record", "", "", YES, term.kind) if member.value is None else self.of(member.value)
            parts.append(replace(one, record=member.entry.key, made_of=tuple(e.key for e in member.entry.made_from),
                                 maybe=not (member.counted.yes and taken.yes), grain=grain))
        if each or not ledger or parts and all(p.made_of for p in parts):
            out = []  # rows of a table, all but what conversions made, what belongs to other records
        return replace(found, parts=tuple(parts), left_out=tuple(out), more=not rows.complete)

    def lacks(self, step: Step, member: Member) -> Finding | None:
        """What a record that does not count would have to meet."""
        decl = step.ev.program.lists.get(member.entry.list)
        only = decl.only if decl is not None else None
        if member.counted.no and only is not None:
            return unmet(step.at(only, step.scope.bind(member.entry).only(member.entry)))
        return unmet(member.where) if member.where is not None else None

    def each(self, step: Step, term: Over) -> bool:
        """Whether this is asked for every record of a list, or for every party of all: no square of their number. Of
        periods there are few."""
        few = step.ev.program.lists[term.list].source == "cycles"
        return term.list == POPULATION or not few and any(entry.list for entry in step.scope.at)

    def looked_up(self, step: Step) -> Sum:
        found, record = step.found, step.record
        if found is None or record is None:
            return self.leaf(step)
        grain = grain_of(step.ev.program.lists[record.list])
        return replace(self.made("look_up", step, (self.of(found),)), label=record.key, grain=grain)


def grain_of(decl: ListDecl) -> str:
    """What the records of a list are, if they are periods that have names."""
    return decl.cycles.grain if decl.cycles is not None else ""


def _summands(step: Step) -> Iterator[Step]:
    plus = isinstance(step.term, Apply) and step.term.op == "+"
    yield from (one for kid in step.kids for one in _summands(kid)) if plus else (step,)


def first_order(term: AnyTerm) -> Apply:
    """The comparison by the first key of a count of those who stand before another."""
    return next(t for t in every(term) if isinstance(t, Apply) and t.op in _ORDER)


def places_in(term: AnyTerm) -> tuple[int, ...]:
    """The last places of the rows of a table of ranks."""
    found = set()
    for t in every(term):
        if isinstance(t, Apply) and t.op in ("=", "<=", "clamp") and names_place(t.args[0]):
            last = t.args[-1]
            if isinstance(last, Const) and isinstance(last.value, Fraction):
                found.add(int(last.value))
    return tuple(found)


def names_place(term: AnyTerm) -> bool:
    """Whether a term is a place, or how many stand before it."""
    return isinstance(term, Use) and term.name.part in ("before", "place")


def unmet(step: Step) -> Finding:
    """The condition by which another fails: as deep as one alone decides it, and the author has few words for it."""
    told = condition(step)
    for _ in range(MOST_DEPTH):
        inner = deciding(step)
        if inner is None:
            break
        step = inner
        found = condition(step)
        if found.text and (len(found.text) <= MOST_WORDS or not told.text):
            told = found
    return told


def condition(step: Step) -> Finding:
    """A condition with what is and what is asked, or its words; of alternatives below a line those of each."""
    found = [*findings(step)]
    if len(found) == 1:
        return found[0]
    told = leaf(step, False)
    words = [kid.words for kid in step.kids] if isinstance(step.term, Apply) and step.term.op == "or" else []
    apart = words and all(words) and not all(text in told.text for text in words)
    return replace(told, text=listed(words, step.dialect, "or")) if apart else told


def deciding(step: Step) -> Step | None:
    """The one step by which another is no; None where several decide it together, or none does."""
    term = step.term
    kids: Sequence[Step | None] = ()
    if isinstance(term, Use):
        kids = (step.root,)
    elif isinstance(term, Apply) and term.op == "and":
        kids = step.kids
    elif isinstance(term, Choose) and term.arms[0].origin is None:  # whom it concerns, and what is asked of them
        kids = (step.rows[0].when, step.rows[0].then)
    return next((kid for kid in kids if kid is not None and kid.value.no), None)


def says(value: Possible) -> bool:
    """Whether anything is known of a day."""
    return value.values is not None or value.low is not None or value.high is not None


__all__ = ["Sums"]
