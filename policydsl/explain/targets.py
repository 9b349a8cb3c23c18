"""Targets: ``金牌IVR`` (a tier, an option, a row), a result, ``结果＝值``."""

from __future__ import annotations

from collections.abc import Iterator

from policydsl.clause_kinds import traits
from policydsl.core import AnyTerm, Choose, Const, InputDecl, Name, Program, Result, Use
from policydsl.kinds import Exact, Kind, text_key
from policydsl.members import dataclass
from policydsl.place import NOWHERE
from policydsl.sheet import Refused, read_value
from policydsl.sheet.refused import Absent
from policydsl.sheet.values import Context
from policydsl.text.near import alike

_HOLDS = {"成立": True, "是": True, "yes": True, "holds": True, "不成立": False, "否": False, "no": False}
_EQUALS = ("＝", "=")


@dataclass(frozen=True, slots=True)
class Wish:
    """A result and the value asked for; ``words`` as it was typed, or as the policy calls it."""

    result: Result
    value: Exact
    words: str


class UnknownTargetError(Exception):
    """No such target; ``near``: what was perhaps meant, or the results that it may be a value of."""

    def __init__(self, text: str, near: tuple[str, ...], several: bool = False) -> None:
        super().__init__(text)
        self.text, self.near, self.several = text, near, several


def wish(text: str, program: Program) -> Wish:
    """The target meant. Raises UnknownTargetError."""
    mark = next((m for m in _EQUALS if m in text), None)
    if mark is not None:
        name, _, value = text.partition(mark)
        result = named(name.strip(), program)
        if result is None:
            raise UnknownTargetError(name.strip(), near(name, program))
        return _valued(result, value.strip(), program)
    result = named(text.strip(), program)
    if result is not None:
        return _reached(result, program)
    found = [(r, v) for r in program.results for v in constants(r, program)
             if isinstance(v, str) and text_key(v) == text_key(text)]
    tiers = [f for f in found if traits(f[0].label).reading == "tier"]
    chosen = tiers if len(tiers) == 1 else found
    if len(chosen) == 1:
        return Wish(chosen[0][0], chosen[0][1], str(chosen[0][1]))
    if chosen:
        raise UnknownTargetError(text, tuple(f"{r.name}＝{v}" for r, v in chosen), several=True)
    raise UnknownTargetError(text, near(text, program))


def named(name: str, program: Program) -> Result | None:
    """The result of a name or alias."""
    key = text_key(name)
    return next((r for r in program.results if key in (text_key(r.name), text_key(r.alias or r.name))), None)


def near(text: str, program: Program) -> tuple[str, ...]:
    known: dict[str, None] = {}
    for result in program.results:
        known[result.name] = None
        known.update(dict.fromkeys(v for v in constants(result, program) if isinstance(v, str)))
    return tuple(alike(text.strip(), known))


def _reached(result: Result, program: Program) -> Wish:
    """The result by its name: that it holds; of tiers the highest."""
    if result.holds is not None or result.value.kind.base == "yesno":
        return Wish(result, True, result.name)
    values = [v for v in constants(result, program) if v is not None]
    if not values:
        raise UnknownTargetError(result.name, (f"{result.name}＝…",), several=True)
    if traits(result.label).reading == "tier":
        return Wish(result, values[0], str(values[0]))
    raise UnknownTargetError(
        result.name, tuple(f"{result.name}＝{v}" for v in values if isinstance(v, str)) or (f"{result.name}＝…",),
        several=True,
    )


def _valued(result: Result, text: str, program: Program) -> Wish:
    kind = result.value.kind
    truth = _HOLDS.get(text.casefold())
    if truth is not None and (result.holds is not None or kind.base == "yesno"):
        return Wish(result, truth, f"{result.name}＝{text}")
    options = [v for v in constants(result, program) if isinstance(v, str)]
    for option in options:
        if text_key(option) == text_key(text):
            return Wish(result, option, f"{result.name}＝{option}")
    decl = InputDecl(result.name, None, Kind("text") if kind.base == "any" else kind, NOWHERE, optional=True)
    try:
        value = read_value(text, decl, Context.of(program))
    except Refused:
        raise UnknownTargetError(text, tuple(f"{result.name}＝{o}" for o in dict.fromkeys(options)), True) from None
    if isinstance(value, Absent):
        raise UnknownTargetError(f"{result.name}＝", tuple(f"{result.name}＝{o}" for o in dict.fromkeys(options)), True)
    return Wish(result, value, f"{result.name}＝{text}")


def constants(result: Result, program: Program) -> tuple[Exact, ...]:
    """The constant values that a result may have, in the order of its rows."""
    return tuple(dict.fromkeys(_constants(result.value, program, set())))


def _constants(term: AnyTerm, program: Program, seen: set[Name]) -> Iterator[Exact]:
    match term:
        case Const():
            yield term.value
        case Choose():
            for arm in term.arms:
                yield from _constants(arm.then, program, seen)
        case Use() if term.name not in seen:
            seen.add(term.name)
            yield from _constants(program.terms[term.name].term, program, seen)
        case _:
            return


__all__ = ["UnknownTargetError", "Wish", "constants", "named", "near", "wish"]
