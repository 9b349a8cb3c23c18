"""What the verbs share that read or write tables of many parties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from policydsl.console import unreadable
from policydsl.population.outputs import ExtraMissing, Form, form_of


def saved_form(output: str) -> Form:
    """How a file is to be written, by its ending. Raises UsageError."""
    form = form_of(output)
    if form == "csv" and output.lower().endswith(".csv"):
        form = None
    if form is None:
        raise click.UsageError(
            "-o 写成 .xlsx，以 / 结尾的文件夹（CSV），.jsonl 或 .parquet "
            f"write .xlsx, a folder of CSV files that ends in /, .jsonl or .parquet: {output}"
        )
    return form


@contextmanager
def installed(name: str) -> Iterator[None]:
    """What is to be installed, and what cannot be read or written, is told in one line. Raises UsageError."""
    try:
        yield
    except ExtraMissing as missing:
        raise click.UsageError(
            f"要先装 {missing.library} is not installed: pip install 'policydsl[{missing.extra}]'"
        ) from missing
    except OSError as error:
        raise unreadable(name, error) from error


def fresh(path: Path, force: bool) -> None:
    """Nothing is overwritten unasked. Raises UsageError."""
    if path.exists() and not force:
        raise click.UsageError(f"已经有了，加 --force 才覆盖 it exists, --force overwrites it: {path}")
    if not path.parent.exists():
        raise click.UsageError(f"没有这个文件夹 no such folder: {path.parent}")


__all__ = ["fresh", "installed", "saved_form"]
