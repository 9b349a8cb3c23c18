"""The citations of facts and ledgers that the blocks naming them cite anyway are left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from policydsl import nodes
from policydsl.citing import Clauses, Uncited, clauses_of
from policydsl.format.same import meaning
from policydsl.format.words import writing
from policydsl.lower.cited import Readers, Told, facts_of
from policydsl.text import parse

_AT_END = {"zh": re.compile(r"\s*【[^【】]*】$"), "en": re.compile(r"\s*\[[^\[\]]*\]$")}


def without_own_citations(text: str, file: str, beside: Path | None = None) -> str:
    """The text with facts, fields, parameters and ledgers that leave their citations to the blocks that name them."""
    tree = parse(text, file, fragment=True)[0]
    clauses, readers = clauses_of(tree) or Clauses("", tree.dialect, {}), Readers(tree)
    told = [fact for block in tree.blocks for fact in facts_of(block)]

    def idle(fact: Told) -> bool:
        return _ids(fact.cites, clauses) <= _ids(readers.read(fact), clauses)

    edits: list[tuple[int, int, int]] = []
    lines = text.splitlines(keepends=True)
    for ledger in _ledgers(tree):
        if ledger.cites and _ids(ledger.cites, clauses) <= _ids(readers.of_ledger(replace(ledger, cites=())), clauses):
            edits += _heading(ledger.span.line - 1, lines, _AT_END[tree.dialect])
    for _, group in groupby(told, key=_line):
        edits += _ends(list(group), idle, lines, _AT_END[tree.dialect])
    for line, start, end in sorted(edits, reverse=True):
        lines[line] = lines[line][:start] + lines[line][end:]
    made = "".join(lines)
    again, problems = parse(made, file, fragment=True)
    if not edits or any(p.severity == "error" for p in problems):
        return text
    before, after = (meaning(_uncited(one), writing()) for one in (tree, again))
    return made if before == after and _kept(tree, again, clauses) else text


def _kept(tree: nodes.File, again: nodes.File, clauses: Clauses) -> bool:
    """Whether every fact has the clauses that it had; those of its readers may come to them."""
    both = zip(*([f for b in one.blocks for f in facts_of(b)] for one in (tree, again)), strict=True)
    readers = Readers(again)
    ledgers = zip(_ledgers(tree), _ledgers(again), strict=True)
    return all(_ids(one.cites, clauses) <= _ids(readers.of(other), clauses) for one, other in both) and all(
        _ids(one.cites, clauses) <= _ids(readers.of_ledger(other), clauses) for one, other in ledgers
    )


def _ledgers(file: nodes.File) -> list[nodes.Ledger]:
    return [block for block in file.blocks if isinstance(block, nodes.Ledger)]


def _heading(number: int, lines: Sequence[str], at_end: re.Pattern[str]) -> Iterator[tuple[int, int, int]]:
    """Where the citations stand at the end of a heading; of one with a comment behind them, nowhere."""
    line = lines[number].rstrip()
    start = len(line)
    while found := at_end.search(line[:start]):
        start = found.start()
    if start < len(line):
        yield number, start, len(line)


def _uncited(file: nodes.File) -> nodes.File:
    """The file with facts that cite nothing."""
    blocks: list[nodes.Block] = []
    for block in file.blocks:
        match block:
            case nodes.Data():
                block = replace(block, facts=tuple(replace(one, cites=()) for one in block.facts))
            case nodes.Ledger():
                block = replace(block, cites=(), fields=tuple(replace(one, cites=()) for one in block.fields))
            case nodes.Parameters():
                settled = tuple(replace(one, cites=()) for one in block.settled)
                block = replace(block, settled=settled, open=tuple(replace(one, cites=()) for one in block.open))
        blocks.append(block)
    return replace(file, blocks=tuple(blocks))


def _line(fact: Told) -> tuple[int, int]:
    """Facts behind one kind share its place."""
    at = fact.type.span if isinstance(fact, nodes.Declaration) else fact.span
    return at.line, at.column


def _ids(cites: Iterable[str], clauses: Clauses) -> set[str]:
    out = set[str]()
    for cite in cites:
        try:
            out.update(whole.split()[0] for whole in clauses.whole(cite))
        except Uncited:
            out.add(cite)
    return out


def _ends(
    group: Sequence[Told], idle: Callable[[Told], bool], lines: Sequence[str], at_end: re.Pattern[str]
) -> Iterator[tuple[int, int, int]]:
    """Where the citations stand that can go: from the last of a line on, since one without a citation has that of the
    next with one."""
    waiting: list[tuple[int, int, int]] = []
    for fact in reversed(group):
        line, stop = fact.span.end_line - 1, fact.span.end_column - 1
        start = stop
        while found := at_end.search(lines[line][:start]):
            start = found.start()
        if not fact.cites:
            continue
        if start < stop and fact.span.line == fact.span.end_line:
            yield from waiting
            waiting = [(line, start, stop)]
        if not idle(fact):
            return
    yield from waiting


__all__ = ["without_own_citations"]
