"""A population out of typed tables (Arrow, Parquet), without a sheet for each party: columns are named by facts or
their aliases (others are not read), an empty cell is missing, numbers are whole or decimals, a share of 5 % is 0.05.

Whatever the reader of sheets might refuse or read otherwise leaves its party: an option that is not declared, a value
outside its range, what has to agree with what it is derived from. A column of binary fractions is told of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from policydsl.columns import numbers
from policydsl.columns.code import Col, repr_of
from policydsl.columns.frame import Frame, Ledger, Words
from policydsl.core import Const, InputDecl, Program, until_today
from policydsl.kinds import text_key

MOST_WORDS = 10_000  # different texts of one column
MOST_PLACES = 12
OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">="}


class Tables:
    """Fills the tables of a frame in the engine ``con``. ``id_`` is the column with the party's id in each of them."""

    def __init__(self, program: Program, con: Any, id_: str) -> None:
        self.program, self.con, self.id = program, con, id_
        self.words = Words()
        self.names = 0
        self.left: set[tuple[str, str]] = set()

    def frame(self, facts: Any, ledgers: Mapping[str, Any], day: date) -> Frame:
        """Raises ValueError of a table without ids, of an id that stands twice, of records of nobody."""
        inputs = self.program.inputs.values()
        columns = self.read("raw", "", facts, [d for d in inputs if not d.parameter])
        self.con.execute("CREATE TABLE ids AS SELECT p, id FROM raw")
        parties, ids = self.one("SELECT count(*), count(DISTINCT id) FROM ids")
        if parties != ids:
            raise ValueError("ids: some are missing or stand twice")
        made, odd = self.made("raw", columns)
        found: dict[str, Ledger] = {}
        strange: list[str] = []
        for place, (name, source) in enumerate(ledgers.items()):
            decl = self.program.lists[name]
            if decl.source != "sheet" or decl.happens is not None:
                raise ValueError(name)
            records = self.read("records", name, source, decl.fields)
            inner, unfit = self.made("records", records)
            table = f"ledger{place}"
            self.con.execute(
                f"CREATE TABLE {table} AS SELECT i.p, {self.select(inner)}{unfit} AS unfit "
                "FROM records x JOIN ids i ON i.id = x.id"
            )
            if self.one(f"SELECT (SELECT count(*) FROM records) - (SELECT count(*) FROM {table})")[0]:
                raise ValueError(f"{name}: records of nobody")
            strange.append(f"SELECT p FROM {table} WHERE unfit")
            most = self.one(f"SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM {table} GROUP BY p)")[0]
            found[name] = Ledger(table, Col("TRUE"), {n: c for n, (c, _) in inner.items()}, "", most)
        away = " OR ".join([odd, *(f"p IN ({each})" for each in strange)])
        self.con.execute(f"CREATE TABLE facts AS SELECT p, {self.select(made)}NOT ({away}) AS ok FROM raw")
        self.con.execute("DROP TABLE raw; DROP TABLE ids; DROP TABLE IF EXISTS records")
        said = Col(f"make_date({day.year}, {day.month}, {day.day})")
        fields = {n: c for n, (c, _) in made.items()}
        return Frame(parties, self.words, said, fields, found, self.names, frozenset(self.left))

    def one(self, statement: str) -> tuple[Any, ...]:
        found: list[tuple[Any, ...]] = self.con.execute(statement).fetchall()
        return found[0]

    @staticmethod
    def select(made: Mapping[str, tuple[Col, str]]) -> str:
        return "".join(f"{code} AS {col.code}, " for col, code in made.values())

    def read(self, table: str, ledger: str, source: Any, decls: Any) -> dict[str, tuple[InputDecl, str, Any]]:
        """Brings in the columns that are meant, under numbers: each fact with its column and the type of that."""
        import pyarrow as pa
        import pyarrow.dataset as ds

        data = ds.dataset(source)
        wanted = {text_key(n): d for d in decls for n in (d.name, d.alias) if n}
        columns, taken = dict[str, tuple[InputDecl, str, Any]](), {}
        for at, each in enumerate(data.schema):
            decl = wanted.get(text_key(each.name))
            if decl is not None and decl.name not in columns:
                columns[decl.name] = decl, f"x{at}", each.type
                taken[f"x{at}"] = ds.field(each.name)
        taken["id"] = ds.field(self.id).cast(pa.string())
        stream = data.scanner(columns=taken).to_reader()
        schema = stream.schema.append(pa.field("p", pa.int64()))

        def numbered() -> Iterator[Any]:
            first = 0
            for batch in stream:
                own = pa.array(range(first, first + batch.num_rows), pa.int64())
                first += batch.num_rows
                yield pa.RecordBatch.from_arrays([*batch.columns, own], schema=schema)

        self.con.register("given", pa.RecordBatchReader.from_batches(schema, numbered()))
        self.con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM given")
        self.con.unregister("given")
        kept = {name: each for name, each in columns.items() if self.fits(each[0], each[2], table, each[1])}
        self.left |= {(ledger, name) for name in columns if name not in kept}
        return kept

    def fits(self, decl: InputDecl, kind: Any, table: str, column: str) -> bool:
        """Whether a column can be told of anybody."""
        from pyarrow import types

        match repr_of(decl.kind) if decl.kind.base != "duration" else None:
            case "number":
                return bool(types.is_integer(kind) or types.is_decimal128(kind) and 0 <= kind.scale <= MOST_PLACES)
            case "yesno":
                return bool(types.is_boolean(kind))
            case "date":
                return bool(types.is_date32(kind))
            case "word":
                texts = types.is_string(kind) or types.is_large_string(kind) or types.is_dictionary(kind)
                return bool(texts and self.one(f"SELECT count(DISTINCT {column}) FROM {table}")[0] <= MOST_WORDS)
        return False

    def made(
        self, table: str, columns: Mapping[str, tuple[InputDecl, str, Any]]
    ) -> tuple[dict[str, tuple[Col, str]], str]:
        """Each fact as a column with what it is made of; a condition that is true of rows that are left."""
        out: dict[str, tuple[Col, str]] = {}
        odd = ["FALSE"]
        sizes = self.sizes(table, columns)
        for name, (decl, x, kind) in columns.items():
            self.names += 1
            new = f"v{self.names}"
            form = repr_of(decl.kind)
            col, code = Col(new), x
            if form == "number":
                places, code = whole(x, kind)
                odd.append(f"({x} IS NOT NULL AND {code} IS NULL)")
                most, parts = sizes[name]
                less = max((k for k, part in enumerate(parts) if not part), default=0)  # no cell has so many places
                code = f"({code} // {10**less})" if less else code
                col = Col(new, 10 ** (places - less), most=most // 10**less)
            elif form == "word":
                code, wrong = self.worded(table, decl, x)
                odd.append(wrong)
            odd += [f"coalesce({code_} , FALSE)" for code_ in self.outside(decl, Col(code, col.den, most=col.most))]
            out[name] = col, code
        return out, "(" + " OR ".join(odd) + ")"

    def sizes(self, table: str, columns: Mapping[str, tuple[InputDecl, str, Any]]) -> dict[str, tuple[int, list[bool]]]:
        """Of each number the largest, and whether any has a part below each place from the last; in one pass."""
        asked: dict[str, list[str]] = {}
        for name, (decl, x, kind) in columns.items():
            if repr_of(decl.kind) == "number":
                places, code = whole(x, kind)
                asked[name] = [f"coalesce(max(abs({code}::HUGEINT)), 0)"]
                asked[name] += [f"bool_or({code} % {10**k} <> 0)" for k in range(1, places + 1)]
        codes = ", ".join(sum(asked.values(), ["count(*)"]))
        found = iter(self.one(f"SELECT {codes} FROM {table}")[1:])
        return {name: (next(found), [False, *(next(found) for _ in each[1:])]) for name, each in asked.items()}

    def worded(self, table: str, decl: InputDecl, x: str) -> tuple[str, str]:
        """Texts by their numbers, which are looked up; those that are not told as they are written are odd."""
        import pyarrow as pa

        options = [self.words.alike(option) for option in decl.kind.options]
        found = [t for (t,) in self.con.execute(f"SELECT DISTINCT {x}::VARCHAR FROM {table}").fetchall()]
        pairs = [(t, self.words.alike(t)) for t in found if t is not None]
        closed = decl.kind.base == "choice" and not decl.kind.open
        fine = [self.words.texts[n] == t and (n in options or not closed) and t != "无" for t, n in pairs]
        given = pa.table({
            "k": pa.array([t for t, _ in pairs], pa.string()), "n": pa.array([n for _, n in pairs], pa.int32()),
            "fine": pa.array(fine, pa.bool_()),
        })
        self.names += 1
        name = f"words{self.names}"
        self.con.register("given", given)
        self.con.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        self.con.unregister("given")
        looked = f"(SELECT any_value({{}}) FROM {name} WHERE k = {x}::VARCHAR)"
        return looked.format("n"), f"coalesce(NOT {looked.format('fine')}, FALSE)"

    def outside(self, decl: InputDecl, value: Col) -> Iterator[str]:
        """Conditions under which a value is not to be taken as it stands."""
        stated = f"({value.code} IS NOT NULL)"
        if decl.derived is not None or decl.within is not None:
            yield stated
        for bound in decl.ranges:
            for end, op in ((bound.low, bound.low_op), (bound.high, bound.high_op)):
                if end is None:
                    continue
                if isinstance(end, Const) and value.number and end.kind.numeric and end.value is not None:
                    yield numbers.compare(value, numbers.of_fraction(end.value), OPPOSITE[op])  # type: ignore[arg-type]
                elif not (decl.event and until_today(bound) and end is bound.high):
                    yield stated


def whole(x: str, kind: Any) -> tuple[int, str]:
    """How many places a column of numbers has, and its cells as whole numbers of the last; NULL of what is too long."""
    places = getattr(kind, "scale", 0)
    if not places:
        return 0, f"TRY_CAST({x} AS BIGINT)"
    narrow = x if kind.precision + places < 18 else f"TRY_CAST({x} AS DECIMAL(18, {places}))"
    return places, f"({narrow} * {10**places}::DECIMAL({places + 1}, 0))::BIGINT"
