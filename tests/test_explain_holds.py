"""What explain says is what eval then gives, on the shipped policies: answers lead where they are said to, a target
that is filled in as it is listed is reached, and nothing that people read has an internal name in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from shipped import shipped

from policydsl.boundaries import Cell
from policydsl.core import Program
from policydsl.diagnostics import Language
from policydsl.engine import Policy
from policydsl.evaluate import Evaluator
from policydsl.explain import Explanation, Node, explain
from policydsl.explain.answers import outcome_of, signature
from policydsl.explain.pages import explanation_document
from policydsl.explain.targets import UnknownTargetError, wish
from policydsl.explain.text import explanation_text
from policydsl.explain.trials import Trials, with_value
from policydsl.facts import Sheet
from policydsl.handbook import handbook
from policydsl.judge import Judge
from policydsl.kinds import Exact
from policydsl.render.markdown import markdown
from policydsl.render.page import page
from policydsl.render.text import verdict_text
from policydsl.sheet import read_sheets

ROOT = Path(__file__).parents[1]
EXAMPLES = {
    "2022_inspur_unfinished": "2022_inspur", "2022_inspur": "2022_inspur", "alicloud_fy22": "alicloud_fy22",
    "h3c_star_2024": "h3c_star_2024", "huawei_2025": "huawei_2025", "inspur_bid_2018": "inspur_bid_2018",
}
QUICK = "2022_inspur_unfinished"
FEW = ("IVR等级", "认证人数达标", "参会规模达到预期", "旧库存报备截止")
BOTH: tuple[Language, ...] = ("zh", "en")


def given(example: str) -> tuple[Policy, list[Sheet], date]:
    policy = shipped(ROOT / "policies" / f"{EXAMPLES[example]}.pol")
    path = ROOT / "examples" / f"{example}.yaml"
    sheets = read_sheets(path.read_text("utf-8"), path.name, policy.program)
    assert sheets[0].as_of is not None
    return policy, sheets, sheets[0].as_of


@cache
def explained(example: str, *only: str) -> Explanation:
    policy, sheets, day = given(example)
    return explain(policy.program, sheets, day, "sheet", only=only or None)


# ---------------------------------------------------------------------------------------------- answers
def inside(cell: Cell) -> Iterator[Exact]:
    """The example of a part and its ends."""
    yield cell.sample
    if cell.ordered:
        yield from cell.edges


def wrong_answers(example: str, explanation: Explanation) -> Iterator[str]:
    """Every answer of which eval says otherwise than explain did."""
    policy, sheets, day = given(example)
    program = policy.program
    trials = Trials(program, sheets, 0, day, "sheet", {})
    results = {r.name: r for r in program.results}
    for section in explanation.sections:
        for asked in section.questions:
            place = trials.place(asked.fact)
            if place is None or not asked.branches:
                continue
            for branch in asked.branches:
                values = [branch.answer.sample] if branch.moves or not branch.exact else [*inside(branch.answer)]
                for value in values:
                    settings = {place.decl.name: value} if place.decl.parameter else {}
                    told = sheets if settings else [with_value(sheets[0], place, value), *sheets[1:]]
                    judge = Judge(Evaluator(program, told, settings), 0, day, "sheet")
                    made = outcome_of(judge.reported(results[section.name]), asked.of or None)
                    said = branch.outcome
                    if made.status != said.status or made.status == "known" and signature(made) != signature(said):
                        yield f"{section.name}: {asked.fact} = {value}: {made.status} {made.value}, told {said.value}"


def test_an_answer_leads_where_it_is_said_to() -> None:
    found = explained(QUICK, *FEW)
    assert sum(len(q.branches) for s in found.sections for q in s.questions) > 8
    assert not list(wrong_answers(QUICK, found))


@pytest.mark.nightly
@pytest.mark.parametrize("example", EXAMPLES)
def test_every_answer_leads_where_it_is_said_to(example: str) -> None:
    assert not list(wrong_answers(example, explained(example)))


# ---------------------------------------------------------------------------------------------- targets
def wanted(program: Program, nodes: Sequence[Node]) -> dict[str, Exact] | None:
    """The facts that the conditions listed as not known ask for, at the value asked; None where one is no plain fact
    that is missing."""
    out: dict[str, Exact] = {}
    for node in nodes:
        if node.status == "met":
            continue
        compared = node.finding is not None and node.finding.required is not None
        if node.children and node.form != "value" and not compared:
            options = [node.children] if node.form != "any" else [(c,) for c in node.children]
            made = next((m for m in (wanted(program, o) for o in options) if m), None)
        else:
            made = asked(program, node)
        if made is None or any(out.get(k, v) != v for k, v in made.items()):
            return None
        out |= made
    return out


def asked(program: Program, node: Node) -> dict[str, Exact] | None:
    """What one comparison, or one yes or no, asks of a fact."""
    finding = node.finding
    decl = program.inputs.get(node.name)
    if finding is None or decl is None or node.bars or node.status != "unknown":
        return None
    if decl.kind.base == "yesno" and finding.op in ("", "not"):
        return {decl.name: finding.op == ""}
    required = finding.required.value if finding.required is not None and finding.required.known else None
    if finding.op in (">=", "<=", "=") and isinstance(required, Fraction | str | date) and finding.subject == decl.name:
        return {decl.name: required}
    return None


def filled_in(example: str, names: Sequence[str] = ()) -> tuple[int, list[str]]:
    """How many targets could be filled in as listed, and those that were not reached then."""
    policy, sheets, day = given(example)
    count, missed = 0, []
    for name in names or [r.name for r in policy.program.results]:
        try:
            meant = wish(name, policy.program)
        except UnknownTargetError:
            continue
        (target,) = explain(policy.program, sheets, day, "sheet", wishes=[meant], most=1).targets
        if target.status == "met" or len(target.entries) != 1 or target.entries[0].record is not None:
            continue
        values = wanted(policy.program, target.entries[0].nodes)
        if not values:
            continue
        parameters = {k: v for k, v in values.items() if policy.program.inputs[k].parameter}
        facts = {**sheets[0].values, **{k: v for k, v in values.items() if k not in parameters}}
        told = [replace(sheets[0], values=facts), *sheets[1:]]
        again = explain(policy.program, told, day, "sheet", parameters, wishes=[meant], most=1)
        count += 1
        if again.targets[0].status != "met":
            missed.append(f"{meant.words}: {values}")
        total = again.verdict.results[meant.result.name].total
        if meant.value is not True and total.value.values != (meant.value,):
            missed.append(f"{meant.words}: {total.value}")
    return count, missed


def test_a_target_filled_in_as_listed_is_reached() -> None:
    more = ("金牌IVR", "钻石IVR", "最低销售认证", "DSR完整", "破冰资格", "可享奖励计划")
    count, missed = filled_in(QUICK, (*FEW, *more))
    assert count >= 1 and not missed


@pytest.mark.nightly
@pytest.mark.parametrize("example", EXAMPLES)
def test_every_target_filled_in_as_listed_is_reached(example: str) -> None:
    _, missed = filled_in(example)
    assert not missed


# ---------------------------------------------------------------------------------------------- words
# Names of the program's own: with an underscore, of the engine (@day), of Python; in a Chinese sentence keys of tables.
INTERNAL = re.compile(
    r"\b(?:None|True|False|Fraction|nan)\b|(?<![\w.])@\w+|(?<![\w/.#-])[a-z]+(?:_[a-z0-9]+)+\b"
    r"|\d{4} (?:month|quarter|year) \d|未定（未知）|(?:不低于|不超过|at least|at most) (?:不限|any)\b"
)
ENGLISH = re.compile(r"\b(?:effect|parameter|missing|when|case|exception|undetermined|lacking)\b")


def internal(text: str, program: Program, lang: Language) -> list[str]:
    """Internal names in a text that people read; the author's aliases are the author's."""
    own = {a for thing in (*program.inputs.values(), *program.lists.values(), *program.results) if (a := thing.alias)}
    own |= {f.alias for ledger in program.lists.values() for f in ledger.fields if f.alias}
    found = [m.group() for m in INTERNAL.finditer(text) if m.group() not in own]
    return found + (ENGLISH.findall(text) if lang == "zh" else [])


def outputs(example: str, *only: str) -> Iterator[tuple[str, Language, str]]:
    policy, sheets, day = given(example)
    (verdict,) = policy.judge(sheets, day)
    found = explained(example, *only)
    for lang in BOTH:
        yield "eval", lang, verdict_text(verdict, lang)
        yield "explain", lang, explanation_text(found, lang)
        yield "markdown", lang, markdown(explanation_document([found], lang))


def test_no_output_has_an_internal_name_in_it() -> None:
    policy, _, _ = given(QUICK)
    for what, lang, text in outputs(QUICK, *FEW):
        assert not internal(text, policy.program, lang), (what, lang)


@pytest.mark.nightly
@pytest.mark.parametrize("example", EXAMPLES)
def test_no_output_of_any_example_has_an_internal_name_in_it(example: str) -> None:
    policy, _, _ = given(example)
    for what, lang, text in outputs(example):
        assert not internal(text, policy.program, lang), (what, lang)
    for lang in BOTH:
        assert not internal(markdown(handbook(policy, (), lang=lang)), policy.program, lang)
        pages = page(explanation_document([explained(example)], lang)).partition("</style>")[2]
        assert not internal(re.sub(r"<[^>]*>", " ", pages), policy.program, lang)
