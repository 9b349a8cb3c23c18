"""An older text in the shorter forms that the language has learnt since; its meaning stays, to the last citation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from policydsl import nodes
from policydsl.citing import cited, clauses_of
from policydsl.diagnostics import Language, PolicyError
from policydsl.format.attributed import without_own_citations
from policydsl.format.aggregates import first_argument_says
from policydsl.format.concrete import tokens_of
from policydsl.format.crossed import crossed
from policydsl.format.duties import into_duties
from policydsl.format.figures import numbers_in_clauses
from policydsl.format.fits import into_tables
from policydsl.format.given import with_what_is_given
from policydsl.format.grouping import grouped
from policydsl.format.headings import into_headings
from policydsl.format.keys import cited_by_key, keys_together
from policydsl.format.records import without_each
from policydsl.format.relations import related, without_record_names
from policydsl.format.rest_days import rolled_over
from policydsl.format.rows import into_rows
from policydsl.format.same import meaning
from policydsl.format.sections import into_sections
from policydsl.format.words import writing
from policydsl.register import Registered, read_register
from policydsl.text import parse
from policydsl.text.lexer import Token
from policydsl.text.names import Names
from policydsl.text.parser import Parsing
from policydsl.text.source import Source
from policydsl.text.tables import load

_HEADER: dict[Language, str] = {"zh": "条款：", "en": "clauses: "}
_MARKS: dict[Language, tuple[str, str, str]] = {"zh": ("【", "】", "、"), "en": ("[", "]", ", ")}
_ID = re.compile(r"(.*?)0*(\d+)([A-Za-z]?)$")


def upgraded(text: str, file: str = "<text>", beside: Path | None = None) -> str:
    """The text in the newer forms, one after the other; a form that would not say the same leaves it as it is.

    Raises PolicyError for a text that does not parse, OSError and ValueError for a register that cannot be read."""
    tree, problems = parse(text, file, fragment=True)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise PolicyError(errors, tree.sources, tree.dialect)
    for form in FORMS:
        text = form(text, file, beside)
    return text


def cited_by_number(text: str, file: str, beside: Path | None) -> str:
    """Citations by number, where the register beside the text knows their places."""
    tree = parse(text, file, fragment=True)[0]
    if beside is None or not beside.is_file() or tree.policy is None or clauses_of(tree) is not None:
        return text
    made = _by_number(text, tree, read_register(beside))
    return made if _same(tree, parse(made, file, fragment=True)[0], beside) else text


def _same(tree: nodes.File, made: nodes.File, beside: Path) -> bool:
    """Whether both say the same, citations included."""
    again, problems = cited(made, beside, asking=False)
    assert tree.policy is not None and again.policy is not None
    meta = tuple(m for m in again.policy.meta if m.key != "clauses")
    again = replace(again, policy=replace(again.policy, meta=meta))
    words = writing()
    return not problems and meaning(again, words) == meaning(tree, words)


# ---------------------------------------------------------------------------------------------- citations
def _by_number(text: str, tree: nodes.File, register: Sequence[Registered]) -> str:
    prefixes = Counter(found[1] for clause in register if (found := _ID.match(clause.id)))
    if not prefixes:
        return text
    ((prefix, _),) = prefixes.most_common(1)
    parsing = Parsing(load(), Names(Source(text, "<text>")), True)
    edits: list[tuple[int, int, str]] = []
    for chunk in parsing.source.chunks:
        for group in _groups(tokens_of(parsing, chunk)):
            made = "".join(_brackets((str(token.value) for token in group), prefix, register, tree.dialect))
            edits.append((group[0].start, group[-1].end, made))
    at = _behind_header(text, tree)
    edits.append((at, at, f"{_indent(text, tree)}{_HEADER[tree.dialect]}{prefix}\n"))
    for start, end, made in sorted(edits, reverse=True):
        text = text[:start] + made + text[end:]
    return text


def _groups(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Citations that follow each other."""
    for cites, group in groupby(tokens, lambda token: token.type == "CITE"):
        if cites:
            yield list(group)


def _brackets(cites: Iterable[str], prefix: str, register: Sequence[Registered], dialect: Language) -> Iterator[str]:
    """The citations of a group as short as they go: those with the place of the register share brackets."""
    known = {clause.id: clause for clause in register}
    opened, closed, comma = _MARKS[dialect]
    numbers: list[str] = []

    def shared() -> Iterator[str]:
        if numbers:
            yield opened + comma.join(_runs(numbers)) + closed
            numbers.clear()

    for cite in cites:
        name, _, place = cite.partition(" ")
        clause, read = known.get(name), _ID.match(name)
        if clause is None or read is None or read[1] != prefix:
            yield from shared()
            yield opened + cite + closed
        elif place.strip() == clause.place_in(dialect):
            numbers.append(read[2] + read[3])
        else:
            yield from shared()
            yield f"{opened}{read[2]}{read[3]} {place.strip()}{closed}" if place.strip() else opened + cite + closed
    yield from shared()


def _runs(numbers: Sequence[str]) -> Iterator[str]:
    """Three and more that follow each other are told by the first and the last."""
    at = 0
    while at < len(numbers):
        end = at
        while end + 1 < len(numbers) and numbers[end].isdigit() and numbers[end + 1] == str(int(numbers[end]) + 1):
            end += 1
        if end - at >= 2:
            yield f"{numbers[at]}-{numbers[end]}"
            at = end + 1
        else:
            yield numbers[at]
            at += 1


def _behind_header(text: str, tree: nodes.File) -> int:
    """Where the line below the last of the header's plain lines begins."""
    assert tree.policy is not None
    last = max((m.span.end_line for m in tree.policy.meta), default=tree.policy.span.line)
    return sum(len(line) for line in text.splitlines(keepends=True)[:last])


def _indent(text: str, tree: nodes.File) -> str:
    assert tree.policy is not None
    at = next((m.span.line for m in tree.policy.meta), 0)
    line = text.splitlines()[at - 1] if at else "  "
    return line[: len(line) - len(line.lstrip())]


# Each takes a sound text, its name and the register beside it; modules of their own where they need some room.
FORMS: tuple[Callable[[str, str, Path | None], str], ...] = (
    cited_by_number, cited_by_key, grouped, first_argument_says, without_record_names, related, without_each,
    into_headings, into_tables, crossed, into_rows, into_duties, keys_together, rolled_over,
    with_what_is_given, numbers_in_clauses, into_sections, without_own_citations,
)

__all__ = ["FORMS", "cited_by_number", "upgraded"]
