"""What an explanation tells, in words: a condition, a distance, what an answer leads to."""

from __future__ import annotations

from policydsl.diagnostics import Language
from policydsl.domain import Possible
from policydsl.explain.model import Branch, Distance, Explained, Node, Question, Section, Target
from policydsl.explain.answers import outcome_of, signature
from policydsl.render.grounds import chained, with_subjects
from policydsl.render.layout import Cell as TextCell
from policydsl.core import EVERYONE
from policydsl.render.outcome import fact_name, outcome, plain_words
from policydsl.render.values import Writer
from policydsl.say import bracketed, headed, listed, say, word
from policydsl.verdict import Finding

MOST_LABELS = 6
BOTH: tuple[Language, ...] = ("zh", "en")


def status_words(section: Section, writer: Writer) -> TextCell:
    from policydsl.render.outcome import total
    from policydsl.verdict import ResultValue

    items = tuple(e.judged for e in section.entries) if section.per_record else None
    value = ResultValue(
        section.name, section.alias, section.label, section.total, items, section.clauses, section.remarks,
        section.unruled, section.at,
    )
    return total(value, writer)


def finding_of(node: Node) -> Finding | None:
    """The figures of a node with the words it is to be called by."""
    if node.finding is None:
        return None
    (made,) = with_subjects([_worded(node.finding)])
    return made


def _worded(finding: Finding) -> Finding:
    from dataclasses import replace

    return replace(finding, text=plain_words(finding.text))


def joined_halves(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The two halves of ``8%＜ECR≤10%`` are one condition to the reader: that of the half that decides."""
    out: list[Node] = []
    for node in nodes:
        before = out[-1] if out else None
        if before is not None and before.finding is not None and node.finding is not None and not before.role:
            pair = chained([before.finding, node.finding])
            if len(pair) == 1:
                chosen = node if pair[0].status == node.finding.status else before
                from dataclasses import replace

                out[-1] = replace(chosen, finding=pair[0])
                continue
        out.append(node)
    return tuple(out)


def node_text(node: Node, writer: Writer) -> str:
    """What a node is called: its role or label, and the condition in the author's words."""
    lang = writer.lang
    finding = finding_of(node)
    words = finding.text if finding is not None else plain_words(node.text)
    match node.form:
        case "all":
            words = "" if node.role or node.label else say("explain.all", lang)
        case "any":
            words = say("explain.any", lang)
        case "at_least":
            count = writer.possible(node.count, node.kind) if node.count is not None else ""
            words = say("explain.at_most" if node.bars else "explain.at_least", lang, count=_bare(node.count, count))
        case "row":
            words = ""
        case _:
            pass
    head = plain_words(node.label) or (role_word(node, writer) if node.role else "")
    if head and words and _squeezed(words) in _squeezed(head):
        words = ""
    if node.role == "unless":
        words = _without_not(words)  # 除非 says it already
    return f"{head} {words}".strip()


def _without_not(words: str) -> str:
    """A condition that must not hold, as the author wrote it."""
    for lang in BOTH:
        mark = say("verdict.not", lang, condition="")
        if words.startswith(mark):
            return words.removeprefix(mark)
    return words


def _bare(count: Possible | None, shown: str) -> str:
    if count is not None and count.known and count.value is not None:
        return str(count.value)
    return shown


def role_word(node: Node, writer: Writer) -> str:
    """若, 对象, 例外2: the part the line plays, and its number where there are several."""
    called = word("role", node.role, writer.lang)
    if node.number is None or node.role not in ("case", "exception", "item", "row"):
        return called
    return say("mark.numbered", writer.lang, word=called, number=node.number)


def _squeezed(text: str) -> str:
    return "".join(text.replace(",", "").split())


def distance_words(distance: Distance, lang: Language) -> str:
    parts = []
    if distance.unmet:
        parts.append(say("explain.short_of", lang, count=distance.unmet))
    if distance.unknown:
        parts.append(say("explain.open_of", lang, count=distance.unknown))
    return listed(parts, lang, "comma")


def branch_outcome(branch: Branch, label: str, writer: Writer) -> str:
    lang = writer.lang
    said = outcome(branch.outcome, label, writer).text
    answer, state = branch.answer, branch.outcome.state
    if branch.moves and branch.decided:
        said = _moving(branch, writer)
    elif branch.moves:
        said = word("state", "unknown", lang)  # what is still possible differs from answer to answer
    elif state is not None and state.known and answer.ordered and answer.edges[:1] != answer.edges[1:]:
        said = word("state", str(state.value), lang)  # the day differs from answer to answer
    if branch.outcome.status == "unknown" and branch.outcome.missing:
        missing = branch.outcome.missing
        facts = listed(missing[:4], lang) + (" …" if len(missing) > 4 else "")
        said = listed((said, say("explain.then_waits", lang, names=facts)), lang, "comma")
    if not branch.exact:
        said = bracketed(said, say("explain.inexact", lang), lang)
    return said


def question_name(question: Question, lang: Language) -> str:
    key = "explain.set" if question.parameter else "explain.decide" if question.decision else "explain.ask"
    return say(key, lang, fact=fact_name(question.fact, lang))


def untried(question: Question, writer: Writer) -> str:
    """What is told of a question whose answers were not all tried."""
    labels = [cell.label(writer.lang, writer.code) for cell in question.untried]
    if not 1 < len(labels) <= MOST_LABELS:
        return say("explain.cut", writer.lang)
    return say("explain.cut_at", writer.lang, limits=listed(labels, writer.lang))


def nothing_to_try(question: Question, lang: Language) -> str:
    """Why no answers are told."""
    if question.parameter:
        return say("explain.whole_table", lang)
    return say("explain.population" if question.fact == EVERYONE else "explain.whole_list", lang)


def _moving(branch: Branch, writer: Writer) -> str:
    """A value that moves with the answer: from where to where, as far as there are ends."""
    lang, first, last = writer.lang, branch.outcome, branch.until or branch.outcome
    if first.state is not None and first.state.known and first.value.known:
        return say("explain.moves_state", lang, state=word("state", str(first.state.value), lang))
    values = [writer.possible(j.value, j.kind) for j in (first, last)]
    if branch.answer.low is not None and branch.answer.high is not None:
        return say("explain.moves", lang, low=values[0], high=values[1])
    if branch.answer.low is not None:
        return say("explain.moves_from", lang, low=values[0])
    if branch.answer.high is not None:
        return say("explain.moves_until", lang, high=values[1])
    answer = writer.exact(branch.answer.sample, branch.answer.kind)
    return say("explain.moves_only", lang, answer=answer, outcome=values[0])


def grouped(question: Question, label: str, writer: Writer) -> list[tuple[str, str, Branch]]:
    """(answers, outcome, branch) with choices that lead to the same on one line."""
    lang = writer.lang
    groups: dict[str, list[Branch]] = {}
    for branch in question.branches:
        key = repr(signature(branch.outcome)) + repr(branch.moves) if not branch.answer.ordered else repr(branch)
        groups.setdefault(key, []).append(branch)
    out = []
    for members in groups.values():
        labels = [b.answer.label(lang, writer.code) for b in members]
        several = any(isinstance(b.answer.sample, tuple) for b in members)
        shown = listed(labels[:6], lang, "or" if several else "list")
        if len(labels) > 6:
            shown = say("value.many", lang, some=shown, count=len(labels))
        outcome = branch_outcome(members[0], label, writer)
        if question.of:  # what is told is this record's outcome, not that of the whole
            outcome = headed(question.of, lang, outcome)
        out.append((shown, outcome, members[0]))
    return out


__all__ = [
    "Explained", "Target", "branch_outcome", "distance_words", "finding_of", "grouped", "joined_halves", "node_text",
    "nothing_to_try", "outcome_of", "question_name", "role_word", "status_words", "untried",
]
