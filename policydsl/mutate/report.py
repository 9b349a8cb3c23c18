"""The report of a mutation run, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from policydsl.diagnostics import Language
from policydsl.members import dataclass
from policydsl.mutate.accepted import Accepted
from policydsl.mutate.model import Judgement
from policydsl.render.encode import Json, encode, number
from policydsl.render.values import decimal_text
from policydsl.say import bracketed, headed, say


@dataclass(frozen=True, slots=True)
class Result:
    """A mutation run: every judgement, the accepted entries that fit no survivor, the cases used and those left out
    because they do not pass on the policy itself (or wait for a person to confirm them)."""

    file: str
    judged: tuple[Judgement, ...]
    stale: tuple[Accepted, ...]
    cases: int
    failing: tuple[str, ...]

    def of(self, *outcomes: str) -> list[Judgement]:
        return [j for j in self.judged if j.outcome in outcomes]

    @property
    def counted(self) -> int:
        return len(self.judged) - len(self.of("accepted"))

    @property
    def score(self) -> Fraction:
        """Killed ÷ (all − accepted); with nothing to kill it is full."""
        return Fraction(len(self.of("killed")), self.counted) if self.counted else Fraction(1)

    @property
    def score_with_accepted(self) -> Fraction:
        """Killed ÷ all: what the score would be had nothing been accepted."""
        return Fraction(len(self.of("killed")), len(self.judged)) if self.judged else Fraction(1)


def percent(value: Fraction) -> str:
    """A score in percent, one decimal, cut off: 89.96 % is not 90 %."""
    tenths = value.numerator * 1000 // value.denominator
    return f"{decimal_text(Fraction(tenths, 10), 1)}%"


def text(result: Result, lang: Language) -> str:
    """The report for a reader: survivors by rule and line, what is accepted, what is stale, the score."""
    return "".join(line + "\n" for line in _lines(result, lang))


def _lines(result: Result, lang: Language) -> Iterator[str]:
    survivors = result.of("survived", "unreached")
    if survivors:
        yield say("mutation.survivors", lang, file=result.file)
        yield ""
    for rule, of_rule in groupby(survivors, key=lambda j: j.mutant.rule):
        yield rule
        for (line, source), of_line in groupby(of_rule, key=lambda j: (j.mutant.at.line, j.mutant.line)):
            yield say("mutation.at", lang, line=line, source=source)
            for j in of_line:
                yield from _survivor(j, lang)
        yield ""
    accepted = result.of("accepted")
    if accepted:
        yield say("mutation.accepted", lang)
        for j in accepted:
            m = j.mutant
            yield say(
                "mutation.accepted_one", lang, line=m.at.line, rule=m.rule, text=m.text, change=m.change[lang], by=j.by
            )
        yield ""
    if result.stale:
        yield say("mutation.stale", lang)
        for a in result.stale:
            yield headed(f"  {a.at.file}:{a.at.line} {a.rule}", lang, a.change)
        yield ""
    for name in result.failing:
        yield say("mutation.failing", lang, name=name)
    yield summary(result, lang)


def _survivor(j: Judgement, lang: Language) -> Iterator[str]:
    m = j.mutant
    key = "mutation.unreached" if j.outcome == "unreached" else "mutation.unnoticed"
    said = bracketed(m.change[lang], say(key, lang, count=j.tried), lang)
    yield "    " + (headed(say("mark.quoted", lang, text=m.text), lang, said) if m.text != m.line else said)
    yield f"      → {m.advice[lang]}"


def summary(result: Result, lang: Language) -> str:
    """One line: how many changes, how many noticed, the score."""
    killed, all_, accepted = len(result.of("killed")), len(result.judged), len(result.of("accepted"))
    waived = say("mutation.waived", lang, count=accepted) if accepted else ""
    whole = say("mutation.whole", lang, score=percent(result.score_with_accepted)) if accepted else ""
    cases = say("mutation.cases", lang, count=result.cases)
    return say(
        "mutation.summary", lang, file=result.file, all=all_, killed=killed, left=result.counted - killed,
        waived=waived, score=percent(result.score), counted=result.counted, cases=cases, whole=whole,
    )


def data(result: Result, lang: Language) -> Json:
    """The report as JSON."""
    return {
        "policy": result.file,
        "score": number(result.score, 4),
        "score_with_accepted": number(result.score_with_accepted, 4),
        "killed": len(result.of("killed")),
        "counted": result.counted,
        "mutants": len(result.judged),
        "examples": result.cases,
        "failing_examples": list(result.failing),
        "survivors": [_mutant(j, lang) for j in result.of("survived", "unreached")],
        "accepted": [{**_mutant(j, lang), "reason": j.by} for j in result.of("accepted")],
        "stale": [{"rule": a.rule, "change": a.change, "text": a.text, "line": a.at.line} for a in result.stale],
    }


def _mutant(j: Judgement, lang: Language) -> dict[str, Json]:
    m = j.mutant
    return {
        "rule": m.rule, "clauses": list(m.clauses), "line": m.at.line, "column": m.at.column, "source": m.line,
        "text": m.text, "family": m.family, "change": m.change[lang], "advice": m.advice[lang],
        "reached_by": j.tried,
    }


def json(results: Sequence[Result], lang: Language) -> str:
    """One object, or a list of them for several policies."""
    made = [data(r, lang) for r in results]
    return encode(made[0] if len(made) == 1 else list(made)) + "\n"
