"""Results for programs: JSON Lines with everything that is told of a party, Parquet with a row for each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from policydsl.population.book import Value
from policydsl.population.journal import PARTS
from policydsl.population.outputs import ExtraMissing
from policydsl.population.results import Results
from policydsl.population.told import Report

NUMBERS = ("money", "percent", "count", "points", "number")
WHOLE, PLACES = 26, 12  # digits before and behind the point that a column of Parquet has
BATCH = 1_000


def write_jsonl(path: Path, results: Results) -> None:
    """A line a party: its results by their names, and below the names of the sheets what those say of it."""
    heads = [_name(h.text) for h in results.results().heads]
    sheets = [(t.name, [_name(h.text) for h in t.heads]) for t in (
        results.grounds(), results.sums(), results.missing(), results.errors())]
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for report in results.again(PARTS):
            parts = [f"{_text(h)}:{_json(v)}" for h, v in zip(heads[:-1], report.results, strict=True) if v.text]
            rows = (report.grounds, report.sums, report.missing, report.errors)
            for (name, columns), told in zip(sheets, rows, strict=True):
                parts.append(f"{_text(name)}:[{','.join(_object(columns, row) for row in told)}]")
            stream.write("{" + ",".join(parts) + "}\n")


def _object(names: Sequence[str], row: Sequence[Value]) -> str:
    pairs = (f"{_text(n)}:{_json(v)}" for n, v in zip(names, row, strict=True) if v.text or v.number)
    return "{" + ",".join(pairs) + "}"


def _json(value: Value) -> str:
    """A number as its exact digits, anything else as its words."""
    return value.number if value.number and value.form in NUMBERS else _text(value.number or value.text)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _name(text: str) -> str:
    return " ".join(text.split())


def write_parquet(path: Path, results: Results) -> None:
    """A row a party. A result that is a number has a column of exact decimals, and one of words for what is no number.
    Raises ExtraMissing."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise ExtraMissing("batch", "pyarrow") from None
    heads = [_name(h.text) for h in results.results().heads[:-1]]
    numeric = results.numeric()
    day = 3
    fields: list[Any] = []
    for at, name in enumerate(heads):
        kind = pa.decimal128(WHOLE + PLACES, PLACES) if at in numeric else pa.date32() if at == day else pa.string()
        fields.append((name, kind))
        fields += [(results.say("words_of", what=name), pa.string())] if at in numeric else []
    schema = pa.schema(fields)
    reports = iter(results.again(()))
    with parquet.ParquetWriter(path, schema) as writer:
        while rows := list(islice(reports, BATCH)):
            columns = zip(*(list(_row(r, numeric, day)) for r in rows), strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _row(report: Report, numeric: frozenset[int], day: int) -> Iterator[object]:
    for at, value in enumerate(report.results):
        if at in numeric:
            fits = bool(value.number) and value.form in NUMBERS and _fits(value.number)
            yield Decimal(value.number) if fits else None
            yield None if fits or not value.text else value.text
        elif at == day:
            yield date.fromisoformat(value.number[:10]) if value.number else None
        else:
            yield value.text or None


def _fits(digits: str) -> bool:
    whole, _, places = digits.lstrip("-").partition(".")
    return len(whole) <= WHOLE and len(places) <= PLACES
