"""Reads what a case expects of results, measures, records and parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policydsl.core import Program, Result
from policydsl.kinds import Kind
from policydsl.sheet.refused import Refused, shorten
from policydsl.sheet.source import Mapping, Pair, Scalar, Sequence, Tree
from policydsl.sheet.values import Context
from policydsl.testing import words as w
from policydsl.testing.shape import Shape
from policydsl.testing.values import readable
from policydsl.testing.wanted import Expected, MeasureWanted, Wanted, Words
from policydsl.text.fold import name_key

_MEASURE_KEYS = ("barred", "not_done")
_PART_KEYS = ("value", "one_of", "min", "max", "unknown")


class Expectations:
    """Reads expectations against one program."""

    def __init__(self, program: Program, shape: Shape) -> None:
        self.program, self.shape, self.problems = program, shape, shape.problems
        self.context = Context.of(program)
        self.results = {name_key(n): r for r in program.results for n in (r.alias, r.name) if n}
        self.facts = {name_key(n): d for d in program.inputs.values() for n in (d.alias, d.name) if n}
        self.measures = {name_key(n): n for r in program.results for e in r.effects for n in e.names}

    def lines(self, tree: Mapping) -> tuple[Expected, ...]:
        """Each line: a result or a measure, and what it has to be."""
        return tuple(line for pair in tree.pairs if (line := self.line(pair)) is not None)

    def line(self, pair: Pair) -> Expected | None:
        key = name_key(pair.key)
        result = self.results.get(key)
        asked = {w.meant(p.key, w.EXPECT) for p in pair.value.pairs} if isinstance(pair.value, Mapping) else set()
        of_measure = bool(asked) and asked <= set(_MEASURE_KEYS)
        if of_measure and key in self.measures:
            return Expected(pair.key, self.measures[key], True, self.wanted(pair.value, pair.key, None, None))
        fact = self.facts.get(key)
        if result is None and fact is not None:
            return Expected(pair.key, fact.name, False, self.wanted(pair.value, pair.key, fact.kind, None), fact=True)
        if result is None:
            known = [n for r in self.program.results for n in (r.name, r.alias) if n]
            if of_measure:
                known += self.measures.values()
            self.problems.add("CASE102", pair.key_at, pair.key, read=shorten(pair.key),
                              suggestions=w.near(pair.key, tuple(known)))
            return None
        return Expected(pair.key, result.name, False, self.wanted(pair.value, pair.key, result.value.kind, result))

    def wanted(self, tree: Tree, path: str, kind: Kind | None, result: Result | None) -> Wanted:
        """What is wanted: a mapping of keys, or the value itself. ``result`` None: of a part or a measure."""
        if not isinstance(tree, Mapping):
            return Wanted(tree.at, **self.value(tree, path, kind))
        keys = self.shape.keys(tree, w.EXPECT, f"{path}.")
        made: dict[str, Any] = {}
        for key, pair in keys.items():
            here = f"{path}.{pair.key}"
            if not self.belongs(key, kind, result):
                self.problems.add("CASE101", pair.key_at, here, read=shorten(pair.key))
                continue
            made.update(self.of_key(key, pair, here, kind, result))
        return Wanted(tree.at, **made)

    def belongs(self, key: str, kind: Kind | None, result: Result | None) -> bool:
        if result is not None:
            return key not in _MEASURE_KEYS
        return key in (_MEASURE_KEYS if kind is None else _PART_KEYS)

    def of_key(self, key: str, pair: Pair, path: str, kind: Kind | None, result: Result | None) -> dict[str, Any]:
        shape, tree = self.shape, pair.value
        match key:
            case "value":
                return self.value(tree, path, kind)
            case "one_of":
                options = shape.texts(tree, path)
                for option in options:
                    self.check(option, path, kind)
                return {"one_of": options}
            case "min" | "max":
                end = shape.scalar(tree, path)
                if end is not None and not end.empty:
                    self.check(end, path, kind)
                return {"low" if key == "min" else "high": end}
            case "unknown":
                if isinstance(tree, Sequence) or isinstance(tree, Scalar) and w.meant(tree.text, w.TRUTH) is None:
                    return {"unknown": shape.texts(tree, path)}
                return {"undecided": shape.truth(tree, path)}
            case "missing":
                return {"missing": shape.texts(tree, path)}
            case "not_applicable":
                return {"not_applicable": shape.truth(tree, path)}
            case "state":
                return {"state": shape.text(tree, path)}
            case "status":
                return {"status": shape.word(tree, path, w.STATUS)}
            case "measures":
                return {"measures": tuple(self.each_measure(tree, path, result))}
            case "records" if result is not None:
                return {"records": self.records(tree, path, kind, result)}
            case "parts" if result is not None:
                return {"parts": tuple(self.each_part(tree, path, result))}
            case _:
                return {key: shape.word(tree, path, w.TRUTH)}

    def value(self, tree: Tree, path: str, kind: Kind | None) -> dict[str, Any]:
        if isinstance(tree, Sequence) and kind is not None and kind.base == "choices":
            return {"several": self.shape.texts(tree, path)}
        found = self.shape.text(tree, path)
        if found is not None and w.meant(found.text, w.NOT_STATED) and (kind is None or found.text not in kind.options):
            return {"not_stated": found}
        if found is not None:
            self.check(found, path, kind)
        return {"value": found}

    def check(self, value: Scalar, path: str, kind: Kind | None) -> None:
        """Notes a value that can never come out."""
        if kind is None:
            return
        try:
            readable(value, kind, self.context, path)
        except Refused as refused:
            self.problems.refuse(refused, value.at, path)

    def records(self, tree: Tree, path: str, kind: Kind | None, result: Result) -> tuple[tuple[Scalar, Wanted], ...]:
        if not isinstance(tree, Mapping) or result.over is None:
            self.shape.wrong(tree, path, "case_records" if result.over is not None else "case_value")
            return ()
        return tuple(
            (Scalar(p.key, True, p.key_at), self.wanted(p.value, f"{path}.{p.key}", kind, result)) for p in tree.pairs
        )

    def each_part(self, tree: Tree, path: str, result: Result) -> Iterator[tuple[Scalar, Wanted]]:
        if not isinstance(tree, Mapping):
            self.shape.wrong(tree, path, "case_parts")
            return
        known = {name_key(p.name): p.term.kind for p in result.parts}
        for pair in tree.pairs:
            kind = known.get(name_key(pair.key))
            if kind is None:
                near = w.near(pair.key, tuple(p.name for p in result.parts))
                self.unknown(pair, path, near, tuple(p.name for p in result.parts))
            else:
                name = Scalar(pair.key, True, pair.key_at)
                yield name, self.wanted(pair.value, f"{path}.{pair.key}", kind, None)

    def unknown(self, pair: Pair, path: str, near: tuple[str, ...], known: tuple[str, ...]) -> None:
        self.problems.add(
            "CASE102", pair.key_at, f"{path}.{pair.key}", read=shorten(pair.key), suggestions=near,
            expected=() if near else tuple(f'"{name}"' for name in known[:8]),
        )

    # ------------------------------------------------------------------------------------------ measures
    def each_measure(self, tree: Tree, path: str, result: Result | None) -> Iterator[MeasureWanted]:
        if not isinstance(tree, Mapping):
            self.shape.wrong(tree, path, "case_measures")
            return
        known = {name_key(n): n for e in result.effects for n in e.names} if result is not None else {}
        for pair in tree.pairs:
            name = known.get(name_key(pair.key))
            if name is None:
                near = w.near(pair.key, tuple(known.values()))
                self.unknown(pair, path, near, tuple(known.values()))
            else:
                yield self.measure(name, pair, f"{path}.{pair.key}")

    def measure(self, name: str, pair: Pair, path: str) -> MeasureWanted:
        """``{status, modality, from, to, afterwards}``, or ``[modality, whether it comes about]``, or the latter."""
        shape, tree, at = self.shape, pair.value, pair.key_at
        if isinstance(tree, Scalar):
            return MeasureWanted(name, at, status=shape.word(tree, path, w.HAPPENS))
        if isinstance(tree, Sequence):
            if len(tree.items) != 2:
                shape.wrong(tree, path, "case_measure")
                return MeasureWanted(name, at)
            modality, status = tree.items
            return MeasureWanted(
                name, at, status=shape.word(status, path, w.HAPPENS), modality=shape.word(modality, path, w.MODALITY)
            )
        keys = shape.keys(tree, w.MEASURE, f"{path}.")

        def word(key: str, known: w.Words) -> Words | None:
            return shape.word(keys[key].value, f"{path}.{key}", known) if key in keys else None

        def text(key: str) -> Scalar | None:
            return shape.text(keys[key].value, f"{path}.{key}") if key in keys else None

        after = keys.get("afterwards")
        return MeasureWanted(
            name, at, word("status", w.HAPPENS), word("modality", w.MODALITY), text("from"), text("to"),
            shape.texts(after.value, f"{path}.{after.key}") if after is not None else None,
        )
