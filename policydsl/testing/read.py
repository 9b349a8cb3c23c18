"""Reads a file of cases: every problem in one run, each with its place and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date
from functools import cached_property

from policydsl.core import Program
from policydsl.diagnostics import SheetError
from policydsl.members import dataclass
from policydsl.place import Span
from policydsl.sheet.names import Level, resolved, sheet_level
from policydsl.sheet.problems import Problems
from policydsl.sheet.refused import Refused, shorten
from policydsl.sheet.source import Mapping, Pair, Scalar, Sequence, Tree, read_source
from policydsl.sheet.values import read_moment
from policydsl.sources import Sources
from policydsl.testing import words as w
from policydsl.testing.expectations import Expectations
from policydsl.testing.rules import Reference, Rule, reference, rules_of
from policydsl.testing.shape import Shape
from policydsl.testing.tables import Rows, supplied_rows
from policydsl.testing.wanted import Expected, Spec
from policydsl.text.fold import fold, name_key

ASKS = ("expect", "refused", "fired", "not_fired", "missing", "status")


def read_cases(data: bytes | str, file: str, program: Program) -> list[Spec]:
    """The cases of a file, in order. Raises SheetError with every problem."""
    specs, error = usable_cases(data, file, program)
    if error is not None:
        raise error
    return specs


def usable_cases(data: bytes | str, file: str, program: Program) -> tuple[list[Spec], SheetError | None]:
    """The cases of a file that nothing is wrong with, in order, and every problem of the others."""
    try:
        source = read_source(data, file)
    except SheetError as error:
        return [], SheetError(error.diagnostics, error.sources, program.header.dialect)
    reader = _Reader(program, source.sources, Problems())
    specs = reader.specs(source.tree)
    wrong = reader.problems.errors
    return specs, SheetError(reader.problems.all(), source.sources, program.header.dialect) if wrong else None


@dataclass(frozen=True, slots=True)
class _Base:
    """What 定义/define names: facts, parameters, rows of open tables and a day that cases start from."""

    at: Span
    facts: Mapping | Sequence | None = None
    as_of: date | None = None
    settings: dict[str, Scalar] = field(default_factory=dict)
    tables: dict[str, Rows] = field(default_factory=dict)


class _Reader:
    """Reads one file."""

    def __init__(self, program: Program, sources: Sources, problems: Problems) -> None:
        self.program, self.sources, self.problems = program, sources, problems
        self.shape = Shape(problems)
        self.expectations = Expectations(program, self.shape)
        self.level: Level = sheet_level(program)
        self.bases: dict[str, _Base] = {}
        self.faulty: set[str] = set()  # the names of those that something is wrong with, or with what they are like
        self.names: dict[str, Span] = {}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        return rules_of(self.program)

    def specs(self, tree: Tree | None) -> list[Spec]:
        match tree:
            case None:
                return []
            case Scalar() if tree.empty:
                return []
            case Sequence():
                return [spec for item in tree.items for spec in self.entry(item)]
            case _:
                self.shape.wrong(tree, "", "case_list")
                return []

    def entry(self, tree: Tree) -> Iterator[Spec]:
        if not isinstance(tree, Mapping):
            self.shape.wrong(tree, "", "case_entry")
            return
        before = len(self.problems.errors)
        keys = self.shape.keys(tree, w.CASE, "")
        if "define" in keys:
            self.define(tree, keys, before)
            return
        named = keys.get("name")
        name = self.shape.text(named.value, named.key) if named is not None else None
        if name is None:
            if named is None:
                self.problems.add("CASE106", tree.at, "", read=self.excerpt(tree.at))
            return
        if name.text in self.names:
            self.problems.add("CASE103", name.at, name.text, line=str(self.names[name.text].line), read=name.text)
        self.names.setdefault(name.text, name.at)
        asked = [key for key in ASKS if key in keys]
        if not asked and len(self.problems.errors) > before:
            return  # perhaps it is a key that is misspelled
        if not asked or ("refused" in asked and len(asked) > 1):
            self.problems.add("CASE107", name.at, name.text, read=name.text)
            return
        spec = self.spec(name, keys)
        if len(self.problems.errors) == before and not self.rests_on_faulty(keys):
            yield spec

    def rests_on_faulty(self, keys: dict[str, Pair]) -> bool:
        like = keys.get("like")
        return like is not None and isinstance(like.value, Scalar) and like.value.text in self.faulty

    def excerpt(self, at: Span) -> str:
        return shorten(self.sources.line(at)[at.column - 1 :])

    def define(self, tree: Mapping, keys: dict[str, Pair], before: int) -> None:
        """Notes what cases start from. ``before``: how many problems there were before this entry."""
        pair = keys["define"]
        name = self.shape.text(pair.value, pair.key)
        for key, other in keys.items():
            if key not in w.DEFINED:
                self.problems.add(
                    "CASE101", other.key_at, other.key, read=other.key, expected=tuple(
                        f'"{one}"' for one in w.spellings(w.CASE, w.DEFINED)[:8]))
        if name is None:
            return
        if name.text in self.bases:
            line = str(self.bases[name.text].at.line)
            self.problems.add("CASE103", name.at, name.text, line=line, read=name.text)
        self.bases[name.text] = self.base(keys, tree.at)
        if len(self.problems.errors) > before or self.rests_on_faulty(keys):
            self.faulty.add(name.text)

    def base(self, keys: dict[str, Pair], at: Span) -> _Base:
        """What is given: that of the sheet it is like, with what is written here in its place."""
        made = _Base(at)
        like = keys.get("like")
        if like is not None:
            name = self.shape.text(like.value, like.key)
            found = self.bases.get(name.text) if name is not None else None
            if name is not None and found is None:
                self.problems.add("CASE104", name.at, name.text, read=name.text,
                                  suggestions=w.near(name.text, tuple(self.bases)))
            made = replace(found, at=at) if found is not None else made
        if "as_of" in keys:
            made = replace(made, as_of=self.day(keys["as_of"]) or made.as_of)
        if "set" in keys:
            made = replace(made, settings={**made.settings, **self.settings(keys["set"])})
        if "tables" in keys:
            made = replace(made, tables={**made.tables, **self.tables(keys["tables"])})
        if "without" in keys:
            made = replace(made, facts=self.without(made.facts, keys["without"]))
        if "facts" in keys:
            made = replace(made, facts=self.facts(made.facts, keys["facts"]))
        return made

    def day(self, pair: Pair) -> date | None:
        text = self.shape.text(pair.value, pair.key)
        if text is None:
            return None
        try:
            found = read_moment(fold(text.text).strip())
        except Refused as refused:
            self.problems.refuse(refused, text.at, pair.key)
            return None
        if found is None:
            self.problems.add("SHEET130", text.at, pair.key, expected=("sheet_date",), read=shorten(text.text))
        return found

    def settings(self, pair: Pair) -> dict[str, Scalar]:
        if not isinstance(pair.value, Mapping):
            self.shape.wrong(pair.value, pair.key, "case_facts")
            return {}
        out = {}
        for one in pair.value.pairs:
            value = self.shape.text(one.value, one.key)
            if value is not None:
                out[one.key] = value
        return out

    def tables(self, pair: Pair) -> dict[str, Rows]:
        if not isinstance(pair.value, Mapping):
            self.shape.wrong(pair.value, pair.key, "case_tables")
            return {}
        return supplied_rows(pair.value, self.program, self.sources, self.problems)

    # ------------------------------------------------------------------------------------------ facts
    def facts(self, base: Mapping | Sequence | None, pair: Pair) -> Mapping | Sequence | None:
        """The facts of the base with those written here in place of its own; a list is a population of its own."""
        value = pair.value
        if isinstance(value, Sequence):
            return value
        if isinstance(value, Scalar) and value.empty:
            return base
        if not isinstance(value, Mapping):
            self.shape.wrong(value, pair.key, "case_facts")
            return base
        if not isinstance(base, Mapping):
            return value
        own = {self.identity(key, target) for key, _, target in resolved(value, self.level)}
        heads = {name_key(p.key) for p in value.pairs}
        kept = tuple(p for one in base.pairs if name_key(one.key) not in heads for p in self.left(one, own, ""))
        return Mapping((*kept, *value.pairs), value.at)

    def left(self, pair: Pair, taken: set[str], prefix: str) -> Iterator[Pair]:
        """The entry without what is taken out of it; a nested alias may lose some of its parts."""
        full = f"{prefix}{pair.key}"
        if isinstance(pair.value, Mapping) and name_key(full) in self.level.branches:
            inner = tuple(p for one in pair.value.pairs for p in self.left(one, taken, f"{full}."))
            if inner or not pair.value.pairs:
                yield replace(pair, value=Mapping(inner, pair.value.at))
        elif self.identity(full, self.level.targets.get(name_key(full))) not in taken:
            yield pair

    def identity(self, key: str, target: object) -> str:
        return f"={getattr(target, 'name', '')}" if target is not None else name_key(key)

    def without(self, facts: Mapping | Sequence | None, pair: Pair) -> Mapping | Sequence | None:
        for name in self.shape.texts(pair.value, pair.key):
            if not isinstance(facts, Mapping):
                self.problems.add("CASE105", name.at, name.text, read=name.text)
                continue
            key = name_key(name.text)
            target = {self.identity(name.text, self.level.targets.get(key))}
            kept = tuple(p for one in facts.pairs if name_key(one.key) != key for p in self.left(one, target, ""))
            if kept == facts.pairs:
                given = tuple(one.key for one in facts.pairs)
                self.problems.add("CASE105", name.at, name.text, read=name.text, suggestions=w.near(name.text, given))
            facts = Mapping(kept, facts.at)
        return facts

    # ------------------------------------------------------------------------------------------ a case
    def spec(self, name: Scalar, keys: dict[str, Pair]) -> Spec:
        base = self.base(keys, name.at)
        population = isinstance(base.facts, Sequence)
        shape = self.shape
        return Spec(
            name.text, name.at, self.sources, base.facts, population, base.as_of, base.settings, base.tables,
            expected=self.expected(keys["expect"], population) if "expect" in keys else (),
            refused=shape.texts(keys["refused"].value, keys["refused"].key) if "refused" in keys else None,
            fired=self.references(keys.get("fired")), not_fired=self.references(keys.get("not_fired")),
            missing=shape.texts(keys["missing"].value, keys["missing"].key) if "missing" in keys else None,
            status=shape.word(keys["status"].value, keys["status"].key, w.WHOLE) if "status" in keys else None,
            clauses=self.listed(keys.get("clause")), rulings=self.listed(keys.get("ruling")),
            why="\n".join(self.listed(keys.get("why"))),
            to_confirm=bool(shape.truth(keys["to_confirm"].value, "to_confirm")) if "to_confirm" in keys else False,
        )

    def listed(self, pair: Pair | None) -> tuple[str, ...]:
        return tuple(s.text for s in self.shape.texts(pair.value, pair.key)) if pair is not None else ()

    def expected(self, pair: Pair, population: bool) -> tuple[tuple[Scalar | None, tuple[Expected, ...]], ...]:
        if not isinstance(pair.value, Mapping) or not pair.value.pairs:
            self.shape.wrong(pair.value, pair.key, "case_expect")
            return ()
        if not population:
            return ((None, self.expectations.lines(pair.value)),)
        out = []
        for party in pair.value.pairs:
            who = Scalar(party.key, True, party.key_at)
            if isinstance(party.value, Mapping):
                out.append((who, self.expectations.lines(party.value)))
            else:
                self.shape.wrong(party.value, party.key, "case_expect")
        return tuple(out)

    def references(self, pair: Pair | None) -> tuple[Reference, ...]:
        out = []
        for text in self.shape.texts(pair.value, pair.key) if pair is not None else ():
            found = reference(text.text, self.rules, text.at)
            if found is None:
                near = self.near_rules(text.text)
                self.problems.add("CASE108", text.at, text.text, read=shorten(text.text), suggestions=near)
            else:
                out.append(found)
        return tuple(out)

    def near_rules(self, text: str) -> tuple[str, ...]:
        known = [spelled for r in self.rules.values() for spelled in (r.name, r.alias) if spelled]
        known += [f"{r.name} {o.label}" for r in self.rules.values() for o in r.rows if o.label]
        return w.near(text, tuple(known))


__all__ = ["read_cases", "usable_cases"]
