"""Every word of an explanation, zh and en side by side."""

from __future__ import annotations

from policydsl.diagnostics import Language
from policydsl.domain import Possible
from policydsl.explain.model import Branch, Distance, Explained, Node, Question, Section, Target
from policydsl.explain.answers import outcome_of, signature
from policydsl.render.grounds import chained, plain_words, with_subjects
from policydsl.render.layout import Cell as TextCell
from policydsl.render.outcome import outcome
from policydsl.render.values import Writer
from policydsl.render.words import ROLES, STATES, phrase, word
from policydsl.verdict import Finding

WORDS: dict[str, tuple[str, str]] = {
    "title": ("为什么：{0}", "Why: {0}"),
    "unmet": ("没有达到（差得少的在前）", "Not reached (nearest first)"),
    "unknown": ("未定", "Undetermined"),
    "met": ("已经达到", "Reached"),
    "value": ("算出的值", "Computed values"),
    "na": ("不适用", "Not applicable"),
    "adverse": ("没有发生", "Not incurred"),
    "conditions": ("不成立的条件和规则", "Conditions and rules that do not hold"),
    "target": ("目标 {0}", "Target {0}"),
    "target_met": ("已经达到", "reached"),
    "target_unmet": ("没有达到", "not reached"),
    "target_unknown": ("还不能判定", "cannot be decided yet"),
    "missing_to": ("还差", "What is missing"),
    "nothing": ("不差什么", "nothing is missing"),
    "met_count": ("已满足 {0} 项", "{0} met"),
    "short_of": ("差 {0} 项", "{0} not met"),
    "open_of": ("{0} 项未知", "{0} not known"),
    "comma": ("，", ", "),
    "semicolon": ("；", "; "),
    "all": ("全部满足", "all of"),
    "any": ("满足任一", "any of"),
    "at_least": ("至少满足 {0} 项", "at least {0} of"),
    "at_most": ("不足 {0} 项", "fewer than {0} of"),
    "above": ("（见上）", "(see above)"),
    "bars": ("排除：", "barred by: "),
    "superseded": ("已有更靠前的一行成立", "an earlier row applies"),
    "taken": ("取这一行", "this row applies"),
    "gives": ("得 {0}", "gives {0}"),
    "ask": ("问 {0}", "Ask for {0}"),
    "ask_decides": ("答了就定", "settles it"),
    "decide": ("由人决定 {0}", "To be decided: {0}"),
    "whole_table": ("政策里的这张表还没有行，由政策作者填写",
                    "the policy has this table without rows; its author has to fill them in"),
    "set": ("由政策作者定 {0}", "For the author to set: {0}"),
    "if": ("若 {0}", "if {0}"),
    "to": ("→ {0}", "→ {0}"),
    "then_waits": ("还要 {0}", "then also needs {0}"),
    "moves": ("{0} 至 {1}，随之变化", "{0} to {1}, moving with it"),
    "moves_from": ("{0} 起，随之变化", "from {0}, moving with it"),
    "moves_until": ("至 {0}，随之变化", "up to {0}, moving with it"),
    "moves_only": ("随之变化", "moves with it"),
    "moves_state": ("{0}，日子随之变化", "{0}, the day moving with it"),
    "not_stated": ("文件没有规定", "Not stated by the document"),
    "or_ledger": ("或填台账 {0}", "or fill in the ledger {0}"),
    "inexact": ("界限是试出来的，之间可能还有别的结果", "limits found by trying; there may be others between them"),
    "cut": ("可能的答案太多，没有全部试完", "too many answers to try them all"),
    "cut_all": ("试算次数已到上限，后面的问题没有试完",
                "the limit of evaluations is reached; later questions were not tried"),
    "whole_list": ("要填整份台账（没有就写 []）",
                   "the whole ledger has to be filled in ([] when there are no records)"),
    "population": ("要几家一起评判", "has to be judged together with the other partners"),
    "ask_facts": ("先问这些", "Ask these"),
    "no_help": ("没有哪一个事实能定下来", "no fact would settle it"),
    "see": ("见 {0}", "see {0}"),
    "count": ("{0} 项", "{0}"),
    "rest": ("其余", "The rest"),
    "waiting": ("未定的条件和算出的值", "Undetermined conditions and values"),
    "more_questions": ("另有 {0} 个可问的事实", "{0} more facts to ask for"),
    "more": ("另有 {0} 条记录", "{0} more records"),
    "other": ("其他", "anything else"),
    "clause_text": ("条款", "Clause"),
    "clauses": ("条款原意", "What the clauses say"),
    "clause_head": ("条款", "Clause"),
    "condition_head": ("条件", "Condition"),
    "actual_head": ("实际", "Actual"),
    "required_head": ("要求", "Required"),
    "gap_head": ("差距", "Gap"),
    "answer_head": ("如果是", "If it is"),
    "outcome_head": ("结果", "The result"),
    "summary": ("一览", "At a glance"),
    "result_head": ("结论", "Result"),
    "state_head": ("现在", "Now"),
    "details": ("逐项说明", "Every result"),
    "kind_head": ("种类", "Kind"),
    "ruling": ("裁定", "Ruling"),
    "doubt": ("疑义", "Open question"),
    "status_met": ("满足", "met"),
    "status_unmet": ("不满足", "not met"),
    "status_unknown": ("未知", "not known"),
    "record": ("记录 {0}", "record {0}"),
    "explanation": ("逐项说明", "Explanation"),
    "hint": ("其余结论的细节：--result 名称；全部：--format html 或 json",
             "details of the rest: --result NAME; everything: --format html or json"),
}


def say(key: str, lang: Language, *args: str) -> str:
    text = WORDS[key][0 if lang == "zh" else 1]
    return text.format(*args) if args else text


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
        case "all" | "any":
            words = "" if node.form == "all" and (node.role or node.label) else say(node.form, lang)
        case "at_least":
            count = writer.possible(node.count, node.kind) if node.count is not None else ""
            words = say("at_most" if node.bars else "at_least", lang, _bare(node.count, count))
        case "row":
            words = ""
        case _:
            pass
    head = plain_words(node.label) or (role_word(node, writer) if node.role else "")
    if head and words and _squeezed(words) in _squeezed(head):
        words = ""
    if node.role == "unless" and finding is not None:
        return f"{head} {words}".strip()
    return f"{head} {words}".strip()


def _bare(count: Possible | None, shown: str) -> str:
    if count is not None and count.known:
        return str(count.value)
    return shown


def role_word(node: Node, writer: Writer) -> str:
    """若, 对象, 例外2: the part the line plays, and its number where there are several."""
    numbered = node.role in ("case", "exception", "item", "row") and node.number is not None
    gap = " " if writer.lang == "en" and numbered else ""
    return f"{word(ROLES, node.role, writer.lang)}{gap}{node.number if numbered else ''}"


def _squeezed(text: str) -> str:
    return "".join(text.replace(",", "").split())


def distance_words(distance: Distance, lang: Language) -> str:
    parts = []
    if distance.unmet:
        parts.append(say("short_of", lang, str(distance.unmet)))
    if distance.unknown:
        parts.append(say("open_of", lang, str(distance.unknown)))
    return say("comma", lang).join(parts)


def branch_outcome(branch: Branch, label: str, writer: Writer) -> str:
    lang = writer.lang
    said = outcome(branch.outcome, label, writer).text
    answer, state = branch.answer, branch.outcome.state
    if branch.moves:
        said = _moving(branch, label, writer)
    elif state is not None and state.known and answer.ordered and answer.edges[:1] != answer.edges[1:]:
        said = word(STATES, str(state.value), lang)  # the day differs from answer to answer
    if branch.outcome.status == "unknown" and branch.outcome.missing:
        missing = branch.outcome.missing
        facts = phrase("list", lang).join(missing[:4]) + (" …" if len(missing) > 4 else "")
        said += say("comma", lang) + say("then_waits", lang, facts)
    if not branch.exact:
        said = phrase("paren", lang, said, say("inexact", lang))
    return said


def question_name(question: Question, lang: Language) -> str:
    key = "set" if question.parameter else "decide" if question.decision else "ask"
    return say(key, lang, question.fact)


def nothing_to_try(question: Question, lang: Language) -> str:
    """Why no answers are told."""
    if question.cut:
        return say("cut", lang)
    if question.parameter:
        return say("whole_table", lang)
    return say("population" if question.fact == "全体" else "whole_list", lang)


def _moving(branch: Branch, label: str, writer: Writer) -> str:
    """A value that moves with the answer: from where to where, as far as there are ends."""
    lang, first, last = writer.lang, branch.outcome, branch.until or branch.outcome
    if first.state is not None and first.state.known and first.value.known:
        return say("moves_state", lang, word(STATES, str(first.state.value), lang))
    values = [writer.possible(j.value, j.kind) for j in (first, last)]
    if branch.answer.low is not None and branch.answer.high is not None:
        return say("moves", lang, *values)
    if branch.answer.low is not None:
        return say("moves_from", lang, values[0])
    return say("moves_until", lang, values[1]) if branch.answer.high is not None else say("moves_only", lang)


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
        shown = phrase("list", lang).join(labels[:6])
        if len(labels) > 6:
            shown = phrase("many", lang, shown, str(len(labels)))
        outcome = branch_outcome(members[0], label, writer)
        if question.of:  # what is told is this record's outcome, not that of the whole
            outcome = f"{question.of}{'：' if lang == 'zh' else ': '}{outcome}"
        out.append((shown, outcome, members[0]))
    return out


__all__ = [
    "Explained", "Target", "branch_outcome", "distance_words", "finding_of", "grouped", "joined_halves", "node_text",
    "nothing_to_try", "outcome_of", "question_name", "role_word", "say", "status_words",
]
