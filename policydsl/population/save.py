"""Saving tables by the ending of the file, or of the folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from policydsl.core import Program
from policydsl.population.book import Table, whole, write_csvs, write_xlsx
from policydsl.population.machine import write_jsonl, write_parquet
from policydsl.population.outputs import Form
from policydsl.population.results import Results
from policydsl.render.values import known_as
from policydsl.say import say


def save(path: Path, form: Form, tables: Sequence[Table], program: Program, made: str = "") -> None:
    """Writes the tables; they appear whole or not at all. Raises OSError, ExtraMissing."""
    with whole(path) as temporary:
        if form == "xlsx":
            write_xlsx(temporary, tables, footer(program), made)
        else:
            write_csvs(temporary, tables)


def save_results(path: Path, form: Form, tables: Callable[[], Sequence[Table]], results: Results, made: str) -> None:
    """Writes results as a workbook or a folder of the tables, or for programs. Raises OSError, ExtraMissing."""
    if form in ("jsonl", "parquet"):
        with whole(path) as temporary:
            (write_jsonl if form == "jsonl" else write_parquet)(temporary, results)
    else:
        save(path, form, tables(), results.program, made)


def footer(program: Program) -> str:
    """Policy, version and digest, below every page."""
    header = program.header
    version = say("verdict.version", header.dialect, version=header.version) if header.version else ""
    said = "  ".join(x for x in (known_as(header, header.dialect), version, program.digest[:23]) if x)
    return said.replace("&", "&&")
