"""Which declaration a key of a sheet means: by name or alias, nested or dotted, in any width, case and spacing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from policydsl.core import InputDecl, ListDecl, Program
from policydsl.members import dataclass
from policydsl.sheet.source import Mapping, Pair
from policydsl.text import fold
from policydsl.text.near import alike

Target = InputDecl | ListDecl

# Keys every sheet may have beside the declared ones (a declaration of the same name comes first).
PARTY_NAMES = ("名称", "name")
DAY_NAMES = ("评估日", "as_of", "as of", "evaluation date")
POPULATION_NAMES = ("全体", "population", "everyone")
SHOWN_NAME = 80


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The identity of a name; remembered, since a population repeats the same few names."""
    return fold.name_key(name)


@dataclass(frozen=True, slots=True)
class Level:
    """The names known at one level: of a sheet, or of a record."""

    targets: dict[str, Target]
    spellings: dict[str, str]
    branches: frozenset[str]

    @classmethod
    def of(cls, declarations: Iterator[Target]) -> Level:
        targets: dict[str, Target] = {}
        spellings: dict[str, str] = {}
        branches: set[str] = set()
        for decl in declarations:
            for name in (decl.name, decl.alias):
                if name:
                    targets.setdefault(name_key(name), decl)
                    spellings.setdefault(name_key(name), name)
            parts = name_key(decl.alias or "").split(".")
            branches.update(".".join(parts[:n]) for n in range(1, len(parts)))
        return cls(targets, spellings, frozenset(branches))

    def near(self, name: str) -> tuple[str, ...]:
        """Declared names much like an unknown one."""
        found = alike(name_key(name[:SHOWN_NAME]), self.spellings)
        return tuple(dict.fromkeys(self.spellings[key] for key in found))


def facts_of(program: Program) -> Iterator[Target]:
    """What a sheet may say: facts, decisions on what a clause leaves open, ledgers. Parameters are the author's."""
    yield from (decl for decl in program.inputs.values() if not decl.parameter)
    yield from ledgers_of(program)


def ledgers_of(program: Program) -> Iterator[ListDecl]:
    """The ledgers that a sheet may fill in; the rows of a fact over time are told under its name."""
    return (decl for decl in program.lists.values() if decl.source == "sheet" and not decl.of)


def rows_of(program: Program, decl: InputDecl) -> ListDecl | None:
    """The rows of a fact over time, in which a sheet may tell it."""
    rows = program.lists.get(decl.name)
    return rows if rows is not None and rows.of == decl.name else None


def sheet_level(program: Program) -> Level:
    return Level.of(facts_of(program))


def record_level(decl: ListDecl) -> Level:
    return Level.of(iter(decl.fields))


def resolved(mapping: Mapping, level: Level, prefix: str = "") -> Iterator[tuple[str, Pair, Target | None]]:
    """Every entry with its full key and what it means (None: unknown); nested parts of dotted aliases are opened."""
    for pair in mapping.pairs:
        full = f"{prefix}{pair.key}"
        key = name_key(full)
        if isinstance(pair.value, Mapping) and key in level.branches:
            yield from resolved(pair.value, level, f"{full}.")
        else:
            yield full, pair, level.targets.get(key)


def unknown_code(program: Program, name: str) -> str:
    """Why a name has no place in a sheet: a parameter, a table, something computed, or not in the policy at all."""
    key = name_key(name)
    for decl in program.inputs.values():
        if decl.parameter and key in _keys(decl):
            return "SHEET122"
    for ledger in program.lists.values():
        if ledger.source != "sheet" and key in _keys(ledger):
            return "SHEET123"
    for result in program.results:
        if key in {name_key(result.name), name_key(result.alias or result.name)}:
            return "SHEET126"
    if any(key == name_key(term.rule) for term in program.terms if term.part == "value"):
        return "SHEET126"
    return "SHEET120"


def _keys(decl: Target) -> set[str]:
    return {name_key(name) for name in (decl.name, decl.alias) if name}


def is_one_of(name: str, words: tuple[str, ...]) -> bool:
    key = name_key(name)
    return any(key == name_key(word) for word in words)
