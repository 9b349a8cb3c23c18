"""The questions that rulings answer moved to the register (``policydsl.register``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policydsl import nodes as n
from policydsl.citing import ruling_id
from policydsl.members import members
from policydsl.text import parse


def questions_aside(
    text: str, file: str = "<text>", known: Mapping[str, str] | None = None
) -> tuple[str, dict[str, str]]:
    """A sound text without the questions that stand right before a ruling with an id, and they by that id. The register
    puts a question where its id is first met: one that stands elsewhere stays, and so do several of one id. ``known``:
    the questions that a register has; then only those go that it asks in the same words."""
    tree = parse(text, file, fragment=True)[0]
    first: dict[str, n.Annotation | None] = {}
    for ruling, doubt in _rulings((tree.policy, tree.blocks)):
        if ruling in first and doubt is not None:
            first[ruling] = None
        first.setdefault(ruling, doubt)
    moved = {
        ruling: doubt for ruling, doubt in first.items()
        if doubt is not None and (known is None or known.get(ruling) == doubt.text)
    }
    gone = {line for doubt in moved.values() for line in range(doubt.span.line, doubt.span.end_line + 1)}
    lines = text.splitlines(keepends=True)
    kept = "".join(line for number, line in enumerate(lines, 1) if number not in gone)
    return kept, {ruling: doubt.text for ruling, doubt in moved.items()}


def with_questions(register: str, asked: Mapping[str, str]) -> str:
    """The text of a register that has none, with questions."""
    import yaml

    rulings = [{"id": ruling, "ask": question} for ruling, question in asked.items()]
    added: str = yaml.safe_dump({"rulings": rulings}, allow_unicode=True, sort_keys=False, width=400)
    return f"{register.rstrip()}\n{added}"


def _rulings(part: Any) -> Iterator[tuple[str, n.Annotation | None]]:
    """The id of each ruling, in the order of the text, with the question right before it."""
    if isinstance(part, tuple):
        before: object = None
        for one in part:
            read = ruling_id(one) if isinstance(one, n.Annotation) else None
            if read is not None:
                yield read, before if isinstance(before, n.Annotation) and before.kind == "doubt" else None
            else:
                yield from _rulings(one)
            before = one
    elif isinstance(part, n.Node):
        for name in members(type(part), ("span", "name_span")):
            yield from _rulings(getattr(part, name))


__all__ = ["questions_aside", "with_questions"]
