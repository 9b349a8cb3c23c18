"""A population read once, judged by columns again and again: on its days, under any values of the parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from policydsl.columns.code import Col, Left, known, names_in
from policydsl.columns.forms import Maker
from policydsl.columns.frame import Filler
from policydsl.columns.plan import statements
from policydsl.columns.tables import Tables
from policydsl.compiled.made import Compiled, Value, asked_of, told
from policydsl.compiled.runtime import UNDECIDED
from policydsl.core import AnyTerm, Name, Program
from policydsl.facts import Sheet
from policydsl.kinds import Duration, Exact, Kind
from policydsl.members import dataclass

KEPT = 16  # so many of the last answers can be read
_KINDS = {"int64": "int64", "int32": "int32", "bool": "bool_", "date": "date32"}


class Batch:
    """The parties of some sheets, each on a day of its own. ``threads``, ``memory``: what the engine may take."""

    def __init__(
        self, program: Program, sheets: Sequence[Sheet], days: Sequence[date] | date, threads: int | None = None,
        memory: str = "",
    ) -> None:
        self.program, self.sheets = program, sheets
        self.days = [days] * len(sheets) if isinstance(days, date) else list(days)
        self.con = engine(threads, memory)
        self.frame = Filler(program, sheets, self.days, self.create).frame()
        self.runs = 0

    @classmethod
    def of_tables(
        cls, program: Program, facts: Any, ledgers: Mapping[str, Any], day: date, id_: str = "id",
        threads: int | None = None, memory: str = "",
    ) -> Batch:
        """A population out of typed tables (``columns.tables``): Arrow tables, or paths of Parquet. What is left of it
        has no sheet here."""
        made = cls.__new__(cls)
        made.program, made.sheets, made.days, made.runs = program, (), [], 0
        made.con = engine(threads, memory)
        made.frame = Tables(program, made.con, id_).frame(facts, ledgers, day)
        return made

    def create(self, name: str, columns: Mapping[str, tuple[str, list[Any]]]) -> None:
        """A table of what was read."""
        import pyarrow as pa

        made = pa.table({n: pa.array(values, getattr(pa, _KINDS[kind])()) for n, (kind, values) in columns.items()})
        self.con.register("given", made)
        self.con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        self.con.unregister("given")

    def judge(self, settings: Mapping[str, Exact] | None = None, only: Collection[str] | None = None) -> Found:
        """What every shared term and every term of a result comes to, of the party (``only``: of these results). It can
        be read until so many others are asked for (``KEPT``)."""
        settings = dict(settings or {})
        mk = Maker(self.program, self.frame, settings)
        columns: dict[object, Col] = {}
        left: list[object] = []
        for key, term, over in asked(self.program, only):
            if over is not None:
                left.append(key)
                continue
            try:
                columns[key] = mk.defined(key, ()) if isinstance(key, Name) else mk.held(mk.sure(term))
            except Left:
                left.append(key)
        self.runs += 1
        self.con.execute(f"DROP TABLE IF EXISTS out{max(self.runs - KEPT, 0)}")
        out = f"out{self.runs}"
        wanted = [n for col in columns.values() for n in names_in(col)]
        for statement in statements(mk, list(dict.fromkeys(wanted)), out):
            self.con.execute(statement)
        return Found(self, settings, columns, tuple(left), out)


def engine(threads: int | None, memory: str) -> Any:
    """An empty engine in memory."""
    import duckdb

    said = {"preserve_insertion_order": False, "threads": threads, "memory_limit": memory}
    return duckdb.connect(":memory:", config={name: value for name, value in said.items() if value not in (None, "")})


def asked(program: Program, only: Collection[str] | None = None) -> Iterator[tuple[object, AnyTerm, str | None]]:
    """What can be asked, each with its term and the list of whose records it is."""
    if only is None:
        yield from ((name, d.term, d.over) for name, d in program.terms.items())
    for key, term, over in asked_of(program):
        if only is None or key[0] in only:
            yield key, term, over


@dataclass(slots=True)
class Found:
    """What columns tell of a population under some values of the parameters; ``left``: what has no column. ``table`` is
    that in the engine: written to Parquet by it, its widest whole numbers would become binary fractions."""

    batch: Batch
    settings: Mapping[str, Exact]
    columns: Mapping[object, Col]
    left: tuple[object, ...]
    table: str

    def values(self, key: object) -> list[Value]:
        """What a definition comes to, party by party: what is not told here is UNDECIDED."""
        out: list[Value] = [UNDECIDED] * self.batch.frame.parties
        if key not in self.columns:
            return out
        col, kind = self.columns[key], self.kind(key)
        code = f"SELECT p, {col.code}, {col.den or 1}, {col.nil or 'FALSE'} FROM {self.table}"
        for party, value, den, nil in self.batch.con.execute(f"{code} WHERE {known(col)}").fetchall():
            out[party] = None if nil else self.exact(value, den, kind)
        return out

    def exact(self, value: Any, den: int, kind: Kind) -> Exact:
        if kind.numeric:
            return Fraction(value, den)
        if kind.base == "duration":
            return Duration(Fraction(value, den), "D")
        return self.batch.frame.words.texts[value] if type(value) is int else value

    def kind(self, key: object) -> Kind:
        if isinstance(key, Name):
            return self.batch.program.terms[key].kind
        return next(term.kind for k, term, _ in asked_of(self.batch.program) if k == key)

    def completed(self, key: object, code: Compiled) -> list[Value]:
        """The values, those that columns leave by generated code; what that leaves too stays UNDECIDED."""
        out = self.values(key)
        made = code.exports.get(key)
        if made is not None:
            for party, value in enumerate(out):
                if value is UNDECIDED:
                    sheet, day = self.batch.sheets[party], self.batch.days[party]
                    found = told(code.raw(sheet, self.settings, day)[made.place], made)
                    out[party] = UNDECIDED if isinstance(found, list) else found
        return out

    def count(self) -> tuple[int, int]:
        """How many values columns tell, and how many they leave."""
        sums = ", ".join(f"count(*) FILTER (WHERE {known(col)})" for col in self.columns.values())
        found = sum(self.batch.con.execute(f"SELECT {sums} FROM {self.table}").fetchall()[0]) if sums else 0
        return found, (len(self.columns) + len(self.left)) * self.batch.frame.parties - found


__all__ = ["Batch", "Found", "asked"]
