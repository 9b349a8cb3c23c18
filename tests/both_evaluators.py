"""Everything that may be asked of a program, answered by the exact evaluator and by the one on possible values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from engine_support import DAY, allows

from policydsl.core import AnyTerm, Name, Program
from policydsl.domain import Possible
from policydsl.evaluate import Evaluator
from policydsl.evaluate.exact import ExactEvaluator
from policydsl.evaluate.exact_lists import records
from policydsl.evaluate.exact_scope import Outcome, Unknown, tried
from policydsl.evaluate.lists import rows
from policydsl.facts import Sheet
from policydsl.kinds import Exact

A = TypeVar("A")
E = TypeVar("E", Evaluator, ExactEvaluator)


@dataclass(frozen=True)
class World:
    """A program and everything that is told of its parties."""

    program: Program
    sheets: tuple[Sheet, ...]
    settings: Mapping[str, Exact]
    population: bool = True
    day: date = DAY


@dataclass(frozen=True)
class Asked:
    """What is asked (of which party, which shared term or part of a result, at which record), and of which list it is
    one record; the list as such is asked for by "*"."""

    party: int
    what: Hashable
    record: Hashable = None


Answers = dict[Asked, A]


def questions(program: Program) -> Iterator[tuple[Hashable, str | None, AnyTerm | Name]]:
    """What a program says, by a name: of the party, or of each record of a list."""
    for name, definition in program.terms.items():
        yield name, definition.over, name
    for result in program.results:
        parts: dict[str, AnyTerm | None] = {
            field: getattr(result, field)
            for field in ("concerns", "value", "holds", "state", "included", "bearer", "favour")
        }
        parts |= {f"part {part.name}": part.term for part in result.parts}
        for i, effect in enumerate(result.effects):
            parts |= {f"effect {i} {field}": getattr(effect, field) for field in ("when", "start", "end")}
        for field, term in parts.items():
            if term is not None:
                yield (result.name, field), result.over, term
        if result.together is not None:
            for field in ("concerns", "value", "holds", "state"):
                term = getattr(result.together, field)
                if term is not None:
                    yield (result.name, "together", field), None, term


def answered(
    world: World, ev: Any, ask: Callable[[Any], A], listed: Callable[[str, Any], A | Iterable[Any]]
) -> Answers[A]:
    """``ask`` makes an answer of what an evaluator does; ``listed`` gives the records of a list, or that it is open."""
    found: Answers[A] = {}
    for party, scope in enumerate(ev.scope(party, world.day) for party in range(len(world.sheets))):
        entries = {over: listed(over, scope) for over in dict.fromkeys(o for _, o, _ in questions(world.program) if o)}
        for what, over, term in questions(world.program):
            every: Any = [None] if over is None else entries[over]
            if not isinstance(every, list):
                found[Asked(party, what, "*")] = every
                continue
            seen: Counter[str] = Counter()
            for entry in every:
                record = None
                if entry is not None:
                    seen[key_of(entry)] += 1
                    record = (key_of(entry), seen[key_of(entry)])
                shared = isinstance(term, Name)
                make = partial(ev.shared, term, entry, scope) if shared else partial(ev.value, term, scope.only(entry))
                found[Asked(party, what, record)] = ask(make)
    return found


def key_of(entry: Any) -> str:
    """The key of a record; a conversion makes it of others, and it has that of the last of them."""
    while getattr(entry, "made_from", ()):
        entry = entry.made_from[-1]
    return str(entry.key)


def evaluator(world: World, kind: type[E]) -> E:
    return kind(world.program, world.sheets, world.settings, population=world.population)


def exactly(world: World, ev: ExactEvaluator | None = None) -> Answers[Outcome]:
    ev = ev or evaluator(world, ExactEvaluator)
    return answered(world, ev, tried, lambda name, scope: tried(lambda: list(records(ev, name, scope))))


def possibly(world: World, ev: Evaluator | None = None) -> Answers[Possible]:
    """The records that are known, also of a list that may have more."""
    ev = ev or evaluator(world, Evaluator)
    return answered(world, ev, lambda make: make(), lambda name, scope: list(rows(ev, name, scope).entries))


def disagreements(exact: Answers[Outcome], possible: Answers[Possible]) -> list[tuple[Asked, Outcome, Possible | None]]:
    """Where one knows a value, the other has to know the same; only the one on possible values may know more."""
    return [
        (asked, value, possible.get(asked)) for asked, value in exact.items() if not isinstance(value, Unknown)
        and ((p := possible.get(asked)) is None or not p.known or not allows(p, value))
    ]
