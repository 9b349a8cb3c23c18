"""Lines of generated code, and the values that stand in them.

Whatever is written here is made of numbered names, whole numbers and the words of ``runtime``: a name or a text of the
author is a constant in a table, and never part of the code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import lcm

from policydsl.members import dataclass

DEEPEST = 14  # Python takes twenty loops and tries inside one another, and a hundred steps of indentation
LONGEST = 2_000  # characters of one expression


class Left(Exception):
    """A form, or a use of it, that no code is generated for: what rests on it is left to the reference."""


@dataclass(frozen=True, slots=True)
class Val:
    """A value in the code. ``den`` None: ``code`` is the exact value itself. Else it is a number, ``code`` over
    ``den``, both whole: a constant, or the name of a variable above 0. ``none``: whether it may be 无 (None)."""

    code: str
    den: int | str | None = None
    none: bool = False

    @property
    def number(self) -> bool:
        return self.den is not None


Block = list[tuple[int, str]]


class Writer:
    """Collects lines; each knows how deep it stands."""

    def __init__(self) -> None:
        self.lines: Block = []
        self.depth = 0
        self.count = 0
        self.constants: dict[str, object] = {}
        self._places: dict[tuple[type, object], str] = {}

    def emit(self, line: str) -> None:
        if self.depth > DEEPEST or len(line) > LONGEST:
            raise Left("too deep")
        self.lines.append((self.depth, line))

    def new(self, letter: str = "v") -> str:
        """A name that nothing else has."""
        self.count += 1
        return f"{letter}{self.count}"

    @contextmanager
    def deeper(self) -> Iterator[None]:
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    @contextmanager
    def apart(self) -> Iterator[Block]:
        """Lines that are put somewhere else, or nowhere."""
        kept, self.lines = self.lines, []
        try:
            yield self.lines
        finally:
            self.lines = kept

    def place(self, block: Block) -> None:
        """Puts lines that were written apart; they were written at the depth at which they stand."""
        self.lines += block

    def constant(self, value: object) -> str:
        """The code of a constant: a whole number, yes, no and 无 as they are, else its name in the table."""
        if value is None or isinstance(value, bool):
            return repr(value)
        if type(value) is int:
            return repr(value) if value >= 0 else f"({value!r})"
        try:
            key = type(value), value
            known = self._places.get(key)
        except TypeError:  # it cannot be hashed
            return self.table(value)
        if known is None:
            known = self._places[key] = self.table(value)
        return known

    def table(self, value: object) -> str:
        """The name of a value in the table."""
        name = self.new("K")
        self.constants[name] = value
        return name

    def atom(self, code: str, letter: str = "v") -> str:
        """A name for an expression, so that it is worked out once, here."""
        if code.isdigit() or code.isidentifier() and code not in ("None", "True", "False"):
            return code
        name = self.new(letter)
        self.emit(f"{name} = {code}")
        return name

    def held(self, value: Val) -> Val:
        """The value, worked out here whether or not it is used."""
        return replace(value, code=self.atom(value.code))


def scaled(code: str, by: int) -> str:
    return code if by == 1 else f"{code}*{by}"


def common(values: list[Val]) -> int | None:
    """The least denominator of numbers whose denominators are constants; None where one is not."""
    found = 1
    for value in values:
        if not isinstance(value.den, int):
            return None
        found = lcm(found, value.den)
    return found


__all__ = ["Block", "Left", "Val", "Writer", "common", "scaled"]
