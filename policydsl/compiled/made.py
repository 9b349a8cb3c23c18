"""The generated code of a program: made once, run for each sheet."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

from policydsl.compiled import allowed
from policydsl.compiled.code import Block, Writer
from policydsl.compiled.forms import Made, Maker
from policydsl.compiled.runtime import UNDECIDED, WORDS, Undecided
from policydsl.core import AnyTerm, Over, Program, Term
from policydsl.facts import Sheet
from policydsl.kinds import Exact
from policydsl.walk import children, parts

Value = Exact | Undecided


class Compiled:
    """A program as Python. ``source`` is its text, ``exports`` where each value stands in what it gives back: of a
    shared term by its name, of any other term that is asked for by where it stands (``asked``), of an aggregate by its
    number. ``several``: where all the values stand that an aggregate finds one value in, if they are the same."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.asked = tuple(asked_of(program))
        w, functions = Writer(), list[Block]()
        maker = Maker(program, w, functions)
        for name in program.terms:
            maker.defined_if(name)
        for key, term, over in self.asked:
            maker.export(key, term, over)
        self.exports: Mapping[object, Made] = maker.exports
        self.aggregates: Mapping[int, Over] = maker.aggregates
        self.several: Mapping[int, int] = maker.several
        self.count = maker.count
        body: Block = [(0, "def run(V, G, day, party, O):"), *((depth + 1, line) for depth, line in maker.top)]
        lines = [*(line for block in functions for line in block), *body, (1, "return O")]
        self.source = "".join("    " * depth + line + "\n" for depth, line in lines)
        self.constants = w.constants

    @cached_property
    def run(self) -> Any:
        """The function that the code is."""
        tree = ast.parse(self.source)
        allowed.check(tree, WORDS)
        room: dict[str, object] = {**WORDS, **self.constants, "__builtins__": {}}
        exec(compile(tree, "<policy>", "exec"), room)
        return room["run"]

    def raw(self, sheet: Sheet, settings: Mapping[str, Exact], day: date) -> list[Any]:
        """What comes out, in the numbers of the code."""
        values = {**sheet.values, **settings} if settings else sheet.values
        party = sheet.name if sheet.named else None
        return self.run(values, sheet.lists, day, party, [UNDECIDED] * self.count)  # type: ignore[no-any-return]

    def values(self, sheet: Sheet, settings: Mapping[str, Exact], day: date) -> dict[object, Value | list[Value]]:
        """What every export comes to for one party alone: of what is per record, for each record of its list."""
        raw = self.raw(sheet, settings, day)
        return {key: told(raw[made.place], made) for key, made in self.exports.items()}


def asked_of(program: Program) -> Iterator[tuple[tuple[str, str], AnyTerm, str | None]]:
    """The terms that a verdict is put together of, each with a name, and the list of whose records it is: those of the
    results; whom the policy is for, and since when; which records count; what has a range that the author promises."""
    for field, term in (("applies", program.header.applies), ("from", program.header.effective_from)):
        if term is not None:
            yield ("", field), term, None
    for decl in program.inputs.values():
        if decl.derived is not None and decl.ranges:
            yield ("", f"derived {decl.name}"), decl.derived, None
    for ledger in program.lists.values():
        if ledger.only is not None:
            yield (ledger.name, "only"), ledger.only, ledger.name
        for decl in ledger.fields if ledger.source == "sheet" else ():
            if decl.derived is not None and decl.ranges:
                yield (ledger.name, f"derived {decl.name}"), decl.derived, ledger.name
    for result in program.results:
        for field, term in _inside(replace(result, together=None)):
            yield (result.name, field), term, result.over
        for field, term in _inside(result.together) if result.together is not None else ():
            yield (result.name, f"together {field}"), term, None
    for part in program.totals:
        yield ("", f"total {part.name}"), part.term, None


def _inside(thing: object) -> Iterator[tuple[str, AnyTerm]]:
    """The terms of a part of the program, each by where it stands."""
    for place, (field, part) in enumerate(parts(thing)):
        if isinstance(part, Term):
            yield f"{place} {field}", cast(AnyTerm, part)
        else:
            yield from ((f"{place} {field} {i}", term) for i, term in enumerate(children(part)))


def told(found: Any, made: Made) -> Value | list[Value]:
    """An export as exact values."""
    if made.over is None or found is UNDECIDED:
        return _one(found, made.den)
    return [_one(each, made.den) for each in found]


def _one(found: Any, den: int | str | None) -> Value:
    if found is UNDECIDED or den is None:
        return found  # type: ignore[no-any-return]
    n, d = (found, den) if isinstance(den, int) else found
    return None if n is None else Fraction(n, d)


__all__ = ["Compiled", "Value", "told"]
