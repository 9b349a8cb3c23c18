"""What the results of a program, and the reading of its sheets, are made of."""

from __future__ import annotations

from policydsl import core as c
from policydsl.mutate.rewrite import Holder, inside


def reachable(program: c.Program) -> set[Holder]:
    """What the results are made of. Parts of a rule that nothing uses can change nothing that is reported."""
    seen: set[Holder] = {("header", "")}
    queue: list[object] = [program.header]
    for result in program.results:
        seen.add(("result", result.name))
        queue.append(result)
        queue += [program.terms[n] for n in (c.Name(result.name),) if n in program.terms]
        if result.over is not None:
            mark("list", result.over, program, seen, queue)
    for name, definition in program.terms.items():  # an example may ask for any part of a rule
        if ("result", definition.origin.rule) in seen:
            mark("term", name, program, seen, queue)
    follow(program, seen, queue)
    return seen


def on_reading(program: c.Program) -> frozenset[Holder]:
    """What decides how a sheet is read: declarations, and what their ranges and derived values are made of."""
    seen: set[Holder] = {("input", name) for name in program.inputs} | {("list", name) for name in program.lists}
    fields = [f for decl in program.lists.values() for f in decl.fields]
    queue: list[object] = [*program.inputs.values(), *fields]
    follow(program, seen, queue)
    return frozenset(seen)


def follow(program: c.Program, seen: set[Holder], queue: list[object]) -> None:
    """Marks everything that the things queued are made of."""
    while queue:
        for _, part in inside(queue.pop()):
            if isinstance(part, c.Use):
                mark("term", part.name, program, seen, queue)
            elif isinstance(part, c.Input):
                mark("input", part.name, program, seen, queue)
            for name in (getattr(part, "list", None), getattr(part, "over", None)):
                if isinstance(name, str) and name in program.lists:
                    mark("list", name, program, seen, queue)


def mark(what: str, name: str | c.Name, program: c.Program, seen: set[Holder], queue: list[object]) -> None:
    if (what, name) in seen:
        return
    seen.add((what, name))
    queue.append({"term": program.terms, "input": program.inputs, "list": program.lists}[what][name])  # type: ignore[index]
