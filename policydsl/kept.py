"""What is made of a program once, and kept for the programs that were asked about last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from policydsl.core import Program

T = TypeVar("T")
FEW = 8


class Kept(Generic[T]):
    """Called with a program, gives what ``make`` makes of it. Programs are told apart by identity: to compare or hash
    one takes longer than most of what is kept."""

    def __init__(self, make: Callable[[Program], T]) -> None:
        self.make = make
        self.recent: list[tuple[Program, T]] = []

    def __call__(self, program: Program) -> T:
        for place, kept in enumerate(self.recent):
            if kept[0] is program:
                if place:
                    self.recent.insert(0, self.recent.pop(place))
                return kept[1]
        made = self.make(program)
        self.recent[:] = [(program, made), *self.recent[: FEW - 1]]
        return made


__all__ = ["Kept"]
