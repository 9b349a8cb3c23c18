"""What a file's ending asks for, and the libraries that it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Form = Literal["xlsx", "csv", "jsonl", "parquet"]
FORMS: dict[str, Form] = {".xlsx": "xlsx", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


class ExtraMissing(Exception):
    """A library is not installed; ``extra`` brings it."""

    def __init__(self, extra: str, library: str) -> None:
        super().__init__(f"{library} (policydsl[{extra}])")
        self.extra, self.library = extra, library


def form_of(path: str) -> Form | None:
    """What a path is: by its ending, a folder (or what ends in a slash) is one of CSV files; None for anything else."""
    if path.endswith(("/", "\\")) or Path(path).is_dir():
        return "csv"
    return FORMS.get(Path(path).suffix.lower()) or ("csv" if Path(path).suffix.lower() == ".csv" else None)


def is_table(path: str) -> bool:
    """Whether a path is a table of parties rather than a fact sheet."""
    return path != "-" and form_of(path) is not None
