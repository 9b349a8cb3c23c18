"""Results as the code decides them, put together without asking the reference.

All that is said of a result follows from the values of its terms. Where the code has every one of them, the result is
known or does not concern, nothing is missing, and there is no reason to give; else the reference says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from policydsl.compiled.forms import Made
from policydsl.compiled.runtime import UNDECIDED
from policydsl.core import AnyTerm, Effect, Part, Result
from policydsl.domain import NO, YES, Possible, point
from policydsl.evaluate.needs import status_of
from policydsl.members import dataclass
from policydsl.verdict import Judged, Measure, PartValue

Where = Callable[[AnyTerm], Made]


@dataclass(frozen=True, slots=True)
class Follows:
    """An effect, and where its terms stand in what the code gives back."""

    effect: Effect
    when: Made
    start: Made | None
    end: Made | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the values of a result, or of one instance of it, stand in what the code gives back; ``places``: all of
    them. ``included``: whether a record is (仅计, and what the clause asks), each where something asks."""

    result: Result
    places: tuple[int, ...]
    concerns: Made
    value: Made
    holds: Made | None
    state: Made | None
    bearer: Made | None
    favour: Made | None
    effects: tuple[Follows, ...]
    parts: tuple[tuple[Part, Made], ...]
    included: tuple[Made, ...]

    @classmethod
    def of(cls, result: Result, only: AnyTerm | None, where: Where) -> Plan | None:
        """None: the code has not all of it."""
        found = list[Made]()

        def at(term: AnyTerm) -> Made:
            found.append(where(term))
            return found[-1]

        def at_if(term: AnyTerm | None) -> Made | None:
            return None if term is None else at(term)

        try:
            included = tuple(at(term) for term in (only, result.included) if term is not None)
            found.clear()
            concerns, value = at(result.concerns), at(result.value)
            holds, state = at_if(result.holds), at_if(result.state)
            bearer, favour = at_if(result.bearer), at_if(result.favour)
            effects = tuple(Follows(e, at(e.when), at_if(e.start), at_if(e.end)) for e in result.effects)
            parts = tuple((part, at(part.term)) for part in result.parts)
        except KeyError:
            return None
        places = tuple(dict.fromkeys(made.place for made in found)) if result.judged else ()
        return cls(result, places, concerns, value, holds, state, bearer, favour, effects, parts, included)


class Lean:
    """Instances of results by their plans, of what the code found of one party."""

    def __init__(self, plans: dict[str, Plan], raw: list[Any]) -> None:
        self.plans, self.raw = plans, raw

    def taking_part(self, result: Result, count: int) -> Sequence[int] | None:
        """The places of the records that are included, of so many; None: the code does not say."""
        plan = self.plans.get(result.name)
        if plan is None:
            return None
        asked = [self.raw[made.place] for made in plan.included]
        if any(each is UNDECIDED or UNDECIDED in each for each in asked):
            return None
        if not asked:
            return range(count)
        return [place for place, row in enumerate(zip(*asked, strict=True)) if all(each is True for each in row)]

    def judged(self, result: Result, place: int | None = None, key: str | None = None) -> Judged | None:
        """What a result is for the party, or for the record at a place; None: the code does not say."""
        plan = self.plans.get(result.name)
        if plan is None or not self.decided(plan, place):
            return None
        kind = result.value.kind
        if not result.judged:
            return Judged(key, "known", point(None), kind, None, None, False, (), (), (), (), None, None)
        at = partial(self.at, place)
        concerns, value, holds, state = at(plan.concerns), at(plan.value), self.at_if(place, plan.holds), plan.state
        shown = value, kind, holds, self.at_if(place, state)
        if concerns.no:
            return Judged(key, "not_applicable", *shown, False, (), (), (), (), None, None)
        idle = holds is not None and holds.no
        measures = tuple(each for e in plan.effects for each in self.measures(e, place))
        parts = tuple([PartValue(p.name, at(made), p.term.kind, p.most) for p, made in plan.parts])
        bearer, favour = (None if idle else self.at_if(place, made) for made in (plan.bearer, plan.favour))
        return Judged(key, "known", *shown, False, (), (), measures, parts, bearer, favour)

    def decided(self, plan: Plan, place: int | None) -> bool:
        for each in plan.places:
            found = self.raw[each]
            if found is UNDECIDED or place is not None and found[place] is UNDECIDED:
                return False
        return True

    def measures(self, e: Follows, place: int | None) -> Iterator[Measure]:
        when, start, end = self.at(place, e.when), self.at_if(place, e.start), self.at_if(place, e.end)
        for name in e.effect.names:
            yield Measure(
                name, e.effect.modality, status_of(when), start, end, e.effect.afterwards, e.effect.origin.clauses
            )

    def at(self, place: int | None, made: Made) -> Possible:
        found = self.raw[made.place]
        return possible(found if place is None else found[place], made.den)

    def at_if(self, place: int | None, made: Made | None) -> Possible | None:
        return None if made is None else self.at(place, made)


def possible(found: Any, den: int | str | None) -> Possible:
    """A value of the code, known."""
    if found is True:
        return YES
    if found is False:
        return NO
    if den is None or found is None:
        return point(found)
    n, d = (found, den) if isinstance(den, int) else found
    return point(None if n is None else Fraction(n, d))


__all__ = ["Lean", "Plan", "possible"]
