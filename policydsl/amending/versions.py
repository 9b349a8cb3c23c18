"""A policy by periods: cut at the days on which its amendments come into force and end, each version one whole tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from policydsl import nodes as n
from policydsl.amending.changes import Consolidation
from policydsl.amending.documents import Document
from policydsl.amending.vocabulary import with_words
from policydsl.diagnostics import Diagnostic
from policydsl.members import dataclass
from policydsl.sources import Sources


@dataclass(frozen=True, slots=True)
class Version:
    """What is in force from a day on (None: from the beginning), until the next version is. ``current``: it is the one
    that is meant where no day is."""

    start: date | None
    file: n.File
    current: bool = False


@dataclass(frozen=True, slots=True)
class _Force:
    """A document of the line, and from when to when it is in force; the first always is."""

    document: Document
    start: date | None = None
    end: date | None = None

    def on(self, day: date | None) -> bool:
        if self.start is None:
            return True
        return day is not None and self.start <= day and (self.end is None or day <= self.end)


def versions(document: Document) -> tuple[list[Version], list[Diagnostic]]:
    """The versions in the order of their days, and what is wrong with the changes."""
    line = list(_line(document))
    problems = [problem for one in document.every() for problem in one.problems]
    if len(line) == 1:
        file, wrong = _consolidated([_Force(document)])
        return [Version(None, file, True)], [*problems, *wrong]
    forces, wrong = _forces(line)
    problems += wrong
    examples = [b for b in document.file.blocks if isinstance(b, n.Example)]
    spans: list[tuple[date | None, tuple[int, ...]]] = []
    for day in _days(forces):
        there = tuple(i for i, force in enumerate(forces) if force.on(day))
        if not spans or spans[-1][1] != there:
            spans.append((day, there))
    most = max(len(there) for _, there in spans if len(line) - 1 in there or len(spans) == 1)
    last = max(i for i, (_, there) in enumerate(spans) if len(there) == most)
    trees: dict[tuple[int, ...], n.File] = {}
    for _, there in sorted(spans, key=lambda s: -len(s[1])):
        if there not in trees:
            trees[there], found = _consolidated([forces[i] for i in there])
            full = there == tuple(range(len(there)))
            problems += found if full else [replace(p, code="POL258", args={"code": p.code}) for p in found]
    out = []
    for i, (start, there) in enumerate(spans):
        end = spans[i + 1][0] if i + 1 < len(spans) else None
        own = [e for e in examples if _within(e.as_of, start, end) or e.as_of is None and i == last]
        tree = trees[there]
        kept = tuple(b for b in tree.blocks if not isinstance(b, n.Example))  # those of the amended are its own
        out.append(Version(start, replace(tree, blocks=(*kept, *own)), i == last))
    return out, problems


def _line(document: Document) -> Iterator[Document]:
    """What is amended, then its amendments in their order."""
    if document.base is not None:
        yield from _line(document.base)
    yield document


def _within(day: date | None, start: date | None, end: date | None) -> bool:
    """Whether a day, or moment, lies in a span of days whose end is not in it."""
    if day is None:
        return False
    plain = date(day.year, day.month, day.day)
    return (start is None or start <= plain) and (end is None or plain < end)


def _forces(line: Sequence[Document]) -> tuple[list[_Force], list[Diagnostic]]:
    """From when to when each document is in force; an amendment without a day, or before what it amends, is wrong."""
    out, problems = [_Force(line[0])], list[Diagnostic]()
    before = _period(line[0])
    for one in line[1:]:
        header, own = one.file.policy, _period(one)
        if header is None:
            continue
        if own is None or not isinstance(own.start, date):
            at = own.span if own is not None else header.span
            problems.append(Diagnostic("POL248", at, args={"name": header.title}))
            continue
        if before is not None and isinstance(before.start, date) and own.start < before.start:
            problems.append(Diagnostic("POL249", own.span, args={"start": str(own.start), "other": str(before.start)}))
        first = _period(line[0])
        prolonged = any(isinstance(b, n.Prolong) for other in line[1:] for b in other.file.blocks)
        if first is not None and first.end is not None and own.start > first.end and not prolonged:
            problems.append(Diagnostic("POL250", own.span, args={"start": str(own.start), "end": str(first.end)}))
        out.append(_Force(one, own.start, own.end))
        before = own
    return out, problems


def _period(document: Document) -> n.Effective | None:
    return document.file.policy.effective if document.file.policy is not None else None


def _days(forces: Sequence[_Force]) -> list[date | None]:
    """The days on which something begins to be in force, or has ended."""
    days = {force.start for force in forces if force.start is not None}
    days |= {force.end + timedelta(days=1) for force in forces if force.end is not None}
    return [None, *sorted(days)]


def _consolidated(forces: Sequence[_Force]) -> tuple[n.File, list[Diagnostic]]:
    """The tree of the first document, with the changes of the others."""
    first, *amendments = forces
    documents = [force.document for force in forces]
    file, problems = with_words(first.document)
    sources = merged(documents)
    if amendments and file.policy is not None:
        blocks = list(_settled(file.blocks))
        work = Consolidation(blocks, file.policy, sources, file.dialect)
        for force in amendments:
            changes, more = with_words(force.document, work.blocks)
            problems += more
            register = force.document.beside.register
            stated = any(m.key == "clauses" for m in changes.policy.meta) if changes.policy is not None else False
            work.amend(changes, registered=stated or register is not None and register.is_file())
        problems += work.problems
        by = tuple(_told(force) for force in amendments)
        policy = replace(work.policy, amended=by)
        file = replace(file, policy=policy, blocks=tuple(work.blocks))
    return replace(file, blocks=_settled(file.blocks), sources=sources), _strangers(first.document.file, problems)


def _settled(blocks: Sequence[n.Block]) -> tuple[n.Block, ...]:
    return tuple(b for b in blocks if not isinstance(b, n.Change))


def _strangers(file: n.File, problems: list[Diagnostic]) -> list[Diagnostic]:
    """Changes in a document that amends none."""
    if file.policy is not None and any(m.key == "amends" for m in file.policy.meta):
        return problems
    more = [
        Diagnostic("POL260", b.span) for b in file.blocks if isinstance(b, n.Change) and not isinstance(b, n.Use)
    ]
    return [*problems, *more]


def _told(force: _Force) -> n.Amendment:
    policy = force.document.file.policy
    assert policy is not None and force.start is not None
    id = next((m.text for m in policy.meta if m.key == "id"), "")
    return n.Amendment(policy.span, id, policy.title, force.start, force.end)


def merged(documents: Sequence[Document]) -> Sources:
    """The texts of documents and of all that they use."""
    texts: dict[str, tuple[str, ...]] = {}
    beside: dict[str, str] = {}
    for document in documents:
        for one in (document, *(d for _, used in document.uses for d in used.every())):
            texts |= one.file.sources.texts
            beside |= one.file.sources.beside
    return Sources(texts, beside)


__all__ = ["Version", "merged", "versions"]
