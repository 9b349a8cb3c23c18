"""JSON Lines and Parquet: a record a party, its ledgers nested in it, or files of their own in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

from policydsl.population.binary import exactly, plain
from policydsl.population.grid import Cell, Page, Row, refused
from policydsl.population.outputs import ExtraMissing

MOST_LINE = 16 << 20  # characters of one record
MOST_RECORDS = 2_000_000
MOST_FIELDS = 16_384
BATCH = 1_000


def read_records(path: Path, ids: frozenset[str]) -> list[Page]:
    """The sheets of one file: that of its records, under the name of the file, and one for each list of records inside
    them, joined by the id (a key of ``ids``). Raises SheetError, ExtraMissing."""
    records = _parquet(path) if path.suffix.lower() == ".parquet" else _lines(path)
    return _pages(path, records, ids)


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with path.open("rb") as stream:
        for number in range(1, MOST_RECORDS + 1):
            line = stream.readline(MOST_LINE)
            if not line:
                return
            if len(line) >= MOST_LINE:
                raise refused("SHEET166", path.name, limit=str(MOST_LINE >> 20))
            if not line.strip():
                continue
            try:
                record = json.loads(line.decode("utf-8-sig"), parse_float=_Number, parse_int=_Number,
                                    parse_constant=_no_number, object_pairs_hook=_once)
            except (ValueError, RecursionError):
                raise refused("SHEET191", path.name, line=str(number)) from None
            if not isinstance(record, dict):
                raise refused("SHEET191", path.name, line=str(number))
            yield number, record
    raise refused("SHEET166", path.name, limit=str(MOST_RECORDS))


class _Number(str):
    """The digits of a number as they stand."""

    __slots__ = ()


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key twice")
    return made


def _parquet(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ExtraMissing("batch", "pyarrow") from None
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            if file.metadata.num_rows > MOST_RECORDS or len(file.schema_arrow) > MOST_FIELDS:
                raise refused("SHEET166", path.name, limit=str(MOST_RECORDS))
            for batch in file.iter_batches(BATCH):
                for record in batch.to_pylist():
                    number += 1
                    yield number, record
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError):
        raise refused("SHEET167", path.name) from None


def _pages(path: Path, records: Iterator[tuple[int, Mapping[str, Any]]], ids: frozenset[str]) -> list[Page]:
    """All rows by the number of their line, with the columns in the order in which they are met, as the header that
    stands before the first line. The records inside a line have its number."""
    from policydsl.population.layout import header_key

    sheets: dict[str, tuple[dict[str, int], list[Row]]] = {path.stem: ({}, [])}
    for number, record in records:
        id_ = next((v for k, v in record.items() if header_key(k) in ids), None)
        own: dict[str, Any] = {}
        for key, value in record.items():
            if isinstance(value, list) and (not value or all(isinstance(v, Mapping) for v in value)):
                ledger = sheets.setdefault(key, ({}, []))
                for inner in value or [{"": "无"}]:
                    _add(path, ledger, number, {"伙伴编号": id_, **inner})
            else:
                own[key] = value
        _add(path, sheets[path.stem], number, own)
    return [
        Page(name, iter([Row(0, {n: Cell("text", k) for k, n in columns.items() if k}), *rows]), bare=True)
        for name, (columns, rows) in sheets.items()
    ]


def _add(path: Path, sheet: tuple[dict[str, int], list[Row]], line: int, record: Mapping[str, Any]) -> None:
    columns, rows = sheet
    cells = {}
    for key, value in record.items():
        column = columns.setdefault(str(key), len(columns) + 1)
        cell = _cell(value)
        if cell is None and value not in (None, ""):
            raise refused("SHEET191", path.name, line=str(line))
        if cell is not None:
            cells[column] = cell
    if len(columns) > MOST_FIELDS:
        raise refused("SHEET166", path.name, limit=str(MOST_FIELDS))
    rows.append(Row(line, cells))


def _cell(value: Any) -> Cell | None:
    """A value as a cell; None where there is none, or where it is nothing that a cell holds."""
    match value:
        case bool():
            return Cell("yesno", "是" if value else "否")
        case _Number():
            return _of_number(str(value))
        case str():
            return Cell("text", value) if value.strip() else None
        case int() | Decimal():
            return _of_number(str(value))
        case datetime():
            return Cell("instant", value.isoformat(" "))
        case date():
            return Cell("date", value.isoformat())
        case list() if all(isinstance(v, str) for v in value):
            return Cell("text", "、".join(value))
        case Real():  # binary, of a Parquet column: its shortest digits
            return _of_number(repr(value))
        case _:
            return None


def _of_number(digits: str) -> Cell | None:
    number = exactly(digits)
    return Cell("number", plain(number)) if number is not None else None


def read_all(folder: Path, ids: frozenset[str]) -> list[Page]:
    """The records of every such file of a folder."""
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".jsonl", ".ndjson", ".parquet"))
    return [page for path in found for page in read_records(path, ids)]


__all__ = ["read_all", "read_records"]
