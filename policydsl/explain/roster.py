"""The page that lists several partners: how they stand together, who is near the next tier, what is missing of whom,
and a row for each with its own page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from fractions import Fraction

from policydsl.clause_kinds import Part, traits
from policydsl.diagnostics import Language
from policydsl.domain import Possible, ends
from policydsl.explain.first import SIGNS, TONES, First
from policydsl.explain.model import Explanation
from policydsl.explain.near import shortfall
from policydsl.kinds import INSTANT, Kind
from policydsl.members import dataclass
from policydsl.render.document import (
    Block, Cards, Document, Filter, Inline, Link, Roster, Row, Run, Share, Shares, Swatch, Text, Tile, Tiles, Tone,
    row, table,
)
from policydsl.render.values import Writer, known_as
from policydsl.say import listed, say, word
from policydsl.summary import Line, Told, Want
from policydsl.summary.grades import next_tier
from policydsl.verdict import Finding, Judged, ResultValue, Verdict

MOST_NEAR, MOST_CAUSES, MOST_GROUPS, MOST_NAMES = 8, 8, 7, 3
NEAR = Fraction(1, 10)  # of what is asked: from here on a partner is near it
_HEADS: tuple[Part, ...] = ("standing", "marks", "results")
_MONEY: tuple[Part, ...] = ("gains", "sanctions")


@dataclass(frozen=True, slots=True)
class Money:
    """Amounts together, each kind of money by itself: what is with tax and what is without are not added up. ``still``:
    the least and the most (None: no bound) of what is not decided yet."""

    known: Mapping[Kind, Fraction] = field(default_factory=dict)
    still: Mapping[Kind, tuple[Fraction, Fraction | None]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.known or self.still)



@dataclass(frozen=True, slots=True)
class Partner:
    """One partner as the list tells it. ``group``: what it has reached, by which the list is filtered; ``rank`` the
    place of that among all; ``states`` what else it is filtered by."""

    name: str
    page: str
    group: str
    rank: int
    first: Line | None
    near: str
    gains: Money
    owed: Money
    imposed: tuple[Line, ...]
    day: Line | None
    wants: tuple[Want, ...]
    states: frozenset[str]


def index_document(
    explanations: Sequence[Explanation], names: Sequence[str], lang: Language | None = None
) -> Document:
    """The list of partners, each with its page."""
    first = explanations[0].verdict
    writer = Writer.of(first.header, lang)
    maker = _Maker(explanations, names, writer)
    version = say("verdict.version", writer.lang, version=first.header.version) if first.header.version else ""
    about = " ".join(x for x in (first.header.title, known_as(first.header, writer.lang), version) if x)
    day = writer.exact(first.as_of, INSTANT)
    title = say("explain.partners", writer.lang, count=len(explanations))
    return Document(title, writer.lang, tuple(maker.blocks()), subtitle=about,
                    facts=((say("verdict.as_of", writer.lang), day),))


class _Maker:
    def __init__(self, explanations: Sequence[Explanation], names: Sequence[str], writer: Writer) -> None:
        self.writer, self.lang = writer, writer.lang
        self.firsts = [First(e.verdict, writer, {}) for e in explanations]
        parts = [told.part for f in self.firsts for told in f.summary.parts]
        self.head: Part | None = next((p for p in _HEADS if p in parts), None)
        self.order = _grades(explanations, self.head)
        self.partners = [self.partner(f, name) for f, name in zip(self.firsts, names, strict=True)]
        groups = {p.group: p.rank for p in self.partners}
        self.groups = sorted(groups, key=lambda g: groups[g])
        self.step = {group: index for index, group in enumerate(g for g in self.groups if groups[g] < OPEN)}

    def say(self, key: str, **places: object) -> str:
        return word("roster", key, self.lang, **places)

    # ------------------------------------------------------------------------------------------ one partner
    def partner(self, first: First, page: str) -> Partner:
        verdict, summary = first.verdict, first.summary
        told = {t.part: t for t in summary.parts}
        head = next(iter(told[self.head].lines), None) if self.head in told else None
        result = verdict.results[head.results[0]] if head is not None and head.results else None
        group, rank = self.group(result)
        placed = summary.placed
        near = self.near(verdict, result) if result is not None and self.head == "standing" else ""
        states = {name for name, has in (
            ("near", bool(near)),
            ("open", any(_lacks(r) for r in verdict.results.values() if r.name in placed and (
                placed[r.name] in (self.head, *_MONEY)))),
            ("imposed", any(line.mark == "bad" for line in self.lines(told, "sanctions"))),
            ("unmet", any(line.mark == "bad" for line in self.lines(told, "duties"))),
            ("late", any(line.mark == "bad" and line.columns for line in self.lines(told, "days"))),
        ) if has}
        imposed = tuple(line for line in self.lines(told, "sanctions") if line.mark == "bad")
        today = _day(verdict)
        day = next((line for line in self.lines(told, "days") if line.columns and line.mark != "open" and (
            line.mark == "bad" or line.day is not None and line.day >= today)), None)
        money = {p: [r for r in verdict.results.values() if placed.get(r.name) == p and r.total.kind.base == "money"]
                 for p in _MONEY}
        gains = [r.total for r in money["gains"]]
        owed = [one for r in money["sanctions"] for one in _parts(r) if _own(one, verdict.party)]
        return Partner(
            verdict.party or page, page, group, rank, head, near, _added(gains), _added(owed), imposed, day,
            summary.wants, frozenset(states),
        )

    @staticmethod
    def lines(told: dict[Part, Told], part: Part) -> tuple[Line, ...]:
        return told[part].lines if part in told else ()

    def group(self, result: ResultValue | None) -> tuple[str, int]:
        """What a partner has reached, in a word, and its place."""
        if result is None or result.total.status == "not_applicable":
            return word("state", "not_applicable", self.lang), OPEN + 1
        total = result.total
        if total.status != "known":
            return say("partner.open", self.lang), OPEN
        if self.head == "marks" and total.holds is not None:
            name = traits(result.label).truths[0 if total.holds.yes else 1]
            return word("state", name, self.lang), 0 if total.holds.yes else 1
        if result.items is not None and total.kind.base == "yesno" or total.kind.base == "yesno":
            return word("value", "yes" if total.value.yes else "no", self.lang), 0 if total.value.yes else 1
        if self.head != "standing" or result.items is not None:
            return self.writer.possible(total.value, total.kind, tax=True), 0
        reached = total.value.value
        if reached is None:
            return say("verdict.no_tier", self.lang), len(self.order)
        return str(reached), self.order.get(str(reached), 0)

    def near(self, verdict: Verdict, result: ResultValue) -> str:
        """The next tier, where every condition of it that is not met is missed by a tenth at most, or by one."""
        rows = [e for e in verdict.trace if e.rule == result.name and e.row is not None and e.findings]
        above = next_tier(rows)
        if result.total.status != "known" or above is None:
            return ""
        missed = [f for f in above.findings if f.status != "yes"]
        return above.label if missed and all(map(_close, missed)) else ""

    # ------------------------------------------------------------------------------------------ the page
    def blocks(self) -> Iterator[Block]:
        yield Tiles(tuple(self.tiles()))
        cards = [card for card in (self.spread(), self.nearest(), self.causes()) if card is not None]
        if cards:
            yield Cards(2, tuple(cards), row=True)
        yield self.roster()

    def counted(self, state: str) -> int:
        return sum(state in p.states for p in self.partners)

    def tiles(self) -> Iterator[Tile]:
        partners, still = len(self.partners), self.counted("open")
        note = self.note([("open", "open", still)])
        yield Tile(self.say("judged"), self.say("settled", count=partners - still), note)
        gains, owed = _together(p.gains for p in self.partners), _together(p.owed for p in self.partners)
        if gains:
            yield Tile(self.say("gains"), self.sums(gains) or say("partner.open", self.lang), self.open_part(gains))
        if owed or self.counted("imposed"):
            shown = self.sums(owed) if owed.known else self.say("parties", count=self.counted("imposed"))
            yield Tile(self.say("owed") if owed else word("part_of", "sanctions", self.lang), shown,
                       self.note([("imposed", "bad", self.counted("imposed"))]))
        if self.head == "standing":
            near = self.say("parties", count=self.counted("near"))
            yield Tile(self.say("near"), near, (Text(self.say("near_rule")),))
        if any(p.day is not None for p in self.partners):
            coming = [p.day for p in self.partners if p.day is not None and not _over(p.day)]
            soon = min(coming, key=_when, default=None)
            value = soon.columns[1] if soon is not None else say("partner.none", self.lang)
            note = (Text(f"{soon.columns[0]} {soon.name}", TONES[soon.mark]),) if soon is not None else ()
            yield Tile(self.say("next_day"), value, (*note, *self.note([("late", "bad", self.counted("late"))])))

    def open_part(self, money: Money) -> Run:
        return self.amount(Money({}, money.still))

    def note(self, counts: Sequence[tuple[str, str, int]]) -> Run:
        out: list[Inline] = []
        for state, tone, count in counts:
            if count:
                said = self.say("with_state", count=count, state=self.say(f"is_{state}"))
                out += [Text(" "), Text(SIGNS[tone] + said, TONES[tone])]
        return tuple(out[1:])

    def spread(self) -> tuple[str, tuple[Block, ...]] | None:
        """How many have reached what, with what they are due together."""
        if self.head is None or len(self.groups) > MOST_GROUPS:
            return None
        counts = Counter(p.group for p in self.partners)
        shares = [Share(g, counts[g], self.shade(g)) for g in self.groups]
        money = any(p.gains for p in self.partners)
        rows: list[Row] = []
        for group in self.groups:
            cells: list[str | Sequence[Inline]] = [
                (Swatch(self.shade(group)), Text(group)), self.say("parties", count=counts[group])]
            if money:
                cells.append(self.sums(_together(p.gains for p in self.partners if p.group == group)))
            rows.append(row(cells))
        head = [self.title(), self.say("count"), *([self.say("gains")] if money else [])]
        return self.title(), (Shares(tuple(shares)), table(head, rows, stub=True, shares=(40, 18, 42)[: len(head)]))

    def shade(self, group: str) -> str:
        """The colour of a group: those that have reached something from dark to light, and what is open apart."""
        rank = next(p.rank for p in self.partners if p.group == group)
        if rank >= OPEN:
            return "open" if rank == OPEN else "away"
        return str(min(4, self.step[group] + 1))

    def nearest(self) -> tuple[str, tuple[Block, ...]] | None:
        near = [p for p in self.partners if p.near]
        if not near:
            return None
        rows = [row([(Link(p.name, f"./{p.page}"),), self.rest(p), self.say("from_to", low=p.group, high=p.near)])
                for p in near[:MOST_NEAR]]
        head = [say("explain.partner", self.lang), self.say("lacks"), self.say("step")]
        return self.say("who_is_near"), (table(head, rows, stub=True, shares=(25, 45, 30)),)

    def causes(self) -> tuple[str, tuple[Block, ...]] | None:
        """What is missing of the most partners, and who can give it."""
        found: dict[tuple[str, str], list[str]] = {}
        for p in self.partners:
            for want in p.wants:
                names = found.setdefault((want.fact or want.what, want.who), [])
                names += [p.name] if p.name not in names else []
        if not found:
            return None
        order = sorted(found, key=lambda key: (key[1] != "partner", -len(found[key])))
        rows = [
            row([Text(what, strong=True), word("who", who, self.lang), self.named(found[what, who])])
            for what, who in order[:MOST_CAUSES]
        ]
        if len(order) > MOST_CAUSES:
            rows.append(row([Text(self.say("more_causes", count=len(order) - MOST_CAUSES), "muted"), "", ""]))
        head = [say("partner.what", self.lang), say("partner.who", self.lang), self.say("of_whom")]
        return self.say("why_open"), (table(head, rows, stub=True, shares=(30, 25, 45)),)

    def named(self, names: Sequence[str]) -> str:
        shown = listed(names[:MOST_NAMES], self.lang)
        return shown if len(names) <= MOST_NAMES else self.say("and_more", names=shown, count=len(names))

    # ------------------------------------------------------------------------------------------ the rows
    def title(self) -> str:
        """What the first column after the names is called."""
        named = {p.first.name for p in self.partners if p.first is not None}
        return named.pop() if len(named) == 1 and self.head != "standing" else word(
            "part_of", self.head or "results", self.lang)

    def roster(self) -> Roster:
        columns = [say("explain.partner", self.lang), self.title(), self.say("lacks_or_why")]
        gains, owed = (any(getattr(p, what) for p in self.partners) for what in ("gains", "owed"))
        imposed, days = (any(getattr(p, what) for p in self.partners) for what in ("imposed", "day"))
        columns += [self.say("gains")] if gains else []
        columns += [self.say("owed") if owed else word("part_of", "sanctions", self.lang)] if owed or imposed else []
        columns += [self.say("next_day")] if days else []
        rows = []
        orders = self.orders()
        for p in self.partners:
            tone: Tone = "open" if p.rank == OPEN else "plain"
            cells: list[str | Sequence[Inline]] = [
                (Link(p.name, f"./{p.page}"),),
                (Swatch(self.shade(p.group)), Text(f"{SIGNS['open'] if tone == 'open' else ''}{p.group}", tone))
                if len(self.groups) <= MOST_GROUPS else p.group,
                (Text(self.rest(p), tone), *((Text(" "), Text(self.say("is_near"), "muted")) if p.near else ())),
            ]
            cells += [self.amount(p.gains)] if gains else []
            cells += [self.sanctions(p)] if owed or imposed else []
            cells += [self.last_day(p.day)] if days else []
            marks = (f"g{self.groups.index(p.group)}", *sorted(p.states))
            rows.append(row(cells, marks=marks, places=tuple(order.index(p) for order in orders.values())))
        foot: list[str | Sequence[Inline]] = [self.say("in_all", count=len(self.partners)), "", ""]
        foot += [self.amount(_together(p.gains for p in self.partners))] if gains else []
        foot += [self.amount(_together(p.owed for p in self.partners))] if owed or imposed else []
        foot += [""] if days else []
        numeric = range(3, 3 + gains)
        return Roster(
            table(columns, rows, numeric=numeric, stub=True, caption=self.say("caption")), row(foot), self.filters(),
            Filter("o", self.say("order"), (("", self.say("order_given")), *(("", name) for name in orders))))

    def orders(self) -> dict[str, list[Partner]]:
        """The orders in which the rows can be put, beside that of the sheets."""
        found: dict[str, list[Partner]] = {}
        if len(self.groups) > 1:
            found[self.title()] = sorted(self.partners, key=lambda p: (p.rank, not p.near))
        if len({kind.currency for p in self.partners for kind in p.gains.known}) == 1:
            found[self.say("gains")] = sorted(self.partners, key=lambda p: -sum(p.gains.known.values()))
        if any(p.day is not None for p in self.partners):
            found[self.say("next_day")] = sorted(self.partners, key=lambda p: (p.day is None, p.day and _when(p.day)))
        return found

    def filters(self) -> tuple[Filter, ...]:
        counts = Counter(p.group for p in self.partners)
        groups = [(f"g{i}", f"{g} {counts[g]}") for i, g in enumerate(self.groups)]
        states = [(s, f"{self.say(f'is_{s}')} {n}") for s in ("near", "open", "imposed", "unmet", "late")
                  if (n := self.counted(s))]
        every = self.say("every", count=len(self.partners))
        found = []
        if 1 < len(groups) <= MOST_GROUPS:
            found.append(Filter("g", self.title(), (("", every), *groups)))
        if states:
            found.append(Filter("s", self.say("state"), (("", every), *states)))
        return tuple(found)

    def rest(self, p: Partner) -> str:
        """What is told beside what has been reached: what is short, or what is waited for."""
        if p.first is None:
            return ""
        value = p.first.value
        text = p.first.text
        return text[len(value) :].lstrip("；;，, ") if value and text.startswith(value) else text

    @staticmethod
    def last_day(line: Line | None) -> Sequence[Inline]:
        if line is None:
            return ()
        return Text(" ".join(line.columns), TONES[line.mark]), Text(" "), Text(line.name, "muted")

    def sanctions(self, p: Partner) -> Sequence[Inline]:
        if not p.imposed and not p.owed.still:
            return ()
        said = self.amount(p.owed, "bad") if any(p.owed.known.values()) else ()
        if p.imposed and not said:
            said = (Text(SIGNS["bad"] + listed([line.name for line in p.imposed[:2]], self.lang), "bad"),)
        return said

    def amount(self, money: Money, tone: str = "") -> tuple[Inline, ...]:
        """What is decided, then what may come to it."""
        out: list[Inline] = []
        if money.known:
            out.append(Text(SIGNS[tone] + self.sums(money), TONES[tone]))
        still = {kind: bounds for kind, bounds in money.still.items() if bounds[0] or bounds[1] != 0}
        if still:
            said = [self.writer.possible(Possible(None, low=low, high=high), kind, tax=True)
                    for kind, (low, high) in still.items()]
            more = listed(said, self.lang, "semicolon")
            more = self.say("and_perhaps", amount=more) if out else more
            out += [*([Text(" ")] if out else []), Text(SIGNS["open"] + more, "open")]
        return tuple(out)

    def sums(self, money: Money) -> str:
        told = {kind: value for kind, value in money.known.items() if value} or money.known
        return listed([self.writer.exact(v, kind, tax=True) for kind, v in told.items()], self.lang, "semicolon")


OPEN = 1000  # the place of what is not decided, after all that can be reached


def _grades(explanations: Sequence[Explanation], head: Part | None) -> dict[str, int]:
    """The tiers from the highest down, as the first tier that the policy tells knows them."""
    for each in explanations:
        for result in each.verdict.results.values():
            if head == "standing" and traits(result.label).part == "standing" and result.total.kind.options:
                options = result.total.kind.options
                return {name: place for place, name in enumerate(reversed(options))}
    return {}


def _day(verdict: Verdict) -> date:
    return verdict.as_of.date() if isinstance(verdict.as_of, datetime) else verdict.as_of


def _when(line: Line) -> date:
    return line.day or date.max


def _over(line: Line) -> bool:
    """Whether its last day is over: it is told as overdue, and is no next one."""
    return line.mark == "bad" and bool(line.text)


def _lacks(result: ResultValue) -> bool:
    """Whether it waits for something that the partner can give."""
    total = result.total
    return total.status == "unknown" and bool(total.missing) and "missing" in total.reasons


def _close(finding: Finding) -> bool:
    gap = finding.gap.value if finding.gap is not None and finding.gap.known else None
    return finding.status == "no" and (finding.kind.base == "count" and gap == 1 or shortfall(finding) <= NEAR)


def _added(judged: Iterable[Judged]) -> Money:
    """What several amounts come to together; what does not apply, or fails, comes to nothing."""
    known: dict[Kind, Fraction] = {}
    still: dict[Kind, tuple[Fraction, Fraction | None]] = {}
    for one in judged:
        fails = one.holds is not None and one.holds.no
        if one.status == "not_applicable" or one.status == "known" and fails or one.silent:
            continue  # of what the policy does not say no amount can be told
        low, _, high, _ = ends(one.value)
        if one.status == "known" and isinstance(low, Fraction) and low == high:
            known[one.kind] = known.get(one.kind, Fraction(0)) + low
        elif one.status == "unknown" and isinstance(low, Fraction):
            most = high if isinstance(high, Fraction) else None
            still[one.kind] = _plus(still.get(one.kind), (low, most))
    return Money(known, still)


def _plus(
    one: tuple[Fraction, Fraction | None] | None, other: tuple[Fraction, Fraction | None]
) -> tuple[Fraction, Fraction | None]:
    if one is None:
        return other
    return one[0] + other[0], None if one[1] is None or other[1] is None else one[1] + other[1]


def _together(amounts: Iterable[Money]) -> Money:
    known: dict[Kind, Fraction] = {}
    still: dict[Kind, tuple[Fraction, Fraction | None]] = {}
    for each in amounts:
        for kind, value in each.known.items():
            known[kind] = known.get(kind, Fraction(0)) + value
        for kind, bounds in each.still.items():
            still[kind] = _plus(still.get(kind), bounds)
    return Money(known, still)


def _parts(result: ResultValue) -> Sequence[Judged]:
    return (result.total,) if result.items is None else result.items


def _own(judged: Judged, party: str) -> bool:
    """Whether the party itself bears it, as far as is known."""
    return judged.bearer is None or not judged.bearer.known or judged.bearer.value in (None, party)


__all__ = ["index_document"]
