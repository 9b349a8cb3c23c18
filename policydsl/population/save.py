"""Saving tables by the ending of the file, or of the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policydsl.core import Program
from policydsl.population.book import Table, whole, write_csvs, write_xlsx
from policydsl.population.outputs import Form
from policydsl.render.values import known_as
from policydsl.say import say


def save(path: Path, form: Form, tables: Sequence[Table], program: Program, made: str = "") -> None:
    """Writes the tables; they appear whole or not at all. Raises OSError, ExtraMissing."""
    with whole(path) as temporary:
        if form == "xlsx":
            write_xlsx(temporary, tables, footer(program), made)
        else:
            write_csvs(temporary, tables)


def footer(program: Program) -> str:
    """Policy, version and digest, below every page."""
    header = program.header
    version = say("verdict.version", header.dialect, version=header.version) if header.version else ""
    said = "  ".join(x for x in (known_as(header, header.dialect), version, program.digest[:23]) if x)
    return said.replace("&", "&&")
