"""From a sheet to its explanation: every result asked for, in the order of near misses, and the targets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date

from policydsl.clause_kinds import Stance, traits
from policydsl.core import Program, Result
from policydsl.evaluate import lists
from policydsl.judge import AsOfFrom, Judge
from policydsl.evaluate.scope import Scope
from policydsl.evaluate.terms import Evaluator
from policydsl.explain.answers import question
from policydsl.explain.model import Distance, Explained, Explanation, Node, Question, Section, Target
from policydsl.explain.near import distance, total
from policydsl.explain.targets import Wish
from policydsl.explain.pieces import status_of, status_of_all
from policydsl.explain.tree import Builder
from policydsl.explain.trials import Trials, in_its_place
from policydsl.explain.worse import changes
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.members import dataclass
from policydsl.operators import conjunction
from policydsl.proof.steps import Step
from policydsl.verdict import Judged, ResultValue, Sum, Verdict

STANCES: tuple[Stance, ...] = ("wished", "plain", "averse")
MOST_EVALUATIONS = 1000
MOST_FOR_ALL = 400  # when a whole policy is explained
MOST_FOR_ONE = 40  # for one question, where there are many: the others are to have their turn
MOST_QUESTIONS = 12


def explain(
    program: Program, sheets: Sequence[Sheet], as_of: date, as_of_from: AsOfFrom = "option",
    settings: Mapping[str, Exact] | None = None, *, party: int = 0, only: Collection[str] | None = None,
    wishes: Sequence[Wish] = (), most: int | None = None, clauses: Mapping[str, str] | None = None,
) -> Explanation:
    """The explanation of one party's verdict.

    ``only``: the results to explain (None: all of them). ``wishes``: targets, each with what is missing to reach it.
    ``most``: how often the sheet may be judged to find out what answers lead to (by default fewer times when all the
    results are explained). ``clauses``: the wording of clauses.
    """
    if most is None:
        most = MOST_FOR_ALL if only is None and not wishes else MOST_EVALUATIONS
    return _Explainer(program, sheets, as_of, as_of_from, settings or {}, party, most).run(only, wishes, clauses or {})


@dataclass(slots=True)
class _Explainer:
    program: Program
    sheets: Sequence[Sheet]
    as_of: date
    as_of_from: AsOfFrom
    settings: Mapping[str, Exact]
    party: int
    most: int
    ev: Evaluator = field(init=False)
    trials: Trials = field(init=False)
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        self.ev = Evaluator(self.program, self.sheets, self.settings)
        self.trials = Trials(
            self.program, self.sheets, self.party, self.as_of, self.as_of_from, self.settings, self.most,
            MOST_FOR_ONE if self.most <= MOST_FOR_ALL else 0,
        )
        self.scope = self.ev.scope(self.party, self.as_of)

    def run(
        self, only: Collection[str] | None, wishes: Sequence[Wish], clauses: Mapping[str, str]
    ) -> Explanation:
        wanted = set(only or ()) | {w.result.name for w in wishes} if only is not None or wishes else None
        verdict = Judge(self.ev, self.party, self.as_of, self.as_of_from).verdict(only=wanted)
        targets = tuple(self.target(wish, verdict) for wish in wishes)
        chosen = [r for r in self.program.results if (only is None and not wishes) or (only and r.name in only)]
        deep = only is not None
        sections = [self.section(result, verdict.results[result.name], deep) for result in chosen]
        for_targets = [verdict.results[t.result] for t in targets if t.status == "unknown"]
        asked = self.questions([*for_targets, *(verdict.results[s.name] for s in by_nearness(sections))])
        sections = [replace(s, questions=asked.get(s.name, ())) for s in sections]
        targets = tuple(replace(t, questions=asked.get(t.result, ())) for t in targets)
        cut = any(q.cut for questions in asked.values() for q in questions)
        return Explanation(verdict, tuple(sections), targets, dict(clauses), self.trials.used, cut)

    # ------------------------------------------------------------------------------------------ results
    def section(self, result: Result, value: ResultValue, deep: bool) -> Section:
        entries = tuple(self.entries(result, value, lambda b, s: b.result(result, s), deep))
        return Section(
            value.name, value.alias, value.label, value.total, entries, value.clauses, value.remarks, value.unruled,
            value.at, value.items is not None,
        )

    def entries(
        self, result: Result, value: ResultValue, build: object, deep: bool
    ) -> Iterable[Explained]:
        assert callable(build)
        builder = Builder(self.program, deep=deep)
        if not result.judged:
            return
        if result.over is None:
            step = Step(self.ev, result.value, self.scope)
            yield explained(None, value.total, build(builder, step), working(builder, result, step, value.total))
            return
        judged = iter(value.items or ())
        for row, counted, inner in lists.members(self.ev, result.over, self.scope):
            scope = inner.only(row)
            if conjunction([counted, self.ev.test(result.included, scope)]).no:
                continue
            one, step = next(judged), Step(self.ev, result.value, scope)
            yield explained(row.key, one, build(builder, step), working(builder, result, step, one))

    # ------------------------------------------------------------------------------------------ what to ask
    def questions(self, values: Sequence[ResultValue]) -> dict[str, tuple[Question, ...]]:
        """What to ask for the undetermined results, what settles one first. One fact is tried out for all of them
        before the next, since the results share most of the work."""
        plan: dict[str, dict[str, str | None]] = {}  # fact -> result -> record
        places: dict[tuple[str, str], str] = {}  # (result, fact) -> the ledger it stands for
        for value in values:
            if value.total.status != "unknown":
                continue
            facts = {f: i.record for i in value.items or () if i.status == "unknown" for f in reversed(i.missing)}
            facts = {**dict.fromkeys(value.total.missing), **facts}
            for count, (fact, record) in enumerate(facts.items()):
                if count >= MOST_QUESTIONS:
                    break
                given = in_its_place(self.ev, self.scope, value.name, fact)
                for name in given or [fact]:
                    plan.setdefault(name, {})[value.name] = record
                    if given:
                        places[value.name, name] = fact
        out: dict[str, list[Question]] = {}
        for fact in sorted(plan, key=lambda f: ("]." in f, -len(plan[f]))):
            for result, record in plan[fact].items():
                made = question(self.trials, result, fact, record)
                out.setdefault(result, []).append(replace(made, instead=places.get((result, fact), "")))
        return {
            name: tuple(sorted(asked, key=lambda q: (q.cut, not q.decides, not any(b.decided for b in q.branches))))
            for name, asked in out.items()
        }

    # ------------------------------------------------------------------------------------------ targets
    def target(self, wish: Wish, verdict: Verdict) -> Target:
        result, value = wish.result, verdict.results[wish.result.name]
        entries = tuple(self.entries(result, value, lambda b, s: b.target(result, wish.value, s), True))
        if result.over is None:
            term = result.holds if wish.value is True and result.holds is not None else result.value
            status = status_of(self.ev.value(term, self.scope), wish.value)
            gate = status_of_all([n for e in entries for n in e.nodes if n.role == "for"])
            status = gate if gate != "met" and status != "unmet" else status
            if traits(result.label).reading == "tier" and status == "unmet":
                status = status_of_all([n for e in entries for n in e.nodes])  # a higher tier does not take it away
        elif value.total.status == "not_applicable":
            status = "unmet"
        else:  # what all records come to together, which is what the verdict says
            said = value.total.holds if wish.value is True and value.total.holds is not None else value.total.value
            status = status_of(said, wish.value)
        if status != "unmet":
            return Target(result.name, wish.words, status, entries)
        found = changes(self.trials, result, [(e.record, e.nodes) for e in entries])
        return Target(result.name, wish.words, status, entries, changes=found)


def explained(record: str | None, judged: Judged, nodes: tuple[Node, ...], sum_: Sum | None) -> Explained:
    return Explained(record, judged, nodes, Distance() if reached(judged) else nearness(nodes), sum_)


def reached(judged: Judged) -> bool:
    """Whether what is reported stands: a fine that is due, an amount that is known. What other rows would have asked
    is then short of nothing."""
    if judged.status != "known" or judged.kind.base == "choice":
        return False
    truth = judged.holds if judged.holds is not None else judged.value if judged.kind.base == "yesno" else None
    return truth.yes if truth is not None else judged.state is None and judged.value.known


def working(builder: Builder, result: Result, step: Step, judged: Judged) -> Sum | None:
    """How a value was worked out; of what does not concern the party nothing was."""
    return None if judged.status == "not_applicable" else builder.sums.of_result(result, step)


def nearness(nodes: Sequence[Node]) -> Distance:
    """Of a result: its conditions summed; of its rows the nearest that is better than what was reached."""
    rows = [n for n in nodes if n.form == "row"]
    rest = total(distance(n) for n in nodes if n.form != "row")
    open_rows = [distance(n) for n in rows if n.status != "met" and not n.superseded]
    return rest.plus(min(open_rows)) if open_rows else rest


def by_nearness(sections: Iterable[Section]) -> list[Section]:
    """What does not hold by nearness (what one tries to reach first, penalties and measures last), then what is open,
    then what holds, then plain values, then what does not apply."""
    order = {"unmet": 0, "unknown": 1, "met": 2, "value": 3, "na": 4}
    return sorted(
        sections,
        key=lambda s: (
            order[s.state], STANCES.index(traits(s.label).stance),
            min((e.distance for e in misses(s)), default=Distance()),
        ),
    )


def misses(section: Section) -> list[Explained]:
    """The entries that do not hold, or all of them where none does so."""
    failing = [e for e in section.entries if e.distance != Distance()]
    return failing or list(section.entries)


__all__ = ["MOST_EVALUATIONS", "by_nearness", "explain", "misses"]
