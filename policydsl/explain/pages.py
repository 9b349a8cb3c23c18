"""The explanation as a document that a partner can open and print: every step with its clause beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from policydsl.clause_kinds import Part
from policydsl.diagnostics import Language
from policydsl.explain.explanation import by_nearness
from policydsl.explain.first import SIGNS, First
from policydsl.explain.model import Change, Explained, Explanation, Node, Question, Section, Target
from policydsl.explain.near import distance
from policydsl.explain.text import ordered_nodes
from policydsl.explain.words import (
    distance_words,
    finding_of,
    grouped,
    joined_halves,
    node_text,
    nothing_to_try,
    question_name,
    status_words,
    untried,
)
from policydsl.domain import Possible
from policydsl.kinds import INSTANT, YESNO
from policydsl.render.document import (
    Block,
    Break,
    Cite,
    Code,
    Document,
    Item,
    Items,
    Link,
    Row,
    Text,
    Tone,
    fold,
    heading,
    paragraph,
    row,
    table,
)
from policydsl.render.grounds import finding_cells
from policydsl.render.outcome import aside_words, holds, outcome, reading_name, remarks
from policydsl.render.periods import named_in
from policydsl.render.sums import lines, parties
from policydsl.render.values import Writer, known_as
from policydsl.say import bracketed, headed, listed, names_of, say, word
from policydsl.place import Span
from policydsl.verdict import Finding, Judged, ResultValue, Sum, Verdict

MARKS = {"met": "✓", "unmet": "✗", "unknown": "?"}
TONES: dict[str, Tone] = {"met": "good", "unmet": "bad", "unknown": "open"}
STEPS: dict[str, Tone] = {"met": "plain", "unmet": "plain", "unknown": "open"}  # of a step it is no news
_INDENT = "\u2003"


def explanation_document(
    explanations: Sequence[Explanation], lang: Language | None = None, *, full: bool = False, partner: bool = False
) -> Document:
    """One document for the explanations of one or several parties; ``full``: nothing is folded; ``partner``: without
    what only the author asks for, lines of the policy and rulings."""
    first = explanations[0].verdict
    writer = Writer.of(first.header, lang)
    explanations = [named_in(each, each.verdict, writer) for each in explanations]
    blocks: list[Block] = []
    for number, each in enumerate(explanations):
        maker = _Maker(each, writer, f"p{number}-" if len(explanations) > 1 else "", full, partner)
        if len(explanations) > 1:
            blocks.append(heading(2, each.verdict.party))
        blocks += maker.blocks(2 if len(explanations) == 1 else 3)
    origin = word("as_of_from", first.as_of_from, writer.lang)
    day = bracketed(writer.exact(first.as_of, INSTANT), origin, writer.lang)
    version = say("verdict.version", writer.lang, version=first.header.version) if first.header.version else ""
    about = " ".join(x for x in (first.header.title, known_as(first.header, writer.lang), version) if x)
    blocks.append(paragraph(listed(_foot(first, writer), writer.lang, "semicolon"), "muted"))
    title = listed([e.verdict.party for e in explanations if e.verdict.party], writer.lang)
    if len(explanations) == 1 and title and (what := First(first, writer, {}).title()):
        title = say("partner.head", writer.lang, party=title, what=what)
    return Document(
        title or say("explain.explanation", writer.lang), writer.lang, tuple(blocks), subtitle=about,
        facts=((say("verdict.as_of", writer.lang), day),), brief=not full,
    )


def _foot(verdict: Verdict, writer: Writer) -> Iterator[str]:
    """What the page rests on, and whom to ask."""
    yield say("partner.digest", writer.lang, digest=verdict.digest[:23])
    if verdict.header.issuer:
        yield say("partner.ask_whom", writer.lang, who=verdict.header.issuer)


class _Maker:
    """Makes the blocks of one explanation."""

    def __init__(
        self, explanation: Explanation, writer: Writer, prefix: str, full: bool = False, partner: bool = False
    ) -> None:
        self.explanation, self.writer, self.prefix, self.full = explanation, writer, prefix, full
        self.lang, self.partner = writer.lang, partner
        self.worded: set[str] = set()  # the clauses whose wording the section in hand has given
        names = [s.name for s in explanation.sections]
        self.anchors = {name: f"{prefix}r{i}" for i, name in enumerate(names, 1)}
        self.first = First(explanation.verdict, writer, dict(explanation.clauses))
        self.told: dict[tuple[Node, ...], str] = {}  # what rules rest on -> the section that tells it
        self.here = ""
        lines = [line for told in self.first.summary.parts for line in told.lines]
        self.marks = {name: line.mark for line in lines for name in line.results}

    def blocks(self, level: int) -> list[Block]:
        """The first screen, then the grounds: what a partner asks for first, the steps and what is not at issue
        folded behind it."""
        sections = self.explanation.sections
        out: list[Block] = []
        if self.explanation.verdict.aside:
            aside = aside_words(self.explanation.verdict, self.writer)
            out.append(paragraph(headed(say("verdict.aside", self.lang), self.lang, aside), "muted"))
        out += [paragraph(said, "muted") for said in remarks(self.explanation.verdict.remarks, self.lang)]
        out += [block for t in self.explanation.targets for block in self.target(t, level)]
        if len(sections) <= 3:
            out += [block for s in by_nearness(sections) for block in self.section(s, level)]
        else:
            out += self.first.blocks(level)
            out.append(heading(level, say("partner.grounds", self.lang)))
            groups: dict[str, list[Section]] = {}
            for s in sorted(sections, key=self.place):
                groups.setdefault(self.group(s), []).append(s)
            for name, group in groups.items():
                if name == "steps":
                    out.append(self.together(say("partner.steps", self.lang, count=len(group)), group))
                elif name == "away":
                    out.append(self.together(say("partner.away", self.lang, count=len(group)), group))
                else:
                    quiet = [s for s in group if self.quiet(s)]
                    out.append(heading(level + 1, word("part_of", name, self.lang)))
                    out += [self.folded(s) for s in group if s not in quiet]
                    said = "partner.kept" if name == "duties" else "partner.idle"
                    out += [self.together(say(said, self.lang, count=len(quiet)), quiet)] if quiet else []
        if self.explanation.cut:
            out.append(paragraph(say("explain.cut_all", self.lang), "open"))
        return out

    def together(self, said: str, sections: Sequence[Section]) -> Block:
        """Sections behind one fold."""
        return fold(said, [self.folded(s) for s in sections], open=self.full)

    def quiet(self, section: Section) -> bool:
        """What nobody asks for first: a sanction that is not in force, a requirement that is met."""
        quiet = ("sanctions", "unmet"), ("actions", "unmet"), ("duties", "met")
        key = self.explanation.verdict.results[section.name].key
        return key is None and (self.group(section), section.state) in quiet

    def place(self, section: Section) -> tuple[int, int]:
        """By what it is, the key results first."""
        key = self.explanation.verdict.results[section.name].key
        order = (*get_args(Part), "steps", "away")
        return order.index(self.group(section)), key or len(self.anchors)

    def group(self, section: Section) -> str:
        return "away" if section.state == "na" else self.first.summary.placed.get(section.name, "steps")

    def folded(self, section: Section) -> Block:
        """A section behind its outcome; marked by what follows from it."""
        tone = self.tone(section, section.total, section.state)
        if tone == "bad" and self.marks.get(section.name, "bad") != "bad":
            tone = "plain"  # borne by another
        said = self.comes_to(section, section.total, status_words(section, self.writer).text)
        words: list[str | Text | Cite] = [
            Text(SIGNS[tone] + section.name, tone, strong=True), " ", Text(said, tone), " ",
            *self.cites(section.clauses[:2]),
        ]
        return fold(words, list(self.grounds(section)), open=self.full, anchor=self.anchors[section.name])

    def tone(self, section: Section, judged: Judged, state: str) -> Tone:
        """The colour of what follows from it: a sanction in force, a requirement that is not met, a day that is missed;
        never that of being true or false."""
        if state == "unknown":
            return "open"
        payer = judged.bearer
        mine = payer is None or not payer.known or payer.value in (None, self.explanation.verdict.party)
        bad = mine and (self.group(section), state) in (("sanctions", "met"), ("duties", "unmet"))
        late = judged.state is not None and judged.state.values == ("late",)
        return "bad" if bad or late else "plain"

    def comes_to(self, section: Section, judged: Judged, said: str) -> str:
        """An outcome in the words of what it is of: in force, earned, met; why it is open."""
        if judged.status == "unknown":
            return listed(self.first.teller.still_open(judged), self.lang, "semicolon")
        part = self.group(section)
        for plain in ("yes", "no"):
            bare = word("state", plain, self.lang)
            rest = said.removeprefix(bare)
            if part == "results" and not section.per_record and rest == "":
                return word("value", plain, self.lang)
            if rest != said and not rest.strip()[:1].isalnum() and f"{part}_{plain}" in names_of("outcome_of"):
                return word("outcome_of", f"{part}_{plain}", self.lang) + rest
        return said

    # ------------------------------------------------------------------------------------------ a result
    def section(self, section: Section, level: int) -> Iterator[Block]:
        yield heading(level, section.name, self.anchors[section.name])
        said = self.comes_to(section, section.total, status_words(section, self.writer).text)
        tone = self.tone(section, section.total, section.state)
        yield paragraph([Text(said, tone, strong=True), " ", *self.cites(section.clauses), *self.line(section.at)])
        yield from self.grounds(section)

    def line(self, at: Span) -> list[str | Code]:
        """The line of the policy, for its author."""
        return [] if self.partner or not at.line else [" ", Code(self.writer.line(at))]

    def grounds(self, section: Section) -> Iterator[Block]:
        """The clauses with their wording, the steps, what is still to be asked."""
        lang = self.lang
        self.here, self.worded = self.anchors[section.name], set(section.clauses)
        if not self.partner and len(self.explanation.sections) > 3:
            yield paragraph([*self.cites(section.clauses), *self.line(section.at)])
        wording = self.wordings(section.clauses)
        if wording:
            yield Items(tuple(Item(line, tone="muted") for line in wording))
        if not section.per_record:
            for entry in section.entries:
                yield from self.entry(entry, section.clauses)
        else:
            for entry in section.entries:
                judged = entry.judged
                said = self.comes_to(section, judged, outcome(judged, section.label, self.writer).text)
                state = "unknown" if judged.status == "unknown" else "met" if holds(judged) else "unmet"
                tone = self.tone(section, judged, "na" if judged.status == "not_applicable" else state)
                summary: list[str | Text] = [Text(entry.record or "", strong=True), " ", Text(SIGNS[tone] + said, tone)]
                yield fold(summary, self.entry(entry, section.clauses), open=self.full)
        yield from self.questions(section.questions, section.label)
        for remark in section.remarks:
            if remark.kind != "note" and (not self.partner or remark.text in section.unruled):
                tone_: Tone = "open" if remark.text in section.unruled else "muted"
                yield paragraph(headed(word("annotation", remark.kind, lang), lang, remark.text), tone_)

    def entry(self, entry: Explained, told: tuple[str, ...]) -> list[Block]:
        rows = [r for n in ordered_nodes(entry.nodes) for r in self.rows(n, 0, told)]
        head = [word("heading", k, self.lang) for k in ("condition", "actual", "required", "gap", "clause")]
        out: list[Block] = [table(head, rows, stub=True)] if rows else []
        out += self.working(entry.working)
        payer = parties(entry.judged, self.writer) if holds(entry.judged) or entry.judged.status == "unknown" else ""
        return [*out, paragraph(payer)] if payer else out

    def working(self, made: Sum | None) -> list[Block]:
        """How a value was worked out, a row for each step."""
        if made is None:
            return []
        rows = [
            row([f"{_INDENT * step.depth}{step.head}", step.text, self.cites(step.made.clauses if step.depth else ())])
            for step in lines(made, self.writer)
        ]
        head = [word("heading", k, self.lang) for k in ("step", "working", "clause")]
        return [table(head, rows, stub=True)]

    def rows(self, node: Node, depth: int, told: tuple[str, ...], among: bool = False) -> Iterator[Row]:
        """The rows of a node and its parts: the condition, what is, what is asked, the gap, the clause. ``among``: it
        is one of several of which some have to hold."""
        parts = joined_halves(node.children)
        clauses = node.clauses or told
        if node.form == "all" and not (node.role or node.label or node.bars or among):
            for part in parts:
                yield from self.rows(part, depth, clauses)
            return
        text = node_text(node, self.writer)
        if node.bars and node.status == "unmet":
            text = say("explain.bars", self.lang) + text
        single = node.form == "row" and len(parts) == 1 and parts[0].form == "test" and not parts[0].children
        shown = parts[0] if single else node
        inner = finding_of(parts[0]) if single else None
        if inner is not None and "".join(inner.text.split()) not in "".join(text.split()):
            text = f"{text} {inner.text}"
        if single:
            parts = ()
        actual, required, gap = self.figures(shown)
        if node.form == "row" and node.value is not None and (node.taken or node.status != "unmet"):
            given = self.writer.possible(node.value, node.kind)
            if given not in text:
                text = f"{text} {say('explain.to', self.lang, outcome=given)}"
        if node.form == "row" and not gap and (node.superseded or len(node.children) > 1):
            gap = say("explain.superseded", self.lang) if node.superseded else distance_words(distance(node), self.lang)
        mark = "~" if node.superseded else MARKS[node.status]
        tone: Tone = "muted" if node.superseded else STEPS[node.status]
        name: list[str | Text | Link] = [_INDENT * depth, Text(mark, tone, strong=True), " "]
        target = self.anchors.get(node.name)
        named = target is not None and node.form == "test" and text.strip() == node.name
        name.append(Link(text, target) if named and target is not None else text)
        cited = node.clauses if node.clauses and node.clauses != told or depth == 0 and node.role else ()
        where: list[str | Text | Cite | Code | Break] = []
        for cite in self.cites(cited):
            where.append(cite)
            if cite.text and cite.label not in self.worded:
                where += [Break(), Text(cite.text, "muted"), Break()]
            self.worded.add(cite.label)
        if node.role or node.label:
            where += self.line(node.at)
        again = self.told.get(node.children) if node.name and node.children else None
        if again is not None:
            name += [" ", Link(say("explain.above", self.lang), again)]
            parts = ()
        elif node.name and node.form in ("test", "value") and node.children:
            self.told[node.children] = self.here
        beside: Tone = "muted" if shown.form == "value" and shown.finding is None else tone
        yield row([name, actual, required, Text(gap, beside) if gap else "", where])
        for step in lines(node.working, self.writer) if node.working is not None else ():
            yield row([f"{_INDENT * (depth + 1 + step.depth)}{step.head}", step.text, "", "", ""])
        for part in parts:
            if node.form == "test" and part.form == "all" and not (part.role or part.label or part.bars):
                for each in joined_halves(part.children):
                    yield from self.rows(each, depth + 1, part.clauses or clauses)
            else:
                yield from self.rows(part, depth + 1, clauses, node.form in ("any", "at_least"))

    def figures(self, node: Node) -> tuple[str, str, str]:
        """What is, what is required, the gap: without the words that stand in the heads of the columns."""
        finding = finding_of(node)
        if finding is None:
            if node.form == "value" and node.value is not None:
                told = (f"{reading_name(r, self.lang)} {self.writer.possible(r.value, r.kind)}" for r in node.reads[:6])
                reads = listed(told, self.lang)
                said = say("verdict.reads", self.lang, names=reads) if reads else ""
                return self.writer.possible(node.value, node.kind), "", said
            return "", "", ""
        heads = tuple(say(k, self.lang, value="") for k in ("verdict.actual", "verdict.required"))
        words = [c.text for c in finding_cells(finding, None, self.writer, gap=node.role != "unless")]
        rest = [w for w in words if not w.startswith(heads)]
        actual, required = self.shown(finding, finding.actual), self.shown(finding, finding.required)
        return actual, required, listed(rest, self.lang, "comma")

    def shown(self, finding: Finding, value: Possible | None) -> str:
        """The actual or the required value; of a limit, on which side of it."""
        if value is None:
            return ""
        kind = YESNO if value.known and isinstance(value.value, bool) else finding.kind
        if value is finding.required and value.known and value.value is not None and finding.op in names_of("limit"):
            return self.writer.limit(finding.op, value.value, kind)
        return self.writer.possible(value, kind)

    # ------------------------------------------------------------------------------------------ questions, targets
    def questions(self, questions: Sequence[Question], label: str) -> Iterator[Block]:
        lang = self.lang
        if not questions:
            return
        entries: list[Item] = []
        for q in questions:
            name: list[str | Text] = [Text(question_name(q, lang), strong=True)]
            notes = [say("explain.ask_decides", lang)] if q.decides else []
            notes += [say("explain.or_ledger", lang, ledger=q.instead)] if q.instead else []
            if q.cut:
                notes.append(untried(q, self.writer))
            elif not q.branches:
                notes.append(nothing_to_try(q, lang))
            if notes:
                name += [" ", Text(listed(notes, lang, "comma"), "muted")]
            answers = [
                Item((Text(say("explain.if", lang, answer=answer)), Text(" "),
                      Text(say("explain.to", lang, outcome=said), "plain" if branch.decided else "open")))
                for answer, said, branch in grouped(q, label, self.writer)
            ]
            below: tuple[Block, ...] = (Items(tuple(answers)),) if answers else ()
            entries.append(Item(tuple(Text(w) if isinstance(w, str) else w for w in name), below))
        yield paragraph(Text(say("explain.ask_facts", lang), strong=True))
        yield Items(tuple(entries))

    def target(self, target: Target, level: int) -> Iterator[Block]:
        lang = self.lang
        value: ResultValue = self.explanation.verdict.results[target.result]
        name = target.wanted if target.result in target.wanted else bracketed(target.wanted, target.result, lang)
        self.here = f"{self.prefix}t{next(i for i, t in enumerate(self.explanation.targets, 1) if t is target)}"
        yield heading(level, say("explain.target", lang, name=name), self.here)
        said: list[str | Text | Cite] = [
            Text(word("target", target.status, lang), TONES[target.status], strong=True), " ",
            *self.cites(value.clauses),
        ]
        yield paragraph(said)
        for entry in target.entries:
            blocks = self.entry(entry, value.clauses)
            if entry.record is None:
                yield from blocks
            else:
                words = distance_words(entry.distance, lang) or say("target.met", lang)
                shown = self.full or len(target.entries) <= 3
                yield fold([Text(entry.record, strong=True), " ", words], blocks, open=shown)
        for change in target.changes:
            yield from self.change(change)
        yield from self.questions(target.questions, value.label)

    def change(self, change: Change) -> Iterator[Block]:
        """What else would get worse if a fact were as a target asks."""
        lang, writer = self.lang, self.writer
        value = writer.exact(change.value, change.kind)
        yield paragraph(Text(say("explain.worse", lang, fact=change.fact, value=value), strong=True))
        entries: list[Item] = []
        for worse in change.worse:
            name = worse.result if worse.record is None else bracketed(worse.result, worse.record, lang)
            before, after = (outcome(j, worse.label, writer).text for j in (worse.before, worse.after))
            turned = f" {before} {say('explain.to', lang, outcome=after)} "
            entries.append(Item((Text(name, strong=True), Text(turned, "bad"), *self.cites(worse.clauses))))
        yield Items(tuple(entries))

    def wordings(self, clauses: Sequence[str]) -> list[tuple[Cite | Text, ...]]:
        """The clauses with their wording, where a register gives it."""
        return [(Cite(c.label), Text(" "), Text(c.text)) for c in self.cites(clauses) if c.text]

    def cites(self, clauses: Sequence[str]) -> list[Cite]:
        out = []
        for clause in clauses:
            words = clause.split()
            out.append(Cite(clause, self.explanation.clauses.get(words[0], "") if words else ""))
        return out


__all__ = ["explanation_document"]
