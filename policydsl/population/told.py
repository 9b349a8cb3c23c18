"""A verdict in rows: what a table of results says of one party, plain enough to be kept in a file of lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, NamedTuple

from policydsl import report
from policydsl.clause_kinds import Part, traits
from policydsl.core import EVERYONE, Program
from policydsl.kinds import TEXT
from policydsl.population.book import Value
from policydsl.population.gather import Problem
from policydsl.population.grid import cell_name
from policydsl.population.layout import headlines
from policydsl.population.values import possible
from policydsl.render import sums
from policydsl.render.outcome import fact_name, holds, plain_words, some, total
from policydsl.render.sums import Line
from policydsl.render.periods import by_name
from policydsl.render.values import Writer
from policydsl.say import headed, listed, say, word
from policydsl.summary import Summary, summary
from policydsl.verdict import Entry, Judged, Missing, ResultValue, Sum, Verdict

Status = Literal["settled", "lacking", "silent", "refused"]
Cells = list[Value]
MOST_GROUNDS, MOST_SUMS = 400, 200  # rows of one party
SUMMED: frozenset[Part] = frozenset(("standing", "duties", "days"))  # what is told of in a few words


class Report(NamedTuple):
    """All that the tables say of one party. ``money``: of each reward or sanction in money what is known of it (the
    exact digits, or nothing) and what is told of the rest; ``tier``: the first headline as it is counted; ``causes``:
    what something waits for, who gives it, what it bears on."""

    id: str
    name: str
    row: int
    status: Status
    day: str
    tier: str
    results: Cells
    grounds: list[Cells]
    sums: list[Cells]
    missing: list[Cells]
    errors: list[Cells]
    money: dict[str, tuple[str, str]]
    bearers: list[tuple[str, str, str]]
    causes: list[tuple[str, str, str]]
    marks: list[tuple[str, int, int, str, str]]


class Teller:
    """Tells the verdicts of one policy in one language. ``asked``: the results that a verdict has to have (None: all);
    ``traced``: those of which it has to have entries."""

    def __init__(self, program: Program, lang: Literal["zh", "en"], whole: bool = False) -> None:
        self.program, self.lang = program, lang
        self.writer = Writer.of(program.header, lang)
        found = {r.name: r for r in program.results}
        self.names = [n for n in headlines(program) if n in found]
        self.every: Collection[str] = found if whole else frozenset(self.names)
        self.part = {n: traits(found[n].label).part for n in found}
        self.money = {n: found[n].value.kind for n in found if found[n].value.kind.base == "money"}
        gained = (self.money[n].currency for n in self.names if n in self.money and self.part[n] == "gains")
        self.currencies = tuple(dict.fromkeys(gained)) or (None,)  # of rewards; that of the policy is None
        self.first = next((n for n in self.names if traits(found[n].label).reading == "tier"), "")
        summed = {n for n, part in self.part.items() if part in SUMMED}
        bringing = {n for n, r in found.items() if r.effects}  # what a measure is told with hangs on who brings it
        self.traced = None if whole else frozenset((*self.names, *summed))
        self.asked = None if whole else frozenset((*self.names, *summed, *bringing))

    def say(self, key: str, **places: object) -> str:
        return word("told", key, self.lang, **places)

    # ------------------------------------------------------------------------------------------ one party
    def refused(self, id_: str, name: str, row: int, problems: Sequence[Problem]) -> Report:
        """A party that was not judged."""
        wrong = [p for p in problems if p.diagnostic.severity == "error"]
        places = [f"{p.diagnostic.span.file}!{cell_name(p.diagnostic.span)}" for p in wrong if p.diagnostic.span.line]
        shown = listed(places[:8], self.lang)
        said = self.say("mistakes", count=len(wrong), places=shown) if places else self.say("held")
        blank = Value()
        status = Value(self.say("refused"), style="bad")
        results = [Value(id_), Value(name), status, blank, *(blank for _ in (*self.names, *self.currencies)), blank,
                   Value(said, style="owed"), blank, blank]
        return Report(
            id_, name, row, "refused", "", self.say("refused"), results, [], [], [],
            self.errors(problems, id_, name), {}, [], [], self.marks(problems),
        )

    def judged(
        self, id_: str, row: int, verdict: Verdict, problems: Sequence[Problem], cells: dict[str, str]
    ) -> Report:
        """A verdict. ``cells``: where a fact of the party stands, or its row could be added."""
        verdict = by_name(verdict, self.writer)
        found = summary(verdict, self.writer, parts=SUMMED)
        shown = [verdict.results[n] for n in self.names if n in verdict.results]
        status = self.status(shown)
        missing = list(self.missing(id_, verdict, cells))
        day = verdict.as_of.isoformat(" ") if isinstance(verdict.as_of, datetime) else verdict.as_of.isoformat()
        form = "instant" if isinstance(verdict.as_of, datetime) else "date"
        tone = {"settled": "good", "lacking": "open", "silent": "silent"}.get(status, "")
        granted = self.granted(shown)
        results = [
            Value(id_), Value(verdict.party), Value(self.say(status), style=tone), Value(day, day, form),
            *(self.cell(r, verdict) for r in shown), *(self.amount(granted, one) for one in self.currencies),
            Value(self.unmet(found)), self.lacking(found, status), Value(self.deadline(found, verdict)),
            Value(str(len(missing)), str(len(missing)), "count") if missing else Value(),
        ]
        return Report(
            id_, verdict.party, row, status, day, self.tier(verdict), results,
            self.grounds(id_, verdict), self.sums(id_, verdict, shown), missing,
            self.errors(problems, id_, verdict.party), {r.name: self.sum_of(r) for r in shown if self.counted(r)},
            list(self.bearers(shown)),
            [(w[2].text, w[6].text, w[4].text) for w in missing], self.marks(problems),
        )

    def status(self, shown: Sequence[ResultValue]) -> Status:
        """What keeps a party from being settled: facts that it lacks, else what the policy does not say. A reward of
        which only the sum is not stated leaves it settled."""
        open_ = [r.total for r in shown if r.total.status in ("unknown", "conflict")]
        if any(j.missing for j in open_):
            return "lacking"
        return "silent" if any(not _only_the_sum(j) for j in open_) else "settled"

    def tier(self, verdict: Verdict) -> str:
        result = verdict.results.get(self.first)
        if result is None:
            return ""
        if result.total.status == "unknown":
            return self.say("undecided")
        if result.total.status == "known" and result.total.value.values == (None,):
            return say("verdict.no_tier", self.lang)
        return total(result, self.writer).text

    # ------------------------------------------------------------------------------------------ 结果
    def cell(self, result: ResultValue, verdict: Verdict) -> Value:
        judged, kind = result.total, result.total.kind
        match judged.status:
            case "not_applicable":
                return Value(total(result, self.writer).text, style="dim")
            case "conflict":
                return Value(total(result, self.writer).text, style="bad")
            case "unknown":
                if judged.silent:
                    return Value(self.say("not_stated"), style="silent")
                return Value(total(result, self.writer).text, style="open")
        plain = judged.value.known and isinstance(judged.value.value, Fraction | date)
        if judged.holds is not None and judged.holds.no and kind.base == "money":
            return Value("–", style="dim")
        if not plain or result.items is not None and kind.base not in ("money", "count"):
            return Value(total(result, self.writer).text)
        owed = self.part[result.name] == "sanctions" and judged.value.value != 0
        return possible(judged.value, kind, self.program, "owed" if owed else "", self.writer)

    def counted(self, result: ResultValue) -> bool:
        return result.name in self.money and self.part[result.name] in ("gains", "sanctions")

    def sum_of(self, result: ResultValue) -> tuple[str, str]:
        """What is known of an amount as digits; of one that is open, what is told of it."""
        judged = result.total
        idle = judged.status == "known" and judged.holds is not None and judged.holds.no
        if judged.status == "not_applicable" or idle:
            return "", ""
        value = judged.value.value if judged.status == "known" and judged.value.known else None
        if isinstance(value, Fraction):
            return str(value), ""
        if judged.status == "known":
            return "", ""
        return "", self.say("not_stated") if judged.silent else self.writer.possible(judged.value, judged.kind)

    def granted(self, shown: Sequence[ResultValue]) -> dict[str | None, Fraction]:
        """What is surely due to the party, by its currency."""
        due = dict.fromkeys(self.currencies, Fraction(0))
        for result in shown:
            if self.counted(result) and self.part[result.name] == "gains":
                due[result.total.kind.currency] += Fraction(self.sum_of(result)[0] or 0)
        return due

    def amount(self, due: Mapping[str | None, Fraction], currency: str | None) -> Value:
        from policydsl.domain import point
        from policydsl.kinds import Kind

        if not self.money:
            return Value()
        value, kind = due[currency], Kind("money", currency=currency)
        return possible(point(value), kind, self.program, "good" if value else "dim", self.writer)

    def bearers(self, shown: Sequence[ResultValue]) -> Iterator[tuple[str, str, str]]:
        """Who bears what is to be paid, with the amounts."""
        for result in shown:
            if self.part[result.name] != "sanctions" or result.name not in self.money:
                continue
            for judged in result.items if result.items is not None else (result.total,):
                value = judged.value.value if judged.status == "known" and judged.value.known else None
                if holds(judged) and isinstance(value, Fraction) and judged.bearer is not None:
                    yield result.name, self.writer.possible(judged.bearer, TEXT), str(value)

    def unmet(self, found: Summary) -> str:
        lines = [line for told in found.parts if told.part == "duties" for line in told.lines if line.mark == "bad"]
        return "\n".join(headed(x.name, self.lang, x.text) if x.name else x.text for x in lines)

    def lacking(self, found: Summary, status: Status) -> Value:
        """What is missing to the next tier; what has to be filled in."""
        wants = [w.what for w in found.wants if w.who == "partner"]
        said = [self.say("fill", names=listed(wants[:4], self.lang))] if wants and status == "lacking" else []
        for told in found.parts:
            if told.part == "standing":
                said += [line.text.removeprefix(line.value).strip("；;，, ") for line in told.lines if line.value]
        return Value("\n".join(x for x in said if x), style="open" if status == "lacking" else "")

    def deadline(self, found: Summary, verdict: Verdict) -> str:
        today = verdict.as_of.date() if isinstance(verdict.as_of, datetime) else verdict.as_of
        days = [x for told in found.parts if told.part == "days" for x in told.lines if x.day and x.day >= today]
        first = min(days, key=lambda x: x.day or today, default=None)
        return f"{first.columns[0]} {first.name}" if first is not None else ""

    # ------------------------------------------------------------------------------------------ 依据
    def grounds(self, id_: str, verdict: Verdict) -> list[Cells]:
        rows: dict[tuple[str, ...], Cells] = {}
        for entry in verdict.trace:
            if entry.rule not in self.every or entry.record is not None and entry.status != "fired":
                continue
            for row in self.findings(id_, verdict, entry):
                if len(rows) < MOST_GROUNDS:
                    rows.setdefault(tuple(v.text for v in row), row)
        return list(rows.values())

    def findings(self, id_: str, verdict: Verdict, entry: Entry) -> Iterator[Cells]:
        for f in entry.findings:
            blank = Value()
            sides = [possible(p, f.kind, self.program, writer=self.writer) if p is not None else blank
                     for p in (f.actual, f.required)]
            gap = Value(self.writer.lasting(f.gap, f.kind)) if f.gap is not None else blank
            tone = {"yes": "", "no": "owed", "unknown": "open"}[f.status]
            yield [
                Value(id_), Value(verdict.party), Value(entry.rule), Value(entry.record or ""),
                Value(word("role", entry.label, self.lang)),
                Value(plain_words(f.text)), *sides, gap, Value(self.say(f"is_{f.status}"), style=tone),
                Value(listed(entry.clauses, self.lang)),
            ]

    # ------------------------------------------------------------------------------------------ 计算
    def sums(self, id_: str, verdict: Verdict, shown: Sequence[ResultValue]) -> list[Cells]:
        """How amounts and scores were worked out: the sum itself, then what its parts are made of."""
        wanted = {r.name: r for r in shown}
        rows: list[Cells] = []
        for entry in verdict.trace:
            made = entry.working
            result = wanted.get(entry.rule)
            if made is None or result is None or entry.row is not None or entry.label:
                continue
            if made.form == "due" or result.total.kind.base not in ("money", "points", "count", "percent", "number"):
                continue
            judged = result.total if entry.record is None else next(
                (i for i in result.items or () if i.record == entry.record), result.total)
            for number, line in enumerate(sums.lines(made, self.writer)):
                if len(rows) < MOST_SUMS:
                    rows.append(self.step(id_, verdict, entry, line, judged, number))
        return rows

    def step(self, id_: str, verdict: Verdict, entry: Entry, line: Line, judged: Judged, number: int) -> Cells:
        blank = Value()
        first = number == 0
        strong = "strong" if first else ""
        base, rate, limit, rounded = _figures(line.made) if first else (None, None, False, False)
        value = judged.value if first else line.made.value
        kind = judged.kind if first else line.made.kind
        bearer = judged.bearer
        said = line.text if first else headed(line.head, self.lang, line.text) if line.head else line.text
        return [
            Value(id_), Value(verdict.party), Value(entry.rule, style=strong), Value(entry.record or ""),
            Value(self.say("step_result" if first else "step_part")), Value(("　" * max(0, line.depth - 1)) + said),
            possible(base.value, base.kind, self.program, writer=self.writer) if base is not None else blank,
            possible(rate.value, rate.kind, self.program, writer=self.writer) if rate is not None else blank,
            Value(self.say("limited")) if limit else blank, Value(self.say("rounded")) if rounded else blank,
            possible(value, kind, self.program, strong, self.writer),
            Value(self.writer.possible(bearer, TEXT)) if first and bearer is not None else blank,
            Value(listed(entry.clauses or line.made.clauses, self.lang)),
        ]

    # ------------------------------------------------------------------------------------------ 还缺
    def missing(self, id_: str, verdict: Verdict, cells: dict[str, str]) -> Iterator[Cells]:
        """What a headline waits for: facts, then what the policy does not say."""
        groups: dict[tuple[str, str, bool], list[Missing]] = {}
        for one in verdict.missing:
            if set(one.wanted_by) & set(self.names):
                ledger, _, rest = one.fact.partition("[")
                field = rest.partition("].")[2]
                groups.setdefault((ledger if field else one.fact, field, one.parameter), []).append(one)
        for (name, field, parameter), found in groups.items():
            by = [n for n in self.names if any(n in m.wanted_by for m in found)]
            records = [m.fact.partition("[")[2].partition("].")[0] for m in found]
            what = fact_name(name, self.lang)
            if field:
                what = say("screen.field_of", self.lang, ledger=name, field=field, records=some(records, self.lang))
            facts = {m.fact for m in found}
            alone = len(found) == 1 and any(set(verdict.results[n].total.missing) == facts for n in by)
            who = "author" if parameter else "everyone" if name == EVERYONE else "partner"
            yield self.wanted(id_, verdict, what, cells.get(name, ""), by, who, alone)
        silent: dict[str, list[str]] = {}
        for result in (verdict.results[n] for n in self.names if n in verdict.results):
            if result.total.status == "unknown" and "not_stated" in result.total.reasons:
                silent.setdefault(listed(result.clauses, self.lang), []).append(result.name)
        for clauses, by in silent.items():
            what = headed(self.say("not_stated"), self.lang, clauses) if clauses else self.say("not_stated")
            yield self.wanted(id_, verdict, what, "", by, "issuer", False)

    def wanted(
        self, id_: str, verdict: Verdict, what: str, where: str, by: Sequence[str], who: str, alone: bool
    ) -> Cells:
        tone = {"issuer": "silent", "partner": "open"}.get(who, "")
        return [
            Value(id_), Value(verdict.party), Value(what), Value(where, link=where) if where else Value(),
            Value(listed(by, self.lang)), Value(self.say("is_yes") if alone else ""),
            Value(self.say("who_partner") if who == "partner" else word("who", who, self.lang), style=tone),
        ]

    # ------------------------------------------------------------------------------------------ 错误
    def errors(self, problems: Sequence[Problem], id_: str, name: str) -> list[Cells]:
        return [self.error(p, id_, name) for p in problems]

    def error(self, problem: Problem, id_: str = "", name: str = "") -> Cells:
        d = problem.diagnostic
        level = {"error": "bad", "warning": "open", "notice": "told"}[d.severity]
        where = cell_name(d.span)
        effect = self.say("not_judged") if d.severity == "error" else ""
        if d.severity == "error" and not id_ and not problem.party:
            effect = self.say("nobody_judged")
        return [
            Value(self.say(f"level_{d.severity}"), style=level), Value(d.span.file),
            Value(where, link=f"{d.span.file}!{where}") if where else Value(), Value(id_ or problem.party), Value(name),
            Value(problem.read), Value(report.headline(d, self.lang)),
            Value("\n".join(report.advice(d, self.lang))), Value(effect), Value(d.code),
        ]

    def marks(self, problems: Sequence[Problem]) -> list[tuple[str, int, int, str, str]]:
        """The cells of the input that are marked, with a note."""
        style = {"error": "bad", "warning": "open", "notice": "told"}
        return [
            (d.span.file, d.span.line, d.span.column, style[d.severity],
             "\n".join([report.headline(d, self.lang), *report.advice(d, self.lang), d.code]))
            for d in (p.diagnostic for p in problems) if d.span.line and d.span.column
        ]


def _only_the_sum(judged: Judged) -> bool:
    """Whether a clause is known to hold or not, and only how much that is worth the policy does not say."""
    return judged.silent and judged.kind.base == "money" and (judged.holds is None or judged.holds.known)


def _figures(made: Sum) -> tuple[Sum | None, Sum | None, bool, bool]:
    """Of an amount the base and the rate that it is made of, whether a limit and whether a rounding took part."""
    limit = rounded = False
    while True:
        limit = limit or made.form in ("min", "max", "clamp", "short")
        rounded = rounded or made.form == "round"
        if made.form == "*":
            rate = next((p for p in made.parts if p.kind.base == "percent"), None)
            base = next((p for p in made.parts if p.kind.base in ("money", "count", "number") and p is not rate), None)
            return base, rate, limit, rounded
        inner = [p for p in made.parts if p.parts and p.form not in ("before", "not_after")]
        if made.form not in ("rule", "round", "min", "max", "clamp", "row", "short") or len(inner) != 1:
            return None, None, limit, rounded
        (made,) = inner
