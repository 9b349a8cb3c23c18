"""The explanation as JSON (``"format": "policydsl.explanation/1"``); documented in docs/explain.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policydsl.diagnostics import Language
from policydsl.explain.explanation import by_nearness
from policydsl.explain.model import Branch, Change, Distance, Explained, Explanation, Node, Question, Section, Target
from policydsl.explain.words import finding_of, node_text
from policydsl.render.encode import Json, encode
from policydsl.render.json import aside_json, day_json, judged_json, place_json, policy_json, possible_json, sum_json
from policydsl.render.values import Writer


def explanations_json(explanations: Sequence[Explanation], lang: Language | None = None) -> str:
    """One explanation, or a population in the order of its sheets."""
    made: list[Json] = [_explanation(e, lang) for e in explanations]
    if len(made) == 1:
        return encode(made[0]) + "\n"
    return encode({"format": "policydsl.explanations/1", "explanations": made}) + "\n"


def _explanation(explanation: Explanation, lang: Language | None) -> Json:
    verdict = explanation.verdict
    writer = Writer.of(verdict.header, lang)
    out: dict[str, Json] = {
        "format": "policydsl.explanation/1",
        "policy": policy_json(verdict.header, verdict.digest),
        "party": verdict.party,
        "as_of": {"date": day_json(verdict.as_of), "from": verdict.as_of_from},
        "results": {s.name: _section(s, writer) for s in by_nearness(explanation.sections)},
    }
    if verdict.aside:
        out["set_aside"] = [aside_json(one) for one in verdict.aside]
    if explanation.targets:
        out["targets"] = [_target(t, writer) for t in explanation.targets]
    out["evaluations"] = explanation.evaluations
    out["cut"] = explanation.cut
    cited = {c.split()[0] for c in _cited(explanation) if c.split()}
    texts: dict[str, Json] = {k: v for k, v in explanation.clauses.items() if k in cited}
    if texts:
        out["clauses"] = texts
    return out


def _cited(explanation: Explanation) -> Iterator[str]:
    """Every clause that is cited anywhere in the explanation."""
    for section in explanation.sections:
        yield from section.clauses
    for target in explanation.targets:
        yield from explanation.verdict.results[target.result].clauses
    explained = [e for section in explanation.sections for e in section.entries]
    explained += [e for target in explanation.targets for e in target.entries]
    stack = [node for entry in explained for node in entry.nodes]
    while stack:
        node = stack.pop()
        yield from node.clauses
        stack.extend(node.children)


def _section(section: Section, writer: Writer) -> Json:
    out: dict[str, Json] = {"kind": section.label, "alias": section.alias, "state": section.state}
    out |= judged_json(section.total, writer)
    out["clauses"] = list(section.clauses)
    out["at"] = place_json(section.at)
    out["rulings"] = [r.text for r in section.remarks if r.kind == "ruling"]
    out["open_questions"] = list(section.unruled)
    if section.per_record:
        out["items"] = [_explained(e, writer) for e in section.entries]
    elif section.entries:
        (entry,) = section.entries
        out |= _nearness(entry.distance)
        if entry.working is not None:
            out["working"] = sum_json(entry.working, writer)
        out["conditions"] = [_node(n, writer) for n in entry.nodes]
    out["ask"] = [_question(q, writer) for q in section.questions]
    return out


def _explained(entry: Explained, writer: Writer) -> Json:
    out: dict[str, Json] = {"key": entry.record}
    out |= judged_json(entry.judged, writer)
    out |= _nearness(entry.distance)
    if entry.working is not None:
        out["working"] = sum_json(entry.working, writer)
    out["conditions"] = [_node(n, writer) for n in entry.nodes]
    return out


def _nearness(distance: Distance) -> dict[str, Json]:
    return {"unmet": distance.unmet, "unknown": distance.unknown, "relative_shortfall": str(distance.shortfall)}


def _node(node: Node, writer: Writer) -> Json:
    """A condition: ``status`` met, unmet or unknown; the figures of a test; the parts."""
    out: dict[str, Json] = {"form": node.form, "status": node.status, "text": node_text(node, writer)}
    if node.role:
        out["role"] = node.role
    if node.label:
        out["label"] = node.label
    if node.name:
        out["name"] = node.name
    if node.form == "row" or node.form == "value" and node.finding is None:
        out["value"] = possible_json(node.value, node.kind, writer) if node.value is not None else None
    if node.form == "row":
        out["taken"], out["superseded"] = node.taken, node.superseded
    if node.bars:
        out["bars"] = True
    if node.count is not None:
        out["at_least"] = possible_json(node.count, node.kind, writer)
    finding = finding_of(node)
    if finding is not None:
        out["op"] = finding.op
        for key, value in (("actual", finding.actual), ("required", finding.required), ("shortfall", finding.gap)):
            if value is not None:
                out[key] = possible_json(value, finding.kind, writer)
        if finding.missing:
            out["missing"] = list(finding.missing)
    if node.reads:
        out["reads"] = [
            {"name": r.name} | ({"part": r.part} if r.part else {}) | {"value": possible_json(r.value, r.kind, writer)}
            for r in node.reads
        ]
    if node.clauses:
        out["clauses"] = list(node.clauses)
    if node.working is not None:
        out["working"] = sum_json(node.working, writer)
    if node.rulings:
        out["rulings"] = list(node.rulings)
    if node.at.line:
        out["line"] = node.at.line
        if node.at.file != writer.home:
            out["file"] = node.at.file
    if node.children:
        out["conditions"] = [_node(n, writer) for n in node.children]
    return out


def _question(question: Question, writer: Writer) -> Json:
    out: dict[str, Json] = {"fact": question.fact, "parameter": question.parameter, "decides": question.decides}
    if question.decision:
        out["decision"] = True
    if question.instead:
        out["or_ledger"] = question.instead
    if question.of:
        out["of_record"] = question.of
    out["answers"] = [_branch(b, writer) for b in question.branches]
    out["cut"] = question.cut
    return out


def _branch(branch: Branch, writer: Writer) -> Json:
    cell = branch.answer
    example = "[]" if cell.sample == () else writer.exact(cell.sample, cell.kind)  # as a sheet has it
    out: dict[str, Json] = {"if": cell.label(writer.lang, writer.code), "example": example}
    out |= judged_json(branch.outcome, writer)
    if branch.moves:
        out["moves"] = True
        if branch.until is not None and cell.high is not None:
            out["until"] = possible_json(branch.until.value, branch.until.kind, writer)
    out["exact"] = branch.exact
    return out


def _target(target: Target, writer: Writer) -> Json:
    return {
        "target": target.wanted,
        "result": target.result,
        "status": target.status,
        "entries": [
            {"key": e.record, **_nearness(e.distance), "conditions": [_node(n, writer) for n in e.nodes]}
            for e in target.entries
        ],
        "ask": [_question(q, writer) for q in target.questions],
        "changes": [_change(c, writer) for c in target.changes],
    }


def _change(change: Change, writer: Writer) -> Json:
    return {
        "fact": change.fact,
        "to": writer.exact(change.value, change.kind),
        "worse": [
            {
                "result": w.result, **({} if w.record is None else {"key": w.record}),
                "before": judged_json(w.before, writer), "after": judged_json(w.after, writer),
            }
            for w in change.worse
        ],
    }
