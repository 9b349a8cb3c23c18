"""Walking a core program: what stands directly inside a part of it, everything inside, and the program with a few
parts changed.

Everything that a program is made of is a frozen dataclass; no form is named here, so a new one is walked as it is.
What is changed is named by its identity, since one thing of the author's text may stand in several places of the
program as one object or as equal copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from policydsl.core import (
    AnyTerm,
    Definition,
    Header,
    InputDecl,
    ListDecl,
    Name,
    Origin,
    Program,
    Read,
    Remark,
    Result,
    Term,
    Use,
)
from policydsl.kinds import Duration, Kind, Period
from policydsl.line_roles import line_role
from policydsl.members import dataclass
from policydsl.place import Span

T = TypeVar("T", bound=Term)
LEAVES = (Span, Origin, Remark, Kind, Duration, Period)
# Kinds of fields in which no part stands.
_PLAIN = frozenset({
    "int", "str", "str | None", "bool", "Kind", "Name", "Span", "Origin", "Origin | None", "tuple[Origin, ...]",
    "tuple[str, ...]", "Exact",
})


class Drop:
    """Stands for the element of a list that is left out."""


DROP = Drop()
Edits = Mapping[int, object]
Holder = tuple[str, str | Name]  # what holds a thing: ``input list term result header``, and its name
_NAMES: dict[type[Any], tuple[str, ...]] = {}
_NODES: dict[type[Any], bool] = {}


def may_hold(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a class in which parts of a program may stand."""
    found = _NAMES.get(kind)
    if found is None:
        found = _NAMES[kind] = tuple(f.name for f in fields(kind) if f.init and f.type not in _PLAIN)
    return found


def parts(thing: object) -> Iterator[tuple[str, object]]:
    """The dataclasses directly inside one, each with the field it stands in."""
    for name in may_hold(type(thing)):
        value = getattr(thing, name)
        if isinstance(value, tuple):
            for element in value:
                if is_node(element):
                    yield name, element
        elif is_node(value):
            yield name, value


def is_node(value: object) -> bool:
    """Whether something is a part of a program (and no span, kind, origin or plain value)."""
    kind = type(value)
    known = _NODES.get(kind)
    if known is None:
        known = _NODES[kind] = is_dataclass(kind) and not issubclass(kind, LEAVES)
    return known


def children(thing: object) -> tuple[AnyTerm, ...]:
    """The terms directly inside a term, a declaration, a result or any other part, in the order of its fields. A term
    keeps them: the whole program is walked again and again, by every check and for every graph of it."""
    if not isinstance(thing, Term):
        return _children(thing)
    if thing.below is None:
        object.__setattr__(thing, "below", _children(thing))
    return thing.below  # type: ignore[return-value]


def _children(thing: object) -> tuple[AnyTerm, ...]:
    found: list[AnyTerm] = []
    for name in may_hold(type(thing)):
        value = getattr(thing, name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Term):
                found.append(part)  # type: ignore[arg-type]
            elif is_node(part):
                found += _children(part)
    return tuple(found)


def every(thing: object, closed: tuple[type[Term], ...] = ()) -> Iterator[AnyTerm]:
    """All terms inside a part, itself included if it is one, outermost first, in the order of the text. Shared terms
    are not entered, nor what is inside the ``closed`` forms."""
    stack = [cast(AnyTerm, thing)] if isinstance(thing, Term) else list(children(thing)[::-1])
    while stack:
        here = stack.pop()
        yield here
        below = children(here) if here.below is None else here.below
        if below and not isinstance(here, closed):
            stack += below[::-1]


def every_of(program: Program) -> tuple[AnyTerm, ...]:
    """All terms of a program, in the order of its ``roots``; found once."""
    if program.every is None:
        object.__setattr__(program, "every", tuple(term for top in tops(program) for term in every(top)))
    return program.every  # type: ignore[return-value]


def apart(terms: Iterable[T]) -> list[T]:
    """The first of those that mean the same at the same place (of a program, whose terms have numbers)."""
    found: dict[tuple[int, Span], T] = {}
    for term in terms:
        found.setdefault((term.number, term.at), term)
    return list(found.values())


def plain(term: AnyTerm) -> str:
    """A term without its places, as a key: terms that mean the same, before they have numbers."""
    match term:
        case Read(list=ledger, name=field_name, up=up):
            return f"read {ledger} {field_name} {up}"
        case Use(name=name, up=up):
            return f"use {name} {up}"
        case _:
            return repr(_bare(term))


def _bare(term: object) -> object:
    if isinstance(term, Span):
        return None
    if isinstance(term, tuple):
        return tuple(_bare(t) for t in term)
    if isinstance(term, Term) and is_dataclass(term):
        values = tuple(_bare(getattr(term, f.name)) for f in fields(term) if f.init and f.name not in ("at", "notes"))
        return (type(term).__name__, *values)
    return term


def used(thing: object) -> dict[Name, None]:
    """The shared terms named inside a part, each once, in the order of the text."""
    return {term.name: None for term in every(thing) if isinstance(term, Use)}


def inside(thing: object) -> Iterator[tuple[tuple[object, ...], object]]:
    """The thing and everything inside it, each with what it stands in (outermost first)."""
    stack: list[tuple[tuple[object, ...], object]] = [((), thing)]
    while stack:
        path, here = stack.pop()
        yield path, here
        below = (*path, here)
        stack.extend((below, part) for _, part in reversed(list(parts(here))))


@dataclass(frozen=True, slots=True)
class Root:
    """A term that is not inside another: what it stands in (outermost first), and in which field of it."""

    path: tuple[object, ...]
    field: str
    term: AnyTerm

    @property
    def condition(self) -> bool:
        """Whether it is asked as a condition, and not for its value."""
        return self.field in ("applies", "concerns", "included", "where", "holds", "only", "when")


def roots(program: Program) -> Iterator[Root]:
    """Every term of the program that is not inside another: the header's, of rules and results, of declarations."""
    for thing in _things(program):
        yield from _roots((), thing)


def tops(program: Program) -> Iterator[AnyTerm]:
    """The terms of the ``roots`` of a program, in their order, and the names of its totals."""
    return (term for thing in (*_things(program), *program.totals) for term in children(thing))


def _things(program: Program) -> tuple[object, ...]:
    """What a program consists of, in the order in which it is walked."""
    return (
        program.header, *program.terms.values(), *program.results, *program.lists.values(), *program.inputs.values(),
    )


def _roots(path: tuple[object, ...], thing: object) -> Iterator[Root]:
    path = (*path, thing)
    for name, part in parts(thing):
        if isinstance(part, Term):
            yield Root(path, name, cast(AnyTerm, part))
        else:
            yield from _roots(path, part)


def rebuilt(thing: Any, edits: Edits) -> Any:
    """The thing with what ``edits`` names (by id) replaced; the same object where nothing inside is named."""
    if id(thing) in edits:
        return edits[id(thing)]
    changed: dict[str, object] = {}
    for name in may_hold(type(thing)):
        value = getattr(thing, name)
        if isinstance(value, tuple):
            made = tuple(rebuilt(v, edits) if is_node(v) else v for v in value)
            if any(a is not b for a, b in zip(made, value, strict=True)):
                changed[name] = tuple(v for v in made if v is not DROP)
        elif is_node(value):
            made_ = rebuilt(value, edits)
            if made_ is not value:
                changed[name] = None if made_ is DROP else made_
    return replace(thing, **changed) if changed else thing


def holders(program: Program) -> Iterator[tuple[str, str | Name, object]]:
    """What the program consists of: (``input``/``list``/``term``/``result``/``header``, name, the thing)."""
    for each in program.inputs.values():
        yield "input", each.name, each
    for listed in program.lists.values():
        yield "list", listed.name, listed
    for definition in program.terms.values():
        yield "term", definition.name, definition
    for result in program.results:
        yield "result", result.name, result
    yield "header", "", program.header


def rule_of(holder: object) -> str:
    """The rule that a holder belongs to; of what belongs to none its own name, of the header the policy's."""
    match holder:
        case Definition() | Result():
            return holder.origin.rule
        case ListDecl():
            return holder.of or holder.name
        case InputDecl():
            return holder.name
        case Header():
            return holder.title
    raise AssertionError(holder)


def edited(program: Program, edits: Edits, where: frozenset[Holder]) -> Program:
    """The program with the edits made in the holders named; what has none is shared with the program."""

    def new(what: str, things: dict[Any, Any]) -> dict[Any, Any]:
        named = {n for w, n in where if w == what}
        if not named:
            return things
        return {name: rebuilt(thing, edits) if name in named else thing for name, thing in things.items()}

    results = program.results
    if any(w == "result" for w, _ in where):
        results = tuple(rebuilt(r, edits) if ("result", r.name) in where else r for r in results)
    header = rebuilt(program.header, edits) if ("header", "") in where else program.header
    return replace(
        program, inputs=new("input", program.inputs), lists=new("list", program.lists),
        terms=new("term", program.terms), results=results, header=header,
    )


def composed(term: AnyTerm) -> bool:
    """Whether the text has no words for what stands inside a term: a quota, or a place in a ranking, is one condition,
    whatever it counts."""
    return any(line_role(note.label).counts or line_role(note.label).ranks for note in term.notes)


def declared(program: Program, term: Read) -> InputDecl | None:
    """The declaration of what is read; None: a computed column, the day, a name."""
    if not term.list:
        return program.inputs.get(term.name)
    listed = program.lists.get(term.list)
    return listed.field_of(term.name) if listed is not None else None
