"""Columns of SQL, in layers: each is worked out of those below it, once.

Whatever is written here is made of numbered names, whole numbers and the words of the dialect. NULL stands for what is
not told, whether it is unknown or only has no column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import field, replace

from policydsl.compiled.code import Left, Val
from policydsl.kinds import Kind
from policydsl.members import dataclass

NARROW, WIDE = 2**63 - 1, 2**127 - 1  # what a BIGINT and a HUGEINT hold
NAME = re.compile(r"\b[cvn][0-9]+\b", re.ASCII)
LONGEST = 60_000  # characters of one column
SHORT = 600  # characters of one that may stand inside another


@dataclass(frozen=True, slots=True)
class Col(Val):
    """A value. ``code`` is NULL where it is not told, and where it is 无; ``nil`` is a condition that is true where it
    is known to be 无 (none: it never is). Of a number, ``most`` bounds the whole number that ``code`` comes to, and
    ``below`` the variable denominator."""

    nil: str = ""
    most: int = 0
    below: int = 1

    @property
    def literal(self) -> int | None:
        """The whole number that stands there, if one does."""
        return int(self.code) if self.code.lstrip("-").isdigit() else None

    @property
    def never(self) -> bool:
        """Whether it is not told of anybody."""
        return self.code.startswith("NULL") and not self.nil


def repr_of(kind: Kind) -> str | None:
    """How values of a kind stand in a column; None: they do not."""
    if kind.numeric or kind.base == "duration" and kind.unit == "D":
        return "number"
    if kind.base in ("choice", "text"):
        return "word"
    return kind.base if kind.base in ("yesno", "date") else None


NULLS = {"number": "NULL::BIGINT", "word": "NULL::INTEGER", "yesno": "NULL::BOOLEAN", "date": "NULL::DATE"}


def unknown(kind: Kind, nil: str = "") -> Col:
    """What is not told of anybody; with ``nil`` 无. Raises Left of a kind that has no column."""
    form = repr_of(kind)
    if form is None:
        raise Left("a kind")
    return Col(NULLS[form], 1 if form == "number" else None, nil=nil)


def known(value: Col) -> str:
    """A condition that is true where the value is told: not NULL, or 无."""
    stated = f"({value.code} IS NOT NULL)"
    return f"({value.nil} IS TRUE OR {stated})" if value.nil else stated


@dataclass(slots=True)
class Table:
    """The columns over one relation, each with what it is and in which layer; others are there."""

    made: dict[str, tuple[str, int]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def level(self, code: str) -> int:
        return max((self.made[n][1] for n in NAME.findall(code) if n in self.made), default=0)

    def query(self, source: str, wanted: Sequence[str], more: str = "") -> str:
        """The columns that are wanted, in as few layers as they need. ``more``: what else every layer carries."""
        made = self.inlined(wanted)
        found = {n: NAME.findall(code) for n, code in made.items()}
        layers: dict[str, int] = {}
        last: dict[str, int] = dict.fromkeys(wanted, len(made) + 1)  # the last layer that looks at each
        for name in made:
            layers[name] = 1 + max((layers.get(n, 0) for n in found[name]), default=0)
        for name, names in found.items():
            for n in names:
                last[n] = max(last.get(n, 0), layers[name])
        sql = source
        for layer in range(1, max(layers.values(), default=0) + 1):
            kept = [n for n in last if layers.get(n, 0) < layer < last[n]]
            own = [f"{code} AS {n}" for n, code in made.items() if layers[n] == layer]
            sql = f"SELECT {', '.join([*([more] if more else []), *kept, *own])} FROM ({sql})"
        columns = [*([more] if more else []), *dict.fromkeys(wanted)]
        return f"SELECT {', '.join(columns)} FROM ({sql})"

    def inlined(self, wanted: Sequence[str]) -> dict[str, str]:
        """What each column is, those below first; one that is looked at once stands where that is."""
        needed = [n for n in self.needed(wanted) if n in self.made]
        uses = Counter(n for name in needed for n in NAME.findall(self.made[name][0]))
        inside: dict[str, str] = {}
        out: dict[str, str] = {}
        for name in needed:
            code = NAME.sub(lambda m: inside.get(m[0], m[0]), self.made[name][0])
            if uses[name] == 1 and name not in wanted and len(code) < SHORT:
                inside[name] = f"({code})"
            else:
                out[name] = code
        return out

    def needed(self, wanted: Iterable[str]) -> list[str]:
        """The columns that some rest on, those below first."""
        found: dict[str, None] = {}
        todo = list(wanted)
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = None
                if name in self.made:
                    todo += NAME.findall(self.made[name][0])
        return sorted(found, key=lambda n: (self.made[n][1] if n in self.made else 0, int(n[1:])))

    def inputs(self, wanted: Iterable[str]) -> list[str]:
        return [n for n in self.needed(wanted) if n not in self.made]


class Names:
    """Numbers for columns, one for each."""

    def __init__(self) -> None:
        self.count = 0

    def new(self, letter: str = "c") -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def held(self, table: Table, code: str) -> str:
        """A column for an expression; what is a name, a number or nothing stays as it is."""
        if NAME.fullmatch(code) or code.startswith("NULL") or code in ("TRUE", "FALSE") or code.lstrip("-").isdigit():
            return code
        if len(code) > LONGEST:
            raise Left("too long")
        known_ = table.places.get(code)
        if known_ is None:
            known_ = table.places[code] = self.new()
            table.made[known_] = code, table.level(code) + 1
        return known_

    def hold(self, table: Table, value: Col) -> Col:
        """The value in columns of its own."""
        den = self.held(table, value.den) if isinstance(value.den, str) else value.den
        return replace(value, code=self.held(table, value.code), den=den, nil=value.nil and self.held(table, value.nil))


def names_in(*values: Col) -> Collection[str]:
    return [n for v in values for part in (v.code, v.nil, str(v.den)) for n in NAME.findall(part)]


__all__ = ["NARROW", "WIDE", "Col", "Left", "Names", "Table", "known", "names_in", "repr_of", "unknown"]
