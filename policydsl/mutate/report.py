"""The report of a mutation run, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from policydsl.diagnostics import Language
from policydsl.mutate.accepted import Accepted
from policydsl.mutate.model import Judgement
from policydsl.render.encode import Json, encode, number
from policydsl.render.values import decimal_text


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
    zh = lang == "zh"
    survivors = result.of("survived", "unreached")
    if survivors:
        yield f"{result.file}：没有示例发现的改动" if zh else f"{result.file}: changes that no example notices"
        yield ""
    for rule, of_rule in groupby(survivors, key=lambda j: j.mutant.rule):
        yield rule
        for (line, source), of_line in groupby(of_rule, key=lambda j: (j.mutant.at.line, j.mutant.line)):
            yield f"  第 {line} 行：{source}" if zh else f"  line {line}: {source}"
            for j in of_line:
                yield from _survivor(j, lang)
        yield ""
    accepted = result.of("accepted")
    if accepted:
        yield "已认可的改动（不计入得分）" if zh else "accepted changes (left out of the score)"
        for j in accepted:
            m = j.mutant
            yield (
                f"  第 {m.at.line} 行 {m.rule}“{m.text}”：{m.change.zh}。理由：{j.by}" if zh
                else f"  line {m.at.line} {m.rule} '{m.text}': {m.change.en}. Reason: {j.by}"
            )
        yield ""
    if result.stale:
        yield "认可已过时：示例已能发现，或政策里已没有这处" if zh else "stale acceptances: noticed by now, or gone"
        for a in result.stale:
            yield f"  {a.at.file}:{a.at.line} {a.rule}{'：' if zh else ': '}{a.change}"
        yield ""
    for name in result.failing:
        yield f"未用的示例（本身不通过）：{name}" if zh else f"example not used (it fails itself): {name}"
    yield summary(result, lang)


def _survivor(j: Judgement, lang: Language) -> Iterator[str]:
    m = j.mutant
    if lang == "zh":
        tried = "没有示例用到这里" if j.outcome == "unreached" else f"{j.tried} 个示例用到这里，没有发现"
        yield f"    “{m.text}”：{m.change.zh}（{tried}）" if m.text != m.line else f"    {m.change.zh}（{tried}）"
        yield f"      → {m.advice.zh}"
        return
    several = f"{j.tried} examples get here, none notices" if j.tried != 1 else "1 example gets here, unnoticed"
    tried = "no example gets here" if j.outcome == "unreached" else several
    yield f"    '{m.text}': {m.change.en} ({tried})" if m.text != m.line else f"    {m.change.en} ({tried})"
    yield f"      → {m.advice.en}"


def summary(result: Result, lang: Language) -> str:
    """One line: how many changes, how many noticed, the score."""
    killed, all_, accepted = len(result.of("killed")), len(result.judged), len(result.of("accepted"))
    left, whole = result.counted - killed, percent(result.score_with_accepted)
    if lang == "zh":
        waived = f"，认可 {accepted} 处" if accepted else ""
        with_waived = f"，认可的也算上为 {whole}" if accepted else ""
        return (
            f"{result.file}：改动 {all_} 处，示例发现 {killed} 处，未发现 {left} 处{waived}；"
            f"变异得分 {percent(result.score)}（{killed}/{result.counted}，用示例 {result.cases} 个）{with_waived}"
        )
    waived = f", {accepted} accepted" if accepted else ""
    with_waived = f", {whole} with the accepted counted" if accepted else ""
    return (
        f"{result.file}: {all_} changes, {killed} noticed, {left} not noticed{waived}; "
        f"mutation score {percent(result.score)} ({killed}/{result.counted}, by {result.cases} "
        f"{'example' if result.cases == 1 else 'examples'}){with_waived}"
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
