"""What the results of a program rest on, read off the terms."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl.core import (
    AnyTerm,
    Completes,
    Converted,
    Find,
    InKeys,
    InputDecl,
    Item,
    ListDecl,
    Ordinal,
    Over,
    Program,
    Rank,
    Result,
    Use,
)
from policydsl.walk import every

Root = tuple[str, AnyTerm, bool]


def roots(program: Program) -> Iterator[Root]:
    """Every term of the program that is not inside another: its rule, the term, whether it is a condition."""
    header = program.header
    if header.applies is not None:
        yield header.title, header.applies, True
    for name, definition in program.terms.items():
        yield name.rule, definition.term, False
    for result in program.results:
        yield from ((result.name, term, test) for term, test in of_result(result))
    for decl in program.lists.values():
        yield from ((decl.name, term, test) for term, test in of_list(decl))
    for each in program.inputs.values():
        yield from ((each.name, term, False) for term in of_input(each))


def of_result(result: Result) -> Iterator[tuple[AnyTerm, bool]]:
    yield result.value, False
    for test in (result.where, result.holds, result.applies):
        if test is not None:
            yield test, True
    for term in (result.state, result.bearer, result.favour, *(p.term for p in result.parts)):
        if term is not None:
            yield term, False
    for effect in result.effects:
        yield effect.when, True
        yield from ((term, False) for term in (effect.start, effect.end) if term is not None)


def of_list(decl: ListDecl) -> Iterator[tuple[AnyTerm, bool]]:
    if decl.only is not None:
        yield decl.only, True
    for each in decl.fields:
        yield from ((term, False) for term in of_input(each))
    for row in decl.rows:
        yield from ((cell, False) for cell in row.cells)
    if decl.cycles is not None:
        terms = (decl.cycles.start, decl.cycles.length, decl.cycles.since, decl.cycles.until)
        yield from ((term, False) for term in terms if term is not None)
    for conversion in decl.conversions:
        if conversion.where is not None:
            yield conversion.where, True
        for term in (conversion.start, conversion.window, conversion.every, conversion.count):
            yield term, False


def of_input(decl: InputDecl) -> Iterator[AnyTerm]:
    ends = (end for bound in decl.ranges for end in (bound.low, bound.high))
    yield from (term for term in (decl.default, decl.derived, *ends) if term is not None)


def rest_on(program: Program) -> dict[str, frozenset[str]]:
    """For each result, it and the results that it rests on, directly or by others."""
    of_name: dict[str, set[str]] = {}
    for name, definition in program.terms.items():
        of_name.setdefault(name.rule, set()).update(_read(definition.term))
    for result in program.results:
        for term, _ in of_result(result):
            of_name.setdefault(result.name, set()).update(_read(term))
    for decl in program.lists.values():
        for term, _ in of_list(decl):
            of_name.setdefault(f"@{decl.name}", set()).update(_read(term))
    for each in program.inputs.values():
        for term in of_input(each):
            of_name.setdefault(f"={each.name}", set()).update(_read(term))
    results = {r.name for r in program.results}
    return {name: _closure(name, of_name) & results for name in results}


def _closure(name: str, of_name: dict[str, set[str]]) -> frozenset[str]:
    seen: set[str] = set()
    todo = [name]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(of_name.get(here, ()))
    return frozenset(seen)


def _read(term: AnyTerm) -> Iterator[str]:
    """What a term reads: shared terms by name, lists with @, facts with =."""
    for here in every(term):
        match here:
            case Use():
                yield here.name.rule
            case Item() | Over() | Find() | InKeys() | Ordinal() | Completes() | Converted() | Rank():
                yield f"@{here.list}"
            case _ if hasattr(here, "list") and isinstance(here.list, str):
                yield f"@{here.list}"
            case _ if hasattr(here, "name"):
                yield f"={here.name}"
            case _:
                pass
