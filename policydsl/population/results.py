"""The tables of results, put together from what was told of each party."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import field
from fractions import Fraction

from policydsl import catalogue
from policydsl.core import InputDecl, Program
from policydsl.domain import point
from policydsl.kinds import Kind
from policydsl.members import dataclass
from policydsl.place import NOWHERE
from policydsl.population.book import Cells, Head, Table, Value
from policydsl.population.gather import Problem
from policydsl.population.layout import header_of, unit_of
from policydsl.population.told import Report, Teller
from policydsl.population.values import possible, shown
from policydsl.say import headed, listed, say, word

MOST_CAUSES = 30
_SECTION = "section"
_TONES = {"settled": "good", "lacking": "open", "silent": "silent", "refused": "bad"}


@dataclass(slots=True)
class Tally:
    """What is counted over all parties."""

    status: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    granted: dict[tuple[str, str | None], Fraction] = field(default_factory=dict)  # by tier and currency
    got: Counter[str] = field(default_factory=Counter)
    amounts: dict[str, Fraction] = field(default_factory=dict)
    open: dict[str, Counter[str]] = field(default_factory=dict)
    bearers: dict[tuple[str, str], list[Fraction]] = field(default_factory=dict)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    effects: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    days: set[str] = field(default_factory=set)
    codes: Counter[str] = field(default_factory=Counter)

    def add(self, report: Report, teller: Teller) -> None:
        self.status[report.status] += 1
        if report.day:
            self.days.add(report.day)
        if teller.first:
            self.tiers[report.tier] += 1
        for name, (digits, open_) in report.money.items():
            if digits and Fraction(digits):
                value = Fraction(digits)
                self.got[name] += 1
                self.amounts[name] = self.amounts.get(name, Fraction(0)) + value
                if teller.part[name] == "gains":
                    place = report.tier, teller.money[name].currency
                    self.granted[place] = self.granted.get(place, Fraction(0)) + value
            elif open_:
                self.open.setdefault(name, Counter())[open_] += 1
        for name, who, digits in report.bearers:
            self.bearers.setdefault((name, who), []).append(Fraction(digits))
        for what, who, effect in report.causes:
            self.causes[what, who] += 1
            self.effects.setdefault((what, who), {})[effect] = None
        if report.status == "refused":
            self.codes.update({row[9].text for row in report.errors if row[8].text})

    @property
    def parties(self) -> int:
        return sum(self.status.values())


class Results:
    """Makes the tables; ``again`` walks through the reports once for each, with the lists of them that it names."""

    def __init__(
        self, program: Program, teller: Teller, again: Callable[[Collection[str]], Iterable[Report]], tally: Tally,
        problems: Sequence[Problem], settings: dict[str, object],
    ) -> None:
        self.program, self.teller, self.again, self.tally = program, teller, again, tally
        self.lang, self.problems, self.settings = teller.lang, problems, settings

    def say(self, key: str, **places: object) -> str:
        return word("told", key, self.lang, **places)

    def word(self, name: str) -> str:
        return word("table", name, self.lang)

    def tables(self, source: str) -> list[Table]:
        return [
            Table(self.word("summary"), (), list(self.summary(source)), widths=(34, 12, 22, 14, 50)),
            self.results(), self.grounds(), self.sums(), self.missing(), self.errors(),
        ]

    # ------------------------------------------------------------------------------------------ 汇总
    def last_line(self) -> str:
        """How many were judged, and how."""
        counts = self.tally.status
        said = [self.say("counted", what=self.say(s), count=counts[s]) for s in _TONES if counts[s]]
        every = self.say("all", count=self.tally.parties)
        return headed(every, self.lang, listed(said, self.lang, "comma")) if said else every

    def summary(self, source: str) -> Iterator[Cells]:
        header, tally = self.program.header, self.tally
        yield (Value(self.say("title", title=header.title), style="title"),)
        days = listed(sorted(tally.days)[:3], self.lang)
        version = say("verdict.version", self.lang, version=header.version) if header.version else ""
        about = [
            " ".join(x for x in (self.word("policy"), header.id, version) if x),
            f"{self.word('digest')} {self.program.digest[:23]}", f"{say('verdict.as_of', self.lang)} {days}".strip(),
            f"{self.say('input')} {source}",
        ]
        yield (Value(listed(about, self.lang, "semicolon"), style="dim"),)
        said = [self.last_line()]
        if self.settings:
            tried = listed((f"{n} {self.value_of(n, v)}" for n, v in self.settings.items()), self.lang)
            said.append(self.say("tried", names=tried))
        yield (Value(listed(said, self.lang, "semicolon"), style="dim"),)
        yield ()
        yield from self.block("by_status", ("status", "parties", "meaning"))
        for status, tone in _TONES.items():
            yield Value(self.say(status), style=tone), count(tally.status[status]), self.say(f"{status}_means")
        yield Value(self.say("total"), style="strong"), count(tally.parties, "strong")
        if self.teller.first:
            currencies = self.teller.currencies
            yield from self.block("by_tier", (self.teller.first, "parties", *("granted" for _ in currencies)))
            for tier, number in sorted(tally.tiers.items(), key=lambda one: -one[1]):
                yield tier, count(number), *(self.money(tally.granted.get((tier, one)), one) for one in currencies)
            sums = dict.fromkeys(currencies, Fraction(0))
            for (_, one), value in tally.granted.items():
                sums[one] += value
            ends = (self.money(value, one, "strong") for one, value in sums.items())
            yield Value(self.say("total"), style="strong"), count(tally.parties, "strong"), *ends
        yield from self.amounts("gains", "rewards", "got")
        yield from self.amounts("sanctions", "penalties", "parties")
        if tally.bearers:
            yield from self.block("by_bearer", ("title_of", "records", "sum", "bearer"))
            for (name, who), values in sorted(tally.bearers.items()):
                yield name, count(len(values)), self.money(sum(values, Fraction(0)), self.currency(name)), who
        if tally.causes:
            yield from self.block("by_cause", ("lacking_what", "parties", "who", "effect"))
            for (what, who), number in tally.causes.most_common(MOST_CAUSES):
                yield what, count(number), who, listed(list(tally.effects[what, who])[:3], self.lang, "semicolon")
        if tally.codes:
            yield from self.block("by_mistake", ("mistake", "parties", "meaning"))
            for code, number in tally.codes.most_common(MOST_CAUSES):
                yield code, count(number), catalogue.entry(code, self.lang).title

    def block(self, title: str, heads: Sequence[str]) -> Iterator[Cells]:
        yield ()
        yield (Value(self.say(title), style=_SECTION),)
        yield tuple(Value(self.say(h), style="head") for h in heads)

    def amounts(self, part: str, title: str, heading: str) -> Iterator[Cells]:
        names = [n for n in self.teller.names if self.teller.part[n] == part and n in self.teller.money]
        if not names:
            return
        yield from self.block(title, ("title_of", heading, "sum", "open_parties", "open_part"))
        for name in names:
            open_ = self.tally.open.get(name, Counter())
            parts = (self.say("of_parties", what=w, count=n) for w, n in open_.most_common(4))
            told = listed(parts, self.lang, "semicolon")
            yield (name, count(self.tally.got[name]), self.money(self.tally.amounts.get(name), self.currency(name)),
                   count(sum(open_.values())), told)
        if part != "gains":
            return  # what is paid, and what is only reckoned as performance, do not add up
        for one in self.teller.currencies:
            mine = (self.tally.amounts.get(n, Fraction(0)) for n in names if self.currency(n) == one)
            yield Value(self.say("total"), style="strong"), "", self.money(sum(mine, Fraction(0)), one, "strong")

    def currency(self, name: str) -> str | None:
        return self.teller.money[name].currency

    def money(self, value: Fraction | None, currency: str | None, style: str = "") -> Value:
        """An amount; where rewards are in several currencies it is told in words, since a number does not say which."""
        if not value:
            return Value("–", style="dim")
        made = possible(point(value), Kind("money", currency=currency), self.program, style, self.teller.writer)
        return made if len(self.teller.currencies) == 1 else Value(made.text, style=style)

    def value_of(self, name: str, value: object) -> str:
        return shown(value, self.program.inputs[name].kind, self.program).text  # type: ignore[arg-type]

    # ------------------------------------------------------------------------------------------ the other sheets
    def results(self) -> Table:
        teller, lang = self.teller, self.lang
        kinds = {r.name: r.value.kind for r in self.program.results}
        heads = [Head(self.word("id"), width=12), Head(self.say("name"), width=18), Head(self.say("status"), width=10),
                 Head(say("verdict.as_of", lang), width=12)]
        for name in teller.names:
            kind = kinds[name]
            unit = unit_of(kind, self.program, False) if kind.base in ("money", "points", "count") else ""
            decl_words = header_text(name, kind, unit, self.program)
            heads.append(Head(decl_words, width=min(26, max(12, len(decl_words) + 4))))
        units = (unit_of(Kind("money", currency=one), self.program, False) for one in teller.currencies)
        heads += [
            *(Head(self.say("granted_sum", unit=unit), width=16) for unit in units), Head(self.say("unmet"), width=36),
            Head(self.say("short"), width=44), Head(self.say("next_day"), width=26),
            Head(self.say("how_many"), width=9), Head(self.say("see"), width=9),
        ]
        summed = tuple(4 + i for i, n in enumerate(teller.names) if n in teller.money and teller.part[n] in (
            "gains", "sanctions"))
        return Table(self.word("results"), tuple(heads), self.result_rows(), 2, summed=(*summed, *self.due()),
                     summed_text=self.say("total_known"))

    def numeric(self) -> frozenset[int]:
        """Which columns are numbers: of results that are, what is due, how much is missing."""
        kinds = {r.name: r.value.kind.base for r in self.program.results}
        names = self.teller.names
        found = {4 + i for i, n in enumerate(names) if kinds[n] in ("money", "percent", "count", "points", "number")}
        due = self.due()
        return frozenset({*found, *due, due.stop + 3})

    def due(self) -> range:
        """The columns of what is due in all, one a currency."""
        first = 4 + len(self.teller.names)
        return range(first, first + len(self.teller.currencies))

    def result_rows(self) -> Iterator[Cells]:
        """The last cell leads to the grounds, or to what is wrong."""
        grounds, errors = 2, 2 + len(self.problems)
        for report in self.again(()):
            link = Value()
            if report.grounds:
                link = Value(self.word("grounds"), link=f"{self.word('grounds')}!A{grounds}")
            elif report.status == "refused" and report.errors:
                link = Value(self.word("errors"), link=f"{self.word('errors')}!A{errors}")
            grounds += len(report.grounds)
            errors += len(report.errors)
            yield (*report.results, link)

    def grounds(self) -> Table:
        heads = self.heads(("rule", 20), ("record", 14), ("row", 14), ("condition", 44), ("actual", 18),
                           ("required", 18), ("gap", 16), ("met", 8), ("clauses", 26))
        return Table(self.word("grounds"), heads, (row for r in self.again(("grounds",)) for row in r.grounds), 2)

    def sums(self) -> Table:
        heads = self.heads(("rule", 20), ("record", 14), ("step", 10), ("how", 70), ("base", 16), ("rate", 10),
                           ("limit", 8), ("rounding", 8), ("comes_to", 16), ("bearer", 14), ("clauses", 26))
        return Table(self.word("sums"), heads, (row for r in self.again(("sums",)) for row in r.sums), 2)

    def missing(self) -> Table:
        heads = self.heads(("lacking_what", 40), ("where", 16), ("effect", 44), ("alone", 12), ("who", 12))
        return Table(self.word("missing"), heads, (row for r in self.again(("missing",)) for row in r.missing), 2)

    def heads(self, *more: tuple[str, int]) -> tuple[Head, ...]:
        first = (Head(self.word("id"), width=12), Head(self.say("name"), width=18))
        return (*first, *(Head(self.say(name), width=width) for name, width in more))

    def errors(self) -> Table:
        names = (("level", 8), ("sheet", 14), ("cell", 10), ("id", 12), ("name", 18), ("read", 20), ("problem", 60),
                 ("repair", 44), ("outcome", 12), ("code", 12))
        heads = tuple(Head(self.word("id") if n == "id" else self.say(n), width=w) for n, w in names)
        ours = [self.teller.error(p) for p in self.problems]
        rows = (row for rows in (ours, *(r.errors for r in self.again(("errors",)))) for row in rows)
        return Table(self.word("errors"), heads, rows, 1)


def header_text(name: str, kind: Kind, unit: str, program: Program) -> str:
    """The header of a column of results, with its unit."""
    return header_of(InputDecl(name, None, kind, NOWHERE), unit, program.header.dialect)


def count(number: int, style: str = "") -> Value:
    return Value(str(number), str(number), "count", style) if number else Value("–", style=style or "dim")
